"""The example filings: stored reviews fit the program, are taken only where they do, and stand in several states."""

import json
import lzma
import tomllib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from assist_review import __version__, packs
from assist_review.law.overlay import as_reviewed
from assist_review.read import cache
from assist_review.read.cache import Cache
from assist_review.review import Review
from assist_review.web import demo, examples, jobs, rules
from assist_review.web.examples import EXAMPLES, SHIPPED, Example
from assist_review.web.models import DocumentRecord, FilingRecord, JobRecord, RegisterRecord, ReviewRecord

ROOT = Path(__file__).parents[2]
STORED = [e for e in EXAMPLES if e.stored]
REBUILD = "run: python eval/examples.py"


def _head(example: Example) -> dict[str, Any]:
    return dict(json.loads(lzma.decompress((ROOT / "eval/examples" / f"{example.case}.review.xz").read_bytes())))


@pytest.fixture
def as_stored(people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pack with the hash the reviews were stored under, whatever was edited since."""
    pack = packs.load_written(packs.find("cn-genai"))
    pack = pack.model_copy(update={"sha256": _head(SHIPPED)["pack"]})
    monkeypatch.setattr(rules, "pack", lambda: pack)
    rules.theme_of.cache_clear()
    demo.desk.base.cache_clear()
    yield pack
    demo.desk.base.cache_clear()


@pytest.mark.parametrize("example", STORED, ids=lambda e: e.case)
def test_a_stored_review_fits_the_program(example: Example) -> None:
    head = _head(example)
    pack = packs.load_written(packs.find("cn-genai"))
    assert (head["program"], head["version"]) == (__version__, pack.version), REBUILD
    review = Review.model_validate(head["review"])
    assert review.manifest.program == f"assist-review {__version__}"
    assert review.manifest.settings == example.settings, REBUILD
    folder = examples.package(example.case)
    assert folder is not None
    files = {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}  # fmt: skip
    assert {f.file: f.sha256 for f in review.filing.files} == files, REBUILD
    assert {f.requirement for f in review.findings} <= {
        r.id for r in as_reviewed(pack, review.pack.overlays).requirements
    }, REBUILD
    assert {d.file for d in examples.documents(example)} == set(files), REBUILD


def test_the_examples_stand_in_several_states_at_once(as_stored: Any, committed: Callable[[], Any]) -> None:
    added, waiting = demo.examples()
    assert (added, waiting) == (5, 1)
    states = dict(FilingRecord.objects.values_list("name", "state"))
    assert states == {
        "湘城政务问答助手": "S14", "淡语对话大模型": "S7", "砚云写作模型": "S6", "绘禾图文创作模型": "S4", "伴糖陪伴应用": "S2",
    }  # fmt: skip
    assert RegisterRecord.objects.get().name == "湘城政务问答助手"
    finished = FilingRecord.objects.get(state="S14")
    assert (finished.round, finished.reviews.last().findings.filter(carried=True).count()) == (2, 0)
    reviewed = ReviewRecord.objects.get(filing__state="S7")
    decided = reviewed.findings.exclude(state="open")
    assert {"confirmed", "amended", "dismissed"} == set(decided.values_list("state", flat=True))
    assert reviewed.findings.filter(state="open", group="fatal").exists()
    corrected = FilingRecord.objects.get(state="S6")
    assert corrected.notices.get().issued_at is not None
    assert JobRecord.objects.exclude(state="done").count() == 1
    # What is stored is what the job would have kept.
    for row in ReviewRecord.objects.all():
        review = Review.model_validate(row.value)
        assert review.filing.name == row.filing.number
        assert row.findings.count() == len(review.findings)
        for file in review.filing.files:
            assert DocumentRecord.objects.filter(sha256=file.sha256).exists()
    assert demo.examples() == (0, 0)  # only where there is nothing yet


@pytest.fixture
def other_pack(as_stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another pack than that of the stored reviews."""
    other = as_stored.model_copy(update={"sha256": "0" * 64})
    monkeypatch.setattr(rules, "pack", lambda: other)


def test_another_pack_and_other_readers_leave_the_examples_to_the_worker(
    other_pack: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "reader_version", lambda: "another")
    assert demo.examples((SHIPPED.case,)) == (1, 1)
    assert FilingRecord.objects.get().state == "S4"
    assert not ReviewRecord.objects.exists()
    assert JobRecord.objects.get().state == "queued"


def test_another_pack_has_the_stored_documents_judged_anew(
    other_pack: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = _head(SHIPPED)["reader"]
    for module in (examples, cache):
        monkeypatch.setattr(module, "reader_version", lambda: read)
    monkeypatch.setattr(jobs, "read_cache", lambda: tmp_path)
    assert demo.examples((SHIPPED.case,)) == (1, 0)
    filing = FilingRecord.objects.get()
    assert filing.state == "S14"
    assert {r.pack_sha256 for r in filing.reviews.all()} == {"0" * 64}
    assert {j.state for j in JobRecord.objects.all()} == {"done"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("program", "0.0.1", "程序版本"), ("version", "1999", "规则包"), ("review", {"schema": "x"}, "格式")],
)
def test_a_stored_review_that_does_not_fit_says_why(
    field: str, value: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_stored: Any
) -> None:
    (tmp_path / f"{SHIPPED.case}.review.xz").write_bytes(lzma.compress(json.dumps({**_head(SHIPPED), field: value}).encode()))  # fmt: skip
    monkeypatch.setattr(examples, "folder", lambda *_: tmp_path)
    assert said in str(examples.stored(SHIPPED, as_stored, {}))


def test_changed_material_or_none_stored_does_not_fit(as_stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examples.stored(SHIPPED, as_stored, {"00登记表.docx": "0" * 64}) == "材料不同"
    monkeypatch.setattr(examples, "folder", lambda *_: None)
    assert examples.stored(SHIPPED, as_stored, {}) == "没有存储的审查结果"


def test_other_readers_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "reader_version", lambda: "another")
    assert not examples.warm(SHIPPED, tmp_path)
    assert not list(tmp_path.rglob("*.json"))
    monkeypatch.setattr(examples, "reader_version", lambda: _head(SHIPPED)["reader"])
    assert examples.warm(SHIPPED, tmp_path)
    document = examples.documents(SHIPPED)[0]
    found = Cache(tmp_path, ocr=True).get(document.sha256, document.file)
    assert found is not None
    assert found.blocks == document.blocks


def test_a_wheel_shows_its_one_package_in_every_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "package", lambda case: Path("x") if case == SHIPPED.case else None)
    found = examples.present()
    assert {e.case for e in found} == {SHIPPED.case}
    assert [e.stage for e in found] == ["finished", "deciding", "corrected", "checked"]
    assert len({e.name for e in found}) == 4


def test_the_wheel_holds_what_the_shipped_example_needs() -> None:
    included = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]  # fmt: skip
    needed = [f"eval/cases/{SHIPPED.case}/package", *(f"eval/examples/{SHIPPED.case}.{k}.xz" for k in ("review", "documents"))]  # fmt: skip
    assert [included.get(n) for n in needed] == [f"assist_review/_data/{n}" for n in needed]
    size = sum(p.stat().st_size for n in needed for p in ([ROOT / n] if (ROOT / n).is_file() else (ROOT / n).rglob("*")))  # fmt: skip
    assert size < 2 * 1024**2
