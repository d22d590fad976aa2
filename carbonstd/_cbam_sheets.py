"""The rows of a calculated case and the figures of its equations as plain records, terms by their English labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carbonstd._table import Cell

if TYPE_CHECKING:
    from carbonstd._ledger import SheetData
    from carbonstd._result import Result

Record = Mapping[str, Any]
_COUNTRIES = "cbam/eu-2025-2621-countries#country"


class Sheets:
    """What a case holds, read once for a form: `rows` of a sheet, `by_label` of an equation, `total` of a figure."""

    def __init__(self, result: Result) -> None:
        self.result, self._run = result, result._run

    def rows(self, sheet: str, *equations: str) -> list[dict[str, Any]]:
        """The rows of a sheet by column, in its units, with the values of row equations; None where a cell is blank.

        `<column>_label` is the English label of a term.
        """
        data = self._run.ledger.get(sheet)
        if data is None:
            return []
        columns = {name: self._cells(data, name) for name in data.sheet.columns}
        columns |= {name: self._values(name) for name in equations}
        for name, column in data.sheet.columns.items():
            if column.vocabulary:
                terms = self._run.library.vocabulary(column.vocabulary)
                columns[f"{name}_label"] = [terms.label(cell, "en") if cell else None for cell in columns[name]]
        return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]

    def by_label(self, equation: str) -> dict[str, float]:
        """The values of an equation over one axis."""
        return {key[0]: value for key, value in self.result.values(equation).items()}

    def gwp(self, gas: str) -> float:
        """The warming potential the method takes for a gas."""
        rows = self._run.segments["gwp"][0].table.rows
        cell = next(row.cells["gwp100"] for row in rows if row.match["gas"] == gas)
        assert isinstance(cell, Cell)
        assert cell.value is not None
        return float(cell.value)

    def country(self, text: str | None) -> str | None:
        """The two letters of a country told by name; what is no name known stays as it was written."""
        return text and (self._run.library.vocabulary(_COUNTRIES).resolve(text) or text)

    def total(self, equation: str) -> float:
        return sum(self.result.values(equation).values())

    def _values(self, equation: str) -> list[float | None]:
        return [_number(value) for value in self._run.equation(equation).data]

    def _cells(self, data: SheetData, name: str) -> list[Any]:
        if name in data.numbers:
            return [_number(value) for value in data.numbers[name]]
        labels = self._run.axes.labels.get(name, [])
        return [(labels[code] or None) if code >= 0 else None for code in data.codes[name]]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
