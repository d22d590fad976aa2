"""Every case beside a method (methods/**/cases/*.yaml): the method's figures are the expected ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import carbonstd
from carbonstd._expectation import run_expectation

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted((ROOT / "methods").glob("**/cases/*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_case(path: Path) -> None:
    expect: Mapping[str, Any] = carbonstd.read_case(path).expect or {}
    outcome = run_expectation(path, carbonstd.library())
    assert outcome.compared or expect.get("refused"), "a case that expects nothing proves nothing"
    assert outcome.passed, outcome.differences
    wanted = {item["code"] for item in expect.get("findings") or ()}
    found = {item.code for item in outcome.result.findings if item.severity == "error"} if outcome.result else set()
    assert found <= wanted, "an error that the case does not expect"


def test_every_method_has_cases() -> None:
    covered = {path.parent.parent.name for path in CASES}
    families = {header.family for header in carbonstd.library().method_headers.values()}
    assert families <= covered
