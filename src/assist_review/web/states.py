"""The states S0–S19 of a filing and every move between them, as one table. Pure: no database here."""

from dataclasses import dataclass
from enum import StrEnum

from assist_review.errors import AssistReviewError


class StateError(AssistReviewError):
    """A move that the table does not have, or not for this person."""


class Person(StrEnum):
    """Roles of people."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    SECOND = "second"
    LEAD = "lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


class State(StrEnum):
    """Where a filing stands; names and order as in the workflow."""

    ROUTE = "S0"
    DRAFT = "S1"
    SELF_CHECK = "S2"
    SIGNING = "S3"
    SUBMITTED = "S4"
    FORMAL = "S5"
    CORRECTION = "S6"
    MATERIAL = "S7"
    TEST = "S8"
    TEST_FIX = "S9"
    FORWARDED = "S10"
    NATIONAL = "S11"
    QUESTIONS = "S12"
    APPROVED = "S13"
    ANNOUNCED = "S14"
    ONLINE = "S15"
    CHANGE_CHECK = "S16"
    CHANGE = "S17"
    ENDED = "S18"
    RETURNED = "S19"


LABELS: dict[State, str] = {
    State.ROUTE: "路径判定", State.DRAFT: "草稿", State.SELF_CHECK: "自检", State.SIGNING: "内部签章",
    State.SUBMITTED: "已提交属地", State.FORMAL: "形式审查", State.CORRECTION: "补正", State.MATERIAL: "材料审查",
    State.TEST: "技术测试", State.TEST_FIX: "测试整改", State.FORWARDED: "属地上报", State.NATIONAL: "国家复审",
    State.QUESTIONS: "国家补充问询", State.APPROVED: "通过·发号", State.ANNOUNCED: "公告",
    State.ONLINE: "上线公示·持续义务", State.CHANGE_CHECK: "变更评估", State.CHANGE: "变更/重新备案",
    State.ENDED: "终止·注销", State.RETURNED: "退回/不予通过/撤回",
}  # fmt: skip

# Who is expected to act next.
HOLDERS: dict[State, str] = {
    State.ROUTE: "applicant", State.DRAFT: "applicant", State.SELF_CHECK: "applicant", State.SIGNING: "applicant",
    State.SUBMITTED: "province", State.FORMAL: "province", State.CORRECTION: "applicant", State.MATERIAL: "province",
    State.TEST: "test", State.TEST_FIX: "applicant", State.FORWARDED: "province", State.NATIONAL: "national",
    State.QUESTIONS: "applicant", State.APPROVED: "national", State.ANNOUNCED: "province", State.ONLINE: "applicant",
    State.CHANGE_CHECK: "applicant", State.CHANGE: "applicant", State.ENDED: "none", State.RETURNED: "applicant",
}  # fmt: skip

EDITABLE = frozenset({
    State.ROUTE, State.DRAFT, State.SELF_CHECK, State.CORRECTION, State.TEST_FIX, State.QUESTIONS, State.CHANGE,
})  # fmt: skip
DAYS: dict[State, int] = {
    State.SUBMITTED: 5, State.FORMAL: 5, State.CORRECTION: 15, State.MATERIAL: 20, State.TEST: 15, State.TEST_FIX: 15,
    State.QUESTIONS: 10,
}  # fmt: skip
FINISHED = frozenset({State.ANNOUNCED, State.ONLINE, State.CHANGE_CHECK, State.ENDED})


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted step. `route` limits it to one route; `needs` are what must be given or hold.

    `back` returns to the state that asked. needs: reason, number, signed (the reviewer's sign-off of this round),
    notice (an issued correction notice), answers (all items answered), late (the time limit is over), files.
    """

    source: State
    action: str
    target: State
    people: frozenset[Person]
    label: str
    needs: frozenset[str] = frozenset()
    route: str | None = None
    back: bool = False
    document: str = ""


_A, _R, _L = frozenset({Person.APPLICANT}), frozenset({Person.REVIEWER, Person.LEAD}), frozenset({Person.LEAD})
_S = State


def _move(
    source: State, action: str, target: State, people: frozenset[Person], label: str, *needs: str,
    route: str | None = None, back: bool = False, document: str = "",
) -> Move:  # fmt: skip
    return Move(source, action, target, people, label, frozenset(needs), route, back, document)


MOVES: tuple[Move, ...] = (
    _move(_S.ROUTE, "route", _S.DRAFT, _A, "确认办理路径", document="路径判定单"),
    _move(_S.DRAFT, "check", _S.SELF_CHECK, _A, "开始自检", "files"),
    _move(_S.SELF_CHECK, "freeze", _S.SIGNING, _A, "定稿，进入签章", "checked", document="自检报告"),
    _move(_S.SELF_CHECK, "edit", _S.DRAFT, _A, "返回修改"),
    _move(_S.SIGNING, "submit", _S.SUBMITTED, _A, "提交", "files", document="定稿材料与哈希清单"),
    _move(_S.SIGNING, "edit", _S.DRAFT, _A, "返回修改"),
    _move(_S.SUBMITTED, "receive", _S.FORMAL, _R, "收件", document="收件回执"),
    _move(_S.FORMAL, "accept", _S.MATERIAL, _R, "形式审查通过", document="形式审查单"),
    _move(_S.FORMAL, "correct", _S.CORRECTION, _R, "发出补正通知", "notice", document="补正通知"),
    _move(_S.MATERIAL, "correct", _S.CORRECTION, _R, "发出补正通知", "notice", document="补正通知"),
    _move(_S.CORRECTION, "answer", _S.FORMAL, _A, "提交补正", "answers", back=True, document="补正说明"),
    _move(_S.CORRECTION, "answer", _S.MATERIAL, _A, "提交补正", "answers", back=True, document="补正说明"),
    _move(_S.CORRECTION, "expire", _S.RETURNED, _R, "逾期退回", "late", "reason"),
    _move(_S.MATERIAL, "pass", _S.TEST, _R, "材料审查通过", "signed", document="审查意见"),
    _move(_S.MATERIAL, "refuse", _S.RETURNED, _L, "退回", "signed", "reason", document="审查意见"),
    _move(_S.TEST, "fail", _S.TEST_FIX, _R, "测试未通过", "reason", document="测试记录"),
    _move(_S.TEST_FIX, "retest", _S.TEST, _A, "整改完成，申请复测", "reason", document="整改报告"),
    _move(_S.TEST, "pass", _S.FORWARDED, _R, "测试通过", route="filing", document="测试记录"),
    _move(_S.TEST, "decide", _S.ANNOUNCED, _L, "同意登记", "number", route="registration", document="登记决定"),
    _move(_S.FORWARDED, "forward", _S.NATIONAL, _L, "上报", document="上报函"),
    _move(_S.NATIONAL, "ask", _S.QUESTIONS, _L, "转达补充问询", "reason", document="补充问询"),
    _move(_S.QUESTIONS, "answer", _S.NATIONAL, _A, "提交补充说明", "reason", document="补充说明"),
    _move(_S.NATIONAL, "approve", _S.APPROVED, _L, "复审通过，登记备案号", "number", document="备案号通知"),
    _move(_S.NATIONAL, "refuse", _S.RETURNED, _L, "不予通过", "reason"),
    _move(_S.APPROVED, "publish", _S.ANNOUNCED, _L, "公告", document="公告"),
    _move(_S.ANNOUNCED, "launch", _S.ONLINE, _A, "确认上线公示"),
    _move(_S.ONLINE, "change", _S.CHANGE_CHECK, _A, "发起变更评估", "reason", document="变更评估单"),
    _move(_S.CHANGE_CHECK, "minor", _S.ONLINE, _A, "一般变更，记录即可", "reason"),
    _move(_S.CHANGE_CHECK, "major", _S.CHANGE, _A, "重大变更，重新办理", "reason"),
    _move(_S.CHANGE, "approve", _S.APPROVED, _L, "变更通过", "number"),
    _move(_S.CHANGE, "refuse", _S.RETURNED, _L, "不予通过", "reason"),
    _move(_S.ONLINE, "end", _S.ENDED, _A | _L, "终止服务", "reason", document="注销通知"),
    _move(_S.RETURNED, "restart", _S.ROUTE, _A, "重新办理"),
    *(
        _move(source, "withdraw", _S.RETURNED, _A, "撤回", "reason")
        for source in (_S.SUBMITTED, _S.FORMAL, _S.CORRECTION, _S.MATERIAL, _S.TEST, _S.TEST_FIX)
    ),
)


def moves(state: str, person: str, route: str) -> tuple[Move, ...]:
    """What `person` may do in `state` on `route`, in table order; an action that leads back is listed once."""
    found: dict[str, Move] = {}
    for move in MOVES:
        if move.source == state and person in move.people and move.route in (None, route):
            found.setdefault(move.action, move)
    return tuple(found.values())


def move(state: str, action: str, person: str, route: str, *, asked_from: str = "") -> Move:
    """The move of this name. Raises StateError where the table does not have it."""
    found = [m for m in MOVES if m.source == state and m.action == action and m.route in (None, route)]
    if len(found) > 1 and any(m.target == asked_from for m in found):
        found = [m for m in found if m.target == asked_from]
    if not found:
        raise StateError(f"当前状态是“{LABELS[State(state)]}”，不能执行这一操作。请刷新页面查看最新状态。")
    if person not in found[0].people:
        raise StateError(f"“{found[0].label}”不由您的角色办理。")
    return found[0]


def number(state: str) -> int:
    """The position of a state, 0–19."""
    return int(state[1:])
