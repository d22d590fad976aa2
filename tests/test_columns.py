"""What is found in whole columns at once agrees with reading row by row."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import carbonstd
from carbonstd._ledger.axes import first_rows

HEAD = {"method": "gbt-32151.34", "period": "2025", "as_of": "2026-03-31"}


@pytest.mark.parametrize("lowest", [0, -1])
def test_a_label_is_found_in_the_row_in_which_it_first_stands(lowest: int) -> None:
    """40 labels, the last of them (or a blank, -1) late in 50,000 rows, one nowhere."""
    places = np.random.default_rng(3).integers(0, 38, 50_000)
    places[49_000:] = lowest if lowest < 0 else 39
    expected = [next((row for row, place in enumerate(places) if place == label), 50_000) for label in range(39)]
    assert first_rows(places, 40).tolist() == [*expected, 49_000]


def test_the_last_of_few_labels_is_found_however_late_it_stands() -> None:
    assert first_rows(np.array([0, 1] * 25_000 + [2]), 3).tolist() == [0, 1, 50_000]
    assert first_rows(np.array([0, 0]), 1).tolist() == [0]
    assert first_rows(np.array([0, 1]), 3).tolist() == [0, 1, 2]


def test_numbers_of_all_kinds_in_one_column_are_read_as_they_were_typed() -> None:
    """0.1 + 0.2 means 0.3 (15 digits); a decimal, a whole number, a text with its unit, a blank."""
    cells = [0.1 + 0.2, Decimal("0.37"), 5, "1,200 kg", "0.12345678901234567"]
    rows = [{"source": str(row), "fuel": "diesel", "consumption": cell} for row, cell in enumerate(cells)]
    data = carbonstd.run({**HEAD, "inputs": {"fuel": rows}})._run.ledger["fuel"]
    assert data.numbers["consumption"].tolist() == [0.3, 0.37, 5.0, 1.2, 0.12345678901234567]
    typed = [Fraction(3, 10), Fraction(37, 100), Fraction(5), Fraction(6, 5), Fraction("0.12345678901234567")]
    assert list(data.exact("consumption")) == typed


def months(*sources: tuple[str, tuple[int, ...]]) -> list[dict[str, object]]:
    return [
        {"source": source, "fuel": "diesel", "month": f"2025-{month:02d}", "consumption": 1.5 * month}
        for source, numbers in sources
        for month in numbers
    ]


def test_a_data_frame_and_its_rows_give_the_same_result() -> None:
    """Texts as pandas holds them; of one source March is wanting."""
    rows = months(("b", (5, 1, 2, 4, 12, 6, 7, 8, 9, 10, 11)), ("a", tuple(range(1, 13))))
    # table C.1: 42.652 GJ/t, 0.0202 tC/GJ, 98 %; the months of a year add up to 78, without March to 75
    expected = 1.5 * (75 + 78) * 42.652 * 0.0202 * 0.98 * 44 / 12
    for inputs in (rows, pd.DataFrame(rows)):
        result = carbonstd.run({**HEAD, "inputs": {"fuel": inputs}})
        assert result.value("fuel_combustion").value == pytest.approx(expected, rel=1e-12)
        assert "b / diesel (2025-03)" in next(str(i) for i in result.findings if i.code == "months-incomplete")


def test_a_row_that_stands_twice_is_found_in_a_data_frame_too() -> None:
    rows = months(("a", (5, *range(1, 13))))
    for inputs in (rows, pd.DataFrame(rows)):
        with pytest.raises(carbonstd.CaseError, match=r"a / diesel / 2025-05"):
            carbonstd.run({**HEAD, "inputs": {"fuel": inputs}})
