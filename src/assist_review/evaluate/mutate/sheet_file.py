"""Edits of an XLSX workbook that keep its other sheets, formats and widths, and are the same on every run."""

import io
import re
import zipfile
from collections.abc import Callable, Collection, Mapping

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from assist_review.evaluate.mutate.planted import NoPlace

Cells = dict[tuple[int, int], str | int | float | None]  # row and column from 1
_WHEN = (2026, 1, 1, 0, 0, 0)


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """`data` after `change`."""
    try:
        workbook = load_workbook(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise NoPlace(f"not an XLSX file: {error}") from error
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return steady(out.getvalue())


def with_cells(data: bytes, cells: Mapping[str, Cells]) -> bytes:
    """`data` with cells set, by sheet."""

    def change(workbook: Workbook) -> None:
        for name, values in cells.items():
            worksheet = sheet_of(workbook, name)
            for (row, column), value in values.items():
                worksheet.cell(row, column).value = value

    return changed(data, change)


def without_sheet(data: bytes, sheet: str) -> bytes:
    """`data` without one of its sheets."""
    return changed(data, lambda workbook: workbook.remove(sheet_of(workbook, sheet)))


def without_rows(data: bytes, sheet: str, rows: Collection[int]) -> bytes:
    """`data` without rows of one sheet; those below move up."""
    return changed(data, lambda workbook: drop_rows(sheet_of(workbook, sheet), rows))


def drop_rows(worksheet: Worksheet, rows: Collection[int]) -> None:
    """Rows taken out in one pass; the library's own way moves every cell once per row."""
    gone = sorted(set(rows))
    last = worksheet.max_row
    new_number: dict[int, int] = {}
    passed = 0
    for row in range(1, last + 1):
        if passed < len(gone) and gone[passed] == row:
            passed += 1
        else:
            new_number[row] = row - passed
    cells = {}
    for (row, column), cell in worksheet._cells.items():
        if row in new_number:
            cell.row = new_number[row]
            cells[new_number[row], column] = cell
    worksheet._cells = cells
    heights = {new_number[r]: d.height for r, d in worksheet.row_dimensions.items() if r in new_number and d.height}
    worksheet.row_dimensions.clear()
    for row, height in heights.items():
        worksheet.row_dimensions[row].height = height
    for merged in list(worksheet.merged_cells.ranges):
        if merged.min_row in new_number and merged.max_row in new_number:
            merged.shift(row_shift=new_number[merged.min_row] - merged.min_row)
        else:
            worksheet.merged_cells.ranges.remove(merged)
    if worksheet.auto_filter.ref:
        worksheet.auto_filter.ref = worksheet.dimensions


def sheet_of(workbook: Workbook, name: str) -> Worksheet:
    """The worksheet called `name`. Raises NoPlace if there is none."""
    if name not in workbook.sheetnames:
        raise NoPlace(f"no sheet {name}")
    sheet = workbook[name]
    if not isinstance(sheet, Worksheet):
        raise NoPlace(f"{name} holds no cells")
    return sheet


def steady(data: bytes) -> bytes:
    """An office file with its times fixed, so that the same change gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
