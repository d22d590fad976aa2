"""Panels: what a method shows beside its totals, on the terminal, in JSON, on the page and in the workbook."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Panel
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Language
from carbonstd._language.compile import compile_method
from carbonstd._report.report import report
from carbonstd._result.panel import filled_panels
from carbonstd._result.result import Result
from carbonstd._result.summary import summary

CASES = Path(__file__).resolve().parent.parent / "methods/energy"


def run(name: str) -> Result:
    return carbonstd.run(CASES / name)


def printed(result: Result, language: Language) -> str:
    return "\n".join(line.text for line in summary(result, language))


@pytest.fixture(scope="module")
def project() -> Result:
    return run("gbt-28750/cases/example-project.yaml")


def test_the_statistics_of_a_fit_stand_on_the_first_page(project: Result) -> None:
    """n, degrees of freedom, R2, adjusted R2, CV(RMSE), t of the driver and the half-width, by hand in the case."""
    text = " ".join(printed(project, "en").split())
    for said in ("12 Months of the baseline n", "10 Degrees of freedom ν", "0.991334 Coefficient of determination R2"):
        assert said in text
    for said in (
        "0.990468 Adjusted R2",
        "0.565685 % CV(RMSE)",
        "33.8231 t statistic of a coefficient ·",
        "17.3431 tce Half-width",
    ):
        assert said in text
    assert "回归系数的t统计量 · 产量 output kt" in printed(project, "zh")


def test_an_equation_is_named_once_and_its_further_values_by_their_labels(project: Result) -> None:
    text = printed(project, "zh")
    assert text.count("累计差CUSUM") == 1
    assert "-140  tce  2025-12" in text


def test_json_names_every_figure_with_its_labels(project: Result) -> None:
    panels: dict[str, Any] = {item["id"]: item["figures"] for item in project.as_dict()["panels"]}
    [t] = [item for item in panels["statistics"] if item["id"] == "coefficient_t"]
    assert t["labels"] == ["产量 output kt"]
    assert t["value"] == pytest.approx(1144**0.5)
    assert [item["labels"] for item in panels["cusum"]] == [[f"2025-{month:02d}"] for month in range(1, 13)]


def test_the_page_has_a_table_for_each_panel(project: Result) -> None:
    page = report(project, "en")
    statistics = page.partition('<section id="panel-statistics"')[2].partition("</section>")[0]
    assert "Coefficient of determination" in statistics
    assert ">0.991334</data>" in statistics
    assert page.index('id="panel-statistics"') < page.index('id="findings"')


def test_the_workbook_refers_to_where_the_figure_is_computed(project: Result, tmp_path: Path) -> None:
    project.to_excel(tmp_path / "result.xlsx", "en")
    page = openpyxl.load_workbook(tmp_path / "result.xlsx").worksheets[0]
    shown = {row[0].value: row[1].value for row in page.iter_rows(max_col=2) if row[0].value}
    [months] = [value for label, value in shown.items() if str(label).startswith("Months of the baseline")]
    [december] = [value for label, value in shown.items() if "2025-12" in str(label)]
    assert str(months).startswith("=")
    assert "Equations" in str(months)
    assert "By key" in str(december)


def test_all_kinds_of_savings_that_were_filled_stand_apart() -> None:
    result = run("gbt-13234/cases/example-enterprise.yaml")
    [(_, years), (_, figures)] = filled_panels(result)
    assert {(item.equation.id, *item.labels[-2:]) for item in years} == {
        ("saved_product_by_year", "2016", "2017"),
        ("saved_value_by_year", "2016", "2017"),
    }
    saved = {(item.equation.id, *item.labels): item.value for item in figures}
    assert saved["saved_by_value", "gross_output", "2015年可比价"] == pytest.approx(6000)
    assert saved["saved_single_energy", "electricity"] == pytest.approx(2_000_000)
    assert saved["saved_single_energy", "raw_coal"] == pytest.approx(-500)
    text = printed(result, "en")
    assert "Output-value saving, positive where saved · gross output value · 2015年可比价" in text


def test_a_kind_that_was_not_filled_is_not_shown() -> None:
    [_, (_, figures)] = filled_panels(run("gbt-13234/cases/chained-two-years.yaml"))
    assert {item.equation.id for item in figures} == {"saved_by_value", "value_change_by_value"}


def test_an_exact_fit_has_no_t() -> None:
    """Its standard error is nothing, and nothing is divided by it."""
    found = run("gbt-28750/cases/extrapolated.yaml").as_dict()["panels"][0]["figures"]
    assert "coefficient_t" not in {item["id"] for item in found}


def test_a_panel_over_the_rows_of_a_sheet_is_refused() -> None:
    library = Library()
    method = library.method("gbt-28750@2012")
    panel = Panel("rows", {"zh": "行", "en": "Rows"}, ("difference_row",))
    tables = {"students": library.table("energy/student-t")}
    with pytest.raises(CarbonstdError, match="difference_row"):
        compile_method(dataclasses.replace(method, panels=(panel,)), library, tables)


def test_a_panel_across_is_one_table(tmp_path: Path) -> None:
    """A row for each item with its code; the first quarter's price is 75.36 EUR, and 2169.95 x 75.36 = 163527.432."""
    result = run("../products/cbam-certificates/cases/example-trader.yaml")
    row = next(line for line in printed(result, "en").splitlines() if "26DE001-1" in line)
    said = ["26DE001-1", "72081000", "1,000", "3.5057", "1.33575", "2.16995", "0", "2,169.95", "75.36", "163,527"]
    assert row.split() == said
    page = report(result, "en").partition('<section id="panel-items"')[2].partition("</section>")[0]
    assert page.count("<tr>") == 5
    assert "Net mass" in page
    result.to_excel(tmp_path / "result.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "result.xlsx").worksheets[0]
    [cells] = [cells for cells in sheet.iter_rows() if cells[0].value == "26DE001-1"]
    assert cells[1].value == "72081000"
    assert all(str(cell.value).startswith("=") for cell in cells[2:9])


def test_what_has_no_figure_in_a_panel_across_is_a_dash() -> None:
    """From 2027 certificates have the price of the week they are bought in: only an entered one gives an amount."""
    [(panel, figures)] = filled_panels(run("../products/cbam-certificates/cases/year-2028.yaml"))
    assert panel.across
    assert not {"price_item", "cost_item"} & {item.equation.id for item in figures}


@pytest.mark.parametrize("wrong", [{"equations": ("embedded_item", "mass_item")}, {"largest": 3}])
def test_a_panel_across_runs_over_the_axes_of_its_first(wrong: dict[str, Any]) -> None:
    library = Library()
    method = library.method("cbam-certificates@2026")
    [panel] = method.panels
    tables = {slot.name: library.table(slot.table) for slot in method.slots.values() if slot.table}
    with pytest.raises(CarbonstdError, match="items"):
        compile_method(dataclasses.replace(method, panels=(dataclasses.replace(panel, **wrong),)), library, tables)


def test_a_month_that_was_not_reported_is_named() -> None:
    with pytest.raises(CaseError) as refused:
        run("gbt-28750/cases/trap-reported-month-missing.yaml")
    [item] = [item for item in refused.value.findings if item.code == "months-needed"]
    assert "2025-02" in item.message("en")


def test_show_names_the_equations_nobody_has_seen_even_where_a_part_holds_them() -> None:
    from carbonstd._catalogue.describe import describe_method
    from carbonstd._catalogue.show import show_method

    library = Library()
    data = describe_method(library.method("gbt-28750@2012"), library)
    text = " ".join(line.text.strip() for line in show_method(data, "en"))
    assert "recalled 4 expected_by_month, adjustment_total, adjusted, change" in " ".join(text.split())
    assert "squared_error" in text


def test_each_project_is_shown_by_whose_review_it_needs() -> None:
    """A panel names only the projects an outcome is of."""
    [(panel, figures)] = filled_panels(run("energy-review/cases/review-of-each.yaml"))
    assert panel.id == "reviews"
    assert {(figure.equation.id, *figure.labels) for figure in figures} == {
        ("by_province", "丙"),
        ("by_other_body", "乙"),
        ("listed_without_review", "丁"),
        ("below_floor", "甲"),
        ("below_floor", "戊"),
    }


def test_rates_of_meters_are_shown_and_what_recalled_tables_find_is_no_error() -> None:
    """Classes 0.01 too coarse by table 4, which nobody saw: a warning compares, and no verdict is given."""
    result = run("gb-17167/cases/classes-missed.yaml")
    [(panel, figures)] = filled_panels(result)
    assert [(figure.equation.id, figure.labels, figure.text) for figure in figures] == [
        ("organisation_rate", ("electricity",), "100")
    ]
    assert panel.id == "rates"
    assert {item.severity for item in result.findings if item.values.get("id") == "organisation-class"} == {"warning"}
    assert {item.code for item in result.findings if item.severity == "error"} == {"verdict-unfounded"}


def test_the_largest_figures_of_a_panel_with_their_share() -> None:
    """A window: the smelter is 114.333 of 164.411 kg; nine of the eleven items are the ten largest but the last."""
    result = run("../products/gbt-24067/cases/window.yaml")
    [(_, processes), (_, items)] = filled_panels(result)
    assert processes[0].labels == ("电解",)
    assert processes[0].share == pytest.approx(114.3333333 / 164.4113333)
    assert len(items) == 10
    assert [abs(item.value) for item in items] == sorted((abs(item.value) for item in items), reverse=True)
    assert items[-1].share == pytest.approx(-0.3 / 164.4113333)  # a removal, by its size
    assert "电解 (69.5%)" in printed(result, "zh")
    assert result.as_dict()["panels"][0]["figures"][0]["share"] == processes[0].share
