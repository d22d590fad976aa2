"""Which limit holds for a plant, what its indicator is, which level it reaches: one record an indicator.

The edition is the one in force at the end of the period. Where it changes inside the period every edition that bound is
run: the same rank of level and the same judgement hold, anything else is undecided with both shown. An edition that
bound and is not held is never replaced by its neighbour. A refused plant is an undecided record, not the end of a run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from carbonstd import __version__
from carbonstd import _expression as ex
from carbonstd._basis import evidence_used, unseen_clauses
from carbonstd._calculate import Options, calculate
from carbonstd._case import Case, RawSheet
from carbonstd._cells import blank
from carbonstd._document import Period, folded
from carbonstd._errors import CarbonstdError, NotFoundError
from carbonstd._findings import Finding, Severity, finding
from carbonstd._ledger import find_sheet
from carbonstd._library import Header, Library
from carbonstd._limits_input import Subject, object_sheet, unknown_columns
from carbonstd._method import Method
from carbonstd._naming import Names, names_of
from carbonstd._result import Result
from carbonstd._schema import Bilingual
from carbonstd._table import Row, Table
from carbonstd._verdict import Grade, Judgement, LevelVerdict, Verdict, equations_below, exact_text

LEVEL = "limits"  # the folder of methods that are limit standards
_WORST = (Judgement.NOT_MET, Judgement.MET, Judgement.NO_LEVEL, Judgement.UNDECIDED)
_SAID = ("limit-not-met", "verdict-undecided")  # findings that only repeat a verdict


@dataclass(frozen=True)
class Question:
    """What holds for all plants: a standard and period that stand over their own, the day whose knowledge counts."""

    standard: str = ""
    period: str = ""
    as_of: date | None = None
    upcoming: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """What one indicator of one plant reaches. Without a verdict it is undecided, and its findings say why.

    `editions` are the answers of each edition where they decide together; `following` is that of the next edition.
    """

    plant: str
    place: str
    period: str = ""
    standard: str = ""
    method: str = ""
    title: Bilingual = field(default_factory=dict)
    category: Bilingual = field(default_factory=dict)
    verdict: Verdict | None = None
    open: bool = False  # undecided although the edition gave a verdict
    findings: tuple[Finding, ...] = ()
    editions: tuple[Record, ...] = ()
    following: Record | None = None
    case_path: str = ""
    traced: str = ""  # what `carbonstd trace` follows to the derivation of the limit

    @property
    def judgement(self) -> Judgement:
        """Undecided too where the limit or a correction was never seen: such a verdict has no ground."""
        if self.verdict is None or self.open:
            return Judgement.UNDECIDED
        groundless = self.verdict.grade is Grade.NONE and self.verdict.judgement is not Judgement.NO_LEVEL
        return Judgement.UNDECIDED if groundless else self.verdict.judgement

    @property
    def grade(self) -> Grade:
        return Grade.NONE if self.verdict is None or self.open else self.verdict.grade

    @property
    def failed(self) -> bool:
        return self.judgement in (Judgement.NOT_MET, Judgement.UNDECIDED)

    @property
    def levels(self) -> tuple[LevelVerdict, ...]:
        return self.verdict.levels if self.verdict and not self.open else ()

    @property
    def reached(self) -> str | None:
        """The level reached; None where none is, or nothing is decided."""
        found = self.verdict.reached if self.verdict and self.judgement is not Judgement.UNDECIDED else None
        return found.level if found else None

    @property
    def indicator(self) -> Bilingual:
        return self.verdict.rule.label if self.verdict else {}

    @property
    def decisive(self) -> LevelVerdict | None:
        return self.verdict.decisive if self.verdict and not self.open else None

    def as_dict(self, language: Any = "en") -> dict[str, Any]:
        held = self.verdict.as_dict() if self.verdict else {}
        levels = [
            {**item.as_dict(), "percent": _float(percent(item)), "percent_exact": _exact(percent(item))}
            for item in self.levels
        ]
        nested = [item.as_dict(language) for item in self.editions]
        return {
            "plant": self.plant,
            "place": self.place,
            "standard": self.standard or None,
            "method": self.method or None,
            "title": dict(self.title),
            "period": self.period or None,
            "class": dict(self.category),
            "indicator": held.get("id"),
            "label": held.get("label", {}),
            "value": held.get("value"),
            "value_exact": held.get("value_exact"),
            "unit": held.get("unit"),
            "sense": held.get("sense"),
            "judgement": str(self.judgement),
            "grade": str(self.grade),
            "reached": self.reached,
            "required": held.get("required"),
            "levels": levels,
            "clause": held.get("clause"),
            "findings": [item.as_dict(language) for item in self.findings],
            "editions": nested,
            "next": self.following.as_dict(language) if self.following else None,
        }


@dataclass(frozen=True)
class Check:
    """All records, worst first; what holds for the whole table; and what the verdicts rest on."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    evidence: Counter[str]
    unseen: tuple[str, ...]

    @property
    def failed(self) -> bool:
        return any(item.failed for item in self.records)

    @property
    def plants(self) -> int:
        return len({item.place for item in self.records})

    def by_judgement(self) -> Counter[Judgement]:
        return Counter(item.judgement for item in self.records)

    def by_level(self) -> dict[tuple[str, str], Counter[str | None]]:
        """How many plants reach which level, for each standard and indicator; `undecided` where nothing is decided."""
        found: dict[tuple[str, str], Counter[str | None]] = {}
        for item in self.records:
            if item.verdict is not None or item.standard:
                group = found.setdefault((item.standard, item.verdict.rule.id if item.verdict else ""), Counter())
                group["undecided" if item.judgement is Judgement.UNDECIDED else item.reached] += 1
        return found

    def as_dict(self, language: Any = "en") -> dict[str, Any]:
        return {
            "schema": 1,
            "engine": __version__,
            "plants": self.plants,
            "counts": {
                "judgement": {str(name): count for name, count in self.by_judgement().items()},
                "level": [
                    {"standard": standard, "indicator": indicator or None, "reached": _none(counts)}
                    for (standard, indicator), counts in self.by_level().items()
                ],
            },
            "records": [item.as_dict(language) for item in self.records],
            "findings": [item.as_dict(language) for item in self.findings],
            "evidence": dict(self.evidence),
            "unseen": list(self.unseen),
        }


def percent(level: LevelVerdict | None) -> Fraction | None:
    """The distance to a level in per cent of its limit; None where there is no limit, or it is zero."""
    if level is None or level.distance is None or not level.limit:
        return None
    return level.distance * 100 / abs(level.limit)


def limit_headers(library: Library) -> dict[str, Header]:
    """The methods that are limit standards."""
    return {name: header for name, header in library.method_headers.items() if header.level == LEVEL}


def check_limits(subjects: Sequence[Subject], library: Library, question: Question) -> Check:
    """Judge every plant. Nothing about a plant raises: what is wrong with it stands in its records."""
    return _Check(library, question).all(subjects)


@dataclass(frozen=True)
class _Outcome:
    """One edition run on one plant."""

    header: Header
    records: tuple[Record, ...]


class _Check:
    def __init__(self, library: Library, question: Question) -> None:
        self.library, self.question = library, question
        self.headers = limit_headers(library)
        self.evidence: Counter[str] = Counter()
        self.unseen: dict[str, None] = {}
        self.used: dict[str, Method] = {}

    def all(self, subjects: Sequence[Subject]) -> Check:
        records = [record for subject in subjects for record in self._subject(subject)]
        rows = [subject for subject in subjects if subject.case is None and subject.cells]
        findings = unknown_columns(rows, self._of_all_editions())
        records.sort(key=_badness)
        return Check(tuple(records), tuple(findings), self.evidence, tuple(self.unseen))

    def _of_all_editions(self) -> list[Method]:
        families = dict.fromkeys(method.family for method in self.used.values())
        held = [header.id for family in families for header in self.library.editions(family, self.headers)]
        return [self.library.method(name) for name in held] or list(self.used.values())

    def _subject(self, subject: Subject) -> list[Record]:
        base = Record(subject.name or subject.place, subject.place, case_path=subject.case.path if subject.case else "")
        if subject.findings:
            return [replace(base, findings=tuple(subject.findings))]
        try:
            period = self._period(subject)
            base = replace(base, period=str(period))
            header, named = self._standard(subject, period)
        except CarbonstdError as error:
            return [replace(base, findings=tuple(error.findings))]
        base = replace(base, standard=header.document.number, method=header.id, title=header.title)
        records = self._judged(subject, base, header, named, period)
        if self.question.upcoming:
            records = self._with_next(subject, base, header, period, records)
        return records

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
            raise NotFoundError(findings=[finding("limits-no-standard", subject.place)])
        try:
            header = self.library.find(typed, self.headers, period, self._as_of(subject))
        except NotFoundError:
            header = self.library.find(typed, self.library.method_headers, period, self._as_of(subject))
        exact = folded(typed) in (folded(header.document.number), folded(header.id))
        return header, exact and ("@" in typed or re.search(r"\d{4}$", typed.strip()) is not None)

    def _as_of(self, subject: Subject) -> date:
        return self.question.as_of or (subject.case.as_of if subject.case else date.today())

    # Editions

    def _judged(self, subject: Subject, base: Record, header: Header, named: bool, period: Period) -> list[Record]:
        if named:
            return list(self._run(subject, base, header, period).records)
        begun = header.document.in_force
        if begun and begun > period.end:
            number = re.sub(r"-\d{4}$", "", header.document.number)  # of no edition
            return [replace(base, standard=number, method="", findings=(self._none_in_force(header, period),))]
        editions, unheld = self._editions(header, period)
        outcomes = [self._run(subject, base, item, period) for item in editions]
        last = outcomes[-1]
        if unheld is not None:
            return [_opened(item, (unheld,)) for item in last.records]
        replaced = [_opened(item, ()) if _replaced(item) else item for item in last.records]
        return replaced if len(outcomes) == 1 else list(self._together(outcomes, base))

    def _editions(self, header: Header, period: Period) -> tuple[list[Header], Finding | None]:
        """The editions that bound on some day of a period, oldest first; a finding where one of them is not held."""
        editions = [header]
        while (begun := editions[0].document.in_force) and begun > period.start:
            first = editions[0]
            entry = self.library.register.get(first.document.number)
            before = {folded(number) for number in entry.supersedes} if entry else set()
            earlier = [
                item
                for item in self.library.editions(header.family, self.headers)
                if item.document.in_force and item.document.in_force < begun
            ]
            if earlier and (not before or folded(earlier[-1].document.number) in before):
                editions.insert(0, earlier[-1])
                continue
            if before and entry:
                values = {
                    "number": first.document.number,
                    "in_force": str(begun),
                    "before": ", ".join(entry.supersedes),
                }
                return editions, finding("limits-edition-not-held", header.id, **values)
            break  # nothing bound before the first edition
        return editions, None

    def _none_in_force(self, header: Header, period: Period) -> Finding:
        held = self.library.editions(header.family, self.headers) or [header]
        listed = ", ".join(f"{item.document.number} ({item.document.in_force or '—'})" for item in held)
        return finding("limits-no-edition", header.family, period=str(period), held=listed)

    def _together(self, outcomes: list[_Outcome], base: Record) -> Iterator[Record]:
        """One answer of several editions: theirs where they agree, else none."""
        told = [{record.verdict.rule.id: record for record in item.records if record.verdict} for item in outcomes]
        refused = [record for item in outcomes for record in item.records if record.verdict is None]
        editions = ", ".join(item.header.document.number for item in outcomes)
        names = dict.fromkeys(name for records in told for name in records)
        changes = finding("limits-editions-differ", base.method, editions=editions, period=base.period)
        if not names:
            yield replace(refused[-1], findings=(changes, *(f for item in refused for f in item.findings)))
        for name in names:
            found = tuple(records[name] for records in told if name in records)
            answers = {(_rank(record), record.judgement) for record in found}
            decided = all(record.judgement is not Judgement.UNDECIDED for record in found)
            if decided and len(found) == len(outcomes) and len(answers) == 1:
                note = finding("limits-editions-agree", base.method, editions=editions, period=base.period)
                yield replace(_of_lowest_grade(found), findings=(*found[-1].findings, note), editions=found)
            else:
                extra = tuple(item for item in refused if item.method not in {record.method for record in found})
                yield replace(found[-1], open=True, findings=(changes,), editions=(*found, *extra))

    def _with_next(
        self, subject: Subject, base: Record, header: Header, period: Period, records: list[Record]
    ) -> list[Record]:
        """The records with what the next edition that is held would give."""
        known = self._as_of(subject)
        coming = [
            (begun, item)
            for item in self.library.editions(header.family, self.headers)
            if (begun := item.document.in_force) and begun > period.end and item.document.known_on(known)
        ]
        if not coming:
            note = finding("limits-no-next", header.family, number=header.document.number, period=str(period))
            return [replace(item, findings=(*item.findings, note)) for item in records]
        following = min(coming, key=lambda pair: pair[0])[1]
        later = self._run(subject, base, following, period).records
        by_indicator = {item.verdict.rule.id: item for item in later if item.verdict}
        return [
            replace(item, following=by_indicator.get(item.verdict.rule.id, later[0]) if item.verdict else later[0])
            for item in records
        ]

    # One run

    def _run(self, subject: Subject, base: Record, header: Header, period: Period) -> _Outcome:
        """One edition on one plant; a refused case is one record without a verdict, in a reader's words."""
        base = replace(base, standard=header.document.number, method=header.id, title=header.title)
        method: Method | None = None
        case: Case | None = None
        notes: list[Finding] = []
        try:
            method = self.library.method(header.id)
            self.used[method.id] = method
            case, left = self._case(subject, method, period)
            if left:
                notes = [finding("limits-cells-unused", subject.place, columns=", ".join(left), method=method.id)]
            result = calculate(case, method, self.library, Options(allow_recalled=self.question.allowed))
        except CarbonstdError as error:
            found = self._reasons(error.findings, case, method) if case and method else error.findings
            findings = Names(method, self.library).findings([*found, *notes])
            return _Outcome(header, (replace(base, findings=tuple(findings)),))
        self.evidence += evidence_used(result)
        self.unseen |= dict.fromkeys(f"{header.document.number} {clause}" for clause in unseen_clauses(result))
        findings = [item for item in names_of(result).findings([*result.findings, *notes]) if item.code not in _SAID]
        if not result.verdicts:
            nothing = finding("limits-no-verdict", subject.place, method=method.id)
            return _Outcome(header, (replace(base, findings=(nothing, *findings)),))
        made = (
            replace(
                base,
                verdict=verdict,
                category=class_of(result, verdict, self.library),
                findings=tuple(findings),
                traced=_traced(verdict),
            )
            for verdict in result.verdicts
        )
        return _Outcome(header, tuple(made))

    def _reasons(self, findings: Sequence[Finding], case: Case, method: Method) -> list[Finding]:
        """Why a case was refused. Where its class is blank that is said, and not what only follows from it."""
        if not any(item.code == "no-row" for item in findings):
            return list(findings)
        sheet = object_sheet(method)
        raw = find_sheet(case, method, sheet)
        tables = [self.library.table(name) for slot in method.slots.values() for name in slot.tables]
        keys = dict.fromkeys(name for table in tables for name in table.keys if name in sheet.columns)
        blanks = []
        for name in keys:
            column = sheet.columns[name]
            if column.default is None and all(map(blank, raw.columns.get(name, ()) if raw else ())):
                place = raw.place(name, 0) if raw and name in raw.columns else f"{sheet.id}.{name}"
                terms = self.library.vocabulary(column.vocabulary).terms.values() if column.vocabulary else ()
                listed = {"zh": "、".join(term.zh for term in terms), "en": ", ".join(term.en for term in terms)}
                blanks.append(finding("limits-class-blank", place, column=column.label, classes=listed))
        follows = ("no-row", "missing-operand")
        return [*blanks, *(item for item in findings if not blanks or item.code not in follows)]

    def _case(self, subject: Subject, method: Method, period: Period) -> tuple[Case, list[str]]:
        if subject.case is None:
            return subject.as_case(method, period, self._as_of(subject), self.library)
        case = replace(subject.case, method=method.id, period=period, as_of=self._as_of(subject))
        if subject.case.method == method.id:
            return case, []
        return self._without_others(case, self._known_by(subject.case), method)

    def _known_by(self, case: Case) -> set[str]:
        """The columns of what is judged, by the method the case was made for."""
        try:
            return set(object_sheet(self.library.method(case.method, case.period, case.as_of)).columns)
        except CarbonstdError:
            return set()

    def _without_others(self, case: Case, known: set[str], method: Method) -> tuple[Case, list[str]]:
        """A case without the columns its own method asks for and this one does not, such as those of a correction."""
        sheet = object_sheet(method)
        raw = find_sheet(case, method, sheet)
        left = [name for name in raw.columns if name in known and name not in sheet.columns] if raw else []
        if raw is None or not left:
            return case, []
        kept = {name: cells for name, cells in raw.columns.items() if name.removesuffix("_unit") not in left}
        sheets = {name: RawSheet(kept, raw.place) if item is raw else item for name, item in case.sheets.items()}
        return replace(case, sheets=sheets), left


def class_of(result: Result, verdict: Verdict, library: Library) -> Bilingual:
    """The row of the limit table that answered, in words."""
    run, method = result._run, result.method
    slots = list(method.slots)
    axis = run.program.verdicts[verdict.rule.id].axis
    answers: list[tuple[int, Table, Row]] = []
    for what in (verdict.rule.id, *equations_below(method, verdict.rule)):
        for usage in run.usages.get(what, ()):
            rows = [
                int(row) for at, row in enumerate(usage.row) if row >= 0 and (usage.counts is None or usage.counts[at])
            ]
            table = run.segments[usage.slot][int(usage.segment[0])].table if usage.slot in slots else None
            if rows and table and table.columns[usage.column].axis == (axis or table.columns[usage.column].axis):
                answers.append((slots.index(usage.slot), table, table.rows[rows[0]]))
    if not answers:
        return {}
    _, table, row = min(answers, key=lambda item: item[0])
    return {language: _class_text(table, row, library, language) for language in ("zh", "en")}


def _class_text(table: Table, row: Row, library: Library, language: str) -> str:
    parts = []
    for name, match in row.match.items():
        key = table.keys[name]
        words = library.key_vocabulary(key)
        labels = match if isinstance(match, tuple) else (str(match),)
        text = "/".join(words.label(label, language) if words else label for label in labels)
        unit = f" {key.unit.text}" if key.unit is not None and key.unit.text != "1" else ""
        parts.append(text if words else f"{key.label[language]} {text}{unit}")
    return ("；" if language == "zh" else "; ").join(parts)


def _traced(verdict: Verdict) -> str:
    """The equation of the limit, which leads to every correction; else that of the indicator."""
    nodes = (node for node in (verdict.rule.limit, verdict.rule.indicator) if isinstance(node, ex.Name))
    return next((node.name for node in nodes), "")


def _opened(record: Record, findings: tuple[Finding, ...]) -> Record:
    """A record that its edition alone cannot decide."""
    shown = (record,) if record.verdict else ()
    return replace(record, open=True, findings=(*findings, *record.findings), editions=shown)


def _of_lowest_grade(found: tuple[Record, ...]) -> Record:
    """The last of some records that agree, with the lowest grade of them: an answer is as good as all it rests on."""
    last = found[-1]
    assert last.verdict is not None
    lowest = Grade.FORMAL if all(item.grade is Grade.FORMAL for item in found) else Grade.REFERENCE
    return replace(last, verdict=replace(last.verdict, grade=lowest))


def _replaced(record: Record) -> bool:
    """Whether the register knows a newer edition in force, which is not held."""
    return any(
        item.code == "newer-edition-in-force" and item.place == record.method and item.severity is Severity.WARNING
        for item in record.findings
    )


def _rank(record: Record) -> int | None:
    """The place, from the strictest, of the level that is reached: level 1 stands where the advanced value stood."""
    return next((at for at, item in enumerate(record.levels) if item.level == record.reached), None)


def _badness(record: Record) -> tuple[int, Fraction]:
    """Not met before met, the farthest below its level first; what is undecided last."""
    return _WORST.index(record.judgement), percent(record.decisive) or Fraction(0)


def _none(counts: Counter[str | None]) -> dict[str, int]:
    return {"none" if level is None else level or "limit": count for level, count in counts.items()}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
