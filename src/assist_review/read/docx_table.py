"""DOCX tables: grids with merged cells, rows marked as deleted, and what stands inside cells."""

from collections.abc import Callable
from dataclasses import dataclass, field

from assist_review.filing import Hidden, Place
from assist_review.read.docx_styles import is_dark
from assist_review.read.docx_text import ParagraphReader
from assist_review.read.ooxml import Element, W, is_on, whole

_NESTED_MAX = 8
_COLUMNS_MAX = 200


@dataclass
class Grid:
    """The rows of a table, all of the same length, and what was found beside the text."""

    rows: list[list[str]] = field(default_factory=list)
    header_rows: int = 1
    hidden: list[Hidden] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Cell:
    span: int
    goes_on: bool  # continues the cell above it
    starts: bool  # first of several merged downwards
    text: str


class TableReader:
    """Reads tables with the paragraph reader of their document; `label` gives a paragraph's automatic number."""

    def __init__(self, paragraphs: ParagraphReader, label: Callable[[Element], str]) -> None:
        self.paragraphs = paragraphs
        self.label = label

    def read(self, element: Element, place: Place, *, dark: bool = False, depth: int = 0) -> Grid:
        """A `w:tbl` as a grid. `place` names the table; hidden text is placed by row and column."""
        grid = Grid()
        style = element.find(f"{W}tblPr/{W}tblStyle")
        dark = dark or self.paragraphs.styles.shades(style.get(f"{W}val") if style is not None else None)
        marked, cells_of = 0, []
        for row in _rows(element):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                gone = "\t".join(self._cell(c, grid, place, dark, depth).text for c in _cells(row))
                if gone.strip():
                    grid.hidden.append(Hidden(kind="tracked_deletion", text=gone, place=place))
                continue
            number = len(grid.rows) + 1
            texts, cells = self._row(row, grid, place.model_copy(update={"row": number}), dark, depth)
            if properties is not None and properties.find(f"{W}ins") is not None and any(texts):
                text = "\t".join(t for t in texts if t)
                grid.hidden.append(
                    Hidden(kind="tracked_insertion", text=text, place=place.model_copy(update={"row": number}))
                )
            head = properties.find(f"{W}tblHeader") if properties is not None else None
            if head is not None and is_on(head.get(f"{W}val")) and marked == len(grid.rows):
                marked += 1
            grid.rows.append(texts)
            cells_of.append(cells)
        width = max((len(row) for row in grid.rows), default=0)
        for texts in grid.rows:
            texts.extend([""] * (width - len(texts)))
        grid.header_rows = _header_rows(marked, grid.rows, cells_of)
        return grid

    def _row(self, row: Element, grid: Grid, place: Place, dark: bool, depth: int) -> tuple[list[str], list[_Cell]]:
        texts = [""] * _spare(row, "gridBefore")
        cells: list[_Cell] = []
        for element in _cells(row):
            if len(texts) >= _COLUMNS_MAX:
                break
            cell = self._cell(element, grid, place.model_copy(update={"column": len(texts) + 1}), dark, depth)
            cells.append(cell)
            texts.append("" if cell.goes_on else cell.text)
            texts.extend([""] * (cell.span - 1))
        texts.extend([""] * _spare(row, "gridAfter"))
        return texts[:_COLUMNS_MAX], cells

    def _cell(self, element: Element, grid: Grid, place: Place, dark: bool, depth: int) -> _Cell:
        properties = element.find(f"{W}tcPr")
        span, goes_on, starts = 1, False, False
        if properties is not None:
            if (found := properties.find(f"{W}gridSpan")) is not None:
                span = min(max(whole(found.get(f"{W}val"), 1), 1), _COLUMNS_MAX)
            if (found := properties.find(f"{W}vMerge")) is not None:
                starts = found.get(f"{W}val") == "restart"
                goes_on = not starts
            if (found := properties.find(f"{W}shd")) is not None:
                dark = dark or is_dark(found)
        lines = self.lines(element, grid, place, dark=dark, depth=depth)
        return _Cell(span, goes_on, starts, "\n".join(lines))

    def lines(self, body: Element, grid: Grid, place: Place, *, dark: bool, depth: int = 0) -> list[str]:
        """The paragraphs of a cell or text box; a table inside gives one line a row, cells apart by tabs."""
        found: list[str] = []
        for child in content(body):
            if child.tag == f"{W}p":
                paragraph = self.paragraphs.read(child, place, dark=dark)
                grid.hidden.extend(paragraph.hidden)
                grid.images.extend(paragraph.images)
                grid.comments.extend(paragraph.comments)
                grid.notes.extend(paragraph.notes)
                label = self.label(child)
                if paragraph.text:
                    found.append(label + paragraph.text)
                for box, filled in paragraph.boxes:
                    if depth < _NESTED_MAX:
                        found.extend(self.lines(box, grid, place, dark=filled, depth=depth + 1))
            elif depth < _NESTED_MAX:
                inner = self.read(child, place, dark=dark, depth=depth + 1)
                grid.hidden.extend(inner.hidden)
                grid.images.extend(inner.images)
                grid.comments.extend(inner.comments)
                grid.notes.extend(inner.notes)
                found.extend("\t".join(cell for cell in row if cell) for row in inner.rows if any(row))
        return found


def content(body: Element) -> list[Element]:
    """Paragraphs and tables of a body, those in content controls and the like included."""
    found: list[Element] = []
    for child in body:
        if child.tag in (f"{W}p", f"{W}tbl"):
            found.append(child)
        elif child.tag == f"{W}sdt":
            inner = child.find(f"{W}sdtContent")
            found.extend(content(inner) if inner is not None else ())
        elif child.tag in (f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            found.extend(content(child))
    return found


def _rows(table: Element) -> list[Element]:
    return _below(table, f"{W}tr")


def _cells(row: Element) -> list[Element]:
    return _below(row, f"{W}tc")


def _below(element: Element, tag: str) -> list[Element]:
    found: list[Element] = []
    for child in element:
        if child.tag == tag:
            found.append(child)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            found.extend(_below(child, tag))
    return found


def _spare(row: Element, name: str) -> int:
    found = row.find(f"{W}trPr/{W}{name}")
    return min(whole(found.get(f"{W}val")), _COLUMNS_MAX) if found is not None else 0


def _header_rows(marked: int, rows: list[list[str]], cells: list[list[_Cell]]) -> int:
    """How many rows are header: those marked so, else those that merged cells of the first row reach down to."""
    if 0 < marked < len(rows):
        return marked
    if len(rows) > 2 and any(c.starts for c in cells[0]) and any(c.span > 1 and not c.starts for c in cells[0]):
        reach = 1
        while reach < min(len(rows) - 1, 4) and any(c.goes_on for c in cells[reach]):
            reach += 1
        return reach
    # A row across all columns is a title. With 4 or 6 columns the rest may be a form (label, value, label, value).
    title = len(rows) > 3 and len(cells[0]) == 1 and len(rows[0]) in (3, 5, 7, 8, 9, 10)
    if title and all(len(row) == len(rows[1]) and all(row) for row in rows[1:3]) and len(cells[1]) == len(rows[0]):
        return 2
    return 1 if rows else 0
