"""`report.html`: a run as one page that needs nothing else, not even a script."""

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assist_review.evaluate import plots
from assist_review.evaluate.cases import SetAside
from assist_review.evaluate.compare import Comparison
from assist_review.evaluate.intervals import Rate, rate
from assist_review.evaluate.metrics import Metrics
from assist_review.evaluate.runs import RunManifest
from assist_review.evaluate.score import Score
from assist_review.export.view import clean
from assist_review.export.words import WORDS

if TYPE_CHECKING:
    from assist_review.evaluate.batch import Row
    from assist_review.evaluate.mutation import MutationReport

NEED_WORDS: dict[str, plots.Words] = {
    "count": ("清点", "Counting"), "arithmetic": ("核算", "Arithmetic"), "cross": ("跨文件比对", "Cross-document"),
    "rule": ("固定规则", "Fixed rule"), "judgement": ("研判", "Judgement"), "image": ("看图", "Image"),
}  # fmt: skip
STAGE_WORDS: dict[str, plots.Words] = {
    "read": ("读取", "Read"), "extract": ("提取事实", "Extract"), "facts": ("模型补充事实", "Model: facts"),
    "retrieve": ("检索", "Retrieve"), "check": ("对照要求", "Check"), "ask": ("模型阅读", "Model: reading"),
    "prove": ("核对证据与成稿", "Prove and draft"), "revise": ("模型拟修改", "Model: revisions"),
}  # fmt: skip
PROFILE_WORDS: dict[str, plots.Words] = {
    "clean": ("无缺陷", "Clean"), "light": ("轻微", "Light"), "typical": ("典型初稿", "Typical"), "hopeless": ("严重不合格", "Hopeless"),
}  # fmt: skip
TRUTH_WORDS: dict[str, plots.Words] = {
    "defect": ("有缺陷", "Defect"), "arguable": ("可议", "Arguable"), "clean": ("无缺陷", "Clean"),
}  # fmt: skip
VERDICT_WORDS: dict[str, plots.Words] = {
    "negative": ("报出问题", "Problem raised"), "unclear": ("需人工核对", "Needs a person"), "compliant": ("符合", "Compliant"),
    "not_applicable": ("不适用", "Not applicable"),
}  # fmt: skip
FAMILIES: dict[str, plots.Words] = {
    "A": ("完整性、形式、主体", "Completeness and subject"), "B": ("路线与基础模型", "Route and base model"), "C": ("语料", "Corpus"),
    "D": ("标注", "Annotation"), "E": ("关键词", "Keywords"), "F": ("题库", "Question banks"), "G": ("评估结果", "Results"),
    "H": ("协议与隐私", "Agreement and privacy"), "I": ("安全措施", "Measures"), "K": ("一致性与残留", "Consistency and residue"),
    "L": ("文件完好", "File integrity"), "T": ("测试通道", "Test channel"),
}  # fmt: skip
_LISTED = 400  # lines of a list that are shown


class _Panel(NamedTuple):
    name: str
    words: plots.Words
    metrics: Metrics
    severity: Markup
    need: Markup
    reliability: Markup
    coverage: Markup


def render(
    manifest: RunManifest,
    scores: Sequence[Score],
    metrics: dict[str, Metrics],
    aside: Sequence[SetAside],
    comparison: Comparison | None = None,
) -> str:
    """The page of an evaluation run; `metrics` holds "all" first."""
    return _page(
        "report.html.j2", manifest, panels=tuple(_panel(name, m) for name, m in metrics.items()), scores=scores,
        whole=metrics["all"], aside=aside, comparison=comparison, heat=tuple(_heat(scores)),
        stages=plots.stages([(s.case, s.cost.seconds) for s in scores if s.cost.seconds], STAGE_WORDS),
        missed=tuple((s, d) for s in scores for d in _worst_first(s)), worst=tuple(_worst(metrics["all"])),
        moves=_moves(comparison) if comparison else None, profiles=PROFILE_WORDS, stage_words={k: v for k, v in STAGE_WORDS.items() if any(k in s.cost.seconds for s in scores)},
        truths=TRUTH_WORDS, verdicts=VERDICT_WORDS, listed=_LISTED,
    )  # fmt: skip


def render_mutations(manifest: RunManifest, report: "MutationReport") -> str:
    """The page of a mutation run."""
    families: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    codes = {row.operator: row.codes for row in report.rows}
    for m in report.mutations:
        if m.planted:
            families[codes[m.operator][0][0]].append((m.operator, m.caught))
    rows = [((f"{k} {FAMILIES[k][0]}", f"{k} {FAMILIES[k][1]}"), rate(v), "need") for k, v in sorted(families.items())]
    return _page(
        "mutations.html.j2",
        manifest,
        report=report,
        plot=plots.intervals(rows, wide=150),
        rows=report.rows,
        describe={row.operator: row.describe for row in report.rows},
        missed=[m for m in report.mutations if m.planted and not m.caught],
    )


def render_batch(manifest: RunManifest, rows: Sequence["Row"]) -> str:
    """The page of a batch."""
    codes = Counter(code for row in rows for code in row.codes)
    return _page(
        "batch.html.j2",
        manifest,
        rows=rows,
        failed=[r for r in rows if r.error],
        fatal=sum(r.counts.get("fatal", 0) for r in rows),
        unclear=sum(r.counts.get("unclear", 0) for r in rows),
        codes=codes.most_common(20),
    )


def _page(template: str, manifest: RunManifest, **values: Any) -> str:
    script = _asset("report.js")
    css = _house_css() + _asset("report.css")
    mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template(template)
        .render(
            manifest=manifest,
            css=Markup(css),
            script=Markup(script),
            script_hash=f"sha256-{mark}",
            w=_words,
            percent=plots.percent,
            between=plots.between,
            word=_known,
            share=_share,
            **values,
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assist_review.evaluate"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    filters: dict[str, Callable[..., Any]] = {"clean": clean}
    environment.filters |= filters
    return environment


def _asset(name: str) -> str:
    return resources.files("assist_review.evaluate").joinpath("templates", name).read_text(encoding="utf-8")


def _house_css() -> str:
    """The style sheet of the review page: one house, one look."""
    return resources.files("assist_review.export").joinpath("templates", "review.css").read_text(encoding="utf-8")


def _words(chinese: str, english: str) -> Markup:
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(chinese, english)


def _known(key: str) -> Markup:
    """Words of the review page, by key."""
    return _words(*WORDS.get(key, (key, key)))


def _share(rate: Rate) -> Markup:
    """A rate in a table: the share, then k/n and the interval."""
    if rate.value is None:
        return Markup('<span class="aside">—</span>')
    return Markup('<b>{}</b> <span class="aside">{}/{}{}</span>').format(
        plots.percent(rate.value), rate.k, rate.n, f", {plots.between(rate)}" if rate.n > 1 else ""
    )


def _panel(name: str, m: Metrics) -> _Panel:
    words = ("全部", "All") if name == "all" else (name, name)
    return _Panel(
        name=name,
        words=words,
        metrics=m,
        severity=plots.intervals(
            [(WORDS[f"severity.{s}"], r, s) for s, r in m.recall_by_severity.items()]
            + [(("全部", "All"), m.recall, "whole")]
        ),
        need=plots.intervals([(NEED_WORDS.get(n, (n, n)), r, "need") for n, r in m.recall_by_need.items()], wide=118),
        reliability=plots.reliability(m.calibration.bins),
        coverage=plots.risk_coverage(m.calibration.curve),
    )


def _worst_first(score: Score) -> list[Any]:
    order = ("fatal", "major", "minor")
    return sorted(score.missed, key=lambda d: order.index(d.severity))


def _worst(m: Metrics) -> Iterator[tuple[plots.Words, Rate]]:
    """The groups of defects caught least, for which there is more than a single case to go by."""
    groups: list[tuple[plots.Words, Rate]] = [(NEED_WORDS.get(n, (n, n)), r) for n, r in m.recall_by_need.items()]
    families: dict[str, list[Rate]] = defaultdict(list)
    for code, found in m.recall_by_code.items():
        families[code[0]].append(found)
    for letter, rates in families.items():
        k, n = sum(r.k for r in rates), sum(r.n for r in rates)
        zh, en = FAMILIES.get(letter, (letter, letter))
        whole = Rate(k=k, n=n, value=k / n, low=None, high=None) if n else rates[0]
        groups.append(((f"{letter} {zh}", f"{letter} {en}"), whole))
    known = [g for g in groups if g[1].n >= 3 and g[1].value is not None and g[1].value < 1]
    yield from sorted(known, key=lambda g: g[1].value or 0)[:6]


def _heat(scores: Sequence[Score]) -> Iterator[tuple[plots.Words, str, Markup]]:
    """One block per family of codes."""
    codes: dict[str, dict[str, list[tuple[bool, str]]]] = defaultdict(lambda: defaultdict(list))
    for s in scores:
        words = {d.id: d.explanation for d in (*s.raised, *s.missed)}
        for d in s.defects:
            codes[d.code][s.case].append((d.caught, f"{s.case} {d.id} {words.get(d.id, '')}"))
    names = [s.case for s in scores]
    for letter in sorted({c[0] for c in codes}):
        rows = []
        for code in sorted(c for c in codes if c[0] == letter):
            cells = [_cell(codes[code].get(name, [])) for name in names]
            every = [hit for hits in codes[code].values() for hit, _ in hits]
            rows.append((code, cells, f"{sum(every)}/{len(every)}"))
        yield FAMILIES.get(letter, (letter, letter)), letter, plots.heat(rows, names)


def _cell(hits: Sequence[tuple[bool, str]]) -> plots.Cell:
    if not hits:
        return "none", ""
    caught = sum(hit for hit, _ in hits)
    state = "caught" if caught == len(hits) else "mixed" if caught else "missed"
    return state, "\n".join(f"{'✓' if hit else '✗'} {tip}" for hit, tip in hits)


def _moves(comparison: Comparison) -> Markup:
    return plots.dumbbell([((m.label, m.name), m.old, m.new, m.regression) for m in comparison.measures])
