"""Models like an entry of a list of obsolete equipment are asked of a person; nothing is judged of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._equipment.obsolete import questions
from tests.command_line import run, start_in, write

DAY = ("--as-of", "2026-11-23")
MODELS = {"a": "Y2-280S-4", "b": "YE4-280S-4", "c": ""}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def asked(model: str, standard: str = "") -> list[str]:
    found = questions(model, standard, "", carbonstd.library())
    return [str(item.values["entry"]["en"]) for item in found]


# What is like an entry, and the one beside it that is not
@pytest.mark.parametrize(
    ("model", "standard", "entries"),
    [
        ("Y-160M-4", "GB 18613-2020", ["batch 3, 1-1: Y three-phase motors"]),
        ("y160m－4", "GB 18613", ["batch 3, 1-1: Y three-phase motors"]),
        ("Y2-280S-4", "GB 18613-2020", ["batch 3, 1-2: Y2 three-phase motors"]),
        ("YE3-280S-4", "GB 18613-2020", []),
        ("YB-160M-4", "GB 18613-2020", ["YB flameproof motors", "batch 3, 1-4: YB motors"]),
        ("YBK-200L-4", "GB 18613-2020", ["YBK flameproof motors"]),
        ("S9-M-630/10", "GB 20052-2024", ["batch 4, 1-2: S9 oil-immersed transformers"]),
        ("S11-M-630/10", "GB 20052-2024", []),
        ("SG(B)8-1000", "GB 20052-2024", ["batch 4, 1-3: SG(B)8 dry-type transformers"]),
        ("JS1410-6", "GB 30254-2024", ["batch 4, 2-4: JS high-voltage motors"]),
        ("JS114-4", "GB 18613-2020", ["batch 4, 2-3: JS motors"]),
        ("DG500-140", "GB 19762-2025", ["DG270-140, DG500-140, DG375-185 boiler feed pumps"]),
        ("DG150-100", "GB 19762-2025", []),
        ("8-18No.10", "GB 19761-2020", ["8-18 and 9-27 high-pressure centrifugal fans"]),
        ("Y9-35No.12D", "GB 19761-2020", ["batch 3, 3-6: Y9-35 boiler induced-draught fans"]),
        ("Y9-35No.12D", "GB 18613-2020", []),
        ("—", "GB 24500-2020", []),
        ("", "GB 18613-2020", []),
    ],
)  # fmt: skip
def test_what_a_model_is_like(model: str, standard: str, entries: list[str]) -> None:
    assert asked(model, standard) == entries


def test_a_model_of_no_known_standard_is_compared_with_all() -> None:
    assert len(asked("JS136-4")) == 2


def listed(*options: str, code: int) -> dict[str, Any]:
    head = "name,standard,period,rated_power,poles,efficiency,规格型号\n"
    rows = [f"{name},GB 18613,2022-03,75,4,96.0,{model}\n" for name, model in MODELS.items()]
    result = run("check", "equipment", write("list.csv", head + "".join(rows)), "--json", *DAY, *options)
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_question_changes_no_grade_and_no_exit_code() -> None:
    found = listed(code=0)["items"]
    assert [[one["code"] for one in item["questions"]] for item in found] == [["equipment-obsolete-question"], [], []]
    assert {item["today"]["state"] for item in found} == {"2"}
    assert all(one["code"] != "limits-cells-unused" for item in found for one in item["today"]["findings"])


def test_the_question_is_printed_and_written() -> None:
    listed("-o", "out.xlsx", code=0)
    shown = run("check", "equipment", "list.csv", *DAY, "--lang", "zh").stdout
    assert "型号“Y2-280S-4”与" in shown
    assert "须由人按完整型号和条件核对" in shown
    assert "属于淘汰" not in shown.replace("是否属于淘汰目录", "")
    [reasons, *others] = [
        row[-1].value for row in openpyxl.load_workbook("out.xlsx").worksheets[1].iter_rows(min_row=2)
    ]
    assert "1-2: Y2" in str(reasons)
    assert not any(others)


def test_the_empty_list_has_a_column_for_the_model() -> None:
    assert run("check", "equipment", "--template", "gb-18613", "-o", "list.xlsx").exit_code == 0
    book = openpyxl.load_workbook("list.xlsx")
    book.worksheets[0].append(["M1", "2022-03", 75, 4, 96.0, None, None, "Y-280S-4"])
    book.save("list.xlsx")
    result = run("check", "equipment", "list.xlsx", "--json", *DAY)
    [item] = json.loads(result.stdout)["items"]
    assert [one["code"] for one in item["questions"]] == ["equipment-obsolete-question"]


BOILERS = "name,standard,period,boiler,evaporation,thermal_power,coal,net_calorific_value,volatile_matter,efficiency\n"


def test_a_boiler_is_asked_about_by_kind_and_size() -> None:
    """Coal up to 10 t/h (7 MW) and biomass up to 2 t/h (1.4 MW); gas, and a size that is blank or unreadable, never."""
    coal = "bituminous_coal,18000,30,85"
    rows = {
        "c 10": f"gb-24500-grate,2022,steam,10,,{coal}", "c 10.1": f"gb-24500-grate,2022,steam,10.1,,{coal}",
        "c 7": f"gb-24500-grate,2022,hot_water,,7,{coal}", "c 7.1": f"gb-24500-grate,2022,hot_water,,7.1,{coal}",
        "b 2": "gb-24500-biomass,2022,steam,2,,,15000,,88", "b 2.1": "gb-24500-biomass,2022,steam,2.1,,,15000,,88",
        "b 1.4": "gb-24500-biomass,2022,hot_water,,1.4,,15000,,88",
        "b 1.5": "gb-24500-biomass,2022,hot_water,,1.5,,15000,,88",
        "f 10": "gb-24500-fluidised-bed,2022,,10,,bituminous_coal,22000,30,91",
        "f 11": "gb-24500-fluidised-bed,2022,,11,,bituminous_coal,22000,30,91",
        "f": "gb-24500-fluidised-bed,2022,,,,bituminous_coal,22000,30,91",
        "gas": "gb-24500-chamber,2022,gas,4,,,,,96", "odd": f"gb-24500-grate,2022,steam,ca. 4,,{coal}",
    }  # fmt: skip
    source = write("list.csv", BOILERS + "".join(f"{name},{cells}\n" for name, cells in rows.items()))
    result = run("check", "equipment", source, "--json", *DAY)
    found = {item["name"]: item for item in json.loads(result.stdout)["items"]}
    asked_ = {name: [one["code"] for one in item["questions"]] for name, item in found.items() if item["questions"]}
    assert asked_ == {name: ["equipment-obsolete-size"] for name in ("c 10", "c 7", "b 2", "b 1.4", "f 10")}
    assert "coal boilers up to 10 t/h" in found["c 7"]["questions"][0]["found"]
    assert "7 MW" in found["c 7"]["questions"][0]["found"]
    assert found["c 10"]["today"]["state"] == "1"  # a question changes no grade


def test_a_case_of_a_boiler_is_asked_about_too() -> None:
    item = "{name: K1, boiler: steam, evaporation: 2, net_calorific_value: 15000, efficiency: 88}"
    case = write("case.yaml", f"method: gb-24500-biomass@2020\nperiod: 2022\ninputs: {{item: [{item}]}}\n")
    result = run("check", "equipment", case, "--json", *DAY)
    [found] = json.loads(result.stdout)["items"]
    assert [one["code"] for one in found["questions"]] == ["equipment-obsolete-size"]
