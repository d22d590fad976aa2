"""The sheets that two methods have alike, copied from a case of the one into the workbook of the other."""

from __future__ import annotations

from dataclasses import dataclass

from carbonstd._case.case import Case, RawSheet
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._definitions.schema import Bilingual, joined
from carbonstd._findings import Finding, finding
from carbonstd._joint.joint import read_as
from carbonstd._ledger.ledger import find_sheet


@dataclass(frozen=True)
class Copied:
    """A case of another method with the sheets that both have, and what is to be told of it."""

    case: Case
    method: Method
    findings: tuple[Finding, ...]


def copied(case: Case, name: str, library: Library) -> Copied | None:
    """The case as far as another method has its sheets; None where it has none of them. Raises NotFoundError.

    Consent to tables that nobody has seen is given for a method and not copied.
    """
    source = read_as((case.method, *case.also), library, case.period, case.as_of)
    target = library.method(name, case.period, case.as_of)
    sheets: dict[str, RawSheet] = {}
    left: list[Bilingual] = []
    for sheet in source.sheets.values():
        raw = find_sheet(case, source, sheet)
        if raw is None or not raw.rows:
            continue
        held = target.sheets.get(sheet.id)
        if held is not None and _alike(raw, sheet, held):
            sheets[held.id] = raw
        else:
            left.append(sheet.label)
    if not sheets:
        return None
    made = Case(target.id, case.period, case.as_of, case.entity, sheets, name=case.name, path=case.path)
    values = {"method": source.id, "sheets": joined(target.sheets[name].label for name in sheets)}
    more = {"kind": "left", "left": joined(left)} if left else {}
    return Copied(made, target, (*case.findings, finding("template-copied", case.path, **values, **more)))


def _alike(raw: RawSheet, sheet: Sheet, other: Sheet) -> bool:
    """Whether every column that is filled means the same on both sheets."""
    names = [name for name in raw.columns if name in sheet.columns]
    return sheet.kind == other.kind and all(
        name in other.columns and _meaning(sheet.columns[name]) == _meaning(other.columns[name]) for name in names
    )


def _meaning(column: Column) -> tuple[object, ...]:
    units = {basis: unit.text for basis, unit in column.units.items()}
    return dict(column.label), column.kind, column.vocabulary, units
