"""Who may do what: every address of the site and of the interface, for every role, for own and other filings.

The expectations are written out here by hand and not taken from the program's own table.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

# Columns: nobody, applicant of the filing, applicant of another company, reviewer, second reader, lead, administrator,
# auditor. + let in, - refused (403), ? as if it were not there (404), > sent to sign in (or 401).
WHO = ("", "applicant", "applicant2", "reviewer", "second", "lead", "admin", "auditor")
TABLE = {
    "home": "++++++++", "login": "++++++++", "logout": ">+++++++", "account": ">+++++++", "token": ">+++++++", "language": "++++++++",
    "live": "++++++++", "ready": "++++++++", "metrics": ">----+++", "register": "++++++++", "register-csv": "++++++++",
    "query": "++++++++", "api-docs": "++++++++",
    "mine": ">++-----", "new": ">++-----",
    "filing": ">+?+++++", "form": ">+?-----", "upload": ">+?-----", "materials": ">+?+++++", "file-role": ">+?-----",
    "file-remove": ">+?-----", "check": ">+?-----", "progress": ">+?+++++", "job": ">+?-----", "result": ">+?----+",
    "result-compare": ">+?----+", "result-revised": ">*?----*", "result-revised-file": ">*?----*", "answer": ">+?-----", "draft-keep": ">+?-----", "move": ">+?+-+--", "file": ">+?+++++", "report": ">*?+++++",
    "queue": ">--+++++", "reminders": ">+++++++", "view-save": ">--+++++", "claim": ">--+-+--", "release": ">--+-+--", "assign": ">----+--",
    "desk": ">--+++++", "desk-finding": ">--+++++", "desk-document": ">--+++++", "desk-page": ">--*****", "desk-text": ">--+++++",
    "desk-compare": ">--*****", "desk-revised": ">--+++++", "desk-revised-file": ">--*****", "desk-agreement": ">--+++++",
    "decide": ">--+++--", "undo": ">--+++--", "second-mark": ">--+-+--", "own": ">--+-+--", "note": ">--+++--", "sign": ">--+-+--",
    "unsign": ">----+--", "second-done": ">--+++--",
    "dashboard": ">----+++", "export": ">----+++", "users": ">-----++", "user-save": ">-----+-", "settings": ">----+++",
    "settings-save": ">-----+-", "model-save": ">-----+-", "model-test": ">-----+-", "rules": ">----+++", "audit": ">-----++",
}  # fmt: skip
# `*`: let in, but there is nothing to show in this filing, which reads as 404.
DRAFT = {
    "filing": ">+?????+",
    "materials": ">+?????+",
    "form": ">+?-----",
    "desk": ">--????+",
    "move": ">+?-----",
    "file": ">+?????+",
}

API = {
    "GET /api/v1/filings": ">+++++++", "POST /api/v1/filings": ">++-----", "GET /api/v1/filings/{n}": ">+?+++++",
    "POST /api/v1/filings/{n}/moves": ">+?+-+--", "GET /api/v1/filings/{n}/files": ">+?+++++", "POST /api/v1/filings/{n}/files": ">+?-----",
    "POST /api/v1/filings/{n}/reviews": ">+?-----", "GET /api/v1/filings/{n}/reviews/latest": ">+?+++++",
    "GET /api/v1/filings/{n}/reviews/latest/revised": ">*?+++++",
    "GET /api/v1/filings/{n}/findings": ">*?+++++", "GET /api/v1/filings/{n}/findings/{f}/decisions": ">--+++++",
    "POST /api/v1/filings/{n}/findings/{f}/decisions": ">--+++--", "GET /api/v1/filings/{n}/reports/opinion": ">*?+++++",
    "GET /api/v1/register": "++++++++", "GET /api/v1/status/{n}": "++++++++",
}  # fmt: skip


def _said(response: Any) -> str:
    if response.status_code in (301, 302) and "/login?" in response["Location"]:
        return ">"
    return {401: ">", 403: "-", 404: "?"}.get(response.status_code, "+")


def _values(route: Any, row: Any) -> dict[str, Any]:
    file = row.filing.files.first()
    known = {
        "number": row.filing.number, "file_id": file.pk, "notice_id": 1, "item": 1, "kind": "opinion", "sha256": file.sha256,
        "page_number": 1, "finding": row.findings.filter(group="fatal").first().finding, "table": "filings", "form": "csv",
    }  # fmt: skip
    return {name: known[name] for name in re.findall(r"<\w+:(\w+)>", route.path)}


@pytest.fixture
def clients(sign_in: Callable[[str], Client]) -> list[Client]:
    return [Client() if not who else sign_in(who) for who in WHO]


def test_every_address_stands_in_the_table() -> None:
    from assist_review.web.urls import ROUTES

    assert {r.name for r in ROUTES} == set(TABLE)


def test_every_operation_of_the_interface_stands_in_the_table() -> None:
    from assist_review.web.api.interface import described

    said = {
        f"{method.upper()} {path}".replace("{number}", "{n}").replace("{finding}", "{f}").replace("{kind}", "opinion")
        for path, operations in described()["paths"].items()
        for method in operations
    }
    assert said == set(API)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_address_lets_in_whom_it_should(name: str, reviewed: Any, clients: list[Client]) -> None:
    from django.db import transaction
    from django.urls import reverse

    from assist_review.web.urls import ROUTES

    route = next(r for r in ROUTES if r.name == name)
    address = reverse(name, kwargs=_values(route, reviewed))
    query = {"file": "x"} if name == "desk-document" else {}
    if name == "desk-document":
        query = {"file": reviewed.value["filing"]["files"][0]["file"]}
    if name == "desk-text":
        query = {"file": reviewed.value["filing"]["files"][0]["file"], "page": "1", "box": "0,0,9,x"}
    for method in {"GET": ("get",), "POST": ("post",)}[route.methods[0] if route.methods[0] != "HEAD" else "GET"]:
        for client, who, expected in zip(clients, WHO, TABLE[name], strict=True):
            with transaction.atomic():
                response = getattr(client, method)(address, query)
                said = _said(response)
                response.close()
                transaction.set_rollback(True)
            allowed = {"*": "?", "+": "+"}.get(expected, expected)
            if name in ("answer", "user-save", "file-role") and expected == "+":
                allowed = "?"  # let in; what was asked for is not there
            assert said == allowed, (name, method, who)


@pytest.mark.parametrize("name", sorted(DRAFT))
def test_a_draft_is_seen_by_its_company_and_the_auditor_only(name: str, filing: Any, clients: list[Client]) -> None:
    from django.urls import reverse

    extra = {"file_id": filing.files.first().pk} if name == "file" else {}
    address = reverse(name, kwargs={"number": filing.number, **extra})
    for client, who, expected in zip(clients, WHO, DRAFT[name], strict=True):
        response = client.post(address) if name == "move" else client.get(address)
        said = _said(response)
        response.close()
        hidden = name == "move" and who in ("reviewer", "lead")
        assert said == ("?" if hidden else expected), (name, who)


@pytest.mark.parametrize("operation", sorted(API))
def test_the_interface_lets_in_whom_it_should(operation: str, reviewed: Any, clients: list[Client]) -> None:
    from django.db import transaction

    method, path = operation.split(" ")
    address = path.replace("{n}", reviewed.filing.number).replace(
        "{f}", reviewed.findings.filter(group="fatal").first().finding
    )
    for client, who, expected in zip(clients, WHO, API[operation], strict=True):
        client.handler.enforce_csrf_checks = False
        with transaction.atomic():
            if method == "GET":
                response = client.get(address)
            elif address.endswith("/files"):
                from django.core.files.uploadedfile import SimpleUploadedFile

                response = client.post(address, {"file": SimpleUploadedFile("说明.docx", b"bytes")})
            else:
                body: dict[str, Any] = {"action": "confirm"}
                if address.endswith("/filings"):
                    body = {
                        "name": "模型", "route": "filing", "province": "浙江", "service_type": "a", "data_source": "a",
                        "processing_method": "a", "application_scene": "a", "technical_scheme": "a",
                    }  # fmt: skip
                if address.endswith("/moves"):
                    body = {"action": "withdraw", "reason": "x"}
                response = client.post(address, body, content_type="application/json")
            transaction.set_rollback(True)
        allowed = {"*": "?"}.get(expected, expected)
        assert _said(response) == allowed, (operation, who, response.status_code, response.content[:200])


def test_internal_notes_and_decisions_never_reach_the_applicant(
    reviewed: Any, sign_in: Callable[[str], Client], people: dict[str, Any]
) -> None:
    from assist_review.web import desk
    from assist_review.web.models import NoteRecord

    NoteRecord.objects.create(filing=reviewed.filing, by=people["reviewer"], text="内部机密备注")
    found = reviewed.findings.filter(group="major").first()
    desk.decide(reviewed, people["reviewer"], found.finding, "dismiss", reason="机密排除理由")
    client = sign_in("applicant")
    for address in (
        f"/filings/{reviewed.filing.number}/",
        f"/filings/{reviewed.filing.number}/materials",
        f"/filings/{reviewed.filing.number}/result",
    ):
        body = client.get(address).content.decode()
        assert "机密" not in body
    assert client.get(f"/filings/{reviewed.filing.number}/reports/opinion").status_code == 404
