"""The register of standards: successions and dates from covers and official rows, typed numbers, warnings of a run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd import NotFoundError
from carbonstd._catalogue.describe import describe_entry
from carbonstd._definitions import library as _library
from carbonstd._definitions.document import Document, Period, folded
from carbonstd._definitions.library import Library
from carbonstd._definitions.register import STATUSES, Entry, Register, bare_numbers
from carbonstd._engine.edition import newer_editions
from carbonstd._findings import Finding
from carbonstd._lint.lint import lint_paths
from carbonstd._lint.register import lint_register
from carbonstd.cli.listing import _STATUSES
from tests.command_line import DIESEL, run, start_in, write

SHELF = Library()
REGISTER = SHELF.register

# From the covers of the replacing standards.
ABSORBED = {
    "GB 25323-2023": "GB 21248-2014, GB 21249-2014, GB 21250-2014, GB 21251-2014, GB 21348-2014, GB 21349-2014, "
    "GB 25323-2010",
    "GB 21258-2024": "GB 21258-2017, GB 35574-2017",
    "GB 30251-2024": "GB 30250-2013, GB 30251-2013, GB 31533-2015, GB 31534-2015, GB 31826-2015, GB 32053-2015",
    "GB 21344-2023": "GB 21344-2015, GB 29138-2012, GB 29139-2012, GB 29439-2012, GB 31829-2015, GB 32035-2015",
    "GB 21346-2022": "GB 21346-2013, GB 25327-2017",
    "GB 21342-2025": "GB 21342-2013",
    "GB 29447-2022": "GB 29447-2012, GB 29413-2012",
    "GB/T 12723-2024": "GB/T 12723-2013",
    "GB/T 36132-2025": "GB/T 36132-2018",
}  # fmt: skip
BINDS = {
    "GB 25323-2023": "2024-06-01",
    "GB 21258-2024": "2025-04-01",
    "GB 17167-2025": "2026-02-01",
    "GB 21342-2025": "2026-05-01",
    "GB 21256-2025": "2026-07-01",
    "GB/T 32150-2025": "2026-07-01",
    "GB/T 32151.4-2026": "2026-08-01",
    "GB/T 32151.5-2026": "2026-10-01",
    "GB/T 32151.34-2024": "2025-03-01",
    "GB/T 46879-2025": "2026-07-01",
    "GB/T 36132-2025": "2025-12-31",
    "CETS-AG-01.01-V04-2026": "2026-06-29",
}


def entry(number: str, of: Register = REGISTER) -> Entry:
    found = of.get(number)
    assert found is not None, number
    return found


@pytest.mark.parametrize("number", ABSORBED)
def test_a_standard_absorbs_what_its_cover_names(number: str) -> None:
    old = ABSORBED[number].split(", ")
    assert sorted(entry(number).supersedes) == sorted(old)
    for replaced in old:
        assert [item.number for item in REGISTER.newer(entry(replaced), date(2026, 12, 31))] == [number], replaced


@pytest.mark.parametrize(("number", "day"), BINDS.items())
def test_a_document_binds_from_its_day(number: str, day: str) -> None:
    first = date.fromisoformat(day)
    assert entry(number).in_force == day
    assert entry(number).begun_on(first) is True
    assert entry(number).begun_on(date.fromordinal(first.toordinal() - 1)) is False


def test_upcoming_standards_leave_the_old_rule_to_its_last_day() -> None:
    upcoming = {item.number: item.in_force for item in REGISTER.search(status="upcoming")}
    first = dict.fromkeys(("GB 29435-2025", "GB 29447-2026", "GB 47834-2026", "GB 47835-2026"), "2027-01-01")
    assert upcoming == {**first, "GB 28381-2026": "2027-04-01", "GB 30255-2026": "2027-09-01"}
    old = entry("GB 29435-2012")
    assert REGISTER.newer(old, date(2026, 12, 31)) == []
    assert [item.number for item in REGISTER.newer(old, date(2027, 1, 1))] == ["GB 29435-2025"]
    assert REGISTER.upcoming(old, date(2025, 12, 30)) == []  # issued the day after
    assert [item.number for item in REGISTER.upcoming(old, date(2025, 12, 31))] == ["GB 29435-2025"]


def test_the_power_guide_has_two_versions_nobody_has_seen() -> None:
    old = entry("环办气候函〔2022〕485号")
    chain = ["CETS-AG-01.01-V02", "CETS-AG-01.01-V03", "CETS-AG-01.01-V04-2026"]
    assert [item.number for item in REGISTER.chain(old)] == chain
    assert REGISTER.newer(old, date(2025, 12, 31)) == []  # when V02 and V03 bound is not known: nothing is said
    assert [item.number for item in REGISTER.newer(old, date(2026, 6, 29))] == chain[2:]
    assert [describe_entry(entry(number), SHELF)["held"] for number in chain] == ["listed", "listed", "runs"]


def test_plans_and_guides_of_other_lines_are_no_succession() -> None:
    assert entry("国环规气候〔2024〕1号").superseded_by == ()
    assert entry("IPCC AR5").superseded_by == ()
    steel = entry("发改办气候〔2013〕2526号-钢铁")
    assert (steel.superseded_by, steel.see) == ((), ("GB/T 32151.5-2015",))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("GBT32151.34—2024", "GB/T 32151.34-2024"),
        ("gb/t 32151.34-2024", "GB/T 32151.34-2024"),
        ("ＧＢ 25323－2023", "GB 25323-2023"),
        ("环办气候函[2022]485号", "环办气候函〔2022〕485号"),
        ("环办气候函（2022）485号", "环办气候函〔2022〕485号"),
        ("环办气候函【2022】 485号", "环办气候函〔2022〕485号"),
        ("国环规气候〔2024〕1号 附5", "国环规气候〔2024〕1号"),
        ("2006 IPCC Guidelines, Volume 2", "2006 IPCC Guidelines"),
        ("ISO14064-1：2018", "ISO 14064-1:2018"),
        ("GHG Protocol Corporate Standard", "GHG Protocol Corporate Standard (2004)"),
    ],
)
def test_spellings_lead_to_one_entry(typed: str, number: str) -> None:
    assert entry(typed).number == number


def test_numbers_without_edition_lead_to_all_editions() -> None:
    assert [item.number for item in REGISTER.find("GB 21342")] == ["GB 21342-2008", "GB 21342-2013", "GB 21342-2025"]
    assert len(REGISTER.find("环办气候函〔2024〕321号")) == 4  # one notice, four guides
    assert list(bare_numbers("CETS-AG-01.01-V04-2026")) == ["CETS-AG-01.01-V04", "CETS-AG-01.01"]
    assert REGISTER.find("GB 99999") == []


def test_the_exact_number_means_that_edition() -> None:
    assert carbonstd.method("GB/T 32150-2015").id == "gbt-32150@2015"
    assert carbonstd.method("环办气候函[2022]485号").id == "mee-power@2022-12"
    assert carbonstd.method("GB/T 32150").id == "gbt-32150@2025"
    period = Period.parse("2023")
    assert SHELF.method("CETS-AG-01.01", period).id == "mee-power@2022-12"  # the guide's family; the period chooses


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("GB 21249-2014", "document-superseded", "GB 25323-2023 (in force 2024-06-01"),
        ("GB 21249", "document-superseded", "GB 25323-2023"),
        ("gb-25324@2014", "document-superseded", "GB 25324-2022"),
        ("GB 25324-2023", "document-not-held", "GB 25324-2022"),
        ("CETS-AG-01.01-V02", "document-superseded", "CETS-AG-01.01-V04-2026"),
        ("GB/T 33760-2017", "document-not-held", "listed only"),
        ("gbt-32151.43", "not-found", ""),
    ],
)
def test_a_number_of_no_method_says_what_became_of_it(typed: str, code: str, told: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        carbonstd.method(typed)
    (found,) = caught.value.findings
    assert found.code == code
    assert told in found.message("en")
    assert found.message("zh")


def is_practice(number: str) -> bool:
    """Whether a head names no document but says that it is a practice, which has no status and no register entry."""
    return number.startswith("practice: ") or number.endswith("（做法）")


def test_every_document_of_a_method_is_registered() -> None:
    numbers = {header.id: header.document.number for header in SHELF.method_headers.values()}
    assert [name for name, number in numbers.items() if not (REGISTER.of(number) or is_practice(number))] == []


def test_a_practice_is_no_standard_in_force() -> None:
    numbers = [header.document.number for header in SHELF.method_headers.values()]
    assert [number for number in numbers if is_practice(number) and REGISTER.of(number)] == []


def test_what_is_held_follows_from_the_heads() -> None:
    assert describe_entry(entry("GB/T 32151.34-2024"), SHELF)["methods"] == ["gbt-32151.34@2024"]
    figures = describe_entry(entry("公告2025年第47号"), SHELF)
    assert (figures["held"], figures["methods"]) == ("table", [])
    assert "electricity/mee-grid-average@data-2023" in figures["tables"]


def test_the_register_is_sound() -> None:
    found = lint_paths([SHELF._root("factors") / "standards"], Library())
    assert [str(item) for item in found] == []
    assert len(REGISTER.entries()) == len({folded(item.number) for item in REGISTER.entries()}) > 590


# What a run says

ENTRY: dict[str, Any] = {"kind": "accounting", "level": "industry", "evidence": "user", "status": "in_force"}


def lay(folder: Path, *entries: dict[str, Any]) -> Library:
    """A user's register over the shipped one."""
    lines = ["title: {zh: 自有, en: own}", "known: 2026-11-23", "documents:"]
    for item in entries:
        fields = {**ENTRY, **item}
        lines.append(f"- number: {fields.pop('number')}")
        lines += [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    (folder / "standards").mkdir(parents=True)
    (folder / "standards/own.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Library(factors=(folder,))


OLD = {"number": "GB/T 32151.34-2024", "in_force": "2025-03-01"}


def later(in_force: str, issued: str = "2025-01-01") -> list[dict[str, Any]]:
    newer = {"number": "GB/T 32151.34-2025", "issued": issued, "in_force": in_force}
    return [{**OLD, "superseded_by": [newer["number"]]}, {**newer, "supersedes": [OLD["number"]]}]


def told(folder: Path, *entries: dict[str, Any], as_of: str = "2026-03-31") -> list[Finding]:
    case = {
        "method": "gbt-32151.34@2024",
        "period": "2025",
        "as_of": as_of,
        "inputs": {"fuel": [{"source": "trucks", "fuel": "diesel", "consumption": 10}]},
    }
    result = carbonstd.run(case, of=lay(folder, *entries))
    return [item for item in result.findings if item.code.startswith("newer-edition")]


def test_a_run_warns_of_an_edition_in_force_at_the_end_of_its_period(tmp_path: Path) -> None:
    (found,) = told(tmp_path, *later("2025-12-31"))  # once: the tables of the same document are not said again
    assert (found.code, str(found.severity)) == ("newer-edition-in-force", "warning")
    assert "GB/T 32151.34-2025 (in force 2025-12-31; listed only" in found.message("en")


def test_the_period_rules_and_not_today(tmp_path: Path) -> None:
    assert told(tmp_path / "a", *later("2026-01-01"), as_of="2026-03-31") == []
    (found,) = told(tmp_path / "b", *later("2026-05-01"), as_of="2026-03-31")
    assert (found.code, str(found.severity)) == ("newer-edition-upcoming", "note")
    assert told(tmp_path / "c", *later("2026-05-01", issued="2026-04-01"), as_of="2026-03-31") == []


def test_a_table_of_an_older_document_is_said_unless_the_method_replaced_it() -> None:
    groups = Document("GB/T 32150-2015", {"zh": "", "en": ""})
    period, day = Period(date(2026, 1, 1), date(2026, 12, 31)), date(2027, 1, 31)
    (found,) = newer_editions("organisation/gas-groups@2015", groups, SHELF, period, day, "ISO 14064-1:2018")
    assert "GB/T 32150-2025 (in force 2026-07-01; held: gbt-32150@2025" in found.message("en")
    assert not [*newer_editions("organisation/gas-groups@2015", groups, SHELF, period, day, "GB/T 32150-2025")]
    assert not [*newer_editions("gbt-32150@2015", groups, SHELF, period, day)]  # held: newer-edition says so


def test_a_run_reads_only_the_entries_it_asks_for() -> None:
    _library._shipped_register.cache_clear()  # libraries of one process share what they have read
    shelf = Library()
    case = {"method": "gbt-32151.34@2024", "period": "2025", "as_of": "2026-03-31"}
    carbonstd.run({**case, "inputs": {"fuel": [{"fuel": "diesel", "consumption": 10}]}}, of=shelf)
    assert 0 < len(shelf.register._entries) < 20


def test_a_rerun_warns_as_the_run_did(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(DIESEL, encoding="utf-8")
    first = carbonstd.run(path, of=lay(tmp_path / "own", *later("2025-12-01")))
    again = carbonstd.run(path, lock=first.lock)
    assert "newer-edition-in-force" in {item.code for item in first.findings} & {item.code for item in again.findings}


# What the linter finds


@pytest.mark.parametrize(
    ("code", "entries"),
    [
        ("register-dangling", [{"number": "Q/A 1-2020", "status": "superseded", "superseded_by": ["Q/A 1-2024"]}]),
        ("register-dangling", [{"number": "Q/A 1-2020", "see": ["q/a 2"]}, {"number": "Q/A 2"}]),
        ("register-one-sided", [{"number": "Q/A 1-2020", "supersedes": ["Q/A 1-2010"]}, {"number": "Q/A 1-2010"}]),
        ("register-duplicate", [{"number": "Q/A 1-2020"}, {"number": "Q/A1—2020"}]),
        ("register-dates", [{"number": "Q/A 1-2020", "issued": "2020-05-01", "in_force": "2020-04"}]),
        ("register-dates", [{"number": "Q/A 1-2020", "in_force": "2020", "until": "2019-12-31"}]),
        ("register-status", [{"number": "Q/A 1-2020", "in_force": "2027-01-01"}]),
        ("register-status", [{"number": "Q/A 1-2020", "in_force": "2026-01-01", "status": "upcoming"}]),
        ("register-status", [{"number": "Q/A 1-2020", "status": "superseded"}]),
        ("register-status", [*later("2025-12-01")]),
        ("register-cycle", [
            {"number": "Q/A 1", "status": "superseded", "supersedes": ["Q/A 2"], "superseded_by": ["Q/A 2"]},
            {"number": "Q/A 2", "status": "superseded", "supersedes": ["Q/A 1"], "superseded_by": ["Q/A 1"]},
        ]),
        ("register-dates", [
            {"number": "Q/A 1-2020", "issued": "2021", "status": "superseded", "superseded_by": ["Q/A 2-2020"]},
            {"number": "Q/A 2-2020", "issued": "2020-12-31", "supersedes": ["Q/A 1-2020"]},
        ]),
        ("schema-choice", [{"number": "Q/A 1-2020", "status": "valid"}]),
        ("schema-type", [{"number": "Q/A 1-2020", "issued": "spring"}]),
        ("schema-unknown-field", [{"number": "Q/A 1-2020", "effective": "2020-01-01"}]),
        ("schema-missing-field", [{"number": "Q/A 1-2020", "evidence": "secondary"}]),
    ],
)  # fmt: skip
def test_a_slip_in_the_register_is_named(tmp_path: Path, code: str, entries: list[dict[str, Any]]) -> None:
    found = lint_register([tmp_path / "standards/own.yaml"], lay(tmp_path, *entries).register)
    assert code in {item.code for item in found}, [str(item) for item in found]
    assert all("own.yaml:" in item.place for item in found)


# The command line


def test_show_prints_the_entry_and_its_successor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    result = run("show", "GB 21249-2014")
    assert result.exit_code == 0
    assert "Replaced by  GB 25323-2023 (in force 2024-06-01" in result.stdout
    assert "document-superseded" in result.stderr
    data = json.loads(run("show", "GB 21249-2014", "--json").stdout)
    (shown,) = data["standards"]
    assert (data["kind"], shown["status"], shown["superseded_by"]) == ("standards", "superseded", ["GB 25323-2023"])
    assert "Replaced by  GB/T 32150-2025 (in force 2026-07-01" in run("show", "gbt-32150@2015").stdout


def test_list_searches_the_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    assert _STATUSES == STATUSES
    upcoming = json.loads(run("list", "standards", "--status", "upcoming", "--json").stdout)
    assert {item["status"] for item in upcoming} == {"upcoming"}
    assert "GB 21342-2025" in run("list", "standards", "--search", "焦炭 limits").stdout
    assert "nothing-listed" in run("list", "standards", "--search", "no such thing").stderr
    assert "document-superseded" in run("list", "--search", "GB 21249-2014").stderr
    assert run("list", "--status", "closed").exit_code == 2


def test_calc_and_template_name_the_successor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    case = write("case.yaml", DIESEL)
    for arguments in (["calc", case, "--method", "GB 21249-2014"], ["template", "GB 21249-2014", "-o", "out.xlsx"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "GB 25323-2023 (in force 2024-06-01" in result.stderr
