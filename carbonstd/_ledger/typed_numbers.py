"""The numbers of one column as they were typed, read into its unit: `1,2 t`, a unit in a cell of its own, a share.

Plain numbers are taken at once, all others one by one, exactly. What cannot be read is a finding, and missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.cells import ShownPerCent, as_text, blank, distinct, no_figure, number_in, plain_numbers
from carbonstd._definitions.method import Column
from carbonstd._findings import Finding, finding
from carbonstd._ledger.arithmetic import NAN
from carbonstd._ledger.ledger import SheetData
from carbonstd._number import as_doubles, exact
from carbonstd._units import Unit, calorie_unnamed, convertible

_HUGE = 1e100  # nothing in the world is as large, and ten thousand digits would take long to read


class TypedNumbers:
    """Reads the cells of one column; `units` are the cells beside it, where units were typed apart.

    Rows of a column `by_basis` are of the unit of their basis (`data.basis`).
    """

    def __init__(self, column: Column, cells: Sequence[Any], units: Sequence[Any] | None, data: SheetData) -> None:
        self.column, self.cells, self.units, self.data = column, cells, units, data
        self.findings: list[Finding] = []
        self.basis = data.basis if column.by_basis else None

    def values(self) -> NDArray[np.float64]:
        """The numbers, NaN where a cell is blank or unreadable. Shape (rows,)."""
        values = _plain_column(self.cells)
        if values is None or self.units is not None:
            return self._one_by_one(values)
        if self.basis is not None and self.basis.min(initial=0) < 0:
            return self._of_basis(values, self.basis)
        return values

    def _one_by_one(self, fast: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Cells of any kind: plain numbers in the column's own unit at once, all others one by one."""
        cells, units, targets = self.cells, self.units, list(self.column.units.values())
        values = plain_numbers(cells) if fast is None else fast.copy()  # to the last bit as without units
        basis = self.basis if self.basis is not None else np.zeros(len(cells), dtype=np.int64)
        plain = ~np.isnan(values) & (basis >= 0)
        if units is not None:
            plain &= _in_own_unit(units, targets, basis)
        typed = self.data.typed[self.column.name] = {}
        for row in np.flatnonzero(~plain).tolist():
            cell, values[row] = cells[row], NAN
            if blank(cell):
                continue
            if basis[row] < 0:
                self._no_basis(cell, units[row] if units is not None else None, row)
                continue
            typed_unit = as_text(units[row]) if units is not None else ""
            value = self._quantity(cell, typed_unit, targets[basis[row]], row)
            if value is not None:
                typed[row], values[row] = value, float(value)
        return values

    def _of_basis(self, values: NDArray[np.float64], basis: NDArray[np.int64]) -> NDArray[np.float64]:
        """Numbers of the rows that have a basis; one of a row that has none is told, it is not blank."""
        for row in np.flatnonzero((basis < 0) & ~np.isnan(values)):
            self._no_basis(float(values[row]), None, int(row))
        return np.where(basis < 0, NAN, values)

    def _no_basis(self, cell: Any, typed_unit: Any, row: int) -> None:
        """A figure of a row that nothing tells the measure of: its unit is wanting, or of no measure of the column."""
        typed = number_in(as_text(cell))
        unit = (typed[1] if typed else "") or ("" if blank(typed_unit) else as_text(typed_unit))
        wanted = ", ".join(item.text for item in self.column.units.values())
        if typed is None:
            nothing = {"kind": "nothing"} if no_figure(cell) else {}
            self._report("not-a-number", row, found=as_text(cell)[:40], unit=wanted, **nothing)
        elif not unit:
            # No unit is chosen for the user: a kg written for a record in t is an error of a thousandfold.
            self._report("unit-missing", row, found=typed[0], unit=wanted)
        elif all(convertible(unit, item) is None for item in self.column.units.values()):
            self._report("wrong-unit", row, found=unit, unit=wanted)

    def _quantity(self, cell: Any, typed_unit: str, target: Unit, row: int) -> Fraction | None:
        """What a cell says, in the unit `target`; None where that is told to be unreadable."""
        if isinstance(cell, bool | date | datetime):
            return self._none("not-a-number", row, str(cell), target)
        if isinstance(cell, int | float | Decimal | Fraction | np.integer | np.floating):
            if not -_HUGE < cell < _HUGE:
                return self._none("not-a-number", row, "±1e100", target)
            number = exact(cell if isinstance(cell, int | Decimal | Fraction) else float(cell))
            # A share that is shown as 30 % is one, whatever unit its heading names.
            return self._converted(number, "1" if isinstance(cell, ShownPerCent) else typed_unit, target, row)
        typed = number_in(str(cell))
        if typed is None:
            return self._none("not-a-number", row, str(cell)[:40], target)
        digits, suffix, number = typed
        if suffix and typed_unit and suffix != typed_unit:
            return self._none("unit-twice", row, f"{suffix} / {typed_unit}", target)
        spelling = suffix or typed_unit
        value = self._converted(number, spelling, target, row)
        if value is not None and isinstance(cell, str) and digits != cell.strip():
            self._report("read-as", row, found=cell, value=f"{digits} {spelling}".strip())
        return value

    def _converted(self, number: Fraction, spelling: str, target: Unit, row: int) -> Fraction | None:
        factor = convertible(spelling, target) if spelling else Fraction(1)
        if factor is not None:
            return number * factor
        plain = "unit-of-number" if target.text in ("", "1") else "wrong-unit"
        return self._none("calorie-unnamed" if calorie_unnamed(spelling) else plain, row, spelling, target)

    def _none(self, code: str, row: int, found: str, target: Unit) -> Fraction | None:
        """Say why a cell gives no number."""
        nothing = {"kind": "nothing"} if code == "not-a-number" and no_figure(found) else {}
        self._report(code, row, found=found, unit=target.text, **nothing)
        return None

    def _report(self, code: str, row: int, **values: Any) -> None:
        self.findings.append(finding(code, self.data.place(self.column.name, row), column=self.column.label, **values))


def _plain_column(cells: Sequence[Any]) -> NDArray[np.float64] | None:
    """Float columns of a DataFrame need no cell-by-cell reading."""
    dtype = getattr(cells, "dtype", None)
    if dtype is None or getattr(dtype, "kind", "") not in "fiu":
        return None
    convert = getattr(cells, "to_numpy", None)  # pandas' own integers hold NA, which numpy refuses
    width = dtype.itemsize if dtype.kind == "f" else 8
    return as_doubles(convert(dtype=f"f{width}", na_value=NAN) if convert else np.asarray(cells))


def _in_own_unit(units: Sequence[Any], targets: Sequence[Unit], basis: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the unit typed in each row is blank or the column's own, so that the number stands as it is."""
    different, places = distinct(units)
    texts = [as_text(item) for item in different]
    own = [[not text or convertible(text, target) == 1 for target in targets] for text in texts]
    return np.array(own, dtype=bool)[places, basis]
