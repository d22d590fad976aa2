"""Approach 2: the checked trees run on draws. Values have shape (draws, entries); draw 0 holds the figures as used.

What no drawn input reaches is evaluated once, as in the run itself. A sum over rows that is a polynomial in its drawn
inputs is gathered by the combination of inputs its rows share before anything is drawn, so that a million rows with
one emission factor cost no more than one row. Keys of look-ups and the rows of tables they lead to stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array, at_no_key
from carbonstd._engine.evaluate import Evaluator, evaluate, gather
from carbonstd._engine.model_call import model_arguments
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._engine.within import Within
from carbonstd._language import expression as ex
from carbonstd._language.shape import SCALAR, Frame
from carbonstd._ledger.arithmetic import FALSE, NAN, UNKNOWN, Data, divide
from carbonstd._trace.origin import quiet
from carbonstd._uncertainty.inputs import SharedKey
from carbonstd._uncertainty.places import Floats, Place, resolve, trees
from carbonstd._uncertainty.terms import Ids, Sums, by_group, look_up_nominal
from carbonstd._watch import tell
from carbonstd.models import registry

_ELEMENTS = 4_000_000  # of one array of draws


@dataclass
class Drawn:
    """Which inputs are drawn, by their number; `columns` has one number for each row."""

    shared: Mapping[SharedKey, int]
    columns: Mapping[Place, Ids]


class Simulation:
    """Runs equations on draws of shape (draws, inputs)."""

    def __init__(self, run: Run, drawn: Drawn, aggregate: bool = True) -> None:
        self.run, self.drawn, self.aggregate = run, drawn, aggregate
        self.columns_drawn = {(key[0], key[2]) for key in drawn.shared if not isinstance(key, str)}
        self.widest = 1
        self.sums = Sums(self)
        self._nominal: dict[str, Within] = {}
        self._depends: dict[tuple[int, str], bool] = {}
        self._pending: set[Place] = set()

    def totals(self, equations: Sequence[str], inputs: Floats) -> Floats:
        """The sum of each equation in each draw. Shape (draws, equations)."""
        self._chunk(equations, inputs[:1])  # how wide it gets
        size = int(np.clip(_ELEMENTS // self.widest, 16, len(inputs)))
        parts = []
        for start in range(0, len(inputs), size):
            parts.append(self._chunk(equations, inputs[start : start + size]))
            tell(min(start + size, len(inputs)), len(inputs))
        return np.concatenate(parts)

    def _chunk(self, equations: Sequence[str], inputs: Floats) -> Floats:
        draws = _Draws(self, np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1))
        with np.errstate(all="ignore"):
            columns = [draws.equation(name).data.astype(np.float64) for name in equations]
        return np.stack([np.broadcast_to(item.sum(axis=-1), (len(inputs),)) for item in columns], axis=1)

    # What hangs on drawn inputs

    def depends(self, node: ex.Node, sheet: str) -> bool:
        key = (id(node), sheet)
        if key not in self._depends:
            self._depends[key] = self._reaches(node, sheet)
        return self._depends[key]

    def _reaches(self, node: ex.Node, sheet: str) -> bool:
        if isinstance(node, ex.Name):
            kind, place = resolve(self.run, node.name, sheet)
            return node.name in self.drawn.shared if kind == "constant" else kind != "label" and self.moves(place)
        if isinstance(node, ex.Member):
            return self.moves((node.sheet, node.column))
        if isinstance(node, ex.Lookup):
            tables = (segment.table.id for segment in self.run.segments[node.table])
            return any((table, node.column) in self.columns_drawn for table in tables)
        return any(self.depends(child, sheet) for child in node.children())

    def moves(self, place: Place) -> bool:
        """Whether a column or equation hangs on a drawn input."""
        if place in self.drawn.columns:
            return True
        if place in self._pending:  # a default that leans on its own column
            return False
        self._pending.add(place)
        try:
            return any(self.depends(tree, scope) for scope, tree in trees(self.run, place))
        finally:
            self._pending.discard(place)

    def nominal(self, sheet: str) -> Within:
        if sheet not in self._nominal:
            self._nominal[sheet] = quiet(self.run, sheet)
        return self._nominal[sheet]

    def ids_of(self, usage: Usage) -> Ids | None:
        """Which drawn input each answer of a look-up is."""
        ids = np.full(len(usage.row), -1, dtype=np.int64)
        for index in np.unique(usage.segment):
            table = self.run.segments[usage.slot][int(index)].table
            of_row = np.full(len(table.rows) + 1, -1, dtype=np.int64)  # the last: no row answered
            for key, number in self.drawn.shared.items():
                if not isinstance(key, str) and (key[0], key[2], key[3]) == (table.id, usage.column, ""):
                    of_row[key[1]] = number
            ids = np.where(usage.segment == index, of_row[usage.row], ids)
        return ids if (ids >= 0).any() else None


@dataclass
class _Draws:
    """One chunk of draws: equations and columns as they come out in each."""

    simulation: Simulation
    inputs: Floats
    values: dict[Place, Array] = field(default_factory=dict)
    pending: set[Place] = field(default_factory=set)

    def equation(self, name: str) -> Array:
        place, run = ("", name), self.simulation.run
        if not self.simulation.moves(place):
            return run.equation(name)
        if place not in self.values:
            compiled, home = run.program.equations[name], run.program.method.equations[name].sheet
            if compiled.node is None:
                self.values[place] = self._model(name)
            else:
                self.values[place] = self.evaluate(compiled.node, home)
        return self.values[place]

    def evaluate(self, node: ex.Node, sheet: str) -> Array:
        return _DrawnEvaluator(_Drawing(self, sheet)).run(node)

    def column(self, sheet: str, column: str) -> Array:
        place, simulation = (sheet, column), self.simulation
        array = simulation.run.column(sheet, column)
        if place in self.values:
            return self.values[place]
        if place in self.pending or not simulation.moves(place):
            return array
        data: Data = array.data
        ids = simulation.drawn.columns.get(place)
        if ids is not None:
            data = np.where(ids >= 0, self.inputs[:, ids], data)
        filled = simulation.run.ledger[sheet].filled.get(column)
        if filled is not None and filled.any():
            self.pending.add(place)
            for scope, tree in trees(simulation.run, place):
                found = self.evaluate(tree, scope)
                given = gather(found, Frame(sheet), simulation.nominal(sheet)) if found.frame.axes else found.data
                data = np.where(filled, given, data)
            self.pending.discard(place)
        self.values[place] = replace(array, data=data)
        return self.values[place]

    def _model(self, name: str) -> Array:
        """A called model on draws: all rows of all draws at once, or draw by draw where it hangs on all rows."""
        run, equation = self.simulation.run, self.simulation.run.program.method.equations[name]
        model, nominal = registry()[equation.call], run.equation(name)
        arguments = model_arguments(run, name, lambda node: evaluate(node, self.simulation.nominal(equation.sheet)))
        drawn: dict[str, Floats] = {}
        for argument, node in (run.program.equations[name].arguments or {}).items():
            if model.arguments[argument] not in ("table", "label") and self.simulation.depends(node, equation.sheet):
                data, width = self.evaluate(node, equation.sheet).data, np.asarray(arguments[argument]).shape[-1]
                drawn[argument] = np.broadcast_to(data, (len(self.inputs), width))
        if not model.by_row:
            rows = [
                model.function(**{**arguments, **{item: data[draw] for item, data in drawn.items()}}).value
                for draw in range(len(self.inputs))
            ]
            if not model.axis:
                return replace(nominal, data=np.stack(rows))
            order = np.argsort([run.axes.known(model.axis, label) for label in model.function(**arguments).labels])
            return replace(nominal, data=np.stack(rows)[:, order])
        tiled = {
            item: drawn[item].reshape(-1) if item in drawn else np.tile(np.asarray(data), len(self.inputs))
            for item, data in arguments.items()
            if model.arguments[item] != "table"
        }
        value = model.function(**{**arguments, **tiled}).value
        return replace(nominal, data=value.reshape(len(self.inputs), -1))


class _Drawing:
    """The draws as seen from one sheet of the method: what an evaluator asks."""

    exact = False
    entities = 0

    def __init__(self, draws: _Draws, sheet: str) -> None:
        self.draws, self.sheet, self.axes = draws, sheet, draws.simulation.run.axes
        self.nominal = draws.simulation.nominal(sheet)

    def name(self, name: str) -> Array:
        simulation = self.draws.simulation
        kind, place = resolve(simulation.run, name, self.sheet)
        if kind == "column":
            return self.draws.column(*place)
        if kind == "equation":
            return self.draws.equation(name)
        if kind == "constant" and name in simulation.drawn.shared:
            number = simulation.drawn.shared[name]
            data = self.draws.inputs[:, [number]]
            return Array(data, fill=data[0, 0])
        return self.nominal.name(name)

    def member(self, sheet: str, column: str) -> Array:
        return self.draws.column(sheet, column)

    def codes(self, sheet: str, axis: str) -> NDArray[np.int64]:
        return self.nominal.codes(sheet, axis)

    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array:
        array, usage = look_up_nominal(node, self.nominal)
        if array.frame.axes and array.keys is not None and self._axis(node):
            return replace(array, data=self._along(node, array, usage))
        ids = self.draws.simulation.ids_of(usage)
        return array if ids is None else replace(array, data=np.where(ids >= 0, self.draws.inputs[:, ids], array.data))

    def _axis(self, node: ex.Lookup) -> str:
        return self.draws.simulation.run.segments[node.table][0].table.columns[node.column].axis

    def _along(self, node: ex.Lookup, array: Array, usage: Usage) -> Floats:
        """The cells of one row along an axis."""
        assert array.keys is not None
        table = self.draws.simulation.run.segments[node.table][int(usage.segment[0])].table
        labels = self.axes.labels[self._axis(node)]
        keys = [(table.id, int(usage.row[0]), node.column, str(labels[code])) for code in array.keys]
        ids = np.array([self.draws.simulation.drawn.shared.get(key, -1) for key in keys], dtype=np.int64)
        return np.where(ids >= 0, self.draws.inputs[:, ids], array.data)

    def report(self, code: str, node: ex.Node, at: Array, /, **values: str) -> None:
        """Said by the run itself."""

    def tie(self, node: ex.Compare | ex.Call, at: Array) -> Array | None:
        return None

    def only(self, rows: Array) -> AbstractContextManager[None]:
        return nullcontext()


class _DrawnEvaluator(Evaluator):
    def __init__(self, environment: _Drawing) -> None:
        super().__init__(environment)
        self.drawing = environment

    def run(self, node: ex.Node) -> Array:
        simulation = self.drawing.draws.simulation
        if not simulation.depends(node, self.drawing.sheet):
            return evaluate(node, self.drawing.nominal)
        array = super().run(node)
        simulation.widest = max(simulation.widest, array.data.shape[-1])
        return array

    def combine(self, operation: Any, *arrays: Array) -> Array:
        data, model = self.align(*arrays)
        result = operation(*data)
        fill = NAN if model.frame.sheet else at_no_key(operation, [_first(item) for item in arrays])
        return Array(result, model.frame, model.keys, fill, everywhere=model.everywhere)

    def _from_nothing(self, node: ex.Binary, left: Array, right: Array) -> None:
        """Said by the run itself."""

    def _lookup(self, node: ex.Lookup) -> Array:
        return self.drawing.lookup(node, ())

    def _reduce(self, node: ex.Reduce) -> Array:
        simulation, draws = self.drawing.draws.simulation, self.drawing.draws
        frame = Frame(axes=node.by) if node.by else SCALAR
        plans = simulation.sums.plan(node, self.drawing.sheet, self)
        if plans is not None:
            total = sum((plan.values(draws.inputs) for plan in plans), start=np.zeros(1))
            return Array(total, frame, plans[0].keys if node.by else None, 0.0)
        extras = [self.run(item) for item in (node.where, node.weight) if item is not None]
        data, model = self.align(self.run(node.operand), *extras)
        count = model.data.shape[-1]
        keep = np.ones(count, dtype=bool)
        values, *rest = data
        if node.where is not None:
            truth = rest.pop(0)
            ever = truth != FALSE
            keep = np.broadcast_to(ever if ever.ndim == 1 else ever.any(axis=0), keep.shape)
            zero = np.where(truth == FALSE, 0.0, values)
            values = np.where(truth == UNKNOWN, NAN, zero)
            rest = [np.where(truth == FALSE, 0.0, item) for item in rest]
        groups, keys = self.groups(node.by, replace(model, data=np.zeros(count)), keep)
        summed = (len(draws.inputs), count)
        values = np.broadcast_to(values, summed)[:, keep]
        if node.function == "sum":
            return Array(by_group(values, groups, len(keys)), frame, keys if node.by else None, 0.0)
        weights = np.broadcast_to(rest[0] if node.weight is not None else np.ones(count), summed)[:, keep]
        above = by_group(values * weights, groups, len(keys))
        return Array(divide(above, by_group(weights, groups, len(keys))), frame, keys if node.by else None, NAN)


def _first(array: Array) -> Array:
    return replace(array, data=array.data[0]) if array.data.ndim == 2 else array
