"""The output of a batch read again: its tables, and the lock of one entity."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from carbonstd._batch.folder import FILES
from carbonstd._batch.locks import LOCK_SCHEMAS, put_together
from carbonstd._batch.outcome import SCHEMAS
from carbonstd._batch.words import SHEETS
from carbonstd._errors import CaseError, LockError
from carbonstd._findings import finding
from carbonstd._near import suggest
from carbonstd._workbook.style import typed_text

if TYPE_CHECKING:
    import pandas as pd

Rows = Iterator[Mapping[str, Any]]


def is_batch(path: Path) -> bool:
    """Whether a path is the output of a batch."""
    if path.is_dir():
        return (path / FILES["locks"]).is_file()
    return path.suffix.lower() == ".xlsx" and path.is_file() and _has_locks(path)


def read_frame(out: Path, name: str) -> pd.DataFrame:
    """A table of the output; of a workbook with states and statuses in its words."""
    if out.is_dir():
        frame: pd.DataFrame = read_table(out, name).to_pandas()
        return frame
    import pandas as pd

    return pd.DataFrame(_sheet(out, *SHEETS[name].values()), columns=SCHEMAS[name].names)


def read_table(out: Path, name: str) -> pa.Table:
    """A table of the output in its form as a folder."""
    return pq.ParquetFile(out / FILES[name]).read()


def read_lock(out: Path, entity: str, method: str = "") -> dict[str, Any]:
    """The lock of one entity, by its only method or by `method`: an id, or the family of one alone.

    Raises CaseError where the batch has no such entity, LockError where its lock is missing or was altered.
    """
    try:
        locks, files = _from_folder(out) if out.is_dir() else _from_workbook(out)
        rows = list(locks)
        found = [row for row in rows if row["entity"] == entity]
        chosen = [row for row in found if not method or method in (row["method"], row["method"].partition("@")[0])]
        if not found:
            near = suggest(entity, [row["entity"] for row in rows])
            raise CaseError(findings=[finding("batch-lock-unknown", str(out), entity=entity, suggestion=near)])
        if len(chosen) != 1:
            held = ", ".join(row["method"] for row in found)
            raise CaseError(findings=[finding("batch-lock-methods", str(out), entity=entity, methods=held)])
        return put_together(chosen[0], {row["hash"]: row["text"] for row in files}.__getitem__)
    except (KeyError, ValueError, pa.ArrowException):
        raise LockError(findings=[finding("lock-altered", str(out))]) from None


def _from_folder(out: Path) -> tuple[Rows, Rows]:
    locks, files = (iter(read_table(out, name).to_pylist()) for name in LOCK_SCHEMAS)
    return locks, files


def _from_workbook(path: Path) -> tuple[Rows, Rows]:
    from carbonstd._batch.workbook import FILES as SHEET

    return iter(list(_locks_of(path))), _texts(_sheet(path, SHEET))


def _locks_of(path: Path) -> Rows:
    names = LOCK_SCHEMAS["locks"].names
    for row in _sheet(path, *SHEETS["locks"].values()):
        yield dict(zip(names, (typed_text(str(cell or "")) for cell in row), strict=False))


def _texts(rows: Iterator[tuple[Any, ...]]) -> Rows:
    pieces: dict[tuple[str, str], list[str]] = {}
    for digest, name, piece in rows:  # files of other names may say the same
        pieces.setdefault((str(digest), str(name)), []).append(str(piece))
    for (digest, _), held in pieces.items():
        yield {"hash": digest, "text": json.loads("".join(held))}


def _has_locks(path: Path) -> bool:
    from carbonstd._batch.workbook import FILES as SHEET

    return SHEET in _titles(path)


def _sheet(path: Path, *words: str) -> Iterator[tuple[Any, ...]]:
    """The rows below the heading of the sheet whose title has all of these words."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        title = next(name for name in book.sheetnames if all(word in name.split() for word in words))
        yield from book[title].iter_rows(min_row=2, values_only=True)
    finally:
        book.close()


def _titles(path: Path) -> list[str]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    try:
        return list(book.sheetnames)
    finally:
        book.close()
