"""Passages: the folded index, terms, ticked options, and the exact wording behind a hit."""

import pytest

from assist_review.passages import Reading, evidence, neighbours, sentence_span, spans
from assist_review.text import fold
from assist_review.ticks import unticked
from filings import document, workbook


@pytest.mark.parametrize(
    ("text", "term", "count"),
    [
        ("投诉电话", "投诉", 1),
        ("投 诉电话", "投诉", 1),
        ("ＡＰＩ接口", "api", 1),
        ("投诉后五日内答复", "投诉..答复", 1),
        ("投诉。五日内答复", "投诉..答复", 0),
        ("投诉" + "一" * 17 + "答复", "投诉..答复", 0),
        ("保存3.5年后答复", "保存..答复", 1),
        ("日志保存60天", r"re:保存\d+天", 1),
        ("没有", "re:(?:a)?", 0),
    ],
    ids=["plain", "spaces", "width", "gap", "sentence-end", "too-far", "decimal-point", "pattern", "empty-match"],
)
def test_terms_are_found(text: str, term: str, count: int) -> None:
    assert len(list(spans(fold(text), term))) == count


@pytest.mark.parametrize(
    ("text", "word", "off"),
    [
        ("☑是 □否", "否", True),
        ("☑是 □否", "是", False),
        ("□是 □否", "否", False),
        ("○男 ●女", "男", True),
        ("[√]是 [ ]否", "否", True),
        ("文字√ 图片×", "图片", True),
        ("文字√ 图片×", "文字", False),
        ("说明：否", "否", False),
    ],
    ids=["unticked", "ticked", "nothing-ticked", "circles", "brackets", "mark-after-off", "mark-after-on", "no-boxes"],
)
def test_an_option_that_is_not_ticked_is_not_said(text: str, word: str, off: bool) -> None:
    key = fold(text)
    assert unticked(key, key.index(word)) is off


def test_evidence_is_the_exact_sentence_with_its_place() -> None:
    reading = Reading(document("report", "# 一", "第一句。日 志保存６０天；其他另行说明。"))
    (hit,) = reading.find("日志保存60天")
    piece = evidence(hit)
    assert (piece.quote, piece.paragraph, piece.file) == ("日 志保存６０天；", 2, "report.docx")
    assert evidence(hit, whole=False).quote == "日 志保存６０天"


def test_evidence_stays_inside_one_cell() -> None:
    reading = Reading(document("form", [["监看人员", "６人，轮值"], ["其他", "无"]]))
    (hit,) = reading.find("6人")
    assert (evidence(hit).quote, hit.passage.place.row) == ("６人，轮值", 1)


def test_a_long_sentence_is_cut_around_the_hit() -> None:
    (hit,) = Reading(document("report", "前" * 500 + "日志" + "后" * 500)).find("日志")
    quote = evidence(hit).quote
    assert "日志" in quote
    assert len(quote) <= 160


def test_a_decimal_point_ends_no_sentence() -> None:
    key = fold("合格率为96.8%。另有说明。")
    assert key[slice(*sentence_span(key, 0, 3))] == fold("合格率为96.8%。")
    assert neighbours(fold("甲。乙。丙。丁。"), 2, 3) == fold("甲。乙。丙。")


def test_sheets_are_passages_unless_they_are_lists() -> None:
    rows = {"表": [["监看人员", "6人"]]}
    assert [p.place.sheet for p in Reading(workbook("form", rows)).passages] == ["表"]
    assert Reading(workbook("keywords", rows)).passages == ()
