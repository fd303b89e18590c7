"""`findings.xlsx`: the review as tables to sort, filter and count in."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assist_review.export.view import SEVERITIES, Item, View, clean, formula, place
from assist_review.export.words import Audience, say
from assist_review.regulation import Pack
from assist_review.review import Evidence, Review

_Cell = str | int | float | None
_Row = Sequence[_Cell]
_LONGEST = 32_000  # Excel takes 32,767 characters in a cell
_WITHHELD = "（词条原文不列出，见原表）"
_LINE = Side(style="thin", color="D9D6CE")
_FILLS = {
    say(key): PatternFill("solid", fgColor=colour)
    for key, colour in (
        ("severity.fatal", "F6D9D6"),
        ("severity.major", "FBE9D2"),
        ("severity.minor", "E3EBF4"),
        ("verdict.non_compliant", "F6D9D6"),
        ("verdict.missing", "F6D9D6"),
        ("verdict.unclear", "E9E5F4"),
        ("verdict.compliant", "E0EFE6"),
        ("ui.conflicts", "F6D9D6"),
    )
}


def export(review: Review, pack: Pack, folder: Path, *, audience: Audience) -> Path:
    """Writes `findings.xlsx`; entries of keyword lists and question banks are left out for everyone."""
    view = View(review, pack)
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    _conclusion(book.create_sheet("结论"), view, audience)
    _sheet(
        book,
        "问题清单",
        (
            ("序号", 6),
            ("严重程度", 9),
            ("判定", 10),
            ("要求", 10),
            ("存在问题", 50),
            ("位置", 42),
            ("原文", 46),
            ("核算", 30),
            ("依据", 34),
            ("修改建议", 46),
            ("维度", 14),
            ("缺陷代码", 9),
            ("可信度", 8),
            ("来源", 16),
            ("待核对官方文本", 10),
            ("人工意见", 20),
            ("问题编号", 15),
        ),
        (_issue(view, i) for i in view.of("fatal", "major", "minor", "unclear")),
    )
    _sheet(
        book,
        "全部要求",
        (("要求", 10), ("内容", 60), ("维度", 14), ("判定", 12), ("说明", 60), ("位置", 42)),
        _requirements(view),
    )
    _sheet(
        book,
        "计数与核算",
        (("类别", 9), ("项目", 34), ("要求", 12), ("申报", 16), ("核算", 14), ("算式", 44), ("判定", 10), ("说明", 40)),
        _counts(view),
    )
    _sheet(
        book,
        "一致性",
        (("事实", 22), ("结果", 10), ("文件类别", 18), ("文件", 44), ("写法", 40), ("位置", 26)),
        (
            (
                row.label,
                say("ui.conflicts" if row.agrees is False else "ui.agrees" if row.agrees else "ui.single"),
                say(f"role.{c.role}"),
                c.file,
                c.value,
                place(c.evidence),
            )
            for row in review.conclusion.matrix
            for c in row.cells
        ),
    )
    _sheet(
        book,
        "事实",
        (
            ("事实", 30),
            ("值", 32),
            ("单位", 8),
            ("约数", 8),
            ("逐行计数", 9),
            ("文件类别", 18),
            ("文件", 44),
            ("位置", 26),
            ("原文", 50),
        ),
        (
            (
                f.name,
                f.value,
                f.unit,
                _yes(f.approximate),
                _yes(f.counted),
                say(f"role.{f.role}"),
                f.evidence.file,
                place(f.evidence),
                _quote(view, f.evidence),
            )
            for f in review.facts
        ),
    )
    _sheet(
        book,
        "文件",
        (
            ("文件", 50),
            ("类别", 18),
            ("识别依据", 34),
            ("页数", 8),
            ("行数", 9),
            ("文字识别页", 10),
            ("印章", 7),
            ("签名", 7),
            ("隐藏文字", 9),
            ("未能读取", 44),
            ("SHA-256", 68),
        ),
        (
            (
                f.file,
                say(f"role.{f.role}"),
                f.role_reason,
                f.pages,
                f.rows,
                len(f.ocr_pages),
                f.seals,
                f.signatures,
                f.hidden,
                "\n".join(f"{f'第{u.page}页：' if u.page else ''}{u.reason} {u.remedy}".strip() for u in f.unreadable),
                f.sha256,
            )
            for f in review.filing.files
        ),
    )
    path = folder / "findings.xlsx"
    book.save(path)
    return path


def _conclusion(sheet: Worksheet, view: View, audience: Audience) -> None:
    review, groups = view.review, Counter(i.group for i in view.items)
    family = "grade" if audience == "reviewer" else "todo"
    rows: list[_Row] = [
        ("结论（草稿）", say(f"{family}.{review.conclusion.grade}")),
        *(("理由", reason) for reason in view.reasons),
        ("申请单位", view.fact_text("applicant.name")),
        ("模型", view.model),
        ("路线", say(f"route.{review.filing.route}")),
        ("审查基准日", str(review.as_of)),
        ("规则包", f"{review.pack.id} {review.pack.version} {review.pack.sha256}"),
        ("程序版本", review.manifest.program),
        ("语言模型", review.manifest.model or say("ui.no_llm")),
        ("材料指纹", view.fingerprint),
        *((say(f"severity.{s}"), groups[s]) for s in SEVERITIES),
        *((say(f"group.{g}"), groups[g]) for g in ("unclear", "compliant", "not_applicable", "dismissed")),
        ("未能判断", len(review.failures)),
        *((f"未能判断 {f.requirement}", f.reason) for f in review.failures),
        ("说明", say("ui.proposal")),
        *([("说明", say("ui.no_promise"))] if audience == "applicant" else []),
    ]
    _fill(sheet, (("项目", 22), ("内容", 100)), rows)
    for cell in sheet["B"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def _sheet(book: Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[_Row]) -> None:
    _fill(book.create_sheet(title), columns, rows)


def _fill(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Iterable[_Row]) -> None:
    sheet.append([name for name, _ in columns])
    for n, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
        head = sheet.cell(1, n)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="ECEAE4")
        head.alignment = Alignment(vertical="center", wrap_text=True)
    for at, row in enumerate(rows, 2):
        for n, value in enumerate(row, 1):
            cell = sheet.cell(at, n)
            if isinstance(value, str):
                text = clean(value)[:_LONGEST]
                cell.value = text
                # What the filing says is never a formula; quotePrefix keeps it so when someone edits the cell.
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
                if text in _FILLS:
                    cell.fill = _FILLS[text]
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(bottom=_LINE)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(sheet.max_row, 1)}"
    sheet.sheet_view.zoomScale = 100
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _issue(view: View, item: Item) -> _Row:
    finding = item.finding
    origin = f"{say(f'origin.{finding.origin.kind}')} {finding.origin.name} {finding.origin.model}".strip()
    decision = item.decision
    return (
        item.number or None,
        say(f"severity.{finding.severity}"),
        say(f"verdict.{finding.verdict}"),
        finding.requirement,
        item.statement,
        "\n".join(map(_where, finding.evidence)),
        "\n".join(filter(None, (_quote(view, e) for e in finding.evidence))),
        "\n".join(map(formula, finding.computations)),
        "\n".join(c.label or c.clause for c in finding.citations),
        item.advice,
        say(f"dimension.{item.dimension}") if item.dimension else "",
        finding.defect or "",
        round(finding.confidence, 2),
        origin,
        _yes(finding.to_be_verified),
        f"{say(f'action.{decision.action}')} {decision.author} {decision.reason}".strip() if decision else "",
        finding.id,
    )


def _requirements(view: View) -> Iterator[_Row]:
    reasons = {f.requirement: f.reason for f in view.review.failures}
    for requirement, state, items in view.requirement_states:
        yield (
            requirement.id,
            requirement.statement,
            say(f"dimension.{requirement.dimension}"),
            state,
            "\n".join(filter(None, (*(i.statement for i in items), reasons.get(requirement.id)))),
            "\n".join(dict.fromkeys(_where(e) for i in items for e in i.finding.evidence)),
        )


def _counts(view: View) -> Iterator[_Row]:
    for c in view.review.conclusion.counts_table:
        stated = c.stated[0] if len(c.stated) == 1 else " / ".join(f"{s:g}" for s in c.stated) or None
        yield "计数", c.label, c.required, stated, c.counted, "", say(f"verdict.{c.verdict}"), c.note
    for item in view.items:
        for s in item.finding.computations:
            yield (
                "核算",
                f"{item.finding.requirement} {item.text(s.label)}",
                None,
                s.stated,
                s.result,
                formula(s),
                say(f"verdict.{item.finding.verdict}"),
                s.unit,
            )


def _where(evidence: Evidence) -> str:
    return " · ".join(filter(None, (evidence.file, place(evidence))))


def _quote(view: View, evidence: Evidence) -> str:
    return _WITHHELD if view.withheld(evidence) else evidence.quote


def _yes(value: bool) -> str:
    return "是" if value else ""
