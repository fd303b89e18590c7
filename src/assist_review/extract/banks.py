"""Keyword lists and question banks, row by row, from sheets; from tables where there are no sheets."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from assist_review.extract.columns import Glossary
from assist_review.extract.names import Names
from assist_review.extract.tables import Columns, compile_columns, headers, match_columns
from assist_review.filing import Document, Sheet, Table
from assist_review.lists import Bank, BankKind, BankRow
from assist_review.text import fold

_SUBTOTAL = re.compile(r"^(?:合计|总计|小计|共计|总数|本页小计|累计)|^共\d+[条题个]$")
_QUESTION_KINDS = ("answer", "refuse", "generated")
_OTHER_ROLE_ROWS = 30  # lists in files of other roles must be this long to be taken for a bank


@dataclass(frozen=True)
class _Words:
    columns: Columns
    log: Columns
    kinds: dict[str, re.Pattern[str]]
    header_rows: int
    glossary: Glossary

    @classmethod
    def of(cls, lexicon: dict[str, Any]) -> "_Words":
        banks = lexicon["banks"]
        return cls(
            compile_columns(banks["columns"]), compile_columns(banks["log"]),
            {k: re.compile(v) for k, v in banks["kinds"].items()}, int(banks.get("header_rows", 15)), Glossary(lexicon),
        )  # fmt: skip

    def kind(self, text: str) -> BankKind | None:
        """The question bank that a sheet name, file name or cell names."""
        folded = fold(text)
        return next((cast(BankKind, k) for k in _QUESTION_KINDS if self.kinds[k].search(folded)), None)


@dataclass(frozen=True)
class _Grid:
    """Visible cells of a sheet: `rows` are (row number, cells); `at` the original index of each visible column."""

    name: str
    rows: list[tuple[int, Sequence[str]]]
    at: list[int]


def read_banks(documents: tuple[Document, ...], lexicon: dict[str, Any], names: Names) -> Iterator[Bank]:
    """All banks of all documents in package order; a sheet with several banks in it gives one `Bank` per kind."""
    if "banks" not in lexicon:
        return
    words = _Words.of(lexicon)
    for document in documents:
        for grid in _grids(document):
            yield from _banks(document, grid, words, names)


def _grids(document: Document) -> Iterator[_Grid]:
    for sheet in document.sheets:
        if sheet.visible:
            yield _sheet_grid(sheet)
    if not document.sheets and document.role in ("keywords", "questions"):
        yield from _table_grids(document.tables)


def _sheet_grid(sheet: Sheet) -> _Grid:
    width = max((len(r) for r in sheet.rows), default=0)
    at = [c for c in range(width) if c + 1 not in sheet.hidden_columns]
    hidden = sheet.hidden_rows
    if len(at) == width:
        return _Grid(sheet.name, [(i, r) for i, r in enumerate(sheet.rows, 1) if i not in hidden], at)
    rows = [(i, [r[c] for c in at]) for i, r in enumerate(sheet.rows, 1) if i not in hidden]
    return _Grid(sheet.name, cast("list[tuple[int, Sequence[str]]]", rows), at)


def _table_grids(tables: tuple[Table, ...]) -> Iterator[_Grid]:
    """Tables as grids; a table that goes on after a page break (same width, no header or the same) is one grid."""
    grid: _Grid | None = None
    for table in tables:
        if not table.rows:
            continue
        name = table.caption or table.section.rsplit(" > ", 1)[-1] or f"表{table.place.table or ''}"
        rows = [(p.row or i, row) for i, (row, p) in enumerate(zip(table.rows, table.row_places, strict=False), 1)]
        if grid and len(grid.at) == len(table.rows[0]) and (not table.caption or table.caption == grid.name):
            grid.rows.extend(rows)
            continue
        if grid:
            yield grid
        grid = _Grid(name, cast("list[tuple[int, Sequence[str]]]", rows), list(range(len(table.rows[0]))))
    if grid:
        yield grid


def _banks(document: Document, grid: _Grid, words: _Words, names: Names) -> Iterator[Bank]:
    title = fold(grid.name)
    found = _header(grid, words, document.role == "keywords") or _untold(document, grid)
    if not found:
        log = _log(document, grid, words)
        if log:
            yield log
        return
    position, columns = found
    rows = grid.rows[position + 1 :]
    if document.role not in ("keywords", "questions") and len(rows) < _OTHER_ROLE_ROWS:
        return
    if words.kinds["update_log"].search(title):
        log = _log(document, grid, words)
        if log:
            yield log
        return
    if words.kinds["no_bank"].search(title) and not words.kinds["keywords"].search(title) and not words.kind(title):
        return
    columns = _told_by_cells(grid, position, columns, names)
    kind = _kind(document, grid, columns, words)
    yield from _split(document, grid, position, columns, kind, words=words, names=names)


def _header(grid: _Grid, words: _Words, single: bool) -> tuple[int, dict[str, int]] | None:
    """The header row (position in `grid.rows`) and its columns by key: the row most of whose cells are known."""
    best: tuple[int, int, dict[str, int]] | None = None
    for i in range(min(words.header_rows, len(grid.rows))):
        for depth in (1, 2):
            if i + depth > len(grid.rows):
                continue
            above = [list(row) for _, row in grid.rows[i : i + depth]]
            lowest = [
                words.glossary.name(next((r[c] for r in reversed(above) if r[c].strip()), ""))
                for c in range(len(above[0]))
            ]
            columns = max((match_columns(h, words.columns) for h in (headers(above, words.glossary), lowest)), key=len)
            entry = columns.get("question", columns.get("keyword"))
            score = len(columns) * 2 - (depth - 1)
            if entry is None or (len(columns) < 2 and not (single and sum(1 for c in above[0] if c) == 1)):
                continue
            if best is None or score > best[0]:
                best = (score, i + depth - 1, columns)
    return (best[1], _questions(best[2])) if best else None


_SAMPLED = 300  # rows that tell what a column holds
_KEYWORD_CHARS, _QUESTION_CHARS = 20, 6  # a keyword is at most, a question on average at least so long


def _cells(grid: _Grid, position: int, column: int) -> list[str]:
    rows = grid.rows[position + 1 :]
    step = max(1, len(rows) // _SAMPLED)
    return [text for _, r in rows[::step] if (text := r[column].strip())]


def _told_by_cells(grid: _Grid, position: int, columns: dict[str, int], names: Names) -> dict[str, int]:
    """The columns with the one that holds risks or topics added, where no header says so but most cells do."""
    if {"class2", "class1", "code"} & columns.keys():
        return columns
    best: tuple[int, int] | None = None
    for column in range(len(grid.at)):
        if column in columns.values():
            continue
        cells = _cells(grid, position, column)
        mapped = [r for c in cells if (r := names.find(c) or names.find(c, topic=True))]
        if len(mapped) > 0.6 * max(10, len(cells)) and len(set(mapped)) > 2:
            best = max(best or (0, 0), (len(set(mapped)), column))
    return columns if best is None else {**columns, "class2": best[1]}


def _untold(document: Document, grid: _Grid) -> tuple[int, dict[str, int]] | None:
    """A long list whose header has no known word: the entries are the column in which hardly any cell repeats."""
    if document.role not in ("keywords", "questions") or len(grid.rows) < _OTHER_ROLE_ROWS:
        return None
    position = next((i for i, (_, r) in enumerate(grid.rows[:5]) if sum(1 for c in r if c.strip()) > 1), None)
    if position is None:
        return None
    single = document.role == "keywords"
    found = []
    for column in range(len(grid.at)):
        cells = _cells(grid, position, column)
        if len(cells) < _OTHER_ROLE_ROWS - 5 or len(set(cells)) < 0.9 * len(cells):
            continue
        length = sum(map(len, cells)) / len(cells)
        if any(re.fullmatch(r"[A-Za-z]*[-_]?\d+", c) for c in cells[:5]):
            continue  # numbers of rows
        if (single and length <= _KEYWORD_CHARS) or (not single and length >= _QUESTION_CHARS):
            found.append(column)
    if not found:
        return None
    if single:
        return position, {"keyword": found[0]}
    return position, {"question": found[0]} | ({"answer": found[1]} if len(found) > 1 else {})


def _questions(columns: dict[str, int]) -> dict[str, int]:
    """In a sheet with questions and answers a column 关键词 holds verdicts by keyword, not keywords."""
    if {"question", "answer", "keyword"} <= columns.keys():
        return {("verdict_keyword" if k == "keyword" else k): v for k, v in columns.items()}
    return columns


def _kind(document: Document, grid: _Grid, columns: dict[str, int], words: _Words) -> BankKind | None:
    """What the sheet as a whole is; None where rows or columns have to tell."""
    title, file = fold(grid.name), fold(document.file.rsplit("/", 1)[-1])
    if "question" not in columns:
        return "keywords"
    if "keyword" in columns and (document.role == "keywords" or words.kinds["keywords"].search(title)):
        return "keywords"
    return words.kind(title) or (None if "bank" in columns else words.kind(file))


def _split(
    document: Document, grid: _Grid, position: int, columns: dict[str, int], kind: BankKind | None, *,
    words: _Words, names: Names,
) -> Iterator[Bank]:  # fmt: skip
    entry = columns["keyword"] if kind == "keywords" and "keyword" in columns else columns.get("question")
    if entry is None:
        entry = columns["keyword"]
    keys = [(k, c) for k, c in columns.items() if k not in ("keyword", "question")]
    keys += [(k, columns[k]) for k in ("keyword", "question") if k in columns and columns[k] != entry]
    header = [fold(c) for c in grid.rows[position][1]]
    filled = _merged(grid, position, columns, entry)
    by_kind: dict[BankKind, list[BankRow]] = {}
    unmapped: dict[BankKind, Counter[str]] = {}
    carried: dict[str, str] = {}
    heading = ""
    guess: BankKind | None = kind or _guess(grid, position, columns, names)
    for number, row in grid.rows[position + 1 :]:
        text = row[entry].strip()
        if not text:
            full = [c.strip() for c in row if c.strip()]
            if len(full) == 1:
                heading = full[0]
            continue
        if (text[0] in "合总小共本累" and _SUBTOTAL.match(fold(text))) or fold(text) == header[entry]:
            continue
        cells = {k: row[c].strip() for k, c in keys}
        cells["entry"] = text
        for key in filled:
            if cells[key]:
                carried[key] = cells[key]
            else:
                cells[key] = carried.get(key, "")
        if any(cells.get(k, "") in ("合计", "小计", "总计") for k in ("class1", "class2")):
            continue
        own = (words.kind(cells["bank"]) if cells.get("bank") else None) or guess
        if own is None:
            continue
        risk, category = _risk(cells, heading, grid.name, names, topic=own == "answer")
        if risk is None:
            unmapped.setdefault(own, Counter())[category] += 1
        by_kind.setdefault(own, []).append(BankRow(number, risk, cells))
    where = {k: grid.at[c] for k, c in keys} | {"entry": grid.at[entry]}
    for each, rows in by_kind.items():
        yield Bank(
            each, document.file, grid.name, grid.rows[position][0], where, tuple(rows), dict(unmapped.get(each, {}))
        )


def _merged(grid: _Grid, position: int, columns: dict[str, int], entry: int) -> list[str]:
    """Category columns written once per group (merged cells): more than half of their cells are empty."""
    rows = [r for _, r in grid.rows[position + 1 :] if r[entry].strip()]
    merged: list[str] = []
    for key in ("class1", "class2", "bank", "code"):
        if key in columns and rows and rows[0][columns[key]].strip():
            empty = sum(1 for r in rows if not r[columns[key]].strip())
            if empty * 2 > len(rows):
                merged.append(key)
    return merged


def _guess(grid: _Grid, position: int, columns: dict[str, int], names: Names) -> BankKind | None:
    """The kind of a question sheet whose name says nothing, by its columns and categories."""
    sample = [r for _, r in grid.rows[position + 1 : position + 400 : 3]]
    keys = [columns[k] for k in ("class2", "class1", "code") if k in columns]
    risks = {names.find(r[c]) for r in sample for c in keys if r[c].strip()} - {None}
    topics = {names.find(r[c], topic=True) for r in sample for c in keys if r[c].strip()} - {None}
    if len(topics) > 2 and len(topics) > len(risks):
        return "answer"
    if "verdict_keyword" in columns or "verdict_classifier" in columns:
        return "generated"
    if any(r and r[1] in "345" for r in risks):
        return "generated"
    return "refuse" if "refused" in columns else "generated" if risks else None


def _risk(
    cells: dict[str, str], heading: str, sheet: str, names: Names, *, topic: bool
) -> tuple[str | None, str]:  # fmt: skip
    """The risk of a row and the row's own name for its category."""
    category = ""
    for key in ("class2", "class1", "code"):
        text = cells.get(key, "")
        if not text:
            continue
        risk = names.find(text, topic=topic)
        if risk:
            return risk, text
        category = category or (text if key != "code" else "")
    if not category:
        for text in (heading, sheet):
            risk = names.find(text, topic=topic) if text else None
            if risk:
                return risk, text
    return None, category


def _log(document: Document, grid: _Grid, words: _Words) -> Bank | None:
    """An update log: a date column and what was added, removed or said."""
    if document.role not in ("keywords", "questions"):
        return None
    for i, (number, row) in enumerate(grid.rows[: words.header_rows]):
        columns = match_columns([words.glossary.name(c) for c in row], words.log)
        if "date" in columns and len(columns) >= 2 and ({"added", "removed", "note"} & set(columns)):
            rows = tuple(
                BankRow(n, None, {k: r[c].strip() for k, c in columns.items()})
                for n, r in grid.rows[i + 1 :]
                if r[columns["date"]].strip()
            )
            where = {k: grid.at[c] for k, c in columns.items()}
            return Bank("update_log", document.file, grid.name, number, where, rows) if rows else None
    return None
