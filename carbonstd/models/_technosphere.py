"""Processes that feed each other: how often each runs, whether they can, and which of them cannot.

`needs[i, j]` is the part of a run of process i that one run of process j calls for: bare numbers, whatever the products
are measured in. Activities solve (1 - needs) a = wanted. For needs without negative entries that has one answer
without negative activities for every demand if and only if the spectral radius of `needs` is below one, which is so if
and only if the activities for one run of each process more are all positive (M-matrices: A. Berman and R. J. Plemmons,
Nonnegative Matrices in the Mathematical Sciences (1994), ch. 6). scipy is imported when first needed: starting the
program must not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_ENDLESS = 1e12  # runs for one run more: a loop that leaves nothing over, as far as float64 can tell
_DIRECT = 1_000  # processes up to which the matrix is factorised; of more, factors of loops that cross fill up
_ROUNDING = 1e-14  # what may be left of a product wanted, relative to the largest activity
_REFINED = 6
_STEPS = 1_000


@dataclass(frozen=True)
class Loop:
    """Processes that all need each other, with the spectral radius of their needs."""

    members: Indices
    radius: float


class Technosphere:
    """The needs of processes among each other. `entries` (rows, columns, values) add up."""

    def __init__(self, count: int, rows: Indices, columns: Indices, values: Floats) -> None:
        from scipy.sparse import coo_array, eye_array

        self.count = count
        self.needs = coo_array((values, (rows, columns)), shape=(count, count)).tocsc()
        self._left = (eye_array(count, format="csc") - self.needs).tocsc()

    @cached_property
    def _factors(self) -> Any:
        """The factors of 1 - needs, or None where it is exactly singular."""
        from scipy.sparse.linalg import splu

        try:
            return splu(self._left)
        except RuntimeError:
            return None

    def solve(self, wanted: Floats) -> Floats | None:
        """Activities (processes,), or None where no demand can be met."""
        proof = self._answer(np.ones(self.count))
        if proof is None or not np.isfinite(proof).all():
            return None
        bounded = proof.max(initial=0) < _ENDLESS  # runs may be many just because each was recorded as small
        productive = bool((proof > 0).all()) and (bounded or not self.endless_loops())
        return self._answer(wanted) if productive else None

    def backwards(self, weights: Floats) -> Floats:
        """What one run wanted more of each process adds to the weighted sum of activities. (processes,)"""
        found = self._answer(weights, transposed=True)
        assert found is not None, "asked for after `solve` has answered"
        return found

    def _answer(self, wanted: Floats, *, transposed: bool = False) -> Floats | None:
        """The solution to rounding: by factors, or step by step where there are many processes and it settles."""
        if self.count > _DIRECT:
            found = _stepwise(self._left.T if transposed else self._left, wanted)
            if found is not None:
                return found
        if self._factors is None:
            return None
        return np.asarray(self._factors.solve(wanted, trans="T" if transposed else "N"), dtype=np.float64)

    def endless_loops(self) -> list[Loop]:
        """The loops that need as much of themselves as they make, or more."""
        from scipy.sparse.csgraph import connected_components

        _, component = connected_components(self.needs, connection="strong")
        found = []
        for part in np.unique(component[self.needs.nonzero()[0]]):
            members = np.flatnonzero(component == part)
            radius = _radius(self.needs[members][:, members])
            if radius > 1 - 1 / _ENDLESS:
                found.append(Loop(members, radius))
        return found


def _stepwise(matrix: Any, wanted: Floats) -> Floats | None:
    """A Krylov solution refined until what is left is rounding; None where it does not get there."""
    from scipy.sparse.linalg import bicgstab

    found = np.zeros(len(wanted))
    for _ in range(_REFINED):
        left = wanted - matrix @ found
        size = max(np.abs(found).max(initial=0), np.abs(wanted).max(initial=0))
        if np.abs(left).max(initial=0) <= _ROUNDING * size:
            return found
        found = found + bicgstab(matrix, left, rtol=1e-10, maxiter=_STEPS)[0]
        if not np.isfinite(found).all():
            return None
    return None


def _radius(needs: Any) -> float:
    """The spectral radius of an irreducible matrix without negative entries, by powers of 1 + needs (aperiodic)."""
    vector = np.ones(needs.shape[0])
    low = high = 0.0
    for _ in range(_STEPS):
        following = vector + needs @ vector
        ratios = following / vector
        low, high = float(ratios.min()), float(ratios.max())
        if high - low <= 1e-13 * high:
            break
        vector = following / following.max()
    return (low + high) / 2 - 1
