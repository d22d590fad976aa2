"""Cases with expected values: run them and say where they disagree.

`expect.values` maps lines, totals or equations to printed figures and agrees to the digits printed. `expect.findings`
must occur, no others of `expect.absent` may, and `refused: true` means nothing may be computed. Both name a code, or
a code and the check it is of (`{code: check-failed, id: stock-balance}`), or the end of its place (`fuel[0].month`).
`expect.uncertainty` maps totals or lines to the half-width by approach 1 (`approach_1: 11.18 %`) and to the interval
that draws give (`approach_2: {low, high, within, draws, seed}`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonstd._case.case import read_case
from carbonstd._definitions.library import Library
from carbonstd._definitions.schema import Fields, Problems
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding
from carbonstd._joint.case import case_of
from carbonstd._number import exact, shown
from carbonstd._result.result import Result
from carbonstd._uncertainty.result import Interval
from carbonstd._units import split_quantity, unit
from carbonstd._yaml import Map

_WANTED = "{code: check-failed, id: stock-balance}"


@dataclass
class Outcome:
    """What came of one case: `differences` is empty where all is as expected."""

    path: str
    name: str = ""
    compared: int = 0
    differences: list[str] = field(default_factory=list)
    result: Result | None = None

    @property
    def passed(self) -> bool:
        return not self.differences


def run_expectation(path: Path, library: Library, options: Options | None = None) -> Outcome:
    """Run one case file and compare. Raises CarbonstdError only where the case itself cannot be read."""
    case = read_case(path, library)
    outcome = Outcome(str(path), case.name.get("en") or case.name.get("zh") or path.stem)
    expect = _read_expect(case.expect, str(path))
    outcome.compared += "refused" in expect
    refused, findings = False, list[Finding]()
    try:
        method = library.method(case.method, case.period, case.as_of)
        outcome.result = calculate(case_of(case, method.id, library, options), method, library, options)
        findings = list(outcome.result.findings)
    except CaseError as error:
        refused, findings = True, error.findings
    if refused != bool(expect.get("refused", False)):
        listed = "; ".join(str(item) for item in findings if item.severity == "error")
        outcome.differences.append(f"refused: {listed}" if refused else "computed, but should have been refused")
    _compare_values(outcome, expect.get("values") or {})
    _compare_uncertainty(outcome, expect.get("uncertainty") or {})
    _compare_findings(outcome, findings, expect)
    return outcome


def _read_expect(expect: Any, path: str) -> Map:
    """What a case expects. Raises CaseError, by file and line, where it has another shape than told above."""
    problems = Problems(path)
    fields = Fields(Map() if expect is None else expect, problems)
    fields.flag("refused")
    fields.mapping("values")
    for _name, wanted in fields.each("uncertainty"):
        wanted.text("approach_1", ""), wanted.mapping("approach_2")
    for name in ("findings", "absent"):
        items = fields.items(name)
        for line, item in zip(items.lines, items, strict=True):
            if isinstance(item, Map):
                wanted = Fields(item, problems, line)
                wanted.text("code"), wanted.text("id", ""), wanted.text("place", "")
                wanted.done()
            elif name == "findings" or not isinstance(item, str):
                problems.add("schema-type", line, field=name, found=str(item), expected=_WANTED)
    fields.done()
    if problems.findings:
        raise CaseError(findings=problems.findings)
    return fields.data


def agrees(value: float | Fraction, found_unit: str, expected: str) -> bool:
    """Whether a value rounds to the figure printed, in the unit printed (or its own where none is).

    A missing value never does.
    """
    if isinstance(value, float) and math.isnan(value):
        return False
    digits, printed_unit = split_quantity(str(expected))
    factor = unit(found_unit).factor_to(unit(printed_unit)) if printed_unit else Fraction(1)
    decimals = len(digits.partition(".")[2])
    half = Fraction(1, 2 * 10**decimals)
    return abs(exact(value) * factor - Fraction(digits.replace(",", ""))) <= half * (1 + Fraction(1, 10**6))


def _compare_values(outcome: Outcome, values: Mapping[str, Any]) -> None:
    for name, expected in values.items():
        outcome.compared += 1
        if outcome.result is None:
            outcome.differences.append(f"{name}: expected {expected}, got nothing")
            continue
        try:
            found = outcome.result.value(name)
            if not agrees(found.value, found.unit, str(expected)):
                outcome.differences.append(f"{name}: expected {expected}, got {shown(found.value, 12)} {found.unit}")
        except CarbonstdError as error:
            outcome.differences.append(f"{name}: {error}")


def _compare_uncertainty(outcome: Outcome, expected: Mapping[str, Any]) -> None:
    if outcome.result is None:
        return
    for name, wanted in expected.items():
        outcome.compared += len(wanted)
        drawn: Mapping[str, Any] = wanted.get("approach_2") or {}
        figure = outcome.result.uncertainty(drawn.get("draws", 0), drawn.get("seed", 0)).figures.get(name)
        if figure is None:
            outcome.differences.append(f"{name}: expected an interval, got nothing of that name")
            continue
        half = str(wanted.get("approach_1", ""))
        found = figure.approach_1
        if half and (found is None or not _half_width_agrees(found, figure.unit, half)):
            got = (
                "no interval" if found is None else f"{found.half_width:.6g} {figure.unit} ({found.relative or 0:.4%})"
            )
            outcome.differences.append(f"{name}: expected ±{half} by approach 1, got {got}")
        for side in ("low", "high") if drawn else ():
            value = getattr(figure.approach_2, side, None)
            bound, near = (_in_unit(drawn[key], figure.unit) for key in (side, "within"))
            if value is None or abs(value - bound) > near:
                outcome.differences.append(f"{name}: expected {side} {drawn[side]} by approach 2, got {value}")


def _half_width_agrees(found: Interval, own_unit: str, expected: str) -> bool:
    if expected.endswith("%"):
        return found.relative is not None and agrees(100 * found.relative, "1", expected.removesuffix("%").strip())
    return agrees(found.half_width, own_unit, expected)


def _in_unit(text: str, own_unit: str) -> float:
    digits, printed_unit = split_quantity(str(text))
    return float(Fraction(digits) * unit(printed_unit or own_unit).factor_to(unit(own_unit)))


def _fits(item: Finding, wanted: Mapping[str, Any]) -> bool:
    """Whether a finding is one that a case names: its code and, where told, its check and the end of its place."""
    check, place = item.values.get("id"), wanted.get("place", "")
    there = place == check or item.place.endswith(place)
    return bool(item.code == wanted["code"] and wanted.get("id", check) == check and there)


def _compare_findings(outcome: Outcome, findings: list[Finding], expect: Mapping[str, Any]) -> None:
    for wanted in expect.get("findings") or []:
        outcome.compared += 1
        if not any(_fits(item, wanted) for item in findings):
            got = ", ".join(sorted({item.code for item in findings})) or "none"
            outcome.differences.append(f"finding {dict(wanted)} expected; got {got}")
    expected = {wanted["code"] for wanted in expect.get("findings") or []}
    for code in sorted({item.code for item in findings if item.severity == "error"} - expected):
        if outcome.result is not None:
            outcome.differences.append(f"error {code} occurred and is not expected")
    others = [item for item in findings if not any(_fits(item, wanted) for wanted in expect.get("findings") or [])]
    for absent in expect.get("absent") or []:
        outcome.compared += 1
        wanted = dict(absent) if isinstance(absent, Mapping) else {"code": absent}
        if any(_fits(item, wanted) for item in others):
            outcome.differences.append(f"finding {wanted if 'id' in wanted else wanted['code']} must not occur")
