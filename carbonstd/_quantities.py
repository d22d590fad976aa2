"""Quantities that were entered: which columns can be summed, which rows are alike, and what a case has of each key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from carbonstd._ledger import SheetData
from carbonstd._method import Column, Sheet
from carbonstd._run import Run
from carbonstd._trace import decoded
from carbonstd._units import unit

Labels = tuple[str, ...]

_STATES = (unit("Pa").dimension, unit("degC").dimension)  # of a state rather than of an amount


def summable(column: Column) -> bool:
    """Whether the sum of its rows means something: no ratio, no pressure, no temperature."""
    return not ("/" in column.unit.text or column.unit.text in ("1", "%") or column.unit.dimension in _STATES)


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


def sums(run: Run, data: SheetData, names: Sequence[str]) -> dict[tuple[str, str], dict[Labels, float]]:
    """What is entered in a column on a basis, by the labels of `names`: rows of other labels may tell of one amount.

    Each carbonate of a batch of limestone has a row with the mass of the whole batch.
    """
    found: dict[tuple[str, str], dict[Labels, float]] = {}
    groups = list(alike(run, data, names, by_basis=False))
    for column, values in data.numbers.items():
        for index, basis in enumerate(data.sheet.columns[column].units):
            apart = data.sheet.columns[column].by_basis and data.basis is not None
            held = np.where(data.basis == index, values, np.nan) if apart else values
            found[column, basis] = {
                labels: float(np.nansum(held[rows])) for labels, rows in groups if not np.isnan(held[rows]).all()
            }
    return found
