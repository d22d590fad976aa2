"""The rows of a calculated case and the figures of its equations as plain records, terms by their English labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from carbonstd._definitions.table import Cell
from carbonstd._result.records import records

if TYPE_CHECKING:
    from carbonstd._result.result import Result

Record = Mapping[str, Any]
_COUNTRIES = "cbam/eu-2025-2621-countries#country"


class Sheets:
    """What a case holds, read once for a form: `rows` of a sheet, `by_label` of an equation, `total` of a figure."""

    def __init__(self, result: Result) -> None:
        self.result, self._run = result, result._run
        self._records = cache(partial(records, result))

    def rows(self, sheet: str, *equations: str) -> list[dict[str, Any]]:
        """The rows of a sheet by column, in its units, with the values of row equations; None where a cell is blank.

        `<column>_label` is the English label of a term.
        """
        found = [dict(record.cells) for record in self._records(sheet)]
        if not found:
            return []
        for name in equations:
            for row, value in zip(found, self._run.equation(name).data, strict=True):
                row[name] = None if math.isnan(value) else float(value)
        for name, column in self._run.ledger[sheet].sheet.columns.items():
            if column.vocabulary:
                terms = self._run.library.vocabulary(column.vocabulary)
                for row in found:
                    row[f"{name}_label"] = terms.label(row[name], "en") if row[name] else None
        return found

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
