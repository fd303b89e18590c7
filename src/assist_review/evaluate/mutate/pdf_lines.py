"""What stands on the pages of a PDF: characters with the operation that shows them, put together to lines.

Read are pages whose text stands in the page content (not inside form objects) in fonts that can be mapped to
Unicode; scans, rotated text and locked files give no lines.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject

from assist_review.evaluate.mutate.pdf_fonts import UNKNOWN, fonts_of
from assist_review.evaluate.mutate.planted import NoPlace

_MAX_PAGES = 400
SHOW = (b"Tj", b"TJ", b"'", b'"')
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
Address = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One shown character: operation, string in it, place in that, code; `text` is "" for a gap between strings."""

    operation: int
    part: int
    number: int
    code: bytes
    text: str
    font: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """What stands on one line of a page. `at` is the page (from 0) and the number of the line on it.

    Columns of a table are parted by a tab, words by a space. `x`, `end`, `y` (of the baseline, up) and `size` are in
    points; `height` is that of the page.
    """

    at: Address
    text: str
    glyphs: tuple[Glyph, ...]
    x: float
    end: float
    y: float
    size: float
    height: float = 0


@lru_cache(maxsize=24)
def lines(data: bytes) -> tuple[TextLine, ...]:
    """All lines of all pages in the order of the content. Raises NoPlace if the file cannot be opened."""
    found: list[TextLine] = []
    for number, page in enumerate(opened(data).pages[:_MAX_PAGES]):
        found += _page_lines(number, page)
    return tuple(found)


@lru_cache(maxsize=24)
def page_lines(data: bytes, page: int) -> tuple[TextLine, ...]:
    """The lines of one page (from 0). Raises NoPlace if the file cannot be opened."""
    return tuple(_page_lines(page, opened(data).pages[page]))


def opened(data: bytes) -> PdfReader:
    """The file. Raises NoPlace if it cannot be read or wants a password."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise NoPlace("locked PDF")
        return reader
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoPlace(f"unreadable PDF: {error}") from error


@dataclass
class State:
    """The text state while a content stream is read."""

    matrix: Matrix = _IDENTITY  # text matrix
    start: Matrix = _IDENTITY  # of the current line
    font: str = ""
    size: float = 1
    leading: float = 0
    spacing: float = 0
    words: float = 0
    scale: float = 1
    page: Matrix = _IDENTITY
    stack: list[tuple[Matrix, str, float, float, float, float, float]] = field(default_factory=list)

    def move(self, x: float, y: float) -> None:
        """Starts a new line at an offset."""
        self.start = _times((1, 0, 0, 1, x, y), self.start)
        self.matrix = self.start

    def advance(self, width: float) -> None:
        """Goes on to the right."""
        self.matrix = _times((1, 0, 0, 1, width, 0), self.matrix)

    @property
    def device(self) -> Matrix:
        """From text space to the page."""
        return _times(self.matrix, self.page)

    def push(self) -> None:
        """Keeps the state."""
        self.stack.append((self.page, self.font, self.size, self.leading, self.spacing, self.words, self.scale))

    def pop(self) -> None:
        """Takes the state that was kept last."""
        if self.stack:
            self.page, self.font, self.size, self.leading, self.spacing, self.words, self.scale = self.stack.pop()


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def _operations(page: Any) -> list[tuple[Any, bytes]]:
    content = page.get_contents()
    return [] if content is None else list(ContentStream(content, page.pdf).operations)


def apply(state: State, operands: Any, operator: bytes) -> None:
    """What an operator other than showing text does to the text state."""
    n = [float(o) for o in operands if isinstance(o, int | float)]
    match operator:
        case b"BT":
            state.matrix = state.start = _IDENTITY
        case b"Tf":
            state.font, state.size = str(operands[0]), float(operands[1])
        case b"Tm" if len(n) == 6:
            state.matrix = state.start = (n[0], n[1], n[2], n[3], n[4], n[5])
        case b"Td" if len(n) == 2:
            state.move(n[0], n[1])
        case b"TD" if len(n) == 2:
            state.leading = -n[1]
            state.move(n[0], n[1])
        case b"T*" | b"'" | b'"':
            state.move(0, -state.leading)
        case b"TL":
            state.leading = n[0]
        case b"Tc":
            state.spacing = n[0]
        case b"Tw":
            state.words = n[0]
        case b"Tz":
            state.scale = n[0] / 100
        case b"cm" if len(n) == 6:
            state.page = _times((n[0], n[1], n[2], n[3], n[4], n[5]), state.page)
        case b"q":
            state.push()
        case b"Q":
            state.pop()


def strings(operands: Any, operator: bytes) -> list[Any]:
    """The strings (and numbers between them) that an operation shows."""
    if operator == b"TJ":
        return list(operands[0])
    return [operands[-1]] if operands else []


def raw_bytes(value: Any) -> bytes | None:
    """The bytes of a string operand, None for a number."""
    if isinstance(value, ByteStringObject | TextStringObject):
        return bytes(value.original_bytes)
    return None


@dataclass(frozen=True, slots=True)
class _Shown:
    glyph: Glyph
    x: float
    y: float
    end: float
    size: float


def _shown(page: Any) -> Iterator[_Shown]:
    fonts = fonts_of(page)
    state = State()
    for index, (operands, operator) in enumerate(_operations(page)):
        apply(state, operands, operator)
        if operator not in SHOW:
            continue
        font = fonts.get(state.font)
        for part, value in enumerate(strings(operands, operator)):
            raw = raw_bytes(value)
            if raw is None:
                state.advance(-float(value) / 1000 * state.size * state.scale)
                continue
            if font is None:
                continue
            for number, (code, text, width) in enumerate(font.split(raw)):
                x, y = state.device[4], state.device[5]
                scale = (state.device[0] ** 2 + state.device[1] ** 2) ** 0.5
                extra = state.spacing + (state.words if code == b" " else 0)
                state.advance((width / 1000 * state.size + extra) * state.scale)
                straight = abs(state.device[1]) < 1e-6 and state.device[0] > 0
                shown = text if straight and len(text) == 1 else UNKNOWN
                glyph = Glyph(index, part, number, code, shown, state.font)
                yield _Shown(glyph, x, y, state.device[4], state.size * scale)


def _page_lines(number: int, page: Any) -> Iterator[TextLine]:
    """The characters of a page by baseline, from top to bottom and left to right."""
    try:
        every = sorted(_shown(page), key=lambda s: -s.y)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise NoPlace(f"page {number + 1}: {error}") from error
    rows: list[list[_Shown]] = []
    for shown in every:
        if rows and abs(rows[-1][0].y - shown.y) < 0.3 * max(shown.size, 1):
            rows[-1].append(shown)
        else:
            rows.append([shown])
    height = float(page.mediabox.height)
    for i, row in enumerate(rows):
        line = _text_line((number, i), sorted(row, key=lambda s: s.x), height)
        if line:
            yield line


def _text_line(at: Address, run: list[_Shown], height: float) -> TextLine | None:
    glyphs: list[Glyph] = []
    text = ""
    last: _Shown | None = None
    for shown in run:
        gap = shown.x - last.end if last else 0.0
        if gap > 0.2 * shown.size and text and not text[-1].isspace():
            glyphs.append(Glyph(-1, -1, len(text), b"", "", ""))
            text += "\t" if gap > 0.95 * shown.size else " "
        glyphs.append(shown.glyph)
        text += shown.glyph.text
        last = shown
    if not text.strip() or UNKNOWN in text:
        return None
    return TextLine(at, text, tuple(glyphs), run[0].x, run[-1].end, run[0].y, run[0].size, height)
