"""Growth of drivers by scenario, compounded from the base year, and the year in which a scenario has its maximum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.analysis._series import year_of
from carbonstd.analysis.pathway import grown
from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def compounded(base_year: Labels, scenario: Labels, year: Labels, growth: Floats) -> Outcome:
    """By what a driver has grown since the base year at the end of each row.

    A row gives the yearly growth from the year of the scenario's row before it, or from the base year, to its own.

    Args:
        base_year: one label. scenario, year: (rows,) labels, in any order.
        growth: (rows,) yearly fractions, above -1.

    Returns:
        ratios (rows,); `working`: the years of each row. NaN and findings where a year is unread, not after the base
        year or comes twice in its scenario, and where nothing is left.
    """
    base, held = year_of(base_year[0]), np.array([year_of(label) for label in year])
    spans, index = np.full(len(year), np.nan), np.full(len(year), np.nan)
    for name in dict.fromkeys(scenario):
        rows = np.flatnonzero(scenario == name)
        rows = rows[np.argsort(held[rows], kind="stable")]
        spans[rows] = np.diff(held[rows], prepend=base)
        with np.errstate(invalid="ignore", divide="ignore"):
            index[rows] = grown(growth[rows], spans[rows])
    wrong, gone = ~(spans > 0), growth <= -1
    findings: dict[str, Any] = {}
    if wrong.any():
        findings["growth-year"] = (wrong, {"scenario": scenario, "year": year, "base": base_year[0]}, "year")
    if gone.any():
        findings["growth-rate"] = (gone, {"growth": growth}, "growth")
    return Outcome(np.where(wrong | gone, np.nan, index), {"years": spans}, findings)


def scenario_maximum(
    ended: Labels, base_year: Labels, base_co2: Floats, scenario: Labels, year: Labels, co2: Floats
) -> Outcome:
    """The most CO2 of each scenario, told apart by whether it lies before the last year.

    Between two rows a driver grows at one rate, so that a path bends only at the years of rows.

    Args:
        ended: one label: `before` for scenarios whose maximum lies before their last year, `last` for the others.
        base_year, base_co2: one of each, a label and 1e4 tCO2.
        scenario, year, co2: (rows,) labels and 1e4 tCO2.

    Returns:
        1e4 tCO2 (scenarios,), `labels` scenario and year of the maximum, the first of equals. A scenario with a year or
        a figure missing has none.
    """
    labels, values = [], []
    for name in dict.fromkeys(scenario):
        rows = np.flatnonzero(scenario == name)
        held = np.array([year_of(label) for label in year[rows]])
        rows = rows[np.argsort(held, kind="stable")]
        path = np.append(base_co2[:1], co2[rows])
        if not (np.isfinite(path).all() and np.isfinite(held).all()):
            continue
        at = [base_year[0], *year[rows]]
        place = int(np.argmax(path))
        if (place == len(path) - 1) == (str(ended[0]) == "last"):
            labels.append(f"{name} · {at[place]}")
            values.append(path[place])
    return Outcome(np.array(values, dtype=np.float64), {}, {}, labels)


_SOURCE = "arithmetic of growth"

MODELS: tuple[Model, ...] = (
    Model(
        "compounded",
        compounded,
        {"base_year": "label", "scenario": "label", "year": "label", "growth": "1"},
        "1",
        _SOURCE,
        together=True,
    ),
    Model(
        "scenario_maximum",
        scenario_maximum,
        {
            "ended": "label",
            "base_year": "label",
            "base_co2": "1e4 tCO2",
            "scenario": "label",
            "year": "label",
            "co2": "1e4 tCO2",
        },
        "1e4 tCO2",
        _SOURCE,
        axis="scenario_maximum",
    ),
)
