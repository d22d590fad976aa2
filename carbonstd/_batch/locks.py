"""The locks of many results: what they share is kept once by its hash, and each is put together again from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from carbonstd._result.lock import check_lock

_SHARED = ("tables", "hashes")  # the same for all entities of a method; the texts of `files` hang on the hashes
_DEFINITIONS = "definitions"
_TEXT = pa.string()
LOCK_SCHEMAS: Mapping[str, pa.Schema] = {
    # `definitions` is the hash of the text that holds what is shared, `own` the rest of the lock as JSON
    "locks": pa.schema([(name, _TEXT) for name in ("entity", "method", "hash", "definitions", "own")]),
    "lock_files": pa.schema([(name, _TEXT) for name in ("hash", "name", "text")]),
}


def lock_rows(entity: str, lock: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """A lock as a small row of its own and the texts that it shares with others."""
    shared = json.dumps({name: lock[name] for name in _SHARED}, sort_keys=True, ensure_ascii=False)
    own = {name: value for name, value in lock.items() if name not in (*_SHARED, "files")}
    definitions = hashlib.sha256(shared.encode()).hexdigest()
    row = {
        "entity": entity,
        "method": str(lock["method"]),
        "hash": str(lock["hash"]),
        "definitions": definitions,
        "own": json.dumps(own, sort_keys=True, ensure_ascii=False),
    }
    files = [{"hash": lock["hashes"][name], "name": name, "text": text} for name, text in sorted(lock["files"].items())]
    return {"locks": [row], "lock_files": [*files, {"hash": definitions, "name": _DEFINITIONS, "text": shared}]}


def put_together(row: Mapping[str, str], text_of: Callable[[str], str]) -> dict[str, Any]:
    """The lock of a row; `text_of` gives a text by its hash. Raises LockError where a part is missing or altered."""
    lock = {**json.loads(row["own"]), **json.loads(text_of(row["definitions"]))}
    lock["files"] = {name: text_of(digest) for name, digest in lock["hashes"].items()}
    return check_lock(lock)
