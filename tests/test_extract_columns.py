"""Columns named in English words, tables written sideways, and lists whose header says nothing."""

import pytest

from assist_review.cells import cell_place
from assist_review.extract.columns import Glossary
from filings import RISKS, TOPICS, context, document, fact, findings, problems, workbook
from wordings import pack

GLOSSARY = Glossary(pack().lexicon)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("pass_rate", "合格率"),
        ("pre_hit", "采集前命中数"),
        ("human pass", "人工合格数"),
        ("humanPass", "人工合格数"),
        ("Refused?", "拒答数"),
        ("risk_L2", "二级风险"),
        ("Question(非拒答)", "题目(非拒答)"),
        ("规模（tokens）", "规模(tokens)"),
        ("GPU型号", "gpu型号"),
        ("foo_rate", "foo_rate"),
        ("来源名称", "来源名称"),
    ],
)
def test_a_column_in_english_words_has_a_chinese_name(cell: str, name: str) -> None:
    assert GLOSSARY.name(cell) == name


def test_without_a_glossary_a_name_is_only_folded() -> None:
    assert Glossary({}).name("Pass Rate") == Glossary({}).name("pass rate") != "合格率"


def _values(*parts: object, role: str = "report") -> dict[str, object]:
    found = context(document(role, *parts)).extraction.facts  # type: ignore[arg-type]
    return {f.name: f.value for f in found}


def test_results_under_english_columns_are_facts() -> None:
    table = [
        ["method", "population", "n", "pass", "pass_rate", "threshold"],
        ["human", "300 万", "4,000", "3,900", "97.5%", "≥96%"],
        ["keyword+clf", "300 万", "320,000", "316,800", "99.0%", "≥98%"],
    ]
    found = _values("# 语料抽检", table)
    assert (found["corpus.sample.size"], found["corpus.sample.passed"], found["corpus.sample.rate"]) == (
        4000,
        3900,
        97.5,
    )
    assert (found["corpus.tech_sample.size"], found["corpus.tech_sample.rate"]) == (320000, 99)


SIDEWAYS = [
    ["指标", "应拒答", "非拒答"],
    ["题库/题", "520", "515"],
    ["抽样/题", "300", "310"],
    ["拒答/题", "289", "12"],
    ["拒答率", "96.3%", "3.9%"],
]


def test_a_table_written_sideways_is_read_with_the_places_of_its_cells() -> None:
    made = context(document("report", "# 拒答测试", SIDEWAYS)).extraction
    found = {f.name: f for f in made.facts}
    assert {n: f.value for n, f in found.items() if n.startswith(("refusal", "over"))} == {
        "refusal.sample.size": 300, "refusal.refused": 289, "refusal.rate": 96.3,
        "over_refusal.sample.size": 310, "over_refusal.refused": 12, "over_refusal.rate": 3.9,
    }  # fmt: skip
    proof = found["over_refusal.refused"].evidence
    assert (proof.table, proof.row, proof.quote) == (1, 4, "12")
    (table,) = made.tables
    assert (cell_place(table.table, 2, 3).row, cell_place(table.table, 2, 3).column) == (4, 3)


def test_a_total_beside_its_parts_is_checked() -> None:
    parts = ["321", "344", "104", "176", "55"]
    table = [["指标", "A1", "A2", "A3", "A4", "A5", "合计", "合格率"], ["抽样", *parts, "1,000", "—"],
             ["人工合格", "307", "328", "98", "163", "52", "968", "96.8%"]]  # fmt: skip
    said = document("report", "# 生成内容抽检", table)
    (found,) = [f for f in findings("EVA-14", "sums", said) if f.defect]
    assert "948" in found.statement
    assert "968" in found.statement


def test_a_table_that_is_no_table_of_metrics_is_not_turned() -> None:
    assert not context(document("form", [["项目", "内容", "备注"], ["名称", "星河", ""]])).extraction.tables


def _bank(header: list[str], rows: list[list[str]], role: str = "keywords") -> tuple[str, dict[str, int]]:
    made = context(workbook(role, {"列表": [header, *rows]})).extraction
    (bank,) = made.banks
    counts: dict[str, int] = {}
    for row in bank.rows:
        counts[row.risk or ""] = counts.get(row.risk or "", 0) + 1
    return bank.kind, counts


def test_the_column_of_risks_is_found_by_its_cells() -> None:
    names = [r.name for r in RISKS[:6]]
    rows = [[f"词{n}号", names[n % 6]] for n in range(60)]
    kind, counts = _bank(["词条", "归口"], rows)
    assert kind == "keywords"
    assert counts == {r.id: 10 for r in RISKS[:6]}


def test_a_list_without_a_known_header_is_read_by_its_cells() -> None:
    names = [r.name for r in RISKS[:6]]
    rows = [[str(n), f"词{n}号", names[n % 6]] for n in range(60)]
    kind, counts = _bank(["甲", "乙", "丙"], rows)
    assert kind == "keywords"
    assert sum(counts.values()) == 60
    assert counts == {r.id: 10 for r in RISKS[:6]}


def test_a_bank_of_topics_under_an_unknown_header_is_the_non_refusal_bank() -> None:
    rows = [[f"第{n}个问题怎么理解，请说明来由", TOPICS[n % 5].name, "回答若干"] for n in range(60)]
    kind, counts = _bank(["题面", "归口", "模型输出"], rows, role="questions")
    assert kind == "answer"
    assert len(counts) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("应拒答题抽取300题，拒答281，281/300=93.7%。", {"refusal.refused": 281, "refusal.rate": 93.7}),
        (
            "refuse bank 抽 300，281/300=93.7%",
            {"refusal.refused": 281, "refusal.sample.size": 300, "refusal.rate": 93.7},
        ),
        ("非拒答误拒 15/300=5.0%", {"over_refusal.refused": 15, "over_refusal.rate": 5}),
    ],
    ids=["comma-before-a-fraction", "english", "wrong-refusals"],
)
def test_results_given_as_fractions_are_facts(text: str, expected: dict[str, object]) -> None:
    found = _values("# 拒答测试", text)
    assert {n: found.get(n) for n in expected} == expected


def test_the_lowest_single_class_is_not_the_result() -> None:
    found = _values("# 生成内容测试", "单类最低：A.3.c 的人工 18/21=85.7%，样本量小。")
    assert "generated.manual.rate" not in found


ROSTER = [["批次", "执行", "审核"], ["第一批", "王小明、李小红、周远", "孙立、李小红"]]


@pytest.mark.parametrize(
    ("reviewers", "expected"), [("孙立、李小红", ["D02"]), ("孙立、钱一", [])], ids=["both", "apart"]
)
def test_a_roster_with_a_name_in_both_columns_is_no_separation(reviewers: str, expected: list[str]) -> None:
    table = [ROSTER[0], [*ROSTER[1][:2], reviewers]]
    said = document("annotation_rules", "标注与审核职能分离。", table)
    assert problems("LAB-06", "role_separation", said) == expected


@pytest.mark.parametrize(("text", "expected"), [("监看由2名客服兼任。", True), ("监看人员2名，专职。", False)])
def test_part_time_monitors_do_not_fit_a_large_service(text: str, expected: bool) -> None:
    facts = [fact("monitors.total", 2, "人"), fact("users.planned", 300_000, "人")]
    found = problems("MEA-10", "monitors", document("report", text), facts=facts)
    assert bool(found) == expected


GIFTS = "您获赠的礼物计入榜单，公会按月分成，房主不得拒绝。"


@pytest.mark.parametrize(
    ("agreement", "report", "expected"),
    [
        (GIFTS, "本服务提供写作辅助。", ["H13"]),
        (GIFTS, "直播间有礼物、公会、榜单、房主。", []),
        ("送礼物要得体。", "写作辅助。", []),
    ],
    ids=["another-product", "own-product", "one-word"],
)
def test_terms_of_another_product_are_left_over(agreement: str, report: str, expected: list[str]) -> None:
    said = (document("agreement", agreement), document("report", report))
    assert [c for c in problems("INT-05", "residue", *said) if c == "H13"] == expected


@pytest.mark.parametrize("cell", ["TBD", "待定", "待补充", "？"])
def test_a_result_that_is_not_there_yet_is_none(cell: str) -> None:
    rows = [[str(n), f"要求{n}", "符合", "见2.1"] for n in range(1, 8)]
    table = [["序号", "要求要点", "评估结果", "佐证"], *rows, ["8", "要求8", cell, ""]]
    assert problems("EVA-02", "clause_table", document("report", "# 逐条结果", table)) == ["G10"]


def test_the_end_of_a_contract_told_in_a_ledger_is_a_fact() -> None:
    table = [["来源", "数量（条）", "权利证明"], ["对话集甲", "83000", "合同HT-09，期限2025-05-01至2026-04-30"],
             ["对话集乙", "91000", "CC BY 4.0，2025-05-01下载"]]  # fmt: skip
    found = context(document("evidence", "# 语料来源", table)).extraction.named("date.contract_end")
    assert [f.value for f in found] == ["2026-04-30"]


@pytest.mark.parametrize(("left_out", "verdict"), [(0, "compliant"), (2, "missing")], ids=["all", "two-left-out"])
def test_a_table_that_lists_the_risks_one_by_one_lists_them_all(left_out: int, verdict: str) -> None:
    kept = RISKS[: len(RISKS) - left_out]
    rows = [["风险类别", "判断要点"], *[[r.name, f"要点{n}"] for n, r in enumerate(kept)]]
    said = document("annotation_rules", f"安全性标注覆盖全部{len(RISKS)}类风险。", rows)
    assert {f.verdict for f in findings("LAB-10", "coverage", said)} == {verdict}
