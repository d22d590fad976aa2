"""What a result leaves out though its sheets have rows: figures of lines whose condition does not hold, and their sums.

A mass of CH4 for which no row has a factor adds up to nought, which is not what was emitted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from carbonstd._engine.run import Run


def left_out(run: Run, hidden: Collection[str]) -> frozenset[str]:
    """The equations that are not reported, where the lines `hidden` are not.

    These are the equations of such lines, those `reported_with` one of them, and what rests on nothing else that has
    rows.
    """
    lines = run.program.method.lines
    shown = {line.equation for line in lines if line.id not in hidden}
    unmet = {line.equation for line in lines if line.id in hidden} - shown
    return frozenset(filter(_Left(run, shown, unmet).out, run.program.method.equations)) if unmet else frozenset()


@dataclass
class _Left:
    """Asks of one equation after the other.

    No function within one: where it calls itself, it keeps the run until garbage is swept.
    """

    run: Run
    shown: set[str]
    unmet: set[str]
    known: dict[str, bool] = field(default_factory=dict)

    def out(self, name: str) -> bool:
        if name not in self.known:
            equations = self.run.program.method.equations
            names = {item for tree in equations[name].nodes for item in tree.names()}
            parts = [part for part in sorted(names & equations.keys()) if _filled(self.run, part)]
            self.known[name] = (
                name in self.unmet
                or not self.unmet.isdisjoint(equations[name].reported_with)
                or (name not in self.shown and bool(parts) and all(map(self.out, parts)))
            )
        return self.known[name]


def _filled(run: Run, equation: str) -> bool:
    return any(run.ledger[sheet].rows for sheet in run.program.sheets_below[equation])
