"""Scores one review against the labels of its filing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from assist_review.base import Value
from assist_review.evaluate.labels import Acceptable, LabelledDefect, LabelledFact, Labels, MustNotFlag, within
from assist_review.evaluate.validate import Texts
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE, Fact, Finding, Review
from assist_review.text import fold

Grade = Literal["ready", "supplement", "return"]
Group = Literal["negative", "unclear", "compliant", "not_applicable"]
Truth = Literal["defect", "arguable", "clean"]
LOCATED = 0.5  # share of the shorter quote that has to be common


class DefectScore(Value):
    """What became of one labelled defect.

    `flagged` also counts an *unclear* finding: a person is sent to read there. `page_right` and `overlap` are of the
    findings that raised it; None where it was missed, is an absence, or the label cannot say (no pages, no quotes).
    `cited` says that a finding under one of its requirements cites a clause in force.
    """

    id: str
    code: str
    severity: str
    needs: tuple[str, ...]
    caught: bool
    flagged: bool
    findings: tuple[str, ...] = ()
    file_right: bool | None = None
    page_right: bool | None = None
    overlap: float | None = None
    cited: bool | None = None


class Point(Value):
    """One verdict with the confidence it was given. `right` is None where the labels do not say."""

    requirement: str
    group: Group
    truth: Truth
    confidence: float
    right: bool | None


class RevisionTrial(Value):
    """One suggested revision tried on the text of the filing: the finding has to go and nothing new may come."""

    finding: str
    requirement: str
    gone: bool
    new: tuple[str, ...] = ()  # requirements of new negative findings

    @property
    def success(self) -> bool:
        """Gone, and nothing new."""
        return self.gone and not self.new


class Cost(Value):
    """What a review took. `seconds` per stage; tokens and money are None where no model was asked."""

    seconds: dict[str, float] = {}
    peak_mib: float | None = None
    tokens: int | None = None
    money: float | None = None


class Score(Value):
    """What a review got right and wrong on one labelled filing."""

    case: str
    suite: str = ""
    profile: str = ""
    route: str = ""
    raised: tuple[LabelledDefect, ...]
    missed: tuple[LabelledDefect, ...]
    false_alarms: tuple[Finding, ...]
    violated: tuple[tuple[MustNotFlag, Finding], ...]
    negatives: int
    right: int  # negative findings that raise a labelled defect
    accepted: int  # negative findings the labels call arguable
    quotes_verified: int
    quotes_shown: int
    unclear: int
    assessed: int
    facts_right: int
    facts_wrong: tuple[LabelledFact, ...]
    roles_wrong: tuple[str, ...]
    profile_wrong: tuple[str, ...]
    failures: int
    defects: tuple[DefectScore, ...] = ()
    spared: tuple[bool, ...] = ()  # hard negatives in the order of the labels
    facts: tuple[tuple[str, bool], ...] = ()
    documents: int = 0
    service_keys: int = 0
    citations: int = 0
    citations_wrong: tuple[str, ...] = ()
    grade: Grade
    expected_grade: Grade
    points: tuple[Point, ...] = ()
    revisions: tuple[RevisionTrial, ...] = ()
    revisions_offered: int = 0  # negative findings with a revision
    cost: Cost = Cost()
    notes: tuple[str, ...] = ()

    @property
    def broken(self) -> Iterator[tuple[int, MustNotFlag, Finding]]:
        """Each hard negative that was violated: its number in the labels, itself, and the first finding that did it."""
        first: dict[str, tuple[MustNotFlag, Finding]] = {}
        for entry, finding in self.violated:
            first.setdefault(entry.model_dump_json(), (entry, finding))
        numbers = (n for n, spared in enumerate(self.spared) if not spared)
        yield from ((n, *pair) for n, pair in zip(numbers, first.values(), strict=False))


def score(review: Review, labels: Labels, *, pack: Pack | None = None, texts: Texts | None = None) -> Score:
    """The score of `review`; citations are checked where `pack` is given, pages where `texts` are."""
    negatives = [f for f in review.findings if f.verdict in NEGATIVE]
    defects = tuple(_defect(d, review, texts) for d in labels.defects)
    caught = {d.id for d in defects if d.caught}
    right = [f for f in negatives if any(raises(f, d) for d in labels.defects)]
    rest = [f for f in negatives if not any(raises(f, d) for d in labels.defects)]
    alarms = [f for f in rest if not any(accepts(f, a) for a in labels.acceptable)]
    violated = [(n, f) for n in labels.must_not_flag for f in negatives if violates(f, n)]
    quotes = [e for f in review.findings for e in f.evidence if e.quote]
    facts = [(label, any(same_fact(label, f) for f in review.facts)) for label in labels.facts]
    return Score(
        case=labels.case,
        profile=labels.profile,
        route=labels.route,
        raised=tuple(d for d in labels.defects if d.id in caught),
        missed=tuple(d for d in labels.defects if d.id not in caught),
        false_alarms=tuple(alarms),
        violated=tuple(violated),
        negatives=len(negatives),
        right=len(right),
        accepted=len(rest) - len(alarms),
        quotes_verified=sum(e.state == "verified" for e in quotes),
        quotes_shown=len(quotes),
        unclear=len({f.requirement for f in review.findings if f.verdict == "unclear"}),
        assessed=len({f.requirement for f in review.findings if f.verdict != "not_applicable"}),
        facts_right=sum(hit for _, hit in facts),
        facts_wrong=tuple(label for label, hit in facts if not hit),
        roles_wrong=tuple(_roles_wrong(review, labels)),
        profile_wrong=tuple(_profile_wrong(review, labels)),
        failures=len(review.failures),
        defects=defects,
        spared=tuple(not any(violates(f, n) for f in negatives) for n in labels.must_not_flag),
        facts=tuple((label.name, hit) for label, hit in facts),
        documents=len(labels.documents),
        service_keys=1 + sum(key != "sector" for key in labels.service),
        citations=sum(len(f.citations) for f in review.findings),
        citations_wrong=tuple(_citations_wrong(review, pack)) if pack else (),
        grade=review.conclusion.grade,
        expected_grade=expected_grade(labels.defects),
        points=tuple(_points(review, labels, defects)),
        revisions_offered=sum(f.revision is not None for f in negatives),
    )


def expected_grade(defects: Iterable[LabelledDefect]) -> Grade:
    """The grade the labelled severities ask for: a fatal one returns, a major one needs supplementing."""
    severities = {d.severity for d in defects}
    return "return" if "fatal" in severities else "supplement" if "major" in severities else "ready"


def raises(finding: Finding, defect: LabelledDefect) -> bool:
    """Whether a finding names the defect's requirement or code, with evidence in one of its documents."""
    if finding.requirement not in defect.requirements and finding.defect != defect.code:
        return False
    return defect.absent or any(_in(e.file, defect.documents) for e in finding.evidence)


def _in(file: str, labelled: Iterable[str]) -> bool:
    return any(within(file, each) for each in labelled)


def accepts(finding: Finding, entry: Acceptable) -> bool:
    """Whether an arguable remark covers the finding."""
    return finding.requirement == entry.requirement or (entry.code is not None and finding.defect == entry.code)


def violates(finding: Finding, entry: MustNotFlag) -> bool:
    """Whether a finding flags what must not be flagged: its requirement or code, with evidence on its quote."""
    named = finding.requirement == entry.requirement or (entry.code is not None and finding.defect == entry.code)
    quote = fold(entry.quote)
    return named and any(
        within(e.file, entry.document) and e.quote and (fold(e.quote) in quote or quote in fold(e.quote))
        for e in finding.evidence
    )


def same_fact(label: LabelledFact, fact: Fact) -> bool:
    """Whether an extracted fact is the labelled one: name, file and value."""
    if fact.name != label.name or not within(fact.evidence.file, label.document):
        return False
    if isinstance(label.value, str) or isinstance(fact.value, str):
        return fold(str(label.value)) == fold(str(fact.value))
    scale = {"万": 1e4, "亿": 1e8}.get((label.unit or "")[:1], 1.0)
    wanted = float(label.value) * scale
    return abs(wanted - float(fact.value)) <= 1e-6 * max(1.0, abs(wanted))


def overlap(a: str, b: str) -> float:
    """The longest common run of two quotes, as a share of the shorter one; 0-1."""
    a, b = fold(a), fold(b)
    if not a or not b:
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size / min(len(a), len(b))


def _defect(defect: LabelledDefect, review: Review, texts: Texts | None) -> DefectScore:
    finding = [f for f in review.findings if f.verdict in NEGATIVE and raises(f, defect)]
    pointed = bool(finding) or any(f.verdict == "unclear" and raises(f, defect) for f in review.findings)
    placed = finding if not defect.absent else []
    evidence = [e for f in placed for e in f.evidence if _in(e.file, defect.documents)]
    page_right = None
    if texts and evidence:
        pages = {at for file in defect.documents for q in defect.quotes for at in texts.pages(file, q)}
        seen = {(e.file, e.page) for e in evidence if e.page is not None}
        page_right = bool(pages & seen) if pages and seen else None
    shared = [overlap(e.quote, q) for e in evidence if e.quote for q in defect.quotes]
    return DefectScore(
        id=defect.id, code=defect.code, severity=defect.severity, needs=defect.needs, caught=bool(finding),
        flagged=pointed, findings=tuple(f.id for f in finding), file_right=bool(evidence) if placed else None,
        page_right=page_right, overlap=(max(shared, default=0.0) if defect.quotes and placed else None),
        cited=any(f.requirement in defect.requirements and f.citations for f in finding) if finding else None,
    )  # fmt: skip


def _citations_wrong(review: Review, pack: Pack) -> Iterator[str]:
    """Citations that are not in the pack, not in force on the day, or not with the text of the pack."""
    clauses = {c.id: c for c in pack.clauses}
    instruments = {i.id: i for i in pack.instruments}
    for finding in review.findings:
        for citation in finding.citations:
            clause, instrument = clauses.get(citation.clause), instruments.get(citation.instrument)
            if (
                clause is None
                or instrument is None
                or clause.text != citation.text
                or not clause.in_force.holds(review.as_of)
                or not instrument.in_force.holds(review.as_of)
            ):
                yield f"{finding.requirement} {citation.clause}"


def _points(review: Review, labels: Labels, defects: Sequence[DefectScore]) -> Iterator[Point]:
    """Negative findings one by one, every other requirement once.

    Behind a requirement that is passed (compliant, not applicable) hides a defect that nothing points at and whose
    first passed requirement it is: each hidden defect is counted once.
    """
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in review.findings:
        groups[finding.requirement].append(finding)
    verdicts = {r: _group(fs) for r, fs in groups.items()}
    flagged = {d.id for d in defects if d.flagged}
    hiding: set[str] = set()
    for defect in labels.defects:
        if defect.id not in flagged:
            passed = (r for r in defect.requirements if verdicts.get(r) in ("compliant", "not_applicable"))
            hiding.add(next(passed, ""))
    best = {d.requirements[0] for d in labels.defects if d.requirements}
    for requirement, findings in groups.items():
        group = verdicts[requirement]
        arguable = any(a.requirement == requirement for a in labels.acceptable)
        if group == "negative":
            for f in findings:
                if f.verdict not in NEGATIVE:
                    continue
                hit = any(raises(f, d) for d in labels.defects)
                doubt = not hit and any(accepts(f, a) for a in labels.acceptable)
                truth: Truth = "defect" if hit else "arguable" if doubt else "clean"
                yield Point(
                    requirement=requirement, group=group, truth=truth, confidence=f.confidence,
                    right=None if doubt else hit,
                )  # fmt: skip
            continue
        hidden = requirement in hiding
        # A requirement under which a defect is best raised holds a defect, whoever raised it.
        truth = "defect" if hidden or requirement in best else "arguable" if arguable else "clean"
        yield Point(
            requirement=requirement, group=group, truth=truth, confidence=min(f.confidence for f in findings),
            right=None if group == "unclear" else not hidden,
        )  # fmt: skip


def _group(findings: Sequence[Finding]) -> Group:
    verdicts = {f.verdict for f in findings}
    if verdicts & set(NEGATIVE):
        return "negative"
    return "unclear" if "unclear" in verdicts else "compliant" if "compliant" in verdicts else "not_applicable"


def _roles_wrong(review: Review, labels: Labels) -> Iterator[str]:
    """Labelled files of which no part has the labelled role."""
    for labelled in labels.documents:
        roles = [f.role for f in review.filing.files if within(f.file, labelled.file)]
        if labelled.role not in roles:
            yield f"{labelled.file}: {'、'.join(roles) or None} ≠ {labelled.role}"


def _profile_wrong(review: Review, labels: Labels) -> Iterable[str]:
    service = review.filing.service.model_dump()
    if review.filing.route != labels.route:
        yield f"route: {review.filing.route} ≠ {labels.route}"
    for key, value in labels.service.items():
        got = service.get(key)
        if key == "modalities":
            if isinstance(got, list | tuple) and set(got) != set(value):
                yield f"modalities: {got} ≠ {value}"
        elif key != "sector" and got != value:
            yield f"{key}: {got} ≠ {value}"
