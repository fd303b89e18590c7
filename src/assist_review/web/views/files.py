"""Downloads: always attachments, always asked for by somebody who may, always logged."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assist_review import __version__
from assist_review.export import EXPORTERS
from assist_review.review import Review
from assist_review.web import audit, desk, pdf, revised, rules, store
from assist_review.web.filings import current_review
from assist_review.web.models import FilingRecord, ReviewRecord
from assist_review.web.pages import page, tell
from assist_review.web.states import Person
from assist_review.web.tables import attached

_NAMES = {
    "json": "review.json",
    "html": "review.html",
    "opinion": "opinion.docx",
    "notice": "notice.docx",
    "xlsx": "findings.xlsx",
}
PDF = "-pdf"  # ends the kind of a report that is wanted as PDF
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
    kind, as_pdf = kind.removesuffix(PDF), kind.endswith(PDF)
    if kind not in _NAMES or (as_pdf and (kind not in ("opinion", "notice") or pdf.converter() is None)):
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
    if as_pdf:
        return _as_pdf(request, filing, row, kind, Path(name).with_suffix(".pdf").name)
    return _made(request, filing, row, kind, desk.issued(row), name)


def _as_pdf(request: HttpRequest, filing: FilingRecord, row: ReviewRecord, kind: str, name: str) -> HttpResponse:
    review, pack = desk.issued(row), rules.pack()
    path = pdf.kept("\n".join([kind, __version__, pack.sha256, review.model_dump_json(by_alias=True)]))
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
            docx = EXPORTERS[kind](review, pack, Path(folder), audience="reviewer")
            try:
                pdf.convert(docx, path)
            except pdf.ConversionError as error:
                if request.path.startswith("/api/"):
                    raise
                tell(request, str(error), "bad")
                return redirect("filing", filing.number)
    audit.note(request.user, "report.download", filing.number, kind=f"{kind}{PDF}", review=row.pk)
    return attached(FileResponse(path.open("rb"), content_type="application/octet-stream"), name)


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


def _of_check(filing: FilingRecord) -> ReviewRecord:
    row = filing.reviews.filter(package__kind="check").select_related("package").last()
    if row is None:
        raise Http404
    return row


def _of_desk(filing: FilingRecord) -> ReviewRecord:
    row = current_review(filing)
    if row is None or row.package.kind != "submission":
        raise Http404
    return row


def check_revised(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The revised copies of the self-check: how far they are, and what is in them."""
    return _revised(request, filing, _of_check(filing), "first", "result")


def check_revised_file(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Those copies as one archive."""
    return revised_file(request, filing, _of_check(filing), "first")


def desk_revised(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The revised copies of the submission, as this reader decided."""
    return _revised(request, filing, _of_desk(filing), desk.reader_of(filing, request.user), "desk")


def desk_revised_file(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Those copies as one archive."""
    return revised_file(request, filing, _of_desk(filing), desk.reader_of(filing, request.user))


def _revised(request: HttpRequest, filing: FilingRecord, row: ReviewRecord, reader: str, home: str) -> HttpResponse:
    row.filing = filing
    found = revised.made(row, reader, again="again" in request.GET)
    said = {"filing": filing, "row": row, "made": found, "home": home}
    if not request.headers.get("HX-Request"):
        return page(request, "revised.html", said)
    response = page(request, "revised_part.html", said)
    if found.state != "making":
        response["HX-Refresh"] = "true"
    return response


def revised_file(request: HttpRequest, filing: FilingRecord, row: ReviewRecord, reader: str) -> HttpResponse:
    """The archive, where it has been made."""
    found = revised.made(row, reader)
    if found.path is None:
        raise Http404
    files = [file for file, _ in found.files]
    audit.note(request.user, "revised.download", filing.number, review=row.pk, files=files)
    which = "自检" if row.package.kind == "check" else f"第{row.package.round}轮"
    response = FileResponse(found.path.open("rb"), content_type="application/octet-stream")
    return attached(response, f"修订稿-{filing.number}-{which}.zip")
