"""`carbonstd export`."""

from __future__ import annotations

from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from carbonstd._result.formats import CASE_FORMATS

from . import candidates, spoken
from .files import check_output
from .options import RunOptions, file_option, language_option, library, run_options
from .output import print_findings, print_lines

if TYPE_CHECKING:
    from carbonstd._findings import Language

SUFFIXES = {"csv": ".csv", "excel": ".xlsx", "json": ".json", "parquet": ".parquet"}
_FOLDER, _CASES = ", ".join(SUFFIXES), ", ".join(CASE_FORMATS)


@spoken.command("export", short_help="Write tables, or hand a case on")
@spoken.argument("name", metavar="[TABLE|CASE]", shell_complete=candidates.tables, required=False)
@file_option("-o", "--output", required=True, metavar="PATH", help="A file, or a new folder.")
@spoken.option("--all", "everything", is_flag=True, help="Every table, into a folder.")
@spoken.option(
    "--as",
    "form",
    type=spoken.Choice([*SUFFIXES, *CASE_FORMATS]),
    metavar="FORM",
    help=f"Format of the files of a folder ({_FOLDER}; default: csv), or the form a case is handed on in ({_CASES}).",
)
@spoken.option("--cells", is_flag=True, help="One record a cell, each with its evidence and source.")
@language_option
@run_options
def command(
    name: str | None,
    output: Path,
    everything: bool,
    form: str | None,
    cells: bool,
    language: Language,
    **options: Any,
) -> None:
    """Write a table for others to use, or hand a case on in a form of its own.

    TABLE with -o FILE writes one edition; the suffix (.csv .xlsx .json .parquet) is the format. `--all -o FOLDER`
    writes every table and a datapackage.json (frictionless) with documents, clauses and units; `--all --cells -o FILE`
    writes all cells into one file.

    CASE with `--as forms -o FILE` (.xlsx .json) runs the case, with the options of calc, and writes the report forms of
    its document, month by month with the year: power (2022-12, 2026) and steel of the national market. Other methods
    get a common form of this package, which says so. `--as footprint-report -o FILE` (.docx .html) writes the report of
    a product footprint study. Exit codes as calc.

    CASE with `--as pact-3.0` or `pact-2.3` (.json) writes a product footprint as a PACT document, with `--as openlca`
    (.zip) its product system as openLCA JSON-LD.
    """
    asked = RunOptions(**options)
    if form in CASE_FORMATS:
        if name is None or everything or cells:
            raise click.UsageError(_("--as {form} takes one CASE, without --all and --cells").format(form=form))
        _case(asked, Path(name), output, form, language)
        return
    if asked.only_of_runs:
        forms = ", ".join(CASE_FORMATS)
        unused = ", ".join(asked.only_of_runs)
        raise click.UsageError(_("{options}: only with a CASE (--as {forms})").format(options=unused, forms=forms))
    _tables(asked, name, output, everything, form, cells, language)


def _case(asked: RunOptions, case: Path, output: Path, form: str, language: Language) -> None:
    """A case run and written in a form, and what is to be said of it; exit code 1 where the result has an error."""
    chosen = CASE_FORMATS[form]
    check_output(output, chosen.suffixes, case)
    result = asked.run(case)
    written = chosen.write(result, output, language)
    print_findings(written.findings)
    print_lines(list(written.lines))
    click.get_current_context().exit(1 if result.failed else 0)


def _tables(
    asked: RunOptions,
    table: str | None,
    output: Path,
    everything: bool,
    form: str | None,
    cells: bool,
    language: Language,
) -> None:
    from carbonstd._catalogue.export import cells_content, table_content, write, write_package
    from carbonstd._layout import Line

    if everything == (table is not None):
        raise click.UsageError(_("name one TABLE, or give --all"))
    if form and (table is not None or cells):
        raise click.UsageError(_("--as is for a folder; a file has its suffix"))
    shelf = library(asked.factors, asked.methods)
    if table is not None:
        check_output(output, list(SUFFIXES.values()))
        write(table_content(shelf.table(table), shelf, cells), output)
        count = 1
    else:
        tables = [shelf.table(name) for name in shelf.table_headers]
        count = len(tables)
        if cells:
            check_output(output, list(SUFFIXES.values()))
            write(cells_content(tables, shelf), output)
        else:
            contents = (table_content(item, shelf) for item in tables)
            write_package(contents, output, SUFFIXES[form or "csv"])
    said = ngettext("{count} table written: {path}", "{count} tables written: {path}", count)
    print_lines([Line(said.format(count=count, path=output))])
