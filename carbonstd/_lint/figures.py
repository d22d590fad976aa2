"""Lint of figures: what a column usually holds, levels in order, jumps between editions, values apart from others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from carbonstd._definitions.document import EVIDENCE
from carbonstd._definitions.schema import Problems
from carbonstd._definitions.table import Cell, Row, Table, TableColumn
from carbonstd._findings import Finding
from carbonstd._number import shown
from carbonstd._units import Unit, unit

_SCALES = (("1", "2", "3", "4", "5"), ("advanced", "access", "limit"), ("IE3", "IE2", "IE1"))  # the strictest first
_MOST_JUMP = 2.0  # a figure that doubles or halves from one edition to the next is looked at
_MOST_APART = Fraction(1, 10)  # of the middle of what all tables print for one fuel: 0.02308 beside 0.02618 was a slip
_LEAST_TABLES = 3
COMPARED_SUBJECT = "fuels"
_COMPARED = {"carbon_content": ("fuel", "tC/GJ")}
_MOST_OFF = Fraction(2, 100)  # of a printed CO2 factor against the product of its parts, which are rounded


@dataclass(frozen=True)
class Plausible:
    """What a column usually holds, in one unit; it is asked only of columns whose unit converts to it."""

    column: str  # a pattern for the whole name
    unit: str
    low: float
    high: float
    subject: str = ""  # only tables below this folder
    zero: bool = False  # a bare zero is plausible too (fuels without carbon)


# From the extremes in use: hydrogen 120 GJ/t, blast furnace gas 33 and gaseous LPG about 1000 GJ/1e4 m^3; blast furnace
# gas 0.0708 tC/GJ; SF6 over 500 years 34 100; grids of the 1990s above 1.2 tCO2/MWh.
PLAUSIBLE = (
    Plausible(".*oxidation_factor", "1", 0.5, 1.0),
    Plausible("net_calorific_value", "GJ/t", 0.5, 150),
    Plausible("net_calorific_value", "GJ/1e4 m^3", 20, 1200),
    Plausible("carbon_content", "tC/GJ", 0.005, 0.08, zero=True),
    Plausible("gwp.*", "tCO2e/t{gas}", 0, 40_000),
    Plausible(".*factor", "tCO2/MWh", 0, 1.5, subject="electricity"),
)
CARBON_PER_QUANTITY = (
    Plausible("net_calorific_value × carbon_content", "tC/t", 0.02, 1.0, zero=True),
    Plausible("net_calorific_value × carbon_content", "tC/1e4 m^3", 0.2, 20, zero=True),
)


def lint_figures(table: Table, problems: Problems) -> None:
    """The figures of one table, row by row."""
    for index, row in enumerate(table.rows):
        for name, column in table.columns.items():
            written = table.stated_unit(index, name)
            for cell in cells_of(row.cells[name]):
                if cell.value is None:
                    continue
                if written is None:
                    bases = ", ".join(column.units)
                    problems.add("basis-not-stated", row.line, row=row.name(), column=name, expected=bases)
                    break
                _plausible(PLAUSIBLE, problems, row, name, cell.value, written, cell.line, table.id)
        _carbon(table, index, problems)
    for column in table.columns.values():
        if column.axis and column.nested:
            _levels(table, column, problems)


def lint_jumps(older: Table, newer: Table) -> Iterator[Finding]:
    """Figures that more than double or halve between two editions."""
    problems = Problems(newer.path)
    before = {_name(row): index for index, row in enumerate(older.rows) if not row.listed}
    for index, row in enumerate(newer.rows):
        at = before.get(_name(row))
        for name, column in newer.columns.items() if at is not None and not row.listed else ():
            if at is None or name not in older.columns or column.text:
                continue
            scale = _scale(older.unit(at, name), newer.unit(index, name))
            for label in newer.labels(column.axis) if column.axis else [""]:
                printed, new = older.cell(at, name, label).value, newer.cell(index, name, label).value
                old = printed * scale if printed is not None and scale is not None else None
                if old and new and not 1 / _MOST_JUMP <= new / old <= _MOST_JUMP:
                    values = {"row": row.name(), "column": name, "old": shown(old), "new": shown(new)}
                    problems.add("edition-jump", newer.cell(index, name, label).line, other=older.id, **values)
    yield from problems.findings


def lint_apart(tables: Sequence[Table], others: Iterable[Table]) -> Iterator[Finding]:
    """Figures of `tables` far from what they and `others` print for the same thing; both may be right, so one looks."""
    told = {table.id for table in tables}
    found: dict[tuple[str, str], list[tuple[Fraction, Table, Cell]]] = defaultdict(list)
    for table in (*tables, *(table for table in others if table.id not in told)):
        for name, (key, scale) in _COMPARED.items():
            column = table.columns.get(name)
            if column is None or key not in table.keys or column.unit.dimension != unit(scale).dimension:
                continue
            for index, row in enumerate(table.rows):
                cell, label = table.cell(index, name), row.match.get(key)
                if cell.value and isinstance(label, str):
                    scaled = cell.value * column.unit.factor_to(unit(scale))
                    found[name, label].append((scaled, table, cell))
    for (name, label), values in found.items():
        if len({table.family for _, table, _ in values}) < _LEAST_TABLES:
            continue
        middle = median(value for value, _, _ in values)
        for value, table, cell in values:
            if table.id in told and abs(value / middle - 1) > _MOST_APART and cell.evidence != EVIDENCE[-1]:
                problems = Problems(table.path)
                said = {"row": label, "column": name, "found": shown(value), "middle": shown(middle)}
                problems.add("figure-apart", cell.line, scale=_COMPARED[name][1], count=len(values), **said)
                yield from problems.findings


def _levels(table: Table, column: TableColumn, problems: Problems) -> None:
    """Levels run one way: where most rows fall from the strictest on, one that rises is a slip, or is not nested."""
    labels = table.labels(column.axis)
    order = next((scale for scale in _SCALES if set(labels) <= set(scale)), None)
    if order is None:
        return
    steps: list[tuple[int, Row, Fraction, Fraction]] = []
    for index, row in enumerate(table.rows):
        figures = [table.cell(index, column.name, label).value for label in order if label in labels]
        for one, other in pairwise(figure for figure in figures if figure is not None):
            steps.append(((other > one) - (other < one), row, one, other))
    sense = sum(step for step, *_ in steps)
    for step, row, one, other in steps:
        if step * sense < 0:
            values = {"row": row.name(), "column": column.name, "first": shown(one), "second": shown(other)}
            problems.add("levels-disordered", row.line, **values)


def _carbon(table: Table, index: int, problems: Problems) -> None:
    """Carbon per tonne or volume of fuel, and the CO2 factor beside it: a slip of a decimal in any shows here."""
    row = table.rows[index]
    carbons = _scaled(table, index, "carbon_content")
    if carbons is None:
        return
    product, per = carbons[0], carbons[1]
    printed, heats = _scaled(table, index, "emission_factor"), _scaled(table, index, "net_calorific_value")
    if heats is not None:
        name = CARBON_PER_QUANTITY[0].column
        values = (row, name, heats[0] * product, heats[1] * per, row.line, table.id)
        _plausible(CARBON_PER_QUANTITY, problems, *values)
    if printed is None:
        return
    if heats is not None and _scale(per * unit("tCO2/tC"), printed[1]) is None:  # per quantity, not per heat
        product, per = product * heats[0], per * heats[1]
    scale = _scale(per * unit("tCO2/tC"), printed[1])
    if scale is None or not printed[0]:
        return
    oxidised = _scaled(table, index, "oxidation_factor")
    made = product * scale * Fraction(44, 12) * (oxidised[0] if oxidised else 1)
    if abs(made / printed[0] - 1) > _MOST_OFF:
        values_told = {"row": row.name(), "found": shown(printed[0]), "made": shown(made), "unit": printed[1].text}
        problems.add("factor-product", row.line, **values_told)


def _scale(written: Unit, wanted: Unit) -> Fraction | None:
    """How many of `wanted` one of `written` is; None where they measure different things."""
    return written.factor_to(wanted) if written.dimension == wanted.dimension else None


def _scaled(table: Table, index: int, name: str) -> tuple[Fraction, Unit] | None:
    written = table.stated_unit(index, name) if name in table.columns else None
    value = table.cell(index, name).value
    return None if written is None or value is None else (value, written)


def _plausible(
    rules: Sequence[Plausible],
    problems: Problems,
    row: Row,
    name: str,
    value: Fraction,
    written: Unit,
    line: int,
    table: str,
) -> None:
    for rule in rules:
        wanted = unit(rule.unit)
        if not (rule.column == name or re.fullmatch(rule.column, name)) or wanted.dimension != written.dimension:
            continue
        if rule.subject and not table.startswith(f"{rule.subject}/"):
            continue
        scaled = float(value * written.factor_to(wanted))
        if rule.low <= scaled <= rule.high or (rule.zero and scaled == 0):
            continue
        values = {"row": row.name(), "column": name, "found": shown(value), "unit": written.text}
        scale = {"low": shown(rule.low), "high": shown(rule.high), "scale": rule.unit}
        problems.add("implausible-value", line, **values, **scale)


def cells_of(item: Cell | Mapping[str, Cell]) -> list[Cell]:
    return [item] if isinstance(item, Cell) else list(item.values())


def _name(row: Row) -> str:
    return str(sorted((name, str(match)) for name, match in row.match.items()))
