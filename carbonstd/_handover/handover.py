"""One ledger, nothing typed twice: an accounting result as the half-filled case of an allowance method.

Which figure fills which cell is data (`factors/decisions/handover`): expressions over the accounting method, which are
run with its own equations, so that units and shape are checked as theirs are. What no row names stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from fractions import Fraction
from functools import lru_cache
from typing import Any

from carbonstd._case.case import Case, RawSheet, RowPlace
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Constant, Equation, Method, Sheet
from carbonstd._definitions.schema import Bilingual
from carbonstd._engine.array import Array
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._language import expression as ex
from carbonstd._ledger.ledger import find_sheet
from carbonstd._number import exact
from carbonstd._result.basis import factor_tables
from carbonstd._result.result import Result
from carbonstd._units import unit

TABLE, ENTITY = "decisions/handover", "entity"
_LABEL, _PERIOD, _DOCUMENT, _FACTORS, _FAILED = "label", "period", "document", "factors", "failed"
_TYPED = re.compile(r"typed (\w+)\.(\w+)").fullmatch
GWP = Constant(
    "gwp_of_co2", Fraction(1), unit("tCO2e/tCO2"), "1", label={"zh": "二氧化碳的潜势", "en": "Potential of CO2"},
    evidence="derived", note={"zh": "按定义为1", "en": "1 by definition"},
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """One column of the allowance method: by which axis its rows run, and the figure that fills it."""

    sheet: str
    column: str
    by: str
    figure: str
    line: int = 0

    @property
    def equation(self) -> str:
        """The name its expression goes by while it is run; empty for what is no figure."""
        plain = self.figure in (_LABEL, _PERIOD, _DOCUMENT, _FACTORS, _FAILED) or self.term or self.typed
        return "" if plain else f"handover_{self.sheet}_{self.column}"

    @property
    def typed(self) -> tuple[str, str] | None:
        """The sheet and column of the accounting case whose cell is handed on as it was typed."""
        found = _TYPED(self.figure)
        return (found[1], found[2]) if found else None

    @property
    def term(self) -> str:
        return term_in(self.figure)


@dataclass(frozen=True)
class Origin:
    """Where a filled cell came from: the accounting method, the figure, and the lock of its result."""

    sheet: str
    row: int
    column: str
    value: Fraction
    figure: str
    method: str
    lock: str
    failed: bool  # whether that result has findings of the level error

    def text(self) -> Bilingual:
        zh, en = (
            ("；该结果有错误级的检查，不得使用", "; that result has errors and is not to be used")
            if self.failed
            else ("", "")
        )
        zh = f"来自 {self.method}：{self.figure}；锁 {self.lock}{zh}"
        return {"zh": zh, "en": f"from {self.method}: {self.figure}; lock {self.lock}{en}"}


@dataclass(frozen=True)
class Handover:
    """The half-filled case, the origin of each figure, and by sheet the columns left to the user; none: all of it."""

    case: Case
    method: Method
    source: Result
    origins: tuple[Origin, ...]
    left: tuple[tuple[Sheet, tuple[Column, ...]], ...]


@lru_cache(maxsize=256)
def links(target: Method, source: str, library: Library) -> tuple[Link, ...]:
    """What an accounting method hands to an allowance method, by their ids; empty where nothing does."""
    table = library.table(TABLE)
    found = []
    for index, row in enumerate(table.rows):
        if named(row.match["allowance"], target.id) and named(row.match["accounting"], source):
            by, figure = table.cell(index, "by").text, table.cell(index, "figure").text
            found.append(Link(str(row.match["sheet"]), str(row.match["column"]), by, figure, row.line))
    return tuple(found)


def hands(source: str, target: str, library: Library) -> bool:
    """Whether a method, by its id, hands figures to another."""
    rows = library.table(TABLE).rows
    return any(named(row.match["allowance"], target) and named(row.match["accounting"], source) for row in rows)


def asking(method: Method, target: Method, given: Sequence[Link]) -> Method:
    """The accounting method with the expressions of the links among its equations, in the units of their columns."""
    added = {
        link.equation: Equation(
            link.equation, column.label, column.unit, ex.parse(link.figure), evidence="derived", clause=TABLE
        )
        for link in given
        if link.equation and (column := target.sheets[link.sheet].columns[link.column])
    }
    return replace(method, constants={**method.constants, GWP.name: GWP}, equations={**method.equations, **added})


def hand_over(case: Case, name: str, library: Library, options: Options | None = None) -> Handover:
    """Run an accounting case and fill an allowance method with it; without an edition that of the case's period.

    Raises CaseError where the accounting is refused, or hands nothing to that method.
    """
    target = library.method(name, case.period)
    method = library.method(case.method, case.period, case.as_of)
    given = links(target, method.id, library)
    if not given:
        raise CaseError(findings=[finding("handover-none", target.id, method=method.id)])
    sheets, result = handed_sheets(case, method, target, given, library, options)
    origins = [origin for sheet in sheets for origin in _origins(_of(sheet, given), sheets[sheet], result)]
    issued = target.document.issued or case.as_of
    filled = Case(target.id, case.period, max(case.as_of, issued), case.entity, sheets, name=case.name)
    return Handover(filled, target, result, tuple(origins), _left(filled, target, library))


def handed_sheets(
    case: Case, method: Method, target: Method, given: Sequence[Link], library: Library, options: Options | None = None
) -> tuple[dict[str, RawSheet], Result]:
    """The sheets of an allowance method as far as an accounting fills them, and its result. Raises CaseError."""
    result = calculate(case, asking(method, target, given), library, options)
    names = dict.fromkeys(link.sheet for link in given)
    run = result._run
    return {
        name: RawSheet(columns_of(_of(name, given), result, lambda link: run.equation(link.equation)), RowPlace(name))
        for name in names
    }, result


def _of(sheet: str, given: Sequence[Link]) -> list[Link]:
    return [link for link in given if link.sheet == sheet]


def term_in(figure: str) -> str:
    """The term that a figure in quotes is; empty where it is an expression."""
    quoted = len(figure) > 1 and figure[0] == figure[-1] == '"'
    return figure[1:-1] if quoted else ""


def named(said: Any, method: str) -> bool:
    """Whether a row speaks of a method: one id or several, with `*` for any edition."""
    return any(fnmatch(method, pattern) for pattern in ((said,) if isinstance(said, str) else said))


def columns_of(given: Sequence[Link], result: Result, figure: Callable[[Link], Array]) -> dict[str, list[Any]]:
    """The columns of one sheet, with what `figure` comes to in the accounting; one that it has not is blank."""
    found = {link.column: figure(link) for link in given if link.equation}
    figures = {column: _figures(array, result) for column, array in found.items()}
    labels = _labels(given[0].by, figures, result)
    columns: dict[str, list[Any]] = {}
    for link in given:
        if link.typed:
            columns |= _typed(link.column, *link.typed, result)
            continue
        if not link.equation:
            columns[link.column] = [_said(link, label, result) for label in labels]
            continue
        absent = _absent(found[link.column])
        columns[link.column] = [figures[link.column].get(label, absent) for label in labels]
    return columns


def _origins(given: Sequence[Link], filled: RawSheet, result: Result) -> Iterator[Origin]:
    """Where the figures of one sheet came from."""
    lock = str(result.lock["hash"])[:12]
    for link in given:
        for row, value in enumerate(filled.columns[link.column] if link.equation else ()):
            if value is not None:
                yield Origin(link.sheet, row, link.column, value, link.figure, result.method.id, lock, result.failed)


def _said(link: Link, label: str, result: Result) -> Any:
    """What is no figure: a term, the label of the row, the document, its factors, the year, or whether it failed."""
    if link.figure == _FACTORS:
        return "；".join(header.title["zh"] for header in factor_tables(result)) or None
    if link.figure == _DOCUMENT:
        return result.method.document.number
    if link.figure == _FAILED:
        return "yes" if result.failed else "no"
    if link.figure == _PERIOD:
        return result.case.period.start.year if result.case.period.one_year else None
    return link.term or label or result.case.title("zh")


def _typed(column: str, sheet: str, name: str, result: Result) -> dict[str, list[Any]]:
    """The cell of a form as it was typed, with its unit where that stands in a column beside it."""
    raw = find_sheet(result.case, result.method, result.method.sheets[sheet])
    held = {} if raw is None else raw.columns
    found = {column: list(held.get(name, [None]))[:1]}
    return found | ({f"{column}_unit": list(held[f"{name}_unit"])[:1]} if f"{name}_unit" in held else {})


def _figures(array: Array, result: Result) -> dict[str, Fraction]:
    """The values of a link by label; of one row under an empty label."""
    found = result.values_of(array)
    return {(labels[0] if labels else ""): exact(value) for labels, value in found.items() if value == value}


def _absent(array: Array) -> Fraction | None:
    """What a figure is at a label it does not have: zero of a sum, such as the heat of a unit that supplies none."""
    return Fraction(0) if array.frame.axes and array.fill == 0 else None


def _labels(by: str, figures: Mapping[str, Mapping[str, Fraction]], result: Result) -> list[str]:
    if by == ENTITY:
        return [""]
    return list(dict.fromkeys(label for values in figures.values() for label in values))


def _left(filled: Case, target: Method, library: Library) -> tuple[tuple[Sheet, tuple[Column, ...]], ...]:
    """What is still asked for: the columns whose blanks the method itself misses, and the sheets without a row."""
    try:
        findings = calculate(filled, target, library).findings
    except CaseError as error:
        findings = tuple(error.findings)
    blanks = {
        (place[1], place[2]) for item in findings if item.code == "missing-value" and (place := _PLACE(item.place))
    }
    return tuple(
        (sheet, tuple(column for column in sheet.columns.values() if (sheet.id, column.name) in blanks))
        for sheet in target.sheets.values()
        if sheet.id not in filled.sheets or any(name == sheet.id for name, _ in blanks)
    )


_PLACE = re.compile(r"(\w+)\[\d+\]\.(\w+)").fullmatch
