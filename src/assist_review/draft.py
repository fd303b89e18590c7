"""The verb `draft`: findings into a review with its conclusion, counts table and consistency matrix."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from assist_review.filing import Document, Filing
from assist_review.lists import Extraction
from assist_review.messages import message
from assist_review.regulation import Pack, Severity
from assist_review.review import (
    DIMENSIONS,
    NEGATIVE,
    Conclusion,
    CountRow,
    Dimension,
    Fact,
    Failure,
    Finding,
    Manifest,
    MatrixCell,
    MatrixRow,
    PackStamp,
    Review,
    ReviewedFile,
    ReviewedFiling,
    Verdict,
)

_ORDER = (Severity.FATAL, Severity.MAJOR, Severity.MINOR)


def draft(
    filing: Filing,
    extraction: Extraction,
    findings: Sequence[Finding],
    failures: Sequence[Failure],
    pack: Pack,
    *,
    as_of: date,
    manifest: Manifest,
) -> Review:
    """The review of `filing`; `generated_at` is the only part that differs between two equal runs."""
    ordered = sorted(findings, key=_rank)
    return Review(
        schema="assist-review/1",
        filing=ReviewedFiling(
            name=filing.name,
            files=tuple(
                [_reviewed(d) for d in filing.documents]
                + [ReviewedFile(file=f, sha256="", role="other", unreadable=(u,)) for f, u in filing.unreadable]
            ),
            route=filing.route,
            service=filing.service,
            reasons=filing.profile_reasons,
        ),
        pack=PackStamp(id=pack.id, version=pack.version, sha256=pack.sha256, overlays=pack.applied),
        as_of=as_of,
        generated_at=datetime.now(UTC).replace(microsecond=0),
        manifest=manifest,
        facts=extraction.facts,
        findings=tuple(ordered),
        failures=tuple(failures),
        conclusion=conclude(ordered, failures, pack, extraction),
    )


def _rank(finding: Finding) -> tuple[int, int, str]:
    verdicts = ("non_compliant", "missing", "unclear", "compliant", "not_applicable")
    return (
        0 if finding.verdict in NEGATIVE else verdicts.index(finding.verdict),
        _ORDER.index(finding.severity),
        finding.requirement,
    )


def _reviewed(document: Document) -> ReviewedFile:
    marks = Counter(m.kind for m in document.marks)
    return ReviewedFile(
        file=document.file, sha256=document.sha256, role=document.role, role_reason=document.role_reason,
        pages=document.pages, rows=document.rows, ocr_pages=document.ocr_pages, seals=marks["seal"],
        signatures=marks["signature"], hidden=len(document.hidden), unreadable=document.unreadable,
    )  # fmt: skip


def conclude(
    findings: Sequence[Finding], failures: Sequence[Failure], pack: Pack, extraction: Extraction
) -> Conclusion:
    """The draft conclusion: *return* for a standing fatal finding, *supplement* for a major one, else *ready*."""
    open_ones = [f for f in findings if f.verdict in NEGATIVE]
    # A requirement whose wording was not seen in an official text alone never returns a filing.
    fatal = [f for f in open_ones if f.severity == Severity.FATAL and not f.to_be_verified]
    grave = [f for f in open_ones if f.severity in (Severity.FATAL, Severity.MAJOR)]
    grade: Literal["ready", "supplement", "return"] = (
        "return" if fatal else "supplement" if grave or failures else "ready"
    )
    counts = Counter(f.verdict for f in findings)
    return Conclusion(
        grade=grade,
        reasons=tuple(_reasons(fatal or grave or open_ones, open_ones, failures, counts, pack)),
        dimensions=_dimensions(findings, pack),
        counts={
            **{v: counts[v] for v in ("non_compliant", "missing", "unclear", "compliant", "not_applicable")},
            **{s.value: sum(f.severity == s for f in open_ones) for s in _ORDER},
            "failures": len(failures),
        },
        counts_table=tuple(_counts_table(extraction, pack)),
        matrix=tuple(_matrix(extraction)),
    )


def _reasons(
    leading: Sequence[Finding],
    open_ones: Sequence[Finding],
    failures: Sequence[Failure],
    counts: Counter[Verdict],
    pack: Pack,
) -> Iterable[str]:
    if open_ones:
        by = Counter(f.severity for f in open_ones)
        yield message(
            pack.lexicon, "draft.problems", total=len(open_ones), fatal=by[Severity.FATAL], major=by[Severity.MAJOR],
            minor=by[Severity.MINOR],
        )  # fmt: skip
    else:
        yield message(pack.lexicon, "draft.none")
    for finding in leading[:6]:
        yield message(pack.lexicon, "draft.reason", requirement=finding.requirement, statement=finding.statement)
    if counts["unclear"]:
        yield message(pack.lexicon, "draft.unclear", count=counts["unclear"])
    if failures:
        yield message(pack.lexicon, "draft.failures", count=len(failures))


def _dimensions(findings: Sequence[Finding], pack: Pack) -> dict[str, Dimension]:
    of = {r.id: r.dimension for r in pack.requirements}
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[of.get(finding.requirement, "materials")].append(finding)
    return {
        name: Dimension(
            name=name,
            label=message(pack.lexicon, f"dimension.{name}"),
            verdicts=dict(Counter(f.verdict for f in grouped[name])),
            worst=next(
                (s for s in _ORDER if any(f.verdict in NEGATIVE and f.severity == s for f in grouped[name])), None
            ),
        )
        for name in DIMENSIONS
    }


_TOTALS = (
    ("keywords.total", "拦截关键词总数", 10000), ("questions.generated.total", "生成内容测试题库", 2000),
    ("questions.refuse.total", "应拒答测试题库", 500), ("questions.answer.total", "非拒答测试题库", 500),
)  # fmt: skip
_STATED = (
    ("corpus.sample.size", "语料人工抽检数", 4000), ("corpus.sample.rate", "语料人工抽检合格率（%）", 96),
    ("corpus.tech_sample.rate", "语料技术抽检合格率（%）", 98), ("generated.manual.rate", "生成内容人工抽检合格率（%）", 90),
    ("generated.keyword.rate", "生成内容关键词抽检合格率（%）", 90), ("generated.classifier.rate", "生成内容分类模型抽检合格率（%）", 90),
    ("refusal.rate", "应拒答题拒答率（%）", 95), ("over_refusal.rate", "非拒答题拒答率（%，上限）", 5),
)  # fmt: skip


def _counts_table(extraction: Extraction, pack: Pack) -> Iterable[CountRow]:
    if not pack.risks:
        return  # a pack that counts no risks asks for no lists
    for name, label, required in _TOTALS:
        yield _count_row(extraction, name, label, required, _counted(extraction, name))
    for name, label, required in _STATED:
        yield _count_row(extraction, name, label, required, None, most=name == "over_refusal.rate")
    for bank, least in (
        ("keywords", "keywords_min"),
        ("generated", "generated_min"),
        ("refuse", "refuse_min"),
        ("answer", "answer_min"),
    ):
        for risk in pack.risks:
            floor = getattr(risk, least)
            if floor is None or not extraction.bank(bank):
                continue
            name = f"keywords.{risk.id}" if bank == "keywords" else f"questions.{bank}.{risk.id}"
            counted = _counted(extraction, name) or 0
            yield _count_row(extraction, name, f"{_BANKS[bank]}·{risk.name}", floor, counted)


def _counted(extraction: Extraction, name: str) -> float | None:
    """What was counted: a list with doubles has two counts, all rows and distinct entries, and the lower one decides."""
    return min((float(f.value) for f in extraction.named(name) if f.counted), default=None)


_BANKS = {"keywords": "关键词", "generated": "生成内容题", "refuse": "应拒答题", "answer": "非拒答题"}


def _count_row(
    extraction: Extraction, name: str, label: str, required: float, counted: float | None, *, most: bool = False
) -> CountRow:
    stated = tuple(
        dict.fromkeys(float(f.value) for f in extraction.named(name) if not f.counted and not isinstance(f.value, str))
    )
    value = counted if counted is not None else (min(stated) if stated else None)
    verdict: Verdict = "unclear"
    if value is not None:
        verdict = "compliant" if (value <= required if most else value >= required) else "non_compliant"
    return CountRow(name=name, label=label, required=required, stated=stated, counted=counted, verdict=verdict)


_MATRIX = (
    ("applicant.name", "单位全称"), ("applicant.uscc", "统一社会信用代码"), ("applicant.legal_representative", "法定代表人"),
    ("applicant.address", "地址"), ("model.name", "模型名称"), ("model.version", "模型版本"), ("model.parameters", "参数规模"),
    ("base_model.name", "基础模型"), ("base_model.filing_no", "基础模型备案号"), ("algorithm.filing_no", "算法备案编号"),
    ("corpus.total", "语料规模"), ("annotators.total", "标注人员"), ("annotation.check.functional", "功能性标注核验比例"),
    ("keywords.total", "关键词总数"), ("questions.generated.total", "生成内容题库"), ("questions.refuse.total", "应拒答题库"),
    ("questions.answer.total", "非拒答题库"), ("generated.manual.rate", "人工抽检合格率"), ("generated.keyword.rate", "关键词抽检合格率"),
    ("generated.classifier.rate", "分类模型抽检合格率"), ("refusal.rate", "应拒答拒答率"), ("over_refusal.rate", "非拒答拒答率"),
    ("monitors.total", "监看人员"), ("complaint.phone", "投诉电话"), ("complaint.email", "投诉邮箱"), ("complaint.days", "反馈时限"),
    ("persons.assessment_lead", "安全评估负责人"),
)  # fmt: skip


def _matrix(extraction: Extraction) -> Iterable[MatrixRow]:
    for name, label in _MATRIX:
        cells: dict[tuple[str, str], MatrixCell] = {}
        for fact in extraction.named(name):
            value = _value(fact)
            cells.setdefault(
                (fact.evidence.file, value),
                MatrixCell(role=fact.role, file=fact.evidence.file, value=value, evidence=fact.evidence),
            )
        if not cells:
            continue
        by_file: dict[str, set[str]] = defaultdict(set)
        for cell in cells.values():
            by_file[cell.file].add(cell.value.casefold())
        sets = list(by_file.values())
        agrees = None if len(sets) < 2 else all(a & b for i, a in enumerate(sets) for b in sets[i + 1 :])
        yield MatrixRow(fact=name, label=label, cells=tuple(cells.values()), agrees=agrees)


def _value(fact: Fact) -> str:
    if isinstance(fact.value, str):
        return fact.value
    number = float(fact.value)
    text = f"{int(number):,}" if number == int(number) else f"{number:,.4f}".rstrip("0")
    return f"{text}{fact.unit or ''}"
