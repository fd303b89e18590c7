"""The text of one DOCX paragraph as a reader sees it, and apart from it what he does not see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, cast

from assist_review.filing import Hidden, Place
from assist_review.read.clean import clean, part_invisible
from assist_review.read.docx_styles import PLAIN, Looks, Styles, paragraph_looks, run_looks
from assist_review.read.ooxml import A, Element, R, W, is_on, local

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_VML = "{urn:schemas-microsoft-com:vml}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CHECKED, _UNCHECKED, _CROSSED = "☑", "□", "☒"
# Sign fonts: the letter typed is not the sign shown. In filings ticks are mostly made this way.
_SIGNS: dict[str, dict[int, str]] = {
    "wingdings": {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○",
                  0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x2A: "□", 0x30: "□", 0xA3: "□",
                    0x81: "○", 0x97: "●", 0x99: "○"},
    "webdings": {0x61: "√", 0x63: "□", 0x67: "■", 0x72: "×"},
    "symbol": {0xB7: "•", 0xB4: "×", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xD6: "√", 0xA8: "♦", 0x7F: "□"},
}  # fmt: skip
_SKIP = frozenset(
    f"{W}{tag}" for tag in ("pPr", "rPr", "instrText", "delInstrText", "rt", "sdtPr", "sdtEndPr", "proofErr")
)  # fmt: skip
_State = Literal["shown", "inserted", "deleted"]


@dataclass
class Paragraph:
    """What one paragraph holds. `boxes` are the bodies of its text boxes, `images` the ids of its pictures."""

    text: str = ""
    hidden: tuple[Hidden, ...] = ()
    boxes: list[tuple[Element, bool]] = field(default_factory=list)  # body, and whether it has a filling
    images: list[str] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # ("footnote", id)
    comments: list[str] = field(default_factory=list)
    bold: bool = False
    size: float | None = None


@dataclass
class _Piece:
    text: str
    kind: str  # "" for text that is seen
    inserted: bool = False


class ParagraphReader:
    """Reads paragraphs with the styles of their document. `paper` is False where pages have a dark ground."""

    def __init__(self, styles: Styles, *, paper: bool = True) -> None:
        self.styles = styles
        self.paper = paper

    def read(self, element: Element, place: Place, *, dark: bool = False, state: _State = "shown") -> Paragraph:
        """The text of a `w:p`. `dark`: its surroundings (cell, box) are shaded so that white text is seen."""
        properties = element.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        base = self.styles.paragraph(style.get(f"{W}val") if style is not None else None)
        own = paragraph_looks(properties)
        walk = _Walk(self, base, dark or not self.paper or bool(base.dark) or bool(own.dark))
        walk.children(element, state)
        result = walk.paragraph
        shown = "".join(p.text for p in walk.pieces if not p.kind)
        result.text, invisible = part_invisible(clean(shown), place)
        result.hidden = (*_hidden(walk.pieces, place), *invisible)
        result.bold = bool(walk.bold) and all(walk.bold)
        result.size = max(walk.sizes, default=None)
        return result


class _Walk:
    def __init__(self, reader: ParagraphReader, base: Looks, dark: bool) -> None:
        self.reader, self.base, self.dark = reader, base, dark
        self.paragraph = Paragraph()
        self.pieces: list[_Piece] = []
        self.bold: list[bool] = []
        self.sizes: list[float] = []
        self.fields: list[bool] = []  # for each open field, whether its instruction is still being read

    def children(self, element: Element, state: _State) -> None:
        for child in element:
            self.child(child, state)

    def child(self, element: Element, state: _State) -> None:
        tag = element.tag
        if tag == f"{W}r":
            self.run(element, state)
        elif tag in _SKIP or not isinstance(tag, str):
            return
        elif tag in (f"{W}ins", f"{W}moveTo"):
            self.children(element, "deleted" if state == "deleted" else "inserted")
        elif tag in (f"{W}del", f"{W}moveFrom"):
            self.children(element, "deleted")
        elif tag == f"{W}sdt":
            self.control(element, state)
        elif tag == f"{W}p":
            return  # a paragraph inside a paragraph is a text box, read apart
        elif tag == _MATH_TEXT:
            self.add(element.text or "", "", state)
        elif tag.endswith("}AlternateContent"):
            for chosen in _alternative(element):
                self.child(chosen, state)
        else:
            self.children(element, state)

    def control(self, element: Element, state: _State) -> None:
        """A content control; a check box shows its sign in a font of its own, so its state is written instead."""
        box = element.find(f"{W}sdtPr/{_W14}checkbox")
        if box is not None:
            checked = box.find(f"{_W14}checked")
            on = checked is not None and is_on(checked.get(f"{_W14}val"))
            self.add(_CHECKED if on else _UNCHECKED, "", state)
            return
        content = element.find(f"{W}sdtContent")
        if content is not None:
            self.children(content, state)

    def run(self, run: Element, state: _State) -> None:
        properties = run.find(f"{W}rPr")
        looks = self.base
        if properties is not None and len(properties):
            style = properties.find(f"{W}rStyle")
            character = self.reader.styles.character(style.get(f"{W}val")) if style is not None else PLAIN
            looks = run_looks(properties).over(character).over(self.base)
        kind = looks.hidden_as(dark=self.dark) or ""
        for each in run:
            self.content(each, looks, kind, state)

    def content(self, each: Element, looks: Looks, kind: str, state: _State) -> None:
        tag = each.tag
        if tag == f"{W}t":
            text = each.text or ""
            if (looks.font and looks.font.lower() in _SIGNS) or any("\uf000" <= c <= "\uf0ff" for c in text):
                text = _signs(text, looks.font or "")
            self.add(text, kind, state)
            if text.strip() and not kind and state != "deleted":
                self.bold.append(bool(looks.bold))
                if looks.size is not None:
                    self.sizes.append(looks.size)
        elif tag == f"{W}delText":
            self.add(each.text or "", "", "deleted")
        elif tag in (f"{W}tab", f"{W}ptab"):
            self.add("\t", kind, state)
        elif tag in (f"{W}br", f"{W}cr"):
            self.add("" if each.get(f"{W}type") in ("page", "column") else "\n", kind, state)
        elif tag == f"{W}noBreakHyphen":
            self.add("-", kind, state)
        elif tag == f"{W}sym":
            code = each.get(f"{W}char", "")
            if re.fullmatch("[0-9A-Fa-f]{1,4}", code):
                self.add(_signs(chr(int(code, 16)), each.get(f"{W}font", "")), kind, state)
        elif tag == f"{W}fldChar":
            self.field(each, state)
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            self.paragraph.notes.append((local(each).removesuffix("Reference"), each.get(f"{W}id", "")))
        elif tag == f"{W}commentReference":
            self.paragraph.comments.append(each.get(f"{W}id", ""))
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            self.drawing(each)
        elif isinstance(tag, str) and tag.endswith("}AlternateContent"):
            for chosen in _alternative(each):
                self.content(chosen, looks, kind, state)
        elif tag == f"{W}ruby":
            base = each.find(f"{W}rubyBase")
            for run in base if base is not None else ():
                self.child(run, state)

    def field(self, mark: Element, state: _State) -> None:
        step = mark.get(f"{W}fldCharType")
        if step == "begin":
            self.fields.append(True)
            box = mark.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                set_ = box.find(f"{W}checked")
                set_ = set_ if set_ is not None else box.find(f"{W}default")
                on = set_ is not None and is_on(set_.get(f"{W}val"))
                self.pieces.append(
                    _Piece(_CHECKED if on else _UNCHECKED, "tracked_deletion" if state == "deleted" else "")
                )
        elif step == "separate" and self.fields:
            self.fields[-1] = False
        elif step == "end" and self.fields:
            self.fields.pop()

    def drawing(self, element: Element) -> None:
        """Pictures, diagrams and text boxes of a drawing; a box inside a box is read with the outer one."""
        stack = [element]
        while stack:
            each = stack.pop()
            if each.tag == f"{W}txbxContent":
                self.paragraph.boxes.append((each, _filled(each)))
                continue
            if each.tag == f"{A}blip" and each.get(f"{R}embed"):
                self.paragraph.images.append(each.get(f"{R}embed", ""))
            elif each.tag == f"{_VML}imagedata" and each.get(f"{R}id"):
                self.paragraph.images.append(each.get(f"{R}id", ""))
            elif each.tag == _DIAGRAM:
                self.paragraph.diagrams.append(each.get(f"{R}dm", ""))
            is_choice = isinstance(each.tag, str) and each.tag.endswith("}AlternateContent")
            stack.extend(reversed(_alternative(each) if is_choice else list(each)))

    def add(self, text: str, kind: str, state: _State) -> None:
        if not text or any(self.fields):
            return
        if state == "deleted":
            self.pieces.append(_Piece(text, "tracked_deletion"))
        else:
            self.pieces.append(_Piece(text, kind, inserted=state == "inserted"))


def _alternative(element: Element) -> list[Element]:
    """The children of the first choice of a `mc:AlternateContent`, of its fallback if there is none."""
    branches = {local(child): child for child in reversed(element)}
    chosen = branches.get("Choice")
    if chosen is None or not len(chosen):
        chosen = branches.get("Fallback")
    return list(chosen) if chosen is not None else []


def _filled(box: Element) -> bool:
    """Whether the shape around a text box has a filling of its own, on which white text may be seen."""
    for above in box.iterancestors():
        tag = local(above)
        if tag == "wsp":
            return any(
                local(e) in ("solidFill", "gradFill", "blipFill", "pattFill", "fillRef") for e in _shape_parts(above)
            )
        if tag in ("shape", "rect", "roundrect", "oval") and above.tag.startswith(_VML):
            return above.get("filled") != "f" and (above.get("fillcolor") or "white").split()[0] not in (
                "white",
                "#fff",
                "#ffffff",
            )
        if tag == "p":
            return False
    return False


def _shape_parts(shape: Element) -> Iterator[Element]:
    for part in shape:
        if local(part) == "spPr":
            yield from part
        elif local(part) == "style":
            yield from (e for e in part if local(e) != "fillRef" or e.get("idx") != "0")


def _signs(text: str, font: str) -> str:
    """`text` typed in a sign font as the signs it shows; private code points of unknown fonts become "□"."""
    table = _SIGNS.get(font.lower(), {})
    private = table or _SIGNS["wingdings"]
    out = ""
    for char in text:
        code = ord(char)
        if 0xF000 <= code <= 0xF0FF:
            out += private.get(code - 0xF000, "□")
        else:
            out += table.get(code, char)
    return out


def _hidden(pieces: list[_Piece], place: Place) -> Iterator[Hidden]:
    """Runs of neighbouring hidden or inserted pieces as one each."""
    for key in ("kind", "inserted"):
        run, last = "", ""
        for piece in [*pieces, _Piece("", "")]:
            now = piece.kind if key == "kind" else "tracked_insertion" if piece.inserted and not piece.kind else ""
            if now != last:
                if last and clean(run):
                    yield Hidden(kind=cast(Literal["white"], last), text=clean(run), place=place)
                run = ""
            run, last = run + piece.text, now
