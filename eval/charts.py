"""Small inline SVG charts; colours come from the page's style sheet, so both themes work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

LABEL_WIDTH = 96
BAR_WIDTH = 260
VALUE_WIDTH = 56
ROW_HEIGHT = 22
LEGEND_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Bar:
    """A value in [0, 1] with its interval."""

    label: str
    value: float
    low: float
    high: float


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Return horizontal bars from 0 to 100% with a whisker from ``low`` to ``high``."""
    height = ROW_HEIGHT * len(rows) + 18
    width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH
    grid = "".join(_grid_line(share, height) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    drawn = "".join(_bar(bar, index) for index, bar in enumerate(rows))
    return (
        f'<figure class="chart"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"{grid}{drawn}</svg></figure>"
    )


def _x(share: float) -> float:
    return round(LABEL_WIDTH + BAR_WIDTH * share, 1)


def _grid_line(share: float, height: int) -> str:
    x, bottom = _x(share), height - 14
    return (
        f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{bottom}"/>'
        f'<text class="tick" x="{x}" y="{height - 3}" text-anchor="middle">{share:.0%}</text>'
    )


def _bar(bar: Bar, index: int) -> str:
    top = index * ROW_HEIGHT + 4
    middle = top + 7
    tip = f"{bar.label}: {bar.value:.1%}, 95% interval {bar.low:.1%} to {bar.high:.1%}"
    return (
        f"<g><title>{escape(tip)}</title>"
        f'<text class="name" x="{LABEL_WIDTH - 8}" y="{middle + 4}" text-anchor="end">'
        f"{escape(bar.label)}</text>"
        f'<rect class="bar" x="{LABEL_WIDTH}" y="{top}" rx="2" '
        f'width="{BAR_WIDTH * bar.value:.1f}" height="14"/>'
        f'<line class="whisker" x1="{_x(bar.low)}" x2="{_x(bar.high)}" '
        f'y1="{middle}" y2="{middle}"/>'
        f'<text class="value" x="{LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH}" y="{middle + 4}" '
        f'text-anchor="end">{100 * bar.value:.1f}</text></g>'
    )


def histogram(title: str, seconds: Sequence[float], *, bins: int = 24) -> str:
    """Return how many answers took how long, in milliseconds, on even bins up to the slowest."""
    top = max(seconds, default=0.0)
    if top <= 0:
        return ""
    counts = [0] * bins
    for value in seconds:
        counts[min(bins - 1, int(bins * value / top))] += 1
    width, height = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH, 120
    step = width / bins
    drawn = "".join(
        f'<rect class="bar" x="{i * step:.1f}" y="{(height - 18) * (1 - n / max(counts)):.1f}" '
        f'width="{step - 1:.1f}" height="{(height - 18) * n / max(counts):.1f}">'
        f"<title>{_milliseconds(i, bins, top)}: {n}</title></rect>"
        for i, n in enumerate(counts)
        if n
    )
    return (
        f'<figure class="chart"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{drawn}'
        f'<text class="tick" x="0" y="{height - 4}">0 ms</text>'
        f'<text class="tick" x="{width}" y="{height - 4}" text-anchor="end">'
        f"{1000 * top:,.0f} ms</text></svg></figure>"
    )


def curves(title: str, lines: Mapping[str, Sequence[float]]) -> str:
    """Return shares in [0, 1] over the ranks 1, 2 …, one line a system; "" without any."""
    if not lines:
        return ""
    depth = max(map(len, lines.values()))
    side, left = 180, 40
    width = left + BAR_WIDTH + LEGEND_WIDTH
    step = BAR_WIDTH / max(1, depth - 1)
    grid = "".join(
        f'<line class="grid" x1="{left}" x2="{left + BAR_WIDTH}" y1="{side * (1 - share):.1f}" '
        f'y2="{side * (1 - share):.1f}"/><text class="tick" x="{left - 6}" '
        f'y="{side * (1 - share) + 8 * share:.1f}" text-anchor="end">{share:.0%}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    ticks = "".join(
        f'<text class="tick" x="{left + step * rank:.1f}" y="{side + 14}" text-anchor="middle">'
        f"{rank + 1}</text>"
        for rank in range(depth)
    )
    drawn = "".join(
        _curve(name, values, number, left, side, step)
        for number, (name, values) in enumerate(lines.items())
    )
    return (
        f'<figure class="chart"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {width} {side + 18}" role="img" aria-label="{escape(title)}">'
        f"{grid}{ticks}{drawn}</svg></figure>"
    )


def _curve(
    name: str, values: Sequence[float], number: int, left: int, side: int, step: float
) -> str:
    points = " ".join(
        f"{left + step * rank:.1f},{side * (1 - value):.1f}" for rank, value in enumerate(values)
    )
    tip = ", ".join(f"{rank}: {value:.1%}" for rank, value in enumerate(values, start=1))
    # Lines may lie on each other, so names stand in a list and not at their ends.
    x, y = left + BAR_WIDTH + 8, 14 + 16 * number
    return (
        f'<g><title>{escape(name)}, {tip}</title><polyline class="curve line{number % 4}" '
        f'points="{points}"/><line class="curve line{number % 4}" x1="{x}" x2="{x + 16}" '
        f'y1="{y}" y2="{y}"/><text x="{x + 21}" y="{y + 4}">{escape(name)}</text></g>'
    )


def reliability(title: str, pairs: Sequence[tuple[float, bool]], *, bins: int = 10) -> str:
    """Return how often what was given a confidence in [0, 1] was right, one dot a bin.

    Even bins (Guo et al. 2017, "On Calibration of Modern Neural Networks"); a dot's area grows
    with its bin, on the diagonal confidence is what it says. The caption gives the expected
    calibration error: sum over bins of n_b / n |right_b - confidence_b|.
    """
    if not pairs:
        return ""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in pairs:
        sorted_in[min(bins - 1, int(confidence * bins))].append((confidence, right))
    side = BAR_WIDTH
    left = LABEL_WIDTH
    width, height = left + side + VALUE_WIDTH, side + 18
    error, dots = 0.0, ""
    for part in filter(None, sorted_in):
        confidence = sum(c for c, _ in part) / len(part)
        share = sum(r for _, r in part) / len(part)
        error += abs(share - confidence) * len(part) / len(pairs)
        tip = f"confidence {confidence:.0%}: right {share:.0%} of {len(part)}"
        dots += (
            f'<circle class="dot" cx="{left + side * confidence:.1f}" '
            f'cy="{side * (1 - share):.1f}" r="{3 + 16 * (len(part) / len(pairs)) ** 0.5:.1f}">'
            f"<title>{escape(tip)}</title></circle>"
        )
    grid = "".join(_grid_line(share, height) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    ticks = "".join(
        f'<text class="tick" x="{left - 8}" y="{side * (1 - share) + 8 * share:.1f}" '
        f'text-anchor="end">{share:.0%}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    caption = f"{title} (calibration error {error:.1%})"
    return (
        f'<figure class="chart"><figcaption>{escape(caption)}</figcaption>'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(caption)}">'
        f'{grid}{ticks}<line class="whisker" x1="{left}" y1="{side}" x2="{left + side}" y2="0"/>'
        f"{dots}</svg></figure>"
    )


def _milliseconds(index: int, bins: int, top: float) -> str:
    width = 1000 * top / bins
    return f"{index * width:,.0f} to {(index + 1) * width:,.0f} ms"


def language_bars(title: str, name: str, summary: Mapping[str, Mapping[str, object]]) -> str:
    """Return one metric's bars, a language each; "" where it applies to none."""
    rows = [
        Bar(lang, found["value"], found["low"], found["high"])
        for lang, group in summary.items()
        if (found := _figure(group, name)) is not None
    ]
    return bars(title, rows) if rows else ""


def _figure(group: Mapping[str, object], name: str) -> Mapping[str, float] | None:
    metrics = group["metrics"]
    return metrics.get(name) if isinstance(metrics, Mapping) else None
