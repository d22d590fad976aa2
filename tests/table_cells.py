"""What tests of tables share: a table read alone, and its cells as numbers."""

from fractions import Fraction
from pathlib import Path

from carbonstd._definitions.table import Cell, Row, Table, read_table

FACTORS = Path(__file__).parents[1] / "factors"


def table(name: str) -> Table:
    """A table of factors/ by `subject/family/edition`."""
    return read_table(FACTORS / f"{name}.yaml", name)


def cell(row: Row, column: str) -> Cell:
    found = row.cells[column]
    assert isinstance(found, Cell)
    return found


def number(row: Row, column: str) -> Fraction:
    found = cell(row, column).value
    assert found is not None
    return found


def labels(row: Row, key: str) -> tuple[str, ...]:
    """The labels of a row under a key: one, or a list."""
    match = row.match[key]
    return match if isinstance(match, tuple) else (str(match),)


def figures(name: str, column: str) -> dict[str, Fraction]:
    """A column of a table by the label of the first key."""
    return {str(next(iter(row.match.values()))): number(row, column) for row in table(name).rows}
