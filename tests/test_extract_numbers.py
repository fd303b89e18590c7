"""Numbers and dates are read with value, unit and span, in the many ways Chinese filings write them."""

import random

import pytest

from assist_review.checksums import uscc_check_digit, uscc_valid
from assist_review.keys import keyed
from assist_review.numbers import chinese_value, dates, find_fractions, numbers, scale

VALUES = [
    ("随机抽取4,000条", 4000, "条"),
    ("随机抽取４，０００条", 4000, "条"),
    ("样本量为4 200条", 4200, "条"),
    ("240万", 2400000, ""),
    ("共2.6亿条", 260000000, "条"),
    ("1.9万亿tokens", 1.9e12, "tokens"),
    ("3亿2千万条", 320000000, "条"),
    ("一千二百条", 1200, "条"),
    ("两万题", 20000, "题"),
    ("十五个工作日", 15, "工作日"),
    ("8.10 TB", 8.1, "TB"),
    ("2,366.88万条", 23668800, "条"),
    ("合格率96.65%", 96.65, "%"),
    ("合格率九十六点五%", None, ""),
    ("百分之九十六点五", 96.5, "%"),
    ("千分之三", 0.3, "%"),
    ("差错率为0.21‰", 0.021, "%"),
    ("约占总量的一成，", 10, "%"),
    ("参数14B", 14, "B"),
    ("监看人员24名", 24, "人"),
    ("抽取300道题", 300, "题"),
    ("培训24课时", 24, "学时"),
]


@pytest.mark.parametrize(("text", "value", "unit"), VALUES, ids=[v[0] for v in VALUES])
def test_one_number_is_read(text: str, value: float | None, unit: str) -> None:
    found = [(n.value, n.unit) for n in numbers(text)]
    assert found == ([] if value is None else [(value, unit)])


@pytest.mark.parametrize(
    "text",
    ["关键词逾1万条", "约4,000条", "10,000余条", "300多万条", "超过1万条", "近2,000题", "4,000条左右", "10,000+"],
)
def test_words_of_approximation_are_kept(text: str) -> None:
    (number,) = numbers(text)
    assert number.approximate
    assert not number.limit


@pytest.mark.parametrize(
    "text",
    [
        "不少于10,000条", "≥96%", "≥ 4,000条", "不低于96%", "高于95%", "达到96%的要求", "低于5%的上限",
        "占比超过5%的来源",
        "至少500题", "不得超过5%", "96%以上", "上限5%", "要求为96%", "最低200条",
    ],
)  # fmt: skip
def test_thresholds_are_limits(text: str) -> None:
    assert [n.limit for n in numbers(text)] == [True]


def test_ranges_are_one_number() -> None:
    assert [(n.value, n.high, n.unit) for n in numbers("5%至6%")] == [(5, 6, "%")]
    assert [(n.value, n.high, n.unit) for n in numbers("18-35岁")] == [(18, 35, "岁")]


def test_cells_read_as_a_line_stay_apart() -> None:
    assert [n.value for n in numbers("28 25 89.3% 28 26")] == [28, 25, 89.3, 28, 26]


def test_codes_dates_and_versions_are_no_amounts() -> None:
    assert numbers("版本V2.1") == []
    assert numbers("2026年10月30日") == []
    assert [n.unit for n in numbers("电话0571-5550 0199")] == [""]


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("2026年10月30日", ["2026-10-30"]),
        ("2026-10-30", ["2026-10-30"]),
        ("2026.10.30", ["2026-10-30"]),
        ("2026/1/3", ["2026-01-03"]),
        ("二〇二六年十月三十日", ["2026-10-30"]),
        ("2026年10月", ["2026-10"]),
        ("2026年9月14日至10月26日", ["2026-09-14", "2026-10-26"]),
        ("2026年9月14日至26日", ["2026-09-14", "2026-09-26"]),
        ("2026-09-03\n至09-08", ["2026-09-03", "2026-09-08"]),
        ("2026年13月40日", []),
        ("GB/T 45654-2025", []),
    ],
)
def test_dates_are_iso(text: str, isos: list[str]) -> None:
    assert [d.iso for d in dates(text)] == isos


def test_spans_point_into_the_text_as_it_stands() -> None:
    text = "从 ２.６亿 条数据中抽取2,400万条，合格率98.62%"
    assert [text[n.start : n.end] for n in numbers(text)] == ["２.６亿 条", "2,400万条", "98.62%"]


def test_any_whole_number_survives_being_written_with_separators() -> None:
    random.seed(1)
    for _ in range(200):
        value = random.randrange(1, 10**10)
        (number,) = numbers(f"共{value:,}条")
        assert (number.value, number.unit) == (value, "条")


def test_any_number_below_a_hundred_million_survives_chinese_numerals() -> None:
    random.seed(2)
    for _ in range(300):
        value = random.randrange(1, 10**8)
        assert chinese_value(_chinese(value)) == value


def _chinese(value: int) -> str:
    if value >= 10**4:
        high, low = divmod(value, 10**4)
        zero = "零" if low and low < 1000 else ""
        return _chinese(high) + "万" + (zero + _chinese(low) if low else "")
    text, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, value = divmod(value, size)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + unit
            gap = False
        else:
            gap = True
    return text


def test_fractions_have_part_and_whole() -> None:
    (fraction,) = find_fractions(keyed("合格率96.0%（3,841/4,000）").key)
    assert (fraction.part, fraction.whole) == (3841, 4000)
    assert find_fractions(keyed("2026/10/30").key) == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [("规模/TB", (1, "TB")), ("数量/万条", (10000, "条")), ("占比(%)", (1, "%")), ("tokens/亿", (10**8, "")),
     ("抽检数", (1, "")), ("占比(‰)", (0.1, "%")), ("合格率/千分之", (0.1, "%")), ("命中(万分比)", (0.01, "%"))],
)  # fmt: skip
def test_headers_scale_the_numbers_below(header: str, expected: tuple[float, str]) -> None:
    assert scale(header) == expected


def test_check_digit_of_a_credit_code() -> None:
    assert uscc_check_digit("91350100M000100Y4") == "3"
    assert uscc_valid("91350100M000100Y43")
    assert not uscc_valid("91350100M000100Y44")
    assert not uscc_valid("91350100M00010OY43")
    assert uscc_check_digit("short") is None
