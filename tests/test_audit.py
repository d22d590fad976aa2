"""The audit's table set: filled from ledger and balance by hand-computed figures, the rest left open."""

from __future__ import annotations

from pathlib import Path

import carbonstd
from carbonstd._forms_filled import FilledForm, State

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
    assert len(form.tables) == 19
    equipment = next(item for item in form.tables if item.id == "T7")
    assert {line.year.state for line in equipment.lines} == {State.BY_HAND}
