"""A page that is an image: its text as lines and tables, and the marks on it."""

import re
from dataclasses import dataclass
from typing import Any

from assist_review.filing import Mark
from assist_review.read.layout import Glyph, Line, lines_of, piece_starts
from assist_review.read.marks import PageImage, marks_of
from assist_review.read.ocr import drawn_rules, ink_of, read_strip, recognise
from assist_review.read.pdf_tables import Grid, find_grids

_CERTIFICATE = re.compile(r"营业执照|登记证|许可证|开户|身份证|资格证|证书")
_NARROWEST = 120.0  # points; strokes that cross each other make smaller "tables"


@dataclass(slots=True)
class Scan:
    """What was read on one page image; `score` is the mean certainty of its text (0-1), `form` as in PageFlow."""

    glyphs: list[Glyph]
    lines: list[Line]
    grids: list[Grid]
    marks: tuple[Mark, ...]
    score: float
    form: bool


def read_scan(pixels: Any, number: int, points_per_pixel: float) -> Scan:
    """The text and marks of an RGB image; raises `NoRecogniser` where text recognition is not installed."""
    import numpy as np

    ink = ink_of(pixels)
    found = recognise(ink, points_per_pixel)
    grids, rest = find_grids(drawn_rules(ink, found, points_per_pixel), found.glyphs, number, narrowest=_NARROWEST)
    spelt = "".join(g.text for g in rest)
    form = _CERTIFICATE.search(spelt[:120]) is not None
    lines = _certificate_lines(rest, number) if form else lines_of(rest, number)
    upright = np.ascontiguousarray(np.rot90(pixels, found.turned)) if found.turned else pixels
    all_lines = lines if not grids else lines_of(found.glyphs, number)
    image = PageImage(number, upright, points_per_pixel)
    marks = marks_of(image, all_lines, read_strip, scanned=True, ocr_score=found.score if found.glyphs else 1.0)
    return Scan(found.glyphs, lines, grids, marks, found.score, form)


def marks_without_text(pixels: Any, number: int, points_per_pixel: float) -> tuple[Mark, ...]:
    """Seals on an image whose text is not recognised."""
    found = marks_of(PageImage(number, pixels, points_per_pixel), [], None, scanned=True)
    return tuple(m for m in found if m.kind != "blurred")


def _certificate_lines(glyphs: list[Glyph], number: int) -> list[Line]:
    """Lines of a certificate: two columns of label and value side by side are read one after the other."""
    lines = lines_of(glyphs, number)
    clusters: list[list[float]] = []
    for x in sorted(x for line in lines for x in piece_starts(line)):
        if clusters and x - clusters[-1][-1] < 7:
            clusters[-1].append(x)
        else:
            clusters.append([x])
    aligned = [c for c in clusters if len(c) >= 3]
    # The right column has labels and values of its own, so two aligned starts stand on either side of its edge.
    for cluster in aligned[2:-1]:
        at = min(cluster) - 3
        parted = [line for line in lines if line.box.x0 < at and any(-1 <= x - at < 14 for x in piece_starts(line))]
        if len(parted) < 3:
            continue
        top, bottom = parted[0].box.y0 - 1, parted[-1].box.y1 + 5 * parted[-1].size
        inside = [line for line in lines if top <= line.box.y0 and line.box.y1 <= bottom]
        kept = [g for line in inside for g in line.glyphs]
        if any(g.x0 < at - 2 and g.x1 > at + 2 for g in kept):
            continue
        left = lines_of([g for g in kept if g.x0 < at], number)
        right = lines_of([g for g in kept if g.x0 >= at], number)
        above = [line for line in lines if line.box.y0 < top]
        return above + left + right + [line for line in lines if line not in inside and line not in above]
    return lines
