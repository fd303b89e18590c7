"""Retrieval on a public collection (BEIR or TREC files): recall, MRR and nDCG of the default retriever and of others."""

import gzip
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assist_review.base import Value
from assist_review.errors import SettingsError
from assist_review.evaluate.intervals import Mean, mean
from assist_review.retrieve import Bm25, fuse
from assist_review.store.embeddings import Embedder, embedder

DEPTH = 100
_CUTS = (5, 10, 100)
Qrels = dict[str, dict[str, int]]
Search = Callable[[str, int], list[int]]
Tell = Callable[[int, int], None]


class RetrievalScore(Value):
    """One retriever on one collection. Queries without a relevant document are left out."""

    retriever: str
    documents: int
    queries: int
    recall: dict[str, Mean]  # at 5, 10, 100
    mrr: Mean  # at 100
    mrr_10: Mean
    ndcg: Mean  # at 10
    seconds: float
    ms_per_query: float | None


def read_corpus(path: Path) -> tuple[list[str], list[str]]:
    """Ids and texts (title and body) of `corpus.jsonl` or `corpus.jsonl.gz`."""
    ids, texts = [], []
    for number, row in _rows(path):
        ids.append(_text(row, "_id", path, number))
        texts.append(f"{row.get('title') or ''} {_text(row, 'text', path, number)}".strip())
    if len(set(ids)) != len(ids):
        raise SettingsError(f"{path} 中有重复的 _id")
    return ids, texts


def read_queries(path: Path) -> dict[str, str]:
    """Query texts by id; `.jsonl` (BEIR) or a tab-separated file of id and text."""
    if ".jsonl" in path.name:
        return {_text(row, "_id", path, n): _text(row, "text", path, n) for n, row in _rows(path)}
    found = {}
    for line in _lines(path):
        key, tab, text = line.partition("\t")
        if tab:
            found[key] = text
    return found


def read_qrels(path: Path) -> Qrels:
    """Grades by query and document: BEIR (query, document, grade, with a heading) or TREC (query, 0, document, grade)."""
    found: Qrels = {}
    rows = [line.split() for line in _lines(path) if line.strip()]
    for number, row in enumerate(rows, start=1):
        if number == 1 and not row[-1].lstrip("-").isdigit():
            continue
        if len(row) not in (3, 4) or not row[-1].lstrip("-").isdigit():
            raise SettingsError(f"{path} 第{number}行应为“查询 文档 相关度”或者“查询 0 文档 相关度”")
        query, document, grade = row[0], row[-2], int(row[-1])
        if grade > 0:
            found.setdefault(query, {})[document] = grade
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SettingsError(f"{path} 第{number}行不是 JSON：{error}") from error
        if not isinstance(row, dict):
            raise SettingsError(f"{path} 第{number}行应为对象")
        yield number, row


def _lines(path: Path) -> Iterator[str]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as stream:
            for line in stream:
                yield line.rstrip("\n")
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise SettingsError(f"读不到 {path}：{error}") from error


def _text(row: Mapping[str, Any], key: str, path: Path, number: int) -> str:
    value = row.get(key)
    if value is None:
        raise SettingsError(f"{path} 第{number}行缺少 {key}")
    return str(value)


def lexical(texts: Sequence[str]) -> Search:
    """The default retriever: BM25 over character bigrams, asked as `regulations search` asks it."""
    index = Bm25(texts)
    return index.asked


def dense(texts: Sequence[str], embed: Embedder, *, batch: int = 256) -> Search:
    """Exact search by inner product of unit vectors."""
    parts = [embed(texts[n : n + batch]) for n in range(0, len(texts), batch)]
    matrix = np.concatenate([np.asarray(p, dtype=np.float32) for p in parts])

    def search(query: str, limit: int) -> list[int]:
        scores = matrix @ np.asarray(embed([query])[0], dtype=np.float32)
        top = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
        return [int(i) for i in top[np.argsort(-scores[top], kind="stable")]]

    return search


def fused(first: Search, second: Search, weight: float) -> Search:
    """Both by reciprocal rank, as `regulations search` does it."""
    return lambda query, limit: fuse([first(query, limit), second(query, limit)], [1.0, weight])[:limit]


def retrievers(texts: Sequence[str], embeddings: Sequence[str]) -> Iterator[tuple[str, Search]]:
    """The default retriever, and for each embedding named ("chars" is the built-in one) it alone and fused."""
    base = lexical(texts)
    yield "BM25 字符二元组（默认）", base
    for choice in embeddings:
        embed = embedder(None if choice == "chars" else choice)
        near = dense(texts, embed)
        yield f"{choice}", near
        yield f"BM25 + {choice}（权重 {embed.weight:g}）", fused(base, near, embed.weight)


def measure_retrieval(
    corpus: Path, queries: Path, qrels: Path, *, embeddings: Sequence[str] = (), tell: Tell | None = None
) -> tuple[RetrievalScore, ...]:
    """The scores of all retrievers on the collection."""
    ids, texts = read_corpus(corpus)
    asked, wanted = read_queries(queries), read_qrels(qrels)
    used = [q for q in asked if wanted.get(q)]
    if not ids or not used:
        raise SettingsError(
            f"没有可以评测的查询：{corpus} 有{len(ids)}个文档，{queries} 与 {qrels} 共有的查询{len(used)}个"
        )
    found = []
    for name, search in retrievers(texts, embeddings):
        start = time.perf_counter()
        runs = []
        for n, query in enumerate(used, start=1):
            runs.append([ids[i] for i in search(asked[query], DEPTH)])
            if tell:
                tell(n, len(used))
        seconds = time.perf_counter() - start
        found.append(rank_score(name, len(ids), used, runs, wanted, seconds))
    return tuple(found)


def rank_score(
    name: str, documents: int, queries: Sequence[str], runs: Sequence[Sequence[str]], qrels: Qrels, seconds: float
) -> RetrievalScore:
    """The measures of one ranking per query."""
    pairs = [(run, qrels[q]) for q, run in zip(queries, runs, strict=True)]
    return RetrievalScore(
        retriever=name,
        documents=documents,
        queries=len(queries),
        recall={str(k): mean([recall(run, rel, k) for run, rel in pairs]) for k in _CUTS},
        mrr=mean([reciprocal_rank(run, rel, DEPTH) for run, rel in pairs]),
        mrr_10=mean([reciprocal_rank(run, rel, 10) for run, rel in pairs]),
        ndcg=mean([ndcg(run, rel, 10) for run, rel in pairs]),
        seconds=round(seconds, 3),
        ms_per_query=round(1000 * seconds / len(queries), 3) if queries else None,
    )


def recall(run: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """The share of relevant documents among the first `k`."""
    return sum(d in relevant for d in run[:k]) / len(relevant)


def reciprocal_rank(run: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """One over the rank of the first relevant document, 0 where there is none among the first `k`."""
    return next((1 / n for n, d in enumerate(run[:k], start=1) if d in relevant), 0.0)


def ndcg(run: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Discounted gain of the first `k` against the best possible, with the grade as gain (as trec_eval does)."""
    gained = sum(relevant.get(d, 0) / math.log2(n + 1) for n, d in enumerate(run[:k], start=1))
    best = sorted(relevant.values(), reverse=True)[:k]
    return gained / sum(g / math.log2(n + 1) for n, g in enumerate(best, start=1))


def write_runs(path: Path, scores: Sequence[RetrievalScore]) -> None:
    """The scores as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = [s.model_dump(mode="json") for s in scores]
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
