"""One case run by one edition of its method, as that edition would have it, or why the edition refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from carbonstd._case.case import Case
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._engine.calculate import Options, calculate
from carbonstd._engine.edition import Segment, select
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, Language
from carbonstd._naming import Names, names_of
from carbonstd._result.result import Result


@dataclass(frozen=True)
class Side:
    """An edition, and what came of the case by it: a result, or none. `tables_on` is the day of the edition whose
    tables were taken, where the case's period is not the edition's."""

    method: Method
    result: Result | None
    findings: tuple[Finding, ...]
    tables_on: date | None = None

    @property
    def failed(self) -> bool:
        return self.result is None or self.result.failed

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "method": self.method.id,
            "document": self.method.document.number,
            "title": dict(self.method.title),
            "refused": self.result is None,
            "tables_on": str(self.tables_on) if self.tables_on else None,
            "findings": [item.as_dict(language) for item in self.findings],
        }


def run_edition(case: Case, name: str, library: Library, options: Options) -> Side:
    """Run a case by the edition named. Nothing about the case raises: the findings say why it was refused.

    Raises NotFoundError where the edition is not held.
    """
    method = library.method(name, case.period, case.as_of)
    day = _own_day(method, library, case.period)
    tables: Mapping[str, list[Segment]] = {}
    try:
        tables = _tables(method, library, case, day) if day else {}
        result = calculate(case, method, library, replace(options, tables={**options.tables, **tables}))
    except CaseError as error:
        return Side(method, None, tuple(Names(method, library).findings(error.findings)), day if tables else None)
    return Side(method, result, tuple(names_of(result).findings(result.findings)), day if tables else None)


def _own_day(method: Method, library: Library, period: Period) -> date | None:
    """The day an edition came into force, where no day of the period is an edition's own; else None."""
    start, end = method.document.in_force, method.document.until
    later = [item.document.in_force for item in library.editions(method.family, library.method_headers)]
    follows = [day for day in later if day and start and day > start]
    last = end or (min(follows) - timedelta(days=1) if follows else None)
    outside = start and (period.end < start or (last and last < period.start))
    return start if outside else None


def _tables(method: Method, library: Library, case: Case, day: date) -> Mapping[str, list[Segment]]:
    """The tables that go by force or by data year, as of an edition's own day, for the whole period of the case."""
    of = {"in_force": Period(day, day), "data_period_equals": Period(date(day.year, 1, 1), date(day.year, 12, 31))}
    slots = [slot for slot in method.slots.values() if slot.select in of]
    found = {slot.name: select(slot, library, of[slot.select], max(day, case.as_of))[0][-1] for slot in slots}
    return {name: [Segment(item.table, case.period.start, case.period.end)] for name, item in found.items()}
