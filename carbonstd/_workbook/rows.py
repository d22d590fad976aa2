"""A table of records on a sheet of a workbook: headings, widths, a filter, paper; figures as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Language
from carbonstd._workbook.style import Paper, Styles, bilingual, line_count, safe_text, text_width

_WIDEST = 60


def write_rows(
    page: Any,
    styles: Styles,
    language: Language,
    heads: Sequence[Bilingual],
    rows: Sequence[Sequence[Any]],
    bad: Sequence[bool],
    judged: Bilingual,
) -> None:
    """Write a table to read and filter; in rows that are `bad` the cells of the column `judged` stand out."""
    page.set_row(0, 32)
    widths: list[float] = []
    for column, head in enumerate(heads):
        text = bilingual(head, language)
        held = [
            f"{float(value):.10g}" if isinstance(value, Fraction) else str(value or "") for value in _nth(rows, column)
        ]
        wide = min(max(map(text_width, (*text.split("\n"), *held))) + 2, _WIDEST)
        page.write_string(0, column, text, styles("header"))
        page.set_column(column, column, wide)
        widths.append(wide)
    for line, (row, failed) in enumerate(zip(rows, bad, strict=True), 1):
        page.set_row(line, 14 * max(map(_lines, row, widths)) + 2)
        for column, value in enumerate(row):
            look = "error" if failed and heads[column] == judged else "result"
            if isinstance(value, Fraction):
                page.write_number(line, column, float(value), styles(look, num_format="#,##0.######", valign="top"))
            elif isinstance(value, int):
                page.write_number(line, column, value, styles(look, valign="top"))
            elif value:
                page.write_string(line, column, safe_text(value), styles(look, text_wrap=True, valign="top"))
            else:
                page.write_blank(line, column, None, styles(look))
    page.freeze_panes(1, 1)
    if rows:
        page.autofilter(0, 0, len(rows), len(heads) - 1)
    page.repeat_rows(0)
    Paper.for_width(sum(widths)).lay(page, 1)


def _lines(value: Any, width: float) -> int:
    return line_count(value, width) if isinstance(value, str) else 1


def _nth(rows: Sequence[Sequence[Any]], column: int) -> Iterator[Any]:
    return (row[column] for row in rows)
