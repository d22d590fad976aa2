"""A sheet of a workbook that goes to the file row by row: one row is held in memory, however many there are.

XlsxWriter's own mode of constant memory takes 8 µs a cell, most of it spent on what the cells of a column share: the
look, the letters of the column, the escaping of a text that stands in many rows. Here they are made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import inf
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.xmlwriter import XMLwriter

_LONGEST, _OFTEN = 32_767, 100  # UTF-16 units that a cell holds; characters of a text that may stand in many rows
_CUT = "…"
Value = str | float  # what stands in a cell; an empty text or a missing number leaves it blank, with its look


def streamed_sheet(book: Any, title: str) -> Any:
    """A sheet to be written from above, each row once: headings by XlsxWriter's methods, then `write_rows`."""
    book.constant_memory = True  # XlsxWriter asks it of each sheet as it is added
    page = book.add_worksheet(title)
    book.constant_memory = False
    return page


Height = Callable[[Sequence[tuple[Value, Any]]], float]  # of a row, in points


def write_rows(
    page: Any, first: int, rows: Iterable[Sequence[tuple[Value, Any]]], height: Height | None = None
) -> None:
    """Write rows of values, each with its look, below one another from row `first`, counted from 0."""
    page._write_single_row(first)  # the heading that is still held
    row, names = first, [xl_col_to_name(column) for column in range(page.dim_colmax + 1)]
    for row, cells in enumerate(rows, start=first):
        written = (_cell(f"{name}{row + 1}", *cell) for name, cell in zip(names, cells, strict=True))
        high = f' ht="{height(cells):g}" customHeight="1"' if height else ""
        page.fh.write(f'<row r="{row + 1}"{high}>{"".join(written)}</row>')
    page._check_dimensions(row, 0)
    page._write_single_row(row + 1)


def _cell(reference: str, value: Value, look: Any) -> str:
    cell = f'<c r="{reference}" s="{look._get_xf_index()}"'
    if value == "" or value != value or value in (inf, -inf):  # too large for a cell
        return f"{cell}/>"
    if isinstance(value, str):
        text = _escaped(value) if len(value) <= _OFTEN else _inline(_fitting(value))
        return f'{cell} t="inlineStr">{text}</c>'
    return f"{cell}><v>{value!r}</v></c>"


def _fitting(text: str) -> str:
    """A text as long as a cell takes; one that was cut says so at its end."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * _LONGEST:
        return text
    return units[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _inline(text: str) -> str:
    return f'<is><t xml:space="preserve">{escape(XMLwriter._escape_control_characters(text))}</t></is>'


_escaped = lru_cache(maxsize=10_000)(_inline)
