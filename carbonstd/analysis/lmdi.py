"""Logarithmic mean Divisia index, method I: what each factor adds to a change, and what remains is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carbonstd._errors import CaseError
from carbonstd._findings import Language, finding
from carbonstd.analysis._series import by_year, numbers, order_of
from carbonstd.analysis._settings import one_of, whole
from carbonstd.analysis._shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Chaining = Literal["chained", "two_point"]
CHAININGS: tuple[Chaining, ...] = get_args(Chaining)

_SAME = 1e-9  # how far the factors' product may lie from the aggregate, relative


@dataclass(frozen=True, eq=False, repr=False)
class Decomposition(Shown):
    """The effects of factors on an aggregate.

    `spans` are first and last year of each step: every pair of years where `chained`, the first and the last where
    `two_point`. `totals` is the aggregate at the ends of the steps (steps + 1,), `effects` (steps, factors) is in its
    unit, `indices` (steps, factors) are ratios. A chained and a two-point decomposition of one series differ by factor.
    """

    factors: tuple[str, ...]
    chaining: Chaining
    spans: tuple[tuple[int, int], ...]
    totals: Floats
    effects: Floats
    indices: Floats

    @property
    def effect(self) -> dict[str, float]:
        """What each factor adds over all steps, in the unit of the aggregate."""
        return dict(zip(self.factors, self.effects.sum(axis=0).tolist(), strict=True))

    @property
    def index(self) -> dict[str, float]:
        """By what each factor multiplies over all steps."""
        return dict(zip(self.factors, self.indices.prod(axis=0).tolist(), strict=True))

    @property
    def change(self) -> float:
        return float(self.totals[-1] - self.totals[0])

    @property
    def ratio(self) -> float:
        return float(self.totals[-1] / self.totals[0])

    @property
    def residual(self) -> float:
        """Change less the sum of all effects: rounding of floats and nothing else."""
        return self.change - float(self.effects.sum())

    def plot(self, language: Language = "en", ax: Axes | None = None) -> Axes:
        """Draw what each factor added as a waterfall, with matplotlib."""
        from carbonstd._charts.as_plot import draw
        from carbonstd.analysis._charts import decomposition_chart

        return draw(decomposition_chart(self), language, ax)

    @property
    def title(self) -> str:
        return f"LMDI-I, {self.chaining}, {self.spans[0][0]}–{self.spans[-1][1]}, residual {self.residual:.1e}"

    @property
    def heads(self) -> Sequence[str]:
        return ("span", *self.factors, "change", *(f"D {name}" for name in self.factors), "ratio")

    @property
    def rows(self) -> list[Sequence[Any]]:
        ends = pairwise(self.totals.tolist())
        steps = [
            (f"{first}–{last}", *effects, after - before, *indices, after / before)
            for (first, last), effects, indices, (before, after) in zip(
                self.spans, self.effects.tolist(), self.indices.tolist(), ends, strict=True
            )
        ]
        whole = f"{self.spans[0][0]}–{self.spans[-1][1]} Σ"
        return [*steps, (whole, *self.effect.values(), self.change, *self.index.values(), self.ratio)]


def log_mean(a: ArrayLike, b: ArrayLike) -> Floats:
    """The logarithmic mean L(a, b) = (a - b)/ln(a/b); L(a, a) = a, and 0 where either is 0. Not negative; any shape."""
    high, low = np.maximum(a, b, dtype=np.float64), np.minimum(a, b, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (high - low) / np.log1p((high - low) / low)  # near figures keep their digits
    return np.where(low == 0, 0.0, np.where(high == low, high, mean))


def lmdi(
    years: Iterable[Any],
    aggregate: ArrayLike,
    factors: Mapping[str, ArrayLike],
    *,
    chaining: Chaining = "chained",
) -> Decomposition:
    """Decompose the change of an aggregate into what its factors add (LMDI-I) and by what they multiply.

    Additive: effect of x = sum over cells L(C_T, C_0) ln(x_T/x_0). Multiplicative: D_x = exp(effect / L(V_T, V_0)) with
    the aggregate V, which is the same index as the weighted form. Cells that appear or vanish are taken by their
    limits: the whole of the cell goes to the factor that is zero, in equal parts where several are; a factor that has
    no value because a cell is empty (0/0, NaN here) is taken as unchanged.

    Args:
        years: (years,) labels in any order, none left out.
        aggregate: (years,) or (years, cells), of one unit; not negative.
        factors: by name, (years,) or (years, cells); their product is the aggregate of each cell.
        chaining: `chained` by every pair of years, or `two_point` from the first to the last.

    Raises:
        CaseError: as for any series; no factor, one of other cells, negative or infinite; factors that do not multiply
            to the aggregate; a year in which there is none; a chaining that is none.

    Source: B. W. Ang, Energy Policy 33 (2005) 867, eq. 4 and 5; limits B. W. Ang, F. Q. Zhang and K. H. Choi, Energy 23
    (1998) 489 and B. W. Ang and N. Liu, Energy Policy 35 (2007) 238 (the papers' tables of limits were not seen).
    """
    one_of("chaining", chaining, CHAININGS)
    whole("factors", len(factors), least=1)
    labels = list(years)
    held, order = order_of(labels)
    cells = _cells(aggregate, len(labels))[order]
    named = {name: _spread(name, _cells(item, len(labels))[order], cells) for name, item in factors.items()}
    _checked(held, cells, named)
    ends = np.arange(len(held)) if chaining == "chained" else np.array([0, len(held) - 1])
    stacked = np.stack(list(named.values()), axis=1)[ends]  # (ends, factors, cells)
    cells = cells[ends]
    effects = _effects(cells[:-1, None], cells[1:, None], stacked[:-1], stacked[1:]).sum(axis=2)
    totals = cells.sum(axis=1)
    indices = np.exp(effects / log_mean(totals[1:], totals[:-1])[:, None])
    spans = tuple(pairwise(held[ends].tolist()))
    return Decomposition(tuple(named), chaining, spans, totals, effects, indices)


def kaya(
    years: Iterable[Any],
    population: ArrayLike,
    gdp: ArrayLike,
    energy: ArrayLike,
    co2: ArrayLike,
    *,
    chaining: Chaining = "chained",
) -> Decomposition:
    """The four factors of Kaya: population, GDP per head, energy per GDP and CO2 per energy.

    Args:
        years: (years,) labels, none left out.
        population, gdp, energy, co2: (years,) above zero; GDP at the constant prices of one year, which no array can
            prove. Units are free, each the same in all years; the effects are in the unit of `co2`.
        chaining: as in `lmdi`.

    Raises:
        CaseError: as for any series.

    Source: Y. Kaya (1990), the identity; LMDI as `lmdi`.
    """
    held, (heads, value, used, carbon) = by_year(years, population, gdp, energy, co2)
    factors = {
        "population": heads,
        "gdp_per_head": value / heads,
        "energy_intensity": used / value,
        "carbon_per_energy": carbon / used,
    }
    return lmdi(held, carbon, factors, chaining=chaining)


def sectoral(
    years: Iterable[Any],
    output: ArrayLike,
    energy: ArrayLike,
    co2: ArrayLike,
    *,
    chaining: Chaining = "chained",
) -> Decomposition:
    """Activity, structure, energy intensity, fuel mix and emission factor of sectors that burn several fuels.

    C = sum over sectors i and fuels j of Q (Q_i/Q) (E_i/Q_i) (E_ij/E_i) (C_ij/E_ij).

    Args:
        years: (years,) labels, none left out.
        output: (years, sectors) at constant prices. A sector that burns fuel has an output; households are none.
        energy, co2: (years, sectors, fuels), not negative.
        chaining: as in `lmdi`.

    Raises:
        CaseError: as for any series; energy of a sector without output, CO2 of a fuel without energy.

    Source: B. W. Ang, Energy Policy 33 (2005) 867, table 2 (CO2 of industry, five factors; recalled).
    """
    held, (value, used, carbon) = by_year(years, output, energy, co2, above_zero=False, cells=True)
    if used.ndim != 3 or used.shape != carbon.shape or value.shape != used.shape[:2]:
        raise CaseError(findings=[finding("lmdi-shape", output=value.shape, energy=used.shape, co2=carbon.shape)])
    activity, by_sector = value.sum(axis=1), used.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = {
            "activity": np.broadcast_to(activity[:, None, None], used.shape),
            "structure": np.broadcast_to((value / activity[:, None])[:, :, None], used.shape),
            "energy_intensity": np.broadcast_to((by_sector / value)[:, :, None], used.shape),
            "fuel_mix": used / by_sector[:, :, None],
            "emission_factor": carbon / used,
        }
    flat = {name: item.reshape(len(held), -1) for name, item in factors.items()}
    return lmdi(held, carbon.reshape(len(held), -1), flat, chaining=chaining)


def _cells(series: ArrayLike, years: int) -> Floats:
    """A series as (years, cells)."""
    array = numbers(series)
    if array.ndim not in (1, 2) or len(array) != years:
        raise CaseError(findings=[finding("series-lengths", years=years, count=array.size)])
    return array.reshape(years, -1)


def _spread(name: str, factor: Floats, cells: Floats) -> Floats:
    """A factor by cell: of one figure a year the same in all. Raises CaseError."""
    if factor.shape[1] not in (1, cells.shape[1]):
        raise CaseError(findings=[finding("lmdi-cells", name=name, count=factor.shape[1], cells=cells.shape[1])])
    return np.broadcast_to(factor, cells.shape)


def _checked(years: NDArray[np.int64], cells: Floats, factors: Mapping[str, Floats]) -> None:
    """Refuse what has no decomposition. Raises CaseError."""
    found = []
    if not np.isfinite(cells).all():
        found.append(finding("series-missing"))
    if (cells < 0).any() or any((item < 0).any() for item in factors.values()):
        found.append(finding("series-negative"))
    infinite = [name for name, item in factors.items() if np.isinf(item).any()]
    if infinite:
        found.append(finding("lmdi-infinite", factors=", ".join(infinite)))
    empty = years[cells.sum(axis=1) == 0]
    if len(empty):
        found.append(finding("lmdi-nothing", years=", ".join(map(str, empty))))
    if not found and not _multiplies(cells, factors).all():
        wrong = years[~_multiplies(cells, factors).all(axis=1)]
        found.append(finding("lmdi-product", years=", ".join(map(str, wrong))))
    if found:
        raise CaseError(findings=found)


def _multiplies(cells: Floats, factors: Mapping[str, Floats]) -> Mask:
    """Where the factors multiply to the aggregate; an undefined factor (0/0) counts as one and belongs to no CO2."""
    stacked = np.stack(list(factors.values()))
    product = np.prod(np.where(np.isnan(stacked), 1.0, stacked), axis=0)
    near: Mask = np.abs(product - cells) <= _SAME * cells
    return near & ~(np.isnan(stacked).any(axis=0) & (cells > 0))


def _effects(before: Floats, after: Floats, first: Floats, last: Floats) -> Floats:
    """What each factor adds in each cell: aggregates (steps, 1, cells), factors and answer (steps, factors, cells)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ordinary = log_mean(after, before) * np.log(last / first)
    made = (before == 0) & (after > 0)
    gone = (before > 0) & (after == 0)
    shared = np.where(made, after * _share(first == 0), np.where(gone, -before * _share(last == 0), 0.0))
    return np.where((before > 0) & (after > 0), ordinary, shared)


def _share(zero: Mask) -> Floats:
    """The part of a cell that each factor which is zero takes."""
    count = zero.sum(axis=1, keepdims=True)
    share: Floats = np.divide(zero, count, out=np.zeros(zero.shape), where=count > 0)
    return share
