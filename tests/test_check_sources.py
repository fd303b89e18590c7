"""Where training data comes from: a traceable list, and licences that allow the use."""

from collections.abc import Sequence

import pytest

from filings import document, problems, verdicts

HEADER = ["数据集名称", "类别", "许可协议", "规模/GB"]


@pytest.mark.parametrize(
    ("licence", "note", "expected"),
    [
        ("CC BY-NC 4.0", "", ["C05"]),
        ("仅限学术研究使用", "", ["C05"]),
        ("CC BY 4.0", "", []),
        ("Apache-2.0", "", []),
        ("CC BY-NC 4.0", "已剔除", []),
        ("CC BY-NC 4.0", "仅用于评测", []),
        ("CC BY-NC 4.0，已另行取得商业授权", "", []),
    ],
    ids=["by-nc", "research-only", "by", "apache", "dropped", "for-evaluation-only", "licensed-besides"],
)
def test_a_licence_allows_a_public_service(licence: str, note: str, expected: list[str]) -> None:
    table = [[*HEADER, "备注"], ["甲数据集", "开源", licence, "10", note], ["乙数据集", "开源", "MIT", "5", ""]]
    assert problems("SRC-07", "licence_terms", document("report", "# 开源语料", table)) == expected


def test_terms_for_users_are_no_licence_of_data() -> None:
    assert problems("SRC-07", "licence_terms", document("report", "用户生成的图片不得用于商业用途。")) == []


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (["语料来源于互联网公开数据。"], "non_compliant"),
        (
            ["语料来源于互联网公开数据。", [HEADER, ["甲", "开源", "MIT", "5"], ["乙", "自采", "登记表", "6"]]],
            "compliant",
        ),
        (["语料来源另见台账。"], "unclear"),
        (["本报告共十章。"], "missing"),
    ],
    ids=["vague", "a-list-beside-it", "elsewhere", "nothing-said"],
)
def test_the_corpus_has_a_list_of_sources(parts: Sequence[str | list[list[str]]], verdict: str) -> None:
    assert verdicts(
        "SRC-01", "source_list", document("report", "# 语料来源" if verdict != "missing" else "# 概述", *parts)
    ) == {verdict}
