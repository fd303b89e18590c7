"""`check --also-as-of`: the same filing on another day of review, and which verdicts flip."""

import json
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assist_review import packs
from assist_review.cli.review import Request, package_folders
from assist_review.errors import AssistReviewError, SettingsError
from assist_review.export.words import say
from assist_review.law.flips import Flips, flips
from assist_review.law.page import flips_page
from assist_review.pipeline import judge, understand
from assist_review.settings import cache_folder


def flip_all(packages: list[Path], request: Request, other: str) -> None:
    """For each package `flips.json` and `flips.html` beside its report, and a table."""
    try:
        also = date.fromisoformat(other)
    except ValueError as error:
        raise SettingsError(f"--also-as-of“{other}”不是日期，应为 YYYY-MM-DD，例如 2026-11-23") from error
    pack = packs.load(packs.find(request.pack))
    wishes, console = request.wishes(), Console()
    for package, folder in zip(packages, package_folders(packages, request.out), strict=True):
        try:
            filing, extraction = understand(
                package, pack=pack, wishes=wishes, cache=cache_folder() / "files" if request.cache else None
            )
        except AssistReviewError:
            continue  # the review itself has said why
        reviews = [judge(filing, extraction, pack=pack, as_of=day, wishes=wishes) for day in (request.day, also)]
        made = flips(reviews[0], reviews[1], pack)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "flips.json").write_text(
            json.dumps(made.model_dump(mode="json"), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        (folder / "flips.html").write_text(flips_page(made), encoding="utf-8")
        console.print(flips_table(made, folder.name))
        if made.grounds:
            ids = "、".join(f.requirement for f in made.grounds)
            console.print(f"结论不变、依据变动的{len(made.grounds)}项：{ids}", highlight=False, soft_wrap=True)
        console.print(f"对比：{folder / 'flips.html'}", highlight=False, soft_wrap=True)


def flips_table(made: Flips, name: str) -> Table:
    """The verdicts that differ."""
    table = Table(
        "要求", str(made.before), str(made.after), "原因",
        title=f"{name}：{made.before}（{made.grade_before}）→ {made.after}（{made.grade_after}），{len(made.flips)}项结论不同",
        title_justify="left",
    )  # fmt: skip
    for flip in made.flips:
        table.add_row(
            f"{flip.requirement}\n{escape(flip.statement)}", f"{say(f'verdict.{flip.before}')} {' '.join(flip.defects_before)}\n{escape(flip.said_before)}",
            f"{say(f'verdict.{flip.after}')} {' '.join(flip.defects_after)}\n{escape(flip.said_after)}", escape("；".join(flip.why)),
        )  # fmt: skip
    return table
