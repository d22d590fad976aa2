"""Whether a method is the one for a case: its document in force, the case's period of the form the method wants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._engine.edition import ended, issued_later, newer_editions, other_lines, outside
from carbonstd._findings import Finding, finding


def check_period(method: Method, library: Library, period: Period, as_of: date) -> list[Finding]:
    """What stands against judging a period by a method, as known on `as_of`; of a period outside it nothing else."""
    document, wanted = method.document, method.period
    if method.within_document and not document.covers(period):
        return [outside(method, library, period, as_of)]
    if method.until_refuses and document.until and period.end > document.until:
        return [ended(method.id, document, library, period)]
    return [
        *issued_later(method.id, document, as_of),
        *_before_document(method, library, period, as_of),
        *(_edition_changes(method, library, period) if wanted == "edition" else _form(method, period)),
        *_not_over(method, period, as_of),
        *_begun_within(method, library, period),
        *other_lines(method, library, period, as_of),
        *newer_editions(method.id, document, library, period, as_of),
    ]


def _before_document(method: Method, library: Library, period: Period, as_of: date) -> Iterator[Finding]:
    in_force = method.document.in_force
    if in_force and in_force > period.start:
        fitting = library.find(method.family, library.method_headers, period, as_of).id
        early = "error" if method.period == "edition" and method.verdicts else None  # as of a type approval
        severity = "note" if in_force <= period.end else early
        values = {"in_force": str(in_force), "period": str(period), "fitting": fitting}
        yield finding("period-before-document", method.id, severity=severity, **values)


def _form(method: Method, period: Period) -> Iterator[Finding]:
    if method.period and not _fits(period, method.period):
        yield finding("period-form", method.id, period=str(period), wanted=method.period)


def _not_over(method: Method, period: Period, as_of: date) -> Iterator[Finding]:
    if period.end > as_of and method.period != "edition":  # of one day that decides nothing is accounted
        yield finding("period-not-over", method.id, as_of=str(as_of), period=str(period))
    if as_of > date.today():
        yield finding("as-of-future", method.id, as_of=str(as_of))


def _begun_within(method: Method, library: Library, period: Period) -> Iterator[Finding]:
    """Newer editions that came into force before the period was over."""
    in_force = method.document.in_force
    for header in library.editions(method.family, library.method_headers):
        later = header.document.in_force
        if later and in_force and in_force < later <= period.end:
            yield finding("newer-edition", method.id, newer=header.id, in_force=str(later))


def _edition_changes(method: Method, library: Library, period: Period) -> Iterator[Finding]:
    """What one day decides (an application) is judged by one edition: none may begin inside the period."""
    held = library.editions(method.family, library.method_headers)
    begun = {item.id: item.document.in_force for item in held if item.document.in_force}
    changes = [f"{name} {day}" for name, day in begun.items() if period.start < day <= period.end]
    if changes:
        values = {"period": str(period), "changes": ", ".join(changes)}
        yield finding("period-two-editions", method.id, **values)


def _fits(period: Period, wanted: str) -> bool:
    """Whether a case's period is what a method wants: a year, whole months of one, or the one period of a rule."""
    if wanted == "months":
        return period.whole_months and period.start.year == period.end.year
    return period.one_year if wanted == "year" else period == Period.parse(wanted)
