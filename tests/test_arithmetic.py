"""Formulas of findings are worked out again, and nothing but arithmetic is."""

import pytest

from assist_review.arithmetic import computation, compute
from assist_review.errors import EvidenceError


@pytest.mark.parametrize(
    ("formula", "inputs", "value"),
    [
        ("passed / size * 100", {"passed": 3812, "size": 4000}, 95.3),
        ("r1 + r2 - -r3", {"r1": 1, "r2": 2, "r3": 3}, 6),
        ("(a + b) / 2", {"a": 1, "b": 2}, 1.5),
        ("100", {}, 100),
    ],
    ids=["rate", "sum", "brackets", "constant"],
)
def test_a_formula_has_its_value(formula: str, inputs: dict[str, float], value: float) -> None:
    assert compute(formula, inputs) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    ["a ** 9", "a // 2", "abs(a)", "a.real", "__import__('os')", "a if a else a", "'a'", "[a]", "b", "a / 0", "a +", "", "(" * 300],
    ids=["power", "floor", "call", "attribute", "import", "choice", "text", "list", "unknown-name", "zero", "broken", "empty", "deep"],
)  # fmt: skip
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(EvidenceError):
        compute(formula, {"a": 1.0})


def test_a_computation_cannot_differ_from_its_formula() -> None:
    made = computation("合格率", "k / n * 100", 96.3, "%", k=3812, n=4000)
    assert (made.result, made.stated) == (95.3, 96.3)
