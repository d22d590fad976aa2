"""The dimension and shape check of expressions: what is added must agree, and conversions are folded in.

A quantity equation carries units on its symbols. The checker gives every node a type (units, frame) and returns
the same tree with the exact conversion factors (`Scale`) it needs, so that running it needs no units at all.

A *frame* says what an array runs over: the rows of a sheet, or axes (month, line, gas, level ...), or nothing.
A sheet whose rows are measured on different *bases* (fuel by mass, fuel by volume) gives a unit per basis; the
expression is checked for each, and needs the same conversion in all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal as OneOf
from typing import Protocol

from carbonstd import _expression as ex
from carbonstd._errors import ExpressionError, UnitError
from carbonstd._findings import finding
from carbonstd._formula import printed
from carbonstd._units import ONE, Unit, ratio_unit

Kind = OneOf["number", "label", "truth"]


@dataclass(frozen=True)
class Frame:
    """Rows of `sheet`, or `axes`; a scalar has neither."""

    sheet: str | None = None
    axes: tuple[str, ...] = ()

    @property
    def scalar(self) -> bool:
        return self.sheet is None and not self.axes

    def __str__(self) -> str:
        return f"rows of {self.sheet}" if self.sheet else f"by {', '.join(self.axes)}" if self.axes else "one value"


SCALAR = Frame()


@dataclass(frozen=True)
class Type:
    """What a node yields. `units` has one entry, or one per basis of the sheet; `zero` fits any unit."""

    kind: Kind
    units: tuple[Unit, ...] = (ONE,)
    frame: Frame = SCALAR
    zero: bool = False
    basis: str | None = None
    key: str | None = None

    @property
    def unit(self) -> Unit:
        return self.units[0]


@dataclass(frozen=True)
class TableType:
    """A table slot as the checker sees it: key names, types of columns, axes that cells carry (levels)."""

    keys: tuple[str, ...]
    columns: dict[str, Type]
    axes: tuple[str, ...] = ()
    numeric_keys: dict[str, Unit] = field(default_factory=dict)


class Scope(Protocol):
    """What names mean at one place of a method."""

    def name(self, name: str) -> Type | None: ...
    def member(self, sheet: str, column: str) -> Type | None: ...
    def table(self, slot: str) -> TableType | None: ...
    def axes_of(self, sheet: str) -> tuple[str, ...]: ...
    def suggestions(self, name: str) -> str: ...


def check(
    node: ex.Node, scope: Scope, *, target: tuple[Unit, ...] | None = None, numeric: bool = False
) -> tuple[ex.Node, Type]:
    """Check `node`; return it with conversions folded in, and its type.

    With `target` the result is converted to that unit. `numeric` marks an empirical fit in bare numbers: names are
    numbers in their declared units and no dimension is checked. Raises ExpressionError or UnitError.
    """
    checker = _Checker(scope, numeric)
    result, kind = checker.check(node)
    if target is not None and kind.kind == "number" and not numeric:
        result, kind = checker.convert(result, kind, target)
    return result, kind


class _Checker:
    def __init__(self, scope: Scope, numeric: bool) -> None:
        self.scope, self.numeric = scope, numeric

    def check(self, node: ex.Node) -> tuple[ex.Node, Type]:
        result: tuple[ex.Node, Type] = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return result

    def number(self, node: ex.Node) -> tuple[ex.Node, Type]:
        checked, kind = self.check(node)
        if kind.kind != "number":
            raise _error("expression-kind", node, found=kind.kind, expected="number")
        return checked, kind

    def truth(self, node: ex.Node) -> tuple[ex.Node, Type]:
        checked, kind = self.check(node)
        if kind.kind != "truth":
            raise _error("expression-kind", node, found=kind.kind, expected="truth")
        return checked, kind

    def convert(self, node: ex.Node, kind: Type, units: tuple[Unit, ...]) -> tuple[ex.Node, Type]:
        """Convert `node` to `units`; the factor must be the same for every basis."""
        if kind.zero or self.numeric:
            return node, Type(kind.kind, units, kind.frame, kind.zero, kind.basis)
        count = max(len(kind.units), len(units))
        try:
            factors = {a.factor_to(b) for a, b in zip(_spread(kind.units, count), _spread(units, count), strict=True)}
        except UnitError as error:
            raise ExpressionError(printed(node), error.findings) from None
        if len(factors) > 1:
            raise _error("expression-bases-differ", node)
        factor = factors.pop()
        return (node if factor == 1 else ex.Scale(factor, node)), Type(kind.kind, units, kind.frame, False, kind.basis)

    def join(self, node: ex.Node, left: Frame, right: Frame) -> Frame:
        if left == right or right.scalar:
            return left
        if left.scalar:
            return right
        if left.sheet and right.sheet:
            raise _error("expression-two-sheets", node, left=left.sheet, right=right.sheet)
        if left.sheet or right.sheet:
            rows, axes = (left, right) if left.sheet else (right, left)
            missing = set(axes.axes) - set(self.scope.axes_of(str(rows.sheet)))
            if missing:
                raise _error(
                    "expression-axes",
                    node,
                    left=str(rows),
                    right=str(axes),
                    missing=", ".join(sorted(missing)),
                )
            return rows
        if set(left.axes) <= set(right.axes):
            return right
        if set(right.axes) <= set(left.axes):
            return left
        raise _error("expression-axes", node, left=str(left), right=str(right), missing="")

    def _literal(self, node: ex.Literal) -> tuple[ex.Node, Type]:
        if not self.numeric and node.value not in (0, 1, 2):
            raise _error("expression-literal", node)
        return node, Type("number", zero=node.value == 0)

    def _text(self, node: ex.Text) -> tuple[ex.Node, Type]:
        return node, Type("label")

    def _ratio(self, node: ex.Ratio) -> tuple[ex.Node, Type]:
        unit = ratio_unit(node.numerator, node.denominator)
        assert unit is not None
        return node, Type("number", (ONE if self.numeric else unit,))

    def _name(self, node: ex.Name) -> tuple[ex.Node, Type]:
        kind = self.scope.name(node.name)
        if kind is None:
            raise _error("expression-unknown-name", node, name=node.name, suggestion=self.scope.suggestions(node.name))
        return node, self._plain(kind)

    def _member(self, node: ex.Member) -> tuple[ex.Node, Type]:
        kind = self.scope.member(node.sheet, node.column)
        if kind is None:
            raise _error(
                "expression-unknown-name",
                node,
                name=printed(node),
                suggestion=self.scope.suggestions(node.column),
            )
        return node, self._plain(kind)

    def _plain(self, kind: Type) -> Type:
        if self.numeric and kind.kind == "number":
            return Type("number", (ONE,), kind.frame)
        return kind

    def _negative(self, node: ex.Negative) -> tuple[ex.Node, Type]:
        operand, kind = self.number(node.operand)
        return ex.Negative(operand), kind

    def _binary(self, node: ex.Binary) -> tuple[ex.Node, Type]:
        left, a = self.number(node.left)
        if node.operator == "**":
            return self._power(node, left, a)
        right, b = self.number(node.right)
        frame = self.join(node, a.frame, b.frame)
        if node.operator in "+-":
            if a.frame.axes and b.frame.axes and a.frame != b.frame:  # a key absent on one side would be lost
                raise _error("expression-axes", node, left=str(a.frame), right=str(b.frame), missing="")
            units, zero = self._common(a, b), a.zero and b.zero
            left, _ = self.convert(left, a, units)
            right, _ = self.convert(right, b, units)
            return ex.Binary(node.operator, left, right), Type("number", units, frame, zero)
        count = max(len(a.units), len(b.units))
        pairs = zip(_spread(a.units, count), _spread(b.units, count), strict=True)
        units = tuple(x * y if node.operator == "*" else x / y for x, y in pairs)
        return ex.Binary(node.operator, left, right), Type("number", units, frame, a.zero)

    def _power(self, node: ex.Binary, base: ex.Node, kind: Type) -> tuple[ex.Node, Type]:
        exponent = _constant(node.right)
        if exponent is None:
            right, power = self.number(node.right)
            if any(unit.dimension for unit in (*kind.units, *power.units)):
                raise _error("expression-exponent", node)
            base, kind = self.convert(base, kind, (ONE,))
            right, power = self.convert(right, power, (ONE,))
            return ex.Binary("**", base, right), Type("number", (ONE,), self.join(node, kind.frame, power.frame))
        if not any(unit.dimension for unit in kind.units):
            base, kind = self.convert(base, kind, (ONE,))
        return ex.Binary("**", base, ex.Literal(exponent)), Type(
            "number", tuple(u**exponent for u in kind.units), kind.frame
        )

    def _common(self, *kinds: Type) -> tuple[Unit, ...]:
        """The units that sums and choices are brought to: those of the first that is not a bare zero."""
        return next((kind.units for kind in kinds if not kind.zero), kinds[0].units)

    def _compare(self, node: ex.Compare) -> tuple[ex.Node, Type]:
        left, a = self.check(node.left)
        if node.operator in ("in", "not in"):
            if not isinstance(node.right, ex.Options):
                raise _error("expression-options", node)
            return ex.Compare(node.operator, left, node.right), Type("truth", frame=a.frame)
        if a.key and isinstance(node.right, ex.Literal):  # level == 3: a label that is a number
            return ex.Compare(node.operator, left, node.right), Type("truth", frame=a.frame)
        right, b = self.check(node.right)
        if a.kind != b.kind:
            raise _error("expression-kind", node, found=b.kind, expected=a.kind)
        if a.kind == "number":
            units = self._common(a, b)
            left, a = self.convert(left, a, units)
            right, b = self.convert(right, b, units)
        return ex.Compare(node.operator, left, right), Type("truth", frame=self.join(node, a.frame, b.frame))

    def _options(self, node: ex.Options) -> tuple[ex.Node, Type]:
        raise _error("expression-options", node)

    def _logic(self, node: ex.Logic) -> tuple[ex.Node, Type]:
        operands, frame = [], SCALAR
        for operand in node.operands:
            checked, kind = self.truth(operand)
            operands.append(checked)
            frame = self.join(node, frame, kind.frame)
        return ex.Logic(node.operator, tuple(operands)), Type("truth", frame=frame)

    def _choice(self, node: ex.Choice) -> tuple[ex.Node, Type]:
        condition, c = self.truth(node.condition)
        then, a = self.check(node.then)
        otherwise, b = self.check(node.otherwise)
        if a.kind != b.kind:
            raise _error("expression-kind", node, found=b.kind, expected=a.kind)
        frame = self.join(node, c.frame, self.join(node, a.frame, b.frame))
        units = self._common(a, b)
        if a.kind == "number":
            then, _ = self.convert(then, a, units)
            otherwise, _ = self.convert(otherwise, b, units)
        return ex.Choice(condition, then, otherwise), Type(a.kind, units, frame, a.zero and b.zero)

    def _call(self, node: ex.Call) -> tuple[ex.Node, Type]:
        checked = [self.check(item) if node.function == "missing" else self.number(item) for item in node.arguments]
        frame = SCALAR
        for _, kind in checked:
            frame = self.join(node, frame, kind.frame)
        if node.function == "missing":
            return ex.Call("missing", (checked[0][0],)), Type("truth", frame=frame)
        if node.function in ("sqrt", "exp", "ln"):
            operand, kind = checked[0]
            if node.function == "sqrt":
                half = Fraction(1, 2)
                return ex.Call("sqrt", (operand,)), Type("number", tuple(u**half for u in kind.units), frame)
            operand, kind = self.convert(operand, kind, (ONE,))
            return ex.Call(node.function, (operand,)), Type("number", (ONE,), frame)
        units = self._common(*(kind for _, kind in checked))
        arguments = tuple(self.convert(item, kind, units)[0] for item, kind in checked)
        return ex.Call(node.function, arguments), Type("number", units, frame)

    def _reduce(self, node: ex.Reduce) -> tuple[ex.Node, Type]:
        operand, kind = self.number(node.operand)
        where, weight = node.where, node.weight
        frame = kind.frame
        if where is not None:
            where, w = self.truth(where)
            frame = self.join(node, frame, w.frame)
        if weight is not None:
            weight, w = self.number(weight)
            frame = self.join(node, frame, w.frame)
        available = self.scope.axes_of(frame.sheet) if frame.sheet else frame.axes
        if frame.scalar or not set(node.by) <= set(available):
            raise _error("expression-by", node, by=", ".join(node.by) or "—", available=", ".join(available) or "—")
        unit = kind.units[0]
        if any(other.dimension != unit.dimension or other.factor != unit.factor for other in kind.units):
            raise _error("expression-sum-bases", node, units=", ".join(str(other.text) for other in kind.units))
        lost = [marker for marker in unit.markers if marker not in node.by]
        if lost and not self.numeric:
            raise _error("expression-species", node, marker=", ".join(lost))
        return ex.Reduce(node.function, operand, node.by, where, weight), Type("number", (unit,), Frame(axes=node.by))

    def _lookup(self, node: ex.Lookup) -> tuple[ex.Node, Type]:
        table = self.scope.table(node.table)
        if table is None:
            raise _error(
                "expression-unknown-name",
                node,
                name=node.table,
                suggestion=self.scope.suggestions(node.table),
            )
        column = table.columns.get(node.column)
        if column is None:
            raise _error(
                "expression-unknown-name",
                node,
                name=f"{node.table}[…].{node.column}",
                suggestion=", ".join(table.columns),
            )
        written = node.keys if node.keys is not None else tuple(ex.Name(key) for key in table.keys)
        if len(written) != len(table.keys):
            raise _error("expression-keys", node, expected=", ".join(table.keys))
        keys, frame, units = [], SCALAR, column.units
        for key, name in zip(written, table.keys, strict=True):
            checked, kind = self.check(key)
            if name in table.numeric_keys:
                checked, kind = self.convert(checked, kind, (table.numeric_keys[name],))
            elif kind.kind != "label":
                raise _error("expression-kind", node, found=kind.kind, expected="label")
            species = (
                key.value
                if isinstance(key, ex.Text)
                else f"{{{key.name}}}"
                if isinstance(key, ex.Name)
                else "{" + name + "}"
            )
            units = tuple(unit.renamed(name, species) for unit in units)
            keys.append(checked)
            frame = self.join(node, frame, kind.frame)
        if table.axes:
            if not frame.scalar:
                raise _error("expression-axes", node, left=str(frame), right=", ".join(table.axes), missing="")
            frame = Frame(axes=table.axes)
        return ex.Lookup(node.table, tuple(keys), node.column), Type(column.kind, units, frame, basis=column.basis)


def _spread(units: tuple[Unit, ...], count: int) -> tuple[Unit, ...]:
    return units * count if len(units) == 1 else units


def _constant(node: ex.Node) -> Fraction | None:
    """The value of a literal exponent: `2`, `-1`, `1/4`, `0.25`."""
    if isinstance(node, ex.Literal):
        return node.value
    if isinstance(node, ex.Negative):
        value = _constant(node.operand)
        return None if value is None else -value
    if isinstance(node, ex.Binary) and node.operator == "/":
        above, below = _constant(node.left), _constant(node.right)
        return above / below if above is not None and below else None
    return None


def _error(code: str, node: ex.Node, /, **values: object) -> ExpressionError:
    return ExpressionError(findings=[finding(code, expression=printed(node), **values)])
