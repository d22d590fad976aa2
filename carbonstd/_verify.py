"""A report verified: recomputed by the method and edition it names, compared by figure, all findings in one list."""

from __future__ import annotations

from dataclasses import dataclass

from carbonstd._calculate import Options, calculate
from carbonstd._case import Case
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding, finding
from carbonstd._library import Library
from carbonstd._method import Method
from carbonstd._naming import Names, names_of
from carbonstd._plan import Plan
from carbonstd._plan_findings import compare_plan
from carbonstd._result import Result
from carbonstd._review_input import ReviewReader
from carbonstd._verify_change import change_findings, changes
from carbonstd._verify_checks import cross_checked, factors, single_sources, stocks
from carbonstd._verify_compare import Comparison, compare, not_recomputed
from carbonstd._verify_editions import other_editions
from carbonstd._verify_guide import guide_for
from carbonstd._verify_list import entries
from carbonstd._verify_record import Change, Verification
from carbonstd._verify_replace import ReplacedCase, replaced_case, replacement


@dataclass(frozen=True)
class Inquiry:
    """What is asked of a verification beside the case: last year's case, a threshold for changes, a materiality, and
    the data quality control plan it is held against."""

    last_year: Case | None
    plan: Plan | None
    change: float
    materiality: float | None
    options: Options


def verify(case: Case, method: Method, library: Library, inquiry: Inquiry) -> Verification:
    """Verify the report in `case` by `method`. Whatever is wrong with it is in the list; nothing about it raises.

    Raises CaseError where a materiality is asked for and the guide or the national market knows none.
    """
    return _Verifier(case, method, library, inquiry).verification()


class _Verifier:
    def __init__(self, case: Case, method: Method, library: Library, inquiry: Inquiry) -> None:
        self.case, self.method, self.library, self.inquiry = case, method, library, inquiry
        self.guide = guide_for(method, library)
        self.findings: list[Finding] = []

    def verification(self) -> Verification:
        self._materiality()
        result = self._run(self.case)
        reader = ReviewReader(self.case.sheets, self.method, result._run if result else None)
        reported, replacing = reader.reported(), reader.replacements()
        checks = reader.cross_checks()
        replaced = replaced_case(self.case, self.method, self.library, self.guide, replacing)
        after = self._replaced(replaced)
        self._guide_in_time()
        compared = Comparison(not_recomputed(reported), ())
        crossed = list(cross_checked(checks, self.library))
        found: list[Finding] = []
        if result is not None:
            compared = compare(reported, result, after)
            found += [*compared.findings, *other_editions(reported, result, self.inquiry.options), *factors(result)]
            found += [*stocks(result, checks), *single_sources(self.guide, result, checks)]
            found += compare_plan(self.inquiry.plan, result) if self.inquiry.plan else []
        found += [item for _, item in crossed if item is not None]
        moved = self._changes(result)
        self.findings += [*reader.findings, *replaced.findings, *found, *change_findings(moved, self.inquiry.change)]
        return Verification(
            self.case, self.method, self.guide, 1, result, after, compared.figures, replaced.cells,
            tuple(pair for pair, _ in crossed), moved, self.inquiry.change,
            str(self.inquiry.last_year.period) if self.inquiry.last_year else "",
            entries(self._said(result), self.guide, self.method), (), self.inquiry.materiality,
        )  # fmt: skip

    def _said(self, result: Result | None) -> list[Finding]:
        names = names_of(result) if result else Names(self.method, self.library)
        return names.findings(self.findings)

    def _materiality(self) -> None:
        if self.inquiry.materiality is not None and (not self.guide.materiality or self.method.regime == "cets"):
            raise CaseError(
                findings=[finding("materiality-refused", "--materiality", guide=self.guide.document.number)]
            )

    def _run(self, case: Case) -> Result | None:
        try:
            result = calculate(case, self.method, self.library, self.inquiry.options)
        except CaseError as error:
            self.findings += [finding("report-refused", self.method.id), *error.findings]
            return None
        self.findings += result.findings
        return result

    def _replaced(self, replaced: ReplacedCase) -> Result | None:
        """The result after replacements; None where nothing was replaced, or (a finding) the rest does not run."""
        if not replaced.cells:
            return None
        self.findings += [replacement(item, self.guide) for item in replaced.cells]
        try:
            return calculate(replaced.case, self.method, self.library, self.inquiry.options)
        except CaseError as error:
            self.findings += error.findings
            return None

    def _guide_in_time(self) -> None:
        """A guide of a later year is the only one that is held: its points are shown, and that is said."""
        if self.guide.since and str(self.case.period.end.year) < self.guide.since:
            values = {"guide": self.guide.document.number, "since": self.guide.since, "period": str(self.case.period)}
            self.findings.append(finding("guide-of-later-year", self.guide.id, **values))

    def _changes(self, result: Result | None) -> tuple[Change, ...]:
        last = self.inquiry.last_year
        if last is None or result is None:
            return ()
        if last.period.end >= self.case.period.start:
            values = {"found": str(last.period), "period": str(self.case.period)}
            self.findings.append(finding("last-year-period", last.path or str(last.period), **values))
        try:
            method = self.library.method(last.method, last.period, last.as_of)
            return changes(result, calculate(last, method, self.library, self.inquiry.options), self.inquiry.change)
        except CarbonstdError as error:
            self.findings += [finding("last-year-refused", last.path or str(last.period)), *error.findings]
            return ()
