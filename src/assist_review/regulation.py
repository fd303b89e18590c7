"""The nouns of a regulation pack: Pack ▸ Instrument ▸ Clause, and Requirement, Risk, PackageProfile."""

import hashlib
import re
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from assist_review.base import Value


class Severity(StrEnum):
    """How bad a failed requirement is; our ordering, a reviewer may change it."""

    FATAL = "fatal"
    MAJOR = "major"
    MINOR = "minor"


class Span(Value):
    """Days on which something holds: from `start` (included) to `end` (included), None is open."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies inside."""
        return (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


class Instrument(Value):
    """A law, regulation, rule, normative document or standard. `id` is the slug, e.g. `pipl-2021`."""

    id: str
    title: str
    short: str  # 《暂行办法》 without marks
    english: str
    aliases: tuple[str, ...] = ()  # other names seen in filings
    level: str
    issuer: str
    number: str = ""  # 令第15号, GB/T 45654-2025
    promulgated: date | None = None
    in_force: Span
    status: Literal["in_force", "replaced", "repealed", "draft", "policy"]
    replaced_by: str | None = None
    confidence: Literal["A", "B", "C"]
    note: str = ""


class Clause(Value):
    """One article, item or section. `id` is `<instrument>:<number>`.

    Numbers: statutes `7` (article), `14.p2` (paragraph 2), `7.i1` (item 1), `4.p2.i1`; standards `5.1.a`,
    annexes `A`, `B`. `text` is our own restatement unless `verbatim`.
    """

    id: str
    instrument: str
    number: str
    label: str  # 第七条第（一）项
    text: str
    verbatim: bool = False
    in_force: Span
    confidence: Literal["A", "B", "C"] = "B"
    source_sha256: str | None = None  # the imported file, for verbatim text
    path: tuple[str, ...] = ()  # headings above it in an imported text: 编, 章, 节
    within: str | None = None  # id of the clause whose text this one is part of

    @property
    def sha256(self) -> str:
        """The hash of the text, by which a review pins what it cited."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Requirement(Value):
    """One thing a filing must satisfy; a row of the inventory, its id never changes."""

    id: str
    theme: str
    dimension: Literal["data", "processing", "scenario", "technical", "materials", "rights"]
    severity: Severity
    confidence: Literal["A", "B", "C", "own"]
    statement: str
    cites: tuple[str, ...]  # clause ids
    roles: tuple[str, ...]  # where it is shown
    applies_when: str = "true"  # expression over route and service.*
    in_force: Span
    checks: tuple[dict[str, Any], ...]  # each {"kind": ..., parameters}; `check = {...}` in TOML is one
    defects: tuple[str, ...] = ()  # codes, first = default
    revise: str  # what would make it pass, template text


class Risk(Value):
    """One of the 31 main safety risks of appendix A (or one of the 13 topics of the non-refusal bank)."""

    id: str  # A1.a ... A5.b ; topics: 制度 ...
    group: str  # A1 ... A5 ; topics: topic
    name: str
    english: str = ""
    synonyms: tuple[str, ...] = ()
    keywords_min: int | None = None
    generated_min: int | None = None
    refuse_min: int | None = None
    answer_min: int | None = None


class RiskGroup(Value):
    """A class of risks (A1 ... A5) or the topics of the non-refusal bank ("topic").

    `codes` are regular expressions over folded text that match how filings write its code (A.1, 附录A.1, A1类).
    """

    id: str
    name: str
    english: str = ""
    synonyms: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class ExpectedDocument(Value):
    """A document the route wants. `seal` and `signatures` ask for marks on a scan of it."""

    role: str
    name: str
    required: bool = True
    editable: bool = False
    seal: bool = False
    signatures: int = 0
    note: str = ""


class PackageProfile(Value):
    """What a package of one route (and province) holds."""

    id: str
    route: str
    name: str
    province: str | None = None
    documents: tuple[ExpectedDocument, ...]


class Relaxation(Value):
    """A requirement an overlay makes milder (`severity`) or drops (`off`), and why."""

    requirement: str
    severity: Severity | None = None
    off: bool = False
    why: str


class Setting(Value):
    """A parameter of a check that an overlay changes: `key` of the check number `check` (from 0), and why."""

    requirement: str
    check: int = 0
    key: str
    value: Any
    why: str


class Overlay(Value):
    """What a province, a sector, a template version or the user's own house adds, relaxes or changes.

    It applies by itself where the service's sector holds one of `sectors` or its province is one of `provinces`,
    or always (`always`); every other one only where it is named. `in_force.end` is its expiry.
    """

    id: str
    name: str
    kind: Literal["province", "sector", "template", "own"]
    sectors: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    always: bool = False
    source: str  # where it comes from
    confidence: Literal["A", "B", "C"] = "C"
    in_force: Span = Span()
    add: tuple[Requirement, ...] = ()
    relax: tuple[Relaxation, ...] = ()
    set: tuple[Setting, ...] = ()


class RegisterEntry(Value):
    """One line of a public list: a filed service, a registered application, a filed algorithm, an ICP record."""

    number: str
    name: str = ""
    holder: str = ""
    place: str = ""
    day: str = ""  # as the list writes it
    note: str = ""
    listed: date  # the date of the list that has it


class Register(Value):
    """A public list as known now: its entries, and the day of the newest list that was imported."""

    kind: str
    name: str
    as_of: date
    entries: tuple[RegisterEntry, ...]

    def entry(self, number: str) -> RegisterEntry | None:
        """The entry with this number, however its dashes and spaces are written."""
        wanted = plain_number(number)
        return next((e for e in self.entries if plain_number(e.number) == wanted), None)


def plain_number(number: str) -> str:
    """A register number as a key: dashes alike, no spaces, no case."""
    return re.sub(r"[\s号]", "", re.sub(r"[–—－]", "-", number)).casefold()


class Pack(Value):
    """A jurisdiction's rules as data, with the hash of the files they were read from."""

    id: str
    version: str
    title: str
    sha256: str
    instruments: tuple[Instrument, ...]
    clauses: tuple[Clause, ...]
    requirements: tuple[Requirement, ...]
    risks: tuple[Risk, ...]
    groups: tuple[RiskGroup, ...] = ()
    profiles: tuple[PackageProfile, ...]
    registers: tuple[Register, ...] = ()  # public lists the user has imported
    overlays: tuple[Overlay, ...] = ()
    applied: tuple[str, ...] = ()  # ids of the overlays laid over it
    language: Literal["zh", "en"] = "zh"  # of its statements
    routes: tuple[str, ...] = ("filing", "registration")
    roles: dict[str, str] = {}  # names of document roles of its own; {}: the roles of filing.Role
    lexicon: dict[str, Any] = {}  # words rules need: fact patterns, role words, phrases (lexicon/*.toml)

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None."""
        return next((c for c in self.clauses if c.id == clause_id), None)

    def requirement(self, requirement_id: str) -> Requirement | None:
        """The requirement with this id, or None."""
        return next((r for r in self.requirements if r.id == requirement_id), None)

    def register(self, kind: str) -> Register | None:
        """The public list of this kind, None where none was imported."""
        return next((r for r in self.registers if r.kind == kind), None)

    def instrument(self, instrument_id: str) -> Instrument | None:
        """The instrument with this id, or None."""
        return next((i for i in self.instruments if i.id == instrument_id), None)
