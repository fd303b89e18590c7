"""A review in a notebook and on a console, the library door, and the example notebook."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assist_review import read_review, review_package, save_review
from assist_review.errors import AssistReviewError, SettingsError
from assist_review.export.notebook import card
from assist_review.review import NEGATIVE, Failure, Review
from export_sample import HOSTILE, SCRIPT, SECRET
from export_sample import review as sample_review

NOTEBOOK = Path(__file__).parents[1] / "docs" / "review.ipynb"
PACKAGE = Path(__file__).parents[1] / "eval" / "cases" / "dev1-danyu-dialogue" / "package"
_VOID = {"br"}


class Read(HTMLParser):
    """The elements and the text of a page, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


@pytest.fixture
def review() -> Review:
    return sample_review()


def test_the_card_tells_grade_counts_and_every_problem(review: Review) -> None:
    page = Read(card(review))
    assert page.open == []
    dismissed = {d.finding for d in review.decisions if d.action == "dismiss"}
    standing = [f for f in review.findings if f.verdict in NEGATIVE and f.id not in dismissed]
    assert len(page.rows) - 1 == len(standing)
    assert {f.requirement for f in standing} == {
        f.requirement for f in standing if any(f.requirement in row[1] for row in page.rows)
    }
    order = [row[0] for row in page.rows[1:]]
    assert order == sorted(order, key=["致命", "重要", "一般"].index)
    assert {"退回": "return", "补正后再审": "supplement"}["退回"] == review.conclusion.grade
    assert "退回" in page.text


def test_each_row_has_its_place_and_its_clause(review: Review) -> None:
    found = next(f for f in review.problems if f.citations and any(e.page for e in f.evidence))
    row = next(r for r in Read(card(review)).rows if found.requirement in r[1] and found.statement[:8] in r[1])
    evidence = next(e for e in found.evidence if e.page)
    assert evidence.where in row[2]
    assert f"第{evidence.page}页" in row[2]
    assert (found.citations[0].label or found.citations[0].clause) in row[3]


def test_text_of_a_filing_stays_text(review: Review) -> None:
    first = review.problems[0]
    hostile = first.model_copy(
        update={"statement": SCRIPT, "evidence": (first.evidence[0].model_copy(update={"file": HOSTILE}),)}
    )
    made = review.model_copy(
        update={
            "findings": (hostile, *review.findings),
            "filing": review.filing.model_copy(update={"name": "</strong><img src=x onerror=alert(1)>"}),
            "facts": (),
        }
    )  # fmt: skip
    page = Read(card(made))
    assert page.open == []
    assert set(page.tags) <= {"div", "p", "strong", "span", "table", "thead", "tbody", "tr", "th", "td", "br"}
    assert page.attributes <= {"style", "lang"}
    assert SCRIPT in page.text
    assert "onerror=alert(1)" in page.text
    assert "\u202e" not in card(made)


def test_entries_of_lists_are_withheld(review: Review) -> None:
    assert SECRET in "".join(e.quote for f in review.findings for e in f.evidence)
    assert SECRET not in card(review)


def test_a_long_list_is_cut_and_says_so(review: Review) -> None:
    many = tuple(review.problems[0].model_copy(update={"id": f"{n:012x}"}) for n in range(75))
    page = Read(card(review.model_copy(update={"findings": many, "decisions": ()})))
    assert len(page.rows) - 1 == 60
    assert "另有 15 项" in page.text


def test_failures_are_told_by_requirement(review: Review) -> None:
    failures = tuple(Failure(requirement=r, stage="ask", reason="x") for r in ("A-01", "A-01", "B-02"))
    assert "2 项要求未能判断" in Read(card(review.model_copy(update={"failures": failures}))).text


def test_a_review_without_problems_says_so(review: Review) -> None:
    good = tuple(f for f in review.findings if f.verdict == "compliant")
    page = Read(card(review.model_copy(update={"findings": good})))
    assert page.rows == []
    assert "未发现须修改的问题" in page.text


def test_the_card_has_no_colour_of_page_or_text_of_its_own(review: Review) -> None:
    styles = re.findall(r'style="([^"]*)"', card(review))
    for style in styles:
        rules = dict(rule.split(":", 1) for rule in style.split(";") if rule)
        if rules.get("background", "transparent") == "transparent":
            assert rules.get("color", "inherit") == "inherit", style
        else:
            assert rules["color"] == "#fff"


def test_the_english_card_has_english_words(review: Review) -> None:
    text = Read(card(review, "en")).text
    for word in ("Return", "Fatal", "Severity", "Problem", "Place", "Basis", "A draft"):
        assert word in text


def test_a_review_prints_as_one_short_line(review: Review) -> None:
    for text in (repr(review), str(review), f"{review}"):
        assert "\n" not in text
        assert len(text) < 160
        assert "致命" in text
        assert str(review.as_of) in text


def test_findings_are_chosen_by_group(review: Review) -> None:
    assert {f.severity for f in review.of("fatal")} == {"fatal"}
    assert all(f.verdict in NEGATIVE for f in review.problems)
    assert len(review.problems) == sum(f.verdict in NEGATIVE for f in review.findings)
    assert {f.verdict for f in review.of("unclear", "compliant")} == {"unclear", "compliant"}
    assert review.of() == ()


def test_helpers_do_not_change_what_is_kept(review: Review) -> None:
    assert set(review.model_dump(by_alias=True)) == {
        "schema", "filing", "pack", "as_of", "generated_at", "manifest", "facts", "findings", "failures", "conclusion", "decisions",
    }  # fmt: skip


def test_a_saved_review_reads_back_the_same(review: Review, tmp_path: Path) -> None:
    files = save_review(review, tmp_path / "out", "json", "html")
    assert [f.suffix for f in files] == [".json", ".html"]
    assert read_review(files[0]) == review
    assert read_review(str(files[0])) == review


@pytest.mark.parametrize(
    ("options", "said"),
    [({"as_of": "2026-13-01"}, "YYYY-MM-DD"), ({"route": "elsewhere"}, "filing"), ({"pack": "no-such"}, "no-such"), ({"model": "x"}, "提供方")],
    ids=["day", "route", "pack", "model"],
)  # fmt: skip
def test_a_wrong_option_says_what_is_right(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(AssistReviewError, match=said):
        review_package(tmp_path, **options)


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        review_package(tmp_path / "nowhere")


# The example notebook


def cells(kind: str) -> list[str]:
    return [
        "".join(c["source"])
        for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        if c["cell_type"] == kind
    ]


def outputs() -> str:
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return json.dumps([c.get("outputs", []) for c in found], ensure_ascii=False)


def test_the_notebook_is_small_was_run_in_order_and_names_no_machine() -> None:
    assert NOTEBOOK.stat().st_size < 300_000
    code = [c for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    assert [c["execution_count"] for c in code] == list(range(1, len(code) + 1))
    assert not re.search(r"/(home|root|tmp|work|Users|var)/|[A-Z]:\\\\|Traceback", outputs())
    assert "_repr_html_" not in outputs()


def test_the_cells_of_the_notebook_run_and_give_what_is_stored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(NOTEBOOK.parent)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    names: dict[str, Any] = {}
    for source in cells("code"):
        exec(compile(source, "review.ipynb", "exec"), names)
    printed = capsys.readouterr().out
    review = names["review"]
    assert isinstance(review, Review)
    assert review.as_of == date(2026, 11, 23)
    assert review.conclusion.grade == "return"
    assert any(f.requirement == "CON-02" and "95.65" in f.statement for f in review.of("fatal"))
    assert names["earlier"].as_of < review.as_of
    assert names["again"] == review
    assert names["changed"].flips
    assert all(path.stat().st_size for path in names["files"])
    assert str(review) in printed
    assert str(review) in outputs(), "the stored outputs are old: python benchmarks/run_notebook.py docs/review.ipynb"
