"""What is supposed of a plant, its own corrected limit, and the derivation of a record.

Clinker, GB 16780-2021 table 2: electricity 48 / 57 / 61 kWh/t, coal 94 / 100 / 109 and energy 100 / 107 / 117 kgce/t;
above 1500 m level 3 alone is multiplied by K = 1.179 - 0.211 p/101325 (5.3). Semi-coke, GB 29995-2024 table 2:
160 / 180 / 210 kgce/t, with a correction for the yield that nobody has seen.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from tests.command_line import run, start_in, write

DAY = ("--as-of", "2026-10-01")
HEAD = "name,standard,period,status,altitude,pressure,output,reported_electricity,reported_coal\n"
LOW = "A,gb-16780-clinker,2025,existing,100,,1000,62,105\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def checked(source: Path, *options: str, code: int = 0) -> dict[str, dict[str, Any]]:
    """The records of one plant by indicator."""
    result = run("check", "limits", source, "--json", *DAY, *options)
    assert result.exit_code == code, result.output
    found = json.loads(result.stdout)["records"]
    return {item["indicator"]: item for item in found}


def plants(*rows: str) -> Path:
    return write("plants.csv", HEAD + "".join(rows or (LOW,)))


def semi_coke(**cells: Any) -> Path:
    row = {"name": "1", "status": "existing", "reported_energy": 250, **cells}
    head = "method: gb-29995-semi-coke@2024\nentity: {name: 甲}\nperiod: 2026\nas_of: 2026-10-01\n"
    return write("semi.yaml", f"{head}inputs: {{object: {json.dumps([row])}}}\n")


def test_a_saving_moves_indicators_of_its_unit_alone() -> None:
    """105 - 6 = 99 kgce/t of coal meets level 2 (100), though 105 reaches level 3; electricity is in kWh/t."""
    found = checked(plants(), "--saves", "6 kgce/t", code=1)
    coal, electricity = found["coal"], found["electricity"]
    assert (coal["value"], coal["reached"]) == (105, "3")
    assert (coal["what_if"]["value_exact"], coal["what_if"]["reached"]) == ("99", "2")
    assert electricity["what_if"]["value"] == 62
    assert "limits-what-if-unused" not in {item["code"] for item in electricity["findings"]}


def test_a_saving_in_per_cent_and_in_another_spelling() -> None:
    """62 x 95 % = 58.9 kWh/t meets level 3 (61); 0.006 tce/t is 6 kgce/t."""
    found = checked(plants(), "--saves", "5 %", code=1)
    assert found["electricity"]["what_if"]["value_exact"] == "589/10"
    assert found["electricity"]["what_if"]["judgement"] == "met"
    assert checked(plants(), "--saves", "0.006 tce/t", code=1)["coal"]["what_if"]["value_exact"] == "99"


def test_another_cell_changes_the_limit_of_the_supposed_plant_only() -> None:
    """At 2000 m and 80 000 Pa K = 1.179 - 0.211 x 80000/101325: level 3 of coal is 109 K, level 2 stays 100."""
    k = 1.179 - 0.211 * 80000 / 101325
    found = checked(plants(), "--what-if", "altitude=2000 m", "--what-if", "厂区大气压=80000", code=1)
    levels = {item["level"]: item["limit"] for item in found["coal"]["what_if"]["levels"]}
    assert levels["3"] == pytest.approx(109 * k, rel=1e-12)
    assert levels["2"] == 100
    assert {item["level"]: item["limit"] for item in found["coal"]["levels"]}["3"] == 109


def test_a_new_plant_is_held_to_level_2() -> None:
    found = checked(plants(), "--what-if", "status=新建", code=1)
    assert (found["coal"]["required"], found["coal"]["what_if"]["required"]) == ("3", "2")
    assert found["coal"]["what_if"]["judgement"] == "not_met"


def test_what_changes_nothing_is_told() -> None:
    found = checked(plants(), "--what-if", "furnace=3", "--saves", "1 MWh/GJ", code=1)
    told = [item for item in found["coal"]["findings"] if item["code"] == "limits-what-if-unused"]
    assert len(told) == 1
    assert "furnace, 1 MWh/GJ" in told[0]["found"]


@pytest.mark.parametrize("options", [("--what-if", "altitude"), ("--saves", "5"), ("--saves", "-5 kgce/t")])
def test_what_cannot_be_read_stops_before_anything_is_judged(options: tuple[str, str]) -> None:
    result = run("check", "limits", plants(), *options)
    assert result.exit_code == 2
    assert "unreadable" in result.output


def test_an_own_limit_decides_and_other_levels_stay_open() -> None:
    """250 against the 260 that the plant entered for level 3; levels 1 and 2 are not judged; 4 % = 10 / 260."""
    item = checked(semi_coke(own_energy_limit=260, own_limit_reason="附录C"))["energy"]
    assert (item["judgement"], item["grade"], item["reached"]) == ("met", "reference", "3")
    assert [level["judgement"] for level in item["levels"]] == ["undecided", "undecided", "met"]
    assert item["levels"][2]["printed"] == 210
    assert item["own_limit_reason"] == "附录C"
    own = item["derivation"][-1]
    assert (own["of"], own["id"], own["key"], own["value"]) == ("limit", "own_energy_limit", "3", 260)
    assert (own["evidence"], own["clause"]) == ("user", "附录C")
    assert own["place"].endswith("own_energy_limit")


def test_without_it_the_record_says_where_the_corrected_limit_would_have_to_lie() -> None:
    """250 is 40 above 210: the limit would have to move by 40 / 210 = +19.0 %."""
    item = checked(semi_coke(), code=1)["energy"]
    told = next(found for found in item["findings"] if found["code"] == "verdict-not-given")
    assert "at least 250 (+19 % from 210)" in told["found"]


def test_what_was_never_seen_of_a_limit_is_named() -> None:
    case = Path(carbonstd.__file__).parents[1] / "methods/limits/gb-21258-power/cases/existing-at-level-3.yaml"
    [told] = [item for item in carbonstd.run(case).findings if item.code == "verdict-not-given"]
    assert "(corrections and additions of tables 2 to 6, and which rated powers" in told.message("en")


def test_the_derivation_leads_to_cells_and_clauses() -> None:
    """Level 3 is 109 K; the table, the constants of 5.3 and both entries of the plant stand below it."""
    source = plants("A,gb-16780-clinker,2025,existing,2000,80000,1000,62,105\n")
    derived = checked(source, code=1)["coal"]["derivation"]
    by_id = {(item["of"], item["id"], item["key"]): item for item in derived}
    assert by_id[("limit", "coal_limit", "3")]["value"] == pytest.approx(109 * (1.179 - 0.211 * 80000 / 101325))
    printed = by_id[("limit", "comprehensive_coal", "3")]
    assert (printed["value"], printed["document"], printed["clause"]) == (109, "GB 16780-2021", "4.2 表2")
    assert printed["place"].startswith("limits/gb-16780-clinker@2021:")
    assert by_id[("limit", "altitude_slope", "")]["value"] == 0.211
    assert by_id[("limit", "pressure", "")]["place"] == "plants.csv:2 pressure"
    assert by_id[("indicator", "reported_coal", "")]["value"] == 105


def test_outputs_hold_derivation_and_supposition() -> None:
    for name in ("out.xlsx", "out.csv"):
        options = ("--saves", "6 kgce/t", "-o", name, "--report", "page.html")
        assert run("check", "limits", plants(), *DAY, *options).exit_code == 1
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8-sig"))))
    assert {row["what_if_value"] for row in rows if row["unit"] == "kgce/t" and row["value"] == "105.0"} == {"99.0"}
    book = openpyxl.load_workbook("out.xlsx")
    heads = [str(cell.value).split("\n")[0] for cell in next(book["Records 逐项结果"].iter_rows())]
    assert "Value, what if" in heads
    assert "Next edition" not in heads  # nobody asked
    sheet = book["Derivation 推导"]
    assert {"GB 16780-2021 4.2 表2"} <= {row[9].value for row in sheet.iter_rows()}
    assert "limits/gb-16780-clinker@2021" in Path("page.html").read_text(encoding="utf-8")


def test_one_plant_of_a_table_is_traced() -> None:
    source = plants(LOW, "B,gb-16780-clinker,2025,existing,100,,1000,60,100\n")
    shown = run("check", "limits", source, *DAY)
    assert "--plant A --of electricity_limit" in shown.output
    traced = run("trace", source, "--plant", "B", "--of", "coal", "--json", *DAY)
    assert traced.exit_code == 0, traced.output
    assert json.loads(traced.stdout)["value"] == 100
    unknown = run("trace", source, "--plant", "C", "--of", "coal")
    assert unknown.exit_code == 2
    assert "A (plants.csv:2), B (plants.csv:3)" in unknown.output


def test_a_level_is_required_of_the_supposed_plant_and_told() -> None:
    """98 meets level 2 (100) of a new plant after the saving, 102 does not."""
    for saving, met in (("7 kgce/t", True), ("3 kgce/t", False)):
        options = ("--saves", saving, "--what-if", "status=新建", "--lang", "en", *DAY)
        shown = run("check", "limits", plants(), *options)
        [line] = [
            item for item in shown.output.splitlines() if "What if:" in item and "kgce/t" in item and "100" in item
        ]
        assert ("level 2 · met" in line.replace("Level reached: ", "")) is met


@pytest.mark.parametrize(
    "options",
    [
        ("--what-if", "altitude=very high"),
        ("--saves", "150 %"),
        ("--what-if", "altitude=100", "--what-if", "altitude=200"),
        ("--what-if", "altitude=100", "--what-if", "厂区海拔=200"),
    ],
)
def test_a_supposition_that_cannot_hold_stops(options: tuple[str, ...]) -> None:
    assert run("check", "limits", plants(), *options, *DAY).exit_code == 2


def test_a_heading_may_name_the_unit() -> None:
    found = checked(plants(), "--what-if", "altitude(km)=2", "--what-if", "pressure=80000", code=1)
    levels = {item["level"]: item["limit"] for item in found["coal"]["what_if"]["levels"]}
    assert levels["3"] == pytest.approx(109 * (1.179 - 0.211 * 80000 / 101325), rel=1e-12)


def test_more_than_is_used_cannot_be_saved() -> None:
    coal = checked(plants(), "--saves", "500 kgce/t", code=1)["coal"]
    assert coal["what_if"]["value"] == 105
    assert "saving-exceeds" in {item["code"] for item in coal["findings"]}


def test_an_own_limit_holds_for_no_other_level() -> None:
    source = semi_coke(own_energy_limit=260, own_limit_reason="附录C")
    item = checked(source, "--what-if", "status=新建")["energy"]
    assert item["judgement"] == "met"
    assert item["what_if"]["judgement"] == "undecided"
    again = checked(source, "--what-if", "status=新建", "--what-if", "own_energy_limit=255")["energy"]
    assert again["what_if"]["judgement"] == "met"


def test_the_distance_to_an_ndrc_level_is_no_consumption() -> None:
    """Ferrosilicon: 1870 x 0.97 = 1813.9 kgce/t meets the baseline of 1850; 3 % of the distance says nothing."""
    head = "name,standard,period,product,counted,reported_energy\n"
    source = write("levels.csv", f"{head}A,ndrc-benchmark,2024,ferrosilicon,coal,1870\n")
    baseline = checked(source, "--saves", "3 %", code=1)["baseline"]
    assert "limits-what-if-unused" in {item["code"] for item in baseline["findings"]}
    supposed = checked(source, "--what-if", "reported_energy=1813.9", code=1)["baseline"]["what_if"]
    assert supposed["judgement"] == "met"


def test_missing_a_benchmark_is_no_failure() -> None:
    """1800 lies between the benchmark of 1770 and the baseline of 1850."""
    head = "name,standard,period,product,counted,reported_energy\n"
    source = write("levels.csv", f"{head}A,ndrc-benchmark,2024,ferrosilicon,coal,1800\n")
    found = checked(source)
    assert (found["benchmark"]["judgement"], found["baseline"]["judgement"]) == ("not_met", "met")
    shown = run("check", "limits", source, "--lang", "zh", *DAY).output
    assert "标杆水平以下" in shown
    assert "基准水平以上" in shown
    assert "未达到" not in shown


def coke(energy: float) -> dict[str, Any]:
    """An existing top-charging oven of 18 years; its limits, corrected by hand: level 1 131.444, level 2 128.944."""
    row = {"name": "1", "oven": "top_charging", "status": "existing", "output": 1000, "reported_energy": energy}
    row |= {
        "mixed_gas_share": 0.25,
        "volatile_matter": 26.5,
        "moisture": 11.2,
        "wet_quenching_share": 0.5,
        "oven_age": 18,
    }
    head = "method: gb-21342@2025\nentity: {name: 甲}\nperiod: 2026-06..2026-12\nas_of: 2026-11-01\n"
    [item] = checked(write("coke.yaml", f"{head}inputs: {{object: {json.dumps([row])}}}\n")).values()
    return item


def test_a_wider_level_that_is_missed_is_told() -> None:
    """130 meets 131.444 of level 1 and misses 128.944 of level 2, which the age of the oven does not correct."""
    item = coke(130)
    assert [level["judgement"] for level in item["levels"]] == ["met", "not_met", "met"]
    assert "limits-wider-level-missed" in {found["code"] for found in item["findings"]}


def test_no_consumption_is_questioned() -> None:
    assert "limits-indicator-zero" in {found["code"] for found in coke(0)["findings"]}
    assert "limits-indicator-zero" not in {found["code"] for found in coke(110)["findings"]}
