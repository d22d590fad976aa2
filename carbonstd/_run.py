"""One run of a program on a ledger: the environment in which expressions meet columns, tables and each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd import _expression as ex
from carbonstd._arithmetic import FALSE, NAN
from carbonstd._axes import Axes
from carbonstd._compile import Compiled, Program
from carbonstd._document import Period
from carbonstd._edition import Segment
from carbonstd._evaluate import Array, NotTogether, entity_of, evaluate, gather
from carbonstd._findings import Finding, PlaceOf, Severity, finding
from carbonstd._formula import printed
from carbonstd._ledger import SheetData
from carbonstd._library import Library
from carbonstd._number import exact, exact_array
from carbonstd._rounding import Rounding, rounding_of, unknown
from carbonstd._shape import ENTITY, SCALAR, Frame
from carbonstd._table import Table
from carbonstd._usage import Usage
from carbonstd._within import ASIDE, Within, key_text
from carbonstd.models import Outcome, registry


class SlotView:
    """A table as a called model sees it."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def numeric_key(self, name: str) -> NDArray[np.float64]:
        """The single number of a numeric key in each row. Shape (rows,)."""
        return np.array([float(getattr(row.match[name], "from_", NAN) or 0) for row in self.table.rows])

    def numbers(self, column: str) -> NDArray[np.float64]:
        return self.table.numbers(column)

    def grid(self, column: str) -> tuple[list[str], NDArray[np.float64]]:
        """An axis column as (labels, values (rows, labels))."""
        return self.table.grid(column)


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
    statuses: dict[str, Array] = field(default_factory=dict)  # of equations, kept by `_status`
    addends: dict[str, tuple[NDArray[Any], NDArray[Any]]] = field(default_factory=dict)  # the same
    _maps: dict[tuple[str, int, str], NDArray[np.int64]] = field(default_factory=dict)
    _found: dict[tuple[str, int, str, int], tuple[NDArray[np.int64], NDArray[Any]]] = field(default_factory=dict)
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
        return self._evaluated(compiled.node, sheet, what)

    def evaluate_node(self, node: ex.Node, what: str) -> Array:
        """Run a checked tree that stands on no sheet."""
        return self._evaluated(node, "", what)

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
        return [str(label or "") for label in self._plain(array)]

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

    def _evaluated(self, node: ex.Node, sheet: str, what: str) -> Array:
        within = Within(self, sheet, what)
        array = evaluate(node, within)
        self.findings += [item for item in within.findings if self._told(item, array)]
        return array

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
                self.values[name] = self._call(name, compiled)
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
        return Array(values, *self._entities, labels=None if number else column)

    @property
    def _entities(self) -> tuple[Frame, NDArray[np.int64]]:
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
        """Find a row for every combination of keys. NaN (or label -1) where no row or no number answers.

        `rows_of` names the sheet whose rows ask, each in its month, though the keys are the same for all.
        """
        if rows_of and self.entities:
            owners = self.ledger[rows_of].codes[ENTITY]
            keys = [
                replace(key, data=key.data[owners], frame=Frame(rows_of)) if key.keys is not None else key
                for key in keys
            ]
        wide = max(
            keys,
            key=lambda key: (key.frame.sheet is not None, len(key.frame.axes), len(key.data)),
            default=None,
        )
        frame = wide.frame if wide is not None else SCALAR
        asked = len(wide.data) if wide is not None else 1
        if rows_of:
            frame = Frame(rows_of)
        count = self.ledger[rows_of].rows if rows_of else asked
        at = wide.keys if wide is not None and frame.axes else None
        if self.entities and frame.scalar:
            (frame, at), count = self._entities, self.entities
        segments = self.segments[node.table]
        which = self._segment_of(node.table, frame, count)
        rows = self._rows(node.table, which, keys, asked, count)
        names = tuple(printed(key) for key in node.keys or ())
        usage = Usage(node.table, node.column, frame, which, rows, names, at=at)
        self.usages.setdefault(what, []).append(usage)
        axis = segments[0].table.columns[node.column].axis
        if axis:
            places = list(zip(which.tolist(), rows.tolist(), strict=True))
            along = {(at, row): self._over_axis(segments[at].table, row, node.column, axis) for at, row in set(places)}
            found = [along[place] for place in places]
            return self._side_by_side(found, axis) if self.entities else found[0]
        keep, everywhere = at, wide is not None and wide.everywhere
        if segments[0].table.columns[node.column].text:
            name = f"{segments[0].table.family}.{node.column}"
            codes = np.full(count, -1, dtype=np.int64)
            for index, segment in enumerate(segments):
                values = np.append(self.axes.encode(name, segment.table.texts(node.column)), -1)
                codes = values[rows] if len(segments) == 1 else np.where(which == index, values[rows], codes)
            return Array(codes, frame, keep, -1, name, everywhere)
        result: Any = NAN
        for index, segment in enumerate(segments):
            numbers: Any = np.append(segment.table.numbers(node.column), NAN)
            if self.exact:
                cells = [segment.table.cell(row, node.column).value for row in range(len(segment.table.rows))]
                numbers = np.array([*(NAN if value is None else value for value in cells), NAN], dtype=object)
            result = numbers[rows] if len(segments) == 1 else np.where(which == index, numbers[rows], result)
        return Array(result, frame, keep, everywhere=everywhere)

    def _rows(
        self, slot: str, which: NDArray[np.int64], keys: Sequence[Array], asked: int, count: int
    ) -> NDArray[np.int64]:
        """The table row that answers each row of the frame, in the edition that holds for it."""
        segments = self.segments[slot]
        if len(segments) == 1:
            return np.broadcast_to(self._find(slot, 0, segments[0].table, keys, asked), (count,))
        rows = np.full(count, -1, dtype=np.int64)
        for index in np.unique(which):
            found = self._find(slot, int(index), segments[int(index)].table, keys, asked)
            rows = np.where(which == index, np.broadcast_to(found, (count,)), rows)
        return rows

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

    def _side_by_side(self, arrays: Sequence[Array], axis: str) -> Array:
        """What each entity has along an axis, as one array."""
        codes = [array.keys for array in arrays if array.keys is not None]
        entities = np.repeat(np.arange(self.entities), [len(item) for item in codes])
        keys = self.axes.ravel((ENTITY, axis), [entities, np.concatenate(codes)])
        return replace(
            arrays[0],
            data=np.concatenate([array.data for array in arrays]),
            frame=Frame(axes=(ENTITY, axis)),
            keys=keys,
        )

    def _segment_of(self, slot: str, frame: Frame, count: int) -> NDArray[np.int64]:
        segments = self.segments[slot]
        if len(segments) == 1:
            return np.broadcast_to(np.int64(0), (count,))
        if frame.sheet is None or "month" not in self.ledger[frame.sheet].codes:
            held = ", ".join(item.table.id for item in segments)
            self.findings.append(finding("edition-needs-months", slot, held=held))
            return np.full(count, len(segments) - 1, dtype=np.int64)
        codes = self.ledger[frame.sheet].codes["month"]
        months = [Period.parse(month) for month in [*self.axes.labels.get("month", []), ""]]  # the last for code -1
        if any(months[int(code)] is None for code in np.unique(codes)):
            held = ", ".join(item.table.id for item in segments)
            self.findings.append(finding("edition-needs-months", slot, held=held))
        starts = [month.start if month else segments[-1].start for month in months]
        table = [max((i for i, item in enumerate(segments) if item.start <= start), default=0) for start in starts]
        return np.array(table, dtype=np.int64)[codes]

    def _find(self, slot: str, index: int, table: Table, keys: Sequence[Array], count: int) -> NDArray[np.int64]:
        if not keys:
            return np.zeros(count, dtype=np.int64)
        if len(keys) == 1 and keys[0].labels:
            return self._by_label(slot, index, table, keys[0])
        columns = [np.broadcast_to(np.asarray(self._plain(key), dtype=object), (count,)) for key in keys]
        cache: dict[tuple[Any, ...], int] = {}
        found = np.full(count, -1, dtype=np.int64)
        for row, values in enumerate(zip(*columns, strict=True)):
            if values not in cache:
                cache[values] = self._row(table, values)
            found[row] = cache[values]
        return found

    def _by_label(self, slot: str, index: int, table: Table, key: Array) -> NDArray[np.int64]:
        """The row for each label; several columns are looked up by the same label column, and their rows found once."""
        assert key.labels
        place = (slot, index, key.labels, id(key.data))
        rows, kept = self._found.get(place, (key.data, None))
        if kept is not key.data:  # an id is of one array as long as that is kept, but another's in another process
            rows = np.append(self._label_map(slot, index, table, key.labels), -1)[key.data]
            self._found[place] = rows, key.data
        return rows

    def _label_map(self, slot: str, index: int, table: Table, labels: str) -> NDArray[np.int64]:
        known = self.axes.labels.get(labels, [])
        cached = self._maps.get((slot, index, labels))
        if cached is None or len(cached) != len(known):
            cached = np.array([self._row(table, (label,)) for label in known], dtype=np.int64)
            self._maps[slot, index, labels] = cached
        return cached

    def _row(self, table: Table, values: tuple[Any, ...]) -> int:
        """The one row for a value of each key, -1 where there is none; two rows are a finding.

        A value may be missing where the row leaves that key out.
        """
        hits = table.find(tuple(None if value != value else value for value in values))
        if len(hits) > 1:
            text = ", ".join(map(key_text, values))
            self.findings.append(finding("ambiguous-row", table.id, keys=text, count=len(hits)))
        return hits[0] if len(hits) == 1 else -1

    def _plain(self, key: Array) -> list[Any]:
        """Labels as text, numbers as exact fractions: what table rows are matched by."""
        if key.labels:
            known = [*self.axes.labels.get(key.labels, []), None]
            return [known[int(code)] for code in key.data]
        if key.labels == "":
            return list(key.data)
        return [value if self.exact or value != value else exact(float(value)) for value in key.data]

    def _over_axis(self, table: Table, row: int, column: str, axis: str) -> Array:
        """The cells of a row along an axis. A dash is no level: it stands at no key, so nothing is compared with it."""
        labels = table.labels(axis)
        cells = {label: table.cell(row, column, label) if row >= 0 else None for label in labels}
        held = {label: cell.value if cell else None for label, cell in cells.items() if not (cell and cell.none)}
        codes = np.array([self.axes.code(axis, label) for label in held], dtype=np.int64)
        order = np.argsort(codes)
        data = np.array([NAN if value is None else value for value in held.values()], dtype=object)
        return Array((data if self.exact else data.astype(np.float64))[order], Frame(axes=(axis,)), codes[order])

    def _call(self, name: str, compiled: Compiled) -> Array:
        """Run a called model. Exact runs take its float result to 15 digits."""
        equation = self.program.method.equations[name]
        model = registry()[equation.call]
        frame = compiled.type.frame
        if self.entities and not model.by_row:
            raise NotTogether("a called model takes all rows together")
        arguments = self.model_arguments(name, lambda node: self._evaluated(node, equation.sheet, name))
        outcome = model.function(**arguments)
        self.working[name] = outcome.working
        self._model_findings(name, outcome, frame)
        value: Any = exact_array(outcome.value) if self.exact else outcome.value
        if frame.sheet and not model.axis:
            value = np.where(self._needed(name, frame), value, NAN)  # nobody asked, and its findings are dropped
        if not model.axis:
            return (
                Array(np.broadcast_to(value, self.entities), *self._entities)
                if self.entities and frame.scalar
                else Array(value, frame)
            )
        codes = self.axes.encode(model.axis, outcome.labels)
        order = np.argsort(codes)
        return Array(value[order], frame, codes[order])

    def model_arguments(self, name: str, evaluated: Callable[[ex.Node], Array]) -> dict[str, Any]:
        """What a called model is given: tables as views, labels as text, numbers as float64."""
        model, compiled = registry()[self.program.method.equations[name].call], self.program.equations[name]
        frame = compiled.type.frame
        count = self.ledger[frame.sheet].rows if frame.sheet else None
        arguments: dict[str, Any] = {}
        for argument, node in (compiled.arguments or {}).items():
            if model.arguments[argument] == "table":
                assert isinstance(node, ex.Name)
                arguments[argument] = self._slot_view(node.name, name, frame)
                continue
            array = evaluated(node)
            data: Any = (
                np.array(["" if v is None else v for v in self._plain(array)], dtype=object)
                if array.labels is not None
                else array.data.astype(np.float64)
            )
            arguments[argument] = np.broadcast_to(data, (count,)) if count is not None and len(data) == 1 else data
        return arguments

    def _slot_view(self, slot: str, what: str, frame: Frame) -> SlotView:
        """A table for a model. Which rows it reads is the model's affair: its evidence is judged as a whole."""
        segments = self.segments[slot]
        if len(segments) > 1:
            held = ", ".join(item.table.id for item in segments)
            self.findings.append(finding("edition-needs-months", slot, held=held))
        table = segments[-1].table
        if self._needed(what, frame).any():
            rows = np.arange(len(table.rows))
            first = np.zeros(len(rows), dtype=np.int64)
            usages = [Usage(slot, column, SCALAR, first, rows, (), whole=True) for column in table.columns]
            self.usages.setdefault(what, []).extend(usages)
        return SlotView(table)

    def _needed(self, name: str, frame: Frame) -> NDArray[np.bool_]:
        """The rows in which a called model's answer is used at all."""
        compiled = self.program.needed.get(("", name))
        rows = self.ledger[frame.sheet].rows if frame.sheet else self.entities or 1
        if compiled is None or not frame.sheet:
            return np.ones(rows, dtype=bool)
        return np.asarray(self.by_row(compiled, frame.sheet, "needed").data != FALSE)

    def _model_findings(self, name: str, outcome: Outcome, frame: Frame) -> None:
        equation = self.program.method.equations[name]
        place = self.ledger[frame.sheet].place if frame.sheet else None
        needed = self._needed(name, frame)
        for code, item in outcome.findings.items():
            mask, values, *about = item if isinstance(item, tuple) else (item, {})
            list_of = equation.arguments[about[0]] if about else None
            for row in np.flatnonzero(mask & needed if len(mask) == len(needed) else mask):
                shown = {key: value[row] if np.ndim(value) else value for key, value in values.items()}
                where = (
                    place(next(iter(equation.arguments)), int(row))
                    if place
                    else PlaceOf(name, int(row))
                    if self.entities
                    else name
                )
                if isinstance(list_of, ex.Member):
                    where = self.ledger[list_of.sheet].place(list_of.column, int(row))
                self.findings.append(finding(code, where, equation.clause, **shown))
                if self.findings[-1].severity is Severity.ERROR:
                    self.refused.add((frame.sheet or "", int(row)))
                    if not frame.sheet:
                        self.failed.add(name)
