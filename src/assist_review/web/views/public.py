"""What anybody may see: the register of finished filings, and the state of an application by its number."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from assist_review.web import throttle
from assist_review.web.models import FilingRecord, RegisterRecord
from assist_review.web.pages import page, t
from assist_review.web.rules import PROVINCES
from assist_review.web.tables import csv_response


def _found(request: HttpRequest) -> tuple[QuerySet[RegisterRecord], dict[str, Any]]:
    asked = {k: request.GET.get(k, "").strip()[:100] for k in ("q", "province", "route", "year")}
    rows = RegisterRecord.objects.all()
    if asked["q"]:
        words = Q(name__icontains=asked["q"]) | Q(applicant__icontains=asked["q"]) | Q(number__icontains=asked["q"])
        rows = rows.filter(words)
    if asked["province"]:
        rows = rows.filter(province=asked["province"])
    if asked["route"] in ("filing", "registration"):
        rows = rows.filter(route=asked["route"])
    if asked["year"].isdecimal() and 1 <= int(asked["year"]) <= 9999:
        rows = rows.filter(date__year=int(asked["year"]))
    return rows, asked


def register(request: HttpRequest) -> HttpResponse:
    """The register, newest first."""
    rows, asked = _found(request)
    pages = Paginator(rows, 30)
    years = sorted({d.year for d in RegisterRecord.objects.dates("date", "year")} | {date.today().year}, reverse=True)
    said = {"rows": pages.get_page(request.GET.get("page")), "asked": asked, "provinces": PROVINCES, "years": years}
    return page(request, "register.html", said)


def register_csv(request: HttpRequest) -> HttpResponse:
    """The same rows as a table."""
    rows, _ = _found(request)
    head = ("编号", "名称", "申请单位", "属地", "类型", "日期", "状态")
    routes, states = {"filing": "备案", "registration": "登记"}, {"valid": "有效", "ended": "已注销"}
    lines = (
        (r.number, r.name, r.applicant, r.province, routes[r.route], r.date, states.get(r.status, "")) for r in rows
    )
    return csv_response("register.csv", head, lines)


def query(request: HttpRequest) -> HttpResponse:
    """Where an application stands: the state and its day, nothing that is not public."""
    number, row, problem = "", None, ""
    if request.method == "POST":
        number = request.POST.get("number", "").strip().upper()[:24]
        if throttle.over(f"query:{request.META.get('REMOTE_ADDR', '')}", 30, 300):
            problem = t("查询过于频繁，请稍后再试。")
        else:
            row = FilingRecord.objects.filter(number=number).first()
            problem = "" if row else t("没有查到这个编号。请核对后重新输入。")
    return page(request, "query.html", {"number": number, "row": row, "problem": problem})


def api_docs(request: HttpRequest) -> HttpResponse:
    """The description of the interface; its viewer, shipped with the program, writes styles of its own."""
    response = page(request, "apidocs.html")
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return response
