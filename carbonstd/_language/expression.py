"""The expression language: a subset of Python's grammar, read into a small tree of nodes.

Arithmetic, comparison, conditional, `and or not in`, the functions listed in FUNCTIONS, look-ups
`table[key].column`, columns of another sheet `sheet.column`, and molar ratios such as 44/12. Nothing else: no
attribute of an object, no other call, no string formatting. Text is parsed, never executed.

The same tree is checked for units (`_language.check`), run on numpy arrays or fractions (`_engine.evaluate`), printed
(`_language.formula`) and traced.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from carbonstd._errors import ExpressionError
from carbonstd._findings import finding
from carbonstd._units import ratio_unit

FUNCTIONS = {"min", "max", "clip", "abs", "floor", "sqrt", "exp", "ln", "sum", "mean", "first", "missing"}
_MAX_LENGTH = 4000
_MAX_DEPTH = 60


@dataclass(frozen=True)
class Node:
    """A node of the tree."""

    def children(self) -> Iterator[Node]:
        return iter(self._children)

    @cached_property
    def _children(self) -> tuple[Node, ...]:
        """Kept, for trees never change and are walked for every figure of every run."""
        values = (getattr(self, item.name) for item in fields(self))
        parts = (value if isinstance(value, tuple) else (value,) for value in values)
        return tuple(item for part in parts for item in part if isinstance(item, Node))

    def walk(self) -> Iterator[Node]:
        """The node and all below it, each before its own."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending += reversed(node._children)

    def names(self) -> Iterator[str]:
        """The names it speaks of, each as often as it does."""
        return iter(self._names)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(node.name for node in self.walk() if isinstance(node, Name))


@dataclass(frozen=True)
class Literal(Node):
    value: Fraction


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Options(Node):
    """A tuple of literals, on the right of `in`."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Member(Node):
    """`sheet.column`: a column of another sheet, inside a sum or mean."""

    sheet: str
    column: str


@dataclass(frozen=True)
class Ratio(Node):
    """A molar ratio, printed as the document prints it."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


@dataclass(frozen=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    operator: str  # + - * / **
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    operator: str  # < <= > >= == != in not in
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    operator: str  # and or not
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Choice(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Call(Node):
    """A function of its arguments, row by row: min max clip abs sqrt exp ln first missing."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Reduce(Node):
    """`sum` or `mean` over rows or axes, kept by the axes named in `by`."""

    function: str
    operand: Node
    by: tuple[str, ...] = ()
    where: Node | None = None
    weight: Node | None = None


POTENTIAL = "gwp100"  # the column of a table of warming potentials


@dataclass(frozen=True)
class Lookup(Node):
    """`table[key, ...].column`, or `select(table).column` where `keys` is None."""

    table: str
    keys: tuple[Node, ...] | None
    column: str

    @property
    def potential(self) -> bool:
        """Whether it is the warming potential of one named gas: a change of unit, and no estimate of a plant's."""
        named = self.keys is not None and all(isinstance(key, Text) for key in self.keys)
        return named and self.column == POTENTIAL


@dataclass(frozen=True)
class Scale(Node):
    """An exact conversion factor put in by the checker; it is never written in a method."""

    factor: Fraction
    operand: Node


_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARE = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def weighed(node: Node | None) -> tuple[Node, Lookup] | None:
    """A mass of a gas and the warming potential it is multiplied by; None where a node is anything else."""
    if isinstance(node, Binary) and node.operator == "*" and isinstance(node.right, Lookup) and node.right.potential:
        return node.left, node.right
    return None


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """Read an expression. Raises ExpressionError with the column of what is not part of the language."""
    if len(text) > _MAX_LENGTH:
        raise ExpressionError(findings=[finding("expression-too-long", limit=_MAX_LENGTH)])
    try:
        tree = ast.parse(text.strip().replace("\n", " "), mode="eval")
        return _Reader().read(tree.body, 0)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        detail = error.msg if isinstance(error, SyntaxError) else type(error).__name__
        raise ExpressionError(findings=[finding("expression-syntax", text=text, detail=detail)]) from None


def substitute(node: Node, names: Mapping[str, str | Node]) -> Node:
    """Rename equations (a part's own names to those of the method that includes it), or put a tree in their place."""
    changes: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, Node):
            changes[item.name] = substitute(value, names)
        elif isinstance(value, tuple):
            changes[item.name] = tuple(substitute(part, names) if isinstance(part, Node) else part for part in value)
    if isinstance(node, Name):
        instead = names.get(node.name, node.name)
        return Name(instead) if isinstance(instead, str) else instead
    return replace(node, **changes) if changes else node


class _Reader:
    def read(self, node: ast.expr, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise ExpressionError(findings=[finding("expression-too-deep", limit=_MAX_DEPTH)])
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self._refused(node)
        result: Node = method(node, depth + 1)
        return result

    def _constant(self, node: ast.Constant, depth: int) -> Node:
        if isinstance(node.value, str):
            return Text(node.value)
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._refused(node)
        return Literal(Fraction(repr(node.value)))

    def _name(self, node: ast.Name, depth: int) -> Node:
        return Name(node.id)

    def _attribute(self, node: ast.Attribute, depth: int) -> Node:
        base = node.value
        if isinstance(base, ast.Name):
            return Member(base.id, node.attr)
        if isinstance(base, ast.Subscript) and isinstance(base.value, ast.Name):
            items = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
            return Lookup(base.value.id, tuple(self.read(item, depth) for item in items), node.attr)
        if isinstance(base, ast.Call) and isinstance(base.func, ast.Name) and base.func.id == "select":
            match base.args:
                case [ast.Name(id=table)] if not base.keywords:
                    return Lookup(table, None, node.attr)
        raise self._refused(node)

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Node:
        operand = self.read(node.operand, depth)
        if isinstance(node.op, ast.USub):
            return Negative(operand)
        if isinstance(node.op, ast.Not):
            return Logic("not", (operand,))
        raise self._refused(node)

    def _binop(self, node: ast.BinOp, depth: int) -> Node:
        operator = _BINARY.get(type(node.op))
        if operator is None:
            raise self._refused(node)
        right = self.read(node.right, depth)
        if operator == "/" and isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
            ratio = self._molar(node, depth)
            if ratio is not None:
                return ratio
        return Binary(operator, self.read(node.left, depth), right)

    def _molar(self, node: ast.BinOp, depth: int) -> Node | None:
        """`x * 44 / 12` groups as `(x * 44) / 12`: find the 44 on its left and bind the ratio."""
        below = node.right.value if isinstance(node.right, ast.Constant) else None
        if not isinstance(below, int):
            return None
        left = node.left
        if isinstance(left, ast.Constant) and isinstance(left.value, int) and ratio_unit(left.value, below):
            return Ratio(left.value, below)
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult) and isinstance(left.right, ast.Constant):
            above = left.right.value
            if isinstance(above, int) and ratio_unit(above, below):
                return Binary("*", self.read(left.left, depth), Ratio(above, below))
        return None

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        parts = [self.read(item, depth) for item in (node.left, *node.comparators)]
        operators = [_COMPARE.get(type(operator)) for operator in node.ops]
        if None in operators:
            raise self._refused(node)
        pairs = tuple(
            Compare(str(operator), left, right)
            for operator, left, right in zip(operators, parts, parts[1:], strict=False)
        )
        return pairs[0] if len(pairs) == 1 else Logic("and", pairs)

    def _tuple(self, node: ast.Tuple, depth: int) -> Node:
        return Options(tuple(self.read(item, depth) for item in node.elts))

    def _boolop(self, node: ast.BoolOp, depth: int) -> Node:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        return Logic(operator, tuple(self.read(item, depth) for item in node.values))

    def _ifexp(self, node: ast.IfExp, depth: int) -> Node:
        return Choice(self.read(node.test, depth), self.read(node.body, depth), self.read(node.orelse, depth))

    def _call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise self._refused(node)
        function = node.func.id
        arguments = tuple(self.read(item, depth) for item in node.args)
        if function in ("sum", "mean"):
            return self._reduce(node, function, arguments, depth)
        counts = {
            "clip": (3, 3),
            "abs": (1, 1),
            "floor": (1, 1),
            "sqrt": (1, 1),
            "exp": (1, 1),
            "ln": (1, 1),
            "missing": (1, 1),
        }
        least, most = counts.get(function, (2, 20))
        if node.keywords or not least <= len(arguments) <= most:
            raise ExpressionError(
                findings=[finding("expression-arguments", function=function, column=node.col_offset + 1)]
            )
        return Call(function, arguments)

    def _reduce(self, node: ast.Call, function: str, arguments: tuple[Node, ...], depth: int) -> Node:
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        allowed = {"by", "where"} | ({"weight"} if function == "mean" else set())
        if len(arguments) != 1 or not set(given) <= allowed:
            raise ExpressionError(
                findings=[finding("expression-arguments", function=function, column=node.col_offset + 1)]
            )
        by = given.get("by")
        axes = by.elts if isinstance(by, ast.Tuple) else [by] if by is not None else []
        names = []
        for axis in axes:
            if not isinstance(axis, ast.Name):
                raise self._refused(node)
            names.append(axis.id)
        where = self.read(given["where"], depth) if "where" in given else None
        weight = self.read(given["weight"], depth) if "weight" in given else None
        return Reduce(function, arguments[0], tuple(names), where, weight)

    def _refused(self, node: ast.expr) -> ExpressionError:
        return ExpressionError(
            findings=[finding("expression-refused", column=node.col_offset + 1, kind=type(node).__name__)]
        )
