"""A table whose entities stand apart, written once more by chunk: one pass, whatever its size.

Rows are read a run at a time, sorted within it by the chunk of their entity, and written so that each chunk has row
groups of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from carbonstd._batch.source_order import Codes, Order
from carbonstd._batch.source_tables import ENTITY, SHEET, LedgerSheet, Part, read, schema_of

_RUN = 500_000  # rows sorted at a time


Intervals = list[tuple[int, int]]


def sort(
    table: LedgerSheet, order: Order, chunk_of: Codes, chunks: int, path: Path
) -> tuple[LedgerSheet, list[Intervals]]:
    """The table in a file of its own, and the rows of each chunk in it."""
    intervals: list[Intervals] = [[] for _ in range(chunks)]
    at = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, schema_of(table)) as writer:
        for rows in _runs(table):
            chunk = chunk_of[order.ranks(rows[ENTITY])]
            sorted_rows = np.argsort(chunk, kind="stable")
            ordered = rows.take(pa.array(sorted_rows))
            numbers, starts = np.unique(chunk[sorted_rows], return_index=True)
            for number, start, end in zip(numbers.tolist(), starts, np.append(starts[1:], len(rows)), strict=True):
                writer.write_table(ordered.slice(int(start), int(end - start)), row_group_size=_RUN)
                intervals[number].append((at + int(start), at + int(end)))
            at += len(rows)
    part = Part(str(path), table.name, ENTITY, SHEET, at)
    return replace(table, parts=(part,)), intervals


def _runs(table: LedgerSheet) -> Iterator[pa.Table]:
    for start in range(0, table.rows, _RUN):
        yield read(table, list(table.slices([(start, min(start + _RUN, table.rows))])))
