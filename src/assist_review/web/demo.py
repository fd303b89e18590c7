"""Demo accounts and the example filings, for a first look and for the browser tests. Never in production."""

import logging
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from assist_review.review import Review
from assist_review.web import desk, filings, jobs, rules
from assist_review.web.examples import Example, documents, package, present, stored, warm
from assist_review.web.models import (
    AnswerRecord,
    FilingRecord,
    FindingRecord,
    OrganisationRecord,
    PackageRecord,
    ReviewRecord,
    UserRecord,
)
from assist_review.web.states import Person, State

_LOG = logging.getLogger("assist_review.web.demo")

PASSWORD = "beian-demo-2026"
PEOPLE: tuple[tuple[str, str, Person, str], ...] = (
    ("applicant", "李文静", Person.APPLICANT, "示例申请单位（成都）智能科技有限公司"),
    ("applicant2", "王海", Person.APPLICANT, "另一家申请单位有限公司"),
    ("reviewer", "陈明", Person.REVIEWER, "属地网信办（示例）"),
    ("reviewer2", "赵敏", Person.REVIEWER, "属地网信办（示例）"),
    ("second", "周岚", Person.SECOND, "属地网信办（示例）"),
    ("lead", "孙立新", Person.LEAD, "属地网信办（示例）"),
    ("admin", "管理员", Person.ADMIN, "属地网信办（示例）"),
    ("auditor", "审计员", Person.AUDITOR, "属地网信办（示例）"),
)

_TEXTS = {
    "service_type": "面向公众提供人机对话与文字生成服务。", "data_source": "开源语料、自采语料与商业采购语料，来源清单见评估报告第一章。",
    "processing_method": "清洗、去重、安全过滤后标注与训练，标注规则见附件3。", "application_scene": "面向个人用户，通过网页与小程序使用。",
    "technical_scheme": "模型部署于境内云平台，输入输出双向审核，关键词与分类模型结合拦截。",
}  # fmt: skip


def people() -> None:
    """The accounts that are not there yet."""
    for username, name, role, company in PEOPLE:
        kind = "applicant" if role == Person.APPLICANT else "office"
        organisation, _ = OrganisationRecord.objects.get_or_create(name=company, defaults={"kind": kind})
        if not UserRecord.objects.filter(username=username).exists():
            person = UserRecord(username=username, first_name=name, role=role, organisation=organisation)
            person.set_password(PASSWORD)
            person.save()


def examples(names: tuple[str, ...] | None = None) -> tuple[int, int]:
    """Hands in the example packages where there are no filings yet: how many, and how many of them wait for the worker."""
    if FilingRecord.objects.exists():
        return 0, 0
    chosen = [e for e in present() if names is None or e.case in names]
    waiting = sum(not _hand_in(e) for e in chosen)
    return len(chosen), waiting


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while some := stream.read(1 << 20):
        yield some


@transaction.atomic
def _hand_in(example: Example) -> bool:
    """The filing as far as it has come; without its stored review it stays with the worker, and this is False."""
    folder = package(example.case)
    assert folder is not None
    applicant = UserRecord.objects.get(username="applicant")
    fields = {"name": example.name, "route": example.route, "province": example.province, "sector": example.sector}
    row = filings.begin(applicant, **fields, value={**fields, **_TEXTS})
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as stream:
            filings.upload(row, applicant, path.relative_to(folder).as_posix(), _chunks(stream))
    if example.stage == "checked":
        return _take(example, filings.self_check(row, applicant).package)
    FilingRecord.objects.filter(pk=row.pk).update(state=State.SIGNING)
    filings.step(row, applicant, "submit")
    FilingRecord.objects.filter(pk=row.pk).update(wants_second=False)
    row.refresh_from_db()
    taken = _take(example, row.packages.get())
    if taken and example.stage in _STAGES:
        _STAGES[example.stage](example, row)
    return taken


def _take(example: Example, made: PackageRecord) -> bool:
    """Gives the job of a package the stored review, where that is what this program would say.

    Where it is not, but the same readers made the stored documents, the job is run here and now: seconds, not minutes.
    """
    if not example.stored:
        return False
    job, read = made.jobs.get(), warm(example, jobs.read_cache())
    review = stored(example, rules.pack(), {f["path"]: f["sha256"] for f in made.value})
    if isinstance(review, Review):
        named = review.model_copy(update={"filing": review.filing.model_copy(update={"name": made.filing.number})})
        jobs.take(job, named, documents(example))
        return True
    _LOG.info("stored review not used", extra={"example": example.case, "why": review})
    if read:
        for step in job.steps.order_by("pk"):
            jobs.run_step(step.pk)
    return ReviewRecord.objects.filter(package=made).exists()


def _received(row: FilingRecord) -> tuple[UserRecord, ReviewRecord, list[FindingRecord]]:
    """The filing received and passed on to the review of materials; with its reviewer, draft and grave problems."""
    reviewer = UserRecord.objects.get(username="reviewer")
    filings.step(row, reviewer, "receive")
    FilingRecord.objects.filter(pk=row.pk).update(assignee=reviewer)
    filings.step(row, reviewer, "accept")
    return reviewer, *_draft(row)


def _draft(row: FilingRecord) -> tuple[ReviewRecord, list[FindingRecord]]:
    review = ReviewRecord.objects.select_related("filing", "package").filter(filing=row).latest("pk")
    return review, list(review.findings.filter(group__in=("fatal", "major")))


def _deciding(example: Example, row: FilingRecord) -> None:  # noqa: ARG001
    """Some problems decided, most still open."""
    reviewer, review, found = _received(row)
    for n, each in enumerate(found[: max(3, len(found) // 3)]):
        if n % 4 == 3:
            desk.decide(review, reviewer, each.finding, "dismiss", reason="示例意见：已核对原件，与申报内容一致。")
        elif n % 4 == 1:
            words = f"{each.statement.rstrip('。')}。请附原始记录。"
            desk.decide(
                review, reviewer, each.finding, "amend", amended={"statement": words}, reason="示例意见：补充要求。"
            )
        else:
            desk.decide(review, reviewer, each.finding, "confirm")


def _corrected(example: Example, row: FilingRecord) -> None:  # noqa: ARG001
    """All grave problems confirmed, signed, and the notice sent."""
    reviewer, review, found = _received(row)
    for each in found:
        desk.decide(review, reviewer, each.finding, "confirm")
    desk.sign(review, reviewer, "supplement", "示例结论：材料存在应当补正的问题。")
    filings.step(row, reviewer, "correct")


def _finished(example: Example, row: FilingRecord) -> None:
    """Corrected, answered, looked at again, passed and entered in the register."""
    _corrected(example, row)
    applicant, lead = UserRecord.objects.get(username="applicant"), UserRecord.objects.get(username="lead")
    notice = row.notices.get()
    for item in notice.value:
        AnswerRecord.objects.create(
            notice=notice,
            item=item["number"],
            facts="示例答复：属实。",
            measures="示例答复：已当面提交更正后的原件。",
            by=applicant,
        )
    row = filings.step(row, applicant, "answer")
    _take(example, row.packages.latest("pk"))
    reviewer = UserRecord.objects.get(username="reviewer")
    review, found = _draft(row)
    for each in found:
        desk.decide(review, reviewer, each.finding, "dismiss", reason="示例意见：已核对更正后的原件，问题消除。")
    desk.sign(review, reviewer, "ready", "示例结论：问题已经消除。")
    for person, action, number in (
        (reviewer, "pass", ""), (lead, "decide", f"Hunan-XiangCheng-{timezone.localdate():%Y%m%d}S{row.pk:04d}"),
    ):  # fmt: skip
        filings.step(row, person, action, number=number)


_STAGES: dict[str, Callable[[Example, FilingRecord], None]] = {
    "deciding": _deciding, "corrected": _corrected, "finished": _finished,
}  # fmt: skip
