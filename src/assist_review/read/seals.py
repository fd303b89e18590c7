"""Red seals on a page image: round company seals by their ring, other red stamps by their outline."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist_review.filing import BBox

ReadStrip = Callable[[Any], tuple[str, float]]
_MM = 72 / 25.4
_SMALLEST, _LARGEST = 14.0, 62.0  # mm; personal seals are about 18 mm, company seals 38-58 mm
_REDNESS = 40  # R - max(G, B) of an ink pixel
_SEARCH_DPI = 60.0
_RING_COVER = 0.55  # share of a circle that must be inked
_GREY_COVER = 0.8  # the same on a black-and-white scan, where any ring is as dark
_STRIP_HEIGHT = 64
_VARIANTS = ((0.60, 2.2), (0.66, 2.2), (0.63, 3.2), (0.60, 1.6), (0.66, 3.2))  # inner edge of the ring text, contrast


@dataclass(slots=True, frozen=True)
class Seal:
    """One seal: its box in points, how sure it is (0-1), and what could be read on it."""

    box: BBox
    score: float
    text: str
    round: bool

    @property
    def millimetres(self) -> float:
        """Its larger side."""
        return max(self.box.x1 - self.box.x0, self.box.y1 - self.box.y0) / _MM


def find_seals(image: Any, points_per_pixel: float, read_strip: ReadStrip | None) -> list[Seal]:
    """The seals on an RGB image, top to bottom; on a black-and-white scan only round ones are told from print.

    Without `read_strip` their text stays empty.
    """
    import cv2
    import numpy as np

    grey = is_grey(image)
    excess = 255 - image[:, :, 0].astype(np.int16) if grey else _excess(image)
    red = excess > 90 if grey else (excess > _REDNESS) & (image[:, :, 0] > 90)
    if red.mean() < 0.0001:
        return []
    pixels_per_point = 1 / points_per_pixel
    shrink = min(1.0, _SEARCH_DPI / 72 / pixels_per_point)
    size = (max(1, round(red.shape[1] * shrink)), max(1, round(red.shape[0] * shrink)))
    small = (cv2.resize(red.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.12).astype(np.uint8)
    unit = _MM * pixels_per_point * shrink  # pixels of `small` in a millimetre
    left = small.copy()
    seals = [] if grey else _stamps(left, unit, points_per_pixel / shrink, red=red, read_strip=read_strip)
    for x, y, radius, cover in _rings(left, unit):
        if grey and cover < _GREY_COVER:
            continue
        text = ""
        if read_strip is not None:
            fine = _refine(red, x / shrink, y / shrink, radius / shrink)
            text = _read_round(excess, *fine, read_strip)
        scale = points_per_pixel / shrink
        box = _box((x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale)
        seals.append(Seal(box, 0.6 if grey else round(min(1.0, 0.25 + 0.75 * cover), 2), text, True))
    return sorted(seals, key=lambda s: (s.box.y0, s.box.x0))


def is_grey(image: Any) -> bool:
    """Whether an RGB image is a black-and-white scan, on which a seal is as black as the print."""
    sample = image[::5, ::5].astype("int16")
    return bool(((sample.max(axis=2) - sample.min(axis=2)) > 24).mean() < 0.0005)


def _excess(image: Any) -> Any:
    """How much redder than the paper each pixel is; yellowed or reddish paper is not ink."""
    import numpy as np

    r, g, b = (image[:, :, i].astype(np.int16) for i in range(3))
    excess = r - np.maximum(g, b)
    return excess - max(0, int(np.median(excess[::7, ::7])))


def _box(x0: float, y0: float, x1: float, y1: float) -> BBox:
    return BBox(
        x0=round(max(float(x0), 0.0), 1),
        y0=round(max(float(y0), 0.0), 1),
        x1=round(float(x1), 1),
        y1=round(float(y1), 1),
    )


def _rings(mask: Any, unit: float) -> list[tuple[float, float, float, float]]:
    """Circles (x, y, radius, cover 0-1) of red ink, best first, none inside another."""
    import cv2

    smallest, largest = int(_SMALLEST / 2 * unit), int(_LARGEST / 2 * unit) + 1
    if mask.sum() < 4 * smallest or min(mask.shape) < 2 * smallest:
        return []
    found = cv2.HoughCircles(
        cv2.GaussianBlur(mask * 255, (3, 3), 0), cv2.HOUGH_GRADIENT, dp=1, minDist=max(3, smallest // 3),
        param1=120, param2=14, minRadius=smallest, maxRadius=largest,
    )  # fmt: skip
    if found is None:
        return []
    scored = sorted((_best_ring(mask, *circle[:3]) for circle in found[0][:80]), key=lambda c: -c[3] * c[2] ** 0.5)
    seen: list[tuple[float, float, float, float]] = []
    kept: list[tuple[float, float, float, float]] = []
    for x, y, radius, cover in scored:
        # Seals may overlap, but not so far that the middle of one lies in the other.
        if cover < _RING_COVER or any(math.hypot(x - a, y - b) <= 0.95 * max(radius, r) for a, b, r, _ in seen):
            continue
        seen.append((x, y, radius, cover))
        if not _is_disc(mask, x, y, radius):
            kept.append(seen[-1])
    return kept


def _best_ring(mask: Any, x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """The circle near a first guess that lies on most ink; an outer ring is preferred to one inside it."""
    best = (x, y, radius, _cover(mask, x, y, radius))
    for step in (1.5, 0.75):
        for dx in (-step, 0.0, step):
            for dy in (-step, 0.0, step):
                for grow in (-step, 0.0, step):
                    cover = _cover(mask, x + dx, y + dy, radius + grow)
                    if cover > best[3] + 0.01:
                        best = (x + dx, y + dy, radius + grow, cover)
        x, y, radius, _ = best
    return best


def _is_disc(mask: Any, x: float, y: float, radius: float) -> bool:
    """Whether a circle is filled: a red dot or logo, not a ring with words inside."""
    covers = [_cover(mask, x, y, share * radius) for share in (0.35, 0.5, 0.65, 0.8, 0.9)]
    return sum(covers) > 0.85 * len(covers)


def _cover(mask: Any, x: float, y: float, radius: float) -> float:
    import numpy as np

    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    hit = np.zeros(120, dtype=bool)
    for offset in (-0.7, 0.0, 0.7):
        xs = np.round(x + (radius + offset) * np.cos(angles)).astype(int)
        ys = np.round(y + (radius + offset) * np.sin(angles)).astype(int)
        inside = (xs >= 0) & (ys >= 0) & (xs < mask.shape[1]) & (ys < mask.shape[0])
        hit[inside] |= mask[ys[inside], xs[inside]] > 0
    return float(hit.mean())


def _refine(red: Any, x: float, y: float, radius: float) -> tuple[float, float, float]:
    """The circle in the full image: the outer edge of the ring, found from how far out the ink reaches."""
    import numpy as np

    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    reach = np.arange(0.85 * radius, 1.12 * radius, 1.0)
    xs = np.clip(np.round(x + np.outer(reach, np.cos(angles))).astype(int), 0, red.shape[1] - 1)
    ys = np.clip(np.round(y + np.outer(reach, np.sin(angles))).astype(int), 0, red.shape[0] - 1)
    ink = red[ys, xs]
    has = ink.any(axis=0)
    if has.sum() < 90:
        return x, y, radius
    outer = reach[len(reach) - 1 - ink[::-1].argmax(axis=0)]
    ex, ey = x + outer * np.cos(angles), y + outer * np.sin(angles)
    good = has & (np.abs(outer - np.median(outer[has])) < 0.05 * radius)
    if good.sum() < 60:
        return x, y, radius
    # Least-squares circle through the outer edge.
    system = np.column_stack([2 * ex[good], 2 * ey[good], np.ones(good.sum())])
    solved = np.linalg.lstsq(system, ex[good] ** 2 + ey[good] ** 2, rcond=None)[0]
    return float(solved[0]), float(solved[1]), float(math.sqrt(max(1.0, solved[2] + solved[0] ** 2 + solved[1] ** 2)))


def _read_round(excess: Any, x: float, y: float, radius: float, read_strip: ReadStrip) -> str:
    """The words along the ring (clockwise from the lower left) and on the straight line below the star."""
    import cv2
    import numpy as np

    ink = np.clip((excess - 12) * 2.2, 0, 255).astype(np.uint8)
    below = _below_star(ink, x, y, radius, read_strip)
    readings: list[tuple[float, str]] = []
    for inner_share, gain in _VARIANTS:
        strip = _unrolled(np.clip((excess - 12) * gain, 0, 255).astype(np.uint8), x, y, radius, inner_share)
        if strip is not None:
            text, score = read_strip(cv2.copyMakeBorder(255 - strip, 8, 8, 12, 12, cv2.BORDER_CONSTANT, value=255))
            if score >= 0.5 and text:
                readings.append((score, text))
        if readings and readings[-1][0] > 0.985:
            break
    return " ".join(t for t in (_voted(readings), below) if t)


def _unrolled(ink: Any, x: float, y: float, radius: float, inner_share: float) -> Any:
    """The ring as a straight strip, from its widest gap on, or None if it holds no text; top of it = outside."""
    import cv2
    import numpy as np

    outer, inner = 0.965 * radius, inner_share * radius
    width = int(2 * math.pi * 0.78 * radius)
    angles = np.pi / 2 + np.linspace(0, 2 * np.pi, width, endpoint=False)  # from the bottom, clockwise on the page
    radii = np.linspace(outer, inner, max(8, int(outer - inner)))
    map_x = (x + np.outer(radii, np.cos(angles))).astype(np.float32)
    map_y = (y + np.outer(radii, np.sin(angles))).astype(np.float32)
    unrolled = _without_ring(cv2.remap(ink, map_x, map_y, cv2.INTER_LINEAR, borderValue=0))
    start, end = _text_span((unrolled > 90).sum(axis=0) > 0.06 * unrolled.shape[0])
    if end - start < 0.12 * width:
        return None
    strip = _cropped(np.concatenate([unrolled, unrolled], axis=1)[:, max(0, start - 8) : end + 8])
    scale = _STRIP_HEIGHT / strip.shape[0]
    return cv2.resize(strip, (max(16, round(strip.shape[1] * scale)), _STRIP_HEIGHT), interpolation=cv2.INTER_CUBIC)


def _voted(readings: list[tuple[float, str]]) -> str:
    """The reading most agree on, character by character among readings as long as the surest."""
    if not readings:
        return ""
    surest = max(readings)
    alike = [(score, text) for score, text in readings if len(text) == len(surest[1])]
    voted = []
    for i in range(len(surest[1])):
        votes: dict[str, float] = {}
        for score, text in alike:
            votes[text[i]] = votes.get(text[i], 0.0) + score**4
        voted.append(max(votes, key=lambda c: (votes[c], c == surest[1][i])))
    return "".join(voted)


def _without_ring(unrolled: Any) -> Any:
    """The strip without the rows of the ring itself (inked nearly all the way round)."""
    full = (unrolled > 90).mean(axis=1)
    top = 0
    while top < len(full) // 3 and full[top] > 0.55:
        top += 1
    return unrolled[top:]


def _text_span(inked: Any) -> tuple[int, int]:
    """Start and end (end may run past the width once) of the text: what is left after the widest gap."""
    import numpy as np

    width = len(inked)
    columns = np.flatnonzero(inked)
    if len(columns) == 0:
        return 0, 0
    gaps = np.diff(np.append(columns, columns[0] + width))
    widest = int(gaps.argmax())
    if gaps[widest] < 0.04 * width:
        return 0, width
    start = int(columns[(widest + 1) % len(columns)])
    end = int(columns[widest])
    return start, end + 1 if end >= start else end + 1 + width


def _cropped(strip: Any) -> Any:
    import numpy as np

    rows = np.flatnonzero((strip > 90).mean(axis=1) > 0.015)
    return strip if len(rows) < 8 else strip[max(0, rows[0] - 2) : rows[-1] + 3]


def _below_star(ink: Any, x: float, y: float, radius: float, read_strip: ReadStrip) -> str:
    """The straight line under the star, which ends at 0.4 of the radius: 合同专用章; numbers are too small to read."""
    y0, y1 = int(y + 0.34 * radius), int(y + 0.72 * radius)
    x0, x1 = int(x - 0.62 * radius), int(x + 0.62 * radius)
    cut = ink[max(y0, 0) : y1, max(x0, 0) : x1]
    if cut.size == 0 or (cut > 90).mean() < 0.02:
        return ""
    cut = _cropped(cut)
    if cut.shape[0] < 10:
        return ""
    text, score = read_strip(255 - cut)
    return text if score >= 0.8 and re.search(r"[\u4e00-\u9fff]{2}", text) else ""


def _stamps(mask: Any, unit: float, scale: float, *, red: Any, read_strip: ReadStrip | None) -> list[Seal]:
    """Square and oval stamps that stand alone; they are taken out of `mask`. `scale` is points per pixel of it."""
    import cv2
    import numpy as np

    reach = max(2, round(1.0 * unit))
    joined = cv2.dilate(mask, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    seals: list[Seal] = []
    for i in range(1, min(count, 400)):
        x, y, w, h = (int(v) for v in stats[i][:4])
        x, y, w, h = x + reach // 2, y + reach // 2, max(1, w - reach + 1), max(1, h - reach + 1)
        wide, tall = w / unit, h / unit
        if not (_SMALLEST <= max(wide, tall) <= _LARGEST and min(wide, tall) >= 0.5 * max(wide, tall)):
            continue
        part = mask[y : y + h, x : x + w]
        square, oval = _outline_covers(part)
        is_oval = oval > 0.6 and abs(wide - tall) > 0.12 * max(wide, tall)
        if float(part.mean()) > 0.6 or not (is_oval or square > max(0.6, oval)):
            continue
        text = ""
        if read_strip is not None:
            pixels = red.shape[0] / mask.shape[0]
            inset = 0.12 if is_oval else 0.05
            x0, x1 = int((x + inset * w) * pixels), int((x + (1 - inset) * w) * pixels)
            y0, y1 = (y + 0.34 * h, y + 0.66 * h) if is_oval else (y + inset * h, y + (1 - inset) * h)
            text, score = read_strip(255 - red[int(y0 * pixels) : int(y1 * pixels), x0:x1].astype(np.uint8) * 255)
            text = text if score >= 0.8 and re.search(r"[\u4e00-\u9fff]{2}", text) else ""
        box = _box(x * scale, y * scale, (x + w) * scale, (y + h) * scale)
        seals.append(Seal(box, round(0.3 + 0.6 * max(square, oval), 2), text, False))
        part[:] = 0
    return seals


def _outline_covers(part: Any) -> tuple[float, float]:
    """How much of the edge of a rectangle, and of the ellipse inside it, is inked (0-1 each)."""
    import numpy as np

    height, width = part.shape
    depth = max(2, round(0.07 * min(height, width)))
    rows = [part[:depth].any(axis=0).mean(), part[-depth:].any(axis=0).mean()]
    columns = [part[:, :depth].any(axis=1).mean(), part[:, -depth:].any(axis=1).mean()]
    # Corners tell a square from a ring, which touches its rectangle in the middle of each side only.
    corner = max(2, height // 6), max(2, width // 6)
    corners = [part[a, b].any() for a in (slice(0, corner[0]), slice(-corner[0], None)) for b in
               (slice(0, corner[1]), slice(-corner[1], None))]  # fmt: skip
    square = min(float(np.mean(rows + columns)), float(np.mean(corners)))
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    hit = np.zeros(120, dtype=bool)
    for share in (0.9, 0.94, 0.98):
        xs = np.clip(np.round(width / 2 + share * width / 2 * np.cos(angles)).astype(int), 0, width - 1)
        ys = np.clip(np.round(height / 2 + share * height / 2 * np.sin(angles)).astype(int), 0, height - 1)
        hit |= part[ys, xs] > 0
    return square, float(hit.mean())
