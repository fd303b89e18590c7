"""Numbers held against the public lists a user has imported: does the list know the number, its holder, its name?"""

import re
from collections.abc import Iterator
from datetime import date

from assist_review.check.context import Context, Say
from assist_review.passages import Reading
from assist_review.regulation import Register, RegisterEntry
from assist_review.review import Evidence, Fact, Finding
from assist_review.text import fold

_DATED = re.compile(r"(20\d{2})(\d{2})(\d{2})")


def register(context: Context, say: Say) -> Iterator[Finding]:
    """Each value of `fact` in one of the lists `kinds`; `name` and `holder` are the facts its entry must agree with.

    Without a list nothing is claimed: the finding says that the number was not compared.
    """
    facts = list({str(f.value): f for f in context.extraction.named(say.params["fact"])}.values())
    if not facts:
        return
    label = str(say.params.get("label", say.params["fact"]))
    known = [r for kind in say.params["kinds"] if (r := context.pack.register(kind))]
    if not known:
        yield say.fine(f"没有导入公开名单，{label}未与名单核对。", [f.evidence for f in facts[:2]])
        return
    for fact in facts:
        found = next(((r, e) for r in known if (e := r.entry(str(fact.value)))), None)
        if found is None:
            yield _unlisted(say, label, fact, known)
        else:
            yield _compared(context, say, label, fact, *found)


def _unlisted(say: Say, label: str, fact: Fact, known: list[Register]) -> Finding:
    where = "、".join(f"{r.name}（截至{r.as_of}）" for r in known)
    day = _day(str(fact.value))
    later = day is not None and day > max(r.as_of for r in known)
    why = "编号的日期晚于名单" if later else "可能尚未公布或者编号有误"
    return say.unclear(f"{label}“{fact.value}”不在{where}中，{why}，需要人工核对。", [fact.evidence])


def _day(number: str) -> date | None:
    found = _DATED.search(number)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _compared(context: Context, say: Say, label: str, fact: Fact, listed: Register, entry: RegisterEntry) -> Finding:
    """Whether the package says what the list says; a name it never mentions in any form is another one."""
    wrong, proof = [], [fact.evidence]
    for what, wanted, stated in (
        ("名称", entry.name, say.params.get("name")),
        ("单位", entry.holder, say.params.get("holder")),
    ):
        if not wanted or not stated:
            continue
        said = context.extraction.named(stated)
        if any(_same(str(s.value), wanted) for s in said):
            continue
        if what == "名称" and any(_core(wanted) in r.key for r in context.readings):
            continue
        if what == "单位" and not said and any(fold(wanted) in r.key for r in context.readings):
            continue
        if not said and what == "单位" and not _others(context.readings, fact):
            continue
        wrong.append(f"{what}为“{wanted}”" + (f"，材料写为“{said[0].value}”" if said else "，材料中没有提到"))
        proof += [s.evidence for s in said[:1]]
    source = f"{listed.name}（截至{listed.as_of}）"
    if wrong:
        return say.wrong(
            f"{label}“{fact.value}”在{source}中登记的{'；'.join(wrong)}。",
            _once(proof),
            defect=say.params.get("defect"),
        )
    return say.fine(
        f"{label}“{fact.value}”与{source}一致：{entry.name} {entry.holder}".rstrip() + "。", [fact.evidence]
    )


def _once(pieces: list[Evidence]) -> list[Evidence]:
    return list(dict.fromkeys(pieces))


def _core(name: str) -> str:
    """A model's name without the words all of them have."""
    core = re.sub(r"(?:对话|语言|生成|多模态)?(?:大模型|模型)$|算法$", "", fold(name))
    return core if len(core) >= 2 else fold(name)


def _same(one: str, other: str) -> bool:
    a, b = _core(one), _core(other)
    return a == b or (min(len(a), len(b)) >= 2 and (a in b or b in a))


def _others(readings: tuple[Reading, ...], fact: Fact) -> bool:
    """Whether a company is named beside the number, so that the holder of the list is not the one meant."""
    number = fold(str(fact.value))
    company = re.compile(r"[\u4e00-\u9fff()]{4,30}?(?:公司|研究院|大学|集团)")
    return any(number in p.key and company.search(p.key) for r in readings for p in r.passages)
