"""The nouns of lists in a package: a keyword list or a question bank as rows with their risk.

Rows are plain dataclasses, not pydantic values: a package holds tens of thousands of them.
"""

from dataclasses import dataclass, field
from typing import Literal

from assist_review.filing import Table
from assist_review.review import Fact

BankKind = Literal["keywords", "generated", "refuse", "answer", "update_log"]


@dataclass(frozen=True, slots=True)
class BankRow:
    """One row of a list. `number` is the row number in the sheet (from 1); cells by column key.

    Column keys: entry (keyword or question), class1, class2, answer, verdict (manual), verdict_keyword,
    verdict_classifier, refused, sampled, date, version, judge, match, action, source, code, bank; in update logs
    date, added, removed, total, note, version, judge, bank. Missing columns are absent from `cells`; empty cells
    are "".
    """

    number: int
    risk: str | None  # risk id ("A1.a") or topic id ("制度"); None: not mapped
    cells: dict[str, str]

    @property
    def entry(self) -> str:
        """The keyword or question as written."""
        return self.cells.get("entry", "")


@dataclass(frozen=True, slots=True)
class Bank:
    """Rows of one kind from one sheet. `columns` maps a column key to its 0-based index in the sheet.

    `unmapped` counts rows per own category name that could not be mapped to a risk.
    """

    kind: BankKind
    file: str
    sheet: str
    header_row: int
    columns: dict[str, int]
    rows: tuple[BankRow, ...]
    unmapped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table whose meaning was recognised by its columns. Kinds and column keys: `extract/tables.py`.

    `columns` maps a column key to its 0-based index; `rows` are indices into `table.rows` of the data rows, without
    header rows, blank rows and the `total_row`.
    """

    kind: str
    file: str
    role: str
    table: Table
    columns: dict[str, int]
    rows: tuple[int, ...]
    total_row: int | None = None

    def cell(self, row: int, key: str) -> str:
        """The text of column `key` in row `row` of the table; "" where the table has no such column."""
        column = self.columns.get(key)
        return "" if column is None else self.table.rows[row][column]


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything `extract` found: facts with places, the lists row by row, and the tables of known kind."""

    facts: tuple[Fact, ...]
    banks: tuple[Bank, ...]
    tables: tuple[TypedTable, ...] = ()

    def named(self, name: str, *roles: str) -> tuple[Fact, ...]:
        """Facts called `name`, of `roles` where given, in package order."""
        return tuple(f for f in self.facts if f.name == name and (not roles or f.role in roles))

    def bank(self, kind: str) -> tuple[Bank, ...]:
        """Banks of one kind."""
        return tuple(b for b in self.banks if b.kind == kind)
