"""Which limit holds for a plant, what its indicator is, which level it reaches: one record an indicator.

The edition is the one in force at the end of the period. Where it changes inside the period every edition that bound is
run: the same rank of level and the same judgement hold, anything else is undecided with both shown. An edition that
bound and is not held is never replaced by its neighbour (`_limits.editions`). A refused plant is an undecided record,
not the end of a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from carbonstd._case.case import Case
from carbonstd._definitions.document import Period
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual, in_both, same
from carbonstd._engine.calculate import Options, calculate
from carbonstd._engine.edition import ended
from carbonstd._errors import CarbonstdError, CaseError, NotFoundError
from carbonstd._findings import Finding, Severity, finding
from carbonstd._language import expression as ex
from carbonstd._ledger.ledger import find_sheet
from carbonstd._limits.class_words import class_of, printed_limits
from carbonstd._limits.derivation import derivation
from carbonstd._limits.editions import LEVEL, Editions, headers_of, names_edition
from carbonstd._limits.input import Subject, object_sheet, without_columns, without_totals
from carbonstd._limits.notes import with_level_notes
from carbonstd._limits.reasons import beside_a_total, refusal, why_not_judged
from carbonstd._limits.record import Check, Record, percent
from carbonstd._limits.table import named_twice, overridden, unknown_columns, what_if_slips, with_supposed
from carbonstd._limits.together import Outcome, opened, together
from carbonstd._limits.what_if import Supposed, WhatIf
from carbonstd._naming import Names, names_of
from carbonstd._result.basis import cells_by_table, unseen_clauses
from carbonstd._result.result import Result
from carbonstd._result.verdict import Judgement, Verdict

_WORST = (Judgement.NOT_MET, Judgement.MET, Judgement.NO_LEVEL, Judgement.UNDECIDED)
_SAID = ("limit-not-met", "verdict-undecided")  # findings that only repeat a verdict


@dataclass(frozen=True)
class Question:
    """What holds for all plants: a standard and period that stand over their own, the day whose knowledge counts.

    `readable` leaves out of a case what no verdict needs and cannot be read, and tells it; `seen` is shown every run.
    """

    standard: str = ""
    period: str = ""
    as_of: date | None = None
    upcoming: bool = False
    allowed: tuple[str, ...] = ()
    what_if: WhatIf | None = None
    derived: bool = False  # whether records carry the derivation of their figures
    level: str = LEVEL  # the folder of methods that judge
    readable: Callable[[Case, Method], tuple[Case, list[Finding]]] = lambda case, method: (case, [])
    seen: Callable[[Subject, Result], None] = lambda subject, result: None


def check_limits(subjects: Sequence[Subject], library: Library, question: Question) -> Check:
    """Judge every plant. Nothing about a plant raises: what is wrong with it stands in its records."""
    return _Check(library, question).all(subjects)


def run_plant(subject: Subject, library: Library, question: Question, strict: bool = False) -> Result:
    """The run that a record of a plant rests on: of the standard named in the question, else of its own.

    Raises CarbonstdError.
    """
    return _Check(library, question).result(subject, strict)


def judge_edition(subject: Subject, edition: str, library: Library, question: Question) -> tuple[Record, ...]:
    """One plant by one edition, named as `family@edition` or so that only one fits it. Raises CarbonstdError."""
    return _Check(library, question).by_edition(subject, edition)


class _Check:
    def __init__(self, library: Library, question: Question, what_if: WhatIf | None = None) -> None:
        self.library, self.question, self.what_if = library, question, what_if
        self.headers = headers_of(library, question.level)
        self.editions = Editions(library, self.headers)
        self.evidence: Counter[str] = Counter()
        self.unseen: dict[str, None] = {}
        self.used: dict[str, Method] = {}

    def all(self, listed: Sequence[Subject]) -> Check:
        subjects, sums = without_totals(listed)
        records = [record for subject in subjects for record in self._subject(subject)]
        if self.question.what_if is not None:
            other = _Check(self.library, self.question, self.question.what_if)
            supposed = [item for subject in subjects for item in other._subject(subject)]
            if slips := what_if_slips(supposed):
                raise CaseError(findings=slips)
            records = list(with_supposed(records, supposed))
        question = self.question
        findings = [
            *unknown_columns(subjects, [*self._of_all_editions(), *self._meant(records)]),
            *overridden(subjects, question.period, question.standard),
            *named_twice(records),
            *sums,
        ]
        records.sort(key=_badness)
        typed = question.what_if.text if question.what_if else ""
        return Check(tuple(records), tuple(findings), self.evidence, tuple(self.unseen), typed)

    def result(self, subject: Subject, strict: bool) -> Result:
        if subject.findings:
            raise CaseError(findings=subject.findings)
        period = self._period(subject)
        header, named = self._standard(subject, period)
        bound = [header] if named else self.editions.bound(header, period)[0]
        method = self.library.method(bound[-1].id)
        case, _ = self.question.readable(self._case(subject, method, period)[0], method)
        return calculate(case, method, self.library, Options(strict, self.question.allowed))

    def by_edition(self, subject: Subject, edition: str) -> tuple[Record, ...]:
        if subject.findings:
            raise CaseError(findings=subject.findings)
        period = self._period(subject)
        header = self.editions.find(edition, period, self._as_of(subject), self._cells(subject))
        return self._run(subject, self._base(subject, period), header, period).records

    def _of_all_editions(self) -> list[Method]:
        families = dict.fromkeys(method.family for method in self.used.values())
        held = [header.id for family in families for header in self.library.editions(family, self.headers)]
        return [self.library.method(name) for name in held] or list(self.used.values())

    def _meant(self, records: Sequence[Record]) -> list[Method]:
        """The methods of the numbers for which nobody could say which method is meant."""
        typed = (item.values["name"] for record in records for item in record.findings if item.code == "ambiguous-name")
        names = (header.id for name in dict.fromkeys(typed) for header in self.editions.meant(name))
        return [self.library.method(name) for name in dict.fromkeys(names)]

    def _subject(self, subject: Subject) -> list[Record]:
        base = self._base(subject)
        if subject.findings:
            return [replace(base, findings=tuple(subject.findings))]
        try:
            period = self._period(subject)
            base = self._base(subject, period)
            header, named = self._standard(subject, period)
        except CarbonstdError as error:
            return [replace(base, findings=tuple(error.findings))]
        base = replace(base, standard=header.document.number, method=header.id, title=header.title)
        records = self._judged(subject, base, header, named, period)
        if self.question.upcoming:
            records = self._with_next(subject, base, header, period, records)
        return records

    def _base(self, subject: Subject, period: Period | None = None) -> Record:
        path = subject.case.path if subject.case else ""
        return Record(subject.name or subject.place, subject.place, str(period or ""), case_path=path)

    def _period(self, subject: Subject) -> Period:
        """The period typed for all, else the plant's own. Raises NotFoundError."""
        if subject.case is not None and not self.question.period:
            return subject.case.period
        typed = self.question.period or subject.period
        period = Period.parse(typed) if typed else None
        if period is None:
            code = "case-period" if typed else "limits-no-period"
            raise NotFoundError(findings=[finding(code, subject.place, found=typed)])
        return period

    def _standard(self, subject: Subject, period: Period) -> tuple[Header, bool]:
        """The edition that is meant, and whether its user named it. Raises NotFoundError."""
        typed = self.question.standard or subject.standard or (subject.case.method if subject.case else "")
        if not typed:
            raise NotFoundError(findings=[finding("limits-no-standard", subject.place, kind=self.question.level)])
        header = self.editions.find(typed, period, self._as_of(subject), self._cells(subject))
        return header, names_edition(typed, header)

    def _cells(self, subject: Subject) -> dict[str, Any]:
        """What is said of a plant, by its headings: a row, or the first cells of a case's sheets of one row."""
        if subject.case is None:
            return dict(subject.cells)
        sheets = subject.case.sheets.values()
        return {name: cells[0] for raw in sheets for name, cells in raw.columns.items() if len(cells) == 1}

    def _as_of(self, subject: Subject) -> date:
        return self.question.as_of or (subject.case.as_of if subject.case else date.today())

    # Editions

    def _judged(self, subject: Subject, base: Record, header: Header, named: bool, period: Period) -> list[Record]:
        if named:
            past = self.editions.ended(header, period, "warning")
            alone = self._run(subject, base, header, period).records
            return [replace(item, findings=(*item.findings, *_untold(item, past))) for item in alone]
        begun = header.document.in_force
        if begun and begun > period.end:
            number = header.document.number.rpartition("-")[0] or header.document.number  # of no edition
            return [replace(base, standard=number, method="", findings=(self.editions.none_in_force(header, period),))]
        editions, unheld = self.editions.bound(header, period)
        outcomes = [self._run(subject, base, item, period) for item in editions]
        last = outcomes[-1]
        if unheld is not None:
            over = self.editions.ended(header, Period(period.start, period.start)) is not None  # on the first day
            left_open = [opened(item, tuple(_untold(item, unheld))) for item in last.records]
            return [replace(item, editions=()) if over else item for item in left_open]
        replaced = [opened(item, ()) if _replaced(item) else item for item in last.records]
        if len(outcomes) == 1:
            return replaced
        others = [item for item in self.editions.replaced(editions[-1]) if item.family != header.family]
        found = list(together(outcomes, base))
        codes = {item.code for outcome in outcomes for record in outcome.records for item in record.findings}
        if not others or "no-row" not in codes:
            return found
        listed = ", ".join(item.id for item in others)
        told = finding("limits-replaced-too", base.method, number=header.document.number, held=listed)
        return [replace(item, findings=(*item.findings, told)) for item in found]

    def _with_next(
        self, subject: Subject, base: Record, header: Header, period: Period, records: list[Record]
    ) -> list[Record]:
        """The records with what the next edition that is held would give."""
        following = self.editions.following(header, period, self._as_of(subject))
        if following is None:
            note = finding("limits-no-next", header.family, number=header.document.number, period=str(period))
            return [replace(item, findings=(*item.findings, note)) for item in records]
        later = self._run(subject, base, following, period).records
        by_indicator = {item.verdict.rule.id: item for item in later if item.verdict}
        return [
            replace(item, following=by_indicator.get(item.verdict.rule.id, later[0]) if item.verdict else later[0])
            for item in records
        ]

    # One run

    def _run(self, subject: Subject, base: Record, header: Header, period: Period) -> Outcome:
        """One edition on one plant; a refused case is one record without a verdict, in a reader's words."""
        base = replace(base, standard=header.document.number, method=header.id, title=header.title)
        method: Method | None = None
        case: Case | None = None
        notes: list[Finding] = []
        try:
            method = self.library.method(header.id)
            self.used[method.id] = method
            self._refuse_later(subject, method)
            case, left = self._case(subject, method, period)
            case, notes = self.question.readable(case, method)
            supposed = self.what_if.supposed(case, method) if self.what_if else Supposed(case)
            case = supposed.case
            if left:
                unused = in_both(lambda part: ", ".join(label[part] for label in left))
                notes.append(finding("limits-cells-unused", subject.place, columns=unused, method=method.id))
            result = calculate(case, method, self.library, Options(allow_recalled=self.question.allowed))
        except CarbonstdError as error:
            found = refusal(error.findings, case, method, self.library) if case and method else error.findings
            findings = Names(method, self.library).findings([*found, *notes])
            return Outcome(header, (replace(base, findings=tuple(findings)),))
        self.question.seen(subject, result)
        looked_up = cells_by_table(result)
        self.evidence += sum(looked_up.values(), Counter[str]())
        self.unseen |= dict.fromkeys(f"{header.document.number} {clause}" for clause in unseen_clauses(result))
        names = names_of(result)
        findings = [item for item in names.findings([*result.findings, *notes]) if item.code not in _SAID]
        findings = [item for item in findings if not beside_a_total(item)]
        if not result.verdicts:
            nothing = finding("limits-no-verdict", subject.place, method=method.id)
            return Outcome(header, (replace(base, findings=tuple(why_not_judged(findings) or (nothing, *findings))),))
        findings += self._unused(result.verdicts, method, supposed)
        made = [
            with_level_notes(
                replace(
                    base,
                    verdict=verdict,
                    category=class_of(result, verdict, self.library),
                    printed=printed_limits(result, verdict),
                    findings=tuple(findings),
                    derivation=derivation(result, verdict) if self.question.derived else (),
                    inferred=tuple(table for table, cells in looked_up.items() if cells["derived"]),
                    traced=_traced(verdict, method),
                )
            )
            for verdict in result.verdicts
        ]
        if self.what_if is not None:
            made = [self._supposing(self.what_if, record, supposed) for record in made]
        return Outcome(header, tuple(replace(item, findings=tuple(names.findings(item.findings))) for item in made))

    def _refuse_later(self, subject: Subject, method: Method) -> None:
        """A day of its own beyond an edition that decides nothing later stays refused, whatever period is asked for.

        Raises CaseError.
        """
        own = subject.case.period if subject.case else Period.parse(subject.period) if subject.period else None
        until = method.document.until if method.until_refuses else None
        if own is not None and until is not None and own.end > until:
            raise CaseError(findings=[ended(method.id, method.document, self.library, own)])

    def _supposing(self, what_if: WhatIf, record: Record, supposed: Supposed) -> Record:
        """A record under what is supposed; open where the plant's own limit was entered for another class."""
        assert record.verdict is not None
        slips = what_if.slips(record.verdict, supposed)
        open_ = record.open or any(item.severity is Severity.ERROR for item in slips)
        verdict = what_if.judged(record.verdict)
        return replace(record, verdict=verdict, open=open_, findings=(*record.findings, *slips))

    def _unused(self, verdicts: Sequence[Verdict], method: Method, supposed: Supposed) -> list[Finding]:
        """What is supposed and changes no verdict: a column the method has not, a saving in a unit of no indicator."""
        saving = self.what_if.saving if self.what_if else None
        idle = saving is not None and all(saving.of(verdict) is None for verdict in verdicts)
        left = [*supposed.unknown, *([saving.typed] if saving is not None and idle else [])]
        return [finding("limits-what-if-unused", method=method.id, unused=", ".join(left))] if left else []

    def _case(self, subject: Subject, method: Method, period: Period) -> tuple[Case, list[Bilingual]]:
        """The plant as a case of `method`, and the labels of what it leaves unread: of a heading its first line."""
        if subject.case is None:
            made, headings = subject.as_case(method, period, self._as_of(subject), self.library)
            return made, [same(heading.partition("\n")[0].rstrip(" *")) for heading in headings]
        case = replace(subject.case, method=method.id, period=period, as_of=self._as_of(subject))
        if subject.case.method == method.id:
            return case, []
        return self._without_others(case, self._known_by(subject.case), method)

    def _known_by(self, case: Case) -> dict[str, Bilingual]:
        """The columns of what is judged with their labels, by the method the case was made for."""
        try:
            columns = object_sheet(self.library.method(case.method, case.period, case.as_of)).columns
        except CarbonstdError:
            return {}
        return {name: column.label for name, column in columns.items()}

    def _without_others(self, case: Case, known: dict[str, Bilingual], method: Method) -> tuple[Case, list[Bilingual]]:
        """A case without the columns its own method asks for and this one does not, such as those of a correction."""
        sheet = object_sheet(method)
        raw = find_sheet(case, method, sheet)
        left = [name for name in raw.columns if name in known and name not in sheet.columns] if raw else []
        return without_columns(case, left, method), [known[name] for name in left]


def _traced(verdict: Verdict, method: Method) -> str:
    """The equation of the limit, which leads to every correction; else that of the indicator."""
    nodes = (node for node in (verdict.rule.limit, verdict.rule.indicator) if isinstance(node, ex.Name))
    return next((node.name for node in nodes if node.name in method.equations), "")


def _untold(record: Record, ended: Finding | None) -> Iterator[Finding]:
    """That an edition had ended, where its method has not refused the period for it."""
    if ended is not None and all(item.code != "edition-ended" for item in record.findings):
        yield ended


def _replaced(record: Record) -> bool:
    """Whether the register knows a newer edition in force, which is not held."""
    return any(
        item.code == "newer-edition-in-force" and item.place == record.method and item.severity is Severity.WARNING
        for item in record.findings
    )


def _badness(record: Record) -> tuple[int, Fraction]:
    """Not met before met, the farthest below its level first; what is undecided last.

    Missing a level that obliges nobody stands with what is met.
    """
    advisory = record.judgement is Judgement.NOT_MET and not record.failed
    judged = Judgement.MET if advisory else record.judgement
    return _WORST.index(judged), percent(record.decisive) or Fraction(0)
