"""What every rule is given, and the few ways to say what it found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from assist_review.filing import Filing
from assist_review.lists import Extraction
from assist_review.messages import message
from assist_review.passages import Hit, Passage, Reading, neighbours, readings, spans
from assist_review.regulation import Pack, PackageProfile, Requirement, Severity
from assist_review.review import Computation, Evidence, Finding, Match, Origin, Verdict

ROLE_NAMES = {
    "form": "备案表（登记表）", "report": "安全自评估报告", "agreement": "服务协议", "privacy": "隐私政策",
    "annotation_rules": "标注规则", "keywords": "拦截关键词列表", "questions": "评估测试题集", "licence": "营业执照",
    "commitment": "承诺书", "authorisation": "授权材料", "evidence": "佐证材料", "test_channel": "测试通道说明", "other": "其他材料",
}  # fmt: skip
Params = dict[str, Any]
_TITLES, _TITLE, _HEADING = 6, 44, 20  # passages that may be the title; characters of a title, of a heading


@dataclass(frozen=True)
class Context:
    """A filing as the rules see it: documents made searchable, facts, lists, the pack and the day of review."""

    filing: Filing
    extraction: Extraction
    pack: Pack
    as_of: date
    matches: dict[str, tuple[Match, ...]] = field(default_factory=dict)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every document made searchable, in package order."""
        return readings(self.filing.documents)

    def reading(self, *roles: str) -> tuple[Reading, ...]:
        """Searchable documents of `roles`; of all roles where none is named.

        Where the privacy policy is bound into the agreement, the agreement is read for both.
        """
        wanted = {*roles, *(self.bound if "privacy" in roles else ())}
        return tuple(r for r in self.readings if not roles or r.role in wanted)

    @cached_property
    def bound(self) -> frozenset[str]:
        """The roles whose papers also hold the privacy policy: the agreement, where no policy of its own is there."""
        if any(r.role == "privacy" for r in self.readings):
            return frozenset()
        return frozenset(r.role for r in self.readings if r.role == "agreement" and holds_policy(r))

    @cached_property
    def clause_tables(self) -> frozenset[tuple[str, str]]:
        """(file, table id) of clause-by-clause tables: they restate every duty, so they say nothing about its content."""
        return frozenset((t.file, t.table.id) for t in self.extraction.tables if t.kind == "clause_results")

    def speaks(self, passage: Passage) -> bool:
        """Whether a passage is the filing's own account and not a row of a clause table."""
        return (passage.file, passage.table) not in self.clause_tables

    @cached_property
    def _restating(self) -> dict[tuple[str, str], int]:
        """The column of each clause table that holds the clauses themselves."""
        return {
            (t.file, t.table.id): t.columns["requirement"] for t in self.extraction.tables
            if t.kind == "clause_results" and "requirement" in t.columns
        }  # fmt: skip

    def restates(self, hit: Hit) -> bool:
        """Whether a hit lies in the words of a clause that a clause table answers, not in the answer."""
        column = self._restating.get((hit.passage.file, hit.passage.table))
        return column is not None and hit.passage.key.count("\x1e", 0, hit.end) == column

    @cached_property
    def profile(self) -> PackageProfile:
        """The package profile of the route (and province, where the pack has one)."""
        fitting = [p for p in self.pack.profiles if p.route == self.filing.route]
        own = [p for p in fitting if p.province and p.province == self.filing.service.province]
        return (own or [p for p in fitting if not p.province] or fitting)[0]

    @cached_property
    def filed_on(self) -> date:
        """The day the package was made: the date of the form where it has one, else the day of review."""
        for fact in self.extraction.named("date.form"):
            try:
                return date.fromisoformat(str(fact.value))
            except ValueError:
                continue
        return self.as_of

    def word(self, key: str, **values: object) -> str:
        """A sentence of the pack's language; see `messages`."""
        return message(self.pack.lexicon, key, **values)

    def named(self, roles: Iterable[str]) -> str:
        """The documents of these roles as a reader calls them."""
        names = self.pack.roles or ROLE_NAMES
        return self.word("list").join(dict.fromkeys(names.get(r, r) for r in roles))

    def phrases(self, name: str) -> Any:
        """A word list of the pack's `lexicon/phrases.toml`."""
        return self.pack.lexicon.get("phrases", {}).get(name, [])


@dataclass(frozen=True)
class Say:
    """Makes the findings of one requirement and one check."""

    requirement: Requirement
    params: Params

    def _make(self, verdict: Verdict, statement: str, **more: Any) -> Finding:
        severity = more.pop("severity", None) or self.params.get("severity") or self.requirement.severity
        return Finding(
            requirement=self.requirement.id,
            verdict=verdict,
            statement=statement,
            severity=Severity(severity),
            origin=Origin(kind="rule", name=str(self.params["kind"])),
            to_be_verified=self.requirement.confidence == "C",
            **more,
        )

    def code(self, name: str = "defect") -> str | None:
        """The defect code for `name`: from `params["defects"]`, `params["defect"]`, else the requirement's first."""
        codes = self.params.get("defects", {})
        if isinstance(codes, dict) and name in codes:
            return str(codes[name])
        default = self.params.get("defect") or next(iter(self.requirement.defects), None)
        return str(default) if default else None

    def wrong(
        self,
        statement: str,
        evidence: Iterable[Evidence] = (),
        *,
        defect: str | None = None,
        computations: Iterable[Computation] = (),
        severity: str | None = None,
        verdict: Verdict = "non_compliant",
        confidence: float = 0.95,
    ) -> Finding:
        """A problem."""
        return self._make(
            verdict, statement, evidence=tuple(evidence), defect=defect or self.code(),
            computations=tuple(computations), severity=severity, confidence=confidence,
        )  # fmt: skip

    def missing(self, statement: str, evidence: Iterable[Evidence] = (), **more: Any) -> Finding:
        """Something that has to be there and is not."""
        return self.wrong(statement, evidence, verdict="missing", **more)

    def unclear(self, statement: str, evidence: Iterable[Evidence] = (), confidence: float = 0.5) -> Finding:
        """A person has to read."""
        return self._make("unclear", statement, evidence=tuple(evidence), confidence=confidence)

    def fine(
        self, statement: str, evidence: Iterable[Evidence] = (), computations: Iterable[Computation] = ()
    ) -> Finding:
        """Nothing wrong found, and that is enough."""
        return self._make(
            "compliant", statement, evidence=tuple(evidence), computations=tuple(computations), confidence=0.9
        )

    def not_applicable(self, statement: str) -> Finding:
        """The requirement does not apply to this filing."""
        return self._make("not_applicable", statement, confidence=0.9)


def holds_policy(agreement: Reading) -> bool:
    """Whether a privacy policy is bound into an agreement: its file name, its title or a heading says so."""
    titles = [agreement.file.rsplit("/", 1)[-1], *(p.key for p in agreement.passages[:_TITLES] if len(p.key) <= _TITLE)]
    headings = [p.key for p in agreement.passages if p.heading and len(p.key) < _HEADING]
    return any("隐私" in t or "个人信息保护" in t or "个人信息处理规则" in t for t in (*titles, *headings))


def qualified(hit: Hit, words: Iterable[str]) -> bool:
    """Whether the sentence of a hit, or a neighbour, holds one of `words` (terms)."""
    around = neighbours(hit.passage.key, hit.start, hit.end)
    return any(next(spans(around, word), None) is not None for word in words)


def absent(file: str, note: str = "") -> Evidence:
    """Evidence of an absence in `file`."""
    return Evidence(file=file, quote="", state="absent", note=note)


def show(number: float) -> str:
    """A number as a person writes it: thousands separators, no trailing zeros."""
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.4f}".rstrip("0").rstrip(".")
