"""Labels: conditions listed also where they hold, in every form of a result; a footprint handed to its label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from carbonstd._case.case import read_case
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import calculate
from carbonstd._handover.handover import hand_over
from carbonstd._result.result import Result
from carbonstd._result.summary import summary

LIBRARY = Library()
CASES = Path(__file__).resolve().parent.parent / "methods" / "products"


def result(name: str) -> Result:
    case = read_case(CASES / f"{name}.yaml", LIBRARY)
    return calculate(case, LIBRARY.method(case.method, case.period, case.as_of), LIBRARY)


def test_conditions_are_told_as_they_come_out(tmp_path: Path) -> None:
    found = result("low-carbon-certification/cases/not-stated")
    states = {item["id"]: item["state"] for item in found.as_dict("en")["conditions"]}
    assert states == {
        "source-sound": "met",
        "in-catalogue": "met",
        "threshold-named": "met",
        "same-class": "met",
        "same-boundary": "not_stated",
        "same-method": "met",
        "same-factors": "not_stated",
        "same-data-year": "met",
        "quality-standard": "not_stated",
        "value-within": "not_stated",
    }
    text = "\n".join(line.text for line in summary(found, "zh"))
    assert "满足    产品类别与技术规范相同" in text
    assert "评价技术规范文件号 = 示例技术规范 X-01" in text
    found.to_html(tmp_path / "r.html", "zh")
    assert 'class="open">未说明</strong>' in (tmp_path / "r.html").read_text(encoding="utf-8")
    found.to_excel(tmp_path / "r.xlsx", "zh")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].values for cell in row if cell]
    assert "未说明" in cells
    assert "满足" in cells


def test_a_method_without_conditions_tells_none() -> None:
    found = result("gbt-24067/cases/loop")
    assert found.conditions == ()
    assert "conditions" not in found.as_dict("en")


def test_no_form_of_a_label_says_that_it_is_granted(tmp_path: Path) -> None:
    found = result("low-carbon-certification/cases/example-cement")
    text = "\n".join(line.text for line in summary(found, "zh"))
    assert "参考判定" in text
    assert not any(word in text for word in ("符合要求", "通过认证", "获得认证", "正式比对"))


def test_a_footprint_is_handed_to_its_label() -> None:
    case = read_case(CASES / "gbt-24067" / "cases" / "report-all-stated.yaml", LIBRARY)
    filled = hand_over(case, "footprint-label", LIBRARY).case.sheets["label"].columns
    assert {name: cells[0] for name, cells in filled.items()} == {
        "name": "熟料",
        "footprint": 856.5,
        "product_amount": "1 t",
        "boundary": "cradle_to_gate",
        "quantified_by": "GB/T 24067-2024",
        "data_year": 2025,
        "factor_edition": None,  # every figure is typed
        "source_failed": "no",
    }


@pytest.mark.parametrize(
    ("case", "footprint", "failed"),
    [
        ("declared", 4286, "no"),  # cradle to gate: 4336 less the 25 t of distribution of 500 t, as in a PACT document
        ("mass-slip", 624 / 115, "yes"),  # its hand calculation stands in the case; its mass is an error
        ("stages", 117021, "no"),  # a partial boundary keeps its distribution
    ],
)
def test_a_label_takes_a_footprint_to_the_gate_and_its_errors(case: str, footprint: float, failed: str) -> None:
    read = read_case(CASES / "gbt-24067" / "cases" / f"{case}.yaml", LIBRARY)
    filled = hand_over(read, "footprint-label", LIBRARY).case.sheets["label"].columns
    assert float(filled["footprint"][0]) == pytest.approx(footprint)
    assert filled["source_failed"] == [failed]


def test_the_year_of_a_longer_period_is_left_open() -> None:
    case = read_case(CASES / "gbt-24067" / "cases" / "report-all-stated.yaml", LIBRARY)
    period = Period.parse("2024..2025")
    assert period is not None
    longer = replace(case, period=period)
    assert hand_over(longer, "footprint-label", LIBRARY).case.sheets["label"].columns["data_year"] == [None]
