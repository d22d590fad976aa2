"""Exact numbers: what was typed, as a fraction, and rounding as GB/T 8170 has it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

Number = int | float | Decimal | Fraction


def exact(value: Number | str) -> Fraction:
    """The number meant by `value`. A float means its 15 significant digits, as a spreadsheet shows it."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} is not a number")
        return Fraction(format(value, ".15g"))
    return Fraction(value)


def exact_array(values: Iterable[float]) -> NDArray[np.object_]:
    """Fractions of an array of floats, NaN kept for what is missing. Shape as given, dtype object."""
    items = [float("nan") if value != value else exact(float(value)) for value in values]
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result


def as_doubles(values: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers as float64. One stored in fewer bits means the shortest decimal that is stored so, as it was typed.

    >>> as_doubles(np.array([15.1], dtype=np.float32))
    array([15.1])
    """
    short = values.dtype.kind == "f" and values.dtype.itemsize < 8
    return np.asarray(values.astype(str) if short else values, dtype=np.float64)


def round_gbt_8170(value: Number, digits: int) -> Decimal:
    """Round half to even at `digits` decimals (GB/T 8170-2008, 3.2), from the exact value.

    >>> round_gbt_8170(Decimal("2.345"), 2), round_gbt_8170(2.355, 2)
    (Decimal('2.34'), Decimal('2.36'))
    """
    scaled = round(exact(value) * Fraction(10) ** digits)
    return Decimal(scaled).scaleb(-digits)


def round_half_up(value: Number, digits: int) -> Decimal:
    """Round half away from zero at `digits` decimals (四舍五入), from the exact value.

    >>> round_half_up(2.345, 2), round_half_up(-2.345, 2)
    (Decimal('2.35'), Decimal('-2.35'))
    """
    scaled = exact(value) * Fraction(10) ** digits
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-digits)


def percent_shown(value: Number) -> str:
    """A share in per cent with its sign, by three significant digits and never by a power of ten.

    >>> percent_shown(-115384.6), percent_shown(3), percent_shown(-0.00001)
    ('-115000 %', '+3 %', '-0.00001 %')
    """
    return f"{Decimal(f'{float(value):.3g}'):+f} %"


def shown(value: Number, digits: int = 6) -> str:
    """A number for a reader: at most `digits` significant digits after the integer part, thousands apart.

    >>> shown(1234560.4), shown(0.5), shown(31.887900001)
    ('1,234,560', '0.5', '31.8879')
    """
    number = float(value)
    if number != number:
        return "—"
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    whole = len(str(int(abs(number))))
    decimals = max(digits - whole, 0) if abs(number) >= 1 else digits
    if abs(number) < 10**-digits:
        return f"{number:.{digits}g}"
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
