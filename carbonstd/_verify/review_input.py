"""The sheets of a verifier read against a run: which figure is meant, which rows of activity data, which quantity.

All faults are findings with their cell; a row that has one is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import RawSheet
from carbonstd._case.cells import blank, blank_text, month_of
from carbonstd._case.review_sheets import CROSS_CHECKS, REPLACEMENTS, REPORTED
from carbonstd._definitions.method import Column, Equation, Method, ReportLine, Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.run import Run
from carbonstd._findings import Finding
from carbonstd._ledger.ledger import SheetData
from carbonstd._naming import named
from carbonstd._near import suggest
from carbonstd._units import ONE, Unit
from carbonstd._verify.review_row import Row
from carbonstd._workbook.layout import folded

_APART = re.compile(r"[;；,，、|]")
_BALANCE = ("opening", "received", "dispatched", "closing")
_SIGNS = {"value": 1, "opening": 1, "received": 1, "dispatched": -1, "closing": -1}
_NEEDED = {  # what each way of replacing a figure needs
    "meter_beyond_class": ("found_accuracy", "allowed_accuracy"),
    "not_calibrated": ("allowed_accuracy",),
    "value": ("value",),
}


@dataclass(frozen=True)
class Reported:
    """A figure the report states, in the unit of its equation; `step` is one of its last digit."""

    line: ReportLine | None
    equation: Equation
    key: tuple[str, ...]
    value: Fraction
    step: Fraction
    place: str

    @property
    def id(self) -> str:
        return self.line.id if self.line else self.equation.id

    @property
    def label(self) -> Bilingual:
        return self.line.label if self.line else self.equation.label


@dataclass(frozen=True)
class Cells:
    """The rows of one column of activity data that a row of the verifier means."""

    data: SheetData
    column: Column
    rows: NDArray[np.int64]
    labels: str  # as the verifier wrote them, with the month

    @property
    def unit(self) -> Unit:
        """The unit of the rows: that of their basis where the column has several."""
        if not self.column.by_basis or self.data.basis is None or not len(self.rows):
            return self.column.unit
        return self.column.units[self.data.sheet.bases[int(self.data.basis[self.rows[0]])]]

    @property
    def id(self) -> str:
        return f"{self.data.sheet.id}.{self.column.name}"

    @property
    def label(self) -> Bilingual:
        return self.data.sheet.label_of(self.column.name)

    @property
    def ratio(self) -> bool:
        """Whether the figures are of a kind that cannot be added: per something, or pure numbers."""
        return "/" in self.unit.text or self.unit.text in ("1", "%")

    @property
    def total(self) -> float:
        return float(np.sum(self.data.numbers[self.column.name][self.rows]))


@dataclass(frozen=True)
class CrossCheck:
    """A figure of another source for some rows, in the unit of the rows; `slack` is half of its last digit."""

    cells: Cells
    key: str  # the labels but for the month
    month: str  # empty where it is of no one month
    source: str
    document: str
    value: Fraction
    slack: Fraction
    explanation: str
    place: str
    opening: Fraction | None = None
    closing: Fraction | None = None


@dataclass(frozen=True)
class Replacement:
    """What a verifier replaces in some rows, and how. Accuracies and `share` are fractions."""

    cells: Cells
    kind: str
    found: Fraction | None
    allowed: Fraction | None
    share: Fraction
    value: Fraction | None
    reason: str
    place: str


class ReviewReader:
    """Reads the verifier's sheets of a case against its method and, where it was computed, its run."""

    def __init__(self, sheets: dict[str, RawSheet], method: Method, run: Run | None) -> None:
        self.sheets, self.method, self.run = sheets, method, run
        self.findings: list[Finding] = []

    def reported(self) -> list[Reported]:
        found: list[Reported] = []
        for row in self._rows(REPORTED):
            if blank_text(row.cell("value")) and row.text("value") != "0":
                continue  # a line of the form that the report does not state
            line, equation = named(self.method, row.text("item"))
            if equation is None:
                row.report(
                    "review-item-unknown", "item", found=row.text("item"), suggestion=self._near(row.text("item"))
                )
                continue
            number = row.number("value", equation.unit, row.text("unit"))
            if number is not None:
                key = tuple(part.strip() for part in _APART.split(row.text("key")) if part.strip())
                item = Reported(line, equation, key, *number, row.place("value"))
                first = next((other for other in found if (other.id, set(other.key)) == (item.id, set(key))), None)
                if first is None:
                    found.append(item)
                else:
                    row.report("reported-twice", "item", found=row.text("item"), first=first.place)
        return found

    def cross_checks(self) -> list[CrossCheck]:
        return [item for row in self._rows(CROSS_CHECKS) if (item := self._cross_check(row)) is not None]

    def replacements(self) -> list[Replacement]:
        return [item for row in self._rows(REPLACEMENTS) if (item := self._replacement(row)) is not None]

    def _rows(self, sheet: Sheet) -> Iterator[Row]:
        raw = self.sheets.get(sheet.id)
        for index in range(raw.rows if raw else 0):
            assert raw is not None
            row = Row(sheet, raw, index, self.findings)
            if any(not blank(row.cell(name)) for name in sheet.columns) and row.required():
                yield row

    def _cross_check(self, row: Row) -> CrossCheck | None:
        month = self._month(row, "month")
        cells = self._cells(row, month, month)
        source = self._term(row, "source")
        if cells is None or source is None:
            return None
        if cells.ratio and len(cells.rows) > 1:
            row.report("review-several-rows", "key", found=row.text("item"), count=len(cells.rows))
            return None
        numbers = {name: row.number(name, cells.unit, row.text("unit")) for name in ("value", *_BALANCE)}
        held = {name: number for name, number in numbers.items() if number is not None}
        if row.wrong:
            return None
        if ("value" in held) == bool(held.keys() & set(_BALANCE)):
            row.report("cross-check-value", "value")
            return None
        value = sum((sign * held[name][0] for name, sign in _SIGNS.items() if name in held), Fraction(0))
        slack = sum((step for _, step in held.values()), Fraction(0)) / 2
        stock = (held[name][0] if name in held else None for name in ("opening", "closing"))
        return CrossCheck(
            cells, row.text("key"), month or "", source, row.text("document"), value, slack, row.text("explanation"),
            row.place("item"), *stock,
        )  # fmt: skip

    def _replacement(self, row: Row) -> Replacement | None:
        cells = self._cells(row, self._month(row, "from"), self._month(row, "to"))
        kind = self._term(row, "kind")
        if cells is None or kind is None:
            return None
        found, allowed = (row.accuracy(name) for name in ("found_accuracy", "allowed_accuracy"))
        share, value = row.number("share", ONE), row.number("value", cells.unit, row.text("unit"))
        for name in _NEEDED.get(kind, ()):
            if blank(row.cell(name)):
                row.report("missing-value", name)
        if share and not 0 < share[0] <= 1:
            row.report("review-share", "share", found=row.text("share"))
        if kind == "value" and len(cells.rows) > 1:
            row.report("review-several-rows", "key", found=row.text("item"), count=len(cells.rows))
        if kind == "meter_beyond_class" and found and allowed and found <= allowed:
            row.report("accuracy-within-class", "found_accuracy", found=row.text("found_accuracy"))
        if row.wrong:
            return None
        figure, part = value[0] if value else None, share[0] if share else Fraction(1)
        return Replacement(cells, kind, found, allowed, part, figure, row.text("reason"), row.place("item"))

    def _cells(self, row: Row, first: str | None, last: str | None) -> Cells | None:
        """The rows of activity data that `item`, `key` and the months mean; None (a finding) where there are none."""
        found = self._column(row)
        if found is None or self.run is None:
            return None
        data, column = found
        mask = ~np.isnan(data.numbers[column.name]) & self._in_months(row, data, first, last)
        for part in (part.strip() for part in _APART.split(row.text("key"))):
            if part:
                mask &= self._labelled(row, data, part)
        if not row.wrong and not mask.any():
            row.report("review-no-row", "item", found=row.text("item"), labels=self._written(row))
        rows = np.flatnonzero(mask)
        if column.by_basis and data.basis is not None and len(np.unique(data.basis[rows])) > 1:
            row.report("review-mixed-units", "key", found=row.text("item"))
        return None if row.wrong else Cells(data, column, rows, self._written(row))

    def _column(self, row: Row) -> tuple[SheetData, Column] | None:
        """The column of numbers meant by `sheet.column`, in ids, labels or a symbol; a column alone where it is one."""
        typed = row.text("item")
        sheet_name, _, column_name = re.sub(r"[·!/．]", ".", typed).rpartition(".")
        sheets = self._sheets(sheet_name)
        found = [
            (sheet, column)
            for sheet in sheets
            for column in sheet.columns.values()
            if column.kind == "number" and (_is(column_name, column.name, column.label) or column.symbol == column_name)
        ]
        if len(found) != 1:
            options = [f"{sheet.id}.{column.name}" for sheet, column in found]
            row.report("review-item-unknown", "item", found=typed, suggestion=", ".join(options) or self._near(typed))
            return None
        sheet, column = found[0]
        return (self.run.ledger[sheet.id], column) if self.run else None

    def _sheets(self, typed: str) -> list[Sheet]:
        """The sheets of a name, else those whose label holds it; all where none is typed."""
        held = self.method.sheets.values()
        named = [item for item in held if not typed or _is(typed, item.id, item.label)]
        return named or [item for item in held if any(typed in text for text in item.label.values())]

    def _labelled(self, row: Row, data: SheetData, text: str) -> NDArray[np.bool_]:
        """The rows that carry a label, in whichever of their columns it stands."""
        assert self.run is not None
        mask = np.zeros(data.rows, dtype=bool)
        for column, codes in data.labelled():
            label: str | None = text
            if column.kind == "month":
                label = month_of(text, self.run.period)
            elif column.vocabulary:
                label = self.run.library.vocabulary(column.vocabulary).resolve(text)
            code = self.run.axes.known(column.name, label)
            mask |= (codes == code) & (code >= 0)
        if not mask.any():
            row.report("review-no-row", "key", found=row.text("item"), labels=text)
        return mask

    def _month(self, row: Row, name: str) -> str | None:
        """A month as typed; None where the cell is blank or (a finding) says no month."""
        cell = row.cell(name)
        if blank(cell) or self.run is None:
            return None
        month = month_of(cell, self.run.period)
        if month is None:
            row.report("month-unreadable", name, found=str(cell))
        return month

    def _in_months(self, row: Row, data: SheetData, first: str | None, last: str | None) -> NDArray[np.bool_]:
        """The rows from the first month to the last; an end that is left open is that of the period."""
        assert self.run is not None
        if first is None and last is None:
            return np.ones(data.rows, dtype=bool)
        if first and last and first > last:
            row.report("review-months-order", "to", first=first, last=last)
        months = self.run.axes.labels.get("month", [])
        held = [str(first or "") <= str(label) <= str(last or "9999") and bool(label) for label in months]
        codes = data.codes.get("month", np.full(data.rows, -1))
        return np.asarray(np.array([*held, False])[codes])

    def _term(self, row: Row, name: str) -> str | None:
        if self.run is None:
            return None
        vocabulary = self.run.library.vocabulary(row.sheet.columns[name].vocabulary)
        key = vocabulary.resolve(row.text(name))
        if key is None:
            row.report("unknown-label", name, found=row.text(name), **vocabulary.near(row.text(name)))
        return key

    def _written(self, row: Row) -> str:
        months = [row.text(name) for name, column in row.sheet.columns.items() if column.kind == "month"]
        span = "..".join(dict.fromkeys(filter(None, months)))
        return "; ".join(filter(None, (row.text("key"), span)))

    def _near(self, typed: str) -> str:
        names = {folded(text): text for line in self.method.lines for text in (line.id, *line.label.values())}
        names |= {folded(item): item for item in self.method.equations}
        names |= {
            folded(f"{sheet.id}.{name}"): f"{sheet.id}.{name}"
            for sheet in self.method.sheets.values()
            for name, column in sheet.columns.items()
            if column.kind == "number"
        }
        return names.get(suggest(folded(typed), names), "")


def _is(typed: str, name: str, label: Bilingual) -> bool:
    return folded(typed) in {folded(text) for text in (name, *label.values()) if text}
