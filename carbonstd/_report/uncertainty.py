"""The uncertainty of a result in a report: intervals, what they come from as a chart and a table, what has none."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._findings import Finding
from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._paper.markup import Words, join, tag, told_from_file
from carbonstd._paper.paper import Block, Cell, Listing, Paragraph, Picture, Section, Table, table
from carbonstd._result.charts import variance
from carbonstd._result.result import Result
from carbonstd._uncertainty.result import Bare, Contributor, Figure, Uncertainty
from carbonstd._uncertainty.text import DISTRIBUTION_TEXT, TEXTS, interval_text, said, typed_text

_WORTH = 0.01  # of the variance, for a single input to be listed
_BARE = 15  # inputs without a half-width


def uncertainty(result: Result, words: Words) -> Section | None:
    """The section on uncertainty; None where the result has no intervals."""
    found = result.intervals
    if found is None:
        return None
    heading: Bilingual = in_both(lambda key: f"{TEXTS['uncertainty'][key]} ({said('level', key)})")
    primary = found.primary
    parts: list[Block] = [_intervals(found, words), Paragraph(words.label(TEXTS["note"]), "note")]
    if chart := variance(found):
        parts += [Picture(chart), _sources(primary, words, result.case.path)]
    if primary.without:
        parts += [*_without(primary, words)]
    notes = [join(tag("code", item.code), " ", item.message(words.language)) for item in _findings(result, found)]
    if notes:
        parts.append(Listing(tuple(notes)))
    return Section("uncertainty", heading, tuple(parts))


def _intervals(found: Uncertainty, words: Words) -> Table:
    heads = [TEXTS["figure"], words.texts("value"), words.texts("unit"), TEXTS["one"]]
    two: Bilingual = in_both(lambda key: said("two", key, draws=f"{found.draws:,}", seed=found.seed))
    heads += [two] if found.draws else []
    rows = [_figure(item, found, words) for item in found.figures.values() if item.value or item.approach_1]
    return table(words.label(TEXTS["interval"]), heads, rows, numeric=(1,), look="intervals")


def _figure(item: Figure, found: Uncertainty, words: Words) -> list[Cell]:
    intervals = [item.approach_1, item.approach_2] if found.draws else [item.approach_1]
    unit = "" if item.unit == "1" else item.unit
    return [
        words.label(item.label),
        shown(item.value),
        unit,
        *(interval_text(one, words.language) for one in intervals),
    ]


def _sources(item: Figure, words: Words, path: str) -> Table:
    names = ("source", "share_of_variance", "half_width", "distribution", "place")
    worth = [one for one in item.contributors if one.share >= _WORTH] or item.contributors[:1]
    rows = [_source(one, words, path) for one in worth]
    heads = [TEXTS[name] for name in names]
    return table(words.label(TEXTS["largest_cells"]), heads, rows, numeric=(1, 2), look="sources")


def _source(one: Contributor, words: Words, path: str) -> list[Cell]:
    given = one.input
    shared = f" ({said('shared', words.language)})" if given.shared else ""
    return [
        join(words.label(given.name), shared),
        f"{one.share:.1%}",
        typed_text(given),
        DISTRIBUTION_TEXT[given.distribution][words.language],
        told_from_file(given.place, path),
    ]


def _without(item: Figure, words: Words) -> Iterator[Block]:
    heads = [TEXTS[name] for name in ("source", "count", "share_that_moves")]
    rows = [_bare(one, words) for one in item.without[:_BARE]]
    yield table(words.label(_titled("exact", item)), heads, rows, numeric=(1, 2), look="exact")
    if len(item.without) > _BARE:
        yield Paragraph(said("more", words.language, count=len(item.without) - _BARE), "note")


def _bare(one: Bare, words: Words) -> list[Cell]:
    return [words.label(one.name), str(one.count), f"{one.share:.1%}"]


def _titled(name: str, item: Figure) -> Bilingual:
    return in_both(lambda key: said(name, key, total=item.label[key]))


def _findings(result: Result, found: Uncertainty) -> list[Finding]:
    return names_of(result).findings(found.findings)
