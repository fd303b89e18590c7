"""The verb `retrieve`: passages of the filing for requirements, clauses of the pack for a text.

Character bigrams and BM25: for Chinese statutes they beat word segmentation and need no model. Words that only
make a question count half, and a second ranking asks again with words of the first five texts; both are fused by
rank (measured in `benchmarks/retrieval.py`). Vectors, where a store with an embedding function is given, too.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assist_review.filing import Filing
from assist_review.law.naming import ClauseNames
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


# Words of a question that no statute answers with.
_ASKING = re.compile(
    r"请问|怎么办|怎么样|怎样|怎么|如何|是否|可不可以|能不能|能否|可以|什么|哪些|哪个|多少|多久|应该|应当|需要|需不需要|属于|有没有|会不会|为什么|"
    r"的情况下|情况下|的话|[吗呢吧么啊?,.我你他她]"
)
_HALF = 0.5
_FEEDBACK_TEXTS, _FEEDBACK_TERMS, _FEEDBACK_WEIGHT = 5, 20, 0.4


def asked(query: str) -> dict[str, float]:
    """The bigrams of a query with their weights: those that touch a word of asking count half."""
    weights = dict.fromkeys(bigrams(query), _HALF)
    plain = [g for part in _ASKING.split(fold(query)) if len(part) > 1 for g in bigrams(part)]
    return weights | dict.fromkeys(plain, 1.0) if plain else dict.fromkeys(weights, 1.0)


class Bm25:
    """BM25 over bigrams of a list of texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        self._texts = tuple(texts)
        for i, text in enumerate(self._texts):
            counts = Counter(bigrams(text))
            self._lengths.append(sum(counts.values()))
            for gram, n in counts.items():
                self._postings[gram].append((i, n))
        self._mean = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def search(self, query: str, limit: int = 10) -> list[tuple[int, float]]:
        """Indices with scores, best first; only texts that share a bigram."""
        return self.weighted(dict.fromkeys(bigrams(query), 1.0), limit)

    def weighted(self, terms: Mapping[str, float], limit: int = 10) -> list[tuple[int, float]]:
        """The same for bigrams with weights of their own."""
        scores: dict[int, float] = defaultdict(float)
        for gram, own in terms.items():
            weight = own * self._rarity(gram)
            for i, n in self._postings.get(gram, ()):
                norm = _K1 * (1 - _B + _B * self._lengths[i] / (self._mean or 1.0))
                scores[i] += weight * n * (_K1 + 1) / (n + norm)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def asked(self, query: str, limit: int = 100) -> list[int]:
        """Indices for a question, best first: its own words, fused with those of the texts they lead to."""
        terms = asked(query)
        first = self.weighted(terms, max(limit, _FEEDBACK_TEXTS))
        gained: dict[str, float] = defaultdict(float)
        for i, score in first[:_FEEDBACK_TEXTS]:
            for gram, n in Counter(bigrams(self._texts[i])).items():
                gained[gram] += score * n / self._lengths[i] * self._rarity(gram)
        best = sorted(gained.items(), key=lambda pair: (-pair[1], pair[0]))[:_FEEDBACK_TERMS]
        more = dict(terms)
        for gram, value in best:
            more[gram] = more.get(gram, 0.0) + _FEEDBACK_WEIGHT * value / best[0][1]
        return fuse([[i for i, _ in first], [i for i, _ in self.weighted(more, limit)]])[:limit]

    def _rarity(self, gram: str) -> float:
        n = len(self._postings.get(gram, ()))
        return math.log(1 + (len(self._lengths) - n + 0.5) / (n + 0.5))


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
    """Clauses of a pack searchable by bigrams; `near` (a vector store's search) is fused in where given.

    A clause that a query names (by law and article, by standard and number, by id) always comes first. Parts of an
    imported article are found by name only: their words are in the article. Texts are indexed with the names of
    their instrument and the headings above them.
    """

    def __init__(self, pack: Pack) -> None:
        titles = {i.id: i.title for i in pack.instruments}
        self._names = ClauseNames(pack)
        self._synonyms = [tuple(map(fold, g)) for g in pack.lexicon.get("retrieval", {}).get("synonyms", ())]
        self._clauses = tuple(c for c in pack.clauses if not c.within)
        self._by_id = {c.id: c for c in pack.clauses}
        self._place = {c.id: n for n, c in enumerate(self._clauses)}
        self._bm25 = Bm25(
            f"{titles.get(c.instrument, '')} {' '.join(c.path)} {c.label} {c.text}" for c in self._clauses
        )

    def search(
        self, query: str, *, near: Sequence[str] = (), weight: float = 1.0, limit: int = 10
    ) -> list[FoundClause]:
        """Clauses nearest to `query`; `near` holds clause ids in the order another index found them."""
        lexical = self._bm25.asked(self._widened(query))
        vector = [self._place[c] for c in near if c in self._place]
        order = fuse([lexical, vector], [1.0, weight]) if vector else lexical
        named = [self._by_id[c] for c in self._names.named(query)]
        found = list(dict.fromkeys([*named, *(self._clauses[i] for i in order)]))
        # What the first three refer to follows the first ten.
        more = [self._by_id[c] for first in found[:3] for c in self._names.referred(first)]
        found = list(dict.fromkeys([*found[:10], *more, *found[10:]]))
        return [FoundClause(c, round(1 / (1 + n / 10), 4)) for n, c in enumerate(found[:limit])]

    def _widened(self, query: str) -> str:
        """The query with the other words of the field for what it says."""
        key = fold(query)
        more = [w for group in self._synonyms if any(s in key for s in group) for w in group if w not in key]
        return " ".join([query, *more])
