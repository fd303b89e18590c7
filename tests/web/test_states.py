"""The state table: complete, closed, and obeyed."""

from typing import Any

import pytest

from assist_review.web import filings
from assist_review.web.models import FilingRecord
from assist_review.web.states import DAYS, HOLDERS, LABELS, MOVES, Person, State, StateError, move, moves, number


def test_every_state_has_a_label_and_a_holder() -> None:
    assert set(LABELS) == set(HOLDERS) == set(State)
    assert sorted(map(number, State)) == list(range(20))


def test_every_state_can_be_reached_and_left_except_the_end() -> None:
    assert {m.target for m in MOVES} == set(State)
    assert set(State) - {m.source for m in MOVES} == {State.ENDED}


def test_auditors_administrators_and_second_readers_move_nothing() -> None:
    for person in (Person.AUDITOR, Person.ADMIN, Person.SECOND):
        assert not any(moves(state, person, "filing") for state in State)


def test_registration_never_goes_to_the_national_office() -> None:
    reached, waiting = set(), [State.ROUTE]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [
            m.target
            for m in MOVES
            if m.source == state and m.route in (None, "registration") and m.target not in reached
        ]
    assert not reached & {State.FORWARDED, State.NATIONAL, State.QUESTIONS}
    assert State.ANNOUNCED in reached


def test_an_answer_goes_back_to_the_state_that_asked() -> None:
    for asked in (State.FORMAL, State.MATERIAL):
        assert move(State.CORRECTION, "answer", Person.APPLICANT, "filing", asked_from=asked).target == asked


@pytest.mark.parametrize("person", [p for p in Person if p != Person.APPLICANT], ids=str)
def test_only_the_applicant_submits(person: Person) -> None:
    with pytest.raises(StateError):
        move(State.SIGNING, "submit", person, "filing")


def test_time_limits_belong_to_states_somebody_works_in() -> None:
    assert all(HOLDERS[state] != "none" for state in DAYS)


def test_each_move_says_who_when_why_and_with_which_package(filing: Any, people: dict[str, Any]) -> None:
    FilingRecord.objects.filter(pk=filing.pk).update(state="S3")
    filings.step(filing, people["applicant"], "submit", reason="材料已盖章")
    last = filing.transitions.last()
    assert (last.source, last.target, last.by.username, last.reason) == ("S3", "S4", "applicant", "材料已盖章")
    assert last.package_sha256 == filing.packages.last().sha256
    assert len(last.package_sha256) == 64


def test_a_stale_version_is_refused(filing: Any, people: dict[str, Any]) -> None:
    row = FilingRecord.objects.get(pk=filing.pk)
    FilingRecord.objects.filter(pk=filing.pk).update(state="S3")
    with pytest.raises(filings.Conflict, match="他人修改"):
        filings.step(row, people["applicant"], "submit", expected=row.version - 1)


def test_nothing_is_submitted_without_files(filing: Any, people: dict[str, Any]) -> None:
    filing.files.update(active=False)
    FilingRecord.objects.filter(pk=filing.pk).update(state="S3")
    with pytest.raises(StateError, match="没有上传"):
        filings.step(filing, people["applicant"], "submit")


def test_a_number_is_given_once(reviewed: Any, people: dict[str, Any]) -> None:
    filing = reviewed.filing
    FilingRecord.objects.filter(pk=filing.pk).update(state="S11")
    with pytest.raises(StateError, match="编号"):
        filings.step(filing, people["lead"], "approve")
    filings.step(filing, people["lead"], "approve", number="Zhejiang-YunYu-202611240001")
    row = filings.step(filing, people["lead"], "publish")
    assert row.state == "S14"
    assert row.entry.number == "Zhejiang-YunYu-202611240001"
