"""A result as plain data, the shape of `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonstd._definitions.method import Equation
from carbonstd._findings import Language
from carbonstd._result.basis import unseen_equations
from carbonstd._result.line_value import LineValue
from carbonstd._result.panel import filled_panels

if TYPE_CHECKING:
    from carbonstd._result.result import Result


def as_data(result: Result, language: Language) -> dict[str, Any]:
    """The result as plain data; findings in the language of a reader, labels in both."""
    case, intervals = result.case, result.intervals
    return {
        "schema": 1,
        "engine": result.lock["engine"],
        "case": {"entity": dict(case.entity), "period": str(case.period), "as_of": str(case.as_of)},
        "methods": [result.method.id],
        "totals": [_total(item, result.gwp) for item in result.total_lines],
        "lines": [item.as_dict() for item in result.lines],
        "verdicts": [item.as_dict() for item in result.verdicts],
        **({"conditions": [item.as_dict() for item in result.conditions]} if result.conditions else {}),
        "panels": [
            {"id": panel.id, "title": dict(panel.title), "figures": [item.as_dict() for item in figures]}
            for panel, figures in filled_panels(result)
        ],
        "shares": result.shares,
        **({"wider_shares": result.wider_shares} if result.wider_shares else {}),
        "findings": [item.as_dict(language) for item in result.findings],
        "unseen_equations": [_equation(item) for item in unseen_equations(result)],
        "tables": [
            {"slot": slot, "id": item.table.id, "hash": item.table.hash}
            for slot, items in result._run.segments.items()
            for item in items
            if item.table.rows
        ],
        **({"uncertainty": intervals.as_dict(language)} if intervals else {}),
        "lock": result.lock,
    }


def _total(item: LineValue, gwp: str | None) -> dict[str, Any]:
    value = item.value if item.reported else None
    return {"id": item.line.id, "value": value, "unit": item.unit, "gwp": gwp, "status": item.state}


def _equation(item: Equation) -> dict[str, Any]:
    return {
        "id": item.id,
        "symbol": item.symbol,
        "label": dict(item.label),
        "number": item.number,
        "clause": item.clause,
        "evidence": item.evidence,
    }
