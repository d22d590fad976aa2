"""Cases: an entity, a period, `as_of`, assumptions, and the sheets of a ledger as they were typed.

A case comes from a workbook, a YAML file, a folder of CSV files, or a dict (whose sheets may be DataFrames). Cells
stay as typed here; `_ledger.ledger` reads them against the method's columns.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from carbonstd._absent import absent
from carbonstd._case.cover import cover_findings, fields_of
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Fields, Problems, parse_date
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding, finding
from carbonstd._yaml import Items, Map, load_file


@dataclass
class RawSheet:
    """A sheet as typed: columns of cells of equal length; `place(column, row)` says where a cell stands."""

    columns: Mapping[str, Sequence[Any]]
    place: Callable[[str, int], str]

    @property
    def rows(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)


@dataclass(frozen=True)
class RowPlace:
    """Where a cell of a sheet without a file stands. A class and not a closure: a result pickles with its case."""

    sheet: str

    def __call__(self, column: str, row: int) -> str:
        return f"{self.sheet}[{row}].{column}"


@dataclass(frozen=True)
class Assumption:
    """A user's consent to a recalled table or equation: which, why, and who says so."""

    table: str
    reason: str
    name: str


@dataclass
class Case:
    """Everything a run needs from its user. `findings` are notes made while reading.

    `also` are other methods that read the same sheets (`_joint.joint`).
    """

    method: str
    period: Period
    as_of: date
    entity: Mapping[str, Any] = field(default_factory=dict)
    sheets: dict[str, RawSheet] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    name: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    findings: list[Finding] = field(default_factory=list)
    expect: Map | None = None
    also: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        entity = self.entity.get("name") or self.name or {}
        return str(entity.get(language) or entity.get("zh") or "") if isinstance(entity, Mapping) else str(entity)


@dataclass(frozen=True)
class StandIn:
    """What holds where a case itself names no method, period or day; of the day, else today."""

    methods: tuple[str, ...] = ()
    period: str = ""
    as_of: date | None = None

    def complete(self, head: Map) -> Map:
        """A head with what it lacks."""
        held = Map(head, head.line)
        held.lines = head.lines
        if self.methods and _lacks(head, "method"):
            held["method"], held["also"] = self.methods[0], Items(self.methods[1:])
        if self.period and _lacks(head, "period"):
            held["period"] = self.period
        if _lacks(head, "as_of"):
            held["as_of"] = self.as_of or date.today()
        return held


def _lacks(head: Mapping[str, Any], name: str) -> bool:
    return head.get(name) is None or not str(head[name]).strip()


NOTHING = StandIn()


def read_case(source: object, library: Library, stand_in: StandIn = NOTHING) -> Case:
    """Read a case from a workbook, a YAML file, a folder (`case.yaml` and a CSV a sheet), or a mapping.

    Raises CaseError with every finding about the file that keeps it from being read.
    """
    if isinstance(source, Mapping):
        return _from_mapping(source, "case", library, stand_in)
    if not isinstance(source, str | Path):
        expected = "case.xlsx, case.yaml, {method: …, period: …, inputs: {sheet: DataFrame}}"
        raise CaseError(findings=[finding("schema-type", "case", field="—", found=_kind(source), expected=expected)])
    path = Path(source)
    if path.is_dir():
        return _from_folder(path, library, stand_in)
    if not path.is_file():
        raise CaseError(findings=[absent(path, library)])
    if path.suffix.lower() in (".yaml", ".yml"):
        try:
            data = load_file(path)
        except CarbonstdError as error:
            raise CaseError(findings=error.findings) from None
        return _from_mapping(data, str(path), library, stand_in)
    from carbonstd._workbook.workbook import read_workbook

    return read_workbook(path, library, stand_in)


def make_case(head: Mapping[str, Any], sheets: dict[str, RawSheet], path: str, stand_in: StandIn = NOTHING) -> Case:
    """A case from its head (method, period, as_of, entity, assumptions) and its sheets. Raises CaseError."""
    problems = Problems(path)
    data = stand_in.complete(head if isinstance(head, Map) else _as_map(head))
    fields = Fields(data, problems)
    method, also = fields.text("method"), fields.texts("also")
    written = fields.text("period")
    period = Period.parse(written) if written else None
    if written and period is None:
        problems.add("case-period", fields.at("period"), found=written)
    as_of = fields.raw("as_of")
    day = as_of if isinstance(as_of, date) else parse_date(str(as_of))
    if day is None:
        problems.add("schema-type", fields.at("as_of"), field="as_of", found=str(as_of), expected="2026-03-31")
    assumptions = []
    for item in fields.items("assumptions"):
        entry = Fields(item, problems)
        assumptions.append(Assumption(entry.text("table"), entry.text("reason"), entry.text("name")))
        entry.done()
    entity, name, expect = fields.raw("entity", {}), fields.raw("name", {}), fields.raw("expect")
    fields.text("source", "")
    fields.raw("inputs")
    fields.done()
    if problems.findings:
        raise CaseError(findings=problems.findings)
    assert period is not None
    assert day is not None
    entity = entity if isinstance(entity, Mapping) else {"name": entity}
    name = name if isinstance(name, Mapping) else {"zh": str(name), "en": str(name)}
    return Case(method, period, day, entity, sheets, tuple(assumptions), name, path, [], expect, also)


def _from_mapping(data: Any, path: str, library: Library, stand_in: StandIn) -> Case:
    if not isinstance(data, Mapping):
        raise CaseError(findings=[finding("schema-type", path, field="—", found=_kind(data), expected="mapping")])
    inputs = data.get("inputs") or {}
    sheets: dict[str, RawSheet] = {}
    if not isinstance(inputs, Mapping):
        raise CaseError(
            findings=[finding("schema-type", path, field="inputs", found=_kind(inputs), expected="mapping")]
        )
    findings = []
    for sheet, rows in inputs.items():
        if hasattr(rows, "columns"):  # a DataFrame
            names = [str(name) for name in rows.columns]
            if twice := next((name for name in names if names.count(name) > 1), None):
                findings.append(finding("header-twice", f"{sheet}[].{twice}", column=twice, first=f"{sheet}[].{twice}"))
                continue
            columns = {name: _held(rows.iloc[:, index]) for index, name in enumerate(names)}
            sheets[sheet] = RawSheet(columns, RowPlace(sheet))
        elif isinstance(rows, Mapping) and not isinstance(rows, Map | dict):
            findings.append(finding("schema-type", path, field=sheet, found=_kind(rows), expected="list"))
        elif isinstance(rows, Mapping):
            sheets[sheet] = _from_records([rows], sheet, path)
        elif isinstance(rows, Sequence) and all(isinstance(row, Mapping) for row in rows):
            sheets[sheet] = _from_records(rows, sheet, path)
        else:
            findings.append(finding("schema-type", path, field=sheet, found="…", expected="list of rows"))
    if findings:
        raise CaseError(findings=findings)
    return _named(make_case(data, sheets, path, stand_in), library)


def _named(case: Case, library: Library) -> Case:
    """The case with the ids of its method for sheets and columns that go by a label or an alias; its head looked at."""
    from carbonstd._case.names import resolve

    case.findings += cover_findings(fields_of(case.entity, case.path))
    resolve(case, library)
    return case


@dataclass(frozen=True)
class _RecordPlace:
    """Where a value of a YAML case or mapping stands: its line where known, its row and month."""

    path: str
    sheet: str
    rows: Sequence[Mapping[str, Any]]
    long: Sequence[tuple[int, Mapping[str, Any]]]

    def __call__(self, column: str, row: int) -> str:
        index, cells = self.long[row]
        line = getattr(self.rows[index], "lines", {}).get(column) or getattr(self.rows[index], "line", 0)
        where = f"{self.path}:{int(line)} " if line else ""
        month = f" {cells['month']}" if cells.get("month") is not None else ""
        return f"{where}{self.sheet}[{index}].{column}{month}"


@dataclass(frozen=True)
class _CsvPlace:
    name: str
    lines: Sequence[int]

    def __call__(self, column: str, row: int) -> str:
        return f"{self.name}:{self.lines[row] if row < len(self.lines) else 1} {column}"


def _from_records(rows: Sequence[Mapping[str, Any]], sheet: str, path: str) -> RawSheet:
    """Rows as mappings; a value that is a mapping of months is spread over rows, one a month."""
    long: list[tuple[int, dict[str, Any]]] = []
    for index, row in enumerate(rows):
        wide = {name: value for name, value in row.items() if isinstance(value, Mapping)}
        months = dict.fromkeys(month for value in wide.values() for month in value)
        fixed = {name: value for name, value in row.items() if name not in wide}
        if not wide:
            long.append((index, fixed))
        for month in months:
            long.append((index, {**fixed, "month": month, **{name: value.get(month) for name, value in wide.items()}}))
    names = dict.fromkeys(name for _, row in long for name in row)
    columns = {name: [row.get(name) for _, row in long] for name in names}
    return RawSheet(columns, _RecordPlace(path, sheet, rows, long))


def _from_folder(path: Path, library: Library, stand_in: StandIn) -> Case:
    head = path / "case.yaml"
    if not head.is_file():
        raise CaseError(findings=[finding("folder-without-case", str(path))])
    try:
        data = load_file(head)
    except CarbonstdError as error:
        raise CaseError(findings=error.findings) from None
    sheets = {file.stem: sheet_from_csv(file) for file in sorted(path.glob("*.csv"))}
    return _named(make_case(data, sheets, str(head), stand_in), library)


def sheet_from_csv(path: Path) -> RawSheet:
    """One sheet. Chinese Windows writes CSV as GBK; UTF-8 (with or without a mark) is tried first."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CaseError(findings=[finding("csv-encoding", str(path))])
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    body, lines, end = [], [], reader.line_num
    for row in reader:
        start, end = end + 1, reader.line_num  # a quoted cell may run over several lines
        if any(cell.strip() for cell in row):
            body.append(row)
            lines.append(start)
    bad = [
        finding("csv-row-length", f"{path.name}:{line}", found=len(row), expected=len(header))
        for line, row in zip(lines, body, strict=True)
        if len(row) != len(header)
    ]
    bad += [finding("csv-header-twice", path.name, names=twice) for twice in [repeated(header)] if twice]
    if bad:
        raise CaseError(findings=bad)
    columns = {name: [row[index].strip() or None for row in body] for index, name in enumerate(header)}
    return RawSheet(columns, _CsvPlace(path.name, tuple(lines)))


def repeated(names: Sequence[str]) -> str:
    """The headings that stand twice, for a reader; "" where none does.

    >>> repeated(["a", "b", "", "b", ""])
    '“b”, “”'
    """
    return ", ".join(f"“{name}”" for name, count in Counter(names).items() if count > 1)


def _held(series: Any) -> Any:
    """The cells of a column of a DataFrame; plain numbers are taken as they lie, without pandas' search for NA."""
    plain = isinstance(series.dtype, np.dtype) and series.dtype.kind in "fiu"
    return series.to_numpy() if plain else series.array


def _kind(value: Any) -> str:
    return type(value).__name__


def _as_map(data: Mapping[str, Any]) -> Map:
    result = Map()
    for key, value in data.items():
        result[str(key)] = (
            _as_map(value)
            if isinstance(value, Mapping) and key != "inputs"
            else Items(value)
            if isinstance(value, list) and key != "inputs"
            else value
        )
    if isinstance(result.get("assumptions"), Items):
        items = Items(_as_map(item) if isinstance(item, Mapping) else item for item in result["assumptions"])
        items.lines = [0] * len(items)
        result["assumptions"] = items
    return result
