"""Plots as SVG: no script, no style attribute, colours by class, every value also in words."""

from collections.abc import Sequence

from markupsafe import Markup

_W = 560


def bars(rows: Sequence[tuple[str, float]], unit: str = "", title: str = "") -> Markup:
    """Horizontal bars with label and value, one line each."""
    if not rows:
        return Markup("")
    most = max(value for _, value in rows) or 1
    height = 26 * len(rows) + 6
    parts = []
    for n, (label, value) in enumerate(rows):
        y = 26 * n + 4
        width = max(1.5, value / most * 300)
        shown = f"{value:,.1f}".rstrip("0").rstrip(".") + unit
        parts.append(
            Markup(
                '<text x="176" y="{}" class="plot-label" text-anchor="end">{}</text>'
                '<rect x="184" y="{}" width="{:.1f}" height="16" rx="2" class="plot-bar"/>'
                '<text x="{:.1f}" y="{}" class="plot-value">{}</text>'
            ).format(y + 13, _short(label), y, width, 190 + width, y + 13, shown)
        )
    return _svg(height, title, parts)


def stacked(rows: Sequence[tuple[str, Sequence[tuple[str, int]]]], title: str = "") -> Markup:
    """Horizontal bars of parts; `rows` are label and (class, count) pairs."""
    if not rows:
        return Markup("")
    most = max(sum(n for _, n in parts) for _, parts in rows) or 1
    out = []
    for n, (label, parts) in enumerate(rows):
        y, x = 26 * n + 4, 184.0
        out.append(
            Markup('<text x="176" y="{}" class="plot-label" text-anchor="end">{}</text>').format(y + 13, _short(label))
        )
        for name, count in parts:
            width = count / most * 300
            if count:
                out.append(
                    Markup(
                        '<rect x="{:.1f}" y="{}" width="{:.1f}" height="16" class="plot-{}"><title>{}</title></rect>'
                    ).format(x, y, width, name, f"{name}: {count}")
                )
            x += width
        words = " / ".join(str(count) for _, count in parts)
        out.append(Markup('<text x="{:.1f}" y="{}" class="plot-value">{}</text>').format(x + 6, y + 13, words))
    return _svg(26 * len(rows) + 6, title, out)


def line(points: Sequence[tuple[str, float]], title: str = "") -> Markup:
    """A line over equally spaced labels, every value written."""
    if len(points) < 2:
        return bars(points, title=title)
    most = max(value for _, value in points) or 1
    step = (_W - 60) / (len(points) - 1)
    spots = [(30 + n * step, 130 - value / most * 100) for n, (_, value) in enumerate(points)]
    path = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(spots))
    parts = [
        Markup('<line x1="24" y1="130" x2="{}" y2="130" class="plot-axis"/><path d="{}" class="plot-line"/>').format(
            _W - 24, path
        )
    ]
    every = max(1, len(points) // 8)
    for n, ((x, y), (label, value)) in enumerate(zip(spots, points, strict=True)):
        parts.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" class="plot-dot"><title>{}</title></circle>').format(
                x, y, f"{label}: {value:g}"
            )
        )
        if value:
            parts.append(
                Markup('<text x="{:.1f}" y="{:.1f}" class="plot-value" text-anchor="middle">{:g}</text>').format(
                    x, y - 8, value
                )
            )
        if n % every == 0:
            parts.append(
                Markup('<text x="{:.1f}" y="148" class="plot-label" text-anchor="middle">{}</text>').format(x, label)
            )
    return _svg(156, title, parts)


def _short(label: str) -> str:
    return label if len(label) <= 13 else label[:12] + "…"


def _svg(height: int, title: str, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" class="plot" role="img" aria-label="{}">{}</svg>').format(
        _W, height, title, Markup("").join(parts)
    )
