"""A path at which nothing lies: what lies near it, or the method that was named in place of a file."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from carbonstd._errors import NotFoundError
from carbonstd._findings import Finding, finding
from carbonstd._near import near

if TYPE_CHECKING:
    from carbonstd._definitions.library import Library

_MANY = 20_000  # names of a folder that are compared


def absent(path: Path, library: Library | None = None) -> Finding:
    """That there is no such file; with a library also whether it is rather the name of a method."""
    beside = _beside(path)
    method = _method(path, library) if library is not None and not beside else ""
    if method:
        return finding("file-is-method", str(path), method=method)
    return finding("file-not-found", str(path), suggestion=", ".join(beside))


def _beside(path: Path) -> list[str]:
    """What is called much like it in its folder, whatever its suffix; or like the first folder not there."""
    while not path.parent.exists():
        path = path.parent
    with suppress(OSError), os.scandir(path.parent) as entries:
        names = [entry.name for entry in islice(entries, _MANY) if not entry.name.startswith((".", "~$"))]
        known = {_stem(name): name for name in sorted(names, key=lambda name: Path(name).suffix == path.suffix)}
        return [str(path.parent / known[stem]) for stem in near(_stem(path.name), known)]
    return []


def _stem(name: str) -> str:
    """A name without suffix; what follows the last point of `gbt-32151.34` is none."""
    path = Path(name.casefold())
    return path.stem if path.suffix[1:].isalpha() else path.name


def _method(path: Path, library: Library) -> str:
    """The method of that name, or the nearest; of words that may be anything none is guessed."""
    if path.parent != Path() or not any(char.isdigit() for char in path.name) or path.suffix[1:].isalpha():
        return ""
    try:
        return library.find(path.name, library.method_headers).id
    except NotFoundError as error:
        suggested = str(error.findings[0].values.get("suggestion", "")).split(", ")
        held = [header.family for header in library.method_headers.values() if header.family in suggested]
        return held[0] if held else ""
