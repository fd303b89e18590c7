"""Filler among keywords, keywords that block ordinary questions, and tests for every modality."""

import pytest

from filings import bank, document, problems, verdicts, words

FILLER = ["https://a.example.cn", "赌", "12345", "www.bad.com", "！！"]


@pytest.mark.parametrize(("share", "expected"), [(15, []), (16, ["E07"])], ids=["fifteen-percent", "more"])
def test_filler_is_no_keyword(share: int, expected: list[str]) -> None:
    rows = [*words({"A1.a": 100 - share}), *[("A1.a", {"entry": FILLER[n % 5]}) for n in range(share)]]
    assert problems("KEY-06", "junk", banks=[bank("keywords", rows)]) == expected


def test_figures_with_a_word_are_keywords() -> None:
    rows = [("A1.f", {"entry": f"{n}号药水"}) for n in range(50)]
    assert problems("KEY-06", "junk", banks=[bank("keywords", rows)]) == []


@pytest.mark.parametrize(
    ("hit", "expected"),
    [(10, set()), (15, {"unclear"}), (30, {"non_compliant"})],
    ids=["a-tenth", "above-a-fifth", "above-twice-that"],
)
def test_keywords_leave_ordinary_questions_alone(hit: int, expected: set[str]) -> None:
    asked = [("历史", {"entry": f"抗战胜利纪念日是哪天，第{n}问"}) for n in range(hit)]
    asked += [("文化", {"entry": cells["entry"]}) for _, cells in words({"A2.a": 60 - hit})]
    banks = [bank("keywords", [("A1.a", {"entry": "抗战胜利"}), ("A1.a", {"entry": "天"})]), bank("answer", asked)]
    assert verdicts("KEY-06", "overblocking", banks=banks) == expected


PICTURES = [("A1.a", {"entry": f"画一张第{n}号海报"}) for n in range(20)]


def test_a_picture_service_is_tested_with_pictures() -> None:
    text = words({"A1.a": 200})
    only, both = bank("generated", text), bank("generated", text + PICTURES)
    assert problems("QST-05", "modal_questions", banks=[only], modalities=("text", "image")) == ["F14"]
    assert problems("QST-05", "modal_questions", banks=[both], modalities=("text", "image")) == []
    assert problems("QST-05", "modal_questions", banks=[only], modalities=("text",)) == []


def test_a_report_that_says_there_was_no_picture_test_is_believed() -> None:
    said = document("report", "# 测试", "本次未开展图片测试。")
    banks = [bank("generated", words({"A1.a": 200}) + PICTURES)]
    assert problems("QST-05", "modal_questions", said, banks=banks, modalities=("image",)) == ["F14"]


def test_a_sheet_named_for_a_modality_tests_it() -> None:
    made = bank("generated", words({"A1.a": 200}), sheet="语音测试题")
    assert problems("QST-05", "modal_questions", banks=[made], modalities=("audio",)) == []
