"""The design page names every module, in the order in which they import each other."""

import ast
import re
from pathlib import Path

import carbonstd

ROOT = Path(__file__).resolve().parent.parent
MODULES = {path.stem for path in (ROOT / "carbonstd").glob("_*.py") if path.stem != "__init__"}


def rows() -> dict[str, int]:
    """The row of the table in which each module stands."""
    text = (ROOT / "docs/design.md").read_text(encoding="utf-8").split("| module |", 1)[1].split("\n## ", 1)[0]
    return {name: row for row, line in enumerate(text.splitlines()) for name in re.findall(r"`(_[a-z]\w*)`", line)}


def imported(path: Path) -> set[str]:
    """The modules of carbonstd that a module imports when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}" for node in found} | {
        f"carbonstd.{item.name}" for node in found if node.module == "carbonstd" for item in node.names
    }
    return {name.removeprefix("carbonstd.") for name in names if name.startswith("carbonstd._")} & MODULES


def test_every_module_stands_in_the_design() -> None:
    assert set(rows()) == MODULES


def test_modules_import_downwards_only() -> None:
    place = rows()
    upwards = [
        (name, other)
        for name in MODULES
        for other in imported(ROOT / f"carbonstd/{name}.py")
        if place[other] < place[name]
    ]
    assert not upwards


def test_the_readme_counts_what_is_held_in_hundreds() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    library = carbonstd.library()
    held = {"tables": len(library.table_headers), "standards": len(list(library.register.entries()))}
    told = {name: [int(count) for count in re.findall(rf"[Oo]ver (\d+) {name}", text)] for name in held}
    assert told == {name: [count // 100 * 100] for name, count in held.items()}
