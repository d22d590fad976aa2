"""What goes to the terminal: lines with a tone, findings, JSON; and streams that can hold Chinese."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

import click

from .language import language

if TYPE_CHECKING:
    from carbonstd._findings import Finding, Severity
    from carbonstd._layout import Line

STYLES: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "head": {"bold": True},
    "error": {"fg": "red"},
    "warning": {"fg": "yellow"},
    "quiet": {"dim": True},
}


_LISTED = 100  # findings of one code that differ in more than their place


def color_wanted() -> bool | None:
    """Whether text is coloured by NO_COLOR (https://no-color.org) or FORCE_COLOR; None: on a terminal only."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR", "0") != "0" else None


def prepare_streams() -> None:
    """Let stdout and stderr take any character: a console or pipe of an old code page gets UTF-8 or `?`."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None or not hasattr(stream, "reconfigure"):
            continue
        try:
            "核算".encode(stream.encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            stream.reconfigure(encoding="utf-8", errors="replace")
        else:
            stream.reconfigure(errors="replace")


def silence_stdout() -> None:
    """After the reader of a pipe has gone: nothing more may be flushed into it, not even at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines; colour appears only on a terminal (click strips it elsewhere)."""
    for line in lines:
        click.echo(click.style(line.text, **STYLES[line.tone]) if line.tone else line.text)


def print_json(data: Any) -> None:
    """Print one JSON document. Where stdout is not UTF-8, other characters are escaped, so that readers agree."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    click.echo(json.dumps(data, ensure_ascii=plain, indent=2, allow_nan=False))


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings to stderr, one a line: severity, code, place, what was found and what to do.

    What is the same in several places stands once, with its places: a column left blank in twelve months is one fault.
    A fault in every row of a large sheet is told for the first hundred, and how many there are.
    """
    from carbonstd._findings import finding, first_of_each, joined_places
    from carbonstd._wording import SEVERITY_TEXT

    alike: dict[tuple[str, ...], list[Finding]] = {}
    for item in findings:
        alike.setdefault((item.severity, item.code, item.clause, str(item.values)), []).append(item)
    kept, left = first_of_each((items[0] for items in alike.values()), _LISTED)
    places: dict[tuple[Severity, str, str], list[str]] = {}
    for item in kept:
        same = alike[item.severity, item.code, item.clause, str(item.values)]
        key = (item.severity, item.code, item.says(language()))
        places.setdefault(key, []).extend(each.place_text(language()) for each in same)
    for code, count in left.items():
        more = finding("findings-left-out", code=code, count=count)
        places[more.severity, more.code, more.says(language())] = []
    for (severity, code, says), found in places.items():
        at = f"{joined}: " if (joined := joined_places(found)) else ""
        text = f"{SEVERITY_TEXT[severity][language()]} {code}: {at}{says}"
        click.echo(click.style(text, **STYLES.get(str(severity), {})), err=True)


def print_error(error: Exception, as_json: bool = False) -> None:
    """Print what kept a command from its work; with `--json` also as `{schema, findings}` on stdout."""
    from carbonstd._errors import by_severity
    from carbonstd._findings import Severity

    found = by_severity(_findings_of(error))
    if error.args and error.args[0] and not found:
        click.echo(_("error: {detail}").format(detail=error.args[0]), err=True)
    told = _by_table(item for item in found if item.severity is not Severity.NOTE)  # notes refuse nothing
    print_findings(item for item in told if item.severity is Severity.ERROR)
    _print_folded(item for item in told if item.severity is not Severity.ERROR)
    if as_json:
        print_json({"schema": 1, "findings": [item.as_dict(language()) for item in found]})


def _print_folded(found: Iterable[Finding]) -> None:
    """Warnings beside what refuses, folded as those of a finished run are: by what they are about."""
    from carbonstd._alike import folded, left_out

    kept, left = folded(found)
    for item in kept:
        print_findings([item.first])
        if others := item.told(language()):
            click.echo(click.style(f"    … {others}", dim=True), err=True)
    for more in left_out(left, language()):
        click.echo(click.style(f"  … {more}", dim=True), err=True)


def _by_table(found: Iterable[Finding]) -> list[Finding]:
    """Recalled figures of a table told once, and how to accept all such tables."""
    from carbonstd._findings import finding

    items = list(found)
    cells = Counter(str(item.values["table"]) for item in items if item.code == "recalled-default")
    others = [item for item in items if item.code != "recalled-default" or cells[str(item.values["table"])] == 1]
    told = [
        finding("recalled-table", table, count=count, columns=_columns(items, table))
        for table, count in cells.items()
        if count > 1
    ]
    if len(cells) > 1:
        options = " ".join(f"--allow-recalled {table.partition('@')[0]}" for table in cells)
        told.append(finding("recalled-tables", count=len(cells), options=options))
    return [*others, *told]


def _columns(items: Iterable[Finding], table: str) -> str:
    """The columns of a table whose figures were asked for, by their labels."""
    asked = [item.values["column"] for item in items if item.values.get("table") == table]
    return ", ".join(dict.fromkeys(label if isinstance(label, str) else label[language()] for label in asked))


def _findings_of(error: Exception) -> list[Finding]:
    from carbonstd._errors import CarbonstdError
    from carbonstd._findings import finding

    if isinstance(error, CarbonstdError):
        return error.findings
    if isinstance(error, OSError):
        return [finding("file-unusable", str(error.filename or ""), detail=error.strerror or str(error))]
    detail = str(error).splitlines()[0][:200] if str(error) else "—"
    return [finding("internal-error", kind=type(error).__name__, detail=detail)]
