"""Units: a closed list of spellings, exact factors, and species (element, gas) as dimensions.

A unit such as `tCO2/MWh` is read once into an exact factor and a dimension. Mass of a species is a dimension
of its own, so that tC and tCO2 never add, and coal equivalent is not energy. No unit object travels with a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from carbonstd._errors import UnitError
from carbonstd._findings import Language, finding

Dimension = tuple[tuple[str, Fraction], ...]
NONE: Dimension = ()
_BASE_DIMENSIONS = {
    "mass",
    "length",
    "time",
    "year",
    "temperature",
    "energy",
    "coal_equivalent",
    "oil_equivalent",
    "currency",
    "count",
    "animal",
    "person",
    "weight_case",
    "substance",
    "container",
    "apparent_power",
    "luminous_flux",
}


@dataclass(frozen=True)
class Unit:
    """A unit: how it is written, its exact factor to the coherent unit of its dimension, its dimension."""

    text: str
    factor: Fraction
    dimension: Dimension

    def __mul__(self, other: Unit) -> Unit:
        return Unit(
            _joined(self.text, "*", other.text),
            self.factor * other.factor,
            _add(self.dimension, other.dimension, 1),
        )

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(
            _joined(self.text, "/", other.text),
            self.factor / other.factor,
            _add(self.dimension, other.dimension, -1),
        )

    def __pow__(self, exponent: Fraction) -> Unit:
        if self == ONE or exponent == 1:
            return self
        if exponent.denominator != 1 and self.factor != 1:
            raise UnitError(findings=[finding("unit-root", unit=self.text, exponent=str(exponent))])
        dimension = tuple((name, power * exponent) for name, power in self.dimension if exponent)
        factor = self.factor**exponent.numerator if exponent.denominator == 1 else Fraction(1)
        return Unit(f"({self.text})^{exponent}", factor, dimension)

    def factor_to(self, other: Unit) -> Fraction:
        """The exact number that turns a value in this unit into one in `other`. Raises UnitError."""
        if self.dimension != other.dimension:
            raise UnitError(
                findings=[finding("unit-mismatch", unit=self.text, dimension=str(self), expected=other.text)]
            )
        return self.factor / other.factor

    def adds_to(self, whole: Unit) -> Fraction | None:
        """The factor by which a figure enters a sum in `whole`, where CO2 counts as CO2e; None where it cannot."""
        same = self.dimension
        if any(name == "CO2e" for name, _ in whole.dimension):
            same = _add(NONE, tuple(("CO2e" if name == "CO2" else name, power) for name, power in same), 1)
        return self.factor / whole.factor if same == whole.dimension else None

    def renamed(self, marker: str, species: str) -> Unit:
        """Replace the species marker `{marker}` by a species or by another marker."""
        old, new = f"{{{marker}}}", species
        if not any(name == old for name, _ in self.dimension):
            return self
        renamed = [(new if name == old else name, power) for name, power in self.dimension]
        return Unit(self.text.replace(old, new), self.factor, _add(NONE, tuple(renamed), 1))

    @property
    def ratio(self) -> bool:
        """Whether it is one quantity for each of another: no amount, and no amount of a year."""
        above, *below = self.text.split("/")
        return above in ("1", "%") or any(part not in _TIMES for part in below)

    @property
    def markers(self) -> tuple[str, ...]:
        """Names of key columns whose label says which species a row holds."""
        return tuple(name[1:-1] for name, _ in self.dimension if name.startswith("{"))

    def __str__(self) -> str:
        above = [_power(name, power) for name, power in self.dimension if power > 0]
        below = [_power(name, -power) for name, power in self.dimension if power < 0]
        text = "·".join(above) or "1"
        return f"{text}/{'/'.join(below)}" if below else text


ONE = Unit("1", Fraction(1), NONE)
_TIMES = ("a", "d", "h")  # an amount of a year is an amount


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Read a unit such as `tCO2/MWh`, `GJ/1e4 m^3`, `kg{gas}` or `%`. Raises UnitError for any other spelling."""
    return _Reader(text).read()


def is_unit(text: str) -> bool:
    """Whether a text is a unit we know."""
    try:
        unit(text)
    except UnitError:
        return False
    return True


def convertible(spelling: str, target: Unit) -> Fraction | None:
    """The factor from a spelling typed by a user to `target`, or None where it is no such unit.

    A mass fraction of a species (tC/t) may be typed as a percentage; where the gas differs by row (kg{gas}) a plain
    mass is meant of the row's gas. Of a year's amount the `/a` may be left out: 9.6 万kWh where kWh/a is asked.
    """
    factor = _convertible(spelling, target)
    if factor is None and target.text.endswith("/a") and target.text.count("/") == 1:
        return _convertible(f"{spelling}/a", target)
    return factor


def _convertible(spelling: str, target: Unit) -> Fraction | None:
    try:
        typed = unit(spelling)
        fraction = all(name not in _BASE_DIMENSIONS for name, _ in target.dimension)
        plain = tuple(part for part in target.dimension if not part[0].startswith("{"))
        if (fraction and not typed.dimension) or typed.dimension == plain:
            return typed.factor / target.factor
        return typed.factor_to(target)
    except UnitError:
        return None


def ratio_unit(numerator: int, denominator: int) -> Unit | None:
    """The species change carried by a molar ratio such as 44/12, or None if it is not on the list."""
    text = _spellings()["molar_ratios"].get(f"{numerator}/{denominator}")
    if text is None:
        return None
    above, below = text.split("/")
    return Unit(text, Fraction(1), _add(((above, Fraction(1)),), ((below, Fraction(1)),), -1))


def split_quantity(text: str) -> tuple[str, str]:
    """Split `12.5 万Nm3` into its number and its unit; either may be empty. `1 000 t` is a thousand tonnes."""
    match = _QUANTITY.match(text)
    return (match[1], match[2]) if match else ("", text)


def calorie_unnamed(spelling: str) -> bool:
    """Whether a unit is written in calories without saying which: 4.1868 and 4.1816 J are both in use.

    >>> calorie_unnamed("kcal/kg"), calorie_unnamed("千卡/千克"), calorie_unnamed("kcal_IT/kg")
    (True, True, False)
    """
    return re.search(r"大卡|千卡|(?<![A-Za-z])k?cal(?![A-Za-z_])", spelling, re.IGNORECASE) is not None


_QUANTITY = re.compile(
    r"\s*([-+]?(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[\d.,]*)(?:[eE][-+]?\d+(?=\s|$))?)\s*(.*?)\s*$"
)


_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def value_in(value: float, of: str, to: str) -> float | None:
    """A value in the unit `of` in the unit `to`; None where they are of two kinds."""
    typed, wanted = unit(of), unit(to)
    return value * float(typed.factor_to(wanted)) if typed.dimension == wanted.dimension else None


def unit_text(unit: Unit, language: Language = "en") -> str:
    """A unit for a reader: `10⁴ m³` for `1e4 m^3`, 万元 where Chinese has a word, nothing for a pure number."""
    return "" if unit.text == "1" else unit_words(_printed(unit.text), language)


def unit_words(text: str, language: Language) -> str:
    """The text of a unit in a language: `10⁴ CNY` or `1e4 CNY` is 万元 in Chinese; a unit without a word stays.

    >>> unit_words("tCO2/10⁴ CNY", "zh"), unit_words("10⁴ m³", "zh"), unit_words("10⁴ CNY", "en")
    ('tCO2/万元', '10⁴ m³', '10⁴ CNY')
    """
    return _chinese_pattern().sub(lambda match: _chinese_words()[match[0]], text) if language == "zh" else text


def _printed(text: str) -> str:
    text = re.sub(r"\b1e(\d+)", r"10^\1", text).replace("degC", "°C")
    return re.sub(r"\^(\d+)", lambda match: match[1].translate(_SUPERSCRIPT), text)


@cache
def _chinese_words() -> dict[str, str]:
    """The Chinese of a unit by its first spelling, as it is written and as it is printed."""
    listed = (_spellings()["units"][name] for name in _spellings()["in_chinese"])
    found = ((first, next(text for text in more if "\u4e00" <= text[0] <= "\u9fff")) for first, *more in listed)
    return {text: chinese for first, chinese in found for text in (first, _printed(first))}


@cache
def _chinese_pattern() -> re.Pattern[str]:
    longest_first = sorted(_chinese_words(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


class _Reader:
    """Reads `unit := factor (('*' | '·' | '/') factor)*`, `factor := atom ['^' integer]`.

    An atom is a spelling, a mass of a species (tCO2), a species, 1 or a unit in brackets.
    """

    def __init__(self, text: str) -> None:
        self.text, self.position = text, 0

    def read(self) -> Unit:
        value = self._product()
        if self.position != len(self.text):
            raise self._unknown()
        return Unit(self.text.strip(), value.factor, value.dimension)

    def _product(self) -> Unit:
        value = self._factor()
        while (operator := self._take(r"\s*([*·/])\s*")) is not None:
            other = self._factor()
            value = value / other if operator == "/" else value * other
        return value

    def _factor(self) -> Unit:
        base = self._atom()
        exponent = self._take(r"\^(-?\d+)")
        return base ** Fraction(exponent) if exponent else base

    def _atom(self) -> Unit:
        if self._take(r"\s*(\()") is not None:
            value = self._product()
            if self._take(r"\s*(\))") is None:
                raise self._unknown()
            return value
        name = self._take(_atoms())
        if name is None:
            species = self._take(rf"({_species_pattern()})(?![A-Za-z0-9])")
            if species is not None:
                return Unit(species, Fraction(1), ((species, Fraction(1)),))
            if self._take(r"(1)(?![\d.])") is not None:
                return ONE
            raise self._unknown()
        value = _atom_units()[name]
        species = self._take(rf"({_species_pattern()}|\{{\w+\}})(?![A-Za-z0-9])")
        if species is not None and value.dimension == _mass():
            return Unit(name + species, value.factor, _add(value.dimension, ((species, Fraction(1)),), 1))
        if species is not None:
            raise self._unknown()
        return value

    def _take(self, pattern: str) -> str | None:
        match = _compiled(pattern).match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return match[1]

    def _unknown(self) -> UnitError:
        return UnitError(findings=[finding("unit-unknown", unit=self.text, rest=self.text[self.position :])])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _spellings() -> Mapping[str, Any]:
    from carbonstd._yaml import load_file

    loaded: Mapping[str, Any] = load_file(Path(__file__).with_name("spellings.yaml"))
    return loaded


@cache
def _atom_units() -> Mapping[str, Unit]:
    import pint

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction)
    registry.load_definitions(Path(__file__).with_name("units.txt").read_text(encoding="utf-8").splitlines())
    units = {}
    for name, spellings in _spellings()["units"].items():
        factor, base = registry.get_root_units(name)
        powers = registry.get_dimensionality(base)
        dimension = _add(NONE, tuple((str(key)[1:-1], Fraction(power)) for key, power in powers.items()), 1)
        for spelling in spellings:
            units[str(spelling)] = Unit(str(spellings[0]), Fraction(factor), dimension)
    return units


@cache
def _mass() -> Dimension:
    return (("mass", Fraction(1)),)


@cache
def _atoms() -> str:
    names = sorted((str(name) for group in _spellings()["units"].values() for name in group), key=len, reverse=True)
    end = r"(?![A-Za-z0-9])"
    species = rf"(?=(?:{_species_pattern()})(?![A-Za-z0-9])|\{{)"
    return rf"\s*({'|'.join(re.escape(name) for name in names)})(?:{end}|{species})"


@cache
def _species_pattern() -> str:
    return "|".join(re.escape(name) for name in sorted(map(str, _spellings()["species"]), key=len, reverse=True))


def _add(left: Dimension, right: Dimension, sign: int) -> Dimension:
    total = dict(left)
    for name, power in right:
        total[name] = total.get(name, Fraction(0)) + sign * power
    return tuple(sorted((name, power) for name, power in total.items() if power))


def _joined(left: str, operator: str, right: str) -> str:
    if right == "1":
        return left
    if left == "1" and operator == "*":
        return right
    return f"{left}{operator}({right})" if re.search(r"[*/·]", right) else f"{left}{operator}{right}"


def _power(name: str, power: Fraction) -> str:
    return name if power == 1 else f"{name}^{power}"
