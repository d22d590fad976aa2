"""Which edition of a limit standard bound in a period.

An edition that ended is not used beyond its end: where the document that followed is not held as an edition of the same
family, that is told with what is held of it elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from carbonstd._definitions.document import DATED, Period, folded
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.register import Entry
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import NotFoundError
from carbonstd._findings import Finding, finding
from carbonstd._limits.fit import choose

LEVEL = "limits"  # the folder of methods that are limit standards


def headers_of(library: Library, level: str = LEVEL) -> dict[str, Header]:
    """The methods in a folder of methods: those that are limit standards, or another level's."""
    return {name: header for name, header in library.method_headers.items() if header.level == level}


def names_edition(typed: str, header: Header) -> bool:
    """Whether a typed name means that one edition, and not a family.

    It does by `family@edition` or by the full number of the document.
    """
    exact = folded(typed) in (folded(header.document.number), folded(header.id))
    return exact and ("@" in typed or re.search(r"\d{4}$", typed.strip()) is not None)


@dataclass(frozen=True)
class Editions:
    """The editions of limit standards that are held, and what the register knows of the others."""

    library: Library
    headers: dict[str, Header]

    def find(self, typed: str, period: Period, as_of: date, cells: Mapping[str, Any]) -> Header:
        """The edition that is meant. Raises NotFoundError.

        A number that several methods share means the one whose columns and labels fit the cells of the plant.
        """
        try:
            return self.library.find(typed, self.headers, period, as_of)
        except NotFoundError as error:
            if any(item.code == "ambiguous-name" for item in error.findings):
                return self._fitting(typed, period, as_of, cells)
        return self.library.find(typed, self.library.method_headers, period, as_of)

    def bound(self, header: Header, period: Period) -> tuple[list[Header], Finding | None]:
        """The editions that bound on some day of a period, oldest first; a finding where one of them is not held."""
        editions = [header]
        while (begun := editions[0].document.in_force) and begun > period.start:
            first = editions[0]
            entry = self.library.register.get(first.document.number)
            before = {folded(number) for number in entry.supersedes} if entry else set()
            earlier = self._earlier(first, begun, period)
            if earlier and (not before or folded(earlier.document.number) in before):
                ended = self.last_day(earlier)
                if ended is None or ended >= begun - timedelta(days=1):
                    editions.insert(0, earlier)
                    continue
            elif not before:
                break  # nothing bound before the first edition
            missing = ", ".join(entry.supersedes) if entry and before else _before(first)
            return editions, self._not_held(header, period, missing, [*self.replaced(first), first])
        return editions, self.ended(header, period)

    def ended(self, header: Header, period: Period, severity: str = "error") -> Finding | None:
        """A finding where an edition had ended by the end of a period, or may have, and none of its family followed."""
        last = self.last_day(header)
        if last is not None and last >= period.end:
            return None
        entry = self.library.register.get(header.document.number)
        chain = self.library.register.chain(entry) if entry else []
        later = [item for item in chain if self._may_have_begun(item, period.end)]
        if last is None and not later:
            return None
        numbers = [item.number for item in later] or list(filter(None, [header.document.superseded_by]))
        missing = ", ".join(numbers) or _after(header)
        return self._not_held(header, period, missing, [header, *self._holding(later)], severity)

    def last_day(self, header: Header) -> date | None:
        """The last day an edition or its table bound, where it is known."""
        table = self.library.table_headers.get(f"{header.level}/{header.id}")
        days = (header.document.until, table.document.until if table else None)
        return min(filter(None, days), default=None)

    def none_in_force(self, header: Header, period: Period) -> Finding:
        """That the first edition of a family binds after a period, with what is held of the documents before it."""
        held = [*self.replaced(header), *(self.library.editions(header.family, self.headers) or [header])]
        return finding("limits-no-edition", header.family, family=header.family, period=str(period), held=_listed(held))

    def replaced(self, header: Header) -> list[Header]:
        """What is held, in any family, of the documents that an edition replaced."""
        entry = self.library.register.get(header.document.number)
        earlier = (self.library.register.get(number) for number in (entry.supersedes if entry else ()))
        return self._holding(item for item in earlier if item is not None)

    def following(self, header: Header, period: Period, known: date) -> Header | None:
        """The next edition of the family that binds after a period and was issued by a day."""
        coming = [
            (begun, item)
            for item in self.library.editions(header.family, self.headers)
            if (begun := item.document.in_force) and begun > period.end and item.document.known_on(known)
        ]
        return min(coming, key=lambda pair: pair[0])[1] if coming else None

    def _earlier(self, first: Header, begun: date, period: Period) -> Header | None:
        """The last edition of the family before one. One whose first day nobody saw counts three years after it."""
        dated = [
            item
            for item in self.library.editions(first.family, self.headers)
            if item.id != first.id and _begun(item, begun, period)
        ]
        return dated[-1] if dated else None

    def _holding(self, entries: Iterable[Entry]) -> list[Header]:
        held = {item.id: item for entry in entries for item in self.library.held(entry) if item.id in self.headers}
        return list(held.values())

    def _may_have_begun(self, entry: Entry, day: date) -> bool:
        """Whether a successor bound by a day. One whose date nobody has seen may have from the year of its number."""
        dates = [item.document.in_force for item in self._holding([entry]) if item.document.in_force]
        if dates:
            return min(dates) <= day
        begun = entry.begun_on(day)
        if begun is not None:
            return begun
        year = re.search(r"(\d{4})$", entry.number)
        return entry.status in ("in_force", "superseded") and (year is None or int(year[1]) <= day.year)

    def _not_held(
        self, header: Header, period: Period, missing: str | Bilingual, held: list[Header], severity: str = "error"
    ) -> Finding:
        return finding(
            "limits-edition-not-held",
            header.id,
            severity=severity,
            period=str(period),
            missing=missing,
            family=header.family,
            held=_listed(held),
        )

    # One number, several methods

    def meant(self, typed: str) -> list[Header]:
        """All that a number may mean."""
        wanted, _, edition = typed.strip().partition("@")
        return [item for item in self.library._meant(wanted, self.headers) if not edition or item.edition == edition]

    def _fitting(self, typed: str, period: Period, as_of: date, cells: Mapping[str, Any]) -> Header:
        """The only method of a number that a plant fits, of those of the period's edition. Raises NotFoundError."""
        held = self.meant(typed)
        families = dict.fromkeys(item.family for item in held)
        dated = DATED.search(typed.strip().partition("@")[0]) is not None
        meant = [
            next(item for item in held if item.family == family)
            if dated
            else self.library.find(family, self.headers, period, as_of)
            for family in families
        ]
        current = [item for item in meant if self._binds(item, period)] or meant
        return choose(typed, [(item, self.library.method(item.id)) for item in current], cells, self.library)

    def _binds(self, header: Header, period: Period) -> bool:
        begun, last = header.document.in_force, self.last_day(header)
        return (begun is None or begun <= period.end) and (last is None or last >= period.start)


def _begun(header: Header, before: date, period: Period) -> bool:
    """Whether an edition bound before a day."""
    if header.document.in_force is not None:
        return header.document.in_force < before
    year = re.search(r"(\d{4})$", header.document.number)
    return header.document.until is not None and year is not None and int(year[1]) + 3 <= period.start.year


def _before(header: Header) -> Bilingual:
    return {"zh": f"{header.document.number} 之前的文件", "en": f"what preceded {header.document.number}"}


def _after(header: Header) -> Bilingual:
    return {"zh": f"接替 {header.document.number} 的文件", "en": f"what followed {header.document.number}"}


def _listed(headers: Iterable[Header]) -> str:
    """Held editions with the days they bind."""
    unique = {item.id: item for item in headers}
    days = {name: (item.document.in_force or "", item.document.until or "") for name, item in unique.items()}
    return ", ".join(f"{name} ({first}..{last})" for name, (first, last) in days.items()) or "—"
