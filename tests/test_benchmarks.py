"""What the benchmark compares computes the same total, and its page is made of what was measured."""

import gc
import weakref

import numpy as np
import pytest

from benchmarks import page
from benchmarks.lines import DUCKDB, LINES, OFFICE, OPENFISCA, POLARS
from benchmarks.measure import read
from benchmarks.rows import COLUMNS, FUELS, findings, frame, run
from benchmarks.run import KEPT

EXTRA = (POLARS, DUCKDB, OPENFISCA, OFFICE)  # what the extra `test` does not install, and what is slow
ROWS = frame(1_000)


@pytest.fixture(scope="module")
def expected() -> float:
    """Row by row in plain Python: FC x NCV x CC x OF x 44/12."""
    columns = [FUELS.numbers(name) for name in COLUMNS]
    factors = {row.match["fuel"]: cells for row, *cells in zip(FUELS.rows, *columns, strict=True)}
    total = 0.0
    for _, fuel, _, consumption, own in ROWS.itertuples(index=False):
        heating_value, carbon_content, oxidation_factor = factors[fuel]
        heating_value = heating_value if own != own else own
        total += consumption * heating_value * carbon_content * oxidation_factor * 44 / 12
    return total


@pytest.mark.parametrize("line", [line for line in LINES if line.name not in EXTRA], ids=lambda line: line.name)
def test_every_line_computes_the_same_total(line, expected) -> None:
    assert line.make(ROWS)() == pytest.approx(expected, rel=1e-12)


def test_a_run_leaves_its_rows_as_they_were_and_is_freed_with_its_result() -> None:
    """Products go on in the array their first factors made, never in a column; a million rows wait for no sweep."""
    result = run(ROWS)
    held = result.trace("fuel")
    np.testing.assert_array_equal(held["consumption"], ROWS["consumption"])
    measured = ROWS["net_calorific_value"].notna()
    np.testing.assert_array_equal(held["net_calorific_value"][measured], ROWS["net_calorific_value"][measured])
    left = weakref.ref(result._run)
    gc.disable()
    del result
    gc.enable()
    assert left() is None


def test_numpy_that_checks_finds_faults() -> None:
    rows = ROWS.copy()
    rows.loc[0, "consumption"] = -1
    rows.loc[1, "consumption"] = float("nan")
    rows.loc[2, ["source", "fuel", "month"]] = list(rows.loc[3, ["source", "fuel", "month"]])
    found = findings(rows)
    assert (found["below 0"], found["blank"], found["twice"]) == (1, 1, 1)


def test_the_page_says_what_was_measured() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(read(KEPT["measured"]))
