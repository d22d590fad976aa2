"""What a result leaves out though its sheets have rows: figures of lines whose condition does not hold, and their sums.

A mass of CH4 for which no row has a factor adds up to nought, which is not what was emitted.
"""

from __future__ import annotations

from collections.abc import Collection

from carbonstd._run import Run


def left_out(run: Run, hidden: Collection[str]) -> frozenset[str]:
    """The equations that are not reported, where the lines `hidden` are not.

    These are the equations of such lines, those `reported_with` one of them, and what rests on nothing else that has
    rows.
    """
    method = run.program.method
    shown = {line.equation for line in method.lines if line.id not in hidden}
    unmet = {line.equation for line in method.lines if line.id in hidden} - shown
    known: dict[str, bool] = {}

    def out(name: str) -> bool:
        if name not in known:
            equation = method.equations[name]
            names = {name for tree in equation.nodes for name in tree.names()}
            parts = [part for part in sorted(names & method.equations.keys()) if _filled(run, part)]
            known[name] = (
                name in unmet
                or not unmet.isdisjoint(equation.reported_with)
                or (name not in shown and bool(parts) and all(map(out, parts)))
            )
        return known[name]

    return frozenset(filter(out, method.equations)) if unmet else frozenset()


def _filled(run: Run, equation: str) -> bool:
    return any(run.ledger[sheet].rows for sheet in run.program.sheets_below[equation])
