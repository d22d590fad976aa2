"""Mann-Kendall, Sen, Tapio and the judgement of a peak: counted orders, hand calculations, symmetries."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonstd import CaseError
from carbonstd.analysis import judge_peak, mann_kendall, sen_slope, tapio
from carbonstd.analysis.trend import VARIANTS

SERIES = st.lists(st.integers(1, 60).map(float), min_size=4, max_size=16)


@pytest.mark.parametrize(
    ("orders", "upper"),
    [
        # P(S >= s) as tables of Kendall's statistic have it (n = 5, 8; such as Gilbert 1987 table A18, recalled)
        ([1, 2, 3, 4, 5], 0.0083),
        ([1, 2, 3, 5, 4], 0.042),
        ([1, 2, 4, 3, 5, 6, 8, 7], 0.00087),
        ([8, 1, 2, 3, 4, 5, 7, 6], 0.089),
    ],
)
def test_counted_probabilities(orders: list[float], upper: float) -> None:
    found = mann_kendall(orders)
    assert found.exact
    assert found.p / 2 == pytest.approx(upper, rel=0.02)


@pytest.mark.parametrize("figures", [[1, 1, 2, 3], [1, 2, 2, 2, 4, 5], [1, 1, 1, 2, 2], [3, 1, 3, 1, 2]])
def test_ties_are_counted_over_all_orders(figures: list[float]) -> None:
    """Every order of the figures, one by one."""
    scores = [mann_kendall(order).s for order in permutations(figures)]
    found = mann_kendall(figures)
    assert found.p == pytest.approx(np.mean(np.abs(scores) >= abs(found.s)))
    assert found.variance == pytest.approx(np.mean(np.square(scores)))  # the formula with ties is that of all orders


def test_ten_years_by_the_normal_distribution() -> None:
    """S = 45 - 2 x 3 = 39 with three inversions; var = 10 x 9 x 25/18 = 125; Z = 38/11.180340 = 3.398823."""
    found = mann_kendall([1, 2, 3, 4, 8, 5, 6, 7, 9, 10])
    assert (found.s, found.exact, found.direction) == (39, False, "increasing")
    assert found.z == pytest.approx(3.398823, abs=1e-6)
    assert found.p == pytest.approx(0.000677, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(SERIES, st.sampled_from(VARIANTS))
def test_turned_round_the_trend_is_the_other(figures: list[float], variant: Any) -> None:
    x = np.array(figures)
    found, down = mann_kendall(x, variant), mann_kendall(-x, variant)
    assert down.s == -found.s
    assert (down.p, down.z) == pytest.approx((found.p, -found.z), nan_ok=True)
    assert mann_kendall(x[::-1]).s == -found.s
    assert mann_kendall(3 * x + 7, variant).z == pytest.approx(found.z, nan_ok=True)


def test_a_straight_line_has_no_autocorrelation() -> None:
    """What is left of it is nothing: each variant is the plain test."""
    line = 0.1 * np.arange(12) + 3
    for variant in VARIANTS:
        found = mann_kendall(line, variant)
        assert (found.correction, found.s) == (1, 66)


def test_sen_by_hand() -> None:
    """Slopes of 1, 3, 2, 7: 2, 1/2, 2, -1, 2, 5, in order -1 1/2 2 2 2 5: median 2."""
    found = sen_slope([1, 3, 2, 7])
    assert (found.slope, found.low, found.high) == (2, -np.inf, np.inf)
    assert sen_slope([7, 2, 3, 1], [2023, 2022, 2021, 2020]).slope == 2


@settings(max_examples=40, deadline=None)
@given(SERIES, st.integers(-9, 9))
def test_a_slope_added_is_found(figures: list[float], slope: int) -> None:
    x = np.array(figures)
    before, after = sen_slope(x), sen_slope(x + slope * np.arange(len(x)))
    assert after.slope == pytest.approx(before.slope + slope, abs=1e-9)
    assert before.low <= before.slope <= before.high


def test_what_has_no_trend() -> None:
    for figures in ([1, 2, 3], [[1, 2], [3, 4]]):
        with pytest.raises(CaseError, match="figures"):
            mann_kendall(figures)
    with pytest.raises(CaseError, match="missing"):
        mann_kendall([1, 2, 3, float("nan")])


@pytest.mark.parametrize(
    "analysis",
    [
        lambda: mann_kendall([1, 2, 3, 4], "hamed-rao"),  # type: ignore[arg-type]
        lambda: mann_kendall([1, 2, 3, 4], significance=0),
        lambda: mann_kendall([1, 2, 3, 4], significance=1),
        lambda: sen_slope([1, 2, 3], confidence=1.5),
        lambda: judge_peak([2010, 2011], [1, 2], variant="plain", least_years=-1),
        lambda: judge_peak([2010, 2011], [1, 2], variant="plain", least_years=float("nan")),
        lambda: tapio([2010, 2011], [1, 2], [1, 2], chaining="both"),  # type: ignore[arg-type]
    ],
)
def test_a_setting_that_is_none_is_refused(analysis: Callable[[], object]) -> None:
    with pytest.raises(CaseError) as caught:
        analysis()
    assert [item.code for item in caught.value.findings] == ["analysis-setting"]


def test_a_series_of_words_or_of_another_length_is_refused() -> None:
    with pytest.raises(CaseError, match="no number"):
        mann_kendall(["a", "b", "c", "d"])
    with pytest.raises(CaseError, match="2 years and a series of 3"):
        sen_slope([1, 2, 3], [2020, 2021])


def test_tapio_by_hand() -> None:
    """GDP +10 % and +10 %, CO2 +5 % and -11 %, energy +8 % and 0: e 0.5 and -1.1; 0.625 x 0.8 = 0.5; none by energy."""
    found = tapio([2019, 2020, 2021], [100, 105, 93.45], [100, 110, 121], [50, 54, 54])
    assert found.elasticity.tolist() == [0.5, -1.1]
    assert found.states == ("weak_decoupling", "strong_decoupling")
    assert found.emissions_energy.tolist() == pytest.approx([0.625, np.nan], nan_ok=True)
    assert found.energy_output.tolist() == [0.8, 0]
    assert list(found.frame().columns) == ["e(CO2, GDP)", "state", "e(CO2, energy)", "e(energy, GDP)"]
    between = tapio([2019, 2020, 2021], [100, 105, 93.45], [100, 110, 121], chaining="two_point")
    assert between.spans == ((2019, 2021),)
    assert between.elasticity.tolist() == pytest.approx([-0.0655 / 0.21])


def test_without_a_change_there_is_no_state() -> None:
    found = tapio([2019, 2020, 2021], [100, 100, 110], [100, 110, 110])
    assert found.states == ("", "")
    assert found.elasticity.tolist() == pytest.approx([0, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("series", "judgement", "since"),
    [
        ([10, 20, 30, 40, 50, 60, 70, 69, 68, 67], "too_short", 3),  # the whole rises (S = 33), but not to its end
        ([9, 10, 8, 7, 6, 5, 4], "peaked", 5),
        ([9, 10, 8, 7, 6, 5], "too_short", 4),
        ([9, 10, 4, 5, 6, 7, 8], "rising", 5),
        ([9, 10, 8, 7.9, 8.1, 7.8, 8.2], "plateau", 5),
        ([1, 2, 3, 4, 5, 6], "rising", 0),
        ([9, 10, 8, 10, 7, 6, 5], "too_short", 3),  # of equal maxima the last
        ([1, 2], "too_short", 0),
    ],
)
def test_judgements(series: list[float], judgement: str, since: int) -> None:
    found = judge_peak(range(2010, 2010 + len(series)), series, variant="plain", least_years=5)
    assert (found.judgement, found.years_since) == (judgement, since)


@pytest.mark.parametrize(
    ("years", "significance", "judgement"),
    [
        # a fall throughout has p = 2/n!: 2/24 = 0.0833, 2/120 = 0.0167, 2/720 = 0.0028
        (4, 0.1, "peaked"),
        (4, 0.08, "too_short"),
        (5, 0.02, "peaked"),
        (5, 0.01, "too_short"),
        (6, 0.01, "peaked"),
    ],
)
def test_years_too_few_to_be_significant_are_no_plateau(years: int, significance: float, judgement: str) -> None:
    series = [100 - 5 * year for year in range(years + 1)]
    found = judge_peak(range(2010, 2011 + years), series, variant="plain", least_years=4, significance=significance)
    assert found.judgement == judgement
    assert found.unable == (judgement == "too_short")


def test_the_smallest_p_of_so_many_years() -> None:
    """Four: 2/24; of the normal distribution Z = 5/sqrt(4 x 3 x 13/18) = 1.698416, p = 0.089429. Ten: 44/sqrt(125)."""
    assert mann_kendall([3, 1, 2, 4]).least_p == pytest.approx(2 / 24)
    assert mann_kendall([1, 2, 3, 4], "hamed_rao").least_p == pytest.approx(0.089429, abs=1e-6)
    assert mann_kendall([1] * 10).least_p == pytest.approx(0.0000830, abs=1e-7)
    assert mann_kendall([1] * 10).able  # no change in ten years is a plateau


def test_a_corrected_test_without_variance_has_no_answer() -> None:
    """Sixteen years of a steady fall: the variance by Yue-Wang of one lag is below zero (so pymannkendall 1.4.3)."""
    rise = [3010, 3260, 3505, 3748, 3902, 4120]
    fall = [4077, 4012, 4031, 3950, 3968, 3921, 3894, 3905, 3850, 3811, 3826, 3779, 3740, 3752, 3698, 3660]
    found = judge_peak(range(2001, 2023), rise + fall, variant="yue_wang_1", least_years=5)
    assert found.after is not None
    assert found.after.variance == pytest.approx(-47.9662507532144)
    assert (found.judgement, found.after.direction) == ("no_answer", "none")
    assert not found.unable
    assert judge_peak(range(2001, 2023), rise + fall, variant="plain", least_years=5).judgement == "peaked"


def test_a_peak_shows_what_it_rests_on() -> None:
    found = judge_peak(range(2010, 2018), [9, 10, 8, 7, 6, 5, 4, 3], variant="yue_wang_1", least_years=5)
    assert repr(found).startswith("<Peak ")
    assert "Mann-Kendall yue_wang_1 at 0.05" in found.title
    shown = found.frame()["value"]
    assert shown["maximum year"] == 2011
    assert shown["last / maximum"] == pytest.approx(0.3)
    assert found.after is not None
    assert found.after.small
    assert "<td>years since</td><td>6</td>" in found._repr_html_()
    assert "<Trend " in repr(found.after)
    assert "<Slope " in repr(found.slope)
