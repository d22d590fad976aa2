"""Fuel rows in ledger form, more than memory should hold: `make(ROWS, FOLDER)` writes them part by part as Parquet.

An entity is a company of a hundred sites; its rows are together, as `carbonstd batch` likes them best.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.rows import COLUMNS, FUELS, MONTHS, RATIO

SITES = 100  # of an entity
PART = 32  # entities of a part


def make(rows: int, folder: Path) -> float:
    """Write whole entities of at least so many rows in all, and give the emissions of all, summed by hand."""
    fuels, months = [str(row.match["fuel"]) for row in FUELS.rows], [f"2025-{month:02d}" for month in range(1, 13)]
    size = SITES * len(fuels) * MONTHS
    entities = -(-rows // size)
    names = [f"company {number:06d}" for number in range(entities)]
    sheet = folder / "fuel"
    sheet.mkdir(parents=True)
    pq.write_table(pa.table({"entity": names}), folder / "entities.parquet")
    dice, total = np.random.default_rng(1), 0.0
    place = np.arange(size)
    site, fuel, month = place // (len(fuels) * MONTHS), place // MONTHS % len(fuels), place % MONTHS
    default, carbon, oxidation = (FUELS.numbers(name)[fuel] for name in COLUMNS)
    for start in range(0, entities, PART):
        count = min(PART, entities - start)
        consumption = dice.uniform(1, 1000, (count, size))
        heating_value = np.where(dice.random((count, size)) < 0.5, dice.uniform(10, 45, (count, size)), np.nan)
        total += float(
            np.nansum(
                consumption * np.where(np.isnan(heating_value), default, heating_value) * carbon * oxidation * RATIO
            )
        )
        columns = {
            "entity": _labels(np.repeat(np.arange(count), size), names[start : start + count]),
            "source": _labels(np.tile(site, count), [f"site {number:03d}" for number in range(SITES)]),
            "fuel": _labels(np.tile(fuel, count), fuels),
            "month": _labels(np.tile(month, count), months),
            "consumption": pa.array(consumption.ravel()),
            "net_calorific_value": pa.array(heating_value.ravel(), from_pandas=True),
        }
        pq.write_table(
            pa.table(columns), sheet / f"part-{start:06d}.parquet", use_dictionary=["entity", "source", "fuel", "month"]
        )
    return total


def _labels(codes: np.ndarray, names: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(codes.astype(np.int32), names)
