"""The command line: thin doors to the pipeline. Heavy modules are imported inside the commands."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from assist_review import __version__
from assist_review.cli import evaluation
from assist_review.cli.law import attach as attach_law
from assist_review.errors import AssistReviewError

_PROCESSES = max(2, min(4, os.cpu_count() or 2))
app = typer.Typer(
    name="assist-review",
    help="生成式人工智能服务备案（登记）材料审查：读取材料包，对照规则包，给出附证据的审查草稿。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
regulations = typer.Typer(help="查看和检索规则包中的法规、条款和要求。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(regulations, name="regulations")
audit = typer.Typer(help="网站的审计记录。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit, name="audit")
app.add_typer(evaluation.evaluate, name="evaluate")
app.command("batch")(evaluation.batch)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"assist-review {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """生成式人工智能服务备案（登记）材料审查。"""


@app.command()
def check(
    packages: Annotated[list[Path], typer.Argument(help="材料包：文件夹、ZIP 或单个文件，可以有多个。")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="审查日（YYYY-MM-DD），决定适用哪些规则，默认今天。")
    ] = None,
    also_as_of: Annotated[
        str | None, typer.Option("--also-as-of", help="另一个审查日：另外列出两天之间结论不同的要求和原因。")
    ] = None,
    route: Annotated[
        str | None, typer.Option(help="备案路线：filing（备案）或 registration（登记），默认自动识别。")
    ] = None,
    service: Annotated[list[str] | None, typer.Option(help="更正服务情况，如 minors=true，可重复。")] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="更正文件类别，如 附件3.docx=annotation_rules，可重复。")
    ] = None,
    password: Annotated[list[str] | None, typer.Option(help="加密文件的密码，可重复；不写入报告。")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="报告输出文件夹，每个材料包一个子文件夹。")] = Path("out"),
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help="输出格式：json html opinion notice xlsx，可重复，默认全部。"),
    ] = None,
    audience: Annotated[
        str, typer.Option("--for", help="报告对象：applicant（申请单位自查）或 reviewer（审查人员）。")
    ] = "reviewer",
    fail_on: Annotated[
        str, typer.Option("--fail-on", help="达到该程度的问题时返回 1：fatal、major、minor。")
    ] = "fatal",
    pack: Annotated[str, typer.Option(help="规则包。")] = "cn-genai",
    overlay: Annotated[
        list[str] | None, typer.Option(help="另外采用的叠加（地方、模板），可重复；与行业、属地相符的自动采用。")
    ] = None,
    ocr: Annotated[bool, typer.Option("--ocr/--no-ocr", help="是否识别扫描件。")] = True,
    cache: Annotated[bool, typer.Option("--cache/--no-cache", help="是否按文件内容缓存解析结果。")] = True,
    jobs: Annotated[int, typer.Option(min=1, help="同时解析的文件数。")] = 2,
    llm: Annotated[
        str | None,
        typer.Option("--llm", help="模型，提供方:模型，如 deepseek:deepseek-chat；默认不用。见 docs/models.md。"),
    ] = None,
    llm_base_url: Annotated[
        str | None, typer.Option("--llm-base-url", help="模型接口地址；密钥只从环境变量读取。")
    ] = None,
    llm_context: Annotated[
        int | None, typer.Option("--llm-context", help="模型窗口（token），默认询问接口；决定通读整份还是逐段阅读。")
    ] = None,
    mask: Annotated[
        bool | None, typer.Option("--mask/--no-mask", help="发送前遮盖个人信息和密钥；不在本机的接口默认遮盖。")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=1, help="一次审查的 token 上限。")] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", min=0, help="一次审查的费用上限，按设置中的价目计算。")
    ] = None,
    record: Annotated[Path | None, typer.Option("--record", help="把模型的全部回答录进文件。")] = None,
    replay: Annotated[Path | None, typer.Option("--replay", help="用录制的回答重做审查，不连接模型。")] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="只估计要问多少次、多少 token、多少费用。")] = False,
) -> None:
    """审查一个或多个材料包，写出报告。返回码：0 无达到 --fail-on 的问题，1 有，2 无法读取或用法错误。"""
    from assist_review.cli.review import Request, review_all

    request = Request(
        as_of=as_of, route=route, service=service or [], roles=role or [], passwords=password or [], out=out,
        formats=format_ or [], audience=cast(Any, audience), fail_on=fail_on, pack=pack, ocr=ocr, cache=cache, jobs=jobs,
        overlays=tuple(overlay or ()),
    )  # fmt: skip
    from assist_review.cli.model import estimate_all
    from assist_review.llm.asked import Asked, model_choice

    choice = model_choice(
        Asked(llm, llm_base_url, llm_context, mask, max_tokens, max_cost, record, replay)
    )  # fmt: skip
    if estimate:
        raise typer.Exit(estimate_all(packages, request, choice))
    code = review_all(packages, request, choice)
    if also_as_of is not None:
        from assist_review.cli.flips import flip_all

        flip_all(packages, request, also_as_of)
    raise typer.Exit(code)


@app.command()
def verify(
    report: Annotated[Path, typer.Argument(help="review.json。")],
    package: Annotated[Path, typer.Argument(help="当时审查的材料包。")],
    pack: Annotated[str, typer.Option(help="规则包。")] = "cn-genai",
) -> None:
    """重新证明一份报告：引文、条款、算式、结论；有任何不符返回 1。"""
    from assist_review.cli.review import verify_report

    raise typer.Exit(verify_report(report, package, pack))


@app.command("revise")
def revise_(
    package: Annotated[Path, typer.Argument(help="材料包：文件夹、ZIP 或单个文件；原文件不改动。")],
    report: Annotated[Path, typer.Argument(help="该材料包的 review.json。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="带修订的文件写到这里。")] = Path("revised"),
    read_back: Annotated[
        bool, typer.Option("--read-back", help="PACKAGE 是改过的文件夹：读出哪些修订被接受、哪些被拒绝。")
    ] = False,
    author: Annotated[str, typer.Option(help="修订和批注的作者。")] = "assist-review",
) -> None:
    """把修改建议写回 DOCX：真正的修订和引用条款的批注，可在 Word 中逐条接受或拒绝。"""
    from assist_review.cli.revise import read_back_all, write_revisions

    run = read_back_all if read_back else write_revisions
    raise typer.Exit(run(package, report, out, author))


@app.command()
def schema() -> None:
    """输出 review.json 的 JSON Schema。"""
    import json

    from assist_review.export.json import schema as make

    typer.echo(json.dumps(make(), ensure_ascii=False, indent=1))


@app.command()
def doctor() -> None:
    """检查运行环境：已安装的组件、可选组件、规则包和缓存位置。"""
    from assist_review.cli.doctor import examine

    raise typer.Exit(examine())


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="监听端口。")] = 8000,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="建立示例账号和示例申请（生产环境不建立）。")] = True,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="同时启动后台任务进程。")] = True,
    processes: Annotated[int, typer.Option(min=1, help="网站进程数，缺省与核数相同（2 至 4）。")] = _PROCESSES,
) -> None:
    """启动网站：申请单位提交、审查人员确认。默认使用本机 SQLite，生产设置见 docs/web.md。"""
    from assist_review.web.serve import serve as run

    raise typer.Exit(run(host, port, demo=demo, worker=worker, processes=processes))


@audit.command("verify")
def audit_verify(
    head: Annotated[str, typer.Option(help="以前记下的最新校验值，用于发现末尾被删除。")] = "",
) -> None:
    """验证审计记录前后衔接、未被改动；有不符返回 1。"""
    from assist_review.cli.web import verify_audit

    raise typer.Exit(verify_audit(head))


@regulations.command("list")
def list_(
    what: Annotated[
        str, typer.Argument(help="instruments（法规标准）、requirements（要求）或 risks（风险）。")
    ] = "instruments",
    pack: Annotated[str, typer.Option(help="规则包。")] = "cn-genai",
) -> None:
    """列出规则包的内容。"""
    from assist_review.cli.rules import show_list

    show_list(what, pack)


@regulations.command()
def show(
    identifier: Annotated[str, typer.Argument(help="要求编号（CON-02）、条款编号（pipl-2021:17）或法规编号。")],
    pack: Annotated[str, typer.Option(help="规则包。")] = "cn-genai",
) -> None:
    """显示一项要求、一个条款或一部法规。"""
    from assist_review.cli.rules import show_one

    show_one(identifier, pack)


@regulations.command()
def search(
    text: Annotated[str, typer.Argument(help="要检索的内容，如“日志保存多久”。")],
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=50, help="显示条数。")] = 8,
    pack: Annotated[str, typer.Option(help="规则包。")] = "cn-genai",
    embeddings: Annotated[
        str | None, typer.Option(help="向量来源：openai:<模型>（OpenAI 兼容接口）或 onnx:<文件夹>；默认内置字符向量。")
    ] = None,
) -> None:
    """由内容检索条款。"""
    from assist_review.cli.rules import show_search

    show_search(text, limit, pack, embeddings)


attach_law(regulations, app)


def main() -> None:
    """Entry point: explains expected errors in one line on stderr, exit code 2."""
    try:
        app()
    except AssistReviewError as error:
        typer.secho(f"错误：{error}", fg="red", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.secho("已中断。已解析的文件保存在缓存中，再次运行会接着进行。", fg="yellow", err=True)
        sys.exit(130)
