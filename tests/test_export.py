"""What every export promises: nothing lost, nothing leaked, nothing executed."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docx import Document
from openpyxl import load_workbook

from assist_review.errors import ExportError
from assist_review.export import EXPORTERS, export, html
from assist_review.export import json as review_json
from assist_review.export.view import View, clean, formula, number, place
from assist_review.export.words import WORDS, say, step
from assist_review.filing import Role, ServiceProfile
from assist_review.review import DIMENSIONS, Computation, Decision, Evidence, Finding, Review
from export_sample import BANK, HOSTILE, SCRIPT, SECRET, pack, review

SCHEMA = Path(__file__).parents[1] / "docs" / "review.schema.json"


class _Page(HTMLParser):
    """Collects ids, attributes and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._skip = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self._skip += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.text += data


@pytest.fixture(scope="module")
def sample() -> Review:
    return review()


@pytest.fixture(scope="module")
def pages(sample: Review) -> dict[str, str]:
    return {
        "reviewer": html.render(sample, pack(), "reviewer"),
        "applicant": html.render(sample, pack(), "applicant"),
        "english": html.render(sample, pack(), "reviewer", "en"),
    }


def _docx_text(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("audience", ["applicant", "reviewer"])
def test_every_exporter_writes_a_file_with_its_content(
    name: str, audience: Any, sample: Review, tmp_path: Path
) -> None:
    path = EXPORTERS[name](sample, pack(), tmp_path, audience=audience)
    assert path.parent == tmp_path
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_takes_a_review_with_nothing_in_it(name: str, sample: Review, tmp_path: Path) -> None:
    conclusion = sample.conclusion.model_copy(
        update={"matrix": (), "counts_table": (), "dimensions": {}, "reasons": ()}
    )
    filing = sample.filing.model_copy(update={"files": (), "reasons": {}, "service": ServiceProfile()})
    empty = {"findings": (), "facts": (), "failures": (), "decisions": (), "conclusion": conclusion, "filing": filing}
    assert EXPORTERS[name](sample.model_copy(update=empty), pack(), tmp_path, audience="reviewer").is_file()


def test_an_unknown_format_is_refused(sample: Review, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="html"):
        export(sample, pack(), tmp_path, "pptx")


def test_a_folder_that_cannot_be_made_is_reported(sample: Review, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="无法写入"):
        export(sample, pack(), tmp_path / "file" / "out", "json")


# review.json


def test_review_json_reads_back_the_same_with_its_schema_first(sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, "json")
    assert review_json.read(path) == sample
    assert path.read_text(encoding="utf-8").startswith('{\n "schema": "assist-review/1",\n "filing"')
    assert review_json.dumps(review_json.read(path)) == path.read_text(encoding="utf-8")


def test_reading_something_else_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"schema": "assist-review/1"}')
    with pytest.raises(ExportError, match=r"other\.json"):
        review_json.read(path)
    with pytest.raises(ExportError, match="读不到"):
        review_json.read(tmp_path / "none.json")


def test_the_schema_accepts_a_review_and_refuses_a_wrong_verdict(sample: Review) -> None:
    schema = review_json.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    body = json.loads(review_json.dumps(sample))
    jsonschema.validate(body, schema)
    body["findings"][0]["verdict"] = "perhaps"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, schema)


def test_the_published_schema_is_that_of_the_model() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == review_json.schema()


# review.html


@pytest.mark.parametrize("name", ["reviewer", "applicant", "english"])
def test_the_page_holds_every_finding_once(name: str, pages: dict[str, str], sample: Review) -> None:
    ids = [i for i in _Page(pages[name]).ids if i.startswith("f-")]
    assert sorted(ids) == sorted(f"f-{f.id}" for f in sample.findings)


@pytest.mark.parametrize("name", ["reviewer", "applicant", "english"])
def test_the_page_needs_nothing_from_outside(name: str, pages: dict[str, str]) -> None:
    page = _Page(pages[name])
    links = [v for _, attrs in page.tags for k, v in attrs.items() if k in ("src", "href", "srcset", "action") and v]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"url\(|@import|https?://", pages[name])


@pytest.mark.parametrize("name", ["reviewer", "applicant", "english"])
def test_every_link_inside_the_page_has_its_target(name: str, pages: dict[str, str]) -> None:
    page = _Page(pages[name])
    targets = {str(a["href"])[1:] for t, a in page.tags if t == "a" and a.get("href")}
    assert targets <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_text_of_the_filing_is_shown_never_executed(pages: dict[str, str]) -> None:
    page = _Page(pages["reviewer"])
    scripts = [attrs for tag, attrs in page.tags if tag == "script"]
    assert [attrs.get("type") for attrs in scripts] == ["application/json", None]
    assert SCRIPT not in pages["reviewer"]
    assert SCRIPT in page.text
    assert not any(tag == "img" for tag, _ in page.tags)
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)


def test_only_the_script_of_the_page_may_run(pages: dict[str, str]) -> None:
    script = pages["reviewer"].rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in pages["reviewer"]


def test_marks_that_turn_the_reading_direction_are_made_visible(pages: dict[str, str]) -> None:
    assert "\u202e" in HOSTILE
    assert "\u202e" not in pages["reviewer"]
    assert "[U+202E]" in pages["reviewer"]


def test_entries_of_lists_are_folded_for_reviewers_and_absent_for_applicants(pages: dict[str, str]) -> None:
    shown = re.findall(r"[^\n]*" + SECRET + r"[^\n]*", pages["reviewer"])
    assert len(shown) == 1
    assert '<details class="secret">' in shown[0]
    assert SECRET not in pages["applicant"]
    assert "不宜公开的测试题" not in pages["applicant"]


def test_a_risk_name_is_not_taken_for_an_entry(sample: Review) -> None:
    statement = next(i.statement for i in View(sample, pack()).items if i.finding.id == "n05")
    assert "宣扬恐怖主义、极端主义" in statement
    assert "词条略" in statement


def test_applicants_are_never_told_that_the_filing_will_pass(pages: dict[str, str], sample: Review) -> None:
    ready = sample.conclusion.model_copy(update={"grade": "ready"})
    page = _Page(html.render(sample.model_copy(update={"conclusion": ready}), pack(), "applicant")).text
    assert "建议通过" not in page
    assert say("ui.no_promise") in page
    assert say("ui.no_promise") not in _Page(pages["reviewer"]).text


def test_applicants_read_what_to_do_before_the_evidence(pages: dict[str, str]) -> None:
    card = pages["applicant"].partition('id="f-n01"')[2]
    assert card.index('data-t="ui.todo"') < card.index('data-t="ui.evidence"')
    card = pages["reviewer"].partition('id="f-n01"')[2]
    assert card.index('data-t="ui.todo"') > card.index('data-t="ui.evidence"')


def test_the_english_page_has_english_words_and_chinese_findings(pages: dict[str, str]) -> None:
    spans = re.findall(r'<span data-t="[^"]+"[^>]*>([^<]*)</span>', pages["english"])
    assert len(spans) > 500
    # Names of sheets stay, and the route keeps its Chinese name beside the English one.
    assert not [s for s in spans if re.search(r"[\u4e00-\u9fff]", s) and "sheet" not in s and "备案" not in s]
    assert "人工抽检合格率写为96.65%" in pages["english"]


def test_everything_is_visible_without_a_script(pages: dict[str, str]) -> None:
    closed = [a for t, a in _Page(pages["reviewer"]).tags if t == "details" and "open" not in a]
    assert {(a.get("class") or "none").split()[0] for a in closed} == {"secret"}


def test_gaps_are_told_at_the_top(pages: dict[str, str]) -> None:
    text = _Page(pages["reviewer"]).text
    assert "2 项要求未能判断，2 处内容未能读取" in text
    assert "压缩包需要密码" in text
    assert "隐藏文字 2 处" in text


def test_a_pack_without_the_requirement_still_gives_a_page(sample: Review) -> None:
    bare = pack().model_copy(update={"requirements": (), "profiles": ()})
    assert "f-n01" in _Page(html.render(sample, bare)).ids


# opinion.docx and notice.docx


def test_the_notice_lists_standing_problems_and_nothing_else(sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, "notice")
    items = next(t for t in Document(str(path)).tables if t.rows[0].cells[0].text == "序号")
    rows = [[c.text for c in row.cells] for row in items.rows[1:]]
    problems = [r[2] for r in rows]
    assert [r[0] for r in rows] == [str(n) for n in range(1, 12)]
    assert any("95.65%" in p for p in problems)
    assert not any("需人工核对" in p for p in problems)  # unclear
    assert not any("同一人承担" in p for p in problems)  # dismissed
    nature = {r[2][:6]: r[6] for r in rows}
    assert nature["人工抽检合格"] == "必须"
    assert nature["服务协议没有"] == "建议"
    assert nature["投诉处理没有"] == "建议"  # a person lowered it to minor
    assert "待核对" in nature["隐私条款没有"]
    assert len(items.rows[0].cells) == 7


def test_the_opinion_has_its_eight_parts(sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, "opinion")
    heads = [p.text for p in Document(str(path)).paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert [h[0] for h in heads] == list("一二三四五六七八")
    text = _docx_text(path)
    assert "3,826 ÷ 4,000 × 100 = 95.65%" in text
    assert "无，需补" in text
    assert "基本符合" in text
    assert "☑ 退回" in text


@pytest.mark.parametrize("name", ["opinion", "notice"])
def test_papers_are_drafts_without_entries_of_lists(name: str, sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, name)
    document = Document(str(path))
    assert "草稿" in document.sections[0].header.paragraphs[0].text
    assert SECRET not in _docx_text(path)
    assert document.core_properties.author == ""


@pytest.mark.parametrize("name", ["opinion", "notice"])
def test_tables_of_papers_fit_the_page_and_repeat_their_heads(name: str, sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, name)
    document = Document(str(path))
    section = document.sections[0]
    assert None not in (section.page_width, section.left_margin, section.right_margin)
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    for table in document.tables:
        assert sum(int(c.width or 0) for c in table.columns) <= room + 10_000
    repeated = [t for t in document.tables if "w:tblHeader" in t.rows[0]._tr.xml]
    assert repeated


# findings.xlsx


def test_the_workbook_has_its_sheets_with_frozen_heads_and_filters(sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, "xlsx")
    book = load_workbook(path)
    assert book.sheetnames == ["结论", "问题清单", "全部要求", "计数与核算", "一致性", "事实", "文件"]
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in book)
    assert book["文件"].max_row == 1 + len(sample.filing.files)
    assert book["事实"].max_row == 1 + len(sample.facts)


def test_text_that_looks_like_a_formula_stays_text(sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, "xlsx")
    cells = [c for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    hostile = [c for c in cells if isinstance(c.value, str) and c.value.startswith("=1+1")]
    assert hostile
    assert all(c.quotePrefix for c in hostile)


def test_the_workbook_leaves_entries_of_lists_out(sample: Review, tmp_path: Path) -> None:
    (path,) = export(sample, pack(), tmp_path, "xlsx")
    cells = [str(c.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if SECRET in c or "不宜公开" in c]
    assert [c for c in cells if "关键词" in c and "B17" in c]


# What they share


def test_a_decision_decides_where_a_finding_stands(sample: Review) -> None:
    groups = {i.finding.id: i.group for i in View(sample, pack()).items}
    assert (groups["n12"], groups["n10"], groups["n09"]) == ("dismissed", "minor", "minor")


def test_an_amendment_that_does_not_fit_is_reported(sample: Review) -> None:
    wrong = sample.decisions[0].model_copy(update={"action": "amend", "amended": {"severity": "terrible"}})
    broken = sample.model_copy(update={"decisions": (wrong,)})
    with pytest.raises(ExportError, match=wrong.finding):
        _ = View(broken, pack()).items


def test_the_last_decision_counts(sample: Review) -> None:
    again = Decision(finding="n12", action="confirm", author="审查员乙", at=sample.decisions[0].at)
    view = View(sample.model_copy(update={"decisions": (*sample.decisions, again)}), pack())
    assert next(i.group for i in view.items if i.finding.id == "n12") == "major"


def test_problems_are_numbered_without_gaps_fatal_first(sample: Review) -> None:
    items = View(sample, pack()).of("fatal", "major", "minor")
    assert [i.number for i in items] == list(range(1, len(items) + 1))
    assert [i.group for i in items] == sorted((i.group for i in items), key=["fatal", "major", "minor"].index)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4000, "4,000"),
        (95.65, "95.65"),
        (96.0, "96"),
        (0.1 + 0.2, "0.3"),
        (None, "—"),
        (1e8, "100,000,000"),
        ("V1", "V1"),
        (100, "100"),
    ],
    ids=["thousands", "decimals", "whole-float", "noise", "none", "large", "text", "zeros-kept"],
)
def test_numbers_are_written_as_people_write_them(value: float | str | None, text: str) -> None:
    assert number(value) == text


def test_a_formula_is_shown_with_its_numbers() -> None:
    c = Computation(label="差", formula="(a - b) / a * 100", inputs={"a": 8.1, "b": 7.62}, result=5.93, unit="%")
    assert formula(c) == "(8.1 − 7.62) ÷ 8.1 × 100 = 5.93%"


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        (Evidence(file="a", page=3, table=2, row=5), "第3页 · 表2 · 第5行"),
        (Evidence(file=BANK, sheet="题库", cell="B7"), "工作表“题库” · B7"),
        (Evidence(file="a"), ""),
    ],
    ids=["pdf-table", "sheet-cell", "whole-file"],
)
def test_places_are_said_in_words(evidence: Evidence, text: str) -> None:
    assert place(evidence) == text


def test_control_characters_never_reach_a_file() -> None:
    assert clean("a\x00b\x1f\u202ec\ud800") == "ab[U+202E]c"


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("SUB-03", "subject"),
        ("SUB-13", "completeness"),
        ("SRC-01", "corpus"),
        ("KEY-01", "counts"),
        ("ZZZ-01", "other"),
    ],
    ids=["special-row", "theme", "corpus", "counts", "unknown-theme"],
)
def test_a_requirement_has_its_place_in_the_reading_order(requirement: str, name: str) -> None:
    assert step(requirement) == name


def test_every_word_a_noun_can_ask_for_exists() -> None:
    verdicts = Finding.model_fields["verdict"].annotation
    families: dict[str, Callable[[], list[str]]] = {
        "role": lambda: list(Role),
        "dimension": lambda: list(DIMENSIONS),
        "verdict": lambda: list(getattr(verdicts, "__args__", ())),
        "service": lambda: list(ServiceProfile.model_fields),
    }
    assert not [f"{f}.{name}" for f, names in families.items() for name in names() if f"{f}.{name}" not in WORDS]


def test_both_languages_have_the_same_placeholders() -> None:
    assert not [k for k, (zh, en) in WORDS.items() if set(re.findall(r"{\w+}", zh)) != set(re.findall(r"{\w+}", en))]
