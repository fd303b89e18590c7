"""The desk: requirements left, the document in the middle, the finding and its decision right."""

from collections import Counter, defaultdict
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from markupsafe import Markup

from assist_review.compare import compare
from assist_review.errors import AssistReviewError
from assist_review.export.view import View
from assist_review.review import Decision, Evidence, Finding
from assist_review.web import audit, desk, docrender, filings, options, rules, store
from assist_review.web.filings import Conflict
from assist_review.web.kappa import kappa
from assist_review.web.models import DocumentRecord, FilingRecord, FindingRecord, NoteRecord, ReviewRecord
from assist_review.web.pages import language, page, part, t, tell
from assist_review.web.states import Person, State


def _review(filing: FilingRecord) -> ReviewRecord:
    row = filings.current_review(filing)
    if row is None or row.package.kind != "submission":
        raise Http404("审查草稿还没有完成")
    row.filing = filing
    return row


def show(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The whole desk; findings and documents are fetched as they are opened."""
    row = filings.current_review(filing)
    if row is None or row.package.kind != "submission":
        tell(request, t("审查草稿还没有完成，请稍候。"), "bad")
        return redirect("filing", filing.number)
    row.filing = filing
    reader = desk.reader_of(filing, request.user)
    lines = desk.lines(row)
    inorder = [f for g in desk.PROBLEMS for f in lines if f.group == g]
    said = {
        "filing": filing, "row": row, "reader": reader, "tally": desk.tallied(lines, reader),
        "files": desk.base(row.pk).filing.files, "listed": _listed(lines, reader, filing.number, language()),
        "first": next((f.finding for f in inorder if _state(f, reader) == "open"), inorder[0].finding if inorder else ""),
        "notes": filing.notes.select_related("by").order_by("-id"), "earlier": _earlier(row).exists(),
        "requirements": rules.choices(), "may_decide": _may(request, row, reader),
        "keys": not request.user.keys_off,
    }  # fmt: skip
    return page(request, "desk.html", said)


@lru_cache(maxsize=32)
def _listed(lines: tuple[desk.Line, ...], reader: str, number: str, chosen: str) -> Markup:  # noqa: ARG001
    """The list of a desk as HTML, kept under all that it shows: a decision makes the next one."""
    groups: dict[str, dict[str, list[desk.Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        groups[line.group][line.theme].append(line)
    said = {
        "number": number, "reader": reader, "counts": Counter(line.group for line in lines),
        "groups": [(g, list(groups[g].items())) for g in desk.PROBLEMS],
        "quiet": [(g, list(groups[g].items())) for g in ("compliant", "not_applicable")],
    }  # fmt: skip
    return part("desk_rows.html", said)


def _state(row: FindingRecord | desk.Line, reader: str) -> str:
    return row.state if reader == "first" else row.second_state


def _may(request: HttpRequest, row: ReviewRecord, reader: str) -> bool:
    from assist_review.web.access import can

    if not can(request.user, "filing.decide") or row.filing.state not in ("S5", "S7"):
        return False
    return not row.signed if reader == "first" else not row.second_done_at


def finding(request: HttpRequest, filing: FilingRecord, finding: str) -> HttpResponse:
    """The card of one finding."""
    row = _review(filing)
    return _card(request, row, finding)


def _card(
    request: HttpRequest, row: ReviewRecord, finding_id: str, problem: str = "", status: int = 200
) -> HttpResponse:
    found = row.findings.filter(finding=finding_id).first()
    if found is None:
        raise Http404
    reader = desk.reader_of(row.filing, request.user)
    decisions = [
        (d, Decision.model_validate(d.value))
        for d in row.decisions.filter(finding=finding_id, **_visible(row, reader)).select_related("by")
    ]
    held = [d for _, d in decisions if d.action != "reopen"][-1:] if _state(found, reader) != "open" else []
    value = Finding.model_validate(found.value)
    if held and held[0].action == "amend":
        value = Finding.model_validate({**value.model_dump(), **held[0].amended, "id": value.id})
    said: dict[str, Any] = {
        "filing": row.filing, "row": row, "found": found, "finding": value, "decisions": decisions, "reader": reader,
        "state": _state(found, reader), "requirement": rules.pack().requirement(value.requirement), "problem": problem,
        "may_decide": _may(request, row, reader), "tally": desk.tally(row, reader),
        "known": {f.file: f.sha256 for f in desk.base(row.pk).filing.files}, "wording": held[0] if held else None,
    }  # fmt: skip
    return page(request, "finding.html", said, status=status)


def _visible(row: ReviewRecord, reader: str) -> dict[str, str]:
    """Until both are done, each reader sees only the own decisions."""
    if reader == "second" and not (row.second_done_at and row.signed):
        return {"reader": "second"}
    if reader == "first" and not row.second_done_at:
        return {"reader": "first"}
    return {}


def document(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """One document of the package in the middle column."""
    row = _review(filing)
    name = request.GET.get("file", "")
    known = {f.file: f for f in desk.base(row.pk).filing.files}
    if name not in known:
        raise Http404
    sha256, extension = known[name].sha256, store.extension_of(name)
    read = store.document(sha256, extension) if sha256 else None
    said: dict[str, Any] = {
        "filing": filing,
        "file": known[name],
        "read": read,
        "sha256": sha256,
        "pages": [],
        "sheet": None,
        "html": "",
    }
    stored = filing.files.filter(sha256=sha256).first()
    said["stored"] = stored
    if read is None:
        return page(request, "document.html", said)
    if read.sheets:
        start = request.GET.get("start", "1")
        said["sheet"] = docrender.sheet_page(read, request.GET.get("sheet", ""), int(start) if start.isdecimal() else 1)
        if known[name].role in ("keywords", "questions"):
            audit.note(request.user, "sheet.view", filing.number, file=name, sheet=said["sheet"]["sheet"], start=start)
    elif read.format in ("pdf", "image") and request.GET.get("as") != "text":
        pages = (
            DocumentRecord.objects.filter(sha256=sha256, extension=extension).values_list("pages", flat=True).first()
            or []
        )
        said["pages"] = list(enumerate(pages, 1))
    if not said["pages"] and not read.sheets:
        said["html"] = docrender.flowing(read)
    return page(request, "document.html", said)


def page_image(request: HttpRequest, filing: FilingRecord, sha256: str, page_number: int) -> HttpResponse:  # noqa: ARG001
    """One page as a picture; only of files of this filing."""
    if not filing.files.filter(sha256=sha256).exists():
        raise Http404
    path = store.page_folder(sha256) / f"{page_number}.webp"
    if not path.exists():
        response = HttpResponse(status=404)  # not drawn yet: the page asks again
        response["Retry-After"] = "2"
        return response
    response = FileResponse(path.open("rb"), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def text(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The text under a rectangle drawn on a page."""
    row = _review(filing)
    known = {f.file: f.sha256 for f in desk.base(row.pk).filing.files}
    name = request.GET.get("file", "")
    read = store.document(known[name], store.extension_of(name)) if known.get(name) else None
    try:
        box = tuple(float(v) for v in request.GET.get("box", "").split(","))
        number = int(request.GET.get("page", ""))
    except ValueError:
        return JsonResponse({"text": ""}, status=400)
    if read is None or len(box) != 4:
        return JsonResponse({"text": ""}, status=404)
    return JsonResponse({"text": docrender.text_in(read, number, box)})


def decide(request: HttpRequest, filing: FilingRecord, finding: str) -> HttpResponse:
    """Confirm, amend, dismiss or reopen; the answer is the card as it now stands."""
    row = _review(filing)
    given = request.POST
    amended: dict[str, Any] = {}
    if given.get("action") == "amend":
        amended = {k: given[k].strip() for k in ("verdict", "severity", "statement") if given.get(k, "").strip()}
        after = given.get("revision", "").strip()
        value = FindingRecord.objects.filter(review=row, finding=finding).values_list("value", flat=True).first() or {}
        if after and after != ((value.get("revision") or {}).get("after") or ""):
            old = value.get("revision") or {"kind": "insert"}
            amended["revision"] = {**old, "after": after, "recheck": "not_checked"}
        amended = {k: v for k, v in amended.items() if v != value.get(k)}
    version = given.get("version", "")
    try:
        desk.decide(
            row, request.user, finding, given.get("action", ""), reason=given.get("reason", "")[:4000], amended=amended,
            expected=int(version) if version.isdecimal() else None,
        )  # fmt: skip
    except Conflict as error:
        return _card(request, row, finding, str(error), 409)
    except (AssistReviewError, ValueError) as error:
        return _card(
            request, row, finding, str(error) if isinstance(error, AssistReviewError) else t("意见无效。"), 422
        )
    return _card(request, row, finding)


def undo(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Takes back the last decision of this person and shows its finding."""
    row = _review(filing)
    try:
        found = desk.undo(row, request.user)
    except AssistReviewError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(
        {"finding": found.finding if found else None, "error": None if found else t("没有可以撤销的意见。")}
    )


def mark(request: HttpRequest, filing: FilingRecord, finding: str) -> HttpResponse:
    """Asks for, or no longer asks for, a second reader's view."""
    row = _review(filing)
    try:
        desk.mark(row, request.user, finding)
    except (AssistReviewError, FindingRecord.DoesNotExist) as error:
        return _card(request, row, finding, str(error), 422)
    return _card(request, row, finding)


def own(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Adds a person's own finding."""
    row = _review(filing)
    given = request.POST
    evidence = None
    if given.get("file") in {f.file for f in desk.base(row.pk).filing.files}:
        places: dict[str, Any] = {
            k: int(given[k]) for k in ("page", "paragraph", "table", "row") if given.get(k, "").isdecimal()
        }
        texts: dict[str, Any] = {k: given[k][:60] for k in ("sheet", "cell") if given.get(k)}
        evidence = Evidence(file=given["file"], quote=given.get("quote", "")[:2000], **places, **texts)
    try:
        found = desk.add(
            row, request.user, requirement=given.get("requirement", ""), verdict="non_compliant",
            severity=given.get("severity", "major"), statement=given.get("statement", "")[:2000], evidence=evidence,
        )  # fmt: skip
    except (AssistReviewError, ValueError) as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"finding": found.finding})


def note(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """An internal note."""
    if words := request.POST.get("text", "").strip()[:4000]:
        NoteRecord.objects.create(filing=filing, by=request.user, text=words)
        audit.note(request.user, "note", filing.number)
    notes = filing.notes.select_related("by").order_by("-id")
    if request.headers.get("HX-Request"):
        return page(request, "notes.html", {"notes": notes, "filing": filing})
    return redirect("filing", filing.number)


def sign(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """What will be issued, and the signature under it."""
    row = _review(filing)
    problem = ""
    if request.method == "POST":
        try:
            due = date.fromisoformat(request.POST["due"]) if request.POST.get("due") else None
            desk.sign(row, request.user, request.POST.get("grade", ""), request.POST.get("reasons", "")[:4000], due)
        except ValueError:
            problem = t("日期无效。")
        except AssistReviewError as error:
            problem = str(error)
        else:
            tell(request, t("已签发。请下载文书，并办理下一步。"))
            return redirect("filing", filing.number)
    tally = desk.tally(row)
    standing = list(
        row.findings.filter(state__in=("confirmed", "amended"), group__in=("fatal", "major", "minor")).defer("value")
    )
    suggested = "ready" if not standing else "return" if any(f.group == "fatal" for f in standing) else "supplement"
    said = {
        "filing": filing, "row": row, "tally": tally, "standing": standing, "problem": problem,
        "suggested": suggested, "left": list(row.findings.filter(state="open", group__in=("fatal", "major")).defer("value")),
        "due": options.due(State.CORRECTION),
    }  # fmt: skip
    return page(request, "sign.html", said, status=422 if problem else 200)


def unsign(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The lead takes a sign-off back."""
    try:
        desk.unsign(_review(filing), request.user, request.POST.get("reason", ""))
        tell(request, t("签发已撤回。"))
    except AssistReviewError as error:
        tell(request, str(error), "bad")
    return redirect("filing", filing.number)


def second_done(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The second reader hands in."""
    try:
        desk.submit_second(_review(filing), request.user)
        tell(request, t("复核已提交。"))
    except AssistReviewError as error:
        tell(request, str(error), "bad")
    return redirect("desk", filing.number)


def _earlier(row: ReviewRecord) -> QuerySet[ReviewRecord]:
    rows = ReviewRecord.objects.filter(filing=row.filing_id, package__kind="submission", pk__lt=row.pk)
    return rows.select_related("package").defer("value").order_by("-id")


def compared(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The round before beside this one."""
    row = _review(filing)
    before = _earlier(row).first()
    if before is None:
        raise Http404
    changes = compare(desk.base(before.pk), desk.base(row.pk))
    notice = filing.notices.filter(round=before.package.round).first()
    answers = {a.item: a for a in notice.answers.all()} if notice else {}
    said = {"filing": filing, "changes": changes, "before": before, "after": row, "notice": notice, "answers": answers}
    return page(request, "compare.html", said)


def agreement(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Where the two readers differ, once both are done."""
    row = _review(filing)
    if not row.second_done_at or (request.user.role == Person.SECOND and not row.signed):
        tell(request, t("双人审查完成后才能查看分歧。"), "bad")
        return redirect("desk", filing.number)
    both = list(row.findings.exclude(second_state="open").exclude(state="open").defer("value"))
    differ = [f for f in both if f.state != f.second_state]
    said = {
        "filing": filing, "row": row, "both": both, "differ": differ, "kappa": kappa([(f.state, f.second_state) for f in both]),
        "view": View,
    }  # fmt: skip
    return page(request, "agreement.html", said)
