"""In a joint workbook the figures of an accounting method stand in the blanks of the allowance method beside it.

What is typed stands, and where nothing is blank the accounting is not asked. Which figure fills which cell says
`_handover.handover`; figures belong to the typed row whose labels they agree with, and are a row of their own where
none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import as_text, blank
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Sheet
from carbonstd._definitions.schema import joined, same
from carbonstd._engine.calculate import Options
from carbonstd._findings import Finding, finding
from carbonstd._handover.handover import ENTITY, Link, handed_sheets, links
from carbonstd._joint.rows import agree, labels_of

_LISTED = 8  # labels in one finding


@dataclass(frozen=True)
class _Place:
    """Where a cell stands: as typed, or in a row put in after the typed ones."""

    typed: Callable[[str, int], str]
    rows: int
    sheet: str

    def __call__(self, column: str, row: int) -> str:
        return self.typed(column, row) if row < self.rows else f"{self.sheet}[{row + 1}].{column}"


def fill_figures(
    sheets: dict[str, RawSheet],
    target: Method,
    source: Method,
    case: Callable[[], Case],
    library: Library,
    options: Options,
) -> Iterator[Finding]:
    """Put the figures of `source` into the sheets of `target`; `case` is asked for the accounting's own case.

    Raises CaseError where the accounting is refused.
    """
    given = [link for link in links(target, source.id, library) if _asks(sheets.get(link.sheet), link, target)]
    if not any(link.equation for link in given):
        return
    handed, result = handed_sheets(case(), source, target, links(target, source.id, library), library, options)
    if result.failed:
        yield finding("figures-failed", target.id, method=source.id)
        return
    for name, found in handed.items():
        own = [link for link in given if link.sheet == name]
        if not any(link.equation for link in own):
            continue
        sheet = target.sheets[name]
        typed = sheets.get(name, RawSheet({}, lambda column, row: column))
        rows = Rows(typed, sheet, own[0].by, library)
        if several := list(rows.meant_twice(found.columns)):
            yield from several
            continue
        sheets[name], filled = rows.with_figures(found.columns)
        if filled:
            columns = joined((sheet.columns[column].label for column in filled), same(", "))
            lock = str(result.lock["hash"])[:12]
            yield finding("figures-handed", name, sheet=sheet.label, method=source.id, columns=columns, lock=lock)


def asked_of(source: Method, target: Method, library: Library) -> Iterator[tuple[str, str]]:
    """The sheets and columns of a method whose blanks another fills."""
    for link in links(target, source.id, library):
        if link.equation and target.sheets[link.sheet].columns[link.column].required:
            yield link.sheet, link.column


def _asks(typed: RawSheet | None, link: Link, target: Method) -> bool:
    """Whether some cell that a link fills is blank; where rows are typed, one of a column that must be filled."""
    if typed is None or not typed.rows:
        return True
    column = target.sheets[link.sheet].columns[link.column]
    return column.required and any(map(blank, typed.columns.get(link.column, [None] * typed.rows)))


def each(columns: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    return (dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True))


class Rows:
    """The typed rows of a sheet, with the figures that belong to them."""

    def __init__(self, typed: RawSheet, sheet: Sheet, by: str, library: Library) -> None:
        self.typed, self.sheet, self.by, self.library = typed, sheet, by, library
        self.columns = {name: list(cells) for name, cells in typed.columns.items()}
        self.rows = typed.rows
        self.filled: dict[str, None] = {}

    def meant_twice(self, handed: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
        """Typed rows that several rows agree with: it would be filled by the first, and the others be lost."""
        fitting = [set(self.fitting(cells)) for cells in each(handed)]
        for row in range(self.typed.rows):
            numbers = [number for number, rows in enumerate(fitting) if row in rows]
            if len(numbers) > 1:
                names = [name for name in handed if not self._number(name)] or list(handed)
                name = max(names, key=lambda name: len({handed[name][number] for number in numbers}))
                found = ", ".join(as_text(handed[name][number]) for number in numbers[:_LISTED])
                column = self.sheet.columns[name].label
                place = self.typed.place(name, row)
                yield finding("figures-several", place, column=column, count=len(numbers), found=found)

    def with_figures(self, handed: Mapping[str, Sequence[Any]]) -> tuple[RawSheet, list[str]]:
        """The sheet, and the columns in which a figure was put."""
        for cells in each(handed):
            fitting = self.fitting(cells)
            if len(fitting) <= 1:  # one figure cannot stand in two rows, such as the power of units reported together
                self._put(fitting[0] if fitting else self._added(), cells)
        place = _Place(self.typed.place, self.typed.rows, self.sheet.id)
        return RawSheet(self.columns, place), list(self.filled)

    def fitting(self, cells: Mapping[str, Any]) -> list[int]:
        said = {name: cell for name, cell in cells.items() if not self._number(name) and not self._title(name)}
        return [
            row for row in range(self.typed.rows) if agree(labels_of(self.typed, row), said, self.sheet, self.library)
        ]

    def _title(self, name: str) -> bool:
        """Whether a label is but the name of the entity, which a typed row may write otherwise."""
        return self.by == ENTITY and not self.sheet.columns[name].vocabulary

    def _number(self, name: str) -> bool:
        return self.sheet.columns[name].kind == "number"

    def _added(self) -> int:
        for cells in self.columns.values():
            cells.append(None)
        self.rows += 1
        return self.rows - 1

    def _put(self, row: int, cells: Mapping[str, Any]) -> None:
        for name, cell in cells.items():
            column = self.columns.setdefault(name, [None] * self.rows)
            if cell is None or not blank(column[row]):
                continue
            column[row] = cell
            if self._number(name):
                self.filled[name] = None
                self.columns.get(f"{name}_unit", [None] * self.rows)[row] = None  # the figure has the column's unit
