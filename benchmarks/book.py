"""python benchmarks/book.py: `carbonstd calc` on workbooks of 100 000 rows, processor seconds and memory by command.

The workbooks are made here: a case of the library whose main sheet is written long by month, with what people do to
such sheets: units typed behind numbers, shares shown in per cent, formulas with their value, months as text and dates.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import xlsxwriter

import carbonstd
from carbonstd._workbook.layout import HEAD

MONTHS = 12
METHODS = {"gbt-32151.34": "fuels/gbt-32151.34@2024", "ndrc-cement": "fuels/ndrc-chemical-2013@2013"}
ROOT = Path(__file__).resolve().parent.parent
FAMILY = ROOT / "methods" / "enterprises" / "gbt-32151.34"
EXAMPLE, EXAMPLE_BOOK = FAMILY / "cases" / "example-plant.yaml", FAMILY / "example.xlsx"


def write(path: Path, method: str, rows: int, fault: bool) -> None:
    """A workbook of a method with so many rows of fuels; with `fault` one cell of every row cannot be read."""
    case = carbonstd.read_case(EXAMPLE)
    sheets = carbonstd.method(method).sheets
    with xlsxwriter.Workbook(path) as book:
        cover = book.add_worksheet("封面")
        given = {"method": method, "entity.name.zh": "示例厂", "period": "2025", "as_of": "2026-03-31"}
        for row, (name, value) in enumerate(given.items()):
            cover.write_row(row, 0, [HEAD[name]["zh"], value])
        page = book.add_worksheet(sheets["fuel"].label["zh"])
        looks = {kind: book.add_format({"num_format": code}) for kind, code in (("%", "0.0%"), ("month", "yyyy-mm"))}
        for row, cells in enumerate(_fuels(METHODS[method], rows, fault)):
            for column, cell in enumerate(cells):
                _write(page, row, column, cell, looks)
        for name, raw in case.sheets.items() if method == "gbt-32151.34" else ():
            if name != "fuel":  # the other sheets of the method's example, as they are
                page = book.add_worksheet(sheets[name].label["zh"])
                for column, (heading, typed) in enumerate(raw.columns.items()):
                    page.write_column(0, column, [heading, *typed])


def _write(page: Any, row: int, column: int, cell: Any, looks: dict[str, Any]) -> None:
    match cell:
        case ("formula", text, value):
            page.write_formula(row, column, text.format(row=row + 1), None, value)
        case ("%", value):
            page.write_number(row, column, value, looks["%"])
        case date():
            page.write_datetime(row, column, cell, looks["month"])
        case None:
            pass
        case _:
            page.write(row, column, cell)


def _fuels(table: str, rows: int, fault: bool) -> Iterator[list[Any]]:
    """Boilers that burn a fuel each, a row a month."""
    yield ["source", "fuel", "month", "consumption", "net_calorific_value", "oxidation_factor", "data_source"]
    dice, shelf = random.Random(1), carbonstd.library()
    held: Any = carbonstd.table(table)
    by_mass = [row for row in held.rows if row.cells["basis"].text == "mass" and row.cells["net_calorific_value"].value]
    names = [shelf.vocabulary("fuels").label(str(row.match["fuel"]), "zh") for row in by_mass]
    usual = [float(row.cells["net_calorific_value"].value) for row in by_mass]
    for number in range(rows):
        boiler, month = divmod(number, MONTHS)
        fuel, amount, typed = boiler % len(names), round(dice.uniform(1, 1000), 2), dice.random()
        consumption: Any = f"约{amount}" if fault else amount
        if typed < 0.1 and not fault:
            consumption = f"{amount * 1000:,.0f} kg"
        elif typed < 0.3 and not fault:
            consumption = ("formula", f"={amount}+0*ROW(A{{row}})", amount)
        yield [
            f"{boiler + 1}号锅炉",
            names[fuel],
            date(2025, month + 1, 1) if boiler % 4 == 0 else f"2025-{month + 1:02d}",
            consumption,
            round(usual[fuel] * dice.uniform(0.9, 1.1), 3) if boiler % 2 else None,
            ("%", round(dice.uniform(0.9, 1), 3)) if boiler % 3 == 0 else None,
            "自有实验室" if boiler % 2 else None,
        ]


def measured(command: list[str]) -> tuple[float, float, int, int]:
    """Seconds of processor, peak memory in MB, exit code and number of printed lines of a command."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        lines = len(out.read().splitlines())
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--method", choices=METHODS, default="gbt-32151.34")
    parser.add_argument("--keep", type=Path, help="folder to keep the workbooks in")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = asked.keep or Path(folder)
        big, bad = place / "big.xlsx", place / "bad.xlsx"
        for path in (big, bad):  # in a process of its own: the system counts a parent's memory as its child's
            made = get_context("spawn").Process(target=write, args=(path, asked.method, asked.rows, path == bad))
            made.start()
            made.join()
        result, page = str(place / "result.xlsx"), str(place / "report.html")
        for name, words in {
            "example: calc -o": ["calc", str(EXAMPLE_BOOK), "-o", str(place / "example.xlsx")],
            "calc": ["calc", str(big)],
            "calc -o result.xlsx": ["calc", str(big), "-o", result],
            "calc -o result.json": ["calc", str(big), "-o", str(place / "result.json")],
            "calc --report": ["calc", str(big), "--report", page],
            "trace --of": ["trace", str(big), "--of", "fuel_combustion"],
            "verify": ["verify", str(big), "-o", str(place / "record.xlsx")],
            "calc --lock result.xlsx": ["calc", str(big), "--lock", result],
            "calc, a fault in every row": ["calc", str(bad)],
        }.items():
            seconds, memory, code, lines = measured([sys.executable, "-m", "carbonstd.cli", *words])
            print(f"{name:28} {seconds:6.1f} s {memory:6.0f} MB  exit {code}  {lines:7} lines", flush=True)


if __name__ == "__main__":
    main()
