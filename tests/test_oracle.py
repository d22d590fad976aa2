"""The engine against a slow oracle: every equation of every method, row by row, to 1e-12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import carbonstd
from carbonstd._calculate import Options, calculate
from carbonstd._document import Period
from carbonstd._edition import Segment, select
from carbonstd._errors import CaseError
from carbonstd._evaluate import Array
from carbonstd._library import Library
from carbonstd._result import Result
from carbonstd._run import Run
from tests.ledgers import Ledgers, typed, written
from tests.oracle import Oracle, Rows
from tests.oracle_sizes import Sizes
from tests.quantities import UNITS

ROOT = Path(__file__).resolve().parent.parent
PROBES = Path(__file__).resolve().parent / "probes"  # small methods that use every corner of the language
LIBRARY = Library((PROBES / "factors",), (PROBES / "methods",))
ALL = sorted(path for root in (ROOT, PROBES) for path in (root / "methods").glob("**/cases/*.yaml"))
CASES = [path for place, path in enumerate(ALL) if "energy" not in path.parts or place % 5 == 0]  # a fifth
METHODS = sorted(carbonstd.library().method_headers)
PERIOD, AS_OF = Period(date(2025, 1, 1), date(2025, 12, 31)), date(2026, 3, 31)
# Steam states where the tables C.4 and C.5 of GB/T 32151.34 have an answer often enough.
RANGES: Mapping[str, tuple[float, float]] = {
    "pressure": (0.02, 12),
    "temperature": (150, 590),
    "enthalpy": (2500, 3600),
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", METHODS)
def test_random_rows(name: str, seed: int) -> None:
    library = carbonstd.library()
    method = replace(library.method(name), checks=())  # random rows break the checks, and they are not the point
    tables = {slot.name: select(slot, library, PERIOD, AS_OF)[0] for slot in method.slots.values()}
    sheets = Ledgers(method, tables, library, PERIOD, RANGES).draw(seed, rows=20)
    case = {"method": name, "period": "2025", "as_of": str(AS_OF), "inputs": typed(sheets)}
    accepted = Options(allow_recalled=tuple(slot.table for slot in method.slots.values()))
    result = calculate(carbonstd.read_case(case), method, library, accepted)
    assert compared(result, tables, sheets) > 20 * len(method.sheets)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_written_cases(path: Path) -> None:
    try:
        result = carbonstd.run(path, of=LIBRARY)
    except CaseError:
        return  # a refused case has no figures
    inputs = yaml.safe_load(path.read_text(encoding="utf-8"))["inputs"]
    sheets = written(result.method, LIBRARY, inputs)
    assert compared(result, result._run.segments, sheets)


def compared(result: Result, tables: Mapping[str, list[Segment]], sheets: Mapping[str, Rows]) -> int:
    """Compare every equation; the number of values compared.

    In fractions the engine gives the oracle's figure itself (a called model is a float, and a float typed means 15
    digits). In float64 it agrees to 1e-12, of the terms where a difference cancels.
    """
    oracle, sizes = Oracle(result.method, tables, sheets), Sizes(result.method, tables, sheets)
    exactly, count = result._run.exactly(), 0
    for name in result.method.equations:
        expected, size = _expected(oracle, name), _expected(sizes, name)
        exact, fast = _found(exactly, name), _found(result._run, name)
        assert expected.keys() == exact.keys() == fast.keys(), name
        for key, value in expected.items():
            if value is None:
                assert exact[key] != exact[key], (name, key)
                assert fast[key] != fast[key], (name, key)
                continue
            where = (name, key, float(value), float(exact[key]), fast[key])
            scale = max(abs(value), abs(size[key] or Fraction(0)))
            assert abs(Fraction(exact[key]) - value) <= Fraction(1, 10**14) * scale, where
            assert abs(Fraction(fast[key]) - value) <= Fraction(1, 10**12) * scale, where
            count += 1
    return count


def _expected(oracle: Oracle, name: str) -> dict[Any, Fraction | None]:
    """An equation's values by row, or by its labels in any order of the axes."""
    shape = oracle.shape_of(name)
    if shape.sheet:
        return dict(enumerate(oracle.rows(name)))
    if not shape.axes:
        return {(): oracle.one(name)}
    return {frozenset(zip(shape.axes, key, strict=True)): value for key, value in oracle.by_axes(name).items()}


def _found(run: Run, name: str) -> dict[Any, Any]:
    array: Array = run.equation(name)
    if array.frame.sheet:
        rows = run.ledger[array.frame.sheet].rows
        return dict(enumerate(np.broadcast_to(array.data, (rows,)).tolist()))
    if array.keys is None:
        return {(): array.data.tolist()[0]}
    axes, codes = array.frame.axes, run.axes.unravel(array.frame.axes, array.keys)
    labels = [[run.axes.labels[axis][int(code)] for code in codes[axis]] for axis in axes]
    keys = [frozenset(zip(axes, key, strict=True)) for key in zip(*labels, strict=True)]
    return dict(zip(keys, array.data.tolist(), strict=True))


def test_the_oracle_knows_units_by_itself() -> None:
    """1 t of natural coal tar of 33.453 GJ/t and 0.0220 tC/GJ holds 0.735966 tC, by hand 2.698542 tCO2."""
    carbon = UNITS.quantity(Fraction("33.453"), "MJ/kg") * UNITS.quantity(Fraction("0.022"), "tC/GJ")
    gas = UNITS.convert(carbon * UNITS.molar_ratio(44, 12), "kgCO2/t")
    assert gas.magnitude == Fraction("33.453") * 22 * 44 / 12
