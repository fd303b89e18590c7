"""Whether labels fit their package: files, ids, quotes word for word, and every countable fact counted again.

An *error* puts the case aside; a *note* only says what could not be checked by a program (a quote on a scan).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal

from assist_review.base import Value
from assist_review.evaluate.labels import LabelledFact, Labels, within
from assist_review.filing import Document, Filing, Role
from assist_review.lists import Extraction
from assist_review.numbers import chinese_value, numbers
from assist_review.regulation import Pack
from assist_review.text import fold

NEEDS = ("count", "arithmetic", "cross", "rule", "judgement", "image")
_CODE = re.compile(r"[A-Z]\d{2}")
_LISTED = re.compile(r"(?:keywords|questions\.\w+)\.(?:total|A\d\.[a-z]|\S+)")


class Problem(Value):
    """One thing in `labels.json` that does not hold, with the key it stands under."""

    level: Literal["error", "note"]
    key: str
    text: str

    def __str__(self) -> str:
        return f"labels.json 的 {self.key}：{self.text}"


class Texts:
    """A filing as texts to look quotes up in: exact wording first, then folded, then folded over a whole document."""

    def __init__(self, filing: Filing) -> None:
        self._documents = {d.file: d for d in filing.documents}
        self._unread = {file for file, _ in filing.unreadable}
        self._seen: dict[str, _Document] = {}

    def known(self, file: str) -> bool:
        """Whether the package has this file, readable or not; an archive is known by what lies in it."""
        return any(within(f, file) for f in (*self._documents, *self._unread))

    def find(self, file: str, quote: str) -> Literal["exact", "folded", "image", "no"]:
        """How `quote` is found in `file`; `image` where the file's text is (partly) from OCR or not read at all."""
        inside = [d for f, d in self._documents.items() if within(f, file)]
        seen = [self._seen.setdefault(d.file, _Document(d)) for d in inside]
        if any(quote in text for each in seen for text in each.texts):
            return "exact"
        if any(fold(quote) in each.key for each in seen):
            return "folded"
        unread = any(within(f, file) for f in self._unread)
        scanned = any(d.format == "image" or d.ocr_pages or d.unreadable or d.marks for d in inside)
        return "image" if scanned or unread else "no"

    def pages(self, file: str, quote: str) -> frozenset[tuple[str, int]]:
        """Files and pages where `quote` stands; empty where the format has no pages."""
        needle = fold(quote)
        found: set[tuple[str, int]] = set()
        for document in (d for f, d in self._documents.items() if needle and within(f, file)):
            places = [b.place.page for b in document.blocks if needle in fold(b.text)]
            for table in document.tables:
                for row, place in zip(table.rows, table.row_places, strict=True):
                    if any(needle in fold(cell) for cell in row):
                        places.append(place.page)
            found |= {(document.file, p) for p in places if p is not None}
        return frozenset(found)


class _Document:
    def __init__(self, document: Document) -> None:
        self.texts = tuple(texts_of(document))

    @cached_property
    def key(self) -> str:
        return "".join(fold(t) for t in self.texts)


def texts_of(document: Document) -> Iterator[str]:
    """Every text of a document: visible, hidden, of cells, sheet names, marks and properties."""
    ordered: list[tuple[int, tuple[str, ...]]] = [(b.order, (b.text,)) for b in document.blocks]
    ordered += [(t.order, tuple(c for r in t.rows for c in r if c)) for t in document.tables]
    for _, texts in sorted(ordered, key=lambda each: each[0]):
        yield from texts
    yield from (h.text for h in document.hidden)
    for sheet in document.sheets:
        yield sheet.name
        yield from (c for r in sheet.rows for c in r if c)
    yield from (m.text for m in document.marks if m.text)
    yield from document.properties.values()
    yield document.file


def validate(labels: Labels, filing: Filing, extraction: Extraction, pack: Pack) -> tuple[Problem, ...]:
    """Every problem of `labels`, errors first."""
    found = list(_problems(labels, filing, extraction, pack))
    return tuple(sorted(found, key=lambda p: p.level != "error"))


def _problems(labels: Labels, filing: Filing, extraction: Extraction, pack: Pack) -> Iterator[Problem]:
    texts = Texts(filing)
    known = {r.id for r in pack.requirements}
    roles = tuple(pack.roles) or tuple(Role)
    if labels.route not in pack.routes:
        yield _error("route", f"规则包没有路线“{labels.route}”，应为 {'、'.join(pack.routes)}")
    for n, labelled in enumerate(labels.documents):
        yield from _file(f"documents[{n}].file", labelled.file, texts)
        if labelled.role not in roles:
            yield _error(f"documents[{n}].role", f"没有“{labelled.role}”这种文件类别")
    yield from _repeated("defects", [d.id for d in labels.defects])
    for d in labels.defects:
        at = f"defects[{d.id}]"
        yield from _ids(at, d.requirements, (d.code,), known)
        for need in d.needs:
            if need not in NEEDS:
                yield _error(f"{at}.needs", f"“{need}”不可用，应为 {' '.join(NEEDS)}")
        for file in d.documents:
            yield from _file(f"{at}.documents", file, texts)
        for m, quote in enumerate(d.quotes):
            yield from _quote(f"{at}.quotes[{m}]", d.documents, quote, texts)
        if not d.documents and not d.absent:
            yield _error(f"{at}.documents", "没有写明文件，又不是缺失类缺陷")
        if not d.quotes and not d.absent and "image" not in d.needs:
            yield _note(f"{at}.quotes", "没有引文，只能核对文件")
    for n, entry in enumerate(labels.must_not_flag):
        at = f"must_not_flag[{n}]"
        yield from _ids(at, (entry.requirement,), (entry.code,), known)
        yield from _file(f"{at}.document", entry.document, texts)
        yield from _quote(f"{at}.quote", (entry.document,), entry.quote, texts)
    for n, accepted in enumerate(labels.acceptable):
        yield from _ids(f"acceptable[{n}]", (accepted.requirement,), (accepted.code,), known)
    for n, fact in enumerate(labels.facts):
        at = f"facts[{n}:{fact.name}]"
        yield from _file(f"{at}.document", fact.document, texts)
        yield from _quote(f"{at}.quote", (fact.document,), fact.quote, texts)
        yield from _recount(at, fact, filing, extraction)


def _error(key: str, text: str) -> Problem:
    return Problem(level="error", key=key, text=text)


def _note(key: str, text: str) -> Problem:
    return Problem(level="note", key=key, text=text)


def _file(key: str, file: str, texts: Texts) -> Iterator[Problem]:
    if not texts.known(file):
        yield _error(key, f"材料包中没有文件“{file}”")


def _repeated(key: str, ids: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            yield _error(key, f"编号 {each} 重复")
        seen.add(each)


def _ids(
    key: str, requirements: Iterable[str | None], codes: Iterable[str | None], known: set[str]
) -> Iterator[Problem]:
    for requirement in requirements:
        if requirement is not None and requirement not in known:
            yield _error(f"{key}.requirement", f"规则包中没有要求“{requirement}”")
    for code in codes:
        if code is not None and not _CODE.fullmatch(code):
            yield _error(f"{key}.code", f"“{code}”不是缺陷代码")


def _quote(key: str, files: tuple[str, ...], quote: str, texts: Texts) -> Iterator[Problem]:
    if not quote:
        return
    states = {texts.find(file, quote) for file in files}
    if states & {"exact", "folded"}:
        return
    if "image" in states:
        yield _note(key, f"“{_short(quote)}”在扫描件或者图片中，程序没有读到，需要人工核对")
    elif files:
        yield _error(key, f"{'、'.join(files)} 中没有“{_short(quote)}”")


def _recount(key: str, fact: LabelledFact, filing: Filing, extraction: Extraction) -> Iterator[Problem]:
    """A number has to stand in its quote, or has to come out when the rows of the list are counted."""
    if isinstance(fact.value, str):
        if fact.quote and fold(fact.value) not in fold(fact.quote):
            yield _note(f"{key}.value", f"引文“{_short(fact.quote)}”中没有这个写法“{fact.value}”")
        return
    value = float(fact.value)
    if any(_same(value, n) for n in _stated(fact.quote)):
        return
    document = filing.document(fact.document)
    if document is None or not _LISTED.fullmatch(fact.name) or not document.sheets:
        yield _note(f"{key}.value", f"引文“{_short(fact.quote)}”中没有数字 {fact.value}")
        return
    counted = {float(f.value) for f in extraction.facts if f.counted and f.name == fact.name and _number(f.value)}
    rows = {float(n) for n in _rows_with(document, fact.quote)}
    if not any(_same(value, n) for n in counted | rows):
        shown = "、".join(f"{n:g}" for n in sorted(counted | rows)) or "无"
        yield _error(f"{key}.value", f"写为 {fact.value}，在“{fact.document}”中数得 {shown}")


def _number(value: Any) -> bool:
    return isinstance(value, int | float)


def _stated(quote: str) -> Iterator[float]:
    for number in numbers(quote):
        yield number.value
    yield from (float(t) for t in re.findall(r"\d+(?:\.\d+)?", quote.replace(",", "")))
    for text in re.findall(r"[零〇一二两三四五六七八九十百千万亿]+", quote):
        value = chinese_value(text)
        if value is not None:
            yield value


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))


def _rows_with(document: Document, name: str) -> Iterator[int]:
    """Counts that need no reading of the list: rows whose cell says `name`, cells under a heading that says it.

    Of each visible sheet, and of all of them together; a sheet of that name counts its rows but the heading.
    """
    needle = fold(name)
    same = under = 0
    for sheet in document.sheets:
        if not sheet.visible:
            continue
        rows = [row for number, row in enumerate(sheet.rows, start=1) if number not in sheet.hidden_rows]
        counts = sum(any(fold(cell) == needle for cell in row) for row in rows)
        below = _below(rows, needle)
        same, under = same + counts, under + below
        yield from (counts, below)
        if fold(sheet.name) == needle:
            yield sum(any(row) for row in rows) - 1
    yield from (same, under)


def _below(rows: Sequence[tuple[str, ...]], needle: str) -> int:
    """Filled cells under the first cell that says `needle`."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if fold(cell) == needle:
                return sum(column < len(r) and bool(r[column].strip()) for r in rows[number + 1 :])
    return 0


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
