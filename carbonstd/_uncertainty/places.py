"""The columns and equations that a figure rests on, and the trees behind them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.run import Run
from carbonstd._language import expression as ex
from carbonstd.models import registry

Floats = NDArray[np.float64]
CellKey = tuple[str, int, str, str]  # table id, row, column, label of the axis its cells run over
Place = tuple[str, str]  # a column: (sheet, column); an equation: ("", name)


def resolve(run: Run, name: str, sheet: str) -> tuple[str, Place]:
    """What a name means at a place: a `column`, an `equation`, a `constant`, or an axis (`label`)."""
    method = run.program.method
    if sheet and name in method.sheets[sheet].columns:
        return "column", (sheet, name)
    if name in method.equations:
        return "equation", ("", name)
    if name in method.constants:
        return "constant", ("", name)
    home = next((item.id for item in method.sheets.values() if item.single and name in item.columns), None)
    return ("column", (home, name)) if home else ("label", ("", name))


def trees(run: Run, place: Place) -> list[tuple[str, ex.Node]]:
    """The checked trees behind a place, each with the sheet whose names it reads."""
    sheet, name = place
    if sheet:
        compiled = run.program.defaults.get(place)
        filled = run.ledger[sheet].filled.get(name)
        used = compiled is not None and compiled.node is not None and filled is not None and filled.any()
        return [(sheet, compiled.node)] if used and compiled and compiled.node else []
    compiled, home = run.program.equations[name], run.program.method.equations[name].sheet
    if compiled.node is not None:
        return [(home, compiled.node)]
    model = registry()[run.program.method.equations[name].call]
    return [(home, node) for item, node in (compiled.arguments or {}).items() if model.arguments[item] != "table"]


def order(run: Run, place: Place, seen: set[Place]) -> Iterator[Place]:
    """What a place rests on, and then itself."""
    if place in seen:
        return
    seen.add(place)
    for found in below(run, place):
        yield from order(run, found, seen)
    yield place


def below(run: Run, place: Place) -> Iterator[Place]:
    """The columns and equations that a place reads directly."""
    for scope, tree in trees(run, place):
        for node in tree.walk():
            if isinstance(node, ex.Name):
                kind, found = resolve(run, node.name, scope)
                if kind in ("column", "equation"):
                    yield found
            elif isinstance(node, ex.Member):
                yield node.sheet, node.column
