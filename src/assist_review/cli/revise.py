"""The command `revise`: revisions into the applicant's DOCX files, and decisions out of them."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assist_review.errors import SettingsError
from assist_review.export.json import read as read_review
from assist_review.export.redline import Change, read_back
from assist_review.export.revised import RECORD, fingerprint, record, save, write

_STATES = {
    "pending": "待处理", "accepted": "已接受", "rejected": "已拒绝", "partly": "部分接受", "rewritten": "已另行改写", "not_placed": "未能写入",
}  # fmt: skip


def write_revisions(package: Path, report: Path, out: Path, author: str) -> int:
    """Writes a copy of every DOCX that has a revision, and `revisions.json`; 1 where something could not be placed."""
    review = read_review(report)
    if package.resolve() == out.resolve():
        raise SettingsError("--out 不能是材料包本身：原文件不改动")
    changes = write(package, review, out, author)
    _show(changes, f"写入 {out}")
    return 1 if any(c.state == "not_placed" for c in changes) else 0


def read_back_all(package: Path, report: Path, out: Path, author: str) -> int:  # noqa: ARG001
    """Reads what a person did with each revision in the files of `package`; the author is the one they were written by."""
    path = next((p for p in (package / RECORD, out / RECORD) if p.is_file()), None)
    if path is None:
        raise SettingsError(f"{package} 里没有 {RECORD}：请指向 assist-review revise 写出的文件夹")
    head, changes = record(path)
    review = read_review(report)
    if head["fingerprint"] != fingerprint(review):
        raise SettingsError(f"{path} 属于另一份报告")
    found: list[Change] = []
    for file in dict.fromkeys(c.file for c in changes):
        same = [c for c in changes if c.file == file]
        at = package / file
        found += read_back(at, same, head["author"]) if at.is_file() else same
    save(package, review, found, head["author"])
    _show(found, f"读自 {package}")
    return 0


def _show(changes: Sequence[Change], title: str) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("文件", overflow="fold")
    for name in _STATES.values():
        table.add_column(name, justify="right")
    for file in dict.fromkeys(c.file for c in changes):
        counts = {state: sum(c.file == file and c.state == state for c in changes) for state in _STATES}
        table.add_row(file, *(str(n) if n else "" for n in counts.values()))
    console = Console()
    console.print(table)
    for change in changes:
        if change.reason:
            console.print(f"{change.requirement} {change.file}：{change.reason}", highlight=False, soft_wrap=True)
