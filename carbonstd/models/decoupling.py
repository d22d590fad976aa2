"""Decoupling of a region's CO2 from its economy after Tapio: changes, elasticities, what a state is found by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis._series import by_year
from carbonstd.analysis.decoupling import elasticity
from carbonstd.models import Model, Outcome
from carbonstd.models._series import gdp_step, nothing, one_price, typed

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def relative_change(year: Labels, value: Floats) -> Outcome:
    """The change of each year relative to the year before, of the years that have a figure.

    Args:
        year, value: (years,) labels and figures above zero, NaN where there is none.

    Returns:
        per cent (pairs,), `labels` the later year of each pair.
    """
    return _pairs(year, lambda changes: 100 * changes[0], value=value)


def tapio_elasticity(year: Labels, above: Floats, below: Floats) -> Outcome:
    """The relative change of one series by that of another, of the years that have both.

    Args:
        year, above, below: (years,) labels and figures above zero, NaN where there is none.

    Returns:
        (pairs,), `labels` the later year of each pair whose divisor changes.

    Source: `carbonstd.analysis.tapio`.
    """
    return _pairs(year, lambda changes: elasticity(changes[0], changes[1]), above=above, below=below)


def tapio_output(year: Labels, above: Floats, below: Floats, price_basis: Labels) -> Outcome:
    """As `tapio_elasticity`, by GDP at the constant prices of one year."""
    found = tapio_elasticity(year, above, below)
    held = np.isfinite(below)
    findings = {**found.findings, **one_price(price_basis[held]), **gdp_step(year, below, "below")}
    return Outcome(found.value, {}, findings, found.labels)


def tapio_stated(part: Labels, year: Labels, co2: Floats, gdp: Floats) -> Outcome:
    """What a state is found by, in the years in which both CO2 and GDP change: in no other is there a state.

    Args:
        part: one label: `co2` or `gdp` for the relative change of either, or `elasticity`.
        year, co2, gdp: (years,) labels and figures above zero, NaN where there is none.

    Returns:
        (pairs,), `labels` the later year of each pair.
    """
    places = {"co2": 0, "gdp": 1}

    def stated(changes: list[Floats]) -> Floats:
        both = (changes[0] != 0) & (changes[1] != 0)
        found = elasticity(*changes) if str(part[0]) == "elasticity" else changes[places[str(part[0])]]
        return np.where(both, found, np.nan)

    return _pairs(year, stated, co2=co2, gdp=gdp)


def _pairs(year: Labels, of: Callable[[list[Floats]], Floats], **named: Floats) -> Outcome:
    """A value for each pair of years of which all series are known; they have the names of the model's arguments."""
    series = list(named.values())
    known = np.isfinite(np.stack(series)).all(axis=0)
    if np.count_nonzero(known) < 2:
        return Outcome(np.empty(0))
    try:
        held, arrays = by_year(year[known], *(item[known] for item in series))
    except CaseError as error:
        return nothing(error, {}, **named)
    values = of([item[1:] / item[:-1] - 1 for item in arrays])
    told = np.isfinite(values)
    return Outcome(values[told], {}, {}, [typed(year, int(one)) for one in held[1:][told]])


_TAPIO = "Tapio, Transport Policy 12 (2005) 137"


def _change(name: str, unit: str) -> Model:
    return Model(name, relative_change, {"year": "label", "value": unit}, "%", _TAPIO, axis="year")


def _elasticity(name: str, function: Callable[..., Outcome], **units: str) -> Model:
    return Model(name, function, {"year": "label", **units}, "1", _TAPIO, axis="year")


MODELS: tuple[Model, ...] = (
    _change("change_of_co2", "1e4 tCO2"),
    _change("change_of_gdp", "1e8 CNY"),
    _change("change_of_energy", "1e4 tce"),
    _elasticity("tapio_stated", tapio_stated, part="label", co2="1e4 tCO2", gdp="1e8 CNY"),
    _elasticity("tapio_co2_gdp", tapio_output, above="1e4 tCO2", below="1e8 CNY", price_basis="label"),
    _elasticity("tapio_co2_energy", tapio_elasticity, above="1e4 tCO2", below="1e4 tce"),
    _elasticity("tapio_energy_gdp", tapio_output, above="1e4 tce", below="1e8 CNY", price_basis="label"),
)
