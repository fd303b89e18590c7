"""For the lead, the administrator and the auditor: dashboard, people, settings, exports, the audit log."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assist_review.web import audit, figures, llm, options, plots, rules
from assist_review.web.models import (
    AuditRecord,
    DecisionRecord,
    FilingRecord,
    FindingRecord,
    OrganisationRecord,
    RegisterRecord,
    TransitionRecord,
    UserRecord,
)
from assist_review.web.pages import page, t, tell
from assist_review.web.states import DAYS, LABELS, Person
from assist_review.web.tables import csv_response, json_response


def dashboard(request: HttpRequest) -> HttpResponse:
    """Plots and numbers."""
    found = figures.dashboard()
    for name in ("ages", "states", "grades", "stages"):
        found[name] = [(t(label), value) for label, value in found[name]]
    found["themes"] = [(t(f"theme.{theme}"), value) for theme, value in found["themes"]]
    noisy = [
        (r["requirement"], [("confirm", r["confirm"]), ("amend", r["amend"]), ("dismiss", r["dismiss"])])
        for r in found["requirements"]
    ]
    said = {
        **found,
        "plots": {
            "inflow": plots.line(found["inflow"], t("每周提交")), "ages": plots.bars(found["ages"], title=t("停留时间")),
            "states": plots.bars(found["states"], title=t("各状态")), "grades": plots.bars(found["grades"], title=t("草拟结论")),
            "themes": plots.bars(found["themes"], title=t("问题最多的主题")), "sectors": plots.bars(found["sectors"], title=t("按领域")),
            "provinces": plots.bars(found["provinces"], title=t("按属地")), "noisy": plots.stacked(noisy, t("意见分布")),
            "stages": plots.bars(found["stages"], t(" 天"), t("各环节用时")),
        },
    }  # fmt: skip
    return page(request, "dashboard.html", said)


Rows = Iterable[Sequence[object]]
TABLES: dict[str, tuple[tuple[str, ...], Callable[[], Rows]]] = {
    "filings": (
        ("number", "name", "applicant", "route", "province", "sector", "state", "grade", "round", "submitted_at", "assignee", "issued_number"),
        lambda: (
            (f.number, f.name, f.organisation.name, f.route, f.province, f.sector, f.state, f.grade, f.round, f.submitted_at,
             f.assignee.username if f.assignee else "", f.issued_number)
            for f in FilingRecord.objects.filter(submitted_at__isnull=False).select_related("organisation", "assignee").iterator(chunk_size=1000)
        ),
    ),
    "findings": (
        ("filing", "round", "finding", "requirement", "theme", "group", "state", "second_state", "carried", "own", "statement"),
        lambda: (
            (f.review.filing.number, f.review.package.round, f.finding, f.requirement, f.theme, f.group, f.state, f.second_state,
             f.carried, f.own, f.statement)
            for f in FindingRecord.objects.filter(review__package__kind="submission").defer("value")
            .select_related("review__filing", "review__package").iterator(chunk_size=1000)
        ),
    ),
    "decisions": (
        ("filing", "finding", "requirement", "reader", "action", "by", "at", "reason"),
        lambda: (
            (d.review.filing.number, d.finding, d.requirement, d.reader, d.action, d.by.username, d.at, d.value.get("reason", ""))
            for d in DecisionRecord.objects.select_related("review__filing", "by").iterator(chunk_size=1000)
        ),
    ),
    "transitions": (
        ("filing", "source", "target", "action", "by", "at", "reason", "package_sha256"),
        lambda: (
            (r.filing.number, r.source, r.target, r.action, r.by.username, r.at, r.reason, r.package_sha256)
            for r in TransitionRecord.objects.filter(filing__submitted_at__isnull=False).select_related("filing", "by").iterator(chunk_size=1000)
        ),
    ),
    "register": (
        ("number", "name", "applicant", "province", "route", "date", "status"),
        lambda: RegisterRecord.objects.values_list("number", "name", "applicant", "province", "route", "date", "status"),
    ),
    "requirements": (
        ("requirement", "confirm", "amend", "dismiss", "dismiss_rate"),
        lambda: ((r["requirement"], r["confirm"], r["amend"], r["dismiss"], round(r["rate"], 4)) for r in figures.requirements()),
    ),
    "agreement": (
        ("requirement", "n", "same", "kappa"),
        lambda: ((r["requirement"], r["n"], r["same"], r["kappa"]) for r in figures.kappas()),
    ),
}  # fmt: skip


def export(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """A whole table as CSV or JSON."""
    if table not in TABLES or form not in ("csv", "json"):
        raise Http404
    head, rows = TABLES[table]
    audit.note(request.user, "export", table, form=form)
    return (csv_response if form == "csv" else json_response)(f"{table}.{form}", head, rows())


def users(request: HttpRequest) -> HttpResponse:
    """People and their roles."""
    rows = UserRecord.objects.select_related("organisation").order_by("role", "username")
    if word := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(
            Q(username__icontains=word) | Q(first_name__icontains=word) | Q(organisation__name__icontains=word)
        )
    said = {
        "rows": Paginator(rows, 50).get_page(request.GET.get("page")), "people": tuple(Person), "q": word,
        "organisations": OrganisationRecord.objects.order_by("kind", "name"),
    }  # fmt: skip
    return page(request, "users.html", said)


def user_save(request: HttpRequest) -> HttpResponse:
    """A new person, or changes to one."""
    given = request.POST
    role = given.get("role", "")
    if role not in tuple(Person):
        raise Http404
    name = given.get("organisation", "").strip()[:200]
    organisation = None
    if name:
        kind = "applicant" if role == Person.APPLICANT else "office"
        organisation, _ = OrganisationRecord.objects.get_or_create(name=name, defaults={"kind": kind})
    person = UserRecord.objects.filter(pk=given["id"]).first() if given.get("id", "").isdecimal() else None
    if person is not None:
        if person.pk == request.user.pk and (role != Person.ADMIN or "active" not in given):
            tell(request, t("不能取消自己的管理员身份。"), "bad")
            return redirect("users")
        person.role, person.is_active, person.organisation = (
            role,
            "active" in given,
            organisation or person.organisation,
        )
        person.save(update_fields=["role", "is_active", "organisation"])
    else:
        username = given.get("username", "").strip()[:150]
        if role == Person.APPLICANT and organisation is None:
            tell(request, t("申请人应属于一个单位。"), "bad")
            return redirect("users")
        if not username or UserRecord.objects.filter(username=username).exists():
            tell(request, t("用户名为空或已存在。"), "bad")
            return redirect("users")
        person = UserRecord(
            username=username, first_name=given.get("name", "").strip()[:150], role=role, organisation=organisation
        )
        try:
            password_validation.validate_password(given.get("password", ""), person)
        except ValidationError as error:
            tell(request, " ".join(error.messages), "bad")
            return redirect("users")
        person.set_password(given["password"])
        person.save()
    audit.note(request.user, "user.save", person.username, role=role, active=person.is_active)
    tell(request, t("已保存。"))
    return redirect("users")


def settings(request: HttpRequest) -> HttpResponse:
    """What may be changed while the site runs, and the package profiles in force."""
    return settings_page(request)


def settings_page(
    request: HttpRequest, model: dict[str, Any] | None = None, wrong: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    """The settings, with what was entered for the model and what is wrong with it where it was not saved."""
    pack = rules.pack()
    key, keys = llm.key_state()
    said = {
        "model": model or options.get("llm"), "wrong": wrong, "key": key, "keys": keys, "providers": llm.NAMES,
        "tried": options.get("llm_test"), "now": timezone.now(), "values": {name: options.get(name) for name in options.DEFAULTS}, "states": [(s.value, LABELS[s]) for s in DAYS],
        "pack": pack, "profiles": pack.profiles, "editable": request.user.role == Person.ADMIN,
    }  # fmt: skip
    return page(request, "settings.html", said, status=status)


_NUMBERS = ("warn_days", "second_share", "retention_days", "notice_days", "remind_days")


def settings_save(request: HttpRequest) -> HttpResponse:
    """Saves all of them; a value that is no number in range is named and nothing is saved."""
    given, wrong = request.POST, []

    def whole(name: str, low: int, high: int) -> int:
        text = given.get(name, "").strip()
        if not text.isdecimal() or not low <= int(text) <= high:
            wrong.append(name)
            return 0
        return int(text)

    days = {s.value: whole(f"days.{s.value}", 0, 999) for s in DAYS}
    numbers = {n: whole(n, n == "notice_days", 100 if n == "second_share" else 3650) for n in _NUMBERS}
    years = {r: whole(f"valid.{r}", 0, 50) for r in ("filing", "registration")}
    if not wrong and 0 < numbers["retention_days"] <= numbers["notice_days"]:
        tell(request, t("草稿保存天数应大于删除前通知的天数。"), "bad")
        return redirect("settings")
    if wrong:
        tell(request, t("这些设置不是允许范围内的整数：{n}", n="、".join(wrong)), "bad")
        return redirect("settings")
    values: dict[str, Any] = {"days": days, "valid_years": years, **numbers}
    values["office"] = given.get("office", "").strip()[:100]
    for name, value in values.items():
        options.put(name, value)
    audit.note(request.user, "settings", **values)
    tell(request, t("已保存。"))
    return redirect("settings")


def audit_log(request: HttpRequest) -> HttpResponse:
    """The audit log, newest first."""
    asked = {k: request.GET.get(k, "").strip()[:100] for k in ("actor", "action", "subject")}
    rows = AuditRecord.objects.order_by("-sequence")
    for name, value in asked.items():
        if value:
            rows = rows.filter(**{f"{name}__icontains": value})
    broken: list[str] | None = None
    if request.GET.get("verify"):
        broken = list(audit.verify())
    said = {
        "rows": Paginator(rows, 50).get_page(request.GET.get("page")),
        "asked": asked,
        "broken": broken,
        "total": AuditRecord.objects.count(),
    }
    return page(request, "audit.html", said)
