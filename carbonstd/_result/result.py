"""The result of a run: totals, report lines, findings, operands and the lock; it explains every line."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonstd._case.case import Case
from carbonstd._definitions.method import Method, ReportLine
from carbonstd._definitions.schema import joined
from carbonstd._engine.array import Array
from carbonstd._engine.run import Run
from carbonstd._errors import NotFoundError
from carbonstd._findings import Finding, Language, finding, has_errors
from carbonstd._language import expression as ex
from carbonstd._ledger.arithmetic import NAN
from carbonstd._near import suggest
from carbonstd._number import shown
from carbonstd._result.conditions import Condition, conditions
from carbonstd._result.evidence import UNSEEN
from carbonstd._result.left_out import left_out
from carbonstd._result.line_value import LineValue, Quantity, tagged
from carbonstd._result.status import Addends, addends
from carbonstd._result.verdict import Verdict
from carbonstd._units import Unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from carbonstd._forms.filled import FilledForm
    from carbonstd._trace.trace import Explanation
    from carbonstd._uncertainty.result import Uncertainty


_BOUNDARIES = (  # vocabularies of such choices
    *("consolidation_approaches", "co2_boundaries", "electricity_calibers", "price_bases"),
    *("balance_equivalents", "balance_practices"),
)
_COMMA: Mapping[str, str] = {"zh": "、", "en": "; "}


class Result:
    """What a method gave for a case. Immutable; pickles; prints itself in a notebook.

    `totals` maps ids to quantities, `primary` is the document's total, `lines` its report lines, `shares` the share of
    the primary total by status, `verdicts` what indicators reach against limits, `operands` a DataFrame with one row a
    value used, `trace` the same of one sheet as wide columns, `accepted` the recalled tables accepted for this run,
    `lock` what a re-run needs. `intervals` is None until `with_uncertainty` makes them.
    """

    intervals: Uncertainty | None = None

    def __init__(
        self,
        case: Case,
        method: Method,
        run: Run,
        findings: list[Finding],
        verdicts: Sequence[Verdict] = (),
        accepted: Sequence[str] = (),
        hidden: Iterable[str] = (),
    ) -> None:
        self.case, self.method, self._run, self.verdicts = case, method, run, tuple(verdicts)
        self.accepted, self._hidden = tuple(accepted), frozenset(hidden)
        self._left_out = left_out(run, self._hidden)
        self.findings = _in_order([*findings, *self._sum_of_lines(), *self._incomplete()])
        self._frozen = True

    def __setattr__(self, name: str, value: Any) -> None:
        if "_frozen" in self.__dict__:
            raise AttributeError(f"a Result is frozen; {name!r} cannot be set")
        super().__setattr__(name, value)

    def with_lock(self, lock: Mapping[str, Any], findings: Sequence[Finding]) -> Result:
        """This result under the lock it was repeated from, with what the repetition found."""
        copied = self.with_findings(findings)
        copied.__dict__["lock"] = lock
        return copied

    def with_findings(self, findings: Sequence[Finding]) -> Result:
        """This result with what is told of it beside what it says elsewhere."""
        copied = copy.copy(self)
        copied.__dict__["findings"] = _in_order([*self.findings, *findings])
        return copied

    def with_uncertainty(self, draws: int = 0, seed: int = 0) -> Result:
        """This result with its intervals: text, JSON, workbook and page show them, the lock keeps draws and seed.

        Raises CaseError where half-widths typed in the case contradict each other.
        """
        from carbonstd._result.lock import seeded

        copied, intervals = copy.copy(self), self.uncertainty(draws, seed)
        copied.__dict__["intervals"] = intervals
        if "lock" in self.__dict__:
            copied.__dict__["lock"] = seeded(self.lock, intervals)
        return copied

    @cached_property
    def lines(self) -> tuple[LineValue, ...]:
        return tuple(self._line(line) for line in self.method.lines if not line.total)

    @cached_property
    def total_lines(self) -> tuple[LineValue, ...]:
        return tuple(self._line(line) for line in self.method.totals)

    @property
    def totals(self) -> Mapping[str, Quantity]:
        """The document's totals by id; NaN where nothing of it was reported."""
        return {item.line.id: Quantity(item.value if item.reported else NAN, item.unit) for item in self.total_lines}

    @property
    def primary_line(self) -> ReportLine:
        """The method's primary total; where its condition does not hold in this case, the first total that does."""
        shown = [line for line in self.method.totals if line.id not in self._hidden]
        return self.method.primary if self.method.primary in shown or not shown else shown[0]

    @property
    def primary(self) -> Quantity:
        """The document's total; 0 and not NaN where nothing was reported, for shares and sums hang on it."""
        line = self.primary_line
        return Quantity(self._total(line.equation), self.method.equations[line.equation].unit.text)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What a decision rests on, each condition met, not met or not stated; empty where nothing is decided so."""
        return conditions(self._run)

    @property
    def failed(self) -> bool:
        """Whether an error stands among the findings (exit code 1)."""
        return has_errors(self.findings)

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of the primary total by status of its addends (absolute values).

        Where it is not reported, of the other totals in its unit that are: a sector alone rests on something too.
        """
        primary = self.primary_line
        unit = self._unit(primary)
        others = [i.line.equation for i in self.total_lines if i.reported and self._unit(i.line) == unit]
        return self._shares([primary.equation] if primary.equation in others or not others else others)

    @cached_property
    def wider_shares(self) -> dict[str, dict[str, float]]:
        """The same of each reported total that takes in more than the primary one (net of removals), by its id."""
        primary = ex.Name(self.primary_line.equation)
        wider = {
            item.line.id: item.line.equation
            for item in self.total_lines
            if item.reported and any(primary in node.walk() for node in self.method.equations[item.line.equation].nodes)
        }
        return {name: self._shares([equation]) for name, equation in wider.items()}

    def _shares(self, equations: Iterable[str]) -> dict[str, float]:
        found = [addends(self._run, equation) for equation in equations]
        whole = Addends(np.concatenate([i.values for i in found]), np.concatenate([i.status for i in found]))
        return {status.name.lower(): share for status, share in whole.shares().items()}

    def _unit(self, line: ReportLine) -> Unit:
        return self.method.equations[line.equation].unit

    def value(self, name: str) -> Quantity:
        """The value of a line, total or equation; `limit[3]` or `clinker[kiln 1, 2025-01]` where it has several.

        Raises NotFoundError where there is no such value, or more than one.
        """
        name, _, labels = name.removesuffix("]").partition("[")
        equation = self._equation_of(name)
        unit = self.method.equations[equation].unit.text
        values = self.values(equation)
        if labels or len(values) != 1:
            key = tuple(part.strip() for part in labels.split(",")) if labels else ()
            if key not in values:
                held = "; ".join(", ".join(item) for item in list(values)[:20])
                raise NotFoundError(findings=[finding("value-not-one", name=name, count=len(values), labels=held)])
            return Quantity(values[key], unit)
        return Quantity(next(iter(values.values())), unit)

    def _equation_of(self, name: str) -> str:
        """The equation of a line or total, or one by its id or symbol. Raises NotFoundError."""
        lines = {item.id: item.equation for item in (*self.method.totals, *self.method.lines)}
        found = (item.id for item in self.method.equations.values() if name in (item.id, item.symbol))
        equation = lines.get(name) or next(found, None)
        if equation is None:
            suggestion = suggest(name, [*self.method.equations, *(item.id for item in self.method.lines)])
            values = {"kind": {"zh": "报告行", "en": "line"}, "suggestion": suggestion}
            raise NotFoundError(findings=[finding("not-found", name=name, **values)])
        return equation

    def values(self, equation: str) -> dict[tuple[str, ...], float]:
        """All values of an equation by the labels of its axes, or by row (from 1) where it runs over a sheet."""
        return self.values_of(self._run.equation(equation))

    def values_of(self, array: Array) -> dict[tuple[str, ...], float]:
        """The values of an array of this run by its labels."""
        axes = self._run.axes
        numbers = [float(value) for value in array.data]
        if array.keys is not None:
            names = [axes.named(array.frame.axes, int(key)) for key in array.keys]
            return dict(zip(names, numbers, strict=True))
        return {(str(row),) if array.frame.sheet else (): value for row, value in enumerate(numbers, 1)}

    def largest(self, count: int = 3) -> list[LineValue]:
        return sorted((item for item in self.lines if not item.line.memo), key=lambda item: -abs(item.value))[:count]

    @cached_property
    def operands(self) -> pd.DataFrame:
        """Every value used, one row each: sheet, place, column, value, unit, status, table, row, evidence, clause."""
        from carbonstd._trace.trace import operands

        return operands(self._run)

    def frame(self, language: Language = "en") -> pd.DataFrame:
        """Lines and totals as a DataFrame, a row each by id: label, value, unit, gas, scope, status and the like.

        Totals stand among the lines (`total`), and what was exported is a positive value with the `sign` -1: over the
        rows that are neither `total` nor `memo`, `sign * value` adds up to the primary total.
        """
        import pandas as pd

        rows = [tagged(item, language) | {"total": item.line.total} for item in (*self.lines, *self.total_lines)]
        return pd.DataFrame(rows).set_index("id") if rows else pd.DataFrame()

    def trace(self, sheet: str, *, units: bool = False) -> pd.DataFrame:
        """Every value of a sheet and of the equations over its rows, as columns: value, status, unit, table row.

        For a million rows, where `operands` (a row a value, with its place) is slow. With `units` headings carry
        the unit where it holds for a whole column. Raises NotFoundError.
        """
        from carbonstd._catalogue.unit_heads import headed
        from carbonstd._trace.columns import columns

        if sheet not in self._run.ledger:
            values = {"kind": {"zh": "表", "en": "sheet"}, "suggestion": suggest(sheet, list(self._run.ledger))}
            raise NotFoundError(findings=[finding("not-found", name=sheet, **values)])
        made = columns(self._run, sheet)
        return headed(made) if units else made

    @cached_property
    def lock(self) -> dict[str, Any]:
        """Everything a re-run needs: method, tables, vocabularies, dates, and hashes of them."""
        from carbonstd._result.lock import make_lock

        return make_lock(self)

    def explain(self, line: str) -> Explanation:
        """Follow one line down to clauses, table cells, editions and input cells."""
        from carbonstd._trace.trace import explain

        return explain(self, line)

    def uncertainty(self, draws: int = 0, seed: int = 0) -> Uncertainty:
        """The 95 % interval of every total and line, by error propagation and, with `draws`, by Monte Carlo.

        Raises CaseError where half-widths typed in the case contradict each other.
        """
        from carbonstd._uncertainty.analysis import uncertainty

        return uncertainty(self, draws, seed)

    def plot(
        self, kind: str = "", *, other: Result | None = None, language: Language = "en", ax: Axes | None = None
    ) -> Axes:
        """Draw a chart with matplotlib (`pip install "carbonstd[plot]"`) and return its axes.

        `kind` is `sources`, `months`, `levels`, `flow`, `shares`, `uncertainty`, the id of a panel by year, or
        `waterfall` from `other`, an earlier year or another edition, to this result; without it, what there is.
        Raises NotFoundError for any other kind, CarbonstdError where there is nothing to draw.
        """
        from carbonstd._result.plot import plot

        return plot(self, kind, other, language, ax)

    def to_excel(self, path: str | Path, language: Language = "en") -> None:
        """Write the result workbook: live formulas with their values. An existing file is replaced only on success."""
        from carbonstd._result_workbook.workbook import write_result

        write_result(self, Path(path), language)

    def forms(self) -> FilledForm:
        """The document's report forms filled, or a common form where they are not held. Raises CaseError."""
        from carbonstd._forms.generic import report_forms

        return report_forms(self)

    def to_html(self, path: str | Path, language: Language = "en") -> None:
        """Write one self-contained page to read and print. An existing file is replaced only on success."""
        from carbonstd._report.report import write_report

        write_report(self, Path(path), language)

    def to_word(self, path: str | Path, language: Language = "en") -> None:
        """Write the same report as a Word document (.docx). An existing file is replaced only on success."""
        from carbonstd._report.report import write_report

        for item in write_report(self, Path(path), language):
            warnings.warn(item.message(language), stacklevel=2)

    def as_dict(self, language: Language = "en") -> dict[str, Any]:
        """The result as plain data; the shape of `--json`."""
        from carbonstd._result.data import as_data

        return as_data(self, language)

    @property
    def gwp(self) -> str | None:
        """The GWP table a total was formed with, if the method uses one."""
        tables = [item.table.id for items in self._run.segments.values() for item in items]
        return next((table for table in tables if table.startswith("gwp/")), None)

    @cached_property
    def boundary(self) -> str:
        """The choices recorded once that decide what every total takes in, such as the consolidation, zh and en."""
        once = (data for data in self._run.ledger.values() if data.sheet.single and data.rows)
        labelled = ((column, codes[0]) for data in once for column, codes in data.labelled())
        chosen = [
            (self._run.library.vocabulary(column.vocabulary), self._run.axes.labels[column.name][code])
            for column, code in labelled
            if code >= 0 and column.vocabulary in _BOUNDARIES
        ]
        return "; ".join(f"{terms.label(key, 'zh')} {terms.label(key, 'en')}" for terms, key in chosen if key)

    def _line(self, line: ReportLine) -> LineValue:
        return LineValue(
            line,
            self._total(line.equation),
            self.method.equations[line.equation].unit.text,
            addends(self._run, line.equation).worst,
            self._reported(line),
        )

    def _reported(self, line: ReportLine) -> bool:
        """Whether its condition holds and what it says was filled in."""
        return line.id not in self._hidden and self.rests_on_rows(line.equation)

    def rests_on_rows(self, equation: str) -> bool:
        """Whether any sheet of figures below an equation has a row; what rests on no sheet does.

        A sheet of labels alone (the province of an inventory) reports nothing where sheets of figures are below too. An
        equation that is `reported_with` others needs rows below each of them (a net figure its two sides), and a sum
        a part that is reported.
        """
        if equation in self._left_out:
            return False
        if not all(map(self.rests_on_rows, self.method.equations[equation].reported_with)):
            return False
        return self.holds_rows(equation)

    def holds_rows(self, equation: str) -> bool:
        """Whether any of these sheets has a row, reported or not."""
        below = self._run.program.sheets_below[equation]
        figures = [sheet for sheet in below if self.method.sheets[sheet].has_figures]
        return not below or any(self._run.ledger[sheet].rows for sheet in figures or below)

    def _total(self, equation: str) -> float:
        array = self._run.equation(equation)
        values = array.data.astype(float)
        return float(np.sum(values if array.frame.sheet else np.sort(values)))  # keys stand in no order of their own

    def _sum_of_lines(self) -> list[Finding]:
        """Report lines must add up to the primary total: a source outside the table would be lost to a reader."""
        counted = [
            line.sign * self._total(line.equation) * self._reported(line)
            for line in self.method.lines
            if not (line.total or line.memo)
        ]
        if not counted or abs(sum(counted) - self.primary.value) <= 1e-9 * max(sum(map(abs, counted)), 1e-9):
            return []
        return [
            finding(
                "lines-do-not-sum",
                self.method.id,
                found=shown(sum(counted), 10),
                expected=shown(self.primary.value, 10),
            )
        ]

    def _incomplete(self) -> list[Finding]:
        """A total that leaves out what has no row says so: an inventory without agriculture is none of a province."""
        equations = self.method.equations
        found = []
        for line in self.method.totals:
            absent = [name for name in equations[line.equation].told_without if not self.rests_on_rows(name)]
            if absent and self._reported(line):
                labels = joined([equations[name].label for name in absent], _COMMA)
                found.append(finding("total-incomplete", line.id, absent=labels))
        return found

    def __repr__(self) -> str:
        return f"<Result {self.method.id} {self.case.title('en')} {self.case.period}: {self.primary}>"

    def _repr_html_(self) -> str:
        from carbonstd._result.display import result_html

        return result_html(self)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What nobody has seen in its source stands after what may be wrong."""
    return tuple(sorted(findings, key=lambda item: item.code in UNSEEN))
