"""Chunks on many processes and by Dask: the outcome is that of one process, and who kills a worker is told alone."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from carbonstd import CarbonstdError
from carbonstd._batch import run as _batch_run
from carbonstd._batch.batch import executor
from carbonstd._batch.dask import LOCAL, _same, on_dask
from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head
from carbonstd._batch.outcome import Outcome, joined
from carbonstd._batch.pool import on_processes
from carbonstd._batch.run import Chunk, run_chunk
from carbonstd._batch.spread import Executor, WorkerDied, spread
from carbonstd._batch.stand import content_mark
from tests.batches import JOB, Plants
from tests.command_line import DIESEL, METHOD, run, start_in, write

CHUNKS = [Plants(number, (f"works {number}a", f"works {number}b")) for number in range(3)]


def by_number(done: Iterator[tuple[Chunk, Outcome]]) -> dict[int, Outcome]:
    return {chunk.number: outcome for chunk, outcome in done}


@pytest.fixture(scope="module")
def here() -> dict[int, Outcome]:
    return {chunk.number: run_chunk(JOB, chunk) for chunk in CHUNKS}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on Windows")
@pytest.mark.parametrize("submit", [on_processes(2), on_dask(LOCAL, 2)], ids=["processes", "dask"])
def test_a_worker_killed_on_the_way_changes_nothing(submit: Executor, here: dict[int, Outcome], tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    found = by_number(submit(JOB, [replace(chunk, killer="works 1b", mark=str(mark)) for chunk in CHUNKS]))
    assert mark.exists()
    assert found == here  # bit for bit: the same function on the same rows


@dataclass
class Mortal:
    """Workers that are threads; a task dies by a plan. The most that were ever under way is kept."""

    killers: tuple[str, ...]
    deaths: list[tuple[str, ...]] = field(default_factory=list)
    most: int = 0
    _now: int = 0
    _lock: Lock = field(default_factory=Lock)

    def width(self) -> int:
        return 4

    def run(self, task: Callable[[Job, Chunk], Any], job: Job, chunk: Chunk) -> Any:
        assert isinstance(chunk, Plants)
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            if task is run_chunk and set(self.killers) & set(chunk.names):
                self.deaths.append(chunk.names)
                raise WorkerDied
            return task(job, chunk)
        finally:
            self._now -= 1

    def stop(self) -> None: ...


def test_only_the_entity_that_kills_is_lost_and_few_chunks_are_under_way() -> None:
    names = tuple(f"works {number}" for number in range(7))
    chunks = [Plants(0, names[:5]), *(Plants(1 + number, names[5:]) for number in range(9))]
    workers = Mortal(("works 1", "works 4"))
    found = by_number(spread(workers, JOB, chunks))
    states = found[0]["entities"].to_pydict()
    assert dict(zip(states["entity"], states["state"], strict=True)) == {
        name: "refused" if name in workers.killers else "done" for name in names[:5]
    }
    told = found[0]["findings"].filter([code == "worker-died" for code in found[0]["findings"]["code"].to_pylist()])
    assert told["entity"].to_pylist() == ["works 1", "works 4"]
    assert joined([found[number] for number in range(1, 10)]) == joined([run_chunk(JOB, item) for item in chunks[1:]])
    assert workers.most <= workers.width()


def test_an_entity_too_large_for_memory_is_set_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def tight(head: Head, *given: Any) -> Any:
        if head.entity == "works 0b":
            raise MemoryError
        return calculated(head, *given)

    calculated = _batch_run._run
    monkeypatch.setattr(_batch_run, "_run", tight)
    ((_, found),) = executor(1)(replace(JOB, stacked=False), CHUNKS[:1])
    assert found["entities"]["state"].to_pylist() == ["done", "refused"]
    assert found["findings"]["code"].to_pylist()[-1] == "worker-died"


def test_a_worker_unlike_the_client_is_refused() -> None:
    same = {"carbonstd": "1", "factors": "a", "/own": "c"}
    with pytest.raises(CarbonstdError) as refused:
        _same(same, {**same, "factors": "b", "/own": ""}, {__file__: "another copy", "/nowhere/fuel.parquet": "1"})
    assert [(item.code, item.values["name"]) for item in refused.value.findings] == [
        ("worker-differs", "factors"),
        ("worker-differs", "/own"),
        ("worker-differs", __file__),
        ("worker-lacks", "/nowhere/fuel.parquet"),
    ]
    _same(same, same, {__file__: content_mark(Path(__file__))})


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1"])
def test_no_scheduler_at_the_address_is_one_line(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)
    write("in/a.yaml", DIESEL)
    monkeypatch.setattr("carbonstd._batch.dask._ANSWER", 0.2)
    told = run("batch", METHOD, "in", "-o", "out", "--dask", address)
    assert told.exit_code == 2
    assert not Path("out").exists()
    assert [line for line in told.stderr.splitlines() if address in line] == told.stderr.splitlines()[-1:]
