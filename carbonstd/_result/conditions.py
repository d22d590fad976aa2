"""Conditions of a decision: the labelled checks of a method, each met, not met, or not stated for want of an answer.

A check without a label is told where it fails and otherwise silent. What is decided must say what was looked at as
well where it holds, or nobody sees what a decision rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonstd._definitions.method import Check
from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.array import Array, at_keys
from carbonstd._engine.run import Run
from carbonstd._ledger.arithmetic import FALSE, TRUE, UNKNOWN
from carbonstd._number import shown
from carbonstd._units import ONE, unit_text

CONDITION_TEXT: Mapping[str, Bilingual] = {
    "met": {"zh": "满足", "en": "holds"},
    "not_met": {"zh": "不满足", "en": "does not hold"},
    "not_stated": {"zh": "未说明", "en": "not stated"},
}


@dataclass(frozen=True)
class Condition:
    """A labelled check, how it came out (of several rows the worst counts) and what it looked at."""

    check: Check
    state: str
    values: str

    @property
    def said(self) -> Bilingual:
        return CONDITION_TEXT[self.state]

    def as_dict(self) -> dict[str, Any]:
        check = self.check
        label = dict(check.label)
        return {"id": check.id, "label": label, "state": self.state, "values": self.values, "clause": check.clause}


def conditions(run: Run) -> tuple[Condition, ...]:
    """The labelled checks of the method that was run, in its order."""
    return tuple(_condition(check, run) for check in run.program.method.checks if check.label)


def looked_at(check: Check, run: Run, array: Array, index: int) -> str:
    """The numbers and labels a check looked at, by name, for the reader: those of its row, form or keys."""
    parts, sheet = [], array.frame.sheet or check.sheet
    for name in dict.fromkeys(check.condition.names()):
        if sheet and name in run.ledger[sheet].sheet.columns:
            found = run.column(sheet, name)
        elif name in run.program.method.equations:
            found = run.equation(name)
        else:
            continue
        value = _figure(found, run, array, index)
        if value is None:
            continue
        text = [*run.axes.labels.get(found.labels, []), ""][int(value)] or "—" if found.labels else shown(float(value))
        told = "" if found.labels or not check.label else _unit_of(name, sheet, run, index)
        parts.append(f"{name} = {text} {told}".rstrip())
    return ", ".join(parts)


def _figure(found: Array, run: Run, array: Array, index: int) -> Any:
    """What stands at the one place of a check, by its row or keys; None for what is of other rows."""
    frame, axes = array.frame, found.frame.axes
    if found.frame.scalar:
        return found.data[0]
    if axes and array.keys is not None and set(axes) <= set(frame.axes):
        return at_keys(found, run.axes.narrowed(frame.axes, array.keys[[index]], axes))[0]
    if axes and frame.sheet and set(axes) <= set(run.ledger[frame.sheet].codes):
        codes = [run.ledger[frame.sheet].codes[axis][[index]] for axis in axes]
        return at_keys(found, run.axes.ravel(axes, codes))[0]
    return found.data[index] if found.frame == frame else None


def _unit_of(name: str, sheet: str, run: Run, index: int) -> str:
    """The unit of a figure, which may hang on the basis of its row; nothing for a bare number."""
    data = run.ledger[sheet]
    if name not in data.sheet.columns:
        unit = run.program.method.equations[name].unit
    else:
        units = list(data.sheet.columns[name].units.values())
        unit = units[0] if data.basis is None or len(units) == 1 else units[max(int(data.basis[index]), 0)]
    return "" if unit == ONE else unit_text(unit)


def _condition(check: Check, run: Run) -> Condition:
    array = run.evaluate(run.program.checks[check.id], check.sheet, f"check {check.id}")
    if not len(array.data):
        return Condition(check, "not_stated", "")
    worst = int(np.argmin(array.data))
    return Condition(check, _STATES[int(array.data[worst])], looked_at(check, run, array, worst))


_STATES = {int(FALSE): "not_met", int(UNKNOWN): "not_stated", int(TRUE): "met"}
