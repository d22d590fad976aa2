"""The lines of two results of one kind, paired: two editions of a method, or two years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carbonstd._editions.causes import Cause
from carbonstd._result.line_value import LineValue
from carbonstd._units import unit, value_in

_RELATIVE = 1e-9  # two figures nearer than that are one


@dataclass(frozen=True)
class LinePair:
    """A report line or total by both editions; None where an edition has none. `matched` says by what they were."""

    old: LineValue | None
    new: LineValue | None
    matched: str
    causes: tuple[Cause, ...] = ()

    @property
    def shown(self) -> LineValue:
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def difference(self) -> float | None:
        """The new value less the old, in the unit of the new.

        A line that one edition does not report counts as nothing there, so that lines add up to the difference of the
        total. None where the units are of two kinds, and for a total that one edition does not report.
        """
        held = [item for item in (self.old, self.new) if item and item.reported]
        if not held or self.other_units or (self.shown.line.total and len(held) == 1):
            return None
        into = self.shown.unit
        values = (value_in(item.value, item.unit, into) if item and item.reported else 0.0 for item in self._sides)
        before, after = (value or 0.0 for value in values)
        return after - before

    @property
    def effect(self) -> float:
        """`effect_in` the unit the pair is shown in."""
        return self.effect_in(self.shown.unit)

    def effect_in(self, whole: str) -> float:
        """What the pair adds to the difference of a total in the unit `whole`.

        A line that is outside the total, not reported or of another kind adds nothing.
        """
        before, after = ((item.counted_in(whole) if item else None) or 0.0 for item in self._sides)
        return after - before

    @property
    def _sides(self) -> tuple[LineValue | None, LineValue | None]:
        return self.old, self.new

    @property
    def recounted(self) -> bool:
        """Whether one edition counts the line in its total and the other does not, or with the other sign."""
        both = self.old and self.new
        return bool(both) and counted(self.old) != counted(self.new)

    @property
    def other_units(self) -> bool:
        return bool(self.old and self.new) and _dimension(self.old) != _dimension(self.new)

    @property
    def same(self) -> bool:
        """Whether both editions give one figure, or neither gives any."""
        if self.old is None or self.new is None or self.old.reported != self.new.reported:
            return False
        difference = self.difference
        if difference is None:
            return not self.other_units
        return abs(difference) <= _RELATIVE * max(abs(self.old.value), abs(self.new.value))

    def as_dict(self) -> dict[str, Any]:
        sides = {name: item.as_dict() if item else None for name, item in (("old", self.old), ("new", self.new))}
        causes = [item.as_dict() for item in self.causes]
        return {
            **sides,
            "matched": self.matched,
            "difference": self.difference,
            "effect": None if self.shown.line.total else self.effect,
            "same": self.same,
            "causes": causes,
        }


def pairs(olds: Sequence[LineValue], news: Sequence[LineValue]) -> Iterator[LinePair]:
    """Lines of one id, then lines left that alone are of one bucket and sign, then those of one edition."""
    found: dict[str, tuple[str, str]] = {}
    after = {item.line.id: item for item in news}
    for item in olds:
        if item.line.id in after:
            found[item.line.id] = (item.line.id, "id")
    left = [item for item in news if item.line.id not in found]
    alone = Counter(_bucket(item) for item in left)
    single = Counter(_bucket(item) for item in olds if item.line.id not in found)
    by_bucket = {_bucket(item): item.line.id for item in left if item.line.bucket and alone[_bucket(item)] == 1}
    for item in olds:
        if item.line.id not in found and single[_bucket(item)] == 1 and _bucket(item) in by_bucket:
            found[item.line.id] = (by_bucket[_bucket(item)], "bucket")
    taken = {name for name, _ in found.values()}
    for item in olds:
        name, matched = found.get(item.line.id, ("", ""))
        yield LinePair(item, after.get(name), matched)
    for item in news:
        if item.line.id not in taken:
            yield LinePair(None, item, "")


def _bucket(item: LineValue) -> tuple[str, int, bool]:
    return item.line.bucket, item.line.sign, item.line.memo


def counted(item: LineValue | None) -> str:
    """How a line enters the total: added, subtracted, or not at all."""
    return "" if item is None else "0" if item.line.memo else "+" if item.line.sign > 0 else "-"


def _dimension(item: LineValue | None) -> Any:
    return unit(item.unit).dimension if item else None
