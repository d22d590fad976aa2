"""From the rows of a case to the rows of a template: values a cell can hold, months of one record put across."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbonstd._case.case import RawSheet
from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Column, Sheet
from carbonstd._number import exact
from carbonstd._units import convertible, split_quantity
from carbonstd._workbook.layout import Target

Row = dict[str, int | float | str]  # the id of a template's column -> what its cell holds


def template_rows(sheet: Sheet, raw: RawSheet, months: Sequence[str]) -> list[Row]:
    """The rows to write; records that differ by month in the wide column alone become one row with months across."""
    rows: list[Row] = []
    for index in range(raw.rows):
        row = {}
        for name, cells in raw.columns.items():
            value = written(cells[index] if index < len(cells) else None, sheet.columns.get(name))
            if value is not None:
                row[name] = value
        rows.append(row)
    return _across(sheet, rows, months) if sheet.wide else rows


def written(value: Any, column: Column | None) -> int | float | str | None:
    """What a cell holds for a value: a number where that loses nothing, a quantity in the column's unit, else text."""
    if value is None or value != value or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, date):
        return f"{value.year}-{value.month:02d}" if column and column.kind == "month" else value.isoformat()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal | Fraction):
        return _number(exact(value)) if column and column.kind == "number" else str(value)
    text = str(value)
    if column is not None and column.kind == "number" and not column.by_basis:
        digits, unit = split_quantity(text)
        factor = convertible(unit, column.unit) if unit else None
        if factor is not None and digits.replace(".", "", 1).isdigit():
            return _number(Fraction(digits) * factor)
    return text


def _number(value: Fraction) -> int | float | str:
    """A number that means exactly `value` when it is read; text where 15 digits do not hold it."""
    number = int(value) if value.denominator == 1 else float(value)
    return number if exact(float(number)) == value else str(Decimal(value.numerator) / Decimal(value.denominator))


def _across(sheet: Sheet, rows: list[Row], months: Sequence[str]) -> list[Row]:
    """Neighbouring records with the same fixed values and rising months, at least two, as one row."""
    result: list[Row] = []
    group: list[Row] = []
    for row in [*rows, {}]:
        if group and not (_month(row, months) and _follows(group[-1], row, sheet, months)):
            result += [_joined(group, sheet, months)] if len(group) > 1 else group
            group = []
        if row:
            group.append(row)
    return result


def _follows(before: Row, row: Row, sheet: Sheet, months: Sequence[str]) -> bool:
    rising = "" < _month(before, months) < _month(row, months)
    return rising and _fixed(before, sheet) == _fixed(row, sheet) and set(before) & set(sheet.wide) == set(row) & set(
        sheet.wide
    ) != set()  # fmt: skip


def _joined(group: list[Row], sheet: Sheet, months: Sequence[str]) -> Row:
    row = _fixed(group[0], sheet)
    for record in group:
        for name in sheet.wide:
            if name in record:
                row[Target(name, "month", _month(record, months)).id] = record[name]
    return row


def _fixed(row: Row, sheet: Sheet) -> Row:
    return {name: value for name, value in row.items() if name != "month" and name not in sheet.wide}


def _month(row: Row, months: Sequence[str]) -> str:
    """The month of a record where the template has a column for it, else an empty text."""
    period = Period.parse(row.get("month", ""))
    found = period.months() if period else []
    return found[0] if len(found) == 1 and found[0] in months else ""
