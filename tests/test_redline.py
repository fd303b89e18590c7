"""Revisions in the applicant's DOCX: true tracked changes that can be accepted, rejected and read back."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_document
from docx_editor import Document

from assist_review.errors import ExportError
from assist_review.export.redline import Change, read_back, redline
from assist_review.regulation import Severity
from assist_review.review import Citation, Evidence, Finding, Origin, Revision

# docx-editor leaves the handle of one XML part to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
CLAUSE = Citation(
    instrument="genai-measures-2023", clause="genai-measures-2023:15", label="《暂行办法》第十五条", text="公布处理流程和反馈时限", verbatim=False,
)  # fmt: skip
OLD = "我们会尽快处理您的投诉。"
NEW = "我们会在【待补：天数】个工作日内处理您的投诉。"


def package(path: Path) -> Path:
    document = new_document()
    document.add_heading("服务协议", 1)
    paragraph = document.add_paragraph("第十一条 ")
    paragraph.add_run("我们会尽快")
    bold = paragraph.add_run("处理您的")
    bold.bold = True
    paragraph.add_run("投诉。另行通知。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "监看人员"
    table.cell(0, 1).text = "2人，兼职"
    document.add_paragraph("落款。")
    document.save(str(path))
    return path


def finding(quote: str, revision: Revision, number: int = 1, table: int | None = None) -> Finding:
    return Finding(
        id=f"{number:012d}", requirement="CMP-01", defect="H01", verdict="non_compliant", severity=Severity.FATAL,
        statement="没有写明反馈时限。", evidence=(Evidence(file="a.docx", quote=quote, table=table, row=table, state="verified"),),
        citations=(CLAUSE,), revision=revision,
    )  # fmt: skip


def drafted(before: str, after: str, kind: str = "replace") -> Revision:
    return Revision.model_validate(
        {"kind": kind, "file": "a.docx", "before": before, "after": after, "origin": Origin(kind="llm", name="revise")}
    )


def written(tmp_path: Path, *findings: Finding) -> tuple[Path, tuple[Change, ...]]:
    source = package(tmp_path / "a.docx")
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    target = tmp_path / "out" / "a.docx"
    changes = redline(source, target, "a.docx", findings, "审查员")
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before
    return target, changes


def test_only_the_changed_words_are_marked_across_runs(tmp_path: Path) -> None:
    target, changes = written(tmp_path, finding(OLD, drafted(OLD, NEW)))
    assert [(p.deleted, p.inserted) for p in changes[0].pieces] == [("尽快", "在【待补：天数】个工作日内")]
    xml = zipfile.ZipFile(target).read("word/document.xml").decode()
    assert xml.count("<w:del ") == 1
    assert "<w:b/>" in xml
    comments = zipfile.ZipFile(target).read("word/comments.xml").decode()
    assert "《暂行办法》第十五条" in comments
    assert "没有写明反馈时限" in comments


def test_a_table_cell_and_a_place_that_is_not_there_yet_are_written_too(tmp_path: Path) -> None:
    target, changes = written(
        tmp_path,
        finding("2人，兼职", drafted("2人，兼职", "【待补：人数】人，专职"), 1, table=1),
        finding("", drafted("", "我们保存日志【待补：期限】。", "insert"), 2),
    )
    assert [c.state for c in changes] == ["pending", "pending"]
    text = Document.open(target, workspace_dir=tmp_path / "w").get_visible_text()
    assert "【待补：人数】人，专职" in text
    assert "我们保存日志【待补：期限】。" in text


def test_a_template_stands_behind_the_quote_as_a_marked_blank(tmp_path: Path) -> None:
    template = Revision(kind="replace", file="a.docx", before=OLD, after="写明反馈时限____个工作日。")
    target, _ = written(tmp_path, finding(OLD, template))
    text = Document.open(target, workspace_dir=tmp_path / "w").get_visible_text()
    assert f"{OLD}【待补：写明反馈时限____个工作日。】" in text


def test_a_template_is_written_once_and_behind_the_whole_sentence(tmp_path: Path) -> None:
    template = Revision(kind="replace", file="a.docx", before="我们会尽快处理", after="写明反馈时限____个工作日。")
    other = Revision(kind="replace", file="a.docx", before="另行通知。", after="写明反馈时限____个工作日。")
    target, changes = written(tmp_path, finding("我们会尽快处理", template), finding("另行通知。", other, 2))
    text = Document.open(target, workspace_dir=tmp_path / "w").get_visible_text()
    assert f"{OLD}【待补：写明反馈时限____个工作日。】另行通知。" in text
    assert text.count("【待补") == 1
    assert changes[0].pieces == changes[1].pieces


@pytest.mark.parametrize(("what", "state"), [("accept_all", "accepted"), ("reject_all", "rejected"), ("", "pending")])
def test_what_a_person_did_is_read_back(tmp_path: Path, what: str, state: str) -> None:
    target, changes = written(
        tmp_path,
        finding(OLD, drafted(OLD, NEW)),
        finding("2人，兼职", drafted("2人，兼职", "2人，专职"), 2, table=1),
        finding("", drafted("", "我们保存日志【待补：期限】。", "insert"), 3),
    )
    if what:
        document = Document.open(target, workspace_dir=tmp_path / "w")
        getattr(document, what)()
        document.save(target)
        document.close()
    assert {c.state for c in read_back(target, changes, "审查员")} == {state}


def test_a_sentence_written_anew_is_told_from_a_rejection(tmp_path: Path) -> None:
    target, changes = written(tmp_path, finding(OLD, drafted(OLD, NEW)))
    document = new_document()
    document.add_paragraph("我们会在七个工作日内办结。")
    document.save(str(target))
    assert read_back(target, changes, "审查员")[0].state == "rewritten"


def test_a_file_that_is_no_docx_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"not a zip")
    with pytest.raises(ExportError, match=r"a\.docx"):
        redline(tmp_path / "a.docx", tmp_path / "o" / "a.docx", "a.docx", [finding(OLD, drafted(OLD, NEW))], "x")
