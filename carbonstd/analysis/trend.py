"""Does a series rise or fall: Mann-Kendall in named variants, and the slope of Sen with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial
from statistics import NormalDist
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd.analysis._series import figures, order_of
from carbonstd.analysis._settings import one_of, share
from carbonstd.analysis._shown import Shown

Floats = NDArray[np.float64]
Variant = Literal["plain", "hamed_rao", "hamed_rao_3", "yue_wang", "yue_wang_1"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)

EXACT_BELOW = 10  # years from which the normal distribution stands in for that of S (Gilbert 1987)
LEAST = 4  # of fewer years no order is significant, whatever is asked: of three each has a chance of 1/6
_CORRELATION = 0.05  # significance at which Hamed and Rao keep a lag
_LAGS: dict[str, int | None] = {"hamed_rao": None, "hamed_rao_3": 3, "yue_wang": None, "yue_wang_1": 1}
_NORMAL = NormalDist()


@dataclass(frozen=True, eq=False, repr=False)
class Trend(Shown):
    """A Mann-Kendall test. `p` is two-sided; `exact` where it is counted and not that of the normal distribution.

    `correction` is what the variance of S was multiplied by: 1 in the plain test. Where a correction makes the variance
    nothing or less, z and p are NaN and there is no trend to speak of. `small` says that a corrected variant was taken
    of fewer than ten years, for which it was not made.
    """

    variant: Variant
    n: int
    s: int
    variance: float
    correction: float
    z: float
    p: float
    exact: bool
    significance: float

    @property
    def small(self) -> bool:
        return self.n < EXACT_BELOW and not self.exact

    @property
    def least_p(self) -> float:
        """The smallest p that so many years could have: each above the one before it, the correction as it is."""
        if self.exact:
            return 2 / factorial(self.n)
        return _normal_p(_z(self.n * (self.n - 1) // 2, _variance(self.n) * self.correction))

    @property
    def able(self) -> bool:
        """Whether so many years could have a trend at all at this significance: four have none at 0.05."""
        return self.least_p <= self.significance

    @property
    def direction(self) -> Literal["increasing", "decreasing", "none"]:
        """What the test finds at its significance."""
        if not self.p <= self.significance:
            return "none"
        return "increasing" if self.s > 0 else "decreasing"

    @property
    def title(self) -> str:
        return f"Mann-Kendall {self.variant}: {self.direction} at {self.significance:g}, p {self.p:.3g}, n {self.n}"

    @property
    def heads(self) -> Sequence[str]:
        return ("variant", "n", "S", "variance", "Z", "p", "exact", "direction")

    @property
    def rows(self) -> list[Sequence[Any]]:
        return [(self.variant, self.n, self.s, self.variance, self.z, self.p, self.exact, self.direction)]


@dataclass(frozen=True, eq=False, repr=False)
class Slope(Shown):
    """Sen's slope by year with the limits of its confidence interval, infinite where too few years give one."""

    slope: float
    low: float
    high: float
    confidence: float
    n: int

    @property
    def title(self) -> str:
        return f"Sen {self.slope:.6g} a year ({self.low:.6g} to {self.high:.6g}, {self.confidence:.0%}), n {self.n}"

    @property
    def heads(self) -> Sequence[str]:
        return ("slope", "low", "high", "confidence", "n")

    @property
    def rows(self) -> list[Sequence[Any]]:
        return [(self.slope, self.low, self.high, self.confidence, self.n)]


def mann_kendall(values: ArrayLike, variant: Variant = "plain", *, significance: float = 0.05) -> Trend:
    """Test whether a series has a monotonic trend.

    The variants can disagree, so a verdict names its own. `plain` takes the years as independent; of fewer than ten
    years its p is counted over all orders of the figures, ties among them. `hamed_rao` corrects the variance by the
    significant autocorrelations of the ranks (all lags, or the first three), `yue_wang` by those of the figures (all
    lags, or the first), each after Sen's slope is taken out; both are of the normal distribution whatever n.

    Args:
        values: (n,) in the order of time, evenly spaced, four at least.
        variant: one of `VARIANTS`.
        significance: two-sided.

    Raises:
        CaseError: too few figures, or one that is missing; a variant that is none, a significance not within 0 and 1.

    Source: H. B. Mann (1945), M. G. Kendall (1975); R. O. Gilbert, Statistical methods for environmental pollution
    monitoring (1987), ch. 16; K. H. Hamed and A. R. Rao, J. Hydrology 204 (1998) 182; S. Yue and C. Wang, Water
    Resources Management 18 (2004) 201; their variants as in R modifiedmk and pymannkendall 1.4.
    """
    one_of("variant", variant, VARIANTS)
    share("significance", significance)
    x = figures(values, least=LEAST)
    n, s = len(x), int(np.sign(x[None, :] - x[:, None])[np.triu_indices(len(x), 1)].sum())
    ties = tuple(sorted(np.unique(x, return_counts=True)[1].tolist()))
    correction = _correction(x, variant)
    variance = _variance(n, ties) * correction
    exact = variant == "plain" and n < EXACT_BELOW
    z = _z(s, variance) if correction > 0 else float("nan")
    p = _counted(ties, abs(s)) if exact else _normal_p(z)
    return Trend(variant, n, s, variance, correction, z, p, exact, significance)


def sen_slope(values: ArrayLike, years: Iterable[Any] | None = None, *, confidence: float = 0.95) -> Slope:
    """The median of the slopes between all pairs of years, with the interval of the normal distribution of S.

    Args:
        values: (n,) two at least; in the order of time where no years are given.
        years: (n,) labels in any order, none left out.

    Returns:
        Unit of the values by year. Limits at the ranks (N -+ z sqrt(var S))/2 of the N ordered slopes, between two
        ranks on the straight line.

    Raises:
        CaseError: as for any series; a confidence not within 0 and 1.

    Source: P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379; Gilbert (1987), ch. 16 (ranks as recalled).
    """
    share("confidence", confidence)
    x = figures(values, least=2)
    if years is not None:
        held, order = order_of(years)
        if len(held) != len(x):
            raise CaseError(findings=[finding("series-lengths", years=len(held), count=len(x))])
        x = x[order]
    slopes = np.sort(_slopes(x))
    n, pairs = len(x), len(slopes)
    half = _NORMAL.inv_cdf((1 + confidence) / 2) * _variance(n, np.unique(x, return_counts=True)[1].tolist()) ** 0.5
    low, high = ((pairs - half) / 2, (pairs + half) / 2 + 1)
    ranks = np.arange(1, pairs + 1)
    limits = np.interp([low, high], ranks, slopes, left=-np.inf, right=np.inf)
    return Slope(float(np.median(slopes)), float(limits[0]), float(limits[1]), confidence, n)


def _variance(n: int, ties: Iterable[int] = ()) -> float:
    """The variance of S over all orders; `ties` are how many figures there are of each value."""
    return (n * (n - 1) * (2 * n + 5) - sum(size * (size - 1) * (2 * size + 5) for size in ties)) / 18


def _z(s: int, variance: float) -> float:
    """S brought one nearer to zero, in standard deviations; NaN where there are none."""
    if s == 0:
        return 0.0
    return float((s - np.sign(s)) / variance**0.5) if variance > 0 else float("nan")


def _normal_p(z: float) -> float:
    return 2 * (1 - _NORMAL.cdf(abs(z)))


def _slopes(x: Floats) -> Floats:
    first, last = np.triu_indices(len(x), 1)
    slopes: Floats = (x[last] - x[first]) / (last - first)
    return slopes


def _correction(x: Floats, variant: Variant) -> float:
    """What the variance of S is multiplied by for the autocorrelation of the series without its slope."""
    if variant == "plain":
        return 1.0
    n, left = len(x), x - np.arange(len(x)) * float(np.median(_slopes(x)))
    left = np.round(left / (np.abs(x).max() or 1), 12)
    most = _LAGS[variant] or n - 1
    lags = np.arange(1, min(most, n - 1) + 1)
    if variant.startswith("yue_wang"):
        return float(1 + 2 * ((1 - lags / n) * _autocorrelation(left)[lags]).sum())
    ranked = _autocorrelation(_ranks(left))[lags]
    kept = np.abs(ranked) > _NORMAL.inv_cdf(1 - _CORRELATION / 2) / n**0.5
    weights = (n - lags) * (n - lags - 1) * (n - lags - 2)
    return float(1 + 2 / (n * (n - 1) * (n - 2)) * (weights * ranked)[kept].sum())


def _autocorrelation(x: Floats) -> Floats:
    """By lag from 0 to n - 1; of a constant none but at lag 0."""
    centred = x - x.mean()
    products = np.correlate(centred, centred, "full")[len(x) - 1 :]
    found: Floats = products / products[0] if products[0] > 0 else np.eye(1, len(x))[0]
    return found


def _ranks(x: Floats) -> Floats:
    """Ranks from 1, the mean of them where figures are equal."""
    _, place, counts = np.unique(x, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


@cache
def _counted(ties: tuple[int, ...], s: int) -> float:
    """P(|S| >= s) over all orders of figures of which `ties` are equal.

    Inversions of a multiset are counted by the Gaussian multinomial: [n]!/([t1]! [t2]! ...) in q, read here as
    polynomials with whole coefficients.
    """
    n = sum(ties)
    counts = _factorial(n)
    for size in ties:
        counts = _divided(counts, _factorial(size))
    most = len(counts) - 1  # pairs that are not tied; S = most - 2 inversions
    hit = sum(count for inversions, count in enumerate(counts) if abs(most - 2 * inversions) >= s)
    return hit / sum(counts)


def _factorial(n: int) -> list[int]:
    """The coefficients of [n]! = (1)(1 + q)(1 + q + q^2) ..."""
    made = [1]
    for size in range(2, n + 1):
        grown = [0] * (len(made) + size - 1)
        for place, count in enumerate(made):
            for step in range(size):
                grown[place + step] += count
        made = grown
    return made


def _divided(above: list[int], below: list[int]) -> list[int]:
    """The quotient of two polynomials that divide without remainder, lowest power first and below[0] = 1."""
    left, found = list(above), []
    for place in range(len(above) - len(below) + 1):
        found.append(left[place])
        for step, count in enumerate(below):
            left[place + step] -= found[-1] * count
    return found
