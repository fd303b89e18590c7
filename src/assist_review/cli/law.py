"""The commands that keep the law current: import, doubts, diff, impact, lint, new-requirement, at; and `registers`."""

from pathlib import Path
from typing import Annotated

import typer

imports = typer.Typer(help="查看和撤销已导入的官方文本。", no_args_is_help=True, rich_markup_mode=None)
registers = typer.Typer(
    help="公开名单（已备案服务、已登记应用、算法备案）：导入和查看。", no_args_is_help=True, rich_markup_mode=None
)

Pack = Annotated[str, typer.Option(help="规则包。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


def import_(
    path: Annotated[
        Path,
        typer.Argument(help="法律、法规、规章或标准的文本：Markdown、TXT、HTML、DOCX、PDF，或装有这些文件的文件夹。"),
    ],
    instrument: Annotated[
        str | None, typer.Option(help="法规编号（如 pipl-2021）；认不出或规则包中没有时指定，新编号会登记为新的法规。")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="新登记法规的施行日期，文中没有写明时指定。")] = None,
    replaces: Annotated[str | None, typer.Option(help="新登记的法规取代哪一部（编号）。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不保存。")] = False,
    doubtful: Annotated[bool, typer.Option("--doubtful", help="条号有缺漏或重复的也导入。")] = False,
    ocr: Annotated[bool, typer.Option("--ocr/--no-ocr", help="是否识别扫描件。")] = True,
    json: AsJson = False,
    pack: Pack = "cn-genai",
) -> None:
    """导入官方文本，代替规则包中的转述；每部法规要么全部导入，要么不导入，可以撤销。有未导入的返回 1。"""
    from assist_review.cli.law_show import import_texts

    raise typer.Exit(import_texts(path, instrument, from_, replaces, dry_run, doubtful, ocr, json, pack))


@imports.command("list")
def imports_list(
    everything: Annotated[bool, typer.Option("--all", help="连同已撤销的。")] = False,
    json: AsJson = False,
    pack: Pack = "cn-genai",
) -> None:
    """列出已导入的官方文本。"""
    from assist_review.cli.law_show import list_imports

    list_imports(pack, everything, json)


@imports.command("undo")
def imports_undo(
    wanted: Annotated[str, typer.Argument(help="导入编号，或法规编号（撤销该法规的全部导入）。")],
    pack: Pack = "cn-genai",
) -> None:
    """撤销导入，恢复规则包中的转述。"""
    from assist_review.cli.law_show import undo_import

    undo_import(pack, wanted)


def doubts(json: AsJson = False, pack: Pack = "cn-genai") -> None:
    """列出规则包中未确认的内容（把握 C），以及要查哪份官方文本。"""
    from assist_review.cli.law_show import show_doubts

    show_doubts(pack, json)


def diff(
    old: Annotated[Path, typer.Argument(help="旧版本：法规文本，或规则包文件夹。")],
    new: Annotated[Path, typer.Argument(help="新版本。")],
    instrument: Annotated[
        str | None, typer.Option(help="旧版本在规则包中的编号，用来找出受影响的要求；默认自动识别。")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="另写一份网页报告。")] = None,
    json: AsJson = False,
    pack: Pack = "cn-genai",
) -> None:
    """比较同一法规的两个版本，或规则包的两个版本：新增、删除、修改（逐字）、数字变化、受影响的要求。"""
    from assist_review.cli.law_show import show_diff

    show_diff(old, new, instrument, html, json, pack)


def impact(
    folder: Annotated[Path, typer.Argument(help="装有 review.json 的文件夹。")],
    old: Annotated[Path | None, typer.Option(help="与 --new 一起：只看这两个版本之间的变化。")] = None,
    new: Annotated[Path | None, typer.Option(help="新版本。")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="以哪一天为准，默认今天。")] = None,
    json: AsJson = False,
    pack: Pack = "cn-genai",
) -> None:
    """列出结论可能改变的已完成和未完成的审查，以及原因。有则返回 1。"""
    from assist_review.cli.law_show import show_impact

    raise typer.Exit(show_impact(folder, old, new, as_of, json, pack))


def at(
    folder: Annotated[
        Path, typer.Argument(help="装有各版本法规文本的文件夹，文件名带日期，如 公司法(2023-12-29).md。")
    ],
    law: Annotated[str, typer.Argument(help="法规名称，如 公司法。")],
    number: Annotated[str, typer.Argument(help="条号，如 47、第四十七条、47.p2。")],
    day: Annotated[str, typer.Argument(help="日期（YYYY-MM-DD）。")],
    json: AsJson = False,
) -> None:
    """某部法规的某一条在某一天的文本。没有返回 1。"""
    from assist_review.cli.law_show import show_at

    raise typer.Exit(show_at(folder, law, number, day, json))


def lint(
    path: Annotated[Path | None, typer.Argument(help="规则包文件夹，默认所用的规则包。")] = None,
    pack: Pack = "cn-genai",
) -> None:
    """检查规则包及其地方、行业、模板叠加：写法、日期、引用、冲突。有错误返回 1。"""
    from assist_review.cli.law_show import show_lint

    raise typer.Exit(show_lint(path, pack))


def new_requirement(
    id_: Annotated[str | None, typer.Option("--id", help="编号，如 OWN-01。")] = None,
    statement: Annotated[str | None, typer.Option(help="要求本身，一句话。")] = None,
    cite: Annotated[list[str] | None, typer.Option(help="依据的条款编号，可重复。")] = None,
    role: Annotated[list[str] | None, typer.Option(help="在哪类文件中查，可重复，如 report、agreement。")] = None,
    anchor: Annotated[list[str] | None, typer.Option(help="说到这件事的词，可重复。")] = None,
    must: Annotated[list[str] | None, typer.Option(help="必须同时说到的词，“|”分隔的任一即可，可重复。")] = None,
    bad: Annotated[list[str] | None, typer.Option(help="出现即为问题的词，可重复。")] = None,
    severity: Annotated[str | None, typer.Option(help="程度：fatal、major、minor。")] = None,
    revise: Annotated[str | None, typer.Option(help="修改建议。")] = None,
    try_on: Annotated[Path | None, typer.Option("--try", help="在这个材料包上试用。")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再确认，直接保存。")] = False,
    pack: Pack = "cn-genai",
) -> None:
    """一步步新增一项自己的要求：没有给出的逐项询问，先在一个材料包上试用，再保存到用户数据文件夹。"""
    from assist_review.cli.law_new import make_requirement

    make_requirement(id_, statement, cite, role, anchor, must, bad, severity, revise, try_on, yes, pack)


@registers.command("import")
def registers_import(
    file: Annotated[Path, typer.Argument(help="名单：XLSX、CSV、HTML、PDF、DOCX 中的表格。")],
    kind: Annotated[
        str | None, typer.Option(help="名单种类：filed、registered、algorithm、icp；默认按列名认定。")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", help="名单截至日期（YYYY-MM-DD），默认取标题或文件名中的日期。")
    ] = None,
    cumulative: Annotated[
        bool, typer.Option("--cumulative", help="这是全量名单：先前有、其中没有的记录不再有效。")
    ] = False,
    json: AsJson = False,
    pack: Pack = "cn-genai",
) -> None:
    """导入公开名单；同一编号只记一次，可以多次导入增量或全量名单。"""
    from assist_review.cli.law_show import import_register

    import_register(file, kind, day, cumulative, json, pack)


@registers.command("list")
def registers_list(json: AsJson = False, pack: Pack = "cn-genai") -> None:
    """列出已导入的名单，以及合并后的条数。"""
    from assist_review.cli.law_show import list_registers

    list_registers(pack, json)


@registers.command("find")
def registers_find(
    text: Annotated[str, typer.Argument(help="编号、名称或单位的一部分。")], pack: Pack = "cn-genai"
) -> None:
    """在已导入的名单中查找。没有返回 1。"""
    from assist_review.cli.law_show import find_registered

    raise typer.Exit(find_registered(text, pack))


@registers.command("undo")
def registers_undo(
    wanted: Annotated[str, typer.Argument(help="导入编号，或名单种类。")], pack: Pack = "cn-genai"
) -> None:
    """撤销导入的名单。"""
    from assist_review.cli.law_show import undo_register

    undo_register(wanted, pack)


def attach(regulations: typer.Typer, app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    regulations.add_typer(imports, name="imports")
    app.add_typer(registers, name="registers")
    for name, command in (
        ("import", import_),
        ("doubts", doubts),
        ("diff", diff),
        ("impact", impact),
        ("at", at),
        ("lint", lint),
        ("new-requirement", new_requirement),
    ):
        regulations.command(name)(command)
