"""A sum or rate that a model points at, worked out by us from the numbers printed in its proved quotes."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Literal, NamedTuple

from assist_review.arithmetic import computation, compute
from assist_review.errors import EvidenceError
from assist_review.numbers import Number, numbers
from assist_review.review import Computation

_SIGNS = str.maketrans("＋－−×÷（）＊／", "+--*/()*/")
_OPERAND = re.compile(r"[^+\-*/()=\s]+")
_DECIMALS = re.compile(r"\.(\d+)")
_CORNERS = 6  # operands whose roundings are tried against one another; more are taken together


class Worked(NamedTuple):
    """`agrees`: what is stated follows; `differs`: it does not, with the computation; `open`: cannot be worked out."""

    state: Literal["agrees", "differs", "open"]
    computation: Computation | None = None


_OPEN = Worked("open")


def worked_out(formula: str, stated: str, quotes: Sequence[str]) -> Worked:
    """`formula` with the numbers as printed (36.2万+58.7万), held against `stated` (94.9万).

    Every number has to stand in one of `quotes` and be exact; what is printed rounded may be off by half its last
    digit. Anything else is for a person.
    """
    formula = formula.translate(_SIGNS).split("=")[0].strip()
    printed = {n.value for q in quotes for n in numbers(q) if not n.limit and not n.approximate and n.high is None}
    operands = _OPERAND.findall(formula)
    told = [_one(text) for text in (*operands, stated)]
    if len(operands) < 2 or any(n is None or n.value not in printed for n in told):
        return _OPEN
    known = [n for n in told if n is not None]
    *terms, result = known
    names = iter([f"a{i}" for i in range(1, len(terms) + 1)])
    named = _OPERAND.sub(lambda _: next(names), formula)
    if result.unit == "%" and "/" in named and all(n.unit != "%" for n in terms):
        named = f"({named}) * 100"
    halves = [_half(text, n) for text, n in zip((*operands, stated), known, strict=True)]
    try:
        values = _reachable(named, [n.value for n in terms], halves[:-1])
        made = computation(
            "程序重算", named, stated=result.value, unit=result.unit,
            **{f"a{i}": n.value for i, n in enumerate(terms, start=1)},
        )  # fmt: skip
    except EvidenceError:
        return _OPEN
    slack = halves[-1] + 1e-9 * max(1.0, abs(result.value))
    if min(values) - slack <= result.value <= max(values) + slack:
        return Worked("agrees", made)
    return Worked("differs", made)


def _one(text: str) -> Number | None:
    found = [n for n in numbers(text) if not n.approximate and not n.limit and n.high is None]
    return found[0] if len(found) == 1 else None


def _half(text: str, number: Number) -> float:
    """Half of the last printed digit: 0.05万 for 36.2万, nothing for a whole number that was counted."""
    decimals = _DECIMALS.search(text)
    if decimals is None and not any(unit in text for unit in "万亿"):
        return 0.0
    digits = re.sub(r"[^\d.]", "", text).strip(".")
    scale = abs(number.value) / float(digits) if digits and float(digits) else 1.0
    return 0.5 * scale * 10.0 ** -(len(decimals[1]) if decimals else 0)


def _reachable(formula: str, values: Sequence[float], halves: Sequence[float]) -> list[float]:
    """What the formula comes to at the ends of the ranges that the printed numbers stand for."""
    free = [i for i, half in enumerate(halves) if half]
    signs = product((-1.0, 1.0), repeat=len(free)) if len(free) <= _CORNERS else ([s] * len(free) for s in (-1.0, 1.0))
    made = []
    for corner in [*signs, (0.0,) * len(free)]:
        moved = list(values)
        for at, sign in zip(free, corner, strict=True):
            moved[at] += sign * halves[at]
        made.append(compute(formula, {f"a{i}": v for i, v in enumerate(moved, start=1)}))
    return made
