"""What a report says of last year: each line and quantity of both years, and what the change is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from carbonstd._errors import CarbonstdError
from carbonstd._number import shown
from carbonstd._paper import Block, Cell, Figure, Listing, Paragraph, Picture, Section, table
from carbonstd._report_html import Words, join, number, tag
from carbonstd._result import Result
from carbonstd._summary import decimals_of
from carbonstd._units import unit, unit_text
from carbonstd._verify_change import LastYear, changes
from carbonstd._verify_record import Change
from carbonstd._waterfall import waterfall


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
    with suppress(CarbonstdError):  # totals of two kinds, or no lines: the table says all there is
        yield Picture(waterfall(before, now))
    decimals = {item.line.id: decimals_of(item, now) for item in (*now.total_lines, *now.lines)}
    parts = ([item for item in found if (item.item in decimals) == lines] for lines in (True, False))
    for part, caption in zip(parts, ("change_lines", "change_quantities"), strict=True):
        if part:
            heads = [words.texts(name) for name in ("line", "unit", "last_year", "this_year", "moved", "relative")]
            rows = [_row(item, decimals.get(item.item), words) for item in part]
            yield table(words.both(caption), heads, rows, numeric=(2, 3, 4, 5), look="change")


def _row(item: Change, decimals: int | None, words: Words) -> Sequence[Cell]:
    both = item.before is not None and item.now is not None
    moved = (item.now or 0.0) - (item.before or 0.0)

    def told(value: float) -> str:
        return shown(value) if decimals is None else f"{value:,.{decimals}f}"

    label = words.label(item.label)
    return [
        tag("strong", label) if item.total else label,
        "" if item.unit == "1" else unit_text(unit(item.unit.replace("{gas}", ""))),
        *("—" if value is None else number(value, told(value)) for value in (item.before, item.now)),
        number(moved, f"{'+' if moved > 0 else ''}{told(moved)}") if both else "—",
        Figure(item.relative, share=True) if item.relative is not None else "—",
    ]
