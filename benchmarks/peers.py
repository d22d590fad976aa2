"""The same fuel rows with the tools people would otherwise take: pandas, polars, DuckDB, pint, OpenFisca, LibreOffice.

Each function prepares the rows in the tool's own form, which is not timed, and gives a call that computes the total.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.rows import COLUMNS, FUELS, RATIO

if TYPE_CHECKING:
    import pandas as pd

OPENFISCA = "openfisca-core>=46,<47"  # AGPL: it runs in an environment of its own and is no part of carbonstd
OPENFISCA_ENVIRONMENT = Path(__file__).resolve().parent / ".openfisca"
_STREAMS = Path(__file__).resolve().parent / "openfisca_streams.py"


def factors() -> dict[str, list[Any]]:
    """The fuel table as columns, the key first."""
    return {
        "fuel": [str(row.match["fuel"]) for row in FUELS.rows],
        **{f"default_{name}": list(FUELS.numbers(name)) for name in COLUMNS},
    }


def by_pandas(data: pd.DataFrame) -> Callable[[], float]:
    """Merge, fill, multiply, group."""
    import pandas as pd

    table = pd.DataFrame(factors())
    table["fuel"] = pd.Categorical(table["fuel"], categories=data["fuel"].cat.categories)

    def again() -> float:
        rows = data.merge(table, on="fuel", how="left")
        heating_value = rows["net_calorific_value"].fillna(rows["default_net_calorific_value"])
        carbon = rows["default_carbon_content"] * rows["default_oxidation_factor"]
        rows["emissions"] = rows["consumption"] * heating_value * carbon * RATIO
        return float(rows.groupby(["source", "month"], observed=True)["emissions"].sum().sum())

    return again


def by_polars(data: pd.DataFrame) -> Callable[[], float]:
    """The same as one lazy query; labels are categories here too."""
    import polars as pl

    labels = {
        name: pl.Series(list(data[name].cat.categories)).gather(data[name].cat.codes.to_numpy().astype(np.uint32))
        for name in ("source", "fuel", "month")
    }
    numbers = {name: data[name].to_numpy() for name in ("consumption", "net_calorific_value")}
    names = pl.Categorical
    rows = pl.DataFrame({**labels, **numbers}).with_columns(pl.col("source", "fuel", "month").cast(names))
    table = pl.DataFrame(factors()).with_columns(pl.col("fuel").cast(names))

    def again() -> float:
        emissions = (
            pl.col("consumption")
            * pl.col("net_calorific_value").fill_nan(pl.col("default_net_calorific_value"))
            * pl.col("default_carbon_content")
            * pl.col("default_oxidation_factor")
            * RATIO
        )
        query = rows.lazy().join(table.lazy(), on="fuel", how="left").with_columns(emissions.alias("emissions"))
        return float(query.group_by("source", "month").agg(pl.col("emissions").sum()).collect()["emissions"].sum())

    return again


def by_duckdb(data: pd.DataFrame) -> Callable[[], float]:
    """The same in SQL on a table in memory; labels are enums, a blank is NULL."""
    import duckdb
    import pandas as pd

    database = duckdb.connect()
    table = pd.DataFrame(factors())
    table["fuel"] = pd.Categorical(table["fuel"], categories=data["fuel"].cat.categories)
    for name, rows in (("data", data), ("factors", table)):
        database.register(f"{name}_frame", rows)
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_frame")
        database.unregister(f"{name}_frame")
    database.execute("UPDATE data SET net_calorific_value = NULL WHERE isnan(net_calorific_value)")
    query = """
        SELECT sum(emissions) FROM (
            SELECT source, month, sum(consumption * coalesce(net_calorific_value, default_net_calorific_value)
                * default_carbon_content * default_oxidation_factor * 44 / 12) AS emissions
            FROM data LEFT JOIN factors USING (fuel) GROUP BY source, month)
    """
    return lambda: float(database.execute(query).fetchall()[0][0])


def by_pint(data: pd.DataFrame) -> Callable[[], float]:
    """A pint quantity for every number of every row."""
    import pint

    units: Any = pint.UnitRegistry()
    units.define("tC = [carbon]")
    units.define("tCO2 = [carbon_dioxide]")
    tonne, heat, carbon, ratio = units("tonne"), units("GJ/tonne"), units("tC/GJ"), RATIO * units("tCO2/tC")
    table = {
        name: (own * heat, content * carbon, oxidation)
        for name, own, content, oxidation in zip(*factors().values(), strict=True)
    }

    def again() -> float:
        sums: dict[tuple[str, str], Any] = {}
        for source, fuel, month, consumption, own in data.itertuples(index=False):
            default, content, oxidation = table[fuel]
            heating_value = default if own != own else own * heat
            emissions = consumption * tonne * heating_value * content * oxidation * ratio
            group = (source, month)
            sums[group] = sums[group] + emissions if group in sums else emissions
        return float(sum(item.to("tCO2").magnitude for item in sums.values()))

    return again


def by_openfisca(data: pd.DataFrame) -> Callable[[], float]:
    """A process of its own environment that holds the streams and answers a line with the total.

    Raises FileNotFoundError where the environment is not made.
    """
    table = factors()
    given: dict[str, Any] = {
        **{name: data[name].cat.codes.to_numpy() for name in ("source", "fuel", "month")},
        **{name: np.array(table[f"default_{name}"]) for name in COLUMNS},
        "consumption": data["consumption"].to_numpy(),
        "own_net_calorific_value": data["net_calorific_value"].to_numpy(),
        "fuels": np.array(table["fuel"]),
        "months": np.array(list(data["month"].cat.categories)),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npz"
        np.savez(path, **given)
        command = [_python(OPENFISCA_ENVIRONMENT), str(_STREAMS), str(path)]
        asked = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ask, answer = asked.stdin, asked.stdout
        assert ask is not None
        assert answer is not None
        answer.readline()  # the rows are read

    def again() -> float:
        ask.write("\n")
        ask.flush()
        return float(answer.readline())

    return again


def openfisca_version() -> str:
    program = "import importlib.metadata as held; print(held.version('openfisca-core'))"
    command = [_python(OPENFISCA_ENVIRONMENT), "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def install_openfisca() -> None:
    """Make the environment of `by_openfisca`."""
    venv.create(OPENFISCA_ENVIRONMENT, with_pip=True, clear=True)
    command = [_python(OPENFISCA_ENVIRONMENT), "-m", "pip", "install", "-q", "--disable-pip-version-check", OPENFISCA]
    subprocess.run(command, check=True)


def _python(environment: Path) -> str:
    return str(environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def by_libreoffice(data: pd.DataFrame) -> Callable[[], float]:
    """A workbook of live formulas, opened, calculated anew by force and saved: VLOOKUP by row, SUMIFS by group."""
    import openpyxl

    from tests.libreoffice import recalculated

    folder = tempfile.TemporaryDirectory(prefix="carbonstd-benchmark-")
    book = Path(folder.name) / "rows.xlsx"
    _workbook(data, book)

    def again() -> float:
        [copy] = recalculated([book], Path(folder.name))
        sheet: Any = openpyxl.load_workbook(copy, data_only=True)["sums"]
        return float(sum(row[2] for row in sheet.iter_rows(values_only=True)))

    return again


def _workbook(data: pd.DataFrame, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        rows, table, sums = book.add_worksheet("rows"), book.add_worksheet("factors"), book.add_worksheet("sums")
        for column, cells in enumerate(factors().values()):
            table.write_column(0, column, cells)
        for index, (source, fuel, month, consumption, own) in enumerate(data.itertuples(index=False)):
            rows.write_row(index, 0, [source, fuel, month, consumption, "" if own != own else own])
            line = index + 1
            default, content, oxidation = (f"VLOOKUP(B{line},factors!A:D,{column},0)" for column in (2, 3, 4))
            formula = f'=D{line}*IF(E{line}="",{default},E{line})*{content}*{oxidation}*44/12'
            rows.write_formula(index, 5, formula)
        groups = data[["source", "month"]].drop_duplicates()
        for index, (source, month) in enumerate(groups.itertuples(index=False)):
            sums.write_row(index, 0, [source, month])
            sums.write_formula(index, 2, f"=SUMIFS(rows!F:F,rows!A:A,A{index + 1},rows!C:C,B{index + 1})")
