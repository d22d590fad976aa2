"""Regional inventories, sinks and CCUS: relations in the documents, figures that must stay apart, doubts kept."""

from dataclasses import replace
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import pytest

import carbonstd
from carbonstd._definitions.table import Band, Cell, Table
from carbonstd._errors import DefinitionError
from carbonstd._language.compile import compile_method
from carbonstd._language.expression import parse

GUIDE = "agriculture/provincial-guide-"
IPCC = "agriculture/ipcc-2006-"
CARBON = Fraction(44, 12)
CH4_DENSITY = Fraction("0.67")  # kg/m3 at 20 degC, of the guide


def cell(name: str, column: str, *labels: Any) -> Cell:
    table = carbonstd.table(name)
    values = tuple(Fraction(str(label)) if isinstance(label, int | float) else label for label in labels)
    (row,) = table.find(values)
    return table.cell(row, column)


def value(name: str, column: str, *labels: Any) -> Fraction:
    found = cell(name, column, *labels).value
    assert found is not None
    return found


def grades(table: Table) -> set[str]:
    return {table.cell(row, name).evidence for row in range(len(table.rows)) for name in table.columns}


# What two documents share, and where they differ


@pytest.mark.parametrize(
    ("family", "other", "column"),
    [
        ("manure-methane", "gbt-32151.22-manure-methane", "methane_factor"),
        ("manure-nitrous-oxide", "gbt-32151.22-manure-nitrous-oxide", "nitrous_oxide_factor"),
    ],
)
def test_the_guide_and_the_livestock_standard_share_their_manure_factors(family: str, other: str, column: str) -> None:
    guide, standard = carbonstd.table(f"{GUIDE}{family}@2011"), carbonstd.table(f"agriculture/{other}@2024")
    assert grades(guide) == {"recalled"}, "the standard does not prove what the guide prints"
    assert grades(standard) == {"secondary"}
    assert len(standard.rows) == 39  # seven animals in six regions, no buffalo in three
    for row in range(len(standard.rows)):
        region, animal = standard.rows[row].match["region"], standard.rows[row].match["animal"]
        (same,) = guide.find((region, "other_cattle" if animal == "beef_cattle" else animal))
        assert guide.cell(same, column).value == standard.cell(row, column).value


@pytest.mark.parametrize("animal", ["horses", "donkeys_mules", "camels", "poultry"])
def test_other_animals_of_the_guide_are_those_of_ipcc(animal: str) -> None:
    for region, climate in [("north", "cool"), ("northeast", "cool"), ("northwest", "cool"), ("east", "temperate")]:
        ours = value(f"{GUIDE}manure-methane@2011", "methane_factor", region, animal)
        assert ours == value(f"{IPCC}manure-methane-other@2006", "methane_factor", animal, climate)


@pytest.mark.parametrize("animal", ["horses", "donkeys_mules", "camels", "swine"])
def test_enteric_factors_of_the_guide_that_are_those_of_ipcc(animal: str) -> None:
    for housing in ("intensive", "household", "grazing"):
        ours = value(f"{GUIDE}enteric@2011", "methane_factor", animal, housing)
        assert ours == value(f"{IPCC}enteric@2006", "methane_factor", animal)


APART = [
    # figures, each with the place it stands in; the first is the guide, the second IPCC 2006
    ("0.538", "process/provincial-guide-ippu-carbon-dioxide@2011", "emission_factor", ("clinker",)),
    ("0.52", "process/ipcc-ippu-carbon-dioxide@2006", "emission_factor", ("clinker",)),
    ("1.154", "process/provincial-guide-ippu-carbon-dioxide@2011", "emission_factor", ("calcium_carbide",)),
    ("1.09", "process/ipcc-ippu-carbon-dioxide@2006", "emission_factor", ("calcium_carbide",)),
    ("0.683", "process/provincial-guide-ippu-carbon-dioxide@2011", "emission_factor", ("lime",)),
    ("0.0292", "process/provincial-guide-ippu-fluorinated@2011", "hfc23_factor", ()),
    ("0.03", "process/ipcc-ippu-hcfc22@2006", "hfc23_factor", ("from_1995",)),
    ("0.20", f"{GUIDE}soil-n2o-parameters@2011", "value", ("leaching_share",)),
    ("0.30", f"{IPCC}soil-n2o-indirect@2006", "value", ("leaching_share",)),
    ("16", f"{GUIDE}nitrogen-excretion@2011", "nitrogen_excretion", ("swine",)),
    ("11", "agriculture/gbt-32151.22-nitrogen-excretion@2024", "nitrogen_excretion", ("swine",)),
    ("1.0", f"{GUIDE}enteric@2011", "methane_factor", ("swine", "intensive")),
    ("1.5", "agriculture/gbt-32151.22-enteric@2024", "methane_factor", ("swine", "young")),
    ("0.2", "waste/provincial-guide-incineration@2011", "carbon_fraction", ("municipal",)),
    ("0.4", "waste/provincial-guide-incineration@2025", "carbon_fraction", ("municipal",)),
    ("0.24", "waste/ipcc-2006-landfill-doc@2006", "degradable_carbon", ("textiles",)),
    ("0.24", "waste/ipcc-2006-biological-treatment@2006", "nitrous_oxide_factor_wet", ("composting",)),
    ("1.73", "statistics/fuel-groups@data-2012", "emission_factor", ("oil",)),
    ("2.08", "statistics/fuel-groups@data-2005", "emission_factor", ("oil",)),
    ("-1.62", "land/ipcc-2013-wetlands-rewetting@2013", "carbon_factor", ("mangrove",)),
]


@pytest.mark.parametrize(("printed", "name", "column", "labels"), APART)
def test_figures_that_are_easily_mixed_up(printed: str, name: str, column: str, labels: tuple[str, ...]) -> None:
    assert value(name, column, *labels) == Fraction(printed)


def test_lime_of_ipcc_is_a_product() -> None:
    lime = "process/ipcc-ippu-lime@2006"
    carbon = value(lime, "stoichiometric_ratio", "high_calcium") * value(lime, "oxide_share", "high_calcium")
    assert round(float(carbon), 3) == 0.746
    assert round(float(carbon * value(lime, "kiln_dust_correction", "high_calcium")), 3) == 0.761


def test_four_indirect_parameters_of_the_guide_are_those_of_ipcc() -> None:
    for guide, ipcc in [
        ("manure_volatilisation", "organic_volatilisation"),
        ("input_volatilisation", "fertiliser_volatilisation"),
        ("deposition", "deposition"),
        ("leaching", "leaching"),
    ]:
        ours = value(f"{GUIDE}soil-n2o-parameters@2011", "value", guide)
        assert ours == value(f"{IPCC}soil-n2o-indirect@2006", "value", ipcc)


def test_doc_of_the_guide_is_that_of_ipcc() -> None:
    for waste in ("paper", "textiles", "food", "wood", "garden", "nappies"):
        ours = value("waste/provincial-guide-landfill-doc@2011", "degradable_carbon", waste)
        assert ours == value("waste/ipcc-2006-landfill-doc@2006", "degradable_carbon", waste)


# Relations inside one document


def test_every_province_has_one_soil_class() -> None:
    table = carbonstd.table(f"{GUIDE}soil-n2o@2011")
    provinces = [name for row in table.rows for name in row.match["region"]]  # type: ignore[union-attr]
    known = carbonstd.library().vocabulary("provinces").terms
    assert sorted(provinces) == sorted(name for name in known if name != "national" and not name.endswith("grid"))


def test_every_province_has_one_inventory_region() -> None:
    table = carbonstd.table("agriculture/inventory-regions@2024")
    provinces = [name for row in table.rows for name in row.match["province"]]  # type: ignore[union-attr]
    known = carbonstd.library().vocabulary("provinces").terms
    assert sorted(provinces) == sorted(name for name in known if name != "national" and not name.endswith("grid"))


def test_regions_differ_by_table() -> None:
    rice = {str(row.match["region"]) for row in carbonstd.table(f"{GUIDE}rice@2011").rows}
    water = {str(row.match["region"]) for row in carbonstd.table("waste/provincial-guide-bod-cod@2011").rows}
    assert rice - water == {"central_south"}
    assert water - rice == {"national", "central", "south"}


@pytest.mark.parametrize(
    ("animal", "per_head"), [("dairy_cattle", 60.04), ("other_cattle", 39.59), ("buffalo", 44.38), ("swine", 5.11)]
)
def test_nitrogen_per_head_of_ipcc(animal: str, per_head: float) -> None:
    table = f"{IPCC}nitrogen-excretion@2006"
    daily = value(table, "typical_mass", animal) * value(table, "nitrogen_rate", animal) / 1000
    assert round(float(daily * 365), 2) == per_head


@pytest.mark.parametrize(("waste", "printed"), [("municipal", "0.557333"), ("hazardous", "1.64175")])
def test_incineration_2025_gives_the_factor_that_was_printed(waste: str, printed: str) -> None:
    table = "waste/provincial-guide-incineration@2025"
    columns = ("carbon_fraction", "fossil_carbon_share", "combustion_efficiency")
    product = CARBON
    for column in columns:
        product *= value(table, column, waste)
    assert float(product) == pytest.approx(float(printed), abs=1e-6)


def test_wet_and_dry_carbon_of_waste_are_marked() -> None:
    guide = carbonstd.table("waste/provincial-guide-incineration@2025").columns["carbon_fraction"]
    ipcc = carbonstd.table("waste/ipcc-2006-msw-components@2006").columns["carbon_fraction"]
    assert (guide.basis, ipcc.basis) == ("wet waste", "dry matter")


@pytest.mark.parametrize(
    ("column", "table"), [("carbon_fraction", "incineration_dry"), ("dry_carbon_fraction", "incineration_carbon")]
)
def test_a_default_of_wet_carbon_is_never_one_of_dry_carbon(column: str, table: str) -> None:
    method = carbonstd.library().method("provincial-guide@2025")
    sheet = method.sheets["incineration"]
    crossed = replace(sheet.columns[column], default=parse(f"{table}[incinerated].carbon_fraction"))
    sheets = {**method.sheets, "incineration": replace(sheet, columns={**sheet.columns, column: crossed})}
    with pytest.raises(DefinitionError, match="dry matter"):
        compile_method(replace(method, sheets=sheets), carbonstd.library())


def test_corrected_wet_figures_are_two_fifths_of_the_dry_ones() -> None:
    table = "waste/ipcc-2006-biological-treatment@2006"
    for treatment, gas in [
        ("composting", "methane"),
        ("composting", "nitrous_oxide"),
        ("anaerobic_digestion", "methane"),
    ]:
        wet, dry = (value(table, f"{gas}_factor_{state}", treatment) for state in ("wet", "dry"))
        assert wet == dry * Fraction("0.4")
    assert [item["printed"]["en"] for item in carbonstd.table(table).errata] == ["0.3", "1"]


def test_coal_volumes_and_masses_agree_to_the_digits_printed() -> None:
    table = "fugitive/provincial-guide-coal-post-mining@2011"
    for mine in ("high_gas", "low_gas", "surface"):
        volume, mass = (value(table, column, mine) for column in ("methane_volume", "methane_factor"))
        assert abs(volume * CH4_DENSITY - mass) <= Fraction("0.005")
    surface = "fugitive/provincial-guide-coal-surface@2011"
    assert value(surface, "methane_volume") * CH4_DENSITY == value(surface, "methane_factor")


def test_oil_and_gas_of_ipcc_have_ranges_and_no_middle() -> None:
    table = carbonstd.table("fugitive/ipcc-2006-oil-gas@2006")
    assert len(table.rows) == 37
    for row in range(len(table.rows)):
        for gas in ("methane", "carbon_dioxide", "nitrous_oxide"):
            low, high = (table.cell(row, f"{gas}_factor_{end}").value for end in ("low", "high"))
            assert (low is None) == (high is None)
            assert low is None or high is None or 0 < low <= high
    (row,) = table.find(("oil_production_conventional_oil_onshore_fugitive",))
    assert table.cell(row, "methane_factor_low").value == Fraction("0.0015")
    assert table.cell(row, "methane_factor_high").value == 60


def test_methane_of_manure_does_not_fall_as_it_gets_warmer() -> None:
    table = carbonstd.table("agriculture/gbt-32151.22-manure-conversion@2024")
    for system in ("lagoon", "liquid_with_crust", "liquid_without_crust", "solid_storage", "pit_storage"):
        found = [value(table.id, "methane_conversion", degree, system) for degree in range(5, 35)]
        assert found == sorted(found)


def test_landfill_ranges_hold_their_value() -> None:
    table = carbonstd.table("waste/ipcc-2006-decay@2006")
    assert grades(table) == {"official"}
    for row in range(len(table.rows)):
        found = table.cell(row, "decay_rate")
        low, printed, high = found.low, found.value, found.high
        assert low is not None
        assert printed is not None
        assert high is not None
        assert low <= printed <= high


def test_parts_of_biomass_do_not_add_up_to_the_whole() -> None:
    table = "land/provincial-guide-biomass-density@2011"
    for forest in ("bamboo", "economic", "shrub"):
        parts = value(table, "above_ground", forest) + value(table, "below_ground", forest)
        assert parts > value(table, "whole", forest)


# Sinks


def test_species_are_all_recalled_and_within_bounds() -> None:
    table = carbonstd.table("land/species-parameters@2013")
    assert len(table.rows) == 49
    assert grades(table) == {"recalled"}
    carbon = [table.cell(row, "carbon_fraction").value for row in range(49)]
    assert (min(carbon), max(carbon)) == (Fraction("0.439"), Fraction("0.525"))  # type: ignore[type-var]


@pytest.mark.parametrize("species", ["cypress", "cryptomeria", "camphor", "other_conifers"])
def test_volume_to_biomass_rows_that_a_paper_confirms(species: str) -> None:
    ours, paper = ("land/volume-biomass@1", "land/volume-biomass-zhejiang@2016")
    assert cell(ours, "slope", species).evidence == "secondary"
    assert value(ours, "slope", species) == value(paper, "slope", species)
    assert float(value(ours, "intercept", species)) == pytest.approx(
        float(value(paper, "intercept", species)), abs=5e-4
    )


@pytest.mark.parametrize("species", ["oak", "masson_pine", "chinese_fir"])
def test_volume_to_biomass_rows_of_older_editions_stay_recalled(species: str) -> None:
    ours, paper = ("land/volume-biomass@1", "land/volume-biomass-zhejiang@2016")
    assert cell(ours, "slope", species).evidence == "recalled"
    assert value(ours, "slope", species) != value(paper, "slope", species)


def test_expansion_factors_say_what_they_expand() -> None:
    species = carbonstd.table("land/species-parameters@2013").columns["expansion_factor"]
    national = carbonstd.table("land/provincial-guide-forest@2011").columns["expansion_factor"]
    assert (species.basis, national.basis) == ("above ground per stem", "whole tree")


@pytest.mark.parametrize(
    ("uncertainty", "discount"), [("0", "0"), ("0.1", "0"), ("0.11", "0.06"), ("0.2", "0.06"), ("0.3", "0.11")]
)
def test_discount_for_uncertainty(uncertainty: str, discount: str) -> None:
    assert value("land/ar-cm-001-uncertainty@2013", "discount", float(uncertainty)) == Fraction(discount)
    assert cell("land/ar-cm-001-uncertainty@2013", "discount", 0.31).state == "rule"


@pytest.mark.parametrize(
    ("freedom", "handbook"), [(1, "6.314"), (2, "2.920"), (3, "2.353"), (10, "1.812"), (30, "1.697"), (45, "1.684")]
)
def test_student_at_90_per_cent_is_that_of_handbooks(freedom: int, handbook: str) -> None:
    """Between tabulated degrees of freedom the larger point of the lower one holds: 45 has that of 40."""
    assert float(value("uncertainty/student-t-90@1", "t", freedom)) == pytest.approx(float(handbook), abs=5.1e-4)


def test_mangrove_sites_that_were_read() -> None:
    name = "land/ccer-14-002@v01-2023"
    assert [value(name, "accepted", site) for site in ("bare_tidal_flat", "retired_pond", "other_site")] == [1, 1, 0]
    assert cell(name, "accepted", "retired_pond").evidence == "official"


def test_offshore_wind_conditions_were_read_and_its_weights_were_not() -> None:
    name = "offsets/ccer-01-002@v01-2023"
    assert cell(name, "distance_above").evidence == "official"
    assert [cell(name, f"{margin}_margin_weight").evidence for margin in ("operating", "build")] == ["recalled"] * 2
    assert value(name, "operating_margin_weight") + value(name, "build_margin_weight") == 1


# Energy statistics and analysis


@pytest.mark.parametrize(
    ("energy", "first", "second", "third"),
    [
        ("coke_oven_gas", "6.143", "5.714", "5.928"),
        ("natural_gas", "13.3", "11.0", "12.15"),
        ("other_coal_gas", "3.5701", "1.786", "6.243"),
        ("other_washed_coal", "0.285", "0.2857", "0.3333"),
        ("electricity", "1.229", "1.229", "1.229"),
    ],
)
def test_three_practices_of_coal_equivalents_stay_apart(energy: str, first: str, second: str, third: str) -> None:
    names = ("ceads-equivalents-a", "ceads-equivalents-b", "energy-balance-equivalents")
    found = [value(f"statistics/{name}@1", "coal_equivalent", energy) for name in names]
    assert found == [Fraction(first), Fraction(second), Fraction(third)]


def test_oil_of_target_checks_is_no_factor_of_burned_oil() -> None:
    burned = Fraction("0.0733") * Fraction("29.3")  # crude oil, tCO2/GJ and GJ/tce
    assert value("statistics/fuel-groups@data-2012", "emission_factor", "oil") < burned * Fraction("0.82")


def test_other_gas_of_ceads_has_the_carbon_of_coke_oven_gas() -> None:
    name = "statistics/ceads-fuels@2018"
    assert cell(name, "carbon_content", "other_coal_gas").value == cell(name, "carbon_content", "coke_oven_gas").value
    assert len(carbonstd.table(name).rows) == 17


def test_critical_values_are_two_sided_quantiles() -> None:
    for level in (0.10, 0.05, 0.01):
        quantile = NormalDist().inv_cdf(1 - level / 2)
        assert float(value("analysis/mann-kendall@1", "critical_value", level)) == pytest.approx(quantile, abs=5e-4)


@pytest.mark.parametrize(
    ("emissions", "output", "elasticity", "state"),
    [
        ("decrease", "increase", -0.5, "strong_decoupling"),
        ("decrease", "increase", -30, "strong_decoupling"),
        ("increase", "increase", 0.79, "weak_decoupling"),
        ("increase", "increase", 0.8, "expansive_coupling"),
        ("increase", "increase", 1.2, "expansive_coupling"),
        ("increase", "increase", 1.21, "expansive_negative_decoupling"),
        ("increase", "decrease", -0.1, "strong_negative_decoupling"),
        ("decrease", "decrease", 0.3, "weak_negative_decoupling"),
        ("decrease", "decrease", 1.0, "recessive_coupling"),
        ("decrease", "decrease", 2.0, "recessive_decoupling"),
    ],
)
def test_decoupling_states(emissions: str, output: str, elasticity: float, state: str) -> None:
    assert cell("analysis/tapio-decoupling@2005", "state", emissions, output, elasticity).text == state


# CCUS


def test_density_of_carbon_dioxide_follows_the_temperature() -> None:
    cold, warm = (value("ccus/carbon-dioxide-density@1", "density", degree) for degree in (0, 20))
    assert float(cold / warm) == pytest.approx(293.15 / 273.15, rel=3e-3)


def test_pipeline_defaults_are_decades() -> None:
    low, medium, high = (
        value("ccus/ipcc-2006-transport@2006", "emission_factor", level) for level in ("low", "medium", "high")
    )
    assert (medium, high) == (10 * low, 10 * medium)


def test_bands_of_depth_are_closed_as_read() -> None:
    table = carbonstd.table("fugitive/ipcc-2006-coal-underground@2006")
    bands = [row.match["depth"] for row in table.rows]
    assert all(isinstance(band, Band) for band in bands)
    assert [value(table.id, "methane_volume_mining", depth) for depth in (199, 200, 400, 401)] == [10, 18, 18, 25]
