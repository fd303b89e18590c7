"""`notice.docx`: the draft of a 补正通知. Who issues it fills in the office, number, dates and seal."""

from collections.abc import Iterator
from pathlib import Path

from assist_review.export import docx_parts as parts
from assist_review.export.view import Item, View, clean, place
from assist_review.export.words import Audience, say
from assist_review.filing import Role
from assist_review.regulation import Pack, Severity
from assist_review.review import Evidence, Review

_EXHAUSTED = 3  # places named in one row; the rest is counted
_PROOF = {
    Role.FORM: "修改后的申请表",
    Role.REPORT: "修改后的自评估报告",
    Role.AGREEMENT: "修改后的协议，产品页面截图",
    Role.PRIVACY: "修改后的隐私政策，产品页面截图",
    Role.ANNOTATION_RULES: "修改后的标注规则",
    Role.KEYWORDS: "更新后的关键词列表（电子表格）",
    Role.QUESTIONS: "更新后的测试题集（电子表格）",
    Role.LICENCE: "有效证照的彩色扫描件",
    Role.COMMITMENT: "重新签字盖章的扫描件",
    Role.AUTHORISATION: "有效的授权文件、合同扫描件",
    Role.EVIDENCE: "相应的证明文件",
}


def export(review: Review, pack: Pack, folder: Path, *, audience: Audience) -> Path:  # noqa: ARG001
    """Writes `notice.docx`; the same for every audience, because only an office issues it."""
    view = View(review, pack)
    items = view.of("fatal", "major", "minor")
    route = say(f"route.{review.filing.route}")
    final = bool(review.conclusion.by)
    title = "补正通知" if final else "补正通知（草稿）"
    document = parts.new("经审查人员确认 · 用印后发出" if final else "草稿 · 未经审查人员确认，不得发出")
    parts.title(document, title)
    parts.paragraph(document, "发文机关：＿＿＿＿＿＿＿＿　　文号：＿＿＿＿＿＿　　第＿＿次", indent=False)
    parts.paragraph(document, "日期：＿＿＿＿年＿＿月＿＿日", indent=False)
    parts.heading(document, "一、补正对象")
    parts.pairs(
        document,
        (
            ("申请单位", view.fact_text("applicant.name") or "（材料中未识别）"),
            ("模型/服务名称", _service(view)),
            ("办理路线", route, "收件编号", ""),
            (
                "材料版本",
                f"{clean(review.filing.name)}（共{len(review.filing.files)}个文件，指纹 {view.fingerprint[:16]}）",
            ),
        ),
        (3.1, 5.9, 2.6, 5.4),
    )
    parts.heading(document, "二、依据")
    for line in _bases(items):
        parts.paragraph(document, line)
    parts.heading(document, "三、补正事项")
    if items:
        required = sum(_nature(i) == "必须" for i in items)
        parts.paragraph(
            document, f"经审查，提交的材料存在下列{len(items)}项问题，其中必须补正{required}项。请逐项补正并说明。"
        )
        parts.table(
            document,
            ("序号", "材料及位置", "存在问题", "依据", "补正要求", "需提交的证明", "性质"),
            [_row(view, item) for item in items],
            (0.95, 3.1, 3.5, 2.6, 3.35, 2.15, 1.35),
            centred=(0, 6),
        )
    else:
        parts.paragraph(document, "本次审查没有发现须补正的问题，无须发出本通知。")
    parts.heading(document, "四、期限与方式")
    parts.paragraph(
        document,
        "请于＿＿＿＿年＿＿月＿＿日前，通过＿＿＿＿＿＿＿＿提交补正说明、修改后的材料（可编辑版及签字盖章扫描件）和修改对照表。",
    )
    parts.paragraph(
        document,
        "补正说明应当逐项写明：事项原文、情况、采取的措施、修改的文件及新旧页码、证明。改动的数字须在各文件中同步修改。",
    )
    parts.paragraph(document, "联系人：＿＿＿＿＿＿　　联系方式：＿＿＿＿＿＿＿＿")
    parts.heading(document, "五、逾期或补正不全的后果")
    parts.paragraph(document, "逾期未补正或者补正后仍不符合要求的，处理方式：＿＿＿＿＿＿＿＿＿＿＿＿。")
    parts.heading(document, "六、其他")
    parts.paragraph(document, "本通知已列出本次审查发现的全部须补正事项；补正后的材料中出现新问题的，另行告知。")
    parts.paragraph(document, "（印章）", align="right").paragraph_format.keep_with_next = True
    parts.paragraph(document, "＿＿＿＿年＿＿月＿＿日", align="right")
    return parts.save(document, folder / "notice.docx", title)


def _service(view: View) -> str:
    if view.fact_text("service.name") == view.fact_text("model.name"):
        return view.model or "（材料中未识别）"
    return " / ".join(filter(None, (view.fact_text("service.name"), view.model))) or "（材料中未识别）"


def _bases(items: tuple[Item, ...]) -> Iterator[str]:
    """The instruments the items rest on, each once, in the order of first use."""
    cited = dict.fromkeys(
        c.label.partition("》")[0] + "》" for i in items for c in i.finding.citations if "》" in c.label
    )
    plain = dict.fromkeys(
        c.label.partition(" 附录")[0] for i in items for c in i.finding.citations if c.label and "》" not in c.label
    )
    names = [*cited, *plain]
    yield f"依据{'、'.join(clean(n) for n in names)}等规定。" if names else "依据：＿＿＿＿＿＿＿＿。"
    if any(not c.verbatim for i in items for c in i.finding.citations):
        yield "表中依据以程序规则包的条款编号列出，部分条款为转述，发出前请对照官方文本。"


def _nature(item: Item) -> str:
    # A duty nobody has seen in an official text is not imposed on an applicant.
    if item.finding.to_be_verified:
        return "建议\n（依据\n待核对）"
    return "建议" if item.finding.severity == Severity.MINOR else "必须"


def _row(view: View, item: Item) -> tuple[str, ...]:
    finding = item.finding
    labels = dict.fromkeys(c.label or c.clause for c in finding.citations)
    return (
        str(item.number),
        _places(finding.evidence) or "全部材料",
        item.statement,
        "；\n".join(labels) or f"审查要求 {finding.requirement}",
        _demand(item),
        _proof(view, item),
        _nature(item),
    )


def _demand(item: Item) -> str:
    revision = item.finding.revision
    if revision and revision.kind == "replace" and revision.before:
        end = "" if item.advice.endswith("。") else "。"
        if "____" in item.advice:  # a template says what to do; only a drafted text can stand in its place
            return f"就“{item.text(revision.before)}”一处：{item.advice}{end}"
        more = "".join(
            f"\n{e.file}{e.place}：将“{item.text(e.before)}”改为“{item.text(e.after)}”" for e in revision.also
        )
        return f"将“{item.text(revision.before)}”改为“{item.advice}”{end}{more}"
    if revision:
        label = say(f"revision.{revision.kind}")
        return item.advice if item.advice.startswith(label) else f"{label}：{item.advice}"
    return item.advice or "请说明情况并更正。"


def _places(evidence: tuple[Evidence, ...]) -> str:
    found = list(dict.fromkeys(" · ".join(filter(None, (e.file, place(e)))) for e in evidence))
    rest = len(found) - _EXHAUSTED
    return "\n".join(found[:_EXHAUSTED]) + (f"\n等{len(found)}处" if rest > 0 else "")


def _proof(view: View, item: Item) -> str:
    revision = item.finding.revision
    if revision and revision.kind == "attach":
        return "补交的文件"
    files = [revision.file] if revision and revision.file else [e.file for e in item.finding.evidence]
    wanted = dict.fromkeys(_PROOF[Role(role)] for f in files if (role := view.roles.get(f, "other")) in _PROOF)
    return "；\n".join(wanted) or "修改后的材料"
