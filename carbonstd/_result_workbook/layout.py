"""Where everything stands in a result workbook: grids of rows, blocks by key, scalar equations, factor cells.

All addresses are settled before a formula is printed. Sums whose operand is more than a column get a helper column on
the grid they run over, so that every live formula stays a plain one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from carbonstd._definitions.table import Table
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate
from carbonstd._findings import Language
from carbonstd._language import expression as ex
from carbonstd._language.shape import BASIS
from carbonstd._ledger.arithmetic import FALSE, TRUE
from carbonstd._result.result import Result
from carbonstd._trace.origin import quiet
from carbonstd._trace.trace import decoded
from carbonstd._wording import BASIS_TEXT
from carbonstd._workbook.style import safe_text, sheet_title

LIVE_ROWS = 3000  # above it a grid holds values: matching rows by key is quadratic when a workbook recalculates
VALUE, WEIGHT = "value", "weight"
GRID_TOP, EQUATION_TOP, FACTOR_TOP = 4, 4, 4
EQUATION_COLUMN, FACTOR_COLUMN = 4, 5
FIXED_SHEETS = {
    "summary": {"zh": "汇总", "en": "Summary"},
    "keys": {"zh": "按键汇总", "en": "By key"},
    "working": {"zh": "模型过程", "en": "Model working"},
    "equations": {"zh": "公式", "en": "Equations"},
    "factors": {"zh": "因子", "en": "Factors"},
    "uncertainty": {"zh": "不确定度", "en": "Uncertainty"},
    "findings": {"zh": "提示", "en": "Findings"},
}


@dataclass
class Helper:
    """A column that holds what a sum or mean adds up, row by row: `part` is its operand or its weight."""

    scope: str
    node: ex.Reduce
    part: str
    values: NDArray[np.float64]


@dataclass
class Grid:
    """Rows that formulas run over: a sheet of the ledger, or the key combinations of some axes."""

    title: str
    first: int
    count: int
    keys: dict[str, int]
    codes: dict[str, NDArray[np.int64]]
    columns: dict[str, int] = field(default_factory=dict)
    helpers: dict[str, Helper] = field(default_factory=dict)
    sheet: str = ""
    equation: str = ""
    scope: str = ""
    width: int = 0

    @property
    def live(self) -> bool:
        return self.count <= LIVE_ROWS

    def add(self, name: str) -> int:
        self.columns[name] = self.width
        self.width += 1
        return self.columns[name]

    def cell(self, column: int, index: int, home: str) -> str:
        return address(self.title, self.first + index, column, home, absolute=not self.sheet or home != self.title)

    def range(self, column: int, home: str) -> str:
        first = xl_rowcol_to_cell(self.first, column, True, True)
        last = xl_rowcol_to_cell(self.first + self.count - 1, column, True, True)
        return f"{_on(self.title, home)}{first}:{last}"


@dataclass(frozen=True)
class FactorCell:
    """A cell of a table, or a constant of the method, that a formula refers to."""

    table: Table | None
    row: int = -1
    column: str = ""
    label: str = ""
    constant: str = ""


class Layout:
    """The addresses of one result's workbook."""

    def __init__(self, result: Result, language: Language) -> None:
        self.result, self.run, self.method, self.language = result, result._run, result.method, language
        taken: set[str] = set()
        self.titles = {"summary": sheet_title(FIXED_SHEETS["summary"][language], taken)}
        self.grids: dict[str, Grid] = {}
        for sheet, data in self.run.ledger.items():
            if data.rows:
                title = sheet_title(data.sheet.label[language], taken)
                self.grids[sheet] = self._grid(sheet, title)
        self.titles |= {
            name: sheet_title(texts[language], taken) for name, texts in FIXED_SHEETS.items() if name != "summary"
        }
        self.blocks: dict[str, Grid] = {}
        self._block_row = 2
        self.sums: dict[tuple[str, ex.Reduce], tuple[Grid | None, str, str]] = {}
        self.scalars = {name: EQUATION_TOP + index for index, name in enumerate(self.method.equations)}
        self.factors: dict[FactorCell, int] = {}
        self._plan()

    def position_of(self, axes: tuple[str, ...], grid: Grid, index: int) -> int:
        """The raveled key of some axes at a row of a grid."""
        return int(self.run.axes.ravel(axes, [grid.codes[axis][index : index + 1] for axis in axes])[0])

    def factor(self, cell: FactorCell) -> str:
        """The address of a factor's value; the factor is listed when first asked for."""
        row = self.factors.setdefault(cell, FACTOR_TOP + len(self.factors))
        return address(self.titles["factors"], row, FACTOR_COLUMN, "", absolute=True)

    def scalar(self, equation: str, home: str) -> str:
        return address(self.titles["equations"], self.scalars[equation], EQUATION_COLUMN, home, absolute=True)

    def total(self, equation: str, home: str) -> str:
        """A reference, or a sum, that gives an equation's whole value."""
        array = self.run.equation(equation)
        grid = self.grid_of(equation, array)
        if grid is None:
            return self.scalar(equation, home)
        return f"SUM({grid.range(grid.columns[equation], home)})" if grid.count else "0"

    def figure(self, equation: str, place: int, home: str) -> str:
        """A reference to one value of an equation that is one value or runs over axes."""
        grid = self.blocks.get(equation)
        return grid.cell(grid.columns[equation], place, home) if grid else self.scalar(equation, home)

    def grid_of(self, equation: str, array: Array) -> Grid | None:
        """The grid an equation's values stand on; None for a scalar or an empty sheet."""
        if array.frame.sheet:
            return self.grids.get(array.frame.sheet)
        return self.blocks.get(equation)

    def shown_labels(self, axis: str, codes: NDArray[np.int64]) -> list[str]:
        """Labels as the workbook shows them: terms of a vocabulary in its language."""
        different, places = np.unique(codes, return_inverse=True)  # many rows, few labels
        shown = [self.shown_label(axis, str(text)) for text in decoded(self.run, axis, different)]
        return [shown[place] for place in places.tolist()]

    def shown_label(self, axis: str, label: str) -> str:
        for sheet in self.method.sheets.values():
            column = sheet.columns.get(axis)
            if column is None or not column.vocabulary:
                continue
            vocabulary = self.run.library.vocabulary(column.vocabulary)
            if label in vocabulary.terms:  # one id may be a column of another sheet, with other labels
                return safe_text(vocabulary.label(label, self.language))
        if axis == BASIS:
            return BASIS_TEXT.get(label, {self.language: label})[self.language]
        return safe_text(label)

    def _grid(self, sheet: str, title: str) -> Grid:
        """Labels, then the basis where units hang on it, then numbers and texts, in the method's order."""
        data = self.run.ledger[sheet]
        grid = Grid(title, GRID_TOP, data.rows, {}, data.codes, sheet=sheet, scope=sheet)
        columns = list(data.sheet.columns.values())
        for column in columns:
            if column.kind in ("label", "month") and column.name != data.sheet.source_column:
                grid.keys[column.name] = grid.add(column.name)
        if len(data.sheet.bases) > 1:
            grid.keys.setdefault(BASIS, grid.add("basis of unit"))
        for column in columns:
            if column.name not in grid.keys and column.kind == "number":
                grid.add(column.name)
        for column in columns:
            if column.name not in grid.columns:
                place = grid.add(column.name)
                if column.kind == "label":
                    grid.keys[column.name] = place
        return grid

    def _plan(self) -> None:
        for name, equation in self.method.equations.items():
            array = self.run.equation(name)
            if array.frame.sheet and array.frame.sheet in self.grids:
                self.grids[array.frame.sheet].add(name)
            elif array.frame.axes:
                self.blocks[name] = self._block(array, name, equation.sheet)
        for node, scope in self._trees():
            for part in node.walk():
                if isinstance(part, ex.Reduce) and (scope, part) not in self.sums:
                    self.sums[scope, part] = self._sum(part, scope)
        for grid in self.grids.values():
            grid.add("default from")
        for sheet in self.grids.values():
            sheet.add("input cell")

    def _trees(self) -> Iterator[tuple[ex.Node, str]]:
        for name, compiled in self.run.program.equations.items():
            if compiled.node is not None:
                yield compiled.node, self.method.equations[name].sheet
        for (sheet, column), compiled in self.run.program.defaults.items():
            if compiled.node is not None and column in self.run.ledger[sheet].filled:
                yield compiled.node, sheet

    def _block(self, array: Array, equation: str, scope: str) -> Grid:
        assert array.keys is not None
        axes, title = array.frame.axes, self.titles["keys"]
        codes = self.run.axes.unravel(axes, array.keys)
        block = Grid(title, self._block_row + 2, len(array.keys), {}, codes, equation=equation, scope=scope)
        for axis in axes:
            block.keys[axis] = block.add(axis)
        if equation:
            block.add(equation)
        self._block_row += block.count + 4
        return block

    def _sum(self, node: ex.Reduce, scope: str) -> tuple[Grid | None, str, str]:
        """The grid a sum or mean runs over and its columns of operands and weights; a bare column serves as it is."""
        within = quiet(self.run, scope)
        operand = evaluate(node.operand, within)
        where = evaluate(node.where, within) if node.where is not None else None
        weight = evaluate(node.weight, within) if node.weight is not None else None
        arrays = [item for item in (operand, where, weight) if item is not None]
        wide = max(arrays, key=lambda item: (item.frame.sheet is not None, len(item.frame.axes)))
        name = self._bare(node.operand)
        if wide.frame.sheet:
            grid = self.grids.get(wide.frame.sheet)
            if grid is None:
                return None, "", ""
            if name in grid.columns and node.where is None and node.weight is None and operand.frame == wide.frame:
                return grid, name, ""
        else:
            if name in self.blocks and node.where is None and node.weight is None and operand.frame == wide.frame:
                return self.blocks[name], name, ""
            grid = self._block(wide, "", scope)
            self.blocks[f"sum {len(self.blocks)}"] = grid
        return grid, *self._helpers(node, scope, grid)

    def _bare(self, node: ex.Node) -> str:
        return node.name if isinstance(node, ex.Name) else node.column if isinstance(node, ex.Member) else ""

    def _helpers(self, node: ex.Reduce, scope: str, grid: Grid) -> tuple[str, str]:
        names = []
        for part in (VALUE, WEIGHT) if node.function == "mean" else (VALUE,):
            name = f"{part} {len(grid.helpers)}"
            grid.helpers[name] = Helper(scope, node, part, self._helper_values(node, scope, grid, part))
            grid.add(name)
            names.append(name)
        return names[0], names[1] if len(names) > 1 else ""

    def _helper_values(self, node: ex.Reduce, scope: str, grid: Grid, part: str) -> NDArray[np.float64]:
        within = quiet(self.run, scope)
        tree = addend(node, part)
        values = self._along(evaluate(tree, within), grid).astype(np.float64)
        if node.where is not None:
            truth = self._along(evaluate(node.where, within), grid)
            values = np.where(truth == FALSE, 0.0, np.where(truth == TRUE, values, np.nan))
        return values

    def _along(self, array: Array, grid: Grid) -> NDArray[Any]:
        """The values of an array at each row of a grid."""
        if array.frame.scalar or array.frame.sheet:
            return np.broadcast_to(array.data, (grid.count,))
        assert array.keys is not None
        place = {int(key): index for index, key in enumerate(array.keys)}
        wanted = self.run.axes.ravel(array.frame.axes, [grid.codes[axis] for axis in array.frame.axes])
        return np.array([array.data[place[int(key)]] if int(key) in place else array.fill for key in wanted])


def addend(node: ex.Reduce, part: str) -> ex.Node:
    """What a sum or a weighted mean adds up above (`value`) and below (`weight`) its line."""
    weight = node.weight if node.weight is not None else ex.Literal(_ONE)
    if part == WEIGHT:
        return weight
    return node.operand if node.weight is None else ex.Binary("*", node.operand, weight)


def address(title: str, row: int, column: int, home: str, absolute: bool = False) -> str:
    return f"{_on(title, home)}{xl_rowcol_to_cell(row, column, absolute, absolute)}"


def _on(title: str, home: str) -> str:
    return "" if title == home else f"{_quoted(title)}!"


def _quoted(title: str) -> str:
    text: str = quote_sheetname(title)
    return text


_ONE = Fraction(1)
