"""Every case beside a method (methods/**/cases/*.yaml): the method's figures are the expected ones."""

from pathlib import Path

import pytest

import carbonstd
from carbonstd._expectation import agrees, run_expectation
from tests.agreement import agrees_with_itself

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted((ROOT / "methods").glob("**/cases/*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_case(path: Path) -> None:
    outcome = run_expectation(path, carbonstd.library())
    assert outcome.compared, "a case that expects nothing proves nothing"
    assert outcome.passed, outcome.differences
    agrees_with_itself(path, outcome.result)


def test_every_method_has_cases() -> None:
    covered = {path.parent.parent.name for path in CASES}
    families = {header.family for header in carbonstd.library().method_headers.values()}
    assert families <= covered


def test_what_concerns_the_whole_case_is_told_once() -> None:
    """Two months of 2024 by the power guide of December 2022: the later versions of the guide are told once."""
    months = ("2024-05", "2024-06")
    coal = {
        "unit": "1", "fuel": "bituminous_coal", "consumption": 130000, "net_calorific_value": 21,
        "element_carbon": 0.55, "carbon_basis": "as_received", "carbon_source": "own_test", "carbon_report": "CMA-1",
    }  # fmt: skip
    production = {"unit": "1", "gross_generation": 300000, "running_hours": 700}
    case = {
        "method": "mee-power@2022-12", "entity": {"name": "示例"}, "period": "2024-05..2024-06", "as_of": "2025-03-31",
        "inputs": {
            "unit": [{"unit": "1", "unit_class": "conventional_coal", "rated_power": 600}],
            "coal": [{**coal, "month": month} for month in months],
            "production": [{**production, "month": month} for month in months],
        },
    }  # fmt: skip
    told = [item for item in carbonstd.run(case).findings if item.values.get("id") == "later-versions"]
    assert len(told) == 1


def test_a_missing_figure_agrees_with_nothing() -> None:
    assert not agrees(float("nan"), "t", "0 t")
