"""A real small model through the real protocol; only with `make test-llm`. Asserts protocol, proof and invariants.

What the model says is not asserted: it is small and a code model.
"""

import os
from pathlib import Path

import pytest

from assist_review.check.ask import ask
from assist_review.check.shapes import Looks
from assist_review.errors import LLMError
from assist_review.llm.model import Desk, Question
from assist_review.llm.opening import Choice, open_model
from assist_review.llm.prompts import fence, load
from assist_review.regulation import Severity
from assist_review.review import Evidence, Finding, Origin
from assist_review.text import find_exact
from filings import context, document

URL = os.environ.get("ASSIST_REVIEW_TEST_LLM", "")
pytestmark = [
    pytest.mark.skipif(not URL, reason="only with make test-llm"),
    pytest.mark.filterwarnings("default"),
]
TEXT = "用户可以拨打投诉热线，我们在十个工作日内反馈处理结果。"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    cache: Path = tmp_path_factory.mktemp("llm")
    return open_model(Choice("llamacpp:qwen", base_url=URL, window=4096, concurrency=1, timeout_s=600), cache)


def question() -> Question:
    claims = "1. 要求 CMP-01：公布反馈时限。\n   说法：材料满足该要求。"
    values = {"claims": claims, "passages": fence(f"[A1] {TEXT}")}
    return Question(load()["look"], values, Looks, "look", ("CMP-01",), 200)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_the_server_gives_structured_answers(desk: Desk, stream: bool, tmp_path: Path) -> None:
    choice = Choice("llamacpp:qwen", base_url=URL, window=4096, stream=stream, timeout_s=600)
    (answer,) = open_model(choice, tmp_path).ask([question()])
    assert isinstance(answer, Looks)
    assert all(look.holds in ("yes", "no", "unsure") for look in answer.looks)


def test_the_window_is_told_by_the_server(tmp_path: Path) -> None:
    assert open_model(Choice("llamacpp:qwen", base_url=URL), tmp_path).window >= 4096


def test_a_second_time_costs_nothing(desk: Desk) -> None:
    desk.ask([question()])
    before = desk.budget.stages["look"].calls
    desk.ask([question()])
    assert desk.budget.stages["look"].calls == before


def test_whatever_it_says_quotes_are_proved_and_rules_stand(desk: Desk) -> None:
    where = context(document("agreement", "# 投诉", TEXT, file="协议.docx"))
    problem = Finding(
        requirement="SVC-05", verdict="non_compliant", severity=Severity.MAJOR, statement="规则的话。", defect="H11",
        evidence=(Evidence(file="协议.docx", quote=TEXT[:9], paragraph=2),), origin=Origin(name="content"),
    )  # fmt: skip
    open_one = Finding(
        requirement="CMP-01",
        verdict="unclear",
        severity=Severity.FATAL,
        statement="待核对。",
        origin=Origin(name="content"),
    )
    desk.budget.caps = type(desk.budget.caps)(tokens=desk.budget._tokens + 9000)
    result = ask(where, [problem, open_one], load(), desk)
    assert next(f for f in result.findings if f.requirement == "SVC-05").verdict == "non_compliant"
    assert {"SVC-05", "CMP-01"} <= {f.requirement for f in result.findings}
    quotes = [e.quote for f in result.findings if f.origin.kind != "rule" for e in f.evidence]
    assert all(find_exact(TEXT, q) or q == "投诉" for q in quotes)
    assert all(f.reason for f in result.failures)
    print(desk.account(), result.tally)


def test_an_error_is_an_error_of_ours(tmp_path: Path) -> None:
    choice = Choice("llamacpp:qwen", base_url=URL, window=4096, timeout_s=0.05, concurrency=1)
    slow = open_model(choice, tmp_path)
    slow.sleep = lambda _: None
    assert isinstance(slow.ask([question()])[0], LLMError)
