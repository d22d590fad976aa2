"""Which edition holds: published, in force and data period are three axes, and each choice is made visible."""

import re
from datetime import date
from pathlib import Path

import pytest

import carbonstd
from carbonstd import CaseError
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Slot
from carbonstd._engine.edition import Segment, select
from carbonstd._findings import Finding

TABLE = """\
title: {{zh: 电力因子, en: Factor of electricity}}
document: {{number: {number}{document}}}
{head}
evidence: user
source: the test
keys: {{region: {{vocabulary: provinces}}}}
columns: {{emission_factor: {{unit: tCO2/MWh}}}}
rows:
  - {{region: national, emission_factor: {value}}}
"""

METHOD = """\
title: {zh: 电力, en: Power}
document: {number: Q/HSE 9-2025, issued: 2025-01-01}
regime: gbt-32151
gases: [CO2]
tables:
  grid: {table: electricity/house, select: in_force, clause: 表1}
sheets:
  power:
    kind: electricity
    columns:
      source:
      month:
      electricity: {required: true}
      emission_factor: {default: "grid[\\"national\\"].emission_factor"}
equations:
  row: {label: {zh: 逐行, en: row}, sheet: power, unit: tCO2, clause: "1", expression: electricity * emission_factor}
  total: {label: {zh: 总量, en: total}, unit: tCO2, clause: "1", expression: sum(row)}
totals:
  total: {label: {zh: 总量, en: total}, equation: total}
"""


def table(root: Path, edition: str, value: str, head: str = "", **document: str) -> None:
    dates = "".join(f", {name}: {day}" for name, day in document.items())
    path = root / f"electricity/house/{edition}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = TABLE.format(number=f"Q/HSE {edition}", document=dates, head=head, value=value)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def vintages(tmp_path: Path) -> Library:
    """Three data years, each published well after its own: 2021 in April 2024, 2022 that December, 2023 a year on."""
    for year, published, value in (
        ("2021", "2024-04-12", "0.5568"),
        ("2022", "2024-12-26", "0.5366"),
        ("2023", "2025-12-31", "0.5306"),
    ):
        table(tmp_path, f"data-{year}", value, f"data_period: {year}\npublished: {published}")
    return Library(factors=(tmp_path,))


@pytest.fixture
def successors(tmp_path: Path) -> Library:
    """One standard replaced in the middle of 2026, and ending for good with 2028."""
    table(tmp_path, "2020", "0.6", in_force="2021-01-01")
    table(tmp_path, "2025", "0.5", in_force="2026-07-01", until="2028-12-31")
    return Library(factors=(tmp_path,))


def choose(
    shelf: Library, how: str, period: str, as_of: str = "2026-03-31", edition: str = "", on: date | None = None
) -> tuple[list[Segment], list[Finding]]:
    found = Period.parse(period)
    assert found is not None
    slot = Slot("grid", "electricity/house", how, edition, on)
    return select(slot, shelf, found, date.fromisoformat(as_of))


def refused(shelf: Library, how: str, period: str, as_of: str = "2026-03-31") -> Finding:
    with pytest.raises(CaseError) as caught:
        choose(shelf, how, period, as_of)
    (found,) = caught.value.findings
    return found


# Latest published


@pytest.mark.parametrize(
    ("as_of", "edition"),
    [
        ("2024-04-12", "data-2021"),
        ("2024-12-25", "data-2021"),
        ("2024-12-26", "data-2022"),
        ("2025-12-30", "data-2022"),
        ("2025-12-31", "data-2023"),
        ("2031-01-01", "data-2023"),
    ],
)
def test_the_latest_published_on_the_day(vintages: Library, as_of: str, edition: str) -> None:
    (segment,), findings = choose(vintages, "latest_published_by", "2025", as_of)
    assert segment.table.edition == edition
    assert (segment.start, segment.end) == (date(2025, 1, 1), date(2025, 12, 31))
    (found,) = findings
    assert found.code == "carried-forward", "data of an earlier year stand in for the period's"
    assert edition.removeprefix("data-") in found.found()


def test_the_periods_own_data_are_not_carried_forward(vintages: Library) -> None:
    (segment,), findings = choose(vintages, "latest_published_by", "2023")
    assert (segment.table.edition, findings) == ("data-2023", [])


def test_data_of_a_later_year_are_never_carried_back(vintages: Library) -> None:
    (segment,), _ = choose(vintages, "latest_published_by", "2022", "2026-03-31")
    assert segment.table.edition == "data-2022"


def test_before_the_first_publication_there_is_none(vintages: Library) -> None:
    found = refused(vintages, "latest_published_by", "2025", "2024-04-11")
    assert found.code == "no-edition"
    assert "data-2021 (2024-04-12)" in found.expected()
    assert "published on 2024-04-12, after" in found.found(), "there is one, but nobody knew it"
    assert "as_of) to 2024-04-12 or later" in found.remedy()


def test_the_shipped_grid_factor_follows_as_of() -> None:
    """公告2025年第47号 came out on 2025-12-31; on 2025-06-30 the newest factor was that of 2022."""
    slot = carbonstd.method("gbt-32151.34").slots["grid"]
    year = Period.parse("2025")
    assert year is not None
    for day, value in ((date(2025, 6, 30), 0.5366), (date(2026, 3, 31), 0.5306)):
        (segment,), _ = select(slot, carbonstd.library(), year, day)
        assert float(segment.table.numbers("emission_factor")[0]) == value


# Frozen, pinned, data period


def test_a_frozen_slot_does_not_move_with_as_of(vintages: Library) -> None:
    for as_of in ("2025-01-01", "2026-03-31", "2040-01-01"):
        (segment,), _ = choose(vintages, "frozen_on", "2025", as_of, on=date(2025, 6, 30))
        assert segment.table.edition == "data-2022"


def test_a_pinned_slot_takes_its_edition_whatever_the_day(vintages: Library) -> None:
    for period in ("2019", "2025"):
        (segment,), findings = choose(vintages, "pinned", period, "2020-01-01", edition="data-2021")
        assert (segment.table.edition, findings) == ("data-2021", [])


def test_data_of_the_very_period(vintages: Library) -> None:
    (segment,), findings = choose(vintages, "data_period_equals", "2022")
    assert (segment.table.edition, findings) == ("data-2022", [])
    (segment,), _ = choose(vintages, "data_period_equals", "2022-03..2022-05")
    assert segment.table.edition == "data-2022"
    for period in ("2024", "2022-12..2023-01"):
        found = refused(vintages, "data_period_equals", period)
        assert (found.code, "enter a measured value" in found.remedy()) == ("no-edition", True)


def test_an_edition_of_the_period_that_nobody_knew_yet(tmp_path: Path) -> None:
    table(tmp_path, "2023", "0.5", "data_period: 2023", issued="2024-10-15")
    found = refused(Library(factors=(tmp_path,)), "data_period_equals", "2023", "2024-03-31")
    assert "published on 2024-10-15, after" in found.found()
    assert "measured" not in found.remedy()
    assert refused(Library(factors=(tmp_path,)), "data_period_equals", "2022", "2024-03-31").values.get("kind") is None


# In force


def test_an_edition_in_force_all_year(successors: Library) -> None:
    (segment,), findings = choose(successors, "in_force", "2025")
    assert (segment.table.edition, findings) == ("2020", [])
    (segment,), _ = choose(successors, "in_force", "2027")
    assert segment.table.edition == "2025"


def test_an_edition_that_changes_inside_the_period(successors: Library) -> None:
    segments, (found,) = choose(successors, "in_force", "2026")
    assert [(item.table.edition, item.start, item.end) for item in segments] == [
        ("2020", date(2026, 1, 1), date(2026, 6, 30)),
        ("2025", date(2026, 7, 1), date(2026, 12, 31)),
    ]
    assert found.code == "edition-changes"
    assert "2026-07-01" in found.found()


@pytest.mark.parametrize("period", ["2020", "2020-12..2021-02", "2028-12..2029-01", "2029"])
def test_where_nothing_is_in_force_for_some_of_the_period(successors: Library, period: str) -> None:
    assert refused(successors, "in_force", period).code == "no-edition"


def test_an_edition_that_lapsed_before_the_next_leaves_a_gap(tmp_path: Path) -> None:
    table(tmp_path, "2020", "0.6", in_force="2021-01-01", until="2025-12-31")
    table(tmp_path, "2025", "0.5", in_force="2026-07-01")
    shelf = Library(factors=(tmp_path,))
    assert refused(shelf, "in_force", "2026").code == "no-edition"
    assert choose(shelf, "in_force", "2025")[0][0].table.edition == "2020"
    assert choose(shelf, "in_force", "2026-07..2026-12")[0][0].table.edition == "2025"


# Through a run


@pytest.fixture
def powered(successors: Library, tmp_path: Path) -> Library:
    path = tmp_path / "methods/enterprises/power/2025.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(METHOD, encoding="utf-8")
    return Library(successors.factors, (tmp_path / "methods",))


def power(*rows: dict[str, object]) -> dict[str, object]:
    return {"method": "power", "period": "2026", "as_of": "2027-03-31", "inputs": {"power": list(rows)}}


def test_each_month_takes_the_edition_of_its_month(powered: Library) -> None:
    """100 MWh in June at 0.6 and 10 MWh in July at 0.5 tCO2/MWh: 60 + 5 = 65 t."""
    june, july = {"month": "2026-06", "electricity": 100}, {"month": "2026-07", "electricity": 10}
    result = carbonstd.run(power(june, july), of=powered)
    assert result.primary.value == pytest.approx(65, rel=1e-12)
    assert "edition-changes" in {item.code for item in result.findings}


def test_a_newer_edition_may_list_its_row_beyond_the_end_of_the_older(powered: Library, tmp_path: Path) -> None:
    """The same 60 + 5 = 65 t, though the edition of July lists two more provinces before the nation."""
    path = tmp_path / "electricity/house/2025.yaml"
    more = "".join(f"  - {{region: {name}, emission_factor: 0.7}}\n" for name in ("beijing", "hebei"))
    path.write_text(path.read_text(encoding="utf-8").replace("rows:\n", f"rows:\n{more}"), encoding="utf-8")
    june, july = {"month": "2026-06", "electricity": 100}, {"month": "2026-07", "electricity": 10}
    assert carbonstd.run(power(june, july), of=powered).primary.value == pytest.approx(65, rel=1e-12)


def test_an_annual_figure_across_a_change_is_refused(powered: Library) -> None:
    with pytest.raises(CaseError) as caught:
        carbonstd.run(power({"electricity": 110}), of=powered)
    assert "edition-needs-months" in {item.code for item in caught.value.findings}


# Periods


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025年3月", date(2025, 3, 1), date(2025, 3, 31)),
        ("2025-01..2025-06", date(2025, 1, 1), date(2025, 6, 30)),
        ("2024-12-26..2025-01-25", date(2024, 12, 26), date(2025, 1, 25)),
    ],
)
def test_a_period(text: str, start: date, end: date) -> None:
    period = Period.parse(text)
    assert period == Period(start, end)
    assert Period.parse(str(period)) == period, "it prints as it reads"


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-02-30", "2025..2024", "next year", "2025-06..", "2025 2026"]
)
def test_no_period(text: str) -> None:
    assert Period.parse(text) is None


# Which edition a name without one means


def test_an_edition_issued_later_is_not_known_on_the_day() -> None:
    library = carbonstd.library()
    period = Period.parse("2026-01..2026-03")
    assert library.method("mee-power", period, date(2026, 4, 15)).edition == "2022-12"
    assert library.method("mee-power", period, date(2026, 7, 1)).edition == "2026"


def test_the_edition_of_the_period_is_taken_and_the_first_before_any() -> None:
    library = carbonstd.library()
    editions = {
        year: library.method("mee-power", Period.parse(year)).edition for year in ("2015", "2021", "2022", "2024")
    }
    assert editions == {"2015": "2021", "2021": "2021", "2022": "2022-03", "2024": "2022-12"}


def test_every_method_the_readme_names_is_found_and_both_languages_name_the_same() -> None:
    named = {}
    for page, head in (("README.md", "| for | method | by |"), ("README.zh.md", "| 对象 | 方法 | 依据 |")):
        readme = (Path(__file__).parent.parent / page).read_text(encoding="utf-8")
        named[page] = re.findall(r"`([a-z0-9.@-]+)`", readme.partition(head)[2].partition("\n\n")[0])
    assert sorted(named["README.md"]) == sorted(named["README.zh.md"])
    assert len(named["README.md"]) > 8
    for name in named["README.md"]:
        assert carbonstd.method(name).family == name
