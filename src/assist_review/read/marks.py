"""Marks on a page image: seals, signatures or their empty places, blurred and empty pages."""

import re
from dataclasses import dataclass
from typing import Any

from assist_review.filing import BBox, Mark, Place
from assist_review.read.layout import Glyph, Line, box_of
from assist_review.read.seals import ReadStrip, Seal, find_seals, is_grey

_MM = 72 / 25.4
# 法定代表人（签字）：  安全评估负责人签名：  授权代表（签字或盖章）____
_LABEL = re.compile(
    r"(?P<who>[\u4e00-\u9fffA-Za-z、/·]{0,18})[（(]?(本人|亲笔|手写|手)?(签字|签名|签章|签署)([或并及和/、]?盖?章|处|栏)?[)）]?"
    r"(?P<end>[:：]|_+|(?<=[)）处栏])$|(?<=签字)$|(?<=签名)$)"
)
_ROLE_AND_NAME = re.compile(r"(?P<role>[\u4e00-\u9fff、/]{2,14}[（(]?[\u4e00-\u9fff]{0,6}[)）]?[:：])[^:：]{0,8}$")
_NOT_A_PLACE = re.compile(r"(由|经|须|需|应|请|并|后|未|已|的|在|以)(签|$)|[，。；]")
_PRINTED = re.compile(r"(\d{2,4}[年./-]\d{0,2}[月./-]?\d{0,2}日?|年月日|年|月|日期|日|盖章|公章|电话|[（(]章[)）])")
_REACH = 200.0  # points that a signature may stand to the right of its label
_BLURRED = 0.02  # sharp scans have 0.18-0.44, a blur of 3 pixels at 200 dpi 0.01-0.03
_RED = 45  # red above the other channels: seal ink has 55-130, writing below 10
_REDDISH = 15  # red above the other channels of a whole stroke: black and blue ink has 0, worn edges of a seal 20-60
_CRUMB = 1.2  # millimetres: the least stroke inside a seal that can be writing
_SMALLEST = (4.0, 2.4)  # millimetres: width and height of the least ink that is a signature


@dataclass(slots=True, frozen=True)
class PageImage:
    """A page as an RGB array. Lines, marks and boxes are in points of the same page."""

    number: int
    pixels: Any
    points_per_pixel: float


def marks_of(
    image: PageImage, lines: list[Line], read_strip: ReadStrip | None, *, scanned: bool, ocr_score: float = 1.0
) -> tuple[Mark, ...]:
    """Every mark on the page; `scanned` says that the image is all there is of the page."""
    seals = find_seals(image.pixels, image.points_per_pixel, read_strip)
    found = [Mark(kind="seal", place=Place(page=image.number, bbox=s.box), text=s.text, score=s.score) for s in seals]
    found += _signatures(image, lines, seals)
    if scanned:
        found += _quality(image, lines, seals, ocr_score)
    return tuple(found)


def _signatures(image: PageImage, lines: list[Line], seals: list[Seal]) -> list[Mark]:
    marks: list[Mark] = []
    for line in lines:
        glyphs = [g for g in line.glyphs if not g.text.isspace()]
        text = "".join(g.text for g in glyphs)
        if len(text) != len(glyphs):
            continue
        places = [m for m in _LABEL.finditer(text) if not _NOT_A_PLACE.search(m["who"])]
        for match, after in zip(places, [*places[1:], None], strict=False):
            start, end = match.start(), match.end()
            limit = glyphs[after.start()].x0 if after else None
            named = _ROLE_AND_NAME.search(text[:start] + match["who"])
            if named and "签" not in named["role"]:  # 法定代表人：某某（签字）: the place is before the word
                bracket = start + len(match["who"])
                start, end, limit = named.start(), named.end("role"), glyphs[bracket].x0
            elif start > 0 and match["who"] == "" and not _PRINTED.search(text[:start]):
                continue
            name = text[start:end].strip(":：_")
            mark = _judge(image, name, glyphs[start:end], limit=limit, lines=lines, seals=seals)
            if mark is not None:
                marks.append(mark)
    return marks


def _judge(
    image: PageImage, name: str, label: list[Glyph], *, limit: float | None, lines: list[Line], seals: list[Seal]
) -> Mark | None:
    """A signature or an empty place right of `label` (below it if there is no room), None if it cannot be told."""
    box = box_of([g for g in label if g.text != "_"] or label)
    tall = box.y1 - box.y0
    page_right = image.pixels.shape[1] * image.points_per_pixel - 12
    right = min(box.x1 + _REACH, page_right, limit - 2 if limit else page_right)
    area = BBox(x0=box.x1 + 1, y0=box.y0 - 0.9 * tall, x1=right, y1=box.y1 + 0.6 * tall)
    if right - box.x1 < 14 * _MM:
        if limit is not None:
            return None
        area = BBox(x0=box.x0, y0=box.y1 + 1, x1=right, y1=box.y1 + 3.0 * tall)
    area = _between_neighbours(area, box, lines)
    ink, printed = _ink(image, area, label, lines, seals)
    place = Place(page=image.number, bbox=area)
    if ink is not None:
        surer = 0.35 if printed else 0.95
        return Mark(kind="signature", place=Place(page=image.number, bbox=ink), text=name, score=surer)
    for seal in seals:
        x, y = (seal.box.x0 + seal.box.x1) / 2, (seal.box.y0 + seal.box.y1) / 2
        if seal.millimetres < 30 and area.x0 <= x <= area.x1 and area.y0 - 20 <= y <= area.y1 + 20:
            return Mark(kind="signature", place=Place(page=image.number, bbox=seal.box), text=name, score=0.6)
    return Mark(kind="blank_signature", place=place, text=name, score=0.85)


def _between_neighbours(area: BBox, label: BBox, lines: list[Line]) -> BBox:
    """`area` without the rows of text above and below; what stands on the row of the label may be the signature."""
    top, bottom = area.y0, area.y1
    middle = (label.y0 + label.y1) / 2
    tall = label.y1 - label.y0
    for line in lines:
        box = line.box
        if box.x1 < area.x0 or box.x0 > area.x1 or abs((box.y0 + box.y1) / 2 - middle) < 0.95 * tall:
            continue
        if box.y1 <= middle:
            top = max(top, box.y1 - 0.1 * tall)
        elif box.y0 >= middle:
            bottom = min(bottom, box.y0 + 0.1 * tall)
    return BBox(
        x0=round(area.x0, 1), y0=round(min(top, label.y0), 1), x1=round(area.x1, 1), y1=round(max(bottom, label.y1), 1)
    )


def _ink(
    image: PageImage, area: BBox, label: list[Glyph], lines: list[Line], seals: list[Seal]
) -> tuple[BBox | None, bool]:
    """The box of the ink in `area` without rules and red, None if there is none; whether it looks printed."""
    import cv2
    import numpy as np

    scale = image.points_per_pixel
    cut, left, top = _cut(image, area)
    if cut.size == 0:
        return None, False
    red_channel = cut[:, :, 0].astype(np.int16)
    paper = int(np.percentile(red_channel, 90))
    redness = red_channel - cut[:, :, 1:].max(axis=2).astype(np.int16)
    # A deep red seal is dark in its own channel too; black and blue ink is not red.
    dark = ((red_channel < paper - 70) & (redness < _RED)).astype(np.uint8)
    long_side = max(8, round(11 * _MM / scale))
    for size in ((long_side, 1), (1, long_side)):
        rule = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        dark[cv2.dilate(rule, np.ones((3, 3), np.uint8)) > 0] = 0
    if seals and is_grey(image.pixels):
        for seal in seals:  # a black seal would pass for a signature
            x, y = (seal.box.x0 + seal.box.x1) / 2 / scale - left, (seal.box.y0 + seal.box.y1) / 2 / scale - top
            cv2.circle(dark, (round(x), round(y)), round((seal.box.x1 - seal.box.x0) / 2 / scale * 1.04) + 2, 0, -1)
    others = _printed_glyphs(area, label, lines)
    for glyph in others:
        x0, x1 = int(glyph.x0 / scale) - left - 1, int(glyph.x1 / scale) - left + 2
        y0, y1 = int(glyph.y0 / scale) - top - 2, int(glyph.y1 / scale) - top + 3
        dark[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    least = max(4, round((0.35 * _MM / scale) ** 2))
    kept = [i for i in range(1, count) if stats[i][4] >= least]
    # A stroke of a neighbouring row that reaches in touches the edge and has little of itself inside.
    kept = [i for i in kept if not _stray(stats[i], dark.shape, round(1.6 * _MM / scale))]
    # Compression takes the red out of the edges of a seal: crumbs and reddish strokes inside one are of the seal.
    inside = _inside_seals(stats, (left * scale, top * scale), scale, seals)
    crumb = _CRUMB * _MM / scale
    kept = [
        i for i in kept
        if i not in inside or (max(stats[i][2:4]) >= crumb and float(redness[labels == i].mean()) < _REDDISH)
    ]  # fmt: skip
    if not kept:
        return None, False
    x0, y0 = min(stats[i][0] for i in kept), min(stats[i][1] for i in kept)
    x1 = max(stats[i][0] + stats[i][2] for i in kept)
    y1 = max(stats[i][1] + stats[i][3] for i in kept)
    millimetre = _MM / scale
    if x1 - x0 < _SMALLEST[0] * millimetre or y1 - y0 < _SMALLEST[1] * millimetre:
        return None, False
    box = BBox(
        x0=round((left + x0) * scale, 1), y0=round((top + y0) * scale, 1),
        x1=round((left + x1) * scale, 1), y1=round((top + y1) * scale, 1),
    )  # fmt: skip
    inked = np.isin(labels, kept)
    return box, _looks_printed(image, box, cut[inked], label)


def _cut(image: PageImage, area: BBox) -> tuple[Any, int, int]:
    scale = image.points_per_pixel
    left, top = max(0, int(area.x0 / scale)), max(0, int(area.y0 / scale))
    return image.pixels[top : max(top, int(area.y1 / scale)), left : max(left, int(area.x1 / scale))], left, top


def _inside_seals(stats: Any, corner: tuple[float, float], scale: float, seals: list[Seal]) -> set[int]:
    """The connected parts that lie wholly inside the box of a seal; `corner` is the cut's place on the page in points."""
    found = set()
    for i, (x, y, width, height, _) in enumerate(stats.tolist()):
        x0, y0 = corner[0] + x * scale, corner[1] + y * scale
        x1, y1 = x0 + width * scale, y0 + height * scale
        if any(s.box.x0 - 1 <= x0 and x1 <= s.box.x1 + 1 and s.box.y0 - 1 <= y0 and y1 <= s.box.y1 + 1 for s in seals):
            found.add(i)
    return found


def _stray(stats: Any, shape: tuple[int, int], depth: int) -> bool:
    _, y, _, height, _ = (int(v) for v in stats)
    return height <= depth and (y <= 1 or y + height >= shape[0] - 1)


def _printed_glyphs(area: BBox, label: list[Glyph], lines: list[Line]) -> list[Glyph]:
    """Printed words in `area` that are no name: dates, 盖章, the label itself."""
    found = list(label)
    for line in lines:
        if line.box.y1 < area.y0 or line.box.y0 > area.y1:
            continue
        glyphs = [g for g in line.glyphs if not g.text.isspace() and g.x0 >= area.x0 - 1 and g.x1 <= area.x1 + 40]
        text = "".join(g.text for g in glyphs)
        if len(text) == len(glyphs):
            for match in _PRINTED.finditer(text):
                found += glyphs[match.start() : match.end()]
    return found


def _looks_printed(image: PageImage, box: BBox, ink: Any, label: list[Glyph]) -> bool:
    """Whether the ink has the height, the row and the colour of the printed label."""
    import numpy as np

    printed = box_of([g for g in label if g.text not in "_:："] or label)
    cut, _, _ = _cut(image, printed)
    if cut.size == 0:
        return False
    red = cut[:, :, 0]
    rows = np.flatnonzero((red < int(np.percentile(red, 90)) - 70).any(axis=1))
    if len(rows) < 3:
        return False
    tall = (rows[-1] - rows[0] + 1) * image.points_per_pixel
    middle = printed.y0 + (rows[0] + rows[-1]) / 2 * image.points_per_pixel
    if not 0.75 <= (box.y1 - box.y0) / tall <= 1.2 or abs((box.y0 + box.y1) / 2 - middle) > 0.2 * tall:
        return False
    dark = cut[red < np.percentile(red, 90) - 110]
    if len(dark) == 0 or len(ink) == 0:
        return False
    tint = np.percentile(ink, 25, axis=0) - np.percentile(dark, 25, axis=0)
    return bool(np.ptp(tint) < 28)


def _quality(image: PageImage, lines: list[Line], seals: list[Seal], ocr_score: float) -> list[Mark]:
    """Whether a scanned page is empty, or too blurred to be read with confidence."""
    import cv2
    import numpy as np

    grey = image.pixels.min(axis=2)
    height, width = grey.shape
    inner = grey[int(0.04 * height) : int(0.96 * height), int(0.04 * width) : int(0.96 * width)]
    if inner.size == 0:
        return []
    paper = int(np.percentile(inner, 80))
    inked = float((inner < paper - 60).mean())
    place = Place(page=image.number)
    if not lines and not seals and inked < 0.0006:
        return [Mark(kind="empty", place=place, score=0.9)]
    sharpness = []
    for line in sorted(lines, key=lambda item: -len(item.text))[:30]:
        cut, _, _ = _cut(image, line.box)
        if cut.shape[0] < 6 or cut.shape[1] < 6:
            continue
        part = cut.min(axis=2).astype(np.float32)
        # A stroke's edge against the line's own contrast, in the height of a 48-pixel line so that dpi does not count.
        part = cv2.resize(part, None, fx=48 / part.shape[0], fy=48 / part.shape[0], interpolation=cv2.INTER_AREA)
        if part.std() > 8:
            sharpness.append(float(cv2.Laplacian(part, cv2.CV_32F).var() / part.var()))
    if not sharpness:
        blurred = inked < 0.2 and not lines and float(cv2.Laplacian(grey, cv2.CV_32F).var()) < 30
        return [Mark(kind="blurred", place=place, score=0.6)] if blurred else []
    typical = float(np.median(sharpness))
    unread = typical < _BLURRED and _share_unread(image, grey, paper, lines, seals) > 0.4
    if unread or (typical < _BLURRED and ocr_score < 0.92) or ocr_score < 0.7:
        return [Mark(kind="blurred", place=place, score=0.7 if unread else round(min(1.0, 1.4 - ocr_score), 2))]
    return []


def _share_unread(image: PageImage, grey: Any, paper: int, lines: list[Line], seals: list[Seal]) -> float:
    """The share of the ink that lies neither in recognised lines nor in seals."""
    dark = grey < paper - 40
    total = float(dark.sum())
    for box in [line.box for line in lines] + [seal.box for seal in seals]:
        scale = image.points_per_pixel
        dark[int(box.y0 / scale) : int(box.y1 / scale) + 1, int(box.x0 / scale) : int(box.x1 / scale) + 1] = False
    return float(dark.sum()) / total if total else 0.0
