"""Requirement against text on a public collection (ContractNLI layout): does the text entail, contradict, or not say it?

The offline answerer looks the nearest span up and compares words: it says honestly what retrieval and rules alone can
do. A reader with a model is one more function in `ANSWERERS`.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist_review.base import Value
from assist_review.errors import SettingsError
from assist_review.evaluate.intervals import Mean, Rate, mean, rate
from assist_review.retrieve import Bm25, bigrams

LABELS = ("Entailment", "Contradiction", "NotMentioned")
_NOT_ENGLISH = re.compile(
    r"\b(?:not|no|never|neither|nor|without|prohibit\w*|refrain\w*|except|unless|cannot|nothing|other than)\b",
    re.IGNORECASE,
)
_NOT_CHINESE = re.compile(r"不得|不应|不能|不可|不会|不予|不|无需|无须|未|没有|禁止|严禁|除外|拒绝")
_MAY_ENGLISH = re.compile(r"\b(?:may|can|permitted|allowed|entitled|free to)\b", re.IGNORECASE)
_MAY_CHINESE = re.compile(r"可以|有权|允许")
_SHOWN = 5  # spans an answer may name, best first


@dataclass(frozen=True)
class Pair:
    """One requirement (hypothesis) and one text cut into spans; `spans` of the truth are numbers of spans."""

    document: str
    requirement: str
    hypothesis: str
    texts: tuple[str, ...]
    label: str
    spans: frozenset[int]


@dataclass(frozen=True)
class Answer:
    """A label with the spans that show it, best first, each with its score."""

    label: str
    spans: tuple[tuple[int, float], ...]


Answerer = Callable[[Sequence[Pair]], list[Answer]]


class ClassScore(Value):
    """Precision, recall and F1 of one label; F1 is None where the label neither stands nor is given."""

    precision: Rate
    recall: Rate
    f1: float | None


class EntailmentScore(Value):
    """An answerer on a collection. `majority` is the accuracy of always giving the most frequent label."""

    answerer: str
    documents: int
    pairs: int
    accuracy: Rate
    majority: float | None
    classes: dict[str, ClassScore]
    evidence_found: Rate  # of the true spans of pairs that have some, those named
    evidence_right: Rate  # of the spans named for such pairs, those that are true
    evidence_first: Rate  # pairs whose first span is a true one
    evidence_map: Mean  # average precision of the ranking of spans, per pair that has some
    quotes_verified: Rate
    confusion: dict[str, dict[str, int]]  # truth → given


def read_pairs(path: Path) -> list[Pair]:
    """Every pair of a ContractNLI file. Raises SettingsError naming file and key where the layout differs."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"读不到 {path}：{error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{path} 不是 JSON：{error}") from error
    try:
        return list(_pairs(body))
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise SettingsError(
            f"{path} 不是 ContractNLI 的格式（documents、labels、annotation_sets）：{error!r}"
        ) from error


def _pairs(body: Mapping[str, Any]) -> Iterator[Pair]:
    hypotheses = {key: str(label["hypothesis"]) for key, label in body["labels"].items()}
    for document in body["documents"]:
        texts = tuple(document["text"][start:end] for start, end in document["spans"])
        for key, note in document["annotation_sets"][0]["annotations"].items():
            if note["choice"] not in LABELS:
                raise ValueError(f"choice={note['choice']}")
            if any(not 0 <= s < len(texts) for s in note["spans"]):
                raise ValueError(f"{document['id']} {key} spans")
            yield Pair(
                str(document["id"]),
                key,
                hypotheses[key],
                texts,
                note["choice"],
                frozenset(int(s) for s in note["spans"]),
            )


class Rules:
    """Retrieval and rules: the nearest span's share of the hypothesis' (weighted) bigrams, and an odd negation.

    `mentioned` is the share from which a text is taken to speak of it at all; `fit` finds it on other data.
    """

    def __init__(self, mentioned: float = 0.45) -> None:
        self.mentioned = mentioned

    def __call__(self, pairs: Sequence[Pair]) -> list[Answer]:
        """One answer per pair; each document is indexed once."""
        return [self.decide(pair, ranked) for pair, ranked in zip(pairs, rank(pairs), strict=True)]

    def decide(self, pair: Pair, ranked: Sequence[tuple[int, float]]) -> Answer:
        """The answer for a pair whose spans are ranked by share."""
        if not ranked or ranked[0][1] < self.mentioned:
            return Answer("NotMentioned", tuple(ranked[:_SHOWN]))
        text = pair.texts[ranked[0][0]]
        against = _negative(text) != _negative(pair.hypothesis) and _allows(text) == _allows(pair.hypothesis)
        return Answer("Contradiction" if against else "Entailment", tuple(ranked[:_SHOWN]))

    def fit(self, pairs: Sequence[Pair]) -> "Rules":
        """Rules with the threshold that gives the best accuracy on `pairs` (never those it is measured on)."""
        rankings = rank(pairs)
        best = max(
            (n / 50 for n in range(10, 46)),
            key=lambda t: sum(Rules(t).decide(p, r).label == p.label for p, r in zip(pairs, rankings, strict=True)),
        )
        return Rules(best)


def rank(pairs: Sequence[Pair]) -> list[list[tuple[int, float]]]:
    """For each pair the spans nearest to the hypothesis with the share of its bigrams they hold, best first."""
    indexes: dict[str, tuple[Bm25, list[set[str]], Counter[str]]] = {}
    found = []
    for pair in pairs:
        if pair.document not in indexes:
            grams = [set(bigrams(t)) for t in pair.texts]
            indexes[pair.document] = (Bm25(pair.texts), grams, Counter(g for s in grams for g in s))
        index, grams, seen = indexes[pair.document]
        wanted = {g: math.log(1 + len(grams) / (1 + seen[g])) for g in set(bigrams(pair.hypothesis))}
        whole = sum(wanted.values()) or 1.0
        near = [i for i, _ in index.search(pair.hypothesis, limit=20)]
        shares = [(i, sum(w for g, w in wanted.items() if g in grams[i]) / whole) for i in near]
        found.append(sorted(shares, key=lambda each: -each[1]))
    return found


def _negative(text: str) -> bool:
    return len(_NOT_ENGLISH.findall(text)) % 2 == 1 or bool(_NOT_CHINESE.search(text))


def _allows(text: str) -> bool:
    return bool(_MAY_ENGLISH.search(text) or _MAY_CHINESE.search(text))


ANSWERERS: dict[str, Answerer] = {"rules": Rules()}


def measure_entailment(pairs: Sequence[Pair], answers: Sequence[Answer], name: str) -> EntailmentScore:
    """The scores of `answers`, one per pair."""
    both = list(zip(pairs, answers, strict=True))
    shown = [(p, a) for p, a in both if p.spans]
    most = Counter(p.label for p in pairs).most_common(1)
    return EntailmentScore(
        answerer=name,
        documents=len({p.document for p in pairs}),
        pairs=len(pairs),
        accuracy=rate((p.document, p.label == a.label) for p, a in both),
        majority=most[0][1] / len(pairs) if most else None,
        classes={label: _class(label, both) for label in LABELS},
        evidence_found=rate((p.document, s in {i for i, _ in a.spans}) for p, a in shown for s in p.spans),
        evidence_right=rate((p.document, i in p.spans) for p, a in shown for i, _ in a.spans),
        evidence_first=rate((p.document, bool(a.spans) and a.spans[0][0] in p.spans) for p, a in shown),
        evidence_map=mean([_average_precision([i for i, _ in a.spans], p.spans) for p, a in shown]),
        quotes_verified=rate((p.document, 0 <= i < len(p.texts)) for p, a in both for i, _ in a.spans),
        confusion={t: {g: sum(p.label == t and a.label == g for p, a in both) for g in LABELS} for t in LABELS},
    )


def _class(label: str, both: Sequence[tuple[Pair, Answer]]) -> ClassScore:
    precision = rate((p.document, p.label == label) for p, a in both if a.label == label)
    found = rate((p.document, a.label == label) for p, a in both if p.label == label)
    k, n = 2 * found.k, precision.n + found.n
    return ClassScore(precision=precision, recall=found, f1=k / n if n else None)


def _average_precision(ranking: Sequence[int], relevant: frozenset[int]) -> float:
    hits, total = 0, 0.0
    for n, span in enumerate(ranking, start=1):
        if span in relevant:
            hits += 1
            total += hits / n
    return total / len(relevant)
