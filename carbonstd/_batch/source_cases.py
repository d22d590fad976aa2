"""A folder of cases as the source of a batch: workbooks, YAML files, and folders with a `case.yaml`, an entity each.

A case is read in the worker that runs it, for that is the slow part; what cannot be read is an entity with findings.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head, Ledgers, together
from carbonstd._batch.source_base import DATA, HIDDEN, Source, unknown
from carbonstd._case.case import StandIn, read_case
from carbonstd._definitions.library import Library
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._yaml import load_file

CASE = "case.yaml"
# The last four cannot be read: each is an entity that is told to be saved as .xlsx.
SUFFIXES = (".xlsx", ".xlsm", ".yaml", ".yml", ".xls", ".xlsb", ".et", ".ods")
_YAML = (".yaml", ".yml")
_BYTES_OF_ROW = {".xlsx": 60, ".xlsm": 60}  # packed; of text about 100
_HEAD = 1 << 18  # bytes in which the titles of all sheets stand
_ANY_PERIOD = "2025"  # by which a head is read that has none; nothing is computed
_MOST = 200  # cases of a chunk: an empty one takes time too


@dataclass(frozen=True)
class CaseFiles(Source):
    """The cases of a folder and of folders in it, or one; the entity of each is called as its file is."""

    root: Path
    files: tuple[Path, ...]

    def chunks(self, rows: int, staging: Path) -> list[CaseChunk]:
        """Cases together that hold about as many rows, by their size."""
        found, held, size = list[list[Path]](), list[Path](), 0.0
        for path in self.files:
            expected = sum(map(_rows, contents(path)))
            if held and (size + expected > rows or len(held) == _MOST):
                found.append(held)
                held, size = [], 0.0
            held.append(path)
            size += expected
        return [self._chunk(number, items) for number, items in enumerate([*found, held])]

    def entity(self, key: str, staging: Path) -> CaseChunk:
        known = [path for path in self.files if key == self._key(path)]
        found = known or [path for path in self.files if key in (path.name, path.relative_to(self.root).as_posix())]
        if not found:
            raise unknown(key, map(self._key, self.files))
        return self._chunk(0, found)

    def names(self, library: Library, job: Job, staging: Path) -> dict[str, list[str]]:
        """By the heads of the cases alone: their other sheets are not read."""
        found = dict[str, list[str]]()
        for path in self.files:
            for name in _names(path):
                found.setdefault(name, []).append(self._key(path))
        return found

    def labels(self, wanted: Iterable[str]) -> set[str] | None:
        """By the heads of the cases alone, of no more than are needed."""
        sought, found = set(wanted), set[str]()
        for path in self.files:
            if sought <= found:
                break
            entity = _said(path).get("entity")
            found |= labels(entity).keys() if isinstance(entity, Mapping) else set()
        return found

    def inputs(self) -> list[Path]:
        """Every file a result may depend on."""
        return [file for path in self.files for file in contents(path)]

    def passed_over(self) -> list[Path]:
        return [path for path in self._others if not is_result(path)]

    def told(self) -> list[Finding]:
        results = sorted(path.relative_to(self.root).as_posix() for path in self._others if is_result(path))
        names = ", ".join([*results[:5], *(["…"] if len(results) > 5 else [])])
        found = [finding("source-results", str(self.root), count=len(results), names=names)] if results else []
        return [*super().told(), *found]

    @cached_property
    def _others(self) -> list[Path]:
        """What lies beside the cases, in their folders."""
        taken = set(self.files)
        folders = {folder for path in taken for folder in path.parents if folder.is_relative_to(self.root)}
        beside = (path for folder in sorted(folders) for path in folder.iterdir())
        return [path for path in beside if path not in taken and path not in folders]

    def _chunk(self, number: int, files: Iterable[Path]) -> CaseChunk:
        held = ((str(path), self._called(path), *self._twins.get(self._key(path), ())) for path in files)
        return CaseChunk(number, tuple(held))

    def _called(self, path: Path) -> str:
        """The key, and the suffix too where files share it: an entity of the outcome is one file."""
        key = self._key(path)
        return path.relative_to(self.root).as_posix() if key in self._twins else key

    def _key(self, path: Path) -> str:
        """What the entity is called: as its file or folder is, below folders with the way to it."""
        name = path.name if path.is_dir() else path.stem
        return name if path == self.root else (path.parent.relative_to(self.root) / name).as_posix()

    @cached_property
    def _twins(self) -> Mapping[str, list[str]]:
        """Files that share a key: which of them is meant nobody can say, so none is run."""
        names: dict[str, list[str]] = defaultdict(list)
        for path in self.files:
            names[self._key(path)].append(path.name)
        return {key: files for key, files in names.items() if len(files) > 1}


@dataclass(frozen=True)
class CaseChunk:
    """Some cases: the path and the key of each, and the names of all files of its key where there are several."""

    number: int
    files: tuple[tuple[str, ...], ...]

    @property
    def entities(self) -> int:
        return len(self.files)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for path, *_ in self.files)

    def part(self, start: int, stop: int) -> CaseChunk:
        return replace(self, files=self.files[start:stop])

    def read(self, library: Library, job: Job) -> Ledgers:
        return together([_head(Path(path), key, twins, library, job.stand_in) for path, key, *twins in self.files])


def _said(path: Path) -> Mapping[str, Any]:
    """The head of a case; nothing where it cannot be read, which is told when it is run."""
    from carbonstd._workbook.workbook import read_cover

    try:
        if path.is_dir() or path.suffix.lower() in _YAML:
            head = load_file(path / CASE if path.is_dir() else path)
        else:
            head = read_cover(path)
    except CarbonstdError:
        return {}
    return head if isinstance(head, Mapping) else {}


def _names(path: Path) -> set[str]:
    """What the head of a case calls its entity."""
    head = _said(path)
    entity = head.get("entity") or {}
    name = (entity.get("name") if isinstance(entity, Mapping) else entity) or head.get("name") or ""
    return {str(text) for text in (name.values() if isinstance(name, Mapping) else [name])}


def _head(path: Path, key: str, twins: Sequence[str], library: Library, stand_in: StandIn) -> Head:
    if twins:
        told = finding("entity-twice", key, entity=key.rpartition(".")[0], places=", ".join(twins))
        return Head(key, None, {}, (told,))
    try:
        case = read_case(path, library, stand_in)
    except CarbonstdError as error:
        return _missed(path, key, error.findings, library, stand_in)
    except MemoryError:
        raise
    except Exception as error:  # a file in thousands that trips the reader must not end the run
        told = finding("internal-error", str(path), kind=type(error).__name__, detail=str(error)[:200] or "—")
        return Head(key, None, {}, (told,))
    return Head(key, case, labels(case.entity))


def _missed(path: Path, key: str, findings: Sequence[Finding], library: Library, stand_in: StandIn) -> Head:
    """The head of a case that cannot be read; where it lacks but a period it is missed by its own methods."""
    unread = Head(key, None, {}, tuple(findings))
    if stand_in.period:
        return unread
    try:
        case = read_case(path, library, replace(stand_in, period=_ANY_PERIOD))
    except CarbonstdError:
        return unread
    said = {"method": case.method, "also": ",".join(case.also), "name": case.title("zh"), "as_of": str(case.as_of)}
    return replace(unread, groups=labels(case.entity), said=said)


def cases_in(root: Path) -> list[Path]:
    """The cases of a folder, or of the folders in it where no case lies beside them; by name.

    Among cases stand folders of data that are none, which their reader refuses: those of an archive are not added up.
    """
    if not root.is_dir() or is_case(root):
        return [root]
    shown = sorted(path for path in root.iterdir() if not path.name.startswith(HIDDEN))
    if here := set(filter(is_case, shown)):
        return [path for path in shown if path in here or _holds_data(path)]
    below = {path: cases_in(path) for path in shown if path.is_dir()}
    if not any(below.values()):
        return []
    return [case for path, cases in below.items() for case in cases or [path] * _holds_data(path)]


def is_case(path: Path) -> bool:
    """Whether a file or folder is a case itself."""
    return (path / CASE).is_file() or (path.is_file() and path.suffix.lower() in SUFFIXES and not is_result(path))


def is_result(path: Path) -> bool:
    """Whether `calc` or `batch` wrote it: a workbook by the hidden sheet of its lock, a folder by its table of locks or
    where it holds nothing but such workbooks."""
    from carbonstd._batch.folder import FILES
    from carbonstd._result_workbook.lock import LOCK_SHEET

    if path.is_dir():
        held = _data_in(path)
        return (path / FILES["lock_files"]).is_file() or (bool(held) and all(map(is_result, held)))
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return False
    try:
        with ZipFile(path) as pack, pack.open("xl/workbook.xml") as part:
            titles = part.read(_HEAD)
    except (OSError, KeyError, BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return False  # told when it is read
    return f'name="{LOCK_SHEET}'.encode() in titles  # a batch's begins so too


def _holds_data(path: Path) -> bool:
    return path.is_dir() and bool(_data_in(path)) and not is_result(path)


def _data_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.suffix.lower() in (*SUFFIXES, *DATA)]


def labels(entity: Mapping[str, Any]) -> dict[str, str]:
    """What the head of a case says of the entity besides its name, to sum by."""
    return {name: str(value) for name, value in entity.items() if name != "name" and not isinstance(value, Mapping)}


def contents(path: Path) -> list[Path]:
    """The files of a case."""
    return [*path.glob(CASE), *sorted(path.glob("*.csv"))] if path.is_dir() else [path]


def _rows(path: Path) -> float:
    return path.stat().st_size / _BYTES_OF_ROW.get(path.suffix.lower(), 100)
