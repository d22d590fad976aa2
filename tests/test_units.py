"""Units: every accepted spelling, exact factors, species that never cancel wrongly; pint itself is the judge."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonstd._errors import UnitError
from carbonstd._units import ONE, Unit, convertible, ratio_unit, split_quantity, unit, unit_text
from tests.quantities import UNITS

SPELLINGS = sorted(UNITS.names)
SPECIES = sorted(UNITS.species)
MASSES = [text for text in SPELLINGS if UNITS.unit(text).dimensionality == {"[mass]": 1}]
ATOMS = st.sampled_from(SPELLINGS)
PLAIN = st.sampled_from([text for text in SPELLINGS if not set(text) & set("*·/ ^")])
SPECIFIC = st.tuples(st.sampled_from(MASSES), st.sampled_from(SPECIES)).map("".join)
UNIT = st.lists(PLAIN | SPECIFIC, min_size=1, max_size=3).map("/".join).map(unit)


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_reads_as_pint_reads_it(text: str) -> None:
    theirs = UNITS.quantity(1, text).to_root_units()
    powers = {name[1:-1]: Fraction(power) for name, power in theirs.dimensionality.items()}
    assert dict(unit(text).dimension) == powers
    assert unit(text).factor == theirs.magnitude


@pytest.mark.parametrize("species", SPECIES)
def test_a_mass_of_every_species(species: str) -> None:
    mass = unit(f"t{species}")
    assert dict(mass.dimension) == {"mass": 1, species: 1}
    assert mass.factor_to(unit(f"kg{species}")) == 1000
    with pytest.raises(UnitError):
        mass.factor_to(unit("t"))


@pytest.mark.parametrize(
    ("text", "other", "factor"),
    [
        ("MWh", "GJ", Fraction(18, 5)),
        ("kWh", "MJ", Fraction(18, 5)),
        ("1e4 kWh", "MWh", 10),
        ("%", "1", Fraction(1, 100)),
        ("‰", "1", Fraction(1, 1000)),
        ("‰", "%", Fraction(1, 10)),
        ("kcal_IT", "kJ", Fraction("4.1868")),
        ("kcal_20", "kJ", Fraction("4.1816")),
        ("亩", "m^2", Fraction(2000, 3)),
        ("万Nm3", "m^3", 10000),
        ("tCO2/MWh", "kgCO2/kWh", 1),
        ("tC/GJ", "tC/TJ", 1000),
        ("GJ/1e4 m^3", "kJ/m^3", 100),
        ("mg/m^3", "g/1e4 m^3", 10),
        ("MPa", "bar", 10),
        ("tex", "g/km", 1),
        ("kW", "kWh/h", 1),
        ("t", "kg", 1000),
        ("1e8 CNY", "万元", 10000),
    ],
)
def test_known_factors(text: str, other: str, factor: Fraction) -> None:
    assert unit(text).factor_to(unit(other)) == factor


@pytest.mark.parametrize("coal", ["kgce", "tce", "1e4 tce", "kgoe", "toe"])
@pytest.mark.parametrize("energy", ["kWh", "GJ", "kcal_IT"])
def test_coal_equivalent_is_no_energy(coal: str, energy: str) -> None:
    with pytest.raises(UnitError):
        unit(coal).factor_to(unit(energy))
    assert convertible(energy, unit(coal)) is None


def test_coal_and_oil_equivalent_differ() -> None:
    with pytest.raises(UnitError):
        unit("tce").factor_to(unit("toe"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "T",
        "KG",
        "kcal",
        "cal",
        "ton",
        "kw",
        "mwh",
        "Mwh",
        "tco2",
        "GJ//t",
        "GJ/",
        "/t",
        "t CO2 x",
        "10 t",
        "t²",
        "吨吨",
    ],
)
def test_unknown_spellings_are_refused(text: str) -> None:
    with pytest.raises(UnitError):
        unit(text)


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    with suppress(UnitError):
        assert isinstance(unit(text), Unit)


@settings(max_examples=200, deadline=None)
@given(UNIT, UNIT, UNIT)
def test_factors_are_antisymmetric_and_transitive(a: Unit, b: Unit, c: Unit) -> None:
    alike_b = Unit("b", b.factor, a.dimension)
    alike_c = Unit("c", c.factor, a.dimension)
    assert a.factor_to(alike_b) * alike_b.factor_to(a) == 1
    assert a.factor_to(alike_b) * alike_b.factor_to(alike_c) == a.factor_to(alike_c)
    assert a.factor_to(a) == 1


@settings(max_examples=200, deadline=None)
@given(UNIT, UNIT)
def test_products_and_quotients(a: Unit, b: Unit) -> None:
    assert (a * b).factor_to(b * a) == 1
    assert (a * b / b).factor_to(a) == 1
    assert (a / a).dimension == ONE.dimension
    assert (a * a).factor_to(a ** Fraction(2)) == 1


@settings(max_examples=200, deadline=None)
@given(UNIT, UNIT)
def test_a_product_is_written_so_that_it_reads_back(a: Unit, b: Unit) -> None:
    for made in (a * b, a / b):
        assert (unit(made.text).factor, unit(made.text).dimension) == (made.factor, made.dimension)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SPECIES), st.sampled_from(SPECIES), st.sampled_from(MASSES), st.sampled_from(MASSES))
def test_a_species_cancels_only_itself(one: str, other: str, mass: str, mass_2: str) -> None:
    quotient = unit(f"{mass}{one}") / unit(f"{mass_2}{other}")
    assert (quotient.dimension == ()) == (one == other)


@pytest.mark.parametrize("ratio", sorted(UNITS.ratios))
def test_a_molar_ratio_changes_the_species(ratio: str) -> None:
    above, below = (int(part) for part in ratio.split("/"))
    gained, spent = UNITS.ratios[ratio]
    change = ratio_unit(above, below)
    assert change is not None
    assert (unit(f"t{spent}") * change).factor_to(unit(f"t{gained}")) == 1
    assert ratio_unit(below + 1, above) is None


def test_the_gas_of_a_row() -> None:
    assert unit("kg{gas}").markers == ("gas",)
    assert unit("kg{gas}").renamed("gas", "CH4") == unit("kgCH4")
    with pytest.raises(UnitError):
        unit("kg{gas}").factor_to(unit("kgCH4"))


@pytest.mark.parametrize(
    ("typed", "target", "factor"),
    [
        ("%", "tC/t", Fraction(1, 100)),
        ("kg", "t", Fraction(1, 1000)),
        ("%", "GJ/t", None),
        ("tCH4", "tCO2", None),
        ("万kWh", "kWh/a", Fraction(10_000)),  # of a year's amount the /a may be left out
        ("t", "kWh/a", None),
        ("t", "t/ha/a", None),
    ],
)
def test_what_a_user_may_type(typed: str, target: str, factor: Fraction | None) -> None:
    assert convertible(typed, unit(target)) == factor


@settings(deadline=None)
@given(st.decimals(min_value=-10000, max_value=10000, places=3), ATOMS)
def test_a_quantity_splits_into_number_and_unit(number: object, text: str) -> None:
    assert split_quantity(f"{number} {text}") == (str(number), text)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("1e4 CNY", "万元", "10⁴ CNY"),
        ("tce/1e4 CNY", "tce/万元", "tce/10⁴ CNY"),
        ("kgCO2e/piece", "kgCO2e/个", "kgCO2e/piece"),
        ("kgce/weight case", "kgce/重量箱", "kgce/weight case"),
        ("GJ/1e4 m^3", "GJ/10⁴ m³", "GJ/10⁴ m³"),
        ("1", "", ""),
    ],
)
def test_a_unit_is_told_in_the_language_of_its_reader(text: str, chinese: str, english: str) -> None:
    assert (unit_text(unit(text), "zh"), unit_text(unit(text))) == (chinese, english)
