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
from carbonstd._case.case import read_case
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Slot
from carbonstd._engine.array import Array
from carbonstd._engine.calculate import Calculation, Options
from carbonstd._engine.edition import Segment, select
from carbonstd._engine.run import Run
from carbonstd._errors import CaseError
from carbonstd._result.result import Result
from tests.ledgers import Ledgers, typed, written
from tests.oracle import Oracle, Rows
from tests.oracle_coverage import Coverage, Shelf
from tests.oracle_sizes import Sizes
from tests.quantities import UNITS

ROOT = Path(__file__).resolve().parent.parent
PROBES = Path(__file__).resolve().parent / "probes"  # small methods that use every corner of the language
LIBRARY = carbonstd.library()
PROBED = Library((PROBES / "factors",), (PROBES / "methods",))
CASES = sorted((ROOT / "methods").glob("**/cases/*.yaml"))
PROBE_CASES = sorted((PROBES / "methods").glob("**/cases/*.yaml"))
METHODS = sorted(LIBRARY.method_headers)
FAMILIES = sorted({header.family for header in LIBRARY.method_headers.values()})
SEEDS = range(4)
FIRST = Path(__file__).with_name("oracle_cases.txt").read_text(encoding="utf-8").split()
# Steam states where the tables C.4 and C.5 of GB/T 32151.34 have an answer often enough.
RANGES: Mapping[str, tuple[float, float]] = {
    "pressure": (0.02, 12),
    "temperature": (150, 590),
    "enthalpy": (2500, 3600),
}


# What no ledger touches. No table prints a coefficient at primary value: that look-up only tells why a run is refused.
UNTOUCHED: Mapping[str, list[str]] = {
    "mee-power": ["column coal.carbon_content: “class not given”"],  # such a case is refused
    "gbt-2589-primary": [
        "column energy.primary_coefficient: energy",
        "column energy.primary_coefficient: primary[energy].coal_equivalent",
        "column energy.primary_coefficient: primary[energy].coal_equivalent finds no cell",
    ],
    "energy-review": [  # and a fuel of another regime, which has no default, is refused
        "column project_energy.primary_coefficient: energy",
        "column project_energy.primary_coefficient: primary[energy].coal_equivalent",
        "column project_energy.primary_coefficient: primary[energy].coal_equivalent finds no cell",
        "column project_fuel.carbon_content: “another regime”",
        "column project_fuel.net_calorific_value: “another regime”",
        "column project_fuel.oxidation_factor: “another regime”",
    ],
    "energy-balance-co2": [  # oxidation of CEADs was never seen: the look-up only tells why a run is refused
        "column fuel.oxidation_factor: ceads[energy].oxidation_factor",
        "column fuel.oxidation_factor: ceads[energy].oxidation_factor finds no cell",
    ],
    "gb-21455-fixed": ["gb-21455-fixed@2009 eer_limit: no figure"],  # a minimum nobody has seen
}
# Methods still being written, whose cases do not take every branch yet: only their equations are asked for.
IN_WORK = {"gbt-32150", "ghg-protocol", "iso-14064-1", "provincial-guide"}
# Meters and bills beside the ledger are a shared part, whose branches the cases of energy-ledger take.
IN_WORK |= {"gbt-28751", "gbt-17166", "energy-utilisation-report", "energy-target"}
# Sink projects: their parts are those of the stock difference, whose branches its own cases take.
IN_WORK |= {"ccer-14-001", "ccer-14-002"}
# Product footprints: their rows are shared parts; systems drawn at random seldom have an answer.
IN_WORK |= {"gbt-24067", "iso-14067"}
# Limits: whether energy comes from a ledger or as a figure is one shared part, and levels are judged in cases; so are
# the grades of equipment.
JUDGED = {header.family for header in LIBRARY.method_headers.values() if header.level in ("limits", "equipment")}
IN_WORK |= JUDGED

# A dozen sheets that meet in one matrix: few rows and draws, and its cases take the rest.
SMALL = {"cbam-installation"}
# The same parts as another family, whose draws and cases take each equation.
TWINS = {"iso-14067"}
SMALL |= TWINS


class Unrefused(Calculation):
    """A run that goes on where input lacks something: what is missing then is missing in the oracle too."""

    def _refuse(self) -> None:
        pass


@pytest.mark.parametrize("family", FAMILIES)
def test_every_equation_branch_default_and_lookup(family: str) -> None:
    """Random ledgers first, then written cases until everything in the family's methods has been recomputed."""
    methods = [LIBRARY.method(name) for name in METHODS if name.partition("@")[0] == family]
    coverage, untouched = Coverage(methods), UNTOUCHED.get(family, [])
    for method in methods:
        for seed in SEEDS:
            if seed > 1 and (family in SMALL or left(coverage, family) == untouched):
                break  # a suite of more than a hundred families has ten minutes
            drawn(method, seed, coverage, rows=4 if family in IN_WORK | SMALL else 8)
    cases = [path for path in CASES if path.parent.parent.name == family]  # cases stand beside their method
    shelf = Shelf(cases, [method.id for method in methods], FIRST)
    while left(coverage, family) != untouched and (path := shelf.take(coverage.left)):
        checked(path, coverage)
    assert left(coverage, family) == untouched


def left(coverage: Coverage, family: str) -> list[str]:
    if family in TWINS:
        return []
    return [text for text in coverage.left if family not in IN_WORK or text.endswith(": no figure")]


@pytest.mark.parametrize("path", PROBE_CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_probes(path: Path) -> None:
    checked(path, library=PROBED)


def drawn(method: Method, seed: int, coverage: Coverage, rows: int) -> None:
    """Compare a random ledger."""
    plain = replace(method, checks=(), verdicts=())  # random rows break the checks, and they are not the point
    year = min(2025, (method.document.until or date.max).year)
    period, as_of = Period(date(year, 1, 1), date(year, 12, 31)), date(2026, 3, 31)
    tables = {slot.name: edition(slot, period, as_of) for slot in method.slots.values()}
    sheets = Ledgers(plain, tables, LIBRARY, period, RANGES).draw(seed, rows)
    case = {"method": method.id, "period": str(year), "as_of": str(as_of), "inputs": typed(sheets)}
    result = Unrefused(read_case(case, LIBRARY), plain, LIBRARY, Options(tables=tables)).result()
    compared(result, tables, sheets, coverage)


def edition(slot: Slot, period: Period, as_of: date) -> list[Segment]:
    """The edition(s) a slot uses; of the tables a user may choose from, the last one."""
    if slot.select == "chosen":
        return [Segment(LIBRARY.table(list(slot.choices.values())[-1]), period.start, period.end)]
    return select(slot, LIBRARY, period, as_of)[0]


def checked(path: Path, coverage: Coverage | None = None, library: Library = LIBRARY) -> None:
    """Compare a written case."""
    try:
        result = carbonstd.run(path, of=library)
    except CaseError:
        return  # a refused case has no figures
    inputs = yaml.safe_load(path.read_text(encoding="utf-8"))["inputs"]
    sheets = written(result.method, library, inputs)
    compared(result, result._run.segments, sheets, coverage, path)


def compared(
    result: Result,
    tables: Mapping[str, list[Segment]],
    sheets: Mapping[str, Rows],
    coverage: Coverage | None = None,
    path: Path | str = "random rows",
) -> None:
    """Compare every equation.

    In fractions the engine gives the oracle's figure itself (a called model is a float, and a float typed means 15
    digits). In float64 it agrees to 1e-12, of the terms where a difference cancels.
    """
    oracle = Oracle(result.method, tables, sheets)
    sizes = Sizes(result.method, tables, sheets, oracle.shapes)
    exactly, figures = result._run.exactly(), set()
    for name in result.method.equations:
        expected, size = _expected(oracle, name), _expected(sizes, name)
        exact, fast = _found(exactly, name), _found(result._run, name)
        assert expected.keys() == exact.keys() == fast.keys(), (path, name)
        for key, value in expected.items():
            if value is None:
                assert exact[key] != exact[key], (path, name, key)
                assert fast[key] != fast[key], (path, name, key)
                continue
            where = (path, name, key, float(value), float(exact[key]), fast[key])
            scale = max(abs(value), abs(size[key] or Fraction(0)))
            assert abs(Fraction(exact[key]) - value) <= Fraction(1, 10**14) * scale, where
            assert abs(Fraction(fast[key]) - value) <= Fraction(1, 10**12) * scale, where
            figures.add(name)
    if coverage is not None:
        coverage.add(oracle, figures)


def _expected(oracle: Oracle, name: str) -> dict[Any, Fraction | None]:
    """An equation's values by row, or by its labels in any order of the axes."""
    shape = oracle.shapes.of_equation(name)
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
