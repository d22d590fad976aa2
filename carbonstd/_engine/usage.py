"""A look-up that was made: which edition and table row answered where, and where the answer was used at all.

A branch not taken asks in vain: what it looked up rests on nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array, at_keys
from carbonstd._engine.evaluate import Environment, gather
from carbonstd._language.shape import Frame
from carbonstd._ledger.arithmetic import FALSE

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Usage:
    """The edition (`segment`) and table row that answered each place of the frame (row -1: none).

    `at` holds the key combinations of a frame of axes. `counts` tells where the answer was used, if not everywhere;
    `asked`, in which rows of a sheet one answer for many rows was.
    """

    slot: str
    column: str
    frame: Frame
    segment: NDArray[np.int64]
    row: NDArray[np.int64]
    keys: tuple[str, ...]
    whole: bool = False  # a called model read the whole column
    at: NDArray[np.int64] | None = None
    counts: Mask | None = None
    asked: Array | None = None

    def where(self, condition: Array, environment: Environment) -> Usage:
        """The same, used only where `condition` is not false."""
        taken = np.broadcast_to(self._taken(condition, environment), self.row.shape)
        counts = taken if self.counts is None else taken & self.counts
        if self.frame.sheet or not condition.frame.sheet:
            return replace(self, counts=counts)
        asked = condition.data != FALSE
        if self.asked is not None and self.asked.frame == condition.frame:
            asked = asked & self.asked.data
        return replace(self, counts=counts, asked=Array(asked, condition.frame))

    def by_row(self, sheet: str, environment: Environment) -> Usage:
        """A look-up of one answer, or over axes, as the rows of a sheet read it off."""
        found = self._read_off(sheet, environment) if self.frame.axes else self
        if self.asked is None or self.asked.frame.sheet != sheet:
            return found
        asked = self.asked.data
        segment, row = (np.broadcast_to(item, asked.shape) for item in (found.segment, found.row))
        counts = asked if found.counts is None else asked & found.counts
        return replace(found, frame=Frame(sheet), segment=segment, row=row, counts=counts, asked=None)

    def _read_off(self, sheet: str, environment: Environment) -> Usage:
        rows = Frame(sheet)

        def read(data: NDArray[Any], absent: Any) -> NDArray[Any]:
            return gather(Array(data, self.frame, self.at, absent), rows, environment)

        counts = None if self.counts is None else read(self.counts, False)
        return replace(self, frame=rows, segment=read(self.segment, 0), row=read(self.row, -1), at=None, counts=counts)

    def _taken(self, condition: Array, environment: Environment) -> Mask:
        """Where a condition lets this look-up count; a condition over what this does not run over, if anywhere."""
        yes = Array(condition.data != FALSE, condition.frame, condition.keys, condition.fill != FALSE)
        if yes.frame.scalar or (yes.frame.sheet and yes.frame == self.frame):
            return yes.data
        if self.frame.scalar:
            return np.array([yes.data.any()])
        if self.frame.sheet:
            return np.asarray(gather(yes, self.frame, environment), dtype=bool)
        axes, own = environment.axes, self.frame.axes
        assert self.at is not None
        if set(yes.frame.axes) <= set(own) and not yes.frame.sheet:
            return np.asarray(at_keys(yes, axes.narrowed(own, self.at, yes.frame.axes)), dtype=bool)
        if yes.frame.sheet:
            asked = axes.ravel(own, [environment.codes(yes.frame.sheet, axis)[yes.data] for axis in own])
        else:
            assert yes.keys is not None
            asked = axes.narrowed(yes.frame.axes, yes.keys[yes.data], own)
        return np.isin(self.at, asked)
