"""Plain text and Markdown as blocks and tables."""

import hashlib
import re
from collections import Counter

from assist_review.errors import DamagedFile
from assist_review.filing import Block, BlockKind, Document, Hidden, Place, Table
from assist_review.read.clean import clean, part_invisible
from assist_review.read.outline import Outline, TypedToc, heading_rank

MAX_LINES = 500_000
_PIPES = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:\-]+$")


def decode(data: bytes, file: str) -> str:
    """The text of `data`: UTF-8, UTF-16 with a mark, or GB 18030. Raises DamagedFile if it is neither."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = data.decode("gb18030", errors="replace")
    if text.count("\ufffd") > len(text) / 50:
        raise DamagedFile(f"“{file}”的文字编码无法识别。", "请另存为UTF-8编码后提交。")
    return text


def read_plain(data: bytes, file: str) -> Document:
    """Read a text or Markdown file: one block a line, `place.paragraph` is the line number."""
    lines = decode(data, file).splitlines()[:MAX_LINES]
    build = TextBuilder(lines)
    markdown = file.lower().endswith((".md", ".markdown"))
    number = 0
    while number < len(lines):
        if markdown and _PIPES.match(lines[number]) and number + 1 < len(lines) and _RULE.match(lines[number + 1]):
            end = number
            while end < len(lines) and _PIPES.match(lines[end]):
                end += 1
            rows = [
                [c.strip() for c in line.strip().strip("|").split("|")]
                for line in lines[number:end]
                if not _RULE.match(line)
            ]
            build.table(rows)
            number = end
            continue
        build.line(lines[number], number + 1, markdown=markdown)
        number += 1
    return build.document(data, file)


class TextBuilder:
    """Makes a document of lines, headings and tables in the order they come; `lines` are all of them, if known."""

    def __init__(self, lines: list[str]) -> None:
        self.toc = TypedToc(Counter(line.strip() for line in lines))
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.hidden: list[Hidden] = []
        self.outline = Outline()
        self.order = 0

    def line(self, line: str, number: int, *, markdown: bool) -> None:
        """A line of text; what it is follows from its wording."""
        text, hidden = part_invisible(clean(line), Place(paragraph=number))
        self.hidden.extend(hidden)
        if not text:
            return
        marked = re.match(r"(#{1,6})\s+(.*)", text) if markdown else None
        if marked:
            self.heading(marked.group(2).rstrip("# "), number, len(marked.group(1)))
            return
        if self.toc.takes(text):
            self._add("toc", text, number)
            return
        rank = heading_rank(text, set_off=markdown and text.startswith("**") and text.endswith("**"))
        if rank is not None:
            self._add("heading", text, number, self.outline.enter(text, rank=rank))
        else:
            self._add("paragraph", text, number)

    def heading(self, text: str, number: int, level: int) -> None:
        """A heading of a stated level."""
        text = clean(re.sub(r"\s+", " ", text))
        if text:
            self._add("heading", text, number, self.outline.enter(text, level=level))

    def table(self, rows: list[list[str]]) -> None:
        """A table; empty ones are left out."""
        width = max((len(row) for row in rows), default=0)
        if not any(any(row) for row in rows):
            return
        self.order += 1
        number = len(self.tables) + 1
        self.tables.append(
            Table(
                id=f"t{number}",
                order=self.order,
                section=self.outline.path,
                place=Place(table=number),
                rows=tuple((*map(clean, row), *[""] * (width - len(row))) for row in rows),
                row_places=tuple(Place(table=number, row=i + 1) for i in range(len(rows))),
            )
        )

    def document(self, data: bytes, file: str) -> Document:
        """The document made so far."""
        return Document(
            file=file, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), format="text",
            blocks=tuple(self.blocks), tables=tuple(self.tables), hidden=tuple(self.hidden),
        )  # fmt: skip

    def _add(self, kind: BlockKind, text: str, number: int, level: int | None = None) -> None:
        self.order += 1
        section = "" if kind == "toc" else self.outline.path
        self.blocks.append(
            Block(
                id=f"b{self.order}",
                kind=kind,
                text=text,
                order=self.order,
                level=level,
                section=section,
                place=Place(paragraph=number),
            )
        )
