"""Uncertainty: correlation, distributions, what has no interval, half-widths as typed, and where intervals appear.

Published examples are cases of the probes 13 to 16; derivatives are checked in `test_derivatives`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carbonstd
from carbonstd import CaseError
from carbonstd._definitions.library import Library
from carbonstd._findings import Severity
from carbonstd._result.result import Result
from carbonstd._uncertainty.input import Z95, Input
from tests.command_line import ROOT

KIND = """
title: {zh: 项, en: Items}
columns:
  source: {label: {zh: 源, en: Source}, kind: label}
  item: {label: {zh: 项, en: Item}, kind: label}
  activity: {label: {zh: 活动数据, en: Activity}, unit: t, min: none}
  factor: {label: {zh: 排放因子, en: Factor}, unit: tCO2/t}
  oxidation_factor: {label: {zh: 氧化率, en: Oxidation factor}, unit: "1", max: 1}
"""
METHOD = """
title: {zh: 试, en: Test}
document: {number: TEST-U, title: Test}
regime: statistics
tables:
  factors: {table: process/test-factors, select: pinned, edition: "2025"}
constants:
  share: {value: 0.5, unit: "1", evidence: user, low: 0.4, high: 0.6}
sheets:
  items:
    kind: test_items
    columns:
      source:
      item:
      activity:
      factor: {default: "factors[item].factor"}
      oxidation_factor: {default: "factors[item].oxidation_factor"}
equations:
  row: {label: {zh: 行, en: Row}, sheet: items, unit: tCO2, expression: activity * factor * oxidation_factor}
  emissions: {label: {zh: 排放, en: Emissions}, unit: tCO2, expression: sum(row)}
  activities: {label: {zh: 活动, en: Activities}, sheet: items, unit: t, expression: sum(activity)}
  shared: {label: {zh: 份额, en: Share}, unit: tCO2, expression: emissions * share}
  floor: {label: {zh: 下限, en: Floor}, sheet: items, unit: t, expression: "max(0, activities)"}
totals:
  emissions: {label: {zh: 排放, en: Emissions}, equation: emissions, primary: true}
  activities: {label: {zh: 活动, en: Activities}, equation: activities}
  shared: {label: {zh: 份额, en: Share}, equation: shared}
  floor: {label: {zh: 下限, en: Floor}, equation: floor}
"""
TABLE = """
title: {zh: 试, en: Test}
document: {number: TEST-U, title: Test}
evidence: user
source: invented
keys: {item: {}}
columns: {factor: {unit: tCO2/t}, oxidation_factor: {unit: "1"}}
rows:
  - {item: plain, factor: 2, oxidation_factor: 1}
  - {item: wide, factor: {value: 2, low: 1.8, high: 2.2}, oxidation_factor: 1}
  - {item: skewed, factor: {value: 2, low: 1, high: 6}, oxidation_factor: 1}
  - {item: coal, factor: 2, oxidation_factor: {value: 0.98, low: 0.94, high: 1}}
"""


def library(tmp_path: Path, files: Mapping[str, str] = {}) -> Library:
    given = {
        "methods/shared/kinds/test_items.yaml": KIND,
        "methods/products/test-u/2025.yaml": METHOD,
        "factors/process/test-factors/2025.yaml": TABLE,
        **files,
    }
    for name, text in given.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    return Library((tmp_path / "factors",), (tmp_path / "methods",))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library(tmp_path_factory.mktemp("uncertainty"))


def calculated(shelf: Library, rows: Any) -> Result:
    if isinstance(rows, list):
        rows = [{"source": f"meter {number}", **row} for number, row in enumerate(rows)]
    case = {"method": "test-u@2025", "period": "2025", "as_of": "2026-03-31", "inputs": {"items": rows}}
    return carbonstd.run(case, of=shelf)


def item(name: str = "plain", activity: float = 100, **more: Any) -> dict[str, Any]:
    return {"item": name, "activity": activity, **more}


def relative(result: Result, total: str = "emissions") -> float:
    interval = result.uncertainty().figures[total].approach_1
    assert interval is not None
    assert interval.relative is not None
    return interval.relative


def test_each_factor_of_a_long_product_keeps_its_own_share() -> None:
    """Wastewater: (100000 x (5 - 1) - 10000) x 0.25 x 0.8 x 21 / 1000 = 1638 t; 0.8 is known to 25 %, all else exact.

    So 25 % of 1638 t, and d/d0.8 = 390000 x 0.25 x 21 / 1000 = 2047.5.
    """
    result = carbonstd.run(ROOT / "methods/enterprises/ndrc-other/cases/full-plant.yaml")
    figure = result.uncertainty().figures["wastewater"]
    assert relative(result, "wastewater") == pytest.approx(0.25)
    assert [item.sensitivity for item in figure.contributors] == pytest.approx([2047.5])


# Correlation


def test_a_factor_of_many_rows_is_one_input(shelf: Library) -> None:
    """Two rows of the table's factor 2 (1.8 to 2.2) move together: 10 % of the sum, not 10 % / sqrt(2)."""
    assert relative(calculated(shelf, [item("wide"), item("wide", 100.5)])) == pytest.approx(0.10)


def test_factors_entered_row_by_row_are_independent(shelf: Library) -> None:
    rows = [item("plain", 100, factor=2, factor_uncertainty="10 %") for _ in range(2)]
    assert relative(calculated(shelf, rows)) == pytest.approx(0.10 / math.sqrt(2))


def test_a_shared_factor_cancels_in_a_difference(shelf: Library) -> None:
    result = calculated(shelf, [item("wide", 100), item("wide", -60)])
    half = result.uncertainty().primary.approach_1
    assert half is not None
    assert half.half_width == pytest.approx(0.2 * 40)


def test_a_constant_is_one_input(shelf: Library) -> None:
    assert relative(calculated(shelf, [item(), item("plain", 300)]), "shared") == pytest.approx(0.2)


def test_a_half_width_beside_a_blank_is_of_the_default(shelf: Library) -> None:
    result = calculated(shelf, [item("plain", 100, factor_uncertainty="10 %"), item("plain", 101)])
    assert relative(result) == pytest.approx(0.10)
    (source,) = result.uncertainty().primary.contributors
    assert source.input.shared
    assert source.input.place.startswith("process/test-factors@2025:")


def test_a_typed_half_width_stands_before_that_of_the_table(shelf: Library) -> None:
    assert relative(calculated(shelf, [item("wide", factor_uncertainty="0.2 tCO2/t")])) == pytest.approx(0.10)
    assert relative(calculated(shelf, [item("wide", factor_uncertainty="3 %")])) == pytest.approx(0.03)


def test_monte_carlo_keeps_the_correlation(shelf: Library) -> None:
    """Shared: 10 %. Independent: 7.07 %. Normal products of one uncertain factor are exact in both approaches."""
    together = calculated(shelf, [item("wide"), item("wide", 100.5)]).uncertainty(50_000, 5).primary.approach_2
    apart = calculated(shelf, [item("plain", 100, factor=2, factor_uncertainty="10 %") for _ in range(2)])
    alone = apart.uncertainty(50_000, 5).primary.approach_2
    assert together is not None
    assert alone is not None
    assert together.relative == pytest.approx(0.10, rel=0.02)
    assert alone.relative == pytest.approx(0.10 / math.sqrt(2), rel=0.02)


# Approach 2


def test_the_same_seed_gives_the_same_draws(shelf: Library) -> None:
    result = calculated(shelf, [item("wide", activity_uncertainty="5 %")])
    first, again, other = (result.uncertainty(500, seed).as_dict() for seed in (7, 7, 8))
    assert first == again
    assert first["figures"][0]["approach_2"] != other["figures"][0]["approach_2"]
    assert (first["seed"], first["generator"], first["draws"]) == (7, "numpy PCG64", 500)


def test_two_sides_make_a_lognormal_by_its_limits(shelf: Library) -> None:
    """2 (1 to 6): 95 % of the draws lie between the limits; its median, sqrt(6), is not 2, and a note says so."""
    found = calculated(shelf, [item("skewed", 1)]).uncertainty(50_000, 2)
    interval = found.primary.approach_2
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((1, 6), rel=0.03)
    assert {"uncertainty-median", "uncertainty-large"} == {item.code for item in found.findings}
    assert found.primary.approach_1 is not None
    assert found.primary.approach_1.half_width == pytest.approx(4)  # the larger side


def test_an_oxidation_factor_is_never_above_one(shelf: Library) -> None:
    found = calculated(shelf, [item("coal", 1)]).uncertainty(20_000, 2).primary.approach_2
    assert found is not None
    assert found.high <= 2
    assert found.low > 1.85


@pytest.mark.parametrize(
    ("below", "above", "kind"),
    [(5, 5, "normal"), (80, 80, "lognormal-mean"), (50, 200, "lognormal"), (100, 300, "split")],
)
def test_distributions(below: float, above: float, kind: str) -> None:
    figure = Input({}, "", 100, "t", below, above, False, minimum=0)
    assert figure.distribution == kind
    drawn = figure.draw(100_000, np.random.default_rng(1))
    assert drawn.min() >= 0
    if kind == "normal":
        assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([95, 105], abs=0.1)
    if kind == "lognormal-mean":
        assert (drawn.mean(), drawn.std()) == pytest.approx((100, 80 / Z95), rel=0.02)
    if kind == "lognormal":
        assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([50, 300], rel=0.03)


@pytest.mark.parametrize(
    ("typed", "shape", "deviation"),
    [
        ("10 % uniform", "uniform", 10 / math.sqrt(3)),
        ("±10%均匀", "", 0),
        ("-10 % / +20 % 均匀", "uniform", 30 / math.sqrt(12)),
        ("10 t triangular", "triangular", 10 / math.sqrt(6)),
        ("-10 % / +20 % 三角分布", "triangular", math.sqrt((100 + 400 + 200) / 18)),
    ],
)
def test_bounded_distributions(shelf: Library, typed: str, shape: str, deviation: float) -> None:
    """GUM 4.3.7 and 4.3.9; approach 1 takes 1.96 standard deviations. The word stands after a space."""
    if not shape:
        with pytest.raises(CaseError):
            calculated(shelf, [item(activity_uncertainty=typed)])
        return
    figure = calculated(shelf, [item(activity_uncertainty=typed)]).uncertainty().figures["activities"]
    (source,) = figure.contributors
    assert source.input.distribution == shape
    assert figure.approach_1 is not None
    assert figure.approach_1.half_width == pytest.approx(Z95 * deviation)
    drawn = source.input.draw(100_000, np.random.default_rng(1))
    low, high = 100 - source.input.below, 100 + source.input.above
    assert low <= drawn.min() < drawn.max() <= high
    assert drawn.std() == pytest.approx(deviation, rel=0.01)
    assert np.median(drawn) == pytest.approx(source.input.median, abs=0.2)


def test_many_cells_are_drawn_together(shelf: Library) -> None:
    """3 000 rows of 1 t at 20 % with one factor at 10 %: sqrt(0.1^2 + 0.2^2 / 3000)."""
    sources = [f"meter {number}" for number in range(3000)]
    frame = pd.DataFrame(
        {"source": sources, "item": "wide", "activity": np.linspace(0.9, 1.1, 3000), "activity_uncertainty": 0.2}
    )
    figure = calculated(shelf, frame).uncertainty(20_000, 4).primary
    expected = math.sqrt(0.1**2 + 0.2**2 * np.sum(np.linspace(0.9, 1.1, 3000) ** 2) / 3000**2)
    assert figure.approach_1 is not None
    assert figure.approach_2 is not None
    assert figure.approach_1.relative == pytest.approx(expected)
    assert figure.approach_2.relative == pytest.approx(expected, rel=0.03)


def test_a_floor_holds_in_every_draw(shelf: Library) -> None:
    figure = calculated(shelf, [item("plain", 1, activity_uncertainty="2 t")]).uncertainty(20_000).figures["floor"]
    assert figure.approach_1 is not None
    assert figure.approach_1.low == pytest.approx(-1)
    assert figure.approach_2 is not None
    assert figure.approach_2.low == 0


# What has none


def test_no_interval_where_no_input_has_one(shelf: Library) -> None:
    found = calculated(shelf, [item()]).uncertainty(100)
    assert found.primary.approach_1 is None
    assert found.primary.approach_2 is None
    assert found.figures["shared"].approach_1 is not None  # the constant has limits


def test_inputs_without_one_are_listed_with_their_share(shelf: Library) -> None:
    """Of 200 + 600 tCO2, the plain factor moves a quarter and the wide one, which has limits, is not listed."""
    rows = [item("plain", 100), item("wide", 300, activity_uncertainty="5 %")]
    without = calculated(shelf, rows).uncertainty().primary.without
    assert all(bare.count == 1 for bare in without)
    shares = {bare.name["en"]: bare.share for bare in without}
    assert shares["factor · item plain"] == pytest.approx(0.25)
    assert shares["Activity · Items"] == pytest.approx(0.25)
    assert shares["oxidation_factor · item wide"] == pytest.approx(0.75)
    assert "factor · item wide" not in shares


def test_nothing_at_all_says_so() -> None:
    found = carbonstd.run(ROOT / "methods/enterprises/gbt-32151.34/cases/example-plant.yaml").uncertainty()
    assert [item.code for item in found.findings] == ["uncertainty-none"]
    assert found.primary.without


# Half-widths as typed


@pytest.mark.parametrize("typed", ["5 %", "5%", "±5%", "±5 %", 0.05, "0.05", "5 t", "5000 kg", "5％", "-5 % / +5 %"])
def test_readings_of_a_half_width(shelf: Library, typed: Any) -> None:
    assert relative(calculated(shelf, [item(activity_uncertainty=typed)])) == pytest.approx(0.05)


def test_two_sides(shelf: Library) -> None:
    result = calculated(shelf, [item(activity_uncertainty="-30% / +50%")])
    (source,) = result.uncertainty().figures["activities"].contributors
    assert (source.input.below, source.input.above) == pytest.approx((30, 50))


@pytest.mark.parametrize("typed", [5, "5", -0.1, "5 GJ", "good", True, "-5 % / +3 t"])
def test_what_is_no_half_width_is_refused(shelf: Library, typed: Any) -> None:
    with pytest.raises(CaseError) as caught:
        calculated(shelf, [item(activity_uncertainty=typed)])
    (found,) = [found for found in caught.value.findings if found.severity is Severity.ERROR]
    assert (found.code, found.place) == ("uncertainty-unreadable", "items[0].activity_uncertainty")


def test_half_widths_that_contradict_each_other_are_refused(shelf: Library) -> None:
    rows = [item("plain", 1, factor_uncertainty="5 %"), item("plain", 2, factor_uncertainty="6 %")]
    with pytest.raises(CaseError) as caught:
        calculated(shelf, rows).uncertainty()
    assert [found.code for found in caught.value.findings] == ["uncertainty-twice"]


def test_a_large_half_width_is_named(shelf: Library) -> None:
    found = calculated(shelf, [item(activity_uncertainty="31 %"), item("wide", 2)]).uncertainty()
    (warning,) = found.findings
    assert (warning.code, warning.place) == ("uncertainty-large", "items[0].activity")
    assert "31%" in warning.found("en")


def test_a_workbook_may_have_the_column(tmp_path: Path, shelf: Library) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    head = book.active
    head.title = "case"
    for row in (("method", "test-u@2025"), ("period", 2025), ("as_of", "2026-03-31")):
        head.append(row)
    page = book.create_sheet("items")
    page.append(["item", "activity", "Activity uncertainty", "排放因子", "factor_uncertainty"])
    page.append(["plain", 100, 0.05, 2, "10 %"])
    book.save(tmp_path / "case.xlsx")
    result = carbonstd.run(tmp_path / "case.xlsx", of=shelf)
    assert relative(result) == pytest.approx(math.sqrt(0.05**2 + 0.10**2))
