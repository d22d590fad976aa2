"""What was meant by a name that leads nowhere, and findings alike told once."""

from pathlib import Path

import pytest

import carbonstd
from carbonstd._alike import alike, lines
from carbonstd._batch.sums import Kind, Tally
from carbonstd._errors import by_severity
from carbonstd._findings import finding, joined_places
from carbonstd._near import near
from carbonstd._watch import watching
from cli.output import print_error
from tests.command_line import EXAMPLE, run, start_in, write


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def test_fingers_change_places_before_they_strike_a_wrong_key() -> None:
    assert near("gbt-32151.43", ["gbt-32151.4", "gbt-32151.3", "gbt-32151.34"]) == ["gbt-32151.34"]
    assert near("水尼", ["水泥", "水电"]) == ["水泥", "水电"]  # of two equally near the first, often the commoner
    assert near("xyz", ["水泥"]) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("calc", "exmaple.xlsx"), "did you mean “example.xlsx”?"),
        (("calc", "example"), "did you mean “example.xlsx”?"),
        (("calc", "exmaple/case.yaml"), "did you mean “example.xlsx”?"),  # the first part that is not there
        (("batch", "gbt-32151.34", "exmaple.xlsx", "-o", "out"), "did you mean “example.xlsx”?"),
        (("calc", "gbt-32151.34"), "carbonstd template gbt-32151.34@2024 -o case.xlsx"),
        (("calc", "gbt-32151.43"), "carbonstd template gbt-32151.34 -o case.xlsx"),
        (("template", "gbt-32151.43", "-o", "a.xlsx"), "gbt-32151.34"),
        (("trace", EXAMPLE, "--of", "purchased_electrcity"), "did you mean: purchased_electricity "),
        (("trace", EXAMPLE, "--of", "购入电刀"), "did you mean: purchased_electricity "),
        (("factor", "fuel", "焦碳", "--year", "2025"), "“coke (coke)”"),
        (("factor", "fuel", "材油", "--year", "2025"), "diesel (diesel)"),  # one of several that are as near
        (("list", "--search", "cemnt"), "did you mean: cement"),
        (("list", "standards", "--search", "水尼"), "did you mean: 水泥"),
        (("list", "vocabularies", "--search", "cemnt"), "did you mean: cement"),
    ],
)
def test_what_leads_nowhere_is_answered_with_what_is_near(words: tuple[str, ...], said: str) -> None:
    write("example.xlsx", "")
    result = run(*words)
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("list", "--search", "碳素"), "gbt-32151.34@2024"),  # 炭素
        (("list", "--search", "C3091"), "gbt-32151.34@2024"),  # its industry in GB/T 4754
        (("list", "--search", "焦碳"), "gb-21342@2025"),  # 焦炭
        (("list", "standards", "--search", "碳素"), "GB/T 32151.34-2024"),
        (("list", "vocabularies", "--search", "焦碳"), "coke"),
    ],
)
def test_a_search_knows_spellings_industries_and_terms(words: tuple[str, ...], found: str) -> None:
    assert found in run(*words).stdout


def test_warnings_alike_are_one_entry_and_errors_stand_each() -> None:
    """Of three checks by month two are one; of four missing values each is to be mended."""
    checks = [
        finding("check-failed", f"表!{column}6", severity="warning", id=name, message="m", values=column)
        for name, columns in (("first", "CDE"), ("second", "C"))
        for column in columns
    ]
    errors = [finding("missing-value", f"表!A{row}", column="x") for row in range(1, 5)]
    assert [entry.count for entry in alike([*checks, *errors])] == [3, 1, 1, 1, 1, 1]
    printed = [line.text for line in lines(checks, "en", verbose=False)]
    assert [text.split()[0] for text in printed] == ["check-failed", "…", "check-failed"]
    assert printed[1] == "    … 2 more alike: 表!D6:E6 (--verbose lists all)"
    assert len(list(lines(checks, "en", verbose=True))) == 4


def test_warnings_beside_what_refuses_are_folded_too(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [
        finding("check-failed", f"表!C{row}", severity="warning", id="a", message="m", values=str(row))
        for row in range(4)
    ]
    print_error(carbonstd.CaseError(findings=[*checks, finding("missing-value", "表!A1", column="x")]))
    printed = [text.split()[0] for text in capsys.readouterr().err.splitlines()]
    assert printed in (["error", "warning", "…"], ["错误", "警告", "…"])


def test_places_run_down_a_column_or_along_a_row() -> None:
    assert joined_places(["表!C6", "表!C7", "表!Z9", "表!AA9", "表!AC9", "页!A1"]) == "表!C6:C7, Z9:AA9, AC9, 页!A1"


def test_what_refuses_a_whole_file_is_told_first() -> None:
    told = [finding("missing-value", "表!A1", column="x"), finding("cover-missing", "a.xlsx")]
    assert [item.code for item in by_severity(told)] == ["cover-missing", "missing-value"]
    tally = Tally()
    counts = {"missing-value": 900, "form-of-another": 2}
    tally.kinds = {("error", code): Kind("error", code, {}, count) for code, count in counts.items()}
    assert [kind.code for kind in tally.frequent(1)] == ["form-of-another"]


def test_who_watches_is_told_how_much_is_read_and_drawn() -> None:
    assert run("template", "gbt-32151.34", "--example", "-o", "case.xlsx").exit_code == 0
    told: list[tuple[int, int]] = []
    with watching(lambda done, every: told.append((done, every))):
        result = carbonstd.run("case.xlsx")
        read = len(told)
        result.with_uncertainty(100)
    shares = [done / every for done, every in told[:read]]
    assert shares == sorted(shares)
    assert 0.5 < shares[-1] <= 1
    assert told[-1] == (101, 101)  # the figures as used are one more
    carbonstd.run("case.xlsx")
    assert len(told) == read + 1  # nobody watches any more
