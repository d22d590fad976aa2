"""The class a plant was judged in: the row of the limit table that answered, in words and with its printed limits."""

from __future__ import annotations

from fractions import Fraction

from carbonstd._definitions.library import Library
from carbonstd._definitions.row_words import row_words
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Cell, Row, Table
from carbonstd._result.result import Result
from carbonstd._result.verdict import Verdict, equations_below


def class_of(result: Result, verdict: Verdict, library: Library) -> Bilingual:
    """The row of the limit table that answered, in words; empty where several did, as for the models of a fleet."""
    answers = _answers(result, verdict)
    first = min((item[0] for item in answers), default=0)
    rows = {(table.id, row.line): (table, row) for slot, table, row, _ in answers if slot == first}
    return row_words(*next(iter(rows.values())), library) if len(rows) == 1 else {}


def printed_limits(result: Result, verdict: Verdict) -> dict[str, Fraction]:
    """The limits as the table prints them, by level; empty where more than one cell of it went into them."""
    answers = _answers(result, verdict)
    first = min((item[0] for item in answers), default=0)
    cells = {(table.id, row.line, column): (table, row) for slot, table, row, column in answers if slot == first}
    if len(cells) != 1:
        return {}
    [((_, _, column), (table, row))] = cells.items()
    cell = row.cells.get(column)
    held = {"": cell} if isinstance(cell, Cell) else dict(cell or {})
    if table.columns[column].unit.text != verdict.rule.unit.text:
        return {}
    return {level: item.value for level, item in held.items() if item.value is not None}


def _answers(result: Result, verdict: Verdict) -> list[tuple[int, Table, Row, str]]:
    """The rows that answered for the limit: the place of their slot, table, row and column."""
    run, method = result._run, result.method
    slots = list(method.slots)
    axis = run.program.verdicts[verdict.rule.id].axis
    answers: list[tuple[int, Table, Row, str]] = []
    for what in (verdict.rule.id, *equations_below(method, verdict.rule.nodes)):
        for usage in run.usages.get(what, ()):
            rows = [
                int(row) for at, row in enumerate(usage.row) if row >= 0 and (usage.counts is None or usage.counts[at])
            ]
            if not rows or usage.slot not in slots:  # a sheet without rows looks nothing up
                continue
            table = run.segments[usage.slot][int(usage.segment[0])].table
            if table.columns[usage.column].axis == (axis or table.columns[usage.column].axis):
                answers += [(slots.index(usage.slot), table, table.rows[row], usage.column) for row in rows]
    return answers
