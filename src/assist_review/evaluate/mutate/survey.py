"""A package as the operators see it: passages and tables that can be edited, and lists row by row.

Passages are found here by own means (the XML of a DOCX, the content of a PDF page, the cells of a sheet), so that
text which the program's reader misses is changed all the same. Taken from the reader are the roles of documents, the
cells of sheets, and where the tables of a PDF lie.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from assist_review.evaluate.mutate import docx_file, pdf_lines
from assist_review.evaluate.mutate.banks import own_banks
from assist_review.evaluate.mutate.planted import NoPlace
from assist_review.filing import Document, Filing
from assist_review.lists import Bank, Extraction

Kind = Literal["text", "heading", "cell", "edge"]  # edge: header or footer
_CONTENT = (
    "form",
    "report",
    "agreement",
    "privacy",
    "annotation_rules",
    "evidence",
    "authorisation",
    "other",
    "commitment",
)
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[章节条部分]|附录\s*[A-Z\d一二三四五六]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}(?:[.．]\d{1,2}){0,3}[、.．]?\s+\S)"
)
_CONTENTS_LINE = re.compile(r"(?:[.．…·]{3,}|[\u4e00-\u9fff）)])\s*\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage and where it stands in the file: its address, and the offset of its first character."""

    at: tuple[str | int, ...]
    start: int  # in the passage
    length: int
    offset: int = 0  # in the text at the address


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, cell or page edge. `section` is the heading above, `label` the cell to the left."""

    file: str
    role: str
    format: Literal["docx", "pdf", "xlsx"]
    text: str
    place: str
    kind: Kind
    pieces: tuple[Piece, ...]
    section: str = ""
    level: int = 0
    label: str = ""
    table: int = -1
    row: int = -1
    column: int = -1

    @property
    def prose(self) -> bool:
        """Whether this is a paragraph, and not a row of a table or a line of contents as a page of a PDF shows them."""
        return self.kind == "text" and "\t" not in self.text and not re.search(r"(?:[.．…·]\s?){4,}", self.text)

    @property
    def about(self) -> str:
        """Heading, label and text, for deciding what a passage is about."""
        return f"{self.section}|{self.label}|{self.text}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its rows as passages, None where a cell is empty or cannot be edited."""

    file: str
    role: str
    format: Literal["docx", "pdf", "xlsx"]
    number: int
    section: str
    rows: tuple[tuple[Passage | None, ...], ...]

    def text(self, row: int, column: int) -> str:
        """The text of a cell, "" for none."""
        cells = self.rows[row]
        passage = cells[column] if column < len(cells) else None
        return passage.text.strip() if passage else ""

    def line(self, row: int) -> str:
        """A whole row as text."""
        return "|".join(p.text.strip() for p in self.rows[row] if p)

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(r) for r in self.rows), default=0)


@dataclass
class Survey:
    """What can be changed in a package. Everything is found when it is first asked for."""

    files: dict[str, bytes]
    filing: Filing
    extraction: Extraction | None = None
    _passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[str, str]:
        """The role of every file: the reader's, or else what the file name says."""
        known = {d.file: str(d.role) for d in self.filing.documents}
        return {f: known.get(f, "other") if known.get(f, "other") != "other" else _named_role(f) for f in self.files}

    def role(self, *roles: str) -> list[str]:
        """Files with one of `roles`."""
        return [f for f, r in self.roles.items() if r in roles]

    def document(self, file: str) -> Document | None:
        """What the reader made of a file."""
        return self.filing.document(file)

    def passages(self, *roles: str) -> list[Passage]:
        """The passages of documents with one of `roles` (of all but lists and scans without any), in order."""
        return [p for f in self.role(*(roles or _CONTENT)) for p in self.of(f)]

    def of(self, file: str) -> tuple[Passage, ...]:
        """The passages of one file; none where it cannot be edited."""
        if file not in self._passages:
            try:
                self._passages[file] = tuple(self._read(file))
            except NoPlace:
                self._passages[file] = ()
        return self._passages[file]

    def _read(self, file: str) -> Iterator[Passage]:
        role, name = self.roles[file], file.lower()
        if name.endswith(".docx"):
            yield from _docx_passages(file, role, self.files[file])
        elif name.endswith(".pdf"):
            yield from _pdf_passages(file, role, self.files[file])
        elif name.endswith((".xlsx", ".xlsm")) and role not in ("keywords", "questions"):
            yield from _sheet_passages(file, role, self.document(file))

    def grids(self, *roles: str) -> list[Grid]:
        """The tables of documents with one of `roles`."""
        found: list[Grid] = []
        for file in self.role(*(roles or ("form", "report", "annotation_rules", "evidence", "other"))):
            cells = [p for p in self.of(file) if p.kind == "cell"]
            if file.lower().endswith(".pdf"):
                found += self._pdf_grids(file)
            else:
                found += _cell_grids(cells)
        return found

    def _pdf_grids(self, file: str) -> list[Grid]:
        try:
            return list(_pdf_grids(file, self.roles[file], self.files[file], self.document(file)))
        except NoPlace:
            return []

    @cached_property
    def banks(self) -> tuple[Bank, ...]:
        """The lists of XLSX files: by own means, and by the reader's where those find nothing in a sheet."""
        own = tuple(b for d in self.filing.documents if d.file in self.files for b in own_banks(d))
        known = {(b.file, b.sheet) for b in own}
        more = self.extraction.banks if self.extraction else ()
        return own + tuple(
            b
            for b in more
            if (b.file, b.sheet) not in known and b.kind != "update_log" and b.file.lower().endswith("x")
        )

    def bank(self, kind: str) -> list[Bank]:
        """Banks of one kind in files that can be edited."""
        return [b for b in self.banks if b.kind == kind and b.rows and b.file in self.files]


def _named_role(file: str) -> str:
    name = file.rsplit("/", 1)[-1]
    for role, words in {
        "licence": "营业执照", "commitment": "承诺", "annotation_rules": "标注规则|标注规范", "questions": "题库|题集|测试题|评测题",
        "keywords": "关键词|敏感词|拦截词", "privacy": "隐私", "agreement": "协议", "report": "评估报告",
        "form": "备案表|申请表|登记表",
    }.items():  # fmt: skip
        if re.search(words, name) and not re.search("签署|扫描|盖章", name):
            return role
    return "other"


def _docx_passages(file: str, role: str, data: bytes) -> Iterator[Passage]:
    section, label_at, label = "", (-1, -1), ""
    for number, p in enumerate(docx_file.paragraphs(data), 1):
        piece = (Piece(p.at, 0, len(p.text)),)
        text = p.text.strip()
        if p.at[0] != "word/document.xml":
            yield Passage(file, role, "docx", p.text, "页眉页脚", "edge", piece)
        elif p.table >= 0:
            here = (p.table, p.row)
            place = f"表{p.table + 1}第{p.row + 1}行第{p.column + 1}列"
            yield Passage(
                file, role, "docx", p.text, place, "cell", piece, section, 0, label if here == label_at else "",
                p.table, p.row, p.column,
            )  # fmt: skip
            label_at, label = here, text
        else:
            level = p.level or _level(text)
            if level:
                section = text
            yield Passage(
                file, role, "docx", p.text, f"第{number}段", "heading" if level else "text", piece, section, level
            )


def _level(text: str) -> int:
    """The level of a heading by its numbering, 0 for other text and for lines of a table of contents."""
    if len(text) > 40 or text.endswith(("。", "；", "，", "：")) or not _NUMBERED.match(text):
        return 0
    if _CONTENTS_LINE.search(text) and not text.endswith(("条", "章")):
        return 0
    if text.startswith("第"):
        return 2 if "节" in text[:6] else 1
    numbers = re.match(r"\d+((?:[.．]\d+)*)", text)
    return 1 + len(re.findall(r"[.．]\d", numbers[1])) if numbers else 1


def _pdf_passages(file: str, role: str, data: bytes) -> Iterator[Passage]:
    every = pdf_lines.lines(data)
    if not every:
        return
    sizes = sorted(line.size for line in every)
    usual, right = sizes[len(sizes) // 2], max(line.end for line in every)
    section = ""
    for group in _joined(every, right):
        text, pieces = "", []
        for line in group:
            pieces.append(Piece(line.at, len(text), len(line.text)))
            text += line.text
        first = group[0]
        edge = first.y > first.height * 0.94 or first.y < first.height * 0.06
        level = 0 if edge or "\t" in text or len(group) > 1 else _level(text.strip())
        if level == 0 and len(group) == 1 and first.size > usual * 1.25 and len(text) < 40 and not edge:
            level = 1
        if level:
            section = text.strip()
        kind: Kind = "edge" if edge else "heading" if level else "text"
        yield Passage(file, role, "pdf", text, f"第{first.at[0] + 1}页", kind, tuple(pieces), section, level)


def _joined(every: Iterable[pdf_lines.TextLine], right: float) -> Iterator[list[pdf_lines.TextLine]]:
    """Lines of one paragraph together: same page and size, close below, and the line above is full."""
    group: list[pdf_lines.TextLine] = []
    for line in every:
        last = group[-1] if group else None
        goes_on = (
            last is not None and last.at[0] == line.at[0] and abs(last.size - line.size) < 0.6
            and 0 < last.y - line.y < 2.3 * line.size and last.end > right - 3 * line.size
            and "\t" not in last.text and "\t" not in line.text and not _NUMBERED.match(line.text)
            and not re.match(r"[（(]\d{1,2}[)）]|[▪●·•]", line.text)
        )  # fmt: skip
        if goes_on:
            group.append(line)
            continue
        if group:
            yield group
        group = [line]
    if group:
        yield group


def _sheet_passages(file: str, role: str, document: Document | None) -> Iterator[Passage]:
    for number, sheet in enumerate(document.sheets if document else ()):
        for r, row in enumerate(sheet.rows, 1):
            label = ""
            for c, text in enumerate(row, 1):
                if text.strip() and sheet.visible:
                    place = f"{sheet.name}第{r}行第{c}列"
                    pieces = (Piece((sheet.name, r, c), 0, len(text)),)
                    yield Passage(
                        file, role, "xlsx", text, place, "cell", pieces, sheet.name, 0, label, number, r - 1, c - 1
                    )
                    label = text


def _cell_grids(cells: list[Passage]) -> Iterator[Grid]:
    tables: dict[int, dict[tuple[int, int], Passage]] = {}
    for p in cells:
        tables.setdefault(p.table, {}).setdefault((p.row, p.column), p)
    for number, places in tables.items():
        width = max(c for _, c in places) + 1
        rows = tuple(tuple(places.get((r, c)) for c in range(width)) for r in range(max(r for r, _ in places) + 1))
        first = next(iter(places.values()))
        yield Grid(first.file, first.role, first.format, number, first.section, rows)


def _pdf_grids(file: str, role: str, data: bytes, document: Document | None) -> Iterator[Grid]:
    """The tables that the reader found, with the cells that stand on one line of the page."""
    lines: dict[int, list[pdf_lines.TextLine]] = {}
    for line in pdf_lines.lines(data):
        lines.setdefault(line.at[0], []).append(line)
    for number, table in enumerate(document.tables if document else ()):
        rows: list[tuple[Passage | None, ...]] = []
        for r, (row, where) in enumerate(zip(table.rows, table.row_places, strict=True)):
            box = where.bbox
            near = [
                line for line in lines.get((where.page or 0) - 1, ())
                if box and box.y0 - 2 <= line.height - line.y <= box.y1 + 2
            ]  # fmt: skip
            taken: dict[tuple[int, int], int] = {}
            cells: list[Passage | None] = []
            for c, text in enumerate(row):
                piece = _found(text, near, taken)
                place = f"第{where.page}页表{number + 1}第{r + 1}行第{c + 1}列"
                cells.append(
                    Passage(
                        file, role, "pdf", piece[1], place, "cell", (piece[0],), table.section.rsplit(" > ", 1)[-1], 0,
                        row[c - 1] if c else "", number, r, c,
                    )
                    if piece else None
                )  # fmt: skip
            rows.append(tuple(cells))
        yield Grid(file, role, "pdf", number, table.section.rsplit(" > ", 1)[-1], tuple(rows))


def _found(text: str, near: list[pdf_lines.TextLine], taken: dict[tuple[int, int], int]) -> tuple[Piece, str] | None:
    """Where the text of a cell stands on one of the lines, after what was found for the cells before it."""
    wanted = re.sub(r"\s", "", text)
    for line in near:
        begin = taken.get(line.at, 0)
        index = [i for i, char in enumerate(line.text) if i >= begin and not char.isspace()]
        at = "".join(line.text[i] for i in index).find(wanted) if wanted else -1
        if at >= 0:
            start, end = index[at], index[at + len(wanted) - 1] + 1
            taken[line.at] = end
            return Piece(line.at, 0, end - start, start), line.text[start:end]
    return None
