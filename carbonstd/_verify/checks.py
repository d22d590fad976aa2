"""What a verifier looks for in the factors of any method, beyond the method's own checks: factors that stand at their
default though said to be measured, at that of another edition, far from it, or zero; months unlike the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.table import Cell, Table
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import SheetData, Status, sources_of
from carbonstd._ledger.series import far_months
from carbonstd._number import shown
from carbonstd._result.result import Result

# How far an entered factor may be from the default of its row before a person is asked to look: chosen here. Calorific
# values of one kind of coal differ by a third and more, carbon per heat by a tenth.
_FAR = {"carbon_content": 0.15, "net_calorific_value": 0.5, "oxidation_factor": 0.1}
_SAME = 1e-12  # relative: figures that are one
_POWER, _PURCHASED = "electricity/", ("electricity", "emission_factor")
_TIMES, _MONTHS = 3, 6  # how far a month may be from the median of the others, of which there must be so many
_COMPARED = ("t", "kg", "1e4 m^3", "m^3", "MWh", "kWh")  # heat has its season


def factors(result: Result) -> Iterator[Finding]:
    """Factors beside the defaults of their rows, and factors of zero without a number of a certificate."""
    run = _apart(result._run)
    for data in run.ledger.values():
        for column in data.sheet.columns.values():
            if column.kind != "number" or not data.rows:
                continue
            entered = ~np.isnan(data.numbers[column.name]) & ~data.filled.get(column.name, np.zeros(data.rows, bool))
            if column.name == "emission_factor" and not _asks_evidence(run, data.sheet.id):
                yield from _zeros(data, column.name, entered)
            if (data.sheet.id, column.name) in run.program.defaults and entered.any():
                yield from _beside_default(run, data, column.name, entered)
            if (data.sheet.id, column.name) == _PURCHASED:
                yield from _of_one_grid(run, data, column.name)


def unlike_months(result: Result) -> Iterator[Finding]:
    """Months of a source that stand far from its other months, and not so far that the run itself has told them."""
    for data in result._run.ledger.values():
        for column in data.sheet.columns.values() if "month" in data.codes and data.rows else ():
            if column.kind == "number" and all(measured.text in _COMPARED for measured in column.units.values()):
                values = data.numbers[column.name]
                rows, medians = far_months(sources_of(data), values, _TIMES, _MONTHS)
                for row, median in zip(rows.tolist(), medians.tolist(), strict=True):
                    name = f"{data.sheet.id}.{column.name}"
                    said = {"found": shown(values[row], 10), "usual": shown(median, 6), "of": name}
                    yield finding("month-unlike-others", data.place(column.name, row), label=column.label, **said)


def _apart(run: Run) -> Run:
    """The same run with its own record of look-ups, so that asking for defaults leaves no trace in the result."""
    return replace(run, values={}, working={}, usages={}, findings=[], statuses={}, _exactly=None)


def _asks_evidence(run: Run, sheet: str) -> bool:
    """Whether the method itself looks at factors of zero on this sheet."""
    return any(check.sheet == sheet and check.id.startswith("zero-factor") for check in run.program.method.checks)


def _beside_default(run: Run, data: SheetData, column: str, entered: NDArray[np.bool_]) -> Iterator[Finding]:
    values = data.numbers[column]
    what = f"{data.sheet.id}.{column}"
    defaults = run.by_row(run.program.defaults[data.sheet.id, column], data.sheet.id, what).data.astype(np.float64)
    measured = entered & (data.status[column] == Status.MEASURED)
    with np.errstate(invalid="ignore", divide="ignore"):
        same = measured & (np.abs(values - defaults) <= _SAME * np.abs(defaults))
        far = entered & (np.abs(values / defaults - 1) > _FAR.get(column, np.inf))
    label = data.sheet.columns[column].label
    for code, mask in (("entered-is-default", same), ("entered-far-from-default", far)):
        for row in np.flatnonzero(mask):
            said = {"found": shown(values[row], 8), "default": shown(defaults[row], 8), "of": what}
            yield finding(code, data.place(column, int(row)), column=label, **said)
    with np.errstate(invalid="ignore"):
        other = np.flatnonzero(entered & (np.abs(values - defaults) > _SAME * np.abs(defaults)))
    for at in other.tolist():
        if editions := _elsewhere(run, data, what, at, defaults[at]):
            said = {"found": shown(values[at], 8), "default": shown(defaults[at], 8), "of": what, **editions}
            yield finding("entered-default-of-other", data.place(column, at), column=label, **said)


def _elsewhere(run: Run, data: SheetData, what: str, row: int, default: float) -> dict[str, str]:
    """The tables, other than that behind a default, that have the figure entered in the same row; empty if none."""
    column = what.partition(".")[2]
    for usage in run.usages.get(what, ()):
        table, at = _answer(run, usage, data, row)
        if at < 0 or not _near(table, at, usage.column, default):
            continue
        entered, name, unit = data.numbers[column][row], table.rows[at].name(), table.columns[usage.column].unit
        found = [
            other.id
            for other in map(run.library.table, _others(run, table))
            if other.id != table.id and usage.column in other.columns and other.columns[usage.column].unit == unit
            for place, held in enumerate(other.rows)
            if held.name() == name and _near(other, place, usage.column, entered)
        ]
        if found:
            return {"others": ", ".join(dict.fromkeys(found)), "used": table.id}
    return {}


def _answer(run: Run, usage: Usage, data: SheetData, row: int) -> tuple[Table, int]:
    """The table and its row that a look-up for a row of a sheet read; -1: none."""
    at = row if usage.frame.sheet == data.sheet.id else 0
    return run.segments[usage.slot][int(usage.segment[at])].table, int(usage.row[at])


def _others(run: Run, table: Table) -> list[str]:
    """The editions of a table; of power, whose factors by year and caliber are tables of their own, all of them."""
    headers = run.library.table_headers
    if table.family.startswith(_POWER):
        return [name for name in headers if name.startswith(_POWER)]
    return [header.id for header in run.library.editions(table.family, headers)]


def _near(table: Table, row: int, column: str, value: float) -> bool:
    cell = table.rows[row].cells.get(column)
    return isinstance(cell, Cell) and cell.value is not None and abs(float(cell.value) - value) <= _SAME * abs(value)


def _of_one_grid(run: Run, data: SheetData, column: str) -> Iterator[Finding]:
    """Several factors of the grid in one year, where one default, or none, is for all rows."""
    what, held = f"{data.sheet.id}.{column}", data.numbers[column]
    usages = [item for item in run.usages.get(what, ()) if run.segments[item.slot][0].table.family.startswith(_POWER)]
    rows = np.flatnonzero(~np.isnan(held) & (held != 0)).tolist()
    answers = {_answer(run, usage, data, row) for usage in usages for row in rows}
    factors = dict.fromkeys(held[rows].tolist())
    if len(factors) > 1 and len(answers) <= 1:
        odd = next(row for row in rows if held[row] != held[rows[0]])
        said = {"found": ", ".join(shown(value, 8) for value in factors), "of": what, "about": what}
        yield finding("grid-factors-differ", data.place(column, odd), column=data.sheet.columns[column].label, **said)


def _zeros(data: SheetData, column: str, entered: NDArray[np.bool_]) -> Iterator[Finding]:
    backed = np.zeros(data.rows, dtype=bool)
    for name, item in data.sheet.columns.items():
        if item.certificate:
            backed |= data.codes[name] >= 0
    for row in np.flatnonzero(entered & (data.numbers[column] == 0) & ~backed):
        values = {"column": data.sheet.columns[column].label, "of": f"{data.sheet.id}.{column}"}
        yield finding("zero-factor-entered", data.place(column, int(row)), **values)
