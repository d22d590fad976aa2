"""Energy balances read as yearbooks lay them out: what stands where, what is refused, what is told."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd import CaseError, read_case, read_yearbook
from carbonstd._case.case import Case
from carbonstd._findings import Finding
from carbonstd._yearbook.yearbook import read_yearbook as read
from tests.command_line import run as command
from tests.yearbooks import ROWS, province, shandong_2005, two_calibers

METHOD = carbonstd.method("energy-balance-co2")
EXAMPLE = Path(__file__).resolve().parent.parent / "methods/regions/energy-balance-co2/cases/example-province.yaml"
FIRST, PAGE_1, PAGE_2 = 6, "6-8", "6-8续"  # the first row of lines; the sheets


def figures(case: Case) -> dict[tuple[str, str], float]:
    columns = case.sheets["balance"].columns
    keys = zip(columns["line"], columns["energy"], strict=True)
    return {key: float(value) for key, value in zip(keys, columns["quantity"], strict=True)}


def place(line: str, column: str, sheet: str = PAGE_1) -> str:
    """The cell of a line in the workbook of the province."""
    return f"{sheet}!{column}{FIRST + next(index for index, (zh, _) in enumerate(ROWS) if line in zh)}"


def written(path: Path, **cells: Any) -> Path:
    """The workbook of the province with cells of its first page changed."""

    def change(book: Any) -> None:
        for cell, value in cells.items():
            book[PAGE_1][cell] = value

    return province(path, change)


def found(path: Path, **options: Any) -> list[Finding]:
    """What is found in a workbook, refused or not."""
    try:
        return read_yearbook(path, **options).findings
    except CaseError as error:
        return error.findings


def codes(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(item.code, item.place) for item in findings}


def cell(line: str, column: str) -> str:
    return place(line, column).partition("!")[2]


# Layouts


def test_two_pages_with_merged_heads_give_the_example(tmp_path: Path) -> None:
    case = read_yearbook(province(tmp_path / "b.xlsx"))
    assert figures(case) == figures(read_case(EXAMPLE))
    assert (str(case.period), case.entity, case.findings) == ("2020", {}, [])


def test_each_figure_tells_its_cell(tmp_path: Path) -> None:
    yearbook = read(province(tmp_path / "b.xlsx"), METHOD, carbonstd.library())
    columns = yearbook.case.sheets["balance"].columns
    row = next(
        i for i in range(len(columns["line"])) if (columns["line"][i], columns["energy"][i]) == ("coking", "coke")
    )
    assert yearbook.origins("zh")["balance", row, "quantity"] == f"b.xlsx {place('炼　焦', 'E')}"


@pytest.mark.parametrize("pages", [{"beside": True}, {"below": True}])
def test_a_page_beside_or_below_is_the_same_table(tmp_path: Path, pages: dict[str, bool]) -> None:
    whole = read_yearbook(shandong_2005(tmp_path / "a.xlsx", "万吨"))
    parts = read_yearbook(shandong_2005(tmp_path / "b.xlsx", "万吨", **pages))
    assert figures(whole) == figures(parts)
    assert figures(whole)["thermal_power", "raw_coal"] == -7432.6
    assert figures(whole)["coke_reinput", "coke"] == -1.4
    assert (str(whole.period), whole.entity["name"]) == ("2005", {"zh": "山东", "en": "Shandong"})
    assert whole.findings == []  # the printed sums hold within rounding: 17799.0 is 17798.9 of its lines


def test_physical_columns_are_taken_and_standard_ones_left(tmp_path: Path) -> None:
    case = read_yearbook(two_calibers(tmp_path / "b.xlsx"))
    assert figures(case) == {
        ("production", "raw_coal"): 130,
        ("moved_out", "raw_coal"): -30,
        ("thermal_power", "raw_coal"): -60,
        ("industry", "raw_coal"): 35,
        ("household", "raw_coal"): 5,
        ("moved_in", "natural_gas"): 3,
        ("thermal_power", "natural_gas"): -1,
        ("industry", "natural_gas"): 1.5,
        ("household", "natural_gas"): 0.5,
        ("production", "electricity"): 5,
        ("moved_in", "electricity"): 6,
        ("moved_out", "electricity"): -3,
        ("thermal_power", "electricity"): 20,
        ("losses", "electricity"): 2,
        ("industry", "electricity"): 20,
        ("household", "electricity"): 6,
    }
    assert codes(case.findings) == {("yearbook-standard-left", "平衡表!B5"), ("yearbook-sign-turned", "平衡表!B8")}
    turned = next(item for item in case.findings if item.code == "yearbook-sign-turned")
    assert turned.values["count"] == 2


def test_other_spellings_of_yearbooks_are_read(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for page in book:
            page[cell("4.境内飞机", "A")] = "境内轮船和飞机在境外的加油量"
            page[cell("7.境外飞机", "A")] = "境外轮船和飞机在境内的加油量（-）"
        heat = next(head for head in book[PAGE_2][5] if head.value == "（百亿千焦）")
        heat.value = "万百万千焦"

    case = read_yearbook(province(tmp_path / "b.xlsx", change), as_of=date(2026, 3, 31))
    assert (figures(case), case.findings) == (figures(read_case(EXAMPLE)), [])
    assert case.as_of == date(2026, 3, 31)


# What is refused


def test_a_table_in_standard_coal_is_refused(tmp_path: Path) -> None:
    assert codes(found(shandong_2005(tmp_path / "b.xlsx"))) == {("yearbook-standard", "Sheet!B4")}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    line, other, losses = cell("4.炼　焦", "A"), cell("4.炼　焦", "B"), cell("三、损失量", "C")
    changes = {line: "4.炼　娇", other: None, losses: "约5", "D4": "洗精媒", "E5": "（吨标准）"}
    findings = found(written(tmp_path / "b.xlsx", **changes))
    assert codes(findings) == {
        ("yearbook-line-unknown", f"{PAGE_1}!{line}"),
        ("yearbook-figure", f"{PAGE_1}!{losses}"),
        ("yearbook-column-unknown", f"{PAGE_1}!D5"),
        ("yearbook-unit", f"{PAGE_1}!E5"),
    }
    said = {item.code: item.message("zh") for item in findings}
    assert "炼焦 (coking)" in said["yearbook-line-unknown"]
    assert "洗精煤" in said["yearbook-column-unknown"]


def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path) -> None:
    power = cell("1.火力发电", "C")
    assert ("formula-uncached", f"{PAGE_1}!{power}") in codes(found(written(tmp_path / "b.xlsx", **{power: "=-2600"})))


def test_figures_beside_no_name_are_refused(tmp_path: Path) -> None:
    line = cell("4.炼　焦", "A")
    assert codes(found(written(tmp_path / "b.xlsx", **{line: None, line.replace("A", "B"): None}))) == {
        ("yearbook-line-missing", f"{PAGE_1}!{line}")
    }


def test_a_line_or_energy_that_stands_twice_is_refused(tmp_path: Path) -> None:
    line = cell("2.供　热", "A")
    assert ("yearbook-line-twice", f"{PAGE_1}!{line}") in codes(
        found(written(tmp_path / "a.xlsx", **{line: "火力发电"}))
    )
    assert ("yearbook-column-twice", f"{PAGE_1}!D5") in codes(found(written(tmp_path / "b.xlsx", D4="原煤")))


def test_a_negative_figure_where_none_can_be_is_refused(tmp_path: Path) -> None:
    made = cell("一次能源生产量", "C")
    assert ("yearbook-sign", f"{PAGE_1}!{made}") in codes(found(written(tmp_path / "b.xlsx", **{made: -5200})))


def test_a_sum_without_its_lines_is_refused(tmp_path: Path) -> None:
    lines = [cell(line, "C") for line in ("1.工　业", "2.建筑业", "#用作原料、材料")]
    path = written(tmp_path / "b.xlsx", **dict.fromkeys(lines))
    assert ("yearbook-parts-missing", place("(二)第二产业", "C")) in codes(found(path))


def test_a_file_that_is_no_balance_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("能源平衡表", encoding="utf-8")
    assert {item.code for item in found(tmp_path / "text.xlsx")} == {"workbook-not"}
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    assert {item.code for item in found(tmp_path / "empty.xlsx")} == {"yearbook-none"}


# What is told


def test_inputs_printed_positive_are_turned(tmp_path: Path) -> None:
    """By line, and by what the energy is on lines of inputs and outputs; gas of gas works may be either: told."""
    power, coal, cleaned = cell("1.火力发电", "C"), cell("4.炼　焦", "C"), cell("4.炼　焦", "D")
    case = read_yearbook(written(tmp_path / "b.xlsx", **{power: 2600, coal: 80, cleaned: 880}))
    assert figures(case) == figures(read_case(EXAMPLE))
    assert codes(case.findings) == {
        ("yearbook-sign-turned", f"{PAGE_1}!{power}"),
        ("yearbook-sign-turned", f"{PAGE_1}!{coal}"),
        ("yearbook-sign-open", place("6.制　气", "F")),
    }
    said = [item.message("zh") for item in case.findings]
    assert any("炼焦印为正数而应为负数的有 2 个（首个：原煤）" in text for text in said)


def test_an_output_printed_negative_is_refused(tmp_path: Path) -> None:
    made = cell("3.煤炭洗选", "D")
    assert ("yearbook-sign", f"{PAGE_1}!{made}") in codes(found(written(tmp_path / "b.xlsx", **{made: -1100})))


def test_sums_and_differences_are_held_against_their_lines(tmp_path: Path) -> None:
    final, left = cell("四、终端消费量", "C"), cell("五、平衡差额", "D")
    case = read_yearbook(written(tmp_path / "b.xlsx", **{final: 1448, left: 1.7}))
    assert codes(case.findings) == {("yearbook-sum", f"{PAGE_1}!{final}"), ("yearbook-difference", f"{PAGE_1}!{left}")}
    said = next(item for item in case.findings if item.code == "yearbook-sum")
    values = (said.values[name] for name in ("found", "expected", "gap", "allowed"))
    assert tuple(values) == ("1,448", "1,445", "3", "2.5")


@pytest.mark.parametrize(("final", "told"), [(1447, False), (1448, True)])
def test_rounding_is_no_difference(tmp_path: Path, final: int, told: bool) -> None:
    """Raw coal is printed whole: four parts and their sum may each be half a unit off, 2.5 of 1445."""
    findings = found(written(tmp_path / "b.xlsx", **{cell("四、终端消费量", "C"): final}))
    assert ("yearbook-sum" in {item.code for item in findings}) is told


def test_of_sheets_of_several_years_the_one_asked_for_is_taken(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for page in book.worksheets:
            last = book.copy_worksheet(page)
            last.title, last["A2"] = f"{page.title} 2019", "(2019年)"
            last[cell("一次能源生产量", "C")] = 1

    path = province(tmp_path / "b.xlsx", change)
    assert {item.code for item in found(path)} == {"yearbook-years"}
    assert figures(read_yearbook(path, period=2020)) == figures(read_case(EXAMPLE))


@pytest.mark.parametrize(
    ("title", "period", "code"),
    [
        ("能源平衡表", None, "yearbook-year-missing"),
        ("2019年、2020年能源平衡表", None, "yearbook-years"),
        ("2019年能源平衡表", "2020", "yearbook-year-absent"),
        ("2019年、2020年能源平衡表", "2019", ""),
        ("能源平衡表", "2020", ""),
        ("能源平衡表（实物量）—2020", None, ""),
    ],
)
def test_the_year_is_that_of_the_titles_or_is_asked_for(
    tmp_path: Path, title: str, period: str | None, code: str
) -> None:
    def change(book: Any) -> None:
        for page in book:
            page["A2"] = title

    path = province(tmp_path / "b.xlsx", change)
    assert {item.code for item in found(path, period=period)} == ({code} if code else set())


# From the yearbook to the figure


def test_the_filled_template_runs(tmp_path: Path) -> None:
    balance, filled = province(tmp_path / "平衡表.xlsx"), tmp_path / "case.xlsx"
    done = command("template", "energy-balance-co2", "--from", str(balance), "-o", str(filled), "--lang", "zh")
    assert done.exit_code == 0
    assert "109" in done.output
    book = openpyxl.load_workbook(filled)
    typed = read_case(EXAMPLE)
    example = {name: dict(sheet.columns) for name, sheet in typed.sheets.items()}
    case = read_case(filled)
    case.sheets["settings"] = typed.sheets["settings"]
    case.sheets["fuel"] = typed.sheets["fuel"]
    case.assumptions = typed.assumptions
    assert example["fuel"]["energy"] == list(read_yearbook(balance).sheets["fuel"].columns["energy"])
    total = carbonstd.run(case).totals["sectoral_total"]
    assert round(float(total.value), 2) == 116907906.79
    comments = [cell.comment.text for row in book["能源平衡表"].iter_rows() for cell in row if cell.comment]
    assert f"平衡表.xlsx {place('炼　焦', 'E')}" in " ".join(comments)


def test_a_refused_yearbook_leaves_no_workbook(tmp_path: Path) -> None:
    filled = tmp_path / "case.xlsx"
    path = shandong_2005(tmp_path / "b.xlsx")
    done = command("template", "energy-balance-co2", "--from", str(path), "-o", str(filled))
    assert (done.exit_code, filled.exists()) == (2, False)
    done = command("template", "energy-balance-co2", "--from", str(path), "-o", str(filled), "--example")
    assert done.exit_code == 2
