"""The workbook of the next period from that of the last: what stands is kept, what is measured or proved is emptied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._case.case import Case, RawSheet, RowPlace
from carbonstd._case.cells import ShownPerCent, blank, month_of, number_in
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._definitions.schema import Bilingual, both, dotted, joined, same
from carbonstd._findings import Finding, finding
from carbonstd._joint.joint import read_as
from carbonstd._ledger.ledger import find_sheet
from carbonstd._template.lasting import Lasting
from carbonstd._template.same_rows import Row, key_of, merged, with_all_months
from carbonstd._units import convertible


@dataclass(frozen=True)
class NextPeriod:
    """A case with the rows of the last and of its figures those that stand.

    `findings` say what was kept and emptied; `origins` say of each figure kept which period it is of, by sheet, record
    and column.
    """

    case: Case
    method: Method
    findings: tuple[Finding, ...]
    origins: Mapping[tuple[str, int, str], Bilingual]


def continues(case: Case, name: str, library: Library) -> bool:
    """Whether a method is one that a case is of, in whatever edition."""
    headers = library.method_headers
    asked = library.find(name, headers).family
    return asked in {library.find(item, headers).family for item in (case.method, *case.also)}


def next_period(case: Case, name: str, period: Period, library: Library) -> NextPeriod:
    """The case of another period of the same enterprise, by the editions that hold then.

    `name` is one of its methods; where it names an edition that one is taken. Raises NotFoundError.
    """
    headers = library.method_headers
    asked = library.find(name, headers).family
    families = [library.find(item, headers).family for item in (case.method, *case.also)]
    methods = [library.method(name if family == asked else family, period) for family in families]
    before = [library.method(item, case.period, case.as_of).id for item in (case.method, *case.also)]
    last = read_as((case.method, *case.also), library, case.period, case.as_of)
    first, *others = (method.id for method in methods)
    target = read_as((first, *others), library, period)
    work = _Work(case, last, target, period, library)
    newer = [(old, new.id) for old, new in zip(before, methods, strict=True) if old != new.id]
    sheets = dict(work.sheets())
    made = Case(first, period, case.as_of, case.entity, sheets, name=case.name, path=case.path, also=tuple(others))
    return NextPeriod(made, target, tuple(work.findings(newer)), work.origins)


class _Work:
    def __init__(self, case: Case, last: Method, target: Method, period: Period, library: Library) -> None:
        self.case, self.last, self.target, self.period, self.library = case, last, target, period, library
        self.months = _months(case.period, period)
        self.rows, self.emptied = 0, 0
        self.origins: dict[tuple[str, int, str], Bilingual] = {}
        self.lost: list[Bilingual] = []
        self.blanked: list[Bilingual] = []
        self.apart: list[Bilingual] = []

    def sheets(self) -> Iterator[tuple[str, RawSheet]]:
        for sheet in self.last.sheets.values():
            raw = find_sheet(self.case, self.last, sheet)
            if raw is None or not raw.rows:
                continue
            held = self.target.sheets.get(sheet.id)
            if held is None:
                self.lost.append(sheet.label)
                continue
            self.lost += (
                sheet.label_of(name) for name in sheet.columns if name in raw.columns and name not in held.columns
            )
            rows = [row for row in self._rows(raw, sheet, held) if row]
            if not rows:
                continue
            self.rows += len(rows)
            self._tell(rows, held)
            names = dict.fromkeys(name for row in rows for name in row)
            yield held.id, RawSheet({name: [row.get(name) for row in rows] for name in names}, RowPlace(held.id))

    def findings(self, newer: Sequence[tuple[str, str]]) -> Iterator[Finding]:
        """What was kept and emptied; `newer` pairs the editions that differ, last year's first."""
        values = {"last": str(self.case.period), "rows": self.rows, "cells": self.emptied, "period": str(self.period)}
        standing = {"kind": "standing", "standing": self._by_sheet()} if self.origins else {}
        yield finding("next-period", self.case.path, **values, **standing)
        if self.case.period == self.period:
            yield finding("next-period-same", self.case.path, period=str(self.period))
        for old, new in newer:
            yield finding("next-period-edition", new, last=old, period=str(self.period))
        if self.lost:
            yield finding("next-period-lost", self.target.id, lost=_listed(self.lost))
        if self.blanked:
            yield finding("next-period-unit", self.target.id, blanked=_listed(self.blanked))
        if self.apart:
            yield finding("next-period-apart", self.target.id, apart=_listed(self.apart))

    def _by_sheet(self) -> Bilingual:
        """The columns of figures and texts kept, by sheet."""
        told: dict[str, list[Bilingual]] = {}
        for place, name in dict.fromkeys((place, name) for place, _, name in self.origins):
            told.setdefault(place, []).append(self.target.sheets[place].columns[name].label)
        parts = [(self.target.sheets[place].label, _listed(labels)) for place, labels in told.items()]
        return {
            "zh": "；".join(f"{sheet['zh']}：{labels['zh']}" for sheet, labels in parts),
            "en": "; ".join(f"{sheet['en']}: {labels['en']}" for sheet, labels in parts),
        }

    def _tell(self, rows: Sequence[Row], sheet: Sheet) -> None:
        """What was kept beside names and choices is said to be of the last period, where it stands."""
        told = {"zh": f"沿用 {self.case.period} 的数据", "en": f"kept from {self.case.period}"}
        for at, row in enumerate(rows):
            for name in row:
                if name in sheet.columns and name != "month" and not sheet.columns[name].tells:
                    self.origins[sheet.id, at, name] = told

    def _rows(self, raw: RawSheet, was: Sheet, sheet: Sheet) -> list[Row]:
        """The rows with what stands in them; those that differed in what does not, and in months, become one."""
        rows = [
            {name: cells[row] for name, cells in raw.columns.items() if not blank(cells[row])}
            for row in range(raw.rows)
        ]
        stands = Lasting(sheet, self.library).names & raw.columns.keys()
        kept = [self._kept(row, stands, was, sheet) for row in rows]
        self.emptied += sum(
            name not in held and name != "month" and not (name.endswith("_unit") and name[:-5] in row)
            for row, held in zip(rows, kept, strict=True)
            for name in row
        )
        by_month = _by_month(rows, kept, stands, sheet)
        for row, held in zip(rows, kept, strict=True):
            if (key_of(held, sheet) in by_month or not sheet.wide) and (month := self._month(row.get("month"))):
                held["month"] = month
        found, apart = merged(kept, sheet)
        self.apart += (dotted([sheet.label, same(name)]) for name in apart)
        return with_all_months(found, sheet, self.period.months())

    def _kept(self, row: Row, stands: Collection[str], was: Sheet, sheet: Sheet) -> Row:
        held: Row = {}
        for name in row.keys() & stands:
            column = sheet.columns[name]
            if column.kind != "number":
                held[name] = row[name]
            elif figure := _figure(row[name], row.get(f"{name}_unit"), was.columns.get(name), column):
                cell, unit = figure
                held |= {name: cell} | ({f"{name}_unit": unit} if unit else {})
            else:
                self.blanked.append(sheet.label_of(name))
        return {name: held[name] for name in sorted(held, key=[*row, *held].index)}

    def _month(self, cell: Any) -> str:
        return self.months.get(month_of(cell, self.case.period, bare=True) or "", "") if cell is not None else ""


def _months(last: Period, period: Period) -> dict[str, str]:
    """The months of the last period by those of the next of the same name; one that the next has not is left out."""
    old, new = (_by_name(of.months()) for of in (last, period))
    return {month: other for name in old for month, other in zip(old[name], new.get(name, ()), strict=False)}


def _by_name(months: Sequence[str]) -> dict[str, list[str]]:
    """Months by their number in the year, of which a period of several years has several."""
    found: dict[str, list[str]] = {}
    for month in months:
        found.setdefault(month[-2:], []).append(month)
    return found


def _by_month(rows: Sequence[Row], kept: Sequence[Row], stands: Collection[str], sheet: Sheet) -> set[str]:
    """What stood in rows by month for more than the figures of the columns whose months may stand across."""
    first: dict[str, Row] = {}
    found = set()
    for row, held in zip(rows, kept, strict=True):
        left = {"month", *sheet.wide, *stands, *(f"{name}_unit" for name in stands)}
        others = {name: cell for name, cell in row.items() if name not in left}
        if first.setdefault(key_of(held, sheet), others) != others:
            found.add(key_of(held, sheet))
    return found


def _figure(cell: Any, typed: Any, was: Column | None, column: Column) -> tuple[Any, str] | None:
    """A figure that stands, with its unit where the column now has another: it is read so, and exactly.

    None where the column now measures something else.
    """
    written = number_in(cell) if isinstance(cell, str) else None
    inside = written[1] if written else ""
    beside = "1" if isinstance(cell, ShownPerCent) else "" if blank(typed) else str(typed)  # 0.3 shown as 30 %
    if not inside and not beside and (was is None or was.units != column.units):
        if was is None or was.by_basis:
            return None
        beside = was.unit.text
    unit = inside or beside
    if unit and all(convertible(unit, target) is None for target in column.units.values()):
        return None
    return cell, beside


def _listed(labels: Iterable[Bilingual]) -> Bilingual:
    """Names one after another, each once."""
    return joined({both(label): label for label in labels}.values())
