"""What tables rest on: rows by evidence, sources nobody can find again, what each method would need recalled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.table import Cell, Row, Table
from carbonstd._lint.figures import cells_of

_UNLOCATED = re.compile(r"\bunlocated\b")  # what a source says of itself where nobody could find it again


@dataclass(frozen=True)
class EvidenceSummary:
    """Rows by their weakest grade; rows with an unlocated source; recalled cells by method and table edition."""

    rows: Mapping[str, int]
    unlocated: int
    recalled: Mapping[str, Mapping[str, int]]


def summarise(tables: Iterable[Table], methods: Iterable[Method], library: Library) -> EvidenceSummary:
    """Every edition a slot may choose counts, whichever a period would choose."""
    held = {table.id: table for table in tables}
    grades = Counter(_grade(row) for table in held.values() for row in table.rows)
    unlocated = sum(_unlocated(row) for table in held.values() for row in table.rows)
    recalled = {table.id: count for table in held.values() if (count := _recalled(table))}
    needs = {}
    for method in methods:
        found = {name: recalled[name] for name in _editions(method, library) if name in recalled}
        if found:
            needs[method.id] = found
    return EvidenceSummary({grade: grades[grade] for grade in EVIDENCE}, unlocated, needs)


def _editions(method: Method, library: Library) -> list[str]:
    headers = library.table_headers
    found = []
    for slot in method.slots.values():
        for name in slot.tables:
            header = library.find(name, headers)
            pinned = slot.edition or slot.by
            found += [header.id] if pinned else [item.id for item in library.editions(header.family, headers)]
    return list(dict.fromkeys(found))


def _grade(row: Row) -> str:
    return max((cell.evidence for cell in _cells(row) if cell.evidence), key=EVIDENCE.index, default="")


def _recalled(table: Table) -> int:
    return sum(cell.evidence == "recalled" and cell.value is not None for row in table.rows for cell in _cells(row))


def _unlocated(row: Row) -> bool:
    return any(_UNLOCATED.search(cell.source.get("en", "")) for cell in _cells(row))


def _cells(row: Row) -> list[Cell]:
    return [cell for item in row.cells.values() for cell in cells_of(item)]
