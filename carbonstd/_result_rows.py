"""The sheets of a result workbook with the input rows: what was typed, defaults, row equations, what sums add up."""

from __future__ import annotations

from typing import Any

import numpy as np

from carbonstd._ledger import Status
from carbonstd._method import Equation
from carbonstd._origin import Origin, defaults
from carbonstd._result_formula import Position, shows_blank
from carbonstd._result_models import read_by_models
from carbonstd._result_sheets import TEXTS, Writer, helper_heading, lines_of, number_format, result_format, write_helper
from carbonstd._row_words import row_words
from carbonstd._shape import BASIS
from carbonstd._workbook_style import PALE_INK, RED, bilingual, heading, safe_text, text_width


class RowSheet:
    """One sheet of the ledger: labels, numbers, defaults as references to factors, row equations, helper columns."""

    def __init__(self, writer: Writer, sheet: str, page: Any) -> None:
        self.w, self.id, self.page = writer, sheet, page
        self.grid, self.data = writer.layout.grids[sheet], writer.run.ledger[sheet]
        self.top = self.grid.first - 1
        self.lines, self.lines_above, self.width = 2, 1, 0.0

    def write(self) -> None:
        w, grid = self.w, self.grid
        w.title(self.page, bilingual(self.data.sheet.label, w.language, " "), self._note())
        for name, column in grid.columns.items():
            self._column(name, column)
        self.page.set_row(self.top - 1, 14 * self.lines_above + 4)
        self.page.set_row(self.top, 15 * self.lines + 4)
        labels = len([name for name in grid.keys if grid.keys[name] < 2])
        w.page(self.page, (self.top, self.top), (grid.first, max(labels, 1)), self.width)
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

    def _head(self, column: int, text: str, width: float, above: str = "", look: str = "header") -> None:
        w = self.w
        self.page.set_column(column, column, width)
        self.width += width
        self.lines = max(self.lines, lines_of(text, width))
        self.page.write_string(self.top, column, text, w.styles(look))
        if above:
            self.lines_above = max(self.lines_above, lines_of(above, width))
            self.page.write_string(self.top - 1, column, above, w.styles("wrapped", font_size=9, valign="bottom"))

    def _column(self, name: str, column: int) -> None:
        w, grid, data = self.w, self.grid, self.data
        if name == "basis of unit":
            self._basis(column)
        elif name == "default from":
            self._default_sources(column)
        elif name == "input cell":
            self._input_cells(column)
        elif name in grid.helpers:
            self._helper(name, column)
        elif name in data.sheet.columns:
            spec = data.sheet.columns[name]
            if spec.kind == "number":
                self._head(column, heading(spec, w.language), 14)
                self._numbers(name, column)
            else:
                texts = w.layout.shown_labels(name, data.codes[name])
                self._head(column, heading(spec, w.language), min(max(10, *map(text_width, texts)) + 3, 34))
                for index, text in enumerate(texts):
                    self.page.write_string(
                        grid.first + index, column, text, w.styles("input", num_format="@", indent=1)
                    )
        else:
            self._equation(w.method.equations[name], column)

    def _basis(self, column: int) -> None:
        w, grid, data = self.w, self.grid, self.data
        self._head(column, bilingual(TEXTS["basis"], w.language), 10)
        for index in range(grid.count):
            code = -1 if data.basis is None else int(data.basis[index])
            basis = data.sheet.bases[code] if code >= 0 else ""
            text = w.layout.shown_label(BASIS, basis)
            self.page.write_string(grid.first + index, column, text, w.styles("result", font_color=PALE_INK))

    def _numbers(self, name: str, column: int) -> None:
        w, grid, data = self.w, self.grid, self.data
        values, filled = data.numbers[name], data.filled.get(name)
        assumed = data.status[name] == Status.ASSUMED
        units = data.sheet.columns[name].units
        form = number_format(values, units[""].text if "" in units else "")
        default = w.run.program.defaults.get((self.id, name))
        for index, value in enumerate(values):
            row = grid.first + index
            if filled is not None and filled[index]:
                extra = {"font_color": RED} if assumed[index] else {}
                look = w.styles("default", num_format=form, **extra)
                if grid.live and default is not None and default.node is not None:
                    place = Position(grid.title, self.id, grid, index)
                    w.formula(self.page, row, column, w.formulas.text(default.node, place), value, look)
                else:
                    w.value(self.page, row, column, value, look)
            else:
                w.value(self.page, row, column, value, w.styles("input", num_format=form))

    def _equation(self, equation: Equation, column: int) -> None:
        w, grid = self.w, self.grid
        compiled = w.run.program.equations[equation.id]
        values = w.run.equation(equation.id).data.astype(np.float64)
        live = grid.live and compiled.node is not None
        above = w.symbolled(equation)
        self._head(column, w.named(equation, equation.unit), 22, above, "header_required" if live else "header")
        shown = result_format(values, equation.unit.text)
        form = w.styles("result", num_format=shown, bold=True)
        blank = shows_blank(w.layout, equation.id)
        for index, value in enumerate(values):
            row = grid.first + index
            if live and compiled.node is not None:
                place = Position(grid.title, self.id, grid, index)
                w.formula(self.page, row, column, w.formulas.text(compiled.node, place), value, form, blank)
            else:
                w.value(self.page, row, column, value, w.styles("result", num_format=shown, italic=True))
        if not blank:
            row = grid.first + grid.count
            total = w.styles("total", num_format=result_format(values))
            text = f"SUM({grid.range(column, grid.title)})"
            w.formula(self.page, row, column, text, float(values.sum()), total)
            self.page.write_string(row, 0, bilingual(TEXTS["total"], w.language, " "), w.styles("total"))

    def _helper(self, name: str, column: int) -> None:
        above, head = helper_heading(self.w, self.grid, name)
        self._head(column, head, 20, above)
        write_helper(self.w, self.page, self.grid, name)

    def _default_sources(self, column: int) -> None:
        """What answered for the defaults of each row: table edition and row, or constant, and the symbols it gave."""
        w, grid, data = self.w, self.grid, self.data
        given: list[dict[str, list[str]]] = [{} for _ in range(grid.count)]
        for name, filled in data.filled.items():
            spec, origins = data.sheet.columns[name], defaults(w.run, self.id, name)
            for index in map(int, np.flatnonzero(filled)):
                own = f"{w.method.id} {spec.default_clause}"
                found = next((text for item in origins if (text := self._source(item, index))), own)
                given[index].setdefault(found, []).append(spec.symbol or spec.label[w.language])
        lines = ["; ".join(f"{found}: {', '.join(symbols)}" for found, symbols in row.items()) for row in given]
        width = min(max(18, *(0.95 * text_width(line) for line in lines)), 80)
        self._head(column, bilingual(TEXTS["from"], w.language), width)
        for index, line in enumerate(lines):
            self.page.write_string(grid.first + index, column, line, w.styles("note", font_size=9, indent=1))

    def _input_cells(self, column: int) -> None:
        """Where each row was read from: the cell of its main figure, which goes across by month on a wide sheet."""
        sheet = self.data.sheet
        numbers = [name for name, item in sheet.columns.items() if item.kind == "number"]
        shown = []
        for index in range(self.grid.count):
            given = (name for name in (*sheet.wide, *numbers) if self._entered(name, index))
            shown.append(self.data.place(next(given, next(iter(sheet.columns))), index))
        width = min(max(14.0, *(0.95 * text_width(text) for text in shown)), 40)
        self._head(column, bilingual(TEXTS["input"], self.w.language), width)
        for index, text in enumerate(shown):
            look = self.w.styles("note", font_size=9, indent=1)
            self.page.write_string(self.grid.first + index, column, safe_text(text), look)

    def _entered(self, name: str, index: int) -> bool:
        filled = self.data.filled.get(name)
        return not np.isnan(self.data.numbers[name][index]) and not (filled is not None and filled[index])

    def _source(self, origin: Origin, index: int) -> str:
        source = origin.source(self.w.run, index) if origin.mask[index] else None
        if source is None:
            return ""
        found = origin.cell(self.w.run, index)
        if found is None:
            return f"{source.table} [{source.row}]"
        table, row = found
        return f"{source.table} [{row_words(table, table.rows[row], self.w.run.library)[self.w.language]}]"
