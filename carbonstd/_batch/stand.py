"""What must be the same while a batch runs, when it goes on and wherever its chunks run: engine, definitions, input."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from carbonstd import __version__

_ELSE = ("cli", "factors", "methods")  # packages of the wheel that are no part of the engine
_DECIDES = (".py", ".txt", ".yaml")  # units and spellings decide figures as programs do
_WHOLE = 256_000_000  # bytes: of a larger file the ends are read, where Parquet keeps its index
_END = 1_000_000


def stand(folders: tuple[str, ...]) -> dict[str, str]:
    """A mark of each by its name, the same on every system; that of a folder that is not there is empty."""
    return {**_shipped(), **{name: own_mark(name) for name in folders}}


def own_mark(folder: str) -> str:
    """The mark of a user's own tables or methods as they are now, for they may be edited while a program runs."""
    return _mark(Path(folder).rglob("*.yaml")) if Path(folder).is_dir() else ""


def input_mark(paths: Iterable[Path], root: Path) -> str:
    """Another one where an input is another: by names and contents, of very large files also by their times."""
    told = hashlib.sha256()
    for path in paths:
        state = path.stat() if path.exists() else None
        times = (state.st_mtime_ns, state.st_ctime_ns) if state and state.st_size > _WHOLE else ()
        told.update(f"{path.relative_to(root.parent).as_posix()}\0{content_mark(path)}\0{times}\n".encode())
    return told.hexdigest()


def content_mark(path: Path) -> str:
    """A mark of a file, or of the files of a folder, the same wherever they lie; empty where there is none."""
    if path.is_dir():
        return " ".join(f"{item.name}:{content_mark(item)}" for item in sorted(path.iterdir()) if item.is_file())
    try:
        state = path.stat()
        return _content(path.absolute(), state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=4096)
def _content(path: Path, size: int, *_: int) -> str:
    """Read once in a process while size and times stay, for every chunk of a file asks for it."""
    with path.open("rb") as file:
        if size <= _WHOLE:
            return f"{size} {hashlib.file_digest(file, 'sha256').hexdigest()}"
        ends = hashlib.sha256(file.read(_END))
        file.seek(-_END, os.SEEK_END)
        ends.update(file.read())
        return f"{size} {ends.hexdigest()}"


@cache
def _shipped() -> dict[str, str]:
    root = _package("carbonstd")
    rooms = [root, *(path for path in root.iterdir() if path.is_dir() and path.name not in _ELSE)]
    engine = (path for room in rooms for path in room.iterdir() if path.suffix in _DECIDES)
    shipped = {name: _mark(_package(f"carbonstd.{name}").rglob("*.yaml")) for name in ("factors", "methods")}
    return {"carbonstd": f"{__version__} {_mark(engine)}", **shipped}


def _package(name: str) -> Path:
    return Path(str(resources.files(name)))


def _mark(paths: Iterable[Path]) -> str:
    """A hash of files that do not differ but in how their lines end or in the folder they were installed into."""
    texts = sorted((path.name, path.read_bytes().replace(b"\r\n", b"\n")) for path in paths)
    total = hashlib.sha256()
    for name, text in texts:
        total.update(f"{name} {len(text)} ".encode() + text)
    return total.hexdigest()[:12]
