"""Derivatives of a figure by everything it was computed from, taken backwards through the checked trees.

One pass from a figure down gives its derivative by each input cell, each table cell and each constant. A table cell
that answered for many rows collects the derivatives of all of them: that is how its error moves them together.
Conditions, labels and the keys of look-ups are choices and have none; at a tie of `min` or
`max` the branch taken counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import Evaluator
from carbonstd._engine.model_call import model_arguments
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._engine.within import Within
from carbonstd._language import expression as ex
from carbonstd._language.shape import Frame
from carbonstd._ledger.arithmetic import FALSE, TRUE
from carbonstd._trace.origin import quiet
from carbonstd._uncertainty.places import CellKey, Floats, Place, order, resolve, trees
from carbonstd._uncertainty.slopes import by_row, one_by_one, partials, slope, taken, times
from carbonstd.models import registry

_MOST_ELEMENTS = 2_000  # of a called model whose answer hangs on all rows at once: each takes two more calls


@dataclass
class Gradient:
    """The derivatives of one figure. `columns` has an array (rows,) for each column, 0 in rows filled by a default."""

    columns: dict[Place, Floats] = field(default_factory=dict)
    cells: dict[CellKey, float] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)


class Derivatives:
    """Takes derivatives of one run. What was evaluated on the way is kept, so that the next figure is cheaper."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.skipped: set[str] = set()  # called models too large for differences
        self._tapes: dict[Place, _Tape] = {}

    def of(self, equation: str) -> Gradient:
        """The gradient of the sum of an equation's values (a total or line is one value)."""
        places = list(order(self.run, ("", equation), set()))
        adjoint: dict[Place, Floats] = {("", equation): np.ones(len(self.run.equation(equation).data))}
        gradient = Gradient()
        with np.errstate(all="ignore"):
            for place in reversed(places):
                if place in adjoint:
                    self._back(place, adjoint[place], adjoint, gradient)
        gradient.columns = {
            place: self._entered(place, values) for place, values in adjoint.items() if place[0] and place != ("", "")
        }
        return gradient

    def _back(self, place: Place, values: Floats, adjoint: dict[Place, Floats], gradient: Gradient) -> None:
        sheet, name = place
        if not sheet:
            self.tape(place).back(values, adjoint, gradient)
            return
        filled = self.run.ledger[sheet].filled.get(name)
        if filled is not None and filled.any() and place in self.run.program.defaults:
            self.tape(place).back(np.where(filled, values, 0.0), adjoint, gradient, itself=place)

    def _entered(self, place: Place, values: Floats) -> Floats:
        filled = self.run.ledger[place[0]].filled.get(place[1])
        return values if filled is None else np.where(filled, 0.0, values)

    def tape(self, place: Place) -> _Tape:
        if place not in self._tapes:
            self._tapes[place] = _Tape(self, place)
        return self._tapes[place]


class _Recorder(Evaluator):
    """Evaluates and keeps what every node gave, and which table rows answered."""

    def __init__(self, environment: Within) -> None:
        super().__init__(environment)
        self.within = environment
        self.values: dict[int, Array] = {}
        self.usages: dict[int, Usage] = {}

    def run(self, node: ex.Node) -> Array:
        value = super().run(node)
        self.values[id(node)] = value
        return value

    def _lookup(self, node: ex.Lookup) -> Array:
        array = super()._lookup(node)
        self.usages[id(node)] = self.within.run.usages[self.within.what][-1]
        return array


class _Tape:
    """One equation or default: evaluated once, walked backwards for each figure."""

    def __init__(self, owner: Derivatives, place: Place) -> None:
        self.owner, self.run, self.place = owner, owner.run, place
        self.trees = trees(self.run, place)
        self.sheet = self.trees[0][0] if self.trees else ""
        self.env = quiet(self.run, self.sheet)
        self.eval = _Recorder(self.env)
        with np.errstate(all="ignore"):
            for _, tree in self.trees:
                self.eval.run(tree)

    def back(
        self, values: Floats, adjoint: dict[Place, Floats], gradient: Gradient, itself: Place | None = None
    ) -> None:
        self.adjoint, self.gradient, self.itself = adjoint, gradient, itself
        compiled = None if self.place[0] else self.run.program.equations[self.place[1]]
        if compiled is not None and compiled.arguments is not None:
            self._model(values)
            return
        for _, tree in self.trees:
            found = self.eval.values[id(tree)]
            if self.place[0] and found.frame.axes:  # a default read off by the labels of its row
                self._pass(tree, found, Array(values, Frame(self.place[0])), values)
            else:
                self._node(tree, values if len(found.data) == len(values) else np.array([values.sum()]))

    def _node(self, node: ex.Node, values: Floats) -> None:
        if np.any(values):
            getattr(self, f"_{type(node).__name__.lower()}", self._nothing)(node, values)

    def _nothing(self, node: ex.Node, values: Floats) -> None:
        """Literals, ratios, labels and conditions: nothing below them is an input."""

    # Where derivatives end

    def _name(self, node: ex.Name, values: Floats) -> None:
        kind, place = resolve(self.run, node.name, self.sheet)
        if kind == "constant":
            self.gradient.constants[place[1]] = self.gradient.constants.get(place[1], 0.0) + float(values.sum())
        elif kind != "label":
            self._collect(place, values)

    def _member(self, node: ex.Member, values: Floats) -> None:
        self._collect((node.sheet, node.column), values)

    def _collect(self, place: Place, values: Floats) -> None:
        if place != self.itself:  # a default that leans on its own column found it blank
            self.adjoint[place] = self.adjoint[place] + values if place in self.adjoint else values

    def _lookup(self, node: ex.Lookup, values: Floats) -> None:
        usage, array = self.eval.usages[id(node)], self.eval.values[id(node)]
        segments = self.run.segments[node.table]
        axis = segments[0].table.columns[node.column].axis
        if axis and array.keys is not None:
            labels = self.run.axes.labels[axis]
            for code, value in zip(array.keys, values, strict=True):
                self._cell(
                    segments[int(usage.segment[0])].table.id, int(usage.row[0]), node.column, labels[code], value
                )
            return
        for index in np.unique(usage.segment):
            table = segments[int(index)].table
            used = (usage.segment == index) & (usage.row >= 0)
            sums = np.bincount(usage.row[used], weights=values[used], minlength=len(table.rows))
            for row in np.flatnonzero(sums):
                self._cell(table.id, int(row), node.column, "", sums[row])

    def _cell(self, table: str, row: int, column: str, label: Any, value: float) -> None:
        key = (table, row, column, str(label))
        self.gradient.cells[key] = self.gradient.cells.get(key, 0.0) + float(value)

    # Where they go on

    def _scale(self, node: ex.Scale, values: Floats) -> None:
        self._node(node.operand, values * float(node.factor))

    def _negative(self, node: ex.Negative, values: Floats) -> None:
        self._node(node.operand, -values)

    def _binary(self, node: ex.Binary, values: Floats) -> None:
        arrays = [self.eval.values[id(item)] for item in (node.left, node.right)]
        (left, right), model = self.eval.align(*arrays)
        slopes = partials(node.operator, left, right)
        for child, array, partial in zip((node.left, node.right), arrays, slopes, strict=True):
            self._pass(child, array, model, times(values, partial))

    def _choice(self, node: ex.Choice, values: Floats) -> None:
        arrays = [self.eval.values[id(item)] for item in (node.condition, node.then, node.otherwise)]
        (condition, _, _), model = self.eval.align(*arrays)
        self._pass(node.then, arrays[1], model, np.where(condition == TRUE, values, 0.0))
        self._pass(node.otherwise, arrays[2], model, np.where(condition == FALSE, values, 0.0))

    def _call(self, node: ex.Call, values: Floats) -> None:
        arrays = [self.eval.values[id(item)] for item in node.arguments]
        if arrays[0].labels is not None or node.function == "missing":
            return
        data, model = self.eval.align(*arrays)
        if len(data) == 1:
            self._pass(node.arguments[0], arrays[0], model, times(values, slope(node.function, data[0])))
            return
        which = taken(node.function, [np.broadcast_to(item, values.shape) for item in data])
        for index, (child, array) in enumerate(zip(node.arguments, arrays, strict=True)):
            self._pass(child, array, model, np.where(which == index, values, 0.0))

    def _reduce(self, node: ex.Reduce, values: Floats) -> None:
        children = [item for item in (node.operand, node.where, node.weight) if item is not None]
        arrays = [self.eval.values[id(item)] for item in children]
        data, model = self.eval.align(*arrays)
        count = len(model.data) if model.frame.sheet else len(model.keys if model.keys is not None else [0])
        summed, *rest = [np.broadcast_to(item, (count,)) for item in data]
        keep = rest.pop(0) != FALSE if node.where is not None else np.ones(count, dtype=bool)
        groups, keys = self.eval.groups(node.by, model, keep)
        spread = np.zeros(count)
        spread[keep] = values[groups]
        if node.function == "mean":
            weight = rest[0] if node.weight is not None else np.ones(count)
            total = np.bincount(groups, weights=weight[keep], minlength=len(keys))
            mean = np.bincount(groups, weights=(weight * summed)[keep], minlength=len(keys)) / total
            each = np.zeros(count)
            each[keep] = (values / total)[groups]
            if node.weight is not None:
                away = np.zeros(count)
                away[keep] = summed[keep] - mean[groups]
                self._pass(node.weight, arrays[-1], model, times(each, away))
            spread = times(each, weight)
        self._pass(node.operand, arrays[0], model, spread)

    def _pass(self, child: ex.Node, array: Array, model: Array, values: Floats) -> None:
        """Hand derivatives over the common frame down to a child's own frame: they add up where it was repeated."""
        self._node(child, self._gathered(array, model, values))

    def _gathered(self, array: Array, model: Array, values: Floats) -> Floats:
        if array.frame.scalar:
            return np.array([values.sum()])
        if array.frame.sheet or array.keys is model.keys:
            return values
        assert array.keys is not None
        axes = self.run.axes
        if model.frame.sheet:
            codes = [self.env.codes(model.frame.sheet, axis) for axis in array.frame.axes]
            wanted = axes.ravel(array.frame.axes, codes)
        else:
            assert model.keys is not None
            wanted = axes.narrowed(model.frame.axes, model.keys, array.frame.axes)
        if not len(array.keys):
            return np.zeros(0)
        position = np.minimum(np.searchsorted(array.keys, wanted), len(array.keys) - 1)
        met = array.keys[position] == wanted
        return np.bincount(position[met], weights=values[met], minlength=len(array.keys)).astype(np.float64)

    # Called models: their own derivatives, or differences

    def _model(self, values: Floats) -> None:
        name = self.place[1]
        model = registry()[self.run.program.method.equations[name].call]
        arguments = model_arguments(self.run, name, lambda node: self.eval.values[id(node)])
        own = model.slopes(self._by_label(name, arguments, values), **arguments) if model.slopes else {}
        for argument, node in (self.run.program.equations[name].arguments or {}).items():
            if model.arguments[argument] in ("table", "label"):
                continue
            given = np.asarray(arguments[argument], dtype=np.float64)
            if model.slopes is not None:
                slopes = own.get(argument, np.zeros(given.shape))
            elif model.by_row:
                slopes = times(values, by_row(model.function, arguments, argument, given))
            else:
                slopes = self._one_by_one(name, arguments, argument, given, values)
            array = self.eval.values[id(node)]
            self._node(node, slopes if len(array.data) == len(slopes) else np.array([slopes.sum()]))

    def _one_by_one(self, name: str, arguments: dict[str, Any], argument: str, given: Floats, values: Floats) -> Floats:
        """Each answer hangs on all rows."""
        if given.size > _MOST_ELEMENTS:
            self.owner.skipped.add(name)
            return np.zeros(given.shape)
        model = registry()[self.run.program.method.equations[name].call]
        weights = self._by_label(name, arguments, values)
        return one_by_one(model.function, arguments, argument, given, weights)

    def _by_label(self, name: str, arguments: dict[str, Any], values: Floats) -> Floats:
        """Derivatives by each answer of a model, in the order of the model's own labels."""
        model, keys = registry()[self.run.program.method.equations[name].call], self.run.equation(name).keys
        if keys is None:
            return values
        labels = model.function(**arguments).labels
        return values[np.searchsorted(keys, [self.run.axes.known(model.axis, label) for label in labels])]
