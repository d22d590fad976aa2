"""The lines of the comparison: who computes the total of the fuel rows, and up to how many rows it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import peers, rows

if TYPE_CHECKING:
    import pandas as pd

ALL = 10**9


@dataclass(frozen=True)
class Line:
    """`make` prepares the rows and gives the call that is timed; it is not asked for more than `largest` rows.

    `tolerance` is how far its total may be from numpy's.
    """

    name: str
    make: Callable[[pd.DataFrame], Callable[[], float]]
    largest: int = ALL
    tolerance: float = 1e-9


NUMPY, CHECKED, BARE = "numpy by hand", "numpy by hand, checked", "numpy by hand, columns at hand"
WHOLE, TRACED, EQUATIONS = "carbonstd", "carbonstd with trace", "carbonstd, equations alone"
PANDAS, POLARS, DUCKDB = "pandas: merge, groupby", "polars: lazy join, group_by", "DuckDB: SQL"
PINT, OPENFISCA, OFFICE = "pint, a quantity a number", "OpenFisca", "LibreOffice, recalculated"
LINES = (
    Line(NUMPY, rows.by_numpy),
    Line(CHECKED, rows.by_checking_numpy),
    Line(WHOLE, rows.by_engine),
    Line(TRACED, rows.by_engine_with_trace),
    Line(PANDAS, peers.by_pandas),
    Line(POLARS, peers.by_polars),
    Line(DUCKDB, peers.by_duckdb),
    Line(OPENFISCA, peers.by_openfisca, tolerance=1e-5),  # it computes in float32
    Line(PINT, peers.by_pint, 100_000),
    Line(OFFICE, peers.by_libreoffice, 100_000),
    Line(BARE, rows.by_bare_numpy),
    Line(EQUATIONS, rows.by_equations),
)
