"""Verdicts and the exact re-run: float64 for speed, fractions where a threshold is near."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import calculate
from carbonstd._errors import CaseError, DefinitionError
from carbonstd._naming import names_of
from carbonstd._result.charts import verdict_gauge
from carbonstd._result.result import Result
from carbonstd._result.verdict import exact_text

ROOT = Path(__file__).resolve().parent.parent
PROBES = ROOT / "tests/probes"
KIND = """
title: Works
columns:
  name: {label: Name, kind: label}
  energy: {label: Energy, unit: kWh, min: none}
  output: {label: Output, unit: t}
"""
METHOD = """
title: Judged
document: {number: JUDGED, title: Judged}
regime: energy-limit
constants:
  bound: {value: BOUND, unit: kWh/t, evidence: user}
  half: {value: 0.5, unit: "1", evidence: user}
sheets:
  works: {kind: works, columns: {name: , energy: , output: }}
equations:
  use: {label: Use, unit: kWh/t, expression: "USE"}
  class: {label: Class, unit: "1", expression: "1 if use <= bound else 2"}
totals: {use: {label: Use, gas: ""}}
verdicts:
  use: {label: Use, indicator: use, limit: bound, unit: kWh/t, sense: SENSE}
"""


@pytest.fixture
def judged(tmp_path: Path) -> Any:
    """Judge (energy, output) rows by `use` against a bound."""

    def judge(rows: list[tuple[Any, Any]], use: str, bound: str, sense: str = "at_most") -> Result:
        text = METHOD.replace("BOUND", bound).replace("USE", use).replace("SENSE", sense)
        for name, content in (("shared/kinds/works", KIND), ("limits/judged/2024", text)):
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        library = Library((), (tmp_path,))
        works = [
            {"name": f"row {row}", "energy": energy, "output": output} for row, (energy, output) in enumerate(rows)
        ]
        case = read_case({"method": "judged@2024", "period": 2025, "inputs": {"works": works}}, library)
        return calculate(case, library.method("judged"), library)

    return judge


TOTAL = "sum(works.energy) / sum(works.output)"


def outcome(result: Result) -> str:
    return str(result.verdicts[0].judgement)


@pytest.mark.parametrize(
    ("rows", "bound", "expected"),
    [
        ([(0.1, 1), (0.2, 0)], "0.3", "met"),  # 0.1 + 0.2 is 0.30000000000000004 in float64
        ([("0.3000000000001", 1)], "0.3", "not_met"),  # within 1e-9 of it, and really above
        ([("0.2999999999999", 1)], "0.3", "met"),
        ([(1, 3)], "0.333333333333333", "not_met"),  # a third is more than fifteen threes
        ([(212.5, 25)], "8.5", "met"),
    ],
)
def test_a_tie_is_decided_in_fractions(judged: Any, rows: list[Any], bound: str, expected: str) -> None:
    result = judged(rows, TOTAL, bound)
    assert outcome(result) == expected
    assert result.failed == (expected != "met")


def test_at_least_is_the_other_side(judged: Any) -> None:
    assert outcome(judged([(0.1, 1), (0.2, 0)], TOTAL, "0.3", "at_least")) == "met"
    assert outcome(judged([("0.2999999999999", 1)], TOTAL, "0.3", "at_least")) == "not_met"


def test_an_irrational_indicator_is_judged_in_fifty_digits(judged: Any) -> None:
    """sqrt(2) x sqrt(2) is 2.0000000000000004 in float64; of 50 digits the last may be off, and that is a tie."""
    use = f"sqrt({TOTAL} / bound * 2) * sqrt({TOTAL} / bound * 2) * bound / 2"
    for sense in ("at_most", "at_least"):
        assert outcome(judged([(2, 1)], use, "2", sense)) == "met"
    assert outcome(judged([("2.00000000000001", 1)], use, "2")) == "not_met"


def test_a_condition_inside_an_equation_is_exact_too(judged: Any) -> None:
    """The class is 1 up to the bound: 0.1 + 0.2 = 0.3 belongs to it."""
    assert judged([(0.1, 1), (0.2, 0)], TOTAL, "0.3").value("class").value == 1
    assert judged([("0.3000000000001", 1)], TOTAL, "0.3").value("class").value == 2


def test_a_missing_indicator_is_refused_not_judged(judged: Any) -> None:
    with pytest.raises(CaseError) as caught:
        judged([(0.1, 1), (None, 1)], TOTAL, "0.3")
    assert {"missing-operand"} <= {item.code for item in caught.value.findings}


def test_nothing_produced_is_no_verdict(judged: Any) -> None:
    with pytest.raises(CaseError) as caught:
        judged([(0.1, 0)], TOTAL, "0.3")
    assert {"division-by-zero"} <= {item.code for item in caught.value.findings}


def test_a_limit_in_another_dimension_is_refused_at_load(judged: Any) -> None:
    with pytest.raises(DefinitionError) as caught:
        judged([(1, 1)], TOTAL + " * half / half * bound", "1")
    assert {"unit-mismatch"} <= {item.code for item in caught.value.findings}


def test_rows_of_a_sheet_are_not_one_indicator(judged: Any) -> None:
    with pytest.raises(DefinitionError) as caught:
        judged([(1, 1)], "sum(works.energy / works.output, by=name)", "1")
    assert {"verdict-axes", "line-not-one-value"} <= {item.code for item in caught.value.findings}


def test_exact_text() -> None:
    assert exact_text(Fraction(17, 2)) == "17/2"
    assert exact_text(Fraction(-28)) == "-28"
    assert exact_text(Fraction(1, 3 * 10**40)).startswith("3.333333333333333333333333333333333333333333333333")


def test_the_level_reached_is_none_beyond_the_required_one_that_is_missed() -> None:
    """124.08 kgce/t against 126.57, 124.07 and 151.57, worked by hand in the case: level 2 is required and missed."""
    case = ROOT / "methods/limits/gb-21342/cases/2025-extended-beyond.yaml"
    result = carbonstd.run(case)
    [verdict] = result.verdicts
    told = verdict.as_dict()
    assert (told["judgement"], told["reached"], told["required"]) == ("not_met", "3", "2")
    assert verdict_gauge(verdict).said["zh"].startswith("未达到 · 2级")
    [crossed] = [item for item in result.findings if item.code == "limit-levels-crossed"]
    assert (crossed.values["limit"], crossed.values["wider"]) == ("126.57", "124.07")
    assert crossed.severity == "warning"
    [shown] = names_of(result).findings([crossed])
    assert shown.place_text("zh") == "焦炭单位产品能耗"  # and not the sheet whose id is that of the verdict
