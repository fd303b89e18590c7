"""Law cited by a filing: invented, draft, superseded, renumbered; and older law cited for what was done under it."""

from datetime import date

import pytest

from filings import document, problems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("依据《数据保护法》建立制度。", True),
        ("依据《中华人民共和国数据安全法》建立制度。", False),
        ("依据《人工智能伦理审查法》建立制度。", True),
        ("依据《网络安全法》《个人信息保护法》《民法典》。", False),
        ("依据《个人信息出境认证办法（征求意见稿）》开展评估。", True),
        ("跟踪《网络数据标识管理规定（征求意见稿）》，尚未施行。", False),
        ("学习材料包括《孙子兵法》和《烹饪做法》。", False),
    ],
    ids=["never-existed", "full-title", "looks-like-a-law", "laws", "draft-as-basis", "draft-followed", "books"],
)
def test_titles_are_those_of_law_in_force(text: str, found: bool) -> None:
    assert bool(problems("CHG-11", "law", document("report", "# 依据", text), nth=1)) is found


@pytest.mark.parametrize(
    ("text", "as_of", "found"),
    [
        ("依据TC260-003评估。", date(2025, 11, 1), True),
        ("依据TC260-003评估。", date(2025, 10, 31), False),
        ("依据GB/T 45654-2025评估，原按TC260-003编制。", date(2025, 11, 1), False),
    ],
    ids=["from-its-first-day", "day-before", "both-cited"],
)
def test_a_superseded_standard_does_not_stand_alone(text: str, as_of: date, found: bool) -> None:
    assert bool(problems("CHG-11", "law", document("report", "# 依据", text), as_of=as_of)) is found


@pytest.mark.parametrize(
    ("text", "as_of", "found"),
    [
        ("依据《网络安全法》第二十一条落实等级保护和日志留存。", date(2026, 1, 1), True),
        ("依据《网络安全法》第二十一条落实等级保护和日志留存。", date(2025, 12, 31), False),
        ("依据《网络安全法》第二十三条落实等级保护和日志留存。", date(2026, 11, 23), False),
        ("2024年按照《网络安全法》第二十一条开展等级保护定级并留存日志。", date(2026, 11, 23), False),
        ("依据修正前《网络安全法》第二十一条落实等级保护。", date(2026, 11, 23), False),
    ],
    ids=["old-number", "before-the-change", "new-number", "a-past-act", "said-to-be-old"],
)
def test_articles_have_their_number_of_the_day(text: str, as_of: date, found: bool) -> None:
    assert bool(problems("CHG-10", "law", document("report", "# 安全", text), as_of=as_of)) is found


def test_proofs_may_cite_what_they_like() -> None:
    assert problems("CHG-11", "law", document("evidence", "依据《数据保护法》。"), nth=1) == []
