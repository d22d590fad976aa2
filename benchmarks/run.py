"""python benchmarks/run.py: ratios of carbonstd to the bare tools it stands on, measured in one run.

Writes docs/benchmarks.md. Only ratios are compared, so that a slow or a busy machine tells the same.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
EXAMPLE = ROOT / "methods" / "enterprises" / "gbt-32151.34" / "cases" / "example-plant.yaml"
PAGE = ROOT / "docs" / "benchmarks.md"
BARE_CLICK = """
import click
@click.group()
def app(): "A bare application."
@app.command()
def one(): "A command."
app(["--help"])
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: what is measured, what it is compared with, and the ratio to aim at (0: none)."""

    name: str
    against: str
    seconds: float
    bare: float
    aim: float = 0

    @property
    def ratio(self) -> float:
        return self.seconds / self.bare


def paired(work: Callable[[], object], bare: Callable[[], object], times: int) -> tuple[float, float]:
    """Medians of both, measured in turn so that a busy moment hits both alike. One run of each first is not counted."""
    work(), bare()
    first, second = [], []
    for _ in range(times):
        for call, seconds in ((work, first), (bare, second)):
            gc.collect()
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
    return statistics.median(first), statistics.median(second)


def process(*arguments: str) -> Callable[[], object]:
    """A whole Python process, start to end."""
    return lambda: subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False, capture_output=True)


def fuel_rows(rows: int, times: int) -> Row:
    from benchmarks.rows import by_engine, by_numpy, frame

    data = frame(rows)
    assert abs(by_engine(data) / by_numpy(data).sum() - 1) < 1e-9
    seconds = paired(lambda: by_engine(data), lambda: by_numpy(data), times)
    return Row(f"{rows:,} fuel rows, read, checked, defaults, sums", "numpy by hand, nothing checked", *seconds)


def equations(rows: int, times: int) -> Row:
    from benchmarks.rows import frame, ready_engine, ready_numpy

    data = frame(rows)
    engine, by_hand = ready_engine(data), ready_numpy(data)
    assert abs(engine() / by_hand().sum() - 1) < 1e-9
    seconds = paired(engine, by_hand, times)
    return Row(f"{rows:,} fuel rows, equations and sums alone", "numpy by hand on the same columns", *seconds, aim=1.5)


def peers(rows: int, small: int, times: int) -> list[Row]:
    """The whole run against the tools people would otherwise take; the slow ones at fewer rows."""
    from benchmarks import peers as tools
    from benchmarks.rows import by_engine, by_numpy, frame

    def against(name: str, make: Callable[[pd.DataFrame], Callable[[], float]], count: int, repeats: int) -> Row:
        data = frame(count)
        other = make(data)
        assert abs(other() / by_numpy(data).sum() - 1) < 1e-9, name
        return Row(f"{count:,} fuel rows, whole run", name, *paired(lambda: by_engine(data), other, repeats))

    with tools.folder() as folder:
        return [
            *(against("pandas: merge, groupby", tools.by_pandas, count, times) for count in (small, rows)),
            *(against("polars: join, group_by", tools.by_polars, count, times) for count in (small, rows)),
            against("pint, a quantity a number", tools.by_pint, small, 1),
            against("LibreOffice, recalculated", lambda data: tools.by_libreoffice(data, Path(folder)), small, 1),
        ]


def extras(rows: int, times: int) -> list[Row]:
    """What a trace and an interval cost, against the run without them."""
    from benchmarks.rows import by_engine, frame, run

    data = frame(rows)
    data["consumption_uncertainty"] = "2%"
    plain = frame(rows)
    wanted: dict[str, Callable[[], object]] = {
        "with the trace of every value": lambda: run(plain).operands,
        "with intervals, approach 1": lambda: run(data).uncertainty(),
        "with intervals, 1,000 draws": lambda: run(data).uncertainty(draws=1000),
    }
    name = f"{rows:,} fuel rows"
    return [
        Row(f"{name}, {what}", "the run alone", *paired(work, lambda: by_engine(plain), times))
        for what, work in wanted.items()
    ]


def example(times: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "result.xlsx")
        calc = process("-m", "carbonstd.cli", "calc", str(EXAMPLE), "-o", output)
        seconds = paired(calc, process("-c", "import pandas, openpyxl"), times)
        assert Path(output).exists(), "calc wrote nothing"
    return Row("carbonstd calc of the example", "import pandas, openpyxl", *seconds, aim=2.5)


def command_line(times: int) -> Row:
    seconds = paired(process("-m", "carbonstd.cli", "--help"), process("-c", BARE_CLICK), times)
    return Row("carbonstd --help", "a bare click application", *seconds, aim=2)


def importing(times: int) -> Row:
    seconds = paired(process("-c", "import carbonstd"), process("-c", "pass"), times)
    return Row("import carbonstd", "an empty Python process", *seconds)


def table(times: int) -> Row:
    """The largest table of the example method, against PyYAML's own reading of the same file."""
    import yaml

    from carbonstd._table import read_table

    path = ROOT / "factors" / "heat" / "gbt-32151.34-superheated-steam" / "2024.yaml"
    text = path.read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    seconds = paired(lambda: read_table(path, "heat/x@2024"), lambda: yaml.load(text, loader), times)
    return Row("reading a table of 350 cells, checked", "PyYAML's own loader", *seconds)


def systems(processes: int, times: int) -> Row:
    """A product system solved, with everything checked, against the dense matrix alone."""
    from benchmarks.systems import by_dense, by_model, system

    arguments = system(processes)
    assert abs(by_model(arguments) - by_dense(arguments)).max() < 1e-9
    seconds = paired(lambda: by_model(arguments), lambda: by_dense(arguments), times)
    return Row(f"a product system of {processes:,} processes, checked", "numpy, dense, nothing checked", *seconds)


def page(rows: list[Row]) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `python benchmarks/run.py`. Both sides of a ratio are medians measured in turn in one run.",
        "",
        f"{os.cpu_count()} cores, {cpu()}, Python {platform.python_version()}.",
        "",
        "| what | against | seconds | bare | ratio | aim |",
        "|---|---|---:|---:|---:|---:|",
        *(
            f"| {row.name} | {row.against} | {row.seconds:.3f} | {row.bare:.3f} | {row.ratio:.2f} | {row.aim or '-'} |"
            for row in rows
        ),
        "",
    ]
    return "\n".join(lines)


def cpu() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    return next(
        (line.split(":", 1)[1].strip() for line in names if line.startswith("model name")), platform.processor()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="fuel rows")
    parser.add_argument("--times", type=int, default=7, help="repetitions of each measurement")
    given = parser.parse_args()
    rows = [
        fuel_rows(given.rows, given.times),
        equations(given.rows, given.times),
        *peers(given.rows, given.rows // 100, given.times),
        *extras(given.rows // 10, 3),
        example(given.times),
        command_line(given.times),
        importing(given.times),
        table(given.times),
        *(systems(processes, given.times) for processes in (300, 3_000)),
    ]
    text = page(rows)
    print(text)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
