"""What an energy manager does wrong and nothing refuses: a month typed in another unit, a cover, a sheet left out."""

from __future__ import annotations

import numpy as np

from carbonstd._series import far_months


def test_a_month_is_held_against_the_median_of_the_others() -> None:
    """By hand: the others of the slip have the median 11, those of each other month at most 12."""
    values = np.array([10.0, 11, 12, 11_000, np.nan, 0, 5, 7])
    series = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    rows, usual = far_months(series, values, 100, 4)
    assert rows.tolist() == [3]
    assert usual.tolist() == [11]
    rows, usual = far_months(series[:4], np.array([11.0, 10, 0.01, 12]), 100, 4)
    assert (rows.tolist(), usual.tolist()) == ([2], [11])


def test_medians_are_those_of_a_search_row_by_row() -> None:
    draws = np.random.default_rng(7)
    series, values = draws.integers(0, 90, 1_000), draws.lognormal(0, 2, 1_000)
    values[draws.integers(0, 1_000, 50)] = np.nan
    expected = {}
    for row in np.flatnonzero(values > 0):
        others = values[(series == series[row]) & (values > 0) & (np.arange(1_000) != row)]
        if len(others) >= 5 and not np.median(others) / 3 <= values[row] <= 3 * np.median(others):
            expected[row] = np.median(others)
    rows, usual = far_months(series, values, 3, 6)
    assert rows.tolist() == list(expected)
    assert np.allclose(usual, list(expected.values()), rtol=1e-15)


def test_a_source_that_varies_so_is_not_told() -> None:
    """Gas for heating: five months of the year far above the seven others, whose median is theirs."""
    values = np.array([900.0, 800, 700, 1, 1, 1, 1, 1, 1, 1, 600, 900])
    assert len(far_months(np.zeros(12, dtype=np.int64), values, 100, 4)[0]) == 5
    assert len(far_months(np.zeros(12, dtype=np.int64), values, 100, 4, share=0.25)[0]) == 0
