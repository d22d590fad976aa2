"""Where a figure came from: the table cell or constant that answered for a default, row by row.

A default such as `grid["national"].emission_factor if supply == "grid" else 0` looks a cell up for every row but
uses it in some. The tree is followed to the leaf that really answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Constant
from carbonstd._definitions.row_words import row_words
from carbonstd._definitions.schema import Bilingual, same
from carbonstd._definitions.table import Cell, Table
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._engine.within import Within
from carbonstd._language import expression as ex
from carbonstd._ledger.arithmetic import TRUE
from carbonstd._result.evidence import occurring_rows

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Source:
    """The cell of a table, or the constant of a method, that a figure was taken from."""

    table: str
    row: str
    column: str
    evidence: str
    source: Bilingual
    document: str
    clause: str
    place: str


@dataclass(frozen=True)
class Origin:
    """The leaf that answered in the rows of `mask`: a constant, or a look-up with the row found."""

    mask: Mask
    constant: Constant | None = None
    usage: Usage | None = None

    def cell(self, run: Run, index: int) -> tuple[Table, int] | None:
        """The table and row that answered at one place of the frame; None where none did."""
        if self.usage is None:
            return None
        at = index if len(self.usage.row) > 1 else 0
        if self.usage.row[at] < 0:
            return None
        return run.segments[self.usage.slot][int(self.usage.segment[at])].table, int(self.usage.row[at])

    def source(self, run: Run, index: int) -> Source | None:
        if self.constant is not None:
            return constant_source(run, self.constant)
        found = self.cell(run, index)
        assert self.usage is not None or found is None
        return cell_source(*found, self.usage.column) if found and self.usage else None

    def alike(self, mask: Mask) -> Iterator[NDArray[np.int64]]:
        """The places in `mask` that this leaf answered, those of one answer together."""
        at = np.flatnonzero(mask & self.mask)
        if self.usage is None or len(self.usage.row) == 1:
            key = np.zeros(len(at), dtype=np.int64)
        else:
            key = self.usage.segment[at] * (self.usage.row.max(initial=0) + 2) + self.usage.row[at] + 1
        order = np.argsort(key, kind="stable")
        found = np.split(at[order], np.flatnonzero(np.diff(key[order])) + 1)
        return (rows for rows in found if len(rows))

    def label(self, run: Run, index: int) -> Bilingual:
        """The row and column of the cell that answered, or the constant, for a reader."""
        if self.constant is not None:
            return self.constant.label
        found = self.cell(run, index)
        return cell_label(run, *found, self.usage.column) if found and self.usage else {}


def defaults(run: Run, sheet: str, column: str) -> list[Origin]:
    """The origins of the defaults that filled blanks of a column; empty where none was needed."""
    filled, compiled = run.ledger[sheet].filled.get(column), run.program.defaults.get((sheet, column))
    if filled is None or compiled is None or compiled.node is None or not filled.any():
        return []
    return list(_leaves(compiled.node, filled, quiet(run, sheet)))


@dataclass
class Answered:
    """Which source answered in each row of a sheet: its place in `sources`, -1 where none did. Shape (rows,)."""

    codes: NDArray[np.int32]
    sources: list[Source]

    @classmethod
    def none(cls, rows: int) -> Answered:
        return cls(np.full(rows, -1, dtype=np.int32), [])

    def by_one(self, source: Source, mask: Mask) -> None:
        self.codes = np.where(mask, np.int32(len(self.sources)), self.codes)
        self.sources.append(source)

    def by_table(self, run: Run, usage: Usage, mask: Mask | np.bool_) -> None:
        """The table rows that a look-up found in the rows of `mask`."""
        rows = np.broadcast_to(usage.row, self.codes.shape)
        segments = run.segments[usage.slot]
        for place, segment in enumerate(segments):
            here = np.broadcast_to(mask if len(segments) == 1 else mask & (usage.segment == place), rows.shape)
            found = occurring_rows(rows, here, len(segment.table.rows))
            numbers = np.full(len(segment.table.rows) + 1, -1, dtype=np.int32)  # the last: no row answered
            numbers[found] = len(self.sources) + np.arange(len(found))
            self.sources += [cell_source(segment.table, int(row), usage.column) for row in found]
            codes = numbers[rows]
            np.copyto(self.codes, codes, where=here & (codes >= 0))


def answered(run: Run, sheet: str, column: str) -> Answered:
    """What answered for the blanks of a column that were filled by default."""
    found, filled = Answered.none(run.ledger[sheet].rows), run.ledger[sheet].filled.get(column)
    if filled is None or not filled.any():
        return found
    for origin in defaults(run, sheet, column):
        reached = origin.mask & filled & (found.codes < 0)
        if origin.usage is not None:
            found.by_table(run, origin.usage, reached)
        elif origin.constant is not None and reached.any():
            found.by_one(constant_source(run, origin.constant), reached)
    left = filled & (found.codes < 0)
    if left.any():  # a default no table or constant answers for is the method's own words
        method, clause = run.program.method, run.program.method.sheets[sheet].columns[column].default_clause
        found.by_one(Source(method.id, "", "", "secondary", same(method.document.number), "", clause, ""), left)
    return found


def leaves(run: Run, node: ex.Node, sheet: str) -> list[Origin]:
    """The constants and look-ups an expression reads, with the rows in which it does."""
    count = run.ledger[sheet].rows if sheet and not run.ledger[sheet].sheet.single else 1
    return list(_leaves(node, np.ones(count, dtype=bool), quiet(run, sheet)))


def quiet(run: Run, sheet: str) -> Within:
    """The run seen from a sheet, for asking again: neither look-ups nor findings are recorded twice."""
    return Within(replace(run, usages={}, findings=[]), sheet, "")


def look_up(node: ex.Lookup, within: Within) -> tuple[Array, Usage]:
    """The answer of a look-up and the table rows it came from."""
    array = evaluate(node, within)
    return array, within.run.usages[""][-1]


def cell_label(run: Run, table: Table, row: int, column: str) -> Bilingual:
    """A cell of a table for a reader: its row and its column."""
    words, head = row_words(table, table.rows[row], run.library), table.columns[column].label
    return {language: " · ".join(filter(None, (words[language], head[language]))) for language in ("zh", "en")}


def cell_source(table: Table, row: int, column: str, label: str = "") -> Source:
    found = table.rows[row].cells.get(column)
    cell = found if isinstance(found, Cell) else table.cell(row, column, label)
    if not isinstance(found, Cell) and not label and found:
        cell = next(iter(found.values()))
    place = f"{table.id}:{cell.line or table.rows[row].line}"
    return Source(
        table.id, table.rows[row].name(), column, cell.evidence, cell.source, table.document.number,
        cell.clause or table.clause, place,
    )  # fmt: skip


# A clause that begins with the document it is of, which is another than the method's.
_OF_ANOTHER = re.compile(r"(GB|CETS|\S*〔\d{4}〕\d+号|\d{4}年第\d+号)\b")


def constant_source(run: Run, constant: Constant) -> Source:
    method = run.program.method
    number = "" if _OF_ANOTHER.match(constant.clause) else method.document.number
    return Source(
        method.id, constant.name, "", constant.evidence, same(number), number, constant.clause,
        f"{method.id} {constant.name}",
    )  # fmt: skip


def _leaves(node: ex.Node, mask: Mask, within: Within) -> Iterator[Origin]:
    if isinstance(node, ex.Lookup):
        yield Origin(mask, usage=look_up(node, within)[1])
    elif isinstance(node, ex.Name):
        method, sheet = within.run.program.method, within.sheet
        known = node.name in method.equations or (sheet and node.name in method.sheets[sheet].columns)
        if not known and node.name in method.constants:
            yield Origin(mask, constant=method.constants[node.name])
    elif isinstance(node, ex.Choice):
        then, otherwise = _branches(evaluate(node.condition, within).data == TRUE, mask)
        yield from _leaves(node.then, then, within)
        yield from _leaves(node.otherwise, otherwise, within)
        yield from _leaves(node.condition, mask, within)  # last: a condition chooses a value, it is none
    elif isinstance(node, ex.Call) and node.function == "first":
        for item in node.arguments:
            yield from _leaves(item, mask, within)
            mask = mask & np.isnan(_spread(evaluate(item, within).data.astype(float), mask))
    elif not isinstance(node, ex.Reduce):  # what is summed explains itself
        for child in node.children():
            yield from _leaves(child, mask, within)


def _branches(holds: Mask, mask: Mask) -> tuple[Mask, Mask]:
    """Where each branch of a choice is taken; of one figure over an axis, such as levels, wherever a label takes it."""
    if len(mask) == 1 and len(holds) > 1:
        return mask & holds.any(), mask & (~holds).any()
    holds = _spread(holds, mask)
    return mask & holds, mask & ~holds


def _spread(data: NDArray[Any], mask: Mask) -> NDArray[Any]:
    return data if len(data) in (1, len(mask)) else np.resize(data, len(mask))
