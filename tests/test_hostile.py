"""Hostile and broken files: one clear line each, in bounded time and memory, and never a traceback."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonstd
from carbonstd._workbook import archive as _workbook_archive
from carbonstd._workbook import cells as _workbook_cells

METHOD = "gbt-32151.34@2024"
SHEET = "xl/worksheets/sheet2.xml"


def workbook(path: Path, change: Callable[[dict[str, bytes]], None] = lambda parts: None) -> Path:
    """A small sound workbook whose parts `change` may spoil."""
    made = openpyxl.Workbook()
    made.worksheets[0].append(["核算方法", METHOD])
    made.worksheets[0].append(["核算期", "2025"])
    page = made.create_sheet("electricity")
    page.append(["source", "supply", "month", "electricity", "emission_factor"])
    page.append(["主变", "grid", "2025-01", 300, 0.5])
    packed = io.BytesIO()
    made.save(packed)
    with zipfile.ZipFile(packed) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    change(parts)
    return zipped(path, parts)


def zipped(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in parts.items():
            pack.writestr(name, data)
    return path


def refusal(path: Path) -> set[str]:
    """The codes a file is refused for; each finding fits one line in both languages."""
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.run(path)
    findings = [item for item in caught.value.findings if item.severity == "error"]
    assert all("\n" not in item.message(language) for item in findings for language in ("zh", "en"))
    return {item.code for item in findings}


def replaced(part: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


def added(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: data})


def test_the_sound_one_is_sound(tmp_path: Path) -> None:
    assert carbonstd.run(workbook(tmp_path / "a.xlsx")).primary.value == 150.0


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("old.xls", OLE + "Workbook".encode("utf-16-le"), "workbook-legacy"),
        ("locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "workbook-encrypted"),
        ("~$a.xlsx", b"\x05admin" + bytes(159), "workbook-lock-file"),
        ("table.xlsx", "燃料,消耗量\n柴油,5\n".encode("gbk"), "workbook-not"),
        ("page.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "workbook-not"),
        ("empty.xlsx", b"", "workbook-not"),
        ("notes.txt", b"hello", "workbook-not"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(40), "workbook-damaged"),
    ],
)
def test_what_is_no_workbook_gets_one_clear_line(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert refusal(tmp_path / name) == {code}


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95, 0.999])
def test_truncated_files_are_refused(tmp_path: Path, kept: float) -> None:
    path = workbook(tmp_path / "a.xlsx")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert refusal(path) == {"workbook-damaged"}


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as pack:
        item = pack.getinfo(SHEET)
    data = bytearray(path.read_bytes())
    start = item.header_offset + 30 + len(item.filename)
    data[start + item.compress_size // 2] ^= 0xFF
    path.write_bytes(data)
    assert refusal(path) == {"workbook-damaged"}


@pytest.mark.parametrize(
    "parts",
    [
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"},
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"},
        {"word/document.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"},
        {},
    ],
)
def test_other_archives_are_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    assert refusal(zipped(tmp_path / "a.xlsx", parts)) == {"workbook-not-xlsx"}


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
FAR = b"<!--" + b" " * 100_000 + b"-->"


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE, b"<!DOCTYPE l>", FAR + LAUGHS])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_document_types_are_refused_in_every_part(tmp_path: Path, part: str, declaration: bytes) -> None:
    def declare(parts: dict[str, bytes]) -> None:
        parts[part] = (
            declaration + parts[part].partition(b"?>")[2] if b"?>" in parts[part] else declaration + parts[part]
        )

    assert refusal(workbook(tmp_path / "a.xlsx", declare)) == {"workbook-entities"}


def test_document_types_in_parts_nobody_reads_or_in_utf_16_are_refused(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", added("docProps/custom.xml", LAUGHS + b"<l/>"))) == {
        "workbook-entities"
    }
    wide = ('<?xml version="1.0" encoding="utf-16"?>' + LAUGHS.decode() + "<worksheet/>").encode("utf-16")
    assert refusal(workbook(tmp_path / "b.xlsx", added(SHEET, wide))) == {"workbook-entities"}


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as pack, pack.open("xl/media/image1.png", "w") as part:
        for _ in range(60):
            part.write(bytes(1_000_000))
    start = time.perf_counter()
    assert refusal(path) == {"workbook-bomb"}
    assert time.perf_counter() - start < 1


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda parts: parts.update({f"x/{n}.xml": b"<a/>" for n in range(2_001)}))
    assert refusal(path) == {"workbook-too-large"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as pack:
        pack.writestr(SHEET, b"<worksheet/>")
    assert refusal(path) == {"workbook-damaged"}


def test_links_to_other_files_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", added("xl/externalLinks/externalLink1.xml", b"<externalLink/>"))
    assert refusal(path) == {"workbook-external-links"}


def test_macros_are_ignored_with_a_note(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsm", added("xl/vbaProject.bin", OLE))
    result = carbonstd.run(path)
    assert result.primary.value == 150.0
    assert "workbook-macros" in {item.code for item in result.findings}


@pytest.mark.parametrize(
    ("part", "data"),
    [
        (SHEET, b"<worksheet><sheetData><row><c"),
        (SHEET, b"\x00\x01\x02"),
        (SHEET, b""),
        ("xl/workbook.xml", b"<workbook><sheets>"),
        ("xl/styles.xml", b"<styleSheet"),
    ],
)
def test_broken_xml_is_refused(tmp_path: Path, part: str, data: bytes) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", added(part, data))) == {"workbook-damaged"}


SPOILING = st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from([*b'<>/&"=A19 \x00\xff'])), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]), spoilt=SPOILING)
def test_whatever_bytes_are_spoilt_no_traceback_follows(
    tmp_path: Path, part: str, spoilt: list[tuple[float, int]]
) -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        data = bytearray(parts[part])
        for place, byte in spoilt:
            data[int(place * len(data))] = byte
        parts[part] = bytes(data)

    with suppress(carbonstd.CaseError):
        carbonstd.run(workbook(tmp_path / "a.xlsx", spoil))


def test_a_file_that_cannot_be_opened_gets_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path) == {"workbook-unreadable"}


def test_a_missing_sheet_part_is_refused(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", lambda parts: parts.__delitem__(SHEET))) == {"workbook-damaged"}


def test_a_wrong_dimension_is_not_believed(tmp_path: Path) -> None:
    for said in (b'ref="A1"', b'ref="A1:XFD1048576"'):
        path = workbook(tmp_path / "a.xlsx", replaced(SHEET, b'ref="A1:E2"', said))
        assert carbonstd.run(path).primary.value == 150.0


def rows_of_blanks(count: int) -> bytes:
    return b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(3, count + 1))


def test_a_million_blank_rows_cost_seconds_and_hide_nothing(tmp_path: Path) -> None:
    last = b'<row r="1048576"><c r="E1048576"><v>0.5</v></c><c r="D1048576"><v>100</v></c>'
    last += b'<c r="B1048576" t="inlineStr"><is><t>grid</t></is></c></row>'
    path = workbook(
        tmp_path / "a.xlsx", replaced(SHEET, b"</sheetData>", rows_of_blanks(1_048_575) + last + b"</sheetData>")
    )
    start = time.perf_counter()
    case = carbonstd.read_case(path)
    assert time.perf_counter() - start < 15
    assert case.sheets["electricity"].rows == 2
    assert case.sheets["electricity"].place("electricity", 1) == "electricity!D1048576"


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_COLUMNS", "MAX_CELLS"])
def test_too_many_rows_columns_or_cells_are_refused(
    tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_workbook_cells, limit, 1)
    assert refusal(workbook(tmp_path / "a.xlsx")) == {"workbook-too-large"}


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_workbook_archive, "MAX_FILE", 100)
    assert refusal(workbook(tmp_path / "a.xlsx")) == {"workbook-too-large"}


def test_forty_thousand_merged_ranges_give_a_bounded_list(tmp_path: Path) -> None:
    merges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in range(2, 42_002))
    path = workbook(
        tmp_path / "a.xlsx",
        replaced(
            SHEET,
            b"</sheetData>",
            b"".join(b'<row r="%d"><c r="D%d"><v>1</v></c></row>' % (row, row) for row in range(3, 42_002))
            + b"</sheetData><mergeCells>"
            + merges
            + b"</mergeCells>",
        ),
    )
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.read_case(path)
    assert {item.code for item in caught.value.findings} == {"merged-cells"}
    assert len(caught.value.findings) <= 21


@pytest.mark.parametrize("value", [b"1e400", b"NaN", b"1_000", b"9" * 5_000, b"0x1F", b"--5"])
def test_numbers_no_spreadsheet_writes_are_refused(tmp_path: Path, value: bytes) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", replaced(SHEET, b"<v>300</v>", b"<v>%s</v>" % value))) == {
        "error-cell"
    }


@pytest.mark.parametrize("index", [b"999999", b"-1", b"x"])
def test_a_text_that_is_not_there_is_refused(tmp_path: Path, index: bytes) -> None:
    spoil = replaced(SHEET, b"<v>300</v>", b"<v>1</v></c><c r='A2' t='s'><v>%s</v>" % index)
    assert refusal(workbook(tmp_path / "a.xlsx", spoil)) == {"error-cell"}


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!"])
def test_error_cells_are_refused_with_their_cell(tmp_path: Path, error: str) -> None:
    spoil = replaced(SHEET, b'<c r="D2" t="n"><v>300</v>', f'<c r="D2" t="e"><v>{error}</v>'.encode())
    with pytest.raises(carbonstd.CaseError) as caught:
        carbonstd.read_case(workbook(tmp_path / "a.xlsx", spoil))
    assert [(item.code, item.place, error in item.found("zh")) for item in caught.value.findings] == [
        ("error-cell", "electricity!D2", True)
    ]


def test_a_formula_saved_without_its_value_is_refused(tmp_path: Path) -> None:
    for spoiled in (b"<f>1+1</f>", b"<f>1+1</f><v/>", b"<f>1+1</f><v></v>"):
        assert refusal(workbook(tmp_path / "a.xlsx", replaced(SHEET, b"<v>300</v>", spoiled))) == {"formula-uncached"}


def test_names_with_a_prefix_are_read(tmp_path: Path) -> None:
    def prefixed(parts: dict[str, bytes]) -> None:
        data = parts[SHEET].replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
        parts[SHEET] = data.replace(b"xmlns=", b"xmlns:x=")

    assert carbonstd.run(workbook(tmp_path / "a.xlsx", prefixed)).primary.value == 150.0


def test_a_sheet_of_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    spoil = replaced("xl/workbook.xml", b'name="Sheet"', b'name="electricity"')
    assert refusal(workbook(tmp_path / "a.xlsx", spoil)) == {"workbook-damaged"}


def test_the_example_is_read_in_well_under_a_second() -> None:
    path = carbonstd.library().method_headers[METHOD].path.parent / "example.xlsx"
    carbonstd.read_case(path)  # imports and tables are warm
    start = time.perf_counter()
    carbonstd.read_case(path)
    assert time.perf_counter() - start < 1
