"""`carbonstd diff ... --plant`: one plant by two editions of a limit.

Coke, top-charging. GB 21342-2008: 125 / 135 / 165 kgce/t (advanced, access, limit), uncorrected. GB 21342-2025 table 1:
110 / 110 / 135; an oven above 15 years adds 2.5 at levels 1 and 3 (5.3). Clinker, GB 16780-2012 as remembered: coal
112.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import run, start_in, write

COKE = {
    "name": "1", "status": "existing", "oven": "top_charging", "output": 1_000_000, "mixed_gas_share": 0,
    "volatile_matter": 23, "moisture": 10, "wet_quenching_share": 0, "oven_age": 20,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def coke(energy: float, **cells: Any) -> Path:
    row = {**COKE, "comprehensive_energy_total": energy, **cells}
    head = "method: gb-21342@2025\nentity: {name: 甲}\nperiod: 2026-05..2026-09\nas_of: 2026-10-01\n"
    return write("coke.yaml", f"{head}inputs: {{object: {json.dumps([row])}}}\n")


def compared(*names: str | Path, code: int = 0) -> dict[str, Any]:
    result = run("diff", *names, "--json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)["plants"][0]
    return found


def moves(found: dict[str, Any], at: int = 0) -> list[tuple[str, str | None, bool]]:
    """Steps: the level where an edition judges, and whether it moved there."""
    return [(item["step"], item.get("reached"), item["moved"]) for item in found["indicators"][at]["moves"]]


def test_the_clause_that_moved_the_level_is_named() -> None:
    """136 meets 165; 135 of the new table lies below it; with 2.5 for the age of the oven 137.5 is met."""
    found = compared("gb-21342", "2008", "2025", "--plant", coke(136_000))
    assert moves(found) == [("old", "limit", False), ("table", None, True), ("new", "3", True)]
    table, new = found["indicators"][0]["moves"][1:]
    assert (table["clause"], new["clause"]) == ("4 表1", "5.3 表2")
    assert {item["clause"] for item in new["corrections"]} == {"5.3 表2"}
    assert 2.5 in {item["value"] for item in new["corrections"]}


def test_nothing_moved_where_level_and_judgement_stay() -> None:
    """109 is below 125 and below 110: the strictest level by both editions."""
    found = compared("gb-21342", "2008", "2025", "--plant", coke(109_000, oven_age=5))
    assert moves(found) == [("old", "advanced", False), ("table", None, False), ("new", "1", False)]
    shown = run("diff", "gb-21342", "2008", "2025", "--plant", "coke.yaml", "--lang", "zh")
    assert shown.exit_code == 0
    assert "两版等级和结论相同" in shown.output
    assert "依据 GB 21342-2008、GB 21342-2025 和所列数据计算" in shown.output


def test_methods_of_one_number_are_told_apart_by_the_plant() -> None:
    """110 of coal: 2 below the 112 of 2012, 1 above the 109 of 2021; the edition of 2012 is remembered only."""
    head = (
        "name,standard,period,status,altitude,pressure,clinker_strength,capacity,reported_coal,reported_comparable_coal"
    )
    source = write("plants.csv", f"{head}\n甲,gb-16780-clinker,2023,existing,100,101325,52.5,4000,110,110\n")
    allowed = ("--allow-recalled", "limits/gb-16780-clinker-comparable")
    found = compared("gb-16780", "2012", "2021", "--plant", source, *allowed)
    steps = found["indicators"][0]["moves"]
    limits = [next(level["limit"] for level in item["levels"] if level["level"] == item["required"]) for item in steps]
    assert limits == [112, 109, 109]
    shown = run("diff", "gb-16780", "2012", "2021", "--plant", source, *allowed, "--lang", "en")
    assert "margins only; +1.79 % → -0.917 %, limits of the new table [4.2 表2]" in shown.output


def test_an_edition_that_refuses_a_plant_is_told() -> None:
    found = compared("gb-21342", "2013", "2025", "--plant", coke(136_000), code=1)
    assert [item["moves"] for item in found["indicators"]] == [[]]
    assert "limits-recalled" in {item["code"] for item in found["findings"]}


def test_that_an_edition_gave_none_is_not_put_down_to_units() -> None:
    """2013 is recalled: refused, and why stands below, the columns it does not read by their labels."""
    told = run("diff", "gb-21342", "2013", "2025", "--plant", coke(136_000), "--lang", "zh").stdout
    assert "只有一版给出比较，另一版没有给出的原因见下" in told
    assert "入炉煤全水分, " in told


def test_an_unknown_edition_stops() -> None:
    result = run("diff", "gb-21342", "1999", "2025", "--plant", coke(136_000))
    assert result.exit_code == 2
    assert "gb-21342@1999" in result.output


def test_every_correction_is_named_and_what_moves_nothing_is_not() -> None:
    """Wet quenching of half the coke adds 46.46 x 0.5 = 23.23 at level 3 (5.3); other additions are nil."""
    found = compared("gb-21342", "2008", "2025", "--plant", coke(136_000, wet_quenching_share=0.5))
    new = found["indicators"][0]["moves"][-1]
    assert {item["value"] for item in new["corrections"]} == {2.5, 23.23}


def test_a_correction_read_from_the_table_of_limits_is_taken_off_apart() -> None:
    """Silicomanganese on ore of 32 %, 2008: 4400 + (34 - 32) x 100 = 4600, and 4400 without it."""
    row = {"name": "1", "status": "existing", "product": "silicomanganese", "ore_grade": 32}
    row["reported_electricity"] = 4550
    head = "method: gb-21341@2022\nentity: {name: 甲}\nperiod: 2025\nas_of: 2026-10-01\n"
    source = write("alloy.yaml", f"{head}inputs: {{object: {json.dumps([row])}}}\n")
    found = compared("gb-21341", "2008", "2022", "--plant", source)
    steps = {item["step"]: item for item in found["indicators"][0]["moves"]}
    limits = {name: item["levels"][-1]["limit"] for name, item in steps.items()}
    assert (limits["old"], limits["uncorrected"]) == (4600, 4400)


def test_indicators_computed_in_another_way_are_not_compared() -> None:
    """The 2022 edition computes electricity of liquid aluminium in another way; that of ingots it does not."""
    row = {"name": "1", "status": "existing", "reported_liquid_electricity": 13300}
    head = "method: gb-21346-aluminium@2022\nentity: {name: 甲}\nperiod: 2025\nas_of: 2026-10-01\n"
    source = write("aluminium.yaml", f"{head}inputs: {{object: {json.dumps([row])}}}\n")
    found = compared("gb-21346-aluminium", "2013", "2022", "--plant", source, code=1)
    assert [item["moves"] for item in found["indicators"]] == [[]]


def test_rows_of_another_standard_are_left_out() -> None:
    rows = "A,gb-21342@2025,2026-06,existing,top_charging\nB,gb-16780-clinker,2026,existing,\n"
    source = write("plants.csv", f"name,standard,period,status,oven\n{rows}")
    shown = run("diff", "gb-21342", "2008", "2025", "--plant", source, "--lang", "en")
    assert "1 rows are of another standard and left out" in shown.output


def test_a_file_without_a_plant_of_the_standard_is_refused() -> None:
    result = run("diff", "gb-21341", "2008", "2022", "--plant", coke(136_000), "--lang", "en")
    assert result.exit_code == 2
    assert "diff-no-plant" in result.stderr
