"""Tables: schema, bands, conditions, evidence for each cell, cell states, errata, hashes, vocabularies."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import carbonstd
from carbonstd import DefinitionError
from carbonstd._catalogue.describe import describe_table
from carbonstd._catalogue.show import show_table
from carbonstd._catalogue.tidy import rows_of
from carbonstd._definitions.schema import same
from carbonstd._definitions.table import Band, Table, read_table
from carbonstd._definitions.vocabulary import read_vocabulary
from carbonstd._findings import Language

HEAD = """\
title: {zh: 试表, en: Table under test}
document: {number: Q/HSE 1-2025}
evidence: secondary
source: the head
"""
GRADES = f"""{HEAD}keys:
  kiln: {{}}
  capacity: {{unit: t/d}}
columns:
  limit: {{unit: kWh/t, axis: level}}
rows:
  - {{when: {{kiln: dry, capacity: {{up_to: 2000}}}}, limit: {{1: 60, 2: 65.5, 3: dash}}}}
  - {{when: {{kiln: dry, capacity: {{above: 2000}}}}, limit: {{1: 55, 2: 60, 3: 62}}}}
  - {{when: {{kiln: [wet, semi_wet]}}, limit: {{1: 80, 2: 90, 3: 95}}}}
  - {{listed: true, kiln: shaft, limit: {{1: 70, 2: 75, 3: 80}}}}
"""
CELLS = f"""{HEAD}errata:
  - {{place: row coke, printed: "2.8435", read_as: "28.435"}}
keys:
  fuel: {{vocabulary: fuels}}
columns:
  kind: {{type: text}}
  heat: {{unit: GJ/t, basis: lower}}
  share: {{unit: "1"}}
rows:
  - {{fuel: coke, kind: solid, heat: 28.435,
     share: {{value: 0.93, low: 0.90, high: 0.95, evidence: recalled, source: memory, note: of nine}}}}
  - {{fuel: diesel, kind: liquid, evidence: official, source: the row, heat: 42.652, share: dash}}
  - {{fuel: lignite, kind: solid, heat: unseen, share: "rule: as the coal it replaces"}}
  - {{fuel: hydrogen, kind: gas, heat: not_applicable, share: 0}}
"""


def read(tmp_path: Path, text: str) -> Table:
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")
    return read_table(path, "limits/test@2025")


def refused(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, text)
    return [(item.code, int(item.place.rsplit(":", 1)[1])) for item in caught.value.findings]


# Bands and conditions


@pytest.mark.parametrize(
    ("kiln", "capacity", "row"),
    [
        ("dry", "1999.999999999", 0),
        ("dry", "2000", 0),
        ("dry", "2000.000000001", 1),
        ("dry", "0", 0),
        ("wet", "2000", 2),
        ("semi_wet", "1", 2),
    ],
)
def test_a_band_holds_its_printed_edge(kiln: str, capacity: str, row: int, tmp_path: Path) -> None:
    assert read(tmp_path, GRADES).find((kiln, Fraction(capacity))) == [row]


def test_a_listed_row_is_never_found(tmp_path: Path) -> None:
    table = read(tmp_path, GRADES)
    assert table.find(("shaft", Fraction(100))) == []
    assert table.find(("unknown", Fraction(100))) == []
    assert len(table.rows) == 4


@pytest.mark.parametrize(
    ("band", "inside", "outside"),
    [
        (Band(above=Fraction(1), up_to=Fraction(2)), ["1.0000001", "2"], ["1", "2.0000001"]),
        (Band(from_=Fraction(1), below=Fraction(2)), ["1", "1.9999999"], ["0.9999999", "2"]),
        (Band(from_=Fraction(-5), up_to=Fraction(-5)), ["-5"], ["-5.1", "-4.9"]),
        (Band(above=Fraction(3)), ["3.0000001", "1000000000"], ["3", "-3"]),
        (Band(up_to=Fraction(0)), ["0", "-1000000000"], ["0.0000001"]),
        (Band(), ["0", "-1", "1"], []),
    ],
    ids=str,
)
def test_open_and_closed_ends(band: Band, inside: list[str], outside: list[str]) -> None:
    assert all(band.holds(Fraction(value)) for value in inside)
    assert not any(band.holds(Fraction(value)) for value in outside)


def test_a_number_as_key_is_exact(tmp_path: Path) -> None:
    """0.1 + 0.2 is not 0.3 in float64; a pressure of 0.3 MPa finds its row all the same."""
    text = f"{HEAD}keys: {{p: {{unit: MPa}}}}\ncolumns: {{h: {{unit: kJ/kg}}}}\nrows:\n  - {{p: 0.3, h: 2725}}\n"
    table = read(tmp_path, text)
    assert table.find((0.3,)) == [0]
    assert table.find((0.1 + 0.2,)) == [0], "a float means its 15 significant digits"
    assert table.find((0.30001,)) == []


def test_cells_run_over_an_axis(tmp_path: Path) -> None:
    table = read(tmp_path, GRADES)
    assert table.labels("level") == ["1", "2", "3"]
    assert table.cell(0, "limit", "2").value == Fraction(131, 2)
    assert table.cell(0, "limit", "3").state == "dash"
    assert table.cell(0, "limit", "4").state == "absent"


# Cells


def test_evidence_and_source_are_inherited_and_overridden(tmp_path: Path) -> None:
    table = read(tmp_path, CELLS)
    graded = {
        (row, name): (table.cell(row, name).evidence, table.cell(row, name).source["zh"])
        for row in (0, 1)
        for name in ("heat", "share")
    }
    assert graded == {
        (0, "heat"): ("secondary", "the head"),
        (0, "share"): ("recalled", "memory"),
        (1, "heat"): ("official", "the row"),
        (1, "share"): ("official", "the row"),
    }


def test_states_are_no_numbers(tmp_path: Path) -> None:
    table = read(tmp_path, CELLS)
    states = {(1, "share"): "dash", (2, "heat"): "unseen", (2, "share"): "rule", (3, "heat"): "not_applicable"}
    for (row, column), state in states.items():
        cell = table.cell(row, column)
        assert (cell.state, cell.value) == (state, None)
    assert table.cell(2, "share").text == "as the coal it replaces"
    np.testing.assert_array_equal(table.numbers("heat"), [28.435, 42.652, np.nan, np.nan])
    np.testing.assert_array_equal(table.numbers("share"), [0.93, np.nan, np.nan, 0.0])


def test_a_cell_keeps_its_digits_bounds_and_note(tmp_path: Path) -> None:
    cell = read(tmp_path, CELLS).cell(0, "share")
    assert (cell.value, cell.low, cell.high) == (Fraction(93, 100), Fraction(9, 10), Fraction(19, 20))
    assert cell.note == same("of nine")
    assert carbonstd.table("electricity/mee-grid-average@data-2023").cell(3, "emission_factor").text == "0.5500"


def test_errata_are_kept_as_written(tmp_path: Path) -> None:
    written = {"place": "row coke", "printed": "2.8435", "read_as": "28.435"}
    assert read(tmp_path, CELLS).errata == ({name: same(text) for name, text in written.items()},)


@pytest.mark.parametrize(
    ("language", "told"), [("zh", ["0 ℃气体体积", "焦炭行", "九个样"]), ("en", ["Gas at 0", "row coke", "of nine"])]
)
def test_notes_and_errata_are_told_in_the_readers_language(tmp_path: Path, language: Language, told: list[str]) -> None:
    text = CELLS.replace("place: row coke", "place: {zh: 焦炭行, en: row coke}")
    text = text.replace("errata:", "note: {zh: 0 ℃气体体积, en: Gas at 0 degC}\nerrata:")
    text = text.replace("note: of nine", "note: {zh: 九个样, en: of nine}")
    table = read(tmp_path, text)
    lines = show_table(describe_table(table, carbonstd.library()), language)
    shown = " ".join(line.text for line in lines) + table.cell(0, "share").note[language]
    assert [part in shown for part in told] == [True] * 3
    assert rows_of(table, carbonstd.library()).rows[0]["note"] == "九个样 / of nine"


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("heat: 28.435,", "", "table-absent-cell", 14),
        ("heat: 28.435", "heat: null", "table-absent-cell", 14),
        ("heat: 28.435", "heat: true", "table-absent-cell", 14),
        ("heat: 28.435", "heat: n/a", "table-cell", 14),
        ("heat: 28.435", 'heat: "28.435"', "table-cell", 14),
        ("heat: 28.435", "heat: [28, 29]", "table-cell", 14),
        ("heat: 28.435", "heat: 28.435, hcv: 30", "schema-unknown-field", 14),
        ("fuel: coke, ", "", "schema-missing-field", 14),
        ("fuel: diesel", "fuel: coke", "table-duplicate-row", 16),
        ("low: 0.90", "low: ninety", "schema-type", 15),
        ("evidence: recalled", "evidence: remembered", "schema-choice", 15),
        ("heat: {unit: GJ/t, ", "heat: {unit: GJ/ton, ", "unit-unknown", 11),
        ("share: {unit: \"1\"}", "share: {basis: dry}", "schema-missing-field", 12),
        ("document: {number: Q/HSE 1-2025}", "document: {number: Q/HSE 1-2025, issued: soon}", "schema-type", 2),
    ],
)  # fmt: skip
def test_a_faulty_table_is_refused(old: str, new: str, code: str, line: int, tmp_path: Path) -> None:
    assert old in CELLS
    assert (code, line) in refused(tmp_path, CELLS.replace(old, new, 1))


def test_without_a_grade_anywhere_every_row_is_refused(tmp_path: Path) -> None:
    text = CELLS.replace("evidence: secondary\n", "\n")
    assert refused(tmp_path, text) == [("table-no-evidence", 14), ("table-no-evidence", 17), ("table-no-evidence", 18)]


def test_every_fault_of_a_file_is_told(tmp_path: Path) -> None:
    text = CELLS.replace("28.435,", "unclear,").replace("42.652", "true").replace("gas,", "gas, extra: 1,")
    assert [code for code, _ in refused(tmp_path, text)] == ["table-cell", "table-absent-cell", "schema-unknown-field"]


# Hashes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("note: of nine", "note: of ten"),
        ("source: memory", "source: a book"),
        ("evidence: recalled", "evidence: secondary"),
        ("title: {zh: 试表", "title: {zh: 新名"),
        ("source: the head", "source: a better one"),
        ("28.435,", "28.4350,"),
    ],
)
def test_a_hash_covers_no_notes_sources_or_trailing_zeros(old: str, new: str, tmp_path: Path) -> None:
    assert old in CELLS
    assert read(tmp_path, CELLS.replace(old, new)).hash == read(tmp_path, CELLS).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("28.435,", "28.436,"),
        ("fuel: coke", "fuel: semi_coke"),
        ("unit: GJ/t", "unit: MJ/t"),
        ("share: dash", "share: unseen"),
        ("share: 0", "share: dash"),
    ],
)
def test_a_hash_covers_keys_values_states_and_units(old: str, new: str, tmp_path: Path) -> None:
    assert old in CELLS
    assert read(tmp_path, CELLS.replace(old, new)).hash != read(tmp_path, CELLS).hash


def test_a_row_keeps_its_hash_when_others_are_added(tmp_path: Path) -> None:
    before = read(tmp_path, CELLS)
    after = read(tmp_path, f"{CELLS}  - {{fuel: peat, kind: solid, heat: 9.76, share: 0.9}}\n")
    assert [after.row_hash(row) for row in range(4)] == [before.row_hash(row) for row in range(4)]
    assert after.hash != before.hash


# Vocabularies


def test_one_fuel_one_key() -> None:
    fuels = carbonstd.library().vocabulary("fuels")
    for name in ("coke", "焦炭", " 焦炭 ", "COKE", "冶金焦", "Coke Oven Coke", "coke-oven coke"):
        assert fuels.resolve(name) == "coke", name
    assert fuels.resolve("0#柴油") == fuels.resolve("０＃柴油") == "diesel", "full-width forms are the same name"
    assert fuels.resolve("煤气") is None, "which gas it is nobody can tell"
    assert fuels.suggest("焦炉煤汽")["zh"].endswith("(coke_oven_gas)")
    assert (fuels.label("coke", "zh"), fuels.label("coke", "en")) == ("焦炭", "coke")


def test_a_name_that_leads_to_two_terms_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gases.yaml"
    text = "title: 气体\nterms:\n  CO2: {zh: 二氧化碳, en: carbon dioxide}\n  CO: {zh: 一氧化碳, en: Carbon-Dioxide}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_vocabulary(path)
    (found,) = caught.value.findings
    assert (found.code, found.place) == ("vocabulary-name-twice", f"{path}:4")


def test_every_shipped_vocabulary_and_table_reads() -> None:
    shelf = carbonstd.library()
    for path in sorted(shelf._root("factors").glob("vocabulary/*.yaml")):
        assert shelf.vocabulary(path.stem).terms
    for name in shelf.table_headers:
        table = shelf.table(name)
        assert table.rows
        assert table.hash
