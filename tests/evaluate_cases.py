"""Labelled filings made for tests: hand-made reviews, and tiny packages with labels on disk."""

import json
from concurrent.futures import Executor, Future
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assist_review.evaluate.labels import Labels
from assist_review.evaluate.score import Score, score
from assist_review.filing import ServiceProfile
from assist_review.regulation import Severity
from assist_review.review import (
    NEGATIVE,
    Conclusion,
    Dimension,
    Evidence,
    Finding,
    Manifest,
    PackStamp,
    Review,
    ReviewedFile,
    ReviewedFiling,
)
from office_files import docx, par
from office_files import run as text

FORM, REPORT = "备案表.docx", "报告.docx"
DAY = date(2026, 11, 23)


def finding(requirement: str, verdict: Any, **more: Any) -> Finding:
    """A finding; `quote` and `file` make its evidence."""
    quote, file = more.pop("quote", ""), more.pop("file", REPORT)
    made: dict[str, Any] = {
        "id": f"{requirement}-{verdict}-{quote}-{more.get('defect')}", "severity": Severity.MAJOR, "statement": f"{requirement}有问题。",
        "evidence": (Evidence(file=file, quote=quote, state="verified" if quote else "absent"),), **more,
    }  # fmt: skip
    return Finding(requirement=requirement, verdict=verdict, **made)


def review(*findings: Finding, grade: Any = "return", **more: Any) -> Review:
    """A review of a package of two files."""
    return Review(
        schema="assist-review/1",
        filing=ReviewedFiling(
            name="f", route="filing", service=ServiceProfile(modalities=("text",), minors=False),
            files=tuple(ReviewedFile(file=f, sha256="0" * 64, role=r) for f, r in ((FORM, "form"), (REPORT, "report"))),
        ),
        pack=PackStamp(id="cn-genai", version="1", sha256="0" * 64), as_of=DAY,
        generated_at=datetime(2026, 11, 23, tzinfo=UTC), manifest=Manifest(program="test"), findings=findings,
        conclusion=Conclusion(
            grade=grade, counts={v: sum(f.verdict == v for f in findings) for v in NEGATIVE},
            dimensions={"data": Dimension(name="data", label="数据", verdicts={})},
        ),
        **more,
    )  # fmt: skip


def defect(id_: str, code: str, *requirements: str, **more: Any) -> dict[str, Any]:
    """A labelled defect of the report, major and found by a rule unless said otherwise."""
    return {
        "id": id_, "code": code, "requirements": list(requirements), "severity": "major", "needs": ["rule"],
        "documents": [REPORT], "quotes": [], "absent": False, "explanation": f"{id_}的说明", **more,
    }  # fmt: skip


def labels(*defects: dict[str, Any], **more: Any) -> Labels:
    """Labels of the package of `review`."""
    return Labels.model_validate(body(*defects, **more))


def body(*defects: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The content of a `labels.json`."""
    return {
        "case": "a", "title": "测试", "profile": "typical", "route": "filing", "as_of": DAY.isoformat(),
        "service": {"modalities": ["text"], "minors": False},
        "documents": [{"file": FORM, "role": "form"}, {"file": REPORT, "role": "report"}],
        "defects": list(defects), "must_not_flag": [], "facts": [], **more,
    }  # fmt: skip


def scored(case: str, *caught: bool, severity: str = "major", alarms: int = 0, suite: str = "dev") -> Score:
    """The score of a case in which the n-th defect was caught or not, with so many false alarms."""
    defects = [defect(f"d{n}", "C10", f"CON-{n:02}", severity=severity) for n in range(len(caught))]
    found = [finding(f"CON-{n:02}", "non_compliant", quote="甲") for n, hit in enumerate(caught) if hit]
    found += [finding("KEY-01", "non_compliant", quote=f"误{n}", defect=f"E{n:02}") for n in range(alarms)]
    return score(review(*found), labels(*defects)).model_copy(update={"case": case, "suite": suite})


def case_folder(folder: Path, *paragraphs: str, **labelled: Any) -> Path:
    """A case on disk: a form and a report of so many paragraphs, and labels."""
    package = folder / "package"
    package.mkdir(parents=True)
    form = ("生成式人工智能服务上线备案申请表", "申请单位：北京星河科技有限公司", "模型名称：星河大模型")
    (package / FORM).write_bytes(docx("".join(par(text(p)) for p in form)))
    report = ("安全自评估报告", *paragraphs)
    (package / REPORT).write_bytes(docx("".join(par(text(p)) for p in report)))
    made = body(*labelled.pop("defects", []), **labelled) | {"case": folder.name}
    (folder / "labels.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return folder


class Inline(Executor):
    """Does the work at once, in this process; `calls` are the tasks it was given."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls.append(args[0])
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
