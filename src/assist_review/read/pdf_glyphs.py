"""The characters of a PDF page as PDFium sees them: text of record, boxes, and how they are drawn."""

import ctypes
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from assist_review.filing import TextOrigin
from assist_review.read.layout import Glyph, is_wide

Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class Look:
    """How the glyphs of one text object are drawn; `order` is their place in the drawing order."""

    colour: tuple[int, int, int] = (0, 0, 0)
    alpha: int = 255
    mode: int = 0
    size: float = 0.0
    bold: bool = False
    slanted: bool = False  # turned by other than quarter turns: a watermark
    order: int = 0
    unmapped: bool = False  # the font gives no Unicode for it


class _Looks:
    """The looks of text objects, each asked for once."""

    def __init__(self, text_page: Any, order: dict[int, int]) -> None:
        self._text_page, self._order = text_page, order
        self._known: dict[int, Look] = {}
        self._fonts: dict[int, bool] = {}
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)

    def of(self, thing: Any, index: int) -> Look:
        """The look of the text object `thing`, of which the character at `index` is one."""
        address = ctypes.addressof(thing.contents)
        look = self._known.get(address)
        if look is None:
            look = self._known[address] = self._ask(thing, index, self._order.get(address, 0))
        return look

    def _ask(self, thing: Any, index: int, order: int) -> Look:
        look = Look(order=order)
        r, g, b, a = self._colour
        if raw.FPDFText_GetFillColor(self._text_page, index, r, g, b, a):
            look.colour, look.alpha = (r.value, g.value, b.value), a.value
        size = raw.FPDFText_GetFontSize(self._text_page, index)
        m = self._matrix
        if raw.FPDFText_GetMatrix(self._text_page, index, m):
            scale = (m.c**2 + m.d**2) ** 0.5
            look.slanted = abs(m.a) > 0.12 * scale and abs(m.b) > 0.12 * scale
            size *= scale or 1.0
        look.size = size
        look.mode = raw.FPDFTextObj_GetTextRenderMode(thing)
        look.unmapped = raw.FPDFText_HasUnicodeMapError(self._text_page, index) == 1
        font = raw.FPDFTextObj_GetFont(thing)
        # Text stroked as well as filled is how office programs fake a bold face.
        look.bold = look.mode == 2 or bool(font and self._is_bold(font))
        return look

    def _is_bold(self, font: Any) -> bool:
        address = ctypes.addressof(font.contents)
        bold = self._fonts.get(address)
        if bold is None:
            raw.FPDFFont_GetBaseFontName(font, self._name, 128)
            name = self._name.value.decode("latin-1").lower()
            bold = any(w in name for w in ("bold", "heavy", "black", "simhei", "heiti"))
            bold = self._fonts[address] = bold or raw.FPDFFont_GetWeight(font) >= 600
        return bold


def glyphs_of(page: Any, display: Matrix, order: dict[int, int]) -> tuple[list[Glyph], list[Look]]:
    """The characters of a page in the order of the file, and the look of each; what is printed twice comes once."""
    glyphs: list[Glyph] = []
    found: list[Look] = []
    text_page_object = page.get_textpage()
    text_page = text_page_object.raw
    looks = _Looks(text_page, order)
    drawn: dict[tuple[str, int], list[tuple[float, Look]]] = {}
    rect = raw.FS_RECTF()
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    look = Look()
    a, b, c, d, e, f = display
    for i in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, i)
        # Only white space (and a hyphen) is ever made up by PDFium.
        made_up = code < 128 and raw.FPDFText_IsGenerated(text_page, i) == 1
        if made_up and code in (0, 10, 13):
            continue
        # PDFium writes U+FFFE for a hyphen at a line end.
        text = "-" if code in (2, 0xFFFE) else chr(code) if code and not 0xD800 <= code < 0xE000 else "\ufffd"
        thing = raw.FPDFText_GetTextObject(text_page, i)
        if thing:
            look = looks.of(thing, i)
        raw.FPDFText_GetLooseCharBox(text_page, i, rect)
        x0, y0 = a * rect.left + c * rect.bottom + e, b * rect.left + d * rect.bottom + f
        x1, y1 = a * rect.right + c * rect.top + e, b * rect.right + d * rect.top + f
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        if y1 - y0 < 0.6 * look.size and not made_up:
            if x1 - x0 < 0.6 * look.size and is_wide(text) and text.isalpha():
                look.size = max(y1 - y0, x1 - x0)  # made smaller once more by the form that holds the text
            elif raw.FPDFText_GetCharOrigin(text_page, i, origin_x, origin_y):
                # Drawn (Type 3) fonts give tight boxes: a 一 is a sliver, so its row is set from the baseline.
                base = b * origin_x.value + d * origin_y.value + f
                y0, y1 = base - 0.88 * look.size, base + 0.22 * look.size
        if not made_up and not text.isspace() and _printed_twice(drawn, text, (x0, y0, x1 - x0), look):
            continue
        glyphs.append(Glyph(text, x0, y0, x1, y1, look.size, look.bold, TextOrigin.TEXT_LAYER, made_up))
        found.append(look)
    text_page_object.close()
    return glyphs, found


def _printed_twice(
    drawn: dict[tuple[str, int], list[tuple[float, Look]]], text: str, at: tuple[float, float, float], look: Look
) -> bool:
    """Whether another text object has the same character within a point: a bold face made by printing twice.

    Within one object it is a ligature (ff), which PDFium gives as two characters in one place.
    """
    x, y, width = at
    near = 1.0 if width > 3.3 else 0.3 * width
    row = int(y)
    for other_row in (row, row - 1, row + 1):
        for other, other_look in drawn.get((text, other_row), ()):
            if -near < x - other < near and other_look is not look:
                return True
    drawn.setdefault((text, row), []).append((x, look))
    return False
