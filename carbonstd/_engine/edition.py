"""Which edition of a table holds: published, in force and data period are three axes, never one.

A slot of a method says how it selects. Every choice that is not plainly the period's own is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from carbonstd._definitions.document import Document, Period
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method, Slot
from carbonstd._definitions.register_words import standing
from carbonstd._definitions.table import Table
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding


@dataclass(frozen=True)
class Segment:
    """A table edition and the part of the case's period it holds for."""

    table: Table
    start: date
    end: date


def select(slot: Slot, library: Library, period: Period, as_of: date) -> tuple[list[Segment], list[Finding]]:
    """The edition(s) a slot uses in `period`, as known on `as_of`. Raises CaseError where there is none."""
    editions = library.editions(library.find(slot.table, library.table_headers).family, library.table_headers)
    found = _selected(slot, library, editions, period, as_of)
    if found is not None:
        return found
    days = {day for item in editions for day in (item.document.issued, item.published) if day and day > as_of}
    later = next((day for day in sorted(days) if _selected(slot, library, editions, period, day)), None)
    return _nothing(slot, library, editions, period, as_of, later)


def _selected(
    slot: Slot, library: Library, editions: list[Header], period: Period, as_of: date
) -> tuple[list[Segment], list[Finding]] | None:
    """The edition(s), and what is told of the choice; None where there is none."""
    if slot.select == "pinned":
        segment = _segment(library, f"{editions[0].family}@{slot.edition}", period)
        return [segment], issued_later(segment.table.id, segment.table.document, as_of)
    known = [item for item in editions if item.document.known_on(as_of)]
    if slot.select == "in_force":
        return _in_force(slot, library, known, period)
    if slot.select == "data_period_equals":
        found = [item for item in known if item.data_period and item.data_period.covers(period)]
        return ([_segment(library, found[-1].id, period)], []) if found else None
    day = slot.on or as_of
    published = [item for item in editions if item.published and item.published <= day and not _later(item, period)]
    if not published:
        return None
    newest = max(
        published, key=lambda item: (item.data_period.end if item.data_period else item.published, item.published)
    )
    findings = []
    if newest.data_period and newest.data_period.end < period.start:
        values = {"table": newest.id, "data_period": str(newest.data_period), "period": str(period)}
        findings.append(finding("carried-forward", slot.name, slot.clause, **values))
    return [_segment(library, newest.id, period)], findings


def _nothing(
    slot: Slot, library: Library, editions: list[Header], period: Period, as_of: date, later: date | None
) -> tuple[list[Segment], list[Finding]]:
    """No edition answers: an optional slot has an empty table, and what is needed of it is entered.

    `later` is the day on which the edition was published that would have.
    """
    held = ", ".join(f"{item.edition} ({item.document.in_force or item.published or '—'})" for item in editions)
    values = {"table": slot.table, "period": str(period), "held": held, "as_of": str(as_of)}
    if later:
        values |= {"kind": "later", "published": str(later)}
    told = finding("no-edition", slot.name, slot.clause, severity="note" if slot.optional else "error", **values)
    if not slot.optional:
        raise CaseError(findings=[told])
    empty = _without_rows(library.table(editions[0].id))
    return [Segment(empty, period.start, period.end)], [told]


@lru_cache(maxsize=64)
def _without_rows(table: Table) -> Table:
    """One and the same empty table for all runs, which then share one program."""
    return replace(table, rows=())


def issued_later(what: str, document: Document, as_of: date) -> list[Finding]:
    """A document that was issued after the day the case looks back to was not known then."""
    if document.known_on(as_of):
        return []
    values = {"issued": str(document.issued), "as_of": str(as_of), "document": document.number}
    return [finding("issued-after-as-of", what, **values)]


def newer_editions(
    what: str, document: Document, library: Library, period: Period, as_of: date, of: str = ""
) -> Iterator[Finding]:
    """What the register knows to have replaced a document by the end of `period`, or to replace it later.

    A table's document may have been replaced by the method's own, `of`: that method knows what it takes from the old
    one. Where a newer edition of the same method is held, the run has said so already.
    """
    own = {entry.number for entry in library.register.of(of)}
    for entry in library.register.of(document.number):
        if entry.number in own:
            continue
        newer = library.register.newer(entry, period.end)
        upcoming = [item for item in library.register.upcoming(entry, as_of) if item not in newer]
        for code, found in (("newer-edition-in-force", newer), ("newer-edition-upcoming", upcoming)):
            for item in found:
                if not item.known_on(as_of) or item.number in own:
                    continue
                if what.split("@")[0] not in {header.family for header in library.held(item)}:
                    values = {"newer": standing(item, library), "in_force": item.in_force, "end": str(period.end)}
                    yield finding(code, what, number=entry.number, **values)


def outside(method: Method, library: Library, period: Period, as_of: date) -> Finding:
    """That a period does not lie wholly within the days of a document whose rules are never mixed with another's."""
    document = method.document
    fitting = library.find(method.family, library.method_headers, period, as_of).id
    days = {"begun": document.in_force or "…", "until": document.until or "…"}
    return finding("edition-outside", method.id, number=document.number, period=period, fitting=fitting, **days)


def ended(what: str, document: Document, library: Library, period: Period) -> Finding:
    """That a period reaches beyond the last day of a document that decides nothing later, and what followed it."""
    follows = library.register.get(document.superseded_by) if document.superseded_by else None
    newer = standing(follows, library) if follows else document.superseded_by or "—"
    return finding("edition-ended", what, number=document.number, until=document.until, period=period, newer=newer)


def other_lines(method: Method, library: Library, period: Period, as_of: date) -> Iterator[Finding]:
    """What bound beside an industry guide: the part of the national standard for the same industry."""
    if method.regime != "ndrc-guide":
        return
    for item in library.register.beside(method.document.number, period.end):
        if item.known_on(as_of):
            values = {"number": method.document.number, "other": standing(item, library), "end": str(period.end)}
            yield finding("other-line-in-force", method.id, **values)


def _in_force(
    slot: Slot, library: Library, editions: list[Header], period: Period
) -> tuple[list[Segment], list[Finding]] | None:
    dated = sorted(
        (item for item in editions if item.document.in_force),
        key=lambda item: item.document.in_force or date.min,
    )
    segments: list[Segment] = []
    for index, item in enumerate(dated):
        start = item.document.in_force
        assert start is not None
        following = dated[index + 1].document.in_force if index + 1 < len(dated) else None
        end = min(following - timedelta(days=1) if following else date.max, item.document.until or date.max)
        if start <= period.end and end >= period.start:
            segments.append(Segment(library.table(item.id), max(start, period.start), min(end, period.end)))
    covered = [period.start - timedelta(days=1), *(item.end for item in segments)]
    if covered[-1] < period.end or any(
        a + timedelta(days=1) < b.start for a, b in zip(covered, segments, strict=False)
    ):
        return None
    if len(segments) == 1:
        return segments, []
    parts = ", ".join(f"{item.table.id} {item.start}..{item.end}" for item in segments)
    return segments, [finding("edition-changes", slot.name, slot.clause, table=segments[0].table.family, parts=parts)]


def _segment(library: Library, table_id: str, period: Period) -> Segment:
    return Segment(library.table(table_id), period.start, period.end)


def _later(item: Header, period: Period) -> bool:
    return item.data_period is not None and item.data_period.start > period.end
