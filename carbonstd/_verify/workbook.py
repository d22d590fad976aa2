"""The record of a verification as a workbook: a sheet for each section, open only where a person fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from carbonstd._findings import Language
from carbonstd._paper.paper import Cell, Column, Facts, Figure, Paragraph, Row, Section, Table
from carbonstd._verify.record import Verification
from carbonstd._verify.sections import sections
from carbonstd._verify.words import TEXTS
from carbonstd._workbook.layout import MARK, RECORD, VERSION
from carbonstd._workbook.style import (
    AMBER,
    PALE_INK,
    RED,
    Paper,
    Styles,
    bilingual,
    line_count,
    new_workbook,
    safe_text,
    sheet_title,
)

_TOP = 1  # below the hidden row that marks the sheet as one of ours
_LABEL = 24  # characters a fact's label needs
_MOST = 32_000  # characters; a cell holds 32,767
_CHOICES = 255  # characters of a list to choose from
_LINE = 14.5
_OPEN = {
    "autofilter": True, "sort": True, "insert_rows": True, "format_rows": True, "format_columns": True,
    "format_cells": True,
}  # fmt: skip
_TONES: Mapping[str, Mapping[str, Any]] = {
    "error": {"font_color": RED},
    "warning": {"font_color": AMBER},
    "quiet": {"font_color": PALE_INK},
}


def write_workbook(verification: Verification, path: Path, language: Language) -> None:
    """Write the workbook. Raises CaseError where the file cannot be replaced; the old one is then kept."""
    with new_workbook(path, verification.case.as_of, TEXTS["title"][language]) as book:
        styles, titles = Styles(book), set[str]()
        for section in sections(verification, language):
            page = book.add_worksheet(sheet_title(bilingual(section.heading, language, " "), titles))
            page.write_row(0, 0, [MARK, VERSION, RECORD, verification.method.id, section.name])
            page.set_row(0, None, None, {"hidden": True})
            _Sheet(page, styles, section, language).write()


class _Sheet:
    """One section on its sheet; tables that follow one another share its columns and, where alike, their heading."""

    def __init__(self, page: Any, styles: Styles, section: Section, language: Language) -> None:
        self.page, self.styles, self.section, self.language = page, styles, section, language
        self.tables = [block for block in section.blocks if isinstance(block, Table)]
        self.widths = _widths(self.tables)
        self.row = _TOP

    def write(self) -> None:
        page = self.page
        page.hide_gridlines(2)
        hidden = {at for table in self.tables for at, column in enumerate(table.columns) if column.hidden}
        for at, width in enumerate(self.widths):
            page.set_column(at, at, width, None, {"hidden": at in hidden})
        title = f"{TEXTS['title'][self.language]} · {bilingual(self.section.heading, self.language, '  ')}"
        self._across(title, "title", 26)
        above: Table | None = None
        for block in self.section.blocks:
            if isinstance(block, Table):
                self._table(block, headed=above is not None and above.columns == block.columns)
            elif isinstance(block, Facts):
                self._facts(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block)
            above = block if isinstance(block, Table) else None
        page.protect("", _OPEN)
        page.set_footer("&L&8carbonstd&R&8&P / &N")
        Paper.for_width(sum(width for at, width in enumerate(self.widths) if at not in hidden)).lay(page)

    def _across(self, text: str, look: str, height: float = 0, **extra: Any) -> None:
        """A text over the whole width."""
        form = self.styles(look, **extra)
        self.page.merge_range(self.row, 0, self.row, len(self.widths) - 1, safe_text(text), form)
        self.page.set_row(self.row, height or _height([(text, sum(self.widths))]))
        self.row += 1

    def _paragraph(self, block: Paragraph) -> None:
        self.row += 1
        self._across(block.text, "subtitle" if block.look == "head" else "wrapped")

    def _facts(self, block: Facts) -> None:
        """Labels over as many columns as they need, what is said of them over the others."""
        self.row += 1 if self.row == _TOP + 1 or len(block.items) > 1 else 0
        split = next(at for at in range(1, len(self.widths)) if sum(self.widths[:at]) >= _LABEL)
        last, width = len(self.widths) - 1, sum(self.widths[split:])
        for item in block.items:
            label = bilingual(item.label, self.language)
            self._merged(0, split - 1, label, self.styles("label"))
            valign = "top" if item.fill else "vcenter"
            look = self.styles("input" if item.fill else "result", text_wrap=True, valign=valign, locked=not item.fill)
            self._merged(split, last, item.text, look)
            held = [(label, sum(self.widths[:split])), (item.text, width)]
            self.page.set_row(self.row, max(_height(held), 2 * _LINE * item.lines if item.fill else 0))
            self.row += 1

    def _merged(self, first: int, last: int, text: str, form: Any) -> None:
        if first == last:
            self.page.write_string(self.row, first, safe_text(text), form)
        else:
            self.page.merge_range(self.row, first, self.row, last, safe_text(text), form)

    def _table(self, table: Table, headed: bool) -> None:
        """Caption, heading unless that of the table above holds, rows, and the rows left for a person."""
        page, last = self.page, len(table.columns) - 1
        if not headed:
            self.row += 1
            self._heads(table)
        if table.caption:
            page.merge_range(self.row, 0, self.row, last, safe_text(table.caption), self.styles("label"))
            self.row += 1
        top = self.row
        for row in table.rows:
            self._row(table.columns, row, 2 if table.tall else 1)
        for _ in range(table.blank):
            for at in range(last + 1):
                page.write_blank(self.row, at, None, self._look("input", locked=False))
            page.set_row(self.row, 2 * _LINE)
            self.row += 1
        self._choices(table, top)

    def _heads(self, table: Table) -> None:
        heads = [bilingual(column.head, self.language) for column in table.columns]
        for at, head in enumerate(heads):
            self.page.write_string(self.row, at, head, self.styles("header"))
        self.page.set_row(self.row, _height(list(zip(heads, self.widths, strict=False))))
        self.row += 1
        if table is self.tables[0] and all(other.columns == table.columns for other in self.tables):
            self.page.freeze_panes(self.row, 1)
            self.page.repeat_rows(self.row - 1)

    def _row(self, columns: Sequence[Column], row: Row, least: int) -> None:
        for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            self._cell(at, column, cell, row.tone)
        texts = [cell if isinstance(cell, str) else "" for cell in row.cells]
        shown = [
            (text, width) for text, width, column in zip(texts, self.widths, columns, strict=False) if not column.hidden
        ]
        self.page.set_row(self.row, max(_height(shown), least * _LINE))
        self.row += 1

    def _cell(self, at: int, column: Column, cell: Cell, tone: str) -> None:
        if column.fill:
            form = self._look("input", locked=False)
        else:
            form = self._look("result", align="right" if column.number else "left", **_TONES.get(tone, {}))
        if isinstance(cell, Figure):
            form = self._look("result", num_format=cell.number_format, **_TONES.get(tone, {}))
            self.page.write_number(self.row, at, cell.value, form)
        elif cell:
            self.page.write_string(self.row, at, safe_text(cell[:_MOST]), form)
        else:
            self.page.write_blank(self.row, at, None, form)

    def _choices(self, table: Table, top: int) -> None:
        """What may be chosen, in the cells that are open; a list too long for a workbook is left to typing."""
        for at, column in enumerate(table.columns):
            first = top if column.fill else self.row - table.blank
            fits = len(",".join(column.options)) <= _CHOICES and not any("," in option for option in column.options)
            if column.options and fits and first < self.row:
                rule = {"validate": "list", "source": list(column.options), "error_type": "information"}
                self.page.data_validation(first, at, self.row - 1, at, rule)

    def _look(self, look: str, **extra: Any) -> Any:
        return self.styles(look, text_wrap=True, valign="top", **extra)


def _widths(tables: Sequence[Table]) -> list[float]:
    """The columns of a sheet: at each place the widest of its tables; of a sheet without tables, two."""
    columns = [table.columns for table in tables] or [()]
    most = max(map(len, columns))
    widths = [max(held[at].width for held in columns if at < len(held)) for at in range(most)]
    return [float(width) for width in widths] or [30.0, 90.0]


def _height(cells: Sequence[tuple[str, float]]) -> float:
    """The height of a row, in points, that shows its texts in columns of those widths."""
    return _LINE * max((line_count(text, width) for text, width in cells), default=1) + 3
