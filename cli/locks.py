"""Reading the lock that an earlier result carries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonstd._findings import Finding


def read_lock(path: Path) -> Any:
    """The lock in a result workbook, in the JSON of a result, or alone in a JSON file. Raises LockError."""
    from carbonstd import CaseError, LockError
    from carbonstd._findings import finding

    if not path.is_file():
        raise CaseError(findings=[finding("file-not-found", str(path))])
    if path.suffix.lower() == ".xlsx":
        from carbonstd._result_lock import read_lock_from_workbook
        from carbonstd._workbook_archive import open_archive

        with open_archive(path):  # refuses what is no workbook, or a hostile one
            pass
        return read_lock_from_workbook(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise LockError(findings=[finding("lock-unreadable", str(path))]) from None
    return data.get("lock", data) if isinstance(data, dict) else data


def edited_factors(path: Path) -> list[Finding]:
    """Factors that somebody changed on the visible sheet of a result workbook: a re-run takes the lock's figures."""
    if path.suffix.lower() != ".xlsx":
        return []
    from carbonstd._result_lock import edited_factors

    return edited_factors(path)
