"""One run of a program on a ledger: the environment in which expressions meet columns, tables and each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd import _expression as ex
from carbonstd._check import SCALAR, Frame
from carbonstd._compile import Compiled, Program
from carbonstd._document import Period
from carbonstd._edition import Segment
from carbonstd._evaluate import NAN, Array, Axes, evaluate
from carbonstd._findings import Finding, finding
from carbonstd._formula import printed
from carbonstd._ledger import SheetData
from carbonstd._library import Library
from carbonstd._number import exact, exact_array
from carbonstd._table import Table
from carbonstd.models import Outcome, registry


@dataclass(frozen=True)
class Usage:
    """A look-up that was made: which edition and table row answered each row of the frame (-1: none)."""

    slot: str
    column: str
    frame: Frame
    segment: NDArray[np.int64]
    row: NDArray[np.int64]
    keys: tuple[str, ...]


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
        labels = self.table.labels(self.table.columns[column].axis)
        cells = [[self.table.cell(row, column, label).value for label in labels] for row in range(len(self.table.rows))]
        return labels, np.array([[NAN if value is None else float(value) for value in row] for row in cells])


@dataclass
class Run:
    """The state of a run. `exact` computes in fractions; both kinds share the ledger and the table editions."""

    program: Program
    ledger: Mapping[str, SheetData]
    axes: Axes
    segments: Mapping[str, list[Segment]]
    period: Period
    library: Library
    exact: bool = False
    values: dict[str, Array] = field(default_factory=dict)
    working: dict[str, Mapping[str, NDArray[Any]]] = field(default_factory=dict)
    usages: dict[str, list[Usage]] = field(default_factory=dict)
    inexact: set[str] = field(default_factory=set)
    near: bool = False
    findings: list[Finding] = field(default_factory=list)
    _maps: dict[tuple[str, int, str], NDArray[np.int64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for segments in self.segments.values():
            for axis in {column.axis for item in segments for column in item.table.columns.values() if column.axis}:
                for item in segments:
                    self.axes.encode(axis, item.table.labels(axis))

    def evaluate(self, compiled: Compiled, sheet: str, what: str) -> Array:
        """Run a compiled expression among the names of `sheet`; look-ups are recorded under `what`."""
        assert compiled.node is not None
        return evaluate(compiled.node, _Within(self, sheet, what))

    def decide(self, compiled: Compiled, sheet: str, what: str) -> Array:
        """Run a condition; where a comparison is within 1e-9 of a tie, run it again in exact fractions."""
        self.near = False
        array = self.evaluate(compiled, sheet, what)
        return self.exactly().evaluate(compiled, sheet, what) if self.near else array

    def exactly(self) -> Run:
        """The same run in fractions."""
        return replace(self, exact=True, values={}, working={}, usages={}, findings=[])

    def equation(self, name: str) -> Array:
        if name not in self.values:
            equation, compiled = self.program.method.equations[name], self.program.equations[name]
            if compiled.arguments is not None:
                self.values[name] = self._call(name, compiled)
            else:
                array = self.evaluate(compiled, equation.sheet, name)
                sheet = compiled.type.frame.sheet
                if sheet and array.frame.scalar:
                    array = Array(np.broadcast_to(array.data, (self.ledger[sheet].rows,)), Frame(sheet))
                self.values[name] = array
        return self.values[name]

    def column(self, sheet: str, column: str) -> Array:
        data = self.ledger[sheet]
        frame = SCALAR if data.sheet.single else Frame(sheet)
        if column in data.numbers:
            return Array(data.exact(column) if self.exact else data.numbers[column], frame)
        return Array(data.codes[column], frame, labels=column)

    def lookup(self, node: ex.Lookup, keys: Sequence[Array], what: str) -> Array:
        """Find a row for every combination of keys. NaN (or label -1) where no row or no number answers."""
        wide = max(
            keys,
            key=lambda key: (key.frame.sheet is not None, len(key.frame.axes), len(key.data)),
            default=None,
        )
        frame = wide.frame if wide is not None else SCALAR
        count = len(wide.data) if wide is not None else 1
        segments = self.segments[node.table]
        which = self._segment_of(node.table, frame, count)
        rows = np.full(count, -1, dtype=np.int64)
        for index, segment in enumerate(segments):
            mask = which == index
            if mask.any():
                rows[mask] = self._find(node.table, index, segment.table, keys, count)[mask]
        usage = Usage(node.table, node.column, frame, which, rows, tuple(printed(key) for key in node.keys or ()))
        self.usages.setdefault(what, []).append(usage)
        axis = segments[0].table.columns[node.column].axis
        if axis:
            return self._over_axis(segments[int(which[0])].table, int(rows[0]), node.column, axis)
        keep = wide.keys if wide is not None else None
        if segments[0].table.columns[node.column].text:
            name = f"{segments[0].table.family}.{node.column}"
            codes = np.full(count, -1, dtype=np.int64)
            for index, segment in enumerate(segments):
                values = np.append(self.axes.encode(name, segment.table.texts(node.column)), -1)
                codes = np.where(which == index, values[rows], codes)
            return Array(codes, frame, keep, -1, name)
        result = np.full(count, NAN, dtype=object if self.exact else np.float64)
        for index, segment in enumerate(segments):
            numbers: Any = np.append(segment.table.numbers(node.column), NAN)
            if self.exact:
                cells = [segment.table.cell(row, node.column).value for row in range(len(segment.table.rows))]
                numbers = np.array([*(NAN if value is None else value for value in cells), NAN], dtype=object)
            result = numbers[rows] if len(segments) == 1 else np.where(which == index, numbers[rows], result)
        return Array(result, frame, keep)

    def axis(self, name: str) -> Array:
        codes = np.arange(len(self.axes.labels.get(name, [])), dtype=np.int64)
        return Array(codes, Frame(axes=(name,)), codes, -1, name)

    def _segment_of(self, slot: str, frame: Frame, count: int) -> NDArray[np.int64]:
        segments = self.segments[slot]
        which = np.zeros(count, dtype=np.int64)
        if len(segments) == 1:
            return which
        if frame.sheet is None or "month" not in self.ledger[frame.sheet].codes:
            held = ", ".join(item.table.id for item in segments)
            self.findings.append(finding("edition-needs-months", slot, held=held))
            return which + len(segments) - 1
        months = self.axes.labels.get("month", [])
        starts = [Period.parse(month).start for month in months]  # type: ignore[union-attr]
        table = np.array(
            [max((i for i, item in enumerate(segments) if item.start <= start), default=0) for start in starts]
            + [len(segments) - 1]
        )
        return table[self.ledger[frame.sheet].codes["month"]]

    def _find(self, slot: str, index: int, table: Table, keys: Sequence[Array], count: int) -> NDArray[np.int64]:
        if not keys:
            return np.zeros(count, dtype=np.int64)
        if len(keys) == 1 and keys[0].labels:
            return np.append(self._label_map(slot, index, table, keys[0].labels), -1)[keys[0].data]
        columns = [np.broadcast_to(np.asarray(self._plain(key), dtype=object), (count,)) for key in keys]
        cache: dict[tuple[Any, ...], int] = {}
        found = np.full(count, -1, dtype=np.int64)
        for row, values in enumerate(zip(*columns, strict=True)):
            if values not in cache:
                hits = table.find(values) if all(value == value and value is not None for value in values) else []
                cache[values] = hits[0] if len(hits) == 1 else -1
                if len(hits) > 1:
                    text = ", ".join(map(str, values))
                    self.findings.append(finding("ambiguous-row", table.id, keys=text, count=len(hits)))
            found[row] = cache[values]
        return found

    def _label_map(self, slot: str, index: int, table: Table, labels: str) -> NDArray[np.int64]:
        known = self.axes.labels.get(labels, [])
        cached = self._maps.get((slot, index, labels))
        if cached is None or len(cached) != len(known):
            hits = [table.find((label,)) for label in known]
            cached = np.array([found[0] if len(found) == 1 else -1 for found in hits], dtype=np.int64)
            self._maps[slot, index, labels] = cached
        return cached

    def _plain(self, key: Array) -> list[Any]:
        """Labels as text, numbers as exact fractions: what table rows are matched by."""
        if key.labels:
            known = [*self.axes.labels.get(key.labels, []), None]
            return [known[int(code)] for code in key.data]
        if key.labels == "":
            return list(key.data)
        return [value if self.exact or value != value else exact(float(value)) for value in key.data]

    def _over_axis(self, table: Table, row: int, column: str, axis: str) -> Array:
        labels = table.labels(axis)
        cells = [table.cell(row, column, label).value if row >= 0 else None for label in labels]
        codes = np.array([self.axes.code(axis, label) for label in labels], dtype=np.int64)
        order = np.argsort(codes)
        numbers: Any = np.array([NAN if value is None else value for value in cells], dtype=object)
        data = numbers if self.exact else numbers.astype(np.float64)
        return Array(data[order], Frame(axes=(axis,)), codes[order])

    def _call(self, name: str, compiled: Compiled) -> Array:
        """Run a called model. Exact runs take its float result and say so: a tie cannot be decided on it."""
        self.inexact.add(name)
        equation = self.program.method.equations[name]
        model = registry()[equation.call]
        frame = compiled.type.frame
        count = self.ledger[frame.sheet].rows if frame.sheet else None
        arguments: dict[str, Any] = {}
        for argument, node in (compiled.arguments or {}).items():
            if model.arguments[argument] == "table":
                assert isinstance(node, ex.Name)
                arguments[argument] = SlotView(self.segments[node.name][-1].table)
                continue
            array = evaluate(node, _Within(self, equation.sheet, name))
            data: Any = (
                np.array(["" if v is None else v for v in self._plain(array)], dtype=object)
                if array.labels is not None
                else array.data.astype(np.float64)
            )
            arguments[argument] = np.broadcast_to(data, (count,)) if count is not None and len(data) == 1 else data
        outcome = model.function(**arguments)
        self.working[name] = outcome.working
        self._model_findings(name, outcome, frame)
        value: Any = exact_array(outcome.value) if self.exact else outcome.value
        if not model.axis:
            return Array(value, frame)
        codes = self.axes.encode(model.axis, outcome.labels)
        order = np.argsort(codes)
        return Array(value[order], frame, codes[order])

    def _needed(self, name: str, frame: Frame) -> NDArray[np.bool_]:
        """The rows in which a called model's answer is used at all."""
        compiled = self.program.needed.get(("", name))
        rows = self.ledger[frame.sheet].rows if frame.sheet else 1
        if compiled is None or not frame.sheet:
            return np.ones(rows, dtype=bool)
        return np.broadcast_to(self.evaluate(compiled, frame.sheet, "needed").data.astype(bool), (rows,))

    def _model_findings(self, name: str, outcome: Outcome, frame: Frame) -> None:
        equation = self.program.method.equations[name]
        place = self.ledger[frame.sheet].place if frame.sheet else None
        needed = self._needed(name, frame)
        for code, item in outcome.findings.items():
            mask, values = item if isinstance(item, tuple) else (item, {})
            for row in np.flatnonzero(mask & needed if len(mask) == len(needed) else mask):
                shown = {key: value[row] if np.ndim(value) else value for key, value in values.items()}
                where = place(next(iter(equation.arguments)), int(row)) if place else name
                self.findings.append(finding(code, where, equation.clause, **shown))


class _Within:
    """The run as seen from one sheet of the method."""

    def __init__(self, run: Run, sheet: str, what: str) -> None:
        self.run, self.sheet, self.what = run, sheet, what
        self.axes, self.exact = run.axes, run.exact

    def name(self, name: str) -> Array:
        method = self.run.program.method
        if self.sheet and name in method.sheets[self.sheet].columns:
            return self.run.column(self.sheet, name)
        if name in method.equations:
            return self.run.equation(name)
        if name in method.constants:
            value = method.constants[name].value
            data = np.array([value], dtype=object) if self.exact else np.array([float(value)])
            return Array(data, fill=data[0])
        for sheet in method.sheets.values():
            if sheet.single and name in sheet.columns:
                return self.run.column(sheet.id, name)
        return self.run.axis(name)

    def member(self, sheet: str, column: str) -> Array:
        return self.run.column(sheet, column)

    def codes(self, sheet: str, axis: str) -> NDArray[np.int64]:
        return self.run.ledger[sheet].codes[axis]

    def lookup(self, node: ex.Lookup, keys: Sequence[Array]) -> Array:
        return self.run.lookup(node, keys, self.what)

    def tie(self) -> None:
        self.run.near = True

    def report(self, code: str, node: ex.Node) -> None:
        self.run.findings.append(finding(code, self.what, expression=printed(node)))
