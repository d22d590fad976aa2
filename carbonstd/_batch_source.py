"""Where the entities of a batch come from: a folder of cases, ledgers with a column of entities, or one data set."""

from __future__ import annotations

from pathlib import Path

from carbonstd._batch_source_base import Source
from carbonstd._batch_source_cases import CaseFiles, cases_in
from carbonstd._errors import CaseError
from carbonstd._findings import finding


def open_source(path: Path) -> Source:
    """The source at a path. Raises CaseError where nothing at it is a case or a ledger."""
    if not path.exists():
        raise CaseError(findings=[finding("file-not-found", str(path))])
    cases = cases_in(path)
    if not cases:
        raise CaseError(findings=[finding("source-empty", str(path))])
    return CaseFiles(path, tuple(cases))
