"""Sources of a sheet that may be one: their names are a slip apart, and the months of one are those the other lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import month_spans
from carbonstd._findings import Finding, finding
from carbonstd._ledger.axes import Axes, first_rows
from carbonstd._ledger.ledger import SheetData
from carbonstd._ledger.month_rows import source_labels
from carbonstd._near import slip

MOST = 300  # sources compared; of more that lack months nobody would read the pairs


def split_sources(data: SheetData, axes: Axes, months: Sequence[str]) -> Iterator[Finding]:
    """Of sources without activity in some months two may be one, called in two ways. Its numbers are read."""
    names = source_labels(data.sheet)
    found = _activity(data, names, axes, months)
    if found is None:
        return
    short = np.flatnonzero(found.short)
    short = short[np.argsort(first_rows(found.source, len(found.keys))[short])][:MOST]  # in the order of their rows
    sources, held = [axes.named(names, int(found.keys[place])) for place in short], found.held[short]
    columns = [data.sheet.columns[name] for name in names]
    typed = [place for place, column in enumerate(columns) if not column.vocabulary]  # of a list each is another
    for pair in pairs(sources, held, typed):
        values: dict[str, Any] = {"column": columns[pair.label].label}
        for which, place in (("first", pair.first), ("second", pair.second)):
            spans = month_spans([month for month, there in zip(months, held[place], strict=True) if there])
            values |= {which: sources[place][pair.label], f"{which}_months": spans}
        yield finding("source-split", data.sheet.id, **values)


def rows_of_short(data: SheetData, names: Sequence[str], axes: Axes, months: Sequence[str]) -> NDArray[np.bool_]:
    """The rows of sources without activity in some months, told apart by these labels. Shape (rows,)."""
    rows, found = np.zeros(data.rows, dtype=bool), _activity(data, names, axes, months)
    if found is not None:
        rows[found.rows] = found.short[found.source]
    return rows


class _Activity(NamedTuple):
    """Rows with activity, the source of each, the sources, and the months each has, of shape (sources, months)."""

    rows: NDArray[np.bool_]
    source: NDArray[np.int64]
    keys: NDArray[np.int64]
    held: NDArray[np.bool_]

    @property
    def short(self) -> NDArray[np.bool_]:
        """Sources with some of the months and not all."""
        return np.logical_and(self.held.any(axis=1), ~self.held.all(axis=1))


def _activity(data: SheetData, names: Sequence[str], axes: Axes, months: Sequence[str]) -> _Activity | None:
    if "month" not in data.codes or not names:
        return None
    rows = ~_idle(data)
    for name in (*names, "month"):
        rows &= data.codes[name] >= 0
    if not rows.any():
        return None
    source, keys = axes.occurring(names, [data.codes[name][rows] for name in names])
    held = np.zeros((len(keys), axes.size("month") + 1), dtype=bool)  # the last column: a month never met
    held[source, data.codes["month"][rows]] = True
    return _Activity(rows, source, keys, held[:, [axes.known("month", month) for month in months]])


def _idle(data: SheetData) -> NDArray[np.bool_]:
    """Rows whose quantities are 0, as a month without activity is typed. Shape (rows,)."""
    zero, other = np.zeros(data.rows, dtype=bool), np.zeros(data.rows, dtype=bool)
    for name, values in data.numbers.items():
        if not data.sheet.columns[name].unit.ratio:
            zero |= values == 0
            other |= (values != 0) & ~np.isnan(values)
    return zero & ~other


class Pair(NamedTuple):
    """Two sources by their places, and the place of the label in which they differ."""

    first: int
    second: int
    label: int


def pairs(sources: Sequence[Sequence[str]], held: NDArray[np.bool_], typed: Sequence[int]) -> Iterator[Pair]:
    """Pairs that may be one source typed in two ways, all other labels being equal.

    `held` says which months each has, of shape (sources, months); `typed` are the places of labels that no list bounds.
    """
    met: dict[tuple[int, tuple[str, ...], bytes], list[int]] = defaultdict(list)
    for second, labels in enumerate(sources):
        for at in typed:
            others = (*labels[:at], *labels[at + 1 :])
            for first in met[at, others, (~held[second]).tobytes()]:
                if slip(sources[first][at], labels[at]):
                    yield Pair(first, second, at)
            met[at, others, held[second].tobytes()].append(second)
