"""The notebooks run from their first cell to the last, say nothing on stderr, and are kept without outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from carbonstd._plot_font import chinese_font

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):  # a user's own start-up files stay out
        monkeypatch.setenv(name, str(tmp_path / name))
    book = read(path)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    told = [
        output.text
        for cell in code(book)
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert not told or (not chinese_font() and len(told) == 1)  # where no font has Chinese signs that is said once


def test_notebooks_are_kept_without_outputs() -> None:
    """Figures kept beside the code would go stale unseen."""
    assert NOTEBOOKS
    kept = [path.name for path in NOTEBOOKS for cell in code(read(path)) if cell.outputs or cell.execution_count]
    assert not kept


def test_the_page_lists_every_notebook() -> None:
    page = (ROOT / "docs/notebooks.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"`{path.name}`" not in page] == []
