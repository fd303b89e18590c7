"""Operators on tables: sums, shares, source checks, clause tables, logs of work, licences, and form cells."""

import re
from collections.abc import Iterator
from random import Random

from assist_review.evaluate.mutate.edits import Swap, excerpt, shuffled, swap_change, swaps, without_row
from assist_review.evaluate.mutate.numbers import like, value_of
from assist_review.evaluate.mutate.planted import Change, Format, Operator, Propose
from assist_review.evaluate.mutate.survey import Grid, Passage, Survey

_NUMBER = re.compile(
    r"^\s*(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<unit>万|亿)?[^\d%％]{0,3}(?P<percent>[%％])?\s*$"
)
_TOTAL = re.compile(r"^\s*(?:合\s*计|总\s*计|共\s*计|总数)")


def _number(cell: Passage | None) -> re.Match[str] | None:
    return _NUMBER.match(cell.text) if cell else None


def _total_row(grid: Grid) -> int | None:
    return next(
        (
            r
            for r in range(len(grid.rows) - 1, 1, -1)
            if any(_TOTAL.match(grid.text(r, c)) for c in range(min(4, grid.width)))
        ),
        None,
    )


def _summed(grid: Grid) -> Iterator[tuple[int, int]]:
    """Columns whose numbers add up to the total row: the column and that row."""
    total = _total_row(grid)
    for column in range(grid.width if total else 0):
        assert total is not None
        stated = _number(grid.rows[total][column] if column < len(grid.rows[total]) else None)
        parts = [_number(row[column] if column < len(row) else None) for row in grid.rows[1:total]]
        values = [value_of(m["n"]) for m in parts if m]
        if stated and len(values) >= 2 and not stated["percent"]:
            made = sum(values)
            if abs(made - value_of(stated["n"])) <= 0.0005 * max(made, 1):
                yield column, total


def _broken_sum(about: str, least_rows: int, unless: str = "$^") -> Propose:
    """One row of a column that adds up is changed, or its total."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        for grid in shuffled(survey.grids("report", "form"), rng):
            words = f"{grid.section}|{grid.line(0)}"
            if len(grid.rows) < least_rows or not re.search(about, words) or re.search(unless, words):
                continue
            for column, total in shuffled(_summed(grid), rng):
                rows = [r for r in range(1, total) if _number(grid.rows[r][column])]
                row = rng.choice([*rows, total])
                cell = grid.rows[row][column]
                match = _number(cell)
                if not cell or not match:
                    continue
                value = value_of(match["n"])
                new = like(value * rng.choice((0.8, 1.25)) if value >= 8 else value + 3, match["n"])
                yield swap_change([(cell, match.start("n"), match.end("n"), new)])

    return propose


def _shares(survey: Survey, rng: Random) -> Iterator[Change]:
    """Shares of sources or kinds of data no longer make 100 %."""
    for grid in shuffled(survey.grids("report", "form"), rng):
        if not re.search("语料|训练数据|来源|类型|类别", f"{grid.section}|{grid.line(0)}"):
            continue
        total = _total_row(grid) or len(grid.rows)
        for column in range(grid.width):
            found = [(row[column], _number(row[column])) for row in grid.rows[1:total] if column < len(row)]
            shares = [(p, m) for p, m in found if p and m and m["percent"]]
            if len(shares) >= 2 and abs(sum(value_of(m["n"]) for _, m in shares) - 100) < 0.6:
                cell, match = rng.choice(shares)
                new = like(min(value_of(match["n"]) + rng.choice((4, 6, 9)), 99), match["n"])
                yield swap_change([(cell, match.start("n"), match.end("n"), new)])


def _refused_source(survey: Survey, rng: Random) -> Iterator[Change]:
    """A source with more than 5 % illegal content is kept: hits and share go up, the conclusion stays."""
    for grid in shuffled(survey.grids("report", "evidence"), rng):
        head = grid.line(0) + "|" + (grid.line(1) if len(grid.rows) > 1 else "")
        if not (re.search("采", head) and re.search("占比|比例|命中|违法不良", head)):
            continue
        for row in shuffled(range(1, len(grid.rows)), rng):
            cells = grid.rows[row]
            line = grid.line(row)
            if re.search("不采|弃用|剔除|停用|不使用|排除|放弃|不予", line):
                continue
            numbers = [(c, m) for c in cells if c and (m := _number(c))]
            for (size, s), (hits, h), (rate, r) in zip(numbers, numbers[1:], numbers[2:], strict=False):
                if not r["percent"] or s["percent"] or h["percent"] or value_of(s["n"]) < 50:
                    continue
                made = value_of(h["n"]) / value_of(s["n"]) * 100
                if abs(made - value_of(r["n"])) > 0.06:
                    continue
                new = round(value_of(s["n"]) * rng.uniform(0.055, 0.09))
                yield swap_change([
                    (rate, r.start("n"), r.end("n"), like(new / value_of(s["n"]) * 100, r["n"])),
                    (hits, h.start("n"), h.end("n"), like(new, h["n"])),
                ])  # fmt: skip
                del size


def _clause_grids(survey: Survey) -> Iterator[tuple[Grid, int]]:
    """Tables of results per clause and the column of the results."""
    for grid in survey.grids("report"):
        for column in range(1, grid.width):
            results = [grid.text(r, column) for r in range(1, len(grid.rows))]
            known = sum(1 for t in results if re.fullmatch(r"[☑√✓\s]*(?:符合|不符合|不适用)", t))
            if known >= 8 and known >= 0.5 * len(results):
                yield grid, column


def _clause(what: str) -> Propose:
    """`what`: `dropped` row, `empty` result, `failed` (不符合 while the conclusion stays), `reasonless` 不适用."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        for grid, column in _clause_grids(survey):
            for row in shuffled(range(1, len(grid.rows)), rng):
                cell = grid.rows[row][column] if column < len(grid.rows[row]) else None
                if not cell or not re.fullmatch("符合|不适用", cell.text.strip()):
                    continue
                start = len(cell.text) - len(cell.text.lstrip())
                end = start + len(cell.text.strip())
                if what == "dropped" and 1 < row < len(grid.rows) - 1:
                    line = grid.line(row)[:80]
                    yield Change(f"{grid.file} {cell.place}", line, "", without_row(grid, row), absent=True)
                elif what == "empty":
                    yield swap_change([(cell, start, end, "")])
                elif what == "failed" and cell.text.strip() == "符合":
                    yield swap_change([(cell, start, end, "不符合")])
                elif what == "reasonless":
                    reason = grid.rows[row][-1]
                    if reason and reason is not cell:
                        # any row will do: it becomes 不适用 and loses what stands behind it
                        yield swap_change([(reason, 0, len(reason.text), ""), (cell, start, end, "不适用")])

    return propose


def _late_work(survey: Survey, rng: Random) -> Iterator[Change]:
    """Work of the assessment that was done after the report was signed."""
    for grid in shuffled(survey.grids("report"), rng):
        rows = [r for r in range(1, len(grid.rows)) if re.match(r"\s*20\d\d[-年./]\d{1,2}", grid.text(r, 0))]
        if len(rows) < 4 or not re.search("抽检|判定|测试|评审|采集|核对", "".join(grid.line(r) for r in rows)):
            continue
        row = rng.choice(rows[1:])
        cell = grid.rows[row][0]
        match = re.search(r"20(\d\d)[-年./](\d{1,2})", cell.text) if cell else None
        if cell and match:
            year = f"{int(match[1]) + 1:02d}"
            yield swap_change([(cell, match.start(1), match.end(1), year)])


_LICENCE = re.compile(
    r"(?:CC[ -]?BY(?:-SA)?(?:[ -]?\d\.\d)?|CC0(?:[ -]?1\.0)?|Apache(?:[ -]?2\.0)?|MIT(?![A-Za-z])|ODC-BY|BSD)[^|，,；;（(]{0,6}",
    re.I,
)


def _non_commercial(survey: Survey, rng: Random) -> Iterator[Change]:
    """An open dataset gets a licence that forbids commercial use, in every document that names it."""
    rows: dict[str, list[Swap]] = {}
    for grid in survey.grids("report", "evidence", "form"):
        for r in range(1, len(grid.rows)):
            for cell in grid.rows[r]:
                match = _LICENCE.match(cell.text.strip()) if cell else None
                if cell and match:
                    name = next(
                        (grid.text(r, c) for c in range(grid.width) if len(grid.text(r, c)) > 4), grid.text(r, 0)
                    )
                    start = len(cell.text) - len(cell.text.lstrip())
                    rows.setdefault(name, []).append((cell, start, start + len(match[0].rstrip()), "CC BY-NC 4.0"))
    for changes in shuffled(rows.values(), rng):
        yield swap_change(changes)
    for passage in shuffled(survey.passages("report", "evidence"), rng):
        match = _LICENCE.search(passage.text)
        if match and re.search("数据集|语料|许可", passage.text):
            yield swap_change([(passage, match.start(), match.end(), "CC BY-NC 4.0 ")])


_REQUIRED = (
    r"统一社会信用代码|法定代表人|安全评估负责人|联系人|联系电话|注册地址|参数规模|语料规模|标注人员|标注数量|服务方式|"
    r"适用人群|服务对象|推理算力|监看人员|内容标识|投诉举报|主要功能|模型来源|训练方式|单位性质|非法内容拦截"
)


def _empty_cell(survey: Survey, rng: Random) -> Iterator[Change]:
    """A cell of the form that must be filled in is empty, or says that it will be."""
    cells = [
        p for p in survey.passages("form") if p.kind == "cell" and re.search(_REQUIRED, p.label) and len(p.label) < 20
    ]
    cells = [p for p in cells if not re.search(_REQUIRED, p.text[:8]) or len(p.text) > 12]
    for passage in shuffled(cells, rng):
        new = rng.choice(("", "待补充", "/"))
        yield Change(
            f"{passage.file} {passage.place}（{passage.label}）", passage.text[:80], new,
            swaps([(passage, 0, len(passage.text), new)]), absent=not new,
        )  # fmt: skip


def _review_post(survey: Survey, rng: Random) -> Iterator[Change]:
    """The table of annotators has nobody for review."""
    for grid in shuffled(survey.grids("report", "annotation_rules", "form"), rng):
        rows = [r for r in range(1, len(grid.rows)) if re.match("审核|质检|复核", grid.text(r, 0))]
        marked = any(re.match("标注|执行", grid.text(r, 0)) for r in range(1, len(grid.rows)))
        for row in rows if marked else ():
            cell = next((c for c in grid.rows[row][1:] if c and _number(c)), None)
            match = _number(cell)
            if cell and match:
                yield swap_change([(cell, match.start("n"), match.end("n"), "0")])


def _same_person(survey: Survey, rng: Random) -> Iterator[Change]:
    """The rules say that the same person may annotate and review."""
    pattern = re.compile(
        r"[^。；;！]*(?:标注|执行)[^。；;]*审核[^。；;]*[。；;]?|[^。；;！]*审核[^。；;]*(?:标注|执行)[^。；;]*[。；;]?"
    )
    for passage in shuffled(survey.passages("annotation_rules", "report"), rng):
        if not passage.prose:
            continue
        for match in pattern.finditer(passage.text):
            if re.search("不得|不可|不能|禁止|阻止|拦截|分离|分设|互斥|不允许", match[0]):
                new = "因人员有限，同一任务的标注与审核可以由同一人完成，标注人员兼任审核人员。"
                yield swap_change([(passage, match.start(), match.end(), new)])


def _count_per_risk(survey: Survey, rng: Random) -> Iterator[Change]:
    """The report states another count for one category than the list holds."""
    for grid in shuffled(survey.grids("report"), rng):
        head = grid.line(0)
        risks = [r for r in range(1, len(grid.rows)) if re.search("歧视|颠覆|分裂|恐怖", grid.line(r))]
        if len(risks) < 6 or re.search("合格|抽检|抽样|处置|正例", head):
            continue
        row = rng.choice(risks)
        cells = [c for c in grid.rows[row] if c and (m := _number(c)) and value_of(m["n"]) > 25]
        if cells:
            cell = cells[-1] if re.search("关键词|词", grid.section + head) else rng.choice(cells)
            match = _number(cell)
            assert match
            new = like(value_of(match["n"]) + rng.choice((40, 75, 120)), match["n"])
            yield Change(
                f"{cell.file} {cell.place}", excerpt(grid.line(row), 0, 60), new,
                swaps([(cell, match.start("n"), match.end("n"), new)]),
            )  # fmt: skip


_D: tuple[Format, ...] = ("docx", "pdf", "xlsx")
OPERATORS = (
    Operator("corpus-sum-broken", ("C02", "C04"), ("SUB-13", "CON-05", "SRC-13"), _D, "语料来源表或类型表分项之和与合计不符。",
             _broken_sum(r"语料|训练数据|来源", 3, r"题|关键词|合格|抽检|标识")),
    Operator("result-sum-broken", ("G06",), ("EVA-14", "EVA-09"), _D, "分项结果表各行之和与合计不符。",
             _broken_sum(r"合格|抽检|抽样", 12)),
    Operator("shares-not-100", ("C04", "C02"), ("SUB-13", "CON-05"), _D, "语料占比之和不等于100%。", _shares),
    Operator("count-per-risk-differs", ("E11", "G06", "F02"), ("KEY-08", "EVA-14"), _D,
             "报告中某一类别的关键词数或题数与列表实际不符。", _count_per_risk),
    Operator("refused-source-kept", ("C09",), ("SRC-02", "SRC-03"), _D, "违法不良信息占比超过5%的来源仍被采用。", _refused_source),
    Operator("clause-dropped", ("G10",), ("EVA-02",), _D, "逐条评估结果表缺少一条。", _clause("dropped")),
    Operator("clause-empty", ("G10",), ("EVA-02",), _D, "逐条评估结果表有一条没有结果。", _clause("empty")),
    Operator("clause-failed", ("G11",), ("EVA-07", "EVA-04", "EVA-02"), _D, "有一条结果为不符合，总体结论仍为全部符合。",
             _clause("failed")),
    Operator("clause-reasonless", ("G10",), ("EVA-05", "EVA-02", "EVA-03"), _D, "结果为不适用的一条没有理由。",
             _clause("reasonless")),
    Operator("work-after-report", ("K05",), ("EVA-16",), _D, "评估作业的日期晚于报告日期。", _late_work),
    Operator("licence-non-commercial", ("C05",), ("SRC-07", "IPR-01"), _D, "开源数据集的许可协议限于非商业用途。", _non_commercial),
    Operator("form-cell-empty", ("A16",), ("SUB-13", "SUB-14", "SUB-06", "SUB-04", "SUB-07", "INT-05", "SUB-10", "SUB-08"), _D,
             "备案表（登记表）必填栏为空或写为待补充。", _empty_cell),
    Operator("no-reviewer", ("D02",), ("LAB-06", "LAB-11"), _D, "标注人员表中审核人员为0人。", _review_post),
    Operator("same-person-reviews", ("D02",), ("LAB-06", "LAB-11"), _D, "标注与审核由同一人完成。", _same_person),
)  # fmt: skip
