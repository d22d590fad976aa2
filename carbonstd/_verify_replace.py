"""Figures a verifier replaces by more conservative ones, as the guide's formulas for meters say, and the case then.

Activity data go up, production data go down: neither may understate emissions or overstate allowances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from carbonstd._case import Case, RawSheet
from carbonstd._findings import Finding, finding
from carbonstd._ledger import find_sheet
from carbonstd._library import Library
from carbonstd._method import Method
from carbonstd._number import exact
from carbonstd._review_input import Replacement
from carbonstd._schema import Bilingual
from carbonstd._verify_guide import Guide
from carbonstd._verify_record import Replaced

_DEFAULT: Bilingual = {"zh": "缺省值", "en": "the default"}
_METER = ("meter_beyond_class", "not_calibrated")


@dataclass(frozen=True)
class ReplacedCase:
    """The case with its figures replaced, each cell that was, and what kept others from it."""

    case: Case
    cells: tuple[Replaced, ...]
    findings: tuple[Finding, ...]


def replaced_case(
    case: Case, method: Method, library: Library, guide: Guide, wanted: Sequence[Replacement]
) -> ReplacedCase:
    """The case after all replacements; one that the guide does not know is a finding and changes nothing."""
    made, findings = [], []
    changed: dict[str, dict[str, list[object]]] = {}
    taken: dict[tuple[str, str, int], str] = {}
    for item in wanted:
        clause, sign = _rule(item, guide)
        if item.kind in _METER and not clause:
            findings.append(
                finding("replacement-without-rule", item.place, label=item.cells.label, guide=guide.document.number)
            )
            continue
        sheet, column = item.cells.data.sheet, item.cells.column.name
        for row in item.cells.rows:
            key = (sheet.id, column, int(row))
            if key in taken:
                findings.append(finding("replaced-twice", item.place, label=item.cells.label, first=taken[key]))
                continue
            taken[key] = item.place
            before = exact(float(item.cells.data.numbers[column][row]))
            after = _after(item, before, sign)
            raw = find_sheet(case, method, sheet)
            assert raw is not None
            _put(changed.setdefault(sheet.id, _columns(raw)), item, int(row), after, raw.rows)
            made.append(
                Replaced(
                    sheet.label, item.cells.column.label, item.cells.labels, _kind(item, library), float(before),
                    None if after is None else float(after), item.cells.unit.text, item.reason,
                    item.cells.data.place(column, int(row)), clause, item.place, item.cells.id,
                )
            )  # fmt: skip
    return ReplacedCase(_with(case, method, changed), tuple(made), tuple(findings))


def replacement(item: Replaced, guide: Guide) -> Finding:
    """What the list says of a figure replaced."""
    downwards = item.column_id in guide.production.columns
    values = {
        "label": {part: f"{item.sheet[part]} · {item.column[part]}" for part in ("zh", "en")},
        "before": f"{item.before:.12g}",
        "after": _DEFAULT if item.after is None else f"{item.after:.12g}",
        "unit": item.unit,
        "kind_text": item.kind,
        "reason": item.reason,
        "of": item.column_id,
    }
    return finding("replaced-production" if downwards else "replaced-activity", item.place, item.clause, **values)


def _rule(item: Replacement, guide: Guide) -> tuple[str, int]:
    """The clause that replaces figures of this column, and whether they go up or down."""
    for rule, sign in ((guide.activity, 1), (guide.production, -1)):
        if item.cells.id in rule.columns:
            return rule.clause, sign
    return "", 0


def _after(item: Replacement, before: Fraction, sign: int) -> Fraction | None:
    """The figure instead; None for a blank, so that the method takes its default."""
    if item.kind == "default":
        return None
    if item.kind == "value":
        return item.value
    assert item.allowed is not None
    beyond = item.allowed if item.kind == "not_calibrated" else max(Fraction(0), (item.found or 0) - item.allowed)
    return before * (1 + sign * beyond * item.share)


def _kind(item: Replacement, library: Library) -> Bilingual:
    term = library.vocabulary("replacement_kinds").terms[item.kind]
    return {"zh": term.zh, "en": term.en}


def _columns(raw: RawSheet) -> dict[str, list[object]]:
    return {name: list(cells) for name, cells in raw.columns.items()}


def _put(columns: dict[str, list[object]], item: Replacement, row: int, after: Fraction | None, rows: int) -> None:
    """Write the figure in the unit of the column, whatever unit was typed beside it."""
    name = item.cells.column.name
    columns.setdefault(name, [None] * rows)[row] = after
    if f"{name}_unit" in columns:
        columns[f"{name}_unit"][row] = item.cells.unit.text


def _with(case: Case, method: Method, changed: dict[str, dict[str, list[object]]]) -> Case:
    sheets = dict(case.sheets)
    for name, columns in changed.items():
        raw = find_sheet(case, method, method.sheets[name])
        assert raw is not None
        [key] = [key for key, held in case.sheets.items() if held is raw]
        sheets[key] = RawSheet(columns, raw.place)
    return replace(case, sheets=sheets)
