"""The organisation footprint: its example through the workbook, what is not reported, how certificates are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._case.case import Case
from carbonstd._engine.calculate import calculate
from carbonstd._errors import CaseError
from carbonstd._expectation import agrees
from carbonstd._findings import Language
from carbonstd._result.result import Result
from carbonstd._template.template import Filling, write_template

METHOD = "ghg-protocol@2015"


@pytest.fixture(scope="module")
def example() -> Case:
    folder = carbonstd.library().method_headers[METHOD].path.parent / "cases"
    return carbonstd.read_case(folder / "example-company.yaml")


def run(case: Case) -> Result:
    return calculate(case, carbonstd.method(METHOD), carbonstd.library())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_through_the_workbook(example: Case, tmp_path: Path, language: Language) -> None:
    path = tmp_path / "company.xlsx"
    write_template(carbonstd.method(METHOD), carbonstd.library(), path, language, Filling(example))
    result = run(carbonstd.read_case(path))
    assert not result.failed
    assert example.expect is not None
    for name, value in example.expect["values"].items():
        item = result.value(name)
        assert agrees(item.value, item.unit, value), name


def test_a_category_without_rows_is_not_reported(example: Case) -> None:
    reported = {item.line.id: item.reported for item in run(example).lines}
    assert not reported["scope3_14"]
    assert all(reported[f"scope3_{number}"] for number in range(1, 16) if number != 14)
    assert not reported["project_lifetime"]


def instruments(*certificates: str, **more: Any) -> Case:
    row = {"instrument": "green_certificate", "province": "jiangsu", "generated": "2025-06", "power_type": "wind"}
    rows = [{**row, "quantity": 10, "emission_factor": 0, "evidence": "核销记录", **more} for _ in certificates]
    inputs = {
        "settings": [{"gwp_set": "ar5", "consolidation": "operational_control"}],
        "electricity": [{"source": "网", "province": "jiangsu", "supply": "grid", "electricity": 1000}],
        "instrument": [{**one, "certificate": number} for one, number in zip(rows, certificates, strict=True)],
    }
    return carbonstd.read_case({"method": METHOD, "period": 2025, "as_of": "2026-03-31", "inputs": inputs})


@pytest.mark.parametrize("other", ["gec-0001", "GEC 0001", "ＧＥＣ－０００１", "GEC0001"])
def test_one_certificate_is_claimed_once_however_it_is_typed(other: str) -> None:
    with pytest.raises(CaseError) as raised:
        run(instruments("GEC-0001", other))
    assert "certificate-twice" in {item.values.get("id") for item in raised.value.findings}


@pytest.mark.parametrize("number", ["GEC-01至GEC-10", "GEC-01~10", "GEC-1-to-9", "GEC-1, GEC-2", "GEC-1、GEC-2"])
def test_a_range_of_certificates_is_said(number: str) -> None:
    assert "several-numbers" in {item.code for item in run(instruments(number)).findings}


def test_generation_outside_the_period() -> None:
    early = run(instruments("GEC-0001", generated="2024-11"))
    assert [item.severity for item in early.findings if item.code == "before-period"] == ["warning"]
    with pytest.raises(CaseError) as raised:
        run(instruments("GEC-0001", generated="2026-01"))
    assert "outside-period" in {item.code for item in raised.value.findings}


def test_the_case_chooses_the_gwp_set_and_a_lock_keeps_it(example: Case) -> None:
    """AR6 counts more than AR5 here; a lock of AR5 holds no other set."""
    first = carbonstd.run(example)
    assert first.as_dict()["totals"][0]["gwp"] == "gwp/ipcc-ar5@2013"
    second = carbonstd.run(with_gwp(example, "ar6"))
    assert second.as_dict()["totals"][0]["gwp"] == "gwp/ipcc-ar6@2021"
    assert second.primary.value > first.primary.value
    assert refusals(with_gwp(example, "ar6"), first) == {"choice-not-held"}
    assert "missing-value" in refusals(with_gwp(example, None), first)


def with_gwp(case: Case, label: str | None) -> Case:
    settings = case.sheets["settings"]
    columns = {**settings.columns, "gwp_set": [label]}
    return replace(case, sheets={**case.sheets, "settings": replace(settings, columns=columns)})


def refusals(case: Case, locked: Result) -> set[str]:
    with pytest.raises(CaseError) as caught:
        carbonstd.run(case, lock=locked.lock)
    return {item.code for item in caught.value.findings if item.severity == "error"}
