"""Which kinds of content a service says it generates."""

import re
from collections.abc import Iterator
from typing import Any

from assist_review.extract.lines import Line
from assist_review.review import Fact
from assist_review.ticks import ticked

_LABELS = frozenset(
    {"主要功能", "功能", "模型主要功能", "服务功能", "主要服务功能", "功能类型", "生成内容类型", "服务类型"}
)
_CLAIM = re.compile(
    r"(?:提供|具备|支持|实现|使用(?!者))(?:的)?(?P<v>[^.;]{2,50}?)(?:等)?(?:服务|功能|能力)(?=$|[,.;。()])"
)
# 提供文字生成、图片生成: kinds of content in so many words need no 功能 behind them.
_NAMED = re.compile(
    r"提供(?P<v>(?:(?:文[字本案]|图[片像]|语音|声音|音频|视频|代码|人机)[^,.;、]{0,4}(?:生成|合成|创作|对话|优化)[、,和及与]?)+)"
)
_DENIED = re.compile(r"不(?:提供|含|支持|具备|涉及|包括|生成)|无|未提供|没有")
_WHERE = re.compile(
    "评估对象|被评估|被测|服务情况|服务概述|产品情况|产品说明|模型概况|模型情况|系统概况|服务说明|服务简介|服务内容|产品介绍|产品简介|概述|概况|总则"
)


def function_facts(line: Line, lexicon: dict[str, Any]) -> Iterator[Fact]:
    """The fact `functions`: modalities in alphabetical order ("image,text"), as ticked or claimed in this line."""
    words = lexicon.get("facts", {}).get("modalities", {})
    role = line.document.role
    if line.label in _LABELS and role in ("form", "report"):
        start = len(line.label) + 1
        text = ticked(line.key[start:])
        yield from _fact(line, text, words, start, len(line.key))
    elif not line.label and (role == "agreement" or (role == "report" and _WHERE.search(line.heading))):
        for match in (*_CLAIM.finditer(line.key), *_NAMED.finditer(line.key)):
            if not _DENIED.search(line.key[max(0, match.start() - 6) : match.end()]):
                yield from _fact(line, match["v"], words, *match.span("v"))


def _fact(line: Line, text: str, words: dict[str, list[str]], start: int, end: int) -> Iterator[Fact]:
    found = sorted(name for name, each in words.items() if any(w in text for w in each))
    if found:
        yield line.fact("functions", ",".join(found), start, end)
