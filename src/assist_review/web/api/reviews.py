"""Reviews: started, watched, their findings read and decided."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from assist_review.errors import AssistReviewError
from assist_review.web import access, desk, filings, jobs
from assist_review.web.api.gate import SECURED, guard, once
from assist_review.web.api.shapes import (
    ERRORS,
    DecisionIn,
    DecisionOut,
    FindingId,
    FindingOut,
    FindingPage,
    JobOut,
    Key,
    MakingOut,
    Number,
    PageNumber,
    PageSize,
)
from assist_review.web.models import DecisionRecord, FilingRecord, FindingRecord, JobRecord, ReviewRecord
from assist_review.web.states import Person

router = Router()


def _job_out(job: JobRecord) -> JobOut:
    found = jobs.progress(job)
    return JobOut(
        job=job.pk, state=job.state, stage=job.stage, done=found["done"], known=found["known"], error=job.error
    )


@router.post(
    "v1/filings/{number}/reviews", auth=SECURED, response={202: JobOut, **ERRORS}, tags=["审查"], summary="开始自检"
)
@guard("filing.edit")
@once
def start(request: HttpRequest, number: Number, idempotency_key: Key = None) -> Any:  # noqa: ARG001
    """A self-check in the background."""
    row = access.filing(request.user, "filing.edit", number)
    return Status(202, _job_out(filings.self_check(row, request.user)))


@router.get(
    "v1/filings/{number}/reviews/latest",
    auth=SECURED,
    response={200: JobOut, **ERRORS},
    tags=["审查"],
    summary="审查进度",
)
@guard("filing.read")
def latest(request: HttpRequest, number: Number) -> Any:
    """How far the newest review is."""
    row = access.filing(request.user, "filing.read", number)
    job = JobRecord.objects.filter(package__filing=row).last()
    if job is None:
        raise Http404
    return _job_out(job)


def _review(request: HttpRequest, number: str) -> tuple[FilingRecord, ReviewRecord]:
    """The review this person works with: applicants their self-check, reviewers the submission."""
    row = access.filing(request.user, "filing.read", number)
    kind = "check" if request.user.role == Person.APPLICANT else "submission"
    review = row.reviews.filter(package__kind=kind).defer("value").last()  # the draft itself: `desk.base`
    if review is None:
        raise Http404
    review.filing = row
    return row, review


@router.get(
    "v1/filings/{number}/reviews/latest/revised", auth=SECURED, response={200: None, 202: MakingOut, **ERRORS}, tags=["文书"],
    summary="下载修订稿",
)  # fmt: skip
@guard("filing.read")
def revised_files(request: HttpRequest, number: Number) -> Any:
    """The DOCX files with tracked changes and comments, as a ZIP; 202 while they are being written."""
    from assist_review.web import revised
    from assist_review.web.views.files import revised_file

    filing, review = _review(request, number)
    reader = desk.reader_of(filing, request.user)
    found = revised.made(review, reader)
    if found.state == "ready":
        return revised_file(request, filing, review, reader)
    if found.state == "making":
        response = HttpResponse(MakingOut().model_dump_json(), status=202, content_type="application/json")
        response["Retry-After"] = "3"
        return response
    said = {"bare": "这份材料包中没有 DOCX 文件，不能生成修订稿。", "nothing": "没有可以写入 DOCX 文件的修改建议。"}
    raise AssistReviewError(said.get(found.state, found.error))


@router.get(
    "v1/filings/{number}/findings",
    auth=SECURED,
    response={200: FindingPage, **ERRORS},
    tags=["审查"],
    summary="问题清单",
)
@guard("filing.read")
def findings(
    request: HttpRequest, number: Number, page: PageNumber = 1, size: PageSize = 20,
    group: Annotated[Literal["", "fatal", "major", "minor", "unclear", "compliant", "not_applicable"], Query("")] = "",
    state: Annotated[Literal["", "open", "confirmed", "amended", "dismissed"], Query("")] = "",
) -> Any:  # fmt: skip
    """The findings of the review, in its order."""
    filing, review = _review(request, number)
    second = desk.reader_of(filing, request.user) == "second"
    field = "second_state" if second else "state"
    rows = review.findings.all()
    rows = rows.filter(group=group) if group else rows
    rows = rows.filter(**{field: state}) if state else rows
    chosen = [
        FindingOut(
            finding=f.finding, requirement=f.requirement, group=f.group, state=getattr(f, field), version=f.version,
            carried=f.carried and not second, value=f.value,
        )
        for f in rows[(page - 1) * size : page * size]
    ]  # fmt: skip
    return FindingPage(total=rows.count(), page=page, rows=chosen)


@router.get(
    "v1/filings/{number}/findings/{finding}/decisions", auth=SECURED, response={200: list[DecisionOut], **ERRORS}, tags=["审查"],
    summary="意见记录",
)  # fmt: skip
@guard("filing.internal")
def decisions(request: HttpRequest, number: Number, finding: FindingId) -> Any:
    """All decisions on a finding, oldest first; a blind reader sees only the own."""
    filing, review = _review(request, number)
    if not review.findings.filter(finding=finding).exists():
        raise Http404
    reader = desk.reader_of(filing, request.user)
    both = bool(review.second_done_at and review.signed)
    rows = DecisionRecord.objects.filter(review=review, finding=finding)
    rows = rows if both else rows.filter(reader=reader)
    return [DecisionOut(**{k: d.value[k] for k in DecisionOut.model_fields}) for d in rows]


@router.post(
    "v1/filings/{number}/findings/{finding}/decisions", auth=SECURED, response={201: FindingOut, **ERRORS}, tags=["审查"],
    summary="提出意见",
)  # fmt: skip
@guard("filing.decide")
@once
def decide(
    request: HttpRequest,
    number: Number,
    finding: FindingId,
    given: DecisionIn,
    idempotency_key: Key = None,  # noqa: ARG001
) -> Any:
    """Confirm, amend, dismiss or reopen."""
    access.filing(request.user, "filing.decide", number)
    _, review = _review(request, number)
    if not FindingRecord.objects.filter(review=review, finding=finding).exists():
        raise Http404
    row = desk.decide(
        review, request.user, finding, given.action, reason=given.reason, amended=given.amended, expected=given.version
    )
    said = FindingOut(
        finding=row.finding, requirement=row.requirement, group=row.group, state=row.state, version=row.version,
        carried=row.carried, value=row.value,
    )  # fmt: skip
    return Status(201, said)
