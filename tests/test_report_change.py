"""One year beside another: what adds up to the total, stocks and readings that do not add up, lines of one edition."""

from __future__ import annotations

from pathlib import Path

import pytest

import carbonstd
from carbonstd._charts.chart import short
from carbonstd._paper.page import report_page
from carbonstd._report.lines import share_text
from carbonstd._report.report import paper, report
from carbonstd._result.charts import sources
from carbonstd._result.waterfall import waterfall
from carbonstd._units import unit
from carbonstd._verify.change import LastYear, changes
from tests.command_line import DIESEL, GRID, run, start_in, write
from tests.pages import ROOT, Element, figures, mapping, parsed

STEEL = """
method: gbt-32151.5@2015
entity: {name: {zh: 甲厂, en: Works A}}
period: 2023
as_of: 2024-12-31
inputs:
  fuel:
    - {fuel: washed_coal, month: 1, purchase: 100, opening_stock: 50, closing_stock: 40, other_use: 0, sold: 0}
    - {fuel: washed_coal, month: 2, purchase: 120, opening_stock: 40, closing_stock: 30, other_use: 0, sold: 0}
"""


# 100 t of diesel: 100 x 42.652 x 0.0202 x 0.98 x 44/12; trees of 13 cm for 12: 387.75 x (169/144 - 1) of the stock, and
# 10 % of it withheld; 10e4 m3 of gas: 10 x 389.31 x 0.0153 x 0.99 x 44/12
@pytest.mark.parametrize(
    ("case", "was", "now", "steps"),
    [
        ("enterprises/cets-ag-04.01/cases/full-plant", "consumption: 300,", "consumption: 400,", [309.5909637]),
        (
            "projects/ccer-14-001/cases/example-afforestation",
            "diameter: 12,",
            "diameter: 13,",
            [67.31770833, -6.731770833],
        ),
        ("enterprises/gbt-32151.10/cases/full-works", "consumption: 100}", "consumption: 110}", [216.2188809]),
    ],
)
def test_tonnes_of_co2_are_told_beside_a_total_of_co2e(case: str, was: str, now: str, steps: list[float]) -> None:
    text = (ROOT / f"methods/{case}.yaml").read_text(encoding="utf-8")
    before, after = (carbonstd.run(mapping(item)) for item in (text, text.replace(was, now)))
    chart = waterfall(before, after)
    assert [step.value for step in chart.steps] == pytest.approx(steps)
    [bars] = sources(after)
    assert sum(bar.value for bar in bars.bars) == pytest.approx(after.primary.value)
    assert all(share_text(item, after) for item in after.lines if item.reported and not item.line.memo)


def test_only_co2_counts_as_co2e() -> None:
    adds = {text: unit(text).adds_to(unit("tCO2e/a")) for text in ("tCO2/a", "kgCO2e/a", "tCH4/a", "tCO2", "t/a")}
    assert [text for text, factor in adds.items() if factor is not None] == ["tCO2/a", "kgCO2e/a"]
    assert unit("tCO2e").adds_to(unit("tCO2")) is None


def test_an_amount_of_a_year_is_no_intensity() -> None:
    ratios = [text for text in ("tCO2/a", "MW", "tCO2/t", "%", "kgCO2e/m^2/a", "t/t", "GJ/1e4 m^3") if unit(text).ratio]
    assert ratios == ["tCO2/t", "%", "kgCO2e/m^2/a", "t/t", "GJ/1e4 m^3"]


def _rows(page: Element, block: str) -> dict[str, Element]:
    cells = ((row, row.all("td")) for row in page.by_id(block).all("tr"))
    return {" ".join(cell.text for cell in found if not figures(cell)): row for row, found in cells if found}


class TestActivity:
    def test_stocks_are_those_of_the_first_and_the_last_month(self) -> None:
        page = parsed(report(carbonstd.run(mapping(STEEL)), "en"))
        found = {
            name: figures(row)[0]
            for row in page.by_id("activity").all("tr")
            for name in ("Purchase", "Opening stock", "Closing stock")
            if name in row.text
        }
        assert found == {"Purchase": 220, "Opening stock": 50, "Closing stock": 30}

    def test_years_and_heights_have_a_range_and_answers_say_to_what(self) -> None:
        path = ROOT / "methods/projects/ccer-14-001/cases/example-afforestation.yaml"
        text = path.read_text(encoding="utf-8").replace("count: 12, diameter: 12,", "count: 12, diameter: 12.1,")
        page = parsed(report(carbonstd.run(mapping(text)), "zh"))
        rows = [row.text for row in page.by_id("activity").all("tr")]
        assert any("期初年份" in row and "2021" in row for row in rows)
        assert not any("防护林 · 否" in row for row in rows)
        assert any("项目土地属于湿地：否" in row for row in rows)


class TestChange:
    def test_stocks_of_both_years_are_those_of_one_month(self) -> None:
        now = carbonstd.run(mapping(STEEL))
        before = carbonstd.run(mapping(STEEL.replace("2023", "2022").replace("opening_stock: 50", "opening_stock: 60")))
        found = {item.item: [item.before, item.now] for item in changes(now, before, 0.1)}
        assert found["fuel.opening_stock.mass.washed_coal"] == [60, 50]
        assert found["fuel.closing_stock.mass.washed_coal"] == [30, 30]
        assert found["fuel.purchase.mass.washed_coal"] == [220, 220]

    def test_what_was_not_entered_is_no_zero(self) -> None:
        before = _run(DIESEL.replace("consumption: 10", "heat: 426.52").replace("period: 2025", "period: 2024"))
        [heat] = [item for item in changes(_run(DIESEL), before, 0.1) if item.item.startswith("fuel.heat")]
        assert heat.before == 426.52
        assert heat.now is None

    def test_of_two_equal_years_it_is_said_that_nothing_changed(self) -> None:
        now, before = _run(DIESEL), _run(DIESEL.replace("period: 2025", "period: 2024"))
        change = parsed(_page(now, before)).by_id("change")
        assert "无变化" in change.text
        assert not change.all("svg", "chart")

    def test_a_line_says_how_it_counts(self) -> None:
        text = (ROOT / "methods/enterprises/gbt-32151.10/cases/full-works.yaml").read_text(encoding="utf-8")
        now, before = _run(text), _run(text.replace("period: 2022", "period: 2021"))
        rows = parsed(_page(now, before)).by_id("change").all("tbody")[0].all("tr")
        counts = {figures(row)[0]: row.all("td")[0].text for row in rows}
        assert [counts[value] for value in (396, 975.15, 600, 110)] == ["＋", "－", "－", "－"]


def test_a_year_before_that_is_refused_gives_its_errors_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative quantity is an error; that the factors are defaults need not be told of a year that does not run."""
    start_in(tmp_path, monkeypatch)
    refused = GRID.replace("2025", "2024").replace(
        "inputs: {", "inputs: {fuel: [{source: a, fuel: diesel, consumption: -1}], "
    )
    result = run("calc", write("a.yaml", GRID), "--last-year", write("b.yaml", refused), "--report", "a.html")
    assert "last-year-refused" in result.stderr
    change = parsed(Path("a.html").read_text(encoding="utf-8")).by_id("change")
    assert [item.text.split()[0] for item in change.all("li")] == ["last-year-refused", "below-minimum"]


def test_nothing_has_no_minus() -> None:
    assert [short(-0.4, 12000), short(-0.0, 1), short(-1.6, 12000)] == ["0", "0", "-2"]


def _page(now: carbonstd.Result, before: carbonstd.Result) -> str:
    return report_page(paper(now, "zh", LastYear(before)), "zh")


def _run(text: str) -> carbonstd.Result:
    return carbonstd.run(mapping(text))
