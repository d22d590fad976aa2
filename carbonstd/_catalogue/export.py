"""Tables written for others: CSV, Excel, JSON or Parquet, and a folder of them as a frictionless data package."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from carbonstd import __version__
from carbonstd._catalogue.describe import describe_table
from carbonstd._catalogue.tidy import Field, Records, cells_of, rows_of
from carbonstd._definitions.document import Document
from carbonstd._definitions.library import Library
from carbonstd._definitions.table import Table
from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._output import refusals, replacing
from carbonstd._workbook.style import Paper, Styles, new_workbook, safe_text, text_width

LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
_MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}
_WIDEST = 60
_TWO_LINES = 28  # points
_RESERVED = """The compilation (selection, arrangement, identifiers, labels, translations, notes) is by the carbonstd
contributors, CC BY 4.0. The figures are facts taken from the documents named with each table; rights that the
publishers of those documents may hold are not touched. Where a table names a licence of its source, that holds too.

汇编（选择、编排、标识、译名、备注）由 carbonstd 贡献者以 CC BY 4.0 许可；数值为所列文件中的事实，
不影响各文件发布者的权利；表中注明来源许可的，从其许可。
"""


@dataclass(frozen=True)
class Content:
    """What one file holds: its records, and the tables they come from."""

    name: str
    title: str
    records: Records
    tables: tuple[Table, ...]
    library: Library
    cells: bool = False  # a record a cell


def table_content(table: Table, library: Library, cells: bool = False) -> Content:
    """One table, a record a row or (with `cells`) a record a cell."""
    records = cells_of([table], library) if cells else rows_of(table, library)
    return Content(_slug(table.id), f"{table.title['zh']} {table.title['en']}", records, (table,), library, cells)


def cells_content(tables: Iterable[Table], library: Library) -> Content:
    """All cells of many tables in one set of records."""
    held = tuple(tables)
    return Content("cells", "全部单元格 All cells", cells_of(held, library), held, library, cells=True)


def write(content: Content, path: Path) -> None:
    """Write one file; the suffix names the format. Raises CaseError, and leaves the old file, where it cannot."""
    writers: dict[str, Callable[[Content, Path], None]] = {".csv": _csv, ".json": _json, ".parquet": _parquet}
    if path.suffix.lower() == ".xlsx":
        _excel(content, path)
        return
    with replacing(path, path.suffix) as made:
        writers[path.suffix.lower()](content, made)


def write_package(contents: Iterable[Content], folder: Path, suffix: str) -> int:
    """Write a file for each content into a new or empty `folder`, with its `datapackage.json`; how many were written.

    Raises CaseError where the folder holds files.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(findings=[finding("output-folder-taken", str(folder))])
    made = folder.with_name(f".{folder.name}-{os.getpid()}")
    try:
        with refusals(folder):
            made.mkdir(parents=True)
            count = _fill(made, contents, suffix)
            if folder.exists():
                folder.rmdir()
            made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return count


def _fill(folder: Path, contents: Iterable[Content], suffix: str) -> int:
    resources = []
    for content in contents:
        path = folder / f"{content.name}{suffix}"
        write(content, path)
        resources.append(_resource(content, path))
    package = {
        "name": "carbonstd", "title": "carbonstd: 双碳标准数据 China's carbon and energy standards as data",
        "version": __version__, "licenses": [LICENCE], "resources": resources,
    }  # fmt: skip
    (folder / "datapackage.json").write_text(_text(package), encoding="utf-8")
    (folder / "LICENCE.txt").write_text(_RESERVED, encoding="utf-8")
    return len(resources)


def _resource(content: Content, path: Path) -> dict[str, Any]:
    """A frictionless resource: where the figures come from, and a schema with a unit for each field."""
    suffix = path.suffix.lower()
    resource: dict[str, Any] = {
        "name": content.name, "path": path.name, "title": content.title, "format": suffix[1:],
        "mediatype": _MEDIA[suffix], "encoding": "utf-8",
    }  # fmt: skip
    if suffix == ".csv":
        resource["profile"] = "tabular-data-resource"
    if suffix == ".xlsx":
        resource["dialect"] = {"headerRows": [1], "commentRows": [2, 3]}
    if suffix != ".json":
        resource["schema"] = {"fields": [_field(item) for item in content.records.fields], "missingValues": [""]}
    if len(content.tables) == 1:
        resource |= _origin(content.tables[0])
    return resource


def _origin(table: Table) -> dict[str, Any]:
    document = table.document
    known = {
        "id": table.id, "hash": table.hash, "clause": table.clause, "regimes": list(table.regimes),
        "data_period": str(table.data_period or ""), "published": str(table.published or ""),
        "licence_of_source": dict(table.licence), "note": dict(table.note),
        "incomplete": dict(table.incomplete or {}), "document": _document(document),
        "errata": [{name: dict(text) for name, text in item.items()} for item in table.errata],
    }  # fmt: skip
    title = f"{document.number} {document.title['zh']}"
    sources = [{"title": title, **({"path": document.url} if document.url else {})}]
    return {"sources": sources, "carbonstd": {name: value for name, value in known.items() if value}}


def _document(document: Document) -> dict[str, str]:
    held = {
        "number": document.number, "title_zh": document.title["zh"], "title_en": document.title["en"],
        "issued": document.issued, "in_force": document.in_force, "until": document.until,
        "superseded_by": document.superseded_by, "url": document.url,
    }  # fmt: skip
    return {name: str(value) for name, value in held.items() if value}


def _field(field: Field) -> dict[str, str]:
    described = {
        "name": field.name, "type": "number" if field.number else "string",
        "title": f"{field.label['zh']} {field.label['en']}", "unit": field.unit, "basis": field.basis,
    }  # fmt: skip
    return {name: value for name, value in described.items() if value}


def _csv(content: Content, path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in content.records.fields])
    for record in content.records.rows:
        writer.writerow([_plain(record.get(field.name)) for field in content.records.fields])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")  # Excel reads UTF-8 only with a mark


def _json(content: Content, path: Path) -> None:
    if content.cells:
        fields = content.records.fields
        rows = [{field.name: _json_value(row.get(field.name)) for field in fields} for row in content.records.rows]
        path.write_text(_text(rows), encoding="utf-8")
        return
    path.write_text(_text(describe_table(content.tables[0], content.library)), encoding="utf-8")


def _json_value(value: str | Decimal | None) -> str | float | None:
    return float(value) if isinstance(value, Decimal) else value or None


def _parquet(content: Content, path: Path) -> None:
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise CaseError(findings=[finding("parquet-missing", str(path))]) from None
    columns, fields = [], []
    for field in content.records.fields:
        kind = arrow.float64() if field.number else arrow.string()
        held = [record.get(field.name) for record in content.records.rows]
        values = [None if value in (None, "") else float(value) if field.number else str(value) for value in held]
        columns.append(arrow.array(values, kind))
        fields.append(arrow.field(field.name, kind, metadata=_field(field)))
    about = {"carbonstd": _text([_origin(table)["carbonstd"] for table in content.tables])}
    parquet.write_table(arrow.Table.from_arrays(columns, schema=arrow.schema(fields, metadata=about)), path)


def _excel(content: Content, path: Path) -> None:
    """Two sheets: the records under names, labels and units; and where the figures come from."""
    with new_workbook(path, date.today(), content.title) as book:
        styles = Styles(book)
        page = book.add_worksheet("data 数据")
        page.set_row(1, _TWO_LINES)
        fields, across = content.records.fields, 0.0
        for column, field in enumerate(fields):
            page.write_string(0, column, field.name, styles("label"))
            page.write_string(1, column, f"{field.label['zh']}\n{field.label['en']}", styles("label", text_wrap=True))
            page.write_string(2, column, field.unit, styles("label"))
            held = [str(record.get(field.name) or "") for record in content.records.rows]
            wide = min(max(map(text_width, (field.name, *field.label.values(), field.unit, *held))) + 2, _WIDEST)
            page.set_column(column, column, wide)
            across += wide
        for line, record in enumerate(content.records.rows, start=3):
            for column, field in enumerate(fields):
                value = record.get(field.name)
                if isinstance(value, Decimal):
                    page.write_number(line, column, float(value))
                elif value:
                    page.write_string(line, column, safe_text(value))
        page.freeze_panes(3, 1)
        Paper.for_width(across).lay(page, 1)
        about = book.add_worksheet("about 说明")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 110)
        for line, (name, value) in enumerate(_about(content)):
            about.write_string(line, 0, name, styles("label"))
            about.write_string(line, 1, safe_text(value))


def _about(content: Content) -> list[tuple[str, str]]:
    lines = [("carbonstd", __version__), ("title 标题", content.title), ("licence 许可", LICENCE["title"])]
    if len(content.tables) == 1:
        for name, value in _origin(content.tables[0])["carbonstd"].items():
            lines.append((name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    return lines


def _plain(value: str | Decimal | None) -> str:
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else safe_text(value)


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _slug(name: str) -> str:
    return re.sub(r"[/@]", "__", name).lower()
