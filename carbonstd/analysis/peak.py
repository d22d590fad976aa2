"""Has a series of emissions peaked: the maximum, how long ago it was, and the trend since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from carbonstd.analysis._series import by_year
from carbonstd.analysis._settings import above_zero
from carbonstd.analysis._shown import Shown
from carbonstd.analysis.trend import LEAST, Slope, Trend, Variant, mann_kendall, sen_slope

Judgement = Literal["peaked", "plateau", "rising", "too_short", "no_answer"]


@dataclass(frozen=True, eq=False, repr=False)
class Peak(Shown):
    """What a test says of a peak, with what it rests on. It is a test's result and no declaration of a peak.

    `whole` is the trend of all years, `after` that of the years since the maximum, None where they are too few.
    """

    judgement: Judgement
    maximum_year: int
    maximum: float
    last: float
    years_since: int
    whole: Trend | None
    after: Trend | None
    slope: Slope
    least_years: float

    @property
    def enough(self) -> bool:
        """Whether as many years have passed since the maximum as were asked for."""
        return self.years_since >= max(self.least_years, LEAST)

    @property
    def test(self) -> Trend | None:
        """The test that the judgement rests on: of the years after the maximum where they are enough, else of all."""
        return self.after if self.enough else self.whole

    @property
    def unable(self) -> bool:
        """Whether enough years have passed, and still no order of them would be significant."""
        return self.enough and self.after is not None and self.after.least_p > self.after.significance

    @property
    def last_to_maximum(self) -> float:
        """The last year relative to the maximum."""
        return self.last / self.maximum

    @property
    def title(self) -> str:
        named = f"Mann-Kendall {self.test.variant} at {self.test.significance:g}" if self.test else "no test"
        return f"{self.judgement}: maximum in {self.maximum_year}, {self.years_since} years since, {named}"

    @property
    def heads(self) -> Sequence[str]:
        return ("item", "value")

    @property
    def rows(self) -> list[Sequence[Any]]:
        tests = [(name, test) for name, test in (("all years", self.whole), ("after", self.after)) if test]
        return [
            ("judgement", self.judgement),
            ("maximum year", self.maximum_year),
            ("maximum", self.maximum),
            ("years since", self.years_since),
            ("least years", self.least_years),
            ("last / maximum", self.last_to_maximum),
            *(
                (f"{name}: {head}", cell)
                for name, test in tests
                for head, cell in zip(test.heads, test.rows[0], strict=True)
            ),
            ("Sen slope, all years", self.slope.slope),
            ("Sen slope, low", self.slope.low),
            ("Sen slope, high", self.slope.high),
        ]


def judge_peak(
    years: Iterable[Any],
    emissions: ArrayLike,
    *,
    variant: Variant,
    least_years: float,
    significance: float = 0.05,
) -> Peak:
    """Judge a series by the year of its maximum and the trend of the years after it.

    Where `least_years` or more have passed: `peaked` if they fall significantly, `rising` if they rise, else `plateau`;
    `too_short` where they are so few that no order of them would be significant. Where fewer have passed: `rising` if
    the last year is the maximum and the whole series rises significantly, else `too_short`. `no_answer` where the test
    that decides has none. Of equal maxima the last counts. No official numeric rule is known: variant and years are the
    analyst's and stand in the result.

    Args:
        years: (years,) labels, none left out.
        emissions: (years,) of one boundary, above zero.
        variant: the Mann-Kendall variant, named because they can disagree.
        least_years: years since the maximum that are asked for; four at least. The plain test finds something in four
            years at 0.1 (p of 2/24 or more), in five at 0.05 (2/120), in six at 0.01 (2/720).
        significance: two-sided.

    Raises:
        CaseError: as for any series and its test; years asked for that are no number above zero.

    Source: table analysis/peak-judgement (practice of analysts).
    """
    above_zero("least_years", least_years)
    held, [x] = by_year(years, emissions)
    place = len(x) - 1 - int(np.argmax(x[::-1]))
    since = len(x) - 1 - place
    whole, after = (
        mann_kendall(part, variant, significance=significance) if len(part) >= LEAST else None
        for part in (x, x[place + 1 :])
    )
    judgement = judged(since, since >= max(least_years, LEAST), whole, after)
    return Peak(
        judgement, int(held[place]), float(x[place]), float(x[-1]), since, whole, after, sen_slope(x), least_years
    )


def judged(since: int, enough: bool, whole: Trend | None, after: Trend | None) -> Judgement:
    """The rule itself.

    A test that can find nothing is no sign of a plateau, and a series that has fallen below its maximum does not rise,
    however much it rose before: the years are too few to say.
    """
    if enough and after is not None:
        if np.isnan(after.p):
            return "no_answer"
        if after.direction == "none":
            return "plateau" if after.able else "too_short"
        return "rising" if after.direction == "increasing" else "peaked"
    if since > 0 or whole is None:
        return "too_short"
    if np.isnan(whole.p):
        return "no_answer"
    return "rising" if whole.direction == "increasing" else "too_short"
