"""Values over a frame: the rows of a sheet, or the key combinations of some axes that occur.

Labels are integer codes into a list shared by all sheets of a run, so months, lines and gases align by comparing
integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._language.shape import ENTITY, SCALAR, Frame
from carbonstd._ledger.arithmetic import FALSE, NAN, TRUE, UNKNOWN, Data, isnan
from carbonstd._ledger.axes import Axes

_SOME = {False: (1, 2), True: (FALSE, TRUE)}  # two values, to see whether a result hangs on one


@dataclass(frozen=True)
class Array:
    """Values over a frame. `keys` are the raveled key combinations of an axes frame, ascending.

    `fill` is the value at a combination that does not occur: 0 after a sum, NaN otherwise; one for each entity where
    many share a run and it hangs on a figure of theirs. `labels` names the axis
    whose codes `data` holds, for arrays of labels. An axis itself, and what is looked up by it, stands `everywhere`:
    it gives a value at every label but makes no combination occur. Conditions hold FALSE, UNKNOWN or TRUE.
    """

    data: Data
    frame: Frame = SCALAR
    keys: NDArray[np.int64] | None = None
    fill: Any = NAN
    labels: str | None = None
    everywhere: bool = False

    @property
    def truth(self) -> bool:
        return self.data.dtype == np.int8

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where a value is missing."""
        if self.truth:
            return np.asarray(self.data == UNKNOWN)
        return np.asarray(self.data < 0) if self.labels else isnan(self.data)

    @property
    def known(self) -> bool:
        """Whether nothing in it is missing."""
        return not self.missing.any()


def recoded(array: Array, axis: str, axes: Axes) -> NDArray[np.int64]:
    """The labels of an array as codes of another axis; a blank is the label ""."""
    if array.labels == "":  # one text, said once or at every row
        return np.broadcast_to(axes.encode(axis, list(array.data[:1])), array.data.shape)
    labels = [str(label or "") for label in axes.labels.get(array.labels or "", [])]
    return axes.recode(axis, [*labels, ""], array.data)


def in_order(values: Data, weights: Data | None, groups: Data) -> tuple[Data, Data | None, Data]:
    """What is to be added up, group by group and by size: keys stand as labels happened to come first in some sheet."""
    if weights is None and not groups.any():
        return np.sort(values), None, groups  # one group
    order = np.argsort(values) if weights is None else np.lexsort((weights, values))
    order = order[np.argsort(groups[order], kind="stable")]
    return values[order], None if weights is None else weights[order], groups[order]


def sums(values: Data, groups: Data, count: int) -> Data:
    """The sum of each of ascending groups, bit for bit what `.sum()` of its values alone gives.

    That adds nought first and then in pairs; `reduceat` does so where a nought stands before each group.
    """
    spaced = np.zeros(len(values) + count)
    spaced[np.arange(len(values)) + groups + 1] = values
    starts = np.searchsorted(groups, np.arange(count)) + np.arange(count)
    return np.asarray(np.add.reduceat(spaced, starts)) if count else spaced


def at_keys(array: Array, wanted: NDArray[np.int64]) -> Data:
    assert array.keys is not None
    if len(array.keys) == 0:
        return np.full(len(wanted), _fill_at(array, wanted), dtype=array.data.dtype)
    position = np.minimum(np.searchsorted(array.keys, wanted), len(array.keys) - 1)
    result = array.data[..., position]
    absent = array.keys[position] != wanted
    if absent.any():
        result[..., absent] = _fill_at(array, wanted[absent])
    return result


def entity_of(axes: Sequence[str], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The entity each combination of labels is of; the axis of entities is the first."""
    return keys >> 63 // len(axes) * (len(axes) - 1)


def _fill_at(array: Array, wanted: NDArray[np.int64]) -> Any:
    """What stands at combinations that do not occur."""
    return array.fill if np.ndim(array.fill) == 0 else array.fill[entity_of(array.frame.axes, wanted)]


def at_no_key(operation: Any, arrays: Sequence[Array]) -> Any:
    """What an operation gives at a combination that none of the arrays holds.

    What stands everywhere has some value there: where the result hangs on it (0 x a factor does not), it is missing.
    """
    if not any(item.everywhere for item in arrays):
        return _one_or_each(operation(*(_filled(item, item.fill) for item in arrays)))
    first, second = (
        operation(*(_filled(item, _SOME[item.truth][place] if item.everywhere else item.fill) for item in arrays))
        for place in (0, 1)
    )
    unknown = np.int8(UNKNOWN) if first.dtype == np.int8 else NAN
    return _one_or_each(np.where(first == second, first, unknown))


def _one_or_each(fill: Data) -> Any:
    return fill[0] if len(fill) == 1 else fill


def _filled(array: Array, value: Any) -> Data:
    if array.frame.axes == (ENTITY,):
        return array.data
    if np.ndim(value):
        return np.asarray(value)
    fill = np.empty(1, dtype=array.data.dtype)
    fill[0] = array.data[0] if array.frame.scalar and len(array.data) == 1 else value
    return fill
