"""A review as people are shown it: findings in reading order, decisions applied, entries of lists withheld.

Every export takes its order, its wording of places and numbers, and its discretion from here.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from assist_review.errors import ExportError
from assist_review.export.words import STEPS, Language, say, step
from assist_review.filing import Role
from assist_review.regulation import ExpectedDocument, Pack, Requirement, Severity
from assist_review.review import NEGATIVE, Computation, Decision, Evidence, Fact, Finding, Review, ReviewedFile

SEVERITIES: tuple[Severity, ...] = (Severity.FATAL, Severity.MAJOR, Severity.MINOR)
GROUPS = ("fatal", "major", "minor", "unclear", "compliant", "not_applicable", "dismissed")
# Their entries are harmful words and prompts on purpose; a report must not spread them.
WITHHELD_ROLES = frozenset({Role.KEYWORDS, Role.QUESTIONS})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HARMLESS = re.compile(r"[\W\d_]*|[vV]?[\d.]+|\d{4}年.*|.")
_NAME = re.compile(r"[^\W\d]\w*")


def clean(text: str) -> str:
    """`text` without control characters; marks that turn the reading direction are made visible as [U+202E]."""
    return _DIRECTION.sub(lambda m: f"[U+{ord(m[0]):04X}]", _CONTROL.sub("", text))


def number(value: float | int | str | None) -> str:
    """A number as people write it: thousands separated, at most four decimals, no trailing zeros."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return clean(value)
    text = f"{value:,.4f}" if isinstance(value, float) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: float | int | str, unit: str | None) -> str:
    """A number with its unit, a percent sign close to it."""
    return number(value) + (unit if unit == "%" else f" {unit}" if unit else "")


def formula(computation: Computation) -> str:
    """The formula with its numbers, e.g. `3,826 ÷ 4,000 × 100 = 95.65%`."""
    inputs = computation.inputs
    filled = _NAME.sub(lambda m: number(inputs[m[0]]) if m[0] in inputs else m[0], computation.formula)
    filled = re.sub(r"\s*([*/+-])\s*", lambda m: f" {dict(zip('*/+-', '×÷+−', strict=True))[m[1]]} ", filled)
    return clean(f"{filled} = {amount(computation.result, computation.unit)}")


def place(evidence: Evidence, language: Language = "zh") -> str:
    """Where a piece of evidence stands inside its file, "" where it stands for the whole file."""
    parts = [
        say(f"place.{key}", language, n=clean(str(value)))
        for key in ("page", "sheet", "cell", "table", "row", "paragraph")
        if (value := getattr(evidence, key)) is not None
    ]
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Item:
    """A finding with what an export needs beside it. `group` is one of GROUPS; `number` counts negative ones from 1."""

    finding: Finding
    requirement: Requirement | None
    decision: Decision | None
    group: str
    step: str
    secrets: tuple[str, ...]
    number: int = 0

    @property
    def negative(self) -> bool:
        """Whether it is a problem that stands."""
        return self.group in SEVERITIES

    @property
    def dimension(self) -> str:
        """The dimension of its requirement, "" where the pack does not have it."""
        return self.requirement.dimension if self.requirement else ""

    def text(self, text: str) -> str:
        """`text` fit to be shown: entries of keyword lists and question banks blanked out."""
        for secret in self.secrets:
            text = text.replace(secret, "〔词条略〕")
        return clean(text)

    @property
    def statement(self) -> str:
        """What is wrong, without entries of lists."""
        return self.text(self.finding.statement)

    @property
    def advice(self) -> str:
        """What to do: the suggested text, or the general advice of the requirement."""
        if self.finding.revision:
            return self.text(self.finding.revision.after)
        return self.requirement.revise if self.requirement else ""


@dataclass(frozen=True, slots=True)
class Material:
    """One line of the material check: an expected document, or files nobody asked for (`expected` None)."""

    name: str
    expected: ExpectedDocument | None
    files: tuple[ReviewedFile, ...]
    worst: Severity | None  # of the problems standing in these files

    @property
    def state(self) -> str:
        """有, 无, 需补, 未读全 or, for a document that is not required and not there, —."""
        if not self.files:
            return "无，需补" if self.expected and self.expected.required else "—"
        if self.worst in (Severity.FATAL, Severity.MAJOR):
            return "有，需补"
        return "有，未读全" if any(f.unreadable for f in self.files) else "有"


@dataclass(frozen=True)
class View:
    """A review beside its pack."""

    review: Review
    pack: Pack

    @cached_property
    def roles(self) -> dict[str, str]:
        """Role of each reviewed file."""
        return {f.file: f.role for f in self.review.filing.files}

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All findings: by group, then in reading order, then by id; negative ones numbered."""
        unordered = [self._item(f) for f in self.review.findings]
        steps, severities = list(STEPS), list(SEVERITIES)
        unordered.sort(
            key=lambda i: (
                GROUPS.index(i.group), severities.index(i.finding.severity), steps.index(i.step),
                i.finding.requirement, i.finding.defect or "", i.finding.id,
            )
        )  # fmt: skip
        return tuple(self._numbered(unordered))

    def of(self, *groups: str) -> tuple[Item, ...]:
        """Items of `groups`, in order."""
        return tuple(i for i in self.items if i.group in groups)

    def withheld(self, evidence: Evidence) -> bool:
        """Whether the quote is an entry of a keyword list or question bank."""
        return self.roles.get(evidence.file) in WITHHELD_ROLES and bool(evidence.quote)

    def fact(self, name: str) -> Fact | None:
        """The first fact of this name, the application form before other documents."""
        found = [f for f in self.review.facts if f.name == name]
        return next((f for f in found if f.role == Role.FORM), found[0] if found else None)

    def fact_text(self, name: str) -> str:
        """The value of `fact(name)`, "" where no document states it."""
        fact = self.fact(name)
        return number(fact.value) if fact else ""

    @cached_property
    def model(self) -> str:
        """The model as filings call it: its name, and its version where the name does not have it already."""
        name, version = self.fact_text("model.name"), self.fact_text("model.version")
        return name if version and version in name else f"{name} {version}".strip()

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """The reasons of the conclusion; they repeat findings, so their entries of lists are blanked out too."""
        found = self.review.conclusion.reasons
        for item in self.of(*SEVERITIES):
            found = tuple(item.text(reason) for reason in found)
        return tuple(clean(reason) for reason in found)

    @cached_property
    def fingerprint(self) -> str:
        """One hash over all files of the package."""
        lines = "\n".join(sorted(f"{f.sha256}  {f.file}" for f in self.review.filing.files))
        return hashlib.sha256(lines.encode(errors="replace")).hexdigest()

    @cached_property
    def materials(self) -> tuple[Material, ...]:
        """The documents the route expects with the files that are them, then the remaining files."""
        filing = self.review.filing
        profiles = [p for p in self.pack.profiles if p.route == filing.route]
        of_province = [p for p in profiles if p.province and p.province == filing.service.province]
        profile = next(iter(of_province or [p for p in profiles if p.province is None]), None)
        expected = profile.documents if profile else ()
        lines = [
            self._material(e.name, e, tuple(f for f in filing.files if f.role == e.role))
            for e in expected
        ]  # fmt: skip
        known = {e.role for e in expected}
        others = (f for f in filing.files if f.role not in known)
        return (*lines, *(self._material(say(f"role.{f.role}"), None, (f,)) for f in others))

    @cached_property
    def requirement_states(self) -> tuple[tuple[Requirement, str, tuple[Item, ...]], ...]:
        """Each requirement of the pack that was assessed, its state in words, and its findings."""
        failed = {f.requirement for f in self.review.failures}
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.finding.requirement, []).append(item)
        return tuple(
            (r, _state(found.get(r.id, []), r.id in failed), tuple(found.get(r.id, ())))
            for r in self.pack.requirements
            if r.id in found or r.id in failed
        )

    def _item(self, finding: Finding) -> Item:
        decision = next((d for d in reversed(self.review.decisions) if d.finding == finding.id), None)
        if decision and decision.action == "reopen":
            decision = None
        if decision and decision.action == "amend":
            try:
                finding = Finding.model_validate({**finding.model_dump(), **decision.amended, "id": finding.id})
            except ValidationError as error:
                raise ExportError(f"问题 {finding.id} 的人工修改无法套用：{error}") from error
        group = str(finding.severity) if finding.verdict in NEGATIVE else str(finding.verdict)
        if decision and decision.action == "dismiss":
            group = "dismissed"
        secrets = {e.quote.strip() for e in finding.evidence if self.withheld(e)} - self._risk_names
        return Item(
            finding=finding,
            requirement=self.pack.requirement(finding.requirement),
            decision=decision,
            group=group,
            step=step(finding.requirement),
            secrets=tuple(sorted((s for s in secrets if not _HARMLESS.fullmatch(s)), key=lambda s: (-len(s), s))),
        )

    @staticmethod
    def _numbered(items: list[Item]) -> Iterator[Item]:
        for n, i in enumerate(items, 1):  # negative groups come first, so their numbers run from 1 without gaps
            yield Item(i.finding, i.requirement, i.decision, i.group, i.step, i.secrets, n if i.negative else 0)

    @cached_property
    def _risk_names(self) -> set[str]:
        return {name for risk in self.pack.risks for name in (risk.name, *risk.synonyms)}

    def _material(self, name: str, expected: ExpectedDocument | None, files: tuple[ReviewedFile, ...]) -> Material:
        names = {f.file for f in files}
        severities = {
            i.finding.severity for i in self.items if i.negative and any(e.file in names for e in i.finding.evidence)
        }
        return Material(name, expected, files, next((s for s in SEVERITIES if s in severities), None))


def _state(items: list[Item], failed: bool) -> str:
    groups = {i.group for i in items}
    if groups & {"fatal", "major"}:
        return "不符合"
    if "minor" in groups:
        return "基本符合"
    if failed:
        return "未能判断"
    if "unclear" in groups:
        return "需人工核对"
    return "不适用" if groups == {"not_applicable"} else "符合"
