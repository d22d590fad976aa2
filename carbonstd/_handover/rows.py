"""One ledger, nothing typed twice: rows of an energy ledger as rows of the sheets of another method.

Which rows fill which kind of sheet is data (`factors/decisions/ledger`): expressions over the ledger, checked and run
as those of its method are. Quantities are handed on in the unit they are measured in, and no coefficient with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._definitions.schema import Bilingual, joined, same
from carbonstd._definitions.table import Table
from carbonstd._engine.run import Run
from carbonstd._findings import LANGUAGES
from carbonstd._handover.handover import named, term_in
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiled, Expressions
from carbonstd._ledger.arithmetic import TRUE
from carbonstd._result.result import Result

TABLE, ANY, NEVER = "decisions/ledger", "any", "never"

_NONE = np.zeros(1, dtype=bool)


@dataclass(frozen=True)
class RowLink:
    """One column of a sheet: the kind of ledger and the basis of the rows that fill it, with what, and in which of them
    the ledger leaves it open."""

    kind: str
    rows: str
    column: str
    of: str
    basis: str
    figure: str
    open: str = NEVER
    line: int = 0

    @property
    def term(self) -> str:
        return term_in(self.figure)


Sets = Sequence[tuple[Sheet, list[RowLink]]]  # each with the ledger its rows come from


@dataclass
class HandedRows:
    """Rows for one sheet by column, the cells of the ledger they rest on, and by label what could not be handed."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    places: list[dict[str, str]] = field(default_factory=list)  # of each row, by column
    terms: dict[str, dict[str, None]] = field(default_factory=dict)  # by column, what was put in for every row of a set
    unknown: list[tuple[Bilingual, str, str, Bilingual]] = field(default_factory=list)  # energy, column, place, why
    strange: dict[str, tuple[Bilingual, str]] = field(default_factory=dict)  # energies the sheet has no term for


def row_links(target: Method, sheet: Sheet, source: Method, library: Library) -> Sets:
    """The sets of rows that a method's ledgers hand to a sheet of another."""
    ledgers = {item.kind: item for item in source.sheets.values()}
    sets: dict[str, list[RowLink]] = {}
    for link, takes in all_links(library.table(TABLE)):
        fits = link.kind == sheet.kind and named(takes, target.id)
        if fits and link.of in ledgers and link.column in sheet.columns:
            sets.setdefault(link.rows, []).append(link)
    return [(ledgers[links[0].of], links) for links in sets.values()]


def fed_sheets(whole: Method, library: Library) -> frozenset[str]:
    """The sheets of a joint workbook that its ledgers may fill."""
    kinds = {sheet.kind for sheet in whole.sheets.values()}
    fed = {link.kind for link, _ in all_links(library.table(TABLE)) if link.of in kinds}
    return frozenset(name for name, sheet in whole.sheets.items() if sheet.kind in fed)


@lru_cache(maxsize=4)
def all_links(table: Table) -> tuple[tuple[RowLink, Any], ...]:
    """Every link of the table, with the methods it is for. Asked of every sheet of every case of a batch."""
    return tuple(_links(table))


def _links(table: Table) -> Iterator[tuple[RowLink, Any]]:
    for index, row in enumerate(table.rows):
        kind, rows, column = (str(row.match[name]) for name in ("kind", "rows", "column"))
        of, basis, figure, open_ = (table.cell(index, name).text for name in ("of", "basis", "figure", "open"))
        yield RowLink(kind, rows, column, of, basis, figure, open_, row.line), row.match["takes"]


def hand_rows(sets: Sets, sheet: Sheet, result: Result, library: Library) -> HandedRows:
    """The rows of all sets for one sheet of a method, one after the other; `result` is of the method of the ledgers."""
    numbers = [name for name, column in sheet.columns.items() if column.kind == "number"]
    names = dict.fromkeys(link.column for _, links in sets for link in links)
    found = HandedRows({name: [] for name in (*names, *(f"{name}_unit" for name in names if name in numbers))})
    tables = {slot: segments[-1].table for slot, segments in result._run.segments.items()}
    expressions = Expressions(result.method, library, tables)
    for ledger, links in sets:
        _Set(ledger, links, sheet, result._run.exactly(), expressions).add_to(found)
    return _added_up(found, sheet)


def _added_up(found: HandedRows, sheet: Sheet) -> HandedRows:
    """One row where rows differ in figures alone: heat and waste heat bought are one purchase of a sheet that does not
    tell them apart.
    """
    numbers = [name for name in found.columns if name in sheet.columns and sheet.columns[name].kind == "number"]
    first: dict[tuple[Any, ...], int] = {}
    for row in range(len(found.places)):
        key = tuple(cells[row] for name, cells in found.columns.items() if name not in numbers)
        into = first.setdefault(key, row)
        for name in numbers if into != row else ():
            pair = (found.columns[name][into], found.columns[name][row])
            found.columns[name][into] = None if None in pair else sum(pair)
    kept = sorted(first.values())
    columns = {name: [cells[row] for row in kept] for name, cells in found.columns.items()}
    return replace(found, columns=columns, places=[found.places[row] for row in kept])


def compiled(link: RowLink, ledger: Sheet, expressions: Expressions, column: Column) -> Compiled:
    """The figure of a link, checked among the names of its ledger: in the column's unit where all bases have one of its
    kind, else each in its own. Raises ExpressionError or UnitError.
    """
    node = ex.parse(link.figure)
    found = expressions.compile(node, ledger.id)
    alike = not column.by_basis and all(unit.dimension == column.unit.dimension for unit in found.type.units)
    return expressions.compile(node, ledger.id, (column.unit,)) if alike else found


class _Set:
    """The rows of one set: those on its basis in which its first figure is not zero."""

    def __init__(
        self, ledger: Sheet, links: Sequence[RowLink], sheet: Sheet, run: Run, expressions: Expressions
    ) -> None:
        self.ledger, self.links, self.sheet, self.run, self.expressions = ledger, links, sheet, run, expressions
        self.library, self.data = run.library, run.ledger[ledger.id]
        self.numbers = {link: self._figure(link) for link in links if sheet.columns[link.column].kind == "number"}

    def add_to(self, found: HandedRows) -> None:
        first = next(iter(self.numbers))
        for row in filter(self._asked, range(self.data.rows)):
            value = self.numbers[first][row][0]
            labels = {link.column: self._label(link, row) for link in self.links if link not in self.numbers}
            if value == 0:
                continue
            if strange := self._strange(labels):
                found.strange.setdefault(strange, (self._energy(row), self._place(row)))
                continue
            if value is None:
                found.unknown.append((self._energy(row), first.column, self._place(row), self._because(first, row)))
            self._append(found, row, labels)

    def _append(self, found: HandedRows, row: int, labels: Mapping[str, str]) -> None:
        cells: dict[str, Any] = dict(labels)
        for link, figures in self.numbers.items():
            cells[link.column], cells[f"{link.column}_unit"] = figures[row]
        for column, handed in found.columns.items():
            handed.append(cells.get(column))
        for link in self.links:
            if link.term:
                found.terms.setdefault(link.column, {})[link.term] = None
        found.places.append({link.column: self._place(row, self._cell(link)) for link in self.links})

    def _figure(self, link: RowLink) -> list[tuple[Fraction | None, str]]:
        """A figure by row with its unit; none where a blank of the ledger leaves it open."""
        found = compiled(link, self.ledger, self.expressions, self.sheet.columns[link.column])
        array = self.run.by_row(found, self.ledger.id, f"handed {link.column}")
        units = found.type.units
        texts = [units[self._basis(row) if len(units) > 1 else 0].text for row in range(self.data.rows)]
        known = (array.data == array.data) & ~self._open(link) & ~self._from_table(link)
        return [
            (Fraction(value) if held else None, unit)
            for value, unit, held in zip(array.data, texts, known, strict=True)
        ]

    def _open(self, link: RowLink) -> NDArray[np.bool_]:
        """The rows in which the ledger cannot tell a figure, whatever its cells say."""
        if link.open == NEVER:
            return np.zeros(self.data.rows, dtype=bool)
        condition = self.expressions.compile(ex.parse(link.open), self.ledger.id)
        return np.asarray(self.run.by_row(condition, self.ledger.id, f"open {link.column}").data == TRUE)

    def _from_table(self, link: RowLink) -> NDArray[np.bool_]:
        """The rows in which a column was filled from a table of the ledger's method: what it gives is not handed on."""
        column = self.ledger.columns.get(link.figure)
        looked_up = column is not None and column.default is not None and not isinstance(column.default, ex.Literal)
        return self.data.filled.get(link.figure, _NONE) if looked_up else _NONE

    def _because(self, link: RowLink, row: int) -> Bilingual:
        """Which cells of the ledger leave a figure open, or which sheet beside it."""
        opened = bool(np.any(self._open(link)[row]))
        names = self._names(link.open if opened else link.figure)
        numbers = {name: self.data.numbers[name][row] for name in names if name in self.data.numbers}
        cells = [name for name, value in numbers.items() if opened or np.isnan(value)]
        labels = [self.ledger.columns[name].label for name in cells] or self._sheets_beside(names)
        return joined(labels, same(", "))

    def _sheets_beside(self, names: Sequence[str]) -> list[Bilingual]:
        """The other sheets that equations among the names rest on."""
        method = self.run.program.method
        sheets = dict.fromkeys(method.equations[name].sheet for name in names if name in method.equations)
        return [method.sheets[name].label for name in sheets if name and name != self.ledger.id]

    def _names(self, figure: str) -> list[str]:
        return list(ex.parse(figure).names())

    def _cell(self, link: RowLink) -> str:
        """The column of the ledger that a figure begins with."""
        names = [] if link.term else self._names(link.figure)
        return next((name for name in names if name in self.ledger.columns), self.ledger.axes[0])

    def _asked(self, row: int) -> bool:
        basis = self.links[0].basis
        return basis == ANY or self.ledger.bases[self._basis(row)] == basis

    def _basis(self, row: int) -> int:
        return int(self.data.basis[row]) if self.data.basis is not None else 0

    def _label(self, link: RowLink, row: int) -> str:
        return link.term or self._text(link.figure, row)

    def _text(self, column: str, row: int) -> str:
        code = int(self.data.codes[column][row])
        return str(self.run.axes.labels[column][code]) if code >= 0 else ""

    def _energy(self, row: int) -> Bilingual:
        """What a row of the ledger is about, in words."""
        column = self.ledger.columns[self.ledger.axes[0]]
        vocabulary = self.library.vocabulary(column.vocabulary)
        return {part: vocabulary.label(self._text(column.name, row), part) for part in LANGUAGES}

    def _strange(self, labels: Mapping[str, str]) -> str:
        """A label that is no term of the column it would fill, such as steam among fuels."""
        for name, label in labels.items():
            vocabulary = self.sheet.columns[name].vocabulary
            if label and vocabulary and self.library.vocabulary(vocabulary).resolve(label) is None:
                return label
        return ""

    def _place(self, row: int, column: str = "") -> str:
        return self.data.place(column or self.ledger.axes[0], row)
