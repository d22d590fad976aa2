"""Large workbooks: rows in the usual form are read as the parser reads them; many are written and told in bounds."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import carbonstd
from carbonstd._case.cells import ShownPerCent
from carbonstd._result_workbook import workbook as _result_workbook
from carbonstd._workbook import cells as _workbook_cells
from carbonstd._workbook import plain as _workbook_plain
from carbonstd._workbook.archive import open_archive
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, read_grids
from carbonstd._workbook.stream import _fitting
from tests.command_line import run
from tests.test_hostile import SHEET, refusal, workbook
from tests.test_workbook import HEAD, POWER, book

# A row of each kind of cell that writers write, and what it says.
ROWS = """
<row r="3" spans="1:5"><c r="A3" t="inlineStr"><is><t>主变 &lt;1&gt; &amp;&#32;&#x32;&#128;</t></is></c>\
<c r="B3"><v>1.5</v></c></row>
<row r="4" hidden="1" ht="20"><c r="A4"><f>1+1</f><v>2</v></c><c r="B4"><f>1/3</f></c>\
<c r="C4" t="e"><v>#REF!</v></c></row>
<row r="5"/><row r="6"><c r="A6" s="1"/><c r="B6" s="1"><v>0.3</v></c><c r="C6" t="b"><v>1</v></c></row>
<row r="7"><c r="A7"><f t="shared" ref="A7:A8" si="0">B7&amp;"x"</f><v>1e-3</v></c></row>
<row r="8"><c r="A8" t="str"><f t="shared" si="0"/><v>x_x0041_</v></c>\
<c r="B8"><v>NaN</v></c><c r="C8" t="s"><v>99</v></c></row>
<row r="9"><c r="A9" t="b"><is><t></t></is></c><c r="B9" t="s"><is><t></t></is></c>\
<c r="C9" t="e"><is><t></t></is></c></row>
"""
SAID: dict[int, dict[int, Any]] = {
    3: {1: "主变 <1> & 2\x80", 2: 1.5},
    4: {1: 2, 2: UNCACHED, 3: ErrorCell("#REF!")},
    6: {2: ShownPerCent(0.3), 3: True},
    7: {1: 0.001},
    8: {1: "xA", 2: ErrorCell("NaN"), 3: ErrorCell("99")},
}
FORMULAS = {(4, 1): "1+1", (4, 2): "1/3", (7, 1): 'B7&"x"', (8, 1): ""}
FORMATS = b'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs>'


def grid(path: Path, rows: str) -> Grid:
    """The second sheet of a workbook with these rows after its own two; style 1 shows per cent."""

    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
        styles, start = parts["xl/styles.xml"], parts["xl/styles.xml"].index(b"<cellXfs")
        parts["xl/styles.xml"] = styles[:start] + FORMATS + styles[styles.index(b"</cellXfs>") + 10 :]

    with open_archive(workbook(path, change)) as archive:
        return list(read_grids(archive))[1]


def test_rows_in_the_usual_form_say_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_workbook_cells._Sheet, "_at")  # what the parser calls for a cell: it is spared them all
    read = grid(tmp_path / "a.xlsx", ROWS)
    assert {row: cells for row, cells in read.rows.items() if row > 2} == SAID
    assert isinstance(read.rows[6][2], ShownPerCent)
    assert (read.formulas, read.hidden_rows) == (FORMULAS, {4})


@pytest.mark.parametrize(
    "odd", ["<!-- <row> -->", "<row r='9'/>", "<row/>", '<row r="2"><c r="A2"><v> 1</v></c></row>']
)
@pytest.mark.parametrize("piece", [1 << 18, 300])
def test_the_parser_goes_on_from_the_first_row_of_another_form(
    tmp_path: Path, odd: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pattern alone, the parser alone and both by turns read the same; pieces may end anywhere."""
    monkeypatch.setattr(_workbook_plain, "_PIECE", piece)
    first, second = ROWS[: ROWS.index('<row r="6"')], ROWS[ROWS.index('<row r="6"') :]
    mixed = grid(tmp_path / "a.xlsx", first + odd + second)
    monkeypatch.setattr(_workbook_plain, "_PIECE", 1)  # no tag is whole in it: all goes to the parser
    alone = grid(tmp_path / "b.xlsx", first + odd + second)
    assert all(getattr(mixed, item.name) == getattr(alone, item.name) for item in fields(Grid))
    assert mixed.rows[8] == SAID[8]


@pytest.mark.parametrize(
    "row",
    [
        '<row r="3" r="3"><c r="A3"><v>1</v></c></row>',
        '<row r="3" ht="1" ht="2"><c r="A3"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></row>',
        '<row r="3"><row r="4"><c r="A4"><v>1</v></c></row>',
        '<row r="3"><c r="A3" t="str"><v>\x01</v></c></row>',
        '<row r="3"><c r="A3" t="str"><v>&unknown;</v></c></row>',
        '<row r="3"><c r="A3" t="str"><v>&#0;</v></c></row>',
        '<row r="3"><c r="A3" t="str"><v>&#xD800;</v></c></row>',
        '<row r="3"><c r="A3" t="str"><v>a]]>b</v></c></row>',
        '<!-- <row r="3"><c r="A3"><v>1</v></c></row>',
    ],
)
def test_what_is_no_xml_is_refused_as_ever(tmp_path: Path, row: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row.encode() + b"</sheetData>")

    assert refusal(workbook(tmp_path / "a.xlsx", change)) == {"workbook-damaged"}


@pytest.mark.parametrize("name", ["<sheetData><!-- ", "<sheetData ><!-- <sheetData>"])
def test_rows_in_a_comment_are_no_rows(tmp_path: Path, name: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        own = parts[SHEET].partition(b"<sheetData>")
        rows = own[2].partition(b"</sheetData>")[0]
        parts[SHEET] = own[0] + name.encode() + rows + b"-->" + own[2]

    with open_archive(workbook(tmp_path / "a.xlsx", change)) as archive:
        assert sorted(list(read_grids(archive))[1].rows) == [1, 2]


def many(path: Path, count: int, amount: Any) -> Path:
    """Transformers with a row each."""
    rows = [[f"<{number}> & 号", "grid", "2025-01", amount(number), 0.5] for number in range(count)]
    return book(path, {"购入电力": [POWER, *rows]}, HEAD)


def test_many_rows_are_written_as_they_were_read(tmp_path: Path) -> None:
    """3 500 rows of n MWh x 0.5 tCO2/MWh, n from 0: 0.5 x 3 499 x 3 500 / 2 = 3 061 625 t."""
    result = carbonstd.run(many(tmp_path / "a.xlsx", 3500, lambda number: number))
    assert result.primary.value == 3_061_625
    result.to_excel(tmp_path / "result.xlsx", "en")
    page = openpyxl.load_workbook(tmp_path / "result.xlsx", data_only=True)["Purchased electricity"]
    heads = [str(cell.value).partition("\n")[0].removesuffix(" *") for cell in page[4]]
    last = dict(zip(heads, [cell.value for cell in page[3504]], strict=True))
    assert (last["Source"], last["Electricity"]) == ("<3499> & 号", 3499)
    assert last["Read from"] == "购入电力!D3501"
    assert 0.5 * 3499 in last.values()
    assert page.cell(3505, 1).value == "Total 合计"
    assert 3_061_625 in [cell.value for cell in page[3505]]


def test_a_fault_in_every_row_is_told_in_bounds(tmp_path: Path) -> None:
    path = many(tmp_path / "a.xlsx", 300, lambda number: f"约{number}")
    told = run("calc", path, "--lang", "en")
    lines = [line for line in told.stderr.splitlines() if "not-a-number" in line]
    assert (told.exit_code, len(lines)) == (2, 101)
    assert "200 more of not-a-number" in lines[-1]


def test_findings_of_one_code_are_written_in_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_result_workbook, "_LISTED", 5)
    carbonstd.run(many(tmp_path / "a.xlsx", 20, lambda number: f"{number} MWh")).to_excel(tmp_path / "b.xlsx", "en")
    rows = list(openpyxl.load_workbook(tmp_path / "b.xlsx")["Findings"].values)
    alike = [row for row in rows if row[1] == "read-as"]
    assert [row[0] for row in alike] == ["note"] * 5 + [None]
    assert str(alike[-1][3]).startswith("15 more")


def test_a_text_is_cut_where_a_cell_ends_and_says_so() -> None:
    """A cell takes 32 767 units of UTF-16; a character beyond the first plane takes two."""
    assert _fitting("a" * 32767) == "a" * 32767
    assert _fitting("a" * 32768) == "a" * 32766 + "…"
    assert _fitting("\U00020000" * 20000) == "\U00020000" * 16383 + "…"
