"""The applicant's side: fill in, upload, check, submit, answer."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from assist_review.compare import compare
from assist_review.errors import AssistReviewError
from assist_review.export.revised import is_docx
from assist_review.export.view import View
from assist_review.filing import Role
from assist_review.web import audit, desk, filings, jobs, rules
from assist_review.web.forms import BLOCKS, FIELDS, read
from assist_review.web.models import AnswerRecord, FilingRecord, JobRecord, ReviewRecord
from assist_review.web.pages import page, t, tell
from assist_review.web.states import EDITABLE, Person, State, moves


def mine(request: HttpRequest) -> HttpResponse:
    """The organisation's filings."""
    rows = FilingRecord.objects.filter(organisation=request.user.organisation)
    if word := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(name__icontains=word) | rows.filter(number__icontains=word)
    return page(request, "mine.html", {"rows": Paginator(rows, 20).get_page(request.GET.get("page")), "q": word})


def new(request: HttpRequest) -> HttpResponse:
    """The form of a new filing."""
    values: dict[str, Any] = {f.name: "" for f in FIELDS}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        values, wrong = read(request.POST)
        if not wrong:
            row = filings.begin(
                request.user, name=values["name"], route=values["route"], province=values["province"],
                sector=values["sector"], value=values,
            )  # fmt: skip
            tell(request, t("申请已建立，编号 {n}。请上传材料。", n=row.number))
            return redirect("materials", row.number)
    said = {"fields": FIELDS, "blocks": BLOCKS, "values": values, "wrong": wrong, "filing": None}
    return page(request, "form.html", said, status=422 if wrong else 200)


def form(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The same form, later."""
    values: dict[str, Any] = {f.name: filing.value.get(f.name, "") for f in FIELDS}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        values, wrong = read(request.POST)
        if filing.state not in EDITABLE:
            wrong["name"] = t("当前状态下不能修改。")
        if not wrong:
            try:
                filings.bump(
                    filing, _version(request), value=values, name=values["name"], route=values["route"],
                    province=values["province"], sector=values["sector"],
                )  # fmt: skip
            except filings.Conflict as error:
                tell(request, str(error), "bad")
                return redirect("form", filing.number)
            audit.note(request.user, "filing.form", filing.number)
            tell(request, t("已保存。"))
            return redirect("filing", filing.number)
    said = {"fields": FIELDS, "blocks": BLOCKS, "values": values, "wrong": wrong, "filing": filing}
    return page(request, "form.html", said, status=422 if wrong else 200)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else None


def show(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """One filing: where it stands, what to do next, what happened."""
    user = request.user
    applicant = user.role == Person.APPLICANT
    notices = filing.notices.select_related("issued_by").prefetch_related("answers")
    shown = notices.filter(issued_at__isnull=False) if applicant else notices
    said = {
        "filing": filing, "applicant": applicant, "transitions": filing.transitions.select_related("by"),
        "moves": moves(filing.state, user.role, filing.route), "checklist": filings.checklist(filing),
        "notices": [(n, {a.item: a for a in n.answers.all()}) for n in shown],
        "job": _job(filing), "review": filing.reviews.filter(package__kind="check").last() if applicant else None,
        "fields": FIELDS, "editable": filings.editable(filing, user), "packages": filing.packages.all(),
        "notes": None if applicant else filing.notes.select_related("by").order_by("-id"),
        "progress": _progress(filing),
    }  # fmt: skip
    return page(request, "filing.html", said)


def _job(filing: FilingRecord) -> JobRecord | None:
    return JobRecord.objects.filter(package__filing=filing).select_related("package").last()


def _progress(filing: FilingRecord) -> dict[str, Any] | None:
    job = _job(filing)
    return jobs.progress(job) if job else None


def materials(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Files and the checklist; asked for by the page itself after each upload as a part."""
    part = request.headers.get("HX-Request") or request.GET.get("part")
    said = {
        "filing": filing, "files": filing.files.filter(active=True), "checklist": filings.checklist(filing),
        "roles": tuple(Role), "editable": filings.editable(filing, request.user), "progress": _progress(filing),
    }  # fmt: skip
    return page(request, "materials_part.html" if part else "materials.html", said)


def upload(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Takes one file of a drag and drop; the answer is JSON for the progress line."""
    given = request.FILES.get("file")
    if given is None:
        return JsonResponse({"error": t("没有收到文件。")}, status=400)
    try:
        file = filings.upload(filing, request.user, request.POST.get("path") or given.name, given.chunks())
    except AssistReviewError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"path": file.path, "role": file.role})


def role(request: HttpRequest, filing: FilingRecord, file_id: int) -> HttpResponse:
    """Corrects what a file is."""
    file = filing.files.filter(pk=file_id, active=True).first()
    if file is None or request.POST.get("role") not in tuple(Role):
        raise Http404
    try:
        filings.give_role(filing, request.user, file, request.POST["role"])
    except AssistReviewError as error:
        tell(request, str(error), "bad")
    return redirect("materials", filing.number)


def remove(request: HttpRequest, filing: FilingRecord, file_id: int) -> HttpResponse:
    """Takes a file out."""
    file = filing.files.filter(pk=file_id, active=True).first()
    if file is None:
        raise Http404
    try:
        filings.remove(filing, request.user, file)
    except AssistReviewError as error:
        tell(request, str(error), "bad")
    return redirect("materials", filing.number)


def check(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Starts a self-check."""
    try:
        filings.self_check(filing, request.user)
    except AssistReviewError as error:
        tell(request, str(error), "bad")
        return redirect("materials", filing.number)
    return redirect("filing", filing.number)


def progress(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The progress panel; it asks for itself again while the job runs, and has the page reloaded at the end."""
    found = _progress(filing)
    response = page(request, "progress.html", {"filing": filing, "progress": found})
    if found and not found["running"] and request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


def job(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Cancels or retries the last job."""
    last = _job(filing)
    if last is not None:
        (jobs.cancel if request.POST.get("do") == "cancel" else jobs.retry)(last)
        audit.note(request.user, f"job.{'cancel' if request.POST.get('do') == 'cancel' else 'retry'}", filing.number)
    return redirect("filing", filing.number)


def keep(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Calls off the deletion of a draft: it counts as touched today."""
    audit.note(request.user, "draft.keep", filing.number)
    tell(request, t("草稿已保留。"))
    return redirect("filing", filing.number)


def _checks(filing: FilingRecord) -> list[ReviewRecord]:
    return list(filing.reviews.filter(package__kind="check").select_related("package").order_by("-id"))


def result(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The last self-check as a to-do list."""
    found = _checks(filing)
    if not found:
        return redirect("filing", filing.number)
    review = desk.base(found[0].pk)
    view = View(review, rules.pack())
    changes = compare(desk.base(found[1].pk), review) if len(found) > 1 else None
    said = {
        "filing": filing, "row": found[0], "review": review, "view": view, "changes": changes,
        "groups": [(g, view.of(g)) for g in ("fatal", "major", "minor", "unclear")],
        "new": {f.id for f in changes.new} if changes else set(), "editable": filings.editable(filing, request.user),
        "docx": any(is_docx(f.file) for f in review.filing.files),
    }  # fmt: skip
    return page(request, "result.html", said)


def compared(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """What the last change resolved, left and brought."""
    found = _checks(filing)
    if len(found) < 2:
        tell(request, t("至少完成两次自检后才能对比。"), "bad")
        return redirect("filing", filing.number)
    changes = compare(desk.base(found[1].pk), desk.base(found[0].pk))
    return page(request, "compare.html", {"filing": filing, "changes": changes, "before": found[1], "after": found[0]})


def answer(request: HttpRequest, filing: FilingRecord, notice_id: int, item: int) -> HttpResponse:
    """Saves the answer to one item."""
    notice = filing.notices.filter(pk=notice_id, issued_at__isnull=False).first()
    if notice is None or item not in {i["number"] for i in notice.value}:
        raise Http404
    if filing.state != State.CORRECTION or notice.round != filing.round:
        tell(request, t("当前状态下不能修改答复。"), "bad")
        return redirect("filing", filing.number)
    texts = {k: request.POST.get(k, "").strip()[:4000] for k in ("facts", "measures", "changes")}
    AnswerRecord.objects.update_or_create(notice=notice, item=item, defaults={**texts, "by": request.user})
    audit.note(request.user, "notice.answer", filing.number, round=notice.round, item=item)
    if request.headers.get("HX-Request"):
        return page(request, "saved.html", {"text": t("已保存。")})
    tell(request, t("第 {n} 项的答复已保存。", n=item))
    return redirect("filing", filing.number)


def move(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Any move of the state table, by whoever may."""
    try:
        filings.step(
            filing, request.user, request.POST.get("action", ""), reason=request.POST.get("reason", "")[:4000],
            number=request.POST.get("number", "")[:60], expected=_version(request),
        )  # fmt: skip
        tell(request, t("已办理。"))
    except AssistReviewError as error:
        tell(request, str(error), "bad")
    if request.POST.get("next") == reverse("desk", args=[filing.number]):
        return redirect("desk", filing.number)
    return redirect("filing", filing.number)
