"""A method, a table or a result in a notebook: one line for `repr`, one table of HTML.

A session never prints kilobytes.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from carbonstd._describe import plain_match
from carbonstd._number import shown
from carbonstd._uncertainty_text import interval_text, typed_text
from carbonstd._wording import EVIDENCE_TEXT, NOT_REPORTED, STATE_TEXT, judgement_text

if TYPE_CHECKING:
    from carbonstd._method import Method
    from carbonstd._result import Result
    from carbonstd._table import Cell, Row, Table
    from carbonstd._uncertainty_result import Uncertainty

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
            f"{item.label['zh']} {item.label['en']}",
            item.unit.text,
            item.clause,
            EVIDENCE_TEXT[item.evidence]["en"],
        )
        for item in method.equations.values()
        if item.number
    ]
    title = f"{method.document.number} {method.title['zh']} {method.title['en']} ({method.id})"
    return _html(title, ("number", "symbol", "equation", "unit", "clause", "evidence"), rows)


def table_html(table: Table) -> str:
    """Its first rows: keys, then the cells as printed."""
    names = list(table.columns)
    rows = [
        (*(_key(row, key) for key in table.keys), *(_cell(table, index, name) for name in names))
        for index, row in enumerate(table.rows[:_MOST_ROWS])
    ]
    more = f"; {len(table.rows) - _MOST_ROWS} more rows" if len(table.rows) > _MOST_ROWS else ""
    title = f"{table.document.number} {table.clause} {table.title['zh']} {table.title['en']} ({table.id}{more})"
    units = [" | ".join(unit.text for unit in table.columns[name].units.values()) for name in names]
    heads = [name if unit == "1" else f"{name} [{unit}]" for name, unit in zip(names, units, strict=True)]
    return _html(title, (*table.keys, *heads), rows)


def result_html(result: Result) -> str:
    """Lines and totals, with intervals where there are any; then the verdicts."""
    figures = result.intervals.figures if result.intervals else {}
    rows = [
        (
            f"{item.line.label['zh']} {item.line.label['en']}",
            item.printed if item.reported else NOT_REPORTED,
            item.unit,
            item.status.name.lower() if item.reported else "not reported",
            *([interval_text(figures[item.line.id].interval, "en")] if figures else []),
        )
        for item in (*result.lines, *result.total_lines)
    ]
    title = f"{result.case.title('zh')} · {result.method.id} · {result.case.period}"
    made = _html(title, ("line", "value", "unit", "status", *(["95 %"] if figures else [])), rows)
    judged = [
        (
            f"{verdict.rule.label['zh']} {verdict.rule.label['en']}",
            verdict.decisive.level,
            " ".join(dict.fromkeys(judgement_text(verdict.judgement, verdict.grade).values())),
            verdict.grade,
        )
        for verdict in result.verdicts
    ]
    return made + (_html("", ("indicator", "level", "judgement", "grade"), judged) if judged else "")


def uncertainty_html(found: Uncertainty) -> str:
    """Intervals of all totals and lines, then the largest sources of the main total's variance."""
    rows = [
        (
            item.id,
            shown(item.value),
            item.unit,
            *(interval_text(one, "en") for one in (item.approach_1, item.approach_2)),
        )
        for item in found.figures.values()
    ]
    sources = [
        (
            f"{item.share:.1%}",
            item.input.name["en"],
            typed_text(item.input),
            item.input.distribution,
            item.input.place,
        )
        for item in found.primary.contributors
    ]
    made = _html("95 %", ("figure", "value", "unit", "approach 1", "approach 2"), rows)
    return made + _html("", ("share of variance", "input", "half-width", "distribution", "place"), sources)


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


def _html(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{html.escape(title)}</caption><tr>{head}</tr>{body}</table>"
