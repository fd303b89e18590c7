"""Headings recognised by their wording and looks, and the path of headings above a place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_CN = "〇零一二三四五六七八九十百"
_NO = rf"[{_CN}\d０-９]+"
# Rank: a smaller one stands higher. Weak kinds look like list entries and are headings only when they are set off.
_KINDS: tuple[tuple[int, bool, re.Pattern[str]], ...] = (
    (10, True, re.compile(rf"第\s*{_NO}\s*[编篇部]分?(?![门署队委位件])")),
    (20, True, re.compile(rf"第\s*{_NO}\s*章")),
    (20, True, re.compile(rf"(附\s*[件录表]|附则|Appendix)\s*([{_CN}\dA-Z]+(?:[-－.．]\d+)?)?(?=$|[\s:：、.．])")),
    (30, True, re.compile(rf"第\s*{_NO}\s*节")),
    (40, True, re.compile(rf"第\s*{_NO}\s*条")),
    (50, True, re.compile(rf"[{_CN}]{{1,4}}\s*[、.．]")),
    (60, False, re.compile(rf"[（(]\s*[{_CN}]{{1,4}}\s*[)）]")),
    (71, True, re.compile(r"\d{1,2}([.．]\d{1,2}){1,5}[.．、]?(?![\d%％.．、,，:：/])")),
    (55, False, re.compile(r"\d{1,2}(?=[\s　]+\S)")),
    (65, False, re.compile(r"\d{1,2}\s*[、.．](?!\d)")),
    (90, False, re.compile(r"([（(]\s*\d{1,2}\s*[)）]|\d{1,2}\s*[)）]|[①-⑳])")),
)
_UNIT = re.compile(
    r"\s*([万亿千百%％‰版倍个条人名次天日月年元家台张卡小时秒分类项件种份页]|[KMGTP]?B\b|GHz|FLOPS|tokens?)", re.I
)
_SENTENCE_END = re.compile(r"[。；;，,！!？?：:、…]$")
_LETTER = re.compile(r"[\u3400-\u9fffA-Za-z]")
_SIGNATURE = re.compile(r"(公司|中心|研究院|大学|集团|委员会|（?盖章）?|（?签[字章]）?|\d\s*[日月年])$")
_LINE = 99  # rank of a short line that is set off but has no number
_TOC_TITLE = re.compile(r"^[\s　]*(目[\s　]*[录次]|contents)[\s　]*$", re.I)
_TOC_LINE = re.compile(
    r"^\S.{0,80}?(\t|[.．。]{3,}|…+|·{3,}|_{3,}|[\s　]{2,})[\s.…·]*[-–—]?\s*(\d{1,4}|[ivxlc]{1,6})\s*[-–—]?$", re.S
)
_CAPTION = re.compile(rf"^(续?表|附表|图表)\s*[\dA-Z{_CN}]+|^表[:：]")


def heading_rank(text: str, *, set_off: bool = False, max_chars: int = 40) -> int | None:
    """The rank of `text` as a heading (smaller is higher), None if it reads like prose.

    `set_off` says that the line is bold, larger or centred: it decides for numbers that lists use too ("1.",
    "（一）") and for short lines without any number.
    """
    line = text.strip()
    if not line or len(line) > max_chars or "\n" in line or "\t" in line or not _LETTER.search(line):
        return None
    if _SENTENCE_END.search(line):
        return None
    for rank, strong, pattern in _KINDS:
        found = pattern.match(line)
        if found is None:
            continue
        rest = line[found.end() :]
        if rank == 71:
            if not _LETTER.search(rest[:3]) or _UNIT.match(rest):
                return None
            return 70 + len(re.findall(r"[.．]\d", found.group()))
        if rank == 40 and not re.match(r"[\s　]|$|[:：【（(]", rest) and not set_off:
            return None  # 第七条规定…: a reference, or a clause whose text follows at once
        if rank == 10 and "分" not in found.group() and found.group()[-1] == "部":
            return None
        if rank in (55, 65, 50) and _UNIT.match(rest):
            return None
        if "。" in rest or (len(rest) > 24 and re.search(r"[，；]", rest)):
            return None
        return rank if strong or set_off else None
    if set_off and len(line) <= 30 and not re.search(r"[：:；;。，]|_{2,}|[☑□☐☒■√]", line):
        return None if _SIGNATURE.search(line) else _LINE
    return None


def is_toc_title(text: str) -> bool:
    """Whether a line is the title of a table of contents."""
    return _TOC_TITLE.match(text) is not None


@dataclass
class TypedToc:
    """A table of contents typed by hand: a title, then lines with page numbers, or lines that return as headings.

    `times` counts how often each line stands in the document.
    """

    times: Mapping[str, int]
    _inside: bool = False
    _seen: set[str] = field(default_factory=set)

    def takes(self, text: str) -> bool:
        """Whether the next line of the document belongs to the table of contents."""
        if is_toc_title(text):
            self._inside, self._seen = True, set()
        elif self._inside:
            key = text.strip()
            self._inside = is_toc_line(text) or (self.times.get(key, 0) > 1 and key not in self._seen)
            self._seen.add(key)
        return self._inside


def is_toc_line(text: str) -> bool:
    """Whether a line looks like an entry of a table of contents: a title, leaders or a gap, a page number."""
    return _TOC_LINE.match(text.strip()) is not None


def is_caption(text: str) -> bool:
    """Whether a line names the table below it (表2-1 …)."""
    return len(text) <= 60 and _CAPTION.match(text.strip()) is not None and not _SENTENCE_END.search(text.strip())


@dataclass
class Outline:
    """The headings above the place reached so far, from the highest to the nearest.

    Ranks of two sources are kept apart: levels that a format states (1-9) stand above all ranks read from wording.
    """

    _above: list[tuple[int, str]] = field(default_factory=list)

    def enter(self, title: str, *, level: int | None = None, rank: int | None = None) -> int:
        """Add a heading by its stated `level` or its `rank`; returns its depth, from 1 (a stated level is kept)."""
        key = level if level is not None else 100 + (rank if rank is not None else _LINE)
        while self._above and self._above[-1][0] >= key:
            self._above.pop()
        self._above.append((key, re.sub(r"\s+", " ", title.strip())))
        return level if level is not None else len(self._above)

    @property
    def path(self) -> str:
        """The headings joined with " > "."""
        return " > ".join(title for _, title in self._above)
