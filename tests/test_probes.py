"""Shape probes: small real cases that the language must hold without a special case in Python.

Each is a tiny method and its tables below tests/probes, read as a user's folders, with cases whose expected values are
worked out by hand in their comments. What a case cannot say stands here.
"""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from carbonstd._api import read_case, run
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CaseError, DefinitionError
from carbonstd._expectation import run_expectation
from carbonstd._language.compile import compile_method
from carbonstd._result.result import Result
from tests.agreement import agrees_with_itself

PROBES = Path(__file__).resolve().parent / "probes"
CASES = sorted((PROBES / "methods").glob("**/cases/*.yaml"))
LIBRARY = Library((PROBES / "factors",), (PROBES / "methods",))


def result_of(family: str, case: str) -> Result:
    return run(PROBES / "methods/probes" / family / "cases" / f"{case}.yaml", of=LIBRARY)


def changed(tmp_path: Path, file: str, old: str, new: str) -> Library:
    """The probes with one text of a file changed: a method's family, or a table's path."""
    shutil.copytree(PROBES, tmp_path, dirs_exist_ok=True)
    path = tmp_path / (file if file.endswith(".yaml") else f"methods/probes/{file}/2024.yaml")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Library((tmp_path / "factors",), (tmp_path / "methods",))


def refusal(library: Library, family: str) -> set[str]:
    """The codes with which a method is refused when it is loaded."""
    with pytest.raises(DefinitionError) as caught:
        compile_method(library.method(family), library)
    assert all(str(item.place).count(":") for item in caught.value.findings)  # file:line equation
    return {item.code for item in caught.value.findings}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_case(path: Path) -> None:
    outcome = run_expectation(path, LIBRARY)
    assert outcome.compared
    assert outcome.passed, outcome.differences
    agrees_with_itself(path, outcome.result)


def test_there_is_a_case_for_each_probe() -> None:
    assert {path.parts[-3].split("-")[1] for path in CASES} == {f"{number:02d}" for number in range(1, 17)}


# 2. Gas by row


def test_the_gas_must_meet_its_gwp_before_it_is_summed(tmp_path: Path) -> None:
    library = changed(tmp_path, "probe-02-gas-by-row", "sum(leaked * gwp[gas].gwp100)", "sum(leaked)")
    assert refusal(library, "probe-02-gas-by-row") == {"expression-species"}


def test_a_gwp_of_another_gas_does_not_fit(tmp_path: Path) -> None:
    library = changed(tmp_path, "probe-02-gas-by-row", 'gwp[\\"CH4\\"]', 'gwp[\\"SF6\\"]')
    assert refusal(library, "probe-02-gas-by-row") == {"unit-mismatch"}


def test_a_sum_may_keep_gas_as_an_axis() -> None:
    result = result_of("probe-02-gas-by-row", "leakage")
    assert result.values("leaked_by_gas") == {("SF6",): 2.5, ("HFC-134a",): 10, ("HFC-32",): 4}  # kg{gas}


# 3. Clinker


def test_the_order_of_axes_in_by_does_not_matter() -> None:
    """`made` is summed by (line, month) and `brought` by (month, line): they align all the same."""
    result = result_of("probe-03-clinker", "floored")
    assert set(result.values("made")) < set(result.values("monthly"))
    assert result.values("brought")["B", "2025-03"] == 5  # 10 t x 0.5


def test_the_warning_names_line_and_month() -> None:
    result = result_of("probe-03-clinker", "floored")
    (warning,) = [item for item in result.findings if item.code == "subtracted-from-nothing"]
    assert "B / 2025-03" in warning.found("en")
    assert not result.failed


# 4. Monthly default


def test_the_measured_calorific_value_stays_measured() -> None:
    result = result_of("probe-04-monthly-default", "february-unmeasured")
    # February's 239.58 of 421.08 rests on the default carbon content, January's 181.5 is measured
    assert result.shares["default"] == pytest.approx(239.58 / 421.08)
    assert result.shares["measured"] == pytest.approx(181.5 / 421.08)


# 5. Energy balance


def test_the_check_names_each_fuel_that_disagrees() -> None:
    result = result_of("probe-05-energy-balance", "one-year")
    places = {item.place for item in result.findings if item.code == "check-failed"}
    assert places == {"approaches-agree coal", "approaches-agree natural gas"}


# 6. Limit class by band


def test_a_verdict_for_each_level() -> None:
    (verdict,) = result_of("probe-06-limit", "exact-tie").verdicts
    assert 212.5 * 1.12 / 28 > 8.5  # what float64 would have judged
    assert verdict.value == Fraction(17, 2)
    assert [(item.level, str(item.judgement), item.distance) for item in verdict.levels] == [
        ("1", "met", 0),
        ("2", "met", Fraction(3, 2)),
        ("3", "met", Fraction(41, 10)),  # 12 x 1.05 - 8.5
    ]
    assert verdict.reached is not None
    assert verdict.reached.level == "1"


def test_what_is_required_depends_on_the_plant() -> None:
    existing, new = (result_of("probe-06-limit", case) for case in ("upper-band", "new-plant"))
    for result in (existing, new):
        assert [str(item.judgement) for item in result.verdicts[0].levels] == ["not_met", "not_met", "met"]
    assert (existing.verdicts[0].required, existing.failed) == ("3", False)
    assert (new.verdicts[0].required, new.failed) == ("2", True)


def test_a_verdict_in_json() -> None:
    (verdict,) = result_of("probe-06-limit", "exact-tie").as_dict()["verdicts"]
    assert (verdict["value"], verdict["value_exact"], verdict["judgement"]) == (8.5, "17/2", "met")
    third = verdict["levels"][2]
    assert (third["limit"], third["limit_exact"], third["distance_exact"]) == (12.6, "63/5", "41/10")


def test_a_level_that_the_table_does_not_have_is_refused_at_load(tmp_path: Path) -> None:
    library = changed(tmp_path, "probe-06-limit", "level == 3", "level == 4")
    assert "expression-unknown-label" in refusal(library, "probe-06-limit")


def test_two_rows_for_one_class_are_a_finding(tmp_path: Path) -> None:
    library = changed(tmp_path, "factors/limits/probe-limit/2024.yaml", "{below: 1000}", "{up_to: 1000}")
    with pytest.raises(CaseError) as caught:
        run(PROBES / "methods/probes/probe-06-limit/cases/upper-band.yaml", of=library)
    assert "ambiguous-row" in {item.code for item in caught.value.findings}


# 7. A called model


def test_a_verdict_on_a_called_model_is_undecided_at_a_tie() -> None:
    result = result_of("probe-07-decay", "three-years")
    (verdict,) = result.verdicts
    assert str(verdict.judgement) == "undecided"
    assert result.failed
    assert list(result._run.working["emitted"]["deposited"]) == [75, 75, 0]  # tC


# 9. One ledger, two methods


def test_two_methods_read_one_ledger_each_with_its_factors_and_tags() -> None:
    case = read_case(PROBES / "methods/probes/probe-09-location/cases/one-ledger.yaml", LIBRARY)
    location, market = (calculate(case, LIBRARY.method(f"probe-09-{name}"), LIBRARY) for name in ("location", "market"))
    assert [item.primary.value for item in (location, market)] == pytest.approx([18, 24])
    assert [item.lines[0].line.bucket for item in (location, market)] == ["location", "market"]


def test_a_sheet_that_a_method_did_not_read_is_said() -> None:
    """Both names of a kind in one case: the sheet's own name is read, the other is not lost in silence."""
    case = read_case(PROBES / "methods/probes/probe-09-location/cases/one-ledger.yaml", LIBRARY)
    case.sheets["used"] = case.sheets["probe_power"]
    case.sheets["probe_power"] = type(case.sheets["used"])(dict(case.sheets["used"].columns), case.sheets["used"].place)
    result = calculate(case, LIBRARY.method("probe-09-location"), LIBRARY)
    assert "sheet-unused" in {item.code for item in result.findings}


# 10. Editions


def test_half_a_year_needs_no_months() -> None:
    """Where one edition holds for the whole period an annual figure is enough."""
    case = {
        "method": "probe-10-edition-change",
        "period": "2025-01..2025-06",
        "inputs": {"used": [{"electricity": 200}]},
    }
    assert run(case, of=LIBRARY).primary.value == pytest.approx(120)  # 200 MWh x 0.6


def test_a_blank_month_among_months_is_refused_where_the_edition_changes() -> None:
    rows = [{"month": "2025-06", "electricity": 100}, {"electricity": 100}]
    case = {"method": "probe-10-edition-change", "period": 2025, "inputs": {"used": rows}}
    with pytest.raises(CaseError) as caught:
        run(case, of=LIBRARY)
    assert "annual-and-monthly" in {item.code for item in caught.value.findings}


def test_editions_of_one_period_must_have_the_same_units(tmp_path: Path) -> None:
    """The expression is checked once: kgCO2/MWh read as tCO2/MWh would be a thousand times too much."""
    library = changed(tmp_path, "factors/electricity/probe-power/2025.yaml", "unit: tCO2/MWh", "unit: kgCO2/MWh")
    with pytest.raises(CaseError) as caught:
        run(PROBES / "methods/probes/probe-10-edition-change/cases/by-month.yaml", of=library)
    assert [item.code for item in caught.value.findings if item.severity == "error"] == ["edition-units"]


# 11. Mass balance


def test_a_role_that_is_no_role_is_refused_at_load(tmp_path: Path) -> None:
    library = changed(tmp_path, "probe-11-mass-balance", '"by_product\\"', '"by-product\\"')
    assert "expression-unknown-label" in refusal(library, "probe-11-mass-balance")


# 12. A negative limit and a dash


def test_minus_29_stands_between_minus_30_and_minus_28() -> None:
    (verdict,) = result_of("probe-12-negative-limit", "worse").verdicts
    assert [(str(item.judgement), float(item.distance or 0)) for item in verdict.levels] == [
        ("not_met", -6),
        ("not_met", -1),
        ("met", 1),
    ]


def test_a_dash_is_no_level() -> None:
    result = result_of("probe-12-negative-limit", "dash")
    (verdict,) = result.verdicts
    assert [(item.level, str(item.judgement), item.limit, item.distance) for item in verdict.levels] == [
        ("1", "no_level", None, None),
        ("2", "no_level", None, None),
        ("3", "met", 20, 5),
    ]
    assert result.values("limit") == {("3",): 20}


def test_a_required_level_that_is_a_dash_judges_nothing(tmp_path: Path) -> None:
    library = changed(tmp_path, "probe-12-negative-limit", '"\\"3\\""', '"\\"2\\""')
    result = run(PROBES / "methods/probes/probe-12-negative-limit/cases/dash.yaml", of=library)
    assert str(result.verdicts[0].judgement) == "no_level"
    assert not result.failed


# The ledger, in the shapes that data come in


def codes_of(method: str, inputs: dict[str, Any], library: Library = LIBRARY) -> set[str]:
    try:
        return {item.code for item in run({"method": method, "period": 2025, "inputs": inputs}, of=library).findings}
    except CaseError as error:
        return {item.code for item in error.findings}


@pytest.mark.parametrize("categories", [False, True])
def test_a_data_frame_with_a_unit_column_is_converted(categories: bool) -> None:
    """Coal 2000 kg and gas 5000 m^3, as in the case `entered-units`: 3.3 + 9.9 tCO2."""
    frame = pd.DataFrame(
        {"fuel": ["coal", "natural gas"], "consumption": [2000.0, 5000.0], "consumption_unit": ["kg", "m3"]}
    )
    if categories:
        frame["fuel"] = frame["fuel"].astype("category")
    case = {"method": "probe-01-fuel-units", "period": 2025, "inputs": {"fuel": frame}}
    assert run(case, of=LIBRARY).primary.value == pytest.approx(13.2)


def test_a_data_frame_without_units_is_in_the_unit_of_each_row() -> None:
    """Coal 2 t, gas 0.5 (1e4 m^3): the same 13.2 tCO2."""
    frame = pd.DataFrame({"fuel": pd.Categorical(["coal", "natural gas"]), "consumption": [2.0, 0.5]})
    case = {"method": "probe-01-fuel-units", "period": 2025, "inputs": {"fuel": frame}}
    assert run(case, of=LIBRARY).primary.value == pytest.approx(13.2)


def test_a_form_of_one_record_takes_one() -> None:
    unit = {"product": "paste", "capacity": 999, "electricity": 212.5, "output": 28}
    assert "single-record" in codes_of("probe-06-limit", {"unit": [unit, unit]})
    assert "sheet-missing" in codes_of("probe-06-limit", {"unit": []})


def test_a_row_entered_twice_is_said() -> None:
    row = {"fuel": "coal", "month": "2025-01", "consumption": 1}
    assert "key-twice" in codes_of("probe-01-fuel-units", {"fuel": [row, {**row, "consumption": 7}]})
    assert "key-twice" not in codes_of("probe-01-fuel-units", {"fuel": [row, {**row, "month": "2025-02"}]})


def test_a_month_outside_the_period_is_refused() -> None:
    row = {"fuel": "coal", "month": "2024-12", "consumption": 1}
    assert "outside-period" in codes_of("probe-01-fuel-units", {"fuel": [row]})


def test_a_case_without_data_is_refused_and_not_zero() -> None:
    assert codes_of("probe-03-clinker", {}) >= {"case-empty"}


def test_an_annual_row_beside_monthly_ones_is_refused() -> None:
    rows = [{"fuel": "coal", "month": "2025-01", "consumption": 1}, {"fuel": "coal", "consumption": 12}]
    assert "annual-and-monthly" in codes_of("probe-01-fuel-units", {"fuel": rows})


def test_a_label_may_have_a_default(tmp_path: Path) -> None:
    """A flow without a role is a product: (9 - 0.7) tC x 44/12."""
    library = changed(tmp_path, "probe-11-mass-balance", "role: ,", 'role: {default: "\\"out\\""},')
    result = run(PROBES / "methods/probes/probe-11-mass-balance/cases/role-blank.yaml", of=library)
    assert result.primary.value == pytest.approx(8.3 * 44 / 12)
    assert "default-used" in {item.code for item in result.findings}


@pytest.mark.parametrize(("vented", "reported"), [(3, True), (0, False)])
def test_a_line_whose_condition_fails_is_not_reported(tmp_path: Path, vented: int, reported: bool) -> None:
    line = "methane: {label: {zh: 甲烷, en: Methane}, "
    library = changed(tmp_path, "probe-02-gas-by-row", line, f"{line}when: methane > 0, ")
    leakage = [{"equipment": "split", "gas": "R32", "leaked": 4}]
    case = {
        "method": "probe-02-gas-by-row",
        "period": "2025",
        "inputs": {"leakage": leakage, "methane": {"vented": vented}},
    }
    line_of = {item.line.id: item for item in run(case, of=library).lines}
    assert line_of["methane"].reported is reported
    assert line_of["leaked"].reported


@pytest.mark.parametrize(
    ("condition", "code"), [("methane", "expression-kind"), ("leaked_by_gas > 0", "line-not-one-value")]
)
def test_the_condition_of_a_line_is_one_truth(tmp_path: Path, condition: str, code: str) -> None:
    line = "methane: {label: {zh: 甲烷, en: Methane}, "
    library = changed(tmp_path, "probe-02-gas-by-row", line, f"{line}when: {condition}, ")
    assert refusal(library, "probe-02-gas-by-row") == {code}


# Evidence reaches what equations look up, not only defaults


def test_a_recalled_gwp_in_an_equation_stops_the_run(tmp_path: Path) -> None:
    recalled = "gwp100: 25000, evidence: recalled"
    library = changed(tmp_path, "factors/gwp/probe-gwp/2021.yaml", "gwp100: 25000", recalled)
    case = PROBES / "methods/probes/probe-02-gas-by-row/cases/leakage.yaml"
    with pytest.raises(CaseError) as caught:
        run(case, of=library)
    assert "recalled-default" in {item.code for item in caught.value.findings}
    allowed = run(case, of=library, options=Options(allow_recalled=("gwp/probe-gwp",)))
    assert "recalled-allowed" in {item.code for item in allowed.findings}


def test_a_recalled_cell_of_a_branch_not_taken_stops_nothing(tmp_path: Path) -> None:
    """The case without its SF6: 15 t of HFC-134a, 2.8 t of HFC-32 and 84 t of methane."""
    changed(tmp_path, "factors/gwp/probe-gwp/2021.yaml", "gwp100: 25000", "gwp100: 25000, evidence: recalled")
    path = tmp_path / "methods/probes/probe-02-gas-by-row/2024.yaml"
    text = path.read_text(encoding="utf-8")
    for part in ("leaked * gwp[gas].gwp100", "leaked_by_gas * gwp[gas].gwp100"):
        text = text.replace(part, f'{part} if gas != \\"SF6\\" else 0')
    path.write_text(text, encoding="utf-8")
    library = Library((tmp_path / "factors",), (tmp_path / "methods",))
    result = run(PROBES / "methods/probes/probe-02-gas-by-row/cases/leakage.yaml", of=library)
    assert result.primary.value == pytest.approx(101.8)
    assert not {"recalled-default", "recalled-allowed"} & {item.code for item in result.findings}
