"""The balance value of an industry: the intensity at which its allowances are what it must surrender."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd._findings import finding

Floats = NDArray[np.float64]

_NOTHING = 1e-12  # a share of the cap that is rounding of floats
_SAME = 1e-9  # two bends so near are one


def balance_value(emissions: Iterable[float], intensities: Iterable[float], *, coefficient: float, cap: float) -> float:
    """Solve sum(E) = sum(E (1 + a)) for the balance value BP, where a = coefficient (BP - I)/BP within -cap and cap.

    What the ministry publishes rests on the verified data of all entities; from fewer this is an estimate, and no
    stand-in for the published value. Over u = 1/BP the sum is piecewise linear, so the answer is exact but for floats.

    Args:
        emissions: tCO2e of each enterprise, line or procedure, not negative; one with none has no say.
        intensities: tCO2e/t of each, above zero.
        coefficient, cap: those of the plan (2025: 0.15 and 0.03); the window is cap/coefficient.

    Returns:
        tCO2e/t.

    Raises:
        CaseError: lengths differ, a figure is out of range or not a number, or a whole range of values balances.

    Source: draft plan of 2026-07-27, 三(二)2 (the method of 2025, as it says).
    """
    mass: Floats
    intensity: Floats
    mass, intensity = (np.asarray(list(item), dtype=np.float64) for item in (emissions, intensities))
    if mass.shape != intensity.shape:
        raise CaseError(findings=[finding("balance-lengths", emissions=len(mass), intensities=len(intensity))])
    if not (np.isfinite(mass) & (mass >= 0) & np.isfinite(intensity) & (intensity > 0)).all() or not mass.any():
        raise CaseError(findings=[finding("balance-figures")])
    if not (np.isfinite(coefficient) and np.isfinite(cap) and 0 < cap < coefficient):
        raise CaseError(findings=[finding("balance-coefficients", coefficient=coefficient, cap=cap)])
    mass, intensity = mass[mass > 0] / mass.sum(), intensity[mass > 0]
    window = cap / coefficient

    def surplus(u: float) -> float:
        return float(mass @ np.clip(coefficient * (1 - intensity * u), -cap, cap))

    bends = np.unique(np.concatenate([(1 - window) / intensity, (1 + window) / intensity]))
    first = bisect_left(bends, -_NOTHING * cap, key=lambda u: -surplus(u))  # from here on nothing is left over
    after = bisect_right(bends, _NOTHING * cap, key=lambda u: -surplus(u))  # from here on something is short
    if first == after:
        left, right = float(bends[first - 1]), float(bends[first])
        above, below = surplus(left), surplus(right)
        return 1 / (left + (right - left) * above / (above - below))
    left, right = float(bends[first]), float(bends[after - 1])
    if right > left * (1 + _SAME):  # every entity is at its cap on the way from one to the other
        raise CaseError(findings=[finding("balance-undetermined", low=1 / right, high=1 / left)])
    return 1 / left
