"""What a result shows in charts: sources, months, flows, levels, curves, shares of status and of variance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from carbonstd._charts.chart import (
    Bar,
    Bars,
    Columns,
    Curve,
    Curves,
    Flow,
    Gauge,
    Gauges,
    Mark,
    Series,
    Share,
    Shares,
    largest,
)
from carbonstd._charts.colours import PALETTE
from carbonstd._charts.sankey import Link, forward
from carbonstd._definitions.method import Equation, Panel
from carbonstd._definitions.schema import Bilingual, dotted, in_both, same
from carbonstd._findings import Language
from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._paper.markup import Words
from carbonstd._report.months import ByMonth, by_month, by_unit
from carbonstd._result.line_value import LineValue
from carbonstd._result.panel import Figure, filled_panels, unit_said
from carbonstd._result.result import Result
from carbonstd._result.summary import figure_text
from carbonstd._result.verdict import Judgement, LevelVerdict, Verdict
from carbonstd._uncertainty.result import Uncertainty
from carbonstd._uncertainty.text import said
from carbonstd._units import unit, unit_text
from carbonstd._wording import GRADE_TEXT, STATUS_TEXT
from carbonstd.analysis._series import year_of

_BARS = 24  # a chart that still fits a page
_SOURCES, _LEAST = 10, 0.001  # sources of variance in the chart, and the least share worth a bar
_NOTHING = 1e-9  # of the largest flow: what floats leave of nothing
_DIGITS = 8
_ALWAYS = ("measured", "entered", "default", "carried", "assumed")  # shares worth saying even where they are nothing
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def unit_of(result: Result, item: LineValue, language: Language = "en") -> str:
    return unit_text(result.method.equations[item.line.equation].unit, language)


def sources(result: Result) -> list[Bars]:
    """The lines inside the totals as bars, a chart for each unit; many small ones are gathered."""
    counted = [item for item in result.lines if not item.line.memo and item.reported]
    title = Words.texts("by_source" if any(item.line.scope for item in counted) else "by_line")
    charts = []
    for index, (of, items) in enumerate(by_unit(result, counted).items()):
        kept, rest = largest(items, lambda item: abs(item.value), _BARS)
        bars = [Bar(item.line.label, item.line.sign * item.value, signed_text(item, result)) for item in kept]
        if rest:
            value = sum(item.line.sign * item.value for item in rest)
            bars.append(Bar(Words.texts("chart_rest", count=len(rest)), value, shown(value, 6)))
        charts.append(Bars(f"source-{index}", title, unit_text(unit(of)), tuple(bars)))
    return charts


def signed_text(item: LineValue, result: Result) -> str:
    """The value as it counts in the total."""
    text = figure_text(item, result)
    return text if item.line.sign > 0 or not item.value else text[1:] if text.startswith("-") else f"-{text}"


def months(result: Result) -> list[Columns]:
    """The lines inside the totals stacked by month, a chart for each unit; none where no row carries a month."""
    return [month_chart(item, index) for index, item in enumerate(by_month(result))]


def month_chart(item: ByMonth, index: int) -> Columns:
    columns = tuple(month_name(month, item.months) for month in item.months)
    series = tuple(month_series(item))
    return Columns(f"months-{index}", Words.texts("months_chart"), unit_text(unit(item.unit)), columns, series)


def month_series(item: ByMonth) -> list[Series]:
    """The lines as series; the smallest of more than a palette of them are gathered."""
    drawn = [line for line in item.lines if any(line.values)]
    room = PALETTE if len(drawn) <= PALETTE else PALETTE - 1
    kept, rest = largest(drawn, lambda line: sum(map(abs, line.values)), room)
    made = [Series(line.item.line.label, f"c{at}", line.values) for at, line in enumerate(kept)]
    if rest:
        sums = map(sum, zip(*(line.values for line in rest), strict=True))
        made.append(Series(Words.texts("others"), "cx", tuple(sums)))
    return made


def month_name(month: str, months: Sequence[str]) -> Bilingual:
    """A month by its name, and by its year too where there are several."""
    at = int(month[5:])
    if len({item[:4] for item in months}) > 1:
        return {"zh": month, "en": month}
    return {"zh": f"{at}月", "en": _ENGLISH_MONTHS[at - 1]}


def flow(result: Result) -> Flow | None:
    """What flows through the enterprise; None where the method tells of no flow, or nothing flows."""
    told = result.method.flow
    if told is None:
        return None
    names, labels = names_of(result), dict(told.nodes)
    links: list[Link] = []
    for item in told.links:
        for key, value in result.values(item.equation).items() if item.axis else [((), result.value(item.equation)[0])]:
            ends = {item.axis: f"{item.axis}.{key[0]}"} if item.axis else {}
            labels |= {node: names.terms_in(key[0]) for node in ends.values()}
            links.append(Link(ends.get(item.source, item.source), ends.get(item.target, item.target), value))
    least = _NOTHING * max((abs(link.value) for link in links), default=0.0)
    links = forward([link for link in links if abs(link.value) > least])
    of = unit_text(result.method.equations[told.links[0].equation].unit)
    return Flow("flow", told.title, of, labels, tuple(links)) if links else None


def levels(result: Result) -> Gauges | None:
    """Each indicator among the levels of its limit; None where nothing is judged."""
    gauges = tuple(map(verdict_gauge, result.verdicts))
    return Gauges("levels", Words.texts("verdicts"), gauges) if gauges else None


def verdict_gauge(verdict: Verdict) -> Gauge:
    """An indicator among its levels; of a level without a limit it is said why."""
    of, decisive = unit_text(verdict.rule.unit), verdict.decisive
    marks = tuple(
        Mark(verdict.named(item.level), float(item.limit), shown(item.limit, _DIGITS), item is decisive)
        for item in verdict.levels
        if item.limit is not None
    )
    meant = verdict.reached if verdict.reached and decisive.judgement is Judgement.MET else decisive
    level = verdict.named(meant.level) if meant.level else {}
    told = (verdict.said(verdict.judgement), level, GRADE_TEXT[verdict.grade])
    return Gauge(
        verdict.rule.label,
        float(verdict.value),
        f"{shown(verdict.value, _DIGITS)} {of}".strip(),
        verdict.rule.sense == "at_most",
        marks,
        in_both(lambda part: " · ".join(dict.fromkeys(filter(None, (text.get(part) for text in told))))),
        verdict.failed,
        (*(_left_out(item, verdict) for item in verdict.levels if item.limit is None), *_passed_over(verdict)),
        bool(verdict.required),
    )


def _left_out(item: LevelVerdict, verdict: Verdict) -> Bilingual:
    """Why a level is not among the marks: its figure was not seen, or the table prints a dash."""
    name = "level_unseen" if item.judgement is Judgement.UNDECIDED else "level_none"
    return in_both(lambda part: Words.text_in(part, name, level=verdict.named(item.level)[part]))


def _passed_over(verdict: Verdict) -> Iterator[Bilingual]:
    """That an easier level than the one reached is not met: a reader would not expect it of the gauge."""
    if (missed := verdict.passed_over) and (reached := verdict.reached):
        names = verdict.named(missed.level), verdict.named(reached.level)
        yield in_both(lambda part: Words.text_in(part, "level_passed", missed=names[0][part], level=names[1][part]))


PanelChart = Curves | Columns | Bars


def panel_charts(result: Result) -> dict[str, PanelChart]:
    """The panels of a result that are charts: curves or stacked columns by year, the largest figures as bars."""
    made = {panel.id: panel_chart(panel, figures, result) for panel, figures in filled_panels(result)}
    return {name: chart for name, chart in made.items() if chart is not None}


def panel_chart(panel: Panel, figures: Sequence[Figure], result: Result) -> PanelChart | None:
    if panel.largest:
        return panel_bars(panel, result)
    return (panel_columns if panel.stacked else panel_curves)(panel, figures, result)


def panel_bars(panel: Panel, result: Result) -> Bars | None:
    """The largest figures of a panel that tells them, with their share, and the others as one; None of fewer than two.

    Only a panel of one equation is drawn: figures of several are not of one kind.
    """
    if len(panel.equations) > 1:
        return None
    equation = result.method.equations[panel.equations[0]]
    bars = largest_bars(result, equation, panel.largest, panel.of)
    return Bars(f"bars-{panel.id}", panel.title, unit_said(equation), bars) if len(bars) > 1 else None


def largest_bars(result: Result, equation: Equation, most: int, of: str = "") -> tuple[Bar, ...]:
    """The values of an equation by size, the others as one; each with its share of the equation `of`."""
    whole = next(iter(result.values(of).values()), 0.0) if of else 0.0
    names = names_of(result)

    def bar(label: Bilingual, value: float) -> Bar:
        share = f" ({value / whole:.1%})" if whole else ""
        return Bar(label, value, f"{shown(value, 6)}{share}")

    held = {labels: value for labels, value in result.values(equation.id).items() if value and not math.isnan(value)}
    ranked = sorted(held.items(), key=lambda item: -abs(item[1]))
    bars = [bar(dotted([names.terms_in(label) for label in labels if label]), value) for labels, value in ranked[:most]]
    if rest := ranked[most:]:
        bars.append(bar(Words.texts("others_of", count=len(rest)), sum(value for _, value in rest)))
    return tuple(bars)


def panel_curves(panel: Panel, figures: Iterable[Figure], result: Result) -> Curves | None:
    """The series of a panel as lines; None where fewer than two years have a figure."""
    unit_, made = _series_by_year(panel, figures, result)
    chart = Curves(f"curve-{panel.id}", panel.title, unit_, made)
    return chart if len(chart.years) > 1 else None


def panel_columns(panel: Panel, figures: Iterable[Figure], result: Result) -> Columns | None:
    """The series of a panel that add up, stacked by year; None where no year has a figure."""
    unit_, made = _series_by_year(panel, figures, result)
    years = sorted({year for curve in made for year, _ in curve.points})
    series = tuple(
        Series(curve.label, f"c{at % PALETTE}", tuple(dict(curve.points).get(year, 0.0) for year in years))
        for at, curve in enumerate(made)
    )
    columns = tuple(same(str(year)) for year in years)
    return Columns(f"columns-{panel.id}", panel.title, unit_, columns, series) if years else None


def _series_by_year(panel: Panel, figures: Iterable[Figure], result: Result) -> tuple[str, tuple[Curve, ...]]:
    """The unit, and a series for each equation and each of its other labels."""
    drawn, names = [item for item in figures if item.equation.id in panel.chart], names_of(result)
    lines: dict[tuple[str, ...], tuple[Bilingual, list[tuple[int, float]]]] = {}
    for item in drawn:
        years = [place for place, label in enumerate(item.labels) if not math.isnan(year_of(label))]
        if years:
            rest = [label for place, label in enumerate(item.labels) if place != years[-1]]
            terms = [item.label, *map(names.terms_in, rest)]
            _, points = lines.setdefault((item.equation.id, *rest), (dotted(terms), []))
            points.append((int(year_of(item.labels[years[-1]])), item.value))
    made = tuple(Curve(label, tuple(sorted(points))) for label, points in lines.values())
    return drawn[0].unit if drawn else "", made


def shares(result: Result) -> Shares:
    """How much of the main total was measured, entered, taken by default, carried over or assumed."""
    parts = tuple(
        Share(Words.texts(status) if status == "assumed" else STATUS_TEXT[status], f"s-{status}", share)
        for status, share in result.shares.items()
        if share or status in _ALWAYS
    )
    return Shares("shares-chart", Words.texts("shares"), parts)


def variance(found: Uncertainty) -> Bars | None:
    """The largest sources of the main total's variance; None where no input has a half-width."""
    item = found.primary
    if not item.sources:
        return None
    title = in_both(lambda part: said("sources", part, total=item.label[part]))
    worth = [one for one in item.sources if one.share >= _LEAST][:_SOURCES] or item.sources[:1]
    bars = tuple(Bar(one.name, one.share * 100, f"{one.share:.1%}") for one in worth)
    return Bars("variance", title, "%", bars)
