"""Clauses by the names people call them: 个人信息保护法第五十五条第一款第（二）项, GB/T 45654 附录A A.2, pipl-2021:55."""

import re
from collections.abc import Iterator
from datetime import date

from assist_review.law.text import Unit, resolve
from assist_review.law.versions import law_name
from assist_review.numbers import chinese_value
from assist_review.regulation import Clause, Instrument, Pack
from assist_review.text import fold

_NUM = r"[0-9〇零一二三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"第?({_NUM})条(?:之({_NUM}))?(?:第?({_NUM})款)?(?:第?[(]?({_NUM})[)]?项)?(?:第?({_NUM})目)?")
_POINT = re.compile(r"(?<![a-z0-9.])([a-z]|\d{1,2})((?:\.\d{1,2})*)(?:\.?([a-z])(?![a-z])|[ ]?([a-z])\))?(?![0-9])")
_WHOLE = re.compile(r"附录([a-z])|第(\d{1,2})章")
# A reference without the name of another law before it.
_OWN = re.compile(
    rf"(?<![>法例定办则])(?:本法|本条例|本办法|本规定|本细则)?第{_NUM}条(?:第{_NUM}款)?(?:第?[(]?{_NUM}[)]?项)?"
)
_YEAR = re.compile(r"[-(](?:19|20)\d\d\)?")


class ClauseNames:
    """The instruments of a pack by every name they have, longest first."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._ids = {c.id for c in pack.clauses}
        self._numbers: dict[str, dict[str, str]] = {}
        for clause in pack.clauses:
            self._numbers.setdefault(clause.instrument, {})[clause.number] = clause.id
        names: dict[str, list[Instrument]] = {}
        for i in pack.instruments:
            for name in {*map(law_name, (i.title, i.short, *i.aliases)), *_standard(i.number)}:
                if len(name) >= 3:
                    names.setdefault(name, []).append(i)
        self._names = sorted(names.items(), key=lambda n: -len(n[0]))

    def named(self, query: str, day: date | None = None) -> tuple[str, ...]:
        """Ids of the clauses `query` names, most exact first; of several versions the one in force on `day` (today) first."""
        found: list[str] = [part for part in re.findall(r"[\w-]+:[\w.-]+", query) if part in self._ids]
        key = fold(query)
        for instruments, rest in self._mentions(key):
            for instrument in sorted(instruments, key=lambda i: not i.in_force.holds(day or date.today())):
                found += self._clauses(instrument, rest)
        return tuple(dict.fromkeys(found))

    def referred(self, clause: Clause) -> tuple[str, ...]:
        """Ids of the clauses of the same instrument that `clause` refers to: 依照本法第十三条, 第二十条规定的."""
        found: list[str] = []
        for match in _OWN.finditer(fold(clause.text)):
            found += self._clauses_of(clause.instrument, match[0])
        return tuple(c for c in dict.fromkeys(found) if c != clause.id)

    def _mentions(self, key: str) -> Iterator[tuple[list[Instrument], str]]:
        """Instruments named in a folded text, each with the words after it."""
        taken: list[tuple[int, int]] = []
        for name, instruments in self._names:
            at = key.find(name)
            if at < 0 or any(a <= at < b for a, b in taken):
                continue
            taken.append((at, at + len(name)))
            yield instruments, _YEAR.sub("", key[at + len(name) :], count=1).lstrip('>)《》"')

    def _clauses(self, instrument: Instrument, rest: str) -> Iterator[str]:
        yield from self._clauses_of(instrument.id, rest)

    def _clauses_of(self, instrument: str, rest: str) -> Iterator[str]:
        units = {n: Unit(number=n, label="", text="") for n in self._numbers.get(instrument, {})}
        for number in _numbers(rest):
            unit = resolve(units, number)
            if unit is not None:
                yield self._numbers[instrument][unit.number]


def _standard(number: str) -> list[str]:
    key = fold(number)
    if not re.search(r"\d{3,}", key) or "号" in key:
        return []
    return [key, *([key.rsplit("-", 1)[0]] if re.search(r"-(?:19|20)\d\d$", key) else [])]


def _numbers(rest: str) -> Iterator[str]:
    """Numbers of clauses in the words after a name, each followed by what it is part of."""
    rest = re.sub(r"附录[a-z](?=[a-z]\.\d)", "", rest)  # 附录A A.2 is A.2
    article = _ARTICLE.search(rest)
    if article:
        first, inserted, paragraph, item, sub = (_value(g) for g in article.groups())
        stem = f"{first}-{inserted}" if inserted else str(first)
        parts = [
            stem,
            *([f"p{paragraph}"] if paragraph else []),
            *([f"i{item}"] if item else []),
            *([f"s{sub}"] if sub else []),
        ]
        for n in range(len(parts), 0, -1):
            yield ".".join(parts[:n])
        return
    for match in _POINT.finditer(rest):
        head, tail, letter = match[1], match[2], match[3] or match[4]
        if not tail and not letter:
            continue
        number = (head.upper() if head.isalpha() else head) + tail
        if letter:
            yield f"{number}.{letter}"
        while number:
            yield number
            number = number.rpartition(".")[0]
    for match in _WHOLE.finditer(rest):
        yield match[1].upper() if match[1] else match[2]


def _value(text: str | None) -> int | None:
    if text is None:
        return None
    value = int(text) if text.isdigit() else chinese_value(text)
    return int(value) if value is not None else None
