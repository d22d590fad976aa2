"""An equipment list graded: each item by the edition in force at its manufacture, and by that of today.

An item is a plant of `_limits.judging` whose period is its month or year of manufacture. One that is older than the
oldest edition held is not graded by a later one as if that had bound then; today's grade stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._equipment.beside import without_count, without_model
from carbonstd._equipment.check import EquipmentCheck
from carbonstd._equipment.level import level, notice
from carbonstd._equipment.obsolete import questions, questions_of_size
from carbonstd._equipment.record import Graded, Item, Terms
from carbonstd._equipment.saving import SAVING, Reckoned, readable, reckoned, saved
from carbonstd._findings import Finding, Severity, finding
from carbonstd._limits.input import Subject, without_totals
from carbonstd._limits.judging import Question, check_limits
from carbonstd._limits.record import Check, Record
from carbonstd._result.result import Result

LEVEL = "equipment"
_EARLIEST = 1950  # what is older and still runs is more likely a slip of the pen
_NO_DATE = ("limits-no-period", "case-period")
_OF_PERIODS = ("period-not-over",)  # said of the month of manufacture, in which nothing is accounted
_NOT_HELD = ("limits-no-edition", "limits-edition-not-held")


def check_equipment(
    listed: Sequence[Subject], library: Library, terms: Terms, as_of: date, allowed: tuple[str, ...] = ()
) -> EquipmentCheck:
    """Grade every item; `allowed` are tables whose recalled figures are accepted.

    Nothing about an item raises: what is wrong with it stands beside it.
    """
    question = Question(
        as_of=as_of, level=LEVEL, allowed=allowed, readable=lambda case, method: readable(case, method, library)
    )
    listed, sums = without_totals(listed)
    counted = [without_count(_not_before_made(_made(item), as_of)) for item in listed]
    split = [without_model(subject) for subject, _, _ in counted]
    subjects = [subject for subject, _ in split]
    today = [_at(item, Period(as_of, as_of)) for item in subjects]
    runs = dict[str, Reckoned | None]()

    def keep(subject: Subject, result: Result) -> None:
        runs[subject.place] = reckoned(result, subject.place, library)

    then = check_limits(subjects, library, question)
    now = check_limits(today, library, replace(question, seen=keep))
    before, after = _by_place(then), _by_place(now)
    items, levels = [], notice(library, as_of)
    for (subject, model), (_, count, uncounted) in zip(split, counted, strict=True):
        earlier, graded = _read(*(_graded(held[subject.place], library, subject.standard) for held in (before, after)))
        found = saved(graded, runs.get(subject.place), terms, count)
        told = (*_made_early(subject), *uncounted, *found.findings)
        asked = (
            *questions(model, graded.standard, subject.place, library),
            *questions_of_size(subject, graded.method, as_of, library),
        )
        name, dated = subject.name or subject.place, (subject.place, subject.period, earlier, graded)
        of = level(graded, levels)
        items.append(Item(name, *dated, found.savings, found.inputs, found.unit, told, asked, count, of))
    rests = Check(
        (*then.records, *now.records),
        (),
        then.evidence + now.evidence,
        _without_estimates((*then.unseen, *now.unseen), items, library),
    )
    number = levels.document.number if levels else ""
    return EquipmentCheck(tuple(items), rests, terms, str(as_of), (*now.findings, *sums), number)


def _without_estimates(unseen: Iterable[str], items: Iterable[Item], library: Library) -> tuple[str, ...]:
    """What nobody has seen in a text; a saving is an estimate of this package, and said to be one."""
    used = dict.fromkeys(name for item in items for name in (item.then.method, item.now.method) if name)
    methods = [library.method(name) for name in used]
    own = {
        f"{method.document.number} {method.equations[SAVING].clause}"
        for method in methods
        if SAVING in method.equations
    }
    return tuple(item for item in dict.fromkeys(unseen) if item not in own)


def _made(subject: Subject) -> Subject:
    """An item with its standard of no edition and its time of manufacture, whether a row or a case."""
    case = subject.case
    standard = _family(subject.standard or (case.method if case else ""))
    return replace(subject, standard=standard, period=subject.period or (str(case.period) if case else ""))


def _not_before_made(subject: Subject, as_of: date) -> Subject:
    """An item that is made after the day by whose editions it is graded is refused."""
    made = Period.parse(subject.period)
    if made is None or made.start <= as_of:
        return subject
    later = finding("equipment-made-later", subject.place, period=subject.period, as_of=str(as_of))
    return replace(subject, findings=[*subject.findings, later])


def _made_early(subject: Subject) -> Iterator[Finding]:
    """That an item would be older than any that runs."""
    made = Period.parse(subject.period)
    if made is not None and made.start.year < _EARLIEST:
        yield finding("equipment-made-early", subject.place, period=subject.period, year=_EARLIEST)


def _at(subject: Subject, period: Period) -> Subject:
    """An item as if it had been made in another period."""
    case = replace(subject.case, period=period) if subject.case else None
    return replace(subject, period=str(period), case=case)


def _family(typed: str) -> str:
    """A standard without its edition, which the day of manufacture picks.

    >>> _family("GB 18613-2020"), _family("gb-18613@2020"), _family("gb-20052-10kv-oil")
    ('GB 18613', 'gb-18613', 'gb-20052-10kv-oil')
    """
    return re.sub(r"@.*$|[-—–](19|20)\d{2}$", "", typed.strip())


def _by_place(check: Check) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in check.records:
        found.setdefault(record.place, []).append(record)
    return found


def _graded(records: list[Record], library: Library, typed: str) -> Graded:
    """The records of one item by one edition; without a grade, the reasons. `typed` is the standard as named."""
    first = records[0]
    method = library.method(first.method) if first.method else None
    combine = method.combine if method else "all"
    rungs = tuple(rule.id for rule in method.verdicts) if method and combine == "ladder" else ()
    told = [item for record in records for item in record.findings]
    standard = first.standard or typed
    if any(item.code in _NOT_HELD for item in told):
        standard = _family(standard)
    graded = Graded(standard, first.method, first.title, tuple(records), combine, rungs)
    return replace(graded, findings=(*_once(_worded(told, graded)), *_inferred(graded)))


def _read(earlier: Graded, graded: Graded) -> tuple[Graded, Graded]:
    """An item by two editions, where each may leave aside the cells that the other asks for."""
    if earlier.method == graded.method:
        return earlier, graded
    kept = (tuple(told for told in item.findings if told.code != "limits-cells-unused") for item in (earlier, graded))
    return replace(earlier, findings=next(kept)), replace(graded, findings=next(kept))


def _worded(found: list[Finding], graded: Graded) -> Iterator[Finding]:
    """What is told of an item: its warnings, and where it is not graded the reasons, in the words of equipment."""
    unheld = next((item for item in found if item.code in _NOT_HELD), None)
    if unheld is not None:
        yield finding("equipment-edition-not-held", period=unheld.values["period"], standard=graded.standard)
        return
    for item in found:
        if item.code in _NO_DATE:
            yield finding("equipment-no-date", item.place, found=item.values.get("found", ""))
        elif item.code == "no-row":
            yield finding("equipment-not-printed", keys=item.values.get("named") or item.values["keys"])
        elif item.code == "verdict-not-given" and graded.compared is not None:
            continue  # the state says so, with what the comparison gives
        elif item.code in _OF_PERIODS:
            continue
        elif item.severity is Severity.WARNING or (item.severity is Severity.ERROR and not graded.decided):
            yield _placed(item, graded.records[0].place)


def _inferred(graded: Graded) -> Iterator[Finding]:
    """That a grade rests on figures which were inferred and not seen in the text of its edition."""
    held = (part for record in graded.records for part in (record, *record.editions))
    tables = dict.fromkeys(table for record in held for table in record.inferred)
    if graded.decided and tables:
        yield finding("equipment-inferred", graded.records[0].place, tables=", ".join(tables))


def _placed(item: Finding, place: str) -> Finding:
    """A finding about a whole item, told by its row."""
    whole = item.where or item.place.partition(" ")[0] == item.values.get("id")
    return replace(item, place=place, where={}) if whole else item


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once; a check that fails for several grades is told for the first of them."""
    told = dict[tuple[str, str], Finding]()
    for item in found:
        told.setdefault(
            (item.code, str(item.values["id"]) if item.code == "check-failed" else item.message("en")), item
        )
    yield from told.values()
