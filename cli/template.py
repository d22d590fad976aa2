"""`carbonstd template`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .files import check_output
from .options import FILE, language_option, library, library_options

if TYPE_CHECKING:
    from carbonstd._case import Case
    from carbonstd._findings import Language
    from carbonstd._library import Library


@click.command("template", short_help="Write a workbook to fill in 生成待填工作簿")
@click.argument("method")
@click.option("-o", "--output", type=FILE, required=True, metavar="FILE.xlsx", help="Workbook to write. 输出文件")
@click.option("--example", is_flag=True, help="Fill it with the example that ships with the method. 填入示例")
@language_option
@library_options
def command(
    method: str,
    output: Path,
    example: bool,
    language: Language,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Write a workbook to fill in for a method. 生成待填工作簿。"""
    from carbonstd import CaseError
    from carbonstd._findings import finding

    check_output(output, [".xlsx"])
    if output.exists():
        raise CaseError(findings=[finding("output-exists", str(output))])
    shelf = library(factors, methods)
    found = shelf.method(method)
    case = _example(found.id, shelf) if example else None

    from carbonstd._template import write_template

    write_template(found, shelf, output, language, case=case)
    click.echo(str(output))


def _example(method: str, shelf: Library) -> Case:
    """The shipped case of a method: `example-*.yaml` among its cases. Raises CaseError where there is none."""
    from carbonstd import CaseError, read_case
    from carbonstd._findings import finding

    folder = shelf.method_headers[method].path.parent / "cases"
    paths = sorted(folder.glob("example-*.yaml"))
    if not paths:
        raise CaseError(findings=[finding("example-missing", method)])
    return read_case(paths[0], shelf)
