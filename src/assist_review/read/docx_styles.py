"""How DOCX text looks: style inheritance for headings, lists, and text that nobody can see."""

import re
from typing import NamedTuple

from assist_review.read.ooxml import Element, W, decimal, is_on

TINY_PT = 4.0  # smaller text cannot be read on paper
_WHITE_FROM = 0xF0  # each channel at least this: not seen on white paper
_HEADING = re.compile(r"(heading|标题|titre|überschrift|título|заголовок|見出し|제목)\s*([1-9])\b", re.I)
_PAPER = ("background1", "light1", "bg1", "lt1")
_DARK_MARKER = ("white", "none", "yellow", "cyan", "green", "lightGray")  # highlights on which white is not seen well


class Looks(NamedTuple):
    """What a run or style says about its text; None where it says nothing. `size` is in points."""

    vanish: bool | None = None
    colour: str | None = None  # RRGGBB, "paper" for the theme's background, "auto"
    size: float | None = None
    bold: bool | None = None
    dark: bool | None = None  # stands on a shading of its own that is not nearly white
    font: str | None = None
    outline: int | None = None  # 0-8, 9 is body text
    list_id: str | None = None
    list_level: int | None = None
    centred: bool | None = None

    def over(self, base: "Looks") -> "Looks":
        """These looks where they say something, else those of `base`."""
        if base is PLAIN:
            return self
        if self is PLAIN:
            return base
        return Looks._make(own if own is not None else other for own, other in zip(self, base, strict=True))

    def hidden_as(self, *, dark: bool) -> str | None:
        """Why nobody sees this text ("vanished", "white", "tiny"), or None. `dark`: it stands on a dark ground."""
        if self.vanish:
            return "vanished"
        if self.colour is not None and not (self.dark if self.dark is not None else dark) and is_white(self.colour):
            return "white"
        if self.size is not None and self.size < TINY_PT:
            return "tiny"
        return None


PLAIN = Looks()


def is_white(colour: str) -> bool:
    """Whether text of this colour disappears on white paper."""
    if colour == "paper":
        return True
    return len(colour) == 6 and all(int(colour[i : i + 2], 16) >= _WHITE_FROM for i in (0, 2, 4))


def run_looks(properties: Element | None) -> Looks:
    """What a `w:rPr` itself says."""
    if properties is None or not len(properties):
        return PLAIN
    said: dict[str, object] = {}
    for each in properties:
        tag = each.tag
        if tag == f"{W}vanish":
            said["vanish"] = is_on(each.get(f"{W}val"))
        elif tag == f"{W}color":
            said["colour"] = _colour(each)
        elif tag == f"{W}sz":
            said["size"] = _half_points(each.get(f"{W}val"))
        elif tag == f"{W}b":
            said["bold"] = is_on(each.get(f"{W}val"))
        elif tag == f"{W}shd":
            said["dark"] = is_dark(each) or None
        elif tag == f"{W}highlight":
            said["dark"] = each.get(f"{W}val") not in _DARK_MARKER
        elif tag == f"{W}rFonts":
            said["font"] = each.get(f"{W}ascii") or each.get(f"{W}hAnsi")
    return Looks(**said) if said else PLAIN  # type: ignore[arg-type]


def paragraph_looks(properties: Element | None) -> Looks:
    """What a `w:pPr` itself says, without the looks of its paragraph mark."""
    if properties is None:
        return PLAIN
    said: dict[str, object] = {}
    for each in properties:
        tag = each.tag
        if tag == f"{W}outlineLvl":
            said["outline"] = _number(each.get(f"{W}val"))
        elif tag == f"{W}shd":
            said["dark"] = is_dark(each) or None
        elif tag == f"{W}jc":
            said["centred"] = each.get(f"{W}val") == "center"
        elif tag == f"{W}numPr":
            number, level = each.find(f"{W}numId"), each.find(f"{W}ilvl")
            if number is not None:
                said["list_id"] = number.get(f"{W}val")
            if level is not None:
                said["list_level"] = _number(level.get(f"{W}val"))
    return Looks(**said) if said else PLAIN  # type: ignore[arg-type]


def is_dark(shading: Element) -> bool:
    """Whether white text is seen on a `w:shd`."""
    fill = shading.get(f"{W}color" if shading.get(f"{W}val") == "solid" else f"{W}fill", "auto")
    if re.fullmatch(r"[0-9A-Fa-f]{6}", fill):
        red, green, blue = (int(fill[i : i + 2], 16) for i in (0, 2, 4))
        return 0.3 * red + 0.59 * green + 0.11 * blue < 0xD8
    return shading.get(f"{W}themeFill") not in (None, *_PAPER)


class Styles:
    """The styles of a document, each resolved through the styles it is based on."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Looks] = {}
        self._default: dict[str, str] = {}
        self.base = PLAIN
        if root is None:
            return
        for style in root.iterfind(f"{W}style"):
            id_, kind = style.get(f"{W}styleId", ""), style.get(f"{W}type", "")
            self._elements[id_] = style
            if style.get(f"{W}default") in ("1", "true"):
                self._default[kind] = id_
        self.base = run_looks(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def paragraph(self, id_: str | None) -> Looks:
        """Looks of a paragraph style (None: the default one), over the document's defaults."""
        return self._looks(id_ or self._default.get("paragraph", "")).over(self.base)

    def character(self, id_: str | None) -> Looks:
        """Looks of a character style alone."""
        return self._looks(id_) if id_ else PLAIN

    def name(self, id_: str | None) -> str:
        """The name of a style in lower case ("heading 1", "toc 2", "caption"), "" if there is none."""
        style = self._elements.get(id_ or "")
        name = style.find(f"{W}name") if style is not None else None
        return (name.get(f"{W}val", "") if name is not None else id_ or "").lower()

    def names(self, id_: str | None) -> tuple[str, ...]:
        """The name of a style and of those it is based on."""
        return tuple(self.name(each) for each in self._chain(id_ or ""))

    def heading_level(self, id_: str | None, looks: Looks) -> int | None:
        """1-9 if a paragraph with this style and these looks is a heading, else None."""
        if looks.outline is not None:
            return looks.outline + 1 if looks.outline < 9 else None
        for name in self.names(id_):
            if found := _HEADING.search(name):
                return int(found.group(2))
        return None

    def list_level(self, list_id: str, style: str | None) -> int | None:
        """The level at which `style` joins a list by being based on a style that has the list."""
        for each in self._chain(style or ""):
            own = paragraph_looks(self._elements[each].find(f"{W}pPr"))
            if own.list_id == list_id:
                return own.list_level
        return None

    def shades(self, id_: str | None) -> bool:
        """Whether a table style shades any of its cells darkly, so that white text may be seen."""
        for each in self._chain(id_ or ""):
            if any(is_dark(shading) for shading in self._elements[each].iter(f"{W}shd")):
                return True
        return False

    def style_of_list(self, id_: str) -> str | None:
        """The list that a numbering style stands for."""
        style = self._elements.get(id_)
        return paragraph_looks(style.find(f"{W}pPr")).list_id if style is not None else None

    def _chain(self, id_: str) -> list[str]:
        chain: list[str] = []
        while id_ in self._elements and id_ not in chain and len(chain) < 20:
            chain.append(id_)
            based = self._elements[id_].find(f"{W}basedOn")
            id_ = based.get(f"{W}val", "") if based is not None else ""
        return chain

    def _looks(self, id_: str) -> Looks:
        if id_ not in self._resolved:
            looks = PLAIN
            for each in reversed(self._chain(id_)):
                style = self._elements[each]
                looks = paragraph_looks(style.find(f"{W}pPr")).over(looks)
                looks = run_looks(style.find(f"{W}rPr")).over(looks)
            self._resolved[id_] = looks
        return self._resolved[id_]


def _colour(element: Element) -> str:
    value = element.get(f"{W}val", "auto")
    if re.fullmatch(r"[0-9A-Fa-f]{6}", value):
        return value
    if element.get(f"{W}themeColor") in _PAPER and element.get(f"{W}themeShade") is None:
        return "paper"
    return "auto"


def _half_points(value: str | None) -> float | None:
    return decimal(value) / 2 or None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() else None
