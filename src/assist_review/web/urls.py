"""Every address of the site with its grant: the one table that views and tests go by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods

from assist_review.web.access import guarded
from assist_review.web.api.interface import api
from assist_review.web.views import account, applicant, changes, desk, files, health, lead, model, public, queue

handler400 = "assist_review.web.views.errors.bad_request"
handler403 = "assist_review.web.views.errors.forbidden"
handler404 = "assist_review.web.views.errors.not_found"
handler500 = "assist_review.web.views.errors.broken"


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its name, path, view, grant (None: public) and methods."""

    name: str
    path: str
    view: Callable[..., Any]
    grant: str | None
    methods: tuple[str, ...] = ("GET",)


_GET, _POST, _BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
_F = "filings/<str:number>/"
_D = "desk/<str:number>/"
ROUTES: tuple[Route, ...] = (
    Route("live", "health/live", health.live, None, _GET),
    Route("ready", "health/ready", health.ready, None, _GET),
    Route("metrics", "health/metrics", health.metrics, "dashboard", _GET),
    Route("home", "", account.home, None, _GET),
    Route("login", "login", account.login, None, _BOTH),
    Route("logout", "logout", account.logout, "account", _POST),
    Route("account", "account", account.account, "account", _BOTH),
    Route("token", "account/tokens", account.token, "account", _POST),
    Route("language", "language", account.language, None, _POST),
    # Public
    Route("register", "register", public.register, None, _GET),
    Route("register-csv", "register.csv", public.register_csv, None, _GET),
    Route("query", "query", public.query, None, _BOTH),
    Route("api-docs", "api/docs", public.api_docs, None, _GET),
    # Applicant
    Route("mine", "filings", applicant.mine, "filings.own", _GET),
    Route("new", "filings/new", applicant.new, "filing.create", _BOTH),
    Route("filing", _F, applicant.show, "filing.read", _GET),
    Route("form", _F + "form", applicant.form, "filing.edit", _BOTH),
    Route("upload", _F + "files", applicant.upload, "filing.edit", _POST),
    Route("materials", _F + "materials", applicant.materials, "filing.read", _GET),
    Route("file-role", _F + "files/<int:file_id>/role", applicant.role, "filing.edit", _POST),
    Route("file-remove", _F + "files/<int:file_id>/remove", applicant.remove, "filing.edit", _POST),
    Route("check", _F + "check", applicant.check, "filing.edit", _POST),
    Route("progress", _F + "progress", applicant.progress, "filing.read", _GET),
    Route("job", _F + "job", applicant.job, "filing.edit", _POST),
    Route("result", _F + "result", applicant.result, "filing.selfcheck", _GET),
    Route("result-compare", _F + "compare", applicant.compared, "filing.selfcheck", _GET),
    Route("result-revised", _F + "revised", files.check_revised, "filing.selfcheck", _GET),
    Route("result-revised-file", _F + "revised.zip", files.check_revised_file, "filing.selfcheck", _GET),
    Route("answer", _F + "notices/<int:notice_id>/answers/<int:item>", applicant.answer, "filing.edit", _POST),
    Route("draft-keep", _F + "keep", applicant.keep, "filing.edit", _POST),
    Route("move", _F + "move", applicant.move, "filing.move", _POST),
    Route("file", _F + "files/<int:file_id>", files.download, "filing.read", _GET),
    Route("report", _F + "reports/<str:kind>", files.report, "filing.read", _GET),
    # Reviewer
    Route("queue", "queue", queue.show, "queue", _GET),
    Route("reminders", "reminders", account.reminders, "account", _GET),
    Route("view-save", "queue/views", queue.save, "queue", _POST),
    Route("claim", "queue/<str:number>/claim", queue.claim, "filing.review", _POST),
    Route("release", "queue/<str:number>/release", queue.release, "filing.review", _POST),
    Route("assign", "queue/<str:number>/assign", queue.assign, "filing.assign", _POST),
    Route("desk", _D, desk.show, "filing.internal", _GET),
    Route("desk-finding", _D + "findings/<str:finding>", desk.finding, "filing.internal", _GET),
    Route("desk-document", _D + "document", desk.document, "filing.internal", _GET),
    Route("desk-page", _D + "pages/<str:sha256>/<int:page_number>", desk.page_image, "filing.internal", _GET),
    Route("desk-text", _D + "text", desk.text, "filing.internal", _GET),
    Route("desk-compare", _D + "compare", desk.compared, "filing.internal", _GET),
    Route("desk-agreement", _D + "agreement", desk.agreement, "filing.internal", _GET),
    Route("desk-revised", _D + "revised", files.desk_revised, "filing.internal", _GET),
    Route("desk-revised-file", _D + "revised.zip", files.desk_revised_file, "filing.internal", _GET),
    Route("decide", _D + "findings/<str:finding>/decision", desk.decide, "filing.decide", _POST),
    Route("undo", _D + "undo", desk.undo, "filing.decide", _POST),
    Route("second-mark", _D + "findings/<str:finding>/second", desk.mark, "filing.review", _POST),
    Route("own", _D + "own", desk.own, "filing.review", _POST),
    Route("note", _D + "notes", desk.note, "filing.decide", _POST),
    Route("sign", _D + "sign", desk.sign, "filing.review", _BOTH),
    Route("unsign", _D + "unsign", desk.unsign, "filing.assign", _POST),
    Route("second-done", _D + "second", desk.second_done, "filing.decide", _POST),
    # Lead, administrator, auditor
    Route("dashboard", "dashboard", lead.dashboard, "dashboard", _GET),
    Route("export", "exports/<str:table>.<str:form>", lead.export, "export", _GET),
    Route("users", "users", lead.users, "users.read", _GET),
    Route("user-save", "users/save", lead.user_save, "users.write", _POST),
    Route("settings", "settings", lead.settings, "settings.read", _GET),
    Route("settings-save", "settings/save", lead.settings_save, "settings.write", _POST),
    Route("model-save", "settings/model", model.save, "settings.write", _POST),
    Route("model-test", "settings/model/test", model.test, "settings.write", _BOTH),
    Route("rules", "rules", changes.show, "rules", _GET),
    Route("audit", "audit", lead.audit_log, "audit", _GET),
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path(r.path, require_http_methods(list(r.methods))(guarded(r.view, r.grant)), name=r.name) for r in ROUTES
]
urlpatterns.append(path("api/", api.urls))
