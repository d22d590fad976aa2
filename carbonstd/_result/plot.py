"""The plots of a result by kind, for `Result.plot`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from carbonstd._charts.as_plot import draw
from carbonstd._charts.chart import Bars, Chart, Columns
from carbonstd._definitions.schema import in_both
from carbonstd._errors import CarbonstdError, NotFoundError
from carbonstd._findings import Language, finding
from carbonstd._paper.markup import Words
from carbonstd._result import charts as charts
from carbonstd._result.result import Result
from carbonstd._result.waterfall import waterfall
from carbonstd._units import unit_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_Drawn = Callable[[], Chart | None]


def plot(result: Result, kind: str, other: Result | None, language: Language, ax: Axes | None) -> Axes:
    """Draw one kind of chart. Raises NotFoundError for a kind there is not, CarbonstdError where nothing is to draw."""
    kinds = _kinds(result, other)
    if kind and kind not in kinds:
        names = ", ".join(kinds)
        raise NotFoundError(findings=[finding("plot-unknown", name=kind, names=names)])
    made = (kinds[name]() for name in ([kind] if kind else kinds) if kind or name != "waterfall")
    chart = next((item for item in made if item is not None), None)
    if chart is None:
        why = Words.texts(f"no_{kind}") if kind in ("months", "uncertainty", "levels", "flow") else result.method.title
        raise CarbonstdError(findings=[finding("plot-nothing", result.method.id, why=why)])
    return draw(chart, language, ax)


def _kinds(result: Result, other: Result | None) -> dict[str, _Drawn]:
    """What may be drawn by its name, a panel that is a chart by its id; what is drawn where none is asked for first."""
    return {
        "sources": lambda: _of_total(charts.sources(result), result),
        "levels": partial(charts.levels, result),
        "flow": partial(charts.flow, result),
        **{name: partial(_same, item) for name, item in charts.panel_charts(result).items()},
        "months": lambda: _of_total(charts.months(result), result),
        "waterfall": lambda: _beside(result, other),
        "shares": partial(charts.shares, result),
        "uncertainty": lambda: charts.variance(result.intervals or result.uncertainty()),
    }


def _same(chart: Chart) -> Chart:
    return chart


def _of_total(made: Sequence[Bars] | Sequence[Columns], result: Result) -> Bars | Columns | None:
    """Of charts by unit the one in the unit of the main total, else the first; its title says what is left out."""
    chart = next((item for item in made if item.unit == _unit(result)), made[0] if made else None)
    if chart is None or len(made) == 1:
        return chart
    left = ", ".join(item.unit for item in made if item is not chart)
    said = Words.texts("chart_units", unit=chart.unit, left=left)
    return replace(chart, title=in_both(lambda part: f"{chart.title[part]}{unit_words(said[part], part)}"))


def _unit(result: Result) -> str:
    return next((charts.unit_of(result, item) for item in result.total_lines if item.line is result.primary_line), "")


def _beside(result: Result, other: Result | None) -> Chart:
    if other is None:
        raise CarbonstdError(findings=[finding("plot-without-other", result.method.id)])
    return waterfall(other, result)
