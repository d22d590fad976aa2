"""This year beside last year: report lines, totals and the quantities that were entered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose

from carbonstd._case.case import Case
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Bilingual, dotted
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, Severity, finding
from carbonstd._joint.case import case_of
from carbonstd._naming import names_of
from carbonstd._number import shown
from carbonstd._result.line_pairs import pairs
from carbonstd._result.line_value import LineValue
from carbonstd._result.quantities import keys_of, sums
from carbonstd._result.result import Result
from carbonstd._units import value_in
from carbonstd._verify.record import Change

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
        errors = (item for item in error.findings if item.severity is Severity.ERROR)
        return LastYear(None, (finding("last-year-refused", place), *errors))
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
    for pair in (*pairs(before.total_lines, now.total_lines), *pairs(before.lines, now.lines)):
        item = pair.shown
        values = (_value(pair.old, item.unit), _value(pair.new, item.unit))
        if values != (None, None):
            yield _change(item.line.id, item.line.label, item.unit, *values, threshold, item.line.total)


def _value(item: LineValue | None, to: str) -> float | None:
    return value_in(item.value, item.unit, to) if item is not None and item.reported else None


def _quantities(now: Result, before: Result, threshold: float) -> Iterator[Change]:
    """Columns that both years have and that come to one figure, by fuel or the like and on each basis apart."""
    names = names_of(now)
    for data in now._run.ledger.values():
        other = before._run.ledger.get(data.sheet.id)
        if other is None or not (data.rows or other.rows):
            continue
        keys = [name for name in keys_of(data.sheet) if name in keys_of(other.sheet)]
        this, then = sums(now._run, data, keys), sums(before._run, other, keys)
        for column, basis in this:
            if (column, basis) not in then:
                continue
            to, of = data.sheet.columns[column].units[basis].text, other.sheet.columns[column].units[basis].text
            entered, earlier = this[column, basis], then[column, basis]
            for labels in dict.fromkeys((*entered, *earlier)):
                old = value_in(earlier[labels], of, to) if labels in earlier else None
                new = entered.get(labels)
                if old or new:
                    told = [data.sheet.label_of(column), *map(names.terms_in, filter(None, labels))]
                    label = dotted(told)
                    name = ".".join(filter(None, (data.sheet.id, column, basis, *labels)))
                    yield _change(name, label, to, old, new, threshold, False)


def _change(
    item: str, label: Bilingual, unit_text: str, before: float | None, now: float | None, threshold: float, total: bool
) -> Change:
    """A change from or to nothing has no relative size and is always unusual; that of roundings alone is none."""
    if before is not None and now is not None and isclose(before, now, rel_tol=_NOISE):
        before = now
    relative = (now - before) / abs(before) if before and now else None
    unusual = bool(before) != bool(now) if relative is None else abs(relative) > threshold
    return Change(item, label, unit_text, before, now, relative, unusual, total)
