"""The commands `evaluate retrieval`, `evaluate entailment` and `evaluate harvest`."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assist_review import packs
from assist_review.cli.evaluate import bar, shown
from assist_review.evaluate.intervals import Mean
from assist_review.settings import cache_folder


def _mean(value: Mean) -> str:
    if value.value is None:
        return "—"
    return f"{value.value:.3f}" + (f" ({value.low:.3f}–{value.high:.3f})" if value.low is not None else "")


def _write(out: Path | None, body: Any) -> None:
    if out is None:
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def show_retrieval(corpus: Path, queries: Path, qrels: Path, embeddings: list[str], out: Path | None) -> None:
    """Prints one line per retriever."""
    from assist_review.evaluate.retrieval import measure_retrieval

    with bar(Console(stderr=True), "检索") as show:
        scores = measure_retrieval(
            corpus, queries, qrels, embeddings=embeddings, tell=lambda done, whole: show("", done, whole)
        )
    first = scores[0]
    table = Table(title=f"检索：{first.documents}个文档，{first.queries}个查询（95%区间）", title_justify="left")
    for heading in ("检索方式", "R@5", "R@10", "R@100", "MRR@10", "MRR@100", "nDCG@10", "毫秒/查询"):
        table.add_column(heading, overflow="fold")
    for s in scores:
        values = (*s.recall.values(), s.mrr_10, s.mrr, s.ndcg)
        table.add_row(
            s.retriever, *(_mean(v) for v in values), "" if s.ms_per_query is None else f"{s.ms_per_query:.1f}"
        )
    Console().print(table)
    _write(out, [s.model_dump(mode="json") for s in scores])


def show_entailment(data: Path, fit: Path | None, out: Path | None) -> None:
    """Prints the scores of the offline answerer."""
    from assist_review.evaluate.entailment import Rules, measure_entailment, read_pairs

    pairs = read_pairs(data)
    rules = Rules().fit(read_pairs(fit)) if fit else Rules()
    score = measure_entailment(pairs, rules(pairs), f"检索与规则（阈值 {rules.mentioned:g}）")
    table = Table(title=f"{score.answerer}：{score.documents}个文本，{score.pairs}对", title_justify="left")
    table.add_column("指标")
    table.add_column("结果", justify="right")
    table.add_row("标签正确率", shown(score.accuracy))
    table.add_row("总答最多的一类", "—" if score.majority is None else f"{score.majority:.0%}")
    for label, of in score.classes.items():
        table.add_row(f"{label} F1", "—" if of.f1 is None else f"{of.f1:.3f}")
        table.add_row("  精确率 / 召回", f"{shown(of.precision)} / {shown(of.recall)}")
    table.add_row("证据第一条正确", shown(score.evidence_first))
    table.add_row("证据召回 / 精确率（前5条）", f"{shown(score.evidence_found)} / {shown(score.evidence_right)}")
    table.add_row("证据 mAP（前5条）", _mean(score.evidence_map))
    console = Console()
    console.print(table)
    console.print("这是不用模型的水平：检索和词语比对，不理解文意，只宜作底线。", highlight=False)
    _write(out, score.model_dump(mode="json"))


def harvest_case(report: Path, package: Path, out: Path, pack_id: str) -> int:
    """Makes a labelled case out of a decided review; 1 where it has no label at all."""
    from assist_review.evaluate.harvest import harvest
    from assist_review.export.json import read
    from assist_review.extract import extract
    from assist_review.filing import Filing
    from assist_review.pipeline import Wishes, judge, understand
    from assist_review.review import Review

    review = read(report)
    pack = packs.load(packs.find(pack_id))
    settings = review.manifest.settings
    wishes = Wishes(
        route=settings.get("route"), service=settings.get("service", {}), roles=settings.get("roles", {}),
        ocr=settings.get("ocr", True),
    )  # fmt: skip
    filing, extraction = understand(package, pack=pack, wishes=wishes, cache=cache_folder() / "files")

    def again(masked: Filing) -> Review:
        return judge(masked, extract(masked.documents, pack.lexicon, pack.risks), pack=pack, as_of=review.as_of)

    made = harvest(review, filing, extraction, out, again=again)
    console = Console()
    console.print(
        f"案例 {made.folder}：{made.defects}个缺陷，{made.must_not_flag}个反例；遮盖了{made.masked}个值。",
        highlight=False,
    )
    for each in made.left_out:
        console.print(f"[yellow]未用[/] {escape(str(each))}", highlight=False, soft_wrap=True)
    console.print(
        "请复核 filing.json 是否还有不应留下的内容；这样的案例只含程序报出过的缺陷，在它上面的召回会偏高。",
        highlight=False,
    )
    return 0 if made.defects or made.must_not_flag else 1
