"""The output of a batch as a folder of Parquet files, one a table, written part after part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from carbonstd._batch.outcome import SCHEMAS
from carbonstd._batch.parts import Parts
from carbonstd._output import replacing_folder

FILES = {name: f"{name}.parquet" for name in (*SCHEMAS, "summary")}


def write_folder(parts: Parts, summary: pa.Table, out: Path) -> None:
    """Write the folder; an earlier one is replaced only when the new one is whole. Raises CaseError."""
    with replacing_folder(out) as made:
        for name, schema in SCHEMAS.items():
            _write(files_once(parts) if name == "lock_files" else parts.tables(name), schema, made / FILES[name])
        _write([summary], summary.schema, made / FILES["summary"])


def files_once(parts: Parts) -> Iterator[pa.Table]:
    """The texts of all locks by name: the same whichever part held one first."""
    held = pa.concat_tables([SCHEMAS["lock_files"].empty_table(), *parts.tables("lock_files")])
    yield held.sort_by([("name", "ascending"), ("hash", "ascending")])


def _write(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in tables:
            if table.num_rows:
                writer.write_table(table)
