"""`opinion.docx`: the draft of a 审查意见 for the people who decide; they fill in the test and sign."""

from collections.abc import Iterator
from pathlib import Path

from docx.document import Document

from assist_review.export import docx_parts as parts
from assist_review.export.view import Item, View, clean, formula, number, place
from assist_review.export.words import Audience, say
from assist_review.regulation import Pack
from assist_review.review import Evidence, Review, ReviewedFile

_SHADES = {"fatal": "F6D9D6", "major": "FBE9D2", "minor": "E3EBF4"}
_STATES = {
    "不符合": "F6D9D6",
    "基本符合": "FBE9D2",
    "未能判断": "E9E5F4",
    "无，需补": "F6D9D6",
    "有，需补": "FBE9D2",
    "有，未读全": "E9E5F4",
    "缺失": "F6D9D6",
    "需人工核对": "E9E5F4",
}
_QUOTE_CHARS = 160  # a table cell is no place for a page of text
_NAMES = (
    ("申请单位", "applicant.name"),
    ("统一社会信用代码", "applicant.uscc"),
    ("法定代表人", "applicant.legal_representative"),
    ("模型名称", "model.name"),
    ("模型版本", "model.version"),
    ("服务名称", "service.name"),
    ("基础模型", "base_model.name"),
    ("基础模型备案号", "base_model.filing_no"),
    ("填报日期", "date.form"),
    ("报告日期", "date.report"),
)


def export(review: Review, pack: Pack, folder: Path, *, audience: Audience) -> Path:  # noqa: ARG001
    """Writes `opinion.docx`; the same for every audience, because only reviewers sign it."""
    view = View(review, pack)
    title = "审查意见" if review.conclusion.by else "审查意见（草稿）"
    document = parts.new("经审查人员确认" if review.conclusion.by else "草稿 · 供审查人员确认、修改")
    parts.title(document, title)
    _basic(document, view)
    _materials(document, view)
    _requirements(document, view)
    _counts(document, view)
    _issues(document, view)
    _test(document)
    _conclusion(document, view)
    parts.heading(document, "八、签署")
    parts.pairs(
        document,
        (("审查人", clean(review.conclusion.by), "日期", ""), ("复核人", "", "日期", ""), ("负责人", "", "日期", "")),
        (2.5, 7, 2.5, 5),
    )
    return parts.save(document, folder / "opinion.docx", title)


def _basic(document: Document, view: View) -> None:
    review = view.review
    parts.heading(document, "一、基本情况")
    facts = [(label, view.fact_text(name) or "—") for label, name in _NAMES]
    facts += [
        ("办理路线", say(f"route.{review.filing.route}")),
        ("审查基准日", str(review.as_of)),
        ("已补正次数", ""),
        ("收件编号", ""),
    ]
    rows = [(*left, *right) for left, right in zip(facts[::2], facts[1::2], strict=True)]
    model = review.manifest.model or "未使用语言模型"
    stamp = (
        f"{review.pack.id} {review.pack.version}（{review.pack.sha256[:12]}），程序 {review.manifest.program}，{model}"
    )
    parts.pairs(document, (*rows, ("规则与程序", stamp), ("材料指纹", view.fingerprint)), (2.9, 5.6, 2.9, 5.6))


def _materials(document: Document, view: View) -> None:
    parts.heading(document, "二、材料核对")
    parts.table(
        document,
        ("序号", "材料", "文件", "有/无/需补", "印章/签名", "页数或行数"),
        [
            (
                str(n),
                m.name,
                "\n".join(f.file for f in m.files) or (m.expected and m.expected.note) or "—",
                m.state,
                "\n".join(_marks(f) for f in m.files) or "—",
                "\n".join(_extent(f.pages, f.rows) for f in m.files) or "—",
            )
            for n, m in enumerate(view.materials, 1)
        ],
        (1, 3.3, 6.4, 2, 2.1, 2.2),
        centred=(0, 3, 4, 5),
        shades=_STATES,
    )
    unread = [(f.file, u) for f in view.review.filing.files for u in f.unreadable]
    if unread:
        parts.heading(document, "未能读取的内容", 2)
        parts.table(
            document,
            ("文件", "原因", "处理办法"),
            [(f"{file}{f' · 第{u.page}页' if u.page else ''}", u.reason, u.remedy) for file, u in unread],
            (6, 6, 5),
        )
    parts.paragraph(document, "印章、签名为图像识别结果，真伪须由审查人员核对。")


def _marks(file: ReviewedFile) -> str:
    return f"章{file.seals} 签{file.signatures}" if file.seals or file.signatures else "—"


def _extent(pages: int | None, rows: int | None) -> str:
    return f"{pages}页" if pages is not None else f"{rows:,}行" if rows is not None else "—"


def _requirements(document: Document, view: View) -> None:
    parts.heading(document, "三、要求核对表")
    failures = {f.requirement: f.reason for f in view.review.failures}
    rows = []
    for requirement, state, items in view.requirement_states:
        proof = next((e for i in items for e in i.finding.evidence), None)
        note = next((i.statement for i in items), failures.get(requirement.id, ""))
        if any(i.finding.to_be_verified for i in items):
            note += "（待核对官方文本）"
        rows.append((requirement.id, requirement.statement, state, _cite(view, proof) if proof else "—", note))
    parts.table(
        document,
        ("编号", "要求", "判定", "证据", "说明"),
        rows,
        (1.7, 4.6, 1.7, 5, 4),
        size=8.5,
        centred=(0, 2),
        shades=_STATES,
    )


def _cite(view: View, evidence: Evidence) -> str:
    where = " · ".join(filter(None, (evidence.file, place(evidence))))
    if view.withheld(evidence) or not evidence.quote:
        return where
    return f"{where}\n“{_short(evidence.quote)}”"


def _short(quote: str) -> str:
    text = clean(quote)
    return text if len(text) <= _QUOTE_CHARS else text[:_QUOTE_CHARS] + "……"


def _counts(document: Document, view: View) -> None:
    parts.heading(document, "四、计数与核对")
    rows = [
        (
            c.label,
            number(c.required),
            " / ".join(map(number, c.stated)) or "—",
            number(c.counted),
            say(f"verdict.{c.verdict}"),
            c.note,
        )
        for c in view.review.conclusion.counts_table
    ]
    if rows:
        parts.table(
            document,
            ("项目", "要求", "申报", "核算", "判定", "说明"),
            rows,
            (5, 1.9, 2.5, 1.9, 2, 3.7),
            centred=(1, 2, 3, 4),
            shades=_STATES,
        )
    sums = [
        (
            i.finding.requirement,
            i.text(c.label),
            formula(c),
            number(c.stated) + c.unit if c.stated is not None else "—",
            _verdict(i),
        )
        for i in view.of("fatal", "major", "minor", "unclear", "compliant")
        for c in i.finding.computations
    ]
    if sums:
        parts.heading(document, "算式", 2)
        parts.table(
            document, ("要求", "项目", "算式", "申报", "判定"), sums, (1.9, 3, 7.6, 2.3, 2.2), centred=(0, 3, 4)
        )
    conflicts = [row for row in view.review.conclusion.matrix if row.agrees is False]
    parts.heading(document, "前后不一致", 2)
    if conflicts:
        parts.table(
            document,
            ("事实", "各文件写法"),
            [
                (
                    row.label,
                    "\n".join(
                        f"{c.value} —— {' · '.join(filter(None, (c.file, place(c.evidence))))}" for c in row.cells
                    ),
                )
                for row in conflicts
            ],
            (3.4, 13.6),
        )
    else:
        parts.paragraph(document, "未发现各文件对同一事实写法不一致。")


def _verdict(item: Item) -> str:
    return say(f"verdict.{item.finding.verdict}")


def _issues(document: Document, view: View) -> None:
    parts.heading(document, "五、问题清单")
    items = view.of("fatal", "major", "minor")
    if not items:
        parts.paragraph(document, "未发现不符合项。")
    for item in items:
        found = parts.pairs(document, list(_issue(view, item)), (2.3, 6.2, 2.3, 6.2), size=9.5)
        severity = say(f"severity.{item.finding.severity}")
        head = f"{item.number}　{severity} · {_verdict(item)} · {item.finding.requirement}"
        if item.finding.to_be_verified:
            head += " · 待核对官方文本"
        parts.banner(found, f"{head}　　（{item.finding.id}）", _SHADES[item.group])
    unclear = view.of("unclear")
    if unclear:
        parts.heading(document, "需人工核对", 2)
        parts.table(
            document,
            ("要求", "事项", "位置", "核对结果"),
            [
                (
                    i.finding.requirement,
                    i.statement,
                    "\n".join(dict.fromkeys(_where(e) for e in i.finding.evidence)) or "—",
                    "",
                )
                for i in unclear
            ],
            (1.9, 6.6, 6, 2.5),
            centred=(0,),
        )


def _issue(view: View, item: Item) -> Iterator[tuple[str, ...]]:
    finding = item.finding
    yield "存在问题", item.statement
    if item.requirement:
        yield "要求", item.requirement.statement
    yield "位置与原文", "\n".join(_cite(view, e) + (f"（{e.note}）" if e.note else "") for e in finding.evidence) or "—"
    if finding.computations:
        yield "核算", "\n".join(formula(c) for c in finding.computations)
    basis = (
        f"{c.label or c.clause}（{say('verbatim.yes' if c.verbatim else 'verbatim.no')}）" for c in finding.citations
    )
    yield "依据", "\n".join(basis) or "—"
    yield "意见建议", item.advice or "—"
    origin = f"{say(f'origin.{finding.origin.kind}')} {finding.origin.name}".strip()
    yield "发现方式", origin, "可信度", f"{finding.confidence:.0%}"
    yield "审查人意见", _decision(item)


def _decision(item: Item) -> str:
    if item.decision is None:
        return "□ 确认　□ 修改　□ 排除　　说明："
    said = f"{say(f'action.{item.decision.action}')}（{item.decision.author}，{item.decision.at:%Y-%m-%d}）"
    return said + item.decision.reason


def _where(evidence: Evidence) -> str:
    return " · ".join(filter(None, (evidence.file, place(evidence))))


def _test(document: Document) -> None:
    parts.heading(document, "六、技术测试")
    parts.pairs(
        document,
        (
            ("测试账号", "", "测试日期", ""),
            ("题目种类与数量", "", "测试方", ""),
            ("测试结果", ""),
            ("问题示例（只列编号）", ""),
        ),
        (3.4, 5.1, 3.4, 5.1),
    )


def _conclusion(document: Document, view: View) -> None:
    conclusion = view.review.conclusion
    parts.heading(document, "七、结论")
    marks = "　".join(
        f"{'☑' if conclusion.grade == grade else '□'} {say(f'grade.{grade}')}"
        for grade in ("ready", "supplement", "return")
    )
    if conclusion.by:
        parts.paragraph(document, f"审查人结论：{marks}（{clean(conclusion.by)}）")
    else:
        parts.paragraph(document, f"程序草拟：{marks}")
        parts.paragraph(document, "审查人结论：□ 建议通过　□ 补正后再审　□ 退回")
    parts.paragraph(document, "理由：" + ("" if view.reasons else "＿＿＿＿＿＿＿＿"))
    for n, reason in enumerate(view.reasons, 1):
        parts.paragraph(document, f"{n}. {reason}")
    unclear, failures = len(view.of("unclear")), len(view.review.failures)
    parts.paragraph(document, f"尚存风险：{unclear}项需人工核对，{failures}项要求未能判断；服务实际表现未经测试。")
    if failures:
        parts.table(
            document,
            ("未能判断的要求", "环节", "原因"),
            [(f.requirement, say(f"stage.{f.stage}"), f.reason) for f in view.review.failures],
            (3, 2.5, 11.5),
            centred=(0, 1),
        )
