"""Rows by their labels: those that repeat others, and months of one source that stand far from its other months.

A slip of the unit or of the decimal point looks so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


def combined(columns: Sequence[Rows]) -> tuple[Rows, int]:
    """One number for each combination of codes (-1: blank), and the largest it may be. Shape (rows,)."""
    key, largest = np.zeros(len(columns[0]), dtype=np.int64), 0
    for codes in columns:
        size = int(codes.max(initial=-1)) + 2
        if largest > np.iinfo(np.int64).max // size - 1:
            key = np.unique(key, return_inverse=True)[1]
            largest = len(key)
        key *= size
        key += codes
        key += 1
        largest = largest * size + size - 1
    return key, largest


def numbered(columns: Sequence[Rows]) -> Rows:
    """Which combination of codes each row has, by numbers few enough to count by."""
    key, largest = combined(columns)
    return key if largest <= 4 * len(key) + 1_000_000 else np.unique(key, return_inverse=True)[1]


def repeated(columns: Sequence[Rows]) -> list[tuple[int, int]]:
    """Rows whose codes (-1: blank) stood in a row before, and the first such row."""
    if not columns:
        return []
    key, _ = combined(columns)
    if int(key.max(initial=0)) <= 4 * len(key) + 1_000_000:  # few enough to count, not sort
        several = np.bincount(key).max(initial=0) > 1
    else:
        ordered = np.sort(key)
        several = np.any(ordered[1:] == ordered[:-1])
    if not several:
        return []
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    rows = np.flatnonzero(first[group] != np.arange(len(key)))
    return list(zip(rows.tolist(), first[group][rows].tolist(), strict=True))


def far_months(
    series: Rows, values: Floats, times: float, months: int, share: float = 1.0, lows: bool = True
) -> tuple[Rows, Floats]:
    """The rows, ascending, that are over `times` the median of the others of their series or under its like part.

    The medians come with them; without `lows` only those over it are looked for. Blanks and zeros are left out. A
    series has at least `months` figures; where more than `share` of them are far it is one that varies so (heating in
    winter), and nothing is said of it.
    """
    kept, number = _doubtful(series, values, times, lows)
    counts = np.bincount(number)
    order = np.argsort(values[kept])
    order = order[np.argsort(number[order].astype(np.min_scalar_type(len(counts))), kind="stable")]
    kept, number = kept[order], number[order]
    figures, several = values[kept], counts[number]
    usual = _median_of_others(figures, (np.cumsum(counts) - counts)[number], several)
    far = ((figures > times * usual) | (lows & (figures * times < usual))) & (several >= months)
    far &= np.bincount(number[far], minlength=len(counts))[number] <= share * several
    order = np.argsort(kept[far])
    return kept[far][order], usual[far][order]


def _doubtful(series: Rows, values: Floats, times: float, lows: bool) -> tuple[Rows, Rows]:
    """The rows of series in which some figure may be far, and those series numbered: found without sorting all.

    A series with a figure far above or below its others has one far below the largest of all, and at least half of the
    others far below its largest or far above its smallest.
    """
    least, bound = np.fmin.reduce(values, initial=np.inf), np.fmax.reduce(values, initial=0.0) / times
    if least > bound:  # no column is as wide as that: nothing need be made of its size
        return series[:0], series[:0]
    positive = values > 0
    small = np.flatnonzero((values <= bound) & positive)
    marked = np.zeros(int(series.max(initial=-1)) + 1, dtype=bool)
    marked[series[small]] = True
    kept = np.flatnonzero(marked[series] & positive) if len(small) else small
    kept, number = _narrowed(kept, series[kept], marked)

    high, low = np.zeros(np.count_nonzero(marked)), np.full(np.count_nonzero(marked), np.inf)
    np.maximum.at(high, number, values[kept])
    np.minimum.at(low, number, values[kept])
    wide = high > times * low
    kept, number = _narrowed(kept, number, wide)

    figures, high, low = values[kept], high[wide], low[wide]
    below = np.bincount(number[figures * times < high[number]], minlength=len(high))
    above = np.bincount(number[figures > times * low[number]], minlength=len(high)) if lows else below
    return _narrowed(kept, number, 2 * np.maximum(below, above) >= np.bincount(number, minlength=len(high)) - 1)


def _narrowed(rows: Rows, number: Rows, some: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """The rows that are of some of the series, and these series numbered anew."""
    held = some[number]
    if not held.all():
        rows, number = rows[held], number[held]
    return rows, (np.cumsum(some) - 1)[number]


def _median_of_others(values: Floats, first: Rows, counts: Rows) -> Floats:
    """For each figure the median of the others of its series; series stand sorted, behind one another."""
    rank = np.arange(len(values)) - first
    middle = np.zeros(len(values))
    for half in ((counts - 2) // 2, (counts - 1) // 2):  # of one figure less: the same place twice, or two neighbours
        middle += values[first + np.where(half < rank, half, np.minimum(half + 1, counts - 1))] / 2
    return middle
