"""Reading the lock that an earlier result carries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonstd._findings import Finding


def read_lock(path: Path, entity: str | None = None, method: str | None = None) -> Any:
    """The lock in a result workbook, in the JSON of a result, or alone in a JSON file; of a batch that of one entity.

    Raises CaseError, LockError.
    """
    from carbonstd import CaseError, LockError
    from carbonstd._absent import absent
    from carbonstd._findings import finding

    if not path.exists():
        raise CaseError(findings=[absent(path)])
    if path.suffix.lower() == ".xlsx":
        from carbonstd._workbook.archive import open_archive

        with open_archive(path):  # refuses what is no workbook, or a hostile one
            pass
    if path.is_dir() or path.suffix.lower() == ".xlsx":
        from carbonstd._batch.read import is_batch
        from carbonstd._batch.read import read_lock as lock_of
        from carbonstd._result_workbook.lock import read_lock_from_workbook

        if not is_batch(path):
            return read_lock_from_workbook(path)
        if entity is None:
            raise CaseError(findings=[finding("batch-lock-entity", str(path))])
        return lock_of(path, entity, method or "")
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise LockError(findings=[finding("lock-unreadable", str(path))]) from None
    return data.get("lock", data) if isinstance(data, dict) else data


def edited_factors(path: Path) -> list[Finding]:
    """Factors that somebody changed on the visible sheet of a result workbook: a re-run takes the lock's figures."""
    if path.suffix.lower() != ".xlsx":
        return []
    from carbonstd._result_workbook.lock import edited_factors

    return edited_factors(path)
