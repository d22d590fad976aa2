"""What must be the same wherever chunks are run: the engine, tables and methods, and folders of the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from carbonstd import __version__

_ENGINE = ("carbonstd", "carbonstd.models", "carbonstd.analysis")


@cache
def stand(folders: tuple[str, ...]) -> dict[str, str]:
    """A mark of each by its name, the same on every system; that of a folder that is not there is empty."""
    engine = (path for name in _ENGINE for path in _package(name).glob("*.py"))
    shipped = {name: _mark(_package(f"carbonstd.{name}").rglob("*.yaml")) for name in ("factors", "methods")}
    own = {name: _mark(Path(name).rglob("*.yaml")) if Path(name).is_dir() else "" for name in folders}
    return {"carbonstd": f"{__version__} {_mark(engine)}", **shipped, **own}


def _package(name: str) -> Path:
    return Path(str(resources.files(name)))


def _mark(paths: Iterable[Path]) -> str:
    """A hash of files that do not differ but in how their lines end or in the folder they were installed into."""
    texts = sorted((path.name, path.read_bytes().replace(b"\r\n", b"\n")) for path in paths)
    total = hashlib.sha256()
    for name, text in texts:
        total.update(f"{name} {len(text)} ".encode() + text)
    return total.hexdigest()[:12]
