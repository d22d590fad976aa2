"""What must never happen in silence: a lost sheet, an unseen figure, a key counted twice, a user's own table."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import carbonstd
from carbonstd import CaseError, Library
from carbonstd._ledger.series import repeated

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "methods/enterprises/gbt-32151.34/cases/example-plant.yaml"
PROBES = ROOT / "tests/probes"
METHOD = "gbt-32151.34@2024"
POWER = {"source": "A", "month": "2025-01", "supply": "grid", "electricity": 100}
STEAM = {"source": "B", "month": "2025-01", "medium": "saturated_steam", "mass": 1000, "pressure": 1.4}


def case(period: Any = 2025, as_of: str = "2026-03-31", **inputs: Any) -> dict[str, Any]:
    return {"method": METHOD, "period": period, "as_of": as_of, "inputs": inputs}


def codes(data: Mapping[str, Any], library: Library | None = None) -> set[str]:
    try:
        return {item.code for item in carbonstd.run(data, of=library).findings}
    except CaseError as error:
        return {item.code for item in error.findings}


def shelf(tmp_path: Path, name: str, old: str, new: str) -> Library:
    """The shipped tables and methods with one file changed."""
    for folder in ("factors", "methods"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Library(package=tmp_path)


# Sheets and keys


def test_a_case_without_data_is_no_zero() -> None:
    assert "case-empty" in codes(case())


def test_activity_data_under_an_unknown_sheet_name_are_not_lost() -> None:
    assert "sheet-unknown" in codes(case(electricity=[POWER], fule=[{"fuel": "diesel", "consumption": 1}]))


def test_one_key_has_one_value() -> None:
    assert "key-twice" in codes(case(electricity=[POWER, {**POWER, "electricity": 7}]))


def test_a_default_makes_no_second_row_of_a_key() -> None:
    """A blank role is a purchase by default: the reading of one meter, typed with the role and without, is one."""
    row = {"energy": "natural_gas", "process": "P", "month": "2025-01", "role": "purchased"}
    read = {**row, "meter": "G-1", "direction": "import", "opening": 120000, "closing": 170000, "multiplier": 1}
    inputs = {"energy": [{**row, "coefficient": 11.942}], "energy_meters": [{**read, "role": None}, read]}
    data = {"method": "gbt-2589@2020", "period": "2025-01", "as_of": "2026-03-31", "inputs": inputs}
    with pytest.raises(CaseError) as refused:
        carbonstd.run(data)
    errors = [(item.code, item.place) for item in refused.value.findings if item.severity == "error"]
    assert errors == [("key-twice", "energy_meters[1].meter 2025-01")]


def test_a_fraction_typed_for_per_cent_is_told_once_for_a_column() -> None:
    """One finding, with the cells after the first beside their figures; 1 % or more, or nothing, is not told."""
    targets = [{"target": str(at), "improvement": value} for at, value in enumerate((5, 0.05, 1, 0, 0.999))]
    with pytest.raises(CaseError) as refused:  # a target alone has nothing to compute
        carbonstd.run({"method": "gbt-36713", "period": 2025, "inputs": {"target": targets}})
    told = [item for item in refused.value.findings if item.code == "percent-small"]
    assert [(item.place, item.values["found"]) for item in told] == [
        ("target[1].improvement", "0.05 %; 0.999 % (target[4].improvement)")
    ]


def test_a_year_beside_months_is_refused() -> None:
    assert "annual-and-monthly" in codes(case(electricity=[POWER, {**POWER, "month": None}]))


def test_lines_of_blank_sheets_are_not_reported() -> None:
    result = carbonstd.run(case(electricity=[POWER]))
    reported = {item.line.id: item.reported for item in result.lines}
    assert reported.pop("purchased_electricity")
    assert not any(reported.values())
    assert {item["status"] for item in result.as_dict()["lines"]} == {"carried", "not_reported"}


def test_all_faults_come_in_one_round() -> None:
    broken = [{**POWER, "electricity": "ten"}, {"source": "B", "month": "2025-01", "supply": "nonfossil_purchased"}]
    assert codes(case(electricity=broken)) >= {"not-a-number", "missing-value", "check-failed"}


def test_steam_outside_the_tables_is_said_once() -> None:
    with pytest.raises(CaseError) as caught:
        carbonstd.run(case(heat=[{**STEAM, "pressure": 25}]))
    assert [item.code for item in caught.value.findings if item.severity == "error"] == ["steam-outside-vapour"]


# Evidence and time


def test_a_recalled_steam_table_stops_a_run(tmp_path: Path) -> None:
    table = "factors/heat/gbt-32151.34-saturated-steam/2024.yaml"
    library = shelf(tmp_path, table, "evidence: secondary", "evidence: recalled")
    assert "recalled-default" in codes(case(heat=[STEAM]), library)
    assert "recalled-default" not in codes(case(heat=[{**STEAM, "enthalpy": 2788.4}]), library)


def test_a_recalled_limit_gives_no_verdict(tmp_path: Path) -> None:
    for folder in ("factors", "methods"):
        shutil.copytree(PROBES / folder, tmp_path / folder)
    table = next((tmp_path / "factors").rglob("probe-paste-limits/*.yaml"), None) or next(
        path for path in (tmp_path / "factors/limits").rglob("*.yaml") if "when:" in path.read_text(encoding="utf-8")
    )
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("evidence: ", "evidence: recalled # "), encoding="utf-8")
    library = Library(factors=(tmp_path / "factors",), methods=(tmp_path / "methods",))
    with pytest.raises(CaseError) as caught:
        carbonstd.run(PROBES / "methods/probes/probe-06-limit/cases/exact-tie.yaml", of=library)
    assert "recalled-default" in {item.code for item in caught.value.findings}


def test_a_table_of_the_user_is_named_and_graded_user(tmp_path: Path) -> None:
    shipped = ROOT / "factors/electricity/mee-grid-average/data-2023.yaml"
    own = tmp_path / "electricity/mee-grid-average/data-2024.yaml"
    own.parent.mkdir(parents=True)
    text = shipped.read_text(encoding="utf-8").replace("data_period: 2023", "data_period: 2024")
    own.write_text(text, encoding="utf-8")
    library = Library(factors=(tmp_path,))
    result = carbonstd.run(case(electricity=[POWER]), of=library)
    assert "user-table" in {item.code for item in result.findings}
    table = library.table("electricity/mee-grid-average@data-2024")
    assert {table.cell(row, "emission_factor").evidence for row in range(len(table.rows))} == {"user"}


def test_a_period_that_is_not_over_and_a_date_to_come_are_said() -> None:
    tomorrow = str(date.today() + timedelta(days=1))
    assert "period-not-over" in codes(case(as_of="2025-06-30", electricity=[POWER]))
    assert "as-of-future" in codes(case(as_of=tomorrow, electricity=[POWER]))


def test_a_period_that_begins_before_the_document_binds_is_said() -> None:
    """GB/T 32151.34-2024 binds from 2025-03-01."""
    assert "period-before-document" in codes(case(electricity=[POWER]))


# Results


def test_a_result_is_frozen() -> None:
    result = carbonstd.run(case(electricity=[POWER]))
    with pytest.raises(AttributeError):
        result.case = None  # type: ignore[assignment]


def test_a_repeated_result_can_be_written(tmp_path: Path) -> None:
    first = carbonstd.run(EXAMPLE)
    again = carbonstd.run(EXAMPLE, lock=first.lock)
    again.to_excel(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").stat().st_size > 20_000


def test_rows_and_axes_are_not_added(tmp_path: Path) -> None:
    """Taken from every row of a line, a quantity of the line would be subtracted once a row."""
    path = tmp_path / "probes/rows-and-axes/2024.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        """
title: {zh: 行与轴, en: Rows and axes}
document: {number: Rows and axes, title: Rows and axes}
regime: statistics
sheets:
  heat: {kind: heat, columns: {source: , mass: {required: true}}}
equations:
  by_source: {label: {zh: 分来源, en: By source}, unit: kg, expression: "sum(heat.mass, by=source)"}
  rest: {label: {zh: 余, en: Rest}, sheet: heat, unit: kg, expression: mass - by_source}
totals:
  rest: {label: {zh: 余, en: Rest}}
""",
        encoding="utf-8",
    )
    data = {"method": "rows-and-axes@2024", "period": 2025, "inputs": {"heat": [{"source": "A", "mass": 1}]}}
    with pytest.raises(carbonstd.DefinitionError) as caught:
        carbonstd.run(data, of=Library(methods=(tmp_path,)))
    assert "expression-axes" in {item.code for item in caught.value.findings}


@pytest.mark.parametrize("largest", [3, 10**7, 2**62])
def test_a_second_row_of_one_key_is_found_at_any_number_of_labels(largest: int) -> None:
    """Counted, sorted or renumbered, as there are labels; -1 is a blank."""
    labels = np.array([largest, 0, largest, -1, -1, 0])
    months = np.array([1, 1, 1, 2, 2, 0])
    assert repeated([labels, months]) == [(2, 0), (4, 3)]
    assert repeated([labels, months, np.arange(6)]) == []
    assert repeated([]) == []


def test_the_form_of_another_method_is_told_before_what_comes_of_it() -> None:
    with pytest.raises(carbonstd.CaseError) as error:
        carbonstd.run(EXAMPLE, "ndrc-aluminium")
    first, *others = error.value.findings
    assert first.code == "form-of-another"
    assert "gbt-32151.34@2024 的表" in first.found("zh")
    assert "unknown-column" in {item.code for item in others}


def test_of_a_fuel_that_is_blank_or_unknown_no_unit_is_asked_for() -> None:
    """Its name tells how it is measured."""
    used = {"source": "x", "consumption": 3, "net_calorific_value": 20}
    for fuel, code in (("", "missing-value"), ("没有的燃料", "unknown-label")):
        with pytest.raises(carbonstd.CaseError) as error:
            carbonstd.run(case(fuel=[{**used, "fuel": fuel}]))
        assert [item.code for item in error.value.findings if item.severity == "error"] == [code]


def test_a_refusal_names_what_refuses_it_and_no_equation_that_was_only_not_seen() -> None:
    """The run by 2022-03 stops at default figures; its equations that nobody has seen would run."""
    with pytest.raises(carbonstd.CaseError) as error:
        carbonstd.run(ROOT / "methods/enterprises/mee-power/cases/trap-q1-2022-recalled.yaml")
    codes = {item.code for item in error.value.findings}
    assert "recalled-default" in codes
    assert not codes & {"recalled-equation", "recalled-allowed"}
