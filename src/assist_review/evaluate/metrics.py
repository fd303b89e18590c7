"""The numbers of a run: every rate with n and an interval, null over nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from assist_review.base import Value
from assist_review.evaluate.calibration import Calibration, calibrate
from assist_review.evaluate.intervals import Mean, Rate, mean, pooled, rate
from assist_review.evaluate.score import LOCATED, DefectScore, Score
from assist_review.evaluate.validate import NEEDS

SEVERITIES = ("fatal", "major", "minor")
GRADES = ("ready", "supplement", "return")
VERDICTS = ("negative", "unclear", "compliant", "not_applicable")
TRUTHS = ("defect", "arguable", "clean")


class Location(Value):
    """Where caught defects were shown; absences have no place and are left out."""

    file: Rate
    page: Rate  # where label and evidence both have a page
    quote: Rate  # at least half of the shorter quote in common
    overlap: Mean


class Revisions(Value):
    """Suggested revisions: how many findings have one, how many could be tried on the text, how many worked."""

    offered: Rate
    gone: Rate
    success: Rate


class Costs(Value):
    """Seconds and memory per case; tokens and money are None where no model was asked."""

    seconds: Mean
    stages: dict[str, Mean]
    peak_mib: float | None
    tokens: int | None
    money: float | None


class Metrics(Value):
    """Everything measured over some cases."""

    cases: int
    defects: int
    recall: Rate
    flagged: Rate  # caught, or pointed at by an unclear finding
    recall_by_severity: dict[str, Rate]
    recall_by_need: dict[str, Rate]
    recall_by_code: dict[str, Rate]
    precision: Rate
    false_alarms_per_case: Mean
    hard_negatives_violated: Rate
    location: Location
    quotes_verified: Rate
    citations_in_force: Rate
    citations_right: Rate  # caught defects with a clause in force under one of their requirements
    facts: Rate
    facts_by_name: dict[str, Rate]
    roles: Rate
    profile: Rate
    unclear: Rate
    failures: int
    grade: Rate
    grades: dict[str, dict[str, int]]  # expected → given
    confusion: dict[str, dict[str, int]]  # truth → verdict
    calibration: Calibration
    revisions: Revisions
    cost: Costs


def measure(scores: Sequence[Score]) -> Metrics:
    """The metrics over `scores`."""
    defects = [(s.case, d) for s in scores for d in s.defects]
    caught = [(c, d) for c, d in defects if d.caught]
    tried = [(s.case, r) for s in scores for r in s.revisions]
    return Metrics(
        cases=len(scores),
        defects=len(defects),
        recall=_recall(defects),
        flagged=rate((c, d.flagged) for c, d in defects),
        recall_by_severity=dict(_by(defects, SEVERITIES, lambda d: (d.severity,))),
        recall_by_need=dict(_by(defects, NEEDS, lambda d: d.needs)),
        recall_by_code=dict(_by(defects, sorted({d.code for _, d in defects}), lambda d: (d.code,))),
        precision=pooled([(s.right, s.right + len(s.false_alarms)) for s in scores]),
        false_alarms_per_case=mean([float(len(s.false_alarms)) for s in scores]),
        hard_negatives_violated=rate((s.case, not spared) for s in scores for spared in s.spared),
        location=_location(caught),
        quotes_verified=pooled([(s.quotes_verified, s.quotes_shown) for s in scores]),
        citations_in_force=pooled([(s.citations - len(s.citations_wrong), s.citations) for s in scores]),
        citations_right=rate((c, bool(d.cited)) for c, d in caught),
        facts=pooled([(s.facts_right, s.facts_right + len(s.facts_wrong)) for s in scores]),
        facts_by_name=dict(_facts(scores)),
        roles=pooled([(s.documents - len(s.roles_wrong), s.documents) for s in scores]),
        profile=pooled([(s.service_keys - len(s.profile_wrong), s.service_keys) for s in scores]),
        unclear=pooled([(s.unclear, s.assessed) for s in scores]),
        failures=sum(s.failures for s in scores),
        grade=rate((s.case, s.grade == s.expected_grade) for s in scores),
        grades={
            e: {g: sum(s.expected_grade == e and s.grade == g for s in scores) for g in GRADES} for e in GRADES
        },
        confusion={
            t: {v: sum(p.truth == t and p.group == v for s in scores for p in s.points) for v in VERDICTS}
            for t in TRUTHS
        },
        calibration=calibrate((s.case, p) for s in scores for p in s.points),
        revisions=Revisions(
            offered=pooled([(s.revisions_offered, s.negatives) for s in scores]),
            gone=rate((c, r.gone) for c, r in tried),
            success=rate((c, r.success) for c, r in tried),
        ),
        cost=_cost(scores),
    )  # fmt: skip


def _recall(defects: Iterable[tuple[str, DefectScore]]) -> Rate:
    return rate((c, d.caught) for c, d in defects)


def _by(
    defects: Sequence[tuple[str, DefectScore]], names: Iterable[str], of: Callable[[DefectScore], tuple[str, ...]]
) -> Iterator[tuple[str, Rate]]:
    for name in names:
        yield name, _recall((c, d) for c, d in defects if name in of(d))


def _location(caught: Sequence[tuple[str, DefectScore]]) -> Location:
    shared = [(c, d.overlap) for c, d in caught if d.overlap is not None]
    return Location(
        file=rate((c, d.file_right) for c, d in caught if d.file_right is not None),
        page=rate((c, d.page_right) for c, d in caught if d.page_right is not None),
        quote=rate((c, value >= LOCATED) for c, value in shared),
        overlap=mean([value for _, value in shared]),
    )


def _facts(scores: Sequence[Score]) -> Iterator[tuple[str, Rate]]:
    """Per fact name; facts per risk go together under `<list>.*`."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for s in scores:
        for name, hit in s.facts:
            found[_family(name)].append((s.case, hit))
    for name in sorted(found):
        yield name, rate(found[name])


def _family(name: str) -> str:
    """`keywords.A1.a` is `keywords.*`, `questions.refuse.A1.a` is `questions.refuse.*`; totals stay apart."""
    parts = name.split(".")
    depth = {"keywords": 1, "questions": 2}.get(parts[0])
    if depth is None or len(parts) <= depth or parts[depth] == "total":
        return name
    return ".".join(parts[:depth]) + ".*"


def _cost(scores: Sequence[Score]) -> Costs:
    costs = [s.cost for s in scores if s.cost.seconds]
    stages = list(dict.fromkeys(stage for c in costs for stage in c.seconds))
    tokens = [s.cost.tokens for s in scores if s.cost.tokens is not None]
    money = [s.cost.money for s in scores if s.cost.money is not None]
    return Costs(
        seconds=mean([sum(c.seconds.values()) for c in costs]),
        stages={stage: mean([c.seconds[stage] for c in costs if stage in c.seconds]) for stage in stages},
        peak_mib=max((s.cost.peak_mib for s in scores if s.cost.peak_mib is not None), default=None),
        tokens=sum(tokens) if tokens else None,
        money=sum(money) if money else None,
    )
