"""Ties that float64 leaves open are settled as plain fractions settle them; the bounds are an aid, never an answer."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import calculate
from carbonstd._engine.evaluate import evaluate
from carbonstd._engine.rounding import Rounded, _decimal_places
from carbonstd._engine.run import Run
from carbonstd._engine.within import Within

KIND = """
title: Works
columns:
  name: {label: Name, kind: label}
  line: {label: Line, kind: label}
  a: {label: A, unit: "1", min: none}
  b: {label: B, unit: "1", min: none}
  c: {label: C, unit: "1", min: none}
"""
SIDES = {  # of comparisons
    "a + b = c": ("a + b", "c"),
    "a - c = -b": ("a - c", "-b"),
    "a * b = c": ("a * b", "c"),
    "sums": ("sum(a, by=line) + sum(b, by=line)", "sum(c, by=line)"),
    "sum of products": ("sum(a * b)", "sum(c)"),
    "counts": ("sum(1 if a + b == c else 0)", "2"),
    "a choice": ("a + b if a > b else a * b", "c"),
    "first": ("first(a, b) + b", "c"),
    "parts of nothing": ("(a - a) / (b * b + 1)", "c - c"),
    "a scale": ("sum(a) / 2 * 2 * quarter / quarter", "sum(a)"),
    "a quotient": ("c / (a * a + 1)", "b"),
    "a mean": ("mean(a, weight=b * b + 1)", "c"),
    "a root": ("sqrt(a * a)", "a"),
    "a power": ("a ** 2", "c"),
    "extremes": ("max(a, min(b, c)) + abs(b)", "clip(c, a, b)"),
}
ORDERS = ("<", "<=", "==", ">", "!=")


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run of rows of a, b, c."""
    root = tmp_path_factory.mktemp("works")
    checks = "\n".join(
        f"  s{place}o{other}: {{sheet: works, severity: note, message: M, condition: '({left}) {order} ({right})'}}"
        for place, (left, right) in enumerate(SIDES.values())
        for other, order in enumerate(ORDERS)
    )
    method = f"""
title: Tied
document: {{number: TIED, title: Tied}}
regime: energy-limit
constants:
  quarter: {{value: 0.35, unit: "1", evidence: user}}
sheets:
  works: {{kind: works, columns: {{name: , line: , a: , b: , c: }}}}
equations:
  use: {{label: Use, unit: "1", expression: "sum(works.a)"}}
totals: {{use: {{label: Use, gas: ""}}}}
checks:
{checks}
"""
    for name, content in (("shared/kinds/works", KIND), ("limits/tied/2024", method)):
        path = root / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    library = Library((), (root,))

    def run(rows: list[tuple[Any, ...]]) -> Run:
        held = [
            {"name": f"row {row}", "line": f"{row % 2}", "a": a, "b": b, "c": c} for row, (a, b, c) in enumerate(rows)
        ]
        case = read_case({"method": "tied@2024", "period": 2025, "inputs": {"works": held}}, library)
        return calculate(case, library.method("tied"), library)._run

    return run


def decimals(places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-10_000, 10_000).map(lambda number: Decimal(number).scaleb(-places))


NEAR = [0, 0, 0, Decimal("1e-9"), Decimal("-1e-10"), Decimal("3e-13")]  # how far c is off a tie


@st.composite
def rows(draw: Any) -> list[tuple[Any, Any, Any]]:
    """Rows in which c ties with the sum or the product of a and b, or all but ties; as floats, or typed as text."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        a, b = (draw(decimals(draw(st.integers(0, 4)))) for _ in "ab")
        c = (a + b if draw(st.booleans()) else a * b) + draw(st.sampled_from(NEAR))
        kind = draw(st.sampled_from([float, str]))
        found.append(tuple(kind(item) for item in (a, b, c)))
    return found


@settings(deadline=None, max_examples=25)
@given(rows=rows())
def test_ties_are_settled_as_fractions_settle_them(works: Any, rows: list[tuple[Any, Any, Any]]) -> None:
    run = works(rows)
    for name, compiled in run.program.checks.items():
        settled, left_open = Rounded(Within(run, "works", name)).settled(compiled.node)
        if not left_open.data.any():
            exactly = evaluate(compiled.node, Within(run.exactly(), "works", name))
            assert np.array_equal(settled.data, exactly.data), (name, rows)
            assert settled.frame == exactly.frame


def test_ties_of_decimals_need_no_fractions(works: Any) -> None:
    """0.1 + 0.2 = 0.3 and 1.1 x 1.1 = 1.21, which float64 denies."""
    for row, other in (((0.1, 0.2, 0.3), "a + b = c"), ((1.1, 1.1, 1.21), "a * b = c")):
        run = works([row] * 3)
        check = run.program.checks[f"s{list(SIDES).index(other)}o2"].node
        settled, left_open = Rounded(Within(run, "works", "")).settled(check)
        assert not left_open.data.any()
        assert (settled.data == 2).all()


@settings(deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 12))
def test_the_places_of_a_typed_decimal(digits: int, places: int) -> None:
    typed = Decimal(digits).scaleb(-places)
    [found] = _decimal_places(np.array([float(typed)]))
    assert found <= places
    assert Fraction(typed) * 10 ** int(found) == int(Fraction(typed) * 10 ** int(found))
