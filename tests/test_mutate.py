"""Every mutation operator plants its defect in a small package, in one place, the same way each time."""

import io
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from assist_review import packs
from assist_review.errors import SettingsError
from assist_review.evaluate.mutate import OPERATORS, plant
from assist_review.evaluate.mutate.package import load
from assist_review.filing import Filing, ServiceProfile
from assist_review.read import read
from mutate_package import build

UNREADABLE = {"file-locked", "file-damaged", "file-empty"}
SALTED = {"file-locked"}  # a password never gives the same bytes twice
REPEATED = [o.id for o in OPERATORS.values() if o.formats != ("xlsx",) and o.id not in SALTED]
REPEATED += ["refuse-thin", "banks-share-questions", "hidden-row"]  # lists take seconds; these stand for all of them


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("mutate") / "package")


@pytest.fixture(scope="session")
def filing(package: Path) -> Filing:
    documents, unreadable = read(package, lexicon=packs.load(packs.find()).lexicon, ocr=False)
    return Filing(name="package", route="filing", service=ServiceProfile(), documents=documents, unreadable=unreadable)


@pytest.mark.parametrize("operator", OPERATORS)
def test_operator_plants_and_files_still_open(operator: str, package: Path, filing: Filing, tmp_path: Path) -> None:
    """What is planted is told, only the files told have changed, and they open in other programs' readers."""
    planted = plant(package, tmp_path / "out", operator, 1, filing=filing)
    assert planted is not None
    before, after = load(package), load(tmp_path / "out")
    touched = {f for f in before.keys() | after.keys() if before.get(f) != after.get(f)}
    assert touched
    assert touched <= set(planted.files)
    assert planted.operator == operator
    assert planted.before != planted.after or planted.absent
    for file in touched & after.keys():
        if operator not in UNREADABLE:
            _opens(file, after[file])


def _opens(file: str, data: bytes) -> None:
    if file.endswith(".docx"):
        assert Document(io.BytesIO(data)).paragraphs
    elif file.endswith(".xlsx"):
        assert load_workbook(io.BytesIO(data), read_only=True).sheetnames
    elif file.endswith(".pdf"):
        assert PdfReader(io.BytesIO(data)).pages[0].extract_text()
        document = pypdfium2.PdfDocument(data)
        document[0].render(scale=0.3)
        document.close()


@pytest.mark.parametrize("operator", REPEATED)
def test_same_seed_gives_the_same_bytes(operator: str, package: Path, filing: Filing, tmp_path: Path) -> None:
    """A mutation can be made again exactly."""
    first = plant(package, tmp_path / "a", operator, 3, filing=filing)
    second = plant(package, tmp_path / "b", operator, 3, filing=filing)
    assert first == second
    assert load(tmp_path / "a") == load(tmp_path / "b")


def test_the_seed_picks_the_place(package: Path, filing: Filing, tmp_path: Path) -> None:
    """Other seeds reach other places."""
    places = {
        planted.place
        for seed in range(6)
        if (planted := plant(package, tmp_path / str(seed), "form-cell-empty", seed, filing=filing))
    }
    assert len(places) > 2


@pytest.mark.parametrize("operator", OPERATORS)
def test_no_place_gives_none_and_no_copy(operator: str, tmp_path: Path) -> None:
    """A package that has nothing of the kind is left alone."""
    source = tmp_path / "package"
    source.mkdir()
    (source / "注意事项.txt").write_text("无关内容。", encoding="utf-8")
    filing = Filing(name="package", route="filing", service=ServiceProfile(), documents=())
    planted = plant(source, tmp_path / "out", operator, 1, filing=filing)
    if operator in ("template-help-left", "file-empty"):
        assert planted is not None
    else:
        assert planted is None
        assert not (tmp_path / "out").exists()


def test_unknown_operator_names_the_known(package: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="corpus-total-differs"):
        plant(package, tmp_path / "out", "nonsense", 1)


def test_output_that_is_not_empty_is_refused(package: Path, filing: Filing, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("x", encoding="utf-8")
    with pytest.raises(SettingsError, match="空文件夹"):
        plant(package, tmp_path, "file-missing", 1, filing=filing)


def test_catalogue_covers_what_it_must() -> None:
    """At least thirty operators over as many codes, in each format, each tied to codes and requirements of the pack."""
    known = {r.id for r in packs.load(packs.find()).requirements}
    assert len(OPERATORS) >= 30
    assert len({o.codes[0] for o in OPERATORS.values()}) >= 30
    assert {f for o in OPERATORS.values() for f in o.formats} >= {"docx", "pdf", "xlsx"}
    for operator in OPERATORS.values():
        assert operator.codes
        assert set(operator.requirements) <= known, operator.id
        assert operator.describe.endswith("。")
