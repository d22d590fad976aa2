"""One run of a program on a ledger: the environment in which expressions meet columns, tables and each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.document import Period
from carbonstd._definitions.library import Library
from carbonstd._engine.array import Array, entity_of
from carbonstd._engine.edition import Segment
from carbonstd._engine.evaluate import evaluate, gather
from carbonstd._engine.look_up import FoundRows, look_up
from carbonstd._engine.model_call import call_model
from carbonstd._engine.rounding import Rounding, rounding_of, unknown
from carbonstd._engine.usage import Usage
from carbonstd._engine.within import ASIDE, Within
from carbonstd._findings import Finding, PlaceOf, Severity
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiled, Program
from carbonstd._language.shape import ENTITY, SCALAR, Frame
from carbonstd._ledger.arithmetic import NAN
from carbonstd._ledger.axes import Axes
from carbonstd._ledger.ledger import SheetData
from carbonstd._number import exact, exact_array


@dataclass
class Run:
    """The state of a run. `exact` computes in fractions; both kinds share the ledger and the table editions.

    Many `entities` may share a run: each row then has the code of its own, and every array that does not run over rows
    has the axis ENTITY, but for what is the same for all.
    """

    program: Program
    ledger: Mapping[str, SheetData]
    axes: Axes
    segments: Mapping[str, list[Segment]]
    period: Period
    library: Library
    exact: bool = False
    entities: int = 0
    values: dict[str, Array] = field(default_factory=dict)
    working: dict[str, Mapping[str, NDArray[Any]]] = field(default_factory=dict)
    usages: dict[str, list[Usage]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    refused: set[tuple[str, int]] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)  # equations whose called model has said what is wrong
    statuses: dict[str, Array] = field(default_factory=dict)  # of equations, kept by `_result.status`
    addends: dict[str, tuple[NDArray[Any], NDArray[Any]]] = field(default_factory=dict)  # the same
    found: FoundRows = field(default_factory=FoundRows)
    _exactly: Run | None = None
    _roundings: dict[str, Rounding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for segments in self.segments.values():
            for axis in {column.axis for item in segments for column in item.table.columns.values() if column.axis}:
                for item in segments:
                    self.axes.encode(axis, item.table.labels(axis))

    def evaluate(self, compiled: Compiled, sheet: str, what: str) -> Array:
        """Run a compiled expression among the names of `sheet`; look-ups are recorded under `what`."""
        assert compiled.node is not None
        return self.evaluate_node(compiled.node, what, sheet)

    def evaluate_node(self, node: ex.Node, what: str, sheet: str = "") -> Array:
        """Run a checked tree; one that stands on no sheet, where none is named."""
        within = Within(self, sheet, what)
        array = evaluate(node, within)
        self.findings += [item for item in within.findings if self._told(item, array)]
        return array

    def by_row(self, compiled: Compiled, sheet: str, what: str) -> Array:
        """A compiled expression at every row of `sheet`; what was found over axes is read off by the row's labels."""
        array, rows = self.evaluate(compiled, sheet, what), Frame(sheet)
        within = Within(self, sheet, what)
        self.usages[what] = [usage.by_row(sheet, within) for usage in self.usages.get(what, [])]
        if array.frame.axes:
            return replace(array, data=gather(array, rows, within), frame=rows, keys=None)
        return replace(array, data=np.broadcast_to(array.data, (self.ledger[sheet].rows,)), frame=rows)

    def looked_at(self, node: ex.Node, sheet: str) -> Array:
        """What a tree comes to, looked at again after its equation ran: nothing is found or cited by that."""
        return evaluate(node, Within(self, sheet, "looked at"))

    def labels_of(self, array: Array) -> list[str]:
        """The labels of an array as text, empty where blank."""
        return [str(label or "") for label in self.plain(array)]

    def exactly(self) -> Run:
        """The same run in fractions."""
        if self.exact:
            return self
        if self._exactly is None:
            fresh: dict[str, Any] = {
                "values": {},
                "working": {},
                "usages": {},
                "findings": [],
                "statuses": {},
                "addends": {},
            }
            self._exactly = replace(self, exact=True, **fresh, _exactly=None)
        return self._exactly

    def forget(self) -> None:
        """Drop what was computed, because the ledger has changed."""
        self.values.clear()
        self.statuses.clear()
        self.addends.clear()
        self._roundings.clear()
        self._exactly = None

    def roughly(self, compiled: Compiled, sheet: str, what: str) -> tuple[Array, NDArray[np.bool_]]:
        """An expression by float64 alone, and the entities for which that leaves something open or to be told."""
        assert compiled.node is not None
        within = Within(self, sheet, what)
        left_open = within.open = np.zeros(self.entities, dtype=bool)
        array = evaluate(compiled.node, within)
        for item in within.findings:
            left_open[item.place.entity if isinstance(item.place, PlaceOf) else slice(None)] = True
        return array, left_open

    def _told(self, item: Finding, array: Array) -> bool:
        """Whether a finding counts: an error only where it left a figure missing."""
        if item.severity is not Severity.ERROR or not isinstance(item.place, PlaceOf):
            return item.severity is not Severity.ERROR or not array.known
        return not self.known_of(array)[item.place.entity]

    def owners(self, frame: Frame, keys: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """The entity that each value of a frame is of, in a run that many share."""
        if frame.sheet:
            return self.ledger[frame.sheet].codes[ENTITY]
        assert keys is not None
        return entity_of(frame.axes, keys)

    def of_each(self, array: Array, holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For which entities something holds of any value of an array. Shape (entities,)."""
        found = np.zeros(self.entities, dtype=bool)
        found[... if array.frame.scalar else self.owners(array.frame, array.keys)[holds]] = holds.any()
        return found

    def known_of(self, array: Array) -> NDArray[np.bool_]:
        """For which entities nothing in an array is missing."""
        return ~self.of_each(array, array.missing)

    def places(self, what: str, at: Array) -> list[str]:
        """`what` once, or for each entity for which `at` holds anywhere."""
        if not self.entities or at.frame.scalar:
            return [what]
        return [PlaceOf(what, entity) for entity in np.flatnonzero(self.of_each(at, at.data)).tolist()]

    def equation(self, name: str) -> Array:
        if name not in self.values:
            equation, compiled = self.program.method.equations[name], self.program.equations[name]
            if compiled.arguments is not None:
                self.values[name] = call_model(self, name, compiled)
            else:
                array = self.evaluate(compiled, equation.sheet, name)
                self.values[name] = array
        return self.values[name]

    def status(self, name: str, find: Callable[[str], Array]) -> Array:
        """The status of the values of an equation, as `find` tells it when first asked."""
        if name not in self.statuses:
            self.statuses[name] = find(name)
        return self.statuses[name]

    def rounding(self, name: str) -> Rounding:
        """How far the figures of an equation may be off the true ones."""
        if name not in self._roundings:
            equation, node = self.program.method.equations[name], self.program.equations[name].node
            self._roundings[name] = unknown(self.equation(name))  # so much is known where a default leans on itself
            if node is not None:
                self._roundings[name] = rounding_of(node, Within(self, equation.sheet, name).aside(equation.sheet))
            self.usages.pop(ASIDE, None)
        return self._roundings[name]

    def column(self, sheet: str, column: str) -> Array:
        data = self.ledger[sheet]
        if self.entities and data.sheet.single:
            return self._forms(data, column)
        frame = SCALAR if data.sheet.single else Frame(sheet)
        unfilled = data.sheet.single and not data.rows  # a form nobody filled: its one value is missing
        if unfilled and column in data.numbers:
            missing = np.array([np.nan])
            return Array(exact_array(missing) if self.exact else missing, frame)
        if unfilled:
            return Array(np.array([-1]), frame, labels=column)
        if column in data.numbers:
            return Array(self._exact_column(data, column) if self.exact else data.numbers[column], frame)
        return Array(data.codes[column], frame, labels=column)

    def _forms(self, data: SheetData, column: str) -> Array:
        """A column of a form: one value for each entity, missing where it did not fill the form in."""
        number = column in data.numbers
        cells: NDArray[Any] = data.numbers[column] if number else data.codes[column]
        cells = self._exact_column(data, column) if number and self.exact else cells
        values = np.full(self.entities, NAN if number else -1, dtype=cells.dtype)
        values[data.codes[ENTITY]] = cells
        return Array(values, *self.entity_frame, labels=None if number else column)

    @property
    def entity_frame(self) -> tuple[Frame, NDArray[np.int64]]:
        """The frame of what each entity has once, and its keys."""
        return Frame(axes=(ENTITY,)), np.arange(self.entities)

    def _exact_column(self, data: SheetData, column: str) -> NDArray[np.object_]:
        """A column in fractions, its defaults computed in fractions too."""
        values, filled = data.exact(column), data.filled.get(column)
        if filled is None:
            return values
        compiled = self.program.defaults[data.sheet.id, column]
        name = f"{data.sheet.id}.{column}"
        if name not in self.values:
            self.values[name] = Array(values)  # a default that leans on its own column finds it as it stands
            self.values[name] = Array(np.where(filled, self.by_row(compiled, data.sheet.id, name).data, values))
        return self.values[name].data

    def lookup(self, node: ex.Lookup, keys: Sequence[Array], what: str, rows_of: str = "") -> Array:
        return look_up(self, node, keys, what, rows_of)

    def axis(self, name: str) -> Array:
        if self.entities:
            return self._axis_of_each(name)
        codes = np.arange(len(self.axes.labels.get(name, [])), dtype=np.int64)
        return Array(codes, Frame(axes=(name,)), codes, -1, name, everywhere=True)

    def _axis_of_each(self, name: str) -> Array:
        """The labels that each entity's own rows have, and those of the tables."""
        tables = {item.table for segments in self.segments.values() for item in segments}
        axes = ((table, column.axis) for table in tables for column in table.columns.values())
        printed_labels = {label for table, axis in axes if axis == name for label in table.labels(name)}
        every = np.array(sorted(self.axes.code(name, label) for label in printed_labels), dtype=np.int64)
        ledgers = [data.codes for data in self.ledger.values() if name in data.codes]
        entities = [np.repeat(np.arange(self.entities), len(every)), *(codes[ENTITY] for codes in ledgers)]
        labels = [np.tile(every, self.entities), *(codes[name] for codes in ledgers)]
        held, own = np.concatenate(labels), np.concatenate(entities)
        frame = Frame(axes=(ENTITY, name))
        keys = np.unique(self.axes.ravel(frame.axes, [own[held >= 0], held[held >= 0]]))
        return Array(self.axes.unravel(frame.axes, keys)[name], frame, keys, -1, name, everywhere=True)

    def plain(self, key: Array) -> list[Any]:
        """Labels as text, numbers as exact fractions: what table rows are matched by."""
        if key.labels:
            known = [*self.axes.labels.get(key.labels, []), None]
            return [known[int(code)] for code in key.data]
        if key.labels == "":
            return list(key.data)
        return [value if self.exact or value != value else exact(float(value)) for value in key.data]
