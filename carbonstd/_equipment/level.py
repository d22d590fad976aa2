"""The level of the notice on key energy-using products that a grade comes to: advanced, saving or access.

Derived from the grade by the rules of the notice, whose annex of figures was not seen. It is for reference, and no
verdict on a project.
"""

from __future__ import annotations

from datetime import date

from carbonstd._definitions.library import Library
from carbonstd._definitions.table import Table
from carbonstd._equipment.record import BELOW, Graded

_TABLE = "equipment/ndrc-levels"
_SCALES = ({"1", "2", "3"}, {"1", "2", "3", "4", "5"})
_MINIMUM = "minimum"  # a level that any grade reaches


def notice(library: Library, day: date) -> Table | None:
    """The notice in force on a day; None where none that is held was yet."""
    editions = library.editions(_TABLE, library.table_headers)
    begun = [item for item in editions if item.document.in_force and item.document.in_force <= day]
    return library.table(begun[-1].id) if begun else None


def level(graded: Graded, table: Table | None) -> str:
    """The level of a grade, `below` the minimum, or nothing: without a grade on a scale of three or five.

    Where a better grade was not seen the item may be of a better level, and none is said.
    """
    if table is None or not graded.decided or graded.unseen or graded.printed - {""} not in _SCALES:
        return ""
    if graded.grade is None:
        return BELOW
    for row, held in enumerate(table.rows):
        bound = table.cell(row, "grade").text
        if bound == _MINIMUM or graded.grade <= bound:
            return str(held.match["level"])
    return ""
