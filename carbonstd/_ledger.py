"""The ledger: a case's sheets read against a method's columns - labels as codes, numbers in the column's unit.

All findings are collected with their cells. A blank is missing, never zero. Entered units are converted exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._axes import Axes, first_rows
from carbonstd._case import Case, RawSheet
from carbonstd._case_names import suggest_column
from carbonstd._cells import (
    BlankColumn,
    ShownPerCent,
    as_text,
    blank,
    blank_text,
    distinct,
    folded_number,
    month_of,
    number_in,
    plain_numbers,
    several_numbers,
)
from carbonstd._document import Period, month_spans
from carbonstd._findings import Finding, finding, joined_places
from carbonstd._library import Library
from carbonstd._method import Column, Method, Sheet
from carbonstd._number import as_doubles, exact, exact_array, shown
from carbonstd._series import far_months, numbered, repeated
from carbonstd._shape import ENTITY
from carbonstd._split_sources import MOST, pairs
from carbonstd._uncertainty.cells import Spread, read_spread
from carbonstd._units import ONE, Unit, calorie_unnamed, convertible, split_quantity

_HUGE = 1e100  # nothing in the world is as large, and ten thousand digits would take long to read
NAN = float("nan")
_LISTED = 5  # sources or cells named in one finding
# A thousandfold is a slip of the unit; starts, stops and the season make ten, and a quarter of the months at most err.
_SLIP, _SLIP_MONTHS, _SLIP_SHARE = 100, 4, 0.25


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


def find_sheet(case: Case, method: Method, sheet: Sheet) -> RawSheet | None:
    """The raw sheet that feeds a method's sheet."""
    return next((case.sheets[name] for name in names_of(method, sheet) if name in case.sheets), None)


def names_of(method: Method, sheet: Sheet) -> tuple[str, ...]:
    """What a sheet may be called in a case, best first: its id, then its kind where no other sheet is of that kind."""
    alone = sum(other.kind == sheet.kind for other in method.sheets.values()) == 1
    return (sheet.id, sheet.kind) if alone and sheet.kind not in method.sheets else (sheet.id,)


class LedgerReader:
    """Reads the sheets of one case for one method. `basis_of` tells the basis of each row, once labels are known."""

    def __init__(self, case: Case, method: Method, library: Library, axes: Axes) -> None:
        self.case, self.method, self.library, self.axes = case, method, library, axes
        self.months = case.period.months()
        self.findings: list[Finding] = []
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
            self._months(data)
        return ledger

    def _single(self, sheet: Sheet, raw: RawSheet) -> None:
        if raw.rows > 1:
            place = raw.place(next(iter(raw.columns)), 1)
            self.findings.append(finding("single-record", place, label=sheet.label, rows=raw.rows))

    def numbers(self, data: SheetData) -> None:
        """Read the numeric columns of one sheet into the column's unit (the basis' unit where rows differ)."""
        raw = find_sheet(self.case, self.method, data.sheet) or RawSheet({}, data.place)
        for column in data.sheet.columns.values():
            if column.kind != "number":
                continue
            cells = raw.columns.get(column.name, BlankColumn(data.rows))
            units = raw.columns.get(f"{column.name}_unit")
            values = self._fast(cells) if units is None else None
            if values is not None and column.by_basis and data.basis is not None and data.basis.min(initial=0) < 0:
                values = self._of_basis(column, values, data.basis, data)
            if values is None:
                values = self._slow(column, cells, units, data)
            data.numbers[column.name] = values
            present, source = ~np.isnan(values), self._source_status(data, data.sheet.found_by(column.name))
            data.status[column.name] = present * source  # Status.MISSING is 0
            if not isinstance(cells, BlankColumn):
                self._judge(column, values, cells, data)
            typed = raw.columns.get(f"{column.name}_uncertainty")
            if typed is not None:
                data.spreads[column.name], findings = read_spread(column, typed, data.basis, data.place)
                self.findings += findings
        self._repeated(data)

    def _judge(self, column: Column, values: NDArray[np.float64], cells: Sequence[Any], data: SheetData) -> None:
        """Whether the figures of a column can be what they are taken for."""
        self._range(column, values, data)
        self._slips(column, values, data)
        if column.within_period:
            self._years(column, values, data)
        if column.dated:
            self._age(column, values, data)
        if column.units.get("", ONE).text == "%" and not column.below_one:
            self._per_cent(column, values, cells, data)

    def _years(self, column: Column, values: NDArray[np.float64], data: SheetData) -> None:
        """A year typed as a number (2009.5 is in the midst of 2009) lies within the period."""
        years, period = np.floor(values), self.case.period
        for row in np.flatnonzero((years < period.start.year) | (years > period.end.year)):
            found = f"{values[row]:g}"
            self._report("year-outside-period", column, int(row), data, found=found, period=str(period))

    def _age(self, column: Column, values: NDArray[np.float64], data: SheetData) -> None:
        """Years before the period are told once, at the oldest: what is too old is for a product rule to say."""
        ages = self.case.period.start.year - np.floor(values)
        if (ages > 0).any():
            row, count = int(np.nanargmax(ages)), int((ages > 0).sum())
            told = {"found": f"{values[row]:g}", "years": f"{ages[row]:g}", "count": count}
            self._report("data-earlier", column, row, data, **told, period=str(self.case.period))

    def _per_cent(self, column: Column, values: NDArray[np.float64], cells: Sequence[Any], data: SheetData) -> None:
        """A figure below one in a column of per cent may be a fraction: a cell shown as 18 % holds 0.18.

        One typed with its sign, as text, is meant so.
        """
        below = [int(row) for row in np.flatnonzero((values > 0) & (values < 1))]
        small = [row for row in below if not set("%％") & set(str(cells[row]))]
        if small:
            first, *others = small[:_LISTED]
            found = [f"{shown(values[first])} %"]
            found += [f"{shown(values[row])} % ({data.place(column.name, row)})" for row in others]
            more = f" … +{len(small) - _LISTED}" if len(small) > _LISTED else ""
            self._report("percent-small", column, first, data, found="; ".join(found) + more)

    def _slips(self, column: Column, values: NDArray[np.float64], data: SheetData) -> None:
        """A month a hundred times the others of its source or a hundredth of them: t typed as kg looks so."""
        rows, usual = self._far(values, data)
        if len(rows):
            first, *others = rows[:_LISTED].tolist()
            places = joined_places(data.place(column.name, row) for row in others)
            more = f" … +{len(rows) - _LISTED}" if len(rows) > _LISTED else ""
            also = {"zh": f"；还有 {places}{more}", "en": f"; so are {places}{more}"} if others else ""
            unit = list(column.units.values())[0 if data.basis is None or not column.by_basis else data.basis[first]]
            values_ = {"found": shown(values[first], 10), "usual": shown(usual[0], 6), "unit": unit.text, "also": also}
            self._report("month-slip", column, first, data, **values_)

    def _far(self, values: NDArray[np.float64], data: SheetData) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The rows of months far from the others of their source, with the median of those."""
        months = data.codes.get("month")
        if months is None or self.axes.size("month") < _SLIP_MONTHS:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        annual = self.axes.known("month", "")
        monthly = values if annual < 0 else np.where(months == annual, NAN, values)
        return far_months(sources_of(data), monthly, _SLIP, _SLIP_MONTHS, _SLIP_SHARE)

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

    def _months(self, data: SheetData) -> None:
        """A source reported by month should have every month of the period; a finding names those that do not."""
        labels = [name for name, item in data.sheet.columns.items() if item.kind == "label" and not item.identifier]
        names = [name for name in labels if name != data.sheet.source_column]
        if "month" not in data.codes or not data.rows:
            return
        if data.sheet.every_month:
            self._every_month(data, names)
            return
        if not names:  # one source, unless numbers of meters or bills tell several apart
            held = np.unique(data.codes["month"])
            one = not any(item.identifier for item in data.sheet.columns.values())
            if one and len(held) > 1 and self.axes.known("month", "") in held:
                self.findings.append(finding("annual-and-monthly", data.sheet.id, label=data.sheet.label))
            return
        codes = [data.codes[name] for name in (*names, "month")]
        if any(code.min() < 0 for code in codes):
            readable = np.min(codes, axis=0) >= 0
            codes = [code[readable] for code in codes]
        source, sources = self.axes.occurring(names, codes[:-1])
        months = self.axes.size("month") + 1  # the last column: a month never met
        seen = np.zeros((len(sources), months), dtype=bool)
        cells = source * months
        cells += codes[-1]
        seen.reshape(-1)[cells] = True
        data.apart = np.count_nonzero(seen) == data.rows
        self._keep(source, data)
        annual = self.axes.known("month", "")
        mixed = (
            np.flatnonzero(seen[:, annual] & (np.count_nonzero(seen, axis=1) > 1))
            if annual >= 0
            else np.zeros(0, dtype=int)
        )
        for place in mixed:
            label = " / ".join(filter(None, self.axes.named(names, int(sources[place]))))
            self.findings.append(finding("annual-and-monthly", data.sheet.id, label=label))
        by_month = seen[:, [self.axes.known("month", month) for month in self.months]]
        short = np.flatnonzero(by_month.any(axis=1) & ~by_month.all(axis=1))
        if len(short):
            short = short[np.argsort(first_rows(source, len(sources))[short])]  # in the order of their rows
            self._split(data, names, sources[short].tolist(), by_month[short])
            listed = [self._absent(names, int(sources[place]), by_month[place]) for place in short[:_LISTED]]
            more = f" … +{len(short) - _LISTED}" if len(short) > _LISTED else ""
            values = {"label": data.sheet.label, "count": len(short), "sources": "; ".join(listed) + more}
            self.findings.append(finding("months-incomplete", data.sheet.id, **values))

    @staticmethod
    def _keep(source: NDArray[np.int64], data: SheetData) -> None:
        """Keep the sources of all rows where nothing else, such as the number of a meter, tells months apart."""
        if len(source) == data.rows and not any(item.identifier for item in data.sheet.columns.values()):
            data.sources = source

    def _every_month(self, data: SheetData, names: Sequence[str]) -> None:
        """Where the figure of a period hangs on each of its months, a source without one of them is refused."""
        held: dict[tuple[int, ...], set[str]] = {}
        for row, month in enumerate(data.codes["month"]):
            source = tuple(int(data.codes[name][row]) for name in names)
            held.setdefault(source, set()).add(self.axes.labels["month"][month] if month >= 0 else "")
        for source, months in held.items():
            absent = [month for month in self.months if month not in months]
            if absent and "" not in months:  # a month that cannot be read is told already
                labels = (self.axes.labels[name][code] for name, code in zip(names, source, strict=True) if code >= 0)
                text = " / ".join([*labels, month_spans(absent)])
                self.findings.append(finding("months-needed", data.sheet.id, label=data.sheet.label, sources=text))

    def _split(self, data: SheetData, names: Sequence[str], keys: Sequence[int], held: NDArray[np.bool_]) -> None:
        """Of sources that lack months two may be one, called in two ways."""
        columns = [data.sheet.columns[name] for name in names]
        sources = [self.axes.named(names, key) for key in keys[:MOST]]
        typed = [place for place, column in enumerate(columns) if not column.vocabulary]  # of a list each is another
        for pair in pairs(sources, held, typed):
            values: dict[str, Any] = {"column": columns[pair.label].label}
            for which, place in (("first", pair.first), ("second", pair.second)):
                values |= {which: sources[place][pair.label], f"{which}_months": self._spans(held[place])}
            self.findings.append(finding("source-split", data.sheet.id, **values))

    def _spans(self, held: NDArray[np.bool_]) -> str:
        return month_spans([month for month, there in zip(self.months, held, strict=True) if there])

    def _absent(self, names: Sequence[str], key: int, held: NDArray[np.bool_]) -> str:
        return f"{' / '.join(filter(None, self.axes.named(names, key)))} ({self._spans(~held)})"

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

    def _source_status(self, data: SheetData, column: str) -> NDArray[np.uint8]:
        if not column:
            return np.full(data.rows, Status.ENTERED, dtype=np.uint8)
        labels = self.axes.labels.get(column, [])
        table = np.array(
            [*(SOURCE_STATUS.get(label, Status.ENTERED) for label in labels), Status.ENTERED], dtype=np.uint8
        )
        return table[data.codes[column]]  # -1, a blank, is the last: entered

    def _fast(self, cells: Sequence[Any]) -> NDArray[np.float64] | None:
        """Float columns of a DataFrame need no cell-by-cell reading."""
        dtype = getattr(cells, "dtype", None)
        if dtype is None or getattr(dtype, "kind", "") not in "fiu":
            return None
        convert = getattr(cells, "to_numpy", None)  # pandas' own integers hold NA, which numpy refuses
        width = dtype.itemsize if dtype.kind == "f" else 8
        return as_doubles(convert(dtype=f"f{width}", na_value=NAN) if convert else np.asarray(cells))

    def _slow(
        self, column: Column, cells: Sequence[Any], units: Sequence[Any] | None, data: SheetData
    ) -> NDArray[np.float64]:
        """Cells of any kind: plain numbers in the column's own unit at once, all others one by one."""
        targets, fast = list(column.units.values()), self._fast(cells)
        values = plain_numbers(cells) if fast is None else fast.copy()  # to the last bit as without units
        basis = data.basis if data.basis is not None and column.by_basis else np.zeros(len(cells), dtype=np.int64)
        plain = ~np.isnan(values) & (basis >= 0)
        if units is not None:
            plain &= _in_own_unit(units, targets, basis)
        typed = data.typed[column.name] = {}
        for row in np.flatnonzero(~plain).tolist():
            cell, values[row] = cells[row], NAN
            if blank(cell):
                continue
            if basis[row] < 0:
                self._no_basis(column, cell, units[row] if units is not None else None, row, data)
                continue
            typed_unit = as_text(units[row]) if units is not None else ""
            value = self._quantity(column, cell, typed_unit, targets[basis[row]], row, data)
            if value is not None:
                typed[row], values[row] = value, float(value)
        return values

    def _of_basis(
        self, column: Column, values: NDArray[np.float64], basis: NDArray[np.int64], data: SheetData
    ) -> NDArray[np.float64]:
        """Numbers of the rows that have a basis; one of a row that has none is told, it is not blank."""
        for row in np.flatnonzero((basis < 0) & ~np.isnan(values)):
            self._no_basis(column, float(values[row]), None, int(row), data)
        return np.where(basis < 0, NAN, values)

    def _no_basis(self, column: Column, cell: Any, typed_unit: Any, row: int, data: SheetData) -> None:
        """A figure of a row that nothing tells the measure of: its unit is wanting, or of no measure of the column."""
        typed = number_in(as_text(cell))
        unit = (typed[1] if typed else "") or ("" if blank(typed_unit) else as_text(typed_unit))
        wanted = ", ".join(item.text for item in column.units.values())
        if typed is None:
            self._report("not-a-number", column, row, data, found=as_text(cell)[:40], unit=wanted)
        elif not unit:
            # No unit is chosen for the user: a kg written for a record in t is an error of a thousandfold.
            self._report("unit-missing", column, row, data, found=typed[0], unit=wanted)
        elif all(convertible(unit, item) is None for item in column.units.values()):
            self._report("wrong-unit", column, row, data, found=unit, unit=wanted)

    def _quantity(
        self, column: Column, cell: Any, typed_unit: str, target: Unit, row: int, data: SheetData
    ) -> Fraction | None:
        if isinstance(cell, bool | date | datetime):
            self._report("not-a-number", column, row, data, found=str(cell), unit=target.text)
            return None
        if isinstance(cell, int | float | Decimal | Fraction | np.integer | np.floating):
            if not -_HUGE < cell < _HUGE:
                self._report("not-a-number", column, row, data, found="±1e100", unit=target.text)
                return None
            number, suffix = exact(cell if isinstance(cell, int | Decimal | Fraction) else float(cell)), typed_unit
            if isinstance(cell, ShownPerCent):
                suffix = "1"  # the share that 30 % stands for, whatever unit its heading names
        else:
            typed = number_in(str(cell))
            if typed is None:
                self._report("not-a-number", column, row, data, found=str(cell)[:40], unit=target.text)
                return None
            digits, suffix, number = typed
            if suffix and typed_unit and suffix != typed_unit:
                self._report("unit-twice", column, row, data, found=f"{suffix} / {typed_unit}", unit=target.text)
                return None
            suffix = suffix or typed_unit
        factor = convertible(suffix, target) if suffix else Fraction(1)
        if factor is None:
            plain = "unit-of-number" if target.text in ("", "1") else "wrong-unit"
            code = "calorie-unnamed" if calorie_unnamed(suffix) else plain
            self._report(code, column, row, data, found=suffix, unit=target.text)
            return None
        if isinstance(cell, str) and digits != cell.strip():
            self._report("read-as", column, row, data, found=cell, value=f"{digits} {suffix}".strip())
        return number * factor

    def _range(self, column: Column, values: NDArray[np.float64], data: SheetData) -> None:
        if self._within(column, values):
            return
        with np.errstate(invalid="ignore"):
            infinite = np.isinf(values)
            low = values < float(column.minimum) if column.minimum is not None else np.zeros(len(values), dtype=bool)
            maxima = [column.maxima.get(basis) for basis in column.units]
            which = np.zeros(len(values), dtype=int) if data.basis is None or not column.by_basis else data.basis
            high = values > np.array([math.inf if bound is None else float(bound) for bound in maxima])[which]
        units = [unit.text for unit in column.units.values()]
        minima = [column.minimum] * len(units)
        for code, mask, bounds in (("below-minimum", low, minima), ("above-maximum", high | infinite, maxima)):
            for row in np.flatnonzero(mask):
                bound = bounds[which[row]]
                limit = "—" if bound is None else f"{float(bound):g}"
                found = f"{values[row]:g}"
                self._report(code, column, int(row), data, found=found, limit=limit, unit=units[which[row]])

    @staticmethod
    def _within(column: Column, values: NDArray[np.float64]) -> bool:
        """Whether no figure of a column lies outside the bounds of any basis."""
        least, most = np.fmin.reduce(values, initial=math.inf), np.fmax.reduce(values, initial=-math.inf)
        low = -math.inf if column.minimum is None else float(column.minimum)
        high = min((float(bound) for bound in column.maxima.values()), default=math.inf)
        return bool((least >= low and most <= high and -math.inf < least and most < math.inf) or least > most)

    def _report(self, code: str, spec: Column, row: int, data: SheetData, **values: Any) -> None:
        self.findings.append(finding(code, data.place(spec.name, row), column=spec.label, **values))


def sources_of(data: SheetData) -> NDArray[np.int64]:
    """Which source each row is of: rows alike in all labels but the month and who found the figure."""
    if data.sources is None:
        kinds = {name: column.kind for name, column in data.sheet.columns.items() if name != data.sheet.source_column}
        labels = [codes for name, codes in data.codes.items() if kinds.get(name, "label" * (name == ENTITY)) == "label"]
        data.sources = numbered(labels) if labels else np.zeros(data.rows, dtype=np.int64)
    return data.sources


def _nowhere(column: str, row: int) -> str:
    """The place of a sheet that the case does not have; a plain function, because results pickle."""
    return ""


def _in_own_unit(units: Sequence[Any], targets: Sequence[Unit], basis: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the unit typed in each row is blank or the column's own, so that the number stands as it is."""
    different, places = distinct(units)
    texts = [as_text(item) for item in different]
    own = [[not text or convertible(text, target) == 1 for target in targets] for text in texts]
    return np.array(own, dtype=bool)[places, basis]


def unit_typed(raw: RawSheet, column: Column, row: int) -> str:
    """The unit a user typed with a number, in its own cell or behind the number; blank where there is none."""
    cell, typed = (raw.columns.get(name, [None] * (row + 1))[row] for name in (column.name, f"{column.name}_unit"))
    if not blank(typed):
        return as_text(typed)
    return split_quantity(as_text(cell))[1] if isinstance(cell, str) else ""


def basis_from_units(raw: RawSheet, sheet: Sheet, row: int) -> int:
    """The basis told by the unit a user typed, for a row whose key is in no table; -1 where none tells."""
    for column in sheet.columns.values():
        if column.by_basis:
            spelling = unit_typed(raw, column, row)
            factors = [convertible(spelling, target) if spelling else None for target in column.units.values()]
            fitting = [index for index, factor in enumerate(factors) if factor is not None]
            if fitting:  # GJ may be heat or electricity: the basis whose own unit it is
                return factors.index(Fraction(1)) if Fraction(1) in factors else fitting[0] if len(fitting) == 1 else -1
    return -1
