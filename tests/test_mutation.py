"""Mutation: change one constant, operator, key or table cell of a method, and some case must fail.

Survivors stand in mutation_survivors.txt; a new one fails the test, so their number only falls. A line is the
name of the mutant, two spaces, `# ` and the reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonstd._library import Library
from tests.mutation import PARTS, Cases, mutants

ROOT = Path(__file__).resolve().parent.parent
LISTED = Path(__file__).with_name("mutation_survivors.txt")
LIBRARY = Library()


def survivors(method_id: str, part: str) -> list[str]:
    method = LIBRARY.method(method_id)
    cases = Cases(sorted((ROOT / "methods").glob(f"*/{method.family}/cases/*.yaml")), LIBRARY)
    return [mutant.name for mutant in mutants(method, LIBRARY, part) if not cases.killed(mutant)]


def listed() -> dict[str, str]:
    """The known survivors and why each one lives."""
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("  # ")[::2] for line in lines if line and not line.startswith("#")]
    return dict(pairs)


COVERED = ["gbt-32151.34@2024"]  # the power guide and GB/T 2589 still have survivors and would take minutes


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("method_id", COVERED)
def test_no_new_survivor(method_id: str, part: str) -> None:
    assert set(survivors(method_id, part)) <= set(listed())


def test_the_list_is_sorted_and_gives_reasons() -> None:
    known = listed()
    assert list(known) == sorted(known)
    assert all(known.values())
