"""Fuels, standard coal and oil, warming potentials, gas conditions and limits: relations that the documents print."""

from fractions import Fraction
from typing import Any

import pytest

import carbonstd

FAMILIES = ("fuels/ndrc-steel-2013@2013", "fuels/ndrc-chemical-2013@2013", "fuels/gbt-32151.34@2024")
# tCO2 per t or per 1e4 m^3 of the three families, worked out by hand: heating value x carbon x oxidation x 44/12
THREE = {
    "anthracite": ("1.924", "2.323", "2.522"),
    "bituminous_coal": ("1.747", "2.072", "1.742"),
    "lignite": ("1.388", "1.424", "1.173"),
    "coke": ("2.862", "2.852", "2.860"),
    "gasoline": ("2.925", "3.043", "2.925"),
    "diesel": ("3.096", "3.145", "3.096"),
    "lng": ("2.588", "2.325", "2.831"),
    "natural_gas": ("21.622", "21.622", "21.622"),
    "coke_oven_gas": ("7.622", "8.583", "8.864"),
    "blast_furnace_gas": ("8.481", "9.686", "8.481"),
    "converter_gas": ("15.124", "14.321", "15.124"),
}


def cell(table: str, key: tuple[Any, ...] | str, column: str) -> Fraction:
    """One figure of a table; the row must exist and be the only one, and the cell must hold a number."""
    read = carbonstd.table(table)
    (row,) = read.find((key,) if isinstance(key, str) else key)
    value = read.cell(row, column).value
    assert value is not None
    return value


def rows(table: str, key: str) -> list[str]:
    return [str(row.match[key]) for row in carbonstd.table(table).rows]


@pytest.mark.parametrize("fuel", THREE)
def test_three_families_of_fuel_defaults_stay_three(fuel: str) -> None:
    for table, expected in zip(FAMILIES, THREE[fuel], strict=True):
        parts = [cell(table, fuel, name) for name in ("net_calorific_value", "carbon_content", "oxidation_factor")]
        product = parts[0] * parts[1] * parts[2] * Fraction(44, 12)
        assert abs(product - Fraction(expected)) <= Fraction("0.0005")


def test_the_provincial_guide_of_2025_prints_the_rows_of_the_revised_standards() -> None:
    fuels = rows("fuels/provincial-guide@2025", "fuel")
    assert len(fuels) == 14
    for fuel in fuels:
        for column in ("net_calorific_value", "carbon_content", "oxidation_factor"):
            assert cell("fuels/provincial-guide@2025", fuel, column) == cell(FAMILIES[2], fuel, column)


@pytest.mark.parametrize(
    ("fuel", "early", "late"),
    [("coke", "0.02942", "0.0295"), ("crude_oil", "0.02008", "0.0201"), ("natural_gas", "0.01532", "0.0153")],
)
def test_carbon_contents_of_2011_keep_their_last_digit(fuel: str, early: str, late: str) -> None:
    assert cell("fuels/provincial-guide-carbon@2011", fuel, "carbon_content") == Fraction(early)
    assert cell(FAMILIES[2], fuel, "carbon_content") == Fraction(late)


def test_a_wrong_row_of_a_program_is_not_carried() -> None:
    assert "blast_furnace_gas" not in rows("fuels/provincial-guide-carbon@2011", "fuel")


def test_carbon_dioxide_factors_are_rounded_carbon_contents() -> None:
    table = "fuels/ipcc-2006@2006"
    for fuel in rows(table, "fuel"):
        whole = cell(table, fuel, "carbon_content") * 1000 * Fraction(44, 12)
        assert abs(cell(table, fuel, "emission_factor") / whole - 1) < Fraction("0.005"), fuel


def test_limits_hold_their_defaults() -> None:
    limits = "uncertainty/ipcc-2006-fuels@2006"
    assert len(rows(limits, "fuel")) == 50
    for fuel in rows(limits, "fuel"):
        for column in ("net_calorific_value", "emission_factor"):
            if (fuel, column) != ("industrial_waste", "net_calorific_value"):  # no heating value is printed
                low, high = (cell(limits, fuel, f"{column}_{side}") for side in ("low", "high"))
                assert low < cell("fuels/ipcc-2006@2006", fuel, column) < high, fuel


def test_gas_factors_of_stationary_combustion_have_limits() -> None:
    gases = carbonstd.table("organisation/ipcc-combustion-gases@2006")
    limits = carbonstd.table("uncertainty/ipcc-2006-stationary-gases@2006")
    without = set()
    for index, row in enumerate(gases.rows):
        if row.match["use"] not in ("energy_industry", "manufacturing", "commercial", "residential"):
            continue
        for gas, column in (("CH4", "methane_factor"), ("N2O", "nitrous_oxide_factor")):
            found = limits.find((gas, gases.cell(index, column).value))
            if not found:
                without.add((str(row.match["fuel"]), gas))
            for limit in found:
                low, high = limits.cell(limit, "low").value, limits.cell(limit, "high").value
                default = gases.cell(index, column).value
                assert low is not None
                assert high is not None
                assert default is not None
                assert low < default < high
    assert without == {("peat", "CH4"), ("peat", "N2O"), ("black_liquor", "N2O"), ("charcoal", "N2O")}


def test_limits_of_mobile_gases_hold_their_defaults() -> None:
    limits = carbonstd.table("uncertainty/ipcc-2006-mobile-gases@2006")
    for index, row in enumerate(limits.rows):
        fuel, use, technology = (str(row.match[name]) for name in ("fuel", "use", "technology"))
        general = technology == "any"
        table = "organisation/ipcc-combustion-gases@2006" if general else "organisation/ipcc-road-gases@2006"
        for gas in ("methane", "nitrous_oxide"):
            low, high = (limits.cell(index, f"{gas}_factor_{side}").value for side in ("low", "high"))
            if low is not None and high is not None:
                assert low < cell(table, (fuel, use if general else technology), f"{gas}_factor") < high


def test_heavy_gas_vehicles_have_no_figure_of_nitrous_oxide() -> None:
    table = carbonstd.table("organisation/ndrc-road-gases@2015")
    for stage, methane in (("china_3", 5400), ("china_5", 900)):
        (row,) = table.find(("heavy", "natural_gas", stage))
        assert table.cell(row, "methane_factor").value == methane
        assert table.cell(row, "nitrous_oxide_factor").state == "unseen"
    (row,) = table.find(("car", "diesel", "china_1"))
    assert table.cell(row, "nitrous_oxide_factor").value == 0  # printed


# Standard coal and oil


@pytest.mark.parametrize(("name", "column"), [
    ("gb-30251", "net_calorific_value"),
    ("gb-30251-primary", "energy_content"),
    ("gb-30251-steam", "energy_content"),
    ("gb-30251-media", "energy_content"),
])  # fmt: skip
def test_standard_oil_is_41868_kilojoules(name: str, column: str) -> None:
    """Both columns are printed to two or three figures: 0.012 kgoe stands beside 0.5 MJ."""
    table = carbonstd.table(f"energy/{name}@2024")
    for index in range(len(table.rows)):
        oil, heat = table.cell(index, "oil_equivalent").value, table.cell(index, column).value
        if oil is not None and heat is not None:
            assert abs(oil * Fraction("41.868") / heat - 1) < Fraction("0.006")


def test_steam_of_higher_pressure_counts_more() -> None:
    found = [cell("energy/gb-30251-steam@2024", (Fraction(at),), "oil_equivalent") for at in ("0.2", "0.3", "1", "7")]
    assert found == [55, 66, 76, 92]


def test_the_standards_count_media_apart() -> None:
    nitrogen = cell("energy/gb-30251-media@2024", "nitrogen", "oil_equivalent")
    in_coal = nitrogen * cell("conditions/standard-fuel@1", "oil_in_coal", "coal_equivalent")
    assert round(in_coal, 4) == Fraction("0.2143")
    assert cell("energy/gbt-2589-media@2020", "nitrogen_main_product", "coal_equivalent") == Fraction("0.6714")


def test_fresh_water_tripled() -> None:
    old, new = (cell(f"energy/gbt-2589-media@{year}", "fresh_water", "coal_equivalent") for year in (2008, 2020))
    assert new == 3 * old


@pytest.mark.parametrize(("year", "agree"), [(2008, False), (2020, True)])
def test_only_the_later_edition_joins_heating_values_and_coefficients(year: int, agree: bool) -> None:
    """20908 kJ of 2008 is 5000 kcal of 4.1816 and gives 0.7134, where 0.7143 is printed."""
    heat, coefficient = (
        cell(f"energy/gbt-2589@{year}", "raw_coal", name) for name in ("net_calorific_value", "coal_equivalent")
    )
    assert coefficient == Fraction("0.7143")
    assert (round(heat / Fraction("29307.6"), 4) == coefficient) is agree


def test_electricity_by_unit_conversion_is_not_the_printed_coefficient() -> None:
    computed = cell("conditions/standard-fuel@1", "electricity_by_heat", "coal_equivalent")
    assert (
        round(Fraction(3600) / cell("conditions/standard-fuel@1", "standard_coal", "net_calorific_value"), 6)
        == computed
    )
    assert cell("energy/gbt-2589@2020", "electricity", "coal_equivalent") == Fraction("0.1229") != round(computed, 4)


# Conditions, heat, warming potentials, grades


@pytest.mark.parametrize(
    ("condition", "kelvin"), [("normal_0", "273.15"), ("standard_20", "293.15"), ("standard_15", "288.15")]
)
def test_volumes_of_one_gas_go_with_temperature(condition: str, kelvin: str) -> None:
    table = "conditions/gas-reference@1"
    ratio = Fraction(kelvin) / Fraction("273.15")
    assert cell(table, condition, "temperature") + Fraction("273.15") == Fraction(kelvin)
    assert round(ratio, 5) == cell(table, condition, "relative_volume")
    assert abs(cell(table, condition, "molar_volume") - Fraction("22.414") * ratio) < Fraction("0.001")


def test_feed_water_is_subtracted_by_convention() -> None:
    enthalpy = cell("heat/ndrc-2013-water@2013", "feed_water", "enthalpy")
    assert enthalpy == 20 * Fraction("4.187")
    assert enthalpy != 20 * cell("heat/ndrc-2013-water@2013", "feed_water", "heat_capacity")


def test_feedback_never_lowers_a_potential() -> None:
    table = carbonstd.table("gwp/ipcc-ar5@2013")
    for index in range(len(table.rows)):
        plain, fed = table.cell(index, "gwp100").value, table.cell(index, "gwp100_with_feedback").value
        assert plain is not None
        assert fed is not None
        assert fed >= plain


def test_documents_prescribe_known_sets() -> None:
    sets = {*carbonstd.Library().vocabulary("gwp_sets").terms, "any", "none"}
    table = carbonstd.table("gwp/prescribed@2026")
    assert set(table.texts("gwp_set")) <= sets
    first = dict(zip(rows("gwp/prescribed@2026", "document"), table.texts("figures"), strict=True))["ndrc_2013_2015"]
    for gas, value in (("CH4", 21), ("N2O", 310), ("SF6", 23900), ("HFC-134a", 1300)):
        assert f"{gas} {value}" in first
        assert cell("gwp/ipcc-sar@1995", gas, "gwp100") == value
    assert "HFC-245fa" not in rows("gwp/ipcc-sar@1995", "gas")  # the guides add the value of AR4


@pytest.mark.parametrize(("width", "grade"), [("0.05", "high"), ("0.051", "good"), ("0.3", "fair"), ("0.4", "poor")])
def test_grades_of_uncertainty(width: str, grade: str) -> None:
    table = carbonstd.table("uncertainty/ghgp-grades@1")
    (row,) = table.find((Fraction(width),))
    assert table.cell(row, "grade").text == grade
