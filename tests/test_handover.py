"""Accounting results handed to allowance methods, against figures worked by hand.

Power: example-chp-2023.md has E by unit with purchased electricity (412.36 and 968.74 MWh x 0.5703); the plan of 2023
is on direct emissions, so 1527763.15 - 235.168908 = 1527527.98 and 1485311.69 - 552.472422 = 1484759.22.
F = 1603508.6/(350 x 8016) = 0.57153857 and 1514929.7/(350 x 7728) = 0.56008936, both below 0.65; the report prints 4
digits, 0.5715 and 0.5601, and Ff = 1.015^(16 - 20 F) = 1.07040915 and 1.07404894; 350 MW is the 300 MW class, 0.8090
and 0.1038: 1603508.6 x 0.8090 x Ff = 1388575.92, 1992898.31 x 0.1038 = 206862.84;
1514929.7 x 0.8090 x Ff = 1316330.89, 1866094.20 x 0.1038 = 193700.58.
Cement: cases/full-plant.yaml of cets-ag-02.01 has the lines worked out; B = 0.86 is invented: I = 144193.37/180000 =
0.80107428, X = (0.86 - I)/0.86 = 0.06851828, 144193.37 x (1 + 0.15 X) = 145675.35; the white line gets its emissions.
"""

from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from carbonstd import CaseError, read_case, run, verify
from carbonstd._case.case import Case, RawSheet
from carbonstd._definitions.library import Library
from carbonstd._handover.handover import Handover, hand_over
from carbonstd._lint.handover import lint_handover
from carbonstd._result.result import Result
from tests.command_line import run as command

SHELF = Library()
METHODS = Path(__file__).resolve().parent.parent / "methods/enterprises"
CHP, CEMENT = METHODS / "mee-power/cases/example-chp-2023.yaml", METHODS / "cets-ag-02.01/cases/full-plant.yaml"


def handed(path: Path, target: str) -> Handover:
    return hand_over(read_case(path, SHELF), target, SHELF)


def near(found: object, expected: float, within: float = 0.005) -> bool:
    assert isinstance(found, Fraction)
    return abs(float(found) - expected) <= within


def completed(case: Case, **sheets: dict[str, list[object]]) -> Result:
    """The case with what its user fills in beside the figures handed over."""
    for name, columns in sheets.items():
        own = case.sheets[name].columns if name in case.sheets else {}
        case.sheets[name] = RawSheet({**own, **columns}, lambda column, row: f"{column}[{row}]")
    return run(case, case.method, of=SHELF)


def test_a_chp_plant_fills_the_allowance_of_2023() -> None:
    found = handed(CHP, "mee-power-allowance")
    assert found.case.method == "mee-power-allowance@2023"
    units, machines = found.case.sheets["unit"].columns, found.case.sheets["machine"].columns
    assert units["unit"] == machines["unit"] == ["1号机组", "2号机组"]
    assert machines["rated_power"] == [350, 350]
    for column, (first, second), within in (
        ("verified_emissions", (1527527.98, 1484759.22), 0.01),
        ("gross_generation", (1603508.6, 1514929.7), 0.001),
        ("heat_supplied", (1992898.31, 1866094.20), 0.01),
        ("running_hours", (8016, 7728), 0),
    ):
        assert near(units[column][0], first, within), column
        assert near(units[column][1], second, within), column
    left = {sheet.id: [column.name for column in columns] for sheet, columns in found.left}
    asked = ["machine", "main_fuel", "plant_kind", "unconventional_share", "other_fuel_share", "by_product_share"]
    assert left == {"machine": [*asked, "status"], "unit": ["load_factor"], "base_year": []}


def test_the_allowance_of_the_chp_plant() -> None:
    given: dict[str, list[object]] = {
        "machine": ["1", "2"], "main_fuel": ["coal"] * 2, "plant_kind": ["boiler"] * 2,
        "unconventional_share": [0, 0], "by_product_share": [0, 0], "status": ["operating"] * 2,
    }  # fmt: skip
    unit: dict[str, list[object]] = {"load_factor": [0.5715, 0.5601]}
    result = completed(handed(CHP, "mee-power-allowance").case, machine=given, unit=unit)
    for name, expected in (
        ("unit_electricity_allowance[1]", 1388575.92),
        ("unit_heat_allowance[1]", 206862.84),
        ("unit_electricity_allowance[2]", 1316330.89),
        ("unit_heat_allowance[2]", 193700.58),
        ("emissions", 3012287.1985),
    ):
        assert abs(result.value(name).value - expected) < 0.02, name


def test_the_reported_load_factor_is_not_the_recomputed_one() -> None:
    """Filled with the unrounded F the guard at 65 % would hold of itself: 0.65 reported against 0.5715 is refused."""
    found = handed(CHP, "mee-power-allowance")
    assert "load_factor" not in found.case.sheets["unit"].columns
    given: dict[str, list[object]] = {
        "machine": ["1", "2"], "main_fuel": ["coal"] * 2, "plant_kind": ["boiler"] * 2,
        "unconventional_share": [0, 0], "by_product_share": [0, 0], "status": ["operating"] * 2,
    }  # fmt: skip
    with pytest.raises(CaseError) as error:
        completed(found.case, machine=given, unit={"load_factor": [0.65, 0.5601]})
    assert "load-threshold" in {item.values.get("id") for item in error.value.findings}


def test_the_command_says_what_the_accounting_rests_on(tmp_path: Path) -> None:
    """check-600mw-2022 takes recalled defaults by name: every addend rests on one."""
    case = str(METHODS / "mee-power/cases/check-600mw-2022.yaml")
    told = command("template", "mee-power-allowance", "--from", case, "-o", str(tmp_path / "a.xlsx"), "--lang", "en")
    assert "recalled or assumed 100.0%" in told.stdout


def test_purchased_electricity_counts_before_2023() -> None:
    case = read_case(METHODS / "mee-power/cases/plant-600mw-2022.yaml", SHELF)
    found = hand_over(case, "mee-power-allowance", SHELF)
    assert found.case.method == "mee-power-allowance@2022"
    figures = {item.column: item.figure for item in found.origins}
    assert figures["verified_emissions"] == "unit_emissions"
    assert figures["supplied_electricity"] == "unit_supplied"


def test_a_cement_works_fills_the_allowance_of_2025() -> None:
    found = handed(CEMENT, "mee-industry-allowance")
    columns = found.case.sheets["line"].columns
    assert columns["line"] == ["1号线", "2号线"]
    assert columns["industry"] == ["cement", "cement"]
    assert [float(value) for value in columns["verified_emissions"]] == [144193.37, 7665.0151996]
    assert columns["output"] == [180000, 10000]
    assert columns["carbide_slag"] == [9000, 0]
    line: dict[str, list[object]] = {"status": ["operating"] * 2, "clinker": ["portland", "white"]}
    balance: dict[str, list[object]] = {
        "industry": ["cement"], "balance_year": ["2025"], "published_value": [0.86], "balance_source": ["invented"],
    }  # fmt: skip
    result = completed(found.case, line=line, balance=balance)
    assert result.value("line_allowance[1]").value == 145675
    assert abs(result.value("line_allowance[2]").value - 7665.0151996) < 1e-6


def test_a_cement_works_fills_the_allowance_of_2024() -> None:
    """100 t x 22 GJ/t x 0.02618 x 0.99 x 44/12 = 209.07348; 1000 t x 0.535 = 535; the allowance is the emissions."""
    ledger = {
        "line_fuel": [
            {"line": "1", "equipment": "cement_kiln", "fuel": "bituminous_coal", "month": "2024-01", "consumption": 100,
             "net_calorific_value": 22, "data_source": "own_laboratory"}
        ],
        "clinker": [{"line": "1", "month": "2024-01", "clinker": "portland", "output": 1000}],
    }  # fmt: skip
    head = {"method": "cets-ag-02.01", "period": 2024, "as_of": "2025-11-20", "entity": {"name": "示例"}}
    found = hand_over(read_case({**head, "inputs": ledger}, SHELF), "mee-industry-allowance", SHELF)
    assert found.case.method == "mee-industry-allowance@2024"
    result = completed(found.case, line={"status": ["operating"]})
    assert abs(result.value("allowance").value - 744.07348) < 1e-6


def test_steel_is_one_row_of_the_enterprise() -> None:
    """full-plant.yaml of the guide of steel: E, ironmaking, sintering and its output of the year, by hand there."""
    found = handed(METHODS / "cets-ag-03.01/cases/full-plant.yaml", "mee-industry-allowance")
    columns = found.case.sheets["line"].columns
    assert columns["line"] == ["示例钢铁集团有限公司"]
    for name, value in (
        ("verified_emissions", 3927928.3536),
        ("ironmaking_emissions", 2001650.2704),
        ("sintering_emissions", 659865.554304),
        ("output", 3120000),
    ):
        assert near(columns[name][0], value, 1e-3), name


def test_aluminium_is_one_row_a_line() -> None:
    """150000 t x (1 - 0.1518) x (1 - 0.02 - 0.004) x 44/12 = 455313.76, 105000 t likewise 318719.632; 300000 and
    200000 t of aluminium x 0.02 and 0.0011 kg.
    """
    found = handed(METHODS / "cets-ag-04.01/cases/full-plant.yaml", "mee-industry-allowance")
    columns = found.case.sheets["line"].columns
    assert found.case.method == "mee-industry-allowance@2024"
    assert [float(value) for value in columns["anode_emissions"]] == pytest.approx([455313.76, 318719.632])
    assert [float(value) for value in columns["cf4_mass"]] == pytest.approx([6000, 4000])
    assert [float(value) for value in columns["c2f6_mass"]] == pytest.approx([330, 220])


def test_the_lock_is_that_of_the_accounting_run() -> None:
    case = read_case(CHP, SHELF)
    lock = run(case, case.method, of=SHELF).lock
    assert {item.lock for item in handed(CHP, "mee-power-allowance").origins} == {lock["hash"][:12]}


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(CaseError, match="handover-none"):
        handed(CEMENT, "mee-power-allowance")


def test_the_command_writes_figures_with_their_origin(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    asked = ("--from", str(CHP), "--uncertainty", "-o", str(out), "--lang", "en")
    told = command("template", "mee-power-allowance", *asked)
    assert told.exit_code == 0, told.stderr
    assert "Left to fill in" in told.stdout
    again = read_case(out, SHELF)
    assert again.method == "mee-power-allowance@2023"
    assert list(again.sheets["unit"].columns["running_hours"]) == [8016, 7728]
    comments = [
        cell.comment.text
        for page in openpyxl.load_workbook(out)
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    ]
    assert any("from mee-power@2022-12: sum(unit_month_fossil, by=unit); lock " in text for text in comments)
    assert "verified_emissions_uncertainty" in [cell.value for page in openpyxl.load_workbook(out) for cell in page[2]]
    assert command("template", "x", "--from", str(CHP), "--example", "-o", str(tmp_path / "b.xlsx")).exit_code == 2


HEAD = """
title: {zh: 试, en: test}
document: {number: X 1-2027, title: {zh: 试, en: test}}
evidence: user
source: test
keys: {allowance: {}, accounting: {}, sheet: {}, column: {}}
columns: {by: {type: text}, figure: {type: text}}
rows:
  - {allowance: mee-power-allowance@2023, accounting: mee-power@2022-12, sheet: unit, """


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("column: heat_supplied, by: unit, figure: unit_heat}", ""),
        ("column: heat_supplied, by: unit, figure: no_such_equation}", "expression-unknown-name"),
        ("column: heat_supplied, by: unit, figure: unit_hours}", "unit-mismatch"),
        ("column: heat_supplied, by: unit, figure: total_heat}", "handover-shape"),
        ("column: no_such_column, by: unit, figure: unit_heat}", "handover-unknown"),
    ],
)
def test_lint_finds_links_that_lead_nowhere(row: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions/handover/2027.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD.strip() + " " + row + "\n", encoding="utf-8")
    shelf = Library(factors=(tmp_path,))
    codes = {item.code for item in lint_handover(shelf.table("decisions/handover"), shelf)}
    assert codes == ({code} if code else set())


# In one workbook: the figures of the accounting stand in the blanks of the allowance

LINE_2024 = {
    "method": "cets-ag-02.01", "also": ["mee-industry-allowance"], "period": 2024, "as_of": "2025-11-20",
    "entity": {"name": "示例"},
}  # fmt: skip
COAL_2024 = {
    "line": "1", "equipment": "cement_kiln", "fuel": "bituminous_coal", "month": "2024-01", "consumption": 100,
    "net_calorific_value": 22, "data_source": "own_laboratory",
}  # fmt: skip
CLINKER_2024 = {"line": "1", "month": "2024-01", "clinker": "portland", "output": 1000}


def allowance_of_2024(*lines: dict[str, object], **coal: object) -> Result:
    inputs = {"line_fuel": [COAL_2024 | coal], "clinker": [CLINKER_2024], "line": list(lines)}
    case = read_case({**LINE_2024, "inputs": inputs}, SHELF)
    return run(case, "mee-industry-allowance", of=SHELF)


def test_blanks_of_an_allowance_are_filled_by_the_accounting_beside_it() -> None:
    """209.07348 of coal and 535 of the process, as above; the typed row has the status, the accounting the figure."""
    result = allowance_of_2024({"line": "1", "industry": "水泥", "status": "operating"})
    assert abs(result.value("allowance").value - 744.07348) < 1e-9
    told = next(item for item in result.findings if item.code == "figures-handed")
    assert told.values["method"] == "cets-ag-02.01@2024"


def test_what_is_typed_in_an_allowance_stands() -> None:
    result = allowance_of_2024({"line": "1", "industry": "cement", "status": "operating", "verified_emissions": 700})
    assert result.value("allowance").value == 700
    assert "figures-handed" not in {item.code for item in result.findings}


def typed_allowance(emissions: float) -> Case:
    """An allowance beside its accounting, which comes to 744.07348 t."""
    line = {"line": "1", "industry": "cement", "status": "operating", "verified_emissions": emissions}
    inputs = {"line_fuel": [COAL_2024], "clinker": [CLINKER_2024], "line": [line]}
    return read_case({**LINE_2024, "inputs": inputs}, SHELF)


@pytest.mark.parametrize(
    ("typed", "told"), [(700, [("700", "744.07348")]), (744.0742, []), (744.0743, [("744.0743", "744.07348")])]
)
def test_a_figure_apart_from_the_accounting_is_told_beyond_rounding(typed: float, told: list[tuple[str, str]]) -> None:
    """Beyond half a digit typed (0.00005) and a millionth (0.00074): 0.00072 is not told, 0.00082 is."""
    found = [item for item in run(typed_allowance(typed), of=SHELF).findings if item.code == "figures-differ"]
    assert [(item.values["typed"], item.values["known"]) for item in found] == told


def test_a_verification_holds_what_contradicts_it_beside_and_says_what_it_left_out() -> None:
    found = verify(typed_allowance(700), of=SHELF)
    assert "figures-differ" in {item.finding.code for item in found.nonconformities}
    [alone] = [item for item in found.remarks if item.code == "verified-alone"]
    assert alone.values["others"] == "mee-industry-allowance"


def test_a_line_that_only_the_accounting_has_asks_for_what_is_not_known_of_it() -> None:
    with pytest.raises(CaseError) as error:
        allowance_of_2024({"line": "2", "industry": "cement", "status": "operating"})
    told = {(item.code, item.place) for item in error.value.findings}
    assert ("missing-value", "line[2].status") in told


def test_a_row_that_names_no_line_is_no_place_for_the_figures_of_two() -> None:
    """The figures of the first filled it, and those of the second were lost."""
    second = {
        "line_fuel": [COAL_2024, {**COAL_2024, "line": "2"}],
        "clinker": [CLINKER_2024, {**CLINKER_2024, "line": "2"}],
    }
    line: dict[str, object] = {"industry": "cement", "status": "operating"}

    def allowance(*lines: dict[str, object]) -> Result:
        return run(
            read_case({**LINE_2024, "inputs": {**second, "line": list(lines)}}, SHELF),
            "mee-industry-allowance",
            of=SHELF,
        )

    with pytest.raises(CaseError) as error:
        allowance(line)
    [told] = error.value.findings
    assert (told.code, told.place, told.values["found"]) == ("figures-several", "line[0].line", "1, 2")
    assert abs(allowance({**line, "line": "1"}, {**line, "line": "2"}).value("allowance").value - 2 * 744.07348) < 1e-9


def test_an_accounting_that_is_refused_gives_no_allowance() -> None:
    with pytest.raises(CaseError) as error:
        allowance_of_2024({"line": "1", "industry": "cement", "status": "operating"}, consumption=-1)
    assert "below-minimum" in {item.code for item in error.value.findings}
