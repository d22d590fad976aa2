"""Tables of the industry guides against stoichiometry, printed relations, check values and the traps of sources."""

import re
from fractions import Fraction
from math import exp

import pytest

from carbonstd._definitions.table import Cell, Row
from tests.table_cells import FACTORS, labels, table

MASSES = {
    "H": 1.008, "Li": 6.941, "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998, "Na": 22.990, "Mg": 24.305, "S": 32.06,
    "Cl": 35.453, "K": 39.098, "Ca": 40.078, "Mn": 54.938, "Fe": 55.845, "Sr": 87.62, "Ba": 137.327,
}  # fmt: skip


def cells(row: Row) -> list[Cell]:
    return [found for found in row.cells.values() if isinstance(found, Cell)]


def cell(name: str, column: str, *keys: str) -> Cell:
    """The one cell of a table in the row whose keys are these."""
    data = table(name)
    wanted = dict(zip(data.keys, keys, strict=True))
    rows = [row for row in data.rows if all(value in labels(row, key) for key, value in wanted.items())]
    assert len(rows) == 1, (name, keys)
    found = rows[0].cells[column]
    assert isinstance(found, Cell)
    return found


def value(name: str, column: str, *keys: str) -> float:
    number = cell(name, column, *keys).value
    assert number is not None
    return float(number)


def weight(formula: str) -> float:
    """Molar mass of a formula without brackets, such as `C2H3N`."""
    atoms = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    return sum(MASSES[element] * int(count or 1) for element, count in atoms)


@pytest.mark.parametrize("family", [
    "gbt-32151.34-carbonates/2024", "ndrc-chemical-2013-carbonates/2013", "ndrc-power-2013-desulfurisation/2013",
    "ndrc-mining-2015-carbonates/2015",
])  # fmt: skip
def test_carbonates_follow_stoichiometry(family: str) -> None:
    for row in table(f"process/{family}").rows:
        (carbonate,) = labels(row, "carbonate")
        formula, groups = ("CaMgC2O6", 2) if carbonate == "CaMg_CO3_2" else (carbonate, 1)
        printed = value(f"process/{family}", "emission_factor", carbonate)
        assert printed == pytest.approx(groups * weight("CO2") / weight(formula), abs=1e-3)


def test_steel_guide() -> None:
    fuels, other = "fuels/cets-ag-03.01/v01-2024", "process/cets-ag-03.01/v01-2024"
    assert cell(fuels, "carbon_content", "bituminous_coal").value == Fraction("0.02618")
    assert cell(fuels, "net_calorific_value", "coke_oven_gas").value == Fraction("173.854")
    tar = Fraction("33.453") * Fraction("0.022") * Fraction(44, 12)  # footnote 4 of table A.2: no oxidation
    assert cell(other, "emission_factor", "coal_tar").value == round(tar, 3)
    assert cell(fuels, "net_calorific_value", "coal_tar").value == Fraction("33.453")
    printed = {"limestone": "0.440", "dolomite": "0.476", "electrode": "3.663", "pig_iron": "0.172", "scrap": "0.037"}
    for material, figure in printed.items():
        assert cell(other, "emission_factor", material).value == Fraction(figure)
    for name in (fuels, other):
        assert {found.evidence for row in table(name).rows for found in cells(row)} == {"official"}


def test_a_slip_of_bituminous_coal_is_nowhere() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in FACTORS.glob("*/*/*.yaml")}
    assert not [path for path, text in texts.items() if "0.02308" in text.split("\nrows:")[-1]]


CARBONATES = ("process/ndrc-chemical-2013-carbonates/2013", "process/ndrc-mining-2015-carbonates/2015")
ANODE = ("process/cets-ag-04.01-anode-effect/v01-2024", "process/ndrc-aluminium-2013-anode-effect/2013")


@pytest.mark.parametrize(("column", "key", "one", "two"), [
    ("emission_factor", "dolomite", "process/cets-ag-03.01/v01-2024", "process/ndrc-steel-2013-materials/2013"),
    ("emission_factor", "crude_steel", "process/cets-ag-03.01/v01-2024", "process/ndrc-steel-2013-products/2013"),
    ("emission_factor", "CF4", *ANODE),
    ("gwp100", "C2F6", *ANODE),
    ("emission_factor", "CaCO3", *CARBONATES),
    ("carbon_content", "natural_gas", "fuels/cets-ag-03.01/v01-2024", "fuels/ndrc-aviation-2013/2013"),
])  # fmt: skip
def test_families_stay_apart(column: str, key: str, one: str, two: str) -> None:
    assert cell(one, column, key).value != cell(two, column, key).value


@pytest.mark.parametrize(("name", "gwp", "per_tonne"), [
    (ANODE[0], "gwp/ipcc-ar5/2013", 0.14481),  # 0.02 x 6.63 + 0.0011 x 11.1
    (ANODE[1], "gwp/ipcc-sar/1995", 0.25228),  # 0.034 x 6.5 + 0.0034 x 9.2
])  # fmt: skip
def test_anode_effects(name: str, gwp: str, per_tonne: float) -> None:
    warming = {gas: value(name, "gwp100", gas) for gas in ("CF4", "C2F6")}
    assert warming == {gas: value(gwp, "gwp100", gas) for gas in warming}
    emitted = sum(value(name, "emission_factor", gas) * number / 1000 for gas, number in warming.items())
    assert emitted == pytest.approx(per_tonne)


@pytest.mark.parametrize(("fuel", "figure"), [
    # heating value x carbon x oxidation x 44/12 of the fuel list of the steel guide of 2013
    ("coke", 28.447 * 0.0295 * 0.93 * 44 / 12),
    ("anthracite", 20.304 * 0.02749 * 0.94 * 44 / 12),
    ("natural_gas", 389.31 * 0.0153 * 0.99 * 44 / 12),
])  # fmt: skip
def test_reductants_come_from_the_first_fuel_list(fuel: str, figure: float) -> None:
    printed = value("process/ndrc-nonferrous-2015-reductants/2015", "emission_factor", fuel)
    assert printed == pytest.approx(figure, abs=5e-4)


COAL = "ndrc-coal-2014-fugitive/2014"


@pytest.mark.parametrize(("family", "column", "key", "figure"), [
    # one CO2 of H2C2O4.2H2O; limestone of 92 % purity; carbon of urea, ethylene oxide and methanol
    ("ndrc-nonferrous-2015-oxalic-acid/2015", "emission_factor", "oxalic_acid", 44.01 / 126.07),
    ("ndrc-aluminium-2013-limestone/2013", "emission_factor", "limestone", 0.44 * 0.92),
    ("ndrc-land-transport-2015/2015", "carbon_fraction", "urea", 12 / 60),
    ("ndrc-petrochemical-2014-ethylene-oxide/2014", "carbon_fraction", "ethylene_oxide", 24.022 / 44.053),
    ("ndrc-steel-2013-products/2013", "emission_factor", "methanol", 44 / 32),
    # the guides print 19.7 and 7.17, not molar masses over 22.4
    ("ndrc-guides-gas-density/2014", "density", "CO2", 44 * 10 / 22.4),
    ("ndrc-guides-gas-density/2014", "density", "CH4", 16 * 10 / 22.4),
    # cubic metres of methane a tonne at 0.67 kg
    (COAL, "methane_factor", "surface_mining", 2 * 0.67),
    (COAL, "methane_factor", "post_mining_gassy", 3 * 0.67),
    (COAL, "methane_factor", "post_mining_low_gas", 0.9 * 0.67),
    (COAL, "methane_factor", "post_mining_surface", 0.5 * 0.67),
])  # fmt: skip
def test_relations(family: str, column: str, key: str, figure: float) -> None:
    assert value(f"process/{family}", column, key) == pytest.approx(figure, rel=5e-3, abs=5.1e-3)


@pytest.mark.parametrize(("fuel", "factor"), [("jet_kerosene", 3.15315), ("aviation_gasoline", 3.10248)])
def test_aviation_fuels(fuel: str, factor: float) -> None:
    columns = ("net_calorific_value", "carbon_content", "oxidation_factor")
    heat, carbon, oxidation = (value("fuels/ndrc-aviation-2013/2013", column, fuel) for column in columns)
    assert heat * carbon * oxidation * 44 / 12 == pytest.approx(factor, abs=1e-5)


PRODUCTS = {
    "acetonitrile": "C2H3N", "acrylonitrile": "C3H3N", "butadiene": "C4H6", "ethylene": "C2H4", "propylene": "C3H6",
    "ethylene_dichloride": "C2H4Cl2", "ethylene_glycol": "C2H6O2", "ethylene_oxide": "C2H4O", "hydrogen_cyanide": "CHN",
    "methanol": "CH4O", "methane": "CH4", "ethane": "C2H6", "propane": "C3H8", "vinyl_chloride": "C2H3Cl",
    "urea": "CH4N2O", "ammonium_bicarbonate": "CH5NO3",
}  # fmt: skip


def test_carbon_of_chemicals_and_its_misprints() -> None:
    name, apart = "process/ndrc-chemical-2013-products/2013", set()
    for product, formula in PRODUCTS.items():
        carbon = "C" + re.findall(r"C(\d*)", formula)[0]
        if abs(value(name, "carbon_fraction", product) / (weight(carbon) / weight(formula)) - 1) > 0.01:
            apart.add(product)
    assert apart == {"ethane", "acrylonitrile"} == {item["place"]["en"] for item in table(name).errata}


def test_molar_masses() -> None:
    formulas = {
        "HFC-23": "CHF3", "HFC-32": "CH2F2", "HFC-125": "C2HF5", "HFC-134a": "C2H2F4", "HFC-143a": "C2H3F3",
        "HFC-152a": "C2H4F2", "HFC-227ea": "C3HF7", "HFC-236fa": "C3H2F6", "HFC-245fa": "C3H3F5", "SF6": "SF6",
    }  # fmt: skip
    for gas, formula in formulas.items():
        printed = value("process/ndrc-machinery-2015-molar-masses/2015", "molar_mass", gas)
        assert printed == pytest.approx(weight(formula), abs=0.1)


def test_electronics_against_ipcc() -> None:
    guide, pairs = "process/ndrc-electronics-2015/2015", "process/ndrc-electronics-2015-byproducts/2015"
    for row in table(guide).rows:
        (gas,) = labels(row, "gas")
        used = cell(guide, "utilisation", gas).value
        if used is not None:
            assert cell("process/ipcc-2006-electronics/2006", "emitted_share", gas, "in_situ").value == 1 - used
    for row in table(pairs).rows:
        gas, other = *labels(row, "gas"), *labels(row, "byproduct")
        same = cell("process/ipcc-2006-electronics-byproducts/2006", "byproduct_factor", gas, "in_situ", other)
        assert cell(pairs, "byproduct_factor", gas, other).value == same.value


def test_no_default_is_not_zero() -> None:
    name = "process/ndrc-oil-gas-2014-facilities/2014"
    for facility in ("oil_wellhead", "gas_wellhead", "gas_metering_station"):
        assert cell(name, "methane_factor_venting", facility).state == "dash"
    assert cell(name, "methane_factor_fugitive", "pigging_station").value == 0


@pytest.mark.parametrize("name", [
    "process/gbt-32151.9/2015", "process/ndrc-paper-2015-limestone/2015", "fuels/ndrc-cement-2013-alternative/2013",
])  # fmt: skip
def test_tables_recalled_say_so(name: str) -> None:
    assert {found.evidence for row in table(name).rows for found in cells(row)} == {"recalled"}


@pytest.mark.parametrize(("name", "column", "keys"), [
    ("process/gbt-32151.3/2015", "dolomite_factor", ("smelting",)),
    ("process/gbt-32151.3/2015", "dolomite_purity", ("smelting",)),
    ("process/gbt-32151.7/2015", "calcination_ratio", ("melting",)),
    ("process/ipcc-2006-electronics/2006", "emitted_share", ("C4F6", "in_situ")),
    ("fuels/ndrc-land-transport-2015-density/2015", "density", ("gasoline",)),
    ("benchmarks/mee-power-allowance-2020-3-cooling/2019-2020", "factor", ("no_condenser",)),
])  # fmt: skip
def test_cells_recalled_say_so(name: str, column: str, keys: tuple[str, ...]) -> None:
    assert cell(name, column, *keys).evidence == "recalled"


@pytest.mark.parametrize("name", [
    "benchmarks/mee-power-allowance-draft-2026/2025", "benchmarks/mee-power-allowance-draft-2026/2026",
    "benchmarks/mee-power-allowance-draft-2026-peak/2025-2026", "benchmarks/mee-industry-allowance-draft-2026/2026",
    "benchmarks/mee-industry-allowance-draft-2026-carbide-slag/2026", "process/ndrc-petrochemical-2014-asphalt/2014",
])  # fmt: skip
def test_drafts_and_disputed_figures_are_listed_only(name: str) -> None:
    assert all(row.listed for row in table(name).rows)


def constants(row: Row) -> list[float]:
    return [float(found.value) for found in cells(row) if found.value is not None]


def test_draft_peak_factor() -> None:
    """Check values for the expression of the draft: github onismyh/infra_retrofit, tests."""
    a, b, f, c, g = constants(table("benchmarks/mee-power-allowance-draft-2026-peak/2025-2026").rows[0])
    for load, printed in ((45, 1.126), (40, 1.160), (30, 1.281), (20, 1.609), (10, 2.747), (49.99, 1.100)):
        assert a - b * (1 - exp(-load / f)) - c * (1 - exp(-load / g)) == pytest.approx(printed, abs=6e-4)


@pytest.mark.parametrize("family", ["2020-3-load/2019-2020", "2023-1-load/2021-2022"])
def test_load_bands_meet(family: str) -> None:
    """The printed pieces join: 1 at 85 %, 1.007 at 80 %, 1.015 at 75 %, where 1.015^(16-20F) begins."""
    rows = table(f"benchmarks/mee-power-allowance-{family}").rows
    for row, low, joined in zip(rows[:3], (85, 80, 75), (1, 1.007, 1.015 ** (16 - 20 * 0.75)), strict=True):
        base, slope, reference = constants(row)
        assert base + slope * (reference - low) == pytest.approx(joined)


def test_peak_factor_of_2023() -> None:
    """Worked check: F 58 % gives 1.067703; the factor jumps from 1.0457 to 1 at 65 %."""
    base, offset, slope = constants(table("benchmarks/mee-power-allowance-2024-1-peak/2023-2024").rows[0])
    assert base ** (offset - slope * 0.58) == pytest.approx(1.067703, abs=1e-6)
    assert base ** (offset - slope * 0.65) == pytest.approx(1.0457, abs=1e-4)


def test_industry_coefficient_meets_its_cap() -> None:
    """0.15 x 20 % = 3 %; worked: 1 000 000 t from 1 200 000 t of clinker, balance value 0.86, gets 1 004 651 t."""
    name = "benchmarks/mee-industry-allowance-2025-2/2025"
    coefficient, window, cap = (value(name, column, "cement") for column in ("coefficient", "window", "cap"))
    assert coefficient * window == pytest.approx(cap)
    assert 1_000_000 * (1 + coefficient * (0.86 - 1 / 1.2) / 0.86) == pytest.approx(1_004_651, abs=1)
