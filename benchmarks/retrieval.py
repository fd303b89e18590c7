"""Retrieval: recall, reciprocal rank and nDCG of the product's retriever and of its parts, with bootstrap intervals.

    python benchmarks/retrieval.py statutes FOLDER      # corpus.jsonl.gz, queries*.jsonl, qrels*.tsv (BEIR layout)
    python benchmarks/retrieval.py pack [--split test]  # own questions over the pack, eval/retrieval

Intervals are 95 %, 1,000 resamples of the questions, seed 0. `--split` halves the statute questions by a hash of
their id (even: dev, odd: test); our own questions carry their split.
"""

import argparse
import gzip
import hashlib
import json
import math
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from assist_review import packs
from assist_review.retrieve import Bm25, ClauseIndex, asked

ROOT = Path(__file__).resolve().parents[1]
Ranker = Callable[[str], list[str]]


def qrels(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        found[query].add(document)
    return found


def measures(ranked: list[str], gold: set[str]) -> dict[str, float]:
    hits = [n for n, d in enumerate(ranked[:100], 1) if d in gold]
    ideal = sum(1 / math.log2(n + 1) for n in range(1, min(len(gold), 10) + 1))
    return {
        "R@5": sum(n <= 5 for n in hits) / len(gold), "R@10": sum(n <= 10 for n in hits) / len(gold), "R@100": len(hits) / len(gold),
        "MRR": 1 / hits[0] if hits else 0.0, "nDCG@10": sum(1 / math.log2(n + 1) for n in hits if n <= 10) / ideal,
    }  # fmt: skip


def interval(values: list[float]) -> tuple[float, float, float]:
    rng = random.Random(0)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(1000))
    return sum(values) / len(values), means[25], means[974]


def report(name: str, ranker: Ranker, questions: list[dict[str, str]], gold: dict[str, set[str]]) -> None:
    began = time.time()
    rows = [measures(ranker(q["text"]), gold[q["_id"]]) for q in questions]
    spent = (time.time() - began) / len(rows) * 1000
    cells = []
    for key in rows[0]:
        mean, low, high = interval([r[key] for r in rows])
        cells.append(f"{key} {mean:.3f} [{low:.3f}, {high:.3f}]")
    print(f"{name:28} {'  '.join(cells)}  {spent:.0f} ms", flush=True)


def statutes(folder: Path, split: str | None) -> None:
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
        corpus = [json.loads(line) for line in stream]
    ids = [d["_id"] for d in corpus]
    questions = [
        json.loads(line)
        for p in sorted(folder.glob("queries*.jsonl"))
        for line in p.read_text(encoding="utf-8").splitlines()
    ]
    gold: dict[str, set[str]] = {}
    for path in sorted(folder.glob("qrels*.tsv")):
        gold |= qrels(path)
    if split:
        wanted = 0 if split == "dev" else 1
        questions = [
            q for q in questions if hashlib.sha1(q["_id"].encode(), usedforsecurity=False).digest()[1] % 2 == wanted
        ]
    questions = [q for q in questions if q["_id"] in gold]
    began = time.time()
    index = Bm25(f"{d['title']} {d['text']}" for d in corpus)
    print(f"{len(corpus)} articles, {len(questions)} questions, index {time.time() - began:.0f} s")

    def named(pairs: list[tuple[int, float]]) -> list[str]:
        return [ids[i] for i, _ in pairs]

    report("bigram BM25", lambda q: named(index.search(q, 100)), questions, gold)
    report("+ asking words half", lambda q: named(index.weighted(asked(q), 100)), questions, gold)
    report("+ feedback, fused (default)", lambda q: [ids[i] for i in index.asked(q, 100)], questions, gold)


def own(split: str | None) -> None:
    folder = ROOT / "eval" / "retrieval"
    pack = packs.load_written(ROOT / "regulations" / "cn-genai")
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    gold = qrels(folder / "qrels.tsv")
    questions = [q for q in questions if split in (None, q["split"])]
    titles = {i.id: i.title for i in pack.instruments}
    index = Bm25(f"{titles[c.instrument]} {c.label} {c.text}" for c in pack.clauses)
    ids = [c.id for c in pack.clauses]
    plain = pack.model_copy(update={"lexicon": {k: v for k, v in pack.lexicon.items() if k != "retrieval"}})
    print(f"{len(ids)} clauses, {len(questions)} questions ({split or 'all'})")
    report("bigram BM25", lambda q: [ids[i] for i, _ in index.search(q, 100)], questions, gold)
    without, default = ClauseIndex(plain), ClauseIndex(pack)
    report("+ asking, feedback, names", lambda q: [f.clause.id for f in without.search(q, limit=100)], questions, gold)
    report("+ synonyms (default)", lambda q: [f.clause.id for f in default.search(q, limit=100)], questions, gold)
    for role in ("applicant", "reviewer", "lawyer"):
        report(
            f"  default, {role}",
            lambda q: [f.clause.id for f in default.search(q, limit=100)],
            [q for q in questions if q["role"] == role],
            gold,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("statutes", "pack"))
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--split", choices=("dev", "test"))
    wish = parser.parse_args()
    if wish.what == "statutes":
        if wish.folder is None:
            parser.error("statutes wants the folder of the corpus")
        statutes(wish.folder, wish.split)
    else:
        own(wish.split)
    return 0


if __name__ == "__main__":
    sys.exit(main())
