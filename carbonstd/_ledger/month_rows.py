"""The months of a source: every month of the period, or one figure of the year, and never both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import month_spans
from carbonstd._definitions.method import Sheet
from carbonstd._findings import Finding, finding
from carbonstd._ledger.axes import Axes, first_rows
from carbonstd._ledger.ledger import SheetData

_LISTED = 5  # sources named in one finding


def source_labels(sheet: Sheet) -> list[str]:
    """The labels that tell the sources of a sheet apart, a month's and a meter's number not among them."""
    labels = (name for name, column in sheet.columns.items() if column.kind == "label" and not column.identifier)
    return [name for name in labels if name != sheet.source_column]


def check_months(data: SheetData, axes: Axes, months: Sequence[str]) -> Iterator[Finding]:
    """A source reported by month should have every month of the period; a finding names those that do not.

    `data` keeps what is found on the way: which source each row is of, and whether its labels tell all rows apart.
    """
    names = source_labels(data.sheet)
    if "month" not in data.codes or not data.rows:
        return
    if data.sheet.every_month:
        yield from _months_needed(data, names, axes, months)
    elif names:
        yield from _months_of_sources(data, names, axes, months)
    else:  # one source, unless numbers of meters or bills tell several apart
        held = np.unique(data.codes["month"])
        one = not any(item.identifier for item in data.sheet.columns.values())
        if one and len(held) > 1 and axes.known("month", "") in held:
            yield finding("annual-and-monthly", data.sheet.id, label=data.sheet.label)


def _months_of_sources(data: SheetData, names: Sequence[str], axes: Axes, months: Sequence[str]) -> Iterator[Finding]:
    codes = [data.codes[name] for name in (*names, "month")]
    if any(code.min() < 0 for code in codes):
        readable = np.min(codes, axis=0) >= 0
        codes = [code[readable] for code in codes]
    source, sources = axes.occurring(names, codes[:-1])
    seen = _seen(source, codes[-1], (len(sources), axes.size("month") + 1))  # the last column: a month never met
    data.apart = np.count_nonzero(seen) == data.rows
    data.keep_sources(source)
    annual = axes.known("month", "")
    if annual >= 0:
        for place in np.flatnonzero(seen[:, annual] & (np.count_nonzero(seen, axis=1) > 1)):
            label = " / ".join(filter(None, axes.named(names, int(sources[place]))))
            yield finding("annual-and-monthly", data.sheet.id, label=label)
    by_month = seen[:, [axes.known("month", month) for month in months]]
    short = np.flatnonzero(by_month.any(axis=1) & ~by_month.all(axis=1))
    data.complete = not len(short)
    if len(short):
        short = short[np.argsort(first_rows(source, len(sources))[short])]  # in the order of their rows
        held = by_month[short]
        labels = [axes.named(names, key) for key in sources[short[:_LISTED]].tolist()]
        gaps = (_spans(months, ~there) for there in held[:_LISTED])
        listed = [f"{' / '.join(filter(None, label))} ({gap})" for label, gap in zip(labels, gaps, strict=False)]
        more = f" … +{len(short) - _LISTED}" if len(short) > _LISTED else ""
        values = {"label": data.sheet.label, "count": len(short), "sources": "; ".join(listed) + more}
        yield finding("months-incomplete", data.sheet.id, **values)


def _seen(source: NDArray[np.int64], months: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Which months each source has. Shape (sources, months)."""
    seen = np.zeros(shape, dtype=bool)
    cells = source * shape[1]
    cells += months
    seen.reshape(-1)[cells] = True
    return seen


def _spans(months: Sequence[str], held: NDArray[np.bool_]) -> str:
    return month_spans([month for month, there in zip(months, held, strict=True) if there])


def _months_needed(data: SheetData, names: Sequence[str], axes: Axes, expected: Sequence[str]) -> Iterator[Finding]:
    """Where the figure of a period hangs on each of its months, a source without one of them is refused."""
    held: dict[tuple[int, ...], set[str]] = {}
    for row, month in enumerate(data.codes["month"]):
        source = tuple(int(data.codes[name][row]) for name in names)
        held.setdefault(source, set()).add(axes.labels["month"][month] if month >= 0 else "")
    for source, months in held.items():
        absent = [month for month in expected if month not in months]
        if absent and "" not in months:  # a month that cannot be read is told already
            labels = (axes.labels[name][code] for name, code in zip(names, source, strict=True) if code >= 0)
            text = " / ".join([*labels, month_spans(absent)])
            yield finding("months-needed", data.sheet.id, label=data.sheet.label, sources=text)
