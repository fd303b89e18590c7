"""Citations of law inside the filing: repealed, invented or draft titles, old article numbers, superseded standards."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from assist_review.check.context import Context, Say
from assist_review.numbers import chinese_value
from assist_review.passages import Hit, Passage, evidence, sentence_span
from assist_review.review import Finding
from assist_review.text import fold

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
        names = [re.escape(fold(n)) for n in (entry.get("title", ""), *entry.get("aliases", ())) if n]
        number = data["citation"]["article"]
        pattern = _compiled(rf"(?:{'|'.join(names)})>?(?:\([^)]{{0,20}}\))?{number}")
        for passage in _passages(context):
            for match in pattern.finditer(passage.key):
                old = int(chinese_value(match[1]) or 0) if not match[1].isdigit() else int(match[1])
                new = _moved(entry, old)
                left, right = sentence_span(passage.key, *match.span())
                around = passage.key[max(0, left - 40) : right + 40]
                if new and _about(entry, old, around):
                    yield say.wrong(
                        f"引用《{entry['title']}》第{old}条，按现行文本应为第{new}条。", [evidence(Hit(passage, *match.span()))]
                    )


def _moved(entry: dict[str, Any], old: int) -> int | None:
    for moved in entry.get("moved", ()):
        if moved.get("old") == old:
            return int(moved["new"])
    for span in entry.get("ranges", ()):
        low, high, add = (span["from"], span["to"], span["add"]) if isinstance(span, dict) else span
        if low <= old <= high:
            return old + int(add)
    return None


def _about(entry: dict[str, Any], old: int, text: str) -> bool:
    subjects = entry.get("subjects", {})
    words = subjects.get(str(old), ()) if isinstance(subjects, dict) else next((s["any"] for s in subjects if s.get("old") == old), ())
    return any(fold(w) in text for w in words)


def _titles(context: Context, say: Say, data: dict[str, Any]) -> Iterator[Finding]:
    wrong = [(fold(t), e) for e in data.get("wrong", ()) for t in e["titles"]]
    draft = data.get("draft", {})
    marks = [fold(m) for m in draft.get("marks", ())]
    title = _compiled(data["citation"]["title"])
    said: set[str] = set()
    for passage in _passages(context):
        if passage.role == "evidence":
            continue
        for match in title.finditer(passage.key):
            name = re.sub("^中华人民共和国", "", match[1])
            left, right = sentence_span(passage.key, *match.span())
            around = passage.key[left:right]
            entry = next((e for t, e in wrong if t == name and context.as_of >= _from(e)), None)
            cautious = any(fold(w) in around for w in draft.get("unless", ()))
            if name in said or (entry is None and not any(m in name or m in passage.key[match.end() : match.end() + 12] for m in marks)):
                continue
            if entry is None and cautious:
                continue
            said.add(name)
            why = entry.get("says", f"引用的“{match[1]}”不正确。") if entry else f"把未生效的“{match[1]}”列为依据。"
            yield say.wrong(why if why.endswith("。") else why + "。", [evidence(Hit(passage, *match.span()))], defect=say.code("titles"))


def _superseded(context: Context, say: Say, data: dict[str, Any]) -> Iterator[Finding]:
    for entry in data.get("superseded", ()):
        only = say.params.get("by")
        if context.as_of < _from(entry) or (only and entry.get("by") != only):
            continue
        for reading in context.reading("report"):
            cited = [h for t in entry["any"] for h in reading.find(t)]
            if cited and not any(reading.has(t) for t in entry.get("unless", ())):
                yield say.wrong(
                    f"只引用已被替代的标准，没有引用现行的{entry.get('by', '标准')}。".replace("gbt-45654-2025", "GB/T 45654-2025").replace("gb-45438-2025", "GB 45438-2025"),
                    [evidence(h) for h in cited[:2]],
                )


_WHAT = {"articles": _articles, "titles": _titles, "superseded": _superseded}
