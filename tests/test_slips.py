"""What an energy manager does wrong and nothing refuses: a month typed in another unit, a cover, a sheet left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import carbonstd
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head, together
from carbonstd._batch.outcome import rows_of
from carbonstd._batch.run import run_alone
from carbonstd._batch.stack import run_stacks, same
from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cover import check_sign, cover_findings, fields_of
from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Method
from carbonstd._engine.calculate import calculate
from carbonstd._engine.stack import stacked
from carbonstd._errors import CaseError
from carbonstd._findings import Finding
from carbonstd._industry import industries
from carbonstd._joint.joint import join
from carbonstd._ledger.series import far_months
from carbonstd._ledger.split_sources import splits
from carbonstd._naming import Names, names_of
from carbonstd._result.doubted import doubted
from carbonstd._result.summary import summary
from carbonstd._template.next_period import next_period
from carbonstd._template.template import Filling, write_template
from carbonstd._workbook.style import sheet_title
from carbonstd._yaml import load_file

JOB = Job((), date(2026, 6, 30))
LIBRARY = JOB.library()
METHODS = Path(__file__).parent.parent / "methods"
EXAMPLE = "gbt-32151.34"


def test_a_month_is_held_against_the_median_of_the_others() -> None:
    """By hand: the others of the slip have the median 11, those of each other month at most 12."""
    values = np.array([10.0, 11, 12, 11_000, np.nan, 0, 5, 7])
    series = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    rows, usual = far_months(series, values, 100, 4)
    assert rows.tolist() == [3]
    assert usual.tolist() == [11]
    rows, usual = far_months(series[:4], np.array([11.0, 10, 0.01, 12]), 100, 4)
    assert (rows.tolist(), usual.tolist()) == ([2], [11])


def test_medians_are_those_of_a_search_row_by_row() -> None:
    draws = np.random.default_rng(7)
    series, values = draws.integers(0, 90, 1_000), draws.lognormal(0, 2, 1_000)
    values[draws.integers(0, 1_000, 50)] = np.nan
    expected = {}
    for row in np.flatnonzero(values > 0):
        others = values[(series == series[row]) & (values > 0) & (np.arange(1_000) != row)]
        if len(others) >= 5 and not np.median(others) / 3 <= values[row] <= 3 * np.median(others):
            expected[row] = np.median(others)
    rows, usual = far_months(series, values, 3, 6)
    assert rows.tolist() == list(expected)
    assert np.allclose(usual, list(expected.values()), rtol=1e-15)


def test_a_source_that_varies_so_is_not_told() -> None:
    """Gas for heating: five months of the year far above the seven others, whose median is theirs."""
    values = np.array([900.0, 800, 700, 1, 1, 1, 1, 1, 1, 1, 600, 900])
    assert len(far_months(np.zeros(12, dtype=np.int64), values, 100, 4)[0]) == 5
    assert len(far_months(np.zeros(12, dtype=np.int64), values, 100, 4, share=0.25)[0]) == 0


def book(path: Path, case: Case) -> Any:
    """The template filled with a case, open to be spoilt."""
    carbonstd.template(case, path)
    return openpyxl.load_workbook(path)


def told(path: Path, made: Any) -> dict[str, str]:
    """The codes of the warnings of a run on a workbook, each with its place."""
    made.save(path)
    findings = carbonstd.run(path).findings
    return {item.code: item.place for item in findings if item.severity == "warning"}


def test_one_month_in_another_unit_is_told_with_its_cell(tmp_path: Path) -> None:
    """17 240.6 MWh of January typed as kWh."""
    path = tmp_path / "a.xlsx"
    made = book(path, carbonstd.example(EXAMPLE))
    assert "month-slip" not in told(path, made)
    page = made["购入电力"]
    assert page["H6"].value == 17240.6
    page["H6"].value = 17_240_600
    assert told(path, made)["month-slip"] == "购入电力!H6"


def test_a_month_that_is_tenfold_is_noted_where_the_others_are_alike(tmp_path: Path) -> None:
    """93 typed as 846.5 beside months of 90 to 110; beside a season, or in a month of standing still, nothing is."""
    year = [93, 95, 101, 99, 104, 110, 98, 97, 90, 92, 103]
    for months, told in ((year, True), ([1, 2, 93, *year[:8]], False)):
        for odd, noted in ((846.5, told), (9.3, False)):
            rows = [
                {
                    "source": "a",
                    "fuel": "柴油",
                    "month": f"2025-{month:02d}",
                    "consumption": figure,
                    "data_source": "meter",
                }
                for month, figure in enumerate([*months, odd], start=1)
            ]
            found = carbonstd.run({"method": EXAMPLE, "period": 2025, "inputs": {"fuel": rows}}).findings
            assert [item.place for item in found if item.code == "month-far"] == [
                "fuel[11].consumption 2025-12"
            ] * noted


def test_kilowatt_hours_under_megawatt_hours_in_all_months_are_told(tmp_path: Path) -> None:
    """12 x 17 240 600 MWh of one source are 207 TWh."""
    rows = [
        {
            "source": "a",
            "supply": "grid",
            "month": f"2025-{month:02d}",
            "electricity": 17_240_600,
            "data_source": "meter",
        }
        for month in range(1, 13)
    ]
    found = carbonstd.run({"method": EXAMPLE, "period": 2025, "inputs": {"electricity": rows}}).findings
    [told] = [item for item in found if item.values.get("id") == "source-year"]
    assert told.severity == "warning"


def test_a_slip_is_told_beside_the_total_and_before_other_warnings(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, carbonstd.example(EXAMPLE))
    page = made["购入电力"]
    page["H6"].value, page["I7"].value = 17_240_600, None
    made.save(path)
    result = carbonstd.run(path)
    [said] = doubted(result)
    assert said["zh"].endswith("：购入电力!H6")
    lines = [line.text for line in summary(result, "zh")]
    place = lines.index(f"  ! {said['zh']}")
    assert lines[place - 1].startswith("  ")  # the totals
    codes = [line.split()[0] for line in lines if line.startswith(("  month-slip", "  months-incomplete"))]
    assert (codes[0], "months-incomplete" in codes) == ("month-slip", True)
    result.to_excel(tmp_path / "r.xlsx")
    first = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert any("购入电力!H6" in str(cell) for row in first.iter_rows(values_only=True) for cell in row)
    result.to_html(tmp_path / "r.html")
    assert "购入电力!H6" in (tmp_path / "r.html").read_text(encoding="utf-8").partition('id="lines"')[0]


def test_a_row_of_sums_is_refused_with_its_cell(tmp_path: Path) -> None:
    """It would be counted once more: 287 301 t in place of 179 059. Two of one name are both told."""
    path = tmp_path / "a.xlsx"
    made = book(path, carbonstd.example(EXAMPLE))
    page = made["购入电力"]
    for row, name in ((11, "全厂合计"), (12, "全厂合计")):
        page.cell(row, 1, name)
        for column in range(2, page.max_column + 1):
            page.cell(row, column, page.cell(6, column).value)
    made.save(path)
    with pytest.raises(CaseError) as caught:
        carbonstd.run(path)
    found = [item.place for item in caught.value.findings if item.code == "total-row"]
    assert found == ["购入电力!A11", "购入电力!A12"]


def test_many_are_told_of_a_slip_as_each_alone() -> None:
    """Another of them has no slip; a third has its own in another month."""
    case = carbonstd.example(EXAMPLE)
    heads = []
    for number, row in enumerate((0, None, 3)):
        raw = case.sheets["electricity"]
        cells = [*raw.columns["electricity"]]
        if row is not None:
            cells[row] = float(cells[row]) * 1000
        sheets = {**case.sheets, "electricity": RawSheet({**raw.columns, "electricity": cells}, raw.place)}
        heads.append(Head(str(number), replace(case, sheets=sheets)))
    ledgers, method = together(heads), LIBRARY.method(EXAMPLE, case.period)
    slips = []
    for number, result in stacked([case] * 3, *ledgers.of(range(3)), method, LIBRARY, JOB.options):
        assert result is not None
        rows = rows_of(ledgers.heads[number], result, names_of(result).findings(result.findings))
        assert same(rows, run_alone(ledgers, number, method.id, JOB, LIBRARY))
        slips.append([item.place for item in result.findings if item.code == "month-slip"])
    assert [len(places) for places in slips] == [1, 0, 1]
    assert slips[0] != slips[2]


def test_the_check_sign_of_the_standard() -> None:
    """The example of GB 32100-2015, annex A: 91350100M000100Y43."""
    assert check_sign("91350100M000100Y4") == "3"


def test_a_cover_that_cannot_be_right_is_told_and_blanks_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, carbonstd.example(EXAMPLE))
    assert not {"credit-code-check", "industry-unknown", "name-missing"} & told(path, made).keys()
    cover = made.worksheets[0]
    cover["C8"], cover["C10"], cover["C11"] = None, "91350100M000100Y34", "C9999"
    codes = told(path, made)
    assert (codes["name-missing"], codes["credit-code-check"], codes["industry-unknown"]) == (
        "封面!C8", "封面!C10", "封面!C11",
    )  # fmt: skip
    cover["C10"], cover["C11"] = "91350100M000100Y4O", None
    codes = told(path, made)
    assert "credit-code-form" in codes
    assert not {"credit-code-check", "industry-unknown"} & codes.keys()


@pytest.mark.parametrize(
    ("one", "other", "split"),
    [
        ("1号回转窑", "1号回转密", True),
        ("天然气炉", "天燃气炉", True),
        ("锅炉", "锅 炉", True),
        ("1号回转窑", "一号回转窑", True),
        ("1号回转窑", "2号回转窑", False),
        ("煅烧炉A", "煅烧炉B", False),
        ("东区锅炉", "西区锅炉", False),
        ("煅烧炉", "焙烧机组", False),
    ],
)
def test_one_source_under_two_names_is_told(one: str, other: str, split: bool) -> None:
    """Half a year each, the rest left out or 0; not where a month stands under both names, nor where fuels differ."""

    def codes(*rows: tuple[str, str, range], zeros: bool = False) -> list[str]:
        fuel = [
            {
                "source": name,
                "fuel": fuel,
                "month": f"2025-{month:02d}",
                "consumption": int(month in months),
                "data_source": "meter",
            }
            for name, fuel, months in rows
            for month in (range(1, 13) if zeros else months)
        ]
        found = carbonstd.run({"method": EXAMPLE, "period": 2025, "inputs": {"fuel": fuel}}).findings
        return [item.code for item in found if item.code in ("source-split", "months-incomplete")]

    first = (one, "柴油", range(1, 7))
    assert codes(first, (other, "柴油", range(7, 13))) == ["months-incomplete"] + ["source-split"] * split
    assert codes(first, (other, "柴油", range(7, 13)), zeros=True) == ["source-split"] * split
    assert codes(first, (other, "柴油", range(6, 13)), zeros=True) == []
    assert codes(first, (other, "柴油", range(6, 13))) == ["months-incomplete"]
    assert codes(first, (other, "汽油", range(7, 13))) == ["months-incomplete"]


def test_one_source_under_three_names_is_told_once() -> None:
    """Four months each; not where one of them has a month more."""
    names = [("1号回转窑", "柴油"), ("一号回转窑", "柴油"), ("1号回转密", "柴油"), ("2号回转窑", "柴油")]
    held = np.kron(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=bool), np.ones(4, dtype=bool))
    assert [(item.sources, item.label) for item in splits(names, held, [0])] == [((0, 1, 2), 0)]
    held[2, 0] = True
    assert not list(splits(names, held, [0]))


def test_a_check_by_axis_names_the_cell_and_a_value_is_no_column(tmp_path: Path) -> None:
    """G-1 stands in two rows, the second without a contract of its trade."""
    case = carbonstd.read_case(METHODS / "energy/energy-target/cases/certificate-twice.yaml")
    made = book(tmp_path / "a.xlsx", case)
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(CaseError) as caught:
        carbonstd.run(tmp_path / "a.xlsx")
    [found] = [item for item in caught.value.findings if item.code == "check-failed"]
    assert (found.place, found.place_text("zh")) == ("nonfossil-once G-1", "非化石能源电力!C6 (G-1)")
    names = Names(LIBRARY.method("energy-target"), LIBRARY)
    values = names.finding(
        replace(found, values={"id": "certificate-number", "values": "supply = certificate"})
    ).values["values"]
    assert values["zh"] == "来源 = 单独购买的绿证"


def test_a_sheet_deleted_from_its_own_template_is_refused_and_an_empty_one_is_the_way_out(tmp_path: Path) -> None:
    case, other = carbonstd.example(EXAMPLE), LIBRARY.method("gbt-32151.4")
    path = tmp_path / "a.xlsx"
    made = book(path, case)
    del made["输出电力"]
    made.save(path)
    assert gone(path, LIBRARY.method(case.method)) == [("electricity_exported", "error")]
    assert gone(path, other) == [("electricity_exported", "warning")]  # of a workbook of its own nothing was deleted
    heads = [Head(name, carbonstd.read_case(path) if name == "b" else case) for name in "abc"]
    rows = run_stacks(together(heads), JOB, LIBRARY, lambda index, name: {"findings": []})
    assert {index for index, _ in rows} == {0, 2}  # a run that many share would leave the error unsaid
    made.create_sheet("输出电力")
    made.save(path)
    left = {name: raw for name, raw in case.sheets.items() if name != "electricity_exported"}
    assert carbonstd.run(path).primary.value == carbonstd.run(replace(case, sheets=left)).primary.value


def test_a_sheet_that_the_cover_does_not_list_was_not_deleted(tmp_path: Path) -> None:
    """The method may have got it after the workbook was written."""
    case = carbonstd.example(EXAMPLE)
    path = tmp_path / "a.xlsx"
    made = book(path, case)
    [row] = [cells[0].row for cells in made["封面"].iter_rows() if cells[1].value == "输出电力"]
    made["封面"].delete_rows(row)
    del made["输出电力"]
    assert told(path, made)["sheet-absent"] == "electricity_exported"


def test_of_a_joint_workbook_the_method_whose_sheet_is_gone_refuses(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    methods = [LIBRARY.method(name) for name in ("gbt-17166", "gb-21370-graphitisation")]
    write_template(
        join(methods).whole, LIBRARY, path, filling=Filling(period=Period.parse(2025), also=(methods[1].id,))
    )
    made, homes = openpyxl.load_workbook(path), join(methods).homes
    only = next(
        sheet
        for sheet in methods[0].sheets.values()
        if not sheet.must_be_filled and homes[methods[0].id][sheet.id] not in homes[methods[1].id].values()
    )
    del made[sheet_title(only.label["zh"], set())]
    made.save(path)
    assert [gone(path, method) for method in methods] == [[(only.id, "error")], [(only.id, "warning")]]


def gone(path: Path, method: Method) -> list[tuple[str, str]]:
    """The sheets that a run by some method misses in a workbook, and how grave that is."""
    try:
        findings = [*calculate(carbonstd.read_case(path), method, LIBRARY).findings]
    except carbonstd.CaseError as error:
        findings = error.findings
    return [(item.place, str(item.severity)) for item in findings if item.code == "sheet-absent"]


@pytest.mark.parametrize(
    ("typed", "near"),
    [("C9999", "C13-C43"), ("3015", "C3011, C3012"), ("D3011", "C3011"), ("C3090", "C3091, C3099"), ("4418", "D4411")],
)
def test_an_industry_that_is_not_there_is_refused_with_near_ones(typed: str, near: str) -> None:
    """Codes: GB/T 4754-2017."""
    with pytest.raises(carbonstd.NotFoundError) as caught:
        LIBRARY.of_industry(typed)
    assert near in caught.value.findings[0].expected("en")


def test_industries_of_methods_are_those_of_the_standard() -> None:
    """20 sections, 97 divisions and 473 groups, by its announcement."""
    codes = industries()
    assert [sum(len(code) == length for code in codes) for length in (2, 3)] == [97, 473]
    assert len({code[0] for code in codes.values()}) == 20
    named = {code for header in LIBRARY.method_headers.values() for code in header.industries}
    assert named <= codes.keys()


def test_shipped_examples_have_codes_that_may_be() -> None:
    faults: list[Finding] = []
    for path in METHODS.rglob("cases/example-*.yaml"):
        entity = load_file(path).get("entity") or {}
        faults += cover_findings(fields_of(entity, path.name) if isinstance(entity, Mapping) else {})
    assert not faults


def test_last_year_becomes_the_workbook_of_the_next(tmp_path: Path) -> None:
    """Power sets keep names, fuels and rated power; coal burnt, its analyses and the day are asked for anew."""
    case = carbonstd.example("mee-power", period=2023)
    last, path = tmp_path / "last.xlsx", tmp_path / "next.xlsx"
    carbonstd.template(case, last)
    before = last.read_bytes()
    findings = carbonstd.template("mee-power", path, period=2024, last=carbonstd.read_case(last))
    assert [item.code for item in findings] == ["next-period"]
    assert last.read_bytes() == before
    made = carbonstd.read_case(path)
    assert (str(made.period), made.entity["code"], made.as_of) == ("2024", case.entity["code"], date.today())
    units, was = made.sheets["unit"].columns, case.sheets["unit"].columns
    assert (units["unit"], units["rated_power"]) == (was["unit"], was["rated_power"])
    columns = {name for raw in made.sheets.values() for name, cells in raw.columns.items() if any(cells)}
    assert not {"consumption", "net_calorific_value", "electricity", "gross_generation"} & columns
    months = [str(cell) for raw in made.sheets.values() for cell in raw.columns.get("month", ()) if cell]
    assert all(month.startswith("2024-") for month in months)
    with pytest.raises(carbonstd.CaseError):
        carbonstd.template("mee-power", last, period=2024, last=carbonstd.read_case(last))
    with pytest.raises(carbonstd.CaseError, match="no template was written"):
        carbonstd.template("gbt-32151.34", path, period=2024, last=carbonstd.read_case(last))


def test_the_edition_of_the_next_period_is_taken_and_told() -> None:
    case = carbonstd.example("mee-power-allowance", period=2024)
    found = next_period(case, "mee-power-allowance", Period.parse(2025) or case.period, LIBRARY)
    assert found.method.id == "mee-power-allowance@2025-2026"
    assert "next-period-edition" in {item.code for item in found.findings}


def test_a_figure_that_stands_keeps_its_unit() -> None:
    case = carbonstd.example("mee-power", period=2023)
    raw = case.sheets["unit"]
    typed: dict[str, list[Any]] = {"rated_power": [600_000] * raw.rows, "rated_power_unit": ["kW"] * raw.rows}
    case = replace(case, sheets={**case.sheets, "unit": RawSheet({**raw.columns, **typed}, raw.place)})
    found = next_period(case, "mee-power", Period.parse(2024) or case.period, LIBRARY)
    columns = found.case.sheets["unit"].columns
    assert {*zip(columns["rated_power"], columns["rated_power_unit"], strict=True)} == {(600_000, "kW")}


@pytest.mark.parametrize("name", ["footprint-label", "gbt-24067", "low-carbon-certification", "mee-power-allowance"])
def test_answers_proofs_and_conclusions_are_not_kept(name: str) -> None:
    case = carbonstd.example(name)
    found = next_period(case, name, Period.parse(case.period.end.year) or case.period, LIBRARY)
    for sheet, raw in found.case.sheets.items():
        columns = found.method.sheets[sheet].columns
        assert not {"verified", "consistent", "issued", "status", "data_year", "comparison"} & raw.columns.keys()
        assert not {"data_source", "certificate", "contract"} & columns.keys() & raw.columns.keys()


@pytest.mark.parametrize(
    ("code", "industry", "codes"),
    [
        ("", "GB/T 4754-2017 C3011", []),
        ("", "C3011；2018年", []),
        ("", "GB/T 4754-2017 C9999", ["industry-unknown"]),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "Ｃ3011", []),
        ("—", "/", []),
        ("无", "", []),
    ],
)
def test_a_cover_typed_as_people_do_is_not_told(code: str, industry: str, codes: list[str]) -> None:
    found = cover_findings(fields_of({"code": code, "industry": industry}, ""))
    assert [item.code for item in found] == codes
