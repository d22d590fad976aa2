"""Unit texts as pint units, for the oracle: pint does the arithmetic and the conversions, not carbonstd.

The definitions are those of `carbonstd/units.txt`, the spellings those of `carbonstd/spellings.yaml`; every species is
a base unit of its own, so that pint itself refuses to add tCH4 to tCO2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

import pint
import yaml

ZERO = Fraction(0)  # a zero without a unit fits any unit; no other number is without one


class PintUnits:
    def __init__(self) -> None:
        files = resources.files("carbonstd")
        self.registry: Any = pint.UnitRegistry(None, non_int_type=Fraction)
        self.registry.load_definitions(files.joinpath("units.txt").read_text(encoding="utf-8").splitlines())
        spellings = yaml.safe_load(files.joinpath("spellings.yaml").read_text(encoding="utf-8"))
        self.names = {str(text): name for name, texts in spellings["units"].items() for text in texts}
        self.species: set[str] = set()
        self.ratios = {str(ratio): str(change).split("/") for ratio, change in spellings["molar_ratios"].items()}
        for name in spellings["species"]:
            self.define(str(name))
        self.unit = cache(self._unit)

    def define(self, species: str) -> None:
        self.species.add(species)
        self.registry.define(f"{_identifier(species)} = [{_identifier(species)}]")

    def quantity(self, number: Fraction | int, unit: str) -> Any:
        return self.registry.Quantity(Fraction(number), self.unit(unit))

    def entered(self, number: Fraction, unit: str, column_unit: str) -> Any:
        """What a user typed for a column.

        Where the column is of a species and the typed unit is not, the species is the column's: kg for kg of a row's
        gas, per cent for tC/t.
        """
        value, target = self.quantity(number, unit), self.unit(column_unit)
        lacking = (target / value.units).dimensionality
        if lacking and all(name.startswith("[species_") for name in lacking):
            for name, power in lacking.items():
                value = value * self.registry.Unit(name[1:-1]) ** power
        return value.to(target)

    def convert(self, value: Any, unit: str) -> Any:
        """A quantity (or a bare zero) in another unit. Raises pint's DimensionalityError."""
        return self.quantity(0, unit) if isinstance(value, Fraction) else value.to(self.unit(unit))

    def magnitude(self, value: Any, unit: str) -> Fraction:
        """How many of a unit a quantity is; per cent stay per cent."""
        return Fraction(self.convert(value, unit).magnitude)

    def number(self, value: Any) -> Fraction:
        """The number of a quantity, with %, ‰ and the like resolved; in its own unit where it has a dimension."""
        if isinstance(value, Fraction):
            return value
        return Fraction(value.to("").magnitude if value.dimensionless else value.magnitude)

    def molar_ratio(self, above: int, below: int, plain: bool = False) -> Any:
        """44/12 is 44 tCO2 for 12 tC."""
        gained, spent = self.ratios[f"{above}/{below}"]
        change = self.unit("1") if plain else self.unit(gained) / self.unit(spent)
        return self.registry.Quantity(Fraction(above, below), change)

    def root(self, value: Any, function: Callable[[Fraction], Decimal], exponent: Fraction) -> Any:
        """A root in coherent base units, to fifty digits."""
        base = value.to_base_units()
        with localcontext() as context:
            context.prec = 50
            return self.registry.Quantity(Fraction(function(Fraction(base.magnitude))), base.units**exponent)

    def _unit(self, text: str) -> Any:
        text = text.strip()
        if text in ("", "1"):
            return self.registry.dimensionless
        if text in self.names:
            return self.registry.Unit(self.names[text])
        for species in sorted(self.species, key=len, reverse=True):
            head = text.removesuffix(species)
            if text == species:
                return self.registry.Unit(_identifier(species))
            if head != text and head in self.names:
                return self.registry.Unit(self.names[head]) * self.registry.Unit(_identifier(species))
        if text.startswith("(") and text.endswith(")") and _balanced(text[1:-1]):
            return self._unit(text[1:-1])
        for place in range(len(text) - 1, 0, -1):
            left, right = text[:place], text[place + 1 :]
            if text[place] in "*·/" and _balanced(left) and _balanced(right):
                return self.unit(left) / self.unit(right) if text[place] == "/" else self.unit(left) * self.unit(right)
        base, _, exponent = text.rpartition("^")
        if base and re.fullmatch(r"-?\d+", exponent):
            return self.unit(base) ** int(exponent)
        raise KeyError(text)


def _identifier(species: str) -> str:
    return "species_" + re.sub(r"\W", "_", species)


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


UNITS = PintUnits()


def is_zero(value: Any) -> bool:
    """Whether a value is the zero that fits any unit."""
    return isinstance(value, Fraction)


def same_unit(left: Any, right: Any) -> tuple[Any, Any]:
    """A bare zero takes the other's unit."""
    if is_zero(left) and not is_zero(right):
        return 0 * right, right
    return (left, 0 * left) if is_zero(right) and not is_zero(left) else (left, right)


def smaller(left: Any, right: Any) -> Any:
    a, b = same_unit(left, right)
    return a if a <= b else b


def larger(left: Any, right: Any) -> Any:
    a, b = same_unit(left, right)
    return a if a >= b else b


def power(base: Any, exponent: Fraction) -> Any:
    if is_zero(base):
        return ZERO
    if exponent.denominator == 1:
        return base ** int(exponent)
    return UNITS.root(base, lambda number: _decimal(number) ** _decimal(exponent), exponent)


def irrational(function: str, value: Any) -> Any:
    if function == "sqrt":
        return value if is_zero(value) else UNITS.root(value, lambda number: _decimal(number).sqrt(), Fraction(1, 2))
    number = _decimal(UNITS.number(value))
    with localcontext() as context:
        context.prec = 50
        return UNITS.quantity(Fraction(number.exp() if function == "exp" else number.ln()), "1")


def whole_below(value: Any) -> Any:
    return UNITS.quantity(Fraction(math.floor(UNITS.number(value))), "1")


def _decimal(number: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 50
        return Decimal(number.numerator) / Decimal(number.denominator)
