"""CSV files as Parquet, so that the rows of some entities can be read without reading all: streamed, as texts."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from carbonstd._batch.source_tables import FILE, ROW
from carbonstd._errors import CaseError
from carbonstd._findings import finding

CELLS = "__cells"  # "6/5": how many cells a row has, and the header, where they differ
_BLOCK = 50_000  # rows of a row group
_BYTES = 1 << 20


def header_of(path: Path) -> list[str]:
    """The names of the columns. Raises CaseError where the file is no CSV."""
    names = next(_lines(path, encoding_of(path)), (0, list[str]()))[1]
    if len(names) == 1 and (mark := next((mark for mark in ";\t；" if mark in names[0]), "")):
        raise CaseError(findings=[finding("csv-separator", f"{path.name}:1", found=mark.replace("\t", "Tab"))])
    return names


def to_parquet(path: Path, target: Path, number: int) -> int:
    """Write the rows with their line in the file, which is that `number` of its table; how many they are.

    Cells are stripped and blank rows left out, as in the CSV of one case.
    """
    lines = _lines(path, encoding_of(path))
    names = next(lines)[1]
    schema = pa.schema(
        [*((name, pa.string()) for name in names), (CELLS, pa.string()), (FILE, pa.int32()), (ROW, pa.int64())]
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with pq.ParquetWriter(target, schema) as writer:
        while block := list(islice(lines, _BLOCK)):
            writer.write_table(_table(block, names, number, schema))
            rows += len(block)
    return rows


def _table(block: Sequence[tuple[int, list[str]]], names: Sequence[str], number: int, schema: pa.Schema) -> pa.Table:
    wide = len(names)
    odd = [None if len(cells) == wide else f"{len(cells)}/{wide}" for _, cells in block]
    if any(odd):
        block = [(line, (cells + [""] * wide)[:wide]) for line, cells in block]
    texts = (pa.array(cells, pa.string()) for cells in zip(*(row for _, row in block), strict=True))
    typed = [pc.utf8_trim_whitespace(cells) for cells in texts]
    columns = [pc.if_else(pc.equal(cells, ""), None, cells) for cells in typed]
    files = pa.repeat(pa.scalar(number, pa.int32()), len(block))
    return pa.table([*columns, pa.array(odd, pa.string()), files, [line for line, _ in block]], schema=schema)


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that says anything, with the line it begins on; the header first. Raises CaseError."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file)
        try:
            yield 1, [name.strip() for name in next(reader, [])]
            end = reader.line_num
            for row in reader:
                start, end = end + 1, reader.line_num  # a quoted cell may run over several lines
                if any(row) and any(cell.strip() for cell in row):
                    yield start, row
        except csv.Error as error:
            raise CaseError(
                findings=[finding("csv-unreadable", f"{path.name}:{reader.line_num}", detail=str(error))]
            ) from None


def encoding_of(path: Path) -> str:
    """UTF-8 or, as Chinese Windows writes it, GBK. Raises CaseError where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(_BYTES):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise CaseError(findings=[finding("csv-encoding", str(path))])
