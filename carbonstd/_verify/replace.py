"""Figures a verifier replaces by more conservative ones, as the guide's formulas for meters say, and the case then.

Activity data go up, production data go down: neither may understate emissions or overstate allowances.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from carbonstd._case.case import Case, RawSheet
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual
from carbonstd._findings import Finding, finding
from carbonstd._ledger.ledger import find_sheet
from carbonstd._number import exact
from carbonstd._result.result import Result
from carbonstd._verify.guide import Guide
from carbonstd._verify.record import Replaced
from carbonstd._verify.review_input import Replacement

_METER = ("meter_beyond_class", "not_calibrated")
_DEFAULT: Bilingual = {"zh": "缺省值", "en": "the default"}
Cell = tuple[str, str, int]  # sheet, column, row


@dataclass(frozen=True)
class ReplacedCase:
    """The case with its figures replaced, each cell that was, and what kept others from it."""

    case: Case
    cells: tuple[Replaced, ...]
    findings: tuple[Finding, ...]


def replaced_case(
    case: Case, method: Method, library: Library, guide: Guide, wanted: Sequence[Replacement]
) -> ReplacedCase:
    """The case after all replacements; one that the guide does not know is a finding and changes nothing.

    Several rows about one meter may share a month: the part that calibration covers beyond the class, the rest not
    calibrated. Each moves the figure in proportion to its share.
    """
    work = _Work(case, method, library, guide)
    for item in wanted:
        work.add(item)
    return ReplacedCase(work.case_after(), tuple(work.made.values()), tuple(work.findings))


def replacement_findings(cells: Sequence[Replaced], guide: Guide) -> Iterator[Finding]:
    """What the list says: one entry for each row of the verifier, with all its cells."""
    for asked in dict.fromkeys(item.by for item in cells):
        own = [item for item in cells if item.by == asked]
        first = own[0]
        moved = ", ".join(f"{item.before:.12g} → {_after_text(item, 'en')}" for item in own[:6])
        values = {
            "label": {part: f"{first.sheet[part]} · {first.column[part]}" for part in ("zh", "en")},
            "labels": first.labels or "—",
            "count": len(own),
            "moved": {part: moved.replace(_DEFAULT["en"], _DEFAULT[part]) for part in ("zh", "en")},
            "unit": first.unit,
            "kind_text": first.kind,
            "reason": first.reason,
            "of": first.column_id,
            "about": f"{first.column_id}|{first.labels}|{first.kind['en']}",
        }
        downwards = first.column_id in guide.production.columns
        yield finding("replaced-production" if downwards else "replaced-activity", own[0].place, first.clause, **values)


def not_conservative(before: Result, after: Result) -> Iterator[Finding]:
    """Replacements that lower the total: none is made to the enterprise's favour without a word."""
    if after.primary.value < before.primary.value:
        share = f"{after.primary.value / before.primary.value - 1:+.2%}" if before.primary.value else "—"
        yield finding("replacement-not-conservative", before.method.id, relative=share)


def with_defaults(cells: Sequence[Replaced], after: Result) -> tuple[Replaced, ...]:
    """The cells that take the default, with the figure the method took."""
    return tuple(replace(item, after=_taken(item, after)) if item.after is None else item for item in cells)


def _taken(item: Replaced, after: Result) -> float | None:
    sheet, _, column = item.column_id.partition(".")
    value = float(after._run.ledger[sheet].numbers[column][item.row])
    return None if math.isnan(value) else value


def _after_text(item: Replaced, language: str) -> str:
    return _DEFAULT[language] if item.after is None else f"{item.after:.12g}"


class _Work:
    """The replacements made so far."""

    def __init__(self, case: Case, method: Method, library: Library, guide: Guide) -> None:
        self.case, self.method, self.library, self.guide = case, method, library, guide
        self.made: dict[Cell, Replaced] = {}
        self.findings: list[Finding] = []
        self.shares: dict[Cell, Fraction] = {}
        self.changed: dict[str, dict[str, list[object]]] = {}

    def add(self, item: Replacement) -> None:
        clause, sign = _rule(item, self.guide)
        label = item.cells.label
        if item.kind in _METER and not sign:
            values = {"label": label, "guide": self.guide.document.number}
            self.findings.append(finding("replacement-without-rule", item.place, **values))
            return
        for row in map(int, item.cells.rows):
            cell = (item.cells.data.sheet.id, item.cells.column.name, row)
            taken = self.shares.get(cell, Fraction(0))
            alone = item.kind not in _METER or taken == 1
            if taken and (alone or taken + item.share > 1):
                values = {"label": label, "first": self.made[cell].by}
                self.findings.append(finding("replaced-twice", item.place, **values))
                continue
            self.shares[cell] = taken + item.share if item.kind in _METER else Fraction(1)
            self._put(item, cell, clause, sign)

    def _put(self, item: Replacement, cell: Cell, clause: str, sign: int) -> None:
        """Write the figure in the unit of the column, whatever unit was typed beside it."""
        sheet, column, row = cell
        before = exact(float(item.cells.data.numbers[column][row]))
        held = self.made.get(cell)
        base = before if held is None or held.after is None else exact(held.after)
        after = _after(item, before, base, sign)
        raw = find_sheet(self.case, self.method, item.cells.data.sheet)
        assert raw is not None
        columns = self.changed.setdefault(sheet, {name: list(cells) for name, cells in raw.columns.items()})
        columns.setdefault(column, [None] * raw.rows)[row] = after
        if f"{column}_unit" in columns:
            columns[f"{column}_unit"][row] = item.cells.unit.text
        earlier = [held] if held else []
        self.made[cell] = Replaced(
            item.cells.data.sheet.label, item.cells.column.label, item.cells.labels, self._kind(item), float(before),
            None if after is None else float(after), item.cells.unit.text,
            "; ".join([*(one.reason for one in earlier), item.reason]), item.cells.data.place(column, row), clause,
            ", ".join([*(one.by for one in earlier), item.place]), item.cells.id, row,
        )  # fmt: skip

    def _kind(self, item: Replacement) -> Bilingual:
        return self.library.vocabulary("replacement_kinds").terms[item.kind].names

    def case_after(self) -> Case:
        sheets = dict(self.case.sheets)
        for name, columns in self.changed.items():
            raw = find_sheet(self.case, self.method, self.method.sheets[name])
            assert raw is not None
            [key] = [key for key, held in self.case.sheets.items() if held is raw]
            sheets[key] = RawSheet(columns, raw.place)
        return replace(self.case, sheets=sheets)


def _rule(item: Replacement, guide: Guide) -> tuple[str, int]:
    """The clause by which figures of this column are replaced, and whether they go up or down."""
    for rule, sign in ((guide.activity, 1), (guide.production, -1)):
        if item.cells.id in rule.columns:
            return rule.clause, sign
    return "", 0


def _after(item: Replacement, before: Fraction, base: Fraction, sign: int) -> Fraction | None:
    """The figure instead; None for a blank, so that the default is taken. `base` is what other rows made of it."""
    if item.kind == "default":
        return None
    if item.kind == "value":
        return item.value
    assert item.allowed is not None
    beyond = item.allowed if item.kind == "not_calibrated" else (item.found or Fraction(0)) - item.allowed
    return base + before * sign * beyond * item.share
