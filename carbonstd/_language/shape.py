"""What an expression yields: a unit for each basis, and a frame.

A *frame* says what an array runs over: the rows of a sheet, or axes (month, line, gas, level ...), or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from carbonstd._units import ONE, Unit

Kind = Literal["number", "label", "truth"]
MAX_EXPONENT = 1000
BASIS = "basis"  # the label that tells on which basis a row is measured, on a sheet that has several
ENTITY = "#entity"  # the axis of the entities that share one run; sorts before every label, and no method can name it


@dataclass(frozen=True)
class Frame:
    """Rows of `sheet`, or `axes`; a scalar has neither."""

    sheet: str | None = None
    axes: tuple[str, ...] = ()

    @property
    def scalar(self) -> bool:
        return self.sheet is None and not self.axes

    @property
    def labels(self) -> tuple[str, ...]:
        """Its axes within one entity."""
        return self.axes[1:] if self.axes[:1] == (ENTITY,) else self.axes

    def __str__(self) -> str:
        return f"rows of {self.sheet}" if self.sheet else f"by {', '.join(self.axes)}" if self.axes else "one value"


SCALAR = Frame()


@dataclass(frozen=True)
class Type:
    """What a node yields. `units` has one entry, or one per basis of the sheet; `zero` fits any unit.

    `labels` are all the labels there can be, where that is known: a comparison with another one is a slip.
    """

    kind: Kind
    units: tuple[Unit, ...] = (ONE,)
    frame: Frame = SCALAR
    zero: bool = False
    basis: str | None = None
    key: str | None = None
    labels: frozenset[str] | None = None

    @property
    def unit(self) -> Unit:
        return self.units[0]


@dataclass(frozen=True)
class TableType:
    """A table slot as the checker sees it: key names, types of columns, the axis a column's cells run over (level).

    `rows_of` names the sheet whose rows each ask in their own month, because the edition may change inside the period.
    """

    keys: tuple[str, ...]
    columns: dict[str, Type]
    axes: dict[str, str] = field(default_factory=dict)
    numeric_keys: dict[str, Unit] = field(default_factory=dict)
    rows_of: str = ""


class Scope(Protocol):
    """What names mean at one place of a method."""

    def name(self, name: str) -> Type | None: ...
    def member(self, sheet: str, column: str) -> Type | None: ...
    def table(self, slot: str) -> TableType | None: ...
    def axes_of(self, sheet: str) -> tuple[str, ...]: ...
    def bases(self) -> tuple[str, ...]: ...
    def suggestions(self, name: str) -> str: ...
