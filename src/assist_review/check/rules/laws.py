"""Citations of law inside the filing: repealed, invented or draft titles, old article numbers, superseded standards."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from assist_review.check.context import Context, Say
from assist_review.numbers import chinese_value
from assist_review.passages import Hit, Passage, evidence, exact, sentence_span
from assist_review.review import Finding
from assist_review.text import fold

_PAST = re.compile(
    r"修[正改订]前|当时|原《|原<|旧条|20(?:1\d|2[0-5])年(?:[^.;\n]{0,20})(?:制定|建立|开展|完成|实施|印发|发布|按照|依据)"
)
_BOOK = re.compile(r"(?:方|算|办|做|用|看|说|想|书|手|语|文|写|疗|兵|魔|司|执|守|普|合|违|非|立)法$")
_ROLES = ("report", "agreement", "privacy", "annotation_rules", "form", "evidence", "other")


def law(context: Context, say: Say) -> Iterator[Finding]:
    """`what`: `articles` (renumbered), `titles` (invented, repealed, draft), `superseded` (replaced standards)."""
    data: dict[str, Any] = context.pack.lexicon.get("laws", {})
    found = list(_WHAT[say.params["what"]](context, say, data))
    if found:
        yield from found
    else:
        yield say.fine("引用的法规标准未发现问题。")


def _from(entry: dict[str, Any]) -> date:
    value = entry.get("from", date.min)
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _passages(context: Context) -> Iterator[Passage]:
    for reading in context.reading(*_ROLES):
        yield from reading.passages


def _articles(context: Context, say: Say, data: dict[str, Any]) -> Iterator[Finding]:
    """An article number that was right before a law was renumbered, near words of the old article's subject."""
    for entry in data.get("articles", ()):
        if context.as_of < _from(entry):
            continue
        names = [re.escape(fold(n)) for n in entry["titles"]]
        number = data["citation"]["article"]
        pattern = _compiled(rf"(?:{'|'.join(names)})>?(?:\([^)]{{0,20}}\))?{number}")
        for passage in _passages(context):
            for match in pattern.finditer(passage.key):
                old = int(chinese_value(match[1]) or 0) if not match[1].isdigit() else int(match[1])
                new = _moved(entry, old)
                left, right = sentence_span(passage.key, *match.span())
                around = passage.key[max(0, left - 40) : right + 40]
                if new and new != old and _about(entry, old, around) and not _PAST.search(passage.key[left:right]):
                    yield say.wrong(
                        f"引用《{entry['titles'][0]}》第{old}条，按现行文本应为第{new}条。",
                        [evidence(Hit(passage, *match.span()))],
                    )


def _moved(entry: dict[str, Any], old: int) -> int | None:
    for moved in entry.get("moved", ()):
        if moved.get("old") == old:
            return int(moved["new"])
    for span in entry.get("ranges", ()):
        if span["from"] <= old <= span["to"]:
            return old + int(span["add"])
    return None


def _about(entry: dict[str, Any], old: int, text: str) -> bool:
    words = next((s["any"] for s in entry.get("subjects", ()) if s["old"] == old), ())
    return any(_compiled(w).search(text) for w in words)


def _titles(context: Context, say: Say, data: dict[str, Any]) -> Iterator[Finding]:
    wrong = [(fold(t), e) for e in data.get("wrong", ()) for t in e["titles"]]
    draft = data.get("draft", {})
    marks = [fold(m) for m in draft.get("marks", ())]
    title = _compiled(data["citation"]["title"])
    known = _known(context, data)
    said: set[str] = set()
    for passage in _passages(context):
        if passage.role == "evidence":
            continue
        for match in title.finditer(passage.key):
            name = re.sub("^中华人民共和国", "", match[1])
            left, right = sentence_span(passage.key, *match.span())
            around = passage.key[left:right]
            entry = next((e for t, e in wrong if t == name and context.as_of >= _from(e)), None)
            if name in said or (entry is None and any(fold(w) in around for w in draft.get("unless", ()))):
                continue
            if entry:
                why = entry.get("says", f"引用的“{match[1]}”不正确。")
            elif any(m in name or m in passage.key[match.end() : match.end() + 12] for m in marks):
                why = f"把未生效的“{match[1]}”列为依据。"
            elif _invented(name, known):
                why = f"引用的《{exact(passage, *match.span(1))}》不是现行法律，没有查到这一名称。"
            else:
                continue
            said.add(name)
            yield say.wrong(
                why if why.endswith("。") else why + "。",
                [evidence(Hit(passage, *match.span()))],
                defect=say.code("titles"),
            )


def _known(context: Context, data: dict[str, Any]) -> frozenset[str]:
    """Folded titles of statutes: the closed list of national laws, and whatever the pack knows."""
    names = [*data.get("statutes", ()), *(e["title"] for e in data.get("known", ()))]
    names += [n for i in context.pack.instruments for n in (i.title, i.short, *i.aliases)]
    return frozenset(re.sub("^中华人民共和国", "", fold(n)) for n in names)


def _invented(name: str, known: frozenset[str]) -> bool:
    """Whether a title has the form of a national law and is none: the list of those is closed."""
    bare = re.sub(r"\([^()]*\)$", "", name)
    if not re.fullmatch(r"[\u4e00-\u9fff]{3,18}法", bare) or _BOOK.search(bare):
        return False
    return bool(known) and not any(bare == k or k.endswith(bare) or (len(k) > 2 and bare.endswith(k)) for k in known)


def _superseded(context: Context, say: Say, data: dict[str, Any]) -> Iterator[Finding]:
    for entry in data.get("superseded", ()):
        only = say.params.get("by")
        if context.as_of < _from(entry) or (only and entry.get("by") != only):
            continue
        for reading in context.reading("report"):
            cited = [h for t in entry["any"] for h in reading.find(t)]
            if cited and not any(reading.has(t) for t in entry.get("unless", ())):
                yield say.wrong(
                    f"只引用已被替代的标准，没有引用现行的{entry.get('by', '标准')}。".replace(
                        "gbt-45654-2025", "GB/T 45654-2025"
                    ).replace("gb-45438-2025", "GB 45438-2025"),
                    [evidence(h) for h in cited[:2]],
                )


_WHAT = {"articles": _articles, "titles": _titles, "superseded": _superseded}
