"""What drives the CO2 of a region, year by year: the factors of Kaya, or those of sectors and fuels, by LMDI."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis.lmdi import Chaining, Decomposition, kaya, sectoral
from carbonstd.models import Model, Outcome
from carbonstd.models._series import gdp_step, nothing, one_boundary, one_price, typed

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
    findings = one_price(price_basis) | one_boundary(year, boundary) | gdp_step(year, gdp, "gdp")
    try:
        found = kaya(year, population, gdp, energy, co2, chaining=chaining)
    except CaseError as error:
        return nothing(error, findings, population=population, gdp=gdp, energy=energy, co2=co2)
    chained = chaining == "chained"
    labels = [typed(year, last) if chained else f"{first}–{last}" for first, last in found.spans]
    working = {"from": np.array([first for first, _ in found.spans])}
    return Outcome(part(found, str(factor[0])), working, findings, labels)


def sector_factor(
    factor: Labels,
    year: Labels,
    sector: Labels,
    fuel: Labels,
    energy: Floats,
    co2: Floats,
    output_year: Labels,
    output_sector: Labels,
    output: Floats,
    price_basis: Labels,
    *,
    part: Callable[[Decomposition, str], Floats],
) -> Outcome:
    """What a factor of sectors and fuels adds to CO2 from each year to the next, or by what it multiplies it.

    Args:
        factor: one label: activity, structure, energy_intensity, fuel_mix, emission_factor, or `change`.
        year, sector, fuel, energy, co2: (rows,) labels, 1e4 tce and 1e4 tCO2; a fuel without a row was not burned.
        output_year, output_sector, output, price_basis: (outputs,) a row for each sector and year, 1e8 CNY.
        part: effects (1e4 tCO2) or indices (ratios).

    Returns:
        (years - 1,), `labels` the later year of each pair. Findings: what is wrong with the series, and mixed prices.

    Source: `carbonstd.analysis.sectoral`.
    """
    years, sectors, fuels = (list(dict.fromkeys(item)) for item in (output_year, output_sector, fuel))
    findings = one_price(price_basis)
    strange = ~(np.isin(year, years) & np.isin(sector, sectors))
    if strange.any():
        where = {"year": year, "sector": sector}
        return Outcome(np.empty(0), {}, {**findings, "sector-without-output": (strange, where, "sector")})
    bare = (energy == 0) & (co2 > 0)
    if bare.any():
        where = {"year": year, "sector": sector, "fuel": fuel}
        return Outcome(np.empty(0), {}, {**findings, "fuel-without-energy": (bare, where, "energy")})
    value = np.full((len(years), len(sectors)), np.nan)
    used, carbon = np.zeros((2, len(years), len(sectors), len(fuels)))
    value[_places(years, output_year), _places(sectors, output_sector)] = output
    at = (_places(years, year), _places(sectors, sector), _places(fuels, fuel))
    used[at], carbon[at] = energy, co2
    try:
        found = sectoral(years, value, used, carbon)
    except CaseError as error:
        return nothing(error, findings)
    return Outcome(part(found, str(factor[0])), {}, findings, [typed(output_year, last) for _, last in found.spans])


def _places(labels: list[Any], items: Labels) -> NDArray[np.intp]:
    return np.array([labels.index(item) for item in items], dtype=np.intp)


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
_SECTORS = {
    "factor": "label",
    "year": "label",
    "sector": "label",
    "fuel": "label",
    "energy": "1e4 tce",
    "co2": "1e4 tCO2",
    "output_year": "label",
    "output_sector": "label",
    "output": "1e8 CNY",
    "price_basis": "label",
}
_SOURCE = "Ang, Energy Policy 33 (2005) 867: LMDI-I; Kaya's identity"
_MEAN = "L(a, b) = (a − b) / ln(a / b), L(a, a) = a"
_EFFECT = f"L(C_T, C_0) · ln(x_T / x_0); {_MEAN}"
_OF_CELLS = f"∑ L(C_ij,T, C_ij,0) · ln(x_ij,T / x_ij,0); {_MEAN}"
_INDEX = "exp(ΔC(x) / L(C_T, C_0))"


def _kaya(name: str, chaining: Chaining, part: Callable[[Decomposition, str], Floats], unit: str) -> Model:
    axis, formula = "year" if chaining == "chained" else "span", _EFFECT if part is _effects else _INDEX
    function = partial(kaya_factor, chaining=chaining, part=part)
    return Model(name, function, _KAYA, unit, _SOURCE, axis=axis, formula=formula)


def _sectors(name: str, part: Callable[[Decomposition, str], Floats], unit: str, formula: str) -> Model:
    return Model(name, partial(sector_factor, part=part), _SECTORS, unit, _SOURCE, axis="year", formula=formula)


MODELS: tuple[Model, ...] = (
    _kaya("kaya_effect", "chained", _effects, "1e4 tCO2"),
    _kaya("kaya_index", "chained", _indices, "1"),
    _kaya("kaya_effect_between", "two_point", _effects, "1e4 tCO2"),
    _kaya("kaya_index_between", "two_point", _indices, "1"),
    _sectors("sector_effect", _effects, "1e4 tCO2", _OF_CELLS),
    _sectors("sector_index", _indices, "1", _INDEX),
)
