"""One case by two editions of a method: each line and total by both, and what makes them differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from carbonstd._case.case import Case
from carbonstd._definitions.library import Library
from carbonstd._editions.causes import Below, Cause, causes
from carbonstd._editions.run import Side, run_edition
from carbonstd._engine.calculate import Options
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding, Language
from carbonstd._number import shown
from carbonstd._result.line_pairs import LinePair, counted, pairs
from carbonstd._wording import NOT_REPORTED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from carbonstd._result.result import Result


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

    def frame(self, language: Language = "en") -> pd.DataFrame:
        """Lines, then totals, by both editions, with what makes them differ in words.

        Raises CarbonstdError where an edition refuses: no rows would look like no difference.
        """
        from carbonstd._task_frames import editions_frame

        self._both_ran()
        return editions_frame(self, language)

    def plot(self, language: Language = "en", ax: Axes | None = None) -> Axes:
        """Draw what differs as a waterfall, with matplotlib. Raises CarbonstdError where an edition refuses."""
        from carbonstd._charts.as_plot import draw
        from carbonstd._result.waterfall import waterfall

        old, new = self._both_ran()
        return draw(waterfall(old, new), language, ax)

    def _both_ran(self) -> tuple[Result, Result]:
        if self.old.result is None or self.new.result is None:
            raise CarbonstdError(findings=[*self.old.findings, *self.new.findings])
        return self.old.result, self.new.result

    def __repr__(self) -> str:
        return f"<EditionDiff {self.old.method.id}, {self.new.method.id}: {self.case.title('en')} {self.case.period}>"

    def _repr_html_(self) -> str:
        from carbonstd._result.display import editions_html

        return editions_html(self)

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
    totals = pairs(old.result.total_lines, new.result.total_lines)
    lines = pairs(old.result.lines, new.result.lines)
    totals_told, lines_told = (tuple(_explained(pair, below) for pair in found) for found in (totals, lines))
    return EditionDiff(case, old, new, totals_told, lines_told)


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
        yield Cause("counted", pair.shown.line.label, counted(pair.old), counted(pair.new))
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


def findings_apart(found: EditionDiff) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """Findings only the old edition gives, only the new one, and both."""
    keys = [{_said(item) for item in side.findings} for side in (found.old, found.new)]
    old = [item for item in found.old.findings if _said(item) not in keys[1]]
    new = [item for item in found.new.findings if _said(item) not in keys[0]]
    return old, new, [item for item in found.new.findings if _said(item) in keys[0]]


def _said(item: Finding) -> tuple[str, str, str]:
    return str(item.severity), item.code, item.message("en")
