"""Demo accounts and the example filings, for a first look and for the browser tests. Never in production."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from assist_review.web import filings
from assist_review.web.models import FilingRecord, OrganisationRecord, UserRecord
from assist_review.web.states import Person

PASSWORD = "beian-demo-2026"
PEOPLE: tuple[tuple[str, str, Person, str], ...] = (
    ("applicant", "李文静", Person.APPLICANT, "示例申请单位（成都）智能科技有限公司"),
    ("applicant2", "王海", Person.APPLICANT, "另一家申请单位有限公司"),
    ("reviewer", "陈明", Person.REVIEWER, "属地网信办（示例）"),
    ("reviewer2", "赵敏", Person.REVIEWER, "属地网信办（示例）"),
    ("second", "周岚", Person.SECOND, "属地网信办（示例）"),
    ("lead", "孙立新", Person.LEAD, "属地网信办（示例）"),
    ("admin", "管理员", Person.ADMIN, "属地网信办（示例）"),
    ("auditor", "审计员", Person.AUDITOR, "属地网信办（示例）"),
)

# Folder, name, route, province, sector, how far it has come.
_CASES: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("dev5-xiangcheng-registration", "湘城政务问答助手", "registration", "湖南", "政务", "received"),
    ("dev1-danyu-dialogue", "淡语对话大模型", "filing", "四川", "通用", "material"),
    ("dev3-yanyun-writing", "砚云写作模型", "filing", "浙江", "文化", "submitted"),
    ("dev2-huihe-image", "绘禾图文创作模型", "filing", "上海", "设计", "submitted"),
    ("dev4-bantang-companion", "伴糖陪伴应用", "filing", "广东", "社交", "checked"),
)
_TEXTS = {
    "service_type": "面向公众提供人机对话与文字生成服务。", "data_source": "开源语料、自采语料与商业采购语料，来源清单见评估报告第一章。",
    "processing_method": "清洗、去重、安全过滤后标注与训练，标注规则见附件3。", "application_scene": "面向个人用户，通过网页与小程序使用。",
    "technical_scheme": "模型部署于境内云平台，输入输出双向审核，关键词与分类模型结合拦截。",
}  # fmt: skip


def people() -> None:
    """The accounts that are not there yet."""
    for username, name, role, company in PEOPLE:
        kind = "applicant" if role == Person.APPLICANT else "office"
        organisation, _ = OrganisationRecord.objects.get_or_create(name=company, defaults={"kind": kind})
        if not UserRecord.objects.filter(username=username).exists():
            person = UserRecord(username=username, first_name=name, role=role, organisation=organisation)
            person.set_password(PASSWORD)
            person.save()


def examples_folder() -> Path | None:
    """Where the example packages lie; None where the program was installed without them."""
    folder = Path(__file__).resolve().parents[3] / "eval" / "cases"
    return folder if folder.is_dir() else None


def examples(names: tuple[str, ...] | None = None) -> int:
    """Hands in the example packages that are not there yet; the worker reviews them. Returns how many were added."""
    folder = examples_folder()
    if folder is None or FilingRecord.objects.exists():
        return 0
    added = 0
    for case, name, route, province, sector, stage in _CASES:
        if (folder / case / "package").is_dir() and (names is None or case in names):
            _hand_in(folder / case / "package", name, route, province, sector, stage)
            added += 1
    return added


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while some := stream.read(1 << 20):
        yield some


@transaction.atomic
def _hand_in(package: Path, name: str, route: str, province: str, sector: str, stage: str) -> FilingRecord:
    applicant = UserRecord.objects.get(username="applicant")
    reviewer = UserRecord.objects.get(username="reviewer")
    value = {"name": name, "route": route, "province": province, "sector": sector, **_TEXTS}
    row = filings.begin(applicant, name=name, route=route, province=province, sector=sector, value=value)
    for path in sorted(p for p in package.rglob("*") if p.is_file()):
        with path.open("rb") as stream:
            filings.upload(row, applicant, path.relative_to(package).as_posix(), _chunks(stream))
    if stage == "checked":
        filings.self_check(row, applicant)
        return row
    FilingRecord.objects.filter(pk=row.pk).update(state="S3")
    row.refresh_from_db()
    filings.step(row, applicant, "submit")
    FilingRecord.objects.filter(pk=row.pk).update(wants_second=False)
    if stage in ("received", "material"):
        filings.step(row, reviewer, "receive")
        FilingRecord.objects.filter(pk=row.pk).update(assignee=reviewer)
    if stage == "material":
        filings.step(row, reviewer, "accept")
    return row
