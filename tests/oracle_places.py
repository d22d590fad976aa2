"""Where the oracle stands: a row of a sheet or the labels of some axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carbonstd._definitions.method import Sheet
from carbonstd._language.shape import BASIS
from tests.quantities import UNITS


@dataclass(frozen=True)
class Place:
    """Where an expression is evaluated: the sheet its names belong to, the row of a sheet, the labels of axes."""

    home: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    numeric: bool = False


def tells(sheet: Sheet, name: str) -> bool:
    """Whether a name is a column of a sheet, or the basis its rows are measured on."""
    return name in sheet.columns or (name == BASIS and len(sheet.bases) > 1)


def typed_basis(sheet: Sheet, cells: Mapping[str, Any]) -> str:
    """The basis that the units typed in a row tell; empty where none is typed."""
    for name, column in sheet.columns.items():
        for basis, unit in column.units.items():
            cell = cells.get(name)
            if (
                basis
                and isinstance(cell, tuple)
                and UNITS.unit(cell[1]).dimensionality == UNITS.unit(unit.text).dimensionality
            ):
                return basis
    return ""
