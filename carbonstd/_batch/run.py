"""One chunk of a batch: every entity run by its methods. The same function in one process, in many, and on a cluster.

Whatever is wrong with an entity becomes its findings; it never ends the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Protocol

from carbonstd._batch.job import Job
from carbonstd._batch.ledgers import Head, Ledgers
from carbonstd._batch.outcome import (
    Outcome,
    Rows,
    gathered,
    outcome,
    rows_of,
    rows_refused,
    tell_overridden,
    tell_unaccounted,
)
from carbonstd._batch.stack import Alone, run_stacks
from carbonstd._case.case import Case
from carbonstd._case.cells import day_of
from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding, finding
from carbonstd._joint.compare import calculate_joint
from carbonstd._joint.joint import names_in
from carbonstd._naming import Names, names_of


class Chunk(Protocol):
    """Some whole entities of a source. Small and picklable: what it stands for is read where it is run."""

    @property
    def number(self) -> int: ...

    @property
    def entities(self) -> int: ...

    @property
    def paths(self) -> tuple[str, ...]:
        """The files and folders it reads."""

    def read(self, library: Library, job: Job) -> Ledgers: ...

    def part(self, start: int, stop: int) -> Chunk:
        """Some of its entities, by their places; the others are not read where that can be helped."""


def run_chunk(job: Job, chunk: Chunk) -> Outcome:
    """The outcome of every entity of a chunk."""
    library = job.library()
    ledgers = chunk.read(library, job).as_of(job.as_of)

    def alone(index: int, name: str) -> Rows:
        return run_alone(ledgers, index, name, job, library)

    done = run_stacks(ledgers, job, library, alone) if job.stacked else {}
    return outcome(
        gathered(
            rows for index in range(len(ledgers.heads)) for rows in _entity(ledgers, index, job, library, done, alone)
        )
    )


def _entity(
    ledgers: Ledgers, index: int, job: Job, library: Library, done: Mapping[tuple[int, str], Rows], alone: Alone
) -> Iterator[Rows]:
    """One entity by each of its methods: as the run that it shared left it, else by itself."""
    head = ledgers.heads[index]
    if head.case is None:
        yield from _refused(head, job, library)
        return
    names = _methods(head.case, job, library)
    rows = [done.get((index, name)) or alone(index, name) for name in names]
    tell_unaccounted(rows, library)
    tell_overridden(rows, overridden(head.case, job, library))
    yield from rows


def overridden(case: Case, job: Job, library: Library) -> str:
    """The methods that an entity names itself where it is run by others in their place; else nothing."""
    own = (case.method, *case.also)
    if not job.methods or not {*own}.isdisjoint(job.methods):
        return ""
    alike = _families(own, library) & _families(job.methods, library)
    return "" if alike else ", ".join(own)


@lru_cache(maxsize=64)
def _families(names: tuple[str, ...], library: Library) -> frozenset[str]:
    found = set(names)
    for name in names:
        with suppress(CarbonstdError):  # told when it is run
            found.add(library.find(name, library.method_headers).family)
    return frozenset(found)


def _methods(case: Case, job: Job, library: Library) -> Iterator[str]:
    """The methods to run an entity by, each once however it is named: twice it would stand in every sum twice."""
    names, seen = job.methods or (case.method, *case.also), set[str]()
    for name in names:
        known = name
        if len(names) > 1:
            with suppress(CarbonstdError):  # told when it is run
                known = job.method(name, case.period, job.as_of or case.as_of, library).id
        if known not in seen:
            seen.add(known)
            yield name


def _refused(head: Head, job: Job, library: Library) -> Iterator[Rows]:
    """An entity without a case is missed by each of its methods, where they are known; rows of nobody are no entity."""
    if not head.entity:
        yield {"findings": rows_refused(head, "", head.findings)["findings"]}
        return
    said = head.said
    period, day = Period.parse(said.get("period", "")), job.as_of or day_of(said.get("as_of", "")) or job.today
    for name in job.methods or names_in(",".join((said.get("method", ""), said.get("also", "")))) or [""]:
        known = name
        with suppress(CarbonstdError):  # without a period it has no edition
            known = library.find(name, library.method_headers).family
            known = job.method(name, period, day, library).id if period else known
        yield rows_refused(head, known, head.findings)


def run_alone(ledgers: Ledgers, index: int, name: str, job: Job, library: Library) -> Rows:
    """One entity by itself, by one method."""
    head, case = ledgers.heads[index], ledgers.case(index)
    try:
        return _run(head, case, name, job, library)
    except CarbonstdError as error:
        return rows_refused(head, *_named(error.findings, case, name, job, library))
    except MemoryError:  # of too many at once: run again with fewer beside it
        raise
    except Exception as error:  # a fault of ours in one entity of thousands must not lose the others
        told = finding("internal-error", kind=type(error).__name__, detail=str(error)[:200] or "—")
        return rows_refused(head, name, [told])


def _run(head: Head, case: Case, name: str, job: Job, library: Library) -> Rows:
    method = job.method(name, case.period, case.as_of, library)
    result = calculate_joint(case, method, library, job.options)
    return rows_of(head, result, list(names_of(result).findings(result.findings)))


def _named(findings: list[Finding], case: Case, name: str, job: Job, library: Library) -> tuple[str, Sequence[Finding]]:
    """The method and the findings in a reader's words, where the method is known."""
    try:
        method = job.method(name, case.period, case.as_of, library)
    except CarbonstdError:
        return name, findings
    return method.id, list(Names(method, library).findings(findings))
