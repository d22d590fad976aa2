"""Whether the figures of a column can be what they are taken for: too large, of another year, a slip of the unit.

What makes one doubtful is a finding at its cell; nothing is changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Column
from carbonstd._findings import Finding, finding, joined_places
from carbonstd._ledger.arithmetic import NAN
from carbonstd._ledger.axes import Axes
from carbonstd._ledger.ledger import SheetData, sources_of
from carbonstd._ledger.series import far_months
from carbonstd._number import shown
from carbonstd._units import ONE

_LISTED = 5  # cells named in one finding
# A thousandfold is a slip of the unit; starts, stops and the season make ten, and a quarter of the months at most err.
_SLIP, _SLIP_MONTHS, _SLIP_SHARE = 100, 4, 0.25
# A decimal point makes one month of a year tenfold; where the others differ threefold it is the season.
_FAR, _FAR_MONTHS, _STEADY = 8, 6, 3

Months = tuple[NDArray[np.int64], NDArray[np.float64]]  # rows, and what is usual beside each


class Plausible:
    """Judges the columns of one case."""

    def __init__(self, period: Period, axes: Axes) -> None:
        self.period, self.axes = period, axes

    def findings(
        self, column: Column, values: NDArray[np.float64], cells: Sequence[Any], data: SheetData
    ) -> Iterator[Finding]:
        yield from self.bounds(column, values, data)
        yield from self.slips(column, values, data)
        yield from self.steps(column, values, data)
        if column.within_period:
            yield from self.years(column, values, data)
        if column.dated:
            yield from self.age(column, values, data)
        if column.units.get("", ONE).text == "%" and not column.below_one:
            yield from self.per_cent(column, values, cells, data)

    def bounds(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        """Figures outside what the column allows, on the basis of their row."""
        if _within(column, values):
            return
        with np.errstate(invalid="ignore"):
            infinite = np.isinf(values)
            low = values < float(column.minimum) if column.minimum is not None else np.zeros(len(values), dtype=bool)
            maxima = [column.maxima.get(basis) for basis in column.units]
            which = np.zeros(len(values), dtype=int) if data.basis is None or not column.by_basis else data.basis
            high = values > np.array([math.inf if bound is None else float(bound) for bound in maxima])[which]
        units = [unit.text for unit in column.units.values()]
        minima = [column.minimum] * len(units)
        for code, mask, bounds in (("below-minimum", low, minima), ("above-maximum", high | infinite, maxima)):
            for row in np.flatnonzero(mask):
                bound = bounds[which[row]]
                limit = "—" if bound is None else f"{float(bound):g}"
                found = f"{values[row]:g}"
                yield _told(code, column, int(row), data, found=found, limit=limit, unit=units[which[row]])

    def slips(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        """A month a hundred times the others of its source or a hundredth of them: t typed as kg looks so."""
        yield from _told_of_months("month-slip", column, values, *self.far(values, data), data)

    def steps(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        """One month eight times the others of its source and more, and no slip of the unit; a stop is no such step."""
        yield from _told_of_months("month-far", column, values, *self.stepped(values, data), data)

    def far(self, values: NDArray[np.float64], data: SheetData) -> Months:
        """The rows of months far from the others of their source, with the median of those."""
        return self._far(values, data, _SLIP, _SLIP_MONTHS, _SLIP_SHARE, lows=True)

    def stepped(self, values: NDArray[np.float64], data: SheetData) -> Months:
        """The rows of single months above steady others of their source, with the median of those."""
        rows, usual = self._far(values, data, _FAR, _FAR_MONTHS, 1 / _FAR_MONTHS, lows=False)
        above = (values[rows] > usual) & (values[rows] <= _SLIP * usual)
        rows, usual = rows[above], usual[above]
        steady = _steady(rows, values, sources_of(data)) if len(rows) else above[:0]
        return rows[steady], usual[steady]

    def _far(
        self, values: NDArray[np.float64], data: SheetData, times: float, least: int, share: float, lows: bool
    ) -> Months:
        months = data.codes.get("month")
        if months is None or self.axes.size("month") < least:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        annual = self.axes.known("month", "")
        monthly = values if annual < 0 else np.where(months == annual, NAN, values)
        return far_months(sources_of(data), monthly, times, least, share, lows)

    def years(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        """A year typed as a number (2009.5 is in the midst of 2009) lies within the period."""
        years, period = np.floor(values), self.period
        for row in np.flatnonzero((years < period.start.year) | (years > period.end.year)):
            found = f"{values[row]:g}"
            yield _told("year-outside-period", column, int(row), data, found=found, period=str(period))

    def age(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        """Years before the period are told once, at the oldest: what is too old is for a product rule to say."""
        ages = self.period.start.year - np.floor(values)
        if (ages > 0).any():
            row, count = int(np.nanargmax(ages)), int((ages > 0).sum())
            told = {"found": f"{values[row]:g}", "years": f"{ages[row]:g}", "count": count}
            yield _told("data-earlier", column, row, data, **told, period=str(self.period))

    def per_cent(
        self, column: Column, values: NDArray[np.float64], cells: Sequence[Any], data: SheetData
    ) -> Iterator[Finding]:
        """A figure below one in a column of per cent may be a fraction: a cell shown as 18 % holds 0.18.

        One typed with its sign, as text, is meant so.
        """
        below = [int(row) for row in np.flatnonzero((values > 0) & (values < 1))]
        small = [row for row in below if not set("%％") & set(str(cells[row]))]
        if small:
            first, *others = small[:_LISTED]
            found = [f"{shown(values[first])} %"]
            found += [f"{shown(values[row])} % ({data.place(column.name, row)})" for row in others]
            more = f" … +{len(small) - _LISTED}" if len(small) > _LISTED else ""
            yield _told("percent-small", column, first, data, found="; ".join(found) + more)


def _steady(rows: NDArray[np.int64], values: NDArray[np.float64], sources: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether all other figures of the source of each row are alike."""
    of = np.zeros(int(sources.max()) + 1, dtype=bool)
    of[sources[rows]] = True
    others = of[sources] & ~np.isnan(values)
    others[rows] = False
    high, low = np.zeros(len(of)), np.full(len(of), math.inf)
    np.maximum.at(high, sources[others], values[others])
    np.minimum.at(low, sources[others], values[others])
    return (high <= _STEADY * low)[sources[rows]]


def _told_of_months(
    code: str,
    column: Column,
    values: NDArray[np.float64],
    rows: NDArray[np.int64],
    usual: NDArray[np.float64],
    data: SheetData,
) -> Iterator[Finding]:
    """One finding at the first of some months, which names the others."""
    if len(rows):
        first, *others = rows[:_LISTED].tolist()
        places = joined_places(data.place(column.name, row) for row in others)
        more = f" … +{len(rows) - _LISTED}" if len(rows) > _LISTED else ""
        also = {"zh": f"；还有 {places}{more}", "en": f"; so are {places}{more}"} if others else ""
        unit = list(column.units.values())[0 if data.basis is None or not column.by_basis else data.basis[first]]
        told = {"found": shown(values[first], 10), "usual": shown(usual[0], 6), "unit": unit.text, "also": also}
        yield _told(code, column, first, data, **told)


def _within(column: Column, values: NDArray[np.float64]) -> bool:
    """Whether no figure of a column lies outside the bounds of any basis."""
    least, most = np.fmin.reduce(values, initial=math.inf), np.fmax.reduce(values, initial=-math.inf)
    low = -math.inf if column.minimum is None else float(column.minimum)
    high = min((float(bound) for bound in column.maxima.values()), default=math.inf)
    return bool((least >= low and most <= high and -math.inf < least and most < math.inf) or least > most)


def _told(code: str, column: Column, row: int, data: SheetData, **values: Any) -> Finding:
    return finding(code, data.place(column.name, row), column=column.label, **values)
