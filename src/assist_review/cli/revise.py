"""The command `revise`: revisions into the applicant's DOCX files, and decisions out of them."""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assist_review.errors import ExportError, SettingsError
from assist_review.export.json import read as read_review
from assist_review.export.redline import Change, read_back, redline
from assist_review.review import NEGATIVE, Finding, Review

RECORD = "revisions.json"
_LARGEST = 200 * 1024**2
_STATES = {
    "pending": "待处理", "accepted": "已接受", "rejected": "已拒绝", "partly": "部分接受", "rewritten": "已另行改写", "not_placed": "未能写入",
}  # fmt: skip


def write_revisions(package: Path, report: Path, out: Path, author: str) -> int:
    """Writes a copy of every DOCX that has a revision, and `revisions.json`; 1 where something could not be placed."""
    review = read_review(report)
    if package.resolve() == out.resolve():
        raise SettingsError("--out 不能是材料包本身：原文件不改动")
    wanted = dict(_by_file(review))
    changes: list[Change] = []
    lost = sorted(set(wanted) - {f for f in wanted if f.lower().endswith(".docx")})
    with tempfile.TemporaryDirectory(prefix="assist-review-") as scratch:
        sources = dict(_sources(package, review, Path(scratch)))
        for file, findings in wanted.items():
            if file in lost:
                continue
            if file not in sources:
                raise ExportError(f"{file} 不在材料包里，或者与审查时不是同一份文件。请用审查时的材料包。")
            changes += redline(sources[file], out / file, file, findings, author)
    changes += [
        Change(
            finding=f.id, requirement=f.requirement, file=file, kind=f.revision.kind if f.revision else "",
            state="not_placed", reason="只能写回 DOCX 文件，请按修改建议在原件中修改",
        )
        for file in lost for f in wanted[file]
    ]  # fmt: skip
    _save(out, review, changes, author)
    _show(changes, f"写入 {out}")
    return 1 if any(c.state == "not_placed" for c in changes) else 0


def read_back_all(package: Path, report: Path, out: Path, author: str) -> int:  # noqa: ARG001
    """Reads what a person did with each revision in the files of `package`; the author is the one they were written by."""
    record = next((p for p in (package / RECORD, out / RECORD) if p.is_file()), None)
    if record is None:
        raise SettingsError(f"{package} 里没有 {RECORD}：请指向 assist-review revise 写出的文件夹")
    written = json.loads(record.read_text(encoding="utf-8"))
    review = read_review(report)
    if written["fingerprint"] != _fingerprint(review):
        raise SettingsError(f"{record} 属于另一份报告")
    changes = [Change.model_validate(c) for c in written["changes"]]
    found: list[Change] = []
    for file in dict.fromkeys(c.file for c in changes):
        same = [c for c in changes if c.file == file]
        path = package / file
        found += read_back(path, same, written["author"]) if path.is_file() else same
    _save(package, review, found, written["author"])
    _show(found, f"读自 {package}")
    return 0


def _by_file(review: Review) -> Iterator[tuple[str, list[Finding]]]:
    found: dict[str, list[Finding]] = {}
    dismissed = {d.finding for d in review.decisions if d.action == "dismiss"}
    for finding in review.findings:
        if finding.verdict in NEGATIVE and finding.revision and finding.id not in dismissed:
            places = [finding.revision.file, *(e.file for e in finding.revision.also)]
            for file in dict.fromkeys(f for f in places if f):
                found.setdefault(file, []).append(finding)
    yield from found.items()


def _sources(package: Path, review: Review, scratch: Path) -> Iterator[tuple[str, Path]]:
    """A path to each DOCX of the review as it was reviewed: same path in a folder, same content in an archive."""
    wanted = {f.sha256: f.file for f in review.filing.files if f.file.lower().endswith(".docx")}
    archives = [package] if package.is_file() else sorted(package.rglob("*.zip"))
    for file in wanted.values():
        path = package / file if package.is_dir() else package
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() in wanted:
            yield file, path
    for archive in archives:
        if zipfile.is_zipfile(archive) and archive.suffix.lower() != ".docx":
            for data in _members(archive.read_bytes()):
                digest = hashlib.sha256(data).hexdigest()
                if digest in wanted:
                    path = scratch / f"{digest}.docx"
                    path.write_bytes(data)
                    yield wanted[digest], path


def _members(data: bytes, depth: int = 0) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            name = entry.filename.lower()
            if entry.is_dir() or entry.file_size > _LARGEST or not name.endswith((".docx", ".zip")):
                continue
            content = archive.read(entry)
            if name.endswith(".docx"):
                yield content
            elif depth < 3:
                yield from _members(content, depth + 1)


def _fingerprint(review: Review) -> str:
    lines = sorted(f"{f.sha256} {f.file}" for f in review.filing.files)
    return hashlib.sha256("\n".join(lines).encode(errors="replace")).hexdigest()


def _save(folder: Path, review: Review, changes: list[Change], author: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = {
        "fingerprint": _fingerprint(review), "author": author,
        "changes": [c.model_dump(mode="json") for c in changes],
    }  # fmt: skip
    (folder / RECORD).write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _show(changes: list[Change], title: str) -> None:
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
