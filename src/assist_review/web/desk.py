"""What reviewers do with a review: decide, undo, add, sign off. Decisions are rows added, never changed."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assist_review.confirm import confirm, confirmed, own_finding
from assist_review.errors import DecisionError
from assist_review.export.view import View, clean, place
from assist_review.export.words import say
from assist_review.regulation import Severity
from assist_review.review import Decision, Evidence, Finding, Review, Verdict
from assist_review.web import audit, options, rules
from assist_review.web.filings import Conflict, bump
from assist_review.web.jobs import group
from assist_review.web.models import DecisionRecord, FilingRecord, FindingRecord, NoticeRecord, ReviewRecord, UserRecord
from assist_review.web.states import Person, State, StateError

_STATES = {"confirm": "confirmed", "amend": "amended", "dismiss": "dismissed", "reopen": "open"}
PROBLEMS = ("fatal", "major", "minor", "unclear")
_DECIDING = (State.FORMAL, State.MATERIAL)


@lru_cache(maxsize=16)
def base(review_id: int) -> Review:
    """The draft as it was made."""
    return Review.model_validate(ReviewRecord.objects.only("value").get(pk=review_id).value)


def review_of(row: ReviewRecord, reader: str = "first") -> Review:
    """The draft with a reader's own findings and decisions."""
    draft = base(row.pk)
    own = tuple(Finding.model_validate(f.value) for f in row.findings.filter(own=True))
    said = tuple(Decision.model_validate(d.value) for d in row.decisions.filter(reader=reader))
    return draft.model_copy(update={"findings": (*draft.findings, *own), "decisions": said})


def reader_of(filing: FilingRecord, user: UserRecord) -> str:
    """Which reading this person does: the second reader's is separate and blind."""
    return "second" if user.role == Person.SECOND or filing.second_reader_id == user.pk else "first"


def _open_for(row: ReviewRecord, reader: str) -> None:
    filing = row.filing
    if filing.state not in _DECIDING:
        raise StateError(f"“{filing.state_label}”状态下不能处理问题。收件后才能开始审查。")
    if reader == "first" and row.signed:
        raise StateError("本轮审查已签发，不能再改。如需更正，请由负责人撤回签发。")
    if reader == "second" and row.second_done_at:
        raise StateError("复核已经提交，不能再改。")


@transaction.atomic
def decide(
    row: ReviewRecord, user: UserRecord, finding: str, action: str, *, reason: str = "",
    amended: dict[str, Any] | None = None, expected: int | None = None,
) -> FindingRecord:  # fmt: skip
    """Appends a decision. Raises DecisionError, StateError, or Conflict where the finding is no longer at `expected`."""
    reader = reader_of(row.filing, user)
    _open_for(row, reader)
    found = FindingRecord.objects.select_for_update().filter(review=row, finding=finding).first()
    if found is None:
        raise DecisionError(f"审查草稿中没有问题 {finding}，请刷新页面")
    if expected is not None and found.version != expected:
        last = row.decisions.filter(finding=finding, reader=reader).select_related("by").last()
        who = f"{last.by.shown} 于 {timezone.localtime(last.at):%H:%M} " if last else "他人"
        raise Conflict(f"这一项刚刚由{who}处理过，您的操作没有保存。已显示最新内容，请核对后再提意见。")
    decision = Decision(
        finding=finding, action=cast(Any, action), author=user.shown, reason=reason.strip(), at=timezone.now().replace(microsecond=0),
        amended=amended or {},
    )  # fmt: skip
    after = confirm(review_of(row, reader), decision)
    _append(row, user, reader, found, decision)
    if reader == "first":
        final = next(f for f in after.findings if f.id == finding)
        if action == "amend":
            final = Finding.model_validate({**final.model_dump(), **decision.amended})
        FindingRecord.objects.filter(pk=found.pk).update(group=group(final), statement=final.statement)
    found.refresh_from_db()
    return found


def _append(row: ReviewRecord, user: UserRecord, reader: str, found: FindingRecord, decision: Decision) -> None:
    DecisionRecord.objects.create(
        review=row, finding=found.finding, reader=reader, action=decision.action, requirement=found.requirement, by=user,
        at=decision.at, value=decision.model_dump(mode="json"),
    )  # fmt: skip
    field = "state" if reader == "first" else "second_state"
    FindingRecord.objects.filter(pk=found.pk).update(
        **{field: _STATES[decision.action]}, version=F("version") + 1, carried=False
    )
    audit.note(
        user, f"decision.{decision.action}", row.filing.number, finding=found.finding, requirement=found.requirement,
        reader=reader, reason=decision.reason, amended=decision.amended,
    )  # fmt: skip


@transaction.atomic
def undo(row: ReviewRecord, user: UserRecord) -> FindingRecord | None:
    """Takes back this person's last decision that still holds; None where there is none."""
    reader = reader_of(row.filing, user)
    last: dict[str, DecisionRecord] = {}
    for decision in row.decisions.filter(reader=reader):
        last[decision.finding] = decision
    mine = [d for d in last.values() if d.by_id == user.pk and d.action != "reopen"]
    if not mine:
        return None
    newest = max(mine, key=lambda d: d.pk)
    return decide(row, user, newest.finding, "reopen", reason="撤销")


@transaction.atomic
def add(
    row: ReviewRecord, user: UserRecord, *, requirement: str, verdict: Verdict, severity: str, statement: str,
    evidence: Evidence | None,
) -> FindingRecord:  # fmt: skip
    """A person's own finding, confirmed as it is added."""
    reader = reader_of(row.filing, user)
    _open_for(row, reader)
    if reader == "second":
        raise StateError("复核人不能添加问题；请用内部备注告知审查人。")
    if rules.pack().requirement(requirement) is None:
        raise DecisionError(f"规则包中没有要求 {requirement}，请从列表中选择")
    if not statement.strip():
        raise DecisionError("请写明存在的问题")
    draft = review_of(row)
    pieces = [evidence.model_copy(update={"state": "verified" if evidence.quote else "absent"})] if evidence else []
    own = own_finding(requirement, verdict, Severity(severity), statement.strip(), pieces, user.shown)
    decision = Decision(finding=own.id, action="confirm", author=user.shown, at=timezone.now().replace(microsecond=0))
    confirm(draft, decision, own)
    found = FindingRecord.objects.create(
        review=row, finding=own.id, position=100_000 + row.findings.filter(own=True).count(), requirement=requirement,
        theme=rules.theme_of().get(requirement, ""), group=group(own), statement=own.statement,
        value=own.model_dump(mode="json"), own=True,
    )  # fmt: skip
    _append(row, user, reader, found, decision)
    found.refresh_from_db()
    return found


def mark(row: ReviewRecord, user: UserRecord, finding: str) -> FindingRecord:
    """Asks for a second reader's view of one finding, or takes that back."""
    _open_for(row, "first")
    found = row.findings.get(finding=finding)
    FindingRecord.objects.filter(pk=found.pk).update(for_second=not found.for_second)
    audit.note(user, "finding.second", row.filing.number, finding=finding, wanted=not found.for_second)
    found.refresh_from_db()
    return found


class Line(NamedTuple):
    """A finding as the list of the desk has it."""

    finding: str
    requirement: str
    theme: str
    group: str
    statement: str
    state: str
    second_state: str
    for_second: bool
    carried: bool


def lines(row: ReviewRecord) -> tuple[Line, ...]:
    """The findings of a review in their order."""
    return tuple(map(Line._make, row.findings.values_list(*Line._fields)))


def tally(row: ReviewRecord, reader: str = "first") -> dict[str, int]:
    """How many problems there are, how many are decided, and how many must be decided before signing."""
    return tallied(lines(row), reader)


def tallied(found: Iterable[Line], reader: str) -> dict[str, int]:
    """The tally of findings already read."""
    said = dict.fromkeys(("must", "open", "total", "confirmed", "dismissed", "second"), 0)
    for line in found:
        state = line.state if reader == "first" else line.second_state
        is_problem = line.group in PROBLEMS
        said["must"] += line.group in ("fatal", "major") and state == "open"
        said["open"] += is_problem and state == "open"
        said["total"] += is_problem
        said["confirmed"] += state in ("confirmed", "amended")
        said["dismissed"] += state == "dismissed"
        said["second"] += line.for_second and line.second_state == "open"
    return said


@transaction.atomic
def sign(row: ReviewRecord, user: UserRecord, grade: str, reasons: str, due: date | None = None) -> ReviewRecord:
    """Signs off the round. Raises DecisionError while a fatal or major problem, or a second reading, is open."""
    row = ReviewRecord.objects.select_for_update().select_related("filing").get(pk=row.pk)
    _open_for(row, "first")
    if user.role == Person.SECOND:
        raise StateError("签发由审查人或负责人办理。")
    filing = row.filing
    if grade not in ("ready", "supplement", "return"):
        raise DecisionError("请选择结论")
    if filing.wants_second and not row.second_done_at:
        raise DecisionError("这份申请被抽中双人审查，复核人提交前不能签发。")
    waiting = tally(row)["second"]
    if waiting:
        raise DecisionError(f"有{waiting}项问题等待复核人意见，复核前不能签发。")
    lines = tuple(line.strip() for line in reasons.splitlines() if line.strip())
    issued = confirmed(review_of(row), grade, user.shown, lines)  # type: ignore[arg-type]
    items = notice_items(issued)
    if grade == "supplement" and not items:
        raise DecisionError("没有确认任何问题，不能以“补正后再审”签发。")
    now = timezone.now()
    row.signed = {"grade": grade, "reasons": list(lines), "by": user.shown, "at": now.isoformat(timespec="seconds")}
    row.version += 1
    row.save(update_fields=["signed", "version"])
    if grade == "supplement":
        NoticeRecord.objects.update_or_create(
            filing=filing, round=filing.round,
            defaults={
                "review": row, "value": items, "issued_by": user, "issued_at": None,
                "due": due or options.due(State.CORRECTION) or timezone.localdate(),
            },
        )  # fmt: skip
    bump(filing, grade=grade)
    audit.note(
        user, "review.sign", filing.number, grade=grade, items=[i["finding"] for i in items], reasons=list(lines)
    )
    return row


@transaction.atomic
def unsign(row: ReviewRecord, user: UserRecord, reason: str) -> None:
    """Takes back a sign-off that has not been sent; the lead's alone."""
    if user.role != Person.LEAD:
        raise StateError("撤回签发由负责人办理。")
    if not reason.strip():
        raise StateError("撤回签发应写明理由。")
    if row.filing.state not in _DECIDING:
        raise StateError("文书已经发出，不能撤回签发。")
    ReviewRecord.objects.filter(pk=row.pk).update(signed=None, version=F("version") + 1)
    row.filing.notices.filter(round=row.filing.round, issued_at=None).delete()
    audit.note(user, "review.unsign", row.filing.number, reason=reason)


def issued(row: ReviewRecord) -> Review:
    """The review as signed off; the draft with decisions where it is not."""
    if not row.signed:
        return review_of(row)
    return confirmed(review_of(row), row.signed["grade"], row.signed["by"], tuple(row.signed["reasons"]))


def notice_items(review: Review) -> list[dict[str, Any]]:
    """The items of a 补正通知: every standing problem, numbered as in the documents."""
    view = View(review, rules.pack())
    items = []
    for item in view.of("fatal", "major", "minor"):
        evidence = item.finding.evidence
        where = dict.fromkeys(" · ".join(filter(None, (clean(e.file), place(e)))) for e in evidence)
        items.append({
            "number": item.number, "finding": item.finding.id, "requirement": item.finding.requirement,
            "place": list(where)[:5] or ["全部材料"], "problem": item.statement,
            "basis": list(dict.fromkeys(c.label or c.clause for c in item.finding.citations)),
            "demand": item.advice, "severity": str(item.finding.severity),
            "nature": "建议" if item.finding.severity == Severity.MINOR or item.finding.to_be_verified else "必须",
        })  # fmt: skip
    return items


def submit_second(row: ReviewRecord, user: UserRecord) -> None:
    """The second reader is done; from now on both readings may be compared."""
    _open_for(row, "second")
    if reader_of(row.filing, user) != "second":
        raise StateError("您不是这份申请的复核人。")
    left = tally(row, "second")["must"]
    wanted = row.findings.filter(for_second=True, second_state="open").count()
    if row.filing.wants_second and left:
        raise DecisionError(f"还有{left}项致命或重要问题没有复核意见。")
    if wanted:
        raise DecisionError(f"还有{wanted}项指定复核的问题没有意见。")
    ReviewRecord.objects.filter(pk=row.pk).update(second_done_at=timezone.now())
    audit.note(user, "second.done", row.filing.number)


def severity_label(name: str) -> str:
    """A group in words."""
    return say(f"severity.{name}") if name in ("fatal", "major", "minor") else say(f"verdict.{name}")
