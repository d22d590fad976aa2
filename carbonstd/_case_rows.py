"""Rows of a sheet taken apart and put together: those of one object, and rows handed over beside what is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._case import RawSheet
from carbonstd._cells import as_text, blank
from carbonstd._findings import Finding, finding
from carbonstd._handover_rows import HandedRows
from carbonstd._joint import TELLING
from carbonstd._method import Sheet
from carbonstd._workbook_layout import folded

_LISTED = 8  # names in one finding


@dataclass(frozen=True)
class _Kept:
    """Where a cell of a row that was kept stands."""

    place: Callable[[str, int], str]
    rows: Sequence[int]

    def __call__(self, column: str, row: int) -> str:
        return self.place(column, self.rows[row])


@dataclass(frozen=True)
class _Joined:
    """Where a cell of a handed row stands: typed in the one row there is, else in the ledger's row."""

    typed: Callable[[str, int], str]
    columns: frozenset[str]
    places: Sequence[str]

    def __call__(self, column: str, row: int) -> str:
        return self.typed(column, 0) if column in self.columns else self.places[row]


def rows_of_object(raw: RawSheet, sheet: Sheet, name: Any, alone: bool) -> tuple[RawSheet, list[Finding]]:
    """The rows that say they belong to the object of that name; all of them where none says so and it is `alone`."""
    telling = [column for column in TELLING if column in raw.columns and column not in sheet.columns]
    told = [
        {folded(as_text(cells[row])) for column in telling if not blank((cells := raw.columns[column])[row])}
        for row in range(raw.rows)
    ]
    if not raw.rows or (alone and not any(told)):
        return raw, []
    untold = [row for row, names in enumerate(told) if not names]
    kept = [row for row, names in enumerate(told) if folded(as_text(name)) in names]
    findings = [
        finding("joint-row-untold", raw.place(next(iter(raw.columns)), row), sheet=sheet.label) for row in untold
    ]
    if not kept and not untold:
        seen = dict.fromkeys(as_text(raw.columns[telling[0]][row]) for row in range(raw.rows))
        found = ", ".join(list(seen)[:_LISTED])
        findings.append(finding("joint-no-rows", sheet.id, name=as_text(name), found=found))
    columns = {column: [cells[row] for row in kept] for column, cells in raw.columns.items()}
    return RawSheet(columns, _Kept(raw.place, kept)), findings


def with_rows(typed: RawSheet, handed: HandedRows) -> RawSheet:
    """Rows handed over, each with what is typed in the one row there is."""
    given = {column: cells[0] for column, cells in typed.columns.items() if len(cells) and not blank(cells[0])}
    columns: dict[str, Sequence[Any]] = {**handed.columns}
    columns |= {column: [cell] * len(handed.places) for column, cell in given.items()}
    return RawSheet(columns, _Joined(typed.place, frozenset(given), handed.places))
