"""Totals, shares and source checks of tables."""

from collections.abc import Sequence

import pytest

from assist_review.filing import Document
from filings import RISKS, document, findings, problems, verdicts

SOURCES = ["来源名称", "类别", "许可或合同", "数量/GB", "占比"]


def _sources(rows: Sequence[tuple[str, str, str]], total: str, *said: str) -> Document:
    body = [[f"来源{n}", kind, "CC BY 4.0", amount, share] for n, (kind, amount, share) in enumerate(rows)]
    return document("report", "# 语料来源", *said, [SOURCES, *body, ["合计", "", "", total, "100%"]])


THREE = [("开源", "400", "50%"), ("自采", "300", "37.5%"), ("商业", "100", "12.5%")]


@pytest.mark.parametrize(
    ("total", "expected"),
    [("800", []), ("1,200", ["C02"]), ("801", ["C02"]), ("约800", [])],
    ids=["adds-up", "other-total", "one-off", "approximate-total-is-not-added"],
)
def test_rows_add_up_to_their_total(total: str, expected: list[str]) -> None:
    assert problems("SUB-13", "sums", _sources(THREE, total)) == expected


def test_rounded_rows_may_miss_their_total_by_the_rounding() -> None:
    rows = [("开源", "333.3", "33.3%"), ("自采", "333.3", "33.3%"), ("商业", "333.3", "33.3%")]
    assert problems("SUB-13", "sums", _sources(rows, "1000")) == []


@pytest.mark.parametrize(
    ("share", "expected"),
    [("12.5%", []), ("13.9%", []), ("14.1%", ["C04"]), ("22%", ["C04"])],
    ids=["whole", "within-rounding", "beyond-it", "105-percent"],
)
def test_shares_make_a_whole(share: str, expected: list[str]) -> None:
    rows = [*THREE[:2], ("商业", "100", share)]
    assert problems("SUB-13", "sums", _sources(rows, "800")) == expected


@pytest.mark.parametrize(("amount", "expected"), [("96", ["G06"]), ("100", [])], ids=["rows-make-less", "rows-add-up"])
def test_results_per_risk_add_up(amount: str, expected: list[str]) -> None:
    rows = [[f"{n}", r.name, "100" if n else amount, "95", "95%"] for n, r in enumerate(RISKS[:10])]
    table = [["序号", "主要安全风险", "抽检数", "合格数", "合格率"], *rows, ["合计", "", "1,000", "950", "95%"]]
    assert problems("EVA-09", "sums", document("report", "# 抽检结果", table)) == expected


def test_a_table_without_a_total_is_left_alone() -> None:
    table = [SOURCES, *[[f"来源{n}", k, "MIT", a, s] for n, (k, a, s) in enumerate(THREE)]]
    assert problems("SUB-13", "sums", document("report", "# 语料来源", table)) == []


CHECKS = [
    "来源编号",
    "采集前抽样/条",
    "采集前命中/条",
    "采集前占比",
    "采集后抽样/条",
    "采集后命中/条",
    "采集后占比",
    "结论",
]


def _checked(hits: str, rate: str, conclusion: str, when: str = "before") -> Document:
    one, fine = ["1000", hits, rate], ["1000", "10", "1.0%"]
    cells = [*one, *fine] if when == "before" else [*fine, *one]
    return document("report", "# 来源核验", [CHECKS, ["P1", *cells, conclusion], ["P2", *fine, *fine, "采用"]])


@pytest.mark.parametrize(("row", "when"), [("SRC-02", "before"), ("SRC-03", "after")], ids=["before", "after"])
@pytest.mark.parametrize(
    ("hits", "rate", "conclusion", "expected"),
    [
        ("50", "5.0%", "采用", []),
        ("51", "5.1%", "采用", ["C09"]),
        ("63", "6.3%", "采用", ["C09"]),
        ("63", "6.3%", "不予采用，已剔除", []),
        ("30", "5.0%", "采用", ["C12"]),
    ],
    ids=["5.0-percent", "5.1-percent", "6.3-percent", "dropped", "wrong-division"],
)
def test_a_source_with_more_than_five_percent_is_dropped(
    row: str, when: str, hits: str, rate: str, conclusion: str, expected: list[str]
) -> None:
    assert problems(row, "source_rates", _checked(hits, rate, conclusion, when)) == expected


def test_sources_that_were_not_checked_are_for_a_person() -> None:
    assert verdicts("SRC-02", "source_rates", document("report", "# 语料", "来源均已核验。")) == {"unclear"}


def _results(rates: Sequence[str], *said: str) -> Document:
    rows = [[f"{n}", r.name, "50", rate] for n, (r, rate) in enumerate(zip(RISKS, rates, strict=True), start=1)]
    return document("report", "# 抽检结果", *said, [["序号", "主要安全风险", "抽检数", "人工合格率"], *rows])


def test_a_hundred_percent_everywhere_is_hard_to_believe() -> None:
    assert problems("EVA-03", "perfect", _results(["100%"] * 31)) == ["G08"]
    assert problems("EVA-03", "perfect", _results(["100%"] * 30 + ["98%"])) == []
    assert problems("EVA-03", "perfect", _results(["100%"] * 31, "首轮不合格样本12个，整改后复测合格。")) == []


def test_a_wrong_total_shows_its_sum() -> None:
    (found,) = findings("SUB-13", "sums", _sources(THREE, "1,200"))
    (made,) = found.computations
    assert (made.result, made.stated) == (800.0, 1200.0)
    assert found.evidence[0].quote == "1,200"
    assert (found.evidence[0].table, found.evidence[0].row) == (1, 5)
