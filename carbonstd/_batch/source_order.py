"""Whose rows are whose: entities by number in the order they are met, and runs of rows of one entity.

Keys are text from here on, in whichever type a file stores them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carbonstd._batch.cells import is_text
from carbonstd._case.cells import as_text

_KEPT = 1_000_000  # runs of rows remembered beyond four an entity: a table of more is sorted
Codes = NDArray[np.int64]


@dataclass
class Runs:
    """Rows of one entity in a row: its number, and where they begin and end; `counts` has the rows of each entity.

    `whole` is false where there were too many to remember.
    """

    counts: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    entities: list[Codes] = field(default_factory=list)
    starts: list[Codes] = field(default_factory=list)
    ends: list[Codes] = field(default_factory=list)
    remembered: int = 0
    whole: bool = True

    def add(self, ranks: Codes, offset: int, known: int, only: int | None = None) -> None:
        """Go on with the entity of each row from `offset`; `only` remembers the runs of one entity alone."""
        counts = np.bincount(ranks, minlength=known)
        counts[: len(self.counts)] += self.counts
        self.counts = counts
        if not self.whole or not len(ranks):
            return
        starts = np.concatenate(([0], np.flatnonzero(np.diff(ranks)) + 1))
        ends = np.append(starts[1:], len(ranks))
        if only is not None:
            starts, ends = starts[kept := ranks[starts] == only], ends[kept]
        self.entities.append(ranks[starts])
        self.starts.append(starts + offset)
        self.ends.append(ends + offset)
        self.remembered += len(starts)
        if self.remembered > 4 * known + _KEPT:
            self.whole, self.entities, self.starts, self.ends = False, [], [], []

    def intervals(self, chunk_of: Codes, chunks: int) -> list[list[tuple[int, int]]]:
        """For each chunk the rows of its entities, as few intervals as they make."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(chunks)]
        if not self.remembered:
            return found
        chunk = chunk_of[np.concatenate(self.entities)]
        starts, ends = np.concatenate(self.starts), np.concatenate(self.ends)
        first = np.concatenate(([True], (chunk[1:] != chunk[:-1]) | (starts[1:] != ends[:-1])))
        places = np.flatnonzero(first)
        last = np.append(places[1:], len(chunk)) - 1
        spans = zip(chunk[places].tolist(), starts[places].tolist(), ends[last].tolist(), strict=True)
        for number, start, end in spans:
            if number >= 0:
                found[number].append((start, end))
        return found


class Order(dict[str, int]):
    """The number of every entity, in the order in which they are met."""

    def ranks(self, keys: pa.ChunkedArray, met: bool = False) -> Codes:
        """The number of the entity of each row; of one not `met` before a new number, or -1 where all should be met.

        A blank is an entity without a name, which is told when it is read.
        """
        coded = as_keys(keys)
        names = coded.dictionary.to_pylist()
        numbers = [self.get(key, -1) if met else self.setdefault(key, len(self)) for key in names]
        return np.asarray(np.array(numbers, dtype=np.int64)[coded.indices.to_numpy()])


def as_keys(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Keys as `as_text` has them, whatever type they are stored in; a blank is the key ""."""
    coded = pc.dictionary_encode(plain(column), null_encoding="encode").combine_chunks()
    if isinstance(coded, pa.ChunkedArray):  # of no chunk at all
        return pa.array([], pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, _texts(coded.dictionary))


def _texts(different: pa.Array) -> pa.Array:
    if not is_text(different.type):
        return pa.array([as_text(key) for key in different.to_pylist()], pa.string())
    return pc.fill_null(pc.utf8_trim_whitespace(pc.utf8_normalize(different, form="NFKC")), "")


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column without the dictionary it may be stored with."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
