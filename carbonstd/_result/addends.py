"""Addends of a figure over axes: each with its status and the combination of labels it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Keyed:
    """Values, statuses and raveled label combinations of addends, each of shape (addends,); a key may repeat."""

    values: NDArray[np.float64]
    status: NDArray[np.uint8]
    keys: NDArray[np.int64]

    def times(self, factor: NDArray[Any] | float, status: NDArray[Any] | int = 0) -> Keyed:
        """Each addend multiplied, its status the worse of its own and that of the factor."""
        return replace(
            self, values=self.values * factor, status=np.maximum(self.status, np.asarray(status, dtype=np.uint8))
        )

    def plus(self, other: Keyed) -> Keyed:
        return Keyed(*(np.concatenate([a, b]) for a, b in zip(self._parts(), other._parts(), strict=True)))

    def netted(self) -> Keyed:
        """One addend for each key and status: what is taken off again cancels what it is of."""
        pairs, group = np.unique(np.stack([self.keys, self.status.astype(np.int64)]), axis=1, return_inverse=True)
        values = np.bincount(group.ravel(), weights=self.values, minlength=pairs.shape[1]).astype(np.float64)
        return Keyed(values, pairs[1].astype(np.uint8), pairs[0])

    def at(self, wanted: NDArray[np.int64]) -> Keyed:
        """The addends of each wanted combination, as often as it is wanted."""
        order = np.argsort(self.keys, kind="stable")
        ordered = self.keys[order]
        begin, end = (np.searchsorted(ordered, wanted, side) for side in ("left", "right"))
        found = [order[a:b] for a, b in zip(begin, end, strict=True)]
        places = np.concatenate(found) if found else np.zeros(0, dtype=np.intp)
        return Keyed(*(part[places] for part in self._parts()))

    def worst(self, wanted: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The worst status at each of the wanted combinations (ascending), 0 where there is no addend."""
        result = np.zeros(len(wanted), dtype=np.uint8)
        there = np.isin(self.keys, wanted)
        np.maximum.at(result, np.searchsorted(wanted, self.keys[there]), self.status[there])
        return result

    def _parts(self) -> Sequence[NDArray[Any]]:
        return self.values, self.status, self.keys
