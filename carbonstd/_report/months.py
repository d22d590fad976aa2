"""The lines of a result by month: each is taken apart into addends, and an addend is of the month its row carries.

What no month can be told for (annual rows, floors, called models) stays apart; the parts always add up to the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate, over
from carbonstd._engine.run import Run
from carbonstd._engine.within import Within
from carbonstd._language import expression as ex
from carbonstd._ledger.arithmetic import FALSE, TRUE
from carbonstd._result.line_value import LineValue
from carbonstd._result.result import Result
from carbonstd._units import unit

_WHAT = "by month"  # what look-ups are recorded under while lines are taken apart
_RELATIVE = 1e-9
_Part = tuple[NDArray[np.float64], NDArray[np.int64]]  # values and codes of their months (-1: none), of equal length


@dataclass(frozen=True)
class LineMonths:
    """A line, signed as it counts in the total: a value for each month of `ByMonth.months`, and what has no month.

    `held` tells in which months there is any row: elsewhere there is no figure, though the sum of none is 0.
    """

    item: LineValue
    values: tuple[float, ...]
    rest: float
    held: tuple[bool, ...]

    @property
    def total(self) -> float:
        return self.item.line.sign * self.item.value


@dataclass(frozen=True)
class ByMonth:
    """Lines that add up in one unit, by month."""

    unit: str
    months: tuple[str, ...]
    lines: tuple[LineMonths, ...]


def by_month(result: Result) -> list[ByMonth]:
    """The lines inside the totals by month, a table for each unit; none where no row of theirs carries a month.

    A method without lines gives its main total.
    """
    run = result._run
    primary = result.primary_line.id
    items = [item for item in result.lines if not item.line.memo and item.reported]
    items = items or [item for item in result.total_lines if item.line.id == primary]
    labels = [str(label or "") for label in run.axes.labels.get("month", [])]
    months = tuple(sorted({*result.case.period.months(), *filter(None, labels)}))
    tables = []
    for of, alike in by_unit(result, items).items():
        lines = tuple(_line(run, item, labels, months) for item in alike)
        if any(any(line.values) for line in lines):
            tables.append(ByMonth(of, months, lines))
    return tables


def by_unit(result: Result, items: Iterable[LineValue]) -> dict[str, list[LineValue]]:
    """The lines by the unit in which they add up: tonnes of CO2 with a total in tonnes of CO2e, else each its own."""
    found: dict[str, list[LineValue]] = {}
    total = unit(result.primary.unit)
    for item in items:
        found.setdefault(total.text if unit(item.unit).adds_to(total) == 1 else item.unit, []).append(item)
    return found


def _line(run: Run, item: LineValue, labels: list[str], months: tuple[str, ...]) -> LineMonths:
    place = {month: index for index, month in enumerate(months)}
    table = np.array([*(place.get(label, -1) for label in labels), -1], dtype=np.int64)  # the last for code -1
    sums, held = np.zeros(len(months) + 1), np.zeros(len(months) + 1, dtype=bool)  # the last: no month
    for values, codes in _Addends(run).equation(item.line.equation):
        np.add.at(sums, table[codes], values)
        held[table[codes]] = True
    run.usages.pop(_WHAT, None)
    if not abs(sums.sum() - item.value) <= _RELATIVE * max(np.abs(sums).sum(), abs(item.value)):
        sums, held = np.zeros(len(months) + 1), np.zeros(len(months) + 1, dtype=bool)
        sums[-1] = item.value
    signed = [float(item.line.sign * value) for value in sums]
    return LineMonths(item, tuple(signed[:-1]), signed[-1], tuple(map(bool, held[:-1])))


class _Addends:
    """The addends of the sum over all values of a node."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def equation(self, name: str) -> Iterator[_Part]:
        compiled, equation = self.run.program.equations[name], self.run.program.method.equations[name]
        if compiled.node is None or compiled.type.frame.sheet:
            yield self.placed(self.run.equation(name))
        else:
            yield from self.split(compiled.node, equation.sheet)

    def split(self, node: ex.Node, sheet: str) -> Iterator[_Part]:
        if isinstance(node, ex.Name) and node.name in self.run.program.equations:
            yield from self.equation(node.name)
        elif isinstance(node, ex.Negative | ex.Scale):
            factor = -1.0 if isinstance(node, ex.Negative) else float(node.factor)
            yield from self.times(node.operand, sheet, factor)
        elif isinstance(node, ex.Reduce) and node.function == "sum":
            yield from self.total(node, sheet)
        elif isinstance(node, ex.Binary) and node.operator in "+-*/":
            yield from self.binary(node, sheet)
        elif isinstance(node, ex.Choice | ex.Call):
            yield from self.chosen(node, sheet)
        else:
            yield self.placed(self.evaluate(node, sheet))

    def times(self, node: ex.Node, sheet: str, factor: float) -> Iterator[_Part]:
        for values, codes in self.split(node, sheet):
            yield values * factor, codes

    def total(self, node: ex.Reduce, sheet: str) -> Iterator[_Part]:
        if node.where is None:
            yield from self.split(node.operand, sheet)
            return
        operand, where = self.evaluate(node.operand, sheet), self.evaluate(node.where, sheet)
        (values, truth), model = over(Within(self.run, sheet, _WHAT), operand, where)
        codes = self.months(model)
        values, truth = np.broadcast_to(values, codes.shape), np.broadcast_to(truth, codes.shape)
        yield values[truth != FALSE].astype(float), codes[truth != FALSE]

    def binary(self, node: ex.Binary, sheet: str) -> Iterator[_Part]:
        """Sums of single values and products with one single value are taken apart further."""
        left, right = self.evaluate(node.left, sheet), self.evaluate(node.right, sheet)
        if node.operator in "+-" and left.frame.scalar and right.frame.scalar:
            yield from self.split(node.left, sheet)
            yield from self.times(node.right, sheet, 1.0 if node.operator == "+" else -1.0)
        elif node.operator == "/" and self.fixed(node.right):
            yield from self.times(node.left, sheet, 1 / float(right.data[0]))
        elif node.operator == "*" and right.frame.scalar:
            yield from self.times(node.left, sheet, float(right.data[0]))
        elif node.operator == "*" and left.frame.scalar:
            yield from self.times(node.right, sheet, float(left.data[0]))
        else:
            yield self.placed(self.evaluate(node, sheet))

    def fixed(self, node: ex.Node) -> bool:
        """Whether a divisor is a constant; divided by a sum (output of the year) it is an intensity without months."""
        constant = isinstance(node, ex.Name) and node.name in self.run.program.method.constants
        return constant or isinstance(node, ex.Literal | ex.Ratio)

    def chosen(self, node: ex.Choice | ex.Call, sheet: str) -> Iterator[_Part]:
        """One of several single values: the branch taken, the larger one, the first one there is."""
        array = self.evaluate(node, sheet)
        branch: ex.Node | None = None
        if array.frame.scalar and isinstance(node, ex.Choice):
            branch = node.then if self.evaluate(node.condition, sheet).data[0] == TRUE else node.otherwise
        elif array.frame.scalar and isinstance(node, ex.Call) and node.function in ("max", "min", "clip", "first"):
            same = (item for item in node.arguments if self.evaluate(item, sheet).data[0] == array.data[0])
            branch = next(same, None)
        if branch is None:
            yield self.placed(array)
        else:
            yield from self.split(branch, sheet)

    def placed(self, array: Array) -> _Part:
        codes = self.months(array)
        return np.broadcast_to(array.data, codes.shape).astype(float), codes

    def months(self, array: Array) -> NDArray[np.int64]:
        """The code of the month of each value, -1 where it has none."""
        frame = array.frame
        if frame.sheet:
            data = self.run.ledger[frame.sheet]
            none = np.full(1 if data.sheet.single else data.rows, -1, dtype=np.int64)
            return data.codes.get("month", none)
        if "month" in frame.axes and array.keys is not None:
            return self.run.axes.unravel(frame.axes, array.keys)["month"]
        return np.full(len(array.data), -1, dtype=np.int64)

    def evaluate(self, node: ex.Node, sheet: str) -> Array:
        return evaluate(node, Within(self.run, sheet, _WHAT))
