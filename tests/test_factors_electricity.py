"""Tables of electricity and renewables: what the announcements print, what must hold between tables, known slips."""

from fractions import Fraction
from itertools import pairwise

import pytest

import carbonstd
from carbonstd._definitions.method import SELECTIONS
from carbonstd._definitions.table import Row, Table
from carbonstd._factor.factor import SUBJECTS, regimes

SHELF = carbonstd.library()
AVERAGE, OTHER, FOOTPRINT = (
    "electricity/mee-grid-average",
    "electricity/mee-grid-other-calibers",
    "electricity/mee-footprint",
)
YEARS = ("2021", "2022", "2023")


def value(table: str, *keys: str, column: str = "emission_factor") -> Fraction:
    """The figure of the one row with these keys."""
    found = SHELF.table(table)
    [row] = found.find(keys)
    cell = found.cell(row, column)
    assert cell.value is not None, (table, keys)
    return cell.value


def editions(family: str) -> list[Table]:
    return [SHELF.table(header.id) for header in SHELF.editions(family, SHELF.table_headers)]


# National, regional and provincial factors: announcements 2024 No. 12, 2024 No. 33, 2025 No. 47


@pytest.mark.parametrize(
    ("year", "place", "printed"),
    [
        ("2021", "national", "0.5568"),  # one public file swaps 2021 and 2022
        ("2022", "national", "0.5366"),
        ("2023", "national", "0.5306"),
        ("2023", "zhejiang", "0.4974"),
        ("2023", "east_china_grid", "0.5500"),
        ("2023", "central_china_grid", "0.5271"),
        ("2021", "qinghai", "0.1326"),
        ("2022", "yunnan", "0.1073"),
    ],
)
def test_averages_as_announced(year: str, place: str, printed: str) -> None:
    assert value(f"{AVERAGE}@data-{year}", place) == Fraction(printed)


@pytest.mark.parametrize("year", YEARS)
def test_thirty_provinces_and_seven_grids_and_no_tibet(year: str) -> None:
    table = SHELF.table(f"{AVERAGE}@data-{year}")
    places = {row.name() for row in table.rows}
    grids = {place for place in places if place.endswith("_grid")}
    assert len(grids) == 7
    assert len(places - grids - {"national"}) == 30
    assert "tibet" not in places


@pytest.mark.parametrize("year", YEARS)
def test_calibers_stand_in_order(year: str) -> None:
    average = value(f"{AVERAGE}@data-{year}", "national")
    without = value(f"{OTHER}@data-{year}", "excluding_traded_non_fossil")
    fossil = value(f"{OTHER}@data-{year}", "fossil")
    assert average < without < fossil


def test_the_caliber_without_trades_rises_while_the_average_falls() -> None:
    """0.5856 to 0.6096 from 2022 to 2023, against 0.5366 to 0.5306."""
    without = [value(f"{OTHER}@data-{year}", "excluding_traded_non_fossil") for year in YEARS[1:]]
    average = [value(f"{AVERAGE}@data-{year}", "national") for year in YEARS[1:]]
    assert without == [Fraction("0.5856"), Fraction("0.6096")]
    assert average[0] > average[1]


def test_a_grid_lies_among_its_provinces() -> None:
    """A regional average lies between the lowest and the highest of its provinces."""
    regions = SHELF.table("electricity/grid-regions")
    table = f"{AVERAGE}@data-2023"
    for grid in {text for text in regions.texts("grid") if "," not in text}:
        members = [row.name() for row, text in zip(regions.rows, regions.texts("grid"), strict=True) if grid in text]
        figures = [value(table, place) for place in members]
        assert min(figures) <= value(table, grid) <= max(figures), grid


def test_the_ministry_s_report_factors_are_not_the_averages() -> None:
    """0.5810 for the reports of 2021 and 0.5703 for those of 2022; the averages of these years came later."""
    assert value("electricity/mee-report-grid@data-2021", "national") == Fraction("0.5810")
    assert value("electricity/mee-report-grid@data-2022", "national") == Fraction("0.5703")
    assert value("electricity/mee-report-grid@data-2022", "national") != value(f"{AVERAGE}@data-2022", "national")


def test_six_grids_are_not_seven() -> None:
    """Central China holds Sichuan and Chongqing up to 2012: 0.5257, and 0.5271 in 2023, which is also South in 2012."""
    old = "electricity/ndrc-grid-regional@data-2012"
    assert value(old, "central_china") == Fraction("0.5257")
    assert value(old, "south_china") == value(f"{AVERAGE}@data-2023", "central_china_grid") == Fraction("0.5271")
    assert not {row.name() for row in SHELF.table(old).rows} & set(SHELF.vocabulary("provinces").terms)


def test_a_list_without_a_data_year_can_be_chosen_by_no_rule() -> None:
    table = SHELF.table("electricity/grid-provincial-circulated")
    assert table.data_period is None
    assert table.published is None
    assert {cell.evidence for row in table.rows for cell in row.cells.values()} == {"recalled"}  # type: ignore[union-attr]


def test_guangdong_s_pilot_keeps_the_figure_of_2010() -> None:
    pilot = value("electricity/pilot-guangdong", "guangdong")
    assert pilot == value("electricity/ndrc-grid-provincial@data-2010", "guangdong") == Fraction("0.6379")


# Projects


def test_the_operating_margin_of_2016_is_the_mean_of_three_years() -> None:
    """Printed in the note of 2016 beside the years; weighted by electricity, so only near the plain mean."""
    annual = "electricity/grid-baseline-om-annual@2016"
    for row in SHELF.table(annual).rows:
        grid = row.name()
        years = [value(annual, grid, column=f"operating_margin_{year}") for year in (2012, 2013, 2014)]
        printed = value(annual, grid, column="operating_margin")
        assert printed == value("electricity/grid-baseline@2016", grid, column="operating_margin")
        mean = sum(years, Fraction(0)) / 3
        assert mean - Fraction("0.005") < printed < mean + Fraction("0.005")


def test_margins_are_operating_above_build() -> None:
    for table in editions("electricity/grid-baseline"):
        for index in range(len(table.rows)):
            operating = table.cell(index, "operating_margin").value
            build = table.cell(index, "build_margin").value
            assert operating is not None
            assert build is None or operating > build, table.id


# Footprints: announcement 2025 No. 3, and that of 28 September 2025


def test_footprints_as_announced() -> None:
    assert value(f"{FOOTPRINT}@data-2023", "grid_average") == Fraction("0.6205")
    assert value(f"{FOOTPRINT}@data-2024", "grid_average") == Fraction("0.5777")
    assert value(f"{FOOTPRINT}@data-2024", "transmission_with_losses") == Fraction("0.0327")


def test_a_footprint_is_above_the_stack_and_in_another_unit() -> None:
    assert value(f"{FOOTPRINT}@data-2023", "grid_average") > value(f"{AVERAGE}@data-2023", "national")
    assert (
        SHELF.table(FOOTPRINT).columns["emission_factor"].unit.dimension
        != SHELF.table(AVERAGE).columns["emission_factor"].unit.dimension
    )


def test_the_row_of_2023_with_losses_is_unseen_and_not_filled() -> None:
    table = SHELF.table(f"{FOOTPRINT}@data-2023")
    [row] = table.find(("transmission_with_losses",))
    assert table.cell(row, "emission_factor").state == "unseen"


# Coal rates, weights, certificates


def test_net_coal_rates_fall_and_are_above_the_calorific_value() -> None:
    rates = [value(table.id, "national", column="net_coal_rate") for table in editions("electricity/net-coal-rate")]
    assert len(rates) == 19
    assert all(newer < older for older, newer in pairwise(rates[:-1]))  # 2023 rose, by what is recalled
    assert min(rates) > Fraction("122.9")  # 0.1229 kgce/kWh


def test_weights_without_hydropower_are_within_the_total() -> None:
    for table in [*editions("renewables/rps-weights"), *editions("renewables/rps-incentive-weights")]:
        for index in range(len(table.rows)):
            total, without = (table.cell(index, name).value for name in ("total", "non_hydro"))
            assert total is not None
            assert without is not None
            assert 0 < without <= total <= 70, table.id  # 70 is the highest ever set


def test_fujian_s_plan_fixes_the_year_of_the_table() -> None:
    """20.6 and 10.0 per cent in the province's own plan for 2023."""
    table = "renewables/rps-weights@2023"
    printed = [value(table, "fujian", column=name) for name in ("total", "non_hydro")]
    assert printed == [Fraction("20.6"), Fraction("10.0")]


def test_a_certificate_is_one_megawatt_hour() -> None:
    assert value("renewables/green-certificate", "green_certificate", column="electricity") == 1


def test_sheets_of_certificates_refuse_what_expired_by_the_table() -> None:
    """Two years, the month of generation included: 24 months. A method's own sheet says where they are refused."""
    months = 12 * value("renewables/green-certificate-validity", "green_certificate", column="validity")
    for method, sheet in (
        ("green-share", "proof"),
        ("renewable-weight", "certificate"),
        ("energy-target", "nonfossil"),
    ):
        held = SHELF.method(method).sheets[sheet].columns["generated"].validity
        assert held is not None
        assert held.months == months
        assert held.last("2024-02") == "2026-01"
        assert held.last("2023-01") == "2025-12"


# Decisions: data that name other tables


def decisions() -> list[tuple[Table, Row]]:
    tables = [SHELF.table(f"decisions/{subject}") for subject in SUBJECTS]
    return [(table, row) for table in tables for row in table.rows]


def told(row: Row, column: str) -> str:
    text: str = row.cells[column].text  # type: ignore[union-attr]
    return text


def test_every_table_a_decision_names_exists_with_its_edition() -> None:
    for table, row in decisions():
        family, edition = told(row, "table"), told(row, "edition")
        if family == "none":
            assert edition == told(row, "row") == "none", row.name()
            continue
        held = {header.edition for header in SHELF.editions(family, SHELF.table_headers)}
        assert held, (table.id, row.name(), family)
        assert edition in SELECTIONS or edition in held, (table.id, row.name(), edition)


def test_every_row_a_decision_names_exists_in_every_edition() -> None:
    for table, row in decisions():
        family, label = told(row, "table"), told(row, "row")
        if label in ("none", "province", "grid", "fuel"):
            continue
        for header in SHELF.editions(family, SHELF.table_headers):
            labels = {item.name() for item in SHELF.table(header.id).rows}
            assert label in labels, (table.id, row.name(), header.id)


def test_every_decision_gives_its_reason_in_both_languages() -> None:
    for _, row in decisions():
        for column in ("document", "reason_zh", "reason_en", "needs_zh", "needs_en"):
            assert told(row, column), (row.name(), column)
        assert (told(row, "needs_zh") == "none") == (told(row, "needs_en") == "none"), row.name()


def test_a_zero_names_its_clause_and_its_evidence() -> None:
    zeros = [row for _, row in decisions() if "factor" in row.cells and row.cells["factor"].value is not None]  # type: ignore[union-attr]
    assert zeros
    for row in zeros:
        assert row.cells["factor"].value == 0  # type: ignore[union-attr]
        assert told(row, "clause") != "none"
        assert told(row, "needs_zh") != "none", row.name()


def test_every_regime_and_supply_has_one_decision_in_every_year() -> None:
    table = SHELF.table("decisions/electricity")
    for regime in regimes("electricity", SHELF):
        for supply in SHELF.vocabulary("factor_supplies").terms:
            for year in (2016, 2020, 2021, 2022, 2023, 2025, 2026):
                assert len(table.find((regime, supply, year))) == 1, (regime, supply, year)
        for year in (2016, 2020, 2021, 2026):
            assert len(SHELF.table("decisions/heat").find((regime, year))) == 1, regime
