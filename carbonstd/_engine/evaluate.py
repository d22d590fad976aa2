"""Running a checked expression on arrays: float64 for speed, fractions for an exact verdict. One evaluator.

A condition has three values: what rests on something missing is `UNKNOWN`, never false. A sum over rows whose `where`
is unknown is missing, as is a choice whose condition is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array, at_keys, at_no_key, in_order, recoded, sums
from carbonstd._language import expression as ex
from carbonstd._language.shape import ENTITY, Frame
from carbonstd._ledger.arithmetic import (
    FALSE,
    FLOOR,
    NAN,
    ORDER,
    POWER,
    TRUE,
    UNKNOWN,
    Data,
    choose,
    choose_label,
    close,
    decimal_function,
    divide,
    first,
    floor,
    isnan,
    maximum,
    minimum,
    truth,
)
from carbonstd._ledger.axes import Axes


class NotTogether(Exception):
    """What many entities cannot share one run for: each is then run by itself."""


class Environment(Protocol):
    """Where an expression runs: its names, its tables and its number kind."""

    axes: Axes
    exact: bool
    entities: int  # that share the run, each a label of the axis ENTITY; 0 in the run of one

    def name(self, name: str) -> Array: ...
    def member(self, sheet: str, column: str) -> Array: ...
    def codes(self, sheet: str, axis: str) -> NDArray[np.int64]: ...
    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array: ...
    def report(self, code: str, node: ex.Node, at: Array, /, **values: str) -> None: ...
    def tie(self, node: ex.Compare | ex.Call, at: Array) -> Array | None: ...
    def only(self, rows: Array) -> AbstractContextManager[None]: ...


def evaluate(node: ex.Node, environment: Environment) -> Array:
    """Run a checked tree. Nothing is rounded; NaN marks what is missing and spreads."""
    with np.errstate(all="ignore"):
        return Evaluator(environment, keeps=False).run(node)


def gather(array: Array, frame: Frame, environment: Environment) -> Data:
    """The values of an axes array at every row of a sheet, or at every combination of a wider frame's keys."""
    assert frame.sheet is not None
    codes = [environment.codes(frame.sheet, axis) for axis in array.frame.axes]
    return at_keys(array, environment.axes.ravel(array.frame.axes, codes))


def over(environment: Environment, *arrays: Array) -> tuple[list[Data], Array]:
    """The data of all arrays over their common frame, and an array of that frame."""
    return Evaluator(environment).align(*arrays)


class Evaluator:
    """`keeps` says whether what a node gave may be looked at again: else arithmetic goes on in the array it made."""

    def __init__(self, environment: Environment, keeps: bool = True) -> None:
        self.env = environment
        self.exact = environment.exact
        self.keeps = keeps

    def run(self, node: ex.Node) -> Array:
        result: Array = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return result

    def scalar(self, value: Any) -> Array:
        if self.exact:
            data = np.empty(1, dtype=object)
            data[0] = value
            return Array(data, fill=value)
        return Array(np.array([float(value)]), fill=float(value))

    def align(self, *arrays: Array) -> tuple[list[Data], Array]:
        """The data of all arrays over their common frame, and a model array of that frame."""
        wide = max(arrays, key=lambda item: (item.frame.sheet is not None, len(item.frame.axes)))
        if wide.frame.sheet:
            return [
                item.data if item.frame.scalar or item.frame.sheet else gather(item, wide.frame, self.env)
                for item in arrays
            ], wide
        if not wide.frame.axes:
            return [item.data for item in arrays], wide
        same = [item for item in arrays if item.frame == wide.frame]
        same = [item for item in same if not item.everywhere] or same
        keys = same[0].keys
        assert keys is not None
        if any(item.keys is not keys and not np.array_equal(item.keys, keys) for item in same):  # type: ignore[arg-type]
            keys = np.unique(np.concatenate([item.keys for item in same if item.keys is not None]))
        model = replace(wide, keys=keys, everywhere=same[0].everywhere)
        return [self._spread(item, model) for item in arrays], model

    def _spread(self, item: Array, model: Array) -> Data:
        if item.frame.scalar or item.keys is model.keys:
            return item.data
        assert model.keys is not None
        return at_keys(item, self.env.axes.narrowed(model.frame.axes, model.keys, item.frame.axes))

    def combine(self, operation: Any, *arrays: Array) -> Array:
        data, model = self.align(*arrays)
        with np.errstate(all="ignore"):
            result = operation(*data)
            fill = NAN if model.frame.sheet else at_no_key(operation, arrays)
        return Array(result, model.frame, model.keys, fill, everywhere=model.everywhere)

    def _literal(self, node: ex.Literal) -> Array:
        return self.scalar(node.value)

    def _ratio(self, node: ex.Ratio) -> Array:
        return self.scalar(node.value)

    def _text(self, node: ex.Text) -> Array:
        return Array(np.array([node.value], dtype=object), labels="")

    def _name(self, node: ex.Name) -> Array:
        return self.env.name(node.name)

    def _member(self, node: ex.Member) -> Array:
        return self.env.member(node.sheet, node.column)

    def _scale(self, node: ex.Scale) -> Array:
        operand = self.run(node.operand)
        return self.combine(self._onto(node.operand, operand, np.multiply), operand, self.scalar(node.factor))

    def _negative(self, node: ex.Negative) -> Array:
        return self.combine(np.negative, self.run(node.operand))

    def _binary(self, node: ex.Binary) -> Array:
        left = self.run(node.left)
        if node.operator == "**":
            return self._power(left, node.right)
        right = self.run(node.right)
        operation = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": divide}[node.operator]
        if node.operator == "/" and np.any(zero := right.data == 0):
            self.env.report("division-by-zero", node, replace(right, data=zero))
        if node.operator == "-":
            self._from_nothing(node, left, right)
        return self.combine(self._onto(node.left, left, operation), left, right)

    def _onto(self, node: ex.Node, operand: Array, operation: Any) -> Any:
        """An operation, which writes over its first operand where that is arithmetic of rows that nobody else holds.

        A new array of a million rows costs more than to compute it.
        """
        made = isinstance(node, ex.Binary | ex.Scale | ex.Negative) and operand.frame.sheet is not None
        ours = made and not (self.keeps or self.exact) and isinstance(operation, np.ufunc)
        return partial(operation, out=operand.data) if ours else operation

    def _from_nothing(self, node: ex.Binary, left: Array, right: Array) -> None:
        """Say where a sum is subtracted at a combination (line, month) at which nothing stands to subtract it from."""
        if left.frame != right.frame or left.keys is None or right.keys is None or right.everywhere:
            return
        alone = ~np.isin(right.keys, left.keys) & (right.data != 0)
        for place in np.flatnonzero(alone):
            labels = self.env.axes.named(right.frame.axes, int(right.keys[place]))[-len(right.frame.labels) :]
            at = replace(right, data=alone[[place]], keys=right.keys[[place]])
            self.env.report("subtracted-from-nothing", node, at, where=" / ".join(label or "—" for label in labels))

    def _power(self, base: Array, exponent: ex.Node) -> Array:
        if not self.exact:
            return self.combine(np.power, base, self.run(exponent))
        return self.combine(POWER, base, self.run(exponent))

    def _compare(self, node: ex.Compare) -> Array:
        left = self.run(node.left)
        if isinstance(node.right, ex.Options):
            hits = [self._equal(left, item) for item in node.right.items]
            found = replace(hits[0], data=np.maximum.reduce([hit.data for hit in hits]))
            return found if node.operator == "in" else self._not(found)
        if left.labels is not None:
            equal = self._equal(left, node.right)
            return equal if node.operator == "==" else self._not(equal)
        right = self.run(node.right)
        if not self.exact:
            data, model = self.align(left, right)
            near = close(*data)
            settled = self.env.tie(node, replace(model, data=near)) if np.any(near) else None
            if settled is not None:
                return settled
        operation = ORDER[node.operator]
        return self.combine(lambda a, b: truth(operation(a, b), isnan(a) | isnan(b)), left, right)

    def _equal(self, left: Array, right: ex.Node) -> Array:
        """Whether labels are equal; a blank label is unknown."""
        if isinstance(right, ex.Text | ex.Literal):
            label = right.value if isinstance(right, ex.Text) else str(right.value)
            code = self.env.axes.known(left.labels or "", label)
            data = truth((left.data == code) & (code >= 0), self._blank(left))
            return Array(data, left.frame, left.keys, UNKNOWN, everywhere=left.everywhere)
        other = self.run(right)
        texts = [Array(self._decoded(item), item.frame, item.keys, "", None, item.everywhere) for item in (left, other)]
        return self.combine(lambda a, b: truth(a == b, (a == "") | (b == "")), *texts)

    def _blank(self, array: Array) -> Data:
        if not array.labels:
            return np.asarray(array.data == "", dtype=bool)
        return np.asarray((array.data < 0) | (array.data == self.env.axes.known(array.labels, "")), dtype=bool)

    def _decoded(self, array: Array) -> Data:
        labels = np.array([*self.env.axes.labels.get(array.labels or "", []), ""], dtype=object)
        return labels[array.data.astype(np.int64)] if array.labels else array.data

    def _not(self, array: Array) -> Array:
        return replace(array, data=TRUE - array.data, fill=TRUE - array.fill)

    def _logic(self, node: ex.Logic) -> Array:
        operands = [self.run(item) for item in node.operands]
        if node.operator == "not":
            return self._not(operands[0])
        operation = np.minimum if node.operator == "and" else np.maximum
        result = operands[0]
        for other in operands[1:]:
            result = self.combine(operation, result, other)
        return result

    def _choice(self, node: ex.Choice) -> Array:
        condition = self.run(node.condition)
        with self.env.only(condition):
            then = self.run(node.then)
        with self.env.only(self._not(condition)):
            otherwise = self.run(node.otherwise)
        if then.labels is not None:
            axis = f"choice {id(node)}"
            chosen = self.combine(choose_label, condition, *(self._recoded(item, axis) for item in (then, otherwise)))
            return replace(chosen, labels=axis)
        return self.combine(choose, condition, then, otherwise)

    def _recoded(self, array: Array, axis: str) -> Array:
        return replace(array, data=recoded(array, axis, self.env.axes), labels=axis, fill=-1)

    def _first(self, node: ex.Call) -> Array:
        result = self.run(node.arguments[0])
        for item in node.arguments[1:]:
            with self.env.only(self.combine(lambda values: truth(isnan(values)), result)):
                other = self.run(item)
            result = self.combine(first, result, other)
        return result

    def _floor(self, node: ex.Call, operand: Array) -> Array:
        """Whole numbers; where float64 does not tell on which side of one a figure stands, fractions do."""
        if self.exact:
            return self.combine(FLOOR, operand)
        near = close(operand.data, np.rint(operand.data))
        settled = self.env.tie(node, replace(operand, data=near)) if np.any(near) else None
        if settled is not None:
            return replace(settled, data=settled.data.astype(np.float64))
        return self.combine(floor, operand)

    def _call(self, node: ex.Call) -> Array:
        name = node.function
        if name == "first":
            return self._first(node)
        arguments = [self.run(item) for item in node.arguments]
        if name == "missing":
            array = arguments[0]
            if array.labels is not None:
                return replace(array, data=truth(self._blank(array)), labels=None, fill=TRUE)
            return self.combine(lambda values: truth(isnan(values)), array)
        if name in ("sqrt", "exp", "ln"):
            exact = {"sqrt": Decimal.sqrt, "exp": Decimal.exp, "ln": Decimal.ln}[name]
            fast = {"sqrt": np.sqrt, "exp": np.exp, "ln": np.log}[name]
            return self.combine(decimal_function(exact) if self.exact else fast, arguments[0])
        if name == "floor":
            return self._floor(node, arguments[0])
        if name == "abs":
            return self.combine(np.abs, arguments[0])
        if name == "clip":
            value, low, high = arguments
            return self.combine(minimum, self.combine(maximum, value, low), high)
        operation = {"min": minimum, "max": maximum}[name]
        result = arguments[0]
        for other in arguments[1:]:
            result = self.combine(operation, result, other)
        return result

    def _reduce(self, node: ex.Reduce) -> Array:
        return self._reduced(node, self.run(node.operand), self._total)

    def _reduced(self, node: ex.Reduce, operand: Array, total_of: Callable[..., Data]) -> Array:
        extras = [self.run(item) for item in (node.where, node.weight) if item is not None]
        data, model = self.align(operand, *extras)
        count = _size(model)
        values, *rest = [np.broadcast_to(item, (count,)) for item in data]
        if self.env.entities and model.everywhere:
            raise NotTogether("labels that other entities brought in would be summed over")
        by = (ENTITY, *node.by) if self.env.entities else node.by
        keep = self._readable(by, model)
        if node.where is not None:
            truth = rest.pop(0)
            keep = truth != FALSE if keep is None else keep & (truth != FALSE)
            values = values if np.all(truth != UNKNOWN) else np.where(truth == UNKNOWN, NAN, values)
        weights = rest.pop(0) if node.weight is not None else None
        groups, keys = self.groups(by, model, keep)
        if keep is not None:
            values, weights = values[keep], None if weights is None else weights[keep]
        if not (self.exact or model.frame.sheet):
            values, weights, groups = in_order(values, weights, groups)
        place, count = (Frame(axes=by), keys if by else None), len(keys)
        if node.function == "sum":
            zero: Any = Fraction(0) if self.exact else 0.0
            return Array(total_of(values, by, groups, count), *place, zero)
        if weights is None:
            weights = np.full(len(values), Fraction(1), dtype=object) if self.exact else np.ones(len(values))
        total = self._total(weights, by, groups, count)
        if np.any(total == 0):
            self.env.report("zero-weight", node, Array(total == 0, *place))
        return Array(divide(self._total(np.multiply(values, weights), by, groups, count), total), *place)

    def _readable(self, by: tuple[str, ...], model: Array) -> Data | None:
        """The rows whose labels could be read, where some could not: such a case is refused, but first fully judged."""
        codes = [self.env.codes(model.frame.sheet, axis) for axis in by] if model.frame.sheet else []
        unread = [code for code in codes if code.min(initial=0) < 0]
        return np.asarray(np.min(unread, axis=0) >= 0, dtype=bool) if unread else None

    def groups(self, by: tuple[str, ...], model: Array, keep: Data | None) -> tuple[Data, NDArray[np.int64]]:
        if not by:
            kept = _size(model) if keep is None else int(keep.sum())
            return np.zeros(kept, dtype=np.int64), np.zeros(1, dtype=np.int64)
        if model.frame.sheet:
            codes = [self.env.codes(model.frame.sheet, axis) for axis in by]
            if keep is None and by != (ENTITY,):
                return self.env.axes.grouped(by, codes)
        else:
            assert model.keys is not None
            unraveled = self.env.axes.unravel(model.frame.axes, model.keys)
            codes = [unraveled[axis] for axis in by]
        if by == (ENTITY,):  # a sum of nothing is 0, not absent
            return codes[0] if keep is None else codes[0][keep], np.arange(self.env.entities)
        return self.env.axes.occurring(by, [code if keep is None else code[keep] for code in codes])

    def _total(self, values: Data, by: tuple[str, ...], groups: Data, count: int) -> Data:
        if self.exact:
            totals = np.full(count, Fraction(0), dtype=object)
            for group, value in zip(groups, values, strict=True):
                totals[group] = totals[group] + value
            return totals
        if not by:
            return np.array([values.sum()], dtype=float)
        return sums(values, groups, count) if by == (ENTITY,) else np.bincount(groups, weights=values, minlength=count)

    def _lookup(self, node: ex.Lookup) -> Array:
        assert node.keys is not None
        keys = [self.run(key) for key in node.keys]
        wide = [key for key in keys if not key.frame.scalar]
        if any(key.frame != wide[0].frame or key.keys is not wide[0].keys for key in wide):
            data, model = self.align(*keys)
            keys = [
                key
                if key.frame.scalar
                else replace(key, data=part, frame=model.frame, keys=model.keys, everywhere=model.everywhere)
                for key, part in zip(keys, data, strict=True)
            ]
        return self.env.lookup(node, keys)


def _size(array: Array) -> int:
    """How many values an array runs over."""
    return len(array.data) if array.frame.sheet else len(array.keys if array.keys is not None else [0])
