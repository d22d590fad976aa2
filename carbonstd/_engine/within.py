"""The run as an expression finds it at one place: its names, its tables, its number kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from carbonstd._definitions.row_words import asked_words
from carbonstd._definitions.table import Table
from carbonstd._engine.array import Array
from carbonstd._engine.evaluate import evaluate
from carbonstd._engine.rounding import Rounded
from carbonstd._findings import Finding, PlaceOf, finding
from carbonstd._language import expression as ex
from carbonstd._language.compile import Compiled
from carbonstd._language.formula import printed
from carbonstd._language.shape import BASIS, Type
from carbonstd._ledger.arithmetic import close
from carbonstd._number import shown

if TYPE_CHECKING:
    from carbonstd._engine.run import Run


class Within:
    """The run as seen from one sheet of the method."""

    def __init__(self, run: Run, sheet: str, what: str) -> None:
        self.run, self.sheet, self.what = run, sheet, what
        self.axes, self.exact, self.entities = run.axes, run.exact, run.entities
        self.findings: list[Finding] = []
        self.taken: list[Array] = []
        self.open: NDArray[np.bool_] | None = None  # entities for which ties are left open, where they are to be

    def name(self, name: str) -> Array:
        method = self.run.program.method
        if self.sheet and name in method.sheets[self.sheet].columns:
            return self.run.column(self.sheet, name)
        if name == BASIS and self.sheet and len(method.sheets[self.sheet].bases) > 1:
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
        tables = [segment.table for segment in self.run.segments[node.table]]
        if not self.exact and any(_near_edge(table, keys) for table in tables):
            keys = [evaluate(key, self._sharp()) for key in node.keys or ()] if self.open is None else keys
            if self.open is not None:
                self.open[:] = True
        array = self.run.lookup(node, keys, self.what, self._rows_of(node, keys))
        used = self.run.usages[self.what].pop()
        for condition in self.taken:
            used = used.where(condition, self)
        self.run.usages[self.what].append(used)
        if not used.frame.sheet and not used.frame.labels and (used.row < 0).any():
            for place in map(int, np.flatnonzero(used.row < 0)):
                asked = [self.run.plain(key)[place if len(key.data) > 1 else 0] for key in keys]
                table = tables[int(used.segment[place])]
                values, named = ", ".join(map(key_text, asked)), asked_words(table, asked, self.run.library)
                where = self.what if used.frame.scalar else PlaceOf(self.what, place)
                self.findings.append(finding("no-row", where, keys=values, table=table.id, named=named))
        return array

    @contextmanager
    def only(self, rows: Array) -> Iterator[None]:
        """What is looked up inside counts only where `rows` is not false."""
        self.taken.append(rows)
        try:
            yield
        finally:
            self.taken.pop()

    def _rows_of(self, node: ex.Lookup, keys: Sequence[Array]) -> str:
        """The sheet of this place, where the table may change with the month of a row (see `_language.check`)."""
        method = self.run.program.method
        asked = (
            not any(key.frame.sheet or key.frame.labels for key in keys)
            and method.slots[node.table].select == "in_force"
        )
        monthly = bool(self.sheet) and method.sheets[self.sheet].monthly
        return self.sheet if asked and monthly and not self._over_axis(node) else ""

    def _over_axis(self, node: ex.Lookup) -> bool:
        return bool(self.run.segments[node.table][0].table.columns[node.column].axis)

    def tie(self, node: ex.Compare | ex.Call, at: Array) -> Array | None:
        """What float64 leaves open (a comparison, a floor), by the bounds of its error, else in fractions.

        Figures as typed or printed need neither.
        """
        if isinstance(node, ex.Compare):
            if self._as_given(node.left) and self._as_given(node.right):
                return None
            settled, at = Rounded(self.aside(self.sheet)).settled(node)
            self.run.usages.pop(ASIDE, None)
            if not (at.data.any() or (at.frame.axes and np.any(at.fill))):
                return settled
        if self.open is not None:
            self.open |= self.run.of_each(at, at.data)
            return None
        return evaluate(node, self._sharp())

    def aside(self, sheet: str) -> Within:
        """The run seen from a sheet, for asking again: no finding is told twice, and look-ups stay under a scratch."""
        aside = Within(self.run, sheet, ASIDE)
        aside.open = self.open
        return aside

    def _sharp(self) -> Within:
        """The same place, in the same branches, of the run in fractions."""
        sharp = Within(self.run.exactly(), self.sheet, self.what)
        sharp.taken = self.taken
        return sharp

    def _as_given(self, node: ex.Node) -> bool:
        if not isinstance(node, ex.Name):
            return isinstance(node, ex.Literal | ex.Lookup)
        program = self.run.program
        column = bool(self.sheet) and node.name in program.method.sheets[self.sheet].columns
        return column and isinstance(program.defaults.get((self.sheet, node.name), _GIVEN).node, ex.Literal | ex.Lookup)

    def report(self, code: str, node: ex.Node, at: Array, /, **values: str) -> None:
        """Say what was found where `at` holds: once, or once for each entity of the run."""
        for place in self.run.places(self.what, at):
            self.findings.append(finding(code, place, expression=printed(node), **values))


ASIDE = "aside"  # what look-ups are recorded under that are asked again
_GIVEN = Compiled(Type("number"), ex.Literal(Fraction(0)))


def _near_edge(table: Table, keys: Sequence[Array]) -> bool:
    """Whether a number falls so near the edge of a band that float64 does not tell the side."""
    for key, name in zip(keys, table.keys, strict=True):
        if key.labels is None:
            found, limits = np.asarray(key.data, dtype=np.float64)[:, None], table.edges(name)
            if np.any((found != limits) & close(found, limits)):
                return True
    return False


def key_text(value: Any) -> str:
    """A key of a look-up in words."""
    return shown(value, 12) if isinstance(value, Fraction | float) else str(value)
