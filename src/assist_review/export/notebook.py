"""A review as notebooks and consoles show it: a card with the grade, the counts and the problems; one line of text.

Styles are inline and take the colours of the page around them, so that the card fits light and dark notebooks and
stays readable where styles are removed.
"""

from collections import Counter
from html import escape

from assist_review.export.view import Item, View, clean, place
from assist_review.export.words import Language, say
from assist_review.regulation import Pack
from assist_review.review import Evidence, Review

_MOST = 60  # rows
_GROUPS = ("fatal", "major", "minor", "unclear")
_BACK = {"fatal": "#b3261e", "major": "#8a5000", "minor": "#3d618f", "unclear": "#665894", "ready": "#2a6e4b"}
_GRADES = {"return": "fatal", "supplement": "major", "ready": "ready"}
_RULE = "1px solid rgba(128,128,128,.4)"
_CELL = f"text-align:left;vertical-align:top;padding:.35em .7em;border:0;border-bottom:{_RULE}"


def line(review: Review) -> str:
    """One line: what was reviewed, the grade, the counts, the day and the rules."""
    counts = counted(review)
    said = "、".join(f"{_group(g)} {counts[g]}" for g in _GROUPS)
    return (
        f"{_name(_view(review))}：{say(f'grade.{review.conclusion.grade}')}（{said}；"
        f"{say(f'route.{review.filing.route}')}，{review.as_of}，{clean(review.pack.id)} {clean(review.pack.version)}）"
    )


def counted(review: Review) -> Counter[str]:
    """Findings by severity for problems, else by verdict, as they stand after the decisions of people."""
    return Counter(item.group for item in _view(review).items)


def where(evidence: Evidence, language: Language = "zh") -> str:
    """The file and the place in it."""
    inside = place(evidence, language)
    return clean(evidence.file) + (f" · {inside}" if inside else "")


def card(review: Review, language: Language = "zh") -> str:
    """The review as HTML that stands alone."""
    view = _view(review)
    problems = view.of("fatal", "major", "minor")
    return (
        f'<div lang="{"zh-CN" if language == "zh" else "en"}" style="color:inherit;background:transparent;line-height:1.55;'
        f'max-width:70em">{_head(view, language)}{_table(problems, language)}{_foot(view, len(problems), language)}</div>'
    )


def _view(review: Review) -> View:
    """The review without its pack: nothing here needs more of it than its name."""
    stamp = review.pack
    return View(
        review,
        Pack(
            id=stamp.id, version=stamp.version, title="", sha256=stamp.sha256, instruments=(), clauses=(),
            requirements=(), risks=(), profiles=(),
        ),
    )  # fmt: skip


def _name(view: View) -> str:
    """What the filing calls its model, else the name of the package."""
    return view.model or clean(view.review.filing.name)


def _head(view: View, language: Language) -> str:
    review = view.review
    grade = review.conclusion.grade
    counts = Counter(item.group for item in view.items)
    tags = "".join(f" {_tag(g, f'{_group(g, language)} {counts[g]}')}" for g in _GROUPS if counts[g])
    facts = " · ".join((
        say(f"route.{review.filing.route}", language), str(review.as_of), f"{review.pack.id} {review.pack.version}",
        say("card.files", language, n=len(review.filing.files)),
    ))  # fmt: skip
    return (
        f'<p style="margin:.2em 0"><strong style="font-size:1.15em">{_text(_name(view))}</strong> '
        f'<span style="opacity:.8">{_text(facts)}</span></p>'
        f'<p style="margin:.2em 0 .6em">{_tag(_GRADES[grade], say(f"grade.{grade}", language), strong=True)}{tags}</p>'
    )


def _table(problems: tuple[Item, ...], language: Language) -> str:
    if not problems:
        return f'<p style="margin:.4em 0">{_text(say("todo.ready", language))}</p>'
    heads = "".join(
        f'<th style="{_CELL};white-space:nowrap">{_text(say(f"card.{name}", language))}</th>'
        for name in ("severity", "problem", "place", "clause")
    )
    rows = "".join(_row(item, language) for item in problems[:_MOST])
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;width:100%;margin:0;font-size:.95em;'
        f'line-height:inherit;background:transparent;color:inherit"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(item: Item, language: Language) -> str:
    finding = item.finding
    places = dict.fromkeys(where(e, language) for e in finding.evidence)
    clauses = dict.fromkeys(clean(c.label or c.clause) for c in finding.citations)
    cells = (
        _tag(item.group, _group(item.group, language)),
        f'<span lang="zh-CN">{_text(item.statement)}</span><br><span style="opacity:.75">{_text(finding.requirement)}</span>',
        _several(places),
        _several(clauses),
    )
    widths = ("", "min-width:16em", "min-width:11em;overflow-wrap:anywhere", "min-width:11em")
    inside = "".join(f'<td style="{_CELL};{w}">{cell}</td>' for cell, w in zip(cells, widths, strict=True))
    return f'<tr style="background:transparent">{inside}</tr>'


def _several(texts: dict[str, None], most: int = 3) -> str:
    shown = "<br>".join(_text(text) for text in list(texts)[:most])
    return shown + (f'<br><span style="opacity:.75">+{len(texts) - most}</span>' if len(texts) > most else "")


def _foot(view: View, problems: int, language: Language) -> str:
    review = view.review
    notes = []
    if problems > _MOST:
        notes.append(say("card.more", language, n=problems - _MOST))
    if review.failures:
        notes.append(say("card.failures", language, n=len({f.requirement for f in review.failures})))
    unread = sum(bool(f.unreadable) for f in review.filing.files)
    if unread:
        notes.append(say("card.unread", language, n=unread))
    notes.append(say("card.draft", language))
    return f'<p style="margin:.5em 0 0;opacity:.8">{_text(" ".join(notes))}</p>'


def _tag(group: str, text: str, *, strong: bool = False) -> str:
    weight = "font-weight:700;font-size:1.05em;padding:.15em .9em;margin-right:.6em" if strong else "padding:.1em .6em"
    back = _BACK.get(group, "#5c6370")
    return f'<span style="display:inline-block;border-radius:4px;background:{back};color:#fff;white-space:nowrap;{weight}">{_text(text)}</span>'


def _group(group: str, language: Language = "zh") -> str:
    known = group in ("fatal", "major", "minor")
    return say(f"severity.{group}" if known else f"verdict.{group}", language)


def _text(text: str) -> str:
    return escape(clean(text))
