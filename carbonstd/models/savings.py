"""Savings whose rows hang on each other: years that are chained, measures that overlap, months that add up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.analysis._series import year_of
from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def years_between(year: Labels, reference_year: Labels) -> Outcome:
    """How many years lie between two, such as 2 from 2014 to 2016.

    Args:
        year, reference_year: (rows,) four digits, with or without 年.

    Returns:
        years (rows,), negative where the year reported comes first; NaN and a finding where a year cannot be read.
    """
    between = np.array([year_of(one) - year_of(other) for one, other in zip(year, reference_year, strict=True)])
    unread = np.isnan(between)
    values = {"year": year, "reference_year": reference_year}
    return Outcome(between, {}, {"year-unreadable": (unread, values)} if unread.any() else {})


def chained_reference(
    reference_consumption: Floats,
    series: Labels,
    basis: Labels,
    year: Labels,
    reference_year: Labels,
    consumption: Floats,
    accumulation: Labels,
) -> Outcome:
    """What the year a row is compared with reported of itself; the row's own figure where the chain begins.

    Args:
        reference_consumption, consumption: (rows,) unit consumption of the year compared with and of the year reported.
        series, basis: (rows,) what is followed through the years: product, or value indicator and prices.
        year, reference_year: (rows,) as in `years_between`.
        accumulation: (rows,) `chained` where the years are; nothing is found of others.

    Returns:
        unit consumption (rows,), `findings`: a year that is left out of the chain.
    """
    reported = dict(zip(zip(series, basis, map(year_of, year), strict=True), consumption, strict=True))
    begun: dict[tuple[Any, Any], float] = {}
    for one, other, first in zip(series, basis, map(year_of, year), strict=True):
        begun[one, other] = min(first, begun.get((one, other), first))
    before, gap = reference_consumption.astype(np.float64), np.zeros(len(year), dtype=bool)
    for row, (one, other, reference) in enumerate(zip(series, basis, map(year_of, reference_year), strict=True)):
        before[row] = reported.get((one, other, reference), reference_consumption[row])
        gap[row] = (one, other, reference) not in reported and reference >= begun[one, other]
    gap &= accumulation == "chained"
    return Outcome(before, {}, {"chain-gap": (gap, {"year": reference_year})} if gap.any() else {})


def overlap_partner(with_measure: Labels, measure: Labels, known: Labels, saving: Floats) -> Outcome:
    """What the other measure of an overlap saves, and whether the pair can be taken off.

    Args:
        with_measure, measure: (overlaps,) the other measure and the one it is taken off.
        known, saving: (measures,) the measures there are and what each saves, tce.

    Returns:
        tce (overlaps,), `findings`: a measure that is not there, a pair that was entered the other way round as well.
    """
    savings = {str(name): float(value) for name, value in zip(known, saving, strict=True)}
    found = np.array([savings.get(str(name), np.nan) for name in with_measure])
    unknown = np.array([str(name) not in savings for name in with_measure], dtype=bool)
    seen: set[tuple[str, str]] = set()
    twice = np.zeros(len(measure), dtype=bool)
    for row, (one, other) in enumerate(zip(map(str, measure), map(str, with_measure), strict=True)):
        twice[row] = one != other and (other, one) in seen
        seen.add((one, other))
    findings: dict[str, Any] = {}
    if unknown.any():
        findings["overlap-unknown"] = (unknown, {"measure": with_measure, "known": ", ".join(savings)})
    if twice.any():
        findings["overlap-both-ways"] = (twice, {"measure": measure, "other": with_measure})
    return Outcome(found, {}, findings)


def cumulated(month: Labels, value: Floats) -> Outcome:
    """The sum of all months up to each (CUSUM).

    Args:
        month, value: (months,) each month once, in any order; tce.

    Returns:
        tce (months,), `labels` the months in the order of the calendar; `working`: the value of each month.
    """
    order = np.argsort(month.astype(str))
    months = [str(item) for item in month[order]]
    return Outcome(np.cumsum(value[order]), {"month": month[order], "difference": value[order]}, {}, months)


_CHAIN = {"series": "label", "basis": "label", "year": "label", "reference_year": "label"}
_SOURCE = "arithmetic of years, of pairs and of running sums"


def _chained(name: str, unit: str) -> Model:
    arguments = {"reference_consumption": unit, **_CHAIN, "consumption": unit, "accumulation": "label"}
    return Model(name, chained_reference, arguments, unit, _SOURCE, together=True)


MODELS: tuple[Model, ...] = (
    Model("years_between", years_between, {"year": "label", "reference_year": "label"}, "1", _SOURCE),
    _chained("chained_product", "kgce/t"),
    _chained("chained_value", "tce/1e4 CNY"),
    Model(
        "overlap_partner",
        overlap_partner,
        {"with_measure": "label", "measure": "label", "known": "label", "saving": "tce"},
        "tce",
        _SOURCE,
        together=True,
    ),
    Model("cumulated", cumulated, {"month": "label", "value": "tce"}, "tce", _SOURCE, axis="month"),
)
