"""Every case beside a method (methods/**/cases/*.yaml): the method's figures are the expected ones."""

from pathlib import Path

import pytest

import carbonstd
from carbonstd._expectation import agrees, run_expectation

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted((ROOT / "methods").glob("**/cases/*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_case(path: Path) -> None:
    outcome = run_expectation(path, carbonstd.library())
    assert outcome.compared, "a case that expects nothing proves nothing"
    assert outcome.passed, outcome.differences


def test_every_method_has_cases() -> None:
    covered = {path.parent.parent.name for path in CASES}
    families = {header.family for header in carbonstd.library().method_headers.values()}
    assert families <= covered


def test_a_missing_figure_agrees_with_nothing() -> None:
    assert not agrees(float("nan"), "t", "0 t")
