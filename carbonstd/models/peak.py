"""Whether the CO2 of a region has peaked: its maximum, the tests of its trend, its slope, the judgement, decoupling."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd.analysis._series import by_year
from carbonstd.analysis.decoupling import elasticity
from carbonstd.analysis.peak import Peak, judge_peak
from carbonstd.analysis.trend import LEAST, VARIANTS, Slope, Trend, mann_kendall, sen_slope
from carbonstd.models import Model, Outcome
from carbonstd.models._series import nothing, one_boundary, one_price, typed

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
        return nothing(error, one_boundary(year, boundary))
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
        return nothing(error, {})
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
        return nothing(error, {})
    value = of(sen_slope(x))
    found = [f"{held[0]}–{held[-1]}"] if np.isfinite(value) else []
    return Outcome(np.array([value])[: len(found)], {}, {}, found)


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
        return nothing(error, {})
    return Outcome(np.array([of(found)]), {}, {}, [typed(year, found.maximum_year)])


def peak_judgement(
    outcome: Labels, variant: Labels, least_years: Floats, significance: Floats, year: Labels, co2: Floats
) -> Outcome:
    """Whether the test of each row says this outcome: 1 where it does, else 0.

    Args:
        outcome: one label: peaked, plateau, rising or too_short.
        variant, least_years, significance: (tests,) a Mann-Kendall variant, a, two-sided.
        year, co2: (years,) labels and 1e4 tCO2 above zero.

    Returns:
        (tests,); `working`: variant, S, Z and p of the test each judgement rests on. A corrected variant of fewer than
        ten years is a finding.

    Source: `carbonstd.analysis.judge_peak`.
    """
    try:
        found = [
            _judged(*row, year, co2) for row in zip(variant, least_years.tolist(), significance.tolist(), strict=True)
        ]
    except CaseError as error:
        return Outcome(np.full(len(variant), np.nan), {}, nothing(error, {}).findings)
    said = np.array([np.nan if one is None else float(one.judgement == outcome[0]) for one in found])
    tests = [None if one is None else one.after if one.enough else one.whole for one in found]
    small = np.array([test is not None and test.small for test in tests], dtype=bool)
    findings: dict[str, Any] = {}
    if small.any():
        years = np.array([test.n if test else 0 for test in tests])
        findings["trend-small"] = (small, {"years": years}, "variant")
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


def relative_change(year: Labels, value: Floats) -> Outcome:
    """The change of each year relative to the year before, of the years that have a figure.

    Args:
        year, value: (years,) labels and figures above zero, NaN where there is none.

    Returns:
        per cent (pairs,), `labels` the later year of each pair.
    """
    return _pairs(year, lambda changes: 100 * changes[0], value)


def tapio_elasticity(year: Labels, above: Floats, below: Floats) -> Outcome:
    """The relative change of one series by that of another, of the years that have both.

    Args:
        year, above, below: (years,) labels and figures above zero, NaN where there is none.

    Returns:
        (pairs,), `labels` the later year of each pair whose divisor changes.

    Source: `carbonstd.analysis.tapio`.
    """
    return _pairs(year, lambda changes: elasticity(changes[0], changes[1]), above, below)


def tapio_output(year: Labels, above: Floats, below: Floats, price_basis: Labels) -> Outcome:
    """As `tapio_elasticity`, by GDP at the constant prices of one year."""
    found = tapio_elasticity(year, above, below)
    held = np.isfinite(below)
    return Outcome(found.value, {}, {**found.findings, **one_price(price_basis[held])}, found.labels)


def tapio_stated(part: Labels, year: Labels, co2: Floats, gdp: Floats) -> Outcome:
    """What a state is found by, in the years in which both CO2 and GDP change: in no other is there a state.

    Args:
        part: one label: `co2` or `gdp` for the relative change of either, or `elasticity`.
        year, co2, gdp: (years,) labels and figures above zero, NaN where there is none.

    Returns:
        (pairs,), `labels` the later year of each pair.
    """
    places = {"co2": 0, "gdp": 1}

    def stated(changes: list[Floats]) -> Floats:
        both = (changes[0] != 0) & (changes[1] != 0)
        found = elasticity(*changes) if str(part[0]) == "elasticity" else changes[places[str(part[0])]]
        return np.where(both, found, np.nan)

    return _pairs(year, stated, co2, gdp)


def _pairs(year: Labels, of: Callable[[list[Floats]], Floats], *series: Floats) -> Outcome:
    known = np.isfinite(np.stack(series)).all(axis=0)
    if np.count_nonzero(known) < 2:
        return Outcome(np.empty(0))
    try:
        held, arrays = by_year(year[known], *(item[known] for item in series))
    except CaseError as error:
        return nothing(error, {})
    values = of([item[1:] / item[:-1] - 1 for item in arrays])
    told = np.isfinite(values)
    return Outcome(values[told], {}, {}, [typed(year, int(one)) for one in held[1:][told]])


_SERIES = {"year": "label", "co2": "1e4 tCO2"}
_TREND = {"part": "label", **_SERIES, "boundary": "label"}
_JUDGED = {"outcome": "label", "variant": "label", "least_years": "a", "significance": "1", **_SERIES}
_MK = "Mann (1945), Kendall (1975), Gilbert (1987); Hamed & Rao (1998); Yue & Wang (2004)"
_SEN = "Sen (1968), Gilbert (1987)"
_TAPIO = "Tapio, Transport Policy 12 (2005) 137"
_RULE = "practice of analysts: no official rule is known"


def _change(name: str, unit: str) -> Model:
    return Model(name, relative_change, {"year": "label", "value": unit}, "%", _TAPIO, axis="year")


MODELS: tuple[Model, ...] = (
    Model("trend_score", score, {"part": "label", **_SERIES}, "1", _MK, axis="span"),
    Model("trend_z", partial(trend, of=lambda test: test.z), _TREND, "1", _MK, axis="trend_test"),
    Model("trend_p", partial(trend, of=lambda test: test.p), _TREND, "1", _MK, axis="trend_test"),
    Model("sen_slope", partial(sen, of=lambda found: found.slope), _SERIES, "1e4 tCO2/a", _SEN, axis="span"),
    Model("sen_low", partial(sen, of=lambda found: found.low), _SERIES, "1e4 tCO2/a", _SEN, axis="span"),
    Model("sen_high", partial(sen, of=lambda found: found.high), _SERIES, "1e4 tCO2/a", _SEN, axis="span"),
    Model(
        "maximum_value",
        partial(maximum, of=lambda found: found.maximum),
        _SERIES,
        "1e4 tCO2",
        _RULE,
        axis="maximum_year",
    ),
    Model(
        "maximum_since", partial(maximum, of=lambda found: found.years_since), _SERIES, "a", _RULE, axis="maximum_year"
    ),
    Model(
        "maximum_last",
        partial(maximum, of=lambda found: 100 * found.last_to_maximum),
        _SERIES,
        "%",
        _RULE,
        axis="maximum_year",
    ),
    Model("peak_judgement", peak_judgement, _JUDGED, "1", _RULE, together=True),
    Model(
        "tapio_stated",
        tapio_stated,
        {"part": "label", "year": "label", "co2": "1e4 tCO2", "gdp": "1e8 CNY"},
        "1",
        _TAPIO,
        axis="year",
    ),
    _change("change_of_co2", "1e4 tCO2"),
    _change("change_of_gdp", "1e8 CNY"),
    _change("change_of_energy", "1e4 tce"),
    Model(
        "tapio_co2_gdp",
        tapio_output,
        {"year": "label", "above": "1e4 tCO2", "below": "1e8 CNY", "price_basis": "label"},
        "1",
        _TAPIO,
        axis="year",
    ),
    Model(
        "tapio_co2_energy",
        tapio_elasticity,
        {"year": "label", "above": "1e4 tCO2", "below": "1e4 tce"},
        "1",
        _TAPIO,
        axis="year",
    ),
    Model(
        "tapio_energy_gdp",
        tapio_output,
        {"year": "label", "above": "1e4 tce", "below": "1e8 CNY", "price_basis": "label"},
        "1",
        _TAPIO,
        axis="year",
    ),
)
