"""Parquet files whose rows carry an entity: the files of a sheet, and the rows of some entities read.

Only the column of entities is read to learn whose rows stand where; a chunk then reads the row groups its rows lie in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from carbonstd._batch.cells import doubles, is_text
from carbonstd._batch.source_order import Order, Runs, as_keys, plain
from carbonstd._errors import CaseError
from carbonstd._findings import finding

ENTITY, SHEET = "entity", "sheet"  # what the columns are called that say whose a row is, and of which sheet
KEYS = (ENTITY, SHEET)  # of a table always text, in whichever type a file stores them
FILE, ROW = "__file", "__row"  # columns of ours: the file a row is of, and where it stands there


@dataclass(frozen=True)
class Part:
    """One file of a table: its columns of entities and of sheets, and what its folders say of every row (`fixed`).

    `label` is what places call it; a file made from others has the file and row of each row in columns of its own.
    """

    path: str
    label: str
    key: str
    sheet: str
    rows: int
    fixed: tuple[tuple[str, str], ...] = ()

    def known_as(self, name: str) -> str:
        """What the table calls a column of the file."""
        return ENTITY if name == self.key else SHEET if name == self.sheet else name


@dataclass(frozen=True)
class LedgerSheet:
    """A sheet of many entities, or several where a column says of each row which; `labels` names the files."""

    name: str
    parts: tuple[Part, ...]
    labels: tuple[str, ...]
    schema: pa.Schema

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    def slices(self, intervals: Iterable[tuple[int, int]]) -> Iterator[tuple[Part, int, int]]:
        """Intervals of the table's rows as rows of its files."""
        ends = np.cumsum([part.rows for part in self.parts])
        for start, end in intervals:
            for place in range(int(np.searchsorted(ends, start, side="right")), len(self.parts)):
                before = int(ends[place]) - self.parts[place].rows
                if before >= end:
                    break
                yield self.parts[place], max(start - before, 0), min(end, int(ends[place])) - before


def runs_of(table: LedgerSheet, order: Order, only: str | None = None) -> Runs:
    """Whose rows stand where; of `only` one entity where a key is given. Reads the column of entities alone."""
    runs, offset = Runs(), 0
    for keys in column_of(table, ENTITY):
        ranks = order.ranks(keys)
        runs.add(ranks, offset, len(order), order.get(only, -1) if only is not None else None)
        offset += len(ranks)
    return runs


def column_of(table: LedgerSheet, name: str) -> Iterator[pa.ChunkedArray]:
    """One column of a table, a row group at a time."""
    for part in table.parts:
        typed = part.key if name == ENTITY else part.sheet
        if typed in (fixed := dict(part.fixed)):
            yield pa.chunked_array([pa.repeat(fixed[typed], part.rows)])
            continue
        with _opened(part) as file:
            for group in range(file.num_row_groups):
                column = file.read_row_group(group, columns=[typed]).column(0)
                _check_keys(column, f"{part.label} {typed}")
                yield column


@contextmanager
def _opened(part: Part) -> Iterator[pq.ParquetFile]:
    """A file of a table. Raises CaseError that names it where a row group cannot be read."""
    try:
        with pq.ParquetFile(part.path) as file:
            yield file
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:  # not where memory runs out
        raise CaseError(findings=[finding("parquet-unreadable", part.label, detail=str(error)[:120])]) from None


def _check_keys(column: pa.ChunkedArray, place: str) -> None:
    """Keys stored as floats must be small enough that each is the number that was meant. Raises CaseError."""
    if pa.types.is_floating(column.type):
        largest = pc.max(pc.abs(column)).as_py() or 0
        if largest >= 2 ** (np.finfo(column.type.to_pandas_dtype()).nmant + 1):
            raise CaseError(findings=[finding("entity-key-float", place, found=f"{largest:.17g}")])


def read(table: LedgerSheet, slices: Sequence[tuple[Part, int, int]]) -> pa.Table:
    """Some rows of a table, each with its file and its row there; a row group is read once, and no two at a time."""
    wanted: dict[Part, list[tuple[int, int]]] = {}
    for part, start, end in slices:
        wanted.setdefault(part, []).append((start, end))
    pieces = [piece for part, spans in wanted.items() for piece in _read_part(table, part, spans)]
    return pa.concat_tables([schema_of(table).empty_table(), *pieces])


def _read_part(table: LedgerSheet, part: Part, spans: list[tuple[int, int]]) -> Iterator[pa.Table]:
    with _opened(part) as file:
        offset = 0
        for group in range(file.num_row_groups):
            end = offset + file.metadata.row_group(group).num_rows
            held = [(max(start, offset), min(stop, end)) for start, stop in spans if start < end and stop > offset]
            if held:
                rows = file.read_row_group(group)
                for start, stop in held:
                    piece = rows.slice(start - offset, stop - start)
                    yield _fitted(piece, table, part, start)
            offset = end


def _fitted(rows: pa.Table, table: LedgerSheet, part: Part, start: int) -> pa.Table:
    """The rows of a file as rows of the table: its columns in their types, what it has not as blank."""
    held = dict(zip(map(part.known_as, rows.column_names), rows.columns, strict=True))
    held |= {part.known_as(name): pa.chunked_array([pa.repeat(value, len(rows))]) for name, value in part.fixed}
    held |= {name: as_keys(held[name]) for name in KEYS if name in held}
    if ROW not in held:
        held[ROW] = pa.chunked_array([np.arange(start, start + len(rows), dtype=np.int64)])
        held[FILE] = pa.chunked_array([np.full(len(rows), table.labels.index(part.label), dtype=np.int32)])
    return _as(pa.table(held), schema_of(table))


def schema_of(table: LedgerSheet) -> pa.Schema:
    """The columns of a table, and where each row stands."""
    return pa.schema([*table.schema, (FILE, pa.int32()), (ROW, pa.int64())])


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    column = doubles(plain(column))
    if column.type == kind:
        return column
    if pa.types.is_floating(column.type) and is_text(kind):  # the 15 digits that it means, and no more
        texts = [None if item is None or item != item else f"{item:.15g}" for item in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, kind)])
    try:
        return column.cast(kind, safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        texts = [None if item is None else str(item) for item in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, kind)])


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """Rows of several files behind one another, what one has not as blank."""
    schema = united(table.schema for table in tables)
    return pa.concat_tables([_as(table, schema) for table in tables])


def _as(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        _cast(rows[item.name], item.type) if item.name in rows.column_names else pa.nulls(len(rows), item.type)
        for item in schema
    ]
    return pa.table(columns, schema=schema)


def united(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """The columns of all files; one of several types is text, or float64 where all are numbers."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for item in schema:
            kind = item.type.value_type if pa.types.is_dictionary(item.type) else item.type
            kind = pa.float64() if pa.types.is_floating(kind) else kind
            types[item.name] = _common(types.get(item.name, kind), kind)
    return pa.schema(list(types.items()))


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in (one, other))
    return pa.float64() if numbers else pa.string()
