"""`carbonstd calc`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .files import check_output, replace_text
from .options import FILE, RunOptions, json_option, language_option, program, quoted, run_options
from .output import print_json, print_lines

if TYPE_CHECKING:
    from carbonstd._findings import Language
    from carbonstd._result import Result


@click.command("calc", short_help="Calculate a case 计算算例")
@click.argument("case", type=FILE)
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Result to write: .xlsx or .json. 输出文件")
@click.option("--verbose", is_flag=True, help="List every warning and note. 列出全部提示")
@json_option
@language_option
@run_options
def command(
    case: Path,
    output: Path | None,
    verbose: bool,
    as_json: bool,
    language: Language,
    **options: Any,
) -> None:
    """Calculate a case: a filled workbook, a YAML file, or a folder of CSV files. 计算算例。

    Exit code 0: done; 1: output written, but a check of severity error failed, a limit is not met, a verdict is
    undecided, or a re-run differs from its lock; 2: nothing written.
    """
    from carbonstd._summary import summary

    if output is not None:
        check_output(output, [".xlsx", ".json"], source=case)
    asked = RunOptions(**options)
    result = asked.run(case)
    if output is not None:
        _write(result, output, language)
    if as_json:
        print_json(result.as_dict(language))
    else:
        print_lines(summary(result, language, _next_steps(result, case, output, asked, language), verbose))
    click.get_current_context().exit(1 if result.failed else 0)


def _write(result: Result, output: Path, language: Language) -> None:
    if output.suffix.lower() == ".json":
        text = json.dumps(result.as_dict(language), ensure_ascii=False, indent=2, allow_nan=False)
        replace_text(output, text + "\n")
    else:
        result.to_excel(output, language)


def _next_steps(result: Result, case: Path, output: Path | None, options: RunOptions, language: Language) -> list[str]:
    largest = result.largest(1)
    line = largest[0].line.id if largest else result.method.primary.id
    words = [quoted(case), *options.arguments]
    steps = [" ".join([program(), "trace", *words, "--of", line])]
    if output is None:
        return [*steps, " ".join([program(), "calc", *words, "-o", "result.xlsx"])]
    return [*steps, f"{'打开' if language == 'zh' else 'open'} {quoted(output)}"]
