"""A case against its data quality control plan: where data were found in another way than planned, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column
from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.run import Run
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import SheetData, Status
from carbonstd._naming import names_of
from carbonstd._plan.layout import ALWAYS, PLAN_FIELDS, WHEN_MEASURED
from carbonstd._plan.plan import FREQUENCIES, WAYS, Item, Plan, Planned, plan_items
from carbonstd._result.result import Result

Mask = NDArray[np.bool_]
_BY_DEFAULT = ("default", "not_measured")  # labels by which a case says that it took the default
_BY_MONTH = ("continuous", "shift", "day", "lot", "month")
_LISTED = 3  # cells named in one finding


@dataclass(frozen=True)
class Compared:
    """A plan, and what a case does otherwise than it says, in a reader's words."""

    plan: Plan
    findings: tuple[Finding, ...]


def compared(plan: Plan, result: Result) -> Compared:
    """The case of a result held against its plan."""
    return Compared(plan, tuple(names_of(result).findings(compare_plan(plan, result))))


def compare_plan(plan: Plan, result: Result) -> list[Finding]:
    """All that a case does otherwise than its plan says; each finding stands at the plan's cell and names the case's.

    What was found while reading the plan comes first. Of a plan for another document nothing else is compared.
    """
    found = [*plan.findings, *_of_the_whole(plan, result)]
    if plan.method.family != result.method.family:
        return found
    comparison = _Comparison(plan, result)
    return [*found, *comparison.parameters(), *comparison.sources()]


def _of_the_whole(plan: Plan, result: Result) -> Iterator[Finding]:
    """Method, entity and versions."""
    if plan.method.id != result.method.id:
        yield finding("plan-other-method", plan.place, found=plan.method.id, expected=result.method.id)
    planned, reported = plan.entity.get("code", ""), str(result.case.entity.get("code", ""))
    if planned and reported and planned.casefold() != reported.casefold():
        yield finding("plan-other-entity", plan.place, found=planned, expected=reported)
    start = result.case.period.start
    for version in plan.versions:
        if version.day and version.day > start:
            values = {"version": version.number or "—", "day": version.day, "start": start}
            yield finding("plan-not-yet", version.place, **values)


@dataclass
class _Used:
    """A parameter that the case uses, by row: where it was `entered`, where a default `filled` it, who planned it."""

    item: Item
    data: SheetData
    entered: Mask
    filled: Mask
    planned: list[tuple[Planned, Mask]] = field(default_factory=list)  # and the rows it is for
    left: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))  # rows that no plan is for

    @property
    def label(self) -> Bilingual:
        return self.item.column.label


class _Comparison:
    def __init__(self, plan: Plan, result: Result) -> None:
        self.plan, self.result = plan, result
        self.run: Run = result._run
        self.library: Library = self.run.library

    @cached_property
    def used(self) -> list[_Used]:
        items = [(item, self.run.ledger[item.sheet.id]) for item in plan_items(self.result.method)]
        return [used for item, data in items if data.rows and (used := self._used(item, data)) is not None]

    def parameters(self) -> Iterator[Finding]:
        """What is found of each parameter by itself."""
        for used in self.used:
            yield from self._blank(used)
            for planned, rows in used.planned:
                if (rows & (used.entered | used.filled)).any():
                    yield from self._incomplete(planned)
                    yield from self._seldom(planned)
                    yield from self._way(used, planned, rows)
                    yield from self._months(used, planned, rows)

    def _used(self, item: Item, data: SheetData) -> _Used | None:
        name = item.column.name
        filled = data.filled.get(name, np.zeros(data.rows, dtype=bool))
        present = data.status[name] != Status.MISSING
        if not present.any():
            return None
        used = _Used(item, data, present & ~filled, filled)
        free = np.ones(data.rows, dtype=bool)
        own = [planned for planned in self.plan.rows if planned.item.id == item.id and planned.way]
        for planned in sorted(own, key=lambda planned: not planned.scope):  # the general row takes what is left
            rows = free & self._within(planned.scope, data)
            used.planned.append((planned, rows))
            free &= ~rows
        used.left = free & present
        return used

    def _within(self, scope: str, data: SheetData) -> Mask:
        """The rows a plan's scope means: those that carry it as fuel, source, unit or any other label."""
        rows = np.full(data.rows, not scope)
        for column, codes in data.labelled():
            label, held = self._key(scope, column), self.run.axes.labels.get(column.name, ())
            rows |= np.isin(codes, [code for code, text in enumerate(held) if _folded(text) == label])
        return rows

    def _key(self, scope: str, column: Column) -> str:
        known = self.library.vocabulary(column.vocabulary).resolve(scope) if column.vocabulary else None
        return _folded(known or scope)

    def _blank(self, used: _Used) -> Iterator[Finding]:
        """Rows of the case for which the plan says nothing."""
        if not used.left.any():
            return
        rows = [planned for planned in self.plan.rows if planned.item.id == used.item.id]
        place = next((planned.places["way"] for planned in rows if not planned.way), "")
        place = place or (rows[0].places["way"] if rows else self.plan.place)
        scoped = any(planned.scope for planned, _ in used.planned)
        scope = {"zh": "的其他部分", "en": " beyond what is planned"} if scoped else ""
        cells = _cells(used.data, used.item.column.name, used.left)
        yield finding("plan-blank", place, parameter=used.label, scope=scope, cells=cells)

    def _incomplete(self, planned: Planned) -> Iterator[Finding]:
        wanted = () if planned.way == "default" else ALWAYS
        wanted = (*WHEN_MEASURED, *wanted) if planned.way == "measured" else wanted
        blank = [name for name in wanted if not planned.cells.get(name)]
        if blank:
            columns = {
                language: ("、" if language == "zh" else ", ").join(PLAN_FIELDS[name].label[language] for name in blank)
                for language in ("zh", "en")
            }
            place = planned.places.get(blank[0], planned.places["way"])
            yield finding("plan-incomplete", place, parameter=planned.item.column.label, columns=columns)

    def _seldom(self, planned: Planned) -> Iterator[Finding]:
        """Measured or recorded less often than the document asks."""
        name, asked = planned.too_seldom(), planned.item.requirement
        if name and asked is not None:
            found, expected = (self._term(FREQUENCIES, key) for key in (planned.cells[name], asked.frequency))
            values = {"parameter": planned.item.column.label, "found": found, "expected": expected}
            yield finding("plan-frequency", planned.places[name], asked.clause, field=PLAN_FIELDS[name].label, **values)

    def _way(self, used: _Used, planned: Planned, rows: Mask) -> Iterator[Finding]:
        """A default taken where data were planned, and the other way round."""
        name, place = used.item.column.name, planned.places["way"]
        by_label = self._labelled(used, _BY_DEFAULT)
        own = by_label if used.item.column.found_by else np.zeros(len(rows), dtype=bool)
        taken, given = rows & (used.filled | (used.entered & own)), rows & used.entered & ~by_label
        if planned.way != "default" and taken.any():
            expected = self._term(WAYS, planned.way)
            values = {"parameter": used.label, "cells": _cells(used.data, name, taken), "expected": expected}
            yield finding("plan-default-taken", place, **values)
        if planned.way == "default" and given.any():
            cells = _cells(used.data, name, given)
            yield finding("plan-default-not-taken", place, parameter=used.label, cells=cells)

    def _labelled(self, used: _Used, labels: Sequence[str]) -> Mask:
        source = used.item.source_column
        if not source:
            return np.zeros(used.data.rows, dtype=bool)
        return np.isin(used.data.codes[source], [self.run.axes.known(source, label) for label in labels])

    def _months(self, used: _Used, planned: Planned, rows: Mask) -> Iterator[Finding]:
        """One figure for the year where the plan finds it by month or more often."""
        if not used.item.sheet.monthly or planned.frequency not in _BY_MONTH:
            return
        yearly = rows & used.entered & (used.data.codes["month"] == self.run.axes.known("month", ""))
        if yearly.any():
            place = planned.places["recording" if planned.cells.get("recording") else "frequency"]
            cells = _cells(used.data, used.item.column.name, yearly)
            expected = self._term(FREQUENCIES, planned.frequency)
            yield finding("plan-months-missing", place, parameter=used.label, cells=cells, expected=expected)

    # Sources

    def sources(self) -> Iterator[Finding]:
        """Sources other than planned, by the column that tells them.

        Where one column tells the source of a row with several parameters, its label is one of those planned for them.
        """
        columns = dict.fromkeys((used.item.sheet.id, used.item.source_column) for used in self.used)
        for sheet, source in columns:
            if source:
                told = [used for used in self.used if (used.item.sheet.id, used.item.source_column) == (sheet, source)]
                yield from self._sources(source, told)

    def _sources(self, source: str, told: Sequence[_Used]) -> Iterator[Finding]:
        data = told[0].data
        axes, codes = self.run.axes, data.codes[source]
        asked = np.zeros(data.rows, dtype=bool)
        fits = codes == axes.known(source, "")  # a blank says nothing of how it was found
        for used in told:
            for planned, rows in used.planned:
                if planned.source and planned.way != "default":
                    asked |= rows & used.entered
                    fits |= rows & used.entered & (codes == axes.known(source, planned.source))
        wrong = asked & ~fits & (codes >= 0) & ~np.isin(codes, [axes.known(source, label) for label in _BY_DEFAULT])
        for code in np.unique(codes[wrong]):
            rows = wrong & (codes == code)
            yield self._differs(source, told, rows, str(axes.labels[source][code]))

    def _differs(self, source: str, told: Sequence[_Used], rows: Mask, label: str) -> Finding:
        """One finding for all rows of a source that is not planned, at the plan's row of the first parameter.

        A warning where the one cell speaks for several parameters: it may be that of another than the planned.
        """
        several = sum((used.entered & rows).any() for used in told) > 1
        plans = [
            planned
            for used in told
            for planned, own in used.planned
            if planned.source and planned.way != "default" and (own & used.entered & rows).any()
        ]
        vocabulary = plans[0].item.sources
        terms = dict.fromkeys(planned.source for planned in plans)
        expected = {
            language: ("或" if language == "zh" else " or ").join(
                self._term(vocabulary, key)[language] for key in terms
            )
            for language in ("zh", "en")
        }
        values = {"found": self._term(vocabulary, label), "expected": expected}
        cells = _cells(told[0].data, source, rows)
        return finding(
            "plan-source-differs",
            plans[0].places["source"],
            parameter=plans[0].item.column.label,
            cells=cells,
            severity="warning" if several else "error",
            **values,
        )

    def _term(self, vocabulary: str, key: str) -> Bilingual:
        if not vocabulary:
            return {"zh": key, "en": key}
        terms = self.library.vocabulary(vocabulary)
        return {"zh": terms.label(key, "zh"), "en": terms.label(key, "en")}


def _folded(label: Any) -> str:
    return str(label).strip().casefold()


def _cells(data: SheetData, column: str, rows: Mask) -> str:
    """The cells of a column in some rows, a cell of several months once: the first by name, of the others how many."""
    places = list(dict.fromkeys(data.place(column, int(row)) for row in np.flatnonzero(rows)))
    more = len(places) - _LISTED
    return ", ".join(places[:_LISTED]) + (f" … +{more}" if more > 0 else "")
