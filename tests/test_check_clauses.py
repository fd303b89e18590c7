"""The clause-by-clause table: no gaps, a result for every clause, a reason for every exception, an honest conclusion."""

from collections.abc import Sequence

import pytest

from assist_review.filing import Document
from filings import document, problems, verdicts

HEADER = ["序号", "评估要点", "评估结果", "佐证材料"]


def _table(*rows: tuple[str, str, str], start: int = 1, said: Sequence[str] = (), skip: int = 0) -> Document:
    whole = [(f"{n}", f"要点第{n}项的具体要求", *row[1:]) for n, row in enumerate(rows, start=start) if n != skip]
    return document("report", "# 逐条评估", [HEADER, *[list(row) for row in whole]], "# 结论", *said)


FINE = ("", "符合", "见第2章")


@pytest.mark.parametrize(
    ("document_", "expected"),
    [
        (_table(*[FINE] * 10), []),
        (_table(*[FINE] * 10, skip=4), ["G10"]),
        (_table(*[FINE] * 9, ("", "", "")), ["G10"]),
        (_table(*[FINE] * 10, start=2), ["G10"]),
        (_table(*[FINE] * 3), []),
    ],
    ids=["all-there", "one-skipped", "one-without-result", "first-missing", "short"],
)
def test_every_clause_has_a_result(document_: Document, expected: list[str]) -> None:
    assert problems("EVA-02", "clause_table", document_) == expected


@pytest.mark.parametrize(
    ("row", "entry", "expected"),
    [
        ("EVA-05", ("", "不适用", ""), ["G10"]),
        ("EVA-05", ("", "不适用", "/"), ["G10"]),
        ("EVA-05", ("", "不适用", "本服务不提供语音功能"), []),
        ("EVA-05", ("", "不涉及", "未使用境外语料，见2.1"), []),
        ("EVA-04", ("", "不符合", ""), ["G11"]),
        ("EVA-04", ("", "不符合", "计划于2026年12月整改完成"), []),
        ("EVA-03", ("", "符合", ""), ["G10"]),
        ("EVA-03", FINE, []),
    ],
    ids=[
        "bare", "slash", "argued", "not-involved-argued", "unmet-without-plan", "unmet-with-plan", "without-proof", "with-proof",
    ],
)  # fmt: skip
def test_an_exception_has_its_reason(row: str, entry: tuple[str, str, str], expected: list[str]) -> None:
    assert problems(row, "clause_table", _table(*[FINE] * 9, entry)) == expected


@pytest.mark.parametrize(
    ("entry", "said", "expected"),
    [
        (("", "不符合", "整改中"), "经评估，各项要求全部符合。", ["G11"]),
        (("", "不符合", "整改中"), "除第10条外均符合，已制定整改计划。", []),
        (("", "不符合", "整改中"), "第10条不符合，整改后复评。", []),
        (FINE, "经评估，各项要求全部符合。", []),
        (("", "不适用", "无语音"), "经评估，各项要求全部符合。", []),
    ],
    ids=["all-met-says-it", "one-excepted", "said-openly", "all-met", "not-applicable-is-not-unmet"],
)
def test_the_conclusion_agrees_with_the_rows(entry: tuple[str, str, str], said: str, expected: list[str]) -> None:
    assert problems("EVA-07", "clause_table", _table(*[FINE] * 9, entry, said=[said])) == expected


@pytest.mark.parametrize(
    ("row", "documents", "verdict"),
    [
        ("EVA-02", [document("report", "# 结论", "经测试，安全可控。")], "missing"),
        ("EVA-02", [document("report", "# 结论", "逐条评估结果见附件。")], "unclear"),
        ("EVA-02", [document("form", "备案表")], "unclear"),
        ("EVA-05", [document("report", "# 结论", "经测试，安全可控。")], "unclear"),
    ],
    ids=["no-table", "table-announced", "no-report", "only-completeness-misses-it"],
)
def test_a_report_without_the_table_lacks_it(row: str, documents: list[Document], verdict: str) -> None:
    assert verdicts(row, "clause_table", *documents) == {verdict}
