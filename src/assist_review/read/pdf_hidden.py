"""Text of a PDF page that a person does not see: white, transparent, tiny, covered, outside the page."""

from collections.abc import Callable
from typing import Any, Literal

from assist_review.filing import BBox, Hidden, Place
from assist_review.read.layout import Glyph, box_of, join_wrapped, lines_of, union
from assist_review.read.pdf_glyphs import Look
from assist_review.read.pdf_page import Area, PageParts

Kind = Literal["white", "invisible", "tiny", "off_page", "covered"]
_TINY = 4.0  # points; footnotes and chart labels are larger, or short
_RUN = 12  # shorter runs of tiny text are chart labels, shorter ones outside the page ends of long lines
_DPI = 100.0
_CONTRAST = 24  # of 255; paler print than this is not seen
_SCAN_SHARE = 0.5  # an image over more of the page than this is a scan, and text with it is its text layer


def part_hidden(parts: PageParts, render: Callable[[float], Any]) -> tuple[list[Glyph], list[Glyph], list[Hidden]]:
    """Visible glyphs, glyphs of watermarks, and hidden text; `render(dpi)` gives the page as an RGB array.

    The page is drawn only if the looks of some text raise a suspicion, and then the drawing decides.
    """
    scan = parts.image_share > _SCAN_SHARE
    hidden: dict[Kind, list[Glyph]] = {}
    doubtful: dict[int, tuple[Look, Kind, list[Glyph]]] = {}
    visible: list[Glyph] = []
    slanted: list[Glyph] = []
    last = max((a.order for a in parts.areas), default=-1)
    plain = all(a.colour is not None and min(a.colour) > 180 for a in parts.areas)
    for glyph, look in zip(parts.glyphs, parts.looks, strict=True):
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        if not (-1 <= x <= parts.width + 1 and -1 <= y <= parts.height + 1):
            hidden.setdefault("off_page", []).append(glyph)
        elif look.slanted:
            slanted.append(glyph)
        elif scan:
            visible.append(glyph)
        elif look.mode in (3, 7):
            hidden.setdefault("invisible", []).append(glyph)
        elif glyph.text.isspace() or (max(look.colour) < 130 and look.alpha > 24 and plain and last < look.order):
            visible.append(glyph)  # dark on a light ground, with nothing drawn over it
        else:
            kind = _suspicion(look, x, y, parts.areas)
            if kind is None:
                visible.append(glyph)
            else:
                doubtful.setdefault(id(look), (look, kind, []))[2].append(glyph)
    if doubtful:
        image = render(_DPI)
        for _, kind, glyphs in doubtful.values():
            for run in _runs(glyphs):
                if _seen(image, box_of(run), parts):
                    visible += run
                else:
                    hidden.setdefault(kind, []).extend(run)
        visible = _in_file_order(parts, visible)
    outside = hidden.pop("off_page", [])
    for run in _runs(outside):
        if len(run) >= _RUN:
            hidden.setdefault("off_page", []).extend(run)
        else:  # the end of a line that is too long for the page
            visible += run
    visible = _in_file_order(parts, visible) if outside else visible
    visible, tiny = _part_tiny(visible)
    if tiny:
        hidden.setdefault("tiny", []).extend(tiny)
    found = [h for kind, glyphs in hidden.items() for h in _spelt(kind, glyphs, parts.number)]
    return visible, slanted, found


def _suspicion(look: Look, x: float, y: float, areas: list[Area]) -> Kind | None:
    """What text at this point may be hidden by, None if its looks are in order."""
    if look.alpha < 25:
        return "invisible"
    ground: tuple[int, int, int] | None = (255, 255, 255)
    for area in areas:
        box = area.box
        if not (box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1):
            continue
        if area.order < look.order:
            ground = area.colour if area.alpha > 200 else ground
        elif area.alpha > 200:
            return "covered"
    if ground is None:  # on an image: only the drawing can tell, and white on white is the usual trick
        return "white" if min(look.colour) > 200 else None
    return "white" if max(abs(a - b) for a, b in zip(look.colour, ground, strict=True)) < 48 else None


def _runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Glyphs of one object parted by line, so that a drawing is judged line by line."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and abs(runs[-1][-1].y0 - glyph.y0) < 0.5 * max(glyph.y1 - glyph.y0, 0.5):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _seen(image: Any, box: BBox, parts: PageParts) -> bool:
    import numpy as np

    tall, wide = image.shape[0] / parts.height, image.shape[1] / parts.width
    inset = 0.12 * (box.y1 - box.y0)
    y0, y1 = int((box.y0 + inset) * tall), int((box.y1 - inset) * tall) + 1
    x0, x1 = int(box.x0 * wide), int(box.x1 * wide) + 1
    cut = image[max(y0, 0) : y1, max(x0, 0) : x1].astype("int16")
    if cut.size == 0:
        return False
    low, high = np.percentile(cut.reshape(-1, 3), (1, 99), axis=0)
    return bool((high - low).max() >= _CONTRAST)


def _in_file_order(parts: PageParts, glyphs: list[Glyph]) -> list[Glyph]:
    kept = {id(g) for g in glyphs}
    return [g for g in parts.glyphs if id(g) in kept]


def _part_tiny(glyphs: list[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    small = [g for g in glyphs if 0 < g.size < _TINY and not g.text.isspace()]
    if not small:
        return glyphs, []
    tiny: set[int] = set()
    for run in _runs(small):
        if len(run) >= _RUN or run[0].size < 1.5:
            tiny.update(id(g) for g in run)
    return [g for g in glyphs if id(g) not in tiny], [g for g in glyphs if id(g) in tiny]


def _spelt(kind: Kind, glyphs: list[Glyph], page: int) -> list[Hidden]:
    """Hidden text as it reads, one value for lines that stand together."""
    found: list[tuple[str, list[BBox]]] = []
    for line in lines_of(glyphs, page):
        if found and 0 <= line.box.y0 - found[-1][1][-1].y0 < 3 * max(line.size, 1.0):
            text, boxes = found[-1]
            found[-1] = (join_wrapped(text, line.text), [*boxes, line.box])
        else:
            found.append((line.text, [line.box]))
    return [
        Hidden(kind=kind, text=text, place=Place(page=page, bbox=union(boxes))) for text, boxes in found if text.strip()
    ]
