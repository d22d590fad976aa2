"""Templates: filled with a case they read back as that case; blank ones say what to fill."""

from __future__ import annotations

import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._case.case import Case, make_case
from carbonstd._definitions.library import Library
from carbonstd._findings import Language
from carbonstd._template.rows import template_rows, written
from carbonstd._template.template import Filling, write_template
from carbonstd._template.texts import column_help
from carbonstd._workbook.cells import letters
from carbonstd._workbook.layout import head_field

METHOD = "gbt-32151.34@2024"
# The example's total, worked outside carbonstd with exact fractions (cases/example-plant.md)
EXAMPLE_TOTAL = "179058.66"


@pytest.fixture(scope="module")
def cases() -> Path:
    return carbonstd.library().method_headers[METHOD].path.parent / "cases"


@pytest.fixture(scope="module")
def example(cases: Path) -> Case:
    return carbonstd.read_case(cases / "example-plant.yaml")


def write(path: Path, case: Case | None = None, language: Language = "zh") -> Path:
    write_template(carbonstd.method(METHOD), carbonstd.library(), path, language, Filling(case))
    return path


def records(case: Case, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet with terms as keys and numbers as the ledger reads them, for comparing cases."""
    raw = case.sheets[sheet]
    columns = carbonstd.method(METHOD).sheets[sheet].columns
    library = carbonstd.library()

    def plain(name: str, cell: Any) -> Any:
        column = columns[name]
        if column.vocabulary:
            return library.vocabulary(column.vocabulary).resolve(str(cell))
        value = written(cell, column)
        return Fraction(str(value)) if isinstance(value, int | float) else value

    return [
        {name: plain(name, cells[row]) for name, cells in raw.columns.items() if cells[row] is not None}
        for row in range(raw.rows)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_case_goes_into_a_template_and_comes_back(tmp_path: Path, example: Case, language: Language) -> None:
    path = write(tmp_path / "a.xlsx", example, language)
    case = carbonstd.read_case(path)
    assert (case.method, case.period, case.as_of) == (example.method, example.period, example.as_of)
    assert case.entity == example.entity
    assert {name: records(case, name) for name in case.sheets} == {
        name: records(example, name) for name in example.sheets
    }
    assert carbonstd.run(case).totals == carbonstd.run(example).totals
    assert case.findings == []


def test_the_shipped_example_is_the_shipped_case(cases: Path, example: Case, tmp_path: Path) -> None:
    shipped = cases.parent / "example.xlsx"
    result = carbonstd.run(shipped)
    assert f"{result.primary.value:.2f} {result.primary.unit}" == f"{EXAMPLE_TOTAL} tCO2"
    assert result.totals == carbonstd.run(example).totals
    fresh = openpyxl.load_workbook(write(tmp_path / "a.xlsx", example))
    kept = openpyxl.load_workbook(shipped)
    cells = [{page.title: [[cell.value for cell in row] for row in page] for page in made} for made in (fresh, kept)]
    assert cells[0] == cells[1], "example.xlsx is stale: write_template with cases/example-plant.yaml writes it"


def test_one_input_gives_the_same_bytes(tmp_path: Path, example: Case) -> None:
    first, second = write(tmp_path / "a.xlsx", example), write(tmp_path / "b.xlsx", example)
    assert first.read_bytes() == second.read_bytes()


def test_cases_survive_the_round_trip(cases: Path, tmp_path: Path) -> None:
    """Units and numbers as typed, months across, missing columns: same totals, or the same refusal."""
    chosen = [path for path in sorted(cases.glob("*.yaml")) if path.name.startswith(("unit-", "trap-f", "trap-m"))]
    assert len(chosen) > 12
    for path in chosen:
        case = carbonstd.read_case(path)
        again = carbonstd.read_case(write(tmp_path / "a.xlsx", case))
        assert _outcome(again) == _outcome(case), path.name


def _outcome(case: Case) -> Any:
    try:
        return carbonstd.run(case).totals
    except carbonstd.CaseError as error:
        return sorted({item.code for item in error.findings if item.severity == "error"})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_blank_template_wants_a_period_and_then_tells_all_sheets_are_empty(
    tmp_path: Path, language: Language
) -> None:
    path = write(tmp_path / "a.xlsx", language=language)
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.read_case(path)
    told = [(item.code, item.place.split("!")[1]) for item in caught.value.findings]
    assert told == [("head-missing", "C12"), ("name-missing", "C8")]
    case = carbonstd.read_case(fill(path, {}))
    assert all(raw.rows == 0 for raw in case.sheets.values())


def fill(path: Path, cells: dict[str, Any], sheet: int = 3) -> Path:
    """Fill a blank template as a person would: name and period on the cover and cells of one sheet."""
    made = openpyxl.load_workbook(path)
    made.worksheets[0]["C8"], made.worksheets[0]["C12"] = "示例厂", 2025
    for place, value in cells.items():
        made.worksheets[sheet][place] = value
    made.save(path)
    return path


# On the sheet of purchased electricity: A source, B month, C supply, D evidence, E electricity, F factor, H.. months
LONG = {"A6": "主变", "B6": "1月", "C6": "grid", "E6": 300, "F6": 0.5}
ACROSS = {"A6": "主变", "C6": "grid", "F6": 0.5, "H6": 100, "I6": 200}


@pytest.mark.parametrize("cells", [LONG, ACROSS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_filled_in_either_way_gives_its_total(
    tmp_path: Path, cells: dict[str, Any], language: Language
) -> None:
    path = fill(write(tmp_path / "a.xlsx", language=language), cells)
    assert carbonstd.run(path).primary.value == 150.0  # 300 MWh x 0.5 tCO2/MWh


def test_rows_far_below_the_drawn_ones_are_read(tmp_path: Path) -> None:
    path = fill(write(tmp_path / "a.xlsx"), {place.replace("6", "900"): value for place, value in ACROSS.items()})
    assert carbonstd.run(path).primary.value == 150.0


def edited(path: Path, edit: Any) -> Path:
    made = openpyxl.load_workbook(path)
    edit(made.worksheets[3])
    made.save(path)
    return path


def test_inserted_rows_and_columns_do_no_harm(tmp_path: Path) -> None:
    path = fill(write(tmp_path / "a.xlsx"), ACROSS)
    edited(path, lambda page: (page.insert_rows(4, 2), page.insert_cols(1), page.insert_cols(4)))
    assert carbonstd.run(path).primary.value == 150.0


def test_whole_columns_may_move(tmp_path: Path) -> None:
    path = fill(write(tmp_path / "a.xlsx"), LONG)

    def swap(page: Any) -> None:
        for row in range(2, 8):
            left, right = page.cell(row, 5), page.cell(row, 6)
            left.value, right.value = right.value, left.value

    assert carbonstd.run(edited(path, swap)).primary.value == 150.0


def test_without_its_hidden_rows_a_template_reads_by_its_headings(tmp_path: Path) -> None:
    path = fill(write(tmp_path / "a.xlsx"), ACROSS)
    assert carbonstd.run(edited(path, lambda page: page.delete_rows(1, 2))).primary.value == 150.0


def test_a_heading_moved_without_its_id_is_refused(tmp_path: Path) -> None:
    path = fill(write(tmp_path / "a.xlsx"), LONG)

    def move(page: Any) -> None:
        for row in (5, 6):
            left, right = page.cell(row, 5), page.cell(row, 6)
            left.value, right.value = right.value, left.value

    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.read_case(edited(path, move))
    assert {(item.code, item.place) for item in caught.value.findings} == {
        ("heading-moved", "购入电力!E5"), ("heading-moved", "购入电力!F5"),
    }  # fmt: skip


def test_a_heading_s_unit_may_be_changed(tmp_path: Path) -> None:
    path = fill(write(tmp_path / "a.xlsx"), {**LONG, "E5": "电量 *\nElectricity\nQGe · kWh", "E6": 300_000})
    assert carbonstd.run(path).primary.value == pytest.approx(150.0, rel=1e-15)


def test_the_method_on_the_cover_and_the_template_agree(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx", carbonstd.read_case({"method": METHOD, "period": 2025, "entity": "示例厂", "inputs": {}})
    )
    made = openpyxl.load_workbook(path)
    made.worksheets[1]["D1"] = "gbt-99999@2024"
    made.save(path)
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.read_case(path)
    assert [(item.code, item.place) for item in caught.value.findings] == [("template-other-method", "封面!C7")]


def test_text_that_a_spreadsheet_would_run_is_made_safe_and_comes_back(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x","y")'
    rows = [{"source": evil, "supply": "grid", "electricity": 1, "emission_factor": 0.5}]
    head = {"method": METHOD, "period": 2025, "as_of": "2026-03-31", "entity": {"name": {"zh": "@SUM(1)", "en": "+1"}}}
    case = carbonstd.read_case({**head, "inputs": {"electricity": rows}})
    path = write(tmp_path / "a.xlsx", case)
    for page in openpyxl.load_workbook(path):
        for row in page:
            for cell in row:
                assert cell.data_type != "f" or str(cell.value).startswith("=SUM("), cell.coordinate
                assert cell.data_type == "f" or not str(cell.value or "").startswith(("=", "+", "-", "@")), (
                    cell.coordinate
                )
    again = carbonstd.read_case(path)
    assert again.sheets["electricity"].columns["source"] == [evil]
    assert again.entity == {"name": {"zh": "@SUM(1)", "en": "+1"}}


def test_consent_goes_into_the_workbook_and_comes_back(tmp_path: Path) -> None:
    consent = [{"table": "fuels/x", "reason": "无实测值", "name": "张三"}]
    case = make_case({"method": METHOD, "period": 2025, "assumptions": consent}, {}, "")
    assert carbonstd.read_case(write(tmp_path / "a.xlsx", case)).assumptions == case.assumptions


def test_months_across_follow_the_period(tmp_path: Path) -> None:
    case = make_case({"method": METHOD, "period": "2024-11..2025-02"}, {}, "")
    page = openpyxl.load_workbook(write(tmp_path / "a.xlsx", case)).worksheets[3]
    ids = [str(cell.value) for cell in page[2] if "@" in str(cell.value)]
    assert ids == [
        *(f"electricity@{month}" for month in ("2024-11", "2024-12", "2025-01", "2025-02")),
        "electricity@total",
    ]


def test_a_template_guides_its_reader(tmp_path: Path) -> None:
    made = openpyxl.load_workbook(write(tmp_path / "a.xlsx"))
    page = made.worksheets[3]
    assert (page.row_dimensions[1].hidden, page.row_dimensions[2].hidden, page.freeze_panes) == (True, True, "B6")
    assert made["词表"].sheet_state == "hidden"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    assert rules["C6"].type == "list"
    assert (rules["F6"].type, float(rules["F6"].formula1), float(rules["F6"].formula2)) == ("decimal", 0, 2)
    assert page["C5"].value == "电力类别 *\nKind of supply"
    assert page["E5"].value == "电量 *\nElectricity\nQGe · MWh"
    assert page["F5"].value.endswith("空白＝表C.3、附录D")
    assert page["F5"].comment is not None
    assert page["T6"].value == "=SUM(H6:S6)"


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError("open in Excel")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(carbonstd.CaseError) as caught:
        write(path)
    assert caught.value.findings[0].code == "output-open"
    assert [item.name for item in tmp_path.iterdir()] == ["a.xlsx"]
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(carbonstd.CaseError) as caught:
        write(tmp_path / "file" / "a.xlsx")
    assert caught.value.findings[0].code == "output-refused"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("2486.3 t", 2_486_300),
        ("305925 kWh", "305925 kWh"),
        (0.1, 0.1),
        (5, 5),
        (None, None),
        ("约 5", "约 5"),
        ("-5 t", "-5 t"),
    ],
)
def test_quantities_are_written_in_the_column_s_unit(value: Any, cell: Any) -> None:
    assert written(value, carbonstd.method(METHOD).sheets["heat"].columns["mass"]) == cell


def test_records_that_differ_in_more_than_the_month_stay_apart() -> None:
    sheet = carbonstd.method(METHOD).sheets["electricity"]
    rows = [
        {"source": "a", "month": "2025-01", "electricity": 1},
        {"source": "a", "month": "2025-02", "electricity": 2},
        {"source": "a", "month": "2025-02", "electricity": 3},
        {"source": "b", "month": "2025-03", "electricity": 4},
        {"source": "b", "month": date(2025, 4, 1), "electricity": 5},
    ]
    case = carbonstd.read_case({"method": METHOD, "period": 2025, "inputs": {"electricity": rows}})
    assert template_rows(sheet, case.sheets["electricity"], case.period.months()) == [
        {"source": "a", "electricity@2025-01": 1, "electricity@2025-02": 2},
        {"source": "a", "month": "2025-02", "electricity": 3},
        {"source": "b", "electricity@2025-03": 4, "electricity@2025-04": 5},
    ]


def test_letters_and_parts(tmp_path: Path) -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
    with zipfile.ZipFile(write(tmp_path / "a.xlsx")) as pack:
        assert all(item.date_time[0] == 1980 for item in pack.infolist())  # no clock in the bytes


def test_bounds_that_differ_by_basis_stand_with_their_units() -> None:
    column = Library().method("ndrc-coking@2014").sheets["coking"].columns["carbon_content"]
    assert "≤ 1 tC/t, ≤ 40 tC/10⁴ m³" in column_help(column, "en")


@pytest.mark.parametrize(("method", "label"), [("carbon-peak", "地区名称"), ("ccus-balance", "项目名称")])
def test_the_cover_of_a_region_or_project_is_named_so_and_read_again(method: str, label: str, tmp_path: Path) -> None:
    target = tmp_path / "case.xlsx"
    write_template(carbonstd.method(method), carbonstd.library(), target, "zh")
    labels = [str(cell.value) for cell in openpyxl.load_workbook(target).worksheets[0]["B"]]
    named = next(text for text in labels if text.startswith(f"{label}（中文）"))
    assert head_field(named) == "entity.name.zh"
    assert not any("企业名称（" in text for text in labels)


def test_the_cover_asks_for_a_form_only_where_something_in_it_is_asked_for(tmp_path: Path) -> None:
    """Nitrogen of soils (农用地氮参数) is one form whose figures are all optional; the settings need their province."""
    method, path = carbonstd.method("provincial-guide@2011"), tmp_path / "province.xlsx"
    write_template(method, carbonstd.library(), path)
    cover = openpyxl.load_workbook(path).worksheets[0]
    states = {row[1]: row[3] for row in cover.iter_rows(values_only=True) if row[1]}
    assert states[method.sheets["soil_settings"].label["zh"]] == "有该排放源时填写"
    assert states[method.sheets["inventory_settings"].label["zh"]] == "必填"
