"""Scores one review against the labels of its filing."""

from collections.abc import Iterable
from dataclasses import dataclass

from assist_review.evaluate.labels import Acceptable, LabelledDefect, LabelledFact, Labels, MustNotFlag
from assist_review.review import NEGATIVE, Fact, Finding, Review
from assist_review.text import fold


@dataclass(frozen=True)
class Score:
    """What a review got right and wrong on one labelled filing."""

    case: str
    raised: tuple[LabelledDefect, ...]
    missed: tuple[LabelledDefect, ...]
    false_alarms: tuple[Finding, ...]
    violated: tuple[tuple[MustNotFlag, Finding], ...]
    negatives: int
    quotes_verified: int
    quotes_shown: int
    unclear: int
    assessed: int
    facts_right: int
    facts_wrong: tuple[LabelledFact, ...]
    roles_wrong: tuple[str, ...]
    profile_wrong: tuple[str, ...]
    failures: int


def score(review: Review, labels: Labels) -> Score:
    """The score of `review`."""
    negatives = [f for f in review.findings if f.verdict in NEGATIVE]
    raised = [d for d in labels.defects if any(raises(f, d) for f in negatives)]
    alarms = [
        f for f in negatives
        if not any(raises(f, d) for d in labels.defects) and not any(_accepted(f, a) for a in labels.acceptable)
    ]  # fmt: skip
    violated = [(n, f) for n in labels.must_not_flag for f in negatives if _violates(f, n)]
    quotes = [e for f in review.findings for e in f.evidence if e.quote]
    wrong = [f for f in labels.facts if not any(_same_fact(f, g) for g in review.facts)]
    roles = {f.file: f.role for f in review.filing.files}
    service = review.filing.service.model_dump()
    return Score(
        case=labels.case,
        raised=tuple(raised),
        missed=tuple(d for d in labels.defects if d not in raised),
        false_alarms=tuple(alarms),
        violated=tuple(violated),
        negatives=len(negatives),
        quotes_verified=sum(e.state == "verified" for e in quotes),
        quotes_shown=len(quotes),
        unclear=len({f.requirement for f in review.findings if f.verdict == "unclear"}),
        assessed=len({f.requirement for f in review.findings if f.verdict != "not_applicable"}),
        facts_right=len(labels.facts) - len(wrong),
        facts_wrong=tuple(wrong),
        roles_wrong=tuple(
            f"{d.file}: {roles.get(d.file)} ≠ {d.role}" for d in labels.documents if roles.get(d.file) != d.role
        ),
        profile_wrong=tuple(_profile_wrong(review, labels, service)),
        failures=len(review.failures),
    )


def raises(finding: Finding, defect: LabelledDefect) -> bool:
    """Whether a negative finding names the defect's requirement or code, with evidence in one of its documents."""
    if finding.requirement not in defect.requirements and finding.defect != defect.code:
        return False
    return defect.absent or any(e.file in defect.documents for e in finding.evidence)


def _accepted(finding: Finding, entry: Acceptable) -> bool:
    return finding.requirement == entry.requirement or (entry.code is not None and finding.defect == entry.code)


def _violates(finding: Finding, entry: MustNotFlag) -> bool:
    named = finding.requirement == entry.requirement or (entry.code is not None and finding.defect == entry.code)
    quote = fold(entry.quote)
    return named and any(
        e.file == entry.document and e.quote and (fold(e.quote) in quote or quote in fold(e.quote))
        for e in finding.evidence
    )


def _same_fact(label: LabelledFact, fact: Fact) -> bool:
    if fact.name != label.name or fact.evidence.file != label.document:
        return False
    if isinstance(label.value, str) or isinstance(fact.value, str):
        return fold(str(label.value)) == fold(str(fact.value))
    return abs(float(label.value) - float(fact.value)) <= 1e-6 * max(1.0, abs(float(label.value)))


def _profile_wrong(review: Review, labels: Labels, service: dict[str, object]) -> Iterable[str]:
    if review.filing.route != labels.route:
        yield f"route: {review.filing.route} ≠ {labels.route}"
    for key, value in labels.service.items():
        got = service.get(key)
        if key == "modalities":
            if isinstance(got, list | tuple) and set(got) != set(value):
                yield f"modalities: {got} ≠ {value}"
        elif key != "sector" and got != value:
            yield f"{key}: {got} ≠ {value}"
