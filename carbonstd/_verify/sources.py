"""Reported quantities beside other sources: figures that differ, figures with no second source, stocks that do not
join up from month to month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.run import Run
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import SheetData
from carbonstd._number import shown
from carbonstd._result.result import Result
from carbonstd._verify.guide import Guide
from carbonstd._verify.record import CrossChecked
from carbonstd._verify.review_input import Cells, CrossCheck

_NEAR = 1e-9  # relative: figures that are one, but for floating point


def cross_checked(
    checks: Sequence[CrossCheck], guide: Guide, library: Library
) -> Iterator[tuple[CrossChecked, Finding | None]]:
    """Each figure beside that of another source, with a finding where they differ by more than its last digit."""
    terms = library.vocabulary("cross_sources").terms
    for item in checks:
        ours, theirs, term = item.cells.total, float(item.value), terms[item.source]
        pair = CrossChecked(
            item.cells.label, item.cells.labels, term.names, item.document, ours, theirs,
            item.cells.unit.text, item.place, item.explanation, f"{item.cells.id}|{item.cells.labels}|{item.source}",
        )  # fmt: skip
        yield pair, None if abs(ours - theirs) <= item.slack + _NEAR * abs(ours) else _differing(item, pair, guide)


def _differing(item: CrossCheck, pair: CrossChecked, guide: Guide) -> Finding:
    values = {
        "label": {part: " ".join(filter(None, (pair.label[part], pair.labels))) for part in ("zh", "en")},
        "source": pair.source,
        "ours": shown(pair.ours or 0.0, 12),
        "theirs": shown(pair.theirs or 0.0, 12),
        "unit": pair.unit,
        "relative": f"{pair.relative:+.3%}" if pair.relative is not None else "—",
        "explanation": item.explanation,
        "of": item.cells.id,
        "about": pair.key,
    }
    code = "cross-check-explained" if item.explanation else "cross-check-differs"
    return finding(code, item.place, _clause(item.cells.id, guide), **values)


def _clause(column: str, guide: Guide) -> str:
    """The clause of the guide about activity or production data, whichever a column holds."""
    return guide.production.clause if column in guide.production.columns else guide.activity.clause


def single_sources(result: Result, guide: Guide, checks: Sequence[CrossCheck]) -> Iterator[Finding]:
    """Activity and production data that no other source stands beside: the guide wants that said."""
    for rule in (guide.activity, guide.production):
        for name in rule.columns:
            sheet, _, column = name.partition(".")
            data = result._run.ledger.get(sheet)
            if data is None or column not in data.numbers:
                continue
            held = np.flatnonzero(~np.isnan(data.numbers[column]))
            seen = {int(row) for item in checks if item.cells.id == name for row in item.cells.rows}
            alone = [int(row) for row in held if int(row) not in seen]
            if alone:
                label = data.sheet.label_of(column)
                values = {"label": label, "count": len(alone), "rows": len(held), "of": name, "about": name}
                yield finding("single-source", data.place(column, alone[0]), rule.clause, **values)


def stocks(result: Result, guide: Guide, checks: Sequence[CrossCheck]) -> Iterator[Finding]:
    """Closing stocks that are not the opening stock of the month after, in the ledger and among the other sources."""
    for data in result._run.ledger.values():
        if "month" in data.codes and {"opening", "closing"} <= data.numbers.keys():
            yield from _stocks_of_sheet(result._run, data)
    series: dict[tuple[str, str, str], dict[str, CrossCheck]] = {}
    for item in checks:
        if item.month and item.opening is not None and item.closing is not None:
            series.setdefault((item.cells.id, item.source, item.key), {})[item.month] = item
    for items in series.values():
        for before, after in pairwise(result.case.period.months()):
            if before in items and after in items and items[before].closing != items[after].opening:
                last, first = items[before], items[after]
                clause, about = _clause(first.cells.id, guide), f"{first.cells.id}|{first.key}|{after}"
                stock = (last.closing, first.opening, first.cells.unit.text)
                yield _broken(first.place, first.cells.label, about, clause, *stock)


def _stocks_of_sheet(run: Run, data: SheetData) -> Iterator[Finding]:
    names = [name for name in data.codes if name not in ("month", data.sheet.source_column)]
    months = [*map(str, run.axes.labels["month"]), ""]  # the last for code -1
    rows = {
        (tuple(int(data.codes[name][row]) for name in names), months[int(data.codes["month"][row])]): row
        for row in range(data.rows)
    }
    for (source, month), row in rows.items():
        after = rows.get((source, _next(month, run.period)))
        if after is None:
            continue
        closing, opening = float(data.numbers["closing"][row]), float(data.numbers["opening"][after])
        if abs(closing - opening) > _NEAR * max(abs(closing), abs(opening)):
            cell = Cells(data, data.sheet.columns["opening"], np.array([after]), "")
            place = data.place("opening", after)
            yield _broken(place, cell.label, "", "", closing, opening, cell.unit.text)


def _next(month: str, period: Period) -> str:
    """The month after, where the period has it."""
    return dict(pairwise(period.months())).get(month, "—")


def _broken(place: str, label: Bilingual, about: str, clause: str, closing: Any, opening: Any, unit: str) -> Finding:
    values = {"closing": shown(float(closing), 12), "opening": shown(float(opening), 12), "unit": unit}
    return finding("stock-not-continuous", place, clause, label=label, about=about, **values)
