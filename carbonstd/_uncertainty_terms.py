"""Polynomials in drawn inputs: the terms of a row expression, and their sum gathered by the inputs rows share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carbonstd._arithmetic import Data

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]  # which drawn input, -1 for none
Terms = list[tuple[Floats, tuple[Ids, ...]]]  # coefficient and drawn inputs of each row, for each term

MOST_TERMS = 64


@dataclass(frozen=True)
class Plan:
    """One term of a sum, gathered: for each combination of drawn inputs the coefficients by group."""

    inputs: NDArray[np.int64]  # (factors, combinations)
    weights: Floats  # (combinations, groups)
    keys: NDArray[np.int64]

    @classmethod
    def of(cls, term: tuple[Floats, tuple[Ids, ...]], keep: Data, groups: Data, keys: Data, base: int) -> Plan:
        coefficient, ids = term
        rows = keep.shape
        kept = np.broadcast_to(coefficient, rows)[keep]
        if not ids:
            return cls(np.zeros((0, 1), dtype=np.int64), by_group(kept, groups, len(keys))[None, :], keys)
        stacked = np.sort([np.broadcast_to(item, rows)[keep] for item in ids], axis=0)
        if len(ids) * np.log2(base + 1) < 62:
            code = np.zeros(stacked.shape[1], dtype=np.int64)
            for item in stacked:
                code = code * (base + 1) + item + 1
            _, at, which = np.unique(code, return_index=True, return_inverse=True)
        else:
            _, at, which = np.unique(stacked, axis=1, return_index=True, return_inverse=True)
        flat = which.reshape(-1) * len(keys) + groups
        weights = by_group(kept, flat, len(at) * len(keys)).reshape(len(at), len(keys))
        return cls(stacked[:, at], weights, keys)

    def values(self, inputs: Floats) -> Floats:
        """(draws, groups); input -1 is the column of ones at the end."""
        product = np.ones((len(inputs), self.inputs.shape[1]))
        for ids in self.inputs:
            product = product * inputs[:, ids]
        return product @ self.weights


def multiplied(left: Terms | None, right: Terms | None) -> Terms | None:
    if left is None or right is None or len(left) * len(right) > MOST_TERMS:
        return None
    return [(a * b, (*i, *j)) for a, i in left for b, j in right]


def either(holds: Data, then: Terms | None, otherwise: Terms | None) -> Terms | None:
    """The terms of one branch in some rows and of the other in the rest; single terms become one."""
    if then is None or otherwise is None:
        return None
    if len(then) == len(otherwise) == 1:
        (a, i), (b, j) = then[0], otherwise[0]
        none = np.full(1, -1, dtype=np.int64)
        width = max(len(i), len(j))
        pairs = zip((*i, *[none] * (width - len(i))), (*j, *[none] * (width - len(j))), strict=True)
        return [(np.where(holds, a, b), tuple(np.where(holds, x, y) for x, y in pairs))]
    return [
        *((np.where(holds, coefficient, 0.0), ids) for coefficient, ids in then),
        *((np.where(holds, 0.0, coefficient), ids) for coefficient, ids in otherwise),
    ]


def by_group(values: Data, groups: Data, count: int) -> Floats:
    """Sums over the last axis by group."""
    if values.ndim == 1:
        return np.bincount(groups, weights=values, minlength=count).astype(np.float64)
    if count == 1:
        return np.asarray(values.sum(axis=-1, keepdims=True), dtype=np.float64)
    result = np.zeros((len(values), count))
    if len(groups):
        order = np.argsort(groups, kind="stable")
        present, starts = np.unique(groups[order], return_index=True)
        result[:, present] = np.add.reduceat(values[:, order], starts, axis=1)
    return result
