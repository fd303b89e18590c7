"""Plots as inline SVG, drawn by code: no script, no font, nothing from outside. Colours are variables of the page.

Words come as (Chinese, English); the page shows one of them.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from assist_review.evaluate.calibration import Bin, Coverage
from assist_review.evaluate.intervals import Rate

Words = tuple[str, str]
Cell = tuple[str, str]  # state ("caught", "missed", "mixed", "none") and tooltip
_RISK = 0.01


def percent(value: float | None, digits: int = 1) -> str:
    """`0.968` as `96.8%`, a whole number without decimals; "—" for nothing."""
    if value is None:
        return "—"
    text = f"{value * 100:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def between(rate: Rate) -> str:
    """The interval as `91–99%`, "" over nothing."""
    if rate.low is None or rate.high is None:
        return ""
    digits = 1 if rate.low > 0.985 or rate.high < 0.015 else 0
    return f"{percent(rate.low, digits)[:-1]}–{percent(rate.high, digits)}"


def intervals(rows: Sequence[tuple[Words, Rate, str]], *, wide: int = 96) -> Markup:
    """Rates as dots on a 0–100 % axis, each with its 95 % interval; the last word of a row is its colour class."""
    left, width, step = wide, 470, 28
    right = width - 116
    height = step * len(rows) + 30
    parts = [_axis(left, right, height - 24)]
    for n, (label, rate, colour) in enumerate(rows):
        y = step * n + 16
        parts.append(_text(left - 12, y + 4, label, "end"))
        if rate.value is None or rate.low is None or rate.high is None:
            parts.append(_text(right + 14, y + 4, ("没有样本", "no cases"), "start", "soft"))
            continue
        x, low, high = (left + (right - left) * v for v in (rate.value, rate.low, rate.high))
        parts.append(Markup('<g class="{}">').format(colour))
        parts.append(
            Markup('<rect class="band" x="{:.1f}" y="{}" width="{:.1f}" height="10" rx="5"/>').format(
                low, y - 5, max(high - low, 2)
            )
        )
        parts.append(Markup('<circle class="dot-mark" cx="{:.1f}" cy="{}" r="5.5"/></g>').format(x, y))
        parts.append(_plain(right + 14, y + 4, percent(rate.value), "start", "value"))
        parts.append(_plain(width - 2, y + 4, f"{rate.k}/{rate.n}", "end", "soft"))
    return _svg(width, height, parts, ("各组比率与95%区间", "Rates with 95 % intervals"))


def reliability(bins: Sequence[Bin]) -> Markup:
    """Share right against stated confidence; the diagonal is perfect calibration, bars below count the verdicts."""
    width, height, left, top, foot = 400, 230, 50, 30, 44
    most = max([b.right.n for b in bins] + [1])
    base = top + height + 42 + foot
    parts = [
        _text(left, 14, ("判断正确的比例", "Share right"), "start", "soft"),
        _grid(left, top, width, height, (0, 0.25, 0.5, 0.75, 1), (0, 0.25, 0.5, 0.75, 1)),
        Markup('<line class="ideal" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(left, top + height, left + width, top),
    ]
    path = []
    for b in bins:
        if b.right.value is None or b.confidence is None or b.right.low is None or b.right.high is None:
            continue
        x = left + width * (b.low + b.high) / 2
        bar = max(foot * b.right.n / most, 1)
        parts.append(
            Markup('<rect class="count-bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                x - width / 24, base - bar, width / 12, bar
            )
        )
        parts.append(_plain(x, base + 13, str(b.right.n), "middle", "tiny"))
        px = left + width * b.confidence
        y, low, high = (top + height * (1 - v) for v in (b.right.value, b.right.low, b.right.high))
        parts.append(
            Markup('<line class="whisker" x1="{0:.1f}" y1="{1:.1f}" x2="{0:.1f}" y2="{2:.1f}"/>').format(px, low, high)
        )
        path.append((px, y))
    parts += _line(path)
    parts += [Markup('<circle class="dot-mark" cx="{:.1f}" cy="{:.1f}" r="5"/>').format(x, y) for x, y in path]
    parts.append(_text(left, base + 13, ("把握的分布", "Stated confidence"), "start", "soft"))
    return _svg(left + width + 20, base + 20, parts, ("可靠性图", "Reliability"))


def risk_coverage(curve: Sequence[Coverage]) -> Markup:
    """Defects let through against the share of requirements passed unread, surest first."""
    width, height, left, top = 400, 230, 50, 30
    peak = max([c.risk for c in curve] + [2 * _RISK]) * 1.15
    ticks = [t for t in (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1) if t <= peak][-5:]

    def at(x: float, y: float) -> tuple[float, float]:
        return left + width * x, top + height * (1 - y / peak)

    _, y = at(0, _RISK)
    parts = [
        _text(left, 14, ("其中藏有漏检缺陷的比例", "Share of them hiding a missed defect"), "start", "soft"),
        _grid(left, top, width, height, (0, 0.25, 0.5, 0.75, 1), [t / peak for t in ticks], names=ticks),
        Markup('<line class="limit" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>').format(left, y, left + width, y),
    ]
    if curve:
        parts += _line([at(0, 0), *(at(c.coverage, c.risk) for c in curve)])
    best = max((c for c in curve if c.risk <= _RISK), key=lambda c: c.coverage, default=None)
    for c in curve:
        x, y = at(c.coverage, c.risk)
        tip = f"≥{c.confidence:g} · {c.passed} · {c.missed}"
        parts.append(
            Markup('<circle class="dot-mark{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}</title></circle>').format(
                " chosen" if c is best else "", x, y, 6 if c is best else 4, tip
            )
        )
    if best is not None:
        x, _ = at(best.coverage, 0)
        parts.append(
            Markup('<line class="drop" x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}"/>').format(x, top, top + height)
        )
        side = "end" if best.coverage > 0.5 else "start"
        parts.append(_plain(x + (-8 if side == "end" else 8), top + 16, percent(best.coverage, 0), side, "value"))
    parts.append(
        _text(
            left,
            top + height + 38,
            ("不读而通过的要求所占比例", "Share of requirements passed unread"),
            "start",
            "soft",
        )
    )
    return _svg(left + width + 20, top + height + 46, parts, ("风险—覆盖曲线", "Risk–coverage curve"))


def stages(rows: Sequence[tuple[str, dict[str, float]]], names: dict[str, Words]) -> Markup:
    """Seconds per stage, one bar per case."""
    left, width, step = 196, 860, 24
    right = width - 64
    longest = max([sum(s.values()) for _, s in rows] + [0.001])
    height = step * len(rows) + 40
    parts: list[Markup] = []
    tick = _nice(longest / 4)
    t = 0.0
    while t <= longest:
        x = left + (right - left) * t / longest
        parts.append(Markup('<line class="rule" x1="{0:.1f}" y1="26" x2="{0:.1f}" y2="{1}"/>').format(x, height - 4))
        parts.append(_plain(x, 18, f"{t:g} s", "middle", "tiny"))
        t += tick
    for n, (case, seconds) in enumerate(rows):
        y = step * n + 32
        parts.append(_plain(left - 10, y + 12, case, "end", "case"))
        x = float(left)
        for stage, value in seconds.items():
            w = (right - left) * value / longest
            parts.append(
                Markup(
                    '<rect class="stage s-{}" x="{:.1f}" y="{}" width="{:.2f}" height="15"><title>{} {:.2f} s</title></rect>'
                ).format(stage, x, y, max(w, 0.3), names.get(stage, (stage, stage))[0], value)
            )
            x += w
        parts.append(_plain(x + 6, y + 12, f"{sum(seconds.values()):.1f} s", "start", "soft"))
    return _svg(width, height, parts, ("各阶段耗时", "Seconds per stage"))


def heat(rows: Sequence[tuple[str, Sequence[Cell], str]], columns: Sequence[str]) -> Markup:
    """Codes by cases: what was caught, what was missed. `columns` are case names, shown by number."""
    left, cell, top = 40, 19, 22
    width = left + cell * len(columns) + 44
    height = top + cell * len(rows) + 4
    parts = [
        Markup('<text class="tiny" x="{}" y="14" text-anchor="middle">{}<title>{}</title></text>').format(
            left + cell * n + cell / 2, n + 1, name
        )
        for n, name in enumerate(columns)
    ]
    for r, (code, cells, total) in enumerate(rows):
        y = top + cell * r
        parts.append(_plain(left - 8, y + 13, code, "end", "code-label"))
        for c, (state, tip) in enumerate(cells):
            x = left + cell * c
            if state == "none":
                parts.append(
                    Markup('<circle class="c-none" cx="{}" cy="{}" r="1.3"/>').format(x + cell / 2, y + cell / 2)
                )
            else:
                parts.append(
                    Markup(
                        '<rect class="c-{}" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}</title></rect>'
                    ).format(state, x + 1.5, y + 1.5, cell - 3, cell - 3, tip)
                )
        parts.append(_plain(width - 2, y + 13, total, "end", "tiny"))
    return _svg(width, height, parts, ("缺陷代码与案例", "Codes by case"), fixed=True)


def dumbbell(rows: Sequence[tuple[Words, float | None, float | None, bool]]) -> Markup:
    """Old and new value of each measure, joined; the last says whether it is a regression."""
    left, width, step = 108, 470, 28
    right = width - 62
    height = step * len(rows) + 30
    parts = [_axis(left, right, height - 24)]
    for n, (label, old, new, bad) in enumerate(rows):
        y = step * n + 16
        parts.append(_text(left - 12, y + 4, label, "end"))
        if old is None or new is None:
            parts.append(_text(right + 14, y + 4, ("没有样本", "no cases"), "start", "soft"))
            continue
        x0, x1 = (left + (right - left) * v for v in (old, new))
        state = "bad" if bad else "up" if new > old else "down" if new < old else "same"
        parts.append(
            Markup('<g class="move-{}"><line x1="{:.1f}" y1="{}" x2="{:.1f}" y2="{}"/>').format(state, x0, y, x1, y)
        )
        parts.append(
            Markup(
                '<circle class="old" cx="{:.1f}" cy="{}" r="4.5"/><circle class="new" cx="{:.1f}" cy="{}" r="5.5"/></g>'
            ).format(x0, y, x1, y)
        )
        parts.append(_plain(right + 14, y + 4, f"{(new - old) * 100:+.1f}", "start", "value"))
    return _svg(width, height, parts, ("与基线比较", "Against the baseline"))


def _line(points: Sequence[tuple[float, float]]) -> list[Markup]:
    """A curve through `points`; nothing for fewer than two."""
    if len(points) < 2:
        return []
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [Markup('<polyline class="curve" points="{}"/>').format(joined)]


def _nice(value: float) -> float:
    """A round step near `value`: 1, 2 or 5 times a power of ten."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next((power * m for m in (1, 2, 5) if power * m >= value), power * 10)


def _axis(left: float, right: float, bottom: float) -> Markup:
    parts = []
    for n in range(5):
        x = left + (right - left) * n / 4
        parts.append(Markup('<line class="rule" x1="{0:.1f}" y1="2" x2="{0:.1f}" y2="{1}"/>').format(x, bottom))
        parts.append(_plain(x, bottom + 16, f"{25 * n}%", "middle", "tiny"))
    return Markup("").join(parts)


def _grid(
    left: float, top: float, width: float, height: float, xs: Iterable[float], ys: Sequence[float],
    names: Sequence[float] | None = None,
) -> Markup:  # fmt: skip
    parts = []
    for x in xs:
        at = left + width * x
        parts.append(
            Markup('<line class="rule" x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}"/>').format(at, top, top + height)
        )
        parts.append(_plain(at, top + height + 16, percent(x, 0), "middle", "tiny"))
    for y, name in zip(ys, names or ys, strict=True):
        at = top + height * (1 - y)
        parts.append(
            Markup('<line class="rule" x1="{0}" y1="{1:.1f}" x2="{2}" y2="{1:.1f}"/>').format(left, at, left + width)
        )
        parts.append(_plain(left - 8, at + 4, percent(name, 0), "end", "tiny"))
    return Markup("").join(parts)


def _plain(x: float, y: float, text: str, anchor: str, kind: str = "") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(kind, x, y, anchor, text)


def _text(x: float, y: float, words: Words, anchor: str, kind: str = "") -> Markup:
    return Markup("").join(
        Markup('<text class="{} {}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
            kind, lang, x, y, anchor, text
        )
        for lang, text in zip(("zh", "en"), words, strict=True)
    )


def _svg(width: float, height: float, parts: Iterable[Markup], name: Words, *, fixed: bool = False) -> Markup:
    size = Markup(' width="{:.0f}" height="{:.0f}"').format(width, height) if fixed else Markup("")
    return Markup('<svg class="plot" viewBox="0 0 {:.0f} {:.0f}"{} role="img" aria-label="{}">{}</svg>').format(
        width, height, size, escape(f"{name[0]} / {name[1]}"), Markup("").join(parts)
    )
