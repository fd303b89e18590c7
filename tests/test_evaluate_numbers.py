"""Rates, tests, calibration and ranking measures, against values worked out by hand."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assist_review.errors import SettingsError
from assist_review.evaluate.calibration import calibrate
from assist_review.evaluate.entailment import Answer, Rules, measure_entailment, read_pairs
from assist_review.evaluate.intervals import difference, mcnemar, mean, pooled, rate, wilson
from assist_review.evaluate.retrieval import (
    measure_retrieval,
    ndcg,
    read_corpus,
    read_qrels,
    read_queries,
    recall,
    reciprocal_rank,
)
from assist_review.evaluate.score import Point


@pytest.mark.parametrize(
    ("k", "n", "bounds"),
    [
        pytest.param(10, 10, (0.7225, 1.0), id="all"),
        pytest.param(0, 10, (0.0, 0.2775), id="none"),
        pytest.param(81, 263, (0.2553, 0.3662), id="newcombe-1998"),
    ],
)
def test_wilson_gives_the_published_interval(k: int, n: int, bounds: tuple[float, float]) -> None:
    """The third is the worked example of Newcombe (1998), method 3."""
    assert wilson(k, n) == pytest.approx(bounds, abs=5e-5)


def test_a_rate_over_nothing_is_null() -> None:
    """Never 0: nothing was measured."""
    empty = rate([])
    assert (empty.n, empty.value, empty.low, empty.cluster_low) == (0, None, None, None)
    assert mean([]).value is None


def test_trials_of_one_filing_widen_the_clustered_interval() -> None:
    """Two filings, one all right and one all wrong: forty trials, but hardly forty filings."""
    clustered = rate([("a", True)] * 20 + [("b", False)] * 20)
    assert clustered.low is not None
    assert clustered.low > 0.3
    assert (clustered.cluster_low, clustered.cluster_high) == (0.0, 1.0)
    assert pooled([(5, 5)]).cluster_low is None


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [
        pytest.param(0, 0, None, id="nothing-changed"),
        pytest.param(0, 5, 0.0625, id="five-worse"),
        pytest.param(0, 6, 0.03125, id="six-worse"),
        pytest.param(3, 3, 1.0, id="even"),
        pytest.param(1, 9, 22 / 1024, id="one-against-nine"),
    ],
)
def test_mcnemar_is_exact(better: int, worse: int, p: float | None) -> None:
    """The two-sided binomial tail over discordant pairs."""
    assert mcnemar(better, worse) == p


def test_a_difference_is_new_minus_old() -> None:
    """Paired by filing, null where one side is empty."""
    found = difference([((4, 5), (5, 5)), ((3, 5), (5, 5))])
    assert found.value == pytest.approx(0.3)
    assert found.low is not None
    assert found.low > 0
    assert difference([((0, 0), (1, 1))]).value is None


def _point(group: Any, confidence: float, right: bool | None, requirement: str = "R") -> Point:
    return Point(requirement=requirement, group=group, truth="clean", confidence=confidence, right=right)


def test_calibration_counts_gaps_by_bin() -> None:
    """Ten verdicts at 0.9 of which seven are right: an error of 0.2."""
    points = [("a", _point("negative", 0.9, n < 7, f"R{n}")) for n in range(10)]
    found = calibrate(points)
    assert found.ece == pytest.approx(0.2)
    assert [(b.right.k, b.right.n) for b in found.bins if b.right.n] == [(7, 10)]


def test_what_may_be_passed_unread_stops_before_the_risk() -> None:
    """200 sure requirements without a miss, then 50 less sure ones with five: only the first are passed."""
    points = [("a", _point("compliant", 0.95, True, f"S{n}")) for n in range(200)]
    points += [("b", _point("compliant", 0.6, n >= 5, f"T{n}")) for n in range(50)]
    points += [("b", _point("unclear", 0.5, None, f"U{n}")) for n in range(25)]
    points += [("b", _point("negative", 0.9, True, "N"))] * 3  # one requirement, three findings
    found = calibrate(points)
    assert found.requirements == 200 + 50 + 25 + 1
    assert found.pass_unread == pytest.approx(200 / 276)
    assert (found.pass_missed, found.pass_risk.n if found.pass_risk else 0) == (0, 200)
    assert [c.missed for c in found.curve] == [0, 5]


def test_calibration_over_nothing_is_null() -> None:
    """No verdicts, no error, no coverage."""
    empty = calibrate([])
    assert (empty.ece, empty.pass_unread, empty.pass_risk) == (None, None, None)


def test_ranking_measures() -> None:
    """Relevant documents at ranks 2 and 4, one never found."""
    run, relevant = ["x", "a", "y", "b"], {"a": 1, "b": 2, "c": 1}
    assert recall(run, relevant, 3) == pytest.approx(1 / 3)
    assert reciprocal_rank(run, relevant, 10) == 0.5
    assert reciprocal_rank(run, relevant, 1) == 0.0
    gained = 1 / 1.584963 + 2 / 2.321928
    best = 2 / 1 + 1 / 1.584963 + 1 / 2
    assert ndcg(run, relevant, 10) == pytest.approx(gained / best, abs=1e-5)


def test_retrieval_reads_beir_and_trec(tmp_path: Path) -> None:
    """Gzip, headings and both shapes of qrels; queries without a relevant document do not count."""
    rows = [{"_id": "1", "title": "法", "text": "日志至少保存六个月"}, {"_id": "2", "text": "投诉应在十五日内反馈"}]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    (tmp_path / "q.jsonl").write_text(
        '{"_id": "q1", "text": "日志保存多久"}\n{"_id": "q2", "text": "无"}\n', encoding="utf-8"
    )
    (tmp_path / "beir.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\nq2\t1\t0\n", encoding="utf-8")
    (tmp_path / "trec.txt").write_text("q1 0 1 2\n", encoding="utf-8")
    assert read_corpus(tmp_path / "corpus.jsonl.gz")[0] == ["1", "2"]
    assert read_qrels(tmp_path / "beir.tsv") == {"q1": {"1": 1}}
    assert read_qrels(tmp_path / "trec.txt") == {"q1": {"1": 2}}
    for qrels in ("beir.tsv", "trec.txt"):
        scores = measure_retrieval(
            tmp_path / "corpus.jsonl.gz", tmp_path / "q.jsonl", tmp_path / qrels, embeddings=["chars"]
        )
        assert [s.queries for s in scores] == [1, 1, 1]
        assert scores[0].mrr.value == 1.0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("c.jsonl", "{", "第1行不是 JSON", id="broken"),
        pytest.param("c.jsonl", '{"text": "a"}', "缺少 _id", id="no-id"),
        pytest.param("c.jsonl", '{"_id": 1, "text": "a"}\n{"_id": 1, "text": "b"}', "重复", id="twice"),
    ],
)
def test_a_broken_corpus_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    """With file, line and key."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        read_corpus(tmp_path / name)
    with pytest.raises(SettingsError, match="读不到"):
        read_queries(tmp_path / "none.jsonl")


def _nli(tmp_path: Path) -> Path:
    text = "The party shall keep the information confidential. The party may not disclose it to employees."
    notes = {
        "n1": {"choice": "Entailment", "spans": [0]}, "n2": {"choice": "Contradiction", "spans": [1]},
        "n3": {"choice": "NotMentioned", "spans": []},
    }  # fmt: skip
    hypotheses = {
        "n1": "The party shall keep the information confidential.", "n2": "The party may disclose it to employees.",
        "n3": "Zebras quickly jump over vexing mirrors.",
    }  # fmt: skip
    body = {
        "documents": [{"id": 7, "text": text, "spans": [[0, 50], [51, len(text)]], "annotation_sets": [{"annotations": notes}]}],
        "labels": {k: {"hypothesis": h, "short_description": k} for k, h in hypotheses.items()},
    }  # fmt: skip
    path = tmp_path / "test.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def test_entailment_by_rules_and_its_scores(tmp_path: Path) -> None:
    """Three pairs, one of each label; the offline answerer gets the easy ones, the measures count what it gives."""
    pairs = read_pairs(_nli(tmp_path))
    answers = Rules()(pairs)
    assert [a.label for a in answers][::2] == ["Entailment", "NotMentioned"]
    score = measure_entailment(pairs, answers, "rules")
    assert score.evidence_first.n == 2
    assert score.quotes_verified.value == 1.0
    wrong = measure_entailment(pairs, [Answer("NotMentioned", ()) for _ in pairs], "never")
    assert (wrong.accuracy.k, wrong.accuracy.n, wrong.majority) == (1, 3, pytest.approx(1 / 3))
    assert wrong.classes["Entailment"].precision.value is None
    assert wrong.classes["Entailment"].f1 == 0.0
    assert Rules().fit(pairs).mentioned >= 0.2


def test_a_file_of_another_layout_is_named(tmp_path: Path) -> None:
    """The message says what was expected."""
    path = tmp_path / "x.json"
    path.write_text('{"documents": [{}], "labels": {}}', encoding="utf-8")
    with pytest.raises(SettingsError, match="ContractNLI"):
        read_pairs(path)
