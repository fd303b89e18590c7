"""The queue: every submitted filing, filtered, searched, sorted, claimed and assigned."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assist_review.web import audit, filings
from assist_review.web.access import reachable
from assist_review.web.models import FilingRecord, OrganisationRecord, SavedViewRecord, UserRecord
from assist_review.web.pages import page, t, tell
from assist_review.web.rules import PROVINCES
from assist_review.web.states import LABELS, Person, State, number

FILTERS = ("q", "state", "grade", "route", "province", "sector", "who", "age", "sort")
SORTS = {
    "due": ("due", "id"),
    "new": ("-submitted_at", "-id"),
    "old": ("submitted_at", "id"),
    "grade": ("grade", "id"),
    "name": ("name", "id"),
}
# What a row shows, and no more: a page of 25 would otherwise bring their forms and all that is known of their people.
_COLUMNS = (
    "number", "name", "route", "province", "state", "state_since", "due", "round", "grade", "counts", "wants_second",
    "organisation__name", "assignee__username", "assignee__first_name", "second_reader__username", "second_reader__first_name",
)  # fmt: skip
STATES = tuple(s for s in State if 4 <= number(s) <= 12)


def asked(request: HttpRequest) -> dict[str, str]:
    """The filters of the address."""
    return {name: request.GET.get(name, "").strip()[:100] for name in FILTERS}


def found(user: UserRecord, filters: dict[str, str]) -> QuerySet[FilingRecord]:
    """The filings the filters leave, in order."""
    rows = reachable(user, "filing.internal").select_related(None).filter(submitted_at__isnull=False)
    rows = rows.filter(state=filters["state"]) if filters["state"] in tuple(State) else rows
    if filters["state"] == "open" or not filters["state"]:
        rows = rows.filter(finished_at__isnull=True)
    for name in ("grade", "route", "province", "sector"):
        if filters[name]:
            rows = rows.filter(**{name: filters[name]})
    if word := filters["q"]:
        companies = OrganisationRecord.objects.filter(name__icontains=word).values("pk")
        rows = rows.filter(Q(name__icontains=word) | Q(number__icontains=word) | Q(organisation__in=companies))
    who = filters["who"]
    if who == "me":
        rows = rows.filter(Q(assignee=user) | Q(second_reader=user))
    elif who == "none":
        rows = rows.filter(assignee__isnull=True)
    elif who.isdecimal():
        rows = rows.filter(assignee=int(who))
    if filters["age"] == "over":
        rows = rows.filter(due__lt=timezone.localdate())
    elif filters["age"].isdecimal():
        rows = rows.filter(state_since__lt=timezone.now() - timedelta(days=int(filters["age"])))
    return rows.order_by(*SORTS.get(filters["sort"], SORTS["due"]))


def counted(filters: dict[str, str], totals: dict[str, int]) -> int | None:
    """How many filings the filters leave where that is one of the totals, None where it has to be counted."""
    given = {
        name: value
        for name, value in filters.items()
        if value and name != "sort" and (name, value) != ("state", "open")
    }
    tabs: tuple[dict[str, str], ...] = ({}, {"who": "me"}, {"who": "none"}, {"age": "over"})
    return next(
        (totals[key] for key, tab in zip(("all", "mine", "free", "over"), tabs, strict=True) if given == tab), None
    )


def shown(rows: QuerySet[FilingRecord], number: str | None, count: int | None) -> Page[FilingRecord]:
    """A page of the queue. Which filings stand on it is read from the index, and only theirs are read whole."""
    pages = Paginator(rows.values_list("pk", flat=True), 25)
    if count is not None:
        pages.count = count
    asked = pages.get_page(number)
    rows = FilingRecord.objects.select_related("organisation", "assignee", "second_reader").only(*_COLUMNS)
    full = rows.in_bulk(list(asked))
    asked.object_list = [full[pk] for pk in asked if pk in full]
    return asked


def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    filters = asked(request)
    rows = found(request.user, filters)
    totals = reachable(request.user, "filing.internal").filter(submitted_at__isnull=False, finished_at__isnull=True).aggregate(
        all=Count("id"), mine=Count("id", filter=Q(assignee=request.user) | Q(second_reader=request.user)),
        free=Count("id", filter=Q(assignee__isnull=True)), over=Count("id", filter=Q(due__lt=timezone.localdate())),
    )  # fmt: skip
    active = UserRecord.objects.filter(is_active=True).only("username", "first_name")
    people = active.filter(role__in=(Person.REVIEWER, Person.LEAD))
    said: dict[str, Any] = {
        "rows": shown(rows, request.GET.get("page"), counted(filters, totals)), "filters": filters, "totals": totals,
        "views": request.user.views.all(), "people": people, "provinces": PROVINCES, "states": STATES, "labels": LABELS,
        "seconds": active.filter(role=Person.SECOND) if request.user.role == Person.LEAD else (),
        "query": "&".join(f"{k}={v}" for k, v in filters.items() if v),
    }  # fmt: skip
    return page(request, "queue.html", said)


def save(request: HttpRequest) -> HttpResponse:
    """Saves the current filters under a name, or deletes a saved view."""
    if gone := request.POST.get("delete", ""):
        request.user.views.filter(pk=gone if gone.isdecimal() else 0).delete()
    elif name := request.POST.get("name", "").strip()[:40]:
        query = request.POST.get("query", "")[:500]
        SavedViewRecord.objects.update_or_create(user=request.user, name=name, defaults={"query": query})
    return redirect("queue")


def claim(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Takes a filing nobody has."""
    rows = FilingRecord.objects.filter(pk=filing.pk, assignee__isnull=True)
    if rows.update(assignee=request.user):
        audit.note(request.user, "filing.claim", filing.number)
        tell(request, t("已认领。"))
        return redirect("desk" if filing.reviews.exists() else "filing", filing.number)
    filing.refresh_from_db()
    tell(request, t("已由{who}认领。", who=filing.assignee.shown), "bad")
    return redirect("queue")


def release(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """Gives a filing back."""
    if filing.assignee_id != request.user.pk and request.user.role != Person.LEAD:
        tell(request, t("只有认领人或负责人可以退回。"), "bad")
    else:
        filings.bump(filing, assignee=None)
        audit.note(request.user, "filing.release", filing.number)
        tell(request, t("已退回待认领。"))
    return redirect("queue")


def assign(request: HttpRequest, filing: FilingRecord) -> HttpResponse:
    """The lead gives a filing to a reviewer, or names its second reader."""
    who = request.POST.get("who", "")
    field = "second_reader" if request.POST.get("as") == "second" else "assignee"
    roles = (Person.SECOND, Person.REVIEWER) if field == "second_reader" else (Person.REVIEWER, Person.LEAD)
    person = UserRecord.objects.filter(pk=int(who), role__in=roles).first() if who.isdecimal() else None
    if field == "second_reader" and person is not None and person.pk == filing.assignee_id:
        tell(request, t("复核人不能是审查人本人。"), "bad")
    else:
        changes: dict[str, Any] = {field: person}
        if field == "second_reader":
            changes["wants_second"] = person is not None
        filings.bump(filing, **changes)
        audit.note(request.user, f"filing.{field}", filing.number, who=person.username if person else "")
        tell(request, t("已指定。"))
    return (
        redirect(request.POST.get("next") or "queue")
        if request.POST.get("next", "").startswith("/desk/")
        else redirect("queue")
    )
