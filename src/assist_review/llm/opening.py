"""Opens a model from plain arguments, and says once what will be sent where."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assist_review.errors import LLMUnavailable, SettingsError
from assist_review.llm import provider_of
from assist_review.llm.budget import Budget, Caps, Price, price_of
from assist_review.llm.endpoint import Access, Endpoint, Reply, Request
from assist_review.llm.memory import Abilities, Answers, Tape
from assist_review.llm.model import Desk
from assist_review.review import StageUse

_UNKNOWN_WINDOW = 32_768
LEAST_WINDOW = 3_000  # tokens


@dataclass(frozen=True)
class Choice:
    """Everything a user may choose about a model; keys are read from the environment when it is opened."""

    name: str  # provider:model
    base_url: str | None = None
    window: int | None = None  # tokens; None: what the endpoint says
    mask: bool | None = None  # None: for every endpoint that is not on this machine
    max_tokens: int | None = None
    max_money: float | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)
    currency: str = "CNY"
    concurrency: int = 4
    per_minute: int | None = None
    timeout_s: float = 600.0
    stream: bool = False
    record: Path | None = None
    replay: Path | None = None


class Absent:
    """An endpoint that could not even be opened: each question fails with the reason, and the rules do the rest."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def send(self, request: Request) -> Reply:  # noqa: ARG002
        """Never a reply."""
        raise LLMUnavailable(self._reason, lasting=True)

    def window(self) -> int | None:
        """Not known."""
        return None


def key_name(name: str) -> str | None:
    """The environment variable that holds a key for `provider:model`, None where none does."""
    return next((each for each in provider_of(name)[0].keys if os.environ.get(each)), None)


def access_of(choice: Choice) -> Access:
    """How the chosen model is reached, with its key. Raises SettingsError where the address is not known."""
    provider, model = provider_of(choice.name)
    base_url = choice.base_url or provider.base_url
    if base_url is None:
        raise SettingsError(f"模型 {choice.name} 需要写明接口地址（--llm-base-url），例如 http://127.0.0.1:8000/v1")
    key = key_name(choice.name)
    return Access(
        choice.name, model, base_url.rstrip("/"), os.environ[key] if key else None, timeout_s=choice.timeout_s,
        stream=choice.stream,
    )  # fmt: skip


def open_model(choice: Choice, cache: Path | None, endpoint: Endpoint | None = None) -> Desk:
    """The model. `cache` is the folder answers are kept in, None keeps none; `endpoint` stands in for the real one."""
    if choice.record and choice.replay:
        raise SettingsError("--record 和 --replay 只能用一个")
    access = access_of(choice)
    budget = Budget(price_of(choice.name, choice.prices), Caps(choice.max_tokens, choice.max_money))
    mask = choice.mask if choice.mask is not None else not access.local
    abilities = Abilities(cache)
    if choice.replay:
        tape = Tape(choice.replay, recording=False)
        if tape.head.get("model") != choice.name:
            raise SettingsError(f"--replay：{choice.replay} 录的是 {tape.head.get('model')}，不是 {choice.name}")
        access = replace(access, base_url=str(tape.head["base_url"]))
        for stage, use in tape.head.get("stages", {}).items():
            budget.stages[stage] = StageUse(**use)
        window = int(tape.head.get("window", _UNKNOWN_WINDOW))
        return Desk(
            access, None, choice.window or window, budget, tape=tape, masking=bool(tape.head.get("masking", mask)),
            form=tape.head.get("form"), currency=choice.currency,
        )  # fmt: skip
    provider, _ = provider_of(choice.name)
    if endpoint is None and access.key is None and not access.local:
        raise SettingsError(f"{access.host} 需要密钥：请设置环境变量 {' 或 '.join(provider.keys)}")
    opened = endpoint or provider.open(access)
    window = choice.window or _window(opened, abilities, access)
    if window < LEAST_WINDOW:
        raise SettingsError(f"模型的窗口 {window}（--llm-context）太小，至少要 {LEAST_WINDOW}")
    desk = Desk(
        access, opened, window, budget, Answers(cache / "answers" if cache else None), abilities, masking=mask,
        currency=choice.currency, concurrency=choice.concurrency, per_minute=choice.per_minute,
    )  # fmt: skip
    if choice.record:
        desk.tape = Tape(choice.record, recording=True)
        desk.tape.head = {"model": choice.name, "base_url": access.base_url, "window": window, "masking": mask}
    return desk


def _window(endpoint: Endpoint, abilities: Abilities, access: Access) -> int:
    name = f"{access.base_url} {access.model}"
    known = abilities.get(name).get("window")
    if isinstance(known, int):
        return known
    told = endpoint.window()
    if told is not None:
        abilities.put(name, {**abilities.get(name), "window": told})
    return told or _UNKNOWN_WINDOW


def notice(desk: Desk) -> str:
    """What will be sent where, in one sentence; said once, before anything is sent."""
    if desk.endpoint is None:
        return "按录制文件重放，不连接任何服务。"
    if desk.access.local:
        return f"材料文字将交给本机的模型 {desk.access.model}（{desk.access.host}），不离开这台机器。"
    masked = (
        "证件号码、电话、邮箱、账号、密钥、密码和紧邻的姓名先遮盖再发送"
        if desk.masking
        else "按设置不遮盖个人信息和密钥"
    )
    return (
        f"材料文字（正文、表格、抽样的测试题）将发送到 {desk.access.host} 的模型 {desk.access.model}，{masked}；"
        "文件名、元数据、隐藏文字和关键词列表不发送。"
    )
