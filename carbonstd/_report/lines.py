"""The pages of a report that hold its lines: by source and gas, and by month, each as chart and table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._definitions.line_words import bucket_text
from carbonstd._number import shown
from carbonstd._paper.markup import Html, Words, join, number, tag
from carbonstd._paper.paper import Block, Cell, Paragraph, Picture, Section, Table, table
from carbonstd._report.months import ByMonth, by_month
from carbonstd._result.basis import cited_by
from carbonstd._result.charts import flow as flow_chart
from carbonstd._result.charts import month_chart, month_name, sources, unit_of
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._result.summary import figure_text
from carbonstd._uncertainty.text import TEXTS, percent
from carbonstd._units import unit, unit_text
from carbonstd._wording import STATUS_TEXT

_NUMERIC = ("value", "interval", "share")
_MONTHS, _NARROW = 12, 10  # columns of one table, where the widest figure of a month has no more characters
_THOUSAND, _MILLION = 1_000, 1_000_000


def figure(item: LineValue, result: Result) -> Html:
    """The value of a line as everywhere else it is shown."""
    return number(item.value, figure_text(item, result))


def lines(result: Result, words: Words) -> Section | None:
    """The chart by source, and the table of lines with gas, scope, bucket and status."""
    if not result.lines:
        return None
    body = [_line_cells(item, result, words) for item in result.lines]
    below = [_total_cells(item, result, words) for item in result.total_lines]
    names = [name for name in body[0] if any(cells.get(name) for cells in (*body, *below))]  # no column of blanks
    rows, foot = ([[cells.get(name, "") for name in names] for cells in part] for part in (body, below))
    heads = [TEXTS["interval"] if name == "interval" else words.texts(name) for name in names]
    numeric = [at for at, name in enumerate(names) if name in _NUMERIC]
    made = table(words.both("lines_caption"), heads, rows, numeric, foot, "lines")
    note = Paragraph(words.both("lines_note"), "note")
    heading = words.texts("lines" if result.method.gases else "lines_plain")
    return Section("lines", heading, (*_source_charts(result, words), made, note))


def intensity(result: Result, words: Words) -> Section | None:
    """The ratios among totals and lines; None where the document knows none, or nothing of it is reported."""
    items = [
        item
        for item in (*result.total_lines, *result.lines)
        if item.reported and unit(item.unit).ratio and item.line.id != result.primary_line.id
    ]
    if not items:
        return None
    rows = [
        [
            words.label(item.line.label),
            figure(item, result),
            unit_of(result, item, words.language),
            STATUS_TEXT[item.state][words.language],
        ]
        for item in items
    ]
    heads = [words.texts(name) for name in ("line", "value", "unit", "status")]
    made = table(words.both("intensity_caption"), heads, rows, numeric=(1,))
    return Section("intensity", words.texts("intensity"), (made,))


def flow(result: Result, words: Words) -> Section | None:
    """The picture of what flows; None where there is none."""
    chart, told = flow_chart(result), result.method.flow
    if chart is None or told is None:
        return None
    note = [Paragraph(words.label(told.note), "note")] if told.note else []
    return Section("flow", words.texts("flow"), (Picture(chart), *note))


def months(result: Result, words: Words) -> Section:
    """The chart and the table by month."""
    found = by_month(result)
    if not found:
        return Section("months", words.texts("months"), (Paragraph(words.both("months_none"), "note"),))
    parts = [part for index, item in enumerate(found) for part in _month_parts(item, index, words)]
    if len(found) > 1:
        parts.append(Paragraph(words.both("units_apart"), "note"))
    return Section("months", words.texts("months"), tuple(parts), "wide")


def share_text(item: LineValue, result: Result, before: str = "") -> str:
    total = abs(result.primary.value)
    counted = item.counted_in(result.primary.unit)
    return f"{before}{counted / total:.1%}" if total and counted is not None else ""


def counted_text(item: LineValue, words: Words) -> str:
    """Whether the line is added to the total, taken from it or outside it."""
    return words.text("counted_memo" if item.line.memo else "counted_minus" if item.line.sign < 0 else "counted_plus")


def _line_cells(item: LineValue, result: Result, words: Words) -> dict[str, Cell]:
    line = item.line
    return {
        "line": join(words.label(line.label), " ", tag("code", line.id, class_="id")),
        "gas": line.gas,
        "value": figure(item, result),
        "unit": unit_of(result, item, words.language),
        "interval": _relative(item, result),
        "counted": counted_text(item, words),
        "share": share_text(item, result),
        "scope": line.scope,
        "bucket": bucket_text(line.bucket)[words.language],
        "iso": line.iso,
        "status": STATUS_TEXT[item.state][words.language],
        "rests_on": cited_by(result.method, line.equation),
    }


def _total_cells(item: LineValue, result: Result, words: Words) -> dict[str, Cell]:
    kept = ("gas", "value", "unit", "interval", "status", "rests_on")
    cells = _line_cells(item, result, words)
    return {"line": words.label(item.line.label)} | {name: cells[name] for name in kept}


def _relative(item: LineValue, result: Result) -> str:
    """The half-width of a line's interval as a share of its value."""
    interval = result.intervals.figures[item.line.id].interval if result.intervals else None
    return f"±{percent(interval.relative)}" if interval and interval.relative is not None else ""


def _source_charts(result: Result, words: Words) -> Iterator[Block]:
    charts = sources(result)
    yield from map(Picture, charts)
    if len(charts) > 1:
        yield Paragraph(words.both("units_apart"), "note")
    if any(item.line.memo for item in result.lines):
        yield Paragraph(words.both("memo_apart"), "note")


def _month_parts(item: ByMonth, index: int, words: Words) -> Iterator[Block]:
    chart = month_chart(item, index)
    yield Picture(chart)
    rest = sum(line.rest for line in item.lines)
    without = any(line.rest for line in item.lines)
    note = words.both("months_rest", value=shown(rest, 6), unit=chart.unit) if without else words.both("months_all")
    blank = any(not there for line in item.lines for there in line.held)
    yield Paragraph(join(note, " ", words.both("months_blank") if blank else ""), "note")
    largest = max(abs(value) for line in item.lines for value in (*line.values, line.rest, line.total))
    digits = 0 if largest >= _MILLION else 1 if largest >= _THOUSAND else 2
    widest = max(len(_compact(value, digits)) for line in item.lines for value in line.values)
    across = _MONTHS if widest <= _NARROW else _MONTHS // 2
    for start in range(0, len(item.months), across):
        yield _month_table(item, slice(start, start + across), digits, words)


def _month_table(item: ByMonth, part: slice, digits: int, words: Words) -> Table:
    last = part.stop >= len(item.months)
    without = any(line.rest for line in item.lines)
    months = item.months[part]
    heads = [words.texts("line"), *(month_name(month, item.months) for month in months)]

    def cells(values: Sequence[float], held: Sequence[bool], rest: float, total: float) -> Iterator[Html]:
        for value, there in zip(values[part], held[part], strict=True):
            yield number(value, _compact(value, digits)) if there else Html("—")
        ends = [rest] * (last and without) + [total] * last
        yield from (number(value, _compact(value, digits)) for value in ends)

    rows = [
        [words.label(line.item.line.label), *cells(line.values, line.held, line.rest, line.total)]
        for line in item.lines
    ]
    sums = [sum(column) for column in zip(*(line.values for line in item.lines), strict=True)]
    any_held = [any(column) for column in zip(*(line.held for line in item.lines), strict=True)]
    rest, total = sum(line.rest for line in item.lines), sum(line.total for line in item.lines)
    foot = [words.both("sum"), *cells(sums, any_held, rest, total)]
    if last:
        heads += [words.texts("no_month")] * without + [words.texts("sum")]
    of = unit_text(unit(item.unit), words.language)
    caption = join(words.both("months_caption"), f" ({of})" if of else "")
    return table(caption, heads, rows, range(1, len(heads)), [foot], "months")


def _compact(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if value else "0"
