"""Where half-widths are entered and intervals appear: workbook, YAML, CSV, frames; text, JSON, page, workbook, lock."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

import carbonstd
from carbonstd._number import shown
from carbonstd._uncertainty.text import percent
from tests.command_line import DIESEL, DIESEL_TOTAL, HEAD, METHOD, run, start_in, write
from tests.pages import mapping, parsed

ROW = HEAD + "inputs: {fuel: [{source: trucks, fuel: diesel, consumption: 10, consumption_uncertainty: 3 %}]}\n"
LOW, HIGH = 0.97 * DIESEL_TOTAL, 1.03 * DIESEL_TOTAL


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def relative(case: Any) -> float | None:
    interval = carbonstd.run(case).uncertainty().primary.approach_1
    assert interval is not None
    return interval.relative


# Entered


def heads_of(path: Path, sheet: str) -> dict[str, int]:
    """The columns of a template's sheet by their hidden ids."""
    cells = openpyxl.load_workbook(path)[sheet][2]
    return {str(cell.value): cell.column for cell in cells if cell.value}


def test_a_template_offers_half_widths_only_where_asked() -> None:
    assert run("template", METHOD, "-o", "plain.xlsx").exit_code == 0
    assert run("template", METHOD, "-o", "wide.xlsx", "--uncertainty").exit_code == 0
    plain, wide = (heads_of(Path(name), "Fossil fuel combustion") for name in ("plain.xlsx", "wide.xlsx"))
    added = [name for name in wide if name not in plain]
    assert added == [f"{name}_uncertainty" for name in plain if f"{name}_uncertainty" in wide]
    assert "consumption_uncertainty" in added
    assert "fuel_uncertainty" not in wide
    assert wide["consumption_uncertainty"] == wide["consumption"] + 1
    page = openpyxl.load_workbook("wide.xlsx")["Fossil fuel combustion"]
    heading = page.cell(5, wide["consumption_uncertainty"])
    assert "uncertainty" in str(heading.value)
    letter = get_column_letter(wide["consumption_uncertainty"])
    assert page.column_dimensions[letter].outlineLevel == 1  # folds away
    assert "carbonstd calc" not in str(page.cell(5, 1).value)


@pytest.mark.parametrize("typed", ["3 %", 0.03, "±0.3 t"])
def test_what_is_typed_in_a_template_is_read(typed: Any) -> None:
    run("template", METHOD, "-o", "case.xlsx", "--uncertainty")
    book = openpyxl.load_workbook("case.xlsx")
    page, at = book["Fossil fuel combustion"], heads_of(Path("case.xlsx"), "Fossil fuel combustion")
    values = {"source": "trucks", "fuel": "diesel", "consumption": 10, "consumption_uncertainty": typed}
    for name, value in values.items():
        page.cell(6, at[name], value)
    cover = book.worksheets[0]
    for row in cover.iter_rows(max_col=3):
        if row[0].value == "period":
            row[2].value = "2025"
    book.save("case.xlsx")
    assert relative("case.xlsx") == pytest.approx(0.03)


def test_a_filled_template_keeps_the_half_widths_of_the_case() -> None:
    from carbonstd._template.template import Filling, write_template

    library = carbonstd.library()
    case = carbonstd.read_case(mapping(ROW))
    write_template(library.method(METHOD), library, Path("again.xlsx"), "zh", Filling(case))
    assert relative("again.xlsx") == pytest.approx(0.03)


def test_csv_and_frames_hold_them_too() -> None:
    write("folder/case.yaml", HEAD)
    write("folder/fuel.csv", "source,fuel,consumption,consumption_uncertainty\ntrucks,diesel,10,±3%\n")
    assert relative("folder") == pytest.approx(0.03)
    frame = pd.DataFrame({"source": ["trucks"], "fuel": ["diesel"], "consumption": [10.0]})
    case = {"method": METHOD, "period": "2025", "as_of": "2026-03-31"}
    typed = frame.assign(consumption_uncertainty=[0.03])
    assert relative({**case, "inputs": {"fuel": typed}}) == pytest.approx(0.03)


def test_one_half_width_of_months_across_is_that_of_each_month() -> None:
    """Two months of 5 t at 3 % each, independent: 3 % / sqrt(2)."""
    months = "consumption: {2025-01: 5, 2025-02: 5}, consumption_uncertainty: 3 %"
    assert relative(mapping(ROW.replace("consumption: 10, consumption_uncertainty: 3 %", months))) == pytest.approx(
        0.03 / 2**0.5
    )


# Shown


def test_calc_prints_intervals() -> None:
    write("a.yaml", ROW)
    alone = run("calc", "a.yaml", "--uncertainty")
    assert alone.exit_code == 0
    lines = alone.output.splitlines()
    assert "±3.0% [30.0303, 31.8879]" in lines[3]  # 30.9590964 x (1 -+ 0.03), beside the total
    assert "Uncertainty (95 %, k = 1.96)" in lines
    assert any(line.split()[:2] == ["100.0%", "Consumption"] for line in lines)
    assert "Monte Carlo" not in alone.output
    drawn = run("calc", "a.yaml", "--uncertainty", "2000", "--lang", "zh")
    assert "方法 2（蒙特卡洛 2,000 次，种子 0）" in drawn.output
    assert "uncertainty" not in run("calc", "a.yaml").output.lower()


def test_without_any_half_width_there_is_no_interval_and_it_is_said_which_inputs_lack_one() -> None:
    write("a.yaml", DIESEL)
    found = run("calc", "a.yaml", "--uncertainty")
    assert found.exit_code == 0
    assert "uncertainty-none" in found.output
    assert "template --uncertainty" in found.output
    assert "no interval" in found.output
    bare = found.output.partition("Inputs without an uncertainty")[2].splitlines()[1:5]
    assert all(line.split()[0] == "100.0%" for line in bare)
    assert "氧化率 · 柴油" in run("calc", "a.yaml", "--uncertainty", "--lang", "zh").output  # a row by its label


def test_calc_writes_intervals_as_json() -> None:
    write("a.yaml", ROW)
    printed = json.loads(run("calc", "a.yaml", "--uncertainty", "1000", "--json", "-o", "r.json").output)
    assert printed == json.loads(Path("r.json").read_text(encoding="utf-8"))
    total = next(item for item in printed["uncertainty"]["figures"] if item["id"] == "total")
    assert total["approach_1"]["relative"] == pytest.approx(0.03)
    assert total["approach_2"]["low"] < total["value"] < total["approach_2"]["high"]
    assert (printed["uncertainty"]["seed"], printed["uncertainty"]["draws"]) == (0, 1000)
    assert total["without_interval"][0]["share"] == pytest.approx(1)
    assert [item["share"] for item in total["sources"]] == pytest.approx([1])


def test_the_lock_repeats_the_draws() -> None:
    write("a.yaml", ROW)
    first = json.loads(run("calc", "a.yaml", "--uncertainty", "500", "--seed", "7", "--json", "-o", "r.json").output)
    assert (first["lock"]["seed"], first["lock"]["draws"]) == (7, 500)
    again = json.loads(run("calc", "a.yaml", "--lock", "r.json", "--json").output)
    assert again["uncertainty"] == first["uncertainty"]
    other = json.loads(run("calc", "a.yaml", "--uncertainty", "500", "--seed", "8", "--json").output)
    assert other["uncertainty"]["figures"] != first["uncertainty"]["figures"]
    assert json.loads(run("calc", "a.yaml", "--json").output)["lock"]["seed"] is None
    result = carbonstd.run("a.yaml")
    before = result.lock["hash"]
    assert result.with_uncertainty(500, 7).lock["hash"] != before == result.lock["hash"]


def test_the_page_shows_intervals_and_where_they_come_from() -> None:
    write("a.yaml", ROW)
    run("calc", "a.yaml", "--uncertainty", "500", "--report", "a.html", "--lang", "zh")
    page = parsed(Path("a.html").read_text(encoding="utf-8"))
    assert re.match(r"±[23]\.\d% \[\d", page.by_id("totals").all("p", "note")[0].text)
    section = page.by_id("uncertainty")
    assert "k = 1.96" in section.all("h3")[0].text
    rows = [row.text for row in section.all("table", "intervals")[0].all("tbody")[0].all("tr")]
    assert any("±3.0% [30.0303, 31.8879]" in row for row in rows)
    assert "种子 0" in section.text
    assert section.all("svg", "chart")[0].all("text", "value")[0].text == "100.0%"
    assert "低位发热量" in section.all("table", "exact")[0].text
    run("calc", "a.yaml", "--report", "b.html")
    assert "uncertainty" not in {item.attributes.get("id") for item in parsed(Path("b.html").read_text()).walk()}


def test_the_result_workbook_has_a_sheet_for_them() -> None:
    write("a.yaml", ROW)
    assert run("calc", "a.yaml", "--uncertainty", "500", "-o", "a.xlsx").exit_code == 0
    book = openpyxl.load_workbook("a.xlsx")
    cells = [cell for row in book["Uncertainty"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert any(isinstance(cell, float) and cell == pytest.approx(LOW) for cell in cells)
    assert any(isinstance(cell, float) and cell == pytest.approx(HIGH) for cell in cells)
    assert any("500 draws, seed 0" in str(cell) for cell in cells)
    summary = [str(cell) for row in book["Summary"].iter_rows(values_only=True) for cell in row if cell]
    assert any(text.startswith("±") and "95 %, approach 2" in text for text in summary)
    run("calc", "a.yaml", "-o", "b.xlsx")
    assert "Uncertainty" not in openpyxl.load_workbook("b.xlsx").sheetnames


def test_a_notebook_shows_them() -> None:
    result = carbonstd.run(mapping(ROW))
    assert "95 %" not in result._repr_html_()
    shown = result.with_uncertainty(200)
    assert "±3.0% [30.0303, 31.8879]" in shown.with_uncertainty()._repr_html_()
    assert shown.intervals is not None
    text = shown.intervals._repr_html_()
    assert "Approach 2 (Monte Carlo, 200 draws" in text
    assert "Consumption" in text


def test_a_figure_keeps_its_zeros() -> None:
    """50 000 900 t is no 5 000 09 t, and a small half-width is not 0."""
    assert [shown(value) for value in (50_000_900.3, 1_234_560.4, -100_000.6, 12.50, 0.1)] == [
        "50,000,900",
        "1,234,560",
        "-100,001",
        "12.5",
        "0.1",
    ]
    assert [percent(share) for share in (0.0314, 0.0000014, 0.0)] == ["3.1%", "0.0001%", "0.0%"]
