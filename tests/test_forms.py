"""Report forms: the document's tables filled month by month, the year from unrounded months, what is missing told.

Expected figures are those of example-chp-2023.md (worked outside carbonstd) and of the arithmetic shown beside them.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._forms.compile import lint_form
from carbonstd._forms.filled import FilledForm, FilledTable, Line, State
from carbonstd._number import round_half_up
from carbonstd._yaml import load_file
from tests.command_line import DIESEL, ROOT, run, start_in, write

POWER = ROOT / "methods/enterprises/mee-power/cases"
CHP = POWER / "example-chp-2023.yaml"
CHEMICAL = ROOT / "methods/enterprises/mee-supplement-chemical/cases/full-2018.yaml"
STEEL = ROOT / "methods/enterprises/cets-ag-03.01/cases/full-plant.yaml"
MAY = 4  # the fifth month
SEPTEMBER = 8


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def filled(case: Any) -> FilledForm:
    library = carbonstd.library()
    return carbonstd.run(carbonstd.read_case(case, library), of=library).forms()


@pytest.fixture(scope="module")
def chp() -> FilledForm:
    return filled(CHP)


def table(form: FilledForm, clause: str, title: str = "") -> FilledTable:
    return next(item for item in form.tables if item.clause == clause and title in item.title["zh"])


def line(form: FilledForm, clause: str, *leads: str) -> Line:
    """The one line that has all of these before its months."""
    found = [
        item for item in table(form, clause).lines if set(leads) <= {text["zh"] for text in item.leads}
    ]  # fmt: skip
    assert len(found) == 1, (clause, leads, len(found))
    return found[0]


def may(form: FilledForm, clause: str, *leads: str) -> str:
    return line(form, clause, *leads).months[MAY].printed("zh")


def year(form: FilledForm, clause: str, *leads: str) -> str:
    return line(form, clause, *leads).year.printed("zh")


def test_a_month_of_a_unit_is_as_worked_by_hand(chp: FilledForm) -> None:
    """Unit 1 in May 2023. C_ar = 0.5999 x (1 - 0.115) = 0.5309115; 48107.49 x 0.5309115 x 0.99 x 44/12 = 92713.18."""
    coal = ("1号机组", "烟煤")
    assert [may(chp, "附表C.3", *coal, code) for code in "ABCDEFG"] == [
        "48,107.49", "0.5309", "20.646", "/", "99.00", "92,713.18", "/",
    ]  # fmt: skip
    # 38.62 t x 42.652 GJ/t x 0.0202 tC/GJ x 0.98 x 44/12 = 119.56; nothing of the diesel was measured
    assert [may(chp, "附表C.3", "1号机组", "柴油", code) for code in "ABCDEFG"] == [
        "38.62", "/", "42.652", "0.02020", "98.00", "/", "119.56",
    ]  # fmt: skip
    assert [may(chp, "附表C.4", "1号机组", code) for code in "MNO"] == ["412.360", "0.5703", "235.17"]
    # load 96215.4/(350 x 480) = 57.27 %; 92713.18 + 119.56 + 235.17 = 93067.91
    total = "T=F(G)+O"
    assert [may(chp, "附表C.5", "1号机组", code) for code in (*"PQRS", total)] == [
        "96,215.400", "140,372.31", "480.00", "57.27", "93,067.91",
    ]  # fmt: skip
    # a = 140372.31/921714.15; (1 - a) x 93067.91/96215.4 and a x 93067.91/140372.31
    names = ("供热比", "发电碳排放强度", "供热碳排放强度")
    assert [may(chp, "附表C.7", "1号机组", name) for name in names] == ["15.23", "0.8200", "0.1010"]


def test_the_year_follows_from_unrounded_months(chp: FilledForm) -> None:
    """The printed months of unit 1 add up to 1 527 763.13; the record's year is 1 527 763.15."""
    emissions = line(chp, "附表C.5", "1号机组", "T=F(G)+O")
    assert sum(cell.number or 0 for cell in emissions.months) == Decimal("1527763.13")
    assert emissions.year.printed("zh") == "1,527,763.15"
    [note] = table(chp, "附表C.5").notes
    assert "1,527,763.13" in note["zh"]
    assert "1,527,763.15" in note["zh"]
    assert "rounding" in note["en"]
    assert year(chp, "附表C.5", "全部机组二氧化碳排放量") == "3,013,074.84"
    assert [year(chp, "附表C.5", "2号机组", code) for code in "PQRS"] == [
        "1,514,929.700", "1,866,094.20", "7,728.00", "56.01",
    ]  # fmt: skip
    assert [year(chp, "附表C.7", "2号机组", name) for name in ("发电碳排放强度", "供热碳排放强度")] == [
        "0.8438",
        "0.1109",
    ]
    # weighted by coal: emissions of coal 1 527 271.73 t / (783 499.69 t x 0.99 x 44/12) = 0.5370
    assert year(chp, "附表C.3", "1号机组", "烟煤", "B") == "0.5370"


def test_a_month_without_coal_has_no_mean_and_is_not_missing(chp: FilledForm) -> None:
    """Unit 2 stands still in September: consumption 0 is entered, so it is 0.00, and the means have no figure."""
    cells = [line(chp, "附表C.3", "2号机组", "烟煤", code).months[SEPTEMBER] for code in "ABCF"]
    assert [cell.printed("zh") for cell in cells] == ["0.00", "/", "/", "0.00"]


def test_diesel_of_two_months_is_missing_in_the_others_and_said_so(chp: FilledForm) -> None:
    diesel = line(chp, "附表C.3", "1号机组", "柴油", "A")
    assert [cell.printed("zh") for cell in diesel.months].count("—") == 10
    assert diesel.year.printed("zh") == "82.77"  # 38.62 + 44.15
    said = [item.message("en") for item in chp.findings if item.code == "form-month-missing"]
    assert any(
        "1号机组 / diesel" in text.replace("Diesel", "diesel") and "2023-01..2023-04" in text and "not as zero" in text
        for text in said
    )


def test_what_is_not_computed_is_left_to_be_filled_in(chp: FilledForm) -> None:
    assert year(chp, "附表C.1", "重点排放单位名称") == "示例发电有限公司"
    assert line(chp, "附表C.1", "法定代表人姓名").year.state is State.BY_HAND
    assert year(chp, "附表C.2", "1号机组", "产品类别") == "热电联产"
    assert year(chp, "附表C.2", "1号机组", "装机容量") == "350"
    assert {cell.state for cell in line(chp, "附表C.7", "1号机组", "上网电量").months} == {State.BY_HAND}
    assert may(chp, "附表C.6", "1号机组", "元素碳含量") == "自行检测"
    # the ratio of unit 1 goes by the heat balance, so that its coal per heat is not known here
    assert line(chp, "附表C.7", "1号机组", "供热煤（气）耗").year.state is State.BY_HAND


def test_the_rule_of_element_carbon_is_told_of_fuels_alone(chp: FilledForm) -> None:
    assert all("缺省值" in text for text in told(chp, "form-month-missing", "附表C.3"))
    of_power = told(chp, "form-month-missing", "附表C.4")
    assert of_power
    assert not any("缺省值" in text for text in of_power)


def test_a_missing_month_is_printed_as_missing() -> None:
    """Without the coal of unit 1 in February: no figure there, and the year is that of eleven months."""
    case = copy.deepcopy(load_file(CHP))
    coal = case["inputs"]["coal"]
    case["inputs"]["coal"] = [row for row in coal if (row["unit"], str(row["month"])) != ("1号机组", "2023-02")]
    form = filled(case)
    assert [line(form, "附表C.3", "1号机组", "烟煤", code).months[1].printed("zh") for code in "ABCEF"] == ["—"] * 5
    # 783499.69 - 68697.87
    assert year(form, "附表C.3", "1号机组", "烟煤", "A") == "714,801.82"
    [told] = [item for item in form.findings if item.values.get("block", {}).get("zh") == "1号机组 / 烟煤"]
    assert told.code == "form-month-missing"
    assert told.values["months"] == "2023-02"
    assert "缺省值" in told.message("zh")  # the document's rule for a month without data
    assert form.result.failed  # the check months-complete of the method


def test_data_without_months_give_the_year_alone() -> None:
    case: dict[str, Any] = copy.deepcopy(load_file(CHP))
    case["inputs"]["fuel"] = [{"unit": "1号机组", "fuel": "diesel", "consumption": 10, "data_source": "invoice"}]
    form = filled(case)
    assert {cell.state for cell in line(form, "附表C.3", "1号机组", "柴油", "A").months} == {State.MISSING}
    assert year(form, "附表C.3", "1号机组", "柴油", "A") == "10.00"
    assert [item.values["block"]["zh"] for item in form.findings if item.code == "form-without-months"] == [
        "1号机组 / 柴油"
    ]


def test_a_year_that_is_more_than_its_months_is_told() -> None:
    """10 t of steel x 0.037 = 0.37 tCO2 held in a product without a month: the year has it, and no month."""
    form = filled(ROOT / "methods/enterprises/cets-ag-03.01/cases/trap-product-no-month.yaml")
    told = {item.values["rows"]["zh"].strip(): item for item in form.findings if item.code == "form-year-apart"}
    assert told["二氧化碳排放总量"].values["sum"] == "9.20"
    assert told["二氧化碳排放总量"].values["year"] == "8.83"


@pytest.mark.parametrize(
    "path",
    ["mee-power/cases/two-coals-one-unit", "mee-power/cases/boilers-two-units", "cets-ag-03.01/cases/full-plant"],
)
def test_months_and_year_of_the_total_are_the_result(path: str) -> None:
    form = filled(ROOT / f"methods/enterprises/{path}.yaml")
    sheet = [item for item in form.tables if "汇总表" in item.title["zh"]][-1]
    total = sheet.lines[-1 if path.startswith("mee-power") else 0]
    assert total.year.exact == pytest.approx(form.result.primary.value, rel=1e-12)
    assert sum(cell.exact or 0 for cell in total.months) == pytest.approx(form.result.primary.value, rel=1e-12)


def test_the_edition_of_2026_has_no_purchased_electricity() -> None:
    """130000 t x 0.55 x 0.985 x 44/12 = 258234.17; 300000 MWh/(600 MW x 700 h) = 71.43 %."""
    form = filled(POWER / "electricity-2026.yaml")
    assert [item.clause for item in form.tables] == [f"附表C.{number}" for number in range(1, 7)]
    assert [year(form, "附表C.3", code) for code in "ABF"] == ["130,000.00", "0.5500", "258,234.17"]
    codes = ("M", "O", "P", "Q=F(G)")
    assert [year(form, "附表C.4", code) for code in codes] == ["300,000.000", "700.00", "71.43", "258,234.17"]
    assert year(form, "附表C.6", "购入使用电量") == "1,250.400"


def test_steel_by_the_notes_of_its_forms() -> None:
    """Washed coal 130000 t x 26.344 x 0.02541 x 44/12 = 319081.1624 a month, 3828973.949 a year."""
    form = filled(ROOT / "methods/enterprises/cets-ag-03.01/cases/full-plant.yaml")
    coal = line(form, "附表C.3", "外购", "洗精煤", "化石燃料二氧化碳排放量")
    assert (coal.months[0].printed("zh"), coal.year.printed("zh")) == ("319,081.16", "3,828,973.95")
    sold = line(form, "附表C.3", "自产", "高炉煤气", "化石燃料净消耗量（自产外销为负）")
    assert sold.year.printed("zh") == "-240,000.00"
    assert sold.leads[-1]["zh"] == "10⁴Nm³"
    assert year(form, "附表C.3", "石灰石", "外购碳酸盐二氧化碳排放量") == "184,800.00"  # 420000 x 0.44
    assert year(form, "附表C.3", "单位粗钢碳排放量") == "1.0911"  # 3927928.35/3600000
    assert year(form, "附表C.5", "E企业") == "3,927,928"  # whole tonnes
    # 3927928.35 - 2352022.34 - 1243315.96, from unrounded parts
    assert year(form, "附表C.5", "E其他") == "332,590.05"
    assert year(form, "附表C.4", "炼铁工序", "工序单位产品碳排放量") == "0.6416"


def test_the_supplementary_forms_of_ammonia_urea_and_soda() -> None:
    """The figures of full-2018.yaml: 753216.0777 of ammonia, 132404 of urea, 28101 of soda ash."""
    form = filled(CHEMICAL)
    totals = [year(form, f"补充数据表 {name}", "二氧化碳排放总量") for name in ("合成氨", "尿素", "轻质纯碱")]
    assert totals == ["753,216.08", "132,404.00", "28,101.00"]
    assert year(form, "补充数据表 合成氨", "1.1") == "605,797.10"
    assert year(form, "补充数据表 合成氨", "单位产品二氧化碳排放量") == "3.7661"  # by 200000 t
    # 180000 x 5/6 of the grid, 20000 of the own plant, 10000 of waste heat; nothing renewable
    assert [year(form, "补充数据表 合成氨", f"1.2.1.{number}") for number in range(1, 5)] == [
        "150,000.000", "20,000.000", "/", "10,000.000",
    ]  # fmt: skip
    assert year(form, "补充数据表 尿素", "1.2") == "108,000.00"  # 900000 x 0.12
    assert line(form, "补充数据表 轻质纯碱", "生产工艺").year.state is State.BY_HAND
    assert [year(form, "补充数据表 轻质纯碱", code) for code in ("2", "2.1", "3", "4")] == [
        "28,101.00", "6,101.00", "100,000.00", "28,101.00",
    ]  # fmt: skip


def test_a_product_that_is_not_made_has_no_total_of_zero() -> None:
    form = filled(CHEMICAL.parent / "trap-heat-other.yaml")  # soda ash alone: 1000 GJ x 0.11
    assert [len(item.lines) > 0 for item in form.tables] == [False, False, True]
    assert year(form, "补充数据表 轻质纯碱", "4") == "110.00"


def test_another_edition_gets_the_common_form_and_says_so() -> None:
    """130000 x 0.55 x 0.99 x 44/12 = 259545 tCO2 by the edition of 2021, whose forms are not held."""
    form = filled(POWER / "carbon-2021.yaml")
    assert "通用格式" in form.title["zh"]
    assert form.evidence == ""
    assert [item.code for item in form.findings] == ["form-not-held"]
    assert year(form, "通用表1", "化石燃料燃烧") == "259,545.00"
    names = [text["zh"] for item in table(form, "通用表3").lines for text in item.leads]
    assert "碳氧化率" in names


def test_the_common_form_holds_activity_and_factors_with_their_source() -> None:
    """The diesel of the command line's case: 10 t, factors by table C.1, 30.9590964 tCO2."""
    form = filled(write("case.yaml", DIESEL))
    assert year(form, "通用表2", "消耗量（气体为标准状态）") == "10"
    ncv = line(form, "通用表3", "低位发热量")
    assert ncv.year.printed("zh") == "42.652"
    assert [cell.printed("zh") for cell in ncv.tails] == ["缺省", "GB/T 32151.34-2024 表C.1", "转引"]
    assert line(form, "通用表1", "化石燃料燃烧").year.exact == pytest.approx(30.9590964)


def without(path: Path, sheet: str, **labels: str) -> dict[str, Any]:
    """A case without the rows of a sheet that have all of these labels."""
    case: dict[str, Any] = copy.deepcopy(load_file(path))
    case["inputs"][sheet] = [
        row for row in case["inputs"][sheet] if any(str(row.get(name)) != text for name, text in labels.items())
    ]
    return case


def printed(form: FilledForm, clause: str, *leads: str) -> list[str]:
    found = line(form, clause, *leads)
    return [cell.printed("zh") for cell in (*found.months, found.year)]


def told(form: FilledForm, code: str, clause: str) -> list[str]:
    return [item.message("zh") for item in form.findings if item.code == code and item.place == clause]


UNIT_1 = {"unit": "1号机组", "month": "2023-02"}


def test_what_is_counted_by_mass_and_by_volume_is_never_added() -> None:
    case: dict[str, Any] = copy.deepcopy(load_file(CHEMICAL))
    gas = {"line": "合成氨分厂", "role": "input", "material": "天然气"}
    case["inputs"]["carbon_flow"] += [
        {**gas, "counted": "volume", "quantity": 1000, "carbon_content": 5.9},
        {**gas, "counted": "mass", "quantity": 50, "carbon_content": 0.75},
    ]
    lines = [
        item
        for item in table(filled(case), "补充数据表 合成氨").lines
        if "天然气" in {text["zh"] for text in item.leads}
    ]
    assert [(item.leads[-1]["zh"], item.year.printed("zh")) for item in lines] == [
        ("万Nm³", "1,000.00"), ("tC/万Nm³", "5.9000"), ("t", "50.00"), ("tC/t", "0.7500"),
    ]  # fmt: skip


def test_feedstock_shared_with_methanol_is_printed_as_the_share_of_ammonia() -> None:
    """300000 x 200/253 = 237154.15 and 5000 x 200/253 = 3952.57, the quantities behind 605797.10 tCO2."""
    form = filled(CHEMICAL)
    assert year(form, "补充数据表 合成氨", "无烟煤", "1.1.1") == "237,154.15"
    assert year(form, "补充数据表 合成氨", "炉渣", "1.1.3") == "3,952.57"
    assert year(form, "补充数据表 合成氨", "无烟煤", "1.1.2") == "0.7000"


@pytest.mark.parametrize("sheet", ["heat_supply", "production", "coal"])
def test_quotients_of_a_month_without_its_data_are_missing_and_so_is_their_year(sheet: str) -> None:
    """Not 0.00 by a heat of zero in February, nor a year of eleven months over twelve."""
    form = filled(without(CHP, sheet, **UNIT_1))
    for name in ("供热比", "发电碳排放强度", "供热碳排放强度"):
        cells = printed(form, "附表C.7", "1号机组", name)
        assert (cells[1], cells[-1]) == ("—", "—")
        assert printed(form, "附表C.7", "2号机组", name)[-1] != "—"
    assert cells[MAY] == "0.1010"  # as worked above
    [text] = [text for text in told(form, "form-month-missing", "附表C.7") if "1号机组" in text]
    assert "2023-02" in text
    assert "供热比" in text


def test_a_total_does_not_count_a_missing_month_of_a_unit_as_zero() -> None:
    """Unit 1 burnt 68697.87 t of coal in February: without it neither its emissions nor those of both are known."""
    form = filled(without(CHP, "coal", **UNIT_1))
    assert printed(form, "附表C.5", "1号机组", "T=F(G)+O")[1] == "—"
    assert printed(form, "附表C.5", "全部机组二氧化碳排放量")[1] == "—"


def test_a_total_is_missing_where_one_of_its_units_is() -> None:
    """Unit 2 burns gas, in all months but February: the emissions of unit 1 are not those of both."""
    case = without(CHP, "coal", unit="2号机组")
    months = [f"2023-{number:02d}" for number in range(1, 13) if number != 2]
    gas = {"unit": "2号机组", "fuel": "natural_gas", "consumption": 100, "data_source": "meter"}
    case["inputs"]["fuel"] = [{**gas, "month": month} for month in months]
    form = filled(case)
    assert printed(form, "附表C.5", "2号机组", "T=F(G)+O")[1] == "—"
    assert printed(form, "附表C.5", "全部机组二氧化碳排放量")[1] == "—"
    assert printed(form, "附表C.5", "1号机组", "T=F(G)+O")[1] != "—"


def test_a_unit_without_production_is_printed_with_what_is_missing() -> None:
    """Its coal counts in the total, 3013074.84, so it stands in the table."""
    form = filled(without(CHP, "production", unit="2号机组"))
    assert printed(form, "附表C.5", "2号机组", "P") == ["—"] * 13
    assert year(form, "附表C.5", "2号机组", "T=F(G)+O") == "1,485,311.69"  # 3013074.84 - 1527763.15
    assert year(form, "附表C.5", "全部机组二氧化碳排放量") == "3,013,074.84"
    [text] = told(form, "form-month-missing", "附表C.5")
    assert "2023-01..2023-12" in text  # and not that the data carry no months
    assert not told(form, "form-without-months", "附表C.5")


def test_a_procedure_with_output_alone_is_printed() -> None:
    form = filled(without(STEEL, "procedure_fuel", procedure="electric_furnace"))
    assert printed(form, "附表C.4", "电炉炼钢工序", "E工序") == ["—"] * 13
    assert year(form, "附表C.4", "电炉炼钢工序", "工序产品产量") == "360,000.00"  # 12 x 30000
    assert printed(form, "附表C.4", "电炉炼钢工序", "工序单位产品碳排放量") == ["—"] * 13


@pytest.mark.parametrize(("sheet", "column"), [("material", "consumption"), ("product", "output")])
def test_steel_totals_do_not_count_a_missing_month_as_zero(sheet: str, column: str) -> None:
    """327327.36 in the other months, by hand in full-plant.yaml."""
    case: dict[str, Any] = copy.deepcopy(load_file(STEEL))
    for row in case["inputs"][sheet]:
        del row[column]["2025-03"]
    form = filled(case)
    for clause, name in (("附表C.3", "二氧化碳排放总量"), ("附表C.5", "E企业"), ("附表C.5", "E其他")):
        assert printed(form, clause, name)[2] == "—"
    assert printed(form, "附表C.3", "二氧化碳排放总量")[1] == "327,327.36"
    per_steel = printed(form, "附表C.3", "单位粗钢碳排放量")
    assert (per_steel[2], per_steel[-1]) == ("—", "—")
    assert told(form, "form-month-missing", "附表C.5")


def test_other_emissions_of_steel_are_missing_where_those_of_power_sets_are() -> None:
    case: dict[str, Any] = copy.deepcopy(load_file(STEEL))
    for row in case["inputs"]["power_fuel"]:
        del row["consumption"]["2025-03"]
    form = filled(case)
    assert printed(form, "附表C.5", "E其他")[2] == "—"
    assert printed(form, "附表C.5", "∑E掺烧")[2] == "—"
    assert printed(form, "附表C.5", "E企业")[2] == "327,327"


def test_own_coke_sold_is_taken_off_the_coke_bought() -> None:
    """Footnote 3: 30000 - 9000 = 21000 t a month; x 28.435 x 0.02942 x 44/12 = 64414.9429; x 12 = 772979.3148."""
    form = filled(STEEL)
    [coke] = [
        item for item in table(form, "附表C.3").lines
        if {"焦炭", "化石燃料净消耗量（扣除自产外销）"} <= {text["zh"] for text in item.leads}
    ]  # fmt: skip
    assert coke.year.printed("zh") == "252,000.00"
    assert printed(form, "附表C.3", "焦炭", "化石燃料二氧化碳排放量")[-1] == "772,979.31"


def test_steel_prints_what_its_forms_print() -> None:
    """Groups of form C.3, codes and sizes of form C.2 as the document has them."""
    form = filled(STEEL)
    groups = list(dict.fromkeys(item.leads[0]["zh"] for item in table(form, "附表C.3").lines))
    assert groups == ["消耗化石燃料排放", "过程排放", "含碳产品隐含的排放", ""]
    assert year(form, "附表C.2", "转炉炼钢工序", "产品代码") == "320641"
    assert year(form, "附表C.2", "转炉炼钢工序", "产品名称") == "粗钢（转炉钢）"
    assert year(form, "附表C.2", "烧结工序", "规格单位") == "平方米（传送带面积）"
    assert year(form, "附表C.1", "企业主营业务所属行业") == "钢铁"


def test_a_gas_unit_has_its_way_of_finding_and_no_form_leaves_out_purchased_electricity() -> None:
    case: dict[str, Any] = copy.deepcopy(load_file(POWER / "measured-2026.yaml"))
    case["inputs"]["coal"] = []
    gas = {"unit": "1号机组", "fuel": "natural_gas", "month": "2026-05", "consumption": 3400, "data_source": "meter"}
    case["inputs"]["fuel"] = [
        {**gas, "net_calorific_value": 388.15, "carbon_per_quantity": 5.94, "oxidation_factor": 0.99}
    ]
    case["inputs"]["unit"][0]["unit_class"] = "gas"
    case["inputs"].pop("electricity", None)
    form = filled(case)
    assert line(form, "附表C.5", "天然气", "元素碳含量").months[0].state is State.BY_HAND
    assert line(form, "附表C.6", "1号机组", "购入使用电量").year.state is State.BY_HAND
    assert line(form, "附表C.3", "天然气", "A").leads[-1]["zh"] == "10⁴Nm³"


def test_a_period_that_is_no_year_is_not_called_one(chp: FilledForm) -> None:
    assert table(chp, "附表C.5").last["zh"] == "全年"
    assert table(filled(POWER / "measured-2026.yaml"), "附表C.4").last["zh"] == "报告期合计"


def test_the_common_form_adds_up() -> None:
    """100 MWh x 0.6 = 60 tCO2 supplied each month; fuels and the rest by full-plant.yaml; biomass is a memo line."""
    case: dict[str, Any] = copy.deepcopy(load_file(ROOT / "methods/enterprises/ndrc-cement/cases/full-plant.yaml"))
    months = [f"2022-{number:02d}" for number in range(1, 13)]
    supplied = {"source": "邻厂", "flow": "supplied", "electricity": 100, "emission_factor": 0.6}
    case["inputs"]["electricity"] = [{**supplied, "month": month} for month in months]
    form = filled(case)
    assert printed(form, "通用表1", "外供电力") == ["-60"] * 12 + ["-720"]
    assert printed(form, "通用表1", "原料碳酸盐分解")[:12] == ["/"] * 12  # as its activity data, of the year alone
    names = [item.leads[0]["zh"] for item in table(form, "通用表1").lines]
    total = names.index("二氧化碳排放总量")
    parts = [item.year.exact or 0 for item in table(form, "通用表1").lines[:total]]
    assert sum(parts) == pytest.approx(form.result.primary.value)
    assert names.index("附：替代燃料中生物质碳的二氧化碳") > total


FORM = """\
title: {zh: 表, en: form}
document: Q/1
clause: A
evidence: user
source: {zh: 无, en: none}
missing: {zh: 无, en: none}
tables:
  A:
    title: {zh: 表, en: table}
    clause: A.1
    parts:
      - sheet: SHEET
        by: [BY]
        rows:
          - {label: {zh: 行, en: row}, unit: UNIT, digits: 2, sum: SUM}
"""
TWO_PARTS = """\
clause: A.1
    across: true
    months: false
    parts:
      - rows: [{label: {zh: 一, en: one}}, {label: {zh: 二, en: two}}]
      - rows: [{label: {zh: 一, en: one}}]
  B:
    title: {zh: 表, en: table}
    clause: A.2"""
GOOD = {"SHEET": "coal", "BY": "unit", "UNIT": "t", "SUM": "consumption"}


def linted(**changed: str) -> list[str]:
    text = FORM
    for name, value in {**GOOD, **changed}.items():
        text = text.replace(name, value)
    path = write("own/methods/shared/forms/mee-power/2022-12.yaml", text)
    return [item.code for item in lint_form(path, "mee-power@2022-12", carbonstd.library())]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"SUM": "consumptoin"}, "expression-unknown-name"),
        ({"UNIT": "GJ"}, "unit-mismatch"),
        ({"BY": "boiler"}, "form-axis-absent"),
        ({"SUM": "unit_emissions"}, "form-axis-absent"),  # it has no months
        ({"UNIT": "tCO2", "SUM": "total_emissions"}, "form-axis-absent"),
        ({"SHEET": "coals"}, "form-sheet-unknown"),
        ({"SUM": "consumption, rows: 1"}, "schema-unknown-field"),
        ({"SUM": "consumption *"}, "expression-syntax"),
        ({"clause: A.1": "clause: A.1\n    across: true"}, "form-across"),  # it has months
        ({"clause: A.1": "clause: A.1\n    across: true\n    months: false"}, None),
        ({"clause: A.1": TWO_PARTS}, "form-across"),
    ],
)
def test_lint_of_a_form(changed: Mapping[str, str], code: str | None) -> None:
    if changed.get("SUM") == "unit_emissions":
        changed = {**changed, "UNIT": "tCO2"}
    assert linted(**changed) == ([code] if code else [])


def test_the_command_lints_forms_of_the_user() -> None:
    linted(SUM="consumptoin")
    result = run("lint", "own")
    assert result.exit_code == 1
    assert "expression-unknown-name" in result.output
    assert "consumption" in result.output
    other = Path("own/methods/shared/forms/no-such")
    Path("own/methods/shared/forms/mee-power").rename(other)
    assert "not-found" in run("lint", "own").output


def test_the_forms_of_the_library_fit_their_methods() -> None:
    library = carbonstd.library()
    files = sorted((ROOT / "methods/shared/forms").glob("*/*.yaml"))
    assert len(files) >= 3
    assert not [item for path in files for item in lint_form(path, f"{path.parent.name}@{path.stem}", library)]


def _written(*arguments: str | Path) -> Path:
    result = run("export", *arguments, "--as", "forms")
    assert result.exit_code == 0, result.output
    return Path(str(arguments[arguments.index("-o") + 1]))


def _cells(path: Path) -> Iterator[tuple[str, Any]]:
    book = openpyxl.load_workbook(path)
    yield from ((page.title, cell.value) for page in book for row in page.iter_rows() for cell in row)


def test_the_workbook_holds_the_printed_figures() -> None:
    cells = list(_cells(_written(CHP, "-o", "forms.xlsx", "--lang", "zh")))
    titles = list(dict.fromkeys(title for title, _ in cells))
    assert titles[0].startswith("封面")
    assert titles[1] == "附表C.1 重点排放单位基本信息"
    assert len(titles) == 9
    values = {value for _, value in cells}
    assert {93067.91, 3013074.84, "—", "/", "1号机组", "烟煤", "form-month-missing"} <= values
    assert any("未修约" in str(value) for value in values)


def test_json_keeps_the_unrounded_figure_beside_the_printed_one() -> None:
    data = json.loads(_written(CHP, "-o", "forms.json", "--lang", "en").read_text(encoding="utf-8"))
    [item] = [item for item in data["tables"] if item["id"] == "C.4"]
    found = next(entry for entry in item["lines"] if entry["leads"]["Code"] == "O")
    assert found["months"]["2023-05"] == {"state": "given", "printed": "235.17", "value": pytest.approx(235.168908)}
    assert found["months"]["2023-06"] == {"state": "missing", "printed": "—", "value": None}


def test_exit_codes_are_those_of_calc() -> None:
    text = CHP.read_text(encoding="utf-8").replace("month: 2023-02, consumption: 68697.87", "month: 2023-02, used: 1")
    result = run("export", write("refused.yaml", text), "--as", "forms", "-o", "refused.xlsx")
    assert result.exit_code == 2
    assert not Path("refused.xlsx").exists()
    lines = [item for item in CHP.read_text(encoding="utf-8").splitlines() if "consumption: 68697.87" not in item]
    result = run("export", write("short.yaml", "\n".join(lines)), "--as", "forms", "-o", "short.xlsx")
    assert result.exit_code == 1
    assert Path("short.xlsx").exists()
    assert "form-month-missing" in result.output


def test_a_run_from_its_lock_gets_the_same_forms() -> None:
    assert run("calc", POWER / "electricity-2026.yaml", "-o", "result.xlsx").exit_code == 0
    data = [
        json.loads(_written(POWER / "electricity-2026.yaml", "-o", f"{name}.json", *more).read_text(encoding="utf-8"))
        for name, more in (("one", ()), ("two", ("--lock", "result.xlsx")))
    ]
    assert data[0]["tables"] == data[1]["tables"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as", "forms", "-o", "x.xlsx"),
        (str(CHP), "--all", "--as", "forms", "-o", "x.xlsx"),
        ("fuels/mee-power", "--strict", "-o", "x.csv"),
        (str(CHP), "--as", "forms", "-o", "x.csv"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...]) -> None:
    assert run("export", *arguments).exit_code == 2


def test_a_limit_has_no_report_forms() -> None:
    case = next((ROOT / "methods/limits/gb-21342/cases").glob("2013-stamp-beyond.yaml"))
    result = run("export", case, "--as", "forms", "-o", "x.xlsx")
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [(2.345, 2, "2.35"), (-2.345, 2, "-2.35"), (2.5, 0, "3"), (0.0049, 2, "0.00"), (12.3449, 2, "12.34")],
)
def test_rounding_half_up(value: float, digits: int, printed: str) -> None:
    assert str(round_half_up(value, digits)) == printed
