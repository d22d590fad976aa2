"""Which of the entities that shared a run are run alone as well.

As few as have all kinds of rows among them, as far as the number allows; the rest by their names. A kind is a sheet and
which of its columns are blank: what a default fills, or what a form asks nothing of, goes another way through a method.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from carbonstd._batch.ledgers import Labels, Ledgers
from carbonstd._case.cells import blank

Places = NDArray[np.int64]
_ONE_IN = 50
_LEAST = 3  # in the simulated country so many have every kind of rows of each group among them, two have not


def kinds(ledgers: Ledgers) -> list[Places]:
    """For each kind of rows of a chunk the entities that have some, by their places."""
    return [
        np.unique(owners[rows])
        for name, owners in ledgers.owners.items()
        for rows in _patterns(list(ledgers.sheets[name].columns.values()), len(owners))
    ]


def sample(places: Sequence[int], ledgers: Ledgers, held: Sequence[Places]) -> list[int]:
    """Those of `places` to be run alone as well: next is always one that adds most kinds, the first of them by name."""
    by_name = sorted(places, key=lambda place: crc32(ledgers.heads[place].entity.encode()))
    count = min(len(places), max(_LEAST, math.ceil(len(places) / _ONE_IN)))
    rank = np.full(len(ledgers.heads), -1)
    rank[by_name] = np.arange(len(by_name))
    having = [ranks[ranks >= 0] for ranks in (rank[owners] for owners in held)]
    adds = np.bincount(np.concatenate([*having, np.zeros(0, dtype=np.int64)]), minlength=len(by_name))
    chosen: list[int] = []
    while len(chosen) < count and adds.any():
        chosen.append(int(adds.argmax()))
        for ranks in [item for item in having if chosen[-1] in item]:
            adds[ranks] -= 1
        having = [item for item in having if chosen[-1] not in item]
    return [by_name[item] for item in dict.fromkeys([*chosen, *range(len(by_name))])][:count]


def _patterns(columns: Sequence[Any], rows: int) -> Iterator[Places]:
    """The rows of each pattern of blank columns that occurs."""
    pattern = np.zeros(rows, dtype=np.int64)
    for blanks in map(_blanks, columns):
        if blanks.any():
            _, pattern = np.unique(2 * pattern + blanks, return_inverse=True)
    order = np.argsort(pattern, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(pattern[order])) + 1)


def _blanks(cells: Any) -> NDArray[np.bool_]:
    if isinstance(cells, Labels):
        return np.asarray(cells.codes < 0)
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "f":
        return np.isnan(cells)
    return np.fromiter(map(blank, cells), dtype=bool, count=len(cells))
