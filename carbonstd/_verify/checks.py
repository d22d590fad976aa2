"""What a verifier looks for in the factors of any method, beyond the method's own checks: factors that stand at their
default though said to be measured, far from it, or zero; months unlike the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.run import Run
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import SheetData, Status, sources_of
from carbonstd._ledger.series import far_months
from carbonstd._number import shown
from carbonstd._result.result import Result

# How far an entered factor may be from the default of its row before a person is asked to look: chosen here. Calorific
# values of one kind of coal differ by a third and more, carbon per heat by a tenth.
_FAR = {"carbon_content": 0.15, "net_calorific_value": 0.5, "oxidation_factor": 0.1}
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
        same = measured & (np.abs(values - defaults) <= 1e-12 * np.abs(defaults))
        far = entered & (np.abs(values / defaults - 1) > _FAR.get(column, np.inf))
    label = data.sheet.columns[column].label
    for code, mask in (("entered-is-default", same), ("entered-far-from-default", far)):
        for row in np.flatnonzero(mask):
            said = {"found": shown(values[row], 8), "default": shown(defaults[row], 8), "of": what}
            yield finding(code, data.place(column, int(row)), column=label, **said)


def _zeros(data: SheetData, column: str, entered: NDArray[np.bool_]) -> Iterator[Finding]:
    backed = np.zeros(data.rows, dtype=bool)
    for name, item in data.sheet.columns.items():
        if item.certificate:
            backed |= data.codes[name] >= 0
    for row in np.flatnonzero(entered & (data.numbers[column] == 0) & ~backed):
        values = {"column": data.sheet.columns[column].label, "of": f"{data.sheet.id}.{column}"}
        yield finding("zero-factor-entered", data.place(column, int(row)), **values)
