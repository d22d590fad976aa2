"""Mutants of a method and of the tables it uses: one constant, operator, key, column or cell changed at a time.

A mutant is a changed Method or Table object, never a changed file. It is killed when the loader refuses it or when
some case no longer gives what it expects. What no case notices is a survivor.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from carbonstd import _expectation
from carbonstd import _expression as ex
from carbonstd._case import read_case
from carbonstd._expectation import run_expectation
from carbonstd._library import Library
from carbonstd._method import Method
from carbonstd._table import Table
from tests.mutation_tables import Answers, table_mutants, tables_of
from tests.mutation_trees import Changes

Changed = Method | Table


@dataclass(frozen=True)
class Mutant:
    """A changed object, a name that stays the same from run to run, and the sheets whose rows it can move."""

    name: str
    changed: Changed
    group: str
    sheets: frozenset[str]


@dataclass
class Cases:
    """The cases of a method, and which of them notice what."""

    paths: list[Path]
    library: Library
    kills: Counter[tuple[str, Path]] = field(default_factory=Counter)

    def killed(self, mutant: Mutant) -> bool:
        library = _with(self.library, mutant.changed)
        with mock.patch.object(_expectation, "read_case", lambda path, library: _read(path)):
            for path in self._order(mutant):
                if _fails(path, library):
                    self.kills[mutant.group, path] += 1
                    return True
        return False

    def _order(self, mutant: Mutant) -> list[Path]:
        """The cases that hold rows of the sheets concerned; those that noticed similar mutants come first."""
        concerned = [path for path in self.paths if not mutant.sheets or mutant.sheets & _sheets(path)]
        return sorted(concerned, key=lambda path: -self.kills[mutant.group, path])


def mutants(method: Method, library: Library, part: str) -> Iterator[Mutant]:
    """The mutants of one part of a method: its equations, its sheets and checks, or the cells it uses."""
    seen: Counter[str] = Counter()
    for group, text, changed, sheets in PARTS[part](method, library):
        name = f"{method.id} {group}: {text}"
        seen[name] += 1
        yield Mutant(name if seen[name] == 1 else f"{name} #{seen[name]}", changed, group, frozenset(sheets))


Item = tuple[str, str, Changed, set[str]]


def _of_equations(method: Method, library: Library) -> Iterator[Item]:
    for name, constant in method.constants.items():
        nudged = replace(constant, value=constant.value * Fraction(101, 100))
        changed = replace(method, constants={**method.constants, name: nudged})
        yield f"constant {name}", f"{constant.text} + 1 %", changed, set()
    for name, equation in method.equations.items():
        change, sheets, group = Changes(method, library, equation.sheet), _below(method, name), f"equation {name}"
        for part in ("expression", "needed"):
            for text, tree in change.of(getattr(equation, part)):
                note = "needed " if part == "needed" else ""
                yield group, note + text, _equation(method, name, **{part: tree}), sheets
        for argument, node in equation.arguments.items():
            for text, tree in change.of(node):
                arguments = {**equation.arguments, argument: tree}
                yield group, f"{argument} {text}", _equation(method, name, arguments=arguments), sheets
    for index, line in enumerate(method.lines):
        if not line.total:
            lines = (*method.lines[:index], replace(line, sign=-line.sign), *method.lines[index + 1 :])
            yield f"line {line.id}", "sign", replace(method, lines=lines), _below(method, line.equation)


def _of_sheets(method: Method, library: Library) -> Iterator[Item]:
    for sheet in method.sheets.values():
        change = Changes(method, library, sheet.id)
        for text, tree in change.of(sheet.basis):
            yield f"sheet {sheet.id}", f"basis {text}", _sheet(method, sheet.id, basis=tree), {sheet.id}
        for column in sheet.columns.values():
            group = f"column {sheet.id}.{column.name}"
            for part in ("default", "needed"):
                for text, tree in change.of(getattr(column, part)):
                    yield group, f"{part} {text}", _column(method, sheet.id, column.name, **{part: tree}), {sheet.id}
            if column.default is not None:
                yield group, "no default", _column(method, sheet.id, column.name, default=None), {sheet.id}
    for index, check in enumerate(method.checks):
        group, sheets, change = f"check {check.id}", {check.sheet} - {""}, Changes(method, library, check.sheet)
        before, after = method.checks[:index], method.checks[index + 1 :]
        for text, tree in change.of(check.condition):
            yield group, text, replace(method, checks=(*before, replace(check, condition=tree), *after)), sheets
        yield group, "dropped", replace(method, checks=(*before, *after)), sheets
        if check.refuses:
            kept = (*before, replace(check, refuses=False), *after)
            yield group, "does not refuse", replace(method, checks=kept), sheets


def _of_tables(method: Method, library: Library) -> Iterator[Item]:
    for table, slot, columns, rows in tables_of(method, library):
        sheets = {sheet for sheet in method.sheets if _uses(method, sheet, slot)}
        called = any(ex.Name(slot) in equation.arguments.values() for equation in method.equations.values())
        answers = Answers(method, library, slot) if called else None
        for text, changed in table_mutants(table, columns, rows):
            if answers is None or not answers.same(changed):
                yield f"table {table.id}", text, changed, sheets


PARTS = {"equations": _of_equations, "sheets": _of_sheets, "tables": _of_tables}


def _uses(method: Method, sheet: str, slot: str) -> bool:
    trees = [node for equation in method.equations.values() if equation.sheet == sheet for node in equation.nodes]
    held = method.sheets[sheet]
    trees += [node for column in held.columns.values() for node in (column.default, column.needed) if node is not None]
    trees += [held.basis] if held.basis is not None else []
    nodes = [node for tree in trees for node in tree.walk()]
    return any(slot in (getattr(node, "table", ""), getattr(node, "name", "")) for node in nodes)


def _below(method: Method, name: str) -> set[str]:
    """The sheets whose rows an equation rests on."""
    equation = method.equations[name]
    nodes = [node for tree in equation.nodes for node in tree.walk()]
    sheets = {equation.sheet} - {""} | {node.sheet for node in nodes if isinstance(node, ex.Member)}
    for node in nodes:
        if isinstance(node, ex.Name) and node.name in method.equations:
            sheets |= _below(method, node.name)
    return sheets


def _equation(method: Method, name: str, **changes: Any) -> Method:
    return replace(method, equations={**method.equations, name: replace(method.equations[name], **changes)})


def _sheet(method: Method, name: str, **changes: Any) -> Method:
    return replace(method, sheets={**method.sheets, name: replace(method.sheets[name], **changes)})


def _column(method: Method, sheet: str, name: str, **changes: Any) -> Method:
    columns = method.sheets[sheet].columns
    return _sheet(method, sheet, columns={**columns, name: replace(columns[name], **changes)})


def _with(library: Library, changed: Changed) -> Library:
    """The library with one method or table in place of its own."""
    other = copy.copy(library)
    if isinstance(changed, Method):
        other._read = {**library._read, changed.id: changed}
    else:
        other._tables = {**library._tables, changed.id: changed}
    return other


def _fails(path: Path, library: Library) -> bool:
    try:
        return not run_expectation(path, library).passed
    except Exception:  # refused, or not able to run at all
        return True


@cache
def _read(path: Path) -> Any:
    """A case as read: no mutant changes that."""
    return read_case(path, _SHIPPED)


@cache
def _sheets(path: Path) -> frozenset[str]:
    return frozenset(name for name, sheet in _read(path).sheets.items() if sheet.rows)


_SHIPPED = Library()
