"""Arithmetic of arrays, float64 or fractions: NaN marks what is missing and spreads, conditions have three values."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._language.shape import MAX_EXPONENT

Data = NDArray[Any]
NAN = float("nan")
FALSE, UNKNOWN, TRUE = (np.int8(value) for value in (0, 1, 2))  # `and` is the minimum, `or` the maximum, `not` 2 - x
_WHOLE = Fraction(1, 10**30)
_ONE = np.array(Fraction(1), dtype=object)


def isnan(data: Data) -> Data:
    return np.asarray(data != data, dtype=bool)


def truth(holds: Data, unknown: Data | None = None) -> Data:
    truth = np.asarray(holds, dtype=bool).astype(np.int8) * TRUE
    if unknown is not None and unknown.any():
        truth[np.broadcast_to(unknown, truth.shape)] = UNKNOWN
    return truth


def choose(condition: Data, then: Data, otherwise: Data) -> Data:
    chosen = np.where(condition == TRUE, then, otherwise)
    return chosen if np.all(condition != UNKNOWN) else np.where(condition == UNKNOWN, NAN, chosen)


def choose_label(condition: Data, then: Data, otherwise: Data) -> Data:
    return np.where(condition == UNKNOWN, -1, np.where(condition == TRUE, then, otherwise))


def divide(left: Data, right: Data) -> Data:
    """Left over right; missing where the divisor is zero, so that it cannot hide in a minimum."""
    zero = np.asarray(right == 0, dtype=bool)
    if not zero.any():
        return np.asarray(left / right)
    one = _ONE if right.dtype == object else np.float64(1)
    return np.where(zero, NAN, left / np.where(zero, one, right))


def minimum(left: Data, right: Data) -> Data:
    return np.where(isnan(left) | isnan(right), NAN, np.where(left <= right, left, right))


def maximum(left: Data, right: Data) -> Data:
    return np.where(isnan(left) | isnan(right), NAN, np.where(left >= right, left, right))


def first(left: Data, right: Data) -> Data:
    return np.where(isnan(left), right, left)


def close(left: Data, right: Data) -> NDArray[np.bool_]:
    """Where a pair lies within 1e-9 of a tie, where float64 does not decide."""
    scale = np.maximum(np.maximum(np.abs(left), np.abs(right)), 1.0)
    return np.asarray(np.abs(left - right) <= 1e-9 * scale)


def floor(data: Data) -> Data:
    """The whole number below; within 1e-9 of a whole number, that number."""
    whole = np.rint(data)
    return np.where(close(data, whole), whole, np.floor(data))


def decimal_function(function: Any) -> Any:
    """A function of one number in 50 digits; NaN where it has no value."""
    return np.frompyfunc(lambda value: _in_decimal(function, value), 1, 1)


def _in_decimal(function: Any, *values: Any) -> Any:
    if any(value != value for value in values):
        return NAN
    with localcontext() as context:
        context.prec = 50
        try:
            return Fraction(function(*(Decimal(value.numerator) / Decimal(value.denominator) for value in values)))
        except (ArithmeticError, ValueError):
            return NAN


def _power(base: Any, exponent: Any) -> Any:
    if base != base or exponent != exponent or (base == 0 and exponent < 0):
        return NAN
    if exponent.denominator == 1 and abs(exponent) <= MAX_EXPONENT:
        return base**exponent.numerator
    return _in_decimal(Decimal.__pow__, base, exponent)


def _floor(value: Any) -> Any:
    """The whole number below; a root or logarithm has 50 digits, and is whole where 30 of them say so."""
    if value != value:
        return value
    whole = round(value)
    return Fraction(whole if abs(value - whole) <= _WHOLE * max(1, abs(whole)) else math.floor(value))


FLOOR = np.frompyfunc(_floor, 1, 1)
POWER = np.frompyfunc(_power, 2, 1)
ORDER: dict[str, Any] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
