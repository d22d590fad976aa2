"""Blanks that a method fills: labels before numbers are read, numbers once it is known which are needed.

What filled a blank is told, and how much weaker the figure is for it: carried from an earlier year, or recalled.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Column
from carbonstd._engine.array import recoded
from carbonstd._engine.missing import Missing
from carbonstd._engine.run import Run
from carbonstd._ledger.ledger import SheetData, Status
from carbonstd._result.evidence import row_status

Rows = NDArray[np.bool_]


def fill_labels(run: Run, data: SheetData) -> Iterator[tuple[Column, Rows]]:
    """Fill blank labels that have a default; each column, with its rows so filled. Numbers may hang on them."""
    for column in data.sheet.columns.values():
        compiled = run.program.defaults.get((data.sheet.id, column.name))
        if column.kind == "number" or compiled is None:
            continue
        blank = data.codes[column.name] == run.axes.known(column.name, "")
        if blank.any():
            labels = run.by_row(compiled, data.sheet.id, f"{data.sheet.id}.{column.name}")
            codes = recoded(labels, column.name, run.axes)
            data.codes[column.name] = np.where(blank, codes, data.codes[column.name])
            data.apart = False  # a default may be what another row has typed
            yield column, blank


def fill_numbers(run: Run) -> Iterator[tuple[SheetData, Column, Rows]]:
    """Fill blank numbers that are needed and have a default; each column, with its rows so filled."""
    for (sheet, column), compiled in run.program.defaults.items():
        data = run.ledger[sheet]
        spec = data.sheet.columns[column]
        if spec.kind != "number":
            continue
        mask = np.isnan(data.numbers[column]) & Missing(run).needed(sheet, column)
        if not mask.any():
            continue
        what = f"{sheet}.{column}"
        values = run.by_row(compiled, sheet, what).data.astype(np.float64, copy=False)
        data.fill(column, mask, values, Status.DEFAULT)
        run.forget()
        _weaken(run, data, column, mask)
        if data.filled[column].any():
            yield data, spec, data.filled[column]


def _weaken(run: Run, data: SheetData, column: str, mask: NDArray[np.bool_]) -> None:
    """Mark defaults that were carried from an earlier year or rest on recalled cells."""
    for usage in run.usages.get(f"{data.sheet.id}.{column}", []):
        weaker = row_status(run, usage)
        if (weaker > Status.DEFAULT).any():
            weaker = weaker if usage.frame.sheet == data.sheet.id else weaker.max(initial=0)
            weaker = np.maximum(data.status[column], weaker)
            data.status[column] = np.where(mask, weaker, data.status[column]).astype(np.uint8)


def default_sources(run: Run, data: SheetData, column: Column, rows: Rows) -> Iterator[tuple[str, Rows]]:
    """What answered, and in which of `rows`: a table, several together, or where none did the clause."""
    read: dict[str, Rows | np.bool_] = {}
    for usage in run.usages.get(f"{data.sheet.id}.{column.name}", []):
        found = usage.row >= 0
        found = found if usage.counts is None else found & usage.counts
        segments = run.segments[usage.slot]
        for place, segment in enumerate(segments):
            here = found if len(segments) == 1 else found & (usage.segment == place)
            here = here if usage.frame.sheet == data.sheet.id else here.any()
            read[segment.table.id] = read.get(segment.table.id, np.False_) | here
    parts: dict[tuple[str, ...], Rows] = {(): rows}
    for table, mask in reversed(read.items()):
        halves: dict[tuple[str, ...], Rows] = {}
        for tables, held in parts.items():
            halves |= {(table, *tables): held & mask, tables: held & ~mask}
        parts = {tables: held for tables, held in halves.items() if held.any()}
    for tables, held in parts.items():
        yield ", ".join(tables) or column.default_clause or run.program.method.id, held
