"""Derivatives against the figure moved a little, in the largest cases of every method and probe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import carbonstd
from carbonstd import CaseError
from carbonstd._definitions.library import Library
from carbonstd._language import expression as ex
from carbonstd._result.result import Result
from carbonstd._uncertainty.draws import Drawn, Simulation
from carbonstd._uncertainty.gradient import Derivatives
from carbonstd._uncertainty.places import order, trees

ROOT = Path(__file__).resolve().parent.parent
PROBES = Path(__file__).resolve().parent / "probes"
LIBRARY = Library((PROBES / "factors",), (PROBES / "methods",))
_FOLDERS = sorted({path.parent for root in (ROOT, PROBES) for path in (root / "methods").glob("**/cases/*.yaml")})
_LARGEST = [sorted(folder.glob("*.yaml"), key=lambda path: -path.stat().st_size)[:2] for folder in _FOLDERS]
CASES = sorted(path for paths in _LARGEST for path in paths)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_derivatives_against_the_figure_moved(path: Path) -> None:
    """Each input moved a little, in draws of the same trees; sums gathered first agree with sums of every row."""
    try:
        result = carbonstd.run(path, of=LIBRARY)
    except CaseError:
        return  # a refused case has no figures
    shown = [line for line in (*result.total_lines, *result.lines) if line.reported]
    equations = [line.line.equation for line in shown]
    derivatives = Derivatives(result._run)
    gradients = [derivatives.of(equation) for equation in equations]
    keys: list[Any] = sorted({key for item in gradients for key in (*item.cells, *item.constants)}, key=str)
    slopes = [[item.cells.get(key, item.constants.get(key, 0.0)) for item in gradients] for key in keys]
    values = [_value(result, key) for key in keys]
    columns: dict[tuple[str, str], Any] = {}
    for place in sorted({place for item in gradients for place in item.columns}):
        numbers = result._run.ledger[place[0]].numbers[place[1]]
        met = np.zeros(len(numbers), dtype=bool)
        for item in gradients:
            met |= item.columns.get(place, np.zeros(len(numbers))) != 0
        rows = np.flatnonzero(met)[:15]
        columns[place] = np.full(len(numbers), -1, dtype=np.int64)
        columns[place][rows] = np.arange(len(values), len(values) + len(rows))
        values += list(numbers[rows])
        slopes += [[float(item.columns.get(place, numbers * 0)[row]) for item in gradients] for row in rows]
    steps = 1e-6 * np.where(np.equal(values, 0), 1e-3, np.abs(values))
    draws = np.array(values) + np.concatenate([np.zeros((1, len(values))), np.diag(steps), -np.diag(steps)])
    drawn = Drawn({key: number for number, key in enumerate(keys)}, columns)
    found = Simulation(result._run, drawn).totals(equations, draws)
    whole = np.array([result._total(equation) for equation in equations])
    known = np.isfinite(whole)  # a product that was not made has no consumption per unit
    known &= ~np.array([_steps(derivatives, equation) for equation in equations])
    table = np.array(slopes).reshape(len(values), len(equations))
    size = np.max(np.abs(whole) + np.sum(np.abs(table * np.array(values)[:, None]), axis=0), where=known, initial=1e-12)
    row_by_row = Simulation(result._run, drawn, aggregate=False).totals(equations, draws)
    assert np.all((np.abs(found[0] - whole) <= 1e-12 * size)[known])
    off = np.isnan(found)  # moved off the edge of a steam table, or from a zero that a condition asks for
    assert np.array_equal(off, np.isnan(row_by_row))
    assert np.all((off | (np.abs(found - row_by_row) <= 1e-11 * size))[:, known])
    count = len(values)
    ahead, back = (found[1 : count + 1] - found[0]) / steps[:, None], (found[0] - found[count + 1 :]) / steps[:, None]
    noise = 1e-14 * size / steps[:, None]  # what rounding leaves of a small difference
    sides = np.nan_to_num([ahead, back, (ahead + back) / 2], nan=np.inf)
    sides = np.where(np.isinf(sides).all(axis=0), table, sides)
    wrong = np.min(np.abs(sides - table), axis=0) > 1e-5 * np.abs(table) + noise  # at a kink one side counts
    wrong &= (table < np.min(sides, axis=0)) | (table > np.max(sides, axis=0))  # where kinks add up, what lies between
    assert not wrong[:, known].any(), [(equations[j], i, ahead[i, j], table[i, j]) for i, j in np.argwhere(wrong)]


def _steps(derivatives: Derivatives, equation: str) -> bool:
    """Whether an equation rests on a figure cut off to whole units: its steps are taken for a slope of 1."""
    places = order(derivatives.run, ("", equation), set())
    nodes = (node for place in places for _, tree in trees(derivatives.run, place) for node in tree.walk())
    return any(isinstance(node, ex.Call) and node.function == "floor" for node in nodes)


def _value(result: Result, key: Any) -> float:
    if isinstance(key, str):
        return float(result.method.constants[key].value)
    tables = {item.table.id: item.table for segments in result._run.segments.values() for item in segments}
    return float(tables[key[0]].cell(key[1], key[2], key[3]).value or 0)
