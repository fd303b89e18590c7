"""The audit log finds what was done to it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from assist_review.web import audit
from assist_review.web.models import AuditRecord


@pytest.fixture
def log(people: dict[str, Any]) -> list[AuditRecord]:
    return [audit.note(people["admin"], "test", f"对象{n}", n=n) for n in range(5)]


def _tamper(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER web_auditrecord_no_update")
        cursor.execute("DROP TRIGGER web_auditrecord_no_delete")
        cursor.execute(statement, values)


def test_an_untouched_log_is_sound(log: list[AuditRecord]) -> None:
    assert list(audit.verify()) == []
    assert list(audit.verify(log[-1].sha256)) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE web_auditrecord SET subject = 'x' WHERE sequence = %s", "不符"),
        ("UPDATE web_auditrecord SET actor = 'other' WHERE sequence = %s", "不符"),
        ("UPDATE web_auditrecord SET value = '{}' WHERE sequence = %s", "不符"),
        ("UPDATE web_auditrecord SET at = '2020-01-01 00:00:00' WHERE sequence = %s", "不符"),
        ("UPDATE web_auditrecord SET previous = 'x' WHERE sequence = %s", "不衔接"),
        ("DELETE FROM web_auditrecord WHERE sequence = %s", "缺失"),
    ],
    ids=["subject", "actor", "value", "time", "link", "deleted"],
)
def test_any_change_is_found(log: list[AuditRecord], statement: str, said: str) -> None:
    _tamper(statement, log[2].sequence)
    assert any(said in line for line in audit.verify())


def test_lines_cut_off_at_the_end_are_found_with_a_noted_head(log: list[AuditRecord]) -> None:
    _tamper("DELETE FROM web_auditrecord WHERE sequence >= %s", log[3].sequence)
    assert list(audit.verify()) == []
    assert any("末尾" in line for line in audit.verify(log[-1].sha256))


@pytest.mark.parametrize("verb", ["UPDATE web_auditrecord SET actor = 'x'", "DELETE FROM web_auditrecord"])
def test_the_database_itself_refuses(log: list[AuditRecord], verb: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


def test_decisions_are_only_added(reviewed: Any, people: dict[str, Any]) -> None:
    from assist_review.web import desk

    found = reviewed.findings.filter(group="fatal").first()
    desk.decide(reviewed, people["reviewer"], found.finding, "confirm")
    with pytest.raises(DatabaseError), transaction.atomic():
        reviewed.decisions.update(action="dismiss")
