"""Spreadsheets and CSV files: values fast by calamine, what is hidden by a light pass over the parts of the file."""

import csv
import hashlib
import io
import re
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from math import isfinite
from typing import Any

from assist_review.errors import DamagedFile, EncryptedFile, LimitExceeded, ReadError
from assist_review.filing import Document, Hidden, Place, Sheet
from assist_review.read.clean import clean, is_clean, part_invisible
from assist_review.read.ooxml import OfficePackage
from assist_review.read.plain import decode
from assist_review.read.sheet_parts import SheetParts, column_name, sheet_parts

MAX_CELLS = 20_000_000  # of the rectangle a sheet spans; more would not fit into the memory of a reader
_SHOWN_CELLS = 20  # texts kept of a hidden sheet, row or column
_SHOWN_RUNS = 50  # hidden runs of rows reported one by one


def read_sheet(data: bytes, file: str) -> Document:
    """Read an XLSX, XLSM, XLSB, XLS, ODS or CSV file. Raises ReadError."""
    if not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _document(data, file, [_csv(data, file)], [], {})
    parts: dict[str, SheetParts] = {}
    properties: dict[str, str] = {}
    if data.startswith(b"PK"):
        package = OfficePackage(data, file)
        parts = sheet_parts(package)
        properties = package.properties()
        _check_extent(parts, file)
    sheets, hidden = [], []
    for name, visible, values in _workbook(data, file):
        part = parts.get(name, SheetParts())
        sheet, unseen = _sheet(name, visible, values, part)
        sheets.append(sheet)
        hidden += unseen
        if part.filtered and sheet.hidden_rows:
            properties["filtered_sheets"] = "、".join(filter(None, (properties.get("filtered_sheets"), name)))
    if data.startswith(b"\xd0"):
        sheets = _old_hidden(data, sheets)
    hidden += [h for sheet in sheets for h in _hidden_parts(sheet)]
    return _document(data, file, sheets, hidden, properties)


def _document(
    data: bytes, file: str, sheets: list[Sheet], hidden: list[Hidden], properties: dict[str, str]
) -> Document:
    rows = sum(
        1
        for sheet in sheets
        if sheet.visible
        for number, row in enumerate(sheet.rows, 1)
        if number not in sheet.hidden_rows and any(row)
    )
    return Document(
        file=file, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), format="sheet", rows=rows,
        sheets=tuple(sheets), hidden=tuple(hidden), properties=properties,
    )  # fmt: skip


def _workbook(data: bytes, file: str) -> list[tuple[str, bool, list[list[Any]]]]:
    """Name, visibility and values of each worksheet."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = []
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                raise _too_wide(meta.name, sheet.total_height, sheet.total_width, file)
            visible = meta.visible == calamine.SheetVisibleEnum.Visible
            found.append((meta.name, visible, sheet.to_python(skip_empty_area=False)))
    except calamine.PasswordError as error:
        raise EncryptedFile(f"“{file}”需要密码才能打开。", "请提供密码，或去除密码后重新提交。") from error
    except ReadError:
        raise
    except Exception as error:  # the library raises its own errors and, for some broken files, plain ones
        raise DamagedFile(f"“{file}”已损坏，无法读取表格。", "请用办公软件打开并重新保存后提交。") from error
    return found


def _check_extent(parts: dict[str, SheetParts], file: str) -> None:
    for name, part in parts.items():
        height, width = part.extent
        if height * width > MAX_CELLS:
            raise _too_wide(name, height, width, file)


def _too_wide(name: str, height: int, width: int, file: str) -> LimitExceeded:
    corner = f"{column_name(width)}{height}"
    return LimitExceeded(
        f"“{file}”的工作表“{name}”延伸到{corner}单元格，范围过大，未读取。",
        "请删除表格远处的多余单元格和空白行列后重新保存。",
    )


def _sheet(name: str, visible: bool, values: list[list[Any]], part: SheetParts) -> tuple[Sheet, list[Hidden]]:
    hidden: list[Hidden] = []
    rows = [[value.strip() if type(value) is str else _text(value) for value in row] for row in values]
    if not is_clean(text for row in rows for text in row):
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                row[column] = _clean(text, name, number, column, hidden)
    for (row_number, column), decimals in part.percents.items():
        if row_number < len(values) and column < len(values[row_number]):
            value = values[row_number][column]
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                rows[row_number][column] = f"{value * 100:.{decimals}f}%"
    for (row_number, column), kind in part.unseen.items():
        if row_number < len(rows) and column < len(rows[row_number]) and rows[row_number][column]:
            place = Place(
                sheet=name, row=row_number + 1, column=column + 1, cell=f"{column_name(column + 1)}{row_number + 1}"
            )
            hidden.append(Hidden(kind=kind, text=rows[row_number][column], place=place))
            rows[row_number][column] = ""
    hidden += [Hidden(kind="comment", text=text, place=Place(sheet=name, cell=cell)) for cell, text in part.comments]
    while rows and not any(rows[-1]):
        rows.pop()
    width = len(rows[0]) if rows else 0  # the library gives rectangles
    while width and not any(row[width - 1] for row in rows):
        width -= 1
    last_row, hidden_columns = len(rows), frozenset(c for c in part.hidden_columns if c <= width)
    sheet = Sheet(
        name=name, visible=visible, rows=tuple(tuple(row[:width]) for row in rows),
        hidden_rows=frozenset(r for r in part.hidden_rows if r <= last_row), hidden_columns=hidden_columns,
    )  # fmt: skip
    return sheet, hidden


def _clean(text: str, sheet: str, row: int, column: int, hidden: list[Hidden]) -> str:
    if text.isalnum() or is_clean((text,)):
        return text
    place = Place(sheet=sheet, row=row + 1, column=column + 1, cell=f"{column_name(column + 1)}{row + 1}")
    visible, unseen = part_invisible(clean(text), place)
    hidden.extend(unseen)
    return visible


def _text(value: Any) -> str:
    """A cell value as a person would write it: no ".0", dates as ISO, times without fractions."""
    if isinstance(value, (int, float)):
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if not isfinite(value):
            return ""
        return f"{value:.0f}" if value == int(value) else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat() if isinstance(value, date) else value.isoformat("seconds")
    if isinstance(value, timedelta):
        return str(timedelta(seconds=round(value.total_seconds())))
    return str(value)


def _last_filled(row: Sequence[str]) -> int:
    return next((i for i in range(len(row), 0, -1) if row[i - 1]), 0)


def _hidden_parts(sheet: Sheet) -> list[Hidden]:
    """What hidden sheets, rows and columns hold, shortened: it is shown to a person, not counted."""
    if not sheet.visible:
        shown = _shown(text for row in sheet.rows for text in row)
        return [Hidden(kind="hidden_sheet", text=shown, place=Place(sheet=sheet.name))] if shown else []
    found: list[Hidden] = []
    for start, end in _runs(sheet.hidden_rows)[:_SHOWN_RUNS]:
        shown = _shown(text for row in sheet.rows[start - 1 : end] for text in row)
        if shown:
            cell = f"{start}:{end}"
            found.append(Hidden(kind="hidden_row", text=shown, place=Place(sheet=sheet.name, row=start, cell=cell)))
    for start, end in _runs(sheet.hidden_columns)[:_SHOWN_RUNS]:
        shown = _shown(text for row in sheet.rows for text in row[start - 1 : end])
        if shown:
            cell = f"{column_name(start)}:{column_name(end)}"
            found.append(
                Hidden(kind="hidden_column", text=shown, place=Place(sheet=sheet.name, column=start, cell=cell))
            )
    return found


def _shown(texts: Any) -> str:
    kept: list[str] = []
    for text in texts:
        if text:
            kept.append(text[:200])
        if len(kept) == _SHOWN_CELLS:
            break
    return "\t".join(kept)


def _runs(numbers: frozenset[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _old_hidden(data: bytes, sheets: list[Sheet]) -> list[Sheet]:
    """Hidden rows and columns of an XLS file, if the library that knows them is there."""
    try:
        xlrd: Any = import_module("xlrd")
    except ImportError:
        return sheets
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        marks = {}
        for each in book.sheets():
            rows = frozenset(r + 1 for r, info in each.rowinfo_map.items() if info.hidden and r < each.nrows)
            columns = frozenset(c + 1 for c, info in each.colinfo_map.items() if info.hidden and c < each.ncols)
            marks[each.name] = {"hidden_rows": rows, "hidden_columns": columns}
    except Exception:  # the values are read already; this library fails on files that others read
        return sheets
    return [sheet.model_copy(update=marks.get(sheet.name, {})) for sheet in sheets]


def _csv(data: bytes, file: str) -> Sheet:
    text = decode(data, file)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    delimiter = _delimiter(text[:20_000])
    try:
        rows = [[clean(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise DamagedFile(f"“{file}”不是有效的CSV文件。", "请用表格软件另存为XLSX后提交。") from error
    width = max((_last_filled(row) for row in rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise _too_wide(file, len(rows), width, file)
    while rows and not any(rows[-1]):
        rows.pop()
    name = re.sub(r"\.[^.]*$", "", file.rsplit("/", 1)[-1])
    return Sheet(name=name, rows=tuple((*row[:width], *[""] * (width - len(row))) for row in rows))


def _delimiter(start: str) -> str:
    """The character that cuts the first lines into the steadiest number of fields."""
    lines = [line for line in start.splitlines()[:20] if line.strip()]

    def steadiness(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        return sum(1 for count in counts if count == max(counts, default=0) and count), max(counts, default=0)

    return max((",", "\t", ";", "|", "，"), key=steadiness)
