"""The nouns of a review: Fact, Evidence, Citation, Finding, Failure, Revision, Decision, Review.

`Review` is the contract of `review.json`, `"schema": "assist-review/1"`; change it only by adding.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from assist_review.base import Value
from assist_review.filing import BBox, Place, ServiceProfile, Unreadable
from assist_review.regulation import Severity

Verdict = Literal["compliant", "non_compliant", "missing", "unclear", "not_applicable"]
NEGATIVE: tuple[Verdict, ...] = ("non_compliant", "missing")
DIMENSIONS = ("materials", "data", "processing", "scenario", "technical", "rights")


class Evidence(Value):
    """A place in the filing. `quote` is word for word; "" where the evidence is an absence or an image.

    `state` is `unproved` only between `check` and `prove`; a review never holds it.
    """

    file: str
    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    sheet: str | None = None
    cell: str | None = None
    bbox: BBox | None = None
    quote: str = ""
    state: Literal["verified", "misattributed", "rejected", "absent", "image", "unproved"] = "unproved"
    note: str = ""  # what this piece shows, e.g. "备案表", or why it was rejected

    @classmethod
    def at(cls, file: str, place: Place, quote: str = "", note: str = "") -> "Evidence":
        """Evidence at `place` of `file`."""
        return cls(
            file=file, page=place.page, paragraph=place.paragraph, table=place.table, row=place.row,
            sheet=place.sheet, cell=place.cell, bbox=place.bbox, quote=quote, note=note,
        )  # fmt: skip

    @property
    def where(self) -> str:
        """The file and the place in it, in words."""
        from assist_review.export.notebook import where

        return where(self)


class Fact(Value):
    """A value the filing states (or that was counted in it), with its proof.

    Numbers are int or float in base units (`240万` is 2400000); rates are in percent (95.6); dates ISO text.
    `counted` marks values counted by us in a list or bank; `approximate` marks 约、逾、余、左右.
    """

    name: str
    value: float | int | str
    unit: str | None = None
    evidence: Evidence
    role: str = "other"  # role of the document
    section: str = ""
    approximate: bool = False
    counted: bool = False
    asked: bool = False  # read by a model; counts only because its quote holds the value


class Match(Value):
    """A passage of the filing found for a requirement; `score` 0-1 within one query, higher is closer."""

    requirement: str
    evidence: Evidence
    score: float


class Citation(Value):
    """A clause a finding rests on, as it stood on the day of review."""

    instrument: str
    clause: str  # clause id
    label: str = ""  # 《…》第七条第（一）项
    text: str
    verbatim: bool
    in_force_from: date | None = None
    in_force_to: date | None = None
    sha256: str = ""  # of the text, so that a later wording cannot pass for this one
    source_sha256: str | None = None  # of the imported file, for official wording


class Origin(Value):
    """Where a finding comes from: a rule kind of this program's version, or a prompt and model."""

    kind: Literal["rule", "llm", "rule+llm", "person"] = "rule"
    name: str = ""  # rule kind or prompt name
    sha256: str = ""  # prompt hash
    model: str = ""


class Edit(Value):
    """The same correction at one more place: the sentence that stands there and what replaces it."""

    file: str
    place: str = ""
    before: str
    after: str


class Revision(Value):
    """What would make a finding go away. A contradiction may need more places put right than one: `also`."""

    kind: Literal["replace", "insert", "attach"]
    file: str | None = None
    place: str = ""
    before: str = ""
    after: str
    recheck: Literal["passes", "fails", "not_checked"] = "not_checked"
    origin: Origin | None = None  # None: the requirement's own template
    also: tuple[Edit, ...] = ()

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """File and new text of every place that changes."""
        first = ((self.file, self.after),) if self.file else ()
        return (*first, *((e.file, e.after) for e in self.also))


class Computation(Value):
    """A number in a finding that can be computed again: `formula` with named `inputs`, and the `result`.

    Formulas use + - * / and names only, e.g. "passed / size * 100".
    """

    label: str
    formula: str
    inputs: dict[str, float]
    result: float
    stated: float | None = None  # what the filing says, where it says something else
    unit: str = ""


class Finding(Value):
    """One assessment of one requirement. A requirement may have several."""

    id: str = ""
    requirement: str
    defect: str | None = None
    verdict: Verdict
    severity: Severity
    confidence: float = 1.0  # 0-1, the program's own estimate that the verdict is right
    statement: str
    evidence: tuple[Evidence, ...] = ()
    citations: tuple[Citation, ...] = ()
    computations: tuple[Computation, ...] = ()
    revision: Revision | None = None
    origin: Origin = Origin()
    to_be_verified: bool = False  # rests on a confidence-C requirement
    open_reading: bool = False  # found by reading, not by asking about this requirement

    @property
    def group(self) -> str:
        """Its severity where it is a problem, else its verdict."""
        return str(self.severity) if self.verdict in NEGATIVE else str(self.verdict)


class Failure(Value):
    """A requirement that could not be assessed, and why."""

    requirement: str
    stage: str
    reason: str


class Decision(Value):
    """What a person said about a finding; appended, never edited. `reopen` takes back what was said before."""

    finding: str
    action: Literal["confirm", "amend", "dismiss", "reopen"]
    author: str
    reason: str = ""
    at: datetime
    amended: dict[str, Any] = {}


class ReviewedFile(Value):
    """One file of the package as the review saw it."""

    file: str
    sha256: str
    role: str
    role_reason: str = ""
    pages: int | None = None
    rows: int | None = None
    ocr_pages: tuple[int, ...] = ()
    seals: int = 0
    signatures: int = 0
    hidden: int = 0
    unreadable: tuple[Unreadable, ...] = ()


class ReviewedFiling(Value):
    """What was reviewed."""

    name: str
    files: tuple[ReviewedFile, ...]
    route: str
    service: ServiceProfile
    reasons: dict[str, str] = {}


class PackStamp(Value):
    """Which rules were used."""

    id: str
    version: str
    sha256: str
    overlays: tuple[str, ...] = ()  # ids of the overlays that were laid over it


class StageUse(Value):
    """What one stage asked of a model. `cached` answers cost nothing; money is in the price table's currency."""

    calls: int = 0
    cached: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    money: float = 0.0


class ModelUse(Value):
    """What a model was asked, what left the machine, and what became of its statements.

    A statement is one thing the model said about the filing; it is *rejected* when no quote of it stands there.
    """

    model: str
    endpoint: str
    local: bool
    window: int
    form: str = ""  # schema, json or text: how the endpoint gives structured answers
    masked: dict[str, int] | None = None  # values per kind hidden before sending; None: masking was off
    currency: str = ""
    stages: dict[str, StageUse] = {}
    statements: int = 0
    rejected: int = 0
    misattributed: int = 0
    overruled: int = 0  # set aside because a rule had decided
    kept: int = 0


class Manifest(Value):
    """What else decides the result, so that two reviews can be told apart."""

    program: str
    settings: dict[str, Any] = {}
    prompts: dict[str, str] = {}
    model: str | None = None
    seeds: dict[str, int] = {}
    usage: ModelUse | None = None


class CountRow(Value):
    """One line of the counts table: what was expected, what was stated, what was counted."""

    name: str
    label: str
    required: float | None = None
    stated: tuple[float, ...] = ()
    counted: float | None = None
    verdict: Verdict
    note: str = ""


class MatrixCell(Value):
    """What one document says about one fact."""

    role: str
    file: str
    value: str
    evidence: Evidence


class MatrixRow(Value):
    """One fact that documents must agree on; `agrees` is None where fewer than two state it."""

    fact: str
    label: str
    cells: tuple[MatrixCell, ...]
    agrees: bool | None


class Dimension(Value):
    """The state of one dimension: counts per verdict and the worst open severity."""

    name: str
    label: str
    verdicts: dict[str, int]
    worst: Severity | None = None


class Conclusion(Value):
    """The draft conclusion. *return*: a fatal finding stands; *supplement*: a major one; else *ready*."""

    grade: Literal["ready", "supplement", "return"]
    reasons: tuple[str, ...] = ()
    dimensions: dict[str, Dimension]
    counts: dict[str, int]
    counts_table: tuple[CountRow, ...] = ()
    matrix: tuple[MatrixRow, ...] = ()
    by: str = ""  # who concluded so; "" where it is the program's draft


class Review(Value):
    """A draft review: everything a person needs to decide, and everything needed to prove it again."""

    schema_: Literal["assist-review/1"] = Field("assist-review/1", alias="schema")
    filing: ReviewedFiling
    pack: PackStamp
    as_of: date
    generated_at: datetime
    manifest: Manifest
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...] = ()
    conclusion: Conclusion
    decisions: tuple[Decision, ...] = ()

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True}

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that are problems (not compliant, or missing), the gravest first."""
        return self.of("fatal", "major", "minor")

    def of(self, *groups: str) -> tuple[Finding, ...]:
        """The findings of these groups, group by group: fatal, major, minor for problems, else the verdict."""
        return tuple(f for group in groups for f in self.findings if f.group == group)

    def __repr__(self) -> str:
        from assist_review.export.notebook import line

        return f"<Review {line(self)}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """What notebooks show."""
        from assist_review.export.notebook import card

        return card(self)
