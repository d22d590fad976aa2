"""This year beside last year: report lines, totals and the quantities that were entered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose

import numpy as np

from carbonstd._calculate import Options, calculate
from carbonstd._case import Case
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._joint_case import case_of
from carbonstd._ledger import SheetData
from carbonstd._library import Library
from carbonstd._method import Column, Method
from carbonstd._number import shown
from carbonstd._result import LineValue, Result
from carbonstd._schema import Bilingual
from carbonstd._units import unit
from carbonstd._verify_record import Change

_STATES = (unit("Pa").dimension, unit("degC").dimension)  # of a state rather than of an amount
_APPEARED: Bilingual = {"zh": "由无到有", "en": "from none to some"}
_VANISHED: Bilingual = {"zh": "由有到无", "en": "from some to none"}
_WHAT: dict[str, Bilingual] = {  # whose account it is
    "code": {"zh": "统一社会信用代码", "en": "credit code"},
    "name": {"zh": "名称", "en": "name"},
    "method": {"zh": "方法", "en": "method"},
}
_NOISE = 1e-9  # of the larger figure: what two sums of the same figures may differ by


def changes(now: Result, before: Result, threshold: float) -> tuple[Change, ...]:
    """How each line, total and entered quantity moved since `before`; unusual beyond the relative `threshold`."""
    return (*_lines(now, before, threshold), *_quantities(now, before, threshold))


@dataclass(frozen=True)
class LastYear:
    """The year before: its result, None where it cannot be set beside this year's, and the findings that say why."""

    result: Result | None
    findings: tuple[Finding, ...] = ()


def last_year(case: Case, method: Method, last: Case, library: Library, options: Options) -> LastYear:
    """The case of last year run by the same method, unless it is of another enterprise or method, or does not run."""
    place = last.path or str(last.period)
    try:
        known = [library.method(name, last.period, last.as_of) for name in (last.method, *last.also)]
        used = next((item for item in known if item.family == method.family), known[0])
        unlike = other_than(case, method, last, used)
        if unlike:
            return LastYear(None, tuple(unlike))
        before = calculate(case_of(last, used.id, library, options), used, library, options)
    except CarbonstdError as error:
        return LastYear(None, (finding("last-year-refused", place), *error.findings))
    other = used.id != method.id
    return LastYear(before, (finding("last-year-edition", place, found=used.id, expected=method.id),) if other else ())


def change_findings(found: Sequence[Change], threshold: float) -> Iterator[Finding]:
    for item in found:
        if item.unusual:
            moved: object = (
                f"{item.relative:+.1%}" if item.relative is not None else _VANISHED if item.before else _APPEARED
            )
            values = {"label": item.label, "relative": moved, "threshold": f"{shown(threshold * 100)}%"}
            yield finding("change-unusual", item.item, about=item.item, **values)


def other_than(case: Case, method: Method, last: Case, of: Method) -> list[Finding]:
    """What shows that the case of last year is not that of the same enterprise and method, a year before."""
    place = last.path or str(last.period)
    pairs = (
        ("code", str(case.entity.get("code", "")), str(last.entity.get("code", ""))),
        ("name", case.title("zh"), last.title("zh")),
        ("method", method.family, of.family),
    )
    found = [
        finding("last-year-other", place, what=_WHAT[what], found=then, expected=now)
        for what, now, then in pairs
        if now and then != now
    ]
    if last.period.end >= case.period.start:
        found.append(finding("last-year-period", place, found=str(last.period), period=str(case.period)))
    return found


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
    """Columns entered in both years whose sum means something: those that are no ratio, on each basis apart."""
    for data in now._run.ledger.values():
        other = before._run.ledger.get(data.sheet.id)
        for column in data.sheet.columns.values() if other is not None else ():
            if column.kind != "number" or not summable(column):
                continue
            for index, (basis, measured) in enumerate(column.units.items()):
                then, this = (_sum(item, column, index) for item in (other, data) if item is not None)
                if then or this:
                    label = data.sheet.label_of(column.name)
                    name = ".".join(filter(None, (data.sheet.id, column.name, basis)))
                    yield _change(name, label, measured.text, then, this, threshold, False)


def summable(column: Column) -> bool:
    """Whether the sum of its rows means something: no ratio, no pressure, no temperature."""
    return not ("/" in column.unit.text or column.unit.text in ("1", "%") or column.unit.dimension in _STATES)


def _sum(data: SheetData, column: Column, basis: int) -> float:
    values = data.numbers.get(column.name, np.zeros(0))
    if column.by_basis and data.basis is not None:
        values = values[data.basis == basis]
    return float(np.nansum(values))


def _change(
    item: str, label: Bilingual, unit_text: str, before: float | None, now: float | None, threshold: float, total: bool
) -> Change:
    """A change from or to nothing has no relative size and is always unusual; that of roundings alone is none."""
    if before is not None and now is not None and isclose(before, now, rel_tol=_NOISE):
        before = now
    relative = (now - before) / abs(before) if before and now else None
    unusual = bool(before) != bool(now) if relative is None else abs(relative) > threshold
    return Change(item, label, unit_text, before, now, relative, unusual, total)
