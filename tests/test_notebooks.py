"""The notebooks run from their first cell to the last, say nothing on stderr, and are kept without outputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from carbonstd._charts.plot_font import chinese_font
from site_pages.notebook_page import NOTEBOOKS, ROOT, executed, notebook_files, read


def shown(book: Any) -> list[Any]:
    return [output for cell in code(book) for output in cell.outputs]


def code(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def pictured(cell: Any) -> bool:
    return any("image/png" in output.get("data", ()) for output in cell.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):  # a user's own start-up files stay out
        monkeypatch.setenv(name, str(tmp_path / name))
    book = executed(path)
    told = [output.text for output in shown(book) if output.output_type == "stream" and output.name == "stderr"]
    assert not told or (not chinese_font() and len(told) == 1)  # where no font has Chinese signs that is said once
    assert [cell.source for cell in code(book) if (".plot" in cell.source) != pictured(cell)] == []
    (_, page), *pictures = notebook_files(path, book)
    assert re.match(r"# [\u4e00-\u9fff].+", str(page))
    assert str(ROOT) not in str(page)
    assert len(pictures) == str(page).count("![") == sum("image/png" in item.get("data", ()) for item in shown(book))


def test_notebooks_are_kept_without_outputs() -> None:
    """Figures kept beside the code would go stale unseen."""
    assert NOTEBOOKS
    kept = [path.name for path in NOTEBOOKS for cell in code(read(path)) if cell.outputs or cell.execution_count]
    assert not kept


def test_the_page_lists_every_notebook() -> None:
    page = (ROOT / "docs/notebooks.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"`{path.name}`" not in page] == []
