"""Measuring: calls timed in turn, whole processes, peak memory; what was measured, as data that the page is made of."""

from __future__ import annotations

import contextlib
import gc
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

ROOT = Path(__file__).resolve().parent.parent
_TURN = 0.2  # seconds: a shorter call is repeated within its turn, or its time is noise
TOOLS = ("numpy", "pandas", "polars", "duckdb", "pint", "pyarrow", "dask", "openpyxl", "click", "pyyaml")


@dataclass(frozen=True)
class Wanted:
    """How much to measure: rows up to `largest`, up to `times` repetitions."""

    largest: int
    times: int

    def sizes(self, smallest: int, largest: int, beyond: int = 1) -> list[int]:
        """The powers of ten between both, up to `beyond` times what is wanted."""
        return [10**power for power in range(10) if smallest <= 10**power <= min(largest, self.largest * beyond)]


@dataclass
class Section:
    """What one section measured, by line and column, in `unit`; `base` is the line that ratios are taken to.

    Where `unit` is empty, lines or columns name their own. With `against`, every line has a base of its own: its
    columns are `carbonstd` and `bare`, and `against` names the bare tool. `notes` are what the page says of a line.
    """

    lines: dict[str, dict[str, float]]
    unit: str = "s"
    base: str = ""
    against: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    when: str = ""
    machine: str = ""
    versions: str = ""

    def ratio(self, line: str, column: str, base: str = "") -> float | None:
        """How many times the base a line took; None where either was not measured."""
        own = self.lines.get(line, {})
        bare = own.get("bare") if self.against else self.lines.get(base or self.base, {}).get(column)
        value = own.get(column)
        return None if value is None or not bare else value / bare


def signed(section: Section) -> Section:
    """The section with the day, the machine and the versions it was measured with."""
    section.when, section.machine, section.versions = str(date.today()), machine(), versions()
    return section


def machine() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    cpu = next((line.split(":", 1)[1].strip() for line in names if line.startswith("model name")), "")
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {cpu or platform.processor()}, {system}"


def versions() -> str:
    held = [name for name in TOOLS if importlib.util.find_spec("yaml" if name == "pyyaml" else name)]
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in held)


def in_turn(calls: Mapping[str, Callable[[], object]], times: int, budget: float) -> dict[str, float]:
    """The median seconds of each call. All are called in turn, so that a busy moment hits all alike.

    One call of each comes first and is not counted, unless it alone took more than `budget` seconds. A turn takes at
    least a fifth of a second: a short call is made again and again in it. There are up to `times` turns, at least one,
    and fewer where they would take more than the call's equal part of the budget.
    """
    first = {name: timed(call) for name, call in calls.items()}
    within = {name: max(1, math.ceil(min(_TURN, budget) / max(one, 1e-6))) for name, one in first.items()}
    part = budget / len(calls)
    rounds = {
        name: min(times, max(1, int(part / max(one, _TURN)))) if one < budget else 0 for name, one in first.items()
    }
    taken: dict[str, list[float]] = {name: [] if rounds[name] else [first[name]] for name in calls}
    for turn in range(times):
        for name, call in calls.items():
            if turn < rounds[name]:
                taken[name].append(timed(call, within[name]))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def timed(call: Callable[[], object], repeated: int = 1) -> float:
    """Seconds of a call, the mean where it is repeated."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeated):
        call()
    return (time.perf_counter() - start) / repeated


def process(*arguments: str | Path) -> Callable[[], object]:
    """A whole Python process, start to end; one that fails ends the benchmark with what it said."""
    return lambda: output(*arguments)


def output(*arguments: str | Path, allowed: tuple[int, ...] = (0,)) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode not in allowed:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.stdout


def watched(*arguments: str | Path, allowed: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Seconds of a whole Python process, and the most MB that it and its children held together.

    Looked at 20 times a second; a page that two processes share counts twice.
    """
    import psutil

    command = [sys.executable, *map(str, arguments)]
    start, most = time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as said:
        running = psutil.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        while running.poll() is None:
            most = max(most, _held(running))
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        if running.returncode not in allowed:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {running.returncode}:\n{said.read().decode()[-2000:]}")
    return seconds, most


def _held(running: psutil.Popen) -> float:
    """MB resident in a process and its children."""
    import psutil

    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in (running, *running.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
    return total / 2**20


def peak() -> float:
    """The most memory this process has held, in MB.

    Linux' own count: getrusage's begins with what the parent held when it started this process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "linux" else 1024) / 1024


def read(path: Path) -> dict[str, Section]:
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: Section(**values) for name, values in held.items()}


def write(path: Path, sections: Mapping[str, Section]) -> None:
    text = json.dumps({name: asdict(section) for name, section in sections.items()}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
