"""The fuel rows: the same frame for the engine, for its equations alone, and for numpy written by hand."""

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
COLUMNS = ("net_calorific_value", "carbon_content", "oxidation_factor")
MONTHS = 12
RATIO = 44 / 12


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
            "source": labels(site, sites),
            "fuel": labels(rest // MONTHS, fuels),
            "month": labels(rest % MONTHS, months),
            "consumption": dice.uniform(1, 1000, rows),
            "net_calorific_value": np.where(dice.random(rows) < 0.5, dice.uniform(10, 45, rows), np.nan),
        }
    )


def labels(codes: NDArray[Any], names: list[str]) -> Any:
    """A column of labels, as pandas holds it."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(names))


def run(data: pd.DataFrame) -> carbonstd.Result:
    """The whole way: read, check, fill, judge evidence, compute."""
    library = carbonstd.library(methods=[METHODS])
    case = {"method": "fuel-rows@2024", "period": "2025", "as_of": "2026-03-31", "inputs": {"fuel": data}}
    return carbonstd.run(carbonstd.read_case(case, library), of=library)


def by_engine(data: pd.DataFrame) -> Callable[[], float]:
    return lambda: run(data).primary.value


def by_engine_with_trace(data: pd.DataFrame) -> Callable[[], float]:
    """The whole way, and the value, status and table row of every cell and equation of the rows, as columns."""

    def again() -> float:
        result = run(data)
        assert len(result.trace("fuel")) == len(data)
        return result.primary.value

    return again


def by_equations(data: pd.DataFrame) -> Callable[[], float]:
    """The equations alone, on a ledger that is read and filled."""
    result = run(data)
    assert result.method.primary is not None
    equation = result.method.primary.equation

    def again() -> float:
        result._run.forget()
        return float(sum(result._run.equation(equation).data))

    return again


def by_numpy(data: pd.DataFrame) -> Callable[[], float]:
    """The same by hand, nothing checked: factors by code, blanks filled, one bincount by site and month."""
    default, content, oxidation = (FUELS.numbers(name) for name in COLUMNS)

    def again() -> float:
        fuel = data["fuel"].cat.codes.to_numpy()
        heating_value = data["net_calorific_value"].to_numpy()
        heating_value = np.where(np.isnan(heating_value), default[fuel], heating_value)
        emissions = data["consumption"].to_numpy() * heating_value * (content * oxidation * RATIO)[fuel]
        group, groups = _groups(data)
        return float(np.bincount(group, emissions, groups).sum())

    return again


def by_bare_numpy(data: pd.DataFrame) -> Callable[[], float]:
    """The equations alone by hand: every factor and the group of every row at hand."""
    fuel = data["fuel"].cat.codes.to_numpy()
    consumption, heating_value = data["consumption"].to_numpy(), data["net_calorific_value"].to_numpy()
    default, carbon, oxidation = (FUELS.numbers(name)[fuel] for name in COLUMNS)
    heating_value = np.where(np.isnan(heating_value), default, heating_value)
    group, groups = _groups(data)
    return lambda: float(np.bincount(group, consumption * heating_value * carbon * oxidation * RATIO, groups).sum())


def by_checking_numpy(data: pd.DataFrame) -> Callable[[], float]:
    """By hand, and checked as the engine checks: see `findings`."""
    unchecked = by_numpy(data)

    def again() -> float:
        found = findings(data)
        if any(count for name, count in found.items() if name not in ("incomplete", "defaults")):
            raise ValueError(found)
        return unchecked()

    return again


def findings(data: pd.DataFrame) -> dict[str, int]:
    """How many rows have each fault; how many streams lack a month; how many rows of the table filled a blank."""
    source, fuel, month = (data[name].cat.codes.to_numpy().astype(np.int64) for name in ("source", "fuel", "month"))
    consumption, heating_value = data["consumption"].to_numpy(), data["net_calorific_value"].to_numpy()
    blank, fuels = np.isnan(heating_value), len(FUELS.rows)
    by_month = np.bincount((source * fuels + fuel) * MONTHS + month)
    by_stream = np.add.reduceat(by_month, np.arange(0, len(by_month), MONTHS))
    counted = {
        "without label": (source < 0) | (fuel < 0) | (month < 0),
        "blank": np.isnan(consumption),
        "below 0": (consumption < 0) | (heating_value < 0),
        "infinite": np.isinf(consumption) | np.isinf(heating_value),
        "twice": by_month > 1,
        "incomplete": (by_stream > 0) & (by_stream < MONTHS),
        "defaults": np.bincount(fuel[blank], minlength=fuels) > 0,
    }
    return {name: int(np.count_nonzero(rows)) for name, rows in counted.items()}


def _groups(data: pd.DataFrame) -> tuple[NDArray[np.int64], int]:
    """The site and month of every row as one number, and how many there are."""
    source = data["source"].cat.codes.to_numpy().astype(np.int64)
    return source * MONTHS + data["month"].cat.codes.to_numpy(), len(data["source"].cat.categories) * MONTHS
