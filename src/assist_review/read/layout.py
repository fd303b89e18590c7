"""What the PDF and image readers work on before anything becomes a block: glyphs, rules and lines of a page.

All coordinates are points with the origin at the top left of the page as displayed, y down.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

from assist_review.filing import BBox, TextOrigin

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WIDE = re.compile(rf"[{CJK}\u3000-\u303f\uff00-\uffef“”‘’…—·\U00020000-\U0003ffff]")
_SPACE = (0.22, 0.4, 0.9)  # of an em: a gap this wide is a space, by how many of its neighbours are wide
_OFFERED = 0.1  # between Latin letters where the extractor sees a space too
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}")


@dataclass(slots=True)
class Glyph:
    """One character with its box; `style` groups glyphs of one font, size and colour."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    origin: TextOrigin = TextOrigin.TEXT_LAYER
    made_up: bool = False  # a space that the extractor put in, not the file


@dataclass(slots=True, frozen=True)
class Rule:
    """A horizontal (`across`) or vertical ruling line: its position and its extent."""

    across: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Line:
    """One visual line of text."""

    text: str
    box: BBox
    size: float
    page: int
    bold: bool = False
    origin: TextOrigin = TextOrigin.TEXT_LAYER
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def first_width(self) -> float:
        """Width of the first unbreakable token, which decides whether it would have fitted on the line above."""
        first = re.match(r"[^\s\u2e80-\uffef]+|.", self.text)
        length = len(first.group()) if first else 1
        return self.size * (1.0 if length == 1 else min(length * 0.55, 20.0))


@lru_cache(maxsize=8192)
def is_wide(char: str) -> bool:
    """Whether `char` is set solid, without a space at a line break."""
    return bool(_WIDE.match(char))


def join_wrapped(first: str, second: str) -> str:
    """Two halves of wrapped text as one: a space only between two Latin words, a broken word without its hyphen."""
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first + second
    if (
        first[-1] in "-\u00ad"
        and len(first) > 1
        and first[-2].isalpha()
        and first[-2].isascii()
        and second[0].islower()
    ):
        return first[:-1] + second if first[-1] == "\u00ad" else first + second
    if is_wide(first[-1]) or is_wide(second[0]) or first[-1] in "-/_" or second[0] in ",.;:!?)]}%-/_":
        return first + second
    if first[-1].isdigit() and second[0].isdigit():
        return first + second
    return f"{first} {second}"


def union(boxes: list[BBox]) -> BBox:
    """The smallest rectangle around all `boxes` (at least one)."""
    return BBox(
        x0=min(b.x0 for b in boxes),
        y0=min(b.y0 for b in boxes),
        x1=max(b.x1 for b in boxes),
        y1=max(b.y1 for b in boxes),
    )


def box_of(glyphs: list[Glyph]) -> BBox:
    """The rectangle around `glyphs` (at least one), rounded to a tenth of a point."""
    return BBox(
        x0=round(min(g.x0 for g in glyphs), 1),
        y0=round(min(g.y0 for g in glyphs), 1),
        x1=round(max(g.x1 for g in glyphs), 1),
        y1=round(max(g.y1 for g in glyphs), 1),
    )


def lines_of(glyphs: list[Glyph], page: int) -> list[Line]:
    """The visual lines of `glyphs`, top to bottom; two columns of running text come one after the other."""
    fragments = _fragments(glyphs)
    gutter = _gutter(fragments)
    if gutter is None:
        return _rows(fragments, page)
    lines: list[Line] = []
    band: list[list[Glyph]] = []
    for fragment in sorted(fragments, key=_middle):
        if fragment[0].x0 < gutter < fragment[-1].x1:
            lines += _columns(band, gutter, page) + _rows([fragment], page)
            band = []
        else:
            band.append(fragment)
    return lines + _columns(band, gutter, page)


def _columns(fragments: list[list[Glyph]], gutter: float, page: int) -> list[Line]:
    left = [f for f in fragments if f[-1].x1 <= gutter]
    return _rows(left, page) + _rows([f for f in fragments if f[-1].x1 > gutter], page)


def _middle(fragment: list[Glyph]) -> float:
    return (fragment[0].y0 + fragment[0].y1) / 2


def _fragments(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Runs of glyphs that follow each other on one baseline in the order of the file."""
    fragments: list[list[Glyph]] = []
    middle = right = height = 0.0
    current: list[Glyph] = []
    for glyph in glyphs:
        centre, tall = (glyph.y0 + glyph.y1) / 2, glyph.y1 - glyph.y0
        if current:
            same_row = abs(centre - middle) <= 0.45 * max(min(tall, height), 1.0)
            if same_row and -0.7 * glyph.size <= glyph.x0 - right <= 1.5 * glyph.size:
                current.append(glyph)
                right = max(right, glyph.x1)
                continue
        current = [glyph]
        fragments.append(current)
        middle, right, height = centre, glyph.x1, tall
    trimmed = (_trim(f) for f in fragments)
    return [f for f in trimmed if f]


def _trim(glyphs: list[Glyph]) -> list[Glyph]:
    start, end = 0, len(glyphs)
    while start < end and glyphs[start].text.isspace():
        start += 1
    while end > start and glyphs[end - 1].text.isspace():
        end -= 1
    return glyphs[start:end]


def _gutter(fragments: list[list[Glyph]]) -> float | None:
    """The x of an empty gutter between two columns of running text, or None for a page of one column."""
    if len(fragments) < 16:
        return None
    left, right = min(f[0].x0 for f in fragments), max(f[-1].x1 for f in fragments)
    width = right - left
    for share in (0.5, 0.45, 0.55, 0.4, 0.6):
        at = left + share * width
        crossing = [f for f in fragments if f[0].x0 < at < f[-1].x1]
        before = [f for f in fragments if f[-1].x1 <= at]
        after = [f for f in fragments if f[0].x0 >= at]
        full = [f for f in before if f[-1].x1 - f[0].x0 > 0.7 * share * width]
        also = [f for f in after if f[-1].x1 - f[0].x0 > 0.7 * (1 - share) * width]
        columns = len(full) > 0.5 * len(before) and len(also) > 0.5 * len(after) and min(len(before), len(after)) >= 6
        if columns and len(crossing) <= 0.15 * len(fragments):
            return at
    return None


def _rows(fragments: list[list[Glyph]], page: int) -> list[Line]:
    rows: list[list[list[Glyph]]] = []
    for fragment in sorted(fragments, key=lambda f: (_middle(f), f[0].x0)):
        if rows and _on_row(rows[-1], fragment):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    lines = []
    for row in rows:
        glyphs = [g for fragment in sorted(row, key=lambda f: f[0].x0) for g in fragment]
        line = line_of(glyphs, page)
        if line.text:
            lines.append(line)
    return lines


def _on_row(row: list[list[Glyph]], fragment: list[Glyph]) -> bool:
    anchor = max(row, key=lambda f: f[0].y1 - f[0].y0)[0]
    other = fragment[0]
    overlap = min(anchor.y1, other.y1) - max(anchor.y0, other.y0)
    if overlap < 0.5 * min(anchor.y1 - anchor.y0, other.y1 - other.y0):
        return False
    x0, x1 = fragment[0].x0, fragment[-1].x1
    return all(x1 <= f[0].x0 + other.size or x0 >= f[-1].x1 - other.size for f in row)


def line_of(glyphs: list[Glyph], page: int) -> Line:
    """One line from glyphs that stand on one row, left to right, with spaces where there are gaps."""
    parts: list[str] = []
    before: Glyph | None = None
    offered = False  # the extractor sees a space here
    for glyph in glyphs:
        if glyph.made_up and before is not None:
            offered = True
            continue
        if before is not None and not glyph.text.isspace() and not before.text.isspace():
            gap = glyph.x0 - before.x1
            wide = is_wide(before.text[-1]) + is_wide(glyph.text[0])
            if gap > (_OFFERED if offered and not wide else _SPACE[wide]) * max(min(glyph.size, before.size), 1.0):
                parts.append(" ")
        parts.append(glyph.text)
        before, offered = glyph, False
    text = _SPACES.sub(" ", "".join(parts)).strip()
    inked = [g for g in glyphs if not g.text.isspace()] or glyphs
    return Line(
        text=text,
        box=box_of(inked),
        size=median(g.size for g in inked),
        page=page,
        bold=sum(g.bold for g in inked) * 2 > len(inked),
        origin=TextOrigin.OCR if any(g.origin == TextOrigin.OCR for g in inked) else inked[0].origin,
        glyphs=glyphs,
    )


def piece_starts(line: Line) -> list[float]:
    """Where the pieces of a line begin that wide gaps part: labels and values of a form."""
    starts = [line.box.x0]
    for before, glyph in zip(line.glyphs, line.glyphs[1:], strict=False):
        if glyph.x0 - before.x1 > 0.8 * line.size:
            starts.append(glyph.x0)
    return starts
