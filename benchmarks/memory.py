"""One line of the comparison alone in a process: `python -m benchmarks.memory LINE ROWS.npz` prints its peak in MB.

The frame is read from a file, so that nothing but the line itself can make the peak.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import peak

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "the rows alone"
LABELS = ("source", "fuel", "month")


def save(data: pd.DataFrame, path: Path) -> None:
    """Labels as codes and their names, numbers as they are."""
    columns: dict[str, Any] = {str(name): data[name].to_numpy() for name in data if name not in LABELS}
    for name in LABELS:
        columns[name] = data[name].cat.codes.to_numpy()
        columns[f"{name}_names"] = np.array(list(data[name].cat.categories))
    np.savez(path, **columns)


def load(path: Path) -> pd.DataFrame:
    import pandas as pd

    from benchmarks.rows import labels

    held: Any = dict(np.load(path))
    columns = {name: labels(held.pop(name), list(held.pop(f"{name}_names"))) for name in LABELS}
    return pd.DataFrame({**columns, **held}, copy=False)


def main(name: str, path: str) -> None:
    data = load(Path(path))
    if name != NOTHING:
        from benchmarks.lines import LINES

        again = next(line for line in LINES if line.name == name).make(data)
        del data
        again()
    print(peak())


if __name__ == "__main__":
    main(*sys.argv[1:])
