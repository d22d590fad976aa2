"""Reading workbooks: the same case in other clothes gives the same total, or is refused with its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonstd
from carbonstd._definitions.document import Period
from carbonstd._workbook.layout import Headings

HEAD = [
    ["核算方法", "gbt-32151.34@2024"],
    ["企业名称", "示例厂"],
    ["核算期", "2025"],
    ["依据截止日期", "2026-03-31"],
]
POWER = ["source", "supply", "month", "electricity", "emission_factor"]
# 100 MWh x 0.5 tCO2/MWh in January and 200 x 0.5 in February
POWER_ROWS: list[list[Any]] = [["主变", "grid", "2025-01", 100, 0.5], ["主变", "grid", "2025-02", 200, 0.5]]
POWER_TOTAL = 150.0


def book(path: Path, sheets: Mapping[str, Any], head: Sequence[Sequence[Any]] = HEAD) -> Path:
    """A user's own workbook: a sheet with the head of the case, and sheets with headings in their first row."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    cover = made.create_sheet("基本信息")
    for row in head:
        cover.append(row)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def power(path: Path, headings: list[Any] = POWER, rows: list[list[Any]] = POWER_ROWS) -> Path:
    return book(path, {"购入电力": [headings, *rows]})


def total(path: Path) -> float:
    return carbonstd.run(path).primary.value


def refusal(path: Path) -> dict[str, str]:
    """The codes of the errors a workbook is refused for, each with its place."""
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.run(path)
    return {item.code: item.place for item in caught.value.findings if item.severity == "error"}


def codes(path: Path) -> dict[str, str]:
    return {item.code: item.place for item in carbonstd.read_case(path).findings}


# Headings and sheets


@pytest.mark.parametrize("title", ["electricity", "购入电力", "Purchased electricity", "ELECTRICITY", " 购入 电力 "])
def test_sheets_are_found_by_id_and_by_either_label(tmp_path: Path, title: str) -> None:
    assert total(book(tmp_path / "a.xlsx", {title: [POWER, *POWER_ROWS]})) == POWER_TOTAL


@pytest.mark.parametrize(
    "headings",
    [
        ["电力来源名称", "电力类别", "月份", "电量", "电力排放因子"],
        ["Source", "Kind of supply", "Month", "Electricity", "Emission factor of electricity"],
        ["电力来源名称 Source", "电力类别 *", "月份\nMonth", "电量 (MWh)", "电力排放因子（tCO2/MWh）"],
        ["电力来源名称 / Source", "电力类别/Kind of supply", "月份/Month", "电量，兆瓦时", "emission_factor"],
        ["ＳＯＵＲＣＥ", "SUPPLY", "Month", "电 量", "Emission Factor of Electricity"],
    ],
)
def test_headings_are_ids_labels_or_both(tmp_path: Path, headings: list[str]) -> None:
    assert total(power(tmp_path / "a.xlsx", headings)) == POWER_TOTAL


def test_a_heading_may_name_another_unit(tmp_path: Path) -> None:
    path = power(tmp_path / "a.xlsx", ["source", "supply", "month", "电量 (kWh)", "emission_factor"])
    assert total(path) == pytest.approx(0.15, rel=1e-15)
    assert codes(path)["heading-unit"] == "购入电力!D1"


def test_a_heading_of_another_dimension_is_refused(tmp_path: Path) -> None:
    path = power(tmp_path / "a.xlsx", ["source", "supply", "month", "电量 (t)", "emission_factor"])
    assert refusal(path) == {"wrong-unit": "购入电力!D1"}


def test_a_fuel_by_volume_keeps_the_unit_its_heading_says(tmp_path: Path) -> None:
    rows = [["fuel", "消耗量 (m3)", "低位发热量 (GJ/1e4 m^3)"], ["天然气", 10_000, 389.31]]
    same = [["fuel", "consumption", "net_calorific_value"], ["天然气", 1, 389.31]]
    assert total(book(tmp_path / "a.xlsx", {"fuel": rows})) == total(book(tmp_path / "b.xlsx", {"fuel": same}))
    wrong = [["fuel", "消耗量 (t)"], ["天然气", 1]]
    assert "wrong-unit" in refusal(book(tmp_path / "c.xlsx", {"fuel": wrong}))


def test_headings_may_stand_below_a_title(tmp_path: Path) -> None:
    rows = [["购入电力统计表"], [], ["填表人：张三"], POWER, *POWER_ROWS]
    path = book(tmp_path / "a.xlsx", {"购入电力": rows})
    assert total(path) == POWER_TOTAL
    assert carbonstd.read_case(path).sheets["electricity"].place("electricity", 1) == "购入电力!D6"


def test_a_second_column_of_one_name_is_refused(tmp_path: Path) -> None:
    path = power(tmp_path / "a.xlsx", [*POWER, "电量"], [[*row, 1] for row in POWER_ROWS])
    assert refusal(path) == {"header-twice": "购入电力!F1"}


def test_unknown_columns_are_refused_only_where_they_hold_data(tmp_path: Path) -> None:
    assert total(power(tmp_path / "a.xlsx", [*POWER, "备忘"])) == POWER_TOTAL
    assert refusal(power(tmp_path / "b.xlsx", [*POWER, "备忘"], [[*POWER_ROWS[0], "见附件"]])) == {
        "unknown-column": "购入电力!F2"
    }
    assert refusal(power(tmp_path / "c.xlsx", POWER, [[*POWER_ROWS[0], "见附件"]])) == {
        "column-without-heading": "购入电力!F2"
    }


def test_sheets_of_no_use_are_a_warning(tmp_path: Path) -> None:
    result = carbonstd.run(
        book(tmp_path / "a.xlsx", {"购入电力": [POWER, *POWER_ROWS], "草稿": [["随手记", 1], [2, 3]]})
    )
    assert result.primary.value == POWER_TOTAL
    assert "sheet-unused" in {item.code for item in result.findings}


def test_a_copied_sheet_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"electricity": [POWER, *POWER_ROWS], "购入电力": [POWER, *POWER_ROWS]})
    assert refusal(path) == {"sheet-twice": "购入电力"}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["核算方法", "gbt-32151.34"])
    made.worksheets[0].append(["核算期", "二零二五"])
    page = made.create_sheet("electricity")
    for row in (POWER, ["a", "grid", "2025-01", "#REF!", 0.5], ["b", "grid", "2025-01", "=1+1", 0.5]):
        page.append(row)
    page["D2"].data_type = "e"
    page.merge_cells("A2:A3")
    made.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == {
        "case-period": "Sheet!B2",
        "error-cell": "electricity!D2",
        "formula-uncached": "electricity!D3",
        "merged-cells": "electricity!A2",
    }


# The head


@pytest.mark.parametrize(
    ("period", "read"),
    [
        (2025, "2025"),
        ("2025年", "2025"),
        ("2025-01..2025-12", "2025"),
        (date(2025, 3, 1), "2025-03"),
        ("2025-03", "2025-03"),
    ],
)
def test_periods_are_read_as_people_type_them(tmp_path: Path, period: Any, read: str) -> None:
    head = [["Method", "GB/T 32151.34"], ["Period", period], ["As of", date(2026, 3, 31)]]
    case = carbonstd.read_case(book(tmp_path / "a.xlsx", {}, head))
    assert (str(case.period), case.as_of) == (read, date(2026, 3, 31))


def test_a_head_is_complete_and_says_each_thing_once(tmp_path: Path) -> None:
    twice = [*HEAD, ["核算期", "2024"]]
    assert refusal(book(tmp_path / "a.xlsx", {}, twice)) == {"head-twice": "基本信息!B5"}
    blank = [["核算方法", None], ["核算期", None]]
    assert refusal(book(tmp_path / "b.xlsx", {}, blank)) == {"head-missing": "基本信息!B2"}
    assert refusal(book(tmp_path / "c.xlsx", {}, [["随便", 1]])) == {"cover-missing": "c.xlsx"}
    unknown = [["核算方法", "gbt-99999"], ["核算期", "2025"]]
    assert refusal(book(tmp_path / "d.xlsx", {}, unknown)) == {"not-found": "基本信息!B1"}
    unreadable = [*HEAD[:3], ["依据截止日期", "去年"]]
    assert refusal(book(tmp_path / "e.xlsx", {}, unreadable)) == {"head-unreadable": "基本信息!B4"}


def test_a_field_by_id_and_label_is_no_sheet_of_that_name(tmp_path: Path) -> None:
    """The list of sheets on a cover names the sheet 报告期 and links to it."""
    head: list[list[Any]] = [["period", "核算期", "2025"], ["method", "核算方法", "GB/T 32151.34"]]
    listed = [None, "报告期", "报告期  Period reported"]
    assert str(carbonstd.read_case(book(tmp_path / "a.xlsx", {}, [*head, listed])).period) == "2025"


def test_consent_is_read_and_must_be_complete(tmp_path: Path) -> None:
    rows = [["表", "理由", "姓名"], ["fuels/x", "无实测值", "张三"]]
    case = carbonstd.read_case(book(tmp_path / "a.xlsx", {"假设": rows}))
    assert [(item.table, item.reason, item.name) for item in case.assumptions] == [("fuels/x", "无实测值", "张三")]
    assert refusal(book(tmp_path / "b.xlsx", {"assumptions": [rows[0], ["fuels/x", None, "张三"]]})) == {
        "missing-value": "assumptions!B2"
    }


# Months across

ACROSS = ["source", "supply", "emission_factor", "month", "electricity", "1月", "2月", "合计"]


def test_months_across_are_unfolded_each_with_its_cell(tmp_path: Path) -> None:
    path = power(tmp_path / "a.xlsx", ACROSS, [["主变", "grid", 0.5, None, None, 100, 200, 300]])
    assert total(path) == POWER_TOTAL
    raw = carbonstd.read_case(path).sheets["electricity"]
    assert raw.columns["month"] == ["2025-01", "2025-02"]
    assert [raw.place("electricity", row) for row in (0, 1)] == ["购入电力!F2", "购入电力!G2"]
    assert [raw.place("month", row) for row in (0, 1)] == ["购入电力!F2", "购入电力!G2"]
    assert raw.place("supply", 1) == "购入电力!B2"


@pytest.mark.parametrize(
    "months",
    [["2025-01", "2025年2月"], [date(2025, 1, 1), date(2025, 2, 1)], ["Jan", "February"], ["1月 Jan", "2月 Feb"]],
)
def test_months_across_have_many_names(tmp_path: Path, months: list[Any]) -> None:
    headings = ["source", "supply", "emission_factor", *months]
    assert total(power(tmp_path / "a.xlsx", headings, [["主变", "grid", 0.5, 100, 200]])) == POWER_TOTAL


def test_a_blank_month_is_skipped_and_the_engine_says_so(tmp_path: Path) -> None:
    result = carbonstd.run(power(tmp_path / "a.xlsx", ACROSS, [["主变", "grid", 0.5, None, None, 100, None, 100]]))
    assert result.primary.value == 50.0
    assert "months-incomplete" in {item.code for item in result.findings}


@pytest.mark.parametrize(
    ("written", "right"), [(300, True), ("300", True), ("0.3 GWh", True), (301, False), (0, False)]
)
def test_the_total_is_checked_and_never_read(tmp_path: Path, written: Any, right: bool) -> None:
    path = power(tmp_path / "a.xlsx", ACROSS, [["主变", "grid", 0.5, None, None, 100, 200, written]])
    assert total(path) == POWER_TOTAL if right else refusal(path) == {"wide-total": "购入电力!H2"}


def test_a_total_without_months_is_no_data(tmp_path: Path) -> None:
    path = power(tmp_path / "a.xlsx", ACROSS, [["主变", "grid", 0.5, None, None, None, None, 300]])
    assert refusal(path)["wide-total"] == "购入电力!H2"


def test_months_with_units_add_to_a_total_in_the_column_s_unit(tmp_path: Path) -> None:
    rows = [["主变", "grid", 0.5, None, None, "100000 kWh", "20 万kWh", 300]]
    assert total(power(tmp_path / "a.xlsx", ACROSS, rows)) == POWER_TOTAL


@pytest.mark.parametrize(("month", "quantity", "cell"), [("2025-01", None, "D2"), (None, 5, "E2")])
def test_a_row_is_long_or_across_not_both(tmp_path: Path, month: str | None, quantity: int | None, cell: str) -> None:
    path = power(tmp_path / "a.xlsx", ACROSS, [["主变", "grid", 0.5, month, quantity, 100, 200, 300]])
    assert refusal(path) == {"wide-and-long": f"购入电力!{cell}"}


def test_bare_months_follow_the_period(tmp_path: Path) -> None:
    head = [["核算方法", "gbt-32151.34"], ["核算期", "2024-07..2025-06"], ["依据截止日期", "2026-03-31"]]
    rows = [["source", "supply", "emission_factor", "12月", "1月"], ["主变", "grid", 0.5, 1, 2]]
    case = carbonstd.read_case(book(tmp_path / "a.xlsx", {"electricity": rows}, head))
    assert case.sheets["electricity"].columns["month"] == ["2025-01", "2024-12"]


# Representation

DIGITS = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
NUMBERS = st.sampled_from([100, 1234.5, 0.25, 12_345_678])
CLOTHES = [
    lambda number: number,
    lambda number: str(number),
    lambda number: f"  {number} ",
    lambda number: f"{number:,}",
    lambda number: str(number).translate(DIGITS),
    lambda number: f"{number} MWh",
    lambda number: f"{number}兆瓦时",
]
MONTHS = ["2025-03", "3月", "2025年3月", "2025/3", date(2025, 3, 1), "３月", 3]
SUPPLIES = ["grid", "电网购电", "Grid"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=NUMBERS,
    clothes=st.sampled_from(CLOTHES),
    month=st.sampled_from(MONTHS),
    order=st.permutations(range(5)),
    names=st.sampled_from(["id", "zh", "en"]),
    tail=st.integers(0, 3),
)
def test_one_case_in_other_clothes_has_one_total(
    tmp_path: Path, number: float, clothes: Any, month: Any, order: list[int], names: str, tail: int
) -> None:
    columns = carbonstd.method("gbt-32151.34").sheets["electricity"].columns
    headings = [name if names == "id" else columns[name].label[names] for name in POWER]
    row = ["主变", "grid", month, clothes(number), 0.5]
    rows = [[row[index] for index in order], *[[None, "  ", None, None, None]] * tail]
    path = power(tmp_path / "a.xlsx", [headings[index] for index in order], rows)
    assert total(path) == pytest.approx(number * 0.5, rel=1e-15)


@pytest.mark.parametrize("supply", ["grid", "Grid", "GRID"])
def test_terms_have_many_names(tmp_path: Path, supply: str) -> None:
    vocabulary = carbonstd.library().vocabulary("electricity_supplies")
    names = {supply, vocabulary.label("grid", "zh"), vocabulary.label("grid", "en")}
    for name in names:
        assert total(power(tmp_path / "a.xlsx", POWER, [["主变", name, "2025-01", 300, 0.5]])) == POWER_TOTAL


@pytest.mark.parametrize(
    "cell",
    ["1.234,5", "约100", "100-200", "1,00", "O.5", "--", "1e3x", "-", "9" * 400, "1e999999999", True, date(2025, 1, 1)],
)
def test_what_is_no_number_is_refused_with_its_cell(tmp_path: Path, cell: Any) -> None:
    path = power(tmp_path / "a.xlsx", POWER, [["主变", "grid", "2025-01", cell, 0.5]])
    assert list(refusal(path).values()) == ["购入电力!D2"]


def test_a_unit_column_is_read(tmp_path: Path) -> None:
    rows = [[*POWER_ROWS[0], "kWh"], [*POWER_ROWS[1], None]]
    assert total(power(tmp_path / "a.xlsx", [*POWER, "电量单位"], rows)) == 0.05 + 100


# What a sheet tells beside its cells


def test_hidden_rows_count_and_are_named(tmp_path: Path) -> None:
    path = power(tmp_path / "a.xlsx")
    made = openpyxl.load_workbook(path)
    made["购入电力"].row_dimensions[3].hidden = True
    made.save(path)
    assert total(path) == POWER_TOTAL
    assert codes(path) == {"hidden-rows": "购入电力"}


def test_merged_cells_are_refused_among_the_data_only(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"购入电力": [["购入电力统计"], POWER, *POWER_ROWS]})
    made = openpyxl.load_workbook(path)
    made["购入电力"].merge_cells("A1:E1")
    made.save(path)
    assert total(path) == POWER_TOTAL
    made["购入电力"].merge_cells("A3:A4")
    made.save(path)
    assert refusal(path) == {"merged-cells": "购入电力!A3"}


def test_formulas_count_with_the_value_they_carry(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(path)
    for row, line in enumerate(HEAD):
        page = made.get_worksheet_by_name("head") or made.add_worksheet("head")
        page.write_row(row, 0, line)
    page = made.add_worksheet("electricity")
    page.write_row(0, 0, POWER)
    page.write_row(1, 0, ["主变", "grid", "2025-01"])
    page.write_formula(1, 3, "=100+200", None, 300)
    page.write_number(1, 4, 0.5)
    made.close()
    assert total(path) == POWER_TOTAL
    assert codes(path) == {"formula-values": "electricity"}


def test_a_full_heading_reads_like_its_parts() -> None:
    headings = Headings(carbonstd.method("gbt-32151.34").sheets["electricity"])
    assert headings.find("电量 *\nElectricity\nQGe · MWh") == headings.find("electricity")
    assert headings.find("电量\nMonth") is None  # two columns in one heading lead to neither
    assert headings.find("March") == headings.by_id("electricity@03")
    assert headings.find("Marching") is None
    assert Period.parse("2025") is not None
