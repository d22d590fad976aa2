"""Figures by month in the report: parts that add up to the line, blanks that are not zero, what has no month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

import carbonstd
from carbonstd._charts.colours import PALETTE
from carbonstd._report.months import by_month
from carbonstd._report.report import report
from carbonstd._result.result import Result
from tests.command_line import DIESEL, EXAMPLE
from tests.pages import Element, mapping, parsed, probe


@pytest.fixture(scope="module")
def result() -> Result:
    return carbonstd.run(EXAMPLE)


@pytest.fixture(scope="module")
def page(result: Result) -> Element:
    return parsed(report(result, "zh"))


class TestMonths:
    def test_months_are_those_of_the_rows(self, result: Result) -> None:
        """Purchased power: quantity x factor, put together again from what was typed."""
        rows: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
        for item in result.operands.itertuples():
            if item.sheet == "electricity":
                rows[str(item.key), int(str(item.row))][str(item.column)] = item.value
        (found,) = by_month(result)
        line = next(line for line in found.lines if line.item.line.id == "purchased_electricity")
        for month, value in zip(found.months, line.values, strict=True):
            mine = [cells for (key, _), cells in rows.items() if month in key.split(" / ")]
            assert len(mine) >= 1
            assert value == pytest.approx(sum(cells["electricity"] * cells["emission_factor"] for cells in mine))

    def test_a_month_without_rows_is_blank_and_not_zero(self, page: Element, result: Result) -> None:
        table = page.by_id("months").all("table", "months")[0]
        row = next(row for row in table.all("tr") if "烟气脱硫" in row.text)
        cells = [cell.text for cell in row.all("td")]
        assert cells[0] == "—"
        assert cells[2] == "183.6"
        (found,) = by_month(result)
        total = [cell.text for cell in table.all("tfoot")[0].all("td")]
        assert total[0] == f"{sum(line.values[0] for line in found.lines):,.1f}"
        assert total[-1] == "179,058.7"

    def test_subtracted_lines_are_negative(self, result: Result) -> None:
        (found,) = by_month(result)
        heat = next(line for line in found.lines if line.item.line.id == "exported_heat")
        assert min(heat.values) < 0
        assert max(heat.values) <= 0
        assert heat.total == -heat.item.value

    def test_an_edition_that_changes_shows_month_by_month(self) -> None:
        (found,) = by_month(probe("probe-10-edition-change/cases/by-month"))
        assert found.months == ("2025-06", "2025-07")
        assert found.lines[0].values == pytest.approx((60, 50))

    def test_floors_by_month_keep_their_month(self) -> None:
        result = probe("probe-03-clinker/cases/floored")
        (found,) = by_month(result)
        by_key = result.values("monthly")
        for month, value in zip(found.months, found.lines[0].values, strict=True):
            assert value == pytest.approx(sum(part for key, part in by_key.items() if month in key))

    def test_what_has_no_month_is_told_apart(self) -> None:
        case = DIESEL.replace(
            "consumption: 10}", "consumption: 10}, {source: b, fuel: diesel, month: 3, consumption: 5}"
        )
        result = carbonstd.run(mapping(case))
        (found,) = by_month(result)
        fuel = found.lines[0]
        assert fuel.rest == pytest.approx(2 * sum(fuel.values))
        assert fuel.values[2] == pytest.approx(result.primary.value / 3)
        text = parsed(report(result, "en")).by_id("months").text
        assert "30.959" in text
        assert "No month" in text

    def test_data_without_months_and_intensities_have_no_chart(self) -> None:
        for result in (carbonstd.run(mapping(DIESEL)), probe("probe-06-limit/cases/upper-band")):
            assert by_month(result) == []
            assert "carry no months" in parsed(report(result, "en")).by_id("months").text

    def test_looking_by_month_leaves_no_trace(self, result: Result) -> None:
        before = result.operands
        by_month(result)
        assert "by month" not in result._run.usages
        assert before.equals(carbonstd.run(EXAMPLE).operands)


def test_many_lines_are_gathered_in_the_chart_by_month(result: Result) -> None:
    from carbonstd._report.months import ByMonth
    from carbonstd._result.charts import month_series

    (found,) = by_month(result)
    again = tuple(replace(line, rest=1.0) for line in found.lines)
    many = ByMonth(found.unit, found.months, found.lines + again)
    series = month_series(many)
    assert len(series) == PALETTE
    assert series[-1].label["en"] == "Others"
    total = [sum(item.values[at] for item in series) for at in range(12)]
    assert total == pytest.approx([2 * sum(line.values[at] for line in found.lines) for at in range(12)])
