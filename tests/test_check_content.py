"""Kind `content`: what documents must speak about, and wordings that speak against it."""

from typing import Any

import pytest

from assist_review.check import RULES
from assist_review.check.context import Say
from assist_review.filing import Document, Place
from assist_review.review import Evidence, Finding, Match
from filings import context, document
from wordings import pack

ASKED = next(r for r in pack().requirements if r.id == "MEA-12").model_copy(
    update={"roles": ("report", "agreement", "privacy")}
)


def _say(*documents: Document, matches: dict[str, tuple[Match, ...]] | None = None, **params: Any) -> list[Finding]:
    return list(RULES["content"](context(*documents, matches=matches), Say(ASKED, {"kind": "content", **params})))


def _report(*parts: str) -> Document:
    return document("report", *parts)


GROUPS = [{"name": "电话", "any": ["电话", "热线"]}, {"name": "时限", "any": ["工作日", "小时内"]}]


@pytest.mark.parametrize(
    ("parts", "params", "verdict"),
    [
        (["# 投诉", "设有投诉电话，5个工作日内反馈。"], {}, "compliant"),
        (["# 投诉", "设有投诉电话。"], {}, "unclear"),
        (["# 投诉", "设有投诉电话。"], {"partial": "missing"}, "missing"),
        (["# 投诉", "设有投诉电话。"], {"need": 1}, "compliant"),
        (["# 投诉", "设有投诉电话，5个工作日内反馈。"], {"enough": "unclear"}, "unclear"),
        (["# 概述", "本报告共十章。"], {}, "unclear"),
        (["# 概述", "本报告共十章。"], {"absent": "missing"}, "missing"),
        (["# 概述", "本报告共十章。"], {"absent": "not_applicable"}, "not_applicable"),
        (["# 投诉", "设有投诉入口。", "# 客服", "客服电话每个工作日开通。"], {}, "unclear"),
        (["# 投诉", "设有投诉入口。", "# 客服", "客服电话每个工作日开通。"], {"scope": "document"}, "compliant"),
    ],
    ids=[
        "all-groups", "one-group", "one-group-is-missing", "one-is-enough", "enough-is-for-a-person", "silent", "silence-is-missing",
        "silence-is-not-applicable", "other-section", "whole-document",
    ],
)  # fmt: skip
def test_groups_of_words_are_spoken_about(parts: list[str], params: dict[str, Any], verdict: str) -> None:
    (found,) = _say(_report(*parts), anchors=["投诉"], groups=GROUPS, **params)
    assert found.verdict == verdict


def test_what_is_lacking_is_named() -> None:
    (found,) = _say(_report("# 投诉", "设有投诉电话。"), anchors=["投诉"], groups=GROUPS, partial="missing")
    assert "时限" in found.statement
    assert found.evidence[0].quote == "设有投诉电话。"


BAD: dict[str, Any] = {
    "bad": [
        {"any": ["概不退还", "re:永久(?:保存|存储)"], "defect": "H02", "says": "写法不当", "unless": ["法律另有规定"]}
    ]
}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("费用一经支付概不退还。", ["H02"]),
        ("费用一经支付，概 不 退 还。", ["H02"]),
        ("个人信息永久保存。", ["H02"]),
        ("不得约定概不退还。", []),
        ("除法律另有规定外，费用概不退还。", []),
        ("七日内可以退还。", []),
    ],
    ids=["wording", "spaced", "pattern", "forbidden", "excepted", "other"],
)
def test_a_wording_may_be_wrong_in_itself(text: str, codes: list[str]) -> None:
    assert [f.defect for f in _say(_report("# 费用", text), **BAD)] == codes


def test_a_ticked_option_counts_and_an_unticked_one_does_not() -> None:
    bad = {"bad": [{"any": ["永久保存"], "defect": "H12"}]}
    for cell, codes in (
        ("☑永久保存 □保存六个月", ["H12"]),
        ("□永久保存 ☑保存六个月", []),
        ("□永久保存 □保存六个月", ["H12"]),
    ):
        form = document("report", [["保存期限", cell]])
        assert [f.defect for f in _say(form, **bad)] == codes


def test_clause_tables_restate_duties_and_prove_nothing() -> None:
    table = [["序号", "评估要点", "评估结果", "佐证材料"], ["1", "设有投诉电话，5个工作日内反馈", "符合", "见3.1"]]
    (found,) = _say(document("report", "# 逐条评估", table), anchors=["投诉"], groups=GROUPS)
    assert found.verdict == "unclear"


def test_lists_of_keywords_and_questions_are_no_statements() -> None:
    lists = [document(role, "投诉电话，5个工作日") for role in ("keywords", "questions")]
    (found,) = _say(*lists, roles=["keywords", "questions"], anchors=["投诉"], groups=GROUPS)
    assert found.verdict == "unclear"


def test_a_package_without_the_document_is_not_judged_by_it() -> None:
    (found,) = _say(document("form", "投诉电话"), anchors=["投诉"], absent="missing")
    assert found.verdict == "unclear"
    assert "没有安全自评估报告" in found.statement


def test_each_document_that_must_say_it_is_judged_alone() -> None:
    both = [document("agreement", "设有投诉电话，5个工作日内反馈。"), document("privacy", "我们重视隐私。")]
    params: dict[str, Any] = {
        "roles": ["agreement", "privacy"],
        "anchors": ["投诉"],
        "groups": GROUPS,
        "absent": "missing",
    }
    (found,) = _say(*both, **params, in_each=["agreement", "privacy"])
    assert (found.verdict, [e.file for e in found.evidence]) == ("missing", ["privacy.docx"])


def test_the_nearest_passages_are_shown_where_nothing_was_found() -> None:
    near = Match(requirement=ASKED.id, evidence=Evidence.at("report.docx", Place(paragraph=1), "客服入口"), score=0.5)
    (found,) = _say(_report("客服入口。"), anchors=["投诉"], matches={ASKED.id: (near,)})
    assert [e.quote for e in found.evidence] == ["客服入口"]


def test_two_words_stand_together_within_one_sentence() -> None:
    assert _say(_report("投诉后5个工作日内答复。"), anchors=["投诉..答复"])[0].verdict == "compliant"
    assert _say(_report("受理投诉。我们将在5个工作日内答复。"), anchors=["投诉..答复"])[0].verdict == "unclear"
