"""Cases with expected values: run them and say where they disagree.

`expect.values` maps lines, totals or equations to printed figures and agrees to the digits printed. `expect.findings`
must occur, `expect.absent` must not, and `refused: true` means nothing may be computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonstd._calculate import Options, calculate
from carbonstd._case import read_case
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding
from carbonstd._library import Library
from carbonstd._number import exact, shown
from carbonstd._result import Result
from carbonstd._units import split_quantity, unit


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
    expect: Mapping[str, Any] = case.expect or {}
    outcome.compared += "refused" in expect
    refused, findings = False, list[Finding]()
    try:
        outcome.result = calculate(case, library.method(case.method), library, options)
        findings = list(outcome.result.findings)
    except CaseError as error:
        refused, findings = True, error.findings
    if refused != bool(expect.get("refused", False)):
        listed = "; ".join(str(item) for item in findings if item.severity == "error")
        outcome.differences.append(f"refused: {listed}" if refused else "computed, but should have been refused")
    _compare_values(outcome, expect.get("values") or {})
    _compare_findings(outcome, findings, expect)
    return outcome


def agrees(value: float | Fraction, found_unit: str, expected: str) -> bool:
    """Whether a value rounds to the figure printed, in the unit printed (or its own where none is)."""
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


def _compare_findings(outcome: Outcome, findings: list[Finding], expect: Mapping[str, Any]) -> None:
    for wanted in expect.get("findings") or []:
        outcome.compared += 1
        if not any(
            item.code == wanted["code"] and wanted.get("id", item.values.get("id")) == item.values.get("id")
            for item in findings
        ):
            got = ", ".join(sorted({item.code for item in findings})) or "none"
            outcome.differences.append(f"finding {dict(wanted)} expected; got {got}")
    expected = {wanted["code"] for wanted in expect.get("findings") or []}
    for code in sorted({item.code for item in findings if item.severity == "error"} - expected):
        if outcome.result is not None:
            outcome.differences.append(f"error {code} occurred and is not expected")
    for code in expect.get("absent") or []:
        outcome.compared += 1
        if any(item.code == code for item in findings):
            outcome.differences.append(f"finding {code} must not occur")
