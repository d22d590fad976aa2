"""From a case to a result: choose editions, read the ledger, take defaults, run equations, judge checks.

Input that cannot be used raises CaseError with every finding; what was computed but deserves a person's eye travels
as findings of the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from carbonstd import _expression as ex
from carbonstd._arithmetic import FALSE, TRUE, UNKNOWN
from carbonstd._array import Array, recoded
from carbonstd._axes import Axes
from carbonstd._case import Case
from carbonstd._case_names import suggest_sheet
from carbonstd._class_size import far_sizes
from carbonstd._compile import Program, compile_method
from carbonstd._conditions import looked_at
from carbonstd._document import Period
from carbonstd._edition import Segment, ended, issued_later, newer_editions, other_lines, outside, select
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._evidence import UNSEEN, check_evidence, row_status
from carbonstd._findings import Finding, PlaceOf, Severity, finding, has_errors, unique
from carbonstd._grade import graded
from carbonstd._ledger import SheetData, Status, find_sheet
from carbonstd._ledger_reader import LedgerReader
from carbonstd._library import Library
from carbonstd._method import Check, Column, Method, Sheet, Slot, VerdictRule
from carbonstd._missing import Missing
from carbonstd._result import Result
from carbonstd._row_basis import basis_from_units, unit_typed
from carbonstd._run import Run
from carbonstd._shape import BASIS
from carbonstd._table import Table
from carbonstd._units import Dimension
from carbonstd._verdict import Verdict, judge
from carbonstd._verify.review_sheets import REVIEW

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
        self.findings: list[Finding] = [*case.findings, *self._dates()]
        self.axes = Axes()

    def result(self) -> Result:
        return self.finish(self.begin())

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
            self._default_labels(program, run, data)
            self._basis(program, run, data)
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
        self._defaults(program, run)
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
            key = self._key_column(data.sheet)
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

    def _form_of_another(self) -> Iterator[Finding]:
        """Why there are sheets and columns without a place: they are those of the methods the case itself names."""
        if not _STRANGE & {item.code for item in self.findings}:
            return
        with suppress(NotFoundError):  # a locked run has its own method alone
            headers = self.library.method_headers
            named = [self.library.find(name, headers) for name in (self.case.method, *self.case.also)]
            if self.method.family not in {header.family for header in named}:
                yield finding("form-of-another", self.case.path, found=named[0].id, method=self.method.id)

    def _dates(self) -> list[Finding]:
        document, period = self.method.document, self.case.period
        if self.method.within_document and not document.covers(period):
            return [outside(self.method, self.library, period, self.case.as_of)]
        if self.method.until_refuses and document.until and period.end > document.until:
            return [ended(self.method.id, document, self.library, period)]
        wanted = self.method.period
        findings = issued_later(self.method.id, document, self.case.as_of)
        if document.in_force and document.in_force > period.start:
            fitting = self.library.find(self.method.family, self.library.method_headers, period, self.case.as_of).id
            values = {"in_force": str(document.in_force), "period": str(period), "fitting": fitting}
            early = "error" if wanted == "edition" and self.method.verdicts else None  # as of a type approval
            severity = "note" if document.in_force <= period.end else early
            findings.append(finding("period-before-document", self.method.id, severity=severity, **values))
        if wanted == "edition":
            findings += self._edition_changes()
        elif wanted and not _fits(period, wanted):
            findings.append(finding("period-form", self.method.id, period=str(period), wanted=wanted))
        if period.end > self.case.as_of and wanted != "edition":  # of one day that decides nothing is accounted
            findings.append(finding("period-not-over", self.method.id, as_of=str(self.case.as_of), period=str(period)))
        if self.case.as_of > date.today():
            findings.append(finding("as-of-future", self.method.id, as_of=str(self.case.as_of)))
        for header in self.library.editions(self.method.family, self.library.method_headers):
            later = header.document.in_force
            if later and document.in_force and document.in_force < later <= period.end:
                findings.append(finding("newer-edition", self.method.id, newer=header.id, in_force=str(later)))
        findings += other_lines(self.method, self.library, period, self.case.as_of)
        return [*findings, *newer_editions(self.method.id, document, self.library, period, self.case.as_of)]

    def _edition_changes(self) -> Iterator[Finding]:
        """What one day decides (an application) is judged by one edition: none may begin inside the period."""
        period = self.case.period
        held = self.library.editions(self.method.family, self.library.method_headers)
        begun = {item.id: item.document.in_force for item in held if item.document.in_force}
        changes = [f"{name} {day}" for name, day in begun.items() if period.start < day <= period.end]
        if changes:
            values = {"period": str(period), "changes": ", ".join(changes)}
            yield finding("period-two-editions", self.method.id, **values)

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
        self.findings += [item for editions in segments.values() for item in _same_units(editions)]
        self.findings += self._own_tables(segments)
        self.findings += self._replaced_tables(segments)
        self._refuse()
        return segments

    def _chosen(self, slot: Slot, ledger: Mapping[str, SheetData]) -> Slot:
        """The slot with the table the case chooses; with any of them where the choice is blank and will be refused."""
        if not slot.by:
            return slot
        [codes] = [data.codes[slot.by] for data in ledger.values() if data.sheet.single and slot.by in data.codes]
        label = str(self.axes.labels[slot.by][int(codes[0])]) if len(codes) and codes[0] >= 0 else ""
        held = {item: table for item, table in slot.choices.items() if table in self.library.table_headers}
        if label in slot.choices and label not in held:  # a locked run holds the table of its own choice alone
            values = {"label": label, "table": slot.choices[label], "held": ", ".join(held)}
            raise CaseError(findings=[finding("choice-not-held", slot.name, **values)])
        header = self.library.table_headers[held.get(label) or next(iter(held.values()))]
        return replace(slot, table=header.family, edition=header.edition, select="pinned")

    def _own_tables(self, segments: Mapping[str, list[Segment]]) -> Iterator[Finding]:
        """A table of the user's own is never used in silence."""
        for slot, editions in segments.items():
            for table in (item.table for item in editions):
                header = self.library.table_headers.get(table.id)
                if header is not None and header.user:
                    yield finding("user-table", slot, table=table.id, path=table.path, title=table.title)

    def _replaced_tables(self, segments: Mapping[str, list[Segment]]) -> Iterator[Finding]:
        """A table whose document was replaced by the end of the period; a note where the method names the edition."""
        for slot, editions in segments.items():
            named = slot in self.method.slots and self.method.slots[slot].select == "pinned"
            for table in (item.table for item in editions):
                period, of = self.case.period, self.method.document.number
                for item in newer_editions(table.id, table.document, self.library, period, self.case.as_of, of):
                    yield replace(item, severity=Severity.NOTE) if named else item

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

    def _basis(self, program: Program, run: Run, data: SheetData) -> None:
        """On which basis each row is measured: as its table row says, else as the typed unit tells."""
        if len(data.sheet.bases) == 1:
            return
        compiled = program.bases.get(data.sheet.id)
        if compiled is None or not data.rows:
            codes = np.full(data.rows, -1, dtype=np.int64)
        else:
            array = run.by_row(compiled, data.sheet.id, f"{data.sheet.id} basis")
            labels = [*self.axes.labels.get(array.labels or "", []), ""]
            place = {name: index for index, name in enumerate(data.sheet.bases)}
            codes = np.array([place.get(label, -1) for label in labels], dtype=np.int64)[array.data]
        raw = find_sheet(self.case, self.method, data.sheet)
        for row in np.flatnonzero(codes < 0):
            if raw is not None:
                codes[row] = basis_from_units(raw, data.sheet, int(row))
            if codes[row] < 0 and (key := self._key_column(data.sheet)) and data.codes[key][row] >= 0:
                label = self.axes.labels[key][int(data.codes[key][row])]
                measured = (column for column in data.sheet.columns.values() if column.by_basis)
                if not label and not any(raw and unit_typed(raw, column, int(row)) for column in measured):
                    continue  # a label may rightly be blank: what is wanting is the number's unit, which is told
                self.findings.append(
                    finding(
                        "basis-unknown",
                        data.place(key, int(row)),
                        label=label,
                        bases=", ".join(data.sheet.bases),
                    )
                )
        data.basis = codes
        if BASIS not in data.sheet.columns:
            data.codes[BASIS] = self.axes.recode(BASIS, [*data.sheet.bases, ""], codes)

    def _default_labels(self, program: Program, run: Run, data: SheetData) -> None:
        """Fill blank labels that have a default; the numbers of a row may hang on them."""
        for column in data.sheet.columns.values():
            compiled = program.defaults.get((data.sheet.id, column.name))
            if column.kind == "number" or compiled is None:
                continue
            blank = data.codes[column.name] == self.axes.known(column.name, "")
            if blank.any():
                labels = run.by_row(compiled, data.sheet.id, f"{data.sheet.id}.{column.name}")
                codes = recoded(labels, column.name, self.axes)
                data.codes[column.name] = np.where(blank, codes, data.codes[column.name])
                data.apart = False  # a default may be what another row has typed
                self._note_default(run, data, column, blank)

    def _key_column(self, sheet: Sheet) -> str:
        names = list(sheet.basis.names()) if sheet.basis is not None else []
        return next((name for name in names if name in sheet.axes), "")

    def _defaults(self, program: Program, run: Run) -> None:
        for (sheet, column), compiled in program.defaults.items():
            data = run.ledger[sheet]
            spec = data.sheet.columns[column]
            if spec.kind != "number":
                continue
            mask = np.isnan(data.numbers[column]) & Missing(run).needed(sheet, column)
            if not mask.any():
                continue
            what = f"{sheet}.{column}"
            values = run.by_row(compiled, sheet, what).data.astype(np.float64, copy=False)
            data.fill(column, mask, values, Status.DEFAULT)
            run.forget()
            self._weaken(run, data, column, mask)
            if data.filled[column].any():
                self._note_default(run, data, spec, data.filled[column])

    def _note_default(self, run: Run, data: SheetData, column: Column, rows: NDArray[np.bool_]) -> None:
        what = f"{data.sheet.id}.{column.name}"
        for source, answered in self._default_sources(run, data, column, rows):
            count = int(np.count_nonzero(answered))
            values = {"column": column.label, "count": count, "rows": data.rows, "source": source}
            self.findings.append(finding("default-used", what, column.default_clause, **values))

    def _weaken(self, run: Run, data: SheetData, column: str, mask: NDArray[np.bool_]) -> None:
        """Mark defaults that were carried from an earlier year or rest on recalled cells."""
        for usage in run.usages.get(f"{data.sheet.id}.{column}", []):
            weaker = row_status(run, usage)
            if (weaker > Status.DEFAULT).any():
                weaker = weaker if usage.frame.sheet == data.sheet.id else weaker.max(initial=0)
                weaker = np.maximum(data.status[column], weaker)
                data.status[column] = np.where(mask, weaker, data.status[column]).astype(np.uint8)

    def _default_sources(
        self, run: Run, data: SheetData, column: Column, rows: NDArray[np.bool_]
    ) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        """What answered, and in which of `rows`: a table, several together, or where none did the clause."""
        read: dict[str, NDArray[np.bool_] | np.bool_] = {}
        for usage in run.usages.get(f"{data.sheet.id}.{column.name}", []):
            found = usage.row >= 0
            found = found if usage.counts is None else found & usage.counts
            segments = run.segments[usage.slot]
            for place, segment in enumerate(segments):
                here = found if len(segments) == 1 else found & (usage.segment == place)
                here = here if usage.frame.sheet == data.sheet.id else here.any()
                read[segment.table.id] = read.get(segment.table.id, np.False_) | here
        parts: dict[tuple[str, ...], NDArray[np.bool_]] = {(): rows}
        for table, mask in reversed(read.items()):
            halves: dict[tuple[str, ...], NDArray[np.bool_]] = {}
            for tables, held in parts.items():
                halves |= {(table, *tables): held & mask, tables: held & ~mask}
            parts = {tables: held for tables, held in halves.items() if held.any()}
        for tables, held in parts.items():
            yield ", ".join(tables) or column.default_clause or self.method.id, held

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
            self.findings.append(finding("check-failed", place, check.clause, severity=check.severity, **values))

    def _checked(self, check: Check, program: Program, run: Run) -> Array:
        return run.evaluate(program.checks[check.id], check.sheet, f"check {check.id}")

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
            place += f" {', '.join(self.axes.named(array.frame.axes, int(array.keys[index]))[-len(named) :])}"
        return PlaceOf(place, int(run.owners(array.frame, array.keys)[index])) if run.entities else place


def _fits(period: Period, wanted: str) -> bool:
    """Whether a case's period is what a method wants: a year, whole months of one, or the one period of a rule."""
    if wanted == "months":
        return period.whole_months and period.start.year == period.end.year
    return period.one_year if wanted == "year" else period == Period.parse(wanted)


def _asked(rule: VerdictRule, run: Run) -> bool:
    """Whether a verdict's own condition holds: an indicator that nobody gave is not judged."""
    when = run.program.verdicts[rule.id].when
    return when is None or run.evaluate(when, "", f"when {rule.id}").data[0] == TRUE


def _same_units(editions: list[Segment]) -> Iterator[Finding]:
    """Editions that hold in one period are read by one expression: their columns must have the same units."""
    last = editions[-1].table
    for table in (edition.table for edition in editions[:-1]):
        for name in last.columns:
            if name not in table.columns or _sizes(table, name) != _sizes(last, name):
                yield finding("edition-units", table.id, column=name, other=last.id)


def _sizes(table: Table, column: str) -> dict[str, tuple[Fraction, Dimension]]:
    return {basis: (unit.factor, unit.dimension) for basis, unit in table.columns[column].units.items()}
