"""What a name in an expression means to the checker, as seen from one sheet of a method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonstd._definitions.method import Column, Sheet
from carbonstd._definitions.table import Table
from carbonstd._language.shape import BASIS, SCALAR, Frame, TableType, Type
from carbonstd._near import suggest
from carbonstd._units import ONE

if TYPE_CHECKING:
    from carbonstd._language.compile import Compiler


class Scope:
    """What a name means: a column of the sheet, another equation, a constant, a single-record column, an axis."""

    def __init__(self, compiler: Compiler, sheet: Sheet | None) -> None:
        self.compiler, self.method, self.sheet = compiler, compiler.method, sheet

    def name(self, name: str) -> Type | None:
        if self.sheet is not None and name in self.sheet.columns:
            return self._column(self.sheet, self.sheet.columns[name])
        if name == BASIS and self.sheet is not None and len(self.sheet.bases) > 1:
            return self._basis(self.sheet)
        if name in self.method.equations:
            return self.compiler.equation(name).type
        if name in self.method.constants:
            return Type("number", (self.method.constants[name].unit,))
        for sheet in self.method.sheets.values():
            if sheet.single and name in sheet.columns:
                return self._column(sheet, sheet.columns[name])
        return self._axis(name)

    def _axis(self, name: str) -> Type | None:
        """An axis by its name: what cells of a table run over, or a key column of a sheet."""
        tables = [
            table
            for table in self.compiler.tables.values()
            if any(column.axis == name for column in table.columns.values())
        ]
        labels = frozenset(label for table in tables for label in table.labels(name))
        if tables or any(name in sheet.axes for sheet in self.method.sheets.values()):
            return Type("label", frame=Frame(axes=(name,)), key=name, labels=labels or None)
        return None

    def member(self, sheet: str, column: str) -> Type | None:
        found = self.method.sheets.get(sheet)
        if found is not None and column == BASIS and column not in found.columns and len(found.bases) > 1:
            return self._basis(found)
        if found is None or column not in found.columns:
            return None
        return self._column(found, found.columns[column])

    def bases(self) -> tuple[str, ...]:
        return self.sheet.bases if self.sheet is not None else ("",)

    def _basis(self, sheet: Sheet) -> Type:
        frame = SCALAR if sheet.single else Frame(sheet.id)
        return Type("label", frame=frame, key=BASIS, labels=frozenset(sheet.bases))

    def _column(self, sheet: Sheet, column: Column) -> Type:
        frame = SCALAR if sheet.single else Frame(sheet.id)
        if column.kind == "number":
            return Type("number", tuple(column.units.values()), frame, basis=column.basis or None)
        labels = self.compiler.library.vocabulary(column.vocabulary).terms if column.vocabulary else None
        return Type("label", frame=frame, key=column.name, labels=None if labels is None else frozenset(labels))

    def table(self, slot: str) -> TableType | None:
        table = self.compiler.tables.get(slot)
        if table is None:
            return None
        by_row = self.sheet is not None and self.sheet.monthly and self.method.slots[slot].select == "in_force"
        return replace(table_type(table), rows_of=self.sheet.id if by_row and self.sheet else "")

    def axes_of(self, sheet: str) -> tuple[str, ...]:
        found = self.method.sheets[sheet]
        return (*found.axes, BASIS) if len(found.bases) > 1 else found.axes

    def suggestions(self, name: str) -> str:
        names = [
            *(self.sheet.columns if self.sheet else ()),
            *self.method.equations,
            *self.method.constants,
            *self.method.slots,
        ]
        return suggest(name, names)


def table_type(table: Table) -> TableType:
    """How the checker sees a table: the types of its columns and the units of its numeric keys."""
    columns = {}
    for name, column in table.columns.items():
        units = tuple(unit for _, unit in sorted(column.units.items())) or (ONE,)
        columns[name] = Type("label" if column.text else "number", units, basis=column.basis or None)
    numeric = {name: key.unit for name, key in table.keys.items() if key.unit is not None}
    axes = {name: column.axis for name, column in table.columns.items() if column.axis}
    return TableType(tuple(table.keys), columns, axes, numeric)
