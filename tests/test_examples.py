"""`template --example`: what ships an example fills its workbook and runs, as each enterprise method does."""

import json
from pathlib import Path

import pytest

import carbonstd
from tests.command_line import run
from tests.test_industry_page import accounting_methods

ROOT = Path(__file__).resolve().parent.parent
OTHERS = {
    path.parent.parent.name
    for level in ("energy", "regions")
    for path in ROOT.glob(f"methods/{level}/*/cases/example-*.yaml")
}
FAMILIES = sorted({header.family for header in accounting_methods(carbonstd.library())} | OTHERS)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_example_fills_the_workbook_and_runs(family: str, tmp_path: Path) -> None:
    """The workbook gives what its case says, which was worked by hand in the case's file."""
    workbook = tmp_path / "in.xlsx"
    written = run("template", family, "--example", "-o", workbook)
    assert written.exit_code == 0, written.stderr
    result = carbonstd.run(workbook)
    assert not [item for item in result.findings if item.severity == "error"]
    folder = carbonstd.library().editions(family, carbonstd.library().method_headers)[-1].path.parent / "cases"
    named = [*sorted(folder.glob("full-*.yaml")), *sorted(folder.glob("example-*.yaml"))][-1]
    assert result.totals == carbonstd.run(carbonstd.read_case(named)).totals


def test_a_column_blank_in_every_month_is_told_once(tmp_path: Path) -> None:
    """The edition of March 2022 asks for the own use of power that the example of December 2022 leaves out.

    Two units in twelve months are 24 rows, the first of them row 6.
    """
    workbook = tmp_path / "in.xlsx"
    run("template", "mee-power@2022-12", "--example", "-o", workbook)
    told = [
        line for line in run("calc", workbook, "--edition", "2022-03").stderr.splitlines() if "missing-value" in line
    ]
    assert len(told) == 1
    assert "!E6:E29: " in told[0]
    found = json.loads(run("calc", workbook, "--edition", "2022-03", "--json").stdout)["findings"]
    assert sum(item["code"] == "missing-value" for item in found) == 24


def test_an_edition_takes_its_own_example(tmp_path: Path) -> None:
    workbook = tmp_path / "in.xlsx"
    run("template", "gbt-32150@2015", "--example", "-o", workbook)
    assert carbonstd.read_case(workbook).method == "gbt-32150@2015"


def test_an_example_of_another_period_is_no_workbook_of_the_one_typed(tmp_path: Path) -> None:
    told = run("template", "gbt-32151.34", "--example", "--period", "2026", "-o", tmp_path / "in.xlsx")
    assert (told.exit_code, "example-period" in told.stderr, [*tmp_path.iterdir()]) == (2, True, [])


def test_a_period_whose_edition_has_no_example_is_refused_with_those_that_have(tmp_path: Path) -> None:
    written = [
        run("template", "mee-power", "--example", "--period", year, "-o", tmp_path / f"{year}.xlsx", "--lang", "en")
        for year in ("2023", "2026")
    ]
    assert [item.exit_code for item in written] == [0, 2]
    assert "mee-power@2022-12 (2023)" in written[1].stderr
