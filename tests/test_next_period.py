"""Next year's workbook: what stands is kept and told, the rest is asked for anew, and no figure changes on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import ShownPerCent, blank
from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Column, Sheet
from carbonstd._ledger.ledger import find_sheet
from carbonstd._template.lasting import Lasting, contradictory
from carbonstd._template.next_period import _figure, _months, next_period
from carbonstd._template.same_rows import merged, with_all_months
from carbonstd._units import unit

LIBRARY = carbonstd.library()
METHODS = Path(__file__).parent.parent / "methods"
NEXT = Period(date(2026, 1, 1), date(2026, 12, 31))
NAME = {"zh": "一", "en": "one"}
FAMILIES = [
    "mee-power", "gbt-32151.8", "gbt-32151.34", "mee-power-allowance", "gb-18613", "provincial-guide", "gbt-24067",
    "cbam-installation",
]  # fmt: skip


def column(name: str, kind: str = "number", measured: str = "MW", **fields: Any) -> Column:
    return Column(name, NAME, kind, units={"": unit(measured)}, **fields)


def sheet(*columns: Column, **fields: Any) -> Sheet:
    return Sheet("s", "s", NAME, {item.name: item for item in columns}, **fields)


def rows_of(raw: RawSheet) -> list[dict[str, Any]]:
    return [
        {name: cells[row] for name, cells in raw.columns.items() if not blank(cells[row])} for row in range(raw.rows)
    ]


def filled(last: Case, made: Case) -> Case:
    """Next year's case with what it lacks copied back from the last, row by row."""
    method = LIBRARY.method(last.method, last.period, last.as_of)
    sheets = {}
    for item in method.sheets.values():
        raw = find_sheet(last, method, item)
        if raw is None or not raw.rows:
            continue
        given = rows_of(made.sheets[item.id]) if item.id in made.sheets else [{}]
        records = []
        for row in rows_of(raw):
            fitting = [one for one in given if all(str(row.get(name)) == str(cell) for name, cell in one.items())]
            assert len(fitting) == 1, (item.id, row, given)
            records.append({**row, **fitting[0]})
        names = dict.fromkeys(name for record in records for name in record)
        sheets[item.id] = RawSheet({name: [one.get(name) for one in records] for name in names}, raw.place)
    return replace(last, sheets=sheets)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_kept_gives_last_years_totals_again(name: str, tmp_path: Path) -> None:
    """By the rules and months of the last period itself, so that nothing but the workbook can change a figure."""
    typed, path = tmp_path / "last.xlsx", tmp_path / "next.xlsx"
    shipped = METHODS / "equipment" / name / "cases" / "saving.yaml"
    carbonstd.template(carbonstd.read_case(shipped) if shipped.exists() else carbonstd.example(name), typed)
    last = carbonstd.read_case(typed)
    carbonstd.template(name, path, period=str(last.period), last=last)
    again = carbonstd.run(filled(last, carbonstd.read_case(path)))
    expected = carbonstd.run(last)
    assert {key: str(value) for key, value in again.totals.items()} == {
        key: str(value) for key, value in expected.totals.items()
    }


def test_the_nearest_that_says_so_decides() -> None:
    """The column, then its sheet; else names and choices, without answers and how a figure was found."""
    plain = (
        column("name", "label"), column("fuel", "text", vocabulary="fuels"), column("amount"), column("note", "text"),
        column("yes", "label", vocabulary="allowance_answers"), column("data_source", "label"),
        column("month", "month"),
    )  # fmt: skip
    assert Lasting(sheet(*plain, source_column="data_source"), LIBRARY).names == {"name", "fuel"}
    form = sheet(*plain, column("hours", standing=False), standing=True, source_column="data_source")
    assert Lasting(form, LIBRARY).names == {"name", "fuel", "amount", "note"}
    record = sheet(*plain, column("power", standing=True), standing=False, source_column="data_source")
    assert Lasting(record, LIBRARY).names == {"power"}
    assert [item.name for item in contradictory(sheet(column("year", within_period=True, standing=True)))] == ["year"]


def test_a_figure_is_read_in_the_unit_it_was_typed_in() -> None:
    """600 000 kW where the newer edition asks MW; a share shown as 30 %; a capacity in t that is now one in t/d."""
    was, now, other = column("p", measured="kW"), column("p"), column("p", measured="t/d")
    assert _figure(600_000, None, was, now) == (600_000, "kW")
    assert _figure("600 MW", None, was, now) == ("600 MW", "")
    assert _figure(600, "MW", was, now) == (600, "MW")
    assert _figure(600, None, was, was) == (600, "")
    assert _figure(600, None, was, other) is None
    assert _figure(600, "MW", other, other) is None
    assert _figure(600, None, None, now) is None
    share = column("p", measured="%")
    assert _figure(ShownPerCent(0.3), None, share, share) == (0.3, "1")


def test_rows_of_one_name_are_one_unless_their_figures_differ() -> None:
    """A rated power typed in January alone is that of the unit; one in kW is not one in MW; two are left apart."""
    form = sheet(column("unit", "label"), column("p", standing=True))
    assert merged([{"unit": "1", "p": 600}, {"unit": "1"}, {"unit": "2"}], form) == (
        [{"unit": "1", "p": 600}, {"unit": "2"}],
        [],
    )
    apart: list[dict[str, Any]] = [{"unit": "1", "p": 600}, {"unit": "1", "p": 600, "p_unit": "kW"}]
    assert merged(apart, form) == (apart, ["1"])


def test_a_name_of_several_months_has_a_row_for_each() -> None:
    """A furnace told of in two of three months; one test in a single month stays alone."""
    form = sheet(column("line", "label"), column("month", "month"))
    rows: list[dict[str, Any]] = [{"line": "1", "month": month} for month in ("2026-01", "2026-03")]
    alone: dict[str, Any] = {"line": "2", "month": "2026-02"}
    months = ["2026-01", "2026-02", "2026-03"]
    found = with_all_months([*rows, alone], form, months)
    assert [(row["line"], row["month"]) for row in found] == [*(("1", month) for month in months), ("2", "2026-02")]


def test_a_copy_for_the_same_period_is_told() -> None:
    case = carbonstd.example("gbt-32151.34")
    codes = [{item.code for item in next_period(case, case.method, of, LIBRARY).findings} for of in (case.period, NEXT)]
    assert ["next-period-same" in held for held in codes] == [True, False]


def test_figures_that_nobody_typed_together_stay_apart() -> None:
    """Of 600 with 1, of 700, and of 2 none is put beside another; the same row typed again, and a bare name, go."""
    form = sheet(column("unit", "label"), column("p", standing=True), column("q", standing=True))
    rows: list[dict[str, Any]] = [{"unit": "1", "p": 600, "q": 1}, {"unit": "1", "p": 700}, {"unit": "1", "q": 2}]
    again: list[dict[str, Any]] = [{"unit": "1", "p": "600", "q": 1.0}, {"unit": "1"}]
    assert merged([*rows, *again], form) == (rows, ["1"])


@pytest.mark.parametrize("other", [{"p": "600"}, {"p": "600 MW"}, {"p": 600_000, "p_unit": "kW"}, {"p": 600.0}])
def test_one_figure_typed_in_two_ways_is_one(other: dict[str, Any]) -> None:
    form = sheet(column("unit", "label"), column("p", standing=True))
    assert merged([{"unit": "1", "p": 600}, {"unit": "1", **other}], form) == ([{"unit": "1", "p": 600}], [])


def test_months_keep_their_names() -> None:
    """April stays April where a year of twelve months begins in another; what the next period has not is left blank."""

    def months(last: str, following: str) -> dict[str, str]:
        old, new = Period.parse(last), Period.parse(following)
        assert old is not None
        assert new is not None
        return _months(old, new)

    assert months("2024-04..2025-03", "2026")["2024-04"] == "2026-04"
    assert months("2024-04..2025-03", "2026")["2025-01"] == "2026-01"
    assert months("2024-11..2025-02", "2025-12..2026-01") == {"2024-12": "2025-12", "2025-01": "2026-01"}
    assert months("2023..2024", "2025..2026")["2024-05"] == "2026-05"


def test_what_tells_of_one_period_alone_does_not_stand() -> None:
    """The digits of a register that rolled over disarm a refusal; what was retired is not retired again."""
    for method, name, passing in (("gbt-2589", "energy_meters", "digits"), ("gbt-32151.2", "sf6", "capacity")):
        assert passing not in Lasting(LIBRARY.method(method).sheets[name], LIBRARY).names
    assert "multiplier" in Lasting(LIBRARY.method("gbt-2589").sheets["energy_meters"], LIBRARY).names


def test_a_unit_in_a_heading_goes_with_the_figures_that_stand(tmp_path: Path) -> None:
    """Rated power typed as 600 000 under a heading that says kW, where the column is in MW, is 600 MW next year too."""
    last, path = tmp_path / "last.xlsx", tmp_path / "next.xlsx"
    carbonstd.template(carbonstd.example("mee-power"), last)
    made = openpyxl.load_workbook(last)
    page = made["机组"]
    page.delete_rows(1, 4)  # as a sheet of one's own: headings and rows
    page["D1"], page["D2"] = "装机容量（发电机额定功率）（kW）", 600_000
    made.save(last)
    case = carbonstd.read_case(last)
    findings = carbonstd.template("mee-power", path, period=str(case.period), last=case)
    raw = carbonstd.read_case(path).sheets["unit"]
    assert (raw.columns["rated_power"][0], raw.columns["rated_power_unit"][0]) == (600_000, "kW")
    told = [str(item.found("zh")) for item in findings if item.code == "next-period"]
    assert "机组：装机容量" in told[0]
    notes = [cell.comment.text for row in openpyxl.load_workbook(path)["机组"] for cell in row if cell.comment]
    assert any(f"沿用 {case.period} 的数据" in text for text in notes)


def test_a_figure_of_another_measure_is_left_blank_and_told() -> None:
    case = carbonstd.example("mee-power")
    raw = case.sheets["unit"]
    typed: dict[str, list[Any]] = {"rated_power": [600] * raw.rows, "rated_power_unit": ["t"] * raw.rows}
    sheets = {**case.sheets, "unit": RawSheet({**raw.columns, **typed}, raw.place)}
    found = next_period(replace(case, sheets=sheets), "mee-power", case.period, LIBRARY)
    assert "rated_power" not in found.case.sheets["unit"].columns
    assert "next-period-unit" in {item.code for item in found.findings}
