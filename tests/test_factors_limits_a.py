"""Energy limits of building materials, metals, coke and carbon: relations that the standards print, and traps."""

from fractions import Fraction
from pathlib import Path

import pytest

import carbonstd
from carbonstd._definitions.table import Cell

LEVELS = ["1", "2", "3"]
OLD = ["advanced", "access", "limit"]
FOLDER = Path(carbonstd.__file__).parents[1] / "factors" / "limits"
NUMBERS = (
    *(16780, 21248, 21252, 21256, 21340, 21341, 21342, 21346, 21347, 21350, 21351, 21370, 25323, 25324, 29145, 29435),
    *(29447, 29448, 29450, 30182, 30183, 30184, 30185, 30526, 31335, 32032, 32050, 33654, 36888, 36890, 36891, 36892),
    *(38263, 40877, 45549, 47835),
)
TABLES = sorted(
    f"{path.parent.name}@{path.stem}"
    for number in (*NUMBERS, "29995-semi-coke")
    for path in (*FOLDER.glob(f"gb-{number}/*.yaml"), *FOLDER.glob(f"gb-{number}-*/*.yaml"))
)


def exact(*values: int | str) -> list[Fraction]:
    return [Fraction(value) for value in values]


def rows(name: str, *keys: int | str | None) -> list[int]:
    """The rows that key values in the table's order pick; numbers may be typed as text where a float would slip."""
    table = carbonstd.table(f"limits/{name}")
    values: list[Fraction | str | None] = [None] * len(table.keys)
    for index, (key, value) in enumerate(zip(table.keys.values(), keys, strict=False)):
        if value is not None:
            values[index] = Fraction(value) if key.unit is not None else str(value)
    return table.find(tuple(values))


def cells(name: str, column: str, *keys: int | str | None) -> dict[str, Cell]:
    """One indicator in the one row that the key values pick, by level."""
    [row] = rows(name, *keys)
    item = carbonstd.table(f"limits/{name}").rows[row].cells[column]
    return {"": item} if isinstance(item, Cell) else dict(item)


def figures(name: str, column: str, *keys: int | str | None) -> list[Fraction]:
    """Its figures, strictest level first; a level without a figure is left out."""
    return [cell.value for cell in cells(name, column, *keys).values() if cell.value is not None]


@pytest.mark.parametrize("name", TABLES)
def test_a_better_level_is_never_looser(name: str) -> None:
    """Also where limits are negative: -30 is stricter than -28."""
    table = carbonstd.table(f"limits/{name}")
    for row in table.rows:
        for column, item in row.cells.items():
            if not isinstance(item, Cell):
                assert list(item) == (LEVELS if int(name[-4:]) >= 2017 else OLD)
                found = [cell.value for cell in item.values() if cell.value is not None]
                assert found == sorted(found), f"{row.name()} {column}"


def test_converters_recover_more_than_they_use() -> None:
    assert figures("gb-21256@2025", "process_energy", "converter") == exact(-30, -28, -12)
    assert figures("gb-21256@2013", "process_energy", "converter") == exact(-30, -25, -10)


@pytest.mark.parametrize(
    ("name", "word", "key"),
    [("gb-16780-clinker@2021", "comprehensive", "clinker"), ("gb-16780-clinker-comparable@2012", "comparable", None)],
)
def test_clinker_energy_is_coal_and_electricity(name: str, word: str, key: str | None) -> None:
    """Energy = coal + 0.1229 kgce/kWh x electricity, to the nearest kgce."""
    energy, electricity, coal = (figures(name, f"{word}_{what}", key) for what in ("energy", "electricity", "coal"))
    for total, power, fuel in zip(energy, electricity, coal, strict=True):
        assert abs(total - fuel - Fraction("0.1229") * power) <= Fraction("0.51")


def test_cement_corrections() -> None:
    assert figures("gb-16780-cement@2021", "clinker_ratio_slope", "cement") == exact("1.1", "1.15", "1.2")
    columns = ("altitude_intercept", "altitude_slope", "reference_pressure")
    [intercept], [slope], [pressure] = (figures("gb-16780-altitude@2021", column, 3000) for column in columns)
    # K is about 1 at the pressure of 1500 m, 84.6 kPa in the standard atmosphere, where the correction begins
    assert abs(intercept - slope * 84600 / pressure - 1) < Fraction("0.005")
    assert rows("gb-16780-altitude@2021", 1500) == []


@pytest.mark.parametrize(
    ("metal", "whole", "parts"),
    [
        ("lead", "lead_concentrate_to_ingot", ("lead_concentrate_to_crude", "lead_crude_to_ingot")),
        ("zinc", "zinc_concentrate_to_refined", ("zinc_concentrate_to_crude", "zinc_crude_to_refined")),
        (
            "antimony",
            "antimony_low_grade_ore_to_ingot",
            ("antimony_low_grade_ore_to_oxide", "antimony_oxide_to_ingot"),
        ),
    ],
)
def test_chains_of_heavy_metals_add_up(metal: str, whole: str, parts: tuple[str, str]) -> None:
    first, second = (figures("gb-25323@2023", "comprehensive_energy", metal, part) for part in parts)
    total = [a + b for a, b in zip(first, second, strict=True)]
    assert figures("gb-25323@2023", "comprehensive_energy", metal, whole) == total


def test_three_melts_of_titanium_are_1_9_times_two() -> None:
    two, three = (
        figures("gb-29448@2022", "comprehensive_energy", "titanium_ingot", melts)
        for melts in ("two_melts", "three_melts")
    )
    for first, second in zip(two, three, strict=True):
        assert abs(second - first * Fraction("1.9")) <= 8  # printed in tens


@pytest.mark.parametrize(
    ("name", "column", "keys", "level"),
    [
        ("gb-21340-flat-glass@2019", "comprehensive_energy", (500,), "1"),
        ("gb-21340-flat-glass@2019", "comprehensive_energy", (500,), "2"),
        ("gb-21256@2025", "process_energy", ("electric_arc_furnace", 49), "2"),
        ("gb-21256@2025", "process_energy", ("electric_arc_furnace", 69), "2"),
        ("gb-29450@2012", "comprehensive_energy", ("pool_kiln", "medium_alkali_yarn"), "access"),
        ("gb-21248@2007", "process_energy", ("copper_scrap_to_anode",), "limit"),
    ],
)
def test_a_dash_stays_a_dash(name: str, column: str, keys: tuple[int | str, ...], level: str) -> None:
    cell = cells(name, column, *keys)[level]
    assert (cell.state, cell.value) == ("dash", None)


@pytest.mark.parametrize(
    ("name", "column", "keys", "expected"),
    [
        ("gb-21340-flat-glass@2019", "comprehensive_energy", (500,), exact(14)),
        ("gb-21340-flat-glass@2019", "comprehensive_energy", (501,), exact("9.5", "11.5", "13.5")),
        ("gb-21340-flat-glass@2019", "comprehensive_energy", (800,), exact("9.5", "11.5", "13.5")),
        ("gb-21256@2025", "process_energy", ("electric_arc_furnace", 50), exact(61, 72)),
        ("gb-21256@2025", "process_energy", ("electric_arc_furnace", 70), exact(61, 64, 72)),
        ("gb-16780-clinker-comparable@2007", "comparable_coal", (4000,), exact(107, 110, 120)),
        ("gb-16780-clinker-comparable@2007", "comparable_coal", (2000,), exact(112, 115, 125)),
        ("gb-21252-tiles@2023", "comprehensive_energy", ("dry_pressed_tile", "0.2"), exact("4.5", "5.5", 7)),
        ("gb-32032-mining@2024", "energy", ("underground", 6), exact(5, "10.2", "12.8")),
        ("gb-36890@2018", "comprehensive_energy", ("porcelain", 1, 1280), exact(500, 630, 740)),
        ("gb-21351-drawn@2023", "comprehensive_energy", ("drawn_rod", None, None, 10), exact(175, 195, 215)),
    ],
)
def test_bands_open_and_close_as_printed(
    name: str, column: str, keys: tuple[int | str | None, ...], expected: list[Fraction]
) -> None:
    assert figures(name, column, *keys) == expected


def test_aluminium_of_2013_asks_more_than_level_2_of_2022() -> None:
    """The 2022 edition counts otherwise: figures of the two do not compare."""
    for column in ("liquid_electricity", "liquid_comprehensive_electricity", "ingot_comprehensive_electricity"):
        old, new = (figures(f"gb-21346-aluminium@{year}", column, "aluminium") for year in (2013, 2022))
        assert old[1] < new[1] < new[2] < old[2]
    assert figures("gb-21346-aluminium@2013", "liquid_electricity", "aluminium")[1] == 12750


def test_each_level_of_coke_has_its_own_corrections() -> None:
    assert figures("gb-21342@2025", "energy", "top_charging") == exact(110, 110, 135)
    quenching = cells("gb-21342-corrections-quenching@2025", "limit_addition", "wet")
    assert {level for level, cell in quenching.items() if cell.value is not None} == {"3"}
    age = cells("gb-21342-corrections-age@2025", "limit_addition", 25)
    assert {level: cell.value for level, cell in age.items()} == {"1": Fraction("2.5"), "2": None, "3": Fraction("2.5")}
    assert rows("gb-21342-corrections-age@2025", 15) == []


def test_two_conversions_of_electricity_never_mix() -> None:
    """GB 21341-2008: what the primary set adds to the calorific one is the electricity, a little more than smelting."""
    [calorific] = figures("gb-21341-electricity@2008", "coal_equivalent", "calorific")
    [primary] = figures("gb-21341-electricity@2008", "coal_equivalent", "primary")
    assert [calorific, primary] == exact("0.1229", "0.404")
    for product in ("ferrosilicon", "high_carbon_ferromanganese", "silicomanganese", "high_carbon_ferrochrome"):
        low = figures("gb-21341@2008", "comprehensive_energy", product)[-1]
        high = figures("gb-21341-primary@2008", "comprehensive_energy_primary", product)[-1]
        smelting = figures("gb-21341@2008", "smelting_electricity", product)[-1]
        assert smelting < (high - low) / (primary - calorific) < smelting * Fraction("1.15")


def test_rare_earths_are_in_tonnes_of_coal_equivalent() -> None:
    for edition in ("2012", "2025"):
        assert carbonstd.table(f"limits/gb-29435@{edition}").columns["comprehensive_energy"].unit.text == "tce/t"
    mixed, sulphuric, oxidising = (
        figures("gb-29435@2025", "comprehensive_energy", feed, "praseodymium_neodymium_oxide")
        for feed in ("mixed_ore", "bastnaesite_sulphuric", "bastnaesite_oxidising")
    )
    assert mixed == sulphuric != oxidising


@pytest.mark.parametrize(
    ("family", "day", "edition"),
    [
        ("gb-21256", "2026-06-30", "2013"),
        ("gb-21256", "2026-07-01", "2025"),
        ("gb-21342", "2026-05-01", "2025"),
        ("gb-29447", "2026-12-31", "2022"),
        ("gb-29435", "2026-12-31", "2012"),
        ("gb-16780-clinker", "2022-11-01", "2021"),
    ],
)
def test_the_edition_in_force_binds(family: str, day: str, edition: str) -> None:
    """Between issue and effect the old edition binds: 2026 has two editions of steel and of coke."""
    held = [carbonstd.table(f"limits/{family}@{path.stem}") for path in (FOLDER / family).glob("*.yaml")]
    begun = [table for table in held if str(table.document.in_force) <= day]
    binding = max(begun, key=lambda table: str(table.document.in_force))
    assert binding.edition == edition
    assert binding.document.until is None or day <= str(binding.document.until)


def test_what_was_not_seen_is_never_used() -> None:
    """The capacity factor of flat glass looks reversed; tables 5 and 6 of wrought copper cannot be told apart."""
    glass = carbonstd.table("limits/gb-21340-corrections@2019")
    assert [row.match["correction"] for row in glass.rows if row.listed] == ["capacity_utilisation"]
    assert sum(row.listed for row in carbonstd.table("limits/gb-21350@2023").rows) == 10
    assert rows("gb-21350@2023", "rod_or_wire", "continuous_casting", "brass") == []


def test_recalled_editions_stay_recalled() -> None:
    recalled = set()
    for name in TABLES:
        for row in carbonstd.table(f"limits/{name}").rows:
            for item in row.cells.values():
                grades = {cell.evidence for cell in ([item] if isinstance(item, Cell) else item.values())}
                recalled |= {name} if "recalled" in grades else set()
    assert recalled == {
        "gb-16780-cement-comparable@2012",
        "gb-16780-clinker-comparable@2012",
        "gb-21256@2013",
        "gb-21342@2013",
        "gb-32050@2015",
    }


def test_finer_crucible_yarn_counts_more() -> None:
    """GB 29450-2012 table 4: each band includes its upper edge; 22 tex is the yarn that counts once."""
    edges = ["2.75", "5.5", "11", "22.5", "33", "50", "90", "90.1"]
    factors = [figures("gb-29450-corrections@2012", "output_factor", edge)[0] for edge in edges]
    assert factors == exact("9.5", 5, "2.5", 1, "0.9", "0.7", "0.6", "0.5")
    assert figures("gb-29450-corrections@2012", "output_factor", 22) == [1]


def test_the_thickness_factor_is_known_below_15_mm_alone() -> None:
    assert figures("gb-21252-corrections@2023", "limit_factor", "14.9") == [1]
    assert cells("gb-21252-corrections@2023", "limit_factor", 15)[""].state == "unseen"
