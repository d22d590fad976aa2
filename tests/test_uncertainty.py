"""Uncertainty: published examples, sums worked by hand, and derivatives against the figure moved a little."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carbonstd
from carbonstd import CaseError
from carbonstd._findings import Severity
from carbonstd._library import Library
from carbonstd._result import Result
from carbonstd._uncertainty_draws import Drawn, Simulation
from carbonstd._uncertainty_gradient import Derivatives
from carbonstd._uncertainty_inputs import Z95, Input
from tests.command_line import HEAD, run, start_in, write

ROOT = Path(__file__).resolve().parent.parent
PROBES = Path(__file__).resolve().parent / "probes"
LIBRARY = Library((PROBES / "factors",), (PROBES / "methods",))
_FOLDERS = sorted({path.parent for root in (ROOT, PROBES) for path in (root / "methods").glob("**/cases/*.yaml")})
_LARGEST = [sorted(folder.glob("*.yaml"), key=lambda path: -path.stat().st_size)[:4] for folder in _FOLDERS]
CASES = sorted(path for paths in _LARGEST for path in paths)

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


# Published examples


def test_a_product_by_equation_3_1(shelf: Library) -> None:
    """IPCC 2006 vol. 1 ch. 3, eq. 3.1: 5 % and 10 % give the square root of 0.0025 + 0.01, 11.18 %."""
    row = item(activity_uncertainty="5 %", factor=2, factor_uncertainty="10 %")
    assert relative(calculated(shelf, [row])) == pytest.approx(math.sqrt(0.05**2 + 0.10**2), rel=1e-12)


def test_a_sum_by_equation_3_2(shelf: Library) -> None:
    """Eq. 3.2: 100 t at 5 % and 300 t at 10 %: sqrt((0.05 x 100)^2 + (0.1 x 300)^2) / 400."""
    rows = [item(activity_uncertainty=0.05), item("wide", 300, activity_uncertainty=0.10, factor=2)]
    expected = math.sqrt((0.05 * 100) ** 2 + (0.10 * 300) ** 2) / 400
    assert relative(calculated(shelf, rows)) == pytest.approx(expected, rel=1e-12)


def test_gum_h_1(tmp_path: Path) -> None:
    """JCGM 100:2008, H.1, calibration of an end gauge: l = l_S + d - l_S (da theta + a_S dtheta).

    Inputs of H.1.3 (lengths in nm, as t here: the arithmetic is the same), standard uncertainties u. Published: l =
    50 000 838 nm, u_c = 32 nm (31.7), contributions 25, 9.7, 0, 0, 2.9 and 16.6 nm (figures seen in others' test data).
    """
    names = {"l_s": "t", "d": "t", "alpha": "1/degC", "theta": "degC", "delta_alpha": "1/degC", "delta_theta": "degC"}
    columns = "".join(
        f"  {name}: {{label: {{zh: {name}, en: {name}}}, unit: '{unit}', min: none}}\n" for name, unit in names.items()
    )
    equation = "l_s + d - l_s * (delta_alpha * theta + alpha * delta_theta)"
    files = {
        "methods/shared/kinds/gauge.yaml": f"title: {{zh: 量块, en: Gauge}}\ncolumns:\n{columns}",
        "methods/products/gauge/2008.yaml": (
            "title: {zh: 量块, en: Gauge}\ndocument: {number: GAUGE, title: Gauge}\nregime: statistics\n"
            f"sheets: {{gauge: {{kind: gauge, single: true, columns: {{{': , '.join(names)}: }}}}}}\n"
            f"equations: {{length: {{label: {{zh: 长, en: Length}}, sheet: gauge, unit: t, expression: {equation}}}}}\n"
            "totals: {length: {label: {zh: 长, en: Length}}}\n"
        ),
    }
    given = {  # value, standard uncertainty
        "l_s": (50_000_623, 25), "d": (215, 9.7), "alpha": (11.5e-6, 1.2e-6), "theta": (-0.1, 0.41),
        "delta_alpha": (0, 0.58e-6), "delta_theta": (0, 0.029),
    }  # fmt: skip
    row: dict[str, Any] = {name: value for name, (value, _) in given.items()}
    row |= {f"{name}_uncertainty": f"{u * Z95:.12g} {names[name]}" for name, (_, u) in given.items()}
    case = {"method": "gauge@2008", "period": "2025", "as_of": "2026-03-31", "inputs": {"gauge": row}}
    result = carbonstd.run(case, of=library(tmp_path, files))
    assert result.primary.value == 50_000_838
    found = result.uncertainty(draws=40_000, seed=1).primary
    assert found.approach_1 is not None
    assert found.approach_1.half_width / Z95 == pytest.approx(31.7, abs=0.05)
    parts = {source.input.name["en"]: math.sqrt(source.share) * 31.71 for source in found.contributors}
    expected = {"l_s": 25, "d": 9.7, "delta_alpha": 2.9, "delta_theta": 16.7}
    assert parts == {name: pytest.approx(part, abs=0.05) for name, part in expected.items()}
    # Draws hold the products of two uncertain zeros, the derivatives do not: 31.71, 11.9 and 1.7 make 33.9
    second = math.sqrt(31.71**2 + (50_000_623 * 0.58e-6 * 0.41) ** 2 + (50_000_623 * 1.2e-6 * 0.029) ** 2)
    assert found.approach_2 is not None
    assert found.approach_2.half_width / Z95 == pytest.approx(second, rel=0.03)


def test_the_additive_model_of_gum_supplement_1(shelf: Library) -> None:
    """JCGM 101:2008, 9.2.2, table 2: X1 + X2 + X3 + X4, each normal of mean 0 and u = 1: -3.92 to 3.92."""
    rows = [item(activity=0, activity_uncertainty=f"{Z95} t") for _ in range(4)]
    figure = calculated(shelf, rows).uncertainty(draws=100_000, seed=3).figures["activities"]
    assert figure.approach_1 is not None
    assert figure.approach_2 is not None
    assert (figure.approach_1.low, figure.approach_1.high) == pytest.approx((-2 * Z95, 2 * Z95))
    error = 5 * 2 * math.sqrt(0.025 * 0.975 / 100_000) / 0.0584  # five times the error of a quantile of the normal
    assert (figure.approach_2.low, figure.approach_2.high) == pytest.approx((-3.92, 3.92), abs=error)


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
    assert shares["factor · plain"] == pytest.approx(0.25)
    assert shares["Activity · Items"] == pytest.approx(0.25)
    assert shares["oxidation_factor · wide"] == pytest.approx(0.75)
    assert "factor · wide" not in shares


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


# The derivatives of the largest cases of every method


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_derivatives_against_the_figure_moved(path: Path) -> None:
    """Each input moved a little, in draws of the same trees; sums gathered first agree with sums of every row."""
    try:
        result = carbonstd.run(path, of=LIBRARY)
    except CaseError:
        return  # a refused case has no figures
    equations = [line.line.equation for line in (*result.total_lines, *result.lines)]
    derivatives = Derivatives(result._run)
    gradients = [derivatives.of(equation) for equation in equations]
    keys: list[Any] = sorted({key for item in gradients for key in (*item.cells, *item.constants)}, key=str)
    slopes = [[item.cells.get(key, item.constants.get(key, 0.0)) for item in gradients] for key in keys]
    values = [_value(result, key) for key in keys]
    columns: dict[tuple[str, str], Any] = {}
    for place in sorted({place for item in gradients for place in item.columns}):
        numbers = result._run.ledger[place[0]].numbers[place[1]]
        met = np.zeros(len(numbers), dtype=bool)
        for item in gradients:
            met |= item.columns.get(place, np.zeros(len(numbers))) != 0
        rows = np.flatnonzero(met)[:15]
        columns[place] = np.full(len(numbers), -1, dtype=np.int64)
        columns[place][rows] = np.arange(len(values), len(values) + len(rows))
        values += list(numbers[rows])
        slopes += [[float(item.columns.get(place, numbers * 0)[row]) for item in gradients] for row in rows]
    steps = 1e-6 * np.maximum(np.abs(values), 1e-3)
    draws = np.array(values) + np.concatenate([np.zeros((1, len(values))), np.diag(steps), -np.diag(steps)])
    drawn = Drawn({key: number for number, key in enumerate(keys)}, columns)
    found = Simulation(result._run, drawn).totals(equations, draws)
    whole = np.array([result._total(equation) for equation in equations])
    known = np.isfinite(whole)  # a product that was not made has no consumption per unit
    table = np.array(slopes).reshape(len(values), len(equations))
    size = np.max(np.abs(whole) + np.sum(np.abs(table * np.array(values)[:, None]), axis=0), where=known, initial=1e-12)
    row_by_row = Simulation(result._run, drawn, aggregate=False).totals(equations, draws)
    assert np.all((np.abs(found[0] - whole) <= 1e-12 * size)[known])
    off = np.isnan(found)  # moved off the edge of a steam table, or from a zero that a condition asks for
    assert np.array_equal(off, np.isnan(row_by_row))
    assert np.all((off | (np.abs(found - row_by_row) <= 1e-11 * size))[:, known])
    count = len(values)
    ahead, back = (found[1 : count + 1] - found[0]) / steps[:, None], (found[0] - found[count + 1 :]) / steps[:, None]
    noise = 1e-14 * size / steps[:, None]  # what rounding leaves of a small difference
    sides = np.nan_to_num([ahead, back, (ahead + back) / 2], nan=np.inf)
    sides = np.where(np.isinf(sides).all(axis=0), table, sides)
    wrong = np.min(np.abs(sides - table), axis=0) > 1e-5 * np.abs(table) + noise  # at a kink one side counts
    assert not wrong[:, known].any(), [(equations[j], i, ahead[i, j], table[i, j]) for i, j in np.argwhere(wrong)]


def _value(result: Result, key: Any) -> float:
    if isinstance(key, str):
        return float(result.method.constants[key].value)
    tables = {item.table.id: item.table for segments in result._run.segments.values() for item in segments}
    return float(tables[key[0]].cell(key[1], key[2], key[3]).value or 0)


# The command line


ROW = HEAD + "inputs: {fuel: [{source: trucks, fuel: diesel, consumption: 10, consumption_uncertainty: 3 %}]}\n"


def test_calc_prints_intervals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    write("a.yaml", ROW)
    alone = run("calc", "a.yaml", "--uncertainty")
    assert alone.exit_code == 0
    assert "total" in alone.output
    assert "±3.0% [30.0303, 31.8879]" in alone.output  # 30.9590964 x (1 -+ 0.03)
    assert "Monte Carlo" not in alone.output
    drawn = run("calc", "a.yaml", "--uncertainty", "2000", "--lang", "zh")
    assert "方法 2（蒙特卡洛 2,000 次，种子 0）" in drawn.output
    assert "uncertainty" not in run("calc", "a.yaml").output.lower()


def test_calc_writes_intervals_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    write("a.yaml", ROW)
    printed = json.loads(run("calc", "a.yaml", "--uncertainty", "1000", "--json", "-o", "r.json").output)
    assert printed == json.loads(Path("r.json").read_text(encoding="utf-8"))
    total = next(item for item in printed["uncertainty"]["figures"] if item["id"] == "total")
    assert total["approach_1"]["relative"] == pytest.approx(0.03)
    assert total["approach_2"]["low"] < total["value"] < total["approach_2"]["high"]
    assert printed["uncertainty"]["seed"] == 0
    assert total["without_interval"][0]["share"] == pytest.approx(1)
