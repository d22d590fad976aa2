"""The data quality control plan: its items, the workbook to fill, a filled one read, and its comparison with a case."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import carbonstd
from carbonstd import CaseError, Finding
from carbonstd._definitions.library import Library
from carbonstd._plan.findings import compare_plan
from carbonstd._plan.input import read_plan
from carbonstd._plan.layout import PLAN_FIELDS
from carbonstd._plan.plan import Plan, plan_items
from carbonstd._plan.template import asked, write_plan_template
from tests.command_line import run
from tests.pages import parsed
from tests.test_industry_page import accounting_methods

METHOD = "mee-power@2022-12"
SHEETS = {
    "plan": "企业和边界", "plan_versions": "版本及修订", "plan_facilities": "主要排放设施",
    "plan_parameters": "数据确定方式", "plan_rules": "内部质量控制", "plan_lists": "词表",
}  # fmt: skip

# Tables C.3 and C.4 of the verification guide CETS-VG-01.01-V02-2026 (annex 1 of its annex), the letter of each datum
# beside the columns it is entered in. F, G, K, L, P and Q are computed.
POWER = {
    "A": {"coal.consumption", "fuel.consumption"},
    "B": {"coal.element_carbon", "fuel.carbon_per_quantity"},
    "C": {"coal.net_calorific_value", "fuel.net_calorific_value"},
    "D": {"coal.carbon_content", "fuel.carbon_content"},
    "E": {"coal.oxidation_factor", "fuel.oxidation_factor"},
    "I": {"biomass.boiler_efficiency"},
    "J": {"biomass.boiler_heat"},
    "M": {"production.gross_generation"},
    "N": {"heat_supply.mass", "heat_supply.enthalpy", "heat_supply.heat"},
    "O": {"production.running_hours"},
    "装机容量": {"unit.rated_power"},
}
# The cement guide of 2013 by its sources: what each asks, as third parties' programs enter it (its text was not read).
CEMENT = {
    "化石燃料燃烧": {"fuel.consumption", "fuel.net_calorific_value", "fuel.carbon_content", "fuel.oxidation_factor"},
    "替代燃料": {
        "alternative_fuel.consumption", "alternative_fuel.net_calorific_value", "alternative_fuel.emission_factor",
        "alternative_fuel.fossil_share",
    },
    "原料碳酸盐分解": {
        "clinker.clinker", "clinker.cao", "clinker.mgo", "clinker.other_cao", "clinker.other_mgo", "clinker.stack_dust",
        "clinker.bypass_dust",
    },
    "生料非燃料碳": {"raw_meal.quantity", "raw_meal.non_fuel_carbon"},
    "净购入电力": {"electricity.electricity", "electricity.emission_factor"},
    "净购入热力": {"heat.heat", "heat.emission_factor"},
}  # fmt: skip

CASE: dict[str, Any] = {
    "method": METHOD,
    "entity": {"name": "示例发电有限公司", "code": "91000000000000003W"},
    "period": "2023-05",
    "as_of": "2024-03-31",
    "inputs": {
        "unit": [{"unit": "1号", "unit_class": "conventional_coal", "product": "condensing", "rated_power": 600}],
        "coal": [
            {
                "unit": "1号", "fuel": "bituminous_coal", "month": "2023-05", "consumption": 130000,
                "consumption_state": "in_furnace", "net_calorific_value": 21, "ncv_state": "in_furnace",
                "ncv_source": "own_test", "element_carbon": 0.6215, "carbon_basis": "air_dry",
                "carbon_state": "in_furnace", "carbon_source": "commissioned_test", "carbon_report": "CMA-1",
                "total_moisture": 0.105, "air_dry_moisture": 0.0265, "data_source": "meter",
            }
        ],
        "production": [{"unit": "1号", "month": "2023-05", "gross_generation": 300000, "running_hours": 700}],
    },
}  # fmt: skip
TESTED = {
    "way": "实测值", "instrument": "碳氢仪", "position": "化验室", "frequency": "每月", "accuracy": "0.1 mg",
    "calibration": "12个月", "recording": "每月", "missing": "取缺省值", "department": "化验班",
}  # fmt: skip
# How the enterprise of CASE finds its data; each test changes one thing.
PLANNED: dict[str, dict[str, str]] = {
    "unit.rated_power": {**TESTED, "way": "设计值"},
    "coal.consumption": {**TESTED, "frequency": "每日", "source": "计量器具"},
    "coal.net_calorific_value": {**TESTED, "frequency": "每日", "source": "自行检测"},
    "coal.element_carbon": {**TESTED, "source": "委托检测"},
    "coal.total_moisture": {**TESTED, "frequency": "每日", "source": "委托检测"},
    "coal.air_dry_moisture": {**TESTED, "source": "委托检测"},
    "coal.oxidation_factor": {"way": "缺省值"},
    "production.gross_generation": {**TESTED, "source": "计量器具"},
    "production.running_hours": {**TESTED, "source": "计量器具"},
}


@pytest.fixture(scope="module")
def shelf() -> Library:
    return carbonstd.library()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, shelf: Library) -> Path:
    path = tmp_path_factory.mktemp("plan") / "blank.xlsx"
    write_plan_template(shelf.method(METHOD), shelf, path)
    return path


class Workbook:
    """A template under the hands of its user."""

    def __init__(self, blank: Path, to: Path) -> None:
        self.to = to
        self.book = openpyxl.load_workbook(blank)
        self.page = self.book[SHEETS["plan_parameters"]]
        self.columns = {str(cell.value): int(cell.column or 0) for cell in self.page[2]}
        self.version("V1.0", "2023-01-01")

    def row(self, parameter: str) -> int:
        return next(int(cell.row) for cell in self.page["A"] if cell.value == parameter)

    def fill(self, planned: Mapping[str, Mapping[str, str]]) -> Workbook:
        for parameter, cells in planned.items():
            for name, text in cells.items():
                self.page.cell(self.row(parameter), self.columns[name], text)
        return self

    def add(self, **cells: str) -> int:
        """A row below all others, as copied by a user."""
        row = self.page.max_row + 1
        for name, text in cells.items():
            self.page.cell(row, self.columns[name], text)
        return int(row)

    def version(self, number: str, day: str, row: int = 6) -> Workbook:
        page = self.book[SHEETS["plan_versions"]]
        page.cell(row, 1, number)
        page.cell(row, 2, day)
        return self

    def head(self, field: str, text: str) -> Workbook:
        page = self.book[SHEETS["plan"]]
        page.cell(next(cell.row for cell in page["A"] if cell.value == field), 3, text)
        return self

    def read(self) -> Plan:
        self.book.save(self.to)
        return read_plan(self.to, carbonstd.library())

    def refused(self) -> dict[str, str]:
        """The code of every finding, by place."""
        with pytest.raises(CaseError) as caught:
            self.read()
        assert all("\n" not in item.message(language) for item in caught.value.findings for language in ("zh", "en"))
        return {item.place: item.code for item in caught.value.findings}


@pytest.fixture
def workbook(blank: Path, tmp_path: Path) -> Workbook:
    return Workbook(blank, tmp_path / "plan.xlsx").fill(PLANNED)


def compared(workbook: Workbook, case: Mapping[str, Any] = CASE) -> list[Finding]:
    return compare_plan(workbook.read(), carbonstd.run(case))


def changed(**cells: Any) -> dict[str, Any]:
    """CASE with other cells in its row of coal; None leaves a cell out."""
    case = copy.deepcopy(CASE)
    row = {**case["inputs"]["coal"][0], **cells}
    case["inputs"]["coal"] = [{name: value for name, value in row.items() if value is not None}]
    return case


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(item.code, item.place) for item in findings]


def place(workbook: Workbook, parameter: str, field: str) -> str:
    letter = get_column_letter(workbook.columns[field])
    return f"{SHEETS['plan_parameters']}!{letter}{workbook.row(parameter)}"


# The items


@pytest.mark.parametrize("method", ["mee-power@2026", METHOD, "mee-power@2022-03", "mee-power@2021"])
def test_the_plan_of_power_has_every_datum_of_the_forms(shelf: Library, method: str) -> None:
    items = {item.id for item in plan_items(shelf.method(method))}
    assert set.union(*POWER.values()) <= items
    assert not {item for item in items if item.startswith(("energy_meters", "energy_invoices"))}


def test_the_plan_of_cement_by_the_guide_of_2013(shelf: Library) -> None:
    items = {item.id: item for item in plan_items(shelf.method("ndrc-cement@2013"))}
    assert set.union(*CEMENT.values()) <= set(items)
    by_default = {name for name in set.union(*CEMENT.values()) if items[name].has_default}
    assert by_default == {
        "fuel.net_calorific_value", "fuel.carbon_content", "fuel.oxidation_factor",
        "alternative_fuel.net_calorific_value", "alternative_fuel.emission_factor", "alternative_fuel.fossil_share",
        "raw_meal.non_fuel_carbon", "electricity.emission_factor", "heat.emission_factor",
    }  # fmt: skip


def test_an_item_says_how_it_may_be_found(shelf: Library) -> None:
    items = {item.id: item for item in plan_items(shelf.method("cets-ag-03.01@2024"))}
    calorific = items["fuel.net_calorific_value"]
    assert (calorific.sources, calorific.frequency, calorific.tables) == (
        "test_ways", "month", ("fuels/cets-ag-03.01@v01-2024",)
    )  # fmt: skip
    assert items["fuel.purchase"].sources == "data_sources"
    lines = "\n".join(asked(calorific, shelf, "zh"))
    assert "附表A.1" in lines
    assert "GB/T 213" in lines
    assert "官方文本" in lines
    assert "无缺省值" in asked(items["fuel.purchase"], shelf, "zh")[0]


def test_what_the_documents_ask(shelf: Library) -> None:
    """Annex F and 6.2.1.4 of the steel guide; tables 8 and 9 of the verification guide of power."""
    steel = shelf.method("cets-ag-03.01@2024").plan
    assert "12个月" in steel["all"].requires["zh"]
    assert {item.evidence for item in steel.values()} == {"official"}
    assert all(figure in steel["fuel.consumption"].requires["zh"] for figure in ("皮带秤", "0.5级", "2.0级"))
    power = {edition: shelf.method(f"mee-power@{edition}").plan for edition in ("2021", "2022-03", "2022-12", "2026")}
    assert {item.evidence for item in power["2026"].values()} == {"official"}
    assert {item.evidence for edition in ("2021", "2022-03", "2022-12") for item in power[edition].values()} == {
        "secondary"
    }
    asks = {edition: plan["coal.element_carbon"].requires["zh"] for edition, plan in power.items()}
    assert [edition for edition, text in asks.items() if "40个自然日" in text] == ["2026"]
    assert [edition for edition, text in asks.items() if "CMA" in text] == ["2022-03", "2022-12", "2026"]


def test_show_prints_what_is_asked() -> None:
    printed = run("show", "mee-power@2026", "--lang", "zh").output
    assert "数据质量控制方案的要求" in printed
    assert "coal.element_carbon" in printed.split("数据质量控制方案的要求")[1]


METHOD_FILE = """\
title: {zh: 例, en: Example}
document: {number: EXAMPLE-1, issued: 2024-01-01}
regime: cets
gases: [CO2]
tables: {fuels: {table: fuels/mee-power, select: pinned, edition: "2022-12"}}
include:
  - part: fuel_combustion
    with: {fuels: fuels}
    plan:
      fuel.consumption: {requires: {zh: 甲, en: a}, evidence: user}
lines:
  fuel: {label: {zh: 燃料, en: Fuel}, equation: fuel_emissions}
totals:
  total: {label: {zh: 合计, en: Total}, equation: fuel_emissions}
plan:
"""


def own_method(folder: Path, plan: str) -> Library:
    path = folder / "methods/enterprises/example/2024.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(METHOD_FILE + plan, encoding="utf-8")
    return carbonstd.library(methods=[folder / "methods"])


def test_a_method_may_ask_more_than_its_parts(tmp_path: Path) -> None:
    shelf = own_method(tmp_path, "  fuel.heat: {requires: {zh: 乙, en: b}, frequency: day}\n")
    plan = shelf.method("example").plan
    assert {name: (item.evidence, item.frequency) for name, item in plan.items()} == {
        "fuel.consumption": ("user", ""), "fuel.heat": ("secondary", "day")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  fuel.consumtion: {requires: {zh: 乙, en: b}}\n", "method-plan-column"),
        ("  fuel.fuel: {requires: {zh: 乙, en: b}}\n", "method-plan-column"),
        ("  fuel.consumption: {requires: {zh: 乙, en: b}}\n", "method-defined-twice"),
        ("  fuel.heat: {requires: {zh: 乙, en: b}, frequency: often}\n", "schema-choice"),
        ("  fuel.heat: {frequency: day}\n", "schema-missing-field"),
        ("  fuel.heat: {requires: {zh: 乙, en: b}, accuracy: 1}\n", "schema-unknown-field"),
    ],
)
def test_a_faulty_plan_is_a_finding_with_its_line(tmp_path: Path, line: str, code: str) -> None:
    shelf = own_method(tmp_path, line)
    with pytest.raises(carbonstd.DefinitionError) as caught:
        shelf.method("example")
    [found] = caught.value.findings
    assert (found.code, found.place.rpartition(":")[2]) == (code, str(len(METHOD_FILE.splitlines()) + 1))


# The workbook


@pytest.mark.parametrize("header", accounting_methods(Library()), ids=lambda header: header.id)
def test_every_accounting_method_gives_a_plan(tmp_path: Path, shelf: Library, header: Any) -> None:
    method = shelf.method(header.id)
    for language in ("zh", "en"):
        path = tmp_path / f"{language}.xlsx"
        write_plan_template(method, shelf, path, language)
        plan = read_plan(path, shelf)
        assert plan.method.id == method.id
        assert [row.item.id for row in plan.rows] == [item.id for item in plan_items(method)] != []
        assert not any(text for row in plan.rows for text in row.cells.values())
        assert [item.code for item in plan.findings] == ["plan-no-version"]


def test_the_same_plan_always_gives_the_same_bytes(tmp_path: Path, shelf: Library, blank: Path) -> None:
    write_plan_template(shelf.method(METHOD), shelf, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == blank.read_bytes()


def test_the_command_writes_the_plan(tmp_path: Path, shelf: Library) -> None:
    path = tmp_path / "plan.xlsx"
    assert run("template", METHOD, "--plan", "-o", str(path), "--lang", "en").exit_code == 0
    assert read_plan(path, shelf).method.id == METHOD
    refused = run("template", METHOD, "--plan", "--example", "-o", str(tmp_path / "no.xlsx"))
    assert refused.exit_code == 2
    assert not (tmp_path / "no.xlsx").exists()


def test_what_was_typed_comes_back(workbook: Workbook) -> None:
    workbook.head("entity.code", "91000000000000003W")
    workbook.add(parameter="fuel.consumption", scope="柴油", way="measured", source="meter", recording="每天")
    plan = workbook.read()
    assert plan.entity["code"] == "91000000000000003W"
    assert [(item.number, str(item.day)) for item in plan.versions] == [("V1.0", "2023-01-01")]
    rows = [row for row in plan.rows if row.way]
    assert {row.item.id for row in rows} == {*PLANNED, "fuel.consumption"}
    diesel = rows[-1]
    assert (diesel.scope, diesel.way, diesel.source, diesel.frequency) == ("柴油", "measured", "meter", "day")
    assert set(diesel.places) == set(PLAN_FIELDS)


def test_all_that_cannot_be_read_is_said_at_once(workbook: Workbook) -> None:
    workbook.fill({"coal.consumption": {"way": "估计"}, "coal.element_carbon": {"recording": "偶尔"}})
    workbook.version("V2.0", "去年", 7)
    workbook.version("V3.0", "", 8)
    unnamed = workbook.add(way="实测值")
    unknown = workbook.add(parameter="coal.ash", way="实测值")
    twice = workbook.add(parameter="coal.consumption", way="计算值")
    sheet = SHEETS["plan_parameters"]
    way, scope = (get_column_letter(workbook.columns[name]) for name in ("way", "scope"))
    assert workbook.refused() == {
        place(workbook, "coal.consumption", "way"): "unknown-label",
        place(workbook, "coal.element_carbon", "recording"): "unknown-label",
        f"{SHEETS['plan_versions']}!B7": "head-unreadable",
        f"{SHEETS['plan_versions']}!B8": "head-missing",
        f"{sheet}!{scope}{unnamed}": "plan-row-unnamed",
        f"{sheet}!{way}{unknown}": "plan-parameter-unknown",
        f"{sheet}!{way}{twice}": "plan-row-twice",
    }


def test_moved_rows_and_columns_are_found_by_their_ids(workbook: Workbook) -> None:
    workbook.page.insert_rows(5)
    workbook.page.insert_cols(8)
    workbook.page.insert_cols(1)
    assert {row.item.id for row in workbook.read().rows if row.way} == set(PLANNED)


def test_a_default_the_method_does_not_have_is_a_warning(workbook: Workbook) -> None:
    plan = workbook.fill({"coal.consumption": {"way": "缺省值"}}).read()
    assert told(list(plan.findings)) == [("plan-no-default", place(workbook, "coal.consumption", "way"))]


def test_a_workbook_that_is_no_plan(tmp_path: Path, shelf: Library) -> None:
    path = tmp_path / "case.xlsx"
    assert run("template", METHOD, "-o", str(path)).exit_code == 0
    with pytest.raises(CaseError) as caught:
        read_plan(path, shelf)
    assert [item.code for item in caught.value.findings] == ["plan-missing"]


def test_a_sheet_of_another_plan(workbook: Workbook) -> None:
    workbook.book[SHEETS["plan_versions"]]["D1"] = "mee-power@2026"
    assert workbook.refused() == {SHEETS["plan_versions"]: "plan-mixed"}


def test_a_plan_whose_ids_are_gone(workbook: Workbook) -> None:
    workbook.page.delete_rows(2)
    assert workbook.refused() == {SHEETS["plan_parameters"]: "plan-columns"}


def test_a_plan_without_a_method(workbook: Workbook) -> None:
    assert workbook.head("method", "nothing@2026").refused() == {f"{SHEETS['plan']}!C6": "not-found"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[: len(data) // 2], "workbook-damaged"),
        (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook-legacy"),
        (lambda data: b"text", "workbook-not"),
    ],
)
def test_a_broken_file_gets_one_line(blank: Path, tmp_path: Path, shelf: Library, spoil: Any, code: str) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(spoil(blank.read_bytes()))
    with pytest.raises(CaseError) as caught:
        read_plan(path, shelf)
    assert [item.code for item in caught.value.findings] == [code]


def test_entities_are_never_expanded(blank: Path, tmp_path: Path, shelf: Library) -> None:
    path = tmp_path / "hostile.xlsx"
    with zipfile.ZipFile(blank) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet4.xml":
                data = data.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>', 1)
            new.writestr(name, data)
    with pytest.raises(CaseError) as caught:
        read_plan(path, shelf)
    assert [item.code for item in caught.value.findings] == ["workbook-entities"]


# The comparison


def test_a_case_as_planned_has_no_finding(workbook: Workbook) -> None:
    assert compared(workbook) == []


@pytest.mark.parametrize(
    ("parameter", "label", "cells"),
    [
        ("coal.net_calorific_value", "commissioned_test", {"ncv_source": "commissioned_test"}),
        ("coal.element_carbon", "own_test", {"carbon_source": "own_test"}),
        ("coal.consumption", "invoice", {"data_source": "invoice"}),
    ],
)
def test_another_source_than_planned(workbook: Workbook, parameter: str, label: str, cells: dict[str, str]) -> None:
    [found] = compared(workbook, changed(**cells))
    assert (found.code, found.place) == ("plan-source-differs", place(workbook, parameter, "source"))
    terms = carbonstd.library().vocabulary("data_sources" if label == "invoice" else "test_ways")
    assert found.values["found"]["zh"] == terms.label(label, "zh")
    assert str(found.values["cells"]).startswith("coal")


def test_a_row_whose_parameters_have_several_sources(workbook: Workbook) -> None:
    """One column tells the source of the whole row: the label may be that of any of its parameters."""
    workbook.fill({"production.running_hours": {"source": "结算凭证"}})
    case = copy.deepcopy(CASE)
    case["inputs"]["production"][0]["data_source"] = "invoice"
    assert compared(workbook, case) == []
    case["inputs"]["production"][0]["data_source"] = "supplier"
    [found] = compared(workbook, case)
    assert found.code == "plan-source-differs"
    assert found.values["expected"]["zh"] == "计量器具或结算凭证"


def test_a_default_where_it_was_to_be_measured(workbook: Workbook) -> None:
    blank = changed(net_calorific_value=None, ncv_source="not_measured", ncv_state=None)
    blank["assumptions"] = [{"table": "fuels/mee-power-coal", "reason": "a test", "name": "nobody"}]
    assert ("plan-default-taken", place(workbook, "coal.net_calorific_value", "way")) in told(compared(workbook, blank))
    typed = changed(net_calorific_value=26.7, ncv_source="not_measured")  # the default of the guide, entered
    assert ("plan-default-taken", place(workbook, "coal.net_calorific_value", "way")) in told(compared(workbook, typed))


def test_a_figure_where_the_default_was_to_be_taken(workbook: Workbook) -> None:
    [found] = compared(workbook, changed(oxidation_factor=0.985))
    assert (found.code, found.place) == ("plan-default-not-taken", place(workbook, "coal.oxidation_factor", "way"))


def test_one_figure_for_the_year_where_months_were_planned(workbook: Workbook) -> None:
    case = copy.deepcopy(CASE)
    del case["inputs"]["production"][0]["month"]
    found = [item for item in compared(workbook, case) if item.code == "plan-months-missing"]
    assert [item.place for item in found] == [
        place(workbook, name, "recording") for name in ("production.gross_generation", "production.running_hours")
    ]
    workbook.fill({"production.running_hours": {"recording": "每年"}})
    assert [item.code for item in compared(workbook, case)].count("plan-months-missing") == 1


@pytest.mark.parametrize(
    ("parameter", "field", "planned", "below"),
    [
        ("coal.consumption", "frequency", "每班", False),
        ("coal.consumption", "frequency", "每批次", False),  # table 7: coal entering the plant by day or lot
        ("coal.consumption", "frequency", "每月", True),
        ("coal.net_calorific_value", "frequency", "每批次", False),  # table 9
        ("coal.net_calorific_value", "frequency", "每月", True),
        ("coal.total_moisture", "frequency", "每批次", False),  # table 8
        ("coal.total_moisture", "frequency", "每季度", True),
        ("coal.element_carbon", "frequency", "每月", False),  # table 8: the composite sample
        ("coal.element_carbon", "frequency", "每年", True),
        ("coal.consumption", "recording", "每月", False),
        ("coal.consumption", "recording", "每季度", True),
        ("production.running_hours", "frequency", "每年", True),
        ("unit.rated_power", "frequency", "每年", False),  # no frequency is asked
    ],
)
def test_planned_less_often_than_asked(
    workbook: Workbook, parameter: str, field: str, planned: str, below: bool
) -> None:
    workbook.fill({parameter: {field: planned}})
    found = [(item.code, item.place, item.severity) for item in compared(workbook)]
    assert found == ([("plan-frequency", place(workbook, parameter, field), "error")] if below else [])


def test_a_plan_that_finds_everything_once_a_year(workbook: Workbook) -> None:
    """Of the parameters of CASE only capacity has no frequency asked, and the default none planned."""
    yearly = {"frequency": "每年", "recording": "每年"}
    workbook.fill({name: yearly for name in PLANNED if name != "coal.oxidation_factor"})
    found = [item.place for item in compared(workbook) if item.code == "plan-frequency"]
    left = [name for name in PLANNED if name not in ("unit.rated_power", "coal.oxidation_factor")]
    assert sorted(found) == sorted(place(workbook, name, "frequency") for name in left)


def test_a_parameter_the_plan_leaves_blank(workbook: Workbook) -> None:
    workbook.fill({"coal.total_moisture": {"way": ""}, "coal.oxidation_factor": {"way": ""}})
    assert told(compared(workbook)) == [
        ("plan-blank", place(workbook, "coal.total_moisture", "way")),
        ("plan-blank", place(workbook, "coal.oxidation_factor", "way")),
    ]


def test_what_is_planned_for_one_unit_or_fuel_alone(workbook: Workbook) -> None:
    """The row for unit 1 rules there, the row without a scope elsewhere; without one unit 2 is not planned."""
    case = copy.deepcopy(CASE)
    for sheet in ("unit", "coal", "production"):
        case["inputs"][sheet].append({**case["inputs"][sheet][0], "unit": "2号"})
    case["inputs"]["coal"][1]["data_source"] = "invoice"
    workbook.fill({"coal.consumption": {"scope": "1号"}})
    [found] = compared(workbook, case)
    assert (found.code, found.place) == ("plan-blank", place(workbook, "coal.consumption", "way"))
    row = workbook.add(parameter="coal.consumption", scope="", **{**TESTED, "frequency": "每日", "source": "结算凭证"})
    assert compared(workbook, case) == []
    workbook.page.cell(row, workbook.columns["scope"], "烟煤")
    workbook.page.cell(row, workbook.columns["source"], "供应商提供")
    [found] = compared(workbook, case)
    assert found.code == "plan-source-differs"
    assert found.values["expected"]["en"] == "supplier"


def test_a_row_that_is_not_complete(workbook: Workbook) -> None:
    workbook.fill({"coal.consumption": {"calibration": "", "department": ""}})
    [found] = compared(workbook)
    assert (found.code, found.place) == ("plan-incomplete", place(workbook, "coal.consumption", "calibration"))
    assert found.values["columns"]["zh"] == "规定的检定、校准频次、数据获取负责部门"


def test_a_plan_of_another_edition_or_document(workbook: Workbook, tmp_path: Path, shelf: Library) -> None:
    other = tmp_path / "other.xlsx"
    write_plan_template(shelf.method("mee-power@2026"), shelf, other)
    found = compare_plan(Workbook(other, other).fill(PLANNED).read(), carbonstd.run(CASE))
    oxidation = next(item for item in plan_items(shelf.method("mee-power@2026")) if item.id == "coal.oxidation_factor")
    assert not oxidation.has_default
    assert [item.code for item in found] == ["plan-no-default", "plan-other-method"]
    write_plan_template(shelf.method("ndrc-power@2013"), shelf, other)
    found = compare_plan(Workbook(other, other).read(), carbonstd.run(CASE))
    assert told(found) == [("plan-other-method", f"{SHEETS['plan']}!C6")]


def test_a_plan_of_another_enterprise(workbook: Workbook) -> None:
    workbook.head("entity.code", "91000000000000009F")
    assert told(compared(workbook)) == [("plan-other-entity", f"{SHEETS['plan']}!C6")]


def test_a_version_after_the_period_began_is_a_note(workbook: Workbook) -> None:
    workbook.version("V1.1", "2023年5月15日", 7)
    [found] = compared(workbook)
    assert (found.code, found.place, found.severity) == ("plan-not-yet", f"{SHEETS['plan_versions']}!B7", "note")


def test_findings_read_well(workbook: Workbook) -> None:
    workbook.fill({"coal.total_moisture": {"way": ""}})
    found = compared(workbook, changed(ncv_source="commissioned_test", oxidation_factor=0.985))
    for item in found:
        for language in ("zh", "en"):
            text = item.message(language)
            assert "{" not in text
            assert "\n" not in text


def test_a_report_shows_the_plan_and_what_was_done_otherwise(workbook: Workbook, tmp_path: Path) -> None:
    """The plan takes the standard oxidation factor and tests the calorific value daily; the case is found as planned
    but for the second, which is entered as found by another: one error, exit code 1, in the page and on stderr."""
    workbook.read()
    case = tmp_path / "case.yaml"
    case.write_text(json.dumps(changed(ncv_source="commissioned_test"), ensure_ascii=False), encoding="utf-8")
    page = tmp_path / "report.html"
    found = run("calc", str(case), "--plan", str(workbook.to), "--report", str(page), "--lang", "zh")
    assert (found.exit_code, "plan-source-differs" in found.stderr) == (1, True)
    section = parsed(page.read_text(encoding="utf-8")).by_id("plan-filled")
    rows = [row.text for row in section.all("table")[0].all("tr")]
    assert "V1.0 2023-01-01" in section.text
    assert "自行检测" in next(text for text in rows if "收到基低位发热量" in text)
    assert "plan-source-differs" in section.text
    assert run("calc", str(case), "--plan", str(workbook.to)).exit_code == 2  # it is for a report
    run("calc", str(case), "--report", str(page), "--lang", "zh")
    assert "没有与企业的数据质量控制方案比较" in parsed(page.read_text(encoding="utf-8")).by_id("plan").text
