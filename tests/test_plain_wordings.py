"""Drafts in plain words: what is wrong in them is found, sound ones are left alone, topics count wherever they are told."""

from typing import Any

import pytest

from assist_review.check import check
from assist_review.extract import extract
from filings import document
from filings import filing as made
from wordings import AS_OF, cases, codes, pack

WORDINGS = cases("plain_wordings")
THEMES = ("keywords", "user-rights", "minors", "labelling", "annotation", "intellectual-property", "corpus-sources")


@pytest.mark.parametrize("case", WORDINGS["defect"], ids=lambda case: f"{case['code']}-{case['text'][:18]}")
def test_a_defect_wording_is_found(case: dict[str, Any]) -> None:
    assert case["code"] in codes(THEMES, case["role"], case["text"])


@pytest.mark.parametrize("case", WORDINGS["sound"], ids=lambda case: str(case["text"][:18]))
def test_a_sound_wording_is_left_alone(case: dict[str, Any]) -> None:
    assert codes(THEMES, case["role"], case["text"]) == set()


def _verdicts(row: str, *documents: Any, **more: Any) -> set[str]:
    package = made(*documents, **more)
    only = pack().model_copy(update={"requirements": tuple(r for r in pack().requirements if r.id == row)})
    facts = extract(package.documents, only.lexicon, only.risks)
    findings, failures = check(package, facts, {}, only, AS_OF)
    assert not failures
    return {f.verdict for f in findings}


AGREED = "投诉打0755-1234567，或者点“我的—投诉”，三个工作日内给您回话。"


@pytest.mark.parametrize(
    ("agreement", "report", "verdict"),
    [
        (AGREED, "测试由两个人做。", "compliant"),
        (AGREED, "投诉电话见协议，三个工作日内回复，电话0755-1234567。", "compliant"),
        ("请遵守规则。", "测试由两个人做。", "missing"),
    ],
    ids=["told-in-the-agreement", "told-in-both", "told-nowhere"],
)
def test_complaints_told_in_the_agreement_are_not_missing(agreement: str, report: str, verdict: str) -> None:
    assert _verdicts("CMP-01", document("agreement", agreement), document("report", report)) == {verdict}


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ("知识产权的办法由小林管，有人投诉就改，改动都记下来。", "compliant"),
        ("尊重别人的知识产权，侵权投诉当天处理。", "unclear"),
        ("值班两人一班。", "missing"),
    ],
    ids=["lead-and-policy", "a-word-only", "nothing"],
)
def test_a_lead_for_intellectual_property_may_stand_in_another_document(other: str, verdict: str) -> None:
    assert _verdicts("IPR-02", document("report", "测试由两个人做。"), document("other", other)) == {verdict}


@pytest.mark.parametrize(
    "text",
    [
        "要拒的抽了三百道；正常问题该答就答，误拒九道。",
        "套话攻击的直接拒了，正常问的照常回答。",
        "明显极端的不接话，问风俗历史的照答。",
    ],
)
def test_refusal_may_be_told_in_plain_words(text: str) -> None:
    assert "missing" not in _verdicts("MEA-09", document("report", text))


@pytest.mark.parametrize(
    "text", ["盯内容的三个人，早中晚三班。", "每天两个人看后台的对话，倒班。", "小陈和小吴轮班看管回答。"]
)
def test_those_who_watch_may_be_called_by_other_names(text: str) -> None:
    assert "missing" not in _verdicts("MEA-10", document("report", text))


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("微调任务：0个", "compliant"),
        ("训练任务数为0", "compliant"),
        ("微调模型：无", "compliant"),
        ("微调任务：2个，训练样本8,000条", "non_compliant"),
        ("用自有数据做了LoRA微调。", "non_compliant"),
    ],
)
def test_no_tuning_jobs_are_no_tuning(told: str, verdict: str) -> None:
    form = document("form", "生成式人工智能服务登记表")
    assert _verdicts("SUB-03", form, document("evidence", told), route="registration", training="none") == {verdict}
