"""The verb `confirm`: a review and a person's decision → the review with the decision appended.

Nothing is edited: a decision is undone by a later one (`reopen`), a person's own finding is added beside the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import ValidationError

from assist_review.base import derived_id
from assist_review.errors import DecisionError
from assist_review.regulation import Severity
from assist_review.review import NEGATIVE, Decision, Evidence, Finding, Origin, Review, Verdict

AMENDABLE = frozenset({"verdict", "severity", "statement", "revision"})
MUST_DECIDE = frozenset({Severity.FATAL, Severity.MAJOR})


def confirm(review: Review, decision: Decision, own: Finding | None = None) -> Review:
    """`review` with `decision` at its end; `own` is the finding the decision adds, where it adds one.

    Raises DecisionError where the finding is not in the review, a dismissal gives no reason, or an amendment changes
    what may not be changed or leaves no valid finding.
    """
    findings = review.findings
    if own is not None:
        if own.origin.kind != "person" or own.id != decision.finding:
            raise DecisionError(f"自行添加的问题 {own.id} 应注明由人员提出，并与意见的编号一致")
        if any(f.id == own.id for f in findings):
            raise DecisionError(f"问题 {own.id} 已在审查草稿中，请直接对它提出意见")
        findings = (*findings, own)
    finding = next((f for f in findings if f.id == decision.finding), None)
    if finding is None:
        raise DecisionError(f"审查草稿中没有问题 {decision.finding}，材料可能已重新审查，请刷新后再提意见")
    if not decision.author.strip():
        raise DecisionError("意见应注明提出人")
    if decision.action == "dismiss" and not decision.reason.strip():
        raise DecisionError(f"排除问题 {finding.id} 应写明理由")
    if decision.action == "reopen" and decided(review).get(finding.id) is None:
        raise DecisionError(f"问题 {finding.id} 还没有意见，不能撤销")
    if decision.action == "amend":
        amended(finding, decision)
    return review.model_copy(update={"findings": findings, "decisions": (*review.decisions, decision)})


def amended(finding: Finding, decision: Decision) -> Finding:
    """`finding` as the decision words it. Raises DecisionError where it may not be so."""
    unknown = set(decision.amended) - AMENDABLE
    if unknown or not decision.amended:
        allowed = "、".join(sorted(AMENDABLE))
        raise DecisionError(f"对问题 {finding.id} 的修改应限于 {allowed}，并至少改动一项")
    try:
        return Finding.model_validate({**finding.model_dump(), **decision.amended, "id": finding.id})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DecisionError(f"对问题 {finding.id} 的修改无效：{where} {first['msg']}") from error


def own_finding(
    requirement: str, verdict: Verdict, severity: Severity, statement: str, evidence: Iterable[Evidence], author: str
) -> Finding:
    """A finding a person adds; its id depends on what it says and where, not on when."""
    pieces = tuple(evidence)
    places = (f"{e.file}{e.page}{e.paragraph}{e.table}{e.row}{e.sheet}{e.cell}{e.quote}" for e in pieces)
    return Finding(
        id=derived_id("person", requirement, verdict, statement, *places), requirement=requirement, verdict=verdict,
        severity=severity, statement=statement, evidence=pieces, origin=Origin(kind="person", name=author),
    )  # fmt: skip


def decided(review: Review) -> Mapping[str, Decision]:
    """The decision that holds for each finding: the last one, unless that reopened it."""
    last = {d.finding: d for d in review.decisions}
    return {finding: d for finding, d in last.items() if d.action != "reopen"}


def undecided(review: Review, severities: frozenset[Severity] = MUST_DECIDE) -> tuple[Finding, ...]:
    """Problems of `severities` nobody has decided; while there are any, a review is not signed off."""
    done = decided(review)
    return tuple(f for f in review.findings if f.verdict in NEGATIVE and f.severity in severities and f.id not in done)


def confirmed(
    review: Review, grade: Literal["ready", "supplement", "return"], by: str, reasons: tuple[str, ...] = ()
) -> Review:
    """What is issued: of the problems exactly those a person confirmed or amended, with the conclusion of `by`.

    Raises DecisionError while a fatal or major problem is undecided.
    """
    left = undecided(review)
    if left:
        raise DecisionError(f"还有{len(left)}项致命或重要问题没有提出意见，例如 {left[0].requirement}，不能签发")
    done = decided(review)
    findings = tuple(f for f in review.findings if f.verdict in ("compliant", "not_applicable") or _stands(f, done))
    standing = [_final(f, done) for f in findings]
    open_ones = [f for f in standing if f.verdict in NEGATIVE]
    counts = dict(review.conclusion.counts)
    of_verdict = Counter(f.verdict for f in standing)
    counts |= {v: of_verdict[v] for v in ("non_compliant", "missing", "unclear", "compliant", "not_applicable")}
    counts |= {s.value: sum(f.severity == s for f in open_ones) for s in Severity}
    conclusion = review.conclusion.model_copy(update={"grade": grade, "reasons": reasons, "counts": counts, "by": by})
    kept = {f.id for f in findings}
    decisions = tuple(d for d in review.decisions if d.finding in kept)
    return review.model_copy(update={"findings": findings, "decisions": decisions, "conclusion": conclusion})


def _stands(finding: Finding, done: Mapping[str, Decision]) -> bool:
    decision = done.get(finding.id)
    return decision is not None and decision.action in ("confirm", "amend")


def _final(finding: Finding, done: Mapping[str, Decision]) -> Finding:
    decision = done.get(finding.id)
    return amended(finding, decision) if decision and decision.action == "amend" else finding
