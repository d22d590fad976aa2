"""Does the CO2 of a region rise or fall: the Mann-Kendall test in all its variants, and the slope of Sen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis._series import by_year
from carbonstd.analysis.trend import LEAST, VARIANTS, Slope, Trend, mann_kendall, sen_slope
from carbonstd.models import Model, Outcome
from carbonstd.models._series import nothing, one_boundary

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def trend(part: Labels, year: Labels, co2: Floats, boundary: Labels, *, of: Callable[[Trend], float]) -> Outcome:
    """Z or p of the Mann-Kendall test in each of its variants.

    Args:
        part: one label: `whole`, or `after` for the years after the maximum.
        year, co2, boundary: (years,) labels, 1e4 tCO2 above zero, what it holds.
        of: which statistic.

    Returns:
        (variants,), `labels` the variants that have an answer; none where there are fewer than four years. `working`:
        S, its variance, what that was multiplied by, whether p was counted.

    Source: `carbonstd.analysis.mann_kendall`.
    """
    try:
        _, x = _part(part, year, co2)
    except CaseError as error:
        return nothing(error, one_boundary(year, boundary), co2=co2)
    tests = [mann_kendall(x, variant) for variant in VARIANTS] if len(x) >= LEAST else []
    tests = [test for test in tests if test.p == test.p]
    working = {
        "variant": np.array([test.variant for test in tests], dtype=object),
        "years": np.array([test.n for test in tests]),
        "S": np.array([test.s for test in tests]),
        "variance": np.array([test.variance for test in tests]),
        "correction": np.array([test.correction for test in tests]),
        "counted": np.array([test.exact for test in tests]),
    }
    values = np.array([of(test) for test in tests], dtype=np.float64)
    return Outcome(values, working, one_boundary(year, boundary), [test.variant for test in tests])


def score(part: Labels, year: Labels, co2: Floats) -> Outcome:
    """S, the pairs of years that rise less those that fall. Arguments as above; (1,), `labels` the span of years."""
    try:
        held, x = _part(part, year, co2)
    except CaseError as error:
        return nothing(error, {}, co2=co2)
    tests = [mann_kendall(x)] if len(x) >= LEAST else []
    spans = [f"{held[0]}–{held[-1]}" for _ in tests]
    return Outcome(np.array([test.s for test in tests], dtype=np.float64), {}, {}, spans)


def _part(part: Labels, year: Labels, co2: Floats) -> tuple[NDArray[np.int64], Floats]:
    """All years, or those after the maximum, with their CO2. Raises CaseError."""
    held, [x] = by_year(year, co2)
    first = len(x) - int(np.argmax(x[::-1])) if str(part[0]) == "after" else 0
    return held[first:], x[first:]


def sen(year: Labels, co2: Floats, *, of: Callable[[Slope], float]) -> Outcome:
    """Sen's slope of all years, or a limit of its interval (95 %).

    Args:
        year, co2: (years,) labels and 1e4 tCO2 above zero.
        of: which figure.

    Returns:
        1e4 tCO2/a (1,), `labels` first and last year; nothing where a limit is infinite.

    Source: `carbonstd.analysis.sen_slope`.
    """
    try:
        held, [x] = by_year(year, co2)
    except CaseError as error:
        return nothing(error, {}, co2=co2)
    value = of(sen_slope(x))
    found = [f"{held[0]}–{held[-1]}"] if np.isfinite(value) else []
    return Outcome(np.array([value])[: len(found)], {}, {}, found)


_SERIES = {"year": "label", "co2": "1e4 tCO2"}
_PART = {"part": "label", **_SERIES}
_TREND = {**_PART, "boundary": "label"}
_MK = "Mann (1945), Kendall (1975), Gilbert (1987); Hamed & Rao (1998); Yue & Wang (2004)"
_SEN = "Sen (1968), Gilbert (1987)"

MODELS: tuple[Model, ...] = (
    Model("trend_score", score, _PART, "1", _MK, axis="span"),
    Model("trend_z", partial(trend, of=lambda test: test.z), _TREND, "1", _MK, axis="trend_test"),
    Model("trend_p", partial(trend, of=lambda test: test.p), _TREND, "1", _MK, axis="trend_test"),
    Model("sen_slope", partial(sen, of=lambda found: found.slope), _SERIES, "1e4 tCO2/a", _SEN, axis="span"),
    Model("sen_low", partial(sen, of=lambda found: found.low), _SERIES, "1e4 tCO2/a", _SEN, axis="span"),
    Model("sen_high", partial(sen, of=lambda found: found.high), _SERIES, "1e4 tCO2/a", _SEN, axis="span"),
)
