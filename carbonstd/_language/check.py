"""The dimension and shape check of expressions: what is added must agree, and conversions are folded in.

A quantity equation carries units on its symbols. The checker gives every node a type (units, frame) and returns
the same tree with the exact conversion factors (`Scale`) it needs, so that running it needs no units at all.

A sheet whose rows are measured on different *bases* (fuel by mass, fuel by volume) gives a unit per basis; the
expression is checked for each, and needs the same conversion in all.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from carbonstd._errors import ExpressionError, UnitError
from carbonstd._findings import finding
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from carbonstd._language.shape import BASIS, MAX_EXPONENT, SCALAR, Frame, Scope, Type
from carbonstd._units import ONE, Unit, ratio_unit


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
        try:
            factors = {a.factor_to(b) for a, b in _pairs(node, kind.units, units)}
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

    def match(self, node: ex.Node, left: Frame, right: Frame) -> Frame:
        """The common frame of what is added or compared: a key that one side lacks would be lost in a narrower one."""
        if left.axes and right.axes and left != right:
            raise _error("expression-axes", node, left=str(left), right=str(right), missing="")
        return self.join(node, left, right)

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
        if node.operator in "+-":
            if (a.frame.sheet and b.frame.axes) or (a.frame.axes and b.frame.sheet):
                raise _error("expression-axes", node, left=str(a.frame), right=str(b.frame), missing="")
            frame = self.match(node, a.frame, b.frame)
            units, zero = self._common(a, b), a.zero and b.zero
            left, _ = self.convert(left, a, units)
            right, _ = self.convert(right, b, units)
            return ex.Binary(node.operator, left, right), Type("number", units, frame, zero)
        frame = self.join(node, a.frame, b.frame)
        units = tuple(x * y if node.operator == "*" else x / y for x, y in _pairs(node, a.units, b.units))
        return ex.Binary(node.operator, left, right), Type("number", units, frame, a.zero)

    def _power(self, node: ex.Binary, base: ex.Node, kind: Type) -> tuple[ex.Node, Type]:
        exponent = _constant(node.right)
        if exponent is not None and max(abs(exponent), Fraction(exponent.denominator)) > MAX_EXPONENT:
            raise _error("expression-exponent", node)
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
        truth = Type("truth", frame=a.frame)
        if node.operator in ("in", "not in"):
            if not isinstance(node.right, ex.Options):
                raise _error("expression-options", node)
            for item in node.right.items:
                self._label_known(node, a, item)
            return ex.Compare(node.operator, left, node.right), truth
        if a.kind == "label" and node.operator not in ("==", "!="):
            raise _error("expression-kind", node, found="label", expected="number")
        if a.kind == "label" and isinstance(node.right, ex.Text | ex.Literal):  # level == 3: a label that is a number
            self._label_known(node, a, node.right)
            return ex.Compare(node.operator, left, node.right), truth
        right, b = self.check(node.right)
        if a.kind != b.kind or a.kind == "truth":
            raise _error("expression-kind", node, found=b.kind, expected=a.kind if a.kind != "truth" else "number")
        if a.kind == "number":
            units = self._common(a, b)
            left, _ = self.convert(left, a, units)
            right, _ = self.convert(right, b, units)
        return ex.Compare(node.operator, left, right), Type("truth", frame=self.match(node, a.frame, b.frame))

    def _label_known(self, node: ex.Node, kind: Type, label: ex.Node) -> None:
        """Refuse to compare with what cannot be a label, or is none of those there are."""
        if kind.kind != "label" or not isinstance(label, ex.Text | ex.Literal):
            raise _error("expression-options", node)
        if kind.labels is not None and str(label.value) not in kind.labels:
            labels = ", ".join(sorted(kind.labels))
            raise _error("expression-unknown-label", node, label=str(label.value), labels=labels)

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
        if a.kind != b.kind or a.kind == "truth":
            raise _error("expression-kind", node, found=b.kind, expected=a.kind if a.kind != "truth" else "number")
        a = self._on_basis(node.condition, a)
        frame = self.join(node, c.frame, self.match(node, a.frame, b.frame))
        units = self._common(a, b)
        if a.kind == "number":
            then, _ = self.convert(then, a, units)
            otherwise, _ = self.convert(otherwise, b, units)
        return ex.Choice(condition, then, otherwise), Type(a.kind, units, frame, a.zero and b.zero)

    def _on_basis(self, condition: ex.Node, kind: Type) -> Type:
        """What `x if basis == "mass" else ...` chooses: x is then in its unit of that basis alone."""
        match condition:
            case ex.Compare("==", ex.Name(name), ex.Text(basis)) if name == BASIS and basis in self.scope.bases():
                at = self.scope.bases().index(basis)
                return replace(kind, units=kind.units[at : at + 1] if len(kind.units) > 1 else kind.units)
        return kind

    def _call(self, node: ex.Call) -> tuple[ex.Node, Type]:
        checked = [self.check(item) if node.function == "missing" else self.number(item) for item in node.arguments]
        frame = SCALAR
        for _, kind in checked:
            frame = self.match(node, frame, kind.frame)
        if checked[0][1].kind == "truth":
            raise _error("expression-kind", node, found="truth", expected="number")
        if node.function == "missing":
            return ex.Call("missing", (checked[0][0],)), Type("truth", frame=frame)
        if node.function in ("sqrt", "exp", "ln", "floor"):
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
        weights: tuple[Unit, ...] = ()
        if weight is not None:
            weight, w = self.number(weight)
            frame, weights = self.join(node, frame, w.frame), w.units
        available = self.scope.axes_of(frame.sheet) if frame.sheet else frame.axes
        if frame.scalar or not set(node.by) <= set(available) or len(set(node.by)) < len(node.by):
            raise _error("expression-by", node, by=", ".join(node.by) or "—", available=", ".join(available) or "—")
        for units in (kind.units, weights):
            self._one_unit(node, units)
        unit, by = kind.units[0], tuple(sorted(node.by))  # by=(month, line) and by=(line, month) are one frame
        return ex.Reduce(node.function, operand, by, where, weight), Type("number", (unit,), Frame(axes=by))

    def _one_unit(self, node: ex.Reduce, units: tuple[Unit, ...]) -> None:
        """What is summed, or weighs, has one unit in all rows, and one species."""
        if any(other.dimension != units[0].dimension or other.factor != units[0].factor for other in units[1:]):
            raise _error("expression-sum-bases", node, units=", ".join(str(other.text) for other in units))
        lost = [marker for unit in units[:1] for marker in unit.markers if marker not in node.by]
        if lost and not self.numeric:
            raise _error("expression-species", node, marker=", ".join(lost))

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
        if axis := table.axes.get(node.column):
            if not frame.scalar:
                raise _error("expression-axes", node, left=str(frame), right=axis, missing="")
            frame = Frame(axes=(axis,))
        elif table.rows_of and frame.scalar:
            frame = Frame(table.rows_of)
        return ex.Lookup(node.table, tuple(keys), node.column), Type(column.kind, units, frame, basis=column.basis)


def _pairs(node: ex.Node, left: tuple[Unit, ...], right: tuple[Unit, ...]) -> list[tuple[Unit, Unit]]:
    """The units of two operands, basis by basis; one unit stands for all bases."""
    count = max(len(left), len(right))
    left, right = (units * count if len(units) == 1 else units for units in (left, right))
    if len(left) != len(right):
        raise _error("expression-bases-differ", node)
    return list(zip(left, right, strict=True))


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
