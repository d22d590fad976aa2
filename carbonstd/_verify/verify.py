"""A report verified: recomputed by the method and edition it names, compared by figure, all findings in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from carbonstd._case.case import Case
from carbonstd._case.review_sheets import REPORTED
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, Severity, finding
from carbonstd._joint.case import case_of
from carbonstd._joint.compare import contradicted
from carbonstd._naming import Names, names_of
from carbonstd._plan.findings import compare_plan
from carbonstd._plan.plan import Plan
from carbonstd._result.result import Result
from carbonstd._verify.change import change_findings, changes, last_year
from carbonstd._verify.checks import factors, unlike_months
from carbonstd._verify.compare import compare, not_recomputed
from carbonstd._verify.editions import other_editions
from carbonstd._verify.guide import guide_for, in_time
from carbonstd._verify.list import SHEET_ABSENT, entries
from carbonstd._verify.record import Change, Compared, Replaced, Verification
from carbonstd._verify.replace import not_conservative, replaced_case, replacement_findings, with_defaults
from carbonstd._verify.review_input import CrossCheck, Replacement, Reported, ReviewReader
from carbonstd._verify.sources import cross_checked, single_sources, stocks


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
    """Verify the report in `case` by `method`, one of those it is for. Whatever is wrong with it is in the list.

    Raises CaseError where the case gives this method no data (`_joint.case.case_of`), and where a materiality is asked
    for and the guide or the national market knows none.
    """
    return _Verifier(case, method, library, inquiry).verification()


class _Verifier:
    """One verification. `findings` are of the report, `remarks` of the verification itself."""

    def __init__(self, case: Case, method: Method, library: Library, inquiry: Inquiry) -> None:
        self.whole, self.method, self.library, self.inquiry = case, method, library, inquiry
        self.case = case_of(case, method.id, library, inquiry.options)
        self.guide = in_time(guide_for(method, library), case.period)
        self.findings: list[Finding] = []
        self.remarks: list[Finding] = []

    def verification(self) -> Verification:
        self._materiality()
        self._guide_of_its_time()
        self._of_several()
        absent = (item for item in self.whole.findings if item.code == SHEET_ABSENT)
        self.remarks += [replace(item, severity=Severity.ERROR) for item in absent]  # what it held moves figures
        result = self._run()
        reader = ReviewReader(self.case.sheets, self.method, result._run if result else None)
        reported = reader.reported()
        unread = sum(item.code != "reported-twice" for item in reader.findings)  # of one stated twice a figure was read
        checks, replacing = reader.cross_checks(), reader.replacements()
        self.remarks += reader.findings
        cells, after = self._replaced(replacing, result)
        crossed = list(cross_checked(checks, self.guide, self.library))
        self.findings += [item for _, item in crossed if item is not None]
        figures = not_recomputed(reported)
        if result is not None:
            figures = self._compared(reported, unread, result, after)
            self._looked(result, checks)
        moved = self._changes(result)
        names = names_of(result) if result else Names(self.method, self.library)
        listed = entries(names.findings(self.findings), self.guide, self.method, result._run if result else None)
        return Verification(
            self.case, self.method, self.guide, 1, result, after, figures, cells, tuple(pair for pair, _ in crossed),
            moved, self.inquiry.change, str(self.inquiry.last_year.period) if self.inquiry.last_year else "", listed,
            tuple(names.findings(self.remarks)), self.inquiry.materiality, planned=self.inquiry.plan is not None,
        )  # fmt: skip

    def _materiality(self) -> None:
        if self.inquiry.materiality is not None and (not self.guide.materiality or self.method.regime == "cets"):
            refused = finding("materiality-refused", "--materiality", guide=self.guide.document.number)
            raise CaseError(findings=[refused])

    def _guide_of_its_time(self) -> None:
        """A guide of a later year is the only one that is held: its points are shown, and that is said."""
        if self.guide.since and str(self.case.period.end.year) < self.guide.since:
            values = {"guide": self.guide.document.number, "since": self.guide.since, "period": str(self.case.period)}
            self.remarks.append(finding("guide-of-later-year", self.guide.id, **values))

    def _of_several(self) -> None:
        """Other methods of the same workbook are verified one by one, and it is said which were not."""
        named = (self.library.find(name, self.library.method_headers) for name in (self.whole.method, *self.whole.also))
        others = [header.family for header in named if header.family != self.method.family]
        if self.whole.also and others:
            self.remarks.append(finding("verified-alone", self.method.id, others=", ".join(others), example=others[0]))

    def _run(self) -> Result | None:
        """The case recomputed; None where the method refuses it, and the list says why."""
        try:
            result = calculate(self.case, self.method, self.library, self.inquiry.options)
        except CaseError as error:
            self.findings += [finding("report-refused", self.method.id), *error.findings]
            return None
        self.findings += [*result.findings, *contradicted(self.whole, result, self.library)]
        return result

    def _replaced(
        self, wanted: Sequence[Replacement], result: Result | None
    ) -> tuple[tuple[Replaced, ...], Result | None]:
        """The cells replaced and the result after that; None where nothing was, or where the rest does not run."""
        if result is None or not wanted:
            return (), None
        replaced = replaced_case(self.case, self.method, self.library, self.guide, wanted)
        self.remarks += replaced.findings
        if not replaced.cells:
            return (), None
        try:
            after = calculate(replaced.case, self.method, self.library, self.inquiry.options)
        except CaseError as error:
            self.remarks += [finding("replacement-refused", self.method.id), *error.findings]
            return replaced.cells, None
        cells = with_defaults(replaced.cells, after)
        self.findings += replacement_findings(cells, self.guide)
        self.remarks += not_conservative(result, after)
        return cells, after

    def _compared(
        self, reported: Sequence[Reported], unread: int, result: Result, after: Result | None
    ) -> tuple[Compared, ...]:
        compared = compare(reported, result, after, whole=not unread)
        self.findings += [*compared.findings, *other_editions(reported, result, self.inquiry.options)]
        if unread:
            self.remarks.append(finding("reported-unread", REPORTED.id, count=unread))
        elif not reported:
            self.remarks.append(finding("reported-nothing", result.method.id))
        return compared.figures

    def _looked(self, result: Result, checks: Sequence[CrossCheck]) -> None:
        """What is looked for in the data themselves."""
        self.findings += [*factors(result), *unlike_months(result)]
        self.findings += [*stocks(result, self.guide, checks), *single_sources(result, self.guide, checks)]
        self.findings += compare_plan(self.inquiry.plan, result) if self.inquiry.plan else []

    def _changes(self, result: Result | None) -> tuple[Change, ...]:
        """What moved since last year; nothing where last year is of another enterprise or method, or does not run."""
        last = self.inquiry.last_year
        if last is None or result is None:
            return ()
        before = last_year(self.case, self.method, last, self.library, self.inquiry.options)
        self.remarks += before.findings
        moved = changes(result, before.result, self.inquiry.change) if before.result else ()
        self.findings += change_findings(moved, self.inquiry.change)
        return moved
