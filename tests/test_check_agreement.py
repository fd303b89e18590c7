"""One fact in several documents, and values that must have a certain shape."""

from typing import Any

import pytest

from assist_review.check.rules.agreement import same
from assist_review.review import Fact
from filings import fact, findings, problems, verdicts


def _two(name: str, one: float | str, other: float | str, unit: str | None = None, **more: Any) -> list[Fact]:
    return [fact(name, one, unit, role="form", **more), fact(name, other, unit)]


@pytest.mark.parametrize(
    ("row", "name", "one", "other", "unit", "expected"),
    [
        ("SUB-06", "applicant.name", "北京星河科技有限公司", "星河科技(北京)有限公司", None, ["A08"]),
        ("SUB-06", "applicant.name", "北京星河（集团）科技有限公司", "北京星河(集团)科技有限公司", None, []),
        ("SUB-06", "applicant.name", "北京星河科技有限公司", "北京星河科技有限公司上海分公司", None, []),
        ("SUB-06", "applicant.uscc", "91110108MA01ABCD2X", "91110108MA01ABCD3X", None, ["A08"]),
        ("SUB-07", "model.name", "星澜大模型", "星澜-Pro", None, ["K01"]),
        ("SUB-07", "model.name", "星澜大模型", "“星澜大模型”", None, []),
        ("SUB-07", "model.version", "V2.0", "2.0", None, []),
        ("SUB-07", "model.version", "V2.0", "V2.1", None, ["K01"]),
        ("LAB-15", "annotators.total", 28, 35, "人", ["D01"]),
        ("LAB-02", "annotation.check.functional", 10, 5, "%", ["D08"]),
        ("LAB-02", "annotation.check.functional", 10, 10.0, "%", []),
        ("SUB-13", "corpus.tokens", 320_000_000, 3_200_000_000, "tokens", ["C03"]),
        ("SUB-13", "corpus.items", 12_600_000, 12_600_000.0, "条", []),
        ("CMP-07", "complaint.days", 5, 15, "天", ["H01"]),
    ],
    ids=[
        "place-moved", "width-of-brackets", "branch", "code-off-by-one", "other-model-name", "quoted-name", "v-or-none",
        "other-version", "28-or-35-people", "10-or-5-percent", "same-percent", "tenfold-tokens", "same-items", "other-days",
    ],
)  # fmt: skip
def test_documents_state_one_value(
    row: str, name: str, one: float | str, other: float | str, unit: str | None, expected: list[str]
) -> None:
    assert problems(row, "agreement", facts=_two(name, one, other, unit)) == expected


@pytest.mark.parametrize(
    ("one", "other", "unit", "agree"),
    [
        (12_600_000, 12_620_000, "条", True),
        (3.2, 3.4, "TB", False),
        (95.97, 96.0, "%", True),
        (95.9, 96.1, "%", False),
        (96, 96.4, "%", True),
    ],
    ids=["half-a-percent-off", "more", "two-decimals-rounded", "a-fifth-apart", "rounded-to-whole"],
)
def test_numbers_agree_within_rounding(one: float, other: float, unit: str, agree: bool) -> None:
    assert same(fact("a", one, unit), fact("a", other, unit)) is agree


def test_an_approximate_number_leaves_more_room() -> None:
    about = fact("a", 1_000_000, "条", approximate=True)
    assert same(about, fact("a", 1_050_000, "条"))
    assert not same(about, fact("a", 1_100_000, "条"))


def test_other_units_are_not_compared() -> None:
    facts = [fact("corpus.items", 1_200, "条", role="form"), fact("corpus.items", 3_400, "份")]
    assert problems("SUB-13", "agreement", facts=facts) == []


def test_a_document_that_states_both_values_contradicts_nobody() -> None:
    facts = [fact("model.version", v, role="form") for v in ("V2.0", "V2.1")] + [fact("model.version", "V2.1")]
    assert problems("SUB-07", "agreement", facts=facts) == []


def test_counted_values_are_not_statements() -> None:
    facts = [fact("annotators.total", 28, "人", role="form"), fact("annotators.total", 35, "人", counted=True)]
    assert problems("LAB-15", "agreement", facts=facts) == []


def test_one_document_alone_cannot_agree() -> None:
    assert verdicts("LAB-15", "agreement", facts=[fact("annotators.total", 28, "人")]) == {"unclear"}
    assert verdicts("LAB-15", "agreement", facts=_two("annotators.total", 28, 28, "人")) == {"compliant"}


def test_every_differing_document_is_shown() -> None:
    (found,) = findings("SUB-07", "agreement", facts=_two("model.name", "星澜大模型", "云雀大模型"))
    assert {e.file for e in found.evidence} == {"form.docx", "report.docx"}
    assert "form.docx为“星澜大模型”" in found.statement


@pytest.mark.parametrize(
    ("row", "name", "value", "expected"),
    [
        ("SUB-06", "applicant.uscc", "91110108MA01ABCD2X", []),
        ("SUB-06", "applicant.uscc", "9111010BMAO1ABCD2X", ["A09"]),
        ("SUB-06", "applicant.uscc", "91110108MA01ABCD2", ["A09"]),
        ("ALG-01", "algorithm.filing_no", "网信算备110108123456701230017号", []),
        ("ALG-01", "algorithm.filing_no", "审核中", ["B10"]),
        ("SUB-10", "icp.no", "京ICP备2024012345号-1", []),
        ("SUB-10", "icp.no", "ICP备案办理中", ["A12"]),
    ],
    ids=["code", "letter-o-for-zero", "17-characters", "algorithm", "algorithm-pending", "icp", "icp-pending"],
)
def test_a_number_has_the_shape_of_its_kind(row: str, name: str, value: str, expected: list[str]) -> None:
    assert problems(row, "shape", facts=[fact(name, value)]) == expected
