"""Names of risks as filings write them, mapped to risk ids."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from assist_review.regulation import Risk
from assist_review.text import fold

_CODE = re.compile(r"^[(\[]?a[.\-_]?([1-5])[.\-_(]?(?:([a-i])|([1-9]))(?![a-z0-9]|\.\d)[).\]]?")
_GROUP_CODE = re.compile(r"^[(\[]?a[.\-_]?([1-5])[)\]]?类?(?![.\-_]?\(?[a-i1-9]\b)")
_NUMBERING = re.compile(
    r"^(?:[(\[]?(?:\d{1,2}|[a-i]|[一二三四五六七八九十]{1,3})[)\].,:、-]|第[一二三四五六七八九十\d]+[类项种][:.,]?)+"
)
_NOISE = re.compile(r"[^\w]|_|的|等|及其|以及|和|与|或者|或|及|他人|方面")
_EMPTY_START = re.compile(r"^(?:包含|包括|涉及|涉嫌|涉|含有|含|存在|关于|其中|类别|风险)+")
_EMPTY_END = re.compile(r"(?:类?(?:内容|行为|信息|问题|题目|风险|类型|方面|类|言论|表述|情形))+$")
_OTHER = re.compile(r"合计|总计|小计|总数|其他.*类别")
_ALIKE = 0.75


class Names:
    """Finds the risk a category name means; remembers what it has seen, for lists of 30,000 rows."""

    def __init__(self, risks: Sequence[Risk], groups: Mapping[str, Sequence[str]] | None = None) -> None:
        self._codes = {r.id.lower().replace(".", ""): r.id for r in risks if r.group != "topic"}
        self._groups = {_bare(n) for names in (groups or {}).values() for n in names}
        self._risks = _keys([r for r in risks if r.group != "topic"])
        self._topics = _keys([r for r in risks if r.group == "topic"])
        self._grams = {id_: [_grams(k) for k, i in self._risks.items() if i == id_] for id_ in self._risks.values()}
        self._seen: dict[tuple[str, bool], str | None] = {}

    def find(self, text: str, *, topic: bool = False) -> str | None:
        """The id of the risk (or topic of the non-refusal bank) that `text` names; None for groups and the unknown."""
        at = (text, topic)
        if at not in self._seen:
            self._seen[at] = self._topic(text) if topic else self._risk(text)
        return self._seen[at]

    def _risk(self, text: str) -> str | None:
        folded = fold(text)
        code = _CODE.match(folded)
        rest = folded[code.end() :] if code else folded
        group = None if code else _GROUP_CODE.match(folded)
        if group:
            rest = folded[group.end() :]
        bare = _bare(rest)
        if bare in self._groups:
            bare = ""
        if bare in self._risks:
            return self._risks[bare]
        if code:
            letter = code[2] or chr(ord("a") + int(code[3]) - 1)
            known = self._codes.get(f"a{code[1]}{letter}")
            if known:
                return known
        if len(bare) < 2 or _OTHER.search(bare):
            return None
        found = self._contained(self._risks, bare)
        if found or group:
            return found
        whole = len(_NOISE.sub("", _NUMBERING.sub("", rest)))  # two characters ("制度") are too little for a part
        return (self._part(bare) if whole > 2 else None) or self._alike(bare)

    def _topic(self, text: str) -> str | None:
        bare = _bare(_NUMBERING.sub("", fold(text)))
        if bare in self._topics:
            return self._topics[bare]
        return self._contained(self._topics, bare)

    @staticmethod
    def _contained(names: Mapping[str, str], bare: str) -> str | None:
        """The one risk whose names occur in `bare`; the longest name decides where it holds the others."""
        hits = [k for k in names if len(k) > 1 and k in bare]
        hits = [k for k in hits if not any(k != other and k in other for other in hits)]
        found = {names[k] for k in hits}
        return found.pop() if len(found) == 1 and max(map(len, hits)) * 3 >= len(bare) else None

    def _part(self, bare: str) -> str | None:
        """The one risk whose name holds `bare` ("隐私权"); catch-all risks ("其他…") are not meant by a part."""
        if bare.startswith("其他"):
            return None
        found = {id_ for key, id_ in self._risks.items() if bare in key and not key.startswith("其他")}
        return found.pop() if len(found) == 1 else None

    def _alike(self, bare: str) -> str | None:
        """The one risk clearly nearest by character bigrams."""
        mine = _grams(bare)
        if len(mine) < 3:
            return None
        scored = sorted(
            ((max(len(mine & g) / len(mine | g) for g in grams), id_) for id_, grams in self._grams.items()),
            reverse=True,
        )
        if scored and scored[0][0] >= _ALIKE and (len(scored) == 1 or scored[0][0] - scored[1][0] > 0.1):
            return scored[0][1]
        return None


def _keys(risks: Sequence[Risk]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for risk in risks:
        for name in (risk.name, *risk.synonyms):
            keys.setdefault(_bare(name), risk.id)
    return {k: v for k, v in keys.items() if k}


def _bare(name: str) -> str:
    """A name without numbering, punctuation, joining words and words that carry nothing (内容, 行为, 风险)."""
    folded = _NUMBERING.sub("", fold(name))
    bare = _NOISE.sub("", folded)
    short = _EMPTY_END.sub("", _EMPTY_START.sub("", bare))
    return (short or bare).replace("侵害", "侵犯")


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


@lru_cache(maxsize=8)
def _names(risks: tuple[Risk, ...]) -> Names:
    return Names(risks)


def map_risk(text: str, risks: tuple[Risk, ...], *, topic: bool = False) -> str | None:
    """The id of the risk that `text` names (name, code, synonym, abbreviation), None for groups and the unknown."""
    return _names(tuple(risks)).find(text, topic=topic)
