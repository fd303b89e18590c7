"""Keyword lists and question banks found by own means: by the words of a header row, without mapping any risk."""

import re
from collections.abc import Iterator, Sequence

from assist_review.filing import Document, Sheet
from assist_review.lists import Bank, BankKind, BankRow

_COLUMNS = {
    "entry": r"关键词|拦截词|敏感词|屏蔽词|词条|^词$|题目|问题|试题|提问|测试题|prompt",
    "answer": r"回答|回复|输出|答案|response",
    "class1": r"一级|大类",
    "class2": r"二级|主要安全风险|风险(?:类型|类别|名称)|^方面|类别|分类",
    "refused": r"是否拒答|拒答情况|拒答与否",
    "sampled": r"抽样|抽检标记|是否抽",
    "version": r"版本",
    "verdict": r"研判|判定|合格|结果",
}
_HEADER_ROWS = 15


def own_banks(document: Document) -> Iterator[Bank]:
    """The lists in the visible sheets of an XLSX file of keywords or questions."""
    if document.role not in ("keywords", "questions") or not document.file.lower().endswith((".xlsx", ".xlsm")):
        return
    for sheet in document.sheets:
        if not sheet.visible or re.search("记录|说明|统计|汇总", sheet.name):
            continue
        found = _header(sheet)
        if found:
            number, columns = found
            yield Bank(
                _kind(document, sheet), document.file, sheet.name, number, columns, _rows(sheet, number, columns)
            )


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The number of the header row and its columns."""
    for number, row in enumerate(sheet.rows[:_HEADER_ROWS], 1):
        columns = _columns(row)
        if "entry" in columns and len(columns) >= 2:
            return number, columns
    return None


def _columns(row: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for key, words in _COLUMNS.items():
        for index, text in enumerate(row):
            if index not in columns.values() and len(text) < 16 and re.search(words, text.strip().lower()):
                columns[key] = index
                break
    return columns


def _kind(document: Document, sheet: Sheet) -> BankKind:
    if document.role == "keywords":
        return "keywords"
    for name in (sheet.name, document.file.rsplit("/", 1)[-1]):
        if re.search(r"非拒答|不应拒答|不应当拒答|应答", name) and not re.search(
            "应拒答(?!.*非)", name.replace("不应", "")
        ):
            return "answer"
        if "拒答" in name:
            return "refuse"
        if re.search("生成|内容", name):
            return "generated"
    return "generated"


def _rows(sheet: Sheet, header: int, columns: dict[str, int]) -> tuple[BankRow, ...]:
    rows = []
    for number, row in enumerate(sheet.rows[header:], header + 1):
        entry = row[columns["entry"]].strip() if columns["entry"] < len(row) else ""
        if entry and number not in sheet.hidden_rows and not re.match(r"合计|总计|小计", entry):
            rows.append(BankRow(number, None, {k: row[c].strip() for k, c in columns.items()}))
    return tuple(rows)
