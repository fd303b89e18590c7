"""What is uncertain in a pack (confidence C), and what has to be looked up to settle it."""

from typing import Literal

from assist_review.base import Value
from assist_review.law.imported import has_text
from assist_review.regulation import Instrument, Pack


class Doubt(Value):
    """One uncertain thing: an instrument, a clause or a requirement. `look_up` says which text settles it."""

    kind: Literal["instrument", "clause", "requirement"]
    id: str
    what: str
    look_up: str


def doubts(pack: Pack) -> tuple[Doubt, ...]:
    """Everything of confidence C, instruments first."""
    instruments = {i.id: i for i in pack.instruments}
    verbatim = {c.id for c in pack.clauses if c.verbatim}
    found = [
        Doubt(
            kind="instrument", id=i.id, what=i.title, look_up=f"{_named(i)}的官方全文：{i.note or '名称、文号和日期'}"
        )
        for i in pack.instruments
        if i.confidence == "C" and not any(c.verbatim for c in pack.clauses if c.instrument == i.id)
    ]
    found += [
        Doubt(kind="clause", id=c.id, what=c.text, look_up=f"{_named(instruments[c.instrument])}{c.label}的原文")
        for c in pack.clauses
        if c.confidence == "C" and not c.verbatim
    ]
    for requirement in pack.requirements:
        if requirement.confidence != "C":
            continue
        cited = [c for c in requirement.cites if c not in verbatim]
        texts = [c for c in cited if has_text(instruments[c.partition(":")[0]])]
        labels = {c.id: c.label for c in pack.clauses}
        places = "、".join(f"{_named(instruments[c.partition(':')[0]])}{labels.get(c, '')}" for c in texts)
        found.append(
            Doubt(
                kind="requirement", id=requirement.id, what=requirement.statement,
                look_up=f"{places}的原文；导入后标记自动消除" if places else "没有公开的官方文本，需向受理单位核实",
            )
        )  # fmt: skip
    return tuple(found)


def _named(instrument: Instrument) -> str:
    return f"《{instrument.title}》" + (f"（{instrument.number}）" if instrument.number else "")
