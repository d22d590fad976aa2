"""How far a float64 figure may be off the true one, and on which grid of decimals the true one lies.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 3.3) along the tree that gave the
figure. It settles nearly every comparison that float64 leaves open, without fractions: two figures apart by more than
their errors are told apart; two without error are as they stand; two that are whole multiples of 0.001 and nearer than
that are the same. What was typed is a decimal of at most 15 digits, and sums and products of decimals are decimals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.table import Cell, Table
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import Evaluator
from carbonstd._language import expression as ex
from carbonstd._language.shape import ENTITY
from carbonstd._ledger.arithmetic import ORDER, Data, choose, close, isnan, truth

if TYPE_CHECKING:
    from carbonstd._engine.within import Within
    from carbonstd._ledger.ledger import SheetData

_ROUND = 2.0**-52  # of a figure: twice what one operation may be off
_TYPED = 5e-15  # of a figure: half a unit in the last of 15 digits
_TINY = 1e-100  # what is smaller might be nought for want of exponents
_SLACK = 1 + 1e-6  # for what the bounds themselves are rounded by
_MOST_PLACES = 12  # that are looked for in what was typed
_DIGITS = 1e15


@dataclass(frozen=True)
class Rounding:
    """Bounds of an array, over its frame: of its error, and of the decimal places of the true figure.

    Neither is finite where nothing is known. An error of what is missing says that it is missing in fractions too.
    """

    error: Array
    places: Array


class Rounded(Evaluator):
    """Evaluates trees, and what their figures may be off by. Each node is evaluated once."""

    def __init__(self, within: Within, asked: frozenset[str] = frozenset()) -> None:
        super().__init__(within)
        self.within = within
        self._asked = asked  # the columns whose defaults are being looked at
        self._values: dict[int, tuple[ex.Node, Array]] = {}  # kept with the node: an id is of one node alone

    def run(self, node: ex.Node) -> Array:
        if id(node) not in self._values:
            self._values[id(node)] = node, super().run(node)
        return self._values[id(node)][1]

    def settled(self, node: ex.Compare) -> tuple[Array, Array]:
        """What a comparison of numbers comes to, and where it is near a tie that the bounds do not settle."""
        operation = ORDER[node.operator]

        def compared(a: Data, b: Data, *bounds: Data) -> Data:
            return truth(operation(np.where(close(a, b) & _same(a, b, *bounds), b, a), b), isnan(a) | isnan(b))

        def left_open(a: Data, b: Data, *bounds: Data) -> Data:
            apart = np.abs(a - b) > _error(*bounds) + _ROUND * np.abs(a - b)
            return np.asarray(close(a, b) & ~_same(a, b, *bounds) & ~apart)

        sides = (node.left, node.right)
        with np.errstate(all="ignore"):
            left, right = (self.rounding(side) for side in sides)
            arrays = (*map(self.run, sides), left.error, right.error, left.places, right.places)
            return self.combine(compared, *arrays), self.combine(left_open, *arrays)

    def rounding(self, node: ex.Node) -> Rounding:
        """The bounds of a number."""
        found: Rounding = getattr(self, f"_of_{type(node).__name__.lower()}", self._unknown)(node)
        return found

    def _unknown(self, node: ex.Node) -> Rounding:
        return unknown(self.run(node))

    def _of_literal(self, node: ex.Literal | ex.Ratio) -> Rounding:
        return Rounding(*map(self.scalar, _of_fraction(node.value)))

    _of_ratio = _of_literal

    def _of_name(self, node: ex.Name) -> Rounding:
        method, sheet = self.within.run.program.method, self.within.sheet
        if sheet and node.name in method.sheets[sheet].columns:
            return self._column(sheet, node.name)
        if node.name in method.equations:
            return self.within.run.rounding(node.name)
        if node.name in method.constants:
            return Rounding(*map(self.scalar, _of_fraction(method.constants[node.name].value)))
        form = next((item.id for item in method.sheets.values() if item.single and node.name in item.columns), None)
        return self._column(form, node.name) if form else self._unknown(node)

    def _of_member(self, node: ex.Member) -> Rounding:
        return self._column(node.sheet, node.column)

    def _column(self, sheet: str, column: str) -> Rounding:
        array, data = self.within.member(sheet, column), self.within.run.ledger[sheet]
        if column not in data.numbers:
            return unknown(array)
        error, places = self._of_cells(data, column) if data.rows else (0.0, 0.0)
        if self.within.entities and data.sheet.single and data.rows:  # missing where the form was not filled in
            spread = np.zeros((2, self.within.entities))
            spread[:, self.within.codes(sheet, ENTITY)] = error, places
            error, places = spread
        return _known(array, error, places)

    def _of_cells(self, data: SheetData, column: str) -> tuple[Data, Data]:
        numbers = data.numbers[column]
        places = _decimal_places(numbers)
        error = np.where(places == 0, 0.0, _rounded(numbers, _TYPED))
        for row, value in data.typed.get(column, {}).items():
            error[row], places[row] = _of_fraction(value)
        filled = data.filled.get(column)
        if filled is not None and filled.any():
            found = self._of_default(data, column)
            error, places = np.where(filled, found[0], error), np.where(filled, found[1], places)
        return error, places

    def _of_default(self, data: SheetData, column: str) -> tuple[Data, Data]:
        """The bounds of what a default gives, where it gives the same again."""
        default = self.within.run.program.defaults[data.sheet.id, column].node
        none = np.array([np.inf])
        if default is None or column in self._asked:  # one that leans on its own column
            return none, none
        there = Rounded(self.within.aside(data.sheet.id), self._asked | {column})
        value, bounds = there.run(default), there.rounding(default)
        if value.frame.axes:
            return none, none
        again = value.data == data.numbers[column]
        return np.where(again, bounds.error.data, np.inf), np.where(again, bounds.places.data, np.inf)

    def _of_lookup(self, node: ex.Lookup) -> Rounding:
        array, segments = self.run(node), self.within.run.segments[node.table]
        if array.labels is not None:
            return unknown(array)
        return _known(array, _rounded(array.data), max(_printed_places(item.table, node.column) for item in segments))

    def _of_scale(self, node: ex.Scale) -> Rounding:
        return self._of_binary(ex.Binary("*", node.operand, ex.Literal(node.factor)))

    def _of_negative(self, node: ex.Negative) -> Rounding:
        return self.rounding(node.operand)

    def _of_binary(self, node: ex.Binary) -> Rounding:
        if node.operator == "**":
            return self._unknown(node)
        value, left, right = (self.run(item) for item in (node, node.left, node.right))
        first, second = self.rounding(node.left), self.rounding(node.right)
        if node.operator == "*":
            error = self.combine(_product_error, value, left, right, first.error, second.error)
            return Rounding(error, self.combine(np.add, first.places, second.places))
        if node.operator == "/":
            error = self.combine(_quotient_error, value, right, first.error, second.error)
            return Rounding(error, unknown(value).places)
        error = self.combine(lambda v, a, b: a + b + _rounded(v), value, first.error, second.error)
        return Rounding(error, self.combine(np.maximum, first.places, second.places))

    def _of_choice(self, node: ex.Choice) -> Rounding:
        condition, then, otherwise = self.run(node.condition), self.rounding(node.then), self.rounding(node.otherwise)
        return Rounding(
            self.combine(choose, condition, then.error, otherwise.error),
            self.combine(choose, condition, then.places, otherwise.places),
        )

    def _of_call(self, node: ex.Call) -> Rounding:
        """One of the arguments, whichever; of `first`, whatever is left out must be missing in fractions too."""
        if node.function not in ("first", "min", "max", "clip", "abs"):
            return self._unknown(node)
        bounds = [self.rounding(item) for item in node.arguments]
        error, places = bounds[0].error, bounds[0].places
        for item in bounds[1:]:
            error, places = self.combine(np.maximum, error, item.error), self.combine(np.maximum, places, item.places)
        return Rounding(error, places)

    def _of_reduce(self, node: ex.Reduce) -> Rounding:
        """A sum, in any order, is off by what its terms are off, and by a rounding of their sizes for each term."""
        if node.function != "sum":
            return self._unknown(node)
        value, bounds = self.run(node.operand), self.rounding(node.operand)
        counted = self._reduced(node, replace(value, data=np.ones(value.data.shape)), self._total)
        sizes = self._reduced(node, replace(value, data=np.nan_to_num(np.abs(value.data))), self._total)
        errors = self._reduced(node, bounds.error, self._total)
        error = self.combine(lambda e, n, size: e + n * _rounded(size), errors, counted, sizes)
        return Rounding(error, self._reduced(node, bounds.places, _most))


def unknown(array: Array) -> Rounding:
    """The bounds of what may be off by anything."""
    bound = replace(array, data=np.full(array.data.shape, np.inf), fill=np.inf, labels=None)
    return Rounding(bound, bound)


def rounding_of(node: ex.Node, within: Within) -> Rounding:
    with np.errstate(all="ignore"):
        return Rounded(within).rounding(node)


def _known(array: Array, error: Any, places: Any) -> Rounding:
    """Bounds at the places of an array whose values elsewhere are missing."""
    error, places = (np.broadcast_to(item, array.data.shape) for item in (error, places))
    return Rounding(replace(array, data=error, fill=0.0), replace(array, data=places, fill=0.0))


def _rounded(data: Data, unit: float = _ROUND) -> Data:
    """The bound of one rounding; none of what is missing."""
    size = np.abs(data)
    error = np.where((size < _TINY) & (size > 0), np.inf, size * unit)
    return np.where(isnan(data), 0.0, error)


def _error(error: Data, other: Data, *_: Data) -> Data:
    return (error + other) * _SLACK


def _same(a: Data, b: Data, error: Data, other: Data, *places: Data) -> Data:
    """Where two figures are surely equal."""
    apart, off, grid = np.abs(a - b), _error(error, other), 10.0 ** -np.maximum(*places)
    return np.asarray(((apart == 0) & (off == 0)) | (apart * _SLACK + off < grid / _SLACK))


def _product_error(value: Data, a: Data, b: Data, error: Data, other: Data) -> Data:
    return np.asarray(np.abs(a) * other + np.abs(b) * error + error * other + _rounded(value))


def _quotient_error(value: Data, divisor: Data, error: Data, other: Data) -> Data:
    """Of a divisor that may be nought nothing is known; by one that is nought the quotient is missing."""
    least = np.abs(divisor) - other * _SLACK
    found = (error + np.abs(value) * other) / least + _rounded(value)
    return np.where(least > 0, found, np.where((divisor == 0) & (other == 0), 0.0, np.inf))


def _most(values: Data, by: tuple[str, ...], groups: Data, count: int) -> Data:
    most = np.zeros(count)
    np.maximum.at(most, groups, values)
    return most


def _decimal_places(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The places behind the point of the decimal of 15 digits that each float stands for; inf past the twelfth."""
    places = np.where(isnan(numbers), 0.0, np.inf)
    for count in range(_MOST_PLACES + 1):
        if not np.isinf(places).any():
            break
        whole = np.rint(numbers * 10.0**count)
        places[np.isinf(places) & (np.abs(whole) < _DIGITS) & (whole / 10.0**count == numbers)] = count
    return places


def _of_fraction(value: Fraction) -> tuple[float, float]:
    """The error and the decimal places of a number that is known as a fraction."""
    number, rest, places = float(value), value.denominator, 0
    while rest > 1 and (divisor := 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2 if rest % 2 == 0 else 0):
        rest, places = rest // divisor, places + 1
    error = 0.0 if Fraction(number) == value else float(_rounded(np.array(number)))
    return error, places if rest == 1 else np.inf


@lru_cache(maxsize=512)
def _printed_places(table: Table, column: str) -> float:
    """The most decimal places of any figure of a column."""
    found = [row.cells[column] for row in table.rows if column in row.cells]
    cells = [cell for item in found for cell in ([item] if isinstance(item, Cell) else item.values())]
    return max((_of_fraction(cell.value)[1] for cell in cells if cell.value is not None), default=0)
