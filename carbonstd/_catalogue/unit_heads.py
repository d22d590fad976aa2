"""Units in the headings of a DataFrame, where a person reads them; else they stand in its `attrs["units"]` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def headed(frame: pd.DataFrame) -> pd.DataFrame:
    """The very frame, its columns now called `name [unit]` where a unit holds for the whole of them."""
    units = frame.attrs.get("units", {})
    named = {name: f"{name} [{unit}]" for name, unit in units.items() if unit not in ("", "1")}
    frame.columns = frame.columns.map(lambda name: named.get(name, name))
    frame.attrs["units"] = {named.get(name, name): unit for name, unit in units.items()}
    return frame
