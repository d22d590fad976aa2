"""An inventory of some sectors: totals tell what they leave out, net emissions need both sides; what they rest on."""

from pathlib import Path

import pytest

import carbonstd

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
