"""Cleaning of text as files have it: line ends, control characters, and characters nobody can see."""

import re
from collections.abc import Iterable

from assist_review.filing import Hidden, Place

# Kept: tab and line feed. Soft hyphens and U+FFFE (a hyphen at a line end in PDFs) are only line-break advice.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufffe\uffff]+")
_ZERO_WIDTH = "\u200b\u2060-\u2064\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\u180e\u061c"
_TAGS = "\U000e0000-\U000e007f"
# Joiners are part of emoji, and of Indic and Persian words; elsewhere they are only invisible.
_JOINER = r"(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u0600-\u0dff])[\u200c\u200d]"
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}{_TAGS}]|{_JOINER}")
_DIRTY = re.compile(f"{_CONTROL.pattern}|[\r\u2028\u2029{_ZERO_WIDTH}{_TAGS}\u200c\u200d]")
_TAG = re.compile(f"[{_TAGS}]+")


def is_clean(texts: Iterable[str]) -> bool:
    """Whether `clean` would only strip, and `part_invisible` do nothing to, all of `texts`: one quick search."""
    return _DIRTY.search("".join(texts)) is None


def clean(text: str) -> str:
    """`text` with line feeds as line ends, without control characters and without white space at the ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).replace("\u2028", "\n").replace("\u2029", "\n").strip()


def part_invisible(text: str, place: Place) -> tuple[str, tuple[Hidden, ...]]:
    """`text` without zero-width characters, and what they were.

    Tag characters (U+E0000-E007F) spell plain ASCII that only a machine reads; they are decoded and reported as
    `invisible`. Others are reported as `zero_width`, counted by code point, with the words around the first.
    """
    first = _INVISIBLE.search(text)
    if first is None:
        return text, ()
    hidden: list[Hidden] = []
    for run in _TAG.findall(text):
        spelt = "".join(chr(ord(c) - 0xE0000) for c in run if 0xE0020 <= ord(c) < 0xE007F)
        if spelt:
            hidden.append(Hidden(kind="invisible", text=spelt, place=place))
    rest = [c for c in _INVISIBLE.findall(text) if not _TAG.match(c)]
    if rest:
        counted = "、".join(f"U+{ord(c):04X}×{rest.count(c)}" for c in sorted(set(rest)))
        around = _INVISIBLE.sub("", text[max(0, first.start() - 10) : first.end() + 10]).strip()
        hidden.append(Hidden(kind="zero_width", text=f"{counted}（“{around}”附近）", place=place))
    return _INVISIBLE.sub("", text), tuple(hidden)
