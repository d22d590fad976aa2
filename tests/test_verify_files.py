"""`carbonstd verify` and its files: what a person wrote is never overwritten, a record is not taken for a report."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.command_line import HEAD, run, start_in, write

REPORTED = "inputs:\n  fuel: [{source: trucks, fuel: diesel, consumption: 10}]\n"
STATED = "[{item: total, value: 30.9590964}, {item: fuel_combustion, value: 30.9590964}]"  # tests/command_line.py
REPORTED += f"  reported: {STATED}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


@pytest.fixture
def report() -> Path:
    return write("report.yaml", HEAD + REPORTED)


@pytest.mark.parametrize("name", ["record.xlsx", "record.docx"])
def test_a_record_that_persons_may_have_filled_in_is_not_overwritten(report: Path, name: str) -> None:
    assert run("verify", report, "-o", name).exit_code == 0
    before = Path(name).read_bytes()
    refused = run("verify", report, "-o", "new.html", "-o", name)
    assert refused.exit_code == 2
    assert "output-exists" in refused.output
    assert Path(name).read_bytes() == before
    assert not Path("new.html").exists()


def test_a_page_and_json_are_replaced(report: Path) -> None:
    for _ in range(2):
        assert run("verify", report, "-o", "record.html", "-o", "record.json").exit_code == 0


@pytest.mark.parametrize("option", ["--previous", "--last-year", "--plan"])
def test_no_input_is_an_output(report: Path, option: str) -> None:
    path = write("input.json", "{}")
    refused = run("verify", report, option, path, "-o", path)
    assert refused.exit_code == 2
    assert "output-is-input" in refused.output
    assert path.read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("arguments", [("verify",), ("calc",), ("verify", "report.yaml", "--last-year")])
def test_a_record_is_no_report(report: Path, arguments: tuple[str, ...]) -> None:
    assert run("verify", report, "-o", "record.xlsx").exit_code == 0
    book = openpyxl.load_workbook("record.xlsx")
    book.save("record.xlsx")  # as another program keeps it
    told = run(*arguments, "record.xlsx")
    assert "a record of a verification, not a report" in told.output
    assert "no such" not in told.output


def test_the_record_of_another_works_is_no_earlier_round(report: Path) -> None:
    other = write("other.yaml", (HEAD + REPORTED).replace("甲厂", "乙厂").replace("Works A", "Works B"))
    assert run("verify", other, "-o", "other.xlsx").exit_code == 0
    refused = run("verify", report, "--previous", "other.xlsx", "-o", "record.xlsx")
    assert refused.exit_code == 2
    assert "“Enterprise” of the earlier record is “Works B”" in refused.output
    assert not Path("record.xlsx").exists()


def test_the_next_command_reads_the_record_back(report: Path) -> None:
    assert "carbonstd verify report.yaml -o record.xlsx" in run("verify", report).output
    first = run("verify", report, "--change", "30%", "-o", "record.xlsx").output
    assert "open record.xlsx" in first
    assert "carbonstd verify report.yaml --change 30% --previous record.xlsx -o record-2.xlsx" in first
    second = run("verify", report, "--previous", "record.xlsx", "-o", "record-2.xlsx").output
    assert "--previous record-2.xlsx -o record-3.xlsx" in second
    third = run("verify", report, "--previous", "record-2.xlsx").output
    assert "--previous record-2.xlsx -o record-3.xlsx" in third


def test_replaced_data_that_cannot_be_recomputed_verify_nothing() -> None:
    """A quantity has no default: without it the method refuses the case."""
    more = "  replacements: [{item: fuel.consumption, kind: default, reason: no weighing}]\n"
    told = run("verify", write("case.yaml", HEAD + REPORTED + more))
    assert told.exit_code == 1
    assert "the replaced data could not be recomputed" in told.output
    assert "Misstatement: not determined" in told.output
