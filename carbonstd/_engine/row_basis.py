"""On which basis each row of a sheet is measured: as its table row says, else as the typed unit tells."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import RawSheet
from carbonstd._case.cells import as_text, blank
from carbonstd._definitions.method import Column, Sheet
from carbonstd._engine.run import Run
from carbonstd._findings import Finding, finding
from carbonstd._language.shape import BASIS
from carbonstd._ledger.ledger import SheetData
from carbonstd._units import convertible, split_quantity


def tell_bases(run: Run, data: SheetData, raw: RawSheet | None) -> Iterator[Finding]:
    """Give each row of a sheet its basis; a row whose basis nothing tells is told."""
    if len(data.sheet.bases) == 1:
        return
    key = key_column(data.sheet)
    data.basis = codes = _from_table(run, data)
    for row in np.flatnonzero(codes < 0).tolist():
        if raw is not None:
            codes[row] = _from_units(raw, data.sheet, row)
        if codes[row] < 0 and key and data.codes[key][row] >= 0:
            label = run.axes.labels[key][int(data.codes[key][row])]
            # A label may rightly be blank: then what is wanting is the number's unit, which is told.
            if label or (raw is not None and _has_unit(raw, data.sheet, row)):
                values = {"label": label, "bases": ", ".join(data.sheet.bases)}
                yield finding("basis-unknown", data.place(key, row), **values)
    if BASIS not in data.sheet.columns:
        data.codes[BASIS] = run.axes.recode(BASIS, [*data.sheet.bases, ""], codes)


def key_column(sheet: Sheet) -> str:
    """The label that tells the basis of a row; empty where none does."""
    names = list(sheet.basis.names()) if sheet.basis is not None else []
    return next((name for name in names if name in sheet.axes), "")


def _from_table(run: Run, data: SheetData) -> NDArray[np.int64]:
    """The basis of each row as its table row says; -1 where none does."""
    compiled = run.program.bases.get(data.sheet.id)
    if compiled is None or not data.rows:
        return np.full(data.rows, -1, dtype=np.int64)
    array = run.by_row(compiled, data.sheet.id, f"{data.sheet.id} basis")
    labels = [*run.axes.labels.get(array.labels or "", []), ""]
    place = {name: index for index, name in enumerate(data.sheet.bases)}
    return np.array([place.get(label, -1) for label in labels], dtype=np.int64)[array.data]


def _has_unit(raw: RawSheet, sheet: Sheet, row: int) -> bool:
    return any(_unit_typed(raw, column, row) for column in sheet.columns.values() if column.by_basis)


def _unit_typed(raw: RawSheet, column: Column, row: int) -> str:
    """The unit a user typed with a number, in its own cell or behind the number; blank where there is none."""
    cell, typed = (raw.columns.get(name, [None] * (row + 1))[row] for name in (column.name, f"{column.name}_unit"))
    if not blank(typed):
        return as_text(typed)
    return split_quantity(as_text(cell))[1] if isinstance(cell, str) else ""


def _from_units(raw: RawSheet, sheet: Sheet, row: int) -> int:
    """The basis told by the unit a user typed, for a row whose key is in no table; -1 where none tells."""
    for column in sheet.columns.values():
        if column.by_basis:
            spelling = _unit_typed(raw, column, row)
            factors = [convertible(spelling, target) if spelling else None for target in column.units.values()]
            fitting = [index for index, factor in enumerate(factors) if factor is not None]
            if fitting:  # GJ may be heat or electricity: the basis whose own unit it is
                return factors.index(Fraction(1)) if Fraction(1) in factors else fitting[0] if len(fitting) == 1 else -1
    return -1
