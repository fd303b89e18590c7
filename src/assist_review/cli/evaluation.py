"""The command group `evaluate` and the command `batch`: options only; the work is imported when one is called."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _RunByDefault(TyperGroup):
    """`evaluate dev` is `evaluate run dev`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["run", *args]
        return super().parse_args(ctx, args)


evaluate = typer.Typer(
    cls=_RunByDefault,
    help="在有标注的材料上测量：召回、误报、证据、校准、耗时；不写子命令时就是 run。",
    rich_markup_mode=None,
)

PackOption = Annotated[str, typer.Option(help="规则包。")]
OcrOption = Annotated[bool, typer.Option("--ocr/--no-ocr", help="是否识别扫描件。")]
CacheOption = Annotated[
    bool, typer.Option("--cache/--no-cache", help="是否使用解析缓存；要测真实的读取耗时请用 --no-cache。")
]
JobsOption = Annotated[int, typer.Option(min=1, help="同时处理的材料包数。")]
SchedulerOption = Annotated[
    str | None, typer.Option(help="dask.distributed 调度器地址，如 tcp://10.0.0.5:8786；各机应能访问同样的路径。")
]
RunsOption = Annotated[Path, typer.Option("--out", "-o", help="运行结果所在的文件夹，每次运行一个子文件夹。")]
NameOption = Annotated[
    str, typer.Option(help="这次运行的名称；同名且代码、规则包、设置不变时接着做。默认由这些内容得出。")
]
LlmOption = Annotated[
    str | None, typer.Option("--llm", help="模型，提供方:模型；默认不用。答案按内容缓存，费用上限按每个材料包计算。")
]
LlmUrlOption = Annotated[str | None, typer.Option("--llm-base-url", help="模型接口地址；密钥只从环境变量读取。")]
LlmContextOption = Annotated[int | None, typer.Option("--llm-context", help="模型窗口（token），默认询问接口。")]
MaxCostOption = Annotated[float | None, typer.Option("--max-cost", min=0, help="每个材料包的费用上限。")]
AgainOption = Annotated[bool, typer.Option("--again", help="同名运行全部重做。")]


@evaluate.command("run")
def run(
    suites: Annotated[
        list[str] | None, typer.Argument(help="测试集名称或文件、案例文件夹、案例所在的文件夹；默认全部测试集。")
    ] = None,
    out: RunsOption = Path("runs"),
    name: NameOption = "",
    baseline: Annotated[
        Path | None, typer.Option(help="作为基线的运行文件夹：逐案例逐缺陷比较，显著变差或新漏致命缺陷时返回 1。")
    ] = None,
    mutate: Annotated[
        list[Path] | None,
        typer.Option(help="改为在这个材料包里自动埋入缺陷，看能查出多少；可以是自己的材料包，可重复。"),
    ] = None,
    operator: Annotated[list[str] | None, typer.Option(help="只用这些变异算子，可重复；默认全部。")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="每个变异算子埋入几次，每次换一处。")] = 1,
    as_of: Annotated[str | None, typer.Option("--as-of", help="变异测试的审查日（YYYY-MM-DD），默认今天。")] = None,
    revisions: Annotated[
        bool, typer.Option("--revisions/--no-revisions", help="是否把修改建议放回原文重新检查。")
    ] = True,
    pack: PackOption = "cn-genai",
    ocr: OcrOption = True,
    cache: CacheOption = True,
    jobs: JobsOption = 2,
    scheduler: SchedulerOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
    llm_context: LlmContextOption = None,
    max_cost: MaxCostOption = None,
    again: AgainOption = False,
) -> None:
    """在测试集上运行并计分，写出指标、网页报告和 JUnit XML。返回码：0 正常，1 比基线变差，2 没有可用的案例。"""
    from assist_review.cli.evaluate import Request, mutate_package, run_suites
    from assist_review.llm.asked import Asked, model_choice

    request = Request(
        out=out,
        name=name,
        pack=pack,
        ocr=ocr,
        cache=cache,
        jobs=jobs,
        scheduler=scheduler,
        again=again,
        choice=model_choice(Asked(llm, llm_base_url, llm_context, max_cost=max_cost)),
    )
    if mutate:
        raise typer.Exit(mutate_package(mutate, request, operators=operator or [], seeds=seeds, as_of=as_of))
    raise typer.Exit(run_suites(suites or [], request, baseline=baseline, revisions=revisions))


@evaluate.command()
def validate(
    suites: Annotated[list[str] | None, typer.Argument(help="测试集、案例文件夹；默认全部测试集。")] = None,
    pack: PackOption = "cn-genai",
    ocr: OcrOption = True,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="是否列出程序无法核对的内容。")] = True,
) -> None:
    """核对标注：文件、编号、逐字引文，可数的事实重新清点；有错误返回 1。"""
    from assist_review.cli.evaluate import validate_labels

    raise typer.Exit(validate_labels(suites or [], pack, ocr=ocr, notes=notes))


@evaluate.command()
def retrieval(
    corpus: Annotated[Path, typer.Option(help="文档：corpus.jsonl 或 corpus.jsonl.gz（_id、title、text）。")],
    queries: Annotated[Path, typer.Option(help="查询：queries.jsonl（_id、text），或者制表符分隔的编号和内容。")],
    qrels: Annotated[Path, typer.Option(help="相关性：BEIR（查询 文档 相关度）或 TREC（查询 0 文档 相关度）。")],
    embeddings: Annotated[
        list[str] | None,
        typer.Option(help="另测的向量来源：openai:<模型>、onnx:<文件夹>，或者 chars（内置字符向量），可重复。"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="另把结果写成 JSON 文件。")] = None,
) -> None:
    """在公开检索数据上测量：Recall@k、MRR、nDCG；数据由使用者提供。"""
    from assist_review.cli.yardsticks import show_retrieval

    show_retrieval(corpus, queries, qrels, embeddings or [], out)


@evaluate.command()
def entailment(
    data: Annotated[Path, typer.Argument(help="ContractNLI 格式的文件，如 test.json。")],
    fit: Annotated[Path | None, typer.Option(help="用来定阈值的另一个文件，如 dev.json；不写则用内置阈值。")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="另把结果写成 JSON 文件。")] = None,
) -> None:
    """在公开的“要求—文本”数据上测量：标签正确率、各类F1、证据；不用模型时由检索和规则作答。"""
    from assist_review.cli.yardsticks import show_entailment

    show_entailment(data, fit, out)


@evaluate.command()
def harvest(
    report: Annotated[Path, typer.Argument(help="带有人工意见的 review.json。")],
    package: Annotated[Path, typer.Argument(help="当时审查的材料包。")],
    out: Annotated[Path, typer.Argument(help="案例文件夹，应为空或者不存在。")],
    pack: PackOption = "cn-genai",
) -> None:
    """由人工意见得到标注：确认的成为缺陷，排除的成为反例；个人信息和词条、题目先行遮盖，不保留原始文件。"""
    from assist_review.cli.yardsticks import harvest_case

    raise typer.Exit(harvest_case(report, package, out, pack))


def batch(
    folder: Annotated[Path, typer.Argument(help="材料包所在的文件夹，每个子文件夹或 ZIP 是一个材料包。")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="审查日（YYYY-MM-DD），默认今天。")] = None,
    route: Annotated[
        str | None, typer.Option(help="备案路线：filing（备案）或 registration（登记），默认自动识别。")
    ] = None,
    out: RunsOption = Path("runs"),
    name: NameOption = "",
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help="每个材料包另外输出：opinion notice xlsx 等，可重复；review.json 和 review.html 总是写出。",
        ),
    ] = None,
    pack: PackOption = "cn-genai",
    ocr: OcrOption = True,
    cache: CacheOption = True,
    jobs: JobsOption = 2,
    scheduler: SchedulerOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
    llm_context: LlmContextOption = None,
    max_cost: MaxCostOption = None,
    again: AgainOption = False,
) -> None:
    """批量审查没有标注的材料包，写出总表（XLSX、CSV、网页）；中断后再次运行会接着做，一个坏包不影响其他包。"""
    from assist_review.cli.evaluate import Request, review_folder
    from assist_review.llm.asked import Asked, model_choice

    request = Request(
        out=out,
        name=name,
        pack=pack,
        ocr=ocr,
        cache=cache,
        jobs=jobs,
        scheduler=scheduler,
        again=again,
        choice=model_choice(Asked(llm, llm_base_url, llm_context, max_cost=max_cost)),
    )
    raise typer.Exit(review_folder(folder, request, as_of=as_of, route=route, formats=format_ or []))
