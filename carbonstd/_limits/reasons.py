"""Why a plant was refused, in as few findings as a reader needs: causes, and not what only follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from carbonstd._case.case import Case
from carbonstd._case.cells import as_text, blank
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import joined
from carbonstd._definitions.table import Row, Table
from carbonstd._findings import Finding, Severity, finding
from carbonstd._language import expression as ex
from carbonstd._ledger.ledger import find_sheet
from carbonstd._limits.input import class_columns, class_tables, object_sheet

_UNLABELLED = ("missing-value", "missing-label", "unknown-label")
_SUCCESSION = ("newer-edition", "period-before-document")
_OF_LIMITS = ("limits/", "equipment/", "vehicles/")  # tables whose figures are limits
_FOLLOWS = ("no-row", "missing-operand")  # what a blank class leads to


def refusal(findings: Sequence[Finding], case: Case, method: Method, library: Library) -> list[Finding]:
    """Why a case was refused. Where its class is blank that is said, and not what only follows from it."""
    findings = _without_consequences(findings, method)
    if not any(item.code == "no-row" for item in findings):
        return findings
    blanks = list(_blank_classes(case, method, library))
    told = {item.place for item in blanks}
    left = (item for item in findings if item.code != "missing-value" or item.place not in told)
    return [*blanks, *(item for item in left if not blanks or item.code not in _FOLLOWS)]


def _blank_classes(case: Case, method: Method, library: Library) -> Iterator[Finding]:
    """The blank columns without which no row of a table is found: those that a row of the plant's own labels asks for.

    A hot-water boiler has no evaporation; where a label is blank nobody can say which figures its class has.
    """
    sheet = object_sheet(method)
    raw = find_sheet(case, method, sheet)
    typed = {name: cells[0] for name, cells in raw.columns.items() if len(cells) == 1} if raw else {}
    columns = [sheet.columns[name] for name in class_columns(method, library)]
    labels = {
        column.name: library.vocabulary(column.vocabulary).resolve(as_text(typed[column.name]))
        for column in columns
        if column.vocabulary and not blank(typed.get(column.name))
    }
    asked = {name for table in class_tables(method, library) for row in _rows(table, labels) for name in row.match}
    empty = [item for item in columns if item.name in asked and item.default is None and blank(typed.get(item.name))]
    for column in [item for item in empty if item.vocabulary] or empty:
        place = raw.place(column.name, 0) if raw and column.name in raw.columns else f"{sheet.id}.{column.name}"
        terms = library.vocabulary(column.vocabulary).terms.values() if column.vocabulary else ()
        classes = joined(term.names for term in terms)
        yield finding("limits-class-blank", place, column=column.label, classes=classes)


def _rows(table: Table, labels: Mapping[str, str | None]) -> Iterator[Row]:
    """The rows of a table that some labels do not rule out."""
    for row in table.rows:
        held = ((labels[name], row.match[name]) for name in labels if name in row.match)
        if all(label in (match if isinstance(match, tuple) else (match,)) for label, match in held):
            yield row


def why_not_judged(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of a plant whose method judges nothing as entered, with failed checks as the reason; else none."""
    failed = [item.code == "check-failed" for item in findings]
    if not any(failed):
        return []
    return [replace(item, severity=Severity.ERROR) if bad else item for item, bad in zip(findings, failed, strict=True)]


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
        if item.code == "recalled-default" and str(item.values["table"]).startswith(_OF_LIMITS):
            table = item.values["table"]
            found.setdefault(table, finding("limits-recalled", str(table), item.clause, table=table))
        elif not beside_a_total(item) and not follows(item):
            found[len(found)] = item
    grounds = [item for item in found.values() if item.severity is Severity.ERROR and not _follows(item)]
    return [item for item in found.values() if not grounds or not _follows(item)]


def _follows(item: Finding) -> bool:
    """Whether a finding says no more than that a figure is missing, which another one tells."""
    return item.code == "missing-operand" or (item.code == "check-failed" and bool(item.values.get("undecided")))
