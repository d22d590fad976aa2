"""`carbonstd batch`."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .language import language as spoken
from .options import (
    FILE,
    RunOptions,
    allow_recalled_option,
    configured,
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

if TYPE_CHECKING:
    from carbonstd._batch_job import Job
    from carbonstd._batch_result import BatchResult
    from carbonstd._findings import Language
    from carbonstd._library import Library

_SURE = 3.0  # seconds before which the pace is that of starting up
_EVERY = 10.0  # seconds between two lines of progress where there is no terminal


@click.command("batch", short_help="Calculate many entities at once 批量核算")
@click.argument("method")
@click.argument("source", metavar="IN", type=FILE)
@file_option("-o", "--output", required=True, metavar="OUT", help="Folder of Parquet files, or one .xlsx. 输出")
@click.option("--period", default="", metavar="P", help="For entities that name none, such as 2025. 核算期")
@click.option("--as-of", metavar="DATE", help="Use what was published by this day. 按该日已公布的数据")
@click.option("--edition", default="", metavar="E", help="Edition of the methods, such as 2024. 方法版本")
@click.option("--strict", is_flag=True, help="Take official figures only. 只采用正式文本的数值")
@allow_recalled_option
@click.option("--by", multiple=True, metavar="LABEL", help="Sum by a label of the entities; may be repeated. 分组合计")
@click.option("--chunk-rows", type=click.IntRange(1), metavar="N", help="Rows in memory at a time. 每批行数")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; default: one a core. 进程数")
@click.option("--dask", default="", metavar="ADDRESS", help="Run on a Dask cluster, or `local`. 用 Dask 运行")
@click.option("--fresh", is_flag=True, help="Begin anew instead of going on with a stopped run. 重新开始")
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
    """Calculate every entity of IN by METHOD and write totals, lines, verdicts, findings and locks. 批量核算。

    METHOD is an id, number or title, several separated by commas, or `each`: by the methods every entity names itself.
    IN is a folder of workbooks or cases, or tables in ledger form (CSV, Parquet). An entity that cannot be calculated
    is a row among the findings. A run that was stopped goes on where it was when it is typed again.

    Exit code 0: all done; 1: written, but an entity was refused, has an error in its result, or misses a limit;
    2: nothing written.
    """
    from carbonstd import CaseError
    from carbonstd._batch import ROWS, Plan, executor, run_batch
    from carbonstd._batch_source import require_arrow
    from carbonstd._document import Period
    from carbonstd._findings import finding

    require_arrow()
    if asked["period"] and Period.parse(asked["period"]) is None:
        raise CaseError(findings=[finding("batch-period", "--period", period=asked["period"])])
    job = _job(method, **asked)
    plan = Plan(source, output, by, chunk_rows or ROWS, fresh, language)
    progress = None if as_json else Progress()
    try:
        result = run_batch(plan, job, executor(jobs or os.cpu_count() or 1, dask), progress)
    except KeyboardInterrupt:
        _stopped()
        raise
    finally:
        if progress:
            progress.end()
    print_findings(result.findings)
    if as_json:
        print_json(result.as_dict(language))
    else:
        from carbonstd._batch_text import lines

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
    from carbonstd._batch_job import EACH, Job

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
    from carbonstd._batch_job import EACH

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


class Progress:
    """How far a batch is and how long it will take, on stderr: one line that changes, or one every so often."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._begun = self._told = time.monotonic()
        self._first: int | None = None
        self._shown = False

    def __call__(self, done: int, every: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = done
        if not self._terminal and now - self._told < _EVERY:
            return
        self._told = now
        text = f"{done:,} / {every:,}{_left(done - self._first, every - done, now - self._begun)}"
        click.echo(f"\r{text:<60}" if self._terminal else text, err=True, nl=not self._terminal)
        self._shown = self._terminal

    def end(self) -> None:
        if self._shown:
            click.echo(err=True)


def _left(done: int, left: int, seconds: float) -> str:
    """How long what is left will take at the pace so far."""
    if not done or not left or seconds < _SURE:
        return ""
    rest = seconds * left / done
    time_left = f"{rest:.0f} s" if rest < 90 else f"{rest / 60:.0f} min" if rest < 5400 else f"{rest / 3600:.1f} h"
    return f" · 约余 {time_left}" if spoken() == "zh" else f" · about {time_left} left"


def _stopped() -> None:
    text = {
        "zh": "已停止；已算完的部分保留着，再输入同一命令就会接着算",
        "en": "stopped; what is done is kept, and the same command typed again goes on with it",
    }
    click.echo(f"\n{text[spoken()]}", err=True)


def _next_steps(result: BatchResult, source: Path, alone: RunOptions, language: Language) -> list[str]:
    """One entity that gave trouble, if there is one, by itself; and the output."""
    found = next((kind.first for kind in result.kinds if kind.first["entity"]), None)
    if found is None:
        return [to_open(result.out, language)]
    words = replace(alone, entity=found["entity"], method=alone.method and found["method"]).arguments
    return [" ".join([program(), "calc", quoted(source), *words]), to_open(result.out, language)]
