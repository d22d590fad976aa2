"""What is uncertain in a run: input cells, table cells and constants with their half-widths.

A cell of a sheet is an input of its own. A table cell or a constant is one input, however many rows it answered for.
Its interval is the one it carries (`low`, `high`), or the one typed beside the blank cells it filled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.row_words import row_words
from carbonstd._definitions.table import Table
from carbonstd._engine.run import Run
from carbonstd._errors import CaseError
from carbonstd._findings import Finding, finding
from carbonstd._language import expression as ex
from carbonstd._naming import Names
from carbonstd._trace.origin import Origin, defaults
from carbonstd._trace.trace import key_texts
from carbonstd._uncertainty.input import Input, deviations, half_widths
from carbonstd._uncertainty.places import CellKey, Floats, Place

Mask = NDArray[np.bool_]
SharedKey = CellKey | str  # a table cell, or the name of a constant
Sides = tuple[float, float, str]  # below and above as shares of the value, and the shape
_Typed = tuple[Sides, str]  # and the place they were typed at first


@dataclass
class Cells:
    """The cells of one column: values and half-widths (rows,), NaN where none was typed."""

    values: Floats
    below: Floats
    above: Floats
    shape: NDArray[np.str_]

    @property
    def half_width(self) -> Floats:
        """What approach 1 counts."""
        return np.asarray(half_widths(self.below, self.above, self.shape))

    @property
    def deviation(self) -> Floats:
        return np.asarray(deviations(self.below, self.above, self.shape))


@dataclass
class Inputs:
    """All figures of a run that may be uncertain."""

    run: Run
    shared: dict[SharedKey, Input] = field(default_factory=dict)
    columns: dict[Place, Cells] = field(default_factory=dict)
    _keys: dict[str, NDArray[np.object_]] = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        return Names(self.run.program.method, self.run.library)

    def cell(self, place: Place, row: int) -> Input:
        """One cell of a sheet."""
        data = self.run.ledger[place[0]]
        column, cells = data.sheet.columns[place[1]], self.columns[place]
        units = list(column.units.values())
        if place[0] not in self._keys:
            self._keys[place[0]] = key_texts(self.run, data)
        key = self.names.terms_in(str(self._keys[place[0]][row]))
        name = {one: " · ".join(filter(None, (column.label.get(one, ""), key[one]))) for one in ("zh", "en")}
        low = -math.inf if column.minimum is None else float(column.minimum)
        basis = max(int(data.basis[row]), 0) if data.basis is not None and column.by_basis else 0
        high = column.maxima.get(list(column.units)[basis])
        return Input(
            name,
            data.place(place[1], row),
            float(cells.values[row]),
            units[basis].text,
            float(cells.below[row]),
            float(cells.above[row]),
            False,
            low,
            math.inf if high is None else float(high),
            str(cells.shape[row]),
        )

    def one(self, key: SharedKey, sides: Sides | None = None) -> Input:
        """A table cell or constant: with the sides typed for it (shares of its value), else with its own limits."""
        if isinstance(key, str):
            constant = self.run.program.method.constants[key]
            value, low, high = float(constant.value), constant.low, constant.high
            name, place, unit, column = constant.label, f"{self.run.program.method.id} {key}", constant.unit.text, key
        else:
            table = tables_of(self.run)[key[0]]
            row, column, label = table.rows[key[1]], key[2], key[3]
            cell = table.cell(key[1], column, label)
            value, low, high = float(cell.value or 0), cell.low, cell.high
            spec = table.columns[column]
            parts = [spec.label, row_words(table, row, self.run.library), self.names.terms_in(label)]
            name = {part: " · ".join(filter(None, (item[part] for item in parts))) for part in ("zh", "en")}
            place, unit = f"{table.id}:{cell.line or row.line}", table.unit(key[1], column).text
        shape = ""
        if sides is None:
            # one limit alone bounds one side
            below = value - float(low) if low is not None else 0.0
            above = float(high) - value if high is not None else 0.0
        else:
            below, above, shape = sides[0] * abs(value), sides[1] * abs(value), sides[2]
        minimum, maximum = _bounds(self.run, column, value)
        return Input(name, place, value, unit, max(below, 0.0), max(above, 0.0), True, minimum, maximum, shape)


def read_inputs(run: Run) -> Inputs:
    """The uncertain inputs of a run. Raises CaseError where typed half-widths cannot be used."""
    inputs, findings = Inputs(run), list[Finding]()
    typed: dict[SharedKey, _Typed] = {}
    for sheet, data in run.ledger.items():
        for name, values in data.numbers.items():
            spread = data.spreads.get(name)
            if spread is None:
                continue
            below, above = spread.around(values)
            filled = data.filled.get(name, np.zeros(data.rows, dtype=bool))
            given = ~np.isnan(below)
            blank = given & np.isnan(values)
            findings += [finding("uncertainty-of-nothing", data.place(name, int(row))) for row in np.flatnonzero(blank)]
            below[filled], above[filled] = np.nan, np.nan
            inputs.columns[sheet, name] = Cells(values, below, above, spread.shape)
            findings += _typed_beside_defaults(run, (sheet, name), given & filled, typed)
    if findings:
        raise CaseError(findings=findings)
    for key, (sides, _) in typed.items():
        inputs.shared[key] = inputs.one(key, sides)
    for key in _carried(run):
        if key not in inputs.shared:
            inputs.shared[key] = inputs.one(key)
    return inputs


def _typed_beside_defaults(run: Run, place: Place, rows: Mask, typed: dict[SharedKey, _Typed]) -> Iterator[Finding]:
    """A half-width beside a blank is about the table cell or constant that filled it: one input, one half-width."""
    if not rows.any():
        return
    sheet, name = place
    data, compiled = run.ledger[sheet], run.program.defaults[place]
    alone = compiled.node is not None and _single(compiled.node)
    origins = defaults(run, sheet, name) if alone else []
    spread = data.spreads[name]
    below, above = spread.around(data.numbers[name])
    size = np.abs(data.numbers[name])
    left = rows & (size > 0)
    lost = rows & ~left
    for origin in origins:
        for key, answered in _answers(run, origin, left):
            left = left & ~answered
            at = np.flatnonzero(answered)
            shares, shapes = np.stack([below[at] / size[at], above[at] / size[at]]), spread.shape[at]
            place_of_first = data.place(f"{name}_uncertainty", int(at[0]))
            sides, place_typed = typed.setdefault(
                key, ((float(shares[0, 0]), float(shares[1, 0]), str(shapes[0])), place_of_first)
            )
            same = np.isclose(shares, np.array(sides[:2])[:, None], rtol=1e-9).all(axis=0) & (shapes == sides[2])
            for row in at[~same]:
                where = data.place(f"{name}_uncertainty", int(row))
                yield finding("uncertainty-twice", where, first=place_typed, name=_text(key))
    for row in np.flatnonzero(left | lost):
        where = data.place(f"{name}_uncertainty", int(row))
        yield finding("uncertainty-beside-default", where, column=data.sheet.columns[name].label)


def _single(node: ex.Node) -> bool:
    """Whether a default is one figure wherever it is taken from, not one computed from several."""
    if isinstance(node, ex.Choice):
        return _single(node.then) and _single(node.otherwise)
    if isinstance(node, ex.Call) and node.function == "first":
        return all(_single(item) for item in node.arguments)
    return _single(node.operand) if isinstance(node, ex.Scale) else isinstance(node, ex.Lookup | ex.Name | ex.Literal)


def _answers(run: Run, origin: Origin, rows: Mask) -> Iterator[tuple[SharedKey, Mask]]:
    """The table cells, or the constant, that answered, each with the rows it answered for."""
    mask = rows & origin.mask
    if origin.constant is not None:
        if mask.any():
            yield origin.constant.name, mask
        return
    if origin.usage is None:
        return
    usage = origin.usage
    segment, row = (np.broadcast_to(item, rows.shape) for item in (usage.segment, usage.row))
    for index in np.unique(segment[mask]):
        table = run.segments[usage.slot][int(index)].table
        for found in np.unique(row[mask & (segment == index)]):
            if found >= 0:
                yield (table.id, int(found), usage.column, ""), mask & (segment == index) & (row == found)


def _carried(run: Run) -> Iterator[SharedKey]:
    """Table cells and constants that carry their own limits."""
    for table in tables_of(run).values():
        for index, row in enumerate(table.rows):
            for column, cell in row.cells.items():
                parts = {"": cell} if not isinstance(cell, dict) else cell
                for label in parts:
                    found = table.cell(index, column, str(label))
                    if found.value is not None and (found.low is not None or found.high is not None):
                        yield table.id, index, column, str(label)
    for constant in run.program.method.constants.values():
        if constant.low is not None or constant.high is not None:
            yield constant.name


def used_cells(run: Run) -> set[SharedKey]:
    """The table cells that answered in a run, and all constants."""
    found: set[SharedKey] = set(run.program.method.constants)
    for usage in (item for usages in run.usages.values() for item in usages):
        for index in np.unique(usage.segment):
            table = run.segments[usage.slot][int(index)].table
            axis = table.columns[usage.column].axis
            for row in np.unique(usage.row[(usage.segment == index) & (usage.row >= 0)]):
                labels = table.labels(axis) if axis else [""]
                found |= {(table.id, int(row), usage.column, label) for label in labels}
    return found


def tables_of(run: Run) -> dict[str, Table]:
    return {segment.table.id: segment.table for segments in run.segments.values() for segment in segments}


def _bounds(run: Run, column: str, value: float) -> tuple[float, float]:
    """What a factor cannot pass: the bounds of the sheet column of its name."""
    specs = [
        sheet.columns[column]
        for sheet in run.program.method.sheets.values()
        if column in sheet.columns and sheet.columns[column].kind == "number"
    ]
    highest = [float(spec.maximum) for spec in specs if spec.maximum is not None]
    fitting = [bound for bound in highest if bound >= value]
    return (0.0 if value >= 0 else -math.inf), min(fitting, default=math.inf)


def _text(key: SharedKey) -> str:
    return key if isinstance(key, str) else f"{key[0]} {key[2]}"
