"""What a chart shows, whatever draws it: labels in both languages, figures and their unit.

Every chart has a `name` (unique on a page), a `title`, and says its figures in `words`. `_charts.as_svg` draws it for a
page, `_charts.as_plot` for a notebook or a Word document.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from carbonstd._charts.sankey import TWIN, Link
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._number import shown
from carbonstd._units import unit_words

Item = TypeVar("Item")

_DIGITS = 6
_BROKEN: Bilingual = {
    "zh": "横轴从 {base} 起，不从零开始：首尾两条的长度不可相比。",
    "en": "The scale begins at {base}, not at zero: the lengths of the first and last bar do not compare.",
}
_UNDRAWN: Bilingual = {"zh": "{label}共 {value}，未画条形。", "en": "{label} come to {value} and have no bar."}
_NARROW = 0.25  # of its height: where all levels of a waterfall lie within, its scale does not begin at zero


@dataclass(frozen=True)
class Bar:
    """What a bar stands for, its length, and its length as text."""

    label: Bilingual
    value: float
    text: str


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from a common zero; what is subtracted goes to the left.

    `rest` is what many others come to, told below the bars: a bar of its own would dwarf them.
    """

    name: str
    title: Bilingual
    unit: str
    bars: tuple[Bar, ...]
    rest: Bar | None = None

    def note(self, language: Language) -> str:
        """What is said of those without a bar."""
        if self.rest is None:
            return ""
        unit = unit_words(self.unit, language)
        return _UNDRAWN[language].format(label=self.rest.label[language], value=f"{self.rest.text} {unit}".strip())

    def words(self, language: Language) -> str:
        bars = (*self.bars, *filter(None, [self.rest]))
        return _said((f"{bar.label[language]} {bar.text}" for bar in bars), self.unit, language)


@dataclass(frozen=True)
class Series:
    """A part of every column: its label, its colour, a value a column."""

    label: Bilingual
    colour: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Columns:
    """Stacked columns: parts below zero downwards, each column with its net sum above."""

    name: str
    title: Bilingual
    unit: str
    columns: tuple[Bilingual, ...]
    series: tuple[Series, ...]

    @property
    def above(self) -> list[float]:
        return [sum(max(item.values[at], 0.0) for item in self.series) for at in range(len(self.columns))]

    @property
    def below(self) -> list[float]:
        return [sum(min(item.values[at], 0.0) for item in self.series) for at in range(len(self.columns))]

    @property
    def nets(self) -> list[str]:
        """The net sums as text; of a column with nothing in it there is none."""
        above, below = self.above, self.below
        span = max([0.0, *above]) - min([0.0, *below])
        return [short(up + down, span) if up or down else "" for up, down in zip(above, below, strict=True)]

    def words(self, language: Language) -> str:
        pairs = zip(self.columns, self.nets, strict=True)
        return _said((f"{column[language]} {net or '0'}" for column, net in pairs), self.unit, language)


@dataclass(frozen=True)
class Waterfall:
    """From one total to another by what changed: `start`, a step for each change, `end`."""

    name: str
    title: Bilingual
    unit: str
    start: Bar
    steps: tuple[Bar, ...]
    end: Bar

    @property
    def levels(self) -> list[float]:
        """Where each step begins, and where the last one ends."""
        return list(accumulate((step.value for step in self.steps), initial=self.start.value))

    @property
    def base(self) -> float:
        """Where the scale begins: at zero, or where changes would not be seen then, at a round figure below them all.

        A drawing whose scale does not begin at zero says so.
        """
        low, high = min(*self.levels, self.end.value), max(*self.levels, self.end.value)
        if low <= 0 or high - low > _NARROW * high:
            return 0.0
        space = (high - low) or high / 100
        return max(0.0, nice_ticks(low - space, high)[0])

    def note(self, language: Language) -> str:
        """What is said of a scale that does not begin at zero."""
        unit = unit_words(self.unit, language)
        return _BROKEN[language].format(base=f"{self.base:,.10g} {unit}".strip()) if self.base else ""

    def words(self, language: Language) -> str:
        bars = (self.start, *self.steps, self.end)
        return _said((f"{bar.label[language]} {bar.text}" for bar in bars), self.unit, language)


@dataclass(frozen=True)
class Mark:
    """A level of a gauge: its name and its limit; `decides` where the verdict hangs on it."""

    label: Bilingual
    limit: float
    text: str
    decides: bool = False


@dataclass(frozen=True)
class Gauge:
    """An indicator among its levels, on a scale of its own; `notes` say which have no figure or are not nested."""

    label: Bilingual
    value: float
    text: str
    at_most: bool
    marks: tuple[Mark, ...]
    said: Bilingual  # the verdict
    failed: bool = False
    notes: tuple[Bilingual, ...] = ()
    required: bool = False  # whether the level that decides is one that must be met, not only the one reached

    def words(self, language: Language) -> str:
        sense = "≤" if self.at_most else "≥"
        levels = (f"{mark.label[language]} {sense} {mark.text}" for mark in self.marks)
        notes = (text[language] for text in self.notes)
        return "; ".join((f"{self.label[language]} {self.text}", *levels, *notes, self.said[language]))


@dataclass(frozen=True)
class Gauges:
    """Indicators against the levels of their limits, one below the other."""

    name: str
    title: Bilingual
    gauges: tuple[Gauge, ...]
    unit: str = ""  # each gauge has its own

    def words(self, language: Language) -> str:
        return ". ".join(gauge.words(language) for gauge in self.gauges)


@dataclass(frozen=True)
class Curve:
    """Values by year, in the order of the years."""

    label: Bilingual
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Curves:
    """Lines from year to year over a scale that holds zero."""

    name: str
    title: Bilingual
    unit: str
    curves: tuple[Curve, ...]

    @property
    def years(self) -> list[int]:
        return sorted({year for curve in self.curves for year, _ in curve.points})

    def words(self, language: Language) -> str:
        def told(curve: Curve) -> str:
            points = ", ".join(f"{year} {shown(value, _DIGITS)}" for year, value in curve.points)
            return f"{curve.label[language]} {points}".strip()

        return _said(map(told, self.curves), self.unit, language)


@dataclass(frozen=True)
class Share:
    label: Bilingual
    colour: str
    share: float


@dataclass(frozen=True)
class Shares:
    """The parts of one whole side by side."""

    name: str
    title: Bilingual
    shares: tuple[Share, ...]
    unit: str = ""

    def words(self, language: Language) -> str:
        return _said((f"{item.label[language]} {item.share:.1%}" for item in self.shares), "", language)


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar: its label, its colour, how many it counts."""

    label: Bilingual
    colour: str
    count: int


@dataclass(frozen=True)
class Stack:
    """A stacked bar: what it stands for in two lines, and its parts that are not empty."""

    label: Bilingual
    beside: Bilingual
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Stacks:
    """Horizontal bars of counts from a common zero, each in parts."""

    name: str
    title: Bilingual
    stacks: tuple[Stack, ...]
    unit: str = ""

    def words(self, language: Language) -> str:
        return "; ".join(
            f"{stack.label[language]} {stack.beside[language]}: "
            + ", ".join(f"{part.label[language]} {part.count}" for part in stack.parts)
            for stack in self.stacks
        )


@dataclass(frozen=True)
class Flow:
    """What flows from where to where: labels of the nodes, and links that run forward (`_charts.sankey.forward`)."""

    name: str
    title: Bilingual
    unit: str
    labels: Mapping[str, Bilingual]
    links: tuple[Link, ...]

    def label(self, node: str) -> Bilingual:
        """The label of a node, or of the node it is a twin of."""
        return self.labels[node.removesuffix(TWIN)]

    def words(self, language: Language) -> str:
        return _said(
            (
                f"{self.label(link.source)[language]} → {self.label(link.target)[language]} {shown(link.value, 5)}"
                for link in self.links
            ),
            self.unit,
            language,
        )


Chart = Bars | Columns | Waterfall | Gauges | Curves | Shares | Stacks | Flow


def titled(chart: Chart, language: Language) -> str:
    """The title with the unit."""
    return f"{chart.title[language]} ({unit_words(chart.unit, language)})" if chart.unit else chart.title[language]


def largest(items: Sequence[Item], size: Callable[[Item], float], most: int) -> tuple[list[Item], list[Item]]:
    """The largest items that a chart has room for and the rest, each in their order."""
    kept = set(sorted(range(len(items)), key=lambda at: -size(items[at]))[:most])
    return [item for at, item in enumerate(items) if at in kept], [
        item for at, item in enumerate(items) if at not in kept
    ]


def numbered(labels: Sequence[str]) -> list[str]:
    """Labels of a legend with the numbers that stand beside their colours in the chart; one alone needs none."""
    return [f"{at} {label}" for at, label in enumerate(labels, 1)] if len(labels) > 1 else list(labels)


def nice_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Round figures from below `low` to above `high`, about `count` of them.

    >>> nice_ticks(-30, 180), nice_ticks(970, 1013)
    ([-50.0, 0.0, 50.0, 100.0, 150.0, 200.0], [970.0, 980.0, 990.0, 1000.0, 1010.0, 1020.0])
    """
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power * count >= span)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * index, 12) for index in range(first, max(last, first + 1) + 1)]


def short(value: float, span: float) -> str:
    """A figure beside a drawing whose scale spans so much."""
    return f"{round(value) + 0.0:,.0f}" if span >= 100 else f"{value + 0.0:,.4g}"  # + 0.0: no minus before nothing


def _said(figures: Iterable[str], unit: str, language: Language) -> str:
    told = "; ".join(figures)
    return f"{told} ({unit_words(unit, language)})" if unit else told
