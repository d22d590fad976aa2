"""Rows of one name as one row, where what they say agrees; where it does not, they are left as they were typed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any

from carbonstd._case.cells import as_text, number_in
from carbonstd._definitions.method import Column, Sheet
from carbonstd._units import convertible

Row = dict[str, Any]


def merged(rows: Sequence[Row], sheet: Sheet) -> tuple[list[Row], list[str]]:
    """One row for each set of names and month, for what stands may have been typed in the first of its months alone.

    Also the names whose rows differ in a figure. Which one holds, and which other figures go with it, is not for us to
    say: nothing is put together under that name.
    """
    same: dict[str, list[Row]] = {}
    for row in rows:
        same.setdefault(key_of(row, sheet), []).append(row)
    found: list[Row] = []
    apart: list[str] = []
    for held in same.values():
        one = _united(held, sheet)
        found += [one] if one is not None else _distinct(held, sheet)
        apart += [] if one is not None else [" ".join(_names(held[0], sheet).values())]
    return found, apart


def with_all_months(rows: Sequence[Row], sheet: Sheet, months: Sequence[str]) -> list[Row]:
    """The rows, where a name has rows of several months with one for each of these months."""
    held: dict[str, list[Row]] = {}
    for row in rows:
        held.setdefault(key_of(_bare(row), sheet), []).append(row)
    return [row for same in held.values() for row in _filled_up(same, sheet, months)]


def _filled_up(rows: Sequence[Row], sheet: Sheet, months: Sequence[str]) -> list[Row]:
    there = {row["month"] for row in rows if "month" in row}
    base = _united([_bare(row) for row in rows], sheet)
    if len(there) < 2 or not all("month" in row for row in rows) or base is None or not _names(base, sheet):
        return list(rows)
    added = [{**base, "month": month} for month in months if month not in there]
    return sorted([*rows, *added], key=lambda row: months.index(row["month"]))


def _bare(row: Row) -> Row:
    return {name: cell for name, cell in row.items() if name != "month"}


def key_of(row: Row, sheet: Sheet) -> str:
    """The names and choices of a row, and its month; of one without, all of it."""
    return str(sorted((_names(row, sheet) or row).items(), key=str))


def _names(row: Row, sheet: Sheet) -> dict[str, str]:
    return {column.name: as_text(row[column.name]) for column in _columns(row, sheet) if _tells(column)}


def _tells(column: Column) -> bool:
    return column.tells or column.kind == "month"


def _united(rows: Sequence[Row], sheet: Sheet) -> Row | None:
    """The rows as one, each figure with its own unit; None where two of them differ."""
    made: Row = {}
    for row in rows:
        for column in _columns(row, sheet):
            if column.name not in made:
                made |= {part: row[part] for part in (column.name, f"{column.name}_unit") if part in row}
            elif not _tells(column) and _said(row, column) != _said(made, column):
                return None
    return made


def _distinct(rows: Sequence[Row], sheet: Sheet) -> list[Row]:
    """Each row once; one of names alone says nothing beside the others."""
    found: dict[frozenset[Hashable], Row] = {}
    for row in rows:
        others = (column for column in _columns(row, sheet) if not _tells(column))
        found.setdefault(frozenset((column.name, _said(row, column)) for column in others), row)
    return [row for said, row in found.items() if said]


def _columns(row: Row, sheet: Sheet) -> list[Column]:
    return [sheet.columns[name] for name in row if name in sheet.columns]


def _said(row: Row, column: Column) -> Hashable:
    """What a cell says: a figure in a unit of its column, however it was typed, else the text."""
    cell = row[column.name]
    text = cell if isinstance(cell, str) else as_text(cell)
    read = number_in(text) if column.kind == "number" else None
    if read is None:
        return text.strip()
    _, inside, value = read
    typed = inside or as_text(row.get(f"{column.name}_unit"))
    factors = {name: convertible(typed, unit) for name, unit in column.units.items()} if typed else {"": Fraction(1)}
    known = ((name, value * factor) for name, factor in factors.items() if factor is not None)
    return next(known, (text, typed))
