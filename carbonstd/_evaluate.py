"""Running a checked expression on arrays: float64 for speed, fractions for an exact verdict. One evaluator.

An array runs over a frame: the rows of a sheet, or the key combinations of some axes that occur. Labels are integer
codes into a list shared by all sheets of a run, so months, lines and gases align by comparing integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from carbonstd import _expression as ex
from carbonstd._check import SCALAR, Frame

NAN = float("nan")
_ONE = np.array(Fraction(1), dtype=object)
Data = NDArray[Any]


@dataclass
class Axes:
    """The labels of every key column of a run, by name: one code space for all sheets."""

    labels: dict[str, list[Any]] = field(default_factory=dict)
    _codes: dict[str, dict[Any, int]] = field(default_factory=dict)

    def code(self, axis: str, label: Any) -> int:
        codes = self._codes.setdefault(axis, {})
        if label not in codes:
            codes[label] = len(codes)
            self.labels.setdefault(axis, []).append(label)
        return codes[label]

    def known(self, axis: str, label: Any) -> int:
        return self._codes.get(axis, {}).get(label, -1)

    def encode(self, axis: str, labels: Sequence[Any]) -> NDArray[np.int64]:
        return np.fromiter((self.code(axis, label) for label in labels), dtype=np.int64, count=len(labels))

    def size(self, axis: str) -> int:
        return max(len(self.labels.get(axis, ())), 1)

    def ravel(self, axes: Sequence[str], codes: Sequence[Data]) -> NDArray[np.int64]:
        """One integer for each combination of codes."""
        key = np.zeros(len(codes[0]), dtype=np.int64)
        for axis, code in zip(axes, codes, strict=True):
            key = key * self.size(axis) + code
        return key

    def unravel(self, axes: Sequence[str], keys: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        codes: dict[str, NDArray[np.int64]] = {}
        for axis in reversed(axes):
            codes[axis] = keys % self.size(axis)
            keys = keys // self.size(axis)
        return codes


@dataclass(frozen=True)
class Array:
    """Values over a frame. `keys` are the raveled key combinations of an axes frame, ascending.

    `fill` is the value at a combination that does not occur: 0 after a sum, NaN otherwise. `labels` names the axis
    whose codes `data` holds, for arrays of labels.
    """

    data: Data
    frame: Frame = SCALAR
    keys: NDArray[np.int64] | None = None
    fill: Any = NAN
    labels: str | None = None


class Environment(Protocol):
    """Where an expression runs: its names, its tables and its number kind."""

    axes: Axes
    exact: bool

    def name(self, name: str) -> Array: ...
    def member(self, sheet: str, column: str) -> Array: ...
    def codes(self, sheet: str, axis: str) -> NDArray[np.int64]: ...
    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array: ...
    def report(self, code: str, node: ex.Node) -> None: ...
    def tie(self) -> None: ...


def evaluate(node: ex.Node, environment: Environment) -> Array:
    """Run a checked tree. Nothing is rounded; NaN marks what is missing and spreads."""
    with np.errstate(all="ignore"):
        return _Evaluator(environment).run(node)


def gather(array: Array, frame: Frame, environment: Environment) -> Data:
    """The values of an axes array at every row of a sheet, or at every combination of a wider frame's keys."""
    assert frame.sheet is not None
    codes = [environment.codes(frame.sheet, axis) for axis in array.frame.axes]
    return _at(array, environment.axes.ravel(array.frame.axes, codes))


class _Evaluator:
    def __init__(self, environment: Environment) -> None:
        self.env = environment
        self.exact = environment.exact

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
        keys = same[0].keys
        assert keys is not None
        if any(item.keys is not keys and not np.array_equal(item.keys, keys) for item in same):  # type: ignore[arg-type]
            keys = np.unique(np.concatenate([item.keys for item in same if item.keys is not None]))
        model = replace(wide, keys=keys)
        return [self._spread(item, model) for item in arrays], model

    def _spread(self, item: Array, model: Array) -> Data:
        if item.frame.scalar or item.keys is model.keys:
            return item.data
        assert model.keys is not None
        codes = self.env.axes.unravel(model.frame.axes, model.keys)
        return _at(item, self.env.axes.ravel(item.frame.axes, [codes[axis] for axis in item.frame.axes]))

    def combine(self, operation: Any, *arrays: Array) -> Array:
        data, model = self.align(*arrays)
        with np.errstate(all="ignore"):
            result = operation(*data)
            fill = NAN if model.frame.sheet else _one(operation, [item.fill for item in arrays], self.exact)
        return Array(result, model.frame, model.keys, fill)

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
        return self.combine(_multiply, self.run(node.operand), self.scalar(node.factor))

    def _negative(self, node: ex.Negative) -> Array:
        return self.combine(np.negative, self.run(node.operand))

    def _binary(self, node: ex.Binary) -> Array:
        left = self.run(node.left)
        if node.operator == "**":
            return self._power(left, node.right)
        operation = {
            "+": np.add,
            "-": np.subtract,
            "*": _multiply,
            "/": _divide_exact if self.exact else np.divide,
        }[node.operator]
        right = self.run(node.right)
        result = self.combine(operation, left, right)
        if node.operator == "/" and np.any(self.align(right)[0][0] == 0):
            self.env.report("division-by-zero", node)
        return result

    def _power(self, base: Array, exponent: ex.Node) -> Array:
        if self.exact and isinstance(exponent, ex.Literal) and exponent.value.denominator == 1:
            return self.combine(lambda x: x**exponent.value.numerator, base)
        if self.exact:
            return self.combine(np.frompyfunc(_decimal_power, 2, 1), base, self.run(exponent))
        return self.combine(np.power, base, self.run(exponent))

    def _compare(self, node: ex.Compare) -> Array:
        left = self.run(node.left)
        if isinstance(node.right, ex.Options):
            hits = [self._equal(left, item).data for item in node.right.items]
            found = np.logical_or.reduce(hits)
            return Array(found if node.operator == "in" else ~found, left.frame, left.keys, False)
        if left.labels is not None:
            equal = self._equal(left, node.right)
            return equal if node.operator == "==" else replace(equal, data=~equal.data)
        operation = {
            "<": np.less,
            "<=": np.less_equal,
            ">": np.greater,
            ">=": np.greater_equal,
            "==": np.equal,
            "!=": np.not_equal,
        }
        right = self.run(node.right)
        data, model = self.align(left, right)
        if not self.exact and _near(*data):
            self.env.tie()
        return Array(np.asarray(operation[node.operator](*data), dtype=bool), model.frame, model.keys, False)

    def _equal(self, left: Array, right: ex.Node) -> Array:
        if isinstance(right, ex.Text | ex.Literal):
            label = right.value if isinstance(right, ex.Text) else str(right.value)
            known = self.env.axes.known(left.labels or "", label)
            return Array(
                left.data == known if known >= 0 else np.zeros(len(left.data), dtype=bool),
                left.frame,
                left.keys,
                False,
            )
        other = self.run(right)
        data, model = self.align(
            Array(self._decoded(left), left.frame, left.keys),
            Array(self._decoded(other), other.frame, other.keys),
        )
        return Array(np.asarray(data[0] == data[1], dtype=bool), model.frame, model.keys, False)

    def _decoded(self, array: Array) -> Data:
        labels = np.array([*self.env.axes.labels.get(array.labels or "", []), ""], dtype=object)
        return labels[array.data.astype(np.int64)] if array.labels else array.data

    def _logic(self, node: ex.Logic) -> Array:
        operands = [self.run(item) for item in node.operands]
        data, model = self.align(*operands)
        if node.operator == "not":
            result = ~data[0]
        else:
            result = (np.logical_and if node.operator == "and" else np.logical_or).reduce(np.broadcast_arrays(*data))
        return Array(np.asarray(result, dtype=bool), model.frame, model.keys, False)

    def _choice(self, node: ex.Choice) -> Array:
        condition, then, otherwise = self.run(node.condition), self.run(node.then), self.run(node.otherwise)
        if then.labels is not None:
            axis = f"choice {id(node)}"
            then, otherwise = (self._recoded(item, axis) for item in (then, otherwise))
            data, model = self.align(condition, then, otherwise)
            return Array(np.where(*data), model.frame, model.keys, -1, axis)
        return self.combine(np.where, condition, then, otherwise)

    def _recoded(self, array: Array, axis: str) -> Array:
        return replace(array, data=self.env.axes.encode(axis, list(self._decoded(array))), labels=axis)

    def _call(self, node: ex.Call) -> Array:
        arguments = [self.run(item) for item in node.arguments]
        name = node.function
        if name == "missing":
            array = arguments[0]
            if array.labels is not None:
                blank = (array.data < 0) | (array.data == self.env.axes.known(array.labels, ""))
                return Array(blank, array.frame, array.keys, True)
            return Array(_isnan(array.data), array.frame, array.keys, True)
        if name in ("sqrt", "exp", "ln"):
            exact = {"sqrt": Decimal.sqrt, "exp": Decimal.exp, "ln": Decimal.ln}[name]
            fast = {"sqrt": np.sqrt, "exp": np.exp, "ln": np.log}[name]
            return self.combine(_decimal_function(exact) if self.exact else fast, arguments[0])
        if name == "abs":
            return self.combine(np.abs, arguments[0])
        if name == "clip":
            value, low, high = arguments
            return self.combine(_minimum, self.combine(_maximum, value, low), high)
        operation = {"min": _minimum, "max": _maximum, "first": _first}[name]
        result = arguments[0]
        for other in arguments[1:]:
            result = self.combine(operation, result, other)
        return result

    def _reduce(self, node: ex.Reduce) -> Array:
        operand = self.run(node.operand)
        extras = [self.run(item) for item in (node.where, node.weight) if item is not None]
        data, model = self.align(operand, *extras)
        count = len(model.data) if model.frame.sheet else len(model.keys if model.keys is not None else [0])
        values, *rest = [np.broadcast_to(item, (count,)) for item in data]
        keep = np.asarray(rest.pop(0), dtype=bool) if node.where is not None else None
        weights = rest.pop(0) if node.weight is not None else None
        groups, keys = self._groups(node.by, model, keep)
        if keep is not None:
            values, weights = values[keep], None if weights is None else weights[keep]
        frame = Frame(axes=node.by)
        zero: Any = Fraction(0) if self.exact else 0.0
        if node.function == "sum":
            return Array(self._total(values, groups, len(keys)), frame, keys if node.by else None, zero)
        if weights is None:
            weights = np.full(len(values), Fraction(1), dtype=object) if self.exact else np.ones(len(values))
        total = self._total(weights, groups, len(keys))
        if np.any(total == 0):
            self.env.report("zero-weight", node)
        above = self._total(_multiply(values, weights), groups, len(keys))
        divide = _divide_exact if self.exact else np.divide
        return Array(divide(above, total), frame, keys if node.by else None, NAN)

    def _groups(self, by: tuple[str, ...], model: Array, keep: Data | None) -> tuple[Data, NDArray[np.int64]]:
        if not by:
            count = len(model.data) if model.frame.sheet else len(model.keys if model.keys is not None else [0])
            return np.zeros(int(keep.sum()) if keep is not None else count, dtype=np.int64), np.zeros(1, dtype=np.int64)
        if model.frame.sheet:
            codes = [self.env.codes(model.frame.sheet, axis) for axis in by]
        else:
            assert model.keys is not None
            unraveled = self.env.axes.unravel(model.frame.axes, model.keys)
            codes = [unraveled[axis] for axis in by]
        key = self.env.axes.ravel(by, codes)
        kept = key[keep] if keep is not None else key
        size = int(np.prod([self.env.axes.size(axis) for axis in by]))
        if size > 4 * len(key) + 1_000_000:
            keys, groups = np.unique(kept, return_inverse=True)
            return groups, keys
        present = np.bincount(kept, minlength=size) > 0
        keys = np.flatnonzero(present).astype(np.int64)
        if len(keys) == size:
            return kept, keys
        return (np.cumsum(present) - 1)[kept], keys

    def _total(self, values: Data, groups: Data, count: int) -> Data:
        if not self.exact:
            if count == 1:
                return np.array([values.sum()], dtype=float)
            return np.bincount(groups, weights=values, minlength=count)
        totals = np.full(count, Fraction(0), dtype=object)
        for group, value in zip(groups, values, strict=True):
            totals[group] = totals[group] + value
        return totals

    def _lookup(self, node: ex.Lookup) -> Array:
        assert node.keys is not None
        return self.env.lookup(node, [self.run(key) for key in node.keys])


def _at(array: Array, wanted: NDArray[np.int64]) -> Data:
    assert array.keys is not None
    if len(array.keys) == 0:
        return np.full(len(wanted), array.fill, dtype=array.data.dtype)
    position = np.minimum(np.searchsorted(array.keys, wanted), len(array.keys) - 1)
    result = array.data[position]
    absent = array.keys[position] != wanted
    if absent.any():
        result[absent] = array.fill
    return result


def _one(operation: Any, fills: list[Any], exact: bool) -> Any:
    arguments = [np.array([value], dtype=object if exact and not isinstance(value, bool) else None) for value in fills]
    return operation(*arguments)[0]


def _near(left: Data, right: Data) -> bool:
    """Whether any pair lies within 1e-9 of a tie, where float64 does not decide."""
    scale = np.maximum(np.maximum(np.abs(left), np.abs(right)), 1.0)
    return bool(np.any(np.abs(left - right) <= 1e-9 * scale))


def _isnan(data: Data) -> Data:
    return np.asarray(data != data, dtype=bool)


def _multiply(left: Data, right: Data) -> Data:
    return np.multiply(left, right)


def _divide_exact(left: Data, right: Data) -> Data:
    zero = np.asarray(right == 0, dtype=bool)
    safe = np.where(zero, _ONE, right)
    return np.where(zero, NAN, left / safe)


def _minimum(left: Data, right: Data) -> Data:
    return np.where(_isnan(left) | _isnan(right), NAN, np.where(left <= right, left, right))


def _maximum(left: Data, right: Data) -> Data:
    return np.where(_isnan(left) | _isnan(right), NAN, np.where(left >= right, left, right))


def _first(left: Data, right: Data) -> Data:
    return np.where(_isnan(left), right, left)


def _decimal_function(function: Any) -> Any:
    def apply(value: Any) -> Any:
        if value != value:
            return value
        with localcontext() as context:
            context.prec = 50
            return Fraction(function(Decimal(value.numerator) / Decimal(value.denominator)))

    return np.frompyfunc(apply, 1, 1)


def _decimal_power(base: Any, exponent: Any) -> Any:
    if base != base or exponent != exponent:
        return NAN
    with localcontext() as context:
        context.prec = 50
        return Fraction(
            (Decimal(base.numerator) / Decimal(base.denominator))
            ** (Decimal(exponent.numerator) / Decimal(exponent.denominator))
        )
