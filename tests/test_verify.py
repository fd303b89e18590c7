"""A finished review is proved again without any model, and every way of tampering with it is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assist_review.pipeline import run
from assist_review.review import Evidence, Finding, Review
from assist_review.verify import verify
from filings import REPORT, docx_bytes, package
from wordings import AS_OF, pack


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("v") / "p")


@pytest.fixture(scope="module")
def review(folder: Path, cache: Path) -> Review:
    return run(folder, pack=pack(), as_of=AS_OF, cache=cache)


def _changed(review: Review, fits: Callable[[Finding], Any], change: Callable[[Finding], dict[str, Any]]) -> Review:
    at = next(n for n, f in enumerate(review.findings) if fits(f))
    findings = list(review.findings)
    findings[at] = findings[at].model_copy(update=change(findings[at]))
    return review.model_copy(update={"findings": tuple(findings)})


def _quote(f: Finding) -> dict[str, Any]:
    first = f.evidence[0].model_copy(update={"quote": "合格3,912条"})
    return {"evidence": (first, *f.evidence[1:])}


def _state(f: Finding) -> dict[str, Any]:
    return {"evidence": (Evidence(file=f.evidence[0].file, quote="从未写过的话", state="verified"),)}


def _text(f: Finding) -> dict[str, Any]:
    return {"citations": (f.citations[0].model_copy(update={"text": "另一种说法"}), *f.citations[1:])}


def _clause(f: Finding) -> dict[str, Any]:
    return {"citations": (f.citations[0].model_copy(update={"clause": "pipl-2021:9999"}),)}


def _hash(f: Finding) -> dict[str, Any]:
    return {"citations": (f.citations[0].model_copy(update={"sha256": "0" * 64}),)}


def _number(f: Finding) -> dict[str, Any]:
    return {"computations": (f.computations[0].model_copy(update={"result": 96.3}),)}


def _formula(f: Finding) -> dict[str, Any]:
    return {"computations": (f.computations[0].model_copy(update={"formula": "__import__('os')"}),)}


def _computed(f: Finding) -> bool:
    return bool(f.computations)


def _cited(f: Finding) -> bool:
    return bool(f.citations)


def _quoted(f: Finding) -> bool:
    return bool(f.evidence and f.evidence[0].quote)


TAMPERED: dict[str, tuple[Callable[[Review], Review], str]] = {
    "quote": (lambda r: _changed(r, _quoted, _quote), "编号与内容不符"),
    "quote-claimed-as-verified": (lambda r: _changed(r, _quoted, _state), "核对结果为rejected，报告写为verified"),
    "citation-text": (lambda r: _changed(r, _cited, _text), "与规则包不符"),
    "citation-of-no-clause": (lambda r: _changed(r, _cited, _clause), "与规则包不符"),
    "citation-hash": (lambda r: _changed(r, _cited, _hash), "哈希与条文不符"),
    "number": (lambda r: _changed(r, _computed, _number), "报告写为 96.3"),
    "formula": (lambda r: _changed(r, _computed, _formula), "不允许"),
    "verdict": (lambda r: _changed(r, lambda f: f.verdict == "missing", lambda _: {"verdict": "compliant"}), "编号与内容不符"),
    "grade": (lambda r: r.model_copy(update={"conclusion": r.conclusion.model_copy(update={"grade": "ready"})}), "结论与问题清单不符"),
    "a-finding-taken-out": (lambda r: r.model_copy(update={"findings": r.findings[1:]}), "结论与问题清单不符"),
    "a-requirement-taken-out": (
        lambda r: r.model_copy(update={"findings": tuple(f for f in r.findings if f.requirement != "KEY-01")}), "缺少要求 KEY-01 的结论",
    ),
    "file-hash": (
        lambda r: r.model_copy(update={"filing": r.filing.model_copy(update={"files": (r.filing.files[0].model_copy(update={"sha256": "0" * 64}),)})}),
        "文件已变动或缺失：01备案申请表.docx",
    ),
    "fact": (lambda r: r.model_copy(update={"facts": (r.facts[0].model_copy(update={"value": "别的"}),)}), "事实无法重新得出"),
    "pack": (lambda r: r.model_copy(update={"pack": r.pack.model_copy(update={"sha256": "0" * 64})}), "规则包不同"),
}  # fmt: skip


def test_an_honest_review_is_proved(review: Review, folder: Path, cache: Path) -> None:
    assert list(verify(review, folder, pack=pack(), cache=cache)) == []


@pytest.mark.parametrize("name", TAMPERED, ids=list(TAMPERED))
def test_tampering_is_named(name: str, review: Review, folder: Path, cache: Path) -> None:
    change, said = TAMPERED[name]
    lines = list(verify(change(review), folder, pack=pack(), cache=cache))
    assert any(said in line for line in lines), lines


def test_a_quote_that_is_nowhere_names_its_finding(review: Review, folder: Path, cache: Path) -> None:
    finding = next(f for f in review.findings if _quoted(f))
    lines = list(verify(_changed(review, _quoted, _state), folder, pack=pack(), cache=cache))
    assert any(line.startswith(f"{finding.requirement}（{finding.id}）") for line in lines)


def test_a_changed_package_does_not_prove_the_review(review: Review, tmp_path: Path) -> None:
    """One number put right in the report afterwards."""
    other = package(tmp_path / "p")
    parts = tuple(p.replace("96.3%", "95.3%") if isinstance(p, str) else p for p in REPORT)
    (other / "02安全自评估报告.docx").write_bytes(docx_bytes(*parts))
    lines = list(verify(review, other, pack=pack()))
    assert "文件已变动或缺失：02安全自评估报告.docx" in lines
    assert any("合格率96.3%" in line and "rejected" in line for line in lines)


def test_the_corrections_of_the_user_are_used_again(folder: Path, cache: Path) -> None:
    from assist_review.pipeline import Wishes

    wishes = Wishes(route="registration", service={"minors": "true"}, roles={"03服务协议.docx": "privacy"})
    made = run(folder, pack=pack(), as_of=AS_OF, wishes=wishes, cache=cache)
    assert list(verify(made, folder, pack=pack(), cache=cache)) == []
