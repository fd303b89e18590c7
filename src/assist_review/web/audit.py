"""The audit log: append-only and chained, each line sealed over the one before with a key kept outside the database."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from assist_review.web.models import AuditRecord, UserRecord

FIRST = "0" * 64
_LOCK = 0x61756469  # one writer at a time on PostgreSQL; on SQLite a writing transaction is alone anyway


def note(actor: UserRecord | None, action: str, subject: str = "", /, **detail: Any) -> AuditRecord:
    """Adds one line, in the caller's transaction where there is one."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = AuditRecord.objects.order_by("-sequence").values("sequence", "sha256").first()
        row = AuditRecord(
            sequence=(last["sequence"] if last else 0) + 1,
            at=timezone.now().replace(microsecond=0),
            actor=actor.username if actor else "",
            action=action,
            subject=subject,
            value=json.loads(json.dumps(detail, default=str)),
            previous=last["sha256"] if last else FIRST,
        )
        row.sha256 = seal(row)
        row.save()
        return row


def seal(row: AuditRecord) -> str:
    """The keyed hash of a line with all it says and the hash before it."""
    said = json.dumps(
        [
            row.sequence, row.at.astimezone(UTC).isoformat(timespec="seconds"), row.actor, row.action, row.subject, row.value,
            row.previous,
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hmac.new(settings.AUDIT_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()


def verify(head: str = "") -> Iterator[str]:
    """What does not hold in the log, in words; nothing where all of it does.

    Lines cut off at the end leave a sound but shorter chain: `head`, a hash noted earlier, must still be in it.
    """
    previous, sequence, seen = FIRST, 0, not head
    for row in AuditRecord.objects.order_by("sequence").iterator(chunk_size=2000):
        sequence += 1
        if row.sequence != sequence:
            yield f"第{sequence}条缺失（下一条是第{row.sequence}条）"
            sequence = row.sequence
        if row.previous != previous:
            yield f"第{row.sequence}条与前一条不衔接"
        if not hmac.compare_digest(row.sha256, seal(row)):
            yield f"第{row.sequence}条（{row.action} {row.subject}）的内容与校验值不符"
        seen = seen or row.sha256 == head
        previous = row.sha256
    if not seen:
        yield f"记录中没有校验值为 {head} 的一条：末尾的记录被删除"
