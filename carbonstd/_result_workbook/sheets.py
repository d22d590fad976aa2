"""The sheets of a result workbook that hold the calculation: inputs and row equations, blocks by key, model working,
equations and factors. Formulas are live and carry their value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from carbonstd._definitions.method import Equation
from carbonstd._findings import Language
from carbonstd._result_workbook.formula import Formulas, Position
from carbonstd._result_workbook.layout import EQUATION_COLUMN, EQUATION_TOP, LIVE_ROWS, Grid, Layout
from carbonstd._trace.explain import adds_up, formula_of, formula_text
from carbonstd._units import Unit, unit_text
from carbonstd._watch import tell
from carbonstd._wording import EVIDENCE_TEXT
from carbonstd._workbook.style import PALE_INK, Paper, Styles, bilingual, safe_text, text_width
from carbonstd.models import working_words

MOST = 8000  # characters of a formula; Excel takes 8192
TEXTS: Mapping[str, Mapping[str, str]] = {
    "rows": {
        "zh": "黄色为填报或实测值，灰色为缺省值（来源见末列）；公式为活公式，修改数值即重算。"
        "改动名称类单元格不会重新查表。",
        "en": "Yellow: entered or measured. Grey: defaults, from where the last column says. Formulas are live: change "
        "a number and all is recalculated. A changed name does not look tables up again.",
    },
    "fed": {
        "zh": "注意：以下列由模型读取，在此修改时模型结果不会重算，请改输入文件后重新运行：{columns}。",
        "en": "Mind: called models read these columns, and what they answer does not follow a change made here; "
        "change the input and run again: {columns}.",
    },
    "values": {
        "zh": f"超过 {LIVE_ROWS} 行：本表为数值，不随修改重算；请修改输入后重新运行。",
        "en": f"More than {LIVE_ROWS} rows: values, not live; change the input file and run again.",
    },
    "basis": {"zh": "计量方式", "en": "Basis"},
    "from": {"zh": "缺省值来源", "en": "Defaults from"},
    "input": {"zh": "填报位置", "en": "Read from"},
    "addend": {"zh": "求和项", "en": "Addend"},
    "weight": {"zh": "权重", "en": "Weight"},
    "total": {"zh": "合计", "en": "Total"},
    "model": {"zh": "模型 {name}，数值，非活公式", "en": "model {name}: values, not live"},
    "keys": {"zh": "按键汇总", "en": "By key"},
    "key": {"zh": "数据行", "en": "Row"},
    "working": {"zh": "模型过程（数值，非活公式）", "en": "Working of called models (values, not live)"},
    "working_note": {
        "zh": "修改输入后，这些数值不会重算；请重新运行。",
        "en": "These values are not recalculated when an input changes: run again.",
    },
    "equations": {"zh": "公式", "en": "Equations"},
    "by_row": {"zh": "逐行，见工作表", "en": "by row, on sheet"},
    "by_key": {"zh": "逐项，不相加，见工作表", "en": "by key and not added, on sheet"},
    "factors": {"zh": "采用的因子与常数", "en": "Factors and constants used"},
    "factors_note": {
        "zh": "缺省值单元格引用本表；修改此处数值即重算。",
        "en": "Cells with defaults point here; a value changed here is used at once.",
    },
    "read": {"zh": "运行中打开的表", "en": "Tables opened by the run"},
    "constant": {"zh": "方法常数", "en": "constant of the method"},
}


@dataclass(frozen=True)
class Live:
    """A live formula with the value it carries. Where that is missing it shows nothing, or #N/A if not `blank`."""

    text: str
    value: float
    blank: bool = True


Cell = tuple[str | float | Live, Any]  # what stands in a cell, and its look
_Item = TypeVar("_Item")


class Writer:
    """What the writers of sheets share: the book, its layout, formulas and looks."""

    def __init__(self, book: Any, layout: Layout, styles: Styles) -> None:
        self.book, self.layout, self.styles = book, layout, styles
        self.language: Language = layout.language
        self.run, self.method, self.result = layout.run, layout.method, layout.result
        self.formulas = Formulas(layout)
        self._written, self._cells = 0, sum(grid.count * grid.width for grid in layout.grids.values())

    def says(self, name: str, /, **values: str) -> str:
        return TEXTS[name][self.language].format(**values)

    def title(self, sheet: Any, text: str, note: str = "") -> None:
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, text, self.styles("title", valign="vcenter"))
        if note:
            sheet.write_string(1, 0, note, self.styles("note"))

    def row(self, sheet: Any, row: int, column: int, cells: Sequence[Any], look: str, **extra: Any) -> None:
        for offset, cell in enumerate(cells):
            if isinstance(cell, int | float):
                sheet.write_number(row, column + offset, cell, self.styles(look, **extra))
            else:
                sheet.write_string(row, column + offset, safe_text(str(cell)), self.styles(look, **extra))

    def page(
        self,
        sheet: Any,
        repeat: tuple[int, int] | None = None,
        frozen: tuple[int, int] | None = None,
        width: float = 0,
    ) -> None:
        """Landscape, one page wide (two where `width`, the sum of the columns, asks for it), headings repeated."""
        Paper.for_width(width).lay(sheet, frozen[1] if frozen else 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&L&8carbonstd · &F&C&8&A&R&8&P / &N")
        if repeat is not None:
            sheet.repeat_rows(*repeat)
        if frozen is not None:
            sheet.freeze_panes(*frozen)

    def formula(
        self, sheet: Any, row: int, column: int, text: str, value: float, form: Any, blank: bool = True
    ) -> None:
        """A live formula with its value; a missing value shows nothing, or #N/A where sums must not pass over it."""
        if text.startswith("IF(COUNT") or "NA()" in text:
            text = f'_xlfn.IFNA({text},"")' if blank else text
        if len(text) > MOST:
            self.value(sheet, row, column, value, form)
            return
        cached: Any = value
        if value != value:
            cached = "" if blank else "#N/A"
        elif np.isinf(value):
            cached = "#DIV/0!"
        sheet.write_formula(row, column, f"={text}", form, cached)

    def put(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        content, form = cell
        if isinstance(content, str):
            sheet.write_string(row, column, content, form)
        elif isinstance(content, Live):
            self.formula(sheet, row, column, content.text, content.value, form, content.blank)
        else:
            self.value(sheet, row, column, content, form)

    def down(self, sheet: Any, first: int, column: int, cells: Iterable[Cell]) -> None:
        """Cells of one column, below one another."""
        for row, cell in enumerate(cells, start=first):
            self.put(sheet, row, column, cell)

    def watched(self, items: Iterable[_Item], cells: int = 1) -> Iterator[_Item]:
        """Items of so many cells each; whoever watches is told how much of the rows is written."""
        for item in items:
            yield item
            self._written += cells
            tell(self._written, self._cells)

    def value(self, sheet: Any, row: int, column: int, value: float, form: Any) -> None:
        if math.isfinite(value):
            sheet.write_number(row, column, value, form)
        else:
            sheet.write_blank(row, column, None, form)

    def symbolled(self, equation: Equation) -> str:
        """`(6) ECi = ...`: number, symbol and printed formula."""
        number = f"{equation.number} " if equation.number else ""
        if equation.call:
            return f"{number}{equation.symbol or equation.id}\n{self.says('model', name=equation.call)}"
        return f"{number}{equation.symbol or equation.id} = {formula_of(self.run, equation, self.language)}"

    def named(self, equation: Equation, unit: Unit) -> str:
        below = " · ".join(filter(None, (equation.symbol, unit_text(unit, self.language))))
        return "\n".join(filter(None, (bilingual(equation.label, self.language), below)))


def helper_heading(w: Writer, grid: Grid, name: str) -> tuple[str, str]:
    helper = grid.helpers[name]
    word = TEXTS["weight" if helper.part == "weight" else "addend"]
    return formula_text(w.run, helper.node, helper.scope, w.language), bilingual(word, w.language)


def helper_cells(w: Writer, grid: Grid, name: str) -> Iterator[Cell]:
    """The cells of a helper column."""
    helper = grid.helpers[name]
    form = w.styles("result", num_format=result_format(helper.values), font_color=PALE_INK)
    for index, value in enumerate(helper.values.tolist()):
        yield Live(w.formulas.helper(grid, name, index), value, blank=False) if grid.live else value, form


def write_keys(w: Writer, page: Any) -> None:
    """Equations by month, line, gas ...: a block each, with the keys that occur."""
    w.title(page, bilingual(TEXTS["keys"], w.language, " "))
    for block in w.layout.blocks.values():
        equation = w.method.equations.get(block.equation)
        if equation is not None:
            page.write_string(
                block.first - 2, 0, w.symbolled(equation).replace("\n", " "), w.styles("subtitle", font_size=10)
            )
        for axis, column in block.keys.items():
            page.write_string(block.first - 1, column, _axis_name(w, axis), w.styles("header"))
            labels = w.layout.shown_labels(axis, block.codes[axis])
            w.down(page, block.first, column, ((label, w.styles("result")) for label in labels))
        if equation is not None:
            column = block.columns[equation.id]
            page.set_row(block.first - 1, 62)
            page.write_string(block.first - 1, column, w.named(equation, equation.unit), w.styles("header_required"))
            w.down(page, block.first, column, _block_cells(w, block, equation))
        for name in block.helpers:
            above, text = helper_heading(w, block, name)
            page.write_string(block.first - 2, 0, above, w.styles("note"))
            page.write_string(block.first - 1, block.columns[name], text, w.styles("header"))
            w.down(page, block.first, block.columns[name], helper_cells(w, block, name))
    page.set_column(0, 5, 24)
    w.page(page, frozen=(1, 0))


def _axis_name(w: Writer, axis: str) -> str:
    columns = (sheet.columns[axis] for sheet in w.method.sheets.values() if axis in sheet.columns)
    column = next(columns, None)
    return axis if column is None else bilingual(column.label, w.language)


def _block_cells(w: Writer, block: Grid, equation: Equation) -> Iterator[Cell]:
    compiled = w.run.program.equations[equation.id]
    values = w.run.equation(equation.id).data.astype(np.float64)
    live = compiled.node is not None and all(
        grid is None or grid.live
        for (scope, node), (grid, _, _) in w.layout.sums.items()
        if node.by and scope == equation.sheet and node in set(compiled.node.walk())
    )
    form = w.styles("result", num_format=result_format(values, equation.unit.text), bold=live, italic=not live)
    for index, value in enumerate(values.tolist()):
        if live and compiled.node is not None:
            place = Position(block.title, block.scope, block, index)
            yield Live(w.formulas.text(compiled.node, place), value, blank=False), form
        else:
            yield value, form


def write_working(w: Writer, page: Any) -> None:
    """What called models did, row by row, as values."""
    w.title(page, bilingual(TEXTS["working"], w.language, " "), bilingual(TEXTS["working_note"], w.language, " "))
    row = 3
    for name, working in w.run.working.items():
        if not working:
            continue
        equation, array = w.method.equations[name], w.run.equation(name)
        page.write_string(row, 0, w.symbolled(equation).replace("\n", "  "), w.styles("subtitle", font_size=11))
        columns = {key: np.atleast_1d(values) for key, values in working.items()}
        count = max(len(values) for values in columns.values())
        keys = _keys(w, array.frame.sheet, count)
        words = working_words()
        heads = [words.get(key, {}).get(w.language, key) for key in columns]
        w.row(page, row + 1, 0, [bilingual(TEXTS["key"], w.language), *heads], "header")
        result = array.data if len(array.data) == count else None
        if result is not None:
            page.write_string(row + 1, len(columns) + 1, w.named(equation, equation.unit), w.styles("header_required"))
        page.set_row(row + 1, 62)
        for index in range(count):
            at = row + 2 + index
            page.write_string(at, 0, keys[index], w.styles("result"))
            for place, values in enumerate(columns.values(), start=1):
                _plain(w, page, at, place, values[index] if index < len(values) else "")
            if result is not None:
                w.value(
                    page,
                    at,
                    len(columns) + 1,
                    float(result[index]),
                    w.styles("result", num_format="#,##0.00####", bold=True),
                )
        row += count + 4
    page.set_column(0, 0, 36)
    page.set_column(1, 30, 15)
    w.page(page, frozen=(3, 1))


def _keys(w: Writer, sheet: str | None, count: int) -> list[str]:
    if not sheet or w.run.ledger[sheet].rows != count:
        return [str(index + 1) for index in range(count)]
    data = w.run.ledger[sheet]
    names = [name for name in data.sheet.axes if name != data.sheet.source_column]
    columns = [w.layout.shown_labels(name, data.codes[name]) for name in names]
    return [" / ".join(filter(None, parts)) for parts in zip(*columns, strict=True)] or [""] * count


def _plain(w: Writer, page: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        w.value(page, row, column, float(value), w.styles("result", num_format="#,##0.00####"))
    else:
        page.write_string(row, column, safe_text(str(value)), w.styles("result"))


EQUATION_HEADS = (
    {"zh": "编号", "en": "Number"},
    {"zh": "符号", "en": "Symbol"},
    {"zh": "名称", "en": "Name"},
    {"zh": "公式", "en": "Formula"},
    {"zh": "数值", "en": "Value"},
    {"zh": "单位", "en": "Unit"},
    {"zh": "条款", "en": "Clause"},
    {"zh": "依据", "en": "Evidence"},
    {"zh": "标识", "en": "Id"},
    {"zh": "按原文", "en": "As printed"},
    {"zh": "说明", "en": "Note"},
)


def write_equations(w: Writer, page: Any) -> None:
    """Every equation; scalars are computed here, the others stand where the row says."""
    w.title(page, bilingual(TEXTS["equations"], w.language, " "), f"{w.method.document.number}  {w.method.id}")
    widths = (10, 9, 34, 58, 18, 10, 16, 12, 30, 30, 30)
    for column, (head, width) in enumerate(zip(EQUATION_HEADS, widths, strict=True)):
        page.write_string(EQUATION_TOP - 1, column, bilingual(head, w.language), w.styles("header"))
        page.set_column(column, column, width)
    page.set_row(EQUATION_TOP - 1, 32)
    for name, equation in w.method.equations.items():
        row = w.layout.scalars[name]
        text = formula_of(w.run, equation, w.language)
        label, clause = bilingual(equation.label, w.language), equation.clause
        note = bilingual(equation.note, w.language)
        evidence = EVIDENCE_TEXT[equation.evidence][w.language]
        w.row(page, row, 0, (equation.number, equation.symbol, label, text), "result", text_wrap=True, valign="vcenter")
        rest = (unit_text(equation.unit, w.language), clause, evidence, name, equation.as_printed, note)
        w.row(page, row, EQUATION_COLUMN + 1, rest, "result", text_wrap=True, valign="vcenter", indent=1)
        _equation_value(w, page, row, equation)
        cells = zip((label, text, equation.as_printed, note), (34, 58, 30, 30), strict=True)
        page.set_row(row, 14 * max(lines_of(cell, width) for cell, width in cells) + 4)
    w.page(page, (EQUATION_TOP - 1, EQUATION_TOP - 1), (EQUATION_TOP, 2), sum(widths))


def _equation_value(w: Writer, page: Any, row: int, equation: Equation) -> None:
    array, compiled = w.run.equation(equation.id), w.run.program.equations[equation.id]
    values = array.data.astype(np.float64)
    grid = w.layout.grid_of(equation.id, array)
    apart = bool(array.frame.axes) and len(values) > 1 and not adds_up(w.method, equation)  # rates make no sum
    if array.frame.sheet or apart:
        where = f"{TEXTS['by_key' if apart else 'by_row'][w.language]} {grid.title}" if grid is not None else "—"
        page.write_string(
            row, EQUATION_COLUMN, where, w.styles("result", text_wrap=True, valign="vcenter", font_color=PALE_INK)
        )
        return
    form = w.styles("total", num_format=result_format(values, equation.unit.text), valign="vcenter")
    if array.frame.axes:
        text = w.layout.total(equation.id, page.name)
        w.formula(page, row, EQUATION_COLUMN, text, float(values.sum()), form, blank=False)
    elif compiled.node is None:
        w.value(
            page,
            row,
            EQUATION_COLUMN,
            float(values.sum()),
            w.styles("result", num_format=result_format(values), italic=True),
        )
    else:
        text = w.formulas.text(compiled.node, Position(page.name, equation.sheet))
        w.formula(page, row, EQUATION_COLUMN, text, float(values.sum()), form, blank=False)


def number_format(values: np.ndarray[Any, Any], unit: str = "") -> str:
    """Thousands apart and as many decimals as the figures need, at most six; years of the calendar are not parted."""
    present = values[np.isfinite(values)]
    digits = [len(text.partition(".")[2].rstrip("0")) for value in present[:500] if (text := f"{value:.6f}")]
    decimals = max(digits, default=0)
    whole = "0" if unit == "a" and _calendar(present) else "#,##0"
    return whole + ("." + "0" * max(decimals, 2) if decimals else "")


def result_format(values: np.ndarray[Any, Any], unit: str = "") -> str:
    """Two decimals; more where the figures are small; years of the calendar as they are written."""
    present = values[np.isfinite(values)]
    if unit == "a" and _calendar(present):
        return "0" if (present == np.rint(present)).all() else "0.00"
    largest = float(np.nanmax(np.abs(values), initial=0)) if len(values) else 0.0
    return "#,##0.00" if largest >= 1 or largest == 0 else "#,##0.000000"


def _calendar(values: np.ndarray[Any, Any]) -> bool:
    """Whether figures in years name years, and are no durations."""
    return len(values) > 0 and bool(((values > 1800) & (values < 2200)).all())


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes when wrapped at a column's width."""
    return sum(max(1, int(-(-text_width(line) // (width - 1)))) for line in text.split("\n"))
