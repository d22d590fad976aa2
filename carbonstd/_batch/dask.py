"""Chunks run by Dask: workers on this machine, or a cluster whose scheduler is given by address."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import chdir, contextmanager, nullcontext
from importlib.util import find_spec
from multiprocessing import resource_tracker
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from carbonstd._batch.job import Job
from carbonstd._batch.outcome import Outcome
from carbonstd._batch.run import Chunk
from carbonstd._batch.spread import Executor, WorkerDied, attempt, spread
from carbonstd._batch.stand import content_mark, stand
from carbonstd._errors import CarbonstdError
from carbonstd._findings import finding

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
_ANSWER = 10  # seconds a scheduler has to answer
_LOOK = 60  # seconds after which it is asked whether any worker is left
_LOOPBACK = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}  # nothing to be seen from other machines
_LOCAL_SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # at the first death its chunk is set aside
    "distributed.deploy.lost-worker-timeout": "1 day",  # a worker that dies time and again is begun anew all the same
}
_TURN = Lock()  # threads of a worker take turns: they share a library


def on_dask(address: str, jobs: int) -> Executor:
    """Chunks run by the cluster at an address, or for LOCAL by `jobs` workers of this machine."""

    def submit(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
        with _client(address, min(jobs, len(chunks))) as client:
            yield from spread(Cluster(client, address, stand(job.own)), job, chunks)

    return submit


class Cluster:
    """The workers that a client reaches; `expected` is what must be the same on them as it is here."""

    def __init__(self, client: Client, address: str, expected: dict[str, str]) -> None:
        self._client, self._address, self._expected = client, address, expected
        self._underway: set[Future] = set()
        self._stopped = False

    def width(self) -> int:
        return 2 * max(1, self._workers())  # one runs, one waits, so that no worker does

    def run(self, task: Callable[[Job, Chunk], Any], job: Job, chunk: Chunk) -> Any:
        places = {str(path): content_mark(path) for path in map(Path.absolute, map(Path, chunk.paths)) if path.exists()}
        future = self._client.submit(_work, task, job, chunk, self._expected, str(Path.cwd()), places, pure=False)
        self._underway.add(future)
        try:
            done, answer = self._result(future)
        finally:
            self._underway.discard(future)
            future.release()
        if not done:
            raise answer
        return answer

    def _result(self, future: Future) -> tuple[bool, Any]:
        """What came of a task; an exception of the task itself is its answer, so any that is raised is Dask's."""
        from distributed import KilledWorker

        while True:
            try:
                done: tuple[bool, Any] = future.result(timeout=_LOOK)
                return done
            except TimeoutError:
                if not self._workers():
                    raise _failed("dask-no-workers", self._address) from None
            except KilledWorker:
                raise WorkerDied from None
            except CancelledError:
                if self._stopped:
                    raise
                raise _failed("dask-lost", self._address) from None
            except Exception as error:  # such as a worker without carbonstd, which cannot read what it is sent
                raise _failed("dask-failed", self._address, detail=_detail(error)) from None

    def _workers(self) -> int:
        try:
            return len(self._client.nthreads())
        except Exception:  # of several kinds, by how the client learns of it
            raise _failed("dask-lost", self._address) from None

    def stop(self) -> None:
        self._stopped = True
        if self._client.status == "running":  # else the scheduler is gone, and with it what it was asked
            self._client.cancel(list(self._underway))


def _work(
    task: Callable[[Job, Chunk], Any],
    job: Job,
    chunk: Chunk,
    expected: dict[str, str],
    here: str,
    places: dict[str, str],
) -> tuple[bool, Any]:
    """A task, run on a worker that has the same engine, definitions and input as the client, which works in `here`."""

    def checked() -> Any:
        _same(expected, stand(job.own), places)
        return task(job, chunk)

    with _TURN, chdir(here) if Path(here).is_dir() else nullcontext():  # findings name files as the client would
        return attempt(checked)


def _same(expected: dict[str, str], found: dict[str, str], places: dict[str, str]) -> None:
    """Refuse a machine with other definitions or another copy of the input. Raises CarbonstdError."""
    host = socket.gethostname()
    expected = {**expected, **{path: mark for path, mark in places.items() if Path(path).exists()}}
    found = {**found, **{path: content_mark(Path(path)) for path in places}}
    differs = [
        finding("worker-differs", host, name=name, found=found[name] or "—", expected=mark)
        for name, mark in expected.items()
        if found[name] != mark
    ]
    lacks = [finding("worker-lacks", host, name=path) for path in places if not Path(path).exists()]
    if differs or lacks:
        raise CarbonstdError(findings=[*differs, *lacks])


@contextmanager
def _client(address: str, workers: int) -> Iterator[Client]:
    if not find_spec("distributed"):
        raise CarbonstdError(findings=[finding("dask-missing")])
    import dask.config
    from distributed import Client, LocalCluster

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what matters of it is told as a finding
    if address != LOCAL:
        asyncio.run(_reach(address))
        with Client(address, timeout=_ANSWER, set_as_default=False) as client:
            yield client
        return
    with dask.config.set(_LOCAL_SETTINGS):
        with _deaf():
            cluster = LocalCluster(workers, threads_per_worker=1, silence_logs=logging.CRITICAL, **_LOOPBACK)
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C, which reaches all processes of a terminal, waits; threads and processes begun meanwhile never hear it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # which is begun with the first process, and would let Ctrl-C through again
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


async def _reach(address: str) -> None:
    """Refuse an address where no scheduler answers: a client that fails half-way leaves threads behind."""
    from distributed.comm import connect
    from distributed.security import Security

    try:
        there = await connect(address, timeout=_ANSWER, **Security().get_connection_args("client"))
        await there.close()
    except Exception as error:  # of many kinds: no port, no such scheme, no answer, no certificate
        raise _failed("dask-unreachable", address, detail=_detail(error)) from None


def _detail(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _failed(code: str, address: str, **values: str) -> CarbonstdError:
    return CarbonstdError(findings=[finding(code, address, **values)])
