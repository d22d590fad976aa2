"""Which files of a folder are which tables of a ledger, and what their columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from carbonstd._batch.source_base import DATA, HIDDEN
from carbonstd._batch.source_csv import CELLS, header_of, to_parquet
from carbonstd._batch.source_tables import ENTITY, FILE, KEYS, ROW, SHEET, LedgerSheet, Part, united
from carbonstd._case.case import repeated
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._workbook.layout import folded

# Names of the column that says whose a row is, the surest first: 单位 may be a unit.
_ENTITY = (
    ENTITY, "entity_id", "企业编号", "企业代码", "单位编号", "统一社会信用代码",
    "企业", "企业名称", "单位名称", "company", "单位",
)  # fmt: skip
_SHEET = (SHEET, "工作表", "表名")
_OURS = {CELLS, FILE, ROW}
_PART = re.compile(r"part[-_.]?\d")  # what Spark, Dask and others call the files of one table
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class File:
    """One file: how places call it, its columns of entities and of sheets, and what its folders say."""

    path: Path
    label: str
    key: str
    sheet: str
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableFiles:
    """The files of one table; without a name where a column says of each row which sheet it is of."""

    name: str
    files: tuple[File, ...]

    def opened(self, staging: Path) -> LedgerSheet:
        """The table as Parquet: a CSV is written as such into the folder, which is for this table alone."""
        parts = [_opened(file, number, staging) for number, file in enumerate(self.files)]
        schemas = [_schema(part) for part in parts]
        return LedgerSheet(self.name, tuple(parts), tuple(file.label for file in self.files), united(schemas))


def _opened(file: File, number: int, staging: Path) -> Part:
    path, rows = file.path, 0
    if path.suffix.lower() == ".csv":
        path = staging / f"{number}.parquet"
        rows = to_parquet(file.path, path, number)
    else:
        rows = pq.read_metadata(path).num_rows
    return Part(str(path), file.label, file.key, file.sheet, rows, file.fixed)


def _schema(part: Part) -> pa.Schema:
    """The columns of a file as its table has them."""
    held = [item for item in pq.read_schema(part.path) if item.name not in (FILE, ROW)]
    fields = {part.known_as(item.name): item.type for item in held}
    fields |= {part.known_as(name): pa.string() for name, _ in part.fixed}
    fields |= {name: pa.string() for name in KEYS if name in fields}
    return pa.schema(list(fields.items()))


def tables_in(root: Path) -> tuple[TableFiles, ...]:
    """The tables at a path, the list of entities first; none where no file is of a ledger. Raises CaseError."""
    tables: dict[str, list[File]] = {}
    findings: list[Finding] = []
    for path in _data_files(root):
        label = path.relative_to(root).as_posix() if root.is_dir() else path.name
        try:
            name, file = _file(path, label, root)
        except CaseError as error:
            findings += error.findings
            continue
        tables.setdefault(name, []).append(file)
    if findings:
        raise CaseError(findings=findings)
    return tuple(TableFiles(name, tuple(files)) for name, files in tables.items())


def _data_files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for path in sorted(root.rglob("*")):  # "_": what Spark and others keep beside their parts
        hidden = any(item.startswith((*HIDDEN, "_")) for item in path.relative_to(root).parts)
        if path.suffix.lower() in DATA and path.is_file() and not hidden:
            yield path


def _file(path: Path, label: str, root: Path) -> tuple[str, File]:
    """A file and the table it is of: the sheet its folders name, or its own name."""
    names = columns_in(path, label)
    folders = Path(label).parts[:-1]
    fixed = {name: unquote(value) for name, mark, value in (item.partition("=") for item in folders) if mark}
    fixed = {name: "" if value == _NO_VALUE else value for name, value in fixed.items()}
    plain = [item for item in folders if "=" not in item]
    findings = [finding("csv-header-twice", label, names=twice) for twice in [repeated(names)] if twice]
    if ours := sorted(_OURS & set(names)):
        findings.append(finding("column-reserved", label, names=", ".join(ours)))
    key, sheet = _find(_ENTITY, [*fixed, *names]), _find(_SHEET, [*fixed, *names])
    if not key:
        findings.append(finding("entity-column-missing", label))
    if findings:
        raise CaseError(findings=findings)
    name = ""
    if sheet in fixed:
        name = fixed.pop(sheet)
    elif not sheet:
        name = plain[0] if plain else root.stem if folders or _PART.match(path.stem) else path.stem
    return name, File(path, label, key, sheet, tuple(fixed.items()))


def columns_in(path: Path, label: str) -> list[str]:
    if path.suffix.lower() == ".csv":
        return header_of(path)
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise CaseError(findings=[finding("parquet-unreadable", label, detail=str(error)[:120])]) from None


def _find(wanted: Sequence[str], names: Sequence[str]) -> str:
    """The first of the wanted names that a column has."""
    held = {folded(name): name for name in reversed(names)}
    return next((held[name] for name in map(folded, wanted) if name in held), "")
