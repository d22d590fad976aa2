"""Figures typed in an allowance, held against those of the accounting beside it in the same joint workbook.

What is typed stands (`_joint.figures` fills but blanks). Where it contradicts the accounting the result of the
accounting says so; the expressions of `_handover.handover` are looked at in its finished run, so nothing is computed
twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from carbonstd._case.case import Case, RawSheet
from carbonstd._case.cells import ShownPerCent, as_text, blank, number_in
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._handover.handover import GWP, Link, asking, columns_of, links
from carbonstd._joint.case import Part, case_of, part_of
from carbonstd._joint.figures import Rows, each
from carbonstd._language import expression as ex
from carbonstd._language.compile import Expressions
from carbonstd._number import exact, shown
from carbonstd._result.result import Result
from carbonstd._units import convertible

# Relative. Beyond the last digit typed: months that were each rounded and then added up by hand come to a little else,
# and nobody can mend that. Ten times less than the digits shown tell apart.
_NOISE = Fraction(1, 10**6)


def calculate_joint(case: Case, method: Method, library: Library, options: Options | None = None) -> Result:
    """Run one method of a joint case (or the only one), and tell what is typed beside it that contradicts it."""
    result = calculate(case_of(case, method.id, library, options), method, library, options)
    told = contradicted(case, result, library)
    return result.with_findings(told) if told else result


def contradicted(case: Case, result: Result, library: Library) -> list[Finding]:
    """The figures typed in `case` for other methods that are not what `result`, of the same case, says they are."""
    return [item for part, given in _handed(case, result.method, library) for item in _of(part, given, result, library)]


def may_contradict(case: Case, method: Method, library: Library) -> bool:
    """Whether another method of the case, whatever its sheets hold, asks for figures that this one computes."""
    return bool(_handed(case, method, library))


def _handed(case: Case, method: Method, library: Library) -> list[tuple[Part, tuple[Link, ...]]]:
    found = []
    for name in case.also and (case.method, *case.also):
        with suppress(CarbonstdError):  # told where that method is run
            part = part_of(case, name, library)
            given = links(part.method, method.id, library) if part else ()
            if part and any(link.equation for link in given):
                found.append((part, given))
    return found


def _of(part: Part, given: Sequence[Link], result: Result, library: Library) -> Iterator[Finding]:
    try:
        sheets = dict(part.typed())
    except CarbonstdError:  # told where that method is run
        return
    trees = _trees(result.method, part.method, library)
    for sheet in dict.fromkeys(link.sheet for link in given if link.equation):
        raw = sheets.get(sheet)
        own = [link for link in given if link.sheet == sheet]
        if raw is not None and any(_typed(raw, link.column) for link in own if link.equation):
            yield from _differing(raw, own, trees, result, part.method, library)


def _typed(raw: RawSheet, column: str) -> bool:
    return not all(map(blank, raw.columns.get(column, ())))


@lru_cache(maxsize=32)
def _trees(source: Method, target: Method, library: Library) -> dict[str, ex.Node]:
    """The checked expressions of the links by the name of their equation: one object each, for all entities."""
    method = asking(source, target, given := links(target, source.id, library))
    expressions = Expressions(method, library)
    found = {}
    for link in given:
        if link.equation:
            unit = method.equations[link.equation].unit
            checked = expressions.compile(ex.parse(link.figure), target=(unit,)).node
            assert checked is not None
            found[link.equation] = ex.substitute(checked, {GWP.name: ex.Literal(GWP.value)})
    return found


def _differing(
    raw: RawSheet, given: list[Link], trees: dict[str, ex.Node], result: Result, target: Method, library: Library
) -> Iterator[Finding]:
    """Only where one typed row and one of the accounting belong together is it known what is to be compared."""
    sheet = target.sheets[given[0].sheet]
    rows = Rows(raw, sheet, given[0].by, library)
    handed = columns_of(given, result, lambda link: result._run.looked_at(trees[link.equation], ""))
    cells = list(each(handed))
    fitting = [rows.fitting(row) for row in cells]
    often = [row for held in fitting for row in held]
    for row, held in zip(cells, fitting, strict=True):
        if len(held) == 1 and often.count(held[0]) == 1:
            for link in given:
                if link.equation and row[link.column] is not None:
                    yield from _compared(raw, held[0], sheet.columns[link.column], row[link.column], result)


def _compared(raw: RawSheet, row: int, column: Column, known: Fraction, result: Result) -> Iterator[Finding]:
    units = raw.columns.get(f"{column.name}_unit")
    read = _read(raw.columns.get(column.name, [None] * raw.rows)[row], units[row] if units else None, column)
    if read is None:
        return
    figure, half = read
    apart = figure - known
    if abs(apart) > half + _NOISE * abs(known):
        unit = column.unit.text
        told = {"typed": shown(figure, 8), "known": shown(known, 8), "apart": shown(apart), "half": shown(half)}
        place = raw.place(column.name, row)
        yield finding("figures-differ", place, column=column.label, unit=unit, method=result.method.id, **told)


def _read(cell: Any, typed_unit: Any, column: Column) -> tuple[Fraction, Fraction] | None:
    """A typed figure and half of its last digit, in the column's unit; None for what its own method is to tell."""
    if blank(cell) or isinstance(cell, bool | date | datetime):
        return None
    text = f"{cell:.15g}" if isinstance(cell, float) else as_text(cell)
    number = number_in(text)
    if number is None:
        return None
    digits, suffix, value = number
    spelled = suffix or ("" if blank(typed_unit) else as_text(typed_unit))
    factor = Fraction(1) if isinstance(cell, ShownPerCent) or not spelled else convertible(spelled, column.unit)
    if factor is None:
        return None
    exponent = Decimal(digits).as_tuple().exponent
    scale = exact(value) / exact(Decimal(digits)) if value else Fraction(1)  # 万 stands behind the digits
    return value * factor, Fraction(10) ** min(int(exponent), 0) / 2 * abs(scale) * factor
