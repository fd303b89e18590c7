"""Change: what differs between two versions, which reviews it touches, which verdicts flip between two days."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist_review import packs
from assist_review.cli import app
from assist_review.filing import ServiceProfile
from assist_review.law import diff
from assist_review.law.flips import flips
from assist_review.law.impact import impact
from assist_review.law.page import difference_page, flips_page
from assist_review.law.parse import parse
from assist_review.law.text import LawText, Line
from assist_review.regulation import Pack, Severity
from assist_review.review import (
    Citation,
    Conclusion,
    Decision,
    Finding,
    Manifest,
    PackStamp,
    Review,
    ReviewedFiling,
    Verdict,
)

ROOT = Path(__file__).resolve().parents[1]
OLD = [
    "茶馆法",
    "第一条　为了规范茶馆，制定本法。",
    "第二条　茶馆每日烧水三次。",
    "第三条　茶壶应当有盖。",
    "第四条　本法自2020年1月1日起施行。",
]
NEW = [
    "茶馆法", "第一条　为了规范茶馆，制定本法。", "第二条　茶客应当付钱。", "第三条　茶馆每日烧水五次。", "第四条　茶壶应当有盖。",
    "第五条　本法自2024年1月1日起施行。",
]  # fmt: skip


def _law(lines: list[str]) -> LawText:
    return parse([Line(text=t) for t in lines])


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load_written(ROOT / "regulations" / "cn-genai")


def _review(pack: Pack, day: date, *findings: Finding, decisions: tuple[Decision, ...] = ()) -> Review:
    return Review(
        schema="assist-review/1", filing=ReviewedFiling(name="茶", files=(), route="filing", service=ServiceProfile()),
        pack=PackStamp(id=pack.id, version=pack.version, sha256=pack.sha256), as_of=day, generated_at=datetime(2026, 1, 1, tzinfo=UTC),
        manifest=Manifest(program="test"), findings=findings, conclusion=Conclusion(grade="ready", dimensions={}, counts={}), decisions=decisions,
    )  # fmt: skip


def _finding(pack: Pack, requirement: str, day: date, verdict: Verdict = "compliant", said: str = "说明") -> Finding:
    clauses = [c for i in pack.requirement(requirement).cites if (c := pack.clause(i)) and c.in_force.holds(day)]  # type: ignore[union-attr]
    return Finding(
        id=f"{requirement}-{day}", requirement=requirement, verdict=verdict, severity=Severity.MAJOR, statement=said,
        citations=tuple(Citation(instrument=c.instrument, clause=c.id, text=c.text, verbatim=False, sha256=c.sha256) for c in clauses),
    )  # fmt: skip


class TestDifference:
    def test_articles_are_paired_by_their_words_though_their_numbers_moved(self) -> None:
        made = diff.texts(_law(OLD), _law(NEW))
        kinds = {(c.kind, c.old, c.new) for c in made.changes}
        assert kinds == {("added", "", "2"), ("changed", "2", "3"), ("moved", "3", "4"), ("changed", "4", "5")}
        assert made.same == 1

    def test_changes_are_shown_word_by_word_with_their_numbers(self) -> None:
        change = next(c for c in diff.texts(_law(OLD), _law(NEW)).changes if c.old == "2")
        assert [(p.op, p.text) for p in change.pieces] == [
            ("same", "茶馆每日烧水"),
            ("removed", "三"),
            ("added", "五"),
            ("same", "次。"),
        ]
        assert (change.figures_removed, change.figures_added) == (("3次",), ("5次",))

    def test_requirements_that_rest_on_a_changed_article_are_named(self, pack: Pack) -> None:
        cited = next(c for r in pack.requirements for c in r.cites if c.startswith("pipl-2021:"))
        number = cited.partition(":")[2].partition(".")[0]
        old = LawText(kind="statute", units=_law(OLD).units[:1])
        unit = old.units[0].model_copy(update={"number": number, "text": "应当甲乙丙丁戊己庚辛。"})
        before, after = (
            old.model_copy(update={"units": (unit,)}),
            old.model_copy(update={"units": (unit.model_copy(update={"text": "应当甲乙丙丁戊己庚辛壬。"}),)}),
        )
        touched = diff.texts(before, after, pack=pack, instrument="pipl-2021").touched
        assert any(cited in t.reason for t in touched)

    def test_two_packs_differ_by_what_was_changed_only(self, pack: Pack) -> None:
        first = pack.requirements[0]
        other = pack.model_copy(
            update={"requirements": (first.model_copy(update={"severity": Severity.MINOR}), *pack.requirements[2:])}
        )
        made = diff.packs(pack, other)
        assert [(c.kind, c.old) for c in made.changes] == [("changed", first.id), ("removed", pack.requirements[1].id)]
        assert "severity" in made.changes[0].fields[0]
        assert [t.requirement for t in made.touched] == [first.id]

    def test_the_page_escapes_what_it_shows(self) -> None:
        new = [line.replace("茶客", "<script>茶客") for line in NEW]
        page = difference_page(diff.texts(_law(OLD), _law(new)))
        assert "<script>" not in page
        assert "<del>三</del><ins>五</ins>" in page

    def test_the_command_prints_and_writes_it(self, tmp_path: Path) -> None:
        for name, lines in (("old.txt", OLD), ("new.txt", NEW)):
            (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        done = CliRunner().invoke(
            app,
            [
                "regulations",
                "diff",
                str(tmp_path / "old.txt"),
                str(tmp_path / "new.txt"),
                "--html",
                str(tmp_path / "d.html"),
                "--json",
            ],
        )
        assert done.exit_code == 0, done.output
        assert len(json.loads(done.output)["changes"]) == 4
        assert (tmp_path / "d.html").is_file()


class TestImpact:
    def test_a_review_is_touched_where_a_cited_clause_is_no_longer_in_force(self, pack: Pack) -> None:
        day = date(2025, 12, 31)
        review = _review(pack, day, *(_finding(pack, r.id, day) for r in pack.requirements))
        (one,) = impact([("a/review.json", review)], pack, date(2026, 1, 1))
        reasons = dict(one.reasons)
        assert one.finished
        assert any("csl-2016" in why and "不再有效" in why for why in reasons.values())
        assert impact([("a/review.json", review)], pack, day) == ()

    def test_undecided_problems_make_a_review_open(self, pack: Pack) -> None:
        day = date(2025, 12, 31)
        findings = [
            _finding(pack, r.id, day, "missing" if r.id == "CHG-04" else "compliant") for r in pack.requirements
        ]
        decision = Decision(finding=f"CHG-04-{day}", action="confirm", author="甲", at=datetime(2026, 1, 1, tzinfo=UTC))
        for decisions, finished in (((), False), ((decision,), True)):
            (one,) = impact([("r", _review(pack, day, *findings, decisions=decisions))], pack, date(2026, 1, 1))
            assert one.finished is finished

    def test_new_requirements_and_changed_texts_are_reasons(self, pack: Pack) -> None:
        day = date(2026, 11, 23)
        cited = pack.requirements[1]
        changed = tuple(
            c.model_copy(update={"text": c.text + "改"}) if c.id in cited.cites else c for c in pack.clauses
        )
        review = _review(pack, day, *(_finding(pack, r.id, day) for r in pack.requirements[1:]))
        (one,) = impact([("r", review)], pack.model_copy(update={"clauses": changed}), day)
        whys = {(r, w.rsplit(" ", 1)[-1]) for r, w in one.reasons}
        assert (pack.requirements[0].id, "审查之后新增的要求") in whys
        assert (cited.id, "条文已修改") in whys


class TestFlips:
    def test_a_flip_says_which_day_lies_between(self, pack: Pack) -> None:
        a, b = date(2025, 12, 31), date(2026, 1, 1)
        before = _review(pack, a, _finding(pack, "CHG-10", a, "not_applicable"), _finding(pack, "CHG-04", a))
        after = _review(pack, b, _finding(pack, "CHG-10", b, "non_compliant"), _finding(pack, "CHG-04", b))
        made = flips(before, after, pack)
        assert [f.requirement for f in made.flips] == ["CHG-10"]
        assert any("2026-01-01" in why for why in made.flips[0].why)
        assert [f.requirement for f in made.grounds] == ["CHG-04"]
        assert "CHG-10" in flips_page(made)

    def test_the_same_day_twice_flips_nothing(self, pack: Pack) -> None:
        day = date(2026, 1, 1)
        review = _review(pack, day, *(_finding(pack, r.id, day) for r in pack.requirements))
        assert flips(review, review, pack).flips == ()
