"""The user's own folders, as the `carbonstd.toml` of the current folder names them."""

from __future__ import annotations

import tomllib
from pathlib import Path

CONFIG = "carbonstd.toml"


def configured() -> dict[str, list[Path]]:
    """The folders named in the `carbonstd.toml` of the current folder."""
    from carbonstd import DefinitionError
    from carbonstd._findings import finding

    path = Path(CONFIG)
    if not path.is_file():
        return {"factors": [], "methods": []}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(findings=[finding("config-unreadable", CONFIG, detail=str(error))]) from None
    folders: dict[str, list[Path]] = {}
    for name in ("factors", "methods"):
        written = data.pop(name, [])
        if not isinstance(written, list) or not all(isinstance(item, str) for item in written):
            raise DefinitionError(findings=[finding("config-unreadable", CONFIG, detail=name)])
        folders[name] = [Path(item) for item in written]
        missing = [item for item in written if not Path(item).is_dir()]
        if missing:
            raise DefinitionError(findings=[finding("folder-not-found", CONFIG, folder=item) for item in missing])
    if data:
        raise DefinitionError(findings=[finding("config-unreadable", CONFIG, detail=", ".join(data))])
    return folders
