"""What a document asks of single parameters in a data quality control plan: the `plan:` of a method and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.schema import Bilingual, Fields, Problems
from carbonstd._near import suggest
from carbonstd._yaml import Map

if TYPE_CHECKING:
    from carbonstd._definitions.method import Sheet

ALL = "all"  # what is asked of every parameter
FREQUENCIES = ("continuous", "shift", "day", "lot", "month", "quarter", "year")  # vocabulary plan_frequencies


@dataclass(frozen=True)
class Requirement:
    """What is asked of one parameter, `sheet.column`, or of `all`.

    `frequency` is how often it is found at least; `missing` is what stands in where it was not found as asked.
    """

    parameter: str
    requires: Bilingual
    frequency: str = ""
    missing: Bilingual = field(default_factory=dict)
    clause: str = ""
    evidence: str = "secondary"
    note: Bilingual = field(default_factory=dict)
    line: int = 0


def placed(plan: Map, places: Mapping[str, str]) -> Map:
    """The `plan:` of a part, its sheets under the names the method gives them."""
    result = Map(line=plan.line)
    for name, value in plan.items():
        sheet, dot, column = name.partition(".")
        key = f"{places.get(sheet, sheet)}{dot}{column}"
        result[key], result.lines[key] = value, plan.lines[name]
    return result


def read_requirements(plan: Map, sheets: Mapping[str, Sheet], problems: Problems) -> dict[str, Requirement]:
    """The requirements by parameter; one on a column that no sheet has is a finding with its line."""
    parameters = parameters_of(sheets)
    found = {}
    for name, value in plan.items():
        if name not in (ALL, *parameters):
            values = {"name": name, "suggestion": suggest(name, parameters)}
            problems.add("method-plan-column", plan.lines[name], **values)
        item = Fields(value, problems, plan.lines[name])
        found[name] = Requirement(
            parameter=name,
            requires=item.bilingual("requires"),
            frequency=item.choice("frequency", FREQUENCIES, ""),
            missing=item.bilingual("missing", {}),
            clause=item.text("clause", ""),
            evidence=item.choice("evidence", EVIDENCE, "secondary"),
            note=item.bilingual("note", {}),
            line=item.line,
        )
        item.done()
    return found


def parameters_of(sheets: Mapping[str, Sheet]) -> list[str]:
    """Every column of numbers, as `sheet.column`."""
    return [
        f"{sheet.id}.{column.name}"
        for sheet in sheets.values()
        for column in sheet.columns.values()
        if column.kind == "number"
    ]
