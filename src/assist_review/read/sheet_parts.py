"""What the values of an XLSX do not tell: hidden rows and columns, unseen cells, percentages, comments.

Sheets of tens of thousands of rows are searched as bytes, not parsed: it must cost less than reading the values.
"""

import re
import zlib
from dataclasses import dataclass, field
from typing import IO, Literal
from zipfile import BadZipFile

from assist_review.errors import DamagedFile, LimitExceeded
from assist_review.read.ooxml import MAX_PART_BYTES, Element, OfficePackage, R, decimal, whole

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}threadedComment"
_CHUNK = 4 << 20
_MANY_ROWS = 20_000  # from here on the width is looked at too, before anything is given memory for it
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_ROW_HIDDEN = re.compile(rb'\b(?:hidden="(?:1|true)"|zeroHeight="(?:1|true)"|ht="0(?:\.0+)?")')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>(?!</)')
_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bs="(\d+)")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_ATTRIBUTE = re.compile(rb'\b(\w+)="([^"]*)"')
_TINY_PT = 4.0
_Unseen = Literal["white", "tiny", "invisible"]


@dataclass
class SheetParts:
    """Marks of one sheet. Rows and columns of `hidden_*` count from 1; cells (row, column) from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    percents: dict[tuple[int, int], int] = field(default_factory=dict)  # decimals shown
    unseen: dict[tuple[int, int], _Unseen] = field(default_factory=dict)
    comments: list[tuple[str, str]] = field(default_factory=list)
    filtered: bool = False
    extent: tuple[int, int] = (0, 0)  # rows and columns of the rectangle of filled cells; (0, 0): not measured


@dataclass(frozen=True)
class _Formats:
    """Cell formats (by number) that change what a person sees."""

    percents: dict[bytes, int]
    unseen: dict[bytes, _Unseen]

    @property
    def plain(self) -> bool:
        return not self.percents and not self.unseen


def column_name(number: int) -> str:
    """The letters of a column: 1 is A, 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: bytes) -> int:
    """The number of a column: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheet_parts(package: OfficePackage) -> dict[str, SheetParts]:
    """The marks of each worksheet by its name; nothing for files whose parts are not XML (XLSB, ODS)."""
    main = package.main_part("xl/workbook.xml")
    root = package.xml(main) if main.endswith(".xml") else None
    if root is None or not root.tag.startswith(_S):
        return {}
    relations = package.relations(main)
    styles = next((r.target for r in relations.values() if r.type == "styles"), "xl/styles.xml")
    formats = _formats(package.xml(styles))
    found: dict[str, SheetParts] = {}
    for sheet in root.iterfind(f"{_S}sheets/{_S}sheet"):
        relation = relations.get(sheet.get(f"{R}id", ""))
        if relation is None or relation.type != "worksheet":
            continue
        stream = package.open(relation.target)
        if stream is None:
            continue
        try:
            parts = _scan(stream, formats, package.file)
        except (BadZipFile, zlib.error, EOFError, OSError) as error:
            raise package.broken(relation.target) from error
        for other in package.relations(relation.target).values():
            if other.type in ("comments", "threadedComment") and not other.external:
                parts.comments += _comments(package.xml(other.target))
        found[sheet.get("name", "")] = parts
    return found


def _scan(stream: IO[bytes], formats: _Formats, file: str) -> SheetParts:
    parts = SheetParts()
    rest, head, read, height, width = b"", True, 0, 0, 0
    while chunk := stream.read(_CHUNK):
        read += len(chunk)
        if read > MAX_PART_BYTES:
            raise LimitExceeded(f"“{file}”的工作表过大，未读取。", "请拆分工作表后重新提交。")
        if b"<!DOCTYPE" in chunk:
            raise DamagedFile(f"“{file}”含有DTD实体声明，可能是恶意构造，未读取。", "请用办公软件重新保存后提交。")
        data = rest + chunk
        cut = data.rfind(b"<")  # a tag cut in two by the chunk is looked at with the next
        data, rest = data[:cut], data[cut:]
        if head:
            start = data.find(b"sheetData")
            for column in _COLUMN.findall(data if start < 0 else data[:start]):
                _hide_columns(column, parts)
            head = start < 0
        height = _rows(data, parts, height)
        if height > _MANY_ROWS or re.search(rb'\br="[A-Z]{3}\d', data):
            for letters, _ in _FILLED.findall(data):
                width = max(width, column_number(letters))
        if not formats.plain:
            _cells(data, formats, parts)
        parts.filtered = parts.filtered or b"<filterColumn" in data
        if b"<tablePart " in data:  # a table style paints its header, so white text is seen there
            parts.unseen = {at: kind for at, kind in parts.unseen.items() if kind != "white"}
    parts.extent = (height, width)
    return parts


def _rows(data: bytes, parts: SheetParts, height: int) -> int:
    """Note hidden rows; returns the greatest row number. Only tags that may hide something are looked into."""
    if b'hidden="' in data or b"zeroHeight" in data or b'ht="0' in data:
        for tag in _ROW.findall(data):
            if _ROW_HIDDEN.search(tag) and (number := _ROW_NUMBER.search(tag)):
                parts.hidden_rows.add(int(number.group(1)))
    at = max(data.rfind(b"<row "), data.rfind(b":row "))
    number = _ROW_NUMBER.search(data, at, at + 200) if at >= 0 else None
    return max(height, int(number.group(1))) if number else height


def _hide_columns(tag: bytes, parts: SheetParts) -> None:
    said = dict(_ATTRIBUTE.findall(tag))
    if said.get(b"hidden") in (b"1", b"true") or re.fullmatch(rb"0(\.0+)?", said.get(b"width", b"9")):
        first, last = (whole(said.get(key, b"").decode("ascii", "ignore")) for key in (b"min", b"max"))
        parts.hidden_columns.update(range(first, min(last, first + 1000) + 1))


def _cells(data: bytes, formats: _Formats, parts: SheetParts) -> None:
    for style, letters, row in _CELL.findall(data):
        if style in formats.percents:
            parts.percents[int(row) - 1, column_number(letters) - 1] = formats.percents[style]
        elif style in formats.unseen:
            parts.unseen[int(row) - 1, column_number(letters) - 1] = formats.unseen[style]


def _formats(root: Element | None) -> _Formats:
    percents: dict[bytes, int] = {}
    unseen: dict[bytes, _Unseen] = {}
    if root is None:
        return _Formats(percents, unseen)
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iterfind(f"{_S}numFmts/{_S}numFmt")}
    codes = {"9": "0%", "10": "0.00%", **codes}
    fonts = [_font(e) for e in root.iterfind(f"{_S}fonts/{_S}font")]
    painted = [_painted(e) for e in root.iterfind(f"{_S}fills/{_S}fill")]
    for index, xf in enumerate(root.iterfind(f"{_S}cellXfs/{_S}xf")):
        key = str(index).encode()
        code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", codes.get(xf.get("numFmtId", ""), ""))
        if percent := re.search(r"[0#](?:\.([0#]+))?%", code):
            percents[key] = len(percent.group(1) or "")
        elif code.count(";") >= 3 and not code.replace(";", "").strip():
            unseen[key] = "invisible"
        font = fonts[whole(xf.get("fontId"))] if whole(xf.get("fontId")) < len(fonts) else None
        fill = whole(xf.get("fillId"))
        if font == "tiny" or (font == "white" and not (fill < len(painted) and painted[fill])):
            unseen[key] = font
    return _Formats(percents, unseen)


def _font(font: Element) -> _Unseen | None:
    size, colour = font.find(f"{_S}sz"), font.find(f"{_S}color")
    if size is not None and decimal(size.get("val"), 11) < _TINY_PT:
        return "tiny"
    if colour is None:
        return None
    rgb, theme = colour.get("rgb", "")[-6:].upper(), colour.get("theme")
    tint = decimal(colour.get("tint"))
    bright = re.fullmatch("[0-9A-F]{6}", rgb) is not None and all(int(rgb[i : i + 2], 16) >= 0xF0 for i in (0, 2, 4))
    return "white" if bright or (theme == "0" and tint > -0.06) or colour.get("indexed") in ("1", "9") else None


def _painted(fill: Element) -> bool:
    """Whether a cell filling is something on which white text may be seen."""
    pattern = fill.find(f"{_S}patternFill")
    if pattern is None:
        return fill.find(f"{_S}gradientFill") is not None
    if pattern.get("patternType", "none") == "none":
        return False
    ground = pattern.find(f"{_S}fgColor")
    if ground is None:
        return pattern.get("patternType") != "solid"
    rgb = ground.get("rgb", "")[-6:].upper()
    white = ground.get("theme") == "0" and decimal(ground.get("tint")) > -0.06
    return not (white or rgb == "FFFFFF")


def _comments(root: Element | None) -> list[tuple[str, str]]:
    if root is None:
        return []
    found = []
    for each in root.iter(f"{_S}comment", _THREADED):
        text = "".join(t.text or "" for t in each.iter() if str(t.tag).rsplit("}", 1)[-1] in ("t", "text")).strip()
        # Programs that know threaded comments leave a notice for those that do not.
        if text and not text.startswith(("[Threaded comment]", "[线程批注]")):
            found.append((each.get("ref", ""), text))
    return found
