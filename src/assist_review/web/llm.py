"""The language model of the site: what the administrator chose, opened for a job, tried out, and told to people.

The key comes from the environment of the server alone. Nothing here is called inside a request except what reads settings.
"""

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django_q.tasks import async_task

from assist_review.errors import AssistReviewError, SettingsError
from assist_review.llm import PROVIDERS, provider_of
from assist_review.llm.asked import Asked, model_choice
from assist_review.llm.budget import Price, price_of
from assist_review.llm.endpoint import Access
from assist_review.llm.model import Desk
from assist_review.llm.opening import LEAST_WINDOW, Absent, Choice, access_of, key_name, open_model
from assist_review.review import StageUse
from assist_review.web import options
from assist_review.web.models import FilingRecord, JobRecord, ReviewRecord

_LOG = logging.getLogger("assist_review.web.llm")
NAMES = tuple(name for name in PROVIDERS if name != "scripted")  # a script is a file of the server
_PROBE_S = 15.0
_MOST = {"context": 10_000_000, "max_tokens": 10**12, "max_cost": 1e9, "price_input": 1e6, "price_output": 1e6}


def read(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The settings a form gave, and what is wrong with them in words; nothing wrong is an empty list."""
    wrong: list[str] = []
    values: dict[str, Any] = {n: given.get(n, "").strip()[:300] for n in ("name", "base_url")}
    values |= {n: bool(given.get(n)) for n in ("use", "mask", "selfcheck")}
    for name, most in _MOST.items():
        text = given.get(name, "").strip() or "0"
        try:
            number = float(text) if name in ("max_cost", "price_input", "price_output") else int(text)
        except ValueError:
            number = -1
        if not math.isfinite(number) or not 0 <= number <= most:
            wrong.append(f"{_LABELS[name]}“{text[:20]}”不是允许范围内的数字。")
            number = 0
        values[name] = number
    if 0 < values["context"] < LEAST_WINDOW:
        wrong.append(f"窗口太小，至少要 {LEAST_WINDOW}；填 0 由接口告知。")
    if values["name"]:
        if values["name"].partition(":")[0] == "scripted":
            wrong.append(f"网站不使用脚本模型；提供方可用：{'、'.join(NAMES)}。")
        else:
            wrong += _address_problems(values)
    elif values["use"]:
        wrong.append("请填写模型，写成 提供方:模型，例如 deepseek:deepseek-chat。")
    return values, wrong


_LABELS = {
    "context": "窗口", "max_tokens": "token 上限", "max_cost": "费用上限", "price_input": "输入价格", "price_output": "输出价格",
}  # fmt: skip


def _address_problems(values: Mapping[str, Any]) -> list[str]:
    if url := values["base_url"]:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            return ["接口地址无法识别。"]
        if parts.scheme not in ("http", "https") or not host:
            return ["接口地址只能是 http:// 或 https:// 开头的网址。"]
        if parts.username or parts.password or parts.query or parts.fragment:
            return ["接口地址里不能有用户名、密码、查询参数或 #；密钥请设在服务器的环境变量里。"]
    try:
        choice = _choice(values)
        access = access_of(choice)
    except AssistReviewError as error:
        return [str(error)]
    if urlsplit(access.base_url).scheme not in ("http", "https"):
        return ["接口地址只能是 http:// 或 https:// 开头的网址。"]
    if choice.max_money is not None and price_of(choice.name, choice.prices) == Price():
        return ["设了费用上限就要填写价格，否则上限不起作用。"]
    return []


def _choice(values: Mapping[str, Any]) -> Choice:
    """The model as the command line would choose it, with waits that fit a task of the worker."""
    priced = values["price_input"] or values["price_output"]
    choice = model_choice(
        Asked(
            llm=values["name"], base_url=values["base_url"] or None, context=values["context"] or None, mask=values["mask"],
            max_tokens=values["max_tokens"] or None, max_cost=values["max_cost"] or None,
            price=Price(values["price_input"], values["price_output"]) if priced else None,
        )
    )  # fmt: skip
    if choice is None:
        raise SettingsError("没有写明模型")
    return replace(choice, timeout_s=min(choice.timeout_s, settings.TASK_TIMEOUT_S / 4))


def chosen(kind: str) -> Choice | None:
    """The model for packages of this kind (`check`: an applicant's own, `submission`); None: rules alone."""
    values = options.get("llm")
    if not values["use"] or not values["name"] or (kind == "check" and not values["selfcheck"]):
        return None
    return _choice(values)


def folder(filing: FilingRecord) -> Path:
    """Where answers about this filing are kept, so that they go with it."""
    return Path(settings.HOME) / "llm" / filing.number


def open_for(job: JobRecord) -> Desk | None:
    """The model of a job, with what earlier runs of it paid for; None: rules alone.

    A model that cannot be opened, for want of a key, is one whose every question fails: the review is still made.
    """
    choice = chosen(job.package.kind)
    if choice is None:
        return None
    cache = folder(job.package.filing)
    try:
        desk = open_model(choice, cache)
    except AssistReviewError as error:
        _LOG.error("model not opened", extra={"job": job.pk}, exc_info=error)
        desk = open_model(choice, cache, Absent(str(error)))
    desk.limit_s = settings.TASK_TIMEOUT_S * 0.4
    desk.budget.resume({stage: StageUse.model_validate(use) for stage, use in job.usage.items()})
    return desk


def keep_usage(job: JobRecord, desk: Desk) -> None:
    """Writes down what was paid for so far, for the next run of the same job."""
    job.usage = {stage: use.model_dump() for stage, use in desk.budget.account().items()}
    JobRecord.objects.filter(pk=job.pk).update(usage=job.usage)


# Trying it out


def ask_to_try(by: str) -> None:
    """Has the worker reach for the model once."""
    options.put("llm_test", {"state": "waiting", "at": timezone.now().isoformat(), "by": by})
    async_task("assist_review.web.llm.try_out")


def try_out() -> str:
    """The task: one short question to the saved model; the outcome is kept for the settings page."""
    values = options.get("llm")
    told: dict[str, Any] = {**options.get("llm_test"), "name": values["name"]}
    started = time.monotonic()
    try:
        if not values["name"]:
            raise SettingsError("没有保存模型名称")
        choice = replace(_choice(values), timeout_s=_PROBE_S)
        desk = open_model(choice, None)
        desk.tries = 1
        form = desk.reach()
        told |= {
            "state": "good", "form": form, "window": desk.window, "host": desk.access.host, "local": desk.access.local,
        }  # fmt: skip
    except AssistReviewError as error:
        told |= {"state": "bad", "error": str(error)[:500]}
    told |= {"at": timezone.now().isoformat(), "seconds": round(time.monotonic() - started, 1)}
    options.put("llm_test", told)
    return str(told["state"])


# Telling people


def key_state() -> tuple[str | None, tuple[str, ...]]:
    """The name of the variable that holds a key for the saved model, and the names that are looked at."""
    try:
        name = options.get("llm")["name"]
        return key_name(name), provider_of(name)[0].keys
    except SettingsError:
        return None, ()


def remote(kind: str) -> tuple[Access, bool] | None:
    """Where packages of this kind are sent and whether masked; None where nothing leaves the machine."""
    try:
        choice = chosen(kind)
        access = access_of(choice) if choice else None
    except AssistReviewError:
        return None
    return (access, bool(choice.mask)) if choice and access and not access.local else None


def used(filing: FilingRecord) -> dict[str, Any] | None:
    """What the model was used for in the filing's newest submitted review, and what was not assessed."""
    row = (
        ReviewRecord.objects.filter(filing=filing, package__kind="submission").order_by("-id")
        .values("value__manifest__usage", "value__failures").first()
    )  # fmt: skip
    if row is None or not (row["value__manifest__usage"] or row["value__failures"]):
        return None
    usage = row["value__manifest__usage"]
    totals: dict[str, float] = {}
    for use in (usage or {}).get("stages", {}).values():
        for name, value in use.items():
            totals[name] = totals.get(name, 0) + value
    return {"usage": usage, "totals": totals, "failures": row["value__failures"]}
