"""What a batch has done so far: a folder beside its output with a part for each finished chunk and a manifest.

A run that was killed goes on where it stopped. Parts that belong to other input, other definitions or another question
are refused, never mixed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from carbonstd._batch.job import Job
from carbonstd._batch.outcome import SCHEMAS, Outcome
from carbonstd._batch.words import ASKED
from carbonstd._errors import CaseError
from carbonstd._findings import LANGUAGES, finding
from carbonstd._output import refusals, replace_json, synced
from carbonstd._single import single

_MANIFEST, _LOCK, _STAGING = "manifest.json", ".carbonstd-lock", "staging"
_OURS = {"of": "carbonstd batch"}  # what tells our manifest from that of another program
_BROKEN_OFF = re.compile(r"\.\d+-\d+")  # a part that was not whole when the run was killed


@dataclass
class Parts:
    """The finished chunks of a batch. `today` is when it began, `seen` the texts of locks that some part holds."""

    folder: Path
    today: date
    seen: set[tuple[str, str]] = field(default_factory=set)
    of_all: list[pa.Table] = field(default_factory=list)

    @property
    def staging(self) -> Path:
        """Where a source may keep rows it has to put in order first."""
        return self.folder / _STAGING

    def numbers(self) -> list[int]:
        """The finished chunks, in the order of the source."""
        return sorted(int(path.name) for path in self.folder.iterdir() if path.is_dir() and path.name.isdigit())

    def write(self, number: int, outcome: Outcome) -> None:
        """Keep the outcome of a chunk; it counts only when it is whole, on the disk too."""
        made = self.folder / f".{number}-{os.getpid()}"
        kept = {**outcome, "lock_files": self._unseen(outcome["lock_files"])}
        with refusals(self.folder):
            made.mkdir(exist_ok=True)
            for name, table in kept.items():
                pq.write_table(table, made / f"{name}.parquet", compression="zstd")
            synced(made)
            made.rename(self.folder / str(number))
            synced(self.folder, within=False)

    def tables(self, name: str) -> Iterator[pa.Table]:
        """A table of every part, in the order of the source; behind the findings those told of all parts together."""
        yield from (self.table(number, name) for number in self.numbers())
        if name == "findings":
            yield from self.of_all

    def told(self, findings: pa.Table) -> pa.Table:
        """Take up findings that no part could see by itself."""
        self.of_all.append(findings)
        return findings

    def table(self, number: int, name: str) -> pa.Table:
        """A table of a part. Raises CaseError where it cannot be read; the part is then computed again."""
        with self._readable(number, name) as path, pq.ParquetFile(path) as file:
            return file.read()

    def rows(self, name: str) -> int:
        told = sum(table.num_rows for table in self.of_all) if name == "findings" else 0
        return told + sum(self._count(number, name) for number in self.numbers())

    def check(self) -> None:
        """Drop the parts that cannot be read, as after a power cut, and learn which texts of locks the others hold."""
        for number in self.numbers():
            with suppress(CaseError):
                for name in SCHEMAS:
                    self._count(number, name)
        self.seen = {text for table in self.tables("lock_files") for text in _texts(table)}

    def _count(self, number: int, name: str) -> int:
        with self._readable(number, name) as path:
            return int(pq.read_metadata(path).num_rows)

    @contextmanager
    def _readable(self, number: int, name: str) -> Iterator[Path]:
        path = self.folder / str(number) / f"{name}.parquet"
        try:
            yield path
        except (pa.ArrowException, OSError):
            shutil.rmtree(path.parent, ignore_errors=True)
            raise CaseError(findings=[finding("batch-part-unreadable", str(path))]) from None

    def remove(self) -> None:
        """Remove the parts, the manifest last: what is left after an interruption is still a run that can go on."""
        with refusals(self.folder):
            for path in self.folder.iterdir():
                if path.is_dir() and (path.name == _STAGING or path.name.isdigit() or _BROKEN_OFF.fullmatch(path.name)):
                    shutil.rmtree(path)
            (self.folder / _MANIFEST).unlink(missing_ok=True)

    def _unseen(self, files: pa.Table) -> pa.Table:
        found = _texts(files)
        new = [text not in self.seen for text in found]
        self.seen |= set(found)
        return files.filter(pa.array(new, pa.bool_()))


def parts_folder(out: Path) -> Path:
    """One for every form of the output: a run that cannot be put into a workbook is finished as a folder."""
    return out.with_name(f"{out.stem if out.suffix.lower() == '.xlsx' else out.name}.parts")


@contextmanager
def taken_up(out: Path, job: Job, told: Mapping[str, Any], fresh: bool) -> Iterator[tuple[Parts, Job]]:
    """The parts of an earlier run of the same question, or none; and the job with the day that run began.

    `told` is what else must be the same: engine, definitions, input, size of chunks. Nobody else may use the parts
    meanwhile. Raises CaseError.
    """
    parts = Parts(parts_folder(out), job.today)
    with refusals(parts.folder):
        parts.folder.mkdir(exist_ok=True)
    _ours(parts.folder)
    try:
        with single(parts.folder / _LOCK):
            yield parts, _begun(parts, job, told, fresh)
    finally:
        with suppress(OSError):  # it still holds parts
            parts.folder.rmdir()


def _begun(parts: Parts, job: Job, told: Mapping[str, Any], fresh: bool) -> Job:
    """The job as it was begun: a run that goes on keeps its day."""
    if fresh:
        parts.remove()
    for path in parts.folder.glob(".*"):
        if _BROKEN_OFF.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
    held = _ours(parts.folder)
    asked = json.loads(json.dumps({**_OURS, **told, **asdict(job)}, default=str))
    today = asked.pop("today")
    if held is None:
        replace_json(parts.folder / _MANIFEST, {**asked, "today": today})
        synced(parts.folder)
        return job
    differing = [name for name in asked if asked[name] != held.get(name)]
    if differing and not parts.numbers():  # nothing was computed: the other question is nobody's loss
        return _begun(parts, job, told, fresh=True)
    parts.today = date.fromisoformat(held.get("today", today))
    if differing:
        named = {language: ", ".join(ASKED[name][language] for name in differing) for language in LANGUAGES}
        raise CaseError(findings=[finding("batch-parts-differ", str(parts.folder), differing=named)])
    parts.check()
    return replace(job, today=parts.today)


def _texts(files: pa.Table) -> list[tuple[str, str]]:
    """The texts of locks by hash and name."""
    return list(zip(files["hash"].to_pylist(), files["name"].to_pylist(), strict=True))


def _ours(folder: Path) -> dict[str, Any] | None:
    """The manifest, None where nothing is there yet. Raises CaseError where the folder is not ours."""
    with suppress(OSError, ValueError):
        data = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if isinstance(data, dict) and data.items() >= _OURS.items():
            return data
    if {path.name for path in folder.iterdir()} - {_LOCK}:
        raise CaseError(findings=[finding("batch-parts-foreign", str(folder))])
    return None
