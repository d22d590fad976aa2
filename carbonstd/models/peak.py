"""Whether the CO2 of a region has peaked: the year of its maximum, and the judgement of each test that is named."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis.peak import Peak, judge_peak
from carbonstd.analysis.trend import LEAST, VARIANTS
from carbonstd.models import Model, Outcome
from carbonstd.models._series import nothing, typed

Floats = NDArray[np.float64]
Labels = NDArray[Any]


def maximum(year: Labels, co2: Floats, *, of: Callable[[Peak], float]) -> Outcome:
    """A figure of the year with the most CO2, the last of equals: CO2, years since, last year relative to it.

    Args:
        year, co2: (years,) labels and 1e4 tCO2 above zero.
        of: which figure.

    Returns:
        (1,), `labels` the year.
    """
    try:
        found = judge_peak(year, co2, variant="plain", least_years=LEAST)
    except CaseError as error:
        return nothing(error, {}, co2=co2)
    return Outcome(np.array([of(found)]), {}, {}, [typed(year, found.maximum_year)])


def peak_judgement(
    outcome: Labels, variant: Labels, least_years: Floats, significance: Floats, year: Labels, co2: Floats
) -> Outcome:
    """Whether the test of each row says this outcome: 1 where it does, else 0.

    Args:
        outcome: one label: peaked, plateau, rising, too_short or no_answer.
        variant, least_years, significance: (tests,) a Mann-Kendall variant, a, two-sided.
        year, co2: (years,) labels and 1e4 tCO2 above zero.

    Returns:
        (tests,); `working`: variant, S, Z and p of the test each judgement rests on. A corrected variant of fewer than
        ten years is a finding, and so are years too few to be significant and a test without an answer.

    Source: `carbonstd.analysis.judge_peak`.
    """
    try:
        found = [
            _judged(*row, year, co2) for row in zip(variant, least_years.tolist(), significance.tolist(), strict=True)
        ]
    except CaseError as error:
        refused = nothing(error, {}, co2=co2).findings
        return Outcome(np.zeros(len(variant)), {}, refused)  # refused: nothing is missing besides
    said = np.array([np.nan if one is None else float(one.judgement == outcome[0]) for one in found])
    tests = [None if one is None else one.test for one in found]
    small = np.array([test is not None and test.small for test in tests], dtype=bool)
    unable = np.array([one is not None and one.unable for one in found], dtype=bool)
    findings: dict[str, Any] = {}
    variance = np.array([test.variance if test else np.nan for test in tests])
    years = np.array([test.n if test else 0 for test in tests])
    if small.any():
        findings["trend-small"] = (small, {"years": years}, "variant")
    silent = np.array([one is not None and one.judgement == "no_answer" for one in found], dtype=bool)
    if silent.any():
        findings["trend-no-answer"] = (silent, {"variance": variance}, "variant")
    if unable.any():
        least = np.array([test.least_p if test else np.nan for test in tests])
        findings["trend-unable"] = (unable, {"years": years, "significance": significance, "least": least}, "variant")
    working = {
        "variant": np.array([test.variant if test else "" for test in tests], dtype=object),
        "S": np.array([test.s if test else np.nan for test in tests]),
        "Z": np.array([test.z if test else np.nan for test in tests]),
        "p": np.array([test.p if test else np.nan for test in tests]),
    }
    return Outcome(said, working, findings)


def _judged(variant: str, least_years: float, significance: float, year: Labels, co2: Floats) -> Peak | None:
    """The judgement of a row of tests, none where a setting is blank or unread."""
    named = next((name for name in VARIANTS if name == variant), None)
    if named is None or not (np.isfinite(least_years) and np.isfinite(significance)):
        return None
    return judge_peak(year, co2, variant=named, least_years=least_years, significance=significance)


_SERIES = {"year": "label", "co2": "1e4 tCO2"}
_JUDGED = {"outcome": "label", "variant": "label", "least_years": "a", "significance": "1", **_SERIES}
_RULE = "practice of analysts: no official rule is known"


def _maximum(name: str, of: Callable[[Peak], float], unit: str) -> Model:
    return Model(name, partial(maximum, of=of), _SERIES, unit, _RULE, axis="maximum_year")


MODELS: tuple[Model, ...] = (
    _maximum("maximum_value", lambda found: found.maximum, "1e4 tCO2"),
    _maximum("maximum_since", lambda found: found.years_since, "a"),
    _maximum("maximum_last", lambda found: 100 * found.last_to_maximum, "%"),
    Model("peak_judgement", peak_judgement, _JUDGED, "1", _RULE, together=True),
)
