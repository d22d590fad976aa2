"""Lint of what methods hand to one another: columns that exist, figures that compute in their unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Sheet
from carbonstd._definitions.schema import Problems
from carbonstd._definitions.table import Table
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding
from carbonstd._handover.handover import ENTITY, TABLE, Link, asking, links, named
from carbonstd._handover.rows import ANY, RowLink, all_links, compiled
from carbonstd._handover.rows import TABLE as LEDGER
from carbonstd._language.compile import Expressions, compile_method


def lint_handover(table: Table, library: Library) -> list[Finding]:
    """What is wrong with the links of a table of this family; nothing is said of any other."""
    if table.family != TABLE:
        return []
    problems = Problems(table.path)
    ids = list(library.method_headers)
    for row in table.rows:
        for side in ("allowance", "accounting"):
            if not any(named(row.match[side], name) for name in ids):
                problems.add("handover-unknown", row.line, found=row.name(), kind=side)
    for target, source in _pairs(table, ids):
        _pair(problems, library.method(target), library.method(source), library)
    return problems.findings


def _pairs(table: Table, ids: list[str]) -> Iterator[tuple[str, str]]:
    found = {
        (target, source)
        for row in table.rows
        for target in ids
        if named(row.match["allowance"], target)
        for source in ids
        if named(row.match["accounting"], source)
    }
    yield from sorted(found)


def _pair(problems: Problems, target: Method, source: Method, library: Library) -> None:
    given = links(target, source.id, library)
    known = [link for link in given if link.sheet in target.sheets and link.column in target.sheets[link.sheet].columns]
    for link in given:
        if link not in known:
            problems.add("handover-unknown", link.line, found=f"{target.id} {link.sheet}.{link.column}", kind="column")
        elif link.term and not _is_term(link, target, library):
            problems.add("handover-unknown", link.line, found=link.term, kind="term")
        elif link.typed and not _is_cell(link.typed, source):
            problems.add("handover-unknown", link.line, found=link.figure, kind="column")
    for link in known:
        if not link.equation:
            continue
        try:
            program = compile_method(asking(source, target, [link]), library)
        except CarbonstdError as error:
            problems.adopt(error, link.line, f"{source.id}: {link.figure}")
            continue
        frame = program.equations[link.equation].type.frame
        if frame.sheet is not None or frame.axes != (() if link.by == ENTITY else (link.by,)):
            problems.add("handover-shape", link.line, found=str(frame), figure=link.figure, by=link.by)


def _is_cell(typed: tuple[str, str], source: Method) -> bool:
    """Whether a cell that is handed on as typed stands on a form of the accounting method."""
    sheet = source.sheets.get(typed[0])
    return sheet is not None and sheet.single and typed[1] in sheet.columns


def _is_term(link: Link, target: Method, library: Library) -> bool:
    vocabulary = target.sheets[link.sheet].columns[link.column].vocabulary
    return bool(vocabulary) and link.term in library.vocabulary(vocabulary).terms


def lint_ledger(table: Table, library: Library) -> list[Finding]:
    """What is wrong with the rows that ledgers hand on; nothing is said of any other table."""
    if table.family != LEDGER:
        return []
    problems = Problems(table.path)
    for link, takes in all_links(table):
        target = _first_with(
            link.kind, link.column, [name for name in library.method_headers if named(takes, name)], library
        )
        source = _first_with(link.of, "", list(library.method_headers), library)
        if target is None or source is None:
            problems.add("handover-unknown", link.line, found=f"{link.kind}.{link.column}", kind="column")
        else:
            _row_link(problems, link, target[1], *source, library)
    return problems.findings


def _first_with(kind: str, column: str, names: Sequence[str], library: Library) -> tuple[Method, Sheet] | None:
    """The first of the methods that has a sheet of a kind with that column."""
    for method in map(library.method, names):
        for sheet in method.sheets.values():
            if sheet.kind == kind and (not column or column in sheet.columns):
                return method, sheet
    return None


def _row_link(problems: Problems, link: RowLink, sheet: Sheet, source: Method, ledger: Sheet, library: Library) -> None:
    column = sheet.columns[link.column]
    if column.kind != "number":
        vocabulary = library.vocabulary(column.vocabulary).terms if column.vocabulary else {}
        if link.term and link.term not in vocabulary:
            problems.add("handover-unknown", link.line, found=link.term, kind="term")
        elif not link.term and link.figure not in ledger.axes:
            problems.add("handover-unknown", link.line, found=link.figure, kind="column")
        return
    try:
        found = compiled(link, ledger, Expressions(source, library), column)
    except CarbonstdError as error:
        problems.adopt(error, link.line, f"{source.id}: {link.figure}")
        return
    units = dict(zip(ledger.bases, found.type.units, strict=True)) if len(found.type.units) > 1 else {}
    asked = [found.type.unit] if not units else list(units.values()) if link.basis == ANY else [units[link.basis]]
    known = {unit.dimension for unit in column.units.values()}
    if not {unit.dimension for unit in asked} <= known:
        found_units = ", ".join(unit.text for unit in asked)
        problems.add("handover-shape", link.line, found=found_units, figure=link.figure, by=column.unit.text)
