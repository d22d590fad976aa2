"""Columns of many rows: labels as codes of their different cells, and some rows of any column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._cells import blank


class Labels(Sequence[Any]):
    """A column as codes of its different cells; -1 is a blank. A slice has the cells of its rows alone."""

    def __init__(self, codes: NDArray[np.int64], categories: list[Any]) -> None:
        self.codes, self.categories = codes, categories

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice | np.ndarray):
            code = self.codes[index]
            return None if code < 0 else self.categories[code]
        held, codes = np.unique(self.codes[index], return_inverse=True)
        empty = int(len(held) > 0 and held[0] < 0)
        return Labels(codes - empty, [self.categories[code] for code in held[empty:]])


def vacant(cells: Any) -> bool:
    """Whether a column holds nothing at all."""
    if isinstance(cells, Labels):
        return bool((cells.codes < 0).all())
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
        return bool(np.isnan(cells).all())
    return all(map(blank, cells))


def part(cells: Any, start: int, end: int) -> Any:
    """Some rows of a column; a mixed column that has but numbers there is a column of numbers."""
    held = cells[start:end]
    if isinstance(held, np.ndarray) and held.dtype == object and all(type(cell) is float for cell in held):
        return held.astype(np.float64)
    return held
