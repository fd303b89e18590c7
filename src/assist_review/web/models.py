"""The rows of the site. Each ends in Record; where it stands for a value of the pipeline it holds that as JSON."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from assist_review.web.states import LABELS, Person, State

_KEEP = {"on_delete": models.PROTECT}


class OrganisationRecord(models.Model):
    """An applicant company, or an office that reviews."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=[("applicant", "申请单位"), ("office", "审查机构")])
    code = models.CharField(max_length=18, blank=True)  # 统一社会信用代码


class UserRecord(AbstractUser):
    """A person with one role in one organisation."""

    role = models.CharField(max_length=12, choices=[(p.value, p.value) for p in Person], default=Person.APPLICANT)
    organisation = models.ForeignKey(OrganisationRecord, null=True, **_KEEP)
    language = models.CharField(max_length=8, default="zh-hans")
    keys_off = models.BooleanField(default=False)  # keyboard shortcuts switched off

    @property
    def shown(self) -> str:
        """The name people are shown."""
        return self.first_name or self.username


class FilingRecord(models.Model):
    """One application and where it stands. `value` holds the form; `version` grows with every change."""

    number = models.CharField(max_length=24, unique=True)
    organisation = models.ForeignKey(OrganisationRecord, related_name="filings", **_KEEP)
    created_by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    created_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200)  # of the model or service
    route = models.CharField(max_length=12, choices=[("filing", "备案"), ("registration", "登记")])
    province = models.CharField(max_length=30, blank=True)
    sector = models.CharField(max_length=60, blank=True)
    value = models.JSONField(default=dict)
    state = models.CharField(max_length=4, default=State.ROUTE)
    state_since = models.DateTimeField(default=timezone.now)
    asked_from = models.CharField(max_length=4, blank=True)  # the state that asked for corrections
    due = models.DateField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True, db_index=True)
    finished_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(UserRecord, null=True, blank=True, related_name="assigned", **_KEEP)
    second_reader = models.ForeignKey(UserRecord, null=True, blank=True, related_name="second", **_KEEP)
    wants_second = models.BooleanField(default=False)
    grade = models.CharField(max_length=12, blank=True)  # of the newest review
    counts = models.JSONField(default=dict)  # of the newest review: fatal, major, minor, unclear, open
    issued_number = models.CharField(max_length=60, blank=True)  # 备案号 or 上线编号
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["submitted_at", "state"]),
            models.Index(fields=["organisation", "state"]),
            # In the order of the queue, with all that it filters and counts by: the rows themselves are not read for that.
            models.Index(
                fields=[
                    "finished_at",
                    "due",
                    "id",
                    "submitted_at",
                    "state",
                    "state_since",
                    "grade",
                    "route",
                    "province",
                    "sector",
                    "assignee",
                    "second_reader",
                    "organisation",
                    "number",
                    "name",
                ],
                condition=models.Q(submitted_at__isnull=False),
                name="filings_in_queue",
            ),
        ]
        ordering = ["-id"]

    @property
    def state_label(self) -> str:
        """The state in words."""
        return LABELS[State(self.state)]


class FileRecord(models.Model):
    """A file of a filing as it stands now; its bytes lie in the store under their hash."""

    filing = models.ForeignKey(FilingRecord, related_name="files", on_delete=models.CASCADE)
    path = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField()
    role = models.CharField(max_length=24, default="other")  # recognised, or chosen
    role_given = models.BooleanField(default=False)  # chosen by a person
    active = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "path"], condition=models.Q(active=True), name="one_file_per_path"
            )
        ]
        ordering = ["path"]


class PackageRecord(models.Model):
    """One version of the package: what was checked or submitted. `value` lists path, sha256, role and size."""

    filing = models.ForeignKey(FilingRecord, related_name="packages", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=[("check", "自检"), ("submission", "提交")])
    round = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    value = models.JSONField()
    made_by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]


class JobRecord(models.Model):
    """The review of one package in the background."""

    package = models.ForeignKey(PackageRecord, related_name="jobs", on_delete=models.CASCADE)
    state = models.CharField(
        max_length=10, default="queued", choices=[(s, s) for s in ("queued", "running", "done", "failed", "cancelled")]
    )
    stage = models.CharField(max_length=12, default="read")
    error = models.TextField(blank=True)
    usage = models.JSONField(default=dict)  # what a model was paid for in runs that were not the last, by stage
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class StepRecord(models.Model):
    """One short task of a job; running it twice gives what running it once gives."""

    job = models.ForeignKey(JobRecord, related_name="steps", on_delete=models.CASCADE)
    name = models.CharField(max_length=100)  # read:<sha256>.<extension>, judge, draw:<sha256>:<first page>
    file = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, default="waiting")  # waiting, running, done, failed
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    seconds = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="one_step_per_name")]
        ordering = ["id"]


class DocumentRecord(models.Model):
    """A file as it was read; `value` is the zlib-compressed JSON of the Document. `pages` has sizes in points."""

    sha256 = models.CharField(max_length=64)
    extension = models.CharField(max_length=12)
    value = models.BinaryField()
    pages = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "extension"], name="one_document_per_file")]


class ReviewRecord(models.Model):
    """The draft review of one package. Decisions lie in DecisionRecord; `signed` is what was signed off."""

    filing = models.ForeignKey(FilingRecord, related_name="reviews", on_delete=models.CASCADE)
    package = models.ForeignKey(PackageRecord, related_name="reviews", on_delete=models.CASCADE)
    pack_sha256 = models.CharField(max_length=64)
    value = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    grade = models.CharField(max_length=12)
    signed = models.JSONField(null=True)  # {grade, reasons, by, at}
    second_done_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "pack_sha256"], name="one_review_per_package")]
        ordering = ["id"]


class FindingRecord(models.Model):
    """A finding of a review, with what lists and plots need beside its value."""

    review = models.ForeignKey(ReviewRecord, related_name="findings", on_delete=models.CASCADE)
    finding = models.CharField(max_length=16)
    position = models.PositiveIntegerField()
    requirement = models.CharField(max_length=20, db_index=True)
    theme = models.CharField(max_length=40)
    group = models.CharField(max_length=16, db_index=True)  # fatal major minor unclear compliant not_applicable
    statement = models.TextField()
    value = models.JSONField()
    state = models.CharField(max_length=10, default="open")  # open confirmed amended dismissed
    second_state = models.CharField(max_length=10, default="open")
    for_second = models.BooleanField(default=False)
    carried = models.BooleanField(default=False)  # decided in an earlier round
    own = models.BooleanField(default=False)  # added by a person
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "finding"], name="one_row_per_finding")]
        indexes = [models.Index(fields=["review", "position"])]
        ordering = ["position"]


class DecisionRecord(models.Model):
    """A decision; rows are only ever added. `value` is the Decision."""

    review = models.ForeignKey(ReviewRecord, related_name="decisions", on_delete=models.CASCADE)
    finding = models.CharField(max_length=16, db_index=True)
    reader = models.CharField(max_length=6, default="first")
    action = models.CharField(max_length=8)
    requirement = models.CharField(max_length=20, db_index=True)
    by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    at = models.DateTimeField(default=timezone.now)
    value = models.JSONField()

    class Meta:
        ordering = ["id"]


class NoteRecord(models.Model):
    """An internal note; applicants never see it."""

    filing = models.ForeignKey(FilingRecord, related_name="notes", on_delete=models.CASCADE)
    by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()


class TransitionRecord(models.Model):
    """A change of state: who, when, why, and the package it was about."""

    filing = models.ForeignKey(FilingRecord, related_name="transitions", on_delete=models.CASCADE)
    source = models.CharField(max_length=4)
    target = models.CharField(max_length=4)
    action = models.CharField(max_length=12)
    by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    package_sha256 = models.CharField(max_length=64, blank=True)
    document = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["id"]


class NoticeRecord(models.Model):
    """A 补正通知 of one round. `value` lists its items: number, finding, place, problem, basis, demand, nature."""

    filing = models.ForeignKey(FilingRecord, related_name="notices", on_delete=models.CASCADE)
    review = models.ForeignKey(ReviewRecord, related_name="+", **_KEEP)
    round = models.PositiveSmallIntegerField()
    due = models.DateField()
    value = models.JSONField()
    issued_by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "round"], name="one_notice_per_round")]
        ordering = ["id"]


class AnswerRecord(models.Model):
    """What the applicant answers to one item of a notice."""

    notice = models.ForeignKey(NoticeRecord, related_name="answers", on_delete=models.CASCADE)
    item = models.PositiveSmallIntegerField()
    facts = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    changes = models.TextField(blank=True)  # files changed, old page to new page
    by = models.ForeignKey(UserRecord, related_name="+", **_KEEP)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "item"], name="one_answer_per_item")]
        ordering = ["item"]


class RegisterRecord(models.Model):
    """An entry of the public register."""

    filing = models.OneToOneField(FilingRecord, related_name="entry", **_KEEP)
    number = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    applicant = models.CharField(max_length=200)
    province = models.CharField(max_length=30, blank=True)
    route = models.CharField(max_length=12)
    date = models.DateField(db_index=True)
    status = models.CharField(max_length=12, default="valid")  # valid, ended
    valid_until = models.DateField(null=True)  # only where an office sets a term

    class Meta:
        ordering = ["-date", "-id"]


class ReminderRecord(models.Model):
    """A reminder that was given, so that it is given once. `key` tells the occasion: a day, or a state and a day."""

    kind = models.CharField(max_length=8, choices=[(k, k) for k in ("due", "term", "stale")])
    filing = models.ForeignKey(FilingRecord, related_name="reminders", on_delete=models.CASCADE)
    key = models.CharField(max_length=40)
    day = models.DateField()  # the last day, the end of the term, or the day of deletion
    made_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # why no mail went out

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "filing", "key"], name="one_reminder_per_occasion")]
        ordering = ["id"]


class SavedViewRecord(models.Model):
    """A named set of filters of the queue."""

    user = models.ForeignKey(UserRecord, related_name="views", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_view_per_name")]
        ordering = ["name"]


class SettingRecord(models.Model):
    """One setting an administrator may change while the site runs."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()


class TokenRecord(models.Model):
    """A token of the interface; only its hash is kept."""

    user = models.ForeignKey(UserRecord, related_name="tokens", on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class IdempotencyRecord(models.Model):
    """The answer to a request that carried an idempotency key, given again when it comes again."""

    user = models.ForeignKey(UserRecord, related_name="+", on_delete=models.CASCADE)
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)  # 0: still being worked on
    value = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]


class ThrottleRecord(models.Model):
    """How often something was tried in one window of time."""

    key = models.CharField(max_length=120)
    window = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_count_per_window")]


class AuditRecord(models.Model):
    """One line of the audit log. Each holds the hash of the one before; rows are only ever added."""

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    value = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds; a second save of a row is refused."""
        if self.pk is not None:
            raise TypeError("审计记录只能追加")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refused."""
        raise TypeError("审计记录只能追加")
