"""The interface for programs under /api/v1; its description is at /api/docs and /api/v1/openapi.json."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Annotated, Any, Literal

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Header, NinjaAPI, Path, Query, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.files import UploadedFile
from ninja.security import HttpBearer
from ninja.utils import check_csrf
from pydantic import Field

from assist_review.errors import AssistReviewError
from assist_review.filing import Role
from assist_review.web import access, desk, filings, forms, jobs, throttle
from assist_review.web.models import (
    DecisionRecord,
    FilingRecord,
    FindingRecord,
    IdempotencyRecord,
    JobRecord,
    RegisterRecord,
    ReviewRecord,
    TokenRecord,
)
from assist_review.web.states import Person, State, moves

PER_MINUTE = 240
PROBLEM = "application/problem+json"


class Token(HttpBearer):
    """`Authorization: Bearer ar_…`, made on the account page."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The person the token stands for."""
        sha256 = hashlib.sha256(token.encode()).hexdigest()
        row = TokenRecord.objects.select_related("user").filter(sha256=sha256, expires_at__gt=timezone.now()).first()
        if row is None or not row.user.is_active:
            return None
        if row.used_at is None or (timezone.now() - row.used_at).total_seconds() > 60:
            TokenRecord.objects.filter(pk=row.pk).update(used_at=timezone.now())
        request.user = row.user
        return row.user


def session(request: HttpRequest) -> Any:
    """The person signed in on the site; changes need the page's CSRF token in X-CSRFToken."""
    user = request.user
    if not user.is_authenticated:
        return None
    if check_csrf(request) is not None:
        raise HttpError(403, "缺少或不正确的 X-CSRFToken")
    return user


api = NinjaAPI(
    title="assist-review", version="1", urls_namespace="api", docs_url=None, openapi_url="v1/openapi.json",
    description="生成式人工智能服务备案（登记）：提交、查询、上传、自检、问题、意见、文书、公开名单。错误以 application/problem+json 返回。",
)  # fmt: skip
_SECURED: Any = [Token(), session]


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] = []


def _problem(status: int, title: str, detail: str = "", errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    said = Problem(title=title, status=status, detail=detail, errors=errors or [])
    return HttpResponse(said.model_dump_json(), status=status, content_type=PROBLEM)


_TITLES = {
    400: "请求无法理解",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    409: "有冲突",
    422: "内容不符合要求",
    429: "过于频繁",
}


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
    return _problem(error.status_code, _TITLES.get(error.status_code, "错误"), str(error))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
    response = _problem(401, _TITLES[401], "请在 Authorization 中给出令牌，或先在网站登录。")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
    errors = [{"at": [str(p) for p in e.get("loc", ())], "message": str(e.get("msg", ""))} for e in error.errors]
    return _problem(422, _TITLES[422], "", errors)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
    return _problem(404, _TITLES[404], "没有这项内容，或者不在您可以查看的范围内。")


@api.exception_handler(filings.Conflict)
def _conflict(request: HttpRequest, error: filings.Conflict) -> HttpResponse:  # noqa: ARG001
    return _problem(409, _TITLES[409], str(error))


@api.exception_handler(AssistReviewError)
def _refused(request: HttpRequest, error: AssistReviewError) -> HttpResponse:  # noqa: ARG001
    return _problem(422, _TITLES[422], str(error))


def _guard(grant: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same grants as the pages, and a limit on how often one person asks."""

    def outer(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if throttle.over(f"api:{request.user.pk}", PER_MINUTE, 60):
                raise HttpError(429, f"每分钟最多 {PER_MINUTE} 次请求。")
            if not access.can(request.user, grant):
                raise HttpError(403, "您的角色不能使用这项操作。")
            return operation(request, *args, **kwargs)

        return inner

    return outer


def _once(operation: Callable[..., Any]) -> Callable[..., Any]:
    """With an Idempotency-Key, a repeated request gets the first answer and does nothing again."""

    @wraps(operation)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()[:100]
        if not key:
            return operation(request, *args, **kwargs)
        sent = b"" if request.content_type == "multipart/form-data" else request.body
        said = hashlib.sha256(request.method.encode() + request.path.encode() + b"\0" + sent).hexdigest()
        try:
            row, made = IdempotencyRecord.objects.get_or_create(
                user=request.user, key=key, defaults={"request_sha256": said}
            )
        except IntegrityError:
            row, made = IdempotencyRecord.objects.get(user=request.user, key=key), False
        if not made and row.request_sha256 != said:
            raise HttpError(422, "这个 Idempotency-Key 已用于另一个请求。")
        if not made and row.status == 0:
            raise HttpError(409, "同一请求正在处理，请稍后再试。")
        if not made:
            return Status(row.status, row.value)
        try:
            answer = operation(request, *args, **kwargs)
        except BaseException:
            row.delete()
            raise
        row.status = answer.status_code
        row.value = json.loads(answer.value.model_dump_json())
        row.save(update_fields=["status", "value"])
        return answer

    return inner


Key = Annotated[str | None, Header(None, alias="Idempotency-Key", max_length=100)]
Number = Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,24}$", description="受理编号，如 SL20261124-7F3K9Q")]
_ERRORS: dict[int, Any] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
    429: Problem,
}


class Application(Schema):
    """What an application states; the five texts of the source document, and the fuller form in `more`."""

    name: str = Field(min_length=1, max_length=200)
    route: Literal["filing", "registration"]
    province: str = Field(min_length=1, max_length=30)
    sector: str = Field("", max_length=60)
    service_type: str = Field(min_length=1, max_length=2000)
    data_source: str = Field(min_length=1, max_length=2000)
    processing_method: str = Field(min_length=1, max_length=2000)
    application_scene: str = Field(min_length=1, max_length=2000)
    technical_scheme: str = Field(min_length=1, max_length=4000)
    more: dict[str, str] = {}


class FilingOut(Schema):
    """A filing as its reader may see it."""

    number: str
    name: str
    route: str
    province: str
    state: str
    state_label: str
    state_since: datetime
    due: date | None
    round: int
    version: int
    submitted_at: datetime | None
    issued_number: str
    actions: list[str]


class FileOut(Schema):
    """A file of the package."""

    path: str
    sha256: str
    size_bytes: int
    role: str


class JobOut(Schema):
    """A review in the background."""

    job: int
    state: str
    stage: str
    done: int
    known: int
    error: str


class FindingOut(Schema):
    """A finding with its value as in review.json."""

    finding: str
    requirement: str
    group: str
    state: str
    version: int
    carried: bool
    value: dict[str, Any]


class DecisionIn(Schema):
    """A decision. `version` is that of the finding as last read; another person's change in between gives 409."""

    action: Literal["confirm", "amend", "dismiss", "reopen"]
    reason: str = Field("", max_length=4000)
    amended: dict[str, Any] = {}
    version: int | None = None


class DecisionOut(Schema):
    """A decision as kept."""

    finding: str
    action: str
    author: str
    reason: str
    at: datetime
    amended: dict[str, Any]


class MoveIn(Schema):
    """A step of the state table."""

    action: str = Field(max_length=20)
    reason: str = Field("", max_length=4000)
    number: str = Field("", max_length=60)
    version: int | None = None


class EntryOut(Schema):
    """An entry of the public register."""

    number: str
    name: str
    applicant: str
    province: str
    route: str
    date: date
    status: str


class StatusOut(Schema):
    """What anybody may know of an application."""

    number: str
    state: str
    state_label: str
    state_since: datetime


class FilingPage(Schema):
    """One page of filings."""

    total: int
    page: int
    rows: list[FilingOut]


class FindingPage(Schema):
    """One page of findings."""

    total: int
    page: int
    rows: list[FindingOut]


class EntryPage(Schema):
    """One page of the register."""

    total: int
    page: int
    rows: list[EntryOut]


PageNumber = Annotated[int, Query(1, ge=1, le=100_000)]
PageSize = Annotated[int, Query(20, ge=1, le=100)]


def _out(request: HttpRequest, row: FilingRecord) -> FilingOut:
    return FilingOut(
        number=row.number, name=row.name, route=row.route, province=row.province, state=row.state, state_label=row.state_label,
        state_since=row.state_since, due=row.due, round=row.round, version=row.version, submitted_at=row.submitted_at,
        issued_number=row.issued_number, actions=[m.action for m in moves(row.state, request.user.role, row.route)],
    )  # fmt: skip


def _job_out(job: JobRecord) -> JobOut:
    found = jobs.progress(job)
    return JobOut(
        job=job.pk, state=job.state, stage=job.stage, done=found["done"], known=found["known"], error=job.error
    )


@api.post("v1/filings", auth=_SECURED, response={201: FilingOut, **_ERRORS}, tags=["申请"], summary="提交申请")
@_guard("filing.create")
@_once
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


@api.get("v1/filings", auth=_SECURED, response={200: FilingPage, **_ERRORS}, tags=["申请"], summary="申请列表")
@_guard("filing.read")
def listing(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = 20,
    state: Annotated[str, Query("", pattern=r"^(S\d{1,2})?$")] = "",
) -> Any:  # fmt: skip
    """The filings this person may read, newest first."""
    rows = access.reachable(request.user, "filing.read").order_by("-id")
    rows = rows.filter(state=state) if state else rows
    chosen = rows[(page - 1) * size : page * size]
    return FilingPage(total=rows.count(), page=page, rows=[_out(request, r) for r in chosen])


@api.get("v1/filings/{number}", auth=_SECURED, response={200: FilingOut, **_ERRORS}, tags=["申请"], summary="查询申请")
@_guard("filing.read")
def one(request: HttpRequest, number: Number) -> Any:
    """One filing."""
    return _out(request, access.filing(request.user, "filing.read", number))


@api.post(
    "v1/filings/{number}/moves",
    auth=_SECURED,
    response={200: FilingOut, **_ERRORS},
    tags=["申请"],
    summary="办理下一步",
)
@_guard("filing.move")
@_once
def step(request: HttpRequest, number: Number, given: MoveIn, idempotency_key: Key = None) -> Any:  # noqa: ARG001
    """A step of the state table, e.g. freeze, submit, receive, correct, answer."""
    row = access.filing(request.user, "filing.move", number)
    row = filings.step(
        row, request.user, given.action, reason=given.reason, number=given.number, expected=given.version
    )
    return Status(200, _out(request, row))


@api.get(
    "v1/filings/{number}/files",
    auth=_SECURED,
    response={200: list[FileOut], **_ERRORS},
    tags=["材料"],
    summary="材料清单",
)
@_guard("filing.read")
def files(request: HttpRequest, number: Number) -> Any:
    """The files of the package as it stands."""
    row = access.filing(request.user, "filing.read", number)
    return [
        FileOut(path=f.path, sha256=f.sha256, size_bytes=f.size_bytes, role=f.role)
        for f in row.files.filter(active=True)
    ]


@api.post(
    "v1/filings/{number}/files", auth=_SECURED, response={201: FileOut, **_ERRORS}, tags=["材料"], summary="上传材料"
)
@_guard("filing.edit")
@_once
def upload(
    request: HttpRequest, number: Number, file: File[UploadedFile], path: Annotated[str, Query("", max_length=400)] = "",
    role: Annotated[Role | None, Query(None)] = None, idempotency_key: Key = None,  # noqa: ARG001
) -> Any:  # fmt: skip
    """One file; the same `path` replaces."""
    row = access.filing(request.user, "filing.edit", number)
    taken = filings.upload(row, request.user, path or file.name or "", file.chunks())
    if role is not None:
        filings.give_role(FilingRecord.objects.get(pk=row.pk), request.user, taken, role)
        taken.refresh_from_db()
    return Status(201, FileOut(path=taken.path, sha256=taken.sha256, size_bytes=taken.size_bytes, role=taken.role))


@api.post(
    "v1/filings/{number}/reviews", auth=_SECURED, response={202: JobOut, **_ERRORS}, tags=["审查"], summary="开始自检"
)
@_guard("filing.edit")
@_once
def start(request: HttpRequest, number: Number, idempotency_key: Key = None) -> Any:  # noqa: ARG001
    """A self-check in the background."""
    row = access.filing(request.user, "filing.edit", number)
    return Status(202, _job_out(filings.self_check(row, request.user)))


@api.get(
    "v1/filings/{number}/reviews/latest",
    auth=_SECURED,
    response={200: JobOut, **_ERRORS},
    tags=["审查"],
    summary="审查进度",
)
@_guard("filing.read")
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
    if request.user.role == Person.APPLICANT:
        review = row.reviews.filter(package__kind="check").last()
    else:
        review = row.reviews.filter(package__kind="submission").last()
    if review is None:
        raise Http404
    review.filing = row
    return row, review


@api.get(
    "v1/filings/{number}/findings",
    auth=_SECURED,
    response={200: FindingPage, **_ERRORS},
    tags=["审查"],
    summary="问题清单",
)
@_guard("filing.read")
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


FindingId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,16}$")]


@api.get(
    "v1/filings/{number}/findings/{finding}/decisions", auth=_SECURED, response={200: list[DecisionOut], **_ERRORS}, tags=["审查"],
    summary="意见记录",
)  # fmt: skip
@_guard("filing.internal")
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


@api.post(
    "v1/filings/{number}/findings/{finding}/decisions", auth=_SECURED, response={201: FindingOut, **_ERRORS}, tags=["审查"],
    summary="提出意见",
)  # fmt: skip
@_guard("filing.decide")
@_once
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


@api.get(
    "v1/filings/{number}/reports/{kind}",
    auth=_SECURED,
    response={200: None, **_ERRORS},
    tags=["文书"],
    summary="下载文书",
)
@_guard("filing.read")
def report(
    request: HttpRequest, number: Number, kind: Literal["selfcheck", "json", "html", "opinion", "notice", "xlsx"]
) -> Any:
    """A report as a file."""
    from assist_review.web.views.files import report as make

    return make(request, access.filing(request.user, "filing.read", number), kind)


@api.get("v1/register", response={200: EntryPage, 422: Problem}, tags=["公开"], summary="公开名单", auth=None)
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


@api.get(
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


def described() -> dict[str, Any]:
    """The OpenAPI document, with errors under the content type they have and files as bytes."""
    schema: dict[str, Any] = api._described()
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            for code, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(code) >= 400 and "application/json" in content:
                    content[PROBLEM] = content.pop("application/json")
            if path.endswith("/reports/{kind}"):
                operation["responses"][200]["content"] = {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                }
    return schema


api._described = api.get_openapi_schema
api.get_openapi_schema = lambda **_: described()
