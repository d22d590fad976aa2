"""An inventory of some sectors: totals tell what they leave out, net emissions need both sides; what they rest on."""

from pathlib import Path

import pytest

import carbonstd
from carbonstd._result.panel import filled_panels

CASES = Path(__file__).resolve().parent.parent / "methods/regions/provincial-guide/cases"


def run(name: str) -> carbonstd.Result:
    return carbonstd.run(carbonstd.read_case(CASES / f"{name}.yaml"))


def reported(result: carbonstd.Result) -> set[str]:
    return {item.line.id for item in result.total_lines if item.reported}


def test_sinks_alone_have_no_net_and_all_they_rest_on_is_told(tmp_path: Path) -> None:
    """Every factor of the case is of a recalled table: 100 %, where the total that is not reported had 0.0 % of all."""
    result = run("land-2011-guangdong")
    assert reported(result) == {"land_total", "land_removal"}
    assert result.shares["assumed"] == pytest.approx(1)
    assert not result.wider_shares
    result.to_excel(tmp_path / "result.xlsx", "zh")  # its sheet of nitrogen parameters, of one record, is left empty
    assert (tmp_path / "result.xlsx").exists()
    assert "total-incomplete" not in {item.code for item in result.findings}  # there is no total to be incomplete


def test_a_sector_alone_is_no_net_and_the_total_names_the_others() -> None:
    result = run("agriculture-2025-jiangsu")
    assert reported(result) == {"inventory_total", "agriculture_total"}
    [told] = [item for item in result.findings if item.code == "total-incomplete"]
    assert told.values["absent"]["zh"] == "能源活动排放、工业生产过程排放、废弃物处理排放"


def test_the_net_rests_on_more_than_the_total() -> None:
    """The carbon fraction of wood is recalled: 15802105 + 275733.33 taken up and 723800 given off by land. They are set
    against the total 312380397.18, twice the mine gas taken off in it (1776572), themselves, and 3609 of fire.
    """
    result = run("example-province-2025")
    recalled = 15802105 + 275733.33 + 723800
    assert reported(result) >= {"inventory_total", "inventory_net", "land_total", "land_removal"}
    assert result.shares["assumed"] == 0
    assert result.wider_shares["inventory_net"]["assumed"] == pytest.approx(
        recalled / (312380397.18 + 2 * 1776572 + recalled + 3609), rel=1e-3
    )
    absent = {item.line.id for item in result.lines if not item.reported}  # of sheets with rows none of the kind
    assert absent >= {"bunker_navigation_co2", "carbide", "equipment_manufacture", "incineration_energy"}
    assert not absent & {"services_co2", "moved_out_co2", "clinker", "equipment_operation", "mobile_n2o_emissions"}


def _shown(inputs: dict[str, list[dict[str, object]]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What stands on the first page, by equation, and the cells of the form's sectors (CO2, CH4, N2O ... total)."""
    head = {"method": "provincial-guide@2011", "period": "2012", "as_of": "2014-12-31"}
    case = {**head, "inputs": {"inventory_settings": [{"province": "shanxi"}], **inputs}}
    result = carbonstd.run(carbonstd.read_case(case))
    page = {figure.equation.id: figure.text for _, figures in filled_panels(result) for figure in figures}
    form = {line.leads[0]["zh"]: [cell.printed("zh") for cell in line.tails] for line in result.forms().tables[0].lines}
    return page, form


def test_a_gas_without_factors_is_a_dash_and_no_nought() -> None:
    """Coal: 1000 t x 20 GJ/t x 26.1 kgC/GJ x 0.93 x 44/12 = 1780.02 tCO2. A factor that is 0 gives 0."""
    coal = {
        "sector": "power",
        "technology": "power_boiler",
        "fuel": "bituminous_coal",
        "consumption": 1000,
        "net_calorific_value": 20,
    }
    page, form = _shown({"sector_fuel": [coal]})
    assert page["energy_co2"] == page["inventory_co2"] == "1,780.02"
    assert not {"energy_ch4", "energy_n2o", "inventory_ch4", "inventory_n2o"} & page.keys()
    assert form["能源活动"][:3] == ["1,780.02", "—", "—"]
    assert form["总排放量（不包括土地利用变化和林业）"][:3] == ["1,780.02", "—", "—"]
    page, form = _shown(
        {"sector_fuel": [{**coal, "methane_factor": 1}, {**coal, "sector": "heat", "nitrous_oxide_factor": 0}]}
    )
    assert (page["energy_ch4"], page["inventory_ch4"], page["energy_n2o"]) == ("0.02", "0.02", "0")  # 20 TJ x 1 kg/TJ
    assert form["能源活动"][:3] == ["3,560.04", "0.02", "0.00"]


def test_equipment_of_which_nothing_was_told_made_has_no_mass() -> None:
    """10 kg x 1 % = 0.1 kg SF6 in use; of equipment made nothing is told."""
    page, form = _shown({"power_equipment": [{"sf6_charge": 10, "operation_share": 0.01}]})
    assert page["operation_sf6"] == "0.0001"
    assert "manufacture_sf6" not in page
    assert form["工业生产过程"][5] == "2.39"  # 1e-4 t x 23900
