"""Tables whose meaning shows in their columns, as `TypedTable`s. The patterns are data: `lexicon/tables.toml`.

Kinds and column keys:

- `corpus_sources`: id name category origin licence amount share note
- `corpus_types`: type amount items tokens share
- `source_checks`: id before_size before_hits before_rate after_size after_hits after_rate conclusion
- `corpus_sampling`: method population size passed rate requirement conclusion
- `annotators`: role count engagement hours passed duty
- `result_per_risk`: number code risk size passed rate manual_passed manual_rate keyword_passed keyword_rate
  classifier_passed classifier_rate (passed and rate where the table is about one method only)
- `refusal_results`: bank bank_size size refused rate requirement conclusion
- `keyword_distribution`: code risk required count
- `bank_distribution`: code risk required generated refuse answer keywords count (count: bank told by the caption)
- `clause_results`: number theme requirement result proof
- `attachments`: number name format count
- `recipients`: name type information purpose place
- `compute`: use device count place
- `law_basis`: name number
- `persons`: name post duty years
- `dates_log`: date work amount people number
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assist_review.extract.columns import Glossary
from assist_review.filing import Document, Place, Sheet, Table
from assist_review.lists import TypedTable
from assist_review.text import fold

_TOTAL = re.compile(r"^(?:合计|总计|共计|总和|总数|全部合计|total)(?:[:(（].*)?$")
Columns = tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]
_TOLD, _NEARLY = 6, 0.9  # cells that tell what a column is: at least so many, so large a share of them alike
_SHEET_ROWS = 600  # a sheet of a form or report; longer ones are lists


@dataclass(frozen=True)
class Kind:
    """How tables of one kind look. A column key has patterns by rank: all first patterns are tried before seconds."""

    name: str
    columns: Columns
    need: tuple[tuple[str, ...], ...]  # each: one of these keys must be found
    context: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    roles: tuple[str, ...]
    glossary: Glossary
    cells: tuple[tuple[str, re.Pattern[str]], ...] = ()  # columns that their cells tell, whatever the header says


def kinds(lexicon: dict[str, Any]) -> tuple[Kind, ...]:
    """The table kinds of `lexicon["tables"]`."""
    glossary = Glossary(lexicon)
    return tuple(
        Kind(
            name=entry["kind"],
            columns=compile_columns(entry["columns"]),
            need=tuple(tuple(n.split("|")) for n in entry["need"]),
            context=re.compile(entry["context"]) if "context" in entry else None,
            unless=re.compile(entry["unless"]) if "unless" in entry else None,
            roles=tuple(entry.get("roles", ())),
            glossary=glossary,
            cells=tuple((k, re.compile(p)) for k, p in entry.get("cells", {}).items()),
        )
        for entry in lexicon.get("tables", {}).get("table", ())
    )


def compile_columns(patterns: dict[str, Any]) -> Columns:
    """Column keys with their patterns by rank."""
    return tuple((k, tuple(re.compile(p) for p in ([v] if isinstance(v, str) else v))) for k, v in patterns.items())


def document_tables(document: Document) -> tuple[Table, ...]:
    """The tables of a document; short sheets of forms and reports count as tables too."""
    sheets = [_sheet_table(s) for s in document.sheets if s.visible and len(s.rows) <= _SHEET_ROWS]
    return document.tables + (() if document.role in ("keywords", "questions") else tuple(sheets))


def _sheet_table(sheet: Sheet) -> Table:
    kept = [i for i in range(len(sheet.rows)) if i + 1 not in sheet.hidden_rows]
    hidden = {c - 1 for c in sheet.hidden_columns}
    return Table(
        id=f"sheet.{sheet.name}", order=0, caption=sheet.name, header_rows=1,
        rows=tuple(tuple("" if c in hidden else t for c, t in enumerate(sheet.rows[i])) for i in kept),
        row_places=tuple(Place(sheet=sheet.name, row=i + 1) for i in kept),
    )  # fmt: skip


def typed_tables(document: Document, known: Sequence[Kind]) -> Iterator[TypedTable]:
    """The tables of `document` that are of a known kind, each under the kind that fits most of its columns."""
    for table in map(_beneath, document_tables(document)):
        best = _best(document, table, known) or _best(document, _turned(table), known)
        if best:
            yield best


def _best(document: Document, table: Table | None, known: Sequence[Kind]) -> TypedTable | None:
    """The table as the kind most of whose columns it has; the first of equals. None for no table and no kind."""
    if table is None:
        return None
    suited = (kind for kind in known if not kind.roles or document.role in kind.roles)
    fits = [fit for kind in suited if (fit := _fit(document, table, kind))]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def _beneath(table: Table) -> Table:
    """A table that saves paper by repeating its columns side by side (类别 条数 | 类别 条数), with its parts beneath each other."""
    if len(table.rows) < 2:
        return table
    header = [fold(c) for c in table.rows[0]]
    for parts in (2, 3, 4):
        width = len(header) // parts
        if len(header) % parts or width < 2 or not all(header) or header != header[:width] * parts:
            continue
        found = [
            (row[at : at + width], place, at)
            for at in range(0, len(header), width)
            for row, place in zip(table.rows[1:], table.row_places[1:], strict=True)
            if any(c.strip() for c in row[at : at + width])
        ]
        rows, places, columns = zip((table.rows[0][:width], table.row_places[0], 0), *found, strict=True)
        return table.model_copy(update={"rows": rows, "row_places": places, "row_columns": columns, "header_rows": 1})
    return table


_MOST_TURNED = 40  # rows and columns of a table that may be written sideways


_FIGURE = re.compile(
    r"(?:约|共|近)?\d[\d.,]*(?:[^\d.,;]{0,6}|/\d[\d.,]*)$|[-/—]$"
)  # with its unit, as a fraction, or a dash


def _turned(table: Table) -> Table | None:
    """The table with its columns as rows: metrics are often written one below the other, sources side by side."""
    if table.row_columns or not 2 <= len(table.rows) <= _MOST_TURNED or not 3 <= len(table.rows[0]) <= _MOST_TURNED:
        return None
    if sum(1 for c in table.rows[0] if c.strip()) < len(table.rows[0]) - 1:
        return None
    cells = [fold(c) for row in table.rows[1:] for c in row[1:] if c.strip()]
    if 2 * sum(1 for c in cells if _FIGURE.match(c)) < len(cells):
        return None  # labels and values of a form, not metrics
    rows = tuple(zip(*table.rows, strict=True))
    return table.model_copy(
        update={"rows": rows, "row_places": (table.place,) * len(rows), "turned_from": table.row_places}
    )


def _fit(document: Document, table: Table, kind: Kind) -> tuple[int, TypedTable] | None:
    """The table as this kind with the number of its known columns; the header may be two rows, after a title row."""
    about = kind.glossary.name(f"{table.caption} {table.section.rsplit(' > ', 1)[-1]}")
    wider = fold(table.section)
    best: tuple[int, TypedTable] | None = None
    for first, depth in ((0, 1), (0, 2), (1, 1), (1, 2), (2, 1)):
        if first + depth >= len(table.rows):
            continue
        if depth > 1 and any(re.fullmatch(r"[\d.,%]+", fold(c)) for c in table.rows[first + 1]):
            continue
        header = headers(table.rows[first : first + depth], kind.glossary)
        if sum(1 for h in header if h) < 2:
            continue
        where = about + "|" + "|".join(header)
        if kind.unless and kind.unless.search(where):
            continue
        told = _told_by_cells(table, first + depth, kind)
        if kind.context and not kind.context.search(where + wider) and not told:
            continue
        columns = match_columns(header, kind.columns)
        if table.turned_from:
            if first or depth > 1:
                continue
            columns = _named_by_first(columns, kind)
        columns |= {k: c for k, c in told.items() if k not in columns and c not in columns.values()}
        if not all(any(key in columns for key in need) for need in kind.need):
            continue
        rows, total = _body(table, first + depth, header)
        if (rows or total is not None) and (best is None or len(columns) > best[0]):
            best = len(columns), TypedTable(
                kind.name, document.file, document.role, table, columns, rows, total
            )  # fmt: skip
    return best


def _told_by_cells(table: Table, start: int, kind: Kind) -> dict[str, int]:
    """The columns of `kind` that show in their cells: several, and nearly all of them alike."""
    told: dict[str, int] = {}
    for key, pattern in kind.cells:
        for c in range(len(table.rows[0])):
            cells = [fold(row[c]) for row in table.rows[start:] if c < len(row) and row[c].strip()]
            if len(cells) >= _TOLD and sum(1 for t in cells if pattern.search(t)) >= _NEARLY * len(cells):
                told[key] = c
                break
    return told


def headers(rows: Sequence[Sequence[str]], glossary: Glossary) -> list[str]:
    """Column names; in a two-row header a merged upper cell is repeated over the columns below it."""
    upper = [glossary.name(c) for c in rows[0]]
    if len(rows) == 1:
        return upper
    lower = [glossary.name(c) for c in rows[1]]
    for i in range(1, len(upper)):
        if not upper[i] and lower[i]:
            upper[i] = upper[i - 1]
    return [u if u == low else u + low for u, low in zip(upper, lower, strict=True)]


def match_columns(header: Sequence[str], known: Columns) -> dict[str, int]:
    """Column keys to indices. All first patterns are tried before any second one; a column has one key."""
    columns: dict[str, int] = {}
    for rank in range(max(len(patterns) for _, patterns in known)):
        for key, patterns in known:
            if key in columns or rank >= len(patterns):
                continue
            for i, name in enumerate(header):
                if name and i not in columns.values() and patterns[rank].search(name):
                    columns[key] = i
                    break
    return columns


_FIRST = {
    "source_checks": "id", "corpus_types": "type", "corpus_sampling": "method", "annotators": "role",
    "result_per_risk": "risk", "refusal_results": "bank", "bank_distribution": "risk", "keyword_distribution": "risk",
}  # fmt: skip


def _named_by_first(columns: dict[str, int], kind: Kind) -> dict[str, int]:
    """The columns of a turned table: what its first row lists (risks, sources, banks) needs no name of its own."""
    key = _FIRST.get(kind.name)
    rest = {k: c for k, c in columns.items() if c and k != key}
    return {key: 0} | rest if key and rest else {}


def _body(table: Table, start: int, header: list[str]) -> tuple[tuple[int, ...], int | None]:
    """Data rows and the (last) total row; blank rows and repeated headers (page breaks) are left out."""
    rows, total = [], None
    for i in range(start, len(table.rows)):
        cells = [fold(c) for c in table.rows[i]]
        if not any(cells) or cells == header or cells == [fold(c) for c in table.rows[start - 1]]:
            continue
        if any(_TOTAL.match(c) for c in cells[: 1 if table.turned_from else 4]):
            total = i
        elif not (table.turned_from and total is not None):  # what stands beside the total is a rate or a limit
            rows.append(i)
    return tuple(rows), total
