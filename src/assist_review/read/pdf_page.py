"""A PDF page taken apart by PDFium: glyphs with boxes and looks, ruling lines, filled areas, images.

With `pdf_glyphs` the only place that speaks PDFium's raw interface; plain values leave it.
"""

import ctypes
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from assist_review.filing import BBox
from assist_review.read.layout import Glyph, Rule
from assist_review.read.pdf_glyphs import Look, Matrix, glyphs_of

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MAX_DEPTH = 6
_MAX_OBJECTS = 60_000
_MAX_SEGMENTS = 400
_THIN = 3.0  # points; a filled shape thinner than this is a drawn line
# Widgets, free text, stamps and the like are drawn on the page but stand outside its content.
_DRAWN_ANNOTATIONS = frozenset(
    {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_SQUARE,
     raw.FPDF_ANNOT_CIRCLE}
)  # fmt: skip
_NOTES = frozenset({raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_STRIKEOUT})


@dataclass(slots=True, frozen=True)
class Area:
    """A filled rectangle or an image; `colour` is None for an image, whose pixels are not looked at."""

    box: BBox
    colour: tuple[int, int, int] | None
    alpha: int
    order: int


@dataclass(slots=True)
class PageParts:
    """What stands on one page. `looks[i]` belongs to `glyphs[i]`."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    images: list[BBox] = field(default_factory=list)
    curves: int = 0  # shapes that are no straight lines: drawn text, diagrams, vector seals
    red_shapes: bool = False

    @property
    def image_share(self) -> float:
        """Share of the page under its images, 0-1 (overlaps counted twice, then cut off)."""
        total = sum(max(0.0, b.x1 - b.x0) * max(0.0, b.y1 - b.y0) for b in self.images)
        return min(1.0, total / max(1.0, self.width * self.height))


def _multiply(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def display_matrix(page: Any) -> Matrix:
    """From PDF user space to points from the top left of the page as displayed (crop box and rotation applied)."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()
    if turn == 90:
        return (0.0, 1.0, 1.0, 0.0, -bottom, -left)
    if turn == 180:
        return (-1.0, 0.0, 0.0, 1.0, right, -bottom)
    if turn == 270:
        return (0.0, -1.0, -1.0, 0.0, top, right)
    return (1.0, 0.0, 0.0, -1.0, -left, top)


def load_page(document: Any, index: int) -> tuple[Any, list[str]]:
    """A page with its form fields, stamps and free-text notes made part of its content, and its other notes."""
    page = document[index]
    annotations = _annotations(page)
    drawn = any(subtype in _DRAWN_ANNOTATIONS for subtype, _ in annotations)
    if drawn and raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = document[index]
    return page, [text for _, text in annotations if text]


def _annotations(page: Any) -> list[tuple[int, str]]:
    found = []
    for i in range(min(raw.FPDFPage_GetAnnotCount(page.raw), 2000)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, i)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        text = ""
        if subtype in _NOTES:
            size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
            if 2 < size <= 100_000:
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFAnnot_GetStringValue(
                    annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size
                )
                text = buffer.raw[: size - 2].decode("utf-16-le", errors="replace").strip()
        raw.FPDFPage_CloseAnnot(annotation)
        found.append((subtype, text))
    return found


def page_parts(page: Any, number: int) -> PageParts:
    """Everything that stands on `page`, in points from its top left."""
    width, height = page.get_size()
    parts = PageParts(number=number, width=width, height=height)
    matrix = display_matrix(page)
    order = _Objects(parts, matrix).collect(page)
    parts.glyphs, parts.looks = glyphs_of(page, matrix, order)
    return parts


class _Objects:
    """Walks the page objects once, in drawing order."""

    def __init__(self, parts: PageParts, display: Matrix) -> None:
        self.parts = parts
        self.display = display
        self.order: dict[int, int] = {}
        self._fs = raw.FS_MATRIX()
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._ints = [ctypes.c_uint() for _ in range(4)]

    def collect(self, page: Any) -> dict[int, int]:
        """Drawing order by address of each text object."""
        for i in range(raw.FPDFPage_CountObjects(page.raw)):
            self._visit(raw.FPDFPage_GetObject(page.raw, i), self.display, 0)
        return self.order

    def _visit(self, thing: Any, outer: Matrix, depth: int) -> None:
        if not thing or len(self.order) > _MAX_OBJECTS:
            return
        address = ctypes.addressof(thing.contents)
        self.order[address] = len(self.order)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = _multiply(self._matrix(thing), outer)
            for i in range(raw.FPDFFormObj_CountObjects(thing)):
                self._visit(raw.FPDFFormObj_GetObject(thing, i), inner, depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._path(thing, outer, self.order[address])
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            box = self._bounds(thing, outer)
            if box is not None:
                self.parts.areas.append(Area(box, None, 255, self.order[address]))
                if kind == raw.FPDF_PAGEOBJ_IMAGE:
                    self.parts.images.append(box)

    def _matrix(self, thing: Any) -> Matrix:
        if not raw.FPDFPageObj_GetMatrix(thing, self._fs):
            return IDENTITY
        m = self._fs
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def _bounds(self, thing: Any, outer: Matrix) -> BBox | None:
        a, b, c, d = self._floats
        if not raw.FPDFPageObj_GetBounds(thing, a, b, c, d):
            return None
        x0, y0 = _apply(outer, a.value, b.value)
        x1, y1 = _apply(outer, c.value, d.value)
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        width, height = self.parts.width, self.parts.height
        if x1 < 0 or y1 < 0 or x0 > width or y0 > height:
            return None
        return BBox(x0=max(x0, 0.0), y0=max(y0, 0.0), x1=min(x1, width), y1=min(y1, height))

    def _colour(self, thing: Any, getter: Any) -> tuple[tuple[int, int, int], int]:
        r, g, b, a = self._ints
        if not getter(thing, r, g, b, a):
            return (0, 0, 0), 255
        return (r.value, g.value, b.value), a.value

    def _path(self, thing: Any, outer: Matrix, order: int) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(thing, fill, stroke) or not (fill.value or stroke.value):
            return
        box = self._bounds(thing, outer)
        if box is None:
            return
        fill_colour, fill_alpha = self._colour(thing, raw.FPDFPageObj_GetFillColor)
        drawn_colour, drawn_alpha = (
            self._colour(thing, raw.FPDFPageObj_GetStrokeColor) if stroke.value else (fill_colour, fill_alpha)
        )
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if fill.value and width > _THIN and height > _THIN:
            self.parts.areas.append(Area(box, fill_colour, fill_alpha, order))
        if drawn_colour[0] > 140 and max(drawn_colour[1:]) < drawn_colour[0] - 60:
            self.parts.red_shapes = True
        if drawn_alpha < 20 or min(drawn_colour) > 250:
            return
        if raw.FPDFPath_CountSegments(thing) > _MAX_SEGMENTS:
            self.parts.curves += 1
            return
        # A filled shape without an outline shows edges only where it is thin: shading alone does not rule a table.
        for run in self._runs(thing, outer):
            self._rule(run, outlined=bool(stroke.value))

    def _runs(self, thing: Any, outer: Matrix) -> list[list[tuple[float, float]]]:
        """The straight runs of points of a path, in display space."""
        matrix = _multiply(self._matrix(thing), outer)
        runs: list[list[tuple[float, float]]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for i in range(raw.FPDFPath_CountSegments(thing)):
            segment = raw.FPDFPath_GetPathSegment(thing, i)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            kind = raw.FPDFPathSegment_GetType(segment)
            point = _apply(matrix, x.value, y.value)
            if kind == raw.FPDF_SEGMENT_BEZIERTO:
                self.parts.curves += 1
                return []
            if kind == raw.FPDF_SEGMENT_MOVETO or not runs:
                runs.append([point])
            else:
                runs[-1].append(point)
            if raw.FPDFPathSegment_GetClose(segment):
                runs[-1].append(runs[-1][0])
        return runs

    def _rule(self, run: list[tuple[float, float]], *, outlined: bool) -> None:
        xs, ys = [p[0] for p in run], [p[1] for p in run]
        wide, tall = max(xs) - min(xs), max(ys) - min(ys)
        rules = self.parts.rules
        if min(wide, tall) <= _THIN and max(wide, tall) > _THIN:
            if wide > tall:
                rules.append(Rule(True, (min(ys) + max(ys)) / 2, min(xs), max(xs)))
            else:
                rules.append(Rule(False, (min(xs) + max(xs)) / 2, min(ys), max(ys)))
            return
        if not outlined:
            if len(run) > 6:
                self._thin_parts(run)
            return
        for (x0, y0), (x1, y1) in pairwise(run):
            if abs(y1 - y0) < 0.6 and abs(x1 - x0) > _THIN:
                rules.append(Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) < 0.6 and abs(y1 - y0) > _THIN:
                rules.append(Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _thin_parts(self, run: list[tuple[float, float]]) -> None:
        """A filled frame in one path (outer and inner edge): its edges lie within a line's width of each other."""
        for (x0, y0), (x1, y1) in pairwise(run):
            if abs(y1 - y0) < 0.6 and abs(x1 - x0) > _THIN:
                self.parts.rules.append(Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) < 0.6 and abs(y1 - y0) > _THIN:
                self.parts.rules.append(Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def render(page: Any, dpi: float, *, max_pixels: int = 12_000_000, crop: BBox | None = None) -> Any:
    """The page as an RGB array at `dpi` (less if the page is huge); `crop` in points cuts out a part."""
    width, height = page.get_size()
    if crop is not None:
        width_used, height_used = crop.x1 - crop.x0, crop.y1 - crop.y0
    else:
        width_used, height_used = width, height
    scale = dpi / 72
    pixels = max(1.0, width_used * scale) * max(1.0, height_used * scale)
    if pixels > max_pixels:
        scale *= (max_pixels / pixels) ** 0.5
    cut = (0, 0, 0, 0)
    if crop is not None:
        cut = (crop.x0, height - crop.y1, width - crop.x1, crop.y0)  # type: ignore[assignment]
    bitmap = page.render(scale=scale, crop=cut, rev_byteorder=True, prefer_bgrx=False)
    image = bitmap.to_numpy()[:, :, :3] if bitmap.n_channels >= 3 else bitmap.to_numpy()
    copied = image.copy()
    bitmap.close()
    return copied


def open_pdf(data: bytes, password: str | None) -> Any:
    """The document; raises `pdfium.PdfiumError`."""
    return pdfium.PdfDocument(data, password=password)
