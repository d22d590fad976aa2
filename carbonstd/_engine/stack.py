"""Many entities of one method in one run: read, filled and computed together, concluded one by one.

The run is that of `_engine.calculate` and its program the same; only the ledger holds the rows of all, and the run has
the axis ENTITY besides. Each entity comes to what it comes to alone, to the last bit: its sums are added up in the
order and the pairs they have alone (`_engine.evaluate.sums`), so its lock is the same too. What is told of one is
always told in the words of its own run: an entity with an error, or with anything that cannot be told apart, is left to
be run alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import blank, distinct
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Check, Column, Method, Sheet, Slot
from carbonstd._engine.array import Array
from carbonstd._engine.calculate import Calculation, Options
from carbonstd._engine.defaults import default_sources
from carbonstd._engine.edition import Segment
from carbonstd._engine.entity_run import SharedRun, of_one, sheet_part
from carbonstd._engine.evaluate import NotTogether
from carbonstd._engine.run import Run
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, PlaceOf, Severity, finding
from carbonstd._language.compile import Program
from carbonstd._language.shape import ENTITY
from carbonstd._ledger.arithmetic import TRUE
from carbonstd._ledger.ledger import SheetData
from carbonstd._ledger.month_rows import source_labels
from carbonstd._ledger.plausible import Plausible
from carbonstd._ledger.reader import LedgerReader
from carbonstd._ledger.split_sources import rows_of_short
from carbonstd._result.evidence import rests_on_recalled
from carbonstd._result.result import Result

Mask = NDArray[np.bool_]


class Apart(NotTogether):
    """Those that choose the same table can share a run. `choices`: the code of each entity's choice."""

    def __init__(self, choices: NDArray[np.int64]) -> None:
        super().__init__("they choose different tables")
        self.choices = choices


def stacked(
    cases: Sequence[Case],
    sheets: Mapping[str, RawSheet],
    owners: Mapping[str, NDArray[np.int64]],
    method: Method,
    library: Library,
    options: Options,
) -> Iterator[tuple[int, Result | None]]:
    """What each case comes to, by its position; None where it is to be run alone. Raises NotTogether, CaseError.

    `sheets` hold the rows of all, those of each case (`owners`, ascending) behind one another. The cases agree in
    period, day and assumptions, and name no other method.
    """
    together = replace(cases[0], sheets=_placed(sheets, owners), findings=[])
    stack = _Stack(together, method, library, options, len(cases), owners)
    run = stack.begin()
    shared = SharedRun(run, stack.filled)
    for check in method.checks:
        if not check.refuses:
            stack._check(check, run.program, run)
    common: list[tuple[int, Finding]] = []
    own: dict[int, list[tuple[int, Finding]]] = {}
    for at, item in enumerate(stack.findings):
        told = own.setdefault(item.place.entity, []) if isinstance(item.place, PlaceOf) else common
        told.append((at, of_one(item)))
    for number, case in enumerate(cases):
        if stack.left[number]:
            yield number, None
            continue
        alone = _Concluded(case, stack, shared, number)
        in_order = merge(common, own.get(number, ()), key=itemgetter(0))  # as told alone
        alone.findings = [*case.findings, *(item for _, item in in_order)]
        try:
            yield number, alone.finish(shared.part(number))
        except CaseError:
            yield number, None


class _Concluded(Calculation):
    """The end of one entity's run; what hangs on period and edition alone was found for all.

    A check that float64 decides, and figures that are all known, need not be looked at again.
    """

    def __init__(self, case: Case, stack: _Stack, shared: SharedRun, number: int) -> None:
        super().__init__(case, stack.method, stack.library, stack.options)
        self.axes, self.stack, self.shared, self.number = stack.axes, stack, shared, number

    def _dates(self) -> list[Finding]:
        return []

    def finish(self, run: Run) -> Result:
        for check in self.method.checks:
            if check.refuses:
                for name in check.condition.names():
                    if name in self.method.equations:
                        run.equation(name)
                self._check(check, run.program, run)
        return super().finish(run)

    def _lacking(self, run: Run) -> list[Finding]:
        plain = not (self.options.strict or self.stack.recalled(self.shared.run))
        return [] if plain and self.shared.complete[self.number] else super()._lacking(run)

    def _check(self, check: Check, program: Program, run: Run, decided: bool = False) -> None:
        if not self.stack.passed[check.id][self.number]:
            super()._check(check, program, run, decided)

    def _checked(self, check: Check, program: Program, run: Run) -> Array:
        array, left_open = self.stack.checked[check.id]
        found = left_open[self.number]
        return super()._checked(check, program, run) if found else self.shared.cut(array, self.number)


class _Stack(Calculation):
    """The beginning of a run of many. `left` are the entities to be run alone, `filled` the rows that took defaults."""

    def __init__(
        self,
        case: Case,
        method: Method,
        library: Library,
        options: Options,
        entities: int,
        owners: Mapping[str, NDArray[np.int64]],
    ) -> None:
        self.entities, self.owners = entities, owners
        self.left: Mask = np.zeros(entities, dtype=bool)
        self.filled: dict[str, Mask] = {}
        self.checked: dict[str, tuple[Array, Mask]] = {}  # and for whom it is left open
        self.passed: dict[str, Mask] = {}
        self._recalled: bool | None = None
        super().__init__(case, method, library, options)
        self.axes.encode(ENTITY, [str(number) for number in range(entities)])

    def _reader(self) -> LedgerReader:
        return _Reader(self)

    def _run(self, ledger: Mapping[str, SheetData], segments: Mapping[str, list[Segment]]) -> Run:
        rows = sum(np.bincount(data.codes[ENTITY], minlength=self.entities) for data in ledger.values())
        self.left |= rows == 0  # a case without a row is refused
        return replace(super()._run(ledger, segments), entities=self.entities)

    def _refuse(self) -> None:
        """Leave those with an error to be run alone; an error of no one entity is one of all."""
        for item in self.findings:
            if item.severity is Severity.ERROR:
                if not isinstance(item.place, PlaceOf):
                    raise CaseError(findings=[item])
                self.left[item.place.entity] = True

    def _check(self, check: Check, program: Program, run: Run, decided: bool = False) -> None:
        """How a check comes out and for whom it holds; for whom that is left open, it is looked at alone."""
        array, left_open = run.roughly(program.checks[check.id], check.sheet, f"check {check.id}")
        self.checked[check.id] = array, left_open
        self.passed[check.id] = ~(run.of_each(array, array.data != TRUE) | left_open)

    def recalled(self, run: Run) -> bool:
        if self._recalled is None:
            self._recalled = rests_on_recalled(run)
        return self._recalled

    def _filled_in(self, sheet: str) -> list[str]:
        return [PlaceOf(sheet, number) for number in np.unique(self.owners[sheet]).tolist()]

    def _chosen(self, slot: Slot, ledger: Mapping[str, SheetData]) -> Slot:
        if slot.by:
            [data] = [data for data in ledger.values() if data.sheet.single and slot.by in data.codes]
            choices = np.full(self.entities, -1, dtype=np.int64)
            choices[data.codes[ENTITY]] = data.codes[slot.by]
            if (choices != choices[0]).any():
                raise Apart(choices)
        return super()._chosen(slot, ledger)

    def _note_default(self, run: Run, data: SheetData, column: Column, rows: Mask) -> None:
        what, owners = f"{data.sheet.id}.{column.name}", data.codes[ENTITY]
        self.filled[what] = rows
        if any(len(run.segments[usage.slot]) > 1 for usage in run.usages.get(what, ())):
            raise NotTogether("the edition that filled a blank differs")
        held = np.bincount(owners, minlength=self.entities).tolist()
        for source, answered in default_sources(run, data, column, rows):
            filled = np.bincount(owners[answered], minlength=self.entities).tolist()
            for number in np.flatnonzero(filled).tolist():
                values = {"column": column.label, "count": filled[number], "rows": held[number], "source": source}
                self.findings.append(finding("default-used", PlaceOf(what, number), column.default_clause, **values))


class _Reader(LedgerReader):
    """Reads the rows of all; what is told of a whole sheet is told of each entity's part of it."""

    def __init__(self, stack: _Stack) -> None:
        super().__init__(stack.case, stack.method, stack.library, stack.axes)
        self.stack, self.plausible = stack, _Plausible(stack.case.period, stack.axes)

    def _empty(self, data: SheetData) -> None:
        super()._empty(data)
        held = np.bincount(_owners(data), minlength=self.stack.entities)
        for number in np.flatnonzero(held == 0).tolist() if data.rows else ():
            self.findings.append(self._not_filled(data.sheet, PlaceOf(data.sheet.id, number)))
        if data.sheet.single:
            self.stack.left |= held > 1

    def _single(self, sheet: Sheet, raw: RawSheet) -> None:
        """Told alone of those who have several rows."""

    def _unknown_columns(self, sheet: Sheet, raw: RawSheet) -> None:
        """Told alone of those who filled such a column in."""
        before = len(self.findings)
        super()._unknown_columns(sheet, raw)
        told = self.findings[before:]
        del self.findings[before:]
        for name in (item.values["column"] for item in told):
            different, places = distinct(raw.columns[name])
            filled = np.array([not blank(cell) for cell in different], dtype=bool)[places]
            self._leave(SheetData(sheet, raw.rows, raw.place), filled)

    def _codes(self, column: Column, cells: Sequence[Any], data: SheetData) -> NDArray[np.int64]:
        """Each different cell is read once: of what is told of it, all who typed it are told alone."""
        self._doubtful: list[int] = []
        codes = super()._codes(column, cells, data)
        if not (column.certificate or self._doubtful):
            return codes
        different, places = distinct(cells)
        if column.certificate:  # each spells a number as it was first typed
            self._leave(data, np.array([not blank(cell) for cell in different], dtype=bool)[places])
        self._leave(data, np.isin(places, places[self._doubtful]))
        return codes

    def _label(self, column: Column, cell: Any, row: int, data: SheetData) -> str | None:
        before = len(self.findings)
        label = super()._label(column, cell, row, data)
        if len(self.findings) > before:
            del self.findings[before:]
            self._doubtful.append(row)
        return label

    def _leave(self, data: SheetData, rows: Mask) -> None:
        self.stack.left[_owners(data)[rows]] = True

    def _months(self, data: SheetData) -> Iterable[Finding]:
        """Whoever lacks a month, or has a figure of the year beside months, is told so of his own rows."""
        owners = data.codes[ENTITY] = _owners(data)
        if "month" not in data.codes or not data.rows:
            return ()
        names = source_labels(data.sheet)
        axes = (ENTITY, *names)
        months = data.codes["month"]
        read = np.min([data.codes[name] for name in axes], axis=0) >= 0
        source, keys = self.axes.occurring(axes, [data.codes[name][read] for name in axes])
        data.keep_sources(source)
        seen = np.zeros((len(keys), self.axes.size("month") + 1), dtype=bool)  # the last column: a month not read
        seen[source, months[read]] = True
        annual = self.axes.known("month", "")
        held = seen[:, [self.axes.known("month", month) for month in self.case.period.months()]].sum(axis=1)
        told = (held > 0) & (held < len(self.case.period.months())) & bool(names or data.sheet.every_month)
        told |= (held > 0) & (seen[:, annual] if annual >= 0 else False)
        rows = np.zeros(len(owners), dtype=bool)
        rows[read] = told[source]
        return _told_of_each(data, rows | ~read, lambda part, _: super(_Reader, self)._months(part))

    def _splits(self, data: SheetData) -> Iterable[Finding]:
        names = (ENTITY, *source_labels(data.sheet))
        rows = rows_of_short(data, names, self.axes, self.months)
        return _told_of_each(data, rows, lambda part, _: super(_Reader, self)._splits(part))


class _Plausible(Plausible):
    """What is told of several rows at once is told of each entity's own."""

    def slips(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        far = np.zeros(data.rows, dtype=bool)
        far[self.far(values, data)[0]] = True
        tell = super().slips
        return _told_of_each(data, far, lambda part, rows: tell(column, values[rows], part))

    def steps(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        far = np.zeros(data.rows, dtype=bool)
        far[self.stepped(values, data)[0]] = True
        tell = super().steps
        return _told_of_each(data, far, lambda part, rows: tell(column, values[rows], part))

    def age(self, column: Column, values: NDArray[np.float64], data: SheetData) -> Iterator[Finding]:
        old, tell = np.floor(values) < self.period.start.year, super().age
        return _told_of_each(data, old, lambda part, rows: tell(column, values[rows], part))

    def per_cent(
        self, column: Column, values: NDArray[np.float64], cells: Sequence[Any], data: SheetData
    ) -> Iterator[Finding]:
        small, tell = (values > 0) & (values < 1), super().per_cent
        return _told_of_each(data, small, lambda part, rows: tell(column, values[rows], cells[rows], part))


def _told_of_each(
    data: SheetData, rows: Mask, tell: Callable[[SheetData, slice], Iterable[Finding]]
) -> Iterator[Finding]:
    """What the run of one entity tells, of the rows of each that has some of `rows`."""
    owners = _owners(data)
    for number in np.unique(owners[rows]).tolist():
        part = slice(*np.searchsorted(owners, [number, number + 1]).tolist())
        for item in tell(sheet_part(data, part), part):
            yield replace(item, place=PlaceOf(item.place, number))


def _owners(data: SheetData) -> NDArray[np.int64]:
    place = data.place
    return place.owners if isinstance(place, _PlaceOf) else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class _PlaceOf:
    """The places of a sheet, each of the entity whose row it is."""

    place: Any
    owners: NDArray[np.int64]

    def __call__(self, column: str, row: int) -> str:
        return PlaceOf(self.place(column, row), int(self.owners[row]))


def _placed(sheets: Mapping[str, RawSheet], owners: Mapping[str, NDArray[np.int64]]) -> dict[str, RawSheet]:
    return {name: RawSheet(raw.columns, _PlaceOf(raw.place, owners[name])) for name, raw in sheets.items()}
