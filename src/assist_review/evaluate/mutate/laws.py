"""Operators on citations of law: invented, repealed and draft titles, replaced standards, old article numbers."""

import re
from collections.abc import Iterator
from random import Random

from assist_review.evaluate.mutate.edits import Swap, everywhere, shuffled, swap_change
from assist_review.evaluate.mutate.planted import Change, Format, Operator, Propose
from assist_review.evaluate.mutate.survey import Survey

_TITLE = re.compile(r"《([^《》]{3,40}(?:(?<!方)法|条例|规定|办法)(?:（[^（）]{0,20}）)?)》")
_INVENTED = ("数据保护法", "人工智能法", "网络内容管理法", "算法安全法")
_REPEALED = ("侵权责任法", "合同法", "民法总则", "物权法")
_CITING = ("report", "agreement", "privacy", "annotation_rules", "form")
# Articles of the Cybersecurity Law that the amendment in force since 2026-01-01 moved: new number to old one.
_MOVED = {
    "二十三": "二十一",
    "二十六": "二十四",
    "二十七": "二十五",
    "三十九": "三十七",
    "四十九": "四十七",
    "五十一": "四十九",
}


def _title(new: tuple[str, ...]) -> Propose:
    """The title of one law that is cited becomes another."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        found = [(p, m) for p in survey.passages(*_CITING) for m in _TITLE.finditer(p.text) if p.kind != "edge"]
        basis = [x for x in found if re.search("依据|法规|标准", x[0].section)]
        for passage, match in [*shuffled(basis, rng), *shuffled(found, rng)]:
            title = rng.choice(new)
            if title not in passage.text:
                yield swap_change([(passage, match.start(1), match.end(1), title)])

    return propose


def _draft(survey: Survey, rng: Random) -> Iterator[Change]:
    """A law or standard that is relied on is a draft."""
    found = [
        (p, m)
        for p in survey.passages("report")
        for m in re.finditer(r"《[^《》]{4,40}(?<!稿）)》", p.text)
        if p.kind != "edge"
    ]
    for passage, match in shuffled(found, rng):
        before = passage.text[max(0, match.start() - 12) : match.start()]
        if re.search("依据|法规|标准", passage.section) or re.search("依据|依照|按照|根据|对照", before):
            yield swap_change([(passage, match.end() - 1, match.end(), "（征求意见稿）》")])


def _superseded(new: str, old: str) -> Propose:
    """A report names only the standard that `new` has replaced."""

    def propose(survey: Survey, _: Random) -> Iterator[Change]:
        for file in survey.role("report"):
            names = {m[0] for p in survey.of(file) for m in re.finditer(new, p.text)}
            changes: list[Swap] = [c for name in sorted(names) for c in everywhere(survey.of(file), name, old)]
            if changes:
                yield swap_change(changes)

    return propose


def _old_article(survey: Survey, rng: Random) -> Iterator[Change]:
    """The Cybersecurity Law is cited by a number its article had before the amendment."""
    pattern = re.compile(r"《(?:中华人民共和国)?网络安全法》(?:（[^（）]{0,20}）)?第([一二三四五六七八九十\d]{1,4})条")
    for passage in shuffled(survey.passages(*_CITING), rng):
        for match in pattern.finditer(passage.text):
            if match[1] in _MOVED:
                yield swap_change([(passage, match.start(1), match.end(1), _MOVED[match[1]])])
    for passage in shuffled(survey.passages("report", "privacy"), rng):
        logs = re.search(r"(?:网络)?日志(?=保存|留存|保留|存储)", passage.text)
        if logs and passage.prose:
            yield swap_change([(passage, logs.start(), logs.end(), "按照《网络安全法》第二十一条，" + logs[0])])


_T: tuple[Format, ...] = ("docx", "pdf")
OPERATORS = (
    Operator("law-invented", ("K06",), ("CHG-11", "CHG-10", "CHG-12"), _T, "引用不存在的法律。", _title(_INVENTED)),
    Operator("law-repealed", ("K06",), ("CHG-11", "CHG-10", "CHG-12"), _T, "引用已经废止的法律。", _title(_REPEALED)),
    Operator("law-draft", ("K06",), ("CHG-11", "CHG-10", "CHG-12"), _T, "以征求意见稿为依据。", _draft),
    Operator("standard-superseded", ("K06",), ("CHG-11",), _T, "只引用已被GB/T 45654-2025替代的TC260-003。",
             _superseded(r"GB/T\s*45654(?:[-—–]2025)?", "TC260-003")),
    Operator("label-standard-superseded", ("K06",), ("CHG-12",), _T, "标识部分引用已被GB 45438-2025替代的文件。",
             _superseded(r"GB\s*45438(?:[-—–]2025)?", "TC260-PG-20233A")),
    Operator("article-old", ("K06",), ("CHG-10",), _T, "引用《网络安全法》修正前的条号。", _old_article),
)  # fmt: skip
