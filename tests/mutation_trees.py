"""Mutants of one expression: an operator, a function, a name, a key or a column taken for its neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from carbonstd._units import ratio_unit

_OTHER = {
    "+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "and": "or", "or": "and", "min": "max", "max": "min", "sum": "mean", "mean": "sum",
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Changes:
    """The mutants of the expressions of one sheet."""

    def __init__(self, method: Method, library: Library, sheet: str) -> None:
        self.method, self.library, self.sheet = method, library, sheet

    def of(self, node: ex.Node | None) -> Iterator[tuple[str, ex.Node]]:
        """Each mutant with what was changed into what."""
        if node is None:
            return
        for changed in self._here(node):
            yield f"{printed(node)} → {printed(changed)}", changed
        same = isinstance(node, ex.Choice) and node.then == node.otherwise  # counts rows: its condition decides nothing
        for item in fields(node):
            value = getattr(node, item.name)
            if same and item.name == "condition":
                continue
            if isinstance(value, ex.Node):
                for text, child in self.of(value):
                    yield text, replace(node, **{item.name: child})
            elif isinstance(value, tuple) and value and isinstance(value[0], ex.Node):
                for index, part in enumerate(value):
                    for text, child in self.of(part):
                        yield text, replace(node, **{item.name: (*value[:index], child, *value[index + 1 :])})

    def _here(self, node: ex.Node) -> Iterator[ex.Node]:
        found: Iterator[ex.Node] = getattr(self, f"_{type(node).__name__.lower()}", self._nothing)(node)
        return found

    def _nothing(self, node: ex.Node) -> Iterator[ex.Node]:
        return iter(())

    def _literal(self, node: ex.Literal) -> Iterator[ex.Node]:
        yield ex.Literal(Fraction(1) if node.value != 1 else Fraction(2))

    def _ratio(self, node: ex.Ratio) -> Iterator[ex.Node]:
        turned = ratio_unit(node.denominator, node.numerator) is not None
        yield ex.Ratio(node.denominator, node.numerator) if turned else ex.Literal(Fraction(1))

    def _negative(self, node: ex.Negative) -> Iterator[ex.Node]:
        yield node.operand

    def _binary(self, node: ex.Binary) -> Iterator[ex.Node]:
        if node.operator in _OTHER:
            yield replace(node, operator=_OTHER[node.operator])
            if not isinstance(node.left, ex.Literal):
                yield node.left

    def _compare(self, node: ex.Compare) -> Iterator[ex.Node]:
        yield replace(node, operator=_OTHER[node.operator])
        if node.operator in _TURNED:
            yield replace(node, operator=_TURNED[node.operator])
        if isinstance(node.left, ex.Name) and isinstance(node.right, ex.Text) and self.sheet:
            column = self.method.sheets[self.sheet].columns.get(node.left.name)
            if column is not None and column.vocabulary:
                terms = list(self.library.vocabulary(column.vocabulary).terms)
                yield replace(node, right=ex.Text(_next(terms, node.right.value)))

    def _logic(self, node: ex.Logic) -> Iterator[ex.Node]:
        if node.operator == "not":
            yield node.operands[0]
            return
        yield replace(node, operator=_OTHER[node.operator])
        yield from node.operands

    def _choice(self, node: ex.Choice) -> Iterator[ex.Node]:
        if node.then != node.otherwise:
            yield replace(node, then=node.otherwise, otherwise=node.then)
            yield from (node.then, node.otherwise)

    def _call(self, node: ex.Call) -> Iterator[ex.Node]:
        if node.function in _OTHER:
            yield replace(node, function=_OTHER[node.function])
        if node.function in ("first", "min", "max", "clip"):
            yield node.arguments[0]
        if node.function == "first":
            yield replace(node, arguments=node.arguments[::-1])
        if node.function == "abs":
            yield node.arguments[0]
        if node.function == "missing":
            yield ex.Logic("not", (node,))

    def _reduce(self, node: ex.Reduce) -> Iterator[ex.Node]:
        yield replace(node, function=_OTHER[node.function], weight=None)
        if node.where is not None:
            yield replace(node, where=None)
        if node.weight is not None:
            yield replace(node, weight=None)
        for axis in node.by:
            yield replace(node, by=tuple(other for other in node.by if other != axis))

    def _lookup(self, node: ex.Lookup) -> Iterator[ex.Node]:
        table = self.library.table(self.method.slots[node.table].tables[0])
        for column in table.columns:
            if column != node.column:
                yield replace(node, column=column)
        for index, (key, name) in enumerate(zip(node.keys or (), table.keys, strict=False)):
            if isinstance(key, ex.Text):
                labels = [str(row.match[name]) for row in table.rows if name in row.match]
                other = ex.Text(_next(labels, key.value))
                if other != key:
                    yield replace(node, keys=(*node.keys[:index], other, *node.keys[index + 1 :]))  # type: ignore[index]

    def _name(self, node: ex.Name) -> Iterator[ex.Node]:
        """The next column of the sheet that has the same unit, or the next such equation."""
        columns = self.method.sheets[self.sheet].columns if self.sheet else {}
        if node.name in columns:
            own = columns[node.name]
            alike = [name for name, column in columns.items() if (column.kind, column.units) == (own.kind, own.units)]
        elif node.name in self.method.equations:
            this = self.method.equations[node.name]
            alike = [
                name
                for name, equation in self.method.equations.items()
                if (equation.unit, equation.sheet) == (this.unit, this.sheet)
            ]
        else:
            return
        if len(alike) > 1:
            yield ex.Name(_next(alike, node.name))

    def _member(self, node: ex.Member) -> Iterator[ex.Node]:
        columns = self.method.sheets[node.sheet].columns
        if node.column not in columns:  # the basis of its rows
            return
        own = columns[node.column]
        alike = [name for name, column in columns.items() if (column.kind, column.units) == (own.kind, own.units)]
        if len(alike) > 1:
            yield replace(node, column=_next(alike, node.column))


def _next(items: list[Any], item: Any) -> Any:
    place = items.index(item) if item in items else -1
    return items[(place + 1) % len(items)]
