"""Tables as the oracle reads them: every row looked at, no index."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from carbonstd._definitions.table import Band, Row, Table
from tests.quantities import UNITS


def matches(table: Table, row: Row, keys: Sequence[Any]) -> bool:
    for (name, key), value in zip(table.keys.items(), keys, strict=True):
        wanted = row.match.get(name)
        if wanted is None:
            continue
        if value is None:  # of no row that asks for it
            return False
        if isinstance(wanted, Band):
            if not _in_band(wanted, UNITS.magnitude(value, key.unit.text if key.unit else "1")):
                return False
        elif str(value) not in ([wanted] if isinstance(wanted, str) else wanted):
            return False
    return True


def _in_band(band: Band, number: Fraction) -> bool:
    low = band.above is None or number > band.above
    low = low and (band.from_ is None or number >= band.from_)
    high = band.below is None or number < band.below
    return low and high and (band.up_to is None or number <= band.up_to)
