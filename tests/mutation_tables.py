"""Mutants of the tables a method uses: every used number changed by one per cent, neighbouring rows swapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Slot
from carbonstd._definitions.table import Band, Cell, Row, Table
from carbonstd._language import expression as ex
from carbonstd.models import registry
from tests.oracle_models import TableView

ONE_PER_CENT = Fraction(101, 100)
Use = tuple[Table, str, set[str], list[int]]


def tables_of(method: Method, library: Library) -> Iterator[Use]:
    """Each table edition a method may use, its slot, the columns it reads, and the rows it may come to."""
    for slot in method.slots.values():
        lookups = [node for node in _nodes(method) if isinstance(node, ex.Lookup) and node.table == slot.name]
        for table in _editions(slot, method, library):
            if not lookups:  # a called model reads all of it
                columns = {name for name, column in table.columns.items() if not column.text}
                yield table, slot.name, columns, list(range(len(table.rows)))
                continue
            columns = {node.column for node in lookups if not table.columns[node.column].text}
            fixed = [[key.value for key in node.keys or () if isinstance(key, ex.Text)] for node in lookups]
            named = {label for labels in fixed for label in labels} if all(fixed) else set()
            rows = [i for i, row in enumerate(table.rows) if not named or named & set(map(str, row.match.values()))]
            yield table, slot.name, columns, rows


def table_mutants(table: Table, columns: set[str], rows: list[int]) -> Iterator[tuple[str, Table]]:
    for index in rows:
        row = table.rows[index]
        yield from _row_mutants(table, index, row, columns)
        if len(table.rows) > 1:
            other = (index + 1) % len(table.rows)
            if _values(row, columns) != _values(table.rows[other], columns):
                yield f"rows {_named(row)} and {_named(table.rows[other])} swapped", _swapped(table, index, other)
    for column in columns:
        axis = table.columns[column].axis
        for label in filter(_number, table.labels(axis) if axis else ()):
            moved = [_renamed(row, column, label, f"{float(label) * 1.01:g}") for row in table.rows]
            yield f"axis {axis} {label} + 1 %", _table(table, moved)


def _number(label: str) -> bool:
    """Whether a label can be moved by 1 %: 3, but not `limit`."""
    return label.replace(".", "", 1).isdigit()


def _row_mutants(table: Table, index: int, row: Row, columns: set[str]) -> Iterator[tuple[str, Table]]:
    for column in sorted(columns):
        cell = row.cells[column]
        cells = cell if isinstance(cell, Mapping) else {"": cell}
        for label, part in cells.items():
            if part.value:
                nudged = replace(part, value=part.value * ONE_PER_CENT)
                new = {**cell, label: nudged} if isinstance(cell, Mapping) else nudged
                changed = replace(row, cells={**row.cells, column: new})
                place = ", ".join(item for item in (_named(row), column, label) if item)
                yield f"{place} + 1 %", _with_row(table, index, changed)
    for key, match in row.match.items():
        if isinstance(match, Band):
            edges = (match.above, match.from_, match.below, match.up_to)
            moved = Band(*(None if edge is None else edge * ONE_PER_CENT for edge in edges))
            if moved != match:
                changed = replace(row, match={**row.match, key: moved})
                yield f"key {key} {_named(row)} + 1 %", _with_row(table, index, changed)


# States a called model is asked about: a cell that changes the answer at none of them is not used at all, as the
# cells of table C.5 of GB/T 32151.34 that hold water.
_STEAM = [
    *(("superheated_steam", p, t) for p in np.geomspace(0.0005, 32, 30) for t in np.linspace(-5, 605, 123)),
    *(("saturated_steam", p, np.nan) for p in np.geomspace(0.0005, 32, 400)),
    *(("saturated_steam", np.nan, t) for t in np.linspace(0, 380, 200)),
]
PROBES: Mapping[str, Mapping[str, Any]] = {
    "steam_enthalpy": {
        "medium": np.array([medium for medium, _, _ in _STEAM], dtype=object),
        "pressure": np.array([pressure for _, pressure, _ in _STEAM]),
        "temperature": np.array([temperature for _, _, temperature in _STEAM]),
    }
}


class Answers:
    """What a called model answers at the probes, to tell whether it uses a cell."""

    def __init__(self, method: Method, library: Library, slot: str) -> None:
        equations = [item for item in method.equations.values() if item.call]
        self.equation = next(item for item in equations if ex.Name(slot) in item.arguments.values())
        self.tables = {
            argument: library.table(f"{method.slots[node.name].table}@{method.slots[node.name].edition}")
            for argument, node in self.equation.arguments.items()
            if isinstance(node, ex.Name) and node.name in method.slots
        }
        self.argument = next(name for name, node in self.equation.arguments.items() if node == ex.Name(slot))
        self.usual = self.of(self.tables[self.argument])

    def of(self, table: Table) -> Any:
        views = {name: TableView(item) for name, item in {**self.tables, self.argument: table}.items()}
        return registry()[self.equation.call].function(**PROBES[self.equation.call], **views).value

    def same(self, table: Table) -> bool:
        return bool(np.array_equal(self.of(table), self.usual, equal_nan=True))


def _editions(slot: Slot, method: Method, library: Library) -> list[Table]:
    """The pinned edition, the tables to choose from, or those that held on some day while the method binds."""
    if slot.edition or slot.choices:
        return [library.table(name) for name in slot.tables]
    headers = library.editions(library.find(slot.table, library.table_headers).family, library.table_headers)
    since, until = method.document.in_force or date.min, method.document.until or date.max
    starts = {header.id: header.document.in_force or header.published or date.min for header in headers}
    old = [header for header in headers if starts[header.id] <= since]
    return [library.table(header.id) for header in headers if header not in old[:-1] and starts[header.id] <= until]


def _nodes(method: Method) -> Iterator[ex.Node]:
    trees = [node for equation in method.equations.values() for node in (*equation.nodes, equation.needed)]
    trees += [check.condition for check in method.checks]
    for sheet in method.sheets.values():
        trees += [sheet.basis, *(tree for column in sheet.columns.values() for tree in (column.default, column.needed))]
    for tree in trees:
        if tree is not None:
            yield from tree.walk()


def _named(row: Row) -> str:
    """The row by its keys; a band of one number as that number."""
    parts = [
        f"{float(match.from_):g}" if isinstance(match, Band) and match.from_ is not None and match.from_ == match.up_to
        else str(match)
        for match in row.match.values()
    ]  # fmt: skip
    return " / ".join(parts)


def _values(row: Row, columns: set[str]) -> list[object]:
    cells = [row.cells[column] for column in sorted(columns)]
    return [{k: part.value for k, part in cell.items()} if isinstance(cell, Mapping) else cell.value for cell in cells]


def _swapped(table: Table, first: int, second: int) -> Table:
    rows = list(table.rows)
    rows[first], rows[second] = (
        replace(rows[first], cells=rows[second].cells),
        replace(rows[second], cells=rows[first].cells),
    )
    return _table(table, rows)


def _renamed(row: Row, column: str, label: str, new: str) -> Row:
    cell = row.cells[column]
    if isinstance(cell, Cell):
        return row
    return replace(
        row, cells={**row.cells, column: {new if name == label else name: part for name, part in cell.items()}}
    )


def _with_row(table: Table, index: int, row: Row) -> Table:
    return _table(table, [*table.rows[:index], row, *table.rows[index + 1 :]])


def _table(table: Table, rows: list[Row]) -> Table:
    return replace(table, rows=tuple(rows))
