"""`carbonstd check limits`: plants against the printed tables, whatever they come in.

Expected figures are read from the tables. Coke, GB 21342-2025 table 1, top-charging: 110 / 110 / 135 kgce/t at 23 %
volatile matter and 10 % moisture; an oven above 15 years adds 2.5 at levels 1 and 3 alone. Clinker, GB 16780-2021
table 2: electricity 48 / 57 / 61 kWh/t, coal 94 / 100 / 109, energy 100 / 107 / 117 kgce/t. Existing lines must meet
level 3, new ones level 2.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from carbonstd._definitions.library import Library
from carbonstd._limits.editions import Editions, headers_of
from tests.command_line import ROOT, run, start_in, write

CLINKER = "name,standard,period,status,altitude,output,electricity_total,reported_electricity,coal_total\n"
TOTAL, OUTPUT = 17.1, 0.3  # kWh and t: 57 kWh/t
DAY = ("--as-of", "2026-10-01")
COKE = {
    "status": "existing", "oven": "top_charging", "output": 1_000_000, "comprehensive_energy_total": 110_000,
    "mixed_gas_share": 0, "volatile_matter": 23, "moisture": 10, "wet_quenching_share": 0, "oven_age": 5,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def checked(source: str | Path, *options: str | Path, code: int = 0) -> dict[str, Any]:
    result = run("check", "limits", source, "--json", *options, *(() if "--as-of" in options else DAY))
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def clinker(*rows: str) -> Path:
    return write("plants.csv", CLINKER + "".join(f"{row}\n" for row in rows))


def coke(name: str = "case.yaml", period: str = "2026-05..2026-09", **changes: Any) -> Path:
    cells = json.dumps([{"name": "1", **COKE, **changes}])
    head = f"method: gb-21342@2025\nentity: {{name: {{zh: 甲焦化, en: Coke A}}}}\nperiod: {period}\n"
    return write(name, f"{head}as_of: 2026-10-01\ninputs: {{object: {cells}}}\n")


def levels(record: dict[str, Any]) -> list[tuple[str, float, str]]:
    return [(item["level"], item["limit"], item["judgement"]) for item in record["levels"]]


@pytest.mark.parametrize(
    ("electricity", "judgement"),
    [(4.8, "met"), (4.7999, "undecided"), (610, "not_met"), (610.1, "undecided"), (0, "met")],
)
def test_ten_times_away_from_every_level_nothing_is_judged(electricity: float, judgement: str) -> None:
    """The strictest is 48, the easiest 61: MWh typed under kWh must earn no level 1."""
    found = checked(clinker(f"A,clinker,2025,existing,100,,,{electricity},"), code=int(judgement != "met"))
    [record] = found["records"]
    assert record["judgement"] == judgement
    assert ("indicator-far" in {item["code"] for item in record["findings"]}) == (judgement == "undecided")


def newer_edition() -> tuple[str, ...]:
    """A user's edition of the clinker limits that binds from 2025-07-01: electricity 45 / 50 / 58."""
    table = (ROOT / "factors/limits/gb-16780-clinker/2021.yaml").read_text(encoding="utf-8")
    method = (ROOT / "methods/limits/gb-16780-clinker/2021.yaml").read_text(encoding="utf-8")
    for text, path in ((table, "own/factors/limits"), (method, "own/methods/limits")):
        text = text.replace("GB 16780-2021", "GB 16780-2095").replace("2021-10-11", "2025-01-01")
        text = text.replace("2022-11-01", "2025-07-01").replace(
            '"1": 48, "2": 57, "3": 61', '"1": 45, "2": 50, "3": 58'
        )
        text = text.replace(
            'gb-16780-clinker, select: pinned, edition: "2021"', 'gb-16780-clinker, select: pinned, edition: "2095"'
        )
        write(f"{path}/gb-16780-clinker/2095.yaml", text)
    return ("--factors", "own/factors", "--methods", "own/methods")


def test_a_table_is_judged_row_by_row_and_the_worst_stands_first() -> None:
    source = clinker(
        "A,水泥熟料,2025,existing,100,1000000,,57,100000",
        "B,gb-16780-clinker,2025,现有,100,1000000,,61.5,109000",
        "C,clinker,2025,new,100,,,57.001,",
    )
    found = checked(source, code=1)
    assert [(item["plant"], item["indicator"], item["judgement"]) for item in found["records"]] == [
        ("B", "electricity", "not_met"),  # -0.5/61
        ("C", "electricity", "not_met"),  # a new line must meet 57
        ("B", "coal", "met"),  # a tie
        ("B", "energy", "met"),  # 109 + 0.1229 x 61.5 = 116.55835 of 117
        ("A", "electricity", "met"),
        ("A", "coal", "met"),
        ("A", "energy", "met"),  # 100 + 0.1229 x 57 = 107.0053
    ]
    first, tie, last = found["records"][0], found["records"][2], found["records"][4]
    assert (first["standard"], first["method"]) == ("GB 16780-2021", "gb-16780-clinker@2021")
    assert levels(first) == [("1", 48, "not_met"), ("2", 57, "not_met"), ("3", 61, "not_met")]
    assert (first["reached"], first["required"], first["grade"]) == (None, "3", "reference")
    assert first["levels"][2]["distance"] == -0.5
    assert first["levels"][2]["percent"] == pytest.approx(-0.5 / 61 * 100)
    assert (tie["reached"], tie["value"], tie["levels"][2]["distance_exact"]) == ("3", 109, "0")
    assert (last["reached"], last["class"]["zh"]) == ("2", "熟料")
    assert found["counts"]["judgement"] == {"not_met": 2, "met": 5}


def test_a_tie_that_floats_deny_is_met() -> None:
    """TOTAL / OUTPUT is 57 kWh/t, which float64 puts above 57."""
    assert TOTAL / OUTPUT > 57
    [record] = checked(clinker(f"A,clinker,2025,new,100,{OUTPUT},{TOTAL},,"))["records"]
    assert (record["value_exact"], record["judgement"], record["reached"]) == ("57", "met", "2")
    assert record["levels"][1]["distance_exact"] == "0"


def test_one_plant_is_printed_with_every_level() -> None:
    result = run("check", "limits", coke(oven_age=16, comprehensive_energy_total=111_000), *DAY, "--lang", "zh")
    assert result.exit_code == 0
    text = result.stdout
    assert "111 kgce/t · 顶装焦炉" in text
    rows = [line.split() for line in text.splitlines() if line.startswith("  ") and "级  " in line]
    assert [row[:5] for row in rows] == [
        ["1级", "≤", "112.5", "+1.5", "+1.33"],  # level 1 has the age of the oven added
        ["2级", "≤", "110", "-1", "-0.909"],  # level 2 has not
        ["3级", "≤", "137.5", "+26.5", "+19.3"],
    ]
    assert "达到" in text
    assert "参考判定" in text
    assert "符合" not in text.replace("不符合项", "")  # for a formal comparison alone
    assert "trace case.yaml --of energy_limit --method gb-21342@2025" in text


def test_a_named_edition_of_a_case_is_taken_and_its_levels_need_not_be_nested() -> None:
    [record] = checked(coke(status="new", oven_age=16, comprehensive_energy_total=111_000), code=1)["records"]
    assert (record["reached"], record["required"], record["judgement"]) == ("3", "2", "not_met")  # 1 is met too
    assert "limits-levels-not-nested" in {item["code"] for item in record["findings"]}
    assert [(item["printed"], item["corrected"]) for item in record["levels"]] == [
        (110, True), (110, False), (135, True),
    ]  # fmt: skip
    [tie] = checked(coke())["records"]
    assert levels(tie) == [("1", 110, "met"), ("2", 110, "met"), ("3", 135, "met")]


def test_gbk_with_chinese_headings_and_a_unit_in_one() -> None:
    head = "企业名称,标准号,年度,企业（装置）性质,厂区海拔（km）,熟料单位产品综合电耗（已核定值）\n"
    source = write("表.csv", (head + "甲厂,水泥熟料,2025年,现有,0.1,61\n").encode("gb18030"))
    [record] = checked(source)["records"]
    assert (record["plant"], record["value"], record["reached"]) == ("甲厂", 61, "3")


def test_an_unknown_column_is_told_once_and_another_standards_column_is_a_note() -> None:
    head = CLINKER.strip() + ",reported_electrcity,oven\n"
    row = "clinker,2025,existing,100,,,57,,9,"
    text = head + f"A,{row}\nB,{row}top_charging\n" + "C,gb-21342@2025,2026-06,existing,,,,,,,top_charging\n"
    found = checked(write("plants.csv", text), code=1)
    assert [item["code"] for item in found["findings"]] == ["limits-column-unknown"]
    assert "reported_electrcity" in found["findings"][0]["found"]
    [b] = [item for item in found["records"] if item["plant"] == "B"]
    assert "limits-cells-unused" in {item["code"] for item in b["findings"]}


def test_what_a_row_lacks_makes_it_undecided_and_ends_nothing() -> None:
    source = clinker(
        "A,clinker,2025,,100,,,57,",  # no status
        "B,,2025,existing,100,,,57,",
        "C,clinker,,existing,100,,,57,",
        "D,clinker,二〇二五,existing,100,,,57,",
        "E,GB 35574-2017,2025,existing,100,,,57,",
        "F,clinker,2025,existing,100,,,57,",
        "G,clinker,2025,existing,100,,,很低,",
    )
    records = {item["plant"]: item for item in checked(source, code=1)["records"]}
    codes = {name: {item["code"] for item in record["findings"]} for name, record in records.items()}
    assert records["F"]["judgement"] == "met"
    assert {record["judgement"] for name, record in records.items() if name != "F"} == {"undecided"}
    assert {record["grade"] for name, record in records.items() if name != "F"} == {"none"}
    assert "missing-label" in codes["A"] or "missing-value" in codes["A"], codes["A"]
    assert "limits-no-standard" in codes["B"]
    assert "limits-no-period" in codes["C"]
    assert "case-period" in codes["D"]
    assert "document-superseded" in codes["E"]
    assert "GB 21258-2024" in str(records["E"]["findings"])  # which absorbed it
    printed = run("check", "limits", source, *DAY).stdout
    assert "Undecided, and why 6" in printed
    assert printed.index("\n  F ") < printed.index("Undecided")


def test_a_blank_class_is_undecided_and_the_nearest_class_is_not_taken() -> None:
    head = ",".join(("name", *COKE)) + "\n"
    cells = ",".join("" if name == "oven" else str(value) for name, value in COKE.items())
    source = write("coke.csv", head + f"A,{cells}\n")
    asked = (source, "--standard", "gb-21342@2025", "--period", "2026-06")
    [record] = checked(*asked, code=1)["records"]
    assert (record["judgement"], record["levels"], record["reached"]) == ("undecided", [], None)
    assert any("oven" in item["place"] for item in record["findings"])
    printed = run("check", "limits", *asked, "--lang", "en").stdout
    assert re.search(r"Computed by carbonstd \S+ from the data listed", printed)  # by no document


def test_editions_that_change_inside_the_period() -> None:
    """45 / 50 / 58 from July: 44 is level 1 of both; 57 is level 2, then 3; 60 is level 3, then none."""
    own = newer_edition()
    source = clinker(*(f"{value},clinker,2025,existing,100,,,{value}," for value in (44, 57, 60)))
    records = {item["plant"]: item for item in checked(source, *own, code=1)["records"]}
    assert (records["44"]["judgement"], records["44"]["reached"]) == ("met", "1")
    assert "limits-editions-agree" in {item["code"] for item in records["44"]["findings"]}
    for name, reached in (("57", ["2", "3"]), ("60", ["3", None])):
        record = records[name]
        assert (record["judgement"], record["reached"], record["levels"]) == ("undecided", None, [])
        assert [item["standard"] for item in record["editions"]] == ["GB 16780-2021", "GB 16780-2095"]
        assert [item["reached"] for item in record["editions"]] == reached
        assert "limits-editions-differ" in {item["code"] for item in record["findings"]}
    named = checked(source, *own, "--standard", "gb-16780-clinker@2021")["records"]
    assert {item["plant"]: item["reached"] for item in named} == {"44": "1", "57": "2", "60": "3"}
    assert "44" in run("check", "limits", source, *own, *DAY).stdout


def test_the_period_picks_the_edition_and_next_shows_the_coming_one() -> None:
    own = newer_edition()
    source = clinker("A,clinker,2024,existing,100,,,57,")
    [record] = checked(source, *own, "--next")["records"]
    assert (record["standard"], record["reached"]) == ("GB 16780-2021", "2")
    assert (record["next"]["standard"], record["next"]["reached"]) == ("GB 16780-2095", "3")
    assert "GB 16780-2095" in run("check", "limits", source, *own, *DAY, "--next").stdout
    [record] = checked(source, *own, "--period", "2026")["records"]
    assert (record["standard"], record["reached"], record["next"]) == ("GB 16780-2095", "3", None)
    [record] = checked(source, *own, "--next", "--as-of", "2024-12-31")["records"]  # not issued then
    assert record["next"] is None
    assert "limits-no-next" in {item["code"] for item in record["findings"]}


@pytest.mark.parametrize(("period", "code"), [("2022", "limits-edition-not-held"), ("2021", "limits-no-edition")])
def test_an_edition_that_bound_and_is_not_held_is_not_replaced_by_its_neighbour(period: str, code: str) -> None:
    [record] = checked(clinker(f"A,clinker,{period},existing,100,,,57,"), code=1)["records"]
    assert record["judgement"] == "undecided"
    assert code in {item["code"] for item in record["findings"]}


def test_a_folder_is_one_plant_a_file_and_a_broken_file_is_undecided() -> None:
    coke("plants/a.yaml")
    coke("plants/b.yaml", comprehensive_energy_total=136_000)
    write("plants/c.xlsx", b"no workbook")
    write("plants/~$a.xlsx", b"")
    found = checked("plants", code=1)
    assert [(item["plant"], item["judgement"]) for item in found["records"]] == [
        ("甲焦化 1", "not_met"),
        ("甲焦化 1", "met"),
        ("c", "undecided"),
    ]
    assert found["plants"] == 3


def test_nothing_that_can_be_read_is_two() -> None:
    assert run("check", "limits", "none.csv").exit_code == 2
    assert run("check", "limits", write("head.csv", CLINKER)).exit_code == 2
    assert run("check", "limits", write("broken.xlsx", b"no")).exit_code == 2
    assert run("check", "limits").exit_code == 2


def test_the_template_is_filled_and_read_again() -> None:
    assert run("check", "limits", "--template", "焦炭,clinker", "-o", "plants.xlsx", "--lang", "zh").exit_code == 0
    assert run("check", "limits", "--template", "clinker", "-o", "plants.xlsx").exit_code == 2  # never overwritten
    assert run("check", "limits", "--template", "石墨电极", "-o", "one.xlsx").exit_code == 0  # one title holds it
    several = run("check", "limits", "--template", "炭素", "-o", "several.xlsx").stderr
    assert all(name in several for name in ("ambiguous-name", "gb-21370-graphite-electrode", "gb-25324"))
    book = openpyxl.load_workbook("plants.xlsx")
    fill = {
        "企业、装置或产品": "1号线", "核算期": 2025, "企业（装置）性质": "现有", "厂区海拔": 100,
        "熟料单位产品综合电耗（已核定值）": 48,
    }  # fmt: skip
    page: Any = book.worksheets[1]
    for cell in page[3]:
        label = str(cell.value).split("\n")[0].removesuffix(" *")
        page.cell(4, cell.column, fill.get(label))
    assert page.data_validations.dataValidation
    book.save("plants.xlsx")
    [record] = checked("plants.xlsx")["records"]
    assert (record["plant"], record["reached"], record["place"]) == ("1号线", "1", record["place"])
    assert "A4" in record["place"]


def test_outputs_hold_the_same_records() -> None:
    source = clinker(
        "A,clinker,2025,existing,100,,,57,", "B,clinker,2025,existing,100,,,61.5,", "=C,clinker,2025,,,,,,"
    )
    for name in ("out.xlsx", "out.csv", "out.json"):
        result = run("check", "limits", source, *DAY, "-o", name, "--report", "page.html")
        assert result.exit_code == 1
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["plant"], row["value"], row["limit_3"]) for row in rows] == [
        ("B", "61.5", "61.0"),
        ("A", "57.0", "61.0"),
        ("'=C", "", ""),
    ]
    saved = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert [item["plant"] for item in saved["records"]] == ["B", "A", "=C"]
    book = openpyxl.load_workbook("out.xlsx")
    assert len(book.worksheets) == 5
    assert len(book.worksheets[0]._charts) == 1  # type: ignore[attr-defined]
    assert [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)] == ["B", "A", "'=C"]
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.count('class="gauge"') == 2
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_each_indicator_of_a_plant_is_graded_on_its_own() -> None:
    head = "name,standard,period,status,altitude,reported_energy,reported_electricity,reported_coal\n"
    source = write("plants.csv", head + "A,clinker,2025,existing,100,107.5,48,109.1\n")
    records = {item["indicator"]: item for item in checked(source, code=1)["records"]}
    assert {name: item["reached"] for name, item in records.items()} == {
        "energy": "3",
        "electricity": "1",
        "coal": None,
    }
    assert levels(records["energy"]) == [("1", 100, "not_met"), ("2", 107, "not_met"), ("3", 117, "met")]
    assert levels(records["coal"]) == [("1", 94, "not_met"), ("2", 100, "not_met"), ("3", 109, "not_met")]


def test_a_filled_workbook_of_the_method_is_one_plant() -> None:
    """The class is a label of the drop-down; 108 000 tce / 1 000 000 t = 108 kgce/t."""
    coke("case.yaml", oven="顶装焦炉", comprehensive_energy_total=108_000)
    from carbonstd import read_case
    from carbonstd._api import library
    from carbonstd._template.template import Filling, write_template

    shelf = library()
    Path("folder").mkdir()
    for name in ("a", "b"):
        write_template(
            shelf.method("gb-21342@2025"), shelf, Path(f"folder/{name}.xlsx"), "zh", Filling(read_case("case.yaml"))
        )
    found = checked("folder/a.xlsx")
    assert [(item["value"], item["reached"]) for item in found["records"]] == [(108, "1")]
    assert checked("folder")["plants"] == 2
    assert "trace" in run("check", "limits", "folder/a.xlsx", *DAY).stdout


def test_a_number_of_several_standards_is_asked_back_and_recalled_limits_are_no_judgement() -> None:
    [record] = checked(clinker("A,GB 16780-2021,2025,existing,100,,,57,"), code=1)["records"]
    assert [item["code"] for item in record["findings"]] == ["ambiguous-name"]
    source = coke(period="2025", comprehensive_energy_total=110_000)
    [refused] = checked(source, "--standard", "焦炭", code=1)["records"]  # the edition of 2013 is recalled
    assert (refused["standard"], refused["judgement"]) == ("GB 21342-2013", "undecided")
    consent = ("--allow-recalled", "limits/gb-21342@2013")
    [allowed] = checked(source, "--standard", "焦炭", *consent, code=1)["records"]
    assert (allowed["grade"], allowed["judgement"], allowed["reached"]) == ("none", "undecided", None)
    assert [item["level"] for item in allowed["levels"]] == ["advanced", "access", "limit"]
    year = coke("year.yaml", period="2026", comprehensive_energy_total=110_000)
    [both] = checked(year, "--standard", "焦炭", *consent, code=1)["records"]  # one of its editions has no ground
    assert (both["judgement"], [item["judgement"] for item in both["editions"]]) == ("undecided", ["undecided", "met"])
    text = run("check", "limits", source, "--standard", "焦炭", *consent, "--lang", "zh").stdout
    assert "不作判定" in text
    assert " 达到" not in text


CARBIDE = "name,standard,period,status,product,reported_energy\n"


def codes(record: dict[str, Any]) -> set[str]:
    return {item["code"] for item in record["findings"]}


@pytest.mark.parametrize(
    ("standard", "period", "product", "missing"),
    [
        ("gb-21341", "2019", "ferrosilicon", "GB 21341-2017"),  # the edition of 2008 ended on 2018-10-31
        ("gb-29437", "2025", "", "GB 29141-2024"),  # followed under the name of another family
    ],
)
def test_an_edition_that_had_ended_decides_nothing(standard: str, period: str, product: str, missing: str) -> None:
    source = write("plants.csv", CARBIDE + f"A,{standard},{period},existing,{product},1100\n")
    [record] = checked(source, code=1)["records"]
    assert (record["judgement"], record["reached"], record["levels"]) == ("undecided", None, [])
    assert "met" not in {item["judgement"] for item in record["editions"]}  # it bound on no day of the period
    [told] = [item for item in record["findings"] if item["code"] == "limits-edition-not-held"]
    assert missing in told["found"]
    assert told["severity"] == "error"


@pytest.mark.parametrize(("period", "editions"), [("2015", ["2008"]), ("2018", ["2015"]), ("2024", ["2015", "2023"])])
def test_the_edition_of_2015_lies_between_those_of_2008_and_2023(period: str, editions: list[str]) -> None:
    """None of the first two says which coefficient of electricity it takes: no judgement."""
    source = write("plants.csv", CARBIDE + f"A,gb-21343-carbide,{period},existing,,940\n")
    [record] = checked(source, code=1)["records"]
    assert record["judgement"] == "undecided"
    used = record["editions"] or [record]
    assert [item["method"].partition("@")[2] for item in used] == editions


def test_a_gap_between_two_dates_of_one_edition_is_no_edition() -> None:
    """GB 21343-2015 was seen to bind from 2016-01-01, and is inferred to from 2016-10-01."""
    source = write("plants.csv", CARBIDE + "A,gb-21343-carbide,2016-01..2016-06,existing,,940\n")
    [record] = checked(source, code=1)["records"]
    assert "limits-edition-not-held" in codes(record)


@pytest.mark.parametrize(("year", "begun"), [(2012, False), (2013, True)])
def test_a_successor_without_dates_may_bind_from_the_year_of_its_number(year: int, begun: bool) -> None:
    shelf = Library()
    entry = shelf.register.get("GB 21258-2013")  # neither dates nor a method
    assert entry is not None
    assert entry.in_force == ""
    assert Editions(shelf, headers_of(shelf))._may_have_begun(entry, date(year, 12, 31)) is begun


@pytest.mark.parametrize("period", ["2013", "2018"])
def test_an_edition_that_is_named_beyond_its_end_is_warned_of_in_print(period: str) -> None:
    """The edition of 2008 bound in 2013 and was replaced by one of 2015."""
    rows = [f"{name},gb-21343-carbide@2008,{period},existing,,1100\n" for name in "ABCDE"]
    source = write("plants.csv", CARBIDE + "".join(rows))
    records = checked(source, code=1)["records"]
    ended = period == "2018"
    assert {"limits-edition-not-held" in codes(item) for item in records} == {ended}
    assert run("check", "limits", source, *DAY).stdout.count("GB 21343-2015 bound, or may have bound, in 2018") == (
        5 if ended else 0
    )


def test_documents_under_other_families_are_named() -> None:
    head = "name,standard,period,status,process,furnace_capacity,reported_energy\n"
    row = "A,gb-21256,2026,existing,electric_arc_furnace,100,60\nB,gb-29141-acetic-acid,2025,existing,,,300\n"
    records = {item["plant"]: item for item in checked(write("plants.csv", head + row), code=1)["records"]}
    assert {item["judgement"] for item in records.values()} == {"undecided"}
    assert "gb-32050@2015" in str(records["A"]["findings"])  # gb-21256@2013 has no electric arc furnace
    assert "gb-29437@2012" in str(records["B"]["findings"])


def test_a_required_level_that_is_a_dash_is_undecided() -> None:
    """GB 29450-2012: medium-alkali yarn of a pool kiln, 550 / dash / 650; a new plant must meet the access value."""
    text = "name,standard,period,status,process,product,reported_energy\n"
    source = write("plants.csv", text + "A,gb-29450,2024,new,pool_kiln,medium_alkali_yarn,500\n")
    [record] = checked(source, code=1)["records"]
    assert (record["judgement"], record["reached"], record["required"]) == ("undecided", None, "access")
    assert "limits-level-dash" in codes(record)
    assert "准入值" in run("check", "limits", source, *DAY, "--lang", "zh").stdout


def test_a_number_of_several_methods_means_the_one_the_row_fits() -> None:
    head = "name,standard,period,status,altitude,clinker_ratio,reported_energy,product,reported_electricity\n"
    source = write(
        "plants.csv",
        head
        + "A,GB 16780-2021,2025,existing,100,75,80,,\n"
        + "B,GB 16780,2025,existing,100,,100,,\n"  # cement or clinker
        + "C,GB 21344-2023,2025,existing,,,130,尿素,\n",
    )
    records = {item["plant"]: item for item in checked(source, code=1)["records"]}
    assert (records["A"]["method"], records["A"]["judgement"]) == ("gb-16780-cement@2021", "met")
    assert records["C"]["method"] == "gb-21344-urea@2023"
    [told] = records["B"]["findings"]
    assert told["code"] == "ambiguous-name"
    assert "gb-16780-clinker@2021" in told["found"]
    assert "comparable" not in told["found"]  # those ended in 2022


def test_rows_of_each_edition_stand_in_workbook_and_csv() -> None:
    own = newer_edition()
    source = clinker("57,clinker,2025,existing,100,,,57,")
    for name in ("out.csv", "out.xlsx"):
        assert run("check", "limits", source, *own, *DAY, "--lang", "en", "-o", name).exit_code == 1
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["row"], row["method"], row["reached"]) for row in rows] == [
        ("whole period", "gb-16780-clinker@2095", "undecided"),
        ("one edition", "gb-16780-clinker@2021", "level 2"),
        ("one edition", "gb-16780-clinker@2095", "level 3"),
    ]
    pages = openpyxl.load_workbook("out.xlsx").worksheets
    assert (pages[1].max_row, pages[2].max_row) == (4, 7)


def test_a_recalled_table_without_edition_means_every_edition() -> None:
    source = coke(period="2025")
    refused = checked(source, "--standard", "焦炭", code=1)["records"][0]
    assert "limits-recalled" in codes(refused)
    assert "--allow-recalled limits/gb-21342@2013" in str(refused["findings"])
    [record] = checked(source, "--standard", "焦炭", "--allow-recalled", "limits/gb-21342", code=1)["records"]
    assert record["levels"]
    assert run("check", "limits", source, "--allow-recalled", "limits/gb-99999").exit_code == 2


def test_a_refusal_tells_causes_alone() -> None:
    head = "name,standard,period,status,process,reported_energy\n"
    source = write("plants.csv", head + "A,gb-21256@2025,2026-08,existing,炼铁炉,60\n")
    [record] = checked(source, code=1)["records"]
    errors = [(item["code"], item["place"]) for item in record["findings"] if item["severity"] == "error"]
    assert errors == [("unknown-label", "plants.csv:2 process")]


@pytest.mark.parametrize(("shown", "limit"), [("0%", 48), ("General", 71.76)])
def test_a_cell_shown_in_per_cent_holds_its_share(shown: str, limit: float) -> None:
    """Electric arc furnace of 100 t, level 3: 72 less 0.8 per point of hot metal: 30 % takes off 24, 0.3 % 0.24."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    heads = [
        "name", "standard", "period", "status", "process", "furnace_capacity", "special_steel", "stainless_only",
        "hot_metal_share", "reported_energy",
    ]  # fmt: skip
    sheet.append(heads)
    sheet.append(["A", "gb-21256@2025", "2027", "existing", "electric_arc_furnace", 100, "no", "no", 0.3, 60])
    sheet.cell(2, 9).number_format = shown
    book.save("plants.xlsx")
    [record] = checked("plants.xlsx", code=int(limit < 60))["records"]
    assert {item["level"]: item["limit"] for item in record["levels"]}["3"] == pytest.approx(limit)


def test_what_the_command_line_overrides_and_what_stands_twice_is_told() -> None:
    source = clinker("A,clinker,2024,existing,100,,,57,", "A,clinker,2024,existing,100,,,58,")
    found = checked(source, "--period", "2025")["findings"]
    assert {item["code"] for item in found} == {"limits-overridden", "limits-name-twice"}


def test_a_template_takes_the_edition_of_a_period() -> None:
    assert run("check", "limits", "--template", "gb-21343-carbide", "--period", "2018", "-o", "t.xlsx").exit_code == 0
    sheet = openpyxl.load_workbook("t.xlsx").worksheets[0]
    assert "GB 21343-2015" in str(sheet["C1"].value)


def test_plants_of_one_reason_and_of_one_level_are_told_once() -> None:
    """Of 60 lines alike three stand for all, and one of twelve that leave all blank; --verbose tells each."""
    rows = [f"L{number},clinker,2025,existing,200,100,40,90\n" for number in range(60)]
    rows += [f"B{number},clinker,2025,existing,200,,,\n" for number in range(12)]
    source = write(
        "plants.csv",
        "name,standard,period,status,altitude,reported_energy,reported_electricity,reported_coal\n" + "".join(rows),
    )
    folded, every = (run("check", "limits", source, "--lang", "en", *more).stdout for more in ((), ("--verbose",)))
    assert sum(line.startswith("  L") for line in folded.splitlines()) == 3 * 3  # of each of three indicators
    assert "171 more comparisons of the same levels" in folded  # 3 x 60 - 9
    assert "B0 · 2025" in folded
    assert "B1 · 2025" not in folded
    assert "11 more alike: plants.csv:63" in folded
    assert sum(line.startswith("  L") for line in every.splitlines()) == 3 * 60
    assert "B3 · 2025" in every
