"""From a case to a result: choose editions, read the ledger, take defaults, run equations, judge checks.

Input that cannot be used raises CaseError with every finding; what was computed but deserves a person's eye travels
as findings of the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from carbonstd._case.case import Case
from carbonstd._case.names import suggest_sheet
from carbonstd._case.review_sheets import REVIEW
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Check, Column, Method, Sheet, Slot, VerdictRule
from carbonstd._definitions.table import Table
from carbonstd._engine.array import Array
from carbonstd._engine.chosen_tables import chosen, told_of
from carbonstd._engine.defaults import default_sources, fill_labels, fill_numbers
from carbonstd._engine.edition import Segment, select
from carbonstd._engine.missing import Missing
from carbonstd._engine.period_check import check_period
from carbonstd._engine.row_basis import key_column, tell_bases
from carbonstd._engine.run import Run
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._findings import LANGUAGES, Finding, PlaceOf, Severity, finding, has_errors, unique
from carbonstd._language import expression as ex
from carbonstd._language.compile import Program, compile_method
from carbonstd._ledger.arithmetic import FALSE, TRUE, UNKNOWN
from carbonstd._ledger.axes import Axes
from carbonstd._ledger.ledger import SheetData, find_sheet
from carbonstd._ledger.reader import LedgerReader
from carbonstd._result.class_size import far_sizes
from carbonstd._result.conditions import looked_at
from carbonstd._result.evidence import UNSEEN, check_evidence
from carbonstd._result.grade import graded
from carbonstd._result.result import Result
from carbonstd._result.verdict import Verdict, equations_below, judge

_STRANGE = {"unknown-column", "sheet-unknown"}


@dataclass(frozen=True)
class Options:
    """How strictly to run. `allow_recalled` names tables a user accepts although nobody saw their source."""

    strict: bool = False
    allow_recalled: tuple[str, ...] = ()
    tables: Mapping[str, list[Segment]] = field(default_factory=dict)


def calculate(case: Case, method: Method, library: Library, options: Options | None = None) -> Result:
    """Run `method` on `case`. Raises CaseError, with all findings, when the input cannot be used."""
    return Calculation(case, method, library, options or Options()).result()


@lru_cache(maxsize=32)
def _compiled(method: Method, library: Library, tables: tuple[tuple[str, Table], ...]) -> Program:
    """The program of a method and its editions: many cases of one method compile once."""
    return compile_method(method, library, dict(tables))


class Calculation:
    """The order of a run: `begin` reads and judges what was typed, `finish` concludes."""

    def __init__(self, case: Case, method: Method, library: Library, options: Options) -> None:
        self.case, self.method, self.library, self.options = case, method, library, options
        self.findings: list[Finding] = [*self._read(), *self._dates()]
        self.axes = Axes()

    def result(self) -> Result:
        return self.finish(self.begin())

    def _read(self) -> Iterator[Finding]:
        """What was told when the case was read; a sheet deleted from the workbook of this very method is an error."""
        for item in self.case.findings:
            deleted = item.code == "sheet-absent" and self.method.id in item.values["of"]
            yield replace(item, severity=Severity.ERROR) if deleted else item

    def _reader(self) -> LedgerReader:
        return LedgerReader(self.case, self.method, self.library, self.axes)

    def _run(self, ledger: Mapping[str, SheetData], segments: Mapping[str, list[Segment]]) -> Run:
        program = _compiled(self.method, self.library, tuple((slot, s[-1].table) for slot, s in segments.items()))
        return Run(program, ledger, self.axes, segments, self.case.period, self.library)

    def begin(self) -> Run:
        reader = self._reader()
        ledger = reader.labels()
        run = self._run(ledger, self._segments(ledger))
        program = run.program
        for data in ledger.values():
            for column, rows in fill_labels(run, data):
                self._note_default(run, data, column, rows)
            self.findings += tell_bases(run, data, find_sheet(self.case, self.method, data.sheet))
            reader.numbers(data)
        self._sheets_without_a_place()
        self.findings += reader.findings
        if not any(data.rows for data in ledger.values()):
            self.findings.append(finding("case-empty", self.case.path or self.method.id))
        self._judge_input(program, run)
        self.findings = self._without_consequences(ledger)
        self._refuse()
        return run

    def finish(self, run: Run) -> Result:
        program = run.program
        missing = self._lacking(run)
        verdicts = self._verdicts(run)
        hidden = {
            line
            for line, condition in program.reported.items()
            if run.evaluate(condition, "", f"when {line}").data[0] == FALSE
        }
        self.findings += Missing(run).causes(run.findings)
        self.findings += missing
        self.findings += check_evidence(run, self.case, self.options.strict, self.options.allow_recalled)
        self._refuse()
        self.findings += far_sizes(run)
        self.findings += [item for verdict in verdicts for item in verdict.findings()]
        for check in self.method.checks:
            if not check.refuses:
                self._check(check, program, run)
        told = unique(self._without_absent())
        return Result(self.case, self.method, run, told, verdicts, self.options.allow_recalled, hidden)

    def _without_absent(self) -> list[Finding]:
        """A sheet that is gone from its workbook need not be called empty as well."""
        absent = {item.place for item in self.findings if item.code == "sheet-absent"}
        return [item for item in self.findings if item.code != "sheet-empty" or item.place not in absent]

    def _judge_input(self, program: Program, run: Run) -> None:
        """Defaults, required cells and refusing checks; what only follows from an unreadable cell is not said twice.

        A check that lacks a figure is silent where a blank or unreadable cell is told already.
        """
        before = {item.place for item in self.findings if item.severity is Severity.ERROR}
        said = len(self.findings)
        for filled in fill_numbers(run):
            self._note_default(run, *filled)
        self._required(program, run)
        blank = self._wanting()
        for check in self.method.checks:
            if check.refuses:
                self._check(check, program, run, decided=blank)
        if has_errors(self.findings):
            self.findings += run.findings  # a look-up that found no row may be why a check has no answer
        self.findings[said:] = [item for item in self.findings[said:] if item.place not in before]

    def _without_consequences(self, ledger: Mapping[str, SheetData]) -> list[Finding]:
        """A unit is wanting only because the label that tells it is blank or unreadable: that is told already."""
        if not any(item.code == "unit-missing" for item in self.findings):
            return self.findings
        wrong, told = {item.place for item in self.findings if item.severity is Severity.ERROR}, set[str]()
        for data in ledger.values():
            key = key_column(data.sheet)
            for row in np.flatnonzero(data.basis < 0) if key and data.basis is not None else ():
                if data.place(key, int(row)) in wrong:
                    told |= {
                        data.place(name, int(row)) for name, column in data.sheet.columns.items() if column.by_basis
                    }
        return [item for item in self.findings if item.code != "unit-missing" or item.place not in told]

    def _lacking(self, run: Run) -> list[Finding]:
        return list(Missing(run).figures())

    def _wanting(self) -> bool:
        """Whether a check that has no answer follows from what was told before."""
        return has_errors(self.findings)

    def _verdicts(self, run: Run) -> list[Verdict]:
        judged = [judge(rule, run) for rule in self.method.verdicts if _asked(rule, run)]
        self.findings += [item for item in judged if isinstance(item, Finding)]
        return [graded(item, run) for item in judged if isinstance(item, Verdict)]

    def _refuse(self) -> None:
        """Stop, with everything found so far, when an error stands among the findings.

        What nobody has seen, and was accepted, refuses nothing.
        """
        if has_errors(self.findings):
            told = (item for item in self.findings if item.code not in UNSEEN)
            raise CaseError(findings=[*self._form_of_another(), *unique(told)])

    def _dates(self) -> list[Finding]:
        return check_period(self.method, self.library, self.case.period, self.case.as_of)

    def _form_of_another(self) -> Iterator[Finding]:
        """Why there are sheets and columns without a place: they are those of the methods the case itself names."""
        if not _STRANGE & {item.code for item in self.findings}:
            return
        with suppress(NotFoundError):  # a locked run has its own method alone
            headers = self.library.method_headers
            named = [self.library.find(name, headers) for name in (self.case.method, *self.case.also)]
            if self.method.family not in {header.family for header in named}:
                yield finding("form-of-another", self.case.path, found=named[0].id, method=self.method.id)

    def _segments(self, ledger: Mapping[str, SheetData]) -> dict[str, list[Segment]]:
        segments: dict[str, list[Segment]] = {}
        for slot in self.method.slots.values():
            if slot.name in self.options.tables:
                segments[slot.name] = self.options.tables[slot.name]
                continue
            try:
                wanted = self._chosen(slot, ledger)
                segments[slot.name], findings = select(wanted, self.library, self.case.period, self.case.as_of)
                self.findings += findings
            except CaseError as error:
                self.findings += error.findings
        self.findings += told_of(segments, self.method, self.library, self.case)
        self._refuse()
        return segments

    def _chosen(self, slot: Slot, ledger: Mapping[str, SheetData]) -> Slot:
        return chosen(slot, ledger, self.axes, self.library)

    def _sheets_without_a_place(self) -> None:
        read = [find_sheet(self.case, self.method, sheet) for sheet in self.method.sheets.values()]
        columns = {name for sheet in self.method.sheets.values() for name in sheet.columns}
        for name, raw in self.case.sheets.items():
            if raw.rows and name not in REVIEW and not any(raw is item for item in read):
                known = columns & set(raw.columns)
                lost = known and name not in self.library.kinds()  # activity data under a name that leads nowhere
                values = {"method": self.method.id, "suggestion": suggest_sheet(name, self.method)}
                code = "sheet-unknown" if lost else "sheet-unused"
                self.findings += [finding(code, place, **values) for place in self._filled_in(name)]

    def _filled_in(self, sheet: str) -> list[str]:
        """A sheet of the case as the place of a finding."""
        return [sheet]

    def _note_default(self, run: Run, data: SheetData, column: Column, rows: NDArray[np.bool_]) -> None:
        what = f"{data.sheet.id}.{column.name}"
        for source, answered in default_sources(run, data, column, rows):
            count = int(np.count_nonzero(answered))
            values = {"column": column.label, "count": count, "rows": data.rows, "source": source}
            self.findings.append(finding("default-used", what, column.default_clause, **values))

    def _required(self, program: Program, run: Run) -> None:
        for data in run.ledger.values():
            for column in data.sheet.columns.values():
                if not column.required or (column.kind != "number" and column.needed is None):
                    continue  # a label needed in every row was asked for when it was read
                if column.kind == "number":
                    blank = np.isnan(data.numbers[column.name])
                else:
                    blank = data.codes[column.name] == self.axes.known(column.name, "")
                if self._waits(run, data.sheet, column):
                    continue
                for row in np.flatnonzero(blank & Missing(run).needed(data.sheet.id, column.name)):
                    self.findings.append(Missing(run).value(data, column.name, int(row)))

    def _waits(self, run: Run, sheet: Sheet, column: Column) -> bool:
        """Whether its default hangs on a required label of a form that is blank or unreadable.

        That is told already, and which default would answer is not known before it is named.
        """
        if column.default is None:
            return False
        names = set(column.default.names())
        return any(
            not ((codes >= 0) & (codes != self.axes.known(label.name, ""))).any()
            for form in run.ledger.values()
            if form.sheet.single
            for label, codes in form.labelled()
            if label.name in names and (form.sheet is sheet or label.name not in sheet.columns)
            if label.required and label.needed is None
        )

    def _check(self, check: Check, program: Program, run: Run, decided: bool = False) -> None:
        """Say where a check fails; `decided` leaves out where a figure is wanting."""
        array = self._checked(check, program, run)
        for index in np.flatnonzero(array.data == FALSE if decided else array.data != TRUE):
            values = {
                "id": check.id,
                "message": check.message,
                "values": looked_at(check, run, array, int(index)),
                "undecided": bool(array.data[index] == UNKNOWN),  # for want of a figure
            }
            place = self._check_place(check, run, array, int(index))
            told = finding("check-failed", place, check.clause, severity=check.severity, **values)
            self.findings.append(replace(told, where=self._cell(check, run, array, int(index))))

    def _checked(self, check: Check, program: Program, run: Run) -> Array:
        return run.evaluate(program.checks[check.id], check.sheet, f"check {check.id}")

    def _cell(self, check: Check, run: Run, array: Array, index: int) -> dict[str, str]:
        """Where a check by labels took them from, for a reader; its place stays though rows are moved."""
        if array.keys is None or not array.frame.labels:
            return {}
        labels = self.axes.named(array.frame.axes, int(array.keys[index]))
        cell = _cell_of(check, run, array.frame.axes, labels)
        said = ", ".join(filter(None, labels[-len(array.frame.labels) :]))
        return dict.fromkeys(LANGUAGES, f"{cell} ({said})") if cell else {}

    def _check_place(self, check: Check, run: Run, array: Array, index: int) -> str:
        if array.frame.sheet:
            data = run.ledger[array.frame.sheet]
            names = [
                node.name
                for node in check.condition.walk()
                if isinstance(node, ex.Name) and node.name in data.sheet.columns
            ]
            return data.place(names[0] if names else next(iter(data.sheet.columns)), index)
        place = check.sheet or check.id
        if array.keys is None:
            return place
        if named := array.frame.labels:
            labels = self.axes.named(array.frame.axes, int(array.keys[index]))
            place += f" {', '.join(filter(None, labels[-len(named) :]))}"
        return PlaceOf(place, int(run.owners(array.frame, array.keys)[index])) if run.entities else place


def _cell_of(check: Check, run: Run, axes: Sequence[str], labels: Sequence[str]) -> str:
    """The first cell from which a check took its labels; empty where no row has them all."""
    method = run.program.method
    below = [name for name in equations_below(method, [check.condition]) if method.equations[name].sheet]
    summed = [node.sheet for node in check.condition.walk() if isinstance(node, ex.Member)]
    sheets = (check.sheet, *summed, *(method.equations[name].sheet for name in below))
    for sheet in dict.fromkeys(item for item in sheets if item in run.ledger):
        data = run.ledger[sheet]
        if all(axis in data.codes for axis in axes):
            codes = [data.codes[axis] == run.axes.known(axis, label) for axis, label in zip(axes, labels, strict=True)]
            rows = np.flatnonzero(np.logical_and.reduce(codes))
            column = next((axis for axis, label in reversed([*zip(axes, labels, strict=True)]) if label), axes[-1])
            if len(rows):
                return data.place(column, int(rows[0]))
    return ""


def _asked(rule: VerdictRule, run: Run) -> bool:
    """Whether a verdict's own condition holds: an indicator that nobody gave is not judged."""
    when = run.program.verdicts[rule.id].when
    return when is None or run.evaluate(when, "", f"when {rule.id}").data[0] == TRUE
