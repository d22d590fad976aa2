"""Rows of a sheet taken apart and put together: those of one object, and rows handed over beside what is typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._case.case import RawSheet
from carbonstd._case.cells import as_text, blank
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Sheet
from carbonstd._findings import Finding, finding, unique
from carbonstd._handover.rows import HandedRows
from carbonstd._joint.joint import TELLING
from carbonstd._workbook.layout import folded

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
    """Where a cell of a handed row stands: in the typed row whose labels it takes, else in the ledger; else nowhere."""

    sheet: str
    typed: Callable[[str, int], str]
    rows: Sequence[tuple[int | None, frozenset[str]]]  # of each row, the typed one and its columns
    places: Sequence[Mapping[str, str]]

    def __call__(self, column: str, row: int) -> str:
        typed, columns = self.rows[row]
        if typed is not None and column in columns:
            return self.typed(column, typed)
        return self.places[row].get(column, self.sheet)


def rows_of_object(
    raw: RawSheet, sheet: Sheet, name: Any, objects: Collection[str], alone: bool
) -> tuple[RawSheet, list[Finding]]:
    """The rows that say they belong to the object of that name; all of them where none says so and it is `alone`.

    Rows that belong to none of the `objects` judged in the workbook count for none, which is told.
    """
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
    judged = {folded(item) for item in objects}
    strangers = [row for row, names in enumerate(told) if names and not names & judged]
    if strangers and kept:
        values = {"found": _seen(raw, telling[0], strangers), "count": len(strangers), "objects": ", ".join(objects)}
        findings.append(finding("joint-row-other", raw.place(telling[0], strangers[0]), **values))
    if not kept and not untold:
        found = _seen(raw, telling[0], range(raw.rows))
        findings.append(finding("joint-no-rows", sheet.id, name=as_text(name), found=found))
    columns = {column: [cells[row] for row in kept] for column, cells in raw.columns.items()}
    return RawSheet(columns, _Kept(raw.place, kept)), findings


def _seen(raw: RawSheet, column: str, rows: Iterable[int]) -> str:
    """The first different names in a column."""
    seen = dict.fromkeys(as_text(raw.columns[column][row]) for row in rows)
    return ", ".join(list(seen)[:_LISTED])


def with_rows(typed: RawSheet, handed: HandedRows, sheet: Sheet, library: Library) -> tuple[RawSheet, list[Finding]]:
    """Rows handed over, each with the labels of the typed row that agrees with what the ledger says of it.

    A typed row says nothing of what the ledger knows but which of its rows are meant: it never changes them.
    """
    own = [labels_of(typed, row) for row in range(typed.rows)]
    known = [name for name in handed.columns if name in sheet.columns and sheet.columns[name].kind != "number"]
    taken: list[tuple[int | None, frozenset[str]]] = []
    findings: list[Finding] = []
    for row in range(len(handed.places)):
        said = {name: handed.columns[name][row] for name in known}
        fitting = [index for index, labels in enumerate(own) if agree(labels, said, sheet, library)]
        if len(fitting) > 1:
            place, first = (typed.place(next(iter(own[index])), index) for index in (fitting[1], fitting[0]))
            findings.append(finding("handed-rows-alike", place, first=first))
        index = fitting[0] if fitting else None
        taken.append((index, frozenset(own[index].keys() - set(known)) if index is not None else frozenset()))
    used = {index for index, _ in taken}
    idle = [index for index, labels in enumerate(own) if labels and index not in used]
    findings += [finding("handed-row-idle", typed.place(next(iter(own[index])), index)) for index in idle]
    columns = dict(handed.columns)
    for name in known:  # what the ledger leaves blank, such as a month
        cells = zip(handed.columns[name], taken, strict=True)
        columns[name] = [
            own[index].get(name) if index is not None and blank(cell) else cell for cell, (index, _) in cells
        ]
    for name in dict.fromkeys(column for labels in own for column in labels if column not in known):
        columns[name] = [own[index].get(name) if index is not None else None for index, _ in taken]
    return RawSheet(columns, _Joined(sheet.id, typed.place, taken, handed.places)), unique(findings)


def labels_of(raw: RawSheet, row: int) -> dict[str, Any]:
    """What a row says."""
    return {name: cells[row] for name, cells in raw.columns.items() if not blank(cells[row])}


def agree(labels: Mapping[str, Any], said: Mapping[str, Any], sheet: Sheet, library: Library) -> bool:
    """Whether no label of a typed row is another than the ledger's; a blank agrees with any."""
    for name in said.keys() & labels.keys():
        vocabulary = sheet.columns[name].vocabulary
        text = as_text(labels[name])
        found = library.vocabulary(vocabulary).resolve(text) if vocabulary else text
        if not blank(said[name]) and found != said[name]:
            return False
    return True
