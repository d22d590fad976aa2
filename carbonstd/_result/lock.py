"""The lock: the files a result came from, carried with it, so that a re-run gives the same figures.

The lock holds the texts of the method, its parts and sheet kinds, the chosen table editions and the vocabularies,
each with its hash. A re-run reads them instead of what is installed; a missing or altered part is refused.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonstd import __version__
from carbonstd._definitions.library import Library
from carbonstd._engine.calculate import Options, calculate
from carbonstd._errors import LockError
from carbonstd._findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonstd._case.case import Case
    from carbonstd._definitions.method import Method
    from carbonstd._definitions.table import Table
    from carbonstd._result.result import Result
    from carbonstd._uncertainty.result import Uncertainty

_TOLERANCE = 1e-12


def make_lock(result: Result) -> dict[str, Any]:
    """The lock of a result."""
    run, method = result._run, result.method
    tables = [segment.table for segments in run.segments.values() for segment in segments]
    files, hashes = _definitions(method, tables, run.library)
    lock: dict[str, Any] = {
        "schema": 1,
        "engine": __version__,
        "platform": _platform(),
        "method": method.id,
        "as_of": str(result.case.as_of),
        "period": str(result.case.period),
        "seed": result.intervals.seed if result.intervals else None,
        "draws": result.intervals.draws if result.intervals else 0,
        "accepted": list(result.accepted),
        "tables": {table.id: table.hash for table in tables},
        "files": files,
        "hashes": hashes,
        "totals": {name: repr(quantity.value) for name, quantity in result.totals.items()},
    }
    lock["hash"] = _digest(lock)
    return lock


def _definitions(method: Method, tables: list[Table], library: Library) -> tuple[dict[str, str], dict[str, str]]:
    """The files a method and its tables were read from, and their hashes: read once for all results that share them."""
    key = (method.id, *(table.id for table in tables))
    if key not in library.locked:
        files = _files(method, tables, library)
        library.locked[key] = files, {name: _hash(text) for name, text in files.items()}
    files, hashes = library.locked[key]
    return dict(files), dict(hashes)  # each result's own: who changes one lock changes no other


def _files(method: Method, tables: list[Table], library: Library) -> dict[str, str]:
    columns = [column for sheet in method.sheets.values() for column in sheet.columns.values()]
    keys = [key for table in tables for key in table.keys.values()]
    names = [*(column.vocabulary for column in columns), *(key.vocabulary for key in keys)]
    vocabularies = {name for name in names if name}
    paths = [
        *method.files,
        *(Path(table.path) for table in tables),
        *(path for name in sorted(vocabularies) for path in library.vocabulary_files(name)),
    ]
    files = {_relative(path, library): path.read_text(encoding="utf-8-sig") for path in dict.fromkeys(paths)}
    numbers = dict.fromkeys([method.document.number, *(table.document.number for table in tables)])
    known = library.register.excerpts(numbers)  # that a re-run warns of the newer editions that were known then
    return files | {f"factors/standards/{name}": text for name, text in known.items()}


def seeded(lock: dict[str, Any], intervals: Uncertainty) -> dict[str, Any]:
    """A lock with the draws and the seed that made these intervals."""
    changed = {**lock, "seed": intervals.seed, "draws": intervals.draws}
    return {**changed, "hash": _digest(changed)}


def check_lock(lock: Any) -> dict[str, Any]:
    """Refuse a lock that is incomplete or was altered. Raises LockError."""
    if not isinstance(lock, dict) or not {
        "schema",
        "engine",
        "method",
        "as_of",
        "files",
        "hashes",
        "totals",
        "accepted",
        "platform",
        "hash",
    } <= set(lock):
        raise LockError(findings=[finding("lock-incomplete", "lock")])
    if set(lock["files"]) != set(lock["hashes"]):
        raise LockError(findings=[finding("lock-incomplete", "lock")])
    altered = [name for name, text in lock["files"].items() if _hash(text) != lock["hashes"][name]]
    if altered or _digest(lock) != lock["hash"]:
        raise LockError(findings=[finding("lock-altered", name) for name in altered or ["lock"]])
    return lock


@contextmanager
def locked_library(lock: dict[str, Any]) -> Iterator[Library]:
    """A library of the lock's files alone."""
    check_lock(lock)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in lock["files"].items():
            path = (root / name).resolve()
            if root not in path.parents:
                raise LockError(findings=[finding("lock-altered", name)])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        library = Library(package=root)
        for name in lock["files"]:
            if name.startswith("factors/vocabulary/"):
                library.vocabulary(Path(name).stem)  # kept in memory: the folder is gone when a result is written
        yield library


def rerun(case: Case, lock: Any) -> Result:
    """Run a case again with the files of a lock, and compare with the totals it carries.

    With the same engine the totals are identical; another engine may differ by 1e-12 and says so. Raises LockError for
    a lock that is incomplete, altered or of another period.
    """
    checked = check_lock(lock)
    if checked["period"] != str(case.period):
        raise LockError(findings=[finding("lock-period", "lock", found=checked["period"], expected=str(case.period))])
    with locked_library(checked) as library:
        options = Options(allow_recalled=tuple(checked["accepted"]))
        locked = replace(case, as_of=date.fromisoformat(checked["as_of"]))
        result = calculate(locked, library.method(checked["method"]), library, options)
        if checked.get("draws"):
            result = result.with_uncertainty(checked["draws"], checked["seed"])
    return result.with_lock(checked, list(_differences(result, checked)))


def _differences(result: Result, lock: dict[str, Any]) -> Iterator[Finding]:
    same_engine = (lock["engine"], lock["platform"]) == (__version__, _platform())
    largest = 0.0
    for name, quantity in result.totals.items():
        locked = float(lock["totals"].get(name, "nan"))
        if quantity.value != quantity.value and lock["totals"].get(name) == "nan":
            continue  # not reported then, nor now
        difference = abs(quantity.value - locked) / max(abs(locked), 1e-300)
        largest = max(largest, difference)
        if not (quantity.value == locked if same_engine else difference <= _TOLERANCE):
            yield finding("lock-differs", name, found=repr(quantity.value), expected=repr(locked))
    if not same_engine:
        engine = f"{lock['engine']} ({lock['platform']})"
        yield finding("lock-other-engine", "lock", engine=engine, difference=f"{largest:.1e}")


def _platform() -> str:
    """What last digits may hang on: the machine and the numpy that adds them up."""
    return f"{sys.platform} {platform.machine()} numpy {np.__version__}"


def _relative(path: Path, library: Library) -> str:
    """Where a file lies in the locked library: users' folders and shipped ones become one."""
    roots = [(root, "factors") for root in (*library.factors, library._root("factors"))]
    roots += [(root, "methods") for root in (*library.methods, library._root("methods"))]
    root, kind = next((root, kind) for root, kind in roots if path.is_relative_to(root))
    return f"{kind}/{path.relative_to(root).as_posix()}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(lock: dict[str, Any]) -> str:
    content = {name: value for name, value in lock.items() if name not in ("hash", "files")}
    return _hash(json.dumps(content, sort_keys=True, ensure_ascii=False))
