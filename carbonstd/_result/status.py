"""What a result rests on: the status of every addend, and the share of a total by status.

A line is taken apart into its addends (rows of sums, terms of additions). Each addend has the worst status among the
values multiplied into it: measured activity data with a default factor is a default. What a recalled figure decides,
such as a threshold from which something counts, rests on it too. A model that apportions (which part of a recorded run
one unit calls for) is such a decision: what it multiplies keeps its status, unless the model rests on recalled figures.
Figures over axes stay apart, so that a process is judged by its own rows and each source of it by its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array, at_keys
from carbonstd._engine.evaluate import NotTogether, evaluate, gather, over
from carbonstd._engine.run import Run
from carbonstd._engine.within import Within
from carbonstd._language import expression as ex
from carbonstd._language.shape import ENTITY, Frame
from carbonstd._ledger.arithmetic import FALSE, TRUE
from carbonstd._ledger.ledger import SheetData, Status
from carbonstd._result.addends import Keyed
from carbonstd._result.evidence import row_status
from carbonstd.models import registry

Values = NDArray[Any]
_NONE = np.uint8(0)  # the status of what rests on no figure


@dataclass(frozen=True)
class Addends:
    """Addends of a figure: value and status, both of shape (addends,)."""

    values: NDArray[np.float64]
    status: NDArray[np.uint8]

    def shares(self) -> dict[Status, float]:
        """The share of each status in the sum of absolute addends."""
        weight = np.abs(self.values)
        # By size: addends over labels stand in no order of their own.
        sums = {status: float(np.sort(weight[self.status == status]).sum()) for status in Status if status}
        total = sum(sums.values())
        return {status: part / total if total else 0.0 for status, part in sums.items()}

    @property
    def worst(self) -> Status:
        present = self.status[self.values != 0]
        return Status(int(present.max())) if len(present) else Status.DERIVED


def addends(run: Run, equation: str) -> Addends:
    """Take an equation apart into its addends."""
    values, status = _Parts(run).equation(equation)
    return Addends(values, np.where(status == 0, np.uint8(Status.DERIVED), status).astype(np.uint8))


def statuses(run: Run, equation: str) -> NDArray[np.uint8]:
    """The status of each value of an equation, or one for all of them."""
    found = status_of(run, equation).data
    return np.where(found == 0, np.uint8(Status.DERIVED), found).astype(np.uint8)


def status_of(run: Run, equation: str) -> Array:
    """The status of an equation's values, 0 where it has none: over its frame, or one for all of them."""
    return _Parts(run).status_of(equation)


class _Parts:
    def __init__(self, run: Run) -> None:
        self.run, self._within = run, Within(run, "", "status")

    def equation(self, name: str) -> tuple[Values, Values]:
        """The addends of an equation; lines and totals share them, so they are found once."""
        if name not in self.run.addends:
            self.run.addends[name] = self._apart(name)
            for shared in self.run.addends[name]:
                shared.setflags(write=False)
        return self.run.addends[name]

    def _apart(self, name: str) -> tuple[Values, Values]:
        compiled, equation = self.run.program.equations[name], self.run.program.method.equations[name]
        if compiled.node is None or compiled.type.frame.sheet or _potential(compiled.node):
            array = self.run.equation(name)
            return array.data, np.broadcast_to(self.status_of(name).data, array.data.shape)
        return self.split(compiled.node, equation.sheet)

    def split(self, node: ex.Node, sheet: str) -> tuple[Values, Values]:
        if isinstance(node, ex.Binary) and node.operator in "+-":
            left, right = self.split(node.left, sheet), self.split(node.right, sheet)
            sign = 1 if node.operator == "+" else -1
            return np.concatenate([left[0], sign * right[0]]), np.concatenate([left[1], right[1]])
        if isinstance(node, ex.Negative | ex.Scale):
            values, status = self.split(node.operand, sheet)
            return values * (-1 if isinstance(node, ex.Negative) else float(node.factor)), status
        if (parts := ex.weighed(node)) is not None:
            (values, status), warming = self.split(parts[0], sheet), self._evaluate(parts[1], sheet)
            return values * float(warming.data[0]), np.maximum(status, self._decided(parts[1], sheet, warming).data)
        if isinstance(node, ex.Name) and node.name in self.run.program.equations:
            return self.equation(node.name)
        if isinstance(node, ex.Reduce) and node.function == "sum":
            return self._sum(node, sheet)
        if isinstance(node, ex.Binary) and node.operator == "/" and (scalar := self._scalar(node.right, sheet)):
            values, status = self.split(node.left, sheet)
            return values / float(scalar.data[0]), np.maximum(status, self._fitted(node.right, sheet, scalar))
        if isinstance(node, ex.Binary) and node.operator == "*" and self._evaluate(node, sheet).frame.scalar:
            return self._multiplied(node, sheet)
        array = self._evaluate(node, sheet)
        if array.frame.axes:
            found = self.keyed(node, sheet)
            return found.values, found.status
        return self._whole(node, sheet, array)

    def _multiplied(self, node: ex.Binary, sheet: str) -> tuple[Values, Values]:
        """The addends of one side, each times the other: of the right side where the left is a single figure."""
        apart, other = (_unless_netted(*self.split(item, sheet)) for item in (node.left, node.right))
        if len(apart[0]) == 1:
            apart, other = other, apart
        return apart[0] * np.sort(other[0]).sum(), np.maximum(apart[1], other[1].max(initial=0))

    def _scalar(self, node: ex.Node, sheet: str) -> Array | None:
        """One figure other than zero, or None."""
        array = self._evaluate(node, sheet)
        return array if array.frame.scalar and array.data[0] != 0 else None

    def keyed(self, node: ex.Node, sheet: str) -> Keyed:
        """The addends of a figure over axes; what cannot be taken apart is one addend for each combination."""
        array = self._evaluate(node, sheet)
        parts = self._taken_apart(node, sheet, array)
        if parts is not None:
            return parts
        assert array.keys is not None
        status = self._fitted(node, sheet, array).astype(np.uint8)
        return Keyed(array.data.astype(float), status, array.keys)

    def _taken_apart(self, node: ex.Node, sheet: str, array: Array) -> Keyed | None:
        axes = array.frame.axes
        if isinstance(node, ex.Name) and node.name in self.run.program.equations:
            tree = self.run.program.equations[node.name].node
            return None if tree is None else self.keyed(tree, self.run.program.method.equations[node.name].sheet)
        if isinstance(node, ex.Negative):
            return self.keyed(node.operand, sheet).times(-1)
        if isinstance(node, ex.Scale):
            return self.keyed(node.operand, sheet).times(float(node.factor))
        if isinstance(node, ex.Reduce) and node.function == "sum" and node.by == axes:
            return self._rows(node, sheet)
        if not isinstance(node, ex.Binary) or node.operator not in "+-*":
            return None
        left, right = (self._evaluate(item, sheet) for item in (node.left, node.right))
        if node.operator == "*" and left.frame.scalar:
            return self._times(self.keyed(node.right, sheet), node.left, left, sheet)
        if left.frame != array.frame or (right.frame != array.frame and not right.frame.scalar):
            return None
        if node.operator == "*":
            return self._times(self.keyed(node.left, sheet), node.right, right, sheet)
        if right.frame.scalar:
            return None
        first, other = self.keyed(node.left, sheet), self.keyed(node.right, sheet)
        return first.plus(other) if node.operator == "+" else first.plus(other.times(-1)).netted()

    def _times(self, addends: Keyed, node: ex.Node, factor: Array, sheet: str) -> Keyed:
        """Addends times what stands at their labels, or everywhere."""
        if factor.frame.scalar:
            # What a gas weighs is no data of the case.
            status = self._decided(node, sheet, factor).data if _potential(node) else self._fitted(node, sheet, factor)
            return addends.times(factor.data.astype(float), status)
        fitted = replace(factor, data=self._fitted(node, sheet, factor), fill=np.uint8(0))
        return addends.times(at_keys(factor, addends.keys).astype(float), at_keys(fitted, addends.keys))

    def _rows(self, node: ex.Reduce, sheet: str) -> Keyed | None:
        """The rows of a sum by labels, each with its own."""
        array = self._evaluate(node.operand, sheet)
        if array.frame.sheet is None:
            return None
        by = (ENTITY, *node.by) if self.run.entities else node.by
        codes = [self._within.codes(array.frame.sheet, axis) for axis in by]
        status = self._fitted(node.operand, sheet, array).astype(np.uint8)
        found = Keyed(array.data.astype(float), status, self.run.axes.ravel(by, codes))
        if node.where is None:
            return found
        (_, truth), _ = over(self._within, array, self._evaluate(node.where, sheet))
        keep = np.broadcast_to(truth != FALSE, found.keys.shape)
        return Keyed(found.values[keep], found.status[keep], found.keys[keep])

    def _sum(self, node: ex.Reduce, sheet: str) -> tuple[Values, Values]:
        array = self._evaluate(node.operand, sheet)
        if node.where is None:
            return self.split(node.operand, sheet) if not array.frame.sheet else self._whole(node.operand, sheet, array)
        (values, truth), model = over(self._within, array, self._evaluate(node.where, sheet))
        if array.frame.axes and (model.frame.sheet or model.frame == array.frame):
            codes = (
                [self._within.codes(model.frame.sheet, axis) for axis in array.frame.axes] if model.frame.sheet else []
            )
            places = self.run.axes.ravel(array.frame.axes, codes) if codes else model.keys
            assert places is not None
            found = self.keyed(node.operand, sheet).at(places[truth != FALSE])
            return found.values, found.status
        values = np.broadcast_to(values, truth.shape)
        status = np.broadcast_to(self._fitted(node.operand, sheet, replace(model, data=values)), values.shape)
        return values[truth != FALSE].astype(float), status[truth != FALSE]

    def _whole(self, node: ex.Node, sheet: str, array: Array) -> tuple[Values, Values]:
        return array.data.astype(float), self._fitted(node, sheet, array)

    def _fitted(self, node: ex.Node, sheet: str, model: Array) -> Values:
        """The status of a node, one for each value of `model`."""
        status = self.status(node, sheet, model)
        (found, _), _ = over(self._within, status, model)
        return np.broadcast_to(found, model.data.shape)

    def status_of(self, name: str) -> Array:
        """The status of an equation's values; many lines rest on one equation, so it is found once."""
        return self.run.status(name, self._found_status)

    def _found_status(self, name: str) -> Array:
        compiled, equation = self.run.program.equations[name], self.run.program.method.equations[name]
        if equation.call and self.run.entities:
            raise NotTogether("which tables a model reads differs")
        values = self.run.equation(name)
        if compiled.node is not None and _potential(compiled.node):
            return self._decided(compiled.node, equation.sheet, values)
        trees = [compiled.node] if compiled.node is not None else list((compiled.arguments or {}).values())
        tables = compiled.arguments and any(usage.whole for usage in self.run.usages.get(name, []))
        found = [self.status(tree, equation.sheet, values) for tree in trees if tree is not None]
        result = self._worst(_one(Status.DEFAULT if tables else 0), *found)
        model = registry()[equation.call] if equation.call else None
        if model is None or model.by_row:
            return result
        worst = result.data.max(initial=0)  # each answer hangs on all of its arguments
        return _one(worst if worst == Status.ASSUMED or not model.apportions else 0)

    def status(self, node: ex.Node, sheet: str, model: Array) -> Array:
        """The status of a node, over the frame of `model` or one for all of it; the worst where it has another."""
        status = self._status(node, sheet, model)
        if _single(status.frame):
            return status
        if status.frame != model.frame:
            return self._worst_of(status)
        if model.keys is None or status.keys is model.keys:
            return status
        return replace(status, data=at_keys(status, model.keys), keys=model.keys)

    def _status(self, node: ex.Node, sheet: str, model: Array) -> Array:
        if isinstance(node, ex.Reduce):
            found = self._rows(node, sheet) if node.by and node.by == model.frame.labels else None
            if found is not None and model.keys is not None:
                return Array(found.worst(model.keys), model.frame, model.keys, _NONE)
            rows = self._evaluate(node.operand, sheet)
            return self._worst_of(self.status(node.operand, sheet, rows))
        if isinstance(node, ex.Name | ex.Member):
            return self._name_status(node, sheet, model)
        if isinstance(node, ex.Lookup):
            return self._lookup_status(node, sheet)
        if isinstance(node, ex.Compare | ex.Logic) or (isinstance(node, ex.Call) and node.function == "missing"):
            return _one(0)
        if isinstance(node, ex.Choice):
            condition = self._along(self._evaluate(node.condition, sheet), sheet, model)
            then, otherwise = (self.status(item, sheet, model) for item in (node.then, node.otherwise))
            chosen = self._chosen(condition, then, otherwise, lambda truth: truth == TRUE)
            return self._worst(chosen, self._decided(node.condition, sheet, model))
        if isinstance(node, ex.Call) and node.function == "first":
            *given, last = node.arguments
            result = self.status(last, sheet, model)
            for item in reversed(given):
                given_here = self._along(self._evaluate(item, sheet), sheet, model)
                mine = self.status(item, sheet, model)
                result = self._chosen(given_here, mine, result, lambda value: ~np.isnan(value.astype(float)))
            return result
        if (parts := ex.weighed(node)) is not None:
            # What a gas weighs is no data of the case, unless nobody has seen it.
            return self._worst(self.status(parts[0], sheet, model), self._decided(parts[1], sheet, model))
        return self._worst(_one(0), *(self.status(child, sheet, model) for child in node.children()))

    def _decided(self, condition: ex.Node, sheet: str, model: Array) -> Array:
        """What the look-ups of a condition or potential add to the rest: recalled where they are, else nothing."""
        looked_up = (node for node in condition.walk() if isinstance(node, ex.Lookup))
        result = self._worst(_one(0), *(self.status(node, sheet, model) for node in looked_up))
        return replace(result, data=np.where(result.data == Status.ASSUMED, result.data, _NONE))

    def _chosen(self, by: Array | None, then: Array, otherwise: Array, holds: Callable[[Values], Values]) -> Array:
        """The status of the side that is taken; the worse of both where it cannot be told which."""
        if by is None:
            return self._worst(then, otherwise)
        (taken, first, second), model = over(self._within, by, then, otherwise)
        return Array(np.where(holds(taken), first, second), model.frame, model.keys, _NONE)

    def _along(self, array: Array, sheet: str, model: Array) -> Array | None:
        """An array along `model`; None where it runs over anything else."""
        if _single(array.frame):
            return array
        if array.frame.sheet:
            return array if array.frame == model.frame else None
        if model.frame.sheet:
            return replace(array, data=gather(array, model.frame, self._within), frame=model.frame, keys=None)
        if model.keys is None or not set(array.frame.axes) <= set(model.frame.axes):
            return None
        wanted = self.run.axes.narrowed(model.frame.axes, model.keys, array.frame.axes)
        return replace(array, data=at_keys(array, wanted), frame=model.frame, keys=model.keys)

    def _lookup_status(self, node: ex.Lookup, sheet: str) -> Array:
        what = f"status of {node.table}"
        self.run.usages.pop(what, None)
        evaluate(node, Within(self.run, sheet, what))
        usages = self.run.usages.pop(what, [])
        if not usages:
            return _one(Status.DEFAULT)
        found = np.broadcast_to(row_status(self.run, usages[-1]), usages[-1].row.shape)
        return Array(found, usages[-1].frame, usages[-1].at, _NONE)

    def _name_status(self, node: ex.Name | ex.Member, sheet: str, model: Array) -> Array:
        run = self.run
        where, column = (node.sheet, node.column) if isinstance(node, ex.Member) else (sheet, node.name)
        if where in run.ledger and column in run.ledger[where].status:
            return self._typed(run.ledger[where], column)
        if column in run.program.equations:
            status = self.status_of(column)
            if status.frame.axes and model.frame.sheet and not _single(status.frame):
                return Array(gather(status, model.frame, self._within), model.frame)
            return status
        forms = (data for data in run.ledger.values() if data.sheet.single and column in data.status)
        return next((self._typed(data, column) for data in forms), _one(0))

    def _typed(self, data: SheetData, column: str) -> Array:
        """The status of the cells of a column; of a form that nobody filled there is none."""
        cells = Array(data.status[column], Frame(data.sheet.id), fill=_NONE)
        return self._worst_of(cells) if data.sheet.single else cells

    def _worst_of(self, status: Array) -> Array:
        """One status for all of it, in a shared run one for each entity."""
        if _single(status.frame):
            return status
        if not self.run.entities:
            return _one(status.data.max(initial=0))
        worst = np.zeros(self.run.entities, dtype=np.uint8)
        np.maximum.at(worst, self.run.owners(status.frame, status.keys), status.data)
        return Array(worst, Frame(axes=(ENTITY,)), np.arange(self.run.entities), _NONE)

    def _worst(self, *statuses: Array) -> Array:
        """The worst of statuses over one frame, or of single ones."""
        data, model = over(self._within, *statuses)
        return Array(reduce(np.maximum, data), model.frame, model.keys, _NONE)

    def _evaluate(self, node: ex.Node, sheet: str) -> Array:
        return self.run.looked_at(node, sheet)


def _potential(node: ex.Node) -> bool:
    return isinstance(node, ex.Lookup) and node.potential


def _unless_netted(values: Values, status: Values) -> tuple[Values, Values]:
    """Addends, or one figure where some are taken off others: 1 - x is no sum whose parts weigh by their size."""
    if (values < 0).any() and (values > 0).any():
        return values.sum(keepdims=True), status.max(keepdims=True)
    return values, status


def _one(status: int) -> Array:
    return Array(np.full(1, status, dtype=np.uint8), fill=_NONE)


def _single(frame: Frame) -> bool:
    """Whether an entity has one value of it."""
    return frame.sheet is None and not frame.labels
