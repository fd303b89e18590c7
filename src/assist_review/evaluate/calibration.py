"""How far confidence can be trusted: reliability, and how much may be passed without reading at a given risk."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from assist_review.base import Value
from assist_review.evaluate.intervals import Rate, rate
from assist_review.evaluate.score import Point

BINS = 10
RISK = 0.01


class Bin(Value):
    """Verdicts whose confidence lies in [`low`, `high`) (the last one includes 1): mean confidence, share right."""

    low: float
    high: float
    confidence: float | None
    right: Rate


class Coverage(Value):
    """Passing the `passed` surest requirements unread would let `missed` defects through."""

    confidence: float  # the lowest that is still passed
    passed: int
    coverage: float
    missed: int
    risk: float


class Calibration(Value):
    """Reliability of the verdicts and the risk of not reading. None where there is nothing to measure.

    `ece` is the expected calibration error over the bins. `pass_unread` is the largest share of assessed requirements
    that may be passed without reading while at most `RISK` of those passed hide a defect.
    """

    points: int
    ece: float | None
    bins: tuple[Bin, ...]
    curve: tuple[Coverage, ...]
    requirements: int
    risk: float = RISK
    pass_unread: float | None
    pass_missed: int | None  # defects hidden behind what is passed at that point
    pass_risk: Rate | None
    not_applicable_hiding: Rate


def calibrate(points: Iterable[tuple[str, Point]]) -> Calibration:
    """The calibration of verdicts, each with the filing it belongs to."""
    every = list(points)
    known = [(f, p) for f, p in every if p.right is not None and p.group in ("negative", "compliant")]
    bins = tuple(_bins(known))
    curve, requirements = _curve([e for e in every if e[1].group != "not_applicable"])
    safe = [c for c in curve if c.risk <= RISK]
    best = max(safe, key=lambda c: c.coverage, default=None)
    chosen = [
        (f, p) for f, p in every if best and p.group == "compliant" and p.confidence >= best.confidence
    ]  # fmt: skip
    return Calibration(
        points=len(known),
        ece=sum(abs((b.confidence or 0) - (b.right.value or 0)) * b.right.n for b in bins if b.right.n) / len(known)
        if known
        else None,
        bins=bins,
        curve=curve,
        requirements=requirements,
        pass_unread=(best.coverage if best else 0.0) if requirements else None,
        pass_missed=best.missed if best else None,
        pass_risk=rate((f, p.right is False) for f, p in chosen) if best else None,
        not_applicable_hiding=rate((f, p.right is False) for f, p in every if p.group == "not_applicable"),
    )


def _bins(known: Sequence[tuple[str, Point]]) -> Iterable[Bin]:
    for n in range(BINS):
        low, high = n / BINS, (n + 1) / BINS
        inside = [
            (f, p) for f, p in known if min(int(p.confidence * BINS + 1e-9), BINS - 1) == n
        ]  # fmt: skip
        yield Bin(
            low=low, high=high,
            confidence=sum(p.confidence for _, p in inside) / len(inside) if inside else None,
            right=rate((f, bool(p.right)) for f, p in inside),
        )  # fmt: skip


def _curve(points: Sequence[tuple[str, Point]]) -> tuple[tuple[Coverage, ...], int]:
    """Compliant requirements from the surest down; equal confidences cannot be told apart and go together.

    Requirements with a negative or unclear verdict are always read; they count in the whole, once per filing.
    """
    read = len({(filing, p.requirement) for filing, p in points if p.group in ("negative", "unclear")})
    compliant = sorted((p for _, p in points if p.group == "compliant"), key=lambda p: -p.confidence)
    whole = read + len(compliant)
    found = []
    passed = missed = 0
    for confidence, together in groupby(compliant, key=lambda p: p.confidence):
        some = list(together)
        passed += len(some)
        missed += sum(p.right is False for p in some)
        found.append(
            Coverage(confidence=confidence, passed=passed, coverage=passed / whole, missed=missed, risk=missed / passed)
        )
    return tuple(found), whole
