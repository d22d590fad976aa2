"""`template --example`: every accounting method of an enterprise ships a case that fills its workbook and runs."""

from pathlib import Path

import pytest

import carbonstd
from tests.command_line import run

REGIMES = {"ndrc-guide", "gbt-32151", "cets"}
FAMILIES = sorted(
    {
        header.family
        for header in carbonstd.library().method_headers.values()
        if header.level == "enterprises" and REGIMES & set(header.regimes)
    }
)


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


def test_an_edition_takes_its_own_example(tmp_path: Path) -> None:
    workbook = tmp_path / "in.xlsx"
    run("template", "gbt-32150@2015", "--example", "-o", workbook)
    assert carbonstd.read_case(workbook).method == "gbt-32150@2015"
