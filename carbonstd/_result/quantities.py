"""Quantities that were entered: which rows are alike, what a column comes to over them, what a case has of each key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Column, Sheet
from carbonstd._engine.run import Run
from carbonstd._ledger.ledger import SheetData
from carbonstd._trace.trace import decoded
from carbonstd._units import unit

Labels = tuple[str, ...]

_LEVELS = {unit(text).dimension for text in ("Pa", "degC", "V", "m", "a", "W", "tex", "kVA", "lm")}  # no amounts


def summed(column: Column) -> str:
    """How rows of several months make one figure: all are added, the first or last stands, or none does."""
    if column.summed:
        return column.summed
    measured = column.unit
    return "none" if measured.ratio or "/" in measured.text or measured.dimension in _LEVELS else "all"


def telling(sheet: Sheet) -> list[str]:
    """The columns of labels that tell what a row is, but for the month and how a figure was found."""
    found = {sheet.found_by(name) for name, column in sheet.columns.items() if column.kind == "number"}
    return [name for name in sheet.axes if name != "month" and name not in found]


def keys_of(sheet: Sheet) -> list[str]:
    """The telling columns whose labels are terms, such as fuels: they are the same every year, and names are not."""
    return [name for name in telling(sheet) if sheet.columns[name].vocabulary]


def alike(
    run: Run, data: SheetData, names: Sequence[str], by_basis: bool
) -> Iterator[tuple[Labels, NDArray[np.int64]]]:
    """The rows with the same labels in `names` (and on the same basis), in the order in which they appear."""
    keys = [data.codes[name] for name in names]
    keys += [data.basis] if by_basis and data.basis is not None else []
    if not keys:
        yield (), np.arange(data.rows)
        return
    _, first, group = np.unique(np.stack(keys), axis=1, return_index=True, return_inverse=True)
    labels = [decoded(run, name, data.codes[name][first]) for name in names]
    told = list(zip(*labels, strict=True)) or [()] * len(first)
    for at in np.argsort(first):
        yield tuple(map(str, told[at])), np.flatnonzero(group.ravel() == at)


def amount(run: Run, data: SheetData, column: Column, rows: NDArray[np.int64]) -> float | None:
    """The figure of rows alike but for their month; None where nothing was entered, or none stands for them all."""
    how = summed(column)
    values = data.numbers[column.name][rows]
    held = ~np.isnan(values)
    if how == "none" or not held.any():
        return None
    if how != "all" and "month" in data.codes:
        labels = np.array([str(label or "") for label in run.axes.labels["month"]] + [""])  # the last for code -1
        months = labels[data.codes["month"][rows]]
        held &= months == (min(months[held]) if how == "first" else max(months[held]))
    return float(values[held].sum())


def sums(run: Run, data: SheetData, names: Sequence[str]) -> dict[tuple[str, str], dict[Labels, float]]:
    """What a column comes to on a basis, by the labels of `names`: rows of other labels may tell of one amount.

    Each carbonate of a batch of limestone has a row with the mass of the whole batch.
    """
    found: dict[tuple[str, str], dict[Labels, float]] = {}
    groups = list(alike(run, data, names, by_basis=False))
    for name in data.numbers:
        column = data.sheet.columns[name]
        for index, basis in enumerate(column.units if summed(column) != "none" else ()):
            mine = data.basis == index if column.by_basis and data.basis is not None else np.full(data.rows, True)
            figures = ((labels, amount(run, data, column, rows[mine[rows]])) for labels, rows in groups)
            found[name, basis] = {labels: figure for labels, figure in figures if figure is not None}
    return found
