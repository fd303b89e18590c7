"""Seals and signatures seen on scans, and the people who must be the same or different."""

from typing import Any

import pytest

from assist_review.filing import Document, Mark
from filings import APPLICANT, document, fact, findings, mark, problems, verdicts

OWN = fact("applicant.name", APPLICANT, role="form")
SIGNED = (mark("seal", APPLICANT), mark("signature"), mark("signature"), mark("signature"))


def _scan(*marks: Mark, role: str = "commitment", **more: Any) -> Document:
    return document(role, "承诺书", marks=marks, ocr_pages=(1,), format="pdf", **more)


@pytest.mark.parametrize(
    ("marks", "codes"),
    [
        (SIGNED, []),
        (SIGNED[1:], ["A03"]),
        ((*SIGNED, mark("blank_signature", "法定代表人")), ["A03"]),
        ((mark("seal", "上海云雀智能有限公司"), *SIGNED[1:]), ["A04"]),
        ((mark("seal", "北京星河科技"), *SIGNED[1:]), []),
        ((mark("seal", ""), *SIGNED[1:]), []),
        ((mark("seal", "京星河科枝有限公司"), *SIGNED[1:]), []),
    ],
    ids=["whole", "no-seal", "blank-line", "other-company", "half-a-ring", "unreadable-seal", "misread-characters"],
)
def test_a_pledge_is_sealed_by_the_applicant_and_signed(marks: tuple[Mark, ...], codes: list[str]) -> None:
    assert problems("SUB-08", "marks", _scan(*marks), facts=[OWN]) == codes


def test_another_companys_seal_is_fatal() -> None:
    found = findings("SUB-08", "marks", _scan(mark("seal", "上海云雀智能有限公司"), *SIGNED[1:]), facts=[OWN])
    assert [(f.defect, f.severity) for f in found] == [("A04", "fatal")]


def test_too_few_signatures_are_for_a_person_to_look_at() -> None:
    """Ink that was not recognised is no proof that nobody signed."""
    assert verdicts("SUB-08", "marks", _scan(*SIGNED[:2]), facts=[OWN]) == {"unclear"}


def test_a_document_that_is_no_scan_carries_no_seal() -> None:
    assert verdicts("SUB-08", "marks", document("commitment", "承诺书")) == {"unclear"}


def test_only_signature_pages_of_the_report_are_looked_at() -> None:
    page = _scan(*SIGNED, role="evidence", file="签署页.pdf")
    other = _scan(mark("seal", "上海云雀智能有限公司"), role="evidence", file="采购合同.pdf")
    assert problems("EVA-08", "marks", page, other, facts=[OWN]) == []


LEAD, LEGAL = "persons.assessment_lead", "persons.legality_lead"


def test_a_responsible_person_is_the_same_everywhere() -> None:
    facts = [fact(LEAD, "王小明", role="form"), fact(LEAD, "李小红")]
    assert problems("SUB-08", "signers", facts=facts) == ["K08"]
    assert problems("SUB-08", "signers", facts=[facts[0], fact(LEAD, "王小明")]) == []


@pytest.mark.parametrize(
    ("legal", "note", "expected"),
    [
        ("王小明", "", ["A05"]),
        ("王小明", "合法性评估负责人由整体评估负责人兼任。", []),
        ("李小红", "", []),
    ],
    ids=["one-person", "one-person-with-a-note", "two-people"],
)
def test_one_person_in_two_offices_needs_a_note(legal: str, note: str, expected: list[str]) -> None:
    said = document("report", "# 评估组", note or "评估组共5人。")
    assert problems("EVA-08", "signers", said, facts=[fact(LEAD, "王小明"), fact(LEGAL, legal)]) == expected
