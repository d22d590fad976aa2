"""Names in a case: a sheet or column is called by its id, its Chinese or English label, or an alias.

Workbooks, CSV files, DataFrames, YAML cases and dicts all resolve their names here, against the method of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import blank
from carbonstd._case.review_sheets import REVIEW
from carbonstd._definitions.document import Period
from carbonstd._definitions.method import Method, Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding, finding, has_errors
from carbonstd._joint.joint import read_as
from carbonstd._near import suggest
from carbonstd._units import calorie_unnamed, convertible, split_quantity
from carbonstd._workbook.cells import Grid
from carbonstd._workbook.layout import Headings, Target, folded
from carbonstd._workbook.sheet import CellPlace, read_sheet
from carbonstd._workbook.style import sheet_title

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library


def resolve(case: Case, library: Library) -> None:
    """Give the sheets and columns of a case the ids of its method. Raises CaseError.

    What no sheet of the method is called keeps its name, for another method may read it; so it does where the method
    of the case is not known.
    """
    try:
        method = read_as((case.method, *case.also), library, case.period, case.as_of)
    except CarbonstdError:
        return  # said when it is to be run
    sheets: dict[str, RawSheet] = {}
    homes: dict[str, str] = {}
    for title, raw in case.sheets.items():
        sheet = sheet_of(title, method, library)
        if sheet is None:
            sheets[title] = raw
            continue
        if sheet.id in homes:
            case.findings.append(finding("sheet-twice", title, label=sheet.label, first=homes[sheet.id]))
            continue
        homes[sheet.id] = title
        named, findings = with_columns(raw, sheet, title, case.period)
        sheets[title if title == sheet.kind else sheet.id] = named
        case.findings += findings
    case.sheets = sheets
    if has_errors(case.findings):
        raise CaseError(findings=case.findings)


def sheet_of(title: str, method: Method, library: Library | None = None) -> Sheet | None:
    """The sheet of a method, or of a verifier, that a title means: by id or label, else by its kind where one sheet
    alone is of it."""
    if title in method.sheets:
        return method.sheets[title]
    wanted = folded(title)
    for sheet in (*method.sheets.values(), *REVIEW.values()):
        if wanted in {folded(name) for name in _titles(sheet)}:
            return sheet
    kinds = [sheet for sheet in method.sheets.values() if wanted in _kind_names(sheet, library)]
    return kinds[0] if len(kinds) == 1 else None


def suggest_sheet(title: str, method: Method) -> str:
    """The name of the sheet that was most likely meant, in the language it was typed in."""
    names = {folded(name): name for sheet in method.sheets.values() for name in _titles(sheet)}
    return names.get(suggest(folded(title), names), "")


def suggest_column(name: str, sheet: Sheet) -> str:
    """The name of the column that was most likely meant, in the language it was typed in; no figure for its limit."""
    bound = _limit(name)
    names = {
        folded(text): text
        for column in sheet.columns.values()
        for text in (column.name, *column.label.values(), *column.aliases)
        if _limit(text) == bound
    }
    return names.get(suggest(folded(name), names), "")


def _limit(name: str) -> bool:
    return any(word in name.casefold() for word in ("限值", "限额", "limit"))


def _titles(sheet: Sheet) -> Iterator[str]:
    yield sheet.id
    for label in filter(None, sheet.label.values()):
        yield from (label, sheet_title(label, set()))


def _kind_names(sheet: Sheet, library: Library | None) -> set[str]:
    """The id of a sheet's kind, and the title its file gives it."""
    titles = library.kind_title(sheet.kind).values() if library is not None else ()
    return {folded(name) for name in (sheet.kind, *titles) if name}


def with_columns(raw: RawSheet, sheet: Sheet, title: str, period: Period | None) -> tuple[RawSheet, list[Finding]]:
    """A sheet whose columns carry the ids of the method, with the units their headings name, months across unfolded."""
    known = {*sheet.columns, *(f"{name}_unit" for name in sheet.columns)}
    if all(name in known for name in raw.columns):
        return raw, []
    headings = Headings(sheet)
    targets = {name: headings.find(name) for name in raw.columns}
    if any(target is not None and target.role in ("month", "total") for target in targets.values()):
        return _across(raw, sheet, title, period)
    return _Renaming(raw, sheet, headings, targets).result()


def renaming(names: Iterable[str], sheet: Sheet) -> dict[str, str] | None:
    """The id of each column, where ids are all that headings say; None where one names a unit or a month, or two name
    one column: then the cells have to be looked at (`with_columns`)."""
    headings, ids = Headings(sheet), dict[str, str]()
    for name in names:
        target = headings.find(name)
        ids[name] = target.id if target else name
        if target and target.role in ("month", "total"):
            return None
        if target and target.role == "value" and headings.unit_of(name, sheet.columns[target.column]):
            return None
    return ids if len(set(ids.values())) == len(ids) else None


class _Renaming:
    def __init__(self, raw: RawSheet, sheet: Sheet, headings: Headings, targets: Mapping[str, Target | None]) -> None:
        self.raw, self.sheet, self.headings, self.targets = raw, sheet, headings, targets
        self.columns: dict[str, Sequence[Any]] = {}
        self.typed: dict[str, str] = {}
        self.findings: list[Finding] = []

    def result(self) -> tuple[RawSheet, list[Finding]]:
        units: dict[str, str] = {}
        for name, cells in self.raw.columns.items():
            target = self.targets[name]
            self._put(target.id if target else name, name, cells)
            if target and target.role == "value" and (unit := self._unit(name, target)):
                units[target.id] = unit
        for name, unit in units.items():
            self.columns[f"{name}_unit"] = self._units(name, unit)
        return RawSheet(self.columns, _Renamed(self.raw.place, self.typed)), self.findings

    def _put(self, name: str, typed: str, cells: Sequence[Any]) -> None:
        """A column under its id. Two names of one column, as rows of a YAML case may use, join if no row has both."""
        before = self.columns.get(name)
        if before is None:
            self.columns[name], self.typed[name] = cells, typed
            return
        both = next(
            (row for row, pair in enumerate(zip(before, cells, strict=True)) if not any(map(blank, pair))), None
        )
        if both is not None:
            place, first = self.raw.place(typed, both), self.raw.place(self.typed[name], both)
            label = self.sheet.columns[name].label if name in self.sheet.columns else name
            self.findings.append(finding("header-twice", place, column=label, first=first))
        self.columns[name] = [new if blank(old) else old for old, new in zip(before, cells, strict=True)]

    def _unit(self, typed: str, target: Target) -> str:
        """The unit a heading names, where it is another than the usual one."""
        column = self.sheet.columns[target.column]
        unit = self.headings.unit_of(typed, column)
        if not unit:
            return ""
        place = self.raw.place(typed, 0)
        if all(convertible(unit, usual) is None for usual in column.units.values()):
            self.findings.append(wrong_unit(place, column.label, unit, column.unit.text))
            return ""
        self.findings.append(finding("heading-unit", place, column=column.label, unit=unit))
        return unit

    def _units(self, name: str, unit: str) -> list[str | None]:
        """The unit of each cell that says none itself, nor in a column of units."""
        given = self.columns.get(f"{name}_unit") or [None] * self.raw.rows
        return [
            own if not blank(own) else None if blank(cell) or _has_unit(cell) else unit
            for cell, own in zip(self.columns[name], given, strict=True)
        ]


def wrong_unit(place: str, label: Bilingual, found: str, expected: str) -> Finding:
    """A unit that does not fit; a calorie without its kind has a remedy of its own."""
    code = "calorie-unnamed" if calorie_unnamed(found) else "wrong-unit"
    return finding(code, place, column=label, found=found, unit=expected)


def _has_unit(cell: Any) -> bool:
    return isinstance(cell, str) and bool(split_quantity(cell)[1])


@dataclass(frozen=True)
class _Renamed:
    """Where a cell stands, asked by the id of its column. A class and not a closure: a result pickles with its case."""

    place: Callable[[str, int], str]
    typed: Mapping[str, str]

    def __call__(self, column: str, row: int) -> str:
        return self.place(self.typed.get(column, column), row)


def _across(raw: RawSheet, sheet: Sheet, title: str, period: Period | None) -> tuple[RawSheet, list[Finding]]:
    """Months in columns, read as a workbook's sheet is: its first row holds the headings."""
    names = list(raw.columns)
    grid = Grid(title, rows={1: dict(enumerate(names, 1))})
    for row in range(raw.rows):
        cells = {index: _plain(raw.columns[name][row]) for index, name in enumerate(names, 1)}
        if filled := {index: cell for index, cell in cells.items() if not blank(cell)}:
            grid.rows[row + 2] = filled
    read, findings = read_sheet(grid, sheet, None, period)
    if not isinstance(read.place, CellPlace):
        return read, findings
    return RawSheet(read.columns, _Unfolded(read.place, raw.place, tuple(names))), findings


def _plain(cell: Any) -> Any:
    """A number of numpy as Python's own."""
    return cell.item() if hasattr(cell, "item") else cell


@dataclass(frozen=True)
class _Unfolded:
    """Where a month's cell stands in the table it was read from."""

    cells: CellPlace
    place: Callable[[str, int], str]
    names: Sequence[str]

    def __call__(self, column: str, row: int) -> str:
        found = self.cells.cell(column, row)
        if found is None:
            return self.cells.title
        line, index = found
        return self.place(self.names[index - 1], line - 2)


def sheet_by_headings(grid: Grid, method: Method) -> list[Sheet]:
    """The sheets of a method whose columns a page of a workbook shows: the best match, or several of equal worth."""
    scores: dict[str, int] = {}
    for sheet in method.sheets.values():
        headings = Headings(sheet)
        for row in sorted(grid.rows)[:_SEARCHED]:
            found = {target.column for cell in grid.rows[row].values() if (target := headings.find(cell)) is not None}
            if len(found) >= _ENOUGH and any(sheet.columns[name].kind == "number" for name in found):
                scores[sheet.id] = max(scores.get(sheet.id, 0), len(found))
    best = max(scores.values(), default=0)
    return [method.sheets[name] for name, score in scores.items() if score == best]


_SEARCHED = 40  # headings stand in the first rows
_ENOUGH = 3  # columns that make a page more than a note which happens to say 月份
