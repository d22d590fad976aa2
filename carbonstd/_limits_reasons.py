"""Why a plant was refused, in as few findings as a reader needs: causes, and not what only follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from carbonstd import _expression as ex
from carbonstd._case import Case
from carbonstd._cells import blank
from carbonstd._findings import Finding, Severity, finding
from carbonstd._ledger import find_sheet
from carbonstd._library import Library
from carbonstd._limits_input import object_sheet
from carbonstd._method import Method

_UNLABELLED = ("missing-value", "missing-label", "unknown-label")
_SUCCESSION = ("newer-edition", "period-before-document")
_FOLLOWS = ("no-row", "missing-operand")  # what a blank class leads to


def refusal(findings: Sequence[Finding], case: Case, method: Method, library: Library) -> list[Finding]:
    """Why a case was refused. Where its class is blank that is said, and not what only follows from it."""
    findings = _without_consequences(findings, method)
    if not any(item.code == "no-row" for item in findings):
        return findings
    sheet = object_sheet(method)
    raw = find_sheet(case, method, sheet)
    tables = [library.table(name) for slot in method.slots.values() for name in slot.tables]
    keys = dict.fromkeys(name for table in tables for name in table.keys if name in sheet.columns)
    blanks = []
    for name in keys:
        column = sheet.columns[name]
        if column.default is None and all(map(blank, raw.columns.get(name, ()) if raw else ())):
            place = raw.place(name, 0) if raw and name in raw.columns else f"{sheet.id}.{name}"
            terms = library.vocabulary(column.vocabulary).terms.values() if column.vocabulary else ()
            listed = {"zh": "、".join(term.zh for term in terms), "en": ", ".join(term.en for term in terms)}
            blanks.append(finding("limits-class-blank", place, column=column.label, classes=listed))
    return [*blanks, *(item for item in findings if not blanks or item.code not in _FOLLOWS)]


def each_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What several editions refused a plant for, each once; that each was replaced by the next is known."""
    kept = (item for item in findings if item.code not in _SUCCESSION)
    yield from {(item.code, item.place, item.message("en")): item for item in kept}.values()


def beside_a_total(item: Finding) -> bool:
    """Whether a finding only says that the ledger of energies is empty: a total or a known value stands for it."""
    return item.code == "sheet-empty" and item.place == "energy"


def _without_consequences(findings: Sequence[Finding], method: Method) -> list[Finding]:
    """Findings of a refused case without those that only follow from another, recalled figures told once a table.

    Where a label is blank or unknown nobody can say which further columns are asked for, and which checks hold; nor
    does a check tell anything on a column that is blank.
    """
    columns = object_sheet(method).columns
    classes = [column.label for column in columns.values() if column.vocabulary and column.needed is None]
    asked = [column.label for column in columns.values() if column.needed is not None]
    blanks = [item.values.get("column") for item in findings if item.code in _UNLABELLED]
    classless = any(label in classes for label in blanks)
    idle = [
        check.message
        for check in method.checks
        if any(
            isinstance(node, ex.Name) and node.name in columns and columns[node.name].label in blanks
            for node in check.condition.walk()
        )
    ]

    def follows(item: Finding) -> bool:
        if item.code == "check-failed":
            return classless or item.values.get("message") in idle
        return classless and item.code in _UNLABELLED and item.values.get("column") in asked

    found: dict[Any, Finding] = {}
    for item in findings:
        if item.code == "recalled-default" and str(item.values["table"]).startswith(("limits/", "equipment/")):
            table = item.values["table"]
            found.setdefault(table, finding("limits-recalled", str(table), item.clause, table=table))
        elif not beside_a_total(item) and not follows(item):
            found[len(found)] = item
    grounds = [item for item in found.values() if item.severity is Severity.ERROR and item.code != "missing-operand"]
    return [item for item in found.values() if not grounds or item.code != "missing-operand"]
