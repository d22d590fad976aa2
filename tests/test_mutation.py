"""Mutation: change one constant, operator, key or table cell of a method, and some case must fail.

Survivors stand in mutation_survivors.txt; a new one fails the test, so their number only falls. A line is the name of
the mutant, two spaces, `# ` and the reason; a name that ends in `*` stands for all that begin so. The test takes the
same few mutants of each family every time; `python -m tests.mutation [FAMILY ...]` tries them all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zlib import crc32

import pytest

from carbonstd._definitions.library import Library
from tests.mutation import PARTS, Families

ROOT = Path(__file__).resolve().parent.parent
LISTED = Path(__file__).with_name("mutation_survivors.txt")
# The families whose survivors are listed. Of the others `python -m tests.mutation FAMILY` prints them.
FAMILIES = [
    "energy-ledger",
    "gbt-2589",
    "gbt-2589-primary",
    "gbt-32151.34",
    "mee-allowance-carry-over",
    "mee-industry-allowance",
    "mee-power-allowance",
]
SAMPLE = 15  # mutants of each part of a family


@cache
def families() -> Families:
    """Made by the first test: reading the files of all methods is not for those who only collect."""
    return Families(Library(), ROOT)


def listed() -> dict[str, str]:
    """The known survivors and why each one lives."""
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("  # ")[::2] for line in lines if line and not line.startswith("#")]
    return dict(pairs)


def stands_for(line: str, text: str) -> bool:
    return text.startswith(line[:-1]) if line.endswith("*") else text == line


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", FAMILIES)
def test_no_new_survivor(name: str, part: str) -> None:
    known = listed()
    found = [text for text in families()[name].mutants(part) if not any(stands_for(line, text) for line in known)]
    sample = sorted(found, key=lambda text: crc32(text.encode()))[:SAMPLE]
    assert [text for text in sample if not families()[name].killed(text, part)] == []


def test_the_list_is_sorted_and_gives_reasons() -> None:
    known = listed()
    assert list(known) == sorted(known)
    assert all(known.values())


def test_a_listed_survivor_is_a_mutant() -> None:
    """A line whose mutant is gone is to be removed."""
    names = {text for name in FAMILIES for part in PARTS for text in families()[name].mutants(part)}
    assert [line for line in listed() if not any(stands_for(line, text) for text in names)] == []
