"""The sheets of a result workbook with the input rows: what was typed, defaults, row equations, what sums add up.

A sheet of many rows holds values and is streamed (`_workbook.stream`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Equation
from carbonstd._definitions.row_words import row_words
from carbonstd._language.shape import BASIS
from carbonstd._ledger.ledger import Status
from carbonstd._result_workbook.formula import Position, shows_blank
from carbonstd._result_workbook.models import read_by_models
from carbonstd._result_workbook.sheets import (
    TEXTS,
    Cell,
    Live,
    Writer,
    helper_cells,
    helper_heading,
    lines_of,
    number_format,
    result_format,
)
from carbonstd._trace.origin import Origin, defaults
from carbonstd._workbook.stream import write_rows
from carbonstd._workbook.style import PALE_INK, RED, bilingual, heading, safe_text, text_width


@dataclass(frozen=True)
class _Column:
    """A heading, what stands above it, the cells below, and the sum at their foot."""

    text: str
    width: float
    cells: Iterable[Cell]
    above: str = ""
    look: str = "header"
    total: Cell | None = None


class RowSheet:
    """One sheet of the ledger: labels, numbers, defaults as references to factors, row equations, helper columns."""

    def __init__(self, writer: Writer, sheet: str, page: Any) -> None:
        self.w, self.id, self.page = writer, sheet, page
        self.grid, self.data = writer.layout.grids[sheet], writer.run.ledger[sheet]
        self.top = self.grid.first - 1

    def write(self) -> None:
        w, grid = self.w, self.grid
        w.title(self.page, bilingual(self.data.sheet.label, w.language, " "), self._note())
        columns = [self._column(name) for name in grid.columns]
        self._heads(columns)
        self._rows([item.cells for item in columns])
        self._totals([item.total for item in columns])
        labels = len([name for name in grid.keys if grid.keys[name] < 2])
        width = sum(item.width for item in columns)
        w.page(self.page, (self.top, self.top), (grid.first, max(labels, 1)), width)
        self.page.autofilter(self.top, 0, grid.first + grid.count - 1, grid.width - 1)

    def _note(self) -> str:
        """What is live on this sheet, and which of its figures called models read."""
        w = self.w
        note = w.says("rows" if self.grid.live else "values")
        columns = [self.data.sheet.columns[name].label for name in read_by_models(w.method, self.id)]
        if not self.grid.live or not columns:
            return note
        joined = ("、" if w.language == "zh" else ", ").join(label[w.language] for label in columns)
        return f"{note} {w.says('fed', columns=joined)}"

    def _heads(self, columns: list[_Column]) -> None:
        above = max(lines_of(item.above, item.width) if item.above else 1 for item in columns)
        self.page.set_row(self.top - 1, 14 * above + 4)
        self.page.set_row(self.top, 15 * max(2, *(lines_of(item.text, item.width) for item in columns)) + 4)
        for column, item in enumerate(columns):
            self.page.set_column(column, column, item.width)
            if item.above:
                look = self.w.styles("wrapped", font_size=9, valign="bottom")
                self.page.write_string(self.top - 1, column, item.above, look)
        for column, item in enumerate(columns):
            self.page.write_string(self.top, column, item.text, self.w.styles(item.look))

    def _rows(self, columns: list[Iterable[Cell]]) -> None:
        """Values go to the file as they come. Live formulas are asked for column by column: so factors are listed."""
        if not self.grid.live:
            rows = self.w.watched(zip(*columns, strict=True), self.grid.width)
            write_rows(self.page, self.grid.first, rows)
            return
        for column, cells in enumerate(columns):
            self.w.down(self.page, self.grid.first, column, self.w.watched(cells))

    def _totals(self, totals: list[Cell | None]) -> None:
        row = self.grid.first + self.grid.count
        if any(totals):
            text = bilingual(TEXTS["total"], self.w.language, " ")
            self.page.write_string(row, 0, text, self.w.styles("total"))
        for column, total in enumerate(totals):
            if total is not None:
                self.w.put(self.page, row, column, total)

    def _column(self, name: str) -> _Column:
        w, grid, data = self.w, self.grid, self.data
        if name == "basis of unit":
            return self._basis()
        if name == "default from":
            return self._default_sources()
        if name == "input cell":
            return self._input_cells()
        if name in grid.helpers:
            above, text = helper_heading(w, grid, name)
            return _Column(text, 20, helper_cells(w, grid, name), above)
        if name not in data.sheet.columns:
            return self._equation(w.method.equations[name])
        spec = data.sheet.columns[name]
        if spec.kind == "number":
            return _Column(heading(spec, w.language), 14, self._numbers(name))
        texts, look = w.layout.shown_labels(name, data.codes[name]), w.styles("input", num_format="@", indent=1)
        width = min(max(10, *map(text_width, set(texts))) + 3, 34)
        return _Column(heading(spec, w.language), width, ((text, look) for text in texts))

    def _basis(self) -> _Column:
        w, data, grid = self.w, self.data, self.grid
        look = w.styles("result", font_color=PALE_INK)
        texts = [w.layout.shown_label(BASIS, basis) for basis in (*data.sheet.bases, "")]  # the last for code -1
        codes = [-1] * grid.count if data.basis is None else data.basis.tolist()
        return _Column(bilingual(TEXTS["basis"], w.language), 10, ((texts[code], look) for code in codes))

    def _numbers(self, name: str) -> Iterator[Cell]:
        w, grid, data = self.w, self.grid, self.data
        values, filled = data.numbers[name], data.filled.get(name)
        assumed = data.status[name] == Status.ASSUMED
        units = data.sheet.columns[name].units
        form = number_format(values, units[""].text if "" in units else "")
        default = w.run.program.defaults.get((self.id, name))
        entered = w.styles("input", num_format=form)
        for index, value in enumerate(values.tolist()):
            if filled is None or not filled[index]:
                yield value, entered
                continue
            look = w.styles("default", num_format=form, **({"font_color": RED} if assumed[index] else {}))
            if grid.live and default is not None and default.node is not None:
                yield Live(w.formulas.text(default.node, Position(grid.title, self.id, grid, index)), value), look
            else:
                yield value, look

    def _equation(self, equation: Equation) -> _Column:
        w, grid = self.w, self.grid
        compiled = w.run.program.equations[equation.id]
        values = w.run.equation(equation.id).data.astype(np.float64)
        live, blank = grid.live and compiled.node is not None, shows_blank(w.layout, equation.id)
        shown = result_format(values, equation.unit.text)
        look = w.styles("result", num_format=shown, **({"bold": True} if live else {"italic": True}))

        def cells() -> Iterator[Cell]:
            for index, value in enumerate(values.tolist()):
                if live and compiled.node is not None:
                    place = Position(grid.title, self.id, grid, index)
                    yield Live(w.formulas.text(compiled.node, place), value, blank), look
                else:
                    yield value, look

        total: Cell | None = None
        if not blank:
            text = f"SUM({grid.range(grid.columns[equation.id], grid.title)})"
            total = Live(text, float(values.sum())), w.styles("total", num_format=result_format(values))
        head = "header_required" if live else "header"
        return _Column(w.named(equation, equation.unit), 22, cells(), w.symbolled(equation), head, total)

    def _default_sources(self) -> _Column:
        """What answered for the defaults of each row: table edition and row, or constant, and the symbols it gave."""
        w, data = self.w, self.data
        answers = [(name, *self._answers(name, filled)) for name, filled in data.filled.items()]
        key = np.zeros(self.grid.count, dtype=np.int64)
        for _, texts, codes in answers:  # rows are many, their answers few
            key = np.unique(key * len(texts) + codes, return_inverse=True)[1]
        first, places = np.unique(key, return_index=True, return_inverse=True)[1:]
        lines = []
        for row in first:
            given: dict[str, list[str]] = {}
            for name, texts, codes in answers:
                if found := texts[codes[row]]:
                    spec = data.sheet.columns[name]
                    given.setdefault(found, []).append(spec.symbol or spec.label[w.language])
            lines.append("; ".join(f"{found}: {', '.join(symbols)}" for found, symbols in given.items()))
        width, look = self._width(lines, 18, 80), w.styles("note", font_size=9, indent=1)
        cells = ((lines[place], look) for place in places.tolist())
        return _Column(bilingual(TEXTS["from"], w.language), width, cells)

    def _answers(self, name: str, filled: NDArray[np.bool_]) -> tuple[list[str], NDArray[np.int64]]:
        """The different sources of one column's defaults, and which answered in each row; the first is none."""
        clause = f"{self.w.method.id} {self.data.sheet.columns[name].default_clause}"
        texts, codes = ["", clause], filled.astype(np.int64)
        for origin in reversed(defaults(self.w.run, self.id, name)):  # the first that answers stands
            for rows in origin.alike(filled):
                if found := self._source(origin, int(rows[0])):
                    codes[rows] = len(texts)
                    texts.append(found)
        return texts, codes

    def _source(self, origin: Origin, index: int) -> str:
        source = origin.source(self.w.run, index)
        if source is None:
            return ""
        found = origin.cell(self.w.run, index)
        if found is None:
            return f"{source.table} [{source.row}]"
        table, row = found
        return f"{source.table} [{row_words(table, table.rows[row], self.w.run.library)[self.w.language]}]"

    def _input_cells(self) -> _Column:
        """Where each row was read from: the cell of its main figure, which goes across by month on a wide sheet."""
        sheet = self.data.sheet
        numbers = [name for name, item in sheet.columns.items() if item.kind == "number"]
        names = [*sheet.wide, *numbers, next(iter(sheet.columns))]
        given = np.array([*map(self._entered, names[:-1]), np.ones(self.grid.count, dtype=bool)])
        shown = [self.data.place(names[which], index) for index, which in enumerate(given.argmax(axis=0).tolist())]
        width, look = self._width(shown, 14, 40), self.w.styles("note", font_size=9, indent=1)
        return _Column(bilingual(TEXTS["input"], self.w.language), width, ((safe_text(text), look) for text in shown))

    def _entered(self, name: str) -> NDArray[np.bool_]:
        filled = self.data.filled.get(name)
        there = ~np.isnan(self.data.numbers[name])
        return there if filled is None else there & ~filled

    def _width(self, texts: Iterable[str], least: float, most: float) -> float:
        return min(max(least, *(0.95 * text_width(text) for text in texts)), most)
