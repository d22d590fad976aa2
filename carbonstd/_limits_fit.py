"""Which of the methods of one number a plant is meant for: the one whose columns and labels fit what is said of it.

Where none fits in full, a label that one method alone knows decides, and its run tells the rest. Otherwise nobody can
say which is meant, and the answer is what each of them lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._cells import as_text, blank
from carbonstd._document import folded
from carbonstd._errors import NotFoundError
from carbonstd._findings import finding
from carbonstd._library import Header, Library
from carbonstd._limits_input import class_columns, class_tables, head_of, object_sheet
from carbonstd._method import Column, Method
from carbonstd._schema import Bilingual
from carbonstd._table import Table
from carbonstd._workbook_layout import Headings


@dataclass(frozen=True)
class _Fit:
    """How the cells of a plant fit a method."""

    header: Header
    strange: tuple[str, ...]  # labels it has no row for, or no column
    unread: tuple[str, ...]  # headings of figures it does not ask for
    blank: tuple[Bilingual, ...]  # columns of its class that nothing was entered in
    classed: bool  # whether something of its class was entered

    @property
    def misfits(self) -> int:
        return len(self.strange) + len(self.unread) + len(self.blank)

    @property
    def lacks_alone(self) -> bool:
        """Whether it would fit if its class were entered."""
        return bool(self.blank) and not self.strange and not self.unread

    def told(self) -> Bilingual:
        """The method, and in brackets what does not fit."""
        parts: list[Bilingual] = []
        parts += [{"zh": f"没有“{label}”", "en": f"no “{label}”"} for label in self.strange]
        parts += [{"zh": f"缺“{label['zh']}”", "en": f"“{label['en']}” is blank"} for label in self.blank]
        parts += [{"zh": f"不用“{name}”", "en": f"“{name}” is not asked for"} for name in self.unread]
        zh, en = ("，".join(part["zh"] for part in parts), ", ".join(part["en"] for part in parts))
        name = self.header.id
        return {"zh": f"{name}（{zh}）" if zh else name, "en": f"{name} ({en})" if en else name}


def choose(typed: str, methods: Sequence[tuple[Header, Method]], cells: Mapping[str, Any], library: Library) -> Header:
    """The method of a number that a plant is meant for. Raises NotFoundError saying what does not fit in each."""
    cells = {name: cell for name, cell in cells.items() if head_of(name) is None and not blank(cell)}
    labelled = {name for name in cells for _, method in methods if _is_label(_column(method, name))}
    known = {name for name in cells for _, method in methods if Headings(object_sheet(method)).find(name) is not None}
    filled = {name: cell for name, cell in cells.items() if name in known}
    fits = [_fit(header, method, filled, labelled, library) for header, method in methods]
    fitting = [item for item in fits if filled and not item.misfits]
    if not any(item.classed for item in fitting) and any(item.lacks_alone for item in fits):
        fitting = []  # nothing tells those without a class from those whose class is blank
    words = {folded(cell) for cell in cells.values() if isinstance(cell, str)}
    called = [item for item in fitting or fits if item.header.names & words]
    placed = [item for item in fits if labelled and not item.strange] if not fitting else []
    for found in (called, fitting, placed):
        if len(found) == 1:
            return found[0].header
    listed = sorted(called or fitting or fits, key=lambda item: (item.misfits, item.header.id))
    told = {
        language: mark.join(item.told()[language] for item in listed) for language, mark in (("zh", "、"), ("en", ", "))
    }
    raise NotFoundError(findings=[finding("ambiguous-name", name=typed, found=told)])


def _fit(header: Header, method: Method, cells: Mapping[str, Any], labelled: set[str], library: Library) -> _Fit:
    """What does not fit of the cells of a plant."""
    sheet, tables, classes = object_sheet(method), class_tables(method, library), class_columns(method, library)
    headings = Headings(sheet)
    strange, unread, taken = list[str](), list[str](), set[str]()
    for heading, cell in cells.items():
        found, column = headings.find(heading), _column(method, heading)
        if found is None:
            (strange if heading in labelled else unread).append(as_text(cell) if heading in labelled else heading)
            continue
        taken.add(found.column)
        if column is None or not column.vocabulary:
            continue
        label = library.vocabulary(column.vocabulary).resolve(as_text(cell))
        printed = {label for table in tables for label in _labels(table, column.name)}
        if label is None or (column.name in classes and printed and label not in printed):
            strange.append(as_text(cell))
    asked = (sheet.columns[name] for name in classes if name not in taken)
    blank_ = tuple(column.label for column in asked if column.required and column.default is None)
    return _Fit(header, tuple(strange), tuple(unread), blank_, not taken.isdisjoint(classes))


def _column(method: Method, heading: str) -> Column | None:
    """The column of what is judged that a heading means."""
    sheet = object_sheet(method)
    found = Headings(sheet).find(heading)
    return sheet.columns.get(found.column) if found else None


def _is_label(column: Column | None) -> bool:
    return column is not None and bool(column.vocabulary)


def _labels(table: Table, key: str) -> Iterator[str]:
    """The labels of a key that the rows of a table hold."""
    for row in table.rows:
        if key in row.match:
            match = row.match[key]
            yield from map(str, match if isinstance(match, tuple) else (match,))
