"""What a model is shown and asked: how few questions, what is marked, and how its figures are worked out."""

import json
import re
from typing import Any

import pytest

from assist_review.check import figures, reading
from assist_review.check.ask import look_again, plan
from assist_review.check.context import Context
from assist_review.check.reading import Known, describe
from assist_review.check.sight import Sight
from assist_review.extract.asked import questions as fact_questions
from assist_review.filing import TextOrigin
from assist_review.llm.prompts import load
from assist_review.review import Origin, Revision
from filings import context, document, fact
from test_ask import COMPLAINT, LABEL, UNFAIR, asked, finding, looks, model, only, problem, seen

PLEDGE = ["# 承诺书", "我单位承诺所提交的材料真实、准确。", "法定代表人（签字）："]


def readings(where: Context, findings: Any = (), window: int = 131072) -> list[Any]:
    return [q for q in plan(where, findings, load(), window) if q.stage == "reading"]


def known(question: Any) -> str:
    return str(question.values["known"])


def test_one_question_holds_every_requirement_of_a_document_that_fits() -> None:
    tasks = [q.values["task"] for q in readings(seen())]
    assert len([t for t in tasks if t.startswith("通读《安全自评估报告》，")]) == 1
    open_ones = [finding(r, "unclear") for r in ("CMP-01", "LBL-01", "SVC-02", "PI-02", "LAB-06")]
    (one,) = [q for q in plan(seen(), open_ones, load(), 131072) if q.stage == "ask"]
    assert {"CMP-01", "SVC-02", "PI-02"} <= set(one.about)
    assert LABEL in one.values["passages"]
    assert COMPLAINT in one.values["passages"]
    assert "全文" in one.values["passages"].splitlines()[0]


def test_an_answer_has_room_for_every_judgement_asked() -> None:
    where = seen()
    many = [finding(r.id, "unclear") for r in where.pack.requirements]
    asked_ones = [q for q in plan(where, many, load(), 131072) if q.stage == "ask"]
    assert len(asked_ones) > 2
    assert all(len(q.about) * 300 <= q.max_tokens <= 8000 for q in asked_ones)


def test_a_pledge_is_not_held_against_what_it_does_not_speak_of() -> None:
    where = context(document("report", "# 一、概述", LABEL), document("commitment", *PLEDGE, file="c.docx"))
    (pledge,) = [q for q in readings(where) if q.values["task"].startswith("通读《承诺书》")] or [None]
    listed = pledge.about if pledge else ()
    assert len(listed) < 8
    assert not any(r.startswith("XBD") for r in listed)


def test_codes_without_a_meaning_are_not_shown() -> None:
    pack = seen().pack
    told = "\n".join(describe(r, pack, full=True) for r in pack.requirements)
    assert "缺陷代码" not in told
    assert not re.search(r"（[A-Z]\d{2}", told)


def test_facts_beside_a_text_are_those_it_does_not_say_and_a_cut_list_says_so() -> None:
    same = fact("corpus.sample.size", 4200, "条")
    seven = fact("complaint.days", 7, "工作日", role="report", file="报告.docx")
    fifteen = fact("complaint.days", 15, "工作日", role="agreement", file="协议.docx")
    counted = fact("keywords.total", 10412, "条", counted=True)
    more = [fact(f"bank{n}.total", n, counted=True) for n in range(60)]
    where = seen()
    where = context(*where.filing.documents, facts=[same, seven, fifteen, counted, *more])
    told = known(readings(where)[0])
    assert "7工作日（《安全自评估报告》）" in told
    assert "15工作日（《服务协议》）" in told
    assert "10412条（程序在清单中数出）" in told
    assert "4200" not in told
    assert "只列出62项中的前40项" in told


def test_an_unclear_rule_is_not_told_as_a_problem_found() -> None:
    given = [finding("SVC-05", "unclear"), finding("CMP-01", "non_compliant")]
    told = "\n".join(known(q) for q in readings(seen(), given))
    assert "SVC-05 未定：" in told
    assert "CMP-01 不符合：" in told
    assert "“未定”不是已经发现的问题" in load()["read"].system


def test_a_table_cut_for_room_says_so() -> None:
    rows = [["序号", "内容"], *([str(n), f"内容{n}"] for n in range(100))]
    sight = Sight(context(document("report", "概述", rows)))
    shown = sight.show(sight.lines("report.docx"))
    assert "（本表共101行，只列出前60行）" in shown
    assert "内容70" not in shown


def test_a_document_read_in_parts_says_so() -> None:
    long = [f"第{n}条 用户应当遵守约定，违反的由其承担责任，平台可以暂停服务。" for n in range(1200)]
    tasks = [q.values["task"] for q in readings(context(document("agreement", *long)), window=26000)]
    assert any("部分中的第2部分" in t for t in tasks)


def scanned(where: Context) -> Context:
    page = document("authorisation", "# 授权书", "授权期限至2025年4月30日。", "授权人（签字）：", file="授权.pdf")
    blocks = tuple(b.model_copy(update={"origin": TextOrigin.OCR}) for b in page.blocks)
    return context(*where.filing.documents, page.model_copy(update={"blocks": blocks}))


def test_scanned_passages_are_marked_and_explained() -> None:
    where = scanned(seen())
    shown = "\n".join(q.values["documents"] for q in readings(where))
    assert "[U3]（扫描识别） 授权人（签字）：" in shown
    assert f"[A2] {COMPLAINT}" in shown
    assert all("扫描识别" in load()[name].system for name in ("ask", "read", "look", "facts", "recheck"))
    bare = where.extraction.__class__(facts=(), banks=(), tables=())
    scan = where.filing.documents[-1].model_copy(update={"role": "form"})
    (question, _), *_ = fact_questions([scan.model_copy(update={"blocks": (
        scan.blocks[1].model_copy(update={"text": "申请单位全称：某某公司。法定代表人姓名见下。"}),)})], bare, {}, load(), 65536)  # fmt: skip
    assert "（扫描识别）" in question.values["passages"]


@pytest.mark.parametrize(("statement", "verdict"), [("授权人没有签字", "unclear"), ("授权已经期满", "non_compliant")])
def test_a_signature_nobody_could_read_is_for_a_person(statement: str, verdict: str) -> None:
    quote = ("授权人（签字）：", "U3") if "签字" in statement else ("授权期限至2025年4月30日", "U2")
    answers = {"problems": problem(*quote, requirement="SRC-09", statement=statement), "looks": looks("yes")}
    assert only(asked(scanned(seen()), [], answers, window=131072), "SRC-09").verdict == verdict


def fitting(holds: str, fits: str) -> Any:
    return lambda request: [{**each, "fits": fits} for each in looks(holds)(request)]


def test_a_real_problem_under_the_wrong_requirement_becomes_open_reading_under_the_nearest() -> None:
    ruled = finding("SVC-04", "compliant")
    words = "合成内容没有在起始、末尾或者中间添加语音提示，音频内容没有提示标识"
    given = problem("一切责任均由用户承担", "A3", requirement="SVC-04", statement=words)
    result = asked(seen(), [ruled], {"problems": given, "looks": fitting("yes", "no")})
    assert only(result, "SVC-04") == ruled
    (found,) = [f for f in result.findings if f.origin.kind == "llm"]
    assert (found.requirement, found.verdict, found.open_reading) == ("LBL-03", "non_compliant", True)
    assert found.severity != "fatal"


def test_another_place_of_a_requirement_that_a_rule_failed_is_told_too() -> None:
    ruled = finding("SVC-05", "non_compliant", quote=COMPLAINT)
    answers = {"problems": problem("一切责任均由用户承担", "A3"), "looks": looks("yes")}
    found = only(asked(seen(), [ruled], answers), "SVC-05")
    assert found.statement == "规则的话。另外：责任全部推给用户。"
    doubted = asked(seen(), [ruled], {**answers, "looks": looks("no")})
    assert [f.verdict for f in doubted.findings if f.requirement == "SVC-05"] == ["non_compliant", "unclear"]


SOURCES = "文本语料合计148.6万条，其中开源36.2万条，自采58.7万条，商业45.1万条。"


@pytest.mark.parametrize(
    ("formula", "stated", "quote", "state"),
    [
        ("36.2万+58.7万+45.1万", "148.6万", SOURCES, "differs"),
        ("36.2万+58.7万+45.1万", "140.0万", SOURCES + "共140.0万条", "agrees"),
        ("36.2万＋58.7万＋45.1万", "140.1万", SOURCES + "共140.1万条", "agrees"),  # within the rounding
        ("322/340", "95.3%", "抽取340题，拒答322题，拒答率95.3%", "differs"),
        ("322/340", "94.71%", "抽取340题，拒答322题，拒答率94.71%", "agrees"),
        ("322/341", "94.71%", "抽取340题，拒答322题，拒答率94.71%", "open"),  # 341 stands nowhere
        ("约8万+2", "8万", "约8万条，另有2条", "open"),
        ("__import__('os')", "1", "1", "open"),
        ("", "", SOURCES, "open"),
    ],
)
def test_a_stated_sum_or_rate_is_worked_out_by_us(formula: str, stated: str, quote: str, state: str) -> None:
    assert figures.worked_out(formula, stated, [quote]).state == state


@pytest.mark.parametrize(
    ("formula", "stated", "verdict"),
    [("36.2万+58.7万+45.1万", "148.6万", "non_compliant"), ("", "", "unclear"), ("36.2万+1", "148.6万", "unclear")],
)
def test_a_number_stands_only_when_we_worked_it_out(formula: str, stated: str, verdict: str) -> None:
    where = context(document("form", "# 语料", SOURCES, file="表.docx"))
    given = problem(SOURCES, "F2", requirement="SUB-13", kind="number", formula=formula, stated=stated)
    found = only(asked(where, [], {"problems": given, "looks": looks("yes")}), "SUB-13")
    assert found.verdict == verdict
    assert [c.result for c in found.computations] == ([1400000] if verdict == "non_compliant" else [])


def test_a_number_that_comes_out_right_is_no_problem() -> None:
    where = context(document("form", "# 语料", SOURCES.replace("148.6", "140.0"), file="表.docx"))
    given = problem("合计140.0万条，其中开源36.2万条，自采58.7万条，商业45.1万条", "F2", requirement="SUB-13", kind="number", formula="36.2万+58.7万+45.1万", stated="140.0万")  # fmt: skip
    result = asked(where, [], {"problems": given, "looks": looks("yes")})
    assert not result.findings
    assert result.tally.overruled == 1


def test_a_second_look_at_a_draft_sees_the_words_and_the_blanks() -> None:
    after = "我们在【待补：天数】个工作日内反馈处理结果。"
    revision = Revision(kind="replace", file="协议.docx", before=COMPLAINT, after=after, origin=Origin(kind="llm"))
    found = finding("CMP-01", "non_compliant", quote=COMPLAINT).model_copy(
        update={"id": "x" * 12, "origin": Origin(kind="llm", name="read"), "revision": revision}
    )
    where = context(document("agreement", "# 投诉", after, UNFAIR, file="协议.docx"))
    desk, scripted = model({"looks": looks("no")})
    assert look_again(where, [found], load(), desk) == {"x" * 12: False}
    asked_of = scripted.asked[-1]
    assert f"“{COMPLAINT}”" in asked_of.user
    assert asked_of.user.count(after) == 2  # as drafted, and where it stands now
    assert "【待补：…】是留给申请单位如实填写的空白，不是草稿的缺陷" in asked_of.system


def test_the_longest_document_comes_first_so_that_questions_share_a_beginning() -> None:
    where = seen()
    shared = Known(where.pack.requirements, ())
    texts = [q.user for q in reading.plan(Sight(where), shared, load()["read"], 131072)]
    report = [t for t in texts if "《安全自评估报告》\n<<<" in t]
    assert len(report) > 1
    assert len({t[: t.index(LABEL)] for t in report}) == 1
    assert json.dumps(texts) == json.dumps([q.user for q in reading.plan(Sight(where), shared, load()["read"], 131072)])
