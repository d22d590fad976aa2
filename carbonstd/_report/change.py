"""What a report says of last year: each line and quantity of both years, and what the change is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._errors import CarbonstdError
from carbonstd._number import shown
from carbonstd._paper.markup import Words, join, number, tag
from carbonstd._paper.paper import Block, Cell, Figure, Listing, Paragraph, Picture, Section, table
from carbonstd._report.lines import counted_text
from carbonstd._result.line_pairs import pairs
from carbonstd._result.result import Result
from carbonstd._result.summary import decimals_of
from carbonstd._result.waterfall import waterfall
from carbonstd._units import unit, unit_text
from carbonstd._verify.change import LastYear, changes
from carbonstd._verify.record import Change


def change(result: Result, words: Words, last: LastYear | None) -> Section | None:
    """Both years side by side; None where no year before was given."""
    if last is None:
        return None
    told = [join(tag("code", item.code), " ", item.message(words.language)) for item in last.findings]
    blocks: list[Block] = [Listing(tuple(told))] if told else []
    if last.result is not None:
        blocks += _compared(result, last.result, words)
    return Section("change", words.texts("change"), tuple(blocks))


def _compared(now: Result, before: Result, words: Words) -> Iterator[Block]:
    years = {"before": str(before.case.period), "now": str(now.case.period)}
    yield Paragraph(words.both("change_years", **years))
    found = changes(now, before, float("inf"))
    try:
        yield Picture(waterfall(before, now))
    except CarbonstdError as error:  # totals of two kinds, no lines, or no change
        yield Paragraph(words.label(error.findings[0].values["why"]), "note")
    counts = _counts(now, before, words)
    held = ((item, result) for result in (before, now) for item in (*result.total_lines, *result.lines))
    decimals = {item.line.id: decimals_of(item, result) for item, result in held}
    parts = ([item for item in found if (item.item in counts) == lines] for lines in (True, False))
    for part, lines in zip(parts, (True, False), strict=True):
        if part:
            names = ("line", *("counted",) * lines, "unit", "last_year", "this_year", "moved", "relative")
            heads = [words.texts(name) for name in names]
            rows = [_row(item, [counts[item.item]] if lines else [], decimals.get(item.item), words) for item in part]
            caption = words.both("change_lines" if lines else "change_quantities")
            yield table(caption, heads, rows, range(len(names) - 4, len(names)), look="change")


def _counts(now: Result, before: Result, words: Words) -> dict[str, str]:
    """How each line counts in the total, and how it did where the edition of last year counted it otherwise."""
    counts = dict.fromkeys((pair.shown.line.id for pair in pairs(before.total_lines, now.total_lines)), "")
    for pair in pairs(before.lines, now.lines):
        told = (counted_text(item, words) for item in (pair.old, pair.new) if item)
        counts[pair.shown.line.id] = " → ".join(dict.fromkeys(told))
    return counts


def _row(item: Change, counts: Sequence[Cell], decimals: int | None, words: Words) -> Sequence[Cell]:
    both = item.before is not None and item.now is not None
    moved = (item.now or 0.0) - (item.before or 0.0)

    def told(value: float) -> str:
        return shown(value) if decimals is None else f"{value:,.{decimals}f}"

    label = words.label(item.label)
    return [
        tag("strong", label) if item.total else label,
        *counts,
        unit_text(unit(item.unit.replace("{gas}", "")), words.language),
        *("—" if value is None else number(value, told(value)) for value in (item.before, item.now)),
        number(moved, f"{'+' if moved > 0 else ''}{told(moved)}") if both else "—",
        Figure(item.relative, share=True) if item.relative is not None else "—",
    ]
