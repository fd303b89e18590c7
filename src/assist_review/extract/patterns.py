"""The patterns of `lexicon/facts.toml`, compiled, and the three ways they find facts in a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assist_review.extract.lines import Line
from assist_review.numbers import Number, find_dates, find_numbers
from assist_review.review import Fact
from assist_review.text import fold

_MACROS = {
    "{company}": r"(?P<v>[\u4e00-\u9fffa-z0-9()·]{2,30}?(?:有限责任公司|有限公司|研究院|研究所|研究中心|集团|大学))",
    "{person}": r"(?P<v>[\u4e00-\u9fff]{2,4}?|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8})",
    "{email}": r"(?P<v>[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})",
    "{phone}": (
        r"(?P<v>(?<!\d)(?:400[- ]?\d{3,4}[- ]?\d{3,4}|0\d{2,3}[- ]?\d{3,4}[- ]?\d{3,5}|1[3-9]\d{9}|1\d{4}(?!\d)|"
        r"95\d{3,4})(?!\d))"
    ),
}  # fmt: skip
_EMPTY = re.compile(
    r"^[\s_/\-—.xX×*]*$|^[(\[<]?(?:待(?:补充|定|填|确认)|无|暂无|空|填写|同上|略|详见|见附件|签字|盖章|xxx?|不涉及|不适用)"
)
_LEAD = re.compile(
    r"^(?:.*(?:由|适用于|对象为|对象是|指|之日起|您与)|(?:本|该|此)[\u4e00-\u9fff]{0,10}?(?:为|是|系))(?=.{6,})"
)
_AFTER_VALUE = 40
_BEFORE_VALUE = 60
_AFTERWARDS = 2  # how far behind a value the words of `unless` count


@dataclass(frozen=True)
class Pattern:
    """One entry of facts.toml. `before` and `after` surround a number or date; `search` finds a text."""

    fact: str
    kind: str  # number | date | text
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    search: re.Pattern[str] | None
    units: frozenset[str]
    roles: frozenset[str]
    need: re.Pattern[str] | None  # in label, heading or sentence
    unless: re.Pattern[str] | None  # in label, or in the part as far as the value
    section: re.Pattern[str] | None
    not_section: re.Pattern[str] | None
    limits: bool
    unit: str  # where the number has none
    clean: str


@dataclass(frozen=True)
class Label:
    """A label of forms and what its value is."""

    fact: str
    any: frozenset[str]
    clean: str
    roles: frozenset[str]
    section: re.Pattern[str] | None
    not_section: re.Pattern[str] | None


def _regex(entry: dict[str, Any], name: str) -> re.Pattern[str] | None:
    return re.compile(entry[name]) if entry.get(name) else None


def _expanded(wording: str) -> str:
    for macro, regex in _MACROS.items():
        wording = wording.replace(macro, regex)
    return wording


def compile_patterns(lexicon: dict[str, Any]) -> tuple[Pattern, ...]:
    """All `[[prose]]` entries: one `Pattern` per wording."""
    compiled = []
    for entry in lexicon.get("facts", {}).get("prose", ()):
        for each in entry["any"]:
            wording = _expanded(each)
            kind = "number" if "{n}" in wording else "date" if "{d}" in wording else "text"
            before = after = search = None
            if kind == "text":
                search = re.compile(wording)
            else:
                left, _, right = wording.partition("{n}" if kind == "number" else "{d}")
                before = re.compile(f"(?:{left})$")
                after = re.compile(right) if right else None
            compiled.append(Pattern(
                fact=entry["fact"], kind=kind, before=before, after=after, search=search,
                units=frozenset(entry.get("units", ())), roles=frozenset(entry.get("roles", ())),
                need=_regex(entry, "need"), unless=_regex(entry, "unless"), section=_regex(entry, "section"),
                not_section=_regex(entry, "not_section"), limits=bool(entry.get("limits")), unit=entry.get("unit", ""),
                clean=entry.get("clean", "text"),
            ))  # fmt: skip
    return tuple(compiled)


def compile_labels(lexicon: dict[str, Any]) -> tuple[Label, ...]:
    """All `[[label]]` entries."""
    return tuple(
        Label(
            fact=entry["fact"], any=frozenset(fold(a) for a in entry["any"]), clean=entry.get("clean", "text"),
            roles=frozenset(entry.get("roles", ())), section=_regex(entry, "section"),
            not_section=_regex(entry, "not_section"),
        )
        for entry in lexicon.get("facts", {}).get("label", ())
    )  # fmt: skip


def known_labels(lexicon: dict[str, Any]) -> frozenset[str]:
    """Every label word of the lexicon, folded."""
    facts = lexicon.get("facts", {})
    words = [a for entry in facts.get("label", ()) for a in entry["any"]] + list(facts.get("labels", ()))
    return frozenset(fold(w) for w in words)


def _fits(pattern: Pattern, line: Line, at: int, end: int) -> bool:
    if pattern.section and not pattern.section.search(fold(line.section)):
        return False
    if pattern.not_section and pattern.not_section.search(fold(line.section)):
        return False
    if pattern.need and not pattern.need.search(
        f"{line.label}|{line.heading}|{line.above}|{line.opening}|{line.sentence(at)}"
    ):
        return False
    if pattern.unless:
        start = line.part(at)[0]
        return not pattern.unless.search(f"{line.label}|{line.key[start : end + _AFTERWARDS]}")
    return True


def prose_facts(line: Line, patterns: tuple[Pattern, ...]) -> Iterator[Fact]:
    """Facts that the wordings find in one line."""
    role = line.document.role
    usable = [p for p in patterns if not p.roles or role in p.roles]
    for number in find_numbers(line.key):
        for pattern in usable:
            if pattern.kind == "number" and _number_fits(pattern, number) and _surrounds(pattern, line, number):
                yield _number_fact(pattern, line, number)
    for dated in find_dates(line.key):
        for pattern in usable:
            if (
                pattern.kind == "date"
                and _around(pattern, line, dated.start, dated.end)
                and _fits(pattern, line, dated.start, dated.end)
            ):
                yield line.fact(pattern.fact, dated.iso, dated.start, dated.end)
    for pattern in usable:
        if pattern.search:
            for match in pattern.search.finditer(line.key):
                start, end = match.span("v")
                value = clean(line.text.quote(start, end), pattern.clean)
                if value and _fits(pattern, line, start, end):
                    yield line.fact(pattern.fact, value, start, end)


def _number_fits(pattern: Pattern, number: Number) -> bool:
    if (pattern.units and number.unit not in pattern.units) or number.high is not None:
        return False
    return pattern.limits or not number.limit


def _around(pattern: Pattern, line: Line, start: int, end: int) -> bool:
    before = pattern.before.search(line.key[max(0, start - _BEFORE_VALUE) : start]) if pattern.before else None
    if not before:
        return False
    return not pattern.after or bool(pattern.after.match(line.key[end : end + _AFTER_VALUE]))


def _surrounds(pattern: Pattern, line: Line, number: Number) -> bool:
    return _around(pattern, line, number.start, number.end) and _fits(pattern, line, number.start, number.end)


_DAYS = {"月": 30, "年": 365, "周": 7}


def _number_fact(pattern: Pattern, line: Line, number: Number) -> Fact:
    value, unit = number.value, number.unit or pattern.unit
    if pattern.clean == "days" and unit in _DAYS:
        value, unit = value * _DAYS[unit], "日"
    start = number.start
    before = pattern.before.search(line.key[:start]) if pattern.before else None
    if before and before.end() - before.start() <= 16:
        start = before.start()  # the clause, not only the figure, where that stays short
    return line.fact(pattern.fact, value, start, number.end, unit=unit, approximate=number.approximate)


def label_facts(line: Line, labels: tuple[Label, ...]) -> Iterator[Fact]:
    """Facts that the label of a line names."""
    start = len(line.label) + 1
    for label in labels:
        if line.label not in label.any or (label.roles and line.document.role not in label.roles):
            continue
        section = fold(line.section)
        if (label.section and not label.section.search(section)) or (
            label.not_section and label.not_section.search(section)
        ):
            continue
        if label.clean in ("date", "date_start", "date_end"):
            dates = find_dates(line.key)
            if label.clean == "date_end" and len(dates) < 2:
                continue
            if dates:
                dated = dates[-1] if label.clean == "date_end" else dates[0]
                yield line.fact(label.fact, dated.iso, dated.start, dated.end)
            continue
        raw = line.text.quote(start, len(line.key))
        value = clean(raw, label.clean)
        if value:
            at = line.key.find(fold(value), start)
            span = (at, at + len(fold(value))) if at >= 0 else (start, len(line.key))
            yield line.fact(label.fact, value, *span, approximate=line.written)
            if label.clean == "model":
                yield from _name_and_version(line, label.fact, value, span)


def _name_and_version(line: Line, fact: str, value: str, span: tuple[int, int]) -> Iterator[Fact]:
    """The bare name, and for the filed model the version, where a cell holds both ("…大模型 V3.0")."""
    match = re.search(
        r"(?P<name>.*?[^\s\d.vV])\s*[（(]?(?P<version>[vV]\d+(?:\.\d+)*|(?<=\s)\d+\.\d+(?:\.\d+)*)[)）]?$", value
    )
    if match:
        end = span[0] + len(fold(match["name"]))
        yield line.fact(fact, match["name"].strip(), span[0], end)
        if fact in ("model.name", "service.name"):
            yield line.fact("model.version", match["version"], span[1] - len(fold(match["version"])), span[1])


_NO_PERSON = re.compile(
    "期限|权限|范围|签字|签名|姓名|身份|单位|地址|电话|盖章|代表|公司|日期|职务|负责|编号|证件|如下|以下|办理"
)
_CLEANERS = {
    "company": re.compile(
        r"^(?P<v>[^（(]{3,40}?(?:[（(][\u4e00-\u9fff]{2,8}[）)][^（(]{2,30}?)?)\s*(?:[（(][^）)]*[）)]?)?\s*$"
    ),
    "person": re.compile(r"^(?P<v>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff·]{3,15})(?:[（(/，,\s].*)?$"),
    "uscc": re.compile(r"(?P<v>[0-9A-Za-z]{15,20})(?![0-9A-Za-z])"),
    "model": re.compile(r"^(?P<v>[^（(，,；;。\n]{2,40}?)\s*(?:[（(，,；;\n].*)?$", re.S),
    "version": re.compile(r"(?P<v>[Vv]?\d+(?:\.\d+)*(?:[-.][A-Za-z0-9]+)?)"),
    "email": re.compile(r"(?P<v>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"),
    "phone": re.compile(r"(?P<v>(?<!\d)(?:400|0\d{2,3}|1[3-9]\d)[- ]?\d{3,4}[- ]?\d{3,5}(?!\d))"),
    "algorithm_no": re.compile(r"(?P<v>网信算备\s*[\dA-Za-z-]{6,30}\s*号?)"),
    "filing_no": re.compile(r"(?P<v>[A-Z][A-Za-z]+\s*-\s*[A-Za-z0-9]+\s*-\s*\d{6,}[A-Z]?\d*)"),
    "icp": re.compile(r"(?P<v>[\u4e00-\u9fff]\s*ICP\s*[备证]\s*\d{5,}\s*号?(?:-\d+)?)", re.I),
}  # fmt: skip


def clean(raw: str, how: str) -> str:
    """The value in `raw` (a cell, or what a wording caught) for a fact of type `how`; "" where there is none."""
    text = raw.strip().strip("：:，,；;。“”\"'")
    if not text or _EMPTY.match(fold(text)):
        return ""
    pattern = _CLEANERS.get(how)
    if pattern is None:
        return re.sub(r"\s*\n\s*", "", text) if len(text) <= 200 else ""
    match = pattern.search(text)
    if not match:
        return ""
    value = re.sub(r"\s*\n\s*", "", match["v"].strip())
    if how == "company":
        value = _LEAD.sub("", value)
    if how == "person" and _NO_PERSON.search(value):
        return ""
    return value.upper() if how == "uscc" else value
