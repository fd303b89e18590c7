"""Reminders of time limits, terms and drafts about to be deleted: found, shown, sent once by e-mail, each on record."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assist_review.web import audit, options, retention
from assist_review.web.models import FilingRecord, RegisterRecord, ReminderRecord, UserRecord
from assist_review.web.states import HOLDERS, LABELS, Person, State

_LOG = logging.getLogger("assist_review.web.reminders")
OFFICE = tuple(s.value for s in State if HOLDERS[s] in ("province", "test"))  # an office is to act
APPLICANT = tuple(s.value for s in State if HOLDERS[s] == "applicant")
_TRIED_DAYS = 3  # a mail that could not be sent is tried again this long
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reminder:
    """One occasion. `day` is the last day, the end of the term, or the day of deletion; `over`: it is past."""

    kind: str  # due, term, stale
    filing: FilingRecord
    day: date
    key: str
    over: bool = False


# What there is to remind of


def limits(rows: QuerySet[FilingRecord], today: date) -> Iterator[Reminder]:
    """Time limits that are near or over, the most urgent first."""
    until = today + timedelta(days=int(options.get("warn_days")))
    near = rows.filter(submitted_at__isnull=False, finished_at__isnull=True, due__lte=until).order_by("due", "id")
    for row in near.iterator(chunk_size=500):
        if row.due is not None:
            over = row.due < today
            yield Reminder("due", row, row.due, f"{row.state} {row.due} {'over' if over else 'near'}", over)


def terms(entries: QuerySet[RegisterRecord], today: date) -> Iterator[Reminder]:
    """Terms of the register that end soon; none where no office sets a term."""
    until = today + timedelta(days=int(options.get("remind_days")))
    ending = entries.filter(status="valid", valid_until__lte=until).select_related("filing").order_by("valid_until")
    for entry in ending.iterator(chunk_size=500):
        if entry.valid_until is not None:
            yield Reminder("term", entry.filing, entry.valid_until, str(entry.valid_until), entry.valid_until < today)


def _stale(today: date) -> Iterator[Reminder]:
    for row, touched, day in retention.stale(today):
        yield Reminder("stale", row, day, touched.isoformat())


# Shown


def shown(user: UserRecord) -> dict[str, Any]:
    """What a page shows this person: how many are over and near, the most urgent of them, terms, drafts to be deleted."""
    today = timezone.localdate()
    rows, entries = _of(user)
    until = today + timedelta(days=int(options.get("warn_days")))
    said = rows.filter(finished_at__isnull=True).aggregate(
        over=Count("id", filter=Q(due__lt=today)), near=Count("id", filter=Q(due__gte=today, due__lte=until))
    )
    found = limits(rows.select_related("organisation"), today) if said["over"] or said["near"] else iter(())
    return {
        **said, "due": list(islice(found, SHOWN)), "term": list(islice(terms(entries, today), SHOWN)) if entries is not None else [],
        "stale": retention.announced(user.organisation_id) if user.role == Person.APPLICANT else [],
    }  # fmt: skip


def _of(user: UserRecord) -> tuple[QuerySet[FilingRecord], QuerySet[RegisterRecord] | None]:
    """The filings whose limits, and the entries whose terms, concern this person; None: no entries do."""
    rows, entries = FilingRecord.objects.filter(submitted_at__isnull=False), RegisterRecord.objects.all()
    if user.role == Person.APPLICANT:
        own = {"organisation": user.organisation_id or 0}
        return rows.filter(state__in=APPLICANT, **own), entries.filter(filing__organisation=own["organisation"])
    rows = rows.filter(state__in=OFFICE)
    if user.role in (Person.REVIEWER, Person.SECOND):
        mine = Q(assignee=user) | Q(second_reader=user)
        rows = rows.filter(mine | Q(assignee__isnull=True) if user.role == Person.REVIEWER else mine)
        return rows, None
    return rows, entries


# Given, by the worker


def hourly() -> dict[str, int]:
    """The periodic task: puts reminders on record, deletes drafts that were announced, sends what is to be sent."""
    today = timezone.localdate()
    held = FilingRecord.objects.filter(state__in=OFFICE + APPLICANT)
    given = sum(
        give(each)
        for found in (limits(held, today), terms(RegisterRecord.objects.all(), today), _stale(today))
        for each in found
    )
    return {"given": given, "deleted": retention.delete_announced(today), "sent": send_waiting()}


def give(reminder: Reminder) -> bool:
    """Puts a reminder on record; False where it was given before."""
    _, made = ReminderRecord.objects.get_or_create(
        kind=reminder.kind, filing=reminder.filing, key=reminder.key,
        defaults={"day": reminder.day, "made_at": timezone.now()},
    )  # fmt: skip
    if made and reminder.kind == "stale":
        audit.note(None, "draft.notice", reminder.filing.number, delete_on=reminder.day)
    return made


def send_waiting() -> int:
    """Sends each reminder that has not been sent; nothing where no mail host is set. Returns how many went out."""
    if not settings.EMAIL_HOST:
        return 0
    since = timezone.now() - timedelta(days=_TRIED_DAYS)
    waiting = ReminderRecord.objects.filter(mailed_at__isnull=True, made_at__gte=since)
    return sum(_send(row) for row in list(waiting.select_related("filing__organisation", "filing__assignee")))


def _send(row: ReminderRecord) -> bool:
    """One mail to all it concerns. Claimed before it is sent: a kill in between loses it rather than sends it twice."""
    to = sorted({u.email for u in _audience(row) if u.email})
    if not to:
        ReminderRecord.objects.filter(pk=row.pk).update(problem="没有可用的邮箱")
        return False
    if not ReminderRecord.objects.filter(pk=row.pk, mailed_at__isnull=True).update(mailed_at=timezone.now()):
        return False
    subject, body = _letter(row)
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, bcc=to).send()
    except (OSError, SMTPException) as error:
        _LOG.error("mail not sent", extra={"reminder": row.pk}, exc_info=error)
        ReminderRecord.objects.filter(pk=row.pk).update(
            mailed_at=None, problem=f"{type(error).__name__}: {error}"[:300]
        )
        return False
    ReminderRecord.objects.filter(pk=row.pk).update(problem="")
    return True


def _audience(row: ReminderRecord) -> Iterable[UserRecord]:
    """Whom a reminder concerns: the applicant's people, or the reviewer; the lead where nobody has it or it is late."""
    people, filing = UserRecord.objects.filter(is_active=True), row.filing
    company = people.filter(role=Person.APPLICANT, organisation=filing.organisation_id)
    leads = people.filter(role=Person.LEAD)
    if row.kind == "stale":
        return company
    if row.kind == "term":
        return [*company, *leads]
    if filing.state in APPLICANT:
        return company
    if filing.assignee is None or row.key.endswith("over"):
        return [*leads, *people.filter(pk=filing.assignee_id or 0)]
    return people.filter(pk=filing.assignee_id)


_LETTERS = {
    "due near": (
        "期限将到：{number}", "申请 {number}《{name}》目前处于“{state}”，期限为 {day}。",
        "Application {number} is due on {day}.",
    ),
    "due over": (
        "已超期：{number}", "申请 {number}《{name}》目前处于“{state}”，期限 {day} 已过。",
        "Application {number} was due on {day} and is overdue.",
    ),
    "term": (
        "有效期将到：{number}", "申请 {number}《{name}》在公开名单中的有效期至 {day}，如需延续请及时办理。",
        "The term of application {number} ends on {day}.",
    ),
    "stale": (
        "草稿将被删除：{number}",
        "申请草稿 {number}《{name}》长期没有改动，将于 {day} 连同材料自动删除。如需保留，请登录后在申请页点“保留草稿”，或继续修改。",
        "The draft {number} has not been changed for long and will be deleted with its files on {day}. "
        "To keep it, sign in and choose “Keep draft” on its page, or go on editing.",
    ),
}  # fmt: skip


def _letter(row: ReminderRecord) -> tuple[str, str]:
    kind = f"due {row.key.rsplit(' ', 1)[-1]}" if row.kind == "due" else row.kind
    filing = row.filing
    values = {
        "number": filing.number, "name": " ".join(filing.name.split()), "state": LABELS[State(filing.state)], "day": row.day,
    }  # fmt: skip
    subject, chinese, english = (text.format(**values) for text in _LETTERS[kind])
    address = (
        f"{settings.CSRF_TRUSTED_ORIGINS[0].rstrip('/')}/filings/{filing.number}/"
        if settings.CSRF_TRUSTED_ORIGINS
        else ""
    )
    parts = [chinese, english, address, f"{options.get('office')}（自动发送，请勿回复 / sent automatically）"]
    return f"[备案审查] {subject}", "\n\n".join(p for p in parts if p) + "\n"


def schedule() -> None:
    """Has the worker do it every hour, from now on."""
    from django_q.models import Schedule

    Schedule.objects.update_or_create(
        name="reminders", defaults={"func": "assist_review.web.reminders.hourly", "schedule_type": Schedule.HOURLY}
    )
