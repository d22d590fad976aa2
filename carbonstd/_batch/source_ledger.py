"""Ledgers of many entities: files a sheet, or one data set, each row with its entity; parted into chunks of entities.

Of the entities their keys and numbers of rows stand in memory (about 200 bytes each), of their rows a chunk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head, Ledgers
from carbonstd._batch.source_base import Source, is_roster, unknown
from carbonstd._batch.source_csv import CELLS
from carbonstd._batch.source_files import TableFiles, columns_in
from carbonstd._batch.source_heads import SAID, heads_of, labels_in
from carbonstd._batch.source_names import Rows, named
from carbonstd._batch.source_order import Codes, Order, Runs
from carbonstd._batch.source_sort import sort
from carbonstd._batch.source_tables import SHEET, LedgerSheet, Part, column_of, read, runs_of
from carbonstd._definitions.library import Library
from carbonstd._errors import CaseError
from carbonstd._findings import finding

_APART = 4  # intervals of rows that a chunk may have, on average, in a table that is read as it is
Slices = tuple[tuple[Part, int, int], ...]


@dataclass(frozen=True)
class LedgerFiles(Source):
    """The tables of a ledger; the list of entities, where there is one, gives their order."""

    root: Path
    tables: tuple[TableFiles, ...]

    def chunks(self, rows: int, staging: Path) -> list[LedgerChunk]:
        tables, order = self._opened(staging), Order()
        runs = [runs_of(table, order) for table in tables]
        if not order:
            raise CaseError(findings=[finding("source-empty", str(self.root))])
        chunk_of = _parted(runs, len(order), rows)
        count = int(chunk_of[-1]) + 1
        held = [
            _slices(table, found, order, chunk_of, staging / f"{number} by chunk.parquet")
            for number, (table, found) in enumerate(zip(tables, runs, strict=True))
        ]
        keys = list(order)
        bounds = np.searchsorted(chunk_of, np.arange(count + 1))
        listed = _listed(tables)
        return [
            LedgerChunk(number, tuple(keys[bounds[number] : bounds[number + 1]]), _some(held, number), listed)
            for number in range(count)
        ]

    def entity(self, key: str, staging: Path) -> LedgerChunk:
        tables, order = self._opened(staging), Order()
        runs = [runs_of(table, order, only=key) for table in tables]
        if key not in order:
            raise unknown(key, order)
        chunk_of = np.full(len(order), -1, dtype=np.int64)
        chunk_of[order[key]] = 0
        held = [
            (table, [tuple(table.slices(found.intervals(chunk_of, 1)[0]))])
            for table, found in zip(tables, runs, strict=True)
        ]
        return LedgerChunk(0, (key,), _some(held, 0), _listed(tables))

    def names(self, library: Library, job: Job, staging: Path) -> dict[str, list[str]]:
        """Names stand in the list of entities alone, so no other rows are read."""
        lists = tuple(table for table in self.tables if not table.name or is_roster(table.name))
        return Source.names(replace(self, tables=lists), library, job, staging) if lists else {}

    def inputs(self) -> list[Path]:
        return [file.path for table in self.tables for file in table.files]

    def labels(self, wanted: Iterable[str]) -> set[str] | None:
        """The columns of the list of entities; of rows of many sheets in one table nobody knows whose a column is."""
        if not all(table.name for table in self.tables):
            return None
        lists = [file for table in self.tables if is_roster(table.name) for file in table.files]
        names = (
            name
            for file in lists
            for name in (*columns_in(file.path, file.label), *dict(file.fixed))
            if name not in (file.key, file.sheet)
        )
        return labels_in(names)

    def passed_over(self) -> list[Path]:
        taken = set(self.inputs())
        return [path for path in self.root.rglob("*") if path.is_file() and path not in taken]

    def _opened(self, staging: Path) -> list[LedgerSheet]:
        """The tables as Parquet, the list of entities first; files made of them go by number, whatever names say."""
        tables = sorted(self.tables, key=lambda table: not is_roster(table.name))
        return [table.opened(staging / str(number)) for number, table in enumerate(tables)]


def _parted(runs: Sequence[Runs], entities: int, rows: int) -> Codes:
    """The chunk of each entity: they follow one another, about `rows` rows in each."""
    sizes = np.ones(entities, dtype=np.int64)
    for found in runs:
        sizes[: len(found.counts)] += found.counts
    _, chunk_of = np.unique((np.cumsum(sizes) - sizes) // rows, return_inverse=True)
    return np.asarray(chunk_of, dtype=np.int64)


def _slices(
    table: LedgerSheet, runs: Runs, order: Order, chunk_of: Codes, path: Path
) -> tuple[LedgerSheet, list[Slices]]:
    """The rows of each chunk in a table; one whose entities stand apart is sorted first."""
    count = int(chunk_of[-1]) + 1
    if count == 1:
        return table, [tuple(table.slices([(0, table.rows)]))]
    intervals = runs.intervals(chunk_of, count) if runs.whole else []
    if not runs.whole or sum(map(len, intervals)) > _APART * (count + 4):
        table, intervals = sort(table, order, chunk_of, count, path)
    return table, [tuple(table.slices(items)) for items in intervals]


def _some(held: Sequence[tuple[LedgerSheet, Sequence[Slices]]], number: int) -> tuple[tuple[LedgerSheet, Slices], ...]:
    """The tables and rows of one chunk; a table travels without its files, which the rows name."""
    return tuple((replace(table, parts=()), slices[number]) for table, slices in held if slices[number])


def _listed(tables: Sequence[LedgerSheet]) -> bool:
    """Whether there is a list of entities."""
    return any(is_roster(name) for table in tables for name in ([table.name] if table.name else _sheets(table)))


def _sheets(table: LedgerSheet) -> Iterable[str]:
    """The sheets that rows of a data set are of."""
    titles = Order()
    for names in column_of(table, SHEET):
        titles.ranks(names)
    return titles


@dataclass(frozen=True)
class LedgerChunk:
    """Some entities and their rows in each table; `listed` says whether all entities should stand in a list.

    `some` says that rows of other entities lie among them, as in a part of a chunk.
    """

    number: int
    keys: tuple[str, ...]
    tables: tuple[tuple[LedgerSheet, Slices], ...]
    listed: bool
    some: bool = False

    @property
    def entities(self) -> int:
        return len(self.keys)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.path for _, slices in self.tables for part, _, _ in slices))

    def part(self, start: int, stop: int) -> LedgerChunk:
        return replace(self, keys=self.keys[start:stop], some=True)

    def read(self, library: Library, job: Job) -> Ledgers:
        try:
            return self._read(library, job)
        except CaseError as error:  # a file that cannot be read refuses those whose rows it holds
            return Ledgers([Head(key, None, {}, tuple(error.findings)) for key in self.keys], {}, {})

    def _read(self, library: Library, job: Job) -> Ledgers:
        order = Order((key, index) for index, key in enumerate(self.keys))
        pieces: dict[str, list[tuple[tuple[str, ...], pa.Table]]] = defaultdict(list)
        for table, slices in self.tables:
            for title, rows in _by_sheet(table, read(table, slices)):
                pieces[title].append((table.labels, rows))
        rows_of = ((title, Rows.of(found, order, self.some)) for title, found in pieces.items())
        held = {title: rows for title, rows in rows_of if len(rows.owners)}
        heads = heads_of(self.keys, held, job, self.listed)
        sheets = {title: rows.without((*SAID, CELLS)) for title, rows in held.items() if title and not is_roster(title)}
        return named(heads, sheets, library)


def _by_sheet(table: LedgerSheet, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each sheet; those that do not say of which they are have no title."""
    if table.name:
        yield table.name, rows
        return
    titles = Order()
    codes = titles.ranks(rows[SHEET])
    for title, code in titles.items():
        yield title, rows.filter(pa.array(codes == code)).drop_columns([SHEET])
