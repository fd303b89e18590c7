"""A decided review becomes a labelled case, with personal data and sensitive rows masked."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from assist_review.errors import DecisionError, SettingsError
from assist_review.evaluate.cases import find
from assist_review.evaluate.harvest import harvest
from assist_review.evaluate.masking import Mask
from assist_review.evaluate.work import Task, work
from assist_review.extract import extract
from assist_review.filing import Document, Filing
from assist_review.lists import Extraction
from assist_review.pipeline import judge
from assist_review.review import Decision, Review
from filings import bank, document, filing, workbook
from wordings import pack

SECRET = "不可外传的词条"
NAME, MOBILE, MAIL, CARD = "祁疏桐", "13812345678", "qishutong@example.cn", "330108198503070018"
AS_OF = date(2026, 11, 23)


def _filing() -> Filing:
    return filing(
        document(
            "report",
            "# 语料安全评估",
            "对全部训练数据人工抽检4,000条，合格3,826条，合格率96.65%。",
            f"联系人：{NAME}，电话{MOBILE}，邮箱{MAIL}，身份证号{CARD}。",
            sha256="a" * 64,
        ),
        workbook(
            "keywords", {"关键词": [["序号", "一级分类", "二级分类", "关键词"], ["1", "A1", "宣扬民族仇恨", SECRET]]}
        ),
    )


def _read(documents: tuple[Document, ...]) -> Extraction:
    return extract(documents, pack().lexicon, pack().risks)


def _judge(made: Filing) -> Review:
    return judge(made, _read(made.documents), pack=pack(), as_of=AS_OF)


def _decided(made: Filing, **actions: Any) -> tuple[Review, list[str]]:
    """The review with the sample finding confirmed and the first other one dismissed, and their requirements."""
    drafted = _judge(made)
    wrong = next(f for f in drafted.findings if f.defect == "C11" and f.verdict == "non_compliant")
    other = next(f for f in drafted.findings if f.verdict in ("missing", "non_compliant") and f.defect != "C11")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    decisions = (
        Decision(finding=wrong.id, action="confirm", author="审查员", at=at, **actions),
        Decision(finding=other.id, action="dismiss", author="审查员", reason=f"{NAME}已核对", at=at),
    )
    return drafted.model_copy(update={"decisions": decisions}), [wrong.requirement, other.requirement]


def test_masks_keep_shape_and_sameness() -> None:
    """A phone stays a phone, a name a name, equal rows equal; nothing of the original is left."""
    made = _filing()
    rows = bank("keywords", [("A1.e", {"entry": SECRET, "class2": "宣扬民族仇恨"})])
    mask = Mask.of(made, Extraction(_read(made.documents).facts, (rows,)))
    text = mask.text(f"{NAME}的电话是{MOBILE}，{NAME}的邮箱是{MAIL}，证件{CARD}")
    for value in (NAME, MOBILE, MAIL.split("@", maxsplit=1)[0], CARD):
        assert value not in text
    assert text.count(mask.text(NAME)) == 2
    assert len(mask.text(NAME)) == len(NAME)
    assert mask.text(MOBILE).isdigit()
    assert "@example.cn" in text
    assert mask.text(SECRET) == mask.text(f" {SECRET}")
    assert SECRET not in mask.text(SECRET)
    assert mask.text("宣扬民族仇恨") == "宣扬民族仇恨"


def test_a_decided_review_becomes_a_case(tmp_path: Path) -> None:
    """Confirmed → defect, dismissed → hard negative, the rest left out; no personal data, no entry of a list."""
    made = _filing()
    decided, (confirmed, _) = _decided(made)
    out = tmp_path / "cases" / "h01"
    result = harvest(decided, made, _read(made.documents), out, again=_judge)
    assert result.defects == 1
    assert any("没有人工意见" in each for each in result.left_out)
    written = (out / "labels.json").read_text(encoding="utf-8") + (out / "filing.json").read_text(encoding="utf-8")
    for value in (NAME, MOBILE, MAIL, CARD, SECRET):
        assert value not in written
    body = json.loads((out / "labels.json").read_text(encoding="utf-8"))
    assert body["defects"][0]["requirements"] == [confirmed]
    assert body["defects"][0]["code"] == "C11"


def test_a_harvested_case_is_measured_like_any_other(tmp_path: Path) -> None:
    """Its labels hold in its own filing, and the defect is caught again."""
    made = _filing()
    decided, _ = _decided(made)
    harvest(decided, made, _read(made.documents), tmp_path / "h01", again=_judge)
    (case,), aside = find([str(tmp_path / "h01")])
    assert aside == ()
    from assist_review import packs

    outcome = work(
        Task(key="h01", package=case.package, pack=packs.find(), as_of=case.labels.as_of, labels=case.labels)
    )
    assert outcome.set_aside == ""
    assert outcome.score is not None
    assert [d.caught for d in outcome.score.defects] == [True]


def test_an_amended_verdict_is_no_defect(tmp_path: Path) -> None:
    """A finding a person calls compliant is left out and named; another severity is taken over."""
    made = _filing()
    for amended, defects in (({"verdict": "compliant"}, 0), ({"severity": "minor"}, 1)):
        decided, _ = _decided(made)
        first = decided.decisions[0].model_copy(update={"action": "amend", "amended": amended})
        decided = decided.model_copy(update={"decisions": (first, *decided.decisions[1:])})
        result = harvest(decided, made, _read(made.documents), tmp_path / str(defects), again=_judge)
        assert result.defects == defects


def test_what_cannot_be_harvested_says_why(tmp_path: Path) -> None:
    """No decision, another package, a folder in use."""
    made = _filing()
    decided, _ = _decided(made)
    facts = _read(made.documents)
    with pytest.raises(DecisionError, match="还没有人工意见"):
        harvest(decided.model_copy(update={"decisions": ()}), made, facts, tmp_path / "a", again=_judge)
    changed = made.model_copy(
        update={"documents": (made.documents[0].model_copy(update={"sha256": "b" * 64}), made.documents[1])}
    )
    with pytest.raises(DecisionError, match="材料与审查时不同"):
        harvest(decided, changed, facts, tmp_path / "b", again=_judge)
    (tmp_path / "c").mkdir()
    (tmp_path / "c/file").touch()
    with pytest.raises(SettingsError, match="不是空文件夹"):
        harvest(decided, made, facts, tmp_path / "c", again=_judge)
