"""Filled forms: tables of lines with a cell for each month and one for the year, however they were filled."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, Language
from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._result.result import Result


class State(StrEnum):
    """`given` is printed; `missing` has no data and is never 0; `inapplicable` has no figure; `by_hand` is open."""

    GIVEN = "given"
    MISSING = "missing"
    INAPPLICABLE = "inapplicable"
    BY_HAND = "by_hand"


MARKS: Mapping[State, str] = {State.MISSING: "—", State.INAPPLICABLE: "/", State.BY_HAND: ""}


@dataclass(frozen=True)
class Cell:
    """What is printed: a rounded number, a text, or a mark; `exact` is the figure before rounding."""

    state: State
    number: Decimal | None = None
    exact: float | None = None
    text: Bilingual | None = None

    def printed(self, language: Language) -> str:
        if self.state is not State.GIVEN:
            return MARKS[self.state]
        if self.number is not None:
            return f"{self.number:,}"
        return self.text[language] if self.text else shown(self.exact or 0.0, 10)

    def as_data(self, language: Language) -> float | str | None:
        if self.state is not State.GIVEN:
            return None
        return self.exact if self.exact is not None else self.printed(language)


MISSING, INAPPLICABLE, BY_HAND = (Cell(state) for state in (State.MISSING, State.INAPPLICABLE, State.BY_HAND))


def number_cell(value: float, digits: int | None, way: Callable[[float, int], Decimal]) -> Cell:
    """A figure rounded in that way; as it is where no decimals are named, missing where it is no number."""
    if not math.isfinite(value):
        return MISSING
    return Cell(State.GIVEN, None if digits is None else way(value, digits), value)


@dataclass(frozen=True)
class Line:
    """One printed line: what stands before the months, the months, the year, and what stands behind."""

    leads: tuple[Bilingual, ...]
    months: tuple[Cell, ...]
    year: Cell
    tails: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class FilledTable:
    """A printed table. `last` heads the column behind the months; the first `axes` leads tell its blocks apart.

    A table whose items are columns has them as tails and no `last`: there is no column of the year.
    """

    id: str
    title: Bilingual
    clause: str
    leads: tuple[Bilingual, ...]
    months: tuple[str, ...]
    last: Bilingual
    tails: tuple[Bilingual, ...]
    lines: tuple[Line, ...]
    notes: tuple[Bilingual, ...] = ()
    axes: int = 0

    def cells(self, line: Line) -> tuple[Cell, ...]:
        """What stands behind the leads of a line, column by column."""
        return (*line.months, *([line.year] if self.last else []), *line.tails)

    def without_blanks(self) -> FilledTable:
        """The table without leading columns that are blank in all lines, such as that of codes."""
        held = [at for at in range(len(self.leads)) if any(line.leads[at]["zh"] for line in self.lines)]
        if not held:
            return self
        lines = tuple(replace(line, leads=tuple(line.leads[at] for at in held)) for line in self.lines)
        axes = sum(at < self.axes for at in held)
        return replace(self, leads=tuple(self.leads[at] for at in held), lines=lines, axes=axes)


@dataclass(frozen=True)
class FilledForm:
    """The forms of a result. `findings` are those of the forms alone; the result has its own.

    `evidence` is how far the document's forms were seen, empty where these are not its own.
    """

    title: Bilingual
    document: str
    clause: Bilingual
    evidence: str
    source: Bilingual
    missing: Bilingual
    result: Result
    tables: tuple[FilledTable, ...]
    findings: tuple[Finding, ...]

    def all_findings(self) -> list[Finding]:
        """The findings of the forms and of the result they print, in a reader's words."""
        return names_of(self.result).findings([*self.findings, *self.result.findings])

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The forms as plain data: unrounded figures beside the printed ones."""
        case = self.result.case
        return {
            "schema": 1,
            "title": dict(self.title),
            "method": self.result.method.id,
            "document": self.document,
            "evidence": self.evidence,
            "case": {"entity": dict(case.entity), "period": str(case.period), "as_of": str(case.as_of)},
            "tables": [_table_data(table, language) for table in self.tables],
            "findings": [item.as_dict(language) for item in self.all_findings()],
        }


def _table_data(table: FilledTable, language: Language) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": dict(table.title),
        "clause": table.clause,
        "lines": [
            {
                "leads": _named(table.leads, [lead[language] for lead in line.leads], language),
                "months": {
                    month: _cell_data(cell, language) for month, cell in zip(table.months, line.months, strict=True)
                },
                "year": _cell_data(line.year, language) if table.last else None,
                "tails": _named(table.tails, [cell.as_data(language) for cell in line.tails], language),
            }
            for line in table.lines
        ],
        "notes": [note[language] for note in table.notes],
    }


def _named(heads: Sequence[Bilingual], values: Sequence[Any], language: Language) -> dict[str, Any]:
    return {head[language]: value for head, value in zip(heads, values, strict=True)}


def _cell_data(cell: Cell, language: Language) -> dict[str, Any]:
    return {"state": str(cell.state), "printed": cell.printed(language), "value": cell.as_data(language)}
