"""One plant, one workbook: an energy ledger that feeds audit, limit and emissions, each figure by hand.

The example tiles works (methods/energy/gbt-17166/cases/example-plant.yaml). Limit: gas 498 x 355 GJ / 29.3076 =
6032.223724, electricity (25500 - 600) x 0.1229 = 3060.21, diesel 142 x 1.4571 = 206.9082: 9299.341924 tce of
1 800 000 m2, 5.166301 kgce/m2; levels 4.0, 4.9, 6.5 (absorption 0.3 %). Emissions: gas 176790 GJ x 0.0153 x 0.99 x
44/12 = 9818.739810, diesel 142 x 43.33 x 0.0202 x 0.98 x 44/12 = 446.607394, firing 36000 x (0.03 x 44/100 + 0.02 x
44/84) = 852.342857, power (25500 - 600) x 0.5500 (east China, 2023) = 13695: 24812.690061 tCO2.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from carbonstd import CaseError, library, read_case, run
from carbonstd._joint.case import case_of
from carbonstd._joint.joint import join
from carbonstd._limits.input import read_subjects
from carbonstd._lint.handover import lint_ledger
from tests.command_line import ROOT
from tests.command_line import run as command

EXAMPLE = ROOT / "methods/energy/gbt-17166/cases/example-plant.yaml"
SHELF = library()
STOCKS = ("opening", "purchase", "own_production", "conversion_output", "recovered")
NONE = dict.fromkeys((*STOCKS, "production_use", "living_use", "sold", "adjustment", "closing"), 0)


def plant(ledger: list[dict[str, Any]], also: list[str], **sheets: list[dict[str, Any]]) -> Mapping[str, Any]:
    head = {"method": "energy-ledger", "also": also, "period": 2025, "as_of": "2026-03-31", "entity": {"name": "甲厂"}}
    return {**head, "inputs": {"ledger": [{**NONE, **row} for row in ledger], **sheets}}


def codes(case: Mapping[str, Any], method: str) -> dict[str, str]:
    """What is said where a case is refused, by code."""
    with pytest.raises(CaseError) as error:
        run(case, method)
    return {item.code: item.place for item in error.value.findings if item.severity == "error"}


def test_three_methods_read_one_ledger() -> None:
    case = read_case(EXAMPLE)
    limit = run(case, "gb-21252-tiles")
    assert limit.totals["unit_energy"].value == pytest.approx(5.166301, abs=5e-7)
    assert [item.reached and item.reached.level for item in limit.verdicts] == ["3"]
    carbon = run(case, "ndrc-ceramics")
    for name, expected in (
        ("fuel_emissions", 9818.739810 + 446.607394),
        ("firing_emissions", 852.342857),
        ("purchased_electricity_emissions", 14025),
        ("supplied_electricity_emissions", 330),
        ("total_emissions", 24812.690061),
    ):
        assert carbon.value(name).value == pytest.approx(expected, abs=2e-6), name
    told = {item.place: item for item in carbon.findings if item.code == "handed-over"}
    assert set(told) == {"fuel", "electricity"}
    assert told["fuel"].values["method"] == "gbt-17166@2019"
    assert {"handed-boundary"} == {item.code for item in limit.findings if item.code.startswith("handed-b")}


def test_the_command_writes_a_result_for_each_method(tmp_path: Path) -> None:
    book, result = tmp_path / "plant.xlsx", tmp_path / "r.xlsx"
    assert command("template", "gbt-17166", "--example", "-o", book, "--lang", "zh").exit_code == 0
    notes = {page.title: page["A4"].value for page in openpyxl.load_workbook(book)}
    assert "由能源台账填入" in str(notes["化石燃料燃烧"])
    assert "由能源台账填入" not in str(notes["能源购进、消费与库存"])
    told = command("calc", book, "-o", result, "--lang", "en")
    assert told.exit_code == 0, told.stdout
    for text in ("9,307.05  tce", "5.16630  kgce/m^2", "24,812.69  tCO2"):
        assert text in told.stdout
    names = sorted(path.name for path in tmp_path.glob("r*.xlsx"))
    assert names == ["r-gb-21252-tiles.xlsx", "r-ndrc-ceramics.xlsx", "r.xlsx"]
    again = command("calc", book, "--lock", tmp_path / "r-ndrc-ceramics.xlsx", "--json")
    assert again.exit_code == 0
    assert '"method": "ndrc-ceramics@2013"' in again.stdout or "ndrc-ceramics@2013" in again.stdout
    assert command("trace", book, "--method", "ndrc-ceramics", "--of", "fuel_combustion").exit_code == 0
    other = command("trace", book, "--of", "fuel_combustion", "--lang", "en")
    assert other.exit_code == 2
    assert "add --method ndrc-ceramics" in other.stderr
    limits = command("check", "limits", book, "--lang", "en")
    assert limits.exit_code == 0
    assert "5.1663011 kgce/m^2" in limits.stdout


def test_an_example_takes_the_sheets_of_other_methods_blank(tmp_path: Path) -> None:
    """Of the three here two come with the example."""
    book = tmp_path / "plant.xlsx"
    also = [word for name in ("ndrc-ceramics", "gb-21342") for word in ("--also", name)]
    told = command("template", "gbt-17166", "--example", *also, "-o", book, "--lang", "en")
    assert told.exit_code == 0, told.stderr
    assert "example-alone" in told.stderr
    assert "gb-21342@" in told.stderr
    assert "ndrc-ceramics" not in told.stderr
    case = read_case(book)
    assert [name.partition("@")[0] for name in case.also] == ["gb-21252-tiles", "ndrc-ceramics", "gb-21342"]
    assert run(case, "ndrc-ceramics").value("total_emissions").value == pytest.approx(24812.690061, abs=2e-6)


def test_what_a_workbook_has_of_two_limits() -> None:
    methods = [SHELF.method(name) for name in ("gbt-17166@2019", "gb-21342@2025", "gb-16780-clinker@2021")]
    joint = join(methods)
    assert joint.homes["gb-16780-clinker@2021"] == {"energy": "energy", "object": "object@gb-16780-clinker"}
    assert next(iter(joint.whole.sheets["energy"].columns)) == "process"
    assert joint.whole.sheets["ledger"] is methods[0].sheets["ledger"]


ROWS = [
    {"process": "1号线", "energy": "electricity", "role": "purchased", "quantity": 1000},
    {"process": "2号线", "energy": "electricity", "role": "purchased", "quantity": 3000},
]


def test_a_limit_takes_the_rows_of_its_object() -> None:
    """Of two lines each takes its own electricity, and with another name none."""
    case = read_case(plant([], ["gb-21342", "gb-16780-clinker"], energy=ROWS, object=[{"name": "2号线"}]))
    kept = case_of(case, "gb-21342@2013", SHELF).sheets["energy"]
    assert list(kept.columns["quantity"]) == [3000]
    assert "process" not in kept.columns
    assert kept.place("quantity", 0) == "energy[1].quantity"


@pytest.mark.parametrize(
    ("rows", "name", "code"),
    [(ROWS, "3号线", "joint-no-rows"), ([*ROWS, {**ROWS[0], "process": None}], "1号线", "joint-row-untold")],
)
def test_rows_of_nobody_are_refused(rows: list[dict[str, Any]], name: str, code: str) -> None:
    case = plant([], ["gb-21342", "gb-16780-clinker"], energy=rows, object=[{"name": name}])
    assert code in codes(case, "gb-21342")


COAL = {"energy": "bituminous_coal", "purchase": 1000, "production_use": 1000, "net_calorific_value": 20}
GAS = {"energy": "natural_gas", "purchase": 50, "production_use": 50, "coefficient": 12.143}
SETTINGS = [{"gwp_set": "ar5", "consolidation": "operational_control"}]


def fuels(ledger: list[dict[str, Any]], method: str = "gbt-32150", **sheets: list[dict[str, Any]]) -> dict[str, Any]:
    found = case_of(read_case(plant(ledger, [method], settings=SETTINGS, **sheets)), method, SHELF).sheets["fuel"]
    return {name: list(cells) for name, cells in found.columns.items()}


def test_fuel_burnt_is_use_less_material_and_what_was_converted_without_burning() -> None:
    """1000 t used, 100 as material, 600 converted of which 250 burnt, 40 by lorries: 1000 - 100 - 40 - 350 = 510."""
    row = {**COAL, "feedstock": 100, "conversion_input": 600, "transport": 40}
    inputs = {"thermal_power": 150, "heat_supply": 100, "coal_washing": 350}
    kinds = [{"energy": COAL["energy"], "conversion": name, "input": used} for name, used in inputs.items()]
    found = fuels([row], energy_conversion=kinds)
    assert found["consumption"] == [510, 40]
    assert found["use"] == ["manufacturing", "road"]
    assert found["net_calorific_value"] == [20, 20]


def test_living_use_counts_for_a_whole_organisation_only() -> None:
    row = {**COAL, "purchase": 1030, "living_use": 30}
    assert fuels([row])["consumption"] == [1000]
    assert fuels([row], "ghg-protocol")["consumption"] == [1000, 30]


def test_gas_is_handed_on_as_heat() -> None:
    """50e4 m3 x 360 GJ/1e4 m3; the ledger does not say at which temperature the volume is."""
    found = fuels([{**GAS, "coefficient": None, "net_calorific_value": 360}])
    assert (found["consumption"], found["heat"], found["heat_unit"]) == ([None], [18000], ["GJ"])


@pytest.mark.parametrize("row", [GAS, {**COAL, "conversion_input": 600}])
def test_what_the_ledger_leaves_open_is_refused(row: dict[str, Any]) -> None:
    case = plant([row], ["gbt-32150"], settings=SETTINGS)
    assert codes(case, "gbt-32150") == {"handed-unknown": "ledger[0].energy"}


def test_what_is_typed_stands() -> None:
    typed = [{"fuel": "diesel", "use": "road", "consumption": 10}]
    assert fuels([COAL], fuel=typed) == {"fuel": ["diesel"], "use": ["road"], "consumption": [10]}
    case = plant([COAL], ["gb-21342"], object=[{"name": "焦炭", "comprehensive_energy_total": 5}])
    assert "energy" not in case_of(read_case(case), "gb-21342", SHELF).sheets


def test_one_typed_row_gives_what_the_ledger_cannot_know() -> None:
    power = {"energy": "electricity", "purchase": 100, "production_use": 100}
    assert codes(plant([power], ["gbt-32150"], settings=SETTINGS), "gbt-32150") == {"handed-row-needed": "electricity"}
    typed = [{"source": "1号表", "province": "浙江", "supply": "grid"}]
    case = read_case(plant([power], ["gbt-32150"], settings=SETTINGS, electricity=typed))
    found = case_of(case, "gbt-32150", SHELF).sheets["electricity"]
    assert (list(found.columns["electricity"]), list(found.columns["source"])) == ([100], ["1号表"])
    assert [found.place(name, 0) for name in ("source", "electricity")] == [
        "electricity[0].source",
        "ledger[0].purchase",
    ]


POWER = {"energy": "electricity", "purchase": 100, "production_use": 70, "sold": 30}


def guided(*rows: dict[str, Any]) -> dict[str, list[Any]]:
    """The power of a ceramics works that buys 100 and sells 30 MWh, with rows of labels typed beside it."""
    case = read_case(plant([POWER], ["ndrc-ceramics"], electricity=list(rows)))
    found = case_of(case, "ndrc-ceramics", SHELF).sheets["electricity"]
    return {name: list(cells) for name, cells in found.columns.items()}


def test_a_typed_label_never_turns_what_the_ledger_knows() -> None:
    grid = guided({"grid": "华东"})
    assert (grid["flow"], grid["electricity"], grid["grid"]) == (["purchased", "supplied"], [100, 30], ["华东"] * 2)
    two = guided({"flow": "购入", "grid": "华东"}, {"flow": "外供", "grid": "华北"})
    assert two["grid"] == ["华东", "华北"]
    one = guided({"flow": "外供", "grid": "华东"})
    assert (one["flow"], one["grid"]) == (["purchased", "supplied"], [None, "华东"])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"grid": "华东"}, {"grid": "华北"}], "handed-rows-alike"),
        ([{"flow": "外供", "grid": "华东"}], "handed-row-idle"),
    ],
)
def test_a_typed_row_of_labels_means_rows_of_the_ledger(rows: list[dict[str, Any]], code: str) -> None:
    ledger = [{**POWER, "production_use": 100, "sold": 0}]
    assert code in codes(plant(ledger, ["ndrc-ceramics"], electricity=rows), "ndrc-ceramics")


def test_recovered_gas_may_be_of_fuel_that_is_counted() -> None:
    """Coke 1000 t burnt and the gas made of it: the ledger cannot tell, and nothing is added up."""
    gas = {"energy": "blast_furnace_gas", "recovered": 150, "production_use": 150, "net_calorific_value": 30}
    assert codes(plant([COAL, gas], ["gbt-32150"], settings=SETTINGS), "gbt-32150") == {
        "handed-unknown": "ledger[1].energy"
    }


def test_a_coefficient_is_handed_on_where_it_was_typed() -> None:
    own = {"energy": "bituminous_coal", "purchase": 10, "production_use": 10, "coefficient": 0.55}
    power = {"energy": "electricity", "purchase": 100, "production_use": 100}
    case = read_case(plant([own, power], ["gb-21342"], object=[{"name": "焦炭"}]))
    assert list(case_of(case, "gb-21342", SHELF).sheets["energy"].columns["coefficient"]) == [Fraction("0.55"), None]


def test_what_differs_from_the_ledger_is_told() -> None:
    """500 of 1000 t typed, and no diesel: both are named; without a difference nothing is."""
    oil = {"energy": "diesel", "purchase": 5, "production_use": 5}
    for typed, told in ((500, "manufacturing and construction: 500 typed, 1,000 in the ledger"), (1000, "diesel")):
        sheet = [{"fuel": "烟煤", "use": "manufacturing", "consumption": typed}]
        case = case_of(read_case(plant([COAL, oil], ["gbt-32150"], settings=SETTINGS, fuel=sheet)), "gbt-32150", SHELF)
        [found] = [item for item in case.findings if item.code == "handed-differs"]
        assert told in found.message("en")
    same = [*sheet, {"fuel": "diesel", "use": "manufacturing", "consumption": 5}]
    case = case_of(read_case(plant([COAL, oil], ["gbt-32150"], settings=SETTINGS, fuel=same)), "gbt-32150", SHELF)
    assert not case.findings


def test_rows_of_other_processes_are_told() -> None:
    rows = [*ROWS, {**ROWS[0], "process": "1号 线"}, {**ROWS[0], "process": "一号线"}]
    case = read_case(plant([], ["gb-21342", "gb-16780-clinker"], energy=rows, object=[{"name": "1号线"}]))
    found = case_of(case, "gb-21342", SHELF)
    assert list(found.sheets["energy"].columns["quantity"]) == [1000, 1000]
    [told] = [item for item in found.findings if item.code == "joint-row-other"]
    assert (told.values["count"], told.values["found"]) == (2, "2号线, 一号线")


def test_joules_of_waste_heat_are_heat() -> None:
    """3000 GJ at 0.03412 tce/GJ are 102.36 tce, not 833 MWh; steam is by mass, and 3000 GJ of it are refused."""
    heat = {"energy": "waste_heat", "purchase": 3000, "production_use": 3000, "coefficient": 0.03412}
    assert run(plant([heat], [])).totals["comprehensive_energy"].value == pytest.approx(102.36)
    steam = {**heat, "energy": "steam", "purchase": "3000 GJ", "production_use": "3000 GJ"}
    assert "wrong-unit" in codes(plant([steam], []), "energy-ledger")


def test_steam_bought_by_mass_is_heat_the_ledger_does_not_tell() -> None:
    """80 000 t are no fuel and would be no heat either: refused, unless the sheet of heat is filled in."""
    steam = {"energy": "steam_low_pressure", "purchase": 80000, "production_use": 80000, "coefficient": 0.1286}
    assert codes(plant([steam], ["ndrc-coking"]), "ndrc-coking") == {"handed-unknown": "ledger[0].energy"}
    heat = [{"flow": "purchased", "carrier": "steam", "heat": 220000}]
    found = case_of(read_case(plant([steam], ["ndrc-coking"], heat=heat)), "ndrc-coking", SHELF).sheets["heat"]
    assert list(found.columns["heat"]) == [220000]


def test_heat_and_waste_heat_bought_are_one_purchase() -> None:
    used = {"purchase": 100, "production_use": 100, "coefficient": 0.03412}
    heats = [{"energy": name, **used} for name in ("heat", "waste_heat")]
    case = read_case(plant(heats, ["ndrc-coking"], heat=[{"carrier": "steam"}]))
    found = case_of(case, "ndrc-coking", SHELF).sheets["heat"]
    assert (list(found.columns["heat"]), list(found.columns["flow"])) == ([200], ["purchased"])


def test_energies_a_method_has_no_fuel_for_are_told() -> None:
    steam = {"energy": "steam", "conversion_output": 10, "production_use": 10, "coefficient": 0.1}  # of own boilers
    case = case_of(read_case(plant([steam], ["gbt-32150"], settings=SETTINGS)), "gbt-32150", SHELF)
    assert {item.code for item in case.findings} == {"handed-left-out"}
    assert "fuel" not in case.sheets


def test_methods_that_judge_nothing_are_no_plants(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("method: energy-ledger\nalso: [gbt-32150]\nperiod: 2025\ninputs: {}\n", encoding="utf-8")
    with pytest.raises(CaseError, match="limits-none-judges"):
        read_subjects(path, SHELF)


TABLE = """
title: {zh: 试, en: test}
document: {number: X 1-2027, title: {zh: 试, en: test}}
evidence: user
source: test
keys: {takes: {}, kind: {}, rows: {}, column: {}}
columns: {of: {type: text}, basis: {type: text}, figure: {type: text}}
rows:
"""
SLIPS = [
    ("electricity, figure: living_use", None),
    ("electricity, figure: net_calorific_value", "handover-shape"),
    ("electricity, figure: no_such_column", "expression-unknown-name"),
    ("flow, figure: '\"purchased\"'", None),
    ("flow, figure: '\"bought\"'", "handover-unknown"),
    ("month, figure: purchase", "handover-unknown"),
    ("no_such_column, figure: purchase", "handover-unknown"),
]


def test_lint_finds_rows_that_lead_nowhere(tmp_path: Path) -> None:
    key = "takes: ndrc-ceramics@2013, kind: guide_electricity, of: energy_ledger, basis: electricity"
    rows = (f"  - {{{key}, rows: {number}, column: {row}}}\n" for number, (row, _) in enumerate(SLIPS))
    path = tmp_path / "decisions/ledger/2027.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TABLE.lstrip() + "".join(rows), encoding="utf-8")
    shelf = library(factors=(tmp_path,))
    findings = lint_ledger(shelf.table("decisions/ledger"), shelf)
    found = {int(item.place.partition(".yaml:")[2].split()[0]): item.code for item in findings}
    first = TABLE.count("\n")
    assert found == {first + line: code for line, (_, code) in enumerate(SLIPS) if code}
