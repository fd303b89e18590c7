"""Automatic list numbers of DOCX, which stand in no text: rebuilt from numbering.xml."""

import re
from dataclasses import dataclass

from assist_review.read.docx_styles import Styles
from assist_review.read.ooxml import Element, W, is_on, whole

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_BULLETS = {
    "\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf06c": "●", "\uf06e": "■", "\uf075": "◆",
    "\uf076": "❖", "\uf0e8": "➔", "\uf0a8": "□", "\uf0fe": "☑", "\uf09f": "•", "o": "○", "\uf02d": "-",
}  # fmt: skip
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def chinese(number: int, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千")) -> str:
    """A counting number below 10,000 in Chinese: 12 → 十二, 105 → 一百〇五."""
    if not 0 < number < 10_000:
        return str(number)
    out = ""
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            out += digits[digit] + units[place]
        elif out and not out.endswith(digits[0]) and number % 10**place:
            out += digits[0]
    return out[1:] if 10 <= number < 20 and digits is _DIGITS else out


def roman(number: int) -> str:
    """A number in capital Roman numerals."""
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def format_number(number: int, style: str) -> str:
    """`number` as the numbering format `style` (`w:numFmt`) writes it; unknown formats write digits."""
    if number > 9_999:  # no list is that long; letters and Roman numerals would be
        return str(number)
    if style in ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
                 "japaneseCounting", "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):  # fmt: skip
        return chinese(number)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return chinese(number, _FORMAL, ("", "拾", "佰", "仟"))
    if style == "ideographTraditional":
        return "甲乙丙丁戊己庚辛壬癸"[(number - 1) % 10]
    if style == "ideographZodiac":
        return "子丑寅卯辰巳午未申酉戌亥"[(number - 1) % 12]
    if style in ("upperRoman", "lowerRoman"):
        return roman(number) if style == "upperRoman" else roman(number).lower()
    if style in ("upperLetter", "lowerLetter"):
        return _letters(number).upper() if style == "upperLetter" else _letters(number)
    if style.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if style == "decimalEnclosedParen" and 0 < number <= 20:
        return chr(0x2474 + number - 1)
    if style == "decimalEnclosedFullstop" and 0 < number <= 20:
        return chr(0x2488 + number - 1)
    if style == "decimalZero":
        return f"{number:02d}"
    if style.startswith("decimalFullWidth"):
        return "".join(chr(ord(c) + 0xFEE0) for c in str(number))
    return "" if style == "none" else str(number)


@dataclass
class _Level:
    style: str = "decimal"
    pattern: str = ""
    start: int = 1
    spaced: bool = True
    legal: bool = False  # show all numbers of the pattern in digits
    restart: int | None = None  # level after which it starts again; 0 never
    paragraph_style: str = ""


class Numbering:
    """The lists of a document and how far each has counted."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        for each in root.iterfind(f"{W}abstractNum") if root is not None else ():
            id_ = each.get(f"{W}abstractNumId", "")
            self._abstract[id_] = dict(_level(level) for level in each.iterfind(f"{W}lvl"))
            if (link := each.find(f"{W}numStyleLink")) is not None:
                self._links[id_] = link.get(f"{W}val", "")
        for each in root.iterfind(f"{W}num") if root is not None else ():
            abstract = each.find(f"{W}abstractNumId")
            starts: dict[int, int] = {}
            levels: dict[int, _Level] = {}
            for override in each.iterfind(f"{W}lvlOverride"):
                at = whole(override.get(f"{W}ilvl"))
                if (start := override.find(f"{W}startOverride")) is not None:
                    starts[at] = whole(start.get(f"{W}val"), 1)
                if (changed := override.find(f"{W}lvl")) is not None:
                    levels[at] = _level(changed)[1]
            target = abstract.get(f"{W}val", "") if abstract is not None else ""
            self._lists[each.get(f"{W}numId", "")] = (target, starts, levels)

    def label(self, list_id: str, level: int | None, style: str | None = None) -> str:
        """Count one paragraph of a list and return what stands in front of it ("（三）", "2.1 "), "" for none."""
        if list_id not in self._lists:
            return ""
        abstract, starts, changed = self._lists[list_id]
        linked = self._styles.style_of_list(self._links[abstract]) if abstract in self._links else None
        if linked in self._lists:
            abstract = self._lists[linked][0]
        levels = {**self._abstract.get(abstract, {}), **changed}
        if level is None:
            by_style = next((i for i, each in levels.items() if style and each.paragraph_style == style), None)
            level = by_style if by_style is not None else self._styles.list_level(list_id, style) or 0
        here = levels.get(level)
        if here is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if level in starts and (list_id, level) not in self._started:
            self._started.add((list_id, level))
            counts[level] = starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else starts.get(level, here.start)
        for deeper in [i for i in counts if i > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counts[deeper]
        return self._write(here, levels, counts)

    @staticmethod
    def _write(here: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        if here.style == "bullet":
            sign = _BULLETS.get(here.pattern, here.pattern)
            return ("•" if "\ue000" <= sign[:1] <= "\uf8ff" else sign) + " " if sign else ""

        def number(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            each = levels.get(at, _Level())
            style = "decimal" if here.legal and each.style not in ("decimal", "decimalZero") else each.style
            return format_number(counts.get(at, each.start), style)

        text = re.sub(r"%([1-9])", number, here.pattern)
        if not text.strip():
            return ""
        return text if not here.spaced or text[-1] in "、．）】。 　" else text + " "


def _level(element: Element) -> tuple[int, _Level]:
    level = _Level()
    for each in element:
        value = each.get(f"{W}val", "")
        if each.tag == f"{W}numFmt":
            level.style = value
        elif each.tag == f"{W}lvlText":
            level.pattern = value
        elif each.tag == f"{W}start" and value.isdecimal():
            level.start = int(value)
        elif each.tag == f"{W}suff":
            level.spaced = value != "nothing"
        elif each.tag == f"{W}isLgl":
            level.legal = is_on(each.get(f"{W}val"))
        elif each.tag == f"{W}lvlRestart" and value.isdecimal():
            level.restart = int(value)
        elif each.tag == f"{W}pStyle":
            level.paragraph_style = value
        elif each.tag.endswith("}AlternateContent"):
            for choice in each.iter(f"{W}numFmt"):  # formats newer than the standard; the fallback comes last
                level.style = choice.get(f"{W}val", level.style)
    return whole(element.get(f"{W}ilvl")), level
