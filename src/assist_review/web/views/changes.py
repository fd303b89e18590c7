"""For the lead, the administrator and the auditor: changes of the rules, and the reviews they reach."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from markupsafe import Markup

from assist_review.errors import RegulationError
from assist_review.law.page import difference_body
from assist_review.web import changes, rules
from assist_review.web.access import reachable
from assist_review.web.pages import page, t


def show(request: HttpRequest) -> HttpResponse:
    """Two versions side by side, and the filings whose review could come out differently."""
    old, new = (request.GET.get(k, "")[:80] for k in ("old", "new"))
    filings = reachable(request.user, "filing.internal")
    made, problem = None, ""
    if old or new:
        try:
            made = changes.between(old, new, filings)
        except RegulationError as error:
            problem = t(str(error))
    shown, affected = changes.affected(filings, made, timezone.localdate(), request.GET.get("page"))
    said = {
        "old": old or "written", "new": new or "site", "pack": rules.pack(), "versions": changes.stored_versions(filings),
        "texts": changes.imported_texts(), "made": made, "problem": problem, "body": Markup(difference_body(made, _say)) if made else "",
        "rows": shown, "affected": affected, "partial": "review:" in old + new,
    }  # fmt: skip
    return page(request, "rules.html", said, status=400 if problem else 200)


def _say(word: str) -> str:
    return t("change.changed" if word == "修改" else word)  # elsewhere this word is what a button does
