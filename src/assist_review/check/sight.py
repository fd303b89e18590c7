"""What a model is shown of a filing, and the way back from its quotes to exact places.

Passages carry short numbers (`R12`: the twelfth of the report). File names, metadata, hidden text and sentences that
try to steer a reviewer are never shown, so a filing with them gives the same questions as one without.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assist_review.check.context import ROLE_NAMES, Context
from assist_review.check.shapes import Quote
from assist_review.filing import TextOrigin
from assist_review.llm.endpoint import tokens
from assist_review.llm.prompts import fence
from assist_review.passages import Passage, Reading
from assist_review.review import Evidence
from assist_review.steering import Steering, steered
from assist_review.text import find_exact, fold

_LETTERS = {
    "report": "R", "form": "F", "agreement": "A", "privacy": "P", "annotation_rules": "L", "evidence": "E", "commitment": "C",
    "authorisation": "U", "licence": "B", "test_channel": "T", "other": "O", "keywords": "K", "questions": "Q",
}  # fmt: skip
_SHORTEST = 4  # folded characters; a shorter quote proves nothing
_TABLE_ROWS = 60  # rows of one table that are shown; longer ones are lists that rules count
_OCR = str.maketrans("oⅰlⅠi曰己巳末入", "01111日已已未人")


@dataclass(frozen=True)
class Line:
    """One passage as it is shown."""

    id: str
    passage: Passage
    text: str


@dataclass(frozen=True)
class Located:
    """Where a quote of a model really stands; `rejected` has no evidence."""

    state: Literal["verified", "misattributed", "rejected"]
    evidence: Evidence | None = None


class Sight:
    """The documents of a filing as numbered lines."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.steering = Steering.of(context.pack.lexicon)
        self.names: dict[str, str] = {}  # file -> what it is called before the model
        self._lines: dict[str, tuple[Line, ...]] = {}
        seen: Counter[str] = Counter()
        for reading in context.readings:
            lines = self._shown(reading)
            if not lines:
                continue
            letter = _LETTERS.get(reading.role, "O")
            seen[letter] += 1
            prefix = letter if seen[letter] == 1 else f"{letter}{'abcdefghijklmnopqrstuvwxyz'[(seen[letter] - 2) % 26]}"
            role = ROLE_NAMES.get(reading.role, reading.role)
            self.names[reading.file] = role if seen[letter] == 1 else f"{role}之{seen[letter]}"
            self._lines[reading.file] = tuple(
                Line(f"{prefix}{n}", p, text) for n, (p, text) in enumerate(lines, start=1)
            )

    def _shown(self, reading: Reading) -> list[tuple[Passage, str]]:
        if reading.role in ("keywords", "questions"):
            return []
        kept: list[tuple[Passage, str]] = []
        rows: Counter[str] = Counter()
        lengths = Counter(p.table for p in reading.passages if p.table)
        guilty = steered(self.steering, reading.passages, wide=True)
        for number, passage in enumerate(reading.passages):
            text = _without(passage, guilty.get(number, ()))
            if passage.table:
                rows[passage.table] += 1
                if rows[passage.table] > _TABLE_ROWS:
                    continue
                if rows[passage.table] == _TABLE_ROWS < lengths[passage.table]:
                    text += f"（本表共{lengths[passage.table]}行，只列出前{_TABLE_ROWS}行）"
            if text:
                kept.append((passage, text))
        return kept

    def safe(self, text: str) -> str:
        """Text of ours that may hold words of the filing: without file names and steering sentences."""
        for file, name in self.names.items():
            text = text.replace(file, f"《{name}》").replace(file.rsplit("/", 1)[-1], f"《{name}》")
        return self.steering.without(text)

    def files(self, *roles: str) -> tuple[str, ...]:
        """Files of `roles`, in the order of `roles`, then of the package."""
        return tuple(r.file for role in roles for r in self.context.readings if r.role == role and r.file in self.names)

    def lines(self, file: str) -> tuple[Line, ...]:
        """The lines of one file."""
        return self._lines.get(file, ())

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """Every line by its number."""
        return {line.id: line for lines in self._lines.values() for line in lines}

    @cached_property
    def _order(self) -> dict[tuple[str, object], Line]:
        return {(line.passage.file, id(line.passage)): line for line in self.by_id.values()}

    def size(self, file: str) -> int:
        """Estimated tokens of a whole file."""
        return sum(tokens(line.text) + 4 for line in self.lines(file))

    def show(self, lines: Iterable[Line]) -> str:
        """Lines as fenced text, one block per file, in reading order."""
        by_file: dict[str, list[Line]] = {}
        for line in lines:
            by_file.setdefault(line.passage.file, []).append(line)
        return "\n\n".join(
            f"《{self.names[file]}》\n"
            + fence("\n".join(f"[{line.id}]{self._mark(line)} {line.text}" for line in kept))
            for file, kept in by_file.items()
        )

    def around(self, evidence: Sequence[Evidence], reach: int = 2) -> list[Line]:
        """The lines at `evidence` with `reach` lines before and after each."""
        kept: dict[str, Line] = {}
        for piece in evidence:
            lines = self.lines(piece.file)
            for n, line in enumerate(lines):
                if piece.quote and _inside(line.passage, piece.quote):
                    for each in lines[max(0, n - reach) : n + reach + 1]:
                        kept[each.id] = each
                    break
        return list(kept.values())

    def locate(self, quote: Quote, note: str = "") -> Located:
        """The place of `quote`: in the passage it names, else anywhere in the package, else nowhere."""
        words = quote.quote.strip().strip("“”\"'…")
        parts = [p.strip() for p in words.split("|") if p.strip()]
        words = max(parts, key=len) if len(parts) > 1 else words
        if len(fold(words)) < _SHORTEST:
            return Located("rejected")
        line = self.by_id.get(quote.passage.strip("[]【】 "))
        if line is not None and (exact := _exact(line.passage, words, self._scanned(line.passage))):
            return Located("verified", Evidence.at(line.passage.file, line.passage.place, exact, note))
        for other in self.by_id.values():
            if exact := _exact(other.passage, words, self._scanned(other.passage)):
                return Located("misattributed", Evidence.at(other.passage.file, other.passage.place, exact, note))
        return Located("rejected")

    @cached_property
    def _ocr_files(self) -> frozenset[str]:
        return frozenset(
            d.file for d in self.context.filing.documents
            if d.ocr_pages or any(b.origin == TextOrigin.OCR for b in d.blocks)
        )  # fmt: skip

    def _scanned(self, passage: Passage) -> bool:
        return passage.file in self._ocr_files

    @cached_property
    def _ocr_places(self) -> frozenset[tuple[str, int]]:
        """Passages read by OCR, by file and order."""
        return frozenset((d.file, order) for d in self.context.filing.documents for order in d.recognised)

    def recognised(self, passage: Passage) -> bool:
        """Whether the words of `passage` come from OCR."""
        return (passage.file, passage.order) in self._ocr_places

    def _mark(self, line: Line) -> str:
        return "（扫描识别）" if self.recognised(line.passage) else ""

    def only_scanned(self, evidence: Sequence[Evidence]) -> bool:
        """Whether all of `evidence` stands where a reader saw only what OCR made of a scan."""
        return bool(evidence) and all(any(self.recognised(at.passage) for at in self.around([e], 0)) for e in evidence)


def _without(passage: Passage, pieces: Sequence[str]) -> str:
    """The text of `passage` without `pieces`."""
    texts = list(passage.cells or (passage.text,))
    for piece in pieces:
        texts = [t.replace(piece, "") for t in texts]
    return " | ".join(t.strip() for t in texts if t.strip())


def _inside(passage: Passage, words: str) -> bool:
    return any(find_exact(t, words) for t in (passage.cells or (passage.text,)) if t)


def _exact(passage: Passage, words: str, scanned: bool) -> str:
    """The wording of the filing that equals `words` after folding (for scans: also of look-alikes), "" if none."""
    for text in passage.cells or (passage.text,):
        span = find_exact(text, words)
        if span is None and scanned:
            # Character for character, so that the span holds in the original.
            at = text.lower().translate(_OCR).find(words.lower().translate(_OCR))
            span = (at, at + len(words)) if at >= 0 else None
        if span:
            return text[slice(*span)]
    return ""
