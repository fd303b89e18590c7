"""What a document states, as lines: paragraphs, and "label: value" pairs from paragraphs and form-like tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assist_review.cells import cell_place
from assist_review.extract.tables import document_tables
from assist_review.filing import Block, Document, Place, Table
from assist_review.keys import Key, keyed
from assist_review.review import Evidence, Fact
from assist_review.text import fold

_NOTE = re.compile(
    r"\([^()]*\)?$|^\(?[\d一二三四五六七八九十]{1,3}[).、,:]+|^\d+(?:\.\d+)*(?=[\u4e00-\u9fff])|[*★:_ ]+"
)
_PAIR = re.compile(
    r"(?P<label>[^：:；;，,。\n]{2,20})[：:][^\S\n]*(?P<value>[^\n]*?)"
    r"(?=[^\S\n]{2,}[^\s：:；;，,。]{2,14}[：:]|[；;\n]|$)"
)
_TITLE = re.compile(r"^[^。；：:！？;!?\n]{2,24}$")
_OPENING = re.compile(r"^[\d.、,()一二三四五六七八九十第条]*([\u4e00-\u9fff]{2,12})[.:;]")
_END = "。！？!?\n"
_GROUP_CELL = 12
_LONG = 4000  # characters of a block that is read as one line


@dataclass(frozen=True)
class Line:
    """One paragraph or one value with its label. `label` is folded, "" for a paragraph; `order` as in the document."""

    document: Document
    text: Key
    place: Place
    section: str
    order: int
    label: str = ""
    above: str = ""  # folded short line above, which may be a heading that was not recognised as one
    written: bool = False  # the value is handwriting on a scan (a signature), read by OCR and unsure

    @property
    def key(self) -> str:
        """The folded text; it begins with "label:" where there is a label."""
        return self.text.key

    @property
    def heading(self) -> str:
        """The nearest heading, folded."""
        return fold(self.section.rsplit(" > ", 1)[-1])

    def fact(
        self, name: str, value: float | int | str, start: int, end: int, *, unit: str | None = None,
        approximate: bool = False,
    ) -> Fact:  # fmt: skip
        """A fact whose proof is `key[start:end]`."""
        quote = self.text.quote(start, end)
        return Fact(
            name=name, value=value, unit=unit or None, role=self.document.role, section=self.section,
            approximate=approximate, evidence=Evidence.at(self.document.file, self.place, quote),
        )  # fmt: skip

    @cached_property
    def opening(self) -> str:
        """The words before the first stop, where a paragraph begins with its own heading ("1.14 投诉举报。入口为…")."""
        match = _OPENING.match(self.key)
        return match[1] if match else ""

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of sentences in `key`; a line end inside a paragraph is not the end of a sentence."""
        return self._split(_END.replace("\n", ""))

    @cached_property
    def parts(self) -> list[tuple[int, int]]:
        """Spans between full stops and semicolons."""
        return self._split(_END.replace("\n", "") + "；;")

    def _split(self, marks: str) -> list[tuple[int, int]]:
        spans, start = [], 0
        for i, place in enumerate(self.text.index):
            if place >= 0 and self.text.raw[place] in marks:
                spans.append((start, i + 1))
                start = i + 1
        return [*spans, (start, len(self.key))] if start < len(self.key) else spans

    def sentence(self, at: int) -> str:
        """The sentence around position `at`, folded."""
        return next((self.key[a:b] for a, b in self.sentences if a <= at < b), self.key)

    def part(self, at: int) -> tuple[int, int]:
        """The span of the part (between full stops and semicolons) around position `at`."""
        return next(((a, b) for a, b in self.parts if a <= at < b), (0, len(self.key)))


def bare_label(text: str) -> str:
    """A label without numbering, notes in brackets, colons and stars."""
    folded = fold(text)
    while True:
        shorter = _NOTE.sub("", folded)
        if shorter == folded:
            return folded
        folded = shorter


def lines(document: Document, labels: frozenset[str], skip: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Paragraph lines, then pairs. Tables whose id is in `skip` (typed ones) and plain tables give no lines."""
    above, section = "", ""
    for block in document.body:
        if block.section != section:
            above, section = "", block.section
        if block.text.strip():
            for text in _pieces(block.text):
                yield Line(document, keyed(text), block.place, block.section, block.order, above=above)
            if block.kind == "paragraph" and _TITLE.match(block.text.strip()):
                above = fold(block.text)
            if len(block.text) <= 600 and ("：" in block.text or ":" in block.text):
                yield from _paragraph_pairs(document, block, labels)
    for table in document_tables(document):
        if table.id not in skip:
            yield from _table_pairs(document, table, labels)
            yield from _nested_pairs(document, table, labels)
            yield from _vertical(document, table)


def _pieces(text: str) -> list[str]:
    """`text`, cut at line and sentence ends where it is a whole document in one block (plain text, bad layouts)."""
    if len(text) <= _LONG:
        return [text]
    return [p for p in re.findall(r"[^\n。]{1,4000}[\n。]?", text) if p.strip()]


def _paragraph_pairs(document: Document, block: Block, labels: frozenset[str]) -> Iterator[Line]:
    for match in _PAIR.finditer(block.text):
        label = bare_label(match["label"])
        if label in labels and match["value"].strip():
            text = keyed(match["value"], label + ":")
            written = bool(document.ocr_pages) and "签" in match["label"]
            yield Line(document, text, block.place, block.section, block.order, label, written=written)


def _table_pairs(document: Document, table: Table, labels: frozenset[str]) -> Iterator[Line]:
    bare = [[bare_label(c) if len(c) <= 40 else "" for c in row] for row in table.rows]
    known = [{c for c, cell in enumerate(row) if cell in labels} for row in bare]
    columns = sorted(set().union(*known)) if known else []
    if not columns:
        return
    if len(table.rows) == 2 and not known[1] and _is_header(known[0], bare[0]):
        yield from _columns_as_pairs(document, table, bare)
        return
    columns = [c for c in columns if _is_label_column(c, known, bare)]
    if columns[:2] == [0, 1] and sum(1 in row for row in known) > 2 * sum(0 in row for row in known):
        columns = columns[1:]  # the first column holds groups, one of which has the name of a label
    yield from _head_pairs(document, table, bare, known, columns)
    group = ""
    for r, row in enumerate(table.rows):
        filled = [c for c in row if c.strip()]
        if len(filled) == 1 and len(row) > 1:
            group = filled[0]
            continue
        if columns and columns[0] > 0 and row[0].strip() and len(row[0]) <= _GROUP_CELL:
            group = row[0]
        for i, column in enumerate(columns):
            until = columns[i + 1] if i + 1 < len(columns) and _labels_in(row, columns[i + 1]) else len(row)
            value = next((c for c in range(column + 1, until) if row[c].strip()), None)
            if value is None or not row[column].strip():
                continue
            label = bare[r][column] or bare_label(row[column])
            section = " > ".join(s for s in (table.section, table.caption, group) if s)
            text = keyed(row[value], label + ":")
            yield Line(document, text, cell_place(table, r, value), section, table.order, label)


def _nested_pairs(document: Document, table: Table, labels: frozenset[str]) -> Iterator[Line]:
    """Pairs of a table inside a cell, which readers give as lines with tabs."""
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row):
            if "\t" not in cell:
                continue
            group = next((x for x in row[:c] if x.strip()), "")
            section = " > ".join(s for s in (table.section, table.caption, group) if s)
            for name, _, value in (line.partition("\t") for line in cell.splitlines() if "\t" in line):
                label = bare_label(name)
                for each in (label, bare_label(group) + label):
                    if each in labels and value.strip():
                        yield Line(
                            document, keyed(value, each + ":"), cell_place(table, r, c), section, table.order, each
                        )
                        break


def _head_pairs(
    document: Document, table: Table, bare: list[list[str]], known: list[set[int]], columns: list[int]
) -> Iterator[Line]:
    """Pairs of the first lines of a form (填报单位 … 填报日期 …) that stand in other columns than those below them."""
    if document.role != "form":
        return
    main = columns[0] if columns else -1
    for r, row in enumerate(table.rows):
        if main in known[r]:
            return
        section = " > ".join(s for s in (table.section, table.caption) if s)
        for column in sorted(known[r]):
            value = next((c for c in range(column + 1, len(row)) if row[c].strip()), None)
            if value is not None and value not in known[r]:
                text = keyed(row[value], bare[r][column] + ":")
                yield Line(document, text, cell_place(table, r, value), section, table.order, bare[r][column])


_RESULTS = re.compile("抽检|测试|抽样|拒答|评测|检测")


def _vertical(document: Document, table: Table) -> Iterator[Line]:
    """Rows "抽取 | 4,200条" of a two-column table of results, each as a sentence under the caption as heading."""
    if document.role not in ("form", "report") or any(len([c for c in row if c.strip()]) > 2 for row in table.rows):
        return
    if not _RESULTS.search(table.caption or ""):
        return
    for r, row in enumerate(table.rows):
        filled = [c for c, text in enumerate(row) if text.strip()]
        if len(filled) == 2:
            text = keyed(row[filled[1]], fold(row[filled[0]]))
            section = f"{table.section} > {table.caption}"
            yield Line(document, text, cell_place(table, r, filled[1]), section, table.order)


def _labels_in(row: Sequence[str], column: int) -> bool:
    return bool(row[column].strip())


def _is_header(known: set[int], cells: list[str]) -> bool:
    """A row of labels: neighbours, and at least half of its cells."""
    return any(c + 1 in known for c in known) and len(known) * 2 >= sum(1 for c in cells if c)


def _is_label_column(column: int, known: list[set[int]], bare: list[list[str]]) -> bool:
    """A column of labels: known labels make up a fair share of its short, non-empty cells."""
    cells = [row[column] for row in bare if row[column]]
    hits = sum(1 for row in known if column in row)
    return hits >= 1 and hits * 4 >= len(cells)


def _columns_as_pairs(document: Document, table: Table, bare: list[list[str]]) -> Iterator[Line]:
    """A header of labels with values below."""
    section = " > ".join(s for s in (table.section, table.caption) if s)
    for r in range(1, len(table.rows)):
        for c, value in enumerate(table.rows[r]):
            if value.strip() and bare[0][c]:
                yield Line(
                    document, keyed(value, bare[0][c] + ":"), cell_place(table, r, c), section, table.order, bare[0][c]
                )
