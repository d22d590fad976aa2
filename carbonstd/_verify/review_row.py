"""One row of a verifier's sheet: its cells as typed, where each stands, and what is wrong with it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from carbonstd._case.case import RawSheet
from carbonstd._case.cells import ShownPerCent, as_text, blank, number_in
from carbonstd._definitions.method import Sheet
from carbonstd._findings import Finding, finding
from carbonstd._number import exact
from carbonstd._units import Unit, convertible, is_unit, unit

_LARGEST_ACCURACY = Fraction(1, 5)  # no meter in use is as bad; 50 is a slip for 0.5


class Row:
    """One row of a verifier's sheet: its cells as typed, and where each stands."""

    def __init__(self, sheet: Sheet, raw: RawSheet, index: int, findings: list[Finding]) -> None:
        self.sheet, self.raw, self.index, self.findings = sheet, raw, index, findings
        self.wrong = False

    def cell(self, name: str) -> Any:
        cells = self.raw.columns.get(name, ())
        return cells[self.index] if self.index < len(cells) else None

    def text(self, name: str) -> str:
        return as_text(self.cell(name))

    def place(self, name: str) -> str:
        return self.raw.place(name, self.index)

    def report(self, code: str, name: str, **values: Any) -> None:
        self.wrong = True
        self.findings.append(finding(code, self.place(name), column=self.sheet.columns[name].label, **values))

    def required(self) -> bool:
        """Whether every required cell is filled; a blank one is a finding."""
        for column in self.sheet.columns.values():
            if column.required and blank(self.cell(column.name)):
                self.report("missing-value", column.name)
        return not self.wrong

    def accuracy(self, name: str) -> Fraction | None:
        """An accuracy as a fraction; it must say per cent, for 0.5 may be a class or a share."""
        cell = self.cell(name)
        if blank(cell):
            return None
        if isinstance(cell, ShownPerCent):
            cell = f"{exact(float(cell)) * 100} %"
        typed = str(cell).strip().lstrip("±")
        number = number_in(typed) if typed.endswith(("%", "％")) else None
        share = number[2] / 100 if number else None
        if share is None or not 0 < share <= _LARGEST_ACCURACY:
            self.report("accuracy-unreadable", name, found=str(cell)[:40])
            return None
        return share

    def number(self, name: str, target: Unit, typed_unit: str = "") -> tuple[Fraction, Fraction] | None:
        """A number in `target` and one of its last digit; None where the cell is blank or (a finding) no number."""
        cell = self.cell(name)
        if blank(cell):
            return None
        text = _decimal(cell) if isinstance(cell, int | float | Decimal | np.number) else str(cell)
        typed = number_in(text)
        if typed is None or isinstance(cell, bool):
            self.report("not-a-number", name, found=str(cell)[:40], unit=target.text)
            return None
        digits, suffix, value = typed
        spelling = suffix or typed_unit
        factor = _factor(spelling, target) if spelling else Fraction(1)
        if factor is None:
            self.report("wrong-unit", name, found=spelling, unit=target.text)
            return None
        decimals = len(digits.partition(".")[2]) if "e" not in digits.casefold() else 0
        return value * factor, factor / 10**decimals


def _factor(spelling: str, target: Unit) -> Fraction | None:
    """The factor to the target; a report may leave the gas out (t, t/MWh) where the figure is of one alone."""
    factor = convertible(spelling, target)
    if factor is not None or not is_unit(spelling):
        return factor
    typed, wanted = unit(spelling), set(target.dimension)
    left = wanted - set(typed.dimension)
    of_gas = set(typed.dimension) <= wanted and all(is_unit(f"t{name}") for name, _ in left)
    return typed.factor / target.factor if left and of_gas else None


def _decimal(cell: Any) -> str:
    """A number as its cell shows it, without an exponent: the decimals that were typed."""
    return format(Decimal(str(exact(cell) if isinstance(cell, Fraction) else cell)).normalize(), "f")
