"""DOCX: the body in reading order with list numbers, tables, notes and pictures; hidden text is set apart.

All text comes from one pass over the XML: the usual library drops inserted text and does not know list numbers.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assist_review.errors import ReadError
from assist_review.filing import Block, BlockKind, Document, Hidden, Mark, Place, Table, TextOrigin, Unreadable
from assist_review.read.archive import unreadable
from assist_review.read.docx_extras import NoteText, comments, image_size, notes, picture_pages
from assist_review.read.docx_numbering import Numbering
from assist_review.read.docx_styles import Styles, paragraph_looks
from assist_review.read.docx_table import Grid, TableReader, content
from assist_review.read.docx_text import Paragraph, ParagraphReader
from assist_review.read.ooxml import A, Element, OfficePackage, W, local, texts
from assist_review.read.outline import Outline, TypedToc, heading_rank, is_caption

OCR_MIN_PIXELS = 600  # smaller pictures are logos and charts, not scans
OCR_MAX_PICTURES = 12  # in one document; a report full of screenshots would take minutes


def read_docx(data: bytes, file: str, *, ocr: bool = True) -> Document:
    """Read a DOCX file. Raises DamagedFile or LimitExceeded."""
    package = OfficePackage(data, file)
    reader = _Reader(package, package.main_part("word/document.xml"), file, ocr=ocr)
    reader.read()
    properties = package.properties()
    if reader.pictures:
        properties["images"] = str(len(reader.pictures))
    if reader.skipped:
        properties["images_not_read"] = str(reader.skipped)
    for name in package.embedded():
        base = name.rsplit("/", 1)[-1]
        reason = f"文档中嵌入了另一个文件（{base}），其内容未读取。"
        reader.unreadable.append(Unreadable(kind="embedded", reason=reason, remedy="请将嵌入的文件作为单独材料提交。"))
    return Document(
        file=file, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), format="docx",
        blocks=tuple(reader.blocks), tables=tuple(reader.tables),
        hidden=tuple(reader.hidden), marks=tuple(reader.marks),
        unreadable=tuple(reader.unreadable), properties=properties,
    )  # fmt: skip


@dataclass
class _Item:
    """A paragraph or table of the body, and whether it lies in a table of contents made by the program."""

    element: Element
    in_toc: bool


class _Reader:
    def __init__(self, package: OfficePackage, main: str, file: str, *, ocr: bool) -> None:
        self.package, self.main, self.file, self.ocr = package, main, file, ocr
        self.relations = package.relations(main)
        self.styles = Styles(self._related("styles"))
        self.numbering = Numbering(self._related("numbering"), self.styles)
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.hidden: list[Hidden] = []
        self.marks: list[Mark] = []
        self.unreadable: list[Unreadable] = []
        self.pictures: set[str] = set()
        self.recognised = 0
        self.skipped = 0
        self.outline = Outline()
        self.order = 0
        self.number = 0  # of the body paragraph reached
        self.toc = TypedToc({})
        self.notes: dict[tuple[str, str], NoteText] = {}
        self.comments: dict[str, NoteText] = {}

    def read(self) -> None:
        root = self.package.xml(self.main)
        body = root.find(f"{W}body") if root is not None else None
        if root is None or body is None:
            raise self.package.broken(self.main)
        background = root.find(f"{W}background")
        dark_page = background is not None and background.get(f"{W}color", "auto").lower() not in ("auto", "ffffff")
        self.paragraphs = ParagraphReader(self.styles, paper=not dark_page)
        self.table_reader = TableReader(self.paragraphs, self.label)
        self.notes = notes(self._related("footnotes"), self._related("endnotes"), self.paragraphs)
        self.comments = comments(self._related("comments"), self.paragraphs)
        self._edges("header")
        items = list(_items(body))
        self.toc = TypedToc(Counter("".join(texts(item.element, f"{W}t")).strip() for item in items))
        on_picture = picture_pages([item.element for item in items])
        for index, item in enumerate(items):
            if item.element.tag == f"{W}p":
                self._paragraph(item, _before_table(items, index), on_picture[index])
            else:
                self._table(item.element, on_picture[index])
        self._edges("footer")
        for id_ in self.comments:
            self._comment(id_, Place())

    def label(self, element: Element) -> str:
        """The automatic number of a paragraph; asking counts it."""
        properties = element.find(f"{W}pPr")
        style = _style(properties)
        looks = paragraph_looks(properties).over(self.styles.paragraph(style))
        if looks.list_id in (None, "0"):
            return ""
        return self.numbering.label(looks.list_id or "", looks.list_level, style)

    def _related(self, kind: str) -> Element | None:
        name = next((r.target for r in self.relations.values() if r.type == kind and not r.external), None)
        return self.package.xml(name) if name is not None else None

    def _paragraph(self, item: _Item, before_table: bool, on_picture: bool) -> None:
        self.number += 1
        place = Place(paragraph=self.number)
        read = self.paragraphs.read(item.element, place, dark=on_picture)
        self.hidden.extend(read.hidden)
        gone = not read.text and any(h.kind == "tracked_deletion" for h in read.hidden)
        label = "" if gone else self.label(item.element)  # an empty list entry counts, a deleted one does not
        if read.text:
            text = label + read.text
            self._body_text(item, read, text, place, before_table)
        self._attached(read.boxes, read.diagrams, place)
        self._beside(read.images, read.notes, read.comments, place)

    def _body_text(self, item: _Item, read: Paragraph, text: str, place: Place, before_table: bool) -> None:
        properties = item.element.find(f"{W}pPr")
        style = _style(properties)
        names = self.styles.names(style)
        if self._is_toc(item, names, text):
            self._add("toc", text, place)
            return
        looks = paragraph_looks(properties).over(self.styles.paragraph(style))
        level = self.styles.heading_level(style, looks)
        if level is not None and len(text) <= 120:
            self._add("heading", text, place, self.outline.enter(text, level=level))
            return
        base = self.styles.paragraph(None).size or 10.5
        rank = heading_rank(text, set_off=read.bold or (read.size or 0) >= base + 2)
        if "caption" in names or is_caption(text) or (before_table and (rank is None or rank >= 90)):
            rank = None
        if rank is not None:
            self._add("heading", text, place, self.outline.enter(text, rank=rank))
        else:
            self._add("paragraph", text, place)

    def _is_toc(self, item: _Item, names: tuple[str, ...], text: str) -> bool:
        if item.in_toc or any(re.match(r"toc\b|toc\d|目录|table of figures", name) for name in names):
            return True
        return self.toc.takes(text)

    def _table(self, element: Element, on_picture: bool) -> None:
        number = len(self.tables) + 1
        place = Place(table=number)
        grid = self.table_reader.read(element, place, dark=on_picture)
        self.hidden.extend(grid.hidden)
        if any(any(row) for row in grid.rows):
            caption = self._caption()
            self.order += 1
            self.tables.append(
                Table(
                    id=f"t{number}",
                    order=self.order,
                    caption=caption,
                    section=self.outline.path,
                    header_rows=grid.header_rows,
                    rows=tuple(tuple(row) for row in grid.rows),
                    place=place,
                    row_places=tuple(Place(table=number, row=i + 1) for i in range(len(grid.rows))),
                )
            )
        self._beside(grid.images, grid.notes, grid.comments, place)

    def _caption(self) -> str:
        """The line right before a table, if it can be its name."""
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.order != self.order or last.kind != "paragraph" or last.origin != TextOrigin.NATIVE:
            return ""
        short = len(last.text) <= 40 and not last.text.startswith("图") and not re.search(r"[。；;，,]", last.text)
        return last.text.rstrip("：:") if short or is_caption(last.text) else ""

    def _attached(self, boxes: list[tuple[Element, bool]], diagrams: list[str], place: Place) -> None:
        for box, filled in boxes:
            grid = Grid()
            text = "\n".join(self.table_reader.lines(box, grid, place, dark=filled))
            self.hidden.extend(grid.hidden)
            if text:
                self._add("textbox", text, place)
            self._beside(grid.images, grid.notes, grid.comments, place)
        for id_ in diagrams:
            relation = self.relations.get(id_)
            root = self.package.xml(relation.target) if relation is not None and not relation.external else None
            text = "\n".join(_diagram_lines(root)) if root is not None else ""
            if text:
                self._add("textbox", text, place)

    def _beside(self, images: list[str], noted: list[tuple[str, str]], commented: list[str], place: Place) -> None:
        for key in noted:
            note = self.notes.pop(key, None)
            if note is not None:
                self.hidden.extend(h.model_copy(update={"place": place}) for h in note.hidden)
                self._add("footnote", note.text, place)
        for id_ in commented:
            self._comment(id_, place)
        for id_ in images:
            self._picture(id_, place)

    def _comment(self, id_: str, place: Place) -> None:
        comment = self.comments.get(id_)
        if comment is None or not comment.text:
            return
        self.comments[id_] = NoteText("", ())
        self._add("comment", comment.text, place)
        self.hidden.append(Hidden(kind="comment", text=comment.text, place=place))

    def _picture(self, id_: str, place: Place) -> None:
        """Count a picture once; read the text of large ones, which may be scanned pages or licences."""
        relation = self.relations.get(id_)
        if relation is None or relation.external or relation.target in self.pictures:
            return
        self.pictures.add(relation.target)
        if not self.ocr:
            return
        try:
            data = self.package.part(relation.target) or b""
            if min(image_size(data)) < OCR_MIN_PIXELS:
                return
            if self.recognised >= OCR_MAX_PICTURES:
                self.skipped += 1
                return
            self.recognised += 1
            self._read_picture(data, place)
        except ReadError as error:
            self.unreadable.append(unreadable(error))

    def _read_picture(self, data: bytes, place: Place) -> None:
        from assist_review.read.image import read_image

        picture = read_image(data, self.file, ocr=True)
        for block in picture.blocks:
            if block.text:
                self._add("paragraph", block.text, place, origin=TextOrigin.OCR)
        self.marks.extend(mark.model_copy(update={"place": place}) for mark in picture.marks)

    def _edges(self, kind: Literal["header", "footer"]) -> None:
        seen: set[str] = set()
        for relation in self.relations.values():
            root = self.package.xml(relation.target) if relation.type == kind and not relation.external else None
            if root is None:
                continue
            grid = Grid()
            text = "\n".join(self.table_reader.lines(root, grid, Place(), dark=False))
            if text and text not in seen:
                seen.add(text)
                self.hidden.extend(grid.hidden)
                self._add(kind, text, Place())

    def _add(
        self, kind: BlockKind, text: str, place: Place, level: int | None = None, origin: TextOrigin = TextOrigin.NATIVE
    ) -> None:
        self.order += 1
        section = "" if kind in ("header", "footer", "toc") else self.outline.path
        block = Block(id=f"b{self.order}", kind=kind, text=text, order=self.order, level=level, section=section,
                      place=place, origin=origin)  # fmt: skip
        self.blocks.append(block)


def _items(body: Element, in_toc: bool = False) -> Iterator[_Item]:
    for child in body:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield _Item(child, in_toc)
        elif child.tag == f"{W}sdt":
            gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            toc = gallery is not None and "contents" in gallery.get(f"{W}val", "").lower()
            inner = child.find(f"{W}sdtContent")
            yield from _items(inner, in_toc or toc) if inner is not None else ()
        elif child.tag in (f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            yield from (_Item(each, in_toc) for each in content(child))


def _before_table(items: list[_Item], index: int) -> bool:
    """Whether the next thing after a paragraph that is not empty is a table."""
    for item in items[index + 1 : index + 4]:
        if item.element.tag == f"{W}tbl":
            return True
        if next(texts(item.element, f"{W}t"), ""):
            return False
    return False


def _style(properties: Element | None) -> str | None:
    style = properties.find(f"{W}pStyle") if properties is not None else None
    return style.get(f"{W}val") if style is not None else None


def _diagram_lines(root: Element) -> Iterator[str]:
    for paragraph in root.iter(f"{A}p"):
        line = "".join(texts(paragraph, f"{A}t")).strip()
        if line and local(paragraph):
            yield line
