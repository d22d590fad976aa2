"""What an expression runs over, for the oracle: the rows of a sheet, some axes, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carbonstd._definitions.method import Method
from carbonstd._engine.edition import Segment
from carbonstd._language import expression as ex
from carbonstd.models import registry
from tests.oracle_places import tells


@dataclass(frozen=True)
class Shape:
    """The rows of a sheet, or axes, or nothing."""

    sheet: str = ""
    axes: tuple[str, ...] = ()

    def joined(self, other: Shape) -> Shape:
        if self.sheet or other.sheet:
            return Shape(self.sheet or other.sheet)
        return self if len(self.axes) >= len(other.axes) else other


class Shapes:
    """The shapes of a method's expressions. They hang on no row, so each is found once."""

    def __init__(self, method: Method, tables: Mapping[str, Sequence[Segment]]) -> None:
        self.method = method
        self.tables = {slot: segments[-1].table for slot, segments in tables.items()}
        self.names = {
            *method.constants,
            *(name for sheet in method.sheets.values() if sheet.single for name in sheet.columns),
        }
        self.axes = {column.axis for table in self.tables.values() for column in table.columns.values()} - {""}
        self._equations: dict[str, Shape] = {}
        self._nodes: dict[tuple[int, str], tuple[ex.Node, Shape]] = {}  # the node is held, so that its id stays its own

    def of_equation(self, name: str) -> Shape:
        if name not in self._equations:
            equation, shape = self.method.equations[name], Shape()
            if equation.call and registry()[equation.call].axis:
                shape = Shape(axes=(registry()[equation.call].axis,))
            else:
                for node in equation.nodes:
                    shape = shape.joined(self.of(node, equation.sheet))
            self._equations[name] = shape
        return self._equations[name]

    def of(self, node: ex.Node, home: str) -> Shape:
        """The shape of an expression among the names of the sheet `home`."""
        if (id(node), home) not in self._nodes:
            self._nodes[id(node), home] = (node, self._found(node, home))
        return self._nodes[id(node), home][1]

    def _found(self, node: ex.Node, home: str) -> Shape:
        match node:
            case ex.Name(name) if home and tells(self.method.sheets[home], name):
                return Shape() if self.method.sheets[home].single else Shape(home)
            case ex.Name(name) if name in self.method.equations:
                return self.of_equation(name)
            case ex.Name(name) if name in self.axes and name not in self.names:
                return Shape(axes=(name,))
            case ex.Member(sheet, _):
                return Shape() if self.method.sheets[sheet].single else Shape(sheet)
            case ex.Reduce():
                return Shape(axes=node.by)
        shape = Shape()
        for child in node.children():
            shape = shape.joined(self.of(child, home))
        if isinstance(node, ex.Lookup):
            for key in self.keys(node):
                shape = shape.joined(self.of(key, home))
            axis = self.levels(node)
            shape = Shape(axes=(axis,)) if axis else shape
        return shape

    def levels(self, node: ex.Lookup) -> str:
        """The axis over which the cells of a look-up run; empty where it finds one value."""
        return self.tables[node.table].columns[node.column].axis

    def keys(self, node: ex.Lookup) -> tuple[ex.Node, ...]:
        return node.keys if node.keys is not None else tuple(ex.Name(key) for key in self.tables[node.table].keys)
