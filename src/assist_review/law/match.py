"""Which instrument a text is of, and how its units stand to the restated clauses of the pack."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from assist_review.base import Value
from assist_review.errors import RegulationError
from assist_review.keys import keyed
from assist_review.law.text import LawText, Unit, resolve
from assist_review.law.versions import law_name
from assist_review.numbers import find_numbers
from assist_review.regulation import Clause, Instrument, Pack
from assist_review.text import fold

_SURE, _LIKELY = 0.35, 0.22
_IGNORED = re.compile(
    r"\d{4}-\d{2}-\d{2}[^,。;]*?(?:起|为|前|后)[^,.;。]*|第[0-9〇零一二三四五六七八九十百千、至和]+(?:条|款|项|章|节|编|号|目)|gb/?[tz]?\s*\d+(?:-\d+)?|tc260-\w+|(?:art|附录)\.?\s*[a-z]?[\d.]*"
)
_COUNTED = frozenset("一二三四五六七八九十")


How = Literal["named", "title", "number", "content", "new"]


class Disagreement(Value):
    """A number of a restatement that the official wording does not have."""

    clause: str
    number: str
    restated: str
    official: str


class Matching(Value):
    """How one text stands to the pack."""

    file: str
    instrument: str
    title: str
    how: How
    articles: int
    units: int
    matched: tuple[str, ...] = ()  # clause ids that get official wording
    missing: tuple[str, ...] = ()  # restated clauses the text does not have
    new: tuple[str, ...] = ()  # numbers of articles the pack does not restate
    disagreements: tuple[Disagreement, ...] = ()
    problems: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def identify(law: LawText, pack: Pack, file: str) -> tuple[Instrument, Literal["title", "number", "content"]]:
    """The instrument `law` is a text of. Raises RegulationError naming the nearest where none is sure."""
    named = [i for i in pack.instruments if law.title and law_name(law.title) in _names(i)]
    how: Literal["title", "number", "content"] = "title"
    if not named and law.number:
        number = fold(law.number)
        named = [
            i for i in pack.instruments if i.number and number in (fold(i.number), fold(i.number).rsplit("-", 1)[0])
        ]
        how = "number"
    if len(named) == 1:
        return named[0], how
    if len(named) > 1:
        return _version(named, law, file), how
    scores = sorted(((likeness(law, i, pack), i.id, i) for i in pack.instruments), reverse=True)[:3]
    best, second = scores[0], scores[1]
    if not law.title and best[0] >= _SURE and best[0] - second[0] >= 0.1:
        return best[2], "content"
    near = "、".join(f"{i.id}（{i.title}）" for score, _, i in scores if score >= _LIKELY)
    raise RegulationError(
        f"认不出“{file}”是哪部法规" + (f"（题目：{law.title}）" if law.title else "（文中没有题目）")
        + (f"；较接近的有 {near}" if near else "") + "。请用 --instrument 指定编号；规则包中没有的，指定一个新编号即可。"
    )  # fmt: skip


def _names(instrument: Instrument) -> set[str]:
    return {law_name(n) for n in (instrument.title, instrument.short, *instrument.aliases)}


def _version(named: Sequence[Instrument], law: LawText, file: str) -> Instrument:
    """Of several versions of one law the one whose days fit the text, or whose number of articles does."""
    stated = law.promulgated
    fitting = [i for i in named if stated and stated in (i.promulgated, i.in_force.start)]
    if not fitting and stated:
        began = [i for i in named if i.promulgated and i.promulgated <= stated]
        fitting = sorted(began, key=lambda i: str(i.promulgated))[-1:]
    if len(fitting) != 1:
        raise RegulationError(
            f"“{file}”可能是 {'、'.join(i.id for i in named)} 中的任何一个版本，请用 --instrument 指定。"
        )
    return fitting[0]


def likeness(law: LawText, instrument: Instrument, pack: Pack) -> float:
    """How much of the wording of the restatements of `instrument` the text has under the same numbers, 0-1."""
    units = {u.number: u for u in law.units}
    shares = []
    for clause in pack.clauses:
        if clause.instrument != instrument.id or clause.verbatim or _outside(clause, law):
            continue
        unit = resolve(units, clause.number) or resolve(units, clause.number.partition(".")[0])
        restated = _pairs(clause.text)
        shares.append(len(restated & _pairs(unit.text)) / len(restated) if unit and restated else 0.0)
    return sum(shares) / len(shares) if len(shares) >= 2 else 0.0


def _outside(clause: Clause, law: LawText) -> bool:
    """Whether a clause cannot be in `law`: it restates the whole text (number 0), or another book of a code."""
    if clause.number == "0":
        return True
    numbers = [int(u.number) for u in law.articles if u.number.isdigit()]
    first = clause.number.partition(".")[0].partition("-")[0]
    part = law.kind == "statute" and bool(numbers) and numbers[0] > 1
    return part and first.isdigit() and not numbers[0] <= int(first) <= numbers[-1]


def _pairs(text: str) -> set[str]:
    key = fold(text)
    return {key[i : i + 2] for i in range(len(key) - 1)}


def wrong_instrument(law: LawText, instrument: Instrument, pack: Pack) -> str:
    """Why `law` cannot be a text of `instrument`, "" where nothing speaks against it."""
    if law.title:
        if law_name(law.title) in _names(instrument) or any(
            law_name(law.title) in n or n in law_name(law.title) for n in _names(instrument) if len(n) > 3
        ):
            return ""
        return f"题目是《{law.title}》，而 {instrument.id} 是《{instrument.title}》"
    score = likeness(law, instrument, pack)
    if score and score < _LIKELY:
        return f"条文与 {instrument.id}《{instrument.title}》的转述相差太远"
    return ""


def compare(
    law: LawText, instrument: Instrument, pack: Pack
) -> tuple[list[str], list[str], list[str], list[Disagreement]]:
    """Matched and missing clause ids, numbers of new articles, and numbers that disagree."""
    units = {u.number: u for u in law.units}
    matched, missing, seen = [], [], set()
    disagreements: list[Disagreement] = []
    for clause in pack.clauses:
        if clause.instrument != instrument.id or (clause.within and clause.verbatim) or _outside(clause, law):
            continue
        unit = resolve(units, clause.number)
        if unit is None:
            if not clause.verbatim:
                missing.append(clause.id)
            continue
        matched.append(clause.id)
        seen.add(unit.number.partition(".")[0] if law.kind == "statute" else unit.number)
        if not clause.verbatim:
            disagreements += disagreeing(clause, unit)
    new = [u.number for u in law.articles if u.number not in seen]
    return matched, missing, new, disagreements


def disagreeing(clause: Clause, unit: Unit) -> Iterable[Disagreement]:
    """Numbers with a unit or in percent that the restatement has and the official wording has not."""
    official = {(value, unit_) for value, unit_ in figures(unit.text)}
    values = {value for value, _ in official} | {
        float(len(re.findall(r"^[（(][一二三四五六七八九十]+[）)]", unit.text, re.M)))
    }
    for value, unit_ in figures(clause.text):
        if value not in values:
            yield Disagreement(clause=clause.id, number=f"{value:g}{unit_}", restated=clause.text, official=unit.text)


def figures(text: str) -> list[tuple[float, str]]:
    """The figures of a text that mean something: numbers of articles, of standards and of steps do not."""
    key = _IGNORED.sub(" ", keyed(text).key)
    found = []
    for n in find_numbers(key):
        written = key[n.start : n.end]
        if (n.unit == "年" and n.value >= 1900) or (n.unit == "次" and n.value == 1):
            continue
        if n.unit in ("类", "种", "个", "项", "款", "条", "") and written[:1] in _COUNTED and n.value < 10:
            continue
        found += [(float(v), n.unit) for v in (n.value, n.high) if v is not None]
    return list(dict.fromkeys(found))
