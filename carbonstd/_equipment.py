"""An equipment list graded: each item by the edition in force at its manufacture, and by that of today.

An item is a plant of `_limits` whose period is its month or year of manufacture. One that is older than the oldest
edition held is not graded by a later one as if that had bound then; today's grade stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from carbonstd._equipment_record import EquipmentCheck, Graded, Item, Terms
from carbonstd._equipment_saving import savings
from carbonstd._findings import Finding, Severity, finding
from carbonstd._library import Library
from carbonstd._limits import Question, check_limits
from carbonstd._limits_input import Subject
from carbonstd._limits_record import Check, Record

LEVEL = "equipment"
_NOT_HELD = ("limits-no-edition", "limits-edition-not-held")


def check_equipment(subjects: Sequence[Subject], library: Library, terms: Terms, as_of: date) -> EquipmentCheck:
    """Grade every item. Nothing about an item raises: what is wrong with it stands beside it."""
    question = Question(as_of=as_of, level=LEVEL)
    subjects = [replace(item, standard=_family(item.standard)) for item in subjects]
    today = [replace(item, period=f"{as_of}..{as_of}") for item in subjects]
    then, now = (check_limits(listed, library, question) for listed in (subjects, today))
    items = [
        _item(subject, _at(then, subject.place), _at(now, subject.place), library, question, terms) for subject in today
    ]
    made = {item.place: item.period for item in subjects}
    rests = Check(
        (*then.records, *now.records),
        (),
        then.evidence + now.evidence,
        tuple(dict.fromkeys((*then.unseen, *now.unseen))),
    )
    listed = tuple(replace(item, made=made[item.place]) for item in items)
    return EquipmentCheck(listed, rests, terms, str(as_of), now.findings)


def _family(typed: str) -> str:
    """A standard without its edition, which the day of manufacture picks.

    >>> _family("GB 18613-2020"), _family("gb-18613@2020"), _family("gb-20052-10kv-oil")
    ('GB 18613', 'gb-18613', 'gb-20052-10kv-oil')
    """
    return re.sub(r"@.*$|[-—–](19|20)\d{2}$", "", typed.strip())


def _at(check: Check, place: str) -> list[Record]:
    return [item for item in check.records if item.place == place]


def _item(
    subject: Subject, then: list[Record], now: list[Record], library: Library, question: Question, terms: Terms
) -> Item:
    graded = _graded(now, library)
    found, inputs = savings(subject, graded, library, question, terms)
    return Item(subject.name or subject.place, subject.place, "", _graded(then, library), graded, found, inputs)


def _graded(records: list[Record], library: Library) -> Graded:
    """The records of one item by one edition; without a grade, the reasons."""
    first = records[0]
    method = library.method(first.method) if first.method else None
    combine = method.combine if method else "all"
    rungs = tuple(rule.id for rule in method.verdicts) if method and combine == "ladder" else ()
    told = [item for record in records for item in record.findings]
    standard = first.standard
    if any(item.code in _NOT_HELD for item in told):
        standard = _family(standard)
    graded = Graded(standard, first.method, first.title, tuple(records), combine, rungs)
    return replace(graded, findings=tuple(_once(_worded(told, graded))))


def _worded(found: list[Finding], graded: Graded) -> Iterator[Finding]:
    """What is told of an item: its warnings, and where it is not graded the reasons, in the words of equipment."""
    unheld = next((item for item in found if item.code in _NOT_HELD), None)
    if unheld is not None:
        yield finding("equipment-edition-not-held", period=unheld.values["period"], standard=graded.standard)
        return
    for item in found:
        if item.code == "no-row":
            yield finding("equipment-not-printed", table=item.values["table"], keys=item.values["keys"])
        elif item.severity is Severity.WARNING or (item.severity is Severity.ERROR and not graded.decided):
            yield item


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    yield from {(item.code, item.message("en")): item for item in found}.values()
