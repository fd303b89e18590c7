"""Who may do what to which filing: one table, asked by every view and every route of the interface."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from assist_review.web.models import FilingRecord, UserRecord
from assist_review.web.states import Person


class Scope(StrEnum):
    """Which filings a grant reaches."""

    NONE = "none"  # the action is about no filing
    OWN = "own"  # of the person's own organisation
    SUBMITTED = "submitted"  # handed in at least once
    ANY = "any"


_P = Person
_OWN = {_P.APPLICANT: Scope.OWN}
_READ = dict.fromkeys((_P.REVIEWER, _P.SECOND, _P.LEAD, _P.ADMIN), Scope.SUBMITTED) | {_P.AUDITOR: Scope.ANY}
_REVIEW = {_P.REVIEWER: Scope.SUBMITTED, _P.LEAD: Scope.SUBMITTED}


def _plain(*people: Person) -> dict[Person, Scope]:
    return dict.fromkeys(people, Scope.NONE)


GRANTS: dict[str, dict[Person, Scope]] = {
    "account": _plain(*Person),
    "filings.own": _plain(_P.APPLICANT),
    "filing.create": _plain(_P.APPLICANT),
    "filing.read": _OWN | _READ,
    "filing.edit": _OWN,
    "filing.move": _OWN | _REVIEW,
    "filing.selfcheck": _OWN | {_P.AUDITOR: Scope.ANY},
    "filing.internal": _READ,
    "filing.decide": _REVIEW | {_P.SECOND: Scope.SUBMITTED},
    "filing.review": _REVIEW,
    "filing.assign": {_P.LEAD: Scope.SUBMITTED},
    "queue": _plain(_P.REVIEWER, _P.SECOND, _P.LEAD, _P.ADMIN, _P.AUDITOR),
    "dashboard": _plain(_P.LEAD, _P.ADMIN, _P.AUDITOR),
    "export": _plain(_P.LEAD, _P.ADMIN, _P.AUDITOR),
    "users.read": _plain(_P.ADMIN, _P.AUDITOR),
    "users.write": _plain(_P.ADMIN),
    "settings.read": _plain(_P.LEAD, _P.ADMIN, _P.AUDITOR),
    "settings.write": _plain(_P.ADMIN),
    "rules": _plain(_P.LEAD, _P.ADMIN, _P.AUDITOR),
    "audit": _plain(_P.ADMIN, _P.AUDITOR),
}


def scope(user: UserRecord, grant: str) -> Scope | None:
    """How far `grant` reaches for this person; None where it is not theirs."""
    return GRANTS[grant].get(Person(user.role)) if user.is_authenticated and user.is_active else None


def can(user: UserRecord, grant: str) -> bool:
    """Whether the person has the grant at all."""
    return scope(user, grant) is not None


def reachable(user: UserRecord, grant: str) -> QuerySet[FilingRecord]:
    """The filings that `grant` lets this person touch."""
    found = scope(user, grant)
    rows = FilingRecord.objects.select_related("organisation")
    if found == Scope.ANY:
        return rows
    if found == Scope.OWN and user.organisation_id:
        return rows.filter(organisation=user.organisation_id)
    if found == Scope.SUBMITTED:
        return rows.filter(submitted_at__isnull=False)
    return rows.none()


def filing(user: UserRecord, grant: str, number: str) -> FilingRecord:
    """The filing of this number. Raises Http404 where it is not there *for this person*: the two look the same."""
    try:
        return reachable(user, grant).get(number=number)
    except FilingRecord.DoesNotExist as error:
        raise Http404("没有这份申请") from error


def guarded(view: Callable[..., HttpResponse], grant: str | None) -> Callable[..., HttpResponse]:
    """`view` behind its grant (None: public); a `number` in the address becomes the filing itself."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if grant is not None:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not can(user, grant):
                raise PermissionDenied
            if "number" in kwargs:
                kwargs["filing"] = filing(user, grant, kwargs.pop("number"))
        return view(request, *args, **kwargs)

    return inner
