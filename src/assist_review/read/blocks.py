"""Paragraphs and grids to the blocks and tables of a document, with headings, sections and captions."""

import re

from assist_review.filing import Block, BlockKind, Hidden, Place, Table, TextOrigin
from assist_review.read.clean import clean, part_invisible
from assist_review.read.layout import Line
from assist_review.read.outline import Outline, heading_rank, is_caption
from assist_review.read.paragraphs import Joiner, LineKind, PageFlow, Paragraph, mark_contents, paragraphs_of, running
from assist_review.read.pdf_tables import Grid, stitch

_CONTINUED = re.compile(r"^续表|[（(]续[表)）]?|续$|^续")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})\s*[\u4e00-\u9fffA-Za-z]")
_NAMES_TABLE = re.compile(r"(表|如下|清单|情况|一览)[：:]?$")


class BlockBuilder:
    """Collects blocks and tables of a document in reading order."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.hidden: list[Hidden] = []
        self._outline = Outline()
        self._numbers: dict[tuple[int, str], int] = {}
        self._order = 0

    def add(self, pages: list[PageFlow]) -> None:
        """Add all pages at once: margins, headers and page breaks are judged over the whole document."""
        kinds = running(pages)
        mark_contents(pages, kinds)
        joiner = Joiner(pages, kinds)
        run: list[Line] = []
        open_grid: Grid | None = None
        for page in pages:
            for thing in _in_order(page, kinds):
                if isinstance(thing, Line):
                    body = kinds.get(id(thing), "body") == "body"
                    if open_grid is not None and body and not (_CONTINUED.search(thing.text) and len(thing.text) < 30):
                        self._table(open_grid)
                        open_grid = None
                    run.append(thing)
                    continue
                joined = stitch(open_grid, thing) if open_grid is not None else None
                if joined is not None:
                    open_grid = joined
                    continue
                if open_grid is not None:
                    self._table(open_grid)
                self._text(run, joiner, kinds)
                run = []
                open_grid = thing
            if open_grid is not None and run:
                # Headers and footers around a table that may go on belong to neither side.
                self._text(run, joiner, kinds)
                run = []
        if open_grid is not None:
            self._table(open_grid)
        self._text(run, joiner, kinds)

    def note(self, text: str, page: int) -> None:
        """Add a comment that stands on a page but outside its text."""
        self._block("comment", clean(text), Place(page=page), TextOrigin.TEXT_LAYER)

    def plain(self, text: str, page: int, origin: TextOrigin) -> None:
        """Add a paragraph whose place on the page is not known."""
        rank = heading_rank(text)
        level = self._outline.enter(text, rank=rank) if rank is not None else None
        self._block("heading" if level else "paragraph", text, Place(page=page), origin, level)

    def _id(self, page: int, letter: str) -> str:
        number = self._numbers.get((page, letter), 0) + 1
        self._numbers[(page, letter)] = number
        return f"p{page}.{letter}{number}"

    def _block(self, kind: BlockKind, text: str, place: Place, origin: TextOrigin, level: int | None = None) -> None:
        text, invisible = part_invisible(text, place)
        self.hidden += invisible
        text = clean(text)
        if not text:
            return
        section = "" if kind in ("header", "footer") else self._outline.path
        page = place.page or 1
        self.blocks.append(
            Block(
                id=self._id(page, "b"), kind=kind, text=text, order=self._next(), level=level, section=section,
                place=place, origin=origin,
            )
        )  # fmt: skip

    def _next(self) -> int:
        self._order += 1
        return self._order

    def _text(self, run: list[Line], joiner: Joiner, kinds: dict[int, LineKind]) -> None:
        for paragraph in paragraphs_of(run, joiner, kinds):
            place = Place(page=paragraph.page, bbox=paragraph.box)
            if paragraph.kind != "body":
                self._block(paragraph.kind, paragraph.text, place, paragraph.origin)
                continue
            rank = self._rank(paragraph, joiner)
            level = self._outline.enter(paragraph.text, rank=rank) if rank is not None else None
            self._block("heading" if level else "paragraph", paragraph.text, place, paragraph.origin, level)

    def _rank(self, paragraph: Paragraph, joiner: Joiner) -> int | None:
        body = joiner.body(paragraph.lines[0])
        larger = paragraph.size >= (1.3 if paragraph.origin == TextOrigin.OCR else 1.1) * body.size
        if is_caption(paragraph.text) or (len(paragraph.lines) > 1 and not larger) or len(paragraph.lines) > 3:
            return None
        set_off = larger or (paragraph.bold and paragraph.origin != TextOrigin.OCR)
        numbered = _NUMBERED.match(paragraph.text)
        if numbered and set_off and len(paragraph.text) <= 40 and not paragraph.text.endswith(("。", "；", "，")):
            return 70 + numbered.group(1).count(".")  # "2.7 个人信息": set off, so no quantity
        return heading_rank(paragraph.text, set_off=set_off)

    def _caption(self) -> str:
        for block in reversed(self.blocks[-6:]):
            if block.kind in ("header", "footer"):
                continue
            if is_caption(block.text):
                return block.text
            if block.kind == "paragraph" and len(block.text) <= 40 and _NAMES_TABLE.search(block.text):
                return block.text.rstrip("：:")
            break
        return ""

    def _table(self, grid: Grid) -> None:
        number = len(self.tables) + 1
        caption = self._caption()
        rows: list[tuple[str, ...]] = []
        places: list[Place] = []
        for i, row in enumerate(grid.rows, start=1):
            place = Place(page=row.page, bbox=row.box, table=number, row=i)
            cells = []
            for cell in row.cells:
                text, invisible = part_invisible(cell, place)
                self.hidden += invisible
                cells.append(clean(text))
            rows.append(tuple(cells))
            places.append(place)
        self.tables.append(
            Table(
                id=self._id(grid.page, "t"), order=self._next(), caption=caption, section=self._outline.path,
                header_rows=min(grid.header_rows, len(rows)), rows=tuple(rows), row_places=tuple(places),
                place=Place(page=grid.page, bbox=grid.box, table=number), origin=grid.origin,
            )
        )  # fmt: skip


def _in_order(page: PageFlow, kinds: dict[int, LineKind]) -> list[Line | Grid]:
    """Lines and grids of a page: headers first, each grid before the first line below its top, footers last."""
    top = [line for line in page.lines if kinds.get(id(line)) == "header"]
    bottom = [line for line in page.lines if kinds.get(id(line)) == "footer"]
    body = [line for line in page.lines if kinds.get(id(line)) not in ("header", "footer")]
    ordered: list[Line | Grid] = list(top)
    waiting = sorted(page.grids, key=lambda g: g.box.y0)
    for line in body:
        while waiting and waiting[0].box.y0 <= line.box.y0:
            ordered.append(waiting.pop(0))
        ordered.append(line)
    return [*ordered, *waiting, *bottom]
