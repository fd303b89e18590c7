"""Lists are counted row by row, and every floor holds exactly at its number."""

from typing import Any

import pytest

from assist_review.draft import _counts_table
from assist_review.filing import Document, Role, Sheet
from filings import RISKS, TOPICS, bank, context, document, even, fact, findings, problems, verdicts, words, workbook
from wordings import pack

IDS = [r.id for r in RISKS]
A1, A2, REST = (
    [r.id for r in RISKS if r.group == "A1"],
    [r.id for r in RISKS if r.group == "A2"],
    [r.id for r in RISKS if r.group not in ("A1", "A2")],
)
MAIN = A1 + A2
TOPIC = [r.id for r in TOPICS]


@pytest.mark.parametrize(
    ("row", "kind", "risks", "floor", "code"),
    [
        ("KEY-01", "keywords", MAIN, 10_000, "E01"),
        ("QST-01", "generated", IDS, 2_000, "F01"),
        ("QST-07", "refuse", MAIN, 500, "F04"),
        ("QST-09", "answer", TOPIC, 500, "F05"),
    ],
    ids=["keywords", "generated", "refuse", "answer"],
)
def test_a_total_is_enough_from_its_floor_on(row: str, kind: Any, risks: list[str], floor: int, code: str) -> None:
    def of(total: int) -> list[str | None]:
        return problems(row, "count", banks=[bank(kind, words(even(total, risks)))])

    assert (of(floor - 1), of(floor)) == ([code], [])


@pytest.mark.parametrize(
    ("row", "kind", "risk", "others", "floor", "code"),
    [
        ("KEY-03", "keywords", "A1.c", A1, 200, "E03"),
        ("KEY-04", "keywords", "A2.h", A2, 100, "E04"),
        ("QST-03", "generated", "A1.c", MAIN, 50, "F02"),
        ("QST-04", "generated", "A4.c", REST, 20, "F02"),
        ("QST-08", "refuse", "A2.a", MAIN, 20, "F04"),
        ("QST-10", "answer", "英烈", TOPIC, 20, "F05"),
    ],
    ids=["keywords-A1", "keywords-A2", "generated-main", "generated-others", "refuse", "topics"],
)
def test_a_risk_is_covered_from_its_floor_on(
    row: str, kind: Any, risk: str, others: list[str], floor: int, code: str
) -> None:
    def of(count: int) -> list[str | None]:
        return problems(row, "per_risk", banks=[bank(kind, words(dict.fromkeys(others, floor) | {risk: count}))])

    assert (of(floor - 1), of(floor)) == ([code], [])


@pytest.mark.parametrize(
    ("row", "kind", "risks", "code"),
    [("KEY-02", "keywords", MAIN, "E05"), ("QST-02", "generated", IDS, "F03")],
    ids=["keywords", "generated"],
)
def test_a_risk_without_a_row_is_missing(row: str, kind: Any, risks: list[str], code: str) -> None:
    found = findings(row, "per_risk", banks=[bank(kind, words(dict.fromkeys(risks[1:], 5)))])
    assert [(f.defect, f.verdict) for f in found] == [(code, "missing")]
    assert problems(row, "per_risk", banks=[bank(kind, words(dict.fromkeys(risks, 1)))]) == []


def test_own_classes_are_mapped_or_said() -> None:
    own = bank(
        "keywords", [(None, {"entry": f"词{n}", "class2": "黄赌毒"}) for n in range(100)], unmapped={"黄赌毒": 100}
    )
    assert problems("KEY-02", "per_risk", banks=[own]) == ["E06"]
    assert verdicts("KEY-03", "per_risk", banks=[own]) == {"unclear"}


def test_a_bank_that_is_not_there_is_missing_only_beside_another_one() -> None:
    file = workbook("questions", {"说明": [["a"]]})
    assert problems("QST-09", "count", file, banks=[bank("generated", words({"A1.a": 9}))]) == ["F05"]
    assert problems("QST-07", "count", file, banks=[bank("generated", words({"A1.a": 9}))]) == ["F04"]
    assert verdicts("QST-01", "count", file) == {"unclear"}
    assert verdicts("KEY-01", "count") == {"unclear"}


def test_a_bank_may_be_spread_over_sheets() -> None:
    halves = [bank("keywords", words(even(5_000, MAIN[i::2])), sheet=f"表{i}") for i in range(2)]
    assert problems("KEY-01", "count", banks=halves) == []


def test_rows_nobody_sees_do_not_count() -> None:
    rows = (("关键词", "二级分类"), *((w["entry"], w["class2"]) for _, w in words(even(10_000, MAIN))))
    made = Document(
        file="k.xlsx", sha256="0", size_bytes=1, format="sheet", role=Role.KEYWORDS,
        sheets=(Sheet(name="词库", rows=rows),),
    )  # fmt: skip
    seen = made.model_copy(update={"sheets": (made.sheets[0].model_copy(update={"hidden_rows": frozenset({9})}),)})
    assert (problems("KEY-01", "count", made), problems("KEY-01", "count", seen)) == ([], ["E01"])


KEYWORDS = [bank("keywords", words(even(10_020, MAIN)))]


@pytest.mark.parametrize(
    ("stated", "approximate", "wrong"),
    [
        (10_020, False, False),
        (10_200, False, True),
        (10_000, True, False),
        (12_000, True, True),
        (1_002, False, True),
    ],
    ids=["equal", "digits-swapped", "over-ten-thousand", "about-twelve-thousand", "ten-times-fewer"],
)
def test_a_stated_total_is_the_counted_one(stated: int, approximate: bool, wrong: bool) -> None:
    said = [fact("keywords.total", stated, "条", approximate=approximate)]
    assert problems("KEY-08", "stated_counts", facts=said, banks=KEYWORDS) == (["E11"] if wrong else [])


def test_a_stated_total_in_ten_thousands_agrees() -> None:
    report = document("report", "# 关键词", "拦截关键词库现有关键词1.002万条。")
    assert problems("KEY-08", "stated_counts", report, banks=KEYWORDS) == []


def test_a_stated_total_may_be_that_of_distinct_entries() -> None:
    """Doubles under several risks are declared, not hidden, where the smaller number is stated."""
    rows = words(even(400, MAIN))
    doubled = rows + [("A2.i", {**cells, "class2": "其他方面歧视内容"}) for _, cells in rows[:50]]
    banks = [bank("keywords", doubled)]
    for total, wrong in ((400, []), (450, []), (425, ["E11"])):
        assert problems("KEY-08", "stated_counts", facts=[fact("keywords.total", total, "条")], banks=banks) == wrong


def test_a_stated_number_per_risk_is_the_counted_one() -> None:
    banks = [bank("generated", words({"A1.a": 60, "A2.b": 55}))]
    right, wrong = fact("questions.generated.A1.a", 60, "题"), fact("questions.generated.A2.b", 65, "题")
    assert problems("EVA-14", "stated_counts", facts=[right], banks=banks) == []
    found = findings("EVA-14", "stated_counts", facts=[right, wrong], banks=banks)
    assert [f.defect for f in found] == ["E11"]
    assert "65题，实有55" in found[0].statement


def test_no_entry_of_a_keyword_list_is_printed() -> None:
    banks = [bank("keywords", words({"A1.a": 3, "A2.b": 120}))]
    entries = [row.entry for row in banks[0].rows]
    for row, kind in (("KEY-01", "count"), ("KEY-03", "per_risk"), ("KEY-08", "stated_counts")):
        text = "".join(f.model_dump_json() for f in findings(row, kind, banks=banks))
        assert not any(entry in text for entry in entries)


def _rules(names: list[str]) -> Document:
    return document("annotation_rules", "# 安全性标注", *[f"{name}：判为不合格。" for name in names])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([r.name for r in RISKS], []),
        ([r.name for r in RISKS if r.group in ("A1", "A2")], ["D04"]),
        ([], ["D03"]),
    ],
    ids=["all-31", "two-groups-only", "no-risk-named"],
)
def test_labelling_rules_cover_the_risks(names: list[str], expected: list[str]) -> None:
    assert problems("LAB-10", "coverage", _rules(names)) == expected


def test_nearly_all_risks_are_for_a_person_to_look_at() -> None:
    assert verdicts("LAB-10", "coverage", _rules([r.name for r in RISKS[:28]])) == {"unclear"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("分类模型覆盖附录A全部31种安全风险。", "compliant"),
        ("分类模型可识别涉政、色情、暴恐等5类内容。", "non_compliant"),
        ("关键词库可识别17类风险，题库可区分31种。", "compliant"),
        ("上线了内容审核。", "unclear"),
    ],
    ids=["covers-31", "five-kinds", "the-list-is-no-classifier", "nothing-said"],
)
def test_a_classifier_covers_the_risks(text: str, verdict: str) -> None:
    assert verdicts("QST-12", "coverage", document("report", "# 过滤", text)) == {verdict}


def test_a_list_with_doubles_shows_its_distinct_entries_in_the_table_of_counts() -> None:
    """Never the sum of its two counts, all rows and distinct ones."""
    sheet = [["词条", "分类"], *[[f"词{n % 40}号", "宣扬民族仇恨"] for n in range(60)]]
    made = context(workbook("keywords", {"列表": sheet})).extraction
    rows = {row.label: row.counted for row in _counts_table(made, pack())}
    assert rows["拦截关键词总数"] == 40
    assert rows["关键词·宣扬民族仇恨"] == 40
    assert rows["关键词·民族歧视内容"] == 0
