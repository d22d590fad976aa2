"""What replacing an item by one of a better grade would save in a year, by the equation of its method.

Nothing is assumed: without its load, hours or yearly energy an item has no saving. Nor does such a cell cost the grade
where it cannot be read: then the saving alone is refused.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from carbonstd._case.case import Case
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual, joined
from carbonstd._equipment.record import Graded, Input, Saving, Terms
from carbonstd._findings import Finding, Severity, finding
from carbonstd._language import expression as ex
from carbonstd._ledger.axes import Axes
from carbonstd._ledger.ledger import SheetData, find_sheet
from carbonstd._ledger.reader import LedgerReader
from carbonstd._limits.input import class_columns, object_sheet, without_columns
from carbonstd._naming import Names
from carbonstd._result.result import Result

SAVING = "annual_saving"  # the equation of a method, over its grades
REFUSED = "equipment-saving-refused"


@dataclass(frozen=True)
class Saved:
    """The savings by each grade better than that of an item, what they were reckoned from, and why there are none.

    `unit` is that of the savings the method reckons; empty where it reckons none.
    """

    savings: tuple[Saving, ...] = ()
    inputs: tuple[Input, ...] = ()
    unit: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Reckoned:
    """What a run says of savings: the amount by each grade, from what, and what is missing for it."""

    amounts: Mapping[str, float]
    unit: str
    inputs: tuple[Input, ...]
    incomplete: tuple[Finding, ...]


def reckoned(result: Result, place: str, library: Library) -> Reckoned | None:
    """What is kept of a run for the savings of its item; None where its method reckons none."""
    if SAVING not in result.method.equations:
        return None
    amounts = {key[0]: value for key, value in result.values(SAVING).items() if math.isfinite(value)}
    unit_text = result.method.equations[SAVING].unit.text
    return Reckoned(amounts, unit_text, tuple(_inputs(result)), tuple(_incomplete(result, place, library)))


def saved(graded: Graded, held: Reckoned | None, terms: Terms, count: int = 1) -> Saved:
    """What better items would save in the place of one, or of `count` that are alike."""
    if not graded.decided or held is None:
        return Saved()
    found = tuple(
        terms.saving(grade, held.amounts[grade] * count, held.unit) for grade in graded.better if grade in held.amounts
    )
    if found:
        return Saved(found, held.inputs, held.unit)
    refused = any(item.code == REFUSED for item in graded.findings)
    return Saved(unit=held.unit, findings=() if refused or not graded.better else held.incomplete)


def readable(case: Case, method: Method, library: Library) -> tuple[Case, list[Finding]]:
    """A case without the cells that only its saving needs and nobody can read, and what is wrong with them."""
    sheet = object_sheet(method)
    raw = find_sheet(case, method, sheet)
    places = {raw.place(name, 0): name for name in spare_columns(method, library) if name in raw.columns} if raw else {}
    if not places:
        return case, []
    reader = LedgerReader(case, method, library, Axes())
    reader.numbers(reader.labels()[sheet.id])
    wrong = [
        item for item in (*case.findings, *reader.findings) if item.severity is Severity.ERROR and item.place in places
    ]
    kept = [item for item in case.findings if item not in wrong]
    names = Names(method, library)
    told = [finding(REFUSED, item.place, reason=_said(names.finding(item))) for item in wrong]
    return replace(without_columns(case, {places[item.place] for item in wrong}, method), findings=kept), told


def spare_columns(method: Method, library: Library) -> set[str]:
    """The numbers of an item that its saving needs and neither its verdicts nor its class do; a check may."""
    if SAVING not in method.equations:
        return set()
    sheet = object_sheet(method)
    judged = _names(
        method, [node for rule in method.verdicts for node in (*rule.nodes, rule.when, rule.required) if node]
    )
    judged |= set(class_columns(method, library))
    return {
        name
        for name in _names(method, method.equations[SAVING].nodes) - judged
        if name in sheet.columns and sheet.columns[name].kind == "number" and not sheet.columns[name].required
    }


def _said(item: Finding) -> Bilingual:
    return {"zh": item.says("zh"), "en": item.says("en")}


def _names(method: Method, nodes: Sequence[ex.Node], apart: Collection[str] = ()) -> set[str]:
    """Every name below some trees, through the equations they rest on; not through those `apart`."""
    found, pending = set[str](), list(nodes)
    while pending:
        new = set(pending.pop().names()) - found
        found |= new
        pending += [
            tree
            for name in new
            if name in method.equations and name not in apart
            for tree in method.equations[name].nodes
        ]
    return found


def _inputs(result: Result) -> Iterator[Input]:
    """The figures of the list below the saving, as read; not those that the grades' own limits are found by."""
    method, sheet = result.method, object_sheet(result.method)
    limits = {node.name for rule in method.verdicts for node in (rule.limit,) if isinstance(node, ex.Name)}
    names = _names(method, method.equations[SAVING].nodes, limits)
    numbers = result._run.ledger[sheet.id].numbers
    for column in sheet.columns.values():
        if column.name in names and column.kind == "number":
            yield Input(column.label, float(numbers[column.name][0]), column.unit.text)


def _incomplete(result: Result, place: str, library: Library) -> Iterator[Finding]:
    """That some figures of a saving were given and others were not; nothing where none was."""
    data = result._run.ledger[object_sheet(result.method).id]
    columns = data.sheet.columns
    spare = spare_columns(result.method, library)
    typed = [name for name in columns if name in spare and _typed(data, name)]
    blank = [item.label for item in _inputs(result) if math.isnan(item.value)]
    if typed and blank:
        filled = [columns[name].label for name in typed]
        yield finding("equipment-saving-incomplete", place, filled=_listed(filled), missing=_listed(blank))


def _typed(data: SheetData, name: str) -> bool:
    """Whether a figure was given, and not by a default."""
    default = data.filled.get(name, np.zeros(1, dtype=bool))
    return not bool(np.isnan(data.numbers[name][0]) or default[0])


def _listed(labels: list[Bilingual]) -> Bilingual:
    return joined({part: f"“{text}”" for part, text in label.items()} for label in labels)
