"""Edits of passages and tables, the same for all formats: each gives a new file from an old one."""

import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar, cast

from assist_review.evaluate.mutate import docx_file, pdf_file, pdf_lines, sheet_file
from assist_review.evaluate.mutate.planted import Change, Edit, NoPlace
from assist_review.evaluate.mutate.survey import Grid, Passage

T = TypeVar("T")
Swap = tuple[Passage, int, int, str]  # characters start:end of a passage become a text


def address(passage: Passage, at: int) -> tuple[str, str, int]:
    """Where character `at` of a passage stands in its file: the same for a cell and for the line it is on."""
    piece = next((p for p in reversed(passage.pieces) if p.start <= at), passage.pieces[0])
    return passage.file, str(piece.at), piece.offset + at - piece.start


def distinct(changes: Iterable[Swap]) -> list[Swap]:
    """`changes` without those that begin where another one does."""
    return list({address(c[0], c[1]): c for c in changes}.values())


def swaps(changes: Iterable[Swap]) -> dict[str, Edit]:
    """Edits by file that make all `changes`; those in one passage must not overlap."""
    by_file: dict[str, list[Swap]] = {}
    for change in distinct(changes):
        by_file.setdefault(change[0].file, []).append(change)
    return {file: _edit(each) for file, each in by_file.items()}


def _edit(changes: list[Swap]) -> Edit:
    # from the end of the file to its beginning: a line of a PDF that becomes empty changes the numbers below it
    ordered = sorted(changes, key=lambda c: (c[0].pieces[0].at, c[0].pieces[0].offset, c[1]), reverse=True)

    def edit(data: bytes) -> bytes:
        for passage, start, end, text in ordered:
            data = _replaced(data, passage, start, end, text)
        return data

    return edit


def _replaced(data: bytes, passage: Passage, start: int, end: int, text: str) -> bytes:
    """A span may run over lines of a PDF: the first line takes the new text, the others lose their part."""
    touched = [p for p in passage.pieces if p.start < end and start < p.start + p.length]
    for number in reversed(range(len(touched))):
        piece = touched[number]
        low, high = max(start - piece.start, 0), min(end - piece.start, piece.length)
        new = text if number == 0 else ""
        if passage.format == "docx":
            at = (str(piece.at[0]), int(piece.at[1]))
            data = docx_file.replaced(data, at, low + piece.offset, high + piece.offset, new)
        elif passage.format == "pdf":
            line = (int(piece.at[0]), int(piece.at[1]))
            data = pdf_file.replaced(data, line, low + piece.offset, high + piece.offset, new)
        else:
            whole = passage.text[:start] + text + passage.text[end:]
            sheet, row, column = cast(tuple[str, int, int], piece.at)
            data = sheet_file.with_cells(data, {sheet: {(row, column): typed(whole)}})
    if not touched:
        raise NoPlace("nothing to replace")
    return data


def typed(text: str) -> str | int | float | None:
    """A cell value: whole and decimal numbers as numbers, other text as it is, "" as no value."""
    if not text:
        return None
    if re.fullmatch(r"-?[1-9]\d{0,14}|0", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,12}\.\d{1,8}", text) else text


def purged(changes: Sequence[Swap], whole: Sequence[Passage]) -> dict[str, Edit]:
    """Edits by file that make `changes` and then take out whole passages."""
    changes = [*changes, *((p, 0, len(p.text), "") for p in whole if p.format != "docx")]
    edits = swaps(changes)
    for file in dict.fromkeys(p.file for p in whole if p.format == "docx"):
        places = [(str(p.pieces[0].at[0]), int(p.pieces[0].at[1])) for p in whole if p.file == file]
        edits[file] = _removal(edits.get(file), places)
    return edits


def _removal(first: Edit | None, places: list[tuple[str, int]]) -> Edit:
    return lambda data: docx_file.deleted(first(data) if first else data, places)


def appended(passage: Passage, text: str) -> dict[str, Edit]:
    """Edits that put a sentence after a passage: a new paragraph of a DOCX, a line at the foot of a PDF page."""

    def edit(data: bytes) -> bytes:
        piece = passage.pieces[-1]
        if passage.format == "docx":
            return docx_file.inserted(data, (str(piece.at[0]), int(piece.at[1])), text)
        if passage.format == "pdf":
            return at_foot(data, int(piece.at[0]), text)
        sheet, row, column = cast(tuple[str, int, int], piece.at)
        return sheet_file.with_cells(data, {sheet: {(row, column): passage.text + text}})

    return {passage.file: edit}


def at_foot(data: bytes, page: int, text: str, *, colour: str = "0 g", size: float = 10, hidden: bool = False) -> bytes:
    """`data` with text below the last line of a page, in as many lines as it needs.

    Raises NoPlace where the page is full and the text is to be seen; what nobody sees may stand in the top margin.
    """
    width, height = pdf_file.page_size(data, page)
    lines = pdf_lines.page_lines(data, page)
    body = [line for line in lines if line.y > height * 0.075]
    footer = max((line.y + line.size for line in lines if line.y <= height * 0.075), default=height * 0.06)
    left = min((line.x for line in body), default=60.0)
    bottom = min((line.y for line in body), default=height * 0.9)
    step = size * 1.5
    per_line = max(10, int((width - left - 50) / size))
    pieces = [text[i : i + per_line] for i in range(0, len(text), per_line)]
    room = bottom - step * (len(pieces) + 1) > max(footer, height * 0.08)
    if not room and colour == "0 g" and not hidden and size > 4:
        raise NoPlace("the page is full")
    for number, piece in enumerate(pieces, 1):
        y = bottom - step * (number + 1) if room else height - 12 - step * (number - 1)
        data = pdf_file.inserted(data, page, left, y, piece, size=size, colour=colour, hidden=hidden)
    return data


def without_row(grid: Grid, row: int) -> dict[str, Edit]:
    """Edits that take a row out of a table."""
    cells = [p for p in grid.rows[row] if p]
    if grid.format == "docx":
        return {grid.file: lambda data: docx_file.without_row(data, grid.number, row)}
    if grid.format == "xlsx":
        sheet, number, _ = cast(tuple[str, int, int], cells[0].pieces[0].at)
        return {grid.file: lambda data: sheet_file.without_rows(data, sheet, [number])}
    return swaps((p, 0, len(p.text), "") for p in cells)


def swap_change(changes: Sequence[Swap], *, absent: bool = False, files: tuple[str, ...] = ()) -> Change:
    """A `Change` made of swaps, described by the first of them."""
    passage, start, end, text = changes[0]
    before, after = (
        excerpt(passage.text, start, end),
        excerpt(passage.text[:start] + text + passage.text[end:], start, start + len(text)),
    )
    more = f"等{len(changes)}处" if len(changes) > 1 else ""
    return Change(
        place=f"{passage.file} {passage.place}{more}", before=before, after=after, edits=swaps(changes),
        absent=absent, files=files,
    )  # fmt: skip


def excerpt(text: str, start: int, end: int, around: int = 24) -> str:
    """What stands at `start:end` with a little of what is around it."""
    return " ".join(text[max(0, start - around) : end + around].split())


def everywhere(passages: Iterable[Passage], old: str, new: str, *, whole: bool = False) -> list[Swap]:
    """Swaps of every `old` in `passages`; `whole`: not inside of a longer number."""
    pattern = re.compile((r"(?<![\d.,])" if whole else "") + re.escape(old) + (r"(?![\d]|[.,]\d)" if whole else ""))
    return [(p, m.start(), m.end(), new) for p in passages for m in pattern.finditer(p.text)]


def shuffled(things: Iterable[T], rng: Random) -> list[T]:
    """`things` in an order that depends on the random source alone."""
    listed = list(things)
    rng.shuffle(listed)
    return listed
