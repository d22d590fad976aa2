"""`carbonstd template`."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import candidates, spoken
from .files import check_new, check_output
from .options import FILE, file_option, language_option, library, library_options
from .output import print_findings, print_lines

if TYPE_CHECKING:
    from carbonstd._case.case import Case
    from carbonstd._definitions.document import Period
    from carbonstd._definitions.library import Library
    from carbonstd._findings import Language


@spoken.command("template", short_help="Write a workbook to fill in")
@spoken.argument("method", metavar="METHOD", shell_complete=candidates.methods)
@file_option("-o", "--output", required=True, metavar="FILE.xlsx", help="Workbook to write.")
@spoken.option("--period", metavar="PERIOD", help="Take the edition of a period, such as 2025.")
@spoken.option("--example", is_flag=True, help="Fill it with the example that ships with the method.")
@spoken.option("--review", is_flag=True, help="With the sheets of a verifier: reported figures, other sources.")
@spoken.option(
    "--from",
    "sources",
    type=FILE,
    multiple=True,
    metavar="CASE",
    help="Fill it from last year's case, another method's, a yearbook's balance, or PACT footprints.",
)
@spoken.option("--uncertainty", is_flag=True, help="A column for the half-width beside each number.")
@spoken.option("--plan", is_flag=True, help="The data quality control plan instead of the data.")
@spoken.option(
    "--also",
    multiple=True,
    metavar="METHOD",
    shell_complete=candidates.methods,
    help="One workbook for another method too; may be repeated.",
)
@language_option
@library_options
def command(
    method: str,
    output: Path,
    period: str | None,
    example: bool,
    review: bool,
    sources: tuple[Path, ...],
    uncertainty: bool,
    plan: bool,
    also: tuple[str, ...],
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Write a workbook to fill in for a method.

    With `--from CASE` an allowance method takes what its accounting method computed: each such cell has a comment that
    names method, figure and lock, and what accounting cannot know is left to fill in and listed.

    With `--from LAST.xlsx --period 2026` last year's case by the same method becomes the workbook of 2026: names, kinds
    and what stands for years are kept, figures and proofs emptied. With `--from REPORT.xlsx --review` all is kept and
    the sheets of a verifier are added.

    With `--from LEDGER.xlsx` of another method the sheets that both have alike are copied: an energy ledger goes into
    its balance, report and target checks.

    With `--from BALANCE.xlsx` a method on energy balances takes the table of a statistical yearbook as it stands;
    `--period` says its year where the titles do not.

    With `--from SUPPLIER.json` a method on footprints takes PACT footprints (2.3, 3.0) as supplier data: one or several
    files, each with one or several, and at most one case of that method, to which they are added.

    With `--also METHOD` one workbook is for several methods: what they share is one sheet, and what an energy ledger
    tells is handed to the others when they are run.
    """
    from carbonstd import CaseError
    from carbonstd import example as shipped
    from carbonstd._findings import finding
    from carbonstd._joint.joint import read_as

    if plan and (example or uncertainty or review or also):
        raise click.UsageError(_("--plan goes alone, with --period at most"))
    check_output(output, [".xlsx"])
    check_new(output)
    shelf = library(factors, methods)
    if sources:
        from carbonstd._yearbook.yearbook import is_fed_by_yearbook

        yearbook = is_fed_by_yearbook(shelf.method(method))
        pact = any(path.suffix.lower() == ".json" for path in sources)
        if example or plan or also:
            raise click.UsageError(_("--from goes with --period, --uncertainty and --review at most"))
        if review and (pact or yearbook):
            raise click.UsageError(_("--review goes with --from of the same method and period"))
        if len(sources) > 1 and not pact:
            raise click.UsageError(_("one --from, but for PACT footprints"))
        if pact:
            _from_footprints(method, sources, output, shelf, language, period, uncertainty)
        elif yearbook:
            _from_yearbook(method, sources[0], output, shelf, language, period, uncertainty)
        else:
            _from_case(method, sources[0], output, shelf, language, period, uncertainty, review)
        return
    span = _span(period)
    case = shipped(method, period=period or "", review=review, of=shelf) if example else None
    if case and span and case.period != span:  # figures of another period would be told as those of the one typed
        raise CaseError(findings=[finding("example-period", "--period", asked=str(span), found=str(case.period))])
    name, span = (case.method, case.period) if case else (method, span)
    day = case.as_of if case else None
    held = case.also if case else ()
    families = {item.partition("@")[0] for item in (case.method, *held)} if case else set[str]()
    asked = [shelf.method(item, span, day) for item in also]
    added = tuple(item.id for item in asked if item.family not in families)
    others = (*held, *added)
    found = read_as((name, *others), shelf, span, day)

    if plan:
        from carbonstd._plan.template import write_plan_template

        write_plan_template(found, shelf, output, language)
    else:
        from carbonstd._template.template import Filling, write_template

        write_template(found, shelf, output, language, Filling(case, span, uncertainty, review, others))
    if case and added:
        print_findings([finding("example-alone", str(output), method=name, others=", ".join(added))])
    click.echo(str(output))


def _span(period: str | None) -> Period | None:
    """A period as typed. Raises CaseError where it cannot be read."""
    from carbonstd import CaseError
    from carbonstd._definitions.document import Period
    from carbonstd._findings import finding

    span = Period.parse(period) if period else None
    if period and span is None:
        raise CaseError(findings=[finding("case-period", "--period", found=period)])
    return span


def _from_yearbook(
    method: str,
    source: Path,
    output: Path,
    shelf: Library,
    language: Language,
    period: str | None,
    uncertainty: bool,
) -> None:
    """A workbook filled with the energy balance of a yearbook. Raises CaseError where that cannot be read."""
    from carbonstd._template.template import Filling, write_template
    from carbonstd._yearbook.text import yearbook_lines
    from carbonstd._yearbook.yearbook import read_yearbook

    found = read_yearbook(source, shelf.method(method), shelf, _span(period))
    target = shelf.method(found.case.method)
    write_template(
        target, shelf, output, language, Filling(found.case, uncertainty=uncertainty, origins=found.origins(language))
    )
    print_lines(yearbook_lines(found, shelf, language))
    print_findings(found.case.findings)
    click.echo(str(output))


def _from_footprints(
    method: str,
    sources: tuple[Path, ...],
    output: Path,
    shelf: Library,
    language: Language,
    period: str | None,
    uncertainty: bool,
) -> None:
    """A workbook with PACT footprints as supplier data, beside what a case has. Raises CaseError with all faults."""
    from carbonstd import CaseError, read_case
    from carbonstd._findings import finding
    from carbonstd._layout import Line
    from carbonstd._pact.read import read_footprints
    from carbonstd._pact.supplier import supplied
    from carbonstd._template.template import Filling, write_template
    from carbonstd._wording import PACT_NOTICE

    sent = [path for path in sources if path.suffix.lower() == ".json"]
    cases = [path for path in sources if path not in sent]
    if len(cases) > 1:
        raise CaseError(findings=[finding("pact-two-cases", "--from", found=len(cases))])
    base = read_case(cases[0], shelf) if cases else None
    span = base.period if base else _span(period)
    target = shelf.method(method, span, base.as_of if base else None)
    if base and shelf.method(base.method, base.period, base.as_of).id != target.id:
        raise CaseError(findings=[finding("pact-other-method", base.path, found=base.method, expected=target.id)])
    found = supplied(read_footprints(sent), target, base, span)
    origins = {place: text[language] for place, text in found.origins.items()}
    write_template(target, shelf, output, language, Filling(found.case, uncertainty=uncertainty, origins=origins))
    print_lines([Line(_("footprints of suppliers: {count}").format(count=found.rows)), Line(PACT_NOTICE[language])])
    print_findings(found.findings)
    click.echo(str(output))


def _from_case(
    method: str,
    source: Path,
    output: Path,
    shelf: Library,
    language: Language,
    period: str | None,
    uncertainty: bool,
    review: bool,
) -> None:
    """The workbook of the next period from a case of the same method, else what that hands on, else sheets both have;
    for a `review` that of the case itself.

    Raises CaseError where the case is refused.
    """
    from carbonstd import read_case, template
    from carbonstd._template.next_period import continues
    from carbonstd._template.shared_sheets import copied
    from carbonstd._template.template import Filling, write_template

    case = read_case(source, shelf)
    same = continues(case, method, shelf)
    if review:
        if not same or (period and _span(period) != case.period):
            raise click.UsageError(_("--review goes with --from of the same method and period"))
        _for_review(method, case, source, output, shelf, language, uncertainty)
        return
    if not same:
        if period:
            raise click.UsageError(_("--period goes with --from of the same method, a yearbook or PACT footprints"))
        alike = None if _hands(case, method, shelf) else copied(case, method, shelf)
        if alike is None:
            _handed(method, case, source, output, shelf, language, uncertainty)
            return
        write_template(alike.method, shelf, output, language, Filling(alike.case, uncertainty=uncertainty))
        print_findings(alike.findings)
        click.echo(str(output))
        return
    if _span(period) is None:
        raise click.UsageError(_("--from of the same method asks for --period, such as --period 2026"))
    found = template(
        method, output, period=period or "", uncertainty=uncertainty, last=case, language=language, of=shelf
    )
    print_findings(found)
    click.echo(str(output))


def _for_review(
    method: str, case: Case, source: Path, output: Path, shelf: Library, language: Language, uncertainty: bool
) -> None:
    """The workbook of a case with the sheets of a verifier. Raises CaseError where another edition is asked for."""
    from carbonstd import CaseError
    from carbonstd._findings import finding
    from carbonstd._joint.joint import read_as
    from carbonstd._template.template import Filling, write_template
    from carbonstd._workbook.workbook import read_cover

    names = (case.method, *case.also)
    editions = [shelf.method(name, case.period, case.as_of).id for name in names]
    if "@" in method and shelf.method(method).id not in editions:
        raise CaseError(findings=[finding("template-from-other", str(source), found=case.method, expected=method)])
    dated = source.suffix.lower() != ".xlsx" or "as_of" in read_cover(source)  # a blank day is that of the run
    filling = Filling(case, uncertainty=uncertainty, review=True, also=case.also, dated=dated)
    write_template(read_as(names, shelf, case.period, case.as_of), shelf, output, language, filling)
    print_findings(case.findings)
    click.echo(str(output))


def _hands(case: Case, method: str, shelf: Library) -> bool:
    """Whether what a case computes fills cells of a method."""
    from carbonstd._handover.handover import hands

    source = shelf.method(case.method, case.period, case.as_of)
    return hands(source.id, shelf.method(method, case.period).id, shelf)


def _handed(
    method: str, case: Case, source: Path, output: Path, shelf: Library, language: Language, uncertainty: bool
) -> None:
    """An allowance workbook filled with an accounting case. Raises CaseError where that case is refused."""
    from carbonstd import CaseError
    from carbonstd._findings import finding
    from carbonstd._handover.handover import hand_over
    from carbonstd._handover.text import handover_lines
    from carbonstd._joint.case import case_of
    from carbonstd._naming import Names, failures
    from carbonstd._template.template import Filling, write_template

    case = case_of(case, case.method, shelf)
    try:
        found = hand_over(case, method, shelf)
    except CaseError as error:
        names = Names(shelf.method(case.method, case.period, case.as_of), shelf)
        raise CaseError(findings=names.findings(error.findings)) from None
    origins = {(item.sheet, item.row, item.column): item.text()[language] for item in found.origins}
    write_template(found.method, shelf, output, language, Filling(found.case, uncertainty=uncertainty, origins=origins))
    print_lines(handover_lines(found, language))
    if found.source.failed:
        print_findings(failures(found.source))
        print_findings([finding("handover-failed", str(source), method=found.source.method.id)])
    click.echo(str(output))
