"""The files of an application, and the reports made of it."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from assist_review.filing import Role
from assist_review.web import access, filings
from assist_review.web.api.gate import SECURED, guard, once
from assist_review.web.api.shapes import ERRORS, FileOut, Key, Number
from assist_review.web.models import FilingRecord

router = Router()


@router.get(
    "v1/filings/{number}/files",
    auth=SECURED,
    response={200: list[FileOut], **ERRORS},
    tags=["材料"],
    summary="材料清单",
)
@guard("filing.read")
def files(request: HttpRequest, number: Number) -> Any:
    """The files of the package as it stands."""
    row = access.filing(request.user, "filing.read", number)
    return [
        FileOut(path=f.path, sha256=f.sha256, size_bytes=f.size_bytes, role=f.role)
        for f in row.files.filter(active=True)
    ]


@router.post(
    "v1/filings/{number}/files", auth=SECURED, response={201: FileOut, **ERRORS}, tags=["材料"], summary="上传材料"
)
@guard("filing.edit")
@once
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


@router.get(
    "v1/filings/{number}/reports/{kind}",
    auth=SECURED,
    response={200: None, **ERRORS},
    tags=["文书"],
    summary="下载文书",
)
@guard("filing.read")
def report(
    request: HttpRequest, number: Number,
    kind: Literal["selfcheck", "json", "html", "opinion", "notice", "xlsx", "opinion-pdf", "notice-pdf"],
) -> Any:  # fmt: skip
    """A report as a file; a PDF only where the site has a converter."""
    from assist_review.web.views.files import report as make

    return make(request, access.filing(request.user, "filing.read", number), kind)
