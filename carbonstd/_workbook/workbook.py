"""Reading a case from a workbook: a template we wrote, or sheets of a user's own with headings we know.

All findings are collected with sheet and cell before anything is refused; notes travel with the case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from carbonstd._case.case import NOTHING, Case, RawSheet, StandIn, make_case
from carbonstd._case.cells import day_of
from carbonstd._case.cover import cover_findings
from carbonstd._case.names import sheet_by_headings, sheet_of
from carbonstd._case.review_sheets import REVIEW
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Sheet
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._findings import LANGUAGES, Finding, finding, has_errors
from carbonstd._joint.joint import Joint, join, methods_of, names_in
from carbonstd._workbook.archive import open_archive
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, read_grids, unfilled
from carbonstd._workbook.layout import (
    ALSO,
    ASSUMPTIONS,
    CONSENT,
    COVER,
    HEAD,
    LISTS,
    MARK,
    RECORD,
    SHEET,
    TITLES,
    VERSION,
    folded,
    head_field,
    head_label,
)
from carbonstd._workbook.sheet import Mark, read_sheet
from carbonstd._workbook.style import bilingual, typed_text
from carbonstd._yaml import Map

_HEAD_ROWS, _HEAD_COLUMNS = 60, 6


def read_workbook(path: Path, library: Library, stand_in: StandIn = NOTHING) -> Case:
    """The case in a workbook. Raises CaseError with every finding where the workbook cannot be used."""
    with open_archive(path) as archive:
        grids = list(read_grids(archive))
        reader = _Reader(grids, path, library, stand_in)
        reader.findings += archive.findings
        return reader.read()


def read_cover(path: Path) -> dict[str, Any]:
    """What the cover says of the case, as a head of YAML would; empty where there is none. Raises CaseError."""
    with open_archive(path) as archive:
        for grid in read_grids(archive):
            fields, mark = fields_of(grid), mark_of(grid)
            if {"method", "period"} <= fields.keys() or (mark is not None and mark.role == COVER):
                said = {name: [grid.cell(*cell) for cell in cells] for name, cells in fields.items()}
                return _nested({name: held[0] for name, held in said.items() if not unfilled(held[0])})
    return {}


class _Reader:
    def __init__(self, grids: list[Grid], path: Path, library: Library, stand_in: StandIn) -> None:
        self.grids, self.path, self.library, self.stand_in = grids, path, library, stand_in
        self.marks = {grid.title: mark for grid in grids if (mark := mark_of(grid)) is not None}
        self.findings: list[Finding] = []
        self.said: Mapping[str, Any] = {}  # the fields of the cover by name
        self.head: dict[str, Any] = {}
        self.held: Collection[str] = ()  # the sheets that were read

    def read(self) -> Case:
        cover = self._cover()
        roles = {mark.role for mark in self.marks.values()}
        if RECORD in roles and COVER not in roles:
            self._report("verify-record-as-case", self.path.name)
            raise CaseError(findings=self.findings)
        if cover is None:
            self._report("cover-missing", self.path.name)
            raise CaseError(findings=self.findings)
        period = self._read_head(cover)
        joint = self._joint(cover, period)
        self._cover_read(cover, joint.whole.level if joint else "")
        sheets = self._sheets(joint.whole, period, cover) if joint else {}
        if joint and self._role(cover) == COVER:
            self._absent(joint, cover)
        if has_errors(self.findings):
            raise CaseError(findings=self.findings)
        case = make_case(self.head, sheets, str(self.path), self.stand_in)
        case.findings += self.findings
        return case

    # The head of the case

    def _cover(self) -> Grid | None:
        """Our own cover, or the first sheet that names a method and a period."""
        for grid in self.grids:
            if self._role(grid) == COVER:
                return grid
        return next((grid for grid in self.grids if {"method", "period"} <= fields_of(grid).keys()), None)

    def _read_head(self, cover: Grid) -> Period | None:
        values: dict[str, Any] = {}
        fields = fields_of(cover)
        for name, cells in fields.items():
            found = [(cell, value) for cell in cells if not unfilled(value := cover.cell(*cell))]
            if len(found) > 1 and len({str(value) for _, value in found}) > 1:
                self._report("head-twice", cover.place(*found[1][0]), field=HEAD.get(name, name))
            if found:
                values[name] = self._head_value(name, cover, *found[0])
        if not unfilled(values.get(ALSO)):
            values[ALSO] = names_in(values[ALSO])
        values = self.stand_in.complete(Map(values))
        for name in ("method", "period"):
            if unfilled(values.get(name)):
                place = cover.place(*fields[name][0]) if name in fields else cover.title
                self._report("head-missing", place, field=HEAD[name])
        self.said = values
        self.head = _nested({name: value for name, value in values.items() if not unfilled(value)})
        period = Period.parse(values.get("period", ""))
        if period is None and not unfilled(values.get("period")):
            self._report("case-period", cover.place(*fields["period"][0]), found=str(values["period"]))
        return period

    def _cover_read(self, cover: Grid, level: str) -> None:
        """What the fields of the enterprise say wrong; one that the cover does not have is not missed."""
        fields = {name: cells[0] for name, cells in fields_of(cover).items()}
        said = {name: (self.said.get(name), cover.place(*cell)) for name, cell in fields.items()}
        self.findings += cover_findings(said, head_label("entity.name.zh", level))

    def _head_value(self, name: str, cover: Grid, cell: tuple[int, int], value: Any) -> Any:
        place = cover.place(*cell)
        if isinstance(value, ErrorCell) or value is UNCACHED:
            code = "error-cell" if isinstance(value, ErrorCell) else "formula-uncached"
            self._report(code, place, found=getattr(value, "text", ""))
            return None
        if name == "period" and isinstance(value, date):
            return f"{value.year}-{value.month:02d}" if value.day == 1 else value.isoformat()  # Excel dates 2025-03 so
        if name == "as_of":
            day = day_of(value)
            if day is None:
                self._report("head-unreadable", place, field=HEAD[name], found=str(value)[:40], expected="2026-03-31")
            return day.isoformat() if day else None
        return typed_text(str(value).removesuffix(".0")).strip()

    def _joint(self, cover: Grid, period: Period | None) -> Joint | None:
        """The methods that the workbook is for."""
        name = self.head.get("method")
        place = next((cover.place(*cell) for cell in fields_of(cover).get("method", [])), cover.title)
        if not name:
            return None
        try:
            joint = join(methods_of((str(name), *self.head.get(ALSO, ())), self.library, period))
        except NotFoundError as error:
            for item in error.findings:
                self._report(item.code, place, **item.values)
            return None
        own = joint.whole.id
        foreign = {mark.method for mark in self.marks.values() if mark.role == SHEET and mark.method != own}
        if foreign:
            self._report("template-other-method", place, found=", ".join(sorted(foreign)), expected=own)
            return None  # what its sheets lack of this method is no news then
        if any(mark.version > VERSION for mark in self.marks.values()):
            self._report("template-newer", cover.title)
        return joint

    # The sheets

    def _sheets(self, method: Method, period: Period | None, cover: Grid) -> dict[str, RawSheet]:
        homes: dict[str, str] = {}
        sheets: dict[str, RawSheet] = {}
        strangers: list[Grid] = []
        for grid in self.grids:
            if grid is cover or self._role(grid) == LISTS or not grid.rows:
                continue
            sheet = CONSENT if self._consents(grid) else self._sheet_of(grid, method)
            if sheet is None:
                strangers.append(grid)
                continue
            if sheet.id in homes:
                self._report("sheet-twice", grid.title, label=sheet.label, first=homes[sheet.id])
                continue
            homes[sheet.id] = grid.title
            raw, findings = read_sheet(grid, sheet, self.marks.get(grid.title), period)
            self.findings += findings
            if sheet is CONSENT:
                self._consent(raw)
            else:
                sheets[sheet.id] = raw
        for grid in strangers:
            self._stranger(grid, method, period, homes, sheets)
        self.held = homes.keys()
        return sheets

    def _absent(self, joint: Joint, cover: Grid) -> None:
        """Sheets of the template that are gone, however they are; a sheet without a cell stands there, empty.

        One that the cover lists was deleted, which the methods it is of are told (`of`): they refuse it. One that it
        does not list came to the method after the workbook was written, or was taken off both.
        """
        bare = (self._sheet_of(grid, joint.whole) for grid in self.grids if not grid.rows)
        there = {*self.held, *(sheet.id for sheet in bare if sheet)}
        cells = {folded(cell) for row in cover.rows.values() for cell in row.values() if isinstance(cell, str)}

        def listed(sheet: Sheet) -> bool:
            return any(folded(bilingual(sheet.label, language, "  ")) in cells for language in LANGUAGES)

        for sheet in joint.whole.sheets.values():
            if sheet.id in there or sheet.must_be_filled:
                continue
            deleted = self.marks[cover.title].method == joint.whole.id and listed(sheet)
            of = [item.id for item in joint.methods if deleted and sheet.id in joint.homes[item.id].values()]
            self._report("sheet-absent", sheet.id, label=sheet.label, of=of, kind="listed" if of else "")
        for sheet in REVIEW.values():
            if sheet.id not in there and listed(sheet):
                self._report("review-sheet-absent", sheet.id, label=sheet.label)

    def _stranger(
        self, grid: Grid, method: Method, period: Period | None, homes: dict[str, str], sheets: dict[str, RawSheet]
    ) -> None:
        """A sheet of no known name: by its headings it is one of ours, or of no use; what is unclear is refused."""
        fitting = sheet_by_headings(grid, method)
        if not fitting:
            self._report("sheet-unused", grid.title, method=method.id)
            return
        sheet = fitting[0]
        raw, findings = read_sheet(grid, sheet, None, period)
        if not raw.rows:
            return
        if len(fitting) > 1 or sheet.id in homes:
            labels = {part: " / ".join(item.label[part] for item in fitting) for part in ("zh", "en")}
            self._report("sheet-unclear", grid.title, label=labels)
            return
        homes[sheet.id], sheets[sheet.id] = grid.title, raw
        self._report("sheet-by-headings", grid.title, label=sheet.label)
        self.findings += findings

    def _role(self, grid: Grid) -> str:
        return self.marks[grid.title].role if grid.title in self.marks else ""

    def _consents(self, grid: Grid) -> bool:
        names = {folded(name) for name in (ASSUMPTIONS, *TITLES[ASSUMPTIONS].values())}
        return self._role(grid) == ASSUMPTIONS or (grid.title not in self.marks and folded(grid.title) in names)

    def _sheet_of(self, grid: Grid, method: Method) -> Sheet | None:
        """The method's sheet that a sheet of the workbook is, by its mark, else by its title."""
        mark = self.marks.get(grid.title)
        if mark is not None and mark.sheet in (*method.sheets, *REVIEW):
            return method.sheets.get(mark.sheet) or REVIEW[mark.sheet]
        return sheet_of(grid.title, method, self.library)

    def _consent(self, raw: RawSheet) -> None:
        given = []
        for row in range(raw.rows):
            entry = {name: raw.columns.get(name, [None] * raw.rows)[row] for name in CONSENT.columns}
            for name, value in entry.items():
                if unfilled(value):
                    self._report("missing-value", raw.place(name, row), column=CONSENT.columns[name].label)
            given.append({name: str(value) for name, value in entry.items()})
        if given:
            self.head["assumptions"] = given

    def _report(self, code: str, place: str, **values: Any) -> None:
        self.findings.append(finding(code, place, **values))


def mark_of(grid: Grid) -> Mark | None:
    """The mark in the first rows of a sheet of ours, wherever an inserted row or column has moved it."""
    for row in range(1, 11):
        for column in sorted(grid.rows.get(row, {})):
            if grid.cell(row, column) == MARK:
                version, role, method, sheet = (grid.cell(row, column + step) for step in range(1, 5))
                return Mark(
                    row, version if isinstance(version, int) else 0, str(role), str(method or ""), str(sheet or "")
                )
    return None


def fields_of(grid: Grid) -> dict[str, list[tuple[int, int]]]:
    """The fields of a head that a sheet names, each with the cell its value stands in: beside the id and the label.

    A field that stands by id and label, as on covers of ours, is that row alone: the list of sheets below may have a
    sheet of the same name.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    written: dict[str, list[tuple[int, int]]] = {}  # by id and label
    for row in sorted(grid.rows):
        if row > _HEAD_ROWS:
            break
        for column in sorted(grid.rows[row]):
            field = head_field(grid.cell(row, column)) if column <= _HEAD_COLUMNS else None
            if field is not None:
                labelled = head_field(grid.cell(row, column + 1)) == field
                ours = written if labelled and grid.cell(row, column) == field else found
                ours.setdefault(field, []).append((row, column + 1 + labelled))
                break
    return {**found, **written}


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """`entity.name.zh: x` as mappings inside each other."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        *path, last = name.split(".")
        inner = result
        for key in path:
            inner = inner.setdefault(key, {})
        inner[last] = value
    return result
