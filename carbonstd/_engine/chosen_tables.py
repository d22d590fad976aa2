"""The tables a run stands on: the editions of each slot, and what their choice deserves to have said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from carbonstd._case.case import Case
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Slot
from carbonstd._definitions.table import Table
from carbonstd._engine.edition import Segment, newer_editions
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, Severity, finding
from carbonstd._ledger.axes import Axes
from carbonstd._ledger.ledger import SheetData
from carbonstd._units import Dimension


def told_of(segments: Mapping[str, list[Segment]], method: Method, library: Library, case: Case) -> Iterator[Finding]:
    """What is to be told of the editions chosen: units that differ, a user's own table, one that was replaced."""
    for editions in segments.values():
        yield from _same_units(editions)
    yield from _own_tables(segments, library)
    yield from _replaced_tables(segments, method, library, case)


def chosen(slot: Slot, ledger: Mapping[str, SheetData], axes: Axes, library: Library) -> Slot:
    """The slot with the table the case chooses; with any of them where the choice is blank and will be refused."""
    if not slot.by:
        return slot
    [codes] = [data.codes[slot.by] for data in ledger.values() if data.sheet.single and slot.by in data.codes]
    label = str(axes.labels[slot.by][int(codes[0])]) if len(codes) and codes[0] >= 0 else ""
    held = {item: table for item, table in slot.choices.items() if table in library.table_headers}
    if label in slot.choices and label not in held:  # a locked run holds the table of its own choice alone
        values = {"label": label, "table": slot.choices[label], "held": ", ".join(held)}
        raise CaseError(findings=[finding("choice-not-held", slot.name, **values)])
    header = library.table_headers[held.get(label) or next(iter(held.values()))]
    return replace(slot, table=header.family, edition=header.edition, select="pinned")


def _own_tables(segments: Mapping[str, list[Segment]], library: Library) -> Iterator[Finding]:
    """A table of the user's own is never used in silence."""
    for slot, editions in segments.items():
        for table in (item.table for item in editions):
            header = library.table_headers.get(table.id)
            if header is not None and header.user:
                yield finding("user-table", slot, table=table.id, path=table.path, title=table.title)


def _replaced_tables(
    segments: Mapping[str, list[Segment]], method: Method, library: Library, case: Case
) -> Iterator[Finding]:
    """A table whose document was replaced by the end of the period; a note where the method names the edition."""
    for slot, editions in segments.items():
        named = slot in method.slots and method.slots[slot].select == "pinned"
        for table in (item.table for item in editions):
            period, of = case.period, method.document.number
            for item in newer_editions(table.id, table.document, library, period, case.as_of, of):
                yield replace(item, severity=Severity.NOTE) if named else item


def _same_units(editions: list[Segment]) -> Iterator[Finding]:
    """Editions that hold in one period are read by one expression: their columns must have the same units."""
    last = editions[-1].table
    for table in (edition.table for edition in editions[:-1]):
        for name in last.columns:
            if name not in table.columns or _sizes(table, name) != _sizes(last, name):
                yield finding("edition-units", table.id, column=name, other=last.id)


def _sizes(table: Table, column: str) -> dict[str, tuple[Fraction, Dimension]]:
    return {basis: (unit.factor, unit.dimension) for basis, unit in table.columns[column].units.items()}
