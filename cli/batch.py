"""`carbonstd batch`."""

from __future__ import annotations

import os
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import candidates, spoken
from .configuration import configured
from .options import (
    FILE,
    RunOptions,
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
    to_open,
)
from .output import print_findings, print_json, print_lines
from .progress import Progress

if TYPE_CHECKING:
    from carbonstd._batch.job import Job
    from carbonstd._batch.result import BatchResult
    from carbonstd._definitions.library import Library
    from carbonstd._findings import Language


@spoken.command("batch", short_help="Calculate many entities at once")
@spoken.argument("method", metavar="METHOD", shell_complete=candidates.methods)
@spoken.argument("source", metavar="IN", type=FILE)
@file_option("-o", "--output", required=True, metavar="OUT", help="Folder of Parquet files, or one .xlsx.")
@spoken.option("--period", default="", metavar="PERIOD", help="For entities that name none, such as 2025.")
@spoken.option("--as-of", metavar="DATE", help="Use what was published by this day.")
@spoken.option(
    "--edition",
    default="",
    metavar="EDITION",
    shell_complete=candidates.editions,
    help="Edition of the methods, such as 2024.",
)
@spoken.option("--strict", is_flag=True, help="Take official figures only.")
@allow_recalled_option
@spoken.option("--by", multiple=True, metavar="LABEL", help="Sum by a label of the entities; may be repeated.")
@spoken.option("--chunk-rows", type=spoken.IntRange(1), metavar="N", help="Rows in memory at a time.")
@spoken.option("--jobs", type=spoken.IntRange(1), metavar="N", help="Processes; default: one a core.")
@spoken.option("--dask", default="", metavar="ADDRESS", help="Run on a Dask cluster, or `local`.")
@spoken.option("--fresh", is_flag=True, help="Begin anew instead of going on with a stopped run.")
@json_option
@language_option
@library_options
def command(
    method: str,
    source: Path,
    output: Path,
    by: tuple[str, ...],
    chunk_rows: int | None,
    jobs: int | None,
    dask: str,
    fresh: bool,
    as_json: bool,
    language: Language,
    **asked: Any,
) -> None:
    """Calculate every entity of IN by METHOD and write totals, lines, verdicts, findings and locks.

    METHOD is an id, number or title, several separated by commas, or `each`: by the methods every entity names itself.
    IN is a folder of workbooks or cases, or tables in ledger form (CSV, Parquet). An entity that cannot be calculated
    is a row among the findings. A run that was stopped goes on where it was when it is typed again.

    Exit code 0: all done; 1: written, but an entity was refused, has an error in its result, or misses a limit;
    2: nothing written.
    """
    from carbonstd import CaseError
    from carbonstd._batch.batch import ROWS, Plan, executor, run_batch
    from carbonstd._batch.source import require_arrow
    from carbonstd._definitions.document import Period
    from carbonstd._errors import by_severity
    from carbonstd._findings import finding

    require_arrow()
    if asked["period"] and Period.parse(asked["period"]) is None:
        raise CaseError(findings=[finding("batch-period", "--period", period=asked["period"])])
    job = _job(method, **asked)
    plan = Plan(source, output, by, chunk_rows or ROWS, fresh, language)
    try:
        with Progress(not as_json) as progress:
            result = run_batch(plan, job, executor(jobs or os.cpu_count() or 1, dask), progress)
    except KeyboardInterrupt:
        _stopped()
        raise
    print_findings(by_severity(result.findings))
    if as_json:
        print_json(result.as_dict(language))
    else:
        from carbonstd._batch.text import lines

        steps = _next_steps(result, source, _alone(method, **asked), language)
        print_lines(lines(result, job.library(), language, steps))
    click.get_current_context().exit(1 if result.failed else 0)


def _job(
    method: str,
    period: str,
    as_of: str | None,
    edition: str,
    strict: bool,
    allow_recalled: tuple[str, ...],
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> Job:
    """What is asked, with the folders of `carbonstd.toml`. Raises CarbonstdError."""
    from carbonstd import Options
    from carbonstd._batch.job import EACH, Job

    shelf = library(factors, methods)
    own = configured()
    return Job.asked(
        () if method == EACH else _methods(method, shelf),
        as_of=parsed_day(as_of),
        period=period,
        edition=edition,
        options=Options(strict, recalled_tables(allow_recalled, shelf)),
        factors=(*own["factors"], *factors),
        own_methods=(*own["methods"], *methods),
    )


def _alone(method: str, edition: str, **asked: Any) -> RunOptions:
    """One entity as `calc` runs it; each by its own methods has none named."""
    from carbonstd._batch.job import EACH

    editions = (edition,) if edition else ()
    return RunOptions(None, None if method == EACH else method, editions, lock=None, **asked)


def _methods(typed: str, shelf: Library) -> tuple[str, ...]:
    """The methods named; a title may hold a comma itself. Raises NotFoundError."""
    from carbonstd import NotFoundError

    try:
        shelf.find(typed, shelf.method_headers)
    except NotFoundError:
        names = [name.strip() for name in typed.replace("，", ",").split(",") if name.strip()]
        if len(names) < 2:
            raise
        return tuple(names)
    return (typed,)


def _stopped() -> None:
    said = _("stopped; what is done is kept, and the same command typed again goes on with it")
    click.echo(f"\n{said}", err=True)


def _next_steps(result: BatchResult, source: Path, alone: RunOptions, language: Language) -> list[str]:
    """One entity that gave trouble, if there is one, by itself; and the output."""
    found = next((kind.first for kind in result.kinds if kind.first["entity"]), None)
    if found is None:
        return [to_open(result.out)]
    words = replace(alone, entity=found["entity"], method=alone.method and found["method"]).arguments
    return [" ".join([program(), "calc", quoted(source), *words]), to_open(result.out)]
