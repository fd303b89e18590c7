"""Separate roles, staff that fits the service, and work that people can do in their days."""

import pytest

from assist_review.filing import Document
from filings import document, fact, findings, problems, verdicts


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("标注与审核由同一批人员承担。", "non_compliant"),
        ("标注人员兼任审核。", "non_compliant"),
        ("标注与审核不得由同一批人员承担。", "compliant"),
        ("标注与审核职能分离，权限互斥。", "compliant"),
        ("标注由标注组完成。", "unclear"),
    ],
    ids=["same-people", "both-jobs", "forbidden", "separate", "nothing-said"],
)
def test_annotation_and_review_are_separate(text: str, verdict: str) -> None:
    assert verdicts("LAB-06", "role_separation", document("report", "# 标注", text)) == {verdict}


def _staff(review: str) -> Document:
    table = [["岗位", "人数", "用工性质"], ["标注", "20", "内部"], ["审核", review, "内部"]]
    return document("report", "# 标注人员", "标注与审核职能分离。", table)


def test_somebody_reviews() -> None:
    assert problems("LAB-06", "role_separation", _staff("0")) == ["D02"]
    assert problems("LAB-06", "role_separation", _staff("8")) == []


@pytest.mark.parametrize(("review", "expected"), [("王小明", ["D02"]), ("李小红", [])], ids=["same-name", "other-name"])
def test_nobody_reviews_his_own_annotation(review: str, expected: list[str]) -> None:
    table = [["姓名", "岗位", "职责"], ["王小明", "标注", "标注执行"], [review, "质检", "标注审核"]]
    said = document("report", "# 人员", "标注与审核职能分离。", table)
    assert problems("LAB-06", "role_separation", said) == expected


@pytest.mark.parametrize(
    ("staff", "users", "expected"),
    [
        (0, None, True),
        (2, 3_000_000, True),
        (3, 499_999, False),
        (3, 500_000, True),
        (4, 500_000, False),
        (7, 2_000_000, True),
        (8, 2_000_000, False),
    ],
    ids=[
        "nobody",
        "two-for-millions",
        "three-below",
        "three-at-half-a-million",
        "four",
        "seven-for-two-million",
        "eight",
    ],
)
def test_monitors_fit_the_planned_users(staff: int, users: int | None, expected: bool) -> None:
    facts = [fact("monitors.total", staff, "人", role="form")]
    facts += [fact("users.planned", users, "人")] if users else []
    assert (verdicts("MEA-10", "monitors", facts=facts) == {"non_compliant"}) is expected


def test_the_number_of_monitors_is_asked_for() -> None:
    assert verdicts("MEA-10", "monitors") == {"unclear"}
    assert verdicts("MEA-10", "monitors", facts=[fact("monitors.total", 2, "人")]) == {"unclear"}


@pytest.mark.parametrize(
    ("items", "people", "days", "expected"),
    [
        (1_200_000, 20, 10, ["D07"]),
        (300_000, 20, 10, []),
        (300_200, 20, 10, ["D07"]),
        (40_000, 20, 10, []),
    ],
    ids=["6000-a-day", "1500-a-day", "1501-a-day", "200-a-day"],
)
def test_annotation_is_possible_in_its_days(items: int, people: int, days: int, expected: list[str]) -> None:
    facts = [
        fact("annotation.items", items, "条"), fact("annotators.annotate", people, "人"), fact("annotation.days", days, "天"),
    ]  # fmt: skip
    assert problems("LAB-07", "volume", facts=facts) == expected
    assert verdicts("LAB-07", "volume", facts=facts[:2]) == {"unclear"}


def test_the_volume_rests_on_a_row_to_be_verified() -> None:
    (found,) = findings("LAB-07", "volume")
    assert found.to_be_verified
