"""The queue: every submitted filing, filtered, searched, sorted, claimed and assigned."""

import secrets
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from markupsafe import Markup

from assist_review.web import audit, filings, options
from assist_review.web.access import can, reachable
from assist_review.web.models import FilingRecord, OrganisationRecord, SavedViewRecord, UserRecord
from assist_review.web.pages import ago, language, page, part, t, tell
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


class Entry(NamedTuple):
    """A filing as its row in the queue has it, and no more: neither its form nor all that is known of its people."""

    number: str
    name: str
    route: str
    province: str
    round: int
    state: str
    due: date | None
    grade: str
    wants_second: bool
    organisation: str
    assignee: int | None
    assignee_name: str | None
    assignee_user: str | None
    second: int | None
    second_name: str | None
    second_user: str | None


class Someone(NamedTuple):
    """A person to choose."""

    pk: int
    shown: str


class Viewer(NamedTuple):
    """What a row depends on beside the filing."""

    chosen: str  # language
    today: date
    warn_days: int  # from when a limit is marked as near
    may_review: bool
    lead: bool
    may_assign: bool
    people: tuple[Someone, ...]  # only where the viewer may assign
    seconds: tuple[Someone, ...]


_COLUMNS = (
    "number", "name", "route", "province", "round", "state", "due", "grade", "wants_second", "organisation__name",
    "assignee", "assignee__first_name", "assignee__username", "second_reader", "second_reader__first_name",
    "second_reader__username",
)  # fmt: skip
_TOKEN = secrets.token_hex(
    32
)  # stands in a row that is kept for the form token of whoever sees it; nobody can guess it


def shown(rows: QuerySet[FilingRecord], number: str | None, count: int | None) -> Page[int]:
    """A page of the queue: which filings stand on it is read from the index alone."""
    pages = Paginator(rows.values_list("pk", flat=True), 25)
    if count is not None:
        pages.count = count
    return pages.get_page(number)


def listed(request: HttpRequest, keys: list[int], viewer: Viewer) -> list[Markup]:
    """The rows of these filings as HTML."""
    token = get_token(request)
    read = FilingRecord.objects.filter(pk__in=keys).order_by().values_list("pk", "state_since", "counts", *_COLUMNS)
    found = {pk: (since, counts, Entry._make(rest)) for pk, since, counts, *rest in read}
    made = []
    for since, counts, entry in (found[key] for key in keys if key in found):
        own = entry.assignee is not None and entry.assignee == request.user.pk
        text = _row(entry, tuple(sorted(counts.items())), ago(since), own, viewer)
        made.append(Markup(text.replace(_TOKEN, token)))
    return made


@lru_cache(maxsize=2048)
def _row(entry: Entry, counts: tuple[tuple[str, int], ...], days: str, own: bool, viewer: Viewer) -> str:
    """A row, kept under all that it shows; the people in it are the names shown, not rows that may have changed."""
    said = {**viewer._asdict(), "f": entry, "counts": dict(counts), "days": days, "own": own}
    field = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(_TOKEN)
    return str(part("queue_row.html", {**said, "csrf": lambda: field}))


def _people(*roles: Person) -> tuple[Someone, ...]:
    rows = UserRecord.objects.filter(role__in=roles, is_active=True).values_list("pk", "first_name", "username")
    return tuple(Someone(pk, name or username) for pk, name, username in rows)


def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    filters = asked(request)
    totals = reachable(request.user, "filing.internal").filter(submitted_at__isnull=False, finished_at__isnull=True).aggregate(
        all=Count("id"), mine=Count("id", filter=Q(assignee=request.user) | Q(second_reader=request.user)),
        free=Count("id", filter=Q(assignee__isnull=True)), over=Count("id", filter=Q(due__lt=timezone.localdate())),
    )  # fmt: skip
    people, may_assign = _people(Person.REVIEWER, Person.LEAD), can(request.user, "filing.assign")
    viewer = Viewer(
        language(), timezone.localdate(), int(options.recent("warn_days")), can(request.user, "filing.review"), request.user.role == Person.LEAD, may_assign,
        people if may_assign else (), _people(Person.SECOND) if may_assign else (),
    )  # fmt: skip
    rows = shown(found(request.user, filters), request.GET.get("page"), counted(filters, totals))
    said: dict[str, Any] = {
        "rows": rows, "listed": listed(request, list(rows), viewer), "filters": filters, "totals": totals,
        "views": request.user.views.all(), "people": people, "provinces": PROVINCES, "states": STATES, "labels": LABELS,
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
