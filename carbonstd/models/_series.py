"""What models of series by year share: labels as they were typed, and what is wrong with a series as findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis._series import year_of
from carbonstd.models import Outcome

Floats = NDArray[np.float64]
Labels = NDArray[Any]

_CURRENT = ("现价", "当年价", "名义", "current", "nominal")
_STEP = 0.3  # a year, up or down: a bound of this program
_ONE = np.ones(1, dtype=bool)


def typed(years: Labels, year: int) -> str:
    """A year as the case writes it."""
    return next(str(label) for label in years if year_of(label) == year)


def nothing(error: CaseError, findings: Mapping[str, Any], **series: Floats) -> Outcome:
    """No answer: what an analysis refuses becomes findings, for a model never raises for data.

    A figure that is not above zero is told where it stands among the `series`, which have the names of arguments.
    """
    refused: dict[str, Any] = {item.code: (_ONE, dict(item.values), "year") for item in error.findings}
    if "series-not-above-zero" in refused:
        name, low = next((name, values <= 0) for name, values in series.items() if (values <= 0).any())
        refused["series-not-above-zero"] = (low, {}, name)
    return Outcome(np.empty(0), {}, {**findings, **refused})


def gdp_step(year: Labels, gdp: Floats, argument: str) -> dict[str, Any]:
    """A finding where GDP moves so far from one year to the next that its series may be broken."""
    held = np.array([year_of(label) for label in year])
    order = np.argsort(held)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.full(len(gdp), np.nan)
        change[order[1:]] = np.round(gdp[order[1:]] / gdp[order[:-1]] - 1, 12)
    far = np.isfinite(change) & (np.abs(change) > _STEP)
    told = {"year": year, "change": change, "most": _STEP}
    return {"gdp-step": (far, told, argument)} if far.any() else {}


def one_price(price_basis: Labels) -> dict[str, Any]:
    """Findings where GDP is of several price bases, or of current prices."""
    bases = list(dict.fromkeys(str(item) for item in price_basis))
    findings: dict[str, Any] = {}
    if len(bases) > 1:
        findings["price-basis-mixed"] = (_ONE, {"bases": "、".join(bases)}, "price_basis")
    current = np.array([any(word in str(item).casefold() for word in _CURRENT) for item in price_basis], dtype=bool)
    if current.any():
        findings["price-basis-current"] = (current, {"basis": price_basis}, "price_basis")
    return findings


def one_boundary(year: Labels, boundary: Labels) -> dict[str, Any]:
    """A finding where what CO2 holds is not the same in all years."""
    held: dict[str, list[str]] = {}
    for label, what in zip(year, boundary, strict=True):
        held.setdefault(str(what), []).append(str(label))
    if len(held) < 2:
        return {}
    told = "; ".join(f"{what} ({', '.join(years)})" for what, years in held.items())
    return {"boundary-changed": (_ONE, {"boundaries": told}, "boundary")}
