"""The energy balance of a statistical yearbook, as its workbook stands, read as a case.

What a cell means is told by the names of lines and columns around it, never by its position. All findings are gathered
with sheet and cell before anything is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._case.case import Case, RawSheet, RowPlace
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Table
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding, has_errors
from carbonstd._workbook.archive import open_archive
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, read_grids
from carbonstd._yearbook.blocks import LINES, Block, find_blocks
from carbonstd._yearbook.cells import NotAFigure, figure
from carbonstd._yearbook.heads import COLUMNS, Head, read_heads, titles_of, years_in
from carbonstd._yearbook.sums import Balance, Figure, Layout, added_up, closed, leaves, signed

KIND = "energy_balance"
SOURCE = "statistics/energy-balance-columns"
FUELS = ("coal", "oil", "gas")


@dataclass
class Yearbook:
    """A balance as a case, the cell each of its quantities came from, and what is to be told of it."""

    case: Case
    places: dict[int, Figure]  # by row of the sheet of balances
    energies: tuple[str, ...]
    path: Path

    def origins(self, language: str) -> dict[tuple[str, int, str], str]:
        """Comments for the cells of a template: where a figure stands, and whether its sign was changed."""
        turned = {"zh": "；符号已改", "en": "; sign changed"}
        return {
            ("balance", row, "quantity"): f"{self.path.name} {item.place}{turned[language] if item.turned else ''}"
            for row, item in self.places.items()
        }


def is_fed_by_yearbook(method: Method) -> bool:
    """Whether a method is fed by the energy balance of a yearbook."""
    return any(sheet.kind == KIND for sheet in method.sheets.values())


def read_yearbook(
    path: Path, method: Method, library: Library, period: Period | None = None, as_of: date | None = None
) -> Yearbook:
    """The balance in a yearbook's workbook; `as_of` is today where it is not said, as in any case.

    Raises CaseError with all findings where it cannot be used.
    """
    with open_archive(path) as archive:
        reader = _Reader(list(read_grids(archive)), path, library, period, as_of or date.today())
        reader.findings += archive.findings
    return reader.read(method)


@dataclass
class _Reader:
    grids: list[Grid]
    path: Path
    library: Library
    period: Period | None
    as_of: date
    findings: list[Finding] = field(default_factory=list)
    layout: Layout = field(init=False)
    columns: Table = field(init=False)
    energies: dict[str, int] = field(init=False)  # the row of each in the table of columns
    units: dict[str, str] = field(init=False)  # the unit each is printed in

    def __post_init__(self) -> None:
        self.layout = Layout(self.library)
        self.columns = self.library.table(SOURCE)
        self.energies = {str(row.match["energy"]): index for index, row in enumerate(self.columns.rows)}
        self.units = {energy: self.columns.unit(index, "printed_unit").text for energy, index in self.energies.items()}

    def read(self, method: Method) -> Yearbook:
        blocks = self._blocks()
        years = self._years(blocks)
        blocks = [block for block in blocks if not (own := years_in(titles_of(block))) or set(own) & set(years)]
        balance, order = self._figures(blocks)
        if has_errors(self.findings):
            raise CaseError(findings=self.findings)
        balance, findings = signed(balance, self.layout)
        self.findings += [*findings, *added_up(balance, order, self.layout), *closed(balance, self.layout)]
        if has_errors(self.findings):
            raise CaseError(findings=self.findings)
        return self._case(method, leaves(balance, self.layout), years[0], blocks)

    def _blocks(self) -> list[Block]:
        found = []
        for grid in self.grids:
            blocks, findings = find_blocks(grid, self.library.vocabulary(LINES))
            found += blocks
            self.findings += findings
        if not found:
            raise CaseError(findings=[*self.findings, finding("yearbook-none", self.path.name)])
        return found

    def _years(self, blocks: list[Block]) -> list[str]:
        """The year of the balance: the one asked for, else the one the titles name."""
        named = list(dict.fromkeys(year for block in blocks for year in years_in(titles_of(block))))
        if self.period is not None:
            asked = str(self.period)
            if named and asked not in named:
                self.findings.append(
                    finding("yearbook-year-absent", self.path.name, year=asked, found=", ".join(named))
                )
            return [asked]
        if len(named) != 1:
            code = "yearbook-years" if named else "yearbook-year-missing"
            raise CaseError(findings=[*self.findings, finding(code, self.path.name, found=", ".join(named))])
        return named

    def _figures(self, blocks: list[Block]) -> tuple[Balance, list[str]]:
        """All figures in printed units, and the lines in the order they are printed in."""
        balance: Balance = {}
        order: list[str] = []
        homes: dict[str, str] = {}
        standard: list[Block] = []
        for block in blocks:
            heads, findings = read_heads(block, self.library.vocabulary(COLUMNS), self.units)
            self.findings += findings
            if heads.standard:
                standard.append(block)
            order += [line for line in block.lines.values() if line not in order]
            for head in heads.physical:
                place = block.grid.place(block.heads.stop - 1, head.column)
                if head.energy in homes:
                    values = {"energy": self.layout.energy(head.energy), "first": homes[head.energy]}
                    self.findings.append(finding("yearbook-column-twice", place, **values))
                    continue
                homes[head.energy] = place
                balance |= {(line, head.energy): item for line, item in self._column(block, head)}
        for block in standard:
            code = "yearbook-standard-left" if homes else "yearbook-standard"
            self.findings.append(finding(code, block.grid.place(min(block.lines), block.columns[0])))
        return balance, order

    def _column(self, block: Block, head: Head) -> Iterator[tuple[str, Figure]]:
        for row, line in block.lines.items():
            place = block.grid.place(row, head.column)
            cell = block.grid.cell(row, head.column)
            try:
                value = figure(cell)
            except NotAFigure as error:
                self.findings.append(self._no_figure(place, line, head.energy, cell, str(error)))
                continue
            if value is not None:
                yield line, Figure(value * head.factor, place)

    def _no_figure(self, place: str, line: str, energy: str, cell: Any, text: str) -> Finding:
        if cell is UNCACHED:
            return finding("formula-uncached", place, found=text)
        if isinstance(cell, ErrorCell):
            return finding("error-cell", place, found=text)
        values = {"line": self.layout.says(line), "energy": self.layout.energy(energy)}
        return finding("yearbook-figure", place, found=text or "—", **values)

    def _case(self, method: Method, balance: Balance, year: str, blocks: list[Block]) -> Yearbook:
        lines, energies = list(self.layout.lines), list(self.energies)
        keys = sorted(
            (key for key, item in balance.items() if item.value),
            key=lambda key: (lines.index(key[0]), energies.index(key[1])),
        )
        columns: dict[str, list[Any]] = {
            "line": [line for line, _ in keys],
            "energy": [energy for _, energy in keys],
            "quantity": [balance[key].value for key in keys],
        }
        held = tuple(energy for energy in energies if any(of == energy for _, of in keys))
        fuels = [energy for energy in held if self._group(energy) in FUELS]
        parts = {"balance": columns, "fuel": {"energy": fuels}}
        sheets = {name: RawSheet(cells, RowPlace(name)) for name, cells in parts.items()}
        period = self.period or Period(date(int(year), 1, 1), date(int(year), 12, 31))
        region = self._region(blocks)
        case = Case(method.id, period, self.as_of, {"name": region} if region else {}, sheets, findings=self.findings)
        return Yearbook(case, {row: balance[key] for row, key in enumerate(keys)}, held, self.path)

    def _group(self, energy: str) -> str:
        return self.columns.cell(self.energies[energy], "fuel_group").text

    def _region(self, blocks: list[Block]) -> Bilingual:
        """The province that the titles name; nothing where they name none or several."""
        texts = " ".join(text for block in blocks for text in titles_of(block))
        terms = self.library.vocabulary("provinces").terms
        found = [term for key, term in terms.items() if key != "national" and term.zh in texts]
        return found[0].names if len(found) == 1 else {}
