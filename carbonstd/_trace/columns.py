"""The trace of a sheet as wide columns: what the run holds of every row, without an object for each value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Column
from carbonstd._engine.run import Run
from carbonstd._ledger.ledger import SheetData, Status
from carbonstd._result.status import statuses
from carbonstd._trace.origin import Answered, answered

if TYPE_CHECKING:
    import pandas as pd

_STATUSES = [status.name.lower() for status in Status]


def columns(run: Run, sheet: str) -> pd.DataFrame:
    """One row for each row of a sheet: its labels, its figures, and what equations made of them row by row.

    Beside a figure or equation `x` stand `x status`, `x unit` where rows differ in it, and `x table row` where cells of
    tables (or constants) answered. Texts are categories; figures are the run's own arrays, not copies: to be read only.
    Units that hold for a whole column stand in `attrs["units"]`.
    """
    import pandas as pd

    data = run.ledger[sheet]
    series: dict[str, Any] = {}
    for name in data.sheet.columns:
        if name in data.codes:
            series[name] = _texts(data.codes[name], [str(label) for label in run.axes.labels.get(name, [])])
        else:
            series |= _figure(run, data, data.sheet.columns[name])
    for name in run.program.method.equations:
        array = run.equation(name)
        if array.frame.sheet == sheet:
            series[name] = _read_only(array.data)
            series[f"{name} status"] = _texts(statuses(run, name), _STATUSES, data.rows)
            series |= _looked_up(run, name, data)
    frame = pd.DataFrame(series, copy=False)
    frame.attrs["units"] = _units(run, data, frame.columns)
    return frame


def _units(run: Run, data: SheetData, names: Iterable[str]) -> dict[str, str]:
    """The units of figures that are in one unit in all rows."""
    held: dict[str, str] = {}
    for name in names:
        column, equation = data.sheet.columns.get(name), run.program.method.equations.get(name)
        if column is not None and name not in data.codes and not column.by_basis:
            held[name] = next(iter(column.units.values())).text
        elif column is None and equation is not None:
            held[name] = equation.unit.text
    return held


def _figure(run: Run, data: SheetData, column: Column) -> dict[str, Any]:
    name = column.name
    held = {name: _read_only(data.numbers[name]), f"{name} status": _texts(data.status[name], _STATUSES)}
    if column.by_basis and data.basis is not None:
        held[f"{name} unit"] = _texts(data.basis, [unit.text for unit in column.units.values()])
    found = answered(run, data.sheet.id, name)
    return held | ({f"{name} table row": _rows(found)} if found.sources else {})


def _read_only(figures: NDArray[Any]) -> NDArray[Any]:
    view = figures.view()
    view.flags.writeable = False
    return view


def _looked_up(run: Run, equation: str, data: SheetData) -> dict[str, Any]:
    """The table rows that an equation looked up itself, for each column of a table it read by row."""
    held: dict[str, Answered] = {}
    for usage in run.usages.get(equation, ()):
        if usage.frame.sheet == data.sheet.id and not usage.whole:
            found = held.setdefault(f"{equation} {usage.slot}.{usage.column} table row", Answered.none(data.rows))
            found.by_table(run, usage, np.True_ if usage.counts is None else usage.counts)
    return {name: _rows(found) for name, found in held.items()}


def _rows(found: Answered) -> Any:
    return _texts(found.codes, [" · ".join(filter(None, (item.table, item.row))) for item in found.sources])


def _texts(codes: NDArray[np.integer[Any]], texts: Sequence[str], rows: int = 0) -> Any:
    """Codes as categories; texts that are alike become one. `rows` stretches one code over all rows."""
    import pandas as pd

    different = list(dict.fromkeys(texts))
    if len(different) < len(texts):
        codes = np.array([*map(different.index, texts), -1])[codes]
    codes = codes if len(codes) == rows or not rows else np.broadcast_to(codes, (rows,))
    return pd.Categorical.from_codes(codes, pd.Index(different, dtype=object))
