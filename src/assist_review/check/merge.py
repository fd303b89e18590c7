"""Findings of rules and claims of a model made one list, in which nothing is said twice.

What a rule has decided stands. A claim adds proof to it, fills in what the rules left open, or stands beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assist_review.check.context import Context, Say
from assist_review.regulation import Severity
from assist_review.review import NEGATIVE, Computation, Evidence, Finding, Origin, Verdict
from assist_review.text import fold

# A problem these kinds looked for is arithmetic, dates, marks or files; a model's word does not decide it.
DECIDED_BY_RULES = frozenset({
    "sample", "rates", "recount", "sums", "perfect", "source_rates", "coverage", "count", "per_risk", "stated_counts", "duplicates",
    "columns", "dates", "validity", "duration", "cadence", "shape", "volume", "marks", "signers", "documents", "attachments",
    "legibility", "same_document", "hidden", "modal_questions",
})  # fmt: skip
_SURE = 0.7


@dataclass(frozen=True)
class Claim:
    """A statement of a model with proved evidence."""

    requirement: str
    verdict: Verdict
    statement: str
    evidence: tuple[Evidence, ...]
    confidence: float
    prompt: str
    defect: str | None
    kind: str = "judgement"
    open_reading: bool = False
    needs_look: bool = True
    disputed: bool = False
    weak: bool = False  # not for a model to decide, or too little proof: a person has to read
    misfit: bool = False  # the requirement is only the nearest one: it does not ask about this
    computations: tuple[Computation, ...] = ()  # worked out by us: then the number is not the model's

    def with_(self, **update: Any) -> "Claim":
        """A changed copy."""
        return replace(self, **update)


def overlap(one: Iterable[Evidence], other: Iterable[Evidence]) -> bool:
    """Whether two lists of evidence have a place in common: the same file and words that contain one another."""
    mine = [(e.file, fold(e.quote)) for e in one if e.quote]
    for piece in other:
        key = fold(piece.quote)
        if key and any(f == piece.file and (key in k or k in key) for f, k in mine):
            return True
    return False


def distinct(claims: Sequence[Claim], themes: Mapping[str, str]) -> list[Claim]:
    """Claims with one for each root cause: the surest of those on the same words, or on one requirement and code.

    `themes` maps requirements to their themes. What a claim says of the report's own statement (a table that calls
    something fulfilled) gives way to the claim about the thing itself.
    """
    kept: list[tuple[Claim, list[Claim]]] = []
    for claim in sorted(
        claims, key=lambda c: (c.weak, c.open_reading, themes.get(c.requirement) in _ABOUT, -c.confidence)
    ):
        # Compared with the claims as they were made: proof that was added must not draw in what is near that proof.
        twin = next((members for _, members in kept if _same(members[0], claim)), None)
        if twin is None:
            kept.append((claim, [claim]))
        else:
            twin.append(claim)
    return [_together(members) for _, members in kept]


_ABOUT = ("assessment", "integrity")  # requirements about what the documents say of themselves
_MOST = 0.5  # of the quotes of the longer list


def _together(members: Sequence[Claim]) -> Claim:
    first = members[0]
    evidence = list(first.evidence)
    for claim in members[1:]:
        if claim.requirement == first.requirement:
            evidence += [e for e in claim.evidence if not overlap([e], evidence)]
    return first.with_(evidence=tuple(evidence)[:6])


def _same(one: Claim, other: Claim) -> bool:
    if (one.verdict in NEGATIVE) != (other.verdict in NEGATIVE):
        return False
    if one.requirement == other.requirement:
        if one.verdict == "compliant":
            return True
        return overlap(one.evidence, other.evidence) or (one.defect is not None and one.defect == other.defect)
    return _mostly(one.evidence, other.evidence)


def _mostly(one: Sequence[Evidence], other: Sequence[Evidence]) -> bool:
    """Whether two lists of evidence are about the same words: more than half of the longer stands in the other."""
    shorter, longer = sorted(([e for e in one if e.quote], [e for e in other if e.quote]), key=len)
    return bool(shorter) and sum(overlap([e], shorter) for e in longer) > _MOST * len(longer)


def said_by_rules(claim: Claim, findings: Iterable[Finding], themes: Mapping[str, str]) -> Finding | None:
    """The problem of a rule that has the same root cause, or None.

    It has where it is of the same requirement (and code), or about the same words in the same theme.
    """
    problems = [f for f in findings if f.verdict in NEGATIVE]
    for finding in problems:
        if finding.requirement == claim.requirement and (
            claim.defect in (None, finding.defect) or overlap(claim.evidence, finding.evidence)
        ):
            return finding
    for finding in problems:
        near = themes.get(finding.requirement) == themes.get(claim.requirement) or claim.defect == finding.defect
        if near and claim.defect in (None, finding.defect) and _mostly(claim.evidence, finding.evidence):
            return finding
        if themes.get(claim.requirement) in _ABOUT and overlap(claim.evidence, finding.evidence):
            return finding
    return None


def merge(
    context: Context, findings: Sequence[Finding], claims: Sequence[Claim], origin: Callable[[str], Origin]
) -> tuple[list[Finding], int, int]:
    """The merged findings in the order of the pack, how many claims were kept, and how many a rule overruled."""
    made = list(findings)
    kept = overruled = 0
    themes = {r.id: r.theme for r in context.pack.requirements}
    for claim in claims:
        own = [n for n, f in enumerate(made) if f.requirement == claim.requirement]
        if claim.verdict == "compliant":
            settled = _settled(made, own, claim, origin)
            kept, overruled = kept + settled, overruled + (not settled)
            continue
        twin = said_by_rules(claim, [f for f in made if f.origin.kind != "llm"], themes)
        beside = claim.disputed or claim.weak or claim.misfit
        if twin is not None and (not beside or overlap(claim.evidence, twin.evidence)):
            at = made.index(twin)
            made[at] = _strengthened(twin, claim, origin)
            kept += 1
            continue
        problem = _finding(context, claim, origin)
        if problem is None or _decided(made, own, claim):
            overruled += 1
            continue
        kept += 1
        open_ones = [n for n in own if made[n].verdict in ("unclear", "compliant", "not_applicable")]
        if claim.misfit:
            made.append(problem)  # says nothing about what the requirement asks: it stands beside
        elif problem.verdict == "unclear":
            _note(made, open_ones, problem)
        elif open_ones:
            # What the rules left open, or passed on words alone, is now a problem with proof.
            made[open_ones[0]] = problem
        else:
            made.append(problem)
    order = {r.id: n for n, r in enumerate(context.pack.requirements)}
    made.sort(key=lambda f: order.get(f.requirement, len(order)))
    return made, kept, overruled


def _decided(made: Sequence[Finding], own: Sequence[int], claim: Claim) -> bool:
    """Whether rules of the deciding kinds alone looked at this requirement and a number is what is claimed."""
    kinds = {made[n].origin.name for n in own}
    if claim.computations or claim.misfit:
        return False
    return bool(kinds) and kinds <= DECIDED_BY_RULES and claim.kind in ("number", "judgement", "absence")


def _settled(made: list[Finding], own: Sequence[int], claim: Claim, origin: Callable[[str], Origin]) -> bool:
    """Makes an open question *compliant*, only where the rules had nothing against it."""
    if any(made[n].verdict in NEGATIVE for n in own) or claim.disputed or claim.weak or not claim.evidence:
        for n in own:
            if made[n].verdict == "unclear" and claim.disputed:
                made[n] = made[n].model_copy(update={"statement": made[n].statement + f"模型意见：{claim.statement}"})
        return False
    for n in own:
        if made[n].verdict == "unclear":
            told = origin(claim.prompt)
            made[n] = made[n].model_copy(
                update={
                    "verdict": "compliant", "statement": claim.statement, "evidence": claim.evidence, "confidence": claim.confidence,
                    "origin": told.model_copy(update={"kind": "rule+llm"}),
                }
            )  # fmt: skip
            return True
    return False


def _strengthened(finding: Finding, claim: Claim, origin: Callable[[str], Origin]) -> Finding:
    more = tuple(e for e in claim.evidence if not overlap([e], finding.evidence))
    told = origin(claim.prompt).model_copy(update={"kind": "rule+llm"})
    elsewhere = claim.evidence and len(more) == len(claim.evidence)
    # Another place of the same requirement: what is wrong there is told too, where a second look agreed.
    also = f"另外：{claim.statement}" if elsewhere and not (claim.disputed or claim.weak) else ""
    return finding.model_copy(
        update={
            "evidence": (*finding.evidence, *more[: max(0, 6 - len(finding.evidence))]), "origin": told,
            "statement": finding.statement + also,
        }
    )  # fmt: skip


def _finding(context: Context, claim: Claim, origin: Callable[[str], Origin]) -> Finding | None:
    requirement = context.pack.requirement(claim.requirement)
    if requirement is None:
        return None
    say = Say(requirement, {**requirement.checks[0], "kind": claim.prompt})
    doubtful = claim.disputed or claim.weak or claim.confidence < _SURE
    verdict: Verdict = "unclear" if doubtful else claim.verdict
    made = say.wrong(
        claim.statement, claim.evidence, verdict=verdict, confidence=claim.confidence,
        defect=claim.defect or next(iter(requirement.defects), None), computations=claim.computations,
        # A problem does not become fatal by being put under the nearest requirement.
        severity=Severity.MAJOR if claim.misfit and requirement.severity == Severity.FATAL else None,
    )  # fmt: skip
    update: dict[str, Any] = {"origin": origin(claim.prompt), "open_reading": claim.open_reading}
    if verdict == "unclear" or claim.misfit:
        update["defect"] = None
    return made.model_copy(update=update)


def _note(made: list[Finding], open_ones: Sequence[int], problem: Finding) -> None:
    """Adds a doubt: to what is open already, else beside what the rules passed."""
    for n in open_ones:
        if made[n].verdict == "unclear":
            had = made[n]
            made[n] = had.model_copy(
                update={
                    "statement": f"{had.statement}通读时的疑问：{problem.statement}",
                    "evidence": tuple(dict.fromkeys((*had.evidence, *problem.evidence)))[:6],
                    "origin": problem.origin.model_copy(update={"kind": "rule+llm"}),
                }
            )
            return
    made.append(problem)
