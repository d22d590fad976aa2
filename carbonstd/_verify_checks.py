"""What a verifier looks for in the data of any method, beyond the method's own checks: factors that stand at their
default though said to be measured, far from it, or zero; other sources that differ; stocks that do not join up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from carbonstd._findings import Finding, Severity, finding
from carbonstd._ledger import SheetData, Status
from carbonstd._library import Library
from carbonstd._number import shown
from carbonstd._result import Result
from carbonstd._review_input import Cells, CrossCheck
from carbonstd._run import Run
from carbonstd._verify_guide import Guide
from carbonstd._verify_record import CrossChecked

# How far an entered factor may be from the default of its row before a person is asked to look: chosen here. Calorific
# values of one kind of coal differ by a third and more, carbon per heat by a tenth.
_FAR = {"carbon_content": 0.15, "net_calorific_value": 0.5, "oxidation_factor": 0.1}
_DIFFERENT = 1e-6  # relative, between two sources


def factors(result: Result) -> Iterator[Finding]:
    """Factors beside the defaults of their rows, and factors of zero without a number of a certificate."""
    run = _apart(result._run)
    for data in run.ledger.values():
        for column in data.sheet.columns.values():
            if column.kind != "number" or not data.rows:
                continue
            entered = ~np.isnan(data.numbers[column.name]) & ~data.filled.get(column.name, np.zeros(data.rows, bool))
            if column.name == "emission_factor" and not _asks_evidence(run, data.sheet.id):
                yield from _zeros(data, column.name, entered)
            if (data.sheet.id, column.name) in run.program.defaults and entered.any():
                yield from _beside_default(run, data, column.name, entered)


def _asks_evidence(run: Run, sheet: str) -> bool:
    """Whether the method itself looks at factors of zero on this sheet."""
    return any(check.sheet == sheet and check.id.startswith("zero-factor") for check in run.program.method.checks)


def _apart(run: Run) -> Run:
    """The same run with its own record of look-ups, so that asking for defaults leaves no trace in the result."""
    return replace(run, values={}, working={}, usages={}, findings=[], statuses={}, _exactly=None)


def _beside_default(run: Run, data: SheetData, column: str, entered: NDArray[np.bool_]) -> Iterator[Finding]:
    values = data.numbers[column]
    what = f"{data.sheet.id}.{column}"
    defaults = run.by_row(run.program.defaults[data.sheet.id, column], data.sheet.id, what).data.astype(np.float64)
    measured = entered & (data.status[column] == Status.MEASURED)
    with np.errstate(invalid="ignore", divide="ignore"):
        same = measured & (np.abs(values - defaults) <= 1e-12 * np.abs(defaults))
        far = entered & (np.abs(values / defaults - 1) > _FAR.get(column, np.inf))
    label = data.sheet.columns[column].label
    for code, mask in (("entered-is-default", same), ("entered-far-from-default", far)):
        for row in np.flatnonzero(mask):
            shown_values = {"found": shown(values[row], 8), "default": shown(defaults[row], 8)}
            yield finding(code, data.place(column, int(row)), column=label, of=what, **shown_values)


def _zeros(data: SheetData, column: str, entered: NDArray[np.bool_]) -> Iterator[Finding]:
    evidence = [name for name, item in data.sheet.columns.items() if item.certificate]
    backed = np.zeros(data.rows, dtype=bool)
    for name in evidence:
        backed |= data.codes[name] >= 0
    for row in np.flatnonzero(entered & (data.numbers[column] == 0) & ~backed):
        yield finding(
            "zero-factor-entered",
            data.place(column, int(row)),
            column=data.sheet.columns[column].label,
            of=f"{data.sheet.id}.{column}",
        )


def cross_checked(checks: Sequence[CrossCheck], library: Library) -> Iterator[tuple[CrossChecked, Finding | None]]:
    """Each figure beside that of another source, with a finding where they differ."""
    terms = library.vocabulary("cross_sources").terms
    for item in checks:
        ours, theirs, term = item.cells.total, float(item.value), terms[item.source]
        pair = CrossChecked(
            item.cells.label, item.cells.labels, {"zh": term.zh, "en": term.en}, item.document, ours, theirs,
            item.cells.unit.text, item.place, item.explanation,
        )  # fmt: skip
        if abs(ours - theirs) <= _DIFFERENT * max(abs(ours), abs(theirs)):
            yield pair, None
            continue
        relative = f"{pair.relative:+.3%}" if pair.relative is not None else "—"
        values = {"ours": shown(ours, 12), "theirs": shown(theirs, 12), "unit": pair.unit, "relative": relative}
        severity = Severity.NOTE if item.explanation else Severity.WARNING
        of = {part: " ".join(filter(None, (pair.label[part], pair.labels))) for part in ("zh", "en")}
        values |= {"of": item.cells.id, "explanation": item.explanation or "—", "severity": severity}
        yield pair, finding("cross-check-differs", item.place, label=of, source=pair.source, **values)


def single_sources(guide: Guide, result: Result, checks: Sequence[CrossCheck]) -> Iterator[Finding]:
    """Activity and production data that no other source stands beside: the guide wants that said."""
    seen = {item.cells.id for item in checks}
    for rule in (guide.activity, guide.production):
        for name in rule.columns:
            sheet, _, column = name.partition(".")
            data = result._run.ledger.get(sheet)
            if data is None or name in seen or column not in data.numbers:
                continue
            if not np.isnan(data.numbers[column]).all():
                label = {
                    part: f"{data.sheet.label[part]} · {data.sheet.columns[column].label[part]}"
                    for part in ("zh", "en")
                }
                yield finding("single-source", name, rule.clause, label=label)


def stocks(result: Result, checks: Sequence[CrossCheck]) -> Iterator[Finding]:
    """Closing stocks that are not the opening stock of the month after, in the ledger and among the other sources."""
    for data in result._run.ledger.values():
        if "month" in data.codes and {"opening", "closing"} <= data.numbers.keys():
            yield from _stocks_of_sheet(result._run, data)
    by_source: dict[tuple[str, str, str], list[CrossCheck]] = {}
    for item in checks:
        if item.opening is not None and item.closing is not None:
            key = (item.cells.id, item.source, item.cells.labels.rpartition("; ")[0])
            by_source.setdefault(key, []).append(item)
    for items in by_source.values():
        ordered = sorted(items, key=lambda item: item.cells.labels.rpartition("; ")[2])
        for before, after in pairwise(ordered):
            if before.closing != after.opening:
                yield _broken(after.place, before.cells.label, before.closing, after.opening, before.cells.unit.text)


def _stocks_of_sheet(run: Run, data: SheetData) -> Iterator[Finding]:
    names = [name for name in data.codes if name != "month" and name != data.sheet.source_column]
    months = [str(label) for label in run.axes.labels["month"]]
    rows = sorted(
        range(data.rows), key=lambda row: ([int(data.codes[name][row]) for name in names], _month(data, months, row))
    )
    for before, after in pairwise(rows):
        alike = all(data.codes[name][before] == data.codes[name][after] for name in names)
        closing, opening = data.numbers["closing"][before], data.numbers["opening"][after]
        if alike and not np.isnan([closing, opening]).any() and abs(closing - opening) > _DIFFERENT * abs(closing):
            cell = Cells(data, data.sheet.columns["opening"], np.array([after]), "")
            yield _broken(data.place("opening", after), cell.label, closing, opening, cell.unit.text)


def _month(data: SheetData, months: Sequence[str], row: int) -> str:
    code = int(data.codes["month"][row])
    return months[code] if code >= 0 else ""


def _broken(place: str, label: object, closing: object, opening: object, unit: str) -> Finding:
    values = {"closing": shown(float(closing), 12), "opening": shown(float(opening), 12)}  # type: ignore[arg-type]
    return finding("stock-not-continuous", place, label=label, unit=unit, **values)
