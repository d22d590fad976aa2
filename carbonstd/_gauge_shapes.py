"""Gauges as shapes: where an indicator stands among the levels of its limit, and on which side of the limit.

A scale need not begin at zero: a gauge tells places, not lengths, and each place has its figure.
"""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._chart import Gauge, Gauges
from carbonstd._findings import Language
from carbonstd._shapes import Box, Drawing, Shape, Stroke, Told
from carbonstd._svg import WIDTH
from carbonstd._workbook_style import text_width

_SIDE, _CHARACTER = 10, 5.4  # pixels beside a scale, and of one of `text_width`'s characters
_HEAD, _ROW, _LEFT_OUT, _BETWEEN = 16, 74, 14, 10


def gauge_drawing(chart: Gauges, language: Language) -> Drawing:
    """Gauges one below the other, each headed by its name and verdict; one alone is headed by the chart."""
    y, shapes = 0.0, list[Shape]()
    for gauge in chart.gauges:
        if len(chart.gauges) > 1:
            shapes.append(Told(_SIDE, y + 12, f"{gauge.label[language]} · {gauge.said[language]}", "label strong"))
            y += _HEAD
        shapes += _gauge(gauge, y, language)
        y += _ROW
        for text in gauge.left_out:
            shapes.append(Told(_SIDE, y + 4, text[language], "other"))
            y += _LEFT_OUT
        y += _BETWEEN if gauge is not chart.gauges[-1] else 0
    return Drawing(y, tuple(shapes))


def _gauge(gauge: Gauge, top: float, language: Language) -> Iterator[Shape]:
    """A tick for each limit, the side that meets the deciding one in its colour, a mark for the indicator."""
    figures = [gauge.value, *(mark.limit for mark in gauge.marks)]
    low, high = min(figures), max(figures)
    space = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = low - space, high + space

    def x(value: float) -> float:
        return _SIDE + (value - low) / (high - low) * (WIDTH - 2 * _SIDE)

    decisive = next((mark for mark in gauge.marks if mark.decides), None)
    if decisive is not None:
        at = x(decisive.limit)
        below, above = ("reach", "beyond") if gauge.at_most else ("beyond", "reach")
        yield Box(_SIDE, top + 24, at - _SIDE, 18, below)
        yield Box(at, top + 24, WIDTH - _SIDE - at, 18, above)
    ends = [-1e9, -1e9]  # where the last label of each of two lines ended
    for mark in sorted(gauge.marks, key=lambda item: item.limit):
        at, told = x(mark.limit), f"{mark.label[language]} {mark.text}"
        half = text_width(told) * _CHARACTER / 2
        middle = min(max(at, _SIDE + half), WIDTH - _SIDE - half)
        line = next((number for number, end in enumerate(ends) if middle - half > end), 1)
        ends[line] = middle + half
        yield Stroke(at, top + 20, top + 46, thick=mark.decides)
        yield Told(middle, top + 58 + 12 * line, told, "tick", "middle")
    value = x(gauge.value)
    yield Box(value - 4, top + 16, 8, 34, "mark-bad" if gauge.failed else "mark")
    half = text_width(gauge.text) * _CHARACTER / 2
    yield Told(min(max(value, _SIDE + half), WIDTH - _SIDE - half), top + 12, gauge.text, "net", "middle")
