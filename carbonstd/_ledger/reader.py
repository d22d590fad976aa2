"""A case's sheets read against a method's columns: labels as codes, numbers in the column's unit.

All findings are collected with their cells. A blank is missing, never zero. Entered units are converted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import (
    BlankColumn,
    as_text,
    blank,
    blank_text,
    distinct,
    folded_number,
    month_of,
    several_numbers,
    sums_up,
)
from carbonstd._case.names import suggest_column
from carbonstd._definitions.document import Period, month_spans
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._findings import Finding, finding
from carbonstd._language.shape import ENTITY
from carbonstd._ledger.axes import Axes, first_rows
from carbonstd._ledger.ledger import SOURCE_STATUS, SheetData, Status, find_sheet
from carbonstd._ledger.month_rows import check_months
from carbonstd._ledger.plausible import Plausible
from carbonstd._ledger.series import repeated
from carbonstd._ledger.split_sources import split_sources
from carbonstd._ledger.typed_numbers import TypedNumbers
from carbonstd._uncertainty.cells import read_spread


class LedgerReader:
    """Reads the sheets of one case for one method."""

    def __init__(self, case: Case, method: Method, library: Library, axes: Axes) -> None:
        self.case, self.method, self.library, self.axes = case, method, library, axes
        self.months = case.period.months()
        self.findings: list[Finding] = []
        self.plausible = Plausible(case.period, axes)
        self.certificates: dict[tuple[str, str], str] = {}  # a number as it was first typed

    def labels(self) -> dict[str, SheetData]:
        """All sheets with their labels read; numbers follow when the basis of each row is known."""
        ledger = {}
        for sheet in self.method.sheets.values():
            raw = find_sheet(self.case, self.method, sheet) or RawSheet({}, _nowhere)
            data = SheetData(sheet, raw.rows, raw.place)
            self._unknown_columns(sheet, raw)
            self._empty(data)
            if sheet.single:
                self._single(sheet, raw)
            for column in sheet.columns.values():
                cells = raw.columns.get(column.name, BlankColumn(raw.rows))
                if column.kind != "number":
                    data.codes[column.name] = self._codes(column, cells, data)
            ledger[sheet.id] = data
            self.findings += self._months(data)
        return ledger

    def _single(self, sheet: Sheet, raw: RawSheet) -> None:
        if raw.rows > 1:
            place = raw.place(next(iter(raw.columns)), 1)
            self.findings.append(finding("single-record", place, label=sheet.label, rows=raw.rows))

    def numbers(self, data: SheetData) -> None:
        """Read the numeric columns of one sheet into the column's unit (the basis' unit where rows differ)."""
        raw = find_sheet(self.case, self.method, data.sheet) or RawSheet({}, data.place)
        for column in data.sheet.columns.values():
            if column.kind == "number":
                self._numbers(column, raw, data)
        self._repeated(data)
        self.findings += self._splits(data)

    def _numbers(self, column: Column, raw: RawSheet, data: SheetData) -> None:
        cells = raw.columns.get(column.name, BlankColumn(data.rows))
        typed = TypedNumbers(column, cells, raw.columns.get(f"{column.name}_unit"), data)
        values = data.numbers[column.name] = typed.values()
        self.findings += typed.findings
        present, source = ~np.isnan(values), self._source_status(data, data.sheet.found_by(column.name))
        data.status[column.name] = present * source  # Status.MISSING is 0
        if not isinstance(cells, BlankColumn):
            self.findings += self.plausible.findings(column, values, cells, data)
        spread = raw.columns.get(f"{column.name}_uncertainty")
        if spread is not None:
            data.spreads[column.name], findings = read_spread(column, spread, data.basis, data.place)
            self.findings += findings

    def _repeated(self, data: SheetData) -> None:
        """One value for one key: a second row of the same labels would be added in silence."""
        shared = [data.codes[ENTITY]] if ENTITY in data.codes else []
        names = [name for name in data.codes if name not in (data.sheet.source_column, ENTITY)]
        keys = [*(data.codes[name] for name in names), *shared]
        for row, first in repeated(keys) if names and not data.apart else ():
            label = " / ".join(
                filter(None, (self.axes.labels[n][c] for n in names if (c := int(data.codes[n][row])) >= 0))
            )
            place = data.place(names[0], row)
            self.findings.append(finding("key-twice", place, label=label, first=data.place(names[0], first)))

    def _months(self, data: SheetData) -> Iterable[Finding]:
        return check_months(data, self.axes, self.months)

    def _splits(self, data: SheetData) -> Iterable[Finding]:
        return split_sources(data, self.axes, self.months)

    def _empty(self, data: SheetData) -> None:
        if not data.rows:
            self.findings.append(self._not_filled(data.sheet, data.sheet.id))

    @staticmethod
    def _not_filled(sheet: Sheet, place: str) -> Finding:
        return finding("sheet-missing" if sheet.must_be_filled else "sheet-empty", place, label=sheet.label)

    def _unknown_columns(self, sheet: Sheet, raw: RawSheet) -> None:
        known = {*sheet.columns, *(f"{name}_unit" for name in sheet.columns)}
        known |= {f"{name}_uncertainty" for name, column in sheet.columns.items() if column.kind == "number"}
        for name in raw.columns:
            if name not in known and raw.rows:
                self.findings.append(
                    finding(
                        "unknown-column",
                        raw.place(name, 0),
                        sheet=sheet.id,
                        column=name,
                        suggestion=suggest_column(name, sheet),
                    )
                )

    def _codes(self, column: Column, cells: Sequence[Any], data: SheetData) -> NDArray[np.int64]:
        """The code of every label; each different cell is read once, and a blank is the label ""."""
        told = len(self.findings)
        different, places = distinct(cells)
        first = first_rows(places, len(different))
        codes = np.full(len(different), -1, dtype=np.int64)
        is_blank = blank_text if column.kind == "text" or column.certificate else blank  # “无” is no evidence
        empty = [is_blank(cell) for cell in different]
        order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(places))]  # no row has the others
        for place, row in zip(order.tolist(), first[order].tolist(), strict=True):
            label = "" if empty[place] else self._label(column, different[place], row, data)
            codes[place] = -1 if label is None else self.axes.code(column.name, label)
            if label and _free(column) and sums_up(label):  # it would be counted beside what it sums
                for total in np.flatnonzero(places == place).tolist():
                    self._report("total-row", column, total, data, found=label)
        self._fold_months(told)
        if column.required and column.needed is None:  # where it is needed in some rows is known later
            unnamed = np.array(empty)
            for at in np.flatnonzero(unnamed[places]) if unnamed[first < len(places)].any() else ():
                self._report("missing-value", column, int(at), data)
        return codes[places]

    def _fold_months(self, told: int) -> None:
        """The months of one column that lie outside the period are one finding: a wrong year is one mistake."""
        outside = [item for item in self.findings[told:] if item.code == "outside-period"]
        if len(outside) > 1:
            found = month_spans(sorted(str(item.values["found"]) for item in outside))
            folded = replace(outside[0], values={**outside[0].values, "found": found})
            kept = [item for item in self.findings[told:] if item not in outside]
            self.findings[told:] = [folded, *kept]

    def _label(self, column: Column, cell: Any, row: int, data: SheetData) -> str | None:
        if column.kind == "month":
            return self._month(column, cell, row, data)
        text = as_text(cell)
        if column.certificate:
            if several_numbers(text):
                self._report("several-numbers", column, row, data, found=text)
            return self.certificates.setdefault((column.name, folded_number(text)), text)
        if column.vocabulary:
            vocabulary = self.library.vocabulary(column.vocabulary)
            label = vocabulary.resolve(text)
            if label is None:
                self._report("unknown-label", column, row, data, found=text, **vocabulary.near(text))
                return None
            text = label
        if column.within_period and (year := Period.parse(text)) and not self.case.period.covers(year):
            self._report("year-outside-period", column, row, data, found=text, period=str(self.case.period))
        return text

    def _month(self, column: Column, cell: Any, row: int, data: SheetData) -> str | None:
        month = month_of(cell, self.case.period, bare=column.name == "month")
        if month is None:
            self._report("month-unreadable", column, row, data, found=str(cell))
        elif column.name == "month" and month not in self.months:  # a bill may begin before
            self._report("outside-period", column, row, data, found=month, period=str(self.case.period))
        elif column.not_after_period and month not in (months := self.months):
            until = column.validity.last(month) if column.validity else months[0]
            early = "before-period" if until >= months[0] else "certificate-expired"
            code = early if month < months[0] else "outside-period"
            self._report(code, column, row, data, found=month, period=str(self.case.period), until=until)
        elif column.expires and month < self.months[0]:
            self._report("data-expired", column, row, data, found=month, period=str(self.case.period))
        return month

    def _source_status(self, data: SheetData, column: str) -> NDArray[np.uint8]:
        if not column:
            return np.full(data.rows, Status.ENTERED, dtype=np.uint8)
        labels = self.axes.labels.get(column, [])
        table = np.array(
            [*(SOURCE_STATUS.get(label, Status.ENTERED) for label in labels), Status.ENTERED], dtype=np.uint8
        )
        return table[data.codes[column]]  # -1, a blank, is the last: entered

    def _report(self, code: str, spec: Column, row: int, data: SheetData, **values: Any) -> None:
        self.findings.append(finding(code, data.place(spec.name, row), column=spec.label, **values))


def _free(column: Column) -> bool:
    """Whether a column names what a row is about, in words that no list bounds."""
    return column.kind == "label" and not column.vocabulary and not column.certificate


def _nowhere(column: str, row: int) -> str:
    """The place of a sheet that the case does not have; a plain function, because results pickle."""
    return ""
