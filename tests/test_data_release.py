"""The data release (`python make.py data`): all tables and methods of a version, without the program."""

import csv
import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

import carbonstd

ROOT = Path(__file__).resolve().parent.parent


def script() -> Any:
    spec = importlib.util.spec_from_file_location("data_release", ROOT / ".ci" / "data_release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


data_release = script()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the data release holds, unpacked."""
    folder = tmp_path_factory.mktemp("release")
    data_release.fill(folder)
    return folder


def test_the_data_release_holds_every_table_and_method(release: Path) -> None:
    library = carbonstd.library()
    package = json.loads((release / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    assert {item["carbonstd"]["id"] for item in package["resources"]} == set(library.table_headers)
    assert all((release / "tables" / item["path"]).is_file() for item in package["resources"])
    assert package["version"] == carbonstd.__version__
    for name in ("factors", "methods"):
        held = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*.yaml")}
        assert {path.relative_to(release) for path in (release / name).rglob("*.yaml")} == held


def test_the_data_release_keeps_unit_and_evidence_of_every_cell(release: Path) -> None:
    """Against the file itself: coke in table C.1 of GB/T 32151.34-2024."""
    column = "net_calorific_value"
    with (release / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    assert all(cell["evidence"] for cell in cells)
    (coke,) = (
        cell
        for cell in cells
        if (cell["table"], cell["keys"], cell["column"]) == ("fuels/gbt-32151.34@2024", "fuel=coke", column)
    )
    assert (coke["value"], coke["unit"]) == ("28.435", "GJ/t")


def test_the_data_release_is_whole_and_the_same_again(release: Path, tmp_path: Path) -> None:
    sums = dict(line.split("  ")[::-1] for line in (release / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    files = {path.relative_to(release).as_posix(): path for path in release.rglob("*") if path.is_file()}
    assert set(files) - set(sums) == {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name].read_bytes()).hexdigest() == told for name, told in sums.items())
    for name in ("one.zip", "two.zip"):
        data_release.pack(release / "tables", "data", tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
