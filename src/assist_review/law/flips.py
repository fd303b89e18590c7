"""Which verdicts differ between two days of review of the same filing, and why."""

from collections.abc import Iterable
from datetime import date, timedelta

from assist_review.base import Value
from assist_review.regulation import Pack, Requirement
from assist_review.review import NEGATIVE, Finding, Review, Verdict

_WORST: tuple[Verdict, ...] = ("non_compliant", "missing", "unclear", "compliant", "not_applicable")


class Flip(Value):
    """A requirement whose verdict, problems or grounds are not the same on both days."""

    requirement: str
    statement: str
    before: Verdict
    after: Verdict
    said_before: str
    said_after: str
    defects_before: tuple[str, ...] = ()
    defects_after: tuple[str, ...] = ()
    why: tuple[str, ...]


class Flips(Value):
    """Two days of one filing side by side. `grounds` are requirements whose verdict stays but whose clauses change."""

    filing: str
    pack: str
    before: date
    after: date
    grade_before: str
    grade_after: str
    flips: tuple[Flip, ...]
    grounds: tuple[Flip, ...] = ()


def flips(before: Review, after: Review, pack: Pack) -> Flips:
    """What changed from one day to the other. Both reviews are of the same filing and pack."""
    changed: list[Flip] = []
    grounds: list[Flip] = []
    for requirement in pack.requirements:
        one, other = _of(before, requirement.id), _of(after, requirement.id)
        if not one or not other:
            continue
        a, b = _worst(one), _worst(other)
        defects = [tuple(sorted({f.defect for f in fs if f.defect and f.verdict in NEGATIVE})) for fs in (one, other)]
        why = tuple(_why(requirement, pack, before.as_of, after.as_of))
        same = a.verdict == b.verdict and defects[0] == defects[1]
        if same and _cited(one) == _cited(other):
            continue
        flip = Flip(
            requirement=requirement.id, statement=requirement.statement, before=a.verdict, after=b.verdict, said_before=a.statement,
            said_after=b.statement, defects_before=defects[0], defects_after=defects[1], why=why or ("核查中使用的日期不同",),
        )  # fmt: skip
        (grounds if same else changed).append(flip)
    return Flips(
        filing=before.filing.name, pack=f"{pack.id} {pack.version}", before=before.as_of, after=after.as_of,
        grade_before=before.conclusion.grade, grade_after=after.conclusion.grade, flips=tuple(changed), grounds=tuple(grounds),
    )  # fmt: skip


def _of(review: Review, requirement: str) -> list[Finding]:
    return [f for f in review.findings if f.requirement == requirement]


def _worst(findings: list[Finding]) -> Finding:
    return min(findings, key=lambda f: _WORST.index(f.verdict))


def _cited(findings: list[Finding]) -> frozenset[str]:
    return frozenset(c.clause for f in findings for c in f.citations)


def _why(requirement: Requirement, pack: Pack, a: date, b: date) -> Iterable[str]:
    """The dated things that lie between the two days, later day included."""
    a, b = min(a, b), max(a, b)
    span = requirement.in_force
    if span.start and a < span.start <= b:
        yield f"该要求自 {span.start} 起适用"
    if span.end and a <= span.end < b:
        yield f"该要求适用至 {span.end}"
    said: set[str] = set()
    for cited in requirement.cites:
        clause = pack.clause(cited)
        if clause is None:
            continue
        instrument = pack.instrument(clause.instrument)
        name = f"《{instrument.title}》" if instrument else clause.instrument
        for day, what in ((clause.in_force.start, "起施行"), (clause.in_force.end, "止")):
            if day and a < (day if what == "起施行" else day + timedelta(days=1)) <= b:
                said.add(
                    f"{name}{clause.label}自 {day} {what}" if what == "起施行" else f"{name}{clause.label}施行至 {day}"
                )
    yield from sorted(said)
    for check in requirement.checks:
        if check.get("kind") == "law":
            yield from _renumbered(pack, a, b)


def _renumbered(pack: Pack, a: date, b: date) -> Iterable[str]:
    """Renumbered laws and replaced standards of the lexicon that take effect between the days."""
    data = pack.lexicon.get("laws", {})
    for entry in (*data.get("articles", ()), *data.get("superseded", ()), *data.get("wrong", ())):
        day = entry.get("from")
        if isinstance(day, date) and a < day <= b:
            names = entry.get("titles") or entry.get("any") or ("",)
            yield f"“{names[0]}”的写法自 {day} 起有变动"
