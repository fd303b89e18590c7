"""The nouns of an official text: LawText ▸ Unit, with its dates; and the numbers units are known by."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

from assist_review.base import Value

_DIGITS = "零一二三四五六七八九"


class Line(Value):
    """One line, paragraph or table row of a source file. `heading` where the file marks it as one."""

    text: str
    heading: bool = False
    bold: bool = False  # the file sets off the beginning, as in **第一条**
    table: int | None = None  # rows of one table share a number, from 1


class Event(Value):
    """A dated step in the life of a text, in its own words: 通过, 公布, 修正, 修订, 施行."""

    day: date
    what: str


class Unit(Value):
    """One article, paragraph, item, clause, annex or table, word for word.

    Numbers follow the pack: `17`, `17.p2`, `17.i1`, `17.p2.i1`, `17.i1.s2`, `120-1` (之一) for statutes;
    `5.1`, `5.1.a`, `5.1.a.1`, `A`, `A.2.b`, `5.1.t1` for standards; `annex1` for what follows a statute.
    """

    number: str
    label: str
    text: str
    path: tuple[str, ...] = ()  # headings above it: 编, 章, 节
    parent: str | None = None


class LawText(Value):
    """An official text taken apart. `problems` say what is doubtful about it, `left_out` what was not taken."""

    kind: Literal["statute", "standard"]
    title: str = ""
    number: str = ""  # 令第15号, GB/T 45654-2025
    events: tuple[Event, ...] = ()
    promulgated: date | None = None  # of this version
    effective: date | None = None
    effective_stated: bool = False  # the text itself says so; else taken from the day it was passed
    units: tuple[Unit, ...]
    problems: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[Unit, ...]:
        """Units of the first level: articles of a statute, clauses with a number of their own of a standard."""
        return tuple(u for u in self.units if u.parent is None)

    def unit(self, number: str) -> Unit | None:
        """The unit with this number, or with another way to write it."""
        return resolve({u.number: u for u in self.units}, number)


def resolve(units: Mapping[str, Unit], number: str) -> Unit | None:
    """The unit meant by `number`: a single paragraph or the only paragraph with items need not be named."""
    for spelling in (number, re.sub(r"\.p1(?=\.i|$)", "", number)):
        if spelling in units and (
            spelling == number or f"{spelling.partition('.')[0]}.p2" not in units or ".i" in spelling
        ):
            return units[spelling]
    stem, mark, rest = number.partition(".i")
    if mark and ".p" not in stem:
        found = [u for n, u in units.items() if re.fullmatch(rf"{re.escape(stem)}\.p\d+\.i{re.escape(rest)}", n)]
        return found[0] if len(found) == 1 else None
    return None


def chinese(number: int) -> str:
    """A number from 0 to 9999 as a Chinese numeral."""
    if number >= 1000:
        rest = number % 1000
        return _DIGITS[number // 1000] + "千" + (("" if rest >= 100 else "零") + chinese(rest) if rest else "")
    if number >= 100:
        rest = number % 100
        return (
            _DIGITS[number // 100]
            + "百"
            + (("零" if rest < 10 else "一" if rest < 20 else "") + chinese(rest) if rest else "")
        )
    if number >= 10:
        tens = "" if number < 20 else _DIGITS[number // 10]
        return tens + "十" + (_DIGITS[number % 10] if number % 10 else "")
    return _DIGITS[number]
