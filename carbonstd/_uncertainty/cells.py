"""Half-widths as typed: the column `<column>_uncertainty` beside a column of numbers.

A half-width bounds 95 %. `5 %`, `±5%` and 0.05 are relative; `12 t` is in a unit of the column and absolute;
`-30 % / +50 %` has two sides. A bare number above 1 is refused: nobody can tell 5 from 5 %. `±0.5 % uniform` and
`±5 % triangular` bound all of the figure, as the accuracy class of a meter does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.cells import alike, blank, number_in
from carbonstd._definitions.method import Column
from carbonstd._findings import Finding, finding
from carbonstd._units import Unit, convertible

UNIFORM, TRIANGULAR = "uniform", "triangular"
_SHAPES = {
    "uniform": UNIFORM,
    "rectangular": UNIFORM,
    "均匀": UNIFORM,
    "均匀分布": UNIFORM,
    "矩形": UNIFORM,
    "矩形分布": UNIFORM,
    "triangular": TRIANGULAR,
    "三角": TRIANGULAR,
    "三角分布": TRIANGULAR,
}


@dataclass(frozen=True)
class Spread:
    """Half-widths by row, NaN where none is typed: below and above the value, relative or in the column's unit.

    `shape` is empty where they bound 95 %, else the distribution that lies within them altogether.
    """

    below: NDArray[np.float64]
    above: NDArray[np.float64]
    absolute: NDArray[np.bool_]
    shape: NDArray[np.str_]

    def around(self, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The half-widths in the column's unit."""
        scale = np.where(self.absolute, 1.0, np.abs(values))
        return self.below * scale, self.above * scale


def read_spread(
    column: Column, cells: Sequence[Any], basis: NDArray[np.int64] | None, place: Callable[[str, int], str]
) -> tuple[Spread, list[Finding]]:
    """Read the half-widths of one column; what is none is a finding with its cell."""
    targets, findings = list(column.units.values()), list[Finding]()
    different, places = alike(cells)  # a column mostly says the same in every row: each is read once
    at = np.maximum(basis, 0) if basis is not None and column.by_basis else 0
    pairs, codes = np.unique(places * len(targets) + at, return_inverse=True)
    held = [(different[pair // len(targets)], targets[pair % len(targets)]) for pair in pairs.tolist()]
    read = [_NONE if blank(cell) else _sides(cell, target) for cell, target in held]
    for row in np.flatnonzero(np.array([sides is None for sides in read], dtype=bool)[codes]).tolist():
        where = place(f"{column.name}_uncertainty", row)
        findings.append(finding("uncertainty-unreadable", where, column=column.label, found=str(cells[row])[:40]))
    kinds: tuple[Any, ...] = (np.float64, np.float64, np.bool_, "U10")
    parts = [[(sides or _NONE)[part] for sides in read] for part in range(len(kinds))]
    return Spread(*(np.array(part, dtype=kind)[codes] for part, kind in zip(parts, kinds, strict=True))), findings


_NONE = (np.nan, np.nan, False, "")


def _sides(cell: Any, target: Unit) -> tuple[float, float, bool, str] | None:
    """Below, above, whether they are in the column's unit, and the shape; None where the cell says none of that."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float | Decimal | Fraction | np.number):
        share = float(cell)
        return (share, share, False, "") if 0 <= share <= 1 else None
    text = unicodedata.normalize("NFKC", str(cell)).replace("−", "-").strip()
    words = text.rsplit(maxsplit=1)
    shape = _SHAPES.get(words[-1].casefold(), "") if words else ""
    text = words[0] if shape and len(words) == 2 else text
    first, _, second = text.partition("/") if re.match(r"-[^/]*/\s*\+", text) else (text, "", "")
    if second:
        lower, upper = _side(first.removeprefix("-"), target), _side(second.strip().removeprefix("+"), target)
        if lower is None or upper is None or lower[1] != upper[1]:
            return None
        return lower[0], upper[0], lower[1], shape
    side = _side(text.removeprefix("±").removeprefix("+-").removeprefix("+/-"), target)
    return (side[0], side[0], side[1], shape) if side else None


def _side(text: str, target: Unit) -> tuple[float, bool] | None:
    typed = number_in(text.strip())
    if typed is None or typed[2] < 0:
        return None
    number, suffix = typed[2], typed[1]
    if suffix == "%":
        return float(number / 100), False
    if not suffix:
        return (float(number), False) if number <= 1 else None
    factor = convertible(suffix, target)
    return (float(number * factor), True) if factor is not None else None
