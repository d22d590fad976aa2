"""Curves by year: the values of a panel's equations, a line for each equation and each of its other labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonstd._findings import Language
from carbonstd._method import Panel
from carbonstd._naming import Names
from carbonstd._number import shown
from carbonstd._panel import Figure
from carbonstd._report_charts import (
    PALETTE,
    WIDTH,
    draw_line,
    draw_rect,
    draw_svg,
    draw_text,
    legend,
    nice_ticks,
    tidy_at,
)
from carbonstd._report_html import Html, join, tag
from carbonstd.analysis._series import year_of

_DIGITS = 6
Points = list[tuple[int, float]]


def curve(panel: Panel, figures: Sequence[Figure], names: Names, language: Language) -> Html:
    """The chart of a panel; nothing where it has none, or where fewer than two years have a figure."""
    drawn = [item for item in figures if item.equation.id in panel.chart]
    lines = by_year(drawn, names, language)
    if len({year for points in lines.values() for year, _ in points}) < 2:
        return Html()
    return line_chart(f"curve-{panel.id}", panel.title[language], lines, drawn[0].unit)


def by_year(figures: Sequence[Figure], names: Names, language: Language) -> dict[str, Points]:
    """Year and value in the order of the years, by equation and by what else a figure is labelled with."""
    lines: dict[str, Points] = {}
    for item in figures:
        years = [place for place, label in enumerate(item.labels) if not math.isnan(year_of(label))]
        if years:
            rest = [label for place, label in enumerate(item.labels) if place != years[-1]]
            name = " · ".join([item.label[language], *(names.terms_in(label)[language] for label in rest)])
            lines.setdefault(name, []).append((int(year_of(item.labels[years[-1]])), item.value))
    return {name: sorted(points) for name, points in lines.items()}


def line_chart(name: str, title: str, lines: dict[str, Points], unit: str) -> Html:
    """Lines from year to year over a scale that holds zero, and a legend of what they are."""
    left, top, bottom, plot = 74, 26, 28, 250
    years = sorted({year for points in lines.values() for year, _ in points})
    values = [value for points in lines.values() for _, value in points]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values))
    scale, step = plot / ((ticks[-1] - ticks[0]) or 1.0), (WIDTH - left - 40) / (years[-1] - years[0])

    def x(year: int) -> float:
        return left + 16 + (year - years[0]) * step

    def y(value: float) -> float:
        return top + (ticks[-1] - value) * scale

    parts = [draw_text(left - 6, 14, unit, "tick", "end")]
    for tick in ticks:
        parts.append(draw_line(left, y(tick), WIDTH - 6, y(tick), "axis" if tick == 0 else "grid"))
        parts.append(draw_text(left - 6, y(tick) + 3.5, f"{tick:,.10g}", "tick", "end"))
    last = -math.inf
    for year in years:
        if x(year) - last >= 36:
            parts.append(draw_text(x(year), top + plot + 17, str(year), "tick", "middle"))
            last = x(year)
    for number, points in enumerate(lines.values()):
        at = " ".join(f"{tidy_at(x(year))},{tidy_at(y(value))}" for year, value in points)
        parts.append(tag("polyline", points=at, class_=f"curve k{number % PALETTE}"))
        parts += [draw_rect(x(year) - 2.5, y(value) - 2.5, 5, 5, f"c{number % PALETTE}") for year, value in points]
    words = "; ".join(
        f"{label} {', '.join(f'{year} {shown(value, _DIGITS)}' for year, value in points)}".strip()
        for label, points in lines.items()
    )
    drawn = draw_svg(name, title, f"{words} ({unit})", top + plot + bottom, parts)
    return join(drawn, legend([(f"c{number % PALETTE}", label) for number, label in enumerate(lines)]))
