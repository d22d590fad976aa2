"""Whether a case can notice a mutant at all: the changed tree, run where the case stands, gives something else.

Running one tree on a run that is already there costs a hundredth of running the case again. What gives the same at the
spot that was changed gives the same everywhere; what gives something else is run as a whole, for it may still be lost
further on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.table import Table
from carbonstd._engine import calculate as _calculate
from carbonstd._engine.array import Array
from carbonstd._engine.run import Run
from carbonstd._errors import CarbonstdError
from carbonstd._expectation import run_expectation
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiler, compile_method
from carbonstd._language.scope import Scope
from carbonstd._ledger.arithmetic import TRUE


@dataclass(frozen=True)
class Spot:
    """What a mutant changed: `kind` is equation, check, default, needed, basis, table or anything; `tree` is None where
    it was dropped."""

    kind: str
    name: str = ""
    sheet: str = ""
    tree: ex.Node | None = None


ANYTHING = Spot("anything")


class Scene:
    """A case as it runs without a mutant, up to where it was refused."""

    def __init__(self, path: Path, library: Library) -> None:
        self.path, self.runs = path, list[Run]()
        with mock.patch.object(_calculate, "Run", self._kept):
            run_expectation(path, library)

    def _kept(self, *arguments: Any) -> Run:
        self.runs.append(Run(*arguments))
        return self.runs[-1]

    def notices(self, spot: Spot, changed: Method | Table) -> bool:
        """Whether the changed thing gives something else here; true where that cannot be told cheaply."""
        if not self.runs or spot.kind == "anything":
            return True
        run = self.runs[0]
        try:
            with np.errstate(all="ignore"):
                told: Callable[[Run, Spot, Any], bool] = getattr(self, f"_{spot.kind}")
                return told(run, spot, changed)
        except Exception:  # refused at load, or not able to run
            return True

    def _equation(self, run: Run, spot: Spot, changed: Method) -> bool:
        compiler = _compiler(run, changed)
        compiler.done.pop(spot.name, None)
        compiled = compiler.equation(spot.name)
        if compiled.type != run.program.equations[spot.name].type:
            return True
        equation = changed.equations[spot.name]
        return _differ(run.equation(spot.name), _aside(run).evaluate(compiled, equation.sheet, spot.name))

    def _check(self, run: Run, spot: Spot, changed: Method) -> bool:
        old = _aside(run).evaluate(run.program.checks[spot.name], spot.sheet, spot.name)
        if spot.tree is None:
            return not bool(np.all(old.data == TRUE))
        return _differ(old, self._truth(run, spot, changed))

    def _truth(self, run: Run, spot: Spot, changed: Method) -> Array:
        compiler = _compiler(run, changed)
        assert spot.tree is not None
        compiled = compiler._truth(spot.tree, Scope(compiler, changed.sheets.get(spot.sheet)))
        return _aside(run).evaluate(compiled, spot.sheet, spot.name)

    def _needed(self, run: Run, spot: Spot, changed: Method) -> bool:
        if not run.ledger[spot.sheet].rows:
            return False
        compiler, sheet = _compiler(run, changed), changed.sheets[spot.sheet]
        assert spot.tree is not None
        new = compiler._by_row(compiler._truth(spot.tree, Scope(compiler, sheet)), sheet, spot.tree)
        old = run.program.needed[spot.sheet, spot.name]
        return _differ(*(_aside(run).by_row(item, spot.sheet, "") for item in (old, new)))

    def _default(self, run: Run, spot: Spot, changed: Method) -> bool:
        data, column = run.ledger[spot.sheet], changed.sheets[spot.sheet].columns[spot.name]
        if column.kind != "number":
            return bool(data.rows)
        blank = np.isnan(data.numbers[spot.name]) | data.filled.get(spot.name, np.zeros(data.rows, dtype=bool))
        if not blank.any() or spot.tree is None:
            return bool(blank.any())
        compiler, sheet = _compiler(run, changed), changed.sheets[spot.sheet]
        new = compiler._by_row(compiler._default(column, Scope(compiler, sheet)), sheet, spot.tree)
        old = run.program.defaults[spot.sheet, spot.name]
        return _differ(*(_aside(run).by_row(item, spot.sheet, "") for item in (old, new)))

    def _basis(self, run: Run, spot: Spot, changed: Method) -> bool:
        return bool(run.ledger[spot.sheet].rows)

    def _table(self, run: Run, spot: Spot, changed: Table) -> bool:
        for usage in (usage for usages in run.usages.values() for usage in usages):
            for index, segment in enumerate(run.segments[usage.slot]):
                if segment.table.id == changed.id:
                    pairs = zip(segment.table.rows, changed.rows, strict=True)
                    moved = [row for row, (old, new) in enumerate(pairs) if old is not new]
                    keys = any(
                        old.match != new.match for old, new in zip(segment.table.rows, changed.rows, strict=True)
                    )
                    asked = usage.row[usage.segment == index] if len(usage.segment) == len(usage.row) else usage.row
                    if keys or usage.whole or np.isin(asked, moved).any():
                        return True
        return False


def _compiler(run: Run, changed: Method) -> Compiler:
    """A compiler that knows the equations of the run already."""
    tables = {slot: items[-1].table for slot, items in run.segments.items()}
    compiler = Compiler(changed, run.library, tables)
    compiler.done = dict(run.program.equations)
    return compiler


def _aside(run: Run) -> Run:
    """The run with a place of its own for what is looked up and found."""
    return replace(run, values=dict(run.values), usages={}, findings=[], working={}, statuses={}, _exactly=None)


def _differ(old: Array, new: Array) -> bool:
    if old.frame != new.frame or old.labels != new.labels or old.everywhere != new.everywhere:
        return True
    same_keys = old.keys is None if new.keys is None else old.keys is not None and np.array_equal(old.keys, new.keys)
    alike = np.array_equal(old.data, new.data, equal_nan=old.data.dtype.kind == "f")
    return not (same_keys and alike and (old.fill == new.fill or (old.fill != old.fill and new.fill != new.fill)))


@contextmanager
def compiled_once(programs: dict[Any, Any]) -> Iterator[None]:
    """Each method object is compiled once for the same editions; a changed cell changes no tree."""

    def compiled(method: Method, library: Library, tables: Any = None) -> Any:
        key = (id(method), tuple(sorted((slot, table.id) for slot, table in (tables or {}).items())))
        if key not in programs:
            try:
                programs[key] = compile_method(method, library, tables)
            except CarbonstdError as error:
                programs[key] = error
        if isinstance(programs[key], CarbonstdError):
            raise programs[key]
        return programs[key]

    with mock.patch.object(_calculate, "compile_method", compiled):
        yield
