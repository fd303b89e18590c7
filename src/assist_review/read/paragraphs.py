"""Lines to paragraphs: running headers and footers apart, wrapped lines joined, over page breaks too."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

from assist_review.filing import BBox, TextOrigin
from assist_review.read.layout import Line, join_wrapped, piece_starts, union
from assist_review.read.outline import is_caption, is_toc_line, is_toc_title
from assist_review.read.pdf_tables import Grid

_CN = "〇零一二三四五六七八九十百"
# What begins a new paragraph wherever it stands at the start of a line.
_MARKER = re.compile(
    rf"第\s*[{_CN}\d]+\s*[编篇部章节条](?![款项的规]|[、，和及至与])|[{_CN}]{{1,3}}\s*[、.．]|[（(]\s*[{_CN}\d]{{1,3}}\s*[)）]"
    r"|\d{1,2}(\.\d{1,2}){1,4}(?=[\s\u4e00-\u9fff])(?!\s*[万亿千百%％个倍条人年月TGMB])|\d{1,2}\s*[、．]|\d{1,2}[.)）]\s*(?![\d%])"
    rf"|[①-⑳·•●■◆▪◦➢✓☑□☐√]|附\s*[件录表]\s*[\dA-Z{_CN}]|续?表\s*[\dA-Z{_CN}]+|图\s*\d+|[a-zA-Z][)）.、]\s*[\u4e00-\u9fff]"
)
_LABEL = re.compile(r"[^\s，。；：:]{1,12}(\s[^\s，。；：:]{1,4})?\s*([（(][^）)]{1,10}[)）])?\s*[：:]")
_ENDED = re.compile(r"[。！？；!?;：:.…][”’」』）)\]】]*$")
_PAGE_NUMBER = re.compile(
    r"[-–—·•\s|]*(第\s*)?(\d{1,4}|[ivxlc]{1,6})\s*页?\s*([/,，、|]?\s*(共|of|/)?\s*\d{1,4}\s*页?)?[-–—·•\s|]*|page\s*\d+.*",
    re.I,
)
_NUMBERED_FOOT = re.compile(
    r"(第\s*\d{1,4}\s*页|\d{1,4}\s*/\s*\d{1,4}|page\s*\d{1,4})\s*([,，/]?\s*共\s*\d{1,4}\s*页)?$", re.I
)
_LEADERS = re.compile(r"(?:\s*[.．·…。]){4,}\s*")

LineKind = Literal["body", "header", "footer", "toc"]


@dataclass(slots=True)
class PageFlow:
    """The lines and tables of a page in reading order; `form` says that lines are labels with values."""

    number: int
    width: float
    height: float
    lines: list[Line]
    grids: list[Grid] = field(default_factory=list)
    form: bool = False


@dataclass(slots=True)
class Paragraph:
    """Lines that read as one; `page` and `box` are where it starts."""

    kind: LineKind
    text: str
    page: int
    boxes: list[BBox]
    size: float
    bold: bool
    origin: TextOrigin
    lines: list[Line]
    centred: bool = False

    @property
    def box(self) -> BBox:
        """The rectangle around its lines on the page where it starts."""
        return union(self.boxes)


@dataclass(slots=True)
class Body:
    """What is usual in the running text of the document (or of its scanned pages)."""

    size: float = 10.5
    left: float = 0.0
    right: float = 1e9
    gap: float = 8.0
    indents: bool = False  # paragraphs begin with an indent


def running(pages: list[PageFlow]) -> dict[int, LineKind]:
    """Which lines (by identity) are running headers or footers: repeated at one height, or a page number."""
    places: dict[tuple[str, str], list[tuple[int, float, Line]]] = {}
    for page in pages:
        for zone, lines in _edges(page):
            for line in lines:
                key = re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text))
                places.setdefault((zone, key), []).append((page.number, line.box.y0, line))
    found: dict[int, LineKind] = {}
    heights: dict[str, list[float]] = {"header": [], "footer": []}
    needed = 2 if len(pages) == 2 else 3
    for (zone, _), seen in places.items():
        usual = median(y for _, y, _ in seen)
        level = [(n, line) for n, y, line in seen if abs(y - usual) <= 6]
        if len({n for n, _ in level}) >= needed:
            heights[zone].append(usual)
            for _, line in level:
                found[id(line)] = "header" if zone == "header" else "footer"
    usual_size = body_of([line for page in pages for line in page.lines]).size
    for page in pages:
        for zone, lines in _edges(page):
            for line in lines:
                kind: LineKind = "header" if zone == "header" else "footer"
                same_height = any(abs(line.box.y0 - y) <= 2 for y in heights[zone])
                numbered = len(line.text) < 60 and _NUMBERED_FOOT.search(line.text) is not None
                if (
                    same_height
                    or numbered
                    or _PAGE_NUMBER.fullmatch(line.text)
                    or _small_at_edge(line, page, usual_size)
                ):
                    found.setdefault(id(line), kind)
    return found


def mark_contents(pages: list[PageFlow], kinds: dict[int, LineKind]) -> None:
    """Add to `kinds` the lines of a table of contents: after its title, as long as they come again further down."""
    lines = [line for page in pages for line in page.lines if id(line) not in kinds]
    for start, title in enumerate(lines):
        if not is_toc_title(title.text):
            continue
        later = Counter(_bare(line.text) for line in lines[start + 1 : start + 20_000])
        misses = 0
        for line in lines[start + 1 :]:
            bare = _bare(line.text)
            if is_toc(line.text) or (later[bare] > 1 or (bare != re.sub(r"\s", "", line.text) and later[bare])):
                kinds[id(line)] = "toc"
                misses = 0
            else:
                misses += 1
            later[bare] -= 1
            if misses > 1:
                break
        break


def _bare(text: str) -> str:
    """A line without white space, leaders and page number: an entry of the contents equals its heading."""
    return re.sub(r"[.．·…]{2,}\d{0,4}$|(?<=\D)\d{1,3}$", "", re.sub(r"\s", "", text))


def _small_at_edge(line: Line, page: PageFlow, usual_size: float) -> bool:
    """Small print at the very edge of a page: a header or footer of a document too short to repeat it."""
    edge = 0.065 * page.height
    at_edge = line.box.y1 < edge or line.box.y0 > page.height - edge
    return at_edge and line.origin != TextOrigin.OCR and line.size < 0.9 * usual_size and len(line.text) < 60


def _edges(page: PageFlow) -> list[tuple[str, list[Line]]]:
    """The outermost lines of a page, as far as they stand near its edge."""
    ordered = sorted(page.lines, key=lambda line: line.box.y0)
    top = [line for line in ordered[:3] if line.box.y1 < 0.105 * page.height]
    bottom = [line for line in ordered[-3:] if line.box.y0 > 0.9 * page.height and line not in top]
    return [("header", top), ("footer", bottom)]


def body_of(lines: list[Line]) -> Body:
    """The usual size, margins and line gap of `lines`."""
    if not lines:
        return Body()
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size * 2) / 2] += len(line.text)
    size = weights.most_common(1)[0][0] or 10.5
    usual = [line for line in lines if abs(line.size - size) <= 0.12 * size + 0.5] or lines
    lefts = Counter(round(line.box.x0 / 3) for line in usual)
    most = max(lefts.values())
    left = 3.0 * min(x for x, count in lefts.items() if count >= max(2, 0.1 * most) or most < 2)
    ends = sorted(line.box.x1 for line in usual)
    right = ends[max(0, int(len(ends) * 0.93) - 1)] if len(ends) > 8 else ends[-1]
    gaps = [
        b.box.y0 - a.box.y1
        for a, b in pairwise(usual)
        if a.page == b.page and -0.5 * size < b.box.y0 - a.box.y1 < 2.5 * size and a.box.x1 > right - 3 * size
    ]
    indented = [
        a
        for a, b in pairwise(usual)
        if a.page == b.page and 1.2 * size < a.box.x0 - left < 3.5 * size and abs(b.box.x0 - left) < 0.8 * size
    ]
    return Body(
        size, left, right, median(gaps) if gaps else 0.9 * size, len(indented) >= 2 or len(indented) * 4 > len(usual)
    )


class Joiner:
    """Decides whether a line goes on with the paragraph before it."""

    def __init__(self, pages: list[PageFlow], running_kinds: dict[int, LineKind]) -> None:
        body = [line for page in pages for line in page.lines if id(line) not in running_kinds]
        text = [line for line in body if line.origin != TextOrigin.OCR]
        self.text_body = body_of(text)
        self.scans: dict[int, Body] = {}
        self._forms = {page.number for page in pages if page.form}
        for page in pages:
            scanned = [line for line in page.lines if line.origin == TextOrigin.OCR and id(line) not in running_kinds]
            if scanned:
                self.scans[page.number] = body_of(scanned)
        if self.scans and any(body.indents for body in self.scans.values()):
            for body_on_page in self.scans.values():
                body_on_page.indents = True

    def body(self, line: Line) -> Body:
        """What is usual where `line` stands."""
        return self.scans.get(line.page, self.text_body) if line.origin == TextOrigin.OCR else self.text_body

    def goes_on(self, paragraph: Paragraph, line: Line) -> bool:
        """Whether `line` is the next line of `paragraph`."""
        before, body, em = paragraph.lines[-1], self.body(line), line.size
        scanned = line.origin == TextOrigin.OCR
        if paragraph.kind != "body" or is_toc(line.text) or before.origin != line.origin:
            return False
        if abs(before.size - line.size) > (0.35 if scanned else 0.08) * em + 0.3 or (
            before.bold != line.bold and not scanned
        ):
            if not (before.page == line.page and abs(before.size - line.size) <= 1 and not _ENDED.search(before.text)):
                return False
            if before.bold != line.bold and len(paragraph.lines) == 1:
                return False
        if line.page in self._forms:
            return before.page == line.page and self._goes_on_in_form(paragraph, line)
        before_body = self.body(before)
        full = before.box.x1 >= before_body.right - max(1.6 * em, line.first_width + 0.6 * em)
        ended = _ENDED.search(before.text) is not None
        if before.page == line.page:
            gap = line.box.y0 - before.box.y1
            if gap > body.gap + (0.8 if scanned else 0.45) * em or gap < -0.6 * em:
                return False
        elif not full and ended:
            return False
        return self._fits(paragraph, line, full, ended)

    @staticmethod
    def _goes_on_in_form(paragraph: Paragraph, line: Line) -> bool:
        """A value that goes on stands right below the value, not below its label."""
        before, em = paragraph.lines[-1], line.size
        if not -0.6 * em <= line.box.y0 - before.box.y1 <= 1.3 * em:
            return False
        values = piece_starts(paragraph.lines[0])[1:]
        return len(values) == 1 and abs(values[0] - line.box.x0) < 1.2 * em

    def _fits(self, paragraph: Paragraph, line: Line, full: bool, ended: bool) -> bool:
        before, body, em = paragraph.lines[-1], self.body(line), line.size
        left, left_before = body.left, self.body(before).left
        step = (line.box.x0 - left) - (paragraph.lines[0].box.x0 - left_before)
        inset = line.box.x0 - left
        marked = _MARKER.match(line.text) is not None or is_caption(line.text)
        if _LABEL.match(line.text) and (not full or _LABEL.match(paragraph.text)):
            return False
        if (
            paragraph.size > 1.25 * body.size
            and line.page == before.page
            and not marked
            and not _LABEL.match(before.text)
        ):
            return not ended and not _MARKER.match(paragraph.text)  # a title over two lines
        if marked and (inset > 1.0 * em or ended or not full or not body.indents):
            return False
        if step > 0.8 * em:  # further in than the first line: a hanging indent, or a new first line
            hanging = len(paragraph.lines) > 1 and abs(line.box.x0 - before.box.x0) < 0.8 * em
            return full and (hanging or (_MARKER.match(paragraph.text) is not None and step < 4 * em))
        if body.indents and inset < 0.8 * em:
            return not ended or full
        if body.indents and 1.2 * em < inset < 3.5 * em and step > -0.8 * em and len(paragraph.lines) == 1:
            return full and not ended and line.page == before.page
        return full


def is_toc(text: str) -> bool:
    """Whether a line is an entry of a table of contents, leaders with spaces between the dots included."""
    return is_toc_line(_LEADERS.sub("......", text))


def paragraphs_of(lines: list[Line], joiner: Joiner, kinds: dict[int, LineKind]) -> list[Paragraph]:
    """Paragraphs in reading order. `lines` is a run without a table inside; page breaks are inside."""
    made: list[Paragraph] = []
    open_body: Paragraph | None = None
    for line in lines:
        kind = kinds.get(id(line), "body")
        if kind == "body" and is_toc(line.text):
            kind = "toc"
        if kind == "body" and open_body is not None and joiner.goes_on(open_body, line):
            open_body.text = join_wrapped(open_body.text, line.text)
            open_body.lines.append(line)
            if line.page == open_body.page:
                open_body.boxes.append(line.box)
            continue
        paragraph = Paragraph(kind, line.text, line.page, [line.box], line.size, line.bold, line.origin, [line])
        made.append(paragraph)
        if kind == "body":
            open_body = paragraph
        elif kind == "toc":
            open_body = None
    return made
