"""Numbers and dates in Chinese text, with unit, span, and whether they are limits or approximations.

`find_numbers` and `find_dates` read a folded key (see `keys.Key`); `numbers` and `dates` read text as it stands.
Values are in base units (`240万` is 2400000), rates in percent (`3‰` is 0.3).
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from assist_review.keys import keyed

_CN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_CN_SMALL = {"十": 10, "百": 100, "千": 1000}
_MULTIPLIERS = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6,
    "十万": 10**5, "万": 10**4, "千": 1000, "百": 100,
}  # fmt: skip
_UNITS = (
    "个工作日", "工作日", "个自然日", "自然日", "个月", "个星期", "星期", "学时", "课时", "小时", "分钟", "周岁", "岁",
    "tokens", "token", "词元", "tb", "gb", "pb", "mb", "人次", "道题", "条", "题", "道", "个", "人", "名", "位", "张",
    "份", "次", "例", "组", "件", "处", "项", "类", "种", "款", "轮", "路", "元", "天", "日", "周", "年", "月", "篇",
    "幅", "段", "词", "对", "卡", "台", "块", "步", "版", "b",
)  # fmt: skip
_SAME_UNIT = {
    "个工作日": "工作日", "个自然日": "日", "自然日": "日", "天": "日", "个月": "月", "个星期": "周", "星期": "周",
    "token": "tokens", "词元": "tokens", "tb": "TB", "gb": "GB", "pb": "PB", "mb": "MB", "道题": "题", "道": "题",
    "名": "人", "位": "人", "周岁": "岁", "课时": "学时", "b": "B",
}  # fmt: skip

_UNIT = "(?: ?(?P<unit>" + "|".join(_UNITS[:-1]) + "|b(?![a-z])))?"
_MULTIPLIER = "|".join(_MULTIPLIERS)
# longer runs of digits are codes
_PLAIN = r"\d{1,3}(?:[, ]\d{3}){1,5}(?!\d)(?:\.\d{1,6})?|\d{1,15}(?!\d)(?:\.\d{1,6}(?!\d))?"
_DIGIT_NUMBER = re.compile(
    rf"(?<![\da-z_.])(?<!\d,)(?!0\d)(?P<digits>{_PLAIN})"
    rf"(?:(?P<more>余|多|来)?(?P<mul>{_MULTIPLIER})(?:(?P<low>\d+(?:\.\d+)?)(?P<lowmul>千万|百万|万|千))?)?"
    rf"(?P<more2>余|多|来|\+)?(?:(?P<percent>%|‰)|{_UNIT})"
)
_CN = "零〇○一二两三四五六七八九十百千万亿"
_CN_NUMBER = re.compile(
    rf"(?P<cn>(?<![{_CN}])[{_CN}]{{1,20}}(?:点[零〇一二三四五六七八九]+)?)(?P<more>余|多|来)?{_UNIT}"
)
_PART = re.compile(
    rf"(?P<of>百|千|万)分之(?P<n>{_PLAIN}|[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
)
_TENTHS = re.compile(r"(?P<n>[一二两三四五六七八九\d])成(?P<half>半|[一二三四五六七八九])?(?=$|[,.;:)、以的左]|多|合)")
_FRACTION = re.compile(rf"(?<![\d/.])(?P<k>{_PLAIN})(?:条|题|个|人)?/(?P<n>{_PLAIN})(?![\d/])")
_RANGE = re.compile(r"^(?:至|到|-|~)$")

_ABOUT = re.compile(r"(?:约为?|大约|大概|将近|接近|(?<![最附])近|逾|超过?|突破)$")
_ABOUT_AFTER = re.compile(r"^(?:左右|上下)")
_LIMIT = re.compile(
    r"(?:≥|>=|>|≤|<=|<|≧|≦|不(?:得|应|能)?(?:少|低|小|超|高|大|多)(?:于|过)|至少|起码|至多|最多|低于|高于|小于|大于|少于|多于|"
    r"未超过|未达到?|不足|不到)(?:约|为|总量的|其)?$"
)
_LIMIT_PERCENT = re.compile(r"超过?$")
_LIMIT_AFTER = re.compile(r"^\)?(?:及|或|\(含\))?(?:以上|以下|以内|之内)")
_WANTED_BEFORE = re.compile(r"(?:要求|上限|下限|门槛|阈值|红线|目标值?|最低|标准|底线)(?:为|是|:|应达到?|达到?|不变)*$")
_WANTED_AFTER = re.compile(r"^\)?的?(?:总?体)?(?:要求|上限|下限|门槛|阈值|红线|底线|标准线|合格线|及格线)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `[start, end)`, unit included. `high` is set for ranges; `limit` marks thresholds, never facts."""

    value: float
    unit: str
    start: int
    end: int
    approximate: bool = False
    limit: bool = False
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date at `[start, end)` as ISO text: 2026-10-30, or 2026-10 where no day is written."""

    iso: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fraction:
    """`part`/`whole` as written, e.g. 3,841/4,000."""

    part: float
    whole: float
    start: int
    end: int


def chinese_value(text: str) -> float | None:
    """The value of a Chinese numeral (一千二百, 两万, 二〇二六, 九十六点五), None if it is not one."""
    whole, _, decimals = text.partition("点")
    if decimals and any(c not in _CN_DIGITS for c in decimals):
        return None
    tail = float("0." + "".join(str(_CN_DIGITS[c]) for c in decimals)) if decimals else 0.0
    if whole and all(c in _CN_DIGITS for c in whole):
        if len(whole) > 1 and not decimals and len(whole) < 4 and "零" not in whole and "〇" not in whole:
            return None  # "一二", "三四" are enumerations, not numbers
        return int("".join(str(_CN_DIGITS[c]) for c in whole)) + tail
    total, section, digit = 0, 0, 0
    for char in whole:
        if char in _CN_DIGITS:
            digit = _CN_DIGITS[char]
        elif char in _CN_SMALL:
            section += (digit or (1 if char == "十" and not section else digit)) * _CN_SMALL[char]
            digit = 0
        elif char == "万":
            total += ((section + digit) or 1) * 10**4 if total < 10**8 else (section + digit) * 10**4
            section = digit = 0
        elif char == "亿":
            total = (total + section + digit) * 10**8
            section = digit = 0
        else:
            return None
    value = total + section + digit
    return value + tail if value or "零" in whole or "十" in whole else None


def tidy(value: float) -> float:
    """`value` as an int where it is whole, without the dust of floating point."""
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _plain(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


@lru_cache(maxsize=4096)
def find_numbers(key: str) -> tuple[Number, ...]:
    """All numbers of a folded key in order; digits inside dates, codes and versions are left out."""
    taken = [False] * (len(key) + 1)
    for dated in find_dates(key):
        taken[dated.start : dated.end] = [True] * (dated.end - dated.start)
    found: list[Number] = []

    def keep(start: int, end: int, value: float | None, unit: str, about: bool = False) -> None:
        if value is None or any(taken[start:end]):
            return
        taken[start:end] = [True] * (end - start)
        found.append(_qualified(key, Number(tidy(value), unit, start, end, about)))

    for match in _PART.finditer(key):
        share = _plain(match["n"]) if match["n"][0].isdigit() else chinese_value(match["n"])
        scale = {"百": 1.0, "千": 0.1, "万": 0.01}[match["of"]]
        keep(match.start(), match.end(), None if share is None else share * scale, "%")
    for match in _TENTHS.finditer(key):
        tens = int(match["n"]) if match["n"].isdigit() else _CN_DIGITS[match["n"]]
        ones = 5 if match["half"] == "半" else _CN_DIGITS.get(match["half"] or "", 0)
        keep(match.start(), match.end(), tens * 10 + ones, "%", about=True)
    for match in _DIGIT_NUMBER.finditer(key):
        value = _plain(match["digits"]) * _MULTIPLIERS.get(match["mul"] or "", 1)
        if match["low"]:
            value += float(match["low"]) * _MULTIPLIERS[match["lowmul"]]
        unit = match["unit"] or ""
        if match["percent"]:
            value, unit = (value if match["percent"] == "%" else value / 10), "%"
        keep(match.start(), match.end(), value, _SAME_UNIT.get(unit, unit), bool(match["more"] or match["more2"]))
    for match in _CN_NUMBER.finditer(key):
        if match["unit"]:
            unit = match["unit"]
            keep(
                match.start(), match.end(), chinese_value(match["cn"]), _SAME_UNIT.get(unit, unit), bool(match["more"])
            )
    return tuple(_joined(key, sorted(found, key=lambda n: n.start)))


def _qualified(key: str, number: Number) -> Number:
    before, after = key[max(0, number.start - 12) : number.start], key[number.end : number.end + 8]
    limit = bool(_LIMIT.search(before) or _LIMIT_AFTER.search(after) or _WANTED_BEFORE.search(before))
    limit = limit or bool(_WANTED_AFTER.search(after)) or (number.unit == "%" and bool(_LIMIT_PERCENT.search(before)))
    about = number.approximate or bool(_ABOUT.search(before) or _ABOUT_AFTER.search(after))
    return replace(number, limit=limit, approximate=about and not limit)


def _joined(key: str, found: list[Number]) -> list[Number]:
    """Numbers with "5%至6%" and "18-35岁" made one."""
    joined: list[Number] = []
    for number in found:
        last = joined[-1] if joined else None
        if last and last.high is None and _RANGE.match(key[last.end : number.start]) and last.unit in ("", number.unit):
            limit = last.limit or number.limit
            joined[-1] = replace(last, unit=number.unit, end=number.end, high=number.value, limit=limit)
        else:
            joined.append(number)
    return joined


_YEAR = r"(?<!\d)(?P<y>(?:19|20)\d{2})"
_DATE = re.compile(
    rf"{_YEAR}(?:年(?P<m>\d{{1,2}})月(?:(?P<d>\d{{1,2}})[日号]?)?|(?P<sep>[-./])(?P<m2>\d{{1,2}})(?P=sep)(?P<d2>\d{{1,2}})(?!\d)日?)"
)
_CN_DATE = re.compile(
    r"(?P<y>[二一][〇○零一二三四五六七八九]{3})年(?P<m>[一二三四五六七八九十]{1,2})月(?:(?P<d>[一二三四五六七八九十]{1,3})[日号])?"
)
_REST = re.compile(r"(?:至|到|-|~)(?:(?P<m>\d{1,2})[月-])?(?P<d>\d{1,2})(?:[日号]|(?![\d年.%万条]))")


@lru_cache(maxsize=4096)
def find_dates(key: str) -> tuple[Dated, ...]:
    """All dates of a folded key in order; the end of "2026年9月14日至10月26日" takes its year from the start."""
    found: list[Dated] = []
    for match in _DATE.finditer(key):
        month, day = match["m"] or match["m2"], match["d"] or match["d2"]
        iso = _iso(int(match["y"]), int(month), int(day) if day else None)
        if not iso:
            continue
        found.append(Dated(iso, match.start(), match.end()))
        rest = _REST.match(key, match.end()) if day else None
        if rest:
            iso = _iso(int(match["y"]), int(rest["m"] or month), int(rest["d"]))
            if iso and not _DATE.match(key, match.end() + 1):
                found.append(Dated(iso, match.end() + 1, rest.end()))
    for match in _CN_DATE.finditer(key):
        year, month_cn = chinese_value(match["y"]), chinese_value(match["m"])
        day_cn = chinese_value(match["d"]) if match["d"] else None
        if year and month_cn:
            iso = _iso(int(year), int(month_cn), int(day_cn) if day_cn else None)
            if iso:
                found.append(Dated(iso, match.start(), match.end()))
    return tuple(sorted(found, key=lambda d: d.start))


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


def find_fractions(key: str) -> tuple[Fraction, ...]:
    """Fractions such as 3,841/4,000 of a folded key; dates and codes are left out, the part is at most the whole."""
    dated = [range(d.start, d.end) for d in find_dates(key)]
    found = []
    for match in _FRACTION.finditer(key):
        part, whole, start = _plain(match["k"]), _plain(match["n"]), match.start()
        if part > whole and "," in match["k"]:
            # "281，281/300" of a sentence: the comma is no thousands separator.
            last = match["k"].rsplit(",", 1)[1]
            part, start = _plain(last), match.end("k") - len(last)
        if part <= whole and whole > 0 and not any(match.start() in r for r in dated):
            found.append(Fraction(tidy(part), tidy(whole), start, match.end()))
    return tuple(found)


def numbers(text: str) -> list[Number]:
    """Numbers of text as it stands, with spans in it."""
    key = keyed(text)
    return [replace(n, start=key.index[n.start], end=key.index[n.end - 1] + 1) for n in find_numbers(key.key)]


def dates(text: str) -> list[Dated]:
    """Dates of text as it stands, with spans in it."""
    key = keyed(text)
    return [replace(d, start=key.index[d.start], end=key.index[d.end - 1] + 1) for d in find_dates(key.key)]


def scale(header: str) -> tuple[float, str]:
    """What a column header says about the numbers below it: "数量/万条" is (10000, "条"), "占比(‰)" is (0.1, "%")."""
    key = keyed(header).key
    part = re.search(
        r"[/(]?(?:单位:)?(?:(?P<thousand>‰|千分之|千分比|千分数|千分率)|(?P<ten>万分之|万分比|‱))\)?$", key
    )
    if part:
        return (0.1 if part["thousand"] else 0.01), "%"
    match = re.search(rf"[/(](?P<mul>{_MULTIPLIER})?(?P<unit>{'|'.join(_UNITS[:-1])}|%)?\)?$", key)
    if not match or not (match["mul"] or match["unit"]):
        return 1, ""
    unit = match["unit"] or ""
    return _MULTIPLIERS.get(match["mul"] or "", 1), _SAME_UNIT.get(unit, unit)
