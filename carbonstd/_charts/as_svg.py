"""Charts as inline SVG for pages: no script, no outside reference; colours are classes (`_charts.colours`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from carbonstd._charts.chart import (
    Bars,
    Chart,
    Columns,
    Curves,
    Flow,
    Gauges,
    Shares,
    Stacks,
    Waterfall,
    nice_ticks,
    numbered,
)
from carbonstd._charts.colours import PALETTE, on
from carbonstd._charts.flow_shapes import flow_drawing
from carbonstd._charts.gauge_shapes import gauge_drawing
from carbonstd._charts.shapes import Box, Drawing, Ribbon, Stroke, Told
from carbonstd._charts.svg import WIDTH, drawing, fitted, legend, line, rect, text, tidy
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import OTHER_LANGUAGE, Language
from carbonstd._paper.markup import LANG, Html, Words, join, tag
from carbonstd._units import unit_words
from carbonstd._workbook.style import text_width

_LEFT, _TOP, _BOTTOM, _PLOT = 74, 26, 28, 250  # of a plot with an upright scale
_LEAST = 36  # pixels between two labels of an axis
_ROOM = (14.0, 11.0)  # the least width and height of a part that has room for its number
_LABEL, _ROW, _BESIDE = 226, 32, 92  # of horizontal bars: the labels, a bar, the figure beside it at least
_SIGN = 6.2  # pixels of one of `text_width`'s characters there


def svg(chart: Chart, language: Language) -> Html:
    """The drawing, with its legend where it has one."""
    return _DRAWN[type(chart)](chart, language)


def figure(chart: Chart, language: Language, look: str = "", heading: Bilingual | None = None) -> Html:
    """The drawing below its title, in both languages, and unit; a title the `heading` above says is heard alone."""
    unit = f" ({unit_words(chart.unit, language)})" if chart.unit else ""
    said = "heard" if chart.title == heading and not unit else None
    caption = tag("figcaption", Words(language).label(chart.title), unit, class_=said)
    return tag("figure", caption, svg(chart, language), class_=look or None)


def _bars(chart: Bars, language: Language) -> Html:
    top = 8
    low, high = min(0.0, *(bar.value for bar in chart.bars)), max(0.0, *(bar.value for bar in chart.bars))
    beside = max(_BESIDE, *(_SIGN * text_width(bar.text) + 10 for bar in chart.bars))
    left, right = _LABEL + (beside if low < 0 else 0), WIDTH - beside
    scale = (right - left) / ((high - low) or 1.0)
    zero, height = left - low * scale, top + _ROW * len(chart.bars) + 6
    parts: list[Html] = []
    for index, bar in enumerate(chart.bars):
        y = top + _ROW * index
        length = abs(bar.value) * scale
        start, anchor = (zero - length, "end") if bar.value < 0 else (zero, "start")
        place = start - 6 if bar.value < 0 else zero + length + 6
        parts += _bar_label(bar.label, y, language)
        parts.append(rect(start, y + 5, length, _ROW - 12, "less" if bar.value < 0 else "c0"))
        parts.append(text(place, y + _ROW / 2 + 3, bar.text, "value", anchor))
    parts.append(line(zero, top - 4, zero, height - 4, "axis"))
    return _noted(chart, language, height, parts)


def _waterfall(chart: Waterfall, language: Language) -> Html:
    """Rows from the first total to the last: each change begins where the one above it ends."""
    bars, levels, base = (chart.start, *chart.steps, chart.end), chart.levels, chart.base
    spans = [(base, chart.start.value), *pairwise(levels), (base, chart.end.value)]
    low, high = min(base, *levels), max(0.0, *levels, chart.end.value)
    left, right, top = _LABEL + (_BESIDE if low < 0 else 8), WIDTH - _BESIDE, 8
    scale = (right - left) / ((high - low) or 1.0)
    height = top + _ROW * len(bars) + 6

    def x(value: float) -> float:
        return left + (value - low) * scale

    parts: list[Html] = []
    for index, (bar, (begins, ends)) in enumerate(zip(bars, spans, strict=True)):
        y, whole = top + _ROW * index, index in (0, len(bars) - 1)
        start, length = x(min(begins, ends)), abs(ends - begins) * scale
        colour = "c0" if whole else "rise" if ends > begins else "fall"
        parts += _bar_label(bar.label, y, language)
        parts.append(rect(start, y + 5, max(length, 0.8), _ROW - 12, colour))
        if whole and base:
            parts += _break(start + 10, y + 2, _ROW - 6)
        if index + 1 < len(bars):
            parts.append(line(x(ends), y + 5, x(ends), y + _ROW + _ROW - 7, "grid"))
        parts.append(text(start + length + 6, y + _ROW / 2 + 3, bar.text, "value", "start"))
    parts.append(line(x(base), top - 4, x(base), height - 4, "axis"))
    return _noted(chart, language, height, parts)


def _break(x: float, y: float, height: float) -> Iterator[Html]:
    """The mark of a bar that does not begin at zero."""
    at = " ".join(f"{tidy(x + shift)},{tidy(y + height * part / 4)}" for part, shift in enumerate((0, 5, 0, 5, 0)))
    yield tag("polyline", points=at, class_="break")


def _columns(chart: Columns, language: Language) -> Html:
    above, below = chart.above, chart.below
    ticks = nice_ticks(min(0.0, *below), max(0.0, *above))
    scale, step = _PLOT / ((ticks[-1] - ticks[0]) or 1.0), (WIDTH - _LEFT - 6) / len(chart.columns)
    parts = [*_scale(ticks, unit_words(chart.unit, language))]
    every, wide = math.ceil(_LEAST / step), min(step * 0.72, 64.0)
    for at, (column, net) in enumerate(zip(chart.columns, chart.nets, strict=True)):
        middle, up, down = _LEFT + step * (at + 0.5), 0.0, 0.0
        for number, item in enumerate(chart.series, 1):
            value = item.values[at]
            base, up, down = (up, up + value, down) if value > 0 else (down, up, down + value)
            if value:
                top, height = _y(max(base, base + value), ticks), abs(value) * scale
                parts.append(rect(middle - wide / 2, top, wide, height, item.colour))
                if len(chart.series) > 1 and wide >= _ROOM[0] and height >= _ROOM[1]:
                    parts.append(text(middle, top + height / 2 + 3.5, str(number), on(item.colour), "middle"))
        if at % every == 0:
            if net:
                parts.append(text(middle, _y(above[at], ticks) - 4, net, "net", "middle"))
            parts.append(text(middle, _TOP + _PLOT + 17, column[language], "tick", "middle"))
    named = numbered([item.label[language] for item in chart.series])
    return join(
        _drawing(chart, language, _TOP + _PLOT + _BOTTOM, parts),
        legend([(item.colour, label) for item, label in zip(chart.series, named, strict=True)]),
    )


def _curves(chart: Curves, language: Language) -> Html:
    years = chart.years
    values = [value for curve in chart.curves for _, value in curve.points]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values))
    step = (WIDTH - _LEFT - 40) / ((years[-1] - years[0]) or 1)

    def x(year: int) -> float:
        return _LEFT + 16 + (year - years[0]) * step

    parts, last = [*_scale(ticks, unit_words(chart.unit, language))], -math.inf
    for year in years:
        if x(year) - last >= _LEAST:
            parts.append(text(x(year), _TOP + _PLOT + 17, str(year), "tick", "middle"))
            last = x(year)
    for number, curve in enumerate(chart.curves):
        at = " ".join(f"{tidy(x(year))},{tidy(_y(value, ticks))}" for year, value in curve.points)
        parts.append(tag("polyline", points=at, class_=f"curve k{number % PALETTE}"))
        parts += [
            rect(x(year) - 2.5, _y(value, ticks) - 2.5, 5, 5, f"c{number % PALETTE}") for year, value in curve.points
        ]
        if len(chart.curves) > 1 and curve.points:
            year, value = curve.points[-1]
            parts.append(text(x(year) + 6, _y(value, ticks) + 3.5, str(number + 1), "net", "start"))
    named = numbered([curve.label[language] for curve in chart.curves])
    drawn = _drawing(chart, language, _TOP + _PLOT + _BOTTOM, parts)
    return join(drawn, legend([(f"c{number % PALETTE}", label) for number, label in enumerate(named)]))


def _stacks(chart: Stacks, language: Language) -> Html:
    label, row = 300, 34
    scale = (WIDTH - label - 10) / max((sum(part.count for part in stack.parts) for stack in chart.stacks), default=1)
    parts: list[Html] = []
    for index, stack in enumerate(chart.stacks):
        y, x = 4 + row * index, float(label)
        parts.append(text(label - 10, y + 13, fitted(stack.label[language], 50), "label", "end"))
        parts.append(text(label - 10, y + 26, fitted(stack.beside[language], 58), "other", "end"))
        for part in stack.parts:
            width = part.count * scale
            parts.append(rect(x, y + 4, width, row - 10, part.colour))
            parts.append(text(x + width / 2, y + row / 2 + 3, str(part.count), on(part.colour), "middle"))
            x += width
    used = sorted({(part.colour, part.label[language]) for stack in chart.stacks for part in stack.parts})
    return join(_drawing(chart, language, 8 + row * len(chart.stacks), parts), legend(used))


def _shares(chart: Shares, language: Language) -> Html:
    height, x, parts = 26, 0.0, []
    for item in chart.shares:
        width = item.share * WIDTH
        if width > 0:
            parts.append(rect(x, 1, width, height - 2, item.colour))
            if width >= 56:
                parts.append(text(x + width / 2, 18, f"{item.share:.1%}", on(item.colour), "middle"))
        x += width
    named = [(item.colour, f"{item.label[language]} {item.share:.1%}") for item in chart.shares]
    return join(_drawing(chart, language, height, parts), legend(named))


def _gauges(chart: Gauges, language: Language) -> Html:
    return _shaped(chart, gauge_drawing(chart, language), language)


def _flow(chart: Flow, language: Language) -> Html:
    return _shaped(chart, flow_drawing(chart, language), language)


_DRAWN: dict[type[Any], Callable[[Any, Language], Html]] = {
    Bars: _bars, Columns: _columns, Waterfall: _waterfall, Gauges: _gauges,
    Curves: _curves, Shares: _shares, Stacks: _stacks, Flow: _flow,
}  # fmt: skip


def _drawing(chart: Chart, language: Language, height: float, parts: Sequence[Html]) -> Html:
    return drawing(chart.name, chart.title[language], chart.words(language), height, parts)


def _noted(chart: Bars | Waterfall, language: Language, height: float, parts: Sequence[Html]) -> Html:
    """A drawing with what must be said of it below."""
    drawn, note = _drawing(chart, language, height, parts), chart.note(language)
    return join(drawn, tag("p", note, class_="note")) if note else drawn


def _shaped(chart: Chart, made: Drawing, language: Language) -> Html:
    return _drawing(chart, language, made.height, [_shape(item, language) for item in made.shapes])


def _shape(item: Box | Stroke | Told | Ribbon, language: Language) -> Html:
    if isinstance(item, Box):
        return rect(item.x, item.y, item.width, item.height, item.colour)
    if isinstance(item, Stroke):
        return line(item.x, item.top, item.x, item.bottom, "bound asked" if item.thick else "bound")
    if isinstance(item, Told):
        lang = LANG[OTHER_LANGUAGE[language]] if item.foreign else None
        return text(item.x, item.y, item.text, item.look, item.anchor, lang)
    return tag("path", d=_outline(item), class_=f"band {item.colour}")


def _outline(band: Ribbon) -> str:
    """A band from the right side of its first node to the left side of its last, level where it passes a column."""
    lower = [top + band.height for top in band.tops]
    there = "".join(_bends(list(band.x), list(band.tops)))
    back = "".join(_bends([(right, left) for left, right in band.x[::-1]], lower[::-1]))
    start, end = f"M{tidy(band.x[0][1])} {tidy(band.tops[0])}", f"L{tidy(band.x[-1][0])} {tidy(lower[-1])}"
    return f"{start}{there}{end}{back}Z"


def _bends(spans: Sequence[tuple[float, float]], y: Sequence[float]) -> Iterator[str]:
    for at, ((before, after), (y1, y2)) in enumerate(zip(pairwise(spans), pairwise(y), strict=True)):
        leave, reach = before[1], after[0]
        middle = (leave + reach) / 2
        if at:
            yield f"H{tidy(leave)}"
        yield f"C{tidy(middle)} {tidy(y1)} {tidy(middle)} {tidy(y2)} {tidy(reach)} {tidy(y2)}"


def _scale(ticks: Sequence[float], unit: str) -> Iterator[Html]:
    """An upright scale with its unit and lines across."""
    yield text(_LEFT - 6, 14, unit, "tick", "end")
    for tick in ticks:
        yield line(_LEFT, _y(tick, ticks), WIDTH - 6, _y(tick, ticks), "axis" if tick == 0 else "grid")
        yield text(_LEFT - 6, _y(tick, ticks) + 3.5, f"{tick:,.10g}", "tick", "end")


def _y(value: float, ticks: Sequence[float]) -> float:
    return _TOP + (ticks[-1] - value) * _PLOT / ((ticks[-1] - ticks[0]) or 1.0)


def _bar_label(label: Bilingual, y: float, language: Language) -> list[Html]:
    """A label beside its bar, in the other language below it where that differs."""
    first, other, x = label[language], label.get(OTHER_LANGUAGE[language], ""), _LABEL - 10
    if not other or other == first:
        return [text(x, y + 19, fitted(first, 34), "label", "end")]
    upper, lower = fitted(first, 34), fitted(other, 44)
    lang = LANG[OTHER_LANGUAGE[language]]
    return [text(x, y + 13, upper, "label", "end"), text(x, y + 25, lower, "other", "end", lang)]
