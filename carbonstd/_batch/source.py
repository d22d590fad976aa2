"""Where the entities of a batch come from: a folder of cases, ledgers with a column of entities, or one data set."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from carbonstd._absent import absent
from carbonstd._batch.job import Job
from carbonstd._batch.source_base import DATA, HIDDEN, Source, is_roster, unknown
from carbonstd._batch.source_cases import SUFFIXES, CaseFiles, cases_in, is_case
from carbonstd._case.case import Case, StandIn
from carbonstd._definitions.library import Library
from carbonstd._errors import CaseError, NotFoundError
from carbonstd._findings import finding

if TYPE_CHECKING:
    from carbonstd._batch.run import Chunk


_FEW = 8  # keys that are named


def open_source(path: Path) -> Source:
    """The source at a path. Raises CaseError where nothing at it is a case or a ledger, or it holds both."""
    if not path.exists():
        raise CaseError(findings=[absent(path)])
    if path.is_file() and path.suffix.lower() not in (*SUFFIXES, *DATA):
        raise CaseError(findings=[finding("source-empty", str(path))])
    cases = cases_in(path)
    if path in cases:
        return _ledger(path) if path.suffix.lower() in DATA else CaseFiles(path, (path,))
    ledgers, here = _ledgers(path), [case for case in cases if case.parent == path and is_case(case)]
    if ledgers and here:
        raise CaseError(findings=[finding("source-mixed", str(path), case=here[0].name, ledger=ledgers[0])])
    return CaseFiles(path, tuple(cases)) if cases and not ledgers else _ledger(path)


def read_entity(path: Path, key: str, library: Library, stand_in: StandIn) -> Case:
    """The case of one entity. Raises CaseError, and NotFoundError where there is none of that key or name."""
    job = Job(stand_in.methods, stand_in.as_of or date.today(), period=stand_in.period)
    with TemporaryDirectory() as staging:
        chunk = _chunk(open_source(path), key, library, job, Path(staging))
        ledgers = chunk.read(library, job)
    head = ledgers.heads[0]
    if head.case is None:
        raise CaseError(findings=list(head.findings))
    return ledgers.case(0)


def _chunk(source: Source, key: str, library: Library, job: Job, staging: Path) -> Chunk:
    """One entity by its key, else by its name where no other has it."""
    try:
        return source.entity(key, staging / "keys")
    except NotFoundError as error:
        names = source.names(library, job, staging / "names") if key else {}
        called = names.get(key, [])
        if len(called) > 1:
            keys = ", ".join([*called[:_FEW], *(["…"] if len(called) > _FEW else [])])
            several = finding("entity-name-shared", "--entity", name=key, keys=keys)
            raise NotFoundError(findings=[several]) from None
        if not called and not error.findings[0].values["suggestion"]:  # no key is near; perhaps a name is
            raise unknown(key, names) from None
        if not called:
            raise
        return source.entity(called[0], staging / "called")


def _ledgers(path: Path) -> list[str]:
    """What in a folder is a ledger of many entities."""
    shown = (item for item in sorted(path.iterdir()) if not item.name.startswith(HIDDEN))
    return [item.name for item in shown if (is_roster(item.name) if item.is_dir() else item.suffix.lower() in DATA)]


def _ledger(path: Path) -> Source:
    require_arrow(str(path))
    from carbonstd._batch.source_files import tables_in
    from carbonstd._batch.source_ledger import LedgerFiles

    tables = tables_in(path)
    if not tables:
        raise CaseError(findings=[finding("source-empty", str(path))])
    return LedgerFiles(path, tables)


def require_arrow(place: str = "") -> None:
    """Raises CaseError where the extra is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise CaseError(findings=[finding("batch-without-arrow", place)]) from None
