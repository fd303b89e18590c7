"""The revised copies: which problems go in, who gets them, and that they are Word's own tracked changes."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document
from drafts import store_review

from assist_review.errors import ExportError
from assist_review.export.revised import write, write_apart
from assist_review.review import Evidence, Finding, Origin, Review, ReviewedFile, Revision
from assist_review.web import desk, filings, jobs, revised
from assist_review.web.models import FilingRecord, ReviewRecord, StepRecord
from export_sample import review as sample_review

FILE = "协议/服务协议.docx"
LINES = {
    "000000000001": ("我们会尽快处理您的投诉。", "我们会在5个工作日内处理您的投诉。"),
    "000000000002": ("日志保存一个月。", "日志保存六个月。"),
}


def _docx() -> bytes:
    document = Document()
    for before, _ in LINES.values():
        document.add_paragraph(before)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _review(pack: Any, data: bytes, *, file: str = FILE, more: tuple[Finding, ...] = ()) -> Review:
    findings = tuple(
        Finding(
            id=number, requirement=pack.requirements[0].id, verdict="non_compliant", severity="major", statement=f"问题：{before}",
            evidence=(Evidence(file=file, quote=before, state="verified"),), origin=Origin(kind="rule", name="x"),
            revision=Revision(kind="replace", file=file, before=before, after=after, origin=Origin(kind="llm", name="revise")),
        )
        for number, (before, after) in LINES.items()
    )  # fmt: skip
    base = sample_review()
    files = (ReviewedFile(file=file, sha256=hashlib.sha256(data).hexdigest(), role="agreement"),)
    return base.model_copy(
        update={
            "findings": (*findings, *more),
            "decisions": (),
            "filing": base.filing.model_copy(update={"files": files}),
        }
    )


@pytest.fixture
def drafted(people: dict[str, Any], small_pack: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Hands in one file and keeps a review of it; for a self-check or a submission."""
    desk.base.cache_clear()  # rows of other tests had the same ids

    def inner(kind: str = "submission", *, path: str = FILE, data: bytes | None = None) -> Any:
        monkeypatch.setattr("secrets.randbelow", lambda n: n - 1)
        data = _docx() if data is None else data
        row = filings.begin(people["applicant"], name="模型", route="filing", province="浙江", sector="", value={})
        filings.upload(row, people["applicant"], path, [data])
        if kind == "check":
            filings.self_check(row, people["applicant"])
        else:
            FilingRecord.objects.filter(pk=row.pk).update(state="S3")
            filings.step(row, people["applicant"], "submit")
            filings.step(row, people["reviewer"], "receive")
        return store_review(
            jobs, ReviewRecord, FilingRecord.objects.get(pk=row.pk), _review(small_pack, data, file=path)
        )

    yield inner
    desk.base.cache_clear()


def _xml(path: Path, file: str = FILE) -> str:
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(io.BytesIO(archive.read(file))) as docx:
        return docx.read("word/document.xml").decode() + docx.read("word/comments.xml").decode()


def test_a_self_check_gives_all_problems_as_tracked_changes(
    drafted: Callable[..., Any], sign_in: Callable[[str], Client]
) -> None:
    row = drafted("check")
    number = row.filing.number
    client = sign_in("applicant")
    assert "修订稿" in client.get(f"/filings/{number}/result").content.decode()
    assert "正在写入修订" in client.get(f"/filings/{number}/revised").content.decode()
    assert client.get(f"/filings/{number}/revised.zip").status_code == 404
    step = StepRecord.objects.get(name__startswith="revise:")
    assert jobs.run_step(step.pk) == "done"
    body = client.get(f"/filings/{number}/revised").content.decode()
    assert FILE in body
    answer = client.get(f"/filings/{number}/revised.zip")
    assert "attachment" in answer["Content-Disposition"]
    path = revised.made(row).path
    assert b"".join(answer.streaming_content) == path.read_bytes()
    xml = _xml(path)
    assert xml.count("<w:ins ") >= 2
    assert "问题：日志保存一个月。" in xml
    api = client.get(f"/api/v1/filings/{number}/reviews/latest/revised")
    assert (api.status_code, api["Content-Type"]) == (200, "application/octet-stream")
    api.close()


def test_decisions_choose_what_goes_in(drafted: Callable[..., Any], people: dict[str, Any]) -> None:
    row = drafted()
    assert [f.id for f in revised.chosen(row).findings] == list(LINES)
    desk.decide(row, people["reviewer"], "000000000001", "dismiss", reason="不成立")
    assert revised.chosen(row).findings == ()
    assert revised.made(row).state == "nothing"
    desk.decide(row, people["reviewer"], "000000000002", "amend", amended={"statement": "改写后的问题"})
    assert [f.statement for f in revised.chosen(row).findings] == ["改写后的问题"]
    revised.make(row, "first")
    made = revised.made(row)
    assert (made.state, made.files) == ("ready", [(FILE, 1)])
    xml = _xml(made.path)
    assert "改写后的问题" in xml
    assert "我们会尽快处理您的投诉" in xml  # untouched
    assert xml.count("<w:del ") == 1
    desk.decide(row, people["reviewer"], "000000000001", "confirm")
    assert revised.made(row).state == "making"  # other problems, another archive
    desk.decide(row, people["reviewer"], "000000000001", "reopen")
    assert revised.made(row).path == made.path  # the one made before


def test_a_blind_reader_gets_nothing_of_the_first_reading(drafted: Callable[..., Any], people: dict[str, Any]) -> None:
    row = drafted()
    desk.decide(row, people["reviewer"], "000000000001", "confirm")
    assert len(revised.chosen(row, "second").findings) == 2
    assert not revised.made(row, "second").decided


def test_a_package_without_docx_says_so(drafted: Callable[..., Any], sign_in: Callable[[str], Client]) -> None:
    row = drafted("check", path="协议.pdf", data=b"%PDF-1.4 x")
    client = sign_in("applicant")
    number = row.filing.number
    assert "没有 DOCX 文件" in client.get(f"/filings/{number}/result").content.decode()
    assert "没有 DOCX 文件" in client.get(f"/filings/{number}/revised").content.decode()
    answer = client.get(f"/api/v1/filings/{number}/reviews/latest/revised")
    assert (answer.status_code, "没有 DOCX" in answer.json()["detail"]) == (422, True)
    assert not StepRecord.objects.filter(name__startswith="revise:").exists()


def test_a_damaged_docx_costs_its_own_revisions_only(drafted: Callable[..., Any]) -> None:
    row = drafted(data=b"not a docx at all")
    revised.make(row, "first")
    made = revised.made(row)
    assert (made.files, len(made.lost)) == ([], 2)
    with zipfile.ZipFile(made.path) as archive:
        assert sorted(archive.namelist()) == ["revisions.json", "未写入的修改.txt"]
        assert "我们会在5个工作日内" in archive.read("未写入的修改.txt").decode("utf-8-sig")


def test_a_failed_task_is_told_and_tried_again_only_when_asked(
    drafted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = drafted()
    assert revised.made(row).state == "making"
    monkeypatch.setattr(revised, "write_apart", lambda *a, **k: (_ for _ in ()).throw(ExportError("磁盘已满")))
    step = StepRecord.objects.get(name__startswith="revise:")
    assert jobs.run_step(step.pk) == "failed"
    assert (revised.made(row).state, revised.made(row).error) == ("failed", "磁盘已满")
    step.job.refresh_from_db()
    assert step.job.state == "done"  # the review itself stands
    jobs.retry(step.job)  # of the review does not touch it
    assert revised.made(row).state == "failed"
    assert revised.made(row, again=True).state == "making"


def test_the_child_is_stopped_at_its_limit(tmp_path: Path, small_pack: Any) -> None:
    data = _docx()
    (tmp_path / "package" / "协议").mkdir(parents=True)
    (tmp_path / "package" / FILE).write_bytes(data)
    with pytest.raises(ExportError, match="超过0秒"):
        write_apart(tmp_path / "package", _review(small_pack, data), tmp_path / "out", "x", wall_s=0)


def test_no_path_leads_out_of_the_folder(tmp_path: Path, small_pack: Any) -> None:
    data = _docx()
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "a.docx").write_bytes(data)
    review = _review(small_pack, data, file="../package/../a.docx")
    (tmp_path / "a.docx").write_bytes(data)
    changes = write(tmp_path / "package", review, tmp_path / "out", "x")
    assert {c.state for c in changes} == {"not_placed"}
    assert (tmp_path / "a.docx").read_bytes() == data
