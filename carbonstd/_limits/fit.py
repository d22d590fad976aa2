"""Which of the methods of one number a plant is meant for: the one whose columns and labels fit what is said of it.

Where none fits in full, a label that one method alone knows decides, and its run tells the rest. Otherwise nobody can
say which is meant, and the answer is what each of them lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._case.cells import as_text, blank
from carbonstd._definitions.document import folded
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Table
from carbonstd._errors import NotFoundError
from carbonstd._findings import finding
from carbonstd._limits.input import class_columns, class_tables, head_of, object_sheet
from carbonstd._workbook.layout import Headings


@dataclass(frozen=True)
class _Fit:
    """How the cells of a plant fit a method."""

    header: Header
    strange: tuple[str, ...]  # labels it has no row for, or no column
    unread: tuple[str, ...]  # headings of figures it does not ask for
    blank: tuple[Bilingual, ...]  # columns of its class that nothing was entered in
    classes: frozenset[str]  # the columns of its class in which something was entered

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
    words = {folded(cell) for name, cell in cells.items() if isinstance(cell, str) and head_of(name) in (None, "name")}
    cells = {name: cell for name, cell in cells.items() if head_of(name) is None and not blank(cell)}
    columns = {header.id: _columns(method, cells) for header, method in methods}
    filled = {name: cell for name, cell in cells.items() if any(name in known for known in columns.values())}
    labelled = {name for known in columns.values() for name, column in known.items() if column and column.vocabulary}
    fits = [_fit(header, method, filled, columns[header.id], labelled, library) for header, method in methods]
    fitting = [item for item in fits if filled and not item.misfits]
    if fitting and any(item.lacks_alone and item.classes >= fitting[0].classes for item in fits):
        fitting = []  # nothing entered tells it from one whose class is blank in part
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


def _columns(method: Method, headings: Iterable[str]) -> dict[str, Column | None]:
    """What headings mean to a method: a column of what is judged, or something beside one, such as its unit."""
    sheet = object_sheet(method)
    known = Headings(sheet)
    found = {name: known.find(name) for name in headings}
    return {name: sheet.columns.get(target.column) for name, target in found.items() if target is not None}


def _fit(
    header: Header,
    method: Method,
    cells: Mapping[str, Any],
    columns: Mapping[str, Column | None],
    labelled: set[str],
    library: Library,
) -> _Fit:
    """What does not fit of the cells of a plant."""
    tables, classes = class_tables(method, library), class_columns(method, library)
    unread = tuple(name for name in cells if name not in columns and name not in labelled)
    strange = [as_text(cell) for name, cell in cells.items() if name not in columns and name in labelled]
    for name, column in columns.items():
        if column is None or not column.vocabulary:
            continue
        label = library.vocabulary(column.vocabulary).resolve(as_text(cells[name]))
        printed = {label for table in tables for label in _labels(table, column.name)}
        if label is None or (column.name in classes and printed and label not in printed):
            strange.append(as_text(cells[name]))
    taken = {column.name for column in columns.values() if column}
    asked = (object_sheet(method).columns[name] for name in classes if name not in taken)
    blank_ = tuple(column.label for column in asked if column.required and column.default is None)
    return _Fit(header, tuple(strange), unread, blank_, frozenset(taken.intersection(classes)))


def _labels(table: Table, key: str) -> Iterator[str]:
    """The labels of a key that the rows of a table hold."""
    for row in table.rows:
        if key in row.match:
            match = row.match[key]
            yield from map(str, match if isinstance(match, tuple) else (match,))
