"""Cells: their names, and the numbers in recognised tables with the scale and unit of the column header."""

import re

from assist_review.filing import Place, Table
from assist_review.keys import keyed
from assist_review.lists import TypedTable
from assist_review.numbers import Number, find_numbers, scale, tidy
from assist_review.text import fold


def column_letters(number: int) -> str:
    """A column number (from 1) as a spreadsheet writes it: 28 is "AB"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_place(table: Table, row: int, column: int) -> Place:
    """The place of one cell: that of its row, with the column (and the cell name in sheets)."""
    if table.turned_from:
        place, column = table.turned_from[column], row
    else:
        place = table.row_places[row] if row < len(table.row_places) else table.place
        column += table.row_columns[row] if row < len(table.row_columns) else 0
    if place.sheet:
        return place.model_copy(update={"cell": f"{column_letters(column + 1)}{place.row}"})
    return place.model_copy(update={"column": column + 1, "table": place.table or table.place.table})


def row_place(table: TypedTable, row: int, key: str) -> Place:
    """The place of row `row`; of a turned table, whose rows are columns on the page, that of the cell of `key`."""
    if table.table.turned_from:
        return cell_place(table.table, row, table.columns.get(key, 0))
    return table.table.row_places[row]


def cell_number(table: TypedTable, row: int, key: str) -> Number | None:
    """The number in a cell with the scale and unit of its column header applied; None for none, several or limits."""
    column = table.columns.get(key)
    if column is None:
        return None
    text = keyed(table.table.rows[row][column]).key
    found = find_numbers(text)
    if not found or found[0].limit or found[0].high is not None or found[0].start > 2:
        return None
    if len(found) > 1 and not re.match(r"[(]", text[found[0].end : found[0].end + 1]):
        return None
    number = found[0]
    if number.unit:
        return number
    factor, unit = scale(" ".join(fold(r[column]) for r in table.table.rows[: table.rows[0] if table.rows else 1]))
    return Number(tidy(number.value * factor), unit, number.start, number.end, number.approximate)
