"""The one model everything else is built on, against a server that speaks the real protocol."""

import json
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from assist_review.errors import (
    LLMAnswerInvalid,
    LLMBudgetSpent,
    LLMRefused,
    LLMUnavailable,
    OutOfTime,
    SettingsError,
)
from assist_review.llm.budget import Price
from assist_review.llm.model import Desk, Question
from assist_review.llm.opening import Absent, Choice, notice, open_model
from assist_review.llm.prompts import Prompt
from llm_server import Script, serving

OK = '{"ok": true}'
GOOD = '{"verdict": "compliant", "reasons": "写明了期限"}'
PROMPT = Prompt("t", "test", ("text",), "Verdict", "1", "固定的部分", "材料：$text", "00")


class Verdict(BaseModel):
    verdict: Literal["compliant", "non_compliant"]
    reasons: str


def question(text: str = "正文") -> Question:
    return Question(PROMPT, {"text": text}, Verdict, "ask", ("CMP-01",), 200)


def opened(url: str, cache: Path | None = None, **more: Any) -> Desk:
    desk = open_model(Choice("openai-compatible:m", base_url=url, window=8000, **more), cache)
    desk.sleep = lambda _: None
    return desk


def one(desk: Desk, text: str = "正文") -> Any:
    return desk.ask([question(text)])[0]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_an_answer_comes_back_as_its_type(stream: bool) -> None:
    script = Script([OK, GOOD])
    with serving(script) as url:
        answer = one(opened(url, stream=stream))
    assert answer == Verdict(verdict="compliant", reasons="写明了期限")
    asked = script.seen[-1]
    assert asked["response_format"]["json_schema"]["schema"]["required"] == ["verdict", "reasons"]
    assert asked["messages"][0]["content"] == "固定的部分"
    assert bool(asked.get("stream")) is stream


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"do": "status", "code": 500}, "500"),
        ({"do": "status", "code": 429, "headers": {"retry-after": "1"}}, "429"),
        ({"do": "cut"}, ""),
        ({"do": "body", "value": {"id": "1", "choices": []}}, ""),
    ],
    ids=["server-error", "rate-limit", "cut-connection", "no-choices"],
)
def test_a_passing_fault_is_tried_again(step: dict[str, Any], told: str) -> None:
    """One fault, then a good answer; an answer without choices is asked for once more by repair."""
    script = Script([OK, step, GOOD])
    with serving(script) as url:
        answer = one(opened(url))
    assert isinstance(answer, Verdict | LLMAnswerInvalid), answer
    if told:
        assert isinstance(answer, Verdict)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_connection_cut_for_good_is_unavailable(stream: bool) -> None:
    script = Script([OK, {"do": "cut_stream" if stream else "cut"}])
    with serving(script) as url:
        answer = one(opened(url, stream=stream))
    assert isinstance(answer, LLMUnavailable | LLMAnswerInvalid)


def test_a_silent_endpoint_times_out() -> None:
    script = Script([OK, {"do": "hang", "seconds": 1.0}])
    with serving(script) as url:
        desk = opened(url, timeout_s=0.2)
        answer = one(desk)
    assert isinstance(answer, LLMUnavailable)
    assert "没有答完" in str(answer) or "中断" in str(answer)


def test_a_wrong_key_stops_all_questions_at_once() -> None:
    script = Script([{"do": "status", "code": 401, "message": "bad key"}])
    with serving(script) as url:
        answers = opened(url).ask([question(str(n)) for n in range(20)])
    assert all(isinstance(a, LLMUnavailable) for a in answers)
    assert len(script.seen) == 1


def test_an_outage_is_not_waited_out_for_every_question() -> None:
    """Three questions in a row without an answer, five tries each, and the rest fail at once."""
    script = Script([OK, {"do": "status", "code": 503}])
    with serving(script) as url:
        answers = opened(url, concurrency=1).ask([question(str(n)) for n in range(30)])
    assert all(isinstance(a, LLMUnavailable) for a in answers)
    assert len(script.seen) == 1 + 3 * 5


@pytest.mark.parametrize(
    "bad", ["", "好的", '{"verdict": "maybe", "reasons": ""}', "{}"], ids=["empty", "prose", "wrong-value", "no-keys"]
)
def test_a_bad_answer_gets_one_repair_and_is_then_an_error(bad: str) -> None:
    with serving(Script([OK, bad, GOOD])) as url:
        assert isinstance(one(opened(url)), Verdict)
    script = Script([OK, bad, bad])
    with serving(script) as url:
        assert isinstance(one(opened(url)), LLMAnswerInvalid)
    assert len(script.seen) == 3


def test_an_endpoint_without_schemas_is_asked_in_json_mode_and_remembered(tmp_path: Path) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if body.get("response_format", {}).get("type") == "json_schema":
            return {"do": "status", "code": 400, "message": "response_format not supported"}
        return OK if '"ok"' in body["messages"][1]["content"] else GOOD

    script = Script([answer])
    with serving(script) as url:
        assert isinstance(one(opened(url, tmp_path)), Verdict)
        assert isinstance(one(opened(url, tmp_path), "别的"), Verdict)
    kinds = [s.get("response_format", {}).get("type") for s in script.seen]
    assert kinds == ["json_schema", "json_object", "json_object", "json_object"]
    assert "JSON Schema" in script.seen[-1]["messages"][1]["content"]


def test_an_endpoint_without_any_json_mode_is_asked_in_words() -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "response_format" in body:
            return {"do": "status", "code": 400, "message": "unknown field"}
        return f"当然：\n```json\n{GOOD}\n```"

    with serving(Script([answer])) as url:
        assert isinstance(one(opened(url)), Verdict)


def test_a_refusal_is_told_as_one() -> None:
    message = {"role": "assistant", "content": "", "refusal": "I cannot"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}  # fmt: skip
    with serving(Script([OK, {"do": "body", "value": body}])) as url:
        assert isinstance(one(opened(url)), LLMRefused)


def test_a_second_run_costs_nothing_and_a_changed_text_only_itself(tmp_path: Path) -> None:
    script = Script([OK, GOOD])
    with serving(script) as url:
        opened(url, tmp_path).ask([question("甲"), question("乙")])
        again = opened(url, tmp_path)
        again.ask([question("甲"), question("乙")])
        assert (again.budget.stages["ask"].calls, again.budget.stages["ask"].cached) == (0, 2)
        assert again.budget.stages["ask"].input_tokens == 0
        changed = opened(url, tmp_path)
        changed.ask([question("甲"), question("丙")])
        assert (changed.budget.stages["ask"].calls, changed.budget.stages["ask"].cached) == (1, 1)


def test_a_cap_is_never_passed() -> None:
    script = Script([OK, GOOD])
    with serving(script) as url:
        desk = opened(url, max_tokens=400, concurrency=1)
        answers = desk.ask([question(str(n)) for n in range(10)])
    assert any(isinstance(a, Verdict) for a in answers)
    assert isinstance(answers[-1], LLMBudgetSpent)
    assert sum(s.input_tokens + s.output_tokens for s in desk.budget.stages.values()) <= 400


def test_money_is_counted_by_the_price_table() -> None:
    with serving(Script([OK, GOOD])) as url:
        desk = opened(url, prices={"openai-compatible:*": Price(2.0, 8.0)})
        one(desk)
    assert desk.budget.stages["ask"].money == pytest.approx((100 * 2 + 10 * 8) / 1e6)


def test_a_recorded_run_replays_without_the_endpoint(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with serving(Script([OK, GOOD, {"do": "status", "code": 400, "message": "no"}])) as url:
        desk = opened(url, record=tape, concurrency=1)
        first = desk.ask([question("甲"), question("乙")])
        assert desk.tape
        desk.tape.save()
        before = tape.read_bytes()
    replayed = open_model(Choice("openai-compatible:m", base_url=url, replay=tape), None)
    again = replayed.ask([question("甲"), question("乙")])
    assert again[0] == first[0]
    assert type(again[1]) is type(first[1])
    assert str(again[1]) == str(first[1])
    assert replayed.budget.stages["ask"] == desk.budget.stages["ask"]
    assert tape.read_bytes() == before
    assert isinstance(replayed.ask([question("丙")])[0], LLMUnavailable)


def test_personal_values_never_reach_a_distant_endpoint_and_come_back_in_answers() -> None:
    def answer(body: dict[str, Any]) -> Any:
        text = body["messages"][1]["content"]
        if '"ok"' in text:
            return OK
        return json.dumps({"verdict": "compliant", "reasons": "电话是⟦手机号1⟧"}, ensure_ascii=False)

    script = Script([answer])
    with serving(script) as url:
        desk = opened(url, mask=True)
        got = one(desk, "联系人：王小明，电话13812345678，身份证110101199003078515，密码：Abc@12345")
    sent = json.dumps(script.seen, ensure_ascii=False)
    for secret in ("13812345678", "110101199003078515", "Abc@12345", "王小明"):
        assert secret not in sent
    assert got.reasons == "电话是13812345678"
    assert dict(desk.masked) == {"姓名": 1, "手机号": 1, "身份证号": 1, "密码": 1}


@pytest.mark.parametrize(
    ("base_url", "masking"),
    [("http://127.0.0.1:1/v1", False), ("http://localhost:1/v1", False), ("https://api.example.com/v1", True)],
    ids=["loopback", "localhost", "distant"],
)
def test_masking_is_on_for_every_endpoint_elsewhere(
    base_url: str, masking: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    desk = open_model(Choice("openai-compatible:m", base_url=base_url, window=8000), None)
    assert desk.masking is masking
    assert ("api.example.com" in notice(desk)) is masking


def test_a_distant_endpoint_without_a_key_is_an_error_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ASSIST_REVIEW_LLM_KEY", "OPENAI_API_KEY", "DEEPSEEK_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError, match="DEEPSEEK_API_KEY"):
        open_model(Choice("deepseek:deepseek-chat", window=8000), None)


def test_an_unknown_provider_is_an_error_that_lists_them() -> None:
    with pytest.raises(SettingsError, match="deepseek"):
        open_model(Choice("nobody:x"), None)


def test_the_window_is_what_the_endpoint_says(tmp_path: Path) -> None:
    script = Script([OK], models={"data": [{"id": "m", "object": "model", "max_model_len": 65536}]})
    with serving(script) as url:
        assert open_model(Choice("vllm:m", base_url=url), tmp_path).window == 65536


def test_a_run_that_is_out_of_time_goes_on_where_it_stopped_and_pays_once(tmp_path: Path) -> None:
    script = Script([lambda body: OK if '"ok"' in str(body["messages"]) else GOOD])
    with serving(script) as url:
        whole = opened(url, tmp_path / "whole")
        whole.ask([question("甲"), question("乙"), question("丙")])
        first = opened(url, tmp_path / "parts")
        first.limit_s = 1000
        first.ask([question("甲"), question("乙")])
        first.limit_s = -1
        with pytest.raises(OutOfTime):
            first.ask([question("甲"), question("乙"), question("丙")])
        sent = len(script.seen)
        second = opened(url, tmp_path / "parts", max_tokens=10_000)
        second.budget.resume(first.budget.account())
        second.ask([question("甲"), question("乙"), question("丙")])
    assert len(script.seen) - sent == 1
    assert second.budget.account() == whole.budget.account()


def test_what_was_paid_for_before_counts_against_the_cap(tmp_path: Path) -> None:
    with serving(Script([lambda body: OK if '"ok"' in str(body["messages"]) else GOOD])) as url:
        first = opened(url, tmp_path)
        one(first)
        second = opened(url, tmp_path, max_tokens=300)
        second.budget.resume(first.budget.account())
        assert isinstance(one(second, "别的"), LLMBudgetSpent)
        assert isinstance(one(opened(url, tmp_path, max_tokens=300), "别的"), Verdict)


def test_reaching_for_an_endpoint_takes_one_question_and_tells_its_form() -> None:
    script = Script([OK])
    with serving(script) as url:
        desk = opened(url)
        assert desk.reach() == "schema"
    assert len(script.seen) == 1


def test_an_endpoint_without_any_json_mode_is_reached_in_words() -> None:
    refusal = {"do": "status", "code": 400, "message": "response_format not supported"}
    script = Script([refusal, refusal, OK])
    with serving(script) as url:
        assert opened(url).reach() == "text"
    with serving(Script([refusal])) as url, pytest.raises(LLMRefused):
        opened(url).reach()


def test_reaching_for_a_dead_endpoint_says_so_at_once() -> None:
    script = Script([{"do": "status", "code": 503}])
    with serving(script) as url:
        desk = opened(url)
        desk.tries = 1
        with pytest.raises(LLMUnavailable, match="503"):
            desk.reach()
    assert len(script.seen) == 1


def test_a_model_that_could_not_be_opened_fails_every_question_with_the_reason() -> None:
    desk = open_model(Choice("deepseek:deepseek-chat", window=8000), None, Absent("需要密钥"))
    answers = desk.ask([question("甲"), question("乙")])
    assert [str(a) for a in answers] == ["需要密钥", "需要密钥"]
