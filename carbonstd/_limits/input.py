"""Plants to be judged against limits: one case, a folder of cases, or a table with one row a plant or line.

Nothing is judged here. What cannot be read stays as a subject with the finding that says why, so that one bad file or
row never ends the run; only where nothing at all can be read is an error raised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from carbonstd._absent import absent
from carbonstd._case.case import Case, RawSheet, read_case, sheet_from_csv
from carbonstd._case.cells import as_text, blank, day_or_month, sums_up
from carbonstd._case.names import resolve
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Sheet
from carbonstd._definitions.table import Table
from carbonstd._errors import CarbonstdError, CaseError, NotFoundError
from carbonstd._findings import Finding, finding
from carbonstd._joint.case import case_of
from carbonstd._joint.joint import methods_of, object_of
from carbonstd._ledger.ledger import find_sheet
from carbonstd._workbook.archive import open_archive
from carbonstd._workbook.cells import UNCACHED, ErrorCell, Grid, read_grids
from carbonstd._workbook.layout import Headings, folded
from carbonstd._workbook.style import typed_text
from carbonstd._workbook.workbook import fields_of, mark_of

HEADS: Mapping[str, tuple[str, ...]] = {  # what a table of plants has beside the columns of its standards
    "name": (
        "name", "名称", "企业", "企业名称", "单位名称", "工厂", "企业、装置或产品",
        "plant", "company", "entity", "Plant, line or product",
        "车型", "车辆型号", "Car model", "Vehicle model", "抽采泵站或排放口", "Drainage station or vent", "Enterprise",
        "设备名称或编号", "设备名称", "设备编号", "设备", "Name or number of the item", "item",
    ),
    "standard": ("standard", "标准", "标准号", "限额标准", "核算标准", "核算方法", "方法", "method"),
    "period": (
        "period", "核算期", "报告期", "年度", "核算年度", "报告年度", "年份", "year", "reporting period",
        "出厂日期", "出厂年月", "出厂年份", "制造日期", "制造年月", "制造年份", "Manufactured", "date of manufacture",
        "型式批准日期", "批准日期", "公告日期", "approved", "Date of type approval",
        "date of approval", "approval date",
    ),
}  # fmt: skip
_HEAD_OF = {folded(name): head for head, names in HEADS.items() for name in names}
_LISTED = 12  # plants that an error names
_SEARCHED = 15  # the headings of a table stand in its first rows
_WORKBOOKS, _CASES = (".xlsx", ".xlsm"), (".xlsx", ".xlsm", ".yaml", ".yml")


@dataclass
class Subject:
    """One plant, line or product: a case, or a row of a table with its cells under the headings as typed."""

    place: str
    name: str = ""
    standard: str = ""
    period: str = ""
    case: Case | None = None
    cells: Mapping[str, Any] = field(default_factory=dict)
    cell_place: Callable[[str, int], str] = field(default=lambda column, row: column)
    findings: list[Finding] = field(default_factory=list)
    broken: Mapping[str, Finding] = field(default_factory=dict)  # headings whose cell shows an error or nothing

    def as_case(self, method: Method, period: Period, as_of: date, library: Library) -> tuple[Case, list[str]]:
        """The row as a case of `method`, and the headings of filled cells that the method does not ask for.

        What is wrong with a heading, or shows an error in a cell that is asked for, is a finding of the case.
        """
        sheet = object_sheet(method)
        headings = Headings(sheet)
        taken, left, typed = dict[str, list[Any]](), list[str](), dict[str, str]()
        for heading, cell in self.cells.items():
            head = head_of(heading)
            if headings.find(heading) is not None:
                taken[heading] = [cell]
            elif head == "name" and "name" in sheet.columns:
                taken["name"], typed["name"] = [cell], heading
            elif head is None and not blank(cell):
                left.append(heading)
        raw = RawSheet(taken, lambda column, row: self.cell_place(typed.get(column, column), row))
        name = {"zh": self.name, "en": self.name}
        case = Case(method.id, period, as_of, {"name": name}, {sheet.id: raw}, path=self.place)
        with suppress(CaseError):  # its findings stay with the case, to be told with all others
            resolve(case, library)
        case.findings += [told for heading, told in self.broken.items() if heading in taken]
        return case, left


def without_totals(subjects: Iterable[Subject]) -> tuple[list[Subject], list[Finding]]:
    """The subjects that are no sums of others, and a note that names the rows which are."""
    kept, sums = list[Subject](), list[str]()
    for subject in subjects:
        if _sums_up(subject):
            sums.append(subject.place)
        else:
            kept.append(subject)
    return kept, [finding("limits-total-rows", count=len(sums), places=", ".join(sums))] if sums else []


def _sums_up(subject: Subject) -> bool:
    """Whether a row is called a total, by its name or, where that is blank, by another of its cells."""
    called = [subject.name] if subject.name else [cell for cell in subject.cells.values() if isinstance(cell, str)]
    return subject.case is None and any(map(sums_up, called))


def object_sheet(method: Method) -> Sheet:
    """The sheet that says what is judged: class, status and the indicators."""
    sheets = list(method.sheets.values())
    single = (sheet for sheet in sheets if sheet.single)
    return object_of(method) or next(single, sheets[0])


def class_tables(method: Method, library: Library) -> list[Table]:
    """The tables a method looks at, of every edition it may take."""
    return [library.table(name) for slot in method.slots.values() for name in slot.tables]


def class_columns(method: Method, library: Library) -> list[str]:
    """The columns of what is judged that are keys of a table: its class and size."""
    keys = dict.fromkeys(name for table in class_tables(method, library) for name in table.keys)
    return [name for name in keys if name in object_sheet(method).columns]


def without_columns(case: Case, columns: Collection[str], method: Method) -> Case:
    """A case without some columns of what is judged."""
    raw = find_sheet(case, method, object_sheet(method))
    if raw is None or not columns:
        return case
    kept = {name: cells for name, cells in raw.columns.items() if name.removesuffix("_unit") not in columns}
    sheets = {name: RawSheet(kept, raw.place) if item is raw else item for name, item in case.sheets.items()}
    return replace(case, sheets=sheets)


def head_of(heading: object) -> str | None:
    """Which of name, standard and period a heading means, in either language or both."""
    text = str(heading)
    known = (_HEAD_OF.get(folded(part)) for part in (text, *text.split("\n")) if part.strip())
    return next((head for head in known if head), None)


def read_subjects(path: Path, library: Library, nothing: str = "limits-nothing-to-read") -> list[Subject]:
    """The plants in a file or folder. Raises CaseError where nothing can be read; `nothing` says that there is none."""
    found = _of_folder(path, library) if path.is_dir() and not (path / "case.yaml").is_file() else _of(path, library)
    unread = [item for item in found if item.findings and item.case is None and not item.cells]
    if not found or len(unread) == len(found):
        errors = [finding_ for item in unread for finding_ in item.findings]
        raise CaseError(findings=errors or [finding(nothing, str(path))])
    return found


def subjects_of(rows: Iterable[Mapping[str, Any]]) -> list[Subject]:
    """The plants of rows held in memory, counted from 0. Raises CaseError where there is none."""
    found = [_row(f"[{at}]", cells, partial(_in_memory, at)) for at, cells in enumerate(rows)]
    if not found:
        raise CaseError(findings=[finding("limits-nothing-to-read", "")])
    return found


def _in_memory(at: int, column: str, row: int) -> str:
    return f"[{at}] {column}"


def named_subject(subjects: Iterable[Subject], name: str) -> Subject:
    """The one plant of that name, or at that place. Raises NotFoundError naming those there are."""
    known = {item.place: item for item in subjects}
    found = [item for item in known.values() if name == item.place or folded(name) == folded(item.name)]
    if len(found) == 1:
        return found[0]
    listed = [f"{item.name} ({item.place})" for item in found or known.values()]
    shown = ", ".join(listed[:_LISTED]) + (" …" if len(listed) > _LISTED else "")
    code = "plant-ambiguous" if found else "plant-unknown"
    raise NotFoundError(findings=[finding(code, "--plant", name=name, plants=shown)])


def _of_folder(path: Path, library: Library) -> list[Subject]:
    files = sorted(item for item in path.iterdir() if item.is_file() and item.suffix.lower() in (*_CASES, ".csv"))
    found: list[Subject] = []
    for file in files:
        if file.name.startswith(("~$", ".")):
            continue  # the lock file of an open workbook
        try:
            found += _of(file, library)
        except CarbonstdError as error:
            found.append(Subject(file.name, file.stem, findings=list(error.findings)))
    return found


def _of(path: Path, library: Library) -> list[Subject]:
    """The subjects of one file. Raises CaseError."""
    if path.suffix.lower() == ".csv":
        if not path.is_file():
            raise CaseError(findings=[absent(path)])
        raw = sheet_from_csv(path)
        names = list(raw.columns)
        rows = [{name: raw.columns[name][row] for name in names} for row in range(raw.rows)]
        return [_row(path.name, cells, _At(raw.place, index)) for index, cells in enumerate(rows)]
    if path.suffix.lower() in _WORKBOOKS and path.is_file():
        with open_archive(path) as archive:
            grids = list(read_grids(archive))
        if not any(mark_of(grid) or _covers(grid) for grid in grids):
            return _of_grids(path, grids)
    case = read_case(path, library)
    return _judged(case, library) if case.also else [Subject(str(path), _name_of(case), case=case)]


def _judged(case: Case, library: Library) -> list[Subject]:
    """A case of several methods by each that judges something. Raises CaseError where none does."""
    methods = methods_of((case.method, *case.also), library, case.period, case.as_of)
    judging = [method.id for method in methods if object_of(method) is not None]
    if not judging:
        names = ", ".join(method.id for method in methods)
        raise CaseError(findings=[finding("limits-none-judges", case.path, methods=names)])
    return [_part(case, name, library) for name in judging]


def _part(case: Case, method: str, library: Library) -> Subject:
    try:
        part = case_of(case, method, library)
    except CaseError as error:
        return Subject(case.path, case.title("zh"), method, str(case.period), findings=list(error.findings))
    return Subject(case.path, _name_of(part), case=part)


def _covers(grid: Grid) -> bool:
    """Whether a sheet is the cover of a case: it names a method, and a period stands beside its label."""
    fields = fields_of(grid)
    periods = [grid.cell(*cell) for cell in fields.get("period", ())]
    return "method" in fields and any(isinstance(item, date) or Period.parse(as_text(item)) for item in periods)


@dataclass(frozen=True)
class _At:
    """Where the cells of one row of a file stand."""

    place: Callable[[str, int], str]
    row: int

    def __call__(self, column: str, row: int) -> str:
        return self.place(column, self.row)


@dataclass(frozen=True)
class _GridAt:
    """Where the cells of one row of a workbook stand, by their headings."""

    grid: Grid
    row: int
    columns: Mapping[str, int]

    def __call__(self, column: str, row: int) -> str:
        return self.grid.place(self.row, self.columns.get(column, 1))


def _of_grids(path: Path, grids: list[Grid]) -> list[Subject]:
    """The rows of every sheet that is a table of plants; a sheet without headings of one is left alone."""
    found: list[Subject] = []
    tables = 0
    for grid in grids:
        head = None if grid.hidden else _head_row(grid)
        if head is None:
            continue
        tables += 1
        columns: dict[str, int] = {}
        for column, cell in sorted(grid.rows[head].items()):
            name = str(cell).strip()
            if name in columns:
                first = grid.place(head, columns[name])
                raise CaseError(findings=[finding("header-twice", grid.place(head, column), column=name, first=first)])
            columns[name] = column
        standard = _standard_above(grid, head)
        for line in sorted(grid.rows):
            cells = {name: grid.cell(line, column) for name, column in columns.items()}
            if line > head and not all(map(blank, cells.values())):
                found.append(_row(path.name, cells, _GridAt(grid, line, columns), standard))
    if not tables:
        raise CaseError(findings=[finding("limits-no-table", path.name)])
    return found


def _head_row(grid: Grid) -> int | None:
    """The first row with a heading for names and at least one more text beside it."""
    for row in sorted(grid.rows)[:_SEARCHED]:
        texts = [cell for cell in grid.rows[row].values() if isinstance(cell, str) and cell.strip()]
        if len(texts) > 1 and any(head_of(cell) == "name" for cell in texts):
            return row
    return None


def _standard_above(grid: Grid, head: int) -> str:
    """The standard of a whole sheet, beside its label above the headings."""
    for row in sorted(grid.rows):
        for column, cell in sorted(grid.rows[row].items()):
            if row < head and head_of(cell) == "standard":
                return as_text(grid.cell(row, column + 1))
    return ""


def _row(file: str, cells: Mapping[str, Any], at: Callable[[str, int], str], standard: str = "") -> Subject:
    """A row of a table; a cell that shows an error has no value, and is told where it is asked for."""
    heads: dict[str, str] = {}
    broken: dict[str, Finding] = {}
    plain = {name: typed_text(cell).strip() or None if isinstance(cell, str) else cell for name, cell in cells.items()}
    for name, cell in plain.items():
        if isinstance(cell, ErrorCell) or cell is UNCACHED:
            code = "error-cell" if isinstance(cell, ErrorCell) else "formula-uncached"
            broken[name] = finding(code, at(name, 0), found=getattr(cell, "text", ""))
            continue
        head = head_of(name)
        if head and not blank(cell):
            heads.setdefault(head, day_or_month(cell) if isinstance(cell, date) else as_text(cell))
    first = next(iter(cells), "")
    place = at(first, 0).removesuffix(f" {first}")
    place = place if place.startswith(file) else f"{file} {place}"
    name, period = heads.get("name", ""), heads.get("period", "")
    findings = [told for heading, told in broken.items() if head_of(heading)]
    plain |= dict.fromkeys(broken)
    return Subject(place, name, heads.get("standard", standard), period, None, plain, at, findings, broken)


def _name_of(case: Case) -> str:
    """The plant, line or product a case is about: by its own name, with the company's where that is another."""
    names = [as_text(cells[0]) for raw in case.sheets.values() if len(cells := raw.columns.get("name", ())) == 1]
    return " ".join(dict.fromkeys(filter(None, (case.title("zh"), *names[:1])))) or Path(case.path).stem
