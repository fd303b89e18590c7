"""Another jurisdiction is data alone: the pack for general-purpose AI models in the Union, and its labelled filings."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from assist_review import packs
from assist_review.law.lint import lint
from assist_review.pipeline import Wishes, run
from assist_review.regulation import Pack
from assist_review.review import NEGATIVE

ROOT = Path(__file__).resolve().parents[1]
CASES = sorted(p.parent for p in (ROOT / "eval" / "cases-eu").glob("*/labels.json"))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load_written(ROOT / "regulations" / "eu-gpai")


def test_it_has_requirements_for_every_article_with_dates_of_application(pack: Pack) -> None:
    assert len(pack.requirements) >= 40
    cited = {c for r in pack.requirements for c in r.cites}
    for article in ("53.1.a", "53.1.b", "53.1.c", "53.1.d", "54.1", "54.3", "55.1.a", "55.1.b", "55.1.c", "55.1.d"):
        assert f"ai-act:{article}" in cited
    assert {c.partition(":")[2].partition(".")[0] for c in cited} >= {"XI", "XII"}
    assert {r.in_force.start for r in pack.requirements} == {date(2025, 8, 2)}
    assert all(c.isascii() or "“" in c for r in pack.requirements for c in r.statement)
    assert lint(ROOT / "regulations" / "eu-gpai") == ()


def test_before_its_day_nothing_applies(pack: Pack) -> None:
    review = run(CASES[0] / "package", pack=pack, as_of=date(2025, 8, 1), wishes=Wishes(ocr=False))
    assert {f.verdict for f in review.findings} == {"not_applicable"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_planted_defects_are_found_and_nothing_else_is_flagged(pack: Pack, case: Path) -> None:
    labels = json.loads((case / "labels.json").read_text(encoding="utf-8"))
    review = run(case / "package", pack=pack, as_of=date.fromisoformat(labels["as_of"]), wishes=Wishes(ocr=False))
    assert review.filing.route == labels["route"]
    assert list(review.filing.service.traits) == labels["service"]["traits"]
    assert {f.file: f.role for f in review.filing.files} == {d["file"]: d["role"] for d in labels["documents"]}
    assert review.failures == ()
    found = {f.requirement for f in review.findings if f.verdict in NEGATIVE}
    assert found == {d["requirements"][0] for d in labels["defects"]}
    assert not any(re.search(r"[\u4e00-\u9fff]", f.statement) for f in review.findings)
    assert not any(re.search(r"[\u4e00-\u9fff]", reason) for reason in review.conclusion.reasons)


def test_no_module_knows_a_jurisdiction_by_name() -> None:
    for path in (ROOT / "src" / "assist_review").rglob("*.py"):
        assert not re.search(r"eu-gpai|ai-act|2024/1689|Annex XI", path.read_text(encoding="utf-8")), path
