"""Decoupling after Tapio: per cent of emissions for one per cent of output, and the state that this makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carbonstd._definitions.library import Library
from carbonstd._definitions.table import Table
from carbonstd._number import exact
from carbonstd.analysis._series import by_year
from carbonstd.analysis._settings import one_of
from carbonstd.analysis._shown import Shown
from carbonstd.analysis.lmdi import CHAININGS, Chaining

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Decoupling(Shown):
    """Elasticities by span (spans,) and the state of each, empty where there is none.

    `emissions_energy` and `energy_output` multiply to `elasticity`; they are empty where no energy was given. An
    elasticity is NaN where what it divides by did not change.
    """

    chaining: Chaining
    spans: tuple[tuple[int, int], ...]
    elasticity: Floats
    states: tuple[str, ...]
    emissions_energy: Floats
    energy_output: Floats

    @property
    def title(self) -> str:
        return f"Tapio, {self.chaining}, {self.spans[0][0]}–{self.spans[-1][1]}"

    @property
    def heads(self) -> Sequence[str]:
        extended = ("e(CO2, energy)", "e(energy, GDP)") if len(self.energy_output) else ()
        return ("span", "e(CO2, GDP)", "state", *extended)

    @property
    def rows(self) -> list[Sequence[Any]]:
        spans = [f"{first}–{last}" for first, last in self.spans]
        extended = [self.emissions_energy.tolist(), self.energy_output.tolist()] if len(self.energy_output) else []
        return list(zip(spans, self.elasticity.tolist(), self.states, *extended, strict=True))


def tapio(
    years: Iterable[Any],
    emissions: ArrayLike,
    output: ArrayLike,
    energy: ArrayLike | None = None,
    *,
    chaining: Chaining = "chained",
) -> Decoupling:
    """Elasticity e = (dC/C0)/(dG/G0) of each span, its state by the table analysis/tapio-decoupling, and its two parts.

    The signs of both changes come first; 0.8 and 1.2 themselves belong to coupling. There is no state where either did
    not change. Extended: e = (dC/C0)/(dE/E0) x (dE/E0)/(dG/G0).

    Args:
        years: (years,) labels, none left out.
        emissions, output, energy: (years,) above zero; output at the constant prices of one year.
        chaining: `chained` by every pair of years, or `two_point` from the first to the last.

    Raises:
        CaseError: as for any series; a chaining that is none.

    Source: P. Tapio, Transport Policy 12 (2005) 137; evidence of the bounds as in the table.
    """
    one_of("chaining", chaining, CHAININGS)
    held, series = by_year(years, emissions, output, *([] if energy is None else [energy]))
    ends = np.arange(len(held)) if chaining == "chained" else np.array([0, len(held) - 1])
    carbon, value, *used = (item[ends][1:] / item[ends][:-1] - 1 for item in series)
    found = elasticity(carbon, value)
    return Decoupling(
        chaining,
        tuple(pairwise(held[ends].tolist())),
        found,
        tuple(_state(*item) for item in zip(carbon.tolist(), value.tolist(), found.tolist(), strict=True)),
        *([elasticity(carbon, used[0]), elasticity(used[0], value)] if used else [np.empty(0), np.empty(0)]),
    )


def elasticity(change: Floats, by: Floats) -> Floats:
    """One relative change by another, NaN where there is nothing to divide by.

    Twelve decimals: whether 0.8 and 1.2 are reached is not to hang on the rounding of floats.
    """
    found: Floats = np.divide(change, by, out=np.full(change.shape, np.nan), where=by != 0)
    return np.round(found, 12)


def _state(emissions: float, output: float, found: float) -> str:
    """The state in the table, of which there is none without a change of both."""
    if emissions == 0 or output == 0:
        return ""
    states = _states()
    [row] = states.find((_sign(emissions), _sign(output), exact(found)))
    return states.cell(row, "state").text


@cache
def _states() -> Table:
    return Library().table("analysis/tapio-decoupling")


def _sign(change: float) -> str:
    return "increase" if change > 0 else "decrease"
