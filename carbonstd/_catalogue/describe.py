"""Methods, tables, vocabularies and their headers as plain data: what `--json` of `list` and `show` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from carbonstd._definitions.document import Document
from carbonstd._definitions.header import Header
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Check, Column, Equation, Method, ReportLine, Sheet, Slot
from carbonstd._definitions.register import Entry
from carbonstd._definitions.register_words import standing
from carbonstd._definitions.row_words import key_words, row_words
from carbonstd._definitions.schema import Bilingual, same
from carbonstd._definitions.table import Cell, Match, Row, Table, TableColumn
from carbonstd._definitions.vocabulary import Vocabulary
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from carbonstd._plan.requirements import Requirement
from carbonstd._units import Unit
from carbonstd.models import registry

Data = dict[str, Any]


def describe_header(header: Header) -> Data:
    """What `list` shows of a table or method."""
    document = header.document
    return {
        "id": header.id, "title": dict(header.title), "level": header.level, "document": document.number,
        "issued": _day(document.issued), "in_force": _day(document.in_force), "until": _day(document.until),
        "superseded_by": document.superseded_by, "published": _day(header.published),
        "data_period": str(header.data_period) if header.data_period else None, "regimes": list(header.regimes),
        "aliases": list(header.aliases), "industries": list(header.industries), "user": header.user,
    }  # fmt: skip


def describe_method(method: Method, library: Library) -> Data:
    """A method with its parts resolved: everything a run of it rests on."""
    return {
        "kind": "method", "id": method.id, "title": dict(method.title), "document": _document(method.document),
        "newer": _newer(method.document, library),
        "level": method.level, "regime": method.regime, "regime_labels": _regimes([method.regime], library),
        "period": method.period,
        "gases": list(method.gases), "boundary": dict(method.boundary),
        "aliases": list(method.aliases), "industries": list(method.industries),
        "tables": [_slot(slot, library) for slot in method.slots.values()],
        "constants": [
            {
                "id": item.name, "symbol": item.symbol, "label": dict(item.label), "value": item.text,
                "unit": item.unit.text, "clause": item.clause, "evidence": item.evidence, "note": dict(item.note),
            }
            for item in method.constants.values()
        ],
        "sheets": [_sheet(sheet, method) for sheet in method.sheets.values()],
        "equations": [_equation(equation, method) for equation in method.equations.values()],
        "panels": [
            {
                "id": panel.id, "title": dict(panel.title), "equations": list(panel.equations),
                "largest": panel.largest or None, "of": panel.of or None, "across": panel.across or None,
            }
            for panel in method.panels
        ],
        "checks": [_check(check, method) for check in method.checks],
        "lines": [_line(line, method) for line in method.lines if not line.total],
        "totals": [_line(line, method) for line in method.totals],
        "plan": [_requirement(item, library) for item in method.plan.values()],
        "errata": [_erratum(item) for item in method.errata],
        "notes": [dict(note) for note in method.notes],
    }  # fmt: skip


def describe_table(table: Table, library: Library) -> Data:
    """A table with every cell: figure as printed, state, evidence and source."""
    return {
        "kind": "table", "id": table.id, "title": dict(table.title), "document": _document(table.document),
        "newer": _newer(table.document, library),
        "clause": table.clause, "published": _day(table.published),
        "data_period": str(table.data_period) if table.data_period else None, "regimes": list(table.regimes),
        "regime_labels": _regimes(table.regimes, library),
        "licence": dict(table.licence), "note": dict(table.note), "hash": table.hash,
        "incomplete": dict(table.incomplete) if table.incomplete else None,
        "keys": [
            {
                "id": key.name, "label": dict(key.label), "vocabulary": key.vocabulary,
                "unit": key.unit.text if key.unit is not None else None,
            }
            for key in table.keys.values()
        ],
        "columns": [_table_column(column) for column in table.columns.values()],
        "rows": [_row(row, table, library) for row in table.rows],
        "errata": [_erratum(item) for item in table.errata],
    }  # fmt: skip


def describe_vocabulary(vocabulary: Vocabulary) -> Data:
    """A vocabulary: its terms with every accepted name."""
    return {
        "kind": "vocabulary", "id": vocabulary.id,
        "terms": [
            {"key": term.key, "label": term.names, "aliases": list(term.aliases)}
            for term in vocabulary.terms.values()
        ],
    }  # fmt: skip


def describe_standards(entries: Iterable[Entry], library: Library) -> Data:
    """Entries of the register, newest first: `show` prints them where nothing of a document is held."""
    newest = reversed(list(entries))
    return {"kind": "standards", "standards": [describe_entry(entry, library) for entry in newest]}


def describe_entry(entry: Entry, library: Library) -> Data:
    """An entry of the register, with what of it is held and what replaced it."""
    return {
        "number": entry.number, "title": dict(entry.title), "kind": entry.kind, "level": entry.level,
        "issued": entry.issued or None, "in_force": entry.in_force or None, "until": entry.until or None,
        "status": entry.status, "known": str(entry.known), **_held(entry, library),
        "supersedes": list(entry.supersedes), "superseded_by": list(entry.superseded_by),
        "newer": [_successor(item, library) for item in library.register.chain(entry)],
        "see": list(entry.see), "aliases": list(entry.aliases),
        "evidence": entry.evidence, "source": dict(entry.source), "note": dict(entry.note),
    }  # fmt: skip


def _regimes(regimes: Iterable[str], library: Library) -> Data:
    """Regimes, each with its name in both languages."""
    known = library.vocabulary("regimes")
    return {key: dict(known.terms[key].names) if key in known.terms else same(key) for key in regimes if key}


def _newer(document: Document, library: Library) -> list[Data]:
    """What replaced a document, and what replaced that, nearest first; nothing is said of the day it is read on."""
    register = library.register
    found = {item.number: item for entry in register.of(document.number) for item in register.chain(entry)}
    return [_successor(item, library) for item in found.values()]


def _successor(entry: Entry, library: Library) -> Data:
    return {
        "number": entry.number, "in_force": entry.in_force or None, "status": entry.status,
        "text": dict(standing(entry, library)), **_held(entry, library),
    }  # fmt: skip


def _held(entry: Entry, library: Library) -> Data:
    """`runs` where a method has this document, `table` where only tables have it, `listed` where nothing has."""
    ids = [header.id for header in library.held(entry)]
    methods = [name for name in ids if name in library.method_headers]
    tables = [name for name in ids if name in library.table_headers]
    return {"held": "runs" if methods else "table" if tables else "listed", "methods": methods, "tables": tables}


def symbols(method: Method, sheet: str) -> Callable[[str], str]:
    """The document's symbol for a name as seen from an equation of `sheet`; the name itself where it has none."""

    def symbol(name: str) -> str:
        if sheet and name in method.sheets[sheet].columns:
            return method.sheets[sheet].columns[name].symbol or name
        if name in method.equations:
            return method.equations[name].symbol or name
        if name in method.constants:
            return method.constants[name].symbol or name
        return name

    return symbol


def _document(document: Document) -> Data:
    return {
        "number": document.number, "title": dict(document.title or {}), "issued": _day(document.issued),
        "in_force": _day(document.in_force), "until": _day(document.until), "superseded_by": document.superseded_by,
        "url": document.url,
    }  # fmt: skip


def _slot(slot: Slot, library: Library) -> Data:
    found = [library.find(name, library.table_headers) for name in slot.tables]
    editions = found if slot.edition or slot.by else library.editions(found[0].family, library.table_headers)
    return {
        "slot": slot.name, "table": slot.table, "select": slot.select, "edition": slot.edition or None,
        "on": _day(slot.on), "by": slot.by or None, "clause": slot.clause,
        "editions": [
            {
                "id": item.id, "in_force": _day(item.document.in_force), "published": _day(item.published),
                "data_period": str(item.data_period) if item.data_period else None,
            }
            for item in editions
        ],
    }  # fmt: skip


def _sheet(sheet: Sheet, method: Method) -> Data:
    return {
        "id": sheet.id, "kind": sheet.kind, "label": dict(sheet.label), "single": sheet.single,
        "required": sheet.required, "every_month": sheet.every_month, "note": dict(sheet.note),
        "columns": [_column(column, sheet, method) for column in sheet.columns.values()],
    }  # fmt: skip


def _column(column: Column, sheet: Sheet, method: Method) -> Data:
    return {
        "id": column.name, "label": dict(column.label), "kind": column.kind, "symbol": column.symbol,
        "units": _units(column.units) if column.kind == "number" else {}, "basis": column.basis,
        "vocabulary": column.vocabulary, "required": column.required,
        "needed": _formula(column.needed, sheet.id, method),
        "default": _formula(column.default, sheet.id, method), "default_clause": column.default_clause,
        "min": _number(column.minimum) if column.kind == "number" else None,
        "max": None if column.by_basis else _number(column.maximum),
        "max_by_basis": {basis: _number(bound) for basis, bound in column.maxima.items()} if column.by_basis else {},
        "wide": column.wide, "help": dict(column.help), "aliases": list(column.aliases),
    }  # fmt: skip


def _equation(equation: Equation, method: Method) -> Data:
    return {
        "id": equation.id, "label": dict(equation.label), "number": equation.number, "clause": equation.clause,
        "symbol": equation.symbol, "unit": equation.unit.text, "sheet": equation.sheet,
        "formula": _formula(equation.expression, equation.sheet, method) or _called(equation, method),
        "expression": printed(equation.expression) if equation.expression is not None else None,
        "call": equation.call or None, "model": (equation.call and registry()[equation.call].formula) or None,
        "args": {name: printed(node) for name, node in equation.arguments.items()},
        "as_printed": equation.as_printed or None, "evidence": equation.evidence, "note": dict(equation.note),
        "numeric": equation.numeric, "apart": equation.apart, "file": _file(equation.line), "line": int(equation.line),
    }  # fmt: skip


def _called(equation: Equation, method: Method) -> str:
    symbol = symbols(method, equation.sheet)
    arguments = ", ".join(f"{name} = {printed(node, symbol)}" for name, node in equation.arguments.items())
    return f"{equation.call}({arguments})"


def _check(check: Check, method: Method) -> Data:
    return {
        "id": check.id, "sheet": check.sheet, "condition": _formula(check.condition, check.sheet, method),
        "message": dict(check.message), "severity": check.severity, "refuses": check.refuses, "clause": check.clause,
        "label": dict(check.label),
    }  # fmt: skip


def _line(line: ReportLine, method: Method) -> Data:
    return {
        "id": line.id, "label": dict(line.label), "equation": line.equation,
        "unit": method.equations[line.equation].unit.text, "bucket": line.bucket, "gas": line.gas, "scope": line.scope,
        "category": line.category, "iso_14064_1": line.iso, "sign": line.sign, "memo": line.memo,
        "primary": line is method.primary, "digits": line.digits, "table": line.table,
        "when": None if line.when is None else _formula(line.when, "", method),
    }  # fmt: skip


def _erratum(erratum: Mapping[str, Bilingual]) -> Data:
    return {name: dict(text) for name, text in erratum.items()}


def _requirement(item: Requirement, library: Library) -> Data:
    terms = library.vocabulary("plan_frequencies").terms
    return {
        "parameter": item.parameter, "requires": dict(item.requires), "frequency": item.frequency or None,
        "often": {part: terms[item.frequency].label(part) for part in ("zh", "en")} if item.frequency else None,
        "missing": dict(item.missing) or None, "clause": item.clause, "evidence": item.evidence,
        "note": dict(item.note),
    }  # fmt: skip


def _table_column(column: TableColumn) -> Data:
    return {
        "id": column.name, "label": dict(column.label), "symbol": column.symbol,
        "units": {} if column.text else _units(column.units), "basis": column.basis, "axis": column.axis,
        "text": column.text, "nested": column.nested,
    }  # fmt: skip


def _row(row: Row, table: Table, library: Library) -> Data:
    labels = {
        name: key_words(table.keys[name], match, library)
        for name, match in row.match.items()
        if library.key_vocabulary(table.keys[name])
    }
    cells = {
        name: _cell(cell) if isinstance(cell, Cell) else {label: _cell(part) for label, part in cell.items()}
        for name, cell in row.cells.items()
    }
    return {
        "match": {name: plain_match(item) for name, item in row.match.items()}, "labels": labels,
        "words": row_words(table, row, library), "cells": cells,
        "listed": row.listed, "note": dict(row.note), "line": int(row.line),
    }  # fmt: skip


def plain_match(match: Match) -> str | list[str]:
    """What a row is found by: a label, labels, a number, or a band as text."""
    return list(match) if isinstance(match, tuple) else str(match)


def _cell(cell: Cell) -> Data:
    return {
        "value": _number(cell.value), "text": cell.text, "state": cell.state, "evidence": cell.evidence,
        "source": dict(cell.source), "low": _number(cell.low), "high": _number(cell.high), "note": dict(cell.note),
        "clause": cell.clause or None,
    }  # fmt: skip


def _units(units: Mapping[str, Unit]) -> Data:
    return {basis: unit.text for basis, unit in units.items()}


def _formula(node: ex.Node | None, sheet: str, method: Method) -> str | None:
    return None if node is None else printed(node, symbols(method, sheet))


def _file(line: int) -> str:
    """The definition file of a line, as a path below `methods/`."""
    parts = str(getattr(line, "path", "")).replace("\\", "/").split("/methods/")
    return parts[-1]


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _day(value: date | None) -> str | None:
    return None if value is None else str(value)
