"""The ledger: a case's sheets as a run holds them - labels as codes, numbers in the column's unit, with statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case, RawSheet
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._language.shape import ENTITY
from carbonstd._ledger.arithmetic import NAN
from carbonstd._ledger.series import numbered
from carbonstd._number import exact_array
from carbonstd._uncertainty.cells import Spread


class Status(IntEnum):
    """Where a value comes from, best first; the status of a result is the worst of its operands."""

    MISSING = 0
    MEASURED = 1
    ENTERED = 2
    DERIVED = 3
    DEFAULT = 4
    CARRIED = 5
    ASSUMED = 6


SOURCE_STATUS = {
    "own_laboratory": Status.MEASURED,
    "third_party": Status.MEASURED,
    "own_test": Status.MEASURED,
    "commissioned_test": Status.MEASURED,
    "meter": Status.MEASURED,
    "supplier": Status.ENTERED,
    "invoice": Status.ENTERED,
    "default": Status.DEFAULT,
}


@dataclass
class SheetData:
    """A sheet ready to run: float64 numbers, label codes, status by column, each of shape (rows,).

    `typed` holds the exact values of cells that were typed otherwise than as plain numbers (`1,2 t`), by row;
    `spreads` holds the 95 % half-widths typed beside a column (`<column>_uncertainty`), where there are any.
    """

    sheet: Sheet
    rows: int
    place: Callable[[str, int], str]
    numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    codes: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    status: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    typed: dict[str, dict[int, Fraction]] = field(default_factory=dict)
    filled: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    basis: NDArray[np.int64] | None = None
    apart: bool = False  # whether some of the labels are known to tell all rows apart
    complete: bool = False  # whether every source is known to have a row for every month
    sources: NDArray[np.int64] | None = None  # which source each row is of, where its months were looked at by it
    spreads: dict[str, Spread] = field(default_factory=dict)
    _fractions: dict[str, NDArray[np.object_]] = field(default_factory=dict)

    def labelled(self) -> Iterator[tuple[Column, NDArray[np.int64]]]:
        """The columns of labels, each with its codes; the basis of a row is a label too, but no column."""
        return ((self.sheet.columns[name], codes) for name, codes in self.codes.items() if name in self.sheet.columns)

    def exact(self, column: str) -> NDArray[np.object_]:
        """A column in fractions as it was typed; NaN where a default fills a blank."""
        if column not in self._fractions:
            filled = self.filled.get(column)
            numbers = self.numbers[column]
            self._fractions[column] = exact_array(numbers if filled is None else np.where(filled, NAN, numbers))
            for row, value in self.typed.get(column, {}).items():
                self._fractions[column][row] = value
        return self._fractions[column]

    def fill(self, column: str, mask: NDArray[np.bool_], values: NDArray[np.float64], status: Status) -> None:
        """Put default values where `mask` says a cell is missing."""
        self.numbers[column] = values if mask.all() else np.where(mask, values, self.numbers[column])
        filled = mask & ~np.isnan(values)
        self.filled[column] = filled
        self.status[column] = np.maximum(self.status[column], filled * np.uint8(status))  # it was missing, the least

    def keep_sources(self, source: NDArray[np.int64]) -> None:
        """Keep the sources of all rows where nothing else, such as the number of a meter, tells months apart."""
        if len(source) == self.rows and not any(item.identifier for item in self.sheet.columns.values()):
            self.sources = source


def find_sheet(case: Case, method: Method, sheet: Sheet) -> RawSheet | None:
    """The raw sheet that feeds a method's sheet."""
    return next((case.sheets[name] for name in names_of(method, sheet) if name in case.sheets), None)


def names_of(method: Method, sheet: Sheet) -> tuple[str, ...]:
    """What a sheet may be called in a case, best first: its id, then its kind where no other sheet is of that kind."""
    alone = sum(other.kind == sheet.kind for other in method.sheets.values()) == 1
    return (sheet.id, sheet.kind) if alone and sheet.kind not in method.sheets else (sheet.id,)


def sources_of(data: SheetData) -> NDArray[np.int64]:
    """Which source each row is of: rows alike in all labels but the month and who found the figure."""
    if data.sources is None:
        kinds = {name: column.kind for name, column in data.sheet.columns.items() if name != data.sheet.source_column}
        labels = [codes for name, codes in data.codes.items() if kinds.get(name, "label" * (name == ENTITY)) == "label"]
        data.sources = numbered(labels) if labels else np.zeros(data.rows, dtype=np.int64)
    return data.sources
