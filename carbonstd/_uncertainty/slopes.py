"""Derivatives of single operations, and of called models by differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._uncertainty.places import Floats

_STEP = 1e-6


def partials(operator: str, left: Any, right: Any) -> tuple[Any, Any]:
    """The derivatives of an operation by its left and its right side."""
    match operator:
        case "+":
            return 1.0, 1.0
        case "-":
            return 1.0, -1.0
        case "*":
            return right, left
        case "/":
            return 1 / right, -left / (right * right)
    return right * left ** (right - 1), np.where(left > 0, left**right * np.log(left), 0.0)


def slope(function: str, x: Any) -> Any:
    """The derivative of a function of one number."""
    match function:
        case "abs":
            return np.sign(x)
        case "floor":
            return np.ones_like(x)  # what is cut off is small beside any half-width
        case "sqrt":
            return 0.5 / np.sqrt(x)
        case "exp":
            return np.exp(x)
    return 1 / x


def taken(function: str, data: Sequence[Floats]) -> NDArray[np.int64]:
    """Which argument a function of several gave."""
    if function == "clip":
        value, low, high = data
        inside = np.where(value < low, 1, 0)
        return np.where(np.maximum(value, low) > high, 2, inside)
    stack = np.stack(data)
    if function == "first":
        return np.asarray(np.argmin(np.isnan(stack), axis=0))
    order = np.where(np.isnan(stack), np.inf, stack if function == "min" else -stack)
    return np.asarray(np.argmin(order, axis=0))


def times(values: Floats, partial: Any) -> Floats:
    """A derivative of nothing stays nothing, whatever stands missing in a branch not taken."""
    return np.where(values == 0, 0.0, values * partial)


def by_row(function: Any, arguments: dict[str, Any], argument: str, given: Floats) -> Floats:
    """Each row hangs on its own arguments: two calls serve all rows. One side alone at the edge of the model."""
    step = _STEP * np.maximum(np.abs(given), _STEP)
    here, up, down = (
        function(**{**arguments, argument: given + shift}).value for shift in (np.zeros_like(step), step, -step)
    )
    upward, downward = (up - here) / step, (here - down) / step
    slopes = np.where(np.isnan(upward), downward, np.where(np.isnan(downward), upward, (upward + downward) / 2))
    return np.asarray(np.nan_to_num(slopes), dtype=np.float64)


def one_by_one(function: Any, arguments: dict[str, Any], argument: str, given: Floats, weights: Floats) -> Floats:
    """Derivatives of the weighted sum of a model's answers by each element of an argument: two calls for each."""
    slopes = np.zeros(given.shape)
    for index in range(given.size):
        step = _STEP * max(abs(given[index]), _STEP)
        ends = []
        for sign in (1, -1):
            moved = given.copy()
            moved[index] += sign * step
            ends.append(function(**{**arguments, argument: moved}).value)
        if all(len(end) == len(weights) for end in ends):
            slopes[index] = float(np.nansum((ends[0] - ends[1]) / (2 * step) * weights))
    return slopes
