"""The rows of a form checked against the method they are for: names, units and axes, as equations are checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import Method
from carbonstd._definitions.schema import Problems
from carbonstd._definitions.table import Table
from carbonstd._errors import CarbonstdError
from carbonstd._findings import Finding
from carbonstd._forms.forms import Form, FormPart, FormRow, FormTable, read_form
from carbonstd._language import expression as ex
from carbonstd._language.compile import Expressions
from carbonstd._language.shape import Frame
from carbonstd._units import Unit


@dataclass(frozen=True)
class Filling:
    """The checked trees of a row: its cells are a sum, over the sum of `over` where there is one, times a factor.

    `factors` has that factor by basis, or one for all under the empty name. `sheet` is that whose rows are added, empty
    where an equation by labels is. Of a part there is `where` alone.
    """

    sum: ex.Node | None = None
    over: ex.Node | None = None
    factors: Mapping[str, float] = field(default_factory=lambda: {"": 1.0})
    where: ex.Node | None = None
    year: ex.Node | None = None
    text: ex.Node | None = None
    sheet: str = ""

    def factor(self, basis: str) -> float:
        return self.factors[basis if basis in self.factors else ""]


Fillings = Mapping[int, Filling]  # by the identity of the row or part


def compile_form(
    form: Form, method: Method, library: Library, tables: Mapping[str, Table] | None = None
) -> tuple[Fillings, list[Finding]]:
    """What fills each row, and what is wrong with the rows that have nothing to fill them."""
    compiler = _FormCompiler(form, method, Expressions(method, library, tables))
    return compiler.run(), compiler.problems.findings


def lint_form(path: Path, method: str, library: Library) -> list[Finding]:
    """Every fault of a form's file: of its fields, of its rows, or that the method it is for is not held."""
    try:
        form = read_form(path)
        return compile_form(form, library.method(method), library)[1]
    except CarbonstdError as error:
        return error.findings


class _FormCompiler:
    def __init__(self, form: Form, method: Method, expressions: Expressions) -> None:
        self.form, self.method, self.expressions = form, method, expressions
        self.problems = Problems(form.path)

    def run(self) -> Fillings:
        fillings: dict[int, Filling] = {}
        for table in self.form.tables:
            for part in filter(self._fits, table.parts):
                where = part.where and self.expressions.compile(part.where, part.sheet).node
                fillings[id(part)] = Filling(where=where)
                for row in part.rows:
                    try:
                        fillings[id(row)] = self._row(row, part, table)
                    except CarbonstdError as error:
                        self.problems.adopt(error, row.line, f"{table.id} {row.code or row.label['zh']}")
        return fillings

    def _fits(self, part: FormPart) -> bool:
        """Whether the sheets of a part are the method's, with the labels that it runs over."""
        wanted = {sheet: set(part.by) for sheet in (*filter(None, [part.sheet]), *part.listed)}
        for row in part.rows:
            for sheet, axes in row.needs.items():
                wanted[sheet] = {*wanted.get(sheet, ()), "month", *axes}
        return all(self._has(sheet, axes, part.line) for sheet, axes in wanted.items())

    def _has(self, name: str, axes: set[str], line: int) -> bool:
        sheet = self.method.sheets.get(name)
        if sheet is None:
            self.problems.add("form-sheet-unknown", line, sheet=name, method=self.method.id)
        elif lacking := axes - set(sheet.axes):
            self._lacks(line, name, lacking)
        return sheet is not None and axes <= set(sheet.axes)

    def _lacks(self, line: int, what: str, axes: set[str]) -> None:
        self.problems.add("form-axis-absent", line, what=what, axes=", ".join(sorted(axes)))

    def _row(self, row: FormRow, part: FormPart, table: FormTable) -> Filling:
        target = tuple(row.units.values()) if len(row.units) == 1 else None
        wanted = {*part.by, *(["month"] if table.months else [])}
        number, divisor, factors, sheet = None, None, {"": 1.0}, ""
        if row.sum is not None:
            quotient = row.sum if row.over is None else ex.Binary("/", row.sum, row.over)
            compiled = self.expressions.compile(quotient, part.sheet, target)
            self._runs_over(compiled.type.frame, wanted, row)
            sheet = compiled.type.frame.sheet or ""
            if part.by_basis and sheet != part.sheet:
                self._lacks(row.line, str(compiled.type.frame), {"basis"})
            tree = compiled.node
            if target is None:
                factors = _by_basis(compiled.type.units, row.units)
            elif isinstance(tree, ex.Scale):
                factors, tree = {"": float(tree.factor)}, tree.operand
            number, divisor = (tree, None) if row.over is None else _sides(tree)
        year = self.expressions.compile(row.year, "", target) if row.year is not None else None
        if year is not None and set(year.type.frame.axes) != set(part.by):
            self._lacks(row.line, str(year.type.frame), set(part.by) ^ set(year.type.frame.axes))
        text = self.expressions.compile(row.text, part.sheet) if row.text is not None else None
        if text is not None:
            self._runs_over(text.type.frame, wanted, row)
        where = self.expressions.compile(row.where, part.sheet) if row.where is not None else None
        nodes = [item.node if item else None for item in (where, year, text)]
        return Filling(number, divisor, factors, nodes[0], nodes[1], nodes[2], sheet)

    def _runs_over(self, frame: Frame, wanted: set[str], row: FormRow) -> None:
        """A row's figures must run over all that its cells are told apart by."""
        axes = self.method.sheets[frame.sheet].axes if frame.sheet else frame.axes
        if lacking := wanted - set(axes):
            self._lacks(row.line, str(frame), lacking)


def _by_basis(found: Sequence[Unit], printed: Mapping[str, Unit]) -> dict[str, float]:
    """From the units of an expression, one for each basis or for all, to those that are printed. Raises UnitError."""
    units = found if len(found) == len(printed) else tuple(found[:1]) * len(printed)
    return {basis: float(unit.factor_to(printed[basis])) for basis, unit in zip(printed, units, strict=True)}


def _sides(tree: ex.Node | None) -> tuple[ex.Node, ex.Node]:
    assert isinstance(tree, ex.Binary)
    return tree.left, tree.right
