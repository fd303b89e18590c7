"""Passages: the blocks and table rows of a document as one list, and a folded index to search them.

A passage is the unit of quoting: a quote lies inside one block or one table cell. The index folds each
passage once; every rule searches the folded text and gets the exact wording back.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assist_review.filing import Document, Place
from assist_review.review import Evidence
from assist_review.text import fold, fold_map
from assist_review.ticks import unticked

GAP = 16  # characters that may stand between A and B of a term "A..B"
_STOP = re.compile(r"[;!?\n]|\.(?!\d)|(?<!\d)\.")


@dataclass(frozen=True)
class Passage:
    """A block or a table row with its place; `cells` is empty for blocks."""

    file: str
    role: str
    section: str
    text: str
    place: Place
    order: int
    table: str = ""  # table id for rows
    heading: bool = False
    cells: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """The folded text."""
        return "\x1e".join(fold(c) for c in self.cells) if self.cells else fold(self.text)


def passages(document: Document) -> Iterator[Passage]:
    """Blocks and table rows of `document` in reading order; worksheets only where they are not lists."""
    parts: list[Passage] = []
    for block in document.body:
        if block.text.strip():
            parts.append(
                Passage(
                    document.file, document.role, block.section, block.text, block.place, block.order,
                    heading=block.kind == "heading",
                )
            )  # fmt: skip
    for table in document.tables:
        for row, place in zip(table.rows, table.row_places, strict=True):
            if any(row):
                parts.append(
                    Passage(
                        document.file, document.role, table.section, " | ".join(c for c in row if c), place,
                        table.order, table=table.id, cells=row,
                    )
                )  # fmt: skip
    order = max((p.order for p in parts), default=0) + 1
    if document.role not in ("keywords", "questions"):
        for sheet in document.sheets:
            for number, row in enumerate(sheet.rows, start=1):
                if sheet.visible and number not in sheet.hidden_rows and any(row):
                    parts.append(
                        Passage(
                            document.file, document.role, sheet.name, " | ".join(c for c in row if c),
                            Place(sheet=sheet.name, row=number), order, table=sheet.name, cells=row,
                        )
                    )  # fmt: skip
    return iter(sorted(parts, key=lambda p: p.order))


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term was found: the passage and the span of its folded text."""

    passage: Passage
    start: int
    end: int


class Reading:
    """One document made searchable: passages folded and joined, so a term is looked for once per document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.passages = tuple(passages(document))
        self._starts: list[int] = []
        parts: list[str] = []
        at = 0
        for passage in self.passages:
            self._starts.append(at)
            parts.append(passage.key)
            at += len(passage.key) + 1
        self.key = "\n".join(parts)

    @property
    def file(self) -> str:
        """Path of the document inside the package."""
        return self.document.file

    @property
    def role(self) -> str:
        """Role of the document."""
        return self.document.role

    def hit(self, start: int, end: int) -> Hit:
        """The hit for a span of `self.key`."""
        i = bisect_right(self._starts, start) - 1
        return Hit(self.passages[i], start - self._starts[i], end - self._starts[i])

    def find(self, term: str) -> Iterator[Hit]:
        """Every place where `term` occurs; see `spans` for the syntax."""
        for start, end in spans(self.key, term):
            hit = self.hit(start, end)
            if not _unticked(hit.passage.key, hit.start):
                yield hit

    def has(self, term: str) -> bool:
        """Whether `term` occurs at all."""
        return next(self.find(term), None) is not None

    def near(self, hit: Hit) -> tuple[Passage, ...]:
        """Passages of the same section; for a table row the row itself and the prose of its section."""
        section = hit.passage.section
        if hit.passage.cells and not section:
            return (hit.passage,)
        return tuple(p for p in self.passages if p.section == section or p.section.startswith(section + " > "))


def _unticked(key: str, at: int) -> bool:
    """Whether position `at` of a passage lies in an option of a form that is not ticked."""
    left = key.rfind("\x1e", 0, at) + 1
    right = key.find("\x1e", at)
    return unticked(key[left : right if right >= 0 else len(key)], at - left)


@lru_cache(maxsize=8192)
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=32768)
def _term(term: str) -> tuple[str, ...]:
    return tuple(fold(part) for part in term.split("..")) if ".." in term else (fold(term),)


def spans(key: str, term: str) -> Iterator[tuple[int, int]]:
    """Spans of folded text `key` where `term` occurs.

    `A` plain; `A..B` A and then B within `GAP` characters and one sentence; `re:...` a regular expression
    over the folded text.
    """
    if term.startswith("re:"):
        for match in _regex(term[3:]).finditer(key):
            if match.end() > match.start():
                yield match.span()
        return
    parts = _term(term)
    if not all(part and part in key for part in parts):
        return
    at = key.find(parts[0])
    while at >= 0:
        end = _follow(key, at + len(parts[0]), parts[1:])
        if end is not None:
            yield at, end
        at = key.find(parts[0], at + 1)


def _follow(key: str, end: int, parts: tuple[str, ...]) -> int | None:
    for part in parts:
        at = key.find(part, end, end + GAP + len(part))
        if at < 0 or _STOP.search(key, end, at):
            return None
        end = at + len(part)
    return end


def sentence_span(key: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence (or table cell) of `key` around `start:end`, closing mark included."""
    left = 0
    for match in _STOP.finditer(key, 0, start):
        left = match.end()
    cell = key.rfind("\x1e", 0, start) + 1
    match_right = _STOP.search(key, end)
    right = match_right.end() if match_right else len(key)
    cell_right = key.find("\x1e", end)
    return max(left, cell), right if cell_right < 0 else min(right, cell_right)


def neighbours(key: str, start: int, end: int) -> str:
    """The sentence around a span with the sentence before and after it, for checking what qualifies it."""
    left, right = sentence_span(key, start, end)
    before, _ = sentence_span(key, max(left - 2, 0), max(left - 1, 0)) if left else (0, 0)
    _, after = sentence_span(key, min(right + 1, len(key)), min(right + 1, len(key)))
    return key[before:after]


def exact(passage: Passage, start: int, end: int) -> str:
    """The wording of the filing behind a span of the folded text of `passage`, inside one cell for rows."""
    if not passage.cells:
        return _slice(passage.text, start, end)
    at = 0
    for cell in passage.cells:
        size = len(fold(cell))
        if start < at + size or (start == end == at):
            return _slice(cell, start - at, min(end - at, size))
        at += size + 1
    return ""


def _slice(text: str, start: int, end: int) -> str:
    key, index = fold_map(text)
    start, end = max(start, 0), min(end, len(key))
    return text[index[start] : index[end - 1] + 1].strip() if start < end else ""


def evidence(hit: Hit, *, whole: bool = True, note: str = "", limit: int = 160) -> Evidence:
    """Evidence for a hit: the whole sentence (or only the matched words), at most `limit` characters."""
    start, end = sentence_span(hit.passage.key, hit.start, hit.end) if whole else (hit.start, hit.end)
    if end - start > limit:
        start = max(start, hit.start - limit // 3)
        end = min(end, start + limit)
    quote = exact(hit.passage, start, end)
    return Evidence.at(hit.passage.file, hit.passage.place, quote, note)


def passage_evidence(passage: Passage, note: str = "", limit: int = 160) -> Evidence:
    """Evidence that shows the beginning of a passage."""
    text = next((c for c in sorted(passage.cells, key=len, reverse=True) if c), "") or passage.text
    return Evidence.at(passage.file, passage.place, text[:limit].strip(), note)


def readings(documents: Iterable[Document]) -> tuple[Reading, ...]:
    """One `Reading` per document."""
    return tuple(Reading(d) for d in documents)
