"""Evidence: what the used figures and equations rest on, and whether a run may rest on them.

A recalled cell stops a run unless the case allows its table by name with a reason. A recalled equation runs and is
named. `--strict` takes official figures only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case
from carbonstd._definitions.row_words import row_words
from carbonstd._definitions.schema import Bilingual, joined
from carbonstd._definitions.table import Cell, Table
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import Status
from carbonstd._wording import EVIDENCE_TEXT

_STRICT = ("official",)
UNSEEN = ("recalled-allowed", "recalled-equation")  # a line for each cell and equation that nobody has seen: many


def check_evidence(run: Run, case: Case, strict: bool, allowed: tuple[str, ...]) -> list[Finding]:
    """Findings on the grades of cells, constants and equations this run rests on."""
    findings = [*_cells(run, case, strict, allowed), *_written(run, strict)]
    for assumption in case.assumptions:
        findings.append(
            finding(
                "assumption",
                assumption.table,
                table=assumption.table,
                reason=assumption.reason,
                name=assumption.name,
            )
        )
    return findings


def unseen_labels(run: Run, equation: str) -> Iterator[str]:
    """The labels of an axis, such as levels, whose figure an equation read and nobody has seen."""
    for usage in run.usages.get(equation, ()):
        for table, row in used_rows(run, equation, usage):
            held = table.rows[row].cells.get(usage.column)
            if isinstance(held, Mapping):
                yield from (label for label, cell in held.items() if cell.state == "unseen")


def used_rows(run: Run, what: str, usage: Usage) -> Iterator[tuple[Table, int]]:
    """The table rows a look-up really used: in the branches taken and, for a default, those that filled a blank."""
    used = np.broadcast_to(np.True_, usage.row.shape) if usage.counts is None else usage.counts
    sheet, _, column = what.partition(".")
    if sheet in run.ledger and column in run.ledger[sheet].status and usage.frame.sheet == sheet:
        used = used & run.ledger[sheet].filled.get(column, np.False_)
    segments = run.segments[usage.slot]
    for place, segment in enumerate(segments):
        here = used if len(segments) == 1 else used & (usage.segment == place)
        for row in occurring_rows(usage.row, here, len(segment.table.rows)):
            yield segment.table, int(row)


def occurring_rows(rows: NDArray[np.int64], used: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """Which of `count` table rows stand where they are used, ascending; -1, no row, is none of them."""
    seen = np.zeros(count + 1, dtype=bool)  # the last: no row, or not used
    seen[rows if used.all() else np.where(used, rows, -1)] = True
    return np.flatnonzero(seen[:-1])


def row_status(run: Run, usage: Usage) -> NDArray[np.uint8]:
    """The status of what a look-up answered (default, carried, recalled): one for all, or one a row."""
    segments = run.segments[usage.slot]
    held = [[*_cell_status(segment.table, usage.column, run), Status.MISSING] for segment in segments]
    if all(status == Status.DEFAULT for rows in held for status in rows[:-1]):
        return np.full(1, Status.DEFAULT, dtype=np.uint8)
    status = np.zeros(len(usage.row), dtype=np.uint8)
    for place, rows in enumerate(held):
        answered = np.array(rows, dtype=np.uint8)[usage.row]
        status = answered if len(segments) == 1 else np.where(usage.segment == place, answered, status)
    return status if usage.counts is None else np.where(usage.counts, status, np.uint8(0))


def _cell_status(table: Table, column: str, run: Run) -> list[Status]:
    if table.exact:
        return [Status.MISSING] * len(table.rows)  # the best there is: it weakens nothing
    carried = table.data_period is not None and table.data_period.end < run.period.start
    plain = Status.CARRIED if carried else Status.DEFAULT
    recalled = [
        any(cell.evidence == "recalled" for cell in cells_of(table, row, column)) for row in range(len(table.rows))
    ]
    return [Status.ASSUMED if unseen else plain for unseen in recalled]


def cells_of(table: Table, row: int, column: str) -> list[Cell]:
    cell = table.rows[row].cells.get(column)
    return [] if cell is None else [cell] if isinstance(cell, Cell) else list(cell.values())


def looked_up(run: Run, what: str, whole: bool = True) -> Iterator[tuple[Table, tuple[object, ...], Cell]]:
    """Each table cell a name looked up: table, place there, cell; with `whole` those of tables given to models."""
    for usage in run.usages.get(what, ()):
        if usage.whole and not whole:
            continue
        for table, row in used_rows(run, what, usage):
            if not table.columns[usage.column].text:
                for index, cell in enumerate(cells_of(table, row, usage.column)):
                    yield table, (row, usage.column, index), cell


def _cells(run: Run, case: Case, strict: bool, allowed: tuple[str, ...]) -> Iterator[Finding]:
    consent = {item.table for item in case.assumptions} | set(allowed)
    for what, usages in run.usages.items():
        if what.startswith("check "):
            continue  # a check compares with a figure; no result rests on it
        for usage in usages:
            if not strict and not any(_recalled(item.table, usage.column) for item in run.segments[usage.slot]):
                continue
            for table, row in used_rows(run, what, usage):
                grades = {cell.evidence for cell in cells_of(table, row, usage.column)}
                unofficial = strict and not grades <= set(_STRICT)
                if "recalled" not in grades and not unofficial:
                    continue
                words = row_words(table, table.rows[row], run.library)
                values = {"table": table.id, "row": words, "column": table.columns[usage.column].label}
                agreed = consent & {table.id, table.family}
                if "recalled" in grades:
                    yield finding("recalled-allowed" if agreed else "recalled-default", what, table.clause, **values)
                if unofficial:
                    yield finding("strict-evidence", what, table.clause, **values, evidence=_told(grades))


def _told(grades: Collection[str]) -> Bilingual:
    return joined([EVIDENCE_TEXT[grade] for grade in sorted(grades)])


@lru_cache(maxsize=1024)
def _recalled(table: Table, column: str) -> bool:
    """Whether anything in a column of a table is recalled."""
    return any(cell.evidence == "recalled" for row in range(len(table.rows)) for cell in cells_of(table, row, column))


def rests_on_recalled(run: Run) -> bool:
    """Whether a look-up of this run might have met a recalled figure."""
    asked = ((usage.column, usage.slot) for usages in run.usages.values() for usage in usages)
    return any(_recalled(item.table, column) for column, slot in asked for item in run.segments[slot])


def _written(run: Run, strict: bool) -> Iterator[Finding]:
    method = run.program.method
    for equation in method.equations.values():
        below = run.program.sheets_below.get(equation.id, frozenset())
        asked = not below or any(run.ledger[sheet].rows for sheet in below)  # of sheets left empty nothing is concluded
        if equation.evidence == "recalled" and asked:
            yield finding(
                "recalled-equation",
                equation.id,
                equation.clause,
                symbol=equation.symbol or equation.id,
                label=equation.label,
            )
        if strict and equation.evidence not in _STRICT:
            yield finding(
                "strict-evidence",
                equation.id,
                equation.clause,
                table=method.id,
                row=equation.number or equation.label,
                column=equation.symbol,
                evidence=EVIDENCE_TEXT[equation.evidence],
            )
    for constant in method.constants.values():
        if strict and constant.evidence not in _STRICT:
            yield finding(
                "strict-evidence",
                constant.name,
                constant.clause,
                table=method.id,
                row=constant.label,
                column=constant.symbol,
                evidence=EVIDENCE_TEXT[constant.evidence],
            )
