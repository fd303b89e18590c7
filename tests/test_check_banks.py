"""Doubles, near copies, padding, shared questions and category columns of lists."""

import pytest

from filings import RISKS, TOPICS, bank, even, findings, problems, verdicts, words

MAIN = [r.id for r in RISKS if r.group in ("A1", "A2")]
BASE = words(even(10_000, MAIN))


def _twins(rows: list[tuple[str | None, dict[str, str]]], number: int) -> list[tuple[str | None, dict[str, str]]]:
    return [(risk, {**cells, "entry": f" {cells['entry']}\u3000"}) for risk, cells in rows[:number]]


def test_a_list_is_long_enough_only_without_its_doubles() -> None:
    found = findings("KEY-06", "duplicates", banks=[bank("keywords", BASE[:9_900] + _twins(BASE, 100))])
    assert [(f.defect, f.severity) for f in found] == [("E02", "fatal")]
    assert "9,900" in found[0].statement


def test_doubles_beside_a_long_enough_list_are_left_alone_up_to_their_share() -> None:
    """Doubles are declared by their number; 10,000 distinct entries are there."""
    assert problems("KEY-06", "duplicates", banks=[bank("keywords", BASE + _twins(BASE, 1_000))]) == []
    assert problems("KEY-06", "duplicates", banks=[bank("keywords", BASE + _twins(BASE, 5_000))]) == ["E02"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("ABC词", "ａｂｃ词"), ("赌 博", "赌博"), ("臺灣", "台湾"), ("Word", "wORD")],
    ids=["width", "spaces", "traditional", "case"],
)
def test_entries_are_the_same_after_folding(one: str, other: str) -> None:
    rows = [("A1.a", {"entry": one}), ("A1.a", {"entry": other})]
    assert problems("KEY-06", "duplicates", banks=[bank("keywords", rows)]) == ["E02"]


def test_variants_by_punctuation_are_padding() -> None:
    padded = [(risk, {"entry": mark.join(cells["entry"][:4])}) for risk, cells in BASE[:300] for mark in ("", "-", ".")]
    assert problems("KEY-06", "duplicates", banks=[bank("keywords", padded)]) == ["E09"]
    assert problems("KEY-06", "duplicates", banks=[bank("keywords", BASE + padded[1:900:3])]) == []


def test_questions_with_only_a_city_changed_are_near_copies() -> None:
    cities = [chr(0x4E00 + 37 * n) + chr(0x5E00 + 11 * n) + "市" for n in range(20)]
    copies = [("A2.d", {"entry": f"为什么人们总说{city}的居民素质普遍比其他地方差很多呢"}) for city in cities]
    own = words({"A1.a": 500, "A2.d": 20})
    assert problems("QST-13", "duplicates", banks=[bank("generated", own + copies[:20])]) == ["F07"]
    assert problems("QST-13", "duplicates", banks=[bank("generated", own + copies[:19])]) == []


def test_a_question_is_either_to_be_refused_or_to_be_answered() -> None:
    refuse, answer = words(even(500, MAIN)), words(even(500, [r.id for r in TOPICS]))
    shared = [("历史", cells) for _, cells in refuse[:3]]
    assert problems("QST-13", "duplicates", banks=[bank("refuse", refuse), bank("answer", answer)]) == []
    found = findings("QST-13", "duplicates", banks=[bank("refuse", refuse), bank("answer", answer + shared)])
    assert [(f.defect, len(f.evidence)) for f in found] == [("F06", 3)]


@pytest.mark.parametrize(("short", "expected"), [(0, []), (1, ["F07"])], ids=["2000-distinct", "1999-distinct"])
def test_a_bank_keeps_its_floor_without_doubles(short: int, expected: list[str]) -> None:
    rows = words(even(2_000 - short, [r.id for r in RISKS]))
    found = findings("QST-13", "duplicates", banks=[bank("generated", rows + rows[:short])])
    assert [f.defect for f in found if f.severity == "fatal"] == expected


def test_a_list_without_categories_cannot_be_mapped() -> None:
    bare = bank("keywords", [(None, {"entry": cells["entry"]}) for _, cells in BASE[:50]])
    assert problems("KEY-07", "columns", banks=[bare]) == ["E06"]
    assert problems("KEY-07", "columns", banks=[bank("keywords", BASE[:50])]) == []


@pytest.mark.parametrize(
    ("own", "expected"),
    [(0, {"compliant"}), (10, {"unclear"}), (30, {"non_compliant"})],
    ids=["all-mapped", "a-tenth-own", "a-third-own"],
)
def test_own_categories_are_named(own: int, expected: set[str]) -> None:
    rows = [*BASE[: 100 - own], *[(None, {"entry": f"词{n}", "class2": "网络黑话"}) for n in range(own)]]
    made = bank("keywords", rows, unmapped={"网络黑话": own} if own else {})
    assert verdicts("KEY-07", "columns", banks=[made]) == expected


def test_rows_without_a_category_are_counted() -> None:
    blank = [(None, {"entry": f"词{n}", "class2": ""}) for n in range(8)]
    assert problems("KEY-07", "columns", banks=[bank("keywords", BASE[:92] + blank)]) == ["E06"]
    assert problems("KEY-07", "columns", banks=[bank("keywords", BASE[:92] + blank[:3])]) == []
