"""Energy limits of power, coal, chemicals, light industry, terminals; NDRC levels: what the documents promise."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

import carbonstd
from carbonstd._definitions.table import Table

LIMITS = Path(__file__).parents[1] / "factors" / "limits"
STANDARDS = """21257 21258 21343 21344 21345 29140 29141 29436 29437 29438 29441 29444 29445 29446 29449
 30180 30251 30530 31823 31825 31830 32044 32047 32051 36887 36889 40878 40879 45246 45247 46029"""
FAMILIES = [*(f"gb-{number}*" for number in STANDARDS.split()), "gb-29995-activated-carbon"]
TABLES = sorted(f"{path.parent.name}@{path.stem}" for family in FAMILIES for path in LIMITS.glob(f"{family}/*.yaml"))
ORDERS = (("1", "2", "3"), ("advanced", "access", "limit"))
CE = "comprehensive_energy"


def table(name: str) -> Table:
    return carbonstd.table(f"limits/{name}")


def rows(found: Table, plant: str) -> list[int]:
    """The rows for a plant written as `feed=copper_gas so2_concentration=13.5`."""
    properties = dict(item.split("=") for item in plant.split())
    assert set(properties) <= set(found.keys), (found.id, plant)
    values = [properties.get(name) for name in found.keys]
    numeric = [key.unit is not None for key in found.keys.values()]
    return found.find(tuple(Fraction(v) if n and v else v for v, n in zip(values, numeric, strict=True)))


def figure(name: str, plant: str, column: str, level: str = "") -> Fraction:
    found = table(name)
    (row,) = rows(found, plant)
    value = found.cell(row, column, level).value
    assert value is not None, (name, plant, column, level)
    return value


@pytest.mark.parametrize("name", TABLES)
def test_a_stricter_level_is_never_the_higher_figure(name: str) -> None:
    found = table(name)
    for index, row in enumerate(found.rows):
        for column in (item.name for item in found.columns.values() if item.axis):
            order = next(order for order in ORDERS if set(found.labels("level")) == set(order))
            figures = [value for level in order if (value := found.cell(index, column, level).value) is not None]
            # GB 21258-2024 prints one figure for all new units below ultra-supercritical; it lies below level 1
            if name == "gb-21258-power@2024" and row.match["pressure"] in ("supercritical", "subcritical"):
                assert figures[1] == 285 < figures[0] < figures[2]
            else:
                assert all(one <= other for one, other in pairwise(figures)), (name, row.name())


@pytest.mark.parametrize(
    ("name", "plant", "column", "level_3"),
    [
        (
            "gb-21258-power@2024",
            "pressure=ultra_high_pressure capacity_class=mw_200_and_below",
            "net_coal_rate",
            352,
        ),
        ("gb-30251-intermediates@2024", "product=propylene_oxide process=chlorohydrin", CE, 380),
        ("gb-29449-tyres@2024", "product=bias", CE, 515),
        ("gb-29141-so2-enrichment@2024", "so2_concentration=4", "process_energy", 960),
    ],
)
def test_a_printed_dash_is_no_level(name: str, plant: str, column: str, level_3: int) -> None:
    found = table(name)
    (row,) = rows(found, plant)
    assert [found.cell(row, column, level).state for level in "12"] == ["dash", "dash"]
    assert found.cell(row, column, "3").value == level_3


@pytest.mark.parametrize(
    ("name", "plant", "column"),
    [
        *(
            ("gb-29995-activated-carbon@2024", f"product={product}", "energy")
            for product in ("columnar", "briquetted", "crushed", "activated_coke")
        ),
        ("gb-30180-olefins@2024", "process=mto", "energy"),
        ("gb-30180-olefins@2024", "process=mtp", "energy"),
        ("gb-29449-carbon-black@2024", "", CE),
    ],
)
def test_with_the_energy_of_the_feedstock_the_limit_is_another_one(name: str, plant: str, column: str) -> None:
    for level in "123":
        without = figure(name, f"{plant} feedstock=excluded", column, level)
        assert figure(name, f"{plant} feedstock=included", column, level) > without * Fraction(13, 10)


@pytest.mark.parametrize(
    ("name", "plant", "level_3"),
    [
        # nozzle pressure: 不大于 0.12, 大于 0.12 小于 0.35, 不小于 0.35 MPa
        ("gb-36889@2025", "fibre=polyester process=texturing product=dty nozzle_pressure=0.12", 115),
        ("gb-36889@2025", "fibre=polyester process=texturing product=dty nozzle_pressure=0.2", 140),
        ("gb-36889@2025", "fibre=polyester process=texturing product=dty nozzle_pressure=0.35", 180),
        ("gb-36889@2025", "fibre=recycled_polyester product=dty nozzle_pressure=0.35", 185),
        ("gb-29141-sulphuric-acid@2024", "feed=copper_gas so2_concentration=13", 12),
        ("gb-29141-sulphuric-acid@2024", "feed=copper_gas so2_concentration=13.5", 5),
        # footnote a: recovery of low-temperature heat
        ("gb-29141-sulphuric-acid@2024", "feed=sulphur heat_recovery=with_recovery", -120),
        ("gb-29141-sulphuric-acid@2024", "feed=sulphur heat_recovery=without_recovery", -110),
        # continuous pressurised gasification of anthracite takes the row of bituminous coal
        ("gb-29436-methanol@2023", "feed=anthracite gasification=continuous_pressurised", 1800),
        ("gb-29436-methanol@2023", "feed=anthracite gasification=intermittent_fixed_bed", 1500),
        # processes that export steam
        ("gb-30251-intermediates@2024", "product=phthalic_anhydride", -111),
        ("gb-29141-sulphuric-acid@2024", "feed=ferrous_sulphate co_firing_share=25", -30),
    ],
)
def test_the_class_of_a_plant(name: str, plant: str, level_3: int) -> None:
    assert figure(name, plant, CE, "3") == level_3


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        ("gb-29141-sulphuric-acid@2024", "feed=ferrous_sulphate co_firing_share=24"),  # footnote d: from 25 %
        ("gb-29437@2012", "process=carbonylation capacity=19"),  # 200 000 t/a and more
        ("gb-36887@2018", "product=class_1"),  # what makes a class was not seen
        ("gb-31825-corrections@2024", "process=tad"),  # 320 or 100: which was not seen
        ("ndrc-benchmark@2023", "product=urea"),  # no figure seen
    ],
)
def test_no_row_answers_outside_the_classes_seen(name: str, plant: str) -> None:
    assert rows(table(name), plant) == []


@pytest.mark.parametrize(
    ("name", "key", "edges"),
    [
        ("gb-31823-container-corrections@2021", "adaptation", "2:1.0 3:0.95 4:0.9 5:0.85"),
        ("gb-31823-line-corrections@2021", "line_length", "500:1.1 1000:1.05 1500:1.0 2000:0.95 3000:0.9 3001:0.85"),
    ],
)
def test_the_upper_edge_of_a_band_belongs_to_it(name: str, key: str, edges: str) -> None:
    for edge, factor in (item.split(":") for item in edges.split()):
        assert figure(name, f"{key}={edge}", "energy_factor") == Fraction(factor)


def test_front_and_back_of_plywood_add_up_to_the_whole() -> None:
    for level in "123":
        whole, front, back = (
            figure("gb-45246@2025", f"product=plywood process={part}", CE, level) for part in ("whole", "front", "back")
        )
        assert whole == front + back


@pytest.mark.parametrize(
    ("plant", "electricity", "coal", "level"),
    [  # worked examples of the source: e = E × k / m meets a limit exactly
        ("feed=coking_coal process=dense_medium", "212.5", "28", "3"),
        ("feed=coking_coal process=jigging", "350", "63", "2"),
        ("feed=steam_coal process=dry", "125", "65", "1"),
        ("feed=steam_coal process=jigging", "375", "117.5", "2"),
    ],
)
def test_the_factor_of_a_preparation_process(plant: str, electricity: str, coal: str, level: str) -> None:
    factor = figure("gb-29446-corrections@2019", plant, "process_factor")
    limit = figure("gb-29446@2019", plant.split()[0], "electricity", level)
    assert Fraction(electricity) * factor / Fraction(coal) == limit


def test_refining_counts_in_oil_and_its_derivatives_in_coal() -> None:
    refining = table("gb-30251-refining@2024").columns["energy"]
    assert (refining.unit.text, refining.basis) == ("kgoe/t", "energy_factor")
    assert table("gb-30251-petrochemicals@2024").columns[CE].unit.text == "kgoe/t"
    assert table("gb-30251-intermediates@2024").columns[CE].unit.text == "kgce/t"
    primary = carbonstd.table("energy/gb-30251-primary@2024")  # 6.1.5: electricity in refining and ethylene
    assert primary.cell(primary.find(("electricity",))[0], "oil_equivalent").value == Fraction("0.21")


def test_nothing_is_added_twice_for_oleum() -> None:
    assert figure("gb-29141-corrections@2024", "product=oleum_20", "limit_addition") == 35
    assert figure("gb-29141-sulphuric-acid@2024", "feed=pyrite", CE, "1") == -110  # an older draft printed -75


# NDRC pair of 2021 | the mandatory standard with the same figures | its row | column | its two levels
SAME = """
product=refining | gb-30251-refining@2024 | product=refining | energy | 2 3
product=methanol route=bituminous_coal | gb-29436-methanol@2023 | feed=bituminous_coal | CE | 2 3
product=methanol route=anthracite | gb-29436-methanol@2023 | feed=anthracite gasification=intermittent_fixed_bed | CE | 2 3
product=olefins | gb-30180-olefins@2024 | process=mto feedstock=included | energy | 2 3
product=caustic_soda route=membrane grade=liquid_30 | gb-21257-caustic-soda@2024 | grade=liquid_30 | CE | 2 3
product=caustic_soda route=membrane grade=liquid_45 | gb-21257-caustic-soda@2024 | grade=liquid_45 | CE | 2 3
product=caustic_soda route=membrane grade=solid_98 | gb-21257-caustic-soda@2024 | grade=solid_98 | CE | 2 3
product=soda_ash route=ammonia_process grade=light | gb-29140@2024 | process=ammonia_process grade=light | CE | 2 3
product=soda_ash route=dual_process grade=light | gb-29140@2024 | process=dual_process grade=light | CE | 2 3
product=calcium_carbide | gb-21343-carbide@2023 | product=calcium_carbide | CE | 1 3
product=ethylene | gb-30251-petrochemicals@2024 | product=ethylene | CE | 2 3
product=p_xylene | gb-30251-petrochemicals@2024 | product=p_xylene | CE | 2 3
product=yellow_phosphorus | gb-21345@2024 | process=electric_furnace | CE | 1 3
product=ammonia route=lump_anthracite | gb-21344-ammonia@2023 | feed=lump_anthracite | CE | 2 3
product=ammonia route=other_anthracite | gb-21344-ammonia@2023 | feed=other_anthracite | CE | 2 3
product=ammonia route=pulverised_coal | gb-21344-ammonia@2023 | feed=pulverised_coal | CE | 2 3
product=ammonia route=natural_gas | gb-21344-ammonia@2023 | feed=natural_gas | CE | 2 3
product=cement_clinker | gb-16780-clinker@2021 | product=clinker | CE | 1 3
product=flat_glass capacity=900 | gb-21340-flat-glass@2019 | capacity=900 | CE | 1 3
product=flat_glass capacity=600 | gb-21340-flat-glass@2019 | capacity=600 | CE | 1 3
product=ceramic_tile water_absorption=5 | gb-21252-tiles@2023 | product=dry_pressed_tile water_absorption=5 | CE | 2 3
product=ceramic_tile water_absorption=11 | gb-21252-tiles@2023 | product=dry_pressed_tile water_absorption=11 | CE | 2 3
product=arc_furnace_steel furnace_capacity=60 | gb-21256@2025 | process=electric_arc_furnace furnace_capacity=60 | process_energy | 1 3
product=silicomanganese | gb-21341@2022 | product=silicomanganese | CE | 2 3
product=copper route=copper_electrorefining | gb-25323@2023 | metal=copper route=copper_anode_to_cathode | CE | 2 3
product=lead route=lead_bullion | gb-25323@2023 | metal=lead route=lead_concentrate_to_crude | CE | 2 3
product=lead route=lead_electrorefining | gb-25323@2023 | metal=lead route=lead_crude_to_ingot | CE | 2 3
product=lead route=lead_smelting | gb-25323@2023 | metal=lead route=lead_concentrate_to_ingot | CE | 2 3
product=aluminium | gb-21346-aluminium@2022 | product=aluminium | liquid_electricity | 2 3
"""  # noqa: E501
PHOSPHATES = [
    f"product={name} route={process} grade={grade} | gb-21344-ammonium-phosphate@2023 | "
    f"product={name} process={process} grade={grade} | CE | 2 3"
    for name in ("monoammonium_phosphate", "diammonium_phosphate")
    for process in ("traditional", "slurry")
    for grade in ("granular", "powder")
    if (name, grade) != ("diammonium_phosphate", "powder")
]
# and of the fields new in 2023
SAME_2023 = [
    f"product=pvc route={route} grade={grade} | gb-21257-pvc@2024 | route={route} grade={grade} | CE | 2 3"
    for route in ("carbide", "ethylene")
    for grade in ("general", "paste")
] + ["product=pta | gb-30251-intermediates@2024 | product=pta | CE | 2 3"]


@pytest.mark.parametrize(
    ("edition", "line"),
    [
        *(("2021", line) for line in (*SAME.strip().splitlines(), *PHOSPHATES)),
        *(("2023", line) for line in SAME_2023),
    ],
)
def test_ndrc_pairs_that_equal_two_levels(edition: str, line: str) -> None:
    field, name, plant, column, levels = line.replace("| CE |", f"| {CE} |").split(" | ")
    ndrc, standard = table(f"ndrc-benchmark@{edition}"), table(name)
    (row,), (other,) = rows(ndrc, field), rows(standard, plant)
    for policy, level in zip(("benchmark", "baseline"), levels.split(), strict=True):
        assert ndrc.cell(row, policy).value == standard.cell(other, column, level).value
        assert ndrc.unit(row, policy).dimension == standard.unit(other, column).dimension


@pytest.mark.parametrize(
    ("field", "baseline", "name", "plant", "level_3"),
    [  # policy and standard differ and neither follows from the other
        ("product=ethylene_glycol_from_coal route=syngas", 1350, "gb-29436-ethylene-glycol@2023", "feed=syngas", 1300),
        (
            "product=soda_ash route=dual_process grade=dense",
            240,
            "gb-29140@2024",
            "process=dual_process grade=dense",
            250,
        ),
        ("product=high_carbon_ferrochrome", 800, "gb-21341@2022", "product=high_carbon_ferrochrome", 900),
        ("product=pig_iron", 435, "gb-21256@2025", "process=blast_furnace", 415),
        ("product=converter_steel", -10, "gb-21256@2025", "process=converter", -12),
    ],
)
def test_ndrc_baselines_that_are_no_level_3(field: str, baseline: int, name: str, plant: str, level_3: int) -> None:
    column = "process_energy" if name.startswith("gb-21256") else CE
    assert figure("ndrc-benchmark@2021", field, "baseline") == baseline
    assert figure(name, plant, column, "3") == level_3


def test_ndrc_editions_differ_in_ferrosilicon_alone_as_far_as_known() -> None:
    def pairs(found: Table) -> dict[str, list[Fraction | None]]:
        names = ("benchmark", "baseline")
        return {row.name(): [found.cell(i, name).value for name in names] for i, row in enumerate(found.rows)}

    before, after = pairs(table("ndrc-benchmark@2021")), pairs(table("ndrc-benchmark@2023"))
    assert {name for name, pair in before.items() if after[name] != pair} == {"ferrosilicon"}
    assert all(one <= other for one, other in after.values() if one is not None and other is not None)
    newer = table("ndrc-benchmark@2023")
    deadlines = {row.name(): newer.cell(i, "deadline").text for i, row in enumerate(newer.rows)}
    new = {name for name, deadline in deadlines.items() if deadline == "2026-12-31"}
    assert new == set(after) - set(before)
    assert (len(before), len(new)) == (56, 14)


def test_what_was_not_seen_stays_recalled() -> None:
    def evidence(name: str, column: str, level: str = "") -> list[str]:
        found = table(name)
        return [found.cell(row, column, level).evidence for row in range(len(found.rows))]

    assert evidence("ndrc-benchmark@2021", "benchmark").count("secondary") == 7
    assert evidence("ndrc-benchmark@2023", "benchmark").count("secondary") == 2
    assert set(evidence("gb-21258-power@2017", "net_coal_rate", "3")) == {"recalled"}
    assert evidence("gb-30251-refining@2013", "energy", "limit") == ["recalled"]
    assert evidence("gb-29444@2012", "energy", "limit") == ["recalled"]


def test_285_of_the_upgrade_plan_became_the_level_of_new_units() -> None:
    assert figure("ndrc-coal-power-upgrade@2021", "item=new_wet_cooled", "net_coal_rate") == 285
    unit = "pressure=subcritical capacity_class=mw_300"
    assert figure("gb-21258-power@2024", unit, "net_coal_rate", "2") == 285


def test_a_box_of_40_feet_is_two_of_20() -> None:
    assert figure("gb-31823-teu@2021", "size=ft_40", "teu") == 2 * figure("gb-31823-teu@2021", "size=ft_20", "teu")
