"""How far a verdict may go: a formal comparison, one for reference, or none.

Only a formal comparison says that something complies. It needs limit, class, correction and equations that were all
seen in the official text, and whole years. Nothing is judged where a level is open, anything is recalled, or a table
says that a correction of its figures was never seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonstd._definitions.schema import joined
from carbonstd._language import expression as ex
from carbonstd._result.evidence import looked_up
from carbonstd._result.verdict import Grade, Judgement, Verdict, equations_below

if TYPE_CHECKING:
    from carbonstd._engine.run import Run


def graded(verdict: Verdict, run: Run) -> Verdict:
    """A verdict of this run with its grade, and what its tables say nobody has seen of them."""
    below = equations_below(run.program.method, _judged(verdict))
    whats = {verdict.rule.id, *below, *(what for what in run.usages if what.partition(".")[2])}  # and all defaults
    cells = [(table, cell) for one in (run, run.exactly()) for what in whats for table, _, cell in looked_up(one, what)]
    unseen = {table.id: table.incomplete for table, _ in cells if table.incomplete}
    found = _written(verdict, run, below) | {cell.evidence for _, cell in cells}
    return replace(
        verdict, grade=_grade(verdict, run, found, bool(unseen)), unseen=joined(unseen.values()) if unseen else {}
    )


def _grade(verdict: Verdict, run: Run, evidence: set[str], incomplete: bool) -> Grade:
    if incomplete or "recalled" in evidence or verdict.judgement is Judgement.UNDECIDED:
        return Grade.NONE
    return Grade.FORMAL if evidence <= {"official"} and run.period.whole_years else Grade.REFERENCE


def _judged(verdict: Verdict) -> tuple[ex.Node, ...]:
    """What the verdict compares; a plant's own limit is its own word."""
    return (verdict.rule.indicator,) if verdict.own_reason else verdict.rule.nodes


def _written(verdict: Verdict, run: Run, below: Iterable[str]) -> set[str]:
    """The evidence of the equations and constants that indicator, limit and the defaults taken rest on."""
    method = run.program.method
    trees = [*_judged(verdict), *(node for name in below for node in method.equations[name].nodes)]
    trees += [
        compiled.node
        for (sheet, column), compiled in run.program.defaults.items()
        if compiled.node is not None and run.ledger[sheet].filled.get(column, np.zeros(1, dtype=bool)).any()
    ]
    names = {name for tree in trees for name in tree.names()}
    found = {method.equations[name].evidence for name in below}
    found |= {"user"} if verdict.own_reason else set()
    return found | {constant.evidence for name, constant in method.constants.items() if name in names}
