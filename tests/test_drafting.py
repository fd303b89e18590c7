"""Where a draft goes: whole sentences, every false place of a finding, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document as new_document
from docx_editor import Document as Edited

from assist_review.export.redline import redline
from assist_review.export.revised import by_file
from assist_review.llm.prompts import load
from assist_review.review import Evidence, Finding, Revision
from assist_review.revise import changed, draft_revisions, drafting, revise
from assist_review.text import sentence_around
from filings import context, document
from test_ask import finding, model
from test_redline import drafted
from test_redline import finding as placed

pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
LABELLED = "8.2 语音对话：考虑到插入提示会拉长通话时长，不在通话的起始、末尾和中间设置语音提示，仅在官方网站公示。"
REST = "下载的音频文件开头带有语音提示。"
FALSE = "2.4 我们没有委托任何第三方处理您的语音，语音识别在我们自有的服务器上完成。"
TRUE = "2.6 语音识别由听澜公司完成，音频实时送至该公司。"
WHERE = context(
    document("report", "# 标识", LABELLED + REST, TRUE, file="报告.docx"),
    document("privacy", "# 收集", "2.2 收集清单。手机号用于登录核验。", FALSE, file="政策.docx"),
)


def told(*quotes: tuple[str, str], requirement: str = "LBL-03", number: int = 1) -> Finding:
    pieces = tuple(Evidence(file=file, quote=quote, state="verified") for file, quote in quotes)
    made = finding(requirement, "non_compliant").model_copy(
        update={"id": f"{number:012d}", "evidence": pieces, "statement": "向第三方提供语音处理，政策没有列明委托。"}
    )
    return revise([made], WHERE.filing, WHERE.pack)[0]


def answered(findings: list[Finding], *drafts: dict[str, Any]) -> tuple[Finding, ...]:
    made = draft_revisions(findings, WHERE.filing, WHERE.pack, load(), model({"drafts": lambda _: list(drafts)})[0])
    return made.findings


def asked_of(*findings: Finding) -> str:
    return "\n".join(q.user for q, _ in drafting(findings, WHERE.filing, WHERE.pack, load(), 65536))


def revision(made: Finding) -> Revision:
    assert made.revision is not None
    return made.revision


def text(made: tuple[Finding, ...], file: str) -> str:
    found = changed(WHERE.filing, made).document(file)
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("whole", "quote", "sentence"),
    [
        (LABELLED + REST, "不在通话的起始", LABELLED),
        (LABELLED + REST, "下载的", REST),
        ("甲。他说“好。”乙；丙", "好", "他说“好。”"),
        ("甲；乙在前，乙在后；丙", "乙在后", "乙在前，乙在后；"),
        ("拒答322题", "322", "拒答322题"),
        ("一。二。三。", "一。二", "一。二。"),
        (" 上一行\n 这一行 ", "这", "这一行"),
    ],
)
def test_a_fragment_widens_to_its_sentence(whole: str, quote: str, sentence: str) -> None:
    at = whole.index(quote)
    assert whole[slice(*sentence_around(whole, at, at + len(quote)))] == sentence


def test_the_whole_sentence_is_shown_replaced_and_checked_again() -> None:
    made = told(("报告.docx", "不在通话的起始、末尾和中间设置语音提示"))
    assert f"\n{LABELLED}\n" in asked_of(made)
    after = "8.2 语音对话：在通话的起始播放语音提示“【待补：提示语】”。"
    result = answered([made], {"number": 1, "place": 1, "kind": "replace", "after": after})
    assert (revision(result[0]).before, revision(result[0]).after) == (LABELLED, after)
    assert f"{after}{REST}" in text(result, "报告.docx")
    assert "拉长通话时长" not in text(result, "报告.docx")


def test_every_false_place_is_offered_and_put_right_also_in_another_file() -> None:
    made = told(
        ("报告.docx", "语音识别由听澜公司完成"), ("政策.docx", "语音识别在我们自有的服务器上完成"), requirement="PI-06"
    )
    shown = asked_of(made)
    assert TRUE in shown
    assert FALSE in shown
    assert "政策.docx" not in shown
    one, two = "2.6 语音识别委托听澜公司完成。", "2.4 我们委托听澜公司处理您的语音。"
    result = answered(
        [made], {"number": 1, "place": 1, "kind": "replace", "after": one},
        {"number": 1, "place": 2, "kind": "replace", "after": two},
    )  # fmt: skip
    assert [(e.file, e.before, e.after) for e in revision(result[0]).also] == [("政策.docx", FALSE, two)]
    assert one in text(result, "报告.docx")
    assert two in text(result, "政策.docx")
    assert FALSE not in text(result, "政策.docx")


def test_a_place_alone_that_is_not_the_first_may_be_chosen_and_one_not_offered_is_not() -> None:
    made = told(
        ("报告.docx", "语音识别由听澜公司完成"), ("政策.docx", "语音识别在我们自有的服务器上完成"), requirement="PI-06"
    )
    two = {"number": 1, "place": 2, "kind": "replace", "after": "2.4 我们委托听澜公司处理您的语音。"}
    result = answered([made], two, {**two, "place": 9})
    assert (revision(result[0]).file, revision(result[0]).before, revision(result[0]).also) == ("政策.docx", FALSE, ())


def test_where_the_evidence_is_only_a_heading_the_sentences_that_speak_of_it_are_offered() -> None:
    made = told(("政策.docx", "2.2 收集清单"), requirement="PI-06")
    shown = asked_of(made)
    places = shown[shown.index("第1处") :]
    assert places.index(FALSE) < places.index("2.2 收集清单。\n材料")


def test_two_findings_on_one_sentence_carry_one_text() -> None:
    one = told(("报告.docx", "不在通话的起始"), number=1)
    two = told(("报告.docx", "仅在官方网站公示"), requirement="LBL-13", number=2)
    first = {"number": 1, "kind": "replace", "after": "8.2 在起始播放提示。"}
    result = answered([one, two], first, {**first, "number": 2, "after": "8.2 另一句。"})
    assert [revision(f).after for f in result] == ["8.2 在起始播放提示。"] * 2
    assert "另一句" not in text(result, "报告.docx")
    assert text(result, "报告.docx").count("在起始播放提示") == 1


def test_what_is_inserted_stands_behind_the_whole_sentence() -> None:
    made = told(("报告.docx", "仅在官方网站"))
    result = answered([made], {"number": 1, "kind": "insert", "after": "样例见附件。"})
    assert f"{LABELLED}样例见附件。{REST}" in text(result, "报告.docx")


def docx(path: Path, *paragraphs: str, style: str | None = None) -> Path:
    made = new_document()
    for each in paragraphs:
        made.add_paragraph(each, style=style)
    made.save(str(path))
    return path


def test_tracked_changes_replace_the_sentence_and_nothing_else(tmp_path: Path) -> None:
    source = docx(tmp_path / "a.docx", LABELLED + REST)
    after = "8.2 语音对话：在通话的起始播放语音提示。"
    both = [placed("不在通话的起始", drafted(LABELLED, after), n) for n in (1, 2)]
    lost = placed("仅在官方网站公示", drafted("这一句已经不在文件里了。", "新的一句。"), 3)
    changes = redline(source, tmp_path / "o" / "a.docx", "a.docx", [*both, lost], "审查员")
    assert [c.state for c in changes] == ["pending", "pending", "not_placed"]
    document_ = Edited.open(tmp_path / "o" / "a.docx", workspace_dir=tmp_path / "w")
    document_.accept_all()
    assert document_.get_visible_text().strip() == after + REST


def test_a_list_number_that_word_makes_is_not_part_of_the_sentence(tmp_path: Path) -> None:
    source = docx(tmp_path / "a.docx", "我们会尽快处理您的投诉。", style="List Number")
    made = placed("尽快处理", drafted("1. 我们会尽快处理您的投诉。", "1. 我们会在十日内处理您的投诉。"))
    changes = redline(source, tmp_path / "o" / "a.docx", "a.docx", [made], "审查员")
    assert [(p.deleted, p.inserted) for p in changes[0].pieces] == [("尽快", "在十日内")]


def test_the_edits_of_a_finding_reach_every_file_they_name(tmp_path: Path) -> None:
    first = drafted(TRUE, "2.6 已改。")
    edit = {"file": "b.docx", "before": FALSE, "after": "2.4 已改。"}
    made = placed("语音识别", Revision.model_validate(json.loads(first.model_dump_json()) | {"also": [edit]}))
    assert list(by_file(type("R", (), {"findings": [made], "decisions": []})())) == [
        "a.docx",
        "b.docx",
    ]
    source = docx(tmp_path / "b.docx", FALSE)
    (change,) = redline(source, tmp_path / "o" / "b.docx", "b.docx", [made], "审查员")
    assert change.state == "pending"
    assert [p.inserted for p in change.pieces]
