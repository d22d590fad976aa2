"""The audit's table set: filled from ledger and balance by hand-computed figures, the rest left open."""

from __future__ import annotations

from pathlib import Path

import pytest

import carbonstd
from carbonstd._forms.filled import FilledForm, State

WORKS = Path(__file__).parents[1] / "methods/energy/gbt-17166/cases/works.yaml"


def printed(form: FilledForm, table: str, *leads: str) -> str:
    lines = next(item for item in form.tables if item.id == table).lines
    return next(one.year.printed("zh") for one in lines if set(leads) <= {text["zh"] for text in one.leads})


def test_what_ledger_and_balance_know_is_filled_and_the_rest_is_by_hand() -> None:
    form = carbonstd.run(carbonstd.read_case(WORKS)).forms()
    assert form.evidence == "secondary"
    assert printed(form, "T2", "综合能耗（当量值）") == "1,378.91"
    assert printed(form, "T10", "电力", "生产消费", "MWh") == "5,400.00"
    assert printed(form, "T10", "电力", "用能结构（等价值）") == "65.45"  # 1470 / 2245.855
    assert printed(form, "T11", "辅助生产系统", "最终使用：有效") == "68.82"
    assert printed(form, "T12", "甲", "单位产品综合能耗") == "17.24"
    assert printed(form, "T13", "电力", "占比") == "72.29"  # 300 / 415
    assert printed(form, "T11", "主要生产系统", "窑", "设备（用能单元）能量利用率") == "60.00"
    assert printed(form, "T11", "各环节差额绝对值之和") == "0.00"  # 500 / 29.3076 - 500 x 0.03412
    assert len(form.tables) == 19
    equipment = next(item for item in form.tables if item.id == "T7")
    assert {line.year.state for line in equipment.lines} == {State.BY_HAND}


@pytest.mark.parametrize("name", ["report-2023", "example-report-2025"])
def test_the_tables_of_an_energy_review_are_filled_from_the_projects_data(name: str) -> None:
    """Figures by hand in the case; what no order or sheet gives stays open."""
    case = WORKS.parents[2] / f"energy-review/cases/{name}.yaml"
    form = carbonstd.run(carbonstd.read_case(case)).forms()
    assert form.evidence == "secondary"
    assert printed(form, "T2", "甲", "化石能源消费量（不含原料用能）") == "11,376.60"
    assert printed(form, "T3", "电力", "结构（当量值）") == "35.17"
    assert printed(form, "T4", "电力", "非化石能源") == "1,843.50"
    assert printed(form, "T5", "天然气", "折标准煤") == "6,000.00"
    assert printed(form, "T6", "A", "与国际先进水平之比") == "110.89"
    assert printed(form, "T7", "甲", "碳排放总量") == "54,432.50"
    assert printed(form, "T8", "B", "单位产品碳排放") == "0.6804"
    measures = next(item for item in form.tables if item.id == "T9")
    assert {line.year.state for line in measures.lines} == {State.BY_HAND}


def test_what_a_recalled_threshold_counts_is_recalled() -> None:
    """24 of 25 meters are needed because an amount reaches a threshold of tables 1 and 2."""
    case = WORKS.parents[2] / "gb-17167/cases/at-thresholds.yaml"
    result = carbonstd.run(carbonstd.read_case(case))
    assert result.as_dict()["shares"]["assumed"] == pytest.approx(0.96)
    told = [item.message("en") for item in result.findings if item.code == "verdict-unfounded"]
    assert len(told) == 3
    assert not any("own corrected limit" in text for text in told)
