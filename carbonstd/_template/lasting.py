"""What of a sheet stands from year to year, and so is kept in the workbook of the next period.

Said by `standing` of a column, of its sheet or of the kind of sheet, the nearest first. Where none says, names and
choices stand; figures, free texts, months, answers of yes or no, and how a figure was found do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Sheet

_ANSWERS = {"yes", "no"}


class Lasting:
    """Which columns of a sheet stand."""

    def __init__(self, sheet: Sheet, library: Library) -> None:
        self.sheet, self.library = sheet, library

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, column in self.sheet.columns.items() if self._stands(column))

    def _stands(self, column: Column) -> bool:
        if passing(column, self.sheet):
            return False
        said = self.sheet.standing if column.standing is None else column.standing
        if said is not None:
            return said and (column.standing is not None or not self._answers(column))
        return column.tells and not self._answers(column)

    def _answers(self, column: Column) -> bool:
        return bool(column.vocabulary) and self.library.vocabulary(column.vocabulary).terms.keys() >= _ANSWERS


def passing(column: Column, sheet: Sheet) -> bool:
    """Whether a column can never stand: the month of a row, a proof claimed once, a date that is judged by the period,
    how a figure was found."""
    once = column.certificate or column.within_period or column.dated or column.expires
    found = any(sheet.found_by(name) == column.name for name in sheet.columns)
    return once or found or column.name == "month" or (column.kind == "month" and column.standing is None)


def contradictory(sheet: Sheet) -> Iterator[Column]:
    """The columns said to stand that cannot."""
    return (column for column in sheet.columns.values() if column.standing and passing(column, sheet))
