"""Cells as they were typed: what is blank, what a text says, which month is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._document import Period


def blank(cell: Any) -> bool:
    return (
        cell is None
        or (isinstance(cell, float) and cell != cell)
        or (isinstance(cell, str) and not cell.strip())
        or cell is getattr(np, "nan", None)
        or str(cell) in ("<NA>", "NaT")
    )


def as_text(cell: Any) -> str:
    """What a cell says; 1.0, as a DataFrame gives a column of numbers with gaps, says 1."""
    if blank(cell):
        return ""
    whole = isinstance(cell, float) and cell.is_integer()
    return unicodedata.normalize("NFKC", str(int(cell) if whole else cell)).strip()


def month_of(cell: Any, period: Period) -> str | None:
    """`2025-01`, a date, `1`, `1月` or `2025年1月`; the month of the case's year where no year is typed."""
    if isinstance(cell, date | datetime):
        return f"{cell.year}-{cell.month:02d}"
    text = as_text(cell).removesuffix(".0")
    bare = re.fullmatch(r"(\d{1,2})月?", text)
    if bare and period.start.year == period.end.year:
        return f"{period.start.year}-{int(bare[1]):02d}" if 1 <= int(bare[1]) <= 12 else None
    if re.fullmatch(r"\d{4}", text):
        return None
    found = Period.parse(text.replace(" 00:00:00", ""))
    return found.months()[0] if found and len(found.months()) == 1 else None


class BlankColumn(Sequence[None]):
    """A column that the sheet does not have: blank in every row, and not one cell to read."""

    dtype = np.dtype(np.float64)
    categories: tuple[str, ...] = ()

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.codes = np.full(rows, -1, dtype=np.int64)

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, index: Any) -> Any:
        return None

    def to_numpy(self, dtype: Any, na_value: float) -> NDArray[np.float64]:
        return np.full(self.rows, na_value, dtype=dtype)


def distinct(cells: Sequence[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """The different cells of a label column, and which of them stands in each row. Categories need no reading."""
    codes = getattr(cells, "codes", None)
    if codes is not None:
        different = [*cells.categories, None]  # type: ignore[attr-defined]
        places = np.asarray(codes, dtype=np.int64)
        return different, np.where(places < 0, len(different) - 1, places)
    known: dict[Any, int] = {None: 0}
    keys = (cell if isinstance(cell, str) else _key(cell) for cell in cells)
    places = np.fromiter((known.setdefault(key, len(known)) for key in keys), dtype=np.int64, count=len(cells))
    return list(known), places


def _key(cell: Any) -> Any:
    """What a cell is told apart by: itself if it is a number or a date, else its text."""
    if blank(cell):
        return None
    return cell if isinstance(cell, int | date) else as_text(cell) if isinstance(cell, float) else str(cell)
