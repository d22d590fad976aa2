"""The labels that arrays run over: integer codes shared by all sheets of a run, and combinations of them as keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._ledger.arithmetic import Data

_BLOCK = 1 << 14  # rows looked through first: most labels stand early


def first_rows(places: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The row in which each of `count` places (-1: the last) first stands; the number of rows where none does."""
    rows = len(places)
    first = np.full(count, rows, dtype=np.int64)
    last = places.min(initial=0) < 0 or places.max(initial=0) == count - 1
    sought = first if last else first[:-1]  # of categories the last is the blank, and mostly there is none
    start, end = 0, _BLOCK
    while start < rows and (sought == rows).any():
        block = places[start:end][::-1]
        here = np.full(count, rows, dtype=np.int64)
        here[block] = np.arange(start, start + len(block))[::-1]  # of rows at one place the last stays: the first
        np.minimum(first, here, out=first)
        start, end = end, 2 * end
    return first


@dataclass
class Axes:
    """The labels of every key column of a run, by name: one code space for all sheets."""

    labels: dict[str, list[Any]] = field(default_factory=dict)
    _codes: dict[str, dict[Any, int]] = field(default_factory=dict)
    _groups: dict[tuple[Any, ...], tuple[Data, NDArray[np.int64], Sequence[Any]]] = field(default_factory=dict)

    def code(self, axis: str, label: Any) -> int:
        codes = self._codes.setdefault(axis, {})
        if label not in codes:
            codes[label] = len(codes)
            self.labels.setdefault(axis, []).append(label)
        return codes[label]

    def known(self, axis: str, label: Any) -> int:
        return self._codes.get(axis, {}).get(label, -1)

    def encode(self, axis: str, labels: Sequence[Any]) -> NDArray[np.int64]:
        return np.fromiter((self.code(axis, label) for label in labels), dtype=np.int64, count=len(labels))

    def recode(self, axis: str, labels: Sequence[Any], places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The codes of labels told by their places in a list (-1: its last); each that occurs is encoded once."""
        codes, first = np.full(len(labels), -1, dtype=np.int64), first_rows(places, len(labels))
        for place in np.argsort(first, kind="stable")[: int((first < len(places)).sum())]:
            codes[place] = self.code(axis, labels[place])
        return codes[places]

    def size(self, axis: str) -> int:
        return max(len(self.labels.get(axis, ())), 1)

    def ravel(self, axes: Sequence[str], codes: Sequence[Data]) -> NDArray[np.int64]:
        """One integer for each combination of codes; labels that come later do not change it."""
        bits = 63 // len(axes)
        crowded = next((axis for axis in axes if self.size(axis) > 1 << bits), None)
        if crowded is not None:
            values = {"axis": crowded, "count": self.size(crowded), "limit": 1 << bits}
            raise CaseError(findings=[finding("too-many-labels", **values)])
        key = np.asarray(codes[0], dtype=np.int64)
        for code in codes[1:]:
            key = (key << bits) | code
        return key

    def unravel(self, axes: Sequence[str], keys: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        bits = 63 // len(axes)
        last = len(axes) - 1
        return {axis: (keys >> bits * (last - place)) & ((1 << bits) - 1) for place, axis in enumerate(axes)}

    def narrowed(self, axes: Sequence[str], keys: NDArray[np.int64], to: Sequence[str]) -> NDArray[np.int64]:
        """The keys over fewer axes that combinations of more axes belong to."""
        codes = self.unravel(axes, keys)
        return self.ravel(to, [codes[axis] for axis in to])

    def occurring(self, axes: Sequence[str], codes: Sequence[Data]) -> tuple[Data, NDArray[np.int64]]:
        """Which of the combinations that occur each row has, and their keys, ascending."""
        sizes = [self.size(axis) for axis in axes]
        if np.prod(sizes, dtype=float) > 4 * len(codes[0]) + 1_000_000:
            keys, groups = np.unique(self.ravel(axes, codes), return_inverse=True)
            return groups, keys
        dense = np.array(codes[0], dtype=np.int64)  # few enough to count, not sort
        for code, size in zip(codes[1:], sizes[1:], strict=True):
            dense *= size
            dense += code
        present = np.bincount(dense, minlength=int(np.prod(sizes))) > 0
        found = np.flatnonzero(present)
        keys = self.ravel(axes, np.unravel_index(found, sizes))
        return (dense if len(found) == len(present) else (np.cumsum(present) - 1)[dense]), keys

    def grouped(self, axes: Sequence[str], codes: Sequence[NDArray[np.int64]]) -> tuple[Data, NDArray[np.int64]]:
        """The same for whole label columns of a sheet, found once: many equations sum by the same labels."""
        place = (*axes, *map(id, codes))
        kept = self._groups.get(place)
        if kept is None or any(one is not other for one, other in zip(kept[2], codes, strict=True)):
            # An id is of one array as long as that is kept with it, but another's in another process.
            kept = self._groups[place] = (*self.occurring(axes, codes), codes)
        return kept[:2]

    def named(self, axes: Sequence[str], key: int) -> tuple[str, ...]:
        """The labels of one combination."""
        codes = self.unravel(axes, np.array([key], dtype=np.int64))
        return tuple(str(self.labels[axis][int(code[0])]) for axis, code in codes.items())
