"""Gauges as shapes: where an indicator stands among the levels of its limit, and on which side of the limit.

A scale need not begin at zero: a gauge tells places, not lengths, and each place has its figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from carbonstd._charts.chart import Gauge, Gauges, Mark
from carbonstd._charts.shapes import Box, Drawing, Shape, Stroke, Told
from carbonstd._charts.svg import WIDTH
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._workbook.style import text_width

_SIDE, _CHARACTER = 10, 5.4  # pixels beside a scale, and of one of `text_width`'s characters
_HEAD, _ROW, _LEFT_OUT, _BETWEEN = 16, 74, 14, 10
_MARK = 4  # pixels from the middle of an indicator's mark to its sides
_SHADES = 5  # z0..z4 of the levels that meet the limit
_MET: Bilingual = {"zh": "达到", "en": "met"}
_NONE: Bilingual = {"zh": "未达到", "en": "not met"}


def gauge_drawing(chart: Gauges, language: Language) -> Drawing:
    """Gauges one below the other, each headed by its name and verdict; one alone is headed by the chart."""
    y, shapes = 0.0, list[Shape]()
    for gauge in chart.gauges:
        if len(chart.gauges) > 1:
            shapes.append(Told(_SIDE, y + 12, f"{gauge.label[language]} · {gauge.said[language]}", "label strong"))
            y += _HEAD
        shapes += _gauge(gauge, y, language)
        y += _ROW
        for text in gauge.notes:
            shapes.append(Told(_SIDE, y + 10, text[language], "other"))
            y += _LEFT_OUT
        y += _BETWEEN if gauge is not chart.gauges[-1] else 0
    return Drawing(y, tuple(shapes))


def _gauge(gauge: Gauge, top: float, language: Language) -> Iterator[Shape]:
    """A zone for each level, named and shaded, a tick for each limit, a mark for the indicator."""
    figures = [gauge.value, *(mark.limit for mark in gauge.marks)]
    low, high = min(figures), max(figures)
    space = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = low - space, high + space

    def x(value: float) -> float:
        return _SIDE + (value - low) / (high - low) * (WIDTH - 2 * _SIDE)

    yield from _zones(gauge, (low, high), x, top, language)
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
    yield Box(value - _MARK, top + 16, 2 * _MARK, 34, "mark-bad" if gauge.failed else "mark")
    half = text_width(gauge.text) * _CHARACTER / 2
    yield Told(min(max(value, _SIDE + half), WIDTH - _SIDE - half), top + 12, gauge.text, "net", "middle")


def _zones(
    gauge: Gauge, ends: tuple[float, float], x: Callable[[float], float], top: float, language: Language
) -> Iterator[Shape]:
    """What each stretch between two limits reaches: in its shade, and in words where they have room."""
    bounds = [ends[0], *sorted({mark.limit for mark in gauge.marks}), ends[1]]
    value, names = x(gauge.value), list[Told]()
    for low, high in pairwise(bounds):
        middle, left, right = (low + high) / 2, x(low), x(high)
        met = _met(gauge, middle)
        yield Box(left, top + 24, right - left, 18, _shade(gauge, met))
        free = [(left, right)]
        if left < value + _MARK and value - _MARK < right:
            free = [(left, value - _MARK), (value + _MARK, right)]
        start, end = max(free, key=lambda part: part[1] - part[0])
        said = _said(gauge, met)[language]
        if text_width(said) * _CHARACTER + 6 <= end - start:
            names.append(Told((start + end) / 2, top + 36.5, said, "tick", "middle"))
    yield from names


def _met(gauge: Gauge, value: float) -> list[Mark]:
    """The levels a value meets, the first being that reached: of a required level not met only easier ones count.

    As `Verdict.reached` has it: corrections can move a stricter level beyond the required one.
    """
    met = [mark for mark in gauge.marks if (value <= mark.limit if gauge.at_most else value >= mark.limit)]
    at = next((at for at, mark in enumerate(gauge.marks) if mark.decides), None)
    if not gauge.required or at is None or gauge.marks[at] in met:
        return met
    return [mark for mark in gauge.marks[at:] if mark in met]


def _shade(gauge: Gauge, met: list[Mark]) -> str:
    decisive = next((mark for mark in gauge.marks if mark.decides), None)
    if decisive is None:
        return "zopen"
    if decisive in met:
        return f"z{min(gauge.marks.index(met[0]), _SHADES - 1)}"
    return "zless" if met else "znone"


def _said(gauge: Gauge, met: list[Mark]) -> Bilingual:
    """The level reached; of one limit alone whether it is."""
    return _NONE if not met else _MET if len(gauge.marks) == 1 else met[0].label
