"""What the engine aims at, and whether what was measured meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.lines import BARE, CHECKED, EQUATIONS, NUMPY, OFFICE, POLARS, TRACED, WHOLE
from benchmarks.measure import Section

Held = Mapping[str, Section]
MILLION = "1000000"
_WRITTEN = "calc -o result.xlsx, seconds"


@dataclass(frozen=True)
class Aim:
    """`measure` gives the figure that should be at most `bound` (at least, where `at_least`); `why` is told with it."""

    text: str
    bound: float
    measure: Callable[[Held], float | None]
    why: str
    at_least: bool = False

    def met(self, measured: float) -> bool:
        return measured >= self.bound if self.at_least else measured <= self.bound


def _tools(line: str, base: str, rows: str = MILLION) -> Callable[[Held], float | None]:
    return lambda held: held["tools"].ratio(line, rows, base) if "tools" in held else None


def _start(line: str) -> Callable[[Held], float | None]:
    return lambda held: held["start"].ratio(line, "carbonstd") if "start" in held else None


def _level(held: Held) -> float | None:
    """What rows cost between 1e7 and 1e8, against what they cost between 1e6 and 1e7: starting up is in neither."""
    line = held["scale"].lines["seconds"] if "scale" in held else {}
    seconds = [line.get(rows) for rows in ("1000000", "10000000", "100000000")]
    first, second, third = (one or 0.0 for one in seconds)
    return (third - second) / 10 / (second - first) if all(seconds) else None


AIMS = (
    Aim(
        "equations and sums alone, on a ledger that is read, against numpy on the same columns, 1e6 rows",
        1.5,
        _tools(EQUATIONS, BARE),
        "the engine keeps the emissions of every row and the group of every row; numpy by hand keeps the sums",
    ),
    Aim(
        "the whole run against numpy that checks nothing, 1e6 rows",
        1.5,
        _tools(WHOLE, NUMPY),
        "the run reads labels, checks every cell, fills blanks and judges evidence and status before it computes",
    ),
    Aim(
        "the whole run against numpy that checks the same, 1e6 rows",
        1.5,
        _tools(WHOLE, CHECKED),
        "beyond the checks it keeps for every cell its status and the table row that filled it, which the trace needs",
    ),
    Aim(
        "the whole run with the trace of every value, against numpy that checks nothing, 1e6 rows",
        3,
        _tools(TRACED, NUMPY),
        "some five values a row, each with its place, status, table row and source",
    ),
    Aim(
        "equations and sums alone, against polars' join and group_by, 1e6 rows",
        1,
        _tools(EQUATIONS, POLARS),
        "both begin with labels as codes; the engine's look-ups are done when the ledger is read",
    ),
    Aim(
        "the whole run, with its checks, against polars' join and group_by that checks nothing, 1e6 rows",
        1,
        _tools(WHOLE, POLARS),
        "polars uses all cores; the engine uses one, and checks",
    ),
    *(
        Aim(
            f"LibreOffice against the whole run, {rows} rows",
            300,
            _tools(OFFICE, WHOLE, rows),
            "LibreOffice starts, opens, calculates and saves; SUMIFS grows with rows times groups",
            at_least=True,
        )
        for rows in ("10000", "100000")
    ),
    Aim(
        "`carbonstd --help`, against a bare click application", 2, _start("carbonstd --help"), "heavy imports are lazy"
    ),
    Aim(
        "`carbonstd calc` of the example to a result workbook, against `import pandas, openpyxl`",
        2.5,
        _start("carbonstd calc of the example"),
        "a whole process: case, tables and method read and checked, result workbook with live formulas",
    ),
    Aim(
        "`carbonstd calc` of a workbook of 100 000 rows to a result workbook, seconds",
        20,
        lambda held: held["workbook"].lines[_WRITTEN].get("100000") if "workbook" in held else None,
        "one pass over the file; a result workbook with so many rows gets values in place of formulas",
    ),
    Aim(
        "cost linear: a further 1e6 rows out of core beyond 1e7 rows, against one beyond 1e6",
        1.2,
        _level,
        "each part costs the same; what grows is the outcome, some rows an entity",
    ),
)
