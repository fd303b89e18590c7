"""The language model of the site: set by the administrator, tried out, used by jobs, told to people."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document

from assist_review.web import audit, filings, jobs, llm, options, rules
from assist_review.web.models import AuditRecord, FilingRecord, ReviewRecord, SettingRecord
from llm_server import Script, serving
from wordings import pack

KEYS = ("ASSIST_REVIEW_LLM_KEY", "OPENAI_API_KEY", "DEEPSEEK_API_KEY")
SECRET = "sk-not-to-be-seen-anywhere"


def quiet(body: dict[str, Any]) -> str:
    """Nothing found, in whatever shape was asked for."""
    shape = body["response_format"]["json_schema"]["schema"]
    name = next(iter(shape["properties"]))
    return json.dumps({name: True if name == "ok" else []})


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)  # no settings file


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The tasks that were asked for, instead of a worker."""
    asked: list[Any] = []
    for module in (jobs, llm):
        monkeypatch.setattr(module, "async_task", lambda name, *values: asked.append((name, *values)))
    return asked


def work(queue: list[Any]) -> list[str]:
    """Does the tasks as a worker would, in order, until none is left."""
    said = []
    while queue:
        name, *values = queue.pop(0)
        module = {"jobs": jobs, "llm": llm}[name.split(".")[-2]]
        said.append(getattr(module, name.split(".")[-1])(*values))
    return said


def choose(**values: Any) -> None:
    options.put("llm", {**options.DEFAULTS["llm"], "use": True, **values})


FORM = {"use": "1", "mask": "1", "name": "deepseek:deepseek-chat", "base_url": "", "context": "0", "max_tokens": "0", "max_cost": "0",
        "price_input": "0", "price_output": "0"}  # fmt: skip


@pytest.fixture
def submitted(
    people: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, committed: Any, queue: list[Any]
) -> FilingRecord:
    """A filing with one readable file, handed in; its job waits in the queue."""
    law = pack()
    monkeypatch.setattr(rules, "pack", lambda: law)
    rules.theme_of.cache_clear()
    agreement = Document()
    agreement.add_heading("模型服务协议", 1)
    agreement.add_paragraph("因使用生成内容产生的一切责任均由用户承担，本公司概不负责。")
    agreement.add_paragraph("投诉请联系张三丰 13812345678，我们会尽快处理。")
    agreement.save(str(tmp_path / "服务协议.docx"))
    row = filings.begin(people["applicant"], name="云语", route="filing", province="", sector="", value={})
    filings.upload(row, people["applicant"], "服务协议.docx", [(tmp_path / "服务协议.docx").read_bytes()])
    FilingRecord.objects.filter(pk=row.pk).update(state="S3")
    with committed():
        filings.step(row, people["applicant"], "submit")
    yield FilingRecord.objects.get(pk=row.pk)
    rules.theme_of.cache_clear()


# Settings


def test_the_model_is_saved_by_the_administrator_and_stands_in_the_audit_log(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("admin").post(
        "/settings/model", {**FORM, "context": "64000", "max_cost": "3.5", "price_input": "2"}
    )
    assert answer.status_code == 302
    saved = options.get("llm")
    assert (saved["use"], saved["name"], saved["context"], saved["max_cost"]) == (
        True,
        "deepseek:deepseek-chat",
        64000,
        3.5,
    )
    assert saved["selfcheck"] is False
    line = AuditRecord.objects.get(action="settings.model")
    assert line.actor == "admin"
    assert line.value["max_cost"] == 3.5
    assert "base_url" not in line.value, "only what changed"
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"base_url": "file:///etc/passwd"}, "http"), ({"base_url": "gopher://10.0.0.1:70/"}, "http"),
        ({"base_url": "scripted://x"}, "http"), ({"base_url": "//metadata/"}, "http"), ({"base_url": "http://[bad/"}, "无法识别"),
        ({"base_url": "https://user:secret@example.com/v1"}, "用户名"), ({"base_url": "https://example.com/v1?key=1"}, "查询参数"),
        ({"name": "scripted:/etc/passwd"}, "脚本"), ({"name": "nobody:x"}, "提供方可用"), ({"name": "deepseek"}, "提供方:模型"),
        ({"name": ""}, "请填写模型"), ({"name": "openai-compatible:m"}, "接口地址"), ({"context": "100"}, "窗口太小"),
        ({"max_tokens": "-1"}, "token 上限"), ({"max_cost": "nan"}, "费用上限"), ({"max_cost": "inf"}, "费用上限"),
        ({"max_cost": "5"}, "价格"),
    ],
    ids=lambda v: "" if isinstance(v, str) else json.dumps(v),
)  # fmt: skip
def test_what_cannot_be_used_is_named_and_nothing_is_saved(
    change: dict[str, str], said: str, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("admin").post("/settings/model", {**FORM, **change})
    assert answer.status_code == 422
    problem = re.search(r'role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert problem
    assert said in problem[1]
    assert not SettingRecord.objects.filter(name="llm").exists()


def test_the_key_is_neither_shown_nor_kept(sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("admin")
    client.post("/settings/model", FORM)
    assert "没有密钥" in client.get("/settings").content.decode()
    monkeypatch.setenv("DEEPSEEK_API_KEY", SECRET)
    client.post("/settings/model", {**FORM, "context": "8000"})
    shown = client.get("/settings").content.decode()
    assert "DEEPSEEK_API_KEY" in shown
    assert "中有密钥" in shown
    assert SECRET not in shown
    assert SECRET not in json.dumps(list(SettingRecord.objects.values_list("value", flat=True)))
    assert SECRET not in json.dumps(list(AuditRecord.objects.values_list("value", flat=True)))


def test_a_lead_sees_the_model_and_cannot_change_or_try_it(sign_in: Callable[[str], Client], queue: list[Any]) -> None:
    choose(name="ollama:qwen")
    client = sign_in("lead")
    page = client.get("/settings").content.decode()
    assert "ollama:qwen" in page
    assert "测试连接" not in page
    assert client.post("/settings/model", FORM).status_code == 403
    assert client.post("/settings/model/test").status_code == 403
    assert queue == []


# Trying it out


def test_the_connection_is_tried_in_the_background_and_told_in_words(
    sign_in: Callable[[str], Client], queue: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_REVIEW_LLM_KEY", SECRET)
    script = Script(['{"ok": true}'], models={"data": [{"id": "m", "object": "model", "max_model_len": 40960}]})
    client = sign_in("admin")
    with serving(script) as url:
        choose(name="openai-compatible:m", base_url=url)
        waiting = client.post("/settings/model/test", headers={"HX-Request": "true"}).content.decode()
        assert "正在连接" in waiting
        assert "hx-get" in waiting
        assert script.seen == [], "nothing is asked inside a request"
        assert work(queue) == ["good"]
    assert script.seen[0]["authorization"] == f"Bearer {SECRET}"
    shown = client.get("/settings/model/test").content.decode()
    assert "连接成功" in shown
    assert "40,960" in shown
    assert "hx-get" not in shown
    client.post("/language", {"language": "en"})
    assert "Connected: openai-compatible:m" in client.get("/settings").content.decode()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"do": "status", "code": 401, "message": "bad key"}, "不接受密钥"),
        ({"do": "status", "code": 404, "message": "model not found"}, "没有模型"),
        ({"do": "status", "code": 503, "message": "<b>busy</b>"}, "&lt;b&gt;busy"),
        ("hello", "不是 JSON"),
    ],
    ids=["key", "model", "busy", "nonsense"],
)
def test_a_failed_try_says_what_is_wrong(
    step: Any, said: str, sign_in: Callable[[str], Client], queue: list[Any]
) -> None:
    with serving(Script([step])) as url:
        choose(name="openai-compatible:m", base_url=url)
        sign_in("admin").post("/settings/model/test")
        assert work(queue) == ["bad"]
    assert said in sign_in("admin").get("/settings/model/test").content.decode()


def test_a_remote_endpoint_without_a_key_is_told_as_that(sign_in: Callable[[str], Client], queue: list[Any]) -> None:
    choose(name="deepseek:deepseek-chat")
    sign_in("admin").post("/settings/model/test")
    assert work(queue) == ["bad"]
    assert "DEEPSEEK_API_KEY" in options.get("llm_test")["error"]


# Jobs


def test_a_review_uses_the_model_and_tells_what_it_was_used_for(
    submitted: FilingRecord, queue: list[Any], sign_in: Callable[[str], Client]
) -> None:
    script = Script([quiet])
    with serving(script) as url:
        choose(name="openai-compatible:m", base_url=url, context=65536, price_input=2.0, price_output=8.0)
        work(queue)
    review = ReviewRecord.objects.get(filing=submitted)
    usage = review.value["manifest"]["usage"]
    assert review.value["manifest"]["model"] == "openai-compatible:m"
    assert review.value["failures"] == []
    assert sum(s["calls"] for s in usage["stages"].values()) == len(script.seen) > 1
    assert usage["stages"]["ask"]["money"] > 0
    assert usage["masked"]["手机号"] >= 1
    sent = json.dumps([s["messages"] for s in script.seen], ensure_ascii=False)
    assert "尽快处理" in sent
    assert "13812345678" not in sent
    shown = sign_in("reviewer").get(f"/filings/{submitted.number}/").content.decode()
    assert "模型的使用" in shown
    assert "本机" in shown


def test_without_the_switch_nothing_is_asked(submitted: FilingRecord, queue: list[Any]) -> None:
    script = Script([quiet])
    with serving(script) as url:
        choose(name="openai-compatible:m", base_url=url, use=False)
        work(queue)
    assert script.seen == []
    assert ReviewRecord.objects.get(filing=submitted).value["manifest"]["usage"] is None


def test_through_an_outage_the_review_is_made_and_lists_what_was_not_assessed(
    submitted: FilingRecord, queue: list[Any], sign_in: Callable[[str], Client]
) -> None:
    choose(name="openai-compatible:m", base_url="http://127.0.0.1:9/v1", context=65536)
    llm_sleep = pytest.MonkeyPatch()
    opened = llm.open_model

    def hasty(*values: Any) -> Any:
        desk = opened(*values)
        desk.sleep = lambda _: None
        return desk

    llm_sleep.setattr(llm, "open_model", hasty)
    work(queue)
    llm_sleep.undo()
    review = ReviewRecord.objects.get(filing=submitted)
    assert review.findings.exists()
    assert review.value["failures"]
    assert all("127.0.0.1:9" in f["reason"] for f in review.value["failures"])
    assert submitted.packages.last().jobs.last().state == "done"
    shown = sign_in("reviewer").get(f"/filings/{submitted.number}/").content.decode()
    assert "未能判断的要求" in shown
    assert review.value["failures"][0]["requirement"] in shown


def test_a_key_that_is_gone_does_not_stop_the_review(submitted: FilingRecord, queue: list[Any]) -> None:
    choose(name="deepseek:deepseek-chat", context=65536)
    work(queue)
    failures = ReviewRecord.objects.get(filing=submitted).value["failures"]
    assert failures
    assert all("DEEPSEEK_API_KEY" in f["reason"] for f in failures)


def test_a_long_review_goes_on_in_further_tasks_and_pays_for_each_answer_once(
    submitted: FilingRecord, queue: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = llm.open_for

    def short(job: Any) -> Any:
        """A time that is over after the third request of each run."""
        desk = opened(job)
        desk.concurrency = 1
        sent = len(script.seen)
        real = desk._in_time

        def in_time() -> None:
            desk.limit_s = -1 if len(script.seen) - sent >= 3 else 1000
            real()

        desk._in_time = in_time
        return desk

    monkeypatch.setattr(llm, "open_for", short)
    script = Script([quiet])
    with serving(script) as url:
        choose(name="openai-compatible:m", base_url=url, context=65536)
        said = work(queue)
    assert said.count("goes on") >= 2
    review = ReviewRecord.objects.get(filing=submitted)
    usage = review.value["manifest"]["usage"]
    assert review.value["failures"] == []
    assert sum(s["calls"] for s in usage["stages"].values()) == len(script.seen)
    assert sum(s["input_tokens"] for s in usage["stages"].values()) == 100 * len(script.seen)
    assert sum(s["cached"] for s in usage["stages"].values()) == 0


def test_a_selfcheck_uses_the_model_only_where_that_is_switched_on(
    submitted: FilingRecord, queue: list[Any], people: dict[str, Any], committed: Any
) -> None:
    queue.clear()
    FilingRecord.objects.filter(pk=submitted.pk).update(state="S2")
    submitted.refresh_from_db()
    script = Script([quiet])
    with serving(script) as url:
        choose(name="openai-compatible:m", base_url=url, context=65536)
        with committed():
            filings.self_check(submitted, people["applicant"])
        work(queue)
        assert script.seen == []
        choose(name="openai-compatible:m", base_url=url, context=65536, selfcheck=True)
        with committed():
            filings.self_check(submitted, people["applicant"])
        work(queue)
    assert script.seen


# Telling people


@pytest.mark.parametrize("who", ["applicant", "reviewer"])
def test_people_are_told_once_where_a_remote_model_reads(
    who: str, reviewed: Any, sign_in: Callable[[str], Client]
) -> None:
    address = f"/filings/{reviewed.filing.number}/"
    choose(name="deepseek:deepseek-chat")
    masked = sign_in(who).get(address).content.decode()
    assert masked.count("api.deepseek.com") == 1
    assert "发送前遮盖" in masked
    choose(name="deepseek:deepseek-chat", mask=False)
    assert "不遮盖" in sign_in(who).get(address).content.decode()
    choose(name="ollama:qwen")
    assert "会读取材料文字" not in sign_in(who).get(address).content.decode()
    choose(name="deepseek:deepseek-chat", use=False)
    assert "deepseek" not in sign_in(who).get(address).content.decode()


def test_an_applicant_is_told_whether_the_selfcheck_is_read_too(filing: Any, sign_in: Callable[[str], Client]) -> None:
    address = f"/filings/{filing.number}/"
    choose(name="deepseek:deepseek-chat")
    assert "自检不使用模型" in sign_in("applicant").get(address).content.decode()
    choose(name="deepseek:deepseek-chat", selfcheck=True)
    assert "自检也是如此" in sign_in("applicant").get(address).content.decode()
