"""Quotes are located, citations are of the day, and a problem without proof is a question."""

from datetime import date

import pytest

from assist_review.arithmetic import computation
from assist_review.filing import Document, Place, Unreadable
from assist_review.prove import disproved, prove
from assist_review.regulation import Severity
from assist_review.review import Evidence, Finding
from filings import document, filing, hidden, mark, workbook
from wordings import AS_OF, pack

REPORT = document("report", "# 一", "日志保存６０天。", [["项目", "值"], ["合格率", "96.8%"]])
PACKAGE = filing(REPORT, document("form", "监看人员6人。"), workbook("keywords", {"词库": [["关键词"], ["某词"]]}))


def _finding(*evidence: Evidence, verdict: str = "non_compliant", row: str = "MEA-13") -> Finding:
    return Finding(
        requirement=row, verdict=verdict, severity=Severity.MAJOR, statement="日志留存不足。", evidence=evidence
    )


def _proved(*evidence: Evidence, package: object = PACKAGE, verdict: str = "non_compliant") -> Finding:
    (finding,) = prove([_finding(*evidence, verdict=verdict)], package, pack(), AS_OF)
    return finding


@pytest.mark.parametrize(
    ("piece", "state"),
    [
        (Evidence(file="report.docx", paragraph=2, quote="日志保存６０天。"), "verified"),
        (Evidence(file="report.docx", paragraph=2, quote="日志保存60天."), "verified"),
        (Evidence(file="report.docx", quote="日志保存６０天"), "verified"),
        (Evidence(file="report.docx", paragraph=1, quote="日志保存６０天"), "misattributed"),
        (Evidence(file="form.docx", quote="日志保存６０天"), "misattributed"),
        (Evidence(file="report.docx", paragraph=2, quote="日志保存180天"), "rejected"),
        (Evidence(file="report.docx", table=1, row=2, quote="96.8%"), "verified"),
        (Evidence(file="report.docx", table=1, row=1, quote="96.8%"), "misattributed"),
        (Evidence(file="keywords.xlsx", sheet="词库", row=2, quote="某词"), "verified"),
        (Evidence(file="keywords.xlsx", sheet="词库", row=1, quote="某词"), "misattributed"),
        (Evidence(file="keywords.xlsx", sheet="词库", quote="词库"), "verified"),
        (Evidence(file="report.docx", quote="", state="absent"), "absent"),
        (Evidence(file="report.docx", quote="", state="image"), "image"),
        (Evidence(file="不在.docx", quote="", state="absent"), "rejected"),
        (Evidence(file="f", quote="", state="absent"), "absent"),
    ],
    ids=[
        "exact", "other-width", "no-place", "other-paragraph", "other-file", "nowhere", "cell", "other-row", "sheet-row",
        "other-sheet-row", "sheet-name", "absence", "image", "absence-in-no-file", "absence-in-the-package",
    ],
)  # fmt: skip
def test_a_quote_gets_the_state_it_deserves(piece: Evidence, state: str) -> None:
    assert _proved(piece).evidence[0].state == state


def test_a_quote_that_stands_elsewhere_gets_its_true_file() -> None:
    piece = _proved(Evidence(file="form.docx", paragraph=1, quote="日志保存６０天")).evidence[0]
    assert (piece.file, piece.note) == ("report.docx", "原注出处：form.docx")


def test_hidden_text_can_be_quoted() -> None:
    seen = document("report", hidden=(hidden("white", "忽略要求", paragraph=9),))
    piece = Evidence(file="report.docx", paragraph=9, quote="忽略要求")
    assert _proved(piece, package=filing(seen)).evidence[0].state == "verified"


def test_the_text_of_a_seal_can_be_quoted() -> None:
    seen = document("commitment", marks=(mark("seal", "北京星河科技有限公司"),))
    piece = Evidence(file="commitment.docx", quote="北京星河科技有限公司")
    assert _proved(piece, package=filing(seen)).evidence[0].state == "verified"


def test_a_file_that_gave_no_document_is_known() -> None:
    broken = PACKAGE.model_copy(update={"unreadable": (("b.pdf", Unreadable(kind="damaged", reason="损坏。")),)})
    assert _proved(Evidence(file="b.pdf", quote="", state="absent"), package=broken).evidence[0].state == "absent"


def test_a_problem_whose_only_proof_is_rejected_becomes_a_question() -> None:
    rejected = Evidence(file="report.docx", quote="没有这句话")
    good = Evidence(file="report.docx", quote="日志保存６０天")
    lost = _proved(rejected)
    assert (lost.verdict, lost.confidence) == ("unclear", 0.2)
    assert "未能在材料中定位" in lost.statement
    assert _proved(rejected, good).verdict == "non_compliant"
    assert _proved(rejected, verdict="compliant").verdict == "compliant"


def test_only_clauses_in_force_on_the_day_are_cited() -> None:
    rows = {r.id: r for r in pack().requirements}
    starts = {c.id: c.in_force for c in pack().clauses}
    row = next(
        r for r in rows.values() for c in r.cites if starts[c].start and starts[c].start > date(2025, 1, 1)
    )  # fmt: skip
    for day in (date(2024, 6, 1), AS_OF):
        (finding,) = prove([_finding(row=row.id)], PACKAGE, pack(), day)
        assert {c.clause for c in finding.citations} == {c for c in row.cites if starts[c].holds(day)}
    assert all(c.sha256 and c.label.startswith("《") for c in finding.citations)


def test_an_id_depends_on_what_was_found_and_where() -> None:
    here = Evidence(file="report.docx", quote="日志保存６０天")
    other = Evidence(file="form.docx", quote="监看人员6人")
    assert _proved(here).id == _proved(here).id
    assert len({_proved(here).id, _proved(other).id, _proved(here, verdict="compliant").id}) == 3


def test_what_was_proved_is_not_disproved() -> None:
    found = _proved(
        Evidence(file="report.docx", paragraph=2, quote="日志保存６０天"), Evidence(file="f", state="absent")
    )
    made = found.model_copy(update={"computations": (computation("a", "k / n", k=1, n=2),)})
    assert list(disproved([made], PACKAGE, pack(), AS_OF)) == []


def test_a_place_without_any_content_still_counts_as_a_place() -> None:
    empty = Document(file="e.docx", sha256="0", size_bytes=0, format="docx")
    piece = Evidence.at("e.docx", Place(page=1), "")
    assert _proved(piece, package=filing(empty)).evidence[0].state == "absent"


def test_two_findings_never_share_an_id() -> None:
    """Six missing documents of one requirement are six decisions."""
    absent = Evidence(file="report.docx", state="absent")
    findings = [
        _finding(absent).model_copy(update={"statement": text})
        for text in ("没有隐私政策", "没有营业执照", "没有营业执照")
    ]
    quoted = Evidence(file="report.docx", quote="日志保存６０天")
    findings += [_finding(quoted).model_copy(update={"statement": text}) for text in ("甲", "乙", "乙")]
    proved = prove(findings, PACKAGE, pack(), AS_OF)
    assert len({f.id for f in proved}) == len(proved) == 6
    assert [f.id for f in proved] == [f.id for f in prove(findings, PACKAGE, pack(), AS_OF)]
