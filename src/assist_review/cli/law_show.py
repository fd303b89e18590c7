"""What the law commands do and print."""

import json as json_
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assist_review import packs
from assist_review.base import Value
from assist_review.errors import RegulationError, SettingsError
from assist_review.export.json import read as read_review
from assist_review.law import diff
from assist_review.law.doubts import doubts
from assist_review.law.home import data_folder
from assist_review.law.impact import found, impact
from assist_review.law.imported import Imported, stored, undo
from assist_review.law.importing import Report, Wish
from assist_review.law.importing import import_texts as take
from assist_review.law.match import identify
from assist_review.law.registers import import_lists, lists, undo_list
from assist_review.law.source import sources
from assist_review.law.text import LawText
from assist_review.law.versions import Timeline
from assist_review.numbers import chinese_value
from assist_review.regulation import Pack
from assist_review.text import fold

_HOW = {"named": "指定", "title": "题目", "number": "文号", "content": "条文", "new": "新登记"}
_KINDS = {"added": "新增", "removed": "删除", "changed": "修改", "moved": "条号变动", "same": "相同"}
_WHAT = {"clause": "条款", "instrument": "法规", "requirement": "要求"}


def day_of(name: str, text: str | None) -> date:
    """The day in an option; today where it is not given."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{name}“{text}”不是日期，应为 YYYY-MM-DD，例如 2026-11-23") from error


def _print_json(value: Value | Iterable[Value]) -> None:
    made = value.model_dump(mode="json") if isinstance(value, Value) else [v.model_dump(mode="json") for v in value]
    typer.echo(json_.dumps(made, ensure_ascii=False, indent=1))


def import_texts(
    path: Path, instrument: str | None, start: str | None, replaces: str | None, dry_run: bool, doubtful: bool, ocr: bool,
    as_json: bool, pack_id: str,
) -> int:  # fmt: skip
    """Imports, prints what was taken and what was not; 1 where something was refused."""
    pack = packs.load_written(packs.find(pack_id))
    wish = Wish(
        instrument=instrument,
        start=day_of("--from", start) if start else None,
        replaces=replaces,
        dry_run=dry_run,
        doubtful=doubtful,
    )
    report = take(path, pack, data_folder(), wish, ocr=ocr)
    if as_json:
        _print_json(report)
    else:
        _print_report(report, Console())
    lost = [r for r in report.refused if path.is_file() or "不像法规" not in r.reason]
    return 1 if lost or not (report.taken or report.unchanged) else 0


def _print_report(report: Report, console: Console) -> None:
    if report.taken:
        table = Table(
            "文件",
            "法规",
            "认定",
            "条",
            "条款项目",
            "对上转述",
            "缺",
            "转述没有的条",
            "数字不一致",
            title="导入结果",
            title_justify="left",
        )
        for m in report.taken:
            table.add_row(
                m.file, f"{m.instrument}\n{m.title}", _HOW[m.how], str(m.articles), str(m.units), str(len(m.matched)), str(len(m.missing)),
                str(len(m.new)), str(len(m.disagreements)),
            )  # fmt: skip
        console.print(table)
    for m in report.taken:
        if m.missing:
            console.print(
                f"{m.file}：文本中没有、保留转述的条款：{'、'.join(m.missing)}", highlight=False, soft_wrap=True
            )
        for d in m.disagreements:
            console.print(
                f"[yellow]{d.clause}：转述写“{escape(d.number)}”，原文没有这个数字[/]", highlight=False, soft_wrap=True
            )
            console.print(
                f"  转述：{escape(d.restated)}\n  原文：{escape(d.official[:200])}", highlight=False, soft_wrap=True
            )
        for line in (*m.problems, *m.left_out):
            console.print(f"{m.file}：{escape(line[:120])}", highlight=False, soft_wrap=True)
    for r in report.refused:
        console.print(f"[red]没有导入 {escape(r.file)}：{escape(r.reason)}[/]", highlight=False, soft_wrap=True)
    if report.unchanged:
        console.print(f"先前已导入，没有变化：{'、'.join(report.unchanged)}", highlight=False, soft_wrap=True)
    if report.cleared:
        console.print(f"不再标“待核对官方文本”的要求：{'、'.join(report.cleared)}", highlight=False, soft_wrap=True)
    where = "（试运行，没有保存）" if report.dry_run else f"；保存在 {data_folder()}"
    console.print(
        f"导入{len(report.taken)}个文件，未导入{len(report.refused)}个{where}", highlight=False, soft_wrap=True
    )


def list_imports(pack_id: str, everything: bool, as_json: bool) -> None:
    """A table of the imports of a pack."""
    found_: list[Imported] = [i for i in stored(data_folder(), pack_id) if i.active or everything]
    if as_json:
        _print_json(i.model_copy(update={"units": ()}) for i in found_)
        return
    if not found_:
        typer.echo("还没有导入官方文本；用 assist-review regulations import 导入。")
        return
    table = Table("导入编号", "法规", "文件", "条款项目", "导入时间", "状态")
    for i in found_:
        state = "有效" if i.active else "已撤销"
        table.add_row(
            i.id,
            f"{i.instrument}\n{i.title}",
            f"{i.file}\n{i.sha256[:16]}…",
            str(len(i.units)),
            f"{i.at:%Y-%m-%d %H:%M}",
            state,
        )
    Console().print(table)


def undo_import(pack_id: str, wanted: str) -> None:
    """Undoes an import."""
    for each in undo(data_folder(), pack_id, wanted):
        typer.echo(f"已撤销 {each.id}：{each.instrument}《{each.title}》（{each.file}）")


def show_doubts(pack_id: str, as_json: bool) -> None:
    """Everything of confidence C."""
    pack = packs.load(packs.find(pack_id))
    found_ = doubts(pack)
    if as_json:
        _print_json(found_)
        return
    table = Table("类别", "编号", "内容", "要查的官方文本")
    for d in found_:
        table.add_row(_WHAT[d.kind], d.id, escape(d.what[:80]), escape(d.look_up[:160]))
    Console().print(table)
    typer.echo(f"共{len(found_)}项。查到官方文本后用 assist-review regulations import 导入，标记自动消除。")


def _law(path: Path) -> LawText:
    source = sources(path)[0]
    if source.law is None:
        raise RegulationError(source.problem)
    return source.law


def difference(old: Path, new: Path, instrument: str | None, pack: Pack) -> diff.Difference:
    """Between two pack folders or two files of one text."""
    for path in (old, new):
        if not path.exists():
            raise SettingsError(f"找不到“{path}”")
    if (old / "pack.toml").is_file() and (new / "pack.toml").is_file():
        return diff.packs(packs.load_written(old), packs.load_written(new))
    if old.is_dir() or new.is_dir():
        raise SettingsError("应为两个法规文本文件，或两个含 pack.toml 的规则包文件夹")
    before, after = _law(old), _law(new)
    if instrument is None:
        try:
            instrument = identify(before, pack, old.name)[0].id
        except RegulationError:
            instrument = None
    return diff.texts(before, after, names=(old.name, new.name), pack=pack, instrument=instrument)


def show_diff(old: Path, new: Path, instrument: str | None, html: Path | None, as_json: bool, pack_id: str) -> None:
    """Prints what changed; deletions struck red, additions green."""
    made = difference(old, new, instrument, packs.load(packs.find(pack_id)))
    if html is not None:
        from assist_review.law.page import difference_page

        html.write_text(difference_page(made), encoding="utf-8")
    if as_json:
        _print_json(made)
        return
    console = Console()
    counts = made.counts()
    console.print(
        f"[bold]{escape(made.old)} → {escape(made.new)}[/]："
        + "、".join(f"{_KINDS[k]}{n}" for k, n in counts.items())
        + f"，未变{made.same}",
        highlight=False,
    )
    for c in made.changes:
        if c.kind == "moved":
            console.print(f"[cyan]{_KINDS[c.kind]}[/] {escape(c.label)}", highlight=False)
            continue
        figures = "".join(
            f"  {name}数字：{'、'.join(values)}"
            for name, values in (("删去", c.figures_removed), ("新出现", c.figures_added))
            if values
        )
        console.print(
            f"[cyan]{_KINDS[c.kind]}[/] {_WHAT[c.what]} {escape(c.new or c.old)} {escape(c.label)}{figures}",
            highlight=False,
        )
        if c.pieces:
            console.print("  " + "".join(_piece(p) for p in c.pieces), highlight=False)
        for field in c.fields:
            console.print(f"  {escape(field)}", highlight=False)
    if made.touched:
        table = Table("受影响的要求", "内容", "原因")
        for t in made.touched:
            table.add_row(t.requirement, escape(t.statement), escape(t.reason))
        console.print(table)


def _piece(piece: diff.Piece) -> str:
    text = escape(piece.text)
    return {"same": text, "removed": f"[red strike]{text}[/]", "added": f"[green underline]{text}[/]"}[piece.op]


def show_impact(
    folder: Path, old: Path | None, new: Path | None, as_of: str | None, as_json: bool, pack_id: str
) -> int:
    """Prints reviews whose verdicts could change; 1 where there are any."""
    if (old is None) != (new is None):
        raise SettingsError("--old 与 --new 要一起写")
    if not folder.is_dir():
        raise SettingsError(f"“{folder}”不是文件夹")
    pack = packs.load(packs.find(pack_id))
    made = difference(old, new, None, pack) if old and new else None
    reviews = [(str(p.relative_to(folder)), read_review(p)) for p in found(folder)]
    affected = impact(((f, r) for f, r in reviews if r.pack.id == pack.id), pack, day_of("--as-of", as_of), made)
    if as_json:
        _print_json(affected)
        return 1 if affected else 0
    console = Console()
    for a in affected:
        state = "已完成" if a.finished else "未完成"
        table = Table("要求", "原因", title=f"{a.filing}（{a.file}，审查日 {a.as_of}，{state}）", title_justify="left")
        for requirement, why in a.reasons:
            table.add_row(requirement, escape(why))
        console.print(table)
    console.print(f"共{len(reviews)}份审查，{len(affected)}份的结论可能改变。", highlight=False)
    return 1 if affected else 0


def show_at(folder: Path, law: str, number: str, day: str, as_json: bool) -> int:
    """Prints one article as it stood on a day."""
    when = day_of("日期", day)
    timeline = Timeline((s.file, s.law) for s in sources(folder) if s.law)
    if not timeline.versions(law):
        raise RegulationError(f"“{folder}”中没有《{law}》")
    version = timeline.at(law, when)
    unit = version.law.unit(_number(number)) if version else None
    if as_json:
        typer.echo(
            json_.dumps(
                {
                    "law": version.law.title if version else law, "day": day, "file": version.file if version else None,
                    "from": str(version.start) if version and version.start else None, "to": str(version.end) if version and version.end else None,
                    "number": unit.number if unit else None, "label": unit.label if unit else None, "text": unit.text if unit else None,
                },
                ensure_ascii=False, indent=1,
            )
        )  # fmt: skip
    elif version is None:
        typer.echo(f"《{law}》在 {day} 还没有施行")
    elif unit is None:
        typer.echo(f"《{version.law.title}》在 {day} 的版本（{version.file}）中没有 {number}")
    else:
        typer.echo(
            f"《{version.law.title}》{unit.label}（{version.file}，{version.start} 起{f'至 {version.end}' if version.end else ''}）\n{unit.text}"
        )
    return 0 if unit else 1


def _number(text: str) -> str:
    """`第四十七条` or `47` as a unit number."""
    bare = text.strip().removeprefix("第").partition("条")[0]
    value = None if bare.replace(".", "").isdigit() else chinese_value(bare)
    return str(int(value)) if value is not None else bare


def show_lint(path: Path | None, pack_id: str) -> int:
    """Prints problems of a pack; 1 where there are errors."""
    from assist_review.law.lint import lint

    problems = lint(path or packs.find(pack_id))
    console = Console()
    for p in problems:
        console.print(
            f"[{'red' if p.error else 'yellow'}]{'错误' if p.error else '提示'}[/] {escape(p.where)}：{escape(p.why)}",
            highlight=False,
            soft_wrap=True,
        )
    errors = sum(p.error for p in problems)
    console.print(f"错误{errors}处，提示{len(problems) - errors}处", highlight=False)
    return 1 if errors else 0


def import_register(
    file: Path, kind: str | None, day: str | None, cumulative: bool, as_json: bool, pack_id: str
) -> None:
    """Imports a public list and prints what it brought."""
    reports = import_lists(
        file, packs.load_written(packs.find(pack_id)), data_folder(), kind=kind, as_of=day_of("--date", day) if day else None,
        mode="cumulative" if cumulative else "incremental",
    )  # fmt: skip
    if as_json:
        _print_json(reports)
        return
    for r in reports:
        typer.echo(f"{r.name}（截至 {r.as_of}）：{r.rows}行，新增{r.new}条，已有{r.known}条，文件内重复{r.doubled}行")
        for words, numbers in (
            ("全量名单中不再有", r.gone), ("单位或名称与先前不同", r.changed), ("编号写法少见，已照收", r.odd),
        ):  # fmt: skip
            if numbers:
                typer.echo(f"  {words}：{'、'.join(numbers[:10])}{'……' if len(numbers) > 10 else ''}")


def list_registers(pack_id: str, as_json: bool) -> None:
    """The imported lists and the registers they make."""
    found_ = lists(data_folder(), pack_id)
    if as_json:
        _print_json(each.model_copy(update={"entries": ()}) for each in found_)
        return
    if not found_:
        typer.echo("还没有导入公开名单；用 assist-review registers import 导入。")
        return
    table = Table("导入编号", "种类", "截至", "方式", "条数", "文件", "状态")
    for each in found_:
        mode = "全量" if each.mode == "cumulative" else "增量"
        table.add_row(
            each.id,
            each.kind,
            str(each.as_of),
            mode,
            str(len(each.entries)),
            each.file,
            "有效" if each.active else "已撤销",
        )
    Console().print(table)
    for register in packs.load(packs.find(pack_id)).registers:
        typer.echo(f"{register.name}：合并后{len(register.entries)}条，截至 {register.as_of}")


def find_registered(text: str, pack_id: str) -> int:
    """Entries that hold a text; 1 where there are none."""
    key = fold(text)
    hits = [
        (r, e)
        for r in packs.load(packs.find(pack_id)).registers
        for e in r.entries
        if key in fold(f"{e.number} {e.name} {e.holder}")
    ]
    for r, e in hits[:50]:
        typer.echo(f"{e.number}  {e.name}  {e.holder}  {e.place}  {e.day}（{r.name}，{e.listed}）")
    if not hits:
        typer.echo("没有找到。")
    return 0 if hits else 1


def undo_register(wanted: str, pack_id: str) -> None:
    """Undoes imported lists."""
    for each in undo_list(data_folder(), pack_id, wanted):
        typer.echo(f"已撤销 {each.id}：{each.kind}，{len(each.entries)}条（{each.file}）")
