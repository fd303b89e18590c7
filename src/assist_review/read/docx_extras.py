"""What stands beside the body of a DOCX: notes, comments, and pictures that pages are printed on."""

import io
from dataclasses import dataclass

from assist_review.errors import DamagedFile
from assist_review.filing import Hidden, Place
from assist_review.read.docx_text import ParagraphReader
from assist_review.read.ooxml import Element, W, local, whole

_PAGE_WIDTH_EMU = 4_000_000  # about 11 cm; a smaller picture is no ground for a page
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor"


@dataclass(frozen=True)
class NoteText:
    """A footnote, endnote or comment."""

    text: str
    hidden: tuple[Hidden, ...]


def notes(
    footnotes: Element | None, endnotes: Element | None, reader: ParagraphReader
) -> dict[tuple[str, str], NoteText]:
    """Notes by kind ("footnote", "endnote") and id, without the separators that programs keep among them."""
    found: dict[tuple[str, str], NoteText] = {}
    for kind, root in (("footnote", footnotes), ("endnote", endnotes)):
        for each in root.iterfind(f"{W}{kind}") if root is not None else ():
            if each.get(f"{W}type") in (None, "normal"):
                found[kind, each.get(f"{W}id", "")] = _text(each, reader)
    return found


def comments(root: Element | None, reader: ParagraphReader) -> dict[str, NoteText]:
    """Comments by id, each with its author in front."""
    found: dict[str, NoteText] = {}
    for each in root.iterfind(f"{W}comment") if root is not None else ():
        note = _text(each, reader)
        author = each.get(f"{W}author", "").strip()
        text = f"{author}：{note.text}" if author and note.text else note.text
        found[each.get(f"{W}id", "")] = NoteText(text, note.hidden)
    return found


def _text(element: Element, reader: ParagraphReader) -> NoteText:
    read = [reader.read(paragraph, Place()) for paragraph in element.iter(f"{W}p")]
    return NoteText("\n".join(p.text for p in read if p.text), tuple(h for p in read for h in p.hidden))


def picture_pages(body: list[Element]) -> list[bool]:
    """For each paragraph or table of the body, whether its page has a large picture or shape behind the text.

    On such a page (a designed cover) white text is seen. Pages are told by stated breaks only.
    """
    pages: list[int] = []
    grounds: set[int] = set()
    page = 0
    for element in body:
        breaks = element.tag == f"{W}p" and any(
            each.tag == f"{W}lastRenderedPageBreak" or each.get(f"{W}type") == "page"
            for each in element.iter(f"{W}lastRenderedPageBreak", f"{W}br")
        )
        before = breaks and not _text_before_break(element)
        page += 1 if before else 0
        pages.append(page)
        for anchor in element.iter(_ANCHOR):
            if _is_ground(anchor):
                grounds.add(page)
        if (breaks and not before) or element.find(f"{W}pPr/{W}sectPr") is not None:
            page += 1
    return [page in grounds for page in pages]


def _text_before_break(paragraph: Element) -> bool:
    for each in paragraph.iter(f"{W}lastRenderedPageBreak", f"{W}br", f"{W}t"):
        if each.tag == f"{W}t":
            if (each.text or "").strip():
                return True
        elif each.tag == f"{W}lastRenderedPageBreak" or each.get(f"{W}type") == "page":
            return False
    return True


def _is_ground(anchor: Element) -> bool:
    extent = next((child for child in anchor if local(child) == "extent"), None)
    wide = extent is not None and whole(extent.get("cx")) >= _PAGE_WIDTH_EMU
    painted = any(local(each) in ("blip", "solidFill", "gradFill", "blipFill") for each in anchor.iter())
    return wide and painted


def image_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels, (0, 0) for drawings and unknown formats."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size if image.format not in ("WMF", "EMF") else (0, 0)
    except UnidentifiedImageError:
        return 0, 0
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedFile("文档中的一张图片已损坏，无法读取。", "请重新插入该图片。") from error
