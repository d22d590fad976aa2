"""What differs below a line of two results: equations, table editions, figures of the ledger, cells and constants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from carbonstd._definitions.method import Equation
from carbonstd._definitions.schema import Bilingual
from carbonstd._definitions.table import Cell, Table
from carbonstd._language import expression as ex
from carbonstd._language.formula import printed
from carbonstd._number import shown
from carbonstd._result.evidence import used_rows
from carbonstd._result.result import Result
from carbonstd._trace.explain import formula_of
from carbonstd._trace.origin import cell_label
from carbonstd._wording import NOT_REPORTED

USED = "used"
_DEFAULTS = ("default", "carried", "assumed")  # statuses of a figure that a default gave


@dataclass(frozen=True)
class Cause:
    """One thing that differs below a line: of which kind, what, and how it stands by both editions."""

    kind: str
    what: Bilingual
    old: str = ""
    new: str = ""
    rows: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "what": dict(self.what), "old": self.old, "new": self.new, "rows": self.rows}


class Figure(NamedTuple):
    """A figure of the ledger with its unit, and whether a default gave it."""

    text: str
    by_default: bool


@dataclass(frozen=True)
class Reached:
    """What one line of a result rests on: equations, columns of sheets, and constants."""

    below: Below
    top: str
    equations: dict[str, None] = field(default_factory=dict)
    columns: dict[tuple[str, str], None] = field(default_factory=dict)
    constants: dict[str, None] = field(default_factory=dict)

    @property
    def result(self) -> Result:
        return self.below.result

    @cached_property
    def uses(self) -> list[tuple[str, str, Table, int, str]]:
        """The table rows looked up: by which equation or column, slot, table, row and column of the table."""
        run = self.result._run
        whats = [*self.equations, *(f"{sheet}.{column}" for sheet, column in self.columns)]
        return [
            (what, usage.slot, table, row, usage.column)
            for what in whats
            for usage in run.usages.get(what, [])
            for table, row in used_rows(run, what, usage)
        ]


class Below:
    """What each line of a result rests on, followed through its equations and the defaults that filled blanks."""

    def __init__(self, result: Result) -> None:
        self.result, self.method, self.program = result, result.method, result._run.program
        self._found: dict[str, Reached] = {}

    @cached_property
    def figures(self) -> Mapping[tuple[str, str], Mapping[int, Figure]]:
        """The figures of every column of the ledger, by row."""
        found: dict[tuple[str, str], dict[int, Figure]] = {}
        held = self.result.operands
        held = held[held["sheet"] != ""]
        fields = (held[name] for name in ("sheet", "column", "row", "value", "unit", "status"))
        for sheet, column, row, value, text, status in zip(*fields, strict=True):
            figure = Figure(f"{shown(value, 8)} {text}", status in _DEFAULTS)
            found.setdefault((sheet, column), {})[int(row)] = figure
        return found

    def of(self, equation: str) -> Reached:
        if equation not in self._found:
            reached = Reached(self, equation)
            self._equation(equation, reached)
            self._found[equation] = reached
        return self._found[equation]

    def read_by(self, condition: ex.Node, sheet: str) -> Collection[tuple[str, str]]:
        """The columns that a condition on a sheet reads, itself or by the equations it names."""
        reached = Reached(self, "")
        self._tree(condition, sheet, reached)
        return reached.columns

    def _equation(self, name: str, reached: Reached) -> None:
        if name in reached.equations:
            return
        reached.equations[name] = None
        item = self.method.equations[name]
        for tree in item.nodes:
            self._tree(tree, item.sheet, reached)

    def _tree(self, tree: ex.Node, sheet: str, reached: Reached) -> None:
        for node in tree.walk():
            if isinstance(node, ex.Member):
                self._column(node.sheet, node.column, reached)
            elif isinstance(node, ex.Name):
                if sheet and node.name in self.method.sheets[sheet].columns:
                    self._column(sheet, node.name, reached)
                elif node.name in self.method.equations:
                    self._equation(node.name, reached)
                elif node.name in self.method.constants:
                    reached.constants[node.name] = None

    def _column(self, sheet: str, column: str, reached: Reached) -> None:
        data = self.result._run.ledger[sheet]
        if (sheet, column) in reached.columns or column not in data.sheet.columns:
            return
        reached.columns[sheet, column] = None
        default, filled = data.sheet.columns[column].default, data.filled.get(column)
        if default is not None and filled is not None and filled.any():
            self._tree(default, sheet, reached)


def causes(old: Reached, new: Reached) -> Iterator[Cause]:
    """What differs below two lines, from the equations down to the figures."""
    yield from _equations(old, new)
    yield from _tables(old, new)
    yield from _columns(old, new)
    yield from _cells(old, new)
    yield from _constants(old, new)


def _equations(old: Reached, new: Reached) -> Iterator[Cause]:
    """Equations of one id whose expressions differ; of the line itself also those of two ids."""
    before, after = old.result.method.equations, new.result.method.equations
    pairs = [(name, name) for name in old.equations if name in new.equations]
    if old.top != new.top:
        pairs.insert(0, (old.top, new.top))
    for one, other in pairs:
        if _raw(before[one]) != _raw(after[other]):
            texts = (formula_of(old.result._run, before[one]), formula_of(new.result._run, after[other]))
            yield Cause("equation", after[other].label, *texts)


def _raw(equation: Equation) -> tuple[str, ...]:
    """An equation with plain names: a symbol that changes is no other equation."""
    return (equation.call, *(printed(node) for node in equation.nodes))


def _tables(old: Reached, new: Reached) -> Iterator[Cause]:
    """Slots that took other table editions."""
    before, after = (_by_slot(item) for item in (old, new))
    for slot in dict.fromkeys((*before, *after)):
        ids = [held.get(slot, {}) for held in (before, after)]
        if list(ids[0]) != list(ids[1]):
            title = next(iter((ids[1] or ids[0]).values()))
            one, other = (", ".join(item) or NOT_REPORTED for item in ids)
            yield Cause("table", title, one, other)


def _by_slot(reached: Reached) -> dict[str, dict[str, Bilingual]]:
    found: dict[str, dict[str, Bilingual]] = {}
    for _, slot, table, _, _ in reached.uses:
        found.setdefault(slot, {})[table.id] = table.title
    return {slot: dict(sorted(tables.items())) for slot, tables in found.items()}


def _columns(old: Reached, new: Reached) -> Iterator[Cause]:
    """Figures of the ledger that differ, counted by the pair of figures; columns one edition alone reads, once each."""
    for sheet, column in dict.fromkeys((*old.columns, *new.columns)):
        before, after = (_figures(item, sheet, column) for item in (old, new))
        read = new if (sheet, column) in new.columns else old
        label = read.result.method.sheets[sheet].label_of(column)
        if not (before and after):
            if before or after:
                yield Cause("column", label, *_which(bool(before)), len(before or after))
            continue
        pairs = Counter[tuple[str, str, bool]]()
        for row in dict.fromkeys((*before, *after)):
            (one, filled), (other, refilled) = (side.get(row, _BLANK) for side in (before, after))
            if one != other:
                pairs[one, other, filled or refilled] += 1
        for (one, other, filled), rows in pairs.items():
            yield Cause("default" if filled else "input", label, one, other, rows)


_BLANK = Figure(NOT_REPORTED, False)


def _which(old: bool) -> tuple[str, str]:
    """Used by the old edition alone, or by the new one alone."""
    return (USED, NOT_REPORTED) if old else (NOT_REPORTED, USED)


def _figures(reached: Reached, sheet: str, column: str) -> Mapping[int, Figure]:
    """The figures of a column the line rests on, by row."""
    return reached.below.figures.get((sheet, column), {}) if (sheet, column) in reached.columns else {}


def _cells(old: Reached, new: Reached) -> Iterator[Cause]:
    """Table cells that equations read themselves; a warming potential is told as such. Those that one edition alone
    reads are counted by table."""
    before, after = (_read(item) for item in (old, new))
    for key in (key for key in before if key in after):
        (one, words, _), (other, _, table) = before[key], after[key]
        if one != other:
            yield Cause("gwp" if table.startswith("gwp/") else "cell", words, one, other)
    for side, other_side, of_old in ((before, after, True), (after, before, False)):
        alone = Counter(table for key, (_, _, table) in side.items() if key not in other_side)
        for table, rows in alone.items():
            yield Cause("cells", {"zh": table, "en": table}, *_which(of_old), rows)


def _read(reached: Reached) -> Mapping[tuple[str, ...], tuple[str, Bilingual, str]]:
    """The cells equations read: by slot, row and column their figure, what they are, and the table."""
    found: dict[tuple[str, ...], tuple[str, Bilingual, str]] = {}
    run = reached.result._run
    for what, slot, table, row, column in reached.uses:
        if what not in reached.equations:
            continue
        held = table.rows[row].cells[column]
        for label, cell in [("", held)] if isinstance(held, Cell) else held.items():
            if cell.value is not None:
                text = f"{shown(float(cell.value), 8)} {_unit_of(table, row, column)}"
                words = {name: f"{said} {label}".strip() for name, said in cell_label(run, table, row, column).items()}
                found[slot, table.rows[row].name(), column, label] = (text, words, table.id)
    return found


def _unit_of(table: Table, row: int, column: str) -> str:
    """The unit of a cell, with the species of its row: kgCO2e/kgCH4 and not kgCO2e/kg{gas}."""
    match, found = table.rows[row].match, table.unit(row, column)
    for marker in found.markers:
        found = found.renamed(marker, str(match.get(marker, f"{{{marker}}}")))
    return found.text


def _constants(old: Reached, new: Reached) -> Iterator[Cause]:
    before, after = old.result.method.constants, new.result.method.constants
    for name in old.constants:
        if name in new.constants and before[name].value != after[name].value:
            was, now = (f"{item.text} {item.unit.text}" for item in (before[name], after[name]))
            yield Cause("constant", after[name].label, was, now)
