"""A small package from its files to the review: whole, the same every time, and true to the day it is for."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assist_review.check import RULES
from assist_review.draft import conclude
from assist_review.errors import ReadError, SettingsError
from assist_review.lists import Extraction
from assist_review.pipeline import Wishes, judge, run, understand
from assist_review.regulation import Severity
from assist_review.review import NEGATIVE, Failure, Finding, Review
from filings import REPORT, context, package
from wordings import AS_OF, pack

Understood = tuple[object, Extraction]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("p") / "星河助手")


@pytest.fixture(scope="module")
def review(folder: Path) -> Review:
    return run(folder, pack=pack(), as_of=AS_OF)


@pytest.fixture(scope="module")
def again(folder: Path) -> Callable[[date], Review]:
    """Judges the package on another day without reading it a second time."""
    filing, extraction = understand(folder, pack=pack())
    return lambda day: judge(filing, extraction, pack=pack(), as_of=day)


def _of(review: Review, row: str) -> list[Finding]:
    return [f for f in review.findings if f.requirement == row]


def test_every_file_has_its_role(review: Review) -> None:
    assert [f.role for f in review.filing.files] == ["form", "report", "agreement", "keywords", "questions"]
    assert all(len(f.sha256) == 64 for f in review.filing.files)
    assert (review.filing.name, review.filing.route) == ("星河助手", "filing")


def test_planted_defects_are_found_with_their_proof(review: Review) -> None:
    """The printed rate does not follow from its counts, and the lists are far too short."""
    assert {f.defect for f in _of(review, "CON-02")} == {"C11"}
    assert {f.defect for f in _of(review, "KEY-01")} == {"E01"}
    quotes = {e.quote for f in _of(review, "CON-02") for e in f.evidence}
    assert any("3,812条" in q for q in quotes)
    assert review.conclusion.grade == "return"


def test_nothing_is_lost(review: Review) -> None:
    asked = {r.id for r in pack().requirements}
    assert {f.requirement for f in review.findings} | {f.requirement for f in review.failures} >= asked
    assert review.failures == ()
    assert all(f.revision for f in review.findings if f.verdict in NEGATIVE)
    assert all(e.state != "unproved" for f in review.findings for e in f.evidence)
    assert not [f for f in review.findings if f.verdict in NEGATIVE and any(e.state == "rejected" for e in f.evidence)]
    assert len({f.id for f in review.findings}) == len(review.findings)


def test_problems_come_first_and_the_gravest_before_the_others(review: Review) -> None:
    open_ones = [f.verdict in NEGATIVE for f in review.findings]
    assert open_ones == sorted(open_ones, reverse=True)
    ranks = [list(Severity).index(f.severity) for f in review.findings if f.verdict in NEGATIVE]
    assert ranks == sorted(ranks)


def test_the_same_package_gives_the_same_review(folder: Path, review: Review) -> None:
    second = run(folder, pack=pack(), as_of=AS_OF)
    same = {"generated_at": review.generated_at}
    assert second.model_copy(update=same) == review


def test_a_review_bears_the_time_it_is_given(folder: Path) -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert run(folder, pack=pack(), as_of=AS_OF, at=at).generated_at == at


def test_a_review_can_be_written_and_read(review: Review) -> None:
    assert Review.model_validate_json(review.model_dump_json(by_alias=True)) == review


def test_the_day_decides_which_requirements_are_asked(again: Callable[[date], Review]) -> None:
    """A law newly in force is asked of a filing from its first day, and cited from then on."""
    row = next(
        r for r in pack().requirements
        if r.in_force.start and r.in_force.start > date(2024, 1, 1) and r.applies_when == "true"
    )  # fmt: skip
    start = row.in_force.start
    assert start is not None
    before, on = again(start.replace(year=start.year - 1)), again(start)
    assert [f.verdict for f in _of(before, row.id)] == ["not_applicable"]
    assert "未施行" in _of(before, row.id)[0].statement
    assert all("未施行" not in f.statement for f in _of(on, row.id))
    assert all(c.in_force_from is None or c.in_force_from <= start for f in on.findings for c in f.citations)


def test_a_rule_that_raises_loses_only_its_own_requirements(
    folder: Path, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(RULES, "cadence", broken)
    partly = run(folder, pack=pack(), as_of=AS_OF)
    lost = {f.requirement for f in partly.failures}
    assert lost == {"KEY-05", "QST-06"}
    assert {f.reason for f in partly.failures} == {"RuntimeError: broken"}
    assert [f for f in review.findings if f.requirement not in lost] == list(partly.findings)
    assert any("未能完成检查" in reason for reason in partly.conclusion.reasons)


def test_wishes_outweigh_what_was_recognised(folder: Path) -> None:
    wishes = Wishes(route="registration", service={"minors": "true"}, roles={"03服务协议.docx": "privacy"})
    filing, _ = understand(folder, pack=pack(), wishes=wishes)
    assert (filing.route, filing.service.minors) == ("registration", True)
    assert filing.of("privacy")[0].file == "03服务协议.docx"
    assert wishes.settings()["roles"] == {"03服务协议.docx": "privacy"}


def test_a_password_is_in_no_review() -> None:
    assert "geheim" not in str(Wishes(passwords=["geheim"]).settings())


def test_the_stages_are_told_in_their_order(folder: Path) -> None:
    told: list[str] = []
    run(folder, pack=pack(), as_of=AS_OF, progress=lambda stage, done, total: told.append(stage))
    stages = [s for s in told if s in ("extract", "retrieve", "check", "prove")]
    assert stages == ["extract", "retrieve", "check", "prove"]


def test_a_package_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="找不到材料"):
        run(tmp_path / "nichts", pack=pack(), as_of=AS_OF)
    with pytest.raises(SettingsError, match="不在材料中"):
        run(package(tmp_path / "p"), pack=pack(), as_of=AS_OF, wishes=Wishes(roles={"x.docx": "form"}))


def test_an_empty_folder_is_reviewed_as_an_empty_package(tmp_path: Path) -> None:
    made = run(tmp_path, pack=pack(), as_of=AS_OF)
    assert made.conclusion.grade == "return"
    assert made.failures == ()


def test_a_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = package(tmp_path / "p", report=REPORT)
    (folder / "06营业执照.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "07空.docx").write_bytes(b"")
    made = run(folder, pack=pack(), as_of=AS_OF)
    lost = {f.file for f in made.filing.files if not f.sha256}
    assert lost == {"06营业执照.pdf", "07空.docx"}
    assert {e.file for f in _of(made, "INT-04") for e in f.evidence} == lost
    assert {f.defect for f in _of(made, "CON-02")} == {"C11"}


def _found(severity: Severity, *, verified: bool = True, verdict: str = "non_compliant") -> Finding:
    return Finding(
        requirement="CON-02", verdict=verdict, severity=severity, statement="。", to_be_verified=not verified
    )


@pytest.mark.parametrize(
    ("findings", "failures", "grade"),
    [
        ([], [], "ready"),
        ([_found(Severity.FATAL)], [], "return"),
        ([_found(Severity.FATAL, verdict="missing")], [], "return"),
        ([_found(Severity.FATAL, verified=False)], [], "supplement"),
        ([_found(Severity.FATAL, verified=False), _found(Severity.MINOR)], [], "supplement"),
        ([_found(Severity.FATAL, verified=False), _found(Severity.FATAL)], [], "return"),
        ([_found(Severity.MAJOR)], [], "supplement"),
        ([_found(Severity.MINOR)], [], "ready"),
        ([_found(Severity.FATAL, verdict="unclear")], [], "ready"),
        ([_found(Severity.FATAL, verdict="compliant")], [], "ready"),
        ([], [Failure(requirement="CON-02", stage="check", reason="x")], "supplement"),
    ],
    ids=[
        "nothing", "fatal", "fatal-missing", "confidence-c-alone", "confidence-c-and-minor", "confidence-c-and-fatal", "major",
        "minor", "unclear", "compliant", "a-failure-is-not-ready",
    ],
)  # fmt: skip
def test_the_grade_follows_from_what_stands(findings: list[Finding], failures: list[Failure], grade: str) -> None:
    """A requirement whose wording was not seen in an official text alone never returns a filing."""
    assert conclude(findings, failures, pack(), Extraction(facts=(), banks=())).grade == grade


def test_requirements_of_confidence_c_are_marked_in_every_finding(review: Review) -> None:
    marked = {r.id for r in pack().requirements if r.confidence == "C"}
    assert marked
    assert all(f.to_be_verified == (f.requirement in marked) for f in review.findings)


def test_overlays_that_do_not_exist_are_refused(folder: Path) -> None:
    from assist_review.errors import RegulationError

    seen = context()
    with pytest.raises(RegulationError, match="没有叠加"):
        judge(seen.filing, seen.extraction, pack=pack(), as_of=AS_OF, wishes=Wishes(overlays=["nowhere"]))
