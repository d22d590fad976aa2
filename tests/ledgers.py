"""Random ledgers for any method, and the rows of a written case, in the form the oracle reads.

Rows are drawn from the method itself: labels from its vocabularies and the tables it looks them up in, numbers within
a column's bounds, some in another unit of the same kind, blanks where a column may be blank, months in some rows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Column, Method, Sheet
from carbonstd._engine.edition import Segment
from carbonstd._language import expression as ex
from tests.oracle import Oracle, Rows
from tests.oracle_places import Place
from tests.oracle_shapes import Shapes
from tests.quantities import UNITS

Tables = Mapping[str, list[Segment]]
Ranges = Mapping[str, tuple[float, float]]


class Ledgers:
    """Draws ledgers. `ranges` narrows columns whose model or table holds only a part of all numbers."""

    def __init__(self, method: Method, tables: Tables, library: Library, period: Period, ranges: Ranges) -> None:
        self.method, self.tables, self.library = method, tables, library
        self.period, self.ranges = period, ranges
        self.shapes = Shapes(method, tables)
        self.wanted = self._wanted()
        self.spoken_of = {sheet: self._spoken_of(sheet) for sheet in method.sheets}
        self.around: dict[str, Rows] = {}  # the sheets drawn before, which a row may rest on
        self.known = {sheet.id: self._labels_of(sheet) for sheet in method.sheets.values()}

    def draw(self, seed: int, rows: int) -> dict[str, Rows]:
        """A ledger whose rows can be computed by themselves: one that lacks a value it needs is drawn again.

        Under odd seeds some sheets are empty.

        A sheet whose rows all rest on another sheet keeps them as they were drawn.
        """
        dice = random.Random(seed)
        self._pool(dice)
        drawn: dict[str, Rows] = {}
        for sheet in sorted(self.method.sheets.values(), key=lambda sheet: not sheet.single):
            self.around = drawn
            empty = seed % 2 and not sheet.single and dice.random() < 0.4
            drawn[sheet.id] = [] if empty else self._sheet(sheet, 1 if sheet.single else rows, dice)
        return {name: drawn[name] for name in self.method.sheets}

    def _spoken_of(self, sheet: str) -> set[str]:
        """The labels that the equations of a sheet speak of."""
        own = [
            tree for equation in self.method.equations.values() if equation.sheet == sheet for tree in equation.nodes
        ]
        return {node.value for tree in own for node in tree.walk() if isinstance(node, ex.Text)}

    def _pool(self, dice: random.Random) -> None:
        """The few labels and months of one ledger: sheets drawn from the same few have keys in common.

        Labels that the equations of a sheet speak of come first.
        """
        labels = {label for found in self.known.values() for column in found.values() for label in column}
        order = {label: dice.random() for label in sorted(labels)}
        self.labels = {
            sheet: {name: self._few(column, self.spoken_of[sheet], order) for name, column in found.items()}
            for sheet, found in self.known.items()
        }
        self.months = dice.sample(self.period.months(), 2)

    def _few(self, labels: list[str], spoken: set[str], order: Mapping[str, float]) -> list[str]:
        return sorted(labels, key=lambda label: (label not in spoken, order[label]))[:6]

    def _sheet(self, sheet: Sheet, count: int, dice: random.Random) -> Rows:
        rows: Rows = []
        spare: Rows = []
        sources: dict[tuple[Any, ...], set[Any]] = {}
        for _ in range(9 * count):
            row = {name: self._cell(sheet, column, dice) for name, column in sheet.columns.items()}
            self._other_units(sheet, row, dice)
            if not self._complete(sheet, row):
                spare.append(row)
            elif _alone(sheet, row, sources):
                rows.append(row)
            if len(rows) == count:
                break
        return rows or [row for row in spare if _alone(sheet, row, sources)][:count]

    def _cell(self, sheet: Sheet, column: Column, dice: random.Random) -> Any:
        optional = not column.required or column.needed is not None
        if optional and dice.random() < (0.5 if column.default is not None or column.kind == "number" else 0.2):
            return None
        if column.kind == "month":
            return dice.choice(self.months)
        if column.kind == "text" and not column.vocabulary:
            return f"document {dice.randrange(3)}"
        if column.kind != "number":
            labels = self.labels[sheet.id].get(column.name) or [f"{column.name} {n}" for n in range(2)]
            spoken = [label for label in labels if label in self.spoken_of[sheet.id]]
            return dice.choice(spoken if spoken and dice.random() < 0.5 else labels)
        if dice.random() < 0.05 and column.minimum is not None and column.minimum <= 0:
            return Fraction(0)
        low, high = self.ranges.get(column.name, (0.0, float(min(column.maxima.values(), default=5000))))
        return Fraction(f"{dice.uniform(low, high):.{dice.randrange(3, 7)}g}")

    def _labels_of(self, sheet: Sheet) -> dict[str, list[str]]:
        """The labels each column may hold: those of its vocabulary that the tables it leads to know."""
        trees = [sheet.basis, *(column.default for column in sheet.columns.values())]
        trees += [
            node for equation in self.method.equations.values() if equation.sheet == sheet.id for node in equation.nodes
        ]
        known: dict[str, set[str]] = {}
        for node in (item for tree in trees if tree is not None for item in tree.walk()):
            if isinstance(node, ex.Lookup) and node.keys is not None:
                table = self.tables[node.table][-1].table
                for key, name in zip(node.keys, table.keys, strict=True):
                    if isinstance(key, ex.Name) and key.name in sheet.columns:
                        found = [row.match[name] for row in table.rows if name in row.match and not row.listed]
                        held = {str(one) for item in found for one in (item if isinstance(item, tuple) else (item,))}
                        known[key.name] = known.get(key.name, held) & held
        return {
            column.name: sorted(self._common(column.vocabulary, known.get(column.name, _Every())))
            for column in sheet.columns.values()
            if column.vocabulary
        }

    def _common(self, vocabulary: str, known: set[str]) -> set[str]:
        """Those of the vocabulary that all tables know; all of it where tables share out the labels among them."""
        terms = set(self.library.vocabulary(vocabulary).terms)
        return (terms & known) or terms

    def _other_units(self, sheet: Sheet, row: dict[str, Any], dice: random.Random) -> None:
        """Write some numbers in another unit of the same kind, as users do."""
        oracle = Oracle(self.method, self.tables, {**self.around, sheet.id: [row]}, self.shapes)
        for name, cell in row.items():
            column = sheet.columns[name]
            if not isinstance(cell, Fraction):
                continue
            basis = oracle.basis(sheet.id, 0) if len(column.units) > 1 else next(iter(column.units))
            if basis in column.units and "{" not in column.units[basis].text and dice.random() < 0.3:
                own = column.units[basis].text
                other = dice.choice(sorted(alternatives(own)))
                row[name] = (_ten_digits(UNITS.convert(UNITS.quantity(cell, own), other).magnitude), other)

    def _complete(self, sheet: Sheet, row: dict[str, Any]) -> bool:
        oracle = Oracle(self.method, self.tables, {**self.around, sheet.id: [row]}, self.shapes)
        if sheet.basis is not None and not oracle.basis(sheet.id, 0):
            return False
        wanted = [name for name, column in sheet.columns.items() if column.kind == "number" and column.required]
        place = Place(sheet.id, {sheet.id: 0})
        for name in wanted:
            needed = sheet.columns[name].needed
            if row[name] is None and (needed is None or oracle.value(needed, place) is not False):
                return False
        return all(oracle.rows(name)[0] is not None for name in self.wanted[sheet.id]) and not oracle.refusals

    def _wanted(self) -> dict[str, list[str]]:
        """The equations that each row of a sheet must have a value for.

        One whose blank another equation bears is not among them, as the enthalpy from a table where one is entered.
        """
        bearing = [node for node in walked(self.method) if _bears(node)]
        borne = {part.name for node in bearing for part in node.walk() if isinstance(part, ex.Name)}
        homes = {name: self.shapes.of_equation(name).sheet for name in self.method.equations if name not in borne}
        return {sheet: [name for name, home in homes.items() if home == sheet] for sheet in self.method.sheets}


def walked(method: Method) -> Iterator[ex.Node]:
    """Every node of the expressions that the oracle evaluates."""
    trees = [tree for equation in method.equations.values() for tree in equation.nodes]
    trees += [column.default for sheet in method.sheets.values() for column in sheet.columns.values()]  # type: ignore[misc]
    return (node for tree in trees if tree is not None for node in tree.walk())


def _bears(node: ex.Node) -> bool:
    return (isinstance(node, ex.Call) and node.function == "first") or isinstance(node, ex.Choice)


class _Every(set):
    """The set of everything."""

    def __rand__(self, other: set[str]) -> set[str]:
        return set(other)


@cache
def alternatives(unit: str) -> set[str]:
    """Other spellings of a unit such as GJ/t, or of units of the same dimension: MJ/kg."""
    if "{" in unit or unit == "1":
        return {unit}
    above, _, below = unit.partition("/")
    tops, bottoms = _same_kind(above), _same_kind(below) if below else {""}
    tops = {top for top in tops if top == "1" or not top[:3].isdigit()}  # "12 100 km" is 12 100 kilometres; 1/a stays
    return {f"{top}/{bottom}" if bottom else top for top in tops for bottom in bottoms}


def _same_kind(text: str) -> set[str]:
    species = next((item for item in sorted(UNITS.species, key=len, reverse=True) if text.endswith(item)), "")
    head = text.removesuffix(species)
    if head not in UNITS.names:
        return {text}
    dimension = UNITS.unit(head).dimensionality
    return {
        f"{name}{species}"
        for name in UNITS.names
        if name.isascii() and not set("*·") & set(name) and UNITS.unit(name).dimensionality == dimension
    }


def _ten_digits(number: Fraction) -> Fraction:
    return Fraction(f"{float(number):.10g}")


def typed(sheets: Mapping[str, Rows]) -> dict[str, list[dict[str, Any]]]:
    """The rows as a user would type them: text where a unit is given, numbers elsewhere, no key where blank."""

    def cell(value: Any) -> Any:
        if isinstance(value, tuple):
            return f"{_decimal(value[0])} {value[1]}"
        return float(value) if isinstance(value, Fraction) else value

    return {
        name: [{key: cell(value) for key, value in row.items() if value is not None} for row in rows]
        for name, rows in sheets.items()
        if rows
    }


def _decimal(number: Fraction) -> str:
    return f"{float(number):.30f}".rstrip("0").rstrip(".") if abs(number) < 1 else f"{float(number):.10g}"


def written(method: Method, library: Library, inputs: Mapping[str, Any]) -> dict[str, Rows]:
    """The rows of a case file. Months are as `2025-01`; a cell is a number, or a number and a unit."""
    kinds = {sheet.kind: sheet.id for sheet in method.sheets.values()}  # a ledger may name a sheet by its kind
    sheets = {name if name in method.sheets else kinds.get(name, ""): rows for name, rows in inputs.items()}
    return {
        name: [_row(method.sheets[name], library, row) for row in _long(rows if isinstance(rows, list) else [rows])]
        for name, rows in sheets.items()
        if name
    }


def _long(rows: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row with figures by month is one row a month."""
    for row in rows:
        wide = {name: cell for name, cell in row.items() if isinstance(cell, Mapping)}
        if not wide:
            yield dict(row)
        for month in dict.fromkeys(month for cells in wide.values() for month in cells):
            yield {**row, "month": month, **{name: cells.get(month) for name, cells in wide.items()}}


def _row(sheet: Sheet, library: Library, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _read(sheet.columns[name], library, row, name) for name in row if name in sheet.columns}


def _read(column: Column, library: Library, row: Mapping[str, Any], name: str) -> Any:
    cell = row[name]
    if cell is None or column.kind != "number":
        known = cell is not None and column.vocabulary
        return library.vocabulary(column.vocabulary).resolve(str(cell)) if known else cell
    match = re.fullmatch(r"(-?[\d,]*\.?\d+)\s*(.*)", str(cell).strip())
    assert match, cell
    unit = match[2] or row.get(f"{name}_unit")
    number = Fraction(match[1].replace(",", ""))
    return (number, str(unit)) if unit else number


def _alone(sheet: Sheet, row: dict[str, Any], sources: dict[tuple[Any, ...], set[Any]]) -> bool:
    """Whether no other row has the key of this one, and its source is told by month or for the year, not both."""
    names = [name for name in sheet.axes if name not in ("month", sheet.source_column)]  # texts may differ or not
    months = sources.setdefault(tuple(row[name] for name in names), set())
    month = row.get("month")
    if month in months or (months and (month is None or None in months)):
        return False
    months.add(month)
    return True
