"""A batch in a notebook: its sums by method and total."""

from __future__ import annotations

from carbonstd._batch.result import BatchResult
from carbonstd._batch.text import heading
from carbonstd._batch.words import COLUMNS
from carbonstd._definitions.schema import in_both, same
from carbonstd._html import both, html_of

_ROWS = 60


def batch_html(found: BatchResult) -> str:
    heads = list(dict.fromkeys(name for row in found.rows for name, cell in row.items() if cell is not None))
    rows = [[_cell(row.get(name)) for name in heads] for row in found.rows[:_ROWS]]
    figures = [at for at, name in enumerate(heads) if any(isinstance(row.get(name), int | float) for row in found.rows)]
    title = both(in_both(lambda part: heading(found, part)[0]))
    return html_of(title, [both(COLUMNS.get(name, same(name))) for name in heads], rows, figures)


def _cell(held: object) -> str:
    return "" if held is None else f"{held:,.10g}" if isinstance(held, int | float) else str(held)
