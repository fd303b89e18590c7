"""Arithmetic of tables: columns that must add up to their total row, shares that must make a whole, source checks."""

import re
from collections.abc import Generator, Iterator

from assist_review.arithmetic import computation
from assist_review.cells import cell_number, row_place
from assist_review.check.context import Context, Say, show
from assist_review.lists import TypedTable
from assist_review.passages import evidence
from assist_review.review import Computation, Evidence, Fact, Finding
from assist_review.text import fold

# Which columns of which tables add up, and what the sum is called.
_SUMMED = {
    "corpus_sources": ("amount",),
    "corpus_types": ("amount", "items", "tokens"),
    "result_per_risk": ("size", "passed", "manual_passed", "keyword_passed", "classifier_passed"),
    "keyword_distribution": ("count",),
    "bank_distribution": ("generated", "refuse", "answer", "keywords", "count"),
    "annotators": ("count",),
}
_NAMES = {
    "corpus_sources": "语料来源表", "corpus_types": "语料类型表", "result_per_risk": "分项结果表",
    "keyword_distribution": "关键词分布表", "bank_distribution": "题量统计表", "annotators": "标注人员表",
}  # fmt: skip
_ROUNDING = 0.006  # of the total: rows are printed rounded


def sums(context: Context, say: Say) -> Iterator[Finding]:
    """Rows add up to the total row (`tables` names the table kinds), shares to 100 %, parts to the stated total."""
    problems = 0
    checked = 0
    for table in context.extraction.tables:
        if table.kind not in say.params["tables"] or table.role not in ("report", "form"):
            continue
        for key in _SUMMED.get(table.kind, ()):
            done = _column(table, key)
            if done is None:
                continue
            checked += 1
            total, made, exact_counts = done
            off = abs(made - total)
            if off > (0.5 if exact_counts else max(_ROUNDING * total, 0.011 * len(table.rows))):
                problems += 1
                yield _say_sum(say, table, key, total, made)
        share = _shares(table)
        if share is not None and not any(abs(share - 100 * n) <= 1.5 for n in (1, 2, 3, 4, 5)):
            problems += 1
            yield say.wrong(
                f"{_name(table)}的占比相加为{show(share)}%，不等于100%。", [_row(table, table.rows[0], "share")], defect=say.code("share"),
                computations=[_sum_of(table, "share", 100.0)],
            )  # fmt: skip
        for finding in _row_rates(say, table) if say.params.get("rows") else ():
            problems += 1
            yield finding
    if "corpus_sources" in say.params["tables"]:
        problems += yield from _parts(context, say)
    if checked and not problems:
        yield say.fine(f"核算了{checked}列，分项与合计一致。")


_RATES = (
    ("passed", "rate"),
    ("manual_passed", "manual_rate"),
    ("keyword_passed", "keyword_rate"),
    ("classifier_passed", "classifier_rate"),
)


def _row_rates(say: Say, table: TypedTable) -> Iterator[Finding]:
    """In each row of results the printed rate follows from the printed counts, within its rounding."""
    if table.kind != "result_per_risk":
        return
    for part, rate in _RATES:
        if not {"size", part, rate} <= table.columns.keys():
            continue
        for i in (*table.rows, *([table.total_row] if table.total_row is not None else [])):
            size, k, stated = (cell_number(table, i, c) for c in ("size", part, rate))
            if not (size and k and stated) or not size.value or k.value > size.value:
                continue
            made = computation(
                "合格率", "passed / size * 100", float(stated.value), "%", passed=float(k.value), size=float(size.value)
            )
            if abs(made.result - float(stated.value)) > 0.1:
                yield say.wrong(
                    f"{_name(table)}一行{show(float(k.value))}÷{show(float(size.value))}={made.result:.2f}%，表中写为{show(float(stated.value))}%。",
                    [_row(table, i, rate), _row(table, i, part)], defect=say.code("rate"), computations=[made],
                )  # fmt: skip


def _name(table: TypedTable) -> str:
    return table.table.caption.strip() or _NAMES.get(table.kind, "表格")


def _column(table: TypedTable, key: str) -> tuple[float, float, bool] | None:
    """Stated total, sum of the rows, and whether all are whole numbers; None where it cannot be said."""
    if table.total_row is None or key not in table.columns or len(table.rows) < 2:
        return None
    total = cell_number(table, table.total_row, key)
    numbers = [cell_number(table, i, key) for i in table.rows]
    filled = [table.table.rows[i][table.columns[key]].strip() for i in table.rows]
    if total is None or any(
        n is None and text not in ("", "—", "-", "－", "/", "--", "——") for n, text in zip(numbers, filled, strict=True)
    ):
        return None
    values = [n for n in numbers if n is not None]
    if len(values) < 2 or total.approximate or any(n.approximate for n in values):
        return None
    if len({n.unit for n in values} | {total.unit}) > 1:
        return None
    whole = all(float(n.value).is_integer() and n.value < 1e6 for n in (*values, total))
    return float(total.value), float(sum(n.value for n in values)), whole


def _say_sum(say: Say, table: TypedTable, key: str, total: float, made: float) -> Finding:
    assert table.total_row is not None
    column = table.table.rows[0][table.columns[key]]
    return say.wrong(
        f"{_name(table)}“{column}”一列各行相加为{show(round(made, 4))}，合计写为{show(total)}，相差{show(round(abs(made - total), 4))}。",
        [_row(table, table.total_row, key), _row(table, table.rows[0], key)],
        defect=say.code(table.kind), computations=[_sum_of(table, key, total)],
    )  # fmt: skip


def _sum_of(table: TypedTable, key: str, stated: float) -> Computation:
    inputs = {}
    for i in table.rows:
        number = cell_number(table, i, key)
        if number is not None:
            inputs[f"r{i}"] = float(number.value)
    return computation(f"{_name(table)}合计", " + ".join(inputs), stated, "", **inputs)


def _row(table: TypedTable, row: int, key: str) -> Evidence:
    return Evidence.at(table.file, row_place(table, row, key), table.cell(row, key).strip(), _name(table))


def _shares(table: TypedTable) -> float | None:
    if "share" not in table.columns or table.kind not in ("corpus_sources", "corpus_types") or len(table.rows) < 2:
        return None
    numbers = [cell_number(table, i, "share") for i in table.rows]
    if any(n is None for n in numbers):
        return None
    return float(sum(n.value for n in numbers if n is not None))


_CATEGORIES = {"open": "开源", "collected": "自采|自行采集|采集", "bought": "商业|采购|购买"}


def _parts(context: Context, say: Say) -> Generator[Finding, None, int]:
    """Amounts per source category in the text against the rows of the source table."""
    problems = 0
    for table in context.extraction.tables:
        if table.kind != "corpus_sources" or table.role != "report" or "category" not in table.columns:
            continue
        for part, pattern in _CATEGORIES.items():
            rows = [i for i in table.rows if re.search(pattern, table.cell(i, "category"))]
            numbers = [cell_number(table, i, "amount") for i in rows]
            if not rows or any(n is None for n in numbers):
                continue
            units = {n.unit for n in numbers if n}
            made = sum(float(n.value) for n in numbers if n)
            for fact in context.extraction.named(f"corpus.source.{part}", "report", "form"):
                if fact.unit in units and _off(fact, made):
                    problems += 1
                    yield say.wrong(
                        f"{_name(table)}中{table.cell(rows[0], 'category')}类各行相加为{show(round(made, 4))}{fact.unit}，而材料写为{show(float(fact.value))}{fact.unit}。",
                        [fact.evidence, *(_row(table, i, "name") for i in rows[:3])], defect=say.code("corpus_sources"),
                        computations=[computation("来源小计", " + ".join(f"r{i}" for i in rows), float(fact.value), fact.unit or "",
                                                  **{f"r{i}": float(n.value) for i, n in zip(rows, numbers, strict=True) if n})],
                    )  # fmt: skip
                    break
    return problems


def _off(fact: Fact, made: float) -> bool:
    return abs(float(fact.value) - made) > max(0.02 * made, 0.011) and not fact.approximate


_PACKED = re.compile(
    r"(?P<n>[0-9,]{2,9})[/,;|](?P<k>[0-9,]{1,7})[/,;|](?P<r>[0-9]{1,2}(?:\.[0-9]+)?)%"
)  # 1,500 / 79 / 5.27%


def source_rates(context: Context, say: Say) -> Iterator[Finding]:
    """No source with more than `max` % illegal content is kept; `when` is `before` or `after` collection."""
    limit = float(say.params.get("max", 5))
    key = say.params.get("when", "before")
    problems = 0
    rows = 0
    for table in context.extraction.tables:
        if table.kind != "source_checks":
            continue
        for i in table.rows:
            hits, size = cell_number(table, i, f"{key}_hits"), cell_number(table, i, f"{key}_size")
            stated = cell_number(table, i, f"{key}_rate")
            rows += 1
            made = None
            if hits and size and size.value:
                made = computation(
                    "违法不良信息占比",
                    "hits / size * 100",
                    float(stated.value) if stated else None,
                    "%",
                    hits=float(hits.value),
                    size=float(size.value),
                )
            if made is None and stated is None and (packed := _PACKED.search(fold(table.cell(i, f"{key}_rate")))):
                hits_n, size_n = float(packed["k"].replace(",", "")), float(packed["n"].replace(",", ""))
                made = computation(
                    "违法不良信息占比", "hits / size * 100", float(packed["r"]), "%", hits=hits_n, size=size_n
                )
            value = made.result if made else (float(stated.value) if stated else 0.0)
            refused = re.search(
                "不(?:予)?采|弃用|剔除|未采|不使用|停用|排除|移除|放弃|删除", " ".join(table.table.rows[i])
            )
            if value > limit + 1e-9 and not refused:
                problems += 1
                yield say.wrong(
                    f"来源{table.cell(i, 'id')}的违法不良信息占比为{value:.2f}%，超过{show(limit)}%，仍列入训练数据。",
                    [_row(table, i, f"{key}_rate" if f"{key}_rate" in table.columns else "id")], computations=[made] if made else [],
                )  # fmt: skip
            elif made and made.stated is not None and abs(made.result - made.stated) > 0.1:
                problems += 1
                yield say.wrong(
                    f"来源{table.cell(i, 'id')}：{show(made.inputs['hits'])}÷{show(made.inputs['size'])}={made.result:.2f}%，表中写为{show(made.stated)}%。",
                    [_row(table, i, f"{key}_rate")], defect="C12", severity="major", computations=[made],
                )  # fmt: skip
    if problems:
        return
    if rows:
        yield say.fine(f"核验记录共{rows}个来源，占比均未超过{show(limit)}%。")
        return
    said = [
        h
        for r in context.reading("report")
        for h in r.find("re:(?:采集前|采集后|采前|采后|先验|复验|核验)[^.;\\n]{0,60}(?:5%|百分之五)")
    ]
    yield say.unclear("没有找到逐个来源的抽样核验记录表，需要人工核对。", [evidence(h) for h in said[:2]])


def perfect(context: Context, say: Say) -> Iterator[Finding]:
    """Exactly 100 % in every line of the results per risk, without one failed sample, is hardly believable."""
    for table in context.extraction.tables:
        if table.kind != "result_per_risk" or table.role != "report" or len(table.rows) < 17:
            continue
        for key in ("rate", "manual_rate", "keyword_rate", "classifier_rate"):
            rates = [cell_number(table, i, key) for i in table.rows] if key in table.columns else []
            if len(rates) >= 17 and all(n is not None and float(n.value) == 100 for n in rates):
                failures = [
                    h
                    for r in context.reading("report")
                    for h in r.find(
                        "re:(?:不合格|未通过|失败)(?:样本|样例|题|案例|情形)[^.;\\n]{0,20}[1-9一二三四五六七八九十]"
                    )
                ]
                if not failures:
                    yield say.wrong(
                        f"{_name(table)}{len(rates)}类全部为100%，没有不合格样本，结果可信性存疑。",
                        [_row(table, i, key) for i in table.rows[:2]],
                        confidence=0.7,
                    )
                    return
