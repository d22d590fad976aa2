"""The million fuel rows: the same frame for the engine and for numpy written by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import carbonstd

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

METHODS = Path(__file__).resolve().parent / "methods"
FUELS = carbonstd.table("fuels/gbt-32151.34@2024")
MONTHS = 12


def frame(rows: int) -> pd.DataFrame:
    """Sites that burn every fuel in every month, a row each, shuffled; half of the heating values are measured."""
    import pandas as pd

    dice = np.random.default_rng(1)
    fuels = [str(row.match["fuel"]) for row in FUELS.rows]
    months = [f"2025-{month:02d}" for month in range(1, MONTHS + 1)]
    number = dice.permutation(rows)
    site, rest = np.divmod(number, len(fuels) * MONTHS)
    sites = [f"site {item:05d}" for item in range(int(site.max()) + 1)]
    return pd.DataFrame(
        {
            "source": pd.Categorical.from_codes(site, sites),
            "fuel": pd.Categorical.from_codes(rest // MONTHS, fuels),
            "month": pd.Categorical.from_codes(rest % MONTHS, months),
            "consumption": dice.uniform(1, 1000, rows),
            "net_calorific_value": np.where(dice.random(rows) < 0.5, dice.uniform(10, 45, rows), np.nan),
        }
    )


def run(data: pd.DataFrame) -> carbonstd.Result:
    """The whole way: read, check, fill, judge evidence, compute."""
    library = carbonstd.library(methods=[METHODS])
    case = {"method": "fuel-rows@2024", "period": "2025", "as_of": "2026-03-31", "inputs": {"fuel": data}}
    return carbonstd.run(carbonstd.read_case(case, library), of=library)


def by_engine(data: pd.DataFrame) -> float:
    return run(data).primary.value


def ready_engine(data: pd.DataFrame) -> Callable[[], float]:
    """The equations alone, on a ledger that is read and filled."""
    result = run(data)

    def again() -> float:
        result._run.forget()
        return float(sum(result._run.equation(result.method.primary.equation).data))

    return again


def ready_numpy(data: pd.DataFrame) -> Callable[[], NDArray[Any]]:
    """The same by hand: every factor and the group of every row at hand."""
    fuel = data["fuel"].cat.codes.to_numpy()
    consumption, heating_value = data["consumption"].to_numpy(), data["net_calorific_value"].to_numpy()
    heating_value = np.where(np.isnan(heating_value), FUELS.numbers("net_calorific_value")[fuel], heating_value)
    carbon, oxidation = FUELS.numbers("carbon_content")[fuel], FUELS.numbers("oxidation_factor")[fuel]
    source = data["source"].cat.codes.to_numpy().astype(np.int64)
    month = data["month"].cat.codes.to_numpy()

    def again() -> NDArray[Any]:
        emissions = consumption * heating_value * carbon * oxidation * (44 / 12)
        return np.bincount(source * MONTHS + month, emissions, len(data["source"].cat.categories) * MONTHS)

    return again


def by_numpy(data: pd.DataFrame) -> NDArray[Any]:
    """The same by hand: factors by code, blanks filled, one bincount by site and month."""
    fuel = data["fuel"].cat.codes.to_numpy()
    heating_value = data["net_calorific_value"].to_numpy()
    heating_value = np.where(np.isnan(heating_value), FUELS.numbers("net_calorific_value")[fuel], heating_value)
    carbon = FUELS.numbers("carbon_content")[fuel] * FUELS.numbers("oxidation_factor")[fuel]
    emissions = data["consumption"].to_numpy() * heating_value * carbon * (44 / 12)
    group = data["source"].cat.codes.to_numpy().astype(np.int64) * MONTHS + data["month"].cat.codes.to_numpy()
    return np.bincount(group, emissions, len(data["source"].cat.categories) * MONTHS)
