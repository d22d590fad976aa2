"""Called models as the oracle calls them: with the values of one place, or of all places for an answer over an axis."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonstd._definitions.table import Table
from carbonstd._findings import catalogue
from carbonstd._language import expression as ex
from carbonstd.models import registry
from tests.oracle_places import Place
from tests.oracle_shapes import Shape
from tests.quantities import UNITS

if TYPE_CHECKING:
    from tests.oracle import Oracle


def outcome(oracle: Oracle, name: str, places: list[Place] | None) -> Any:
    """The values of a called model at `places`, or by label where it answers over an axis (each argument whole)."""
    equation = oracle.method.equations[name]
    model = registry()[equation.call]
    arguments: dict[str, Any] = {}
    for argument, node in equation.arguments.items():
        unit = model.arguments[argument]
        if unit == "table":
            assert isinstance(node, ex.Name)
            arguments[argument] = TableView(oracle.tables[node.name][-1].table)
            continue
        whole = [Place(equation.sheet)] if oracle.shapes.of(node, equation.sheet) == Shape() else None
        here = places or whole or list(oracle.places([node], equation.sheet, equation.numeric))
        values = [oracle.value(node, place) for place in here]
        if unit == "quantity":
            values = [math.nan if value is None else float(getattr(value, "magnitude", value)) for value in values]
        elif unit != "label":
            numbers = [oracle.in_unit(value, unit, Place()) for value in values]
            values = [math.nan if number is None else float(UNITS.number(number)) for number in numbers]
        arguments[argument] = np.array(values, dtype=object if unit == "label" else float)
    found = model.function(**arguments)
    oracle.refusals += [code for code in found.findings if catalogue()[code]["severity"] == "error"]
    answers = [None if value != value else UNITS.quantity(Fraction(float(value)), model.unit) for value in found.value]
    return dict(zip(found.labels, answers, strict=True)) if model.axis else answers


class TableView:
    """A table as a called model sees it, read cell by cell."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def numeric_key(self, name: str) -> Any:
        return np.array([float(row.match[name].from_) for row in self.table.rows])  # type: ignore[union-attr, arg-type]

    def numbers(self, column: str) -> Any:
        return np.array([_float(row.cells[column]) for row in self.table.rows])

    def grid(self, column: str) -> tuple[list[str], Any]:
        labels = list(dict.fromkeys(label for row in self.table.rows for label in row.cells[column]))  # type: ignore[union-attr]
        return labels, np.array([[_float(row.cells[column][label]) for label in labels] for row in self.table.rows])  # type: ignore[index]


def _float(cell: Any) -> float:
    return math.nan if cell.value is None else float(cell.value)
