"""What replacing an item by one of a better grade would save in a year, by the equation of its method.

Nothing is assumed: without its load, hours or yearly energy an item has no saving.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from carbonstd import _expression as ex
from carbonstd._equipment_record import Graded, Input, Saving, Terms
from carbonstd._library import Library
from carbonstd._limits import Question, run_plant
from carbonstd._limits_input import Subject, object_sheet
from carbonstd._result import Result
from carbonstd._verdict import equations_below

SAVING = "annual_saving"  # the equation of a method, over its grades


def savings(
    subject: Subject, graded: Graded, library: Library, question: Question, terms: Terms
) -> tuple[tuple[Saving, ...], tuple[Input, ...]]:
    """The savings by each grade better than that of an item, with what they were reckoned from."""
    if not graded.decided or SAVING not in library.method(graded.method).equations:
        return (), ()
    result = run_plant(replace(subject, standard=graded.method), library, question)
    unit_text = result.method.equations[SAVING].unit.text
    values = {key[0]: value for key, value in result.values(SAVING).items() if math.isfinite(value)}
    order = graded.order
    better = order[: order.index(graded.grade)] if graded.grade else order
    found = tuple(terms.saving(grade, values[grade], unit_text) for grade in better if grade in values)
    return found, tuple(_inputs(result)) if found else ()


def _inputs(result: Result) -> Iterator[Input]:
    """The figures of the list below the saving, as read."""
    method = result.method
    nodes = method.equations[SAVING].nodes
    below = equations_below(method, method.verdicts[0], nodes)
    trees = [*nodes, *(tree for name in below for tree in method.equations[name].nodes)]
    names = {node.name for tree in trees for node in tree.walk() if isinstance(node, ex.Name)}
    sheet = object_sheet(method)
    numbers = result._run.ledger[sheet.id].numbers
    for column in sheet.columns.values():
        if column.name in names and column.kind == "number":
            yield Input(column.label, float(numbers[column.name][0]), column.unit.text)
