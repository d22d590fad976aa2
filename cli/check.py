"""`carbonstd check`: plants against limits, equipment against grades, product footprints against their format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from . import candidates, spoken
from .files import check_new, check_output
from .options import (
    FILE,
    allow_recalled_option,
    file_option,
    json_option,
    language_option,
    library,
    library_options,
    parsed_day,
    program,
    quoted,
    recalled_tables,
    report_option,
    speech_option,
)
from .output import print_findings, print_json, print_lines
from .progress import Progress, shown

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library
    from carbonstd._equipment.terms import Grid
    from carbonstd._findings import Language
    from carbonstd._limits.record import Check


class Described(Protocol):
    """What a check found, as plain data."""

    def as_dict(self, language: Language) -> Mapping[str, object]: ...


Found = TypeVar("Found", bound=Described)
SUFFIXES = [".xlsx", ".json", ".csv"]


@spoken.group("check", short_help="Compare with limits and grades")
@speech_option
def command() -> None:
    """Compare plants with limits, equipment with grades, footprints with a format."""


@command.command("limits", short_help="Limits of energy use and of products")
@spoken.argument("source", metavar="[INPUT]", type=FILE, required=False)
@spoken.option(
    "--standard",
    metavar="ID",
    shell_complete=candidates.methods,
    help="The standard of all plants; an edition is taken as named.",
)
@spoken.option("--period", metavar="PERIOD", help="The period of all plants, such as 2025.")
@spoken.option("--next", "upcoming", is_flag=True, help="Also the next edition that is held.")
@spoken.option(
    "--what-if",
    "cells",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Also with another cell, such as altitude=2000; may be repeated.",
)
@spoken.option("--saves", default="", metavar="QUANTITY", help="Also with this saving: 5 kgce/t or 3 %.")
@spoken.option("--as-of", metavar="DATE", help="Use what was published by this day.")
@allow_recalled_option
@file_option("-o", "--output", help="Records to write: .xlsx, .json or .csv.")
@report_option
@spoken.option(
    "--template",
    "families",
    metavar="ID[,ID]",
    help="Write an empty table of plants for these standards to -o FILE.xlsx.",
)
@spoken.option("--verbose", is_flag=True, help="List every note.")
@json_option
@language_option
@library_options
def limits(
    source: Path | None,
    standard: str | None,
    period: str | None,
    upcoming: bool,
    cells: tuple[str, ...],
    saves: str,
    as_of: str | None,
    allow_recalled: tuple[str, ...],
    output: Path | None,
    report: Path | None,
    families: str | None,
    verbose: bool,
    as_json: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Which limit holds, the indicator, and the level it reaches.

    INPUT is one plant's workbook or YAML case, a folder of them, or a table with one row a plant (.csv or .xlsx) with
    columns for name, standard, period and what the standard asks for. The edition is the one that bound in the period;
    where it changed inside the period all that bound are run and must agree.

    Exit code 0: done; 1: a limit is not met, or a plant is undecided; 2: nothing could be read, nothing is written.
    """
    from carbonstd._limits.input import read_subjects
    from carbonstd._limits.judging import Question, check_limits
    from carbonstd._limits.rows import csv_text
    from carbonstd._limits.text import lines
    from carbonstd._limits.what_if import what_if
    from carbonstd._limits.workbook import write_workbook
    from carbonstd._output import together

    shelf = library(factors, methods)
    if families is not None:
        from carbonstd._limits.template import write_plants

        _template(families, source, output, lambda names, path: write_plants(names, shelf, path, language, period))
        return
    if source is None:
        raise click.MissingParameter(param_hint=repr(_("INPUT")), param_type="argument")
    _check_outputs(output, report, source)
    allowed = recalled_tables(allow_recalled, shelf)
    derived = output is not None or report is not None or as_json
    with shown(_("reading"), not as_json):
        subjects = read_subjects(source, shelf)
    places = {subject.place: number for number, subject in enumerate(subjects, 1)}
    with Progress(not as_json) as progress:
        question = Question(
            standard or "",
            period or "",
            parsed_day(as_of),
            upcoming,
            allowed,
            what_if(cells, saves),
            derived,
            seen=lambda subject, result: progress(places.get(subject.place, 0), len(places)),
        )
        found = check_limits(subjects, shelf, question)
    with together():
        _write(found, output, language, write_workbook, csv_text)
        if report is not None:
            from carbonstd._limits.report import write_report

            write_report(found, report, language)
    if as_json:
        print_json(found.as_dict(language))
    else:
        options = [f"--as-of {as_of}"] if as_of else []
        options += [f"--period {period}"] if period else []
        options += [f"--allow-recalled {quoted(name)}" for name in allow_recalled]
        options += [f"--factors {quoted(path)}" for path in factors] + [f"--methods {quoted(path)}" for path in methods]
        print_lines(lines(found, language, _traces(found, source, options), verbose))
    click.get_current_context().exit(1 if found.failed else 0)


@command.command("equipment", short_help="Efficiency grades of equipment")
@spoken.argument("source", metavar="[LIST]", type=FILE, required=False)
@spoken.option("--as-of", metavar="DATE", help="The day whose editions are today's; default: today.")
@spoken.option("--grid-factor", type=click.FloatRange(min=0), metavar="FACTOR", help="kgCO2/kWh of the savings.")
@spoken.option("--region", metavar="PLACE", help="Look the grid factor up, with --year.")
@spoken.option("--year", type=spoken.IntRange(1990, 2100), metavar="YEAR", help="Accounting year of the grid factor.")
@spoken.option("--regime", metavar="REGIME", default="gbt-32151", help="Under which rules; default: gbt-32151.")
@spoken.option("--price", type=click.FloatRange(min=0), metavar="PRICE", help="yuan/kWh.")
@allow_recalled_option
@file_option("-o", "--output", help="Records to write: .xlsx, .json or .csv.")
@report_option
@spoken.option(
    "--template",
    "families",
    metavar="ID[,ID]",
    help="Write an empty list for these standards to -o FILE.xlsx.",
)
@spoken.option("--verbose", is_flag=True, help="List every remark.")
@json_option
@language_option
@library_options
def equipment(
    source: Path | None,
    as_of: str | None,
    grid_factor: float | None,
    region: str | None,
    year: int | None,
    regime: str,
    price: float | None,
    allow_recalled: tuple[str, ...],
    output: Path | None,
    report: Path | None,
    families: str | None,
    verbose: bool,
    as_json: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """The grade of each item at its manufacture and today, and what others would save.

    LIST is a table with one row an item (.csv or .xlsx): name, standard, month of manufacture and what the standard
    asks for. Printed sizes only: nothing is interpolated. Savings need load and hours, or yearly energy. Figures nobody
    has seen are compared only where their table is accepted with --allow-recalled, or in the assumptions of a case.

    Exit code 0: done; 1: an item is below a minimum, or not graded by today's edition; 2: nothing could be read.
    """
    from datetime import date

    from carbonstd._equipment.grading import check_equipment
    from carbonstd._equipment.lines import lines
    from carbonstd._equipment.rows import csv_text
    from carbonstd._equipment.terms import terms
    from carbonstd._equipment.workbook import write_list, write_workbook
    from carbonstd._limits.input import read_subjects
    from carbonstd._output import together

    shelf = library(factors, methods)
    if families is not None:
        _template(families, source, output, lambda names, path: write_list(names, shelf, path, language))
        return
    if source is None:
        raise click.MissingParameter(param_hint=repr(_("LIST")), param_type="argument")
    _check_outputs(output, report, source)
    day = parsed_day(as_of) or date.today()
    valued = terms(shelf, day, _grid(grid_factor, region, year, regime, shelf), price)
    allowed = recalled_tables(allow_recalled, shelf)
    items = read_subjects(source, shelf, "equipment-nothing-to-read")
    found = check_equipment(items, shelf, valued, day, allowed)
    with together():
        _write(found, output, language, write_workbook, csv_text)
        if report is not None:
            from carbonstd._equipment.report import write_report

            write_report(found, report, language)
    if as_json:
        print_json(found.as_dict(language))
    else:
        print_lines(lines(found, language, verbose))
    click.get_current_context().exit(1 if found.failed else 0)


@command.command("pact", short_help="PACT product footprints")
@spoken.argument("sources", metavar="FILE.json...", type=FILE, nargs=-1, required=True)
@json_option
@language_option
def pact(sources: tuple[Path, ...], as_json: bool, language: Language) -> None:
    """Read PACT footprints (2.3, 3.0) and say what is wrong with them.

    What their format forbids is an error (exit 2); what specification or methodology ask beyond it is a warning.
    """
    from carbonstd._layout import Line
    from carbonstd._pact.read import read_footprints
    from carbonstd._wording import PACT_NOTICE

    read = read_footprints(list(sources))
    if as_json:
        held = [{"place": item.place, "version": item.version.id, "id": item.text("id")} for item in read.footprints]
        print_json({"schema": 1, "footprints": held, "findings": [item.as_dict(language) for item in read.findings]})
        return
    print_findings(read.findings)
    print_lines([Line(f"{item.place}: PACT {item.version.id}, {item.name}") for item in read.footprints])
    print_lines([Line(PACT_NOTICE[language])])


def _grid(
    factor: float | None, region: str | None, year: int | None, regime: str, shelf: Library
) -> Grid | float | None:
    """The grid factor as entered, or where to look it up."""
    from carbonstd._equipment.terms import Grid

    from .factor import key_of

    if region is None and year is None:
        return factor
    if factor is not None or region is None or year is None:
        raise click.UsageError(_("--region and --year go together, without --grid-factor"))
    return Grid(year, key_of(shelf, "regimes", regime), key_of(shelf, "provinces", region))


def _template(
    families: str, source: Path | None, output: Path | None, write: Callable[[list[str], Path], None]
) -> None:
    """Write an empty table for the standards named to a workbook, which must not stand there yet."""
    if source is not None or output is None:
        raise click.UsageError(_("--template needs -o FILE.xlsx and no INPUT"))
    check_output(output, [".xlsx"])
    check_new(output)
    write([name.strip() for name in families.replace("，", ",").split(",") if name.strip()], output)
    click.echo(str(output))


def _check_outputs(output: Path | None, report: Path | None, source: Path) -> None:
    if output is not None:
        check_output(output, SUFFIXES, source)
    if report is not None:
        check_output(report, [".html", ".htm"], source)


def _write(
    found: Found,
    output: Path | None,
    language: Language,
    workbook: Callable[[Found, Path, Language], None],
    table: Callable[[Found, Language], str],
) -> None:
    """Write what was found in the form that the suffix names."""
    from carbonstd._output import replace_json, replace_text

    if output is None:
        return
    suffix = output.suffix.lower()
    if suffix == ".xlsx":
        workbook(found, output, language)
    elif suffix == ".json":
        replace_json(output, found.as_dict(language))
    else:
        replace_text(output, "\ufeff" + table(found, language))  # Excel reads UTF-8 only with a mark


def _traces(found: Check, source: Path, options: list[str]) -> list[str]:
    """How the derivation of each limit of the first plant is printed: the only one, or the worst of a table."""
    from carbonstd._definitions.document import folded

    first = found.records[0].place if found.records else ""
    named = Counter(name for _, name in {(item.place, folded(item.plant)) for item in found.records})
    steps: dict[str, None] = {}
    for item in found.records:
        if item.place == first and item.traced:
            called = item.plant if named[folded(item.plant)] == 1 else item.place
            plant = [] if item.case_path else [f"--plant {quoted(called)}"]
            words = [program(), "trace", quoted(item.case_path or source), *plant]
            steps[" ".join([*words, f"--of {item.traced}", f"--method {item.method}", *options])] = None
    return list(steps)
