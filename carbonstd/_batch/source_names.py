"""Sheets and columns of many entities under the ids of their methods: once a chunk where headings are but names.

Where they say more (a unit, months across), or methods differ about them, each entity is read as if it were alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carbonstd._batch.cells import cells_of
from carbonstd._batch.ledgers import Head, Ledgers, together
from carbonstd._batch.source_order import Order
from carbonstd._batch.source_tables import ENTITY, FILE, ROW, stacked
from carbonstd._case.case import Case, RawSheet
from carbonstd._case.names import renaming, resolve, sheet_of
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Sheet
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import finding
from carbonstd._joint.joint import join, methods_of


@dataclass(frozen=True, eq=False)
class Place:
    """Where a cell stands: `fuel.parquet[12].amount`, the row counted from 0, or the line of a CSV."""

    labels: tuple[str, ...]
    files: NDArray[np.int32]
    rows: NDArray[np.int64]
    typed: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, column: str, row: int) -> str:
        label, name = self.labels[self.files[row]], self.typed.get(column, column)
        csv = label.lower().endswith(".csv")
        place = f"{label}:{self.rows[row]}" if csv else f"{label}[{self.rows[row]}]"
        return f"{place}{' ' if csv else '.'}{name}" if name else place


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one sheet, those of an entity together; `owners` has the place of each row's entity."""

    table: pa.Table
    owners: NDArray[np.int64]
    place: Place

    @classmethod
    def of(cls, pieces: Sequence[tuple[tuple[str, ...], pa.Table]], order: Order, some: bool = False) -> Rows:
        """Rows of tables, with the names of their files, each where its entity is in the order.

        Those of other entities are left out where only `some` are asked for; else there are none unless a file was
        changed since the rows were parted, which raises CaseError.
        """
        labels: tuple[str, ...] = ()
        tables = []
        for own, table in pieces:
            files = pc.add(table[FILE], pa.scalar(len(labels), pa.int32()))
            tables.append(table.set_column(table.column_names.index(FILE), FILE, files))
            labels += own
        table = tables[0] if len(tables) == 1 else stacked(tables)
        owners = order.ranks(table[ENTITY], met=True)
        if (owners < 0).any():
            if not some:
                raise CaseError(findings=[finding("batch-changed", ", ".join(labels))])
            table, owners = table.filter(pa.array(owners >= 0)), owners[owners >= 0]
        if (owners[1:] < owners[:-1]).any():
            rows = np.argsort(owners, kind="stable")
            owners, table = owners[rows], table.take(pa.array(rows))
        place = Place(labels, table[FILE].to_numpy(), table[ROW].to_numpy())
        return cls(table.drop_columns([ENTITY, FILE, ROW]), owners, place).without(
            name for name in table.column_names if table[name].null_count == len(table)
        )

    def without(self, names: Iterable[str]) -> Rows:
        """The rows less some columns, which they may have."""
        held = set(self.table.column_names)
        return replace(self, table=self.table.drop_columns([name for name in names if name in held]))


@dataclass(frozen=True)
class _Plan:
    """What a sheet and its columns are called, of which kinds each column is, and the sheets (`homes`) that it is: of
    each method, by number, one."""

    id: str
    ids: Mapping[str, str]
    kinds: Mapping[str, set[str]]
    homes: Sequence[tuple[int, str]] = ()


def named(heads: Sequence[Head], sheets: Mapping[str, Rows], library: Library) -> Ledgers:
    """The ledgers of entities, under the ids of their methods."""
    methods, read_by = _methods(heads, library)
    plans = {title: _plan(title, rows, methods, read_by, library) for title, rows in sheets.items()}
    held = {title: plan for title, plan in plans.items() if plan is not None}
    homes = [home for plan in held.values() for home in plan.homes]
    if len(held) == len(sheets) == len({plan.id for plan in held.values()}) and len(homes) == len(set(homes)):
        return Ledgers(
            list(heads),
            {plan.id: _raw(sheets[title], plan) for title, plan in held.items()},
            {plan.id: sheets[title].owners for title, plan in held.items()},
        )
    bare = {title: _raw(rows, _as_typed(title, rows)) for title, rows in sheets.items()}
    whole = Ledgers(list(heads), bare, {title: rows.owners for title, rows in sheets.items()})
    return together([_alone(whole, index, library) for index in range(len(heads))])


def _methods(heads: Sequence[Head], library: Library) -> tuple[list[Method], NDArray[np.int64]]:
    """The methods whose sheets the entities have, several as one, and which of them each has: -1 where it is not known,
    which is said when it is to be run."""
    asked: dict[tuple[object, ...], tuple[Method, ...]] = {}
    found: dict[tuple[str, ...], int] = {}
    whole: list[Method] = []
    numbers = np.full(len(heads), -1, dtype=np.int64)
    for index, case in enumerate(head.case for head in heads):
        if case is None:
            continue
        key = (case.method, case.also, str(case.period), case.as_of)
        if key not in asked:
            asked[key] = _editions(case, library)
        ids = tuple(method.id for method in asked[key])
        if ids and ids not in found:
            found[ids] = len(whole)
            whole.append(join(asked[key]).whole)
        numbers[index] = found.get(ids, -1)
    return whole, numbers


def _editions(case: Case, library: Library) -> tuple[Method, ...]:
    """The methods of a case in the editions of its period; none where one of them is not known."""
    try:
        return tuple(methods_of((case.method, *case.also), library, case.period, case.as_of))
    except CarbonstdError:
        return ()


def _plan(
    title: str, rows: Rows, methods: Sequence[Method], read_by: NDArray[np.int64], library: Library
) -> _Plan | None:
    """What all methods that know a sheet call it; None where they differ, or headings say more than names."""
    readers = [int(number) for number in np.unique(read_by[rows.owners]) if number >= 0]
    found = {number: sheet for number in readers if (sheet := sheet_of(title, methods[number], library))}
    known = list(found.values())
    if not known:
        _hidden(title, rows, [methods[number] for number in readers], library)
        return _as_typed(title, rows)
    ids = [renaming(rows.table.column_names, sheet) for sheet in known]
    names = {title if title == sheet.kind else sheet.id for sheet in known}
    if ids[0] is None or len(names) > 1 or any(other != ids[0] for other in ids):
        return None
    return _Plan(names.pop(), ids[0], _kinds(known), [(number, sheet.id) for number, sheet in found.items()])


def _hidden(title: str, rows: Rows, methods: Sequence[Method], library: Library) -> None:
    """Raises CaseError where a folder gives its name to files that are called as sheets themselves."""
    for label in rows.place.labels:
        path = PurePosixPath(label)
        if path.stem != title and any(sheet_of(path.stem, method, library) for method in methods):
            raise CaseError(findings=[finding("folder-hides-sheet", label, title=title, sheet=path.stem)])


def _as_typed(title: str, rows: Rows) -> _Plan:
    return _Plan(title, {name: name for name in rows.table.column_names}, {})


def _kinds(sheets: Sequence[Sheet]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        for name, column in sheet.columns.items():
            kinds[name].add(column.kind)
    return kinds


def _raw(rows: Rows, plan: _Plan) -> RawSheet:
    columns = {name: cells_of(rows.table[typed], plan.kinds.get(name, set())) for typed, name in plan.ids.items()}
    typed = {plan.ids[name]: name for name in plan.ids if plan.ids[name] != name}
    return RawSheet(columns, replace(rows.place, typed=typed))


def _alone(ledgers: Ledgers, index: int, library: Library) -> Head:
    """An entity with its own sheets, its names read as those of any case."""
    head = ledgers.heads[index]
    if head.case is None:
        return head
    case = ledgers.case(index)
    try:
        resolve(case, library)
    except CaseError as error:
        return replace(head, case=None, findings=tuple(error.findings))
    return replace(head, case=case)
