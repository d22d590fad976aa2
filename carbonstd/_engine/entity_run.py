"""One entity's part of a run that many share: a run like any other, whose figures are slices of the common ones.

A figure is cut out when it is first asked for, and what was found and looked up for it comes along, as if it had been
computed then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import NotTogether
from carbonstd._engine.missing import Missing
from carbonstd._engine.model_call import needed_rows
from carbonstd._engine.rounding import Rounding
from carbonstd._engine.run import Run
from carbonstd._engine.usage import Usage
from carbonstd._findings import Finding, PlaceOf
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiled
from carbonstd._language.shape import ENTITY, SCALAR, Frame
from carbonstd._ledger.ledger import SheetData
from carbonstd._result.status import status_of


@dataclass
class EntityRun(Run):
    """The part of entity `number` of the run that `whole` stands for."""

    whole: SharedRun | None = None
    number: int = 0

    def __post_init__(self) -> None:
        """The axes are those of the whole."""

    def equation(self, name: str) -> Array:
        if self.exact or name in self.values:
            return super().equation(name)
        assert self.whole is not None
        for below in self.whole.below[name]:
            self.equation(below)
        self.values[name] = self.whole.figure(name, self.number)
        self.findings += self.whole.found.get((name, self.number), ())
        if usages := self.whole.usages(name, self.number, self):
            self.usages[name] = usages
        return self.values[name]

    def evaluate(self, compiled: Compiled, sheet: str, what: str) -> Array:
        """As found for all, where float64 leaves nothing open or to be told of this entity and nothing is looked up."""
        assert self.whole is not None
        found = None if self.exact else self.whole.evaluated(compiled, sheet, what)
        if found is None or found[1][self.number]:
            return super().evaluate(compiled, sheet, what)
        for name in self.whole.equations_in(compiled.node, sheet):
            self.equation(name)
        return self.whole.cut(found[0], self.number)

    def looked_at(self, node: ex.Node, sheet: str) -> Array:
        if self.exact:
            return super().looked_at(node, sheet)
        assert self.whole is not None
        return self.whole.cut(self.whole.looked_at(node, sheet), self.number)

    def status(self, name: str, find: Callable[[str], Array]) -> Array:
        assert self.whole is not None
        if name not in self.statuses and (whole := self.whole.status(name)):
            self.statuses[name] = self.whole.cut(whole, self.number)
        return super().status(name, find)

    def rounding(self, name: str) -> Rounding:
        assert self.whole is not None
        bounds, number = self.whole.run.rounding(name), self.number
        return Rounding(self.whole.cut(bounds.error, number), self.whole.cut(bounds.places, number))

    def axis(self, name: str) -> Array:
        assert self.whole is not None
        return self.whole.cut(self.whole.run.axis(name), self.number)


@dataclass
class SharedRun:
    """A finished run of many entities, ready to be cut; `filled` tells where rows took a default, by sheet.column."""

    run: Run
    filled: Mapping[str, NDArray[np.bool_]]
    figures: dict[str, Array] = field(init=False)
    found: dict[tuple[str, int], list[Finding]] = field(init=False)
    _bounds: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _looked_at: dict[tuple[int, str], tuple[ex.Node, Array]] = field(default_factory=dict)
    _statuses: dict[str, Array | None] = field(default_factory=dict)
    _evaluated: dict[tuple[int, str], tuple[Compiled, tuple[Array, NDArray[np.bool_]] | None]] = field(
        default_factory=dict
    )

    @cached_property
    def below(self) -> Mapping[str, list[str]]:
        """The equations that each equation speaks of."""
        return {
            name: list(dict.fromkeys(other for tree in item.nodes for other in self.equations_in(tree, item.sheet)))
            for name, item in self.run.program.method.equations.items()
        }

    def equations_in(self, node: ex.Node | None, sheet: str) -> list[str]:
        """The equations that a tree speaks of, seen from a sheet."""
        method = self.run.program.method
        columns = method.sheets[sheet].columns if sheet else {}
        return [name for name in (node.names() if node else ()) if name in method.equations and name not in columns]

    def __post_init__(self) -> None:
        """Compute every figure, and keep what was found by entity and equation (none: before equations ran)."""
        run, self.figures, self.found = self.run, {}, {}
        for name in ("", *run.program.equations):  # what an equation needs comes before it
            before = len(run.findings) if name else 0
            if name:
                self.figures[name] = run.equation(name)
            for item in run.findings[before:]:
                if not isinstance(item.place, PlaceOf):
                    raise NotTogether("what was found is of no one entity")
                self.found.setdefault((name, item.place.entity), []).append(of_one(item))

    @cached_property
    def complete(self) -> NDArray[np.bool_]:
        """The entities that `Missing.figures` would tell nothing of, and of which nothing was found. Shape (entities,).

        As there, a figure of rows that serves others shows in those, and what serves known figures alone is spared.
        """
        lacking = {name: self._lacking(array) for name, array in self.figures.items()}
        lacking = {name: entities for name, entities in lacking.items() if entities.any()}
        spared = Missing(self.run).unneeded(lacking)
        used = {name for names in self.below.values() for name in names}
        complete = np.ones(self.run.entities, dtype=bool)
        complete[[number for _, number in self.found]] = False
        for name, entities in lacking.items():
            if not (name in used and self.figures[name].frame.sheet):
                complete &= ~entities | spared.get(name, False)
        return complete

    def _lacking(self, array: Array) -> NDArray[np.bool_]:
        return self.run.of_each(array, ~np.isfinite(array.data.astype(np.float64, copy=False)))

    def part(self, number: int) -> EntityRun:
        run = self.run
        ledger = {name: sheet_part(data, self.rows(name, number)) for name, data in run.ledger.items()}
        part = EntityRun(
            run.program, ledger, run.axes, run.segments, run.period, run.library, whole=self, number=number
        )
        part.findings += self.found.get(("", number), ())
        for what in run.usages:  # in the order they are found alone
            rows = self.filled.get(what)
            filled = rows is not None and rows[self.rows(what.partition(".")[0], number)].any()
            if filled or what == "needed" or what.endswith(" basis"):
                part.usages[what] = self.usages(what, number, part)
        return part

    def rows(self, sheet: str, number: int) -> slice:
        """The rows of an entity; those of a sheet stand entity by entity."""
        if sheet not in self._bounds:
            owners = self.run.ledger[sheet].codes[ENTITY]
            self._bounds[sheet] = np.searchsorted(owners, np.arange(self.run.entities + 1))
        start, end = self._bounds[sheet][number : number + 2].tolist()
        return slice(start, end)

    def figure(self, name: str, number: int) -> Array:
        return self.cut(self.figures[name], number)

    def looked_at(self, node: ex.Node, sheet: str) -> Array:
        """What a tree comes to for all, found once. Kept with the tree: an id is of one tree alone."""
        place = id(node), sheet
        if place not in self._looked_at:
            self._looked_at[place] = node, self.run.looked_at(node, sheet)
        return self._looked_at[place][1]

    def evaluated(self, compiled: Compiled, sheet: str, what: str) -> tuple[Array, NDArray[np.bool_]] | None:
        """What an expression comes to by float64, found once for all, and for whom that leaves something open.

        None of what looks anything up, which each entity is to cite, and of what a shared run cannot tell apart.
        """
        place = id(compiled), sheet
        if place not in self._evaluated:
            assert compiled.node is not None
            cites, found = any(isinstance(node, ex.Lookup) for node in compiled.node.walk()), None
            with suppress(NotTogether):
                found = None if cites else self.run.roughly(compiled, sheet, what)
            self._evaluated[place] = compiled, found
        return self._evaluated[place][1]

    def status(self, name: str) -> Array | None:
        """The status of the values of an equation, found once for all; None where each is to find its own."""
        if name not in self._statuses:
            try:
                self._statuses[name] = status_of(self.run, name)
            except NotTogether:
                self._statuses[name] = None
        return self._statuses[name]

    def cut(self, array: Array, number: int) -> Array:
        """One entity's part of an array."""
        if array.frame.scalar:
            return array
        if array.frame.sheet:
            rows = array.data[self.rows(array.frame.sheet, number)]
            return Array(rows, array.frame, array.keys, array.fill, array.labels, array.everywhere)
        frame, keys, part = self._cut(array.frame, array.keys, number)
        fill = array.fill if np.ndim(array.fill) == 0 else array.fill[number]
        return Array(array.data[part], frame, keys, fill, array.labels, array.everywhere)

    def _cut(
        self, frame: Frame, keys: NDArray[np.int64] | None, number: int
    ) -> tuple[Frame, NDArray[np.int64] | None, slice]:
        """Frame and keys of one entity's part of what runs over axes, and where that part stands."""
        assert keys is not None
        if not frame.labels:
            return SCALAR, None, slice(number, number + 1)
        shift = 63 // len(frame.axes) * len(frame.labels)
        start, end = np.searchsorted(keys, [number << shift, (number + 1) << shift])
        part = slice(int(start), int(end))
        return Frame(axes=frame.labels), self.run.axes.narrowed(frame.axes, keys[part], frame.labels), part

    def usages(self, what: str, number: int, part: EntityRun) -> list[Usage]:
        """The look-ups of one entity; a table that models were given counts where an answer of theirs is used."""
        found = []
        for usage in self.run.usages.get(what, ()):
            if usage.whole:
                if needed_rows(part, what, self.run.program.equations[what].type.frame).any():
                    found.append(usage)
                continue
            if usage.frame.sheet:
                frame, at, here = usage.frame, None, self.rows(usage.frame.sheet, number)
            else:
                frame, at, here = self._cut(usage.frame, usage.at, number)
            counts = None if usage.counts is None else usage.counts[here]
            segment, row = usage.segment[here], usage.row[here]
            found.append(Usage(usage.slot, usage.column, frame, segment, row, usage.keys, at=at, counts=counts))
        return found


def sheet_part(data: SheetData, rows: slice) -> SheetData:
    """Some rows of a sheet, as the run of their entity alone reads them."""

    def cut(columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {name: cells[rows] for name, cells in columns.items() if name != ENTITY}

    return replace(
        data,
        rows=rows.stop - rows.start,
        place=_From(data.place, rows.start),
        numbers=cut(data.numbers),
        codes=cut(data.codes),
        status=cut(data.status),
        typed={
            name: {row - rows.start: held[row] for row in range(rows.start, rows.stop) if row in held}
            for name, held in data.typed.items()
        },
        filled=cut(data.filled),
        basis=None if data.basis is None else data.basis[rows],
        sources=None,
        spreads={},
        _fractions={},
    )


@dataclass(frozen=True)
class _From:
    """The places of some rows of a sheet. A class and not a closure: results pickle."""

    place: Any
    start: int

    def __call__(self, column: str, row: int) -> str:
        place = self.place(column, self.start + row)
        return place.alone if isinstance(place, PlaceOf) else place


def of_one(item: Finding) -> Finding:
    """A finding of a run that many share, as the run of its entity alone tells it."""
    return replace(item, place=item.place.alone) if isinstance(item.place, PlaceOf) else item
