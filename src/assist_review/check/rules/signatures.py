"""Seals and signatures on scanned pages, and whether the persons named are the same everywhere."""

import re
from collections.abc import Iterator

from assist_review.check.context import Context, Say, absent
from assist_review.check.rules.agreement import conflicting, unsure_on_scans, value_text
from assist_review.filing import Document, Mark
from assist_review.passages import evidence
from assist_review.review import Evidence, Finding
from assist_review.text import fold


def _scans(context: Context, say: Say) -> list[Document]:
    """Documents that may carry the seal: of the roles asked for; `pages` narrows evidence to signature pages."""
    words = say.params.get("pages")
    found = list(context.filing.of(*say.params["roles"]))
    if words:
        keys = {r.file: r for r in context.readings}
        found = [
            d for d in found if any(keys[d.file].has(w) for w in words) or any(fold(w) in fold(d.file) for w in words)
        ]
    return [d for d in found if d.marks or d.ocr_pages or d.format == "image"]


def marks(context: Context, say: Say) -> Iterator[Finding]:
    """A seal of the applicant and every wanted signature are on the scanned page of `roles`."""
    scans = _scans(context, say)
    label = say.params.get("label", "签章页")
    if not scans:
        home = context.filing.of("form", "report")
        if say.params.get("absent") == "missing" and home:
            yield say.missing(
                f"材料中没有{label}的签字盖章扫描件。", [absent(home[0].file)], defect=say.code("none"), confidence=0.7
            )
        else:
            yield say.unclear(f"材料中没有{label}的签字盖章扫描件，需要人工核对。")
        return
    seen = [(d, m) for d in scans for m in d.marks]
    blanks = [(d, m) for d, m in seen if m.kind == "blank_signature"]
    signed = [(d, m) for d, m in seen if m.kind == "signature"]
    seals = [(d, m) for d, m in seen if m.kind == "seal"]
    problems = False
    for document, mark in blanks:
        problems = True
        yield say.wrong(
            f"{label}的“{mark.text or '签字'}”处没有签字。",
            [_at(document, mark)],
            defect=say.code("signature"),
            confidence=0.85,
        )
    if say.params.get("seal") and not seals:
        problems = True
        yield say.wrong(
            f"{label}没有发现红色公章。",
            [Evidence(file=scans[0].file, page=1, state="image")],
            defect=say.code("seal"),
            confidence=0.75,
        )
    for document, mark in seals:
        other = _other_name(context, mark)
        if other:
            problems = True
            yield say.wrong(
                f"{label}所盖印章为“{other}”，与申请单位“{_applicant(context)}”不一致。", [_at(document, mark)], defect=say.code("other_seal"), severity="fatal", confidence=0.8,
            )  # fmt: skip
    wanted = int(say.params.get("signatures", 0))
    if not problems and wanted and len(signed) < wanted:
        yield say.unclear(
            f"{label}识别到{len(signed)}处签字，应有{wanted}处，需要人工核对。", [_at(d, m) for d, m in signed]
        )
    elif not problems:
        yield say.fine(f"{label}有公章和{len(signed)}处签字。", [_at(d, m) for d, m in (*seals[:1], *signed[:3])])


def _at(document: Document, mark: Mark) -> Evidence:
    return Evidence(
        file=document.file, page=mark.place.page, bbox=mark.place.bbox, state="image", note=mark.text or mark.kind
    )


def _applicant(context: Context) -> str:
    return next((str(f.value) for f in context.extraction.named("applicant.name", "form", "report")), "")


_COMPANY = re.compile(r"[\u4e00-\u9fff（）()]{4,30}(?:公司|中心|研究院|研究所|集团|大学|学院|事务所|协会)")


def _other_name(context: Context, mark: Mark) -> str:
    """The name on a seal where it is clearly a company other than the applicant; "" where it agrees or is unreadable."""
    own = fold(_applicant(context))
    match = _COMPANY.search(mark.text)
    if not match or not own:
        return ""
    name = fold(match[0])
    if len(name) < 6 or name in own or own in name:
        return ""
    if _misread(name, own):
        return ""
    mine = {own[i : i + 2] for i in range(len(own) - 1)}
    seen = [name[i : i + 2] for i in range(len(name) - 1)]
    return match[0] if sum(p in mine for p in seen) / len(seen) < 0.65 else ""


_TRADES = re.compile(
    "科技|网络|信息|技术|数字|数据|智能|文化|传媒|集团|贸易|商务|软件|教育|医疗|咨询|投资|实业|服务|通信|电子"
)


def _misread(name: str, own: str) -> bool:
    """Whether a seal's name is the applicant's with single characters misread: OCR turns no trade word into another."""
    if len(name) != len(own):
        return False
    runs = [
        m.span() for m in re.finditer("x+", "".join("=" if a == b else "x" for a, b in zip(name, own, strict=True)))
    ]
    wrong = sum(b - a for a, b in runs)
    return wrong <= 0.4 * len(own) and not any(b - a > 2 or _TRADES.search(name[a:b]) for a, b in runs)


def signers(context: Context, say: Say) -> Iterator[Finding]:
    """The person named by each of `facts` is the same in all documents; `apart` asks that two facts differ."""
    problems = 0
    seen: list[Evidence] = []
    for name, label in say.params.get("facts", {}).items():
        facts = unsure_on_scans(context, list(context.extraction.named(name)))
        seen += [f.evidence for f in facts[:1]]
        clash = conflicting(facts)
        if clash:
            problems += 1
            values = "；".join(f"{f.evidence.file.rsplit('/', 1)[-1]}为{value_text(f)}" for f in clash)
            yield say.wrong(
                f"{label}在材料中不一致：{values}。", [f.evidence for f in clash], defect=say.code("differs")
            )
    apart = say.params.get("apart")
    if apart:
        one, two = (context.extraction.named(n, "report", "form", "evidence") for n in apart)
        both = [(a, b) for a in one for b in two if fold(str(a.value)) == fold(str(b.value))]
        noted = any(
            re.search("负责人|评估|合法性", fold(evidence(h).quote))
            for r in context.reading("report", "evidence")
            for t in ("兼任", "一人担任", "兼顾", "身兼", "由同一人担任", "同一人承担", "兼职合法性")
            for h in r.find(t)
        )
        if both and not noted:
            problems += 1
            a, b = both[0]
            yield say.wrong(
                f"{a.value}同时担任整体评估负责人和合法性评估负责人，没有兼任说明。", [b.evidence, a.evidence], defect=say.code("same_person"), confidence=0.8,
            )  # fmt: skip
    if seen and not problems:
        yield say.fine("责任人在各材料中一致。", seen[:3])
