"""`carbonstd export`."""

from __future__ import annotations

from pathlib import Path

import click

from .files import check_output
from .options import FILE, language_option, library, library_options
from .output import print_lines

SUFFIXES = {"csv": ".csv", "excel": ".xlsx", "json": ".json", "parquet": ".parquet"}


@click.command("export", short_help="Write tables as CSV, Excel, JSON or Parquet 导出数据表")
@click.argument("table", required=False)
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="PATH", help="A file, or a new folder. 输出文件或新文件夹"
)
@click.option("--all", "everything", is_flag=True, help="Every table, into a folder. 全部数据表")
@click.option(
    "--as", "form", type=click.Choice(list(SUFFIXES)), help="Format of the files of a folder; default: csv. 格式"
)
@click.option("--cells", is_flag=True, help="One record a cell, each with its evidence and source. 每单元格一行")
@language_option
@library_options
def command(
    table: str | None,
    output: Path,
    everything: bool,
    form: str | None,
    cells: bool,
    language: str,
    factors: tuple[Path, ...],
    methods: tuple[Path, ...],
) -> None:
    """Write a table for others to use. 导出数据表。

    TABLE with -o FILE writes one edition; the suffix (.csv .xlsx .json .parquet) is the format. `--all -o FOLDER`
    writes every table and a datapackage.json (frictionless) with documents, clauses and units; `--all --cells -o FILE`
    writes all cells into one file.
    """
    from carbonstd._export import cells_content, table_content, write, write_package
    from carbonstd._layout import Line

    if everything == (table is not None):
        raise click.UsageError("name one TABLE, or give --all 请写一个表名，或用 --all")
    if form and (table is not None or cells):
        raise click.UsageError("--as is for a folder; a file has its suffix --as 仅用于文件夹，文件以后缀为格式")
    shelf = library(factors, methods)
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
    said = {"zh": f"已写入 {count} 张表：{output}", "en": f"{count} table{'s' if count > 1 else ''} written: {output}"}
    print_lines([Line(said[language])])
