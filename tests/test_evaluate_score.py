"""Scores of hand-made reviews, metrics over them, and two runs compared."""

from typing import Any

import pytest

from assist_review.evaluate.compare import compare
from assist_review.evaluate.junit import render as junit
from assist_review.evaluate.metrics import measure
from assist_review.evaluate.revisions import apply, trials
from assist_review.evaluate.runs import RunManifest
from assist_review.evaluate.score import expected_grade, overlap, score
from assist_review.filing import Filing
from assist_review.review import PackStamp, Review, Revision
from evaluate_cases import FORM, REPORT, defect, finding, labels, review, scored
from filings import document, filing


def test_a_defect_is_caught_by_requirement_or_code_in_its_file() -> None:
    """By requirement, by code, by an absence anywhere; not in another file."""
    found = review(
        finding("CON-02", "non_compliant", quote="合格3,826条"),
        finding("XYZ-01", "missing", defect="A01", file=FORM),
        finding("KEY-01", "non_compliant", quote="九千条", file=FORM),
    )
    s = score(
        found,
        labels(
            defect("d1", "C11", "CON-02", quotes=["合格3,826条，合格率96.65%"]),
            defect("d2", "A01", "SUB-04", absent=True),
            defect("d3", "E01", "KEY-01"),
        ),
    )
    assert [d.caught for d in s.defects] == [True, True, False]
    assert [d.overlap for d in s.defects] == [1.0, None, None]
    assert (s.right, len(s.false_alarms)) == (2, 1)


def test_a_labelled_archive_stands_for_the_files_in_it() -> None:
    """Evidence in a file of the archive lies in the labelled document."""
    found = review(finding("SRC-08", "non_compliant", quote="禁止采集", file="佐证.zip/记录.docx"))
    assert score(found, labels(defect("d1", "C06", "SRC-08", documents=["佐证.zip"]))).defects[0].caught
    assert not score(found, labels(defect("d1", "C06", "SRC-08", documents=["佐证"]))).defects[0].caught


def test_an_unclear_finding_flags_but_does_not_catch() -> None:
    """A person is sent to read there, and nothing hides behind the requirement."""
    s = score(review(finding("CON-02", "unclear", quote="甲")), labels(defect("d1", "C11", "CON-02")))
    assert (s.defects[0].caught, s.defects[0].flagged) == (False, True)
    assert s.points[0].right is None


def test_a_hidden_defect_is_counted_once() -> None:
    """Behind the first of its requirements that is passed, whatever else is passed."""
    found = review(
        finding("CON-01", "non_compliant", quote="甲"), finding("CON-02", "compliant"), finding("CON-03", "compliant")
    )
    s = score(found, labels(defect("d1", "C99", "CON-01", "CON-02", "CON-03", documents=[FORM])))
    assert [p.requirement for p in s.points if p.right is False and p.group == "compliant"] == ["CON-02"]


def test_arguable_remarks_count_neither_way() -> None:
    """Not right, not a false alarm, no calibration point."""
    s = score(
        review(finding("SUB-14", "non_compliant", quote="甲")),
        labels(acceptable=[{"requirement": "SUB-14", "code": None, "why": "可议"}]),
    )
    assert (s.right, s.accepted, len(s.false_alarms)) == (0, 1, 0)
    assert s.points[0].right is None


def test_a_hard_negative_is_violated_on_its_quote_only() -> None:
    """The same requirement elsewhere does not violate it."""
    entry = {"requirement": "CON-02", "code": None, "document": REPORT, "quote": "合格率96.0%", "why": "四舍五入"}
    other = entry | {"quote": "抽检4,000条"}
    s = score(review(finding("CON-02", "non_compliant", quote="率96.0%")), labels(must_not_flag=[entry, other]))
    assert s.spared == (False, True)
    assert [n for n, _, _ in s.broken] == [0]
    assert "must_not_flag[0]" in junit("r", [s], ())


@pytest.mark.parametrize(
    ("severities", "grade"),
    [(["minor", "fatal"], "return"), (["major"], "supplement"), (["minor"], "ready"), ([], "ready")],
    ids=["fatal", "major", "minor", "none"],
)
def test_the_grade_follows_the_worst_labelled_severity(severities: list[str], grade: str) -> None:
    """Fatal returns, major supplements, else ready."""
    made = labels(*(defect(f"d{n}", "C10", "CON-02", severity=s) for n, s in enumerate(severities)))
    assert expected_grade(made.defects) == grade


def test_overlap_is_a_share_of_the_shorter_quote() -> None:
    """Width and spaces do not matter."""
    assert overlap("合格３,826 条", "抽检4,000条，合格3,826条") == 1.0
    assert overlap("", "甲") == 0.0


def test_metrics_over_nothing_are_null() -> None:
    """No case: every rate null, no figure invented."""
    m = measure([])
    assert m.cases == 0
    assert {m.recall.value, m.precision.value, m.grade.value, m.cost.seconds.value, m.calibration.ece} == {None}
    assert m.revisions.success.value is None


def test_metrics_keep_k_and_n() -> None:
    """By severity, need and code, over two filings."""
    m = measure([scored("a", True, True, False), scored("b", True, severity="fatal", alarms=1)])
    assert (m.recall.k, m.recall.n) == (3, 4)
    assert (m.recall_by_severity["fatal"].k, m.recall_by_severity["minor"].n) == (1, 0)
    assert m.recall_by_need["rule"].n == 4
    assert (m.precision.k, m.precision.n) == (3, 4)
    assert m.recall_by_code["C10"].filings == 2
    assert m.cost.tokens is None


def _manifest(name: str) -> RunManifest:
    stamp = PackStamp(id="p", version="1", sha256="0")
    return RunManifest.model_validate(
        {
            "name": name, "kind": "evaluate", "program": "p", "source_sha256": name, "pack": stamp,
            "started_at": "2026-11-23T00:00:00Z",
        }
    )  # fmt: skip


def _compared(old: list[Any], new: list[Any]) -> Any:
    return compare(old, new, _manifest("old"), _manifest("new"))


def test_a_new_miss_of_a_fatal_defect_is_a_regression() -> None:
    """However small the difference."""
    found = _compared([scored("a", True, True, severity="fatal")], [scored("a", True, False, severity="fatal")])
    assert found.regressed
    assert [c.id for c in found.new_fatal_misses] == ["d1"]
    assert found.differs == ("源代码",)


def test_a_few_major_misses_are_chance_and_many_are_not() -> None:
    """Five worse: p = 0.06; six worse: p = 0.03."""
    for worse, regressed in ((5, False), (6, True)):
        old = scored("a", *[True] * 10)
        new = scored("a", *[n >= worse for n in range(10)])
        found = _compared([old], [new])
        recall = found.measures[0]
        assert (recall.better, recall.worse, found.regressed) == (0, worse, regressed)
        assert len(found.worse) == worse


def test_only_cases_of_both_runs_are_compared() -> None:
    """Others are named."""
    found = _compared([scored("a", True), scored("b", True)], [scored("a", True, alarms=1), scored("c", False)])
    assert (found.cases, found.only_old, found.only_new) == (("a",), ("b",), ("c",))
    assert not found.regressed
    assert "新的误报" in found.worse[0].text


def test_precision_that_falls_in_every_filing_is_a_regression() -> None:
    """The interval of the difference lies below nothing."""
    old = [scored(c, True, True) for c in "abcd"]
    new = [scored(c, True, True, alarms=2) for c in "abcd"]
    assert _compared(old, new).regressed
    assert not _compared(new, old).regressed


def _filing() -> Filing:
    return filing(document("report", "抽检4,000条，合格3,826条。", file=REPORT))


@pytest.mark.parametrize(
    ("revision", "text"),
    [
        pytest.param(
            Revision(kind="replace", file=REPORT, before="合格3,826条", after="合格3,900条"), "抽检4,000条，合格3,900条。", id="replace"
        ),
        pytest.param(Revision(kind="insert", file=REPORT, after="另附清单。"), "另附清单。", id="insert"),
        pytest.param(Revision(kind="replace", file=REPORT, before="合格3,826条", after="合格____条"), None, id="blanks"),
        pytest.param(Revision(kind="replace", file=REPORT, before="没有这句", after="甲"), None, id="not-there"),
        pytest.param(Revision(kind="attach", after="补交"), None, id="attach"),
    ],
)  # fmt: skip
def test_a_revision_is_applied_to_the_text_or_not_at_all(revision: Revision, text: str | None) -> None:
    """Templates with blanks and attachments cannot be tried."""
    revised = apply(revision, _filing())
    assert (revised is None) == (text is None)
    if revised is not None:
        assert text in [b.text for b in revised.documents[0].blocks]


def test_a_revision_works_when_its_finding_goes_and_no_other_comes() -> None:
    """Tried on the text, checked again."""
    wrong = finding(
        "CON-02",
        "non_compliant",
        quote="合格3,826条",
        revision=Revision(kind="replace", file=REPORT, before="合格3,826条", after="合格3,900条"),
    )

    def judged(extra: bool) -> Any:
        def judge(revised: Filing) -> Review:
            assert "3,900" in revised.documents[0].blocks[0].text
            return review(*([finding("KEY-01", "missing")] if extra else []))

        return judge

    assert [t.success for t in trials(review(wrong), _filing(), judged(False))] == [True]
    worse = next(trials(review(wrong), _filing(), judged(True)))
    assert (worse.gone, worse.success, worse.new) == (True, False, ("KEY-01",))
