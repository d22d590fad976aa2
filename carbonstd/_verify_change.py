"""This year beside last year: report lines, totals and the quantities that were entered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from carbonstd._findings import Finding, finding
from carbonstd._result import LineValue, Result
from carbonstd._schema import Bilingual
from carbonstd._units import unit
from carbonstd._verify_record import Change


def changes(now: Result, before: Result, threshold: float) -> tuple[Change, ...]:
    """How each line, total and entered quantity moved since `before`; unusual beyond the relative `threshold`."""
    return (*_lines(now, before, threshold), *_quantities(now, before, threshold))


def change_findings(found: tuple[Change, ...], threshold: float) -> Iterator[Finding]:
    for item in found:
        if item.unusual:
            moved = f"{item.relative:+.1%}" if item.relative is not None else "—"
            values = {"label": item.label, "relative": moved, "threshold": f"{threshold:.0%}"}
            yield finding("change-unusual", item.item, "", **values)


def _lines(now: Result, before: Result, threshold: float) -> Iterator[Change]:
    earlier = {item.line.id: item for item in (*before.total_lines, *before.lines)}
    for item in (*now.total_lines, *now.lines):
        old = earlier.get(item.line.id)
        values = (_value(old, item.unit) if old else None, item.value if item.reported else None)
        if values != (None, None):
            yield _change(item.line.id, item.line.label, item.unit, *values, threshold, item.line.total)


def _value(item: LineValue, to: str) -> float | None:
    """The figure of last year in this year's unit."""
    if not item.reported or unit(item.unit).dimension != unit(to).dimension:
        return None
    return item.value * float(unit(item.unit).factor_to(unit(to)))


def _quantities(now: Result, before: Result, threshold: float) -> Iterator[Change]:
    """Columns entered in both years whose sum means something: those of one unit that are no ratio."""
    for data in now._run.ledger.values():
        other = before._run.ledger.get(data.sheet.id)
        for column in data.sheet.columns.values():
            if column.kind != "number" or column.by_basis or "/" in column.unit.text or column.unit.text in ("1", "%"):
                continue
            held = [
                float(np.nansum(item.numbers[column.name]))
                for item in (other, data)
                if item and column.name in item.numbers
            ]
            if len(held) == 2 and any(held):
                label = {part: f"{data.sheet.label[part]} · {column.label[part]}" for part in ("zh", "en")}
                name = f"{data.sheet.id}.{column.name}"
                yield _change(name, label, column.unit.text, held[0] or None, held[1] or None, threshold, False)


def _change(
    item: str,
    label: Bilingual,
    unit_text: str,
    before: float | None,
    now: float | None,
    threshold: float,
    total: bool,
) -> Change:
    relative = (now - before) / abs(before) if before and now is not None else None
    appeared = (before is None or now is None) and before != now
    unusual = appeared or (relative is not None and abs(relative) > threshold)
    return Change(item, label, unit_text, before, now, relative, unusual, total)
