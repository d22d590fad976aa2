"""Tables written for others: a small table of bands, levels, dashes and bounds, in every format."""

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as parquet
import pytest

import carbonstd
from carbonstd._catalogue.export import write_package
from tests.command_line import run, start_in, write

TABLE = """\
title: {zh: 水泥能耗限额, en: Energy limits of cement}
document: {number: Q/HSE 20-2025, title: {zh: 企业标准, en: House standard}, issued: 2025-01-15,
  url: "https://example.org/20"}
clause: 表2
evidence: secondary
source: {zh: 报告, en: a report}
keys:
  product: {label: {zh: 产品, en: product}, terms: {clinker: {zh: 熟料, en: clinker},
    cement: {zh: 水泥, en: cement}}}
  capacity: {label: {zh: 规模, en: capacity}, unit: t/d}
columns:
  coal: {unit: kgce/t, axis: level, label: {zh: 煤耗, en: coal}}
  share: {unit: "%", label: {zh: 份额, en: share}}
rows:
  - {when: {product: clinker, capacity: {up_to: 2000}}, coal: {"1": 94.0, "2": dash},
     share: {value: 50, low: 40, high: 60}}
  - {when: {product: [clinker, cement], capacity: {above: 2000}},
     coal: {"1": 93, "2": {value: 100, evidence: recalled}}, share: unseen, note: "=1+1, not seen"}
  - {when: {product: cement, capacity: {up_to: 2000}}, coal: {"1": 80, "2": 90}, share: 1, listed: true}
"""
HEAD = [
    "product", "product_zh", "product_en", "capacity_above", "capacity_up_to", "coal_1", "coal_2", "coal_2_state",
    "share", "share_low", "share_high", "share_state", "listed", "evidence", "source", "note",
]  # fmt: skip
ROWS = [
    line.split("|")
    for line in (
        "clinker|熟料|clinker||2000|94.0||dash|50|40|60|||secondary|报告 / a report|",
        "clinker; cement|熟料; 水泥|clinker; cement|2000||93|100|||||unseen||recalled|报告 / a report|'=1+1, not seen",
        "cement|水泥|cement||2000|80|90||1||||yes|secondary|报告 / a report|",
    )
]
NAME = "limits/house@2025"


@pytest.fixture(autouse=True)
def _own_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    write("own/limits/house/2025.yaml", TABLE)


def exported(*arguments: str) -> Path:
    result = run("export", *arguments, "--factors", "own")
    assert result.exit_code == 0, result.output
    return Path(arguments[arguments.index("-o") + 1])


def test_csv_holds_figures_as_printed_and_the_weakest_grade() -> None:
    with exported(NAME, "-o", "limits.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == HEAD
    expected = [[cell.replace("secondary", "user") for cell in row] for row in ROWS]  # a user's file is graded so
    assert rows == expected


def test_one_record_a_cell_keeps_each_grade() -> None:
    with exported(NAME, "-o", "cells.csv", "--cells").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    assert [[cell[name] for name in ("column", "label", "value", "state", "evidence")] for cell in cells] == [
        ["coal", "1", "94.0", "number", "user"],
        ["coal", "2", "", "dash", "user"],
        ["share", "", "50", "number", "user"],
        ["coal", "1", "93", "number", "user"],
        ["coal", "2", "100", "number", "recalled"],
        ["share", "", "", "unseen", "user"],
        *(["coal", level, value, "number", "user"] for level, value in (("1", "80"), ("2", "90"))),
        ["share", "", "1", "number", "user"],
    ]
    assert [cell["listed"] for cell in cells] == [""] * 6 + ["yes"] * 3
    sources = [cell["source"] for cell in cells[3:6]]
    assert sources == ["报告 / a report", "", "报告 / a report"]  # nobody has seen it in the report
    assert cells[0]["keys"] == "product=clinker; capacity=≤2000 t/d"
    assert cells[0]["keys_zh"] == "熟料 / 规模 ≤2000 t/d"


def test_parquet_has_numbers_units_and_the_document() -> None:
    read = parquet.read_table(exported(NAME, "-o", "limits.parquet"))
    assert read.column("coal_1").to_pylist() == [94.0, 93.0, 80.0]
    assert read.column("coal_2").to_pylist() == [None, 100.0, 90.0]
    assert read.schema.field("coal_1").metadata[b"unit"] == b"kgce/t"
    assert json.loads(read.schema.metadata[b"carbonstd"])[0]["document"]["number"] == "Q/HSE 20-2025"


def test_a_data_frame_has_numbers_and_units() -> None:
    shelf = carbonstd.library(["own"])
    frame = carbonstd.frame(NAME, of=shelf)
    assert list(frame.columns) == HEAD
    assert frame["coal_1"].tolist() == [94.0, 93.0, 80.0]
    assert frame["coal_2"].isna().tolist() == [True, False, False]
    assert frame.attrs["units"]["coal_1"] == "kgce/t"
    assert len(carbonstd.frame(NAME, cells=True, of=shelf)) == 9


def test_excel_runs_no_text_as_a_formula() -> None:
    page = openpyxl.load_workbook(exported(NAME, "-o", "limits.xlsx")).worksheets[0]
    assert [cell.value for cell in page[1]] == HEAD
    assert [page["F4"].value, page["F3"].value, page["P5"].value] == [94, "kgce/t", "'=1+1, not seen"]


def test_json_is_what_show_prints() -> None:
    shown = run("show", NAME, "--json", "--factors", "own").stdout
    assert json.loads(exported(NAME, "-o", "limits.json").read_text(encoding="utf-8")) == json.loads(shown)
    assert json.loads(shown)["rows"][0]["cells"]["share"]["source"] == {"zh": "报告", "en": "a report"}


@pytest.mark.parametrize(("language", "told", "other"), [("zh", "报告", "a report"), ("en", "a report", "报告")])
def test_a_reader_is_told_in_his_language_where_a_figure_was_seen(language: str, told: str, other: str) -> None:
    shown = run("show", NAME, "--factors", "own", "--lang", language).stdout
    assert f"[1]  {told}" in shown
    assert other not in shown


def test_cells_as_json_are_records() -> None:
    cells = json.loads(exported(NAME, "-o", "cells.json", "--cells").read_text(encoding="utf-8"))
    assert (cells[4]["value"], cells[4]["evidence"], cells[4]["source"]) == (100, "recalled", None)


def test_two_fields_of_one_name_are_refused() -> None:
    """The first level of `coal` is called coal_1, and so is the new column."""
    text = TABLE.replace('  share: {unit: "%"', '  coal_1: {unit: "%"').replace("share: ", "coal_1: ")
    write("own/limits/house/2025.yaml", text)
    result = run("export", NAME, "-o", "a.csv", "--factors", "own")
    assert result.exit_code == 2
    assert "coal_1" in result.stderr
    assert "field-twice" in run("lint", "own").stdout


def test_a_package_says_what_each_file_holds() -> None:
    folder = exported("--all", "-o", "package")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    resources = {item["name"]: item for item in package["resources"]}
    assert all((folder / item["path"]).is_file() for item in resources.values())
    own = resources["limits__house__2025"]
    assert [item["name"] for item in own["schema"]["fields"]] == HEAD
    coal = own["schema"]["fields"][5]
    assert coal == {"name": "coal_1", "type": "number", "title": "煤耗 1 coal, 1", "unit": "kgce/t"}
    assert own["carbonstd"]["document"]["issued"] == "2025-01-15"
    assert own["sources"] == [{"title": "Q/HSE 20-2025 企业标准", "path": "https://example.org/20"}]
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_every_package_file_is_rectangular() -> None:
    folder = exported("--all", "-o", "package")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        assert head == [item["name"] for item in resource["schema"]["fields"]], resource["name"]
        assert len(set(head)) == len(head), resource["name"]
        assert {len(row) for row in rows} <= {len(head)}, resource["name"]
        numbers = [index for index, item in enumerate(resource["schema"]["fields"]) if item["type"] == "number"]
        assert all(float(row[index]) is not None for row in rows for index in numbers if row[index])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("limits/nothing", "-o", "a.csv"), "not-found"),
        ((NAME, "-o", "a.doc"), "output-suffix"),
        ((NAME, "-o", "nowhere/a.csv"), "output-folder-missing"),
        (("--all", "-o", "own"), "output-folder-taken"),
    ],
)
def test_what_cannot_be_written_is_refused(arguments: tuple[str, ...], code: str) -> None:
    result = run("export", *arguments, "--factors", "own")
    assert result.exit_code == 2
    assert code in result.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["own"]


def test_one_table_or_all() -> None:
    assert run("export", "-o", "a.csv").exit_code == 2
    assert run("export", NAME, "--all", "-o", "a").exit_code == 2
    assert run("export", NAME, "-o", "a.csv", "--as", "parquet", "--factors", "own").exit_code == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [(OSError(28, "No space left"), "output-refused"), (PermissionError(13, "in use"), "output-open")],
)
def test_what_the_system_refuses_leaves_the_old_file(
    monkeypatch: pytest.MonkeyPatch, error: OSError, code: str
) -> None:
    old = write("old.csv", "old")

    def refuse(self: Path, target: Path) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", refuse)
    result = run("export", NAME, "-o", old, "--factors", "own")
    assert result.exit_code == 2
    assert code in result.stderr
    with pytest.raises(carbonstd.CaseError) as refused:
        write_package([], Path("folder"), ".csv")
    assert [item.code for item in refused.value.findings] == [code]
    assert old.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["old.csv", "own"]
