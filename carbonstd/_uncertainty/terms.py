"""Polynomials in drawn inputs: the terms of a row expression, and their sum gathered by the inputs rows share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import Evaluator, evaluate, gather
from carbonstd._engine.usage import Usage
from carbonstd._engine.within import Within
from carbonstd._language import expression as ex
from carbonstd._language.shape import Frame
from carbonstd._ledger.arithmetic import FALSE, TRUE, UNKNOWN, Data, divide
from carbonstd._uncertainty.places import Floats, Place, resolve, trees

if TYPE_CHECKING:
    from carbonstd._uncertainty.draws import Simulation

Ids = NDArray[np.int64]  # which drawn input, -1 for none
Terms = list[tuple[Floats, tuple[Ids, ...]]]  # coefficient and drawn inputs of each row, for each term

_MOST_TERMS = 64


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


class Sums:
    """Finds the sums over rows that are polynomials in drawn inputs, and how they are gathered."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation, self.run, self.drawn = simulation, simulation.run, simulation.drawn
        self.depends, self.nominal = simulation.depends, simulation.nominal
        self.plans: dict[int, list[Plan] | None] = {}
        self._terms: dict[Place, Terms | None] = {}
        self._pending: set[Place] = set()

    def plan(self, node: ex.Reduce, sheet: str, evaluator: Evaluator) -> list[Plan] | None:
        if id(node) not in self.plans:
            self.plans[id(node)] = self._plan(node, sheet, evaluator) if self.simulation.aggregate else None
        return self.plans[id(node)]

    def _plan(self, node: ex.Reduce, sheet: str, evaluator: Evaluator) -> list[Plan] | None:
        nominal = self.nominal(sheet)
        model = evaluate(node.operand, nominal)
        rows = model.frame.sheet
        if node.function != "sum" or not rows or (node.where is not None and self.depends(node.where, sheet)):
            return None
        keep = np.ones(len(model.data), dtype=bool)
        if node.where is not None:
            holds = evaluate(node.where, nominal)
            truth = gather(holds, model.frame, nominal) if holds.frame.axes else holds.data
            if np.any(truth == UNKNOWN):
                return None
            keep = np.broadcast_to(truth != FALSE, keep.shape)
        terms = self.terms(node.operand, sheet, rows)
        if terms is None:
            return None
        groups, keys = evaluator.groups(node.by, model, keep)
        return [Plan.of(term, keep, groups, keys, self.base) for term in terms]

    @property
    def base(self) -> int:
        return len(self.drawn.shared) + sum(int((ids >= 0).sum()) for ids in self.drawn.columns.values()) + 1

    def terms(self, node: ex.Node, sheet: str, rows: str) -> Terms | None:
        """A row expression as a sum of products of drawn inputs; None where it is no polynomial in them."""
        if not self.depends(node, sheet):
            array = evaluate(node, self.nominal(sheet))
            data = gather(array, Frame(rows), self.nominal(sheet)) if array.frame.axes else array.data
            return [(data.astype(np.float64), ())]
        method = getattr(self, f"_{type(node).__name__.lower()}_terms", None)
        found: Terms | None = method(node, sheet, rows) if method else None
        return found if found is not None and len(found) <= _MOST_TERMS else None

    def _scale_terms(self, node: ex.Scale, sheet: str, rows: str) -> Terms | None:
        return multiplied(self.terms(node.operand, sheet, rows), [(np.array([float(node.factor)]), ())])

    def _negative_terms(self, node: ex.Negative, sheet: str, rows: str) -> Terms | None:
        return multiplied(self.terms(node.operand, sheet, rows), [(np.array([-1.0]), ())])

    def _binary_terms(self, node: ex.Binary, sheet: str, rows: str) -> Terms | None:
        left, right = self.terms(node.left, sheet, rows), self.terms(node.right, sheet, rows)
        if left is None or right is None:
            return None
        if node.operator == "*":
            return multiplied(left, right)
        if node.operator in "+-":
            sign = 1.0 if node.operator == "+" else -1.0
            return [*left, *((coefficient * sign, ids) for coefficient, ids in right)]
        if node.operator == "/" and not self.depends(node.right, sheet):
            return [(divide(coefficient, right[0][0]), ids) for coefficient, ids in left]
        return None

    def _choice_terms(self, node: ex.Choice, sheet: str, rows: str) -> Terms | None:
        if self.depends(node.condition, sheet):
            return None
        holds = evaluate(node.condition, self.nominal(sheet))
        truth = gather(holds, Frame(rows), self.nominal(sheet)) if holds.frame.axes else holds.data
        if np.any(truth == UNKNOWN):
            return None
        return either(truth == TRUE, self.terms(node.then, sheet, rows), self.terms(node.otherwise, sheet, rows))

    def _call_terms(self, node: ex.Call, sheet: str, rows: str) -> Terms | None:
        if node.function != "first":
            return None
        *given, last = node.arguments
        result = self.terms(last, sheet, rows)
        for item in reversed(given):
            array = evaluate(item, self.nominal(sheet))
            if array.frame.axes:
                return None
            result = either(~np.isnan(array.data), self.terms(item, sheet, rows), result)
        return result

    def _lookup_terms(self, node: ex.Lookup, sheet: str, rows: str) -> Terms | None:
        array, usage = look_up_nominal(node, self.nominal(sheet))
        ids = self.simulation.ids_of(usage)
        if array.frame.axes or ids is None:
            return None
        return [(np.where(ids >= 0, 1.0, array.data), (ids,))]

    def _member_terms(self, node: ex.Member, sheet: str, rows: str) -> Terms | None:
        return self._column_terms((node.sheet, node.column), rows)

    def _name_terms(self, node: ex.Name, sheet: str, rows: str) -> Terms | None:
        kind, place = resolve(self.run, node.name, sheet)
        if kind == "constant":
            return [(np.ones(1), (np.array([self.drawn.shared[node.name]]),))]
        if kind == "column":
            return self._column_terms(place, rows)
        compiled, home = (
            self.run.program.equations[node.name],
            self.run.program.method.equations[node.name].sheet,
        )
        if compiled.node is None or compiled.type.frame.sheet != rows:
            return None
        if place not in self._terms:
            self._terms[place] = self.terms(compiled.node, home, rows)
        return self._terms[place]

    def _column_terms(self, place: Place, rows: str) -> Terms | None:
        data = self.run.ledger[place[0]]
        if place in self._pending or not (data.sheet.single or place[0] == rows):
            return None
        values, ids = data.numbers[place[1]], self.drawn.columns.get(place)
        own: Terms = [(values, ())] if ids is None else [(np.where(ids >= 0, 1.0, values), (ids,))]
        filled = data.filled.get(place[1])
        if filled is None or not filled.any():
            return own
        self._pending.add(place)
        try:
            ((scope, tree),) = trees(self.run, place)
            return either(filled, self.terms(tree, scope, rows), own)
        finally:
            self._pending.discard(place)


def look_up_nominal(node: ex.Lookup, within: Within) -> tuple[Array, Usage]:
    """The answer of a look-up by the keys as they are, and the rows it came from."""
    array = evaluate(node, within)
    return array, within.run.usages[within.what].pop()


def multiplied(left: Terms | None, right: Terms | None) -> Terms | None:
    if left is None or right is None or len(left) * len(right) > _MOST_TERMS:
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
