"""The requirements on safeguards find defect wordings, leave sound ones alone, and call missing only what is."""

from typing import Any

import pytest

from assist_review.check import check
from assist_review.extract import extract
from wordings import AS_OF, cases, codes, filing, pack

THEMES = ("safeguards",)
WORDINGS = cases("safeguard_wordings")


@pytest.mark.parametrize("case", WORDINGS["defect"], ids=lambda case: f"{case['code']}-{case['text'][:18]}")
def test_a_defect_wording_is_found(case: dict[str, Any]) -> None:
    assert case["code"] in codes(THEMES, case["role"], case["text"])


@pytest.mark.parametrize("case", WORDINGS["sound"], ids=lambda case: str(case["text"][:18]))
def test_a_sound_wording_is_left_alone(case: dict[str, Any]) -> None:
    assert codes(THEMES, case["role"], case["text"]) == set()


def _verdicts(row: str, texts: dict[str, str]) -> set[str]:
    package = filing(**texts)
    only = pack().model_copy(update={"requirements": tuple(r for r in pack().requirements if r.id == row)})
    facts = extract(package.documents, only.lexicon, only.risks)
    findings, failures = check(package, facts, {}, only, AS_OF)
    assert not failures
    return {f.verdict for f in findings}


@pytest.mark.parametrize("case", WORDINGS["verdict"], ids=lambda case: f"{case['row']}-{case['verdict']}")
def test_a_row_is_judged(case: dict[str, Any]) -> None:
    texts = {key: text for key, text in case.items() if key not in ("row", "verdict")}
    assert _verdicts(case["row"], texts) == {case["verdict"]}


@pytest.mark.parametrize("row", [f"MEA-{n:02d}" for n in (9, 10, 15, 16, 18, 21)])
def test_proofs_alone_cannot_lack_what_the_report_must_say(row: str) -> None:
    assert "missing" not in _verdicts(row, {"evidence": "营业执照", "other": "排班情况另行说明。"})


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("访问日志仅保存60日。", "non_compliant"),
        ("系统日志只保留三个月。", "non_compliant"),
        ("网络日志留存不少于六个月。", "compliant"),
        ("日志在线留存30天，归档后合计留存一年。", "compliant"),
        ("崩溃日志在同意后上传，保存30天；网络日志保存十二个月。", "compliant"),
        ("对话记录保存30天后自动删除。", "unclear"),
    ],
    ids=["60-days", "three-months", "six-months", "archived", "crash-logs-apart", "conversations-are-no-logs"],
)
def test_logs_are_kept_six_months(text: str, verdict: str) -> None:
    assert _verdicts("MEA-13", {"report": text}) == {verdict}


def test_the_row_on_interfaces_is_asked_only_of_services_that_offer_one() -> None:
    rows = {r.id: r.applies_when for r in pack().requirements if r.theme in THEMES}
    assert len(rows) == 21
    assert rows.pop("MEA-06") == "service.api == true"
    assert set(rows.values()) == {"true"}
