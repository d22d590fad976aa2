"""The sheets of a verifier read against a run: which figure is meant, which rows of activity data, which quantity.

All faults are findings with their cell; a row that has one is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case import RawSheet
from carbonstd._cells import ShownPerCent, as_text, blank, month_of, number_in
from carbonstd._findings import Finding, finding
from carbonstd._ledger import SheetData
from carbonstd._method import Column, Equation, Method, ReportLine, Sheet
from carbonstd._naming import named
from carbonstd._number import exact
from carbonstd._review_sheets import CROSS_CHECKS, REPLACEMENTS, REPORTED
from carbonstd._run import Run
from carbonstd._schema import Bilingual, suggest
from carbonstd._units import ONE, Unit, convertible, is_unit, unit
from carbonstd._workbook_layout import folded

_APART = re.compile(r"[;；,，、|]")
_BALANCE = ("opening", "received", "dispatched", "closing")


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
        return {
            language: f"{self.data.sheet.label[language]} · {self.column.label[language]}" for language in ("zh", "en")
        }

    @property
    def total(self) -> float:
        return float(np.sum(self.data.numbers[self.column.name][self.rows]))


@dataclass(frozen=True)
class CrossCheck:
    """A figure of another source for some rows, in the unit of the rows."""

    cells: Cells
    source: str
    document: str
    value: Fraction
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


class Row:
    """One row of a verifier's sheet: its cells as typed, and where each stands."""

    def __init__(self, sheet: Sheet, raw: RawSheet, index: int, findings: list[Finding]) -> None:
        self.sheet, self.raw, self.index, self.findings = sheet, raw, index, findings
        self.wrong = False

    def cell(self, name: str) -> Any:
        cells = self.raw.columns.get(name, ())
        return cells[self.index] if self.index < len(cells) else None

    def text(self, name: str) -> str:
        return as_text(self.cell(name))

    def place(self, name: str) -> str:
        return self.raw.place(name, self.index)

    def report(self, code: str, name: str, **values: Any) -> None:
        self.wrong = True
        self.findings.append(finding(code, self.place(name), column=self.sheet.columns[name].label, **values))

    def required(self) -> bool:
        """Whether every required cell is filled; a blank one is a finding."""
        for column in self.sheet.columns.values():
            if column.required and blank(self.cell(column.name)):
                self.report("missing-value", column.name)
        return not self.wrong

    def accuracy(self, name: str) -> Fraction | None:
        """An accuracy as a fraction; it must say per cent, for 0.5 may be a class or a share."""
        cell = self.cell(name)
        if blank(cell):
            return None
        if isinstance(cell, ShownPerCent):
            return exact(float(cell))
        if not str(cell).strip().endswith(("%", "％")):
            self.report("not-a-number", name, found=str(cell)[:40], unit="%")
            return None
        number = self.number(name, ONE)
        return number[0] if number else None

    def number(self, name: str, target: Unit, typed_unit: str = "") -> tuple[Fraction, Fraction] | None:
        """A number in `target` and one of its last digit; None where the cell is blank or (a finding) no number."""
        cell = self.cell(name)
        if blank(cell):
            return None
        text = _decimal(cell) if isinstance(cell, int | float | Decimal | np.number) else str(cell)
        typed = number_in(text)
        if typed is None or isinstance(cell, bool):
            self.report("not-a-number", name, found=str(cell)[:40], unit=target.text)
            return None
        digits, suffix, value = typed
        spelling = suffix or typed_unit
        factor = _factor(spelling, target) if spelling else Fraction(1)
        if factor is None:
            self.report("wrong-unit", name, found=spelling, unit=target.text)
            return None
        decimals = len(digits.partition(".")[2]) if "e" not in digits.casefold() else 0
        return value * factor, factor / 10**decimals


class ReviewReader:
    """Reads the verifier's sheets of a case against its method and, where it was computed, its run."""

    def __init__(self, sheets: dict[str, RawSheet], method: Method, run: Run | None) -> None:
        self.sheets, self.method, self.run = sheets, method, run
        self.findings: list[Finding] = []

    def reported(self) -> list[Reported]:
        found = []
        for row in self._rows(REPORTED):
            if blank(row.cell("value")):
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
                found.append(Reported(line, equation, key, *number, row.place("value")))
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
        cells = self._cells(row, [row.cell("month")])
        source = self._term(row, "source")
        if cells is None or source is None:
            return None
        numbers = {name: row.number(name, cells.unit, row.text("unit")) for name in ("value", *_BALANCE)}
        held = {name: number[0] for name, number in numbers.items() if number is not None}
        if row.wrong:
            return None
        if ("value" in held) == bool(held.keys() & set(_BALANCE)):
            row.report("cross-check-value", "value")
            return None
        used = held.get("value")
        if used is None:
            zero = Fraction(0)
            used = held.get("opening", zero) + held.get("received", zero)
            used -= held.get("dispatched", zero) + held.get("closing", zero)
        stock = (held.get("opening"), held.get("closing"))
        return CrossCheck(cells, source, row.text("document"), used, row.text("explanation"), row.place("item"), *stock)

    def _replacement(self, row: Row) -> Replacement | None:
        cells = self._cells(row, [row.cell("from"), row.cell("to")])
        kind = self._term(row, "kind")
        if cells is None or kind is None:
            return None
        found, allowed = (row.accuracy(name) for name in ("found_accuracy", "allowed_accuracy"))
        share = row.number("share", ONE)
        value = row.number("value", cells.unit, row.text("unit"))
        needed = {"meter_beyond_class": ("found_accuracy", "allowed_accuracy"), "not_calibrated": ("allowed_accuracy",)}
        for name in (*needed.get(kind, ()), *(("value",) if kind == "value" else ())):
            if blank(row.cell(name)):
                row.report("missing-value", name)
        if share and not 0 < share[0] <= 1:
            row.report("above-maximum", "share", found=row.text("share"), limit="1", unit="1")
        if row.wrong:
            return None
        figure, part = value[0] if value else None, share[0] if share else Fraction(1)
        return Replacement(cells, kind, found, allowed, part, figure, row.text("reason"), row.place("item"))

    def _cells(self, row: Row, months: Sequence[Any]) -> Cells | None:
        """The rows of activity data that `item`, `key` and the months mean; None (a finding) where there are none."""
        found = self._column(row)
        if found is None or self.run is None:
            return None
        data, column = found
        mask = np.ones(data.rows, dtype=bool)
        for part in (part.strip() for part in _APART.split(row.text("key"))):
            if part:
                mask &= self._labelled(row, data, part)
        mask &= self._in_months(row, data, months)
        mask &= ~np.isnan(data.numbers[column.name])
        if not row.wrong and not mask.any():
            row.report("review-no-row", "item", found=row.text("item"), labels=self._written(row))
        return None if row.wrong else Cells(data, column, np.flatnonzero(mask), self._written(row))

    def _column(self, row: Row) -> tuple[SheetData, Column] | None:
        """The column of numbers meant by `sheet.column`, in ids, labels or a symbol; a column alone where it is one."""
        typed = row.text("item")
        sheet_name, _, column_name = re.sub(r"[·!/．]", ".", typed).rpartition(".")
        sheets = [
            item for item in self.method.sheets.values() if not sheet_name or _is(sheet_name, item.id, item.label)
        ]
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

    def _labelled(self, row: Row, data: SheetData, text: str) -> NDArray[np.bool_]:
        """The rows that carry a label, in whichever of their columns it stands."""
        assert self.run is not None
        mask = np.zeros(data.rows, dtype=bool)
        for name, codes in data.codes.items():
            column = data.sheet.columns[name]
            label: str | None = text
            if column.kind == "month":
                label = month_of(text, self.run.period)
            elif column.vocabulary:
                label = self.run.library.vocabulary(column.vocabulary).resolve(text)
            code = self.run.axes.known(name, label)
            mask |= (codes == code) & (code >= 0)
        if not mask.any():
            row.report("review-no-row", "key", found=row.text("item"), labels=text)
        return mask

    def _in_months(self, row: Row, data: SheetData, months: Sequence[Any]) -> NDArray[np.bool_]:
        """The rows of the month, or of the months from the first to the last; all rows where none is given."""
        assert self.run is not None
        given = [cell for cell in months if not blank(cell)]
        if not given:
            return np.ones(data.rows, dtype=bool)
        read = [month_of(cell, self.run.period) for cell in given]
        if None in read or "month" not in data.codes:
            name = next(column.name for column in row.sheet.columns.values() if column.kind == "month")
            row.report("month-unreadable", name, found=", ".join(map(str, given)))
            return np.zeros(data.rows, dtype=bool)
        first, last = str(read[0]), str(read[-1])
        held = np.array([first <= str(label) <= last for label in self.run.axes.labels["month"]] + [False])
        return np.asarray(held[data.codes["month"]])

    def _term(self, row: Row, name: str) -> str | None:
        if self.run is None:
            return None
        vocabulary = self.run.library.vocabulary(row.sheet.columns[name].vocabulary)
        key = vocabulary.resolve(row.text(name))
        if key is None:
            row.report("unknown-label", name, found=row.text(name), suggestion=vocabulary.suggest(row.text(name)))
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


def _factor(spelling: str, target: Unit) -> Fraction | None:
    """The factor to the target; a report may leave the gas out (t, t/MWh) where the figure is of one alone."""
    factor = convertible(spelling, target)
    if factor is not None or not is_unit(spelling):
        return factor
    typed, wanted = unit(spelling), set(target.dimension)
    left = wanted - set(typed.dimension)
    of_gas = set(typed.dimension) <= wanted and all(is_unit(f"t{name}") for name, _ in left)
    return typed.factor / target.factor if left and of_gas else None


def _decimal(cell: Any) -> str:
    """A number as its cell shows it, without an exponent: the decimals that were typed."""
    return format(Decimal(str(exact(cell) if isinstance(cell, Fraction) else cell)).normalize(), "f")
