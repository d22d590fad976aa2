"""A slow oracle: a method evaluated one row at a time with pint quantities, plain Python and exact fractions.

It reads the parsed expressions of a method and nothing else of the engine: units come from `carbonstd/units.txt`
through pint (a species is a base unit), sums are loops, look-ups scan the rows of a table, defaults are taken where a
cell is blank. A called model is called row by row. It is meant to be obviously right, not fast.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from carbonstd._definitions.method import Method
from carbonstd._definitions.table import Row, Table
from carbonstd._engine.edition import Segment
from carbonstd._language import expression as ex
from carbonstd._language.shape import BASIS
from carbonstd.models import registry
from tests.oracle_models import outcome
from tests.oracle_places import Place, tells, typed_basis
from tests.oracle_shapes import Shape, Shapes
from tests.oracle_tables import matches
from tests.quantities import UNITS, ZERO, irrational, is_zero, larger, power, same_unit, smaller, whole_below

Rows = list[dict[str, Any]]


class Oracle:
    """Evaluates the equations of `method` on `sheets`: rows of labels, and of numbers as fractions in a unit.

    A cell is a label, None, a number in the unit of its column, or a pair (number, unit text).

    `touched` collects the nodes that were evaluated somewhere, each with the sheet it stood on: a branch not taken and
    a default not used stay out of it. `answered` collects the look-ups that found a cell.
    """

    def __init__(
        self,
        method: Method,
        tables: Mapping[str, Sequence[Segment]],
        sheets: Mapping[str, Rows],
        shapes: Shapes | None = None,
    ) -> None:
        self.method, self.tables = method, tables
        self.shapes = shapes or Shapes(method, tables)
        self.touched: set[tuple[int, str]] = set()
        self.answered: set[tuple[int, str]] = set()
        self.sheets = {name: list(sheets.get(name, [])) for name in method.sheets}
        self._equations: dict[tuple[str, Any], Any] = {}
        self._columns: dict[tuple[str, int, str], Any] = {}
        self._groups: dict[tuple[int, Any], dict[tuple[str, ...], list[Place]]] = {}
        self._models: dict[str, Any] = {}
        self.refusals: list[str] = []  # codes of errors that called models found

    # What an equation gives

    def rows(self, name: str) -> list[Fraction | None]:
        """The values of an equation over the rows of its sheet, in the equation's unit."""
        sheet = self.shapes.of_equation(name).sheet
        return [self._magnitude(name, Place(rows={sheet: row})) for row in range(len(self.sheets[sheet]))]

    def by_axes(self, name: str) -> dict[tuple[str, ...], Fraction | None]:
        """The values of an equation over its axes, by their labels."""
        axes = self.shapes.of_equation(name).axes
        equation = self.method.equations[name]
        labels: list[tuple[str, ...]]
        if equation.call:
            labels = [(label,) for label in self._model(name)]
        else:
            assert equation.expression is not None
            labels = list(dict.fromkeys(tuple(map(place.axes.__getitem__, axes)) for place in self._over_axes(name)))
        return {key: self._magnitude(name, Place(axes=dict(zip(axes, key, strict=True)))) for key in labels}

    def one(self, name: str) -> Fraction | None:
        return self._magnitude(name, Place())

    def _magnitude(self, name: str, place: Place) -> Fraction | None:
        value = self.equation(name, place)
        return value if value is None or isinstance(value, Fraction) else Fraction(value.magnitude)

    # Names

    def equation(self, name: str, place: Place) -> Any:
        """An equation at a place, in its own unit."""
        equation, shape = self.method.equations[name], self.shapes.of_equation(name)
        if shape.sheet:
            key: Any = place.rows[shape.sheet]
            here = Place(equation.sheet, {shape.sheet: key}, {}, equation.numeric)
        else:
            key = tuple(self.label(axis, place) for axis in shape.axes)
            here = Place(equation.sheet, {}, dict(zip(shape.axes, key, strict=True)), equation.numeric)
        if (name, key) not in self._equations:
            value = self._called(name, here) if equation.call else self.value(equation.expression, here)
            self._equations[name, key] = self.in_unit(value, equation.unit.text, here)
        return self._equations[name, key]

    def column(self, sheet: str, row: int, name: str) -> Any:
        """A cell: a label ("" where blank), a quantity, or None; defaults fill blanks that are asked for."""
        if (sheet, row, name) not in self._columns:
            self._columns[sheet, row, name] = self._cell(sheet, row, name)
        return self._columns[sheet, row, name]

    def _cell(self, sheet: str, row: int, name: str) -> Any:
        if name == BASIS and name not in self.method.sheets[sheet].columns:
            return self.basis(sheet, row)
        column, rows = self.method.sheets[sheet].columns[name], self.sheets[sheet]
        if not rows:  # a form of one record that nobody filled
            return None if column.kind == "number" else ""
        cell = rows[row].get(name)
        place = Place(sheet, {sheet: row})
        if column.kind != "number":
            if cell is None and column.default is not None:
                cell = self.value(column.default, place)
            return "" if cell is None else str(cell)
        basis = self.basis(sheet, row) if len(column.units) > 1 else next(iter(column.units))
        if basis not in column.units:  # nothing tells on which basis the row is measured
            return None
        own = column.units[basis].text
        if cell is not None:
            number, text = cell if isinstance(cell, tuple) else (cell, own)
            return UNITS.entered(Fraction(number), self._named(text, place), self._named(own, place))
        if column.default is None or (column.needed is not None and self.value(column.needed, place) is False):
            return None
        return self.in_unit(self.value(column.default, place), own, place)

    def basis(self, sheet: str, row: int) -> str:
        """On which basis a row is measured: from its table row, else from the units that were typed."""
        if not self.sheets[sheet]:  # a form of one record that nobody filled
            return ""
        expression = self.method.sheets[sheet].basis
        found = None if expression is None else self.value(expression, Place(sheet, {sheet: row}))
        return str(found or "") or typed_basis(self.method.sheets[sheet], self.sheets[sheet][row])

    def label(self, axis: str, place: Place) -> str:
        if axis in place.axes:
            return place.axes[axis]
        (sheet, row), *_ = place.rows.items()
        return str(self.column(sheet, row, axis))

    def _named(self, unit: str, place: Place) -> str:
        """A unit whose species differs by row, at one row: kg{gas} is kgCH4 where gas is CH4."""
        while "{" in unit:
            marker = unit[unit.index("{") + 1 : unit.index("}")]
            species = self.label(marker, place)
            if species and species not in UNITS.species:  # a gas that no unit of the standards names
                UNITS.define(species)
            unit = unit.replace(f"{{{marker}}}", species)
        return unit

    def in_unit(self, value: Any, unit: str, place: Place) -> Any:
        if value is None or isinstance(value, bool | str):
            return value
        if place.numeric:
            return UNITS.quantity(UNITS.number(value), self._named(unit, place))
        return UNITS.convert(value, self._named(unit, place))

    # Expressions

    def value(self, node: ex.Node | None, place: Place) -> Any:
        assert node is not None
        self.touched.add((id(node), place.home))
        return getattr(self, f"_{type(node).__name__.lower()}")(node, place)

    def _literal(self, node: ex.Literal, place: Place) -> Any:
        return ZERO if node.value == 0 else UNITS.quantity(node.value, "1")

    def _text(self, node: ex.Text, place: Place) -> str:
        return node.value

    def _ratio(self, node: ex.Ratio, place: Place) -> Any:
        return UNITS.molar_ratio(node.numerator, node.denominator, plain=place.numeric)

    def _name(self, node: ex.Name, place: Place) -> Any:
        return self._plain(self._named_value(node.name, place), place)

    def _named_value(self, name: str, place: Place) -> Any:
        method = self.method
        if place.home and tells(method.sheets[place.home], name):
            return self.column(place.home, place.rows.get(place.home, 0), name)
        if name in method.equations:
            return self.equation(name, place)
        if name in method.constants:
            return UNITS.quantity(method.constants[name].value, method.constants[name].unit.text)
        for sheet in method.sheets.values():
            if sheet.single and name in sheet.columns:
                return self.column(sheet.id, 0, name)
        return self.label(name, place)

    def _plain(self, value: Any, place: Place) -> Any:
        return UNITS.quantity(value.magnitude, "1") if place.numeric and hasattr(value, "magnitude") else value

    def _member(self, node: ex.Member, place: Place) -> Any:
        return self._plain(self.column(node.sheet, place.rows.get(node.sheet, 0), node.column), place)

    def _negative(self, node: ex.Negative, place: Place) -> Any:
        value = self.value(node.operand, place)
        return None if value is None else -value

    def _binary(self, node: ex.Binary, place: Place) -> Any:
        left, right = self.value(node.left, place), self.value(node.right, place)
        if left is None or right is None:
            return None
        match node.operator:
            case "+":
                return left if is_zero(right) else right if is_zero(left) else left + right
            case "-":
                return left if is_zero(right) else -right if is_zero(left) else left - right
            case "*":
                return ZERO if is_zero(left) or is_zero(right) else left * right
            case "/":
                return None if UNITS.number(right) == 0 else left if is_zero(left) else left / right
        return power(left, UNITS.number(right))

    def _compare(self, node: ex.Compare, place: Place) -> bool | None:
        """True, false, or None where a side is missing."""
        left = self.value(node.left, place)
        if isinstance(node.right, ex.Options):
            inside = left in [str(getattr(item, "value", "")) for item in node.right.items]
            return None if left in (None, "") else inside == (node.operator == "in")
        right = self.value(node.right, place)
        if left in (None, "") or right in (None, ""):
            return None
        if isinstance(left, str):
            same = left == (right if isinstance(right, str) else str(UNITS.number(right)))
            return same == (node.operator == "==")
        left, right = same_unit(left, right)
        return {
            "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
            "==": left == right, "!=": left != right,
        }[node.operator]  # fmt: skip

    def _logic(self, node: ex.Logic, place: Place) -> bool | None:
        truths = [self.value(item, place) for item in node.operands]
        if node.operator == "not":
            return None if truths[0] is None else not truths[0]
        decisive = node.operator == "or"
        return decisive if decisive in truths else None if None in truths else not decisive

    def _choice(self, node: ex.Choice, place: Place) -> Any:
        condition = self.value(node.condition, place)
        return None if condition is None else self.value(node.then if condition else node.otherwise, place)

    def _call(self, node: ex.Call, place: Place) -> Any:
        if node.function == "first":
            given = (self.value(item, place) for item in node.arguments)
            return next((value for value in given if value is not None), None)
        values = [self.value(item, place) for item in node.arguments]
        if node.function == "missing":
            return values[0] in (None, "")
        if any(value is None for value in values):
            return None
        if node.function == "abs":
            return abs(values[0])
        if node.function == "floor":
            return whole_below(values[0])
        if node.function in ("sqrt", "exp", "ln"):
            return irrational(node.function, values[0])
        if node.function == "floor":
            return UNITS.quantity(math.floor(UNITS.number(values[0])), "1")
        if node.function == "clip":
            return smaller(larger(values[0], values[1]), values[2])
        assert node.function in ("min", "max")
        chosen = values[0]
        for value in values[1:]:
            chosen = smaller(chosen, value) if node.function == "min" else larger(chosen, value)
        return chosen

    def _reduce(self, node: ex.Reduce, place: Place) -> Any:
        group = self._grouped(node, place).get(tuple(self.label(axis, place) for axis in node.by), [])
        total, weights = ZERO, ZERO
        for here in group:
            known = node.where is None or self.value(node.where, here) is not None
            value = self.value(node.operand, here) if known else None
            weight = UNITS.quantity(1, "1") if node.weight is None else self.value(node.weight, here)
            if value is None or weight is None:
                return None
            term = value * weight if node.function == "mean" else value
            total, weights = (term, weight) if is_zero(total) else (total + term, weights + weight)
        if node.function == "sum":
            return total
        return None if UNITS.number(weights) == 0 else total / weights

    def _grouped(self, node: ex.Reduce, place: Place) -> dict[tuple[str, ...], list[Place]]:
        """The places a sum runs over, by the labels it keeps."""
        if (id(node), place.home) not in self._groups:
            parts = [part for part in (node.operand, node.where, node.weight) if part is not None]
            groups: dict[tuple[str, ...], list[Place]] = {}
            for here in self.places(parts, place.home, place.numeric):
                if node.where is None or self.value(node.where, here) is not False:
                    groups.setdefault(tuple(self.label(axis, here) for axis in node.by), []).append(here)
            self._groups[id(node), place.home] = groups
        return self._groups[id(node), place.home]

    def places(self, parts: Sequence[ex.Node], home: str, numeric: bool) -> Iterator[Place]:
        shape = Shape()
        for part in parts:
            shape = shape.joined(self.shapes.of(part, home))
        if shape.sheet:
            yield from (Place(home, {shape.sheet: row}, {}, numeric) for row in range(len(self.sheets[shape.sheet])))
            return
        keys = dict.fromkeys(key for part in parts for key in self._keys_of(part, home, shape.axes))
        for key in keys:
            yield Place(home, {}, dict(zip(shape.axes, key, strict=True)), numeric)

    def _over_axes(self, name: str) -> Iterator[Place]:
        equation = self.method.equations[name]
        assert equation.expression is not None
        yield from self.places([equation.expression], equation.sheet, equation.numeric)

    def _keys_of(self, node: ex.Node, home: str, axes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The label combinations over which a part of just these axes, in any order, has a value."""
        own = self.shapes.of(node, home).axes
        if sorted(own) != sorted(axes):
            return
        found: list[tuple[str, ...]] = []
        if isinstance(node, ex.Reduce):
            found = list(self._grouped(node, Place(home)))
        elif isinstance(node, ex.Name) and node.name in self.method.equations:
            found = list(self.by_axes(node.name))
        elif isinstance(node, ex.Name):
            found = [(label,) for label in self._axis_labels(own[0])]
        elif isinstance(node, ex.Lookup) and self.shapes.levels(node):
            # a dash is no level; where no row is found every level is missing
            found = [(label,) for label in self._levels(node, own[0], home)]
        yield from (tuple(key[own.index(axis)] for axis in axes) for key in found)
        for child in () if isinstance(node, ex.Reduce) else node.children():
            yield from self._keys_of(child, home, axes)

    def _levels(self, node: ex.Lookup, axis: str, home: str) -> list[str]:
        place = Place(home, {}, {})
        table, row = self._table(node.table, place), self._matched(node, place)
        cells = row.cells[node.column] if row is not None else {}
        held = cells if isinstance(cells, Mapping) else {}
        return [label for label in table.labels(axis) if label not in held or not held[label].none]

    def _matched(self, node: ex.Lookup, place: Place) -> Row | None:
        """The one row a look-up finds."""
        table = self._table(node.table, place)
        keys = [self.value(key, place) for key in self.shapes.keys(node)]
        found = [row for row in table.rows if not row.listed and matches(table, row, keys)]
        return found[0] if len(found) == 1 else None

    def _axis_labels(self, axis: str) -> list[str]:
        tables = [segment.table for segments in self.tables.values() for segment in segments]
        return list(dict.fromkeys(label for table in tables for label in table.labels(axis)))

    # Tables

    def _lookup(self, node: ex.Lookup, place: Place) -> Any:
        row = self._matched(node, place)
        if row is None:
            return None
        table, keys = self._table(node.table, place), [self.value(key, place) for key in self.shapes.keys(node)]
        cell = row.cells[node.column]
        if isinstance(cell, Mapping):
            cell = cell[self.label(table.columns[node.column].axis, place)]
        column = table.columns[node.column]
        if column.text:
            self.answered.add((id(node), place.home))
            return cell.text
        if cell.value is None:
            return None
        self.answered.add((id(node), place.home))
        labels = dict(zip(table.keys, map(str, keys), strict=True))
        return self._plain(UNITS.quantity(cell.value, self._cell_unit(table, row, node.column, labels)), place)

    def _cell_unit(self, table: Table, row: Row, column: str, labels: Mapping[str, str]) -> str:
        """The unit of a cell; where a column has one for each basis, the row's own text says which."""
        units = table.columns[column].units
        texts = [
            cell.text for name, cell in row.cells.items() if table.columns[name].text and not isinstance(cell, Mapping)
        ]
        basis = next((text for text in texts if text in units), next(iter(units)))
        return self._named(units[basis].text, Place(axes=labels))

    def _table(self, slot: str, place: Place) -> Table:
        """The edition of a row's month; the last one where there is no month to tell."""
        segments = self.tables[slot]
        if len(segments) == 1 or not place.rows:
            return segments[-1].table
        (sheet, row), *_ = place.rows.items()
        month = self.sheets[sheet][row].get("month")
        held = [segment.table for segment in segments if month and f"{segment.start:%Y-%m}" <= str(month)]
        return held[-1] if held else segments[-1 if not month else 0].table

    # Called models

    def _called(self, name: str, place: Place) -> Any:
        equation = self.method.equations[name]
        model = registry()[equation.call]
        if equation.needed is not None and self.value(equation.needed, place) is False:
            return None
        if model.axis:
            return self._model(name).get(place.axes[model.axis])
        if model.together:
            return self._model(name)[place.rows[equation.sheet]]
        return outcome(self, name, [place])[0]

    def _model(self, name: str) -> Any:
        """A model that is given all rows: its values by label, or by row."""
        if name not in self._models:
            self._models[name] = outcome(self, name, None)
        return self._models[name]
