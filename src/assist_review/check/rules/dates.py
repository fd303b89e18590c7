"""Dates: terms that have run out, an order that must hold, durations, and how often lists are updated."""

import itertools
import re
from collections.abc import Generator, Iterator
from datetime import date, timedelta

from assist_review.check.context import Context, Say, show
from assist_review.check.rules.agreement import value_text
from assist_review.check.rules.banks import row_evidence
from assist_review.numbers import chinese_value, find_dates
from assist_review.passages import evidence, sentence_span
from assist_review.review import Evidence, Fact, Finding
from assist_review.text import fold


def _day(fact: Fact, *, last: bool = False) -> date | None:
    """The day of a date fact; a month counts from its first (or to its last) day."""
    text = str(fact.value)
    try:
        if len(text) == 7:
            first = date.fromisoformat(text + "-01")
            return ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)) if last else first
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _dated(context: Context, name: str, *roles: str, last: bool = False) -> list[tuple[date, Fact]]:
    days = [(_day(f, last=last), f) for f in context.extraction.named(name, *roles)]
    return [(d, f) for d, f in days if d is not None]


def validity(context: Context, say: Say) -> Iterator[Finding]:
    """The term named by `fact` (licence, contract) has not run out on the day the package was made."""
    name, label = say.params["fact"], say.params.get("label", "有效期")
    apart = say.params.get("not_titled", ())
    titled = {r.file for r in context.readings if any(w in p.key for w in apart for p in r.passages[:3])}
    ends = [
        pair
        for pair in _dated(context, name, *say.params.get("roles", ()), last=True)
        if pair[1].evidence.file not in titled
    ]
    over = [(d, f) for d, f in ends if d < context.filed_on]
    for day, fact in over[:2]:
        yield say.wrong(
            f"{label}至{day.isoformat()}届满，早于申报日期{context.filed_on.isoformat()}。",
            [fact.evidence, *(f.evidence for _, f in _dated(context, "date.form")[:1])],
        )
    by_file = {f.evidence.file: (d, f) for d, f in ends}
    if say.params.get("agree") and len({d for d, _ in by_file.values()}) > 1 and not over:
        pieces = list(by_file.values())
        yield say.wrong(
            f"{label}在材料中不一致：{'、'.join(d.isoformat() for d, _ in pieces)}。", [f.evidence for _, f in pieces]
        )
    elif ends and not over:
        yield say.fine(f"{label}在有效期内。", [f.evidence for _, f in ends[:2]])


def dates(context: Context, say: Say) -> Iterator[Finding]:
    """Freeze ≤ tests ≤ report ≤ signature ≤ form; dated work of the appendix lies before the report."""
    problems = 0
    order = [
        ("date.training_end", "训练截止"), ("date.model_freeze", "版本冻结"), ("date.assessment_end", "评估结束"),
        ("date.report", "报告日期"), ("date.form", "填报日期"),
    ]  # fmt: skip
    known: list[tuple[str, date, Fact]] = []
    for name, label in order:
        found = _dated(context, name, "report") or _dated(context, name)
        if found:
            known.append((label, *max(found, key=lambda pair: pair[0])))
    for (label, day, fact), (next_label, next_day, next_fact) in itertools.pairwise(known):
        if day > next_day and not _coarse(fact, next_fact):
            problems += 1
            yield say.wrong(
                f"{label}（{day.isoformat()}）晚于{next_label}（{next_day.isoformat()}）。",
                [fact.evidence, next_fact.evidence],
            )
    # A report without a date of its own is as old as the last signature under it.
    signed = _dated(context, "date.report", "report") or _dated(context, "date.signature", "report")
    if signed:
        day, fact = max(signed, key=lambda pair: pair[0])
        problems += yield from _later_work(context, say, day)
        problems += yield from _later_tests(context, say, day, fact.evidence)
    if known and not problems:
        yield say.fine("各日期先后顺序合理。", [f.evidence for _, _, f in known[:3]])


def order(context: Context, say: Say) -> Iterator[Finding]:
    """No date of `earlier` lies after the latest of `later` in the same role of document."""
    first, then = (_dated(context, say.params[k], "report", "evidence", "form") for k in ("earlier", "later"))
    if not first or not then:
        return
    last_day, last = max(then, key=lambda pair: pair[0])
    late = [(d, f) for d, f in first if d > last_day and not _coarse(f, last)]
    if late:
        day, fact = max(late, key=lambda pair: pair[0])
        earlier, later = say.params["labels"]
        yield say.wrong(
            f"{earlier}（{day.isoformat()}）晚于{later}（{last_day.isoformat()}）。",
            [fact.evidence, last.evidence],
            confidence=0.8,
        )


def _coarse(a: Fact, b: Fact) -> bool:
    return len(str(a.value)) == 7 or len(str(b.value)) == 7


def _later_work(context: Context, say: Say, report: date) -> Generator[Finding, None, int]:
    late: list[Evidence] = []
    for table in context.extraction.tables:
        if table.kind != "dates_log" or table.role != "report":
            continue
        for i in table.rows:
            try:
                day = date.fromisoformat(table.cell(i, "date").strip().replace("/", "-").replace(".", "-")[:10])
            except ValueError:
                continue
            if day > report:
                late.append(
                    Evidence.at(table.file, table.table.row_places[i], table.cell(i, "date").strip(), "晚于报告日期")
                )
    if late:
        yield say.wrong(f"报告日期为{report.isoformat()}，评估作业记录却有{len(late)}项在此之后。", late[:4])
    return len(late)


def _later_tests(context: Context, say: Say, report: date, stated: Evidence) -> Generator[Finding, None, int]:
    """Test dates in the question banks that lie after the report; rows added by a later update are few."""
    count = 0
    for bank in context.extraction.banks:
        if bank.kind not in ("generated", "refuse", "answer") or "date" not in bank.columns:
            continue
        late = [r for r in bank.rows if _iso(r.cells.get("date", "")) > report.isoformat()]
        if len(late) > max(5, 0.2 * len(bank.rows)):
            count += 1
            yield say.wrong(
                f"报告日期为{report.isoformat()}，题库“{bank.sheet}”有{show(len(late))}题的测试日期在此之后。",
                [row_evidence(bank, late[0], "date"), stated],
            )
    return count


def _iso(text: str) -> str:
    """The day of a cell as ISO text, "" where it holds no whole date."""
    found = find_dates(fold(text))
    return found[0].iso if found and len(found[0].iso) == 10 else ""


def duration(context: Context, say: Say) -> Iterator[Finding]:
    """The duration of `fact` (days) is at least `min_days`."""
    least = say.params["min_days"]
    facts = context.extraction.named(say.params["fact"])
    short = [f for f in facts if float(f.value) < least]
    label = say.params.get("label", "保存期限")
    for fact in short[:2]:
        yield say.wrong(f"{label}为{value_text(fact)}，少于要求的{show(least)}天（六个月）。", [fact.evidence])
    if facts and not short:
        yield say.fine(f"{label}达到要求。", [f.evidence for f in facts[:2]])


_STATED = {
    "keywords": "re:(?:关键词|词库|敏感词|拦截词|词条)[^.;\\n]{0,40}(?:每周|每日|每天|每个?工作日|周更|实时)[^.;\\n]{0,10}(?:更新|维护|增补)?|每(?:周|日|天)[^.;\\n]{0,12}更新[^.;\\n]{0,12}(?:关键词|词库)",
    "questions": "re:(?:题库|题集|测试题|评测集)[^.;\\n]{0,40}(?:每月|每周|月度|按月|每半月)|(?:每月|月度)[^.;\\n]{0,12}更新[^.;\\n]{0,12}(?:题库|题集|测试题)",
}  # fmt: skip


def cadence(context: Context, say: Say) -> Iterator[Finding]:
    """The newest update of a list is not older than a few times its period (`days`) on the day of filing."""
    bank, days = say.params["bank"], int(say.params["days"])
    name = "keywords.update_date" if bank == "keywords" else "questions.update_date"
    role = "keywords" if bank == "keywords" else "questions"
    found = _dated(context, name, last=True)
    label = "关键词库" if bank == "keywords" else "测试题库"
    told = _last_told(context, role)
    if told and (not found or told[0] > max(d for d, _ in found)):
        age = (context.filed_on - told[0]).days
        if age > days * int(say.params.get("slack", 4)) + 14:
            yield say.wrong(
                f"材料写明{label}上一次更新是在{told[0]:%Y-%m}，距申报已约{age // 30}个月，未做到{_period(days)}更新。",
                [told[1]],
                confidence=0.85,
            )
            return
    if not found:
        spoken = [evidence(h) for r in context.reading("report", "form", "other") for h in r.find(_STATED[role])]
        if not spoken:
            yield say.unclear(f"没有找到{label}的更新记录，需要人工核对更新频率。")
        return
    stated = [(d, f) for d, f in found if f.role != role]
    newest, fact = max(found, key=lambda p: p[0])
    if stated and max(d for d, _ in stated) < newest - timedelta(days=days * 8):
        newest, fact = max(stated, key=lambda p: p[0])
    age = (context.filed_on - newest).days
    if age > days * int(say.params.get("slack", 4)) + 14:
        yield say.wrong(
            f"{label}最近一次更新为{newest.isoformat()}，距申报已{age}天，未做到{_period(days)}更新。", [fact.evidence]
        )
    else:
        yield say.fine(f"{label}最近一次更新为{newest.isoformat()}。", [fact.evidence])


_LISTS_SAID = {
    "keywords": "关键词|词库|敏感词|拦截词|违禁词|屏蔽词|词表|词单|词条",
    "questions": "题库|题集|测试题|评测集|评测题",
}
_LAST = (
    r"(?:上一?[次回]|最近一?[次回]|最后一?[次回]|上[次回])[^.;\n]{0,8}?"
    r"(?:(?P<y>20\d\d)年|(?P<this>今年|本年|当年)|(?P<before>去年|上年))?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?:(?P<d>\d{1,2})[日号])?"
)


def _last_told(context: Context, role: str) -> tuple[date, Evidence] | None:
    """The day a document gives for the last update of a list in words ("上一次是今年3月加的"): the latest day it can mean."""
    about = re.compile(_LISTS_SAID[role])
    told: list[tuple[date, Evidence]] = []
    for reading in context.reading("report", "form", "other", "evidence"):
        for hit in reading.find(f"re:{_LAST}"):
            sentence = hit.passage.key[slice(*sentence_span(hit.passage.key, hit.start, hit.end))]
            match = re.search(_LAST, hit.passage.key[hit.start : hit.end])
            month = match and (int(match["m"]) if match["m"].isdigit() else chinese_value(match["m"]))
            if (
                not match
                or not month
                or not 1 <= month <= 12
                or not about.search(sentence)
                or not _UPDATED.search(sentence)
            ):
                continue
            this = context.filed_on.year
            year = int(match["y"]) if match["y"] else this - 1 if match["before"] else this
            first = date(year, int(month), 1)
            if not match["y"] and not match["this"] and first > context.filed_on:
                first = first.replace(year=year - 1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            told.append((min(last, context.filed_on) if first <= context.filed_on else last, evidence(hit)))
    return max(told, key=lambda pair: pair[0], default=None)


_UPDATED = re.compile("更新|更换|维护|增补|补充|新增|加|添|改|调整|整理")


def _period(days: int) -> str:
    return "每周" if days == 7 else "每月" if days in (30, 31) else f"每{days}天"
