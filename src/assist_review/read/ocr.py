"""Recognition of text on images: lines with a box for every character, and single strips such as seal rings."""

import logging
import math
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assist_review.errors import ReadError
from assist_review.filing import TextOrigin
from assist_review.read.layout import Glyph, Rule, is_wide

DPI = 200
_SIDE = 1600  # longest side that the text detector sees
_MIN_SCORE = 0.5
_THREADS = 2
_UNDER_SEAL = 30  # levels of the red channel below bare seal ink at which print shows through; the last 12 are noise


class NoRecogniser(ReadError):
    """The packages for text recognition are not installed."""

    kind = "no_ocr"


@dataclass(slots=True)
class Recognised:
    """The text of one image: glyphs in points, the mean score (0-1), and the turn that made it upright.

    `turned` counts quarter turns anticlockwise; `slope` is the skew that was taken out of the coordinates.
    """

    glyphs: list[Glyph]
    score: float
    turned: int
    slope: float


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise NoRecogniser(
            "扫描页需要文字识别，但未安装文字识别组件（rapidocr、onnxruntime）。",
            "安装文字识别组件后重新运行，或者提供带文字层的PDF、可编辑的文件。",
        ) from error
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    threads = min(_THREADS, os.cpu_count() or 1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": _MIN_SCORE,
            "Global.max_side_len": 4000,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def ink_of(pixels: Any) -> Any:
    """The dark ink of an RGB image as a grey image: what is red (seals) is turned into paper.

    The red channel alone leaves a pale seal that is still recognised; print under a seal has no red excess.
    """
    import numpy as np

    red = pixels[:, :, 0]
    other = np.maximum(pixels[:, :, 1], pixels[:, :, 2]).astype(np.int16)
    excess = red.astype(np.int16) - other
    ground = max(0, int(np.median(excess[::7, ::7])))
    paper = int(np.percentile(red[::5, ::5], 75))
    seal = excess > 22 + ground
    ink = red.copy()
    if seal.any():
        # Print under seal ink is clearly darker in the red channel than the seal alone.
        level = float(np.median(red[excess > 60 + ground])) if (excess > 60 + ground).any() else 200.0
        share = np.clip((red[seal].astype(np.float32) - level + _UNDER_SEAL) / (_UNDER_SEAL - 12), 0, 1)
        ink[seal] = np.maximum(red[seal] * (1 - share) + paper * share, red[seal]).astype(np.uint8)
    return ink


def recognise(ink: Any, points_per_pixel: float) -> Recognised:
    """The text of a grey image (2-D array, dark on light); sideways and upside-down images are turned first.

    Raises `NoRecogniser` where the packages are missing.
    """
    best, turned = _read(ink), 0
    tall = [line for line in best if len(line.text) >= 2 and line.height > 1.6 * line.width]
    if best and len(tall) > 0.6 * len(best):
        # Tall crops are read either way, so only the turned pages tell which side is up.
        best, turned = max(((_turned(ink, turn), turn) for turn in (1, 3)), key=lambda read: _weight(read[0]))
    elif len(best) >= 4 and sum(line.score for line in best) / len(best) < 0.75:
        other = _turned(ink, 2)
        if _weight(other) > 1.1 * _weight(best):
            best, turned = other, 2
    slope = _slope(best)
    glyphs: list[Glyph] = []
    height, width = ink.shape[:2]
    middle = (height / 2, width / 2) if turned % 2 else (width / 2, height / 2)
    for line in best:
        glyphs += line.glyphs(points_per_pixel, slope, middle)
    score = sum(line.score for line in best) / len(best) if best else 0.0
    return Recognised(glyphs, score, turned, slope)


def _turned(ink: Any, turn: int) -> "list[_TextLine]":
    import numpy as np

    return _read(np.ascontiguousarray(np.rot90(ink, turn)))


def _weight(lines: "list[_TextLine]") -> float:
    """How much is read how surely; upside-down text is read as little, and badly."""
    return sum(line.score**4 * len(line.text) for line in lines)


@dataclass(slots=True)
class _TextLine:
    text: str
    score: float
    corners: Any  # four points in pixels, from the top left clockwise
    marks: list[tuple[str, float, float]]  # character, x0, x1 in pixels

    @property
    def width(self) -> float:
        return float(math.dist(self.corners[0], self.corners[1]))

    @property
    def height(self) -> float:
        return float(math.dist(self.corners[0], self.corners[3]))

    @property
    def slope(self) -> float:
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        return float((y1 - y0) / (x1 - x0)) if x1 - x0 > 1 else 0.0

    def glyphs(self, scale: float, slope: float, middle: tuple[float, float]) -> list[Glyph]:
        """Glyphs in points with the skew of the page taken out, all on one baseline."""
        x_mid = float(self.corners[:, 0].mean())
        y_seen = float(self.corners[:, 1].mean())
        y_mid = y_seen - slope * (x_mid - middle[0])
        shift = slope * (y_seen - middle[1])
        size = (0.72 if len(self.marks) > 3 else 0.64) * self.height
        # Detected boxes are unclipped outwards; the ink stands in the middle part.
        half = 0.40 * self.height
        return [
            Glyph(
                char,
                (x0 + shift) * scale,
                (y_mid - half) * scale,
                (x1 + shift) * scale,
                (y_mid + half) * scale,
                size * scale,
                False,
                TextOrigin.OCR,
            )
            for char, x0, x1 in self.marks
        ]


def _read(ink: Any) -> list[_TextLine]:
    import numpy as np

    grey = ink if ink.ndim == 3 else np.repeat(ink[:, :, None], 3, axis=2)
    found = _engine()(np.ascontiguousarray(grey), use_det=True, use_rec=True, return_word_box=True)
    if found.boxes is None or found.txts is None:
        return []
    lines = []
    words = found.word_results or [()] * len(found.txts)
    for text, score, corners, parts in zip(found.txts, found.scores, found.boxes, words, strict=False):
        if text.strip():
            lines.append(_TextLine(text, float(score), corners, _marks(text, parts, corners)))
    return lines


def _marks(text: str, words: Any, corners: Any) -> list[tuple[str, float, float]]:
    """Every character with its horizontal extent; a word box is shared out evenly."""
    left, right = float(corners[:, 0].min()), float(corners[:, 0].max())
    spelt = "".join(str(w[0]) for w in words if w)
    marks: list[tuple[str, float, float]] = []
    if spelt.replace(" ", "") == text.replace(" ", "") and spelt:
        for word in words:
            x0, x1 = min(p[0] for p in word[2]), max(p[0] for p in word[2])
            step = (x1 - x0) / max(1, len(word[0]))
            marks += [(c, x0 + i * step, x0 + (i + 1) * step) for i, c in enumerate(word[0]) if not c.isspace()]
        return _closed(marks, text)
    weights = [1.0 if is_wide(c) else 0.55 for c in text]
    unit, at = (right - left) / sum(weights), left
    for char, weight in zip(text, weights, strict=True):
        if not char.isspace():
            marks.append((char, at, at + weight * unit))
        at += weight * unit
    return marks


def _closed(marks: list[tuple[str, float, float]], text: str) -> list[tuple[str, float, float]]:
    """Boxes that touch wherever the recognised text has no space: gaps between recognised characters are chance."""
    spaced = {i for i, word in enumerate(_word_ends(text)) if word}
    closed = []
    for i, (char, x0, x1) in enumerate(marks):
        touches = i + 1 < len(marks) and i not in spaced and not (is_wide(char) and is_wide(marks[i + 1][0]))
        closed.append((char, x0, max(x0, marks[i + 1][1]) if touches else x1))
    return closed


def _word_ends(text: str) -> list[bool]:
    """For each character that is no space, whether a space follows it."""
    return [i + 1 < len(text) and text[i + 1].isspace() for i, c in enumerate(text) if not c.isspace()]


def _slope(lines: list[_TextLine]) -> float:
    long = sorted(line.slope for line in lines if line.width > 6 * line.height)
    if len(long) < 2:
        return 0.0
    middle = long[len(long) // 2]
    return middle if abs(middle) < 0.12 else 0.0


def read_strip(strip: Any) -> tuple[str, float]:
    """The text of an image that holds exactly one line, and its score; "" if nothing is read."""
    import numpy as np

    grey = strip if strip.ndim == 3 else np.repeat(strip[:, :, None], 3, axis=2)
    found = _engine()(np.ascontiguousarray(grey), use_det=False, use_rec=True, return_word_box=False)
    if not found.txts:
        return "", 0.0
    return str(found.txts[0]).strip(), float(found.scores[0])


def drawn_rules(ink: Any, recognised: Recognised, points_per_pixel: float) -> list[Rule]:
    """The ruling lines of a scanned table, in the coordinates of its glyphs."""
    import cv2
    import numpy as np

    image = np.ascontiguousarray(np.rot90(ink, recognised.turned)) if recognised.turned else ink
    height, width = image.shape[:2]
    if abs(recognised.slope) > 0.003:
        slope = recognised.slope
        upright = np.array([[1, slope, -slope * height / 2], [-slope, 1, slope * width / 2]], dtype=np.float32)
        image = cv2.warpAffine(image, upright, (width, height), borderValue=255)
    dark = (image < 170).astype(np.uint8)
    rules: list[Rule] = []
    for across in (True, False):
        # Longer than any stroke of a title or a signature; rows of a table are less high than its columns are wide.
        size = (max(40, round(34 / points_per_pixel)), 1) if across else (1, max(24, round(14 / points_per_pixel)))
        # A scanned line wavers by a pixel or two: close it across its direction before keeping long runs.
        closed = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if across else (3, 1)))
        kept = cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        count, _, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
        for x, y, w, h, _ in stats[1 : min(count, 3000)]:
            if (h if across else w) > 14:
                continue
            if across:
                rules.append(
                    Rule(True, (y + h / 2) * points_per_pixel, x * points_per_pixel, (x + w) * points_per_pixel)
                )
            else:
                rules.append(
                    Rule(False, (x + w / 2) * points_per_pixel, y * points_per_pixel, (y + h) * points_per_pixel)
                )
    return rules
