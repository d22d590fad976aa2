"""A method, a table or a result in a notebook: one line for `repr`, one table of HTML.

A session never prints kilobytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonstd._catalogue.describe import plain_match
from carbonstd._html import both, html_of
from carbonstd._wording import EVIDENCE_TEXT, STATE_TEXT

if TYPE_CHECKING:
    from carbonstd._definitions.method import Method
    from carbonstd._definitions.table import Cell, Row, Table

_EQUATIONS = ("编号 number", "符号 symbol", "公式 equation", "单位 unit", "条款 clause", "证据 evidence")
_MOST_ROWS = 60  # rows of a table that a notebook shows; `numbers` and `cell` give the others


def method_line(method: Method) -> str:
    return (
        f"<Method {method.id} {method.document.number}: {len(method.sheets)} sheets, "
        f"{len(method.equations)} equations, {len(method.lines)} lines>"
    )


def table_line(table: Table) -> str:
    return (
        f"<Table {table.id} {table.document.number}: {len(table.rows)} rows by {', '.join(table.keys) or 'no key'}; "
        f"{', '.join(table.columns)}>"
    )


def method_html(method: Method) -> str:
    """The numbered equations with their clauses and evidence."""
    rows = [
        (
            item.number,
            item.symbol or item.id,
            both(item.label),
            item.unit.text,
            item.clause,
            both(EVIDENCE_TEXT[item.evidence]),
        )
        for item in method.equations.values()
        if item.number
    ]
    title = f"{method.document.number} {method.title['zh']} {method.title['en']} ({method.id})"
    return html_of(title, _EQUATIONS, rows)


def table_html(table: Table) -> str:
    """Its first rows: keys, then the cells as printed."""
    names = list(table.columns)
    rows = [
        (*(_key(row, key) for key in table.keys), *(_cell(table, index, name) for name in names))
        for index, row in enumerate(table.rows[:_MOST_ROWS])
    ]
    more = f"; 另有 {len(table.rows) - _MOST_ROWS} 行 more rows" if len(table.rows) > _MOST_ROWS else ""
    title = f"{table.document.number} {table.clause} {table.title['zh']} {table.title['en']} ({table.id}{more})"
    units = [" | ".join(unit.text for unit in table.columns[name].units.values()) for name in names]
    heads = [name if unit == "1" else f"{name} [{unit}]" for name, unit in zip(names, units, strict=True)]
    return html_of(title, (*table.keys, *heads), rows)


def _key(row: Row, key: str) -> str:
    match = plain_match(row.match[key]) if key in row.match else ""
    return match if isinstance(match, str) else ", ".join(match)


def _cell(table: Table, row: int, column: str) -> str:
    held = table.rows[row].cells.get(column)
    if held is None:
        return ""
    if isinstance(held, dict):
        return ", ".join(f"{label}: {_text(cell)}" for label, cell in held.items())
    return _text(table.cell(row, column))


def _text(cell: Cell) -> str:
    return "—" if cell.state == "dash" else cell.text or STATE_TEXT.get(cell.state, {}).get("en", cell.state)
