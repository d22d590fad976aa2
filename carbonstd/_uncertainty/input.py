"""One uncertain figure: value, half-widths, and the distribution these mean.

A half-width bounds 95 %, which is 1.96 standard deviations of a normal (not the rounded k = 2 of GUM 6.3.3). A figure
typed `uniform` or `triangular` is bounded altogether: all of it lies within its half-widths (GUM 4.3.7 and 4.3.9).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.schema import Bilingual
from carbonstd._uncertainty.cells import TRIANGULAR, UNIFORM

Floats = NDArray[np.float64]
Z95 = 1.959963984540054  # half of 95 % lies within this many standard deviations on each side
_SYMMETRIC = 0.02  # sides that differ by less are printed roundings of one half-width
_MAY_BE_NEGATIVE = 0.5  # a normal of half-width 50 % falls below 0 once in 23 000 draws


def deviations(below: Any, above: Any, shape: Any) -> Any:
    """The standard deviations of inputs with these half-widths."""
    bounded = np.where(
        shape == UNIFORM, (below + above) / math.sqrt(12), np.sqrt((below**2 + above**2 + below * above) / 18)
    )
    return np.where(shape == "", (below + above) / 2 / Z95, bounded)


def half_widths(below: Any, above: Any, shape: Any) -> Any:
    """What approach 1 counts: 1.96 standard deviations; of two sides that bound 95 %, the larger."""
    return np.where(shape == "", np.maximum(below, above), Z95 * deviations(below, above, shape))


@dataclass(frozen=True)
class Input:
    """One uncertain figure: value and half-widths in `unit`, the bounds it cannot pass, its distribution.

    Distributions: `uniform` and `triangular` where the `shape` says so; else `normal`; `lognormal` by its limits, for
    two sides that differ; `lognormal-mean` by mean and standard deviation, where a normal that wide would fall below
    zero; `split`, two half normals, where a limit is not positive.
    """

    name: Bilingual
    place: str
    value: float
    unit: str
    below: float
    above: float
    shared: bool
    minimum: float = -math.inf
    maximum: float = math.inf
    shape: str = ""

    @property
    def half_width(self) -> float:
        """What approach 1 counts."""
        return float(half_widths(self.below, self.above, self.shape))

    @property
    def relative(self) -> float:
        return self.half_width / abs(self.value) if self.value else math.inf if self.half_width else 0.0

    @property
    def distribution(self) -> str:
        if self.shape:
            return self.shape
        widest = self.half_width
        if abs(self.above - self.below) <= _SYMMETRIC * widest:
            wide = self.value > 0 and self.minimum >= 0 and widest > _MAY_BE_NEGATIVE * self.value
            return "lognormal-mean" if wide else "normal"
        return "lognormal" if self.value - self.below > 0 else "split"

    @property
    def median(self) -> float:
        """The middle of the distribution; where its sides differ it is not the value used."""
        if self.distribution == "lognormal":
            return math.sqrt((self.value - self.below) * (self.value + self.above))
        if self.distribution == "lognormal-mean":
            return self.value / math.sqrt(1 + (self.half_width / Z95 / self.value) ** 2)
        if self.distribution == UNIFORM:
            return self.value + (self.above - self.below) / 2
        if self.distribution == TRIANGULAR:
            longer, whole = max(self.below, self.above), self.below + self.above
            away = longer - math.sqrt(whole * longer / 2)  # from the value towards the longer side
            return self.value + (away if self.above >= self.below else -away)
        return self.value

    def draw(self, count: int, generator: np.random.Generator) -> Floats:
        """Draws, within the bounds: what falls outside is drawn again."""
        drawn = self._draw(count, generator)
        for _ in range(200):
            outside = (drawn < self.minimum) | (drawn > self.maximum)
            if not outside.any():
                return drawn
            drawn[outside] = self._draw(int(outside.sum()), generator)
        return np.clip(drawn, self.minimum, self.maximum)

    def _draw(self, count: int, generator: np.random.Generator) -> Floats:
        low, high, kind = self.value - self.below, self.value + self.above, self.distribution
        if kind == UNIFORM:
            return generator.uniform(low, high, count)
        if kind == TRIANGULAR:
            return generator.triangular(low, self.value, high, count)
        z = generator.standard_normal(count)
        if kind == "lognormal":
            return np.exp((math.log(low) + math.log(high)) / 2 + z * math.log(high / low) / (2 * Z95))
        if kind == "lognormal-mean":
            variance = math.log(1 + (self.half_width / Z95 / self.value) ** 2)
            return np.exp(math.log(self.value) - variance / 2 + z * math.sqrt(variance))
        return self.value + z * np.where(z < 0, self.below, self.above) / Z95
