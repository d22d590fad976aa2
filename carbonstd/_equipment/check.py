"""What was found of a list of equipment: how many items are of which grade, and what better ones save, by kind.

Grades are alternatives of one another: savings of one grade are summed over items, and never over grades.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd import __version__
from carbonstd._definitions.schema import Bilingual
from carbonstd._equipment.record import BELOW, UNDECIDED, Item, Saving, Terms
from carbonstd._findings import Finding, Language
from carbonstd._limits.record import Check


@dataclass(frozen=True)
class Total:
    """What the items that are worse than a grade would save if each went to it.

    `items` pieces have a saving and are summed, in `rows` of the list; `without` pieces have not, for want of figures,
    and stand in no sum.
    """

    grade: str
    unit: str
    items: int
    without: int
    rows: int
    saving: Saving | None = None

    def as_dict(self) -> dict[str, Any]:
        held = self.saving or Saving(self.grade, 0.0, self.unit, 0.0)
        figures = held.as_dict() if self.saving else dict.fromkeys(held.as_dict())
        counts = {"items": self.items, "rows": self.rows, "without": self.without}
        return {**counts, **figures, "grade": self.grade, "unit": self.unit}


@dataclass(frozen=True)
class Kind:
    """The items that one method grades; those for which no method was found, by the standard that was typed."""

    title: Bilingual
    standard: str
    items: tuple[Item, ...]

    @property
    def pieces(self) -> int:
        return _pieces(self.items)

    def counts(self) -> Counter[str]:
        return _counts(self.items)

    def totals(self) -> list[Total]:
        return _totals(self.items)

    def as_dict(self) -> dict[str, Any]:
        return {
            "title": dict(self.title),
            "standard": self.standard or None,
            "items": self.pieces,
            "rows": len(self.items),
            "today": dict(self.counts()),
            "totals": [total.as_dict() for total in self.totals()],
        }


@dataclass(frozen=True)
class EquipmentCheck:
    """All items in the order of the list, what the verdicts rest on, and by what savings were valued."""

    items: tuple[Item, ...]
    rests: Check
    terms: Terms
    as_of: str
    findings: Sequence[Finding] = ()
    notice: str = ""  # by whose rules the levels are said

    @property
    def pieces(self) -> int:
        """How many pieces the rows stand for."""
        return _pieces(self.items)

    @property
    def differ(self) -> bool:
        """Whether some row stands for several pieces."""
        return self.pieces != len(self.items)

    @property
    def failed(self) -> bool:
        return any(item.failed for item in self.items)

    @property
    def below(self) -> list[Item]:
        """Items below the minimum of today's edition."""
        return [item for item in self.items if item.now.state == BELOW]

    @property
    def states(self) -> list[str]:
        """The grades that some item is of today, the best first, then `below` and `undecided`."""
        counts = self.counts()
        return [*sorted(set(counts) - {BELOW, UNDECIDED}), *(state for state in (BELOW, UNDECIDED) if counts[state])]

    def counts(self, which: str = "now") -> Counter[str]:
        """How many pieces are of which state, by `then` or by `now`."""
        return _counts(self.items, which)

    def levels(self) -> Counter[str]:
        """How many pieces are of which level of the notice; those of which none is said are in none."""
        return _tally((item.level, item.count) for item in self.items if item.level)

    def kinds(self) -> list[Kind]:
        """The items by kind, in the order of the list."""
        found: dict[tuple[str, str], list[Item]] = {}
        for item in self.items:
            family = item.now.method.partition("@")[0]
            found.setdefault((family, "" if family else item.now.standard), []).append(item)
        return [Kind(held[0].now.title, held[0].now.standard, tuple(held)) for held in found.values()]

    def totals(self) -> list[Total]:
        """What all items would save if each went to a grade."""
        return _totals(self.items)

    def as_dict(self, language: Language = "en") -> dict[str, Any]:
        return {
            "schema": 1,
            "engine": __version__,
            "as_of": self.as_of,
            "pieces": self.pieces,
            "rows": len(self.items),
            "counts": {"at_manufacture": dict(self.counts("then")), "today": dict(self.counts())},
            "levels": {"notice": self.notice or None, "counts": dict(self.levels())},
            "items": [item.as_dict(language) for item in self.items],
            "kinds": [kind.as_dict() for kind in self.kinds()],
            "totals": [total.as_dict() for total in self.totals()],
            "terms": {
                "coal_kgce_per_kwh": self.terms.coal,
                "coal_source": self.terms.coal_source,
                "grid_kgco2_per_kwh": self.terms.grid,
                "grid_source": self.terms.grid_source.get(language),
                "price_yuan_per_kwh": self.terms.price,
            },
            "findings": [item.as_dict(language) for item in self.findings],
            "evidence": dict(self.rests.evidence),
            "unseen": list(self.rests.unseen),
        }


def _counts(items: Iterable[Item], which: str = "now") -> Counter[str]:
    return _tally((getattr(item, which).state, item.count) for item in items)


def _tally(found: Iterable[tuple[str, int]]) -> Counter[str]:
    counts = Counter[str]()
    for name, count in found:
        counts[name] += count
    return counts


def _pieces(items: Iterable[Item]) -> int:
    return sum(item.count for item in items)


def _totals(items: Iterable[Item]) -> list[Total]:
    """A total for each grade and unit; an item whose method reckons no saving is in none."""
    worse: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        for grade in item.now.better if item.unit else ():
            worse.setdefault((grade, item.unit), []).append(item)
    return [_total(grade, unit, held) for (grade, unit), held in sorted(worse.items())]


def _total(grade: str, unit: str, items: Sequence[Item]) -> Total:
    held = {item.place: saving for item in items for saving in item.savings if saving.grade == grade}
    summed = [item for item in items if item.place in held]
    left = _pieces(items) - _pieces(summed)
    saving = _sum(list(held.values())) if held else None
    return Total(grade, unit, _pieces(summed), left, len(summed), saving)


def _sum(held: Sequence[Saving]) -> Saving:
    def total(name: str) -> float | None:
        values = [getattr(item, name) for item in held]
        return None if None in values else sum(values)

    first = held[0]
    return Saving(
        first.grade, total("amount") or 0.0, first.unit, total("coal") or 0.0, total("carbon"), total("money")
    )
