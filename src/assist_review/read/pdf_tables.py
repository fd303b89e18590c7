"""Ruled tables: ruling lines to a grid, glyphs to cells, and tables that run over pages to one table."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from assist_review.filing import BBox, TextOrigin
from assist_review.read.layout import Glyph, Line, Rule, join_wrapped, lines_of

_SNAP = 3.0  # points: rules nearer than this are one (double borders, drawing inaccuracy)
_MAX_RULES = 6000


@dataclass(slots=True)
class Row:
    """One row of a table with where it stands."""

    cells: list[str]
    page: int
    box: BBox


@dataclass(slots=True)
class Grid:
    """A table of one page, or of several once stitched. `edges` are the x of the column borders."""

    page: int
    box: BBox
    edges: list[float]
    rows: list[Row]
    header_rows: int = 1
    origin: TextOrigin = TextOrigin.TEXT_LAYER


def find_grids(
    rules: list[Rule], glyphs: list[Glyph], page: int, *, narrowest: float = 40.0
) -> tuple[list[Grid], list[Glyph]]:
    """The ruled tables of a page at least `narrowest` points wide, and the glyphs that stand in none of them."""
    if sum(not r.across for r in rules) < 1 or sum(r.across for r in rules) < 2 or len(rules) > _MAX_RULES:
        return [], glyphs
    grids: list[Grid] = []
    rest = glyphs
    for across, down in _clusters(_merge(rules)):
        cells = _Cells.build(across, down)
        if cells is None or cells.xs[-1] - cells.xs[0] < narrowest:
            continue
        inside: list[Glyph] = []
        outside: list[Glyph] = []
        for glyph in rest:
            (inside if cells.holds(glyph) else outside).append(glyph)
        grid = cells.fill(inside, page)
        if grid is not None:
            grids.append(grid)
            rest = outside
    grids.sort(key=lambda g: (g.box.y0, g.box.x0))
    return grids, rest


def _merge(rules: list[Rule]) -> list[Rule]:
    """Rules on one line whose ends meet become one; short ticks go away."""
    merged: list[Rule] = []
    for across in (True, False):
        kind = sorted((r for r in rules if r.across is across), key=lambda r: (r.at, r.start))
        group: list[Rule] = []
        for rule in kind:
            if group and rule.at - group[0].at > 1.5:
                merged += _join(group)
                group = []
            group.append(rule)
        merged += _join(group)
    return [r for r in merged if r.end - r.start > 4.0]


def _join(group: list[Rule]) -> list[Rule]:
    pieces: list[list[Rule]] = []
    end = 0.0
    for rule in sorted(group, key=lambda r: r.start):
        if pieces and rule.start - end <= _SNAP:
            pieces[-1].append(rule)
            end = max(end, rule.end)
        else:
            pieces.append([rule])
            end = rule.end
    return [Rule(p[0].across, sum(r.at for r in p) / len(p), p[0].start, max(r.end for r in p)) for p in pieces]


def _clusters(rules: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of horizontal and vertical rules that touch each other."""
    across = [r for r in rules if r.across]
    down = [r for r in rules if not r.across]
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for j, v in enumerate(down):
        for i, h in enumerate(across):
            if h.start - _SNAP <= v.at <= h.end + _SNAP and v.start - _SNAP <= h.at <= v.end + _SNAP:
                parent[root(len(across) + j)] = root(i)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(v)
    return [g for g in groups.values() if len(g[0]) >= 2 and g[1]]


def _snap(values: list[float]) -> list[float]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _SNAP:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


@dataclass(slots=True)
class _Cells:
    """The grid of one cluster: base cells between neighbouring edges, united where no rule parts them."""

    xs: list[float]
    ys: list[float]
    owner: list[list[tuple[int, int]]]  # base cell -> first base cell of its region

    @classmethod
    def build(cls, across: list[Rule], down: list[Rule]) -> "_Cells | None":
        left, right = min(h.start for h in across), max(h.end for h in across)
        top, bottom = min(v.start for v in down), max(v.end for v in down)
        xs = [v.at for v in down]
        # A table open at its sides: the outer columns end where the horizontal rules end.
        xs += [left] if min(xs) - left > 12 else []
        xs += [right] if right - max(xs) > 12 else []
        ys = [h.at for h in across]
        ys += [top] if min(ys) - top > 8 else []
        ys += [bottom] if bottom - max(ys) > 8 else []
        xs, ys = _snap(xs), _snap(ys)
        if len(xs) < 3 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > 6000:
            return None
        rows, columns = len(ys) - 1, len(xs) - 1
        owner = [[(i, j) for j in range(columns)] for i in range(rows)]

        def unite(a: tuple[int, int], b: tuple[int, int]) -> None:
            first, second = sorted((owner[a[0]][a[1]], owner[b[0]][b[1]]))
            if first != second:
                for row in owner:
                    for j, cell in enumerate(row):
                        if cell == second:
                            row[j] = first

        by_x = [[v for v in down if abs(v.at - x) <= _SNAP + 0.5] for x in xs]
        by_y = [[h for h in across if abs(h.at - y) <= _SNAP + 0.5] for y in ys]
        for i in range(rows):
            middle_y = (ys[i] + ys[i + 1]) / 2
            for j in range(columns):
                middle_x = (xs[j] + xs[j + 1]) / 2
                if j + 1 < columns and not any(v.start <= middle_y <= v.end for v in by_x[j + 1]):
                    unite((i, j), (i, j + 1))
                if i + 1 < rows and not any(h.start <= middle_x <= h.end for h in by_y[i + 1]):
                    unite((i, j), (i + 1, j))
        return cls(xs, ys, owner)

    def holds(self, glyph: Glyph) -> bool:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def fill(self, glyphs: list[Glyph], page: int) -> Grid | None:
        """The table with its text, or None if what was found is no table (a frame, a diagram)."""
        regions: dict[tuple[int, int], list[Glyph]] = {}
        for glyph in glyphs:
            j = min(max(bisect_right(self.xs, (glyph.x0 + glyph.x1) / 2) - 1, 0), len(self.xs) - 2)
            i = min(max(bisect_right(self.ys, (glyph.y0 + glyph.y1) / 2) - 1, 0), len(self.ys) - 2)
            regions.setdefault(self.owner[i][j], []).append(glyph)
        firsts = {cell for row in self.owner for cell in row}
        filled = sum(any(not g.text.isspace() for g in r) for r in regions.values())
        if len(firsts) < 2 or filled < 2 or not self._is_table(firsts, filled):
            return None
        texts = {cell: self._text(cell, glyphs, page) for cell, glyphs in regions.items()}
        # A row or column in which no region begins comes from rules of another part of the table.
        rows = [i for i in range(len(self.ys) - 1) if any(cell[0] == i for cell in firsts)]
        columns = [j for j in range(len(self.xs) - 1) if any(cell[1] == j for cell in firsts)]
        if len(columns) < 2:
            return None
        made = [
            Row(
                cells=[texts.get((i, j), "") for j in columns],
                page=page,
                box=_box(self.xs[0], self.ys[i], self.xs[-1], self.ys[i + 1]),
            )
            for i in rows
        ]
        origin = next((g.origin for g in glyphs), TextOrigin.TEXT_LAYER)
        box = _box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])
        edges = [self.xs[j] for j in columns] + [self.xs[-1]]
        return Grid(page, box, edges, made, self._header_rows(rows, columns, made), origin)

    def _is_table(self, firsts: set[tuple[int, int]], filled: int) -> bool:
        """Not a diagram: regions are rectangles, and not nearly all of them are empty."""
        members: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for i, row in enumerate(self.owner):
            for j, cell in enumerate(row):
                members.setdefault(cell, []).append((i, j))
        crooked = 0
        for cells in members.values():
            rows, columns = [i for i, _ in cells], [j for _, j in cells]
            crooked += len(cells) != (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
        return crooked <= 0.2 * len(firsts) and filled >= 0.15 * len(firsts)

    def _text(self, cell: tuple[int, int], glyphs: list[Glyph], page: int) -> str:
        right = max(self.xs[j + 1] for j, owner in enumerate(self.owner[cell[0]]) if owner == cell)
        return cell_text(lines_of(glyphs, page), self.xs[cell[1]], right)

    def _header_rows(self, rows: list[int], columns: list[int], made: list[Row]) -> int:
        """Two header rows where one column name spans both and another one spans several columns."""
        if len(made) < 2:
            return 1
        first, second = rows[0], rows[1]
        deep = any(self.owner[first][j] == self.owner[second][j] for j in columns)
        wide = any(self.owner[first][a] == self.owner[first][b] for a, b in pairwise(columns))
        return 2 if deep and wide and len(made) > 2 else 1


def _box(x0: float, y0: float, x1: float, y1: float) -> BBox:
    return BBox(x0=round(x0, 1), y0=round(y0, 1), x1=round(x1, 1), y1=round(y1, 1))


def cell_text(lines: list[Line], left: float, right: float) -> str:
    """The lines of a cell as one text; a new line only where the next word would have fitted on the line before."""
    if not lines:
        return ""
    text = lines[0].text
    padding = min(max(min(line.box.x0 for line in lines) - left, 0.0), 6.0)
    for before, line in pairwise(lines):
        # Cells may be centred and padded, so only clearly free room counts.
        free = right - before.box.x1
        if free - 1.6 * line.size > 2.5 * line.first_width:
            text = f"{text}\n{line.text}"
        elif free - padding < 0.55 * line.size and text[-1].isalnum() and line.text[0].isalnum():
            text += line.text  # no room for another letter: a word cut where the cell ended
        else:
            text = join_wrapped(text, line.text)
    return text


def stitch(above: Grid, below: Grid) -> Grid | None:
    """Two tables as one if `below` continues `above` on the next page, else None."""
    if below.page != above.rows[-1].page + 1 or len(above.edges) != len(below.edges):
        return None
    shift = below.edges[0] - above.edges[0]  # mirrored margins move the whole table
    if any(abs(b - shift - a) > 8 for a, b in zip(above.edges, below.edges, strict=True)):
        return None
    rows = list(below.rows)
    head = above.header_rows
    repeated = head > 0 and [_key(r) for r in rows[:head]] == [_key(r) for r in above.rows[:head]]
    if repeated:
        rows = rows[head:]
    joined = list(above.rows)
    if rows and _is_rest(joined[-1], rows[0]):
        last = joined[-1]
        cells = [join_wrapped(a, b) for a, b in zip(last.cells, rows[0].cells, strict=True)]
        joined[-1] = Row(cells, last.page, last.box)
        rows = rows[1:]
    return Grid(above.page, above.box, above.edges, joined + rows, above.header_rows, above.origin)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", "", c) for c in row.cells)


def _is_rest(last: Row, first: Row) -> bool:
    """Whether `first` is the rest of `last`, cut by the page: no key, few cells filled, each going on above."""
    filled = [i for i, c in enumerate(first.cells) if c]
    if not filled or first.cells[0] or len(filled) > max(1, len(first.cells) // 2):
        return False
    return all(last.cells[i] for i in filled)
