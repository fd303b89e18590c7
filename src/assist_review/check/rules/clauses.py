"""The clause-by-clause table of the report: every clause a result, every result its proof or reason, and the conclusion."""

import re
from collections.abc import Iterator

from assist_review.check.context import Context, Say, absent
from assist_review.lists import TypedTable
from assist_review.passages import evidence
from assist_review.review import Evidence, Finding
from assist_review.text import fold

_BLANK = ("", "-", "--", "—", "——", "/", "无", "略", "－")
_UNDONE = re.compile(
    r"(?:tbd|todo|tba|pending|待(?:定|补充?|评估|填写?|核对?|确认|完善|测试|办)|未(?:评估|填写?|完成|定)|暂无|[?？]+|x{2,})\W*"
)


def clause_table(context: Context, say: Say) -> Iterator[Finding]:
    """`what`: `complete` (no gaps, no empty results), `reasons` (不适用 / 不符合 explained), `conclusion` (agrees)."""
    tables = [
        t for t in context.extraction.tables if t.kind == "clause_results" and t.role in ("report", "evidence", "form")
    ]
    if not tables:
        yield from _none(context, say)
        return
    what = say.params["what"]
    found = list(_WHAT[what](context, say, tables))
    if found:
        yield from found
    else:
        table = max(tables, key=lambda t: len(t.rows))
        yield say.fine(
            _FINE[what],
            [
                Evidence.at(
                    table.file, table.table.row_places[table.rows[0]], table.cell(table.rows[0], "result"), "逐条评估表"
                )
            ],
        )


_FINE = {
    "complete": "逐条评估表各条均有结果。",
    "reasons": "逐条评估表中的不适用、不符合均有理由。",
    "conclusion": "总体结论与逐条评估结果一致。",
}


def _none(context: Context, say: Say) -> Iterator[Finding]:
    reports = context.reading("report")
    if not reports:
        yield say.unclear("材料中没有安全自评估报告，无法核查逐条评估结果。")
    elif say.params["what"] != "complete":
        yield say.unclear("没有识别到逐条评估表，需要人工核对。")
    elif any(r.has(t) for r in reports for t in ("逐条", "条款对照", "符合性", "re:评估(?:结果|要点|项)表", "逐项")):
        yield say.unclear("报告提到逐条评估，但没有识别到结果表，需要人工核对。")
    else:
        yield say.missing("报告没有逐条列出评估结果。", [absent(r.file) for r in reports[:1]], confidence=0.7)


def _complete(_context: Context, say: Say, tables: list[TypedTable]) -> Iterator[Finding]:
    for table in tables:
        numbers = [_number(table.cell(i, "number")) for i in table.rows]
        known = [n for n in numbers if n is not None]
        if len(known) > 5 and len(known) >= 0.9 * len(numbers) and known == sorted(set(known)):
            gaps = [n for n in range(known[0], known[-1] + 1) if n not in set(known)]
            if known[0] == 2:
                gaps.insert(0, 1)
            if gaps:
                yield say.missing(
                    f"逐条评估表缺第{'、'.join(map(str, gaps))}条。", [_cell(table, _before(table, numbers, gaps[0]), "requirement"), absent(table.file)]
                )  # fmt: skip
        said = {i: fold(table.cell(i, "result")) for i in table.rows}
        empty = [i for i, text in said.items() if text in _BLANK or _UNDONE.fullmatch(text)]
        if empty:
            yield say.wrong(
                f"逐条评估表有{len(empty)}条没有结果。", [_cell(table, i, "requirement") for i in empty[:4]]
            )


def _before(table: TypedTable, numbers: list[int | None], gap: int) -> int:
    return next(
        (i for i, n in zip(reversed(table.rows), reversed(numbers), strict=True) if n is not None and n < gap),
        table.rows[0],
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,3}", text.strip()) else None


def _cell(table: TypedTable, row: int, key: str) -> Evidence:
    text = table.cell(row, key).strip() or next((c for c in table.table.rows[row] if c.strip()), "")
    return Evidence.at(table.file, table.table.row_places[row], text, f"第{table.cell(row, 'number') or row}条")


def _says(table: TypedTable, row: int, pattern: str) -> bool:
    return bool(re.match(pattern, fold(table.cell(row, "result"))))


def _reasons(_context: Context, say: Say, tables: list[TypedTable]) -> Iterator[Finding]:
    for table in tables:
        if "proof" not in table.columns:
            continue
        rows = [i for i in table.rows if fold(table.cell(i, "proof")) in _BLANK]
        filled = len(table.rows) - len(rows)
        if filled < len(table.rows) * 0.2:
            yield say.unclear(
                "逐条评估表没有填写佐证或理由，需要人工核对。", [_cell(table, table.rows[0], "requirement")]
            )
            continue
        bare = [i for i in rows if _says(table, i, "不适用|不涉及")]
        unmet = [i for i in rows if _says(table, i, "不符合|不满足|部分符合")]
        unproved = [i for i in rows if _says(table, i, "符合|满足|基本符合")]
        for kind, text, code in (
            (bare, "不适用没有说明理由", "bare"),
            (unmet, "不符合没有说明理由和改进计划", "unmet"),
            (unproved, "符合没有列出佐证", "unproved"),
        ):
            if kind and code in say.params.get("of", ("bare",)):
                names = "、".join(table.cell(i, "number") or str(i) for i in kind[:8])
                yield say.wrong(
                    f"逐条评估表第{names}条{text}。",
                    [_cell(table, i, "result") for i in kind[:4]],
                    defect=say.code(code),
                )


def _conclusion(context: Context, say: Say, tables: list[TypedTable]) -> Iterator[Finding]:
    unmet = [(t, i) for t in tables for i in t.rows if _says(t, i, "不符合|不满足|部分符合|未达标|不达标")]
    if not unmet:
        return
    whole = "re:(?:全部|均|各项|所有|完全)[^.;\\n]{0,12}(?:符合|满足|达标)(?!率)"
    negated = "re:(?:除|未|不)[^.;\\n]{0,16}(?:外|全部)"
    claims = [
        evidence(h) for r in context.reading("report", "form") for h in r.find(whole)
        if not h.passage.cells or r.role == "form" or len(h.passage.cells) < 3
    ]  # fmt: skip
    claims = [c for c in claims if not re.search(negated[3:], fold(c.quote)) and "不符合" not in c.quote]
    if claims:
        table, row = unmet[0]
        yield say.wrong(
            f"逐条评估表有{len(unmet)}条为不符合，总体结论却写为全部符合。",
            [claims[0], _cell(table, row, "proof"), *claims[1:3]],
            defect=say.code("conclusion"),
        )


_WHAT = {"complete": _complete, "reasons": _reasons, "conclusion": _conclusion}
