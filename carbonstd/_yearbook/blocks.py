"""Where the tables of a yearbook's sheet stand: told by the names of lines, whatever page or cell they are printed on.

A table is a block: rows that name lines of an energy balance, with what stands above them as heads. Pages side by side
and one below the other are blocks of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from carbonstd._definitions.vocabulary import Vocabulary
from carbonstd._findings import Finding, finding
from carbonstd._workbook.cells import Grid
from carbonstd._yearbook.cells import NotAFigure, bare, figure, term_in, text_of

LINES = "balance_lines"
_FEWEST = 5  # lines by which a column is one of labels


@dataclass
class Block:
    """One table: the rows that name lines, the rows of its heads, the columns beside its labels; unnamed rows apart."""

    grid: Grid
    lines: dict[int, str]
    heads: range
    columns: list[int]
    unnamed: dict[int, str] = field(default_factory=dict)  # rows with figures whose label is no line

    def row_of(self, line: str) -> int:
        return next(row for row, found in self.lines.items() if found == line)


def find_blocks(grid: Grid, lines: Vocabulary) -> tuple[list[Block], list[Finding]]:
    """The tables of a sheet, and what is wrong with the names of their lines."""
    named = _named(grid, lines)
    groups = _groups(grid, sorted(named))
    blocks: list[Block] = []
    findings: list[Finding] = []
    for index, group in enumerate(groups):
        end = groups[index + 1][0] if index + 1 < len(groups) else _width(grid) + 1
        rows = _rows(named, group)
        found, wrong = _cut(grid, rows, group, list(range(group[-1] + 1, end)))
        findings += wrong
        for block in found:
            findings += _strangers(block, group, lines)
        blocks += found
    return blocks, findings


def _named(grid: Grid, lines: Vocabulary) -> dict[int, dict[int, str]]:
    """The columns that hold labels, each with the lines its rows name."""
    found: dict[int, dict[int, str]] = {}
    for row, cells in grid.rows.items():
        for column, cell in cells.items():
            line = term_in(text_of(cell), lines) if isinstance(cell, str) else None
            if line is not None:
                found.setdefault(column, {})[row] = line
    return {column: rows for column, rows in found.items() if len(set(rows.values())) >= _FEWEST}


def _groups(grid: Grid, columns: Sequence[int]) -> list[list[int]]:
    """Columns of labels, those of another language put with the first: no figures stand between them."""
    groups: list[list[int]] = []
    for column in columns:
        if groups and not any(_figures(grid, between) for between in range(groups[-1][-1] + 1, column)):
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _figures(grid: Grid, column: int) -> bool:
    return any(isinstance(cells.get(column), int | float) for cells in grid.rows.values())


def _rows(named: dict[int, dict[int, str]], group: Sequence[int]) -> dict[int, str]:
    """The line of each row, by the first column of the group that names one."""
    rows: dict[int, str] = {}
    for column in group:
        for row, line in named[column].items():
            rows.setdefault(row, line)
    return dict(sorted(rows.items()))


def _cut(
    grid: Grid, rows: dict[int, str], group: Sequence[int], columns: list[int]
) -> tuple[list[Block], list[Finding]]:
    """The rows of one column of labels as tables: another begins where the first line comes again."""
    blocks: list[Block] = []
    findings = []
    after = 1
    for row, line in rows.items():
        block = blocks[-1] if blocks else None
        if block is None or line == next(iter(block.lines.values())):
            after = max(block.lines) + 1 if block else 1
            blocks.append(Block(grid, {row: line}, range(after, row), columns))
        elif line in block.lines.values():
            first = grid.place(block.row_of(line), group[0])
            findings.append(
                finding("yearbook-line-twice", grid.place(row, group[0]), line=_shown(grid, row, group), first=first)
            )
        else:
            block.lines[row] = line
    return blocks, findings


def _strangers(block: Block, group: Sequence[int], lines: Vocabulary) -> Iterator[Finding]:
    """Rows with figures inside and just below a table that no line's name stands beside."""
    last = max(block.lines)
    for row in range(min(block.lines), last + 1):
        if row in block.lines or not _holds(block, row):
            continue
        label = _shown(block.grid, row, group)
        block.unnamed[row] = label
        code = "yearbook-line-unknown" if label else "yearbook-line-missing"
        yield finding(
            code, block.grid.place(row, group[0]), line=label, suggestion=lines.suggest(bare(label)) if label else ""
        )


def _holds(block: Block, row: int) -> bool:
    """Whether a row has a figure."""
    for column in block.columns:
        try:
            if figure(block.grid.cell(row, column)) is not None:
                return True
        except NotAFigure:
            continue
    return False


def _shown(grid: Grid, row: int, group: Sequence[int]) -> str:
    return next((text for column in group if (text := text_of(grid.cell(row, column)))), "")


def _width(grid: Grid) -> int:
    return max((max(cells) for cells in grid.rows.values() if cells), default=0)
