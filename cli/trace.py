"""`carbonstd trace`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import spoken
from .options import FILE, RunOptions, json_option, language_option, run_options
from .output import print_findings, print_json
from .progress import shown

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result.result import Result
    from carbonstd._trace.explanation import Explanation


@spoken.command("trace", short_help="Follow one figure to its sources")
@spoken.argument("case", metavar="CASE", type=FILE)
@spoken.option("--of", "line", required=True, metavar="LINE", help="Line, total or equation: id, symbol or name.")
@spoken.option(
    "--rows", type=spoken.IntRange(1), default=10, show_default=True, metavar="N", help="Rows of each equation."
)
@spoken.option("--all", "every", is_flag=True, help="All rows of each equation.")
@spoken.option("--plant", metavar="NAME", help="One plant of a table of plants, by name or place.")
@spoken.option("--period", metavar="PERIOD", help="Another period than its own, such as 2025.")
@json_option
@language_option
@run_options
def command(
    case: Path,
    line: str,
    rows: int,
    every: bool,
    plant: str | None,
    period: str | None,
    as_json: bool,
    language: Language,
    **options: Any,
) -> None:
    """Follow one figure down to clause, table cell, edition and input cell."""
    from carbonstd._findings import Severity
    from carbonstd._naming import names_of

    asked = RunOptions(**options)
    with shown(_("reading and calculating"), not as_json):
        if asked.entity is not None:
            result = replace(asked, period=period or "").run(case)
        else:
            result = asked.run(case) if plant is None and period is None else asked.run_plant(case, plant, period or "")
    explanation = _explained(result, line, partial(asked.others_with, case, line, result.method))
    if as_json:
        print_json(explanation.as_dict())
    else:
        click.echo(explanation.text(language, None if every else rows))
    print_findings(names_of(result).findings(item for item in result.findings if item.severity is Severity.ERROR))
    click.get_current_context().exit(1 if result.failed else 0)


def _explained(result: Result, line: str, elsewhere: Callable[[], list[str]]) -> Explanation:
    """The explanation of a line. Raises NotFoundError that names the methods beside it with this line, or the lines
    there are."""
    from carbonstd import NotFoundError
    from carbonstd._findings import finding

    try:
        return result.explain(line)
    except NotFoundError as error:
        near = error.findings[0].values["suggestion"]
        if others := elsewhere():
            said = {"method": result.method.id, "others": ", ".join(others), "example": others[0]}
            raise NotFoundError(findings=[finding("line-of-another", "--of", name=line, **said)]) from None
        held = [item.line for item in (*result.lines, *result.total_lines)]
        lines = {name: ", ".join(f"{item.id} {item.label[name]}" for item in held) for name in ("zh", "en")}
        meant = {"kind": "near", "suggestion": near} if any(near.values()) else {"lines": lines}
        unknown = finding("line-unknown", "--of", name=line, method=result.method.id, **meant)
        raise NotFoundError(findings=[unknown]) from None
