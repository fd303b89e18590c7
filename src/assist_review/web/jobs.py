"""Reviews in the background: short tasks that may run twice, in any process, after any kill, with the same result."""

import logging
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_q.tasks import async_task

from assist_review.compare import compare
from assist_review.errors import AssistReviewError, DamagedFile, OutOfTime
from assist_review.filing import Document
from assist_review.read.page_images import DRAWN, draw
from assist_review.review import NEGATIVE, Decision, Finding, Review
from assist_review.web import audit, llm, rules, store
from assist_review.web.models import (
    DecisionRecord,
    DocumentRecord,
    FilingRecord,
    FindingRecord,
    JobRecord,
    PackageRecord,
    ReviewRecord,
    StepRecord,
)

_LOG = logging.getLogger("assist_review.web.jobs")
ATTEMPTS = 3
PAGES_A_TASK = 8
GROUPS = ("fatal", "major", "minor", "unclear", "compliant", "not_applicable")
_BESIDE = ("draw", "revise")  # steps a review does not wait for: they fail alone, and later than the job


def ask(package: PackageRecord) -> JobRecord:
    """A job for this package, with one step for each different file, put in the queue once the transaction holds."""
    job = JobRecord.objects.create(package=package)
    return _plan(job)


def _plan(job: JobRecord) -> JobRecord:
    names = {f"read:{f['sha256']}.{store.extension_of(f['path'])}": f["path"] for f in job.package.value}
    StepRecord.objects.bulk_create(
        [StepRecord(job=job, name=name, file=path) for name, path in names.items()]
        + [StepRecord(job=job, name="judge")],
        ignore_conflicts=True,
    )
    pk = job.pk
    transaction.on_commit(lambda: _send(pk))
    return job


def _send(job_id: int) -> None:
    """Queues what is still to be done: the files, or, where all are read, the judgement."""
    steps = StepRecord.objects.filter(job=job_id).exclude(state="done")
    reads = [s.pk for s in steps if s.name.startswith("read:")]
    for pk in reads:
        async_task("assist_review.web.jobs.run_step", pk)
    if not reads:
        for each in steps.filter(name="judge"):
            async_task("assist_review.web.jobs.run_step", each.pk)


def cancel(job: JobRecord) -> None:
    """Stops a job: steps that have not begun do nothing."""
    JobRecord.objects.filter(pk=job.pk, state__in=("queued", "running")).update(
        state="cancelled", finished_at=timezone.now()
    )


def retry(job: JobRecord) -> None:
    """Runs what is left of a failed or cancelled job; what is done stays done."""
    with transaction.atomic():
        JobRecord.objects.filter(pk=job.pk).exclude(state="done").update(state="queued", error="", finished_at=None)
        # What runs beside the job is asked for by its own page.
        job.steps.exclude(state="done").exclude(name__startswith="revise:").update(
            state="waiting", attempts=0, error=""
        )
        pk = job.pk
        transaction.on_commit(lambda: _send(pk))


def run_step(step_id: int) -> str:
    """The task: does one step, then queues what follows. Returns what became of it."""
    step = StepRecord.objects.select_related("job__package__filing").get(pk=step_id)
    job = step.job
    kind = step.name.partition(":")[0]
    if kind != "revise" and (job.state == "cancelled" or (job.state == "failed" and step.state == "failed")):
        return "cancelled"
    if step.state == "done":
        _after(step, again=True)
        return "done before"
    if kind not in _BESIDE:
        JobRecord.objects.filter(pk=job.pk, state="queued").update(state="running")
    StepRecord.objects.filter(pk=step.pk).update(state="running", attempts=F("attempts") + 1)
    started = time.monotonic()
    try:
        _STEPS[kind](step)
    except OutOfTime:
        return _go_on(step)
    except Exception as error:
        return _failed(step, error)
    StepRecord.objects.filter(pk=step.pk).update(state="done", seconds=round(time.monotonic() - started, 2))
    _after(step)
    return "done"


def _go_on(step: StepRecord) -> str:
    """The same step as a new task: a model was still answering when the time of this one was over."""
    StepRecord.objects.filter(pk=step.pk).update(state="waiting", attempts=0)
    async_task("assist_review.web.jobs.run_step", step.pk)
    return "goes on"


def _failed(step: StepRecord, error: Exception) -> str:
    attempts = StepRecord.objects.values_list("attempts", flat=True).get(pk=step.pk)
    expected = isinstance(error, AssistReviewError)
    said = str(error) if expected else f"{type(error).__name__}: {error}"
    _LOG.error("step failed", extra={"step": step.name, "job": step.job_id, "attempt": attempts}, exc_info=error)
    if step.name.partition(":")[0] in _BESIDE:
        StepRecord.objects.filter(pk=step.pk).update(state="failed", error=said[:500])
        return "failed"
    if attempts < ATTEMPTS and not expected:
        StepRecord.objects.filter(pk=step.pk).update(state="waiting", error=said[:500])
        async_task("assist_review.web.jobs.run_step", step.pk)
        return "again"
    StepRecord.objects.filter(pk=step.pk).update(state="failed", error=said[:500])
    JobRecord.objects.filter(pk=step.job_id).exclude(state__in=("done", "cancelled")).update(
        state="failed", error=said[:500], finished_at=timezone.now()
    )
    return "failed"


def _after(step: StepRecord, *, again: bool = False) -> None:
    """Judges once all files are read. `again`: a task that was killed after its own step, perhaps in the judgement."""
    if not step.name.startswith("read:"):
        return
    steps = StepRecord.objects.filter(job=step.job_id)
    if steps.filter(name__startswith="read:").exclude(state="done").exists():
        return
    judging = steps.filter(name="judge").exclude(state__in=("done", "failed")).first()
    # Of two tasks that read the last files at the same moment one judges.
    if judging is not None and (again or steps.filter(pk=judging.pk, state="waiting").update(state="running")):
        JobRecord.objects.filter(pk=step.job_id).update(stage="check")
        if llm.chosen(step.job.package.kind) is not None:
            async_task("assist_review.web.jobs.run_step", judging.pk)  # with all the time of a task for the model
        else:
            run_step(judging.pk)  # not behind the files of other jobs


def read_cache() -> Path:
    """Where documents are kept by the content of their files."""
    return Path(settings.HOME) / "read"


def _read(step: StepRecord) -> None:
    """Parses one file in the sandbox into the cache; the judgement takes it from there."""
    sha256 = step.name.partition(":")[2].partition(".")[0]
    with tempfile.TemporaryDirectory(prefix="read-", dir=settings.HOME) as folder:
        store.lay_out([(step.file, sha256)], Path(folder))
        from assist_review.read import read

        read(Path(folder), lexicon=rules.pack().lexicon, cache=read_cache(), jobs=1)


def _judge(step: StepRecord) -> None:
    from assist_review.pipeline import Wishes, judge, understand  # heavy, and no request needs it

    package = step.job.package
    pack = rules.pack()
    filing_row = package.filing
    day = timezone.localdate(package.made_at)
    with tempfile.TemporaryDirectory(prefix="judge-", dir=settings.HOME) as folder:
        # The folder's name is the name of the package in the review.
        root = Path(folder) / filing_row.number
        store.lay_out([(f["path"], f["sha256"]) for f in package.value], root)
        wishes = Wishes(
            route=filing_row.route, roles={f["path"]: f["role"] for f in package.value if f["given"]}, jobs=1,
            service={"province": filing_row.province} if filing_row.province else {},
        )  # fmt: skip
        filing, extraction = understand(
            root, pack=pack, wishes=wishes, cache=read_cache(),
            progress=lambda stage, *_: _stage(step.job, stage),
        )  # fmt: skip
        model = llm.open_for(step.job)
        try:
            review = judge(
                filing, extraction, pack=pack, as_of=day, wishes=wishes, model=model,
                progress=lambda stage, *_: _stage(step.job, stage),
            )  # fmt: skip
        except OutOfTime:
            if model is not None:
                llm.keep_usage(step.job, model)
            raise
    _keep(filing.documents)
    _store(step.job, package, review, pack.sha256)


def _keep(documents: Iterable[Document]) -> None:
    for document in documents:
        extension = store.extension_of(document.file)
        if not DocumentRecord.objects.filter(sha256=document.sha256, extension=extension).exists():
            store.keep(document, extension)


@transaction.atomic
def take(job: JobRecord, review: Review, documents: Iterable[Document]) -> None:
    """Ends a job whose package was read and judged elsewhere, by this program and pack, as if it had run here."""
    job.steps.filter(state="waiting").update(state="done")
    _keep(documents)
    _store(job, job.package, review, rules.pack().sha256)


def _stage(job: JobRecord, stage: str) -> None:
    if stage in ("extract", "facts", "retrieve", "check", "ask", "prove", "revise"):
        JobRecord.objects.filter(pk=job.pk).update(stage=stage)


@transaction.atomic
def _store(job: JobRecord, package: PackageRecord, review: Review, pack_sha256: str) -> None:
    filing = FilingRecord.objects.select_for_update().get(pk=package.filing_id)
    row, made = ReviewRecord.objects.get_or_create(
        package=package, pack_sha256=pack_sha256,
        defaults={
            "filing": filing, "value": review.model_dump(mode="json", by_alias=True), "grade": review.conclusion.grade,
        },
    )  # fmt: skip
    if made:
        FindingRecord.objects.bulk_create(finding_rows(row, review), batch_size=200)
        carry(row, review)
        for file in review.filing.files:
            filing.files.filter(path=file.file, active=True, role_given=False).update(role=file.role)
        newest = filing.packages.last()
        if newest is not None and newest.pk == package.pk:
            counts = review.conclusion.counts
            FilingRecord.objects.filter(pk=filing.pk).update(grade=row.grade, counts=counts, version=F("version") + 1)
        audit.note(None, "review.made", filing.number, package=package.sha256, pack=pack_sha256, grade=row.grade)
    JobRecord.objects.filter(pk=job.pk).exclude(state="cancelled").update(
        state="done", stage="done", finished_at=timezone.now()
    )
    drawn = {
        f.sha256: f.file for f in review.filing.files
        if f.sha256 and store.extension_of(f.file) in DRAWN and store.path_of(f.sha256).exists()
    }  # fmt: skip
    steps = [StepRecord(job=job, name=f"draw:{sha256}:1", file=file) for sha256, file in drawn.items()]
    StepRecord.objects.bulk_create(steps, ignore_conflicts=True)
    waiting = list(StepRecord.objects.filter(job=job, name__startswith="draw:").exclude(state="done"))
    transaction.on_commit(lambda: [async_task("assist_review.web.jobs.run_step", s.pk) for s in waiting] and None)


def finding_rows(row: ReviewRecord, review: Review) -> list[FindingRecord]:
    """A row for each finding, in the order of the review."""
    themes = rules.theme_of()
    return [
        FindingRecord(
            review=row, finding=f.id, position=n, requirement=f.requirement, theme=themes.get(f.requirement, ""),
            group=group(f), statement=f.statement, value=f.model_dump(mode="json"), own=f.origin.kind == "person",
        )
        for n, f in enumerate(review.findings)
    ]  # fmt: skip


def group(finding: Finding) -> str:
    """fatal, major or minor for a problem, else the verdict."""
    return str(finding.severity) if finding.verdict in NEGATIVE else str(finding.verdict)


def carry(row: ReviewRecord, review: Review) -> None:
    """Decisions of the round before on findings that have not changed, each with its reason; a person may reopen them."""
    before = (
        ReviewRecord.objects.filter(filing=row.filing_id, package__kind=row.package.kind, pk__lt=row.pk)
        .order_by("-id")
        .first()
    )
    if before is None or row.package.kind != "submission":
        return
    same = {p.after.id for p in compare(Review.model_validate(before.value), review).remains if p.same}
    latest: dict[str, DecisionRecord] = {}
    for decision in before.decisions.filter(reader="first", finding__in=same):
        latest[decision.finding] = decision
    for finding, decision in latest.items():
        if decision.action == "reopen":
            continue
        value = Decision.model_validate(decision.value)
        reason = (
            value.reason
            if value.reason.startswith("沿用")
            else f"沿用第{before.package.round}轮意见。{value.reason}".strip()
        )
        value = value.model_copy(update={"reason": reason})
        DecisionRecord.objects.create(
            review=row, finding=finding, action=decision.action, requirement=decision.requirement, by=decision.by,
            value=value.model_dump(mode="json"),
        )  # fmt: skip
        state = {"confirm": "confirmed", "amend": "amended", "dismiss": "dismissed"}[decision.action]
        row.findings.filter(finding=finding).update(state=state, carried=True)


def _draw(step: StepRecord) -> None:
    _, sha256, first = step.name.split(":")
    extension, start = store.extension_of(step.file), int(first)
    try:
        pages = draw(
            store.path_of(sha256), extension, store.page_folder(sha256), first=start, last=start + PAGES_A_TASK - 1
        )
    except DamagedFile:
        pages = []
    DocumentRecord.objects.filter(sha256=sha256, extension=extension).update(pages=[list(p) for p in pages])
    if start + PAGES_A_TASK <= len(pages):
        following, made = StepRecord.objects.get_or_create(
            job=step.job, name=f"draw:{sha256}:{start + PAGES_A_TASK}", defaults={"file": step.file}
        )
        if made or following.state != "done":
            async_task("assist_review.web.jobs.run_step", following.pk)


def _revise(step: StepRecord) -> None:
    from assist_review.web import revised

    _, review, reader, _ = step.name.split(":")
    revised.make(ReviewRecord.objects.select_related("package").get(pk=review), reader)


_STEPS: dict[str, Any] = {"read": _read, "judge": _judge, "draw": _draw, "revise": _revise}


def beside(package: PackageRecord, name: str) -> StepRecord:
    """A step beside the last job of a package, queued where it does not wait already; one that failed is tried again."""
    job = package.jobs.last() or JobRecord.objects.create(package=package, state="done", stage="done")
    step, made = StepRecord.objects.get_or_create(job=job, name=name)
    again = StepRecord.objects.filter(pk=step.pk, state__in=("failed", "done")).update(state="waiting", attempts=0)
    if made or again:
        transaction.on_commit(lambda: async_task("assist_review.web.jobs.run_step", step.pk) and None)
    return step


def progress(job: JobRecord) -> dict[str, Any]:
    """What a page shows of a job: stage, files done and known, and whether it still runs."""
    steps = [s for s in job.steps.all() if s.name.partition(":")[0] not in _BESIDE]
    reads = [s for s in steps if s.name.startswith("read:")]
    current = next((s.file for s in reads if s.state == "running"), "")
    return {
        "job": job, "running": job.state in ("queued", "running"), "done": sum(s.state == "done" for s in reads),
        "known": len(reads), "current": current, "stage": job.stage, "failed": [s for s in steps if s.state == "failed"],
        "attempts": max((s.attempts for s in steps), default=0), "model": job.stage in ("facts", "ask", "revise") or bool(job.usage),
        "asked": sum(use["calls"] for use in job.usage.values()),
    }  # fmt: skip
