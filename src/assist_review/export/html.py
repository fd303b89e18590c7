"""`review.html`: the review as one page that needs nothing else, not even a script."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assist_review.export.view import GROUPS, SEVERITIES, Item, View, amount, clean, formula, number
from assist_review.export.words import STEPS, WORDS, Audience, Language, say
from assist_review.filing import Unreadable
from assist_review.regulation import Pack
from assist_review.review import DIMENSIONS, Evidence, MatrixCell, Review

_BAR = ("non_compliant", "missing", "unclear", "compliant", "not_applicable")


class _Dimension(NamedTuple):
    name: str
    worst: str | None
    parts: tuple[tuple[str, int], ...]


class _Step(NamedTuple):
    total: int
    first: str | None
    counts: tuple[tuple[str, int], ...]


class _MatrixRow(NamedTuple):
    label: str
    agrees: bool | None
    cells: tuple[tuple[tuple[MatrixCell, bool], ...], ...]  # per column: what it says, and whether it stands out


@dataclass(frozen=True)
class _Matrix:
    columns: tuple[tuple[str, str], ...]  # file, role
    rows: tuple[_MatrixRow, ...]

    @property
    def conflicts(self) -> int:
        return sum(row.agrees is False for row in self.rows)


def export(review: Review, pack: Pack, folder: Path, *, audience: Audience) -> Path:
    """Writes `review.html`, Chinese words first; the page itself can switch to English."""
    path = folder / "review.html"
    path.write_text(render(review, pack, audience), encoding="utf-8", errors="replace", newline="\n")
    return path


def render(review: Review, pack: Pack, audience: Audience = "reviewer", language: Language = "zh") -> str:
    """The page as HTML; `language` is that of its own words, findings stay as they are."""
    view = View(review, pack)
    groups = {group: view.of(group) for group in GROUPS}
    script = _asset("review.js")
    unreadable = tuple(_unreadable(review))
    hidden = tuple(f for f in review.filing.files if f.hidden)
    numbers = {f.file: str(n) for n, f in enumerate(review.filing.files)}
    matrix = _matrix(review)
    return (
        _environment()
        .get_template("review.html.j2")
        .render(
            view=view,
            review=review,
            audience=audience,
            language=language,
            groups=groups,
            unreadable=unreadable,
            hidden=hidden,
            table=matrix,
            dimensions=tuple(_dimensions(review)),
            profile=tuple(_profile(review, language)),
            steps=tuple(_steps(view)),
            filters=tuple(_filters(view, language)),
            words=WORDS,
            script=Markup(script),
            navigation=tuple(_navigation(view, audience, matrix, len(unreadable) + len(hidden))),
            css=Markup(_asset("review.css")),
            script_hash=_csp_hash(script),
            t=partial(_span, language),
            a=partial(_attribute, language),
            say=say,
            spots=_spots,
            number=number,
            amount=amount,
            percent=lambda share: f"{share:.0%}",
            file_numbers=lambda item: " ".join(
                sorted({numbers[e.file] for e in item.finding.evidence if e.file in numbers})
            ),
            file_roles=lambda item: " ".join(
                sorted({view.roles[e.file] for e in item.finding.evidence if e.file in numbers})
            ),
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assist_review.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {"clean": clean, "formula": formula}
    environment.filters |= filters
    return environment


def _asset(name: str) -> str:
    return resources.files("assist_review.export").joinpath("templates", name).read_text(encoding="utf-8")


def _csp_hash(script: str) -> str:
    """The source expression that lets exactly this script run, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _span(language: Language, key: str, **values: object) -> Markup:
    filled = {name: str(value) for name, value in values.items()}
    data = Markup(' data-v="{}"').format(json.dumps(filled, ensure_ascii=False)) if filled else Markup("")
    code = "zh-CN" if language == "zh" else "en"
    return Markup('<span data-t="{}"{} lang="{}">{}</span>').format(key, data, code, say(key, language, **filled))


def _attribute(language: Language, name: str, key: str) -> Markup:
    return Markup('{0}="{2}" data-a-{0}="{1}"').format(name, key, say(key, language))


def _spots(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for key in ("page", "sheet", "cell", "table", "row", "paragraph"):
        if (value := getattr(evidence, key)) is not None:
            yield key, clean(str(value))


def _unreadable(review: Review) -> Iterator[tuple[str, Unreadable]]:
    for file in review.filing.files:
        for unreadable in file.unreadable:
            yield file.file, unreadable


def _profile(review: Review, language: Language) -> Iterator[tuple[str, Markup | str | None, str]]:
    """Name, value in words (None: not recognised) and reason of each profile key."""
    for name, value in review.filing.service:
        reason = review.filing.reasons.get(name, "")
        if value is None or value == ():
            yield name, None, reason
        elif name == "modalities":
            yield name, Markup(" · ").join(_span(language, f"modality.{m}") for m in value), reason
        elif isinstance(value, bool):
            yield name, _span(language, "yes" if value else "no"), reason
        elif name in ("training", "base_model"):
            yield name, _span(language, f"{name}.{value}"), reason
        else:
            yield name, clean(str(value)), reason


def _dimensions(review: Review) -> Iterator[_Dimension]:
    for name in DIMENSIONS:
        if dimension := review.conclusion.dimensions.get(name):
            yield _Dimension(name, dimension.worst, tuple((v, dimension.verdicts.get(v, 0)) for v in _BAR))


def _steps(view: View) -> Iterator[tuple[str, _Step]]:
    for name in STEPS:
        items = [i for i in view.items if i.step == name]
        counts = Counter(i.group for i in items)
        shown = (*map(str, SEVERITIES), "unclear")
        first = next((i.finding.id for i in items if i.group in shown), None)
        yield name, _Step(len(items), first, tuple((group, counts[group]) for group in shown))


def _matrix(review: Review) -> _Matrix:
    """The matrix with conflicts first; in a conflict what differs from the most frequent value stands out."""
    rows = sorted(review.conclusion.matrix, key=lambda row: {False: 0, True: 1, None: 2}[row.agrees])
    said = {cell.file: cell.role for row in rows for cell in row.cells}
    columns = tuple((f.file, f.role) for f in review.filing.files if f.file in said)
    columns += tuple((file, role) for file, role in said.items() if file not in dict(columns))
    found = []
    for row in rows:
        counts = Counter(cell.value for cell in row.cells)
        top = counts.most_common(2)
        usual = top[0][0] if len(top) < 2 or top[0][1] > top[1][1] else None
        found.append(
            _MatrixRow(
                row.label,
                row.agrees,
                tuple(
                    tuple((c, row.agrees is False and c.value != usual) for c in row.cells if c.file == file)
                    for file, _ in columns
                ),
            )
        )
    return _Matrix(columns, tuple(found))


def _filters(view: View, language: Language) -> Iterator[tuple[str, tuple[tuple[str, str | None, str], ...]]]:
    """Name of each filter and its choices: value, key of its words (None: not ours), text."""

    def ours(family: str, values: Iterator[str] | tuple[str, ...]) -> tuple[tuple[str, str | None, str], ...]:
        return tuple((v, f"{family}.{v}", say(f"{family}.{v}", language)) for v in values)

    items: tuple[Item, ...] = view.items
    yield "severity", ours("severity", tuple(map(str, SEVERITIES)))
    yield "verdict", ours("verdict", tuple(v for v in _BAR if any(i.finding.verdict == v for i in items)))
    yield "dimension", ours("dimension", DIMENSIONS)
    yield "step", ours("step", tuple(s for s in STEPS if any(i.step == s for i in items)))
    yield "role", ours("role", tuple(dict.fromkeys(view.roles.values())))
    yield "file", tuple((str(n), None, clean(f.file)) for n, f in enumerate(view.review.filing.files))


def _navigation(
    view: View, audience: Audience, matrix: _Matrix, gaps: int
) -> Iterator[tuple[str, str, int | None, str]]:
    """Anchor, key of the words, count and style of each line of the side navigation, in the order of the page."""
    conclusion = view.review.conclusion
    tables: list[tuple[str, str, int | None, str]] = []
    if conclusion.counts_table:
        tables.append(("counts", "ui.counts", len(conclusion.counts_table), ""))
    if conclusion.matrix:
        tables.append(("matrix", "ui.matrix", matrix.conflicts, ""))
    findings: list[tuple[str, str, int | None, str]] = [
        (f"g-{g}", f"severity.{g}" if g in SEVERITIES else f"group.{g}", len(view.of(g)), f"sub {g}")
        for g in ("fatal", "major", "minor", "unclear", "dismissed", "compliant", "not_applicable")
        if view.of(g) or g in SEVERITIES
    ]
    yield "conclusion", "ui.conclusion", None, ""
    if audience == "applicant":
        yield from (*findings, *tables)
    else:
        yield from (*tables, *findings)
    yield "gaps", "ui.gaps", len(view.review.failures) + gaps, ""
    if audience == "reviewer" and view.review.facts:
        yield "facts", "ui.facts", len(view.review.facts), ""
    yield "files", "ui.files", len(view.review.filing.files), ""
    yield "about", "ui.about", None, ""
