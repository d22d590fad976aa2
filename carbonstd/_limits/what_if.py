"""What is supposed of a plant: other cells of what is judged, such as its class, and a measure that saves energy.

A supposition changes a copy of the plant's data before it is judged, or the indicator of the verdict; the plant's own
file and its own record stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import number_in
from carbonstd._definitions.method import Method
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._language import expression as ex
from carbonstd._ledger.ledger import find_sheet
from carbonstd._limits.input import object_sheet
from carbonstd._result.verdict import Grade, Verdict, judged_at
from carbonstd._units import convertible
from carbonstd._workbook.layout import Headings

_CELLS, _SAVES = "--what-if", "--saves"


@dataclass(frozen=True)
class Saving:
    """What a measure takes off an indicator: an amount in a unit, or a share of it (`unit` is `%`)."""

    typed: str
    amount: Fraction
    unit: str

    def of(self, verdict: Verdict) -> Fraction | None:
        """What it takes off in the unit of the verdict; None where it does not reach it.

        An indicator that is itself a distance in per cent, as that of the NDRC's levels, is no consumption.
        """
        if verdict.rule.unit.text == "%":
            return None
        if self.unit == "%":
            return abs(verdict.value) * self.amount / 100
        factor = convertible(self.unit, verdict.rule.unit)
        return None if factor is None else self.amount * factor


@dataclass(frozen=True)
class Supposed:
    """A case with the cells put in, the columns that changed, and the headings that the method does not know."""

    case: Case
    changed: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """Cells by their heading, as typed, and a saving."""

    cells: Mapping[str, str] = field(default_factory=dict)
    saving: Saving | None = None

    @property
    def text(self) -> str:
        typed = [f"{name}={value}" for name, value in self.cells.items()]
        return "; ".join([*typed, *([f"-{self.saving.typed}"] if self.saving else [])])

    def supposed(self, case: Case, method: Method) -> Supposed:
        """The case with the cells put in. Raises CaseError where two headings mean one column."""
        sheet = object_sheet(method)
        raw = find_sheet(case, method, sheet)
        headings = Headings(sheet)
        found = {name: headings.find(name) for name in self.cells}
        asked = {name: target.column for name, target in found.items() if target and target.role == "value"}
        unknown = tuple(name for name in found if name not in asked)
        twice = [name for name, column in asked.items() if list(asked.values()).count(column) > 1]
        if twice:
            raise CaseError(findings=[finding("what-if-twice", _CELLS, found=" / ".join(twice))])
        if raw is None or not asked:
            return Supposed(case, unknown=unknown)
        taken = {
            column: f"{self.cells[name]} {headings.unit_of(name, sheet.columns[column])}".strip()
            for name, column in asked.items()
        }
        columns: dict[str, Sequence[Any]] = {
            name: cells for name, cells in raw.columns.items() if name.removesuffix("_unit") not in taken
        }
        columns |= {name: [value] * raw.rows for name, value in taken.items()}

        def place(column: str, row: int) -> str:
            return f"{_CELLS} {column}" if column in taken else raw.place(column, row)

        sheets = {name: RawSheet(columns, place) if item is raw else item for name, item in case.sheets.items()}
        return Supposed(replace(case, sheets=sheets), frozenset(taken), unknown)

    def judged(self, verdict: Verdict) -> Verdict:
        """The verdict with the saving taken off its indicator; what is supposed is no formal comparison."""
        if verdict.grade is Grade.FORMAL:
            verdict = replace(verdict, grade=Grade.REFERENCE)
        amount = self.saving.of(verdict) if self.saving else None
        return verdict if amount is None or self._exceeds(verdict) else judged_at(verdict, verdict.value - amount)

    def slips(self, verdict: Verdict, supposed: Supposed) -> list[Finding]:
        """Why a supposition gives no answer for an indicator."""
        own = verdict.rule.own_limit
        stale = (
            verdict.own_reason and supposed.changed and not (isinstance(own, ex.Name) and own.name in supposed.changed)
        )
        found = [finding("own-limit-other-class", verdict.rule.id, verdict.rule.clause)] if stale else []
        if self.saving is not None and self._exceeds(verdict):
            told = {"saving": self.saving.typed, "indicator": verdict.rule.label}
            found.append(finding("saving-exceeds", verdict.rule.id, **told))
        return found

    def _exceeds(self, verdict: Verdict) -> bool:
        """Whether more would be saved than is used."""
        amount = self.saving.of(verdict) if self.saving else None
        return amount is not None and 0 < verdict.value < amount


def what_if(cells: Sequence[str], saves: str) -> WhatIf | None:
    """What is typed as `COLUMN=VALUE` and as a saving; None where nothing is. Raises CaseError with every slip."""
    problems: list[Finding] = []
    found: dict[str, str] = {}
    for typed in cells:
        name, sign, value = (part.strip() for part in typed.replace("＝", "=").partition("="))
        if not (name and sign and value):
            problems.append(finding("what-if-unreadable", _CELLS, found=typed))
        elif name in found:
            problems.append(finding("what-if-twice", _CELLS, found=name))
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
    unit = "%" if read[1] in ("%", "％") else read[1]
    return None if unit == "%" and read[2] > 100 else Saving(typed.strip(), read[2], unit)
