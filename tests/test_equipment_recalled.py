"""Equipment whose figures nobody has seen: refused, or compared without a grade where the table is accepted by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command_line import run, start_in, write

DAY = ("--as-of", "2026-11-23")
BELOW, OPEN = "below", "undecided"
Edges = dict[str, tuple[str, str, list[tuple[str, str]]]]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


# Families whose tables were seen, on both sides of every grade
SEEN: Edges = {
    # GB 29541-2013 table 1, normal, circulating with pump: from 10 kW 4.5, 4.3, 4.0, 3.8, 3.6
    "gb-29541": (
        "unit_kind,heating,heating_capacity,performance", "normal,circulating_with_pump,10,",
        [
            ("4.5", "1"), ("4.49", "2"), ("4.3", "2"), ("4.29", "3"), ("4.0", "3"), ("3.99", "4"), ("3.8", "4"),
            ("3.79", "5"), ("3.6", "5"), ("3.59", BELOW),
        ],
    ),
    # below 10 kW 4.6, 4.4, 4.1, 3.9, 3.7
    "gb-29541 small": (
        "unit_kind,heating,heating_capacity,performance", "normal,circulating_with_pump,9.99,",
        [("4.59", "2"), ("3.7", "5"), ("3.6", BELOW)],
    ),
    # GB 30255-2019 table 1, up to 5 W, below 3500 K: 95, 80, 60 lm/W
    "gb-30255-downlight": (
        "power,colour_temperature,luminous_efficacy", "5,below_3500,",
        [("95", "1"), ("94.9", "2"), ("80", "2"), ("79.9", "3"), ("60", "3"), ("59.9", BELOW)],
    ),
}  # fmt: skip

# Families whose figures are recalled: the same, of what the comparison gives
RECALLED: Edges = {
    # above 5 W, below 3500 K: 105, 90, 70 lm/W
    "gb-30255-downlight": (
        "power,colour_temperature,luminous_efficacy", "5.1,below_3500,",
        [("105", "1"), ("104.9", "2"), ("90", "2"), ("89.9", "3"), ("70", "3"), ("69.9", BELOW)],
    ),
    # table 2, PAR30, 3500 K and above: 105, 90, 75 lm/W
    "gb-30255-directional": (
        "lamp,colour_temperature,luminous_efficacy", "par30,from_3500,",
        [("105", "1"), ("104.9", "2"), ("90", "2"), ("89.9", "3"), ("75", "3"), ("74.9", BELOW)],
    ),
    # GB 20665-2015, water heater: η1 98, 89, 86, η2 94, 85, 82; both, the worse
    "gb-20665": (
        "appliance,efficiency_rated_load,efficiency_part_load", "water_heater,",
        [
            ("98,94", "1"), ("97.9,94", "2"), ("98,93.9", "2"), ("85,89", "2"), ("89,84.9", "3"), ("88.9,85", "3"),
            ("86,82", "3"), ("85.9,82", BELOW), ("86,81.9", BELOW),
        ],
    ),
    # GB 21519-2008: ε 0.6, 0.7, 0.8, 0.9, 1.0 at most; μ 70, 60, 55, 55, 50 % at least; both, the worse
    "gb-21519": (
        "standing_loss_coefficient,hot_water_output_rate", "",
        [
            ("0.6,70", "1"), ("0.61,70", "2"), ("0.6,69.9", "2"), ("0.7,60", "2"), ("0.71,60", "3"), ("0.7,59.9", "3"),
            ("0.8,55", "3"), ("0.81,55", "4"), ("0.9,55", "4"), ("0.91,55", "5"), ("0.8,54.9", "5"), ("1.0,50", "5"),
            ("1.01,50", BELOW), ("1.0,49.9", BELOW),
        ],
    ),
}  # fmt: skip


def workbook(edges: Edges) -> dict[str, str]:
    """Write a sheet for each family; what each item is expected to be."""
    book, expected = openpyxl.Workbook(), dict[str, str]()
    for family, (columns, cells, items) in edges.items():
        page = book.create_sheet(family)
        page.append(["name", "standard", "period", *columns.split(",")])
        for own, grade in items:
            name = f"{family} {own}"
            expected[name] = grade
            typed = [float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in (cells + own).split(",")]
            page.append([name, family.split()[0], "2025-06", *typed])
    book.save("list.xlsx")
    return expected


def checked(source: Path, *options: str) -> list[dict[str, Any]]:
    result = run("check", "equipment", source, "--json", *DAY, *options)
    assert result.exit_code == 1, result.output
    items: list[dict[str, Any]] = json.loads(result.stdout)["items"]
    return items


def test_both_sides_of_every_grade_that_was_seen() -> None:
    expected = workbook(SEEN)
    found = checked(Path("list.xlsx"))
    for which in ("today", "at_manufacture"):
        assert {item["name"]: item[which]["state"] for item in found} == expected
        assert {(item[which]["comparison"], item[which]["compared"]) for item in found} == {("reference", None)}


def test_recalled_figures_grade_nothing_without_consent() -> None:
    workbook(RECALLED)
    for item in checked(Path("list.xlsx")):
        assert (item["today"]["state"], item["today"]["compared"], item["today"]["verdicts"]) == (OPEN, None, [])
        assert "limits-recalled" in {one["code"] for one in item["today"]["findings"]}


def test_what_the_accepted_tables_compare_to_is_no_grade() -> None:
    """Every bound of the recalled tables; the item stays without a grade and without a saving."""
    expected = workbook(RECALLED)
    families = {name.split()[0] for name in RECALLED}
    consent = [word for name in sorted(families) for word in ("--allow-recalled", f"equipment/{name}")]
    found = checked(Path("list.xlsx"), *consent)
    for which in ("today", "at_manufacture"):
        assert {item["name"]: item[which]["compared"] for item in found} == expected
        assert {(item[which]["state"], item[which]["comparison"]) for item in found} == {(OPEN, "none")}
    codes = {one["code"] for item in found for one in item["today"]["findings"]}
    assert "recalled-allowed" in codes
    assert codes.isdisjoint({"verdict-not-given", "limits-recalled"})
    assert all(item["savings"] == [] for item in found)


def test_a_case_accepts_the_table_by_name() -> None:
    """PAR30 of 91 lm/W lies between grades 1 and 2 of 105 and 90."""
    case = (
        "method: gb-30255-directional@2019\nperiod: 2021-06\n{}"
        "inputs: {{item: [{{name: L1, lamp: par30, colour_temperature: from_3500, luminous_efficacy: 91}}]}}\n"
    )
    consent = "assumptions: [{table: equipment/gb-30255-directional, reason: 试算, name: 张三}]\n"
    for typed, compared in (("", None), (consent, "2")):
        [item] = checked(write("case.yaml", case.format(typed)))
        assert (item["today"]["state"], item["today"]["compared"]) == (OPEN, compared)


def test_the_comparison_is_printed_and_written_with_its_reserve() -> None:
    source = write(
        "e.csv", "name,standard,period,standing_loss_coefficient,hot_water_output_rate\nE1,gb-21519,2020-05,0.9,60\n"
    )
    options = ("--allow-recalled", "equipment/gb-21519", "--lang", "zh")
    shown = run("check", "equipment", source, *DAY, *options, "-o", "out.xlsx").stdout
    assert "不定级（与未见来源的表值比较：4级）" in shown
    assert "不作判定" in shown
    row = [cell.value for cell in openpyxl.load_workbook("out.xlsx").worksheets[1][2]]
    assert "不定级（与未见来源的表值比较：4级）" in row


@pytest.mark.parametrize(("day", "state"), [("2027-08-31", "2"), ("2027-09-01", OPEN)])
def test_the_lamps_of_2019_end_where_those_of_2026_begin(day: str, state: str) -> None:
    """GB 30255-2026 is not held: its predecessor never stands in."""
    head = "name,standard,period,power,colour_temperature,luminous_efficacy\n"
    source = write("l.csv", head + "L1,gb-30255-downlight,2021-06,5,below_3500,80\n")
    result = run("check", "equipment", source, "--json", "--as-of", day)
    [item] = json.loads(result.stdout)["items"]
    assert (item["at_manufacture"]["state"], item["today"]["state"]) == ("2", state)
    codes = [one["code"] for one in item["today"]["findings"]]
    assert ("equipment-edition-not-held" in codes) is (state == OPEN)
