"""What anybody may ask."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from assist_review.web import throttle
from assist_review.web.api.shapes import EntryOut, EntryPage, Number, PageNumber, PageSize, Problem, StatusOut
from assist_review.web.models import FilingRecord, RegisterRecord
from assist_review.web.states import State

router = Router()


@router.get("v1/register", response={200: EntryPage, 422: Problem}, tags=["公开"], summary="公开名单", auth=None)
def register(
    request: HttpRequest, q: Annotated[str, Query("", max_length=100)] = "", page: PageNumber = 1, size: PageSize = 20,  # noqa: ARG001
) -> Any:  # fmt: skip
    """The public register."""
    rows = RegisterRecord.objects.all()
    if word := q.replace("\x00", ""):
        rows = (
            rows.filter(name__icontains=word)
            | rows.filter(applicant__icontains=word)
            | rows.filter(number__icontains=word)
        )
    chosen = rows[(page - 1) * size : page * size]
    entries = [EntryOut(**{k: getattr(r, k) for k in EntryOut.model_fields}) for r in chosen]
    return EntryPage(total=rows.count(), page=page, rows=entries)


@router.get(
    "v1/status/{number}",
    response={200: StatusOut, 404: Problem, 422: Problem, 429: Problem},
    tags=["公开"],
    summary="按编号查询状态",
    auth=None,
)
def status(request: HttpRequest, number: Number) -> Any:
    """Where an application stands, for whoever knows its number."""
    if throttle.over(f"query:{request.META.get('REMOTE_ADDR', '')}", 600, 300):
        raise HttpError(429, "查询过于频繁，请稍后再试。")
    row = FilingRecord.objects.filter(number=number).first()
    if row is None:
        raise Http404
    return StatusOut(
        number=row.number, state=State(row.state), state_label=row.state_label, state_since=row.state_since
    )
