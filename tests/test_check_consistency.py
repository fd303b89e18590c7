"""Prose of several documents: two forms of one document, users, functions, recipients, place of storage."""

from typing import Any

import pytest

from assist_review.filing import Document
from filings import APPLICANT, document, fact, findings, problems, verdicts

PROSE = [f"第{n}节说明本服务的第{n}项安全措施，由专人负责落实并留有记录。" for n in "一二三四五六七八九"]


def _forms(one: list[str], other: list[str], **more: Any) -> list[Document]:
    return [document("report", *one, file="r.docx"), document("report", *other, file="r.pdf", format="pdf", **more)]


def test_two_forms_of_one_document_say_the_same() -> None:
    rate = "语料人工抽检合格率为{}，达到要求。"
    equal = _forms([*PROSE, rate.format("96.8%")], [*PROSE, rate.format("96.8%")])
    other = _forms([*PROSE, rate.format("96.8%")], [*PROSE, rate.format("95.8%")])
    assert problems("INT-03", "same_document", *equal) == []
    (found,) = findings("INT-03", "same_document", *other)
    assert found.defect == "L03"
    assert "96.8%" in found.statement
    assert "95.8%" in found.statement


def test_page_breaks_are_no_difference() -> None:
    broken = [part for p in PROSE for part in (p[:11], p[11:])]
    assert verdicts("INT-03", "same_document", *_forms(PROSE, broken)) == {"compliant"}


def test_a_scan_is_not_compared_word_by_word() -> None:
    changed = [p.replace("一", "二") for p in PROSE] + ["抽检4,000条。"]
    assert problems("INT-03", "same_document", *_forms([*PROSE, "抽检4,100条。"], changed, ocr_pages=(1,))) == []


def test_different_documents_are_not_two_forms_of_one() -> None:
    one = document("agreement", *PROSE, file="用户协议.docx")
    other = document("agreement", *[f"会员条款{n}：费用为{n}元。" for n in range(9)], file="会员协议.docx")
    assert verdicts("INT-03", "same_document", one, other) == {"not_applicable"}


@pytest.mark.parametrize(
    ("form", "agreement", "verdict"),
    [
        ("面向中小学生提供学习辅导。", "本服务仅面向年满十八周岁的用户。", "non_compliant"),
        ("面向18周岁以上的用户。", "未成年人不得注册使用本服务。", "compliant"),
        ("面向18周岁以上的用户。", "如您为未成年人，请在监护人同意下阅读本协议。", "compliant"),
        ("面向企业员工。", "用户应遵守法律。", "unclear"),
        ("面向18周岁以上公众。", "本服务不面向未成年人。", "compliant"),
        (
            "推广场所：乡镇服务点、初中课后兴趣班教室。",
            "未满18周岁的人员请勿注册，本服务不面向未成年人。",
            "non_compliant",
        ),
        ("学生由班主任统一代为注册，在机房使用。", "本服务仅面向成年人。", "non_compliant"),
        ("应用场景：中小学教师备课，不进入学生课堂。", "本服务不面向未成年人。", "compliant"),
    ],
    ids=[
        "pupils-and-adults",
        "both-exclude",
        "a-clause-for-guardians",
        "nothing-said",
        "both-exclude-otherwise",
        "classroom",
        "registered-by-the-teacher",
        "teachers-only",
    ],
)
def test_documents_agree_on_minors(form: str, agreement: str, verdict: str) -> None:
    assert verdicts("MIN-01", "audience", document("form", form), document("agreement", agreement)) == {verdict}


@pytest.mark.parametrize(
    ("ticked", "report", "verdict"),
    [
        ("☑人机对话 ☑图片生成", "本服务提供人机对话功能。", "non_compliant"),
        ("☑人机对话 □图片生成", "本服务提供人机对话功能。", "compliant"),
        ("☑人机对话 ☑图片生成", "本服务提供人机对话和图片生成功能。", "compliant"),
        ("☑人机对话 □图片生成", "本服务提供人机对话和图片生成功能。", "unclear"),
    ],
    ids=["picture-ticked-only", "unticked-option", "both", "picture-told-only"],
)
def test_functions_of_form_and_report_agree(ticked: str, report: str, verdict: str) -> None:
    form = document("form", [["模型名称", "星河"], ["主要功能", ticked]])
    assert verdicts("SUB-07", "functions", form, document("report", "# 服务概述", report)) == {verdict}


SENT = "用户输入由深圳云帆智能有限公司提供内容审核接口处理。"


@pytest.mark.parametrize(
    ("policy", "sent", "expected"),
    [
        ("第三方清单：无。", SENT, ["H07"]),
        ("第三方清单：深圳云帆智能有限公司，内容审核。", SENT, []),
        ("第三方清单：无。", f"用户输入由{APPLICANT}处理。", []),
    ],
    ids=["not-named", "named", "the-applicant-itself"],
)
def test_who_receives_prompts_is_named_in_the_policy(policy: str, sent: str, expected: list[str]) -> None:
    documents = [document("privacy", "# 共享", policy), document("report", "# 架构", sent)]
    assert problems("PI-06", "recipients", *documents, facts=[fact("applicant.name", APPLICANT)]) == expected


@pytest.mark.parametrize(
    ("form", "privacy", "verdict"),
    [
        ("数据全部存储在境内，不出境。", "您的信息可能传输至境外服务器。", "non_compliant"),
        ("数据全部存储在境内，不出境。", "个人信息存储在中国境内，不向境外提供。", "compliant"),
        ("数据安全。", "您的信息可能传输至境外服务器。", "unclear"),
        ("数据安全。", "我们保护您的信息。", "unclear"),
    ],
    ids=["contradiction", "both-at-home", "abroad-only", "nothing-said"],
)
def test_documents_agree_on_where_data_is(form: str, privacy: str, verdict: str) -> None:
    assert verdicts("XBD-01", "storage_place", document("form", form), document("privacy", privacy)) == {verdict}
