"""`regulations new-requirement`: asks for what is not given, tries the requirement on a filing, saves it."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from assist_review import packs
from assist_review.errors import SettingsError
from assist_review.export.words import say
from assist_review.filing import Role
from assist_review.law.drafting import Draft, save
from assist_review.law.home import data_folder
from assist_review.pipeline import judge, understand
from assist_review.regulation import Pack, Severity
from assist_review.retrieve import ClauseIndex
from assist_review.settings import cache_folder


def make_requirement(
    id_: str | None, statement: str | None, cite: list[str] | None, role: list[str] | None, anchor: list[str] | None,
    must: list[str] | None, bad: list[str] | None, severity: str | None, revise: str | None, try_on: Path | None, yes: bool, pack_id: str,
) -> None:  # fmt: skip
    """Guides through one new requirement."""
    directory = packs.find(pack_id)
    pack = packs.load(directory)
    asks = statement is None
    statement = statement or typer.prompt("要求是什么（一句话）")
    id_ = id_ or (typer.prompt("编号", default=_next(pack)) if asks else _next(pack))
    cites = tuple(cite or (_ask_clause(pack, statement) if asks else ()))
    if not cites:
        raise SettingsError("要写明依据的条款：--cite，如 --cite genai-measures-2023:10")
    roles = tuple(
        role
        or (
            _list(typer.prompt(f"在哪类文件中查（逗号分隔；{'、'.join(Role)}）", default="report"))
            if asks
            else ("report",)
        )
    )
    anchors = tuple(anchor or (_list(typer.prompt("说到这件事会用哪些词（逗号分隔）")) if asks else ()))
    musts = (
        must
        if must is not None
        else (
            _list(typer.prompt("必须说到哪些内容（逗号分隔；同义词用 | 分隔；没有则回车）", default="")) if asks else []
        )
    )
    bads = (
        bad
        if bad is not None
        else (_list(typer.prompt("出现哪些说法就是问题（逗号分隔；没有则回车）", default="")) if asks else [])
    )
    severity = severity or (
        typer.prompt("程度（fatal 致命、major 重要、minor 一般）", default="minor") if asks else "minor"
    )
    if severity not in set(Severity):
        raise SettingsError(f"--severity“{severity}”不可用，应为 {'、'.join(Severity)}")
    revise = revise or (typer.prompt("修改建议", default=f"补充：{statement}") if asks else f"补充：{statement}")
    draft = Draft(
        id=str(id_), statement=statement, cites=cites, roles=roles, anchors=anchors, must=tuple(tuple(m.split("|")) for m in musts),
        bad=tuple(bads), severity=severity, revise=revise,
    )  # fmt: skip
    console = Console()
    if try_on is None and asks:
        given = typer.prompt("在哪个材料包上试用（路径；不试用则回车）", default="")
        try_on = Path(given) if given else None
    if try_on is not None:
        _try(draft, directory, pack_id, try_on, console)
    if not yes and not typer.confirm("保存这项要求？", default=True):
        console.print("没有保存。")
        return
    path = save(draft, directory, data_folder(), pack_id)
    console.print(f"已保存 {draft.id}：{path}", highlight=False, soft_wrap=True)


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]


def _next(pack: Pack) -> str:
    used = {r.id for o in pack.overlays for r in o.add} | {r.id for r in pack.requirements}
    return next(f"OWN-{n:02d}" for n in range(1, 1000) if f"OWN-{n:02d}" not in used)


def _ask_clause(pack: Pack, statement: str) -> tuple[str, ...]:
    """The clauses the requirement rests on, chosen from those nearest to it."""
    near = ClauseIndex(pack).search(statement, limit=8)
    for n, found in enumerate(near, 1):
        instrument = pack.instrument(found.clause.instrument)
        typer.echo(
            f"  {n}. {found.clause.id}《{instrument.title if instrument else ''}》{found.clause.label}：{found.clause.text[:60]}"
        )
    answer = typer.prompt("依据哪一条（序号或条款编号，逗号分隔）", default="1")
    chosen = [near[int(a) - 1].clause.id if a.isdigit() and 0 < int(a) <= len(near) else a for a in _list(answer)]
    for each in chosen:
        if pack.clause(each) is None:
            raise SettingsError(f"没有条款“{each}”；用 assist-review regulations search 查找")
    return tuple(chosen)


def _try(draft: Draft, directory: Path, pack_id: str, package: Path, console: Console) -> None:
    """Judges one package with the requirement in a throw-away data folder and prints what it says."""
    with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
        if data_folder().is_dir():
            shutil.copytree(data_folder(), scratch, dirs_exist_ok=True)
        save(draft, directory, Path(scratch), pack_id)
        pack = packs.load(directory, data=Path(scratch))
        filing, extraction = understand(package, pack=pack, cache=cache_folder() / "files")
        review = judge(filing, extraction, pack=pack, as_of=date.today())
    for finding in review.findings:
        if finding.requirement == draft.id:
            console.print(
                f"[bold]试用结果：{say(f'verdict.{finding.verdict}')}[/] {escape(finding.statement)}",
                highlight=False,
                soft_wrap=True,
            )
            for piece in finding.evidence[:3]:
                if piece.quote:
                    console.print(f"  {escape(piece.file)}：“{escape(piece.quote)}”", highlight=False, soft_wrap=True)
