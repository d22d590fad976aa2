"""What a batch has done so far: a folder beside its output with a part for each finished chunk and a manifest.

A run that was killed goes on where it stopped. Parts that belong to other input, other definitions or another question
are refused, never mixed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from carbonstd._batch_job import Job
from carbonstd._batch_outcome import Outcome
from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._output import refusals, replace_json

_MANIFEST = "manifest.json"


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
        return self.folder / "staging"

    def numbers(self) -> list[int]:
        """The finished chunks, in the order of the source."""
        return sorted(int(path.name) for path in self.folder.iterdir() if path.is_dir() and path.name.isdigit())

    def write(self, number: int, outcome: Outcome) -> None:
        """Keep the outcome of a chunk; it counts only when it is whole."""
        made = self.folder / f".{number}-{os.getpid()}"
        kept = {**outcome, "lock_files": self._unseen(outcome["lock_files"])}
        with refusals(self.folder):
            made.mkdir(exist_ok=True)
            for name, table in kept.items():
                pq.write_table(table, made / f"{name}.parquet", compression="zstd")
            made.rename(self.folder / str(number))

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
        return pq.ParquetFile(self._path(number, name)).read()

    def rows(self, name: str) -> int:
        return sum(pq.read_metadata(self._path(number, name)).num_rows for number in self.numbers())

    def remove(self) -> None:
        """Remove the parts, the manifest last: what is left after an interruption is still a run that can go on."""
        with refusals(self.folder):
            for path in self.folder.iterdir():
                if path.name != _MANIFEST:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            (self.folder / _MANIFEST).unlink(missing_ok=True)
            self.folder.rmdir()

    def _path(self, number: int, name: str) -> Path:
        return self.folder / str(number) / f"{name}.parquet"

    def _unseen(self, files: pa.Table) -> pa.Table:
        found = _texts(files)
        new = [text not in self.seen for text in found]
        self.seen |= set(found)
        return files.filter(pa.array(new, pa.bool_()))


def parts_folder(out: Path) -> Path:
    """One for every form of the output: a run that cannot be put into a workbook is finished as a folder."""
    return out.with_name(f"{out.stem if out.suffix.lower() == '.xlsx' else out.name}.parts")


def take_up(out: Path, job: Job, told: Mapping[str, Any], fresh: bool) -> tuple[Parts, Job]:
    """The parts of an earlier run of the same question, or none; and the job with the day that run began.

    `told` is what else must be the same: engine, definitions, input, size of chunks. Raises CaseError.
    """
    parts = Parts(parts_folder(out), job.today)
    with refusals(parts.folder):
        parts.folder.mkdir(exist_ok=True)
        if fresh and _manifest(parts.folder) is not None:
            parts.remove()
            parts.folder.mkdir()
        for path in parts.folder.glob(".*"):  # parts that were not whole when the run was killed
            shutil.rmtree(path, ignore_errors=True)
        held = _manifest(parts.folder)
        if held is None and any(parts.folder.iterdir()):
            raise CaseError(findings=[finding("batch-parts-foreign", str(parts.folder))])
    asked = json.loads(json.dumps({**told, "job": asdict(job)}, default=str))
    today = asked["job"].pop("today")  # a run that goes on keeps the day it began
    if held is None:
        replace_json(parts.folder / _MANIFEST, {**asked, "today": today})
        return parts, job
    parts.today = date.fromisoformat(held.pop("today", today))
    if held != asked:
        differing = ", ".join(name for name in asked if asked[name] != held.get(name))
        raise CaseError(findings=[finding("batch-parts-differ", str(parts.folder), differing=differing)])
    parts.seen = {text for table in parts.tables("lock_files") for text in _texts(table)}
    return parts, replace(job, today=parts.today)


def _texts(files: pa.Table) -> list[tuple[str, str]]:
    """The texts of locks by hash and name."""
    return list(zip(files["hash"].to_pylist(), files["name"].to_pylist(), strict=True))


def _manifest(folder: Path) -> dict[str, Any] | None:
    """None where there is none; one that cannot be read fits nothing."""
    path = folder / _MANIFEST
    if not path.exists():
        return None
    with suppress(OSError, ValueError):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict):
            return data
    return {}
