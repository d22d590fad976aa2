"""Functions on figures, against hand calculations."""

from __future__ import annotations

import numpy as np
import pytest

from carbonstd import CaseError
from carbonstd.analysis import balance_value

PLAN = {"coefficient": 0.15, "cap": 0.03}  # of 2025


@pytest.mark.parametrize(
    ("emissions", "intensities", "by_hand"),
    [
        # All inside the window: sum(E (1 - I/B)) = 0, so B = sum(E I)/sum(E) = (80 + 172 + 285)/600.
        ([100, 200, 300], [0.80, 0.86, 0.95], 0.895),
        # The first is capped above: 3 + 0.15 (300 - (100 x 1.0 + 200 x 1.1)/B) = 48 - 48/B = 0.
        ([100, 100, 200], [0.5, 1.0, 1.1], 1.0),
        # The second is capped below: 0.15 x 300 (1 - 1/B) = 3, so 1/B = 14/15.
        ([300, 100], [1.0, 2.0], 15 / 14),
        # X of the first is 0.2, the edge itself: 3 + 0.15 x 100 (1 - I/B) = 0 where I/B = 1.2; B = 1, I = 0.8 and 1.2.
        ([100, 100], [0.8, 1.2], 1.0),
        # One alone, and one without emissions, which has no say.
        ([5], [0.7], 0.7),
        ([5, 0], [0.7, 9.0], 0.7),
    ],
)
def test_balance_value(emissions: list[float], intensities: list[float], by_hand: float) -> None:
    assert balance_value(emissions, intensities, **PLAN) == pytest.approx(by_hand, rel=1e-12)


def test_allowances_add_up_to_emissions() -> None:
    """The equation itself, on many lines of which some are capped on either side."""
    draw = np.random.default_rng(1)
    emissions, intensities = draw.uniform(1e4, 1e7, 1500), draw.normal(0.86, 0.12, 1500)
    value = balance_value(emissions, intensities, **PLAN)
    factor = np.clip(0.15 * (value - intensities) / value, -0.03, 0.03)
    assert (factor == 0.03).any()
    assert (factor == -0.03).any()
    assert float(emissions @ factor) == pytest.approx(0, abs=1e-9 * emissions.sum())


def test_a_range_of_values_is_no_answer() -> None:
    """One gains its cap and the other loses it, as much, from 1/0.8 = 1.25 to 3/1.2 = 2.5."""
    with pytest.raises(CaseError) as caught:
        balance_value([100, 100], [1, 3], **PLAN)
    [found] = caught.value.findings
    assert found.code == "balance-undetermined"
    assert (found.values["low"], found.values["high"]) == (pytest.approx(1.25), pytest.approx(2.5))


@pytest.mark.parametrize(
    ("emissions", "intensities", "plan", "code"),
    [
        ([1, 2], [1], PLAN, "balance-lengths"),
        ([], [], PLAN, "balance-figures"),
        ([0, 0], [1, 2], PLAN, "balance-figures"),
        ([-1, 2], [1, 2], PLAN, "balance-figures"),
        ([1, 2], [0, 2], PLAN, "balance-figures"),
        ([1, float("nan")], [1, 2], PLAN, "balance-figures"),
        ([1, 2], [1, float("inf")], PLAN, "balance-figures"),
        ([1, 2], [1, 2], {"coefficient": 0.15, "cap": 0.0}, "balance-coefficients"),
        ([1, 2], [1, 2], {"coefficient": 0.03, "cap": 0.15}, "balance-coefficients"),
        ([1, 2], [1, 2], {"coefficient": float("nan"), "cap": 0.15}, "balance-coefficients"),
    ],
)
def test_unfit_figures(emissions: list[float], intensities: list[float], plan: dict[str, float], code: str) -> None:
    with pytest.raises(CaseError) as caught:
        balance_value(emissions, intensities, **plan)
    assert [found.code for found in caught.value.findings] == [code]
