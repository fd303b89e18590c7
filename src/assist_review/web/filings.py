"""What is done with a filing: begun, filled, moved from state to state."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assist_review.errors import AssistReviewError
from assist_review.web import audit, options, rules, store
from assist_review.web.models import (
    FileRecord,
    FilingRecord,
    JobRecord,
    NoticeRecord,
    PackageRecord,
    RegisterRecord,
    ReviewRecord,
    TransitionRecord,
    UserRecord,
)
from assist_review.web.states import EDITABLE, LABELS, Move, Person, State, StateError, move

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Words of file names by role, asked in this order when a file comes in; reading it may correct the guess.
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("annotation_rules", ("标注",)), ("keywords", ("关键词", "词库", "拦截词")), ("questions", ("题库", "测试题", "题集", "评测题")),
    ("licence", ("营业执照",)), ("commitment", ("承诺", "封面")), ("authorisation", ("授权委托", "委托书")),
    ("evidence", ("签署页", "佐证", "合同", "证明", "许可", "调用", "授权书")), ("privacy", ("隐私", "个人信息处理")),
    ("agreement", ("协议",)), ("report", ("评估报告", "自评估")), ("form", ("申请表", "备案表", "登记表", "申报表")),
    ("test_channel", ("测试通道", "测试账号")),
)  # fmt: skip


class Conflict(AssistReviewError):
    """Somebody else changed the same thing in between."""


def new_number() -> str:
    """A number that tells the day and cannot be guessed."""
    tail = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    return f"SL{timezone.localdate():%Y%m%d}-{tail}"


def guess_role(path: str) -> str:
    """The role a file's name suggests, "other" where it suggests none."""
    name = path.rsplit("/", 1)[-1]
    return next((role for role, words in _NAMES if any(word in name for word in words)), "other")


@transaction.atomic
def begin(
    user: UserRecord, *, name: str, route: str, province: str, sector: str, value: dict[str, Any]
) -> FilingRecord:
    """A new filing in S1, its path decided."""
    row = FilingRecord.objects.create(
        number=new_number(), organisation=user.organisation, created_by=user, name=name.strip(), route=route,
        province=province, sector=sector, value=value,
    )  # fmt: skip
    audit.note(user, "filing.create", row.number, name=row.name, route=route)
    return step(row, user, "route", reason=value.get("route_reason", ""))


def bump(row: FilingRecord, expected: int | None = None, **changes: Any) -> None:
    """Writes `changes` and raises the version. Raises Conflict where the version is no longer `expected`."""
    rows = FilingRecord.objects.filter(pk=row.pk)
    if expected is not None:
        rows = rows.filter(version=expected)
    if not rows.update(version=F("version") + 1, **changes):
        raise Conflict("这份申请刚刚被他人修改，您的改动没有保存。请刷新页面，核对后再试。")
    row.refresh_from_db()


@transaction.atomic
def step(
    row: FilingRecord, user: UserRecord, action: str, *, reason: str = "", number: str = "", expected: int | None = None
) -> FilingRecord:
    """Moves the filing. Raises StateError where the table, or a condition of the move, does not allow it."""
    row = FilingRecord.objects.select_for_update().get(pk=row.pk)
    chosen = move(row.state, action, user.role, row.route, asked_from=row.asked_from)
    _require(row, chosen, reason, number)
    now, target = timezone.now(), chosen.target
    changes: dict[str, Any] = {"state": target, "state_since": now, "due": options.due(target)}
    package = row.packages.last()
    if action in ("correct", "fail", "ask"):
        changes["asked_from"] = row.state
    if action == "correct":
        notice = row.notices.get(round=row.round)
        notice.issued_at = now
        notice.save(update_fields=["issued_at"])
        changes["due"] = notice.due
    if action in ("submit", "answer") and target in (State.SUBMITTED, State.FORMAL, State.MATERIAL):
        changes["round"] = row.round + (action == "answer")
        package = _freeze(row, user, "submission", changes["round"])
        changes["submitted_at"] = row.submitted_at or now
        if action == "submit":
            changes["wants_second"] = secrets.randbelow(100) < int(options.get("second_share"))
        from assist_review.web.jobs import ask

        ask(package)
    if number:
        changes["issued_number"] = number.strip()
    if target == State.ANNOUNCED or target in (State.RETURNED, State.ENDED):
        changes["finished_at"] = now
    elif target == State.ROUTE:
        changes |= {"finished_at": None, "round": 1, "asked_from": "", "submitted_at": None, "assignee": None}
    bump(row, expected, **changes)
    TransitionRecord.objects.create(
        filing=row, source=chosen.source, target=target, action=action, by=user, reason=reason.strip(),
        package_sha256=package.sha256 if package else "", document=chosen.document,
    )  # fmt: skip
    _register(row)
    audit.note(
        user, "filing.move", row.number, source=chosen.source, target=target, action=action, reason=reason,
        package=package.sha256 if package else "",
    )  # fmt: skip
    return row


def _require(row: FilingRecord, chosen: Move, reason: str, number: str) -> None:
    needs = chosen.needs
    if "reason" in needs and not reason.strip():
        raise StateError(f"“{chosen.label}”应写明理由或说明。")
    if "number" in needs and not number.strip():
        raise StateError("请填写备案号或上线编号。")
    if number and RegisterRecord.objects.filter(number=number.strip()).exclude(filing=row).exists():
        raise StateError(f"编号 {number} 已登记在另一份申请下，请核对。")
    if "files" in needs and not row.files.filter(active=True).exists():
        raise StateError("还没有上传材料，请先上传。")
    if "late" in needs and (row.due is None or row.due >= timezone.localdate()):
        raise StateError(f"补正期限（{row.due}）未到，不能按逾期处理。")
    if "checked" in needs:
        job = JobRecord.objects.filter(package__filing=row).last()
        if job is None or job.state != "done":
            raise StateError("自检还没有完成，请等待自检结束后再定稿。")
        if row.counts.get("fatal") and not reason.strip():
            raise StateError(f"自检发现{row.counts['fatal']}项致命问题。先修改，或写明理由后定稿。")
    if "signed" in needs or "notice" in needs:
        review = current_review(row)
        if review is None or review.signed is None:
            raise StateError("本轮审查还没有签发。请在审查台处理完全部致命和重要问题后签发。")
        if chosen.action == "pass" and review.signed["grade"] != "ready":
            raise StateError("签发的结论不是“建议通过”，不能转入下一环节。")
    if "notice" in needs and not NoticeRecord.objects.filter(filing=row, round=row.round).exists():
        raise StateError("本轮没有补正通知。请先在审查台签发“补正后再审”。")
    if "answers" in needs:
        notice = row.notices.filter(round=row.round).first()
        wanted = {item["number"] for item in notice.value} if notice else set()
        left = (
            wanted - set(notice.answers.exclude(facts="", measures="").values_list("item", flat=True))
            if notice
            else set()
        )
        if left:
            raise StateError(f"补正通知还有{len(left)}项没有答复：第{'、'.join(map(str, sorted(left)[:8]))}项。")


def _register(row: FilingRecord) -> None:
    if row.state == State.ANNOUNCED and row.issued_number:
        years = int(options.get("valid_years").get(row.route, 0))
        RegisterRecord.objects.update_or_create(
            filing=row,
            defaults={
                "number": row.issued_number, "name": row.name, "applicant": row.organisation.name, "province": row.province,
                "route": row.route, "date": timezone.localdate(),
                "valid_until": timezone.localdate() + timedelta(days=365 * years) if years else None, "status": "valid",
            },
        )  # fmt: skip
    if row.state == State.ENDED:
        RegisterRecord.objects.filter(filing=row).update(status="ended")


def current_review(row: FilingRecord) -> ReviewRecord | None:
    """The review of the newest submission (of the newest package where nothing was submitted)."""
    reviews = row.reviews.select_related("package").defer("value").order_by("-id")  # the draft itself: `desk.base`
    return reviews.filter(package__kind="submission").first() if row.submitted_at else reviews.first()


def _freeze(row: FilingRecord, user: UserRecord, kind: str, number: int) -> PackageRecord:
    files = [
        {"path": f.path, "sha256": f.sha256, "size_bytes": f.size_bytes, "role": f.role, "given": f.role_given}
        for f in row.files.filter(active=True)
    ]
    lines = "\n".join(sorted(f"{f['sha256']}  {f['path']}" for f in files))
    return PackageRecord.objects.create(
        filing=row, kind=kind, round=number, sha256=sha256(lines.encode()).hexdigest(), value=files, made_by=user
    )


@transaction.atomic
def self_check(row: FilingRecord, user: UserRecord) -> JobRecord:
    """Asks for a check of the package as it stands; in the states that allow changes."""
    from assist_review.web.jobs import ask

    if row.state in (State.DRAFT,):
        row = step(row, user, "check")
    elif row.state not in EDITABLE:
        raise StateError(f"“{row.state_label}”状态下不能自检。")
    if not row.files.filter(active=True).exists():
        raise StateError("还没有上传材料，请先上传。")
    audit.note(user, "filing.check", row.number)
    return ask(_freeze(row, user, "check", row.round))


@transaction.atomic
def upload(row: FilingRecord, user: UserRecord, name: str, chunks: Iterable[bytes]) -> FileRecord:
    """Takes one file; one of the same path takes the old one's place. Raises UploadError, StateError."""
    _editable(row)
    path = store.clean_path(name)
    from django.conf import settings

    if row.files.filter(active=True).exclude(path=path).count() >= settings.MAX_FILES:
        raise store.UploadError(f"文件数已达 {settings.MAX_FILES} 个的限制，请合并或打包为 ZIP。")
    sha, size = store.put(chunks, path)
    old = row.files.filter(active=True, path=path).first()
    if old is not None and old.sha256 == sha:
        return old
    role, given = (old.role, old.role_given) if old else (guess_role(path), False)
    if old is not None:
        old.active = False
        old.save(update_fields=["active"])
    new = FileRecord.objects.create(
        filing=row, path=path, sha256=sha, size_bytes=size, role=role, role_given=given, uploaded_by=user
    )
    if row.state == State.SELF_CHECK:
        step(row, user, "edit", reason="更新材料")
    audit.note(user, "file.upload", row.number, path=path, sha256=sha, replaces=old.sha256 if old else "")
    return new


@transaction.atomic
def remove(row: FilingRecord, user: UserRecord, file: FileRecord) -> None:
    """Takes a file out of the package; its bytes stay while a package version holds them."""
    _editable(row)
    FileRecord.objects.filter(pk=file.pk).update(active=False)
    if row.state == State.SELF_CHECK:
        step(row, user, "edit", reason="更新材料")
    audit.note(user, "file.remove", row.number, path=file.path, sha256=file.sha256)


@transaction.atomic
def give_role(row: FilingRecord, user: UserRecord, file: FileRecord, role: str) -> None:
    """Corrects what a file is."""
    _editable(row)
    FileRecord.objects.filter(pk=file.pk).update(role=role, role_given=True)
    audit.note(user, "file.role", row.number, path=file.path, role=role)


def _editable(row: FilingRecord) -> None:
    if row.state not in EDITABLE:
        raise StateError(f"“{row.state_label}”状态下不能修改材料。")


def checklist(row: FilingRecord) -> list[dict[str, Any]]:
    """What the route and province want: name, role, whether required, note, and the files that are it."""
    files = list(row.files.filter(active=True))
    lines = []
    for document in rules.expected(row.route, row.province):
        found = [f for f in files if f.role == document.role]
        lines.append({
            "name": document.name, "role": document.role, "required": document.required, "note": document.note, "files": found,
            "state": "有" if found else ("缺" if document.required else "可选"),
        })  # fmt: skip
    return lines


def editable(row: FilingRecord, user: UserRecord) -> bool:
    """Whether this person may change the package now."""
    return user.role == Person.APPLICANT and row.organisation_id == user.organisation_id and row.state in EDITABLE


def label(state: str) -> str:
    """A state in words."""
    return LABELS[State(state)]
