"""Ordinary least squares: consumption of baseline months on what drives it (production, degree days ...)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd.models import Model, Outcome

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Labels = NDArray[Any]

_SAME = 1e-9  # what is left of a driver, relative to its own spread, once the others explain it
_ROUNDING = 1e-12  # what is left of consumption, relative to it, where the drivers say all


@dataclass(frozen=True)
class _Baseline:
    """Drivers by month (months, drivers) and the consumption of the months, tce (months,)."""

    names: list[str]
    matrix: Floats
    energy: Floats

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.matrix).all() and np.isfinite(self.energy).all())

    @property
    def nothing(self) -> Floats:
        """An answer for each driver where there is none."""
        return np.full(len(self.names), np.nan)


@dataclass(frozen=True)
class _Fit:
    """Coefficients and their standard errors (drivers,), the inverse of Sxx, and the constant with its error."""

    means: Floats
    coefficients: Floats
    errors: Floats
    inverse: Floats
    constant: float
    constant_error: float


def regression_coefficient(
    month: Labels, energy: Floats, driver_month: Labels, driver: Labels, value: Floats
) -> Outcome:
    """What one unit of each driver adds to the consumption of a month, with a constant.

    Args:
        month, energy: (months,) a row each month of the baseline; tce.
        driver_month, driver, value: (rows,) a row each month and driver; each driver in a unit of its own, so the
            numbers are bare.

    Returns:
        tce by unit of the driver (drivers,), `labels` the drivers in the order of the rows; `working`: mean,
        coefficient, standard error and t of each term, the constant first. NaN and findings where there is no unique
        answer: too few months, a month without a driver, drivers that follow from each other. Months left out between
        the first and the last are a finding.

    Source: N. R. Draper and H. Smith, Applied Regression Analysis (3rd ed. 1998), ch. 1, 5: b = Sxx^-1 Sxy,
    var(b) = s^2 Sxx^-1, s^2 = SSE/(n - p - 1).
    """
    baseline, fit, findings = _fitted(month, energy, driver_month, driver, value)
    if fit is None:
        return Outcome(baseline.nothing, {}, findings, baseline.names)
    return Outcome(fit.coefficients, _terms(baseline.names, fit), _gaps(month), baseline.names)


def regression_error(month: Labels, energy: Floats, driver_month: Labels, driver: Labels, value: Floats) -> Outcome:
    """Standard error of each coefficient: tce by unit of the driver (drivers,). Arguments and source as above."""
    baseline, fit, findings = _fitted(month, energy, driver_month, driver, value)
    return Outcome(baseline.nothing if fit is None else fit.errors, {}, findings, baseline.names)


def regression_leverage(
    month: Labels,
    energy: Floats,
    driver_month: Labels,
    driver: Labels,
    value: Floats,
    later: Labels,
    later_month: Labels,
    later_driver: Labels,
    later_value: Floats,
) -> Outcome:
    """How far the months adjusted to lie from the middle of the baseline: v = Sxx^-1 d, d = sum of x' less m means.

    With m months their adjusted consumption has the variance s^2 (m + m^2/n + d v).

    Args:
        month, energy, driver_month, driver, value: the baseline, as above.
        later: (later months,) the months adjusted to; later_month, later_driver, later_value: (rows,) their drivers.

    Returns:
        v (drivers,), `labels` the drivers; `working`: range of each driver in the baseline, d and v. Findings: a driver
        without coefficient, a month of the baseline, a month without a driver, a value outside the baseline's range.

    Source: Draper and Smith (1998), ch. 3, 5: variance of a predicted sum.
    """
    baseline, fit, findings = _fitted(month, energy, driver_month, driver, value)
    names = baseline.names
    strange = ~np.isin(later_driver, names)
    if strange.any():
        findings["regression-driver-unknown"] = (strange, {"driver": later_driver}, "later_driver")
    both = np.isin(later, month)
    if both.any():
        findings["regression-month-in-both"] = (both, {"month": later}, "later")
    if fit is None or findings:
        return Outcome(baseline.nothing, {}, findings, names)
    matrix, findings = _pivot(list(later), names, later_month, later_driver, later_value, "later_month")
    distance = matrix.sum(axis=0) - len(later) * fit.means
    leverage = fit.inverse @ distance
    low, high = baseline.matrix.min(axis=0), baseline.matrix.max(axis=0)
    findings |= _outside(names, low, high, later_month, later_driver, later_value)
    working = {"driver": _labels(names), "lowest": low, "highest": high, "distance": distance, "leverage": leverage}
    return Outcome(leverage, working, findings, names)


def _fitted(
    month: Labels, energy: Floats, driver_month: Labels, driver: Labels, value: Floats
) -> tuple[_Baseline, _Fit | None, dict[str, Any]]:
    """The baseline as a matrix and the fit to it, or what keeps it from being made; nothing where a figure is blank."""
    names = list(dict.fromkeys(str(name) for name in driver))
    matrix, findings = _pivot(list(month), names, driver_month, driver, value)
    baseline = _Baseline(names, matrix, energy)
    if len(month) < len(names) + 2:
        counts = {"months": len(month), "drivers": len(names), "least": len(names) + 2}
        findings["regression-too-few"] = (np.ones(1, dtype=bool), counts)
    if findings or not baseline.known:
        return baseline, None, findings
    explained = _explained(matrix)
    if explained.any():
        together = ", ".join(np.array(names)[explained])
        return baseline, None, {"regression-collinear": (np.ones(1, dtype=bool), {"drivers": together})}
    return baseline, _fit(baseline), {}


def _pivot(
    months: list[Any], names: list[str], month: Labels, driver: Labels, value: Floats, months_of: str = "driver_month"
) -> tuple[Floats, dict[str, Any]]:
    """Values by month and driver, NaN where no row or several give one; such places and stray months are findings."""
    matrix, wrong = np.full((len(months), len(names)), np.nan), []
    for row, wanted in enumerate(months):
        for column, name in enumerate(names):
            found = value[(month == wanted) & (driver == name)]
            if len(found) == 1:
                matrix[row, column] = found[0]
            else:
                wrong.append((wanted, name, len(found)))
    findings: dict[str, Any] = {}
    if wrong:
        values = dict(zip(("month", "driver", "count"), map(_labels, zip(*wrong, strict=True)), strict=True))
        findings["regression-driver-rows"] = (np.ones(len(wrong), dtype=bool), values)
    stray = np.array([item not in months for item in month], dtype=bool)
    if stray.any():
        findings["regression-month-unknown"] = (stray, {"month": month}, months_of)
    return matrix, findings


def _labels(items: Iterable[Any]) -> Labels:
    return np.array(list(items), dtype=object)


def _fit(baseline: _Baseline) -> _Fit:
    matrix, energy = baseline.matrix, baseline.energy
    months, drivers = matrix.shape
    means = matrix.mean(axis=0)
    levelled, spread = _levelled(matrix)
    inverse = np.linalg.inv(levelled.T @ levelled) / np.outer(spread, spread)
    deviation = energy - energy.mean()
    coefficients = np.linalg.lstsq(levelled, deviation, rcond=None)[0] / spread
    residuals = deviation - (matrix - means) @ coefficients
    if np.sqrt((residuals**2).sum()) <= _ROUNDING * np.sqrt((energy**2).sum()):
        residuals = np.zeros(months)  # a line through every month: what is left is of the arithmetic
    scatter = float(np.sqrt((residuals**2).sum() / (months - drivers - 1)))
    return _Fit(
        means,
        coefficients,
        scatter * np.sqrt(np.diag(inverse)),
        inverse,
        float(energy.mean() - means @ coefficients),
        scatter * float(np.sqrt(1 / months + means @ inverse @ means)),
    )


def _levelled(matrix: Floats) -> tuple[Floats, Floats]:
    """Drivers about their means, each of length 1, and their lengths: units must not decide the rank."""
    centred = matrix - matrix.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    spread = np.where(length > 0, length, 1.0)
    return centred / spread, spread


def _explained(matrix: Floats) -> Mask:
    """Which drivers do not vary, or are a combination of the others. (drivers,)"""
    levelled, spread = _levelled(matrix)
    same: Mask = spread <= _SAME * np.sqrt((matrix**2).sum(axis=0))
    same |= ~levelled.any(axis=0)
    for column in np.flatnonzero(~same):
        others, own = np.delete(levelled, column, axis=1), levelled[:, column]
        left = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
        same[column] = np.sqrt((left**2).sum()) <= _SAME
    return same


def _terms(names: list[str], fit: _Fit) -> dict[str, Labels]:
    """The table a statistics program prints: coefficient, standard error and t of the constant (1) and each driver."""
    coefficient = np.append(fit.constant, fit.coefficients)
    error = np.append(fit.constant_error, fit.errors)
    with np.errstate(divide="ignore", invalid="ignore"):  # an exact fit has no error
        t = coefficient / error
    means = np.append(1.0, fit.means)
    return {"term": _labels(["1", *names]), "mean": means, "coefficient": coefficient, "standard_error": error, "t": t}


def _gaps(months: Labels) -> dict[str, Any]:
    """The months between the first and the last of the baseline that are not in it."""
    held = sorted(12 * int(year) + int(number) - 1 for year, number in (str(month).split("-") for month in months))
    absent = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(held[0], held[-1]) if at not in held]
    return {"regression-baseline-gap": (np.ones(1, dtype=bool), {"months": ", ".join(absent)})} if absent else {}


def _outside(
    names: list[str], low: Floats, high: Floats, month: Labels, driver: Labels, value: Floats
) -> dict[str, Any]:
    """Rows whose value lies outside what the baseline has seen of the driver."""
    code = {name: place for place, name in enumerate(names)}
    at = np.array([code[str(name)] for name in driver], dtype=np.intp)
    outside = (value < low[at]) | (value > high[at])
    values = {"month": month, "driver": driver, "value": value, "lowest": low[at], "highest": high[at]}
    return {"regression-extrapolated": (outside, values, "later_value")} if outside.any() else {}


_BASELINE = {"month": "label", "energy": "tce", "driver_month": "label", "driver": "label", "value": "1"}
_SOURCE = "Draper & Smith, Applied Regression Analysis (1998), ch. 1, 3, 5"

MODELS: tuple[Model, ...] = (
    Model("regression_coefficient", regression_coefficient, _BASELINE, "tce", _SOURCE, axis="driver"),
    Model("regression_error", regression_error, _BASELINE, "tce", _SOURCE, axis="driver"),
    Model(
        "regression_leverage",
        regression_leverage,
        _BASELINE | {"later": "label", "later_month": "label", "later_driver": "label", "later_value": "1"},
        "1",
        _SOURCE,
        axis="driver",
    ),
)
