"""Terms, the order of dates, durations, and how fresh lists are."""

from datetime import date, timedelta

import pytest

from filings import bank, document, fact, findings, problems, verdicts, workbook

FORM_DAY = fact("date.form", "2026-10-08", role="form")


@pytest.mark.parametrize(
    ("row", "name", "end", "role", "code"),
    [
        ("SUB-06", "date.licence_end", "2026-10-07", "licence", "A06"),
        ("SUB-06", "date.licence_end", "2026-10-08", "licence", None),
        ("SUB-06", "date.licence_end", "2026-09", "licence", "A06"),
        ("SUB-06", "date.licence_end", "2026-10", "licence", None),
        ("SRC-09", "date.contract_end", "2026-09-30", "evidence", "C07"),
        ("SRC-09", "date.contract_end", "2027-09-30", "evidence", None),
        ("SUB-05", "date.contract_end", "2026-09-30", "evidence", "B08"),
    ],
    ids=[
        "day-before",
        "same-day",
        "month-before",
        "month-counts-to-its-end",
        "corpus-ended",
        "corpus-runs",
        "model-ended",
    ],
)
def test_a_term_reaches_the_day_of_filing(row: str, name: str, end: str, role: str, code: str | None) -> None:
    facts = [FORM_DAY, fact(name, end, role=role)]
    assert problems(row, "validity", facts=facts) == ([code] if code else [])


def test_without_a_date_of_filing_the_day_of_review_counts() -> None:
    facts = [fact("date.licence_end", "2026-10-31", role="licence")]
    assert problems("SUB-06", "validity", facts=facts, as_of=date(2026, 10, 31)) == []
    assert problems("SUB-06", "validity", facts=facts, as_of=date(2026, 11, 1)) == ["A06"]


def test_two_terms_of_one_contract_agree() -> None:
    facts = [FORM_DAY, *[fact("date.contract_end", d, role="evidence", file=f) for d, f in (("2027-01-01", "a"), ("2028-01-01", "b"))]]  # fmt: skip
    assert problems("SUB-05", "validity", facts=facts) == ["B08"]
    assert problems("SUB-05", "validity", facts=facts[:2]) == []


def test_the_term_of_a_letter_of_authority_is_no_contract_term() -> None:
    letter = document("evidence", "授权委托书", "授权期限至2026年1月1日。", file="w.docx")
    assert problems("SUB-05", "validity", letter, facts=[FORM_DAY]) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"date.training_end": "2026-09-01", "date.report": "2026-10-30", "date.form": "2026-11-02"}, 0),
        ({"date.assessment_end": "2026-09-12", "date.report": "2026-09-01"}, 1),
        ({"date.report": "2026-11-03", "date.form": "2026-11-02"}, 1),
        ({"date.report": "2026-11-02", "date.form": "2026-11-02"}, 0),
        ({"date.assessment_end": "2026-09", "date.report": "2026-09-01"}, 0),
    ],
    ids=["in-order", "tests-after-the-report", "report-after-the-form", "same-day", "a-month-is-coarse"],
)
def test_dates_stand_in_their_order(days: dict[str, str], expected: int) -> None:
    facts = [fact(name, day, role="form" if name == "date.form" else "report") for name, day in days.items()]
    assert problems("EVA-16", "dates", facts=facts) == ["K05"] * expected


def test_recorded_work_lies_before_the_report() -> None:
    def of(day: str) -> list[str | None]:
        log = [["日期", "作业内容", "参加人员"], ["2026-10-01", "抽检", "3人"], [day, "复核", "2人"]]
        return problems("EVA-16", "dates", document("report", "报告日期：2026年10月30日", "# 作业记录", log))

    assert (of("2026-10-30"), of("2026-11-05")) == ([], ["K05"])


@pytest.mark.parametrize("dated_by", ["date.report", "date.signature"])
@pytest.mark.parametrize(("late", "expected"), [(20, []), (21, ["K05"])], ids=["a-fifth-added-later", "more"])
def test_tests_lie_before_the_report_but_for_later_updates(late: int, expected: list[str], dated_by: str) -> None:
    days = ["2026-11-05"] * late + ["2026年10月1日"] * (100 - late)
    made = bank("refuse", [("A1.a", {"entry": f"问{n}", "date": day}) for n, day in enumerate(days)])
    assert problems("EVA-16", "dates", facts=[fact(dated_by, "2026-10-30")], banks=[made]) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(179, ["I09"]), (180, []), (60, ["I09"]), (365, [])], ids=["179", "180", "60", "a-year"]
)
def test_logs_are_kept_for_six_months(days: int, expected: list[str]) -> None:
    assert problems("MEA-13", "duration", facts=[fact("log.retention_days", days, "天")]) == expected


def _updated(role: str, day: date) -> list[object]:
    return [fact(f"{role}.update_date", day.isoformat(), role=role, file=f"{role}.xlsx")]


@pytest.mark.parametrize(
    ("row", "role", "age", "expected"),
    [
        ("KEY-05", "keywords", 42, []),
        ("KEY-05", "keywords", 43, ["E10"]),
        ("KEY-05", "keywords", 210, ["E10"]),
        ("QST-06", "questions", 60, []),
        ("QST-06", "questions", 210, ["F16"]),
    ],
    ids=["six-weeks", "a-day-more", "seven-months", "questions-two-months", "questions-seven-months"],
)
def test_a_list_was_updated_lately(row: str, role: str, age: int, expected: list[str]) -> None:
    facts = [FORM_DAY, *_updated(role, date(2026, 10, 8) - timedelta(days=age))]
    assert problems(row, "cadence", facts=facts) == expected


def test_a_list_without_any_record_of_updates_is_asked_about() -> None:
    assert verdicts("KEY-05", "cadence") == {"unclear"}
    assert findings("KEY-05", "cadence", document("report", "# 关键词", "关键词库每周更新一次。")) == []


def test_an_update_log_gives_the_date() -> None:
    log = [["更新日期", "新增", "停用"], ["2026-03-01", "20", "0"], ["2026年9月28日", "12", "1"]]
    listed = workbook("keywords", {"更新记录": log})
    assert problems("KEY-05", "cadence", listed, facts=[FORM_DAY]) == []
