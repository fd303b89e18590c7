"""The size and the time of explicit labels, where the filing states them in figures (GB 45438-2025)."""

import re
from collections.abc import Iterator

from assist_review.arithmetic import computation
from assist_review.check.context import Context, Say, show
from assist_review.passages import Hit, Passage, evidence
from assist_review.review import Finding

_ABOUT = re.compile(r"标识|显式|水印|角标|字样|提示文字|ai生成|由ai|人工智能生成")
_SECONDS = re.compile(
    r"(?:持续|停留|显示|时长|呈现|出现|展示|播放)(?:时间|时长)?(?:为|约|不少于|不低于|达|共|:)*(?P<n>[0-9]+(?:\.[0-9]+)?)秒"
)
_SHARE = re.compile(
    r"(?:(?:最短边|短边|最小边|画面高度|图高)[^.;\n]{0,10}?(?P<a>[0-9]+(?:\.[0-9]+)?)%|(?P<b>[0-9]+(?:\.[0-9]+)?)%[^.;\n]{0,6}(?:最短边|短边|最小边))"
)
_HEIGHT = re.compile(
    r"(?:字高|文字高度|字体高度|文字高|字号高|高度|字体大小|字号)(?:为|约|是|:)*(?P<n>[0-9]{1,3})(?:像素|px)"
)
_SIZE = re.compile(r"(?P<w>[0-9]{3,5})(?:像素|px)?[×x*乘](?P<h>[0-9]{3,5})(?:像素|px)?")
_DRAFT = re.compile("整改前|反例|错误示例|误差|延迟|不合格|改为|原为|检出")


def label_size(context: Context, say: Say) -> Iterator[Finding]:
    """Stated text heights are at least `min_share` % of the shortest side; times of video labels at least `min_seconds`."""
    for reading in context.reading("report", "form", "agreement", "other", "evidence"):
        for passage in reading.passages:
            if _ABOUT.search(passage.key) and not _DRAFT.search(passage.key):
                yield from _share(say, passage)
                yield from _pixels(say, passage)
                yield from _seconds(say, passage)


def _share(say: Say, passage: Passage) -> Iterator[Finding]:
    least = float(say.params.get("min_share", 0))
    for match in _SHARE.finditer(passage.key) if least else ():
        value = float(match["a"] or match["b"])
        if value < least:
            yield say.wrong(
                f"显式标识的文字高度为最短边的{show(value)}%，低于{show(least)}%。",
                [evidence(Hit(passage, *match.span()))],
            )


def _pixels(say: Say, passage: Passage) -> Iterator[Finding]:
    least, height, size = say.params.get("min_share"), _HEIGHT.search(passage.key), _SIZE.search(passage.key)
    if not (least and height and size):
        return
    made = computation(
        "标识文字高度占最短边", "height / side * 100", None, "%",
        height=float(height["n"]), side=float(min(int(size["w"]), int(size["h"]))),
    )  # fmt: skip
    if made.result < least:
        yield say.wrong(
            f"显式标识字高{height['n']}像素，只占最短边的{made.result:.1f}%，低于{show(least)}%。",
            [evidence(Hit(passage, *height.span())), evidence(Hit(passage, *size.span()))], computations=[made],
        )  # fmt: skip


def _seconds(say: Say, passage: Passage) -> Iterator[Finding]:
    least = float(say.params.get("min_seconds", 0))
    for match in _SECONDS.finditer(passage.key) if least else ():
        around = passage.key[max(0, match.start() - 60) : match.end()]
        if float(match["n"]) < least and re.search("视频|片头|起始画面|首帧|开头|短片", around):
            yield say.wrong(
                f"视频显式标识只持续{match['n']}秒，少于{show(least)}秒。", [evidence(Hit(passage, *match.span()))]
            )
