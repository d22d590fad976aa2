"""Sizes far beyond every band that a table of limits prints: an open band takes them, a slip of unit is likelier.

No document bounds them, so nothing is refused. A hundredfold lies beyond what is built and short of a slip of a
thousand (W for kW, kg for t).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from carbonstd._definitions.table import Key, Table
from carbonstd._engine.run import Run
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import SheetData
from carbonstd._units import convertible

_TABLES = ("limits/", "equipment/")
_FAR = 100


def far_sizes(run: Run) -> Iterator[Finding]:
    """A warning for each size of what is judged that lies a hundredfold beyond the bands of its table."""
    tables = (segment.table for segments in run.segments.values() for segment in segments)
    for table in tables:
        keys = [key for key in table.keys.values() if key.unit is not None and table.id.startswith(_TABLES)]
        for data in run.ledger.values() if keys else ():
            for key in keys:
                if data.sheet.single and key.name in data.numbers:
                    yield from _far(data, key, table)


def _far(data: SheetData, key: Key, table: Table) -> Iterator[Finding]:
    column, edges = data.sheet.columns[key.name], table.edges(key.name)
    edges = edges[edges > 0]
    factor = convertible(column.unit.text, key.unit) if column.unit and key.unit else None
    if factor is None or not len(edges):
        return
    sizes = data.numbers[key.name] * float(factor)
    far = (sizes > _FAR * edges[-1]) | ((sizes > 0) & (sizes * _FAR < edges[0]))
    for row in map(int, np.flatnonzero(far)):
        values = {"found": float(sizes[row]), "lowest": float(edges[0]), "largest": float(edges[-1])}
        place, unit = data.place(key.name, row), key.unit.text if key.unit else ""
        yield finding("class-size-far", place, table.clause, column=key.label, unit=unit, table=table.id, **values)
