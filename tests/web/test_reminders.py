"""Reminders and retention, with the clock in the test's hand."""

import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from drafts import TEXTS

from assist_review.web import audit, filings, llm, options, reminders, retention, revised, serve, store
from assist_review.web.models import (
    AuditRecord,
    DocumentRecord,
    FilingRecord,
    RegisterRecord,
    ReminderRecord,
    ReviewRecord,
)

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai


class Clock:
    def __init__(self) -> None:
        self.now = START

    def go(self, days: float) -> None:
        self.now += timedelta(days=days)

    @property
    def today(self) -> date:
        return timezone.localdate()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", lambda: made.now)
    return made


@pytest.fixture
def mailing(settings_of: Any) -> list[Any]:
    """A site with a mail host; what it sends."""
    settings_of(EMAIL_HOST="mail.invalid", CSRF_TRUSTED_ORIGINS=["https://review.example.cn"])
    mail.outbox = []
    return mail.outbox


def address(user: Any, text: str) -> None:
    user.email = text
    user.save(update_fields=["email"])


@pytest.fixture
def draft(clock: Clock, people: dict[str, Any], small_pack: Any) -> FilingRecord:
    """A draft begun at the start, with one file."""
    return begin(people["applicant"], clock)


def begin(user: Any, clock: Clock, content: bytes = b"not read in these tests") -> FilingRecord:
    row = filings.begin(user, name=TEXTS["name"], route="filing", province="浙江", sector="", value={})
    FilingRecord.objects.filter(pk=row.pk).update(created_at=clock.now)
    file = filings.upload(row, user, "自评估报告.docx", [content])
    os.utime(store.path_of(file.sha256), (clock.now.timestamp(), clock.now.timestamp()))
    return FilingRecord.objects.get(pk=row.pk)


def review(row: FilingRecord, due: date, *, assignee: Any = None, state: str = "S7") -> None:
    FilingRecord.objects.filter(pk=row.pk).update(state=state, due=due, submitted_at=START, assignee=assignee)


def exists(row: FilingRecord) -> bool:
    return FilingRecord.objects.filter(pk=row.pk).exists()


# Time limits


def test_a_limit_is_told_when_near_and_again_when_over_and_each_once(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], mailing: list[Any]
) -> None:
    address(people["reviewer"], "chen@example.cn")
    address(people["lead"], "sun@example.cn")
    options.put("warn_days", 3)
    review(draft, clock.today + timedelta(days=4), assignee=people["reviewer"])
    assert reminders.hourly() == {"given": 0, "deleted": 0, "sent": 0}
    clock.go(1)
    assert reminders.hourly()["sent"] == 1
    clock.go(0.1)
    assert reminders.hourly() == {"given": 0, "deleted": 0, "sent": 0}
    assert mailing[0].bcc == ["chen@example.cn"]
    assert draft.number in mailing[0].subject
    assert f"https://review.example.cn/filings/{draft.number}/" in mailing[0].body
    assert "2026-03-06" in mailing[0].body
    clock.go(3.9)
    assert reminders.hourly()["sent"] == 1
    assert reminders.hourly()["sent"] == 0
    assert mailing[1].bcc == ["chen@example.cn", "sun@example.cn"]
    assert "超期" in mailing[1].subject


def test_the_last_day_itself_is_not_late(draft: FilingRecord, clock: Clock, people: dict[str, Any]) -> None:
    review(draft, clock.today)
    assert [r.over for r in reminders.limits(FilingRecord.objects.all(), clock.today)] == [False]
    clock.go(1)
    assert [r.over for r in reminders.limits(FilingRecord.objects.all(), clock.today)] == [True]


def test_a_reviewer_sees_own_and_unclaimed_limits_and_the_lead_all(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], sign_in: Callable[[str], Client]
) -> None:
    review(draft, clock.today - timedelta(days=1), assignee=people["reviewer2"])
    assert "期限提醒" not in sign_in("reviewer").get("/reminders").content.decode()
    for who, page in (("reviewer2", "/reminders"), ("lead", "/reminders"), ("lead", "/dashboard")):
        shown = sign_in(who).get(page).content.decode()
        assert "期限提醒" in shown
        assert "超期 1 份" in shown
        assert f"/filings/{draft.number}/" in shown
    assert 'hx-get="/reminders"' in sign_in("lead").get("/queue").content.decode()
    FilingRecord.objects.filter(pk=draft.pk).update(assignee=None)
    assert "期限提醒" in sign_in("reviewer").get("/reminders").content.decode()


def test_the_applicant_is_told_of_the_own_limit_and_the_office_is_not(
    draft: FilingRecord, clock: Clock, sign_in: Callable[[str], Client], mailing: list[Any], people: dict[str, Any]
) -> None:
    address(people["applicant"], "li@example.cn")
    address(people["lead"], "sun@example.cn")
    review(draft, clock.today + timedelta(days=1), state="S6")
    assert "将到期 1 份" in sign_in("applicant").get("/filings").content.decode()
    assert "期限提醒" not in sign_in("applicant2").get("/filings").content.decode()
    assert "期限提醒" not in sign_in("lead").get("/reminders").content.decode()
    reminders.hourly()
    assert [m.bcc for m in mailing] == [["li@example.cn"]]


# Mail


def test_without_a_mail_host_nothing_is_sent_and_reminders_are_still_on_record(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], settings_of: Any
) -> None:
    settings_of(EMAIL_HOST="")
    mail.outbox = []
    address(people["lead"], "sun@example.cn")
    review(draft, clock.today)
    assert reminders.hourly() == {"given": 1, "deleted": 0, "sent": 0}
    assert mail.outbox == []
    assert ReminderRecord.objects.get().mailed_at is None


def test_a_mail_that_could_not_be_sent_is_tried_again_for_some_days(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], mailing: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    address(people["lead"], "sun@example.cn")
    review(draft, clock.today)

    def broken(*_: Any, **__: Any) -> int:
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", broken)
        assert reminders.hourly()["sent"] == 0
    assert "gone" in ReminderRecord.objects.get().problem
    assert reminders.hourly()["sent"] == 1
    assert ReminderRecord.objects.get().problem == ""
    ReminderRecord.objects.update(mailed_at=None)
    clock.go(3.1)
    assert reminders.send_waiting() == 0


def test_an_address_is_set_by_its_owner(sign_in: Callable[[str], Client], people: dict[str, Any]) -> None:
    client = sign_in("reviewer")
    assert "邮箱地址无效" in client.post("/account", {"email": "not an address"}).content.decode()
    client.post("/account", {"email": "chen@example.cn"})
    people["reviewer"].refresh_from_db()
    assert people["reviewer"].email == "chen@example.cn"
    client.post("/account", {"email": ""})
    people["reviewer"].refresh_from_db()
    assert people["reviewer"].email == ""


# Terms


def test_no_term_is_set_and_none_reminded_of_unless_the_office_sets_one(
    draft: FilingRecord, clock: Clock, sign_in: Callable[[str], Client]
) -> None:
    FilingRecord.objects.filter(pk=draft.pk).update(state="S14", issued_number="Zhejiang-1", submitted_at=START)
    draft.refresh_from_db()
    filings._register(draft)
    assert RegisterRecord.objects.get().valid_until is None
    clock.go(3000)
    assert reminders.hourly()["given"] == 0
    clock.now = START
    options.put("valid_years", {"filing": 3})
    filings._register(draft)
    until = RegisterRecord.objects.get().valid_until
    assert until == clock.today + timedelta(days=3 * 365)
    options.put("remind_days", 60)
    clock.go(3 * 365 - 61)
    assert reminders.hourly()["given"] == 0
    assert "有效期提醒" not in sign_in("lead").get("/dashboard").content.decode()
    clock.go(1)
    assert reminders.hourly()["given"] == 1
    assert reminders.hourly()["given"] == 0
    for who, page in (("lead", "/dashboard"), ("lead", "/reminders"), ("applicant", "/filings")):
        assert "有效期提醒" in sign_in(who).get(page).content.decode(), who
    for who, page in (("reviewer", "/reminders"), ("applicant2", "/filings")):
        assert "有效期提醒" not in sign_in(who).get(page).content.decode(), who


# Retention


def test_drafts_stay_for_ever_unless_days_are_set(draft: FilingRecord, clock: Clock) -> None:
    clock.go(4000)
    assert reminders.hourly() == {"given": 0, "deleted": 0, "sent": 0}
    assert exists(draft)


def test_a_stale_draft_is_announced_then_deleted_with_its_files(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], mailing: list[Any], committed: Any,
    sign_in: Callable[[str], Client],
) -> None:  # fmt: skip
    address(people["applicant"], "li@example.cn")
    sha = draft.files.get().sha256
    pages = store.page_folder(sha)
    pages.mkdir(parents=True)
    (pages / "1.webp").write_bytes(b"x")
    copies = revised.folder(draft.pk)
    copies.mkdir(parents=True)
    (copies / "a.zip").write_bytes(b"x")
    DocumentRecord.objects.create(sha256=sha, extension="docx", value=b"")
    options.put("retention_days", 30)
    options.put("notice_days", 7)
    clock.go(22)
    assert reminders.hourly()["given"] == 0
    assert "草稿将被删除" not in sign_in("applicant").get("/filings").content.decode()
    clock.go(1)
    with committed():
        assert reminders.hourly() == {"given": 1, "deleted": 0, "sent": 1}
    assert mailing[0].bcc == ["li@example.cn"]
    assert "2026-04-01" in mailing[0].body
    assert AuditRecord.objects.get(action="draft.notice").value == {"delete_on": "2026-04-01"}
    client = sign_in("applicant")
    assert "2026年4月1日" in client.get("/filings").content.decode()
    assert "保留草稿" in client.get(f"/filings/{draft.number}/").content.decode()
    clock.go(6)
    with committed():
        assert reminders.hourly()["deleted"] == 0
    assert store.path_of(sha).exists()
    clock.go(1)
    with committed():
        assert reminders.hourly()["deleted"] == 1
    assert not exists(draft)
    assert not store.path_of(sha).exists()
    assert not pages.exists()
    assert not copies.exists()
    assert not DocumentRecord.objects.filter(sha256=sha).exists()
    line = AuditRecord.objects.get(action="draft.delete")
    assert line.subject == draft.number
    assert line.value["files"] == [f"{sha} 自评估报告.docx"]
    assert list(audit.verify()) == []


def test_the_full_notice_is_given_where_the_setting_comes_late(
    draft: FilingRecord, clock: Clock, committed: Any
) -> None:
    clock.go(400)
    options.put("retention_days", 30)
    options.put("notice_days", 10)
    assert reminders.hourly()["deleted"] == 0
    assert ReminderRecord.objects.get().day == clock.today + timedelta(days=10)
    clock.go(9)
    assert reminders.hourly()["deleted"] == 0
    clock.go(1)
    with committed():
        assert reminders.hourly()["deleted"] == 1


@pytest.mark.parametrize("by", ["button", "upload", "form"])
def test_whoever_touches_the_draft_keeps_it(
    by: str, draft: FilingRecord, clock: Clock, people: dict[str, Any], sign_in: Callable[[str], Client]
) -> None:
    options.put("retention_days", 30)
    clock.go(25)
    assert reminders.hourly()["given"] == 1
    client = sign_in("applicant")
    if by == "button":
        client.post(f"/filings/{draft.number}/keep")
    elif by == "upload":
        filings.upload(draft, people["applicant"], "新的.docx", [b"more"])
    else:
        assert client.post(f"/filings/{draft.number}/form", TEXTS).status_code == 302
    assert retention.notice(draft) is None
    assert "草稿将被删除" not in client.get("/filings").content.decode()
    clock.go(6)
    assert reminders.hourly()["deleted"] == 0
    clock.go(20)
    assert reminders.hourly()["given"] == 1, "it grows stale again, and is announced again"
    assert exists(draft)


def test_bytes_that_another_filing_holds_stay(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], committed: Any
) -> None:
    other = begin(people["applicant2"], clock)
    assert other.files.get().sha256 == draft.files.get().sha256
    options.put("retention_days", 30)
    clock.go(25)
    reminders.hourly()
    clock.go(6)
    audit.note(people["applicant2"], "draft.keep", other.number)
    clock.go(1)
    with committed():
        assert reminders.hourly()["deleted"] == 1
    assert not exists(draft)
    assert store.path_of(other.files.get().sha256).read_bytes()


def test_bytes_uploaded_again_a_moment_ago_stay(draft: FilingRecord, clock: Clock, committed: Any) -> None:
    path = store.path_of(draft.files.get().sha256)
    options.put("retention_days", 30)
    clock.go(25)
    reminders.hourly()
    clock.go(7)
    fresh = (clock.now - timedelta(minutes=5)).timestamp()
    os.utime(path, (fresh, fresh))
    with committed():
        assert reminders.hourly()["deleted"] == 1
    assert path.exists()


def test_members_of_an_archive_go_with_it_unless_another_review_has_them(
    draft: FilingRecord, clock: Clock, people: dict[str, Any], committed: Any
) -> None:
    shared, own = "a" * 64, "b" * 64
    other = begin(people["applicant2"], clock, b"something else")
    for row, members in ((draft, (shared, own)), (other, (shared,))):
        package = filings._freeze(row, people["applicant"], "check", 1)
        value = {"filing": {"files": [{"file": f"包.zip/{m[:4]}.docx", "sha256": m} for m in members]}}
        ReviewRecord.objects.create(filing=row, package=package, pack_sha256="0" * 64, value=value, grade="ready")
    for member in (shared, own):
        DocumentRecord.objects.create(sha256=member, extension="docx", value=b"")
    options.put("retention_days", 30)
    clock.go(25)
    reminders.hourly()
    audit.note(people["applicant2"], "draft.keep", other.number)
    clock.go(7)
    with committed():
        assert reminders.hourly()["deleted"] == 1
    assert set(DocumentRecord.objects.values_list("sha256", flat=True)) == {shared}


def test_answers_of_a_model_go_with_the_draft(draft: FilingRecord, clock: Clock, committed: Any) -> None:
    folder = llm.folder(draft)
    (folder / "answers").mkdir(parents=True)
    (folder / "answers" / "x.json").write_text("{}", encoding="utf-8")
    options.put("retention_days", 30)
    clock.go(25)
    reminders.hourly()
    clock.go(7)
    with committed():
        reminders.hourly()
    assert not folder.exists()


def test_a_notice_as_long_as_the_time_drafts_are_kept_is_refused(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("admin")
    page = client.get("/settings").content.decode()
    given = dict(re.findall(r'name="((?:days|valid)[.]\w+|\w+_days|second_share)" value="(\d+)"', page))
    client.post("/settings/save", given | {"retention_days": "7", "notice_days": "7"})
    assert options.get("retention_days") == 0
    client.post("/settings/save", given | {"retention_days": "8", "notice_days": "7"})
    assert (options.get("retention_days"), options.get("notice_days")) == (8, 7)


@pytest.mark.parametrize(
    "change", [{"state": "S6", "submitted_at": START}, {"state": "S4", "submitted_at": START}, {"state": "S19"}],
    ids=["correction", "submitted", "returned"],
)  # fmt: skip
def test_what_was_handed_in_is_never_deleted(change: dict[str, Any], draft: FilingRecord, clock: Clock) -> None:
    options.put("retention_days", 30)
    FilingRecord.objects.filter(pk=draft.pk).update(**change)
    clock.go(100)
    reminders.hourly()
    clock.go(100)
    assert reminders.hourly()["deleted"] == 0
    assert exists(draft)


def test_a_filing_that_begins_again_after_a_refusal_is_no_draft(
    draft: FilingRecord, clock: Clock, people: dict[str, Any]
) -> None:
    filings._freeze(draft, people["applicant"], "submission", 1)
    FilingRecord.objects.filter(pk=draft.pk).update(state="S1", submitted_at=None)
    options.put("retention_days", 30)
    clock.go(100)
    reminders.hourly()
    clock.go(100)
    assert reminders.hourly()["deleted"] == 0
    assert exists(draft)


def test_only_the_own_company_can_keep_a_draft(draft: FilingRecord, sign_in: Callable[[str], Client]) -> None:
    assert sign_in("applicant2").post(f"/filings/{draft.number}/keep").status_code == 404


def test_the_worker_is_told_to_do_it_every_hour_and_only_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django_q.models import Schedule

    monkeypatch.setattr("django.core.management.call_command", lambda *_, **__: None)
    for _ in range(2):
        serve.prepare(demo=False)
    task = Schedule.objects.get(name="reminders")
    assert task.schedule_type == Schedule.HOURLY
    assert task.func == "assist_review.web.reminders.hourly"


def test_how_early_a_limit_is_marked_as_near_is_what_was_set(
    draft: FilingRecord, clock: Clock, sign_in: Callable[[str], Client]
) -> None:
    review(draft, clock.today + timedelta(days=4))
    client = sign_in("reviewer")
    assert "将到期</span>" not in client.get(f"/filings/{draft.number}/").content.decode()
    assert "将到期</span>" not in client.get("/queue").content.decode()
    options.put("warn_days", 4)
    assert "将到期</span>" in client.get(f"/filings/{draft.number}/").content.decode()
    assert "将到期</span>" in client.get("/queue").content.decode(), "the row that was kept is not shown again"
