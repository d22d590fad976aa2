"""What is measured of whole processes: a country of entities, rows out of core, a large workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Section, Wanted, output, watched

BATCH = ("-m", "carbonstd.cli", "batch")
WAYS = {
    "one process": ("--jobs", "1"),
    "two processes": ("--jobs", "2"),
    "Dask, two local workers": ("--dask", "local", "--jobs", "2"),
}


def country(wanted: Wanted) -> Section:
    """The simulated country in one command; the sums must be the same by every way."""
    section = Section({name: {} for name in WAYS}, unit="")
    sums = []
    with tempfile.TemporaryDirectory() as folder:
        ledgers = Path(folder) / "country"
        entities = max(20, min(3_700, wanted.largest // 300))
        output("benchmarks/country.py", ledgers, "--entities", str(entities))
        for name, how in WAYS.items():
            out = Path(folder) / name
            seconds, most = watched(*BATCH, "each", ledgers, "-o", out, *how, allowed=(0, 1))  # 1: dirt was found
            section.lines[name] = {"seconds": seconds, "MB": most, "entities a second": entities / seconds}
            sums.append(_summary(out)["sum"])
    assert all(own.equals(sums[0]) for own in sums), "the ways do not agree"
    section.notes["entities"] = f"{entities:,}"
    return section


def scale(wanted: Wanted) -> Section:
    """Fuel rows as Parquet parts, run by Dask on this machine, up to ten times what is measured in memory."""
    from benchmarks.scale import make

    section = Section({name: {} for name in ("seconds", "seconds per 1e6 rows", "MB")}, unit="")
    for rows in wanted.sizes(1_000_000, 100_000_000, beyond=10):
        with tempfile.TemporaryDirectory() as folder:
            ledgers, out = Path(folder) / "ledgers", Path(folder) / "out"
            expected = make(rows, ledgers)
            given = ("fuel-rows", ledgers, "-o", out, "--methods", "benchmarks/methods", "--period", "2025")
            seconds, most = watched(*BATCH, *given, "--dask", "local", "--jobs", "2")
            total = float(_summary(out)["sum"].iloc[0])
        assert abs(total / expected - 1) < 1e-9, f"{total} is not {expected}"
        for line, value in zip(section.lines.values(), (seconds, seconds / rows * 1e6, most), strict=True):
            line[str(rows)] = value
    return section


def workbook(wanted: Wanted) -> Section:
    """A large workbook calculated, alone and to a result workbook."""
    from benchmarks.book import write

    section = Section({}, unit="")
    for rows in wanted.sizes(1_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "book.xlsx"
            write(book, "gbt-32151.34", rows, fault=False)
            for name, more in {"calc": (), "calc -o result.xlsx": ("-o", Path(folder) / "result.xlsx")}.items():
                measured = watched("-m", "carbonstd.cli", "calc", book, *more, allowed=(0, 1))
                for unit, value in zip(("seconds", "MB"), measured, strict=True):
                    section.lines.setdefault(f"{name}, {unit}", {})[str(rows)] = value
    return section


def _summary(out: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(out / "summary.parquet")
