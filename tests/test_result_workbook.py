"""The result workbook: formulas that a spreadsheet recalculates to our values, and text a manager can rely on.

LibreOffice is the judge of the formulas; each workbook, and each with an edited input, is recalculated by force.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlsxwriter

import carbonstd
from carbonstd._case.case import Case, RawSheet
from carbonstd._definitions.library import Library
from carbonstd._result_workbook.layout import LIVE_ROWS
from carbonstd._result_workbook.lock import LOCK_SHEET, edited_factors, read_lock_from_workbook
from carbonstd._result_workbook.models import read_by_models
from carbonstd._result_workbook.sheets import number_format, result_format
from carbonstd._template.template import Filling, write_template
from carbonstd._workbook.style import Paper
from tests.libreoffice import office, printed_pages, recalculated

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "methods/enterprises/gbt-32151.34/cases"
PROBES = ROOT / "tests/probes"
RELATIVE = 1e-9
NOISE = 1e-9  # t: a balance that cancels leaves 1e-13, which a spreadsheet snaps to zero

# every equation, every path of a fuel, defaults and entered values, units typed, called models, subtraction
WRITTEN = (
    "example-plant",
    "eq-01-fuel-by-volume",
    "eq-02-fuel-by-mass",
    "eq-03-fuel-by-heat",
    "eq-04-heat-from-volume",
    "eq-06-default-k1",
    "eq-07-baking",
    "eq-08-balance-zero",
    "eq-09-fume-incineration",
    "eq-10-default-i-ef-tr",
    "eq-12-grid-default",
    "eq-13-supplier-factor",
    "eq-14-15-16-totals",
    "eq-15-export-exceeds",
    "steam-enthalpy-entered",
    "steam-superheated-isobar",
    "table-c1-all-fuels",
    "table-c1-heat-defaults",
    "table-c2-all-carbonates",
    "unit-fuel",
    "unit-wide-months",
    "power-nonfossil-evidence",
)
# sums by keys, floors by month, roles, conditions, species, editions by month, models over an axis, limits by level
PROBED = (
    "probe-01-fuel-units/cases/entered-units",
    "probe-03-clinker/cases/floored",
    "probe-03-clinker/cases/no-substitutes",
    "probe-04-monthly-default/cases/february-unmeasured",
    "probe-05-energy-balance/cases/one-year",
    "probe-06-limit/cases/upper-band",
    "probe-07-decay/cases/three-years",
    "probe-08-loop/cases/steel-and-power",
    "probe-10-edition-change/cases/by-month",
    "probe-11-mass-balance/cases/furnace",
    "probe-12-negative-limit/cases/fails",
)


@dataclass
class Edit:
    """A cell changed in the workbook, and the same change made in the case."""

    case: str
    sheet: str
    column: str
    row: int
    value: Any


EDITS = {
    "raw material": Edit("example-plant", "calcination", "raw_material", 0, 5000),
    "heat instead of quantity": Edit("example-plant", "fuel", "heat", 12, 3000),
    "own factor over a default": Edit("example-plant", "electricity", "emission_factor", 0, 0.6),
    "steam sold": Edit("example-plant", "heat_exported", "mass", 2, 900_000),
    "share of a carbonate": Edit("table-c2-all-carbonates", "desulphurisation", "consumption", 0, 123.5),
    "below the floor": Edit("probe-03-clinker/cases/floored", "clinker", "clinker", 1, 1),
    "above the floor": Edit("probe-03-clinker/cases/floored", "clinker", "clinker", 2, 400),
    "a blank filled": Edit("grammar", "items", "a", 0, 1.5),
    "a value emptied where others stand in": Edit("grammar", "items", "a", 3, None),
    "a number by key": Edit("grammar", "items", "b", 8, 6.75),
    "a negative role": Edit("probe-11-mass-balance/cases/furnace", "flow", "mass", 2, 7.5),
}


def library(name: str) -> carbonstd.Library:
    if "probe" in name:
        return carbonstd.library([PROBES / "factors"], [PROBES / "methods"])
    return carbonstd.library((), [ROOT / "tests/grammar/methods"] if name == "grammar" else ())


def read(name: str) -> Case:
    if name == "grammar":
        return grammar()
    path = PROBES / f"methods/probes/{name}.yaml" if "probe" in name else CASES / f"{name}.yaml"
    return carbonstd.read_case(path, library(name))


def changed(change: Edit) -> Case:
    """The case of an edit with the same cell changed."""
    case = read(change.case)
    sheet = case.sheets[change.sheet]
    cells = list(sheet.columns.get(change.column, [None] * sheet.rows))
    cells[change.row] = change.value
    case.sheets[change.sheet] = RawSheet({**sheet.columns, change.column: cells}, sheet.place)
    return case


def run(name: str) -> carbonstd.Result:
    return carbonstd.run(read(name), of=library(name))


def stem(name: str) -> str:
    return name.replace("/cases/", "-").replace(" ", "-")


def opened(path: Path, values: bool = False) -> Any:
    """A workbook with its formulas, or with their values."""
    return openpyxl.load_workbook(path, data_only=values)


def formulas(path: Path) -> Iterator[tuple[str, str]]:
    for page in opened(path):
        for row in page.iter_rows():
            yield from ((page.title, cell.coordinate) for cell in row if cell.data_type == "f")


def cell_of(page: Any, heading: str, row: int) -> Any:
    """The cell of a data row below a heading that starts so (headings stand in row 4, data from row 5)."""
    column = next(cell.column for cell in page[4] if str(cell.value).startswith(heading))
    return page.cell(5 + row, column)


def edit(source: Path, target: Path, result: carbonstd.Result, change: Edit) -> None:
    """Put a value into one cell of a result workbook, leaving its formulas."""
    book = opened(source)
    sheet = result.method.sheets[change.sheet]
    cell_of(book[sheet.label["en"]], sheet.columns[change.column].label["en"], change.row).value = change.value
    book.save(target)


# labels that conditions of a spreadsheet would take for patterns, numbers or one another
LINES = ("A", "a", "A*", "<5", "01", "1", "=A", "~")


def grammar() -> Case:
    """Every form of the expression language, on rows with blanks."""
    rows = [
        {
            "line": LINES[index % len(LINES)],
            "month": f"2025-{index // len(LINES) + 1:02d}",
            "role": ("in", "out", None, "IN")[index % 4],
            "a": (None, 0.5, 2, 3.25, None)[index % 5],
            "b": 0.25 + index % 7,
        }
        for index in range(45)
    ]
    case = {"method": "grammar@2025", "period": "2025", "as_of": "2026-01-31", "inputs": {"items": rows}}
    return carbonstd.read_case(case, library("grammar"))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Every workbook, and every edited one, as written and as LibreOffice recalculates it."""
    office()
    folder = tmp_path_factory.mktemp("result")
    written: dict[str, Path] = {}
    for index, name in enumerate((*WRITTEN, *PROBED, "grammar")):
        written[name] = folder / f"{stem(name)}.xlsx"
        edited = any(change.case == name for change in EDITS.values())
        run(name).to_excel(written[name], "zh" if index % 2 and not edited else "en")
    for name, change in EDITS.items():
        written[name] = folder / f"edited-{stem(name)}.xlsx"
        edit(written[change.case], written[name], run(change.case), change)
    written["blank"] = folder / "edited-blank.xlsx"
    edit(
        written["example-plant"],
        written["blank"],
        run("example-plant"),
        Edit("", "calcination", "raw_material", 0, None),
    )
    written["factor"] = folder / "edited-factor.xlsx"
    _edit_factor(written["example-plant"], written["factor"])
    written["tampered"] = folder / "tampered.xlsx"
    with xlsxwriter.Workbook(written["tampered"]) as book:
        book.add_worksheet().write_formula("A1", "=1+1", None, 5)
    copies = recalculated(list(written.values()), tmp_path_factory.mktemp("office"))
    return {name: (path, copy) for (name, path), copy in zip(written.items(), copies, strict=True)}


def _edit_factor(source: Path, target: Path) -> None:
    book = opened(source)
    page = book["Factors"]
    row = next(cell.row for cell in page["A"] if cell.value == "electricity/mee-grid-average")
    assert page.cell(row, 6).value == 0.5306
    page.cell(row, 6).value = 0.6
    book.save(target)


def total(path: Path, result: carbonstd.Result) -> Any:
    """The main total on the summary sheet."""
    page = opened(path, True)["Summary"]
    label = result.method.primary.label["en"]
    row = next(cell.row for cell in page["A"] if cell.value and label in str(cell.value).split("\n"))
    return page.cell(row, 2).value


class TestRecalculation:
    def test_it_is_forced(self, books: dict[str, tuple[Path, Path]]) -> None:
        """A workbook that carries a wrong value comes back right: otherwise nothing below would mean anything."""
        assert opened(books["tampered"][1], True)["Sheet1"]["A1"].value == 2

    @pytest.mark.parametrize("name", [*WRITTEN, *PROBED, "grammar"])
    def test_every_formula_gives_the_value_it_carries(self, books: dict[str, tuple[Path, Path]], name: str) -> None:
        path, copy = books[name]
        ours, theirs = (opened(item, True) for item in (path, copy))
        places = list(formulas(path))
        assert len(places) >= 3
        for page, place in places:
            carried, found = ours[page][place].value, theirs[page][place].value
            if isinstance(carried, int | float) and isinstance(found, int | float):
                assert found == pytest.approx(carried, rel=RELATIVE, abs=NOISE), f"{page}!{place}"
            else:
                assert (carried or "") == (found or ""), f"{page}!{place}"

    @pytest.mark.parametrize("name", EDITS)
    def test_a_changed_input_gives_what_the_engine_gives(self, books: dict[str, tuple[Path, Path]], name: str) -> None:
        change = EDITS[name]
        expected = carbonstd.run(changed(change), of=library(change.case))
        before = run(change.case).primary.value
        assert expected.primary.value != pytest.approx(before, rel=1e-6)
        assert total(books[name][1], expected) == pytest.approx(expected.primary.value, rel=RELATIVE)

    def test_a_changed_factor_moves_every_default_that_points_at_it(self, books: dict[str, tuple[Path, Path]]) -> None:
        # grid electricity of the case: 201 020.1 MWh bought (twelve months added) less 1 318.275 MWh sold
        expected = 179058.66 + (201020.1 - 1318.275) * (0.6 - 0.5306)
        assert total(books["factor"][1], run("example-plant")) == pytest.approx(expected, abs=0.01)

    def test_a_cell_emptied_is_missing_not_zero(self, books: dict[str, tuple[Path, Path]]) -> None:
        assert total(books["blank"][1], run("example-plant")) == "#N/A"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("example")
    paths = {language: folder / f"{language}.xlsx" for language in ("zh", "en")}
    result = run("example-plant")
    for language, path in paths.items():
        result.to_excel(path, language)  # type: ignore[arg-type]
    return paths


def texts(page: Any) -> str:
    return "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None)


def test_the_first_sheet_says_what_was_computed_and_what_it_is_not(example: dict[str, Path]) -> None:
    for language, title in (("zh", "汇总"), ("en", "Summary")):
        book = opened(example[language], True)
        assert book.sheetnames[0] == title
        page = texts(book[title])
        assert "示例炭素股份有限公司" in page
        assert "GB/T 32151.34-2024" in page
        assert f"由 carbonstd {carbonstd.__version__} 依据 GB/T 32151.34-2024 和所列数据计算" in page
        assert "不构成核查意见、监察结论、配额决定或认证" in page
        assert "no verification opinion, supervision finding, allowance decision or certification" in page
        assert len(book[title]._charts) == 1


def test_totals_and_lines_refer_to_their_equations(example: dict[str, Path]) -> None:
    result = run("example-plant")
    assert total(example["en"], result) == pytest.approx(179058.66, abs=0.005)  # the case's expected total
    page = opened(example["en"])["Summary"]
    formula = [str(cell.value) for row in page.iter_rows() for cell in row if str(cell.value).startswith("=Equations!")]
    assert len(formula) == len(result.lines) + len(result.total_lines) + 3  # and the three largest


def test_defaults_refer_to_the_factor_they_came_from(example: dict[str, Path]) -> None:
    book = opened(example["en"])
    page = book["Fossil fuel combustion"]
    cell = cell_of(page, "Net calorific value", 12)  # diesel
    reference = re.fullmatch(r"=Factors!\$F\$(\d+)", cell.value)
    assert reference
    row = [item.value for item in book["Factors"][int(reference[1])]]
    assert row[:2] == ["fuels/gbt-32151.34", "2024"]
    assert row[5:7] == [42.652, "GJ/t"]  # table C.1, diesel
    assert cell_of(page, "Defaults from", 12).value == "fuels/gbt-32151.34@2024 [diesel]: NCV, CC, OF"
    assert cell.fill.fgColor.rgb != cell_of(page, "Consumption", 12).fill.fgColor.rgb


def test_row_equations_show_number_and_printed_formula_above_their_column(example: dict[str, Path]) -> None:
    page = opened(example["zh"])["原料煅烧"]
    above = [str(cell.value) for cell in page[3] if cell.value]
    assert above == ["(6) ECi = (GC × WFC - (CC + UCC + DU) × WFCC) × 44/12 + (GC × WVar - CC × WVarC) × K1 × 44/16"]
    assert "ECi · tCO2" in texts(page)


def test_equations_carry_clause_and_evidence(example: dict[str, Path]) -> None:
    page = opened(example["en"], True)["Equations"]
    row = next(row for row in page.iter_rows(values_only=True) if row[8] == "total_emissions")
    assert row[:2] == ("(16)", "ET")
    assert row[3] == "ES + EI"
    assert row[6] == "5.2.7.3"


def test_called_models_are_marked_not_live_and_show_their_working(example: dict[str, Path]) -> None:
    book = opened(example["en"])
    page = texts(book["Model working"])
    assert "values, not live" in page
    assert "enthalpy at lower temperature and pressure, kJ/kg" in page
    assert not [cell for row in book["Model working"].iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    ("sheet", "columns"),
    [
        ("footprint_input", ["amount"]),
        ("footprint_output", ["amount", "mass", "heating_value", "price", "share", "credit_factor"]),
        ("footprint_product", ["demand"]),
        ("footprint_electricity", []),
    ],
)
def test_the_columns_that_feed_a_called_model_are_known(sheet: str, columns: list[str]) -> None:
    assert read_by_models(Library().method("gbt-24067@2024"), sheet) == columns


@pytest.fixture(scope="module")
def footprint(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("footprint") / "housing.xlsx"
    carbonstd.run(ROOT / "methods/products/gbt-24067/cases/example-housing.yaml").to_excel(path, language="en")
    return openpyxl.load_workbook(path)


def test_a_sheet_says_which_columns_feed_a_called_model(footprint: Any) -> None:
    notes = {sheet.title: str(sheet["A2"].value) for sheet in footprint}
    said = [title for title, note in notes.items() if "called models read these columns" in note]
    assert len(said) == 3
    assert [note for note in notes.values() if note.endswith("run again: Amount used.")]


def test_lines_have_no_column_that_is_empty_for_all_and_a_year_is_not_parted(footprint: Any) -> None:
    rows = [[cell for cell in row if cell.value is not None] for row in footprint["Summary"].iter_rows()]
    heads = next([cell.value for cell in row] for row in rows if row and str(row[0].value).startswith("Line\n"))
    assert [str(head).partition("\n")[0] for head in heads] == [
        "Line",
        "Value",
        "Unit",
        "In total",
        "Status",
        "Bucket",
        "Id",
    ]
    [year] = [row[1] for row in rows if row and str(row[0].value).startswith("Reference year of what was bought")]
    assert (year.value.startswith("="), year.number_format) == (True, "0")


@pytest.mark.parametrize(
    ("values", "unit", "form"),
    [([2024], "a", "0"), ([2023.5], "a", "0.00"), ([50], "a", "#,##0.00"), ([2024], "t", "#,##0.00")],
)
def test_years_of_the_calendar_are_not_parted(values: list[float], unit: str, form: str) -> None:
    assert result_format(np.array(values), unit) == form
    assert number_format(np.array([2024.0]), "a") == "0"


def test_findings_stand_in_both_languages(example: dict[str, Path]) -> None:
    page = opened(example["en"])["Findings"]
    row = next(row for row in page.iter_rows(values_only=True) if row[1] == "months-incomplete")
    assert "sources lack months" in str(row[3])
    assert "缺少月份" in str(row[7])


def test_nothing_is_too_wide_for_its_column(example: dict[str, Path]) -> None:
    """No ##### : a number as formatted fits its column."""
    book = opened(example["zh"], True)
    for page in book:
        merged = {place for area in page.merged_cells.ranges for place in area.cells}
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and (cell.row, cell.column) not in merged:
                    decimals = len(cell.number_format.partition(".")[2])
                    assert len(f"{cell.value:,.{decimals}f}") + 1 <= _width(page, cell.column), cell.coordinate


def _width(page: Any, column: int) -> float:
    for dimension in page.column_dimensions.values():
        if dimension.min and dimension.min <= column <= dimension.max:
            return float(dimension.width)
    return 8.43


def test_sheets_print_on_one_page_width_with_headings_repeated(example: dict[str, Path]) -> None:
    book = opened(example["zh"])
    for page in book.worksheets:
        if page.title == LOCK_SHEET:
            assert page.sheet_state == "hidden"
            continue
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage  # one page wide is what Excel takes unless told otherwise
        assert page.page_setup.fitToWidth in (None, 1, 2)
    assert book["原料煅烧"].freeze_panes
    assert book["原料煅烧"].print_title_rows


def test_a_row_says_where_it_was_read_from() -> None:
    """In the shipped workbook saturated steam of December stands on sheet 购入热力 in U6."""
    result = carbonstd.run(CASES.parent / "example.xlsx")
    data = result._run.ledger["heat"]
    row = next(index for index in range(data.rows) if data.numbers["mass"][index] == 2_513_800)
    assert data.place("mass", row) == "购入热力!U6"


def test_read_from_names_the_cell_of_the_amount(tmp_path: Path) -> None:
    carbonstd.run(CASES.parent / "example.xlsx").to_excel(tmp_path / "result.xlsx", "zh")
    page = opened(tmp_path / "result.xlsx", True)["购入热力"]
    amount = next(row for row in range(5, 30) if cell_of(page, "蒸汽", row - 5).value == 2_513_800)
    assert cell_of(page, "填报位置", amount - 5).value == "购入热力!U6"


def test_a_factor_changed_on_the_visible_sheet_is_told_when_the_lock_is_used(
    example: dict[str, Path], tmp_path: Path
) -> None:
    assert edited_factors(example["en"]) == []
    _edit_factor(example["en"], tmp_path / "edited.xlsx")
    (item,) = edited_factors(tmp_path / "edited.xlsx")
    assert (item.code, item.severity) == ("lock-factor-edited", "warning")
    assert item.place.startswith("Factors!F")
    assert "0.6" in item.found("en")
    assert "0.5306" in item.expected("en")
    text = command_line("calc", str(CASES / "example-plant.yaml"), "--lock", str(tmp_path / "edited.xlsx"))
    assert "lock-factor-edited" in text


def command_line(*arguments: str) -> str:
    from tests.command_line import run as command

    return command(*arguments).stdout


def test_what_nobody_reported_is_a_dash(tmp_path: Path) -> None:
    run("eq-12-grid-default").to_excel(tmp_path / "result.xlsx", "en")
    page = opened(tmp_path / "result.xlsx")["Summary"]
    row = next(row for row in page.iter_rows(values_only=True) if row[10] == "calcination")
    assert (row[1], row[3], row[4]) == ("—", "—", "not reported")


def test_no_sheet_prints_pages_of_empty_rows(example: dict[str, Path], tmp_path: Path) -> None:
    """A template prints each sheet on one page, whether blank or filled with less than a page of records."""
    office()
    library, method = carbonstd.library(), carbonstd.method("gbt-32151.34")
    blank, filled = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    write_template(method, library, blank, "zh")
    write_template(method, library, filled, "zh", Filling(read("example-plant")))
    sheets = 1 + len(method.sheets) + 1  # the cover, the sheets and the assumptions; the lists are hidden
    assert printed_pages([blank, filled], tmp_path) == [sheets, sheets]


def test_a_wide_sheet_prints_large_enough_to_read(tmp_path: Path) -> None:
    """Ten points must not print smaller than six: A4 holds 149 characters across, A3 216, two of A3 432."""
    papers = [Paper.for_width(width) for width in (100, 240, 250, 355, 365, 700)]
    assert [(paper.size, paper.across) for paper in papers] == [(9, 1), (9, 1), (8, 1), (8, 1), (8, 2), (8, 2)]
    assert all(paper.scale >= 0.6 for paper in papers)


def test_the_lock_travels_with_the_workbook_and_is_checked(example: dict[str, Path], tmp_path: Path) -> None:
    lock = read_lock_from_workbook(example["zh"])
    result = run("example-plant")
    assert lock == json.loads(json.dumps(result.lock))
    assert carbonstd.run(read("example-plant"), lock=lock).totals == result.totals
    book = opened(example["zh"])
    cell = next(row[0] for row in book[LOCK_SHEET].iter_rows() if "42.652" in str(row[0].value))
    cell.value = str(cell.value).replace("42.652", "32.652", 1)
    book.save(tmp_path / "altered.xlsx")
    with pytest.raises(carbonstd.LockError):
        read_lock_from_workbook(tmp_path / "altered.xlsx")
    del book[LOCK_SHEET]
    book.save(tmp_path / "without.xlsx")
    with pytest.raises(carbonstd.LockError):
        read_lock_from_workbook(tmp_path / "without.xlsx")


def test_the_same_case_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("eq-12-grid-default").to_excel(tmp_path / f"{name}.xlsx", "en")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_result_open_elsewhere_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that Excel has open."""
    path = tmp_path / "result.xlsx"
    path.write_bytes(b"old")

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(carbonstd.CaseError):
        run("eq-12-grid-default").to_excel(path, "en")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["result.xlsx"]


def case_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"method": "gbt-32151.34", "period": "2025", "as_of": "2026-03-31", "inputs": {"electricity": rows}}


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    row = {"source": '=HYPERLINK("http://example.org","x")', "supply": "grid", "electricity": 1}
    result = carbonstd.run(case_of([row]))
    result.to_excel(tmp_path / "result.xlsx", "en")
    found = opened(tmp_path / "result.xlsx")["Purchased electricity"]["A5"]
    assert found.data_type == "s"
    assert found.value.startswith("'=")


def test_many_rows_are_written_as_values_and_said_to_be(tmp_path: Path) -> None:
    rows = [{"source": str(index), "supply": "grid", "electricity": 1} for index in range(LIVE_ROWS + 1)]
    carbonstd.run(case_of(rows)).to_excel(tmp_path / "result.xlsx", "en")
    page = opened(tmp_path / "result.xlsx")["Purchased electricity"]
    assert "values, not live" in str(page["A2"].value)
    assert [cell.data_type for cell in page[5]].count("f") == 0


def test_a_blank_is_never_read_as_zero(tmp_path: Path) -> None:
    """What needs a cell is guarded; what asks whether it is blank is not. E quantity, F heat, G heating value."""
    row = {"fuel": "diesel", "consumption": 1}
    case = {"method": "gbt-32151.34", "period": "2025", "as_of": "2026-03-31", "inputs": {"fuel": [row]}}
    carbonstd.run(case).to_excel(tmp_path / "result.xlsx", "en")
    page = opened(tmp_path / "result.xlsx")["Fossil fuel combustion"]
    found = cell_of(page, "Heat of fuel\n燃料热量\nAFh", 0).value
    assert found == '=_xlfn.IFNA(IF(F5="",IF(COUNT(E5,G5)<2,NA(),E5*G5),F5),"")'


def test_savings_of_several_energies_are_never_added(tmp_path: Path) -> None:
    """GB/T 13234-2009: electricity, gas, heat and fuel saved stand each for itself; kWh and tonnes make no sum."""
    case = ROOT / "methods" / "energy" / "gbt-13234" / "cases" / "example-enterprise.yaml"
    result = carbonstd.run(case)
    result.to_excel(tmp_path / "out.xlsx")
    page = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["Equations"]
    [row] = [cells for cells in page.iter_rows(values_only=True) if "saved_single_energy" in cells]
    assert "by key and not added, on sheet By key" in row
    assert len(result.values("saved_single_energy")) > 1


def test_the_basis_of_a_row_is_told_in_words_where_another_sheet_has_a_column_of_that_id(tmp_path: Path) -> None:
    fuel = [{"source": "s", "fuel": name, "consumption": 1} for name in ("diesel", "natural_gas")]
    result = carbonstd.run({"method": "gbt-32151.34@2024", "period": 2025, "inputs": {"fuel": fuel}})
    result.to_excel(tmp_path / "r.xlsx", "zh")
    page = openpyxl.load_workbook(tmp_path / "r.xlsx")["化石燃料燃烧"]
    assert [page.cell(row, 4).value for row in (5, 6)] == ["质量", "体积"]
