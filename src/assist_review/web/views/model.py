"""The administrator's settings of the language model, and trying it out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assist_review.web import audit, llm, options
from assist_review.web.pages import page, t, tell
from assist_review.web.views.lead import settings_page


def save(request: HttpRequest) -> HttpResponse:
    """Saves the model, or shows what was entered with what is wrong."""
    values, wrong = llm.read(request.POST)
    if wrong:
        return settings_page(request, values, wrong, status=422)
    before = options.get("llm")
    options.put("llm", values)
    options.put("llm_test", {})
    changed = {n: values[n] for n in values if values[n] != before.get(n)}
    audit.note(request.user, "settings.model", values["name"], **changed)
    tell(request, t("已保存。"))
    return redirect("settings")


def test(request: HttpRequest) -> HttpResponse:
    """Has the saved model tried (POST), and shows the last outcome as a part that asks again while it waits."""
    if request.method == "POST":
        llm.ask_to_try(request.user.username)
        audit.note(request.user, "settings.model.test", options.get("llm")["name"])
        if not request.headers.get("HX-Request"):
            return redirect("settings")
    return page(request, "settings_test.html", {"tried": options.get("llm_test"), "now": timezone.now()})
