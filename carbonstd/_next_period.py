"""The workbook of the next period from that of the last: what stands is kept, what is measured or proved is emptied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._case import Case, RawSheet
from carbonstd._cells import blank, month_of
from carbonstd._document import Period
from carbonstd._findings import Finding, finding
from carbonstd._joint.joint import read_as
from carbonstd._ledger import find_sheet
from carbonstd._library import Library
from carbonstd._method import Column, Method, Sheet
from carbonstd._schema import Bilingual

Row = dict[str, Any]
# Parts of the names of labels, and of their vocabularies, that say how something was in a period, or by which paper.
# fmt: off
_PASSING = {
    "status", "state", "states", "year", "years", "date", "dates", "vintages", "day", "on", "issued", "edition",
    "verified", "claimed", "judgement", "judgements", "comparison", "calibration", "calibrations", "cancellation",
    "invoice", "consignment", "contract", "waiver", "document", "report", "conclusion", "result", "evidence",
    "accident", "screenings", "tests",
}
# fmt: on
_MARKS = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class NextPeriod:
    """A case with the rows and labels of the last and none of its figures; `findings` say what was kept and emptied."""

    case: Case
    method: Method
    findings: tuple[Finding, ...]


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
    return NextPeriod(made, target, tuple(work.findings(newer)))


class _Work:
    def __init__(self, case: Case, last: Method, target: Method, period: Period, library: Library) -> None:
        self.case, self.last, self.target, self.period, self.library = case, last, target, period, library
        old, new = case.period.months(), period.months()
        self.months = dict(zip(old, new, strict=True)) if len(old) == len(new) else {}
        self.rows, self.emptied = 0, 0
        self.standing: dict[str, Bilingual] = {}
        self.lost: list[Bilingual] = []

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
            rows = [row for row in self._rows(raw, held) if row]
            if not rows:
                continue
            self.rows += len(rows)
            names = dict.fromkeys(name for row in rows for name in row)
            yield held.id, RawSheet({name: [row.get(name) for row in rows] for name in names}, _Place(held.id))

    def findings(self, newer: Sequence[tuple[str, str]]) -> Iterator[Finding]:
        """What was kept and emptied; `newer` pairs the editions that differ, last year's first."""
        values = {"last": str(self.case.period), "rows": self.rows, "cells": self.emptied, "period": str(self.period)}
        standing = {"kind": "standing", "standing": _listed(self.standing.values())} if self.standing else {}
        yield finding("next-period", self.case.path, **values, **standing)
        for old, new in newer:
            yield finding("next-period-edition", new, last=old, period=str(self.period))
        if self.lost:
            yield finding("next-period-lost", self.target.id, lost=_listed(self.lost))

    def _rows(self, raw: RawSheet, sheet: Sheet) -> list[Row]:
        """The rows with what stands in them; those that differed in figures and months alone become one."""
        rows = [
            {name: cells[row] for name, cells in raw.columns.items() if not blank(cells[row])}
            for row in range(raw.rows)
        ]
        stands = {name for name in raw.columns if self._stands(name, sheet)}
        units = {name for name in raw.columns if name not in sheet.columns and name.removesuffix("_unit") in stands}
        kept = [
            {
                name: cell
                for name, cell in row.items()
                if name in stands or (name in units and name.removesuffix("_unit") in row)
            }
            for row in rows
        ]
        self.emptied += sum(
            name not in held and name != "month" and not (name.endswith("_unit") and name[:-5] in row)
            for row, held in zip(rows, kept, strict=True)
            for name in row
        )
        for name in raw.columns:
            if name in stands and sheet.columns[name].standing and any(name in row for row in kept):
                self.standing[name] = sheet.columns[name].label
        by_month = self._by_month(rows, kept, sheet)
        for row, held in zip(rows, kept, strict=True):
            if (_key(held) in by_month or not sheet.wide) and (month := self._month(row.get("month"))):
                held["month"] = month
        return list({_key(row): row for row in kept}.values())

    @staticmethod
    def _by_month(rows: Sequence[Row], kept: Sequence[Row], sheet: Sheet) -> set[str]:
        """What stood in rows by month for more than the figures of the columns whose months may stand across."""
        first: dict[str, Row] = {}
        found = set()
        for row, held in zip(rows, kept, strict=True):
            others = {name: cell for name, cell in row.items() if name != "month" and name not in sheet.wide}
            if first.setdefault(_key(held), others) != others:
                found.add(_key(held))
        return found

    def _month(self, cell: Any) -> str:
        return self.months.get(month_of(cell, self.case.period, bare=True) or "", "") if cell is not None else ""

    def _stands(self, name: str, sheet: Sheet) -> bool:
        """Whether a column holds what is true from year to year: what is said to, and what tells rows apart.

        Nothing else does: neither figures nor texts, answers, states and dates, nor anything else of a form.
        """
        column = sheet.columns.get(name)
        if column is None or _of_a_period(column):
            return False
        if column.standing:
            return True
        return column.kind == "label" and not sheet.single and not self._answers(column)

    def _answers(self, column: Column) -> bool:
        """Whether a label is a yes or no, a state or a conclusion, which are those of a period."""
        parts = {*column.name.split("_"), *column.vocabulary.split("#")[0].split("_")}
        terms = self.library.vocabulary(column.vocabulary).terms if column.vocabulary else {}
        return bool(parts & _PASSING) or {"yes", "no"} <= terms.keys()


def _key(row: Row) -> str:
    return str(sorted(row.items(), key=str))


def _listed(labels: Iterable[Bilingual]) -> Bilingual:
    """Names one after another, each once."""
    held = list(labels)
    return {part: mark.join(dict.fromkeys(label[part] for label in held)) for part, mark in _MARKS.items()}


def _of_a_period(column: Column) -> bool:
    return column.kind == "month" or column.certificate or column.within_period or column.dated


@dataclass(frozen=True)
class _Place:
    sheet: str

    def __call__(self, column: str, row: int) -> str:
        return f"{self.sheet}[{row}].{column}"
