"""Live formulas: a checked tree printed for a place of the result workbook.

A spreadsheet reads a blank as zero; here a blank is missing. So each part that must have all its cells stands behind
`IF(COUNT(cells)<n,NA(),...)`, and only `first`, `missing` and conditionals look at blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from carbonstd._engine.array import Array
from carbonstd._engine.usage import Usage
from carbonstd._language import expression as ex
from carbonstd._language.formula import RANK, _Live
from carbonstd._result_workbook.layout import FactorCell, Grid, Layout, addend
from carbonstd._trace.origin import look_up, quiet


@dataclass(frozen=True)
class Position:
    """Where a formula stands: on the sheet `home`, at a row of a grid or by itself, among the names of `scope`."""

    home: str
    scope: str
    grid: Grid | None = None
    index: int = 0


class Formulas:
    """Prints formulas for one layout; look-ups are asked once and kept."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._found: dict[tuple[str, ex.Lookup], tuple[Array, Usage]] = {}

    def text(self, node: ex.Node, position: Position) -> str:
        return _Printer(self, position).region(node)

    def helper(self, grid: Grid, name: str, index: int) -> str:
        """The formula of a helper column: the addend, or 0 where the sum leaves a row out."""
        helper = grid.helpers[name]
        printer = _Printer(self, Position(grid.title, helper.scope, grid, index))
        value = printer.region(addend(helper.node, helper.part))
        return f"IF({printer.text(helper.node.where)},{value},0)" if helper.node.where is not None else value

    def look_up(self, node: ex.Lookup, scope: str) -> tuple[Array, Usage]:
        if (scope, node) not in self._found:
            self._found[scope, node] = look_up(node, quiet(self.layout.run, scope))
        return self._found[scope, node]


class _Printer(_Live):
    def __init__(self, formulas: Formulas, position: Position) -> None:
        super().__init__(self._reference)
        self.formulas, self.layout, self.position = formulas, formulas.layout, position
        self.method, self.run = self.layout.method, self.layout.run

    def region(self, node: ex.Node) -> str:
        """A part whose cells must all hold a number."""
        text, cells = self.text(node), sorted(set(self._needed(node)))
        return f"IF({_lacking(cells)},NA(),{text})" if cells else text

    def _needed(self, node: ex.Node) -> Iterator[tuple[str, int, int]]:
        """The cells a part needs (sheet, row, column); what conditionals choose from guards itself."""
        if isinstance(node, ex.Name | ex.Member):
            cell = self._blank_cell(node)
            if cell is not None:
                yield cell
        elif not isinstance(node, ex.Choice | ex.Compare | ex.Logic | ex.Reduce | ex.Lookup) and not (
            isinstance(node, ex.Call) and node.function in ("first", "missing")
        ):
            for child in node.children():
                yield from self._needed(child)

    def _blank_cell(self, node: ex.Name | ex.Member) -> tuple[str, int, int] | None:
        """The cell of a column or row equation, which may be blank."""
        found = self._column(node)
        if found is None:
            return None
        grid, column, index = found
        home = "" if grid.title == self.position.home else grid.title
        return home, grid.first + index, column

    def _column(self, node: ex.Name | ex.Member) -> tuple[Grid, int, int] | None:
        """The grid, column and row of a name that stands on a sheet of the ledger."""
        name = node.name if isinstance(node, ex.Name) else node.column
        scope = node.sheet if isinstance(node, ex.Member) else self.position.scope
        method = self.method
        if not (scope and name in method.sheets[scope].columns):
            if name in method.equations:
                scope = self.run.equation(name).frame.sheet or ""
            else:
                scope = next(
                    (sheet.id for sheet in method.sheets.values() if sheet.single and name in sheet.columns), ""
                )
                scope = "" if name in method.constants else scope
        grid = self.layout.grids.get(scope)
        if grid is None or name not in grid.columns:
            return None
        return grid, grid.columns[name], self.position.index if grid is self.position.grid else 0

    def _reference(self, node: ex.Node) -> str:
        if isinstance(node, ex.Reduce):
            return self._sum(node)
        if isinstance(node, ex.Lookup):
            return self._table_cell(node)
        assert isinstance(node, ex.Name | ex.Member)
        found = self._column(node)
        if found is not None:
            grid, column, index = found
            return grid.cell(column, index, self.position.home)
        assert isinstance(node, ex.Name)
        if node.name in self.method.equations:
            array = self.run.equation(node.name)
            return (
                self._by_key(node.name, array)
                if array.frame.axes
                else self.layout.scalar(node.name, self.position.home)
            )
        if node.name in self.method.constants:
            return self.layout.factor(FactorCell(None, constant=node.name))
        own = self.position.grid
        if own is None or node.name not in own.keys:
            return "NA()"  # of a sheet of one record that is left empty
        return own.cell(own.keys[node.name], self.position.index, self.position.home)

    def _by_key(self, name: str, array: Array) -> str:
        """The cell of an equation by axes at this place's keys; what a missing key stands for where there is none."""
        grid, block = self.position.grid, self.layout.blocks[name]
        assert grid is not None
        assert array.keys is not None
        wanted = self.layout.position_of(array.frame.axes, grid, self.position.index)
        at = np.flatnonzero(array.keys == wanted)
        if not len(at):
            return "NA()" if array.fill != array.fill else repr(float(array.fill))
        return block.cell(block.columns[name], int(at[0]), self.position.home)

    def _sum(self, node: ex.Reduce) -> str:
        grid, value, weight = self.layout.sums[self.position.scope, node]
        if grid is None or not grid.count:
            return "0" if node.function == "sum" else "NA()"
        above = self._total(grid, grid.columns[value], node.by)
        if node.function == "sum":
            return above
        below = self._total(grid, grid.columns[weight] if weight else None, node.by)
        return f"({above}/{below})"

    def _total(self, grid: Grid, column: int | None, by: tuple[str, ...]) -> str:
        """SUM, or SUMPRODUCT over rows of the same keys: SUMIFS would read `2025-01`, `<5` or `A*` as conditions.

        Without a column the rows are counted.
        """
        home, own = self.position.home, self.position.grid
        if not by:
            return f"SUM({grid.range(column, home)})" if column is not None else str(grid.count)
        assert own is not None
        keys = [
            f"EXACT({grid.range(grid.keys[axis], home)},{own.cell(own.keys[axis], self.position.index, home)})"
            for axis in by
        ]
        values = f",{grid.range(column, home)}" if column is not None else ""
        return f"SUMPRODUCT({'*'.join(keys)}*1{values})"

    def _table_cell(self, node: ex.Lookup) -> str:
        array, usage = self.formulas.look_up(node, self.position.scope)
        at, label = self._answer(array, usage)
        if at < 0 or usage.row[at] < 0:
            return "NA()"
        table = self.run.segments[usage.slot][int(usage.segment[at])].table
        cell = table.cell(int(usage.row[at]), usage.column, label)
        if cell.value is None and not table.columns[usage.column].text:
            return "NA()"
        return self.layout.factor(FactorCell(table, int(usage.row[at]), usage.column, label))

    def _answer(self, array: Array, usage: Usage) -> tuple[int, str]:
        """Which of a look-up's answers holds here, and the label of the axis its cells run over."""
        grid, index = self.position.grid, self.position.index
        if array.frame.sheet and grid is not None:
            return index, ""
        if not array.frame.axes or grid is None:
            return 0, ""
        assert array.keys is not None
        at = np.flatnonzero(array.keys == self.layout.position_of(array.frame.axes, grid, index))
        if usage.frame.axes:
            return (int(at[0]) if len(at) else -1), ""
        axis = array.frame.axes[0]  # the table's own axis: one row, a cell for each label
        return 0, str(self.run.axes.labels[axis][int(grid.codes[axis][index])])

    def _choice(self, node: ex.Choice) -> tuple[str, int]:
        parts = (self.text(node.condition), self.region(node.then), self.region(node.otherwise))
        return f"IF({','.join(parts)})", RANK["atom"]

    def _call(self, node: ex.Call) -> tuple[str, int]:
        if node.function == "missing":
            return self._missing(node.arguments[0]), RANK["atom"]
        if node.function == "first":
            *given, last = node.arguments
            text = self.region(last)
            for item in reversed(given):
                if self._cell_alone(item):
                    cell = self.text(item)
                    text = f'IF({cell}="",{text},{cell})'
                else:
                    text = f"_xlfn.IFNA({self.region(item)},{text})"
            return text, RANK["atom"]
        return super()._call(node)

    def _missing(self, node: ex.Node) -> str:
        return f'({self.text(node)}="")' if self._cell_alone(node) else f"ISNA({self.region(node)})"

    def _cell_alone(self, node: ex.Node) -> bool:
        """A cell that is blank where its value is missing: a column, or an equation that shows nothing then."""
        if not isinstance(node, ex.Name | ex.Member) or self._column(node) is None:
            return False
        return (
            isinstance(node, ex.Member) or node.name not in self.method.equations or shows_blank(self.layout, node.name)
        )

    def _compare(self, node: ex.Compare) -> tuple[str, int]:
        axis = self._label_axis(node.left)
        if axis is not None:
            return self._compare_labels(node, axis)
        text, rank = super()._compare(node)
        cells = sorted({*self._needed(node.left), *self._needed(node.right)})
        return (f"IF({_lacking(cells)},NA(),{text})", RANK["atom"]) if cells else (text, rank)

    def _logic(self, node: ex.Logic) -> tuple[str, int]:
        """`and` and `or` of three values: what one part settles stands even where another is unknown."""
        parts = [self.text(item) for item in node.operands]
        text = f"{node.operator.upper()}({','.join(parts)})"
        if node.operator == "not" or not any("NA()" in part for part in parts):
            return text, RANK["atom"]
        settling = "FALSE" if node.operator == "and" else "TRUE"
        known = [
            f"_xlfn.IFNA(NOT({part}),FALSE)" if settling == "FALSE" else f"_xlfn.IFNA({part},FALSE)" for part in parts
        ]
        return f"IF(OR({','.join(known)}),{settling},{text})", RANK["atom"]

    def _compare_labels(self, node: ex.Compare, axis: str) -> tuple[str, int]:
        left = self.text(node.left)
        options = node.right.items if isinstance(node.right, ex.Options) else (node.right,)
        parts = [f"EXACT({left},{self._label_text(item, axis)})" for item in options]
        found = parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"
        found = found if node.operator in ("==", "in") else f"NOT({found})"
        return (f'IF({left}="",NA(),{found})' if self._may_be_blank(node.left) else found), RANK["atom"]

    def _may_be_blank(self, node: ex.Node) -> bool:
        """Whether a label may be left out; nothing is known of a blank one."""
        if not isinstance(node, ex.Name | ex.Member) or (found := self._column(node)) is None:
            return False
        name = node.name if isinstance(node, ex.Name) else node.column
        spec = self.method.sheets[found[0].sheet].columns.get(name)
        return spec is not None and not spec.required

    def _label_text(self, node: ex.Node, axis: str) -> str:
        if isinstance(node, ex.Text | ex.Literal):
            label = self.layout.shown_label(axis, str(node.value)) if axis else str(node.value)
            return '"' + label.replace('"', '""') + '"'
        return self.text(node)

    def _label_axis(self, node: ex.Node) -> str | None:
        """The axis a label belongs to, "" for a text of a table, None for a number."""
        if isinstance(node, ex.Member):
            return node.column if self.method.sheets[node.sheet].columns[node.column].kind != "number" else None
        if isinstance(node, ex.Lookup):
            table = self.run.segments[node.table][0].table
            return "" if table.columns[node.column].text else None
        if isinstance(node, ex.Choice):
            return self._label_axis(node.then)
        if isinstance(node, ex.Text):
            return ""
        if not isinstance(node, ex.Name) or node.name in self.method.constants:
            return None
        found = self._column(node)
        if found is not None and node.name not in self.method.equations:
            columns = self.method.sheets[found[0].sheet].columns
            return node.name if columns[node.name].kind != "number" else None
        return None if node.name in self.method.equations else node.name


def shows_blank(layout: Layout, equation: str) -> bool:
    """Whether a row equation shows nothing where a value is missing; one that is summed shows #N/A, so that no sum
    passes over it."""
    summed = {column for grid, column, _ in layout.sums.values() if grid is not None}
    totals = {line.equation for line in layout.method.lines}
    return equation not in summed and equation not in totals


def _lacking(cells: list[tuple[str, int, int]]) -> str:
    return f"COUNT({_joined(cells)})<{len(cells)}"


def _joined(cells: list[tuple[str, int, int]]) -> str:
    """Cells as arguments, neighbours of a row drawn together."""
    parts: list[list[tuple[str, int, int]]] = []
    for cell in cells:
        if parts and parts[-1][-1] == (cell[0], cell[1], cell[2] - 1):
            parts[-1].append(cell)
        else:
            parts.append([cell])
    texts = []
    for run in parts:
        (title, row, first), last = run[0], run[-1][2]
        sheet = "'" + title.replace("'", "''") + "'!" if title else ""
        start, end = f"{xl_col_to_name(first)}{row + 1}", f"{xl_col_to_name(last)}{row + 1}"
        texts.append(sheet + (start if first == last else f"{start}:{end}"))
    return ",".join(texts)
