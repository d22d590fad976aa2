"""Charts as inline SVG: horizontal bars, stacked columns by month, a bar of shares. No script, no outside reference.

Colours are classes of `report.css`. Each chart carries a title and says its figures in words; the page also has them
as a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from carbonstd._report_html import Html, join, tag
from carbonstd._workbook_style import text_width

WIDTH = 720
LEVELS = """
.l0 { fill: #1e6b2b; } .l1 { fill: #56b4e9; } .l2 { fill: #e69f00; } .l3 { fill: #6a51a3; } .l4 { fill: #b3a100; }
.lnone { fill: #a61b1b; } .lopen { fill: #b8bfc6; }
.bad-text { color: #a61b1b; font-weight: 600; } .good-text { color: #1e6b2b; font-weight: 600; }
"""  # the colours of levels and grades, the strictest first; none reached; nothing decided
_PALE = ("lopen", "l1", "l2")  # colours on which figures are dark
PALETTE = 10  # classes c0..c9; what does not fit is gathered as cx


@dataclass(frozen=True)
class Bar:
    """A bar: what it stands for in both languages, its length, and its length as text."""

    label: str
    other: str
    value: float
    text: str


@dataclass(frozen=True)
class Series:
    """A part of every column: its label, its class of colour, a value a column."""

    label: str
    colour: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Share:
    label: str
    colour: str
    share: float


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar: its label, its class of colour (`LEVELS`), how many it counts."""

    label: str
    colour: str
    count: int


@dataclass(frozen=True)
class Stack:
    """A stacked bar: what it stands for in two lines, and its parts that are not empty."""

    label: str
    other: str
    parts: tuple[Part, ...]


def bar_chart(name: str, title: str, bars: Sequence[Bar], unit: str) -> Html:
    """Horizontal bars from a common zero; what is subtracted goes to the left."""
    label, row, top, beside = 226, 32, 8, 92
    low, high = min(0.0, *(bar.value for bar in bars)), max(0.0, *(bar.value for bar in bars))
    left, right = label + (beside if low < 0 else 0), WIDTH - beside
    scale = (right - left) / ((high - low) or 1.0)
    zero, height = left - low * scale, top + row * len(bars) + 6
    parts: list[Html] = []
    for index, bar in enumerate(bars):
        y = top + row * index
        length = abs(bar.value) * scale
        start, anchor = (zero - length, "end") if bar.value < 0 else (zero, "start")
        place = start - 6 if bar.value < 0 else zero + length + 6
        parts += _bar_label(bar, label - 10, y)
        parts.append(draw_rect(start, y + 5, length, row - 12, "less" if bar.value < 0 else "c0"))
        parts.append(draw_text(place, y + row / 2 + 3, bar.text, "value", anchor))
    parts.append(draw_line(zero, top - 4, zero, height - 4, "axis"))
    words = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    return draw_svg(name, title, f"{words} ({unit})", height, parts)


def column_chart(name: str, title: str, columns: Sequence[str], series: Sequence[Series], unit: str) -> Html:
    """Stacked columns, parts below zero downwards, each column with its net sum above; a legend follows as a list."""
    left, top, bottom, plot = 74, 26, 28, 250
    above = [sum(max(item.values[at], 0.0) for item in series) for at in range(len(columns))]
    below = [sum(min(item.values[at], 0.0) for item in series) for at in range(len(columns))]
    ticks = nice_ticks(min(0.0, *below), max(0.0, *above))
    low, high = ticks[0], ticks[-1]
    scale, step = plot / ((high - low) or 1.0), (WIDTH - left - 6) / len(columns)

    def y(value: float) -> float:
        return top + (high - value) * scale

    parts = [draw_text(left - 6, 14, unit, "tick", "end")]
    for tick in ticks:
        parts.append(draw_line(left, y(tick), WIDTH - 6, y(tick), "axis" if tick == 0 else "grid"))
        parts.append(draw_text(left - 6, y(tick) + 3.5, f"{tick:,.10g}", "tick", "end"))
    every, wide = math.ceil(36 / step), min(step * 0.72, 64.0)
    for at, column in enumerate(columns):
        middle, up, down = left + step * (at + 0.5), 0.0, 0.0
        for item in series:
            value = item.values[at]
            base, up, down = (up, up + value, down) if value > 0 else (down, up, down + value)
            if value:
                parts.append(
                    draw_rect(middle - wide / 2, y(max(base, base + value)), wide, abs(value) * scale, item.colour)
                )
        if at % every == 0:
            net = above[at] + below[at]
            if above[at] or below[at]:
                parts.append(draw_text(middle, y(above[at]) - 4, _short(net, high - low), "net", "middle"))
            parts.append(draw_text(middle, top + plot + 17, column, "tick", "middle"))
    sums = (f"{column} {_short(a + b, high - low)}" for column, a, b in zip(columns, above, below, strict=True))
    return join(
        draw_svg(name, title, f"{'; '.join(sums)} ({unit})", top + plot + bottom, parts),
        legend([(item.colour, item.label) for item in series]),
    )


def stacked_bars(name: str, title: str, stacks: Sequence[Stack]) -> Html:
    """Horizontal bars of counts from a common zero, each in parts, and a legend of what the parts are."""
    label, row = 300, 34
    scale = (WIDTH - label - 10) / max((sum(part.count for part in stack.parts) for stack in stacks), default=1)
    parts: list[Html] = []
    for index, stack in enumerate(stacks):
        y, x = 4 + row * index, float(label)
        parts.append(draw_text(label - 10, y + 13, _fitted(stack.label, 46), "label", "end"))
        parts.append(draw_text(label - 10, y + 26, _fitted(stack.other, 58), "other", "end"))
        for part in stack.parts:
            width = part.count * scale
            parts.append(draw_rect(x, y + 4, width, row - 10, part.colour))
            inside = "on-s-derived" if part.colour in _PALE else "inside"
            parts.append(draw_text(x + width / 2, y + row / 2 + 3, str(part.count), f"inside {inside}", "middle"))
            x += width
    words = "; ".join(
        f"{stack.label} {stack.other}: {', '.join(f'{part.label} {part.count}' for part in stack.parts)}"
        for stack in stacks
    )
    used = sorted({(part.colour, part.label) for stack in stacks for part in stack.parts})
    return join(draw_svg(name, title, words, 8 + row * len(stacks), parts), legend(used))


def share_bar(name: str, title: str, shares: Sequence[Share]) -> Html:
    """Shares of one whole side by side, and a legend that gives each as text."""
    height, x, parts = 26, 0.0, []
    for item in shares:
        width = item.share * WIDTH
        if width > 0:
            parts.append(draw_rect(x, 1, width, height - 2, item.colour))
            if width >= 56:
                parts.append(draw_text(x + width / 2, 18, f"{item.share:.1%}", f"inside on-{item.colour}", "middle"))
        x += width
    words = "; ".join(f"{item.label} {item.share:.1%}" for item in shares)
    svg = draw_svg(name, title, words, height, parts)
    return join(svg, legend([(item.colour, f"{item.label} {item.share:.1%}") for item in shares]))


def legend(items: Sequence[tuple[str, str]]) -> Html:
    def swatch(colour: str) -> Html:
        box = draw_rect(0, 0, 12, 12, colour)
        return tag("svg", box, width=12, height=12, viewBox="0 0 12 12", aria_hidden="true", class_="swatch")

    return tag("ul", *(tag("li", swatch(colour), label) for colour, label in items), class_="legend")


def nice_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Round figures from below `low` to above `high`, about `count` of them, zero among them.

    >>> nice_ticks(-30, 180)
    [-50.0, 0.0, 50.0, 100.0, 150.0, 200.0]
    """
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power * count >= span)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * index, 12) for index in range(first, max(last, first + 1) + 1)]


def _bar_label(bar: Bar, x: float, y: float) -> list[Html]:
    if not bar.other or bar.other == bar.label:
        return [draw_text(x, y + 19, _fitted(bar.label, 34), "label", "end")]
    first, second = _fitted(bar.label, 34), _fitted(bar.other, 44)
    return [draw_text(x, y + 13, first, "label", "end"), draw_text(x, y + 25, second, "other", "end")]


def _fitted(text: str, width: float) -> str:
    """A text no wider than so many characters; the whole of it stands in the table beside the chart."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _short(value: float, span: float) -> str:
    return f"{value:,.0f}" if span >= 100 else f"{value:,.4g}"


def draw_svg(name: str, title: str, words: str, height: float, parts: Sequence[Html]) -> Html:
    box = f"0 0 {WIDTH} {height:g}"
    heading = tag("title", title, id=f"{name}-name"), tag("desc", words, id=f"{name}-words")
    drawn = tag(
        "svg", *heading, *parts, viewBox=box, role="img", aria_labelledby=f"{name}-name {name}-words", class_="chart"
    )
    return tag("div", drawn, class_="scroll drawing")


def draw_rect(x: float, y: float, width: float, height: float, colour: str) -> Html:
    return tag("rect", x=tidy_at(x), y=tidy_at(y), width=tidy_at(width), height=tidy_at(height), class_=colour)


def draw_line(x1: float, y1: float, x2: float, y2: float, look: str) -> Html:
    return tag("line", x1=tidy_at(x1), y1=tidy_at(y1), x2=tidy_at(x2), y2=tidy_at(y2), class_=look)


def draw_text(x: float, y: float, text: str, look: str, anchor: str) -> Html:
    return tag("text", text, x=tidy_at(x), y=tidy_at(y), class_=look, text_anchor=anchor)


def tidy_at(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
