"""Pathways of emissions from the growth of what drives them, with bands of seeded draws, and the gap that remains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carbonstd._errors import CaseError
from carbonstd._findings import Language, finding
from carbonstd.analysis._series import by_year, figures, numbers, order_of
from carbonstd.analysis._settings import one_of, share, whole
from carbonstd.analysis._shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Distribution = Literal["triangular", "uniform"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)


@dataclass(frozen=True)
class Growth:
    """Yearly growth of one driver as fractions (0.02 is 2 %), a figure for all years or one for each (years,).

    `low` and `high` bound all of it; `triangular` has its mode at `base`. Left out, the driver is certain. What
    more than doubles in a year is refused, as 4.5 for 4.5 % would.
    """

    base: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    distribution: Distribution = "triangular"


@dataclass(frozen=True, eq=False, repr=False)
class Pathway(Shown):
    """Emissions by year (years,), the base year first: of the base growth, and the band of the draws.

    `peaks` is the share of draws by the year of their maximum; a maximum in the last year is no peak, for nothing is
    known of what follows. `peak_year` is that of the base growth, None where it is the last year.
    """

    years: tuple[int, ...]
    emissions: Floats
    low: Floats
    high: Floats
    interval: float
    draws: int
    seed: int
    peaks: Mapping[int, float]

    @property
    def peak_year(self) -> int | None:
        year = self.years[int(np.argmax(self.emissions))]
        return None if year == self.years[-1] else year

    def plot(self, language: Language = "en", ax: Axes | None = None) -> Axes:
        """Draw emissions by year with the band of the draws, with matplotlib."""
        from carbonstd._charts.as_plot import draw
        from carbonstd.analysis._charts import pathway_chart

        return draw(pathway_chart(self), language, ax)

    @property
    def title(self) -> str:
        peak = self.peak_year or f"none before {self.years[-1]}"
        drawn = f"{self.interval:.0%} of {self.draws} draws, seed {self.seed}"
        return f"pathway {self.years[0]}–{self.years[-1]}, peak {peak}, {drawn}"

    @property
    def heads(self) -> Sequence[str]:
        return ("year", "emissions", "low", "high", "share of peaks")

    @property
    def rows(self) -> list[Sequence[Any]]:
        shares = [self.peaks.get(year, 0.0) for year in self.years]
        return list(
            zip(self.years, self.emissions.tolist(), self.low.tolist(), self.high.tolist(), shares, strict=True)
        )


@dataclass(frozen=True, eq=False, repr=False)
class Gap(Shown):
    """Emissions, sinks and CCUS by year, each of its own, and what remains of emissions after both.

    A figure and no claim: what counts as neutral, and which removals count, a document or an authority says.
    """

    years: tuple[int, ...]
    emissions: Floats
    sinks: Floats
    ccus: Floats

    @property
    def remaining(self) -> Floats:
        """Emissions less sinks less CCUS, negative where these are larger. (years,)"""
        return self.emissions - self.sinks - self.ccus

    def plot(self, language: Language = "en", ax: Axes | None = None) -> Axes:
        """Draw the four by year, with matplotlib."""
        from carbonstd._charts.as_plot import draw
        from carbonstd.analysis._charts import gap_chart

        return draw(gap_chart(self), language, ax)

    @property
    def title(self) -> str:
        return f"remaining gap {self.remaining[-1]:.6g} in {self.years[-1]}"

    @property
    def heads(self) -> Sequence[str]:
        return ("year", "emissions", "sinks", "ccus", "remaining")

    @property
    def rows(self) -> list[Sequence[Any]]:
        columns = (self.emissions, self.sinks, self.ccus, self.remaining)
        return list(zip(self.years, *(item.tolist() for item in columns), strict=True))


def pathway(
    base_year: Any,
    emissions: float,
    last_year: Any,
    drivers: Mapping[str, Growth],
    *,
    draws: int = 10_000,
    seed: int = 1,
    interval: float = 0.95,
) -> Pathway:
    """Emissions from the base year to the last as each driver grows: C_t = C_0 times the product of all (1 + g).

    The drivers are the factors of an identity such as Kaya's. A draw takes one quantile of each driver for all its
    years, so that a driver which grows fast does so throughout; drivers are independent of each other.

    Args:
        base_year, emissions: where the path begins, a year and its emissions above zero.
        last_year: where it ends.
        drivers: growth by name; arrays are (years,) of the years after the base year.
        draws, seed: how many, and what they are repeated by.
        interval: the share of draws within the band.

    Raises:
        CaseError: a year that is none, no year after the base year, no driver, emissions that are none; a growth of
            -100 % or less or of another length, bounds out of order, a distribution that is none; draws, seed or
            interval that are none.

    Source: the identity of Kaya; arithmetic.
    """
    whole("draws", draws, least=1)
    whole("seed", seed, least=0)
    share("interval", interval)
    first, last = (int(order_of([label], least=1)[0][0]) for label in (base_year, last_year))
    years, [start] = np.arange(first, last + 1), figures([emissions], least=1)
    if len(years) < 2 or not drivers or not start > 0:
        raise CaseError(findings=[finding("pathway-nothing", first=first, last=last, drivers=len(drivers))])
    bounds = {name: _bounds(name, item, len(years) - 1) for name, item in drivers.items()}
    generator = np.random.default_rng(seed)
    path, paths = np.full(len(years), start), np.full((draws, len(years)), start)
    for name, item in drivers.items():
        low, middle, high = bounds[name]
        path[1:] *= grown(middle)
        paths[:, 1:] *= grown(_quantile(generator.random((draws, 1)), low, middle, high, item.distribution))
    edge = (1 - interval) / 2
    low, high = np.quantile(paths, [edge, 1 - edge], axis=0)
    at, counts = np.unique(years[np.argmax(paths, axis=1)], return_counts=True)
    peaks = dict(zip(at.tolist(), (counts / draws).tolist(), strict=True))
    return Pathway(tuple(years.tolist()), path, low, high, interval, draws, seed, peaks)


def remaining_gap(years: Iterable[Any], emissions: ArrayLike, sinks: ArrayLike, ccus: ArrayLike) -> Gap:
    """What remains of emissions after sinks and CCUS, year by year; the three stay apart.

    Args:
        years: (years,) labels in any order; years may be left out.
        emissions, sinks, ccus: (years,) of one gas and unit. Sinks and CCUS are entered as positive quantities; what
            was captured and is counted as not emitted must not be entered again.

    Raises:
        CaseError: as for any series, and where a figure is negative.

    Source: arithmetic; no document nets them in this way.
    """
    held, (out, taken, stored) = by_year(years, emissions, sinks, ccus, least=1, above_zero=False, gaps=True)
    return Gap(tuple(held.tolist()), out, taken, stored)


def grown(growth: Floats, years: ArrayLike = 1) -> Floats:
    """By what has been multiplied at the end of each step (..., steps), at a yearly growth over so many years each."""
    made: Floats = np.exp(np.cumsum(years * np.log1p(growth), axis=-1))
    return made


def _bounds(name: str, item: Growth, years: int) -> tuple[Floats, Floats, Floats]:
    """Low, base and high growth by year. (years,) each. Raises CaseError."""
    one_of("distribution", item.distribution, DISTRIBUTIONS)
    given = (item.base if item.low is None else item.low, item.base, item.base if item.high is None else item.high)
    arrays = [numbers(one) for one in given]
    if any(one.ndim and one.shape != (years,) for one in arrays):
        raise CaseError(findings=[finding("pathway-length", name=name, years=years)])
    low, middle, high = (np.broadcast_to(one, (years,)) for one in arrays)
    if not ((low > -1) & (low <= middle) & (middle <= high) & (high <= 1)).all():
        raise CaseError(findings=[finding("pathway-growth", name=name)])
    return low, middle, high


def _quantile(u: Floats, low: Floats, middle: Floats, high: Floats, distribution: Distribution) -> Floats:
    """The growth that a share u of draws stays below. u (draws, 1), bounds (years,)."""
    width = high - low
    if distribution == "uniform":
        return low + u * width
    rising = low + np.sqrt(u * width * (middle - low))
    falling = high - np.sqrt((1 - u) * width * (high - middle))
    return np.where(u * width < middle - low, rising, falling)
