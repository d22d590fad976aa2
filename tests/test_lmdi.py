"""LMDI-I: a hand calculation, the limits at zero, and what holds of any decomposition."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonstd import CaseError
from carbonstd.analysis import Decomposition, kaya, lmdi, log_mean, sectoral

FIGURE = st.floats(0.01, 1e6)


def test_two_industries_by_hand() -> None:
    """Output 10 and 40 becomes 40 and 40, energy 30 and 20 becomes 80 and 16 (an illustration as Ang has it).

    L(80, 30) = 50/ln(8/3) = 50.977272, L(16, 20) = 4/ln(5/4) = 17.925680, L(96, 50) = 46/ln 1.92 = 70.515775.
    Activity  ln 1.6 = 0.470004: 68.902953 x 0.470004 = 32.384638, D = exp(32.384638/70.515775) = 1.582880
    Structure ln 2.5 = 0.916291, ln 0.625 = -0.470004: 46.710002 - 8.425135 = 38.284867
    Intensity ln(2/3) = -0.405465, ln 0.8 = -0.223144: -20.669505 - 4.000000 = -24.669505
    """
    found = lmdi(
        [2000, 2001],
        [[30, 20], [80, 16]],
        {"activity": [50, 80], "structure": [[0.2, 0.8], [0.5, 0.5]], "intensity": [[3, 0.5], [2, 0.4]]},
    )
    assert found.effect == pytest.approx(
        {"activity": 32.384638, "structure": 38.284867, "intensity": -24.669505}, abs=1e-6
    )
    assert sum(found.effect.values()) == pytest.approx(46, abs=1e-12)
    assert found.index == pytest.approx({"activity": 1.58288, "structure": 1.72102, "intensity": 0.70480}, abs=1e-5)
    assert math.prod(found.index.values()) == pytest.approx(96 / 50, rel=1e-14)


@pytest.mark.parametrize(
    ("a", "b", "mean"),
    [(2, 1, 1 / math.log(2)), (1, 2, 1 / math.log(2)), (7, 7, 7), (5, 0, 0), (0, 5, 0), (0, 0, 0)],
)
def test_logarithmic_mean(a: float, b: float, mean: float) -> None:
    assert log_mean(a, b) == pytest.approx(mean, rel=1e-15)


def test_logarithmic_mean_of_near_figures_is_their_middle() -> None:
    """L = b (1 + x/2 - x^2/12 ...) with a = b (1 + x): logarithms subtracted would leave seven digits of x = 1e-9."""
    assert log_mean(1 + 1e-9, 1.0) == pytest.approx(1 + 5e-10, rel=1e-15)


def test_a_fuel_that_appears_belongs_to_the_mix() -> None:
    """One sector, output 100 in both years, coal 20 and gas 0, then 20 and 4; CO2 10 and 0, then 10 and 5.

    Coal: L = 10, energy by output x 1.2, its share x 1/1.2: +-10 ln 1.2 = 1.823216. Gas: 5 tonnes from nothing, by a
    share that was nothing; its emission factor had no value and is taken as unchanged. Together +5.
    """
    found = sectoral([2020, 2021], [[100], [100]], [[[20, 0]], [[20, 4]]], [[[10, 0]], [[10, 5]]])
    step = 10 * math.log(1.2)
    by_hand = {"activity": 0, "structure": 0, "energy_intensity": step, "fuel_mix": 5 - step, "emission_factor": 0}
    assert found.effect == pytest.approx(by_hand, abs=1e-12)
    back = sectoral([2020, 2021], [[100], [100]], [[[20, 4]], [[20, 0]]], [[[10, 5]], [[10, 0]]])
    assert back.effect == pytest.approx({name: -value for name, value in by_hand.items()}, abs=1e-12)


def test_two_factors_from_nothing_share_it() -> None:
    found = lmdi([2020, 2021], [[1, 0], [1, 8]], {"a": [[1, 0], [1, 2]], "b": [[1, 0], [1, 4]]})
    assert found.effect == pytest.approx({"a": 4, "b": 4})


def test_what_is_nothing_in_both_years_adds_nothing() -> None:
    found = lmdi([2020, 2021], [[1, 0], [2, 0]], {"a": [[1, 0], [1, 2]], "b": [[1, 4], [2, 0]]})
    assert found.effect == pytest.approx({"a": 0, "b": 1})


@settings(max_examples=40, deadline=None)
@given(st.lists(FIGURE, min_size=6, max_size=6), st.integers(0, 2), st.booleans())
def test_the_limit_is_that_of_a_small_number(figures: list[float], which: int, gone: bool) -> None:
    """With 1e-300 for the zero the logarithms of the other factors are within a few per cent of nothing."""
    factors = np.array(figures).reshape(2, 3)
    factors = factors / factors.max() + 0.5
    zero, small = factors.copy(), factors.copy()
    zero[int(gone), which], small[int(gone), which] = 0.0, 1e-300

    def effects(x: Any) -> np.ndarray:
        rest = [[1.0, 1.0], [1.0, 1.0]]
        cells = np.column_stack([x.prod(axis=1), [1.0, 1.0]])
        named = {name: np.column_stack([x[:, place], rest[0]]) for place, name in enumerate("abc")}
        return lmdi([2000, 2001], cells, named).effects[0]

    assert effects(zero) == pytest.approx(effects(small), abs=0.02 * factors.prod(axis=1).max())


def closes(found: Decomposition) -> None:
    size = np.abs(found.effects).sum() + found.totals.max()
    assert abs(found.residual) <= 1e-11 * size
    assert math.prod(found.index.values()) == pytest.approx(found.ratio, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 6).flatmap(lambda n: st.lists(st.tuples(FIGURE, FIGURE, FIGURE, FIGURE), min_size=n, max_size=n)),
    st.sampled_from(["chained", "two_point"]),
)
def test_kaya_leaves_nothing(rows: list[tuple[float, ...]], chaining: Any) -> None:
    found = kaya(range(2000, 2000 + len(rows)), *np.array(rows).T, chaining=chaining)
    closes(found)
    assert len(found.spans) == (1 if chaining == "two_point" else len(rows) - 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.just(0.0), st.floats(0.1, 100)), min_size=12, max_size=12), st.lists(FIGURE, min_size=6))
def test_sectors_and_fuels_leave_nothing_with_zeros(energy: list[float], output: list[float]) -> None:
    """Three years, two sectors, two fuels, of which any may be absent; one fuel has the factor nothing."""
    used = np.array(energy).reshape(3, 2, 2)
    used[:, 0, 0] += 1  # some CO2 in every year
    found = sectoral([2000, 2001, 2002], np.array(output[:6]).reshape(3, 2), used, used * [2.0, 0.0])
    closes(found)


def test_the_order_of_the_years_and_how_they_are_written_do_not_matter() -> None:
    first = kaya(["2019年", "2020"], [1, 2], [3, 4], [5, 6], [7, 8])
    second = kaya([2020.0, 2019], [2, 1], [4, 3], [6, 5], [8, 7])
    assert first.effect == second.effect
    assert first.spans == ((2019, 2020),)


def test_it_shows_itself() -> None:
    found = kaya([2019, 2020, 2021], [1, 2, 2], [4, 4, 8], [2, 4, 8], [4, 8, 8])
    frame = found.frame()
    assert list(frame.index) == ["2019–2020", "2020–2021", "2019–2021 Σ"]
    assert frame.loc["2019–2021 Σ", "change"] == pytest.approx(4)
    assert frame.loc["2019–2020", "D population"] == pytest.approx(2)
    assert repr(found).startswith("<Decomposition LMDI-I, chained, 2019–2021, residual ")
    assert "<td>2019–2020</td>" in found._repr_html_()


@pytest.mark.parametrize(
    ("years", "aggregate", "factors", "codes"),
    [
        ([2019, 2021], [1, 2], {"a": [1, 2]}, ["series-gap"]),
        ([2019, 2019], [1, 2], {"a": [1, 2]}, ["series-year-twice", "series-short"]),
        (["2019", "last"], [1, 2], {"a": [1, 2]}, ["series-year"]),
        ([2019], [1], {"a": [1]}, ["series-short"]),
        ([2019, 2020], [1, 2, 3], {"a": [1, 2]}, ["series-lengths"]),
        ([2019, 2020], [1, float("nan")], {"a": [1, 2]}, ["series-missing"]),
        ([2019, 2020], [1, -2], {"a": [1, -2]}, ["series-negative"]),
        ([2019, 2020], [1, 0], {"a": [1, 0]}, ["lmdi-nothing"]),
        ([2019, 2020], [1, 2], {"a": [1, 3]}, ["lmdi-product"]),
        ([2019, 2020], [1, 2], {"a": [1, 2], "b": [1, float("nan")]}, ["lmdi-product"]),
        ([2019, 2020], [1, 2], {"a": [1, float("inf")]}, ["lmdi-infinite"]),
        ([2019, 2020], [1, 2], {}, ["analysis-setting"]),
        ([2019, 2020], [[1, 2], [3, 4]], {"a": [[1, 2, 3], [3, 4, 5]]}, ["lmdi-cells"]),
        ([2019, 2020], [[1, 2], [3]], {"a": [1, 2]}, ["series-number"]),
    ],
)
def test_what_has_no_decomposition(years: Any, aggregate: Any, factors: Any, codes: list[str]) -> None:
    with pytest.raises(CaseError) as caught:
        lmdi(years, aggregate, factors)
    assert [item.code for item in caught.value.findings] == codes


def test_a_chaining_that_is_none_is_refused() -> None:
    with pytest.raises(CaseError, match="chained, two_point"):
        kaya([2019, 2020], [1, 2], [1, 2], [1, 2], [1, 2], chaining="both")  # type: ignore[arg-type]


def test_sectors_without_output_and_of_other_shapes_are_refused() -> None:
    with pytest.raises(CaseError, match="divide by zero"):
        sectoral([2019, 2020], [[1, 0], [1, 0]], np.ones((2, 2, 1)), np.ones((2, 2, 1)))
    with pytest.raises(CaseError, match="shapes"):
        sectoral([2019, 2020], [[1, 1], [1, 1]], np.ones((2, 2, 1)), np.ones((2, 2, 2)))
