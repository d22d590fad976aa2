"""Columns of many rows as a run reads them: labels as codes, numbers as float64, else the cells as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carbonstd._batch.ledgers import Labels
from carbonstd._number import as_doubles

# A text that float64 and exact reading take for the same number: of at most 15 characters, with no group and no unit.
_PLAIN = r"^[-+]?(?:[0-9]+|[0-9]*\.[0-9]+|[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]{1,2})$"
_LONGEST = 15
_ZEROS = r"\.0+$|(\.[0-9]*[1-9])0+$"  # that end a decimal number


def cells_of(column: pa.ChunkedArray, kinds: set[str]) -> Any:
    """The cells of a column that is of these kinds in the methods that read it: number, or some kind of label."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    column = doubles(column)
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_nested(kind):
        column = pa.chunked_array([pa.array([_shown(item.as_py()) for item in column], pa.string())])
    if pa.types.is_decimal(kind) and "number" in kinds:
        return _typed_numbers(pc.replace_substring_regex(column.cast(pa.string()), _ZEROS, r"\1"))
    if (pa.types.is_integer(kind) or pa.types.is_floating(kind)) and "number" in kinds:
        return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    if is_text(column.type) and kinds == {"number"}:
        return _typed_numbers(column)
    return _labels(column)


def _labels(column: pa.ChunkedArray) -> Labels:
    coded = column.dictionary_encode().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):  # of no chunk at all
        return Labels(np.zeros(0, dtype=np.int64), [])
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Labels(codes.astype(np.int64), coded.dictionary.to_pylist())


def _typed_numbers(column: pa.ChunkedArray) -> Any:
    """Numbers that were typed: float64 where every cell is a plain one, else a column of floats and of texts."""
    text = pc.utf8_trim_whitespace(column)
    text = pc.if_else(pc.equal(text, ""), None, text)
    plain = pc.and_(pc.match_substring_regex(text, _PLAIN), pc.less_equal(pc.utf8_length(text), _LONGEST))
    values = pc.if_else(plain, text, None).cast(pa.float64()).to_numpy().astype(np.float64)
    if pc.all(plain, skip_nulls=True, min_count=0).as_py():
        return values
    mixed = values.astype(object)
    odd = np.flatnonzero(pc.invert(plain).fill_null(False).to_numpy())
    mixed[odd] = text.take(pa.array(odd)).to_pylist()
    return mixed


def doubles(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of floats of fewer than 64 bits as float64; any other as it is."""
    if not (pa.types.is_float16(column.type) or pa.types.is_float32(column.type)):
        return column
    return pa.chunked_array([pa.array(as_doubles(column.to_numpy()), pa.float64(), from_pandas=True)])


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds texts, in whichever of Arrow's ways."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)[:80]
