"""The rows of a sheet as a run read them: labels as their keys, numbers in the column's unit, blanks as None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbonstd._result.result import Result
from carbonstd._trace.trace import decoded, units_of


@dataclass(frozen=True)
class Record:
    """One row: its cells, the unit of each number, its basis, and where each cell stands."""

    cells: Mapping[str, Any]
    units: Mapping[str, str]
    basis: str
    places: Mapping[str, str]

    def text(self, column: str) -> str:
        return str(self.cells.get(column) or "")

    def number(self, column: str) -> float | None:
        value = self.cells.get(column)
        return value if isinstance(value, float) else None


def records(result: Result, sheet: str) -> list[Record]:
    """The rows of a sheet; none where the method or the case has not got it."""
    run = result._run
    data = run.ledger.get(sheet)
    if data is None:
        return []
    cells: dict[str, Any] = {name: decoded(run, name, codes) for name, codes in data.codes.items()}
    cells |= data.numbers
    units = {name: units_of(run, data, data.sheet.columns[name]) for name in data.numbers}
    bases = list(next((c.units for c in data.sheet.columns.values() if len(c.units) > 1), {}))
    found = []
    for row in range(data.rows):
        plain = {name: _plain(values[row]) for name, values in cells.items()}
        basis = "" if data.basis is None or data.basis[row] < 0 else bases[int(data.basis[row])]
        places = {name: data.place(name, row) for name in data.sheet.columns}
        found.append(Record(plain, {name: str(texts[row]) for name, texts in units.items()}, basis, places))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value or None
    number = float(value)
    return None if number != number else number
