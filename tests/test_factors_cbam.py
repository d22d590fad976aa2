"""Tables of CBAM: stoichiometry, sums, prefixes of codes, and what its tables say of each other."""

from collections import defaultdict
from fractions import Fraction

import pytest

from carbonstd._definitions.table import Row
from tests.table_cells import cell, figures, labels, number, table

MASSES = {
    "H": 1.008, "Li": 6.94, "C": 12.011, "O": 15.999, "Na": 22.990, "Mg": 24.305, "K": 39.098, "Ca": 40.078,
    "Fe": 55.845, "Sr": 87.62, "Ba": 137.327,
}  # fmt: skip
CO2 = MASSES["C"] + 2 * MASSES["O"]
CO3 = MASSES["C"] + 3 * MASSES["O"]
DEFAULTS = ("cbam/eu-2025-2621-china/2026", "cbam/eu-2025-2621-other/2026")


def benchmarks() -> dict[str, dict[str, list[Row]]]:
    """The rows of the benchmarks by code and route."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in table("cbam/eu-2025-2620-benchmarks/2026").rows:
        for code in labels(row, "cn_code"):
            found[code][str(row.match["route"])].append(row)
    return found


def test_carbonates_and_oxides_follow_stoichiometry() -> None:
    cations = {"CaCO3": "Ca", "MgCO3": "Mg", "BaCO3": "Ba", "SrCO3": "Sr", "FeCO3": "Fe"}
    weights = {formula: MASSES[metal] + CO3 for formula, metal in cations.items()}
    weights |= {f"{metal}2CO3": 2 * MASSES[metal] + CO3 for metal in ("Na", "Li", "K")}
    weights["NaHCO3"] = MASSES["Na"] + MASSES["H"] + CO3
    found = figures("cbam/eu-2023-1773-carbonates/2023", "emission_factor")
    assert set(found) == set(weights)
    for formula, weight in weights.items():
        assert float(found[formula]) == pytest.approx(CO2 / weight, abs=0.0006), formula
    for formula, factor in figures("cbam/eu-2023-1773-oxides/2023", "emission_factor").items():
        assert float(factor) == pytest.approx(CO2 / (MASSES[formula[:2]] + MASSES["O"]), abs=0.0006), formula


def test_factors_of_steel_materials_are_carbon_times_the_printed_ratio() -> None:
    ratio = number(table("cbam/eu-2023-1773-process-constants/2023").rows[0], "carbon_to_carbon_dioxide")
    assert ratio == Fraction("3.664")  # not 44/12
    for row in table("cbam/eu-2023-1773-steel-carbon/2023").rows:
        assert abs(number(row, "carbon_fraction") * ratio - number(row, "emission_factor")) <= Fraction("0.005")


def test_fuels_are_those_of_the_ipcc() -> None:
    ipcc = {str(row.match["fuel"]): row for row in table("fuels/ipcc-2006/2006").rows}
    rows = [*table("cbam/eu-2023-1773-fuels/2023").rows, *table("cbam/eu-2023-1773-biomass/2023").rows]
    others = {"orimulsion", "waste_tyres", "carbon_monoxide", "methane", "other_liquid_biofuels"}
    assert {str(row.match["fuel"]) for row in rows} - set(ipcc) == others
    for row in rows:
        fuel = str(row.match["fuel"])
        if fuel in others:
            continue
        assert number(row, "emission_factor") == number(ipcc[fuel], "emission_factor") / 1000, fuel
        if fuel != "biodiesel":  # its heating value is that of Directive (EU) 2018/2001
            assert cell(row, "net_calorific_value").value == cell(ipcc[fuel], "net_calorific_value").value, fuel
    pure = {"carbon_monoxide": (28.010, 10.12), "methane": (16.043, 50.01)}
    for row in table("cbam/eu-2023-1773-fuels/2023").rows:
        if (fuel := str(row.match["fuel"])) in pure:
            mass, heat = pure[fuel]
            assert float(number(row, "emission_factor")) == pytest.approx(CO2 / mass / heat * 1000, abs=0.1)


def test_gwp_is_that_of_the_fifth_report() -> None:
    report = figures("gwp/ipcc-ar5/2013", "gwp100")
    assert figures("cbam/eu-2023-1773-gwp/2023", "gwp100") == {
        "CO2": 1,
        **{gas: report[gas] for gas in ("N2O", "CF4", "C2F6")},
    }


def test_reference_efficiencies_of_heat_keep_their_distance() -> None:
    for row in table("cbam/eu-2023-1773-heat-efficiency/2023").rows:
        assert number(row, "hot_water") - number(row, "steam") == 5
        exhaust = cell(row, "exhaust").value
        assert exhaust is None or number(row, "steam") - exhaust == 3


def test_perfluorocarbon_coefficients() -> None:
    slopes = {str(row.match["cell"]): row for row in table("cbam/eu-2023-1773-pfc-slope/2023").rows}
    volts = {str(row.match["cell"]): row for row in table("cbam/eu-2023-1773-pfc-overvoltage/2023").rows}
    assert number(slopes["cwpb"], "slope") == Fraction("0.143")  # the sample line of the template has 0.146
    assert number(slopes["cwpb"], "share") == number(volts["cwpb"], "share") == Fraction("0.121")
    assert cell(slopes["pfpb_mw"], "slope").state == "rule"


@pytest.mark.parametrize("name", DEFAULTS)
def test_parts_of_defaults_add_up_within_the_print(name: str) -> None:
    for row in table(name).rows:
        parts = number(row, "direct") + (cell(row, "indirect").value or 0)
        assert abs(parts - number(row, "total")) <= Fraction("0.0105"), row.name()


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_lead_to_goods_and_count_what_their_category_counts(name: str) -> None:
    categories = {str(row.match["cn_code"]): cell(row, "category").text for row in table("cbam/cn-codes/2024").rows}
    counted = {
        str(row.match["category"]): cell(row, "indirect_definitive").text == "yes"
        for row in table("cbam/goods-categories/2024").rows
    }
    for row in table(name).rows:
        code = str(row.match["cn_code"])
        goods = {item for item in categories if item.startswith(code[:8])}
        split = code[:8] in ("31021012", "31021015", "31021019")  # one code of 2024, three of 2026
        assert goods or split, code
        for category in {categories[item] for item in goods}:
            assert counted[category] == (cell(row, "indirect").value is not None), code


@pytest.mark.parametrize("name", DEFAULTS)
def test_route_letters_of_defaults_lead_to_benchmarks(name: str) -> None:
    found = benchmarks()
    for row in table(name).rows:
        code, route = str(row.match["cn_code"]), cell(row, "route").text
        letters = {"any"} if route == "none" else set(route.split("/"))
        for item in (item for item in found if item.startswith(code[:8])):
            mixed = code in ("731815", "731816")  # screws and nuts: the stainless ones have no letter
            assert (mixed and set(found[item]) == {"any"}) or letters & set(found[item]), (code, item)


def test_defaults_that_are_easily_mistaken() -> None:
    china, other = ({str(row.match["cn_code"]): row for row in table(name).rows} for name in DEFAULTS)
    assert "7203" not in china
    assert number(other["7203"], "total") == Fraction("1.325")
    for white, grey in (("2523100010", "2523100090"), ("2523900010", "2523900090")):
        assert (cell(china[white], "route").text, cell(china[grey], "route").text) == ("B", "A")
        assert number(china[white], "total") != number(china[grey], "total")
        assert white[:8] not in china  # eight digits do not tell white from grey


def test_mark_ups_rise_by_year_and_spare_fertilisers() -> None:
    by_sector: dict[str, list[Fraction]] = defaultdict(list)
    for row in table("cbam/eu-2025-2621-mark-ups/2026").rows:
        by_sector[str(row.match["sector"])].append(number(row, "mark_up"))
    assert by_sector.pop("fertilisers") == [Fraction("0.01")] * 3
    assert all(values == [Fraction("0.1"), Fraction("0.2"), Fraction("0.3")] for values in by_sector.values())
    assert set(by_sector) | {"fertilisers"} == {cell(row, "sector").text for row in table(DEFAULTS[0]).rows}


def test_cbam_factor_falls_to_zero() -> None:
    values = [number(row, "cbam_factor") for row in table("cbam/eu-2003-87-cbam-factor/2026").rows]
    assert values[0] == Fraction("0.975")
    assert values[-1] == 0
    assert values == sorted(values, reverse=True)


def test_benchmarks_cover_the_goods_and_the_chain_holds_the_process() -> None:
    found = benchmarks()
    goods = {str(row.match["cn_code"]) for row in table("cbam/cn-codes/2024").rows} - {"27160000", "31021010"}
    assert set(found) == goods | {"31021012", "31021015", "31021019"}
    for code, routes in found.items():
        for rows in routes.values():
            assert all(number(row, "process") <= number(row, "chain") for row in rows), code
            chains = [number(row, "chain") for row in rows]
            assert chains == sorted(chains, reverse=True), code


def test_benchmarks_of_later_years_follow_the_process_emission_factor() -> None:
    first, second = benchmarks()["72021120"]["any"]
    assert round(float(number(first, "chain")) * 0.91 / 0.97, 3) == float(number(second, "chain"))


def test_benchmarks_seen_in_other_places() -> None:
    """The worked example of one register, and the table of three routes for billets of another."""
    found = benchmarks()
    coil, billet = found["72081000"]["C"][0], found["72071111"]
    assert (number(coil, "process"), number(coil, "chain")) == (Fraction("0.044"), Fraction("1.370"))
    assert [number(billet[route][0], "chain") for route in "CDE"] == [Fraction(x) for x in ("1.364", "0.475", "0.066")]


def test_codes_of_2026_are_those_of_2024_but_one_of_urea() -> None:
    rows = {
        year: {str(row.match["cn_code"]): row for row in table(f"cbam/cn-codes/{year}").rows} for year in (2024, 2026)
    }
    assert set(rows[2026]) - set(rows[2024]) == {"31021012", "31021015", "31021019"}
    assert set(rows[2024]) - set(rows[2026]) == {"31021010"}
    assert set(rows[2026]) - {"27160000"} == set(benchmarks())
    for code in set(rows[2024]) & set(rows[2026]):
        assert cell(rows[2024][code], "category").text == cell(rows[2026][code], "category").text


def test_functional_units_follow_the_headings_of_article_4() -> None:
    units = {str(row.match["cn_code"]): cell(row, "functional_unit").text for row in table("cbam/cn-codes/2026").rows}
    found = {unit: {code[:4] for code, its in units.items() if its == unit} for unit in set(units.values())}
    assert found["nitrogen"] == {"2808", "2814", "3105"}
    assert found["clinker"] == {"2523"}
    assert units["25233000"] == "mass"
    assert found["supplementary"] == {"2834", "3102"}
    assert found["energy"] == {"2716"}


def test_rows_of_a_code_are_those_of_the_longest_prefix() -> None:
    """cbam/cn-defaults is worked out from the tables it leads to; here again, by the rules its head states."""
    held = {name: {str(row.match["cn_code"]): row for row in table(name).rows} for name in DEFAULTS}
    china, other = held.values()
    routes = benchmarks()
    for row in table("cbam/cn-defaults/2026").rows:
        code = str(row.match["cn_code"])
        said = {name: cell(row, name).text for name in row.cells}
        best = max((key for key in other if code.startswith(key)), key=len, default="none")
        assert said["other"] == best, code
        assert said["china"] == (best if best in china else "none"), code
        assert (said["state"] == "held") == (best != "none"), code
        assert said["routes"] == ("/".join(sorted(routes[code[:8]])) or "none"), code
        if best == "none":
            continue
        letters = set(cell(other[best], "route").text.replace("none", "any").split("/"))
        allowed = set(routes[code[:8]])
        assert said["route"] in (letters & allowed or allowed), code
        assert len(letters & allowed or allowed) == 1, code
        assert said["sector"] == cell(other[best], "sector").text, code
        assert (said["indirect"] == "yes") == (cell(other[best], "indirect").state != "not_applicable"), code


def test_every_code_of_the_lists_leads_somewhere() -> None:
    codes = {str(row.match["cn_code"]) for row in table("cbam/cn-defaults/2026").rows}
    assert {str(row.match["cn_code"]) for row in table("cbam/cn-codes/2024").rows} <= codes
    assert set(benchmarks()) <= codes
