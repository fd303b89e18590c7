"""Applications: begun, listed, looked up, moved on."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.errors import ValidationError

from assist_review.web import access, filings, forms
from assist_review.web.api.gate import SECURED, guard, once
from assist_review.web.api.shapes import (
    ERRORS,
    Application,
    FilingOut,
    FilingPage,
    Key,
    MoveIn,
    Number,
    PageNumber,
    PageSize,
)
from assist_review.web.models import FilingRecord
from assist_review.web.states import moves

router = Router()


def _out(request: HttpRequest, row: FilingRecord) -> FilingOut:
    return FilingOut(
        number=row.number, name=row.name, route=row.route, province=row.province, state=row.state, state_label=row.state_label,
        state_since=row.state_since, due=row.due, round=row.round, version=row.version, submitted_at=row.submitted_at,
        issued_number=row.issued_number, actions=[m.action for m in moves(row.state, request.user.role, row.route)],
    )  # fmt: skip


@router.post("v1/filings", auth=SECURED, response={201: FilingOut, **ERRORS}, tags=["申请"], summary="提交申请")
@guard("filing.create")
@once
def create(request: HttpRequest, given: Application, idempotency_key: Key = None) -> Any:  # noqa: ARG001
    """A new application, ready for files."""
    said = {**given.more, **given.model_dump(exclude={"more"})}
    values, wrong = forms.read(said)
    if wrong:
        errors = [{"loc": ["body", "given", k], "msg": v} for k, v in wrong.items()]
        raise ValidationError(errors)
    row = filings.begin(
        request.user, name=values["name"], route=values["route"], province=values["province"], sector=values["sector"],
        value=values,
    )  # fmt: skip
    return Status(201, _out(request, row))


@router.get("v1/filings", auth=SECURED, response={200: FilingPage, **ERRORS}, tags=["申请"], summary="申请列表")
@guard("filing.read")
def listing(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = 20,
    state: Annotated[str, Query("", pattern=r"^(S\d{1,2})?$")] = "",
) -> Any:  # fmt: skip
    """The filings this person may read, newest first."""
    rows = access.reachable(request.user, "filing.read").order_by("-id")
    rows = rows.filter(state=state) if state else rows
    chosen = rows[(page - 1) * size : page * size]
    return FilingPage(total=rows.count(), page=page, rows=[_out(request, r) for r in chosen])


@router.get("v1/filings/{number}", auth=SECURED, response={200: FilingOut, **ERRORS}, tags=["申请"], summary="查询申请")
@guard("filing.read")
def one(request: HttpRequest, number: Number) -> Any:
    """One filing."""
    return _out(request, access.filing(request.user, "filing.read", number))


@router.post(
    "v1/filings/{number}/moves",
    auth=SECURED,
    response={200: FilingOut, **ERRORS},
    tags=["申请"],
    summary="办理下一步",
)
@guard("filing.move")
@once
def step(request: HttpRequest, number: Number, given: MoveIn, idempotency_key: Key = None) -> Any:  # noqa: ARG001
    """A step of the state table, e.g. freeze, submit, receive, correct, answer."""
    row = access.filing(request.user, "filing.move", number)
    row = filings.step(
        row, request.user, given.action, reason=given.reason, number=given.number, expected=given.version
    )
    return Status(200, _out(request, row))
