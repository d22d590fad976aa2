"""The lock a result workbook carries on a hidden sheet, and what somebody changed on the visible sheet of factors.

Column A holds the lock as JSON in pieces a cell can hold; column B the factors as they were written, so that a changed
one can be told when the result is run again: a re-run takes the lock's figures, not the visible ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from carbonstd._errors import LockError
from carbonstd._findings import Finding, finding
from carbonstd._result.lock import check_lock
from carbonstd._result_workbook.layout import FACTOR_COLUMN, Layout

LOCK_SHEET, LOCK_MARK, LOCK_CHUNK = "carbonstd-lock", "carbonstd lock", 30_000


def write_lock(book: Any, lock: dict[str, Any], layout: Layout) -> None:
    """The hidden sheet, written after all factors have their place."""
    page = book.add_worksheet(LOCK_SHEET)
    page.hide()
    page.write_string(0, 0, LOCK_MARK)
    texts = (json.dumps(lock, ensure_ascii=True, sort_keys=True), json.dumps(_factors(layout)))
    for column, text in enumerate(texts):
        for index in range(0, len(text), LOCK_CHUNK):
            page.write_string(1 + index // LOCK_CHUNK, column, text[index : index + LOCK_CHUNK])


def read_lock_from_workbook(path: Path) -> dict[str, Any]:
    """The lock a result workbook carries, checked. Raises LockError where there is none or it was altered."""
    with _opened(path) as book:
        if LOCK_SHEET not in book.sheetnames:
            raise LockError(findings=[finding("lock-incomplete", str(path))])
        mark, *pieces = _column(book, 1)
    try:
        if mark != LOCK_MARK:
            raise ValueError(LOCK_MARK)
        lock = json.loads("".join(pieces))
    except ValueError:
        raise LockError(findings=[finding("lock-altered", str(path))]) from None
    return check_lock(lock)


def edited_factors(path: Path) -> list[Finding]:
    """The factors on the visible sheet that are no longer what was written."""
    with _opened(path) as book:
        try:
            written = json.loads("".join(_column(book, 2)))
            page = book[written["sheet"]]
        except (KeyError, TypeError, ValueError):
            return []  # the sheet was removed or renamed
        column = FACTOR_COLUMN + 1
        cells = page.iter_rows(min_col=column, max_col=column)
        held = {str(cell.row): cell for (cell,) in cells if cell.value is not None}
        return [
            finding(
                "lock-factor-edited",
                f"{page.title}!{held[row].coordinate}" if row in held else page.title,
                found=held[row].value if row in held else "—",
                expected=value,
            )
            for row, value in written["values"].items()
            if row not in held or held[row].value != value
        ]


def _factors(layout: Layout) -> dict[str, Any]:
    """The title of the factor sheet and the number in each of its rows, counted from 1."""
    values = {}
    for cell, row in layout.factors.items():
        if cell.constant:
            value = layout.method.constants[cell.constant].value
        elif cell.table is not None:
            found = cell.table.cell(cell.row, cell.column, cell.label).value
            if found is None:
                continue
            value = found
        values[str(row + 1)] = float(value)
    return {"sheet": layout.titles["factors"], "values": values}


def _column(book: Any, column: int) -> list[str]:
    rows = book[LOCK_SHEET].iter_rows(min_col=column, max_col=column, values_only=True)
    return [str(row[0] or "") for row in rows]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        yield book
    finally:
        book.close()
