"""`carbonstd lint`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import spoken
from .options import language_option, library, library_options
from .output import print_lines
from .progress import Progress

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._layout import Line
    from carbonstd._lint.evidence import EvidenceSummary


@spoken.command("lint", short_help="Check tables and methods")
@spoken.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[DIR]...")
@language_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    folders: tuple[Path, ...],
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Check every table and method, or those in DIR."""
    from carbonstd._findings import Severity, has_errors
    from carbonstd._layout import Line
    from carbonstd._lint.lint import examine
    from carbonstd._wording import SEVERITY_TEXT

    shelf = library(factors, methods)
    with Progress() as progress:
        findings, evidence = examine(list(folders) or None, shelf, progress)
    tones = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: ""}
    print_lines(
        Line(f"{SEVERITY_TEXT[item.severity][language]} {item.code}  {item.message(language)}", tones[item.severity])
        for item in findings
    )
    counted = Counter(item.severity for item in findings)
    said = _("errors {errors}, warnings {warnings}, notes {notes}")
    counts = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "notes": Severity.NOTE}
    click.echo(said.format(**{name: counted[severity] for name, severity in counts.items()}))
    print_lines(_evidence(evidence, language))
    context.exit(1 if has_errors(findings) else 0)


def _evidence(evidence: EvidenceSummary, language: Language) -> Iterator[Line]:
    """How many rows rest on each grade, how many sources are lost, which methods would need recalled cells."""
    from carbonstd._layout import Line
    from carbonstd._wording import EVIDENCE_TEXT

    parts = ", ".join(f"{EVIDENCE_TEXT[grade][language]} {count}" for grade, count in evidence.rows.items() if count)
    yield Line(_("table rows by evidence: {counts}").format(counts=parts or "—"))
    if evidence.unlocated:
        yield Line(_("rows whose source was not located again: {count}").format(count=evidence.unlocated))
    for method, tables in evidence.recalled.items():
        listed = ", ".join(f"{table} {count}" for table, count in tables.items())
        yield Line(
            _("recalled cells in the tables of {method}: {tables}").format(method=method, tables=listed), "quiet"
        )
