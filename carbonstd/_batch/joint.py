"""What one method of a joint workbook reads of the ledgers of many entities, where nothing is handed to it.

Where rows of a ledger would be handed on, or rows say which of several judged objects they belong to, each entity is
run alone. So is an entity with a blank that the accounting beside it would fill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import blank, distinct
from carbonstd._definitions.library import Library
from carbonstd._engine.evaluate import NotTogether
from carbonstd._joint.case import part_of

Sheets = Mapping[str, RawSheet]
Owners = Mapping[str, NDArray[np.int64]]


def own_sheets(
    case: Case, owners: Owners, method: str, library: Library, entities: int
) -> tuple[Sheets, Owners, NDArray[np.bool_]]:
    """The sheets of `case`, which hold the rows of all entities, as the method reads them; whose their rows are; and
    which entities ask another method for figures. Raises NotTogether.
    """
    part = part_of(case, method, library)
    if part is None:
        return case.sheets, owners, np.zeros(entities, dtype=bool)
    sheets = part.typed_whole()
    if sheets is None:
        raise NotTogether("rows are handed on, or belong to one of several objects")
    names = {id(raw): name for name, raw in case.sheets.items()}
    own = {name: owners[names[id(raw)]] for name, (raw, _) in sheets.items()}
    asking = np.zeros(entities, dtype=bool)
    for sheet, column in part.asked():
        filled = np.zeros(entities, dtype=bool)
        if sheet in sheets:
            filled[own[sheet]] = True
            filled[own[sheet][_blank(sheets[sheet][1].columns.get(column), len(own[sheet]))]] = False
        asking |= ~filled
    return {name: read for name, (_, read) in sheets.items()}, own, asking


def _blank(cells: Sequence[Any] | None, rows: int) -> NDArray[np.bool_]:
    if cells is None:
        return np.ones(rows, dtype=bool)
    different, places = distinct(cells)
    return np.array([blank(cell) for cell in different], dtype=bool)[places]
