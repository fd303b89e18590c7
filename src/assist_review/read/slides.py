"""PPTX: the text of each slide as one page; no layout."""

import hashlib
from collections.abc import Iterator

from assist_review.filing import Block, Document, Hidden, Place, Table
from assist_review.read.clean import clean, part_invisible
from assist_review.read.ooxml import A, Element, OfficePackage, R, local, texts

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def read_slides(data: bytes, file: str) -> Document:
    """Read a PPTX file: titles as headings, other text as paragraphs, tables. Hidden slides are set apart."""
    package = OfficePackage(data, file)
    main = package.main_part("ppt/presentation.xml")
    root = package.xml(main)
    if root is None:
        raise package.broken(main)
    relations = package.relations(main)
    blocks: list[Block] = []
    tables: list[Table] = []
    hidden: list[Hidden] = []
    pages = 0
    for entry in root.iterfind(f"{_P}sldIdLst/{_P}sldId"):
        relation = relations.get(entry.get(f"{R}id", ""))
        slide = package.xml(relation.target) if relation is not None and not relation.external else None
        if slide is None:
            continue
        pages += 1
        place = Place(page=pages)
        if slide.get("show") in ("0", "false"):
            text = clean("\n".join(line for shape in _shapes(slide) for line in _lines(shape)))
            hidden += [Hidden(kind="invisible", text=text, place=place)] if text else []
            continue
        section = ""
        for shape in _shapes(slide):
            order = len(blocks) + len(tables) + 1
            if local(shape) == "tbl":
                rows = [
                    ["\n".join(_lines(cell)) for cell in row.iterfind(f"{A}tc")] for row in shape.iterfind(f"{A}tr")
                ]
                width = max((len(row) for row in rows), default=0)
                number = len(tables) + 1
                filled = tuple((*row, *[""] * (width - len(row))) for row in rows)
                at = tuple(Place(page=pages, table=number, row=i + 1) for i in range(len(rows)))
                tables.append(
                    Table(id=f"t{number}", order=order, section=section, rows=filled, row_places=at, place=place)
                )
                continue
            text, unseen = part_invisible(clean("\n".join(_lines(shape))), place)
            hidden += unseen
            if text:
                title = _is_title(shape)
                section = " ".join(text.split()) if title else section
                blocks.append(
                    Block(
                        id=f"b{order}",
                        kind="heading" if title else "paragraph",
                        level=1 if title else None,
                        text=text,
                        order=order,
                        section=section,
                        place=place,
                    )
                )
    return Document(
        file=file, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), format="text", pages=pages,
        blocks=tuple(blocks), tables=tuple(tables), hidden=tuple(hidden), properties=package.properties(),
    )  # fmt: skip


def _shapes(slide: Element) -> Iterator[Element]:
    """Shapes with text and tables, in the order they are drawn."""
    return slide.iter(f"{_P}sp", f"{A}tbl")


def _is_title(shape: Element) -> bool:
    placeholder = next(shape.iter(f"{_P}ph"), None)
    return placeholder is not None and placeholder.get("type") in ("title", "ctrTitle")


def _lines(shape: Element) -> Iterator[str]:
    for paragraph in shape.iter(f"{A}p"):
        line = "".join(texts(paragraph, f"{A}t"))
        if line.strip():
            yield line
