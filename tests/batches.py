"""Chunks of a batch for tests: cases held in memory, and entities that kill the process that reads or runs them."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from carbonstd import read_case
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head, Ledgers, together
from carbonstd._definitions.library import Library

METHODS = Path(__file__).resolve().parents[1] / "benchmarks" / "methods"  # small, so that a process is soon ready
JOB = Job(("fuel-rows@2024",), date(2026, 3, 31), own_methods=(str(METHODS),))
FUELS = ("diesel", "anthracite", "natural_gas")


@dataclass(frozen=True)
class Plants:
    """Plants that burn ten rows of fuel each. `killer` kills the process that reads it, once if `mark` is a file
    that it leaves behind."""

    number: int
    names: tuple[str, ...]
    killer: str = ""
    mark: str = ""

    @property
    def entities(self) -> int:
        return len(self.names)

    @property
    def paths(self) -> tuple[str, ...]:
        return (f"{self.names[0]}.yaml",)

    def part(self, start: int, stop: int) -> Plants:
        return replace(self, names=self.names[start:stop])

    def read(self, library: Library, job: Job) -> Ledgers:
        if self.killer in self.names and not (self.mark and Path(self.mark).exists()):
            if self.mark:
                Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        return together([self._head(name, library) for name in self.names])

    def _head(self, name: str, library: Library) -> Head:
        rows = [
            {"source": f"{name} {row}", "fuel": FUELS[row % 3], "consumption": 0.1 * row + len(name)}
            for row in range(10)
        ]
        case = {"method": JOB.methods[0], "period": "2025", "as_of": "2026-03-31", "entity": {"name": name}}
        return Head(name, read_case({**case, "inputs": {"fuel": rows}}, library))
