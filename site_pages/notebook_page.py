"""The pages of notebooks: each as it runs while the site is built, with its tables and charts; none are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbconvert import MarkdownExporter

from .layout import words

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
_STYLE = re.compile(r"<style scoped>.*?</style>\s*", re.S)  # that of pandas: the site has its own
_PANDAS = {' class="dataframe"': "", ' border="1"': "", "<th></th>": "<td></td>"}  # an empty corner heads nothing
_RAN = ("本页是这本笔记本在生成网站时运行的结果", "This page is the notebook as it ran when the site was made")


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def executed(path: Path) -> Any:
    """A notebook run from its first cell to its last in its own folder. Raises CellExecutionError."""
    book = read(path)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    return book


def notebook_files(path: Path, book: Any) -> Iterator[tuple[str, str | bytes]]:
    """The page of a notebook and its pictures, each with its place in the site."""
    folder = f"{path.stem}_files"
    text, found = MarkdownExporter().from_notebook_node(book, resources={"output_files_dir": folder})
    text = _STYLE.sub("", text).replace(f"{ROOT}/", "")
    for theirs, ours in _PANDAS.items():
        text = text.replace(theirs, ours)
    title, rest = text.replace("![png]", f"![{words('图', 'chart')}]").split("\n", 1)
    yield f"notebooks/{path.stem}.md", f"{title}\n\n*{words(*_RAN)}: `notebooks/{path.name}`*\n{rest}"
    for name, content in found["outputs"].items():
        yield f"notebooks/{name}", content
