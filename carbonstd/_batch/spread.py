"""Chunks spread over workers, a bounded number under way; whoever kills a worker is told, and nobody else loses by it.

A worker that dies loses its chunk only: the chunk is set aside, and when all others are done it runs again with no
other beside it. Where the worker dies again the chunk is halved, until the entity that does it is alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head
from carbonstd._batch.outcome import Outcome, joined, outcome, rows_refused
from carbonstd._batch.run import Chunk, run_chunk
from carbonstd._findings import finding

Executor = Callable[[Job, Sequence[Chunk]], Iterator[tuple[Chunk, Outcome]]]  # in any order
_ALONE = 2  # times an entity is tried by itself before it is told to be what kills: a machine kills for its own reasons
_MOST = 4096  # threads that wait for workers
_LOOK = 1.0  # seconds: a wait that never wakes hears no Ctrl-C on Windows, and workers may have joined


class WorkerDied(Exception):
    """The process that ran a task is gone: killed, crashed or out of memory."""


class Workers(Protocol):
    """Processes here or on other machines."""

    def width(self) -> int:
        """How many chunks to keep under way: this bounds the outcomes in memory here."""

    def run(self, task: Callable[[Job, Chunk], Any], job: Job, chunk: Chunk) -> Any:
        """What a task gives, run by some worker. Raises WorkerDied, and CancelledError after `stop`."""

    def stop(self) -> None:
        """End what runs and whatever was begun for it."""


def attempt(task: Callable[[], Any]) -> tuple[bool, Any]:
    """Whether a task was done, and its answer or the exception in its place, to be sent to who asked for it."""
    try:
        return True, task()
    except Exception as error:
        return False, error


def spread(workers: Workers, job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
    """The outcome of every chunk, as they are done."""
    waiting, underway, aside = iter(chunks), dict[Future[Outcome], Chunk](), list[Chunk]()
    with ThreadPoolExecutor(_MOST) as threads:
        try:
            while True:
                for chunk in islice(waiting, max(0, workers.width() - len(underway))):
                    underway[threads.submit(workers.run, run_chunk, job, chunk)] = chunk
                if not underway:
                    break
                for future in wait(underway, _LOOK, FIRST_COMPLETED).done:
                    chunk = underway.pop(future)
                    if isinstance(future.exception(), WorkerDied | MemoryError):
                        aside.append(chunk)
                    else:
                        yield chunk, future.result()
            for chunk in aside:
                yield chunk, threads.submit(_narrowed, workers, job, chunk).result()
        finally:
            workers.stop()
            for future in underway:
                future.cancel()


class _Here:
    """This process as a worker."""

    def width(self) -> int:
        return 1

    def run(self, task: Callable[[Job, Chunk], Any], job: Job, chunk: Chunk) -> Any:
        return task(job, chunk)

    def stop(self) -> None: ...


def here(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
    """Chunks run in this process, smaller where its memory does not hold them."""
    return ((chunk, _narrowed(_Here(), job, chunk)) for chunk in chunks)


def _narrowed(workers: Workers, job: Job, chunk: Chunk) -> Outcome:
    """The outcome of a chunk that may kill a worker."""
    for _ in range(_ALONE if chunk.entities == 1 else 1):
        try:
            done: Outcome = workers.run(run_chunk, job, chunk)
            return done
        except (WorkerDied, MemoryError):
            pass
    if chunk.entities == 1:
        told = finding("worker-died", _file(chunk))
        return outcome(rows_refused(_head(workers, job, chunk), "", [told]))
    middle = chunk.entities // 2
    halves = chunk.part(0, middle), chunk.part(middle, chunk.entities)
    return joined([_narrowed(workers, job, half) for half in halves])


def _head(workers: Workers, job: Job, chunk: Chunk) -> Head:
    """Who the one entity of a chunk is, or the name of its file where reading it is what kills."""
    try:
        head: Head = workers.run(_first, job, chunk)
        return head
    except (WorkerDied, MemoryError):
        return Head(Path(_file(chunk)).stem, None)


def _first(job: Job, chunk: Chunk) -> Head:
    return replace(chunk.read(job.library(), job).heads[0], case=None)


def _file(chunk: Chunk) -> str:
    return next(iter(chunk.paths), "")
