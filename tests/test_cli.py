"""The command line: exit codes, several packages, corrections, errors named in Chinese, and a help that loads nothing heavy."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from assist_review import packs
from assist_review.cli import main
from assist_review.review import Review
from filings import AGREEMENT, package
from wordings import pack

DOCS = Path(__file__).parents[1] / "docs"


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all commands of this file, so that each package is read once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cache: Path, tmp_path: Path) -> Run:
    """Runs a command in this process, in an empty working folder, with the pack of the session."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("ASSIST_REVIEW_LLM_MODEL", "ASSIST_REVIEW_PACKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(packs, "load", lambda _: pack())

    def go(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["assist-review", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Answer(code, *capsys.readouterr())

    return go


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("cli") / "星河助手")


def _review(out: Path) -> Review:
    return Review.model_validate_json((out / "review.json").read_text("utf-8"))


DAY = ("--as-of", "2026-11-23")


def test_a_fatal_problem_is_exit_code_1_and_the_report_is_written(run: Run, folder: Path, tmp_path: Path) -> None:
    made = run("check", folder, *DAY, "-o", tmp_path / "out", "-f", "json")
    assert made.code == 1
    assert "退回" in made.out
    assert [p.name for p in (tmp_path / "out" / "星河助手").iterdir()] == ["review.json"]
    assert str(_review(tmp_path / "out" / "星河助手").as_of) == "2026-11-23"


def test_without_a_problem_at_the_level_asked_for_the_code_is_0(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assist_review import pipeline

    whole = pipeline.judge

    def clean(*given: object, **more: object) -> Review:
        made = whole(*given, **more)  # type: ignore[arg-type]
        return made.model_copy(update={"findings": tuple(f for f in made.findings if f.severity != "fatal")})

    monkeypatch.setattr(pipeline, "judge", clean)
    one = package(tmp_path / "p", form=(), report=())
    assert run("check", one, *DAY, "-f", "json").code == 0
    assert run("check", one, *DAY, "-f", "json", "--fail-on", "major").code == 1


@pytest.mark.parametrize("made", ["absent", "empty-file"], ids=["no-such-package", "only-an-unreadable-file"])
def test_nothing_readable_is_exit_code_2(run: Run, tmp_path: Path, made: str) -> None:
    path = tmp_path / "x.docx"
    if made == "empty-file":
        path.write_bytes(b"")
    answer = run("check", path, *DAY, "-f", "json")
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_a_broken_package_does_not_stop_a_good_one(run: Run, folder: Path, tmp_path: Path) -> None:
    answer = run("check", tmp_path / "nichts", folder, *DAY, "-o", tmp_path / "out", "-f", "json")
    assert answer.code == 1
    assert "找不到材料" in answer.err
    assert (tmp_path / "out" / "星河助手" / "review.json").is_file()


def test_two_packages_of_one_name_get_two_folders(run: Run, folder: Path, tmp_path: Path) -> None:
    answer = run("check", folder, folder, *DAY, "-o", tmp_path / "out", "-f", "json")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"星河助手", "星河助手-2"}
    assert (answer.out + answer.err).count("报告：") == 2


@pytest.mark.parametrize(
    ("formats", "suffixes"),
    [(["html"], {".html"}), (["json", "xlsx"], {".json", ".xlsx"})],
    ids=["one", "two"],
)
def test_only_the_formats_asked_for_are_written(
    run: Run, folder: Path, tmp_path: Path, formats: list[str], suffixes: set[str]
) -> None:
    chosen = [part for name in formats for part in ("--format", name)]
    run("check", folder, *DAY, "-o", tmp_path / "out", *chosen)
    assert {p.suffix for p in (tmp_path / "out" / "星河助手").iterdir() if p.is_file()} == suffixes


def test_a_report_knows_its_reader(run: Run, folder: Path, tmp_path: Path) -> None:
    pages = []
    for reader in ("applicant", "reviewer"):
        run("check", folder, *DAY, "-o", tmp_path / reader, "-f", "html", "--for", reader)
        pages.append(next((tmp_path / reader / "星河助手").glob("*.html")).read_text("utf-8"))
    assert pages[0] != pages[1]


def test_corrections_are_taken_and_kept_in_the_review(run: Run, folder: Path, tmp_path: Path) -> None:
    run(
        "check", folder, *DAY, "-o", tmp_path, "-f", "json", "--route", "registration", "--service", "minors=true",
        "--role", "03服务协议.docx=privacy", "--password", "geheim-2026",
    )  # fmt: skip
    text = (tmp_path / "星河助手" / "review.json").read_text("utf-8")
    made = Review.model_validate_json(text)
    assert (made.filing.route, made.filing.service.minors) == ("registration", True)
    assert {f.file: f.role for f in made.filing.files}["03服务协议.docx"] == "privacy"
    assert made.manifest.settings["service"] == {"minors": "true"}
    assert "geheim-2026" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--service", "minor=true"], "--service 没有“minor”这一项"),
        (["--service", "minors=maybe"], "应为 true 或 false"),
        (["--service", "minors"], "应写成 名称=值"),
        (["--role", "03服务协议.docx=contract"], "不存在。可用的角色"),
        (["--role", "没有.docx=form"], "不在材料中"),
        (["--role", "form"], "应写成 名称=值"),
        (["--as-of", "23.11.2026"], "不是日期，应为 YYYY-MM-DD"),
        (["--route", "both"], "应为 filing 或 registration"),
        (["--format", "pdf"], "--format“pdf”不可用"),
        (["--for", "everyone"], "应为 applicant、reviewer"),
        (["--fail-on", "all"], "应为 fatal、major、minor"),
        (["--pack", "eu-ai-act"], "找不到规则包"),
        (["--overlay", "nowhere"], "没有叠加"),
    ],
    ids=[
        "service-key", "service-value", "service-shape", "role-name", "role-file", "role-shape", "as-of", "route", "format", "for",
        "fail-on", "pack", "overlay",
    ],
)  # fmt: skip
def test_a_wrong_option_is_named_in_chinese(
    run: Run, folder: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    answer = run("check", folder, "-f", "json", *([] if "--as-of" in arguments else DAY), *arguments)
    assert answer.code == 2
    assert said.replace(" ", "") in "".join(answer.err.split())
    assert "Traceback" not in answer.err
    assert not (tmp_path / "out" / "星河助手").exists()


def test_the_day_of_review_is_obeyed(run: Run, folder: Path, tmp_path: Path) -> None:
    statements = []
    for day in ("2023-01-01", "2026-11-23"):
        run("check", folder, "--as-of", day, "-o", tmp_path / day, "-f", "json")
        made = _review(tmp_path / day / "星河助手")
        statements.append(sum("未施行" in f.statement for f in made.findings))
    assert statements[0] > statements[1]


def test_a_report_is_proved_again_until_someone_changes_it(run: Run, folder: Path, tmp_path: Path) -> None:
    run("check", folder, *DAY, "-o", tmp_path, "-f", "json")
    report = tmp_path / "星河助手" / "review.json"
    honest = run("verify", report, folder)
    assert (honest.code, "全部证明" in honest.out) == (0, True)
    report.write_text(report.read_text("utf-8").replace("合格率96.3%", "合格率97.3%"), encoding="utf-8")
    changed = run("verify", report, folder)
    assert changed.code == 1
    assert "无法证明" in changed.out


def test_what_is_no_report_cannot_be_verified(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    for path in (tmp_path / "a.json", tmp_path / "b.json"):
        answer = run("verify", path, folder)
        assert answer.code == 2
        assert str(path) in answer.err


def test_the_published_schema_is_the_one_the_program_prints(run: Run) -> None:
    """After an additive change: assist-review schema > docs/review.schema.json."""
    answer = run("schema")
    assert json.loads(answer.out) == json.loads((DOCS / "review.schema.json").read_text("utf-8"))


def test_doctor_names_the_pack_and_finds_everything(run: Run) -> None:
    answer = run("doctor")
    assert answer.code == 0
    assert f"规则包 cn-genai {pack().version}" in answer.out
    assert "缺少" not in answer.out


def test_doctor_says_when_the_pack_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSIST_REVIEW_PACKS", str(tmp_path))
    answer = run("doctor")
    assert answer.code == 1
    assert "找不到规则包" in answer.out


@pytest.mark.parametrize(
    ("what", "shown"),
    [("instruments", "genai-measures-2023"), ("requirements", "CON-02"), ("risks", "A1.a")],
    ids=["instruments", "requirements", "risks"],
)
def test_the_pack_is_listed(run: Run, what: str, shown: str) -> None:
    answer = run("regulations", "list", what)
    assert answer.code == 0
    assert shown in answer.out


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [("CON-02", "缺陷代码"), ("con-02", "CON-02"), ("csl-2025:23", "转述"), ("csl-2025", "网络安全法")],
    ids=["requirement", "lower-case", "clause", "instrument"],
)
def test_a_piece_of_the_pack_is_shown(run: Run, identifier: str, shown: str) -> None:
    answer = run("regulations", "show", identifier)
    assert answer.code == 0
    assert shown in answer.out


def test_what_the_pack_does_not_hold_is_said(run: Run) -> None:
    answer = run("regulations", "show", "CON-99")
    assert (answer.code, "中没有“CON-99”" in answer.err) == (2, True)
    assert run("regulations", "list", "everything").code == 2


def test_clauses_are_searched_by_content(run: Run) -> None:
    answer = run("regulations", "search", "网络日志保存六个月", "-n", "3")
    assert answer.code == 0
    assert "csl-20" in answer.out
    refused = run("regulations", "search", "日志", "--embeddings", "word2vec:a")
    assert (refused.code, "--embeddings" in refused.err) == (2, True)


HEAVY = (
    "chromadb", "openai", "langchain", "langchain_core", "langchain_openai", "django", "pypdf", "pypdfium2", "pdfplumber", "rapidocr",
    "onnxruntime", "openpyxl", "python_calamine", "numpy", "cv2", "PIL", "docx", "lxml", "opencc", "matplotlib", "tokenizers",
)  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["check", "--help"], ["regulations", "--help"], ["evaluate", "--help"], ["--version"]],
    ids=["root", "check", "regulations", "evaluate", "version"],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from assist_review.cli import main\n"
        f"sys.argv = ['assist-review', *{arguments!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('LOADED', *[m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_a_zip_is_a_package(run: Run, tmp_path: Path) -> None:
    import shutil

    inner = package(tmp_path / "材料", report=(), agreement=AGREEMENT)
    packed = shutil.make_archive(str(tmp_path / "材料包"), "zip", inner)
    assert run("check", packed, *DAY, "-o", tmp_path / "out", "-f", "json").code == 1
    assert len(_review(tmp_path / "out" / "材料包.zip").filing.files) == 4
