"""`carbonstd calc`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from gettext import gettext as _
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import spoken
from .files import check_output
from .options import (
    FILE,
    RunOptions,
    calc_report_option,
    file_option,
    json_option,
    language_option,
    program,
    quoted,
    run_options,
    to_open,
)
from .output import print_findings, print_json, print_lines
from .progress import shown

if TYPE_CHECKING:
    from carbonstd._findings import Finding, Language
    from carbonstd._plan.findings import Compared
    from carbonstd._result.result import Result
    from carbonstd._verify.change import LastYear


REPORTS = (".html", ".htm", ".docx")


@spoken.command("calc", short_help="Calculate a case")
@spoken.argument("case", metavar="CASE", type=FILE)
@file_option("-o", "--output", help="Result to write: .xlsx or .json.")
@calc_report_option
@file_option("--last-year", help="The case of the year before, for the report.")
@file_option("--plan", help="The data quality control plan, for the report.")
@spoken.option("--period", default="", metavar="PERIOD", help="Of an --entity that names none, such as 2025.")
@spoken.option("--verbose", is_flag=True, help="List every warning and note.")
@spoken.option(
    "--uncertainty",
    "draws",
    type=spoken.IntRange(0, 1_000_000),
    is_flag=False,
    flag_value=0,
    metavar="[N]",
    help="95 % intervals by error propagation; with N also by N random draws. Put it after CASE.",
)
@spoken.option("--seed", type=spoken.IntRange(0), default=0, metavar="SEED", help="Seed of the draws; default 0.")
@json_option
@language_option
@run_options
def command(
    case: Path,
    output: Path | None,
    reports: tuple[Path, ...],
    last_year: Path | None,
    plan: Path | None,
    period: str,
    verbose: bool,
    draws: int | None,
    seed: int,
    as_json: bool,
    language: Language,
    **options: Any,
) -> None:
    """Calculate a case: a filled workbook, a YAML file, or a folder of CSV files.

    With `--edition A --edition B` the case is run by two editions of its method (or of `--method`): each line and total
    by both, and what makes them differ; exit code 1 also where one of them refuses the case.

    With `--entity` CASE may be what `batch` reads: a folder of cases, or ledgers of many entities in CSV or Parquet.

    `--report report.html` or `report.docx` writes the report in the chapters of its document; `--last-year LAST`
    sets the year before beside it, `--plan PLAN` the data quality control plan and what was done otherwise.

    A workbook for several methods is run by each; `-o result.xlsx` is the result of the first, result-METHOD.xlsx that
    of another, and `--method` runs one alone.

    Exit code 0: done; 1: output written, but a check of severity error failed, a limit is not met, a verdict is
    undecided, last year cannot be compared, the plan was not followed, or a re-run differs from its lock; 2: nothing
    written.
    """
    from carbonstd._findings import has_errors
    from carbonstd._output import together
    from carbonstd._result.summary import summary

    if output is not None:
        check_output(output, [".xlsx", ".json"], case)
    for report in reports:
        check_output(report, REPORTS, case, last_year, plan)
    for name, given in (("--last-year", last_year), ("--plan", plan)):
        if given is not None and not reports:
            raise click.UsageError(_("{option} is for --report FILE").format(option=name))
    asked = RunOptions(**options, period=period)
    if period and asked.entity is None and asked.lock is None:
        raise click.UsageError(_("--period is of an --entity that names none; of another case it stands on the cover"))
    if len(asked.editions) > 1:
        unused = [("--report", bool(reports)), ("--uncertainty", draws is not None)]
        _compare(asked, case, output, [name for name, given in unused if given], verbose, as_json, language)
        return
    with shown(_("reading and calculating"), not as_json):
        results = asked.run_all(case)
    if draws is not None:
        with shown(_("drawing"), not as_json):
            results = [_with_intervals(result, draws, seed) for result in results]
    files = [
        [path and _named(path, result, number) for path in (output, *reports)] for number, result in enumerate(results)
    ]
    for path in filter(None, chain.from_iterable(files)):
        check_output(path, [path.suffix.lower()], case)
    years = [asked.last_year(last_year, result) if last_year is not None else None for result in results]
    held = asked.compared(plan, results) if plan is not None else {}
    told: list[Finding] = []
    with together(), shown(_("writing"), not as_json and bool(output or reports)):
        for number, (result, written) in enumerate(zip(results, files, strict=True)):
            if written[0] is not None:
                _write(result, written[0], language)
            if reports:
                told += _report(result, filter(None, written[1:]), language, years[number], results, held.get(number))
    if not as_json:
        for number, (result, written) in enumerate(zip(results, files, strict=True)):
            alone = replace(asked, method=result.method.id) if number else asked
            print_lines(summary(result, language, _next_steps(result, case, written, alone, language), verbose))
    print_findings(told)
    if as_json:
        found = [result.as_dict(language) for result in results]
        print_json(found[0] if len(found) == 1 else {"schema": 1, "results": found})
    unlike = any(year is not None and year.result is None for year in years)
    broken = any(has_errors(item.findings) for item in held.values())
    click.get_current_context().exit(1 if unlike or broken or any(result.failed for result in results) else 0)


def _report(
    result: Result,
    paths: Iterable[Path],
    language: Language,
    before: LastYear | None,
    beside: list[Result],
    plan: Compared | None,
) -> list[Finding]:
    """The report of a result, each as its suffix says; what is to be said of it, of the year before and of the plan."""
    from carbonstd._report.report import write_report

    told = [item for path in paths for item in write_report(result, path, language, before, beside, plan)]
    return [*told, *(item for held in (before, plan) if held is not None for item in held.findings)]


def _named(path: Path, result: Result, number: int) -> Path:
    """The file of one of several results: the first has the name that was typed, the others add their method's."""
    return path.with_name(f"{path.stem}-{result.method.family}{path.suffix}") if number else path


def _compare(
    asked: RunOptions,
    case: Path,
    output: Path | None,
    unused: list[str],
    verbose: bool,
    as_json: bool,
    language: Language,
) -> None:
    """The case by two editions. Written as JSON only: a result workbook is of one edition."""
    from carbonstd._editions.diff_text import lines
    from carbonstd._output import replace_json

    if unused or (output is not None and output.suffix.lower() != ".json"):
        names = ", ".join([*unused, *(["-o .xlsx"] if output is not None and not unused else [])])
        raise click.UsageError(_("{options}: not of two editions; -o FILE.json or one edition").format(options=names))
    found = asked.compare(case)
    if output is not None:
        replace_json(output, found.as_dict(language))
    if as_json:
        print_json(found.as_dict(language))
    else:
        print_lines(lines(found, language, verbose=verbose))
    click.get_current_context().exit(1 if found.failed else 0)


def _with_intervals(result: Result, draws: int, seed: int) -> Result:
    """The result with its intervals. Raises CaseError, in a reader's words."""
    from carbonstd import CaseError
    from carbonstd._naming import names_of

    try:
        return result.with_uncertainty(draws, seed)
    except CaseError as error:
        raise CaseError(findings=names_of(result).findings(error.findings)) from None


def _write(result: Result, output: Path, language: Language) -> None:
    from carbonstd._output import replace_json

    if output.suffix.lower() == ".json":
        replace_json(output, result.as_dict(language))
    else:
        result.to_excel(output, language)


def _next_steps(
    result: Result, case: Path, outputs: list[Path | None], options: RunOptions, language: Language
) -> list[str]:
    largest = result.largest(1)
    line = largest[0].line.id if largest else result.primary_line.id
    words = [quoted(case), *options.arguments]
    steps = [" ".join([program(), "trace", *words, "--of", line])]
    written = [to_open(path) for path in outputs if path is not None]
    return [*steps, *(written or [" ".join([program(), "calc", *words, "-o", "result.xlsx"])])]
