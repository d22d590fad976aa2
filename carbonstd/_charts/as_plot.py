"""Charts drawn by matplotlib, for notebooks and documents; an optional extra, imported when it is used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

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
    numbered,
    titled,
)
from carbonstd._charts.colours import AXIS, COLOURS, GRID, INK, PALE, PALETTE, dashes
from carbonstd._charts.flow_shapes import flow_drawing
from carbonstd._charts.gauge_shapes import gauge_drawing
from carbonstd._charts.plot_font import families, spoken
from carbonstd._charts.plot_shapes import plot_shapes
from carbonstd._charts.shapes import Drawing
from carbonstd._charts.svg import WIDTH, fitted
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Language, finding
from carbonstd._layout import wrapped
from carbonstd._workbook.style import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE, _DOTS = 7.2, 200  # inches, and dots an inch of a picture
_ROW = 0.34  # inches of a bar
_SMALL, _TEXT = 8.0, 9.0  # points
_MARKERS = "osD^vP*Xph"
_LABEL = 34  # characters beside a bar


def draw(chart: Chart, language: Language = "en", ax: Axes | None = None) -> Axes:
    """Draw into `ax`, or into a new figure of matplotlib's, which a notebook shows.

    In English where no font has Chinese signs, with one warning. Raises CarbonstdError where matplotlib is not there.
    """
    style = _style()
    if ax is None:
        from matplotlib import pyplot

        made = pyplot.figure(figsize=(_WIDE, _height(chart, language)), layout="constrained")
    with style:  # the first figure of a notebook turns `interactive` on, which leaving the style would take back
        held = made.add_subplot() if ax is None else ax
        _draw(chart, spoken(language), held)
    return held


def png(chart: Chart, language: Language = "en") -> bytes:
    """The chart as a picture: the same for the same chart, matplotlib and font."""
    with _style():
        from matplotlib.figure import Figure

        made = Figure(figsize=(_WIDE, _height(chart, language)), layout="constrained")
        _draw(chart, spoken(language), made.add_subplot())
        held = BytesIO()
        made.savefig(held, format="png", dpi=_DOTS, metadata={"Software": None})
    return held.getvalue()


def _draw(chart: Chart, language: Language, ax: Axes) -> None:
    from matplotlib.text import Text

    ax.set_axisbelow(True)
    _DRAWN[type(chart)](chart, language, ax)
    for text in ax.findobj(Text):  # those of a reader's axes are older than our style
        text.set_fontfamily(families())


def _style() -> AbstractContextManager[Any]:
    try:
        import matplotlib
    except ImportError:
        raise CarbonstdError(findings=[finding("plot-missing")]) from None
    return matplotlib.rc_context(
        {
            "font.family": families(), "font.size": _TEXT, "axes.titlesize": _TEXT + 1, "axes.titlelocation": "left",
            "axes.edgecolor": AXIS, "axes.labelcolor": INK, "text.color": INK, "axes.axisbelow": True,
            "xtick.color": AXIS, "ytick.color": AXIS, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
            "grid.color": GRID, "text.parse_math": False, "axes.spines.top": False, "axes.spines.right": False,
        }
    )  # fmt: skip


def _height(chart: Chart, language: Language) -> float:
    """Inches that the chart needs."""
    match chart:
        case Bars():
            return (1.1 if chart.rest else 0.9) + _ROW * len(chart.bars)
        case Waterfall():
            return 1.2 + _ROW * (len(chart.steps) + 2)
        case Stacks():
            return 1.4 + 0.42 * len(chart.stacks)
        case Shares():
            return 1.5
        case Columns():
            return 3.4 + 0.18 * len(chart.series)
        case Curves():
            return 3.2 + 0.18 * len(chart.curves)
        case Gauges() | Flow():
            return _shapes(chart, language).height * _WIDE / WIDTH + 0.4
    raise TypeError(chart)


def _shapes(chart: Gauges | Flow, language: Language) -> Drawing:
    return gauge_drawing(chart, language) if isinstance(chart, Gauges) else flow_drawing(chart, language)


def _bars(chart: Bars, language: Language, ax: Axes) -> None:
    values = [bar.value for bar in chart.bars]
    colours = [COLOURS["less" if value < 0 else "c0"] for value in values]
    drawn = ax.barh(range(len(values)), values, color=colours, height=0.64)
    ax.bar_label(drawn, [bar.text for bar in chart.bars], padding=3, fontsize=_SMALL)
    _rows(ax, [bar.label[language] for bar in chart.bars])
    ax.axvline(0, color=AXIS, linewidth=0.8)
    ax.margins(x=0.16 if min(values) < 0 else 0.18)
    if min(values) >= 0:
        ax.set_xlim(left=0)
    _ticks(ax, "x")
    ax.set_xlabel(chart.note(language), fontsize=_SMALL, loc="left")
    ax.set_title(titled(chart, language))


def _columns(chart: Columns, language: Language, ax: Axes) -> None:
    above, below = chart.above, chart.below
    places = range(len(chart.columns))
    up, down = [0.0] * len(places), [0.0] * len(places)
    span = (max([0.0, *above]) - min([0.0, *below])) or 1.0
    named = numbered([item.label[language] for item in chart.series])
    for number, (item, label) in enumerate(zip(chart.series, named, strict=True), 1):
        bottoms = [up[at] if item.values[at] > 0 else down[at] for at in places]
        colour = COLOURS[item.colour]
        drawn = ax.bar(places, item.values, 0.72, bottoms, color=colour, label=label, edgecolor="white", linewidth=0.6)
        told = [str(number) if len(chart.series) > 1 and abs(v) / span > 0.05 else "" for v in item.values]
        ax.bar_label(drawn, told, label_type="center", fontsize=_SMALL - 1, color=_on(item.colour))
        for at, value in enumerate(item.values):
            up[at], down[at] = up[at] + max(value, 0.0), down[at] + min(value, 0.0)
    every = math.ceil(len(places) / 16)
    for at in places[::every]:
        ax.annotate(
            chart.nets[at], (at, above[at]), (0, 2), textcoords="offset points",
            ha="center", va="bottom", fontsize=_SMALL - 1.5, fontweight="bold",
        )  # fmt: skip
    ax.set_xticks(list(places)[::every], [column[language] for column in chart.columns[::every]], fontsize=_SMALL)
    ax.axhline(0, color=AXIS, linewidth=0.8)
    ax.margins(x=0.01, y=0.06)
    if not any(below):
        ax.set_ylim(bottom=0)
    _ticks(ax, "y")
    ax.grid(axis="y")
    _legend(ax, named)
    ax.set_title(titled(chart, language))


def _waterfall(chart: Waterfall, language: Language, ax: Axes) -> None:
    bars, base = (chart.start, *chart.steps, chart.end), chart.base
    spans = [(base, chart.start.value), *pairwise(chart.levels), (base, chart.end.value)]
    for at, (bar, (begins, ends)) in enumerate(zip(bars, spans, strict=True)):
        whole = at in (0, len(bars) - 1)
        colour = COLOURS["c0" if whole else "rise" if ends > begins else "fall"]
        ax.barh(at, ends - begins, 0.64, begins, color=colour)
        ax.annotate(bar.text, (max(begins, ends), at), (4, 0), textcoords="offset points", va="center", fontsize=_SMALL)
        if whole and base:
            ax.annotate("≈", (base, at), (6, 0), textcoords="offset points", va="center", color="white", rotation=90)
        if at + 1 < len(bars):
            ax.plot([ends, ends], [at - 0.32, at + 1.32], color=AXIS, linewidth=0.6, zorder=0.5)
    _rows(ax, [bar.label[language] for bar in bars])
    ax.margins(x=0.14)
    ax.axvline(base, color=AXIS, linewidth=0.8)
    if min(chart.levels) >= 0:
        ax.set_xlim(left=base)
    _ticks(ax, "x")
    ax.set_xlabel(chart.note(language), fontsize=_SMALL, loc="left")
    ax.set_title(titled(chart, language))


def _curves(chart: Curves, language: Language, ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    named = numbered([curve.label[language] for curve in chart.curves])
    for number, (curve, label) in enumerate(zip(chart.curves, named, strict=True)):
        years, values = zip(*curve.points, strict=True) if curve.points else ((), ())
        pattern, marker = dashes(number), _MARKERS[number % len(_MARKERS)]
        ax.plot(
            years, values, color=COLOURS[f"c{number % PALETTE}"], marker=marker, markersize=3.5,
            linestyle=(0, pattern) if pattern else "-", linewidth=1.4, label=label,
        )  # fmt: skip
        if len(named) > 1 and years:
            ax.annotate(str(number + 1), (years[-1], values[-1]), (5, 0), textcoords="offset points", va="center")
    ax.axhline(0, color=AXIS, linewidth=0.8)
    ax.ticklabel_format(axis="x", style="plain", useOffset=False)  # few years are not 0 and 1 above 2018
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(y=0.06)
    low, high = ax.get_ylim()
    ax.set_ylim(0 if low >= -0.06 * high else low, high)
    _ticks(ax, "y")
    ax.grid(axis="y")
    _legend(ax, named)
    ax.set_title(titled(chart, language))


def _stacks(chart: Stacks, language: Language, ax: Axes) -> None:
    most = max((sum(part.count for part in stack.parts) for stack in chart.stacks), default=1)
    for at, stack in enumerate(chart.stacks):
        left = 0
        for part in stack.parts:
            ax.barh(at, part.count, 0.64, left, color=COLOURS[part.colour], edgecolor="white")
            if part.count > most * 0.02:
                middle = left + part.count / 2
                ax.text(middle, at, str(part.count), ha="center", va="center", color=_on(part.colour), fontsize=_SMALL)
            left += part.count
    used = sorted({(part.colour, part.label[language]) for stack in chart.stacks for part in stack.parts})
    for colour, label in used:
        ax.barh(0, 0, color=COLOURS[colour], label=label)
    _rows(ax, ["\n".join((stack.label[language], stack.beside[language])) for stack in chart.stacks])
    _legend(ax, [label for _, label in used], least=1)
    ax.set_title(titled(chart, language))


def _shares(chart: Shares, language: Language, ax: Axes) -> None:
    left = 0.0
    for item in chart.shares:
        label = f"{item.label[language]} {item.share:.1%}"
        ax.barh(0, item.share, 0.8, left, color=COLOURS[item.colour], label=label, edgecolor="white")
        if item.share > 0.08:
            middle = left + item.share / 2
            ax.text(middle, 0, f"{item.share:.1%}", ha="center", va="center", color=_on(item.colour), fontsize=_SMALL)
        left += item.share
    ax.set_xlim(0, left or 1)
    ax.set_axis_off()
    _legend(ax, [item.label[language] for item in chart.shares], least=1)
    ax.set_title(titled(chart, language))


def _shaped(chart: Gauges | Flow, language: Language, ax: Axes) -> None:
    plot_shapes(_shapes(chart, language), ax)
    ax.set_title(titled(chart, language))


_DRAWN: dict[type[Any], Callable[[Any, Language, Axes], None]] = {
    Bars: _bars, Columns: _columns, Waterfall: _waterfall, Gauges: _shaped,
    Curves: _curves, Shares: _shares, Stacks: _stacks, Flow: _shaped,
}  # fmt: skip


def _rows(ax: Axes, labels: Sequence[str]) -> None:
    """Labels of horizontal bars, the first at the top."""
    ax.set_yticks(range(len(labels)), ["\n".join(_in_two_lines(said)) for said in labels])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)  # the line at zero is drawn where zero is
    ax.set_ylim(len(labels) - 0.4, -0.6)


def _in_two_lines(said: str) -> Iterator[str]:
    """A label as wide as there is room: of two lines as they are, else broken once."""
    first, *rest = said.split("\n") if "\n" in said else wrapped(said, _LABEL - 4)
    yield fitted(first, _LABEL)
    if rest:
        yield fitted(" ".join(rest), _LABEL)


def _ticks(ax: Axes, axis: Literal["x", "y"]) -> None:
    """Figures of a scale in groups of three digits."""
    from matplotlib.ticker import FuncFormatter

    held = ax.xaxis if axis == "x" else ax.yaxis
    held.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    ax.tick_params(axis=axis, labelsize=_SMALL)


def _legend(ax: Axes, labels: Sequence[str], least: int = 2) -> None:
    """Below the drawing, in as many columns as its longest label leaves room for."""
    if len(labels) >= least:
        longest = max(map(text_width, labels))
        columns = 1 if longest > 40 else 2 if longest > 18 else 4
        below = 0.6 if not ax.axison else 3.0
        ax.legend(
            loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=below, ncols=columns, frameon=False, fontsize=_SMALL
        )


def _on(colour: str) -> str:
    return INK if colour in PALE else "white"
