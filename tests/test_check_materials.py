"""Expected documents, the applicant's own list of attachments, editable lists, files that can be read."""

import pytest

from assist_review.check import RULES
from assist_review.check.context import Context, Say
from assist_review.filing import Document, Unreadable
from assist_review.lists import Extraction
from filings import document, filing, findings, mark, problems, verdicts, workbook
from wordings import AS_OF, pack

ROLES = [
    e.role for e in next(p for p in pack().profiles if p.route == "filing" and not p.province).documents if e.required
]


def _all(*without: str) -> list[Document]:
    return [document(role) for role in ROLES if role not in without]


@pytest.mark.parametrize("role", ROLES, ids=ROLES)
def test_a_required_document_that_is_not_there_is_missing(role: str) -> None:
    found = findings("SUB-04", "documents", *_all(role))
    assert [(f.verdict, f.defect) for f in found] == [("missing", "A01")]


def test_a_whole_package_lacks_nothing() -> None:
    assert verdicts("SUB-04", "documents", *_all()) == {"compliant"}


def test_a_privacy_policy_may_stand_in_the_agreement() -> None:
    inside = document("agreement", "# 隐私政策", "我们收集您的手机号。", file="协议.docx")
    assert verdicts("SUB-04", "documents", *_all("privacy", "agreement"), inside) == {"compliant"}


@pytest.mark.parametrize(
    ("row", "role"), [("KEY-09", "keywords"), ("SUB-15", "questions")], ids=["keywords", "questions"]
)
def test_lists_are_handed_in_as_spreadsheets(row: str, role: str) -> None:
    printed = document(role, format="pdf", file="a.pdf")
    assert problems(row, "documents", printed) == ["A02"]
    assert problems(row, "documents", printed, workbook(role, {"a": [["b"]]})) == []
    assert problems(row, "documents") == []


def _listed(*names: str) -> Document:
    rows = [[f"{n}", name, "PDF"] for n, name in enumerate(names, start=1)]
    return document("form", "# 附件清单", [["序号", "材料名称", "格式"], *rows], file="申请表.docx")


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("附件3 语料标注规则", "x.docx", ["A01"]),
        ("附件3 算力证明", "附件3.pdf", []),
        ("语料采购合同", "语料采购合同扫描件.pdf", []),
        ("机房租赁合同", "其他.pdf", ["A01"]),
    ],
    ids=["role-not-there", "number-in-the-file-name", "alike-in-words", "no-such-file"],
)
def test_what_the_list_names_is_handed_in(name: str, file: str, expected: list[str]) -> None:
    assert problems("SUB-04", "attachments", _listed(name), document("evidence", file=file)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("详见附件6。", ["K09"]),
        ("详见附件1。", []),
        ("详见附件一。", []),
        ("详见附件1-2。", []),
        ("本规则见附件6。", []),
    ],
    ids=["nowhere", "listed", "chinese-number", "part-of-one", "own-appendix"],
)
def test_a_reference_has_its_attachment(text: str, expected: list[str]) -> None:
    form, policy = _listed("附件1 服务协议"), document("agreement", "服务协议")
    assert problems("SUB-04", "attachments", form, policy, document("report", text)) == expected


def test_files_that_cannot_be_read_are_named() -> None:
    package = filing(document("report")).model_copy(
        update={"unreadable": (("a.pdf", Unreadable(kind="encrypted", reason="需要密码。")), ("b.pdf", Unreadable(kind="damaged", reason="已损坏。")))}
    )  # fmt: skip
    requirement = pack().requirement("INT-04")
    assert requirement is not None
    seen = Context(package, Extraction(facts=(), banks=()), pack(), AS_OF)
    found = list(RULES["legibility"](seen, Say(requirement, requirement.checks[0])))
    assert [(f.defect, f.evidence[0].file) for f in found] == [("A14", "a.pdf"), ("A07", "b.pdf")]


def test_a_page_that_cannot_be_read_is_for_a_person() -> None:
    page = Unreadable(kind="image", reason="没有文字层。", page=3)
    (found,) = findings("INT-04", "legibility", document("report", unreadable=(page,)))
    assert (found.verdict, found.evidence[0].page) == ("unclear", 3)


@pytest.mark.parametrize(("role", "expected"), [("licence", ["A07"]), ("evidence", [])], ids=["licence", "any-proof"])
def test_a_blurred_licence_is_scanned_again(role: str, expected: list[str]) -> None:
    assert problems("INT-04", "legibility", document(role, marks=(mark("blurred"),))) == expected
