"""Mutants of a method and of the tables it uses: one constant, operator, key, column or cell changed at a time.

A mutant is a changed Method or Table object, never a changed file. It is killed when the loader refuses it or when
some case no longer gives what it expects. What no case notices is a survivor. Editions of a family share most of what
they print, and families share parts and tables: a mutant that stands in several of them alike is one mutant, killed
when the cases of one notice it.

`python -m tests.mutation [FAMILY ...]` tries every mutant and prints the survivors as mutation_survivors.txt has them.
"""

from __future__ import annotations

import copy
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from carbonstd import _expectation
from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.table import Table
from carbonstd._errors import CarbonstdError
from carbonstd._expectation import run_expectation
from carbonstd._language import expression as ex
from tests.mutation_shared import Shared
from tests.mutation_spots import ANYTHING, Scene, Spot, compiled_once
from tests.mutation_tables import Answers, table_mutants, tables_of
from tests.mutation_trees import Changes

Changed = Method | Table


@dataclass(frozen=True)
class Mutant:
    """A changed object, a name that stays the same from run to run, and where the change stands."""

    method: str
    name: str
    changed: Changed
    group: str
    spot: Spot


class Cases:
    """The cases of a method, and which of them notice what."""

    def __init__(self, method: Method, library: Library, root: Path) -> None:
        paths = sorted((root / "methods").glob(f"*/{method.family}/cases/*.yaml"))
        self.paths = [path for path in paths if _method_of(path) == method.id]
        self.library, self.programs = library, dict[Any, Any]()
        self.kills: Counter[tuple[str, Path]] = Counter()
        self.scenes: dict[Path, Scene] = {}
        self.words = {path: set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) for path in self.paths}

    def killed(self, mutant: Mutant) -> bool:
        library = _with(self.library, mutant.changed)
        programs = self.programs if isinstance(mutant.changed, Table) else {}  # a changed cell changes no tree
        with compiled_once(programs), mock.patch.object(_expectation, "read_case", lambda path, library: _read(path)):
            for path in self._order(mutant):
                if self.scene(path).notices(mutant.spot, mutant.changed) and _fails(path, library):
                    self.kills[mutant.group, path] += 1
                    return True
        return False

    def scene(self, path: Path) -> Scene:
        if path not in self.scenes:
            with compiled_once(self.programs):
                self.scenes[path] = Scene(path, self.library)
        return self.scenes[path]

    def _order(self, mutant: Mutant) -> list[Path]:
        """Those that noticed similar mutants first, then those that speak of what was changed."""
        wanted = set(re.findall(r"\w+", mutant.name))
        weights = {path: (-self.kills[mutant.group, path], -len(wanted & self.words[path])) for path in self.paths}
        return sorted(self.paths, key=weights.__getitem__)


class Families:
    """All families, each made when it is asked for, and what was found of the mutants they share."""

    def __init__(self, library: Library, root: Path) -> None:
        self.library, self.root, self.shared = library, root, Shared(library)
        self.made: dict[str, Family] = {}
        self.verdicts: dict[str, bool] = {}

    def __getitem__(self, name: str) -> Family:
        if name not in self.made:
            self.made[name] = Family(name, self)
        return self.made[name]

    def killed(self, name: str, part: str, first: str) -> bool:
        """Whether the cases of some family notice the mutant, those of `first` asked first."""
        if name not in self.verdicts:
            others = [family for family in self.shared.families(name) if family != first]
            self.verdicts[name] = any(self[family].notices(name, part) for family in (first, *others))
        return self.verdicts[name]


class Family:
    """The editions of a family and their cases."""

    def __init__(self, family: str, families: Families) -> None:
        library = families.library
        headers = library.editions(family, library.method_headers)
        self.methods = [library.method(header.id) for header in headers]
        self.family, self.families, self.library = family, families, library
        self.cases = {method.id: Cases(method, library, families.root) for method in self.methods}
        self.found: dict[str, dict[str, list[Mutant]]] = {}

    def mutants(self, part: str) -> dict[str, list[Mutant]]:
        """The mutants of one part (equations; sheets and checks; cells) by name, one for each edition that has it."""
        if part in self.found:
            return self.found[part]
        found = self.found[part] = dict[str, list[Mutant]]()
        for method in self.methods:
            seen: Counter[str] = Counter()
            for group, text, changed, spot in PARTS[part](method, self.library):
                name = f"{self.families.shared.name(method, group)}: {text}"
                seen[name] += 1
                full = name if seen[name] == 1 else f"{name} #{seen[name]}"
                found.setdefault(full, []).append(Mutant(method.id, full, changed, group, spot))
        return found

    def notices(self, name: str, part: str) -> bool:
        """Whether a case of this family notices the mutant of that name."""
        return any(self.cases[mutant.method].killed(mutant) for mutant in self.mutants(part).get(name, ()))

    def killed(self, name: str, part: str) -> bool:
        return self.families.killed(name, part, self.family)


Item = tuple[str, str, Changed, Spot]


def _of_equations(method: Method, library: Library) -> Iterator[Item]:
    for name, constant in method.constants.items():
        nudged = replace(constant, value=constant.value * Fraction(101, 100))
        changed = replace(method, constants={**method.constants, name: nudged})
        yield f"constant {name}", f"{constant.text} + 1 %", changed, ANYTHING
    for name, equation in method.equations.items():
        change, group = Changes(method, library, equation.sheet), f"equation {name}"
        for text, tree in change.of(equation.expression):
            yield group, text, _equation(method, name, expression=tree), Spot("equation", name)
        for text, tree in change.of(equation.needed):
            yield group, f"needed {text}", _equation(method, name, needed=tree), ANYTHING
        for argument, node in equation.arguments.items():
            for text, tree in change.of(node):
                arguments = {**equation.arguments, argument: tree}
                yield group, f"{argument} {text}", _equation(method, name, arguments=arguments), ANYTHING
    for index, line in enumerate(method.lines):
        if not line.total and not line.memo:  # a memo line is no term of a total: its sign is only shown
            lines = (*method.lines[:index], replace(line, sign=-line.sign), *method.lines[index + 1 :])
            yield f"line {line.id}", "sign", replace(method, lines=lines), ANYTHING


def _of_sheets(method: Method, library: Library) -> Iterator[Item]:
    for sheet in method.sheets.values():
        change = Changes(method, library, sheet.id)
        for text, tree in change.of(sheet.basis):
            changed = _sheet(method, sheet.id, basis=tree)
            yield f"sheet {sheet.id}", f"basis {text}", changed, Spot("basis", "", sheet.id)
        for name, column in sheet.columns.items():
            group = f"column {sheet.id}.{name}"
            for part in ("default", "needed"):
                for text, tree in change.of(getattr(column, part)):
                    changed = _column(method, sheet.id, name, **{part: tree})
                    yield group, f"{part} {text}", changed, Spot(part, name, sheet.id, tree)
            if column.default is not None:
                yield (
                    group,
                    "no default",
                    _column(method, sheet.id, name, default=None),
                    Spot("default", name, sheet.id),
                )
    for index, check in enumerate(method.checks):
        group, change = f"check {check.id}", Changes(method, library, check.sheet)
        before, after = method.checks[:index], method.checks[index + 1 :]
        for text, tree in change.of(check.condition):
            changed = replace(method, checks=(*before, replace(check, condition=tree), *after))
            yield group, text, changed, Spot("check", check.id, check.sheet, tree)
        dropped = Spot("check", check.id, check.sheet)
        yield group, "dropped", replace(method, checks=(*before, *after)), dropped
        if check.refuses:
            kept = (*before, replace(check, refuses=False), *after)
            yield group, "does not refuse", replace(method, checks=kept), dropped


def _of_tables(method: Method, library: Library) -> Iterator[Item]:
    for table, slot, columns, rows in tables_of(method, library):
        called = any(ex.Name(slot) in equation.arguments.values() for equation in method.equations.values())
        answers = Answers(method, library, slot) if called else None
        for text, changed in table_mutants(table, columns, rows):
            if answers is None or not answers.same(changed):
                yield f"table {table.id}", text, changed, Spot("table")


PARTS = {"equations": _of_equations, "sheets": _of_sheets, "tables": _of_tables}


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
def _method_of(path: Path) -> str:
    try:
        return str(_read(path).method)
    except CarbonstdError:  # told by tests/test_cases.py
        return ""


_SHIPPED = Library()


def main(names: Iterable[str]) -> None:
    families = Families(_SHIPPED, Path(__file__).resolve().parent.parent)
    for name in names:
        family = families[name]
        found = {text: part for part in PARTS for text in family.mutants(part)}
        lost = 0
        for text, part in found.items():
            if not family.killed(text, part):
                lost += 1
                print(text, flush=True)
        print(f"{name}: {len(found)} mutants, {lost} survive", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or sorted({header.family for header in _SHIPPED.method_headers.values()}))
