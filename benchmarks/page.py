"""docs/benchmarks.md: what was measured, the aims beside it, and how to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.aims import AIMS
from benchmarks.measure import ROOT, Section

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `python benchmarks/run.py` from what it measured; a section can be measured alone (`--only memory`).

**How to read it.** What counts is the ratio: a cell reads `4.2 (293 ms)`, which is 4.2 times what the first line of its
table took. All lines of a column were called in turn, in one process, after a first call that is not counted; each
figure is the median of up to seven turns, in which a short call is made again and again. On a quiet machine the ratios
tell; on a busy one those of short calls are noise. A blank was not measured; nothing is extrapolated. The day, the
machine and the versions stand at the end.

**The task.** Sites that burn 26 fuels by month, a row each: site, fuel, month, consumption, and a heating value in half
of the rows. Where it is blank the table's default holds; carbon content and oxidation factor come from the table by
fuel; times 44/12; summed by site and month, then in all. Every tool has the rows in its own form before the clock
starts, labels as codes wherever it knows codes, and every total that is timed must be numpy's to nine digits
(OpenFisca's to five: it computes in float32).
"""
TEXTS = {
    "tools": (
        "The same total by every tool",
        """carbonstd is the whole run: labels read, every cell checked, blanks filled, evidence and status of every
figure judged, then computed. `numpy by hand, checked` looks for the same faults (labels, blanks, ranges, rows twice,
months missing, defaults used): it shows what checking costs. The last two lines go together: numpy with factors and
groups at hand, and the engine's equations on a ledger that is read. polars and DuckDB use all cores, the others one.
pint makes a quantity of every number. LibreOffice starts, opens a workbook of VLOOKUP and SUMIFS, calculates it by
force and saves it. OpenFisca ({OpenFisca}) runs a small country of its own in an environment of its own.

![Seconds against rows, a curve a tool](images/benchmarks.svg)""",
    ),
    "extras": (
        "What a trace and an interval cost",
        """`Result.trace` gives the values, statuses and table rows of a sheet as columns, `Result.operands` a row for
every value used. Uncertain is the consumption of every row, by 2 %.""",
    ),
    "memory": (
        "Peak memory",
        """Peak MB of a process that reads the rows from a file and runs one tool once, Python and all imports counted.
`the rows alone` runs nothing.""",
    ),
    "country": (
        "A country in one command",
        """`carbonstd batch each`: {entities} simulated entities of the carbon market (`benchmarks/country.py`), with
realistic dirt, every one by the methods it names. Whole processes, start-up counted; MB of all processes together, so
that a page two of them share counts twice. The sums of all ways are the same, bit by bit.""",
    ),
    "scale": (
        "Out of core",
        """`carbonstd batch fuel-rows --dask local` on Parquet parts: whole processes, the start of the workers
counted. An entity has 31 200 rows. The sum over all entities must be that of numpy to nine digits.""",
    ),
    "workbook": (
        "A large workbook",
        """`carbonstd calc` of a workbook with so many rows of fuels (`benchmarks/book.py`), with units typed behind
numbers, per cents, dates and formulas; one whole process each.""",
    ),
    "start": ("Start-up, the example, tables", "Whole processes and readings, each in turn with the bare tool."),
    "systems": (
        "Product systems",
        """Random processes that feed each other: a sparse matrix with findings, proof and shares, against the dense
matrix solved by numpy.""",
    ),
}


def text(held: Mapping[str, Section]) -> str:
    parts = [HEAD, "## Aims\n", table(("aim", "why it is so", "bound", "measured", "held"), _aims(held), texts=2)]
    for name, (title, words) in TEXTS.items():
        if name in held:
            parts += [f"\n## {title}\n", words.format_map(_Notes(held[name].notes)) + "\n", _table(held[name])]
    parts += ["\n## Measured with\n", *_measured(held)]
    return "\n".join(parts) + "\n"


class _Notes(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "not measured"


def _aims(held: Mapping[str, Section]) -> Iterable[Sequence[str]]:
    for aim in AIMS:
        measured = aim.measure(held)
        bound = f"at {'least' if aim.at_least else 'most'} {aim.bound:g}"
        if measured is None:
            yield aim.text, aim.why, bound, "", "not measured"
        else:
            yield aim.text, aim.why, bound, number(measured), "met" if aim.met(measured) else "**not met**"


def _table(section: Section) -> str:
    if section.against:
        rows = [
            (name, bare, seconds(both["carbonstd"]), seconds(both["bare"]), number(both["carbonstd"] / both["bare"]))
            for (name, both), bare in zip(section.lines.items(), section.against.values(), strict=True)
        ]
        return table(("what", "against", "carbonstd", "bare", "ratio"), rows, texts=2)
    columns = list(dict.fromkeys(column for line in section.lines.values() for column in line))
    head = ("rows", *(f"{int(column):,}" if column.isdigit() else column for column in columns))
    return table(head, ([name, *(_cell(section, name, column) for column in columns)] for name in section.lines))


def _cell(section: Section, line: str, column: str) -> str:
    value = section.lines[line].get(column)
    if value is None:
        return ""
    shown = seconds(value) if section.unit == "s" else number(value)
    times = section.ratio(line, column)
    return shown if times is None else f"{number(times)} ({shown})"


def _measured(held: Mapping[str, Section]) -> Iterable[str]:
    """The day, the machine and the versions, once for all sections that share them."""
    together: dict[str, list[str]] = {}
    for name in TEXTS:
        if name in held:
            together.setdefault(f"{held[name].when}; {held[name].machine}; {held[name].versions}.", []).append(name)
    for circumstances, names in together.items():
        yield f"- {', '.join(names)}: {circumstances}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table whose first columns are texts, the others numbers."""
    lines = [head, ["---"] * texts + ["---:"] * (len(head) - texts), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def seconds(value: float) -> str:
    if value >= 1:
        return f"{value:,.0f} s" if value >= 100 else f"{value:.3g} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"
