"""Runs on tiny packages: what is set aside, what is resumed, what is written, and what a dying process costs."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from assist_review import packs
from assist_review.cli import app
from assist_review.errors import SettingsError
from assist_review.evaluate import runs, work
from assist_review.evaluate.batch import HEADINGS, review_packages
from assist_review.evaluate.cases import find
from assist_review.evaluate.executors import Pool, conduct, processes
from assist_review.evaluate.measuring import Result, measure_cases
from evaluate_cases import REPORT, Inline, case_folder, defect

LINE = "对全部训练数据人工抽检4,000条，合格3,826条，合格率96.65%。"


def inline(executor: Inline) -> Pool:
    @contextmanager
    def pool() -> Iterator[Executor]:
        yield executor

    return pool


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Two good cases; a broken label file, a quote that is not there, a missing package; and a run over them."""
    home = tmp_path_factory.mktemp("made") / "cases"
    arithmetic = defect(
        "d01", "C11", "CON-02", "CON-05", quotes=["合格率96.65%"], severity="fatal", needs=["arithmetic"]
    )
    case_folder(home / "good", LINE, defects=[arithmetic])
    case_folder(home / "clean", "训练数据来自自有文档。")
    case_folder(home / "quote", LINE, defects=[arithmetic | {"quotes": ["合格率99.99%"]}])
    case_folder(home / "schema", LINE, profile="so-so")
    case_folder(home / "empty", LINE)
    shutil.rmtree(home / "empty" / "package")
    return home, measured(home, home.parent / "runs", Inline(), name="r")


@pytest.fixture
def cases(made: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of the cases, with the run over them beside it in `runs/r`."""
    shutil.copytree(made[0].parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "cases"


def measured(cases: Path, out: Path, executor: Inline, **more: Any) -> Result:
    found, aside = find([str(cases)])
    folder = packs.find()
    return measure_cases(
        found, aside, pack=packs.load(folder), pack_folder=folder, home=out, pool=inline(executor), **more
    )  # fmt: skip


def test_bad_cases_are_set_aside_and_named(made: tuple[Path, Result]) -> None:
    """With file and key; the run goes on with the others and says so."""
    result = made[1]
    reasons = {a.case: a.reason for a in result.set_aside}
    assert set(reasons) == {"quote", "schema", "empty"}
    assert "labels.json 的 defects[d01].quotes[0]" in reasons["quote"]
    assert "合格率99.99%" in reasons["quote"]
    assert "profile" in reasons["schema"]
    assert "package" in reasons["empty"]
    assert result.metrics["all"].cases == 2
    assert result.metrics["all"].recall.k == 1
    assert result.metrics["all"].location.overlap.value == 1.0


def test_a_run_leaves_everything_that_is_needed(made: tuple[Path, Result]) -> None:
    """Manifest with hashes, a review and a score per case, metrics, JUnit, and a page that fetches nothing."""
    result = made[1]
    manifest = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["source_sha256"]) == len(manifest["pack"]["sha256"]) == 64
    assert set(manifest["cases"]) == {"good", "clean", "quote"}
    assert (result.folder / "cases/good/review.json").is_file()
    assert not (result.folder / "cases/quote/done.json").exists()
    metrics = json.loads((result.folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["metrics"]["all"]["recall_by_severity"]["minor"]["value"] is None
    suites = {s.get("name"): s for s in ET.fromstring((result.folder / "junit.xml").read_text(encoding="utf-8"))}
    assert suites["good"].get("failures") is not None
    assert suites["schema"].get("errors") == "1"
    page = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<svg") >= 5


def test_a_finished_case_is_not_done_again(cases: Path, tmp_path: Path) -> None:
    """An interrupted run is taken up where it stopped; a changed case is done anew."""
    (tmp_path / "runs/r/cases/clean/done.json").unlink()  # as if it had been broken off
    again = Inline()
    assert measured(cases, tmp_path / "runs", again, name="r").metrics["all"].cases == 2
    assert {t.key for t in again.calls} == {"clean", "quote"}
    labels = cases / "good/labels.json"
    labels.write_text(labels.read_text(encoding="utf-8").replace("d01的说明", "说明"), encoding="utf-8")
    changed = Inline()
    measured(cases, tmp_path / "runs", changed, name="r")
    assert {t.key for t in changed.calls} == {"good", "quote"}


def test_a_run_made_with_something_else_is_not_mixed(cases: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """What differs is named; `again` redoes all."""
    monkeypatch.setattr(runs, "source_sha256", lambda: "1" * 64)
    monkeypatch.setattr(work, "source_sha256", lambda: "1" * 64)
    with pytest.raises(SettingsError, match="源代码"):
        measured(cases, tmp_path / "runs", Inline(), name="r")
    again = Inline()
    measured(cases, tmp_path / "runs", again, name="r", again=True)
    assert len(again.calls) == 3
    (tmp_path / "runs/else").mkdir()
    (tmp_path / "runs/else/file").touch()
    with pytest.raises(SettingsError, match="不是空文件夹"):
        measured(cases, tmp_path / "runs", Inline(), name="else")


def test_results_of_another_program_are_not_taken(cases: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """A worker with other sources: its cases are set aside, not mixed in."""
    monkeypatch.setattr(work, "source_sha256", lambda: "2" * 64)
    result = measured(cases, tmp_path / "runs", Inline(), name="s")
    assert result.metrics["all"].cases == 0
    assert "另一份源代码" in {a.case: a.reason for a in result.set_aside}["good"]


def test_a_baseline_is_compared(cases: Path, tmp_path: Path) -> None:
    """Equal runs do not regress; a folder that is no run is refused before any work."""
    shutil.copytree(tmp_path / "runs/r", tmp_path / "old")
    second = measured(cases, tmp_path / "runs", Inline(), name="r", baseline=tmp_path / "old")
    assert second.comparison is not None
    assert (second.comparison.regressed, second.comparison.cases) == (False, ("clean", "good"))
    executor = Inline()
    with pytest.raises(SettingsError, match="不是一次运行"):
        measured(cases, tmp_path / "runs", executor, name="t", baseline=tmp_path)
    assert executor.calls == []


def test_suites_are_lists_of_cases(cases: Path, tmp_path: Path) -> None:
    """Unknown cases are set aside, a case of two suites counts once, unknown suites and broken files are refused."""
    home = tmp_path / "suites"
    home.mkdir()
    (home / "dev.toml").write_text('name = "dev"\ncases = ["good", "gone"]\n', encoding="utf-8")
    (home / "test.toml").write_text('cases = ["good", "clean"]\n', encoding="utf-8")
    found, aside = find([], home)
    assert [(c.suite, c.name) for c in found] == [("dev", "good"), ("test", "clean")]
    assert [a.case for a in aside] == ["gone"]
    with pytest.raises(SettingsError, match="dev、test"):
        find(["nightly"], home)
    (home / "bad.toml").write_text('case = ["good"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="不认识的键 case"):
        find(["bad"], home)
    (home / "worse.toml").write_text("cases = good\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="TOML"):
        find(["worse"], home)


def test_a_batch_makes_one_table(tmp_path: Path) -> None:
    """A broken package has its line; texts that look like formulas stay texts; nothing is done twice."""
    home = tmp_path / "in"
    case_folder(home / "=甲", LINE)
    (home / "b.zip").write_bytes(b"PK\x03\x04 broken")
    folder = packs.find()

    def go(executor: Inline) -> Any:
        return review_packages(
            home, pack=packs.load(folder), pack_folder=folder, home=tmp_path / "runs", pool=inline(executor),
            as_of=date(2026, 11, 23), name="b", formats=["html"],
        )  # fmt: skip

    batch = go(Inline())
    rows = {r.package: r for r in batch.rows}
    assert rows["=甲"].grade == "return"
    assert "C11" in rows["=甲"].codes
    assert "没有一个文件能读取" in rows["b.zip"].error
    sheet = load_workbook(batch.folder / "batch.xlsx")["总表"]
    assert [c.value for c in sheet[1]] == list(HEADINGS)
    assert {c.data_type for c in sheet["A"]} == {"s"}
    assert (batch.folder / "batch.csv").read_text(encoding="utf-8-sig").count("\n") >= 3
    assert (batch.folder / "cases/=甲/review.html").is_file()
    assert "批量审查总表" in (batch.folder / "batch.html").read_text(encoding="utf-8")
    again = Inline()
    go(again)
    assert [t.key for t in again.calls if t.key == "=甲"] == []


def _echo(task: str) -> str:
    if task.startswith("die") and (task != "die-once" or not Path(os.environ["ONCE"]).exists()):
        Path(os.environ["ONCE"]).touch()
        os._exit(9)
    if task == "raise":
        raise ValueError("坏")
    return task.upper()


@pytest.mark.parametrize(
    ("task", "outcome"),
    [("die-always", "failed"), ("die-once", "DIE-ONCE"), ("raise", "failed")],
    ids=["kills-twice", "kills-once", "raises"],
)
def test_a_dying_process_loses_nothing(task: str, outcome: str, tmp_path: Path, monkeypatch: Any) -> None:
    """Every task has exactly one outcome; only the one that kills its process again has failed."""
    monkeypatch.setenv("ONCE", str(tmp_path / "once"))
    got = list(conduct(["a", task, "b", "c"], _echo, processes(2, fresh=False), lambda t, why: "failed" if why else t))
    assert sorted(got) == sorted(["A", "B", "C", outcome])


def test_the_commands_say_what_they_do(tmp_path: Path, monkeypatch: Any) -> None:
    """`evaluate` takes suites at once; a wrong name ends with one line, not a trace."""
    monkeypatch.chdir(tmp_path)
    run: Callable[..., Any] = CliRunner().invoke
    assert "validate" in run(app, ["evaluate", "--help"]).output
    assert "--baseline" in run(app, ["evaluate", "run", "--help"]).output
    result = run(app, ["evaluate", "nothing-here"])
    assert isinstance(result.exception, SettingsError)
    assert "nothing-here" in str(result.exception)


def test_labels_are_validated_by_command(cases: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """1 with an error, and the key that is wrong; 0 where all holds."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bad = CliRunner().invoke(app, ["evaluate", "validate", str(cases / "quote")])
    assert bad.exit_code == 1
    assert "defects[d01].quotes[0]" in bad.output
    assert REPORT in bad.output
    assert CliRunner().invoke(app, ["evaluate", "validate", str(cases / "good")]).exit_code == 0
