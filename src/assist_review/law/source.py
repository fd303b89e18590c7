"""Files of official texts into lines, with the readers that filings are read with."""

from collections.abc import Iterator
from pathlib import Path

from assist_review.errors import ReadError, RegulationError
from assist_review.filing import Document
from assist_review.law.parse import parse
from assist_review.law.text import LawText, Line

SUFFIXES = frozenset((".md", ".markdown", ".txt", ".html", ".htm", ".docx", ".doc", ".pdf"))


def lines(document: Document) -> Iterator[Line]:
    """What a document says, in reading order; running heads and feet and hidden text left out."""
    parts: list[tuple[int, list[Line]]] = [
        (b.order, [Line(text=t, heading=b.kind == "heading") for t in b.text.split("\n") if t.strip()])
        for b in document.blocks
        if b.kind in ("heading", "paragraph", "textbox", "toc")
    ]
    for number, table in enumerate(document.tables, 1):
        rows = [Line(text="　".join(c for c in row if c), table=number) for row in table.rows if any(row)]
        parts.append((table.order, rows))
    for _, part in sorted(parts, key=lambda p: p[0]):
        yield from part


class Source:
    """One file: its text taken apart, or why it could not be."""

    def __init__(self, file: str, sha256: str, law: LawText | None, problem: str = "") -> None:
        self.file = file
        self.sha256 = sha256
        self.law = law
        self.problem = problem


def sources(path: Path, *, ocr: bool = True) -> tuple[Source, ...]:
    """The file at `path`, or each file of a folder that may hold a text. Raises ReadError where there is none."""
    from assist_review.read.package import read_package

    if not path.exists():
        raise ReadError(f"找不到“{path}”", "请检查路径。")
    documents, unread = read_package(path, passwords=(), ocr=ocr, cache=None, jobs=2, progress=None)
    found = [Source(file, "", None, f"{u.reason}{u.remedy}") for file, u in unread]
    found += [_source(d) for d in documents]
    if not found:
        raise ReadError(f"“{path}”中没有可以读取的文件", "可用的格式：Markdown、文本、HTML、DOCX、PDF。")
    return tuple(sorted(found, key=lambda s: s.file))


def _source(document: Document) -> Source:
    pages = list(document.unreadable)
    try:
        law = parse(lines(document), name=document.file.rsplit("/", 1)[-1])
    except RegulationError as error:
        lost = f"；无法读取：{'；'.join(u.reason for u in pages[:3])}" if pages else ""
        return Source(document.file, document.sha256, None, f"{error}{lost}")
    if pages:
        where = "、".join(f"第{u.page}页" if u.page else u.reason for u in pages[:5])
        law = law.model_copy(update={"problems": (*law.problems, f"有未能读取的部分：{where}")})
    return Source(document.file, document.sha256, law)
