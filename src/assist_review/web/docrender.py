"""A document as HTML for the desk: what was read, nothing else, every character escaped."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from assist_review.export.view import clean
from assist_review.filing import Block, Document, Place, Table

ROWS_A_PAGE = 100
MOST_BLOCKS = 6000


def flowing(document: Document, page: int | None = None) -> Markup:
    """Blocks and tables in reading order; `page` limits it to one page. Places are in data attributes."""
    parts: list[tuple[int, Block | Table]] = [(b.order, b) for b in document.blocks if b.kind != "comment"]
    parts += [(t.order, t) for t in document.tables]
    chosen = [p for _, p in sorted(parts, key=lambda part: part[0]) if page is None or _on(p.place, page)]
    numbers = {t.id: n for n, t in enumerate(document.tables, 1)}
    return Markup("\n").join(
        _table(p, p.place.table or numbers[p.id]) if isinstance(p, Table) else _block(p) for p in chosen[:MOST_BLOCKS]
    )


def _on(place: Place, page: int) -> bool:
    return place.page == page


def _block(block: Block) -> Markup:
    tag = f"h{min(6, (block.level or 1) + 2)}" if block.kind == "heading" else "p"
    at = Markup(' data-p="{}"').format(block.place.paragraph) if block.place.paragraph else Markup("")
    if block.place.page:
        at += Markup(' data-page="{}"').format(block.place.page)
    if block.place.table:
        at += Markup(' data-in-table="{}"').format(block.place.table)
    return Markup('<{0} class="b-{1}"{2}>{3}</{0}>').format(Markup(tag), block.kind, at, clean(block.text))


def _table(table: Table, number: int) -> Markup:
    caption = Markup("<caption>{}</caption>").format(clean(table.caption)) if table.caption else Markup("")
    rows = Markup("").join(_rows(table))
    page = Markup(' data-page="{}"').format(table.place.page) if table.place.page else Markup("")
    return Markup(
        '<div class="doc-table" tabindex="0" role="region" aria-label="{}" data-t="{}"{}><table>{}{}</table></div>'
    ).format(clean(table.caption) or f"表{number}", number, page, caption, rows)


def _rows(table: Table) -> Iterator[Markup]:
    for n, row in enumerate(table.rows):
        cell = "th" if n < table.header_rows else "td"
        at = table.row_places[n].row if n < len(table.row_places) else None
        cells = Markup("").join(Markup("<{0}>{1}</{0}>").format(Markup(cell), clean(text)) for text in row)
        yield Markup('<tr data-r="{}">{}</tr>').format(at or n + 1, cells)


def sheet_page(document: Document, name: str, start: int) -> dict[str, object]:
    """Rows `start`… of one sheet with their numbers; hidden rows and columns are marked, not left out."""
    sheet = next((s for s in document.sheets if s.name == name), document.sheets[0])
    start = max(1, min(start, len(sheet.rows) or 1))
    width = max((len(r) for r in sheet.rows[:2000]), default=0)
    shown = range(start, min(len(sheet.rows), start + ROWS_A_PAGE - 1) + 1)
    return {
        "sheets": [s.name for s in document.sheets], "sheet": sheet.name, "start": start, "total": len(sheet.rows),
        "columns": [column_name(n) for n in range(1, min(width, 60) + 1)],
        "rows": [(n, sheet.rows[n - 1][:60], n in sheet.hidden_rows) for n in shown],
        "hidden_columns": {column_name(n) for n in sheet.hidden_columns}, "step": ROWS_A_PAGE,
    }  # fmt: skip


def column_name(number: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def text_in(document: Document, page: int, box: tuple[float, float, float, float]) -> str:
    """The text of the blocks of a page whose middle lies in `box` (points)."""
    x0, y0, x1, y1 = box
    found = []
    for block in document.blocks:
        b = block.place.bbox
        if block.place.page == page and b and x0 <= (b.x0 + b.x1) / 2 <= x1 and y0 <= (b.y0 + b.y1) / 2 <= y1:
            found.append(block.text)
    return str(escape("")) + "\n".join(found)
