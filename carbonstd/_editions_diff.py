"""One case by two editions of a method: each line and total by both, and what makes them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from carbonstd._calculate import Options
from carbonstd._case import Case
from carbonstd._editions_causes import Below, Cause, causes
from carbonstd._editions_run import Side, run_edition
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, Language
from carbonstd._library import Library
from carbonstd._number import shown
from carbonstd._result import LineValue
from carbonstd._units import unit
from carbonstd._wording import NOT_REPORTED

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
        before, after = (item.value if item and item.reported else 0.0 for item in (self.old, self.new))
        if self.old and self.new:
            before *= float(unit(self.old.unit).factor_to(unit(self.new.unit)))
        return after - before

    @property
    def effect(self) -> float:
        """What the pair adds to the difference of the primary total: lines outside the total add nothing."""
        before, after = (
            item.line.sign * item.value if item and item.reported and not item.line.memo else 0.0
            for item in (self.old, self.new)
        )
        return after - before

    @property
    def recounted(self) -> bool:
        """Whether one edition counts the line in its total and the other does not, or with the other sign."""
        both = self.old and self.new
        return bool(both) and _counted(self.old) != _counted(self.new)

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


@dataclass(frozen=True)
class EditionDiff:
    """A case by two editions; no pairs where one of them refuses it: the other then stands for itself."""

    case: Case
    old: Side
    new: Side
    totals: tuple[LinePair, ...] = ()
    lines: tuple[LinePair, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an edition refuses the case or finds an error (exit code 1)."""
        return self.old.failed or self.new.failed

    def as_dict(self, language: Language) -> dict[str, Any]:
        return {
            "schema": 1,
            "case": {
                "entity": dict(self.case.entity), "period": str(self.case.period), "as_of": str(self.case.as_of)
            },
            "old": self.old.as_dict(language),
            "new": self.new.as_dict(language),
            "totals": [item.as_dict() for item in self.totals],
            "lines": [item.as_dict() for item in self.lines],
        }  # fmt: skip


def compare_editions(case: Case, names: tuple[str, str], library: Library, options: Options) -> EditionDiff:
    """A case by two editions. Raises CaseError, with the findings of both, where both refuse it."""
    old, new = (run_edition(case, name, library, options) for name in names)
    if old.result is None and new.result is None:
        raise CaseError(findings=[*old.findings, *(item for item in new.findings if item not in old.findings)])
    if old.result is None or new.result is None:
        return EditionDiff(case, old, new)
    below = (Below(old.result), Below(new.result))
    totals = _paired(old.result.total_lines, new.result.total_lines, below)
    lines = _paired(old.result.lines, new.result.lines, below)
    return EditionDiff(case, old, new, tuple(totals), tuple(lines))


def _paired(olds: Sequence[LineValue], news: Sequence[LineValue], below: tuple[Below, Below]) -> Iterator[LinePair]:
    """Lines of one id, then lines left that alone are of one bucket and sign, then those of one edition."""
    pairs: dict[str, tuple[str, str]] = {}
    after = {item.line.id: item for item in news}
    for item in olds:
        if item.line.id in after:
            pairs[item.line.id] = (item.line.id, "id")
    left = [item for item in news if item.line.id not in pairs]
    alone = Counter(_bucket(item) for item in left)
    single = Counter(_bucket(item) for item in olds if item.line.id not in pairs)
    by_bucket = {_bucket(item): item.line.id for item in left if item.line.bucket and alone[_bucket(item)] == 1}
    for item in olds:
        if item.line.id not in pairs and single[_bucket(item)] == 1 and _bucket(item) in by_bucket:
            pairs[item.line.id] = (by_bucket[_bucket(item)], "bucket")
    taken = {name for name, _ in pairs.values()}
    for item in olds:
        name, matched = pairs.get(item.line.id, ("", ""))
        yield _explained(LinePair(item, after.get(name), matched), below)
    for item in news:
        if item.line.id not in taken:
            yield _explained(LinePair(None, item, ""), below)


def _bucket(item: LineValue) -> tuple[str, int, bool]:
    return item.line.bucket, item.line.sign, item.line.memo


def _explained(pair: LinePair, below: tuple[Below, Below]) -> LinePair:
    if pair.same and not pair.recounted:
        return pair
    return replace(pair, causes=tuple(_causes(pair, *below)))


def _causes(pair: LinePair, before: Below, after: Below) -> Iterator[Cause]:
    """What makes a line differ: the line itself, equations, tables, figures looked up, entered and constant."""
    if pair.old is None or pair.new is None:
        yield Cause("absent", pair.shown.line.label, *_presence(pair))
        return
    if pair.recounted:
        yield Cause("counted", pair.shown.line.label, _counted(pair.old), _counted(pair.new))
    if pair.same:
        return
    if pair.old.reported != pair.new.reported:
        yield Cause("not_reported", pair.shown.line.label, *_presence(pair))
    if pair.other_units:
        yield Cause("unit", pair.shown.line.label, pair.old.unit, pair.new.unit)
    found = list(causes(before.of(pair.old.line.equation), after.of(pair.new.line.equation)))
    yield from found
    if not found and not pair.other_units and pair.old.reported == pair.new.reported:
        yield Cause("unknown", pair.shown.line.label)


def _presence(pair: LinePair) -> tuple[str, str]:
    before, after = (
        f"{shown(item.value, 10)} {item.unit}" if item and item.reported else NOT_REPORTED
        for item in (pair.old, pair.new)
    )
    return before, after


def _counted(item: LineValue | None) -> str:
    """How a line enters the total: added, subtracted, or not at all."""
    return "" if item is None else "0" if item.line.memo else "+" if item.line.sign > 0 else "-"


def _dimension(item: LineValue | None) -> Any:
    return unit(item.unit).dimension if item else None


def findings_apart(found: EditionDiff) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """Findings only the old edition gives, only the new one, and both."""
    keys = [{_said(item) for item in side.findings} for side in (found.old, found.new)]
    old = [item for item in found.old.findings if _said(item) not in keys[1]]
    new = [item for item in found.new.findings if _said(item) not in keys[0]]
    return old, new, [item for item in found.new.findings if _said(item) in keys[0]]


def _said(item: Finding) -> tuple[str, str, str]:
    return str(item.severity), item.code, item.message("en")
