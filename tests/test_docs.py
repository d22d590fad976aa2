"""The design page names every module, in the order in which they import each other."""

import ast
import re
from pathlib import Path

import pytest

import carbonstd

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = ("models", "analysis")  # rooms that stand in the table as a whole
ENGINE = ROOT / "carbonstd"
FILES = {
    **{path.stem: [path] for path in ENGINE.glob("_*.py") if not path.stem.startswith("__")},
    **{f"{path.parent.name}.{path.stem}": [path] for path in ENGINE.glob("_*/*.py") if path.stem != "__init__"},
    **{name: sorted((ENGINE / name).glob("*.py")) for name in PUBLIC},
}


def rows() -> dict[str, int]:
    """The row of the table in which each module or package stands."""
    text = (ROOT / "docs/design.md").read_text(encoding="utf-8").split("| module |", 1)[1].split("\n## ", 1)[0]
    return {
        "".join(found): row
        for row, line in enumerate(text.splitlines())
        for found in re.findall(r"^\| `(models|analysis)/`|`(_[a-z]\w*(?:\.\w+)?)`", line)
    }


def imported(path: Path) -> set[str]:
    """The modules of carbonstd that a file imports when it is loaded; of public rooms, the room."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}" for node in found} | {
        f"{node.module}.{item.name}" for node in found for item in node.names
    }
    within = {name.removeprefix("carbonstd.") for name in names if name.startswith("carbonstd.")}
    return {name.split(".")[0] if name.split(".")[0] in PUBLIC else name for name in within} & set(FILES)


def test_every_module_stands_in_the_design() -> None:
    assert set(rows()) == set(FILES)


def test_modules_import_downwards_only() -> None:
    place = rows()
    upwards = [
        (name, other)
        for name, paths in FILES.items()
        for path in paths
        for other in imported(path)
        if place[other] < place[name]
    ]
    assert not upwards


PAIRS = sorted(path.with_suffix("").with_suffix(".md") for path in (ROOT / "docs").rglob("*.zh.md"))


@pytest.mark.parametrize("page", PAIRS, ids=lambda page: page.stem)
def test_a_chinese_page_has_the_commands_names_and_links_of_the_english_one(page: Path) -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in (page, page.with_suffix(".zh.md")))
    for held in (commands, code, links, headings):
        assert held(chinese) == held(english)


def commands(text: str) -> list[str]:
    """The lines of code without their comments; a page is run in its own language."""
    text = text.replace("--lang zh", "--lang en")
    fenced = "\n".join(re.findall(r"```\w*\n(.*?)```", text, re.S))
    lines = [*re.findall(r"^    (.*)", text, re.M), *fenced.splitlines()]
    return [re.sub(r"\s+# .*", "", line) for line in lines]


def code(text: str) -> list[str]:
    return sorted(set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))))


def links(text: str) -> list[str]:
    return sorted(found.replace(".zh.md", ".md") for found in re.findall(r"\]\(([^)]+)\)", text))


def headings(text: str) -> list[str]:
    return re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.S), re.M)


def test_the_readme_counts_what_is_held_in_hundreds() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    library = carbonstd.library()
    held = {"tables": len(library.table_headers), "standards": len(list(library.register.entries()))}
    told = {name: [int(count) for count in re.findall(rf"[Oo]ver (\d+) {name}", text)] for name in held}
    assert told == {name: [count // 100 * 100] for name, count in held.items()}
    chinese = (ROOT / "README.zh.md").read_text(encoding="utf-8")
    for name, what in (("tables", "张数据表"), ("standards", "个登记的标准")):
        assert f"{' 一二三四五六七八九'[held[name] // 100]}百多{what}" in chinese
