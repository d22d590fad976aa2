"""A file that is written beside its place and put there when it is whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from carbonstd._errors import CaseError
from carbonstd._findings import finding

# Files that wait for the others of `together`: where each was made, by the path it is for.
_WAITING: ContextVar[dict[Path, Path] | None] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """What is replaced within takes its place at the end: every file, or none.

    Raises CaseError where one cannot be put in place; those before it are then what they were.
    """
    waiting: dict[Path, Path] = {}
    token = _WAITING.set(waiting)
    try:
        yield
        _put_in_place(waiting)
    finally:
        _WAITING.reset(token)
        for made in waiting.values():
            with suppress(OSError):
                made.unlink(missing_ok=True)


def _put_in_place(waiting: dict[Path, Path]) -> None:
    """Each in turn, with a copy of what stood there until the last is in its place."""
    aside: dict[Path, Path] = {}
    try:
        for path, made in waiting.items():
            with refusals(path):
                if path.exists() and len(waiting) > 1:
                    aside[path] = Path(shutil.copy2(path, made.with_name(f"{made.name}-old")))
                made.replace(path)
    except CaseError:
        for path, made in waiting.items():
            if made.exists():
                continue  # its turn never came
            if path in aside:
                aside[path].replace(path)
            else:
                path.unlink(missing_ok=True)
        raise
    finally:
        for old in aside.values():
            old.unlink(missing_ok=True)


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

    Within `together` it waits for the others. Raises CaseError where the folder cannot be written or the old file is
    open elsewhere.
    """
    made, others = path.with_name(f".{path.name}-{os.getpid()}{suffix}"), _WAITING.get()
    try:
        with refusals(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield made
            if others is None:
                made.replace(path)
            else:
                others[path] = made
    finally:
        if others is None or path not in others:
            with suppress(OSError):
                made.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """The folder to write to; it takes the place of `path` only when all went well, and else the old one is untouched.

    Raises CaseError where it cannot be written or a file of the old one is open elsewhere.
    """
    made, old = (path.with_name(f".{path.name}-{os.getpid()}{end}") for end in ("", "-old"))
    try:
        with refusals(path):
            made.mkdir(parents=True)
            yield made
            if path.exists():
                path.rename(old)
            try:
                made.rename(path)
            except OSError:
                if old.exists():
                    old.rename(path)
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def synced(path: Path, within: bool = True) -> None:
    """Have the system put a file or a folder, and what is within it, on the disk: it outlasts a power cut then."""
    if path.is_dir() and within:
        for item in path.iterdir():
            synced(item)
    with suppress(PermissionError):  # Windows opens no folder
        place = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def replace_json(path: Path, data: object) -> None:
    """Write records as JSON that persons can read too."""
    replace_text(path, json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a text file. Raises CaseError where it cannot be replaced; the old one is then kept."""
    with replacing(path, path.suffix) as made:
        made.write_text(text, encoding="utf-8", newline="\n")
