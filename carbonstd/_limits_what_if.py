"""What is supposed of a plant: other cells of what is judged, such as its class, and a measure that saves energy.

A supposition changes a copy of the plant's data before it is judged, or the indicator of the verdict; the plant's own
file and its own record stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from carbonstd._case import Case, RawSheet
from carbonstd._cells import number_in
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._ledger import find_sheet
from carbonstd._limits_input import object_sheet
from carbonstd._method import Method
from carbonstd._units import convertible
from carbonstd._verdict import Verdict, judged_at
from carbonstd._workbook_layout import Headings

_CELLS, _SAVES = "--what-if", "--saves"


@dataclass(frozen=True)
class Saving:
    """What a measure takes off an indicator: an amount in a unit, or a share of it (`unit` is `%`)."""

    typed: str
    amount: Fraction
    unit: str

    def of(self, verdict: Verdict) -> Fraction | None:
        """What it takes off in the unit of the verdict; None where the units do not fit."""
        if self.unit == "%":
            return abs(verdict.value) * self.amount / 100
        factor = convertible(self.unit, verdict.rule.unit)
        return None if factor is None else self.amount * factor


@dataclass(frozen=True)
class WhatIf:
    """Cells by their heading, as typed, and a saving."""

    cells: dict[str, str] = field(default_factory=dict)
    saving: Saving | None = None

    @property
    def text(self) -> str:
        typed = [f"{name}={value}" for name, value in self.cells.items()]
        return "; ".join([*typed, *([f"-{self.saving.typed}"] if self.saving else [])])

    def supposed(self, case: Case, method: Method) -> tuple[Case, list[str]]:
        """The case with the cells put in, and the headings that the method does not know."""
        sheet = object_sheet(method)
        raw = find_sheet(case, method, sheet)
        headings = Headings(sheet)
        found = {name: headings.find(name) for name in self.cells}
        asked = {name: target.column for name, target in found.items() if target and target.role == "value"}
        taken = {column: self.cells[name] for name, column in asked.items()}
        unknown = [name for name in found if name not in asked]
        if raw is None or not taken:
            return case, unknown
        columns: dict[str, Sequence[Any]] = {
            name: cells for name, cells in raw.columns.items() if name.removesuffix("_unit") not in taken
        }
        columns |= {name: [value] * raw.rows for name, value in taken.items()}

        def place(column: str, row: int) -> str:
            return f"{_CELLS} {column}" if column in taken else raw.place(column, row)

        sheets = {name: RawSheet(columns, place) if item is raw else item for name, item in case.sheets.items()}
        return replace(case, sheets=sheets), unknown

    def saved(self, verdict: Verdict) -> Verdict:
        """The verdict with the saving taken off its indicator."""
        amount = self.saving.of(verdict) if self.saving else None
        return verdict if amount is None else judged_at(verdict, verdict.value - amount)


def what_if(cells: Sequence[str], saves: str) -> WhatIf | None:
    """What is typed as `COLUMN=VALUE` and as a saving; None where nothing is. Raises CaseError with every slip."""
    problems: list[Finding] = []
    found: dict[str, str] = {}
    for typed in cells:
        name, sign, value = (part.strip() for part in typed.replace("＝", "=").partition("="))
        if not (name and sign and value):
            problems.append(finding("what-if-unreadable", _CELLS, found=typed))
        found[name] = value
    saving = _saving(saves) if saves.strip() else None
    if saves.strip() and saving is None:
        problems.append(finding("saving-unreadable", _SAVES, found=saves))
    if problems:
        raise CaseError(findings=problems)
    return WhatIf(found, saving) if found or saving else None


def _saving(typed: str) -> Saving | None:
    read = number_in(typed)
    if read is None or not read[1] or read[2] < 0:
        return None
    return Saving(typed.strip(), read[2], "%" if read[1] in ("%", "％") else read[1])
