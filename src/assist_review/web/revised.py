"""Revised copies of the DOCX files of a package: which problems go in, made in the background, kept by content."""

import json
import time
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from django.conf import settings

from assist_review import __version__
from assist_review.confirm import amended, decided
from assist_review.export.redline import Change
from assist_review.export.revised import AUTHOR, RECORD, by_file, is_docx, record, write_apart
from assist_review.export.view import View
from assist_review.review import Finding, Review
from assist_review.web import desk, jobs, rules, store
from assist_review.web.models import ReviewRecord, StepRecord

_KEPT_S = 30 * 86400
_REST = "未写入的修改.txt"


@dataclass(frozen=True, slots=True)
class Made:
    """How far the revised copies of a review are. `bare`: the package has no DOCX; `nothing`: none has a revision."""

    state: Literal["bare", "nothing", "making", "failed", "ready"]
    decided: bool = False  # only what a person confirmed or amended goes in
    error: str = ""
    path: Path | None = None
    changes: tuple[Change, ...] = ()

    @property
    def files(self) -> list[tuple[str, int]]:
        """The DOCX files written, with how many problems each got."""
        return list(Counter(c.file for c in self.changes if c.state != "not_placed").items())

    @property
    def lost(self) -> list[Change]:
        """What could not be written, with its reason."""
        return [c for c in self.changes if c.state == "not_placed"]

    @property
    def size_bytes(self) -> int:
        """Of the archive."""
        return self.path.stat().st_size if self.path else 0


def chosen(row: ReviewRecord, reader: str = "first") -> Review:
    """The review with the problems to be written: all of a self-check; of a submission, once there are decisions, what
    this reader confirmed or amended, as amended.
    """
    draft = desk.review_of(row, reader)
    done = decided(draft)
    if row.package.kind == "check" or not done:
        return draft.model_copy(update={"decisions": ()})
    kept: list[Finding] = []
    for finding in draft.findings:
        decision = done.get(finding.id)
        if decision is not None and decision.action in ("confirm", "amend"):
            kept.append(amended(finding, decision) if decision.action == "amend" else finding)
    return draft.model_copy(update={"findings": tuple(kept), "decisions": ()})


def _key(row: ReviewRecord, review: Review) -> str:
    said = [f.model_dump(mode="json") for findings in by_file(review).values() for f in findings]
    body = json.dumps([__version__, AUTHOR, row.package.sha256, said], sort_keys=True)
    return sha256(body.encode(errors="replace")).hexdigest()


def folder(filing_id: int) -> Path:
    """Where the archives of a filing lie; they go with it."""
    return Path(settings.HOME) / "revised" / str(filing_id)


def _path(row: ReviewRecord, key: str) -> Path:
    return folder(row.filing_id) / f"{key}.zip"


def made(row: ReviewRecord, reader: str = "first", *, again: bool = False) -> Made:
    """How far it is; what is not made yet is put in the queue. `again` tries once more what failed."""
    some = row.package.kind == "submission" and bool(decided(desk.review_of(row, reader)))
    if not any(is_docx(f.file) for f in desk.base(row.pk).filing.files):
        return Made("bare")
    review = chosen(row, reader)
    if not any(is_docx(file) for file in by_file(review)):
        return Made("nothing", some)
    key = _key(row, review)
    path = _path(row, key)
    if path.exists():
        return Made("ready", some, path=path, changes=_changes(str(path)))
    name = f"revise:{row.pk}:{reader}:{key[:16]}"
    step = StepRecord.objects.filter(job__package=row.package_id, name=name).last()
    if step is not None and step.state == "failed" and not again:
        return Made("failed", some, error=step.error)
    jobs.beside(row.package, name)
    return Made("making", some)


@lru_cache(maxsize=64)
def _changes(path: str) -> tuple[Change, ...]:
    with zipfile.ZipFile(path) as archive, TemporaryDirectory() as name:
        return record(Path(archive.extract(RECORD, name)))[1]


def make(row: ReviewRecord, reader: str) -> None:
    """The task: writes the archive, where it is not there yet. Raises ExportError."""
    review = chosen(row, reader)
    target = _path(row, _key(row, review))
    if target.exists():
        return
    with TemporaryDirectory(prefix="revise-", dir=settings.HOME) as name:
        package, out = Path(name) / "package", Path(name) / "out"
        store.lay_out([(f["path"], f["sha256"]) for f in row.package.value], package)
        changes = write_apart(package, review, out, AUTHOR)
        if rest := _rest(review, changes):
            (out / _REST).write_text(rest, encoding="utf-8-sig")
        beside = Path(name) / "revised.zip"
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(p for p in out.rglob("*") if p.is_file()):
                archive.write(path, path.relative_to(out).as_posix())
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(target)
    _prune()


def _rest(review: Review, changes: tuple[Change, ...]) -> str:
    """What could not be written, in words: file, place, problem, advice."""
    lost = {c.finding: c.reason for c in changes if c.state == "not_placed"}
    lines = []
    for item in View(review, rules.pack()).items:
        revision = item.finding.revision
        if item.finding.id in lost and revision is not None:
            where = "　".join(filter(None, (revision.file, revision.place)))
            lines.append(f"{where}\n〔{item.finding.requirement}〕{item.statement}\n建议：{item.advice}\n")
    return f"以下 {len(lines)} 项没有写入 DOCX，请在原件中修改。\n\n" + "\n".join(lines) if lines else ""


def _prune() -> None:
    """Takes away what nobody made anew for a month; it can be made again."""
    limit = time.time() - _KEPT_S
    for path in (Path(settings.HOME) / "revised").rglob("*.zip"):
        with suppress(OSError):
            if path.stat().st_mtime < limit:
                path.unlink()
