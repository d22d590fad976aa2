"""On which basis each row of a sheet is measured: as its table row says, else as the typed unit tells."""

from __future__ import annotations

from fractions import Fraction

from carbonstd._case import RawSheet
from carbonstd._cells import (
    as_text,
    blank,
)
from carbonstd._method import Column, Sheet
from carbonstd._units import convertible, split_quantity


def unit_typed(raw: RawSheet, column: Column, row: int) -> str:
    """The unit a user typed with a number, in its own cell or behind the number; blank where there is none."""
    cell, typed = (raw.columns.get(name, [None] * (row + 1))[row] for name in (column.name, f"{column.name}_unit"))
    if not blank(typed):
        return as_text(typed)
    return split_quantity(as_text(cell))[1] if isinstance(cell, str) else ""


def basis_from_units(raw: RawSheet, sheet: Sheet, row: int) -> int:
    """The basis told by the unit a user typed, for a row whose key is in no table; -1 where none tells."""
    for column in sheet.columns.values():
        if column.by_basis:
            spelling = unit_typed(raw, column, row)
            factors = [convertible(spelling, target) if spelling else None for target in column.units.values()]
            fitting = [index for index, factor in enumerate(factors) if factor is not None]
            if fitting:  # GJ may be heat or electricity: the basis whose own unit it is
                return factors.index(Fraction(1)) if Fraction(1) in factors else fitting[0] if len(fitting) == 1 else -1
    return -1
