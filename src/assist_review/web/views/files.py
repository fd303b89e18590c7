"""Downloads: always attachments, always asked for by somebody who may, always logged."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone

from assist_review.export import EXPORTERS
from assist_review.review import Review
from assist_review.web import audit, desk, rules, store
from assist_review.web.filings import current_review
from assist_review.web.models import FilingRecord, ReviewRecord
from assist_review.web.states import Person
from assist_review.web.tables import attached

_NAMES = {
    "json": "review.json",
    "html": "review.html",
    "opinion": "opinion.docx",
    "notice": "notice.docx",
    "xlsx": "findings.xlsx",
}
_SAID = {"json": "审查数据", "html": "审查报告", "opinion": "审查意见", "notice": "补正通知", "xlsx": "问题清单"}


def download(request: HttpRequest, filing: FilingRecord, file_id: int) -> HttpResponse:
    """One file as it was handed in."""
    file = filing.files.filter(pk=file_id).first()
    if file is None or not store.path_of(file.sha256).exists():
        raise Http404
    action = "file.download.sensitive" if file.role in ("keywords", "questions") else "file.download"
    audit.note(request.user, action, filing.number, path=file.path, sha256=file.sha256)
    response = FileResponse(store.path_of(file.sha256).open("rb"), content_type="application/octet-stream")
    return attached(response, file.path.rsplit("/", 1)[-1])


def report(request: HttpRequest, filing: FilingRecord, kind: str) -> HttpResponse:
    """A report of the current review; applicants get their self-check and what was issued to them."""
    applicant = request.user.role == Person.APPLICANT
    if kind == "selfcheck":
        row = filing.reviews.filter(package__kind="check").last()
        if row is None or request.user.role not in (Person.APPLICANT, Person.AUDITOR):
            raise Http404
        return _made(request, filing, row, "html", desk.base(row.pk), "自检报告.html", applicant=True)
    if kind not in _NAMES:
        raise Http404
    row = current_review(filing)
    if applicant:
        notice = filing.notices.filter(issued_at__isnull=False).last() if kind == "notice" else None
        if notice is None:
            raise Http404
        row = notice.review
    if row is None or row.package.kind != "submission":
        raise Http404
    name = f"{_SAID[kind]}-{filing.number}-第{row.package.round}轮{'' if row.signed else '-草稿'}{Path(_NAMES[kind]).suffix}"
    return _made(request, filing, row, kind, desk.issued(row), name)


def _made(
    request: HttpRequest, filing: FilingRecord, row: ReviewRecord, kind: str, review: Review, name: str, *,
    applicant: bool = False,
) -> HttpResponse:  # fmt: skip
    audit.note(request.user, "report.download", filing.number, kind=kind, review=row.pk)
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        path = EXPORTERS[kind](review, rules.pack(), Path(folder), audience="applicant" if applicant else "reviewer")
        data = path.read_bytes()
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Last-Modified"] = timezone.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
    return attached(response, name)
