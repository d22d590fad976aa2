"""The uncertainty of a result in a report: intervals, what they come from as a chart and a table, what has none."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._chart_svg import svg
from carbonstd._findings import Finding
from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._report_html import Html, Words, join, section, table, tag, told_from_file
from carbonstd._result import Result
from carbonstd._result_charts import variance
from carbonstd._uncertainty_result import Bare, Contributor, Figure, Uncertainty
from carbonstd._uncertainty_text import DISTRIBUTION_TEXT, TEXTS, interval_text, said, typed_text

_WORTH = 0.01  # of the variance, for a single input to be listed
_BARE = 15  # inputs without a half-width


def uncertainty(result: Result, words: Words) -> Html:
    """The section on uncertainty; nothing where the result has no intervals."""
    found = result.intervals
    if found is None:
        return Html()
    title = join(words.label(TEXTS["uncertainty"]), f" ({said('level', words.language)})")
    primary = found.primary
    parts = [_intervals(found, words), tag("p", words.label(TEXTS["note"]), class_="note")]
    if chart := variance(found):
        caption = tag("figcaption", words.label(chart.title))
        parts += [tag("figure", caption, svg(chart, words.language)), _sources(primary, words, result.case.path)]
    if primary.without:
        parts += [*_without(primary, words)]
    notes = [tag("li", tag("code", item.code), " ", item.message(words.language)) for item in _findings(result, found)]
    return section(title, *parts, tag("ul", *notes) if notes else Html(), name="uncertainty")


def _intervals(found: Uncertainty, words: Words) -> Html:
    heads = [words.label(TEXTS["figure"]), words.both("value"), words.both("unit"), words.label(TEXTS["one"])]
    two = {language: said("two", language, draws=f"{found.draws:,}", seed=found.seed) for language in ("zh", "en")}
    heads += [words.label(two)] if found.draws else []
    rows = [_figure(item, found, words) for item in found.figures.values() if item.value or item.approach_1]
    return table(words.label(TEXTS["interval"]), heads, rows, numeric=(1,), look="intervals")


def _figure(item: Figure, found: Uncertainty, words: Words) -> list[object]:
    intervals = [item.approach_1, item.approach_2] if found.draws else [item.approach_1]
    unit = "" if item.unit == "1" else item.unit
    return [
        words.label(item.label),
        shown(item.value),
        unit,
        *(interval_text(one, words.language) for one in intervals),
    ]


def _sources(item: Figure, words: Words, path: str) -> Html:
    names = ("source", "share_of_variance", "half_width", "distribution", "place")
    worth = [one for one in item.contributors if one.share >= _WORTH] or item.contributors[:1]
    rows = [_source(one, words, path) for one in worth]
    heads = [words.label(TEXTS[name]) for name in names]
    return table(words.label(TEXTS["largest_cells"]), heads, rows, numeric=(1, 2), look="sources")


def _source(one: Contributor, words: Words, path: str) -> list[object]:
    given = one.input
    shared = f" ({said('shared', words.language)})" if given.shared else ""
    return [
        join(words.label(given.name), shared),
        f"{one.share:.1%}",
        typed_text(given),
        DISTRIBUTION_TEXT[given.distribution][words.language],
        told_from_file(given.place, path),
    ]


def _without(item: Figure, words: Words) -> Iterator[Html]:
    heads = [words.label(TEXTS[name]) for name in ("source", "count", "share_that_moves")]
    rows = [_bare(one, words) for one in item.without[:_BARE]]
    yield table(_about("exact", item, words), heads, rows, numeric=(1, 2), look="exact")
    if len(item.without) > _BARE:
        yield tag("p", said("more", words.language, count=len(item.without) - _BARE), class_="note")


def _bare(one: Bare, words: Words) -> list[object]:
    return [words.label(one.name), one.count, f"{one.share:.1%}"]


def _about(name: str, item: Figure, words: Words) -> Html:
    return words.label({language: said(name, language, total=item.label[language]) for language in ("zh", "en")})


def _findings(result: Result, found: Uncertainty) -> list[Finding]:
    return names_of(result).findings(found.findings)
