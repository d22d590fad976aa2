"""Chunks run by processes of this machine, each with a pipe of its own, so that a death is laid to what it ran."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any

from carbonstd._batch.job import Job
from carbonstd._batch.outcome import Outcome
from carbonstd._batch.run import Chunk
from carbonstd._batch.spread import Executor, WorkerDied, attempt, spread
from carbonstd._errors import CarbonstdError
from carbonstd._findings import finding

_SPAWN = multiprocessing.get_context("spawn")  # as on Windows; a fork would copy locks that threads of Arrow hold


def on_processes(jobs: int) -> Executor:
    """Chunks run by `jobs` processes of this machine."""

    def submit(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
        return spread(Pool(min(jobs, len(chunks))), job, chunks)

    return submit


class Pool:
    """Processes that are begun when first needed, and again when one has died."""

    def __init__(self, size: int) -> None:
        self._workers = [_Worker() for _ in range(size)]
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._stopped = False
        for worker in self._workers:
            self._free.put(worker)

    def width(self) -> int:
        return 2 * len(self._workers)  # one runs, one waits, so that no process does

    def run(self, task: Callable[[Job, Chunk], Any], job: Job, chunk: Chunk) -> Any:
        worker = self._free.get()
        try:
            if self._stopped:
                raise CancelledError
            return worker.run(task, job, chunk)
        finally:
            self._free.put(worker)

    def stop(self) -> None:
        self._stopped = True
        for worker in self._workers:
            worker.stop()


class _Worker:
    """A process and the pipe to it."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._stopped = False

    def run(self, task: Callable[[Job, Chunk], Any], job: Job, chunk: Chunk) -> Any:
        pipe = self._pipe or self._begin()
        try:
            pipe.send((task, job, chunk))
            done, answer = pipe.recv()
        except (EOFError, OSError):
            self._pipe = None
            raise WorkerDied from None
        if not done:
            raise answer
        return answer

    def _begin(self) -> Connection:
        self._pipe, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()  # else the end of the process would not be the end of the pipe
        self._process = process
        if self._stopped:
            process.kill()
        try:
            self._pipe.recv()
        except (EOFError, OSError):
            raise CarbonstdError(findings=[finding("worker-not-started")]) from None
        return self._pipe

    def stop(self) -> None:
        self._stopped = True
        if self._process:
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection) -> None:
    """Run what comes through the pipe until it ends, as it does with the process at its other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal: the first one decides
    pipe.send("ready")
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task, job, chunk = pipe.recv()
            pipe.send(attempt(partial(task, job, chunk)))
