"""python benchmarks/run.py: carbonstd beside numpy, pandas, polars, DuckDB, pint, OpenFisca and LibreOffice.

Measures section by section and writes a page of what it measured, into benchmarks/trial, or with --keep into
benchmarks/measured.json and docs/benchmarks.md: a section measured again replaces its own figures and no others.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import page, peers, plot
from benchmarks.measure import ROOT, Wanted, read, signed, write
from benchmarks.sections import SECTIONS

KEPT = {"measured": ROOT / "benchmarks" / "measured.json", "page": page.PAGE, "picture": plot.PICTURE}
TRIAL = {name: ROOT / "benchmarks" / "trial" / path.name for name, path in KEPT.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(SECTIONS), help="this section (several: give it again)")
    parser.add_argument(
        "--rows", type=int, default=10_000_000, help="the most rows in memory; out of core ten times as many"
    )
    parser.add_argument("--times", type=int, default=7, help="the most repetitions of each measurement")
    parser.add_argument("--openfisca", action="store_true", help="first make the environment that OpenFisca runs in")
    parser.add_argument("--keep", action="store_true", help="the measurement that the docs show, on a quiet machine")
    parser.add_argument("--page", action="store_true", help="measure nothing: write the page of what is kept")
    given = parser.parse_args()
    if given.openfisca:
        peers.install_openfisca()
    files = KEPT if given.keep or given.page else TRIAL
    files["measured"].parent.mkdir(exist_ok=True)
    wanted, held = Wanted(given.rows, given.times), read(files["measured"])
    for name in [] if given.page else given.only or SECTIONS:
        start = time.perf_counter()
        held[name] = signed(SECTIONS[name](wanted))
        write(files["measured"], held)
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    files["page"].write_text(page.text(held), encoding="utf-8")
    if "tools" in held:
        plot.draw(held["tools"], files["picture"])
    print(page.text(held))


if __name__ == "__main__":
    main()
