"""`carbonstd lint`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import language_option, library, library_options
from .output import print_lines

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._library import Library

_TEXTS = {
    "error": {"zh": "错误", "en": "errors"},
    "warning": {"zh": "警告", "en": "warnings"},
    "note": {"zh": "提示", "en": "notes"},
    "rows": {"zh": "数据行的证据等级：", "en": "table rows by evidence:"},
}


@click.command("lint", short_help="Check tables and methods 检查数据表和方法")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[DIR]...")
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
    """Check every table and method, or those in DIR. 检查数据表和方法。"""
    from carbonstd._findings import Severity, has_errors
    from carbonstd._layout import Line
    from carbonstd._lint import lint_paths
    from carbonstd._wording import SEVERITY_TEXT

    shelf = library(factors, methods)
    findings = lint_paths(list(folders) or None, shelf)
    tones = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: ""}
    print_lines(
        Line(f"{SEVERITY_TEXT[item.severity][language]} {item.code}  {item.message(language)}", tones[item.severity])
        for item in findings
    )
    counted = Counter(item.severity for item in findings)
    click.echo(", ".join(f"{_TEXTS[severity][language]} {counted[severity]}" for severity in tones))
    click.echo(_evidence(shelf, folders, language))
    context.exit(1 if has_errors(findings) else 0)


def _evidence(shelf: Library, folders: tuple[Path, ...], language: Language) -> str:
    """How many rows rest on each grade of evidence (the weakest of a row's cells)."""
    from carbonstd._document import EVIDENCE
    from carbonstd._lint import evidence_counts
    from carbonstd._wording import EVIDENCE_TEXT

    counted = evidence_counts(shelf, list(folders) or None)
    parts = ", ".join(f"{EVIDENCE_TEXT[grade][language]} {counted[grade]}" for grade in EVIDENCE if counted.get(grade))
    return f"{_TEXTS['rows'][language]} {parts or '—'}"
