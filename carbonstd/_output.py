"""A file that is written beside its place and put there when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from carbonstd._errors import CaseError
from carbonstd._findings import finding


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """What the system refuses to write at a path, as a CaseError."""
    try:
        yield
    except PermissionError:  # Windows refuses to replace a file that is open
        raise CaseError(findings=[finding("output-open", str(path))]) from None
    except OSError as error:
        raise CaseError(findings=[finding("output-refused", str(path), detail=str(error))]) from None


@contextmanager
def replacing(path: Path, suffix: str) -> Iterator[Path]:
    """The path to write to; it takes the place of `path` only when all went well, and else the old file is untouched.

    Raises CaseError where the folder cannot be written or the old file is open elsewhere.
    """
    made = path.with_name(f".{path.stem}-{os.getpid()}{suffix}")
    try:
        with refusals(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield made
            made.replace(path)
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
