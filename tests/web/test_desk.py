"""What reviewers do: decide, undo, not overwrite each other, sign, carry over; and what is issued."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from drafts import store_review

from assist_review.compare import compare
from assist_review.errors import AssistReviewError, DecisionError
from assist_review.review import Review
from assist_review.web import desk, filings, jobs
from assist_review.web.filings import Conflict
from assist_review.web.kappa import kappa
from assist_review.web.models import FilingRecord, ReviewRecord
from assist_review.web.states import StateError


def _decide_all(row: Any, user: Any, *, but: str = "") -> None:
    for found in row.findings.filter(group__in=("fatal", "major"), state="open").exclude(finding=but):
        desk.decide(row, user, found.finding, "confirm")


def test_signing_is_refused_while_a_grave_finding_is_open(reviewed: Any, people: dict[str, Any]) -> None:
    last = reviewed.findings.filter(group="fatal").first()
    _decide_all(reviewed, people["reviewer"], but=last.finding)
    with pytest.raises(DecisionError, match="还有1项"):
        desk.sign(reviewed, people["reviewer"], "supplement", "")
    desk.decide(reviewed, people["reviewer"], last.finding, "dismiss", reason="重复")
    assert desk.sign(reviewed, people["reviewer"], "supplement", "材料不齐").signed["grade"] == "supplement"


def test_the_notice_holds_exactly_what_was_confirmed(reviewed: Any, people: dict[str, Any], sign_in: Any) -> None:
    from docx import Document

    gone = reviewed.findings.filter(group="major").first()
    desk.decide(reviewed, people["reviewer"], gone.finding, "dismiss", reason="与事实不符")
    other = reviewed.findings.filter(group="fatal").first()
    desk.decide(
        reviewed,
        people["reviewer"],
        other.finding,
        "amend",
        amended={"statement": "人工改写后的问题表述", "severity": "major"},
    )
    _decide_all(reviewed, people["reviewer"])
    desk.sign(reviewed, people["reviewer"], "supplement", "")
    notice = reviewed.filing.notices.get()
    standing = set(
        reviewed.findings.filter(state__in=("confirmed", "amended"), group__in=("fatal", "major", "minor")).values_list(
            "finding", flat=True
        )
    )
    assert {i["finding"] for i in notice.value} == standing
    assert gone.finding not in standing
    client = sign_in("reviewer")
    for kind in ("notice", "opinion"):
        answer = client.get(f"/filings/{reviewed.filing.number}/reports/{kind}")
        assert "attachment" in answer["Content-Disposition"]
        document = Document(BytesIO(answer.content))
        text = "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells) + "\n".join(
            p.text for p in document.paragraphs
        )
        assert "人工改写后的问题表述" in text
        assert "草稿" not in text
        rows = next(t for t in document.tables if "存在问题" in t.rows[0].cells[2].text) if kind == "notice" else None
        assert rows is None or len(rows.rows) - 1 == len(standing)


def test_two_people_do_not_overwrite_each_other(reviewed: Any, people: dict[str, Any]) -> None:
    found = reviewed.findings.filter(group="fatal").first()
    desk.decide(reviewed, people["reviewer"], found.finding, "confirm", expected=found.version)
    with pytest.raises(Conflict, match="陈明"):
        desk.decide(reviewed, people["reviewer2"], found.finding, "dismiss", reason="x", expected=found.version)
    assert reviewed.findings.get(finding=found.finding).state == "confirmed"


def test_undo_takes_back_the_own_last_decision_and_keeps_the_record(reviewed: Any, people: dict[str, Any]) -> None:
    first, second = reviewed.findings.filter(group__in=("fatal", "major"))[:2]
    desk.decide(reviewed, people["reviewer"], first.finding, "confirm")
    desk.decide(reviewed, people["reviewer2"], second.finding, "confirm")
    assert desk.undo(reviewed, people["reviewer"]).finding == first.finding
    assert reviewed.findings.get(finding=first.finding).state == "open"
    assert list(reviewed.decisions.filter(finding=first.finding).values_list("action", flat=True)) == [
        "confirm",
        "reopen",
    ]
    assert desk.undo(reviewed, people["reviewer"]) is None


@pytest.mark.parametrize(
    ("action", "values", "said"),
    [
        ("dismiss", {}, "理由"), ("amend", {}, "至少改动"), ("amend", {"amended": {"requirement": "X"}}, "限于"),
        ("amend", {"amended": {"severity": "huge"}}, "无效"), ("reopen", {}, "还没有意见"),
    ],
    ids=["no-reason", "nothing-amended", "foreign-key", "bad-value", "nothing-to-reopen"],
)  # fmt: skip
def test_a_decision_that_does_not_fit_is_refused(
    reviewed: Any, people: dict[str, Any], action: str, values: dict[str, Any], said: str
) -> None:
    found = reviewed.findings.filter(group="fatal").first()
    with pytest.raises(DecisionError, match=said):
        desk.decide(reviewed, people["reviewer"], found.finding, action, **values)
    assert not reviewed.decisions.exists()


def test_nothing_is_decided_before_receipt_or_after_signing(reviewed: Any, people: dict[str, Any]) -> None:
    found = reviewed.findings.filter(group="minor").first()
    FilingRecord.objects.filter(pk=reviewed.filing_id).update(state="S4")
    row = ReviewRecord.objects.get(pk=reviewed.pk)
    with pytest.raises(StateError, match="收件"):
        desk.decide(row, people["reviewer"], found.finding, "confirm")
    FilingRecord.objects.filter(pk=reviewed.filing_id).update(state="S5")
    row = ReviewRecord.objects.get(pk=reviewed.pk)
    _decide_all(row, people["reviewer"])
    row = desk.sign(row, people["reviewer"], "supplement", "")
    with pytest.raises(StateError, match="已签发"):
        desk.decide(row, people["reviewer"], found.finding, "confirm")


def test_an_own_finding_is_confirmed_and_issued(reviewed: Any, people: dict[str, Any], small_pack: Any) -> None:
    from assist_review.review import Evidence

    file = reviewed.value["filing"]["files"][0]["file"]
    own = desk.add(
        reviewed, people["reviewer"], requirement=small_pack.requirements[0].id, verdict="non_compliant", severity="major",
        statement="人工发现的问题", evidence=Evidence(file=file, paragraph=2, quote="某段文字"),
    )  # fmt: skip
    _decide_all(reviewed, people["reviewer"])
    desk.sign(reviewed, people["reviewer"], "supplement", "")
    assert own.finding in {i["finding"] for i in reviewed.filing.notices.get().value}


def test_answers_send_it_back_and_unchanged_findings_keep_their_decisions(
    reviewed: Any, people: dict[str, Any]
) -> None:
    filing, reviewer, applicant = reviewed.filing, people["reviewer"], people["applicant"]
    _decide_all(reviewed, reviewer)
    desk.sign(reviewed, reviewer, "supplement", "")
    filing = filings.step(filing, reviewer, "correct")
    assert (filing.state, filing.due) == ("S6", filing.notices.get().due)
    with pytest.raises(StateError, match="没有答复"):
        filings.step(filing, applicant, "answer")
    notice = filing.notices.get()
    for item in notice.value:
        notice.answers.create(item=item["number"], facts="已改正", by=applicant)
    filing = filings.step(filing, applicant, "answer")
    assert (filing.state, filing.round) == ("S5", 2)
    before = Review.model_validate(reviewed.value)
    left = [f for f in before.findings if f.id != notice.value[0]["finding"]]
    after = store_review(jobs, ReviewRecord, filing, before.model_copy(update={"findings": tuple(left)}))
    carried = after.findings.filter(carried=True)
    assert carried.count() == len(notice.value) - 1
    assert all("沿用第1轮" in d.value["reason"] for d in after.decisions.all())
    changes = compare(before, desk.base(after.pk))
    assert [f.id for f in changes.resolved] == [notice.value[0]["finding"]]
    assert not changes.new


def test_the_second_reader_is_blind_until_done(reviewed: Any, people: dict[str, Any], sign_in: Any) -> None:
    FilingRecord.objects.filter(pk=reviewed.filing_id).update(second_reader=people["second"], wants_second=True)
    row = ReviewRecord.objects.get(pk=reviewed.pk)
    found = row.findings.filter(group="fatal").first()
    desk.decide(row, people["reviewer"], found.finding, "dismiss", reason="第一审查人的理由")
    client: Client = sign_in("second")
    number = row.filing.number
    card = client.get(f"/desk/{number}/findings/{found.finding}").content.decode()
    assert "第一审查人的理由" not in card
    assert "未处理" in card
    assert "第一审查人" not in client.get(f"/desk/{number}/").content.decode()
    said = client.get(f"/api/v1/filings/{number}/findings?size=100").json()["rows"]
    assert {r["state"] for r in said} == {"open"}
    _decide_all(row, people["reviewer"])
    with pytest.raises(AssistReviewError, match="复核"):
        desk.sign(row, people["reviewer"], "supplement", "")
    for each in row.findings.filter(group__in=("fatal", "major")):
        desk.decide(row, people["second"], each.finding, "confirm")
    desk.submit_second(row, people["second"])
    row = ReviewRecord.objects.get(pk=row.pk)
    assert desk.sign(row, people["reviewer"], "supplement", "").signed
    page = sign_in("lead").get(f"/desk/{number}/agreement").content.decode()
    assert found.requirement in page


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([], None), ([("a", "a")] * 4, 1.0), ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15, 0.4),
    ],
    ids=["none", "one-label", "opposite", "textbook"],
)  # fmt: skip
def test_kappa(pairs: list[tuple[str, str]], value: float | None) -> None:
    assert kappa(pairs) == (None if value is None else pytest.approx(value))


def test_a_task_run_twice_does_nothing_twice(reviewed: Any) -> None:
    rows, review = reviewed.findings.count(), Review.model_validate(reviewed.value)
    store_review(jobs, ReviewRecord, reviewed.filing, review)
    assert (ReviewRecord.objects.count(), reviewed.findings.count()) == (1, rows)


def test_a_task_killed_while_judging_judges_when_it_comes_again(
    filing: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assist_review.web.models import StepRecord

    job = filings.self_check(filing, people["applicant"])
    read, judge = job.steps.order_by("id")
    StepRecord.objects.filter(pk=read.pk).update(state="done", attempts=1)
    StepRecord.objects.filter(pk=judge.pk).update(state="running", attempts=1)  # where the kill left it
    judged = []
    monkeypatch.setitem(jobs._STEPS, "judge", lambda step: judged.append(step.pk))
    assert jobs.run_step(read.pk) == "done before"
    assert judged == [judge.pk]
    jobs.run_step(read.pk)
    assert judged == [judge.pk]
