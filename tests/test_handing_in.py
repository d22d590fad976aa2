"""What a key energy user hands in, as workbooks: forms 205-1 and 205-2, by the hand sums of form-205.yaml."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._forms.filled import FilledForm, State
from carbonstd._yaml import load_file
from tests.command_line import ROOT, run, start_in

COAL_2 = ("raw_coal", "2025-02")
LEDGER = ROOT / "methods/energy/energy-ledger/cases/form-205.yaml"


def lines_of(path: Path, title: str) -> list[Mapping[str, Any]]:
    """The lines of a form's sheet below its heads, by the Chinese head of the column."""
    book = openpyxl.load_workbook(path)
    [page] = [sheet for sheet in book if sheet.title.startswith(title)]
    heads = [str(cell.value).split("\n")[0] for cell in page[4]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in page.iter_rows(min_row=5)]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("forms")
    with pytest.MonkeyPatch.context() as patch:
        start_in(place, patch)
        assert run("export", str(LEDGER), "--as", "forms", "-o", "forms.xlsx", "--lang", "zh").exit_code == 0
    return place / "forms.xlsx"


def test_form_205_1_stands_as_it_is_typed_into_the_portal(workbook: Path) -> None:
    """A line an energy, cumulative; electricity in 1e4 kWh, money in 1000 yuan, stocks of both ends."""
    coal, power, heat, total = lines_of(workbook, "205-1表 能源购进")[:4]
    numbers = (
        "1 期初库存量",
        "2 购进量",
        "3 购进金额（千元）",
        "4 消费合计",
        "5 工业生产消费",
        "7 非工业生产消费",
        "9 期末库存量",
    )
    assert (coal["丙 代码"], power["丙 代码"], heat["丙 代码"], total["丙 代码"]) == ("01", "33", "32", "40")
    assert (coal["单位"], power["单位"], total["单位"]) == ("t", "10⁴ kWh", "tce")
    assert [coal[name] for name in numbers] == [100, 1500, 1050, 1500, 1500, 0, 100]
    assert [power[name] for name in numbers] == [0, 220, 1320, 300, 285, 15, 0]  # 2200 and 3000 MWh
    assert [heat[name] for name in numbers] == [0, 0, None, 10650, 10100, 550, 0]  # no cost of heat is held
    # (560 + 504) / 1500 t; 0.1229 kgce/kWh is 1.229 tce/1e4 kWh
    assert [line["10 采用折标系数"] for line in (coal, power, heat)] == [0.70933, 1.229, 0.03412]
    # 100 x 0.7; 630 + 432 + 2200 x 0.1229; 1064 + 368.7 + 363.378; closing 100 x 0.72
    assert [total[name] for name in numbers] == [70, 1332.38, 2370, 1796.08, 1758.88, 37.2, 72]


def test_form_205_2_has_the_kinds_of_conversion(workbook: Path) -> None:
    coal, power, heat, total = lines_of(workbook, "205-2表 能源加工转换")[:4]
    assert [coal[name] for name in ("加工转换投入合计", "火力发电", "供热", "炼焦")] == [1300, 550, 750, 0]
    assert [power["能源加工转换产出"], heat["能源加工转换产出"]] == [80, 11000]
    # 300 x 0.7 + 250 x 0.72; 400 x 0.7 + 350 x 0.72; 800 x 0.1229 + 11000 x 0.03412
    assert [total[name] for name in ("火力发电", "供热", "能源加工转换产出")] == [390, 532, 473.64]


def test_each_month_is_cumulative_and_its_stock_that_of_the_month(workbook: Path) -> None:
    lines = lines_of(workbook, "205-1表、205-2表 分月")
    coal = {
        line["信息项"]: (line["1月"], line["2月"], line["报告期合计"]) for line in lines if line["能源品种"] == "原煤"
    }
    assert coal["购进量"] == (900, 1500, 1500)
    assert coal["期初库存量"] == (100, 100, 100)
    assert coal["期末库存量"] == (200, 100, 100)
    assert coal["加工转换投入合计"] == (700, 1300, 1300)


def test_the_reconciliation_adds_up_to_gbt_2589(workbook: Path) -> None:
    lines = {line["信息项"]: line["填报内容"] for line in lines_of(workbook, "对照表")}
    assert lines["综合能源消费量（统计口径）"] == 1285.24
    assert lines["加：折标准煤系数之差"] == -14
    assert lines["等于：综合能耗（GB/T 2589）"] == 1271.24


def filled(case: Any) -> FilledForm:
    return carbonstd.run(carbonstd.read_case(case)).forms()


def test_kinds_of_conversion_that_nobody_gave_are_left_open() -> None:
    """The works put coal into conversion and do not say which: not 0, and an energy without input has 0."""
    second = next(item for item in filled(LEDGER.parent / "example-works.yaml").tables if item.id == "T2")
    heads = [head["zh"] for head in second.tails]
    power = heads.index("火力发电")
    cells = {line.leads[0]["zh"]: line.tails[power] for line in second.lines}
    assert cells["原煤"].state is State.BY_HAND
    assert cells["柴油"].number == 0
    assert second.lines[-1].tails[power].state is State.BY_HAND  # the total


def test_the_yearly_report_has_what_ledger_and_last_year_tell() -> None:
    """Figures of works.yaml; the rest of the fourteen sheets is left to the enterprise."""
    form = filled(ROOT / "methods/energy/energy-utilisation-report/cases/example-works.yaml")
    printed = {
        (item.clause, *(lead["zh"] for lead in line.leads)): line.year.printed("zh")
        for item in form.tables
        for line in item.lines
    }
    assert printed["表1", "", "", "综合能耗（当量值）", "tce"] == "1,385.06"
    assert printed["表2 续", "总产值", "2020年可比价", "单位产值综合能耗变化", "%"] == "-6.01"
    assert printed["表4", "甲", "变化率", "%"] == "-3.82"
    assert printed["表4", "乙", "变化率", "%"] == ""  # not made the year before
    assert printed["表6", "规划期累计", "完成率", "%"] == "92.17"
    balance = next(item for item in form.tables if item.id == "T3")
    coal = dict(zip((head["zh"] for head in balance.tails), balance.lines[0].tails, strict=True))
    names = ("期初库存量", "购入量", "盘盈盘亏", "生产消费", "期末库存量", "收支差")
    assert [coal[name].number for name in names] == [100, 1000, -10, 1000, 90, 0]
    projects = [item for item in form.tables if item.id in ("T7", "T8", "T9", "T10", "T11", "T12")]
    assert {line.year.state for item in projects for line in item.lines} == {State.BY_HAND}


def test_a_month_that_is_left_out_ends_the_cumulative_figures() -> None:
    """Without the coal of February what is cumulative to it is missing, never the figure of January."""
    case = copy.deepcopy(load_file(LEDGER))
    case["inputs"]["ledger"] = [row for row in case["inputs"]["ledger"] if (row["energy"], str(row["month"])) != COAL_2]
    case["inputs"]["energy_conversion"] = []
    months = next(item for item in filled(case).tables if item.id == "T3")
    coal = {line.leads[2]["zh"]: line for line in months.lines if line.leads[0]["zh"] == "原煤"}
    assert [cell.printed("zh") for cell in coal["购进量"].months] == ["900.00", "—"]
    assert [cell.printed("zh") for cell in coal["期末库存量"].months] == ["200.00", "—"]
    assert [cell.printed("zh") for cell in coal["期初库存量"].months] == ["100.00", "100.00"]


def test_a_ledger_of_the_year_has_its_own_stocks() -> None:
    """Rows without months: the stocks are those typed, whatever is cumulative has no month."""
    form = filled(ROOT / "methods/energy/energy-utilisation-report/cases/example-works.yaml")
    coal = next(item for item in form.tables if item.id == "T2").lines[0]
    assert [coal.tails[at].printed("zh") for at in (1, 9)] == ["100.00", "90.00"]


def test_the_ledger_goes_into_the_next_method_and_gives_the_same_total(tmp_path: Path) -> None:
    """As many rows of each sheet, and the same consumption of GB/T 2589."""
    source = ROOT / "methods/energy/energy-ledger/cases/example-works.yaml"
    report, target = tmp_path / "report.xlsx", tmp_path / "target.xlsx"
    for family, path in (("energy-utilisation-report", report), ("energy-target", target)):
        told = run("template", family, "--from", source, "-o", path, "--lang", "en")
        assert "template-copied" in told.stderr, told.output
    typed, read = carbonstd.read_case(source), carbonstd.read_case(target)
    assert read.period == typed.period
    filled = {name: raw.rows for name, raw in read.sheets.items() if raw.rows}
    assert filled == {name: raw.rows for name, raw in typed.sheets.items()}
    (first, *_), (again, *_) = (carbonstd.run(item).totals.items() for item in (source, report))
    assert again == first


def test_a_sheet_of_another_meaning_is_not_copied(tmp_path: Path) -> None:
    told = run("template", "gbt-32151.34", "--from", LEDGER, "-o", tmp_path / "a.xlsx", "--lang", "en")
    assert (told.exit_code, "handover-none" in told.stderr, [*tmp_path.iterdir()]) == (2, True, [])
