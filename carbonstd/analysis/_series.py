"""Series by year: read, put in the order of the years and checked before anything is computed of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding

Floats = NDArray[np.float64]


def year_of(label: Any) -> float:
    """A year of four digits, with or without 年; NaN where it cannot be read."""
    found = re.fullmatch(r"\s*(\d{4})(?:\.0)?\s*年?\s*", str(label))
    return float(found[1]) if found else float("nan")


def order_of(years: Iterable[Any], least: int = 2, *, gaps: bool = False) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The years in their order and how to put what belongs to them in that order.

    Raises CaseError where a year is no year, comes twice or, unless there may be `gaps`, is left out, and where there
    are fewer than `least`.
    """
    labels = list(years)
    held = np.array([year_of(label) for label in labels])
    found = _years(labels, held, least, gaps)
    if found:
        raise CaseError(findings=found)
    order = np.argsort(held)
    return held[order].astype(np.int64), order


def by_year(
    years: Iterable[Any],
    *series: ArrayLike,
    least: int = 2,
    above_zero: bool = True,
    gaps: bool = False,
    cells: bool = False,
) -> tuple[NDArray[np.int64], list[Floats]]:
    """The years and each series in the order of the years, all of them finite and above zero (or not negative).

    Args:
        years: a label each, in any order.
        series: (years,) each, or with `cells` (years, ...).

    Raises:
        CaseError: as `order_of`; lengths that differ, a figure that is no number, missing, infinite or out of range.
    """
    held, order = order_of(years, least, gaps=gaps)
    arrays = [numbers(item) for item in series]
    found = _lengths(len(held), arrays, cells) or _figures(arrays, above_zero)
    if found:
        raise CaseError(findings=found)
    return held, [item[order] for item in arrays]


def numbers(values: ArrayLike) -> Floats:
    """An array of figures. Raises CaseError where one is no number, or rows are of several lengths."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise CaseError(findings=[finding("series-number")]) from None


def figures(values: ArrayLike, *, least: int) -> Floats:
    """A plain series of finite figures. Raises CaseError where it is too short or a figure is missing."""
    array = numbers(values)
    if array.ndim != 1 or len(array) < least:
        raise CaseError(findings=[finding("series-short", count=len(array) if array.ndim else 0, least=least)])
    if not np.isfinite(array).all():
        raise CaseError(findings=[finding("series-missing")])
    return array


def _lengths(years: int, arrays: list[Floats], cells: bool) -> list[Finding]:
    wrong = [item for item in arrays if item.shape[:1] != (years,) or (item.ndim > 1 and not cells)]
    return [finding("series-lengths", years=years, count=wrong[0].size)] if wrong else []


def _years(labels: list[Any], held: Floats, least: int, gaps: bool) -> list[Finding]:
    unread = [str(label) for label, year in zip(labels, held, strict=True) if np.isnan(year)]
    if unread:
        return [finding("series-year", year=", ".join(unread))]
    found, unique = [], np.unique(held)
    if len(unique) < len(held):
        twice = [f"{year:.0f}" for year in unique if np.count_nonzero(held == year) > 1]
        found.append(finding("series-year-twice", years=", ".join(twice)))
    if len(unique) < least:
        found.append(finding("series-short", count=len(unique), least=least))
    absent = sorted(set(range(int(held.min()), int(held.max()))) - {int(year) for year in held}) if len(held) else []
    if absent and not gaps:
        found.append(finding("series-gap", years=", ".join(map(str, absent))))
    return found


def _figures(arrays: list[Floats], above_zero: bool) -> list[Finding]:
    if not all(np.isfinite(item).all() for item in arrays):
        return [finding("series-missing")]
    if any((item <= 0 if above_zero else item < 0).any() for item in arrays):
        return [finding("series-not-above-zero" if above_zero else "series-negative")]
    return []
