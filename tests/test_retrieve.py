"""Passages for requirements and clauses for a text: BM25 over bigrams, fused by rank with the vectors of a store."""

from pathlib import Path
from typing import Any

import pytest

from assist_review.errors import SettingsError, StoreError
from assist_review.regulation import Pack
from assist_review.retrieve import Bm25, ClauseIndex, bigrams, fuse, retrieve
from assist_review.store.clauses import ClauseStore
from assist_review.store.embeddings import CharacterVectors, embedder
from filings import document, filing
from wordings import pack

TEXTS = ["日志留存不少于六个月", "建立投诉举报渠道", "关键词总规模不少于一万个", "日志"]


def test_bigrams_overlap_and_a_single_character_stands_alone() -> None:
    assert bigrams("日 志Ａ") == ["日志", "志a"]
    assert bigrams("日") == ["日"]
    assert bigrams("") == []


def test_bm25_puts_the_text_with_the_rare_words_first() -> None:
    index = Bm25(TEXTS)
    assert [i for i, _ in index.search("日志保存多久")] == [3, 0]
    assert index.search("天气") == []
    assert index.search("投诉", limit=1)[0][0] == 1
    assert Bm25([]).search("日志") == []


def test_fusion_prefers_what_both_rankings_have_in_front() -> None:
    assert fuse([[1, 2, 3], [3, 1, 2]]) == [1, 3, 2]
    assert fuse([[1, 2], [2, 1]], [1.0, 0.1]) == [1, 2]
    assert fuse([[], []]) == []


def test_a_requirement_finds_its_passage_in_documents_of_its_roles() -> None:
    package = filing(
        document(
            "report", "# 日志", "本服务的网络日志留存不少于六个月，并由专人管理。", "本服务面向成年人提供写作帮助。"
        ),
        document("keywords", "网络日志留存不少于六个月。"),
    )
    row = pack().requirement("MEA-13")
    assert row is not None
    first = retrieve(package, [row])["MEA-13"][0]
    assert (first.evidence.file, first.evidence.quote) == (
        "report.docx",
        "本服务的网络日志留存不少于六个月，并由专人管理。",
    )
    assert 0 < first.score <= 1


def test_an_empty_filing_has_no_matches() -> None:
    assert set(retrieve(filing(), pack().requirements).values()) == {()}


def test_a_clause_is_found_by_its_content() -> None:
    found = ClauseIndex(pack()).search("网络日志留存不少于六个月", limit=5)
    assert found[0].clause.id == "csl-2016:21"
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


@pytest.fixture(scope="module")
def small() -> Pack:
    return pack().model_copy(update={"clauses": pack().clauses[:60]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


def test_the_store_finds_a_clause_by_its_own_text(folder: Path, small: Pack) -> None:
    clause = small.clauses[17]
    assert ClauseStore(folder, small).search(clause.text, limit=3)[0] == clause.id


def test_the_store_is_kept_between_runs_and_rebuilt_when_the_pack_changes(
    folder: Path, small: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ClauseStore(folder, small)
    filled: list[int] = []
    own = ClauseStore._fill

    def seen(store: ClauseStore, given: Pack) -> None:
        filled.append(len(given.clauses))
        own(store, given)

    monkeypatch.setattr(ClauseStore, "_fill", seen)
    ClauseStore(folder, small)
    assert filled == []
    other = small.model_copy(update={"sha256": "f" * 64, "clauses": small.clauses[:30]})
    assert set(ClauseStore(folder, other).search(small.clauses[50].text, limit=60)) <= {c.id for c in other.clauses}
    assert filled == [30]


def test_the_default_embedding_is_never_made(folder: Path, small: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would download a model."""
    from chromadb.utils import embedding_functions

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("default embedding function")

    monkeypatch.setattr(embedding_functions.DefaultEmbeddingFunction, "__call__", refuse)
    assert ClauseStore(folder, small).search("日志", limit=2)


def test_a_damaged_index_says_what_to_do(tmp_path: Path, small: Pack) -> None:
    path = tmp_path / "index"
    path.write_text("not a folder")
    with pytest.raises(StoreError, match="自动重建"):
        ClauseStore(path, small)


def test_vectors_are_unit_and_alike_for_alike_texts() -> None:
    one, other, far = CharacterVectors()(["日志留存六个月", "日志保存六个月", "投诉渠道"])
    dot = [sum(a * b for a, b in zip(one, v, strict=True)) for v in (one, other, far)]
    assert dot[0] == pytest.approx(1)
    assert dot[1] > dot[2]
    assert CharacterVectors()([""])[0] == [0.0] * 512


@pytest.mark.parametrize("choice", ["openai:", "word2vec:a", "onnx"], ids=["no-model", "unknown", "no-folder"])
def test_an_embedding_that_does_not_exist_is_refused(choice: str) -> None:
    with pytest.raises(SettingsError, match="--embeddings"):
        embedder(choice)


def test_an_embedding_folder_must_hold_its_files(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"model\.onnx"):
        embedder(f"onnx:{tmp_path}")
