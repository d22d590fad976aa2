"""Reading a filled data quality control plan: every fault of the workbook is a finding with its cell, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._case.cells import as_text, day_of
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._findings import Finding, finding, has_errors
from carbonstd._near import suggest
from carbonstd._plan.layout import (
    HEAD,
    HEAD_FIELDS,
    PARAMETER,
    PARAMETERS,
    PLAN_FIELDS,
    SOURCES,
    VERSION_FIELDS,
    VERSIONS,
    Field,
)
from carbonstd._plan.plan import Item, Plan, Planned, Version, plan_items
from carbonstd._workbook.archive import open_archive
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, read_grids
from carbonstd._workbook.layout import VERSION
from carbonstd._workbook.sheet import Mark
from carbonstd._workbook.style import typed_text
from carbonstd._workbook.workbook import mark_of

_SEARCHED = 20  # the ids of columns stand in the first rows
_BESIDE = 2  # columns between the id of a head field and what is typed


def read_plan(path: Path, library: Library) -> Plan:
    """The plan in a workbook. Raises CaseError with every finding where it cannot be used."""
    with open_archive(path) as archive:
        reader = _Reader(list(read_grids(archive)), path, library)
        reader.findings += archive.findings
    return reader.read()


class _Reader:
    def __init__(self, grids: list[Grid], path: Path, library: Library) -> None:
        self.path, self.library = path, library
        marked = [(mark, grid) for grid in grids if (mark := mark_of(grid)) is not None]
        self.pages: dict[str, tuple[Mark, Grid]] = {mark.role: (mark, grid) for mark, grid in marked}
        self.findings: list[Finding] = []

    def read(self) -> Plan:
        if not {HEAD, VERSIONS, PARAMETERS} <= self.pages.keys():
            self._report("plan-missing", self.path.name)
            raise CaseError(findings=self.findings)
        head = self._head()
        method = self._method(head)
        rows = self._rows(method) if method else ()
        versions = tuple(self._versions())
        if method is None or has_errors(self.findings):
            raise CaseError(findings=self.findings)
        entity = {name.partition(".")[2]: text for name, (text, _) in head.items() if name.startswith("entity.")}
        place = next((place for name, (_, place) in head.items() if name == "method"), self._page(HEAD).title)
        return Plan(method, rows, versions, entity, place, tuple(self.findings))

    def _page(self, role: str) -> Grid:
        return self.pages[role][1]

    def _head(self) -> dict[str, tuple[str, str]]:
        """What was typed for each field of the head, and in which cell."""
        grid = self._page(HEAD)
        found = {}
        for row, cells in sorted(grid.rows.items()):
            for column, value in sorted(cells.items()):
                if value in HEAD_FIELDS:
                    label = HEAD_FIELDS[str(value)]
                    found[str(value)] = (
                        self._typed(grid, row, column + _BESIDE, label),
                        grid.place(row, column + _BESIDE),
                    )
                    break
        return found

    def _method(self, head: Mapping[str, tuple[str, str]]) -> Method | None:
        name, place = head.get("method", ("", self._page(HEAD).title))
        if not name:
            self._report("head-missing", place, field=HEAD_FIELDS["method"])
            return None
        try:
            method = self.library.method(name)
        except NotFoundError as error:
            for item in error.findings:
                self._report(item.code, place, **item.values)
            return None
        for mark, grid in self.pages.values():
            if mark.method != method.id:
                self._report("plan-mixed", grid.title, found=mark.method, expected=method.id)
        if any(mark.version > VERSION for mark, _ in self.pages.values()):
            self._report("template-newer", self._page(HEAD).title)
        return method

    # Versions

    def _versions(self) -> Iterator[Version]:
        grid, columns, rows = self._table(VERSIONS, VERSION_FIELDS, "day")
        filled = 0
        for row in rows:
            texts = {name: self._typed(grid, row, columns[name], VERSION_FIELDS[name].label) for name in columns}
            if any(texts.values()):
                filled += 1
                place = grid.place(row, columns["day"])
                yield Version(texts.get("number", ""), self._day(grid, row, columns["day"]), place)
        if columns and not filled:
            self._report("plan-no-version", grid.title)

    def _day(self, grid: Grid, row: int, column: int) -> date | None:
        value = grid.cell(row, column)
        day, text = day_of(value), as_text(value)
        if day is None and not isinstance(value, ErrorCell) and value is not UNCACHED:
            values = {"field": VERSION_FIELDS["day"].label, "found": text[:40], "expected": "2026-03-31"}
            self._report("head-unreadable" if text else "head-missing", grid.place(row, column), **values)
        return day

    # Parameters

    def _rows(self, method: Method) -> tuple[Planned, ...]:
        grid, columns, lines = self._table(PARAMETERS, PLAN_FIELDS, "way")
        items = {item.id: item for item in plan_items(method)}
        rows: list[Planned] = []
        first: dict[tuple[str, str], Planned] = {}
        for row in lines:
            name = as_text(grid.cell(row, columns.get(PARAMETER, 0)))
            fields = {field: column for field, column in columns.items() if field in PLAN_FIELDS}
            filled = any(grid.cell(row, column) is not None for column in fields.values())
            if name and name not in items:
                values = {"method": method.id, "name": name[:60], "suggestion": suggest(name, items)}
                self._report("plan-parameter-unknown", grid.place(row, columns["way"]), **values)
            elif name:
                planned = self._planned(grid, row, fields, items[name])
                rows.append(planned)
                self._once(planned, first)
            elif filled:
                self._report("plan-row-unnamed", grid.place(row, min(fields.values())))
        return tuple(rows)

    def _planned(self, grid: Grid, row: int, fields: Mapping[str, int], item: Item) -> Planned:
        places = {name: grid.place(row, column) for name, column in fields.items()}
        cells = {}
        for name, column in fields.items():
            field = PLAN_FIELDS[name]
            vocabulary = item.sources if field.vocabulary == SOURCES else field.vocabulary
            text = self._typed(grid, row, column, field.label)
            cells[name] = self._term(text, vocabulary, field.label, places[name]) if vocabulary and text else text
        planned = Planned(item, cells, places)
        if planned.way == "default" and not item.has_default:
            self._report("plan-no-default", places["way"], parameter=item.column.label)
        return planned

    def _term(self, text: str, name: str, label: Bilingual, place: str) -> str:
        vocabulary = self.library.vocabulary(name)
        key = vocabulary.resolve(text)
        if key is None:
            self._report("unknown-label", place, column=label, found=text[:40], **vocabulary.near(text))
        return key or ""

    def _once(self, planned: Planned, first: dict[tuple[str, str], Planned]) -> None:
        if not any(planned.cells.values()):
            return
        other = first.setdefault((planned.item.id, planned.scope.casefold()), planned)
        if other is not planned:
            values = {"parameter": planned.item.column.label, "first": other.places["way"]}
            self._report("plan-row-twice", planned.places["way"], **values)

    # Cells

    def _table(self, role: str, fields: Mapping[str, Field], key: str) -> tuple[Grid, dict[str, int], list[int]]:
        """A table's sheet, its columns by the ids in the hidden row, and the rows below its headings.

        Without the ids there are no rows, and a finding. `key` is the column by which ids and headings are known.
        """
        grid = self._page(role)
        for row in range(1, _SEARCHED):
            columns = {as_text(value): column for column, value in grid.rows.get(row, {}).items()}
            if key in columns:
                label = fields[key].label["zh"]
                below = [line for line in sorted(grid.rows) if line > row]
                heading = next((line for line in below if label in str(grid.cell(line, columns[key]))), row)
                known = {name: column for name, column in columns.items() if name in (PARAMETER, *fields)}
                return grid, known, [line for line in below if line > heading]
        self._report("plan-columns", grid.title)
        return grid, {}, []

    def _typed(self, grid: Grid, row: int, column: int, label: Bilingual) -> str:
        value: Any = grid.cell(row, column)
        if isinstance(value, ErrorCell) or value is UNCACHED:
            code = "error-cell" if isinstance(value, ErrorCell) else "formula-uncached"
            self._report(code, grid.place(row, column), found=getattr(value, "text", ""), column=label)
            return ""
        return typed_text(as_text(value)) if value is not None else ""

    def _report(self, code: str, place: str, **values: Any) -> None:
        self.findings.append(finding(code, place, **values))
