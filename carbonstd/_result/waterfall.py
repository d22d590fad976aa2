"""One result beside another as a waterfall: from total to total by what changed of each line."""

from __future__ import annotations

from carbonstd._charts.chart import Bar, Waterfall, largest
from carbonstd._definitions.schema import Bilingual, in_both
from carbonstd._errors import CarbonstdError
from carbonstd._findings import finding
from carbonstd._number import shown
from carbonstd._paper.markup import Words
from carbonstd._result.line_pairs import pairs
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._result.summary import figure_text
from carbonstd._units import unit_text, value_in

_MOST = 16  # changes that a chart shows; the smallest of more are gathered
_NOTHING = 1e-9  # of the larger total: what floats leave of no change


def waterfall(before: Result, after: Result) -> Waterfall:
    """The main totals of two years, editions or works, and between them every line that changed.

    What the lines do not explain (a total that is not their sum) is a step of its own, so that the steps always lead
    from total to total. Raises CarbonstdError where the totals are not of one kind, there are no lines, or no change.
    """
    was, now = _total(before), _total(after)
    if (start := value_in(was.value, was.unit, now.unit)) is None:
        raise _nothing(in_both(lambda part: f"{was.unit} / {now.unit}"), "waterfall_units")
    if not (before.lines or after.lines):
        raise _nothing(after.method.title, "waterfall_lines")
    end = now.value
    least = _NOTHING * max(abs(start), abs(end))
    paired = list(pairs(before.lines, after.lines))
    changes = [(pair.shown.line.label, pair.effect_in(now.unit)) for pair in paired]
    rest = end - start - sum(change for _, change in changes)
    changes = _gathered([item for item in changes if abs(item[1]) > least])
    if abs(rest) > least * max(len(changes), 1):
        apart = any(_apart(pair.old, now.unit) or _apart(pair.new, now.unit) for pair in paired)
        changes.append((Words.texts("waterfall_rest_apart" if apart else "waterfall_rest"), rest))
    if not changes:
        raise _nothing(after.method.title, "waterfall_none")
    decimals = max(6 - len(str(int(max(abs(start), abs(end))))), 2)
    labels = _labels(before, after)
    return Waterfall(
        "waterfall",
        Words.texts(_title(before, after)),
        unit_text(after.method.equations[now.line.equation].unit),
        Bar(labels[0], start, figure_text(was, before) if was.unit == now.unit else shown(start)),
        tuple(Bar(label, change, f"{change:+,.{decimals}f}") for label, change in changes),
        Bar(labels[1], end, figure_text(now, after)),
    )


def _total(result: Result) -> LineValue:
    primary = result.primary_line.id
    return next(item for item in result.total_lines if item.line.id == primary)


def _apart(item: LineValue | None, into: str) -> bool:
    """Whether a line stays out of the waterfall because its unit is of another kind."""
    return item is not None and item.reported and not item.line.memo and item.counted_in(into) is None


def _gathered(changes: list[tuple[Bilingual, float]]) -> list[tuple[Bilingual, float]]:
    kept, rest = largest(changes, lambda item: abs(item[1]), _MOST)
    gathered = [(Words.texts("chart_rest", count=len(rest)), sum(change for _, change in rest))] if rest else []
    return [*kept, *gathered]


def _title(before: Result, after: Result) -> str:
    if before.case.period != after.case.period:
        return "waterfall_years"
    return "waterfall_editions" if before.method.id != after.method.id else "waterfall_cases"


def _labels(before: Result, after: Result) -> tuple[Bilingual, Bilingual]:
    """What tells the two apart: period, method, entity; the first or the second where nothing does."""

    def told(result: Result, other: Result) -> Bilingual:
        parts = [
            in_both(lambda part: str(result.case.period)) if result.case.period != other.case.period else {},
            in_both(lambda part: result.method.id) if result.method.id != other.method.id else {},
            in_both(result.case.title) if result.case.title("zh") != other.case.title("zh") else {},
        ]
        return in_both(lambda part: " · ".join(filter(None, (item.get(part, "") for item in parts))))

    first, second = told(before, after), told(after, before)
    return (first, second) if first["zh"] else (Words.texts("waterfall_first"), Words.texts("waterfall_second"))


def _nothing(what: Bilingual, why: str) -> CarbonstdError:
    told = in_both(lambda part: Words.text_in(part, why, what=what[part]))
    return CarbonstdError(findings=[finding("plot-nothing", why=told)])
