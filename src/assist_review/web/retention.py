"""Drafts that nobody has touched for long: announced to the applicant, then deleted with their files."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from assist_review.read.cache import Cache
from assist_review.web import audit, jobs, llm, options, revised, store
from assist_review.web.models import (
    AuditRecord,
    DocumentRecord,
    FileRecord,
    FilingRecord,
    ReminderRecord,
    ReviewRecord,
)
from assist_review.web.states import State

_STATES = (State.ROUTE, State.DRAFT, State.SELF_CHECK, State.SIGNING)
_FRESH = timedelta(hours=1)  # bytes uploaded so recently may belong to a filing that is just being written


def _drafts() -> QuerySet[FilingRecord]:
    """Filings that were never handed in; one that begins again after a refusal has a history and is no draft."""
    return (
        FilingRecord.objects.filter(state__in=_STATES, submitted_at__isnull=True)
        .exclude(packages__kind="submission")
        .exclude(packages__jobs__state__in=("queued", "running"))
    )


def _touched(rows: Iterable[FilingRecord]) -> Iterator[tuple[FilingRecord, datetime]]:
    """When a person last did something to each, by the audit log."""
    several = list(rows)
    for start in range(0, len(several), 500):
        some = several[start : start + 500]
        lines = AuditRecord.objects.filter(subject__in=[r.number for r in some]).exclude(actor="")
        last = dict(lines.order_by().values_list("subject").annotate(at=Max("at")))
        for row in some:
            yield row, max(row.created_at, last.get(row.number, row.created_at))


def stale(today: date) -> Iterator[tuple[FilingRecord, datetime, date]]:
    """Drafts to announce: the draft, when it was last touched, and the day it will be deleted."""
    days, ahead = int(options.get("retention_days")), int(options.get("notice_days"))
    if not days:
        return
    since = timezone.now() - timedelta(days=max(0, days - ahead))
    for row, touched in _touched(_drafts().filter(created_at__lte=since)):
        planned = timezone.localdate(touched) + timedelta(days=days)
        if planned - timedelta(days=ahead) <= today:
            yield row, touched, max(planned, today + timedelta(days=ahead))


def notice(row: FilingRecord) -> ReminderRecord | None:
    """The announcement of this draft's deletion, None where there is none or the draft was touched since."""
    if not int(options.get("retention_days")):
        return None
    return next((r for r, _ in _announced(_drafts().filter(pk=row.pk))), None)


def announced(organisation: int | None) -> list[ReminderRecord]:
    """The announcements of a company's drafts that still hold: the draft was not touched since."""
    if not int(options.get("retention_days")):
        return []
    return [r for r, _ in _announced(_drafts().filter(organisation=organisation or 0))]


def _announced(drafts: QuerySet[FilingRecord]) -> Iterator[tuple[ReminderRecord, datetime]]:
    rows = {
        r.filing_id: r for r in ReminderRecord.objects.filter(kind="stale", filing__in=drafts).select_related("filing")
    }
    for row, touched in _touched(r.filing for r in rows.values()):
        if rows[row.pk].key == touched.isoformat():
            yield rows[row.pk], touched


def delete_announced(today: date) -> int:
    """Deletes the drafts whose day has come and that nobody touched since the notice; returns how many."""
    if not int(options.get("retention_days")):
        return 0
    due = [r.filing_id for r, _ in _announced(_drafts()) if r.day <= today]
    return sum(_delete(pk, today) for pk in due)


@transaction.atomic
def _delete(pk: int, today: date) -> bool:
    row = _drafts().filter(pk=pk).select_for_update(of=("self",)).first()
    still = [(r, at) for r, at in _announced(_drafts().filter(pk=pk)) if r.day <= today]
    if row is None or not still:
        return False
    told, touched = still[0]
    files = {(f.sha256, store.extension_of(f.path)) for f in row.files.all()}
    inner = {
        (f["sha256"], store.extension_of(f["file"]))
        for read in row.reviews.values_list("value__filing__files", flat=True)
        for f in read or ()
        if f["sha256"]
    }
    audit.note(
        None, "draft.delete", row.number, untouched_since=touched, announced_at=told.made_at,
        files=sorted(f"{f.sha256} {f.path}" for f in row.files.all()),
    )  # fmt: skip
    folders = (llm.folder(row), revised.folder(row.pk))
    row.delete()
    transaction.on_commit(lambda: _clear(files, inner, folders))
    return True


def _clear(files: set[tuple[str, str]], inner: set[tuple[str, str]], folders: tuple[Path, ...]) -> None:
    """Removes the bytes and what was read from them, unless another filing holds the same."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    left = set(FileRecord.objects.filter(sha256__in={s for s, _ in files | inner}).values_list("sha256", flat=True))
    kept = left | _within_others(inner - files)
    for sha256, extension in sorted(files | inner):
        if sha256 in kept:
            continue
        path = store.path_of(sha256)
        if (sha256, extension) in files and _older(path):
            path.unlink(missing_ok=True)
        shutil.rmtree(store.page_folder(sha256), ignore_errors=True)
        DocumentRecord.objects.filter(sha256=sha256).delete()
        for ocr in (True, False):
            Cache(jobs.read_cache(), ocr=ocr).forget(sha256, f"x.{extension}")


def _older(path: Path) -> bool:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())
    except OSError:
        return False
    return timezone.now() - written > _FRESH


def _within_others(members: set[tuple[str, str]]) -> set[str]:
    """Which of these members of archives another review also holds."""
    wanted, found = {s for s, _ in members}, set()
    if wanted:
        rows: Any = ReviewRecord.objects.values_list("value__filing__files", flat=True)
        for read in rows.iterator(chunk_size=200):
            found |= wanted & {f["sha256"] for f in read or ()}
    return found
