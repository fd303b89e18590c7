"""What the site refuses, hides and says about itself."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from assist_review.web import store, tables
from assist_review.web.models import UserRecord


def test_pages_allow_no_inline_script_or_style(people: dict[str, Any]) -> None:
    policy = Client().get("/login")["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for template in (Path(store.__file__).parent / "templates").glob("*.html"):
        text = template.read_text()
        assert " style=" not in text, template.name
        assert "<script>" not in text, template.name
        assert " onclick" not in text, template.name
        assert "https://" not in text, template.name


def test_forms_need_their_token(people: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["applicant"])
    assert client.post("/filings/new", {}).status_code == 403
    assert client.post("/api/v1/filings", {}, content_type="application/json").status_code == 403


def test_too_many_wrong_passwords_close_the_door(people: dict[str, Any]) -> None:
    client = Client()
    UserRecord.objects.get(username="lead").set_password("right-password-1")
    for _ in range(8):
        assert client.post("/login", {"username": "lead", "password": "wrong"}).status_code == 200
    assert client.post("/login", {"username": "lead", "password": "wrong"}).status_code == 429


def test_after_signing_in_nobody_is_sent_elsewhere(people: dict[str, Any]) -> None:
    person = people["lead"]
    person.set_password("right-password-1")
    person.save()
    answer = Client().post(
        "/login", {"username": "lead", "password": "right-password-1", "next": "https://evil.invalid/"}
    )
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/报告.docx", "etc/报告.docx"), ("..\\a\\b.pdf", "a/b.pdf"), ("/abs/x.xlsx", "abs/x.xlsx"),
        ("a\x00b\u202egpj.docx", "a_b_gpj.docx"), ("C:\\x\\y.docx", "C_/x/y.docx"),
    ],
    ids=["up", "backslash", "absolute", "control", "drive"],
)  # fmt: skip
def test_names_of_files_lead_nowhere(name: str, path: str) -> None:
    assert store.clean_path(name) == path


@pytest.mark.parametrize("name", ["x.exe", "x", "x.docx.js", "…"], ids=str)
def test_other_kinds_of_files_are_refused(name: str) -> None:
    with pytest.raises(store.UploadError):
        store.clean_path(name)


def test_a_file_over_the_limit_leaves_nothing_behind(people: dict[str, Any], settings_of: Any) -> None:
    settings_of(MAX_FILE_BYTES=10)
    with pytest.raises(store.UploadError, match="超过"):
        store.put(iter([b"12345678", b"12345678"]), "x.pdf")
    assert not list(store.path_of("0" * 64).parents[2].glob(".upload-*"))


def test_a_scanner_can_refuse(people: dict[str, Any], settings_of: Any) -> None:
    settings_of(SCANNER="false")
    with pytest.raises(store.UploadError, match="安全扫描"):
        store.put(iter([b"bytes"]), "x.pdf")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@x", "\t=1"], ids=["equals", "plus", "minus", "at", "tab"])
def test_a_spreadsheet_calculates_nothing_of_ours(text: str) -> None:
    assert tables.cell(text).startswith("'") or text[0] == "\t"
    assert not tables.cell(text).lstrip("\t").startswith(("=", "+", "-", "@")) or tables.cell(text).startswith("'")


def test_hostile_words_are_shown_as_words(reviewed: Any, sign_in: Any) -> None:
    client = sign_in("reviewer")
    body = client.get(f"/desk/{reviewed.filing.number}/").content.decode()
    for found in reviewed.findings.all():
        body += client.get(f"/desk/{reviewed.filing.number}/findings/{found.finding}").content.decode()
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "\u202e" not in re.sub(r'\b(value|data-file)="[^"]*"', "", body)  # attributes hold the path as it is


def test_files_come_as_attachments_only(filing: Any, sign_in: Any) -> None:
    file = filing.files.get()
    answer = sign_in("applicant").get(f"/filings/{filing.number}/files/{file.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"not read in these tests"
    answer.close()


def test_a_repeated_request_with_a_key_is_done_once(sign_in: Any, small_pack: Any) -> None:
    from drafts import TEXTS

    client = sign_in("applicant")
    body = {k: v for k, v in TEXTS.items() if v}
    headers = {"Idempotency-Key": "abc"}
    first, again = (
        client.post("/api/v1/filings", body, content_type="application/json", headers=headers) for _ in range(2)
    )
    assert (
        (first.status_code, first.json()["number"])
        == (again.status_code, again.json()["number"])
        == (201, first.json()["number"])
    )
    other = client.post("/api/v1/filings", {**body, "name": "另一个"}, content_type="application/json", headers=headers)
    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")


def test_a_token_works_until_it_expires(people: dict[str, Any]) -> None:
    from django.utils import timezone

    from assist_review.web.models import TokenRecord
    from assist_review.web.views.account import new_token

    token = new_token(people["applicant"], "脚本")
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/filings", headers=headers).status_code == 200
    assert not TokenRecord.objects.filter(sha256=token).exists()
    TokenRecord.objects.update(expires_at=timezone.now())
    assert Client().get("/api/v1/filings", headers=headers).status_code == 401


def test_sensitive_downloads_are_logged(filing: Any, people: dict[str, Any], sign_in: Any) -> None:
    from assist_review.web import filings
    from assist_review.web.models import AuditRecord

    file = filings.upload(filing, people["applicant"], "拦截关键词.xlsx", [b"words"])
    answer = sign_in("applicant").get(f"/filings/{filing.number}/files/{file.pk}")
    io.BytesIO(b"".join(answer.streaming_content))
    answer.close()
    assert AuditRecord.objects.filter(action="file.download.sensitive", subject=filing.number).exists()
