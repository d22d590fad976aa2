"""The sdist and the wheel carry all of the package: code, tables, methods, data files, licences."""

import configparser
import email
import email.message
import re
import runpy
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import carbonstd

ROOT = Path(__file__).resolve().parent.parent
TOP_FOLDERS = {
    "carbonstd": "carbonstd",
    "cli": "carbonstd/cli",
    "factors": "carbonstd/factors",
    "methods": "carbonstd/methods",
}
TOP_FILES = ["pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-DATA", "NOTICE"]
JUNK = shutil.ignore_patterns("__pycache__", "*.pyc", "~$*", ".*", "*.md")


def build(kind: str, source: Path, target: Path) -> Path:
    """Call the build backend as pip would, offline: setuptools is installed with the test extra."""
    code = f"import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the sdist built from a copy of the tree, so both are proved complete."""
    folder = tmp_path_factory.mktemp("packaging")
    tree = folder / "tree"
    tree.mkdir()
    for name in TOP_FILES:
        shutil.copy(ROOT / name, tree)
    for name in TOP_FOLDERS:
        shutil.copytree(ROOT / name, tree / name, ignore=JUNK)
    sdist = build("sdist", tree, folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    return build("wheel", next((folder / "unpacked").iterdir()), folder / "wheel")


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        return email.message_from_bytes(archive.read(f"carbonstd-{carbonstd.__version__}.dist-info/METADATA"))


@pytest.mark.parametrize("folder", TOP_FOLDERS)
def test_every_file_of_a_top_folder_is_in_the_wheel(folder: str, wheel: Path, names: set[str]) -> None:
    tree = wheel.parent.parent / "tree" / folder
    files = [path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()]
    missing = {f"{TOP_FOLDERS[folder]}/{file}" for file in files} - names
    assert "__init__.py" in files
    assert not missing, "is a package, or a kind of data file, not named in pyproject.toml?"


def test_the_wheel_carries_nothing_else(names: set[str]) -> None:
    assert {name for name in names if not name.startswith(("carbonstd/", "carbonstd-"))} == set()
    assert {name for name in names if "/tests/" in name or name.endswith(".pyc")} == set()


@pytest.mark.parametrize("name", ["cli", "factors", "methods"])
def test_no_engine_module_is_shadowed_by_a_top_folder(name: str) -> None:
    assert not (ROOT / "carbonstd" / name).exists()
    assert not (ROOT / "carbonstd" / f"{name}.py").exists()


def test_entry_point(wheel: Path, names: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"carbonstd-{carbonstd.__version__}.dist-info/entry_points.txt").decode()
    entries = configparser.ConfigParser()
    entries.read_string(text)
    assert dict(entries["console_scripts"]) == {"carbonstd": "carbonstd.cli.__main__:main"}
    assert "carbonstd/cli/__main__.py" in names


def test_metadata(metadata: email.message.Message) -> None:
    assert metadata["Version"] == carbonstd.__version__
    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-4.0"


def test_the_readme_of_the_metadata_links_to_nothing_beside_it(metadata: email.message.Message) -> None:
    text = str(metadata.get_payload())
    assert "of your own: `pip install .`" in text
    assert not re.findall(r"\]\((?!https:)[^)]*\)", text)


def test_links_of_the_readme_lead_to_the_source_once_there_is_an_address() -> None:
    shown_alone = runpy.run_path(str(ROOT / "setup.py"))["shown_alone"]
    text = "![a](docs/a.png) [b](b.md#c) [d](https://d.org/) [e](#e)"
    made = "![a](https://x.org/s/docs/a.png) [b](https://x.org/s/b.md#c) [d](https://d.org/) [e](#e)"
    assert shown_alone(text, "https://x.org/s/") == made
    assert shown_alone(text, "") == "a b [d](https://d.org/) [e](#e)"


def test_both_licences_are_in_the_metadata(metadata: email.message.Message, names: set[str]) -> None:
    assert metadata.get_all("License-File") == ["LICENSE", "LICENSE-DATA", "NOTICE"]
    licences = f"carbonstd-{carbonstd.__version__}.dist-info/licenses/"
    assert {licences + name for name in ("LICENSE", "LICENSE-DATA", "NOTICE")} <= names


def test_citation_names_this_version() -> None:
    assert f"\nversion: {carbonstd.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_an_unpacked_wheel_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    """The installed layout, not the editable one: sub-packages and their data are found below carbonstd/."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    modules = [name.replace("/", ".") for name in TOP_FOLDERS.values()]
    code = (
        "import importlib, sys; sys.path.insert(0, sys.argv[1]);"
        "print(*(importlib.import_module(name).__file__ for name in sys.argv[2:]), sep=chr(10))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(tmp_path), *modules],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [Path(line) for line in done.stdout.splitlines()] == [
        tmp_path / name / "__init__.py" for name in TOP_FOLDERS.values()
    ]


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "carbonstd", "--version"], capture_output=True, text=True, check=False)
    assert done.stdout == f"carbonstd {carbonstd.__version__}\n", done.stderr
