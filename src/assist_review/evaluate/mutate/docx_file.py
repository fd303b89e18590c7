"""The text of a DOCX file as paragraphs with an address, and edits that keep the formatting.

Only the part that changes is written anew; every other part of the file stays as it is, byte for byte. A paragraph
is addressed by the name of its part and its number in it; text may be split over any number of runs.
"""

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from assist_review.evaluate.mutate.planted import NoPlace

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STORIES = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with text; `table`, `row` and `column` count from 0 and are -1 outside of tables."""

    at: Address
    text: str
    level: int = 0  # of a heading, else 0
    table: int = -1
    row: int = -1
    column: int = -1


@lru_cache(maxsize=48)
def paragraphs(data: bytes) -> tuple[Paragraph, ...]:
    """All paragraphs with text, in document order, then those of headers and footers. Raises NoPlace."""
    found: list[Paragraph] = []
    levels = _heading_styles(data)
    for name, root in _stories(data):
        cells = _cells(root)
        for number, node in enumerate(_nodes(root)):
            text = "".join(piece for _, piece in _pieces(node))
            if text.strip() and not _inside(node, "txbxContent"):
                table, row, column = cells.get(_nearest(node, "tc"), (-1, -1, -1))
                found.append(Paragraph((name, number), text, _level(node, levels), table, row, column))
    return tuple(found)


def replaced(data: bytes, at: Address, start: int, end: int, text: str) -> bytes:
    """`data` with the characters `start:end` of one paragraph replaced; the formatting of the first one is kept."""

    def change(root: etree._Element) -> None:
        done = False
        position = 0
        for node, piece in _pieces(_node(root, at)):
            low, high = max(start - position, 0), min(end - position, len(piece))
            position += len(piece)
            if node is None or low > len(piece) or high < low or (low == high and (done or start != end)):
                continue
            node.text = piece[:low] + ("" if done else text) + piece[high:]
            node.set(_SPACE, "preserve")
            done = True
        if not done:
            raise NoPlace(f"{at}: nothing to replace")

    return _changed(data, at[0], change)


def deleted(data: bytes, places: Sequence[Address]) -> bytes:
    """`data` without these paragraphs; the last paragraph of a cell, or one that ends a section, is emptied."""
    for part in sorted({name for name, _ in places}):

        def change(root: etree._Element, part: str = part) -> None:
            nodes = _nodes(root)
            for node in [nodes[number] for name, number in places if name == part]:
                _remove(node)

        data = _changed(data, part, change)
    return data


def inserted(data: bytes, after: Address, text: str, style: Callable[[etree._Element], None] | None = None) -> bytes:
    """`data` with a paragraph of `text` after another one, formatted like it; `style` changes its run properties."""

    def change(root: etree._Element) -> None:
        node = _node(root, after)
        new = _like(node, text)
        if style:
            style(new)
        node.addnext(new)

    return _changed(data, after[0], change)


def without_row(data: bytes, table: int, row: int) -> bytes:
    """`data` without one row of a table of the body."""

    def change(root: etree._Element) -> None:
        rows = _tables(root)[table].findall(f"{_W}tr")
        parent = rows[row].getparent()
        if parent is None or len(rows) < 2:
            raise NoPlace("the only row of a table")
        parent.remove(rows[row])

    return _changed(data, "word/document.xml", change)


def with_header(data: bytes, text: str) -> bytes:
    """`data` with a page header for its first section: the text goes into the header there is, or a new one."""
    for p in paragraphs(data):
        if p.at[0].startswith("word/header"):
            return replaced(data, p.at, 0, len(p.text), text)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    part = next(f"word/header{n}.xml" for n in range(90, 200) if f"word/header{n}.xml" not in names)
    header = etree.Element(f"{_W}hdr", nsmap={"w": _W[1:-1]})
    etree.SubElement(etree.SubElement(etree.SubElement(header, f"{_W}p"), f"{_W}r"), f"{_W}t").text = text
    data = _changed(data, "word/_rels/document.xml.rels", lambda root: _related(root, part.removeprefix("word/")))
    data = _changed(data, "[Content_Types].xml", lambda root: _declared(root, part))
    data = _changed(data, "word/document.xml", _headed)
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        content = etree.tostring(header, xml_declaration=True, encoding="UTF-8", standalone=True)
        archive.writestr(zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADER_ID = "rIdAddedHeader"


def _related(root: etree._Element, target: str) -> None:
    node = etree.SubElement(root, f"{{{root.nsmap[None]}}}Relationship")
    node.set("Id", _HEADER_ID)
    node.set("Type", f"{_OFFICE}/header")
    node.set("Target", target)


def _declared(root: etree._Element, part: str) -> None:
    node = etree.SubElement(root, f"{{{root.nsmap[None]}}}Override")
    node.set("PartName", f"/{part}")
    node.set("ContentType", "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml")


def _headed(root: etree._Element) -> None:
    """Every section shows the new header on its pages."""
    sections = list(root.iter(f"{_W}sectPr"))
    if not sections:
        raise NoPlace("no section to give a header")
    for section in sections:
        for old in section.findall(f"{_W}headerReference"):
            if old.get(f"{_W}type") == "default":
                section.remove(old)
        reference = etree.Element(f"{_W}headerReference", nsmap={"r": _OFFICE})
        reference.set(f"{_W}type", "default")
        reference.set(f"{{{_OFFICE}}}id", _HEADER_ID)
        section.insert(0, reference)


def shown_as(**marks: str) -> Callable[[etree._Element], None]:
    """A style for `inserted`: `color="FFFFFF"`, `sz="2"` (half points), `vanish=""`, `ins="author"`."""

    def style(paragraph: etree._Element) -> None:
        run = paragraph.find(f"{_W}r")
        assert run is not None
        properties = run.find(f"{_W}rPr")
        if properties is None:
            properties = etree.Element(f"{_W}rPr")
            run.insert(0, properties)
        for name in ("vanish", "color", "sz"):
            if name not in marks:
                continue
            for old in properties.findall(f"{_W}{name}"):
                properties.remove(old)
            mark = etree.Element(f"{_W}{name}")
            if marks[name]:
                mark.set(f"{_W}val", marks[name])
            properties.insert(_slot(properties, name), mark)
        if "ins" in marks:
            wrapper = etree.Element(f"{_W}ins")
            wrapper.set(f"{_W}id", "9001")
            wrapper.set(f"{_W}author", marks["ins"])
            wrapper.set(f"{_W}date", "2026-01-01T00:00:00Z")
            run.addprevious(wrapper)
            wrapper.append(run)

    return style


_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow",
    "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position",
    "sz",
)  # fmt: skip


def _slot(properties: etree._Element, name: str) -> int:
    """Where `name` belongs among run properties, which the schema puts in a fixed order."""
    before = {f"{_W}{n}" for n in _ORDER[: _ORDER.index(name)]}
    return sum(1 for child in properties if child.tag in before)


def _stories(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [n for n in archive.namelist() if _STORIES.fullmatch(n)]
            for name in sorted(names, key=lambda n: (n != "word/document.xml", n)):
                yield name, _parsed(archive.read(name))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, RuntimeError) as error:
        raise NoPlace(f"not a DOCX file: {error}") from error


def _parsed(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _changed(data: bytes, part: str, change: Callable[[etree._Element], None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                root = _parsed(content)
                change(root)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(info, content)
    return out.getvalue()


def _nodes(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{_W}p"))


def _node(root: etree._Element, at: Address) -> etree._Element:
    return _nodes(root)[at[1]]


def _nearest(node: etree._Element, name: str) -> etree._Element | None:
    return next(node.iterancestors(f"{_W}{name}"), None)


def _inside(node: etree._Element, name: str) -> bool:
    return _nearest(node, name) is not None


def _pieces(paragraph: etree._Element) -> Iterator[tuple[etree._Element | None, str]]:
    """The text nodes of a paragraph; tabs and breaks count as a character that cannot be edited (None)."""
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        if _nearest(node, "p") is not paragraph or _inside(node, "del") or _inside(node, "tabs"):
            continue
        yield (node, node.text or "") if node.tag == f"{_W}t" else (None, "\t" if node.tag == f"{_W}tab" else "\n")


def _tables(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{_W}tbl"))


def _cells(root: etree._Element) -> dict[etree._Element | None, tuple[int, int, int]]:
    """The table, row and column of each cell; a cell that spans columns stands in its first."""
    places: dict[etree._Element | None, tuple[int, int, int]] = {}
    for t, table in enumerate(_tables(root)):
        for r, row in enumerate(table.findall(f"{_W}tr")):
            column = 0
            for cell in row.findall(f"{_W}tc"):
                places[cell] = (t, r, column)
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                column += int(span.get(f"{_W}val") or 1) if span is not None else 1
    return places


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    ends_section = node.find(f"{_W}pPr/{_W}sectPr") is not None
    alone = parent is not None and parent.tag == f"{_W}tc" and len(parent.findall(f"{_W}p")) == 1
    if parent is None or ends_section or alone:
        for child in list(node):
            if child.tag != f"{_W}pPr":
                node.remove(child)
    else:
        parent.remove(node)


def _like(node: etree._Element, text: str) -> etree._Element:
    new = etree.Element(f"{_W}p", nsmap={"w": _W[1:-1]})
    properties = node.find(f"{_W}pPr")
    if properties is not None:
        properties = copy.deepcopy(properties)
        for name in ("sectPr", "numPr", "rPr"):
            for old in properties.findall(f"{_W}{name}"):
                properties.remove(old)
        new.append(properties)
    run = etree.SubElement(new, f"{_W}r")
    model = node.find(f".//{_W}r/{_W}rPr")
    if model is not None:
        run.append(copy.deepcopy(model))
    content = etree.SubElement(run, f"{_W}t")
    content.text = text
    content.set(_SPACE, "preserve")
    return new


def _heading_styles(data: bytes) -> dict[str, int]:
    """Heading levels by style id."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/styles.xml" not in archive.namelist():
            return {}
        root = _parsed(archive.read("word/styles.xml"))
    levels: dict[str, int] = {}
    for style in root.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        match = (
            re.fullmatch(r"(?:heading|标题)\s*(\d)", (name.get(f"{_W}val") or "").lower()) if name is not None else None
        )
        if match:
            levels[style.get(f"{_W}styleId") or ""] = int(match[1])
    return levels


def _level(node: etree._Element, levels: dict[str, int]) -> int:
    style = node.find(f"{_W}pPr/{_W}pStyle")
    outline = node.find(f"{_W}pPr/{_W}outlineLvl")
    if style is not None and (style.get(f"{_W}val") or "") in levels:
        return levels[style.get(f"{_W}val") or ""]
    if outline is not None and (outline.get(f"{_W}val") or "9").isdigit():
        level = int(outline.get(f"{_W}val") or 9)
        return level + 1 if level < 9 else 0
    return 0
