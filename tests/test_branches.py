"""What a run rests on: only look-ups whose answer was used, wherever branch and look-up run over different things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from carbonstd import CaseError, run
from carbonstd._definitions.library import Library

KIND = """
title: {zh: 产线, en: Lines}
columns:
  line: {label: {zh: 产线, en: Line}, kind: label, required: true}
  mass: {label: {zh: 质量, en: Mass}, unit: t}
  hours: {label: {zh: 小时, en: Hours}, unit: h}
  share: {label: {zh: 份额, en: Share}, unit: "1"}
"""
TABLE = """
title: {zh: 份额, en: Shares}
document: {number: T-1, title: T}
evidence: secondary
source: this test
keys: {capacity: {label: {zh: 能力, en: Capacity}, unit: t}}
columns: {share: {unit: "1"}}
rows:
  - {capacity: {below: 5}, share: 10}
  - {capacity: {from: 5, below: 50}, share: {value: 20, evidence: recalled}}
"""
METHOD = """
title: {zh: 试验, en: Trial}
document: {number: M-1, title: M}
regime: statistics
tables: {shares: {table: trial/shares, select: pinned, edition: "1"}}
sheets:
  capacity: {kind: capacity, columns: {line: , mass: }}
  use: {kind: use, columns: {line: , hours: , mass: , share: %s}}
equations:
  built: {label: {zh: 能力, en: Capacity}, unit: t, expression: "sum(capacity.mass, by=line)"}
  all: {label: {zh: 合计, en: All}, unit: t, expression: "sum(capacity.mass)"}
  running: {label: {zh: 运行, en: Running}, unit: h, expression: "sum(use.hours, by=line)"}
  found: {label: {zh: 结果, en: Found}, unit: "1", sheet: "%s", expression: '%s'}
  total: {label: {zh: 合计, en: Total}, unit: "1", expression: "sum(found)"}
totals: {total: {label: {zh: 合计, en: Total}}}
"""
CAPACITY = [{"line": "L1", "mass": 1}, {"line": "L2", "mass": 9}]


def library(folder: Path, expression: str, sheet: str = "", share: str = "") -> Library:
    files = {
        "methods/shared/kinds/capacity": KIND,
        "methods/shared/kinds/use": KIND,
        "factors/trial/shares/1": TABLE,
        "methods/statistics/trial/1": METHOD % (share, sheet, expression),
    }
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Library((folder / "factors",), (folder / "methods",))


def outcome(shelf: Library, use: list[dict[str, Any]]) -> set[str] | float:
    """The total, or the codes with which the run was refused."""
    case = {"method": "trial", "period": "2025", "inputs": {"capacity": CAPACITY, "use": use}}
    try:
        return run(case, of=shelf).primary.value
    except CaseError as error:
        return {item.code for item in error.findings if item.severity == "error"}


OVER_LINES = "shares[built].share if running > 0 else 0"
BY_ROW = "shares[mass].share if running > 0 else 0"
ONE = "shares[all].share if running > 0 else 0"


@pytest.mark.parametrize(
    ("expression", "sheet", "use", "expected"),
    [
        # the branch runs over L2 and L3, the look-up over L1 and L2: the same number of keys, not the same keys
        (OVER_LINES, "", [{"line": "L2", "hours": 1}, {"line": "L3", "hours": 0}], {"recalled-default"}),
        (OVER_LINES, "", [{"line": "L1", "hours": 1}, {"line": "L2", "hours": 0}], 10),
        (BY_ROW, "use", [{"line": "L1", "hours": 1, "mass": 1}, {"line": "L2", "hours": 0, "mass": 9}], 10),
        (
            BY_ROW,
            "use",
            [{"line": "L1", "hours": 0, "mass": 1}, {"line": "L2", "hours": 1, "mass": 9}],
            {"recalled-default"},
        ),
        (ONE, "", [{"line": "L1", "hours": 0}], 0),
        (ONE, "", [{"line": "L1", "hours": 1}], {"recalled-default"}),
    ],
)
def test_only_the_branch_taken_counts(
    tmp_path: Path, expression: str, sheet: str, use: list[dict[str, Any]], expected: set[str] | float
) -> None:
    assert outcome(library(tmp_path, expression, sheet), use) == expected


DEFAULT = '{required: true, default: "shares[built].share"}'


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ([{"line": "L2"}, {"line": "L1", "share": 3}], {"recalled-default"}),
        ([{"line": "L2", "share": 3}, {"line": "L1"}, {"line": "L3", "share": 1}], 14),
        ([{"line": "L1"}, {"line": "L3"}], {"unmatched-key"}),
    ],
)
def test_a_default_over_lines_is_judged_row_by_row(
    tmp_path: Path, use: list[dict[str, Any]], expected: set[str] | float
) -> None:
    rows = [{"hours": 1, **row} for row in use]
    assert outcome(library(tmp_path, "share", "use", DEFAULT), rows) == expected


def test_a_line_that_counts_cannot_hide(tmp_path: Path) -> None:
    """A condition that is missing hides nothing; one that fails over a figure of the total is an error."""
    shelf = library(tmp_path, "share", "use")
    path = tmp_path / "methods/statistics/trial/1.yaml"
    text = path.read_text(encoding="utf-8")
    states = {}
    for condition in ("sum(use.mass) > 0", "all == 0"):
        more = f'lines: {{found: {{label: {{zh: 行, en: Line}}, equation: total, gas: "", when: "{condition}"}}}}\n'
        path.write_text(text + more, encoding="utf-8")
        shelf = Library((tmp_path / "factors",), (tmp_path / "methods",))
        case = {
            "method": "trial",
            "period": "2025",
            "inputs": {"capacity": CAPACITY, "use": [{"line": "L1", "hours": 1, "share": 3}]},
        }
        result = run(case, of=shelf)
        states[condition] = (result.lines[0].reported, "lines-do-not-sum" in {item.code for item in result.findings})
    assert states == {"sum(use.mass) > 0": (True, False), "all == 0": (False, True)}
