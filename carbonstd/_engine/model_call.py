"""A called model: what it is given, and what its outcome comes to in a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.method import Equation
from carbonstd._definitions.table import Table
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import NotTogether
from carbonstd._engine.look_up import edition_untold
from carbonstd._engine.usage import Usage
from carbonstd._findings import PlaceOf, Severity, finding
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiled
from carbonstd._language.shape import SCALAR, Frame
from carbonstd._ledger.arithmetic import FALSE, NAN
from carbonstd._number import exact_array
from carbonstd.models import Outcome, registry

if TYPE_CHECKING:
    from carbonstd._engine.run import Run


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


def call_model(run: Run, name: str, compiled: Compiled) -> Array:
    """Run the model of an equation. Exact runs take its float result to 15 digits."""
    equation = run.program.method.equations[name]
    model, frame = registry()[equation.call], compiled.type.frame
    if run.entities and not model.by_row:
        raise NotTogether("a called model takes all rows together")
    arguments = model_arguments(run, name, lambda node: run.evaluate_node(node, name, equation.sheet))
    outcome = model.function(**arguments)
    run.working[name] = outcome.working
    _tell(run, name, outcome, frame)
    value: Any = exact_array(outcome.value) if run.exact else outcome.value
    if model.axis:
        codes = run.axes.encode(model.axis, outcome.labels)
        order = np.argsort(codes)
        return Array(value[order], frame, codes[order])
    if frame.sheet:
        value = np.where(needed_rows(run, name, frame), value, NAN)  # nobody asked, and its findings are dropped
    if run.entities and frame.scalar:
        return Array(np.broadcast_to(value, run.entities), *run.entity_frame)
    return Array(value, frame)


def model_arguments(run: Run, name: str, evaluated: Callable[[ex.Node], Array]) -> dict[str, Any]:
    """What a called model is given: tables as views, labels as text, numbers as float64."""
    model, compiled = registry()[run.program.method.equations[name].call], run.program.equations[name]
    frame = compiled.type.frame
    count = run.ledger[frame.sheet].rows if frame.sheet else None
    arguments: dict[str, Any] = {}
    for argument, node in (compiled.arguments or {}).items():
        if model.arguments[argument] == "table":
            assert isinstance(node, ex.Name)
            arguments[argument] = _slot_view(run, node.name, name, frame)
            continue
        array = evaluated(node)
        data: Any = (
            np.array(["" if v is None else v for v in run.plain(array)], dtype=object)
            if array.labels is not None
            else array.data.astype(np.float64)
        )
        arguments[argument] = np.broadcast_to(data, (count,)) if count is not None and len(data) == 1 else data
    return arguments


def _slot_view(run: Run, slot: str, what: str, frame: Frame) -> SlotView:
    """A table for a model. Which rows it reads is the model's affair: its evidence is judged as a whole."""
    segments = run.segments[slot]
    if len(segments) > 1:
        edition_untold(run, slot)
    table = segments[-1].table
    if needed_rows(run, what, frame).any():
        rows = np.arange(len(table.rows))
        first = np.zeros(len(rows), dtype=np.int64)
        usages = [Usage(slot, column, SCALAR, first, rows, (), whole=True) for column in table.columns]
        run.usages.setdefault(what, []).extend(usages)
    return SlotView(table)


def needed_rows(run: Run, name: str, frame: Frame) -> NDArray[np.bool_]:
    """The rows in which a called model's answer is used at all."""
    compiled = run.program.needed.get(("", name))
    rows = run.ledger[frame.sheet].rows if frame.sheet else run.entities or 1
    if compiled is None or not frame.sheet:
        return np.ones(rows, dtype=bool)
    return np.asarray(run.by_row(compiled, frame.sheet, "needed").data != FALSE)


def _tell(run: Run, name: str, outcome: Outcome, frame: Frame) -> None:
    """The findings of a model, each at the cell it is about; what an error refuses is kept."""
    equation, needed = run.program.method.equations[name], needed_rows(run, name, frame)
    for code, item in outcome.findings.items():
        mask, values, *about = item if isinstance(item, tuple) else (item, {})
        argument = about[0] if about else ""
        for row in np.flatnonzero(mask & needed if len(mask) == len(needed) else mask):
            shown = {key: value[row] if np.ndim(value) else value for key, value in values.items()}
            place = _place(run, equation, frame, argument, int(row))
            run.findings.append(finding(code, place, equation.clause, **shown))
            if run.findings[-1].severity is Severity.ERROR:
                run.refused.add((frame.sheet or "", int(row)))
                if not frame.sheet:
                    run.failed.add(name)


def _place(run: Run, equation: Equation, frame: Frame, argument: str, row: int) -> str:
    """The cell of a row: of the argument it is about, else of the first, where the model runs over a sheet."""
    listed = equation.arguments[argument] if argument else None
    if isinstance(listed, ex.Member):
        return run.ledger[listed.sheet].place(listed.column, row)
    if frame.sheet:
        return run.ledger[frame.sheet].place(next(iter(equation.arguments)), row)
    return PlaceOf(equation.id, row) if run.entities else equation.id
