"""Which reviews made earlier could come out differently now, and why."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from assist_review.base import Value
from assist_review.law.diff import Difference
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Review


class Affected(Value):
    """A review and the requirements that could change. `finished`: every problem in it has been decided."""

    file: str
    filing: str
    as_of: date
    finished: bool
    reasons: tuple[tuple[str, str], ...]  # requirement id, why


def found(folder: Path) -> Iterator[Path]:
    """The review.json files below a folder, and no other JSON."""
    yield from sorted(p for p in folder.rglob("*.json") if p.name == "review.json" or p.name.endswith(".review.json"))


def impact(
    reviews: Iterable[tuple[str, Review]], pack: Pack, day: date, difference: Difference | None = None
) -> tuple[Affected, ...]:
    """Reviews whose verdicts could change if made again on `day` with `pack`; with `difference` only for what it names."""
    affected = []
    for file, review in reviews:
        reasons = tuple(_named(review, difference) if difference else _all(review, pack, day))
        if reasons:
            decided = {d.finding for d in review.decisions}
            open_ones = [f for f in review.findings if f.verdict in (*NEGATIVE, "unclear") and f.id not in decided]
            affected.append(
                Affected(
                    file=file, filing=review.filing.name, as_of=review.as_of, finished=not open_ones, reasons=reasons
                )
            )
    return tuple(affected)


def _named(review: Review, difference: Difference) -> Iterator[tuple[str, str]]:
    answered = {f.requirement for f in review.findings if f.verdict != "not_applicable"}
    for touched in difference.touched:
        if touched.requirement in answered:
            yield touched.requirement, touched.reason


def _all(review: Review, pack: Pack, day: date) -> Iterator[tuple[str, str]]:
    clauses = {c.id: c for c in pack.clauses}
    requirements = {r.id: r for r in pack.requirements}
    said: set[tuple[str, str]] = set()
    for finding in review.findings:
        requirement = requirements.get(finding.requirement)
        if requirement is None:
            said.add((finding.requirement, "该要求已从规则包中删除"))
            continue
        if requirement.in_force.holds(review.as_of) != requirement.in_force.holds(day):
            said.add((finding.requirement, f"该要求{'已' if requirement.in_force.holds(day) else '不再'}适用（{day}）"))
        for citation in finding.citations:
            clause = clauses.get(citation.clause)
            if clause is None:
                said.add((finding.requirement, f"依据 {citation.clause} 已从规则包中删除"))
            elif not clause.in_force.holds(day):
                said.add((finding.requirement, f"依据 {citation.clause} 在 {day} 不再有效"))
            elif clause.text != citation.text and finding.verdict != "not_applicable":
                kind = "由转述改为官方原文" if clause.verbatim and not citation.verbatim else "条文已修改"
                said.add((finding.requirement, f"依据 {citation.clause} {kind}"))
    answered = {f.requirement for f in review.findings} | {f.requirement for f in review.failures}
    for requirement in pack.requirements:
        if requirement.id not in answered:
            said.add((requirement.id, "审查之后新增的要求"))
    yield from sorted(said)
