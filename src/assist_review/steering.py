"""Text that tries to steer a reviewer: where it stands, read plainly, decoded, or put together from pieces.

Used twice: a rule reports it, and it is taken out of everything a model is shown.
"""

import base64
import binascii
import codecs
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from assist_review.passages import Passage
from assist_review.text import fold

_ENDS = re.compile(r"(?:[^。！？!?\n；;]|(?<=\d);)+[。！？!?；;]?[”’」』）)】\]]*|[。！？!?；;\n]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[\s:,]?){16,}|(?:\\x[0-9a-fA-F]{2}){8,}")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}){4,}")
_LETTERS = re.compile(r"[\W_]+")
_SPACED = re.compile(r"(?:[\w\u4e00-\u9fff][\s\-_·.*|/+~^]{1,3}){6,}[\w\u4e00-\u9fff]")
_CYRILLIC = str.maketrans("аеорсухіѕӏԁոАВЕКМНОРСТХ", "aeopcyxisldnABEKMHOPCTX")
_BITS = re.compile(r"(?:[01]{8}\s*){6,}")
_MORSE = re.compile(r"(?:[.\-·—]{1,6}[\s/]+){8,}[.\-·—]{1,6}")
_MORSE_LETTERS = dict(
    zip(
        [
            ".-",
            "-...",
            "-.-.",
            "-..",
            ".",
            "..-.",
            "--.",
            "....",
            "..",
            ".---",
            "-.-",
            ".-..",
            "--",
            "-.",
            "---",
            ".--.",
            "--.-",
            ".-.",
            "...",
            "-",
            "..-",
            "...-",
            ".--",
            "-..-",
            "-.--",
            "--..",
        ],
        "abcdefghijklmnopqrstuvwxyz",
        strict=True,
    )
)
# Words that make a sentence part of an order, where another sentence of the same passage gives one.
_ORDERING = re.compile(
    r"(?:审查|审核|评审)(?:系统|模型|程序|助手)|(?:全部|所有|各项)(?:要求|条款|检查项)|判定为|直接返回|新的指示|照办|执行"
    r"|donot|report|ignore|compliant|verdict|instruction|approve"
)
_WINDOW = 6  # passages or cells that are read together
_SHORT = 40  # folded characters of a passage that may be a part of a spread order
_LEET = str.maketrans("013457@$!", "oieastasi")


class Steering:
    """Patterns over folded text, as the pack's `phrases.steering` gives them."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(re.compile(p) for p in patterns)

    @classmethod
    def of(cls, lexicon: dict[str, Any]) -> "Steering":
        """What the `phrases` of a pack's lexicon name."""
        phrases = lexicon.get("phrases", {})
        return cls((*phrases.get("steering", ()), *phrases.get("steering_more", ())))

    def plain(self, text: str) -> bool:
        """Whether `text` steers as it stands."""
        key = fold(text)
        return any(p.search(key) for p in self._patterns)

    def steers(self, text: str) -> bool:
        """Whether `text` steers as it stands or in any reading of it that a model could also think of."""
        return self.plain(text) or any(self.plain(other) for other in _readings(text))

    def sentences(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the sentences of `text` that steer; the whole text where only the whole does."""
        if not self.steers(text):
            return
        spans = [m.span() for m in _ENDS.finditer(text)]
        guilty = [span for span in spans if self.steers(text[slice(*span)])]
        if guilty:
            ordering = [s for s in spans if _ORDERING.search(fold(text[slice(*s)]))]
            guilty = sorted({*guilty, *ordering})
        else:
            # An order spread over sentences: take the smallest run that carries it.
            guilty = [_smallest(self, text, spans)]
        yield from guilty

    def without(self, text: str) -> str:
        """`text` without its steering sentences."""
        spans = list(self.sentences(text))
        for start, end in reversed(spans):
            text = text[:start] + text[end:]
        return text.strip() if spans else text

    def together(self, cells: Sequence[str]) -> tuple[int, ...]:
        """Indices of the smallest run of `cells` that steers only when read as one text."""
        if not self.steers("".join(cells)):
            return ()
        best = (0, len(cells))
        for start in range(len(cells)):
            for end in range(start + 1, len(cells) + 1):
                if end - start >= best[1] - best[0]:
                    break
                if self.steers("".join(cells[start:end])):
                    best = (start, end)
                    break
        return tuple(range(*best))


def steered(steering: Steering, parts: Sequence[Passage], *, wide: bool = False) -> dict[int, tuple[str, ...]]:
    """For each passage that steers, alone or with its neighbours, the pieces of it that do, word for word.

    Cells of a row, a column of a table and short unfinished passages are also read as one text. `wide` takes what
    follows in such a run as well: an order in pieces may go on after the pieces that give it away.
    """

    def guilty(texts: Sequence[str]) -> Sequence[int]:
        left, taken = list(range(len(texts))), []
        while run := steering.together([texts[i] for i in left]):
            taken += left[run[0] :] if wide else [left[k] for k in run]
            left = [i for i in left if i not in taken]
        return taken

    found: dict[int, list[str]] = {}
    for n, part in enumerate(parts):
        for text in part.cells or (part.text,):
            found.setdefault(n, []).extend(text[slice(*span)] for span in steering.sentences(text))
        if part.cells:
            filled = [c for c in part.cells if c]
            found[n] += [filled[i] for i in guilty(filled)] if len(filled) > 1 else []
    for numbers, texts in _spread(parts):
        for i in guilty(texts):
            found[numbers[i]].append(texts[i])
    return {n: tuple(dict.fromkeys(p for p in pieces if p.strip())) for n, pieces in found.items() if any(pieces)}


def _spread(parts: Sequence[Passage]) -> Iterator[tuple[list[int], list[str]]]:
    """Runs of texts that a reader may take for one: short passages without an end mark, and columns of a table."""
    run: list[int] = []
    for n, part in enumerate(parts):
        if part.cells or len(part.key) > _SHORT:
            run = []
            continue
        run.append(n)
        if len(run) > 1:
            kept = run[-_WINDOW:]
            yield kept, [parts[i].text for i in kept]
        if part.key.endswith((".", ";", "!", "?", ":")):
            run = []
    tables: dict[tuple[str, str], list[int]] = {}
    for n, part in enumerate(parts):
        if part.cells and part.table:
            tables.setdefault((part.file, part.table), []).append(n)
    for rows in tables.values():
        for column in range(max(len(parts[n].cells) for n in rows)):
            cells = [(n, parts[n].cells[column]) for n in rows if column < len(parts[n].cells)]
            short = [(n, c) for n, c in cells if c and len(fold(c)) <= _SHORT]
            for at in range(len(short) - 1):
                window = short[at : at + _WINDOW]
                yield [n for n, _ in window], [c for _, c in window]


def _smallest(steering: Steering, text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    for size in range(2, len(spans)):
        for i in range(len(spans) - size + 1):
            start, end = spans[i][0], spans[i + size - 1][1]
            if steering.steers(text[start:end]):
                return start, end
    return 0, len(text)


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[str, ...]:
    """Other readings of `text`: decoded, spelled backwards, simplified, freed of separators and look-alikes."""
    return tuple(dict.fromkeys(r for r in _decoded(text[:20000]) if r and r != text))


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        plain = _base64(match[0])
        yield plain
        if _BASE64.fullmatch(plain):
            yield _base64(plain)
    for match in _BITS.finditer(text):
        bits = re.sub(r"\s", "", match[0])
        yield _utf8(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8)))
    for match in _MORSE.finditer(text):
        codes = re.split(r"[\s/]+", match[0].replace("·", ".").replace("—", "-"))
        yield "".join(_MORSE_LETTERS.get(code, "") for code in codes)
    if "\n" in text or " " in text:
        joined = re.sub(r"\s+", "", text)
        for match in _BASE64.finditer(joined):
            if len(match[0]) > 60:
                yield _base64(match[0])
    for match in _HEX.finditer(text):
        digits = re.sub(r"\\x|[^0-9a-fA-F]", "", match[0])
        yield _utf8(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    if _ESCAPES.search(text):
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    if "%" in text and re.search(r"(?:%[0-9A-Fa-f]{2}){6,}", text):
        yield unquote(text, errors="ignore")
    if "&#" in text:
        yield html.unescape(text)
    if _SPACED.search(text):
        yield _SPACED.sub(lambda m: _LETTERS.sub("", m[0]), text)
    ascii_letters = sum(c.isascii() and c.isalpha() for c in text)
    if ascii_letters > 24:
        yield codecs.encode(text, "rot13")
        yield text.translate(_LEET)
    if any("\u0400" <= c <= "\u04ff" for c in text):
        yield text.translate(_CYRILLIC)
    if any(w in text for w in ("则略忽", "合符", "过通", "erongi", "tnailpmoc", "ssap", "令指")):
        yield text[::-1]
    if any(c in text for c in "請將檢審為項規則過實對應該該評視結論問題輸"):
        yield _simplified(text)


def _base64(text: str) -> str:
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _utf8(base64.b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return ""


def _utf8(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text and sum(c.isprintable() for c in text) > 0.9 * len(text):
            return text
    return ""


@lru_cache(maxsize=1)
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplified(text: str) -> str:
    return str(_converter().convert(text))  # type: ignore[attr-defined]
