"""Lint of what accounting methods hand to allowance methods: columns that exist, figures that compute in their unit."""

from __future__ import annotations

from collections.abc import Iterator

from carbonstd._compile import compile_method
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding
from carbonstd._handover import ENTITY, TABLE, Link, asking, links, named
from carbonstd._library import Library
from carbonstd._method import Method
from carbonstd._schema import Problems
from carbonstd._table import Table


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


def _is_term(link: Link, target: Method, library: Library) -> bool:
    vocabulary = target.sheets[link.sheet].columns[link.column].vocabulary
    return bool(vocabulary) and link.term in library.vocabulary(vocabulary).terms
