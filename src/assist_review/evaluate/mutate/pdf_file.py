"""Edits of the pages of a PDF with a text layer.

A replaced character is taken out of the content stream, so that no extractor finds it any more; the new text is
written in the fonts of the page where they have the characters, else in a spare font, and squeezed where it would
run into what follows. What can be edited is what `pdf_lines` finds.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, ContentStream, DecodedStreamObject, FloatObject, NameObject

from assist_review.evaluate.mutate.pdf_fonts import Font, fonts_of, spare_font
from assist_review.evaluate.mutate.pdf_lines import (
    SHOW,
    Address,
    Glyph,
    State,
    TextLine,
    apply,
    opened,
    page_lines,
    raw_bytes,
    strings,
)
from assist_review.evaluate.mutate.planted import NoPlace

_MARGIN = 45.0  # points that stay free at the right of a page
_TIGHTEST = 1.6  # how many times wider a new text may be than the one it stands for


def replaced(data: bytes, at: Address, start: int, end: int, text: str) -> bytes:
    """`data` with the characters `start:end` of one line replaced. Raises NoPlace where the text cannot be written.

    Where the new text is much wider than the old, its neighbours on the line are squeezed with it.
    """
    line = _line(data, at)
    low, high = _stretch(line, start, end)
    for first, last in ((start, end), (start, high), (low, high)):
        gone = [g for g in line.glyphs[first:last] if g.text]
        if not gone:
            continue
        new = line.text[first:start] + text + line.text[end:last]
        free = _free(data, line, last)
        with suppress(_TooWide):
            return _rewritten(data, at[0], _Rewrite({gone[0]: new}, frozenset(gone), set(gone[:1]), free))
    raise NoPlace("nothing to replace, or no room for it")


def _free(data: bytes, line: TextLine, last: int) -> float:
    """How far text that ends before character `last` may grow to the right, in thousandths of its font size."""
    if last < len(line.glyphs):
        return 900.0 if line.text[last] == "\t" else 0.0  # the gap between two columns is at least this wide
    width, _ = page_size(data, line.at[0])
    return max(0.0, width - _MARGIN - line.end) / max(line.size, 1) * 1000


def _stretch(line: TextLine, start: int, end: int) -> tuple[int, int]:
    """`start:end` widened to where the line has a gap, or ends."""
    low = max((i + 1 for i in range(start) if not line.glyphs[i].text), default=0)
    high = min((i for i in range(end, len(line.glyphs)) if not line.glyphs[i].text), default=len(line.glyphs))
    return low, high


class _TooWide(NoPlace):
    """The new text would have to be squeezed beyond reading."""


def deleted(data: bytes, places: Sequence[Address]) -> bytes:
    """`data` without these lines; the space they took stays empty."""
    for page in sorted({page for page, _ in places}):
        gone = [g for at in places if at[0] == page for g in _line(data, at).glyphs if g.text]
        data = _rewritten(data, page, _Rewrite({}, frozenset(gone), set()))
    return data


def inserted(
    data: bytes,
    page: int,
    x: float,
    y: float,
    text: str,
    *,
    size: float = 10,
    colour: str = "0 g",
    hidden: bool = False,
) -> bytes:
    """`data` with a line of text at `x`, `y` of a page; `hidden` text is written but never painted."""
    writer, reader_page = _writer(data, page)
    font = spare_font(reader_page, writer)
    codes = b"".join(font.encode(c) or b"" for c in text)
    mode = "3 Tr" if hidden else "0 Tr"
    drawn = f"\nq BT {colour} {mode} {font.name} {size:g} Tf 1 0 0 1 {x:g} {y:g} Tm <{codes.hex()}> Tj ET Q\n"
    content = reader_page.get_contents()
    _set_content(
        writer, reader_page, b"q\n" + (content.get_data() if content is not None else b"") + b"\nQ" + drawn.encode()
    )
    return _saved(writer)


def locked(data: bytes, password: str) -> bytes:
    """`data` behind a password."""
    writer = PdfWriter(clone_from=opened(data))
    writer.encrypt(password, algorithm="RC4-128")  # needs no further library
    return _saved(writer)


def page_size(data: bytes, page: int) -> tuple[float, float]:
    """Width and height of a page in points."""
    box = opened(data).pages[page].mediabox
    return float(box.width), float(box.height)


def page_count(data: bytes) -> int:
    """How many pages there are."""
    return len(opened(data).pages)


def _writer(data: bytes, page: int) -> tuple[PdfWriter, Any]:
    writer = PdfWriter(clone_from=opened(data))
    return writer, writer.pages[page]


def _saved(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _line(data: bytes, at: Address) -> TextLine:
    return next(line for line in page_lines(data, at[0]) if line.at == at)


@dataclass
class _Rewrite:
    """What to do with the glyphs of a page: `texts` are put where a glyph stood, `gone` are taken out."""

    texts: dict[Glyph, str]
    gone: frozenset[Glyph]
    pending: set[Glyph]
    free: float = 0.0  # room to the right of what goes, in thousandths of the font size


def _rewritten(data: bytes, number: int, rewrite: _Rewrite) -> bytes:
    writer, page = _writer(data, number)
    fonts = fonts_of(page)
    touched = {g.operation for g in rewrite.gone}
    spare: list[Font] = []

    def spare_once() -> Font:
        if not spare:
            spare.append(spare_font(page, writer))
        return spare[0]

    made: list[tuple[Any, bytes]] = []
    state = State()
    room = _width(rewrite.gone, fonts) + rewrite.free
    content = page.get_contents()
    stream = ContentStream(content, writer)
    for index, (operands, operator) in enumerate(stream.operations):
        apply(state, operands, operator)
        if operator in SHOW and index in touched:
            if operator in (b"'", b'"'):
                made.append(([], b"T*"))
            made += _edited(index, operands, operator, state, rewrite, fonts=fonts, spare=spare_once, room=room)
        else:
            made.append((_kept(operands), operator))
    stream.operations = made
    _set_content(writer, page, stream.get_data())
    return _saved(writer)


def _set_content(writer: PdfWriter, page: Any, content: bytes) -> None:
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())


def _kept(operands: Any) -> Any:
    """Operands with strings as the bytes they were, so that nothing is encoded anew."""
    if isinstance(operands, dict):  # an inline image
        return operands
    kept: list[Any] = []
    for value in operands:
        if isinstance(value, list):
            kept.append(ArrayObject(_kept(value)))
        else:
            raw = raw_bytes(value)
            kept.append(value if raw is None else ByteStringObject(raw))
    return kept


def _edited(
    index: int, operands: Any, operator: bytes, state: State, rewrite: _Rewrite, *,
    fonts: dict[str, Font], spare: Callable[[], Font], room: float,
) -> Iterator[tuple[Any, bytes]]:  # fmt: skip
    """The operations that show what is left of a string and what comes instead of the rest."""
    font = fonts[state.font]
    kept: list[Any] = []
    for part, value in enumerate(strings(operands, operator)):
        raw = raw_bytes(value)
        if raw is None:
            kept.append(value)
            continue
        left = b""
        for number, (code, text, width) in enumerate(font.split(raw)):
            shown = Glyph(index, part, number, code, text, state.font)
            new = _taken(rewrite, shown)
            if new is None:
                left += code
                continue
            width_left = width / 1000 * state.size
            if new:
                if left:
                    kept.append(ByteStringObject(left))
                    left = b""
                if kept:
                    yield [ArrayObject(kept)], b"TJ"
                    kept = []
                yield from _written(new, font, state, fonts=fonts, spare=spare, room=room)
            elif not rewrite.texts:
                if left:
                    kept.append(ByteStringObject(left))
                    left = b""
                kept.append(FloatObject(-width_left / state.size * 1000 if state.size else 0))
        if left:
            kept.append(ByteStringObject(left))
    if kept:
        yield [ArrayObject(kept)], b"TJ"


def _taken(rewrite: _Rewrite, glyph: Glyph) -> str | None:
    """None: the glyph stays; else the text that comes in its place ("" for nothing)."""
    if glyph not in rewrite.gone:
        return None
    if glyph in rewrite.pending:
        rewrite.pending.discard(glyph)
        return rewrite.texts[glyph]
    return ""


def _width(glyphs: frozenset[Glyph], fonts: dict[str, Font]) -> float:
    """The width of characters in thousandths of the font size."""
    return sum(width for g in glyphs if g.font in fonts for _, _, width in fonts[g.font].split(g.code))


def _written(
    text: str, own: Font, state: State, *, fonts: dict[str, Font], spare: Callable[[], Font], room: float
) -> Iterator[tuple[Any, bytes]]:
    """Show `text` in the current font where it can, in other fonts of the page, or in the spare font."""
    runs: list[tuple[Font, bytes]] = []
    wanted = 0.0
    for char in text:
        before = runs[-1][0] if runs else own
        font = next((f for f in (before, own, *fonts.values()) if f.encode(char) is not None), None) or spare()
        code = font.encode(char)
        if code is None:
            raise NoPlace(f"no font for {char!r}")
        wanted += font.split(code)[0][2]
        if runs and font is before:
            runs[-1] = font, runs[-1][1] + code
        else:
            runs.append((font, code))
    if wanted > room * 1.02:
        if wanted > room * _TIGHTEST:
            raise _TooWide("too long for the line")
        yield [FloatObject(100 * state.scale * room / wanted)], b"Tz"
    for font, codes in runs:
        yield [NameObject(font.name), FloatObject(state.size)], b"Tf"
        yield [ByteStringObject(codes)], b"Tj"
    yield [NameObject(own.name), FloatObject(state.size)], b"Tf"
    yield [FloatObject(100 * state.scale)], b"Tz"
