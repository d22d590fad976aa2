"""python make.py data: tables and methods of this version as one zip, for use without the program.

The same tree gives the same bytes: names are sorted and nothing carries a clock.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

import carbonstd
from carbonstd._catalogue.export import cells_content, table_content, write, write_package
from carbonstd._output import replacing

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ("LICENSE-DATA", "NOTICE", "CITATION.cff", "CHANGELOG.md")
SOURCES = ("factors", "methods")  # the definitions themselves, with every note
OLDEST = (1980, 1, 1, 0, 0, 0)  # the first time a zip knows


def main() -> None:
    name = f"carbonstd-data-{carbonstd.__version__}"
    path = ROOT / "dist" / f"{name}.zip"
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        tables = fill(Path(made))
        with replacing(path, ".zip") as target:
            pack(Path(made), name, target)
    print(f"{tables} tables: {path}")


def fill(folder: Path) -> int:
    """Write what the release holds into an empty folder; how many tables."""
    library = carbonstd.library()
    held = [library.table(name) for name in library.table_headers]
    count = write_package((table_content(table, library) for table in held), folder / "tables", ".csv")
    write(cells_content(held, library), folder / "cells.csv")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=_only_data)
    for name in PAPERS:
        shutil.copy(ROOT / name, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    return count


def pack(folder: Path, name: str, path: Path) -> None:
    """Every file of a folder in a zip, in order, below one folder `name`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(item for item in folder.rglob("*") if item.is_file()):
            told = zipfile.ZipInfo(f"{name}/{file.relative_to(folder).as_posix()}", OLDEST)
            told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(told, file.read_bytes())


def _only_data(folder: str, names: list[str]) -> list[str]:
    """What is no definition: code, workbooks, caches."""
    return [
        name for name in names if not name.endswith((".yaml", ".txt", ".md")) and not (Path(folder) / name).is_dir()
    ]


if __name__ == "__main__":
    main()
