"""Where the oracle stands: a row of a sheet or the labels of some axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where an expression is evaluated: the sheet its names belong to, the row of a sheet, the labels of axes."""

    home: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    numeric: bool = False


@dataclass(frozen=True)
class Shape:
    """What an expression runs over: the rows of a sheet, or axes, or nothing."""

    sheet: str = ""
    axes: tuple[str, ...] = ()

    def joined(self, other: Shape) -> Shape:
        if self.sheet or other.sheet:
            return Shape(self.sheet or other.sheet)
        return self if len(self.axes) >= len(other.axes) else other
