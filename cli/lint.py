"""`carbonstd lint`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import language_option, library, library_options
from .output import print_lines

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._layout import Line
    from carbonstd._lint_evidence import EvidenceSummary

_TEXTS = {
    "error": {"zh": "错误", "en": "errors"},
    "warning": {"zh": "警告", "en": "warnings"},
    "note": {"zh": "提示", "en": "notes"},
    "rows": {"zh": "数据行的证据等级：", "en": "table rows by evidence:"},
    "unlocated": {"zh": "来源未能再次定位的行：", "en": "rows whose source was not located again:"},
    "recalled": {"zh": "可能用到未见来源数值的方法", "en": "recalled cells in the tables of"},
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
    from carbonstd._lint import examine
    from carbonstd._wording import SEVERITY_TEXT

    shelf = library(factors, methods)
    findings, evidence = examine(list(folders) or None, shelf)
    tones = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: ""}
    print_lines(
        Line(f"{SEVERITY_TEXT[item.severity][language]} {item.code}  {item.message(language)}", tones[item.severity])
        for item in findings
    )
    counted = Counter(item.severity for item in findings)
    click.echo(", ".join(f"{_TEXTS[severity][language]} {counted[severity]}" for severity in tones))
    print_lines(_evidence(evidence, language))
    context.exit(1 if has_errors(findings) else 0)


def _evidence(evidence: EvidenceSummary, language: Language) -> Iterator[Line]:
    """How many rows rest on each grade, how many sources are lost, which methods would need recalled cells."""
    from carbonstd._layout import Line
    from carbonstd._wording import EVIDENCE_TEXT

    parts = ", ".join(f"{EVIDENCE_TEXT[grade][language]} {count}" for grade, count in evidence.rows.items() if count)
    yield Line(f"{_TEXTS['rows'][language]} {parts or '—'}")
    if evidence.unlocated:
        yield Line(f"{_TEXTS['unlocated'][language]} {evidence.unlocated}")
    for method, tables in evidence.recalled.items():
        listed = ", ".join(f"{table} {count}" for table, count in tables.items())
        yield Line(f"{_TEXTS['recalled'][language]} {method}: {listed}", "quiet")
