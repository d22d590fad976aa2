"""What every result of an analysis can do: show itself as one line, as a table in a notebook, and as a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from carbonstd._html import both, html_of
from carbonstd.analysis._words import said

if TYPE_CHECKING:
    import pandas as pd


class Shown:
    """A result that says what it is in `title` and what it holds in `heads` and `rows`."""

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def heads(self) -> Sequence[str]:
        raise NotImplementedError

    @property
    def rows(self) -> list[Sequence[Any]]:
        raise NotImplementedError

    def frame(self) -> pd.DataFrame:
        """The same table as a DataFrame, its first column the index."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(self.heads)).set_index(self.heads[0])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title}>"

    def _repr_html_(self) -> str:
        return html_of(
            self.title, [both(said(name)) for name in self.heads], [[_text(cell) for cell in row] for row in self.rows]
        )


def _text(cell: Any) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
