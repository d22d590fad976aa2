"""Pathways, their bands and the gap: hand calculations and what holds of any draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from carbonstd import CaseError
from carbonstd.analysis import Growth, pathway, remaining_gap
from carbonstd.models.pathway import scenario_maximum


def test_growth_is_compounded() -> None:
    """100 x 1.1 x 0.8 = 88 a year: 100, 88, 77.44; with 0.5 in the second year 100, 110, 55."""
    even = pathway(2020, 100, 2022, {"output": Growth(0.1), "intensity": Growth(-0.2)})
    assert even.emissions.tolist() == pytest.approx([100, 88, 77.44])
    bent = pathway(2020, 100, 2022, {"output": Growth([0.1, 0.0]), "intensity": Growth([0.0, -0.5])})
    assert bent.emissions.tolist() == pytest.approx([100, 110, 55])
    assert (bent.peak_year, even.peak_year) == (2021, 2020)
    assert bent.peaks == {2021: 1.0}
    assert bent.low.tolist() == pytest.approx(bent.high.tolist())


def test_a_maximum_in_the_last_year_is_no_peak() -> None:
    found = pathway(2020, 100, 2025, {"output": Growth(0.01)})
    assert found.peak_year is None
    assert "none before 2025" in found.title


@pytest.mark.parametrize(
    ("distribution", "low", "high"),
    [
        # one year, growth 0 to 4 %, mode 1 %: quantiles sqrt(0.025 x 4 x 1) and 4 - sqrt(0.025 x 4 x 3) per cent
        ("triangular", 100.316228, 103.452277),
        ("uniform", 100.1, 103.9),  # 0.025 and 0.975 of 4 %
    ],
)
def test_bands_are_those_of_the_distribution(distribution: Any, low: float, high: float) -> None:
    found = pathway(2020, 100, 2021, {"output": Growth(0.01, 0.0, 0.04, distribution)}, draws=40_000, seed=7)
    assert found.low[1] == pytest.approx(low, abs=0.05)
    assert found.high[1] == pytest.approx(high, abs=0.05)


def test_draws_are_repeated_by_their_seed_and_peaks_are_shares() -> None:
    fall = np.linspace(0, -0.08, 10)
    drivers = {"output": Growth(0.04, 0.03, 0.05), "intensity": Growth(fall, fall - 0.02, fall + 0.02)}
    first, second = (pathway(2020, 100, 2030, drivers, draws=500, seed=3) for _ in range(2))
    assert (first.low.tolist(), first.peaks) == (second.low.tolist(), second.peaks)
    assert sum(first.peaks.values()) == pytest.approx(1)
    assert len(first.peaks) > 2
    assert (first.low <= first.emissions).all()
    assert (first.emissions <= first.high).all()
    assert first.frame()["share of peaks"].sum() == pytest.approx(1)
    assert "500 draws, seed 3" in repr(first)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((2020, 100, 2020, {"a": Growth(0)}), "pathway-nothing"),
        ((2020, 100, 2021, {}), "pathway-nothing"),
        ((2020, 0, 2021, {"a": Growth(0)}), "pathway-nothing"),
        ((2020, 100, 2023, {"a": Growth([0, 0])}), "pathway-length"),
        ((2020, 100, 2021, {"a": Growth(-1)}), "pathway-growth"),
        ((2020, 100, 2021, {"a": Growth(0, 0.1, 0.2)}), "pathway-growth"),
        ((2020, 100, 2021, {"a": Growth(0, -0.1, -0.05)}), "pathway-growth"),
        ((2020, 100, 2021, {"a": Growth(4.5)}), "pathway-growth"),
        ((2020, float("inf"), 2021, {"a": Growth(0)}), "series-missing"),
        ((2020.5, 100, 2022, {"a": Growth(0)}), "series-year"),
        ((2020, 100, 2021, {"a": Growth("much")}), "series-number"),
        ((2020, 100, 2021, {"a": Growth(0, distribution="normal")}), "analysis-setting"),  # type: ignore[arg-type]
        ((2020, 100, 2021, {"a": Growth(0)}, {"draws": 0}), "analysis-setting"),
        ((2020, 100, 2021, {"a": Growth(0)}, {"seed": -1}), "analysis-setting"),
        ((2020, 100, 2021, {"a": Growth(0)}, {"interval": 1}), "analysis-setting"),
    ],
)
def test_what_makes_no_path(arguments: Any, code: str) -> None:
    with pytest.raises(CaseError) as caught:
        pathway(*arguments[:4], **dict(*arguments[4:]))
    assert [item.code for item in caught.value.findings] == [code]


def test_a_scenario_with_a_year_or_a_figure_missing_has_no_maximum() -> None:
    """Base 100; low 90 then missing; odd in a year that is none; high 110, 105: the most in 2025."""
    scenario = np.array(["low", "low", "odd", "high", "high"], dtype=object)
    year = np.array(["2025", "2030", "soon", "2025", "2030"], dtype=object)
    co2 = np.array([90, np.nan, 120, 110, 105])
    ended, base = np.array(["before"], dtype=object), np.array(["2020"], dtype=object)
    found = scenario_maximum(ended, base, np.array([100.0]), scenario, year, co2)
    assert (found.labels, found.value.tolist()) == (["high · 2025"], [110])


def test_the_gap_keeps_its_three_parts_and_is_not_called_neutral() -> None:
    found = remaining_gap([2060, 2050], [50, 80], [30, 20], [25, 10])
    assert found.years == (2050, 2060)
    assert found.remaining.tolist() == [50, -5]
    assert found.frame().loc[2060].to_dict() == {"emissions": 50, "sinks": 30, "ccus": 25, "remaining": -5}
    assert "neutral" not in (repr(found) + found._repr_html_()).casefold()
    with pytest.raises(CaseError, match="negative"):
        remaining_gap([2060], [50], [-30], [25])
    with pytest.raises(CaseError, match="1 years and a series of 2"):
        remaining_gap([2060], [50], [30], [[25, 1]])
