"""What a case is asked besides its own figures, of the one run that is made of it: that floats and fractions agree, and
that its months add up."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from carbonstd._report.months import by_month
from carbonstd._result.result import Result

ROOT = Path(__file__).resolve().parent.parent
MOST = 30  # of a family with hundreds of cases every nth is asked
FOLDERS = sorted(
    {path.parent for root in ("methods", "tests/probes") for path in (ROOT / root).glob("**/cases/*.yaml")}
)


def _spread(paths: list[Path]) -> list[Path]:
    """All of few, else about MOST of them, evenly."""
    return paths[:: -(-len(paths) // MOST)]


def _longest(paths: list[Path]) -> list[Path]:
    """The two longest of a family, and every probe."""
    return paths if ROOT / "tests" in paths[0].parents else sorted(paths, key=lambda path: -path.stat().st_size)[:2]


TWICE = {path for folder in FOLDERS for path in _spread(sorted(folder.glob("*.yaml")))}
BY_MONTH = {path for folder in FOLDERS for path in _longest(sorted(folder.glob("*.yaml")))}


def agrees_with_itself(path: Path, result: Result | None) -> None:
    """A case that was refused has no result and nothing to agree."""
    if result is not None and path in TWICE:
        exact_and_fast_agree_in_every_equation(result)
    if result is not None and path in BY_MONTH:
        parts_by_month_add_up_to_the_line(result)


def exact_and_fast_agree_in_every_equation(result: Result) -> None:
    """One tree, two kinds of number: 1e-12 of the largest figure of the case, and the same keys."""
    run = result._run
    figures = [np.abs(run.equation(name).data.astype(float)) for name in run.program.equations]
    scale = max(0.01, *(float(np.nanmax(data, initial=0)) for data in figures))  # of the largest figure: terms cancel
    for name in run.program.equations:
        fast, exact = run.equation(name), run.exactly().equation(name)
        assert fast.frame == exact.frame
        assert list(() if fast.keys is None else fast.keys) == list(() if exact.keys is None else exact.keys)
        for one, other in zip(fast.data, exact.data, strict=True):
            assert math.isnan(one) == (other != other)
            assert math.isnan(one) or abs(Fraction(other) - Fraction(float(one))) <= 1e-12 * scale, name


def parts_by_month_add_up_to_the_line(result: Result) -> None:
    for item in by_month(result):
        for line in item.lines:
            total = sum(line.values) + line.rest
            scale = max(sum(map(abs, line.values)), abs(line.total), 1e-6)
            assert total == pytest.approx(line.total, abs=1e-9 * scale)
            assert not any(value for value, there in zip(line.values, line.held, strict=True) if not there)
