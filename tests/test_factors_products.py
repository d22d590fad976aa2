"""Tables of products and vehicles: relations their documents print, traps of their copies, what must not be shipped."""

from fractions import Fraction
from itertools import pairwise

import pytest

from carbonstd._definitions.table import Band
from tests.table_cells import FACTORS, cell, figures, number, table


def test_materials_keep_their_unit_and_their_point() -> None:
    materials = table("products/gbt-51366-materials/2019")
    assert len(materials.rows) == 69
    factors = figures("products/gbt-51366-materials/2019", "emission_factor")
    area = [number(row, "emission_factor") for row in materials.rows if cell(row, "basis").text == "area"]
    assert max(area) == factors["window_al_primary"] == 254  # a copy lost the points of 122.5 and 129.5
    assert factors["window_alwood_7_3"] == Fraction("122.5")
    assert factors["window_alplastic"] == Fraction("129.5")
    # printed by the kilogram: 3.72, 3.60 and 7.93 kg/kg
    assert [factors[f"pipe_{kind}"] for kind in ("ppr", "pe", "pvc")] == [3720, 3600, 7930]
    assert factors["steel_bof"] < factors["steel_mean"] < factors["steel_eaf"]  # as printed, against what one expects
    assert factors["concrete_c30"] < factors["concrete_c50"]


def test_fuels_of_buildings_are_carbon_burnt_to_the_last_digit() -> None:
    carbon = figures("fuels/gbt-32151.34/2024", "carbon_content")
    oxidation = figures("fuels/gbt-32151.34/2024", "oxidation_factor")
    for fuel, printed in figures("products/gbt-51366-fuels/2019", "emission_factor").items():
        assert abs(carbon[fuel] * oxidation[fuel] * 1000 * 44 / 12 - printed) <= Fraction("0.0051")


@pytest.mark.parametrize("fuel", ["petrol", "diesel"])
def test_heavier_trucks_emit_no_more_per_tonne(fuel: str) -> None:
    factors = figures("products/gbt-51366-freight/2019", "emission_factor")
    trucks = {int(key.rsplit("_", 1)[1][:-1]): value for key, value in factors.items() if f"truck_{fuel}" in key}
    by_load = [trucks[load] for load in sorted(trucks)]
    assert by_load == sorted(by_load, reverse=True)
    assert max(value for key, value in factors.items() if key.startswith(("rail", "ship"))) < min(by_load)


@pytest.mark.parametrize(("name", "key", "apart"), [
    ("vehicles/gb-19578-steps/2014", "kind", None), ("vehicles/gb-27999-steps/2014", "seats", Fraction("0.2")),
])  # fmt: skip
def test_car_steps_touch_and_rise(name: str, key: str, apart: Fraction | None) -> None:
    by_class: dict[str, list[tuple[Band, Fraction]]] = {}
    for row in table(name).rows:
        band = row.match["curb_mass"]
        assert isinstance(band, Band)
        by_class.setdefault(str(row.match[key]), []).append((band, number(row, "fuel_consumption")))
    for steps in by_class.values():
        assert len(steps) == 16
        assert steps[0][0].above is None
        assert steps[-1][0].up_to is None
        assert all(low.up_to == high.above for (low, _), (high, _) in pairwise(steps))
        assert [value for _, value in steps] == sorted(value for _, value in steps)
    first, second = by_class.values()
    differences = {b - a for (_, a), (_, b) in zip(first, second, strict=True)}
    assert min(differences) > 0
    assert apart is None or differences == {apart}


@pytest.mark.parametrize("name", ["vehicles/gb-19578-line/2021", "vehicles/gb-27999-line/2019"])
def test_lines_close_at_their_corners(name: str) -> None:
    for row in table(name).rows:
        line = {column: number(row, column) for column in row.cells}
        for corner in ("lower", "upper"):
            reached = line["slope"] * (line[f"{corner}_mass"] - line["reference_mass"]) + line["constant"]
            assert abs(reached - line[f"{corner}_value"]) <= Fraction("0.005")


def test_line_of_2021_is_not_that_of_2024() -> None:
    automatic = table("vehicles/gb-19578-line/2021").rows[1]
    at_1500 = number(automatic, "slope") * (1500 - 1415) + number(automatic, "constant")
    assert round(float(at_1500), 2) == 9.42  # the edition of 2024 has about 7.74 there, and its line is not held
    assert table("vehicles/gb-19578-line/2021").document.superseded_by == "GB 19578-2024"


def test_fleet_parameters_fall_to_one() -> None:
    falling = {"ratio": "fleet", "low_consumption_multiplier": "fleet", "new_energy_multiplier": "multiplier"}
    for column, name in falling.items():
        values = [number(row, column) for row in table(f"vehicles/gb-27999-{name}/2019").rows]
        assert values == sorted(values, reverse=True)
        assert values[-1] == 1


def test_plug_in_cars_from_2510_kg_have_five_points_more() -> None:
    light, heavy = table("vehicles/miit-2025-24-plug-in/2025").rows
    for column in ("fuel_share", "electricity_share"):
        assert number(heavy, column) - number(light, column) == Fraction("0.05")


def test_reference_co2_of_a_litre() -> None:
    factors = figures("vehicles/gb-30510-co2/2024", "carbon_dioxide")
    assert factors == {"gasoline": 2370, "diesel": 2600}  # 23.7 and 26.0 g/km for each L/100 km


def test_hfc_quotas_are_the_baseline_less_what_was_cut() -> None:
    rows = {str(row.match["quota"]): row for row in table("products/mee-hfc-quota/2024").rows}
    cuts = {key: number(row, "baseline") - number(row, "issued") for key, row in rows.items()}
    assert cuts == {"production": Fraction("4.04"), "use": Fraction("2.62")}  # printed beside the quotas
    phases = [number(row, "cut") for row in table("products/kigali-phase-down/2016").rows]
    assert phases == [0, 10, 30, 50, 80]


def test_mine_gas_of_2024_is_not_that_of_2008() -> None:
    limits = {year: number(table(f"limits/gb-21522/{year}").rows[0], "methane_content") for year in (2008, 2024)}
    assert limits == {2008: 30, 2024: 8}  # public code keeps 30 % under the number of 2024


def test_the_line_of_electric_cars_closes_and_gives_what_was_published() -> None:
    """15.1 kWh/100 km for about two tonnes, 10.1 and 19.1 at the corners, 16.89 at 2315 kg."""
    row = table("vehicles/gb-36980.1-line/2025").rows[0]
    line = {column: number(row, column) for column in row.cells}
    at = {
        mass: line["slope"] * (mass - line["reference_mass"]) + line["constant"]
        for mass in (line["lower_mass"], line["upper_mass"], 2000, 2315)
    }
    assert [round(float(value), 1) for value in at.values()] == [10.1, 19.1, 15.1, 16.9]
    assert (line["lower_value"], line["upper_value"]) == (Fraction("10.1"), Fraction("19.1"))
    assert round(float(at[2315]), 2) == 16.89


def test_no_row_of_a_database_without_licence_is_shipped() -> None:
    """CPCD names no terms of use; ecoinvent, CLCD and GaBi forbid it. Notes may name them, rows may not."""
    for path in FACTORS.rglob("*.yaml"):
        rows = path.read_text(encoding="utf-8").lower().partition("\nrows:")[2]
        assert not any(name in rows for name in ("cpcd id", "ecoinvent", "clcd", "gabi")), path


def test_uk_factors_are_those_of_the_flat_file() -> None:
    """Cells read by hand in the flat file of 2025 (Factors by Category), by their row there."""
    materials = figures("products/desnz-materials/2025", "emission_factor")
    assert materials["board_primary"] == Fraction("1199.72542")  # 19_506, Paper and board: board, primary
    assert materials["pet_recycled"] == Fraction("2213.90131")
    assert all(
        materials[key] > materials[f"{key[:-7]}recycled"]
        for key in materials
        if key.endswith("_primary") and f"{key[:-7]}recycled" in materials
    )
    freight = figures("products/desnz-freight/2025", "emission_factor")
    upstream = figures("products/desnz-freight/2025", "upstream_factor")
    assert freight["rail"] == Fraction("0.02779")
    assert upstream["rail"] == Fraction("0.00691")
    assert all(upstream[key] < freight[key] / 3 for key in freight)  # the way of a fuel to its tank is the lesser part
    waste = [row for row in table("products/desnz-waste/2025").rows if cell(row, "boundary").text == "collection alone"]
    assert {number(row, "emission_factor") for row in waste} <= {Fraction(x) for x in ("1.00835", "4.68568", "8.98311")}
