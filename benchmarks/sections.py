"""What is measured, section by section. Each gives what it measured as data; `page` says what it means."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import many
from benchmarks.lines import BARE, EQUATIONS, LINES, NUMPY, OPENFISCA, Line
from benchmarks.measure import ROOT, Section, Wanted, in_turn, output, process

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE = ROOT / "methods" / "enterprises" / "gbt-32151.34" / "cases" / "example-plant.yaml"
TABLES = {"a small table": "fuels/gbt-32151.34/2024", "the largest table": "equipment/gb-30254/2024"}
ALONE, TRACE, OPERANDS = "the run alone", "trace, columns by sheet", "trace, a row a value"
APPROACH_1, DRAWS = "intervals, approach 1", "intervals, 1,000 draws"
Pairs = dict[str, tuple[str, Callable[[], object], Callable[[], object]]]  # the bare tool, our call, its call
BARE_CLICK = """
import click
@click.group()
def app(): "A bare application."
@app.command()
def one(): "A command."
app(["--help"])
"""


def tools(wanted: Wanted) -> Section:
    """The total of the fuel rows by every tool, at every size."""
    from benchmarks.peers import openfisca_version
    from benchmarks.rows import frame

    section = Section({line.name: {} for line in LINES}, base=NUMPY)
    for rows in wanted.sizes(1_000, 10_000_000):
        data = frame(rows)
        expected = LINES[0].make(data)()
        calls: dict[str, Callable[[], object]] = {}
        for line in LINES:
            if rows <= line.largest:
                try:
                    calls[line.name] = _agreeing(line, line.make(data), expected)
                except (ImportError, FileNotFoundError):
                    section.notes[line.name] = "not installed"
        for name, seconds in in_turn(calls, wanted.times, budget=40).items():
            section.lines[name][str(rows)] = seconds
    if OPENFISCA not in section.notes:
        section.notes[OPENFISCA] = f"version {openfisca_version()}"
    return section


def _agreeing(line: Line, call: Callable[[], float], expected: float) -> Callable[[], object]:
    """The call, every total of which must be that of numpy."""

    def again() -> None:
        total = call()
        assert abs(total / expected - 1) < line.tolerance, f"{line.name}: {total} is not {expected}"

    return again


def extras(wanted: Wanted) -> Section:
    """What a trace and an interval cost, against the run without them."""
    from benchmarks.rows import by_engine, by_engine_with_trace, frame

    section = Section({name: {} for name in (ALONE, TRACE, OPERANDS, APPROACH_1, DRAWS)}, base=ALONE)
    for rows in wanted.sizes(1_000, 100_000):
        plain = frame(rows)
        uncertain = plain.assign(consumption_uncertainty="2%")
        calls: dict[str, Callable[[], object]] = {
            ALONE: by_engine(plain),
            TRACE: by_engine_with_trace(plain),
            OPERANDS: partial(_operands, plain),
            APPROACH_1: partial(_interval, uncertain, 0),
            DRAWS: partial(_interval, uncertain, 1000),
        }
        for name, seconds in in_turn(calls, wanted.times, budget=20).items():
            section.lines[name][str(rows)] = seconds
    return section


def _operands(data: pd.DataFrame) -> object:
    from benchmarks.rows import run

    return run(data).operands


def _interval(data: pd.DataFrame, draws: int) -> object:
    from benchmarks.rows import run

    return run(data).uncertainty(draws=draws)


def start(wanted: Wanted) -> Section:
    """Start-up, the example and tables read, each against the bare tool it stands on."""
    import yaml

    from carbonstd._definitions.table import read_table

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.xlsx"
        pairs: Pairs = {
            "import carbonstd": ("an empty Python process", process("-c", "import carbonstd"), process("-c", "pass")),
            "carbonstd --help": (
                "a bare click application",
                process("-m", "carbonstd.cli", "--help"),
                process("-c", BARE_CLICK),
            ),
            "carbonstd calc of the example": (
                "import pandas, openpyxl",
                process("-m", "carbonstd.cli", "calc", EXAMPLE, "-o", result),
                process("-c", "import pandas, openpyxl"),
            ),
        }
        for name, table in TABLES.items():
            path = ROOT / "factors" / f"{table}.yaml"
            text = path.read_text(encoding="utf-8")
            cells = sum(len(row.cells) for row in read_table(path, "x/x@1").rows)
            pairs[f"{name}, {cells:,} cells, read and checked"] = (
                "PyYAML's own loader",
                partial(read_table, path, "x/x@1"),
                partial(yaml.load, text, loader),
            )
        section = against(pairs, wanted)
        assert result.exists(), "calc wrote nothing"
    return section


def systems(wanted: Wanted) -> Section:
    """A product system solved, with everything checked, against the dense matrix alone."""
    from benchmarks.systems import by_dense, by_model, system

    pairs: Pairs = {}
    for processes in (300, 3_000):
        arguments = system(processes)
        assert abs(by_model(arguments) - by_dense(arguments)).max() < 1e-9
        pairs[f"{processes:,} processes, checked"] = (
            "numpy, dense, nothing checked",
            partial(by_model, arguments),
            partial(by_dense, arguments),
        )
    return against(pairs, wanted)


def against(pairs: Pairs, wanted: Wanted) -> Section:
    """Each line in turn with the bare tool it is compared with."""
    section = Section({}, against={name: bare for name, (bare, _, _) in pairs.items()})
    for name, (_, own, bare) in pairs.items():
        section.lines[name] = in_turn({"carbonstd": own, "bare": bare}, wanted.times, budget=20)
    return section


def memory(wanted: Wanted) -> Section:
    """The most memory of a process that holds the rows and runs one tool once."""
    from benchmarks.memory import NOTHING, save
    from benchmarks.rows import frame

    apart = (OPENFISCA, BARE, EQUATIONS)  # another process; the same columns as by numpy and the whole run
    names = [NOTHING, *(line.name for line in LINES if line.largest >= 1_000_000 and line.name not in apart)]
    section = Section({name: {} for name in names}, unit="MB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npz"
        for rows in wanted.sizes(100_000, 10_000_000):
            save(frame(rows), path)
            for line in names:
                if rows <= next((item.largest for item in LINES if item.name == line), rows):
                    section.lines[line][str(rows)] = float(output("-m", "benchmarks.memory", line, path))
    return section


SECTIONS: dict[str, Callable[[Wanted], Section]] = {
    "tools": tools,
    "extras": extras,
    "start": start,
    "systems": systems,
    "memory": memory,
    "country": many.country,
    "scale": many.scale,
    "workbook": many.workbook,
}
