"""The verb `retrieve`: passages of the filing for requirements, clauses of the pack for a text.

Character bigrams and BM25: for Chinese statutes they beat word segmentation and need no model. Vectors, where a
store with an embedding function is given, are fused by rank.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assist_review.filing import Filing
from assist_review.passages import Passage, passage_evidence, passages
from assist_review.regulation import Clause, Pack, Requirement
from assist_review.review import Match
from assist_review.text import fold

_K1, _B = 1.2, 0.75
_RRF = 60


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of characters of the folded text; single characters stand alone where there is no pair."""
    key = fold(text)
    return [key[i : i + 2] for i in range(len(key) - 1)] or list(key)


class Bm25:
    """BM25 over bigrams of a list of texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        for i, text in enumerate(texts):
            counts = Counter(bigrams(text))
            self._lengths.append(sum(counts.values()))
            for gram, n in counts.items():
                self._postings[gram].append((i, n))
        self._mean = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def search(self, query: str, limit: int = 10) -> list[tuple[int, float]]:
        """Indices with scores, best first; only texts that share a bigram."""
        scores: dict[int, float] = defaultdict(float)
        total = len(self._lengths)
        for gram in set(bigrams(query)):
            postings = self._postings.get(gram, ())
            if not postings:
                continue
            weight = math.log(1 + (total - len(postings) + 0.5) / (len(postings) + 0.5))
            for i, n in postings:
                norm = _K1 * (1 - _B + _B * self._lengths[i] / (self._mean or 1.0))
                scores[i] += weight * n * (_K1 + 1) / (n + norm)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def fuse(rankings: Sequence[Sequence[int]], weights: Sequence[float] | None = None) -> list[int]:
    """Reciprocal rank fusion (Cormack 2009, k = 60): indices, best first."""
    scores: dict[int, float] = defaultdict(float)
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, i in enumerate(ranking, start=1):
            scores[i] += weight / (_RRF + rank)
    return sorted(scores, key=lambda i: (-scores[i], i))


def retrieve(filing: Filing, requirements: Iterable[Requirement], *, limit: int = 4) -> dict[str, tuple[Match, ...]]:
    """For each requirement the passages nearest to its statement, of the roles it is shown in."""
    parts = [p for d in filing.documents if d.role not in ("keywords", "questions") for p in passages(d)]
    parts = [p for p in parts if len(p.key) >= 8 and not p.heading]
    index = Bm25(p.text for p in parts)
    found: dict[str, tuple[Match, ...]] = {}
    for requirement in requirements:
        ranked = index.search(_query(requirement), limit=limit * 12)
        best = ranked[0][1] if ranked else 1.0
        kept = [(parts[i], s) for i, s in ranked if not requirement.roles or parts[i].role in requirement.roles]
        found[requirement.id] = tuple(_match(requirement.id, p, s / best) for p, s in kept[:limit])
    return found


def _query(requirement: Requirement) -> str:
    words = [str(a) for c in requirement.checks for a in c.get("anchors", ()) if not str(a).startswith("re:")]
    return " ".join([requirement.statement, *words[:8]])


def _match(requirement: str, passage: Passage, score: float) -> Match:
    return Match(requirement=requirement, evidence=passage_evidence(passage), score=round(min(1.0, score), 4))


@dataclass(frozen=True)
class FoundClause:
    """A clause with its score, 0-1 within one query."""

    clause: Clause
    score: float


class ClauseIndex:
    """Clauses of a pack searchable by bigrams; `near` (a vector store's search) is fused in where given."""

    def __init__(self, pack: Pack) -> None:
        titles = {i.id: i.title for i in pack.instruments}
        self._clauses = pack.clauses
        self._place = {c.id: n for n, c in enumerate(pack.clauses)}
        self._bm25 = Bm25(f"{titles.get(c.instrument, '')} {c.label} {c.text}" for c in pack.clauses)

    def search(
        self, query: str, *, near: Sequence[str] = (), weight: float = 1.0, limit: int = 10
    ) -> list[FoundClause]:
        """Clauses nearest to `query`; `near` holds clause ids in the order another index found them."""
        lexical = [i for i, _ in self._bm25.search(query, limit=100)]
        vector = [self._place[c] for c in near if c in self._place]
        order = fuse([lexical, vector], [1.0, weight]) if vector else lexical
        return [FoundClause(self._clauses[i], round(1 / (1 + n / 10), 4)) for n, i in enumerate(order[:limit])]
