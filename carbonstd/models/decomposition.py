"""What drives the CO2 of a region, year by year: the factors of Kaya by LMDI."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis.lmdi import Chaining, Decomposition, kaya
from carbonstd.models import Model, Outcome
from carbonstd.models._series import nothing, one_boundary, one_price, typed

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def kaya_factor(
    factor: Labels,
    year: Labels,
    population: Floats,
    gdp: Floats,
    price_basis: Labels,
    energy: Floats,
    co2: Floats,
    boundary: Labels,
    *,
    chaining: Chaining,
    part: Callable[[Decomposition, str], Floats],
) -> Outcome:
    """What a factor adds to CO2, or by what it multiplies it.

    Args:
        factor: one label: population, gdp_per_head, energy_intensity, carbon_per_energy, or `change` for CO2 itself.
        year: (years,) labels, none left out.
        population, gdp, energy, co2: (years,) above zero, in 1e4 person, 1e8 CNY, 1e4 tce and 1e4 tCO2.
        price_basis: (years,) of GDP, constant prices of one year.
        boundary: (years,) what `co2` holds.
        chaining: from each year to the next, or from the first to the last as two points.
        part: effects (1e4 tCO2) or indices (ratios).

    Returns:
        (years - 1,), `labels` the later year of each pair; of two points (1,), `labels` the span. Findings: what is
        wrong with the series, and a change of prices or boundary.

    Source: `carbonstd.analysis.kaya`.
    """
    findings = one_price(price_basis) | one_boundary(year, boundary)
    try:
        found = kaya(year, population, gdp, energy, co2, chaining=chaining)
    except CaseError as error:
        return nothing(error, findings)
    chained = chaining == "chained"
    labels = [typed(year, last) if chained else f"{first}–{last}" for first, last in found.spans]
    working = {"from": np.array([first for first, _ in found.spans])}
    return Outcome(part(found, str(factor[0])), working, findings, labels)


def _effects(found: Decomposition, factor: str) -> Floats:
    """The effects of a factor by step, or what all of them make: the change as it was, for the two to be compared."""
    if factor == "change":
        return np.diff(found.totals)
    return found.effects[:, found.factors.index(factor)]


def _indices(found: Decomposition, factor: str) -> Floats:
    if factor == "change":
        return found.totals[1:] / found.totals[:-1]
    return found.indices[:, found.factors.index(factor)]


_KAYA = {
    "factor": "label",
    "year": "label",
    "population": "1e4 person",
    "gdp": "1e8 CNY",
    "price_basis": "label",
    "energy": "1e4 tce",
    "co2": "1e4 tCO2",
    "boundary": "label",
}
_SOURCE = "Ang, Energy Policy 33 (2005) 867: LMDI-I; Kaya's identity"


def _kaya(name: str, chaining: Chaining, part: Callable[[Decomposition, str], Floats], unit: str) -> Model:
    axis = "year" if chaining == "chained" else "span"
    return Model(name, partial(kaya_factor, chaining=chaining, part=part), _KAYA, unit, _SOURCE, axis=axis)


MODELS: tuple[Model, ...] = (
    _kaya("kaya_effect", "chained", _effects, "1e4 tCO2"),
    _kaya("kaya_index", "chained", _indices, "1"),
    _kaya("kaya_effect_between", "two_point", _effects, "1e4 tCO2"),
    _kaya("kaya_index_between", "two_point", _indices, "1"),
)
