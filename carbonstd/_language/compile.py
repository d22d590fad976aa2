"""From a method to a program: every expression checked for units and shape, equations in the order they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from carbonstd._definitions.library import Library
from carbonstd._definitions.method import (
    Column,
    Equation,
    FlowLink,
    Method,
    Panel,
    ReportLine,
    Sheet,
    Slot,
    VerdictRule,
)
from carbonstd._definitions.schema import Problems
from carbonstd._definitions.table import Table
from carbonstd._errors import CarbonstdError, ExpressionError
from carbonstd._findings import finding
from carbonstd._language import expression as ex
from carbonstd._language.check import check
from carbonstd._language.formula import printed
from carbonstd._language.scope import Scope
from carbonstd._language.shape import SCALAR, Frame, Type
from carbonstd._near import suggest
from carbonstd._units import ONE, Unit, unit
from carbonstd.models import Model, registry


@dataclass(frozen=True)
class Compiled:
    """A checked tree (or the checked arguments of a called model) and the type it yields."""

    type: Type
    node: ex.Node | None = None
    arguments: Mapping[str, ex.Node] | None = None


@dataclass(frozen=True)
class CompiledVerdict:
    """The checked trees of a verdict: indicator and limit in the verdict's unit, the label of the required level.

    `axis` is what the limit runs over, empty where it is one value; `when` says whether it is judged at all; a limit
    that the plant entered comes with its reason.
    """

    indicator: ex.Node
    limit: ex.Node
    required: ex.Node | None
    axis: str
    when: Compiled | None = None
    own_limit: ex.Node | None = None
    own_reason: ex.Node | None = None


@dataclass(frozen=True)
class Program:
    """A method ready to run: equations in order, defaults and needs by (sheet, column), bases by sheet.

    `reported` are the conditions under which report lines and totals are reported, where they have one.
    """

    method: Method
    equations: Mapping[str, Compiled]
    defaults: Mapping[tuple[str, str], Compiled]
    needed: Mapping[tuple[str, str], Compiled]
    bases: Mapping[str, Compiled]
    checks: Mapping[str, Compiled]
    verdicts: Mapping[str, CompiledVerdict]
    reported: Mapping[str, Compiled]

    @cached_property
    def sheets_below(self) -> Mapping[str, frozenset[str]]:
        """The sheets that each equation rests on, through others too."""
        found: dict[str, frozenset[str]] = {}
        for name in self.equations:  # what an equation needs comes before it
            item = self.method.equations[name]
            nodes = [node for tree in item.nodes for node in tree.walk()]
            below = [found.get(node.name, frozenset()) for node in nodes if isinstance(node, ex.Name)]
            own = {node.sheet for node in nodes if isinstance(node, ex.Member)} | {item.sheet} - {""}
            found[name] = frozenset(own).union(*below)
        return found


def compile_method(method: Method, library: Library, tables: Mapping[str, Table] | None = None) -> Program:
    """Check and order a method's expressions. Raises DefinitionError naming file, line and equation.

    `tables` gives the edition of each slot; without it the newest edition stands for the shape of the table.
    """
    return Compiler(method, library, tables or {}).compile()


class Expressions:
    """Compiles expressions that stand outside a method, such as the rows of a report form, among its names."""

    def __init__(self, method: Method, library: Library, tables: Mapping[str, Table] | None = None) -> None:
        self._compiler = Compiler(method, library, tables or {})
        self._compiler.load_tables()

    def compile(self, node: ex.Node, sheet: str = "", target: tuple[Unit, ...] | None = None) -> Compiled:
        """The checked tree as seen from `sheet`, converted to `target`. Raises ExpressionError or UnitError."""
        scope = self._compiler._scope(sheet)
        checked, kind = check(node, scope, target=target)
        return Compiled(kind, checked)


class Compiler:
    def __init__(self, method: Method, library: Library, tables: Mapping[str, Table]) -> None:
        self.method, self.library, self.tables = method, library, dict(tables)
        self.problems = Problems(method.path)
        self.done: dict[str, Compiled] = {}
        self.bases: dict[str, Compiled] = {}
        self.defaults: dict[tuple[str, str], Compiled] = {}
        self.needed: dict[tuple[str, str], Compiled] = {}
        self.checks: dict[str, Compiled] = {}
        self.verdicts: dict[str, CompiledVerdict] = {}
        self.reported: dict[str, Compiled] = {}
        self.running: list[str] = []

    def load_tables(self) -> None:
        """The newest edition of each slot that was given none. Raises DefinitionError."""
        for slot in self.method.slots.values():
            if slot.name not in self.tables:
                try:
                    self.tables[slot.name] = self.library.table(slot.tables[0])
                    self._choice(slot)
                except CarbonstdError as error:
                    self.problems.adopt(error, slot.line)
        self.problems.raise_any()

    def compile(self) -> Program:
        method = self.method
        self.load_tables()
        for sheet in method.sheets.values():
            self._sheet(sheet)
        for equation in method.equations.values():
            with self._guard(equation.line, equation.id):
                self.equation(equation.id)
            if equation.needed is not None:
                with self._guard(equation.line, equation.id):
                    self.needed["", equation.id] = self._needed_answer(equation)
        for item in method.checks:
            with self._guard(item.line, item.id):
                self.checks[item.id] = self._truth(item.condition, self._scope(item.sheet))
        for rule in method.verdicts:
            with self._guard(rule.line, rule.id):
                self.verdicts[rule.id] = self._verdict(rule)
        self._shown()
        self.problems.raise_any()
        return Program(
            method, self.done, self.defaults, self.needed, self.bases, self.checks, self.verdicts, self.reported
        )

    def _sheet(self, sheet: Sheet) -> None:
        """The basis of a sheet's rows, and what of its columns is needed or filled by default."""
        scope = Scope(self, sheet)
        if sheet.basis is not None:
            with self._guard(sheet.line, sheet.id):
                self.bases[sheet.id] = self._expression(sheet.basis, scope, None)
        for column in sheet.columns.values():
            key = (sheet.id, column.name)
            if column.needed is not None:
                with self._guard(column.line, column.name):
                    self.needed[key] = self._by_row(self._truth(column.needed, scope), sheet, column.needed)
            if column.default is not None:
                with self._guard(column.line, column.name):
                    self.defaults[key] = self._by_row(self._default(column, scope), sheet, column.default)

    def _shown(self) -> None:
        """Lines, panels and the flow picture show figures that have their shape."""
        for line in self.method.lines:
            with self._guard(line.line, line.id):
                self._one_value(line)
            if line.when is not None:
                with self._guard(line.line, line.id):
                    self.reported[line.id] = self._fact(line.when, Scope(self, None))
        for panel in self.method.panels:
            with self._guard(panel.line, panel.id):
                self._panel(panel)
        for link in self.method.flow.links if self.method.flow else ():
            with self._guard(link.line, link.equation):
                self._flow_link(link)

    def _scope(self, sheet: str) -> Scope:
        return Scope(self, self.method.sheets.get(sheet))

    def _choice(self, slot: Slot) -> None:
        """What chooses a table is a required label of a single-record sheet, whose every term has a table."""
        if not slot.by:
            return
        single = [sheet for sheet in self.method.sheets.values() if sheet.single and slot.by in sheet.columns]
        column = single[0].columns[slot.by] if len(single) == 1 else None
        terms = set(self.library.vocabulary(column.vocabulary).terms) if column and column.vocabulary else set()
        if column is None or not column.required or not single[0].required or terms != set(slot.choices):
            values = {"by": slot.by, "found": ", ".join(slot.choices), "expected": ", ".join(sorted(terms))}
            self.problems.add("slot-choice", slot.line, name=slot.name, **values)

    def equation(self, name: str) -> Compiled:
        """The compiled equation, compiling it (and what it needs) first. A cycle is an error that names its members."""
        if name in self.done:
            return self.done[name]
        if name in self.running:
            cycle = " → ".join([*self.running[self.running.index(name) :], name])
            raise ExpressionError(findings=[finding("expression-cycle", cycle=cycle)])
        self.running.append(name)
        try:
            equation = self.method.equations[name]
            scope = self._scope(equation.sheet)
            compiled = (
                self._call(equation, scope) if equation.call else self._expression(equation.expression, scope, equation)
            )
            self.done[name] = compiled
            return compiled
        finally:
            self.running.pop()

    def _expression(self, node: ex.Node | None, scope: Scope, equation: Equation | None) -> Compiled:
        assert node is not None
        target = (equation.unit,) if equation else None
        checked, kind = check(node, scope, target=target, numeric=bool(equation and equation.numeric))
        if equation:
            kind = replace(kind, units=(equation.unit,), zero=False)
        return Compiled(kind, checked)

    def _by_row(self, compiled: Compiled, sheet: Sheet, node: ex.Node | None) -> Compiled:
        """What is asked for at each row of a sheet: of its rows, over axes that are its columns, or one value."""
        assert node is not None
        frame = compiled.type.frame
        lacking = [] if frame.sheet else sorted(set(frame.axes) - set(sheet.axes))
        if (frame.sheet or sheet.id) != sheet.id or lacking:
            left, right = str(Frame(sheet.id)), str(frame)
            values = {"expression": printed(node), "left": left, "right": right, "missing": ", ".join(lacking)}
            raise ExpressionError(findings=[finding("expression-axes", **values)])
        return compiled

    def _needed_answer(self, equation: Equation) -> Compiled:
        """In which rows the answer of a called model is used: it must be one that answers row by row."""
        assert equation.needed is not None
        sheet, done = self.method.sheets.get(equation.sheet), self.done.get(equation.id)
        if not equation.call or sheet is None or (done is not None and done.type.frame != Frame(sheet.id)):
            raise ExpressionError(findings=[finding("needed-not-by-row", name=equation.id)])
        return self._by_row(self._truth(equation.needed, Scope(self, sheet)), sheet, equation.needed)

    def _default(self, column: Column, scope: Scope) -> Compiled:
        assert column.default is not None
        units = tuple(column.units.values())
        checked, kind = check(column.default, scope, target=units if column.kind == "number" else None)
        if kind.basis and column.basis and kind.basis != column.basis:
            raise ExpressionError(
                findings=[finding("basis-mismatch", column=column.name, found=kind.basis, expected=column.basis)]
            )
        return Compiled(kind, checked)

    def _verdict(self, rule: VerdictRule) -> CompiledVerdict:
        scope = Scope(self, None)
        indicator, found = check(rule.indicator, scope, target=(rule.unit,))
        limit, bound = check(rule.limit, scope, target=(rule.unit,))
        if found.basis and bound.basis and found.basis != bound.basis:
            raise ExpressionError(
                findings=[finding("basis-mismatch", column=rule.id, found=found.basis, expected=bound.basis)]
            )
        kinds = {found.kind, bound.kind}
        if kinds != {"number"} or not found.frame.scalar or bound.frame.sheet or len(bound.frame.axes) > 1:
            values = {"indicator": str(found.frame), "limit": str(bound.frame)}
            raise ExpressionError(findings=[finding("verdict-axes", **values)])
        required = None
        if rule.required is not None:
            required = self._label(rule.required, scope)
            if not bound.frame.axes:
                values = {"indicator": printed(rule.required), "limit": str(bound.frame)}
                raise ExpressionError(findings=[finding("verdict-axes", **values)])
        when = self._fact(rule.when, scope) if rule.when is not None else None
        own_limit, own_reason = None, None
        if rule.own_limit is not None and rule.own_reason is not None:
            own_limit, own = check(rule.own_limit, scope, target=(rule.unit,))
            own_reason = self._label(rule.own_reason, scope)
            if own.kind != "number" or not own.frame.scalar or bool(bound.frame.axes) != (required is not None):
                values = {"indicator": printed(rule.own_limit), "limit": str(bound.frame)}
                raise ExpressionError(findings=[finding("verdict-axes", **values)])
        axis = next(iter(bound.frame.axes), "")
        return CompiledVerdict(indicator, limit, required, axis, when, own_limit, own_reason)

    def _label(self, node: ex.Node, scope: Scope) -> ex.Node:
        """The checked tree of one label."""
        checked, kind = check(node, scope)
        if kind.kind != "label" or not kind.frame.scalar:
            values = {"expression": printed(node), "found": kind.kind, "expected": "label"}
            raise ExpressionError(findings=[finding("expression-kind", **values)])
        return checked

    def _one_value(self, line: ReportLine) -> None:
        compiled = self.done.get(line.equation)
        if compiled is not None and not (frame := compiled.type.frame).scalar:
            values = {"name": line.id, "equation": line.equation, "frame": str(frame)}
            raise ExpressionError(findings=[finding("line-not-one-value", **values)])

    def _panel(self, panel: Panel) -> None:
        """A panel shows figures by their labels; what runs over the rows of a sheet has none."""
        for name in panel.equations:
            compiled = self.done.get(name)
            if compiled is not None and compiled.type.frame.sheet:
                raise ExpressionError(findings=[finding("panel-rows", name=panel.id, equation=name)])
        if panel.across:
            self._panel_across(panel)

    def _panel_across(self, panel: Panel) -> None:
        """The columns of a panel that is a table run over the axes of its first, and all their figures stand in it."""
        axes = {name: self.done[name].type.frame.axes for name in panel.equations if name in self.done}
        for name, of in axes.items():
            if panel.largest or set(of) - set(axes.get(panel.equations[0], of)):
                raise ExpressionError(findings=[finding("panel-across", name=panel.id, equation=name)])

    def _flow_link(self, link: FlowLink) -> None:
        """All of a flow picture is in one unit; a link is one value, or runs over the axis it names."""
        compiled = self.done.get(link.equation)
        first = self.method.equations[self.method.flow.links[0].equation].unit if self.method.flow else ONE
        unit, wanted = self.method.equations[link.equation].unit, Frame(axes=(link.axis,) if link.axis else ())
        if compiled is not None and (compiled.type.frame != wanted or unit != first):
            values = {"name": link.equation, "frame": str(compiled.type.frame), "unit": unit.text}
            raise ExpressionError(findings=[finding("flow-link", expected=f"{wanted}, {first.text}", **values)])

    def _truth(self, node: ex.Node, scope: Scope) -> Compiled:
        checked, kind = check(node, scope)
        if kind.kind != "truth":
            raise ExpressionError(
                findings=[finding("expression-kind", expression="", found=kind.kind, expected="truth")]
            )
        return Compiled(kind, checked)

    def _fact(self, node: ex.Node, scope: Scope) -> Compiled:
        """A condition that holds or not for the whole case."""
        compiled = self._truth(node, scope)
        if not (frame := compiled.type.frame).scalar:
            values = {"name": printed(node), "equation": printed(node), "frame": str(frame)}
            raise ExpressionError(findings=[finding("line-not-one-value", **values)])
        return compiled

    def _call(self, equation: Equation, scope: Scope) -> Compiled:
        model = registry().get(equation.call)
        if model is None:
            raise ExpressionError(
                findings=[
                    finding(
                        "not-found",
                        name=equation.call,
                        kind={"zh": "模型", "en": "model"},
                        suggestion=suggest(equation.call, registry()),
                    )
                ]
            )
        wanted = set(model.arguments) - set(model.optional)
        if not wanted <= set(equation.arguments) <= set(model.arguments):
            raise ExpressionError(
                findings=[finding("model-arguments", name=model.name, expected=", ".join(model.arguments))]
            )
        arguments: dict[str, ex.Node] = {}
        frame = SCALAR
        for name, node in equation.arguments.items():
            arguments[name], kind = self._argument(model, name, node, scope)
            frame = kind.frame if frame.scalar else frame
        if frame.axes and not model.axis:  # a model answers for rows, or for the labels of its own axis
            values = {"expression": f"{model.name}()", "left": "rows", "right": str(frame), "missing": ""}
            raise ExpressionError(findings=[finding("expression-axes", **values)])
        result = Frame(axes=(model.axis,)) if model.axis else frame
        factor = unit(model.unit).factor_to(equation.unit)
        if factor != 1:
            raise ExpressionError(
                findings=[finding("unit-mismatch", unit=model.unit, dimension="", expected=equation.unit.text)]
            )
        return Compiled(Type("number", (equation.unit,), result), None, arguments)

    def _argument(self, model: Model, name: str, node: ex.Node, scope: Scope) -> tuple[ex.Node, Type]:
        wanted = model.arguments[name]
        if wanted == "table":
            if not isinstance(node, ex.Name) or node.name not in self.tables:
                raise ExpressionError(
                    findings=[finding("expression-unknown-name", expression=name, name=str(node), suggestion="")]
                )
            return node, Type("label")
        return check(node, scope, target=None if wanted in ("label", "quantity") else (unit(wanted),))

    @contextmanager
    def _guard(self, line: int, what: str) -> Iterator[None]:
        """Take what is wrong in one place, and go on with the next."""
        try:
            yield
        except CarbonstdError as error:
            self.problems.adopt(error, line, what)
