"""Conditions of a decision: the labelled checks of a method, each met, not met, or not stated for want of an answer.

A check without a label is told where it fails and otherwise silent. What is decided must say what was looked at as
well where it holds, or nobody sees what a decision rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbonstd._arithmetic import FALSE, TRUE
from carbonstd._method import Check
from carbonstd._run import Run
from carbonstd._schema import Bilingual

CONDITION_TEXT: Mapping[str, Bilingual] = {
    "met": {"zh": "满足", "en": "holds"},
    "not_met": {"zh": "不满足", "en": "does not hold"},
    "not_stated": {"zh": "未说明", "en": "not stated"},
}


@dataclass(frozen=True)
class Condition:
    """A labelled check and how it came out; of several rows the worst counts."""

    check: Check
    state: str

    @property
    def said(self) -> Bilingual:
        return CONDITION_TEXT[self.state]

    def as_dict(self) -> dict[str, Any]:
        label = dict(self.check.label)
        return {"id": self.check.id, "label": label, "state": self.state, "clause": self.check.clause}


def conditions(run: Run) -> tuple[Condition, ...]:
    """The labelled checks of the method that was run, in its order."""
    program = run.program
    return tuple(Condition(check, _state(check, run)) for check in program.method.checks if check.label)


def _state(check: Check, run: Run) -> str:
    found = run.evaluate(run.program.checks[check.id], check.sheet, f"check {check.id}").data
    if (found == FALSE).any():
        return "not_met"
    return "met" if len(found) and (found == TRUE).all() else "not_stated"
