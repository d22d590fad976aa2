"""The regression model: published values, and what holds of any least-squares fit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from carbonstd._definitions.library import Library
from carbonstd.models import Outcome
from carbonstd.models.regression import regression_coefficient, regression_error, regression_leverage

Floats = NDArray[np.float64]

# NIST/ITL Statistical Reference Datasets, Longley (16 observations, 6 predictors, higher difficulty): y, x1 .. x6
# fmt: off
LONGLEY = np.array([
    [60323, 83.0, 234289, 2356, 1590, 107608, 1947], [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
    [60171, 88.2, 258054, 3682, 1616, 109773, 1949], [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
    [63221, 96.2, 328975, 2099, 3099, 112075, 1951], [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
    [64989, 99.0, 365385, 1870, 3547, 115094, 1953], [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
    [66019, 101.2, 397469, 2904, 3048, 117388, 1955], [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
    [68169, 108.4, 442769, 2936, 2798, 120445, 1957], [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
    [68655, 112.6, 482704, 3813, 2552, 123366, 1959], [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
    [69331, 115.7, 518173, 4806, 2572, 127852, 1961], [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
])
# fmt: on
CERTIFIED = [15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359]
CERTIFIED += [-0.0511041056535807, 1829.15146461355]
CERTIFIED_ERROR = [84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675]
CERTIFIED_ERROR += [0.226073200069370, 455.478499142212]
CERTIFIED_CONSTANT, CERTIFIED_CONSTANT_ERROR = -3482258.63459582, 890420.383607373


def rows(matrix: Floats, names: list[str] | None = None, year: int = 2024) -> tuple[Any, ...]:
    """A matrix (months, drivers) as months from January on and the long list of drivers that a sheet holds."""
    months = np.array([f"{year + row // 12}-{row % 12 + 1:02d}" for row in range(len(matrix))], dtype=object)
    labels = names or [f"x{column}" for column in range(matrix.shape[1])]
    driver = np.tile(np.array(labels, dtype=object), len(matrix))
    return months, np.repeat(months, matrix.shape[1]), driver, matrix.ravel()


def students() -> dict[int, str]:
    """Two-sided 95 % points, handbook values to three decimals, and above 40 what holds between two of them."""
    table = {1: "12.706", 2: "4.303", 5: "2.571", 10: "2.228", 20: "2.086", 29: "2.045", 30: "2.042", 39: "2.023"}
    table |= {40: "2.021", 49: "2.021", 50: "2.009", 59: "2.009", 60: "2.000", 69: "2.000", 70: "1.994", 79: "1.994"}
    table |= {80: "1.990", 89: "1.990", 90: "1.987", 99: "1.987", 100: "1.984", 119: "1.984"}
    table |= {120: "1.980", 999: "1.980"}
    return table


def test_students_t_is_that_of_the_handbooks_and_of_the_next_lower_degrees_of_freedom() -> None:
    table = Library().table("energy/student-t")
    rows = {freedom: table.find((Fraction(freedom),)) for freedom in students()}
    found = {freedom: table.cell(row, "t").value for freedom, [row] in rows.items()}
    assert {freedom: f"{float(value):.3f}" for freedom, value in found.items() if value} == students()


def fit(matrix: Floats, energy: Floats, names: list[str] | None = None) -> Outcome:
    months, *long = rows(matrix, names)
    return regression_coefficient(months, energy, *long)


def test_longley_as_certified_by_nist() -> None:
    """Six drivers that nearly follow from each other: the hardest of the certified data sets."""
    months, *long = rows(LONGLEY[:, 1:])
    found = regression_coefficient(months, LONGLEY[:, 0], *long)
    assert found.value == pytest.approx(CERTIFIED, rel=1e-7)
    assert regression_error(months, LONGLEY[:, 0], *long).value == pytest.approx(CERTIFIED_ERROR, rel=1e-7)
    assert found.working["coefficient"][0] == pytest.approx(CERTIFIED_CONSTANT, rel=1e-7)
    assert found.working["standard_error"][0] == pytest.approx(CERTIFIED_CONSTANT_ERROR, rel=1e-7)
    assert found.working["t"][1:] == pytest.approx(np.divide(CERTIFIED, CERTIFIED_ERROR), rel=1e-7)


def drawn(seed: int) -> tuple[Floats, Floats]:
    draw = np.random.default_rng(seed)
    return draw.uniform(50, 150, (12, 3)), draw.uniform(100, 300, 12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_residuals_are_orthogonal_to_the_constant_and_every_driver(seed: int) -> None:
    matrix, energy = drawn(seed)
    found = fit(matrix, energy)
    residuals = energy - found.working["coefficient"][0] - matrix @ found.value
    assert np.column_stack([np.ones(12), matrix]).T @ residuals == pytest.approx(np.zeros(4), abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-6, 1e6), st.floats(-1000, 1000))
def test_units_of_a_driver_change_its_coefficient_and_nothing_else(seed: int, scale: float, shift: float) -> None:
    """A driver in another unit, or counted from another zero: t and the leverage of the same months stay."""
    matrix, energy = drawn(seed)
    other = matrix * [scale, 1, 1] + [0, shift, 0]
    found, again = fit(matrix, energy), fit(other, energy)
    assert again.value * [scale, 1, 1] == pytest.approx(found.value, rel=1e-6)
    assert again.working["t"][1:] == pytest.approx(found.working["t"][1:], rel=1e-6)


def test_the_order_of_rows_does_not_matter() -> None:
    matrix, energy = drawn(7)
    months, *long = rows(matrix)
    mixed = np.random.default_rng(1).permutation(len(long[0]))
    found = regression_coefficient(months[::-1], energy[::-1], *(column[mixed] for column in long))
    value = dict(zip(found.labels, found.value, strict=True))
    straight = fit(matrix, energy)
    assert [value[name] for name in straight.labels] == pytest.approx(straight.value, rel=1e-9)


def test_leverage_gives_the_variance_of_a_predicted_sum() -> None:
    """m + m^2/n + d v is c' (X'X)^-1 c + m with the constant among the columns of X."""
    matrix, energy = drawn(3)
    later, _ = drawn(4)
    months, *long = rows(matrix)
    found = regression_leverage(months, energy, *long, *rows(later, year=2026))
    full = np.column_stack([np.ones(12), matrix])
    sums = np.append(12.0, later.sum(axis=0))
    expected = 12 + sums @ np.linalg.inv(full.T @ full) @ sums
    distance = later.sum(axis=0) - 12 * matrix.mean(axis=0)
    assert 12 + 12 + distance @ found.value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ([[1, 2, 4, 8, 9], [5, 5, 5, 5, 5]], "b"),
        ([[1, 2, 4, 8, 9], [2e6 + 3, 4e6 + 3, 8e6 + 3, 16e6 + 3, 18e6 + 3]], "a, b"),
        ([[0, 0, 0, 0, 0], [1, 2, 4, 8, 9]], "a"),
    ],
)
def test_drivers_that_follow_from_each_other_are_named(columns: list[list[float]], named: str) -> None:
    found = fit(np.array(columns, dtype=float).T, np.array([3.0, 5, 4, 9, 8]), ["a", "b"])
    assert np.isnan(found.value).all()
    assert found.findings["regression-collinear"][1] == {"drivers": named}


def test_a_missing_figure_is_no_finding_of_its_own() -> None:
    """The blank has been told already; three collinear drivers would be another matter."""
    found = fit(np.array([[1.0], [2], [np.nan], [4]]), np.array([1.0, 2, 3, 4]))
    assert np.isnan(found.value).all()
    assert not found.findings


def test_months_left_out_between_first_and_last_are_told() -> None:
    months = np.array(["2024-02", "2023-11", "2024-03"], dtype=object)
    driver = np.array(["a"] * 3, dtype=object)
    found = regression_coefficient(months, np.array([3.0, 5, 6]), months, driver, np.array([1.0, 2, 4]))
    assert found.findings["regression-baseline-gap"][1] == {"months": "2023-12, 2024-01"}
    assert np.isfinite(found.value).all()


def test_an_exact_fit_is_answered() -> None:
    found = fit(np.array([[1.0], [2], [3]]), np.array([5.0, 7, 9]))
    assert found.value == pytest.approx([2.0])
    assert found.working["coefficient"][0] == pytest.approx(3.0)
