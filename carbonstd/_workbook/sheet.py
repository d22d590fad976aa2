"""One sheet of a workbook against one sheet of a method: headings found, rows collected, months across unfolded.

The result is a `RawSheet`, long by month, whose `place` leads back to the very cell. What numbers and labels mean is
the ledger's business; here only the form is judged, and every fault is a finding with its cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonstd._case.case import RawSheet
from carbonstd._case.cells import number_in
from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Column, Sheet
from carbonstd._findings import Finding, finding
from carbonstd._number import exact
from carbonstd._units import calorie_unnamed, convertible, split_quantity
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, letters, unfilled
from carbonstd._workbook.layout import Headings, Target
from carbonstd._workbook.style import typed_text

_SEARCHED = 40  # headings stand in the first rows
Record = dict[str, tuple[Any, int]]  # column -> value and the column of the cell it stands in


@dataclass(frozen=True)
class Mark:
    """The hidden mark of one of our sheets and the row it stands in."""

    row: int
    version: int
    role: str
    method: str
    sheet: str


def read_sheet(grid: Grid, sheet: Sheet, mark: Mark | None, period: Period | None) -> tuple[RawSheet, list[Finding]]:
    """The rows of a sheet as typed, and all that is wrong or worth knowing about its form."""
    reader = _Reader(grid, sheet, mark, period)
    return reader.read(), reader.findings


class _Reader:
    def __init__(self, grid: Grid, sheet: Sheet, mark: Mark | None, period: Period | None) -> None:
        self.grid, self.sheet, self.mark, self.period = grid, sheet, mark, period
        self.headings = Headings(sheet)
        self.findings: list[Finding] = []
        self.columns: dict[int, Target] = {}
        self.ids: dict[int, str] = {}
        self.units: dict[int, str] = {}
        self.heading_row = 0

    def read(self) -> RawSheet:
        if not self._find_headings():
            self._report("header-missing", self.grid.title, label=self.sheet.label)
            return RawSheet({}, lambda column, row: self.grid.title)
        rows = [row for row in sorted(self.grid.rows) if row > self.heading_row and self._filled(row)]
        self._merged(rows)
        strangers = self._strangers(rows)
        self.ids = {index: target.id for index, target in self.columns.items()}
        raw = self._raw((row, record) for row in rows for record in self._records(row, strangers))
        self._notes(rows)
        return raw

    # Headings

    def _find_headings(self) -> bool:
        ids = self.grid.rows.get(self.mark.row + 1, {}) if self.mark else {}
        by_id = {index: target for index, cell in ids.items() if (target := self.headings.by_id(str(cell)))}
        best, below = 0, self.mark.row + 1 if self.mark else 0
        for row in sorted(self.grid.rows):
            if not below < row <= below + _SEARCHED:
                continue
            found = sum(self.headings.find(cell) is not None for cell in self.grid.rows[row].values())
            if found > best:
                best, self.heading_row = found, row
        for index, cell in self.grid.rows.get(self.heading_row, {}).items():
            self._heading(index, cell, by_id.pop(index, None))
        self.columns.update(by_id)  # a heading was wiped out, its id was not
        self._twice()
        return best > 0 and any(target.role in ("value", "month") for target in self.columns.values())

    def _heading(self, index: int, cell: Any, by_id: Target | None) -> None:
        named = self.headings.find(cell)
        target = by_id or named
        if target is None:
            return
        place = self.grid.place(self.heading_row, index)
        if by_id and named and named != by_id and not _same_month(named, by_id):
            self._report("heading-moved", place, found=_one_line(cell), expected=by_id.id)
            return
        self.columns[index] = target
        column = self.sheet.columns[target.column]
        if target.role not in ("value", "month"):
            return
        unit = self.headings.unit_of(cell, column)
        if unit and all(convertible(unit, usual) is None for usual in column.units.values()):
            code = "calorie-unnamed" if calorie_unnamed(unit) else "wrong-unit"
            self._report(code, place, column=column.label, found=unit, unit=column.unit.text)
        elif unit:
            self.units[index] = unit
            self._report("heading-unit", place, column=column.label, unit=unit)

    def _twice(self) -> None:
        first: dict[Target, int] = {}
        for index, target in sorted(self.columns.items()):
            if first.setdefault(target, index) != index:
                places = (self.grid.place(self.heading_row, first[target]), self.grid.place(self.heading_row, index))
                self._report("header-twice", places[1], column=self.sheet.columns[target.column].label, first=places[0])

    # Rows

    def _filled(self, row: int) -> bool:
        """Whether a row holds anything but a total that our own formula computed."""
        for index, value in self.grid.rows[row].items():
            target = self.columns.get(index)
            if target is not None and target.role == "total":
                if (row, index) not in self.grid.formulas and not unfilled(value):
                    return True
            elif not unfilled(value):
                return True
        return False

    def _strangers(self, rows: list[int]) -> dict[int, str]:
        """Columns with data that the method does not know, under the name the engine will report them by."""
        found: dict[int, int] = {}
        for row in rows:
            for index, value in self.grid.rows[row].items():
                if index not in self.columns and not unfilled(value):
                    found.setdefault(index, row)
        names: dict[int, str] = {}
        for index, row in sorted(found.items()):
            name = _one_line(self.grid.cell(self.heading_row, index))
            if not name:
                self._report("column-without-heading", self.grid.place(row, index), column=letters(index))
            elif name in self.sheet.columns or name in names.values():
                names[index] = f"{name} ({letters(index)})"
            else:
                names[index] = name
        return names

    def _records(self, row: int, strangers: Mapping[int, str]) -> Iterator[Record]:
        """The row as one record, or as one a month where the months across are filled."""
        fixed: Record = {}
        across: dict[str, Record] = {}
        totals: dict[str, int] = {}
        for index, raw in self.grid.rows[row].items():
            target = self.columns.get(index)
            if target is None:
                if index in strangers:
                    fixed[strangers[index]] = (self._value(row, index, raw), index)
                continue
            if target.role == "total":
                totals[target.column] = index
                continue
            value = raw if type(raw) is float else self._value(row, index, raw)
            if unfilled(value):
                continue
            if target.role == "month":
                across.setdefault(target.month, {})[target.column] = (value, index)
            else:
                fixed[self.ids[index]] = (value, index)
        for name, index in totals.items():
            self._total(
                row, index, self.sheet.columns[name], [cells[name] for cells in across.values() if name in cells]
            )
        if not across:
            if fixed:
                yield self._with_units(fixed)
            return
        used = {name for cells in across.values() for name in cells}
        for name in ("month", *sorted(used)):
            if name in fixed:
                place = self.grid.place(row, fixed[name][1])
                self._report("wide-and-long", place, column=self.sheet.columns[name].label)
                return
        for month in sorted(across):
            index = next(iter(across[month].values()))[1]
            yield self._with_units({**fixed, "month": (self._month(month), index), **across[month]})

    def _value(self, row: int, index: int, value: Any) -> Any:
        if isinstance(value, ErrorCell):
            self._report("error-cell", self.grid.place(row, index), found=value.text)
            return None
        if value is UNCACHED:
            self._report("formula-uncached", self.grid.place(row, index))
            return None
        return typed_text(value) if isinstance(value, str) else value

    def _month(self, month: str) -> str:
        """`03` is the March of the period, where it has just one; else the ledger says what is wrong."""
        if "-" in month or self.period is None:
            return month
        fitting = [known for known in self.period.months() if known.endswith(f"-{month}")]
        return fitting[0] if len(fitting) == 1 else f"{int(month)}月"

    def _with_units(self, record: Record) -> Record:
        """Bare numbers take the unit their heading names, where that is not the usual one."""
        if not self.units:
            return record
        given: Record = {}
        for name, (value, index) in record.items():
            unit, key = self.units.get(index), f"{name}_unit"
            if (
                unit
                and name != "month"
                and key not in record
                and not (isinstance(value, str) and split_quantity(value)[1])
            ):
                given[key] = (unit, index)
        return {**record, **given}

    def _total(self, row: int, index: int, column: Column, cells: list[tuple[Any, int]]) -> None:
        """The total is checked, never read. Our own live SUM is right by making, whatever value it carries."""
        value = self.grid.cell(row, index)
        months = [
            number for number, target in self.columns.items() if target == Target(column.name, "month", target.month)
        ]
        place, formula = self.grid.place(row, index), self.grid.formulas.get((row, index))
        if isinstance(value, ErrorCell):
            self._report("error-cell", place, found=value.text)
        if formula == sum_formula(row, min(months, default=1), max(months, default=1)):
            return
        if value is UNCACHED or isinstance(value, ErrorCell) or unfilled(value):
            return
        sums = _sums(column, [cell for cell, _ in cells])
        typed = _sums(column, [value])[1]
        if typed is None or not any(known is not None and math.isclose(typed, known, rel_tol=1e-9) for known in sums):
            known = next((known for known in reversed(sums) if known is not None), 0)
            self._report("wide-total", place, column=column.label, found=str(value)[:40], expected=f"{float(known):g}")

    # What the whole sheet tells

    def _merged(self, rows: list[int]) -> None:
        """Merged cells among the data hide which row a value belongs to."""
        if not rows or not self.columns:
            return
        last, left, right = max(rows), min(self.columns), max(self.columns)
        found = [
            (top, start, bottom, end)
            for top, start, bottom, end in self.grid.merged
            if bottom > self.heading_row and top <= last and end >= left and start <= right
        ]
        for top, start, bottom, end in found[:20]:
            self._report(
                "merged-cells", self.grid.place(top, start), range=f"{letters(start)}{top}:{letters(end)}{bottom}"
            )
        if len(found) > 20:
            self._report("merged-cells", self.grid.title, range=f"{len(found)}")

    def _notes(self, rows: list[int]) -> None:
        hidden = len(rows) if self.grid.hidden else sum(row in self.grid.hidden_rows for row in rows)
        if hidden:
            self._report("hidden-rows", self.grid.title, count=hidden)
        wanted = set(rows)
        formulas = sum(
            row in wanted and self.columns[index].role != "total"
            for row, index in self.grid.formulas
            if index in self.columns
        )
        if formulas:
            self._report("formula-values", self.grid.title, count=formulas)

    def _raw(self, records: Iterable[tuple[int, Record]]) -> RawSheet:
        columns: dict[str, list[Any]] = {}
        lines: list[tuple[int, dict[str, int]]] = []
        shapes: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}  # of many rows: few, and each kept once
        for line, record in records:
            for name, (value, _) in record.items():
                cells = columns.setdefault(name, [])
                cells.extend([None] * (len(lines) - len(cells)))
                cells.append(value)
            shape = tuple((name, index) for name, (_, index) in record.items())
            if shape not in shapes:
                shapes[shape] = dict(shape)
            lines.append((line, shapes[shape]))
        for cells in columns.values():
            cells.extend([None] * (len(lines) - len(cells)))
        homes = {target.id: index for index, target in sorted(self.columns.items(), reverse=True)}
        return RawSheet(columns, CellPlace(self.grid.title, lines, homes, min(self.columns)))

    def _report(self, code: str, place: str, **values: Any) -> None:
        self.findings.append(finding(code, place, **values))


@dataclass(frozen=True)
class CellPlace:
    """The cell a value was read from. A class and not a closure: a result pickles with its case."""

    title: str
    lines: list[tuple[int, dict[str, int]]]
    homes: dict[str, int]
    first: int

    def __call__(self, column: str, row: int) -> str:
        found = self.cell(column, row)
        return self.title if found is None else f"{self.title}!{letters(found[1])}{found[0]}"

    def cell(self, column: str, row: int) -> tuple[int, int] | None:
        """The row and column of the sheet, counted from 1."""
        if not 0 <= row < len(self.lines):
            return None
        line, columns = self.lines[row]
        return line, columns.get(column, self.homes.get(column, self.first))


def sum_formula(row: int, first: int, last: int) -> str:
    """The live total of a row's months, as the template writes it (without the leading `=`)."""
    return f"SUM({letters(first)}{row}:{letters(last)}{row})"


def _sums(column: Column, cells: list[Any]) -> tuple[Fraction | None, Fraction | None]:
    """The sum as a spreadsheet sees it (numbers only) and in the column's unit, None where a cell is no quantity."""
    numbers: list[Fraction] = []
    read: list[Fraction | None] = []
    for cell in cells:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            numbers.append(exact(cell))
            read.append(exact(cell))
        else:
            read.append(_quantity(column, str(cell)))
    known = [value for value in read if value is not None]
    return sum(numbers, Fraction(0)), sum(known, Fraction(0)) if len(known) == len(read) else None


def _quantity(column: Column, text: str) -> Fraction | None:
    read = number_in(text)
    if read is None:
        return None
    _, unit, value = read
    factors = [convertible(unit, usual) for usual in column.units.values()] if unit else [Fraction(1)]
    factor = next((known for known in factors if known is not None), None)
    return value * factor if factor is not None else None


def _same_month(named: Target, by_id: Target) -> bool:
    """`2025-03` in a heading and `03` in the id are one month."""
    return named.column == by_id.column and named.role == by_id.role and named.month[-2:] == by_id.month[-2:]


def _one_line(cell: Any) -> str:
    return str(cell).split("\n", 1)[0].strip()[:60] if cell is not None else ""
