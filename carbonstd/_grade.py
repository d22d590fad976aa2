"""How far a verdict may go: a formal comparison, one for reference, or none.

Only a formal comparison says that something complies. It needs limit, class, correction and equations that were all
seen in the official text, and whole years. Nothing is judged where a level is open, anything is recalled, or a table
says that a correction of its figures was never seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonstd._evidence import looked_up
from carbonstd._verdict import Grade, Judgement, Verdict, equations_below

if TYPE_CHECKING:
    from carbonstd._run import Run


def grade(verdict: Verdict, run: Run) -> Grade:
    """The grade of a verdict of this run."""
    found = _evidence(verdict, run)
    if "recalled" in found or verdict.judgement is Judgement.UNDECIDED:
        return Grade.NONE
    return Grade.FORMAL if found <= {"official"} and run.period.whole_years else Grade.REFERENCE


def _evidence(verdict: Verdict, run: Run) -> set[str]:
    """The evidence of all that indicator, limit and the defaults taken rest on; a plant's own limit is its own word."""
    method, rule = run.program.method, verdict.rule
    judged = (rule.indicator,) if verdict.own_reason else rule.nodes
    below = equations_below(method, rule, judged)
    trees = [*judged, *(node for name in below for node in method.equations[name].nodes)]
    trees += [
        compiled.node
        for (sheet, column), compiled in run.program.defaults.items()
        if compiled.node is not None and run.ledger[sheet].filled.get(column, np.zeros(1, dtype=bool)).any()
    ]
    names = {name for tree in trees for name in tree.names()}
    whats = {rule.id, *below, *(what for what in run.usages if what.partition(".")[2])}  # and all defaults
    found = {method.equations[name].evidence for name in below}
    found |= {"user"} if verdict.own_reason else set()
    found |= {constant.evidence for name, constant in method.constants.items() if name in names}
    return found | {
        "recalled" if table.incomplete else cell.evidence
        for one in (run, run.exactly())
        for what in whats
        for table, _, cell in looked_up(one, what)
    }
