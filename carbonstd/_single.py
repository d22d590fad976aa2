"""A lock that one process at a time can hold; the system lets go of it when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from carbonstd._errors import CaseError
from carbonstd._findings import finding
from carbonstd._output import refusals

_FAR = 1 << 20  # Windows locks bytes and then nobody reads them: those far behind the number of the process


@contextmanager
def single(path: Path) -> Iterator[None]:
    """Hold the lock at a path, a file that is removed afterwards. Raises CaseError where another process holds it."""
    with refusals(path):
        file = path.open("a+", encoding="ascii")  # closed before it is removed, as Windows wants
    with file:
        _take(file, path)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.close()
            with suppress(OSError):
                path.unlink()


def _take(file: IO[str], path: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.seek(0)
        raise CaseError(findings=[finding("batch-parts-used", str(path.parent), process=file.read() or "—")]) from None
    except OSError:  # a file system without locks
        pass
