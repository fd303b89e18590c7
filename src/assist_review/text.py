"""Folding of text into matching keys, and back to the exact span. Pure functions; the one place for it.

NFKC alone is not enough for Chinese PDFs: the CJK Radicals Supplement is left unchanged by it, so those code
points are mapped by hand (Unicode EquivalentUnifiedIdeograph).
"""

import re
import unicodedata

# CJK Radicals Supplement and other look-alikes that NFKC leaves alone or maps to the traditional form.
_RADICALS = {
    "⺠": "民", "⻅": "见", "⻆": "角", "⻉": "贝", "⻋": "车", "⻓": "长", "⻔": "门", "⻘": "青", "⻙": "韦", "⻚": "页",
    "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻨": "麦", "⻩": "黄",
    "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟", "⺟": "母", "⺫": "目", "⺮": "竹", "⺼": "月", "⻄": "西", "⼾": "户",
    "⺌": "小", "⺍": "小", "⺝": "月", "⻁": "虎", "⻌": "辶", "⻍": "辶", "⻎": "辶", "⺣": "灬", "⺩": "王", "⺪": "疋",
    "⻏": "邑", "⻖": "阜", "⺡": "氵", "⺢": "水", "⺨": "犭", "⺭": "示", "⺶": "羊", "⺷": "羊", "⺸": "羊", "⺾": "艹",
    "⻗": "雨", "⻟": "飠", "⻠": "飠", "⻐": "金", "⻑": "长", "⻒": "长",
}  # fmt: skip
_DROP = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\ufffe]+")
_PUNCT = str.maketrans({
    "，": ",", "。": ".", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "“": '"', "”": '"', "「": '"', "」": '"',
    "『": '"', "』": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "〔": "(", "〕": ")", "—": "-", "–": "-", "－": "-", "～": "~",
    "〜": "~", "·": "·", "•": "·", "・": "·", "％": "%", "、": ",", "《": "<", "》": ">", "‹": "<", "›": ">", "〈": "<", "〉": ">",
})  # fmt: skip


def _fold_char(char: str) -> str:
    if _DROP.fullmatch(char):
        return ""
    if char in _RADICALS:
        return _RADICALS[char]
    return unicodedata.normalize("NFKC", char).translate(_PUNCT).lower()


class _Folding(dict[int, str]):
    """Code point to folded text, filled as characters are met: `str.translate` then runs at the speed of C."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_char(chr(code))
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The matching key of `text`: width, case, radicals and punctuation folded, white space removed."""
    return text.translate(_FOLDING)


def fold_map(text: str) -> tuple[str, list[int]]:
    """`fold(text)` and, for each of its characters, the index in `text` it came from."""
    key: list[str] = []
    index: list[int] = []
    for i, char in enumerate(text):
        for folded in _FOLDING[ord(char)]:
            key.append(folded)
            index.append(i)
    return "".join(key), index


def find_exact(text: str, quote: str) -> tuple[int, int] | None:
    """The span of `text` that equals `quote` after folding, or None. `text[start:end]` is the exact wording."""
    needle = fold(quote)
    if not needle:
        return None
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    key, index = fold_map(text)
    at = key.find(needle)
    if at < 0:
        return None
    return index[at], index[at + len(needle) - 1] + 1


_ENDS = "。！？；!?\n"
_CLOSERS = "”’」』）)】》"


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the whole sentences of `text` that hold `start:end`, closing marks included, no outer white space."""
    left = max((text.rfind(mark, 0, start) for mark in _ENDS), default=-1) + 1
    while left < start and text[left] in _CLOSERS:
        left += 1
    while end < len(text) and text[end - 1] not in _ENDS:
        end += 1
    while end < len(text) and text[end - 1] in _ENDS and text[end] in _CLOSERS + _ENDS:
        end += 1
    while left < start and text[left].isspace():
        left += 1
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return left, end


def sentences(text: str) -> list[str]:
    """Sentences of Chinese or English prose, each with its closing mark; line ends also end a sentence."""
    return [s for s in re.findall(r"[^。！？；!?\n]+[。！？；!?]?[”’」』）)]*", text) if s.strip()]
